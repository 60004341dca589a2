/* test_pdf_page.c - pages as they are seen, and the text on them */
#include "test_pdf_build.h"

#include "vanthu/pdf_page.h"
#include "vanthu/text.h"

/* --- how a page is turned and cut --- */

/* A page with KEYS, its parent with ABOVE. */
static void
build_view(struct build *p, const char *above, const char *keys)
{
	char text[400];

	build_begin(p, "");
	build_object(p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	snprintf(text, sizeof(text), "<</Type/Pages/Kids[3 0 R]/Count 1%s>>",
	    above);
	build_object(p, 2, text);
	snprintf(text, sizeof(text), "<</Type/Page/Parent 2 0 R%s>>", keys);
	build_object(p, 3, text);
	build_table(p, 0, 3, "/Root 1 0 R");
}

static void
assert_near(double got, double want)
{
	if (got - want > 0.001 || want - got > 0.001)
		fail_msg("%f is not %f", got, want);
}

static void
assert_box(struct vt_pdf_box b, double x0, double y0, double x1, double y1)
{
	assert_near(b.x0, x0);
	assert_near(b.y0, y0);
	assert_near(b.x1, x1);
	assert_near(b.y1, y1);
}

static void
what_a_page_inherits_turns_and_cuts_it(void **state)
{
	/* Where 10 20 to 40 60 as seen is on the page. */
	static const struct {
		const char *above, *keys;
		int rotate;
		double width, height;
		double x0, y0, x1, y1;
	} cases[] = {
		{ "", "/MediaBox[0 0 200 300]", 0, 200, 300, 10, 20, 40, 60 },
		{ "/MediaBox[0 0 200 300]/Rotate 90", "", 90, 300, 200, 140, 10,
		    180, 40 },
		{ "/MediaBox[0 0 200 300]/Rotate 90", "/Rotate 0", 0, 200, 300,
		    10, 20, 40, 60 },
		{ "", "/MediaBox[0 0 200 300]/Rotate 180", 180, 200, 300, 160,
		    240, 190, 280 },
		{ "", "/MediaBox[0 0 200 300]/Rotate -90", 270, 300, 200, 20,
		    260, 60, 290 },
		{ "", "/MediaBox[-50 -50 200 300]/CropBox[0 100 150 250]", 0,
		    150, 150, 10, 120, 40, 160 },
		{ "/CropBox[0 100 150 250]",
		    "/MediaBox[-50 -50 200 300]/Rotate 450", 90, 150, 150, 90,
		    110, 130, 140 },
		/* The crop box ends where the media box does (14.11.2). */
		{ "", "/MediaBox[0 0 200 300]/CropBox[100 100 900 900]", 0, 100,
		    200, 110, 120, 140, 160 },
		{ "", "/MediaBox[200 300 0 0]/UserUnit 2", 0, 400, 600, 5, 10,
		    20, 30 },
		{ "", "/MediaBox[0 0 200 300]/UserUnit 0.5/Rotate 270", 270,
		    150, 100, 40, 220, 120, 280 },
		{ "", "/MediaBox[0 0 200 300]/UserUnit -3/Rotate 45", 0, 200,
		    300, 10, 20, 40, 60 },
		{ "", "", 0, 612, 792, 10, 20, 40, 60 },
	};
	const struct vt_pdf_box seen = { 10, 20, 40, 60 };
	struct vt_pdf_view view;
	struct vt_pdf_box b;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_view(&p, cases[i].above, cases[i].keys);
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_vt_ok(vt_pdf_view_read(o.pdf, 0, &view, &o.err), &o.err);
		assert_int_equal(view.rotate, cases[i].rotate);
		assert_int_equal(view.ref.num, 3);
		assert_near(view.width, cases[i].width);
		assert_near(view.height, cases[i].height);
		b = vt_pdf_view_to_page(&view, seen);
		assert_box(b, cases[i].x0, cases[i].y0, cases[i].x1,
		    cases[i].y1);
		assert_box(vt_pdf_view_to_seen(&view, b), 10, 20, 40, 60);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
a_page_of_which_nothing_is_shown_is_refused(void **state)
{
	static const char *const bad[] = { "/MediaBox[0 0 0 300]",
		"/MediaBox[0 0 200 300]/CropBox[300 0 400 300]",
		"/MediaBox[0 0 0.5 300]" };
	struct vt_pdf_view view;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build_view(&p, "", bad[i]);
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_error_clause(vt_pdf_view_read(o.pdf, 0, &view, &o.err),
		    &o.err, VT_EFORMAT, "ISO 32000-2, 14.11.2");
		vt_error_clear(&o.err);
		assert_vt_error(vt_pdf_view_read(o.pdf, 1, &view, &o.err),
		    &o.err, VT_ENOTFOUND);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* --- text --- */

static const char to_unicode[] =
    "/CIDInit /ProcSet findresource begin begincmap\n"
    "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    "2 beginbfrange <0001> <0003> <0041> <0010> <0011> [<0065> <1ec7>]\n"
    "endbfrange\n"
    "4 beginbfchar <0020> <0302> <0021> <0323> <0022> <00660066>\n"
    "<0023> <0111>\nendbfchar endcmap";

/*
 * Fonts F1 (simple, 500 wide), F2 (wide, with meanings), F3 (older than
 * Unicode), F4 (wide, without meanings); form X.
 */
static void
build_content(struct build *p, const char *content, const char *page,
    const char *form)
{
	char text[600];
	int i;

	build_begin(p, "");
	build_object(p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	build_object(p, 2,
	    "<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 5 0 R"
	    "/F2 6 0 R/F3 9 0 R/F4 10 0 R>>/XObject<</X 11 0 R>>>>>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
	    "%s>>",
	    page);
	build_object(p, 3, text);
	build_stream(p, 4, "", vt_bytes_str(content));
	snprintf(text, sizeof(text),
	    "<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Some-Italic"
	    "/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/uni1EA4"
	    "/Dcroat/ffi/nothing.known]>>/FirstChar 0/Widths[");
	p->off[5] = p->b.len;
	build_text(p, "5 0 obj\n%s", text);
	for (i = 0; i < 256; i++)
		build_text(p, "500 ");
	build_text(p, "]>>\nendobj\n");
	build_object(p, 6,
	    "<</Type/Font/Subtype/Type0/BaseFont/Other/Encoding/Identity-H"
	    "/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>");
	build_object(p, 7,
	    "<</Type/Font/Subtype/CIDFontType2/DW 400/W[1[600 700]16 17 300"
	    " 32 33 0]>>");
	build_stream(p, 8, "", vt_bytes_str(to_unicode));
	build_object(p, 9,
	    "<</Type/Font/Subtype/TrueType/BaseFont/BBBBBB+.VnTime"
	    "/Encoding/WinAnsiEncoding>>");
	build_object(p, 10,
	    "<</Type/Font/Subtype/Type0/BaseFont/Other/Encoding/Identity-H"
	    "/DescendantFonts[7 0 R]>>");
	build_stream(p, 11,
	    "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Matrix[1 0 0 1 50 50]",
	    vt_bytes_str(form));
	build_table(p, 0, 11, "/Root 1 0 R");
}

/* All lines, top to bottom, each ended by "|". */
static void
read_text(struct build *p, struct vt_buf *text, struct vt_pdf_lines *lines)
{
	struct vt_pdf_view view;
	unsigned char u[4];
	struct open o;
	size_t i, k;

	vt_buf_init(text, 65536);
	open_ok(&o, p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_view_read(o.pdf, 0, &view, &o.err), &o.err);
	assert_vt_ok(vt_pdf_lines_read(o.pdf, &view, lines, &o.err), &o.err);
	for (i = 0; i < lines->n; i++) {
		for (k = 0; k < lines->items[i].n; k++)
			vt_buf_put(text, u,
			    vt_utf8_put(lines->items[i].chars[k].c, u));
		vt_buf_putc(text, '|');
	}
	open_close(&o);
}

static void
shows(const char *content, const char *page, const char *form, const char *want)
{
	struct vt_pdf_lines lines;
	struct vt_buf text;
	struct build p;

	build_content(&p, content, page, form);
	read_text(&p, &text, &lines);
	assert_string_equal(vt_buf_str(&text), want);
	vt_pdf_lines_release(&lines);
	vt_buf_release(&text);
	vt_buf_release(&p.b);
}

static void
text_is_read_as_it_is_seen(void **state)
{
	(void)state;
	shows("BT /F1 10 Tf 10 200 Td (Ab) Tj 0 -20 Td (c\\(d) Tj ET", "", "",
	    "Ab|c(d|");
	/* Out of order, in pieces, with and without blanks. */
	shows("BT /F1 10 Tf 1 0 0 1 60 50 Tm (two) Tj ET\n"
	      "BT /F1 10 Tf 1 0 0 1 10 50.5 Tm [(o) -20 (n) 10 (e  )] TJ ET",
	    "", "", "one two|");
	shows("BT /F1 10 Tf 10 20 Td [(a) -100 (b) -800 (c)] TJ ET", "", "",
	    "ab c|");
	/* T*, ', \", TL, TD and Tz. */
	shows("BT /F1 10 Tf 12 TL 10 200 Td (a) Tj T* (b) Tj (c) ' 1 2 (d) \" "
	      "5 -30 TD (e) Tj T* (f) Tj ET",
	    "", "", "a|b|c|d|e|f|");
	/* Names of glyphs, meanings, letters with their marks after them. */
	shows("BT /F1 10 Tf 10 20 Td (\\001\\002\\003x) Tj ET", "", "",
	    "ẤĐﬃx|");
	shows("BT /F2 10 Tf 10 20 Td <000100020003> Tj <0023> Tj ET", "", "",
	    "ABCđ|");
	shows("BT /F2 10 Tf 10 20 Td <00100021002000110010002000210022> Tj ET",
	    "", "", "ệệệff|");
	/* Drawn twice to look bold; within a form; not what stands aslant. */
	shows("BT /F1 10 Tf 10 20 Td (a) Tj ET BT /F1 10 Tf 10.3 20 Td (a) Tj"
	      " ET",
	    "", "", "a|");
	shows("q 2 0 0 2 0 0 cm /X Do Q BT /F1 10 Tf 10 20 Td (low) Tj ET", "",
	    "BT /F1 10 Tf (in) Tj ET /X Do", "in|low|");
	shows("BT /F1 10 Tf 0 1 -1 0 50 50 Tm (up) Tj ET", "", "", "");
	/* That page is turned so that it stands upright. */
	shows("BT /F1 10 Tf 0 1 -1 0 50 50 Tm (up) Tj ET", "/Rotate 90", "",
	    "up|");
	/* An image's bytes are no text; nor is what is broken, or unknown. */
	shows("BI /W 1 /H 1 ID (\\001EI) x EI BT /F1 9 Tf 1 1 Td (a) Tj ET", "",
	    "", "a|");
	shows("BT /F9 10 Tf (gone) Tj /F1 10 Tf 10 10 Td ) > (a) Tj ET Q Q", "",
	    "", "a|");
	shows("BT /F1 10 Tf (a", "", "", "");
}

static void
what_has_no_meaning_is_counted(void **state)
{
	struct vt_pdf_hit hit;
	struct vt_pdf_lines lines;
	struct vt_buf text;
	struct build p;
	struct open o;

	(void)state;
	build_content(&p,
	    "BT /F3 10 Tf 10 200 Td (S\\341) Tj /F4 10 Tf 10 -20 Td <0001> Tj"
	    " /F1 10 Tf 0 -20 Td (\\004a) Tj ET",
	    "", "");
	read_text(&p, &text, &lines);
	assert_int_equal(lines.unreadable, 4);
	assert_string_equal(vt_buf_str(&text),
	    "\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd"
	    "a|");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_error(vt_pdf_text_find(o.pdf, "S", &hit, &o.err), &o.err,
	    VT_ENOTFOUND);
	assert_error_text(&o.err, "4 of 5 characters do not say");
	open_close(&o);
	vt_pdf_lines_release(&lines);
	vt_buf_release(&text);
	vt_buf_release(&p.b);
}

static void
where_a_text_stands(void **state)
{
	struct vt_pdf_hit hit;
	struct build p;
	struct open o;

	(void)state;
	build_content(&p,
	    "BT /F1 10 Tf 10 200 Td (say  it) Tj 0 -100 Td (so say it) Tj ET"
	    " BT /F2 20 Tf 10 40 Td <001000200021> Tj ET",
	    "/CropBox[0 50 300 300]/MediaBox[0 0 300 300]", "");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_text_find(o.pdf, " say\tit ", &hit, &o.err),
	    &o.err);
	assert_int_equal(hit.hits, 2);
	assert_int_equal(hit.view.page, 0);
	assert_box(hit.box, 25, 47.5, 55, 57.5);
	/* Composed here, decomposed there; a capital is another letter. */
	assert_vt_ok(vt_pdf_text_find(o.pdf, "\xe1\xbb\x87", &hit, &o.err),
	    &o.err);
	assert_int_equal(hit.hits, 1);
	assert_near(hit.box.x0, 10);
	assert_vt_error(vt_pdf_text_find(o.pdf, "Say it", &hit, &o.err), &o.err,
	    VT_ENOTFOUND);
	assert_error_text(&o.err, "does not stand on any page");
	vt_error_clear(&o.err);
	assert_vt_error(vt_pdf_text_find(o.pdf, " ", &hit, &o.err), &o.err,
	    VT_EARG);
	open_close(&o);
	vt_buf_release(&p.b);
	build_content(&p, "0 0 m", "", "");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_error(vt_pdf_text_find(o.pdf, "a", &hit, &o.err), &o.err,
	    VT_ENOTFOUND);
	assert_error_text(&o.err, "hold no text");
	open_close(&o);
	vt_buf_release(&p.b);
}

/* A page that shows one form a million times ends in a limit. */
static void
a_page_without_end_is_not_read_to_it(void **state)
{
	struct vt_pdf_lines lines;
	struct vt_pdf_view view;
	struct build p;
	struct open o;
	struct vt_buf b;
	size_t i;

	(void)state;
	vt_buf_init(&b, 16u << 20);
	vt_buf_puts(&b, "BT /F1 10 Tf ");
	for (i = 0; i < 50; i++)
		vt_buf_puts(&b, "(0123456789abcdef) Tj ");
	build_content(&p, "", "", vt_buf_str(&b));
	vt_buf_reset(&b);
	for (i = 0; i < 600; i++)
		vt_buf_puts(&b, "/X Do ");
	build_stream(&p, 4, "", vt_buf_bytes(&b));
	build_table(&p, 0, 11, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_view_read(o.pdf, 0, &view, &o.err), &o.err);
	assert_vt_error(vt_pdf_lines_read(o.pdf, &view, &lines, &o.err), &o.err,
	    VT_ELIMIT);
	open_close(&o);
	vt_buf_release(&p.b);
	vt_buf_release(&b);
}

/* --- fields --- */

static void
where_a_field_is(void **state)
{
	struct vt_pdf_place at;
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_object(&p, 1,
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 8 0 R]"
	    ">>>>");
	build_object(&p, 2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>");
	build_object(&p, 3, "<</Type/Page/Parent 2 0 R/Annots[5 0 R]>>");
	build_object(&p, 4, "<</Type/Page/Parent 2 0 R/Annots[7 0 R]>>");
	build_object(&p, 5,
	    "<</Subtype/Widget/FT/Tx/T(a)/Rect[9 8 1 2]/V(x)/P 4 0 R>>");
	build_object(&p, 6, "<</FT/Sig/T(b)/Kids[7 0 R]>>");
	build_object(&p, 7, "<</Subtype/Widget/Parent 6 0 R/Rect[1 2 3 4]>>");
	build_object(&p, 8, "<</FT/Sig/T(c)/V<</Type/Sig>>>>");
	build_table(&p, 0, 8, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_field_place(o.pdf, "a", &at, &o.err), &o.err);
	assert_true(at.found && at.is_text && at.has_value && at.has_widget);
	assert_false(at.is_sig);
	assert_int_equal(at.page, 0); /* whatever /P says */
	assert_box(at.rect, 1, 2, 9, 8);
	assert_vt_ok(vt_pdf_field_place(o.pdf, "b", &at, &o.err), &o.err);
	assert_true(at.found && at.is_sig && at.has_widget);
	assert_false(at.is_signed || at.has_value);
	assert_int_equal(at.page, 1);
	assert_box(at.rect, 1, 2, 3, 4);
	assert_vt_ok(vt_pdf_field_place(o.pdf, "c", &at, &o.err), &o.err);
	assert_true(at.found && at.is_signed);
	assert_false(at.has_widget);
	assert_vt_ok(vt_pdf_field_place(o.pdf, "d", &at, &o.err), &o.err);
	assert_false(at.found);
	open_close(&o);
	vt_buf_release(&p.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_page_inherits_turns_and_cuts_it),
		cmocka_unit_test(a_page_of_which_nothing_is_shown_is_refused),
		cmocka_unit_test(text_is_read_as_it_is_seen),
		cmocka_unit_test(what_has_no_meaning_is_counted),
		cmocka_unit_test(where_a_text_stands),
		cmocka_unit_test(a_page_without_end_is_not_read_to_it),
		cmocka_unit_test(where_a_field_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
