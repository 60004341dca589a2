/* pdf_form.c - the tree of form fields (ISO 32000-2, 12.7.4) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 12.7.4"

struct level {
	const struct vt_pdf_obj *kids;
	size_t next;
	size_t mark;     /* the arena before the field was loaded */
	size_t name_len; /* of the field's own full name */
	uint32_t num;
	char type[8];
};

struct walk {
	struct vt_pdf *pdf;
	pdf_field_fn *fn;
	void *ctx;
	struct vt_buf name;
	struct level levels[VT_PDF_FORM_DEPTH_MAX];
	size_t depth;
	size_t seen;
};

int
vt_pdf_form(struct vt_pdf *pdf, const struct vt_pdf_obj **ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *form;
	int rc;

	if ((rc = vt_pdf_catalog(pdf, &catalog, NULL, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, catalog, "AcroForm", &form, err)) != VT_OK)
		return rc;
	if (form->type != VT_PDF_NULL && form->type != VT_PDF_DICT)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 12.7.3",
		    "/AcroForm is not a dictionary");
	*ret = form;
	return VT_OK;
}

static int
enter(struct walk *w, const struct vt_pdf_obj *kids, uint32_t num,
    const char *type, size_t mark, struct vt_error *err)
{
	struct level *l;
	size_t i;

	if (w->depth == VT_PDF_FORM_DEPTH_MAX)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "the form's fields lie deeper than %d in each other",
		    VT_PDF_FORM_DEPTH_MAX);
	for (i = 0; i < w->depth; i++)
		if (num != 0 && w->levels[i].num == num)
			return vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "the form's fields lead in a circle at object %u",
			    num);
	l = &w->levels[w->depth++];
	l->kids = kids;
	l->next = 0;
	l->mark = mark;
	l->name_len = w->name.len;
	l->num = num;
	snprintf(l->type, sizeof(l->type), "%s", type);
	return VT_OK;
}

/* A kid with a partial name is a field, one without a mere widget. */
static bool
names_field(const struct vt_pdf_obj *kid)
{
	return kid->type == VT_PDF_DICT &&
	       (vt_pdf_find(kid, "T") != NULL || vt_pdf_find(kid, "V") != NULL);
}

static int
has_field_kids(struct walk *w, const struct vt_pdf_obj *kids, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *kid;
	size_t i, mark = vt_pdf_mark(w->pdf);
	int rc = VT_OK;

	*ret = false;
	for (i = 0; i < kids->u.array.n && !*ret; i++) {
		if (++w->seen > VT_PDF_FIELDS_MAX)
			return vt_error_set(err, VT_ELIMIT, CLAUSE,
			    "more than %d form fields", VT_PDF_FIELDS_MAX);
		rc = vt_pdf_resolve(w->pdf, &kids->u.array.items[i], &kid, err);
		if (rc != VT_OK)
			break;
		*ret = names_field(kid);
	}
	vt_pdf_rewind(w->pdf, mark);
	return rc;
}

static int
add_name(struct walk *w, const struct vt_pdf_obj *field, struct vt_error *err)
{
	const struct vt_pdf_obj *t;
	int rc;

	if ((rc = vt_pdf_lookup(w->pdf, field, "T", &t, err)) != VT_OK)
		return rc;
	if (t->type != VT_PDF_STRING)
		return VT_OK;
	if (w->depth > 1 && w->name.len > 0)
		rc = vt_buf_putc(&w->name, '.');
	if (rc == VT_OK)
		rc = vt_pdf_text(t->u.string, &w->name);
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "a field's name is longer than %d bytes", VT_PDF_NAME_MAX);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

/* One item of /Fields or /Kids; w->levels' top is its parent. */
static int
visit(struct walk *w, const struct vt_pdf_obj *item, struct vt_error *err)
{
	const struct level *parent = &w->levels[w->depth - 1];
	const struct vt_pdf_obj *kids, *ft;
	struct pdf_field f = { .root = w->depth == 1, .terminal = true };
	size_t mark = vt_pdf_mark(w->pdf);
	char type[8] = "";
	bool inner = false;
	int rc;

	if (++w->seen > VT_PDF_FIELDS_MAX)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "more than %d form fields", VT_PDF_FIELDS_MAX);
	w->name.len = parent->name_len;
	rc = vt_pdf_resolve_ref(w->pdf, item, &f.obj, &f.ref, err);
	if (rc != VT_OK || f.obj->type == VT_PDF_NULL)
		return rc;
	if (f.obj->type != VT_PDF_DICT)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "a form field is not a dictionary");
	if (!f.root && !names_field(f.obj))
		return VT_OK;
	if ((rc = add_name(w, f.obj, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(w->pdf, f.obj, "FT", &ft, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(w->pdf, f.obj, "Kids", &kids, err)) != VT_OK)
		return rc;
	snprintf(type, sizeof(type), "%s", parent->type);
	if (ft->type == VT_PDF_NAME && ft->u.name.len < sizeof(type))
		snprintf(type, sizeof(type), "%.*s", (int)ft->u.name.len,
		    (const char *)ft->u.name.data);
	if (kids->type == VT_PDF_ARRAY) {
		rc = has_field_kids(w, kids, &inner, err);
		if (rc != VT_OK)
			return rc;
	}
	f.terminal = !inner;
	f.name = vt_buf_str(&w->name);
	f.type = type;
	if ((rc = w->fn(w->ctx, &f, err)) != VT_OK)
		return rc;
	return inner ? enter(w, kids, f.ref.num, type, mark, err) : VT_OK;
}

/* Damage of one field does not hide the others from a verifier. */
static int
visit_or_skip(struct walk *w, const struct vt_pdf_obj *item,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	size_t depth = w->depth;
	int rc;

	rc = visit(w, item, &e);
	if (rc == VT_EFORMAT && w->pdf->mode == VT_PDF_TOLERANT) {
		vt_pdf_note(w->pdf, true, VT_PDF_F_OBJECT, item->start,
		    item->type == VT_PDF_REF ? item->u.ref.num : 0, CLAUSE,
		    VT_N_("a form field cannot be read: %s"), e.text);
		w->depth = depth;
		rc = VT_OK;
	}
	return rc == VT_OK ? VT_OK : vt_pdf_pass(err, &e);
}

static int
walk(struct walk *w, const struct vt_pdf_obj *fields, struct vt_error *err)
{
	const struct vt_pdf_obj *item;
	struct level *l;
	size_t depth, mark;
	int rc;

	if ((rc = enter(w, fields, 0, "", vt_pdf_mark(w->pdf), err)) != VT_OK)
		return rc;
	while (w->depth > 0) {
		l = &w->levels[w->depth - 1];
		if (l->next == l->kids->u.array.n) {
			vt_pdf_rewind(w->pdf, l->mark);
			w->depth--;
			continue;
		}
		item = &l->kids->u.array.items[l->next++];
		depth = w->depth;
		mark = vt_pdf_mark(w->pdf);
		if ((rc = visit_or_skip(w, item, err)) != VT_OK)
			return rc;
		if (w->depth == depth)
			vt_pdf_rewind(w->pdf, mark);
	}
	return VT_OK;
}

int
vt_pdf_fields_walk(struct vt_pdf *pdf, pdf_field_fn *fn, void *ctx,
    struct vt_error *err)
{
	const struct vt_pdf_obj *form, *fields;
	struct walk *w;
	size_t mark = vt_pdf_mark(pdf);
	int rc;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return vt_error_nomem(err);
	w->pdf = pdf;
	w->fn = fn;
	w->ctx = ctx;
	vt_buf_init(&w->name, VT_PDF_NAME_MAX);
	if ((rc = vt_pdf_form(pdf, &form, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, form, "Fields", &fields, err)) != VT_OK)
		goto out;
	if (fields->type == VT_PDF_ARRAY)
		rc = walk(w, fields, err);
	else if (fields->type != VT_PDF_NULL)
		rc = vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 12.7.3",
		    "/Fields of the form is not an array");
out:
	vt_pdf_rewind(pdf, mark);
	vt_buf_release(&w->name);
	pdf->walked += w->seen;
	free(w);
	return rc;
}
