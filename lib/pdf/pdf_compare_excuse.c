/* pdf_compare_excuse.c - what may change after a signature, and no more */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define PDF_RESOURCES_MAX 32 /* kinds of them; there are nine */

bool
vt_pdf_may_fill(const struct pdf_step *st)
{
	return st->policy.docmdp != 1 && (st->witness || st->policy.docmdp > 1);
}

bool
vt_pdf_is_locked(const struct pdf_step *st, const char *name)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (st->policy.locks[i] != NULL &&
		    vt_pdf_locks(st->policy.locks[i], name))
			return true;
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

/*
 * The same of /Annots, which is annotations already: a dictionary that passes
 * for a page may be a list of colour spaces, too.
 */
static int
annots_grew(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *item;
	size_t i, mark = vt_pdf_mark(st->a);
	bool ok = true;
	int rc = VT_OK;

	for (i = 0; va->type == VT_PDF_ARRAY && i < va->u.array.n && ok; i++) {
		item = &va->u.array.items[i];
		/* What an array is for its first item tells. */
		if (i == 0)
			rc = vt_pdf_side(st->a, item, &item, &ok, err);
		if (rc != VT_OK)
			return rc;
		ok = ok &&
		     (item->type == VT_PDF_DICT || item->type == VT_PDF_REF ||
			 item->type == VT_PDF_NULL);
	}
	vt_pdf_rewind(st->a, mark);
	*ret = ok && array_grew(st, va, vb, vt_pdf_use_widget);
	return VT_OK;
}

/* --- the form (12.7.3) --- */

/* Every entry of A is in B, unchanged. */
static bool
is_superset(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b)
{
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *v;
	size_t i, n;

	if (a->type == VT_PDF_NULL)
		return b->type == VT_PDF_DICT;
	if (a->type != VT_PDF_DICT || b->type != VT_PDF_DICT ||
	    a->u.dict.n > VT_PDF_EXCUSED_MAX ||
	    b->u.dict.n > VT_PDF_EXCUSED_MAX)
		return false;
	for (i = 0; i < a->u.dict.n; i++) {
		e = &a->u.dict.entries[i];
		v = vt_pdf_value_of(b, e->key, &n);
		if (v == NULL || n != 1 || !vt_pdf_equal(v, &e->value))
			return false;
	}
	return true;
}

/* /DR: the kinds of resources of B have what those of A have. */
static int
resources_grew(struct pdf_step *st, const struct vt_pdf_obj *a,
    const struct vt_pdf_obj *b, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v, *ka, *kb;
	const struct vt_pdf_entry *e;
	size_t i, n;
	bool oka, okb;
	int rc;

	rc = vt_pdf_both(st, a, b, "Font", &ka, &kb, &oka, err);
	if (rc != VT_OK)
		return rc;
	*ret = vt_pdf_fonts_fit(st, ka, kb);
	if (a->type != VT_PDF_DICT || b->type != VT_PDF_DICT) {
		*ret = *ret && a->type == VT_PDF_NULL && b->type == VT_PDF_DICT;
		return VT_OK;
	}
	*ret = *ret && a->u.dict.n <= PDF_RESOURCES_MAX &&
	       b->u.dict.n <= PDF_RESOURCES_MAX;
	for (i = 0; i < a->u.dict.n && *ret; i++) {
		e = &a->u.dict.entries[i];
		v = vt_pdf_value_of(b, e->key, &n);
		*ret = v != NULL && n == 1;
		if (!*ret || vt_pdf_equal(v, &e->value))
			continue;
		/* Readers make appearances with fonts, not with pictures. */
		if (vt_bytes_equal_str(e->key, "XObject") &&
		    vt_pdf_may_fill(st))
			continue;
		if ((rc = vt_pdf_side(st->a, &e->value, &ka, &oka, err)) !=
			VT_OK ||
		    (rc = vt_pdf_side(st->b, v, &kb, &okb, err)) != VT_OK)
			return rc;
		*ret = oka && okb && is_superset(ka, kb);
	}
	return VT_OK;
}

/*
 * How fields look that have no appearance of their own, or are to get one: what
 * had a value would show what nobody saw who signed.
 */
static int
defaults_fit(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)
{
	static const char *const keys[] = { "DA", "Q", "NeedAppearances" };
	const struct vt_pdf_obj *a, *b;
	size_t i;
	bool ok;
	int rc;

	*ret = true;
	for (i = 0; i < 3 && *ret; i++) {
		if ((rc = vt_pdf_both(st, va, vb, keys[i], &a, &b, &ok, err)) !=
		    VT_OK)
			return rc;
		if (ok && vt_pdf_equal(a, b))
			continue;
		*ret = ok && !st->has_values &&
		       (b->type != VT_PDF_BOOL || !b->u.boolean);
	}
	return VT_OK;
}

/* Its fields grew by signatures' own. */
static PDF_RULE(rule_form)
{
	static const char *const keys[] = { "Fields", "SigFlags", "DR", "DA",
		"Q", "NeedAppearances", NULL };
	static const struct vt_pdf_obj empty = { .type = VT_PDF_DICT };
	const struct vt_pdf_obj *fa, *fb, *flags;
	bool ok;
	int rc;

	*ret = false;
	if (va->type == VT_PDF_NULL)
		va = &empty;
	if (!vt_pdf_same_but(va, vb, keys))
		return VT_OK;
	flags = vt_pdf_find(vb, "SigFlags");
	if (flags != NULL && (flags->type != VT_PDF_INT ||
				 flags->u.integer < 0 || flags->u.integer > 3))
		return VT_OK;
	if ((rc = vt_pdf_both(st, va, vb, "Fields", &fa, &fb, &ok, err)) !=
	    VT_OK)
		return rc;
	if (!ok ||
	    !(vt_pdf_equal(fa, fb) || array_grew(st, fa, fb, vt_pdf_use_field)))
		return VT_OK;
	if ((rc = vt_pdf_both(st, va, vb, "DR", &fa, &fb, &ok, err)) != VT_OK)
		return rc;
	if (!ok)
		return VT_OK;
	if (!vt_pdf_equal(fa, fb)) {
		if (st->has_values && !vt_pdf_may_fill(st))
			return VT_OK;
		rc = resources_grew(st, fa, fb, ret, err);
		if (rc != VT_OK || !*ret)
			return rc;
	}
	return defaults_fit(st, va, vb, ret, err);
}

/* --- the catalog (7.7.2) --- */

static PDF_RULE(rule_catalog)
{
	static const struct {
		const char *key;
		int (*rule)(struct pdf_step *st, const struct vt_pdf_obj *va,
		    const struct vt_pdf_obj *vb, bool *ret,
		    struct vt_error *err);
	} rules[] = {
		{ "AcroForm", rule_form },
		{ "DSS", vt_pdf_rule_dss },
		{ "Metadata", vt_pdf_rule_metadata },
		{ "Extensions", vt_pdf_rule_extensions },
		{ "MarkInfo", vt_pdf_rule_mark_info },
		{ "Version", vt_pdf_rule_version },
	};
	static const char *const keys[] = { "AcroForm", "DSS", "Metadata",
		"Extensions", "MarkInfo", "Version", NULL };
	const struct vt_pdf_obj *a, *b, *da, *db;
	size_t i;
	bool ok;
	int rc;

	*ret = vt_pdf_same_but(va, vb, keys);
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]) && *ret; i++) {
		da = vt_pdf_find(va, rules[i].key);
		db = vt_pdf_find(vb, rules[i].key);
		if (da == db ||
		    (da != NULL && db != NULL && vt_pdf_equal(da, db)))
			continue; /* the same object, judged as such */
		rc = vt_pdf_both(st, va, vb, rules[i].key, &a, &b, &ok, err);
		if (rc != VT_OK)
			return rc;
		*ret = ok;
		if (ok && (rc = rules[i].rule(st, a, b, ret, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

static PDF_RULE(rule_page)
{
	static const char *const keys[] = { "Annots", NULL };
	const struct vt_pdf_obj *fa, *fb;
	bool ok;
	int rc;

	*ret = false;
	if (!vt_pdf_same_but(va, vb, keys))
		return VT_OK;
	rc = vt_pdf_both(st, va, vb, "Annots", &fa, &fb, &ok, err);
	if (rc != VT_OK)
		return rc;
	*ret = ok && vt_pdf_equal(fa, fb);
	return ok && !*ret ? annots_grew(st, fa, fb, ret, err) : VT_OK;
}

/* --- which rule --- */

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

static bool
is_xref_stream(const struct vt_pdf_obj *v)
{
	return v->type == VT_PDF_STREAM &&
	       vt_pdf_is_name(vt_pdf_find(v, "Type"), "XRef");
}

/*
 * Some writers give their cross-reference stream the number of the last one.
 * It is excused where nothing else can mean it.
 */
static bool
is_renewed_section(const struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	return c->nuses == 0 && is_xref_stream(va) && is_xref_stream(vb) &&
	       is_section(st->a, c->num) && is_section(st->b, c->num);
}

/* Is every use of C at PATH behind the form's own place? */
static bool
used_in_form(const struct pdf_step *st, const struct pdf_candidate *c,
    const char *path)
{
	char whole[64];

	if (st->form.num != 0)
		return vt_pdf_used_only_as(st, c, st->form.num, path);
	snprintf(whole, sizeof(whole), "/AcroForm%s", path);
	return vt_pdf_used_only_as(st, c, st->root.num, whole);
}

/*
 * One kind of /DR, an object that only the form's /DR refers to.  What is in a
 * kind is none: a font that gets an encoding makes other text.
 */
static bool
used_in_resources(const struct pdf_step *st, const struct pdf_candidate *c)
{
	const struct pdf_candidate *dr = vt_pdf_candidate(st, st->dr.num);
	const char *path, *kind;

	if (c->nuses != 1)
		return false;
	path = vt_pdf_use_path(st, &st->uses[c->use]);
	if (st->dr.num != 0) {
		kind = path + 1;
	} else if (strncmp(path, "/DR/", 4) == 0) {
		kind = path + 4;
	} else if (strncmp(path, "/AcroForm/DR/", 13) == 0) {
		kind = path + 13;
		path += 9;
	} else {
		return false;
	}
	if (strpbrk(kind, "/[") != NULL)
		return false;
	if (st->dr.num == 0)
		return used_in_form(st, c, path);
	return dr != NULL && used_in_form(st, dr, "/DR") &&
	       vt_pdf_used_only_as(st, c, st->dr.num, path);
}

static int
form_part_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	if (c->num == st->form.num &&
	    vt_pdf_used_only_as(st, c, st->root.num, "/AcroForm"))
		return rule_form(st, va, vb, ret, err);
	if (c->num == st->array.num && used_in_form(st, c, "/Fields"))
		*ret = array_grew(st, va, vb, vt_pdf_use_field);
	if (*ret || (st->has_values && !vt_pdf_may_fill(st)))
		return VT_OK;
	if (c->num == st->dr.num && used_in_form(st, c, "/DR"))
		return resources_grew(st, va, vb, ret, err);
	if (used_in_resources(st, c))
		*ret = is_superset(va, vb) && vt_pdf_fonts_fit(st, va, vb);
	return VT_OK;
}

/* What the catalog and the trailer refer to for themselves alone. */
static int
catalog_part_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	if (vt_pdf_used_only_as(st, c, 0, "/Info"))
		return vt_pdf_rule_info(st, va, vb, ret, err);
	if (vt_pdf_used_only_as(st, c, st->root.num, "/Metadata"))
		return vt_pdf_rule_metadata(st, va, vb, ret, err);
	if (vt_pdf_used_only_as(st, c, st->root.num, "/Extensions"))
		return vt_pdf_rule_extensions(st, va, vb, ret, err);
	if (vt_pdf_used_only_as(st, c, st->root.num, "/MarkInfo"))
		return vt_pdf_rule_mark_info(st, va, vb, ret, err);
	return vt_pdf_dss_excused(st, c, va, vb, ret, err);
}

/*
 * By trailers, and by cross-reference streams that no section leads to; as one
 * of several; or by signatures, whose references tell what they are about
 * (12.8.1, table 253): no key of that name leads to a list of names.  As a
 * page's resources, say, the catalog would be content: there its keys are names
 * of graphics.
 */
static bool
used_as_root(const struct pdf_step *st, const struct pdf_candidate *c)
{
	const char *path, *key;
	size_t i;

	for (i = 0; i < c->nuses; i++) {
		path = vt_pdf_use_path(st, &st->uses[c->use + i]);
		key = strrchr(path, '/');
		if (strcmp(path, "/Root") != 0 &&
		    path[strlen(path) - 1] != '[' &&
		    (key == NULL || strcmp(key, "/Data") != 0))
			return false;
	}
	return true;
}

int
vt_pdf_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	bool annots;
	int rc;

	*ret = is_renewed_section(st, c, va, vb);
	if (*ret)
		return VT_OK;
	if (c->num == st->root.num)
		return used_as_root(st, c) ? rule_catalog(st, va, vb, ret, err)
					   : VT_OK;
	if (c->page)
		return rule_page(st, va, vb, ret, err);
	if ((rc = form_part_excused(st, c, va, vb, ret, err)) != VT_OK || *ret)
		return rc;
	if ((rc = catalog_part_excused(st, c, va, vb, ret, err)) != VT_OK ||
	    *ret)
		return rc;
	if ((rc = vt_pdf_field_excused(st, c, va, vb, ret, err)) != VT_OK ||
	    *ret)
		return rc;
	if (va->type != VT_PDF_ARRAY)
		return VT_OK;
	if ((rc = vt_pdf_used_as_annots(st, c, &annots, err)) == VT_OK &&
	    annots)
		rc = annots_grew(st, va, vb, ret, err);
	return rc;
}

/* --- preparations --- */

static struct vt_pdf_ref
ref_of(const struct vt_pdf_obj *dict, const char *key)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, key);

	return v != NULL && v->type == VT_PDF_REF ? v->u.ref
						  : (struct vt_pdf_ref){ 0, 0 };
}

/* Where the parts that may grow are, in the older state. */
static int
roles_find(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *form;
	size_t mark = vt_pdf_mark(st->a);
	struct vt_error e = { 0 };
	int rc;

	rc = vt_pdf_catalog(st->a, &catalog, &st->root, &e);
	if (rc == VT_OK) {
		st->form = ref_of(catalog, "AcroForm");
		rc = vt_pdf_lookup(st->a, catalog, "AcroForm", &form, &e);
	}
	if (rc == VT_OK) {
		st->array = ref_of(form, "Fields");
		st->dr = ref_of(form, "DR");
	}
	vt_pdf_rewind(st->a, mark);
	/* Without a catalog nothing is excused. */
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

int
vt_pdf_excuses_make(struct pdf_step *st, struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < st->ncands; i++)
		if (st->cands[i].became == PDF_C_CHANGED)
			break;
	if (i == st->ncands)
		return VT_OK;
	if ((rc = roles_find(st, err)) != VT_OK ||
	    (rc = vt_pdf_watch(st, st->dr.num, err)) != VT_OK ||
	    (rc = vt_pdf_dss_parts(st, err)) != VT_OK ||
	    (rc = vt_pdf_new_fields(st, err)) != VT_OK)
		return rc;
	return vt_pdf_old_fields(st, err);
}

void
vt_pdf_excuses_release(struct pdf_step *st)
{
	size_t i;

	for (i = 0; i < st->nadded; i++) {
		free(st->added[i].name);
		vt_pdf_widgets_release(&st->added[i].widgets);
	}
	for (i = 0; i < st->nfilled; i++) {
		free(st->filled[i].name);
		vt_pdf_widgets_release(&st->filled[i].widgets);
	}
	free(st->added);
	free(st->filled);
	free(st->parts);
	free(st->dss);
}
