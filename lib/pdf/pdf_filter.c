/* pdf_filter.c - data of streams (ISO 32000-2, 7.4) */
#include <string.h>
#include <zlib.h>

#include "pdf_crypt.h"

int
vt_pdf_buf_error(int rc, struct vt_error *err)
{
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "an object or stream is larger than we take");
}

struct inflater {
	z_stream z;
	struct vt_buf *out;
	bool ended;
};

static int
inflate_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct inflater *f = ctx;
	unsigned char buf[16384];
	int rc, zrc;

	f->z.next_in = (unsigned char *)(uintptr_t)piece.data;
	f->z.avail_in = (uInt)piece.len; /* at most 64 KiB, or see below */
	while (!f->ended) {
		f->z.next_out = buf;
		f->z.avail_out = sizeof(buf);
		zrc = inflate(&f->z, Z_NO_FLUSH);
		if (zrc == Z_MEM_ERROR)
			return vt_error_nomem(err);
		if (zrc != Z_OK && zrc != Z_STREAM_END && zrc != Z_BUF_ERROR)
			return vt_error_set(err, VT_EFORMAT,
			    "ISO 32000-2, 7.4.4", "compressed data is damaged");
		rc = vt_buf_put(f->out, buf, sizeof(buf) - f->z.avail_out);
		if (rc != VT_OK)
			return vt_pdf_buf_error(rc, err);
		f->ended = zrc == Z_STREAM_END;
		if (f->z.avail_out != 0 || zrc == Z_BUF_ERROR)
			break; /* all input is used */
	}
	return VT_OK;
}

/* From SRC's bytes where IN is NULL, else from IN. */
static int
flate(struct vt_source *src, uint64_t off, uint64_t len,
    const struct vt_buf *in, struct vt_buf *out, struct vt_error *err)
{
	struct inflater f = { .out = out };
	size_t at, n;
	int rc = VT_OK;

	if (inflateInit(&f.z) != Z_OK)
		return vt_error_nomem(err);
	if (in == NULL) {
		rc = vt_source_stream(src, off, len, inflate_piece, &f, err);
	} else {
		for (at = 0; at < in->len && rc == VT_OK; at += n) {
			n = in->len - at < 65536 ? in->len - at : 65536;
			rc = inflate_piece(&f, VT_BYTES(in->data + at, n), err);
		}
	}
	if (rc == VT_OK && !f.ended)
		rc = vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.4.4",
		    "compressed data ends too early");
	inflateEnd(&f.z);
	return rc;
}

static int
take_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	int rc = vt_buf_bytes_put(ctx, piece);

	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

static int
int_parameter(struct vt_pdf *pdf, const struct vt_pdf_obj *parms,
    const char *key, int64_t def, int64_t *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int rc;

	*ret = def;
	if (parms->type != VT_PDF_DICT)
		return VT_OK;
	if ((rc = vt_pdf_lookup(pdf, parms, key, &v, err)) != VT_OK)
		return rc;
	if (v->type == VT_PDF_NULL)
		return VT_OK;
	if (v->type != VT_PDF_INT)
		return vt_pdf_bad(err, v->start, "ISO 32000-2, 7.4",
		    VT_N_("a filter's parameter is not an integer"));
	*ret = v->u.integer;
	return VT_OK;
}

static int
unpredict(struct vt_pdf *pdf, const struct vt_pdf_obj *parms,
    struct vt_buf *data, struct vt_error *err)
{
	struct pdf_predictor p;
	int rc;

	if ((rc = int_parameter(pdf, parms, "Predictor", 1, &p.predictor,
		 err)) != VT_OK ||
	    (rc = int_parameter(pdf, parms, "Colors", 1, &p.colors, err)) !=
		VT_OK ||
	    (rc = int_parameter(pdf, parms, "BitsPerComponent", 8, &p.bits,
		 err)) != VT_OK ||
	    (rc = int_parameter(pdf, parms, "Columns", 1, &p.columns, err)) !=
		VT_OK)
		return rc;
	return p.predictor == 1 ? VT_OK : vt_pdf_unpredict(&p, data, err);
}

/* One filter.  IN is NULL for the first one, which reads the source. */
static int
apply(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    const struct vt_pdf_obj *filter, const struct vt_pdf_obj *parms,
    const struct vt_buf *in, struct vt_buf *out, struct vt_error *err)
{
	struct vt_buf raw = { 0 };
	struct vt_bytes b;
	int64_t early;
	int rc;

	if (vt_pdf_is_name(filter, "FlateDecode") ||
	    vt_pdf_is_name(filter, "Fl")) {
		rc = flate(pdf->src, stream->u.stream.off, stream->u.stream.len,
		    in, out, err);
		return rc == VT_OK ? unpredict(pdf, parms, out, err) : rc;
	}
	vt_buf_init(&raw, VT_PDF_DECODED_MAX);
	if (in == NULL) {
		rc = vt_source_stream(pdf->src, stream->u.stream.off,
		    stream->u.stream.len, take_piece, &raw, err);
		if (rc != VT_OK)
			goto out;
		in = &raw;
	}
	b = vt_buf_bytes(in);
	if (filter == NULL) {
		rc = take_piece(out, b, err);
	} else if (vt_pdf_is_name(filter, "LZWDecode")) {
		rc = int_parameter(pdf, parms, "EarlyChange", 1, &early, err);
		if (rc == VT_OK)
			rc = vt_pdf_lzw(b, early != 0, out, err);
		if (rc == VT_OK)
			rc = unpredict(pdf, parms, out, err);
	} else if (vt_pdf_is_name(filter, "ASCIIHexDecode")) {
		rc = vt_pdf_ascii_hex(b, out, err);
	} else if (vt_pdf_is_name(filter, "ASCII85Decode")) {
		rc = vt_pdf_ascii85(b, out, err);
	} else if (vt_pdf_is_name(filter, "RunLengthDecode")) {
		rc = vt_pdf_run_length(b, out, err);
	} else {
		rc = vt_error_set(err, VT_EUNSUPPORTED, "ISO 32000-2, 7.4",
		    "byte %llu: a stream with a filter that we do not know",
		    (unsigned long long)stream->start);
	}
out:
	vt_buf_release(&raw);
	return rc;
}

/* /Filter and /DecodeParms: one, an array, or null (7.3.8.2, Table 5). */
static int
list(struct vt_pdf *pdf, const struct vt_pdf_obj *stream, const char *key,
    const struct vt_pdf_obj *ret[VT_PDF_FILTERS_MAX], size_t *ret_n,
    struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, stream, key, &v, err)) != VT_OK)
		return rc;
	*ret_n = 0;
	if (v->type == VT_PDF_NULL)
		return VT_OK;
	if (v->type != VT_PDF_ARRAY) {
		ret[0] = v;
		*ret_n = 1;
		return VT_OK;
	}
	if (v->u.array.n > VT_PDF_FILTERS_MAX)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 7.4",
		    "byte %llu: a stream with more than %d filters",
		    (unsigned long long)stream->start, VT_PDF_FILTERS_MAX);
	for (i = 0; i < v->u.array.n; i++) {
		rc = vt_pdf_resolve(pdf, &v->u.array.items[i], &ret[i], err);
		if (rc != VT_OK)
			return rc;
	}
	*ret_n = v->u.array.n;
	return VT_OK;
}

/* *RET_IN is PLAIN, where the document is encrypted; else stays NULL. */
static int
decrypt(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    const struct vt_pdf_obj *filter, const struct vt_pdf_obj *parms,
    struct vt_buf *plain, struct vt_buf **ret_in, struct vt_error *err)
{
	enum pdf_cipher cipher;
	int rc;

	if (pdf->crypt == NULL)
		return VT_OK;
	rc = vt_pdf_crypt_stream(pdf, stream, filter, parms, &cipher, err);
	if (rc == VT_OK)
		rc = vt_pdf_crypt_data(pdf, stream, cipher, plain, err);
	if (rc == VT_OK)
		*ret_in = plain;
	return rc;
}

int
vt_pdf_decode(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    struct vt_buf *ret, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	const struct vt_pdf_obj *filters[VT_PDF_FILTERS_MAX] = { 0 };
	const struct vt_pdf_obj *parms[VT_PDF_FILTERS_MAX] = { 0 };
	struct vt_buf bufs[2] = { { 0 }, { 0 } }, plain, *in = NULL, *out;
	size_t i = 0, nfilters, nparms, max = VT_PDF_DECODED_MAX;
	uint64_t most;
	int rc;

	if ((rc = list(pdf, stream, "Filter", filters, &nfilters, err)) !=
		VT_OK ||
	    (rc = list(pdf, stream, "DecodeParms", parms, &nparms, err)) !=
		VT_OK)
		return rc;
	if (stream->u.stream.len < max) {
		most =
		    stream->u.stream.len * VT_PDF_RATIO_MAX + VT_PDF_RATIO_FREE;
		if (most < max)
			max = (size_t)most;
	}
	if (ret->max - ret->len < max)
		max = ret->max - ret->len;
	if (pdf->decoded > VT_PDF_WORK_FREE + pdf->size * VT_PDF_WORK_RATIO)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "too many bytes to decompress");
	vt_buf_init(&bufs[0], max);
	vt_buf_init(&bufs[1], max);
	vt_buf_init(&plain, VT_PDF_DECODED_MAX);
	rc = decrypt(pdf, stream, nfilters > 0 ? filters[0] : &none,
	    nparms > 0 ? parms[0] : &none, &plain, &in, err);
	if (rc != VT_OK)
		goto out;
	if (in != NULL && vt_pdf_is_name(filters[0], "Crypt"))
		i = 1;
	if (i > 0 && i == nfilters)
		nfilters = i = 0;
	for (; i < nfilters || nfilters == 0; i++) {
		out = &bufs[i % 2];
		vt_buf_reset(out);
		rc = apply(pdf, stream, nfilters == 0 ? NULL : filters[i],
		    i < nparms ? parms[i] : &none, in, out, err);
		pdf->decoded += out->len; /* of a broken one too */
		if (rc != VT_OK)
			goto out;
		in = out;
		if (nfilters == 0)
			break;
	}
	if (ret->len == 0) { /* hand over, without a copy */
		in->max = ret->max;
		vt_buf_release(ret);
		*ret = *in;
		memset(in, 0, sizeof(*in));
	} else if ((rc = vt_buf_bytes_put(ret, vt_buf_bytes(in))) != VT_OK) {
		rc = vt_pdf_buf_error(rc, err);
	}
out:
	vt_buf_release(&plain);
	vt_buf_release(&bufs[0]);
	vt_buf_release(&bufs[1]);
	return rc;
}

int
vt_pdf_stream_data(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    struct vt_buf *ret, struct vt_error *err)
{
	if (stream->type != VT_PDF_STREAM)
		return vt_error_set(err, VT_EARG, NULL,
		    "the object is not a stream");
	if (vt_pdf_locked(pdf))
		return vt_error_set(err, VT_EUNSUPPORTED, "ISO 32000-2, 7.6",
		    "byte %llu: a stream is encrypted",
		    (unsigned long long)stream->start);
	return vt_pdf_decode(pdf, stream, ret, err);
}
