/* pdf_compare_chain.c - sections and trailers of two states */
#include <string.h>

#include "pdf_compare_int.h"

static const struct vt_pdf_ref none = { 0, 0 };

/*
 * A section that the older state ends with, or that leads beyond its end, may
 * read otherwise once bytes follow.
 */
static bool
same_section(const struct pdf_section *a, const struct pdf_section *b)
{
	return a->off == b->off && a->kind == b->kind &&
	       a->missing == b->missing && a->n == b->n &&
	       (a->n == 0 || memcmp(a->entries, b->entries,
				 a->n * sizeof(*a->entries)) == 0) &&
	       vt_pdf_equal(a->trailer, b->trailer);
}

int
vt_pdf_compare_chains(struct pdf_step *st, size_t *ret, struct vt_error *err)
{
	const struct pdf_section *b = st->b->sections;
	size_t i, na = st->a->nsections, nb = st->b->nsections;

	*ret = vt_pdf_nrevisions(st->a);
	for (i = 0; i < na && nb >= na; i++)
		if (!same_section(&st->a->sections[i], &b[nb - na + i]))
			break;
	if (i < na || vt_pdf_nrevisions(st->b) < *ret)
		return vt_pdf_differ(st, VT_PDF_D_CHAIN, none, err,
		    VT_N_("a later revision leaves out the one that was "
			  "signed"));
	for (i = 0; i < nb - na; i++)
		if (b[i].twice)
			return vt_pdf_differ(st, VT_PDF_D_UNREADABLE, none, err,
			    VT_N_("a later revision lists an object twice"));
	return VT_OK;
}

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

/* What a trailer says of encryption; NULL: nothing. */
static const struct vt_pdf_obj *
encrypt_of(const struct vt_pdf_obj *trailer)
{
	const struct vt_pdf_obj *v = vt_pdf_find(trailer, "Encrypt");

	return v != NULL && v->type != VT_PDF_NULL ? v : NULL;
}

/* The dictionary itself is never encrypted (7.6.2). */
static int
same_encryption(struct pdf_step *st, const struct vt_pdf_obj *a, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *va, *vb;
	enum pdf_value la, lb;
	int rc;

	*ret = true;
	if (a == NULL || a->type != VT_PDF_REF)
		return VT_OK;
	rc = vt_pdf_step_load(st, st->a, a->u.ref, &va, &la, err);
	if (rc == VT_OK)
		rc = vt_pdf_step_load(st, st->b, a->u.ref, &vb, &lb, err);
	if (rc == VT_OK && la == PDF_V_OK)
		*ret = lb != PDF_V_BROKEN &&
		       (lb != PDF_V_OK || vt_pdf_equal(va, vb));
	return rc;
}

int
vt_pdf_compare_encryption(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *trailer = vt_pdf_trailer(st->a), *later;
	const struct vt_pdf_obj *a = encrypt_of(trailer), *b;
	const char *key = NULL;
	size_t i, first;
	bool same;
	int rc;

	rc = vt_pdf_compare_chains(st, &first, err);
	if (rc != VT_OK || st->ret->result == VT_PDF_CHANGED ||
	    (rc = same_encryption(st, a, &same, err)) != VT_OK)
		return rc;
	if (!same)
		key = "Encrypt";
	for (i = 0; i < st->b->nsections - st->a->nsections && key == NULL;
	     i++) {
		later = st->b->sections[i].trailer;
		b = encrypt_of(later);
		if (a == NULL || b == NULL ? a != b : !vt_pdf_equal(a, b))
			key = "Encrypt";
		else if (a != NULL && !id_fits(vt_pdf_find(trailer, "ID"),
					  vt_pdf_find(later, "ID")))
			key = "ID";
	}
	return key == NULL ? VT_OK
			   : vt_pdf_differ(st, VT_PDF_D_TRAILER, none, err,
				 VT_N_("the trailer was changed: /%.*s"),
				 (int)strlen(key), key);
}

/* /Info is another object now, or there is none any more. */
static int
info_fits(struct pdf_step *st, const struct vt_pdf_obj *a,
    const struct vt_pdf_obj *b, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *va, *vb;
	bool ok;
	int rc;

	*ret = false;
	rc = vt_pdf_both(st, a, b, "Info", &va, &vb, &ok, err);
	if (rc != VT_OK || !ok)
		return rc;
	if (vb->type != VT_PDF_NULL)
		return vt_pdf_rule_info(st, va, vb, ret, err);
	*ret = true;
	st->metadata_changed = true;
	vt_pdf_note_added(st, VT_PDF_ADDED_VALIDATION);
	return VT_OK;
}

int
vt_pdf_compare_trailers(struct pdf_step *st, struct vt_error *err)
{
	static const char *const must[] = { "Root", "Encrypt" };
	const struct vt_pdf_obj *a = vt_pdf_trailer(st->a);
	const struct vt_pdf_obj *b = vt_pdf_trailer(st->b);
	const struct vt_pdf_obj *info = vt_pdf_find(a, "Info");
	const struct vt_pdf_entry *e;
	const struct vt_pdf_obj *old;
	size_t i, k;
	bool found;
	int rc = VT_OK;

	for (i = 0; i < 2 && rc == VT_OK; i++)
		if (vt_pdf_find(a, must[i]) != NULL &&
		    vt_pdf_find(b, must[i]) == NULL)
			rc = vt_pdf_differ(st, VT_PDF_D_TRAILER, none, err,
			    VT_N_("the trailer has lost /%s"), must[i]);
	if (rc == VT_OK && info != NULL && vt_pdf_find(b, "Info") == NULL)
		rc = info_fits(st, a, b, &found, err);
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
		if (!found && vt_bytes_equal_str(e->key, "Info"))
			rc = info_fits(st, a, b, &found, err);
		if (rc == VT_OK && !found)
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
