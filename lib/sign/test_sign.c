/* test_sign.c - the rules before a key is used, and what comes out */
#include "test_util.h"

#include "vanthu/cms.h"
#include "vanthu/key.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

#define NOW 1795478400 /* 2026-11-24 */

static struct vt_trust *trust;
static char *dir;

static char *
pki(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("VANTHU_PKI"), name);
	return path;
}

static int
ask(void *ctx, const char *what, struct vt_secret *ret, struct vt_error *err)
{
	(void)ctx;
	(void)what;
	return vt_secret_set(ret, "test-passphrase", 15, err);
}

static struct vt_signer *
signer_of(const char *p12)
{
	const struct vt_key_ask how = { ask, NULL };
	struct vt_signer *ret = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_key_p12(pki(p12), NULL, &how, &ret, &err), &err);
	return ret;
}

/* Sign TEXT with the key in P12; the result is made, and thrown away. */
static int
try_sign(const char *p12, struct vt_sign_options *opts, const char *text,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_out *out = NULL;
	struct vt_signer *signer = signer_of(p12);
	char *path = vt_path_join(dir, "out");
	int rc;

	opts->signer = signer;
	if (opts->at == 0)
		opts->at = NOW;
	assert_non_null(path);
	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, err), err);
	assert_vt_ok(vt_out_open(path, &out, err), err);
	rc = vt_sign_source(src, opts, out, res, err);
	vt_out_abort(out);
	assert_int_equal(test_dir_count(dir), 0);
	vt_source_free(src);
	vt_signer_free(signer);
	free(path);
	return rc;
}

static bool
warned(const struct vt_sign_result *res, const char *code)
{
	size_t i;

	for (i = 0; i < res->nwarnings; i++)
		if (strcmp(res->warnings[i].code, code) == 0)
			return true;
	return false;
}

static void
a_good_certificate_signs_without_a_warning(void **state)
{
	static const char *const good[] = { "officer.p12", "officer3072.p12",
		"officer-ec.p12", "officer-pss.p12", "agency.p12",
		"public-org.p12" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct vt_sign_options opts = { .trust = trust };
		struct vt_sign_result res = { 0 };
		struct vt_error err = { 0 };

		assert_vt_ok(try_sign(good[i], &opts, "text", &res, &err),
		    &err);
		assert_int_equal(res.nwarnings, 0);
		assert_int_equal(res.format, VT_SIGN_DETACHED);
		assert_int_equal(res.time, NOW);
		assert_true(res.size > 256);
	}
}

static void
expect_refusal(const char *p12, const struct vt_trust *with, const char *part)
{
	struct vt_sign_options opts = { .trust = with };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	int rc = try_sign(p12, &opts, "text", &res, &err);

	assert_vt_error(rc, &err, VT_EREFUSED);
	assert_error_text(&err, part);
	assert_int_equal(res.size, 0);
}

static void
a_certificate_that_does_not_hold_does_not_sign(void **state)
{
	(void)state;
	expect_refusal("expired.p12", trust, "expired");
	expect_refusal("notyet.p12", trust, "not valid before");
	expect_refusal("revoked.p12", trust, "revoked");
	expect_refusal("wrongusage.p12", trust, "not for this use");
	expect_refusal("weak-sha1.p12", trust, "weak");
	/* What needs no anchor is asked without one. */
	expect_refusal("expired.p12", NULL, "expired");
	expect_refusal("notyet.p12", NULL, "not valid before");
	expect_refusal("wrongusage.p12", NULL, "not for this use");
}

static void
unknown_revocation_is_a_warning(void **state)
{
	struct vt_sign_options opts = { 0 };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	struct vt_trust *anchors = NULL;

	(void)state;
	assert_vt_ok(try_sign("officer.p12", &opts, "text", &res, &err), &err);
	assert_int_equal(res.nwarnings, 1);
	assert_true(warned(&res, "revocation-unknown"));
	assert_true(res.warnings[0].text[0] != '\0');

	assert_vt_ok(vt_trust_new(&anchors, &err), &err);
	assert_vt_ok(vt_trust_load_anchors(anchors, pki("anchors"), &err),
	    &err);
	opts = (struct vt_sign_options){ .trust = anchors };
	memset(&res, 0, sizeof(res));
	assert_vt_ok(try_sign("officer.p12", &opts, "text", &res, &err), &err);
	assert_int_equal(res.nwarnings, 1);
	assert_true(warned(&res, "revocation-unknown"));
	vt_trust_free(anchors);
}

static void
a_stranger_to_the_anchors_is_warned_of(void **state)
{
	struct vt_sign_options opts = { .trust = trust };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(try_sign("impostor.p12", &opts, "text", &res, &err), &err);
	assert_true(warned(&res, "no-trust-anchor"));
	assert_true(warned(&res, "revocation-unknown"));
}

static void
the_agency_follows_a_person(void **state)
{
	struct vt_sign_options opts = { .trust = trust,
		.role = VT_SIGN_AGENCY };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	int rc;

	(void)state;
	rc = try_sign("agency.p12", &opts, "text", &res, &err);
	assert_error_clause(rc, &err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32");
	opts.person_signed = true;
	vt_error_clear(&err);
	assert_vt_ok(try_sign("agency.p12", &opts, "text", &res, &err), &err);
	assert_false(warned(&res, "person-not-verified"));
	opts.trust = NULL;
	assert_vt_ok(try_sign("agency.p12", &opts, "text", &res, &err), &err);
	assert_true(warned(&res, "person-not-verified"));
}

static void
an_attachment_follows_its_document(void **state)
{
	struct vt_sign_options opts = { .trust = trust,
		.role = VT_SIGN_ATTACHMENT };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	int rc;

	(void)state;
	assert_vt_ok(try_sign("agency.p12", &opts, "text", &res, &err), &err);
	assert_true(warned(&res, "document-unseen"));
	opts.document_seen = true;
	rc = try_sign("agency.p12", &opts, "text", &res, &err);
	assert_error_clause(rc, &err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32");
	opts.person_signed = true;
	vt_error_clear(&err);
	assert_vt_ok(try_sign("agency.p12", &opts, "text", &res, &err), &err);
	assert_false(warned(&res, "document-unseen"));
	opts.trust = NULL;
	assert_vt_ok(try_sign("agency.p12", &opts, "text", &res, &err), &err);
	assert_true(warned(&res, "person-not-verified"));
}

static void
the_agencys_key_is_attended(void **state)
{
	static const enum vt_sign_role roles[] = { VT_SIGN_AGENCY,
		VT_SIGN_ATTACHMENT, VT_SIGN_COPY, VT_SIGN_INCOMING };
	struct vt_sign_options opts = { .unattended = true };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct vt_error err = { 0 };

		opts.role = roles[i];
		assert_vt_error(vt_sign_attended(&opts, &err), &err,
		    VT_EREFUSED);
	}
	opts.role = VT_SIGN_PERSON;
	assert_int_equal(vt_sign_attended(&opts, NULL), VT_OK);
	opts.role = VT_SIGN_COMMENT;
	assert_int_equal(vt_sign_attended(&opts, NULL), VT_OK);
}

static void
what_the_signer_was_checked_by_is_told(void **state)
{
	struct vt_sign_evidence ev = { 0 };
	struct vt_sign_options opts = { .trust = trust, .evidence = &ev };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(try_sign("officer.p12", &opts, "text", &res, &err), &err);
	assert_int_equal(ev.verdict, VT_PASSED);
	assert_string_equal(ev.reason, "ok");
	assert_int_equal(ev.revocation, VT_REVOKED_NO);
	/* the signer, its CA, the anchor; a list of each CA */
	assert_int_equal(ev.used.certs.n, 3);
	assert_int_equal(ev.used.crls.n, 2);
	vt_sign_evidence_release(&ev);
	assert_int_equal(ev.used.certs.n, 0);
	opts.trust = NULL;
	assert_vt_ok(try_sign("officer.p12", &opts, "text", &res, &err), &err);
	assert_int_equal(ev.verdict, VT_UNDECIDED);
	assert_string_equal(ev.reason, "no-trust-anchor");
	assert_int_equal(ev.used.crls.n, 0);
	vt_sign_evidence_release(&ev);
	/* what is refused leaves nothing */
	opts.trust = trust;
	assert_vt_error(try_sign("revoked.p12", &opts, "text", &res, &err),
	    &err, VT_EREFUSED);
	assert_int_equal(ev.used.certs.n, 0);
}

static void
a_damaged_pdf_is_refused(void **state)
{
	static const char *const bad[] = { "%PDF-1.7\n", "%PDF-1.7\nhello\n",
		"%PDF-1.7\nstartxref\n9\n%%EOF\n",
		"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vt_sign_options opts = { .trust = trust };
		struct vt_sign_result res = { 0 };
		struct vt_error err = { 0 };
		int rc = try_sign("officer.p12", &opts, bad[i], &res, &err);

		assert_vt_error(rc, &err, VT_EFORMAT);
	}
}

/* The signer's intermediate comes from the store where the key lacks it. */
static void
the_store_supplies_intermediates(void **state)
{
	struct vt_sign_options opts = { .trust = trust };
	struct vt_sign_result leaf = { 0 }, bare = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(try_sign("officer-leaf.p12", &opts, "t", &leaf, &err),
	    &err);
	opts.trust = NULL;
	assert_vt_ok(try_sign("officer-leaf.p12", &opts, "t", &bare, &err),
	    &err);
	assert_true(leaf.size > bare.size + 500);
}

static void
attached_holds_the_content(void **state)
{
	struct vt_sign_options opts = { .trust = trust, .attached = true };
	struct vt_sign_result res = { 0 }, det = { 0 };
	struct vt_error err = { 0 };
	char *text = calloc(1, 100001);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 100000);
	assert_vt_ok(try_sign("officer.p12", &opts, text, &res, &err), &err);
	assert_int_equal(res.format, VT_SIGN_ATTACHED);
	opts.attached = false;
	assert_vt_ok(try_sign("officer.p12", &opts, text, &det, &err), &err);
	assert_true(res.size >= det.size + 100000);
	assert_true(res.size < det.size + 100100);
	free(text);
}

static void
what_is_called_pdf_must_be_one(void **state)
{
	struct vt_sign_options opts = { .trust = trust, .name = "x/a.PDF" };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	int rc;

	(void)state;
	rc = try_sign("officer.p12", &opts, "text", &res, &err);
	assert_error_clause(rc, &err, VT_EFORMAT, "ISO 32000-2, 7.5.2");
}

static void
names(void **state)
{
	static const struct {
		const char *path, *dir;
		enum vt_sign_format format;
		const char *want;
	} cases[] = {
		{ "a.pdf", NULL, VT_SIGN_PDF, "a.signed.pdf" },
		{ "x/a.PDF", NULL, VT_SIGN_PDF, "x/a.signed.pdf" },
		{ "/x.y/a", NULL, VT_SIGN_PDF, "/x.y/a.signed.pdf" },
		{ "a.pdf.bak", NULL, VT_SIGN_PDF, "a.pdf.bak.signed.pdf" },
		{ "x/.pdf", NULL, VT_SIGN_PDF, "x/.pdf.signed.pdf" },
		{ "x/a.pdf", "y", VT_SIGN_PDF, "y/a.signed.pdf" },
		{ "x/a.docx", NULL, VT_SIGN_DETACHED, "x/a.docx.p7s" },
		{ "x/a.docx", "y/z", VT_SIGN_ATTACHED, "y/z/a.docx.p7m" },
		{ "../a", "y", VT_SIGN_DETACHED, "y/a.p7s" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got =
		    vt_sign_name(cases[i].path, cases[i].dir, cases[i].format);

		assert_string_equal(got, cases[i].want);
		free(got);
	}
}

static void
formats(void **state)
{
	static const struct {
		const char *text;
		enum vt_sign_format want;
	} cases[] = {
		{ "", VT_SIGN_DETACHED },
		{ "%PDF-1.7\n", VT_SIGN_PDF },
		{ "junk\n%PDF-1.7\nstartxref\n0\n%%EOF", VT_SIGN_PDF },
		{ "a text about %PDF-1.7 and the like", VT_SIGN_DETACHED },
		{ "PK\3\4", VT_SIGN_DETACHED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		const struct vt_sign_options opts = { .name = "a.txt" };
		enum vt_sign_format got;

		assert_vt_ok(vt_source_bytes(vt_bytes_str(cases[i].text), &src,
				 &err),
		    &err);
		assert_vt_ok(vt_sign_format_of(src, &opts, &got, &err), &err);
		assert_int_equal(got, cases[i].want);
		vt_source_free(src);
	}
}

static int
setup(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	if (getenv("VANTHU_PKI") == NULL)
		return -1;
	dir = test_dir_new();
	if (vt_trust_new(&trust, &err) != VT_OK ||
	    vt_trust_load_office(trust, pki("trust"), &err) != VT_OK) {
		print_error("%s\n", err.text);
		return -1;
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	vt_trust_free(trust);
	test_dir_free(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_certificate_signs_without_a_warning),
		cmocka_unit_test(
		    a_certificate_that_does_not_hold_does_not_sign),
		cmocka_unit_test(unknown_revocation_is_a_warning),
		cmocka_unit_test(a_stranger_to_the_anchors_is_warned_of),
		cmocka_unit_test(the_agency_follows_a_person),
		cmocka_unit_test(an_attachment_follows_its_document),
		cmocka_unit_test(the_agencys_key_is_attended),
		cmocka_unit_test(what_the_signer_was_checked_by_is_told),
		cmocka_unit_test(a_damaged_pdf_is_refused),
		cmocka_unit_test(the_store_supplies_intermediates),
		cmocka_unit_test(attached_holds_the_content),
		cmocka_unit_test(what_is_called_pdf_must_be_one),
		cmocka_unit_test(names),
		cmocka_unit_test(formats),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
