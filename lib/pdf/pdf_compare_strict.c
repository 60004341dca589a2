/* pdf_compare_strict.c - is what was appended written as it must be?
 *
 * Readers that find a cross-reference odd look for objects themselves, where
 * no section leads, and show the last one of each number.  What follows a
 * signature must not make them: here it is read to the letter (7.5.4, 7.5.5).
 */
#include <string.h>

#include "pdf_compare_int.h"

#define ENTRY_LEN 20
#define PIECE (64u * 1024)
#define OVERLAP 1024 /* bytes seen twice: what is cut is seen whole once */
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

/* Behind a table's trailer nothing but comments stands before "startxref". */
static bool
end_follows(struct pdf_step *st, const struct pdf_section *sec,
    struct vt_error *err)
{
	struct pdf_in in;

	vt_pdf_in_source(&in, st->b->src, sec->end, st->b->size, err);
	vt_pdf_skip_space(&in);
	return vt_pdf_in_accept(&in, "startxref");
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
	if (sec->kind != VT_PDF_XREF_STREAM && !end_follows(st, sec, err))
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

/* In a stream that was appended offsets are those of its data. */
static bool
is_appended(const struct pdf_step *st, const struct vt_pdf_finding *f)
{
	struct vt_pdf_xref x;

	if (f->num != 0 && vt_pdf_xref_find(st->b, f->num, &x) &&
	    x.type == VT_PDF_IN_STREAM)
		return vt_pdf_xref_find(st->b, x.stream, &x) &&
		       x.type == VT_PDF_IN_FILE && x.off >= st->a->size;
	return f->off != UINT64_MAX && f->off >= st->a->size;
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
			/* a trailer's keys must be those of the older one */
			(f->code == VT_PDF_F_NAME && f->num != 0) ||
			(f->code == VT_PDF_F_OBJECT && !is_of_name(f))) &&
		    is_appended(st, f))
			return true;
		for (k = 0; k < st->b->nsections - st->a->nsections; k++)
			if (f->code == VT_PDF_F_XREF &&
			    st->b->sections[k].kind != VT_PDF_XREF_TABLE &&
			    f->off == st->b->sections[k].off)
				return true;
	}
	return n == VT_PDF_FINDINGS_MAX;
}

static bool
is_same_key(const struct pdf_step *st, const struct vt_pdf_obj *v,
    const char *key)
{
	const struct vt_pdf_obj *a = vt_pdf_find(vt_pdf_trailer(st->b), key);
	const struct vt_pdf_obj *b = vt_pdf_find(v, key);

	return a == NULL || b == NULL ? a == b : vt_pdf_equal(a, b);
}

/* Some writers put a cross-reference stream beside their table. */
static bool
is_no_other_trailer(const struct pdf_step *st, const struct vt_pdf_obj *v)
{
	return v->type != VT_PDF_STREAM ||
	       !vt_pdf_is_name(vt_pdf_find(v, "Type"), "XRef") ||
	       (is_same_key(st, v, "Root") && is_same_key(st, v, "Encrypt"));
}

/*
 * Objects that nothing refers to yet are where the lists say: some readers
 * repair the file where one is not, and where an object stream is none.  None
 * of them looks like a trailer, which they would then take for the newest.
 */
static int
added_fit(struct pdf_step *st, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	enum pdf_value value;
	struct vt_pdf_xref x;
	size_t i, mark;
	int rc = VT_OK;

	/* There is no object 0. */
	*ret = !vt_pdf_xref_find(st->b, 0, &x) || x.type == VT_PDF_FREE ||
	       (vt_pdf_xref_find(st->a, 0, &x) && x.type != VT_PDF_FREE);
	st->b->skim = true;
	for (i = 0; i < st->ncands && *ret && rc == VT_OK; i++) {
		if (st->cands[i].became != PDF_C_ADDED ||
		    !vt_pdf_xref_find(st->b, st->cands[i].num, &x) ||
		    x.type == VT_PDF_FREE)
			continue;
		mark = vt_pdf_mark(st->b);
		rc = vt_pdf_step_load(st, st->b, x.ref, &v, &value, err);
		*ret = value == PDF_V_UNKNOWN || /* which is told */
		       (value == PDF_V_OK && is_no_other_trailer(st, v));
		vt_pdf_rewind(st->b, mark);
	}
	st->b->skim = false;
	return rc;
}

static bool
is_own_trailer(const struct pdf_step *st, size_t n, uint64_t off)
{
	const struct pdf_section *sec;
	size_t i;

	for (i = 0; i < n; i++) {
		sec = &st->b->sections[i];
		if (sec->kind != VT_PDF_XREF_STREAM && off >= sec->off &&
		    off < sec->trailer->start)
			return true;
	}
	return false;
}

/* Does the "trailer" at AT in B begin one, or is it a word in a text? */
static bool
begins_trailer(struct vt_bytes b, size_t at)
{
	if (at > 0 && pdf_is_regular((int)b.data[at - 1]))
		return false;
	for (at += strlen("trailer"); at < b.len; at++) {
		if (b.data[at] == '%')
			while (at + 1 < b.len && b.data[at + 1] != '\n' &&
			       b.data[at + 1] != '\r')
				at++;
		else if (!pdf_is_space((int)b.data[at]))
			return b.data[at] == '<';
	}
	return true; /* for all that one sees */
}

/* Only sections have trailers: readers that repair take the last. */
static int
trailers_fit(struct pdf_step *st, size_t n, bool *ret, struct vt_error *err)
{
	uint64_t from = st->a->size, end = st->b->size;
	struct vt_bytes b;
	size_t at, last;
	int rc;

	for (*ret = true; *ret && from < end; from += b.len - OVERLAP) {
		rc = vt_source_view(st->b->src, from, PIECE, &b, err);
		if (rc != VT_OK)
			return rc;
		last = from + b.len < end ? b.len - OVERLAP / 2 : b.len;
		for (at = 0; *ret; at++) {
			at = vt_bytes_find(b, at, "trailer");
			if (at >= last)
				break;
			*ret = !begins_trailer(b, at) ||
			       is_own_trailer(st, n, from + at);
		}
		if (from + b.len >= end)
			break;
	}
	return VT_OK;
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
	int rc;

	for (i = 0; i < n && fits; i++)
		fits = section_fits(st, &st->b->sections[i], &e);
	if (e.code == VT_EIO)
		return vt_pdf_pass(err, &e);
	if (fits &&
	    ((rc = added_fit(st, &fits, err)) != VT_OK ||
		(fits && (rc = trailers_fit(st, n, &fits, err)) != VT_OK)))
		return rc;
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
