/* test_pdf_stream.c - streams, object streams: ISO 32000-2, 7.3.8, 7.5.7 */
#include "test_pdf_build.h"

/* Object 5 as written in TEXT, object 6 the integer 5. */
static void
with_text(struct build *p, const char *text, size_t len)
{
	build_begin(p, "");
	build_page(p);
	p->off[5] = p->b.len;
	vt_buf_put(&p->b, text, len);
	build_object(p, 6, "5");
	build_table(p, 0, 6, "/Root 1 0 R");
}

static void
lengths(void **state)
{
	static const struct {
		const char *text;
		long len; /* -1: refused */
		bool noted;
	} cases[] = {
		{ "<</Length 5>>stream\nhello\nendstream", 5, false },
		{ "<</Length 5>>stream\r\nhello\r\nendstream", 5, false },
		{ "<</Length 5>>stream\nhelloendstream", 5, false },
		{ "<</Length 6 0 R>>stream\nhello\nendstream", 5, false },
		{ "<</Length 0>>stream\nendstream", 0, false },
		{ "<</Length 5>>stream\rhello\rendstream", 5, true },
		{ "<</Length 5>>stream \nhello\nendstream", 5, true },
		{ "<</Length 3>>stream\nhello\nendstream", 5, true },
		{ "<</Length 9>>stream\nhello\nendstream", 5, true },
		{ "<</Length 0>>stream\nhello\r\nendstream", 5, true },
		{ "<</Length 5>>stream\nhe endstream o\nendstream", -1, false },
		{ "<</Length 100>>stream\nhello\nendstream", 5, true },
		{ "<</Length -1>>stream\nhello\nendstream", 5, true },
		{ "<</Length 9223372036854775807>>stream\nhello\nendstream", 5,
		    true },
		{ "<</Length 9223372036854775808>>stream\nhello\nendstream", 5,
		    true },
		{ "<</Length(5)>>stream\nhello\nendstream", 5, true },
		{ "<</Length 5 0 R>>stream\nhello\nendstream", -1, false },
		{ "<</Length 99 0 R>>stream\nhello\nendstream", 5, true },
		{ "<<>>stream\nhello\nendstream", 5, true },
		{ "<<>>stream\nhe endstream o\nendstream", -1, false },
		{ "<<>>stream\nhello\nendstream endobj 5 0 obj endstream", -1,
		    false },
		{ "<<>>stream\nhello\nendstreamx", -1, false },
		{ "<<>>stream\nhello\nendstream 7", -1, false },
		{ "<<>>stream\nhello\nendstream endobj word", -1, false },
		{ "<</Length 5>>streamhello\nendstream", -1, false },
		{ "<</Length 5>>stream\nhello\nendstrea", -1, false },
	};
	const struct vt_pdf_obj *s;
	char text[200];
	struct build p;
	struct open o;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = snprintf(text, sizeof(text), "5 0 obj %s endobj ",
		    cases[i].text);
		with_text(&p, text, (size_t)n);
		open_ok(&o, &p, VT_PDF_STRICT);
		if (cases[i].len < 0 && strstr(text, "streamhello") != NULL) {
			/* A word of its own: no stream, no "endobj" either. */
			assert_int_equal(get(&o, 5)->type, VT_PDF_DICT);
			assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
		} else if (cases[i].len < 0) {
			struct vt_error err = { 0 };

			assert_vt_error(vt_pdf_get(o.pdf,
					    (struct vt_pdf_ref){ 5, 0 }, &s,
					    &err),
			    &err, VT_EFORMAT);
		} else {
			s = get(&o, 5);
			assert_int_equal(s->type, VT_PDF_STREAM);
			assert_int_equal(s->u.stream.len, cases[i].len);
			assert_memory_equal(p.b.data + s->u.stream.off, "hello",
			    (size_t)cases[i].len);
			assert_int_equal(vt_pdf_nfindings(o.pdf) > 0,
			    cases[i].noted);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
a_missing_endobj_and_an_empty_object(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	with_text(&p, "5 0 obj (x)\n", 12);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_bytes_str(get(&o, 5)->u.string, "x");
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);

	with_text(&p, "5 0 obj endobj\n", 15);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->type, VT_PDF_NULL);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

/* Objects 5 and 6 in object stream 7, which may itself be at OTHER. */
static void
with_objstm(struct build *p, const char *keys, const char *data, unsigned other,
    unsigned index)
{
	struct vt_buf rows;
	unsigned i;

	vt_buf_init(&rows, 4096);
	build_begin(p, "");
	build_page(p);
	build_stream(p, 7, keys, vt_bytes_str(data));
	build_row(&rows, 0, 0, 65535);
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p->off[i], 0);
	build_row(&rows, 2, 7, 0);
	build_row(&rows, 2, 7, index);
	if (other != 0)
		build_row(&rows, 2, other, 0);
	else
		build_row(&rows, 1, p->off[7], 0);
	build_row(&rows, 1, p->b.len, 0);
	build_xref_stream(p, 8, "/Size 9/Root 1 0 R", vt_buf_bytes(&rows),
	    true);
	vt_buf_release(&rows);
}

static void
object_streams(void **state)
{
	static const struct {
		const char *keys, *data;
		unsigned other, index;
		bool five, six; /* can be read */
	} cases[] = {
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 1, true,
		    true },
		/* /Extends is for writers; not followed, even to itself. */
		{ "/Type/ObjStm/N 2/First 8/Extends 7 0 R", "5 0 6 4 (a) (b)",
		    0, 1, true, true },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 0, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 0, 2, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "6 0 5 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b", 0, 1, true,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 99(a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 -4(a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 9/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2147483647/First 8", "5 0 6 4 (a) (b)", 0, 1,
		    false, false },
		{ "/Type/ObjStm/N -1/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 99", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First -8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		{ "/Type/ObjStm/N 2", "5 0 6 4 (a) (b)", 0, 1, false, false },
		{ "/Type/Other/N 2/First 8", "5 0 6 4 (a) (b)", 0, 1, false,
		    false },
		/* /N stands in the stream that it is needed for. */
		{ "/Type/ObjStm/N 5 0 R/First 8", "5 0 6 2 2 (b)  ", 0, 1,
		    false, false },
		/* An object stream within another, and within itself. */
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 6, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 7, 1, false,
		    false },
		{ "/Type/ObjStm/N 2/First 8", "5 0 6 4 (a) (b)", 4, 1, false,
		    false },
	};
	const struct vt_pdf_obj *v;
	struct vt_error err;
	struct build p;
	struct open o;
	size_t i, k;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_objstm(&p, cases[i].keys, cases[i].data, cases[i].other,
		    cases[i].index);
		open_ok(&o, &p, VT_PDF_STRICT);
		for (k = 5; k <= 6; k++) {
			memset(&err, 0, sizeof(err));
			rc = vt_pdf_get(o.pdf,
			    (struct vt_pdf_ref){ (uint32_t)k, 0 }, &v, &err);
			if (k == 5 ? cases[i].five : cases[i].six)
				assert_bytes_str(v->u.string,
				    k == 5 ? "a" : "b");
			else
				assert_vt_error(rc, &err, VT_EFORMAT);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Many objects spread over bombs: time is bounded, not only memory. */
static void
object_stream_bombs(void **state)
{
	enum { N = 8 };
	struct vt_buf data, packed, rows;
	const struct vt_pdf_obj *v;
	struct vt_error err = { 0 };
	struct build p;
	struct open o;
	size_t i, k, n = 0;
	int rc = VT_OK;

	(void)state;
	vt_buf_init(&data, 64u << 20);
	vt_buf_init(&rows, 1 << 20);
	build_begin(&p, "");
	build_page(&p);
	for (i = 0; i < N; i++) {
		vt_buf_reset(&data);
		for (k = 0; k < 16; k++)
			vt_buf_printf(&data, "%4zu %4zu ", 100 + i + N * k, k);
		vt_buf_puts(&data, "1111111111111111");
		assert_int_equal(vt_buf_reserve(&data, 30u << 20), VT_OK);
		memset(data.data + data.len, ' ', (30u << 20) - data.len);
		data.len = 30u << 20;
		build_deflate(vt_buf_bytes(&data), &packed);
		build_stream(&p, (unsigned)(10 + i),
		    "/Type/ObjStm/N 16/First 160/Filter/FlateDecode",
		    vt_buf_bytes(&packed));
		vt_buf_release(&packed);
	}
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p.off[i], 0);
	for (i = 0; i < N; i++)
		build_row(&rows, 1, p.off[10 + i], 0);
	for (k = 0; k < 16; k++)
		for (i = 0; i < N; i++)
			build_row(&rows, 2, 10 + i, (unsigned)k);
	build_xref_stream(&p, 9, "/Size 300/Root 1 0 R/Index[1 4 10 8 100 128]",
	    vt_buf_bytes(&rows), true);
	open_ok(&o, &p, VT_PDF_STRICT);
	for (i = 0; i < N * 16 && rc == VT_OK; i++) {
		rc = vt_pdf_get(o.pdf,
		    (struct vt_pdf_ref){ (uint32_t)(100 + i), 0 }, &v, &err);
		n += rc == VT_OK;
	}
	assert_vt_error(rc, &err, VT_ELIMIT);
	assert_in_range(n, 1, 40);
	open_close(&o);
	vt_buf_release(&p.b);
	vt_buf_release(&data);
	vt_buf_release(&rows);
}

/* What was loaded before a mark stays, what came later is given back. */
static void
marks_nest(void **state)
{
	const struct vt_pdf_obj *pages, *kids;
	struct build p;
	struct open o;
	size_t outer, inner, i;

	(void)state;
	build_compressed(&p);
	open_ok(&o, &p, VT_PDF_STRICT);
	outer = vt_pdf_mark(o.pdf);
	pages = get(&o, 2);
	inner = vt_pdf_mark(o.pdf);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(get(&o, 3)->type, VT_PDF_DICT);
		assert_int_equal(get(&o, 4)->type, VT_PDF_STREAM);
		assert_int_equal(get(&o, 1)->type, VT_PDF_DICT);
		vt_pdf_rewind(o.pdf, inner);
	}
	assert_ptr_equal(get(&o, 2), pages);
	assert_vt_ok(vt_pdf_lookup(o.pdf, pages, "Kids", &kids, &o.err),
	    &o.err);
	assert_int_equal(kids->u.array.n, 1);
	vt_pdf_rewind(o.pdf, outer);
	assert_int_equal(vt_pdf_mark(o.pdf), outer);
	open_close(&o);
	vt_buf_release(&p.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(a_missing_endobj_and_an_empty_object),
		cmocka_unit_test(object_streams),
		cmocka_unit_test(object_stream_bombs),
		cmocka_unit_test(marks_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
