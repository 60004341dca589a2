/* stamp_fontput.c - the embedded subset of a font (ISO 32000-2, 9.7, 9.9) */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stamp_int.h"
#include "vanthu/digest.h"
#include "vanthu/pdf.h"
#include "vanthu/text.h"

#define SUBSET_MAX (16u << 20) /* bytes of a subset */
#define TEXT_MAX (1u << 20)    /* bytes of a dictionary or map */
#define CIDS_MAX 65535         /* two bytes each */
#define BLOCK_MAX 100          /* entries of one beginbfchar */

/* While one font is written. */
struct writing {
	struct vt_stamp *stamp;
	enum vt_stamp_face face;
	const struct stamp_hb *hb;
	struct stamp_font *font;
	hb_face_t *subset;
	const hb_map_t *to_new, *to_old; /* of glyphs; the plan's */
	unsigned glyphs;                 /* in the subset */
	unsigned cids;
	uint16_t *glyph_of; /* by CID, in the subset */
	char name[64];      /* "ABCDEF+LiberationSerif-Regular" */
};

/*
 * Only what PDF uses of a TrueType font (9.9.1) is kept.  false: out of memory.
 */
static bool
drop_tables(const struct stamp_hb *hb, hb_subset_input_t *input)
{
	static const hb_tag_t drop[] = { HB_TAG('G', 'S', 'U', 'B'),
		HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
		HB_TAG('k', 'e', 'r', 'n'), HB_TAG('n', 'a', 'm', 'e'),
		HB_TAG('O', 'S', '/', '2'), HB_TAG('p', 'o', 's', 't'),
		HB_TAG('c', 'm', 'a', 'p'), HB_TAG('g', 'a', 's', 'p'),
		HB_TAG('m', 'e', 't', 'a'), HB_TAG('D', 'S', 'I', 'G') };
	hb_set_t *set =
	    hb->hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	size_t i;

	for (i = 0; i < sizeof(drop) / sizeof(drop[0]); i++)
		hb->hb_set_add(set, drop[i]);
	hb->hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
	return hb->hb_set_allocation_successful(set);
}

/* The plan is the caller's: the maps are its. */
static int
make_subset(struct writing *w, hb_subset_plan_t **ret, struct vt_error *err)
{
	const struct stamp_hb *hb = w->hb;
	hb_subset_plan_t *plan = NULL;
	hb_subset_input_t *input;
	hb_set_t *wanted;
	size_t i;

	if ((input = hb->hb_subset_input_create_or_fail()) == NULL)
		return vt_error_nomem(err);
	wanted = hb->hb_subset_input_glyph_set(input);
	for (i = 0; i < w->stamp->slots[w->face].n; i++)
		hb->hb_set_add(wanted, w->stamp->slots[w->face].items[i].glyph);
	if (!drop_tables(hb, input) ||
	    !hb->hb_set_allocation_successful(wanted)) {
		hb->hb_subset_input_destroy(input);
		return vt_error_nomem(err);
	}
	plan = hb->hb_subset_plan_create_or_fail(w->font->face, input);
	hb->hb_subset_input_destroy(input);
	if (plan == NULL ||
	    (w->subset = hb->hb_subset_plan_execute_or_fail(plan)) == NULL) {
		if (plan != NULL)
			hb->hb_subset_plan_destroy(plan);
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "HarfBuzz cannot make a subset of the font %s",
		    vt_stamp_face_name(w->face));
	}
	w->to_new = hb->hb_subset_plan_old_to_new_glyph_mapping(plan);
	w->to_old = hb->hb_subset_plan_new_to_old_glyph_mapping(plan);
	w->glyphs = hb->hb_face_get_glyph_count(w->subset);
	*ret = plan;
	return VT_OK;
}

/*
 * A CID is the glyph's number in the subset, so every glyph has one and
 * /CIDToGIDMap is /Identity.  A second text of the same glyph gets a further
 * CID, and the map is written out.
 */
static int
number_slots(struct writing *w, struct vt_error *err)
{
	struct stamp_slot *slot, *slots = w->stamp->slots[w->face].items;
	size_t i, n = w->stamp->slots[w->face].n;
	bool *taken;
	unsigned g;
	int rc;

	taken = calloc(w->glyphs, sizeof(*taken));
	w->glyph_of = calloc(w->glyphs + n, sizeof(*w->glyph_of));
	if (taken == NULL || w->glyph_of == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if (w->glyphs + n > CIDS_MAX) {
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the font %s has too many glyphs",
		    vt_stamp_face_name(w->face));
		goto out;
	}
	for (g = 0; g < w->glyphs; g++)
		w->glyph_of[g] = (uint16_t)g;
	w->cids = w->glyphs;
	for (i = 0; i < n; i++) {
		slot = &slots[i];
		g = w->hb->hb_map_get(w->to_new, slot->glyph);
		if (g >= w->glyphs) {
			rc = vt_error_set(err, VT_EFORMAT, NULL,
			    "HarfBuzz cannot make a subset of the font %s",
			    vt_stamp_face_name(w->face));
			goto out;
		}
		slot->cid = taken[g] ? w->cids++ : g;
		w->glyph_of[slot->cid] = (uint16_t)g;
		taken[g] = true;
	}
	rc = VT_OK;
out:
	free(taken);
	return rc;
}

/*
 * Where HarfBuzz runs out of memory it may go on with an empty table, and an
 * empty glyph: so each glyph must be as large and as wide in the subset as in
 * the font.
 */
static int
check_subset(const struct writing *w, struct vt_error *err)
{
	const struct stamp_slot *slots = w->stamp->slots[w->face].items;
	hb_font_t *font = w->hb->hb_font_create(w->subset);
	hb_glyph_extents_t a, b;
	bool same = true;
	size_t i;

	for (i = 0; i < w->stamp->slots[w->face].n && same; i++)
		same = w->hb->hb_font_get_glyph_extents(w->font->font,
			   slots[i].glyph, &a) &&
		       w->hb->hb_font_get_glyph_extents(font,
			   w->glyph_of[slots[i].cid], &b) &&
		       a.x_bearing == b.x_bearing &&
		       a.y_bearing == b.y_bearing && a.width == b.width &&
		       a.height == b.height &&
		       w->hb->hb_font_get_glyph_h_advance(w->font->font,
			   slots[i].glyph) ==
			   w->hb->hb_font_get_glyph_h_advance(font,
			       w->glyph_of[slots[i].cid]);
	w->hb->hb_font_destroy(font);
	if (!same)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "HarfBuzz cannot make a subset of the font %s",
		    vt_stamp_face_name(w->face));
	return VT_OK;
}

/* Six letters that depend on what the subset holds (9.9.2). */
static int
name_subset(struct writing *w, struct vt_bytes data, struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	char tag[7] = { 0 };
	size_t i;
	int rc;

	if ((rc = vt_sha256(data, digest, err)) != VT_OK)
		return rc;
	for (i = 0; i < 6; i++)
		tag[i] = (char)('A' + digest[i] % 26);
	snprintf(w->name, sizeof(w->name), "%s+%s", tag,
	    vt_stamp_face_name(w->face));
	return VT_OK;
}

static double
thousandths(const struct writing *w, double units)
{
	return units * 1000 / w->font->upem;
}

static int
pack_put(struct vt_pdf_update *up, const char *keys, struct vt_bytes data,
    struct vt_pdf_ref *ret, struct vt_error *err)
{
	struct vt_buf packed;
	int rc;

	vt_buf_init(&packed, SUBSET_MAX);
	if ((rc = vt_pdf_deflate(data, &packed, err)) == VT_OK &&
	    (rc = vt_pdf_update_alloc(up, ret, err)) == VT_OK)
		rc = vt_stamp_stream_put(up, *ret, keys, vt_buf_bytes(&packed),
		    err);
	vt_buf_release(&packed);
	return rc;
}

static int
put_program(struct writing *w, struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	hb_blob_t *blob = w->hb->hb_face_reference_blob(w->subset);
	const char *data;
	char keys[40];
	unsigned len;
	int rc;

	data = w->hb->hb_blob_get_data(blob, &len);
	snprintf(keys, sizeof(keys), "/Length1 %u", len);
	if ((rc = name_subset(w, VT_BYTES(data, len), err)) == VT_OK)
		rc = pack_put(up, keys, VT_BYTES(data, len), ret, err);
	w->hb->hb_blob_destroy(blob);
	return rc;
}

/* Which CIDs there are (9.8.3): all of them; PDF/A-1 wants it said. */
static int
put_cidset(struct writing *w, struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	unsigned char bits[CIDS_MAX / 8 + 1] = { 0 };
	unsigned i;

	for (i = 0; i < w->cids; i++)
		bits[i / 8] |= (unsigned char)(0x80 >> i % 8);
	return pack_put(up, "", VT_BYTES(bits, (w->cids + 7) / 8), ret, err);
}

static int
put_descriptor(struct writing *w, struct vt_pdf_update *up,
    struct vt_pdf_ref program, struct vt_pdf_ref cidset, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	const bool italic =
	    w->face == VT_STAMP_ITALIC || w->face == VT_STAMP_BOLD_ITALIC;
	const bool bold =
	    w->face == VT_STAMP_BOLD || w->face == VT_STAMP_BOLD_ITALIC;
	const struct stamp_font *f = w->font;
	char text[512];
	int rc, n;

	/* flags: serif, symbolic (it has no /Encoding), italic (9.8.2) */
	n = snprintf(text, sizeof(text),
	    "<</Type/FontDescriptor/FontName/%s/Flags %d"
	    "/FontBBox[%.0f %.0f %.0f %.0f]/ItalicAngle %d/Ascent %.0f"
	    "/Descent %.0f/CapHeight %.0f/StemV %d/FontFile2 %u %u R"
	    "/CIDSet %u %u R>>",
	    w->name, italic ? 2 + 4 + 64 : 2 + 4, thousandths(w, f->box[0]),
	    thousandths(w, f->box[1]), thousandths(w, f->box[2]),
	    thousandths(w, f->box[3]), italic ? -16 : 0,
	    thousandths(w, f->ascent), thousandths(w, f->descent), 662.0,
	    bold ? 130 : 80, program.num, program.gen, cidset.num, cidset.gen);
	if ((rc = vt_pdf_update_alloc(up, ret, err)) != VT_OK)
		return rc;
	return vt_pdf_update_put(up, *ret, VT_BYTES(text, (size_t)n), err);
}

/* Two bytes of glyph for each CID (9.7.4.2), where they are not the same. */
static int
put_gidmap(struct writing *w, struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	struct vt_buf map;
	unsigned i;
	int rc = VT_OK;

	if (w->cids == w->glyphs)
		return VT_OK;
	vt_buf_init(&map, 2 * CIDS_MAX);
	for (i = 0; i < w->cids && rc == VT_OK; i++)
		if ((rc = vt_buf_putc(&map, w->glyph_of[i] >> 8)) == VT_OK)
			rc = vt_buf_putc(&map, w->glyph_of[i] & 0xff);
	rc = rc != VT_OK ? (int)vt_error_nomem(err)
			 : pack_put(up, "", vt_buf_bytes(&map), ret, err);
	vt_buf_release(&map);
	return rc;
}

static int
widths(const struct writing *w, struct vt_buf *out)
{
	hb_codepoint_t old;
	unsigned i;
	int rc;

	rc = vt_buf_puts(out, "/W[0[");
	for (i = 0; i < w->cids && rc == VT_OK; i++) {
		old = w->hb->hb_map_get(w->to_old, w->glyph_of[i]);
		rc = vt_stamp_number_put(out,
		    thousandths(w,
			w->hb->hb_font_get_glyph_h_advance(w->font->font,
			    old)));
		if (rc == VT_OK && i + 1 < w->cids)
			rc = vt_buf_putc(out, ' ');
	}
	return rc == VT_OK ? vt_buf_puts(out, "]]") : rc;
}

static int
put_cidfont(struct writing *w, struct vt_pdf_update *up,
    struct vt_pdf_ref descriptor, struct vt_pdf_ref gidmap,
    struct vt_pdf_ref *ret, struct vt_error *err)
{
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_buf_printf(&text,
	    "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo"
	    "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
	    "/FontDescriptor %u %u R",
	    w->name, descriptor.num, descriptor.gen);
	if (rc == VT_OK)
		rc = gidmap.num == 0
			 ? vt_buf_puts(&text, "/CIDToGIDMap/Identity")
			 : vt_buf_printf(&text, "/CIDToGIDMap %u %u R",
			       gidmap.num, gidmap.gen);
	if (rc == VT_OK)
		rc = widths(w, &text);
	if (rc == VT_OK)
		rc = vt_buf_puts(&text, ">>");
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else if ((rc = vt_pdf_update_alloc(up, ret, err)) == VT_OK)
		rc = vt_pdf_update_put(up, *ret, vt_buf_bytes(&text), err);
	vt_buf_release(&text);
	return rc;
}

/* The text of one slot as UTF-16BE in hex. */
static int
utf16_put(struct vt_buf *out, struct vt_bytes text)
{
	size_t pos = 0;
	int32_t c;
	int rc = VT_OK;

	while (pos < text.len && rc == VT_OK) {
		if ((c = vt_utf8_next(text, &pos)) < 0x10000)
			rc = vt_buf_printf(out, "%04X", (unsigned)c);
		else
			rc = vt_buf_printf(out, "%04X%04X",
			    0xd800u + ((unsigned)(c - 0x10000) >> 10),
			    0xdc00u + ((unsigned)(c - 0x10000) & 0x3ff));
	}
	return rc;
}

/* What each CID stands for (9.10.3), in the order of the slots. */
static int
tounicode(const struct writing *w, struct vt_buf *out)
{
	const struct stamp_slot *slots = w->stamp->slots[w->face].items;
	size_t i, n = w->stamp->slots[w->face].n, left;
	int rc;

	rc = vt_buf_puts(out,
	    "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	    "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
	    "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
	for (i = 0; i < n && rc == VT_OK; i++) {
		left = n - i < BLOCK_MAX ? n - i : BLOCK_MAX;
		if (i % BLOCK_MAX == 0 &&
		    (rc = vt_buf_printf(out, "%zu beginbfchar\n", left)) !=
			VT_OK)
			break;
		rc = vt_buf_printf(out, "<%04X><", (unsigned)slots[i].cid);
		if (rc == VT_OK)
			rc = utf16_put(out,
			    VT_BYTES(w->stamp->text.data + slots[i].text,
				slots[i].len));
		if (rc == VT_OK)
			rc = vt_buf_puts(out, ">\n");
		if (rc == VT_OK &&
		    (i % BLOCK_MAX == BLOCK_MAX - 1 || i == n - 1))
			rc = vt_buf_puts(out, "endbfchar\n");
	}
	return rc == VT_OK
		   ? vt_buf_puts(out,
			 "endcmap\n"
			 "CMapName currentdict/CMap defineresource pop\n"
			 "end\nend\n")
		   : rc;
}

static int
put_font(struct writing *w, struct vt_pdf_update *up, struct vt_pdf_ref cidfont,
    struct vt_pdf_ref *ret, struct vt_error *err)
{
	struct vt_pdf_ref map = { 0, 0 };
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	if (tounicode(w, &text) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = pack_put(up, "", vt_buf_bytes(&text), &map, err)) != VT_OK)
		goto out;
	vt_buf_reset(&text);
	if (vt_buf_printf(&text,
		"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"
		"/DescendantFonts[%u %u R]/ToUnicode %u %u R>>",
		w->name, cidfont.num, cidfont.gen, map.num, map.gen) != VT_OK)
		rc = vt_error_nomem(err);
	else if ((rc = vt_pdf_update_alloc(up, ret, err)) == VT_OK)
		rc = vt_pdf_update_put(up, *ret, vt_buf_bytes(&text), err);
out:
	vt_buf_release(&text);
	return rc;
}

int
vt_stamp_font_put(struct vt_stamp *stamp, enum vt_stamp_face face,
    struct vt_pdf_update *up, struct vt_pdf_ref *ret, struct vt_error *err)
{
	struct writing w = { .stamp = stamp,
		.face = face,
		.hb = &stamp->kit->hb,
		.font = &stamp->kit->font[face] };
	struct vt_pdf_ref program, cidset, descriptor, cidfont;
	struct vt_pdf_ref gidmap = { 0, 0 }, font = { 0, 0 };
	hb_subset_plan_t *plan = NULL;
	int rc;

	if ((rc = make_subset(&w, &plan, err)) == VT_OK &&
	    (rc = number_slots(&w, err)) == VT_OK &&
	    (rc = check_subset(&w, err)) == VT_OK &&
	    (rc = put_program(&w, up, &program, err)) == VT_OK &&
	    (rc = put_cidset(&w, up, &cidset, err)) == VT_OK &&
	    (rc = put_descriptor(&w, up, program, cidset, &descriptor, err)) ==
		VT_OK &&
	    (rc = put_gidmap(&w, up, &gidmap, err)) == VT_OK &&
	    (rc = put_cidfont(&w, up, descriptor, gidmap, &cidfont, err)) ==
		VT_OK &&
	    (rc = put_font(&w, up, cidfont, &font, err)) == VT_OK)
		*ret = font;
	free(w.glyph_of);
	if (w.subset != NULL)
		w.hb->hb_face_destroy(w.subset);
	if (plan != NULL)
		w.hb->hb_subset_plan_destroy(plan);
	return rc;
}
