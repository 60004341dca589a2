/* pdf_content.c - the text that a page's content shows (7.8.2, 8.4, 9.4) */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"
#include "pdf_page.h"

#define CONTENT_BYTES VT_PDF_DECODED_MAX

/* Numbers of a matrix, as in 8.3.3: a b c d e f. */
struct matrix {
	double m[6];
};
static const struct matrix identity = { { 1, 0, 0, 1, 0, 0 } };

struct state {
	struct matrix ctm;
	const struct pdf_font *font; /* NULL: none that can be read */
	double size, spacing, word, scale, leading, rise;
};

struct operand {
	bool is_number;
	double number;
	size_t off, len; /* of a string or name, in the scratch */
};

/* By its object, or by where it stands. */
struct cached_font {
	uint32_t num, in_stream;
	uint64_t start;
	struct pdf_font font;
};

struct reading {
	struct vt_pdf *pdf;
	pdf_shown_fn *fn;
	void *ctx;
	struct vt_error *err;
	struct cached_font *fonts; /* VT_PDF_PAGE_FONTS_MAX */
	size_t nfonts;
	size_t tokens;
	size_t shown;
	size_t nest;
	uint32_t within[VT_PDF_FORMS_NEST_MAX]; /* form XObjects being read */
};

/* One content stream, with what its operators work on. */
struct stream {
	struct reading *r;
	const struct vt_pdf_obj *resources;
	struct state now;
	struct state saved[VT_PDF_SAVED_MAX];
	size_t nsaved;            /* more than that: the last are lost */
	struct matrix text, line; /* 9.4.1 */
	struct operand *operands;
	size_t n;
	struct vt_buf scratch;
	struct pdf_lex lex;
};

/* A, then B. */
static struct matrix
times(const struct matrix *a, const struct matrix *b)
{
	const double *x = a->m, *y = b->m;
	struct matrix r = { { x[0] * y[0] + x[1] * y[2],
	    x[0] * y[1] + x[1] * y[3], x[2] * y[0] + x[3] * y[2],
	    x[2] * y[1] + x[3] * y[3], x[4] * y[0] + x[5] * y[2] + y[4],
	    x[4] * y[1] + x[5] * y[3] + y[5] } };

	return r;
}

static double
number(const struct stream *s, size_t i)
{
	return i < s->n && s->operands[i].is_number ? s->operands[i].number : 0;
}

static struct vt_bytes
string(const struct stream *s, size_t i)
{
	if (i >= s->n || s->operands[i].is_number)
		return VT_BYTES("", 0);
	return vt_bytes_slice(vt_buf_bytes(&s->scratch), s->operands[i].off,
	    s->operands[i].len);
}

static struct matrix
operand_matrix(const struct stream *s)
{
	struct matrix m;
	size_t i;

	for (i = 0; i < 6; i++)
		m.m[i] = number(s, i);
	return m;
}

/* --- fonts --- */

static int
find_font(struct stream *s, struct vt_bytes name, const struct pdf_font **ret)
{
	struct reading *r = s->r;
	const struct vt_pdf_obj *fonts, *v, *dict;
	struct cached_font key = { 0 };
	struct vt_pdf_ref ref;
	struct vt_error e = { 0 };
	size_t i, n, mark;
	int rc;

	*ret = NULL;
	rc = vt_pdf_lookup(r->pdf, s->resources, "Font", &fonts, r->err);
	if (rc != VT_OK || fonts->type != VT_PDF_DICT)
		return rc;
	v = vt_pdf_value_of(fonts, name, &n);
	if (v == NULL)
		return VT_OK;
	key.num = v->type == VT_PDF_REF ? v->u.ref.num : 0;
	key.in_stream = key.num == 0 ? v->in_stream : 0;
	key.start = key.num == 0 ? v->start : 0;
	for (i = 0; i < r->nfonts; i++)
		if (r->fonts[i].num == key.num &&
		    r->fonts[i].in_stream == key.in_stream &&
		    r->fonts[i].start == key.start) {
			*ret = &r->fonts[i].font;
			return VT_OK;
		}
	if (r->nfonts == VT_PDF_PAGE_FONTS_MAX)
		return vt_error_set(r->err, VT_ELIMIT, NULL,
		    "a page uses more than %d fonts", VT_PDF_PAGE_FONTS_MAX);
	mark = vt_pdf_mark(r->pdf);
	rc = vt_pdf_resolve_ref(r->pdf, v, &dict, &ref, &e);
	if (rc == VT_OK)
		rc = vt_pdf_font_read(r->pdf, dict, &key.font, &e);
	vt_pdf_rewind(r->pdf, mark);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(r->err, &e);
	/* one that cannot be read stays zero: its text has no meaning for us */
	r->fonts[r->nfonts] = key;
	*ret = &r->fonts[r->nfonts++].font;
	return VT_OK;
}

/* --- showing text (9.4.3, 9.4.4) --- */

/* M leads from the code's own space, of size 1, to points as seen. */
static int
show_code(struct stream *s, uint32_t code, const struct matrix *m, double width)
{
	int32_t c[PDF_CHAR_PARTS] = { 0 };
	size_t i, n = vt_pdf_font_meaning(s->now.font, code, c);
	struct pdf_shown shown = { .italic = s->now.font->italic };
	const double *v = m->m;
	double from;
	int rc = VT_OK;

	if (s->r->shown++ == VT_PDF_CHARS_MAX)
		return vt_error_set(s->r->err, VT_ELIMIT, NULL,
		    "more than %d characters on a page", VT_PDF_CHARS_MAX);
	/* Only what is upright; it may slant. */
	if (!(v[0] > 0 && v[3] > 0 && v[0] < 1e6 && v[3] < 1e6) ||
	    v[1] > v[0] / 10 || v[1] < -v[0] / 10)
		return VT_OK;
	shown.size = v[3];
	if (n == 0)
		n = 1;
	for (i = 0; i < n && rc == VT_OK; i++) {
		shown.c = c[i];
		from = width * (double)i / (double)n;
		shown.x0 = v[0] * from + v[4];
		shown.y0 = v[1] * from + v[5];
		from = width * (double)(i + 1) / (double)n;
		shown.x1 = v[0] * from + v[4];
		shown.y1 = v[1] * from + v[5];
		rc = s->r->fn(s->r->ctx, &shown, s->r->err);
	}
	return rc;
}

static int
show_string(struct stream *s, struct vt_bytes text)
{
	const struct state *g = &s->now;
	struct matrix to = { { g->size * g->scale, 0, 0, g->size, 0,
	    g->rise } };
	struct matrix step = identity, m;
	size_t i = 0, len;
	uint32_t code;
	double w;
	int rc;

	if (g->font == NULL)
		return VT_OK;
	len = g->font->wide ? 2 : 1;
	for (; i + len <= text.len; i += len) {
		code = len == 1
			   ? text.data[i]
			   : (uint32_t)(text.data[i] << 8 | text.data[i + 1]);
		w = vt_pdf_font_width(g->font, code);
		m = times(&to, &s->text);
		m = times(&m, &g->ctm);
		if ((rc = show_code(s, code, &m, w)) != VT_OK)
			return rc;
		step.m[4] = w * g->size + g->spacing;
		if (len == 1 && code == ' ')
			step.m[4] += g->word;
		step.m[4] *= g->scale;
		s->text = times(&step, &s->text);
	}
	return VT_OK;
}

/* TJ: strings, and numbers that move back by thousandths (9.4.3). */
static int
show_array(struct stream *s)
{
	struct matrix step = identity;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->n && rc == VT_OK; i++) {
		if (!s->operands[i].is_number) {
			rc = show_string(s, string(s, i));
			continue;
		}
		step.m[4] = -number(s, i) / 1000 * s->now.size * s->now.scale;
		s->text = times(&step, &s->text);
	}
	return rc;
}

/* 9.4.2 */
static void
move(struct stream *s, double x, double y)
{
	struct matrix m = { { 1, 0, 0, 1, x, y } };

	s->line = times(&m, &s->line);
	s->text = s->line;
}

/* --- form XObjects (8.10) --- */

static int read_stream(struct reading *r, const struct vt_pdf_obj *resources,
    const struct state *from, struct vt_bytes data);

static int
read_form(struct stream *s, const struct vt_pdf_obj *form, uint32_t num)
{
	struct reading *r = s->r;
	const struct vt_pdf_obj *v, *res;
	struct state from = s->now;
	struct vt_error e = { 0 };
	struct vt_buf data;
	struct matrix m;
	size_t i;
	int rc;

	if (r->nest == VT_PDF_FORMS_NEST_MAX)
		return vt_error_set(r->err, VT_ELIMIT, NULL,
		    "a page's form XObjects lie deeper than %d in each other",
		    VT_PDF_FORMS_NEST_MAX);
	if ((rc = vt_pdf_lookup(r->pdf, form, "Matrix", &v, r->err)) != VT_OK)
		return rc;
	for (i = 0; i < 6 && v->type == VT_PDF_ARRAY && v->u.array.n == 6; i++)
		if (!vt_pdf_number(&v->u.array.items[i], &m.m[i]))
			break;
	if (i == 6)
		from.ctm = times(&m, &from.ctm);
	rc = vt_pdf_lookup(r->pdf, form, "Resources", &res, r->err);
	if (rc != VT_OK)
		return rc;
	vt_buf_init(&data, CONTENT_BYTES);
	r->within[r->nest++] = num;
	rc = vt_pdf_stream_data(r->pdf, form, &data, &e);
	if (rc == VT_OK)
		rc = read_stream(r,
		    res->type == VT_PDF_DICT ? res : s->resources, &from,
		    vt_buf_bytes(&data));
	else if (rc == VT_ENOMEM || rc == VT_EIO)
		rc = vt_pdf_pass(r->err, &e);
	else
		rc = VT_OK; /* its text stays unknown */
	r->nest--;
	vt_buf_release(&data);
	return rc;
}

static int
draw(struct stream *s, struct vt_bytes name)
{
	struct reading *r = s->r;
	const struct vt_pdf_obj *all, *v, *form;
	struct vt_pdf_ref ref;
	size_t i, n, mark = vt_pdf_mark(r->pdf);
	int rc;

	rc = vt_pdf_lookup(r->pdf, s->resources, "XObject", &all, r->err);
	if (rc != VT_OK || all->type != VT_PDF_DICT)
		return rc;
	if ((v = vt_pdf_value_of(all, name, &n)) == NULL ||
	    v->type != VT_PDF_REF)
		return VT_OK;
	for (i = 0; i < r->nest; i++)
		if (r->within[i] == v->u.ref.num)
			return VT_OK; /* a circle shows nothing */
	rc = vt_pdf_resolve_ref(r->pdf, v, &form, &ref, r->err);
	if (rc == VT_OK && form->type == VT_PDF_STREAM &&
	    vt_pdf_is_name(vt_pdf_find(form, "Subtype"), "Form"))
		rc = read_form(s, form, ref.num);
	vt_pdf_rewind(r->pdf, mark);
	return rc;
}

/* --- operators --- */

static bool
is(const struct stream *s, const char *word)
{
	return vt_pdf_lex_is(&s->lex, word);
}

/* 9.3, 8.4.4: what is set. */
static int
set(struct stream *s, bool *ret)
{
	struct state *g = &s->now;
	struct matrix m;

	*ret = true;
	if (is(s, "Tf")) {
		g->size = number(s, 1);
		return find_font(s, string(s, 0), &g->font);
	}
	if (is(s, "Tc"))
		g->spacing = number(s, 0);
	else if (is(s, "Tw"))
		g->word = number(s, 0);
	else if (is(s, "Tz"))
		g->scale = number(s, 0) / 100;
	else if (is(s, "TL"))
		g->leading = number(s, 0);
	else if (is(s, "Ts"))
		g->rise = number(s, 0);
	else if (is(s, "cm")) {
		m = operand_matrix(s);
		g->ctm = times(&m, &g->ctm);
	} else if (is(s, "q")) {
		if (s->nsaved < VT_PDF_SAVED_MAX)
			s->saved[s->nsaved] = *g;
		s->nsaved++;
	} else if (is(s, "Q") && s->nsaved > VT_PDF_SAVED_MAX) {
		return vt_error_set(s->r->err, VT_ELIMIT, NULL,
		    "a page's content saves more than %d graphics states in "
		    "each other",
		    VT_PDF_SAVED_MAX);
	} else if (is(s, "Q") && s->nsaved > 0) {
		*g = s->saved[--s->nsaved];
	} else {
		*ret = false;
	}
	return VT_OK;
}

static int
operate(struct stream *s)
{
	bool done;
	int rc;

	if ((rc = set(s, &done)) != VT_OK || done)
		return rc;
	if (is(s, "BT")) {
		s->text = s->line = identity;
	} else if (is(s, "Td")) {
		move(s, number(s, 0), number(s, 1));
	} else if (is(s, "TD")) {
		s->now.leading = -number(s, 1);
		move(s, number(s, 0), number(s, 1));
	} else if (is(s, "Tm")) {
		s->text = s->line = operand_matrix(s);
	} else if (is(s, "T*")) {
		move(s, 0, -s->now.leading);
	} else if (is(s, "Tj")) {
		return show_string(s, string(s, 0));
	} else if (is(s, "TJ")) {
		return show_array(s);
	} else if (is(s, "'")) {
		move(s, 0, -s->now.leading);
		return show_string(s, string(s, 0));
	} else if (is(s, "\"")) {
		s->now.word = number(s, 0);
		s->now.spacing = number(s, 1);
		move(s, 0, -s->now.leading);
		return show_string(s, string(s, 2));
	} else if (is(s, "Do")) {
		return draw(s, string(s, 0));
	}
	return VT_OK;
}

/* 8.9.7: what stands between ID and EI is no text. */
static void
skip_image(struct stream *s)
{
	int c, last = -1, before = -1;

	while ((c = pdf_getc(&s->lex.in)) >= 0) {
		if (before == 'E' && last == 'I' &&
		    (pdf_is_space(c) || c == '/'))
			return;
		before = last == 'E' && c == 'I' ? 'E' : -1;
		last = c;
	}
}

static int
push(struct stream *s)
{
	struct operand *o;
	int rc;

	if (s->n == VT_PDF_OPERANDS_MAX)
		return vt_error_set(s->r->err, VT_ELIMIT, NULL,
		    "a page's content has an operator with more than %d "
		    "operands",
		    VT_PDF_OPERANDS_MAX);
	o = &s->operands[s->n++];
	o->is_number = s->lex.tok == PDF_T_INT || s->lex.tok == PDF_T_REAL;
	o->number =
	    s->lex.tok == PDF_T_INT ? (double)s->lex.integer : s->lex.real;
	o->off = s->scratch.len;
	o->len = o->is_number ? 0 : s->lex.text.len;
	rc = vt_buf_put(&s->scratch, s->lex.text.data, o->len);
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, s->r->err);
}

static int
read_tokens(struct stream *s)
{
	int rc;

	for (;;) {
		if ((rc = vt_pdf_lex_next(&s->lex)) != VT_OK)
			return rc;
		if (s->lex.tok != PDF_T_EOF &&
		    s->r->tokens++ == VT_PDF_CONTENT_MAX)
			return vt_error_set(s->r->err, VT_ELIMIT, NULL,
			    "a page's content has more than %d words",
			    VT_PDF_CONTENT_MAX);
		switch (s->lex.tok) {
		case PDF_T_EOF:
			return VT_OK;
		case PDF_T_INT:
		case PDF_T_REAL:
		case PDF_T_STRING:
		case PDF_T_NAME:
			rc = push(s);
			break;
		case PDF_T_WORD:
			if (is(s, "ID"))
				skip_image(s);
			else
				rc = operate(s);
			s->n = 0;
			vt_buf_reset(&s->scratch);
			break;
		default: /* arrays are flat here; what is broken is passed */
			break;
		}
		if (rc != VT_OK)
			return rc;
	}
}

static int
read_stream(struct reading *r, const struct vt_pdf_obj *resources,
    const struct state *from, struct vt_bytes data)
{
	struct stream *s;
	int rc;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return vt_error_nomem(r->err);
	s->r = r;
	s->resources = resources;
	s->now = *from;
	s->text = s->line = identity;
	vt_buf_init(&s->scratch, VT_PDF_OBJECT_MAX);
	vt_pdf_lex_init(&s->lex);
	vt_pdf_in_bytes(&s->lex.in, data, 0, r->err);
	s->operands = calloc(VT_PDF_OPERANDS_MAX, sizeof(*s->operands));
	rc = s->operands != NULL ? read_tokens(s) : (int)vt_error_nomem(r->err);
	free(s->operands);
	vt_pdf_lex_release(&s->lex);
	vt_buf_release(&s->scratch);
	free(s);
	return rc;
}

/* The streams of a page are one (7.8.2). */
static int
page_data(struct vt_pdf *pdf, const struct vt_pdf_obj *contents,
    struct vt_buf *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *part;
	size_t i, n = contents->type == VT_PDF_ARRAY ? contents->u.array.n : 1;
	int rc;

	for (i = 0; i < n; i++) {
		part = contents;
		if (contents->type == VT_PDF_ARRAY &&
		    (rc = vt_pdf_resolve(pdf, &contents->u.array.items[i],
			 &part, err)) != VT_OK)
			return rc;
		if (part->type != VT_PDF_STREAM)
			continue;
		if ((rc = vt_pdf_stream_data(pdf, part, ret, err)) != VT_OK)
			return rc;
		if ((rc = vt_buf_putc(ret, '\n')) != VT_OK)
			return vt_pdf_buf_error(rc, err);
	}
	return VT_OK;
}

int
vt_pdf_content_read(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    pdf_shown_fn *fn, void *ctx, struct vt_error *err)
{
	struct reading r = { .pdf = pdf, .fn = fn, .ctx = ctx, .err = err };
	struct state from = { .scale = 1 };
	const struct vt_pdf_obj *page, *contents, *res;
	size_t i, mark = vt_pdf_mark(pdf);
	struct vt_buf data;
	int rc;

	vt_buf_init(&data, CONTENT_BYTES);
	vt_pdf_view_matrix(view, from.ctm.m);
	if ((r.fonts = calloc(VT_PDF_PAGE_FONTS_MAX, sizeof(*r.fonts))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_pdf_get(pdf, view->ref, &page, err)) != VT_OK ||
	    (rc = vt_pdf_inherited(pdf, page, "Resources", &res, err)) !=
		VT_OK ||
	    (rc = vt_pdf_lookup(pdf, page, "Contents", &contents, err)) !=
		VT_OK ||
	    (rc = page_data(pdf, contents, &data, err)) != VT_OK)
		goto out;
	rc = read_stream(&r, res, &from, vt_buf_bytes(&data));
out:
	for (i = 0; i < r.nfonts; i++)
		vt_pdf_font_release(&r.fonts[i].font);
	free(r.fonts);
	vt_buf_release(&data);
	vt_pdf_rewind(pdf, mark);
	return rc;
}
