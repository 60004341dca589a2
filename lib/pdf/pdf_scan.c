/* pdf_scan.c - what can be seen of signatures without reading the file */
#include <string.h>

#include "pdf_int.h"

#define WORD "/ByteRange"
#define WORD_LEN (sizeof(WORD) - 1)
#define PIECE (64u * 1024)

static int
read_range(struct vt_source *src, uint64_t pos, struct vt_pdf_scan_hit *hit,
    struct vt_error *err)
{
	struct vt_error e = { 0 };
	struct pdf_lex lx;
	size_t i;
	int rc;

	vt_pdf_lex_init(&lx);
	vt_pdf_in_source(&lx.in, src, pos, vt_source_size(src), &e);
	if ((rc = vt_pdf_lex_next(&lx)) != VT_OK || lx.tok != PDF_T_ARRAY)
		goto out;
	for (i = 0; i < 4; i++) {
		if ((rc = vt_pdf_lex_next(&lx)) != VT_OK ||
		    lx.tok != PDF_T_INT || lx.integer < 0)
			goto out;
		hit->range[i] = (uint64_t)lx.integer;
	}
	if ((rc = vt_pdf_lex_next(&lx)) == VT_OK && lx.tok == PDF_T_ARRAY_END)
		hit->has_range = true;
out:
	if (!hit->has_range)
		memset(hit->range, 0, sizeof(hit->range));
	vt_pdf_lex_release(&lx);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	return VT_OK; /* a token without end is just not a range */
}

/* A longer name, "/ByteRangeX", is another key. */
static int
found(struct vt_source *src, uint64_t off, int next, struct vt_pdf_scan *ret,
    struct vt_error *err)
{
	struct vt_pdf_scan_hit *hit;

	if (pdf_is_regular(next))
		return VT_OK;
	if (ret->n++ >= VT_PDF_SCAN_MAX)
		return VT_OK;
	hit = &ret->hits[ret->n - 1];
	hit->off = off;
	return read_range(src, off + WORD_LEN, hit, err);
}

int
vt_pdf_scan_byteranges(struct vt_source *src, struct vt_pdf_scan *ret,
    struct vt_error *err)
{
	uint64_t size = vt_source_size(src), off = 0, offs[64];
	int next[64];
	struct vt_bytes b;
	size_t at, i, n;
	int rc;

	memset(ret, 0, sizeof(*ret));
	while (off < size) {
		rc = vt_source_view(src, off, PIECE, &b, err);
		if (rc != VT_OK)
			return rc;
		/* Looking closer moves the view: first collect, then look. */
		at = 0;
		n = 0;
		while (
		    n < 64 && (at = vt_bytes_find(b, at, WORD)) != SIZE_MAX) {
			if (at + WORD_LEN == b.len && off + b.len < size)
				break; /* the next piece shows what follows */
			offs[n] = off + at;
			at += WORD_LEN;
			next[n++] = at < b.len ? b.data[at] : -1;
		}
		if (n == 64)
			off += at;
		else if (off + b.len == size)
			off = size;
		else
			off += b.len - WORD_LEN;
		for (i = 0; i < n; i++)
			if ((rc = found(src, offs[i], next[i], ret, err)) !=
			    VT_OK)
				return rc;
	}
	return VT_OK;
}
