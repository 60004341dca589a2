/* sign_person.c - an authorised person's signature (NĐ 30/2020, Annex I, II.7)
 */
#include <string.h>

#include "sign_int.h"
#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/signer.h"
#include "vanthu/x509.h"

#define WIDTH (60 * VT_STAMP_MM) /* of the image at most */
#define HEIGHT (30 * VT_STAMP_MM)
#define LEAST 34.0              /* points between title and name */
#define GAP 2.0                 /* points to them */
#define SEAL (36 * VT_STAMP_MM) /* until the agency says how large it is */

/* The lowest text above BOX that stands over or under it; the page's edge. */
static double
title_above(const struct vt_pdf_lines *lines, const struct vt_pdf_view *view,
    struct vt_pdf_box box)
{
	const struct vt_pdf_line *l;
	double ret = view->height;
	size_t i, k;

	for (i = 0; i < lines->n; i++) {
		l = &lines->items[i];
		if (l->base <= box.y1 || l->base >= ret)
			continue;
		for (k = 0; k < l->n; k++)
			if (l->chars[k].c != ' ' && l->chars[k].x1 > box.x0 &&
			    l->chars[k].x0 < box.x1) {
				ret = l->base - l->size / 4;
				break;
			}
	}
	return ret;
}

int
vt_sign_person_box(struct vt_pdf *pdf, const char *name,
    struct vt_pdf_view *ret_view, struct vt_pdf_box *ret,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_pdf_lines lines = { 0 };
	struct vt_pdf_hit hit;
	double top, height, middle;
	int rc;

	if ((rc = vt_pdf_text_find(pdf, name, &hit, err)) != VT_OK ||
	    (rc = vt_pdf_lines_read(pdf, &hit.view, &lines, err)) != VT_OK)
		return rc;
	if (hit.hits > 1)
		vt_sign_warn(res, "name-ambiguous",
		    vt_tr("the signer's name stands in several places: the "
			  "signature is at the last"));
	top = title_above(&lines, &hit.view, hit.box);
	vt_pdf_lines_release(&lines);
	height = top - hit.box.y1 - 2 * GAP;
	if (height < LEAST)
		height = LEAST;
	if (height > HEIGHT)
		height = HEIGHT;
	middle = (hit.box.x0 + hit.box.x1) / 2;
	*ret = (struct vt_pdf_box){ middle - WIDTH / 2, hit.box.y1 + GAP,
		middle + WIDTH / 2, hit.box.y1 + GAP + height };
	*ret_view = hit.view;
	return VT_OK;
}

int
vt_sign_put_at(const struct vt_pdf_view *view, struct vt_pdf_box box,
    struct vt_stamp *stamp, struct vt_pdf_sign *plan, struct vt_error *err)
{
	/* It may be large, or near the edge: then it moves, as paper would. */
	if (box.x1 > view->width) {
		box.x0 -= box.x1 - view->width;
		box.x1 = view->width;
	}
	if (box.x0 < 0) {
		box.x1 -= box.x0;
		box.x0 = 0;
	}
	plan->page = view->page;
	plan->rect = vt_pdf_view_to_page(view, box);
	return vt_stamp_turn(stamp, view->rotate, err);
}

struct vt_pdf_box
vt_sign_seal_box(const struct vt_pdf_view *view, struct vt_pdf_box box,
    double w, double h)
{
	double right = box.x0 + (box.x1 - box.x0) / 3;
	double y = (box.y0 + box.y1) / 2 - h / 2;

	if (y + h > view->height)
		y = view->height - h;
	if (y < 0)
		y = 0;
	if (right < w)
		right = w;
	return (struct vt_pdf_box){ right - w, y, right, y + h };
}

/* BOX's middle, at its foot. */
static struct vt_pdf_box
stand_in(struct vt_pdf_box box, const struct vt_stamp *stamp)
{
	double w = vt_stamp_width(stamp), h = vt_stamp_height(stamp);
	double x = (box.x0 + box.x1) / 2 - w / 2;
	double y = (box.y0 + box.y1) / 2 - h / 2;

	return (struct vt_pdf_box){ x, y, x + w, y + h };
}

static int
show_image(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct sign_look *look, struct vt_pdf_view *view,
    struct vt_sign_result *res, struct vt_error *err)
{
	const char *name = vt_cert_subject(opts->signer->cert, VT_NAME_CN);
	const struct vt_sign_place *p = &opts->place;
	struct vt_pdf_box box = { 0, 0, WIDTH, HEIGHT };
	struct vt_error e = { 0 };
	int rc, turn;

	if (p->field == NULL && p->below == NULL && !p->at) {
		rc = vt_sign_person_box(pdf, name != NULL ? name : "", view,
		    &box, res, &e);
		if (rc == VT_ENOTFOUND || rc == VT_EARG)
			return vt_error_set(err, VT_ENOTFOUND,
			    "NĐ 30/2020, Annex I, II.7d",
			    "the signature stands above the signer's name, and "
			    "%s; --at X,Y or --below TEXT says where it goes",
			    e.text);
		if (rc != VT_OK)
			return vt_error_set(err, e.code, NULL, "%s", e.text);
		if ((rc = vt_stamp_person(opts->kit, opts->image,
			 box.x1 - box.x0, box.y1 - box.y0, &look->stamp,
			 err)) != VT_OK)
			return rc;
		return vt_sign_put_at(view, stand_in(box, look->stamp),
		    look->stamp, plan, err);
	}
	if ((rc = vt_stamp_person(opts->kit, opts->image, WIDTH, HEIGHT,
		 &look->stamp, err)) != VT_OK ||
	    (rc = vt_sign_place_find(pdf, p, SIGN_BOTTOM_LEFT,
		 vt_stamp_width(look->stamp), vt_stamp_height(look->stamp),
		 &plan->page, &plan->rect, &turn, err)) != VT_OK ||
	    (rc = vt_stamp_turn(look->stamp, turn, err)) != VT_OK)
		return rc;
	plan->field = p->field;
	return vt_pdf_view_read(pdf, plan->page, view, err);
}

/* --- fields for the agency --- */

static int
add_part(struct vt_pdf *pdf, struct vt_pdf_sign *plan, struct sign_look *look,
    enum vt_pdf_part_kind kind, const char *name, size_t page,
    struct vt_pdf_box rect, struct vt_error *err)
{
	struct vt_pdf_place at = { 0 };
	int rc;

	if ((rc = vt_pdf_field_place(pdf, name, &at, err)) != VT_OK || at.found)
		return rc;
	look->parts[plan->nparts++] =
	    (struct vt_pdf_part){ kind, name, page, rect, NULL };
	return VT_OK;
}

static int
add_blanks(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct sign_look *look, struct vt_error *err)
{
	struct sign_blank number, date;
	struct vt_pdf_view view;
	int rc;

	if ((rc = vt_pdf_view_read(pdf, 0, &view, err)) != VT_OK ||
	    (rc = vt_sign_blank_number(pdf, &opts->number_at, &number, err)) !=
		VT_OK ||
	    (rc = vt_sign_blank_date(pdf, &opts->date_at, &date, err)) != VT_OK)
		return rc;
	if (number.found &&
	    (rc = add_part(pdf, plan, look, VT_PDF_NEW_TEXT, SIGN_FIELD_NUMBER,
		 0, vt_pdf_view_to_page(&view, number.box), err)) != VT_OK)
		return rc;
	if (date.found &&
	    (rc = add_part(pdf, plan, look, VT_PDF_NEW_TEXT, SIGN_FIELD_DATE, 0,
		 vt_pdf_view_to_page(&view, date.box), err)) != VT_OK)
		return rc;
	return VT_OK;
}

static int
is_signed(struct vt_pdf *pdf, bool *ret, struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	size_t i;
	int rc;

	if ((rc = vt_pdf_sigfields_read(pdf, &all, err)) != VT_OK)
		return rc;
	*ret = all.certified;
	for (i = 0; i < all.n; i++)
		*ret = *ret || all.items[i].is_signed;
	vt_pdf_sigfields_release(&all);
	return VT_OK;
}

int
vt_sign_person(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_pdf_view view = { 0 };
	struct vt_pdf_box rect = { 0, 0, 0, 0 };
	bool before = true;
	int rc;

	plan->field = opts->place.field;
	if (opts->image != NULL &&
	    (rc = show_image(pdf, opts, plan, look, &view, res, err)) != VT_OK)
		return rc;
	if ((rc = is_signed(pdf, &before, err)) != VT_OK || before)
		return rc;
	if ((rc = add_blanks(pdf, opts, plan, look, err)) != VT_OK)
		return rc;
	if (plan->rect.x1 > plan->rect.x0)
		rect = vt_pdf_view_to_page(&view,
		    vt_sign_seal_box(&view,
			vt_pdf_view_to_seen(&view, plan->rect), SEAL, SEAL));
	return add_part(pdf, plan, look, VT_PDF_NEW_SIG, SIGN_FIELD_AGENCY,
	    plan->page, rect, err);
}
