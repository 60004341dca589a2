/* pdf_length.c - where a stream ends whose /Length is wrong (7.3.8.2) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.3.8.2"
#define NEAR 32 /* bytes that a /Length may be wrong by */
#define PIECE (64u * 1024)
#define END "endstream"
#define BEHIND 256 /* bytes behind it that say what follows */
#define STREAMS_MAX 4096

/*
 * The number of data bytes of a stream whose /Length does not lead to
 * "endstream", where that stands close by, once only, before "endobj".
 */
static bool
near_by(struct vt_pdf *pdf, uint64_t off, uint64_t len, uint64_t *ret)
{
	unsigned char text[2 * NEAR + 32];
	uint64_t from = len < NEAR ? off : off + len - NEAR, n;
	struct vt_bytes b;
	size_t at, end, i;

	n = pdf->size - from < sizeof(text) ? pdf->size - from : sizeof(text);
	if (vt_source_read(pdf->src, from, text, (size_t)n, NULL) != VT_OK)
		return false;
	b = VT_BYTES(text, (size_t)n);
	at = vt_bytes_find(b, 0, "endstream");
	if (at == SIZE_MAX || at > 2 * NEAR ||
	    vt_bytes_find(b, at + 1, "endstream") != SIZE_MAX)
		return false;
	for (i = at + strlen("endstream"); i < n && pdf_is_space(text[i]);)
		i++;
	if (!vt_bytes_starts(vt_bytes_slice(b, i, SIZE_MAX), "endobj"))
		return false;
	end = at;
	if (end > 0 && text[end - 1] == '\n')
		end--;
	if (end > 0 && text[end - 1] == '\r')
		end--;
	*ret = from + end - off;
	return true;
}

/* --- anywhere --- */

/*
 * The first END from FROM on, and before TO.  What is read counts: a document
 * is not looked through more often than twice.
 */
static bool
find_end(struct vt_pdf *pdf, uint64_t from, uint64_t to, uint64_t *ret)
{
	struct vt_bytes b;
	size_t at;

	while (from < to) {
		if (pdf->searched / 2 > pdf->size ||
		    vt_source_view(pdf->src, from,
			to - from < PIECE ? (size_t)(to - from) : PIECE, &b,
			NULL) != VT_OK)
			return false;
		pdf->searched += b.len;
		at = vt_bytes_find(b, 0, END);
		if (at != SIZE_MAX) {
			*ret = from + at;
			return true;
		}
		if (b.len < PIECE)
			return false;
		from += b.len - strlen(END);
	}
	return false;
}

static size_t
skip_spaces(struct vt_bytes b, size_t at)
{
	while (at < b.len && pdf_is_space(b.data[at]))
		at++;
	return at;
}

/* White space, comments, and then what may follow an object (7.5.1). */
static bool
is_between_objects(struct vt_bytes b, size_t at)
{
	static const char *const words[] = { "xref", "startxref", "trailer" };
	size_t i, k;

	while ((at = skip_spaces(b, at)) < b.len && b.data[at] == '%')
		while (at < b.len && b.data[at] != '\n' && b.data[at] != '\r')
			at++;
	if (at == b.len) /* the file's end, or a comment longer than BEHIND */
		return b.len < BEHIND;
	b = vt_bytes_slice(b, at, SIZE_MAX);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (vt_bytes_starts(b, words[i]))
			return true;
	for (i = 0, k = 0; i < 2; i++, k = at) {
		for (at = k;
		     at < b.len && b.data[at] >= '0' && b.data[at] <= '9';)
			at++;
		if (at == k || skip_spaces(b, at) == at)
			return false;
		at = skip_spaces(b, at);
	}
	return vt_bytes_starts(vt_bytes_slice(b, at, SIZE_MAX), "obj");
}

static int
by_offset(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return *a < *b ? -1 : *a > *b;
}

/* Where the first object begins behind OFF; or the end of the file. */
static bool
next_object(struct vt_pdf *pdf, uint64_t off, uint64_t *ret)
{
	size_t pos = 0, low = 0, high, mid;
	struct vt_pdf_xref x;

	if (pdf->offsets == NULL) {
		pdf->offsets = malloc((pdf->nentries + 1) * sizeof(uint64_t));
		if (pdf->offsets == NULL)
			return false;
		while (vt_pdf_xref_next(pdf, &pos, &x))
			if (x.type == VT_PDF_IN_FILE)
				pdf->offsets[pdf->noffsets++] = x.off;
		qsort(pdf->offsets, pdf->noffsets, sizeof(uint64_t), by_offset);
	}
	for (high = pdf->noffsets; low < high;) {
		mid = low + (high - low) / 2;
		if (pdf->offsets[mid] <= off)
			low = mid + 1;
		else
			high = mid;
	}
	*ret = low < pdf->noffsets ? pdf->offsets[low] : pdf->size;
	return true;
}

/*
 * The first END of all, where "endobj" and the next object or what else may
 * follow stand behind it, and no other END before the next object that the
 * cross-reference knows.  For what is to be signed, where its revisions are all
 * that there are; whoever judges may be shown another cross-reference next.
 */
static bool
anywhere(struct vt_pdf *pdf, uint64_t off, uint64_t *ret)
{
	uint64_t end, next, other;
	struct vt_bytes b;
	size_t at;

	if (!next_object(pdf, off, &next) || !find_end(pdf, off, next, &end))
		return false;
	if (vt_source_view(pdf->src, end, BEHIND, &b, NULL) != VT_OK)
		return false;
	at = skip_spaces(b, strlen(END));
	if (at == strlen(END) ||
	    !vt_bytes_starts(vt_bytes_slice(b, at, SIZE_MAX), "endobj") ||
	    !is_between_objects(b, at + strlen("endobj")))
		return false;
	if (find_end(pdf, end + strlen(END), next, &other))
		return false;
	*ret = end - off;
	if (*ret > 0 &&
	    vt_source_view(pdf->src, end - 1, 1, &b, NULL) == VT_OK &&
	    b.data[0] == '\n')
		--*ret;
	if (*ret > 0 &&
	    vt_source_view(pdf->src, off + *ret - 1, 1, &b, NULL) == VT_OK &&
	    b.data[0] == '\r')
		--*ret;
	return true;
}

/* The same for a stream that is read again: it is looked for only once. */
static bool
anywhere_once(struct vt_pdf *pdf, uint64_t off, uint64_t *ret)
{
	struct pdf_length *l;
	size_t i;

	for (i = 0; i < pdf->nlengths && pdf->lengths[i].off != off; i++)
		;
	if (i == STREAMS_MAX || pdf->mode != VT_PDF_STRICT || pdf->no_lookup)
		return false;
	if (pdf->lengths == NULL) {
		pdf->lengths = calloc(STREAMS_MAX, sizeof(*pdf->lengths));
		if (pdf->lengths == NULL)
			return false;
	}
	l = &pdf->lengths[i];
	if (i == pdf->nlengths) {
		l->off = off;
		l->found = anywhere(pdf, off, &l->len);
		pdf->nlengths++;
	}
	*ret = l->len;
	return l->found;
}

int
vt_pdf_length_recover(struct vt_pdf *pdf, uint64_t off, uint64_t *len,
    uint32_t num, const struct vt_pdf_obj *dict, struct vt_error *err)
{
	bool known = *len != PDF_LENGTH_UNKNOWN;

	if (known && near_by(pdf, off, *len, len)) {
		vt_pdf_note(pdf, false, VT_PDF_F_LENGTH, off, num, CLAUSE,
		    VT_N_("/Length is wrong, \"endstream\" stands close by"));
		return VT_OK;
	}
	if (anywhere_once(pdf, off, len)) {
		vt_pdf_note(pdf, false, VT_PDF_F_LENGTH, off, num, CLAUSE,
		    VT_N_("/Length is wrong or missing, and only one "
			  "\"endstream\" can be meant"));
		return VT_OK;
	}
	if (!known)
		return vt_pdf_bad(err, dict->start, CLAUSE,
		    VT_N_("a stream without a usable /Length"));
	return vt_pdf_bad(err, off + *len, CLAUSE,
	    VT_N_("/Length does not lead to \"endstream\""));
}
