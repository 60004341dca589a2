/* pdf_compare_gap.c - objects that no cross-reference section lists
 *
 * A reader that repairs files looks for objects where they stand and shows the
 * last one of a number.  We take the file as its sections say it is; what was
 * appended must not offer another reading.
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define PIECE (64u * 1024)

struct extent {
	uint64_t start, end;
};

struct extents {
	struct extent *items;
	size_t n, cap;
};

static int
add(struct extents *x, uint64_t start, uint64_t end, struct vt_error *err)
{
	struct extent *more;
	size_t cap;

	if (x->n == x->cap) {
		cap = x->cap == 0 ? 64 : 2 * x->cap;
		more = realloc(x->items, cap * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		x->items = more;
		x->cap = cap;
	}
	x->items[x->n++] = (struct extent){ start, end };
	return VT_OK;
}

/* The object that stands at OFF, if one does. */
static int
add_object(struct pdf_step *st, struct extents *x, uint64_t off,
    struct vt_error *err)
{
	size_t mark = vt_pdf_mark(st->b);
	const struct vt_pdf_obj *v;
	struct vt_error e = { 0 };
	struct vt_pdf_ref ref;
	uint64_t end = 0;
	int rc;

	if (off < st->a->size)
		return VT_OK; /* among what was signed */
	if (++st->s->looked > VT_PDF_COMPARE_MAX) {
		vt_error_set(&e, VT_ELIMIT, NULL,
		    "the document has more than %d objects to compare",
		    VT_PDF_COMPARE_MAX);
		vt_pdf_incomplete(st, &e);
		return VT_OK;
	}
	rc = vt_pdf_load_at(st->b, off, &ref, &v, &end, &e);
	vt_pdf_rewind(st->b, mark);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	return rc == VT_OK ? add(x, off, end, err) : VT_OK;
}

static int
add_section(struct pdf_step *st, struct extents *x,
    const struct pdf_section *sec, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = add(x, sec->off, sec->end, err)) != VT_OK)
		return rc;
	if (sec->kind == VT_PDF_XREF_HYBRID)
		rc = add_object(st, x, st->b->header + sec->xrefstm, err);
	for (i = 0; i < sec->n && rc == VT_OK; i++)
		if (sec->entries[i].type == VT_PDF_IN_FILE)
			rc = add_object(st, x,
			    st->b->header + sec->entries[i].where, err);
	return rc;
}

static int
by_start(const void *va, const void *vb)
{
	const struct extent *a = va, *b = vb;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* Does "N G obj" begin between FROM and TO? */
static int
has_object(struct vt_source *src, uint64_t from, uint64_t to, bool *ret,
    struct vt_error *err)
{
	struct vt_bytes b;
	size_t at, len;
	int rc;

	*ret = false;
	while (from < to && !*ret) {
		len = to - from < PIECE ? (size_t)(to - from) : PIECE;
		if ((rc = vt_source_view(src, from, len, &b, err)) != VT_OK)
			return rc;
		for (at = 0;
		     (at = vt_bytes_find(b, at, "obj")) != SIZE_MAX && !*ret;
		     at++)
			*ret = at == 0 || pdf_is_space(b.data[at - 1]) ||
			       (b.data[at - 1] >= '0' && b.data[at - 1] <= '9');
		from += len == PIECE ? PIECE - 2 : len; /* it may be cut */
	}
	return VT_OK;
}

static int
check(struct pdf_step *st, uint64_t from, uint64_t to, struct vt_error *err)
{
	static const struct vt_pdf_ref none = { 0, 0 };
	bool yes;
	int rc;

	if (from >= to)
		return VT_OK;
	if ((rc = has_object(st->b->src, from, to, &yes, err)) != VT_OK || !yes)
		return rc;
	return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, none, err,
	    VT_N_("an object near byte %llu is in no list of objects"),
	    (unsigned long long)from);
}

int
vt_pdf_compare_gaps(struct pdf_step *st, struct vt_error *err)
{
	struct extents x = { 0 };
	uint64_t pos = st->a->size;
	size_t i, n = st->b->nsections - st->a->nsections;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		rc = add_section(st, &x, &st->b->sections[i], err);
	if (x.n > 0)
		qsort(x.items, x.n, sizeof(*x.items), by_start);
	for (i = 0; i < x.n && rc == VT_OK; i++) {
		rc = check(st, pos, x.items[i].start, err);
		if (x.items[i].end > pos)
			pos = x.items[i].end;
	}
	if (rc == VT_OK)
		rc = check(st, pos, st->b->size, err);
	free(x.items);
	return rc;
}
