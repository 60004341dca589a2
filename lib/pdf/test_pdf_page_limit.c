/* test_pdf_page_limit.c - how much of a page's text is read, and no more */
#include "test_pdf_build.h"

#include "vanthu/limits.h"
#include "vanthu/pdf_page.h"

#define FONT                                                                   \
	"<</Type/Font/Subtype/TrueType/BaseFont/Some/Encoding/WinAnsiEncoding" \
	">>"

/* Page 3 with the content 4, the font F (5), form X0 (20). */
static void
build_text_page(struct build *p, const char *keys, struct vt_bytes content)
{
	char text[300];

	build_begin(p, "");
	build_object(p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	build_object(p, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
	    "/Resources<</Font<</F 5 0 R>>/XObject<</X0 20 0 R>>>>%s>>",
	    keys);
	build_object(p, 3, text);
	build_stream(p, 4, "", content);
	build_object(p, 5, FONT);
}

/* All its text, lines ended by "|"; RET NULL: it must be past a limit. */
static void
read_page(struct build *p, struct vt_buf *ret, const char *limit)
{
	struct vt_pdf_lines lines = { 0 };
	struct vt_pdf_view view;
	struct open o;
	size_t i, k;
	int rc;

	build_table(p, 0, 40, "/Root 1 0 R");
	open_ok(&o, p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_view_read(o.pdf, 0, &view, &o.err), &o.err);
	rc = vt_pdf_lines_read(o.pdf, &view, &lines, &o.err);
	if (limit != NULL) {
		assert_vt_error(rc, &o.err, VT_ELIMIT);
		assert_error_text(&o.err, limit);
	} else {
		assert_vt_ok(rc, &o.err);
		vt_buf_init(ret, 1u << 20);
		for (i = 0; i < lines.n; i++) {
			for (k = 0; k < lines.items[i].n; k++)
				vt_buf_putc(ret,
				    lines.items[i].chars[k].c < 128
					? (char)lines.items[i].chars[k].c
					: '?');
			vt_buf_putc(ret, '|');
		}
		vt_pdf_lines_release(&lines);
	}
	open_close(&o);
	vt_buf_release(&p->b);
}

static void
assert_page(struct build *p, const char *want)
{
	struct vt_buf text;

	read_page(p, &text, NULL);
	assert_string_equal(vt_buf_str(&text), want);
	vt_buf_release(&text);
}

static void
refuse_page(struct build *p, const char *limit)
{
	read_page(p, NULL, limit);
}

/* Read in the unit's bound, refused past it: a seal would have no scale. */
static void
a_unit_is_bounded(void **state)
{
	struct vt_pdf_view view;
	struct build p;
	struct open o;
	char keys[64];
	int more, rc;

	(void)state;
	for (more = 0; more < 2; more++) {
		snprintf(keys, sizeof(keys), "/UserUnit %.1f",
		    VT_PDF_PAGE_UNIT + more * 0.1);
		build_text_page(&p, keys, VT_BYTES_LIT("n"));
		build_table(&p, 0, 5, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_view_read(o.pdf, 0, &view, &o.err);
		if (more == 0) {
			assert_vt_ok(rc, &o.err);
			assert_true(view.unit == VT_PDF_PAGE_UNIT);
		} else {
			assert_vt_error(rc, &o.err, VT_ELIMIT);
			assert_error_text(&o.err, "a unit of page 1");
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Of no size, so that none is put into a line. */
static void
characters_are_counted(void **state)
{
	struct vt_buf b;
	struct build p;
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, BUILD_MAX);
		vt_buf_puts(&b, "BT /F 0 Tf ");
		for (i = 0; i < VT_PDF_CHARS_MAX / 1000; i++) {
			vt_buf_putc(&b, '(');
			assert_int_equal(vt_buf_reserve(&b, 1000), VT_OK);
			memset(b.data + b.len, 'x', 1000);
			b.len += 1000;
			vt_buf_puts(&b, ")Tj ");
		}
		if (more == 1)
			vt_buf_puts(&b, "(y)Tj ET");
		build_text_page(&p, "", vt_buf_bytes(&b));
		if (more == 0)
			assert_page(&p, "");
		else
			refuse_page(&p, "400000 characters");
		vt_buf_release(&b);
	}
}

static void
words_are_counted(void **state)
{
	static const char shown[] = "BT /F 9 Tf 9 9 Td (a)Tj ET";
	struct vt_buf b;
	struct build p;
	size_t more, n = VT_PDF_CONTENT_MAX - 10; /* of the text above */

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, BUILD_MAX);
		assert_int_equal(vt_buf_reserve(&b, n + more), VT_OK);
		memset(b.data, '[', n + more); /* each is a word */
		b.len = n + more;
		vt_buf_puts(&b, shown);
		build_text_page(&p, "", vt_buf_bytes(&b));
		if (more == 0)
			assert_page(&p, "a|");
		else
			refuse_page(&p, "4000000 words");
		vt_buf_release(&b);
	}
}

/* What is not seen of a line could move all that follows. */
static void
operands_are_counted(void **state)
{
	struct vt_buf b;
	struct build p;
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&b, BUILD_MAX);
		vt_buf_puts(&b, "BT /F 9 Tf 9 9 Td [");
		for (i = 1; i < VT_PDF_OPERANDS_MAX + more; i++)
			vt_buf_puts(&b, "0 ");
		vt_buf_puts(&b, "(last)]TJ ET");
		build_text_page(&p, "", vt_buf_bytes(&b));
		if (more == 0)
			assert_page(&p, "last|");
		else
			refuse_page(&p, "4096 operands");
		vt_buf_release(&b);
	}
}

/* States that never come back do no harm; others would be the wrong ones. */
static void
saved_states_are_counted(void **state)
{
	struct vt_buf b;
	struct build p;
	size_t i, more, back;

	(void)state;
	for (more = 0; more < 3; more++)
		for (back = 0; back < 2; back++) {
			vt_buf_init(&b, BUILD_MAX);
			for (i = 0; i < VT_PDF_SAVED_MAX + more; i++)
				vt_buf_puts(&b, "q 1 0 0 1 0 1 cm ");
			for (i = 0; back == 1 && i < VT_PDF_SAVED_MAX + more;
			     i++)
				vt_buf_puts(&b, "Q ");
			vt_buf_puts(&b, "BT /F 9 Tf 9 9 Td (a)Tj ET");
			/* as high as the first one, where all came back */
			vt_buf_puts(&b, " 1 0 0 1 0 -0 cm ");
			build_text_page(&p, "", vt_buf_bytes(&b));
			if (more == 0 || back == 0)
				assert_page(&p, "a|");
			else
				refuse_page(&p, "64 graphics states");
			vt_buf_release(&b);
		}
}

static void
forms_in_forms_are_counted(void **state)
{
	unsigned i, n;
	char keys[200];
	struct build p;

	(void)state;
	for (n = VT_PDF_FORMS_NEST_MAX; n <= VT_PDF_FORMS_NEST_MAX + 1; n++) {
		build_text_page(&p, "", VT_BYTES_LIT("/X0 Do"));
		for (i = 0; i < n; i++) {
			snprintf(keys, sizeof(keys),
			    "/Type/XObject/Subtype/Form/BBox[0 0 99 99]"
			    "/Resources<</Font<</F 5 0 R>>/XObject<</X0 %u 0 R"
			    ">>>>",
			    21 + i);
			build_stream(&p, 20 + i, keys,
			    vt_bytes_str(i + 1 < n
					     ? "/X0 Do"
					     : "BT /F 9 Tf 9 9 Td (in)Tj ET"));
		}
		/* a picture is no form, however deep */
		build_stream(&p, 20 + n,
		    "/Type/XObject/Subtype/Image/Width 1/Height 1"
		    "/ColorSpace/DeviceGray/BitsPerComponent 8",
		    VT_BYTES_LIT("x"));
		if (n == VT_PDF_FORMS_NEST_MAX)
			assert_page(&p, "in|");
		else
			refuse_page(&p, "deeper than 8 in each other");
	}
}

/* Fonts of their own, and one of the page's dictionary as often as it likes. */
static void
fonts_of_a_page_are_counted(void **state)
{
	struct vt_buf fonts, content;
	struct build p;
	size_t i, n, again;

	(void)state;
	for (n = VT_PDF_PAGE_FONTS_MAX; n <= VT_PDF_PAGE_FONTS_MAX + 1; n++) {
		vt_buf_init(&fonts, BUILD_MAX);
		vt_buf_init(&content, BUILD_MAX);
		vt_buf_puts(&fonts,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]"
		    "/Contents 4 0 R/Resources<</Font<<");
		vt_buf_puts(&content, "BT 9 9 Td ");
		for (i = 0; i < n; i++)
			vt_buf_printf(&fonts, "/F%zu" FONT, i);
		for (again = 0; again < 2; again++)
			for (i = 0; i < n; i++)
				vt_buf_printf(&content, "/F%zu 9 Tf ", i);
		vt_buf_puts(&content, "(a)Tj ET");
		vt_buf_puts(&fonts, ">>>>>>");
		build_text_page(&p, "", vt_buf_bytes(&content));
		build_object(&p, 3, vt_buf_str(&fonts));
		if (n == VT_PDF_PAGE_FONTS_MAX)
			assert_page(&p, "a|");
		else
			refuse_page(&p, "more than 512 fonts");
		vt_buf_release(&fonts);
		vt_buf_release(&content);
	}
}

/* A font with a /ToUnicode (8) and widths (7): "ab" means "AB". */
static void
build_map_page(struct build *p, struct vt_bytes cmap, const char *w)
{
	build_text_page(p, "",
	    VT_BYTES_LIT("BT /F 9 Tf 9 9 Td <00610062>Tj ET"));
	build_object(p, 5,
	    "<</Type/Font/Subtype/Type0/BaseFont/Other/Encoding/Identity-H"
	    "/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>");
	p->off[7] = p->b.len;
	build_text(p, "7 0 obj\n<</Type/Font/Subtype/CIDFontType2/W[");
	vt_buf_puts(&p->b, w);
	build_text(p, "]>>\nendobj\n");
	build_stream(p, 8, "", cmap);
}

/* Past it the font's text has no meaning: never another one. */
static void
codes_of_a_font_are_counted(void **state)
{
	struct vt_buf map, w;
	struct build p;
	size_t i, more;

	(void)state;
	for (more = 0; more < 3; more++) {
		vt_buf_init(&map, BUILD_MAX);
		vt_buf_init(&w, BUILD_MAX);
		/* downwards, so that they must be put in order */
		vt_buf_puts(&map, "1 beginbfchar ");
		for (i = 0; i < VT_PDF_FONT_MAP_MAX - 2 + (more == 1); i++)
			vt_buf_printf(&map, "<%08zx><0078>\n",
			    (size_t)0x100000 - i);
		vt_buf_puts(&map, "<0062><0042><0061><0041> endbfchar");
		for (i = 0; i < VT_PDF_FONT_MAP_MAX - 1 + (more == 2); i++)
			vt_buf_puts(&w, "1 1 5 ");
		vt_buf_puts(&w, "97 98 400");
		build_map_page(&p, vt_buf_bytes(&map), vt_buf_str(&w));
		assert_page(&p, more == 0 ? "AB|" : more == 1 ? "??|" : "?|");
		vt_buf_release(&map);
		vt_buf_release(&w);
	}
}

static void
bytes_of_meanings_are_counted(void **state)
{
	static const char said[] =
	    "1 beginbfchar <0061><0041><0062><0042> endbfchar";
	struct vt_buf map;
	struct build p;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		vt_buf_init(&map, BUILD_MAX);
		vt_buf_puts(&map, said);
		assert_int_equal(vt_buf_reserve(&map, VT_PDF_CMAP_MAX), VT_OK);
		memset(map.data + map.len, ' ',
		    VT_PDF_CMAP_MAX + more - map.len);
		map.len = VT_PDF_CMAP_MAX + more;
		build_map_page(&p, vt_buf_bytes(&map), "");
		assert_page(&p, more == 0 ? "AB|" : "??|");
		vt_buf_release(&map);
	}
}

/* The last page has the text; a field there is found on any page. */
static void
pages_are_counted(void **state)
{
	struct vt_pdf_place at;
	struct vt_pdf_hit hit;
	struct vt_buf kids;
	struct build p;
	struct open o;
	size_t i, n;
	int rc;

	(void)state;
	for (n = VT_PDF_FIND_PAGES_MAX; n <= VT_PDF_FIND_PAGES_MAX + 1; n++) {
		vt_buf_init(&kids, BUILD_MAX);
		vt_buf_puts(&kids, "<</Type/Pages/Kids[");
		for (i = 1; i + 40 < n; i += 40)
			vt_buf_puts(&kids, "8 0 R ");
		for (; i < n; i++)
			vt_buf_puts(&kids, "6 0 R ");
		vt_buf_printf(&kids, "3 0 R]/Count %zu>>", n);
		build_text_page(&p, "/Annots[7 0 R]",
		    VT_BYTES_LIT("BT /F 9 Tf 9 9 Td (here)Tj ET"));
		build_object(&p, 1,
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]"
		    ">>>>");
		build_object(&p, 2, vt_buf_str(&kids));
		build_object(&p, 6, "<</Type/Page/Parent 2 0 R>>");
		p.off[8] = p.b.len;
		build_text(&p, "8 0 obj\n<</Type/Pages/Parent 2 0 R/Kids[");
		for (i = 0; i < 40; i++)
			build_text(&p, "6 0 R ");
		build_text(&p, "]>>\nendobj\n");
		build_object(&p, 7,
		    "<</Subtype/Widget/FT/Sig/T(s)/Rect[1 2 3 4]>>");
		build_table(&p, 0, 8, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_text_find(o.pdf, "here", &hit, &o.err);
		if (n == VT_PDF_FIND_PAGES_MAX) {
			assert_vt_ok(rc, &o.err);
			assert_int_equal(hit.view.page, n - 1);
		} else {
			assert_vt_error(rc, &o.err, VT_ELIMIT);
			assert_error_text(&o.err, "at most 2000 pages");
			vt_error_clear(&o.err);
		}
		assert_vt_ok(vt_pdf_field_place(o.pdf, "s", &at, &o.err),
		    &o.err);
		assert_true(at.has_widget);
		assert_int_equal(at.page, n - 1);
		open_close(&o);
		vt_buf_release(&kids);
		vt_buf_release(&p.b);
	}
}

/* The root, and as many nodes of 999 each as fill the bound; then one more. */
static void
nodes_of_the_page_tree_are_counted(void **state)
{
	enum { NODES = (VT_PDF_PAGES_MAX - 1) / 999 };
	struct vt_buf root, node;
	struct build p;
	struct open o;
	size_t i, n, more;
	int rc;

	(void)state;
	assert_int_equal(1 + NODES * 999, VT_PDF_PAGES_MAX);
	for (more = 0; more < 2; more++) {
		vt_buf_init(&root, BUILD_MAX);
		vt_buf_init(&node, BUILD_MAX);
		vt_buf_puts(&root, "<</Type/Pages/Kids[");
		for (i = 0; i < NODES; i++)
			vt_buf_puts(&root, "8 0 R ");
		vt_buf_puts(&root, more == 0 ? "]>>" : "null]>>");
		vt_buf_puts(&node, "<</Type/Pages/Kids[3 0 R");
		for (i = 2; i < 999; i++)
			vt_buf_puts(&node, " null"); /* no page, and seen */
		vt_buf_puts(&node, "]>>");
		build_text_page(&p, "", VT_BYTES_LIT("n"));
		build_object(&p, 2, vt_buf_str(&root));
		build_object(&p, 8, vt_buf_str(&node));
		build_table(&p, 0, 8, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_page_count(o.pdf, &n, &o.err);
		if (more == 0) {
			assert_vt_ok(rc, &o.err);
			assert_int_equal(n, NODES);
		} else {
			assert_vt_error(rc, &o.err, VT_ELIMIT);
			assert_error_text(&o.err, "1000000 nodes");
		}
		open_close(&o);
		vt_buf_release(&root);
		vt_buf_release(&node);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_is_bounded),
		cmocka_unit_test(characters_are_counted),
		cmocka_unit_test(words_are_counted),
		cmocka_unit_test(operands_are_counted),
		cmocka_unit_test(saved_states_are_counted),
		cmocka_unit_test(forms_in_forms_are_counted),
		cmocka_unit_test(fonts_of_a_page_are_counted),
		cmocka_unit_test(codes_of_a_font_are_counted),
		cmocka_unit_test(bytes_of_meanings_are_counted),
		cmocka_unit_test(pages_are_counted),
		cmocka_unit_test(nodes_of_the_page_tree_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
