/* cms_sign.c - making a signature at level B-B (EN 319 122-1, EN 319 142-1) */
#include <stdlib.h>
#include <string.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"

/* Everything behind the content, and what the head needs to know. */
struct made {
	struct vt_buf certs;   /* [0] */
	struct vt_buf signers; /* SET OF SignerInfo */
};

/* certificates [0] IMPLICIT: the signer's, its chain, what else was given. */
static int
certs_put(struct vt_buf *out, const struct vt_signer *signer,
    const struct vt_cms_sign *how)
{
	size_t n = 1 + signer->chain.n + how->nchain, i, k = 0;
	struct vt_bytes *items;
	int rc;

	if (n > VT_CMS_CERTS_MAX)
		return VT_ELIMIT;
	if ((items = calloc(n, sizeof(*items))) == NULL)
		return VT_ENOMEM;
	items[k++] = vt_cert_der(signer->cert);
	for (i = 0; i < signer->chain.n; i++)
		items[k++] = vt_cert_der(signer->chain.items[i]);
	for (i = 0; i < how->nchain; i++)
		items[k++] = how->chain[i];
	rc = vt_cms_put_set(out, CMS_CTX0, items, n);
	free(items);
	return rc;
}

static void
made_release(struct made *m)
{
	vt_buf_release(&m->certs);
	vt_buf_release(&m->signers);
}

/*
 * All parts over the content's DIGEST; with no DIGEST, parts of the size that
 * they would have at most.
 */
static int
make(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, const struct vt_bytes *digest, struct made *m,
    struct vt_error *err)
{
	struct cms_over over = { .type = vt_cms_oid_data };
	struct vt_buf info;
	int rc;

	vt_buf_init(&m->certs, VT_CMS_MAX / 2);
	vt_buf_init(&m->signers, VT_CMS_MAX / 2);
	vt_buf_init(&info, CMS_INFO_MAX);
	if (digest != NULL)
		over.digest = *digest;
	if ((rc = vt_cms_made(certs_put(&m->certs, signer, how), err)) ==
		VT_OK &&
	    (rc = vt_cms_make_info(signer, how, plan, &over, &info, err)) ==
		VT_OK)
		rc = vt_cms_made(vt_cms_put(&m->signers, CMS_SET,
				     vt_buf_bytes(&info)),
		    err);
	vt_buf_release(&info);
	return rc;
}

/*
 * The head of the message, up to the content.  CONTENT_LEN UINT64_MAX:
 * detached.
 */
static int
head_put(struct vt_buf *out, const struct cms_plan *plan, const struct made *m,
    uint64_t content_len)
{
	static const unsigned char version[] = { CMS_INTEGER, 1, 1 };
	const struct vt_bytes data = vt_cms_oid_data;
	const struct vt_bytes type = vt_cms_oid_signed_data;
	bool attached = content_len != UINT64_MAX;
	uint64_t octets, econtent, encap, body;
	struct vt_buf md;
	size_t oid_len;
	int rc;

	vt_buf_init(&md, 128);
	if ((rc = vt_cms_md_put(&md, plan->alg.md)) != VT_OK)
		goto out;
	oid_len = vt_cms_header_len(data.len) + data.len;
	octets = attached ? vt_cms_header_len(content_len) + content_len : 0;
	econtent = attached ? vt_cms_header_len(octets) + octets : 0;
	encap = oid_len + econtent;
	body = sizeof(version) + vt_cms_header_len(md.len) + md.len +
	       vt_cms_header_len(encap) + encap + m->certs.len + m->signers.len;
	oid_len = vt_cms_header_len(type.len) + type.len;
	if ((rc = vt_cms_put_header(out, CMS_SEQUENCE,
		 oid_len + vt_cms_header_len(vt_cms_header_len(body) + body) +
		     vt_cms_header_len(body) + body)) != VT_OK ||
	    (rc = vt_cms_put(out, CMS_OID, type)) != VT_OK ||
	    (rc = vt_cms_put_header(out, CMS_CTX0,
		 vt_cms_header_len(body) + body)) != VT_OK ||
	    (rc = vt_cms_put_header(out, CMS_SEQUENCE, body)) != VT_OK ||
	    (rc = vt_buf_put(out, version, sizeof(version))) != VT_OK ||
	    (rc = vt_cms_put(out, CMS_SET, vt_buf_bytes(&md))) != VT_OK ||
	    (rc = vt_cms_put_header(out, CMS_SEQUENCE, encap)) != VT_OK ||
	    (rc = vt_cms_put(out, CMS_OID, data)) != VT_OK || !attached)
		goto out;
	if ((rc = vt_cms_put_header(out, CMS_CTX0, octets)) == VT_OK)
		rc = vt_cms_put_header(out, CMS_OCTETS, content_len);
out:
	vt_buf_release(&md);
	return rc;
}

int
vt_cms_sign_size(const struct vt_signer *signer, const struct vt_cms_sign *how,
    size_t *ret, struct vt_error *err)
{
	struct cms_plan plan;
	struct vt_buf head;
	struct made m;
	int rc;

	if ((rc = vt_cms_plan(signer, how->pss, &plan, err)) != VT_OK)
		return rc;
	vt_buf_init(&head, 512);
	if ((rc = make(signer, how, &plan, NULL, &m, err)) == VT_OK &&
	    (rc = vt_cms_made(head_put(&head, &plan, &m, UINT64_MAX), err)) ==
		VT_OK)
		*ret = head.len + m.certs.len + m.signers.len;
	vt_buf_release(&head);
	made_release(&m);
	return rc;
}

int
vt_cms_sign_digest(const struct vt_signer *signer, struct vt_cms_digest **ret,
    struct vt_error *err)
{
	bool wanted[CMS_NMD] = { false };
	struct cms_plan plan;
	int rc;

	/* The digest does not depend on the padding. */
	if ((rc = vt_cms_plan(signer, false, &plan, err)) != VT_OK)
		return rc;
	wanted[plan.alg.md] = true;
	return vt_cms_digest_of(wanted, ret, err);
}

int
vt_cms_sign(const struct vt_signer *signer, const struct vt_cms_sign *how,
    struct vt_cms_digest *content, struct vt_buf *ret, struct vt_error *err)
{
	struct cms_plan plan;
	struct vt_bytes digest;
	struct vt_buf head;
	struct made m;
	size_t len;
	int rc;

	if ((rc = vt_cms_plan(signer, how->pss, &plan, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(content, plan.alg.md, &digest, err)) !=
		VT_OK)
		return rc;
	vt_buf_init(&head, 512);
	if ((rc = make(signer, how, &plan, &digest, &m, err)) != VT_OK ||
	    (rc = vt_cms_made(head_put(&head, &plan, &m, UINT64_MAX), err)) !=
		VT_OK)
		goto out;
	len = head.len + m.certs.len + m.signers.len;
	switch (vt_buf_reserve(ret, len)) {
	case VT_OK: /* so that the rest cannot fail half-way */
		vt_buf_bytes_put(ret, vt_buf_bytes(&head));
		vt_buf_bytes_put(ret, vt_buf_bytes(&m.certs));
		vt_buf_bytes_put(ret, vt_buf_bytes(&m.signers));
		break;
	case VT_ELIMIT:
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the signature has %zu bytes, more than there is room for",
		    len);
		break;
	default:
		rc = vt_error_nomem(err);
	}
out:
	vt_buf_release(&head);
	made_release(&m);
	return rc;
}

/* Where the message goes; its content is digested on the way. */
struct copy {
	struct vt_cms_digest *digest;
	int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	void *ctx;
};

static int
copy_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct copy *c = ctx;
	int rc;

	rc = vt_cms_digest_update(c->digest, piece, err);
	return rc == VT_OK ? c->fn(c->ctx, piece, err) : rc;
}

#define PIECE ((size_t)64 * 1024)

/* Hand B on in pieces. */
static int
pieces(const struct copy *c, struct vt_bytes b, struct vt_error *err)
{
	int rc = VT_OK;

	for (; b.len > 0 && rc == VT_OK; b = vt_bytes_slice(b, PIECE, b.len))
		rc = c->fn(c->ctx, vt_bytes_slice(b, 0, PIECE), err);
	return rc;
}

/*
 * The content, behind HEAD bytes, in pieces that begin where whole pages of the
 * message do: to write a page in two parts takes longer.
 */
static int
aligned(struct copy *c, struct vt_source *content, size_t head,
    struct vt_error *err)
{
	uint64_t size = vt_source_size(content), first = PIECE - head % PIECE;
	int rc;

	if (first > size)
		first = size;
	rc = vt_source_stream(content, 0, first, copy_piece, c, err);
	if (rc == VT_OK && first < size)
		rc = vt_source_stream(content, first, size - first, copy_piece,
		    c, err);
	return rc;
}

/*
 * The head as long as the message will be if the signature value has LESS bytes
 * fewer than it may have; HEAD is empty before.
 */
static int
head_guess(struct vt_buf *head, const struct cms_plan *plan, struct made *m,
    uint64_t size, size_t less, struct vt_error *err)
{
	size_t len = m->signers.len;
	int rc;

	m->signers.len -= less;
	rc = vt_cms_made(head_put(head, plan, m, size), err);
	m->signers.len = len;
	return rc;
}

/*
 * The head is handed out before the content, when the signature is not made
 * yet.  Of RSA its length is known; that of ECDSA varies by some bytes, and
 * lengths in the head are put right by PATCH, if they take as much room.
 */
static int
head_first(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, uint64_t size, bool can_patch,
    struct vt_buf *head, bool *ret_fits, struct vt_error *err)
{
	struct vt_buf least;
	struct made m;
	int rc;

	vt_buf_init(&least, 512);
	if ((rc = make(signer, how, plan, NULL, &m, err)) == VT_OK &&
	    (rc = head_guess(head, plan, &m, size, 0, err)) == VT_OK)
		rc = head_guess(&least, plan, &m, size,
		    plan->how == VT_SIGALG_ECDSA ? vt_signer_max(signer) : 0,
		    err);
	*ret_fits = head->len == least.len &&
		    (can_patch || vt_bytes_equal(vt_buf_bytes(head),
				      vt_buf_bytes(&least)));
	vt_buf_release(&least);
	made_release(&m);
	return rc;
}

/* One pass: HEAD, the content, the signature over what was handed out. */
static int
attached_once(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, struct vt_source *content, struct copy *copy,
    vt_cms_patch_fn *patch, const struct vt_buf *head, struct vt_error *err)
{
	uint64_t size = vt_source_size(content);
	struct made m = { 0 };
	struct vt_bytes digest;
	struct vt_buf real;
	int rc;

	vt_buf_init(&real, 512);
	if ((rc = pieces(copy, vt_buf_bytes(head), err)) != VT_OK ||
	    (rc = aligned(copy, content, head->len, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(copy->digest, plan->alg.md, &digest,
		 err)) != VT_OK ||
	    (rc = make(signer, how, plan, &digest, &m, err)) != VT_OK ||
	    (rc = vt_cms_made(head_put(&real, plan, &m, size), err)) != VT_OK)
		goto out;
	if (real.len != head->len ||
	    (patch == NULL &&
		!vt_bytes_equal(vt_buf_bytes(head), vt_buf_bytes(&real)))) {
		rc = vt_error_set(err, VT_ECRYPTO, NULL,
		    "the signature is of another length than its key makes");
		goto out;
	}
	if (patch != NULL &&
	    !vt_bytes_equal(vt_buf_bytes(head), vt_buf_bytes(&real)) &&
	    (rc = patch(copy->ctx, 0, vt_buf_bytes(&real), err)) != VT_OK)
		goto out;
	if ((rc = pieces(copy, vt_buf_bytes(&m.certs), err)) == VT_OK)
		rc = pieces(copy, vt_buf_bytes(&m.signers), err);
out:
	vt_buf_release(&real);
	made_release(&m);
	return rc;
}

/* Two passes, and the content digested in both. */
static int
attached_twice(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, struct vt_source *content, struct copy *copy,
    struct vt_error *err)
{
	uint64_t size = vt_source_size(content);
	struct vt_cms_digest *first = NULL;
	struct made m = { 0 };
	struct vt_bytes digest, again;
	struct vt_buf head;
	int rc;

	vt_buf_init(&head, 512);
	if ((rc = vt_cms_sign_digest(signer, &first, err)) != VT_OK ||
	    (rc = vt_source_stream(content, 0, size, vt_cms_digest_update,
		 first, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(first, plan->alg.md, &digest, err)) !=
		VT_OK ||
	    (rc = make(signer, how, plan, &digest, &m, err)) != VT_OK ||
	    (rc = vt_cms_made(head_put(&head, plan, &m, size), err)) != VT_OK ||
	    (rc = pieces(copy, vt_buf_bytes(&head), err)) != VT_OK ||
	    (rc = vt_source_stream(content, 0, size, copy_piece, copy, err)) !=
		VT_OK ||
	    (rc = vt_cms_digest_get(copy->digest, plan->alg.md, &again, err)) !=
		VT_OK)
		goto out;
	if (!vt_bytes_equal(digest, again)) {
		rc = vt_error_set(err, VT_EIO, NULL,
		    "the file changed while it was signed");
		goto out;
	}
	if ((rc = pieces(copy, vt_buf_bytes(&m.certs), err)) == VT_OK)
		rc = pieces(copy, vt_buf_bytes(&m.signers), err);
out:
	vt_cms_digest_free(first);
	vt_buf_release(&head);
	made_release(&m);
	return rc;
}

int
vt_cms_sign_attached(const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_source *content,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    vt_cms_patch_fn *patch, void *ctx, struct vt_error *err)
{
	struct copy copy = { .fn = fn, .ctx = ctx };
	struct vt_buf head;
	struct cms_plan plan;
	bool fits;
	int rc;

	vt_buf_init(&head, 512);
	if ((rc = vt_cms_plan(signer, how->pss, &plan, err)) == VT_OK &&
	    (rc = vt_cms_sign_digest(signer, &copy.digest, err)) == VT_OK &&
	    (rc = head_first(signer, how, &plan, vt_source_size(content),
		 patch != NULL, &head, &fits, err)) == VT_OK)
		rc = fits ? attached_once(signer, how, &plan, content, &copy,
				patch, &head, err)
			  : attached_twice(signer, how, &plan, content, &copy,
				err);
	vt_cms_digest_free(copy.digest);
	vt_buf_release(&head);
	return rc;
}
