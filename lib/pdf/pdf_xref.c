/* pdf_xref.c - the chain of cross-reference sections (ISO 32000-2, 7.5.4 ff.)
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

static const struct vt_pdf_obj empty_dict = { .type = VT_PDF_DICT };

void
vt_pdf_section_release(struct pdf_section *sec)
{
	free(sec->entries);
	sec->entries = NULL;
	sec->n = sec->cap = 0;
}

int
vt_pdf_xref_reserve(struct vt_pdf *pdf, struct pdf_section *sec, size_t more,
    struct vt_error *err)
{
	struct pdf_xentry *e;
	size_t cap = sec->n + more;

	if (more > VT_PDF_ENTRIES_MAX - pdf->nentries)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d cross-reference entries", VT_PDF_ENTRIES_MAX);
	if (cap <= sec->cap)
		return VT_OK;
	if ((e = realloc(sec->entries, cap * sizeof(*e))) == NULL)
		return vt_error_nomem(err);
	sec->entries = e;
	sec->cap = cap;
	return VT_OK;
}

int
vt_pdf_xref_add(struct vt_pdf *pdf, struct pdf_section *sec,
    const struct pdf_xentry *e, struct vt_error *err)
{
	int rc;

	if (sec->n == sec->cap || pdf->nentries == VT_PDF_ENTRIES_MAX) {
		rc = vt_pdf_xref_reserve(pdf, sec, sec->cap / 2 + 16, err);
		if (rc != VT_OK)
			return rc;
	}
	sec->entries[sec->n++] = *e;
	pdf->nentries++;
	if (e->num > pdf->highest)
		pdf->highest = e->num;
	return VT_OK;
}

struct order {
	uint32_t num;
	uint32_t at;
};

static int
order_compare(const void *va, const void *vb)
{
	const struct order *a = va, *b = vb;

	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Ascending numbers; of equal ones the first stays (7.5.4 allows only one). */
static int
sort_section(struct vt_pdf *pdf, struct pdf_section *sec, struct vt_error *err)
{
	struct pdf_xentry *sorted = NULL, *e;
	struct order *order = NULL;
	size_t i, n = 0;
	int rc = VT_OK;

	for (i = 1; i < sec->n; i++)
		if (sec->entries[i - 1].num >= sec->entries[i].num)
			break;
	if (i >= sec->n)
		return VT_OK;
	order = malloc(sec->n * sizeof(*order));
	sorted = malloc(sec->n * sizeof(*sorted));
	if (order == NULL || sorted == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; i < sec->n; i++)
		order[i] = (struct order){ sec->entries[i].num, (uint32_t)i };
	qsort(order, sec->n, sizeof(*order), order_compare);
	for (i = 0; i < sec->n && rc == VT_OK; i++) {
		e = &sec->entries[order[i].at];
		if (n == 0 || sorted[n - 1].num != e->num)
			sorted[n++] = *e;
		else if ((sorted[n - 1].type != VT_PDF_FREE ||
			     e->type != VT_PDF_FREE) &&
			 memcmp(&sorted[n - 1], e, sizeof(*e)) != 0) {
			sec->twice = true;
			rc = vt_pdf_damage(pdf, VT_PDF_F_XREF, sec->off, e->num,
			    "ISO 32000-2, 7.5.4",
			    VT_N_("two different entries for one object"), err);
		}
	}
	if (rc == VT_OK) {
		free(sec->entries);
		sec->entries = sorted;
		sec->cap = sec->n;
		sec->n = n;
		sorted = NULL;
	}
out:
	free(order);
	free(sorted);
	return rc;
}

/*
 * 7.5.8.4: what the table marks as free may be an object that only readers of
 * cross-reference streams shall see; its objects in use count first.
 */
static int
merge_hybrid(struct pdf_section *sec, const struct pdf_section *hidden,
    struct vt_error *err)
{
	const struct pdf_xentry *a = sec->entries, *b = hidden->entries;
	const struct pdf_xentry *a_end, *b_end;
	struct pdf_xentry *all, *to;
	size_t n = sec->n + hidden->n;

	if (n == 0)
		return VT_OK;
	if ((to = all = malloc(n * sizeof(*all))) == NULL)
		return vt_error_nomem(err);
	a_end = sec->n == 0 ? a : a + sec->n;
	b_end = hidden->n == 0 ? b : b + hidden->n;
	while (a != a_end || b != b_end) {
		if (b == b_end || (a != a_end && a->num < b->num)) {
			*to++ = *a++;
		} else if (a == a_end || b->num < a->num) {
			*to++ = *b++;
		} else {
			*to = a->type == VT_PDF_FREE ? *b : *a;
			to->hidden =
			    a->type == VT_PDF_FREE && b->type != VT_PDF_FREE;
			if (a->type != VT_PDF_FREE &&
			    memcmp(a, b, sizeof(*a)) != 0)
				sec->twice = true;
			to++;
			a++;
			b++;
		}
	}
	free(sec->entries);
	sec->entries = all;
	sec->n = (size_t)(to - all);
	sec->cap = n;
	return VT_OK;
}

static int
read_hybrid(struct vt_pdf *pdf, struct pdf_section *sec, struct vt_error *err)
{
	struct pdf_section hidden = { 0 };
	int rc;

	hidden.off = pdf->header + sec->xrefstm;
	if (sec->xrefstm >= pdf->size - pdf->header)
		return vt_pdf_bad(err, sec->off, "ISO 32000-2, 7.5.8.4",
		    VT_N_("/XRefStm leads out of the file"));
	rc = vt_pdf_xref_stream(pdf, hidden.off, &hidden, err);
	if (rc == VT_OK)
		rc = sort_section(pdf, &hidden, err);
	sec->twice = sec->twice || hidden.twice;
	if (rc == VT_OK)
		rc = merge_hybrid(sec, &hidden, err);
	sec->kind = VT_PDF_XREF_HYBRID;
	vt_pdf_section_release(&hidden);
	return rc;
}

/* The keys of a trailer that lead further (7.5.5, Table 15). */
static int
read_trailer(struct vt_pdf *pdf, struct pdf_section *sec, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc;

	v = vt_pdf_find(sec->trailer, "Prev");
	if (v != NULL && v->type != VT_PDF_NULL) {
		if (v->type != VT_PDF_INT || v->u.integer < 0)
			return vt_pdf_bad(err, v->start, "ISO 32000-2, 7.5.5",
			    VT_N_("/Prev is not an offset"));
		if (v->u.integer == 0)
			vt_pdf_note(pdf, false, VT_PDF_F_XREF, v->start, 0,
			    "ISO 32000-2, 7.5.5", VT_N_("/Prev is 0"));
		sec->has_prev = v->u.integer != 0;
		sec->prev = (uint64_t)v->u.integer;
	}
	v = vt_pdf_find(sec->trailer, "Size");
	if (v == NULL || v->type != VT_PDF_INT || v->u.integer < 0) {
		rc = vt_pdf_damage(pdf, VT_PDF_F_SIZE, sec->trailer->start, 0,
		    "ISO 32000-2, 7.5.5", VT_N_("/Size is not an integer"),
		    err);
		if (rc != VT_OK)
			return rc;
	}
	v = vt_pdf_find(sec->trailer, "XRefStm");
	if (sec->kind != VT_PDF_XREF_TABLE || v == NULL ||
	    v->type == VT_PDF_NULL)
		return VT_OK;
	if (v->type != VT_PDF_INT || v->u.integer < 0)
		return vt_pdf_bad(err, v->start, "ISO 32000-2, 7.5.8.4",
		    VT_N_("/XRefStm is not an offset"));
	sec->xrefstm = (uint64_t)v->u.integer;
	return read_hybrid(pdf, sec, err);
}

static int
read_section(struct vt_pdf *pdf, struct pdf_section *sec, struct vt_error *err)
{
	struct pdf_lex lx;
	int rc;

	if (sec->off >= pdf->size)
		return vt_pdf_bad(err, sec->off, "ISO 32000-2, 7.5.5",
		    VT_N_("no cross-reference section: the file ends before "
			  "this offset"));
	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, pdf->src, sec->off, pdf->size, err);
	while (pdf_is_space(pdf_peek(&lx.in)))
		lx.in.pos++;
	if (lx.in.pos != sec->off)
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, sec->off, 0,
		    "ISO 32000-2, 7.5.5",
		    VT_N_("white space before a cross-reference section"));
	if (vt_pdf_in_accept(&lx.in, "xref")) {
		sec->kind = VT_PDF_XREF_TABLE;
		rc = vt_pdf_xref_table(pdf, &lx, sec, err);
	} else if (lx.in.rc != VT_OK) {
		rc = lx.in.rc;
	} else if (pdf_peek(&lx.in) >= '0' && pdf_peek(&lx.in) <= '9') {
		sec->kind = VT_PDF_XREF_STREAM;
		rc = vt_pdf_xref_stream(pdf, lx.in.pos, sec, err);
	} else {
		rc = vt_pdf_bad(err, sec->off, "ISO 32000-2, 7.5.5",
		    VT_N_("no cross-reference section begins here"));
	}
	vt_pdf_lex_release(&lx);
	if (rc == VT_OK)
		rc = sort_section(pdf, sec, err);
	if (rc == VT_OK)
		rc = read_trailer(pdf, sec, err);
	return rc;
}

static int
add_section(struct vt_pdf *pdf, const struct pdf_section *sec,
    struct vt_error *err)
{
	struct pdf_section *s;
	size_t cap;

	if (pdf->nsections == pdf->csections) {
		cap = pdf->csections == 0 ? 8 : 2 * pdf->csections;
		s = realloc(pdf->sections, cap * sizeof(*s));
		if (s == NULL)
			return vt_error_nomem(err);
		pdf->sections = s;
		pdf->csections = cap;
	}
	pdf->sections[pdf->nsections++] = *sec;
	return VT_OK;
}

static int
check_chain(struct vt_pdf *pdf, uint64_t off, struct vt_error *err)
{
	size_t i;

	if (pdf->nsections == VT_PDF_SECTIONS_MAX)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 7.5.6",
		    "more than %d cross-reference sections",
		    VT_PDF_SECTIONS_MAX);
	for (i = 0; i < pdf->nsections; i++)
		if (pdf->sections[i].off == off)
			return vt_pdf_bad(err, off, "ISO 32000-2, 7.5.6",
			    VT_N_("/Prev leads in a circle"));
	return VT_OK;
}

/* One more section; tolerant mode keeps the place of one that is broken. */
static int
next_section(struct vt_pdf *pdf, struct pdf_section *sec, struct vt_error *err)
{
	struct vt_error e = { 0 };
	int rc;

	sec->trailer = &empty_dict;
	if ((rc = check_chain(pdf, sec->off, &e)) == VT_OK)
		rc = read_section(pdf, sec, &e);
	if (rc == VT_EFORMAT && pdf->nsections > 0 &&
	    pdf->mode == VT_PDF_TOLERANT) {
		vt_pdf_note(pdf, true, VT_PDF_F_XREF, sec->off, 0,
		    "ISO 32000-2, 7.5.6",
		    VT_N_("an earlier revision cannot be read: %s"), e.text);
		vt_pdf_section_release(sec);
		sec->missing = true;
		sec->has_prev = false;
		sec->trailer = &empty_dict;
		rc = VT_OK;
	}
	if (rc != VT_OK)
		return vt_pdf_pass(err, &e);
	return add_section(pdf, sec, err);
}

int
vt_pdf_xref_read(struct vt_pdf *pdf, struct vt_error *err)
{
	struct pdf_section sec;
	uint64_t off = pdf->startxref;
	bool more = true;
	int rc;

	while (more) {
		memset(&sec, 0, sizeof(sec));
		sec.off = pdf->header + off;
		if ((rc = next_section(pdf, &sec, err)) != VT_OK) {
			vt_pdf_section_release(&sec);
			return rc;
		}
		more = sec.has_prev;
		off = sec.prev;
	}
	return vt_pdf_xref_index(pdf, err);
}

static int
index_compare(const void *va, const void *vb)
{
	const struct pdf_index *a = va, *b = vb;

	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	return a->section < b->section ? -1 : a->section > b->section;
}

/* For each number the newest section that has it. */
int
vt_pdf_xref_index(struct vt_pdf *pdf, struct vt_error *err)
{
	size_t i, j, n = 0, kept = 0;
	struct pdf_index *x;

	if (pdf->nsections < 2)
		return VT_OK;
	for (i = 0; i < pdf->nsections; i++)
		n += pdf->sections[i].n;
	if ((x = malloc((n == 0 ? 1 : n) * sizeof(*x))) == NULL)
		return vt_error_nomem(err);
	n = 0;
	for (i = 0; i < pdf->nsections; i++)
		for (j = 0; j < pdf->sections[i].n; j++)
			x[n++] =
			    (struct pdf_index){ pdf->sections[i].entries[j].num,
				    (uint32_t)i };
	qsort(x, n, sizeof(*x), index_compare);
	for (i = 0; i < n; i++)
		if (kept == 0 || x[kept - 1].num != x[i].num)
			x[kept++] = x[i];
	pdf->index = x;
	pdf->nindex = kept;
	return VT_OK;
}
