/* cms_read.c - a SignedData in its source (RFC 5652, 3 and 5.1) */
#include <stdlib.h>
#include <string.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

/* Where the walk through the head of a message is. */
struct place {
	struct vt_source *src;
	uint64_t off;
	uint64_t end;   /* of the innermost element with a definite length */
	unsigned nopen; /* enclosing elements, outermost first */
	struct {
		bool indefinite;
		uint64_t end;
	} open[3]; /* ContentInfo, [0], SignedData */
};

/* Enter the element ID at P; only constructed ones are. */
static int
enter(struct place *p, unsigned char id, struct cms_header *ret,
    struct vt_error *err)
{
	int rc;

	rc = vt_cms_source_header(p->src, p->off, p->end, ret, err);
	if (rc != VT_OK)
		return rc;
	if (ret->id != id)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
		    "this is not a CMS message");
	p->off += ret->hlen;
	if (!ret->indefinite)
		p->end = p->off + ret->len;
	return VT_OK;
}

static int
enter_open(struct place *p, unsigned char id, struct vt_error *err)
{
	struct cms_header h;
	int rc;

	if ((rc = enter(p, id, &h, err)) != VT_OK)
		return rc;
	p->open[p->nopen].indefinite = h.indefinite;
	p->open[p->nopen].end = p->end;
	p->nopen++;
	return VT_OK;
}

/* Read the element at P, of at most VT_CMS_HEAD_MAX bytes, behind what BUF has.
 */
static int
take(struct place *p, struct vt_buf *buf, struct cms_tlv *ret,
    struct vt_error *err)
{
	struct vt_bytes in;
	size_t len, at = buf->len;
	uint64_t end;
	int rc;

	rc = vt_cms_source_skip(p->src, p->off, p->end, &end, err);
	if (rc != VT_OK)
		return rc;
	if (end - p->off > VT_CMS_HEAD_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the head of the message is too long");
	len = (size_t)(end - p->off);
	if (vt_buf_reserve(buf, len) != VT_OK)
		return vt_error_nomem(err);
	rc = vt_source_read(p->src, p->off, buf->data + at, len, err);
	if (rc != VT_OK)
		return rc;
	buf->len += len;
	in = VT_BYTES(buf->data + at, len);
	if (!vt_cms_tlv(&in, CMS_BER, ret))
		return vt_error_set(err, VT_EFORMAT, "X.690, 8.1",
		    "an element is broken or cut off");
	p->off = end;
	return VT_OK;
}

/* true where P is at the end of what it is in. */
static int
at_end(const struct place *p, bool indefinite, bool *ret, struct vt_error *err)
{
	unsigned char b[2];
	int rc;

	*ret = p->off >= p->end;
	if (*ret || !indefinite || p->end - p->off < 2)
		return VT_OK;
	if ((rc = vt_source_read(p->src, p->off, b, 2, err)) != VT_OK)
		return rc;
	*ret = b[0] == 0 && b[1] == 0;
	return VT_OK;
}

/* Leave an element that was entered: it must have been used up. */
static int
leave(struct place *p, bool indefinite, uint64_t end, uint64_t outer,
    struct vt_error *err)
{
	bool last;
	int rc;

	if ((rc = at_end(p, indefinite, &last, err)) != VT_OK)
		return rc;
	if (!last || (indefinite ? p->end - p->off < 2 : p->off != end))
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.2",
		    "an element holds more than it may");
	if (indefinite)
		p->off += 2;
	p->end = outer;
	return VT_OK;
}

static int
digests_read(struct vt_cms *cms, struct vt_bytes set, struct vt_error *err)
{
	struct cms_alg alg;
	enum cms_md_id md;

	while (set.len > 0) {
		if (!vt_cms_alg_read(&set, CMS_BER, &alg) ||
		    !vt_cms_alg_plain(&alg))
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
			    "the list of digests is broken");
		if ((md = vt_cms_md_of(alg.oid)) < CMS_NMD)
			cms->digests[md] = true;
	}
	return VT_OK;
}

/* eContent [0] EXPLICIT OCTET STRING: where it is, and how it is cut up. */
static int
content_find(struct vt_cms *cms, struct place *p, struct vt_error *err)
{
	struct cms_header outer, h;
	uint64_t bound = p->end, end;
	int rc;

	if ((rc = enter(p, CMS_CTX0, &outer, err)) != VT_OK)
		return rc;
	end = p->end;
	rc = vt_cms_source_header(p->src, p->off, p->end, &h, err);
	if (rc != VT_OK)
		return rc;
	if (h.id != CMS_OCTETS && h.id != CMS_OCTETS_CONS)
		return vt_error_set(err, VT_EUNSUPPORTED, "RFC 5652, 5.2.1",
		    "the content is not an OCTET STRING");
	cms->attached = true;
	cms->segmented = h.id == CMS_OCTETS_CONS;
	cms->content_off = p->off + h.hlen;
	cms->content_indefinite = h.indefinite;
	cms->content_end = h.indefinite ? p->end : cms->content_off + h.len;
	cms->content_size = h.len;
	p->off = cms->content_off + h.len;
	if (cms->segmented) {
		rc = vt_cms_segments(cms, &cms->content_size, &p->off, NULL,
		    NULL, err);
		if (rc != VT_OK)
			return rc;
	}
	return leave(p, outer.indefinite, end, bound, err);
}

/* EncapsulatedContentInfo (5.2) */
static int
encap_read(struct vt_cms *cms, struct place *p, struct vt_error *err)
{
	struct cms_header h;
	struct cms_tlv oid;
	uint64_t bound = p->end, end;
	bool last;
	int rc;

	if ((rc = enter(p, CMS_SEQUENCE, &h, err)) != VT_OK)
		return rc;
	end = p->end;
	if ((rc = take(p, &cms->head, &oid, err)) != VT_OK)
		return rc;
	if (oid.id != CMS_OID || oid.value.len == 0)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.2",
		    "the content has no type");
	cms->content_type = oid.value;
	cms->content_oid = oid.whole;
	if ((rc = at_end(p, h.indefinite, &last, err)) != VT_OK)
		return rc;
	if (!last && (rc = content_find(cms, p, err)) != VT_OK)
		return rc;
	return leave(p, h.indefinite, end, bound, err);
}

int
vt_cms_items_add(struct cms_items *items, struct vt_bytes b,
    struct vt_error *err)
{
	struct vt_bytes *more;
	size_t n = items->n;

	if (n == VT_CMS_CERTS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the message holds more than %d certificates or lists",
		    VT_CMS_CERTS_MAX);
	if ((n & (n - 1)) == 0) { /* the array grows by doubling */
		more = realloc(items->items, (n == 0 ? 1 : n * 2) * sizeof(b));
		if (more == NULL)
			return vt_error_nomem(err);
		items->items = more;
	}
	items->items[items->n++] = b;
	return VT_OK;
}

/* CertificateSet (10.2.3): what is not a Certificate is kept apart. */
static int
certs_read(struct vt_cms *cms, struct vt_bytes set, unsigned flags,
    struct vt_error *err)
{
	struct vt_cert *cert;
	struct cms_tlv t;
	size_t i;
	int rc;

	while (set.len > 0) {
		if (!vt_cms_tlv(&set, CMS_BER, &t))
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 10.2.3",
			    "the set of certificates is broken");
		if (t.id == CMS_CTX1)
			cms->attr_certs_v1 = true;
		else if (t.id == CMS_CTX2)
			cms->attr_certs_v2 = true;
		else if (t.id == CMS_CTX3)
			cms->other_certs = true;
		else if (t.id != CMS_SEQUENCE && t.id != CMS_CTX0)
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 10.2.3",
			    "the set of certificates is broken");
		rc = vt_cms_items_add(t.id == CMS_SEQUENCE ? &cms->certs
							   : &cms->more_certs,
		    t.whole, err);
		if (rc != VT_OK)
			return rc;
	}
	for (i = 0; i < cms->certs.n && (flags & CMS_UNPARSED) == 0; i++) {
		/* One that cannot be read is of no use, but does no harm. */
		rc = vt_cert_parse(cms->certs.items[i], &cert, NULL);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK)
			continue;
		rc = vt_certs_add(&cms->pool, cert, err);
		vt_cert_free(cert);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* RevocationInfoChoices (10.2.1) */
static int
crls_read(struct vt_cms *cms, struct vt_bytes set, struct vt_error *err)
{
	struct cms_tlv t;
	int rc;

	while (set.len > 0) {
		if (!vt_cms_tlv(&set, CMS_BER, &t) ||
		    (t.id != CMS_SEQUENCE && t.id != CMS_CTX1))
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 10.2.1",
			    "the set of revocation lists is broken");
		if (t.id == CMS_CTX1)
			cms->other_crls = true;
		rc = vt_cms_items_add(t.id == CMS_SEQUENCE ? &cms->crls
							   : &cms->more_crls,
		    t.whole, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
signers_read(struct vt_cms *cms, struct vt_bytes set, struct vt_error *err)
{
	struct vt_bytes in = set;
	struct cms_tlv t;
	size_t n = 0;
	int rc;

	for (; in.len > 0; n++)
		if (!vt_cms_tlv(&in, CMS_BER, &t))
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.3",
			    "the set of signers is broken");
	if (n == 0)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
		    "the message has no signer");
	if (n > VT_CMS_SIGNERS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the message has more than %d signers", VT_CMS_SIGNERS_MAX);
	cms->signers = calloc(n, sizeof(*cms->signers));
	if (cms->signers == NULL)
		return vt_error_nomem(err);
	while (set.len > 0) {
		struct cms_signer *s = &cms->signers[cms->nsigners++];

		rc = vt_cms_tlv(&set, CMS_BER, &t)
			 ? vt_cms_signer_read(t.whole, s, err)
			 : VT_EFORMAT;
		if (rc == VT_EFORMAT)
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.3",
			    "a SignerInfo is broken");
		if (rc != VT_OK || (rc = vt_cms_stamps_read(s, err)) != VT_OK ||
		    (rc = vt_cms_counters_read(s, err)) != VT_OK)
			return rc;
		if (cms->crls.n > 0 || cms->other_crls)
			s->pub.has_validation = true;
	}
	return VT_OK;
}

/* The ends of the elements that were entered, and nothing behind them. */
static int
close_all(struct vt_cms *cms, const struct place *p, struct vt_bytes in,
    unsigned flags, struct vt_error *err)
{
	uint64_t total = p->off + in.len, at;
	unsigned n;

	for (n = p->nopen; n-- > 0;) {
		if (p->open[n].indefinite) {
			if (in.len < 2 || in.data[0] != 0 || in.data[1] != 0)
				return vt_error_set(err, VT_EFORMAT,
				    "X.690, 8.1.5",
				    "the end of the message is missing");
			in = vt_bytes_slice(in, 2, in.len);
			continue;
		}
		at = total - in.len;
		if (at != p->open[n].end)
			return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
			    "an element holds more than it may");
	}
	cms->size = total - in.len;
	if ((flags & VT_CMS_ZERO_PADDED) != 0)
		while (in.len > 0 && in.data[0] == 0)
			in = vt_bytes_slice(in, 1, in.len);
	cms->trailed = in.len > 0;
	if (cms->trailed && (flags & VT_CMS_TRAILED) == 0)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 3",
		    "there are bytes behind the message");
	return VT_OK;
}

/* All behind the content: certificates, revocation lists, signers. */
static int
rest_read(struct vt_cms *cms, struct place *p, unsigned flags,
    struct vt_error *err)
{
	uint64_t len = vt_source_size(cms->src) - p->off;
	struct vt_bytes in;
	struct cms_tlv t;
	int rc;

	if (len > VT_CMS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the message is longer than %u bytes beside its content",
		    VT_CMS_MAX);
	vt_buf_init(&cms->rest, (size_t)len);
	if (vt_buf_reserve(&cms->rest, (size_t)len) != VT_OK)
		return vt_error_nomem(err);
	rc = vt_source_read(cms->src, p->off, cms->rest.data, (size_t)len, err);
	if (rc != VT_OK)
		return rc;
	cms->rest.len = (size_t)len;
	cms->rest_off = p->off;
	in = vt_buf_bytes(&cms->rest);

	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX0, &t) &&
	    (rc = certs_read(cms, t.value, flags, err)) != VT_OK)
		return rc;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX1, &t) &&
	    (rc = crls_read(cms, t.value, err)) != VT_OK)
		return rc;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SET, &t))
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
		    "the set of signers is broken");
	if ((rc = signers_read(cms, t.value, err)) != VT_OK)
		return rc;
	p->off += len - in.len;
	return close_all(cms, p, in, flags, err);
}

static int
message_read(struct vt_cms *cms, unsigned flags, struct vt_error *err)
{
	struct place p = { .src = cms->src, .end = vt_source_size(cms->src) };
	struct vt_bytes v;
	struct cms_tlv t;
	int rc;

	if ((rc = enter_open(&p, CMS_SEQUENCE, err)) != VT_OK ||
	    (rc = take(&p, &cms->head, &t, err)) != VT_OK)
		return rc;
	if (t.id != CMS_OID)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 3",
		    "this is not a CMS message");
	if (!vt_bytes_equal(t.value, vt_cms_oid_signed_data))
		return vt_error_set(err, VT_EUNSUPPORTED, "RFC 5652, 5",
		    "the message is not signed data");
	if ((rc = enter_open(&p, CMS_CTX0, err)) != VT_OK ||
	    (rc = enter_open(&p, CMS_SEQUENCE, err)) != VT_OK ||
	    (rc = take(&p, &cms->head, &t, err)) != VT_OK)
		return rc;
	v = t.whole;
	if (!vt_cms_der_small(&v, CMS_BER, &cms->version) ||
	    (cms->version != 1 && cms->version != 3 && cms->version != 4 &&
		cms->version != 5))
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
		    "this version of the message does not exist");
	if ((rc = take(&p, &cms->head, &t, err)) != VT_OK)
		return rc;
	if (t.id != CMS_SET)
		return vt_error_set(err, VT_EFORMAT, "RFC 5652, 5.1",
		    "the list of digests is broken");
	if ((rc = digests_read(cms, t.value, err)) != VT_OK ||
	    (rc = encap_read(cms, &p, err)) != VT_OK)
		return rc;
	return rest_read(cms, &p, flags, err);
}

static int
cms_new(struct vt_cms **ret, struct vt_error *err)
{
	struct vt_cms *cms;

	if ((cms = calloc(1, sizeof(*cms))) == NULL)
		return vt_error_nomem(err);
	vt_buf_init(&cms->text, VT_CMS_PEM_MAX);
	/* Reserved once: what is read from it borrows. */
	vt_buf_init(&cms->head, 4 * VT_CMS_HEAD_MAX);
	if (vt_buf_reserve(&cms->head, 4 * VT_CMS_HEAD_MAX) != VT_OK) {
		free(cms);
		return vt_error_nomem(err);
	}
	*ret = cms;
	return VT_OK;
}

/* Read what is in CMS->text. */
static int
own_text(struct vt_cms *cms, struct vt_error *err)
{
	int rc;

	rc = vt_source_bytes(vt_buf_bytes(&cms->text), &cms->own, err);
	cms->src = cms->own;
	return rc;
}

int
vt_cms_open(struct vt_source *src, unsigned flags, struct vt_cms **ret,
    struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	int rc;

	if ((rc = cms_new(&cms, err)) != VT_OK)
		return rc;
	cms->src = src;
	if ((rc = vt_cms_unarmour(src, &cms->text, err)) == VT_OK &&
	    cms->text.len > 0)
		rc = own_text(cms, err);
	if (rc == VT_OK)
		rc = message_read(cms, flags, err);
	if (rc == VT_OK)
		*ret = cms;
	else
		vt_cms_free(cms);
	return rc;
}

int
vt_cms_parse(struct vt_bytes der, unsigned flags, struct vt_cms **ret,
    struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	int rc;

	if ((rc = cms_new(&cms, err)) != VT_OK)
		return rc;
	switch (vt_buf_bytes_put(&cms->text, der)) {
	case VT_OK:
		if ((rc = own_text(cms, err)) == VT_OK)
			rc = message_read(cms, flags, err);
		break;
	case VT_ELIMIT:
		rc = vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the message is longer than %u bytes", VT_CMS_PEM_MAX);
		break;
	default:
		rc = vt_error_nomem(err);
	}
	if (rc == VT_OK)
		*ret = cms;
	else
		vt_cms_free(cms);
	return rc;
}

void
vt_cms_free(struct vt_cms *cms)
{
	size_t i;

	if (cms == NULL)
		return;
	vt_certs_release(&cms->pool);
	free(cms->certs.items);
	free(cms->more_certs.items);
	free(cms->crls.items);
	free(cms->more_crls.items);
	for (i = 0; i < cms->nsigners; i++)
		vt_cms_signer_release(&cms->signers[i]);
	free(cms->signers);
	vt_source_free(cms->own);
	vt_buf_release(&cms->text);
	vt_buf_release(&cms->head);
	vt_buf_release(&cms->rest);
	free(cms);
}
