/* test_pdf_object.c - objects: ISO 32000-2, 7.3, and the text they stand in */
#include "test_pdf_build.h"

#include "vanthu/time.h"

/* A file whose object 5 is BODY. */
static void
with_object(struct build *p, const char *body)
{
	build_begin(p, "");
	build_page(p);
	build_object(p, 5, body);
	build_table(p, 0, 5, "/Root 1 0 R");
}

static void
object_bad(const char *body, enum vt_code code, const char *clause)
{
	struct build p;
	struct open o;

	with_object(&p, body);
	open_ok(&o, &p, VT_PDF_TOLERANT);
	get_fails(&o, 5, code, clause);
	if (code == VT_EFORMAT) {
		assert_true(has_finding(&o, VT_PDF_F_OBJECT, true));
		assert_int_equal(vt_pdf_ndamage(o.pdf), 1);
	}
	assert_int_equal(get(&o, 4)->type, VT_PDF_STREAM); /* still usable */
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
strings_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *value;
		size_t len;
	} cases[] = {
		{ "(abc)", "abc", 3 },
		{ "()", "", 0 },
		{ "(a(b)c)", "a(b)c", 5 },
		{ "(a\\(b\\)\\\\c)", "a(b)\\c", 6 },
		{ "(\\n\\r\\t\\b\\f)", "\n\r\t\b\f", 5 },
		{ "(\\101\\1012\\60x\\7)", "AA20x\a", 6 },
		{ "(\\777)", "\xff", 1 },
		{ "(a\\\nb)", "ab", 2 },
		{ "(a\\\r\nb)", "ab", 2 },
		{ "(a\\\rb)", "ab", 2 },
		{ "(a\r\nb\rc\nd)", "a\nb\nc\nd", 7 },
		{ "(\\q)", "q", 1 },
		{ "(%no comment)", "%no comment", 11 },
		{ "<48 65\n6C6c6F>", "Hello", 5 },
		{ "<901FA>", "\x90\x1f\xa0", 3 },
		{ "<>", "", 0 },
	};
	const struct vt_pdf_obj *s;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_object(&p, cases[i].text);
		open_ok(&o, &p, VT_PDF_STRICT);
		s = get(&o, 5);
		assert_int_equal(s->type, VT_PDF_STRING);
		assert_int_equal(s->hex, cases[i].text[0] == '<');
		assert_bytes_equal(s->u.string,
		    VT_BYTES(cases[i].value, cases[i].len));
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

/* Longer than any window, digits and white space at every place of it. */
static void
long_strings_are_read(void **state)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	unsigned char *value = malloc(20000);
	struct build p;
	struct open o;
	struct vt_buf b;
	size_t step, i, n;

	(void)state;
	assert_non_null(value);
	for (step = 0; step < 70; step++) {
		vt_buf_init(&b, BUILD_MAX);
		vt_buf_putc(&b, '<');
		for (i = n = 0; i < 12001 + step % 2; i++) {
			int c = hex[(i * 7 + step) % 22];
			int v = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

			if (step > 1 && i % (step * 13) == step)
				vt_buf_puts(&b, step % 3 == 0 ? " " : "\r\n");
			vt_buf_putc(&b, c);
			if (i % 2 == 0)
				value[n++] = (unsigned char)(v << 4);
			else
				value[n - 1] |= (unsigned char)v;
		}
		vt_buf_putc(&b, '>');
		with_object(&p, vt_buf_str(&b));
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_bytes_equal(get(&o, 5)->u.string, VT_BYTES(value, n));
		open_close(&o);
		vt_buf_release(&p.b);
		/* the same with a character that does not belong */
		b.data[1 + step * 97] = 'g';
		with_object(&p, vt_buf_str(&b));
		open_ok(&o, &p, VT_PDF_TOLERANT);
		get_fails(&o, 5, VT_EFORMAT, NULL);
		open_close(&o);
		vt_buf_release(&p.b);
		/* as a literal string, and as a name */
		vt_buf_reset(&b);
		vt_buf_putc(&b, '(');
		for (i = 0; i < 9000; i++)
			vt_buf_puts(&b, i % (step + 50) == step ? "\\(" : "x");
		vt_buf_putc(&b, ')');
		with_object(&p, vt_buf_str(&b));
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_int_equal(get(&o, 5)->u.string.len, 9000);
		open_close(&o);
		vt_buf_release(&p.b);
		vt_buf_reset(&b);
		vt_buf_putc(&b, '/');
		for (i = 0; i < 9000; i++)
			vt_buf_puts(&b, i % (step + 50) == step ? "#2f" : "x");
		with_object(&p, vt_buf_str(&b));
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_int_equal(get(&o, 5)->u.name.len, 9000);
		open_close(&o);
		vt_buf_release(&p.b);
		vt_buf_release(&b);
	}
	free(value);
}

/* Objects are found again, in whatever order they were loaded and left. */
static void
rewinding_forgets_what_it_should(void **state)
{
	enum { N = 1500 };
	size_t *off = calloc(N, sizeof(*off)), mark[8], i, k, xref;
	struct vt_buf b;
	struct open o;

	(void)state;
	assert_non_null(off);
	vt_buf_init(&b, BUILD_MAX);
	vt_buf_puts(&b, "%PDF-1.7\n");
	for (i = 1; i < N; i++) {
		off[i] = b.len;
		/* every tenth is a stream that needs another object */
		if (i % 10 == 0)
			vt_buf_printf(&b,
			    "%zu 0 obj\n<</N %zu/Length %zu 0 R>>\nstream\nx\n"
			    "endstream\nendobj\n",
			    i, i, i - 1);
		else
			vt_buf_printf(&b, "%zu 0 obj\n%zu\nendobj\n", i,
			    i % 10 == 9 ? 1 : i);
	}
	xref = b.len;
	vt_buf_printf(&b, "xref\n0 %d\n0000000000 65535 f \n", N);
	for (i = 1; i < N; i++)
		vt_buf_printf(&b, "%010zu 00000 n \n", off[i]);
	vt_buf_printf(&b,
	    "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n"
	    "%%%%EOF\n",
	    N, xref);
	assert_vt_ok(open_bytes(&o, vt_buf_bytes(&b), VT_PDF_TOLERANT), &o.err);
	for (k = 0; k < 200; k++) {
		size_t depth = 0, left = k * 37 % 1400;

		for (i = 0; i < left; i++) {
			size_t num = 1 + (i * 251 + k * 17) % (N - 1);
			const struct vt_pdf_obj *v;

			if (i % 200 == 0 && depth < 8)
				mark[depth++] = vt_pdf_mark(o.pdf);
			v = get(&o, (unsigned)num);
			if (num % 10 == 0)
				v = vt_pdf_find(v, "N");
			assert_non_null(v);
			assert_int_equal(v->u.integer,
			    num % 10 == 9 ? 1 : (int64_t)num);
			if (i % 311 == 310)
				vt_pdf_rewind(o.pdf, mark[--depth]);
			if (depth == 0)
				mark[depth++] = vt_pdf_mark(o.pdf);
		}
		vt_pdf_rewind(o.pdf, 0);
	}
	open_close(&o);
	vt_buf_release(&b);
	free(off);
}

static void
numbers_are_read(void **state)
{
	static const struct {
		const char *text;
		enum vt_pdf_type type;
		int64_t integer;
		double real;
	} cases[] = {
		{ "0", VT_PDF_INT, 0, 0 },
		{ "+17", VT_PDF_INT, 17, 0 },
		{ "-98", VT_PDF_INT, -98, 0 },
		{ "007", VT_PDF_INT, 7, 0 },
		{ "9223372036854775807", VT_PDF_INT, INT64_MAX, 0 },
		{ "9223372036854775808", VT_PDF_REAL, 0, 9223372036854775808. },
		{ "-9223372036854775809", VT_PDF_REAL, 0,
		    -9223372036854775809. },
		{ "99999999999999999999999999", VT_PDF_REAL, 0, 1e26 },
		{ "34.5", VT_PDF_REAL, 0, 34.5 },
		{ "-.002", VT_PDF_REAL, 0, -.002 },
		{ "4.", VT_PDF_REAL, 0, 4 },
		{ "+123.6", VT_PDF_REAL, 0, 123.6 },
	};
	const struct vt_pdf_obj *v;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_object(&p, cases[i].text);
		open_ok(&o, &p, VT_PDF_STRICT);
		v = get(&o, 5);
		assert_int_equal(v->type, cases[i].type);
		if (v->type == VT_PDF_INT) {
			assert_true(v->u.integer == cases[i].integer);
		} else {
			assert_float_equal((float)v->u.real.value,
			    (float)cases[i].real, (float)(cases[i].real / 1e6));
			assert_bytes_str(v->u.real.text, cases[i].text);
		}
		open_close(&o);
		vt_buf_release(&p.b);
	}
}

static void
names_are_read(void **state)
{
	const struct vt_pdf_obj *v;
	struct build p;
	struct open o;

	(void)state;
	with_object(&p, "[/A#42C/ /#00x/a.b-c_d*e true false null 7 0 R]");
	open_ok(&o, &p, VT_PDF_STRICT);
	v = get(&o, 5);
	assert_int_equal(v->u.array.n, 8);
	assert_true(vt_pdf_is_name(&v->u.array.items[0], "ABC"));
	assert_true(vt_pdf_is_name(&v->u.array.items[1], ""));
	assert_bytes_equal(v->u.array.items[2].u.name, VT_BYTES("\0x", 2));
	assert_false(vt_pdf_is_name(&v->u.array.items[2], ""));
	assert_true(v->u.array.items[4].u.boolean);
	assert_int_equal(v->u.array.items[6].type, VT_PDF_NULL);
	assert_int_equal(v->u.array.items[7].u.ref.num, 7);
	assert_int_equal(vt_pdf_nfindings(o.pdf), 1);
	assert_true(has_finding(&o, VT_PDF_F_NAME, false)); /* of #00 */
	open_close(&o);
	vt_buf_release(&p.b);

	with_object(&p, "/a#g1");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_true(vt_pdf_is_name(get(&o, 5), "a#g1"));
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	assert_false(has_finding(&o, VT_PDF_F_NAME, false));
	open_close(&o);
	vt_buf_release(&p.b);

	with_object(&p, "/a#5g"); /* "aP" for some */
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_true(vt_pdf_is_name(get(&o, 5), "a#5g"));
	assert_true(has_finding(&o, VT_PDF_F_NAME, false));
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
positions_are_those_of_the_file(void **state)
{
	static const char body[] = "<< /Contents <0011>/ByteRange [ 0 1 2 3 ] "
				   "/R 12 0 R/S(x) >>";
	const struct vt_pdf_obj *v;
	struct vt_buf text;
	struct build p;
	struct open o;
	size_t at, i;

	(void)state;
	build_begin(&p, "junk before\n"); /* positions count from byte 0 */
	build_page(&p);
	build_object(&p, 5, body);
	build_table(&p, 0, 5, "/Root 1 0 R");
	open_ok(&o, &p, VT_PDF_STRICT);
	at = vt_bytes_find(vt_buf_bytes(&p.b), 0, body);
	v = get(&o, 5);
	assert_int_equal(v->start, at);
	assert_int_equal(v->end, at + strlen(body));
	assert_int_equal(vt_pdf_find(v, "Contents")->start,
	    at + (size_t)(strstr(body, "<0011>") - body));
	assert_int_equal(vt_pdf_find(v, "Contents")->end,
	    vt_pdf_find(v, "Contents")->start + 6);
	assert_int_equal(vt_pdf_find(v, "R")->end,
	    vt_pdf_find(v, "R")->start + 6);
	for (i = 0; i < v->u.dict.n; i++)
		assert_int_equal(p.b.data[v->u.dict.entries[i].key_start], '/');
	vt_buf_init(&text, 100);
	assert_vt_ok(vt_pdf_source_text(o.pdf, vt_pdf_find(v, "ByteRange"),
			 &text, &o.err),
	    &o.err);
	assert_string_equal(vt_buf_str(&text), "[ 0 1 2 3 ]");
	vt_buf_release(&text);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
broken_objects_are_refused(void **state)
{
	(void)state;
	object_bad("(abc", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("<414x>", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("[1 2", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("[1 2>>", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("<</A 1]", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("]", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad(">>", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("> ", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("{1}", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("nonsense", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("--5", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("1.2.3", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("1e5", VT_EFORMAT, "ISO 32000-2, 7.3");
	object_bad("<</A>>", VT_EFORMAT, "ISO 32000-2, 7.3.7");
	object_bad("<<1 2>>", VT_EFORMAT, "ISO 32000-2, 7.3.7");
	object_bad("[R]", VT_EFORMAT, "ISO 32000-2, 7.3.10");
	object_bad("[1 R]", VT_EFORMAT, "ISO 32000-2, 7.3.10");
	object_bad("[-1 0 R]", VT_EFORMAT, "ISO 32000-2, 7.3.10");
	object_bad("[1 65536 R]", VT_EFORMAT, "ISO 32000-2, 7.3.10");
	object_bad("[9223372036854775808 0 R]", VT_EFORMAT,
	    "ISO 32000-2, 7.3.10");
	object_bad("[(a) (b) R]", VT_EFORMAT, "ISO 32000-2, 7.3.10");
}

static void
nesting_has_a_limit(void **state)
{
	char *body = malloc(300001);
	struct build p;
	struct open o;

	(void)state;
	assert_non_null(body);
	memset(body, '[', VT_PDF_DEPTH_MAX);
	memset(body + VT_PDF_DEPTH_MAX, ']', VT_PDF_DEPTH_MAX);
	body[2 * VT_PDF_DEPTH_MAX] = '\0';
	with_object(&p, body);
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->type, VT_PDF_ARRAY);
	assert_true(vt_pdf_equal(get(&o, 5), get(&o, 5)));
	open_close(&o);
	vt_buf_release(&p.b);

	memset(body, '[', 300000);
	body[300000] = '\0';
	object_bad(body, VT_ELIMIT, "");
	memset(body, '(', 300000); /* parentheses cost nothing but an end */
	object_bad(body, VT_EFORMAT, "ISO 32000-2, 7.3");
	free(body);
}

static void
duplicate_keys_are_refused_or_found(void **state)
{
	struct build p;
	struct open o;

	(void)state;
	with_object(&p, "<</A 1/B 2/A 3>>");
	open_ok(&o, &p, VT_PDF_STRICT);
	get_fails(&o, 5, VT_EFORMAT, "ISO 32000-2, 7.3.7");
	open_close(&o);
	open_ok(&o, &p, VT_PDF_TOLERANT);
	assert_int_equal(vt_pdf_find(get(&o, 5), "A")->u.integer, 3);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, true));
	open_close(&o);
	vt_buf_release(&p.b);

	with_object(&p, "<</A[1(x)]/B 2/#41 [1 <78>]>>");
	open_ok(&o, &p, VT_PDF_STRICT);
	assert_int_equal(get(&o, 5)->u.dict.n, 3);
	assert_true(has_finding(&o, VT_PDF_F_OBJECT, false));
	assert_int_equal(vt_pdf_ndamage(o.pdf), 0);
	open_close(&o);
	vt_buf_release(&p.b);
}

static void
equality_is_of_values(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "(AB)", "<4142>", true },
		{ "<</A 1/B[/x 2 0 R]>>", "<</B [/#78 2 0 R] /A 1>>", true },
		{ "<</A 1/B null>>", "<</A 1>>", true },
		{ "<</A 1>>", "<</A 1/B 2>>", false },
		{ "<</A 1>>", "<</B 1>>", false },
		{ "[1 2]", "[2 1]", false },
		{ "[1 2]", "[1 2 3]", false },
		{ "1", "1.0", false },
		{ "1.50", "1.5", true },
		{ "9223372036854775808", "9223372036854775809", false },
		{ "2 0 R", "2 1 R", false },
		{ "/A", "(A)", false },
		{ "null", "false", false },
	};
	struct build p[2];
	struct open o[2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_object(&p[0], cases[i].a);
		with_object(&p[1], cases[i].b);
		open_ok(&o[0], &p[0], VT_PDF_STRICT);
		open_ok(&o[1], &p[1], VT_PDF_STRICT);
		assert_int_equal(vt_pdf_equal(get(&o[0], 5), get(&o[1], 5)),
		    cases[i].equal);
		assert_int_equal(vt_pdf_equal(get(&o[1], 5), get(&o[0], 5)),
		    cases[i].equal);
		open_close(&o[0]);
		open_close(&o[1]);
		vt_buf_release(&p[0].b);
		vt_buf_release(&p[1].b);
	}
}

static void
text_strings_become_utf8(void **state)
{
	static const struct {
		const char *string;
		size_t len;
		const char *utf8;
	} cases[] = {
		{ "plain", 5, "plain" },
		{ "\xfe\xff\x1e\xb7\x00\x61", 6, "\u1eb7a" },
		{ "\xff\xfe\xb7\x1e\x61\x00", 6, "\u1eb7a" },
		{ "\xfe\xff\xd8\x3d\xde\x00", 6, "\U0001F600" },
		{ "\xfe\xff\xd8\x3d\x00\x61", 6, "\uFFFDa" },
		{ "\xfe\xff\x00", 3, "\uFFFD" },
		{ "\xfe\xff\x00\x1b\x00\x76\x00\x69\x00\x1b\x00\x61", 12, "a" },
		{ "\xef\xbb\xbf\xe1\xba\xb7", 6, "\u1eb7" },
		{ "\xef\xbb\xbf\xff", 4, "\uFFFD" },
		{ "\x80\xa0\x18\x9f\xe9", 5, "\u2022\u20ac\u02d8\uFFFD\u00e9" },
		{ "a\0b", 3, "a\uFFFDb" },
		{ "\xfe\xff\x00\x00", 4, "\uFFFD" },
	};
	struct vt_buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_buf_init(&out, 100);
		assert_int_equal(vt_pdf_text(VT_BYTES(cases[i].string,
						 cases[i].len),
				     &out),
		    VT_OK);
		assert_string_equal(vt_buf_str(&out), cases[i].utf8);
		assert_int_equal(out.len, strlen(cases[i].utf8));
		vt_buf_release(&out);
	}
}

static void
text_strings_are_written(void **state)
{
	static const char *const texts[] = { "plain", "a(b\\c)d", "",
		"Nguy\u1ec5n V\u0103n A", "\U0001F600", "tab\there" };
	struct vt_buf body, back;
	struct build p;
	struct open o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		vt_buf_init(&body, 1000);
		vt_buf_init(&back, 1000);
		assert_int_equal(vt_pdf_text_put(&body, texts[i]), VT_OK);
		with_object(&p, vt_buf_str(&body));
		open_ok(&o, &p, VT_PDF_STRICT);
		assert_int_equal(vt_pdf_text(get(&o, 5)->u.string, &back),
		    VT_OK);
		assert_string_equal(vt_buf_str(&back), texts[i]);
		open_close(&o);
		vt_buf_release(&p.b);
		vt_buf_release(&body);
		vt_buf_release(&back);
	}
	vt_buf_init(&body, 1000);
	assert_int_equal(vt_pdf_text_put(&body, "\u1eb7"), VT_OK);
	assert_string_equal(vt_buf_str(&body), "<FEFF1EB7>");
	vt_buf_release(&body);
}

static void
dates_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *utc; /* NULL: no date */
	} cases[] = {
		{ "D:20261123091530+07'00'", "2026-11-23T02:15:30Z" },
		{ "D:20261123091530+07'00", "2026-11-23T02:15:30Z" },
		{ "D:20261123091530Z", "2026-11-23T09:15:30Z" },
		{ "D:20261123091530Z00'00'", "2026-11-23T09:15:30Z" },
		{ "D:20261123091530-0330", "2026-11-23T12:45:30Z" },
		{ "D:2026", "2026-01-01T00:00:00Z" },
		{ "20261123", "2026-11-23T00:00:00Z" },
		{ "D:20240229", "2024-02-29T00:00:00Z" },
		{ "D:20230229", NULL },
		{ "D:20261323", NULL },
		{ "D:20261132", NULL },
		{ "D:2026112324", NULL },
		{ "D:202611230", NULL },
		{ "D:20261123091530X", NULL },
		{ "D:20261123091530+25'00'", NULL },
		{ "D:20261123091530+07'00'x", NULL },
		{ "D:", NULL },
		{ "", NULL },
	};
	char out[VT_TIME_TEXT];
	int64_t t = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vt_pdf_date_parse(vt_bytes_str(cases[i].text),
				     &t),
		    cases[i].utc != NULL);
		if (cases[i].utc != NULL)
			assert_string_equal(vt_time_utc(t, out), cases[i].utc);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_read),
		cmocka_unit_test(long_strings_are_read),
		cmocka_unit_test(rewinding_forgets_what_it_should),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(positions_are_those_of_the_file),
		cmocka_unit_test(broken_objects_are_refused),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(duplicate_keys_are_refused_or_found),
		cmocka_unit_test(equality_is_of_values),
		cmocka_unit_test(text_strings_become_utf8),
		cmocka_unit_test(text_strings_are_written),
		cmocka_unit_test(dates_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
