/* xsig_sign.c - making an enveloped signature (XMLDSig; EN 319 132-1, B-B) */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/ec.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/time.h"
#include "xsig_int.h"

#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define MORE_2007 "http://www.w3.org/2007/05/xmldsig-more#"
#define ENC "http://www.w3.org/2001/04/xmlenc#"
#define C14N_10 "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

#define BASE64_MAX (VT_BASE64_LEN(VT_HASH_MAX) + 1)

/* Around a signature that stands in another one. */
#define OBJECT_OPEN "<ds:Object xmlns:ds=\"" XSIG_NS "\">"
#define OBJECT_CLOSE "</ds:Object>"

static const struct {
	const char *digest, *rsa, *pss, *ecdsa;
	enum xsig_md md;
} uris[] = {
	[VT_HASH_SHA256] = { ENC "sha256", MORE "rsa-sha256",
	    MORE_2007 "sha256-rsa-MGF1", MORE "ecdsa-sha256", XSIG_SHA256 },
	[VT_HASH_SHA384] = { MORE "sha384", MORE "rsa-sha384",
	    MORE_2007 "sha384-rsa-MGF1", MORE "ecdsa-sha384", XSIG_SHA384 },
	[VT_HASH_SHA512] = { ENC "sha512", MORE "rsa-sha512",
	    MORE_2007 "sha512-rsa-MGF1", MORE "ecdsa-sha512", XSIG_SHA512 },
};

/* One signature being made. */
struct making {
	const struct vt_signer *signer;
	const struct vt_xsig_sign *how;
	enum vt_sigalg alg;
	enum vt_hash hash;
	char id[2 * 16 + 4]; /* "sig-" and 128 bits */
	/* In base64; empty until they are known. */
	char document[BASE64_MAX], properties[BASE64_MAX];
	struct vt_buf value;
	struct vt_buf text; /* the whole element */
};

/* --- the text of ds:Signature --- */

static const char *
method_uri(const struct making *m)
{
	switch (m->alg) {
	case VT_SIGALG_RSA:
		return uris[m->hash].rsa;
	case VT_SIGALG_PSS:
		return uris[m->hash].pss;
	case VT_SIGALG_ECDSA:
		break;
	}
	return uris[m->hash].ecdsa;
}

static int
signed_info_put(struct making *m, struct vt_buf *out)
{
	const char *digest = uris[m->hash].digest;

	return vt_buf_printf(out,
	    "<ds:SignedInfo>"
	    "<ds:CanonicalizationMethod Algorithm=\"" XSIG_C14N_EXC "\"/>"
	    "<ds:SignatureMethod Algorithm=\"%s\"/>"
	    "<ds:Reference Id=\"%s-doc\" URI=\"\"><ds:Transforms>"
	    "<ds:Transform Algorithm=\"" XSIG_NS "enveloped-signature\"/>"
	    "<ds:Transform Algorithm=\"" C14N_10 "\"/></ds:Transforms>"
	    "<ds:DigestMethod Algorithm=\"%s\"/>"
	    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference>"
	    "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\""
	    " URI=\"#%s-props\"><ds:Transforms>"
	    "<ds:Transform Algorithm=\"" XSIG_C14N_EXC "\"/></ds:Transforms>"
	    "<ds:DigestMethod Algorithm=\"%s\"/>"
	    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference>"
	    "</ds:SignedInfo>",
	    method_uri(m), m->id, digest, m->document, m->id, digest,
	    m->properties);
}

static int
certificate_put(struct vt_buf *out, struct vt_bytes der)
{
	int rc;

	if ((rc = vt_buf_puts(out, "<ds:X509Certificate>")) != VT_OK ||
	    (rc = vt_xsig_base64_put(out, der)) != VT_OK)
		return rc;
	return vt_buf_puts(out, "</ds:X509Certificate>");
}

/* The signer's, those it brings along, and what else was given; each once. */
static int
key_info_put(const struct making *m, struct vt_buf *out)
{
	const struct vt_signer *s = m->signer;
	size_t i, k;
	int rc;

	if ((rc = vt_buf_puts(out, "<ds:KeyInfo><ds:X509Data>")) != VT_OK ||
	    (rc = certificate_put(out, vt_cert_der(s->cert))) != VT_OK)
		return rc;
	for (i = 0; i < s->chain.n; i++)
		if ((rc = certificate_put(out,
			 vt_cert_der(s->chain.items[i]))) != VT_OK)
			return rc;
	for (i = 0; i < m->how->nchain; i++) {
		for (k = 0; k < s->chain.n; k++)
			if (vt_bytes_equal(m->how->chain[i],
				vt_cert_der(s->chain.items[k])))
				break;
		if (k == s->chain.n &&
		    (rc = certificate_put(out, m->how->chain[i])) != VT_OK)
			return rc;
	}
	return vt_buf_puts(out, "</ds:X509Data></ds:KeyInfo>");
}

/* EN 319 132-1, 6.3: the time, the certificate by its digest, the format. */
static int
properties_put(const struct making *m, struct vt_buf *out)
{
	char time[VT_TIME_TEXT], digest[BASE64_MAX];

	vt_base64(VT_BYTES(vt_cert_sha256(m->signer->cert), VT_SHA256_LEN),
	    digest);
	return vt_buf_printf(out,
	    "<ds:Object><xades:QualifyingProperties "
	    "xmlns:xades=\"" XSIG_XADES_NS
	    "\" Target=\"#%s\"><xades:SignedProperties Id=\"%s-props\">"
	    "<xades:SignedSignatureProperties>"
	    "<xades:SigningTime>%s</xades:SigningTime>"
	    "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
	    "<ds:DigestMethod Algorithm=\"" ENC "sha256\"/>"
	    "<ds:DigestValue>%s</ds:DigestValue></xades:CertDigest>"
	    "</xades:Cert></xades:SigningCertificateV2>"
	    "</xades:SignedSignatureProperties>"
	    "<xades:SignedDataObjectProperties>"
	    "<xades:DataObjectFormat ObjectReference=\"#%s-doc\">"
	    "<xades:MimeType>application/xml</xades:MimeType>"
	    "</xades:DataObjectFormat></xades:SignedDataObjectProperties>"
	    "</xades:SignedProperties></xades:QualifyingProperties>"
	    "</ds:Object>",
	    m->id, m->id, vt_time_utc(m->how->signing_time, time), digest,
	    m->id);
}

/* M->text anew, with what is known by now. */
static int
text_make(struct making *m, struct vt_error *err)
{
	struct vt_buf *out = &m->text;
	int rc;

	vt_buf_reset(out);
	if ((rc = vt_buf_printf(out,
		 "<ds:Signature xmlns:ds=\"" XSIG_NS "\" Id=\"%s\">", m->id)) ==
		VT_OK &&
	    (rc = signed_info_put(m, out)) == VT_OK &&
	    (rc = vt_buf_printf(out, "<ds:SignatureValue Id=\"%s-value\">",
		 m->id)) == VT_OK &&
	    (rc = vt_xsig_base64_put(out, vt_buf_bytes(&m->value))) == VT_OK &&
	    (rc = vt_buf_puts(out, "</ds:SignatureValue>")) == VT_OK &&
	    (rc = key_info_put(m, out)) == VT_OK &&
	    (rc = properties_put(m, out)) == VT_OK)
		rc = vt_buf_puts(out, "</ds:Signature>");
	return vt_xsig_buf_error(rc, err);
}

/* --- digests and the value --- */

static int
tree_of(const struct vt_buf *text, struct vt_xml_tree **ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_bytes(vt_buf_bytes(text), &src, err)) != VT_OK)
		return rc;
	rc = vt_xml_tree_read(src, ret, err);
	vt_source_free(src);
	return rc;
}

/* The digest of a part of TREE in canonical form; OUT: EVP_MAX_MD_SIZE. */
static int
node_digest(const struct making *m, const struct vt_xml_tree *tree,
    const struct vt_xml_node *node, enum vt_xml_method method,
    unsigned char *out, struct vt_error *err)
{
	const struct vt_xml_c14n c14n = { .method = method };
	struct xsig_hash *hash = NULL;
	int rc;

	if ((rc = vt_xsig_hash_new(uris[m->hash].md, &hash, err)) == VT_OK &&
	    (rc = vt_xml_canonical(tree, node, &c14n, vt_xsig_hash_put, hash,
		 err)) == VT_OK)
		rc = vt_xsig_hash_end(hash, out, err);
	vt_xsig_hash_free(hash);
	return rc;
}

static int
document_digest(struct making *m, const struct vt_buf *frame,
    struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_xml_tree *tree = NULL;
	int rc;

	if ((rc = tree_of(frame, &tree, err)) == VT_OK &&
	    (rc = node_digest(m, tree, vt_xml_tree_document(tree), VT_XML_C14N,
		 md, err)) == VT_OK)
		vt_base64(VT_BYTES(md, vt_hash_len(m->hash)), m->document);
	vt_xml_tree_free(tree);
	return rc;
}

/* The first element of this name in TREE; it is in a text of ours. */
static const struct vt_xml_node *
node_find(const struct vt_xml_tree *tree, const char *ns, const char *local)
{
	const struct vt_xml_node *n = vt_xml_tree_root(tree);

	while (!vt_xml_node_is(n, ns, local))
		n = vt_xml_node_after(n, NULL);
	return n;
}

/*
 * The digest of a part of M->text by itself.  In exclusive canonical form it is
 * the same wherever that stands, for it declares what it uses.
 */
static int
own_digest(struct making *m, const char *ns, const char *local,
    unsigned char *md, struct vt_error *err)
{
	struct vt_xml_tree *tree = NULL;
	int rc;

	if ((rc = text_make(m, err)) != VT_OK ||
	    (rc = tree_of(&m->text, &tree, err)) != VT_OK)
		return rc;
	rc = node_digest(m, tree, node_find(tree, ns, local), VT_XML_C14N_EXC,
	    md, err);
	vt_xml_tree_free(tree);
	return rc;
}

/* XMLDSig 1.1, 6.4.3: r and s side by side, each as long as the order. */
static bool
raw_put(const struct vt_cert *cert, struct vt_bytes der, struct vt_buf *out)
{
	int half = (vt_cert_key_bits(cert) + 7) / 8;
	const unsigned char *p = der.data;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	bool ok;

	ok =
	    sig != NULL && half > 0 &&
	    vt_buf_reserve(out, 2 * (size_t)half) == VT_OK &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out->data, half) == half &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out->data + half, half) == half;
	if (ok)
		out->len = 2 * (size_t)half;
	ECDSA_SIG_free(sig);
	return ok;
}

static int
value_make(struct making *m, struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE], value[VT_SIGNATURE_MAX];
	struct vt_bytes der;
	size_t len = 0;
	int rc;

	if ((rc = own_digest(m, XSIG_NS, "SignedInfo", md, err)) != VT_OK ||
	    (rc = vt_signer_sign(m->signer, m->alg, m->hash,
		 VT_BYTES(md, vt_hash_len(m->hash)), value, &len, err)) !=
		VT_OK)
		return rc;
	der = VT_BYTES(value, len);
	if (m->alg != VT_SIGALG_ECDSA)
		return vt_xsig_buf_error(vt_buf_bytes_put(&m->value, der), err);
	if (!raw_put(m->signer->cert, der, &m->value))
		return vt_error_set(err, VT_EKEY, "XMLDSig 1.1, 6.4.3",
		    "what the key signed cannot be read");
	return VT_OK;
}

static int
signature_make(struct making *m, const struct vt_buf *frame,
    struct vt_error *err)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	int rc;

	if ((rc = document_digest(m, frame, err)) != VT_OK ||
	    (rc = own_digest(m, XSIG_XADES_NS, "SignedProperties", md, err)) !=
		VT_OK)
		return rc;
	vt_base64(VT_BYTES(md, vt_hash_len(m->hash)), m->properties);
	if ((rc = value_make(m, err)) != VT_OK)
		return rc;
	return text_make(m, err);
}

/* --- where it goes --- */

/* In the last signature, which it covers then; else in the root element. */
static int
frame_make(struct vt_source *src, const struct vt_xsig *xs,
    struct xsig_frame *f, struct vt_error *err)
{
	if (xs->nsigs == 0)
		return vt_xsig_frame(src, xs, vt_xml_tree_root(xs->tree), "",
		    "", f, err);
	return vt_xsig_frame(src, xs, xs->sigs[xs->nsigs - 1].node, OBJECT_OPEN,
	    OBJECT_CLOSE, f, err);
}

/* --- what is there, before and afterwards --- */

/* Which of the signatures of XS hold, but OWN; one that does not is refused. */
static int
others_check(struct vt_xsig *xs, const char *own, bool *held,
    struct vt_error *err)
{
	struct vt_xsig_facts f;
	size_t i, n = 0;
	int rc;

	for (i = 0; i < xs->nsigs; i++) {
		if (own != NULL && xs->sigs[i].id != NULL &&
		    strcmp(xs->sigs[i].id, own) == 0)
			continue;
		if ((rc = vt_xsig_check(xs, i, NULL, NULL, &f, err)) != VT_OK)
			return rc;
		if (own == NULL)
			held[n] = f.intact;
		if (f.intact == held[n++] &&
		    (f.intact || vt_xsig_reason_open(f.reason)))
			continue;
		if (own == NULL)
			return vt_error_set(err, VT_EREFUSED, NULL,
			    "a signature in it does not hold: %s",
			    vt_xsig_reason_text(f.reason));
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "a further signature would break one in it: %s",
		    vt_xsig_reason_text(f.reason));
	}
	return VT_OK;
}

static int
own_check(struct vt_xsig *xs, const char *id, struct vt_error *err)
{
	struct vt_xsig_facts f = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < xs->nsigs; i++)
		if (xs->sigs[i].id != NULL && strcmp(xs->sigs[i].id, id) == 0)
			break;
	if (i < xs->nsigs &&
	    (rc = vt_xsig_check(xs, i, NULL, NULL, &f, err)) != VT_OK)
		return rc;
	if (f.xades && f.covers == VT_XSIG_COVERS_WHOLE && f.uncovered == NULL)
		return VT_OK;
	if (f.reason == VT_XSIG_SIGNATURE_WRONG)
		return vt_error_set(err, VT_EKEY, NULL,
		    "what the key signed does not verify with the certificate");
	return vt_error_set(err, VT_EUNSUPPORTED, NULL,
	    "a signature in this document would not cover all of it");
}

static int
result_check(const struct vt_buf *result, const char *id, bool *held,
    struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	int rc;

	if ((rc = vt_source_bytes(vt_buf_bytes(result), &src, err)) == VT_OK &&
	    (rc = vt_xsig_open(src, &xs, err)) == VT_OK &&
	    (rc = own_check(xs, id, err)) == VT_OK)
		rc = others_check(xs, id, held, err);
	vt_xsig_free(xs);
	vt_source_free(src);
	return rc;
}

/* --- all of it --- */

static int
making_begin(struct making *m, struct vt_error *err)
{
	unsigned char random[16];
	char hex[2 * sizeof(random) + 1];
	int rc;

	if ((rc = vt_sigalg_of(m->signer->cert, m->how->pss, &m->alg, err)) !=
		VT_OK ||
	    (rc = vt_sigalg_hash(m->signer->cert, &m->hash, err)) != VT_OK)
		return rc;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return vt_error_io(err, "there is no randomness");
	snprintf(m->id, sizeof(m->id), "sig-%.*s", (int)(sizeof(m->id) - 5),
	    vt_hex(VT_BYTES(random, sizeof(random)), hex));
	return VT_OK;
}

int
vt_xsig_sign(struct vt_source *src, const struct vt_signer *signer,
    const struct vt_xsig_sign *how, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	bool held[VT_XSIG_SIGNATURES_MAX] = { false };
	struct making m = { .signer = signer, .how = how };
	struct vt_xsig *xs = NULL;
	struct vt_buf result;
	struct xsig_frame f;
	int rc;

	vt_buf_init(&m.value, VT_XSIG_SIGNATURE_VALUE_MAX);
	vt_buf_init(&m.text, XSIG_SIGNATURE_MAX);
	vt_buf_init(&f.text, XSIG_FRAME_MAX);
	vt_buf_init(&result, VT_XML_TREE_MAX);
	if ((rc = making_begin(&m, err)) == VT_OK &&
	    (rc = vt_xsig_open(src, &xs, err)) == VT_OK &&
	    (rc = others_check(xs, NULL, held, err)) == VT_OK &&
	    (rc = frame_make(src, xs, &f, err)) == VT_OK &&
	    (rc = signature_make(&m, &f.text, err)) == VT_OK &&
	    (rc = vt_xsig_splice(&f, &m.text, &result, err)) == VT_OK &&
	    (rc = result_check(&result, m.id, held, err)) == VT_OK)
		rc = vt_xsig_hand_out(&result, fn, ctx, err);
	vt_xsig_free(xs);
	vt_buf_release(&m.value);
	vt_buf_release(&m.text);
	vt_buf_release(&f.text);
	vt_buf_release(&result);
	return rc;
}
