/* test_pdf_compare_strict.c - updates that readers who repair would read
 * otherwise
 */
#include "test_pdf_compare.h"

/* The parts of an update without objects, each of which may be odd. */
struct tail {
	const char *what;
	const char *before, *xref, *table, *trailer, *keys, *start, *eof;
	int off; /* what is added to the offset */
	enum vt_pdf_compared result;
};

static const char * or (const char *s, const char *otherwise)
{
	return s != NULL ? s : otherwise;
}

static void
append(struct doc *d, const struct tail *t)
{
	size_t at;

	vt_buf_puts(&d->b, or (t->before, ""));
	at = d->b.len;
	vt_buf_puts(&d->b, or (t->xref, "xref\n"));
	vt_buf_puts(&d->b, or (t->table, "0 1\n0000000000 65535 f \n"));
	vt_buf_puts(&d->b, or (t->trailer, "trailer\n"));
	vt_buf_printf(&d->b, "<</Root 1 0 R/Info 8 0 R/Prev %zu %s>>", d->xref,
	    or (t->keys, "/Size 99"));
	vt_buf_printf(&d->b, or (t->start, "\nstartxref\n%zu\n"),
	    (size_t)((long long)at + t->off));
	vt_buf_puts(&d->b, or (t->eof, "%%EOF\n"));
	d->xref = at;
}

#define NO VT_PDF_NOT_COMPARED
#define YES VT_PDF_UNCHANGED
#define BLANKS50 "                                                  "
#define BLANKS200 BLANKS50 BLANKS50 BLANKS50 BLANKS50
#define BLANKS1000 BLANKS200 BLANKS200 BLANKS200 BLANKS200 BLANKS200

static const struct tail tails[] = {
	{ .what = "as it must be", .result = YES },
	{ .what = "a larger /Size", .keys = "/Size 500", .result = YES },
	{ .what = "no more than there are", .keys = "/Size 12", .result = YES },
	{ .what = "lines end with CR LF",
	    .xref = "xref\r\n",
	    .table = "0 1\r\n0000000000 65535 f\r\n",
	    .result = YES },
	{ .what = "spaces at ends of lines",
	    .xref = "xref \n",
	    .table = "0 1 \n0000000000 65535 f \n",
	    .result = YES },
	{ .what = "an offset to the line end before",
	    .before = "\n",
	    .off = -1,
	    .result = YES },
	{ .what = "some lines behind the end",
	    .eof = "%%EOF\n\n\r\n \n",
	    .result = YES },

	{ .what = "/Size without the catalog", .keys = "/Size 1" },
	{ .what = "/Size without the last", .keys = "/Size 11" },
	{ .what = "/Size 0", .keys = "/Size 0" },
	{ .what = "/Size less than that", .keys = "/Size -1" },
	{ .what = "no /Size", .keys = "" },
	{ .what = "/Size by reference", .keys = "/Size 11 0 R" },
	{ .what = "/Size as a real", .keys = "/Size 99.0" },
	{ .what = "/Size beyond all readers", .keys = "/Size 2147483648" },
	{ .what = "two lines of offset", .before = "\n\n", .off = -2 },
	{ .what = "an offset to spaces", .before = "  ", .off = -2 },
	{ .what = "xref and nothing behind", .xref = "xref" },
	{ .what = "a comment behind xref", .xref = "xref%c\n" },
	{ .what = "no subsection", .table = "" },
	{ .what = "a comment in a subsection",
	    .table = "0 1 %c\n0000000000 65535 f \n" },
	{ .what = "signs", .table = "+0 +1\n0000000000 65535 f \n" },
	{ .what = "all on a line", .table = "0 1 0000000000 65535 f " },
	{ .what = "entries of 19 bytes", .table = "0 1\n0000000000 65535 f\n" },
	{ .what = "a comment behind startxref",
	    .start = "\nstartxref %%c\n%zu\n" },
	{ .what = "a sign behind startxref", .start = "\nstartxref\n+%zu\n" },
	{ .what = "the end is far from the end", .eof = BLANKS1000 "%%EOF\n" },
	{ .what = "blanks behind the end", .eof = "%%EOF\n" BLANKS1000 },
	{ .what = "no %%EOF", .eof = "" },
};

static void
what_is_appended_is_read_to_the_letter(void **state)
{
	size_t i;
	struct doc d;

	(void)state;
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		signed_doc(&d, NULL, 0);
		append(&d, &tails[i]);
		print_message("%s\n", tails[i].what);
		assert_compared(&d, 1, tails[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

/* An update that is a cross-reference stream, object 20, and nothing else. */
static void
append_stream(struct doc *d, const char *head, const char *index, size_t nrows,
    const char *keyword)
{
	unsigned char rows[3][6] = { { 0, 0, 0, 0, 0, 0xff } };
	size_t at = d->b.len, i;

	for (i = 1; i < 3; i++) {
		rows[i][0] = 1;
		rows[i][3] = (unsigned char)(at >> 8);
		rows[i][4] = (unsigned char)at;
	}
	assert_true(at < 65536);
	vt_buf_printf(&d->b,
	    "%s<</Type/XRef/W[1 4 1]%s/Size 99/Root 1 0 R/Info 8 0 R/Prev %zu"
	    "/Length %zu>>%s",
	    head, index, d->xref, 6 * nrows, keyword);
	vt_buf_put(&d->b, rows, 6 * nrows);
	vt_buf_printf(&d->b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    at);
	d->xref = at;
}

static void
cross_reference_streams_are_too(void **state)
{
	static const struct {
		const char *head, *index, *keyword;
		size_t n;
		enum vt_pdf_compared result;
	} rows[] = {
		{ "20 0 obj\n", "/Index[0 1 20 1]", "stream\n", 2, YES },
		{ "20 0 obj", "/Index[0 1 20 1]", "\nstream\r\n", 2, YES },
		{ "20 0 obj", "/Index[]", "\nstream\n", 0, NO },
		{ "20 0 obj", "/Index[0 1 9 0 20 1]", "\nstream\n", 2, NO },
		{ "20 0 obj", "/Index[0 1 20 1]", "\nstream\n", 3, NO },
		{ "20 0 obj", "/Index[0 1 20 1]", "\nstream\t\n", 2, NO },
		{ "20 0 obj", "/Index[0 1 20 2]", "\nstream\n", 2, NO },
		{ "0 0 obj", "/Index[0 1]", "\nstream\n", 1, NO },
		{ "20  0 obj", "/Index[0 1 20 1]", "\nstream\n", 2, NO },
		{ "20 %c\n0 obj", "/Index[0 1 20 1]", "\nstream\n", 2,
		    VT_PDF_CHANGED },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		signed_doc(&d, NULL, 0);
		append_stream(&d, rows[i].head, rows[i].index, rows[i].n,
		    rows[i].keyword);
		print_message("row %zu\n", i);
		assert_compared(&d, 1, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

/* Such a section in the middle is still on readers' way; its /Size is not. */
static void
a_section_in_the_middle_counts_too(void **state)
{
	static const struct tail odd = { .table = "" };
	static const struct tail small = { .keys = "/Size 1" };
	static const struct tail plain = { .what = "" };
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	append(&d, &odd);
	append(&d, &plain);
	assert_compared(&d, 1, NO, NULL);
	vt_buf_release(&d.b);
	signed_doc(&d, NULL, 0);
	append(&d, &small);
	append(&d, &plain);
	assert_compared(&d, 1, YES, NULL);
	vt_buf_release(&d.b);
}

/* Behind the signed bytes alone, without any update. */
static void
the_end_is_not_moved_out_of_sight(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	vt_buf_puts(&d.b, "\n");
	assert_compared(&d, 1, YES, NULL);
	vt_buf_puts(&d.b, BLANKS1000);
	assert_compared(&d, 1, NO, NULL);
	vt_buf_release(&d.b);
}

/* However many there are before, there is room for one more. */
static void
differences_of_steps_and_of_the_end_add_up(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct part parts[12];
	struct doc d;
	unsigned n, i;

	(void)state;
	for (n = 1; n <= 12; n++) {
		for (i = 0; i < n; i++)
			parts[i] = (struct part){ 60 + i, "(before)" };
		signed_doc(&d, parts, n);
		for (i = 0; i < n; i++)
			parts[i].body = "(after)";
		update(&d, parts, n, "");
		vt_buf_puts(&d.b, "what nobody knows");
		judge(&j, &d);
		compare(&j, 0, 1, &c);
		assert_int_equal(c.result, VT_PDF_CHANGED);
		assert_int_equal(c.n, n + 1);
		assert_int_equal(c.total, n + 1);
		assert_non_null(strstr(c.items[n].text, "at the end"));
		assert_non_null(strstr(c.items[0].text, "object 60"));
		vt_pdf_comparison_release(&c);
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

/* The same value, and yet some see another. */
static void
an_object_that_is_written_oddly(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 4, "<</Length 14>>\nstream\n0 0 m 10 10 l \nendstream" }), "");
	assert_compared(&d, 1, YES, NULL);
	vt_buf_release(&d.b);
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 4, "<</Length 14>>\nstream\t\n0 0 m 10 10 l \nendstream" }),
	    "");
	assert_compared(&d, 1, NO, NULL);
	vt_buf_release(&d.b);
	signed_doc(&d, NULL, 0);
	update(&d, P({ 11, "[6 0 R] 5" }), "");
	assert_compared(&d, 1, NO, NULL);
	vt_buf_release(&d.b);
}

/* A listed object that nothing refers to holds others, for who repairs. */
static void
no_object_hides_in_another(void **state)
{
	static const char *const hidden[] = {
		"\n4 0 obj\n<</Length 5>>\nstream\n1 1 m\nendstream\nendobj\n",
		"4 0 obj null endobj",
		"4  0\r\nobj\nnull\nendobj",
		"4 0 %c\nobj null endobj",
		"4 0 % 1\r% 2\robj<<>>",
		"4 0obj<<>>",
	};
	static const char *const harmless[] = {
		"5 objects, 0 objections",
		"an obj is no object",
		"0 1 2 objx",
	};
	char body[256];
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		snprintf(body, sizeof(body),
		    "<</Length %zu>>\nstream\n%s\nendstream", strlen(hidden[i]),
		    hidden[i]);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 20, body }), "");
		assert_compared(&d, 1, VT_PDF_CHANGED, "in no list of objects");
		vt_buf_release(&d.b);
		snprintf(body, sizeof(body), "(%s)", hidden[i]);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 20, body }), "");
		assert_compared(&d, 1, VT_PDF_CHANGED, "in no list of objects");
		vt_buf_release(&d.b);
	}
	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		snprintf(body, sizeof(body), "(%s)", harmless[i]);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 20, body }), "");
		assert_compared(&d, 1, YES, NULL);
		vt_buf_release(&d.b);
	}
}

/* Wherever it lies in a long one: pieces are looked at one by one. */
static void
no_object_hides_between_two_pieces(void **state)
{
	static const char head[] = "\n4 0 obj\nnull\nendobj\n";
	const size_t len = 140000;
	char *body = malloc(len + 64), *data;
	struct doc d;
	size_t at;
	int n;

	(void)state;
	assert_non_null(body);
	n = snprintf(body, 64, "<</Length %zu>>\nstream\n", len - 64);
	data = body + n;
	for (at = 64000; at < 66600; at += 13) {
		memset(data, 'x', len - 64);
		memcpy(data + at, head, strlen(head));
		memcpy(data + len - 64, "\nendstream", 11);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 20, body }), "");
		assert_compared(&d, 1, VT_PDF_CHANGED, "in no list of objects");
		vt_buf_release(&d.b);
	}
	memset(data, 'x', len - 64);
	signed_doc(&d, NULL, 0);
	update(&d, P({ 20, body }, { 21, "null" }, { 22, "[]" }), "");
	assert_compared(&d, 1, YES, NULL);
	vt_buf_release(&d.b);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_appended_is_read_to_the_letter),
		cmocka_unit_test(cross_reference_streams_are_too),
		cmocka_unit_test(a_section_in_the_middle_counts_too),
		cmocka_unit_test(the_end_is_not_moved_out_of_sight),
		cmocka_unit_test(differences_of_steps_and_of_the_end_add_up),
		cmocka_unit_test(an_object_that_is_written_oddly),
		cmocka_unit_test(no_object_hides_in_another),
		cmocka_unit_test(no_object_hides_between_two_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
