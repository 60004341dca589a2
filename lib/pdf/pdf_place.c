/* pdf_place.c - where a field's widget is (ISO 32000-2, 12.5.6.19, 12.7.4) */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"
#include "pdf_page.h"

/* /F: printed; maybe locked or read only, and nothing else (12.5.3) */
#define F_PRINT 4
#define F_ANY 0x2c0

struct search {
	struct vt_pdf *pdf;
	const char *name;
	struct vt_pdf_place place;
	struct pdf_widgets widgets;
	struct vt_error *err; /* of what stopped looking at pages */
	int rc;
};

/* See struct vt_pdf_place. */
static int
is_plain(struct vt_pdf *pdf, const struct pdf_field *f, bool *ret,
    struct vt_error *err)
{
	static const char *const no[] = { "Parent", "Kids", "OC", "A", "AA" };
	const struct vt_pdf_obj *o, *flags;
	size_t i;
	int rc;

	*ret = false;
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if ((rc = vt_pdf_lookup(pdf, f->obj, no[i], &o, err)) !=
			VT_OK ||
		    o->type != VT_PDF_NULL)
			return rc;
	/* Nothing but read only: a password, say, shows nothing of its value */
	if ((rc = vt_pdf_lookup(pdf, f->obj, "Ff", &o, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, f->obj, "F", &flags, err)) != VT_OK)
		return rc;
	*ret = (o->type == VT_PDF_NULL ||
		   (o->type == VT_PDF_INT && (o->u.integer & ~1) == 0)) &&
	       flags->type == VT_PDF_INT &&
	       (flags->u.integer & ~F_ANY) == F_PRINT;
	return VT_OK;
}

static int
look(void *ctx, const struct pdf_field *f, struct vt_error *err)
{
	struct search *s = ctx;
	const struct vt_pdf_obj *v;
	int rc;

	if (!f->terminal || strcmp(f->name, s->name) != 0)
		return VT_OK;
	if (s->place.found) {
		s->place.is_plain = false; /* which of them is seen? */
		return VT_OK;
	}
	if ((rc = is_plain(s->pdf, f, &s->place.is_plain, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_lookup(s->pdf, f->obj, "V", &v, err)) != VT_OK)
		return rc;
	s->place.found = true;
	s->place.field = f->ref;
	s->place.is_sig = strcmp(f->type, "Sig") == 0;
	s->place.is_text = strcmp(f->type, "Tx") == 0;
	s->place.is_signed = s->place.is_sig && v->type == VT_PDF_DICT;
	s->place.has_value = v->type != VT_PDF_NULL &&
			     (v->type != VT_PDF_STRING || v->u.string.len > 0);
	return vt_pdf_widgets_find(s->pdf, f->ref, f->obj, &s->widgets, err);
}

/* Goes on until the page's annotations hold the widget. */
static bool
look_at_page(void *ctx, size_t index, struct vt_pdf_ref ref)
{
	struct search *s = ctx;
	const struct vt_pdf_obj *page, *annots, *item;
	size_t k, mark = vt_pdf_mark(s->pdf);

	s->rc = ref.num != 0 ? vt_pdf_get(s->pdf, ref, &page, s->err)
			     : vt_pdf_page(s->pdf, index, &page, NULL, s->err);
	if (s->rc == VT_OK)
		s->rc = vt_pdf_lookup(s->pdf, page, "Annots", &annots, s->err);
	for (k = 0; s->rc == VT_OK && annots->type == VT_PDF_ARRAY &&
		    k < annots->u.array.n;
	     k++) {
		item = &annots->u.array.items[k];
		if (item->type != VT_PDF_REF ||
		    item->u.ref.num != s->place.widget.num)
			continue;
		s->place.page = index;
		s->place.has_widget = true;
		break;
	}
	vt_pdf_rewind(s->pdf, mark);
	return s->rc == VT_OK && !s->place.has_widget;
}

/* The page whose annotations hold the widget: /P may be missing, or wrong. */
static int
page_of(struct search *s, struct vt_error *err)
{
	int rc;

	s->err = err;
	rc = vt_pdf_pages_each(s->pdf, look_at_page, s, err);
	return rc == VT_OK ? s->rc : rc;
}

int
vt_pdf_field_place(struct vt_pdf *pdf, const char *name,
    struct vt_pdf_place *ret, struct vt_error *err)
{
	struct search s = { .pdf = pdf, .name = name };
	const struct vt_pdf_obj *widget, *rect;
	size_t mark = vt_pdf_mark(pdf);
	bool ok = false;
	int rc;

	if ((rc = vt_pdf_fields_walk(pdf, look, &s, err)) != VT_OK ||
	    s.widgets.n == 0)
		goto out;
	s.place.widget = s.widgets.items[0].ref;
	if ((rc = vt_pdf_get(pdf, s.place.widget, &widget, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, widget, "Rect", &rect, err)) != VT_OK ||
	    (rc = vt_pdf_box_read(pdf, rect, &s.place.rect, &ok, err)) != VT_OK)
		goto out;
	if (ok)
		rc = page_of(&s, err);
out:
	if (rc == VT_OK)
		*ret = s.place;
	vt_pdf_widgets_release(&s.widgets);
	vt_pdf_rewind(pdf, mark);
	return rc;
}

int
vt_pdf_field_text(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    struct vt_buf *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *field, *v;
	size_t mark = vt_pdf_mark(pdf);
	int rc = VT_OK;

	if (at->field.num != 0 && at->is_text &&
	    (rc = vt_pdf_get(pdf, at->field, &field, err)) == VT_OK &&
	    (rc = vt_pdf_lookup(pdf, field, "V", &v, err)) == VT_OK &&
	    v->type == VT_PDF_STRING &&
	    (rc = vt_pdf_text(v->u.string, ret)) != VT_OK)
		rc = vt_pdf_buf_error(rc, err);
	vt_pdf_rewind(pdf, mark);
	return rc;
}
