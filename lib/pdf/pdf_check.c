/* pdf_check.c - every object in turn, before a document is signed */
#include "pdf_int.h"

#define FAR 1000000 /* a reference so far beyond all objects is never met */

static void
see_references(struct vt_pdf *pdf, const struct vt_pdf_obj *obj, unsigned depth)
{
	size_t i;

	if (obj->type == VT_PDF_STREAM)
		obj = obj->u.stream.dict;
	if (depth > VT_PDF_DEPTH_MAX)
		return;
	if (obj->type == VT_PDF_REF) {
		if (obj->u.ref.num > pdf->referred &&
		    obj->u.ref.num < pdf->highest + FAR)
			pdf->referred = obj->u.ref.num;
	} else if (obj->type == VT_PDF_ARRAY) {
		for (i = 0; i < obj->u.array.n; i++)
			see_references(pdf, &obj->u.array.items[i], depth + 1);
	} else if (obj->type == VT_PDF_DICT) {
		for (i = 0; i < obj->u.dict.n; i++)
			see_references(pdf, &obj->u.dict.entries[i].value,
			    depth + 1);
	}
}

int
vt_pdf_check_all(struct vt_pdf *pdf, struct vt_error *err)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_xref x;
	size_t pos = 0, mark;
	int rc;

	see_references(pdf, vt_pdf_trailer(pdf), 0);
	while (vt_pdf_xref_next(pdf, &pos, &x)) {
		if (x.type == VT_PDF_FREE || x.ref.num == 0)
			continue;
		mark = vt_pdf_mark(pdf);
		if ((rc = vt_pdf_get(pdf, x.ref, &obj, err)) != VT_OK)
			return rc;
		see_references(pdf, obj, 0);
		vt_pdf_rewind(pdf, mark);
	}
	return VT_OK;
}
