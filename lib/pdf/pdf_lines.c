/* pdf_lines.c - characters put together to lines, and found there */
#include <stdlib.h>
#include <string.h>

#include "pdf_page.h"
#include "vanthu/text.h"

#define SAME_LINE 0.25  /* of the size: base lines so near are one */
#define WORD_GAP 0.15   /* of the size: a gap so wide is a blank */
#define TWICE 0.1       /* of the size: drawn again, to look bolder */
#define NEEDLE_MAX 1024 /* characters of a text that is looked for */
#define REPLACEMENT 0xfffd
#define MARKS_FIRST 0x300 /* combining diacritical marks */
#define MARKS_LAST 0x36f

struct glyph {
	struct pdf_shown s;
	size_t order;
};

struct gathering {
	struct glyph *items;
	size_t n, cap;
	size_t unreadable;
};

static bool
is_blank(int32_t c)
{
	return c == ' ' || c == 0xa0 || c == '\t' ||
	       (c >= 0x2000 && c <= 0x200b) || c == 0x202f || c == 0x3000;
}

static int
gather(void *ctx, const struct pdf_shown *shown, struct vt_error *err)
{
	struct gathering *g = ctx;
	struct glyph *more;
	size_t cap;

	if (g->n == g->cap) {
		cap = g->cap == 0 ? 256 : 2 * g->cap;
		more = realloc(g->items, cap * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		g->items = more;
		g->cap = cap;
	}
	g->items[g->n] = (struct glyph){ *shown, g->n };
	if (shown->c == 0) {
		g->items[g->n].s.c = REPLACEMENT;
		g->unreadable++;
	}
	g->n++;
	return VT_OK;
}

static int
from_top(const void *va, const void *vb)
{
	const struct glyph *a = va, *b = vb;

	if (a->s.y0 != b->s.y0)
		return a->s.y0 > b->s.y0 ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
from_left(const void *va, const void *vb)
{
	const struct glyph *a = va, *b = vb;

	if (a->s.x0 != b->s.x0)
		return a->s.x0 < b->s.x0 ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* A mark goes with the letter before it; false: C is one of its own. */
static bool
compose(struct vt_pdf_char *last, int32_t c)
{
	unsigned char pair[8];
	struct vt_buf out;
	size_t n, pos = 0;
	int32_t one = 0;

	if (c < MARKS_FIRST || c > MARKS_LAST)
		return false;
	n = vt_utf8_put(last->c, pair);
	n += vt_utf8_put(c, pair + n);
	vt_buf_init(&out, 64);
	if (vt_text_nfc(&out, VT_BYTES(pair, n), NULL) == VT_OK && out.len > 0)
		one = vt_utf8_next(vt_buf_bytes(&out), &pos);
	n = out.len;
	vt_buf_release(&out);
	if (one <= 0 || pos < n)
		return false;
	last->c = one;
	return true;
}

static void
add_blank(struct vt_pdf_line *line, double x0, double x1)
{
	struct vt_pdf_char *last =
	    line->n > 0 ? &line->chars[line->n - 1] : NULL;

	if (last != NULL && last->c == ' ') {
		if (x1 > last->x1)
			last->x1 = x1;
	} else if (last != NULL) {
		line->chars[line->n++] = (struct vt_pdf_char){ ' ', x0, x1 };
	}
}

/* LINE's characters have room for twice N. */
static void
fill_line(struct vt_pdf_line *line, const struct glyph *g, size_t n)
{
	const struct pdf_shown *s;
	struct vt_pdf_char *last;
	size_t i, italic = 0;

	for (i = 0; i < n; i++) {
		s = &g[i].s;
		last = line->n > 0 ? &line->chars[line->n - 1] : NULL;
		if (s->size > line->size && !is_blank(s->c))
			line->size = s->size;
		if (is_blank(s->c)) {
			add_blank(line, s->x0, s->x1);
			continue;
		}
		italic += s->italic;
		if (last != NULL && last->c == s->c &&
		    s->x0 - last->x0 < TWICE * s->size)
			continue;
		if (last != NULL && compose(last, s->c))
			continue;
		if (last != NULL && s->x0 - last->x1 > WORD_GAP * s->size)
			add_blank(line, last->x1, s->x0);
		line->chars[line->n++] =
		    (struct vt_pdf_char){ s->c, s->x0, s->x1 };
	}
	line->italic = 2 * italic > n;
}

static int
make_lines(struct gathering *g, struct vt_pdf_lines *ret, struct vt_error *err)
{
	struct vt_pdf_line *line;
	size_t i, k;

	if (g->n == 0)
		return VT_OK;
	qsort(g->items, g->n, sizeof(*g->items), from_top);
	for (i = 0; i < g->n; i = k) {
		for (k = i + 1; k < g->n; k++)
			if (g->items[i].s.y0 - g->items[k].s.y0 >
			    SAME_LINE * g->items[i].s.size)
				break;
		qsort(g->items + i, k - i, sizeof(*g->items), from_left);
		if ((ret->n & (ret->n - 1)) == 0) { /* room for twice */
			line = realloc(ret->items,
			    (ret->n == 0 ? 1 : 2 * ret->n) * sizeof(*line));
			if (line == NULL)
				return vt_error_nomem(err);
			ret->items = line;
		}
		line = &ret->items[ret->n];
		memset(line, 0, sizeof(*line));
		line->chars = calloc(2 * (k - i), sizeof(*line->chars));
		if (line->chars == NULL)
			return vt_error_nomem(err);
		line->base = g->items[i].s.y0;
		ret->n++;
		fill_line(line, g->items + i, k - i);
	}
	return VT_OK;
}

/* What G gathered, where RC says that it is all; G is released. */
static int
take_lines(struct gathering *g, int rc, struct vt_pdf_lines *ret,
    struct vt_error *err)
{
	struct vt_pdf_lines lines = { NULL, 0, 0 };

	if (rc == VT_OK)
		rc = make_lines(g, &lines, err);
	lines.unreadable = g->unreadable;
	free(g->items);
	if (rc == VT_OK)
		*ret = lines;
	else
		vt_pdf_lines_release(&lines);
	return rc;
}

int
vt_pdf_lines_read(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    struct vt_pdf_lines *ret, struct vt_error *err)
{
	struct gathering g = { NULL, 0, 0, 0 };
	int rc = vt_pdf_content_read(pdf, view, gather, &g, err);

	return take_lines(&g, rc, ret, err);
}

int
vt_pdf_field_lines(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    struct vt_pdf_lines *ret, struct vt_error *err)
{
	struct gathering g = { NULL, 0, 0, 0 };
	struct vt_pdf_view view;
	int rc = VT_OK;

	if (at->has_widget &&
	    (rc = vt_pdf_view_read(pdf, at->page, &view, err)) == VT_OK)
		rc = vt_pdf_content_read_look(pdf, &view, at->widget, gather,
		    &g, err);
	return take_lines(&g, rc, ret, err);
}

void
vt_pdf_lines_release(struct vt_pdf_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->n; i++)
		free(lines->items[i].chars);
	free(lines->items);
	memset(lines, 0, sizeof(*lines));
}

/* --- finding --- */

/* TEXT as lines have it; 0: nothing that could be found. */
static size_t
needle_of(const char *text, uint32_t ret[NEEDLE_MAX])
{
	struct vt_buf nfc;
	struct vt_bytes b;
	size_t pos = 0, n = 0;
	int32_t c;

	vt_buf_init(&nfc, 4 * NEEDLE_MAX);
	if (vt_text_nfc(&nfc, vt_bytes_str(text), NULL) != VT_OK)
		vt_buf_reset(&nfc);
	b = vt_buf_bytes(&nfc);
	while (pos < b.len && n < NEEDLE_MAX) {
		c = vt_utf8_next(b, &pos);
		if (!is_blank(c))
			ret[n++] = (uint32_t)c;
		else if (n > 0 && ret[n - 1] != ' ')
			ret[n++] = ' ';
	}
	if (pos < b.len)
		n = 0;
	vt_buf_release(&nfc);
	return n > 0 && ret[n - 1] == ' ' ? n - 1 : n;
}

static bool
line_has(const struct vt_pdf_line *line, size_t from, const uint32_t *needle,
    size_t n, size_t *ret)
{
	size_t i, k;

	for (i = from; n > 0 && i + n <= line->n; i++) {
		for (k = 0; k < n; k++)
			if ((uint32_t)line->chars[i + k].c != needle[k])
				break;
		if (k == n) {
			*ret = i;
			return true;
		}
	}
	return false;
}

bool
vt_pdf_line_find(const struct vt_pdf_line *line, size_t from, const char *text,
    size_t *ret_i, size_t *ret_n)
{
	uint32_t needle[NEEDLE_MAX];

	*ret_n = needle_of(text, needle);
	return line_has(line, from, needle, *ret_n, ret_i);
}

static void
find_on_page(const struct vt_pdf_lines *lines, const struct vt_pdf_view *view,
    const uint32_t *needle, size_t n, struct vt_pdf_hit *hit)
{
	const struct vt_pdf_line *line;
	size_t i, at, from;

	for (i = 0; i < lines->n; i++) {
		line = &lines->items[i];
		for (from = 0; line_has(line, from, needle, n, &at);
		     from = at + n) {
			hit->hits++;
			hit->view = *view;
			hit->box = (struct vt_pdf_box){ line->chars[at].x0,
				line->base - line->size / 4,
				line->chars[at + n - 1].x1,
				line->base + line->size * 3 / 4 };
		}
	}
}

static int
not_found(const char *text, size_t unreadable, size_t total,
    struct vt_error *err)
{
	if (unreadable > 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the text \"%s\" does not stand on any page as far as it "
		    "can be read: the fonts of %zu of %zu characters do not "
		    "say what they mean",
		    text, unreadable, total);
	if (total == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the pages hold no text, so \"%s\" cannot be found: a "
		    "picture of text is none",
		    text);
	return vt_error_set(err, VT_ENOTFOUND, NULL,
	    "the text \"%s\" does not stand on any page", text);
}

struct all_pages {
	struct vt_pdf_ref refs[VT_PDF_FIND_PAGES_MAX];
	size_t n; /* one more where there are too many */
};

static bool
keep_page(void *ctx, size_t index, struct vt_pdf_ref ref)
{
	struct all_pages *all = ctx;

	all->n = index + 1;
	if (index == VT_PDF_FIND_PAGES_MAX)
		return false;
	all->refs[index] = ref;
	return true;
}

int
vt_pdf_text_find(struct vt_pdf *pdf, const char *text, struct vt_pdf_hit *ret,
    struct vt_error *err)
{
	struct vt_pdf_hit hit = { .hits = 0 };
	struct vt_pdf_lines lines;
	struct vt_pdf_view view;
	uint32_t needle[NEEDLE_MAX];
	size_t n = needle_of(text, needle), i, k, bad = 0, total = 0;
	struct all_pages all = { 0 };
	int rc;

	if (n == 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "a text to look for has 1 to %d characters", NEEDLE_MAX);
	if ((rc = vt_pdf_pages_each(pdf, keep_page, &all, err)) != VT_OK)
		return rc;
	if (all.n > VT_PDF_FIND_PAGES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "text is looked for on at most %d pages",
		    VT_PDF_FIND_PAGES_MAX);
	for (i = 0; i < all.n; i++) {
		if ((rc = vt_pdf_view_of(pdf, i, all.refs[i], &view, err)) !=
			VT_OK ||
		    (rc = vt_pdf_lines_read(pdf, &view, &lines, err)) != VT_OK)
			return rc;
		find_on_page(&lines, &view, needle, n, &hit);
		bad += lines.unreadable;
		for (k = 0; k < lines.n; k++)
			total += lines.items[k].n;
		vt_pdf_lines_release(&lines);
	}
	if (hit.hits == 0)
		return not_found(text, bad, total, err);
	*ret = hit;
	return VT_OK;
}
