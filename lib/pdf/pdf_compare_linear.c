/* pdf_compare_linear.c - a file that says it is linearized (Annex F)
 *
 * Where the length in its first object is that of the file, readers take its
 * first page, how many there are, and even the cross-reference from where that
 * object says, and else from the end.  Both must be the same document.
 */
#include "pdf_compare_int.h"

#define CLAUSE "ISO 32000-2, F.3.3"
#define WITHIN 4096 /* bytes in which the first object ends */

struct pages {
	size_t n;
	struct vt_pdf_ref first;
};

static bool
note_page(void *ctx, size_t index, struct vt_pdf_ref ref)
{
	struct pages *p = ctx;

	p->n = index + 1;
	if (index == 0)
		p->first = ref;
	return true;
}

static bool
is_int(const struct vt_pdf_obj *dict, const char *key, uint64_t value)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, key);

	return v != NULL && v->type == VT_PDF_INT && v->u.integer >= 0 &&
	       (uint64_t)v->u.integer == value;
}

/* Does the newest section follow the first object, as readers expect? */
static int
section_follows(const struct vt_pdf *pdf, bool *ret, struct vt_error *err)
{
	struct vt_bytes b;
	size_t at;
	int rc;

	*ret = false;
	rc = vt_source_view(pdf->src, pdf->header, WITHIN, &b, err);
	if (rc != VT_OK || (at = vt_bytes_find(b, 0, "endobj")) == SIZE_MAX)
		return rc;
	for (at += 6; at < b.len && pdf_is_space((int)b.data[at]); at++)
		;
	*ret = pdf->nsections > 0 && pdf->sections[0].off == pdf->header + at;
	return VT_OK;
}

static int
dict_fits(struct vt_pdf *pdf, bool *ret, struct vt_error *err)
{
	size_t mark = vt_pdf_mark(pdf);
	struct pages pages = { 0 };
	struct vt_error e = { 0 };
	struct vt_pdf_obj dict;
	int rc;

	*ret = false;
	rc = vt_pdf_first_object(pdf, &dict, &e);
	if (rc == VT_OK)
		rc = vt_pdf_pages_each(pdf, note_page, &pages, &e);
	if (rc == VT_OK)
		*ret =
		    is_int(&dict, "N", pages.n) && pages.n > 0 &&
		    is_int(&dict, "O", pages.first.num) &&
		    pages.first.gen == 0 &&
		    (vt_pdf_find(&dict, "P") == NULL || is_int(&dict, "P", 0));
	vt_pdf_rewind(pdf, mark);
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

int
vt_pdf_compare_linear(struct pdf_step *st, struct vt_pdf *pdf,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	bool fits = true;
	int rc;

	if (pdf->linearized == 0 ||
	    (pdf->linearized != UINT64_MAX && pdf->linearized != pdf->size &&
		pdf->linearized != pdf->size - pdf->header))
		return VT_OK;
	if ((rc = section_follows(pdf, &fits, err)) != VT_OK ||
	    (fits && (rc = dict_fits(pdf, &fits, err)) != VT_OK))
		return rc;
	if (fits && pdf->linearized != UINT64_MAX)
		return VT_OK;
	vt_error_set(&e, VT_ELIMIT, CLAUSE,
	    "the document says that it is linearized, and is not: readers may "
	    "show another one");
	vt_pdf_incomplete(st, &e);
	return VT_OK;
}
