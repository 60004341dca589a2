/* base_text.c - UTF-8 (RFC 3629), and text made safe to show */
#include <stdio.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/text.h"

int32_t
vt_utf8_next(struct vt_bytes b, size_t *pos)
{
	const unsigned char *p = b.data + *pos;
	size_t left = b.len - *pos, n, i;
	int32_t c, least;

	*pos += 1;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
		least = 0x80;
		c = p[0] & 0x1f;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		n = 3;
		least = 0x800;
		c = p[0] & 0x0f;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		least = 0x10000;
		c = p[0] & 0x07;
	} else {
		return -1;
	}
	if (left < n)
		return -1;
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return -1;
	*pos += n - 1;
	return c;
}

size_t
vt_utf8_put(int32_t c, unsigned char *out)
{
	if (c < 0x80) {
		out[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (unsigned char)(0xc0 | c >> 6);
		out[1] = (unsigned char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (unsigned char)(0xe0 | c >> 12);
		out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (unsigned char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | c >> 18);
	out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (unsigned char)(0x80 | (c & 0x3f));
	return 4;
}

bool
vt_utf8_valid(struct vt_bytes b)
{
	size_t pos = 0;

	while (pos < b.len)
		if (vt_utf8_next(b, &pos) < 0)
			return false;
	return true;
}

size_t
vt_utf8_len(struct vt_bytes b)
{
	size_t pos = 0, n = 0;

	while (pos < b.len) {
		vt_utf8_next(b, &pos);
		n++;
	}
	return n;
}

/*
 * Characters that a terminal obeys, or that the eye cannot see: controls,
 * Unicode's Default_Ignorable_Code_Point, line and paragraph separators,
 * interlinear annotation, noncharacters.
 */
static const struct {
	int32_t first, last;
} hidden[] = {
	{ 0x00, 0x1f },
	{ 0x7f, 0x9f },
	{ 0xad, 0xad },
	{ 0x34f, 0x34f },
	{ 0x61c, 0x61c },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfdd0, 0xfdef },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool
is_hidden(int32_t c)
{
	size_t i;

	if (c >= 0x20 && c < 0x7f)
		return false;
	if ((c & 0xfffe) == 0xfffe)
		return true;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

int
vt_text_escape(struct vt_buf *out, struct vt_bytes b)
{
	size_t pos = 0, start, was = out->len;
	int32_t c;
	int rc = VT_OK;

	while (pos < b.len && rc == VT_OK) {
		start = pos;
		c = vt_utf8_next(b, &pos);
		if (c >= 0 && !is_hidden(c))
			rc = vt_buf_put(out, b.data + start, pos - start);
		else if (c == '\n')
			rc = vt_buf_puts(out, "\\n");
		else if (c == '\t')
			rc = vt_buf_puts(out, "\\t");
		else if (c < 0x80) /* a control, or a byte that is no UTF-8 */
			rc = vt_buf_printf(out, "\\x%02x", b.data[start]);
		else
			rc = vt_buf_printf(out, "\\u{%04x}", (unsigned int)c);
	}
	if (rc != VT_OK && out->data != NULL) {
		out->len = was;
		out->data[was] = '\0';
	}
	return rc;
}

static const char *
html_of(int c)
{
	return c == '<'   ? "&lt;"
	       : c == '>' ? "&gt;"
	       : c == '&' ? "&amp;"
	       : c == '"' ? "&quot;"
			  : NULL;
}

int
vt_text_html(struct vt_buf *out, struct vt_bytes b)
{
	const char *entity;
	struct vt_buf shown;
	size_t i;
	int rc, put = VT_OK;

	vt_buf_init(&shown, out->max);
	rc = vt_text_escape(&shown, b);
	for (i = 0; put == VT_OK && i < shown.len; i++) {
		entity = html_of(shown.data[i]);
		put = entity != NULL ? vt_buf_puts(out, entity)
				     : vt_buf_putc(out, shown.data[i]);
	}
	vt_buf_release(&shown);
	return rc == VT_OK ? put : rc;
}

/* What no shell gives a meaning to, wherever in a word it stands. */
static bool
is_plain(const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./@%+=:,-";

	return s[0] != '\0' && s[strspn(s, plain)] == '\0';
}

int
vt_text_shell(struct vt_buf *out, const char *s)
{
	size_t was = out->len;
	int rc;

	if (is_plain(s))
		return vt_buf_puts(out, s);
	rc = vt_buf_putc(out, '\'');
	for (; *s != '\0' && rc == VT_OK; s++)
		rc = *s == '\'' ? vt_buf_puts(out, "'\\''")
				: vt_buf_putc(out, *s);
	if (rc == VT_OK)
		rc = vt_buf_putc(out, '\'');
	if (rc != VT_OK && out->data != NULL) {
		out->len = was;
		out->data[was] = '\0';
	}
	return rc;
}

bool
vt_text_hides(struct vt_bytes b)
{
	size_t pos = 0;
	int32_t c;

	while (pos < b.len) {
		c = vt_utf8_next(b, &pos);
		if (c < 0 || is_hidden(c))
			return true;
	}
	return false;
}
