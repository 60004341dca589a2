/* test_verify_time_long.c - what is kept for years: validation data, archive
 * time stamps, and signatures whose certificates ended long ago
 */
#include "test_verify_archive.h"

/* Lists of root and CA of W, of that day, for ten. */
static void
lists_of(struct vt_crls *set, const struct world *w, int64_t day)
{
	set_list(set, &w->root, day, day + 10 * DAY);
	set_list(set, &w->ca, day, day + 10 * DAY);
}

static void
levels_lt_and_lta(void **state)
{
	struct vt_crls lists = { 0 };
	CMS_ContentInfo *cms;
	struct world w;

	(void)state;
	world_bare(&w); /* all that is known comes with it */
	lists_of(&lists, &w, AGO(1));
	cms = signs_whole(&w.signer, AGO(10));
	add_stamp(cms, BY(&w.tsa, AGO(10)));
	expect_at(&w, cms, VT_TIME_NONE, OPEN, "revocation-unknown", "T",
	    VT_TIME_NONE, "revocation-unknown");
	add_values(cms, &lists);
	expect_at(&w, cms, VT_TIME_NONE, VALID, "ok", "LT", AGO(10), "ok");
	add_archive(cms, BY(&w.tsa, AGO(1)));
	expect_at(&w, cms, VT_TIME_NONE, VALID, "ok", "LTA", AGO(10));
	/* Added later: no level is lost. */
	add_values(cms, &lists);
	expect(&w, cms, VALID, "ok", "LTA", AGO(10));
	/* Data without a stamp is no level. */
	cms = signs_whole(&w.signer, AGO(10));
	add_values(cms, &lists);
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE);
	/* An archive time stamp proves the time also where it is alone. */
	cms = signs_whole(&w.signer, AGO(10));
	add_crls(cms, &lists);
	add_archive(cms, BY(&w.tsa, AGO(5)));
	expect(&w, cms, VALID, "ok", "B", AGO(5), "ok");
	vt_crls_release(&lists);
	world_free(&w);
}

/*
 * Anybody can add what looks like validation data: where that is not all that
 * is needed the level is T, whatever is kept here, and an archive time stamp
 * over it makes no more of it.
 */
static void
data_of_no_use(void **state)
{
	struct vt_crls some[6] = { 0 };
	CMS_ContentInfo *cms;
	struct party other;
	struct world w;
	size_t i;

	(void)state;
	world_init(&w);
	other = ca_new("CA", &w.root, AGO(3000), IN(3000));
	/* 0: none at all; 1, 2: of one of two; 3: of another of that name */
	set_list(&some[1], &w.ca, AGO(1), IN(1));
	set_list(&some[2], &w.root, AGO(1), IN(1));
	set_list(&some[3], &w.root, AGO(1), IN(1));
	set_list(&some[3], &other, AGO(1), IN(1));
	/* 4: of no more than its signing */
	set_list(&some[4], &w.root, AGO(1), IN(1));
	set_list(&some[4], &w.ca, AGO(30), AGO(20));
	lists_of(&some[5], &w, AGO(1)); /* all, but not the CA itself */
	for (i = 0; i < 6; i++) {
		cms = i < 5 ? signs_whole(&w.signer, AGO(10))
			    : signs(&w.signer, AGO(10));
		add_stamp(cms, BY(&w.tsa, AGO(10)));
		add_values(cms, &some[i]);
		expect_at(&w, cms, VT_TIME_NONE, VALID, "ok", "T", AGO(10),
		    "ok");
		add_archive(cms, BY(&w.tsa, AGO(1)));
		expect(&w, cms, VALID, "ok", "T", AGO(10));
		vt_crls_release(&some[i]);
	}
	party_free(&other);
	world_free(&w);
}

/* Whose CA has ended: its lists count where they are proven to be older. */
static void
data_known_too_late(void **state)
{
	static const struct {
		int archived; /* days ago; the CA ended 50 days ago */
		enum vt_report_verdict verdict;
		const char *reason;
	} cases[] = {
		{ 0, OPEN, "revocation-unknown" },
		{ 60, VALID, "ok" },
		{ 50, VALID, "ok" },
		{ 49, OPEN, "revocation-unknown" },
	};
	struct vt_crls lists = { 0 };
	struct party ca, tsa;
	CMS_ContentInfo *cms;
	struct world w;
	size_t i;

	(void)state;
	world_init(&w);
	ca = ca_new("Old", &w.root, AGO(3000), AGO(50));
	add_cert(w.trust, &ca);
	store_list(&w, &w.root, AGO(70), AGO(40));
	signer_is(&w, person(&ca, AGO(1000), AGO(100)));
	tsa = authority(&w.ca, AGO(1000), IN(1000));
	set_list(&lists, &ca, AGO(150), AGO(90));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cms = signs_whole(&w.signer, AGO(200));
		add_stamp(cms, BY(&tsa, AGO(200)));
		add_values(cms, &lists);
		if (cases[i].archived != 0)
			add_archive(cms, BY(&tsa, AGO(cases[i].archived)));
		expect(&w, cms, cases[i].verdict, cases[i].reason, NULL,
		    AGO(200));
		/* Added behind the archive time stamp: not covered by it. */
		cms = signs_whole(&w.signer, AGO(200));
		add_stamp(cms, BY(&tsa, AGO(200)));
		if (cases[i].archived != 0)
			add_archive(cms, BY(&tsa, AGO(cases[i].archived)));
		add_values(cms, &lists);
		expect(&w, cms, OPEN, "revocation-unknown", NULL, AGO(200));
	}
	vt_crls_release(&lists);
	party_free(&ca);
	party_free(&tsa);
	world_free(&w);
}

/* --- ten years from now --- */

#define LATER IN(3650)

/* Root, CA, signer and authority of today end within two years. */
struct decade {
	struct world w;
	struct party root2, ca2, tsa2; /* those that hold in ten years */
	struct vt_crls first, second;  /* lists of now, and of next year */
};

static void
decade_init(struct decade *d)
{
	struct world *w = &d->w;

	memset(d, 0, sizeof(*d));
	today = vt_time_now();
	w->root = root_new("Root", AGO(3000), IN(700));
	w->ca = ca_new("CA", &w->root, AGO(3000), IN(600));
	w->signer = person(&w->ca, AGO(100), IN(100));
	w->tsa = authority(&w->ca, AGO(100), IN(500));
	d->root2 = root_new("Root 2", AGO(100), IN(5000));
	d->ca2 = ca_new("CA 2", &d->root2, AGO(100), IN(4500));
	d->tsa2 = authority(&d->ca2, AGO(100), IN(4000));
	assert_vt_ok(vt_trust_new(&w->trust, NULL), NULL);
	add_anchor(w->trust, &w->root);
	add_anchor(w->trust, &d->root2);
	add_cert(w->trust, &w->ca);
	add_cert(w->trust, &d->ca2);
	store_list(w, &d->root2, LATER - DAY, LATER + DAY);
	store_list(w, &d->ca2, LATER - DAY, LATER + DAY);
	lists_of(&d->first, w, IN(2));
	lists_of(&d->second, w, IN(300));
}

static void
decade_free(struct decade *d)
{
	vt_crls_release(&d->first);
	vt_crls_release(&d->second);
	party_free(&d->root2);
	party_free(&d->ca2);
	party_free(&d->tsa2);
	world_free(&d->w);
}

/* Signed and stamped today, with the lists of the day after tomorrow. */
static CMS_ContentInfo *
decade_signs(struct decade *d)
{
	CMS_ContentInfo *cms = signs_whole(&d->w.signer, today);

	add_stamp(cms, BY(&d->w.tsa, today));
	add_values(cms, &d->first);
	add_archive(cms, BY(&d->w.tsa, IN(3)));
	return cms;
}

static void
renewed_in_time_or_not(void **state)
{
	struct decade d;
	CMS_ContentInfo *cms;

	(void)state;
	decade_init(&d);
	cms = decade_signs(&d);
	expect_at(&d.w, cms, IN(10), VALID, "ok", "LTA", today);
	expect_at(&d.w, cms, LATER, OPEN, "expired", "LTA", VT_TIME_NONE, NULL);
	/* Next year another authority covers it all, with newer lists. */
	add_values(cms, &d.second);
	add_archive(cms, BY(&d.tsa2, IN(310)));
	expect_at(&d.w, cms, LATER, VALID, "ok", "LTA", today);
	CMS_ContentInfo_free(cms);
	/* Too late: the first authority had ended, and its CA. */
	cms = decade_signs(&d);
	add_values(cms, &d.second);
	add_archive(cms, BY(&d.tsa2, IN(650)));
	expect_at(&d.w, cms, LATER, OPEN, "expired", "LTA", IN(650));
	CMS_ContentInfo_free(cms);
	/* Without the newer lists nobody knows of the first authority. */
	cms = decade_signs(&d);
	add_archive(cms, BY(&d.tsa2, IN(310)));
	expect_at(&d.w, cms, LATER, OPEN, "expired", "LTA", IN(310));
	CMS_ContentInfo_free(cms);
	decade_free(&d);
}

/* The lists about an authority stand in its own token. */
static void
data_in_the_token(void **state)
{
	struct decade d;
	CMS_ContentInfo *cms;
	struct stamp s;

	(void)state;
	decade_init(&d);
	s = BY(&d.w.tsa, today);
	s.crls = &d.second;
	cms = signs_whole(&d.w.signer, today);
	add_stamp(cms, s);
	add_values(cms, &d.first);
	add_archive(cms, BY(&d.tsa2, IN(310)));
	expect_at(&d.w, cms, LATER, VALID, "ok", "LTA", today);
	CMS_ContentInfo_free(cms);
	/* What covers it came when the CA had ended. */
	cms = signs_whole(&d.w.signer, today);
	add_stamp(cms, s);
	add_values(cms, &d.first);
	add_archive(cms, BY(&d.tsa2, IN(650)));
	expect_at(&d.w, cms, LATER, OPEN, "expired", "LTA", IN(650));
	CMS_ContentInfo_free(cms);
	decade_free(&d);
}

/* Renewed more often than sets of validation data are kept. */
static void
a_long_chain(void **state)
{
	struct party tsa[12];
	struct decade d;
	CMS_ContentInfo *cms;
	int i;

	(void)state;
	decade_init(&d);
	cms = decade_signs(&d);
	add_values(cms, &d.second);
	for (i = 0; i < 12; i++) {
		struct vt_crls lists = { 0 };

		/* Each for a year, of which the last is the next one's. */
		tsa[i] = authority(&d.ca2, IN(300 + 200 * i),
		    IN(300 + 200 * (i + 1) + 100));
		add_archive(cms, BY(&tsa[i], IN(310 + 200 * i)));
		set_list(&lists, &d.root2, IN(500 + 200 * i),
		    IN(620 + 200 * i));
		set_list(&lists, &d.ca2, IN(500 + 200 * i), IN(620 + 200 * i));
		add_values(cms, &lists);
		vt_crls_release(&lists);
	}
	add_archive(cms, BY(&d.tsa2, IN(2800)));
	expect_at(&d.w, cms, LATER, VALID, "ok", "LTA", today);
	CMS_ContentInfo_free(cms);
	for (i = 0; i < 12; i++)
		party_free(&tsa[i]);
	decade_free(&d);
}

/* --- in the wrong order, or not whole --- */

static void
stamps_in_the_wrong_order(void **state)
{
	struct vt_crls lists = { 0 };
	CMS_ContentInfo *cms;
	struct world w;

	(void)state;
	world_init(&w);
	lists_of(&lists, &w, AGO(1));
	/* The archive is older than what it covers. */
	cms = signs_whole(&w.signer, AGO(60));
	add_stamp(cms, BY(&w.tsa, AGO(40)));
	add_values(cms, &lists);
	add_archive(cms, BY(&w.tsa, AGO(50)));
	expect(&w, cms, OPEN, "time-stamp-order", "LTA", AGO(50));
	/* ... and so with two of the archive. */
	cms = signs_whole(&w.signer, AGO(60));
	add_stamp(cms, BY(&w.tsa, AGO(60)));
	add_values(cms, &lists);
	add_archive(cms, BY(&w.tsa, AGO(40)));
	add_archive(cms, BY(&w.tsa, AGO(50)));
	expect(&w, cms, OPEN, "time-stamp-order", "LTA", AGO(60));
	/* One that came later, and is not covered, is in no order. */
	cms = signs_whole(&w.signer, AGO(60));
	add_values(cms, &lists);
	add_archive(cms, BY(&w.tsa, AGO(50)));
	add_stamp(cms, BY(&w.tsa, AGO(40)));
	expect(&w, cms, VALID, "ok", "LTA", AGO(50));
	vt_crls_release(&lists);
	world_free(&w);
}

/* What an archive time stamp names must be there, and strongly named. */
static void
archives_that_prove_nothing(void **state)
{
	struct vt_crls lists = { 0 };
	CMS_ContentInfo *cms, *other;
	X509_ATTRIBUTE *attr;
	ASN1_OBJECT *oid;
	struct vt_buf token;
	struct world w;

	(void)state;
	world_init(&w);
	lists_of(&lists, &w, AGO(1));
	/* Something was taken away. */
	cms = signs_whole(&w.signer, AGO(60));
	add_values(cms, &lists);
	add_archive(cms, BY(&w.tsa, AGO(50)));
	oid = OBJ_txt2obj(OID_REVOCATION_VALUES, 1);
	attr = CMS_unsigned_delete_attr(signer_info(cms, 0),
	    CMS_unsigned_get_attr_by_OBJ(signer_info(cms, 0), oid, -1));
	ASN1_OBJECT_free(oid);
	assert_non_null(attr);
	X509_ATTRIBUTE_free(attr);
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	/* It is of another signature. */
	cms = signs_whole(&w.signer, AGO(60));
	other = signs_whole(&w.signer, AGO(60) + 1);
	add_archive(other, BY(&w.tsa, AGO(50)));
	attr = CMS_unsigned_get_attr(signer_info(other, 0), 0);
	assert_true(CMS_unsigned_add1_attr(signer_info(cms, 0), attr));
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	CMS_ContentInfo_free(other);
	/* It has no index. */
	cms = signs_whole(&w.signer, AGO(60));
	token_put(BY(&w.tsa, AGO(50)), signature_of(signer_info(cms, 0)),
	    &token);
	add_attr(signer_info(cms, 0), OID_ARCHIVE, vt_buf_bytes(&token));
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "time-stamp-unknown");
	/* Of an older kind. */
	cms = signs_whole(&w.signer, AGO(60));
	add_attr(signer_info(cms, 0), OID_ARCHIVE_OLD, vt_buf_bytes(&token));
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "time-stamp-unknown");
	vt_buf_release(&token);
	/* Names by SHA-1, of which somebody may have made two. */
	cms = signs_whole(&w.signer, AGO(60));
	add_values(cms, &lists);
	add_archive_by(cms, BY(&w.tsa, AGO(50)), EVP_sha1());
	expect(&w, cms, OPEN, "time-stamp-broken", "B", VT_TIME_NONE,
	    "time-stamp-broken");
	cms = signs_whole(&w.signer, AGO(60));
	add_values(cms, &lists);
	add_archive(cms, (struct stamp){ .tsa = &w.tsa,
			     AGO(50),
			     .md = EVP_sha1(),
			     .signed_md = EVP_sha256() });
	expect(&w, cms, VALID, "ok", "B", VT_TIME_NONE, "weak-algorithm");
	cms = signs_whole(&w.signer, AGO(60));
	add_values(cms, &lists);
	add_archive(cms,
	    (struct stamp){ .tsa = &w.tsa, AGO(50), .md = EVP_sha512() });
	expect(&w, cms, VALID, "ok", "B", AGO(50), "ok");
	vt_crls_release(&lists);
	world_free(&w);
}

/* Somebody's signature of something else, given out as a countersignature. */
static void
a_countersignature_that_does_not_hold(void **state)
{
	CMS_ContentInfo *cms, *other;
	struct anatomy a;
	struct vt_bytes in;
	struct world w;
	struct vt_buf b;

	(void)state;
	world_init(&w);
	other = signs_whole(&w.signer, AGO(70));
	anatomy_of(other, &a);
	vt_buf_init(&b, BUF_MAX);
	in = a.fields;
	put(&b, SEQ, in);
	cms = signs_whole(&w.signer, AGO(60));
	add_stamp(cms, BY(&w.tsa, AGO(60)));
	add_attr(signer_info(cms, 0), OID_COUNTER, vt_buf_bytes(&b));
	expect(&w, cms, OPEN, "countersignature-broken", "T", AGO(60), "ok");
	vt_buf_release(&b);
	vt_buf_release(&a.der);
	CMS_ContentInfo_free(other);
	world_free(&w);
}

/* One bit, anywhere: valid only with the time that is proven. */
static void
no_flipped_bit_moves_the_time(void **state)
{
	CMS_ContentInfo *cms;
	struct vt_buf der;
	struct decade d;
	size_t at, valid = 0, n = 0;

	(void)state;
	decade_init(&d);
	cms = decade_signs(&d);
	add_values(cms, &d.second);
	add_archive(cms, BY(&d.tsa2, IN(310)));
	cms_put(cms, &der);
	CMS_ContentInfo_free(cms);
	for (at = 0; at < der.len; at += 7) {
		const struct vt_verify_options opts = { .trust = d.w.trust,
			.at = LATER };
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		struct vt_report *r = NULL;

		der.data[at] ^= (unsigned char)(1 << at % 8);
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&der), &src, &err),
		    &err);
		n++;
		if (vt_verify_source(src, "x", &opts, &r, &err) == VT_OK &&
		    r->verdict == VALID) {
			valid++;
			if (r->nsignatures != 1 ||
			    r->signatures[0].timestamp != today) {
				print_error("byte %zu\n", at);
				tell(r);
				fail();
			}
		}
		vt_report_free(r);
		vt_source_free(src);
		der.data[at] ^= (unsigned char)(1 << at % 8);
	}
	assert_true(n > 500 && valid < n / 20);
	vt_buf_release(&der);
	decade_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_lt_and_lta),
		cmocka_unit_test(data_of_no_use),
		cmocka_unit_test(data_known_too_late),
		cmocka_unit_test(renewed_in_time_or_not),
		cmocka_unit_test(data_in_the_token),
		cmocka_unit_test(a_long_chain),
		cmocka_unit_test(stamps_in_the_wrong_order),
		cmocka_unit_test(archives_that_prove_nothing),
		cmocka_unit_test(a_countersignature_that_does_not_hold),
		cmocka_unit_test(no_flipped_bit_moves_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
