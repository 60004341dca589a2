/* stamp_text.c - text on the canvas: what may stand there, shaped, broken */
#include <stdlib.h>
#include <string.h>

#include "stamp_int.h"
#include "vanthu/text.h"

#define GLYPHS_MAX (4u * VT_STAMP_TEXT_MAX)

/* --- what may be shown --- */

/* Scripts that run from right to left: letters, marks and their forms. */
static bool
runs_left(int32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfeff) || (c >= 0x10800 && c <= 0x10fff) ||
	       (c >= 0x1e800 && c <= 0x1efff);
}

static int
check_char(int32_t c, bool newlines, struct vt_error *err)
{
	unsigned char utf8[4];
	size_t len = vt_utf8_put(c, utf8);

	if (c == '\n' && newlines)
		return VT_OK;
	if (vt_text_hides(VT_BYTES(utf8, len)))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the text has the control or invisible character U+%04X",
		    (unsigned)c);
	if (runs_left(c))
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "the text has U+%04X, of a script that runs from right to "
		    "left",
		    (unsigned)c);
	return VT_OK;
}

int
vt_stamp_clean(const char *text, bool newlines, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_buf clean;
	size_t pos = 0;
	int rc;

	vt_buf_init(&clean, VT_STAMP_TEXT_MAX);
	rc = vt_text_nfc(&clean, vt_bytes_str(text), err);
	while (rc == VT_OK && pos < clean.len)
		rc = check_char(vt_utf8_next(vt_buf_bytes(&clean), &pos),
		    newlines, err);
	if (rc != VT_OK) {
		vt_buf_release(&clean);
		return rc;
	}
	*ret = clean;
	return VT_OK;
}

int
vt_stamp_style_check(const struct vt_stamp_style *style, struct vt_error *err)
{
	if (style->size >= VT_STAMP_SIZE_MIN &&
	    style->size <= VT_STAMP_SIZE_MAX)
		return VT_OK;
	return vt_error_set(err, VT_EARG, NULL,
	    "letters are from %d to %d points high", (int)VT_STAMP_SIZE_MIN,
	    (int)VT_STAMP_SIZE_MAX);
}

/* --- shaping --- */

static int
missing(enum vt_stamp_face face, struct vt_bytes text, size_t at,
    struct vt_error *err)
{
	size_t end = at;
	int32_t c = vt_utf8_next(text, &end);

	return vt_error_set(err, VT_EUNSUPPORTED, NULL,
	    "the font %s has no letter for U+%04X \"%.*s\"",
	    vt_stamp_face_name(face), (unsigned)c, (int)(end - at),
	    (const char *)text.data + at);
}

static int
slot_for(struct vt_stamp *stamp, enum vt_stamp_face face, uint32_t glyph,
    struct vt_bytes text, size_t *ret, struct vt_error *err)
{
	struct stamp_slot *items = stamp->slots[face].items;
	size_t i, n = stamp->slots[face].n;

	for (i = 0; i < n; i++)
		if (items[i].glyph == glyph && items[i].len == text.len &&
		    memcmp(stamp->text.data + items[i].text, text.data,
			text.len) == 0) {
			*ret = i;
			return VT_OK;
		}
	if ((n & (n - 1)) == 0) {
		items = realloc(items, (n == 0 ? 1 : 2 * n) * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		stamp->slots[face].items = items;
	}
	items[n] = (struct stamp_slot){ .glyph = glyph,
		.text = stamp->text.len,
		.len = text.len };
	switch (vt_buf_bytes_put(&stamp->text, text)) {
	case VT_OK:
		stamp->slots[face].n++;
		*ret = n;
		return VT_OK;
	case VT_ENOMEM:
		return vt_error_nomem(err);
	default:
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the text of a stamp is longer than %d bytes",
		    VT_STAMP_TEXT_MAX);
	}
}

static int
glyph_room(struct vt_stamp *stamp, size_t more, struct vt_error *err)
{
	struct stamp_glyph *glyphs;

	if (stamp->nglyphs + more > GLYPHS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the text of a stamp is longer than %d bytes",
		    VT_STAMP_TEXT_MAX);
	glyphs =
	    realloc(stamp->glyphs, (stamp->nglyphs + more) * sizeof(*glyphs));
	if (glyphs == NULL)
		return vt_error_nomem(err);
	stamp->glyphs = glyphs;
	return VT_OK;
}

/*
 * Left to right, without ligatures: each character keeps its glyph, so the text
 * is read back letter by letter.  Without kerning, as word processors set it
 * unless told to: a number put into a printed line is spaced like the line.
 */
static int
run_shaper(struct vt_stamp_kit *kit, const struct stamp_font *font,
    struct vt_bytes text, struct vt_error *err)
{
	static const hb_feature_t features[] = {
		{ HB_TAG('l', 'i', 'g', 'a'), 0, 0, (unsigned)-1 },
		{ HB_TAG('c', 'l', 'i', 'g'), 0, 0, (unsigned)-1 },
		{ HB_TAG('k', 'e', 'r', 'n'), 0, 0, (unsigned)-1 },
	};
	const struct stamp_hb *hb = &kit->hb;
	hb_buffer_t *b = kit->buffer;

	hb->hb_buffer_clear_contents(b);
	hb->hb_buffer_set_cluster_level(b, HB_BUFFER_CLUSTER_LEVEL_CHARACTERS);
	hb->hb_buffer_set_direction(b, HB_DIRECTION_LTR);
	hb->hb_buffer_set_script(b, HB_SCRIPT_LATIN);
	hb->hb_buffer_set_language(b, hb->hb_language_from_string("vi", 2));
	hb->hb_buffer_add_utf8(b, (const char *)text.data, (int)text.len, 0,
	    (int)text.len);
	hb->hb_shape(font->font, b, features,
	    sizeof(features) / sizeof(features[0]));
	if (!hb->hb_buffer_allocation_successful(b))
		return vt_error_nomem(err);
	return VT_OK;
}

/*
 * Keep what the shaper made.  STARTS marks the bytes of TEXT at which a glyph's
 * share of it begins; a share ends where the next begins.
 */
static int
keep(struct vt_stamp *stamp, enum vt_stamp_face face, struct vt_bytes text,
    const hb_glyph_info_t *info, const hb_glyph_position_t *pos, unsigned n,
    const unsigned char *starts, struct vt_error *err)
{
	struct stamp_glyph *g;
	size_t end;
	unsigned i;
	int rc;

	if ((rc = glyph_room(stamp, n, err)) != VT_OK)
		return rc;
	for (i = 0; i < n; i++) {
		end = info[i].cluster + 1;
		while (end < text.len && !starts[end])
			end++;
		g = &stamp->glyphs[stamp->nglyphs + i];
		*g = (struct stamp_glyph){ .advance = pos[i].x_advance,
			.x = pos[i].x_offset,
			.y = pos[i].y_offset };
		rc = slot_for(stamp, face, info[i].codepoint,
		    vt_bytes_slice(text, info[i].cluster,
			end - info[i].cluster),
		    &g->slot, err);
		if (rc != VT_OK)
			return rc;
	}
	stamp->nglyphs += n;
	return VT_OK;
}

int
vt_stamp_shape(struct vt_stamp *stamp, enum vt_stamp_face face,
    struct vt_bytes text, bool put, double *ret_width, struct vt_error *err)
{
	unsigned char starts[VT_STAMP_TEXT_MAX + 1] = { 0 };
	struct vt_stamp_kit *kit = stamp->kit;
	hb_glyph_position_t *pos;
	struct stamp_font *font;
	hb_glyph_info_t *info;
	double width = 0;
	unsigned n, i;
	int rc;

	if ((rc = vt_stamp_font_get(kit, face, &font, err)) != VT_OK ||
	    (rc = run_shaper(kit, font, text, err)) != VT_OK)
		return rc;
	info = kit->hb.hb_buffer_get_glyph_infos(kit->buffer, &n);
	pos = kit->hb.hb_buffer_get_glyph_positions(kit->buffer, NULL);
	for (i = 0; i < n; i++) {
		/* no glyph, or several for one character: none to be read */
		if (info[i].codepoint == 0 || starts[info[i].cluster])
			return missing(face, text, info[i].cluster, err);
		starts[info[i].cluster] = 1;
		width += pos[i].x_advance;
	}
	if (put && n > 0 &&
	    (rc = keep(stamp, face, text, info, pos, n, starts, err)) != VT_OK)
		return rc;
	*ret_width = width;
	return VT_OK;
}

/* --- one line --- */

static double
upem(const struct vt_stamp *stamp, enum vt_stamp_face face)
{
	return stamp->kit->font[face].upem;
}

int
vt_stamp_line_put(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    double x, double y, struct vt_bytes text, struct vt_error *err)
{
	size_t first = stamp->nglyphs;
	double width;
	int rc;

	rc = vt_stamp_shape(stamp, style->face, text, true, &width, err);
	if (rc != VT_OK || stamp->nglyphs == first)
		return rc;
	width *= style->size / upem(stamp, style->face);
	if (style->align == VT_STAMP_CENTRE)
		x -= width / 2;
	else if (style->align == VT_STAMP_RIGHT)
		x -= width;
	rc = vt_stamp_op_add(stamp,
	    (struct stamp_op){ .kind = STAMP_TEXT,
		.colour = style->colour,
		.box = { x, y, width, style->size },
		.size = style->size,
		.face = style->face,
		.first = first,
		.n = stamp->nglyphs - first },
	    err);
	if (rc != VT_OK)
		stamp->nglyphs = first;
	return rc;
}

int
vt_stamp_measure(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    const char *text, double *ret_width, struct vt_error *err)
{
	struct vt_buf clean = { 0 };
	double width;
	int rc;

	if ((rc = vt_stamp_style_check(style, err)) == VT_OK &&
	    (rc = vt_stamp_clean(text, false, &clean, err)) == VT_OK &&
	    (rc = vt_stamp_shape(stamp, style->face, vt_buf_bytes(&clean),
		 false, &width, err)) == VT_OK)
		*ret_width = width * style->size / upem(stamp, style->face);
	vt_buf_release(&clean);
	return rc;
}

int
vt_stamp_text(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    double x, double y, const char *text, struct vt_error *err)
{
	struct vt_buf clean = { 0 };
	int rc;

	if ((rc = vt_stamp_style_check(style, err)) == VT_OK &&
	    (rc = vt_stamp_clean(text, false, &clean, err)) == VT_OK)
		rc = vt_stamp_line_put(stamp, style, x, y, vt_buf_bytes(&clean),
		    err);
	vt_buf_release(&clean);
	return rc;
}
