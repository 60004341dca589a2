/* stamp.h - the visible appearance of a signature */
#ifndef VANTHU_STAMP_H
#define VANTHU_STAMP_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"
#include "vanthu/time.h"

struct vt_error;
struct vt_pdf_ref;
struct vt_pdf_update;

/*
 * A stamp is a canvas of points (1/72 inch), its origin at the lower left, that
 * becomes one Form XObject (ISO 32000-2, 8.10) with all that it needs: the font
 * embedded as a subset, its text to be read and searched, colours that depend
 * on no device.  Where it stands on a page is not its business.
 *
 * Text is UTF-8, of one direction, left to right; it is brought to NFC first,
 * so that precomposed and decomposed letters give the same bytes.  Control and
 * bidirectional characters, and others that nobody sees, are refused
 * (VT_EFORMAT): what is signed must be what is read.  A character without a
 * glyph is refused and named (VT_EUNSUPPORTED), never shown as a box.
 */
#define VT_STAMP_MM (72.0 / 25.4) /* points in a millimetre */
#define VT_STAMP_SIDE_MAX 2000.0  /* points, of a canvas */
#define VT_STAMP_SIZE_MIN 4.0     /* points, of text */
#define VT_STAMP_SIZE_MAX 200.0   /* points, of text */
#define VT_STAMP_TEXT_MAX 16384   /* bytes of text on one canvas */
#define VT_STAMP_OPS_MAX 4096     /* things put on one canvas */
#define VT_STAMP_IMAGES_MAX 8     /* images on one canvas */

/* --- what many stamps share --- */

/*
 * Libraries, fonts and what is worth keeping between stamps.  HarfBuzz and
 * libpng are loaded at the first text and the first image, not before: making a
 * kit costs nothing.  Stamps and images must be freed before their kit; one kit
 * and what was made with it are not for two threads at once.
 */
struct vt_stamp_kit;

struct vt_stamp_kit_options {
	/*
	 * The folder that has LiberationSerif-Regular.ttf and its companions,
	 * or other fonts under these names; NULL: where Debian's packages
	 * fonts-liberation and fonts-liberation2 put them.
	 */
	const char *fonts;
};

/* HOW may be NULL; it is copied.  VT_ENOMEM. */
int vt_stamp_kit_new(const struct vt_stamp_kit_options *how,
    struct vt_stamp_kit **ret, struct vt_error *err);
void vt_stamp_kit_free(struct vt_stamp_kit *kit); /* NULL is allowed */
/*
 * What is put from now on into documents is OPAQUE: a pixel of an image is
 * shown whole or not at all (an explicit mask, not a soft one).  For PDF/A-1,
 * which forbids transparency, and for PDF/A-2 and -3 without an output intent,
 * which want a colour space for it on the page; see vt_pdf_archival_read().
 */
void vt_stamp_kit_opaque(struct vt_stamp_kit *kit, bool opaque);

/* --- images --- */

struct vt_stamp_image;

/*
 * Read a PNG of at most VT_STAMP_PNG_MAX bytes and VT_STAMP_PIXELS_MAX pixels,
 * of any depth, colour type and interlacing, as sRGB with alpha.  On VT_OK *RET
 * is the caller's, to be freed.  VT_EFORMAT: not a PNG, or damaged.  VT_ELIMIT.
 * VT_EIO: not readable, or libpng is not installed.
 */
int vt_stamp_image_open(struct vt_stamp_kit *kit, const char *path,
    struct vt_stamp_image **ret, struct vt_error *err);
int vt_stamp_image_read(struct vt_stamp_kit *kit, struct vt_bytes png,
    struct vt_stamp_image **ret, struct vt_error *err);
void vt_stamp_image_free(struct vt_stamp_image *image); /* NULL is allowed */

void vt_stamp_image_pixels(const struct vt_stamp_image *image,
    unsigned *ret_width, unsigned *ret_height);
/*
 * Its actual size in points, by its pHYs chunk; false, and RET untouched, where
 * it says none.
 */
bool vt_stamp_image_size(const struct vt_stamp_image *image, double *ret_width,
    double *ret_height);

/* --- the canvas --- */

struct vt_stamp;

/*
 * WIDTH and HEIGHT are points, up to VT_STAMP_SIDE_MAX (VT_EARG).  On VT_OK
 * *RET is the caller's, to be freed.
 */
int vt_stamp_new(struct vt_stamp_kit *kit, double width, double height,
    struct vt_stamp **ret, struct vt_error *err);
void vt_stamp_free(struct vt_stamp *stamp); /* NULL is allowed */

/* What was put stays where it is, measured from the lower left. */
int vt_stamp_resize(struct vt_stamp *stamp, double width, double height,
    struct vt_error *err);
double vt_stamp_width(const struct vt_stamp *stamp);
double vt_stamp_height(const struct vt_stamp *stamp);
/* From the lower edge to the baseline of the lowest text; 0 where none is. */
double vt_stamp_baseline(const struct vt_stamp *stamp);
/*
 * Turn the whole by DEGREES, a multiple of 90 counted as a page's /Rotate is,
 * so that the stamp stands upright on a page turned so.  A rectangle for it is
 * then HEIGHT wide and WIDTH high where DEGREES is 90 or 270.
 */
int vt_stamp_turn(struct vt_stamp *stamp, int degrees, struct vt_error *err);

enum vt_stamp_face {
	VT_STAMP_REGULAR,
	VT_STAMP_BOLD,
	VT_STAMP_ITALIC,
	VT_STAMP_BOLD_ITALIC
};

enum vt_stamp_align { VT_STAMP_LEFT, VT_STAMP_CENTRE, VT_STAMP_RIGHT };

struct vt_stamp_style {
	enum vt_stamp_face face;
	double size;     /* points */
	uint32_t colour; /* 0xRRGGBB */
	enum vt_stamp_align align;
};

struct vt_stamp_box {
	double x, y, width, height; /* x, y: lower left */
};

/* Of one line in points. */
int vt_stamp_measure(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    const char *text, double *ret_width, struct vt_error *err);
/*
 * Write one line on the baseline Y; X is its left end, middle or right end, by
 * the style.  Errors: see above, VT_ELIMIT for more than a canvas takes, and
 * VT_EIO where HarfBuzz or the font is not installed.
 */
int vt_stamp_text(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    double x, double y, const char *text, struct vt_error *err);
/*
 * Fill BOX with TEXT from its top, broken at spaces and newlines; where it does
 * not fit, in ever smaller letters down to LEAST points (0: the style's own
 * size alone).  *RET_HEIGHT, where not NULL, receives the height used.
 * VT_ELIMIT, and nothing put: it does not fit.
 */
int vt_stamp_wrap(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    struct vt_stamp_box box, double least, const char *text, double *ret_height,
    struct vt_error *err);

/* A line, or the outline of a box, WIDTH points thick. */
int vt_stamp_line(struct vt_stamp *stamp, double x1, double y1, double x2,
    double y2, double width, uint32_t colour, struct vt_error *err);
int vt_stamp_frame(struct vt_stamp *stamp, struct vt_stamp_box box,
    double width, uint32_t colour, struct vt_error *err);
/* The image stretched over BOX; it is borrowed until the stamp is freed. */
int vt_stamp_image(struct vt_stamp *stamp, const struct vt_stamp_image *image,
    struct vt_stamp_box box, struct vt_error *err);

/*
 * Write the stamp and its resources into UP; *RET is the Form XObject, whose
 * /BBox is the canvas.  The same stamp can be put into many documents, and the
 * same content always gives the same bytes but for object numbers.
 */
int vt_stamp_put(struct vt_stamp *stamp, struct vt_pdf_update *up,
    struct vt_pdf_ref *ret, struct vt_error *err);

/* --- the looks of NĐ 30/2020 --- */

/*
 * Each makes a stamp just as large as what it shows, which the caller frees.
 * Texts are those of the decree's Annex I, in Vietnamese whatever the language
 * of the user.  Errors are those of the canvas.
 */

/*
 * An authorised person (II.7d): the image alone, in its actual size where it
 * says one, made smaller to fit WIDTH by HEIGHT points, never distorted.
 */
int vt_stamp_person(struct vt_stamp_kit *kit,
    const struct vt_stamp_image *image, double width, double height,
    struct vt_stamp **ret, struct vt_error *err);

#define VT_STAMP_SEAL_MAX 100.0 /* mm; a seal measures about 36 */

/*
 * The agency's seal (II.8a) in its actual size: WIDTH_MM, or where that is 0
 * what the image says.  VT_EREFUSED: neither says it.  VT_ELIMIT: wider or
 * higher than VT_STAMP_SEAL_MAX, so no size of a seal.
 */
int vt_stamp_agency(struct vt_stamp_kit *kit,
    const struct vt_stamp_image *image, double width_mm, struct vt_stamp **ret,
    struct vt_error *err);

/*
 * "05", or "05/QĐ-UBND" where NOTATION is not NULL (II.3): numbers below 10
 * have a zero in front.  STYLE: NULL is 13 points, upright, black.
 */
int vt_stamp_number(struct vt_stamp_kit *kit, int64_t number,
    const char *notation, const struct vt_stamp_style *style,
    struct vt_stamp **ret, struct vt_error *err);

enum vt_stamp_date_part {
	VT_STAMP_DATE,  /* "ngày 05 tháng 01 năm 2020" */
	VT_STAMP_DAY,   /* "05" */
	VT_STAMP_MONTH, /* "01", and "3" */
	VT_STAMP_YEAR   /* "2020" */
};

/*
 * The date or the part of it that is not printed yet (II.4): days below 10 and
 * the months 1 and 2 have a zero in front.  STYLE: NULL is 13 points, italic,
 * black.
 */
int vt_stamp_date(struct vt_stamp_kit *kit, struct vt_date date,
    enum vt_stamp_date_part part, const struct vt_stamp_style *style,
    struct vt_stamp **ret, struct vt_error *err);

/*
 * A separate attachment (II.8b): "CODE; TIME", e.g.
 * "05/QĐ-UBND; 2026-11-23T09:15:30+07:00", 10 points, upright, black, in lines
 * of at most WIDTH points.
 */
int vt_stamp_attachment(struct vt_stamp_kit *kit, const char *code,
    int64_t when, double width, struct vt_stamp **ret, struct vt_error *err);

enum vt_stamp_copy_form {
	VT_STAMP_SAO_Y,
	VT_STAMP_SAO_LUC,
	VT_STAMP_TRICH_SAO
};

/* A copy (Part II, I.3): "Sao y, AGENCY, TIME", as an attachment's text. */
int vt_stamp_copy(struct vt_stamp_kit *kit, enum vt_stamp_copy_form form,
    const char *agency, int64_t when, double width, struct vt_stamp **ret,
    struct vt_error *err);

/* What an arrival stamp says (Annex IV); NULL or no date: left blank. */
struct vt_stamp_arrival {
	const char *agency;  /* that received it */
	const char *number;  /* "Số" */
	struct vt_date date; /* "Ngày" */
	const char *to;      /* "Chuyển" */
	const char *file;    /* "Số và ký hiệu HS" */
	uint32_t colour;     /* 0xRRGGBB */
};

/* The stamp ĐẾN, 50 mm wide and 35 mm high, framed. */
int vt_stamp_incoming(struct vt_stamp_kit *kit,
    const struct vt_stamp_arrival *arrival, struct vt_stamp **ret,
    struct vt_error *err);

struct vt_stamp_remark {
	const char *name; /* of who says it; NULL: none */
	const char *text;
	int64_t when; /* VT_TIME_NONE: none */
	uint32_t colour;
};

/* A comment in a frame of WIDTH and at most HEIGHT points. */
int vt_stamp_comment(struct vt_stamp_kit *kit,
    const struct vt_stamp_remark *remark, double width, double height,
    struct vt_stamp **ret, struct vt_error *err);

#endif
