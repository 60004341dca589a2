/* test_pdf_alloc.c - each allocation in turn fails: no crash, no leak */
#include "test_alloc.h"
#include "test_pdf_compare.h"

#include "vanthu/pdf_dss.h"
#include "vanthu/time.h"

static int
read_all(struct vt_source *src, struct vt_error *err)
{
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_pdf *pdf = NULL, *old = NULL;
	size_t n;
	int rc;

	if ((rc = vt_pdf_open(src, VT_PDF_TOLERANT, &pdf, err)) == VT_OK)
		rc = vt_pdf_page_count(pdf, &n, err);
	if (rc == VT_OK)
		rc = vt_pdf_sigfields_read(pdf, &fields, err);
	vt_pdf_sigfields_release(&fields);
	if (rc == VT_OK)
		rc = vt_pdf_open_revision(pdf, 0, &old, err);
	vt_pdf_free(old);
	vt_pdf_free(pdf);
	return rc;
}

static int
ignore_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)ctx;
	(void)piece;
	(void)err;
	return VT_OK;
}

static int
sign_all(struct vt_source *src, const char *path, struct vt_error *err)
{
	static const struct vt_pdf_sign how = { .when = VT_TIME_NONE,
		.name = "\u1eb7",
		.hole = 100 };
	struct vt_pdf_signing *s = NULL;
	struct vt_pdf *pdf = NULL;
	struct vt_out *out = NULL;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_open(src, VT_PDF_STRICT, &pdf, err)) == VT_OK)
		rc = vt_pdf_sign_prepare(pdf, &how, out, &s, err);
	if (rc == VT_OK)
		rc = vt_pdf_sign_stream(s, ignore_piece, NULL, err);
	if (rc == VT_OK)
		rc = vt_pdf_sign_finish(s, VT_BYTES_LIT("der"), err);
	vt_pdf_signing_free(s);
	vt_pdf_free(pdf);
	if (rc == VT_OK)
		return vt_out_commit(out, err);
	vt_out_abort(out);
	return rc;
}

/* Something without an answer is never "unchanged". */
static int
compare_all(struct vt_source *src, struct vt_error *err)
{
	const bool intact[4] = { true, true, true, true };
	struct vt_pdf_comparison c = { 0 };
	struct vt_pdf_signed *s = NULL;
	struct vt_pdf_dss dss = { 0 };
	size_t i;
	int rc;

	rc = vt_pdf_signed_open(src, &s, err);
	for (i = 0; rc == VT_OK && i < vt_pdf_signed_n(s); i++) {
		rc = vt_pdf_signed_compare(s, i, intact, &c, err);
		if (rc == VT_OK)
			assert_int_equal(c.result, VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	if (rc == VT_OK)
		rc = vt_pdf_dss_read(vt_pdf_signed_pdf(s), &dss, err);
	vt_pdf_dss_release(&dss);
	vt_pdf_signed_free(s);
	return rc;
}

/* Fails the first allocation, the second, ... until none is left to fail. */
static void
torture(struct vt_bytes b, const char *dir, const char *path, bool compared)
{
	struct vt_source *src = NULL;
	struct vt_error err;
	long n, before;
	int rc;

	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_source_bytes(b, &src, &err), &err);
	for (n = 0, failed = true; failed; n++) {
		assert_true(n < 10000);
		memset(&err, 0, sizeof(err));
		failed = false;
		before = live;
		countdown = n;
		rc = compared       ? compare_all(src, &err)
		     : path == NULL ? read_all(src, &err)
				    : sign_all(src, path, &err);
		countdown = -1;
		assert_int_equal(live, before);
		/* qsort() sorts in place where it gets no memory. */
		if (failed && !(compared && rc == VT_OK)) {
			assert_vt_error(rc, &err, VT_ENOMEM);
			if (dir != NULL)
				assert_int_equal(test_dir_count(dir), 0);
		} else {
			assert_vt_ok(rc, &err);
		}
	}
	assert_true(n > 20);
	vt_source_free(src);
}

static void
reading_survives(void **state)
{
	struct build p;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	build_minimal(&p);
	torture(vt_buf_bytes(&p.b), NULL, NULL, false);
	vt_buf_release(&p.b);
	build_compressed(&p);
	torture(vt_buf_bytes(&p.b), NULL, NULL, false);
	vt_buf_release(&p.b);
}

static void
signing_survives(void **state)
{
	char *dir, *path;
	struct build p;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	dir = test_dir_new();
	path = vt_path_join(dir, "signed.pdf");
	build_minimal(&p);
	torture(vt_buf_bytes(&p.b), dir, path, false);
	vt_buf_release(&p.b);
	unlink(path);
	build_compressed(&p);
	torture(vt_buf_bytes(&p.b), dir, path, false);
	vt_buf_release(&p.b);
	free(path);
	test_dir_free(dir);
}

static void
comparing_survives(void **state)
{
	static const struct part before[] = {
		{ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 30 0 "
		     "R>>" },
		{ 5, "<</Fields[6 0 R 9 0 R 20 0 R]/SigFlags 1>>" },
		{ 20, "<</FT/Tx/T(Number)/Subtype/Widget/Rect[1 1 9 9]"
		      "/AP 21 0 R>>" },
		{ 21, "<</N 22 0 R>>" },
		{ 22, "<</BBox[0 0 1 1]/Length 1>>\nstream\nn\nendstream" },
		{ 30, "<</Type/Metadata/Subtype/XML/Length 12>>\nstream\n"
		      "<x:xmpmeta/>\nendstream" },
	};
	static const struct part extended[] = {
		{ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 30 0 "
		     "R/DSS 40 0 R>>" },
		{ 30, "<</Type/Metadata/Subtype/XML/Length 12>>\nstream\n"
		      "<rdf:RDF />\n\nendstream" },
		{ 40, "<</Certs[41 0 R]/VRI<</"
		      "0123456789ABCDEF0123456789ABCDEF01234567"
		      "<</Cert[41 0 R]>>>>>>" },
		{ 41, "<</Length 1>>\nstream\nc\nendstream" },
	};
	static const struct part again[] = {
		{ 12, "<</FT/Sig/T(Two)/Kids[14 0 R]/V 13 0 R>>" },
		{ 14, "<</Subtype/Widget/Rect[9 9 99 99]/AP<</N 15 0 R>>>>" },
		{ 15, "<</Length 1>>\nstream\nf\nendstream" },
		{ 13, SIG("/Name(two)") },
		{ 5, "<</Fields[6 0 R 9 0 R 20 0 R 12 0 R]/SigFlags 3>>" },
		{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		     "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		     "/Annots[6 0 R 14 0 R]>>" },
		{ 20, "<</FT/Tx/T(Number)/Subtype/Widget/Rect[1 1 9 9]"
		      "/AP 21 0 R/V(12)>>" },
		{ 22, "<</BBox[0 0 1 1]/Length 1>>\nstream\nf\nendstream" },
	};
	struct doc d;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	signed_doc(&d, before, sizeof(before) / sizeof(before[0]));
	update(&d, extended, sizeof(extended) / sizeof(extended[0]), "");
	update(&d, again, sizeof(again) / sizeof(again[0]), "");
	seal(&d);
	torture(vt_buf_bytes(&d.b), NULL, NULL, true);
	vt_buf_release(&d.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_survives),
		cmocka_unit_test(signing_survives),
		cmocka_unit_test(comparing_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
