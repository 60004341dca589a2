/* pdf_decode.c - the simple filters (ISO 32000-2, 7.4.2 to 7.4.5) */
#include <string.h>

#include "pdf_int.h"

static int
put(struct vt_buf *out, int c, struct vt_error *err)
{
	int rc = vt_buf_putc(out, c);

	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

static int
wrong(struct vt_error *err, const char *clause)
{
	return vt_error_set(err, VT_EFORMAT, clause, "encoded data is damaged");
}

int
vt_pdf_ascii_hex(struct vt_bytes in, struct vt_buf *out, struct vt_error *err)
{
	int high = -1, v, rc;
	size_t i;

	for (i = 0; i < in.len && in.data[i] != '>'; i++) {
		int c = in.data[i];

		if (pdf_is_space(c))
			continue;
		if (c >= '0' && c <= '9')
			v = c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = (c | 0x20) - 'a' + 10;
		else
			return wrong(err, "ISO 32000-2, 7.4.2");
		if (high < 0) {
			high = v;
			continue;
		}
		if ((rc = put(out, high << 4 | v, err)) != VT_OK)
			return rc;
		high = -1;
	}
	return high < 0 ? VT_OK : put(out, high << 4, err);
}

int
vt_pdf_ascii85(struct vt_bytes in, struct vt_buf *out, struct vt_error *err)
{
	uint64_t v = 0;
	size_t i;
	int n = 0, k, rc;

	for (i = 0; i < in.len && in.data[i] != '~'; i++) {
		int c = in.data[i];

		if (pdf_is_space(c))
			continue;
		if (c == 'z' && n == 0) {
			for (k = 0; k < 4; k++)
				if ((rc = put(out, 0, err)) != VT_OK)
					return rc;
			continue;
		}
		if (c < '!' || c > 'u')
			return wrong(err, "ISO 32000-2, 7.4.3");
		v = v * 85 + (unsigned)(c - '!');
		if (++n < 5)
			continue;
		if (v > UINT32_MAX)
			return wrong(err, "ISO 32000-2, 7.4.3");
		for (k = 3; k >= 0; k--)
			if ((rc = put(out, (int)(v >> (8 * k) & 0xff), err)) !=
			    VT_OK)
				return rc;
		v = 0;
		n = 0;
	}
	if (n == 0)
		return VT_OK;
	if (n == 1)
		return wrong(err, "ISO 32000-2, 7.4.3");
	for (k = n; k < 5; k++)
		v = v * 85 + 84;
	if (v > UINT32_MAX)
		return wrong(err, "ISO 32000-2, 7.4.3");
	for (k = 3; k > 4 - n; k--)
		if ((rc = put(out, (int)(v >> (8 * k) & 0xff), err)) != VT_OK)
			return rc;
	return VT_OK;
}

int
vt_pdf_run_length(struct vt_bytes in, struct vt_buf *out, struct vt_error *err)
{
	size_t i = 0, k, n;
	int rc;

	while (i < in.len && in.data[i] != 128) {
		n = in.data[i++];
		if (n < 128) {
			if (in.len - i < n + 1)
				return wrong(err, "ISO 32000-2, 7.4.5");
			if ((rc = vt_buf_put(out, in.data + i, n + 1)) != VT_OK)
				return vt_pdf_buf_error(rc, err);
			i += n + 1;
			continue;
		}
		if (i == in.len)
			return wrong(err, "ISO 32000-2, 7.4.5");
		for (k = 0; k < 257 - n; k++)
			if ((rc = put(out, in.data[i], err)) != VT_OK)
				return rc;
		i++;
	}
	return VT_OK;
}

/* --- LZW (7.4.4.2): codes of 9 to 12 bits, high bits first --- */

#define LZW_CLEAR 256
#define LZW_EOD 257
#define LZW_CODES 4096

struct lzw {
	uint16_t prefix[LZW_CODES];
	unsigned char last[LZW_CODES];
	unsigned char first[LZW_CODES];
	uint16_t len[LZW_CODES];
};

static void
lzw_init(struct lzw *t)
{
	int i;

	for (i = 0; i < 256; i++) {
		t->prefix[i] = 0;
		t->last[i] = t->first[i] = (unsigned char)i;
		t->len[i] = 1;
	}
}

static int
lzw_put(const struct lzw *t, unsigned code, struct vt_buf *out,
    struct vt_error *err)
{
	unsigned char text[LZW_CODES];
	size_t n = t->len[code], i;
	int rc;

	for (i = n; i > 0; i--) {
		text[i - 1] = t->last[code];
		code = t->prefix[code];
	}
	rc = vt_buf_put(out, text, n);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
}

int
vt_pdf_lzw(struct vt_bytes in, bool early, struct vt_buf *out,
    struct vt_error *err)
{
	unsigned next = 258, width = 9, code, old = LZW_CLEAR;
	uint32_t bits = 0;
	unsigned nbits = 0;
	struct lzw t;
	size_t i = 0;
	int rc;

	lzw_init(&t);
	for (;;) {
		while (nbits < width && i < in.len) {
			bits = bits << 8 | in.data[i++];
			nbits += 8;
		}
		if (nbits < width)
			return VT_OK; /* no end-of-data marker: as others do */
		code = bits >> (nbits - width) & ((1u << width) - 1);
		nbits -= width;
		if (code == LZW_EOD)
			return VT_OK;
		if (code == LZW_CLEAR) {
			next = 258;
			width = 9;
			old = LZW_CLEAR;
			continue;
		}
		if (code > next || (code == next && old == LZW_CLEAR) ||
		    (code >= 256 && code < 258))
			return wrong(err, "ISO 32000-2, 7.4.4");
		if (old != LZW_CLEAR && next < LZW_CODES) {
			t.prefix[next] = (uint16_t)old;
			t.first[next] = t.first[old];
			t.len[next] = (uint16_t)(t.len[old] + 1);
			t.last[next] =
			    code == next ? t.first[old] : t.first[code];
			next++;
		} else if (code >= next) {
			return wrong(err, "ISO 32000-2, 7.4.4");
		}
		if ((rc = lzw_put(&t, code, out, err)) != VT_OK)
			return rc;
		old = code;
		if (next + (early ? 1u : 0u) >= 1u << width && width < 12)
			width++;
	}
}
