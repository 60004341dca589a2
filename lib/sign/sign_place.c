/* sign_place.c - where a signature stands on a page */
#include <string.h>

#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"

#define MARGIN (15 * VT_STAMP_MM) /* to the sides; NĐ 30/2020, Annex I, I.4 */
#define EDGE (8 * VT_STAMP_MM)    /* to the upper and the lower edge */
#define GAP 4.0                   /* points under a text */

static int
page_index(struct vt_pdf *pdf, long page, size_t *ret, struct vt_error *err)
{
	size_t n;
	int rc;

	if (page == 0) {
		*ret = 0;
		return VT_OK;
	}
	if ((rc = vt_pdf_page_count(pdf, &n, err)) != VT_OK)
		return rc;
	if ((page > 0 && (size_t)page > n) || (page < 0 && (size_t)-page > n))
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no page %ld: it has %zu", page, n);
	*ret = page > 0 ? (size_t)page - 1 : n - (size_t)-page;
	return VT_OK;
}

static struct vt_pdf_box
in_corner(const struct vt_pdf_view *view, enum sign_corner corner, double width,
    double height)
{
	struct vt_pdf_box b;

	b.x0 = corner == SIGN_TOP_RIGHT ? view->width - MARGIN - width : MARGIN;
	b.y0 = corner == SIGN_BOTTOM_LEFT ? EDGE : view->height - EDGE - height;
	b.x1 = b.x0 + width;
	b.y1 = b.y0 + height;
	return b;
}

/* Left edges in line. */
static int
under_text(struct vt_pdf *pdf, const char *text, double width, double height,
    struct vt_pdf_view *view, struct vt_pdf_box *ret, struct vt_error *err)
{
	struct vt_pdf_hit hit;
	int rc;

	if ((rc = vt_pdf_text_find(pdf, text, &hit, err)) != VT_OK)
		return rc;
	*view = hit.view;
	ret->x0 = hit.box.x0;
	ret->x1 = ret->x0 + width;
	ret->y1 = hit.box.y0 - GAP;
	ret->y0 = ret->y1 - height;
	return VT_OK;
}

/* A field that is there keeps its rectangle. */
static int
in_field(struct vt_pdf *pdf, const char *name, size_t *ret_page,
    struct vt_pdf_box *ret_rect, int *ret_turn, struct vt_error *err)
{
	struct vt_pdf_place at;
	struct vt_pdf_view view;
	int rc;

	if ((rc = vt_pdf_field_place(pdf, name, &at, err)) != VT_OK)
		return rc;
	if (!at.found)
		return vt_error_set(err, VT_ENOTFOUND, "ISO 32000-2, 12.7.4.2",
		    "there is no field %s", name);
	*ret_rect = (struct vt_pdf_box){ 0 };
	*ret_turn = 0;
	*ret_page = at.page;
	if (!at.has_widget)
		return VT_OK;
	if ((rc = vt_pdf_view_read(pdf, at.page, &view, err)) == VT_OK)
		*ret_turn = view.rotate;
	return rc;
}

static bool
within(const struct vt_pdf_view *view, struct vt_pdf_box b)
{
	const double slack = 0.01;

	return b.x0 >= -slack && b.y0 >= -slack &&
	       b.x1 <= view->width + slack && b.y1 <= view->height + slack;
}

int
vt_sign_place_find(struct vt_pdf *pdf, const struct vt_sign_place *place,
    enum sign_corner corner, double width, double height, size_t *ret_page,
    struct vt_pdf_box *ret_rect, int *ret_turn, struct vt_error *err)
{
	struct vt_pdf_view view;
	struct vt_pdf_box seen;
	size_t page = 0;
	int rc;

	if (place->field != NULL)
		return in_field(pdf, place->field, ret_page, ret_rect, ret_turn,
		    err);
	if (place->below != NULL) {
		rc = under_text(pdf, place->below, width, height, &view, &seen,
		    err);
	} else if ((rc = page_index(pdf, place->page, &page, err)) == VT_OK &&
		   (rc = vt_pdf_view_read(pdf, page, &view, err)) == VT_OK) {
		seen = in_corner(&view, corner, width, height);
		if (place->at)
			seen = (struct vt_pdf_box){ place->x, place->y,
				place->x + width, place->y + height };
		else if (corner != SIGN_TOP_RIGHT)
			rc = vt_sign_room_find(pdf, &view,
			    corner == SIGN_TOP_LEFT, &seen, err);
	}
	if (rc != VT_OK)
		return rc;
	if (!within(&view, seen))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "what is to be seen, %.0f by %.0f points, would not lie "
		    "within page %zu, which is %.0f by %.0f",
		    width, height, view.page + 1, view.width, view.height);
	*ret_page = view.page;
	*ret_rect = vt_pdf_view_to_page(&view, seen);
	*ret_turn = view.rotate;
	return VT_OK;
}
