/* pdf_content_show.c - the text that operators show (ISO 32000-2, 9.4) */
#include "pdf_compare_int.h"
#include "pdf_content.h"

/* --- operands --- */

struct pdf_matrix
vt_pdf_times(const struct pdf_matrix *a, const struct pdf_matrix *b)
{
	const double *x = a->m, *y = b->m;
	struct pdf_matrix r = { { x[0] * y[0] + x[1] * y[2],
	    x[0] * y[1] + x[1] * y[3], x[2] * y[0] + x[3] * y[2],
	    x[2] * y[1] + x[3] * y[3], x[4] * y[0] + x[5] * y[2] + y[4],
	    x[4] * y[1] + x[5] * y[3] + y[5] } };

	return r;
}

double
vt_pdf_operand_number(const struct pdf_content *s, size_t i)
{
	return i < s->n && s->operands[i].is_number ? s->operands[i].number : 0;
}

struct vt_bytes
vt_pdf_operand_string(const struct pdf_content *s, size_t i)
{
	if (i >= s->n || s->operands[i].is_number)
		return VT_BYTES("", 0);
	return vt_bytes_slice(vt_buf_bytes(&s->scratch), s->operands[i].off,
	    s->operands[i].len);
}

/* --- fonts --- */

int
vt_pdf_content_font(struct pdf_content *s, struct vt_bytes name,
    const struct pdf_font **ret)
{
	struct pdf_reading *r = s->r;
	const struct vt_pdf_obj *fonts, *v, *dict;
	struct pdf_page_font key = { 0 };
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
show_code(struct pdf_content *s, uint32_t code, const struct pdf_matrix *m,
    double width)
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

int
vt_pdf_content_show(struct pdf_content *s, struct vt_bytes text)
{
	const struct pdf_gstate *g = &s->now;
	struct pdf_matrix to = { { g->size * g->scale, 0, 0, g->size, 0,
	    g->rise } };
	struct pdf_matrix step = PDF_IDENTITY, m;
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
		m = vt_pdf_times(&to, &s->text);
		m = vt_pdf_times(&m, &g->ctm);
		if ((rc = show_code(s, code, &m, w)) != VT_OK)
			return rc;
		step.m[4] = w * g->size + g->spacing;
		if (len == 1 && code == ' ')
			step.m[4] += g->word;
		step.m[4] *= g->scale;
		s->text = vt_pdf_times(&step, &s->text);
	}
	return VT_OK;
}

int
vt_pdf_content_show_array(struct pdf_content *s)
{
	struct pdf_matrix step = PDF_IDENTITY;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->n && rc == VT_OK; i++) {
		if (!s->operands[i].is_number) {
			rc =
			    vt_pdf_content_show(s, vt_pdf_operand_string(s, i));
			continue;
		}
		step.m[4] = -vt_pdf_operand_number(s, i) / 1000 * s->now.size *
			    s->now.scale;
		s->text = vt_pdf_times(&step, &s->text);
	}
	return rc;
}

void
vt_pdf_content_move(struct pdf_content *s, double x, double y)
{
	struct pdf_matrix m = { { 1, 0, 0, 1, x, y } };

	s->line = vt_pdf_times(&m, &s->line);
	s->text = s->line;
}
