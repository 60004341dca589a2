/* pdf_content.h - a content stream while it is read (7.8.2, 8.4, 9.4) */
#ifndef PDF_CONTENT_H
#define PDF_CONTENT_H

#include "pdf_page.h"

/* Numbers of a matrix, as in 8.3.3: a b c d e f. */
struct pdf_matrix {
	double m[6];
};
#define PDF_IDENTITY ((struct pdf_matrix){ { 1, 0, 0, 1, 0, 0 } })

struct pdf_gstate {
	struct pdf_matrix ctm;
	const struct pdf_font *font; /* NULL: none that can be read */
	double size, spacing, word, scale, leading, rise;
};

struct pdf_operand {
	bool is_number;
	double number;
	size_t off, len; /* of a string or name, in the scratch */
};

/* By its object, or by where it stands. */
struct pdf_page_font {
	uint32_t num, in_stream;
	uint64_t start;
	struct pdf_font font;
};

struct pdf_reading {
	struct vt_pdf *pdf;
	pdf_shown_fn *fn;
	void *ctx;
	struct vt_error *err;
	struct pdf_page_font *fonts; /* VT_PDF_PAGE_FONTS_MAX */
	size_t nfonts;
	size_t tokens;
	size_t shown;
	size_t nest;
	uint32_t within[VT_PDF_FORMS_NEST_MAX]; /* form XObjects being read */
};

/* One content stream, with what its operators work on. */
struct pdf_content {
	struct pdf_reading *r;
	const struct vt_pdf_obj *resources;
	struct pdf_gstate now;
	struct pdf_gstate saved[VT_PDF_SAVED_MAX];
	size_t nsaved;                /* more than that: the last are lost */
	struct pdf_matrix text, line; /* 9.4.1 */
	struct pdf_operand *operands;
	size_t n;
	struct vt_buf scratch;
	struct pdf_lex lex;
};

/* A, then B. */
struct pdf_matrix vt_pdf_times(const struct pdf_matrix *a,
    const struct pdf_matrix *b);
/* Operand I; 0, or nothing, where there is none or one of the other kind. */
double vt_pdf_operand_number(const struct pdf_content *s, size_t i);
struct vt_bytes vt_pdf_operand_string(const struct pdf_content *s, size_t i);

/*
 * The font NAME of the resources; NULL: there is none.  It lives as long as the
 * reading.  VT_ELIMIT: a page has too many.
 */
int vt_pdf_content_font(struct pdf_content *s, struct vt_bytes name,
    const struct pdf_font **ret);
/* Tj, and TJ: strings, and numbers that move back by thousandths (9.4.3). */
int vt_pdf_content_show(struct pdf_content *s, struct vt_bytes text);
int vt_pdf_content_show_array(struct pdf_content *s);
/* Td (9.4.2). */
void vt_pdf_content_move(struct pdf_content *s, double x, double y);

#endif
