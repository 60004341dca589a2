/* test_pdf_limits_read.c - objects and streams at their bounds, and past them
 */
#include "test_pdf_build.h"

#include "vanthu/limits.h"

/* The object NUM can be read, or is past a limit, which says TEXT. */
static void
get_within(struct open *o, unsigned num, bool within, const char *text)
{
	struct vt_pdf_ref ref = { num, 0 };
	const struct vt_pdf_obj *obj = NULL;
	struct vt_error err = { 0 };
	int rc = vt_pdf_get(o->pdf, ref, &obj, &err);

	if (within) {
		assert_vt_ok(rc, &err);
		return;
	}
	assert_vt_error(rc, &err, VT_ELIMIT);
	assert_error_text(&err, text);
}

/* An object stream NUM with the integer 1 as object OF. */
static void
build_held(struct build *p, unsigned num, unsigned of, const char *length)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%u 0 1", of);

	p->off[num] = p->b.len;
	build_text(p,
	    "%u 0 obj\n<</Type/ObjStm/N 1/First %d/Length %s>>\nstream\n%s\n"
	    "endstream\nendobj\n",
	    num, n - 1, length, text);
	assert_int_equal(n, 5 + (of > 9));
}

/*
 * N objects from 10 on: a stream whose length 11 is in object stream 12, the
 * length of which is in another one, and so on; the last has one of its own, or
 * needs the first.
 */
static void
build_needs(struct build *p, unsigned n, bool circle)
{
	unsigned i, last = 10 + n - 1;
	struct vt_buf rows;
	char text[100];

	vt_buf_init(&rows, 4096);
	build_begin(p, "");
	build_page(p);
	build_row(&rows, 0, 0, 65535);
	for (i = 1; i <= 4; i++)
		build_row(&rows, 1, p->off[i], 0);
	p->off[10] = p->b.len;
	build_text(p,
	    "10 0 obj\n<</Length 11 0 R>>\nstream\nx\nendstream\nendobj\n");
	build_row(&rows, 1, p->off[10], 0);
	for (i = 11; i < last; i += 2) {
		snprintf(text, sizeof(text), "%u 0 R",
		    i + 1 < last ? i + 2 : 10);
		build_held(p, i + 1, i, i + 1 < last || circle ? text : "6");
		build_row(&rows, 2, i + 1, 0);
		build_row(&rows, 1, p->off[i + 1], 0);
	}
	if (i == last) {
		build_object(p, i, circle ? "10 0 R" : "6");
		build_row(&rows, 1, p->off[i], 0);
	}
	build_row(&rows, 1, p->b.len, 0);
	snprintf(text, sizeof(text), "/Size %u/Index[0 5 10 %u]/Root 1 0 R",
	    last + 2, n + 1);
	build_xref_stream(p, last + 1, text, vt_buf_bytes(&rows), true);
	vt_buf_release(&rows);
}

static void
objects_that_need_others_are_counted(void **state)
{
	struct build p;
	struct open o;
	unsigned n;

	(void)state;
	for (n = VT_PDF_NEST_MAX; n <= VT_PDF_NEST_MAX + 1; n++) {
		build_needs(&p, n, false);
		open_ok(&o, &p, VT_PDF_STRICT);
		get_within(&o, 10, n == VT_PDF_NEST_MAX,
		    "more than 8 objects, each needed");
		open_close(&o);
		vt_buf_release(&p.b);
	}
	/* one that never ends is no matter of a limit */
	for (n = 2; n <= VT_PDF_NEST_MAX; n++) {
		build_needs(&p, n, true);
		open_ok(&o, &p, VT_PDF_STRICT);
		get_fails(&o, 10, VT_EFORMAT, "ISO 32000-2, 7.3.10");
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* (aaa...): a string's bytes, and those of an array that holds it. */
static void
bytes_of_an_object_are_counted(void **state)
{
	struct vt_buf body, copy;
	struct build p;
	struct open o;
	size_t more, n;
	bool array;
	int rc;

	(void)state;
	for (more = 0; more < 4; more++) {
		array = more >= 2;
		n = VT_PDF_OBJECT_MAX + more % 2 - (array ? 4 : 0);
		vt_buf_init(&body, BUILD_MAX);
		vt_buf_init(&copy, BUILD_MAX);
		assert_int_equal(vt_buf_reserve(&body, n + 4), VT_OK);
		vt_buf_puts(&body, array ? "[(" : "(");
		memset(body.data + body.len, 'a', n);
		body.len += n;
		vt_buf_puts(&body, array ? ")]" : ")");
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 5, vt_buf_str(&body));
		build_table(&p, 0, 5, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		if (!array) {
			get_within(&o, 5, more == 0, "larger than we take");
		} else {
			rc = vt_pdf_source_text(o.pdf, get(&o, 5), &copy,
			    &o.err);
			if (more == 2)
				assert_vt_ok(rc, &o.err);
			else
				assert_vt_error(rc, &o.err, VT_ELIMIT);
			assert_int_equal(copy.len,
			    more == 2 ? VT_PDF_OBJECT_MAX : 0);
		}
		open_close(&o);
		vt_buf_release(&p.b);
		vt_buf_release(&body);
		vt_buf_release(&copy);
	}
}

/* Zeros compressed twice, in a stream that is as long as said. */
static void
growth_of_a_stream_is_bounded(void **state)
{
	enum { LEN = 500 };
	size_t most = (size_t)LEN * VT_PDF_RATIO_MAX + VT_PDF_RATIO_FREE, n;
	unsigned char *zeros = calloc(1, most + 1), stream[LEN] = { 0 };
	struct vt_buf once, twice, data;
	struct vt_error err;
	struct build p;
	struct open o;
	int rc;

	(void)state;
	assert_non_null(zeros);
	for (n = most; n <= most + 1; n++) {
		build_deflate(VT_BYTES(zeros, n), &once);
		build_deflate(vt_buf_bytes(&once), &twice);
		assert_in_range(twice.len, 1, LEN);
		memcpy(stream, twice.data, twice.len);
		build_begin(&p, "");
		build_page(&p);
		build_stream(&p, 5, "/Filter[/FlateDecode/FlateDecode]",
		    VT_BYTES(stream, LEN));
		build_table(&p, 0, 5, "/Root 1 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		vt_buf_init(&data, BUILD_MAX);
		memset(&err, 0, sizeof(err));
		rc = vt_pdf_stream_data(o.pdf, get(&o, 5), &data, &err);
		if (n == most) {
			assert_vt_ok(rc, &err);
			assert_int_equal(data.len, most);
		} else {
			assert_vt_error(rc, &err, VT_ELIMIT);
		}
		open_close(&o);
		vt_buf_release(&data);
		vt_buf_release(&once);
		vt_buf_release(&twice);
		vt_buf_release(&p.b);
	}
	free(zeros);
}

/* A cross-reference stream of entries that have one byte each. */
static void
entries_are_counted(void **state)
{
	unsigned char *zeros = calloc(1, VT_PDF_ENTRIES_MAX + 1);
	struct vt_buf packed;
	struct build p;
	char keys[128];
	size_t n, at;

	(void)state;
	assert_non_null(zeros);
	for (n = VT_PDF_ENTRIES_MAX; n <= VT_PDF_ENTRIES_MAX + 1; n++) {
		struct open o;

		build_deflate(VT_BYTES(zeros, n), &packed);
		build_begin(&p, "");
		build_page(&p);
		at = p.b.len;
		snprintf(keys, sizeof(keys),
		    "/Type/XRef/W[0 1 0]/Size %zu/Root 1 0 R/Filter"
		    "/FlateDecode",
		    n);
		build_stream(&p, 5, keys, vt_buf_bytes(&packed));
		build_text(&p, "startxref\n%zu\n%%%%EOF\n", at);
		if (n == VT_PDF_ENTRIES_MAX) {
			open_ok(&o, &p, VT_PDF_STRICT);
			assert_int_equal(vt_pdf_highest(o.pdf), n - 1);
			open_close(&o);
		} else {
			open_fails(&p, VT_PDF_STRICT, VT_ELIMIT, NULL);
		}
		vt_buf_release(&packed);
		vt_buf_release(&p.b);
	}
	free(zeros);
}

static int
decode(struct open *o, unsigned num, size_t *ret_len)
{
	struct vt_buf data;
	int rc;

	vt_buf_init(&data, BUILD_MAX);
	vt_error_clear(&o->err);
	rc = vt_pdf_stream_data(o->pdf, get(o, num), &data, &o->err);
	*ret_len = data.len;
	vt_buf_release(&data);
	return rc;
}

/* All that one document may make of its bytes, and then no more. */
static void
work_on_a_document_is_bounded(void **state)
{
	enum { SIZE = 500000, TAIL = 300, ALL = SIZE * VT_PDF_WORK_RATIO };
	size_t large = VT_PDF_DECODED_MAX, len, i;
	unsigned char *zeros = calloc(1, large);
	struct vt_buf packed, rest;
	struct build p;
	struct open o;

	(void)state;
	assert_non_null(zeros);
	assert_int_equal(VT_PDF_WORK_FREE % VT_PDF_DECODED_MAX, 0);
	build_deflate(VT_BYTES(zeros, large), &packed);
	build_deflate(VT_BYTES(zeros, ALL), &rest);
	build_begin(&p, "");
	build_page(&p);
	build_stream(&p, 5, "/Filter/FlateDecode", vt_buf_bytes(&packed));
	build_stream(&p, 6, "/Filter/FlateDecode", vt_buf_bytes(&rest));
	build_stream(&p, 7, "", VT_BYTES_LIT("x"));
	/* the table and what follows take TAIL bytes, the file SIZE */
	assert_in_range(p.b.len, 1, SIZE - TAIL);
	memset(zeros, ' ', SIZE);
	assert_int_equal(vt_buf_put(&p.b, zeros, SIZE - TAIL - p.b.len), VT_OK);
	build_table(&p, 0, 7, "/Root 1 0 R");
	assert_in_range(p.b.len, 1, SIZE);
	assert_int_equal(vt_buf_put(&p.b, zeros, SIZE - p.b.len), VT_OK);
	assert_int_equal(p.b.len, SIZE);
	open_ok(&o, &p, VT_PDF_STRICT);
	for (i = 0; i < VT_PDF_WORK_FREE / VT_PDF_DECODED_MAX; i++)
		assert_vt_ok(decode(&o, 5, &len), &o.err);
	assert_vt_ok(decode(&o, 6, &len), &o.err);
	assert_int_equal(len, ALL);
	assert_vt_ok(decode(&o, 7, &len), &o.err); /* it was just enough */
	assert_int_equal(len, 1);
	assert_vt_error(decode(&o, 7, &len), &o.err, VT_ELIMIT);
	assert_error_text(&o.err, "too many bytes");
	open_close(&o);
	vt_buf_release(&packed);
	vt_buf_release(&rest);
	vt_buf_release(&p.b);
	free(zeros);
}

static void
fields_are_counted(void **state)
{
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_buf form;
	struct build p;
	struct open o;
	size_t i, n;
	int rc;

	(void)state;
	for (n = VT_PDF_FIELDS_MAX; n <= VT_PDF_FIELDS_MAX + 1; n++) {
		vt_buf_init(&form, BUILD_MAX);
		vt_buf_puts(&form,
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[");
		for (i = 1; i < n; i++)
			vt_buf_puts(&form, "<</FT/Tx/T(a)>>");
		vt_buf_puts(&form, "<</FT/Sig/T(last)>>]>>>>");
		build_begin(&p, "");
		build_page(&p);
		build_object(&p, 5, vt_buf_str(&form));
		build_table(&p, 0, 5, "/Root 5 0 R");
		open_ok(&o, &p, VT_PDF_STRICT);
		rc = vt_pdf_sigfields_read(o.pdf, &fields, &o.err);
		if (n == VT_PDF_FIELDS_MAX) {
			assert_vt_ok(rc, &o.err);
			assert_int_equal(fields.n, 1);
			assert_string_equal(fields.items[0].name, "last");
			vt_pdf_sigfields_release(&fields);
		} else {
			assert_vt_error(rc, &o.err, VT_ELIMIT);
			assert_error_text(&o.err, "100000 form fields");
		}
		open_close(&o);
		vt_buf_release(&form);
		vt_buf_release(&p.b);
	}
}

/* Within the bound it is the password that is missing. */
static void
crypt_filters_are_counted(void **state)
{
	char encrypt[1024];
	struct build p;
	struct open o;
	int i, n, at;
	int rc;

	(void)state;
	for (n = VT_PDF_CRYPT_FILTERS_MAX; n <= VT_PDF_CRYPT_FILTERS_MAX + 1;
	     n++) {
		at = snprintf(encrypt, sizeof(encrypt),
		    "/Root 1 0 R/ID[(a)(a)]/Encrypt<</Filter/Standard/V 4/R 4"
		    "/Length 128/P -4/O(%032d)/U(%032d)/StmF/F0/StrF/F0/CF<<",
		    0, 0);
		for (i = 0; i < n; i++)
			at +=
			    snprintf(encrypt + at, sizeof(encrypt) - (size_t)at,
				"/F%d<</CFM/AESV2>>", i);
		snprintf(encrypt + at, sizeof(encrypt) - (size_t)at, ">>>>");
		build_begin(&p, "");
		build_page(&p);
		build_table(&p, 0, 4, encrypt);
		rc = open_bytes(&o, vt_buf_bytes(&p.b), VT_PDF_STRICT);
		assert_error_clause(rc, &o.err,
		    n == VT_PDF_CRYPT_FILTERS_MAX ? VT_EKEY : VT_ELIMIT,
		    n == VT_PDF_CRYPT_FILTERS_MAX ? "ISO 32000-2, 7.6.4"
						  : "ISO 32000-2, 7.6.2");
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_that_need_others_are_counted),
		cmocka_unit_test(bytes_of_an_object_are_counted),
		cmocka_unit_test(growth_of_a_stream_is_bounded),
		cmocka_unit_test(entries_are_counted),
		cmocka_unit_test(work_on_a_document_is_bounded),
		cmocka_unit_test(fields_are_counted),
		cmocka_unit_test(crypt_filters_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
