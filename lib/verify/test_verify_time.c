/* test_verify_time.c - a signature with a time stamp, or none: when it counts
 */
#include "test_verify_time.h"

#define AKI "authorityKeyIdentifier=keyid:always"

static void
levels_b_and_t(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = signs(&w.signer, AGO(10));
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE);
	cms = signs(&w.signer, AGO(10));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(10) });
	expect(&w, cms, VALID, "ok", "T", AGO(10), "ok");
	/* Of two the earlier counts, whichever stands first. */
	cms = signs(&w.signer, AGO(10));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(5) });
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(9) });
	expect(&w, cms, VALID, "ok", "T", AGO(9), "ok");
	world_free(&w);
}

/* Somewhen around that time, which may be when the signer was revoked. */
static void
a_stamp_of_a_vague_time(void **state)
{
	static const struct {
		long accuracy;
		int64_t proven;
		const char *reason;
	} cases[] = {
		{ 1, 20, "ok" },
		{ 300, 20, "ok" },
		{ 301, 0, "time-stamp-unknown" },
		{ 10L * 365 * DAY, 0, "time-stamp-unknown" },
	};
	CMS_ContentInfo *cms;
	struct world w;
	size_t i;

	(void)state;
	world_init(&w);
	store_revoked(&w, &w.signer, AGO(10));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool proven = cases[i].proven != 0;

		cms = signs(&w.signer, AGO(20));
		add_stamp(cms, (struct stamp){ .tsa = &w.tsa,
				   AGO(20),
				   .accuracy = cases[i].accuracy });
		expect(&w, cms, proven ? VALID : INVALID,
		    proven ? "ok" : "revoked", "T",
		    proven ? AGO(20) : VT_TIME_NONE, cases[i].reason);
	}
	world_free(&w);
}

/* RFC 3161, 2.4.2: the name it gives its authority is the certificate's. */
static void
a_stamp_in_the_name_of_another(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = signs(&w.signer, AGO(10));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(10), .named = &w.tsa });
	expect(&w, cms, VALID, "ok", "T", AGO(10), "ok");
	cms = signs(&w.signer, AGO(10));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(10), .named = &w.signer });
	expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE, "certificate-mismatch");
	world_free(&w);
}

static void
an_expired_signer_needs_a_stamp_of_its_time(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	cms = signs(&w.signer, AGO(200));
	expect(&w, cms, OPEN, "expired", "B", VT_TIME_NONE);
	cms = signs(&w.signer, AGO(200));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(200) });
	expect(&w, cms, VALID, "ok", "T", AGO(200), "ok");
	/* The last second, and the one behind it. */
	cms = signs(&w.signer, AGO(200));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(100) });
	expect(&w, cms, VALID, "ok", "T", AGO(100), "ok");
	cms = signs(&w.signer, AGO(200));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(100) + 1 });
	expect(&w, cms, OPEN, "expired", "T", AGO(100) + 1, "ok");
	world_free(&w);
}

static void
without_a_list_of_that_time_nothing_is_known(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w); /* its lists are of after it expired */
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	cms = signs(&w.signer, AGO(200));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(200) });
	expect(&w, cms, OPEN, "revocation-unknown", "T", AGO(200), "ok");
	world_free(&w);
}

static void
revoked_before_or_after(void **state)
{
	static const struct {
		int stamped, revoked;
		enum vt_report_verdict verdict;
		const char *reason;
	} cases[] = {
		{ 50, 40, VALID, "ok" }, { 50, 60, INVALID, "revoked" },
		{ 50, 50, INVALID, "revoked" },
		{ 0, 40, INVALID, "revoked" }, /* no stamp */
	};
	struct world w;
	CMS_ContentInfo *cms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_init(&w);
		store_revoked(&w, &w.signer, AGO(cases[i].revoked));
		cms = signs(&w.signer, AGO(70));
		if (cases[i].stamped != 0)
			add_stamp(cms, (struct stamp){ .tsa = &w.tsa,
					   AGO(cases[i].stamped) });
		expect(&w, cms, cases[i].verdict, cases[i].reason);
		world_free(&w);
	}
}

static void
a_stamp_older_than_the_certificate(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = signs(&w.signer, AGO(999));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(1000) - 1 });
	expect(&w, cms, INVALID, "not-yet-valid", "T", AGO(1000) - 1, "ok");
	world_free(&w);
}

/* What is not of this signature is a forgery; whose it is does not matter. */
static void
a_stamp_of_something_else(void **state)
{
	struct world w;
	CMS_ContentInfo *cms, *other;
	struct vt_buf token;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	other = signs(&w.signer, AGO(300));
	cms = signs(&w.signer, AGO(200));
	add_stamp_of(cms, 0, (struct stamp){ .tsa = &w.tsa, AGO(200) },
	    signature_of(signer_info(other, 0)));
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* The content's, where the signature's should be. */
	cms = signs(&w.signer, AGO(200));
	add_stamp_of(cms, 0, (struct stamp){ .tsa = &w.tsa, AGO(200) },
	    vt_bytes_str(TEXT));
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* A signer that is valid today: it is told all the same. */
	signer_is(&w, person(&w.ca, AGO(1000), IN(100)));
	cms = signs(&w.signer, AGO(20));
	add_stamp_of(cms, 0, (struct stamp){ .tsa = &w.tsa, AGO(20) },
	    vt_bytes_str(TEXT));
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* ... beside one that holds, too. */
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(10) });
	add_stamp_of(cms, 0, (struct stamp){ .tsa = &w.tsa, AGO(20) },
	    vt_bytes_str(TEXT));
	expect(&w, cms, OPEN, "time-stamp-broken", "T", AGO(10));
	/* What is no token at all proves nothing, and is told. */
	cms = signs(&w.signer, AGO(20));
	add_attr(signer_info(cms, 0), OID_STAMP, VT_BYTES_LIT("\x30\x00"));
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "time-stamp-broken");
	/* A signed document is none, either. */
	cms = signs(&w.signer, AGO(20));
	cms_put(other, &token);
	add_attr(signer_info(cms, 0), OID_STAMP, vt_buf_bytes(&token));
	vt_buf_release(&token);
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "time-stamp-broken");
	CMS_ContentInfo_free(other);
	world_free(&w);
}

/* One that has no right to stamp: the signature is judged as if without. */
static void
a_stamp_by_whom_nobody_asked(void **state)
{
	static const struct {
		const char *ext[4];
		const char *reason;
	} cases[] = {
		{ { LEAF_EXT }, "wrong-usage" },
		/* not critical */
		{ { "keyUsage=critical,digitalSignature",
		      "extendedKeyUsage=timeStamping", AKI },
		    "wrong-usage" },
		/* not alone */
		{ { "keyUsage=critical,digitalSignature",
		      "extendedKeyUsage=critical,timeStamping,emailProtection",
		      AKI },
		    "wrong-usage" },
		/* cannot sign */
		{ { "keyUsage=critical,keyEncipherment",
		      "extendedKeyUsage=critical,timeStamping", AKI },
		    "wrong-usage" },
		{ { TSA_EXT }, "ok" },
	};
	struct world w;
	CMS_ContentInfo *cms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spec spec = { .cn = "TSA", .from = AGO(2000) };
		bool holds = strcmp(cases[i].reason, "ok") == 0;

		world_init(&w);
		spec.issuer = &w.ca;
		memcpy(spec.ext, cases[i].ext, sizeof(cases[i].ext));
		tsa_is(&w, party_new(spec));
		signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
		store_list(&w, &w.ca, AGO(150), AGO(90));
		cms = signs(&w.signer, AGO(200));
		add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(200) });
		expect(&w, cms, holds ? VALID : OPEN, holds ? "ok" : "expired",
		    "T", holds ? AGO(200) : VT_TIME_NONE, cases[i].reason);
		world_free(&w);
	}
}

/* The certificate of the authority: revoked, ended, of nobody, unknown. */
static void
a_stamp_by_whom_nobody_trusts(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;
	struct party root, ca, tsa;
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		static const char *const reasons[] = { "revoked", "expired",
			"no-trust-anchor", "revocation-unknown",
			"time-stamp-broken", "ok" };

		world_bare(&w);
		root = root_new("Other", AGO(3000), IN(3000));
		ca = ca_new("Sub", &w.root, AGO(3000), IN(3000));
		add_cert(w.trust, &ca);
		store_list(&w, &w.root, AGO(1), IN(1));
		if (i == 0)
			store_revoked(&w, &w.tsa, AGO(150));
		else
			store_list(&w, &w.ca, AGO(1), IN(1));
		store_list(&w, &w.ca, AGO(150), AGO(90));
		signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
		tsa = i == 1   ? authority(&w.ca, AGO(2000), AGO(50))
		      : i == 2 ? authority(&root, AGO(2000), IN(100))
		      : i == 3 ? authority(&ca, AGO(2000), IN(100))
		      /* It was not valid by its own time. */
		      : i == 4 ? authority(&w.ca, AGO(199), IN(100))
			       : authority(&w.ca, AGO(200), IN(100));
		cms = signs(&w.signer, AGO(200));
		add_stamp(cms,
		    (struct stamp){ .tsa = i == 0 ? &w.tsa : &tsa, AGO(200) });
		expect(&w, cms, i == 5 ? VALID : OPEN,
		    i == 5   ? "ok"
		    : i == 4 ? "time-stamp-broken"
			     : "expired",
		    NULL, i == 5 ? AGO(200) : VT_TIME_NONE, reasons[i]);
		party_free(&root);
		party_free(&ca);
		party_free(&tsa);
		world_free(&w);
	}
}

static void
the_token_itself(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;
	struct party tsa;
	int i;

	(void)state;
	world_init(&w);
	/* Without its certificate: where nobody has it, nothing is proven. */
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(20), .bare = true });
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE,
	    "no-signer-certificate");
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(20), .bare = true });
	assert_true(CMS_add1_cert(cms, vt_cert_x509(w.tsa.cert)));
	expect(&w, cms, VALID, "ok", "T", AGO(20), "ok");
	/* It must say whose it is (RFC 3161, 2.4.2). */
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(20), .no_reference = true });
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa,
			   AGO(20),
			   .tail = VT_BYTES_LIT("x") });
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "time-stamp-broken");
	/* Another digest, and RSASSA-PSS. */
	cms = signs(&w.signer, AGO(20));
	add_stamp(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(20), .md = EVP_sha512() });
	expect(&w, cms, VALID, "ok", "T", AGO(20), "ok");
	for (i = 0; i < 2; i++) {
		tsa = party_new((struct spec){ .cn = "TSA",
		    .issuer = &w.ca,
		    .key = EVP_RSA_gen(i == 0 ? 2048 : 1024),
		    .from = AGO(2000),
		    .ext = { TSA_EXT } });
		cms = signs(&w.signer, AGO(20));
		add_stamp(cms,
		    (struct stamp){ .tsa = &tsa, AGO(20), .pss = true });
		if (i == 0)
			expect(&w, cms, VALID, "ok", "T", AGO(20), "ok");
		else
			expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE,
			    "weak-algorithm");
		party_free(&tsa);
	}
	world_free(&w);
}

static void
a_stamp_of_the_future(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;

	(void)state;
	world_init(&w);
	cms = signs(&w.signer, AGO(1));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, IN(1) });
	expect(&w, cms, OPEN, "time-stamp-order", NULL, VT_TIME_NONE,
	    "time-stamp-order");
	/* Clocks differ by seconds, not by hours. */
	cms = signs(&w.signer, AGO(1));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, today + 200 });
	expect(&w, cms, VALID, "ok", "T", today + 200, "ok");
	cms = signs(&w.signer, AGO(1));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, today + 3600 });
	expect(&w, cms, OPEN, "time-stamp-order", NULL, VT_TIME_NONE,
	    "time-stamp-order");
	/* As of a day before it: nobody knew of it then. */
	cms = signs(&w.signer, AGO(30));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(10) });
	expect_at(&w, cms, AGO(20), OPEN, "time-stamp-order", NULL,
	    VT_TIME_NONE, "time-stamp-order");
	expect_at(&w, cms, AGO(5), VALID, "ok", "T", AGO(10), "ok");
	CMS_ContentInfo_free(cms);
	world_free(&w);
}

/* As of a day in the past, a list of later that says revoked still counts. */
static void
what_became_known_later(void **state)
{
	struct world w;
	CMS_ContentInfo *cms;
	int stamped, i;

	(void)state;
	for (i = 0; i < 4; i++) {
		world_init(&w);
		stamped = i & 1;
		store_list(&w, &w.root, AGO(60), AGO(30));
		store_list(&w, &w.ca, AGO(60), AGO(30));
		store_revoked(&w, &w.signer, i < 2 ? AGO(50) : AGO(35));
		cms = signs(&w.signer, AGO(45));
		if (stamped)
			add_stamp(cms,
			    (struct stamp){ .tsa = &w.tsa, AGO(45) });
		/* i 0 and 1: revoked before; 2 and 3: after all that counts */
		expect_at(&w, cms, AGO(40), i < 2 ? INVALID : VALID,
		    i < 2 ? "revoked" : "ok");
		CMS_ContentInfo_free(cms);
		world_free(&w);
	}
}

/* The time that the signer claims, seven hours off. */
static void
a_claim_in_the_wrong_zone(void **state)
{
	static const struct {
		int64_t off;
		bool shifted;
	} cases[] = {
		{ 7 * 3600, true },
		{ -7 * 3600, true },
		{ 7 * 3600 + 300, true },
		{ -7 * 3600 - 300, true },
		{ 7 * 3600 + 1200, false },
		{ -6 * 3600, false },
		{ -5, false },
		{ 0, false },
		{ -14 * 3600, false },
	};
	struct world w;
	size_t i;

	(void)state;
	world_init(&w);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CMS_ContentInfo *cms = signs(&w.signer, AGO(10) + cases[i].off);

		add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(10) });
		expect(&w, cms, VALID, "ok", "T", AGO(10), "ok",
		    cases[i].shifted);
	}
	/* A stamp that proves nothing says nothing of it, either. */
	{
		CMS_ContentInfo *cms = signs(&w.signer, AGO(10) - 7 * 3600);

		add_stamp(cms,
		    (struct stamp){ .tsa = &w.tsa, AGO(10), .md = EVP_sha1() });
		expect(&w, cms, VALID, "ok", "T", VT_TIME_NONE,
		    "weak-algorithm", false);
	}
	world_free(&w);
}

/* Several signers: each by its own stamp. */
static void
several_signers(void **state)
{
	struct party old, expired;
	CMS_ContentInfo *cms;
	struct vt_report *r;
	struct vt_buf der;
	struct world w;
	BIO *in;
	int i;

	(void)state;
	world_init(&w);
	store_list(&w, &w.ca, AGO(150), AGO(90));
	old = person(&w.ca, AGO(1000), AGO(100));
	expired = person(&w.ca, AGO(1000), AGO(100));
	in = BIO_new_mem_buf(TEXT, sizeof(TEXT) - 1);
	cms = CMS_sign(NULL, NULL, NULL, in, CMS_PARTIAL | CMS_BINARY);
	for (i = 0; i < 3; i++) {
		const struct party *p = i == 0   ? &w.signer
					: i == 1 ? &old
						 : &expired;

		assert_non_null(CMS_add1_signer(cms, vt_cert_x509(p->cert),
		    p->key, EVP_sha256(), CMS_CADES | CMS_NOSMIMECAP));
	}
	assert_true(CMS_final(cms, in, NULL, CMS_BINARY));
	BIO_free(in);
	/* The stamp of one does not help another. */
	for (i = 0; i < 3; i++) {
		X509 *x = NULL;

		CMS_SignerInfo_get0_algs(signer_info(cms, i), NULL, &x, NULL,
		    NULL);
		if (X509_cmp(x, vt_cert_x509(old.cert)) == 0)
			add_stamp_of(cms, i,
			    (struct stamp){ .tsa = &w.tsa, AGO(200) },
			    signature_of(signer_info(cms, i)));
	}
	cms_put(cms, &der);
	r = judge_at(&w, vt_buf_bytes(&der), VT_TIME_NONE);
	assert_int_equal(r->nsignatures, 3);
	assert_int_equal(r->verdict, OPEN);
	for (i = 0; i < 3; i++) {
		const unsigned char *hash = r->signatures[i].certificate_sha256;
		bool is_old = memcmp(hash, vt_cert_sha256(old.cert),
				  VT_SHA256_LEN) == 0,
		     is_expired = memcmp(hash, vt_cert_sha256(expired.cert),
				      VT_SHA256_LEN) == 0;

		expect_signature(r, (size_t)i,
		    (struct want){ .verdict = is_expired ? OPEN : VALID,
			is_expired ? "expired" : "ok",
			is_old ? "T" : "B",
			is_old ? AGO(200) : VT_TIME_NONE },
		    __FILE__, __LINE__);
	}
	vt_report_free(r);
	vt_buf_release(&der);
	CMS_ContentInfo_free(cms);
	party_free(&old);
	party_free(&expired);
	world_free(&w);
}

/* One bit, anywhere: never another time that is proven, and valid. */
static void
no_flipped_bit_moves_the_time(void **state)
{
	CMS_ContentInfo *cms;
	struct vt_report *r;
	struct vt_buf der;
	struct world w;
	size_t at, valid = 0, n = 0;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	cms = signs(&w.signer, AGO(200));
	add_stamp(cms, (struct stamp){ .tsa = &w.tsa, AGO(200) });
	cms_put(cms, &der);
	CMS_ContentInfo_free(cms);
	for (at = 0; at < der.len; at += 3) {
		const struct vt_verify_options opts = { .trust = w.trust,
			.at = VT_TIME_NONE };
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };

		der.data[at] ^= (unsigned char)(1 << at % 8);
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&der), &src, &err),
		    &err);
		n++;
		r = NULL;
		if (vt_verify_source(src, "x", &opts, &r, &err) == VT_OK &&
		    r->verdict == VALID) {
			valid++;
			if (r->nsignatures != 1 ||
			    r->signatures[0].timestamp != AGO(200)) {
				print_error("byte %zu\n", at);
				tell(r);
				fail();
			}
		}
		vt_report_free(r);
		vt_source_free(src);
		der.data[at] ^= (unsigned char)(1 << at % 8);
	}
	/* What does not count may change: a version, an unneeded name. */
	assert_true(n > 500 && valid < n / 20);
	vt_buf_release(&der);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_b_and_t),
		cmocka_unit_test(a_stamp_of_a_vague_time),
		cmocka_unit_test(a_stamp_in_the_name_of_another),
		cmocka_unit_test(an_expired_signer_needs_a_stamp_of_its_time),
		cmocka_unit_test(without_a_list_of_that_time_nothing_is_known),
		cmocka_unit_test(revoked_before_or_after),
		cmocka_unit_test(a_stamp_older_than_the_certificate),
		cmocka_unit_test(a_stamp_of_something_else),
		cmocka_unit_test(a_stamp_by_whom_nobody_asked),
		cmocka_unit_test(a_stamp_by_whom_nobody_trusts),
		cmocka_unit_test(the_token_itself),
		cmocka_unit_test(a_stamp_of_the_future),
		cmocka_unit_test(what_became_known_later),
		cmocka_unit_test(a_claim_in_the_wrong_zone),
		cmocka_unit_test(several_signers),
		cmocka_unit_test(no_flipped_bit_moves_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
