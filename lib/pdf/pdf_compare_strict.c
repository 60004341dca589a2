/* pdf_compare_strict.c - is what was appended written as it must be?
 *
 * Readers that find a cross-reference odd look for objects themselves, where
 * no section leads, and show the last one of each number.  What follows a
 * signature must not make them: here it is read to the letter (7.5.4, 7.5.5).
 */
#include <string.h>

#include "pdf_compare_int.h"

#define ENTRY_LEN 20
#define NEAR_END                                                               \
	1000 /* bytes before the end: readers look in the last 1,024           \
	      */

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Digits, at least one; their value as far as 64 bits hold it. */
static bool
take_digits(struct pdf_in *in, uint64_t *ret)
{
	uint64_t start = in->pos, v = 0;

	while (is_digit(pdf_peek(in)))
		v = v * 10 + (uint64_t)(pdf_getc(in) - '0');
	*ret = v;
	return in->pos > start && in->pos - start <= 18;
}

/* Spaces, then one end of line. */
static bool
take_line_end(struct pdf_in *in)
{
	while (pdf_peek(in) == ' ')
		in->pos++;
	return vt_pdf_in_eol(in);
}

/* "nnnnnnnnnn ggggg n", and two characters that end the line. */
static bool
take_entry(struct pdf_in *in)
{
	unsigned char s[ENTRY_LEN];
	size_t i;
	int c;

	for (i = 0; i < ENTRY_LEN; i++) {
		if ((c = pdf_getc(in)) < 0)
			return false;
		s[i] = (unsigned char)c;
	}
	for (i = 0; i < 16; i++)
		if (i == 10 ? s[i] != ' ' : !is_digit(s[i]))
			return false;
	return s[16] == ' ' && (s[17] == 'n' || s[17] == 'f') &&
	       (s[18] == ' ' || s[18] == '\r') &&
	       (s[19] == '\n' || s[19] == '\r');
}

/* Up to the word "trailer"; some begin with the end of the line before. */
static bool
table_fits(struct pdf_in *in)
{
	uint64_t first, n;

	(void)vt_pdf_in_eol(in);
	if (!vt_pdf_in_accept(in, "xref") || !take_line_end(in) ||
	    !is_digit(pdf_peek(in)))
		return false;
	while (is_digit(pdf_peek(in))) {
		if (!take_digits(in, &first) || pdf_getc(in) != ' ' ||
		    !take_digits(in, &n) || !take_line_end(in))
			return false;
		for (; n > 0; n--)
			if (!take_entry(in))
				return false;
	}
	return vt_pdf_in_accept(in, "trailer") && !pdf_is_regular(pdf_peek(in));
}

/* "N G obj"; what is in it was read, and by its /Length. */
static bool
stream_fits(struct pdf_in *in)
{
	uint64_t num, n;

	return take_digits(in, &num) && num > 0 && pdf_getc(in) == ' ' &&
	       take_digits(in, &n) && pdf_getc(in) == ' ' &&
	       vt_pdf_in_accept(in, "obj") && !pdf_is_regular(pdf_peek(in));
}

/*
 * /Size of the newest trailer: objects from that number on are missing (7.5.5),
 * so it does not get less while there are such, nor more than readers take.
 */
static bool
size_fits(const struct pdf_step *st)
{
	const struct vt_pdf_obj *v = vt_pdf_find(vt_pdf_trailer(st->b), "Size");
	const struct vt_pdf_obj *old =
	    vt_pdf_find(vt_pdf_trailer(st->a), "Size");
	int64_t least = (int64_t)st->b->highest + 1, most = PDF_NUM_HIGHEST + 1;

	if (old != NULL && old->type == VT_PDF_INT) {
		least = old->u.integer < least ? old->u.integer : least;
		most = old->u.integer > most ? old->u.integer : most;
	}
	return v != NULL && v->type == VT_PDF_INT && v->u.integer >= least &&
	       v->u.integer <= most;
}

/* /Index of a cross-reference stream: subsections, and none is empty. */
static bool
index_fits(const struct vt_pdf_obj *stream)
{
	const struct vt_pdf_obj *v = vt_pdf_find(stream, "Index");
	size_t i;

	if (v == NULL || v->type != VT_PDF_ARRAY)
		return true;
	for (i = 1; i < v->u.array.n; i += 2)
		if (v->u.array.items[i].u.integer == 0)
			return false; /* integers: it was read */
	return v->u.array.n > 0;
}

static bool
section_fits(struct pdf_step *st, const struct pdf_section *sec,
    struct vt_error *err)
{
	struct pdf_in in;

	vt_pdf_in_source(&in, st->b->src, sec->off, st->b->size, err);
	if (!(sec->kind == VT_PDF_XREF_STREAM ? stream_fits(&in)
					      : table_fits(&in)))
		return false;
	if (sec->kind == VT_PDF_XREF_HYBRID) {
		vt_pdf_in_source(&in, st->b->src, st->b->header + sec->xrefstm,
		    st->b->size, err);
		return stream_fits(&in);
	}
	return sec->kind == VT_PDF_XREF_TABLE || index_fits(sec->trailer);
}

/* A "#" in a name is read alike by all; some writers still do as PDF 1.1. */
static bool
is_of_name(const struct vt_pdf_finding *f)
{
	return f->clause != NULL &&
	       strcmp(f->clause, "ISO 32000-2, 7.3.5") == 0;
}

/*
 * Something odd was found in an object or a cross-reference stream that was
 * appended; or no more is noted.
 */
static bool
has_findings(const struct pdf_step *st)
{
	const struct vt_pdf_finding *f;
	size_t i, k, n = vt_pdf_nfindings(st->b);

	for (i = 0; i < n; i++) {
		f = vt_pdf_finding(st->b, i);
		if ((f->code == VT_PDF_F_LENGTH ||
			(f->code == VT_PDF_F_OBJECT && !is_of_name(f))) &&
		    f->off != UINT64_MAX && f->off >= st->a->size)
			return true;
		for (k = 0; k < st->b->nsections - st->a->nsections; k++)
			if (f->code == VT_PDF_F_XREF &&
			    st->b->sections[k].kind != VT_PDF_XREF_TABLE &&
			    f->off == st->b->sections[k].off)
				return true;
	}
	return n == VT_PDF_FINDINGS_MAX;
}

static void
not_strict(struct pdf_step *st)
{
	struct vt_error e = { 0 };

	vt_error_set(&e, VT_ELIMIT, "ISO 32000-2, 7.5.4",
	    "what was appended is not written as it must be: readers that "
	    "repair it may show something else");
	vt_pdf_incomplete(st, &e);
}

int
vt_pdf_compare_strict(struct pdf_step *st, struct vt_error *err)
{
	struct vt_error e = { 0 };
	size_t i, n = st->b->nsections - st->a->nsections;
	bool fits = size_fits(st);

	for (i = 0; i < n && fits; i++)
		fits = section_fits(st, &st->b->sections[i], &e);
	if (e.code == VT_EIO)
		return vt_pdf_pass(err, &e);
	if (!fits || has_findings(st))
		not_strict(st);
	return VT_OK;
}

/* White space between two words of the file's end; no NUL. */
static bool
take_blanks(struct pdf_in *in)
{
	uint64_t start = in->pos;
	int c;

	while ((c = pdf_peek(in)) == ' ' || c == '\r' || c == '\n')
		in->pos++;
	return in->pos > start;
}

/* The last "startxref" of B, which is N bytes long. */
static bool
find_startxref(struct vt_bytes b, size_t *ret)
{
	size_t at = 0;
	bool found = false;

	for (; (at = vt_bytes_find(b, at, "startxref")) != SIZE_MAX; at++) {
		*ret = at;
		found = true;
	}
	return found;
}

int
vt_pdf_compare_end(struct pdf_step *st, uint64_t from, struct vt_error *err)
{
	struct vt_source *src = vt_pdf_source(st->b);
	uint64_t size = st->b->size, start, n;
	struct vt_error e = { 0 };
	struct vt_bytes b;
	struct pdf_in in;
	size_t at = 0;
	bool fits;
	int rc;

	start = size > NEAR_END ? size - NEAR_END : 0;
	rc = vt_source_view(src, start, NEAR_END, &b, err);
	if (rc != VT_OK)
		return rc;
	fits = find_startxref(b, &at);
	if (fits && start + at >= from) {
		vt_pdf_in_source(&in, src, start + at, size, &e);
		fits = vt_pdf_in_accept(&in, "startxref") && take_blanks(&in) &&
		       take_digits(&in, &n) && take_blanks(&in) &&
		       vt_pdf_in_accept(&in, "%%EOF") &&
		       !pdf_is_regular(pdf_peek(&in));
		if (e.code == VT_EIO)
			return vt_pdf_pass(err, &e);
	}
	if (!fits)
		not_strict(st);
	return VT_OK;
}
