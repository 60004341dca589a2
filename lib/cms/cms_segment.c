/* cms_segment.c - an OCTET STRING in segments (X.690, 8.7.3) */
#include <stdlib.h>
#include <string.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

#define PIECE 65536u

/* A walk through the segments: what is read, and what is open. */
struct walk {
	struct vt_source *src;
	unsigned char *data; /* of FULL bytes */
	size_t full;
	uint64_t at; /* where DATA is in SRC */
	size_t len;  /* bytes that are there */
	uint64_t off;
	size_t depth; /* constructed segments that are open, outermost first */
	struct {
		bool indefinite;
		uint64_t end;
	} open[VT_CMS_DEPTH_MAX];
};

/* Show at least N bytes from W->off, fewer at END; none beyond it. */
static int
look(struct walk *w, size_t n, uint64_t end, struct vt_bytes *ret,
    struct vt_error *err)
{
	uint64_t left = end - w->off;
	int rc;

	if (n > left)
		n = (size_t)left;
	if (w->off < w->at || w->off + n > w->at + w->len) {
		w->at = w->off;
		w->len = left < w->full ? (size_t)left : w->full;
		rc = vt_source_read(w->src, w->at, w->data, w->len, err);
		if (rc != VT_OK) {
			w->len = 0;
			return rc;
		}
	}
	n = w->len - (size_t)(w->off - w->at);
	*ret =
	    VT_BYTES(w->data + (w->off - w->at), n < left ? n : (size_t)left);
	return VT_OK;
}

/* Close what ends at W->off. */
static int
close_ended(struct walk *w, struct vt_error *err)
{
	struct vt_bytes b;
	int rc;

	for (; w->depth > 0; w->depth--) {
		uint64_t end = w->open[w->depth - 1].end;

		if (!w->open[w->depth - 1].indefinite) {
			if (w->off != end)
				break;
			continue;
		}
		if (end - w->off < 2)
			return vt_error_set(err, VT_EFORMAT, "X.690, 8.1.5",
			    "the content has no end");
		if ((rc = look(w, CMS_HEADER_MAX, end, &b, err)) != VT_OK)
			return rc;
		if (b.data[0] != 0 || b.data[1] != 0)
			break;
		w->off += 2;
	}
	return VT_OK;
}

/* The next header; constructed segments are entered. */
static int
step(struct walk *w, struct cms_header *ret, struct vt_error *err)
{
	uint64_t end = w->open[w->depth - 1].end;
	struct vt_bytes b;
	int rc;

	if ((rc = look(w, CMS_HEADER_MAX, end, &b, err)) != VT_OK)
		return rc;
	if (!vt_cms_header(b, CMS_BER, ret) ||
	    ret->len > end - w->off - ret->hlen)
		return vt_error_set(err, VT_EFORMAT, "X.690, 8.1",
		    "an element is broken or cut off");
	w->off += ret->hlen;
	if (ret->id == CMS_OCTETS)
		return VT_OK;
	if (ret->id != CMS_OCTETS_CONS)
		return vt_error_set(err, VT_EFORMAT, "X.690, 8.7.3",
		    "a segment of the content is no OCTET STRING");
	if (w->depth == VT_CMS_DEPTH_MAX)
		return vt_error_set(err, VT_ELIMIT, "X.690, 8.7.3",
		    "the content is nested too deeply");
	w->open[w->depth].indefinite = ret->indefinite;
	w->open[w->depth].end = ret->indefinite ? end : w->off + ret->len;
	w->depth++;
	return VT_OK;
}

/* Hand LEN bytes from W->off to FN. */
static int
hand_out(struct walk *w, uint64_t len, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	uint64_t end = w->off + len;
	struct vt_bytes b;
	int rc;

	while (w->off < end) {
		/* What is there already, or as much as goes in. */
		rc = look(w, 1, w->open[w->depth - 1].end, &b, err);
		if (rc != VT_OK)
			return rc;
		if (b.len > end - w->off)
			b.len = (size_t)(end - w->off);
		if ((rc = fn(ctx, b, err)) != VT_OK)
			return rc;
		w->off += b.len;
	}
	return VT_OK;
}

int
vt_cms_segments(const struct vt_cms *cms, uint64_t *ret_size, uint64_t *ret_end,
    vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	unsigned char few[CMS_HEADER_MAX];
	struct walk w = { .src = cms->src,
		.data = few,
		.full = sizeof(few),
		.off = cms->content_off,
		.depth = 1 };
	struct cms_header h;
	uint64_t size = 0;
	int rc;

	/* Only headers are read where nobody asks for what they are of. */
	if (fn != NULL && (w.data = malloc(w.full = PIECE)) == NULL)
		return vt_error_nomem(err);
	w.open[0].indefinite = cms->content_indefinite;
	w.open[0].end = cms->content_end;
	while ((rc = close_ended(&w, err)) == VT_OK && w.depth > 0) {
		if ((rc = step(&w, &h, err)) != VT_OK)
			break;
		if (h.id != CMS_OCTETS)
			continue;
		size += h.len;
		if (fn == NULL)
			w.off += h.len;
		else if ((rc = hand_out(&w, h.len, fn, ctx, err)) != VT_OK)
			break;
	}
	if (fn != NULL)
		free(w.data);
	if (rc != VT_OK)
		return rc;
	if (ret_size != NULL)
		*ret_size = size;
	if (ret_end != NULL)
		*ret_end = w.off;
	return VT_OK;
}
