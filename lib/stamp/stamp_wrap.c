/* stamp_wrap.c - text broken into lines that fit a box */
#include <stdlib.h>

#include "stamp_int.h"

#define LEADING 1.15 /* from baseline to baseline, in sizes */
#define SHRINK 0.25  /* points that letters get smaller by */
#define SLACK 0.01   /* points: a box made to measure is not too small */

struct word {
	size_t off, len;
	double width; /* in the font's units */
	bool breaks;  /* a line ends behind it */
};

struct words {
	struct word *items; /* an empty one is an empty line */
	size_t n;
	double space;
};

/* Split at spaces and newlines; spaces at the ends of lines are dropped. */
static int
split(struct vt_bytes text, struct words *ret, struct vt_error *err)
{
	struct word *items;
	size_t i, start = 0, n = 0;
	unsigned char c;

	if ((items = calloc(text.len + 1, sizeof(*items))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i <= text.len; i++) {
		c = i < text.len ? text.data[i] : '\n';
		if (c != ' ' && c != '\n')
			continue;
		if (i == start && n > 0 && !items[n - 1].breaks)
			items[n - 1].breaks = c == '\n';
		else if (i > start || (c == '\n' && i < text.len))
			items[n++] = (struct word){ .off = start,
				.len = i - start,
				.breaks = c == '\n' };
		start = i + 1;
	}
	ret->items = items;
	ret->n = n;
	return VT_OK;
}

static int
measure(struct vt_stamp *stamp, enum vt_stamp_face face, struct vt_bytes text,
    struct words *words, struct vt_error *err)
{
	struct word *w;
	size_t i;
	int rc;

	rc = vt_stamp_shape(stamp, face, VT_BYTES_LIT(" "), false,
	    &words->space, err);
	for (i = 0; i < words->n && rc == VT_OK; i++) {
		w = &words->items[i];
		rc = vt_stamp_shape(stamp, face,
		    vt_bytes_slice(text, w->off, w->len), false, &w->width,
		    err);
	}
	return rc;
}

/* How many words from I on stand in a line WIDTH wide; 0: not even one. */
static size_t
fit(const struct words *words, size_t i, double width)
{
	double x = 0;
	size_t k;

	for (k = i; k < words->n; k++) {
		x += words->items[k].width;
		if (x > width)
			return k - i;
		if (words->items[k].breaks)
			return k - i + 1;
		x += words->space;
	}
	return words->n - i;
}

/* Lines that the words fill in a box WIDTH wide; 0: a word does not fit. */
static size_t
count_lines(const struct words *words, double width)
{
	size_t i, n, lines = 0;

	for (i = 0; i < words->n; i += n, lines++)
		if ((n = fit(words, i, width)) == 0)
			return 0;
	return lines;
}

static int
put_lines(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    struct vt_stamp_box box, struct vt_bytes text, const struct words *words,
    double width, struct vt_error *err)
{
	const struct stamp_font *font = &stamp->kit->font[style->face];
	double x = box.x, y;
	struct vt_buf line;
	size_t i, k, n;
	int rc = VT_OK;

	if (style->align == VT_STAMP_CENTRE)
		x += box.width / 2;
	else if (style->align == VT_STAMP_RIGHT)
		x += box.width;
	y = box.y + box.height - font->ascent * style->size / font->upem;
	vt_buf_init(&line, VT_STAMP_TEXT_MAX);
	for (i = 0; i < words->n && rc == VT_OK; i += n) {
		n = fit(words, i, width);
		vt_buf_reset(&line);
		for (k = i; k < i + n && rc == VT_OK; k++) {
			if (line.len > 0 && words->items[k].len > 0)
				rc = vt_buf_putc(&line, ' ');
			if (rc == VT_OK)
				rc = vt_buf_bytes_put(&line,
				    vt_bytes_slice(text, words->items[k].off,
					words->items[k].len));
		}
		if (rc != VT_OK)
			rc = vt_error_nomem(err);
		else
			rc = vt_stamp_line_put(stamp, style, x, y,
			    vt_buf_bytes(&line), err);
		y -= LEADING * style->size;
	}
	vt_buf_release(&line);
	return rc;
}

/* The largest size from STYLE's own down to LEAST at which all fits, or 0. */
static double
choose(const struct vt_stamp_style *style, struct vt_stamp_box box,
    double least, const struct stamp_font *font, const struct words *words,
    double *ret_height)
{
	double size, height;
	size_t n;

	if (words->n == 0) {
		*ret_height = 0;
		return style->size;
	}
	for (size = style->size; size >= least; size -= SHRINK) {
		n = count_lines(words, (box.width + SLACK) * font->upem / size);
		if (n == 0)
			continue;
		height = ((double)(n - 1) * LEADING +
			     (font->ascent - font->descent) / font->upem) *
			 size;
		if (height <= box.height + SLACK) {
			*ret_height = height;
			return size;
		}
	}
	return 0;
}

int
vt_stamp_wrap(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    struct vt_stamp_box box, double least, const char *text, double *ret_height,
    struct vt_error *err)
{
	struct vt_stamp_style fitting = *style;
	struct vt_buf clean = { 0 };
	struct words words = { 0 };
	const struct stamp_font *font;
	double height = 0;
	int rc;

	if ((rc = vt_stamp_style_check(style, err)) != VT_OK ||
	    (rc = vt_stamp_clean(text, true, &clean, err)) != VT_OK ||
	    (rc = split(vt_buf_bytes(&clean), &words, err)) != VT_OK ||
	    (rc = measure(stamp, style->face, vt_buf_bytes(&clean), &words,
		 err)) != VT_OK)
		goto out;
	font = &stamp->kit->font[style->face];
	if (least < VT_STAMP_SIZE_MIN)
		least = style->size;
	fitting.size = choose(style, box, least, font, &words, &height);
	if (fitting.size == 0) {
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "this does not fit %.0f by %.0f mm, in letters of %.1f "
		    "points either: %s",
		    box.width / VT_STAMP_MM, box.height / VT_STAMP_MM, least,
		    text);
		goto out;
	}
	rc = put_lines(stamp, &fitting, box, vt_buf_bytes(&clean), &words,
	    (box.width + SLACK) * font->upem / fitting.size, err);
	if (rc == VT_OK && ret_height != NULL)
		*ret_height = height;
out:
	free(words.items);
	vt_buf_release(&clean);
	return rc;
}
