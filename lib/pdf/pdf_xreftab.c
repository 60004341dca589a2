/* pdf_xreftab.c - cross-reference tables (ISO 32000-2, 7.5.4) */
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.5.4"
#define ENTRY_LEN 20

static bool
digits(const unsigned char *s, size_t n, uint64_t *ret)
{
	uint64_t v = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (*s - '0');
	}
	*ret = v;
	return true;
}

/* "nnnnnnnnnn ggggg n" and two characters of end of line, as prescribed. */
static bool
plain_entry(struct pdf_in *in, uint64_t *off, uint64_t *gen, bool *in_use)
{
	const unsigned char *s;

	if (pdf_peek(in) < 0 || in->nwin - (in->pos - in->base) < ENTRY_LEN)
		return false;
	s = in->win + (in->pos - in->base);
	if (!digits(s, 10, off) || s[10] != ' ' || !digits(s + 11, 5, gen) ||
	    s[16] != ' ' || (s[17] != 'n' && s[17] != 'f') ||
	    (s[18] != ' ' && s[18] != '\r') || (s[19] != '\n' && s[19] != '\r'))
		return false;
	*in_use = s[17] == 'n';
	in->pos += ENTRY_LEN;
	return true;
}

/* The same three fields, spaced otherwise. */
static int
odd_entry(struct pdf_lex *lx, uint64_t *off, uint64_t *gen, bool *in_use,
    struct vt_error *err)
{
	int64_t v[2];
	size_t i;
	int rc;

	for (i = 0; i < 2; i++) {
		if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
			return rc;
		if (lx->tok != PDF_T_INT || lx->integer < 0)
			goto bad;
		v[i] = lx->integer;
	}
	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	*in_use = vt_pdf_lex_is(lx, "n");
	if (!*in_use && !vt_pdf_lex_is(lx, "f"))
		goto bad;
	*off = (uint64_t)v[0];
	*gen = (uint64_t)v[1];
	return VT_OK;
bad:
	return vt_pdf_bad(err, lx->start, CLAUSE,
	    VT_N_("a broken entry of a cross-reference table"));
}

static int
read_subsection(struct vt_pdf *pdf, struct pdf_lex *lx, struct pdf_section *sec,
    uint64_t first, uint64_t count, bool *odd, struct vt_error *err)
{
	struct pdf_xentry e = { 0 };
	uint64_t i, off = 0, gen = 0, pos;
	bool in_use = false;
	int rc;

	/* No entry is shorter than 18 bytes, unless it is an odd one. */
	if (count <= (pdf->size - lx->in.pos) / 18 + 1) {
		rc = vt_pdf_xref_reserve(pdf, sec, (size_t)count, err);
		if (rc != VT_OK)
			return rc;
	}
	vt_pdf_skip_space(&lx->in);
	for (i = 0; i < count; i++) {
		pos = lx->in.pos;
		if (!plain_entry(&lx->in, &off, &gen, &in_use)) {
			rc = odd_entry(lx, &off, &gen, &in_use, err);
			if (rc != VT_OK)
				return rc;
			vt_pdf_skip_space(&lx->in);
			if (i + 1 < count && lx->in.pos != pos + ENTRY_LEN)
				*odd = true;
		}
		if (gen == PDF_GEN_MAX + 1 && !in_use) {
			gen = PDF_GEN_MAX; /* never used again, says either */
			vt_pdf_note(pdf, false, VT_PDF_F_XREF, sec->off, 0,
			    CLAUSE, VT_N_("a free entry has generation 65536"));
		}
		if (gen > PDF_GEN_MAX)
			return vt_pdf_bad(err, pos, CLAUSE,
			    VT_N_("a broken entry of a cross-reference table"));
		e.num = (uint32_t)(first + i);
		e.gen = (uint16_t)gen;
		e.type = in_use ? VT_PDF_IN_FILE : VT_PDF_FREE;
		e.where = off;
		if ((rc = vt_pdf_xref_add(pdf, sec, &e, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_pdf_xref_table(struct vt_pdf *pdf, struct pdf_lex *lx,
    struct pdf_section *sec, struct vt_error *err)
{
	struct vt_pdf_obj trailer;
	int64_t first;
	bool odd = false;
	void *mem;
	int rc;

	for (;;) {
		if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
			return rc;
		if (lx->tok != PDF_T_INT)
			break;
		first = lx->integer;
		if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
			return rc;
		if (lx->tok != PDF_T_INT || first < 0 || lx->integer < 0 ||
		    first > PDF_NUM_MAX || lx->integer > PDF_NUM_MAX - first)
			return vt_pdf_bad(err, lx->start, CLAUSE,
			    VT_N_("a broken head of a subsection"));
		rc = read_subsection(pdf, lx, sec, (uint64_t)first,
		    (uint64_t)lx->integer, &odd, err);
		if (rc != VT_OK)
			return rc;
	}
	if (!vt_pdf_lex_is(lx, "trailer"))
		return vt_pdf_bad(err, lx->start, CLAUSE,
		    VT_N_("a cross-reference table without its trailer"));
	if (odd)
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, sec->off, 0, CLAUSE,
		    VT_N_("entries of a cross-reference table are not 20 bytes "
			  "long"));
	if ((rc = vt_pdf_parse(pdf, lx, 0, 0, &trailer, err)) != VT_OK)
		return rc;
	if (trailer.type != VT_PDF_DICT)
		return vt_pdf_bad(err, trailer.start, "ISO 32000-2, 7.5.5",
		    VT_N_("the trailer is not a dictionary"));
	if ((rc = vt_pdf_alloc(pdf, sizeof(trailer), &mem, err)) != VT_OK)
		return rc;
	memcpy(mem, &trailer, sizeof(trailer));
	sec->trailer = mem;
	sec->end = trailer.end;
	return VT_OK;
}
