/* pdf_compare_step.c - two states of one document, object by object */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

int
vt_pdf_step_load(struct pdf_step *st, struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj **ret, enum pdf_value *ret_value,
    struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	size_t used = vt_pdf_mark(pdf);
	struct vt_error e = { 0 };
	int rc;

	*ret = &none;
	*ret_value = PDF_V_UNKNOWN;
	if (vt_pdf_is_exhausted(st, 1))
		return VT_OK;
	rc = vt_pdf_get(pdf, ref, ret, &e);
	vt_pdf_is_exhausted(st, (vt_pdf_mark(pdf) - used) / PDF_UNIT);
	switch (rc) {
	case VT_OK:
		*ret_value = PDF_V_OK;
		return VT_OK;
	case VT_EFORMAT:
		*ret_value = PDF_V_BROKEN;
		break;
	case VT_EUNSUPPORTED:
	case VT_ELIMIT:
		vt_pdf_incomplete(st, &e);
		break;
	default:
		return vt_pdf_pass(err, &e);
	}
	*ret = &none;
	return VT_OK;
}

/* Do both states have the same bytes there? */
static int
same_bytes(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	unsigned char buf[4096];
	uint64_t a = va->u.stream.off, b = vb->u.stream.off;
	uint64_t left = va->u.stream.len;
	struct vt_source *src = vt_pdf_source(st->b);
	struct vt_bytes view;
	size_t n;
	int rc;

	*ret = va->u.stream.len == vb->u.stream.len;
	for (; *ret && left > 0 && a != b; left -= n, a += n, b += n) {
		n = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		if ((rc = vt_source_read(src, a, buf, n, err)) != VT_OK ||
		    (rc = vt_source_view(src, b, n, &view, err)) != VT_OK)
			return rc;
		*ret = vt_bytes_equal(VT_BYTES(buf, n), view);
	}
	return VT_OK;
}

static int
same_value(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	*ret = vt_pdf_equal(va, vb);
	if (!*ret || va->type != VT_PDF_STREAM)
		return VT_OK;
	return same_bytes(st, va, vb, ret, err);
}

/* --- what later revisions list --- */

static int
by_num(const void *va, const void *vb)
{
	const struct pdf_candidate *a = va, *b = vb;

	return a->num < b->num ? -1 : a->num > b->num;
}

struct pdf_candidate *
vt_pdf_candidate(const struct pdf_step *st, uint32_t num)
{
	size_t low = 0, high = st->ncands, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (st->cands[mid].num < num)
			low = mid + 1;
		else
			high = mid;
	}
	return low < st->ncands && st->cands[low].num == num ? &st->cands[low]
							     : NULL;
}

int
vt_pdf_watch(struct pdf_step *st, uint32_t num, struct vt_error *err)
{
	struct pdf_candidate *more;
	size_t cap;

	if (num == 0 || vt_pdf_candidate(st, num) != NULL)
		return VT_OK;
	if (st->ncands + st->nwatched == st->ccands) {
		cap = 2 * st->ccands + 16;
		more = realloc(st->cands, cap * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		st->cands = more;
		st->ccands = cap;
	}
	st->cands[st->ncands + st->nwatched++] =
	    (struct pdf_candidate){ .num = num };
	return VT_OK;
}

/* Put the watched ones where they belong. */
static void
watch(struct pdf_step *st)
{
	size_t i, n = st->ncands + st->nwatched, k = 0;

	if (st->nwatched == 0)
		return;
	qsort(st->cands, n, sizeof(*st->cands), by_num);
	for (i = 0; i < n; i++)
		if (k == 0 || st->cands[k - 1].num != st->cands[i].num)
			st->cands[k++] = st->cands[i];
	st->ncands = k;
	st->nwatched = 0;
}

/* The numbers in the revisions of B from FIRST on, each once. */
static int
candidates_make(struct pdf_step *st, size_t first, struct vt_error *err)
{
	struct vt_pdf_xref x;
	size_t r, pos, n = 0, i, k = 0, all;

	for (r = first; r < vt_pdf_nrevisions(st->b); r++)
		for (pos = 0; vt_pdf_revision_next(st->b, r, &pos, &x);)
			n++;
	if ((all = n) == 0)
		return VT_OK;
	if ((st->cands = calloc(n, sizeof(*st->cands))) == NULL)
		return vt_error_nomem(err);
	for (r = first; r < vt_pdf_nrevisions(st->b); r++)
		for (pos = 0;
		     k < n && vt_pdf_revision_next(st->b, r, &pos, &x);)
			if (x.ref.num != 0)
				st->cands[k++].num = x.ref.num;
	qsort(st->cands, k, sizeof(*st->cands), by_num);
	for (i = 0, n = 0; i < k; i++)
		if (n == 0 || st->cands[n - 1].num != st->cands[i].num)
			st->cands[n++] = st->cands[i];
	st->ncands = n;
	st->ccands = all;
	return VT_OK;
}

static struct vt_pdf_ref
ref_in(const struct vt_pdf *pdf, uint32_t num)
{
	struct vt_pdf_xref x;

	if (!vt_pdf_xref_find(pdf, num, &x))
		return (struct vt_pdf_ref){ num, 0 };
	return x.ref;
}

static bool
is_page(const struct vt_pdf_obj *v)
{
	return v->type == VT_PDF_DICT &&
	       vt_pdf_is_name(vt_pdf_find(v, "Type"), "Page");
}

static bool
is_same_offset(const struct vt_pdf_xref *a, const struct vt_pdf_xref *b)
{
	return a->type == VT_PDF_IN_FILE && b->type == VT_PDF_IN_FILE &&
	       a->off == b->off && a->ref.gen == b->ref.gen;
}

/* Is NUM, which cannot be read in either state, the same bytes in both? */
static bool
is_same_place(const struct pdf_step *st, uint32_t num)
{
	struct vt_pdf_xref a, b, sa, sb;

	if (!vt_pdf_xref_find(st->a, num, &a) ||
	    !vt_pdf_xref_find(st->b, num, &b))
		return false;
	if (a.type != VT_PDF_IN_STREAM || b.type != VT_PDF_IN_STREAM)
		return is_same_offset(&a, &b);
	return a.stream == b.stream && a.index == b.index &&
	       vt_pdf_xref_find(st->a, a.stream, &sa) &&
	       vt_pdf_xref_find(st->b, b.stream, &sb) &&
	       is_same_offset(&sa, &sb);
}

/* What C came to be. */
static int
classify(struct pdf_step *st, struct pdf_candidate *c, struct vt_error *err)
{
	struct vt_pdf_ref ra = ref_in(st->a, c->num),
			  rb = ref_in(st->b, c->num);
	const struct vt_pdf_obj *va, *vb;
	enum pdf_value a, b;
	bool same = false;
	int rc;

	c->became = PDF_C_SAME;
	rc = vt_pdf_step_load(st, st->a, ra, &va, &a, err);
	if (rc != VT_OK)
		return rc;
	if (a == PDF_V_OK && va->type == VT_PDF_NULL) {
		c->became = PDF_C_ADDED; /* or nothing: looked at if used */
		return VT_OK;
	}
	rc = vt_pdf_step_load(st, st->b, rb, &vb, &b, err);
	if (rc != VT_OK)
		return rc;
	if (a == PDF_V_UNKNOWN || b == PDF_V_UNKNOWN)
		return VT_OK;
	if (a == PDF_V_BROKEN && b == PDF_V_BROKEN) {
		if (!is_same_place(st, c->num))
			c->became = PDF_C_REPLACED;
		return VT_OK;
	}
	if (b == PDF_V_BROKEN) {
		c->became = PDF_C_UNREADABLE;
		return VT_OK;
	}
	if (a == PDF_V_BROKEN) {
		c->became = PDF_C_READABLE;
		return VT_OK;
	}
	if (vb->type == VT_PDF_NULL || ra.gen != rb.gen) {
		c->became = PDF_C_REMOVED;
		return VT_OK;
	}
	if (vt_pdf_xref_hidden(st->b, c->num) &&
	    !vt_pdf_xref_hidden(st->a, c->num)) {
		c->became = PDF_C_HIDDEN;
		return VT_OK;
	}
	if ((rc = same_value(st, va, vb, &same, err)) != VT_OK || same)
		return rc;
	c->became = PDF_C_CHANGED;
	c->page = is_page(va); /* the other too, or no rule fits */
	return VT_OK;
}

static int
classify_all(struct pdf_step *st, struct vt_error *err)
{
	size_t i, ma, mb;
	int rc = VT_OK;

	for (i = 0; i < st->ncands && rc == VT_OK; i++) {
		if (vt_pdf_is_exhausted(st, 0))
			break;
		ma = vt_pdf_mark(st->a);
		mb = vt_pdf_mark(st->b);
		rc = classify(st, &st->cands[i], err);
		vt_pdf_rewind(st->a, ma);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

/* --- what is said of it --- */

/* The first key by which two dictionaries differ; empty: none, or no such. */
static struct vt_bytes
differing_key(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *v;
	char key[64];
	size_t i, side;

	for (side = 0; side < 2; side++) {
		for (i = 0; i < a->u.dict.n; i++) {
			e = &a->u.dict.entries[i];
			if (e->key.len >= sizeof(key) ||
			    memchr(e->key.data, 0, e->key.len) != NULL)
				continue;
			memcpy(key, e->key.data, e->key.len);
			key[e->key.len] = '\0';
			v = vt_pdf_find(b, key);
			if (v == NULL ? e->value.type != VT_PDF_NULL
				      : !vt_pdf_equal(v, &e->value))
				return e->key;
		}
		v = a;
		a = b;
		b = v;
	}
	return VT_BYTES(NULL, 0);
}

static int
differ_value(struct pdf_step *st, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb,
    struct vt_error *err)
{
	struct vt_bytes key = { 0 };

	if (va->type == VT_PDF_DICT && vb->type == VT_PDF_DICT)
		key = differing_key(va, vb);
	if (key.len > 0)
		return vt_pdf_differ(st, VT_PDF_D_CHANGED, ref, err,
		    VT_N_("object %u was changed: /%.*s"), ref.num,
		    (int)key.len, (const char *)key.data);
	return vt_pdf_differ(st, VT_PDF_D_CHANGED, ref, err,
	    VT_N_("object %u was changed"), ref.num);
}

static int
judge_changed(struct pdf_step *st, const struct pdf_candidate *c,
    struct vt_error *err)
{
	struct vt_pdf_ref ref = ref_in(st->a, c->num);
	const struct vt_pdf_obj *va, *vb;
	struct vt_error e = { 0 };
	enum pdf_value a, b;
	bool excused = false;
	int rc;

	if ((rc = vt_pdf_step_load(st, st->a, ref, &va, &a, err)) != VT_OK ||
	    (rc = vt_pdf_step_load(st, st->b, ref, &vb, &b, err)) != VT_OK)
		return rc;
	if (a != PDF_V_OK || b != PDF_V_OK)
		return VT_OK; /* the limit, which is told */
	st->a->unsure = st->b->unsure = false;
	if ((rc = vt_pdf_excused(st, c, va, vb, &excused, err)) != VT_OK ||
	    excused)
		return rc;
	if (!st->a->unsure && !st->b->unsure)
		return differ_value(st, ref, va, vb, err);
	vt_error_set(&e, VT_ELIMIT, NULL,
	    "not all that object %u refers to could be looked at", ref.num);
	vt_pdf_incomplete(st, &e);
	return VT_OK;
}

/* Something refers to what was not there; REF is what may be there now. */
static int
judge_reached(struct pdf_step *st, struct vt_pdf_ref ref, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	enum pdf_value value;
	int rc;

	rc = vt_pdf_step_load(st, st->b, ref, &v, &value, err);
	if (rc != VT_OK || value == PDF_V_UNKNOWN)
		return rc;
	if (value == PDF_V_BROKEN)
		return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, ref, err,
		    VT_N_("object %u cannot be read any more"), ref.num);
	if (v->type == VT_PDF_NULL)
		return VT_OK;
	return vt_pdf_differ(st, VT_PDF_D_REACHED, ref, err,
	    VT_N_("object %u, to which a reference led when there was none, "
		  "was added"),
	    ref.num);
}

static int
judge(struct pdf_step *st, const struct pdf_candidate *c, struct vt_error *err)
{
	struct vt_pdf_ref ra = ref_in(st->a, c->num),
			  rb = ref_in(st->b, c->num);

	switch (c->became) {
	case PDF_C_WATCHED:
	case PDF_C_SAME:
		return VT_OK;
	case PDF_C_ADDED:
		return c->nuses == 0 ? VT_OK : judge_reached(st, rb, err);
	case PDF_C_REMOVED:
		return vt_pdf_differ(st, VT_PDF_D_FREED, ra, err,
		    VT_N_("object %u was removed"), ra.num);
	case PDF_C_UNREADABLE:
		return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, rb, err,
		    VT_N_("object %u cannot be read any more"), rb.num);
	case PDF_C_REPLACED:
		return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, rb, err,
		    VT_N_("object %u was replaced, and can be read neither "
			  "before nor after"),
		    rb.num);
	case PDF_C_READABLE:
		return vt_pdf_differ(st, VT_PDF_D_CHANGED, ra, err,
		    VT_N_("object %u could not be read when it was signed, and "
			  "now it can"),
		    ra.num);
	case PDF_C_HIDDEN:
		return vt_pdf_differ(st, VT_PDF_D_CHANGED, rb, err,
		    VT_N_("object %u is there for some readers only"), rb.num);
	case PDF_C_CHANGED:
		break;
	}
	return judge_changed(st, c, err);
}

static int
judge_all(struct pdf_step *st, struct vt_error *err)
{
	size_t i, ma, mb;
	int rc = VT_OK;

	for (i = 0; i < st->ncands && rc == VT_OK; i++) {
		if (vt_pdf_is_exhausted(st, 0))
			break;
		ma = vt_pdf_mark(st->a);
		mb = vt_pdf_mark(st->b);
		rc = judge(st, &st->cands[i], err);
		vt_pdf_rewind(st->a, ma);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

static void
release(struct pdf_step *st)
{
	vt_pdf_excuses_release(st);
	free(st->cands);
	free(st->uses);
	vt_buf_release(&st->paths);
	vt_buf_release(&st->fonts);
}

int
vt_pdf_step_run(struct pdf_step *st, struct vt_error *err)
{
	size_t first;
	int rc;

	if (vt_pdf_is_exhausted(st, 0))
		return VT_OK;
	if ((rc = vt_pdf_compare_chains(st, &first, err)) != VT_OK ||
	    st->ret->result == VT_PDF_CHANGED)
		return rc;
	if ((rc = candidates_make(st, first, err)) == VT_OK &&
	    (rc = classify_all(st, err)) == VT_OK)
		rc = vt_pdf_excuses_make(st, err);
	if (rc == VT_OK)
		watch(st);
	if (rc == VT_OK && (rc = vt_pdf_uses_find(st, err)) == VT_OK &&
	    (rc = vt_pdf_compare_trailers(st, err)) == VT_OK &&
	    (rc = judge_all(st, err)) == VT_OK &&
	    (rc = vt_pdf_compare_gaps(st, err)) == VT_OK &&
	    (rc = vt_pdf_compare_unread(st, err)) == VT_OK &&
	    (rc = vt_pdf_compare_strict(st, err)) == VT_OK &&
	    (rc = vt_pdf_compare_places(st, err)) == VT_OK)
		rc = vt_pdf_tell_additions(st, err);
	release(st);
	return rc;
}
