/* test_pdf_compare.c - what signatures cover, and what changed after them */
#include "test_pdf_build.h"

#include "vanthu/pdf_compare.h"

#define FILE_MAX (8u << 20)
#define HOLE 64 /* hexadecimal digits */

/* --- a document that is signed and updated by hand --- */

struct doc {
	struct vt_buf b;
	size_t xref;            /* the last section */
	size_t range, contents; /* of the last signature dictionary */
};

struct part {
	unsigned num;
	const char *body; /* NULL: freed */
};

/* Objects, a table that lists them, a trailer with KEYS. */
static void
update(struct doc *d, const struct part *parts, size_t n, const char *keys)
{
	size_t off[32], i, prev = d->xref;

	assert_true(n <= 32);
	for (i = 0; i < n; i++) {
		off[i] = d->b.len;
		if (parts[i].body == NULL)
			continue;
		vt_buf_printf(&d->b, "%u 0 obj\n%s\nendobj\n", parts[i].num,
		    parts[i].body);
	}
	d->xref = d->b.len;
	vt_buf_puts(&d->b, "xref\n");
	for (i = 0; i < n; i++)
		if (parts[i].body != NULL)
			vt_buf_printf(&d->b, "%u 1\n%010zu 00000 n \n",
			    parts[i].num, off[i]);
		else
			vt_buf_printf(&d->b, "%u 1\n%010u 00001 f \n",
			    parts[i].num, 0);
	vt_buf_puts(&d->b, "trailer\n<</Size 99 ");
	if (strstr(keys, "/Root") == NULL)
		vt_buf_puts(&d->b, "/Root 1 0 R/Info 8 0 R ");
	vt_buf_puts(&d->b, keys);
	if (prev != 0 && strstr(keys, "/Prev") == NULL)
		vt_buf_printf(&d->b, "/Prev %zu", prev);
	assert_int_equal(vt_buf_printf(&d->b, ">>\nstartxref\n%zu\n%%%%EOF\n",
			     d->xref),
	    VT_OK);
}

#define SIG(more)                                                              \
	"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" more  \
	"/ByteRange[0 0000000000 0000000000 0000000000]/Contents<"             \
	"00000000000000000000000000000000"                                     \
	"00000000000000000000000000000000>>>"

/* Put the numbers and some bytes into the last signature dictionary. */
static void
seal(struct doc *d)
{
	struct vt_bytes b = vt_buf_bytes(&d->b);
	char text[64];
	size_t at = 0, last = 0, a;

	while (
	    (at = vt_bytes_find(b, at, "/ByteRange[0 0000000000")) != SIZE_MAX)
		last = at++;
	assert_true(last > 0);
	a = vt_bytes_find(b, last, "/Contents<") + 9;
	snprintf(text, sizeof(text), "[0 %010zu %010zu %010zu]", a,
	    a + HOLE + 2, b.len - a - HOLE - 2);
	memcpy(d->b.data + last + 10, text, strlen(text));
	memcpy(d->b.data + a + 1, "30820123", 8);
	d->range = last;
	d->contents = a;
}

/* Page 3 with a font dictionary that leads to 50, which is not there. */
static const struct part base[] = {
	{ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>" },
	{ 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>" },
	{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
	     "/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R]>>" },
	{ 4, "<</Length 14>>\nstream\n0 0 m 10 10 l \nendstream" },
	{ 5, "<</Fields[6 0 R 9 0 R]/SigFlags 1>>" },
	{ 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)/Rect[0 0 0 0]/P 3 0 R"
	     "/V 7 0 R>>" },
	{ 7, SIG("") },
	{ 8, "<</Title(t)>>" },
	/* an empty field of its own, its widget apart */
	{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]>>" },
	{ 10, "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 0 0]"
	      "/P 3 0 R>>" },
	/* an array that a page might use, and nobody does */
	{ 11, "[6 0 R]" },
};
#define NBASE (sizeof(base) / sizeof(base[0]))

/* The base with the parts of MORE in place of its own, signed. */
static void
signed_doc(struct doc *d, const struct part *more, size_t nmore)
{
	struct part parts[32];
	size_t i, k, n = NBASE;

	memset(d, 0, sizeof(*d));
	vt_buf_init(&d->b, FILE_MAX);
	vt_buf_puts(&d->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	memcpy(parts, base, sizeof(base));
	for (i = 0; i < nmore; i++) {
		for (k = 0; k < n && parts[k].num != more[i].num; k++)
			;
		parts[k] = more[i];
		n += k == n;
	}
	update(d, parts, n, "");
	seal(d);
}

struct judged {
	struct vt_source *src;
	struct vt_pdf_signed *s;
	struct vt_error err;
};

static void
judge(struct judged *j, const struct doc *d)
{
	memset(j, 0, sizeof(*j));
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&d->b), &j->src, &j->err),
	    &j->err);
	assert_vt_ok(vt_pdf_signed_open(j->src, &j->s, &j->err), &j->err);
}

static void
judge_end(struct judged *j)
{
	vt_pdf_signed_free(j->s);
	vt_source_free(j->src);
}

/* Compare signature 0; those of INTACT (as bits) hold. */
static void
compare(struct judged *j, size_t i, unsigned intact,
    struct vt_pdf_comparison *ret)
{
	bool flags[VT_PDF_SIGNATURES_MAX] = { false };
	size_t k;

	for (k = 0; k < vt_pdf_signed_n(j->s); k++)
		flags[k] = (intact >> k & 1) != 0;
	memset(ret, 0, sizeof(*ret));
	assert_vt_ok(vt_pdf_signed_compare(j->s, i, flags, ret, &j->err),
	    &j->err);
}

#define assert_compared(d, intact, result, text)                               \
	compared(d, intact, result, text, __FILE__, __LINE__)

/* What is said of signature 0; TEXT is in one of the differences. */
static void
compared(const struct doc *d, unsigned intact, enum vt_pdf_compared result,
    const char *text, const char *file, int line)
{
	struct vt_pdf_comparison c;
	struct judged j;
	bool found = text == NULL;
	size_t i;

	judge(&j, d);
	assert_true(vt_pdf_signed_n(j.s) > 0);
	assert_true(vt_pdf_signed_at(j.s, 0)->sound);
	compare(&j, 0, intact, &c);
	for (i = 0; i < c.n && !found; i++)
		found = strstr(c.items[i].text, text) != NULL;
	if (c.result != result || !found ||
	    (c.n > 0) != (result == VT_PDF_CHANGED)) {
		print_error("result %d, not %d (%s); %s\n", (int)c.result,
		    (int)result, text != NULL ? text : "", c.reason);
		for (i = 0; i < c.n; i++)
			print_error("  %s\n", c.items[i].text);
		_fail(file, line);
	}
	vt_pdf_comparison_release(&c);
	judge_end(&j);
}

/* --- coverage --- */

static void
whole_file_is_covered(void **state)
{
	const struct vt_pdf_signature *p;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 1);
	assert_int_equal(vt_pdf_signed_strays(j.s), 0);
	p = vt_pdf_signed_at(j.s, 0);
	assert_true(p->sound);
	assert_null(p->code);
	assert_int_equal(p->covers, VT_PDF_COVERS_WHOLE);
	assert_int_equal(p->end, d.b.len);
	assert_string_equal(p->field->name, "One");
	assert_false(p->removed);
	judge_end(&j);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	assert_in_range(piece.len, 1, 65536);
	return vt_buf_bytes_put(ctx, piece);
}

/* The covered bytes are all but the gap, in order. */
static void
covered_bytes_are_handed_out(void **state)
{
	struct vt_buf got;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	judge(&j, &d);
	vt_buf_init(&got, FILE_MAX);
	assert_vt_ok(vt_pdf_signed_stream(j.s, 0, to_buf, &got, &j.err),
	    &j.err);
	judge_end(&j);
	assert_int_equal(got.len, d.b.len - HOLE - 2);
	assert_memory_equal(got.data, d.b.data, d.contents);
	assert_memory_equal(got.data + d.contents,
	    d.b.data + d.contents + HOLE + 2, got.len - d.contents);
	vt_buf_release(&got);
	vt_buf_release(&d.b);
}

static void
white_space_behind_is_nothing(void **state)
{
	static const char *const tails[] = { "\n", "\r\n\r\n", " ", "\n\n\n" };
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers,
		    VT_PDF_COVERS_REVISION);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
		vt_buf_release(&d.b);
	}
}

static void
bytes_behind_are_a_change(void **state)
{
	static const char *const tails[] = { "x", "4 0 obj null endobj\n",
		"%%EOF\n", "%\n" };
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		assert_compared(&d, 1, VT_PDF_CHANGED, NULL);
		vt_buf_release(&d.b);
	}
}

/* The numbers moved by hand: [0 a b c] with A, B, C added to each. */
static void
numbers_must_leave_out_contents_alone(void **state)
{
	static const struct {
		long from, a, b, c;
		const char *code;
	} cases[] = {
		{ 0, 0, 0, 0, NULL },
		{ 1, 0, 0, 0, "start" },
		{ 0, -1, 0, 0, "gap" },
		{ 0, 1, 0, 0, "gap" },
		{ 0, 0, 1, -1, "gap" },
		{ 0, 0, -1, 1, "gap" },
		{ 0, 0, 1, 0, "end" },
		{ 0, 0, 0, 1, "end" },
		{ 0, 0, 999999999, 0, "end" },
		{ 0, 0, 0, 8999999999, "end" },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vt_pdf_signature *p;
		struct judged j;
		char text[64];
		size_t end;

		signed_doc(&d, NULL, 0);
		end = d.contents + HOLE + 2;
		snprintf(text, sizeof(text), "[%ld %010ld %010ld %010ld]",
		    cases[i].from, (long)d.contents + cases[i].a,
		    (long)end + cases[i].b, (long)(d.b.len - end) + cases[i].c);
		memcpy(d.b.data + d.range + 10, text, strlen(text));
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		p = vt_pdf_signed_at(j.s, 0);
		if (cases[i].code == NULL) {
			assert_true(p->sound);
		} else {
			assert_false(p->sound);
			assert_string_equal(p->code, cases[i].code);
			assert_non_null(p->text);
			assert_non_null(p->clause);
			assert_vt_error(vt_pdf_signed_stream(j.s, 0, NULL, NULL,
					    &j.err),
			    &j.err, VT_EFORMAT);
		}
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

/* Universal forgeries: what /ByteRange and /Contents may also be. */
static void
odd_values_are_not_sound(void **state)
{
	static const struct {
		const char *sig;
		const char *code;
	} cases[] = {
		{ "<</Type/Sig>>", "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]>>", "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents<>>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents null>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents 1>>",
		    "no-contents" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents(0)>>",
		    "contents-place" },
		{ "<</Type/Sig/ByteRange[0 1 2 3]/Contents 12 0 R>>",
		    "contents-place" },
		{ "<</Type/Sig/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange null/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[]/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1]/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 -3]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 3 4 5]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 3.0]/Contents<30>>>",
		    "byte-range" },
		{ "<</Type/Sig/ByteRange 13 0 R/Contents<30>>>", "byte-range" },
		{ "<</Type/Sig/ByteRange[0 1 2 9223372036854775807]"
		  "/Contents<30>>>",
		    "end" },
		{ "<</Type/Sig/ByteRange[0 0 0 0]/Contents<30>>>", "gap" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct part more[] = { { 7, cases[i].sig },
			{ 12, "<30>" }, { 13, "[0 1 2 3]" } };
		struct judged j;
		struct doc d;
		struct part parts[32];
		size_t k;

		memset(&d, 0, sizeof(d));
		vt_buf_init(&d.b, FILE_MAX);
		vt_buf_puts(&d.b, "%PDF-1.7\n");
		memcpy(parts, base, sizeof(base));
		for (k = 0; k < 3; k++)
			parts[k == 0 ? 6 : NBASE + k - 1] = more[k];
		update(&d, parts, NBASE + 2, "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		assert_false(vt_pdf_signed_at(j.s, 0)->sound);
		assert_string_equal(vt_pdf_signed_at(j.s, 0)->code,
		    cases[i].code);
		judge_end(&j);
		vt_buf_release(&d.b);
	}
}

/* A signature whose bytes end before its revision does. */
static void
part_of_a_revision_is_not_a_revision(void **state)
{
	const struct vt_pdf_signature *p;
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	char text[64];
	size_t end;

	(void)state;
	signed_doc(&d, NULL, 0);
	end = d.contents + HOLE + 2;
	/* up to the signature dictionary's end alone */
	snprintf(text, sizeof(text), "[0 %010zu %010zu %010d]", d.contents, end,
	    10);
	memcpy(d.b.data + d.range + 10, text, strlen(text));
	judge(&j, &d);
	p = vt_pdf_signed_at(j.s, 0);
	assert_true(p->sound);
	assert_int_equal(p->covers, VT_PDF_COVERS_PART);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.result, VT_PDF_NOT_COMPARED);
	assert_true(c.reason[0] != '\0');
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* Bytes that no revision has, but the signature covers. */
static void
bytes_behind_the_revision_are_not_covered_as_one(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	vt_buf_puts(&d.b, "junk\n");
	memcpy(d.b.data + d.range + 10, "[0 0000000000 ", 14);
	seal(&d);
	judge(&j, &d);
	assert_true(vt_pdf_signed_at(j.s, 0)->sound);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->end, d.b.len);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers, VT_PDF_COVERS_PART);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* A dictionary that was signed, but was nobody's signature until later. */
static void
a_signature_must_be_in_its_own_revision(void **state)
{
	static const struct part none[] = {
		{ 5, "<</Fields[9 0 R]/SigFlags 1>>" }, { 6, "null" }
	};
	const struct vt_pdf_signature *p;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, none, 2);
	update(&d, base + 4, 2, ""); /* the form and the field as usual */
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 1);
	p = vt_pdf_signed_at(j.s, 0);
	assert_false(p->sound);
	assert_string_equal(p->code, "own-revision");
	assert_int_equal(p->end, 0);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* --- changes --- */

#define P(...)                                                                 \
	(const struct part[]){ __VA_ARGS__ },                                  \
	    sizeof((const struct part[]){ __VA_ARGS__ }) / sizeof(struct part)

static void
everything_that_changes_is_found(void **state)
{
	static const struct {
		struct part part;
		const char *keys;
		const char *text;
	} cases[] = {
		{ { 4, "<</Length 14>>\nstream\n0 0 m 90 10 l \nendstream" },
		    "", "object 4 was changed" },
		{ { 4, "<</Length 15>>\nstream\n0 0 m 10 10 l  \nendstream" },
		    "", "object 4 was changed" },
		{ { 4, NULL }, "", "object 4 was removed" },
		{ { 4, "null" }, "", "object 4 was removed" },
		{ { 4, "<</Length 14>>" }, "", "object 4 was changed" },
		{ { 4, "<</Length 99999>>\nstream\nx\nendstream" }, "",
		    "object 4 cannot be read" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 12 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R]>>" },
		    "", "object 3 was changed: /Contents" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R]>>" },
		    "", "object 3 was changed: /Annots" },
		{ { 2, "<</Type/Pages/Kids[3 0 R 12 0 R]/Count 2>>" }, "",
		    "object 2 was changed: /Kids" },
		{ { 1, "<</Type/Catalog/Pages 12 0 R/AcroForm 5 0 R>>" }, "",
		    "object 1 was changed: /Pages" },
		{ { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
		       "/OpenAction 12 0 R>>" },
		    "", "object 1 was changed: /OpenAction" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 1>>" }, "",
		    "object 5 was changed: /Fields" },
		{ { 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)"
		       "/Rect[0 0 99 99]/P 3 0 R/V 7 0 R>>" },
		    "", "object 6 was changed: /Rect" },
		{ { 8, "<</Title(other)>>" }, "", "object 8 was changed" },
		{ { 10, "[1 0 R]" }, "", "object 10 was changed" },
		{ { 11, "[7 0 R]" }, "", "object 11 was changed" },
		{ { 50, "<</Type/Font>>" }, "", "object 50" },
		{ { 12, "1" }, "/Root 12 0 R/Info 8 0 R",
		    "the trailer was changed: /Root" },
		{ { 12, "1" }, "/Root 1 0 R/Info 12 0 R",
		    "the trailer was changed: /Info" },
		{ { 12, "1" }, "/Root 1 0 R", "the trailer has lost /Info" },
		{ { 12, "1" }, "/Root 1 0 R/Info 8 0 R/Encrypt 12 0 R",
		    "the trailer was changed: /Encrypt" },
		{ { 12, "1" }, "/Root 1 0 R/Info 8 0 R/Odd 12 0 R",
		    "the trailer was changed: /Odd" },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, NULL, 0);
		update(&d, &cases[i].part, 1, cases[i].keys);
		assert_compared(&d, 1, VT_PDF_CHANGED, cases[i].text);
		/* The same as a further revision behind an innocent one. */
		vt_buf_release(&d.b);
		signed_doc(&d, NULL, 0);
		update(&d, P({ 60, "(innocent)" }), "");
		update(&d, &cases[i].part, 1, cases[i].keys);
		assert_compared(&d, 1, VT_PDF_CHANGED, cases[i].text);
		vt_buf_release(&d.b);
	}
}

static void
the_page_of_a_change_is_told(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, P({ 3, "<</Type/Page/Parent 2 0 R>>" }), "");
	judge(&j, &d);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.total, 1);
	assert_int_equal(c.items[0].code, VT_PDF_D_CHANGED);
	assert_int_equal(c.items[0].ref.num, 3);
	assert_int_equal(c.items[0].page, 0);
	assert_int_equal(c.items[0].end, d.b.len);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
what_nobody_reaches_is_no_change(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	/* new objects; an old one written again, spelled otherwise */
	update(&d,
	    P({ 60, "<</Type/Whatever/R 3 0 R>>" },
		{ 2, "<< /Count 1 /Type /Pages /Kids [ 3 0 R ] >>" },
		{ 4, "<</Length 14>>\nstream\n0 0 m 10 10 l \nendstream" },
		{ 61, NULL }),
	    "/Root 1 0 R/Info 8 0 R/ID[(a)(b)]");
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* A later section whose /Prev steps over the signed one. */
static void
a_chain_that_leaves_the_signed_out_is_found(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	char prev[64];
	struct doc d;
	size_t first, i;

	(void)state;
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	/* revision 0: another page; revision 1: the signed one */
	update(&d, base, NBASE, "");
	first = d.xref;
	update(&d, P({ 7, SIG("/Name(x)") }), "");
	seal(&d);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	snprintf(prev, sizeof(prev), "/Prev %zu", first);
	update(&d, P({ 7, SIG("/Name(x)") }), prev);
	/* the dictionary is another now, the old one is found by its bytes */
	judge(&j, &d);
	for (i = 0;
	     i < vt_pdf_signed_n(j.s) && !vt_pdf_signed_at(j.s, i)->sound; i++)
		;
	assert_true(i < vt_pdf_signed_n(j.s));
	assert_true(vt_pdf_signed_at(j.s, i)->removed);
	compare(&j, i, 1u << i, &c);
	assert_int_equal(c.result, VT_PDF_CHANGED);
	assert_int_equal(c.items[0].code, VT_PDF_D_REMOVED);
	assert_int_equal(c.items[1].code, VT_PDF_D_CHAIN);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* An entry of the signed table leads behind the signed bytes. */
static void
an_object_that_appears_behind_is_found(void **state)
{
	struct doc d;
	struct part parts[16];
	size_t at, xref;
	char entry[32];

	(void)state;
	/* 50 is promised at an offset that the signer's file has not */
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	memcpy(parts, base, sizeof(base));
	parts[NBASE] = (struct part){ 50, "<</Type/Font>>" };
	update(&d, parts, NBASE + 1, "");
	at = vt_bytes_find(vt_buf_bytes(&d.b), d.xref, "50 1\n") + 5;
	snprintf(entry, sizeof(entry), "%010zu", d.b.len);
	memcpy(d.b.data + at, entry, 10);
	seal(&d);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	xref = d.xref;
	/* no new section: the same startxref, and the object before it */
	vt_buf_printf(&d.b,
	    "50 0 obj\n<</Type/Font/Other true>>\nendobj\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    xref);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 50");
	vt_buf_release(&d.b);
}

static void
an_unreadable_later_revision_is_found(void **state)
{
	static const char *const tails[] = {
		"startxref\n1\n%%EOF\n",
		"startxref\n99999999\n%%EOF\n",
		"xref\nrubbish\nstartxref\n",
		"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
	};
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		signed_doc(&d, NULL, 0);
		vt_buf_puts(&d.b, tails[i]);
		judge(&j, &d);
		assert_null(vt_pdf_signed_pdf(j.s));
		assert_int_not_equal(vt_pdf_signed_damage(j.s)->code, VT_OK);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_CHANGED, "cannot be read");
		vt_buf_release(&d.b);
	}
}

static void
a_signature_taken_out_is_seen_still(void **state)
{
	static const struct part cases[][2] = {
		{ { 5, "<</Fields[9 0 R]/SigFlags 1>>" }, { 60, "1" } },
		{ { 1, "<</Type/Catalog/Pages 2 0 R>>" }, { 60, "1" } },
		{ { 6, "<</FT/Sig/T(One)>>" }, { 60, "1" } },
		{ { 7, "null" }, { 60, "1" } },
		{ { 6, NULL }, { 7, NULL } },
	};
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		signed_doc(&d, NULL, 0);
		update(&d, cases[i], 2, "");
		judge(&j, &d);
		assert_int_equal(vt_pdf_signed_n(j.s), 1);
		assert_true(vt_pdf_signed_at(j.s, 0)->removed);
		assert_int_equal(vt_pdf_signed_strays(j.s), 0);
		judge_end(&j);
		assert_compared(&d, 1, VT_PDF_CHANGED, "removed");
		vt_buf_release(&d.b);
	}
}

/* /ByteRange in bytes that are no signature's. */
static void
strays_are_counted(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d,
	    P({ 60, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>>>" },
		{ 61, "(/ByteRange[0 10 20 30])" }));
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 1);
	assert_int_equal(vt_pdf_signed_strays(j.s), 2);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* --- later signatures --- */

/* A second signature's revision: a new field 12 (widget), its value 13. */
static const struct part second_new[] = {
	{ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[9 9 99 99]"
	      "/P 3 0 R/V 13 0 R/AP<</N 14 0 R>>>>" },
	{ 13, SIG("/Name(two)") },
	{ 14, "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>\nstream\nq"
	      "\nendstream" },
	{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" },
	{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
	     "/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R 12 0 R]>>" },
};

static void
an_intact_later_signature_excuses_itself(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 2);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers,
	    VT_PDF_COVERS_REVISION);
	assert_int_equal(vt_pdf_signed_at(j.s, 1)->covers, VT_PDF_COVERS_WHOLE);
	assert_string_equal(vt_pdf_signed_at(j.s, 1)->field->name, "Two");
	judge_end(&j);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	/* but only where it is intact */
	assert_compared(&d, 1, VT_PDF_CHANGED, "/Annots");
	/* and only up to its own end */
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
		    "/Rect[0 0 500 500]/P 3 0 R/V 13 0 R>>" }),
	    "");
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 12 was changed");
	vt_buf_release(&d.b);
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d,
	    P({ 3,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
		"/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R 12 0 R 12 0 R]"
		">>" }),
	    "");
	assert_compared(&d, 3, VT_PDF_CHANGED, "/Annots");
	vt_buf_release(&d.b);
	/* an array that is no page's may not grow by its widget */
	signed_doc(&d, NULL, 0);
	update(&d,
	    P(second_new[0], second_new[1], second_new[2], second_new[3],
		{ 11, "[6 0 R 12 0 R]" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 11");
	vt_buf_release(&d.b);
}

static void
an_empty_field_may_be_filled(void **state)
{
	static const struct part fill[] = {
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
		{ 10, "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 9 9]"
		      "/P 3 0 R/AP<</N 14 0 R>>>>" },
		{ 13, SIG("") },
		{ 14, "<</Length 1>>\nstream\nq\nendstream" },
	};
	static const struct {
		unsigned num;
		const char *body;
	} bad[] = {
		{ 9, "<</FT/Sig/T(Other)/Kids[10 0 R]/V 13 0 R>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R 15 0 R]/V 13 0 R>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R/AA<<>>>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R/Ff 1>>" },
		{ 10,
		    "<</Type/Annot/Subtype/FreeText/Parent 9 0 R/Rect[0 0 9 9]"
		    "/P 3 0 R/AP<</N 14 0 R>>>>" },
		{ 10, "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[0 0 9 9]"
		      "/P 3 0 R/AP<</N 14 0 R>>>>" },
	};
	struct part parts[4];
	struct doc d;
	size_t i, k;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, fill, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 9 was changed: /V");
	vt_buf_release(&d.b);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(parts, fill, sizeof(fill));
		for (k = 0; k < 4; k++)
			if (parts[k].num == bad[i].num)
				parts[k].body = bad[i].body;
		signed_doc(&d, NULL, 0);
		update(&d, parts, 4, "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "was changed");
		vt_buf_release(&d.b);
	}
}

/* What a second signature brings along and is not its own. */
static void
a_later_signature_excuses_nothing_else(void **state)
{
	static const struct {
		struct part part; /* in place of its own, or besides */
		const char *text;
	} cases[] = {
		{ { 4, "<</Length 14>>\nstream\n0 0 m 90 10 l \nendstream" },
		    "object 4" },
		{ { 8, "<</Title(t)/ModDate(D:2026)>>" }, "object 8" },
		{ { 50, "<</Type/Font>>" }, "object 50" },
		{ { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
		       "/DSS<<>>>>" },
		    "object 1 was changed: /DSS" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3"
		       "/NeedAppearances true>>" },
		    "object 5" },
		{ { 5, "<</Fields[9 0 R 12 0 R]/SigFlags 3>>" }, "object 5" },
		{ { 5, "<</Fields[9 0 R 6 0 R 12 0 R]/SigFlags 3>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R 15 0 R]/SigFlags 3>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 16 0 R>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3"
		       "/Fields[6 0 R 9 0 R 12 0 R]>>" },
		    "object 5" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents[4 0 R 16 0 R]/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R]>>" },
		    "object 3 was changed: /Contents" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R 15 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R 12 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[12 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R<</Subtype/Widget>>]>>" },
		    "object 3 was changed: /Annots" },
		{ { 11, "[6 0 R 12 0 R]" }, "object 11" },
		{ { 7, SIG("") }, "" }, /* the first one's own value */
		/* a widget that is text on the page */
		{ { 12, "<</Type/Annot/Subtype/FreeText/FT/Sig/T(Two)"
			"/Rect[9 9 99 99]/P 3 0 R/V 13 0 R>>" },
		    "/Annots" },
	};
	struct part parts[6];
	struct doc d;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(parts, second_new, sizeof(second_new));
		n = 5;
		for (k = 0; k < 5; k++)
			if (parts[k].num == cases[i].part.num)
				break;
		if (k < 5) {
			parts[k] = cases[i].part;
		} else { /* first, so that the seal finds its own */
			memmove(parts + 1, parts, 5 * sizeof(parts[0]));
			parts[0] = cases[i].part;
			n = 6;
		}
		signed_doc(&d, NULL, 0);
		update(&d, parts, n, "");
		seal(&d);
		if (cases[i].part.num == 7) {
			struct vt_pdf_comparison c;
			struct judged j;

			judge(&j, &d);
			compare(&j, 0, 7, &c);
			assert_int_equal(c.result, VT_PDF_CHANGED);
			vt_pdf_comparison_release(&c);
			judge_end(&j);
		} else {
			assert_compared(&d, 3, VT_PDF_CHANGED, cases[i].text);
		}
		vt_buf_release(&d.b);
	}
}

/* Forms and annotations that are objects, or that there were none of. */
static void
arrays_may_be_objects_of_their_own(void **state)
{
	static const struct part indirect[] = {
		{ 5, "<</Fields 20 0 R/SigFlags 3>>" },
		{ 20, "[6 0 R 9 0 R]" },
		{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		     "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		     "/Annots 21 0 R>>" },
		{ 21, "[6 0 R]" },
	};
	static const struct part added[] = {
		{ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		      "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") },
		{ 20, "[6 0 R 9 0 R 12 0 R]" },
		{ 21, "[6 0 R 12 0 R]" },
	};
	struct part parts[4];
	struct doc d;

	(void)state;
	signed_doc(&d, indirect, 4);
	update(&d, added, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 20");
	vt_buf_release(&d.b);
	/* the arrays exchanged for others */
	memcpy(parts, added, sizeof(parts));
	parts[3].body = "[12 0 R]";
	signed_doc(&d, indirect, 4);
	update(&d, parts, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 21");
	vt_buf_release(&d.b);
	/* direct before, an object now; an object before, direct now */
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") }, { 5, "<</Fields 20 0 R/SigFlags 3>>" },
		{ 20, "[6 0 R 9 0 R 12 0 R]" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
	signed_doc(&d, indirect, 4);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") },
		{ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3"
		     "/Fields[6 0 R 9 0 R 12 0 R]>>>>" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* A field made empty in one revision and signed in the next. */
static void
a_field_may_be_made_before_it_is_signed(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R>>" },
		{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" }),
	    "");
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 5");
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, NULL);
	vt_buf_release(&d.b);
}

/* Three in a row, and what each allows the ones before it. */
static void
steps_are_judged_by_who_closed_them(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d,
	    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 17 0 R>>" },
		{ 17, SIG("/Name(three)") }),
	    "");
	seal(&d);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 3);
	for (i = 0; i < 3; i++) {
		compare(&j, i, 7, &c);
		assert_int_equal(c.result, VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	/* The last one broken: for all before it something has changed. */
	for (i = 0; i < 3; i++) {
		compare(&j, i, 3, &c);
		assert_int_equal(c.result,
		    i < 2 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	/* The middle one broken: changed for the first, not for itself. */
	for (i = 0; i < 3; i++) {
		compare(&j, i, 5, &c);
		assert_int_equal(c.result,
		    i < 1 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* 12.8.2.2: certified, and no change is allowed, not even a signature. */
static void
a_certification_may_forbid_even_signatures(void **state)
{
	static const struct {
		int p;
		enum vt_pdf_compared result;
	} cases[] = { { 1, VT_PDF_CHANGED }, { 2, VT_PDF_UNCHANGED },
		{ 3, VT_PDF_UNCHANGED } };
	static const char *const sigs[] = {
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 1>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 2>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 3>>>>]"),
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		signed_doc(&d, P({ 7, sigs[i] }));
		update(&d, second_new, 5, "");
		seal(&d);
		assert_compared(&d, 3, cases[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

/* --- limits --- */

static void
differences_are_counted_beyond_the_list(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	size_t n = VT_PDF_DIFFERENCES_MAX + 10, i, first;

	(void)state;
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	update(&d, base, NBASE, "");
	/* many small objects in two tables, before and after a signature */
	for (first = 0; first < 2; first++) {
		size_t *off = calloc(n, sizeof(*off)), prev = d.xref;

		for (i = 0; i < n; i++) {
			off[i] = d.b.len;
			vt_buf_printf(&d.b, "%zu 0 obj\n(%zu)\nendobj\n",
			    100 + i, i + first);
		}
		d.xref = d.b.len;
		vt_buf_printf(&d.b, "xref\n100 %zu\n", n);
		for (i = 0; i < n; i++)
			vt_buf_printf(&d.b, "%010zu 00000 n \n", off[i]);
		vt_buf_printf(&d.b,
		    "trailer\n<</Size %zu/Root 1 0 R/Info 8 0 R/Prev %zu>>\n"
		    "startxref\n%zu\n%%%%EOF\n",
		    100 + n, prev, d.xref);
		free(off);
		if (first == 0) {
			update(&d, P({ 7, SIG("/Name(x)") }), "");
			seal(&d);
		}
	}
	judge(&j, &d);
	compare(&j, 0, 1, &c);
	assert_int_equal(c.result, VT_PDF_CHANGED);
	assert_int_equal(c.n, VT_PDF_DIFFERENCES_MAX);
	assert_int_equal(c.total, n);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

/* What cannot be looked at is never "unchanged". */
static void
what_cannot_be_read_is_not_compared(void **state)
{
	static const struct part odd[] = {
		/* 50 lies in an object stream with a filter nobody knows */
		{ 30, "<</Type/ObjStm/N 1/First 5/Filter/NoSuch/Length 7>>\n"
		      "stream\n50 0 (x\nendstream" },
	};
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	unsigned char row[] = { 2, 0, 30, 0 };
	size_t at;

	(void)state;
	signed_doc(&d, odd, 1);
	/* a further section, a stream, which lists 50 as lying in 30 */
	at = d.b.len;
	vt_buf_printf(&d.b,
	    "40 0 obj\n<</Type/XRef/Size 99/W[1 2 1]/Index[50 1]/Length 4"
	    "/Root 1 0 R/Info 8 0 R/Prev %zu>>\nstream\n",
	    d.xref);
	vt_buf_put(&d.b, row, sizeof(row));
	vt_buf_printf(&d.b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    at);
	judge(&j, &d);
	assert_non_null(vt_pdf_signed_pdf(j.s));
	compare(&j, 0, 1, &c);
	assert_int_not_equal(c.result, VT_PDF_UNCHANGED);
	if (c.result == VT_PDF_NOT_COMPARED)
		assert_true(c.reason[0] != '\0');
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
unsound_is_not_compared(void **state)
{
	const bool intact[1] = { true };
	struct vt_pdf_comparison c = { 0 };
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	memcpy(d.b.data + d.range + 10, "[1 ", 3);
	judge(&j, &d);
	assert_vt_error(vt_pdf_signed_compare(j.s, 0, intact, &c, &j.err),
	    &j.err, VT_EARG);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
what_is_no_pdf_is_refused(void **state)
{
	static const char *const files[] = { "", "x", "%PDF-1.7\n",
		"%PDF-1.7\nstartxref\n5\n%%EOF\n" };
	struct vt_pdf_signed *s = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct vt_error err = { 0 };
		struct vt_source *src = NULL;

		assert_vt_ok(vt_source_bytes(vt_bytes_str(files[i]), &src,
				 &err),
		    &err);
		assert_vt_error(vt_pdf_signed_open(src, &s, &err), &err,
		    VT_EFORMAT);
		assert_null(s);
		vt_source_free(src);
	}
}

/* Truncation and single bytes: no crash, and what is cut is never whole. */
static void
cut_and_changed_files_are_survived(void **state)
{
	struct doc d;
	size_t i, step;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	for (step = 0; step < 2; step++)
		for (i = 0; i < d.b.len; i++) {
			unsigned char *copy = malloc(d.b.len);
			const bool intact[8] = { true, true };
			struct vt_source *src = NULL;
			struct vt_pdf_signed *s = NULL;
			struct vt_error err = { 0 };
			size_t len = step == 0 ? i : d.b.len, k;

			memcpy(copy, d.b.data, len);
			if (step == 1)
				copy[i] ^= 0x11;
			assert_vt_ok(vt_source_bytes(VT_BYTES(copy, len), &src,
					 &err),
			    &err);
			if (vt_pdf_signed_open(src, &s, &err) == VT_OK)
				for (k = 0; k < vt_pdf_signed_n(s); k++) {
					struct vt_pdf_comparison c = { 0 };

					if (!vt_pdf_signed_at(s, k)->sound)
						continue;
					assert_vt_ok(vt_pdf_signed_compare(s, k,
							 intact, &c, &err),
					    &err);
					vt_pdf_comparison_release(&c);
				}
			vt_pdf_signed_free(s);
			vt_source_free(src);
			free(copy);
		}
	vt_buf_release(&d.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_file_is_covered),
		cmocka_unit_test(covered_bytes_are_handed_out),
		cmocka_unit_test(white_space_behind_is_nothing),
		cmocka_unit_test(bytes_behind_are_a_change),
		cmocka_unit_test(numbers_must_leave_out_contents_alone),
		cmocka_unit_test(odd_values_are_not_sound),
		cmocka_unit_test(part_of_a_revision_is_not_a_revision),
		cmocka_unit_test(
		    bytes_behind_the_revision_are_not_covered_as_one),
		cmocka_unit_test(a_signature_must_be_in_its_own_revision),
		cmocka_unit_test(everything_that_changes_is_found),
		cmocka_unit_test(the_page_of_a_change_is_told),
		cmocka_unit_test(what_nobody_reaches_is_no_change),
		cmocka_unit_test(a_chain_that_leaves_the_signed_out_is_found),
		cmocka_unit_test(an_object_that_appears_behind_is_found),
		cmocka_unit_test(an_unreadable_later_revision_is_found),
		cmocka_unit_test(a_signature_taken_out_is_seen_still),
		cmocka_unit_test(strays_are_counted),
		cmocka_unit_test(an_intact_later_signature_excuses_itself),
		cmocka_unit_test(an_empty_field_may_be_filled),
		cmocka_unit_test(a_later_signature_excuses_nothing_else),
		cmocka_unit_test(arrays_may_be_objects_of_their_own),
		cmocka_unit_test(a_field_may_be_made_before_it_is_signed),
		cmocka_unit_test(steps_are_judged_by_who_closed_them),
		cmocka_unit_test(a_certification_may_forbid_even_signatures),
		cmocka_unit_test(differences_are_counted_beyond_the_list),
		cmocka_unit_test(what_cannot_be_read_is_not_compared),
		cmocka_unit_test(unsound_is_not_compared),
		cmocka_unit_test(what_is_no_pdf_is_refused),
		cmocka_unit_test(cut_and_changed_files_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
