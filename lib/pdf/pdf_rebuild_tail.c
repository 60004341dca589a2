/*
 * pdf_rebuild_tail.c - a last "startxref" that leads nowhere, where the section
 * that it meant stands right before it (ISO 32000-2, 7.5.4, 7.5.5)
 *
 * Readers that repair do not look at the section: they take the last object of
 * each number.  So both ways must lead to the same pages.
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_rebuild.h"

/* "startxref", one line that is no number, "%%EOF", and no more. */
static int
is_damaged_end(struct pdf_rebuild *r, uint64_t pos, bool *ret)
{
	struct vt_pdf *pdf = r->pdf;
	struct pdf_startxref found;
	struct pdf_in in;
	int rc;

	*ret = false;
	if ((rc = vt_pdf_startxref_at(pdf, pos, &found, r->err)) != VT_OK ||
	    found.found)
		return rc;
	vt_pdf_in_source(&in, pdf->src, pos, pdf->size, r->err);
	if (!vt_pdf_in_accept(&in, "startxref") || !vt_pdf_in_eol(&in))
		return in.rc;
	while (pdf_peek(&in) >= 0 && !vt_pdf_in_eol(&in))
		in.pos++;
	if (!vt_pdf_in_accept(&in, "%%EOF"))
		return in.rc;
	while (pdf_is_space(pdf_peek(&in)))
		in.pos++;
	*ret = in.pos == pdf->size;
	return in.rc;
}

/* The chain from the last section on, which must end where POS is. */
static int
open_last(struct pdf_rebuild *r, uint64_t pos, const struct vt_secret *password)
{
	struct vt_pdf *pdf = r->pdf;
	uint64_t last = r->sections.at[r->sections.n - 1] - strlen("xref");
	bool blank = false;
	int rc;

	if (password != NULL && password->len > 0 &&
	    (rc = vt_secret_set(&pdf->password, password->data, password->len,
		 r->err)) != VT_OK)
		return rc;
	if (last >= pos)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("no section stands before the last \"startxref\""));
	pdf->startxref = last - pdf->header;
	pdf->eof = pdf->size;
	if ((rc = vt_pdf_open_chain(pdf, r->err)) != VT_OK)
		return rc;
	/* There the last section is that of the first page (F.3.5). */
	if (pdf->linearized != 0)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("it is linearized, so that its last section may not "
			  "be the one that counts"));
	if (pdf->sections[0].end <= pos &&
	    (rc = vt_pdf_only_space(pdf->src, pdf->sections[0].end, pos, &blank,
		 r->err)) != VT_OK)
		return rc;
	return blank ? VT_OK
		     : vt_pdf_rebuild_refuse(r,
			   VT_N_("no section stands before the last "
				 "\"startxref\""));
}

static int
by_number(const void *va, const void *vb)
{
	const struct pdf_found *a = va, *b = vb;

	if (a->ref.num != b->ref.num)
		return a->ref.num < b->ref.num ? -1 : 1;
	return a->off < b->off ? -1 : a->off > b->off;
}

/* Whatever looks like an object: is it signed, is the last one listed? */
static int
check_found(struct pdf_rebuild *r)
{
	const struct vt_pdf_obj *obj;
	const struct pdf_found *f;
	struct vt_pdf_ref ref;
	struct vt_pdf_xref x;
	uint64_t end;
	size_t i, mark;
	int rc;

	if (r->n > 0)
		qsort(r->items, r->n, sizeof(r->items[0]), by_number);
	for (i = 0; i < r->n; i++) {
		f = &r->items[i];
		mark = vt_pdf_mark(r->pdf);
		rc = vt_pdf_load_at(r->pdf, f->off, &ref, &obj, &end, r->err);
		if (rc == VT_OK && vt_pdf_find(obj, "ByteRange") != NULL)
			rc = vt_pdf_rebuild_refuse(r,
			    VT_N_("what is signed already is not repaired"));
		if (rc == VT_OK && obj->type == VT_PDF_STREAM &&
		    vt_pdf_is_name(vt_pdf_find(obj, "Type"), "XRef"))
			rc = vt_pdf_place_add(r, &r->trailers,
			    obj->u.stream.dict->start);
		vt_pdf_rewind(r->pdf, mark);
		if (rc != VT_OK)
			return rc;
		if (i + 1 < r->n && f[1].ref.num == f->ref.num)
			continue;
		if (!vt_pdf_xref_find(r->pdf, f->ref.num, &x) ||
		    (x.type != VT_PDF_FREE &&
			(x.type != VT_PDF_IN_FILE || x.off != f->off)))
			return vt_error_set(r->err, VT_EFORMAT,
			    PDF_REBUILD_CLAUSE,
			    "object %u is not the one that the "
			    "cross-reference lists",
			    f->ref.num);
	}
	return VT_OK;
}

/* Would a reader that looks for itself find one that was deleted? */
static bool
is_deleted(const struct pdf_rebuild *r, struct vt_pdf_ref ref)
{
	const struct pdf_found *f;
	struct vt_pdf_xref x;
	size_t low = 0, high = r->n, mid;

	if (vt_pdf_xref_find(r->pdf, ref.num, &x) && x.type != VT_PDF_FREE &&
	    x.ref.gen == ref.gen)
		return false;
	while (low < high) {
		mid = low + (high - low) / 2;
		f = &r->items[mid];
		if (f->ref.num < ref.num)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->n && r->items[low].ref.num == ref.num;
}

static int
check_references(struct pdf_rebuild *r, const struct vt_pdf_obj *obj)
{
	const struct vt_pdf_entry *e;
	bool catalog;
	size_t i;
	int rc = VT_OK;

	if (obj->type == VT_PDF_STREAM)
		obj = obj->u.stream.dict;
	catalog = vt_pdf_is_name(vt_pdf_find(obj, "Type"), "Catalog");
	if (obj->type == VT_PDF_REF && is_deleted(r, obj->u.ref))
		return vt_error_set(r->err, VT_EFORMAT, PDF_REBUILD_CLAUSE,
		    "object %u was deleted, and is still referred to",
		    obj->u.ref.num);
	if (obj->type == VT_PDF_ARRAY)
		for (i = 0; i < obj->u.array.n && rc == VT_OK; i++)
			rc = check_references(r, &obj->u.array.items[i]);
	if (obj->type == VT_PDF_DICT)
		for (i = 0; i < obj->u.dict.n && rc == VT_OK; i++) {
			e = &obj->u.dict.entries[i];
			/* Bookmarks are on no page (12.3.3). */
			if (!catalog || !vt_bytes_equal_str(e->key, "Outlines"))
				rc = check_references(r, &e->value);
		}
	return rc;
}

static int
check_whole(struct pdf_rebuild *r)
{
	const struct vt_pdf_obj *obj, *root, *known;
	struct vt_pdf_xref x;
	size_t pos = 0, mark;
	int rc;

	if ((rc = vt_pdf_rebuild_trailer(r, &obj)) != VT_OK)
		return rc;
	root = vt_pdf_find(vt_pdf_trailer(r->pdf), "Root");
	known = obj != NULL ? vt_pdf_find(obj, "Root") : NULL;
	if (root == NULL || known == NULL || !vt_pdf_equal(root, known))
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("its trailers name different catalogs"));
	if (r->encrypted && !r->pdf->encrypted)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("not all of its trailers say that it is encrypted"));
	rc = check_references(r, vt_pdf_trailer(r->pdf));
	while (rc == VT_OK && vt_pdf_xref_next(r->pdf, &pos, &x)) {
		if (x.type == VT_PDF_FREE)
			continue;
		mark = vt_pdf_mark(r->pdf);
		if ((rc = vt_pdf_get(r->pdf, x.ref, &obj, r->err)) == VT_OK)
			rc = check_references(r, obj);
		vt_pdf_rewind(r->pdf, mark);
	}
	return rc == VT_OK ? vt_pdf_page_count(r->pdf, &pos, r->err) : rc;
}

int
vt_pdf_rebuild_tail(struct pdf_rebuild *r, const struct vt_secret *password)
{
	uint64_t pos;
	bool damaged;
	int rc;

	if ((rc = vt_pdf_rebuild_look(r)) != VT_OK)
		return rc;
	if (r->ends.n == 0 || r->sections.n == 0)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("no section stands before the last \"startxref\""));
	pos = r->ends.at[r->ends.n - 1] - strlen("startxref");
	if ((rc = is_damaged_end(r, pos, &damaged)) != VT_OK)
		return rc;
	if (!damaged)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("more is damaged than the last \"startxref\""));
	if ((rc = open_last(r, pos, password)) != VT_OK ||
	    (rc = check_found(r)) != VT_OK)
		return rc;
	return check_whole(r);
}
