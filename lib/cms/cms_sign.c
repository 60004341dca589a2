/* cms_sign.c - making a signature at level B-B (EN 319 122-1, EN 319 142-1) */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define ATTRS_MAX (256u * 1024)

/* How one signer signs. */
struct plan {
	enum vt_sigalg how;
	enum vt_hash hash;
	struct cms_sigalg alg;
};

/* Everything behind the content, and what the head needs to know. */
struct made {
	struct vt_buf certs;   /* [0] */
	struct vt_buf signers; /* SET OF SignerInfo */
};

static int
nomem(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the certificates to embed are too many");
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

static int
plan_make(const struct vt_signer *signer, bool pss, struct plan *ret,
    struct vt_error *err)
{
	int rc;

	if ((rc = vt_sigalg_of(signer->cert, pss, &ret->how, err)) != VT_OK ||
	    (rc = vt_sigalg_hash(signer->cert, &ret->hash, err)) != VT_OK)
		return rc;
	ret->alg.family = ret->how == VT_SIGALG_ECDSA ? CMS_ECDSA
			  : ret->how == VT_SIGALG_PSS ? CMS_PSS
						      : CMS_RSA;
	ret->alg.md = ret->hash == VT_HASH_SHA256   ? CMS_SHA256
		      : ret->hash == VT_HASH_SHA384 ? CMS_SHA384
						    : CMS_SHA512;
	ret->alg.mgf = ret->alg.md;
	ret->alg.salt = (unsigned)vt_cms_md(ret->alg.md)->len;
	return VT_OK;
}

static int
piece_compare(const void *a, const void *b)
{
	return vt_cms_der_compare(*(const struct vt_bytes *)a,
	    *(const struct vt_bytes *)b);
}

/* Sort N encodings and append them as ID { ... }, each once. */
static int
set_put(struct vt_buf *out, unsigned char id, struct vt_bytes *items, size_t n)
{
	uint64_t len = 0;
	size_t i, kept = 0;
	int rc;

	qsort(items, n, sizeof(*items), piece_compare);
	for (i = 0; i < n; i++) {
		if (i > 0 && vt_bytes_equal(items[i], items[kept - 1]))
			continue;
		items[kept++] = items[i];
		len += items[i].len;
	}
	if ((rc = vt_cms_put_header(out, id, len)) != VT_OK)
		return rc;
	for (i = 0; i < kept && rc == VT_OK; i++)
		rc = vt_buf_bytes_put(out, items[i]);
	return rc;
}

/* Attribute with one VALUE, which is one encoded element. */
static int
attr_put(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes value)
{
	struct vt_buf body;
	int rc;

	vt_buf_init(&body, ATTRS_MAX);
	if ((rc = vt_cms_put(&body, CMS_OID, oid)) == VT_OK &&
	    (rc = vt_cms_put(&body, CMS_SET, value)) == VT_OK)
		rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&body));
	vt_buf_release(&body);
	return rc;
}

/* issuer Name and serialNumber as the certificate has them. */
static int
issuer_serial_put(struct vt_buf *issuer, struct vt_buf *serial,
    const struct vt_cert *cert)
{
	X509 *x = vt_cert_x509(cert);
	unsigned char *der = NULL;
	int len, rc = VT_ENOMEM;

	if ((len = i2d_X509_NAME(X509_get_issuer_name(x), &der)) > 0)
		rc = vt_buf_put(issuer, der, (size_t)len);
	OPENSSL_free(der);
	der = NULL;
	if (rc != VT_OK)
		return rc;
	rc = VT_ENOMEM;
	len = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
	if (len > 0)
		rc = vt_buf_put(serial, der, (size_t)len);
	OPENSSL_free(der);
	return rc;
}

/*
 * SigningCertificateV2 (RFC 5035, 3) with SHA-256, which is the default and so
 * is not written, and with issuer and serial number, as older verifiers like.
 */
static int
ess_put(struct vt_buf *out, const struct vt_cert *cert)
{
	struct vt_buf issuer, serial, a, b;
	int rc;

	vt_buf_init(&issuer, ATTRS_MAX);
	vt_buf_init(&serial, ATTRS_MAX);
	vt_buf_init(&a, ATTRS_MAX);
	vt_buf_init(&b, ATTRS_MAX);
	if ((rc = issuer_serial_put(&issuer, &serial, cert)) != VT_OK ||
	    (rc = vt_cms_put(&a, CMS_CTX4, vt_buf_bytes(&issuer))) != VT_OK ||
	    (rc = vt_cms_put(&b, CMS_SEQUENCE, vt_buf_bytes(&a))) != VT_OK ||
	    (rc = vt_buf_bytes_put(&b, vt_buf_bytes(&serial))) != VT_OK)
		goto out;
	vt_buf_reset(&a);
	if ((rc = vt_cms_put(&a, CMS_OCTETS,
		 VT_BYTES(vt_cert_sha256(cert), VT_SHA256_LEN))) != VT_OK ||
	    (rc = vt_cms_put(&a, CMS_SEQUENCE, vt_buf_bytes(&b))) != VT_OK)
		goto out;
	vt_buf_reset(&b); /* ESSCertIDv2, SEQUENCE OF, SigningCertificateV2 */
	if ((rc = vt_cms_put(&b, CMS_SEQUENCE, vt_buf_bytes(&a))) != VT_OK)
		goto out;
	vt_buf_reset(&a);
	if ((rc = vt_cms_put(&a, CMS_SEQUENCE, vt_buf_bytes(&b))) == VT_OK)
		rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&a));
out:
	vt_buf_release(&issuer);
	vt_buf_release(&serial);
	vt_buf_release(&a);
	vt_buf_release(&b);
	return rc;
}

/* UTCTime from 1950 to 2049, else GeneralizedTime (RFC 5652, 11.3). */
static int
time_put(struct vt_buf *out, int64_t t)
{
	char text[VT_TIME_TEXT], digits[16];
	size_t i, n = 0;
	bool utc;

	vt_time_utc(t, text); /* 2026-11-23T02:15:30Z */
	for (i = 0; text[i] != '\0' && n < sizeof(digits); i++)
		if ((text[i] >= '0' && text[i] <= '9') || text[i] == 'Z')
			digits[n++] = text[i];
	utc = memcmp(digits, "1950", 4) >= 0 && memcmp(digits, "2050", 4) < 0;
	return vt_cms_put(out, utc ? CMS_UTCTIME : CMS_TIME,
	    VT_BYTES(digits + (utc ? 2 : 0), n - (utc ? 2 : 0)));
}

/* The signed attributes, as the SET OF that is signed. */
static int
attrs_put(struct vt_buf *out, const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_bytes digest)
{
	struct vt_buf all, value;
	struct vt_bytes items[4];
	size_t ends[4], n = 0, i;
	int rc;

	vt_buf_init(&all, ATTRS_MAX);
	vt_buf_init(&value, ATTRS_MAX);
	if ((rc = vt_cms_put(&value, CMS_OID, vt_cms_oid_data)) != VT_OK ||
	    (rc = attr_put(&all, vt_cms_oid_content_type,
		 vt_buf_bytes(&value))) != VT_OK)
		goto out;
	ends[n++] = all.len;
	vt_buf_reset(&value);
	if ((rc = vt_cms_put(&value, CMS_OCTETS, digest)) != VT_OK ||
	    (rc = attr_put(&all, vt_cms_oid_message_digest,
		 vt_buf_bytes(&value))) != VT_OK)
		goto out;
	ends[n++] = all.len;
	vt_buf_reset(&value);
	if ((rc = ess_put(&value, signer->cert)) != VT_OK ||
	    (rc = attr_put(&all, vt_cms_oid_signing_cert_v2,
		 vt_buf_bytes(&value))) != VT_OK)
		goto out;
	ends[n++] = all.len;
	if (how->signing_time != VT_TIME_NONE) {
		vt_buf_reset(&value);
		if ((rc = time_put(&value, how->signing_time)) != VT_OK ||
		    (rc = attr_put(&all, vt_cms_oid_signing_time,
			 vt_buf_bytes(&value))) != VT_OK)
			goto out;
		ends[n++] = all.len;
	}
	for (i = 0; i < n; i++)
		items[i] =
		    vt_bytes_slice(vt_buf_bytes(&all), i == 0 ? 0 : ends[i - 1],
			ends[i] - (i == 0 ? 0 : ends[i - 1]));
	rc = set_put(out, CMS_SET, items, n);
out:
	vt_buf_release(&all);
	vt_buf_release(&value);
	return rc;
}

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
	rc = set_put(out, CMS_CTX0, items, n);
	free(items);
	return rc;
}

/* SET OF with the one SignerInfo; ATTRS is the SET OF that was signed. */
static int
signers_put(struct vt_buf *out, const struct vt_signer *signer,
    const struct plan *plan, struct vt_bytes attrs, struct vt_bytes value)
{
	static const unsigned char version[] = { CMS_INTEGER, 1, 1 };
	static const unsigned char implicit[] = { CMS_CTX0 };
	struct vt_buf sid, serial, body;
	int rc;

	vt_buf_init(&sid, ATTRS_MAX);
	vt_buf_init(&serial, ATTRS_MAX);
	vt_buf_init(&body, 2 * ATTRS_MAX);
	if ((rc = issuer_serial_put(&sid, &serial, signer->cert)) == VT_OK &&
	    (rc = vt_buf_bytes_put(&sid, vt_buf_bytes(&serial))) == VT_OK &&
	    (rc = vt_buf_put(&body, version, sizeof(version))) == VT_OK &&
	    (rc = vt_cms_put(&body, CMS_SEQUENCE, vt_buf_bytes(&sid))) ==
		VT_OK &&
	    (rc = vt_cms_md_put(&body, plan->alg.md)) == VT_OK &&
	    (rc = vt_buf_put(&body, implicit, 1)) == VT_OK &&
	    (rc = vt_buf_bytes_put(&body,
		 vt_bytes_slice(attrs, 1, attrs.len))) == VT_OK &&
	    (rc = vt_cms_sigalg_put(&body, &plan->alg)) == VT_OK &&
	    (rc = vt_cms_put(&body, CMS_OCTETS, value)) == VT_OK) {
		vt_buf_reset(&sid);
		rc = vt_cms_put(&sid, CMS_SEQUENCE, vt_buf_bytes(&body));
	}
	if (rc == VT_OK)
		rc = vt_cms_put(out, CMS_SET, vt_buf_bytes(&sid));
	vt_buf_release(&sid);
	vt_buf_release(&serial);
	vt_buf_release(&body);
	return rc;
}

/* Sign ATTRS; a value that does not verify is never given out. */
static int
value_make(const struct vt_signer *signer, const struct plan *plan,
    struct vt_bytes attrs, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_bytes digest;
	int rc;

	rc = vt_cms_hash(plan->alg.md, VT_BYTES(NULL, 0), attrs, md, err);
	if (rc != VT_OK)
		return rc;
	digest = VT_BYTES(md, vt_hash_len(plan->hash));
	rc = vt_signer_sign(signer, plan->how, plan->hash, digest, out, ret_len,
	    err);
	if (rc != VT_OK)
		return rc;
	if (vt_cms_verify(vt_cert_key(signer->cert), &plan->alg, digest,
		VT_BYTES(out, *ret_len)) != VT_CMS_FINE)
		return vt_error_set(err, VT_EKEY, NULL,
		    "what the key signed does not verify with the certificate");
	return VT_OK;
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
    const struct plan *plan, const struct vt_bytes *digest, struct made *m,
    struct vt_error *err)
{
	unsigned char value[VT_SIGNATURE_MAX] = { 0 };
	struct vt_bytes d;
	struct vt_buf attrs;
	size_t len = vt_signer_max(signer);
	int rc;

	vt_buf_init(&m->certs, VT_CMS_MAX / 2);
	vt_buf_init(&m->signers, VT_CMS_MAX / 2);
	vt_buf_init(&attrs, ATTRS_MAX);
	d = digest != NULL ? *digest : VT_BYTES(value, vt_hash_len(plan->hash));
	if ((rc = nomem(attrs_put(&attrs, signer, how, d), err)) != VT_OK ||
	    (rc = nomem(certs_put(&m->certs, signer, how), err)) != VT_OK)
		goto out;
	if (digest != NULL &&
	    (rc = value_make(signer, plan, vt_buf_bytes(&attrs), value, &len,
		 err)) != VT_OK)
		goto out;
	rc = nomem(signers_put(&m->signers, signer, plan, vt_buf_bytes(&attrs),
		       VT_BYTES(value, len)),
	    err);
out:
	vt_buf_release(&attrs);
	return rc;
}

/*
 * The head of the message, up to the content.  CONTENT_LEN UINT64_MAX:
 * detached.
 */
static int
head_put(struct vt_buf *out, const struct plan *plan, const struct made *m,
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
	struct plan plan;
	struct vt_buf head;
	struct made m;
	int rc;

	if ((rc = plan_make(signer, how->pss, &plan, err)) != VT_OK)
		return rc;
	vt_buf_init(&head, 512);
	if ((rc = make(signer, how, &plan, NULL, &m, err)) == VT_OK &&
	    (rc = nomem(head_put(&head, &plan, &m, UINT64_MAX), err)) == VT_OK)
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
	struct plan plan;
	int rc;

	/* The digest does not depend on the padding. */
	if ((rc = plan_make(signer, false, &plan, err)) != VT_OK)
		return rc;
	wanted[plan.alg.md] = true;
	return vt_cms_digest_of(wanted, ret, err);
}

int
vt_cms_sign(const struct vt_signer *signer, const struct vt_cms_sign *how,
    struct vt_cms_digest *content, struct vt_buf *ret, struct vt_error *err)
{
	struct plan plan;
	struct vt_bytes digest;
	struct vt_buf head;
	struct made m;
	size_t len;
	int rc;

	if ((rc = plan_make(signer, how->pss, &plan, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(content, plan.alg.md, &digest, err)) !=
		VT_OK)
		return rc;
	vt_buf_init(&head, 512);
	if ((rc = make(signer, how, &plan, &digest, &m, err)) != VT_OK ||
	    (rc = nomem(head_put(&head, &plan, &m, UINT64_MAX), err)) != VT_OK)
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

/* The second pass over the content: digested again while it is handed on. */
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

/* Hand B on in pieces. */
static int
pieces(const struct copy *c, struct vt_bytes b, struct vt_error *err)
{
	const size_t max = 64 * 1024;
	int rc = VT_OK;

	for (; b.len > 0 && rc == VT_OK; b = vt_bytes_slice(b, max, b.len))
		rc = c->fn(c->ctx, vt_bytes_slice(b, 0, max), err);
	return rc;
}

int
vt_cms_sign_attached(const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_source *content,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	uint64_t size = vt_source_size(content);
	struct vt_cms_digest *first = NULL;
	struct copy copy = { .fn = fn, .ctx = ctx };
	struct made m = { 0 };
	struct vt_bytes digest, again;
	struct vt_buf head;
	struct plan plan;
	int rc;

	vt_buf_init(&head, 512);
	if ((rc = plan_make(signer, how->pss, &plan, err)) != VT_OK ||
	    (rc = vt_cms_sign_digest(signer, &first, err)) != VT_OK ||
	    (rc = vt_cms_sign_digest(signer, &copy.digest, err)) != VT_OK ||
	    (rc = vt_source_stream(content, 0, size, vt_cms_digest_update,
		 first, err)) != VT_OK ||
	    (rc = vt_cms_digest_get(first, plan.alg.md, &digest, err)) !=
		VT_OK ||
	    (rc = make(signer, how, &plan, &digest, &m, err)) != VT_OK ||
	    (rc = nomem(head_put(&head, &plan, &m, size), err)) != VT_OK ||
	    (rc = pieces(&copy, vt_buf_bytes(&head), err)) != VT_OK ||
	    (rc = vt_source_stream(content, 0, size, copy_piece, &copy, err)) !=
		VT_OK ||
	    (rc = vt_cms_digest_get(copy.digest, plan.alg.md, &again, err)) !=
		VT_OK)
		goto out;
	if (!vt_bytes_equal(digest, again)) {
		rc = vt_error_set(err, VT_EIO, NULL,
		    "the file changed while it was signed");
		goto out;
	}
	if ((rc = pieces(&copy, vt_buf_bytes(&m.certs), err)) == VT_OK)
		rc = pieces(&copy, vt_buf_bytes(&m.signers), err);
out:
	vt_cms_digest_free(first);
	vt_cms_digest_free(copy.digest);
	vt_buf_release(&head);
	made_release(&m);
	return rc;
}
