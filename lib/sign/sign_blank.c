/* sign_blank.c - where number and date go (NĐ 30/2020, Annex I, II.3, II.4) */
#include <string.h>

#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/text.h"

#define SIZE 13.0          /* points, where nothing says otherwise */
#define NUMBER_WIDTH 130.0 /* points, of a number with its notation */
#define DATE_WIDTH 180.0
#define YEAR_WIDTH 2.2 /* of the size */
#define ABOVE 0.85     /* of the size, from the base line up ... */
#define UNDER 0.25     /* ... and down */
#define COLUMN 2.0     /* of the size: so wide a blank parts two columns */

static bool
is_filler(int32_t c)
{
	return c == ' ' || c == '.' || c == '_' || c == 0x2026;
}

static size_t
skip_filler(const struct vt_pdf_line *line, size_t k)
{
	while (k < line->n && is_filler(line->chars[k].c))
		k++;
	return k;
}

static void
set_box(struct sign_blank *b, double x0, double x1)
{
	b->box = (struct vt_pdf_box){ x0, b->base - UNDER * b->size, x1,
		b->base + ABOVE * b->size };
}

/* Where an option puts it. */
static void
set_given(struct sign_blank *b, const struct vt_sign_spot *at, double width)
{
	b->found = b->whole = true;
	b->size = SIZE;
	b->base = at->y + UNDER * SIZE;
	set_box(b, at->x, at->x + width);
}

/* What is printed from the "/" on, as far as the next blank. */
static void
take_notation(const struct vt_pdf_line *line, size_t k, struct sign_blank *b)
{
	size_t n = 0;

	for (k++; k < line->n && line->chars[k].c != ' '; k++)
		if (n + 4 < sizeof(b->notation))
			n += vt_utf8_put(line->chars[k].c,
			    (unsigned char *)b->notation + n);
	b->notation[n] = '\0';
}

/* "Số:", a blank, "/QĐ-UBND"; or nothing more. */
static bool
number_in(const struct vt_pdf_line *line, struct sign_blank *b)
{
	size_t i, n, k;
	double x;

	if (!vt_pdf_line_find(line, 0, "S\u1ed1:", &i, &n) &&
	    !vt_pdf_line_find(line, 0, "S\u1ed1 :", &i, &n))
		return false;
	if (i > 0 && line->chars[i - 1].c != ' ')
		return false;
	x = line->chars[i + n - 1].x1;
	k = skip_filler(line, i + n);
	b->base = line->base;
	b->size = line->chars[i].x1 > line->chars[i].x0 ? line->size : SIZE;
	if (k < line->n && line->chars[k].c == '/') {
		b->found = line->chars[k].x0 - x >= SIGN_ROOM_LEAST;
		b->n = 1;
		b->x0[0] = x;
		b->x1[0] = line->chars[k].x0;
		take_notation(line, k, b);
		set_box(b, x, b->x1[0]);
	} else if (k == line->n ||
		   (line->chars[k - 1].c == ' ' &&
		       line->chars[k - 1].x1 - line->chars[k - 1].x0 >
			   COLUMN * b->size)) {
		b->found = b->whole = true;
		x += b->size / 4;
		set_box(b, x,
		    k < line->n && line->chars[k].x0 < x + NUMBER_WIDTH
			? line->chars[k].x0
			: x + NUMBER_WIDTH);
	}
	return true; /* or it is printed already */
}

/* "ngày", a blank, "tháng", a blank, "năm", and a blank or the year. */
static bool
date_in(const struct vt_pdf_line *line, struct sign_blank *b)
{
	static const char *const words[] = { "ng\u00e0y", "th\u00e1ng",
		"n\u0103m" };
	size_t at[3], n[3], i, k, from = 0;

	for (i = 0; i < 3; i++) {
		if (!vt_pdf_line_find(line, from, words[i], &at[i], &n[i]))
			return false;
		from = at[i] + n[i];
		if (i > 0 && skip_filler(line, at[i - 1] + n[i - 1]) != at[i])
			return false; /* printed already, or another text */
	}
	b->found = true;
	b->base = line->base;
	b->size = line->size;
	for (b->n = 0; b->n < 2; b->n++) {
		b->x0[b->n] = line->chars[at[b->n] + n[b->n] - 1].x1;
		b->x1[b->n] = line->chars[at[b->n + 1]].x0;
	}
	k = skip_filler(line, from);
	if (k == line->n || line->chars[k].c < '0' || line->chars[k].c > '9') {
		b->x0[2] = line->chars[from - 1].x1 + b->size / 4;
		b->x1[2] = b->x0[2] + YEAR_WIDTH * b->size;
		b->n = 3;
	}
	set_box(b, b->x0[0], b->x1[b->n - 1]);
	return true;
}

/* What is left of it on the page as seen, from its left on. */
static bool
fits(const struct vt_pdf_view *view, struct sign_blank *b)
{
	if (b->box.x1 > view->width)
		b->box.x1 = view->width;
	return b->box.x0 >= 0 && b->box.y0 >= 0 && b->box.y1 <= view->height &&
	       b->box.x1 - b->box.x0 >= SIGN_ROOM_LEAST &&
	       b->box.y1 - b->box.y0 >= SIGN_ROOM_LEAST;
}

static int
given(struct vt_pdf *pdf, const struct vt_sign_spot *at, double width,
    struct sign_blank *ret, struct vt_error *err)
{
	struct vt_pdf_view view;
	int rc;

	if ((rc = vt_pdf_view_read(pdf, 0, &view, err)) != VT_OK)
		return rc;
	set_given(ret, at, width);
	if (fits(&view, ret))
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "%.0f,%.0f, where number or date should go, is not within page 1, "
	    "which is %.0f by %.0f",
	    at->x, at->y, view.width, view.height);
}

static int
search(struct vt_pdf *pdf,
    bool (*in)(const struct vt_pdf_line *line, struct sign_blank *b),
    struct sign_blank *ret, struct vt_error *err)
{
	struct vt_pdf_lines lines = { 0 };
	struct vt_pdf_view view;
	size_t i;
	int rc;

	if ((rc = vt_pdf_view_read(pdf, 0, &view, err)) != VT_OK ||
	    (rc = vt_pdf_lines_read(pdf, &view, &lines, err)) != VT_OK)
		return rc;
	for (i = 0; i < lines.n; i++)
		if (in(&lines.items[i], ret))
			break;
	vt_pdf_lines_release(&lines);
	ret->found = ret->found && fits(&view, ret);
	return VT_OK;
}

int
vt_sign_blank_number(struct vt_pdf *pdf, const struct vt_sign_spot *at,
    struct sign_blank *ret, struct vt_error *err)
{
	memset(ret, 0, sizeof(*ret));
	if (!at->given)
		return search(pdf, number_in, ret, err);
	return given(pdf, at, NUMBER_WIDTH, ret, err);
}

int
vt_sign_blank_date(struct vt_pdf *pdf, const struct vt_sign_spot *at,
    struct sign_blank *ret, struct vt_error *err)
{
	memset(ret, 0, sizeof(*ret));
	if (!at->given)
		return search(pdf, date_in, ret, err);
	return given(pdf, at, DATE_WIDTH, ret, err);
}
