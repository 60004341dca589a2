/* pdf_crypt_text.c - strings and streams within objects (ISO 32000-2, 7.6.2) */
#include <string.h>

#include "pdf_crypt.h"

static struct vt_pdf_obj *
fresh(const struct vt_pdf_obj *obj)
{
	return (struct vt_pdf_obj *)(uintptr_t)obj; /* in the arena, ours */
}

/*
 * 7.6.2: a signature's value is never encrypted.  /Type may be missing
 * (12.8.1, Table 255).
 */
static bool
is_signature(const struct vt_pdf_obj *dict)
{
	const struct vt_pdf_obj *type = vt_pdf_find(dict, "Type");
	const struct vt_pdf_obj *range = vt_pdf_find(dict, "ByteRange");

	return range != NULL && range->type == VT_PDF_ARRAY &&
	       (type == NULL || vt_pdf_is_name(type, "Sig") ||
		   vt_pdf_is_name(type, "DocTimeStamp"));
}

/* --- reading --- */

static int
decrypt_string(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    struct vt_pdf_obj *obj, struct vt_error *err)
{
	struct vt_error e = { 0 };
	struct vt_buf plain;
	void *copy;
	int rc;

	vt_buf_init(&plain, VT_PDF_OBJECT_MAX);
	rc = vt_pdf_crypt_bytes(pdf->crypt, pdf->crypt->strings, ref, false,
	    obj->u.string, &plain, &e);
	if (rc == VT_EFORMAT)
		rc = vt_pdf_damage(pdf, VT_PDF_F_OBJECT, obj->start, ref.num,
		    "ISO 32000-2, 7.6.3",
		    VT_N_("a string is not encrypted as the document is"), err);
	else if (rc != VT_OK)
		vt_pdf_pass(err, &e);
	else if ((rc = vt_pdf_alloc(pdf, plain.len, &copy, err)) == VT_OK) {
		if (plain.len > 0)
			memcpy(copy, plain.data, plain.len);
		obj->u.string = VT_BYTES(copy, plain.len);
	}
	vt_buf_release(&plain);
	return rc;
}

/* The parser bounds the depth. */
static int
decrypt_walk(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *obj, struct vt_error *err)
{
	const struct vt_pdf_entry *e;
	bool signature;
	size_t i;
	int rc = VT_OK;

	switch (obj->type) {
	case VT_PDF_STRING:
		return decrypt_string(pdf, ref, fresh(obj), err);
	case VT_PDF_ARRAY:
		for (i = 0; i < obj->u.array.n && rc == VT_OK; i++)
			rc =
			    decrypt_walk(pdf, ref, &obj->u.array.items[i], err);
		return rc;
	case VT_PDF_DICT:
		signature = is_signature(obj);
		for (i = 0; i < obj->u.dict.n && rc == VT_OK; i++) {
			e = &obj->u.dict.entries[i];
			if (!signature ||
			    !vt_bytes_equal_str(e->key, "Contents"))
				rc = decrypt_walk(pdf, ref, &e->value, err);
		}
		return rc;
	case VT_PDF_STREAM:
		return decrypt_walk(pdf, ref, obj->u.stream.dict, err);
	default:
		return VT_OK;
	}
}

int
vt_pdf_crypt_object(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *obj, struct vt_error *err)
{
	const struct pdf_crypt *c = pdf->crypt;

	if (c == NULL || pdf->skim || c->strings == PDF_CIPHER_NONE ||
	    ref.num == c->self)
		return VT_OK;
	if (obj->type == VT_PDF_STREAM &&
	    vt_pdf_is_name(vt_pdf_find(obj, "Type"), "XRef"))
		return VT_OK; /* 7.5.8.2 */
	return decrypt_walk(pdf, ref, obj, err);
}

int
vt_pdf_crypt_data(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    enum pdf_cipher cipher, struct vt_buf *ret, struct vt_error *err)
{
	struct vt_buf raw;
	struct vt_bytes piece;
	uint64_t done = 0, len = stream->u.stream.len;
	int rc = VT_OK;

	vt_buf_init(&raw, VT_PDF_DECODED_MAX);
	while (done < len && rc == VT_OK) {
		rc = vt_source_view(pdf->src, stream->u.stream.off + done,
		    len - done < 65536 ? (size_t)(len - done) : 65536, &piece,
		    err);
		if (rc == VT_OK &&
		    (rc = vt_buf_bytes_put(&raw, piece)) != VT_OK)
			rc = vt_pdf_buf_error(rc, err);
		done += piece.len;
	}
	if (rc == VT_OK)
		rc = vt_pdf_crypt_bytes(pdf->crypt, cipher,
		    stream->u.stream.ref, false, vt_buf_bytes(&raw), ret, err);
	vt_buf_release(&raw);
	return rc;
}

/* --- writing --- */

static int
put_hex(struct vt_buf *out, struct vt_bytes b)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;
	int rc = vt_buf_putc(out, '<');

	for (i = 0; i < b.len && rc == VT_OK; i++) {
		rc = vt_buf_putc(out, digits[b.data[i] >> 4]);
		if (rc == VT_OK)
			rc = vt_buf_putc(out, digits[b.data[i] & 15]);
	}
	return rc == VT_OK ? vt_buf_putc(out, '>') : rc;
}

/* A text on its way to another spelling of its strings. */
struct respell {
	struct vt_bytes text;
	uint64_t start; /* where it stands, as its objects tell */
	uint64_t done, to;
	struct vt_buf *out;
	/* For encryption; else strings are put as the objects hold them. */
	const struct pdf_crypt *crypt;
	struct vt_pdf_ref ref;
	const struct vt_pdf_obj *length; /* a value, and what replaces it */
	size_t new_length;
	struct vt_error *err;
};

static int
copy_until(struct respell *r, uint64_t pos)
{
	int rc;

	if (pos <= r->done)
		return VT_OK;
	rc = vt_buf_bytes_put(r->out,
	    vt_bytes_slice(r->text, (size_t)(r->done - r->start),
		(size_t)(pos - r->done)));
	r->done = pos;
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, r->err);
}

static int
put_string(struct respell *r, const struct vt_pdf_obj *obj)
{
	struct vt_buf secret;
	int rc;

	if (obj->start < r->done || obj->end > r->to)
		return VT_OK;
	if ((rc = copy_until(r, obj->start)) != VT_OK)
		return rc;
	r->done = obj->end;
	vt_buf_init(&secret, VT_PDF_OBJECT_MAX);
	if (r->crypt != NULL)
		rc = vt_pdf_crypt_bytes(r->crypt, r->crypt->strings, r->ref,
		    true, obj->u.string, &secret, r->err);
	if (rc == VT_OK &&
	    (rc = put_hex(r->out, r->crypt != NULL ? vt_buf_bytes(&secret)
						   : obj->u.string)) != VT_OK)
		rc = vt_pdf_buf_error(rc, r->err);
	vt_buf_release(&secret);
	return rc;
}

static int
put_length(struct respell *r)
{
	int rc = copy_until(r, r->length->start);

	r->done = r->length->end;
	if (rc != VT_OK)
		return rc;
	rc = vt_buf_printf(r->out, "%zu", r->new_length);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, r->err);
}

static int
respell_walk(struct respell *r, const struct vt_pdf_obj *obj)
{
	const struct vt_pdf_entry *e;
	bool keep;
	size_t i;
	int rc = VT_OK;

	if (obj == r->length)
		return put_length(r);
	if (obj->type == VT_PDF_STRING)
		return put_string(r, obj);
	if (obj->type == VT_PDF_ARRAY)
		for (i = 0; i < obj->u.array.n && rc == VT_OK; i++)
			rc = respell_walk(r, &obj->u.array.items[i]);
	if (obj->type == VT_PDF_DICT) {
		keep = is_signature(obj);
		for (i = 0; i < obj->u.dict.n && rc == VT_OK; i++) {
			e = &obj->u.dict.entries[i];
			if (!keep || !vt_bytes_equal_str(e->key, "Contents"))
				rc = respell_walk(r, &e->value);
		}
	}
	return rc;
}

int
vt_pdf_crypt_plain(const struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    struct vt_bytes text, uint64_t from, uint64_t to, struct vt_buf *out)
{
	struct respell r = { .text = text,
		.start = obj->start,
		.done = from,
		.to = to,
		.out = out };
	int rc;

	if (pdf->crypt != NULL && pdf->crypt->strings != PDF_CIPHER_NONE &&
	    obj->in_stream == 0 && (rc = respell_walk(&r, obj)) != VT_OK)
		return rc;
	return copy_until(&r, to);
}

/* "stream" and its data behind DICT in LX; they end before "endstream". */
static int
body_data(struct pdf_lex *lx, const struct vt_pdf_obj *dict,
    struct vt_bytes body, struct vt_bytes *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *length = vt_pdf_find(dict, "Length");

	if (length == NULL || length->type != VT_PDF_INT ||
	    length->u.integer < 0 || !vt_pdf_in_eol(&lx->in) ||
	    (uint64_t)length->u.integer > body.len - lx->in.pos)
		return vt_error_set(err, VT_EARG, NULL,
		    "a new stream tells no length");
	*ret =
	    vt_bytes_slice(body, (size_t)lx->in.pos, (size_t)length->u.integer);
	return VT_OK;
}

static int
encrypt_stream(struct vt_pdf *pdf, struct respell *r,
    const struct vt_pdf_obj *dict, struct vt_bytes data, struct vt_error *err)
{
	static const struct vt_pdf_obj none = { .type = VT_PDF_NULL };
	const struct vt_pdf_obj *filter;
	enum pdf_cipher cipher;
	struct vt_buf secret;
	int rc;

	vt_buf_init(&secret, VT_PDF_DECODED_MAX);
	if ((rc = vt_pdf_lookup(pdf, dict, "Filter", &filter, err)) != VT_OK ||
	    (rc = vt_pdf_crypt_stream(pdf, dict, filter, &none, &cipher,
		 err)) != VT_OK ||
	    (rc = vt_pdf_crypt_bytes(pdf->crypt, cipher, r->ref, true, data,
		 &secret, err)) != VT_OK)
		goto out;
	r->length = vt_pdf_find(dict, "Length");
	r->new_length = secret.len;
	if ((rc = respell_walk(r, dict)) != VT_OK ||
	    (rc = copy_until(r, (uint64_t)(data.data - r->text.data))) != VT_OK)
		goto out;
	if ((rc = vt_buf_bytes_put(r->out, vt_buf_bytes(&secret))) != VT_OK)
		rc = vt_pdf_buf_error(rc, err);
	r->done += data.len;
out:
	vt_buf_release(&secret);
	return rc;
}

int
vt_pdf_crypt_body(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    struct vt_bytes body, struct vt_buf *out, struct vt_error *err)
{
	struct respell r = { .text = body,
		.to = body.len,
		.out = out,
		.crypt = pdf->crypt,
		.ref = ref,
		.err = err };
	size_t mark = vt_pdf_mark(pdf);
	struct vt_bytes data = { NULL, 0 };
	struct vt_pdf_obj obj;
	struct pdf_lex lx;
	int rc;

	vt_pdf_lex_init(&lx);
	vt_pdf_in_bytes(&lx.in, body, 0, err);
	if ((rc = vt_pdf_parse(pdf, &lx, 0, ref.num, &obj, err)) != VT_OK ||
	    (rc = vt_pdf_lex_word(&lx, "stream")) == VT_ENOMEM)
		goto out;
	if (rc == VT_OK &&
	    (rc = body_data(&lx, &obj, body, &data, err)) == VT_OK)
		rc = encrypt_stream(pdf, &r, &obj, data, err);
	else if (rc == VT_EFORMAT)
		rc = respell_walk(&r, &obj);
	if (rc == VT_OK)
		rc = copy_until(&r, body.len);
out:
	vt_pdf_lex_release(&lx);
	vt_pdf_rewind(pdf, mark);
	return rc;
}
