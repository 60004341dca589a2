/* test_xsig_util.h - documents signed here, with the keys of the test PKI */
#ifndef VT_TEST_XSIG_UTIL_H
#define VT_TEST_XSIG_UTIL_H

#include "test_keys.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "xsig_int.h"

#define DOC_MAX (8u << 20)

/*
 * What stands in a template until it is signed: the 32 bytes of a digest, the
 * signature value, the certificate, and its SHA-256.
 */
#define HOLE_DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define HOLE_VALUE "AAAA"
#define HOLE_CERT "@CERT@"
#define HOLE_CERT_DIGEST "@CERTDIGEST@"

#define XMLDSIG "http://www.w3.org/2000/09/xmldsig#"
#define C14N_10 "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define C14N_11 "http://www.w3.org/2006/12/xml-c14n11"
#define C14N_EXC "http://www.w3.org/2001/10/xml-exc-c14n#"
#define ENVELOPED XMLDSIG "enveloped-signature"
#define RSA_SHA256 "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
#define SHA256_URI "http://www.w3.org/2001/04/xmlenc#sha256"
#define XADES "http://uri.etsi.org/01903/v1.3.2#"
#define PROPERTIES_TYPE "http://uri.etsi.org/01903#SignedProperties"

#define TRANSFORM(uri) "<ds:Transform Algorithm='" uri "'/>"
#define REFERENCE(attrs, transforms)                                           \
	"<ds:Reference " attrs "><ds:Transforms>" transforms                   \
	"</ds:Transforms><ds:DigestMethod Algorithm='" SHA256_URI "'/>"        \
	"<ds:DigestValue>" HOLE_DIGEST "</ds:DigestValue></ds:Reference>"
#define REFERENCE_PLAIN(attrs)                                                 \
	"<ds:Reference " attrs "><ds:DigestMethod Algorithm='" SHA256_URI      \
	"'/><ds:DigestValue>" HOLE_DIGEST "</ds:DigestValue></ds:Reference>"
#define SIGNED_INFO(c14n, alg, references)                                     \
	"<ds:SignedInfo><ds:CanonicalizationMethod Algorithm='" c14n "'/>"     \
	"<ds:SignatureMethod Algorithm='" alg "'/>" references                 \
	"</ds:SignedInfo>"
#define KEY_INFO                                                               \
	"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>" HOLE_CERT              \
	"</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
/* A whole signature; OBJECTS stand at its end. */
#define SIGNATURE(c14n, alg, references, objects)                              \
	"<ds:Signature xmlns:ds='" XMLDSIG "' Id='sig'>" SIGNED_INFO(c14n,     \
	    alg, references) "<ds:SignatureValue Id='value'>" HOLE_VALUE       \
			     "</ds:SignatureValue>" KEY_INFO objects           \
			     "</ds:Signature>"

#define CERT_V2                                                                \
	"<xa:SigningCertificateV2><xa:Cert><xa:CertDigest><ds:DigestMethod "   \
	"Algorithm='" SHA256_URI "'/><ds:DigestValue>" HOLE_CERT_DIGEST        \
	"</ds:DigestValue></xa:CertDigest></xa:Cert>"                          \
	"</xa:SigningCertificateV2>"
#define PROPERTIES(signed_props, unsigned_props)                               \
	"<ds:Object><xa:QualifyingProperties xmlns:xa='" XADES                 \
	"' Target='#sig'><xa:SignedProperties Id='props'>"                     \
	"<xa:SignedSignatureProperties>" signed_props                          \
	"</xa:SignedSignatureProperties></xa:SignedProperties>" unsigned_props \
	"</xa:QualifyingProperties></ds:Object>"
#define REFERENCE_PROPERTIES                                                   \
	REFERENCE("URI='#props' Type='" PROPERTIES_TYPE "'",                   \
	    TRANSFORM(C14N_EXC))
#define REFERENCE_WHOLE                                                        \
	REFERENCE("URI=''", TRANSFORM(ENVELOPED) TRANSFORM(C14N_EXC))

/* --- a key of the test PKI as a signer --- */

static inline int
test_key_signs(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	EVP_PKEY_CTX *op = EVP_PKEY_CTX_new(ctx, NULL);
	const EVP_MD *md = EVP_get_digestbyname(vt_hash_name(hash));
	bool ok = op != NULL && EVP_PKEY_sign_init(op) == 1;

	if (ok && alg == VT_SIGALG_PSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(op, RSA_PKCS1_PSS_PADDING) ==
			 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(op,
			 RSA_PSS_SALTLEN_DIGEST) == 1;
	*ret_len = VT_SIGNATURE_MAX;
	ok = ok && EVP_PKEY_CTX_set_signature_md(op, md) == 1 &&
	     EVP_PKEY_sign(op, out, ret_len, digest.data, digest.len) == 1;
	EVP_PKEY_CTX_free(op);
	return ok ? VT_OK
		  : (int)vt_error_set(err, VT_ECRYPTO, NULL,
			"the test key did not sign");
}

static inline void
test_key_free(void *ctx)
{
	EVP_PKEY_free(ctx);
}

static const struct vt_signer_ops test_key = { test_key_signs, test_key_free,
	true };

/* --- texts; each result is for free() --- */

static inline char *
base64_of(struct vt_bytes b)
{
	char *out = malloc(VT_BASE64_LEN(b.len) + 1);

	assert_non_null(out);
	vt_base64(b, out);
	return out;
}

static inline char *
text_dup(const char *s)
{
	char *copy = strdup(s);

	assert_non_null(copy);
	return copy;
}

/* TEXT with the place number N (from 0) of FROM replaced by TO; frees TEXT. */
static inline char *
text_replace_nth(char *text, const char *from, const char *to, unsigned n)
{
	char *at = text, *out;
	size_t head, size;

	while ((at = strstr(at, from)) != NULL && n-- > 0)
		at += strlen(from);
	if (at == NULL)
		print_error("no %s in\n%s\n", from, text);
	assert_non_null(at);
	head = (size_t)(at - text);
	size = strlen(text) - strlen(from) + strlen(to) + 1;
	out = malloc(size);
	assert_non_null(out);
	snprintf(out, size, "%.*s%s%s", (int)head, text, to, at + strlen(from));
	free(text);
	return out;
}

static inline char *
text_replace(char *text, const char *from, const char *to)
{
	return text_replace_nth(text, from, to, 0);
}

static inline char *
text_replace_all(char *text, const char *from, const char *to)
{
	while (strstr(text, from) != NULL)
		text = text_replace(text, from, to);
	return text;
}

/* --- reading and checking --- */

static inline struct vt_xsig *
xsig_of(const char *text)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	int rc;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	rc = vt_xsig_open(src, &xs, &err);
	if (rc != VT_OK)
		print_error("%s\n", text);
	assert_vt_ok(rc, &err);
	vt_source_free(src);
	return xs;
}

static inline void
facts_of(struct vt_xsig *xs, size_t i, const char *content,
    const struct vt_certs *extra, struct vt_xsig_facts *ret)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;

	if (content != NULL)
		assert_vt_ok(vt_source_bytes(vt_bytes_str(content), &src, &err),
		    &err);
	assert_vt_ok(vt_xsig_check(xs, i, src, extra, ret, &err), &err);
	assert_int_equal(err.code, VT_OK);
	vt_source_free(src);
	assert_true(ret->intact == (ret->reason == VT_XSIG_FINE));
	assert_true(ret->xades == (ret->xades_reason == VT_XSIG_FINE));
	assert_false(ret->xades && !ret->intact);
}

/* What the first signature of TEXT comes to, told where it is another. */
#define assert_reason(text, wanted)                                            \
	test_assert_reason((text), NULL, (wanted), __FILE__, __LINE__)
#define assert_reason_content(text, content, wanted)                           \
	test_assert_reason((text), (content), (wanted), __FILE__, __LINE__)

static inline void
test_assert_reason(const char *text, const char *content,
    enum vt_xsig_reason wanted, const char *file, int line)
{
	struct vt_xsig *xs = xsig_of(text);
	struct vt_xsig_facts f;

	facts_of(xs, 0, content, NULL, &f);
	if (f.reason != wanted) {
		print_error("%s, not %s, of\n%s\n",
		    vt_xsig_reason_name(f.reason), vt_xsig_reason_name(wanted),
		    text);
		vt_xsig_free(xs);
		_fail(file, line);
		return;
	}
	vt_xsig_free(xs);
}

/* --- signing --- */

static inline int
test_hash_sink(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_xsig_hash_put(ctx, piece, err);
}

static inline int
test_buf_sink(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	return vt_buf_bytes_put(ctx, piece);
}

/* The digest of reference K of signature I, in base64. */
static inline char *
digest_of(const char *text, size_t i, size_t k, const char *content)
{
	struct vt_error err = { 0 };
	struct vt_xsig *xs = xsig_of(text);
	struct xsig_sig *s = &xs->sigs[i];
	struct xsig_content c = { 0 };
	struct xsig_hash *hash = NULL;
	unsigned char md[EVP_MAX_MD_SIZE];
	enum vt_xsig_reason reason;

	if (content != NULL)
		assert_vt_ok(vt_source_bytes(vt_bytes_str(content), &c.src,
				 &err),
		    &err);
	assert_true(k < s->nrefs);
	assert_vt_ok(vt_xsig_hash_new(s->refs[k].md, &hash, &err), &err);
	assert_vt_ok(vt_xsig_ref_stream(xs, s, &s->refs[k], &c, test_hash_sink,
			 hash, &reason, &err),
	    &err);
	assert_vt_ok(vt_xsig_hash_end(hash, md, &err), &err);
	vt_xsig_hash_free(hash);
	vt_source_free(c.src);
	vt_xsig_content_release(&c);
	vt_xsig_free(xs);
	return base64_of(VT_BYTES(md, 32));
}

/* XMLDSig 1.1, 6.4.3, from OpenSSL's DER. */
static inline void
ecdsa_raw(EVP_PKEY *key, struct vt_buf *value)
{
	const unsigned char *p = value->data;
	int half = (EVP_PKEY_get_bits(key) + 7) / 8;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)value->len);
	unsigned char raw[256];

	assert_non_null(sig);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, half), half);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, half),
	    half);
	ECDSA_SIG_free(sig);
	vt_buf_reset(value);
	assert_int_equal(vt_buf_put(value, raw, 2 * (size_t)half), VT_OK);
}

static inline void
value_make(EVP_PKEY *key, struct xsig_alg alg, struct vt_bytes message,
    struct vt_buf *ret)
{
	char md[16];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	size_t len = 0;

	snprintf(md, sizeof(md), "%s",
	    alg.md < XSIG_NMD ? vt_xsig_md_name(alg.md) : "");
	assert_int_equal(EVP_DigestSignInit_ex(ctx, &pctx,
			     md[0] != '\0' ? md : NULL, NULL, NULL, key, NULL),
	    1);
	if (alg.family == XSIG_PSS) {
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(pctx,
				     RSA_PKCS1_PSS_PADDING),
		    1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
				     RSA_PSS_SALTLEN_DIGEST),
		    1);
	}
	assert_int_equal(EVP_DigestSign(ctx, NULL, &len, message.data,
			     message.len),
	    1);
	assert_int_equal(vt_buf_reserve(ret, len), VT_OK);
	assert_int_equal(EVP_DigestSign(ctx, ret->data, &len, message.data,
			     message.len),
	    1);
	ret->len = len;
	EVP_MD_CTX_free(ctx);
	if (alg.family == XSIG_ECDSA)
		ecdsa_raw(key, ret);
}

/* The signature value of signature I in TEXT, in base64. */
static inline char *
value_of(const char *text, size_t i, EVP_PKEY *key)
{
	struct vt_error err = { 0 };
	struct vt_xsig *xs = xsig_of(text);
	struct xsig_sig *s = &xs->sigs[i];
	struct vt_buf message, value;
	char *out;

	if (s->signed_info == NULL) {
		vt_xsig_free(xs);
		return text_dup(HOLE_VALUE); /* any would do */
	}
	vt_buf_init(&message, DOC_MAX);
	vt_buf_init(&value, 4096);
	assert_vt_ok(vt_xsig_canonical(xs, s->signed_info, &s->c14n,
			 test_buf_sink, &message, &err),
	    &err);
	if (s->alg.family == XSIG_FAMILY_NONE)
		s->alg = (struct xsig_alg){ XSIG_RSA, XSIG_SHA256 };
	value_make(key, s->alg, vt_buf_bytes(&message), &value);
	out = base64_of(vt_buf_bytes(&value));
	vt_buf_release(&message);
	vt_buf_release(&value);
	vt_xsig_free(xs);
	return out;
}

static inline bool
is_hole(const struct xsig_ref *r)
{
	static const unsigned char zero[32];

	return memcmp(r->value, zero, sizeof(zero)) == 0;
}

/*
 * Fill the holes of signature WHICH in TEXT, in the order of its references, by
 * the key and certificate given; those of the signatures before it are filled.
 * CONTENT is what lies outside.  Frees TEXT; the result is for free().
 */
static inline char *
sign_fill(char *text, size_t which, EVP_PKEY *key, struct vt_cert *cert,
    const char *content)
{
	unsigned char md[VT_SHA256_LEN];
	struct xsig_sig *s;
	struct vt_xsig *xs;
	unsigned holes;
	size_t i, k;
	char *b;

	assert_int_equal(vt_sha256(vt_cert_der(cert), md, NULL), VT_OK);
	b = base64_of(VT_BYTES(md, sizeof(md)));
	text = text_replace_all(text, HOLE_CERT_DIGEST, b);
	free(b);
	b = base64_of(vt_cert_der(cert));
	text = text_replace_all(text, HOLE_CERT, b);
	free(b);
	xs = xsig_of(text);
	assert_true(which < xs->nsigs);
	s = &xs->sigs[which];
	/* Those of a manifest come behind, and are digested in it. */
	for (k = s->nrefs; k-- > 0;) {
		for (i = holes = 0; i <= k; i++)
			holes += is_hole(&s->refs[i]);
		if (!is_hole(&s->refs[k]) || s->refs[k].form != VT_XSIG_FINE)
			continue; /* it is what the template says */
		b = digest_of(text, which, k, content);
		text = text_replace_nth(text, HOLE_DIGEST, b, holes - 1);
		free(b);
	}
	vt_xsig_free(xs);
	b = value_of(text, which, key);
	text = text_replace(text, ">" HOLE_VALUE "<", ">@@<");
	text = text_replace(text, "@@", b);
	free(b);
	return text;
}

static inline char *
sign_with(const char *template, EVP_PKEY *key, struct vt_cert *cert,
    const char *content)
{
	return sign_fill(text_dup(template), 0, key, cert, content);
}

static inline char *
sign_as(const char *template, const char *name, const char *content)
{
	EVP_PKEY *key = pki_key(name);
	struct vt_cert *cert = pki_cert(name);
	char *text = sign_with(template, key, cert, content);

	vt_cert_free(cert);
	EVP_PKEY_free(key);
	return text;
}

/* By the officer's RSA key, without content. */
static inline char *
sign(const char *template)
{
	return sign_as(template, "officer", NULL);
}

/* --- what a change makes of it --- */

/* SHA-256 of "foo". */
#define FOO "LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564="

static inline void
assert_open_refused(const char *text, enum vt_code code)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	assert_vt_error(vt_xsig_open(src, &xs, &err), &err, code);
	assert_null(xs);
	vt_source_free(src);
}

/* Sign TEMPLATE, put TO in the place of FROM, and look. */
static inline void
assert_changed(const char *template, const char *from, const char *to,
    enum vt_xsig_reason wanted)
{
	char *text = text_replace(sign(template), from, to);

	assert_reason(text, wanted);
	free(text);
}

/* Put TO in the place of FROM, sign that, and look. */
static inline void
assert_made(const char *template, const char *from, const char *to,
    enum vt_xsig_reason wanted)
{
	char *made = text_replace(text_dup(template), from, to);
	char *text = sign(made);

	assert_reason(text, wanted);
	free(text);
	free(made);
}

static inline void
assert_signed(const char *template, enum vt_xsig_reason wanted)
{
	char *text = sign(template);

	assert_reason(text, wanted);
	free(text);
}

#endif
