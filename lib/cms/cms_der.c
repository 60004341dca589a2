/* cms_der.c - elements of BER and DER (X.690), in memory and in a source */
#include <string.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

/*
 * Tag numbers over 30 are not used by anything that we walk; lengths over 2^56
 * are nonsense.
 */
bool
vt_cms_header(struct vt_bytes b, enum cms_rules rules, struct cms_header *ret)
{
	size_t i, n;
	uint64_t len = 0;

	if (b.len < 2 || b.data[0] == 0 || (b.data[0] & 0x1f) == 0x1f)
		return false;
	ret->id = b.data[0];
	ret->indefinite = false;
	ret->hlen = 2;
	ret->len = b.data[1];
	if (b.data[1] < 0x80)
		return true;
	n = b.data[1] & 0x7f;
	if (n == 0) { /* X.690, 8.1.3.6: constructed only */
		ret->indefinite = true;
		ret->len = 0;
		return rules == CMS_BER && (ret->id & 0x20) != 0;
	}
	if (n > 7 || b.len < 2 + n)
		return false;
	for (i = 0; i < n; i++)
		len = len << 8 | b.data[2 + i];
	if (rules == CMS_DER && (len < 0x80 || b.data[2] == 0))
		return false; /* 10.1: the shortest form */
	ret->hlen = 2 + n;
	ret->len = len;
	return true;
}

/*
 * The length of the contents of an indefinite element, without its
 * end-of-contents octets; B starts behind its header.
 */
static bool
indefinite_len(struct vt_bytes b, size_t *ret)
{
	struct cms_header h;
	size_t off = 0, depth = 1;

	for (;;) {
		struct vt_bytes at = vt_bytes_slice(b, off, b.len);

		if (at.len >= 2 && at.data[0] == 0 && at.data[1] == 0) {
			if (--depth == 0) {
				*ret = off;
				return true;
			}
			off += 2;
			continue;
		}
		if (!vt_cms_header(at, CMS_BER, &h) || h.len > at.len - h.hlen)
			return false;
		if (h.indefinite && ++depth > VT_CMS_INDEFINITE_MAX)
			return false;
		off += h.hlen + (size_t)h.len;
	}
}

bool
vt_cms_tlv(struct vt_bytes *in, enum cms_rules rules, struct cms_tlv *ret)
{
	struct cms_header h;
	struct cms_tlv t;
	size_t len, tail = 0;

	if (!vt_cms_header(*in, rules, &h))
		return false;
	if (h.indefinite) {
		if (!indefinite_len(vt_bytes_slice(*in, h.hlen, in->len), &len))
			return false;
		tail = 2;
	} else {
		if (h.len > in->len - h.hlen)
			return false;
		len = (size_t)h.len;
	}
	t.id = h.id;
	t.indefinite = h.indefinite;
	t.whole = vt_bytes_slice(*in, 0, h.hlen + len + tail);
	t.value = vt_bytes_slice(*in, h.hlen, len);
	*in = vt_bytes_slice(*in, t.whole.len, in->len);
	*ret = t;
	return true;
}

bool
vt_cms_tlv_of(struct vt_bytes *in, enum cms_rules rules, unsigned char id,
    struct cms_tlv *ret)
{
	return vt_cms_tlv_is(*in, id) && vt_cms_tlv(in, rules, ret);
}

bool
vt_cms_tlv_is(struct vt_bytes in, unsigned char id)
{
	return in.len > 0 && in.data[0] == id;
}

bool
vt_cms_integer_ok(struct vt_bytes v)
{
	if (v.len == 0)
		return false;
	/* X.690, 8.3.2: the first nine bits are not all alike. */
	return v.len == 1 || !((v.data[0] == 0 && v.data[1] < 0x80) ||
				 (v.data[0] == 0xff && v.data[1] >= 0x80));
}

bool
vt_cms_der_small(struct vt_bytes *in, enum cms_rules rules, uint32_t *ret)
{
	struct vt_bytes rest = *in;
	struct cms_tlv t;
	uint32_t n = 0;
	size_t i;

	if (!vt_cms_tlv_of(&rest, rules, CMS_INTEGER, &t) ||
	    !vt_cms_integer_ok(t.value) || t.value.len > 4 ||
	    t.value.data[0] >= 0x80)
		return false;
	for (i = 0; i < t.value.len; i++)
		n = n << 8 | t.value.data[i];
	*in = rest;
	*ret = n;
	return true;
}

int
vt_cms_der_compare(struct vt_bytes a, struct vt_bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n == 0 ? 0 : memcmp(a.data, b.data, n);

	if (c != 0 || a.len == b.len)
		return c;
	return a.len < b.len ? -1 : 1;
}

size_t
vt_cms_header_len(uint64_t len)
{
	size_t n = 2;

	if (len >= 0x80)
		for (; len > 0; len >>= 8)
			n++;
	return n;
}

int
vt_cms_put_header(struct vt_buf *out, unsigned char id, uint64_t len)
{
	unsigned char h[CMS_HEADER_MAX];
	size_t i, n = vt_cms_header_len(len);

	h[0] = id;
	h[1] = (unsigned char)(n == 2 ? len : 0x80 | (n - 2));
	for (i = n; i > 2; i--, len >>= 8)
		h[i - 1] = (unsigned char)(len & 0xff);
	return vt_buf_put(out, h, n);
}

int
vt_cms_put(struct vt_buf *out, unsigned char id, struct vt_bytes value)
{
	int rc;

	if ((rc = vt_cms_put_header(out, id, value.len)) != VT_OK)
		return rc;
	return vt_buf_bytes_put(out, value);
}

int
vt_cms_put_attr(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes value)
{
	uint64_t len = vt_cms_header_len(oid.len) + oid.len +
		       vt_cms_header_len(value.len) + value.len;
	int rc;

	if ((rc = vt_cms_put_header(out, CMS_SEQUENCE, len)) != VT_OK ||
	    (rc = vt_cms_put(out, CMS_OID, oid)) != VT_OK)
		return rc;
	return vt_cms_put(out, CMS_SET, value);
}

int
vt_cms_source_header(struct vt_source *src, uint64_t off, uint64_t end,
    struct cms_header *ret, struct vt_error *err)
{
	unsigned char b[CMS_HEADER_MAX];
	size_t n;
	int rc;

	n = end - off < sizeof(b) ? (size_t)(end - off) : sizeof(b);
	if ((rc = vt_source_read(src, off, b, n, err)) != VT_OK)
		return rc;
	if (!vt_cms_header(VT_BYTES(b, n), CMS_BER, ret) ||
	    ret->len > end - off - ret->hlen)
		return vt_error_set(err, VT_EFORMAT, "X.690, 8.1",
		    "an element is broken or cut off");
	return VT_OK;
}

/* true where end-of-contents octets stand at OFF. */
static int
source_is_end(struct vt_source *src, uint64_t off, uint64_t end, bool *ret,
    struct vt_error *err)
{
	unsigned char b[2];
	int rc;

	*ret = false;
	if (end - off < 2)
		return VT_OK;
	if ((rc = vt_source_read(src, off, b, sizeof(b), err)) != VT_OK)
		return rc;
	*ret = b[0] == 0 && b[1] == 0;
	return VT_OK;
}

int
vt_cms_source_skip(struct vt_source *src, uint64_t off, uint64_t end,
    uint64_t *ret, struct vt_error *err)
{
	struct cms_header h;
	size_t depth = 0;
	bool last;
	int rc;

	do {
		if (depth > 0) {
			rc = source_is_end(src, off, end, &last, err);
			if (rc != VT_OK)
				return rc;
			if (last) {
				off += 2;
				depth--;
				continue;
			}
		}
		rc = vt_cms_source_header(src, off, end, &h, err);
		if (rc != VT_OK)
			return rc;
		if (h.indefinite && ++depth > VT_CMS_INDEFINITE_MAX)
			return vt_error_set(err, VT_ELIMIT, "X.690, 8.1.3.6",
			    "elements are nested too deeply");
		off += h.hlen + h.len;
	} while (depth > 0);
	*ret = off;
	return VT_OK;
}
