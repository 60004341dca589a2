/* pdf_compare_excuse.c - what adding a signature may change, and no more */
#include <string.h>

#include "pdf_compare_int.h"

static bool
same_ref(struct vt_pdf_ref a, struct vt_pdf_ref b)
{
	return a.num != 0 && a.num == b.num && a.gen == b.gen;
}

static bool
is_type(const struct vt_pdf_obj *dict, const char *type)
{
	return dict->type == VT_PDF_DICT &&
	       vt_pdf_is_name(vt_pdf_find(dict, "Type"), type);
}

static const struct vt_pdf_obj *
value_of(const struct vt_pdf_obj *dict, struct vt_bytes key, size_t *ret_n)
{
	const struct vt_pdf_obj *v = NULL;
	size_t i;

	*ret_n = 0;
	for (i = 0; i < dict->u.dict.n; i++)
		if (vt_bytes_equal(dict->u.dict.entries[i].key, key)) {
			v = &dict->u.dict.entries[i].value;
			++*ret_n;
		}
	return v;
}

static bool
is_among(struct vt_bytes key, const char *const keys[])
{
	size_t i;

	for (i = 0; keys[i] != NULL; i++)
		if (vt_bytes_equal_str(key, keys[i]))
			return true;
	return false;
}

/* Every entry of A but those of KEYS is in B, and equal; none twice. */
static bool
entries_kept(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    const char *const keys[])
{
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *v;
	size_t i, na, nb;

	for (i = 0; i < a->u.dict.n; i++) {
		e = &a->u.dict.entries[i];
		value_of(a, e->key, &na);
		v = value_of(b, e->key, &nb);
		if (na != 1 || nb > 1)
			return false;
		if (is_among(e->key, keys) || e->value.type == VT_PDF_NULL)
			continue;
		if (v == NULL || !vt_pdf_equal(&e->value, v))
			return false;
	}
	return true;
}

/* Two dictionaries that differ only under KEYS. */
static bool
same_but(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    const char *const keys[])
{
	return a->type == VT_PDF_DICT && b->type == VT_PDF_DICT &&
	       a->u.dict.n <= PDF_ENTRIES_EXCUSED_MAX &&
	       b->u.dict.n <= PDF_ENTRIES_EXCUSED_MAX &&
	       entries_kept(a, b, keys) && entries_kept(b, a, keys);
}

static bool
use_field(struct pdf_step *st, struct vt_pdf_ref ref)
{
	size_t i;

	for (i = 0; i < st->nexcuses; i++)
		if (same_ref(st->excuses[i].field, ref) &&
		    !st->excuses[i].field_used) {
			st->excuses[i].field_used = true;
			st->ret->added = VT_PDF_ADDED_FORM;
			return true;
		}
	return false;
}

static bool
use_widget(struct pdf_step *st, struct vt_pdf_ref ref)
{
	size_t i, k;

	for (i = 0; i < st->nexcuses; i++)
		for (k = 0; k < st->excuses[i].nwidgets; k++)
			if (same_ref(st->excuses[i].widgets[k].ref, ref) &&
			    !st->excuses[i].widgets[k].used) {
				st->excuses[i].widgets[k].used = true;
				st->ret->added = VT_PDF_ADDED_FORM;
				return true;
			}
	return false;
}

/* VB is VA with references put in that USE allows, each once. */
static bool
array_grew(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb,
    bool (*use)(struct pdf_step *st, struct vt_pdf_ref ref))
{
	const struct vt_pdf_obj *item;
	size_t i, k = 0, na = va->type == VT_PDF_ARRAY ? va->u.array.n : 0;

	if ((va->type != VT_PDF_ARRAY && va->type != VT_PDF_NULL) ||
	    vb->type != VT_PDF_ARRAY)
		return false;
	for (i = 0; i < vb->u.array.n; i++) {
		item = &vb->u.array.items[i];
		if (k < na && vt_pdf_equal(&va->u.array.items[k], item))
			k++;
		else if (item->type != VT_PDF_REF || !use(st, item->u.ref))
			return false;
	}
	return k == na;
}

/* The value of KEY on both sides, resolved; null where it cannot be read. */
static int
both(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, const char *key, const struct vt_pdf_obj **ra,
    const struct vt_pdf_obj **rb, bool *ret_ok, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	struct vt_error e = { 0 };
	int rc;

	*ra = *rb = &none;
	if ((rc = vt_pdf_lookup(st->a, va, key, ra, &e)) == VT_OK)
		rc = vt_pdf_lookup(st->b, vb, key, rb, &e);
	*ret_ok = rc == VT_OK;
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

/* The form (12.7.3): its fields grew by the signatures' own, and its flags. */
static int
form_excused(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	static const char *const keys[] = { "Fields", "SigFlags", NULL };
	static const struct vt_pdf_obj empty = { .type = VT_PDF_DICT };
	const struct vt_pdf_obj *fa, *fb, *flags;
	bool ok;
	int rc;

	*ret = false;
	if (va->type == VT_PDF_NULL)
		va = &empty;
	if (!same_but(va, vb, keys))
		return VT_OK;
	flags = vt_pdf_find(vb, "SigFlags");
	if (flags != NULL && flags->type != VT_PDF_INT)
		return VT_OK;
	if ((rc = both(st, va, vb, "Fields", &fa, &fb, &ok, err)) != VT_OK)
		return rc;
	*ret =
	    ok && (vt_pdf_equal(fa, fb) || array_grew(st, fa, fb, use_field));
	return VT_OK;
}

static int
catalog_excused(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	static const char *const keys[] = { "AcroForm", NULL };
	const struct vt_pdf_obj *fa, *fb;
	bool ok;
	int rc;

	*ret = false;
	if (!same_but(va, vb, keys))
		return VT_OK;
	if ((rc = both(st, va, vb, "AcroForm", &fa, &fb, &ok, err)) != VT_OK ||
	    !ok)
		return rc;
	return form_excused(st, fa, fb, ret, err);
}

static int
page_excused(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	static const char *const keys[] = { "Annots", NULL };
	const struct vt_pdf_obj *fa, *fb;
	bool ok;
	int rc;

	*ret = false;
	if (!same_but(va, vb, keys))
		return VT_OK;
	if ((rc = both(st, va, vb, "Annots", &fa, &fb, &ok, err)) != VT_OK)
		return rc;
	*ret =
	    ok && (vt_pdf_equal(fa, fb) || array_grew(st, fa, fb, use_widget));
	return VT_OK;
}

/*
 * A field or widget that was there already is filled: what makes it this field,
 * at this place in the tree and with these rules, stays.
 */
static bool
field_filled(const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	static const char *const may[] = { "V", "AP", "AS", "F", "M", "MK",
		"DA", "DR", "Q", "BS", "Border", "Rect", "NM", NULL };
	const struct vt_pdf_obj *v = vt_pdf_find(va, "V");

	return (v == NULL || v->type == VT_PDF_NULL) && same_but(va, vb, may);
}

static bool
is_excused_field(const struct pdf_step *st, struct vt_pdf_ref ref)
{
	size_t i, k;

	for (i = 0; i < st->nexcuses; i++) {
		if (same_ref(st->excuses[i].field, ref))
			return true;
		for (k = 0; k < st->excuses[i].nwidgets; k++)
			if (same_ref(st->excuses[i].widgets[k].ref, ref))
				return true;
	}
	return false;
}

static bool
is_section(const struct vt_pdf *pdf, uint32_t num)
{
	struct vt_pdf_xref x;
	size_t i;

	if (!vt_pdf_xref_find(pdf, num, &x) || x.type != VT_PDF_IN_FILE)
		return false;
	for (i = 0; i < vt_pdf_nrevisions(pdf); i++)
		if (vt_pdf_revision(pdf, i)->xref == x.off)
			return true;
	return false;
}

/*
 * Some writers give their cross-reference stream the number of the last one.
 * It is excused where nothing else can mean it.
 */
static bool
is_renewed_section(const struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	return !c->referenced && va->type == VT_PDF_STREAM &&
	       vb->type == VT_PDF_STREAM &&
	       is_type(va->u.stream.dict, "XRef") &&
	       is_type(vb->u.stream.dict, "XRef") &&
	       is_section(st->a, c->num) && is_section(st->b, c->num);
}

int
vt_pdf_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	struct vt_pdf_xref x;
	struct vt_pdf_ref ref;

	*ret = is_renewed_section(st, c, va, vb);
	if (*ret || st->nexcuses == 0 || !vt_pdf_xref_find(st->b, c->num, &x))
		return VT_OK;
	ref = x.ref;
	if (same_ref(ref, st->root))
		return catalog_excused(st, va, vb, ret, err);
	if (same_ref(ref, st->form))
		return form_excused(st, va, vb, ret, err);
	if (same_ref(ref, st->array))
		*ret = array_grew(st, va, vb, use_field);
	else if (c->annots && va->type == VT_PDF_ARRAY)
		*ret = array_grew(st, va, vb, use_widget);
	else if (is_excused_field(st, ref)) {
		*ret = field_filled(va, vb);
		st->ret->added = VT_PDF_ADDED_FORM;
	} else if (is_type(va, "Page") && is_type(vb, "Page"))
		return page_excused(st, va, vb, ret, err);
	return VT_OK;
}
