/* pdf_compare_look.c - widgets, and whether one sees anything of them */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"
#include "pdf_page.h"

#define KINDS_MAX 8   /* of appearances; there are three */
#define STATES_MAX 16 /* of one kind; what is no button has none */

void
vt_pdf_widgets_release(struct pdf_widgets *w)
{
	free(w->items);
	memset(w, 0, sizeof(*w));
}

static int
add_widget(struct vt_pdf_ref ref, const struct vt_pdf_obj *widget,
    struct pdf_widgets *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *ap = vt_pdf_find(widget, "AP");
	struct pdf_widget *more;

	if ((ret->n & (ret->n - 1)) == 0) { /* room for twice as many */
		more = realloc(ret->items,
		    (ret->n == 0 ? 1 : 2 * ret->n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		ret->items = more;
	}
	more = &ret->items[ret->n++];
	memset(more, 0, sizeof(*more));
	more->ref = ref;
	if (ap != NULL && ap->type == VT_PDF_REF)
		more->appearance = ap->u.ref.num;
	return VT_OK;
}

/* 12.7.4.1: a field with one widget may be that itself. */
int
vt_pdf_widgets_find(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *field, struct pdf_widgets *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *kids, *kid;
	size_t i, mark;
	bool ok;
	int rc;

	/* Only a widget looks like a field; all else is content. */
	if (vt_pdf_is_name(vt_pdf_find(field, "Subtype"), "Widget") &&
	    (rc = add_widget(ref, field, ret, err)) != VT_OK)
		return rc;
	rc = vt_pdf_side(pdf, vt_pdf_find(field, "Kids"), &kids, &ok, err);
	if (rc != VT_OK || kids->type != VT_PDF_ARRAY)
		return rc;
	for (i = 0; i < kids->u.array.n && ret->n < VT_PDF_WIDGETS_MAX; i++) {
		if (kids->u.array.items[i].type != VT_PDF_REF)
			continue;
		mark = vt_pdf_mark(pdf);
		rc = vt_pdf_side(pdf, &kids->u.array.items[i], &kid, &ok, err);
		if (rc == VT_OK &&
		    vt_pdf_is_name(vt_pdf_find(kid, "Subtype"), "Widget"))
			rc = add_widget(kids->u.array.items[i].u.ref, kid, ret,
			    err);
		vt_pdf_rewind(pdf, mark);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* What we cannot measure has room. */
int
vt_pdf_has_room(struct vt_pdf *pdf, const struct vt_pdf_obj *annot, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *rect, *v, *sig;
	double n[4] = { 0 };
	size_t i;
	bool ok;
	int rc;

	rc = vt_pdf_side(pdf, vt_pdf_find(annot, "Rect"), &rect, &ok, err);
	if (rc != VT_OK)
		return rc;
	*ret = !ok || rect->type != VT_PDF_NULL;
	if (!*ret && vt_pdf_is_name(vt_pdf_find(annot, "Subtype"), "Widget")) {
		/* One that nobody signed mupdf marks all over the page. */
		rc = vt_pdf_side(pdf, vt_pdf_find(annot, "V"), &sig, &ok, err);
		if (rc != VT_OK)
			return rc;
		*ret = !ok || sig->type != VT_PDF_DICT;
	}
	if (rect->type != VT_PDF_ARRAY || rect->u.array.n != 4)
		return VT_OK;
	for (i = 0; i < 4; i++) {
		rc = vt_pdf_side(pdf, &rect->u.array.items[i], &v, &ok, err);
		if (rc != VT_OK)
			return rc;
		if (!ok || !vt_pdf_number(v, &n[i]))
			return VT_OK;
	}
	*ret = n[0] != n[2] && n[1] != n[3];
	return VT_OK;
}

/* Content that paints nothing: comments, and states saved and restored. */
static bool
is_blank(struct vt_bytes b)
{
	size_t i = 0;
	int c;

	while (i < b.len) {
		c = b.data[i];
		if (c == '%') {
			while (
			    i < b.len && b.data[i] != '\n' && b.data[i] != '\r')
				i++;
			continue;
		}
		if (!pdf_is_space(c) && c != 'q' && c != 'Q' && c != 'n')
			return false;
		i++;
	}
	return true;
}

static int
draws_stream(struct vt_pdf *pdf, const struct vt_pdf_obj *v, bool *ret,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	struct vt_buf text;
	int rc;

	*ret = true;
	if (v->type != VT_PDF_STREAM)
		return VT_OK;
	vt_buf_init(&text, VT_PDF_BLANK_MAX);
	rc = vt_pdf_stream_data(pdf, v, &text, &e);
	if (rc == VT_OK)
		*ret = !is_blank(vt_buf_bytes(&text));
	vt_buf_release(&text);
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

bool
vt_pdf_tells_how(const struct vt_pdf_obj *annot)
{
	static const char *const keys[] = { "MK", "BS", "Border", "BE" };
	const struct vt_pdf_obj *v;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		v = vt_pdf_find(annot, keys[i]);
		if (v != NULL && v->type != VT_PDF_NULL &&
		    (v->type != VT_PDF_DICT || v->u.dict.n > 0))
			return true;
	}
	return false;
}

int
vt_pdf_draws(struct vt_pdf *pdf, const struct vt_pdf_obj *annot, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *ap, *v;
	size_t i;
	bool ok;
	int rc;

	*ret = false;
	rc = vt_pdf_side(pdf, vt_pdf_find(annot, "AP"), &ap, &ok, err);
	if (rc != VT_OK)
		return rc;
	if (!ok || (ap->type != VT_PDF_NULL && ap->type != VT_PDF_DICT))
		*ret = true;
	for (i = 0; ap->type == VT_PDF_DICT && i < ap->u.dict.n && !*ret; i++) {
		rc = vt_pdf_side(pdf, &ap->u.dict.entries[i].value, &v, &ok,
		    err);
		if (rc == VT_OK && ok && v->type == VT_PDF_NULL)
			continue;
		if (rc == VT_OK)
			rc = draws_stream(pdf, v, ret, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_pdf_lacks_look(struct vt_pdf *pdf, const struct vt_pdf_obj *annot, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *ap, *n = NULL;
	size_t mark = vt_pdf_mark(pdf);
	bool ok;
	int rc;

	rc = vt_pdf_side(pdf, vt_pdf_find(annot, "AP"), &ap, &ok, err);
	if (rc == VT_OK)
		rc = vt_pdf_side(pdf, vt_pdf_find(ap, "N"), &n, &ok, err);
	*ret = n == NULL || n->type != VT_PDF_STREAM;
	vt_pdf_rewind(pdf, mark);
	return rc;
}

/* An array of N numbers. */
static int
has_numbers(struct vt_pdf *pdf, const struct vt_pdf_obj *v, size_t n, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *item;
	size_t i;
	double d;
	bool ok;
	int rc;

	*ret = v->type == VT_PDF_ARRAY && v->u.array.n == n;
	for (i = 0; *ret && i < n; i++) {
		rc = vt_pdf_side(pdf, &v->u.array.items[i], &item, &ok, err);
		if (rc != VT_OK)
			return rc;
		*ret = ok && vt_pdf_number(item, &d);
	}
	return VT_OK;
}

/*
 * 12.5.5, 8.10.2: what a form draws ends with its /BBox, which is put into
 * /Rect by its /Matrix.  Where the one is missing or the other no matrix, some
 * readers draw wherever it says, all over the page.
 */
static int
is_form(struct vt_pdf *pdf, const struct vt_pdf_obj *v, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *box, *matrix;
	bool ok;
	int rc;

	*ret = false;
	if (v->type != VT_PDF_STREAM)
		return VT_OK;
	rc = vt_pdf_side(pdf, vt_pdf_find(v, "BBox"), &box, &ok, err);
	if (rc != VT_OK || !ok ||
	    (rc = has_numbers(pdf, box, 4, ret, err)) != VT_OK || !*ret)
		return rc;
	rc = vt_pdf_side(pdf, vt_pdf_find(v, "Matrix"), &matrix, ret, err);
	if (rc != VT_OK || !*ret || matrix->type == VT_PDF_NULL)
		return rc;
	return has_numbers(pdf, matrix, 6, ret, err);
}

/* A form, or a dictionary of such for its states. */
static int
is_kind_bounded(struct vt_pdf *pdf, const struct vt_pdf_obj *v, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *state;
	size_t i;
	int rc;

	*ret = true;
	if (v->type == VT_PDF_NULL)
		return VT_OK;
	if (v->type != VT_PDF_DICT)
		return is_form(pdf, v, ret, err);
	*ret = v->u.dict.n <= STATES_MAX;
	for (i = 0; *ret && i < v->u.dict.n; i++) {
		rc = vt_pdf_side(pdf, &v->u.dict.entries[i].value, &state, ret,
		    err);
		if (rc == VT_OK && *ret && state->type != VT_PDF_NULL)
			rc = is_form(pdf, state, ret, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_pdf_is_bounded(struct vt_pdf *pdf, const struct vt_pdf_obj *annot, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *ap, *v;
	size_t i;
	int rc;

	rc = vt_pdf_side(pdf, vt_pdf_find(annot, "AP"), &ap, ret, err);
	if (rc != VT_OK || !*ret || ap->type == VT_PDF_NULL)
		return rc;
	*ret = ap->type == VT_PDF_DICT && ap->u.dict.n <= KINDS_MAX;
	for (i = 0; *ret && i < ap->u.dict.n; i++) {
		rc = vt_pdf_side(pdf, &ap->u.dict.entries[i].value, &v, ret,
		    err);
		if (rc == VT_OK && *ret)
			rc = is_kind_bounded(pdf, v, ret, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

bool
vt_pdf_is_timestamp(const struct vt_pdf_obj *sig)
{
	return vt_pdf_is_name(vt_pdf_find(sig, "Type"), "DocTimeStamp") ||
	       vt_pdf_is_name(vt_pdf_find(sig, "SubFilter"), "ETSI.RFC3161");
}
