/* cms_make.c - one SignerInfo (RFC 5652, 5.3) at level B-B (EN 319 122-1, 6) */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/time.h"

#define ATTRS_MAX CMS_INFO_MAX
#define ITEMS_MAX 6 /* signed attributes */

int
vt_cms_plan(const struct vt_signer *signer, bool pss, struct cms_plan *ret,
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

int
vt_cms_put_set(struct vt_buf *out, unsigned char id, struct vt_bytes *items,
    size_t n)
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

/*
 * What is signed, as MIME has it (EN 319 122-1, 5.2.4.1): the content is of
 * id-data, and its description says what that is and how its file was called.
 */
static int
hints_put(struct vt_buf *out, const struct vt_cms_sign *how)
{
	struct vt_buf text, body;
	const char *c;
	int rc;

	vt_buf_init(&text, ATTRS_MAX);
	vt_buf_init(&body, ATTRS_MAX);
	rc = vt_buf_printf(&text, "Content-Type: %s; name=\"", how->mime_type);
	for (c = how->name; *c != '\0' && rc == VT_OK; c++) {
		if (*c == '"' || *c == '\\')
			rc = vt_buf_putc(&text, '\\');
		if (rc == VT_OK)
			rc = vt_buf_putc(&text, *c);
	}
	if (rc == VT_OK && (rc = vt_buf_putc(&text, '"')) == VT_OK &&
	    (rc = vt_cms_put(&body, CMS_UTF8, vt_buf_bytes(&text))) == VT_OK &&
	    (rc = vt_cms_put(&body, CMS_OID, vt_cms_oid_data)) == VT_OK)
		rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&body));
	vt_buf_release(&text);
	vt_buf_release(&body);
	return rc;
}

/* Attributes being gathered. */
struct gather {
	struct vt_buf all, value;
	size_t ends[ITEMS_MAX], n;
};

/* The attribute OID with what is in G->value, which RC says was put there. */
static int
gather_attr(struct gather *g, int rc, struct vt_bytes oid)
{
	if (rc == VT_OK)
		rc = vt_cms_put_attr(&g->all, oid, vt_buf_bytes(&g->value));
	g->ends[g->n++] = g->all.len;
	vt_buf_reset(&g->value);
	return rc;
}

static int
gather(struct gather *g, const struct vt_signer *signer,
    const struct vt_cms_sign *how, const struct cms_over *over)
{
	int rc = VT_OK;

	/* 11.4: a counter-signature has no content-type. */
	if (!over->counter)
		rc = gather_attr(g, vt_cms_put(&g->value, CMS_OID, over->type),
		    vt_cms_oid_content_type);
	if (rc == VT_OK)
		rc = gather_attr(g,
		    vt_cms_put(&g->value, CMS_OCTETS, over->digest),
		    vt_cms_oid_message_digest);
	if (rc == VT_OK)
		rc = gather_attr(g, ess_put(&g->value, signer->cert),
		    vt_cms_oid_signing_cert_v2);
	if (rc == VT_OK && how->signing_time != VT_TIME_NONE)
		rc = gather_attr(g, time_put(&g->value, how->signing_time),
		    vt_cms_oid_signing_time);
	if (rc == VT_OK && how->mime_type != NULL && !over->counter)
		rc = gather_attr(g,
		    vt_cms_put(&g->value, CMS_UTF8,
			vt_bytes_str(how->mime_type)),
		    vt_cms_oid_mime_type);
	if (rc == VT_OK && how->mime_type != NULL && how->name != NULL &&
	    !over->counter)
		rc = gather_attr(g, hints_put(&g->value, how),
		    vt_cms_oid_content_hints);
	return rc;
}

/* The signed attributes, as the SET OF that is signed. */
static int
attrs_put(struct vt_buf *out, const struct vt_signer *signer,
    const struct vt_cms_sign *how, const struct cms_over *over)
{
	struct gather g = { .n = 0 };
	struct vt_bytes items[ITEMS_MAX];
	size_t i, at;
	int rc;

	vt_buf_init(&g.all, ATTRS_MAX);
	vt_buf_init(&g.value, ATTRS_MAX);
	if ((rc = gather(&g, signer, how, over)) == VT_OK) {
		for (i = 0; i < g.n; i++) {
			at = i == 0 ? 0 : g.ends[i - 1];
			items[i] = vt_bytes_slice(vt_buf_bytes(&g.all), at,
			    g.ends[i] - at);
		}
		rc = vt_cms_put_set(out, CMS_SET, items, g.n);
	}
	vt_buf_release(&g.all);
	vt_buf_release(&g.value);
	return rc;
}

/* ATTRS is the SET OF that was signed. */
static int
info_put(struct vt_buf *out, const struct vt_signer *signer,
    const struct cms_plan *plan, struct vt_bytes attrs, struct vt_bytes value)
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
	    (rc = vt_cms_put(&body, CMS_OCTETS, value)) == VT_OK)
		rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&body));
	vt_buf_release(&sid);
	vt_buf_release(&serial);
	vt_buf_release(&body);
	return rc;
}

/* Sign ATTRS; a value that does not verify is never given out. */
static int
value_make(const struct vt_signer *signer, const struct cms_plan *plan,
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

int
vt_cms_made(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the certificates to embed are too many");
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

int
vt_cms_make_info(const struct vt_signer *signer, const struct vt_cms_sign *how,
    const struct cms_plan *plan, const struct cms_over *over,
    struct vt_buf *out, struct vt_error *err)
{
	unsigned char value[VT_SIGNATURE_MAX] = { 0 };
	struct cms_over zero = *over;
	struct vt_buf attrs;
	size_t len = vt_signer_max(signer);
	int rc;

	vt_buf_init(&attrs, ATTRS_MAX);
	if (over->digest.data == NULL)
		zero.digest = VT_BYTES(value, vt_hash_len(plan->hash));
	if ((rc = vt_cms_made(attrs_put(&attrs, signer, how, &zero), err)) !=
		VT_OK ||
	    (over->digest.data != NULL &&
		(rc = value_make(signer, plan, vt_buf_bytes(&attrs), value,
		     &len, err)) != VT_OK))
		goto out;
	rc = vt_cms_made(info_put(out, signer, plan, vt_buf_bytes(&attrs),
			     VT_BYTES(value, len)),
	    err);
out:
	vt_buf_release(&attrs);
	return rc;
}
