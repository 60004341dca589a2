/* vxp_file.c - a string of an answer that is a file, or its base64 */
#include <string.h>

#include "vanthu/error.h"
#include "vxp_int.h"

int
vt_vxp_no_answer(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the answer is not one of the axis' protocol");
}

int
vt_vxp_keep(struct vt_buf *b, int c, struct vt_error *err)
{
	int rc = vt_buf_putc(b, c);

	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a part of the answer is longer than %zu bytes", b->max);
	return rc == VT_OK ? VT_OK : (int)vt_error_nomem(err);
}

bool
vt_vxp_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
decode(struct vt_vxp_answer *a, struct vt_error *err)
{
	unsigned char bytes[CHUNK / 4 * 3 + 3];
	size_t len = 0;

	if (!vt_base64_decode(&a->decoder, VT_BYTES(a->chunk, a->chunk_len),
		bytes, &len))
		return vt_error_set(err, VT_EFORMAT, "RFC 4648",
		    "the file in the answer is not base64");
	a->chunk_len = 0;
	return len > 0 ? a->calls.file(a->calls.ctx, VT_BYTES(bytes, len), err)
		       : VT_OK;
}

static int
add(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	a->chunk[a->chunk_len++] = (char)c;
	return a->chunk_len == CHUNK ? decode(a, err) : VT_OK;
}

static int
hex_digit(int c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		return -1;
	return at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* RFC 8259, 7: producers write "/" and "+" and line ends as escapes. */
static int
feed_escape(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	if (a->unicode > 0) {
		if (hex_digit(c) < 0)
			return vt_vxp_no_answer(err);
		a->unit = a->unit * 16 + (unsigned)hex_digit(c);
		if (--a->unicode > 0)
			return VT_OK;
		a->escape = false;
		return add(a, a->unit < 0x80 ? (int)a->unit : '!', err);
	}
	if (c == 'u') {
		a->unicode = 4;
		a->unit = 0;
		return VT_OK;
	}
	a->escape = false;
	if (c == 'n' || c == 'r' || c == 't')
		return add(a, ' ', err);
	return c == '/' ? add(a, c, err) : vt_vxp_no_answer(err);
}

/* One byte of the file, or of its base64, as its first one says. */
static int
text_byte(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	int rc = VT_OK;

	if (!a->begun && vt_vxp_blank(c))
		return VT_OK;
	if (!a->begun) {
		a->begun = true;
		a->base64 = c != '<' && c < 0x80; /* or a mark of byte order */
	}
	if (a->base64)
		return add(a, c < 0x80 ? c : '!', err);
	a->chunk[a->chunk_len++] = (char)c;
	if (a->chunk_len == CHUNK) {
		rc =
		    a->calls.file(a->calls.ctx, VT_BYTES(a->chunk, CHUNK), err);
		a->chunk_len = 0;
	}
	return rc;
}

/* U in UTF-8 (RFC 3629, 3) */
static int
text_character(struct vt_vxp_answer *a, unsigned u, struct vt_error *err)
{
	unsigned char b[4];
	size_t n = 0, i;
	int rc = VT_OK;

	if (u < 0x80)
		b[n++] = (unsigned char)u;
	else if (u < 0x800)
		b[n++] = (unsigned char)(0xc0 | u >> 6);
	else if (u < 0x10000)
		b[n++] = (unsigned char)(0xe0 | u >> 12);
	else {
		b[n++] = (unsigned char)(0xf0 | u >> 18);
		b[n++] = (unsigned char)(0x80 | (u >> 12 & 63));
	}
	if (u >= 0x800)
		b[n++] = (unsigned char)(0x80 | (u >> 6 & 63));
	if (u >= 0x80)
		b[n++] = (unsigned char)(0x80 | (u & 63));
	for (i = 0; rc == VT_OK && i < n; i++)
		rc = text_byte(a, b[i], err);
	return rc;
}

/* The code unit of \uXXXX; two of them may be one character. */
static int
text_unit(struct vt_vxp_answer *a, struct vt_error *err)
{
	unsigned u = a->unit, high = a->high;

	a->high = 0;
	if (high == 0 && u >= 0xd800 && u < 0xdc00) {
		a->high = u;
		return VT_OK;
	}
	if (high != 0 && u >= 0xdc00 && u < 0xe000)
		return text_character(a,
		    0x10000 + ((high - 0xd800) << 10) + (u - 0xdc00), err);
	if (u == 0 || high != 0 || (u >= 0xdc00 && u < 0xe000))
		return vt_vxp_no_answer(err);
	return text_character(a, u, err);
}

static int
text_escape(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (a->unicode > 0) {
		if (hex_digit(c) < 0)
			return vt_vxp_no_answer(err);
		a->unit = a->unit * 16 + (unsigned)hex_digit(c);
		if (--a->unicode > 0)
			return VT_OK;
		a->escape = false;
		return text_unit(a, err);
	}
	if (c == 'u') {
		a->unicode = 4;
		a->unit = 0;
		return VT_OK;
	}
	a->escape = false;
	at = c == '\0' ? NULL : strchr(names, c);
	if (at == NULL || a->high != 0)
		return vt_vxp_no_answer(err);
	return text_byte(a, values[at - names], err);
}

static int
text_end(struct vt_vxp_answer *a, struct vt_error *err)
{
	int rc = VT_OK;

	if (a->base64 && a->begun) {
		if ((rc = decode(a, err)) == VT_OK &&
		    !vt_base64_decode_end(&a->decoder))
			rc = vt_error_set(err, VT_EFORMAT, "RFC 4648",
			    "the file in the answer is not base64");
	} else if (a->chunk_len > 0) {
		rc = a->calls.file(a->calls.ctx,
		    VT_BYTES(a->chunk, a->chunk_len), err);
		a->chunk_len = 0;
	}
	a->place = REST;
	return rc == VT_OK ? vt_vxp_keep(&a->rest, '"', err) : rc;
}

int
vt_vxp_feed_text(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	if (a->escape)
		return text_escape(a, c, err);
	if (c == '\\') {
		a->escape = true;
		return VT_OK;
	}
	if (a->high != 0)
		return vt_vxp_no_answer(err);
	return c == '"' ? text_end(a, err) : text_byte(a, c, err);
}

int
vt_vxp_feed_base64(struct vt_vxp_answer *a, int c, struct vt_error *err)
{
	int rc;

	if (a->escape)
		return feed_escape(a, c, err);
	if (c == '\\') {
		a->escape = true;
		return VT_OK;
	}
	if (c != '"')
		return add(a, c, err);
	if ((rc = decode(a, err)) != VT_OK)
		return rc;
	if (!vt_base64_decode_end(&a->decoder))
		return vt_error_set(err, VT_EFORMAT, "RFC 4648",
		    "the file in the answer is not base64");
	a->place = REST;
	return vt_vxp_keep(&a->rest, c, err);
}

int
vt_vxp_feed_run(struct vt_vxp_answer *a, struct vt_bytes piece, size_t *ret_n,
    struct vt_error *err)
{
	const unsigned char *quote, *escape;
	size_t n = CHUNK - a->chunk_len;

	n = n < piece.len ? n : piece.len;
	quote = memchr(piece.data, '"', n);
	if (quote != NULL)
		n = (size_t)(quote - piece.data);
	escape = memchr(piece.data, '\\', n);
	if (escape != NULL)
		n = (size_t)(escape - piece.data);
	memcpy(a->chunk + a->chunk_len, piece.data, n);
	a->chunk_len += n;
	*ret_n = n;
	return a->chunk_len == CHUNK ? decode(a, err) : VT_OK;
}
