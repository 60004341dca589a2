/* pdf_compare_linear.c - a file that says it is linearized (Annex F)
 *
 * Where the length in its first object is that of the file, readers take its
 * first page, how many there are, and even the cross-reference from where that
 * object says, and else from the end.  Both must be the same document.  Behind
 * the first page the hint tables tell which object each page is (F.4.1): they
 * are numbered from 1 on, and each page's own begin with it.
 */
#include "pdf_compare_int.h"

#define CLAUSE "ISO 32000-2, F.3.3"
#define WITHIN 4096          /* bytes in which the first object ends */
#define HINTS_MAX (4u << 20) /* bytes of hint tables: beyond, nobody looks */
#define HINTS_HEADER 36      /* bytes before the pages' entries */

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

/* What the page offset hint table says of objects' numbers. */
struct hints {
	struct vt_bytes bytes;
	size_t bit;     /* of the next entry */
	uint64_t least; /* objects in a page */
	size_t width;   /* bits of how many there are more */
	uint64_t next;  /* the next page's number */
	bool fits;
};

/* N bits, the highest first; none are there behind the end. */
static uint64_t
take_bits(struct hints *h, size_t n)
{
	uint64_t v = 0;

	for (; n > 0; n--, h->bit++) {
		v <<= 1;
		if (h->bit / 8 < h->bytes.len)
			v |= h->bytes.data[h->bit / 8] >> (7 - h->bit % 8) & 1;
		else
			h->fits = false;
	}
	return v;
}

static bool
check_page(void *ctx, size_t index, struct vt_pdf_ref ref)
{
	struct hints *h = ctx;
	uint64_t n = h->least + take_bits(h, h->width);

	if (index == 0)
		return h->fits; /* that is the first object's to tell */
	h->fits = h->fits && ref.num == h->next && ref.gen == 0;
	h->next += n;
	return h->fits;
}

/* Where the tables begin that DICT tells of; 0: nowhere. */
static uint64_t
hints_at(const struct vt_pdf *pdf, const struct vt_pdf_obj *dict)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, "H");

	if (v == NULL || v->type != VT_PDF_ARRAY || v->u.array.n == 0 ||
	    v->u.array.items[0].type != VT_PDF_INT ||
	    v->u.array.items[0].u.integer <= 0)
		return 0;
	return pdf->header + (uint64_t)v->u.array.items[0].u.integer;
}

static int
hints_fit(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, bool *ret,
    struct vt_error *err)
{
	struct hints h = { .next = 1, .fits = true };
	uint64_t off = hints_at(pdf, dict), end;
	const struct vt_pdf_obj *v = NULL;
	struct vt_pdf_ref ref;
	struct vt_buf data;
	int rc;

	*ret = off == 0;
	if (off == 0)
		return VT_OK;
	vt_buf_init(&data, HINTS_MAX);
	rc = vt_pdf_load_at(pdf, off, &ref, &v, &end, err);
	if (rc == VT_OK && v->type == VT_PDF_STREAM)
		rc = vt_pdf_stream_data(pdf, v, &data, err);
	if (rc == VT_OK && data.len >= HINTS_HEADER) {
		h.bytes = vt_buf_bytes(&data);
		h.least = take_bits(&h, 32);
		take_bits(&h, 32); /* where the first page is */
		h.width = (size_t)take_bits(&h, 16);
		h.bit = 8 * HINTS_HEADER;
		h.fits = h.width <= 32;
		rc = vt_pdf_pages_each(pdf, check_page, &h, err);
		*ret = h.fits;
	}
	vt_buf_release(&data);
	return rc;
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
	if (rc == VT_OK && *ret && pages.n > 1)
		rc = hints_fit(pdf, &dict, ret, &e);
	*ret = *ret && rc == VT_OK;
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
