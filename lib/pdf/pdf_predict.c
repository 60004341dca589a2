/* pdf_predict.c - predictors of Flate and LZW (ISO 32000-2, 7.4.4.4) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.4.4.4"

static int
paeth(int a, int b, int c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	if (pa <= pb && pa <= pc)
		return a;
	return pb <= pc ? b : c;
}

/* ROW is decoded where it stands; UP is the decoded row above, or NULL. */
static bool
png_row(int type, unsigned char *row, const unsigned char *up, size_t n,
    size_t bpp)
{
	size_t i;
	int a, b, c;

	if (type > 4)
		return false;
	for (i = 0; i < n; i++) {
		a = i < bpp ? 0 : row[i - bpp];
		b = up == NULL ? 0 : up[i];
		c = i < bpp || up == NULL ? 0 : up[i - bpp];
		switch (type) {
		case 1:
			row[i] = (unsigned char)(row[i] + a);
			break;
		case 2:
			row[i] = (unsigned char)(row[i] + b);
			break;
		case 3:
			row[i] = (unsigned char)(row[i] + (a + b) / 2);
			break;
		case 4:
			row[i] = (unsigned char)(row[i] + paeth(a, b, c));
			break;
		default:
			break;
		}
	}
	return true;
}

/* Each row is led by its type; the result is packed to the front. */
static int
png(struct vt_buf *data, size_t row, size_t bpp, struct vt_error *err)
{
	unsigned char *to = data->data, *up = NULL;
	size_t at = 0, n;
	int type;

	while (at < data->len) {
		type = data->data[at++];
		n = data->len - at < row ? data->len - at : row;
		memmove(to, data->data + at, n);
		if (!png_row(type, to, up, n, bpp))
			return vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "a row with PNG filter %d", type);
		up = to;
		to += n;
		at += n;
	}
	data->len = (size_t)(to - data->data);
	return VT_OK;
}

static void
tiff_bits(unsigned char *row, size_t n, unsigned colors, unsigned bits)
{
	unsigned mask = (1u << bits) - 1, left[32] = { 0 }, shift, v;
	size_t i, count = n * 8 / bits;

	for (i = 0; i < count; i++) {
		shift = 8 - bits - (unsigned)(i * bits % 8);
		v = row[i * bits / 8] >> shift & mask;
		v = left[i % colors] = (v + left[i % colors]) & mask;
		row[i * bits / 8] =
		    (unsigned char)((row[i * bits / 8] & ~(mask << shift)) |
				    v << shift);
	}
}

static void
tiff_row(unsigned char *row, size_t n, unsigned colors, unsigned bits)
{
	size_t i;
	unsigned v;

	if (bits < 8) {
		tiff_bits(row, n, colors, bits);
	} else if (bits == 8) {
		for (i = colors; i < n; i++)
			row[i] = (unsigned char)(row[i] + row[i - colors]);
	} else {
		for (i = 2 * (size_t)colors; i + 1 < n; i += 2) {
			v = (unsigned)row[i] << 8 | row[i + 1];
			v += (unsigned)row[i - 2 * (size_t)colors] << 8 |
			     row[i - 2 * (size_t)colors + 1];
			row[i] = (unsigned char)(v >> 8);
			row[i + 1] = (unsigned char)v;
		}
	}
}

int
vt_pdf_unpredict(const struct pdf_predictor *p, struct vt_buf *data,
    struct vt_error *err)
{
	size_t at, row, bpp;

	if (p->colors < 1 || p->colors > 32 || p->columns < 1 ||
	    p->columns > (1 << 24) ||
	    (p->bits != 1 && p->bits != 2 && p->bits != 4 && p->bits != 8 &&
		p->bits != 16))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "impossible parameters of a predictor");
	row = ((size_t)(p->colors * p->bits * p->columns) + 7) / 8;
	bpp = (size_t)(p->colors * p->bits + 7) / 8;
	if (p->predictor >= 10 && p->predictor <= 15)
		return data->len == 0 ? VT_OK : png(data, row, bpp, err);
	if (p->predictor != 2)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "an unknown predictor");
	for (at = 0; at < data->len; at += row)
		tiff_row(data->data + at,
		    data->len - at < row ? data->len - at : row,
		    (unsigned)p->colors, (unsigned)p->bits);
	return VT_OK;
}
