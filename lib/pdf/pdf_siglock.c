/* pdf_siglock.c - what a signature allows to change (12.7.5.5, 12.8.2) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"

static bool
is_part_of(const char *name, const char *whole)
{
	size_t n = strlen(whole);

	return strncmp(name, whole, n) == 0 &&
	       (name[n] == '\0' || name[n] == '.');
}

bool
vt_pdf_locks(const struct vt_pdf_field_lock *lock, const char *name)
{
	bool named = false;
	size_t i;

	if (lock->action == VT_PDF_LOCK_NONE || lock->action == VT_PDF_LOCK_ALL)
		return lock->action == VT_PDF_LOCK_ALL;
	for (i = 0; i < lock->names.n && !named; i++)
		named = is_part_of(name, lock->names.items[i]);
	return named == (lock->action == VT_PDF_LOCK_INCLUDE);
}

/* One text more that a lock names; false: it is not one. */
static int
add_name(struct vt_pdf *pdf, const struct vt_pdf_obj *item,
    struct vt_list *names, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	struct vt_buf text;
	int rc;

	if ((rc = vt_pdf_resolve(pdf, item, &v, err)) != VT_OK)
		return rc;
	if (!(*ret = v->type == VT_PDF_STRING &&
		     names->n < VT_PDF_LOCK_FIELDS_MAX))
		return VT_OK;
	vt_buf_init(&text, VT_PDF_NAME_MAX);
	rc = vt_pdf_text(v->u.string, &text);
	if (rc == VT_ELIMIT) { /* no field has such a name */
		*ret = false;
		rc = VT_OK;
	} else if (rc != VT_OK) {
		rc = vt_pdf_buf_error(rc, err);
	} else {
		rc = vt_list_add(names, vt_buf_str(&text), err);
	}
	vt_buf_release(&text);
	return rc;
}

/* /Action and /Fields of DICT; what makes no sense locks everything. */
static int
read_fields(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct vt_pdf_field_lock *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *action, *fields;
	bool ok = true;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Action", &action, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "Fields", &fields, err)) != VT_OK)
		return rc;
	if (ret->action != VT_PDF_LOCK_NONE) /* a second one */
		ok = false;
	ret->action = VT_PDF_LOCK_ALL;
	if (!ok || fields->type != VT_PDF_ARRAY)
		return VT_OK;
	for (i = 0; i < fields->u.array.n && ok; i++) {
		rc = add_name(pdf, &fields->u.array.items[i], &ret->names, &ok,
		    err);
		if (rc != VT_OK)
			return rc;
	}
	if (ok && vt_pdf_is_name(action, "Include"))
		ret->action = VT_PDF_LOCK_INCLUDE;
	else if (ok && vt_pdf_is_name(action, "Exclude"))
		ret->action = VT_PDF_LOCK_EXCLUDE;
	return VT_OK;
}

/* 12.8.2.2.2: the permissions that a certification leaves, 2 unless said. */
static int
read_docmdp(struct vt_pdf *pdf, const struct vt_pdf_obj *params, int *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *p;
	int level, rc;

	if ((rc = vt_pdf_lookup(pdf, params, "P", &p, err)) != VT_OK)
		return rc;
	level = p->type == VT_PDF_INT && p->u.integer >= 1 && p->u.integer <= 3
		    ? (int)p->u.integer
		    : 2;
	if (*ret == 0 || level < *ret)
		*ret = level;
	return VT_OK;
}

static int
read_reference(struct vt_pdf *pdf, const struct vt_pdf_obj *item,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *r, *method, *params;
	int rc;

	if ((rc = vt_pdf_resolve(pdf, item, &r, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, r, "TransformMethod", &method, err)) !=
		VT_OK ||
	    (rc = vt_pdf_lookup(pdf, r, "TransformParams", &params, err)) !=
		VT_OK)
		return rc;
	if (vt_pdf_is_name(method, "DocMDP"))
		return read_docmdp(pdf, params, &ret->docmdp, err);
	if (!vt_pdf_is_name(method, "FieldMDP"))
		return VT_OK;
	ret->fieldmdp = true;
	return read_fields(pdf, params, &ret->mdp_locks, err);
}

int
vt_pdf_references_read(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *list;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, sig, "Reference", &list, err)) != VT_OK)
		return rc;
	if (list->type != VT_PDF_ARRAY)
		return VT_OK;
	if (list->u.array.n > VT_PDF_REFERENCES_MAX)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 12.8.1",
		    "a signature with more than %d references",
		    VT_PDF_REFERENCES_MAX);
	for (i = 0; i < list->u.array.n; i++) {
		rc = read_reference(pdf, &list->u.array.items[i], ret, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_pdf_docmdp_level(struct vt_pdf *pdf, const struct vt_pdf_obj *sig, int *ret,
    struct vt_error *err)
{
	struct vt_pdf_sigfield f = { 0 };
	int rc = vt_pdf_references_read(pdf, sig, &f, err);

	if (rc == VT_OK)
		*ret = f.docmdp;
	vt_pdf_sigfield_release(&f);
	return rc;
}

int
vt_pdf_lock_read(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    struct vt_pdf_sigfield *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *lock, *p;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, field, "Lock", &lock, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, lock, "P", &p, err)) != VT_OK)
		return rc;
	if (p->type == VT_PDF_INT && p->u.integer >= 1 && p->u.integer <= 3)
		ret->lock = (int)p->u.integer;
	return lock->type == VT_PDF_DICT
		   ? read_fields(pdf, lock, &ret->locks, err)
		   : VT_OK;
}
