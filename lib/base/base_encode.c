/* base_encode.c - hexadecimal and base64 (RFC 4648) */
#include <string.h>

#include "base_base64.h"
#include "vanthu/encode.h"

char *
vt_hex(struct vt_bytes b, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < b.len; i++) {
		out[2 * i] = digits[b.data[i] >> 4];
		out[2 * i + 1] = digits[b.data[i] & 15];
	}
	out[2 * b.len] = '\0';
	return out;
}

static int
hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
vt_hex_decode(struct vt_bytes text, unsigned char *out, size_t *ret_len)
{
	size_t i;
	int high, low;

	if (text.len % 2 != 0)
		return false;
	for (i = 0; i < text.len; i += 2) {
		high = hex_digit(text.data[i]);
		low = hex_digit(text.data[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (unsigned char)(high << 4 | low);
	}
	*ret_len = text.len / 2;
	return true;
}

size_t
vt_base64(struct vt_bytes b, char *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t n = vt_base64_encode_wide(b.data, b.len, out);
	const unsigned char *p = b.data + n;
	char *o = out + n / 3 * 4;
	uint32_t v;

	for (n = b.len - n; n >= 3; n -= 3, p += 3) {
		v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		*o++ = alphabet[v >> 18];
		*o++ = alphabet[v >> 12 & 63];
		*o++ = alphabet[v >> 6 & 63];
		*o++ = alphabet[v & 63];
	}
	if (n > 0) {
		v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0);
		*o++ = alphabet[v >> 18];
		*o++ = alphabet[v >> 12 & 63];
		*o++ = n > 1 ? alphabet[v >> 6 & 63] : '=';
		*o++ = '=';
	}
	*o = '\0';
	return (size_t)(o - out);
}

/*
 * Four tables, one for each place in a quantum, so that a quantum is four
 * look-ups and three ORs.  A character outside the alphabet sets BAD, a bit
 * that no value reaches.
 */
#define BAD 0x80000000u
#define VALUE(c)                                                               \
	((c) >= 'A' && (c) <= 'Z'      ? (uint32_t)((c) - 'A')                 \
	    : (c) >= 'a' && (c) <= 'z' ? (uint32_t)((c) - 'a' + 26)            \
	    : (c) >= '0' && (c) <= '9' ? (uint32_t)((c) - '0' + 52)            \
	    : (c) == '+'               ? 62u                                   \
	    : (c) == '/'               ? 63u                                   \
				       : BAD)
#define ENTRY(c, shift) (VALUE(c) == BAD ? BAD : VALUE(c) << (shift))
#define ROW4(c, s)                                                             \
	ENTRY(c, s), ENTRY(c + 1, s), ENTRY(c + 2, s), ENTRY(c + 3, s)
#define ROW16(c, s) ROW4(c, s), ROW4(c + 4, s), ROW4(c + 8, s), ROW4(c + 12, s)
#define ROW64(c, s)                                                            \
	ROW16(c, s), ROW16(c + 16, s), ROW16(c + 32, s), ROW16(c + 48, s)
#define TABLE(s)                                                               \
	{                                                                      \
		ROW64(0, s), ROW64(64, s), ROW64(128, s), ROW64(192, s)        \
	}

static const uint32_t places[4][256] = {
	TABLE(18),
	TABLE(12),
	TABLE(6),
	TABLE(0),
};

static inline uint32_t
quantum(const unsigned char *p)
{
	return places[0][p[0]] | places[1][p[1]] | places[2][p[2]] |
	       places[3][p[3]];
}

static inline unsigned char *
put24(unsigned char *o, uint32_t v)
{
	o[0] = (unsigned char)(v >> 16);
	o[1] = (unsigned char)(v >> 8);
	o[2] = (unsigned char)v;
	return o + 3;
}

/* Whole quanta from P on, as long as nothing else stands there. */
static const unsigned char *
decode_fast(const unsigned char *p, const unsigned char *end,
    unsigned char **out)
{
	size_t wide = vt_base64_decode_wide(p, (size_t)(end - p), *out);
	unsigned char *o = *out + wide / 4 * 3;
	uint32_t a, b, c, d;

	p += wide;
	while (end - p >= 16) {
		a = quantum(p);
		b = quantum(p + 4);
		c = quantum(p + 8);
		d = quantum(p + 12);
		if ((a | b | c | d) & BAD)
			break;
		o = put24(put24(put24(put24(o, a), b), c), d);
		p += 16;
	}
	while (end - p >= 4 && !((a = quantum(p)) & BAD)) {
		o = put24(o, a);
		p += 4;
	}
	*out = o;
	return p;
}

/*
 * '=': the quantum ends.  After two characters a second '=' must follow, for
 * which n waits at 3.
 */
static bool
decode_pad(struct vt_base64_decoder *d, unsigned char **out)
{
	if (d->n == 3 && d->pad == 1) {
		d->pad = 2;
		d->n = 0;
		return true;
	}
	if (d->pad != 0)
		return false;
	if (d->n == 2 && (d->bits & 15) == 0) {
		*(*out)++ = (unsigned char)(d->bits >> 4);
		d->n = 3;
	} else if (d->n == 3 && (d->bits & 3) == 0) {
		*(*out)++ = (unsigned char)(d->bits >> 10);
		*(*out)++ = (unsigned char)(d->bits >> 2);
		d->n = 0;
	} else {
		return false;
	}
	d->pad = 1;
	return true;
}

static bool
decode_one(struct vt_base64_decoder *d, unsigned char c, unsigned char **out)
{
	uint32_t value = places[3][c];

	if (value == BAD) {
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			return true;
		return c == '=' && decode_pad(d, out);
	}
	if (d->pad != 0)
		return false;
	d->bits = (d->n == 0 ? 0 : d->bits << 6) | value;
	if (++d->n == 4) {
		*out = put24(*out, d->bits);
		d->n = 0;
	}
	return true;
}

bool
vt_base64_decode(struct vt_base64_decoder *d, struct vt_bytes text,
    unsigned char *out, size_t *ret_len)
{
	const unsigned char *p = text.data, *end = p + text.len;
	unsigned char *o = out;

	while (p < end) {
		if (d->n == 0 && d->pad == 0)
			p = decode_fast(p, end, &o);
		if (p < end && !decode_one(d, *p++, &o))
			return false;
	}
	*ret_len = (size_t)(o - out);
	return true;
}

bool
vt_base64_decode_end(const struct vt_base64_decoder *d)
{
	return d->n == 0;
}
