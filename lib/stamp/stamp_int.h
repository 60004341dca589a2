/* stamp_int.h - private to stamp */
#ifndef STAMP_INT_H
#define STAMP_INT_H

#include <hb-subset.h>
#include <hb.h>
#include <png.h>

#include "vanthu/error.h"
#include "vanthu/stamp.h"

#define STAMP_FACES 4

/*
 * What we call of HarfBuzz and libpng: pointers, filled when the library is
 * loaded, under the functions' own names.
 */
#define STAMP_HB(X)                                                            \
	X(hb_blob_create_from_file_or_fail)                                    \
	X(hb_blob_destroy)                                                     \
	X(hb_blob_get_data)                                                    \
	X(hb_buffer_add_utf8)                                                  \
	X(hb_buffer_allocation_successful)                                     \
	X(hb_buffer_clear_contents)                                            \
	X(hb_buffer_create)                                                    \
	X(hb_buffer_destroy)                                                   \
	X(hb_buffer_get_glyph_infos)                                           \
	X(hb_buffer_get_glyph_positions)                                       \
	X(hb_buffer_set_cluster_level)                                         \
	X(hb_buffer_set_direction)                                             \
	X(hb_buffer_set_language)                                              \
	X(hb_buffer_set_script)                                                \
	X(hb_face_create)                                                      \
	X(hb_face_destroy)                                                     \
	X(hb_face_get_glyph_count)                                             \
	X(hb_face_get_upem)                                                    \
	X(hb_face_reference_blob)                                              \
	X(hb_face_reference_table)                                             \
	X(hb_font_create)                                                      \
	X(hb_font_destroy)                                                     \
	X(hb_font_get_glyph_extents)                                           \
	X(hb_font_get_glyph_h_advance)                                         \
	X(hb_language_from_string)                                             \
	X(hb_map_get)                                                          \
	X(hb_set_add)                                                          \
	X(hb_set_allocation_successful)                                        \
	X(hb_shape)                                                            \
	X(hb_subset_input_create_or_fail)                                      \
	X(hb_subset_input_destroy)                                             \
	X(hb_subset_input_glyph_set)                                           \
	X(hb_subset_input_set)                                                 \
	X(hb_subset_input_set_flags)                                           \
	X(hb_subset_plan_create_or_fail)                                       \
	X(hb_subset_plan_destroy)                                              \
	X(hb_subset_plan_execute_or_fail)                                      \
	X(hb_subset_plan_new_to_old_glyph_mapping)                             \
	X(hb_subset_plan_old_to_new_glyph_mapping)

#define STAMP_PNG(X)                                                           \
	X(png_image_begin_read_from_memory)                                    \
	X(png_image_finish_read)                                               \
	X(png_image_free)

#define STAMP_POINTER(name) __typeof__(name) *name;
struct stamp_hb {
	void *library; /* NULL: not loaded yet */
	STAMP_HB(STAMP_POINTER)
};
struct stamp_png {
	void *library;
	STAMP_PNG(STAMP_POINTER)
};
#undef STAMP_POINTER

/* One of the four fonts, loaded when text first needs it. */
struct stamp_font {
	hb_face_t *face; /* NULL: not loaded yet */
	hb_font_t *font;
	double upem;
	/* from its tables "head" and "hhea", in its own units */
	int box[4];
	int ascent, descent;
};

struct vt_stamp_kit {
	char *fonts; /* or NULL */
	bool opaque;
	struct stamp_hb hb;
	struct stamp_png png;
	hb_buffer_t *buffer;
	struct stamp_font font[STAMP_FACES];
};

int vt_stamp_kit_hb(struct vt_stamp_kit *kit, struct vt_error *err);
int vt_stamp_kit_png(struct vt_stamp_kit *kit, struct vt_error *err);
/* The PostScript name of a face: "LiberationSerif-Bold". */
const char *vt_stamp_face_name(enum vt_stamp_face face);
/* Loads HarfBuzz and the font where that was not done yet. */
int vt_stamp_font_get(struct vt_stamp_kit *kit, enum vt_stamp_face face,
    struct stamp_font **ret, struct vt_error *err);

/*
 * A glyph as one text uses it.  Two texts that share a glyph (a space and one
 * that does not break) are two of these, so that each is read back as it was.
 */
struct stamp_slot {
	uint32_t glyph;   /* in the whole font */
	uint32_t cid;     /* in the document, while the stamp is put */
	size_t text, len; /* in the stamp's TEXT */
};

/* A glyph of a line, in the font's units. */
struct stamp_glyph {
	size_t slot;
	int advance, x, y;
};

enum stamp_op_kind { STAMP_TEXT, STAMP_LINE, STAMP_FRAME, STAMP_IMAGE };

struct stamp_op {
	enum stamp_op_kind kind;
	uint32_t colour;
	struct vt_stamp_box box; /* text: x, y; a line: to x + width, ... */
	double size;             /* of letters, or how thick a line is */
	enum vt_stamp_face face;
	size_t first, n; /* of the stamp's glyphs */
	size_t image;
};

struct vt_stamp {
	struct vt_stamp_kit *kit;
	double width, height;
	int turned; /* 0, 90, 180, 270 */
	struct stamp_op *ops;
	size_t nops;
	struct stamp_glyph *glyphs;
	size_t nglyphs;
	struct {
		struct stamp_slot *items;
		size_t n;
	} slots[STAMP_FACES];
	struct vt_buf text; /* what the slots stand for */
	const struct vt_stamp_image *images[VT_STAMP_IMAGES_MAX];
	size_t nimages;
};

/* Make room for one more at the end; VT_ELIMIT beyond VT_STAMP_OPS_MAX. */
int vt_stamp_op_add(struct vt_stamp *stamp, struct stamp_op op,
    struct vt_error *err);

/* Text in NFC that may be shown; NEWLINES: these may be in it. */
int vt_stamp_clean(const char *text, bool newlines, struct vt_buf *ret,
    struct vt_error *err);
/*
 * Shape TEXT, one line and clean; its width in the font's units.  PUT: keep its
 * glyphs at the end of the stamp's.
 */
int vt_stamp_shape(struct vt_stamp *stamp, enum vt_stamp_face face,
    struct vt_bytes text, bool put, double *ret_width, struct vt_error *err);
int vt_stamp_style_check(const struct vt_stamp_style *style,
    struct vt_error *err);
/* vt_stamp_text() for TEXT that is clean. */
int vt_stamp_line_put(struct vt_stamp *stamp,
    const struct vt_stamp_style *style, double x, double y,
    struct vt_bytes text, struct vt_error *err);

/* Move what was put from op FIRST on. */
void vt_stamp_move(struct vt_stamp *stamp, size_t first, double dx, double dy);

/* An image as it goes into a document. */
struct vt_stamp_image {
	unsigned width, height; /* pixels */
	double points[2];       /* actual size; 0: not known */
	struct vt_buf colour;   /* RGB, 8 bits each, deflated */
	struct vt_buf hard;     /* a mask of one bit; empty: all is shown */
	struct vt_buf soft;     /* of 8 bits; empty: nothing is half shown */
};

/* V with at most three decimals, whatever the locale. */
int vt_stamp_number_put(struct vt_buf *out, double v);
/* The objects of FACE as STAMP uses it; *RET is the Type0 font. */
int vt_stamp_font_put(struct vt_stamp *stamp, enum vt_stamp_face face,
    struct vt_pdf_update *up, struct vt_pdf_ref *ret, struct vt_error *err);
/* A stream object with KEYS and PACKED, which is deflated. */
int vt_stamp_stream_put(struct vt_pdf_update *up, struct vt_pdf_ref ref,
    const char *keys, struct vt_bytes packed, struct vt_error *err);
int vt_stamp_image_put(const struct vt_stamp_image *image, bool opaque,
    struct vt_pdf_update *up, struct vt_pdf_ref *ret, struct vt_error *err);

/* CalRGB of sRGB's primaries and white point (8.6.5.3). */
#define STAMP_COLOURS                                                          \
	"[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]/Matrix["     \
	"0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]"

#endif
