/* pdf_compare_gap.c - objects that no cross-reference section lists
 *
 * A reader that repairs files looks for objects where they stand and shows the
 * last one of a number.  We take the file as its sections say it is; what was
 * appended must not offer another reading, nor give one to what was signed.
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define PIECE (64u * 1024)
#define OVERLAP 1024 /* bytes seen twice: what is cut is seen whole once */

struct extent {
	uint64_t start, end;
};

struct extents {
	struct pdf_step *st;
	struct vt_pdf *pdf; /* the state that is looked at */
	uint64_t from;      /* and from where on */
	bool older;         /* what was signed: objects, not words, are told */
	bool within;        /* there some stand in the streams of others */
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

static int
by_start(const void *va, const void *vb)
{
	const struct extent *a = va, *b = vb;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* The last one that begins at AT or before; NULL: none does. */
static struct extent *
last_before(const struct extents *x, uint64_t at)
{
	size_t low = 0, high = x->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (x->items[mid].start <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? NULL : &x->items[low - 1];
}

/* Where a section, and what it lists, begin. */
static int
add_section(struct extents *x, const struct pdf_section *sec,
    struct vt_error *err)
{
	uint64_t off;
	size_t i;
	int rc;

	rc = add(x, sec->off, sec->end, err);
	if (rc == VT_OK && sec->kind == VT_PDF_XREF_HYBRID)
		rc = add(x, x->pdf->header + sec->xrefstm, 0, err);
	for (i = 0; i < sec->n && rc == VT_OK; i++) {
		off = x->pdf->header + sec->entries[i].where;
		if (sec->entries[i].type == VT_PDF_IN_FILE && off >= x->from)
			rc = add(x, off, 0, err);
	}
	return rc;
}

/* The object that begins there ends where it ends, if it is one. */
static int
measure(const struct extents *x, struct extent *e, struct vt_error *err)
{
	size_t mark = vt_pdf_mark(x->pdf);
	const struct vt_pdf_obj *v;
	struct vt_error why = { 0 };
	struct vt_pdf_ref ref;
	int rc;

	e->end = UINT64_MAX; /* where nobody may ask any more */
	if (vt_pdf_is_exhausted(x->st, 1))
		return VT_OK;
	x->pdf->skim = true;
	rc = vt_pdf_load_at(x->pdf, e->start, &ref, &v, &e->end, &why);
	x->pdf->skim = false;
	vt_pdf_rewind(x->pdf, mark);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &why);
	if (rc != VT_OK)
		e->end = e->start + 1;
	return VT_OK;
}

/*
 * Is the "obj" at AT that of an object which is listed, or within one?  What
 * begins there was found by its "N G".
 */
static int
is_listed(const struct extents *x, uint64_t at, bool *ret, struct vt_error *err)
{
	struct extent *e = last_before(x, at);
	int rc;

	*ret = false;
	if (e == NULL)
		return VT_OK;
	if (e->end == 0 && (rc = measure(x, e, err)) != VT_OK)
		return rc;
	*ret = at < e->end;
	return VT_OK;
}

/*
 * Is the "obj" at AT in B, which begins at BASE, that of "N G obj" where a list
 * says?  Most are, and need not be measured.
 */
static bool
is_head(const struct extents *x, struct vt_bytes b, uint64_t base, size_t at)
{
	const struct extent *e;
	size_t i, k = at;

	for (i = 0; i < 2; i++) {
		while (k > 0 && pdf_is_space(b.data[k - 1]))
			k--;
		while (k > 0 && b.data[k - 1] >= '0' && b.data[k - 1] <= '9')
			k--;
	}
	e = last_before(x, base + k);
	if (e == NULL || e->start < base)
		return false;
	/* An offset may lead to white space before it. */
	for (i = (size_t)(e->start - base); i < k; i++)
		if (!pdf_is_space(b.data[i]))
			return false;
	return true;
}

/* Where the comment begins that AT is the end of; AT where there is none. */
static size_t
skip_comment(struct vt_bytes b, size_t at)
{
	size_t i = at;

	while (i > 0 && b.data[i - 1] != '\r' && b.data[i - 1] != '\n')
		i--;
	for (; i < at; i++)
		if (b.data[i] == '%')
			return i;
	return at;
}

static bool
is_digit(struct vt_bytes b, size_t at)
{
	return b.data[at] >= '0' && b.data[at] <= '9';
}

static size_t
skip_spaces(struct vt_bytes b, size_t at)
{
	while (at > 0 && pdf_is_space(b.data[at - 1]))
		at--;
	return at;
}

/*
 * Does "obj" at AT stand behind a number?  A reader that repairs takes that for
 * an object, be it within the stream of one that is listed.
 */
static bool
looks_like_head(struct vt_bytes b, size_t at)
{
	size_t k = at, end;

	if (at + 3 < b.len && pdf_is_regular(b.data[at + 3]))
		return false;
	do {
		k = skip_spaces(b, k);
		if (k == 0 || is_digit(b, k - 1))
			return true;
		end = k;
		k = k < at ? skip_comment(b, k) : k;
	} while (k < end);
	return false;
}

/* The same where some take "1 0 object" for one, too. */
static bool
passes_for_head(struct vt_bytes b, size_t at)
{
	size_t k = skip_spaces(b, at);

	return looks_like_head(b, at) || k == 0 || is_digit(b, k - 1);
}

/* "obj" that is not the end of a longer word. */
static bool
is_word(struct vt_bytes b, size_t at)
{
	return at == 0 || pdf_is_space(b.data[at - 1]) ||
	       (b.data[at - 1] >= '0' && b.data[at - 1] <= '9');
}

struct piece {
	uint64_t from;
	size_t len;
	size_t first, last; /* where "obj" is looked at: elsewhere it is cut */
};

/* *AT becomes the next "obj" that is to be looked at; false: there is none. */
static bool
next_obj(const struct piece *p, const struct extents *x, struct vt_bytes b,
    size_t *at)
{
	for (; (*at = vt_bytes_find(b, *at, "obj")) < p->last; ++*at)
		if (is_word(b, *at) && !is_head(x, b, p->from, *at) &&
		    (!x->older || passes_for_head(b, *at)))
			return true;
	return false;
}

/* *RET becomes where an object stands in P that no list has; or stays. */
static int
check_piece(struct extents *x, const struct piece *p, uint64_t *ret,
    struct vt_error *err)
{
	uint64_t hits[64];
	struct vt_bytes b;
	size_t at = p->first, n, i;
	bool listed = true;
	int rc;

	do { /* Looking closer moves the view: first collect, then look. */
		if ((rc = vt_source_view(x->pdf->src, p->from, p->len, &b,
			 err)) != VT_OK)
			return rc;
		for (n = 0; n < 64 && listed && next_obj(p, x, b, &at); at++) {
			hits[n++] = p->from + at;
			listed = x->older || !looks_like_head(b, at);
		}
		for (i = listed ? 0 : n; i < n && listed; i++) {
			rc = is_listed(x, hits[i], &listed, err);
			if (rc != VT_OK)
				return rc;
			x->within = x->within || listed;
		}
	} while (n == 64 && listed);
	if (!listed)
		*ret = hits[i - 1];
	return VT_OK;
}

/* *RET: near which byte the first is that none of N sections has; 0: none. */
static int
find_unlisted(struct extents *x, size_t n, uint64_t *ret, struct vt_error *err)
{
	uint64_t end = x->pdf->size;
	struct piece p = { .from = x->from };
	size_t i;
	int rc = VT_OK;

	*ret = 0;
	for (i = 0; i < n && rc == VT_OK; i++)
		rc = add_section(x, &x->pdf->sections[i], err);
	if (x->n > 0)
		qsort(x->items, x->n, sizeof(*x->items), by_start);
	while (rc == VT_OK && *ret == 0 && p.from < end) {
		p.len = end - p.from < PIECE ? (size_t)(end - p.from) : PIECE;
		p.last = p.from + p.len == end ? p.len : p.len - OVERLAP / 2;
		rc = check_piece(x, &p, ret, err);
		if (p.from + p.len == end)
			break;
		p.from += p.len - OVERLAP;
		p.first = OVERLAP / 2;
	}
	free(x->items);
	return rc;
}

int
vt_pdf_compare_gaps(struct pdf_step *st, struct vt_error *err)
{
	static const struct vt_pdf_ref none = { 0, 0 };
	struct extents x = { .st = st, .pdf = st->b, .from = st->a->size };
	uint64_t at;
	int rc;

	rc = find_unlisted(&x, st->b->nsections - st->a->nsections, &at, err);
	if (rc != VT_OK || at == 0)
		return rc;
	return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, none, err,
	    VT_N_("an object near byte %llu is in no list of objects"),
	    (unsigned long long)at);
}

static bool
is_changed(const struct pdf_candidate *c)
{
	return c->became != PDF_C_WATCHED && c->became != PDF_C_SAME;
}

/*
 * Does something of what was signed make readers repair it?  What is said of
 * its size does where that is too small (7.5.5).
 */
bool
vt_pdf_is_odd(const struct pdf_step *st)
{
	const struct vt_pdf_obj *size =
	    vt_pdf_find(vt_pdf_trailer(st->a), "Size");
	enum vt_pdf_finding_code code;
	size_t i;

	for (i = 0; i < vt_pdf_nfindings(st->a); i++) {
		code = vt_pdf_finding(st->a, i)->code;
		if (code != VT_PDF_F_SIZE && code != VT_PDF_F_LINEARIZED)
			return true;
	}
	return st->dangles || size == NULL || size->type != VT_PDF_INT ||
	       size->u.integer <= (int64_t)st->a->highest;
}

int
vt_pdf_compare_unread(struct pdf_step *st, struct vt_error *err)
{
	struct extents x = { .st = st, .pdf = st->a, .older = true };
	struct vt_error e = { 0 };
	uint64_t at = 0;
	size_t i;
	int rc;

	for (i = 0; i < st->ncands && !is_changed(&st->cands[i]); i++)
		;
	if (i == st->ncands)
		return VT_OK;
	if (st->unread != 0) {
		vt_error_set(&e, VT_ELIMIT, "ISO 32000-2, 7.3.10",
		    "object %u of what was signed cannot be read: whether it "
		    "shows what came later is not known",
		    st->unread);
		vt_pdf_incomplete(st, &e);
		return VT_OK;
	}
	x.from =
	    st->s->listed_to < st->a->size ? st->s->listed_to : st->a->size;
	if ((rc = find_unlisted(&x, st->a->nsections, &at, err)) != VT_OK)
		return rc;
	/* Within streams they are there only for readers that repair. */
	if (at == 0 && !st->revived && !(x.within && vt_pdf_is_odd(st))) {
		if (!x.within)
			st->s->listed_to = st->a->size;
		return VT_OK;
	}
	vt_error_set(&e, VT_ELIMIT, "ISO 32000-2, 7.5.4",
	    "what was signed has objects that are in no list, or were before: "
	    "whether they show what came later is not known");
	vt_pdf_incomplete(st, &e);
	return VT_OK;
}
