/* pdf_objstm.c - object streams (ISO 32000-2, 7.5.7) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.5.7"

void
vt_pdf_objstm_release(struct pdf_objstm *os)
{
	vt_buf_release(&os->data);
	free(os->entries);
	memset(os, 0, sizeof(*os));
}

/* A slot for a stream of LEN bytes: throws out what was not used longest. */
static struct pdf_objstm *
make_room(struct vt_pdf *pdf, size_t len)
{
	struct pdf_objstm *os, *oldest;
	size_t i, bytes;

	for (;;) {
		oldest = NULL;
		bytes = len;
		for (i = 0; i < PDF_OBJSTM_CACHE; i++) {
			os = &pdf->objstm[i];
			bytes += os->data.len;
			if (oldest == NULL || os->used < oldest->used)
				oldest = os;
		}
		/* An empty slot was used at 0, before all others. */
		if (oldest->num == 0) {
			if (bytes <= PDF_OBJSTM_BYTES)
				return oldest;
			oldest = NULL;
			for (i = 0; i < PDF_OBJSTM_CACHE; i++) {
				os = &pdf->objstm[i];
				if (os->num != 0 &&
				    (oldest == NULL || os->used < oldest->used))
					oldest = os;
			}
			if (oldest == NULL)
				return &pdf->objstm[0];
		}
		vt_pdf_objstm_release(oldest);
	}
}

/* N pairs of object number and offset stand before /First. */
static int
read_header(struct pdf_objstm *os, uint32_t stm, struct vt_error *err)
{
	struct pdf_lex lx;
	int64_t v[2] = { 0, 0 };
	size_t i, j;
	int rc;

	vt_pdf_lex_init(&lx);
	vt_pdf_in_bytes(&lx.in,
	    vt_bytes_slice(vt_buf_bytes(&os->data), 0, os->first), 0, err);
	for (i = 0; i < os->n; i++) {
		for (j = 0; j < 2; j++) {
			if ((rc = vt_pdf_lex_next(&lx)) != VT_OK)
				goto out;
			v[j] = lx.tok == PDF_T_INT ? lx.integer : -1;
		}
		if (v[0] < 0 || v[0] > PDF_NUM_MAX || v[1] < 0 ||
		    (uint64_t)v[1] >= os->data.len - os->first) {
			rc = vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "object stream %u: pair %zu of its table is "
			    "impossible",
			    stm, i);
			goto out;
		}
		os->entries[i].num = (uint32_t)v[0];
		os->entries[i].off = (uint32_t)v[1];
	}
	rc = VT_OK;
out:
	vt_pdf_lex_release(&lx);
	return rc;
}

static int
read_numbers(struct pdf_objstm *os, const struct vt_pdf_obj *n,
    const struct vt_pdf_obj *first, uint32_t stm, struct vt_error *err)
{
	/* A pair is four characters long, its object one. */
	if (n == NULL || n->type != VT_PDF_INT || n->u.integer < 0 ||
	    (uint64_t)n->u.integer > os->data.len / 4 || first == NULL ||
	    first->type != VT_PDF_INT || first->u.integer < 0 ||
	    (uint64_t)first->u.integer > os->data.len)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "object stream %u: /N or /First does not fit its data",
		    stm);
	os->n = (size_t)n->u.integer;
	os->first = (size_t)first->u.integer;
	os->entries = calloc(os->n == 0 ? 1 : os->n, sizeof(*os->entries));
	if (os->entries == NULL)
		return vt_error_nomem(err);
	return read_header(os, stm, err);
}

static int
read_objstm(struct vt_pdf *pdf, uint32_t stm, struct pdf_objstm *os,
    struct vt_error *err)
{
	const struct vt_pdf_obj *stream, *n, *first;
	struct vt_pdf_xref x;
	int rc;

	if (vt_pdf_locked(pdf))
		return vt_error_set(err, VT_EUNSUPPORTED, "ISO 32000-2, 7.6",
		    "object stream %u is encrypted", stm);
	if (!vt_pdf_xref_find(pdf, stm, &x) || x.type != VT_PDF_IN_FILE)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "object stream %u is not an object of its own", stm);
	rc = vt_pdf_get(pdf, x.ref, &stream, err);
	if (rc != VT_OK)
		return rc;
	if (stream->type != VT_PDF_STREAM ||
	    !vt_pdf_is_name(vt_pdf_find(stream, "Type"), "ObjStm"))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "object %u is not an object stream", stm);
	if ((rc = vt_pdf_lookup(pdf, stream, "N", &n, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, stream, "First", &first, err)) != VT_OK)
		return rc;
	vt_buf_init(&os->data, VT_PDF_DECODED_MAX);
	if ((rc = vt_pdf_decode(pdf, stream, &os->data, err)) != VT_OK)
		return rc;
	return read_numbers(os, n, first, stm, err);
}

static int
objstm(struct vt_pdf *pdf, uint32_t stm, struct pdf_objstm **ret,
    struct vt_error *err)
{
	struct pdf_objstm os = { 0 }, *slot;
	size_t i, mark;
	int rc;

	for (i = 0; i < PDF_OBJSTM_CACHE; i++)
		if (stm != 0 && pdf->objstm[i].num == stm) {
			pdf->objstm[i].used = ++pdf->clock;
			*ret = &pdf->objstm[i];
			return VT_OK;
		}
	mark = vt_pdf_mark(pdf);
	rc = read_objstm(pdf, stm, &os, err);
	vt_pdf_rewind(pdf, mark);
	if (rc != VT_OK) {
		vt_pdf_objstm_release(&os);
		return rc;
	}
	slot = make_room(pdf, os.data.len);
	os.num = stm;
	os.used = ++pdf->clock;
	*slot = os;
	*ret = slot;
	return VT_OK;
}

int
vt_pdf_objstm_data(struct vt_pdf *pdf, uint32_t stm, struct vt_bytes *ret,
    struct vt_error *err)
{
	struct pdf_objstm *os;
	int rc;

	if ((rc = objstm(pdf, stm, &os, err)) != VT_OK)
		return rc;
	*ret = vt_buf_bytes(&os->data);
	return VT_OK;
}

int
vt_pdf_objstm_get(struct vt_pdf *pdf, uint32_t stm, uint32_t index,
    uint32_t num, const struct vt_pdf_obj **ret, struct vt_pdf_extent *ext,
    struct vt_error *err)
{
	struct vt_pdf_obj *obj;
	struct pdf_objstm *os;
	struct pdf_lex lx;
	void *mem;
	int rc;

	if ((rc = objstm(pdf, stm, &os, err)) != VT_OK)
		return rc;
	if (index >= os->n || os->entries[index].num != num)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "object stream %u holds another object at index %u", stm,
		    index);
	if ((rc = vt_pdf_alloc(pdf, sizeof(*obj), &mem, err)) != VT_OK)
		return rc;
	obj = mem;
	vt_pdf_lex_init(&lx);
	lx.skim = pdf->skim;
	vt_pdf_in_bytes(&lx.in, vt_buf_bytes(&os->data),
	    os->first + os->entries[index].off, err);
	rc = vt_pdf_parse(pdf, &lx, stm, num, obj, err);
	vt_pdf_lex_release(&lx);
	if (rc != VT_OK)
		return rc;
	ext->start = obj->start;
	ext->end = obj->end;
	ext->in_stream = stm;
	*ret = obj;
	return VT_OK;
}

int
vt_pdf_objstm_at(struct vt_pdf *pdf, uint32_t stm, uint32_t index,
    uint32_t *ret_num, struct vt_error *err)
{
	struct pdf_objstm *os;
	int rc;

	if ((rc = objstm(pdf, stm, &os, err)) != VT_OK)
		return rc;
	*ret_num = index < os->n ? os->entries[index].num : 0;
	return index < os->n ? VT_OK : VT_ENOTFOUND;
}
