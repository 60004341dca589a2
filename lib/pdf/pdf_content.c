/* pdf_content.c - the text that a page's content shows (7.8.2, 8.4, 9.4) */
#include <stdlib.h>

#include "pdf_compare_int.h"
#include "pdf_content.h"

#define CONTENT_BYTES VT_PDF_DECODED_MAX

static struct pdf_matrix
operand_matrix(const struct pdf_content *s)
{
	struct pdf_matrix m;
	size_t i;

	for (i = 0; i < 6; i++)
		m.m[i] = vt_pdf_operand_number(s, i);
	return m;
}

/* --- form XObjects (8.10) --- */

static int read_stream(struct pdf_reading *r,
    const struct vt_pdf_obj *resources, const struct pdf_gstate *from,
    struct vt_bytes data);

static int
read_form(struct pdf_content *s, const struct vt_pdf_obj *form, uint32_t num)
{
	struct pdf_reading *r = s->r;
	const struct vt_pdf_obj *v, *res;
	struct pdf_gstate from = s->now;
	struct vt_error e = { 0 };
	struct vt_buf data;
	struct pdf_matrix m;
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
		from.ctm = vt_pdf_times(&m, &from.ctm);
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
draw(struct pdf_content *s, struct vt_bytes name)
{
	struct pdf_reading *r = s->r;
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
is(const struct pdf_content *s, const char *word)
{
	return vt_pdf_lex_is(&s->lex, word);
}

/* 9.3, 8.4.4: what is set. */
static int
set(struct pdf_content *s, bool *ret)
{
	struct pdf_gstate *g = &s->now;
	struct pdf_matrix m;

	*ret = true;
	if (is(s, "Tf")) {
		g->size = vt_pdf_operand_number(s, 1);
		return vt_pdf_content_font(s, vt_pdf_operand_string(s, 0),
		    &g->font);
	}
	if (is(s, "Tc"))
		g->spacing = vt_pdf_operand_number(s, 0);
	else if (is(s, "Tw"))
		g->word = vt_pdf_operand_number(s, 0);
	else if (is(s, "Tz"))
		g->scale = vt_pdf_operand_number(s, 0) / 100;
	else if (is(s, "TL"))
		g->leading = vt_pdf_operand_number(s, 0);
	else if (is(s, "Ts"))
		g->rise = vt_pdf_operand_number(s, 0);
	else if (is(s, "cm")) {
		m = operand_matrix(s);
		g->ctm = vt_pdf_times(&m, &g->ctm);
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
operate(struct pdf_content *s)
{
	bool done;
	int rc;

	if ((rc = set(s, &done)) != VT_OK || done)
		return rc;
	if (is(s, "BT")) {
		s->text = s->line = PDF_IDENTITY;
	} else if (is(s, "Td")) {
		vt_pdf_content_move(s, vt_pdf_operand_number(s, 0),
		    vt_pdf_operand_number(s, 1));
	} else if (is(s, "TD")) {
		s->now.leading = -vt_pdf_operand_number(s, 1);
		vt_pdf_content_move(s, vt_pdf_operand_number(s, 0),
		    vt_pdf_operand_number(s, 1));
	} else if (is(s, "Tm")) {
		s->text = s->line = operand_matrix(s);
	} else if (is(s, "T*")) {
		vt_pdf_content_move(s, 0, -s->now.leading);
	} else if (is(s, "Tj")) {
		return vt_pdf_content_show(s, vt_pdf_operand_string(s, 0));
	} else if (is(s, "TJ")) {
		return vt_pdf_content_show_array(s);
	} else if (is(s, "'")) {
		vt_pdf_content_move(s, 0, -s->now.leading);
		return vt_pdf_content_show(s, vt_pdf_operand_string(s, 0));
	} else if (is(s, "\"")) {
		s->now.word = vt_pdf_operand_number(s, 0);
		s->now.spacing = vt_pdf_operand_number(s, 1);
		vt_pdf_content_move(s, 0, -s->now.leading);
		return vt_pdf_content_show(s, vt_pdf_operand_string(s, 2));
	} else if (is(s, "Do")) {
		return draw(s, vt_pdf_operand_string(s, 0));
	}
	return VT_OK;
}

/* 8.9.7: what stands between ID and EI is no text. */
static void
skip_image(struct pdf_content *s)
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
push(struct pdf_content *s)
{
	struct pdf_operand *o;
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
read_tokens(struct pdf_content *s)
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
read_stream(struct pdf_reading *r, const struct vt_pdf_obj *resources,
    const struct pdf_gstate *from, struct vt_bytes data)
{
	struct pdf_content *s;
	int rc;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return vt_error_nomem(r->err);
	s->r = r;
	s->resources = resources;
	s->now = *from;
	s->text = s->line = PDF_IDENTITY;
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

static void
reading_release(struct pdf_reading *r)
{
	size_t i;

	for (i = 0; i < r->nfonts; i++)
		vt_pdf_font_release(&r->fonts[i].font);
	free(r->fonts);
}

int
vt_pdf_content_read(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    pdf_shown_fn *fn, void *ctx, struct vt_error *err)
{
	struct pdf_reading r = { .pdf = pdf, .fn = fn, .ctx = ctx, .err = err };
	struct pdf_gstate from = { .scale = 1 };
	const struct vt_pdf_obj *page, *contents, *res;
	size_t mark = vt_pdf_mark(pdf);
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
	reading_release(&r);
	vt_buf_release(&data);
	vt_pdf_rewind(pdf, mark);
	return rc;
}

int
vt_pdf_content_read_look(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    struct vt_pdf_ref widget, pdf_shown_fn *fn, void *ctx, struct vt_error *err)
{
	struct pdf_reading r = { .pdf = pdf, .fn = fn, .ctx = ctx, .err = err };
	/* a form's resources are its own: there is no page's to fall back on */
	struct pdf_content none = { .r = &r, .now = { .scale = 1 } };
	const struct vt_pdf_obj *dict, *ap, *v, *form;
	size_t mark = vt_pdf_mark(pdf);
	struct vt_pdf_ref ref;
	int rc;

	vt_pdf_view_matrix(view, none.now.ctm.m);
	if ((r.fonts = calloc(VT_PDF_PAGE_FONTS_MAX, sizeof(*r.fonts))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_pdf_get(pdf, widget, &dict, err)) == VT_OK &&
	    (rc = vt_pdf_lookup(pdf, dict, "AP", &ap, err)) == VT_OK &&
	    ap->type == VT_PDF_DICT && (v = vt_pdf_find(ap, "N")) != NULL &&
	    (rc = vt_pdf_resolve_ref(pdf, v, &form, &ref, err)) == VT_OK &&
	    form->type == VT_PDF_STREAM) {
		none.resources = form;
		rc = read_form(&none, form, ref.num);
	}
	reading_release(&r);
	vt_pdf_rewind(pdf, mark);
	return rc;
}
