/* pdf_xrefstm.c - cross-reference streams (ISO 32000-2, 7.5.8) */
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.5.8"

struct layout {
	unsigned w[3];
	unsigned len; /* of one entry */
	struct vt_bytes data;
	size_t at;
};

static int
read_widths(const struct vt_pdf_obj *stream, struct layout *l,
    struct vt_error *err)
{
	const struct vt_pdf_obj *w = vt_pdf_find(stream, "W"), *v;
	size_t i;

	if (w == NULL || w->type != VT_PDF_ARRAY || w->u.array.n < 3)
		goto bad;
	for (i = 0; i < 3; i++) {
		v = &w->u.array.items[i];
		if (v->type != VT_PDF_INT || v->u.integer < 0 ||
		    v->u.integer > 8)
			goto bad;
		l->w[i] = (unsigned)v->u.integer;
		l->len += l->w[i];
	}
	if (l->w[1] > 0)
		return VT_OK;
bad:
	return vt_pdf_bad(err, stream->start, CLAUSE,
	    VT_N_("/W of a cross-reference stream makes no sense"));
}

static uint64_t
field(struct layout *l, size_t i, uint64_t missing)
{
	uint64_t v = 0;
	unsigned n;

	if (l->w[i] == 0)
		return missing;
	for (n = 0; n < l->w[i]; n++)
		v = v << 8 | l->data.data[l->at++];
	return v;
}

/* Table 18.  An unknown type is a reference to the null object. */
static int
read_entry(struct vt_pdf *pdf, struct pdf_section *sec, struct layout *l,
    uint32_t num, struct vt_error *err)
{
	struct pdf_xentry e = { .num = num };
	uint64_t type, a, b;
	bool ok = true;

	type = field(l, 0, 1);
	a = field(l, 1, 0);
	b = field(l, 2, 0);
	switch (type) {
	case 0:
		e.type = VT_PDF_FREE;
		e.gen = b > PDF_GEN_MAX ? PDF_GEN_MAX : (uint16_t)b;
		break;
	case 1:
		e.type = VT_PDF_IN_FILE;
		e.where = a;
		e.gen = (uint16_t)b;
		ok = a <= INT64_MAX && b <= PDF_GEN_MAX;
		break;
	case 2:
		e.type = VT_PDF_IN_STREAM;
		e.where = a << 32 | b;
		ok = a <= PDF_NUM_MAX && b <= UINT32_MAX;
		break;
	default:
		e.type = VT_PDF_FREE;
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, sec->off, num, CLAUSE,
		    VT_N_("a cross-reference entry of an unknown type"));
		break;
	}
	if (!ok)
		return vt_pdf_bad(err, sec->off, CLAUSE,
		    VT_N_("an impossible entry of a cross-reference stream"));
	return vt_pdf_xref_add(pdf, sec, &e, err);
}

static int
read_range(struct vt_pdf *pdf, struct pdf_section *sec, struct layout *l,
    int64_t first, int64_t count, struct vt_error *err)
{
	size_t left = (l->data.len - l->at) / l->len;
	int64_t i;
	int rc;

	if (first < 0 || count < 0 || first > PDF_NUM_MAX ||
	    count > PDF_NUM_MAX - first)
		return vt_pdf_bad(err, sec->off, CLAUSE,
		    VT_N_("/Index of a cross-reference stream makes no "
			  "sense"));
	if ((uint64_t)count > left) {
		rc = vt_pdf_damage(pdf, VT_PDF_F_XREF, sec->off, 0, CLAUSE,
		    VT_N_("a cross-reference stream ends too early"), err);
		if (rc != VT_OK)
			return rc;
		count = (int64_t)left;
	}
	rc = vt_pdf_xref_reserve(pdf, sec, (size_t)count, err);
	for (i = 0; i < count && rc == VT_OK; i++)
		rc = read_entry(pdf, sec, l, (uint32_t)(first + i), err);
	return rc;
}

static int
read_entries(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    struct pdf_section *sec, struct layout *l, struct vt_error *err)
{
	const struct vt_pdf_obj *index = vt_pdf_find(stream, "Index");
	const struct vt_pdf_obj *size = vt_pdf_find(stream, "Size"), *v;
	size_t i;
	int rc = VT_OK;

	if (index == NULL || index->type == VT_PDF_NULL) {
		if (size == NULL || size->type != VT_PDF_INT)
			return vt_pdf_bad(err, sec->off, CLAUSE,
			    VT_N_("/Size is not an integer"));
		rc = read_range(pdf, sec, l, 0, size->u.integer, err);
	} else {
		if (index->type != VT_PDF_ARRAY || index->u.array.n % 2 != 0)
			return vt_pdf_bad(err, index->start, CLAUSE,
			    VT_N_("/Index of a cross-reference stream makes "
				  "no sense"));
		for (i = 0; i < index->u.array.n && rc == VT_OK; i += 2) {
			v = &index->u.array.items[i];
			if (v[0].type != VT_PDF_INT || v[1].type != VT_PDF_INT)
				return vt_pdf_bad(err, index->start, CLAUSE,
				    VT_N_("/Index of a cross-reference stream "
					  "makes no sense"));
			rc = read_range(pdf, sec, l, v[0].u.integer,
			    v[1].u.integer, err);
		}
	}
	if (rc == VT_OK && l->at != l->data.len)
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, sec->off, 0, CLAUSE,
		    VT_N_(
			"a cross-reference stream has more data than entries"));
	return rc;
}

int
vt_pdf_xref_stream(struct vt_pdf *pdf, uint64_t off, struct pdf_section *sec,
    struct vt_error *err)
{
	const struct vt_pdf_obj *stream = NULL;
	struct layout l = { 0 };
	struct vt_buf data;
	struct vt_pdf_ref ref;
	int rc;

	vt_buf_init(&data, VT_PDF_DECODED_MAX);
	rc = vt_pdf_load_at(pdf, off, &ref, &stream, &sec->end, err);
	if (rc != VT_OK)
		goto out;
	if (stream->type != VT_PDF_STREAM ||
	    !vt_pdf_is_name(vt_pdf_find(stream, "Type"), "XRef")) {
		rc = vt_pdf_bad(err, off, CLAUSE,
		    VT_N_("no cross-reference section begins here"));
		goto out;
	}
	if ((rc = read_widths(stream, &l, err)) != VT_OK ||
	    (rc = vt_pdf_decode(pdf, stream, &data, err)) != VT_OK)
		goto out;
	l.data = vt_buf_bytes(&data);
	sec->trailer = stream->u.stream.dict;
	rc = read_entries(pdf, stream, sec, &l, err);
out:
	vt_buf_release(&data);
	return rc;
}
