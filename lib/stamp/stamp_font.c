/* stamp_font.c - fonts: found, measured, and lines of text shaped */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stamp_int.h"
#include "vanthu/file.h"
#include "vanthu/text.h"

#define FONT_MAX (32u << 20) /* bytes of a font file */

/*
 * Metric-compatible with Times New Roman, which NĐ 30/2020 wants (Annex I).
 * Version 2 first: it has more letters and better marks.
 */
static const char *const folders[] = {
	"/usr/share/fonts/truetype/liberation2",
	"/usr/share/fonts/truetype/liberation",
	"/usr/share/fonts/liberation-serif",
	"/usr/share/fonts/liberation",
};

const char *
vt_stamp_face_name(enum vt_stamp_face face)
{
	static const char *const names[STAMP_FACES] = {
		[VT_STAMP_REGULAR] = "LiberationSerif-Regular",
		[VT_STAMP_BOLD] = "LiberationSerif-Bold",
		[VT_STAMP_ITALIC] = "LiberationSerif-Italic",
		[VT_STAMP_BOLD_ITALIC] = "LiberationSerif-BoldItalic",
	};

	return names[face];
}

/* DIR/NAME.ttf where it can be read; *RET is NULL where not. */
static int
find_in(const char *dir, const char *name, char **ret, struct vt_error *err)
{
	struct vt_buf path;

	vt_buf_init(&path, 4096);
	*ret = NULL;
	if (vt_buf_printf(&path, "%s/%s.ttf", dir, name) == VT_ENOMEM)
		return vt_error_nomem(err);
	if (access(vt_buf_str(&path), R_OK) == 0)
		*ret = (char *)vt_buf_take(&path, NULL);
	vt_buf_release(&path);
	return VT_OK;
}

static int
find(const struct vt_stamp_kit *kit, const char *name, char **ret,
    struct vt_error *err)
{
	char *path = NULL;
	size_t i;
	int rc;

	if (kit->fonts != NULL) {
		rc = find_in(kit->fonts, name, &path, err);
		if (rc == VT_OK && path == NULL)
			rc = vt_error_io(err, "%s has no font %s.ttf",
			    kit->fonts, name);
		*ret = path;
		return rc;
	}
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if ((rc = find_in(folders[i], name, &path, err)) != VT_OK)
			return rc;
		if (path != NULL) {
			*ret = path;
			return VT_OK;
		}
	}
	return vt_error_set(err, VT_EIO, NULL,
	    "the font %s, which a visible signature needs, is not installed; "
	    "install the package fonts-liberation2 or fonts-liberation",
	    name);
}

static int
short_at(const char *table, size_t off)
{
	const unsigned char *p = (const unsigned char *)table + off;

	return (int16_t)(p[0] << 8 | p[1]);
}

/* The numbers of a font descriptor (OpenType: "head" and "hhea"). */
static bool
read_metrics(const struct stamp_hb *hb, struct stamp_font *font)
{
	hb_blob_t *head, *hhea;
	unsigned head_len, hhea_len, i;
	const char *p, *q;
	bool ok;

	head =
	    hb->hb_face_reference_table(font->face, HB_TAG('h', 'e', 'a', 'd'));
	hhea =
	    hb->hb_face_reference_table(font->face, HB_TAG('h', 'h', 'e', 'a'));
	p = hb->hb_blob_get_data(head, &head_len);
	q = hb->hb_blob_get_data(hhea, &hhea_len);
	ok = head_len >= 44 && hhea_len >= 8;
	for (i = 0; ok && i < 4; i++)
		font->box[i] = short_at(p, 36 + 2 * i);
	if (ok) {
		font->ascent = short_at(q, 4);
		font->descent = short_at(q, 6);
	}
	hb->hb_blob_destroy(head);
	hb->hb_blob_destroy(hhea);
	return ok;
}

int
vt_stamp_font_get(struct vt_stamp_kit *kit, enum vt_stamp_face face,
    struct stamp_font **ret, struct vt_error *err)
{
	struct stamp_font *font = &kit->font[face], made = { 0 };
	const struct stamp_hb *hb = &kit->hb;
	hb_blob_t *blob = NULL;
	char *path = NULL;
	int rc;

	if (font->face != NULL) {
		*ret = font;
		return VT_OK;
	}
	if ((rc = find(kit, vt_stamp_face_name(face), &path, err)) != VT_OK ||
	    (rc = vt_stamp_kit_hb(kit, err)) != VT_OK)
		goto out;
	if ((blob = hb->hb_blob_create_from_file_or_fail(path)) == NULL) {
		rc = vt_error_set(err, VT_EIO, NULL, "%s cannot be read", path);
		goto out;
	}
	made.face = hb->hb_face_create(blob, 0);
	made.font = hb->hb_font_create(made.face);
	made.upem = hb->hb_face_get_upem(made.face);
	if (hb->hb_face_get_glyph_count(made.face) == 0 ||
	    !read_metrics(hb, &made)) {
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "%s is not a TrueType font", path);
		goto out;
	}
	*font = made;
	made = (struct stamp_font){ 0 };
	*ret = font;
	rc = VT_OK;
out:
	if (made.face != NULL) {
		hb->hb_font_destroy(made.font);
		hb->hb_face_destroy(made.face);
	}
	if (blob != NULL)
		hb->hb_blob_destroy(blob);
	free(path);
	return rc;
}
