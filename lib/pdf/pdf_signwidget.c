/* pdf_signwidget.c - the fields of a signature's revision, and their looks */
#include <string.h>

#include "pdf_int.h"
#include "pdf_page.h"
#include "pdf_sign.h"

#define TEXT_MAX VT_PDF_OBJECT_MAX
#define F_SHOWN 132   /* /F: printed, locked (12.5.3) */
#define F_HIDING 0x23 /* invisible, hidden, not viewed */

static bool
has_size(struct vt_pdf_box b)
{
	return b.x1 > b.x0 && b.y1 > b.y0;
}

bool
vt_pdf_sign_adds(const struct vt_pdf_sign *how, const struct pdf_target *target)
{
	size_t i;

	for (i = 0; i < how->nparts; i++)
		if (how->parts[i].kind != VT_PDF_FILL_TEXT)
			return true;
	return target->field.num == 0;
}

bool
vt_pdf_sign_shows(const struct vt_pdf_sign *how,
    const struct pdf_target *target)
{
	size_t i;

	for (i = 0; i < how->nparts; i++)
		if (how->parts[i].kind == VT_PDF_NEW_TEXT ||
		    (how->parts[i].kind == VT_PDF_NEW_SIG &&
			has_size(how->parts[i].rect)))
			return true;
	return target->field.num == 0 && has_size(how->rect);
}

static int
put_rect(struct vt_buf *b, struct vt_pdf_box r)
{
	if (!has_size(r))
		return vt_buf_puts(b, "[0 0 0 0]");
	return vt_buf_printf(b, "[%.3f %.3f %.3f %.3f]", r.x0, r.y0, r.x1,
	    r.y1);
}

/* What shows nothing has an appearance, too, where it has room: PDF/A. */
static int
blank(struct pdf_signing *s, struct vt_pdf_ref *ret, struct vt_error *err)
{
	static const char text[] = "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]"
				   "/Length 0>>\nstream\n\nendstream";
	int rc = VT_OK;

	if (s->blank.num == 0 &&
	    (rc = vt_pdf_update_alloc(s->up, &s->blank, err)) == VT_OK)
		rc = vt_pdf_update_put(s->up, s->blank,
		    VT_BYTES(text, sizeof(text) - 1), err);
	*ret = s->blank;
	return rc;
}

static int
look(struct pdf_signing *s, size_t i, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	*ret = (struct vt_pdf_ref){ 0, 0 };
	return s->how->look == NULL
		   ? VT_OK
		   : s->how->look(s->how->look_ctx, i, s->up, ret, err);
}

/* --- new fields --- */

/* KEYS is text for all but name, place and appearance. */
static int
put_new(struct pdf_signing *s, const char *name, size_t page,
    struct vt_pdf_box rect, const char *keys, struct vt_pdf_ref ap,
    struct vt_error *err)
{
	struct vt_pdf_ref ref, on;
	struct vt_buf b;
	int rc;

	if (s->nadded == PDF_NEW_WIDGETS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a signature brings at most %d fields",
		    PDF_NEW_WIDGETS_MAX);
	if ((rc = vt_pdf_page(s->pdf, page, NULL, &on, err)) != VT_OK)
		return rc;
	if (on.num == 0)
		return vt_error_set(err, VT_EUNSUPPORTED,
		    "ISO 32000-2, 7.7.3.2",
		    "page %zu is not an object of its own", page + 1);
	if (ap.num == 0 && has_size(rect) && (rc = blank(s, &ap, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_update_alloc(s->up, &ref, err)) != VT_OK)
		return rc;
	vt_buf_init(&b, TEXT_MAX);
	rc = vt_buf_printf(&b, "<</Type/Annot/Subtype/Widget%s/F %d/Rect", keys,
	    F_SHOWN);
	if (rc == VT_OK)
		rc = put_rect(&b, rect);
	if (rc == VT_OK)
		rc = vt_buf_puts(&b, "/T");
	if (rc == VT_OK)
		rc = vt_pdf_text_put(&b, name);
	if (rc == VT_OK)
		rc = vt_buf_printf(&b, "/P %u %u R", on.num, on.gen);
	if (rc == VT_OK && ap.num != 0)
		rc = vt_buf_printf(&b, "/AP<</N %u %u R>>", ap.num, ap.gen);
	if (rc == VT_OK)
		rc = vt_buf_puts(&b, ">>");
	rc = rc == VT_OK ? vt_pdf_update_put(s->up, ref, vt_buf_bytes(&b), err)
			 : vt_pdf_buf_error(rc, err);
	vt_buf_release(&b);
	if (rc == VT_OK)
		s->added[s->nadded++] = (struct pdf_new_widget){ ref, page };
	return rc;
}

/* --- fields that are there --- */

static int
put_value(struct pdf_signing *s, struct vt_pdf_ref field,
    struct vt_pdf_ref widget, struct vt_pdf_change value,
    struct vt_pdf_change *more, size_t nmore, struct vt_error *err)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_change all[4];
	size_t n = 0, i;
	int rc;

	all[n++] = value;
	for (i = 0; widget.num == field.num && i < nmore; i++)
		all[n++] = more[i];
	if ((rc = vt_pdf_get(s->pdf, field, &obj, err)) != VT_OK ||
	    (rc = vt_pdf_put_spliced(s->pdf, s->up, field, obj, all, n, err)) !=
		VT_OK)
		return rc;
	if (widget.num == field.num || nmore == 0)
		return VT_OK;
	if ((rc = vt_pdf_get(s->pdf, widget, &obj, err)) != VT_OK)
		return rc;
	return vt_pdf_put_spliced(s->pdf, s->up, widget, obj, more, nmore, err);
}

/* VALUE for a field, AP for its widget, which is at RECT from now on. */
static int
fill_old(struct pdf_signing *s, const struct vt_pdf_place *at,
    struct vt_bytes value, struct vt_pdf_ref ap, struct vt_pdf_box rect,
    struct vt_error *err)
{
	struct vt_pdf_change more[3];
	const struct vt_pdf_obj *widget, *flags;
	struct vt_buf look_text, rect_text;
	size_t n = 0;
	int rc;

	vt_buf_init(&look_text, 64);
	vt_buf_init(&rect_text, 256);
	if (ap.num == 0 || at->widget.num == 0) {
		rc = put_value(s, at->field, at->widget,
		    (struct vt_pdf_change){ "V", value }, more, 0, err);
		goto out;
	}
	if ((rc = vt_pdf_get(s->pdf, at->widget, &widget, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(s->pdf, widget, "F", &flags, err)) != VT_OK)
		goto out;
	if ((rc = vt_buf_printf(&look_text, "<</N %u %u R>>", ap.num,
		 ap.gen)) != VT_OK ||
	    (rc = put_rect(&rect_text, rect)) != VT_OK) {
		rc = vt_pdf_buf_error(rc, err);
		goto out;
	}
	more[n++] = (struct vt_pdf_change){ "AP", vt_buf_bytes(&look_text) };
	if (has_size(rect))
		more[n++] =
		    (struct vt_pdf_change){ "Rect", vt_buf_bytes(&rect_text) };
	if (flags->type != VT_PDF_INT || (flags->u.integer & F_HIDING) != 0)
		more[n++] = (struct vt_pdf_change){ "F", VT_BYTES("132", 3) };
	rc = put_value(s, at->field, at->widget,
	    (struct vt_pdf_change){ "V", value }, more, n, err);
out:
	vt_buf_release(&look_text);
	vt_buf_release(&rect_text);
	return rc;
}

int
vt_pdf_sign_field(struct pdf_signing *s, const struct pdf_target *target,
    struct vt_pdf_ref value, struct vt_error *err)
{
	struct vt_pdf_place at = { 0 };
	struct vt_pdf_ref ap;
	char text[64];
	int n, rc;

	if ((rc = look(s, 0, &ap, err)) != VT_OK)
		return rc;
	if (target->field.num == 0) {
		snprintf(text, sizeof(text), "/FT/Sig/V %u %u R", value.num,
		    value.gen);
		return put_new(s, target->name, s->how->page, s->how->rect,
		    text, ap, err);
	}
	at.field = target->field;
	if (ap.num != 0 &&
	    (rc = vt_pdf_field_place(s->pdf, s->how->field, &at, err)) != VT_OK)
		return rc;
	n = snprintf(text, sizeof(text), "%u %u R", value.num, value.gen);
	return fill_old(s, &at, VT_BYTES(text, (size_t)n), ap, s->how->rect,
	    err);
}

/* --- what comes with the signature --- */

static int
fill_text(struct pdf_signing *s, size_t i, struct vt_error *err)
{
	const struct vt_pdf_part *part = &s->how->parts[i];
	const struct vt_pdf_box same = { 0, 0, 0, 0 };
	struct vt_pdf_place at;
	struct vt_pdf_ref ap;
	struct vt_buf text;
	int rc;

	if ((rc = vt_pdf_field_place(s->pdf, part->name, &at, err)) != VT_OK)
		return rc;
	if (!at.is_text || at.field.num == 0)
		return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 12.7.5.3",
		    "the document has no text field %s", part->name);
	if (at.has_value)
		return vt_error_set(err, VT_EREFUSED, "ISO 32000-2, 12.7.5.3",
		    "field %s is filled already", part->name);
	if ((rc = look(s, i + 1, &ap, err)) != VT_OK)
		return rc;
	vt_buf_init(&text, TEXT_MAX);
	rc = vt_pdf_text_put(&text, part->value);
	rc = rc == VT_OK ? fill_old(s, &at, vt_buf_bytes(&text), ap, same, err)
			 : vt_pdf_buf_error(rc, err);
	vt_buf_release(&text);
	return rc;
}

int
vt_pdf_sign_parts(struct pdf_signing *s, struct vt_error *err)
{
	const struct vt_pdf_ref none = { 0, 0 };
	const struct vt_pdf_part *part;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->how->nparts && rc == VT_OK; i++) {
		part = &s->how->parts[i];
		if (part->kind == VT_PDF_FILL_TEXT)
			rc = fill_text(s, i, err);
		else /* /Ff 1: read only; who fills it signs */
			rc = put_new(s, part->name, part->page, part->rect,
			    part->kind == VT_PDF_NEW_SIG
				? "/FT/Sig"
				: "/FT/Tx/Ff 1/DA(/TiRo 0 Tf 0 g)",
			    none, err);
	}
	return rc;
}
