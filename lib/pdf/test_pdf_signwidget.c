/* test_pdf_signwidget.c - signatures that are seen, and the fields they bring
 */
#include "test_pdf_signing.h"

#include "vanthu/pdf_compare.h"
#include "vanthu/pdf_page.h"

/* A form XObject for the signature, or another one for each part. */
static int
look(void *ctx, size_t i, struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	struct vt_buf b;
	int rc;

	(void)ctx;
	vt_buf_init(&b, 256);
	assert_vt_ok(vt_pdf_update_alloc(up, ret, err), err);
	vt_buf_printf(&b,
	    "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12>>\nstream\n"
	    "0 0 %zu 9 re f\nendstream",
	    i + 1);
	rc = vt_pdf_update_put(up, *ret, vt_buf_bytes(&b), err);
	vt_buf_release(&b);
	return rc;
}

static const struct vt_pdf_part blanks[] = {
	{ VT_PDF_NEW_TEXT, "number", 0, { 10, 150, 60, 160 }, NULL },
	{ VT_PDF_NEW_TEXT, "date", 1, { 100, 150, 190, 160 }, NULL },
	{ VT_PDF_NEW_SIG, "agency", 1, { 20, 20, 60, 60 }, NULL },
};
static const struct vt_pdf_sign person = {
	.field = "person",
	.when = VT_TIME_NONE,
	.hole = DUMMY_HOLE,
	.page = 1,
	.rect = { 50, 20, 120, 60 },
	.parts = blanks,
	.nparts = 3,
	.look = look,
};
static const struct vt_pdf_part values[] = {
	{ VT_PDF_FILL_TEXT, "number", 0, { 0, 0, 0, 0 }, "05/Q\xc4\x90-UBND" },
	{ VT_PDF_FILL_TEXT, "date", 0, { 0, 0, 0, 0 }, "5/1/2026" },
};
static const struct vt_pdf_sign agency = {
	.field = "agency",
	.when = VT_TIME_NONE,
	.hole = DUMMY_HOLE,
	.rect = { 10, 10, 70, 70 },
	.parts = values,
	.nparts = 2,
	.look = look,
};
static const struct vt_pdf_sign comment = {
	.when = VT_TIME_NONE,
	.hole = DUMMY_HOLE,
	.page = 1,
	.rect = { 5, 5, 9, 9 },
	.look = look,
};

static void
build_two_pages(struct build *p, const char *catalog)
{
	char text[300];

	build_begin(p, "");
	snprintf(text, sizeof(text), "<</Type/Catalog/Pages 2 0 R%s>>",
	    catalog);
	build_object(p, 1, text);
	build_object(p, 2,
	    "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 200 200]>>");
	build_object(p, 3, "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>");
	build_object(p, 4, "<</Type/Page/Parent 2 0 R/Annots[]>>");
	build_stream(p, 5, "", VT_BYTES_LIT("0 0 m 10 10 l S"));
	build_table(p, 0, 5, "/Root 1 0 R");
}

/* The three signatures that a document gets on its way. */
static void
three(struct signed_file s[3])
{
	struct vt_error err = { 0 };
	struct build p;

	build_two_pages(&p, "");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &person, &s[0], &err),
	    &err);
	assert_signed(&s[0], vt_buf_bytes(&p.b), "person");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&s[0].bytes), &agency, &s[1],
			 &err),
	    &err);
	assert_signed(&s[1], vt_buf_bytes(&s[0].bytes), "agency");
	assert_vt_ok(sign_bytes(vt_buf_bytes(&s[1].bytes), &comment, &s[2],
			 &err),
	    &err);
	assert_signed(&s[2], vt_buf_bytes(&s[1].bytes), "Signature1");
	vt_buf_release(&p.b);
}

static void
release(struct signed_file s[3])
{
	signed_release(&s[0]);
	signed_release(&s[1]);
	signed_release(&s[2]);
}

static void
place_of(struct vt_bytes b, const char *name, struct vt_pdf_place *at)
{
	struct open o;

	assert_vt_ok(open_bytes(&o, b, VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_field_place(o.pdf, name, at, &o.err), &o.err);
	open_close(&o);
}

/* What is said of signature I; those of INTACT (as bits) hold. */
static enum vt_pdf_compared
result_of(struct vt_bytes b, size_t i, unsigned intact)
{
	struct vt_pdf_comparison c = { 0 };
	struct vt_pdf_signed *s = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	enum vt_pdf_compared ret;
	bool flags[8] = { false };
	size_t k;

	for (k = 0; k < 8; k++)
		flags[k] = (intact >> k & 1) != 0;
	assert_vt_ok(vt_source_bytes(b, &src, &err), &err);
	assert_vt_ok(vt_pdf_signed_open(src, &s, &err), &err);
	assert_vt_ok(vt_pdf_signed_compare(s, i, flags, &c, &err), &err);
	ret = c.result;
	vt_pdf_comparison_release(&c);
	vt_pdf_signed_free(s);
	vt_source_free(src);
	return ret;
}

static void
what_a_signature_brings_the_next_one_fills(void **state)
{
	struct signed_file s[3];
	struct vt_pdf_place at;
	const struct vt_pdf_obj *v;
	struct vt_buf text;
	struct open o;
	size_t i;

	(void)state;
	three(s);
	place_of(vt_buf_bytes(&s[0].bytes), "number", &at);
	assert_true(at.is_text && at.has_widget);
	assert_false(at.has_value);
	assert_int_equal(at.page, 0);
	place_of(vt_buf_bytes(&s[0].bytes), "agency", &at);
	assert_true(at.is_sig && at.has_widget);
	assert_false(at.is_signed);
	assert_int_equal(at.page, 1);
	assert_true(at.rect.x0 == 20 && at.rect.y1 == 60);

	/* The seal is put where its signer wants it, with number and date. */
	place_of(vt_buf_bytes(&s[1].bytes), "agency", &at);
	assert_true(at.is_signed && at.rect.x0 == 10 && at.rect.y1 == 70);
	place_of(vt_buf_bytes(&s[1].bytes), "number", &at);
	assert_true(at.has_value && at.rect.x0 == 10 && at.rect.y1 == 160);
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s[1].bytes), VT_PDF_STRICT),
	    &o.err);
	v = vt_pdf_find(get(&o, at.field.num), "V");
	vt_buf_init(&text, 100);
	vt_pdf_text(v->u.string, &text);
	assert_string_equal(vt_buf_str(&text), values[0].value);
	assert_int_equal(vt_pdf_find(get(&o, at.field.num), "Ff")->u.integer,
	    1);
	vt_buf_release(&text);
	open_close(&o);

	for (i = 0; i < 3; i++) {
		assert_qpdf_content(vt_buf_bytes(&s[i].bytes));
		assert_int_equal(result_of(vt_buf_bytes(&s[2].bytes), i, 7),
		    VT_PDF_UNCHANGED);
	}
	/* Who filled them must hold, or the person's is not what was signed. */
	assert_int_equal(result_of(vt_buf_bytes(&s[1].bytes), 0, 1),
	    VT_PDF_CHANGED);
	release(s);
}

/* An update of B without a signature: KEY of object NUM becomes VALUE. */
static void
forge(struct vt_bytes b, uint32_t num, const char *key, const char *value,
    struct vt_buf *ret)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "forged.pdf");
	struct vt_pdf_change change = { key, vt_bytes_str(value) };
	struct vt_pdf_ref ref = { num, 0 };
	struct vt_pdf_update *up = NULL;
	struct vt_out *out = NULL;
	struct vt_buf text;
	struct open o;

	vt_buf_init(&text, 65536);
	assert_vt_ok(open_bytes(&o, b, VT_PDF_STRICT), &o.err);
	assert_vt_ok(vt_pdf_update_new(o.pdf, &up, &o.err), &o.err);
	assert_vt_ok(vt_pdf_splice(o.pdf, get(&o, num), &change, 1, &text,
			 &o.err),
	    &o.err);
	assert_vt_ok(vt_pdf_update_put(up, ref, vt_buf_bytes(&text), &o.err),
	    &o.err);
	assert_vt_ok(vt_out_open(path, &out, &o.err), &o.err);
	assert_vt_ok(vt_pdf_update_write(up, out, NULL, 0, &o.err), &o.err);
	assert_vt_ok(vt_out_commit(out, &o.err), &o.err);
	test_read(path, ret);
	vt_buf_release(&text);
	vt_pdf_update_free(up);
	open_close(&o);
	free(path);
	test_dir_free(dir);
}

/*
 * Number and date are an attacker's dearest wish: filled without a signature,
 * changed, shown otherwise, moved, or under cover of another's signature.
 */
static void
nobody_else_fills_or_changes_them(void **state)
{
	static const struct {
		size_t after; /* which signature is the last */
		const char *field, *key, *value;
	} ways[] = {
		{ 0, "number", "V", "(99)" },
		{ 0, "date", "V", "(1/1/1999)" },
		{ 0, "number", "AP", "<</N 5 0 R>>" },
		{ 0, "number", "Rect", "[0 0 200 200]" },
		{ 0, "agency", "Rect", "[0 0 200 200]" },
		{ 0, "agency", "AP", "<</N 5 0 R>>" },
		{ 0, "person", "AP", "<</N 5 0 R>>" },
		{ 0, "person", "Rect", "[0 0 200 200]" },
		{ 1, "number", "V", "(99)" },
		{ 1, "number", "V", "" },
		{ 1, "number", "AP", "<</N 5 0 R>>" },
		{ 1, "number", "F", "2" },
		{ 1, "date", "Rect", "[0 0 200 200]" },
		{ 1, "agency", "Rect", "[0 0 200 200]" },
		{ 1, "agency", "AP", "" },
	};
	struct signed_file s[3], later;
	struct vt_error err = { 0 };
	struct vt_pdf_place at;
	struct vt_buf forged;
	size_t i, k;

	(void)state;
	three(s);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		place_of(vt_buf_bytes(&s[ways[i].after].bytes), ways[i].field,
		    &at);
		forge(vt_buf_bytes(&s[ways[i].after].bytes), at.widget.num,
		    ways[i].key, ways[i].value, &forged);
		for (k = 0; k <= ways[i].after; k++)
			if (result_of(vt_buf_bytes(&forged), k, 7) !=
			    VT_PDF_CHANGED)
				fail_msg("%s %s %s after %zu: signature %zu",
				    ways[i].field, ways[i].key, ways[i].value,
				    ways[i].after, k);
		/*
		 * Whoever signs afterwards answers for what was empty; what
		 * had been filled, or signed, stays changed.
		 */
		assert_vt_ok(sign_bytes(vt_buf_bytes(&forged), &comment, &later,
				 &err),
		    &err);
		if (ways[i].after > 0)
			assert_int_equal(result_of(vt_buf_bytes(&later.bytes),
					     1, 15),
			    VT_PDF_CHANGED);
		signed_release(&later);
		vt_buf_release(&forged);
	}
	release(s);
}

/* The page's content in the revision that fills the fields. */
static void
content_does_not_change_with_them(void **state)
{
	static const struct vt_pdf_sign *const next[] = { &agency, &comment };
	struct signed_file s[3], later;
	struct vt_error err = { 0 };
	struct vt_buf forged;
	size_t i;

	(void)state;
	three(s);
	for (i = 0; i < 2; i++) {
		forge(vt_buf_bytes(&s[i].bytes), 3, "Contents", "[5 0 R 5 0 R]",
		    &forged);
		assert_vt_ok(sign_bytes(vt_buf_bytes(&forged), next[i], &later,
				 &err),
		    &err);
		assert_int_equal(result_of(vt_buf_bytes(&later.bytes), 0, 15),
		    VT_PDF_CHANGED);
		signed_release(&later);
		vt_buf_release(&forged);
	}
	release(s);
}

static void
what_is_filled_or_missing_is_refused(void **state)
{
	static const struct {
		const char *name;
		const char *clause;
	} bad[] = { { "number", "ISO 32000-2, 12.7.5.3" },
		{ "agency", "ISO 32000-2, 12.7.5.3" },
		{ "nothing", "ISO 32000-2, 12.7.5.3" } };
	struct signed_file s[3], next;
	struct vt_error err = { 0 };
	struct vt_pdf_part part = values[0];
	struct vt_pdf_sign how = comment;
	size_t i;
	int rc;

	(void)state;
	three(s);
	how.parts = &part;
	how.nparts = 1;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		part.name = bad[i].name;
		rc = sign_bytes(vt_buf_bytes(&s[1].bytes), &how, &next, &err);
		assert_error_clause(rc, &err, VT_EREFUSED, bad[i].clause);
		vt_error_clear(&err);
		signed_release(&next);
	}
	how = comment;
	how.page = 2;
	rc = sign_bytes(vt_buf_bytes(&s[1].bytes), &how, &next, &err);
	assert_vt_error(rc, &err, VT_ENOTFOUND);
	signed_release(&next);
	release(s);
}

/* What a certification did not foresee is not to be seen (12.8.2.2). */
static void
a_certified_document_shows_no_new_field(void **state)
{
	struct vt_pdf_sign how = person;
	struct vt_error err = { 0 };
	struct signed_file s;
	struct build p;
	int rc;

	(void)state;
	build_two_pages(&p,
	    "/Perms<</DocMDP 6 0 R>>/AcroForm<</Fields[7 0 R]/SigFlags 3>>");
	build_object(&p, 6,
	    "<</Type/Sig/Reference[<</Type/SigRef/TransformMethod/DocMDP"
	    "/TransformParams<</Type/TransformParams/V/1.2/P 2>>>>]>>");
	build_object(&p, 7, "<</FT/Sig/T(c)/V 6 0 R>>");
	build_table(&p, 0, 7, "/Root 1 0 R");
	rc = sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err);
	assert_error_clause(rc, &err, VT_EREFUSED, "ISO 32000-2, 12.8.2.2");
	signed_release(&s);
	vt_error_clear(&err);
	how.nparts = 0;
	rc = sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err);
	assert_error_clause(rc, &err, VT_EREFUSED, "ISO 32000-2, 12.8.2.2");
	signed_release(&s);
	vt_error_clear(&err);
	memset(&how.rect, 0, sizeof(how.rect));
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err), &err);
	signed_release(&s);
	vt_buf_release(&p.b);
}

/* A widget apart from its field; one that was hidden is not any more. */
static void
the_widget_may_be_a_kid(void **state)
{
	struct vt_pdf_sign how = agency;
	struct vt_error err = { 0 };
	struct signed_file s;
	struct vt_pdf_place at;
	struct build p;
	struct open o;

	(void)state;
	build_two_pages(&p, "/AcroForm<</Fields[6 0 R]>>");
	build_object(&p, 4,
	    "<</Type/Page/Parent 2 0 R/Annots[7 0 R]/MediaBox[0 0 200 200]>>");
	build_object(&p, 6, "<</FT/Sig/T(agency)/Kids[7 0 R]>>");
	build_object(&p, 7,
	    "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[1 2 3 4]/F 2>>");
	build_table(&p, 0, 7, "/Root 1 0 R");
	how.nparts = 0;
	memset(&how.rect, 0, sizeof(how.rect));
	assert_vt_ok(sign_bytes(vt_buf_bytes(&p.b), &how, &s, &err), &err);
	assert_signed(&s, vt_buf_bytes(&p.b), "agency");
	place_of(vt_buf_bytes(&s.bytes), "agency", &at);
	assert_true(at.is_signed && at.rect.x0 == 1 && at.rect.y1 == 4);
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&s.bytes), VT_PDF_STRICT),
	    &o.err);
	assert_int_equal(vt_pdf_find(get(&o, 7), "F")->u.integer, 132);
	assert_non_null(vt_pdf_find(get(&o, 7), "AP"));
	assert_null(vt_pdf_find(get(&o, 7), "V"));
	open_close(&o);
	signed_release(&s);
	vt_buf_release(&p.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_signature_brings_the_next_one_fills),
		cmocka_unit_test(nobody_else_fills_or_changes_them),
		cmocka_unit_test(content_does_not_change_with_them),
		cmocka_unit_test(what_is_filled_or_missing_is_refused),
		cmocka_unit_test(a_certified_document_shows_no_new_field),
		cmocka_unit_test(the_widget_may_be_a_kid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
