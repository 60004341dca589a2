/* cms_cosign.c - a further signature beside others, and one over another */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/cms_extend.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

#define PIECE (64u * 1024)

/* The message anew: what stands before, and behind, encapContentInfo. */
struct joined {
	struct vt_buf head, tail;
	uint64_t encap, encap_end; /* of that, in the source */
};

/* Where encapContentInfo begins: behind the digestAlgorithms. */
static int
encap_find(const struct vt_cms *cms, uint64_t *ret, struct vt_error *err)
{
	struct vt_source *src = cms->src;
	uint64_t off = 0, end = vt_source_size(src);
	struct cms_header h;
	unsigned i;
	int rc;

	for (i = 0; i < 3; i++) { /* ContentInfo, [0], SignedData */
		if ((rc = vt_cms_source_header(src, off, end, &h, err)) !=
		    VT_OK)
			return rc;
		off += h.hlen;
		if (i == 0 && (rc = vt_cms_source_skip(src, off, end, &off,
				   err)) != VT_OK)
			return rc;
	}
	for (i = 0; i < 2; i++) /* version, digestAlgorithms */
		if ((rc = vt_cms_source_skip(src, off, end, &off, err)) !=
		    VT_OK)
			return rc;
	*ret = off;
	return VT_OK;
}

/* ITEM behind what SET holds, unless it is empty; as one set ID. */
static int
set_join(struct vt_buf *out, unsigned char id, struct vt_bytes set,
    struct vt_bytes more)
{
	int rc;

	if (set.len + more.len == 0)
		return VT_OK;
	if ((rc = vt_cms_put_header(out, id, (uint64_t)set.len + more.len)) !=
		VT_OK ||
	    (rc = vt_buf_bytes_put(out, set)) != VT_OK)
		return rc;
	return vt_buf_bytes_put(out, more);
}

static int
certs_more(const struct vt_cms *cms, const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_buf *out)
{
	struct vt_bytes der;
	size_t i, k, n = 1 + signer->chain.n + how->nchain;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++) {
		der = i == 0 ? vt_cert_der(signer->cert)
		      : i <= signer->chain.n
			  ? vt_cert_der(signer->chain.items[i - 1])
			  : how->chain[i - 1 - signer->chain.n];
		for (k = 0; k < cms->certs.n; k++)
			if (vt_bytes_equal(cms->certs.items[k], der))
				break;
		/* Twice in what is added does no harm. */
		if (k == cms->certs.n)
			rc = vt_buf_bytes_put(out, der);
	}
	return rc;
}

/* Certificates, lists as they are, and INFO behind the other signers. */
static int
tail_put(const struct vt_cms *cms, struct vt_bytes certs, struct vt_bytes info,
    struct vt_buf *out)
{
	struct vt_bytes in = vt_buf_bytes(&cms->rest);
	struct cms_tlv t = { .value = VT_BYTES(NULL, 0) };
	int rc;

	(void)vt_cms_tlv_of(&in, CMS_BER, CMS_CTX0, &t);
	if ((rc = set_join(out, CMS_CTX0, t.value, certs)) != VT_OK)
		return rc;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX1, &t) &&
	    (rc = set_join(out, CMS_CTX1, t.value, VT_BYTES(NULL, 0))) != VT_OK)
		return rc;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SET, &t))
		return VT_EFORMAT; /* it was read so before */
	return set_join(out, CMS_SET, t.value, info);
}

/* All up to encapContentInfo, whose LEN bytes and TAIL follow. */
static int
head_put(const struct vt_cms *cms, const struct cms_plan *plan, uint64_t len,
    struct vt_buf *tail, struct vt_buf *out)
{
	const unsigned char version[] = { CMS_INTEGER, 1,
		(unsigned char)cms->version };
	struct vt_bytes in = vt_buf_bytes(&cms->head);
	const struct vt_bytes type = vt_cms_oid_signed_data;
	struct vt_buf own, digests;
	struct cms_tlv t;
	uint64_t body, inner;
	int rc;

	vt_buf_init(&own, 128);
	vt_buf_init(&digests, CMS_INFO_MAX);
	/* What was read there: contentType, version, digestAlgorithms. */
	if (!vt_cms_tlv(&in, CMS_BER, &t) || !vt_cms_tlv(&in, CMS_BER, &t) ||
	    !vt_cms_tlv_of(&in, CMS_BER, CMS_SET, &t)) {
		rc = VT_EFORMAT;
		goto out;
	}
	if ((!cms->digests[plan->alg.md] &&
		(rc = vt_cms_md_put(&own, plan->alg.md)) != VT_OK) ||
	    (rc = set_join(&digests, CMS_SET, t.value, vt_buf_bytes(&own))) !=
		VT_OK)
		goto out;
	body = sizeof(version) + digests.len + len + tail->len;
	inner = vt_cms_header_len(body) + body;
	if ((rc = vt_cms_put_header(out, CMS_SEQUENCE,
		 vt_cms_header_len(type.len) + type.len +
		     vt_cms_header_len(inner) + inner)) == VT_OK &&
	    (rc = vt_cms_put(out, CMS_OID, type)) == VT_OK &&
	    (rc = vt_cms_put_header(out, CMS_CTX0, inner)) == VT_OK &&
	    (rc = vt_cms_put_header(out, CMS_SEQUENCE, body)) == VT_OK &&
	    (rc = vt_buf_put(out, version, sizeof(version))) == VT_OK)
		rc = vt_buf_bytes_put(out, vt_buf_bytes(&digests));
out:
	vt_buf_release(&own);
	vt_buf_release(&digests);
	return rc;
}

static int
put_buf(const struct vt_buf *buf, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_bytes b = vt_buf_bytes(buf);
	int rc = VT_OK;

	for (; b.len > 0 && rc == VT_OK; b = vt_bytes_slice(b, PIECE, b.len))
		rc = fn(ctx, vt_bytes_slice(b, 0, PIECE), err);
	return rc;
}

static int
hand_out(const struct vt_cms *cms, const struct joined *j, vt_sink_fn *fn,
    void *ctx, struct vt_error *err)
{
	int rc;

	if ((rc = put_buf(&j->head, fn, ctx, err)) != VT_OK ||
	    (rc = vt_source_stream(cms->src, j->encap, j->encap_end - j->encap,
		 fn, ctx, err)) != VT_OK)
		return rc;
	return put_buf(&j->tail, fn, ctx, err);
}

int
vt_cms_cosign(const struct vt_cms *cms, const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_cms_digest *content,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct cms_over over = { .type = cms->content_type };
	struct vt_buf info, certs;
	struct cms_plan plan;
	struct joined j;
	int rc;

	if (cms->nsigners == VT_CMS_SIGNERS_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.1",
		    "the message has %d signers already", VT_CMS_SIGNERS_MAX);
	vt_buf_init(&info, CMS_INFO_MAX);
	vt_buf_init(&certs, VT_CMS_MAX / 2);
	vt_buf_init(&j.head, CMS_INFO_MAX);
	vt_buf_init(&j.tail, VT_CMS_MAX);
	j.encap_end = cms->rest_off;
	if ((rc = vt_cms_plan(signer, how->pss, &plan, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(content, plan.alg.md, &over.digest, err)) !=
		VT_OK ||
	    (rc = vt_cms_make_info(signer, how, &plan, &over, &info, err)) !=
		VT_OK ||
	    (rc = encap_find(cms, &j.encap, err)) != VT_OK)
		goto out;
	if ((rc = certs_more(cms, signer, how, &certs)) != VT_OK ||
	    (rc = tail_put(cms, vt_buf_bytes(&certs), vt_buf_bytes(&info),
		 &j.tail)) != VT_OK ||
	    (rc = head_put(cms, &plan, j.encap_end - j.encap, &j.tail,
		 &j.head)) != VT_OK) {
		rc = vt_cms_made(rc, err);
		goto out;
	}
	rc = hand_out(cms, &j, fn, ctx, err);
out:
	vt_buf_release(&info);
	vt_buf_release(&certs);
	vt_buf_release(&j.head);
	vt_buf_release(&j.tail);
	return rc;
}

/* --- RFC 5652, 11.4 --- */

/* The attribute with SIGNER's signature over the value of S. */
static int
counter_make(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, const struct cms_signer *s, struct vt_buf *ret,
    struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct cms_over over = { .counter = true };
	struct vt_buf info;
	int rc;

	vt_buf_init(&info, CMS_INFO_MAX);
	if ((rc = vt_cms_hash(plan->alg.md, VT_BYTES(NULL, 0), s->pub.signature,
		 md, err)) == VT_OK) {
		over.digest = VT_BYTES(md, vt_cms_md(plan->alg.md)->len);
		rc = vt_cms_make_info(signer, how, plan, &over, &info, err);
	}
	if (rc == VT_OK)
		rc = vt_cms_made(vt_cms_put_attr(ret,
				     vt_cms_oid_countersignature,
				     vt_buf_bytes(&info)),
		    err);
	vt_buf_release(&info);
	return rc;
}

int
vt_cms_countersign(const struct vt_cms *cms, size_t which,
    const struct vt_signer *signer, const struct vt_cms_sign *how,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct vt_bytes attrs[VT_CMS_SIGNERS_MAX] = { { NULL, 0 } };
	struct vt_buf bufs[VT_CMS_SIGNERS_MAX];
	struct vt_cms_more more = { .attrs = attrs };
	struct vt_certs certs = { 0 };
	struct cms_plan plan;
	size_t i;
	int rc;

	if (which != VT_CMS_EACH && which >= cms->nsigners)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such signer");
	for (i = 0; i < cms->nsigners; i++)
		vt_buf_init(&bufs[i], CMS_INFO_MAX);
	if ((rc = vt_cms_plan(signer, how->pss, &plan, err)) != VT_OK ||
	    (rc = vt_certs_add(&certs, signer->cert, err)) != VT_OK ||
	    (rc = vt_certs_add_all(&certs, &signer->chain, err)) != VT_OK)
		goto out;
	for (i = 0; i < cms->nsigners; i++) {
		if (which != VT_CMS_EACH && which != i)
			continue;
		rc = counter_make(signer, how, &plan, &cms->signers[i],
		    &bufs[i], err);
		if (rc != VT_OK)
			goto out;
		attrs[i] = vt_buf_bytes(&bufs[i]);
	}
	more.certs = &certs;
	rc = vt_cms_extend(cms, &more, fn, ctx, err);
out:
	for (i = 0; i < cms->nsigners; i++)
		vt_buf_release(&bufs[i]);
	vt_certs_release(&certs);
	return rc;
}
