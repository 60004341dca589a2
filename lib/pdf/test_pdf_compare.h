/* test_pdf_compare.h - documents signed, updated and compared by hand */
#ifndef TEST_PDF_COMPARE_H
#define TEST_PDF_COMPARE_H

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
static inline void
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
static inline void
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
static inline void
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

#define P(...)                                                                 \
	(const struct part[]){ __VA_ARGS__ },                                  \
	    sizeof((const struct part[]){ __VA_ARGS__ }) / sizeof(struct part)

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

/* --- what is said of it --- */

struct judged {
	struct vt_source *src;
	struct vt_pdf_signed *s;
	struct vt_error err;
};

static inline void
judge(struct judged *j, const struct doc *d)
{
	memset(j, 0, sizeof(*j));
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&d->b), &j->src, &j->err),
	    &j->err);
	assert_vt_ok(vt_pdf_signed_open(j->src, &j->s, &j->err), &j->err);
}

static inline void
judge_end(struct judged *j)
{
	vt_pdf_signed_free(j->s);
	vt_source_free(j->src);
}

/* Compare signature 0; those of INTACT (as bits) hold. */
static inline void
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
static inline void
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

/* Signature I is not compared: never "unchanged"; WHY is in the reason. */
static inline void
assert_not_compared(const struct doc *d, size_t i, const char *why)
{
	bool intact[VT_PDF_SIGNATURES_MAX];
	struct vt_pdf_comparison c = { 0 };
	struct judged j;

	memset(intact, true, sizeof(intact));
	judge(&j, d);
	assert_vt_ok(vt_pdf_signed_compare(j.s, i, intact, &c, &j.err), &j.err);
	if (c.result != VT_PDF_NOT_COMPARED || strstr(c.reason, why) == NULL)
		fail_msg("result %d, %s", (int)c.result, c.reason);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
}

#endif
