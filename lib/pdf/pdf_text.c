/* pdf_text.c - text strings and dates (ISO 32000-2, 7.9.2, 7.9.4, Annex D) */
#include <string.h>

#include "pdf_int.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

#define UNKNOWN 0xfffd

/* PDFDocEncoding where it is not Latin-1 (D.3); 0: undefined. */
static const uint16_t doc_18[] = { 0x02d8, 0x02c7, 0x02c6, 0x02d9, 0x02dd,
	0x02db, 0x02da, 0x02dc };
static const uint16_t doc_80[] = { 0x2022, 0x2020, 0x2021, 0x2026, 0x2014,
	0x2013, 0x0192, 0x2044, 0x2039, 0x203a, 0x2212, 0x2030, 0x201e, 0x201c,
	0x201d, 0x2018, 0x2019, 0x201a, 0x2122, 0xfb01, 0xfb02, 0x0141, 0x0152,
	0x0160, 0x0178, 0x017d, 0x0131, 0x0142, 0x0153, 0x0161, 0x017e, 0,
	0x20ac };

static int32_t
doc_char(unsigned char c)
{
	if (c >= 0x18 && c < 0x20)
		return doc_18[c - 0x18];
	if (c >= 0x80 && c <= 0xa0)
		return doc_80[c - 0x80] == 0 ? UNKNOWN : doc_80[c - 0x80];
	if (c == 0x7f || c == 0xad ||
	    (c < 0x18 && c != '\t' && c != '\n' && c != '\r'))
		return UNKNOWN;
	return c;
}

int
vt_pdf_text_doc(struct vt_bytes utf8, struct vt_buf *ret)
{
	int32_t c;
	size_t i;
	int byte, rc = VT_OK;

	for (i = 0; i < utf8.len && rc == VT_OK;) {
		c = vt_utf8_next(utf8, &i);
		for (byte = 1; byte < 256; byte++)
			if (doc_char((unsigned char)byte) == c)
				break;
		if (c < 0 || c == UNKNOWN || byte == 256)
			return VT_EFORMAT;
		rc = vt_buf_putc(ret, byte);
	}
	return rc;
}

static int
put_char(struct vt_buf *out, int32_t c)
{
	unsigned char u[4];

	if (c <= 0) /* NUL too: these texts become C strings */
		c = UNKNOWN;
	return vt_buf_put(out, u, vt_utf8_put(c, u));
}

static int
utf16(struct vt_bytes s, bool little, struct vt_buf *ret)
{
	int32_t c, low;
	size_t i;
	int rc;

	for (i = 2; i < s.len; i += 2) {
		if (i + 1 == s.len)
			return put_char(ret, UNKNOWN);
		c = little ? s.data[i] | s.data[i + 1] << 8
			   : s.data[i] << 8 | s.data[i + 1];
		if (c == 0x1b) { /* a language tag runs to the next ESC */
			for (i += 2; i + 1 < s.len; i += 2)
				if (s.data[i + (little ? 0 : 1)] == 0x1b &&
				    s.data[i + (little ? 1 : 0)] == 0)
					break;
			continue;
		}
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.len) {
			low = little ? s.data[i + 2] | s.data[i + 3] << 8
				     : s.data[i + 2] << 8 | s.data[i + 3];
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		if (c >= 0xd800 && c < 0xe000)
			c = UNKNOWN;
		if ((rc = put_char(ret, c)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_pdf_text(struct vt_bytes s, struct vt_buf *ret)
{
	size_t i;
	int rc = VT_OK;

	if (s.len >= 2 && s.data[0] == 0xfe && s.data[1] == 0xff)
		return utf16(s, false, ret);
	if (s.len >= 2 && s.data[0] == 0xff && s.data[1] == 0xfe)
		return utf16(s, true, ret); /* not allowed, but seen */
	if (s.len >= 3 && s.data[0] == 0xef && s.data[1] == 0xbb &&
	    s.data[2] == 0xbf) {
		for (i = 3; i < s.len && rc == VT_OK;)
			rc = put_char(ret, vt_utf8_next(s, &i));
		return rc;
	}
	for (i = 0; i < s.len && rc == VT_OK; i++)
		rc = put_char(ret, doc_char(s.data[i]));
	return rc;
}

static int
put_unit(struct vt_buf *out, unsigned unit)
{
	return vt_buf_printf(out, "%04X", unit & 0xffff);
}

/* Printable ASCII as it is; all else as UTF-16BE in hexadecimal. */
int
vt_pdf_text_put(struct vt_buf *out, const char *utf8)
{
	struct vt_bytes s = vt_bytes_str(utf8);
	size_t i;
	int32_t c;
	int rc;

	for (i = 0; i < s.len; i++)
		if (s.data[i] < 0x20 || s.data[i] > 0x7e)
			break;
	if (i == s.len) {
		if ((rc = vt_buf_putc(out, '(')) != VT_OK)
			return rc;
		for (i = 0; i < s.len; i++) {
			if (strchr("()\\", s.data[i]) != NULL &&
			    (rc = vt_buf_putc(out, '\\')) != VT_OK)
				return rc;
			if ((rc = vt_buf_putc(out, s.data[i])) != VT_OK)
				return rc;
		}
		return vt_buf_putc(out, ')');
	}
	rc = vt_buf_puts(out, "<FEFF");
	for (i = 0; i < s.len && rc == VT_OK;) {
		if ((c = vt_utf8_next(s, &i)) < 0)
			c = UNKNOWN;
		if (c >= 0x10000) {
			c -= 0x10000;
			rc = put_unit(out, 0xd800 + (unsigned)(c >> 10));
			if (rc == VT_OK)
				rc = put_unit(out,
				    0xdc00 + (unsigned)(c & 0x3ff));
		} else {
			rc = put_unit(out, (unsigned)c);
		}
	}
	return rc == VT_OK ? vt_buf_putc(out, '>') : rc;
}

/* N digits at *POS within limits; where the text ends before: DEF. */
static bool
part(struct vt_bytes s, size_t *pos, int n, int low, int high, int def,
    int *ret)
{
	int v = 0, i;

	if (*pos >= s.len || s.data[*pos] < '0' || s.data[*pos] > '9') {
		*ret = def;
		return def >= 0;
	}
	for (i = 0; i < n; i++, ++*pos) {
		if (*pos >= s.len || s.data[*pos] < '0' || s.data[*pos] > '9')
			return false;
		v = v * 10 + (s.data[*pos] - '0');
	}
	*ret = v;
	return v >= low && v <= high;
}

bool
vt_pdf_date_parse(struct vt_bytes s, int64_t *ret)
{
	int year, month, day, hour, min, sec, zh = 0, zm = 0, sign = 0;
	struct vt_date date;
	size_t pos = vt_bytes_starts(s, "D:") ? 2 : 0;
	char text[16];

	if (!part(s, &pos, 4, 1000, 9999, -1, &year) ||
	    !part(s, &pos, 2, 1, 12, 1, &month) ||
	    !part(s, &pos, 2, 1, 31, 1, &day) ||
	    !part(s, &pos, 2, 0, 23, 0, &hour) ||
	    !part(s, &pos, 2, 0, 59, 0, &min) ||
	    !part(s, &pos, 2, 0, 60, 0, &sec))
		return false;
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	if (!vt_date_parse(text, &date)) /* the 31st of a short month */
		return false;
	if (pos < s.len) {
		if (s.data[pos] == '+' || s.data[pos] == '-')
			sign = s.data[pos] == '+' ? 1 : -1;
		else if (s.data[pos] != 'Z')
			return false;
		pos++;
		if (!part(s, &pos, 2, 0, 23, 0, &zh))
			return false;
		if (pos < s.len && s.data[pos] == '\'')
			pos++;
		if (!part(s, &pos, 2, 0, 59, 0, &zm))
			return false;
		if (pos < s.len && s.data[pos] == '\'')
			pos++; /* as PDF 1.7 wrote it */
		if (pos != s.len)
			return false;
	}
	*ret = vt_time_of_fields(year, month, day, hour, min, sec) -
	       (int64_t)sign * (zh * 3600 + zm * 60);
	return true;
}
