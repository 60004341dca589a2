/* stamp_put.c - a canvas as a Form XObject (ISO 32000-2, 8.10) */
#include <math.h>
#include <string.h>

#include "stamp_int.h"
#include "vanthu/pdf.h"

#define CONTENT_MAX (4u << 20)
#define SIZE_EPSILON 0.0005 /* what three decimals cannot tell apart */

int
vt_stamp_number_put(struct vt_buf *out, double v)
{
	long long milli = llround(v * 1000), whole, part;
	char text[8];
	int i;

	whole = milli / 1000;
	part = milli % 1000 < 0 ? -(milli % 1000) : milli % 1000;
	if (part == 0)
		return vt_buf_printf(out, "%lld", whole);
	snprintf(text, sizeof(text), "%03d", (int)part);
	for (i = 2; text[i] == '0'; i--)
		text[i] = '\0';
	return vt_buf_printf(out, "%s%lld.%s",
	    milli < 0 && whole == 0 ? "-" : "", whole, text);
}

/* N numbers, each with a space behind it, then OPERATOR. */
static int
numbers(struct vt_buf *out, const double *v, size_t n, const char *operator)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		if ((rc = vt_stamp_number_put(out, v[i])) == VT_OK)
			rc = vt_buf_putc(out, ' ');
	return rc == VT_OK ? vt_buf_puts(out, operator) : rc;
}

int
vt_stamp_stream_put(struct vt_pdf_update *up, struct vt_pdf_ref ref,
    const char *keys, struct vt_bytes packed, struct vt_error *err)
{
	struct vt_buf body;
	int rc;

	vt_buf_init(&body, packed.len + 4096);
	if ((rc = vt_buf_printf(&body,
		 "<<%s/Filter/FlateDecode/Length %zu>>\nstream\n", keys,
		 packed.len)) != VT_OK ||
	    (rc = vt_buf_bytes_put(&body, packed)) != VT_OK ||
	    (rc = vt_buf_puts(&body, "\nendstream")) != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_pdf_update_put(up, ref, vt_buf_bytes(&body), err);
	vt_buf_release(&body);
	return rc;
}

/* --- content (7.8, 8.2, 9.4) --- */

static int
colour(struct vt_buf *out, uint32_t rgb, bool stroke)
{
	const double v[] = { (rgb >> 16 & 0xff) / 255.0,
		(rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0 };
	int rc;

	if ((rc = vt_buf_puts(out, stroke ? "/C CS " : "/C cs ")) != VT_OK)
		return rc;
	return numbers(out, v, 3, stroke ? "SC\n" : "sc\n");
}

/*
 * The glyphs of one line as TJ arrays: what kerning and marks move a glyph by
 * is a number in front of it, in thousandths; what lifts it is a text rise.
 */
static int
glyphs(struct vt_buf *out, const struct vt_stamp *stamp,
    const struct stamp_op *op)
{
	const struct stamp_font *font = &stamp->kit->font[op->face];
	const struct stamp_slot *slots = stamp->slots[op->face].items;
	const struct stamp_glyph *g;
	double wanted = 0, pen = 0, shift;
	int rise = 0, rc;
	size_t i;

	rc = vt_buf_putc(out, '[');
	for (i = op->first; i < op->first + op->n && rc == VT_OK; i++) {
		g = &stamp->glyphs[i];
		if (g->y != rise) {
			rise = g->y;
			if ((rc = vt_buf_puts(out, "]TJ ")) == VT_OK &&
			    (rc = vt_stamp_number_put(out,
				 rise * op->size / font->upem)) == VT_OK)
				rc = vt_buf_puts(out, " Ts[");
		}
		shift = (pen - wanted - g->x) * 1000 / font->upem;
		if (rc == VT_OK && fabs(shift) >= SIZE_EPSILON) {
			rc = vt_stamp_number_put(out, shift);
			pen = wanted + g->x;
		}
		if (rc == VT_OK)
			rc = vt_buf_printf(out, "<%04X>",
			    (unsigned)slots[g->slot].cid);
		pen += stamp->kit->hb.hb_font_get_glyph_h_advance(font->font,
		    slots[g->slot].glyph);
		wanted += g->advance;
	}
	return rc == VT_OK ? vt_buf_puts(out, rise != 0 ? "]TJ 0 Ts" : "]TJ")
			   : rc;
}

static int
text_op(struct vt_buf *out, const struct vt_stamp *stamp,
    const struct stamp_op *op)
{
	int rc;

	if ((rc = colour(out, op->colour, false)) != VT_OK ||
	    (rc = vt_buf_printf(out, "BT/F%d ", (int)op->face)) != VT_OK ||
	    (rc = numbers(out, &op->size, 1, "Tf ")) != VT_OK ||
	    (rc = numbers(out, (double[]){ op->box.x, op->box.y }, 2, "Td ")) !=
		VT_OK ||
	    (rc = glyphs(out, stamp, op)) != VT_OK)
		return rc;
	return vt_buf_puts(out, " ET\n");
}

static int
content_op(struct vt_buf *out, const struct vt_stamp *stamp,
    const struct stamp_op *op)
{
	const struct vt_stamp_box *b = &op->box;
	int rc;

	switch (op->kind) {
	case STAMP_TEXT:
		return text_op(out, stamp, op);
	case STAMP_LINE:
	case STAMP_FRAME:
		if ((rc = colour(out, op->colour, true)) != VT_OK ||
		    (rc = numbers(out, &op->size, 1, "w ")) != VT_OK)
			return rc;
		if (op->kind == STAMP_FRAME)
			return numbers(out,
			    (double[]){ b->x, b->y, b->width, b->height }, 4,
			    "re S\n");
		if ((rc = numbers(out, (double[]){ b->x, b->y }, 2, "m ")) !=
		    VT_OK)
			return rc;
		return numbers(out,
		    (double[]){ b->x + b->width, b->y + b->height }, 2,
		    "l S\n");
	case STAMP_IMAGE:
		if ((rc = numbers(out,
			 (double[]){ b->width, 0, 0, b->height, b->x, b->y }, 6,
			 "cm")) != VT_OK)
			return rc;
		return vt_buf_printf(out, "/I%zu Do Q\n", op->image);
	}
	return VT_OK;
}

static int
content(struct vt_buf *out, const struct vt_stamp *stamp, struct vt_error *err)
{
	struct vt_buf plain;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&plain, CONTENT_MAX);
	for (i = 0; i < stamp->nops && rc == VT_OK; i++) {
		if (stamp->ops[i].kind == STAMP_IMAGE)
			rc = vt_buf_puts(&plain, "q ");
		if (rc == VT_OK)
			rc = content_op(&plain, stamp, &stamp->ops[i]);
	}
	if (rc == VT_ENOMEM)
		rc = vt_error_nomem(err);
	else if (rc != VT_OK)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d things on one stamp", VT_STAMP_OPS_MAX);
	else
		rc = vt_pdf_deflate(vt_buf_bytes(&plain), out, err);
	vt_buf_release(&plain);
	return rc;
}

/* --- the form --- */

/* /Matrix: TURNED counts clockwise, as a page is shown; so turn it back. */
static int
matrix(struct vt_buf *out, const struct vt_stamp *stamp)
{
	const double w = stamp->width, h = stamp->height;

	switch (stamp->turned) {
	case 90:
		return numbers(out, (double[]){ 0, 1, -1, 0, h, 0 }, 6, "]");
	case 180:
		return numbers(out, (double[]){ -1, 0, 0, -1, w, h }, 6, "]");
	case 270:
		return numbers(out, (double[]){ 0, -1, 1, 0, 0, w }, 6, "]");
	default:
		return numbers(out, (double[]){ 1, 0, 0, 1, 0, 0 }, 6, "]");
	}
}

struct resources {
	struct vt_pdf_ref font[STAMP_FACES];
	struct vt_pdf_ref image[VT_STAMP_IMAGES_MAX];
};

static int
put_resources(struct vt_stamp *stamp, struct vt_pdf_update *up,
    struct resources *r, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < STAMP_FACES && rc == VT_OK; i++)
		if (stamp->slots[i].n > 0)
			rc = vt_stamp_font_put(stamp, (enum vt_stamp_face)i, up,
			    &r->font[i], err);
	for (i = 0; i < stamp->nimages && rc == VT_OK; i++)
		rc = vt_stamp_image_put(stamp->images[i], stamp->kit->opaque,
		    up, &r->image[i], err);
	return rc;
}

static int
form_keys(struct vt_buf *out, const struct vt_stamp *stamp,
    const struct resources *r)
{
	size_t i;
	int rc;

	if ((rc = vt_buf_puts(out,
		 "/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 ")) != VT_OK ||
	    (rc = numbers(out, (double[]){ stamp->width, stamp->height }, 2,
		 "]/Matrix[")) != VT_OK ||
	    (rc = matrix(out, stamp)) != VT_OK ||
	    (rc = vt_buf_puts(out, "/Resources<</ColorSpace<</C" STAMP_COLOURS
				   ">>/Font<<")) != VT_OK)
		return rc;
	for (i = 0; i < STAMP_FACES && rc == VT_OK; i++)
		if (r->font[i].num != 0)
			rc = vt_buf_printf(out, "/F%zu %u %u R", i,
			    r->font[i].num, r->font[i].gen);
	if (rc == VT_OK)
		rc = vt_buf_puts(out, ">>/XObject<<");
	for (i = 0; i < stamp->nimages && rc == VT_OK; i++)
		rc = vt_buf_printf(out, "/I%zu %u %u R", i, r->image[i].num,
		    r->image[i].gen);
	return rc == VT_OK ? vt_buf_puts(out, ">>>>") : rc;
}

int
vt_stamp_put(struct vt_stamp *stamp, struct vt_pdf_update *up,
    struct vt_pdf_ref *ret, struct vt_error *err)
{
	struct resources r = { 0 };
	struct vt_buf keys, packed;
	struct vt_pdf_ref form;
	int rc;

	vt_buf_init(&keys, 2048);
	vt_buf_init(&packed, CONTENT_MAX);
	if (stamp->width <= 0 || stamp->height <= 0) {
		rc = vt_error_set(err, VT_EARG, NULL, "the stamp has no size");
		goto out;
	}
	if ((rc = put_resources(stamp, up, &r, err)) != VT_OK ||
	    (rc = content(&packed, stamp, err)) != VT_OK ||
	    (rc = vt_pdf_update_alloc(up, &form, err)) != VT_OK)
		goto out;
	if (form_keys(&keys, stamp, &r) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = vt_stamp_stream_put(up, form, vt_buf_str(&keys),
	    vt_buf_bytes(&packed), err);
	if (rc == VT_OK)
		*ret = form;
out:
	vt_buf_release(&keys);
	vt_buf_release(&packed);
	return rc;
}
