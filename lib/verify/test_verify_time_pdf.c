/* test_verify_time_pdf.c - document time stamps, /DSS, and claims in a PDF */
#include "test_verify_pdf.h"

#define NOW_REAL VT_TIME_NONE
static void
plain(struct paper *p, struct world *w, int64_t when)
{
	paper_new(p);
	paper_sign(p, &w->signer, (struct pdf_how){ .m = when });
}

static void
lists_of(struct vt_crls *set, const struct world *w, int64_t day)
{
	set_list(set, &w->root, day, day + 10 * DAY);
	set_list(set, &w->ca, day, day + 10 * DAY);
}

static void
levels(void **state)
{
	struct vt_crls lists = { 0 };
	struct world w;
	struct paper p;

	(void)state;
	world_init(&w);
	lists_of(&lists, &w, AGO(1));
	plain(&p, &w, AGO(10));
	expect_pdf(&w, &p, NOW_REAL, VALID,
	    WANT(VALID, "ok", "B", VT_TIME_NONE));
	/* By a document time stamp */
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, VALID, WANT(VALID, "ok", "T", AGO(9)),
	    WANT(VALID, "ok"));
	paper_dss(&p, &lists);
	expect_pdf(&w, &p, NOW_REAL, VALID, WANT(VALID, "ok", "LT", AGO(9)),
	    WANT(VALID, "ok"));
	paper_stamp(&p, BY(&w.tsa, AGO(1)));
	expect_pdf(&w, &p, NOW_REAL, VALID, WANT(VALID, "ok", "LTA", AGO(9)),
	    WANT(VALID, "ok"), WANT(VALID, "ok"));
	paper_free(&p);
	/* By a time stamp within the signature */
	paper_new(&p);
	paper_sign(&p, &w.signer,
	    (struct pdf_how){ .m = AGO(10), .stamp = BY(&w.tsa, AGO(10)) });
	expect_pdf(&w, &p, NOW_REAL, VALID,
	    WANT(VALID, "ok", "T", AGO(10), "ok"));
	paper_dss(&p, &lists);
	expect_pdf(&w, &p, NOW_REAL, VALID,
	    WANT(VALID, "ok", "LT", AGO(10), "ok"));
	paper_stamp(&p, BY(&w.tsa, AGO(1)));
	expect_pdf(&w, &p, NOW_REAL, VALID,
	    WANT(VALID, "ok", "LTA", AGO(10), "ok"), WANT(VALID, "ok"));
	paper_free(&p);
	/* Lists without a stamp make no level. */
	plain(&p, &w, AGO(10));
	paper_dss(&p, &lists);
	expect_pdf(&w, &p, NOW_REAL, VALID,
	    WANT(VALID, "ok", "B", VT_TIME_NONE));
	paper_free(&p);
	vt_crls_release(&lists);
	world_free(&w);
}

static void
an_expired_signer(void **state)
{
	struct world w;
	struct paper p;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	plain(&p, &w, AGO(200));
	expect_pdf(&w, &p, NOW_REAL, OPEN,
	    WANT(OPEN, "expired", "B", VT_TIME_NONE));
	paper_stamp(&p, BY(&w.tsa, AGO(200)));
	expect_pdf(&w, &p, NOW_REAL, VALID, WANT(VALID, "ok", "T", AGO(200)),
	    WANT(VALID, "ok"));
	paper_free(&p);
	plain(&p, &w, AGO(200));
	paper_stamp(&p, BY(&w.tsa, AGO(99)));
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(OPEN, "expired", "T", AGO(99)),
	    WANT(VALID, "ok"));
	paper_free(&p);
	/* What was stamped before it was signed proves nothing of it. */
	paper_new(&p);
	paper_stamp(&p, BY(&w.tsa, AGO(200)));
	paper_sign(&p, &w.signer, (struct pdf_how){ .m = AGO(150) });
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(VALID, "ok"),
	    WANT(OPEN, "expired", "B", VT_TIME_NONE));
	paper_free(&p);
	world_free(&w);
}

/* Its CA ended 50 days ago. */
static void
dss_known_too_late(void **state)
{
	static const int stamped[] = { 60, 49, 0 };
	struct vt_crls lists = { 0 };
	struct party ca;
	struct world w;
	struct paper p;
	size_t i;

	(void)state;
	world_init(&w);
	ca = ca_new("Old", &w.root, AGO(3000), AGO(50));
	add_cert(w.trust, &ca);
	store_list(&w, &w.root, AGO(70), AGO(40));
	signer_is(&w, person(&ca, AGO(1000), AGO(100)));
	set_list(&lists, &ca, AGO(150), AGO(90));
	for (i = 0; i < 3; i++) {
		paper_new(&p);
		paper_sign(&p, &w.signer,
		    (struct pdf_how){ .m = AGO(200),
			.stamp = BY(&w.tsa, AGO(200)) });
		/* i 2: the lists come behind the stamp that should prove them
		 */
		if (i == 2)
			paper_stamp(&p, BY(&w.tsa, AGO(60)));
		paper_dss(&p, &lists);
		if (i < 2)
			paper_stamp(&p, BY(&w.tsa, AGO(stamped[i])));
		if (i == 0)
			/* The other CA's lists are only kept here. */
			expect_pdf(&w, &p, NOW_REAL, VALID,
			    WANT(VALID, "ok", "T", AGO(200)),
			    WANT(VALID, "ok"));
		else
			expect_pdf(&w, &p, NOW_REAL, OPEN,
			    WANT(OPEN, "revocation-unknown", NULL, AGO(200)),
			    WANT(VALID, "ok"));
		paper_free(&p);
	}
	vt_crls_release(&lists);
	party_free(&ca);
	world_free(&w);
}

#define LATER IN(3650)

/* All of today has ended; another authority covered it next year, or not. */
static void
ten_years_later(void **state)
{
	struct vt_crls first = { 0 }, both = { 0 };
	struct party root2, ca2, tsa2;
	struct world w;
	struct paper p;
	int renewed;

	(void)state;
	today = vt_time_now();
	w.root = root_new("Root", AGO(3000), IN(700));
	w.ca = ca_new("CA", &w.root, AGO(3000), IN(600));
	w.signer = person(&w.ca, AGO(100), IN(100));
	w.tsa = authority(&w.ca, AGO(100), IN(500));
	root2 = root_new("Root 2", AGO(100), IN(5000));
	ca2 = ca_new("CA 2", &root2, AGO(100), IN(4500));
	tsa2 = authority(&ca2, AGO(100), IN(4000));
	assert_vt_ok(vt_trust_new(&w.trust, NULL), NULL);
	add_anchor(w.trust, &w.root);
	add_anchor(w.trust, &root2);
	add_cert(w.trust, &w.ca);
	add_cert(w.trust, &ca2);
	store_list(&w, &root2, LATER - DAY, LATER + DAY);
	store_list(&w, &ca2, LATER - DAY, LATER + DAY);
	lists_of(&first, &w, IN(2));
	lists_of(&both, &w, IN(2));
	lists_of(&both, &w, IN(300));
	for (renewed = 0; renewed < 3; renewed++) {
		paper_new(&p);
		paper_sign(&p, &w.signer,
		    (struct pdf_how){ .m = today, .stamp = BY(&w.tsa, today) });
		paper_dss(&p, &first);
		paper_stamp(&p, BY(&w.tsa, IN(3)));
		if (renewed > 0) {
			paper_dss(&p, &both);
			paper_stamp(&p,
			    BY(&tsa2, renewed == 1 ? IN(310) : IN(650)));
		}
		if (renewed == 0)
			expect_pdf(&w, &p, LATER, OPEN,
			    WANT(OPEN, "expired", "LTA", VT_TIME_NONE),
			    WANT(OPEN, "expired"));
		else if (renewed == 1)
			expect_pdf(&w, &p, LATER, VALID,
			    WANT(VALID, "ok", "LTA", today, "ok"),
			    WANT(VALID, "ok"), WANT(VALID, "ok"));
		else
			expect_pdf(&w, &p, LATER, OPEN,
			    WANT(OPEN, "expired", "LTA", IN(650)),
			    WANT(OPEN, "expired"), WANT(VALID, "ok"));
		paper_free(&p);
	}
	vt_crls_release(&first);
	vt_crls_release(&both);
	party_free(&root2);
	party_free(&ca2);
	party_free(&tsa2);
	world_free(&w);
}

static void
stamps_that_do_not_hold(void **state)
{
	struct party root, tsa;
	struct world w;
	struct paper p;

	(void)state;
	world_init(&w);
	root = root_new("Other", AGO(3000), IN(3000));
	tsa = authority(&root, AGO(1000), IN(1000));
	/* of other bytes */
	plain(&p, &w, AGO(10));
	paper_stamp_as(&p, BY(&w.tsa, AGO(9)), DTS, true);
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(VALID, "ok", "B", VT_TIME_NONE),
	    WANT(INVALID, "time-stamp-broken", NULL, VT_TIME_NONE));
	/* ... and a good one behind it */
	paper_stamp(&p, BY(&w.tsa, AGO(8)));
	expect_pdf(&w, &p, NOW_REAL, INVALID, WANT(VALID, "ok", "T", AGO(8)),
	    WANT(INVALID, "time-stamp-broken"), WANT(VALID, "ok"));
	paper_free(&p);
	/* by nobody we know */
	plain(&p, &w, AGO(10));
	paper_stamp(&p, BY(&tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(VALID, "ok", "T", VT_TIME_NONE),
	    WANT(OPEN, "no-trust-anchor", NULL, VT_TIME_NONE));
	paper_free(&p);
	/* by who may sign documents only */
	plain(&p, &w, AGO(10));
	paper_stamp(&p, BY(&w.signer, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(VALID, "ok", "T", VT_TIME_NONE),
	    WANT(INVALID, "wrong-usage", NULL, VT_TIME_NONE));
	paper_free(&p);
	/* of tomorrow */
	plain(&p, &w, AGO(10));
	paper_stamp(&p, BY(&w.tsa, IN(1)));
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(VALID, "ok", "T", VT_TIME_NONE),
	    WANT(OPEN, "time-stamp-order", NULL, VT_TIME_NONE));
	paper_free(&p);
	/* by SHA-1 */
	plain(&p, &w, AGO(10));
	paper_stamp(&p,
	    (struct stamp){ .tsa = &w.tsa, AGO(9), .md = EVP_sha1() });
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(VALID, "ok", "T", VT_TIME_NONE),
	    WANT(INVALID, "weak-algorithm", NULL, VT_TIME_NONE));
	paper_free(&p);
	/* a time stamp that says it is a signature, or both */
	plain(&p, &w, AGO(10));
	paper_stamp_as(&p, BY(&w.tsa, AGO(9)),
	    "/Type/DocTimeStamp/Filter/Adobe.PPKLite"
	    "/SubFilter/ETSI.CAdES.detached",
	    false);
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(VALID, "ok", "B", VT_TIME_NONE),
	    WANT(OPEN, "unsupported-signature", NULL, VT_TIME_NONE));
	paper_free(&p);
	plain(&p, &w, AGO(10));
	paper_stamp_as(&p, BY(&w.tsa, AGO(9)),
	    "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached",
	    false);
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(INVALID, "changed-after-signing"),
	    WANT(INVALID, "malformed-signature", NULL, VT_TIME_NONE));
	paper_free(&p);
	/* within the signature, of another */
	paper_new(&p);
	paper_sign(&p, &w.signer,
	    (struct pdf_how){ .m = AGO(10),
		.stamp = BY(&w.tsa, AGO(10)),
		.of_another = true });
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, OPEN,
	    WANT(OPEN, "time-stamp-broken", "T", AGO(9), "time-stamp-broken"),
	    WANT(VALID, "ok"));
	paper_free(&p);
	party_free(&root);
	party_free(&tsa);
	world_free(&w);
}

static void
order_and_change(void **state)
{
	struct world w;
	struct paper p;

	(void)state;
	world_init(&w);
	/* Two, the outer one older. */
	plain(&p, &w, AGO(20));
	paper_stamp(&p, BY(&w.tsa, AGO(5)));
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, OPEN, WANT(VALID, "ok", "T", AGO(9)),
	    WANT(OPEN, "time-stamp-order", NULL, VT_TIME_NONE),
	    WANT(VALID, "ok"));
	paper_free(&p);
	/* One within the signature that is younger than the one around. */
	paper_new(&p);
	paper_sign(&p, &w.signer,
	    (struct pdf_how){ .m = AGO(20), .stamp = BY(&w.tsa, AGO(3)) });
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, OPEN,
	    WANT(OPEN, "time-stamp-order", "T", AGO(9), "time-stamp-order"),
	    WANT(VALID, "ok"));
	paper_free(&p);
	/* As of a day before it. */
	plain(&p, &w, AGO(20));
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, AGO(15), OPEN, WANT(VALID, "ok", NULL, VT_TIME_NONE),
	    WANT(OPEN, "time-stamp-order"));
	/* Redrawn behind both: neither holds for what is shown. */
	paper_redrawn(&p);
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(INVALID, "changed-after-signing"),
	    WANT(INVALID, "changed-after-signing"));
	/* A new stamp makes nothing of it good. */
	paper_stamp(&p, BY(&w.tsa, AGO(1)));
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(INVALID, "changed-after-signing"),
	    WANT(INVALID, "changed-after-signing"), WANT(VALID, "ok"));
	paper_free(&p);
	world_free(&w);
}

static void
a_claim_in_the_wrong_zone(void **state)
{
	static const struct {
		int64_t m, attribute; /* off, in hours */
		bool shifted;
	} cases[] = {
		{ 7, 0, true },
		{ -7, 0, true },
		{ 0, 0, false },
		{ 0, 7, true },
		{ 0, -7, true },
		{ 7, 7, true },
		{ -1, 0, false },
	};
	struct world w;
	struct paper p;
	size_t i;

	(void)state;
	world_init(&w);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pdf_how how = {
			.m = AGO(10) + 3600 * cases[i].m,
			.stamp = BY(&w.tsa, AGO(10)),
		};

		/* against the stamp */
		if (cases[i].attribute == 0) {
			paper_new(&p);
			paper_sign(&p, &w.signer, how);
			expect_pdf(&w, &p, NOW_REAL, VALID,
			    WANT(VALID, "ok", "T", AGO(10), "ok",
				cases[i].shifted));
			paper_free(&p);
		}
		/* /M and the attribute against each other, and the stamp */
		how.signing_time = AGO(10) + 3600 * cases[i].attribute;
		paper_new(&p);
		paper_sign(&p, &w.signer, how);
		expect_pdf(&w, &p, NOW_REAL, VALID,
		    WANT(VALID, "ok", NULL, AGO(10), "ok", cases[i].shifted));
		paper_free(&p);
		/* ... without any */
		how.stamp.tsa = NULL;
		paper_new(&p);
		paper_sign(&p, &w.signer, how);
		expect_pdf(&w, &p, NOW_REAL, VALID,
		    WANT(VALID, "ok", NULL, VT_TIME_NONE, NULL,
			cases[i].shifted && cases[i].m != cases[i].attribute));
		paper_free(&p);
	}
	world_free(&w);
}

/* One bit, anywhere but in the padding: never valid with another time. */
static void
no_flipped_bit_moves_the_time(void **state)
{
	struct vt_report *r;
	struct world w;
	struct paper p;
	size_t at, n = 0;

	(void)state;
	world_init(&w);
	signer_is(&w, person(&w.ca, AGO(1000), AGO(100)));
	store_list(&w, &w.ca, AGO(150), AGO(90));
	plain(&p, &w, AGO(200));
	paper_stamp(&p, BY(&w.tsa, AGO(200)));
	for (at = 0; at < p.b.len; at += 11) {
		const struct vt_verify_options opts = { .trust = w.trust,
			.at = VT_TIME_NONE };
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		bool padding = p.b.data[at] == '0' && p.b.data[at - 1] == '0' &&
			       p.b.data[at + 1] == '0';

		if (padding && at % 501 != 0)
			continue;
		p.b.data[at] ^= (unsigned char)(1 << at % 8);
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&p.b), &src, &err),
		    &err);
		n++;
		r = NULL;
		if (vt_verify_source(src, "x", &opts, &r, &err) == VT_OK &&
		    r->verdict == VALID) {
			/* upper case, lower case: the same DER */
			if (r->nsignatures != 2 ||
			    r->signatures[0].timestamp != AGO(200)) {
				print_error("byte %zu\n", at);
				tell(r);
				fail();
			}
		}
		vt_report_free(r);
		vt_source_free(src);
		p.b.data[at] ^= (unsigned char)(1 << at % 8);
	}
	assert_true(n > 300);
	paper_free(&p);
	world_free(&w);
}

/* It proves a time; whoever gets one from an authority has signed nothing. */
static void
a_time_stamp_alone_is_no_signature(void **state)
{
	struct world w;
	struct paper p;

	(void)state;
	world_init(&w);
	paper_new(&p);
	paper_stamp(&p, BY(&w.tsa, AGO(9)));
	expect_pdf(&w, &p, NOW_REAL, VT_REPORT_UNSIGNED, WANT(VALID, "ok"));
	paper_stamp(&p, BY(&w.tsa, AGO(5)));
	expect_pdf(&w, &p, NOW_REAL, VT_REPORT_UNSIGNED, WANT(VALID, "ok"),
	    WANT(VALID, "ok"));
	paper_sign(&p, &w.signer, (struct pdf_how){ .m = AGO(1) });
	expect_pdf(&w, &p, NOW_REAL, VALID, WANT(VALID, "ok"),
	    WANT(VALID, "ok"), WANT(VALID, "ok"));
	paper_free(&p);
	/* One that does not hold is worse than none. */
	paper_new(&p);
	paper_stamp_as(&p, BY(&w.tsa, AGO(9)), DTS, true);
	expect_pdf(&w, &p, NOW_REAL, INVALID,
	    WANT(INVALID, "time-stamp-broken"));
	paper_free(&p);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels),
		cmocka_unit_test(an_expired_signer),
		cmocka_unit_test(dss_known_too_late),
		cmocka_unit_test(ten_years_later),
		cmocka_unit_test(stamps_that_do_not_hold),
		cmocka_unit_test(order_and_change),
		cmocka_unit_test(a_claim_in_the_wrong_zone),
		cmocka_unit_test(a_time_stamp_alone_is_no_signature),
		cmocka_unit_test(no_flipped_bit_moves_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
