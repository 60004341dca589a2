/* pdf_revision.c - the end of the file, and of each earlier state (7.5.6) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.5.5"

int
vt_pdf_startxref_at(struct vt_pdf *pdf, uint64_t pos, struct pdf_startxref *ret,
    struct vt_error *err)
{
	struct pdf_lex lx;
	int rc;

	memset(ret, 0, sizeof(*ret));
	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, pdf->src, pos, pdf->size, err);
	if ((rc = vt_pdf_lex_word(&lx, "startxref")) != VT_OK ||
	    (rc = vt_pdf_lex_next(&lx)) != VT_OK)
		goto out;
	if (lx.tok != PDF_T_INT || lx.integer < 0)
		goto out;
	ret->found = true;
	ret->value = (uint64_t)lx.integer;
	ret->end = lx.end;
	while (pdf_is_space(pdf_peek(&lx.in)))
		lx.in.pos++;
	ret->eof = vt_pdf_in_accept(&lx.in, "%%EOF");
	if (ret->eof) {
		vt_pdf_in_eol(&lx.in);
		ret->end = lx.in.pos;
	}
	rc = lx.in.rc;
out:
	vt_pdf_lex_release(&lx);
	return rc == VT_EFORMAT ? VT_OK : rc; /* another word stands there */
}

static size_t
find_last(struct vt_bytes b, const char *word)
{
	size_t at = SIZE_MAX, next = 0;

	while ((next = vt_bytes_find(b, next, word)) != SIZE_MAX) {
		if (next == 0 || !pdf_is_regular(b.data[next - 1]))
			at = next;
		next++;
	}
	return at;
}

/* The last "startxref" counts, even if an earlier one would make more sense. */
int
vt_pdf_xref_tail(struct vt_pdf *pdf, struct vt_error *err)
{
	unsigned char tail[PDF_TAIL];
	uint64_t from, i;
	struct vt_bytes b;
	size_t at;
	struct pdf_startxref found;
	int rc;

	from = pdf->size - pdf->header > PDF_TAIL ? pdf->size - PDF_TAIL
						  : pdf->header;
	b = VT_BYTES(tail, (size_t)(pdf->size - from));
	if ((rc = vt_source_read(pdf->src, from, tail, b.len, err)) != VT_OK)
		return rc;
	if ((at = find_last(b, "startxref")) == SIZE_MAX)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "no \"startxref\" in the last %d bytes: the file is cut "
		    "off or is not a PDF",
		    PDF_TAIL);
	rc = vt_pdf_startxref_at(pdf, from + at, &found, err);
	if (rc != VT_OK)
		return rc;
	if (!found.found)
		return vt_pdf_bad(err, from + at, CLAUSE,
		    VT_N_("\"startxref\" without an offset"));
	pdf->startxref = found.value;
	pdf->eof = found.end;
	if (!found.eof)
		vt_pdf_note(pdf, false, VT_PDF_F_STARTXREF, from + at, 0,
		    CLAUSE, VT_N_("\"%%%%EOF\" is missing at the end"));
	for (i = pdf->eof; i < pdf->size; i++)
		if (!pdf_is_space(tail[i - from]))
			break;
	if (i < pdf->size)
		vt_pdf_note(pdf, false, VT_PDF_F_STARTXREF, i, 0, CLAUSE,
		    VT_N_("%llu bytes stand behind the end of the file"),
		    (unsigned long long)(pdf->size - i));
	if (pdf->startxref == 0 || pdf->startxref >= pdf->size - pdf->header)
		return vt_pdf_bad(err, from + at, CLAUSE,
		    VT_N_("\"startxref\" leads out of the file"));
	return VT_OK;
}

/* The two sections of a linearized file are one revision (Annex F). */
static bool
is_pair(const struct vt_pdf *pdf, size_t i)
{
	return pdf->linearized != 0 && i + 2 == pdf->nsections &&
	       !pdf->sections[i + 1].missing &&
	       pdf->sections[i + 1].off > pdf->sections[i].off;
}

/*
 * Behind the cross-reference stream of a linearized file, Acrobat writes a
 * trailer that no reader looks at.
 */
static int
skip_trailer(struct vt_pdf *pdf, const struct pdf_section *s, uint64_t *ret,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	struct vt_pdf_obj trailer;
	struct pdf_lex lx;
	int rc;

	*ret = s->end;
	if (s->kind != VT_PDF_XREF_STREAM)
		return VT_OK;
	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, pdf->src, s->end, pdf->size, &e);
	rc = vt_pdf_lex_word(&lx, "trailer");
	if (rc == VT_OK)
		rc = vt_pdf_parse(pdf, &lx, 0, 0, &trailer, &e);
	if (rc == VT_OK)
		*ret = trailer.end;
	vt_pdf_lex_release(&lx);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	return VT_OK;
}

/* 0 where "startxref", the section's own offset and "%%EOF" do not follow. */
static int
revision_end(struct vt_pdf *pdf, const struct pdf_section *head,
    const struct pdf_section *last, uint64_t *ret, struct vt_error *err)
{
	struct pdf_startxref found;
	uint64_t pos;
	int rc;

	if (head == pdf->sections) {
		*ret = pdf->eof;
		return VT_OK;
	}
	if ((rc = skip_trailer(pdf, last, &pos, err)) != VT_OK ||
	    (rc = vt_pdf_startxref_at(pdf, pos, &found, err)) != VT_OK)
		return rc;
	if (found.eof && pdf->header + found.value == head->off)
		*ret = found.end;
	return VT_OK;
}

static int
describe(struct vt_pdf *pdf, size_t i, size_t k, struct vt_pdf_revision *r,
    struct vt_error *err)
{
	struct pdf_section *s = &pdf->sections[i];

	s->revision = k;
	r->xref = s->off;
	r->kind = s->kind;
	r->missing = s->missing;
	r->trailer = s->trailer;
	if (is_pair(pdf, i)) {
		r->linearized = true;
		s[1].revision = k;
		return revision_end(pdf, s, s + 1, &r->end, err);
	}
	if (i + 1 < pdf->nsections && s[1].off > s->off)
		vt_pdf_note(pdf, false, VT_PDF_F_XREF, s->off, 0,
		    "ISO 32000-2, 7.5.6",
		    VT_N_(
			"/Prev leads forward, and the file is not linearized"));
	return s->missing ? VT_OK : revision_end(pdf, s, s, &r->end, err);
}

int
vt_pdf_revisions_make(struct vt_pdf *pdf, struct vt_error *err)
{
	struct vt_pdf_revision *r;
	size_t i, k, n = 0;
	int rc;

	for (i = 0; i < pdf->nsections; i++)
		n += i == 0 || !is_pair(pdf, i - 1);
	if ((r = calloc(n, sizeof(*r))) == NULL)
		return vt_error_nomem(err);
	pdf->revisions = r;
	pdf->nrevisions = n;
	for (i = 0, k = n; k-- > 0; i += r[k].linearized ? 2 : 1)
		if ((rc = describe(pdf, i, k, &r[k], err)) != VT_OK)
			return rc;
	if (pdf->linearized != 0 && r[0].end != 0 &&
	    pdf->linearized != r[0].end - pdf->header)
		vt_pdf_note(pdf, false, VT_PDF_F_LINEARIZED, UINT64_MAX, 0,
		    "ISO 32000-2, F.3.3",
		    VT_N_("the linearization dictionary tells another length"));
	return VT_OK;
}

size_t
vt_pdf_nrevisions(const struct vt_pdf *pdf)
{
	return pdf->nrevisions;
}

const struct vt_pdf_revision *
vt_pdf_revision(const struct vt_pdf *pdf, size_t i)
{
	return i < pdf->nrevisions ? &pdf->revisions[i] : NULL;
}

static void
show(const struct vt_pdf *pdf, const struct pdf_section *s,
    const struct pdf_xentry *e, struct vt_pdf_xref *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->ref = (struct vt_pdf_ref){ e->num, e->gen };
	ret->type = e->type;
	ret->revision = s->revision;
	if (e->type == VT_PDF_IN_FILE) {
		ret->off = pdf->header + e->where;
	} else if (e->type == VT_PDF_IN_STREAM) {
		ret->ref.gen = 0;
		ret->stream = (uint32_t)(e->where >> 32);
		ret->index = (uint32_t)e->where;
	}
}

static const struct pdf_xentry *
find_in(const struct pdf_section *s, uint32_t num)
{
	size_t low = 0, high = s->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->entries[mid].num < num)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->n && s->entries[low].num == num ? &s->entries[low]
							: NULL;
}

/* The entry that counts for NUM, and its section; NULL: there is none. */
static const struct pdf_xentry *
find_entry(const struct vt_pdf *pdf, uint32_t num,
    const struct pdf_section **ret)
{
	const struct pdf_section *s = pdf->sections;
	size_t low = 0, high = pdf->nindex, mid;

	if (pdf->nsections == 0)
		return NULL;
	if (pdf->index != NULL) {
		while (low < high) {
			mid = low + (high - low) / 2;
			if (pdf->index[mid].num < num)
				low = mid + 1;
			else
				high = mid;
		}
		if (low == pdf->nindex || pdf->index[low].num != num)
			return NULL;
		s += pdf->index[low].section;
	}
	*ret = s;
	return find_in(s, num);
}

bool
vt_pdf_xref_find(const struct vt_pdf *pdf, uint32_t num,
    struct vt_pdf_xref *ret)
{
	const struct pdf_section *s;
	const struct pdf_xentry *e = find_entry(pdf, num, &s);

	if (e == NULL)
		return false;
	show(pdf, s, e, ret);
	return true;
}

bool
vt_pdf_xref_hidden(const struct vt_pdf *pdf, uint32_t num)
{
	const struct pdf_section *s;
	const struct pdf_xentry *e = find_entry(pdf, num, &s);

	return e != NULL && e->hidden;
}

bool
vt_pdf_xref_next(const struct vt_pdf *pdf, size_t *pos, struct vt_pdf_xref *ret)
{
	const struct pdf_section *s = pdf->sections;

	if (pdf->index != NULL) {
		if (*pos >= pdf->nindex)
			return false;
		s += pdf->index[*pos].section;
		show(pdf, s, find_in(s, pdf->index[*pos].num), ret);
	} else {
		if (pdf->nsections == 0 || *pos >= s->n)
			return false;
		show(pdf, s, &s->entries[*pos], ret);
	}
	++*pos;
	return true;
}

bool
vt_pdf_revision_next(const struct vt_pdf *pdf, size_t i, size_t *pos,
    struct vt_pdf_xref *ret)
{
	const struct pdf_section *s = pdf->sections;
	size_t k, at = *pos;

	for (k = 0; k < pdf->nsections; k++, s++) {
		if (s->revision != i)
			continue;
		if (at < s->n) {
			show(pdf, s, &s->entries[at], ret);
			++*pos;
			return true;
		}
		at -= s->n;
	}
	return false;
}

int
vt_pdf_open_revision(const struct vt_pdf *pdf, size_t i, struct vt_pdf **ret,
    struct vt_error *err)
{
	struct vt_source *prefix = NULL;
	int rc;

	if (i >= pdf->nrevisions)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the document has no revision %zu", i);
	if (pdf->revisions[i].end == 0)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.6",
		    "where revision %zu ends is not known", i);
	rc = vt_source_prefix(pdf->src, pdf->revisions[i].end, &prefix, err);
	if (rc != VT_OK)
		return rc;
	if ((rc = vt_pdf_open_with(prefix, pdf->mode, &pdf->password, ret,
		 err)) != VT_OK) {
		vt_source_free(prefix);
		return rc;
	}
	(*ret)->own = prefix;
	return VT_OK;
}
