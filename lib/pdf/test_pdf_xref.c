/* test_pdf_xref.c - cross-references and revisions: ISO 32000-2, 7.5 */
#include "test_pdf_build.h"

static void
a_table_is_read(void **state)
{
	struct vt_pdf_extent ext;
	const struct vt_pdf_revision *r;
	struct build p;
	struct open o;

	(void)state;
	build_minimal(&p);
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_int_equal(vt_pdf_highest(o.pdf), 4);
	assert_int_equal(vt_pdf_nrevisions(o.pdf), 1);
	r = vt_pdf_revision(o.pdf, 0);
	assert_int_equal(r->kind, VT_PDF_XREF_TABLE);
	assert_int_equal(r->xref, p.last);
	assert_int_equal(r->end, p.b.len);
	assert_null(vt_pdf_revision(o.pdf, 1));
	assert_int_equal(vt_pdf_nfindings(o.pdf), 0);
	assert_vt_ok(vt_pdf_object_extent(o.pdf, (struct vt_pdf_ref){ 2, 0 },
			 &ext, &o.err),
	    &o.err);
	assert_int_equal(ext.start, p.off[2]);
	assert_memory_equal(p.b.data + ext.end - 6, "endobj", 6);
	assert_int_equal(ext.end + 1, p.off[3]);
	/* Missing, free and other generations are null (7.3.10). */
	assert_int_equal(get(&o, 0)->type, VT_PDF_NULL);
	assert_int_equal(get(&o, 99)->type, VT_PDF_NULL);
	assert_vt_error(vt_pdf_object_extent(o.pdf, (struct vt_pdf_ref){ 2, 1 },
			    &ext, &o.err),
	    &o.err, VT_ENOTFOUND);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
a_stream_is_read(void **state)
{
	struct vt_pdf_xref x;
	struct build p;
	struct open o;

	(void)state;
	build_compressed(&p);
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_int_equal(vt_pdf_revision(o.pdf, 0)->kind, VT_PDF_XREF_STREAM);
	assert_true(vt_pdf_xref_find(o.pdf, 2, &x));
	assert_int_equal(x.type, VT_PDF_IN_STREAM);
	assert_int_equal(x.stream, 5);
	assert_int_equal(x.index, 1);
	assert_int_equal(get(&o, 2)->in_stream, 5);
	assert_int_equal(vt_pdf_nfindings(o.pdf), 0);
	open_close(&o);
	vt_buf_release(&p.b);
}

/* Deflated, with the PNG predictor that most writers use, and an /Index. */
static void
a_stream_with_predictor_is_read(void **state)
{
	struct vt_buf rows, png, packed;
	unsigned char up[7] = { 0 };
	struct build p;
	struct open o;
	size_t i, k;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	vt_buf_init(&rows, 4096);
	vt_buf_init(&png, 4096);
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p.off[i], 0);
	build_row(&rows, 1, p.b.len, 0);
	for (i = 0; i < rows.len; i += 7) {
		vt_buf_putc(&png, 2);
		for (k = 0; k < 7; k++)
			vt_buf_putc(&png,
			    (unsigned char)(rows.data[i + k] - up[k]));
		memcpy(up, rows.data + i, 7);
	}
	build_deflate(vt_buf_bytes(&png), &packed);
	build_xref_stream(&p, 9,
	    "/Size 10/Root 1 0 R/Index[1 4 9 1]/Filter/FlateDecode"
	    "/DecodeParms<</Predictor 12/Columns 7>>",
	    vt_buf_bytes(&packed), true);
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_int_equal(vt_pdf_highest(o.pdf), 9);
	open_close(&o);
	vt_buf_release(&p.b);
	vt_buf_release(&rows);
	vt_buf_release(&png);
	vt_buf_release(&packed);
}

/*
 * 7.5.8.4: the table marks 5 free; the stream knows it.  Of 3 the stream tells
 * something else, but the table's own entry counts.
 */
static void
a_hybrid_file_shows_its_hidden_objects(void **state)
{
	struct vt_buf rows;
	struct build p;
	struct open o;
	size_t xref, hidden;
	char keys[64];

	(void)state;
	vt_buf_init(&rows, 4096);
	build_begin(&p, "");
	build_page(&p);
	hidden = p.b.len;
	build_object(&p, 5, "(hidden)");
	p.off[5] = 0;
	build_row(&rows, 1, hidden, 0);
	build_row(&rows, 1, hidden, 0);
	xref = build_xref_stream(&p, 6, "/Size 7/Root 1 0 R/Index[3 1 5 1]",
	    vt_buf_bytes(&rows), false);
	snprintf(keys, sizeof(keys), "/Root 1 0 R/XRefStm %zu", xref);
	build_table(&p, 0, 6, keys);
	open_ok(&o, &p, VT_PDF_STRICT);
	check_page(&o);
	assert_int_equal(vt_pdf_revision(o.pdf, 0)->kind, VT_PDF_XREF_HYBRID);
	assert_bytes_str(get(&o, 5)->u.string, "hidden");
	assert_int_equal(vt_pdf_nrevisions(o.pdf), 1);
	open_close(&o);
	vt_buf_release(&p.b);
	vt_buf_release(&rows);
}

static void
revise(struct build *p, const char *text)
{
	char keys[64];

	snprintf(keys, sizeof(keys), "/Root 1 0 R/Prev %zu", p->last);
	build_object(p, 5, text);
	build_table(p, 5, 5, keys);
}

static void
every_revision_can_be_opened(void **state)
{
	static const char *const texts[] = { "(one)", "(two)", "(three)" };
	const struct vt_pdf_revision *r;
	size_t ends[4], i, pos, n;
	struct vt_pdf_xref x;
	struct build p;
	struct open o, old;

	(void)state;
	build_minimal(&p);
	ends[0] = p.b.len;
	for (i = 0; i < 3; i++) {
		revise(&p, texts[i]);
		ends[i + 1] = p.b.len;
	}
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(vt_pdf_nrevisions(o.pdf), 4);
	for (i = 0; i < 4; i++) {
		r = vt_pdf_revision(o.pdf, i);
		assert_int_equal(r->end, ends[i]);
		memset(&old, 0, sizeof(old));
		assert_vt_ok(vt_pdf_open_revision(o.pdf, i, &old.pdf, &old.err),
		    &old.err);
		assert_int_equal(vt_pdf_nrevisions(old.pdf), i + 1);
		if (i == 0)
			assert_int_equal(get(&old, 5)->type, VT_PDF_NULL);
		else
			assert_bytes_equal(get(&old, 5)->u.string,
			    VT_BYTES(texts[i - 1] + 1,
				strlen(texts[i - 1]) - 2));
		vt_pdf_free(old.pdf);
		pos = n = 0;
		while (vt_pdf_revision_next(o.pdf, i, &pos, &x)) {
			assert_int_equal(x.revision, i);
			n++;
		}
		assert_int_equal(n, i == 0 ? 5 : 1);
	}
	pos = n = 0;
	while (vt_pdf_xref_next(o.pdf, &pos, &x))
		assert_int_equal(x.ref.num, n++);
	assert_int_equal(n, 6);
	assert_vt_error(vt_pdf_open_revision(o.pdf, 4, &old.pdf, &o.err),
	    &o.err, VT_ENOTFOUND);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
circles_and_lies_in_the_chain(void **state)
{
	static const char *const bad[] = { "/Prev 9999999", "/Prev -1",
		"/Prev 9223372036854775807", "/Prev 9223372036854775808",
		"/Prev(x)", "/Prev 5 0 R", "/Prev 20", "/XRefStm 9999999",
		"/XRefStm -5", "/XRefStm 9223372036854775807", "/XRefStm 20",
		"/Size(x)" };
	struct build p;
	struct open o;
	char keys[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		snprintf(keys, sizeof(keys), "/Root 1 0 R%s", bad[i]);
		build_table(&p, 0, 4, keys);
		open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
		if (open_bytes(&o, vt_buf_bytes(&p.b), VT_PDF_TOLERANT) ==
		    VT_OK)
			assert_true(vt_pdf_ndamage(o.pdf) > 0);
		open_close(&o);
		vt_buf_release(&p.b);
	}

	/* Two sections that name each other. */
	build_begin(&p, "");
	build_page(&p);
	build_table(&p, 0, 4, "/Root 1 0 R/Prev 0000000000");
	revise(&p, "(x)");
	snprintf(keys, sizeof(keys), "%010zu", p.last);
	memcpy(p.b.data + vt_bytes_find(vt_buf_bytes(&p.b), 0, "/Prev 0") + 6,
	    keys, 10);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, "ISO 32000-2, 7.5.6");
	open_ok(&o, &p, VT_PDF_TOLERANT);
	assert_true(has_finding(&o, VT_PDF_F_XREF, true));
	assert_int_equal(vt_pdf_nrevisions(o.pdf), 3);
	assert_true(vt_pdf_revision(o.pdf, 0)->missing);
	assert_vt_error(vt_pdf_open_revision(o.pdf, 0, &o.pdf, &o.err), &o.err,
	    VT_EFORMAT);
	open_close(&o);
	vt_buf_release(&p.b);
}

/* A chain of 5,000 sections is refused, one of 1,000 is read. */
static void
the_chain_has_a_limit(void **state)
{
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	build_minimal(&p);
	for (i = 0; i < 1000; i++)
		revise(&p, "(x)");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(vt_pdf_nrevisions(o.pdf), 1001);
	open_close(&o);
	for (; i < 5000; i++)
		revise(&p, "(x)");
	open_fails(&p, VT_PDF_STRICT, VT_ELIMIT, "ISO 32000-2, 7.5.6");
	open_fails(&p, VT_PDF_TOLERANT, VT_ELIMIT, "ISO 32000-2, 7.5.6");
	vt_buf_release(&p.b);
}

static void
odd_tables_are_read(void **state)
{
	static const char *const eols[] = { "\r\n", " \r", " \n", "\n", "\r",
		"  \r\n", "\t\n" };
	struct build p;
	struct open o;
	size_t i, xref;
	unsigned k;

	(void)state;
	for (i = 0; i < sizeof(eols) / sizeof(eols[0]); i++) {
		build_begin(&p, "");
		build_page(&p);
		xref = p.b.len;
		build_text(&p, "xref \r0 2%s", eols[i]);
		for (k = 0; k <= 4; k++) {
			if (k == 2)
				build_text(&p, "2\t3 \n");
			build_text(&p, "%010zu %05u %c%s", p.off[k],
			    k == 0 ? 65535 : 0, k == 0 ? 'f' : 'n', eols[i]);
		}
		build_text(&p,
		    "trailer <</Size 5/Root 1 0 R>>startxref %zu %%%%EOF",
		    xref);
		open_ok(&o, &p, VT_PDF_STRICT);
		check_page(&o);
		assert_int_equal(has_finding(&o, VT_PDF_F_XREF, false),
		    strlen(eols[i]) != 2);
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
broken_tables_are_refused(void **state)
{
	static const char *const changes[][2] = { { "0000000000 65535",
						      "0000000000 6553x" },
		{ "0000000000 65535 f", "0000000000 65535 x" },
		{ "xref\n0 5", "xref\n0 6" }, { "xref\n0 5", "xref\n0 4" },
		{ "xref\n0 5", "xref\n0-5" }, { "trailer", "tra1ler" },
		{ "xref\n0 5", "xrex\n0 5" },
		{ "<</Size 5/Root", "<</Size 5 Root" } };
	struct build p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		build_minimal(&p);
		replace(&p, changes[i][0], changes[i][1]);
		open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, NULL);
		open_fails(&p, VT_PDF_TOLERANT, VT_EFORMAT, NULL);
		vt_buf_release(&p.b);
	}
}

static void
a_table_cannot_claim_more_than_there_is(void **state)
{
	struct build p;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_text(&p,
	    "xref\n0 2147483647\n0000000000 65535 f \n"
	    "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n"
	    "%%%%EOF\n",
	    p.b.len);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	vt_buf_release(&p.b);

	build_begin(&p, "");
	build_page(&p);
	build_text(&p,
	    "xref\n2147483647 9223372036854775807\n"
	    "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n"
	    "%%%%EOF\n",
	    p.b.len);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	vt_buf_release(&p.b);
}

static void
one_number_twice_in_a_section(void **state)
{
	struct build p;
	struct open o;
	size_t xref;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	xref = p.b.len;
	build_text(&p,
	    "xref\n0 1\n0000000000 65535 f \n3 2\n%010zu 00000 n \n"
	    "%010zu 00000 n \n1 3\n",
	    p.off[3], p.off[4]);
	build_text(&p, "%010zu 00000 n \n%010zu 00000 n \n%010zu 00000 n \n",
	    p.off[1], p.off[2], p.off[2]);
	build_text(&p,
	    "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", xref);
	open_fails(&p, VT_PDF_STRICT, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	open_ok(&o, &p, VT_PDF_TOLERANT);
	assert_true(has_finding(&o, VT_PDF_F_XREF, true));
	assert_int_equal(get(&o, 3)->type, VT_PDF_DICT); /* the first counts */
	check_page(&o);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
entries_that_lead_elsewhere(void **state)
{
	struct build p;
	struct open o;
	size_t saved[5];

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	memcpy(saved, p.off, sizeof(saved));
	p.off[3] = saved[2];     /* another object */
	p.off[4] = saved[2] + 1; /* within one */
	p.off[5] = 999999;       /* behind the end */
	p.off[6] = 4000000000;   /* far behind */
	p.off[7] = saved[4] - 1; /* the end of line before it */
	build_table(&p, 0, 7, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_TOLERANT);
	get_fails(&o, 3, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	get_fails(&o, 4, VT_EFORMAT, "ISO 32000-2, 7.3.10");
	get_fails(&o, 5, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	get_fails(&o, 6, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	get_fails(&o, 7, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	assert_int_equal(vt_pdf_ndamage(o.pdf), 5);
	get_fails(&o, 3, VT_EFORMAT, "ISO 32000-2, 7.5.4");
	assert_int_equal(vt_pdf_ndamage(o.pdf), 5); /* told once */
	open_close(&o);
	vt_buf_release(&p.b);

	/* "11 0 obj" is not "1 0 obj"; white space before is a deviation. */
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 11, "(eleven)");
	p.off[1]--;
	p.off[5] = p.off[11] + 1;
	build_table(&p, 0, 5, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	get_fails(&o, 5, VT_EFORMAT, "ISO 32000-2, 7.3.10");
	assert_int_equal(get(&o, 1)->type, VT_PDF_DICT);
	assert_true(has_finding(&o, VT_PDF_F_XREF, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

/* An entry in use at offset 0, where the header stands, is an unused one. */
static void
offset_zero_is_null(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	build_begin(&p, "");
	build_page(&p);
	build_object(&p, 5, "0");
	build_table(&p, 0, 5, "/Root 1 0 R");
	memcpy(p.b.data + vt_bytes_find(vt_buf_bytes(&p.b), 0, "trailer") - 20,
	    "0000000000", 10);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->type, VT_PDF_NULL);
	assert_true(has_finding(&o, VT_PDF_F_XREF, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
broken_xref_streams_are_refused(void **state)
{
	static const char *const keys[] = { "/Size 7/W[1 4]",
		"/Size 7/W[1 9 2]", "/Size 7/W[1 -4 2]", "/Size 7/W[0 0 0]",
		"/Size 7/W 5", "/Size 7/W[1 4 2]/Index[0]",
		"/Size 7/W[1 4 2]/Index[-1 2]", "/Size 7/W[1 4 2]/Index[0 99]",
		"/Size 7/W[1 4 2]/Index[0 9223372036854775807]",
		"/Size 7/W[1 4 2]/Index[2147483647 2]",
		"/Size 7/W[1 4 2]/Filter/JBIG2Decode",
		"/Size 7/W[1 4 2]/Filter 4 0 R", "/W[1 4 2]",
		"/Size 7/W[1 4 2]/Filter/FlateDecode", "/Size -7/W[1 4 2]",
		"/Size 99999999999/W[1 4 2]" };
	struct vt_buf rows;
	struct build p;
	char all[200];
	size_t i, k, xref;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct open o;

		build_begin(&p, "");
		build_page(&p);
		vt_buf_init(&rows, 4096);
		build_row(&rows, 0, 0, 65535);
		for (k = 1; k < 6; k++)
			build_row(&rows, 1, p.off[k], 0);
		xref = p.b.len;
		build_row(&rows, 1, xref, 0);
		snprintf(all, sizeof(all), "/Type/XRef/Root 1 0 R%s", keys[i]);
		build_stream(&p, 6, all, vt_buf_bytes(&rows));
		build_text(&p, "startxref\n%zu\n%%%%EOF\n", xref);
		rc = open_bytes(&o, vt_buf_bytes(&p.b), VT_PDF_STRICT);
		assert_true(rc == VT_EFORMAT || rc == VT_EUNSUPPORTED);
		assert_string_not_equal(o.err.text, "");
		open_close(&o);
		vt_buf_release(&rows);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_read),
		cmocka_unit_test(a_stream_is_read),
		cmocka_unit_test(a_stream_with_predictor_is_read),
		cmocka_unit_test(a_hybrid_file_shows_its_hidden_objects),
		cmocka_unit_test(every_revision_can_be_opened),
		cmocka_unit_test(circles_and_lies_in_the_chain),
		cmocka_unit_test(the_chain_has_a_limit),
		cmocka_unit_test(odd_tables_are_read),
		cmocka_unit_test(broken_tables_are_refused),
		cmocka_unit_test(a_table_cannot_claim_more_than_there_is),
		cmocka_unit_test(one_number_twice_in_a_section),
		cmocka_unit_test(entries_that_lead_elsewhere),
		cmocka_unit_test(offset_zero_is_null),
		cmocka_unit_test(broken_xref_streams_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
