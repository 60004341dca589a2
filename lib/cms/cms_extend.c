/* cms_extend.c - a message with more in it, every other byte as it was given */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/cms_extend.h"
#include "vanthu/error.h"
#include "vanthu/ocsp.h"
#include "vanthu/source.h"

#define PIECE (64u * 1024)
/* Three headers and the version around; two sets; the signers and their set. */
#define EDITS_MAX (3 + 1 + 2 * 2 + 1 + 3 * VT_CMS_SIGNERS_MAX)

/* id-ri-ocsp-response (RFC 5940, 2.1), 1.3.6.1.5.5.7.16.2 */
static const unsigned char ri_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
	0x10, 0x02 };

/* At AT of the source, CUT bytes give way to PUT. */
struct edit {
	uint64_t at;
	uint64_t cut;
	size_t order; /* of those at one place */
	struct vt_buf put;
};

struct extending {
	const struct vt_cms *cms;
	struct edit edits[EDITS_MAX];
	size_t n;
};

static int
buf_error(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "more than %u bytes are to be added to the message",
		    VT_CMS_MORE_MAX);
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

/* One more edit, whose PUT is still empty. */
static struct vt_buf *
edit_add(struct extending *x, uint64_t at, uint64_t cut)
{
	struct edit *e = &x->edits[x->n];

	e->at = at;
	e->cut = cut;
	e->order = x->n++;
	vt_buf_init(&e->put, VT_CMS_MORE_MAX);
	return &e->put;
}

/*
 * The element with the header H at AT has become longer by *BY; *BY is then by
 * how much all of it did.  An indefinite length needs no change.
 */
static int
lengthen(struct extending *x, uint64_t at, const struct cms_header *h,
    int64_t *by)
{
	uint64_t len = h->len + (uint64_t)*by;

	if (h->indefinite || *by == 0)
		return VT_OK;
	*by += (int64_t)vt_cms_header_len(len) - (int64_t)h->hlen;
	return vt_cms_put_header(edit_add(x, at, h->hlen), h->id, len);
}

/* Where B, which lies in what is behind the content, stands in the source. */
static uint64_t
place_of(const struct vt_cms *cms, const unsigned char *b)
{
	return cms->rest_off + (uint64_t)(b - cms->rest.data);
}

/* ADDED to the end of T's value; *BY grows by what that makes of T. */
static int
append(struct extending *x, const struct cms_tlv *t, struct vt_bytes added,
    int64_t *by)
{
	struct cms_header h = { 0 };
	int64_t more = (int64_t)added.len;
	int rc;

	(void)vt_cms_header(t->whole, CMS_BER, &h); /* it was read so before */
	if ((rc = lengthen(x, place_of(x->cms, t->whole.data), &h, &more)) !=
		VT_OK ||
	    (rc = vt_buf_bytes_put(edit_add(x,
				       place_of(x->cms,
					   t->value.data + t->value.len),
				       0),
		 added)) != VT_OK)
		return rc;
	*by += more;
	return VT_OK;
}

/* ADDED to the set ID, which IN may go on with, or as such a set before IN. */
static int
set_append(struct extending *x, struct vt_bytes *in, unsigned char id,
    struct vt_bytes added, int64_t *by)
{
	const unsigned char *before = in->data;
	struct cms_tlv t;
	int rc;

	if (vt_cms_tlv_of(in, CMS_BER, id, &t))
		return added.len == 0 ? VT_OK : append(x, &t, added, by);
	if (added.len == 0)
		return VT_OK;
	rc = vt_cms_put(edit_add(x, place_of(x->cms, before), 0), id, added);
	*by += (int64_t)(vt_cms_header_len(added.len) + added.len);
	return rc;
}

static int
signer_append(struct extending *x, const struct cms_signer *s,
    struct vt_bytes attrs, int64_t *by)
{
	struct vt_bytes in = s->pub.der, set = s->pub.unsigned_attrs;
	struct cms_header h = { 0 };
	int64_t more = 0;
	struct cms_tlv seq, t;
	int rc;

	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq) ||
	    !vt_cms_header(seq.whole, CMS_BER, &h))
		return VT_EFORMAT;
	if (vt_cms_tlv_of(&set, CMS_BER, CMS_CTX1, &t)) {
		rc = append(x, &t, attrs, &more);
	} else {
		in = VT_BYTES(seq.value.data + seq.value.len, 0);
		rc = set_append(x, &in, CMS_CTX1, attrs, &more);
	}
	if (rc == VT_OK)
		rc = lengthen(x, place_of(x->cms, seq.whole.data), &h, &more);
	*by += more;
	return rc;
}

static int
signers_append(struct extending *x, struct vt_bytes *in,
    const struct vt_bytes *attrs, int64_t *by)
{
	struct cms_header h = { 0 };
	struct cms_tlv set;
	int64_t more = 0;
	size_t i;
	int rc = VT_OK;

	if (attrs == NULL)
		return VT_OK;
	if (!vt_cms_tlv_of(in, CMS_BER, CMS_SET, &set) ||
	    !vt_cms_header(set.whole, CMS_BER, &h))
		return VT_EFORMAT;
	for (i = 0; i < x->cms->nsigners && rc == VT_OK; i++)
		if (attrs[i].len > 0)
			rc = signer_append(x, &x->cms->signers[i], attrs[i],
			    &more);
	if (rc == VT_OK)
		rc = lengthen(x, place_of(x->cms, set.whole.data), &h, &more);
	*by += more;
	return rc;
}

/* The elements around all of it, and the version; from within to without. */
static int
enclose(struct extending *x, bool version5, int64_t by, struct vt_error *err)
{
	struct vt_source *src = x->cms->src;
	struct cms_header h[3], v;
	uint64_t at[3], off = 0, end = vt_source_size(src);
	size_t i;
	int rc;

	for (i = 0; i < 3; i++) { /* ContentInfo, [0], SignedData */
		at[i] = off;
		if ((rc = vt_cms_source_header(src, off, end, &h[i], err)) !=
		    VT_OK)
			return rc;
		off += h[i].hlen;
		if (i == 0 && (rc = vt_cms_source_skip(src, off, end, &off,
				   err)) != VT_OK)
			return rc;
	}
	if ((rc = vt_cms_source_header(src, off, end, &v, err)) != VT_OK)
		return rc;
	if (version5 && x->cms->version < 5 &&
	    (rc = vt_buf_putc(edit_add(x, off + v.hlen, v.len), 5)) != VT_OK)
		return buf_error(rc, err);
	for (i = 3; i-- > 0;)
		if ((rc = lengthen(x, at[i], &h[i], &by)) != VT_OK)
			return buf_error(rc, err);
	return VT_OK;
}

/* ---- what goes into the sets ---- */

static bool
holds(const struct cms_items *items, struct vt_bytes der)
{
	size_t i;

	for (i = 0; i < items->n; i++)
		if (vt_bytes_equal(items->items[i], der))
			return true;
	return false;
}

static int
certs_put(const struct vt_cms *cms, const struct vt_certs *certs,
    struct vt_buf *out)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; certs != NULL && i < certs->n && rc == VT_OK; i++)
		if (!holds(&cms->certs, vt_cert_der(certs->items[i])))
			rc =
			    vt_buf_bytes_put(out, vt_cert_der(certs->items[i]));
	return rc;
}

/* OtherRevocationInfoFormat [1] IMPLICIT with a whole answer (RFC 5940). */
static int
answer_put(const struct vt_ocsp *ocsp, struct vt_buf *out)
{
	struct vt_buf body;
	int rc;

	vt_buf_init(&body, VT_OCSP_MAX + 1024);
	if ((rc = vt_cms_put(&body, CMS_OID,
		 VT_BYTES(ri_ocsp, sizeof(ri_ocsp)))) == VT_OK &&
	    (rc = vt_ocsp_put_response(ocsp, &body)) == VT_OK)
		rc = vt_cms_put(out, CMS_CTX1, vt_buf_bytes(&body));
	vt_buf_release(&body);
	return rc;
}

static int
crls_put(const struct vt_cms *cms, const struct vt_cms_more *more,
    struct vt_buf *out)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; more->crls != NULL && i < more->crls->n && rc == VT_OK; i++)
		if (!holds(&cms->crls, vt_crl_der(more->crls->items[i])))
			rc = vt_buf_bytes_put(out,
			    vt_crl_der(more->crls->items[i]));
	for (i = 0; more->ocsps != NULL && i < more->ocsps->n && rc == VT_OK;
	     i++)
		rc = answer_put(more->ocsps->items[i], out);
	return rc;
}

/* ---- the whole ---- */

static int
by_place(const void *va, const void *vb)
{
	const struct edit *a = va, *b = vb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
hand_out(const struct extending *x, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	uint64_t pos = 0;
	struct vt_bytes b;
	size_t i;
	int rc;

	for (i = 0; i <= x->n; i++) {
		uint64_t at = i < x->n ? x->edits[i].at : x->cms->size;

		rc = vt_source_stream(x->cms->src, pos, at - pos, fn, ctx, err);
		if (rc != VT_OK || i == x->n)
			return rc;
		b = vt_buf_bytes(&x->edits[i].put);
		for (; b.len > 0; b = vt_bytes_slice(b, PIECE, b.len))
			if ((rc = fn(ctx, vt_bytes_slice(b, 0, PIECE), err)) !=
			    VT_OK)
				return rc;
		pos = at + x->edits[i].cut;
	}
	return VT_OK;
}

int
vt_cms_extend(const struct vt_cms *cms, const struct vt_cms_more *more,
    vt_sink_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_bytes in = vt_buf_bytes(&cms->rest);
	struct vt_buf certs, crls;
	struct extending *x;
	int64_t by = 0;
	size_t i;
	int rc;

	if ((x = calloc(1, sizeof(*x))) == NULL)
		return vt_error_nomem(err);
	x->cms = cms;
	vt_buf_init(&certs, VT_CMS_MORE_MAX);
	vt_buf_init(&crls, VT_CMS_MORE_MAX);
	if ((rc = certs_put(cms, more->certs, &certs)) != VT_OK ||
	    (rc = crls_put(cms, more, &crls)) != VT_OK ||
	    (rc = set_append(x, &in, CMS_CTX0, vt_buf_bytes(&certs), &by)) !=
		VT_OK ||
	    (rc = set_append(x, &in, CMS_CTX1, vt_buf_bytes(&crls), &by)) !=
		VT_OK ||
	    (rc = signers_append(x, &in, more->attrs, &by)) != VT_OK) {
		rc = buf_error(rc, err);
		goto out;
	}
	if (by > (int64_t)VT_CMS_MORE_MAX ||
	    cms->rest.len + (size_t)by > VT_CMS_MAX) {
		rc = buf_error(VT_ELIMIT, err);
		goto out;
	}
	rc = enclose(x, more->ocsps != NULL && more->ocsps->n > 0, by, err);
	if (rc != VT_OK)
		goto out;
	qsort(x->edits, x->n, sizeof(x->edits[0]), by_place);
	rc = hand_out(x, fn, ctx, err);
out:
	for (i = 0; i < x->n; i++)
		vt_buf_release(&x->edits[i].put);
	vt_buf_release(&certs);
	vt_buf_release(&crls);
	free(x);
	return rc;
}
