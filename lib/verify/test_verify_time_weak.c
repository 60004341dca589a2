/* test_verify_time_weak.c - old algorithms, and by when they are proven used */
#include "test_verify_time.h"

/* A stamp that is weak today proves nothing today, in each of its parts. */
static void
a_weak_stamp_proves_nothing(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(20), .md = EVP_sha1() });
	expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE, "weak-algorithm");
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa,
			   AGO(20),
			   .md = EVP_sha1(),
			   .signed_md = EVP_sha256() });
	expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE, "weak-algorithm");
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(20), .signed_md = EVP_sha1() });
	expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE, "weak-algorithm");
	world_free(&w);
}

/* Old algorithms count until their day, by what proves the day. */
static void
an_algorithm_of_its_time(void **state)
{
	static const struct {
		int what; /* 0: SHA-1, 1: MD5, 2: RSA-1024 */
		int64_t stamped;
		enum vt_report_verdict verdict;
		const char *reason;
	} cases[] = {
		{ 0, 0, INVALID, "weak-algorithm" },
		{ 0, 1400000000, VALID, "ok" },
		/* 2016-12-31 ends, in Vietnam */
		{ 0, 1483203599, VALID, "ok" },
		{ 0, 1483203600, INVALID, "weak-algorithm" },
		{ 0, 1500000000, INVALID, "weak-algorithm" },
		{ 1, 0, INVALID, "weak-algorithm" },
		{ 1, 1400000000, INVALID, "weak-algorithm" },
		{ 2, 0, INVALID, "weak-algorithm" },
		/* 2013-12-31 */
		{ 2, 1388509199, VALID, "ok" },
		{ 2, 1388509200, INVALID, "weak-algorithm" },
	};
	const int64_t from = 1300000000;
	struct party tsa, signer;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CMS_ContentInfo *cms;

		today = vt_time_now();
		w.root = root_new("Root", from, IN(9000));
		w.ca = ca_new("CA", &w.root, from, IN(3000));
		w.signer = person(&w.ca, from, IN(100));
		w.tsa = authority(&w.ca, from, IN(100));
		assert_vt_ok(vt_trust_new(&w.trust, NULL), NULL);
		add_anchor(w.trust, &w.root);
		add_cert(w.trust, &w.ca);
		store_list(&w, &w.root, AGO(1), IN(1));
		store_list(&w, &w.ca, AGO(1), IN(1));
		tsa = authority(&w.ca, from, IN(100));
		signer = party_new((struct spec){ .cn = "Signer",
		    .issuer = &w.ca,
		    .key = EVP_RSA_gen(cases[i].what == 2 ? 1024 : 2048),
		    .from = from,
		    .until = IN(100),
		    .ext = { LEAF_EXT } });
		cms = signs_weakly(&signer,
		    cases[i].what == 0   ? EVP_sha1()
		    : cases[i].what == 1 ? EVP_md5()
					 : EVP_sha256(),
		    1350000000);
		if (cases[i].stamped != 0)
			add_stamp(cms,
			    (struct stamp){ .tsa = &tsa, cases[i].stamped });
		expect(&w, cms, cases[i].verdict, cases[i].reason, NULL,
		    cases[i].stamped != 0 ? cases[i].stamped : VT_TIME_NONE);
		party_free(&tsa);
		party_free(&signer);
		world_free(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_weak_stamp_proves_nothing),
		cmocka_unit_test(an_algorithm_of_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
