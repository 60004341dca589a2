/* pdf_font.c - how wide a font's codes are, and what they mean (9.6 to 9.10) */
#include <stdlib.h>
#include <string.h>

#include "pdf_page.h"

#define WIDTH_UNTOLD                                                           \
	0.5        /* of the size: one of the standard 14 fonts (9.6.2.2) */
#define SYMBOLIC 4 /* /Flags (9.8.2, Table 121) */
#define ITALIC 64

void
vt_pdf_font_release(struct pdf_font *font)
{
	free(font->widths);
	free(font->map);
	memset(font, 0, sizeof(*font));
}

double
vt_pdf_font_width(const struct pdf_font *font, uint32_t code)
{
	size_t lo = 0, hi = font->nwidths, mid;

	if (!font->wide)
		return font->simple[code & 0xff] < 0
			   ? WIDTH_UNTOLD
			   : font->simple[code & 0xff] * font->scale;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (font->widths[mid].high < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (lo < font->nwidths && font->widths[lo].low <= code
		       ? font->widths[lo].width
		       : font->missing) *
	       font->scale;
}

size_t
vt_pdf_font_meaning(const struct pdf_font *font, uint32_t code,
    int32_t ret[PDF_CHAR_PARTS])
{
	size_t lo = 0, hi = font->nmap, mid;
	const struct pdf_meaning *m;

	if (!font->readable)
		return 0;
	while (lo < hi) { /* the last that begins at or before it */
		mid = lo + (hi - lo) / 2;
		if (font->map[mid].low <= code)
			lo = mid + 1;
		else
			hi = mid;
	}
	m = lo > 0 ? &font->map[lo - 1] : NULL;
	if (m != NULL && code <= m->high) {
		memcpy(ret, m->c, sizeof(m->c));
		ret[m->n - 1] += (int32_t)(code - m->low);
		return m->n;
	}
	if (font->wide || font->encoding[code & 0xff] == 0)
		return 0;
	ret[0] = font->encoding[code & 0xff];
	return 1;
}

/* --- encoding (9.6.5) --- */

static int
differences(struct vt_pdf *pdf, const struct vt_pdf_obj *array,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	int64_t code = 0;
	size_t i;
	int rc;

	for (i = 0; array->type == VT_PDF_ARRAY && i < array->u.array.n; i++) {
		rc = vt_pdf_resolve(pdf, &array->u.array.items[i], &v, err);
		if (rc != VT_OK)
			return rc;
		if (v->type == VT_PDF_INT)
			code = v->u.integer;
		else if (v->type == VT_PDF_NAME && code >= 0 && code < 256)
			font->encoding[code++] = vt_pdf_glyph_char(v->u.name);
	}
	return VT_OK;
}

static int
read_encoding(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, int64_t flags,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *enc, *base, *diff;
	const char *name = "StandardEncoding";
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Encoding", &enc, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, enc, "BaseEncoding", &base, err)) !=
		VT_OK ||
	    (rc = vt_pdf_lookup(pdf, enc, "Differences", &diff, err)) != VT_OK)
		return rc;
	if (enc->type == VT_PDF_NAME)
		base = enc;
	if (vt_pdf_is_name(base, "WinAnsiEncoding"))
		name = "WinAnsiEncoding";
	else if (vt_pdf_is_name(base, "MacRomanEncoding"))
		name = "MacRomanEncoding";
	/* The font's own, which only its program knows. */
	if (base->type == VT_PDF_NULL && (flags & SYMBOLIC) != 0)
		memset(font->encoding, 0, sizeof(font->encoding));
	else
		vt_pdf_encoding_base(name, font->encoding);
	return differences(pdf, diff, font, err);
}

/* --- widths (9.6.2, 9.7.4.3) --- */

static int
simple_widths(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const struct vt_pdf_obj *descriptor, struct pdf_font *font,
    struct vt_error *err)
{
	const struct vt_pdf_obj *widths, *first, *v;
	double missing = -1, w;
	size_t i;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Widths", &widths, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "FirstChar", &first, err)) !=
		VT_OK ||
	    (rc = vt_pdf_lookup(pdf, descriptor, "MissingWidth", &v, err)) !=
		VT_OK)
		return rc;
	if (widths->type == VT_PDF_ARRAY && !vt_pdf_number(v, &missing))
		missing = 0;
	for (i = 0; i < 256; i++)
		font->simple[i] = missing;
	if (widths->type != VT_PDF_ARRAY || first->type != VT_PDF_INT ||
	    first->u.integer < 0)
		return VT_OK;
	for (i = 0; i < widths->u.array.n; i++) {
		if ((uint64_t)first->u.integer + i > 255)
			break;
		rc = vt_pdf_resolve(pdf, &widths->u.array.items[i], &v, err);
		if (rc != VT_OK)
			return rc;
		if (vt_pdf_number(v, &w))
			font->simple[(size_t)first->u.integer + i] = w;
	}
	return VT_OK;
}

static int
add_width(struct pdf_font *font, int64_t low, int64_t high, double width,
    struct vt_error *err)
{
	struct pdf_widths *more;
	size_t n = font->nwidths;

	if (low < 0 || high < low || high > 0xffff)
		return VT_OK;
	if (n == VT_PDF_FONT_MAP_MAX)
		return vt_error_set(err, VT_ELIMIT, "ISO 32000-2, 9.7.4.3",
		    "a font tells the width of more than %d groups of codes",
		    VT_PDF_FONT_MAP_MAX);
	if ((n & (n - 1)) == 0) { /* room for twice as many */
		more =
		    realloc(font->widths, (n == 0 ? 1 : 2 * n) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		font->widths = more;
	}
	font->widths[font->nwidths++] =
	    (struct pdf_widths){ (uint32_t)low, (uint32_t)high, width };
	return VT_OK;
}

/* "c [w w w]" or "c c w". */
static int
wide_group(struct vt_pdf *pdf, const struct vt_pdf_obj *w, size_t *i,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *v[3] = { NULL, NULL, NULL }, *item;
	double width;
	size_t k;
	int rc;

	for (k = 0; k < 3 && *i + k < w->u.array.n; k++) {
		rc = vt_pdf_resolve(pdf, &w->u.array.items[*i + k], &v[k], err);
		if (rc != VT_OK)
			return rc;
		if (k == 1 && v[1]->type == VT_PDF_ARRAY)
			break;
	}
	if (v[1] == NULL || v[0]->type != VT_PDF_INT) {
		*i = w->u.array.n; /* the rest means nothing */
		return VT_OK;
	}
	if (v[1]->type != VT_PDF_ARRAY) {
		*i += 3;
		return v[2] != NULL && v[1]->type == VT_PDF_INT &&
			       vt_pdf_number(v[2], &width)
			   ? add_width(font, v[0]->u.integer, v[1]->u.integer,
				 width, err)
			   : VT_OK;
	}
	*i += 2;
	for (k = 0; k < v[1]->u.array.n && k <= 0xffff; k++) {
		rc = vt_pdf_resolve(pdf, &v[1]->u.array.items[k], &item, err);
		if (rc == VT_OK && vt_pdf_number(item, &width))
			rc = add_width(font, v[0]->u.integer + (int64_t)k,
			    v[0]->u.integer + (int64_t)k, width, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
by_code(const void *va, const void *vb)
{
	const struct pdf_widths *a = va, *b = vb;

	return a->low < b->low ? -1 : a->low > b->low;
}

static int
wide_widths(struct vt_pdf *pdf, const struct vt_pdf_obj *cid,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *w, *dw;
	size_t i = 0;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, cid, "W", &w, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, cid, "DW", &dw, err)) != VT_OK)
		return rc;
	if (!vt_pdf_number(dw, &font->missing))
		font->missing = 1000;
	while (w->type == VT_PDF_ARRAY && i < w->u.array.n)
		if ((rc = wide_group(pdf, w, &i, font, err)) != VT_OK)
			return rc;
	if (font->nwidths > 0)
		qsort(font->widths, font->nwidths, sizeof(*font->widths),
		    by_code);
	return VT_OK;
}

/* --- all of it --- */

/* Fonts that draw Vietnamese letters at the codes of other characters. */
static bool
is_older_than_unicode(struct vt_bytes name)
{
	size_t plus = vt_bytes_find(name, 0, "+");

	if (plus != SIZE_MAX)
		name = vt_bytes_slice(name, plus + 1, name.len - plus - 1);
	return vt_bytes_starts(name, ".Vn") || vt_bytes_starts(name, "VNI-");
}

static int
read_meaning(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *map;
	struct vt_error e = { 0 };
	struct vt_buf data;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "ToUnicode", &map, err)) != VT_OK ||
	    map->type != VT_PDF_STREAM)
		return rc;
	vt_buf_init(&data, VT_PDF_CMAP_MAX);
	rc = vt_pdf_stream_data(pdf, map, &data, &e);
	if (rc == VT_OK)
		rc = vt_pdf_cmap_read(vt_buf_bytes(&data), font, &e);
	vt_buf_release(&data);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	/* One font that cannot be read hides only its own text. */
	if (rc != VT_OK) {
		free(font->map);
		font->map = NULL;
		font->nmap = 0;
		font->readable = font->readable && rc != VT_ELIMIT;
	}
	return VT_OK;
}

static int
read_wide(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const struct vt_pdf_obj **ret_cid, struct pdf_font *font,
    struct vt_error *err)
{
	const struct vt_pdf_obj *kids, *enc;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Encoding", &enc, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "DescendantFonts", &kids, err)) !=
		VT_OK)
		return rc;
	if (kids->type != VT_PDF_ARRAY || kids->u.array.n == 0)
		return VT_OK;
	rc = vt_pdf_resolve(pdf, &kids->u.array.items[0], ret_cid, err);
	if (rc != VT_OK)
		return rc;
	font->readable = vt_pdf_is_name(enc, "Identity-H");
	return wide_widths(pdf, *ret_cid, font, err);
}

static int
type3_scale(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_font *font, struct vt_error *err)
{
	const struct vt_pdf_obj *m, *v;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "FontMatrix", &m, err)) != VT_OK ||
	    m->type != VT_PDF_ARRAY || m->u.array.n != 6)
		return rc;
	rc = vt_pdf_resolve(pdf, &m->u.array.items[0], &v, err);
	if (rc == VT_OK && !vt_pdf_number(v, &font->scale))
		font->scale = 0.001;
	return rc;
}

int
vt_pdf_font_read(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_font *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *type, *name, *of = dict, *desc, *flags;
	struct pdf_font font = { .scale = 0.001, .readable = true };
	int64_t bits;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, dict, "Subtype", &type, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, dict, "BaseFont", &name, err)) != VT_OK)
		return rc;
	font.wide = vt_pdf_is_name(type, "Type0");
	if (font.wide) {
		font.readable = false;
		rc = read_wide(pdf, dict, &of, &font, err);
	} else if (vt_pdf_is_name(type, "Type3")) {
		rc = type3_scale(pdf, dict, &font, err);
	}
	if (rc != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, of, "FontDescriptor", &desc, err)) !=
		VT_OK ||
	    (rc = vt_pdf_lookup(pdf, desc, "Flags", &flags, err)) != VT_OK)
		goto out;
	bits = flags->type == VT_PDF_INT ? flags->u.integer : 0;
	font.italic = (bits & ITALIC) != 0;
	if (name->type == VT_PDF_NAME) {
		font.italic =
		    font.italic ||
		    vt_bytes_find(name->u.name, 0, "Italic") != SIZE_MAX ||
		    vt_bytes_find(name->u.name, 0, "Oblique") != SIZE_MAX;
		if (is_older_than_unicode(name->u.name))
			font.readable = false;
	}
	if (!font.wide &&
	    ((rc = simple_widths(pdf, dict, desc, &font, err)) != VT_OK ||
		(rc = read_encoding(pdf, dict, bits, &font, err)) != VT_OK))
		goto out;
	rc = read_meaning(pdf, dict, &font, err);
out:
	if (rc == VT_OK)
		*ret = font;
	else
		vt_pdf_font_release(&font);
	return rc;
}
