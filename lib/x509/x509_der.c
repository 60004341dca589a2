/* x509_der.c - elements of DER, read one after the other (X.690, 8.1, 10.1) */
#include "x509_der.h"

#define LENGTH_BYTES 4 /* of a long form: no element here is longer */

static bool
read_length(struct vt_bytes b, size_t *at, size_t *ret)
{
	size_t n, i, len = 0;

	if (*at >= b.len)
		return false;
	n = b.data[(*at)++];
	if (n < 0x80) {
		*ret = n;
		return true;
	}
	n &= 0x7f;
	if (n == 0 || n > LENGTH_BYTES || n > b.len - *at)
		return false;
	for (i = 0; i < n; i++)
		len = len << 8 | b.data[(*at)++];
	*ret = len;
	return len >= 0x80 && len >> (8 * (n - 1)) != 0;
}

bool
vt_der_next(struct vt_bytes *rest, struct vt_der *ret)
{
	size_t at = 1, len;

	if (rest->len < 2 || (rest->data[0] & 0x1f) == 0x1f ||
	    !read_length(*rest, &at, &len) || len > rest->len - at)
		return false;
	ret->tag = rest->data[0];
	ret->body = VT_BYTES(rest->data + at, len);
	ret->whole = VT_BYTES(rest->data, at + len);
	*rest = VT_BYTES(rest->data + at + len, rest->len - at - len);
	return true;
}

bool
vt_der_take(struct vt_bytes *rest, unsigned char tag, struct vt_der *ret)
{
	return rest->len > 0 && rest->data[0] == tag && vt_der_next(rest, ret);
}

bool
vt_der_integer_ok(struct vt_bytes body)
{
	if (body.len == 0)
		return false;
	if (body.len == 1)
		return true;
	return !(body.data[0] == 0x00 && body.data[1] < 0x80) &&
	       !(body.data[0] == 0xff && body.data[1] >= 0x80);
}
