/* test_pdf_compare_bytes.c - both sides of limits on long texts and forms */
#include "pdf_compare_int.h"
#include "test_pdf_compare.h"

/* Paths of 512 bytes, with a NUL, to each of the places. */
static void
paths_to_uses_are_bounded(void **state)
{
	struct vt_buf b;
	struct doc d;
	size_t n, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, FILE_MAX);
		for (n = 0; n < 8; n++) /* 62 and the slash: 504 */
			vt_buf_printf(&b, "<</%062zu", n);
		vt_buf_puts(&b, "<</Other[");
		for (n = 0; n < VT_PDF_PATHS_MAX / 512 + more; n++)
			vt_buf_puts(&b, "30 0 R ");
		vt_buf_putc(&b, ']');
		for (n = 0; n < 9; n++)
			vt_buf_puts(&b, ">>");
		signed_doc(&d, P({ 30, "(x)" }, { 31, vt_buf_str(&b) }));
		update(&d, P({ 30, "(y)" }), "");
		if (more == 0)
			assert_compared(&d, 1, VT_PDF_CHANGED, "object 30");
		else
			assert_not_compared(&d, 0, "16777216 bytes to tell");
		vt_buf_release(&d.b);
		vt_buf_release(&b);
	}
}

/* An appearance that draws nothing, as far as it is looked at. */
static void
an_empty_look_is_bounded(void **state)
{
	struct vt_buf look;
	struct doc d;
	size_t n;

	(void)state;
	for (n = VT_PDF_BLANK_MAX; n <= VT_PDF_BLANK_MAX + 1; n++) {
		vt_buf_init(&look, FILE_MAX);
		vt_buf_printf(&look,
		    "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %zu>>\n"
		    "stream\n%%",
		    n);
		vt_buf_printf(&look, "%0*d\nendstream", (int)n - 1, 0);
		signed_doc(&d, NULL, 0);
		/* nobody's signature: only what is not seen may be added */
		update(&d,
		    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
			    "/Rect[0 0 0 0]/P 3 0 R/AP<</N 14 0 R>>>>" },
			{ 14, vt_buf_str(&look) }, second_new[3],
			second_new[4]),
		    "");
		assert_compared(&d, 1,
		    n == VT_PDF_BLANK_MAX ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    NULL);
		vt_buf_release(&d.b);
		vt_buf_release(&look);
	}
}

static void
metadata_is_bounded(void **state)
{
	static const char packet[] =
	    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf="
	    "'http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>";
	struct vt_buf text;
	struct doc d;
	size_t n;

	(void)state;
	for (n = VT_PDF_XMP_MAX; n <= VT_PDF_XMP_MAX + 1; n++) {
		vt_buf_init(&text, n + 200);
		assert_int_equal(vt_buf_reserve(&text, n + 200), VT_OK);
		vt_buf_printf(&text,
		    "<</Type/Metadata/Subtype/XML/Length %zu>>\nstream\n%s", n,
		    packet);
		memset(text.data + text.len, ' ', n - strlen(packet));
		text.len += n - strlen(packet);
		vt_buf_puts(&text, "\nendstream");
		signed_doc(&d,
		    P({ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/Metadata 20 0 R>>" },
			{ 20, "<</Type/Metadata/Subtype/XML/Length 1>>\nstream"
			      "\n \nendstream" }));
		d.b.max = 3 * (size_t)VT_PDF_XMP_MAX;
		update(&d, P({ 20, vt_buf_str(&text) }), "");
		assert_compared(&d, 1,
		    n == VT_PDF_XMP_MAX ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    n == VT_PDF_XMP_MAX ? NULL : "object 20");
		vt_buf_release(&d.b);
		vt_buf_release(&text);
	}
}

/* Of a form that is too long nobody knows what it still shows. */
static void
fields_that_were_added_are_counted(void **state)
{
	struct vt_buf form;
	struct judged j;
	struct doc d;
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&form, FILE_MAX);
		vt_buf_puts(&form, "<</SigFlags 1/Fields[6 0 R 9 0 R");
		/* 9 has a kid, and that is looked at */
		for (i = 3; i < VT_PDF_FIELDS_MAX + more; i++)
			vt_buf_puts(&form, "<</FT/Tx>>");
		vt_buf_puts(&form, "]>>");
		signed_doc(&d, NULL, 0);
		update(&d, P({ 5, vt_buf_str(&form) }), "");
		if (more == 0)
			assert_compared(&d, 1, VT_PDF_CHANGED, "object 5");
		else
			assert_not_compared(&d, 0, "100000 form fields");
		vt_buf_release(&d.b);
		/* and so when it was signed: then nothing is found at all */
		signed_doc(&d, P({ 5, vt_buf_str(&form) }));
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1 - more);
		assert_int_equal(vt_pdf_signed_damage(j.s)->code,
		    more == 0 ? VT_OK : VT_ELIMIT);
		judge_end(&j);
		vt_buf_release(&d.b);
		vt_buf_release(&form);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_to_uses_are_bounded),
		cmocka_unit_test(an_empty_look_is_bounded),
		cmocka_unit_test(metadata_is_bounded),
		cmocka_unit_test(fields_that_were_added_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
