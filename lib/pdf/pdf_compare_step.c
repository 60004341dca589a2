/* pdf_compare_step.c - two states of one document, object by object */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define PAGES_LOOKED 200 /* pages among which a changed one is looked for */

int
vt_pdf_differ(struct pdf_step *st, enum vt_pdf_difference_code code,
    struct vt_pdf_ref ref, struct vt_error *err, const char *msgid, ...)
{
	struct vt_pdf_comparison *c = st->ret;
	struct vt_pdf_difference *more, *d;
	va_list ap;

	c->result = VT_PDF_CHANGED;
	c->total++;
	if (c->n == VT_PDF_DIFFERENCES_MAX)
		return VT_OK;
	if ((c->n & (c->n - 1)) == 0) {
		more = realloc(c->items,
		    (c->n == 0 ? 1 : 2 * c->n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		c->items = more;
	}
	d = &c->items[c->n++];
	memset(d, 0, sizeof(*d));
	d->code = code;
	d->ref = ref;
	d->page = SIZE_MAX;
	d->end = st->end;
	va_start(ap, msgid);
	vsnprintf(d->text, sizeof(d->text), vt_tr(msgid), ap);
	va_end(ap);
	return VT_OK;
}

/* Something that we cannot look at: no change is known, nor that none is. */
static void
incomplete(struct pdf_step *st, const struct vt_error *why)
{
	if (st->ret->reason[0] == '\0')
		snprintf(st->ret->reason, sizeof(st->ret->reason), "%.*s",
		    (int)sizeof(st->ret->reason) - 1, why->text);
}

/* What loading one object came to. */
enum value { VALUE_OK, VALUE_BROKEN, VALUE_UNKNOWN };

static int
load(struct pdf_step *st, struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj **ret, enum value *ret_value, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	struct vt_error e = { 0 };
	int rc;

	*ret = &none;
	*ret_value = VALUE_OK;
	if (++*st->looked > VT_PDF_COMPARE_MAX) {
		vt_error_set(&e, VT_ELIMIT, NULL,
		    "the document has more than %d objects to compare",
		    VT_PDF_COMPARE_MAX);
		incomplete(st, &e);
		*ret_value = VALUE_UNKNOWN;
		return VT_OK;
	}
	switch (rc = vt_pdf_get(pdf, ref, ret, &e)) {
	case VT_OK:
		return VT_OK;
	case VT_EFORMAT:
		*ret_value = VALUE_BROKEN;
		break;
	case VT_EUNSUPPORTED:
	case VT_ELIMIT:
		incomplete(st, &e);
		*ret_value = VALUE_UNKNOWN;
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

static struct pdf_candidate *
find(struct pdf_step *st, uint32_t num)
{
	struct pdf_candidate key = { .num = num };

	return st->ncands == 0
		   ? NULL
		   : bsearch(&key, st->cands, st->ncands, sizeof(key), by_num);
}

/* The numbers in the revisions of B from FIRST on, each once. */
static int
candidates_make(struct pdf_step *st, size_t first, struct vt_error *err)
{
	struct vt_pdf_xref x;
	size_t r, pos, n = 0, i, k = 0;

	for (r = first; r < vt_pdf_nrevisions(st->b); r++)
		for (pos = 0; vt_pdf_revision_next(st->b, r, &pos, &x);)
			n++;
	if (n == 0)
		return VT_OK;
	if ((st->cands = calloc(n, sizeof(*st->cands))) == NULL)
		return vt_error_nomem(err);
	for (r = first; r < vt_pdf_nrevisions(st->b); r++)
		for (pos = 0;
		     k < n && vt_pdf_revision_next(st->b, r, &pos, &x);)
			st->cands[k++].num = x.ref.num;
	qsort(st->cands, k, sizeof(*st->cands), by_num);
	for (i = 0, n = 0; i < k; i++)
		if (n == 0 || st->cands[n - 1].num != st->cands[i].num)
			st->cands[n++] = st->cands[i];
	st->ncands = n;
	return VT_OK;
}

/* Mark the candidates that OBJ, of the older state, refers to. */
static void
references(struct pdf_step *st, const struct vt_pdf_obj *obj, bool annots,
    unsigned depth)
{
	struct pdf_candidate *c;
	size_t i;

	if (depth > VT_PDF_DEPTH_MAX + 1)
		return;
	switch (obj->type) {
	case VT_PDF_REF:
		if ((c = find(st, obj->u.ref.num)) == NULL)
			return;
		c->referenced = true;
		c->annots = c->annots || annots;
		return;
	case VT_PDF_ARRAY:
		for (i = 0; i < obj->u.array.n; i++)
			references(st, &obj->u.array.items[i], false,
			    depth + 1);
		return;
	case VT_PDF_STREAM:
		obj = obj->u.stream.dict;
		/* fallthrough */
	case VT_PDF_DICT:
		annots = vt_pdf_is_name(vt_pdf_find(obj, "Type"), "Page");
		for (i = 0; i < obj->u.dict.n; i++)
			references(st, &obj->u.dict.entries[i].value,
			    annots &&
				vt_bytes_equal_str(obj->u.dict.entries[i].key,
				    "Annots"),
			    depth + 1);
		return;
	default:
		return;
	}
}

/*
 * Every object of the older state: what it refers to, and whether it could be
 * read at all.  One that could not, because it stood where nothing was yet, and
 * now can, has changed though no revision lists it.
 */
static int
scan_older(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *va, *vb;
	enum value a, b;
	struct vt_pdf_xref x;
	size_t pos = 0, ma, mb;
	int rc = VT_OK;

	references(st, vt_pdf_trailer(st->a), false, 0);
	while (rc == VT_OK && vt_pdf_xref_next(st->a, &pos, &x)) {
		if (x.type == VT_PDF_FREE)
			continue;
		ma = vt_pdf_mark(st->a);
		if ((rc = load(st, st->a, x.ref, &va, &a, err)) != VT_OK)
			break;
		if (a == VALUE_OK)
			references(st, va, false, 0);
		vt_pdf_rewind(st->a, ma);
		if (a == VALUE_OK || find(st, x.ref.num) != NULL)
			continue;
		mb = vt_pdf_mark(st->b);
		rc = load(st, st->b, x.ref, &vb, &b, err);
		if (rc == VT_OK && a == VALUE_BROKEN && b == VALUE_OK)
			rc = vt_pdf_differ(st, VT_PDF_D_CHANGED, x.ref, err,
			    VT_N_("object %u could not be read when it was "
				  "signed, and now it can"),
			    x.ref.num);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

/* --- one object --- */

static size_t
page_of(struct pdf_step *st, struct vt_pdf_ref ref, const struct vt_pdf_obj *va)
{
	const struct vt_pdf_obj *p = vt_pdf_find(va, "P");
	struct vt_pdf_ref page;
	size_t i, mark;
	int rc = VT_OK;

	if (p != NULL && p->type == VT_PDF_REF)
		ref = p->u.ref;
	else if (!vt_pdf_is_name(vt_pdf_find(va, "Type"), "Page"))
		return SIZE_MAX;
	for (i = 0; i < PAGES_LOOKED && rc == VT_OK; i++) {
		mark = vt_pdf_mark(st->a);
		rc = vt_pdf_page(st->a, i, NULL, &page, NULL);
		vt_pdf_rewind(st->a, mark);
		if (rc == VT_OK && page.num == ref.num)
			return i;
	}
	return SIZE_MAX;
}

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
	size_t n = st->ret->n, page = page_of(st, ref, va);
	struct vt_bytes key = { 0 };
	int rc;

	if (va->type == VT_PDF_DICT && vb->type == VT_PDF_DICT)
		key = differing_key(va, vb);
	if (key.len > 0)
		rc = vt_pdf_differ(st, VT_PDF_D_CHANGED, ref, err,
		    VT_N_("object %u was changed: /%.*s"), ref.num,
		    (int)key.len, (const char *)key.data);
	else
		rc = vt_pdf_differ(st, VT_PDF_D_CHANGED, ref, err,
		    VT_N_("object %u was changed"), ref.num);
	if (rc == VT_OK && st->ret->n > n)
		st->ret->items[n].page = page;
	return rc;
}

static struct vt_pdf_ref
ref_in(const struct vt_pdf *pdf, uint32_t num)
{
	struct vt_pdf_xref x;

	if (!vt_pdf_xref_find(pdf, num, &x))
		return (struct vt_pdf_ref){ num, 0 };
	return x.ref;
}

static int
compare_values(struct pdf_step *st, const struct pdf_candidate *c,
    struct vt_error *err)
{
	struct vt_pdf_ref ra = ref_in(st->a, c->num),
			  rb = ref_in(st->b, c->num);
	const struct vt_pdf_obj *va, *vb;
	enum value a, b;
	bool same = false;
	int rc;

	if ((rc = load(st, st->a, ra, &va, &a, err)) != VT_OK ||
	    (rc = load(st, st->b, rb, &vb, &b, err)) != VT_OK)
		return rc;
	if (a == VALUE_UNKNOWN || b == VALUE_UNKNOWN)
		return VT_OK;
	if (b == VALUE_BROKEN)
		return a == VALUE_BROKEN
			   ? VT_OK
			   : vt_pdf_differ(st, VT_PDF_D_UNREADABLE, rb, err,
				 VT_N_("object %u cannot be read any more"),
				 rb.num);
	if (a == VALUE_BROKEN)
		return vt_pdf_differ(st, VT_PDF_D_CHANGED, ra, err,
		    VT_N_("object %u could not be read when it was signed, and "
			  "now it can"),
		    ra.num);
	if (va->type == VT_PDF_NULL)
		return vb->type == VT_PDF_NULL || !c->referenced
			   ? VT_OK
			   : vt_pdf_differ(st, VT_PDF_D_REACHED, rb, err,
				 VT_N_(
				     "object %u, to which a reference led when "
				     "there was none, was added"),
				 rb.num);
	if (vb->type == VT_PDF_NULL || ra.gen != rb.gen)
		return vt_pdf_differ(st, VT_PDF_D_FREED, ra, err,
		    VT_N_("object %u was removed"), ra.num);
	if ((rc = same_value(st, va, vb, &same, err)) != VT_OK || same)
		return rc;
	if ((rc = vt_pdf_excused(st, c, va, vb, &same, err)) != VT_OK || same)
		return rc;
	return differ_value(st, ra, va, vb, err);
}

static int
compare_listed(struct pdf_step *st, struct vt_error *err)
{
	size_t i, ma, mb;
	int rc = VT_OK;

	for (i = 0; i < st->ncands && rc == VT_OK; i++) {
		if (st->cands[i].num == 0)
			continue;
		ma = vt_pdf_mark(st->a);
		mb = vt_pdf_mark(st->b);
		rc = compare_values(st, &st->cands[i], err);
		vt_pdf_rewind(st->a, ma);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

/* --- trailers and chains --- */

/* Keys of a trailer that say nothing about the document (7.5.5, 7.5.8). */
static bool
is_bookkeeping(struct vt_bytes key)
{
	static const char *const keys[] = { "Size", "Prev", "XRefStm", "Type",
		"Index", "W", "Length", "Filter", "DecodeParms", "ID" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (vt_bytes_equal_str(key, keys[i]))
			return true;
	return false;
}

/* The first string of /ID is part of an encrypted document's key (7.6.4.3). */
static bool
id_fits(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	if (a == NULL || a->type != VT_PDF_ARRAY || a->u.array.n == 0)
		return true;
	if (b == NULL || b->type != VT_PDF_ARRAY || b->u.array.n == 0)
		return b == NULL || b->type == VT_PDF_NULL;
	return vt_pdf_equal(&a->u.array.items[0], &b->u.array.items[0]);
}

static int
compare_trailers(struct pdf_step *st, struct vt_error *err)
{
	static const char *const must[] = { "Root", "Info", "Encrypt" };
	static const struct vt_pdf_ref none = { 0, 0 };
	const struct vt_pdf_obj *a = vt_pdf_trailer(st->a);
	const struct vt_pdf_obj *b = vt_pdf_trailer(st->b);
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *old;
	size_t i, k;
	bool found;
	int rc = VT_OK;

	for (i = 0; i < 3 && rc == VT_OK; i++)
		if (vt_pdf_find(a, must[i]) != NULL &&
		    vt_pdf_find(b, must[i]) == NULL)
			rc = vt_pdf_differ(st, VT_PDF_D_TRAILER, none, err,
			    VT_N_("the trailer has lost /%s"), must[i]);
	for (i = 0; i < b->u.dict.n && rc == VT_OK; i++) {
		e = &b->u.dict.entries[i];
		if (is_bookkeeping(e->key) || e->value.type == VT_PDF_NULL)
			continue;
		found = false;
		for (k = 0; k < a->u.dict.n && !found; k++) {
			old = &a->u.dict.entries[k].value;
			found =
			    vt_bytes_equal(a->u.dict.entries[k].key, e->key) &&
			    vt_pdf_equal(old, &e->value);
		}
		if (!found)
			rc = vt_pdf_differ(st, VT_PDF_D_TRAILER, none, err,
			    VT_N_("the trailer was changed: /%.*s"),
			    (int)e->key.len, (const char *)e->key.data);
	}
	if (rc == VT_OK && vt_pdf_encrypted(st->a) &&
	    !id_fits(vt_pdf_find(a, "ID"), vt_pdf_find(b, "ID")))
		rc = vt_pdf_differ(st, VT_PDF_D_TRAILER, none, err,
		    VT_N_("the trailer was changed: /%.*s"), 2, "ID");
	return rc;
}

/*
 * The revisions of A must be the first ones of B; *RET is the first one that is
 * B's own.
 */
static int
compare_chains(struct pdf_step *st, size_t *ret, struct vt_error *err)
{
	static const struct vt_pdf_ref none = { 0, 0 };
	size_t i, na = vt_pdf_nrevisions(st->a), nb = vt_pdf_nrevisions(st->b);

	*ret = na;
	for (i = 0; i < na; i++)
		if (i >= nb || vt_pdf_revision(st->a, i)->xref !=
				   vt_pdf_revision(st->b, i)->xref)
			return vt_pdf_differ(st, VT_PDF_D_CHAIN, none, err,
			    VT_N_(
				"a later revision leaves out the one that was "
				"signed"));
	for (i = na; i < nb; i++)
		if (vt_pdf_revision(st->b, i)->missing)
			return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, none, err,
			    VT_N_("a later revision cannot be read"));
	return VT_OK;
}

/* Where the parts that may grow are, in the older state. */
static int
roles_find(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *form, *v;
	size_t mark = vt_pdf_mark(st->a);
	struct vt_error e = { 0 };
	int rc;

	rc = vt_pdf_catalog(st->a, &catalog, &st->root, &e);
	if (rc == VT_OK) {
		v = vt_pdf_find(catalog, "AcroForm");
		if (v != NULL && v->type == VT_PDF_REF)
			st->form = v->u.ref;
		rc = vt_pdf_lookup(st->a, catalog, "AcroForm", &form, &e);
	}
	if (rc == VT_OK) {
		v = vt_pdf_find(form, "Fields");
		if (v != NULL && v->type == VT_PDF_REF)
			st->array = v->u.ref;
	}
	vt_pdf_rewind(st->a, mark);
	/* Without a catalog nothing is excused. */
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

int
vt_pdf_step_run(struct pdf_step *st, struct vt_error *err)
{
	size_t first;
	int rc;

	if ((rc = compare_chains(st, &first, err)) != VT_OK ||
	    st->ret->result == VT_PDF_CHANGED)
		goto out;
	if ((rc = compare_trailers(st, err)) == VT_OK &&
	    (rc = candidates_make(st, first, err)) == VT_OK &&
	    (rc = roles_find(st, err)) == VT_OK &&
	    (rc = scan_older(st, err)) == VT_OK)
		rc = compare_listed(st, err);
out:
	free(st->cands);
	st->cands = NULL;
	st->ncands = 0;
	return rc;
}
