/* pdf_compare_dss.c - validation data added later (12.8.4.3; EN 319 142-1, 5.4)
 *
 * Nothing of it is ever shown, so what matters is that it is nothing else:
 * lists of streams, in the places that they belong to.
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"
#include "vanthu/pdf_dss.h"

#define VRI_NAME 40 /* SHA-1 in hexadecimal */
#define KEYS_MAX 16 /* there are five of them, or six */

static const char *const lists[] = { "Certs", "CRLs", "OCSPs", NULL };
static const char *const vri_lists[] = { "Cert", "CRL", "OCSP", NULL };

static bool
is_any_of(struct vt_bytes key, const char *const names[])
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (vt_bytes_equal_str(key, names[i]))
			return true;
	return false;
}

static void
note(struct pdf_step *st)
{
	st->dss_changed = true;
	vt_pdf_note_added(st, VT_PDF_ADDED_VALIDATION);
}

/* References to streams, nothing else. */
static int
list_fits(struct pdf_step *st, const struct vt_pdf_obj *list, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *item, *v;
	enum pdf_value value;
	size_t i, mark;
	int rc;

	*ret = list->type == VT_PDF_ARRAY &&
	       list->u.array.n <= VT_PDF_DSS_ITEMS_MAX;
	for (i = 0; *ret && i < list->u.array.n; i++) {
		item = &list->u.array.items[i];
		if (!(*ret = item->type == VT_PDF_REF))
			break;
		mark = vt_pdf_mark(st->b);
		rc = vt_pdf_step_load(st, st->b, item->u.ref, &v, &value, err);
		*ret = value == PDF_V_UNKNOWN || /* which is told */
		       (value == PDF_V_OK && v->type == VT_PDF_STREAM);
		vt_pdf_rewind(st->b, mark);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* The keys of DICT that are not among LISTS are for the caller. */
static int
lists_fit(struct pdf_step *st, const struct vt_pdf_obj *dict,
    const char *const names[], bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	size_t i, n, mark;
	int rc;

	*ret = dict->type == VT_PDF_DICT && dict->u.dict.n <= KEYS_MAX;
	for (i = 0; *ret && i < dict->u.dict.n; i++) {
		vt_pdf_value_of(dict, dict->u.dict.entries[i].key, &n);
		if (!(*ret = n == 1) ||
		    !is_any_of(dict->u.dict.entries[i].key, names))
			continue;
		mark = vt_pdf_mark(st->b);
		rc = vt_pdf_side(st->b, &dict->u.dict.entries[i].value, &v, ret,
		    err);
		if (rc == VT_OK && *ret)
			rc = list_fits(st, v, ret, err);
		vt_pdf_rewind(st->b, mark);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
entry_fits(struct pdf_step *st, const struct vt_pdf_obj *entry, bool *ret,
    struct vt_error *err)
{
	static const char *const more[] = { "Type", "TU", "TS", NULL };
	size_t i;
	int rc;

	if ((rc = lists_fit(st, entry, vri_lists, ret, err)) != VT_OK || !*ret)
		return rc;
	for (i = 0; *ret && i < entry->u.dict.n; i++)
		*ret = is_any_of(entry->u.dict.entries[i].key, vri_lists) ||
		       is_any_of(entry->u.dict.entries[i].key, more);
	return VT_OK;
}

static bool
is_vri_name(struct vt_bytes key)
{
	size_t i;

	for (i = 0; i < key.len; i++)
		if ((key.data[i] < '0' || key.data[i] > '9') &&
		    ((key.data[i] | 0x20) < 'a' || (key.data[i] | 0x20) > 'f'))
			return false;
	return key.len == VRI_NAME;
}

/* /VRI: old entries stay, as long as nothing says that they are wrong. */
static PDF_RULE(rule_vri)
{
	const struct vt_pdf_obj *v;
	const struct vt_pdf_entry *e;
	size_t i, n, mark;
	int rc;

	*ret = vb->type == VT_PDF_DICT && vb->u.dict.n <= VT_PDF_VRI_MAX &&
	       (va->type == VT_PDF_NULL ||
		   (va->type == VT_PDF_DICT && va->u.dict.n <= VT_PDF_VRI_MAX));
	for (i = 0; *ret && i < vb->u.dict.n; i++) {
		e = &vb->u.dict.entries[i];
		vt_pdf_value_of(vb, e->key, &n);
		if (vt_bytes_equal_str(e->key, "Type")) {
			*ret = n == 1 && e->value.type == VT_PDF_NAME;
			continue;
		}
		*ret = n == 1 && is_vri_name(e->key);
		if (!*ret)
			break;
		mark = vt_pdf_mark(st->b);
		rc = vt_pdf_side(st->b, &e->value, &v, ret, err);
		if (rc == VT_OK && *ret)
			rc = entry_fits(st, v, ret, err);
		vt_pdf_rewind(st->b, mark);
		if (rc != VT_OK)
			return rc;
	}
	for (i = 0; *ret && va->type == VT_PDF_DICT && i < va->u.dict.n; i++) {
		e = &va->u.dict.entries[i];
		*ret = vt_pdf_value_of(vb, e->key, &n) != NULL;
	}
	return VT_OK;
}

PDF_RULE(vt_pdf_rule_dss)
{
	const struct vt_pdf_obj *a, *b;
	const struct vt_pdf_entry *e;
	size_t i;
	bool ok;
	int rc;

	if ((rc = lists_fit(st, vb, lists, ret, err)) != VT_OK || !*ret)
		return rc;
	for (i = 0; *ret && i < vb->u.dict.n; i++) {
		e = &vb->u.dict.entries[i];
		*ret = is_any_of(e->key, lists) ||
		       vt_bytes_equal_str(e->key, "VRI") ||
		       (vt_bytes_equal_str(e->key, "Type") &&
			   vt_pdf_is_name(&e->value, "DSS"));
	}
	if (!*ret)
		return VT_OK;
	rc = vt_pdf_both(st, va, vb, "VRI", &a, &b, &ok, err);
	if (rc != VT_OK)
		return rc;
	*ret = ok;
	if (ok && (vt_pdf_find(vb, "VRI") != NULL || a->type != VT_PDF_NULL))
		rc = rule_vri(st, a, b, ret, err);
	if (rc == VT_OK && *ret)
		note(st);
	return rc;
}

/* --- the objects that it is made of --- */

static int
add_part(struct pdf_step *st, const struct vt_pdf_obj *value,
    enum pdf_dss_role role, struct vt_error *err)
{
	struct pdf_dss_part *more;

	if (value == NULL || value->type != VT_PDF_REF)
		return VT_OK;
	if ((st->ndss & (st->ndss - 1)) == 0) { /* room for twice as many */
		more = realloc(st->dss,
		    (st->ndss == 0 ? 1 : 2 * st->ndss) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		st->dss = more;
	}
	st->dss[st->ndss++] = (struct pdf_dss_part){ value->u.ref.num, role };
	return VT_OK;
}

static int
add_lists(struct pdf_step *st, const struct vt_pdf_obj *dict,
    const char *const names[], struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; names[i] != NULL && rc == VT_OK; i++)
		rc = add_part(st, vt_pdf_find(dict, names[i]), PDF_DSS_LIST,
		    err);
	return rc;
}

static int
add_vri(struct pdf_step *st, const struct vt_pdf_obj *vri, struct vt_error *err)
{
	const struct vt_pdf_obj *v, *entry;
	size_t i, mark;
	bool ok;
	int rc = VT_OK;

	if (vri->type != VT_PDF_DICT || vri->u.dict.n > VT_PDF_VRI_MAX)
		return VT_OK;
	for (i = 0; i < vri->u.dict.n && rc == VT_OK; i++) {
		v = &vri->u.dict.entries[i].value;
		mark = vt_pdf_mark(st->a);
		if ((rc = add_part(st, v, PDF_DSS_ENTRY, err)) == VT_OK &&
		    (rc = vt_pdf_side(st->a, v, &entry, &ok, err)) == VT_OK)
			rc = add_lists(st, entry, vri_lists, err);
		vt_pdf_rewind(st->a, mark);
	}
	return rc;
}

int
vt_pdf_dss_parts(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *dss, *vri;
	size_t mark = vt_pdf_mark(st->a);
	struct vt_error e = { 0 };
	bool ok;
	int rc;

	if ((rc = vt_pdf_catalog(st->a, &catalog, NULL, &e)) != VT_OK) {
		vt_pdf_rewind(st->a, mark);
		return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e)
						       : VT_OK;
	}
	if ((rc = add_part(st, vt_pdf_find(catalog, "DSS"), PDF_DSS_ROOT,
		 err)) != VT_OK ||
	    (rc = vt_pdf_side(st->a, vt_pdf_find(catalog, "DSS"), &dss, &ok,
		 err)) != VT_OK ||
	    (rc = add_lists(st, dss, lists, err)) != VT_OK ||
	    (rc = add_part(st, vt_pdf_find(dss, "VRI"), PDF_DSS_VRI, err)) !=
		VT_OK ||
	    (rc = vt_pdf_side(st->a, vt_pdf_find(dss, "VRI"), &vri, &ok,
		 err)) != VT_OK)
		goto out;
	rc = add_vri(st, vri, err);
out:
	vt_pdf_rewind(st->a, mark);
	return rc;
}

static enum pdf_dss_role
role_of(const struct pdf_step *st, uint32_t num)
{
	size_t i;

	for (i = 0; i < st->ndss; i++)
		if (st->dss[i].num == num)
			return st->dss[i].role;
	return PDF_DSS_NONE;
}

/* What of PATH lies within the dictionary of ROLE; NULL: it is no place. */
static bool
is_place(const char *path, enum pdf_dss_role holder, enum pdf_dss_role role)
{
	const char *rest = path;

	if (holder == PDF_DSS_NONE) { /* the catalog */
		if (strncmp(rest, "/DSS", 4) != 0)
			return false;
		rest += 4;
		holder = PDF_DSS_ROOT;
		if (*rest == '\0')
			return role == PDF_DSS_ROOT;
	}
	if (*rest++ != '/')
		return false;
	if (holder == PDF_DSS_ROOT && strncmp(rest, "VRI", 3) == 0) {
		rest += 3;
		if (*rest == '\0')
			return role == PDF_DSS_VRI;
		holder = PDF_DSS_VRI;
		if (*rest++ != '/')
			return false;
	}
	if (holder == PDF_DSS_VRI) {
		rest += strcspn(rest, "/[");
		if (*rest == '\0')
			return role == PDF_DSS_ENTRY;
		holder = PDF_DSS_ENTRY;
		if (*rest++ != '/')
			return false;
	}
	return role == PDF_DSS_LIST &&
	       is_any_of(vt_bytes_str(rest),
		   holder == PDF_DSS_ROOT ? lists : vri_lists);
}

/* Does nothing but the store's own places refer to C? */
static bool
used_as(const struct pdf_step *st, const struct pdf_candidate *c,
    enum pdf_dss_role role)
{
	const struct pdf_use *u;
	enum pdf_dss_role holder;
	size_t i;

	for (i = 0; i < c->nuses; i++) {
		u = &st->uses[c->use + i];
		holder = role_of(st, u->holder);
		if (holder == PDF_DSS_NONE && u->holder != st->root.num)
			return false;
		if (!is_place(vt_pdf_use_path(st, u), holder, role))
			return false;
	}
	return c->nuses > 0;
}

int
vt_pdf_dss_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	enum pdf_dss_role role = role_of(st, c->num);
	int rc = VT_OK;

	*ret = false;
	if (role == PDF_DSS_NONE || !used_as(st, c, role))
		return VT_OK;
	switch (role) {
	case PDF_DSS_NONE:
		break;
	case PDF_DSS_ROOT:
		return vt_pdf_rule_dss(st, va, vb, ret, err);
	case PDF_DSS_VRI:
		rc = rule_vri(st, va, vb, ret, err);
		break;
	case PDF_DSS_ENTRY:
		rc = entry_fits(st, vb, ret, err);
		break;
	case PDF_DSS_LIST:
		rc = list_fits(st, vb, ret, err);
		break;
	}
	if (rc == VT_OK && *ret)
		note(st);
	return rc;
}
