/* sign_room.c - where on a page nothing stands yet */
#include <stdlib.h>

#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"

#define STEP 6.0         /* points between two tries */
#define DESCENT 0.25     /* of a line's size, under its base line */
#define TAKEN_MAX 200000 /* rectangles */

struct taken {
	struct vt_pdf_box *items;
	size_t n;
};

static int
take(struct taken *t, struct vt_pdf_box box, struct vt_error *err)
{
	struct vt_pdf_box *more;

	if (t->n == TAKEN_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d things stand on the page", TAKEN_MAX);
	if ((t->n & (t->n - 1)) == 0) { /* a power of two is full */
		more = realloc(t->items,
		    (t->n == 0 ? 1 : 2 * t->n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		t->items = more;
	}
	t->items[t->n++] = box;
	return VT_OK;
}

static int
take_text(struct vt_pdf *pdf, const struct vt_pdf_view *view, struct taken *t,
    struct vt_error *err)
{
	struct vt_pdf_lines lines = { 0 };
	const struct vt_pdf_line *l;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lines_read(pdf, view, &lines, err)) != VT_OK)
		return rc;
	for (i = 0; i < lines.n && rc == VT_OK; i++) {
		l = &lines.items[i];
		if (l->n > 0)
			rc = take(t,
			    (struct vt_pdf_box){ l->chars[0].x0,
				l->base - DESCENT * l->size,
				l->chars[l->n - 1].x1, l->base + l->size },
			    err);
	}
	vt_pdf_lines_release(&lines);
	return rc;
}

/* Earlier signatures, stamps and notes. */
static int
take_annots(struct vt_pdf *pdf, const struct vt_pdf_view *view, struct taken *t,
    struct vt_error *err)
{
	const struct vt_pdf_obj *page, *annots, *annot, *rect;
	struct vt_pdf_box box;
	bool ok;
	size_t i;
	int rc;

	if ((rc = vt_pdf_get(pdf, view->ref, &page, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, page, "Annots", &annots, err)) != VT_OK)
		return rc;
	if (annots->type != VT_PDF_ARRAY)
		return VT_OK;
	for (i = 0; i < annots->u.array.n; i++) {
		if ((rc = vt_pdf_resolve(pdf, &annots->u.array.items[i], &annot,
			 err)) != VT_OK)
			return rc;
		if (annot->type != VT_PDF_DICT)
			continue;
		if ((rc = vt_pdf_lookup(pdf, annot, "Rect", &rect, err)) !=
			VT_OK ||
		    (rc = vt_pdf_box_read(pdf, rect, &box, &ok, err)) !=
			VT_OK ||
		    (ok && (rc = take(t, vt_pdf_view_to_seen(view, box),
				err)) != VT_OK))
			return rc;
	}
	return VT_OK;
}

static bool
is_free(const struct taken *t, struct vt_pdf_box b)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (b.x0 < t->items[i].x1 && t->items[i].x0 < b.x1 &&
		    b.y0 < t->items[i].y1 && t->items[i].y0 < b.y1)
			return false;
	return true;
}

/* From BOX up or down the page, at the left margin and at the right one. */
static bool
search(const struct taken *t, const struct vt_pdf_view *view, bool down,
    struct vt_pdf_box *box)
{
	double width = box->x1 - box->x0, height = box->y1 - box->y0;
	double left = box->x0, right = view->width - left - width;
	double low = down ? view->height - box->y1 : box->y0;
	double y = box->y0, step = down ? -STEP : STEP;
	struct vt_pdf_box b;
	int side;

	for (; y >= low && y + height <= view->height - low; y += step)
		for (side = 0; side < 2; side++) {
			b.x0 = side == 0 ? left : right;
			b.x1 = b.x0 + width;
			b.y0 = y;
			b.y1 = y + height;
			if (b.x0 >= 0 && is_free(t, b)) {
				*box = b;
				return true;
			}
		}
	return false;
}

int
vt_sign_room_find(struct vt_pdf *pdf, const struct vt_pdf_view *view, bool down,
    struct vt_pdf_box *box, struct vt_error *err)
{
	struct taken t = { NULL, 0 };
	int rc;

	if ((rc = take_text(pdf, view, &t, err)) == VT_OK &&
	    (rc = take_annots(pdf, view, &t, err)) == VT_OK &&
	    !search(&t, view, down, box))
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "page %zu has no free room of %.0f by %.0f points: say "
		    "where with --page, --at or --below",
		    view->page + 1, box->x1 - box->x0, box->y1 - box->y0);
	free(t.items);
	return rc;
}
