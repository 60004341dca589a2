/* test_pdf_form.c - pages, fields, signatures as they stand: 7.7.3, 12.7, 12.8
 */
#include "pdf_int.h"
#include "test_pdf_signing.h"

/* --- the page tree --- */

static void
build_tree(struct build *p, const char *pages, const char *five,
    const char *six)
{
	build_begin(p, "");
	build_object(p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	build_object(p, 2, pages);
	build_object(p, 3, "<</Type/Page/Parent 2 0 R>>");
	build_object(p, 4, "<</Type/Page/Parent 2 0 R>>");
	build_object(p, 5, five);
	build_object(p, 6, six);
	build_table(p, 0, 6, "/Root 1 0 R");
}

static void
page_trees(void **state)
{
	static const struct {
		const char *pages, *five, *six;
		enum vt_code code;
		size_t n;       /* pages */
		uint32_t first; /* the first one's number */
	} cases[] = {
		{ "<</Type/Pages/Kids[3 0 R 4 0 R]>>", "null", "null", VT_OK, 2,
		    3 },
		{ "<</Type/Pages/Kids[5 0 R 3 0 R]/Count 99>>",
		    "<</Type/Pages/Kids[6 0 R]>>",
		    "<</Type/Pages/Kids[4 0 R 3 0 R]>>", VT_OK, 3, 4 },
		{ "<</Type/Pages/Kids 6 0 R>>", "null", "[4 0 R]", VT_OK, 1,
		    4 },
		{ "<</Type/Pages/Kids[9 0 R null 3 0 R]>>", "null", "null",
		    VT_OK, 1, 3 },
		{ "<</Type/Pages/Kids[5 0 R 4 0 R]>>", "<</Type/Pages/Kids[]>>",
		    "null", VT_OK, 1, 4 },
		{ "<</Type/Pages/Kids[3 0 R 3 0 R]>>", "null", "null", VT_OK, 2,
		    3 },
		{ "<</Type/Page>>", "null", "null", VT_OK, 1, 2 },
		{ "<</Kids[<</Type/Page>>]>>", "null", "null", VT_OK, 1, 0 },
		{ "<</Type/Pages/Kids[]>>", "null", "null", VT_OK, 0, 0 },
		{ "null", "null", "null", VT_OK, 0, 0 },
		{ "<</Type/Pages/Kids[2 0 R]>>", "null", "null", VT_EFORMAT, 0,
		    0 },
		{ "<</Type/Pages/Kids[5 0 R]>>", "<</Kids[6 0 R]>>",
		    "<</Kids[5 0 R]>>", VT_EFORMAT, 0, 0 },
		{ "<</Type/Pages/Kids[5 0 R]>>", "7", "null", VT_EFORMAT, 0,
		    0 },
		{ "<</Type/Pages>>", "null", "null", VT_EFORMAT, 0, 0 },
		{ "(pages)", "null", "null", VT_EFORMAT, 0, 0 },
		{ "<</Type/Pages/Kids[5 0 R]>>", "6 0 R", "5 0 R", VT_EFORMAT,
		    0, 0 },
	};
	struct vt_pdf_ref ref;
	struct build p;
	struct open o;
	size_t i, n;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_tree(&p, cases[i].pages, cases[i].five, cases[i].six);
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_page_count(o.pdf, &n, &o.err);
		if (cases[i].code != VT_OK) {
			assert_vt_error(rc, &o.err, cases[i].code);
		} else {
			assert_vt_ok(rc, &o.err);
			assert_int_equal(n, cases[i].n);
			rc = vt_pdf_page(o.pdf, 0, NULL, &ref, &o.err);
			if (n == 0) {
				assert_vt_error(rc, &o.err, VT_ENOTFOUND);
			} else {
				assert_vt_ok(rc, &o.err);
				assert_int_equal(ref.num, cases[i].first);
			}
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* 2 to the power of 40 ways, no circle: the walk ends all the same. */
static void
a_page_tree_of_many_ways(void **state)
{
	struct vt_error err = { 0 };
	char body[64];
	struct build p;
	struct open o;
	unsigned i;
	size_t n;

	(void)state;
	build_begin(&p, "");
	build_object(&p, 1, "<</Type/Catalog/Pages 2 0 R>>");
	for (i = 2; i < 42; i++) {
		snprintf(body, sizeof(body), "<</Kids[%u 0 R %u 0 R]>>", i + 1,
		    i + 1);
		build_object(&p, i, body);
	}
	build_object(&p, 42, "<</Kids[]>>");
	build_table(&p, 0, 42, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_error(vt_pdf_page_count(o.pdf, &n, &err), &err, VT_ELIMIT);
	open_close(&o);
	vt_buf_release(&p.b);
}

/* --- fields --- */

static void
build_fields(struct build *p, const char *fields)
{
	char text[300];

	build_begin(p, "");
	build_page(p);
	snprintf(text, sizeof(text),
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]>>>>", fields);
	build_object(p, 1, text);
	build_object(p, 5, "<</FT/Sig/T(five)>>");
	build_object(p, 6, "<</FT/Sig/T<FEFF1EB7>/Kids[7 0 R 8 0 R 11 0 R]>>");
	build_object(p, 7, "<</T(a)/V 9 0 R>>");
	build_object(p, 8, "<</FT/Tx/T(b)/V(text)>>");
	build_object(p, 9,
	    "<</Type/DocTimeStamp/Filter/F/SubFilter/ETSI.RFC3161"
	    "/ByteRange[0 10 20 30]/Contents<0102>/M(D:2026)"
	    "/Name(\\001)/Reason<FEFF1EB7>/Location/NotAText>>");
	build_object(p, 10, "<</FT/Sig/T(loop)/Kids[10 0 R]>>");
	build_object(p, 11, "<</Subtype/Widget>>");
	build_object(p, 12, "<</FT/Sig/T(w)/Kids[11 0 R]/V 9 0 R>>");
	build_table(p, 0, 12, "/Root 1 0 R");
}

static void
signature_fields_are_listed(void **state)
{
	struct vt_pdf_sigfields f = { 0 };
	const struct vt_pdf_sigfield *s;
	struct build p;
	struct open o;
	size_t at;

	(void)state;
	build_fields(&p, "5 0 R 6 0 R 12 0 R 99 0 R null");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &f, &o.err), &o.err);
	assert_int_equal(f.n, 3);
	assert_string_equal(f.items[0].name, "five");
	assert_false(f.items[0].is_signed);
	assert_int_equal(f.items[0].field.num, 5);
	s = &f.items[1];
	assert_string_equal(s->name, "\u1eb7.a");
	assert_true(s->is_signed);
	assert_int_equal(s->value.num, 9);
	assert_string_equal(s->type, "DocTimeStamp");
	assert_string_equal(s->subfilter, "ETSI.RFC3161");
	assert_string_equal(s->signer, "\uFFFD");
	assert_string_equal(s->reason, "\u1eb7");
	assert_string_equal(s->location, "NotAText");
	assert_int_equal(s->claimed, 1767225600); /* date -ud 2026-01-01 +%s */
	assert_true(s->has_range);
	assert_int_equal(s->range[3], 30);
	at = vt_bytes_find(vt_buf_bytes(&p.b), 0, "<0102>");
	assert_int_equal(s->contents_start, at);
	assert_int_equal(s->contents_end, at + 6);
	assert_memory_equal(s->contents, "\1\2", 2);
	assert_string_equal(f.items[2].name, "w");
	assert_int_equal(vt_pdf_mark(o.pdf), 0);
	vt_pdf_sigfields_release(&f);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
fields_in_a_circle(void **state)
{
	struct vt_pdf_sigfields f = { 0 };
	struct build p;
	struct open o;

	(void)state;
	build_fields(&p, "10 0 R 5 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_error_clause(vt_pdf_sigfields_read(o.pdf, &f, &o.err), &o.err,
	    VT_EFORMAT, "ISO 32000-2, 12.7.4");
	open_close(&o);
	open_ok(&o, &p, VT_PDF_TOLERANT); /* hides nothing else */
	assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &f, &o.err), &o.err);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.items[0].name, "five");
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, true));
	vt_pdf_sigfields_release(&f);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
odd_values_of_a_signature(void **state)
{
	static const struct {
		const char *value;
		bool has_range, in_file;
		size_t nrange, len;
	} cases[] = {
		{ "/ByteRange[0 1 2 3]/Contents<00>", true, true, 4, 1 },
		{ "/ByteRange[0 1 2]/Contents<00>", false, true, 3, 1 },
		{ "/ByteRange[0 1 2 3 4 5]/Contents<00>", false, true, 6, 1 },
		{ "/ByteRange[0 -1 2 3]/Contents<00>", false, true, 4, 1 },
		{ "/ByteRange[0 1.0 2 3]/Contents<00>", false, true, 4, 1 },
		{ "/ByteRange[0 9223372036854775808 2 3]/Contents<00>", false,
		    true, 4, 1 },
		{ "/ByteRange[0 1 2 7 0 R]/Contents<00>", false, true, 4, 1 },
		{ "/ByteRange 7 0 R/Contents<00>", false, true, 0, 1 },
		{ "/ByteRange(x)/Contents<00>", false, true, 0, 1 },
		{ "/Contents<>", false, true, 0, 0 },
		{ "/Contents(\\000)", false, false, 0, 1 },
		{ "/Contents 8 0 R", false, false, 0, 1 },
		{ "/Contents null", false, false, 0, 0 },
		{ "", false, false, 0, 0 },
	};
	struct vt_pdf_sigfields f = { 0 };
	char text[200];
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 1,
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>"
		    ">>");
		snprintf(text, sizeof(text), "<</FT/Sig/T(f)/V<<%s>>>>",
		    cases[i].value);
		build_object(&p, 5, text);
		build_object(&p, 7, "[0 1 2 3]");
		build_object(&p, 8, "<00>");
		build_table(&p, 0, 8, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_TOLERANT);
		assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &f, &o.err), &o.err);
		assert_int_equal(f.n, 1);
		assert_true(f.items[0].is_signed);
		assert_int_equal(f.items[0].has_range, cases[i].has_range);
		assert_int_equal(f.items[0].nrange, cases[i].nrange);
		assert_int_equal(f.items[0].contents_start != 0,
		    cases[i].in_file);
		assert_int_equal(f.items[0].contents_len, cases[i].len);
		vt_pdf_sigfields_release(&f);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* --- raw bytes --- */

static void
byte_ranges_are_seen_in_anything(void **state)
{
	static const char text[] =
	    "/ByteRange[0 1 2 3] /ByteRange [ 4\n5 6 7 ]/ByteRangeX[0 1 2 3]"
	    "/ByteRange[0 1 2]/ByteRange[0 1 -2 3]/ByteRange[0 1 2 3 4]"
	    "(/ByteRange)";
	static const bool good[] = { true, true, false, false, false, false };
	struct vt_pdf_scan *scan = malloc(sizeof(*scan));
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf b;
	size_t i, pad;

	(void)state;
	assert_non_null(scan);
	/* At every place around where one piece ends and the next begins. */
	for (pad = 65536 - sizeof(text); pad <= 65536; pad++) {
		vt_buf_init(&b, 1 << 20);
		for (i = 0; i < pad; i++)
			vt_buf_putc(&b, '\n');
		vt_buf_puts(&b, text);
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err),
		    &err);
		assert_vt_ok(vt_pdf_scan_byteranges(src, scan, &err), &err);
		assert_int_equal(scan->n, 6);
		for (i = 0; i < 6; i++)
			assert_int_equal(scan->hits[i].has_range, good[i]);
		assert_int_equal(scan->hits[0].off, pad);
		assert_int_equal(scan->hits[1].range[0], 4);
		assert_int_equal(scan->hits[1].range[3], 7);
		vt_source_free(src);
		vt_buf_release(&b);
	}

	vt_buf_init(&b, 1 << 20);
	for (i = 0; i < 1000; i++)
		vt_buf_puts(&b, "/ByteRange[0 1 2 3]");
	vt_buf_puts(&b, "/ByteRange");
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_vt_ok(vt_pdf_scan_byteranges(src, scan, &err), &err);
	assert_int_equal(scan->n, 1001);
	vt_source_free(src);
	vt_buf_release(&b);
	free(scan);
}

/* More are counted, not described. */
static void
byte_ranges_are_counted(void **state)
{
	struct vt_pdf_scan *scan = malloc(sizeof(*scan));
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf b;
	size_t i, n;

	(void)state;
	assert_non_null(scan);
	for (n = VT_PDF_SCAN_MAX; n <= VT_PDF_SCAN_MAX + 1; n++) {
		vt_buf_init(&b, 1 << 20);
		for (i = 0; i < n; i++)
			vt_buf_printf(&b, "/ByteRange[%zu 1 2 3] ", i);
		assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err),
		    &err);
		assert_vt_ok(vt_pdf_scan_byteranges(src, scan, &err), &err);
		assert_int_equal(scan->n, n);
		for (i = 0; i < VT_PDF_SCAN_MAX; i++)
			assert_int_equal(scan->hits[i].range[0], i);
		vt_source_free(src);
		src = NULL;
		vt_buf_release(&b);
	}
	free(scan);
}

/* FIRST, N nodes in each other below it as NODE has them, and LAST. */
static void
build_chain(struct build *p, const char *first, const char *node, size_t n,
    const char *last)
{
	char text[128];
	size_t i;

	build_begin(p, "");
	build_object(p, 1, first);
	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), node, (unsigned)(i + 3));
		build_object(p, (unsigned)(i + 2), text);
	}
	build_object(p, (unsigned)(n + 2), last);
	build_table(p, 0, (unsigned)(n + 2), "/Root 1 0 R");
}

static void
levels_of_pages_are_counted(void **state)
{
	struct build p;
	struct open o;
	size_t n, pages;

	(void)state;
	for (n = VT_PDF_TREE_DEPTH_MAX; n <= VT_PDF_TREE_DEPTH_MAX + 1; n++) {
		build_chain(&p, "<</Type/Catalog/Pages 2 0 R>>",
		    "<</Type/Pages/Kids[%u 0 R]/Count 1>>", n,
		    "<</Type/Page>>");
		open_ok(&o, &p, VT_PDF_STRICT);
		if (n == VT_PDF_TREE_DEPTH_MAX) {
			assert_vt_ok(vt_pdf_page_count(o.pdf, &pages, &o.err),
			    &o.err);
			assert_int_equal(pages, 1);
		} else {
			assert_vt_error(vt_pdf_page_count(o.pdf, &pages,
					    &o.err),
			    &o.err, VT_ELIMIT);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Those of the form itself are one more. */
static void
levels_of_fields_are_counted(void **state)
{
	struct vt_pdf_sigfields f = { 0 };
	struct build p;
	struct open o;
	size_t n;

	(void)state;
	for (n = VT_PDF_FORM_DEPTH_MAX - 1; n <= VT_PDF_FORM_DEPTH_MAX; n++) {
		build_chain(&p, "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>",
		    "<</T(n)/Kids[%u 0 R]>>", n, "<</FT/Sig/T(last)>>");
		open_ok(&o, &p, VT_PDF_STRICT);
		if (n < VT_PDF_FORM_DEPTH_MAX) {
			assert_vt_ok(vt_pdf_sigfields_read(o.pdf, &f, &o.err),
			    &o.err);
			assert_int_equal(f.n, 1);
			vt_pdf_sigfields_release(&f);
		} else {
			assert_vt_error(vt_pdf_sigfields_read(o.pdf, &f,
					    &o.err),
			    &o.err, VT_ELIMIT);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* References that lead to references. */
static void
hops_are_counted(void **state)
{
	struct vt_pdf_obj from = { .type = VT_PDF_REF, .u.ref = { 2, 0 } };
	const struct vt_pdf_obj *v;
	struct vt_pdf_ref ref;
	struct build p;
	struct open o;
	size_t n;
	int rc;

	(void)state;
	for (n = VT_PDF_REF_HOPS_MAX - 1; n <= VT_PDF_REF_HOPS_MAX; n++) {
		build_chain(&p, "<</Type/Catalog>>", "%u 0 R", n, "(end)");
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_resolve_ref(o.pdf, &from, &v, &ref, &o.err);
		assert_int_equal(rc,
		    n < VT_PDF_REF_HOPS_MAX ? VT_OK : VT_EFORMAT);
		if (rc == VT_OK)
			assert_int_equal(ref.num, n + 2);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_of_pages_are_counted),
		cmocka_unit_test(levels_of_fields_are_counted),
		cmocka_unit_test(hops_are_counted),
		cmocka_unit_test(byte_ranges_are_counted),
		cmocka_unit_test(page_trees),
		cmocka_unit_test(a_page_tree_of_many_ways),
		cmocka_unit_test(signature_fields_are_listed),
		cmocka_unit_test(fields_in_a_circle),
		cmocka_unit_test(odd_values_of_a_signature),
		cmocka_unit_test(byte_ranges_are_seen_in_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
