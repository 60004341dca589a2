/* test_pdf_compare_repair.c - updates that make readers look for another file
 *
 * What was added and is not referred to may be another document's catalog and
 * pages.  A reader that repairs the file takes the last trailer it sees, one
 * that trusts what a linearized file says of itself the first.
 */
#include "test_pdf_compare_valid.h"

#define NO VT_PDF_NOT_COMPARED
#define YES VT_PDF_UNCHANGED
#define OTHER "trailer\n<</Size 99/Root 30 0 R>>\n"

/* BODY, a table with ENTRIES, a trailer, BEHIND, the end. */
static void
append(struct doc *d, const char *body, const char *entries, const char *behind)
{
	size_t at;

	vt_buf_puts(&d->b, body);
	at = d->b.len;
	vt_buf_printf(&d->b,
	    "xref\n41 1\n0000000000 65535 f \n%strailer\n<</Size 99/Root 1 0 R"
	    "/Info 8 0 R/Prev %zu>>\n%sstartxref\n%zu\n%%%%EOF\n",
	    entries, d->xref, behind, at);
	d->xref = at;
}

/* One text that a case has in its place, and what becomes of it. */
struct row {
	const char *text;
	enum vt_pdf_compared result;
};

/* Of each row a document that is signed, and what ADD does to it. */
static void
try_rows(const struct row *rows, size_t n,
    void (*add)(struct doc *d, const char *text))
{
	struct doc d;
	size_t i;

	for (i = 0; i < n; i++) {
		print_message("row %zu\n", i);
		signed_doc(&d, NULL, 0);
		add(&d, rows[i].text);
		assert_compared(&d, 1, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
}
#define TRY(rows, add) try_rows(rows, sizeof(rows) / sizeof((rows)[0]), add)

static void
add_entries(struct doc *d, const char *text)
{
	append(d, "", text, "");
}

static void
add_before(struct doc *d, const char *text)
{
	append(d, text, "", "");
}

static void
add_behind(struct doc *d, const char *text)
{
	append(d, "", "", text);
}

static void
listed_objects_are_there(void **state)
{
	static const struct row rows[] = {
		{ "", YES }, { "40 1\n0000000000 00000 f \n", YES },
		{ "40 1\n0000000000 00007 f \n", YES },
		{ "40 1\n9999999999 00000 n \n", NO },
		{ "40 1\n0000099999 00000 n \n", NO },
		{ "40 1\n0000000000 00000 n \n", YES }, /* free, for all */
		{ "0 1\n0000099999 00000 n \n", NO },
		{ "40 1\n0000000003 00000 n \n", NO },
		{ "40 1\n0000000015 00000 n \n", NO }, /* object 1 */
	};

	(void)state;
	TRY(rows, add_entries);
}

/* An update that is a cross-reference stream, object 20, and one row more. */
static void
append_stream(struct doc *d, unsigned type, unsigned where, unsigned index)
{
	unsigned char rows[2][6] = { { 0 } };
	size_t at = d->b.len;

	rows[0][0] = 1;
	rows[0][3] = (unsigned char)(at >> 8);
	rows[0][4] = (unsigned char)at;
	rows[1][0] = (unsigned char)type;
	rows[1][3] = (unsigned char)(where >> 8);
	rows[1][4] = (unsigned char)where;
	rows[1][5] = (unsigned char)index;
	vt_buf_printf(&d->b,
	    "20 0 obj\n<</Type/XRef/W[1 4 1]/Index[20 1 40 1]/Size 99"
	    "/Root 1 0 R/Info 8 0 R/Prev %zu/Length %zu>>stream\n",
	    d->xref, sizeof(rows));
	vt_buf_put(&d->b, rows, sizeof(rows));
	vt_buf_printf(&d->b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    at);
}

static void
objects_in_streams_are_there(void **state)
{
	static const struct {
		unsigned type, where, index;
		enum vt_pdf_compared result;
	} rows[] = {
		{ 0, 0, 0, YES }, { 2, 24, 0, YES }, { 2, 24, 1, NO },
		{ 2, 41, 0, NO },   /* nothing */
		{ 2, 40, 0, NO },   /* itself */
		{ 2, 4, 0, NO },    /* another stream */
		{ 2, 1, 0, NO },    /* no stream */
		{ 1, 60000, 0, NO } /* beyond the end */
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("row %zu\n", i);
		signed_doc(&d,
		    P({ 24, "<</Type/ObjStm/N 1/First 5/Length 7>>\nstream\n"
			    "40 0 10\nendstream" }));
		append_stream(&d, rows[i].type, rows[i].where, rows[i].index);
		assert_compared(&d, 1, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

static void
only_sections_have_trailers(void **state)
{
	static const struct row rows[] = {
		{ "% a comment\n", YES },
		{ "% a trailer that is a word\n", YES },
		{ "%trailer\n", YES },
		{ "%trailers <<>>\n", YES },
		{ "%etrailer <<>>\n", YES },
		{ "%trailer <</Root 30 0 R>>\n", NO },
		{ OTHER, NO },
		{ "trailer<</Root 30 0 R>>\n", NO },
		{ "%trailer %c\n%c\r <</Root 30 0 R>>\n", NO },
		{ "(trailer\n<</Root 30 0 R>>)\n", NO },
	};
	struct vt_buf far;
	struct doc d;
	size_t i, k;

	(void)state;
	TRY(rows, add_behind);
	TRY(rows, add_before);
	/* wherever it is cut when looked at */
	for (i = 65536 - 1100; i < 65536 + 100; i += 13) {
		vt_buf_init(&far, FILE_MAX);
		for (k = 0; k + 1 < i; k++)
			vt_buf_putc(&far, '%');
		vt_buf_puts(&far, "\n" OTHER);
		vt_buf_putc(&far, '\0');
		signed_doc(&d, NULL, 0);
		add_before(&d, (const char *)far.data);
		assert_compared(&d, 1, NO, NULL);
		vt_buf_release(&d.b);
		vt_buf_release(&far);
	}
}

static void
the_end_follows_the_trailer(void **state)
{
	static const struct row rows[] = {
		{ "\n\n \r\n", YES },
		{ "% a comment\r% and one more\n", YES },
		{ "-\n", NO },
		{ "5\n", NO },
		{ "(x)\n", NO },
		{ "<</Root 30 0 R>>\n", NO },
	};

	(void)state;
	TRY(rows, add_behind);
}

#define XREF(more)                                                             \
	"<</Type/XRef/Size 9/W[1 1 1]/Index[0 0]/Length 0" more ">>\n"         \
	"stream\n\nendstream"

/* A cross-reference stream with TEXT that no section leads to. */
static void
add_stream(struct doc *d, const char *text)
{
	char body[256];

	snprintf(body, sizeof(body), XREF("%s"), text);
	update(d, P({ 40, body }), "");
}

static void
streams_that_pass_for_trailers(void **state)
{
	static const struct row rows[] = {
		{ "/Root 1 0 R", YES },
		{ "/Root 30 0 R", NO },
		{ "", NO },
		{ "/Root 1 0 R/Encrypt 30 0 R", NO },
	};
	struct doc d;

	(void)state;
	TRY(rows, add_stream);
	/* Only the last section's own number may be used anew. */
	signed_doc(&d, P({ 40, XREF("/Root 1 0 R") }));
	add_stream(&d, "/Root 1 0 R/X 1");
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 40");
	vt_buf_release(&d.b);
}

/* A signature field that is empty, with TEXT. */
static void
add_field(struct doc *d, const char *text)
{
	char body[256];

	snprintf(body, sizeof(body),
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/P 3 0 R"
	    "/Rect[0 0 0 0]%s>>",
	    text);
	update(d,
	    P({ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 1>>" },
		{ 12, body }),
	    "");
}

/* "#00" ends a name for some, "#5z" is "P" for others. */
static void
names_that_readers_read_differently(void **state)
{
	static const struct row rows[] = {
		{ "/TU(x)", YES },
		{ "/T#55(x)", YES },
		{ "/TU#(x)", YES },
		{ "/TU#z5(x)", YES },
		{ "/Rect#00[9 9 99 99]", NO },
		{ "/A#5z<</N 14 0 R>>", NO },
		{ "/TU/A#5", NO },
	};

	(void)state;
	TRY(rows, add_field);
}

/* --- files that say that they are linearized (F.3.3) --- */

static const struct part second_page[] = {
	{ 2, "<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>" },
	{ 20, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>" },
};

/* VALUE in ten digits, SKIP bytes behind where MARK stands. */
static void
put_number(struct doc *d, const char *mark, size_t skip, size_t value)
{
	size_t at = vt_bytes_find(vt_buf_bytes(&d->b), 0, mark);
	char text[32];

	assert_true(at != SIZE_MAX);
	snprintf(text, sizeof(text), "%010zu", value);
	memcpy(d->b.data + at + skip, text, 10);
}

/* The end leads to the first section, at SEC, and that to the second. */
static void
make_pair(struct doc *d, size_t sec)
{
	put_number(d, "/Prev 0000000000", 6, d->xref);
	while (memcmp(d->b.data + d->b.len - 10, "startxref\n", 10) != 0)
		d->b.len--;
	d->b.data[d->b.len] = '\0';
	vt_buf_printf(&d->b, "%zu\n%%%%EOF\n", sec);
	d->xref = sec;
}

/*
 * Object 30, which says that it is, with its section, then all else; EXTRA is
 * what is added to the length that it tells.
 */
static void
linearized(struct doc *d, const char *keys, int extra, bool pair)
{
	struct part parts[NBASE + 1];
	size_t at, sec, i;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n");
	at = d->b.len;
	vt_buf_printf(&d->b,
	    "30 0 obj\n<</Linearized 1/L 0000000000/H[0 0]/E 0/T 0%s>>\n"
	    "endobj\n",
	    keys);
	sec = d->b.len;
	if (pair)
		vt_buf_printf(&d->b,
		    "xref\n30 1\n%010zu 00000 n \ntrailer\n<</Size 99/Root 1 0 "
		    "R/Info 8 0 R/Prev 0000000000>>\nstartxref\n%zu\n"
		    "%%%%EOF\n",
		    at, sec);
	for (i = 0; i < NBASE; i++)
		parts[i] = base[i].num == 2 ? second_page[0] : base[i];
	parts[NBASE] = second_page[1];
	update(d, parts, NBASE + 1, "");
	if (pair)
		make_pair(d, sec);
	put_number(d, "/L 0", 3, (size_t)((long long)d->b.len + extra));
	seal(d);
}

static void
what_a_linearized_file_says(void **state)
{
	static const struct {
		const char *keys;
		int extra;
		bool pair;
		enum vt_pdf_compared result;
	} rows[] = {
		{ "/O 3/N 2", 0, true, YES },
		{ "/O 3/N 2/P 0", 0, true, YES },
		{ "/O 20/N 2", 0, true, NO },
		{ "/O 3/N 1", 0, true, NO },
		{ "/O 3/N 2/P 1", 0, true, NO },
		{ "/N 2", 0, true, NO },
		{ "/O 3", 0, true, NO },
		{ "/O 3/N 2", 0, false, NO }, /* where is its section? */
		/* of another length: nobody believes it */
		{ "/O 20/N 1", 1, true, YES },
	};
	int more = 9999;
	struct doc d;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("row %zu\n", i);
		linearized(&d, rows[i].keys, rows[i].extra, rows[i].pair);
		assert_compared(&d, 1, rows[i].result, NULL);
		update(&d, P({ 40, "(x)" }), "");
		assert_compared(&d, 1, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
	/* it is that of the file only with what came later */
	linearized(&d, "/O 20/N 1", 0, true);
	len = d.b.len;
	vt_buf_release(&d.b);
	for (i = 0; i < 2; i++) {
		linearized(&d, "/O 20/N 1", more, true);
		update(&d, P({ 40, "(x)" }), "");
		more = (int)(d.b.len - len);
		assert_compared(&d, 1, i == 0 ? YES : NO, NULL);
		vt_buf_release(&d.b);
	}
}

/* --- and what their hint tables say of the other pages (F.4.1) --- */

/* Objects 1 and 60 are pages, 21 is the catalog. */
static const struct part hinted[] = {
	{ 21, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>" },
	{ 1, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>" },
	{ 60, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>" },
};

/* A page offset hint table: LEAST objects a page, and MORE in 8 bits each. */
static void
put_hints(struct doc *d, unsigned least, const unsigned char more[3],
    size_t cut)
{
	unsigned char b[39] = { 0 };

	b[3] = (unsigned char)least;
	b[9] = 8;
	memcpy(b + 36, more, 3);
	vt_buf_printf(&d->b, "31 0 obj\n<</S 39/Length %zu>>\nstream\n",
	    sizeof(b) - cut);
	vt_buf_put(&d->b, b, sizeof(b) - cut);
	vt_buf_puts(&d->b, "\nendstream\nendobj\n");
}

/* The same with three pages and a table of hints. */
static void
with_hints(struct doc *d, const char *pages, unsigned least,
    const unsigned char more[3], size_t cut)
{
	struct part parts[NBASE + 4];
	size_t at, sec, hints, i, n = 0;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n");
	at = d->b.len;
	vt_buf_puts(&d->b, "30 0 obj\n<</Linearized 1/L 0000000000"
			   "/H[0000000000 99]/E 0/T 0/O 3/N 3>>\nendobj\n");
	sec = d->b.len;
	vt_buf_printf(&d->b,
	    "xref\n30 2\n%010zu 00000 n \n0000000000 00000 n \ntrailer\n"
	    "<</Size 99/Root 21 0 R/Info 8 0 R/Prev 0000000000>>\n"
	    "startxref\n0\n%%%%EOF\n",
	    at);
	hints = d->b.len;
	put_hints(d, least, more, cut);
	for (i = 0; i < NBASE; i++)
		if (base[i].num > 2)
			parts[n++] = base[i];
	parts[n++] = (struct part){ 2, pages };
	for (i = 0; i < sizeof(hinted) / sizeof(hinted[0]); i++)
		parts[n++] = hinted[i];
	update(d, parts, n, "/Root 21 0 R/Info 8 0 R");
	make_pair(d, sec);
	put_number(d, "/L 0", 3, d->b.len);
	put_number(d, "/H[0", 3, hints);
	put_number(d, "\n0000000000 00000 n ", 1, hints);
	seal(d);
}

static void
what_hint_tables_say(void **state)
{
#define PAGES(kids) "<</Type/Pages/Kids[" kids "]/Count 3>>"
	static const struct {
		const char *pages;
		unsigned least;
		unsigned char more[3];
		size_t cut; /* bytes of the table that are missing */
		enum vt_pdf_compared result;
	} rows[] = {
		{ PAGES("3 0 R 1 0 R 60 0 R"), 59, { 0 }, 0, YES },
		{ PAGES("3 0 R 1 0 R 60 0 R"), 50, { 1, 9, 200 }, 0, YES },
		{ PAGES("3 0 R 60 0 R 1 0 R"), 59, { 0 }, 0, NO },
		{ PAGES("3 0 R 1 0 R 60 0 R"), 50, { 9, 8, 9 }, 0, NO },
		{ PAGES("3 0 R 1 0 R 60 0 R"), 59, { 0 }, 2, NO },
		{ PAGES("3 0 R 1 0 R 60 0 R"), 59, { 0 }, 10, NO },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("row %zu\n", i);
		with_hints(&d, rows[i].pages, rows[i].least, rows[i].more,
		    rows[i].cut);
		assert_compared(&d, 1, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_objects_are_there),
		cmocka_unit_test(objects_in_streams_are_there),
		cmocka_unit_test(only_sections_have_trailers),
		cmocka_unit_test(the_end_follows_the_trailer),
		cmocka_unit_test(streams_that_pass_for_trailers),
		cmocka_unit_test(names_that_readers_read_differently),
		cmocka_unit_test(what_a_linearized_file_says),
		cmocka_unit_test(what_hint_tables_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
