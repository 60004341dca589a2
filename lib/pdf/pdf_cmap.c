/* pdf_cmap.c - what codes mean: /ToUnicode (ISO 32000-2, 9.10.3) */
#include <stdlib.h>

#include "pdf_page.h"

struct reading {
	struct pdf_lex lex;
	struct pdf_font *font;
	struct vt_error *err;
};

static bool
code_of(struct vt_bytes s, uint32_t *ret)
{
	size_t i;

	if (s.len == 0 || s.len > 4)
		return false;
	for (i = 0, *ret = 0; i < s.len; i++)
		*ret = *ret << 8 | s.data[i];
	return true;
}

/* UTF-16BE, as far as there is room: more than a ligature is none. */
static void
meaning_of(struct vt_bytes s, struct pdf_meaning *ret)
{
	int32_t c, next;
	size_t i;

	ret->n = 0;
	if (s.len == 1 && s.data[0] != 0) { /* seen */
		ret->c[ret->n++] = s.data[0];
		return;
	}
	for (i = 0; i + 1 < s.len && ret->n < PDF_CHAR_PARTS; i += 2) {
		c = s.data[i] << 8 | s.data[i + 1];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.len) {
			next = s.data[i + 2] << 8 | s.data[i + 3];
			c = 0x10000 + ((c - 0xd800) << 10) + (next & 0x3ff);
			i += 2;
		}
		if (c >= 0xd800 && c < 0xe000)
			c = 0xfffd;
		if (c != 0)
			ret->c[ret->n++] = c;
	}
}

static int
add(struct reading *r, const struct pdf_meaning *m)
{
	struct pdf_font *f = r->font;
	struct pdf_meaning *more;

	if (m->n == 0 || m->high < m->low || m->high - m->low > 0xffff)
		return VT_OK;
	if (f->nmap == VT_PDF_FONT_MAP_MAX)
		return vt_error_set(r->err, VT_ELIMIT, "ISO 32000-2, 9.10.3",
		    "a font tells the meaning of more than %d codes",
		    VT_PDF_FONT_MAP_MAX);
	if ((f->nmap & (f->nmap - 1)) == 0) { /* room for twice as many */
		more = realloc(f->map,
		    (f->nmap == 0 ? 1 : 2 * f->nmap) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(r->err);
		f->map = more;
	}
	f->map[f->nmap++] = *m;
	return VT_OK;
}

static int
next_string(struct reading *r, bool *ret)
{
	int rc = vt_pdf_lex_next(&r->lex);

	*ret = rc == VT_OK && r->lex.tok == PDF_T_STRING;
	return rc;
}

static int
read_chars(struct reading *r)
{
	struct pdf_meaning m;
	bool ok;
	int rc;

	for (;;) {
		if ((rc = next_string(r, &ok)) != VT_OK || !ok ||
		    !code_of(vt_buf_bytes(&r->lex.text), &m.low))
			return rc;
		m.high = m.low;
		if ((rc = next_string(r, &ok)) != VT_OK || !ok)
			return rc;
		meaning_of(vt_buf_bytes(&r->lex.text), &m);
		if ((rc = add(r, &m)) != VT_OK)
			return rc;
	}
}

/* "[<..> <..>]": one for each code from LOW on. */
static int
read_list(struct reading *r, uint32_t code)
{
	struct pdf_meaning m;
	bool ok;
	int rc;

	for (;; code++) {
		if ((rc = next_string(r, &ok)) != VT_OK || !ok)
			return rc;
		m.low = m.high = code;
		meaning_of(vt_buf_bytes(&r->lex.text), &m);
		if ((rc = add(r, &m)) != VT_OK)
			return rc;
	}
}

static int
read_ranges(struct reading *r)
{
	struct pdf_meaning m;
	bool ok;
	int rc;

	for (;;) {
		if ((rc = next_string(r, &ok)) != VT_OK || !ok ||
		    !code_of(vt_buf_bytes(&r->lex.text), &m.low))
			return rc;
		if ((rc = next_string(r, &ok)) != VT_OK || !ok ||
		    !code_of(vt_buf_bytes(&r->lex.text), &m.high))
			return rc;
		if ((rc = vt_pdf_lex_next(&r->lex)) != VT_OK)
			return rc;
		if (r->lex.tok == PDF_T_ARRAY) {
			if ((rc = read_list(r, m.low)) != VT_OK)
				return rc;
			continue;
		}
		if (r->lex.tok != PDF_T_STRING)
			return VT_OK;
		meaning_of(vt_buf_bytes(&r->lex.text), &m);
		if ((rc = add(r, &m)) != VT_OK)
			return rc;
	}
}

static int
by_code(const void *va, const void *vb)
{
	const struct pdf_meaning *a = va, *b = vb;

	return a->low < b->low ? -1 : a->low > b->low;
}

int
vt_pdf_cmap_read(struct vt_bytes data, struct pdf_font *ret,
    struct vt_error *err)
{
	struct reading *r;
	int rc = VT_OK;

	if ((r = malloc(sizeof(*r))) == NULL)
		return vt_error_nomem(err);
	r->font = ret;
	r->err = err;
	vt_pdf_lex_init(&r->lex);
	vt_pdf_in_bytes(&r->lex.in, data, 0, err);
	do {
		if ((rc = vt_pdf_lex_next(&r->lex)) != VT_OK)
			break;
		if (vt_pdf_lex_is(&r->lex, "beginbfchar"))
			rc = read_chars(r);
		else if (vt_pdf_lex_is(&r->lex, "beginbfrange"))
			rc = read_ranges(r);
	} while (rc == VT_OK && r->lex.tok != PDF_T_EOF);
	vt_pdf_lex_release(&r->lex);
	free(r);
	if (rc == VT_OK && ret->nmap > 0)
		qsort(ret->map, ret->nmap, sizeof(*ret->map), by_code);
	return rc;
}
