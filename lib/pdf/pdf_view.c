/* pdf_view.c - a page as it is seen (ISO 32000-2, 7.7.3.3, 14.11.2) */
#include <math.h>
#include <string.h>

#include "pdf_int.h"
#include "pdf_page.h"

#define CLAUSE "ISO 32000-2, 7.7.3.3"
#define SIDE_MIN 1.0 /* units; less is nothing that one could see */

static double
lower(double a, double b)
{
	return a < b ? a : b;
}

static double
higher(double a, double b)
{
	return a > b ? a : b;
}

bool
vt_pdf_number(const struct vt_pdf_obj *v, double *ret)
{
	if (v->type == VT_PDF_INT)
		*ret = (double)v->u.integer;
	else if (v->type == VT_PDF_REAL)
		*ret = v->u.real.value;
	else
		return false;
	return isfinite(*ret) != 0;
}

int
vt_pdf_box_read(struct vt_pdf *pdf, const struct vt_pdf_obj *array,
    struct vt_pdf_box *ret, bool *ret_ok, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	double n[4] = { 0 };
	size_t i;
	int rc;

	*ret_ok = false;
	if (array->type != VT_PDF_ARRAY || array->u.array.n != 4)
		return VT_OK;
	for (i = 0; i < 4; i++) {
		rc = vt_pdf_resolve(pdf, &array->u.array.items[i], &v, err);
		if (rc != VT_OK)
			return rc;
		if (!vt_pdf_number(v, &n[i]))
			return VT_OK;
	}
	/* 7.9.5: any two diagonally opposite corners. */
	*ret = (struct vt_pdf_box){ lower(n[0], n[2]), lower(n[1], n[3]),
		higher(n[0], n[2]), higher(n[1], n[3]) };
	*ret_ok = true;
	return VT_OK;
}

int
vt_pdf_inherited(struct vt_pdf *pdf, const struct vt_pdf_obj *page,
    const char *key, const struct vt_pdf_obj **ret, struct vt_error *err)
{
	const struct vt_pdf_obj *node = page;
	int depth, rc;

	for (depth = 0; depth < VT_PDF_TREE_DEPTH_MAX; depth++) {
		if ((rc = vt_pdf_lookup(pdf, node, key, ret, err)) != VT_OK ||
		    (*ret)->type != VT_PDF_NULL)
			return rc;
		rc = vt_pdf_lookup(pdf, node, "Parent", &node, err);
		if (rc != VT_OK || node->type != VT_PDF_DICT)
			return rc;
	}
	return vt_error_set(err, VT_ELIMIT, CLAUSE,
	    "the page tree is deeper than %d", VT_PDF_TREE_DEPTH_MAX);
}

static struct vt_pdf_box
meet(struct vt_pdf_box a, struct vt_pdf_box b)
{
	return (struct vt_pdf_box){ higher(a.x0, b.x0), higher(a.y0, b.y0),
		lower(a.x1, b.x1), lower(a.y1, b.y1) };
}

static int
shown_box(struct vt_pdf *pdf, const struct vt_pdf_obj *page,
    struct vt_pdf_box *ret, struct vt_error *err)
{
	struct vt_pdf_box media = { 0, 0, 612, 792 }, crop;
	const struct vt_pdf_obj *v;
	bool ok;
	int rc;

	/* Readers show a page without a box, as one of letter size. */
	if ((rc = vt_pdf_inherited(pdf, page, "MediaBox", &v, err)) != VT_OK ||
	    (rc = vt_pdf_box_read(pdf, v, &media, &ok, err)) != VT_OK ||
	    (rc = vt_pdf_inherited(pdf, page, "CropBox", &v, err)) != VT_OK ||
	    (rc = vt_pdf_box_read(pdf, v, &crop, &ok, err)) != VT_OK)
		return rc;
	*ret = ok ? meet(media, crop) : media;
	if (!(ret->x1 - ret->x0 >= SIDE_MIN) ||
	    !(ret->y1 - ret->y0 >= SIDE_MIN))
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 14.11.2",
		    "nothing of the page is shown");
	return VT_OK;
}

int
vt_pdf_view_of(struct vt_pdf *pdf, size_t page, struct vt_pdf_ref ref,
    struct vt_pdf_view *ret, struct vt_error *err)
{
	struct vt_pdf_view view = { .page = page, .ref = ref, .unit = 1 };
	const struct vt_pdf_obj *obj, *v;
	size_t mark = vt_pdf_mark(pdf);
	double w, h;
	int rc;

	if (ref.num == 0)
		return vt_error_set(err, VT_EUNSUPPORTED,
		    "ISO 32000-2, 7.7.3.2",
		    "page %zu is not an object of its own", page + 1);
	if ((rc = vt_pdf_get(pdf, ref, &obj, err)) != VT_OK ||
	    (rc = shown_box(pdf, obj, &view.box, err)) != VT_OK ||
	    (rc = vt_pdf_inherited(pdf, obj, "Rotate", &v, err)) != VT_OK)
		goto out;
	if (v->type == VT_PDF_INT && v->u.integer % 90 == 0)
		view.rotate = (int)((v->u.integer % 360 + 360) % 360);
	if ((rc = vt_pdf_lookup(pdf, obj, "UserUnit", &v, err)) != VT_OK)
		goto out;
	if (!vt_pdf_number(v, &view.unit) || !(view.unit > 0))
		view.unit = 1;
	if (view.unit > VT_PDF_PAGE_UNIT) {
		rc = vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 7.7.3.3",
		    "a unit of page %zu has more than %.0f points", page + 1,
		    VT_PDF_PAGE_UNIT);
		goto out;
	}
	w = (view.box.x1 - view.box.x0) * view.unit;
	h = (view.box.y1 - view.box.y0) * view.unit;
	view.width = view.rotate % 180 == 0 ? w : h;
	view.height = view.rotate % 180 == 0 ? h : w;
	*ret = view;
out:
	vt_pdf_rewind(pdf, mark);
	return rc;
}

int
vt_pdf_view_read(struct vt_pdf *pdf, size_t page, struct vt_pdf_view *ret,
    struct vt_error *err)
{
	size_t mark = vt_pdf_mark(pdf);
	struct vt_pdf_ref ref;
	int rc = vt_pdf_page(pdf, page, NULL, &ref, err);

	vt_pdf_rewind(pdf, mark);
	return rc == VT_OK ? vt_pdf_view_of(pdf, page, ref, ret, err) : rc;
}

/* From default user space to points as seen: the six numbers of a matrix. */
void
vt_pdf_view_matrix(const struct vt_pdf_view *v, double m[6])
{
	const struct vt_pdf_box *b = &v->box;
	double u = v->unit;

	memset(m, 0, 6 * sizeof(*m));
	switch (v->rotate) {
	case 90: /* the page's up is the reader's right */
		m[1] = -u;
		m[2] = u;
		m[4] = -b->y0 * u;
		m[5] = b->x1 * u;
		break;
	case 180:
		m[0] = m[3] = -u;
		m[4] = b->x1 * u;
		m[5] = b->y1 * u;
		break;
	case 270:
		m[1] = u;
		m[2] = -u;
		m[4] = b->y1 * u;
		m[5] = -b->x0 * u;
		break;
	default:
		m[0] = m[3] = u;
		m[4] = -b->x0 * u;
		m[5] = -b->y0 * u;
		break;
	}
}

static struct vt_pdf_box
through(const double m[6], struct vt_pdf_box b)
{
	double ax = m[0] * b.x0 + m[2] * b.y0 + m[4];
	double ay = m[1] * b.x0 + m[3] * b.y0 + m[5];
	double bx = m[0] * b.x1 + m[2] * b.y1 + m[4];
	double by = m[1] * b.x1 + m[3] * b.y1 + m[5];

	return (struct vt_pdf_box){ lower(ax, bx), lower(ay, by),
		higher(ax, bx), higher(ay, by) };
}

struct vt_pdf_box
vt_pdf_view_to_seen(const struct vt_pdf_view *view, struct vt_pdf_box box)
{
	double m[6];

	vt_pdf_view_matrix(view, m);
	return through(m, box);
}

struct vt_pdf_box
vt_pdf_view_to_page(const struct vt_pdf_view *view, struct vt_pdf_box seen)
{
	double m[6], i[6], det;

	vt_pdf_view_matrix(view, m);
	det = m[0] * m[3] - m[1] * m[2]; /* the unit's square: not 0 */
	i[0] = m[3] / det;
	i[1] = -m[1] / det;
	i[2] = -m[2] / det;
	i[3] = m[0] / det;
	i[4] = -(i[0] * m[4] + i[2] * m[5]);
	i[5] = -(i[1] * m[4] + i[3] * m[5]);
	return through(i, seen);
}
