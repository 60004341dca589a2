/*
 * pdf_rebuild_look.c - what the bytes of a file look like, where nothing says
 * what they are (ISO 32000-2, 7.5)
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_rebuild.h"

#define PIECE (64u * 1024)
#define BEFORE 32u  /* bytes before "obj" that hold its numbers */
#define FREE_LEN 17 /* of a table's entry before its "f" */

/* A number that ends before AT, after white space; where it begins, or 0. */
static size_t
number_before(struct vt_bytes b, size_t at, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0, unit = 1;
	size_t i = at;

	while (i > 0 && pdf_is_space(b.data[i - 1]))
		i--;
	if (i == at || i == 0)
		return 0;
	at = i;
	while (i > 0 && b.data[i - 1] >= '0' && b.data[i - 1] <= '9') {
		if (unit > 10000000000u)
			return 0;
		v += (uint64_t)(b.data[--i] - '0') * unit;
		unit *= 10;
	}
	if (i == at || v > max)
		return 0;
	*ret = v;
	return i;
}

/* "num gen obj" with the word at AT; its place in B, or SIZE_MAX. */
static size_t
object_here(struct vt_bytes b, size_t at, struct vt_pdf_ref *ret)
{
	uint64_t num = 0, gen = 0;
	size_t i;

	if (at + 3 < b.len && pdf_is_regular(b.data[at + 3]))
		return SIZE_MAX;
	if ((i = number_before(b, at, PDF_GEN_MAX, &gen)) == 0)
		return SIZE_MAX;
	/* The first of the file may begin what is seen of it. */
	i = number_before(b, i, PDF_NUM_MAX, &num);
	if (num == 0 || (i > 0 && pdf_is_regular(b.data[i - 1])))
		return SIZE_MAX;
	*ret = (struct vt_pdf_ref){ (uint32_t)num, (uint32_t)gen };
	return i;
}

static int
add_object(struct pdf_rebuild *r, uint64_t off, struct vt_pdf_ref ref)
{
	struct pdf_found *items;
	size_t cap;

	if (r->n == VT_PDF_ENTRIES_MAX)
		return vt_error_set(r->err, VT_ELIMIT, NULL,
		    "more than %d cross-reference entries", VT_PDF_ENTRIES_MAX);
	if (r->n == r->cap) {
		cap = r->cap == 0 ? 64 : 2 * r->cap;
		items = realloc(r->items, cap * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(r->err);
		r->items = items;
		r->cap = cap;
	}
	r->items[r->n++] = (struct pdf_found){ off, ref };
	return VT_OK;
}

int
vt_pdf_place_add(struct pdf_rebuild *r, struct pdf_places *to, uint64_t at)
{
	uint64_t *p;
	size_t cap;

	if (to->n == VT_PDF_SECTIONS_MAX)
		return vt_error_set(r->err, VT_ELIMIT, "ISO 32000-2, 7.5.6",
		    "more than %d cross-reference sections",
		    VT_PDF_SECTIONS_MAX);
	if (to->n == to->cap) {
		cap = to->cap == 0 ? 8 : 2 * to->cap;
		if ((p = realloc(to->at, cap * sizeof(*p))) == NULL)
			return vt_error_nomem(r->err);
		to->at = p;
		to->cap = cap;
	}
	to->at[to->n++] = at;
	return VT_OK;
}

/* The word at AT begins there. */
static bool
begins(struct vt_bytes b, size_t at)
{
	return at == 0 || !pdf_is_regular(b.data[at - 1]);
}

static int
look_for(struct pdf_rebuild *r, struct vt_bytes b, uint64_t off, size_t from,
    size_t to, const char *word, struct pdf_places *places)
{
	size_t at, n = strlen(word);
	int rc = VT_OK;

	for (at = from; (at = vt_bytes_find(b, at, word)) < to && rc == VT_OK;
	     at++)
		if (begins(b, at))
			rc = vt_pdf_place_add(r, places, off + at + n);
	return rc;
}

/* The entry of a free object whose "f" is at AT: "0000000000 65535 f". */
static bool
is_free_entry(struct vt_bytes b, size_t at)
{
	size_t i;

	if (at < FREE_LEN || (at + 1 < b.len && pdf_is_regular(b.data[at + 1])))
		return false;
	b = VT_BYTES(b.data + at - FREE_LEN, FREE_LEN);
	for (i = 0; i < FREE_LEN; i++)
		if (i == 10 || i == 16 ? b.data[i] != ' '
				       : b.data[i] < '0' || b.data[i] > '9')
			return false;
	return true;
}

/*
 * What a later revision's table says is free was in use before; but for the
 * one entry that each has, the head of its list.
 */
static void
look_for_free(struct pdf_rebuild *r, struct vt_bytes b, uint64_t off,
    size_t from, size_t to)
{
	size_t at = from, first;

	if (r->ends.n == 0)
		return;
	first = r->ends.at[0] > off ? (size_t)(r->ends.at[0] - off) : 0;
	if (at < first)
		at = first;
	for (; (at = vt_bytes_find(b, at, "f")) < to; at++) {
		if (at >= 4 &&
		    vt_bytes_equal_str(vt_bytes_slice(b, at - 3, 4), "xref") &&
		    begins(b, at - 3))
			r->tables++;
		if (!is_free_entry(b, at))
			continue;
		r->frees++;
		if (!vt_bytes_equal_str(vt_bytes_slice(b, at - FREE_LEN,
					    FREE_LEN),
			"0000000000 65535 "))
			r->deleted = true;
	}
}

/*
 * One window B, which stands at OFF; what begins in its first BEFORE bytes was
 * seen in the one before.
 */
static int
look(struct pdf_rebuild *r, struct vt_bytes b, uint64_t off, bool first,
    bool last)
{
	size_t at, where, from = first ? 0 : BEFORE;
	size_t to = last || b.len < BEFORE ? b.len : b.len - BEFORE;
	struct vt_pdf_ref ref;
	int rc;

	for (at = from; (at = vt_bytes_find(b, at, "obj")) < to; at++) {
		where = object_here(b, at, &ref);
		if (where != SIZE_MAX &&
		    (rc = add_object(r, off + where, ref)) != VT_OK)
			return rc;
	}
	if ((rc = look_for(r, b, off, from, to, "trailer", &r->trailers)) !=
		VT_OK ||
	    (rc = look_for(r, b, off, from, to, "xref", &r->sections)) !=
		VT_OK ||
	    (rc = look_for(r, b, off, from, to, "startxref", &r->ends)) !=
		VT_OK)
		return rc;
	look_for_free(r, b, off, from, to);
	/* In what nobody can read now nothing signed may be hidden. */
	if (vt_bytes_find(b, 0, "/ByteRange") != SIZE_MAX)
		return vt_pdf_rebuild_refuse(r,
		    VT_N_("what is signed already is not repaired"));
	if (vt_bytes_find(b, 0, "/Encrypt") != SIZE_MAX)
		r->encrypted = true;
	return VT_OK;
}

int
vt_pdf_rebuild_look(struct pdf_rebuild *r)
{
	uint64_t off = r->pdf->header, size = r->pdf->size;
	bool first = true;
	struct vt_bytes b;
	int rc = VT_OK;

	while (rc == VT_OK && off < size) {
		bool last = size - off <= PIECE;

		rc = vt_source_view(r->pdf->src, off, PIECE, &b, r->err);
		if (rc == VT_OK)
			rc = look(r, b, off, first, last);
		if (last)
			break;
		off += PIECE - 2 * BEFORE;
		first = false;
	}
	return rc;
}
