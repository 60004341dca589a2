/* pdf_compare.c - the signatures of a document, wherever they can be seen */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

/* What ends the work; all else is something to say about the file. */
static bool
is_fatal(int rc)
{
	return rc == VT_ENOMEM || rc == VT_EIO || rc == VT_EARG;
}

/* Then nobody knows what the newest state shows. */
static bool
is_limit(const struct vt_error *damage)
{
	return damage->code == VT_ELIMIT;
}

/* The place for a state: that of the one that was not asked for longest. */
static struct pdf_state *
state_slot(struct vt_pdf_signed *s)
{
	struct pdf_state *oldest = &s->states[0];
	size_t i;

	for (i = 1; i < PDF_STATES_KEPT; i++)
		if (s->states[i].used < oldest->used)
			oldest = &s->states[i];
	vt_pdf_free(oldest->pdf);
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static int
state_open(struct vt_pdf_signed *s, uint64_t end, struct vt_pdf **ret,
    struct vt_error *why, struct vt_error *err)
{
	struct vt_source *prefix = NULL;
	struct vt_error e = { 0 };
	struct vt_pdf *pdf = NULL;
	struct pdf_state *slot;
	int rc;

	if ((rc = vt_source_prefix(s->src, end, &prefix, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_open_with(prefix, VT_PDF_TOLERANT, s->password, &pdf,
		 &e)) != VT_OK) {
		vt_source_free(prefix);
		if (is_fatal(rc))
			return vt_pdf_pass(err, &e);
		*why = e;
		return VT_OK;
	}
	pdf->own = prefix;
	s->entries += pdf->nentries;
	if (s->entries > VT_PDF_STATE_ENTRIES_MAX) {
		vt_pdf_free(pdf);
		vt_error_set(why, VT_ELIMIT, NULL,
		    "the document was signed too often to look at each of its "
		    "states");
		return VT_OK;
	}
	slot = state_slot(s);
	slot->end = end;
	slot->pdf = pdf;
	slot->used = ++s->clock;
	*ret = pdf;
	return VT_OK;
}

int
vt_pdf_signed_state(struct vt_pdf_signed *s, uint64_t end, struct vt_pdf **ret,
    struct vt_error *why, struct vt_error *err)
{
	size_t i;

	*ret = NULL;
	if (end == s->size && s->pdf != NULL) {
		*ret = s->pdf;
		return VT_OK;
	}
	for (i = 0; i < PDF_STATES_KEPT; i++)
		if (s->states[i].pdf != NULL && s->states[i].end == end) {
			s->states[i].used = ++s->clock;
			*ret = s->states[i].pdf;
			return VT_OK;
		}
	return state_open(s, end, ret, why, err);
}

static bool
is_listed(const struct vt_pdf_signed *s, uint64_t start)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->items[i].field.extent.in_stream == 0 &&
		    s->items[i].field.extent.start == start)
			return true;
	return false;
}

static bool
is_text(const char *s, const char *text)
{
	return s != NULL && strcmp(s, text) == 0;
}

static int
add(struct vt_pdf_signed *s, struct vt_pdf_sigfield *field, bool removed,
    struct vt_error *err)
{
	struct pdf_signature *more, *sig;

	if (s->n == VT_PDF_SIGNATURES_MAX)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 12.8",
		    "the document has more than %d signatures",
		    VT_PDF_SIGNATURES_MAX);
	if ((s->n & (s->n - 1)) == 0) {
		more = realloc(s->items,
		    (s->n == 0 ? 1 : 2 * s->n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		s->items = more;
	}
	sig = &s->items[s->n++];
	memset(sig, 0, sizeof(*sig));
	sig->field = *field; /* transferred */
	memset(field, 0, sizeof(*field));
	sig->pub.removed = removed;
	sig->pub.timestamp = is_text(sig->field.type, "DocTimeStamp") ||
			     is_text(sig->field.subfilter, "ETSI.RFC3161");
	return VT_OK;
}

/* The signed fields of one state that are not known yet. */
static int
collect(struct vt_pdf_signed *s, struct vt_pdf *pdf, bool removed,
    struct vt_error *why, struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	struct vt_error e = { 0 };
	size_t i;
	int rc;

	rc = vt_pdf_sigfields_read(pdf, &all, &e);
	if (rc != VT_OK) {
		if (is_fatal(rc))
			return vt_pdf_pass(err, &e);
		if (why != NULL && why->code == VT_OK)
			*why = e;
		return VT_OK;
	}
	for (i = 0; i < all.n && rc == VT_OK; i++)
		if (all.items[i].is_signed &&
		    !(all.items[i].extent.in_stream == 0 &&
			is_listed(s, all.items[i].extent.start)))
			rc = add(s, &all.items[i], removed, err);
	vt_pdf_sigfields_release(&all);
	return rc;
}

static bool
is_inside(const struct vt_pdf_signed *s, uint64_t off)
{
	const struct vt_pdf_extent *x;
	size_t i;

	for (i = 0; i < s->n; i++) {
		x = &s->items[i].field.extent;
		if (x->in_stream == 0 && off >= x->start && off < x->end)
			return true;
	}
	return false;
}

/* Where the covered bytes end, if the numbers make sense. */
static bool
range_end(const uint64_t range[4], uint64_t size, uint64_t *ret)
{
	if (range[2] > size || range[3] > size - range[2])
		return false;
	*ret = range[2] + range[3];
	return true;
}

static int
descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * What the newest state does not show: each "/ByteRange" in the raw bytes that
 * belongs to no signature found says how long the file was when it was made.
 */
static int
collect_older(struct vt_pdf_signed *s, const struct vt_pdf_scan *scan,
    struct vt_error *err)
{
	uint64_t ends[VT_PDF_STATES_MAX], end;
	struct vt_error why;
	struct vt_pdf *pdf;
	size_t i, k, n = 0, hits;
	int rc = VT_OK;

	hits = scan->n < VT_PDF_SCAN_MAX ? scan->n : VT_PDF_SCAN_MAX;
	for (i = 0; i < hits && n < VT_PDF_STATES_MAX; i++) {
		if (!scan->hits[i].has_range || scan->hits[i].range[0] != 0 ||
		    is_inside(s, scan->hits[i].off) ||
		    !range_end(scan->hits[i].range, s->size, &end))
			continue;
		for (k = 0; k < n && ends[k] != end; k++)
			;
		if (k == n)
			ends[n++] = end;
	}
	qsort(ends, n, sizeof(ends[0]), descending);
	for (i = 0; i < n && rc == VT_OK; i++) {
		memset(&why, 0, sizeof(why));
		rc = vt_pdf_signed_state(s, ends[i], &pdf, &why, err);
		if (rc == VT_OK && why.code == VT_ELIMIT)
			rc = vt_pdf_pass(err, &why);
		if (rc != VT_OK || pdf == NULL)
			continue;
		rc = collect(s, pdf, s->pdf != NULL && !is_limit(&s->damage),
		    NULL, err);
	}
	return rc;
}

static int
count_strays(struct vt_pdf_signed *s, struct vt_error *err)
{
	struct vt_pdf_scan *scan;
	size_t i;
	int rc;

	if ((scan = calloc(1, sizeof(*scan))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_pdf_scan_byteranges(s->src, scan, err)) == VT_OK &&
	    (rc = collect_older(s, scan, err)) == VT_OK) {
		s->strays = scan->n;
		for (i = 0; i < scan->n && i < VT_PDF_SCAN_MAX; i++)
			if (is_inside(s, scan->hits[i].off))
				s->strays--;
	}
	free(scan);
	return rc;
}

/* In the order in which they cover the file; those that do not come last. */
static int
by_end(const void *va, const void *vb)
{
	const struct pdf_signature *a = va, *b = vb;
	uint64_t x = a->pub.sound ? a->pub.end : UINT64_MAX;
	uint64_t y = b->pub.sound ? b->pub.end : UINT64_MAX;

	if (x != y)
		return x < y ? -1 : 1;
	return a->field.extent.start < b->field.extent.start   ? -1
	       : a->field.extent.start > b->field.extent.start ? 1
							       : 0;
}

int
vt_pdf_signed_open(struct vt_source *src, struct vt_pdf_signed **ret,
    struct vt_error *err)
{
	return vt_pdf_signed_open_with(src, NULL, ret, err);
}

int
vt_pdf_signed_open_with(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf_signed **ret, struct vt_error *err)
{
	struct vt_pdf_signed *s;
	size_t i;
	int rc;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return vt_error_nomem(err);
	s->src = src;
	s->size = vt_source_size(src);
	s->password = password;
	rc = vt_pdf_open_with(src, VT_PDF_TOLERANT, password, &s->pdf,
	    &s->damage);
	if (is_fatal(rc) || rc == VT_EKEY) {
		vt_pdf_pass(err, &s->damage);
		goto out;
	}
	if ((rc = s->pdf == NULL
		      ? VT_OK
		      : collect(s, s->pdf, false, &s->damage, err)) != VT_OK ||
	    (rc = count_strays(s, err)) != VT_OK)
		goto out;
	if (s->pdf == NULL && s->n == 0 && s->strays == 0) {
		rc = vt_pdf_pass(err, &s->damage);
		goto out;
	}
	for (i = 0; i < s->n && rc == VT_OK; i++)
		rc = vt_pdf_signed_cover(s, &s->items[i], err);
	if (rc != VT_OK)
		goto out;
	if (s->n > 0)
		qsort(s->items, s->n, sizeof(s->items[0]), by_end);
	for (i = 0; i < s->n; i++)
		s->items[i].pub.field = &s->items[i].field;
	*ret = s;
	s = NULL;
out:
	vt_pdf_signed_free(s);
	return rc;
}

void
vt_pdf_signed_free(struct vt_pdf_signed *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		vt_pdf_sigfield_release(&s->items[i].field);
	free(s->items);
	vt_pdf_steps_free(s);
	for (i = 0; i < PDF_STATES_KEPT; i++)
		vt_pdf_free(s->states[i].pdf);
	vt_pdf_free(s->pdf);
	free(s);
}

struct vt_pdf *
vt_pdf_signed_pdf(const struct vt_pdf_signed *s)
{
	return s->pdf;
}

const struct vt_error *
vt_pdf_signed_damage(const struct vt_pdf_signed *s)
{
	return &s->damage;
}

size_t
vt_pdf_signed_strays(const struct vt_pdf_signed *s)
{
	return s->strays;
}

size_t
vt_pdf_signed_n(const struct vt_pdf_signed *s)
{
	return s->n;
}

const struct vt_pdf_signature *
vt_pdf_signed_at(const struct vt_pdf_signed *s, size_t i)
{
	return &s->items[i].pub;
}

const struct vt_source *
vt_pdf_signed_start(const struct vt_pdf_signed *s, size_t i, uint64_t *ret_len)
{
	const uint64_t *r = s->items[i].field.range;

	*ret_len = s->items[i].pub.sound && r[0] == 0 ? r[1] : 0;
	return s->src;
}

int
vt_pdf_signed_rest(struct vt_pdf_signed *s, size_t i, uint64_t skip,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	const uint64_t *r = s->items[i].field.range;
	int rc;

	if (!s->items[i].pub.sound || skip > r[1])
		return vt_error_set(err, VT_EFORMAT, s->items[i].pub.clause,
		    "the signature covers nothing that one could speak of");
	rc = vt_source_stream(s->src, r[0] + skip, r[1] - skip, fn, ctx, err);
	if (rc != VT_OK)
		return rc;
	return vt_source_stream(s->src, r[2], r[3], fn, ctx, err);
}

int
vt_pdf_signed_stream(struct vt_pdf_signed *s, size_t i,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	return vt_pdf_signed_rest(s, i, 0, fn, ctx, err);
}
