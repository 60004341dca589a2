/* pdf_page.h - the parts of reading what stands on a page */
#ifndef PDF_PAGE_H
#define PDF_PAGE_H

#include "pdf_int.h"
#include "vanthu/pdf_page.h"

#define PDF_CHAR_PARTS 4 /* code points that one code may mean */

/* false: OBJ is no number, or none that is finite. */
bool vt_pdf_number(const struct vt_pdf_obj *obj, double *ret);
/* KEY of the page or of the nearest node above that has it, resolved. */
int vt_pdf_inherited(struct vt_pdf *pdf, const struct vt_pdf_obj *page,
    const char *key, const struct vt_pdf_obj **ret, struct vt_error *err);
/* As vt_pdf_view_read() of page PAGE, which is REF. */
int vt_pdf_view_of(struct vt_pdf *pdf, size_t page, struct vt_pdf_ref ref,
    struct vt_pdf_view *ret, struct vt_error *err);
/* From default user space to points as seen. */
void vt_pdf_view_matrix(const struct vt_pdf_view *view, double m[6]);

/* --- fonts (9.5 to 9.10) --- */

/* What codes LOW to HIGH mean; the last part counts up. */
struct pdf_meaning {
	uint32_t low, high;
	unsigned n; /* parts */
	int32_t c[PDF_CHAR_PARTS];
};

struct pdf_widths {
	uint32_t low, high;
	double width;
};

struct pdf_font {
	bool wide;     /* two bytes a code (Type0, Identity-H) */
	bool readable; /* false: nothing is known of its codes */
	bool italic;
	double scale; /* of widths, to text space: 0.001 but for Type3 */
	double missing;
	double simple[256];        /* widths; below 0: not told */
	int32_t encoding[256];     /* 0: no meaning */
	struct pdf_widths *widths; /* of a wide font, ascending */
	size_t nwidths;
	struct pdf_meaning *map; /* /ToUnicode, ascending */
	size_t nmap;
};

/*
 * DICT, a font's.  What is not understood makes it unreadable, not an error.
 * RET is the caller's, to be released.
 */
int vt_pdf_font_read(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    struct pdf_font *ret, struct vt_error *err);
void vt_pdf_font_release(struct pdf_font *font);
/* In text space, of size 1. */
double vt_pdf_font_width(const struct pdf_font *font, uint32_t code);
/* How many code points CODE means; 0: not known. */
size_t vt_pdf_font_meaning(const struct pdf_font *font, uint32_t code,
    int32_t ret[PDF_CHAR_PARTS]);

/* A /ToUnicode stream's data (9.10.3); RET's map is added to. */
int vt_pdf_cmap_read(struct vt_bytes data, struct pdf_font *ret,
    struct vt_error *err);

/* Base encodings (Annex D), and the names of glyphs; 0: no meaning. */
void vt_pdf_encoding_base(const char *name, int32_t ret[256]);
int32_t vt_pdf_glyph_char(struct vt_bytes name);

/* --- contents (7.8.2, 9.4) --- */

/* One character as it was shown: where its base line begins and ends. */
struct pdf_shown {
	int32_t c; /* 0: what it means is not known */
	bool italic;
	double x0, y0, x1, y1; /* as seen, in points */
	double size;
};

/* Stops with FN's code where that is not VT_OK. */
typedef int pdf_shown_fn(void *ctx, const struct pdf_shown *shown,
    struct vt_error *err);
int vt_pdf_content_read(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    pdf_shown_fn *fn, void *ctx, struct vt_error *err);
/*
 * As that, of the normal appearance of WIDGET, an annotation on the page of
 * VIEW: turned as it is seen there, but not moved and scaled into its /Rect
 * (12.5.5).  One that has none shows nothing.
 */
int vt_pdf_content_read_look(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    struct vt_pdf_ref widget, pdf_shown_fn *fn, void *ctx,
    struct vt_error *err);

#endif
