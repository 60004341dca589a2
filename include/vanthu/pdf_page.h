/* pdf_page.h - pages as a reader sees them, and the text that stands there */
#ifndef VANTHU_PDF_PAGE_H
#define VANTHU_PDF_PAGE_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"
#include "vanthu/pdf.h" /* struct vt_pdf_box, struct vt_pdf_ref */

struct vt_error;

/* --- how a page is turned and cut (ISO 32000-2, 7.7.3.3) --- */

struct vt_pdf_view {
	size_t page; /* counting from 0 */
	struct vt_pdf_ref ref;
	struct vt_pdf_box box; /* what is shown, in default user space */
	int rotate;            /* clockwise: 0, 90, 180 or 270 */
	double unit;           /* points (1/72 inch) in one unit */
	double width, height;  /* as seen, in points */
};

/*
 * Page PAGE with what it inherits: the crop box within the media box, the
 * rotation, the unit.  VT_ENOTFOUND: there is no such page; VT_EUNSUPPORTED: it
 * is not an object of its own; VT_EFORMAT: nothing of it is shown; else as
 * vt_pdf_get().
 */
int vt_pdf_view_read(struct vt_pdf *pdf, size_t page, struct vt_pdf_view *ret,
    struct vt_error *err);

/*
 * A box as seen, in points from the lower left corner of what is shown, in the
 * page's default user space; and back.
 */
struct vt_pdf_box vt_pdf_view_to_page(const struct vt_pdf_view *view,
    struct vt_pdf_box seen);
struct vt_pdf_box vt_pdf_view_to_seen(const struct vt_pdf_view *view,
    struct vt_pdf_box box);

/* A rectangle; *RET_OK is false where ARRAY is not four numbers. */
int vt_pdf_box_read(struct vt_pdf *pdf, const struct vt_pdf_obj *array,
    struct vt_pdf_box *ret, bool *ret_ok, struct vt_error *err);

/* --- text (9.4, 9.10) --- */

/* One character, or the blank between two. */
struct vt_pdf_char {
	int32_t c;
	double x0, x1; /* as seen, in points */
};

/* What stands on one base line and reads from left to right. */
struct vt_pdf_line {
	double base; /* of the base line, in points from the lower edge */
	double size; /* of the largest character, in points */
	bool italic; /* as its fonts are named: for more than half of it */
	struct vt_pdf_char *chars; /* NFC; no two blanks in a row */
	size_t n;
};

struct vt_pdf_lines {
	struct vt_pdf_line *items; /* from top to bottom */
	size_t n;
	/*
	 * Characters whose font does not say what they mean (no /ToUnicode and
	 * no known encoding, or one that is older than Unicode).
	 */
	size_t unreadable;
};

/*
 * The upright text on the page of VIEW, that of form XObjects included, of
 * annotations not.  Contents that cannot be read to their end end there.  RET
 * is the caller's, to be released.  VT_ELIMIT, VT_EFORMAT, VT_EUNSUPPORTED,
 * VT_ENOMEM, VT_EIO.
 */
int vt_pdf_lines_read(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    struct vt_pdf_lines *ret, struct vt_error *err);
void vt_pdf_lines_release(struct vt_pdf_lines *lines);

/*
 * Where TEXT (UTF-8, composed or not) stands in LINE from character FROM on:
 * *RET_I is its first character and *RET_N how many.  Blanks of any length are
 * one, case counts.
 */
bool vt_pdf_line_find(const struct vt_pdf_line *line, size_t from,
    const char *text, size_t *ret_i, size_t *ret_n);

/* A place where a text stands. */
struct vt_pdf_hit {
	struct vt_pdf_view view;
	struct vt_pdf_box box; /* as seen */
	size_t hits;           /* in the whole document; this is the last */
};

/*
 * The last place in the document where TEXT stands in one line.  VT_ENOTFOUND:
 * nowhere, and the text says whether there was something that could not be
 * read.
 */
int vt_pdf_text_find(struct vt_pdf *pdf, const char *text,
    struct vt_pdf_hit *ret, struct vt_error *err);

/* --- where a field is --- */

struct vt_pdf_place {
	bool found;               /* there is a field of that name */
	struct vt_pdf_ref field;  /* 0 where direct */
	struct vt_pdf_ref widget; /* its first one, the field itself maybe */
	bool is_sig;              /* a signature field ... */
	bool is_signed;           /* ... and signed */
	bool is_text;
	bool has_value;
	/*
	 * It is its own only widget, the only field of its name, inherits
	 * nothing, is printed and hidden nowhere, and no action or layer
	 * changes what is seen of it.
	 */
	bool is_plain;
	bool has_widget; /* its first one is on a page: the rest tells where */
	size_t page;
	struct vt_pdf_box rect; /* in the page's default user space */
};

/* The field with this full name.  Errors as vt_pdf_get(). */
int vt_pdf_field_place(struct vt_pdf *pdf, const char *name,
    struct vt_pdf_place *ret, struct vt_error *err);
/*
 * Append the value of the text field AT as UTF-8; nothing where it is none that
 * is a string (12.7.5.3).  Errors as vt_pdf_get(), and VT_ELIMIT.
 */
int vt_pdf_field_text(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    struct vt_buf *ret, struct vt_error *err);
/*
 * The text that AT's first widget shows, by its normal appearance; as
 * vt_pdf_lines_read(), but places are not those of the page.
 */
int vt_pdf_field_lines(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    struct vt_pdf_lines *ret, struct vt_error *err);

#endif
