/* cms_alg.c - digest and signature algorithms, and what OpenSSL does by them */
#include <string.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "cms_int.h"
#include "vanthu/error.h"

#define OID(...)                                                               \
	{                                                                      \
		(const unsigned char[]){ __VA_ARGS__ },                        \
		    sizeof((const unsigned char[]){ __VA_ARGS__ })             \
	}
#define PKCS1(n) OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, n)
#define NIST_HASH(n) OID(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, n)
#define NIST_SIG(n) OID(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, n)
#define X962(...) OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, __VA_ARGS__)

/* RFC 3370, 2; RFC 5754, 2; RFC 8702, 3.1 */
static const struct cms_md mds[CMS_NMD] = {
	[CMS_MD5] = { "md5", "MD5",
	    OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05), 16, true },
	[CMS_SHA1] = { "sha1", "SHA1", OID(0x2b, 0x0e, 0x03, 0x02, 0x1a), 20,
	    true },
	[CMS_SHA224] = { "sha224", "SHA224", NIST_HASH(4), 28, false },
	[CMS_SHA256] = { "sha256", "SHA256", NIST_HASH(1), 32, false },
	[CMS_SHA384] = { "sha384", "SHA384", NIST_HASH(2), 48, false },
	[CMS_SHA512] = { "sha512", "SHA512", NIST_HASH(3), 64, false },
	[CMS_SHA3_224] = { "sha3-224", "SHA3-224", NIST_HASH(7), 28, false },
	[CMS_SHA3_256] = { "sha3-256", "SHA3-256", NIST_HASH(8), 32, false },
	[CMS_SHA3_384] = { "sha3-384", "SHA3-384", NIST_HASH(9), 48, false },
	[CMS_SHA3_512] = { "sha3-512", "SHA3-512", NIST_HASH(10), 64, false },
};

/* RFC 3370, 3; RFC 5754, 3; RFC 4056; RFC 8702, 3.2 */
static const struct {
	struct vt_bytes oid;
	enum cms_family family;
	enum cms_md_id md;
} sigalgs[] = {
	{ PKCS1(1), CMS_RSA, CMS_MD_ANY },
	{ PKCS1(4), CMS_RSA, CMS_MD5 },
	{ PKCS1(5), CMS_RSA, CMS_SHA1 },
	{ PKCS1(14), CMS_RSA, CMS_SHA224 },
	{ PKCS1(11), CMS_RSA, CMS_SHA256 },
	{ PKCS1(12), CMS_RSA, CMS_SHA384 },
	{ PKCS1(13), CMS_RSA, CMS_SHA512 },
	{ NIST_SIG(13), CMS_RSA, CMS_SHA3_224 },
	{ NIST_SIG(14), CMS_RSA, CMS_SHA3_256 },
	{ NIST_SIG(15), CMS_RSA, CMS_SHA3_384 },
	{ NIST_SIG(16), CMS_RSA, CMS_SHA3_512 },
	{ PKCS1(10), CMS_PSS, CMS_MD_UNKNOWN },
	{ X962(1), CMS_ECDSA, CMS_SHA1 },
	{ X962(3, 1), CMS_ECDSA, CMS_SHA224 },
	{ X962(3, 2), CMS_ECDSA, CMS_SHA256 },
	{ X962(3, 3), CMS_ECDSA, CMS_SHA384 },
	{ X962(3, 4), CMS_ECDSA, CMS_SHA512 },
	{ NIST_SIG(9), CMS_ECDSA, CMS_SHA3_224 },
	{ NIST_SIG(10), CMS_ECDSA, CMS_SHA3_256 },
	{ NIST_SIG(11), CMS_ECDSA, CMS_SHA3_384 },
	{ NIST_SIG(12), CMS_ECDSA, CMS_SHA3_512 },
};

static const struct vt_bytes oid_mgf1 = PKCS1(8);

const struct cms_md *
vt_cms_md(enum cms_md_id id)
{
	return id < CMS_NMD ? &mds[id] : NULL;
}

enum cms_md_id
vt_cms_md_named(const char *name)
{
	int i;

	for (i = 0; i < CMS_NMD; i++)
		if (strcmp(vt_cms_md((enum cms_md_id)i)->name, name) == 0)
			return (enum cms_md_id)i;
	return CMS_MD_UNKNOWN;
}

enum cms_md_id
vt_cms_md_of(struct vt_bytes oid)
{
	size_t i;

	for (i = 0; i < CMS_NMD; i++)
		if (vt_bytes_equal(oid, mds[i].oid))
			return (enum cms_md_id)i;
	return CMS_MD_UNKNOWN;
}

bool
vt_cms_alg_read(struct vt_bytes *in, enum cms_rules rules, struct cms_alg *ret)
{
	struct cms_tlv seq, t;
	struct vt_bytes rest = *in;

	if (!vt_cms_tlv_of(&rest, rules, CMS_SEQUENCE, &seq))
		return false;
	ret->whole = seq.whole;
	if (!vt_cms_tlv_of(&seq.value, rules, CMS_OID, &t) || t.value.len == 0)
		return false;
	ret->oid = t.value;
	ret->params = seq.value;
	if (seq.value.len > 0 &&
	    (!vt_cms_tlv(&seq.value, rules, &t) || seq.value.len > 0))
		return false;
	*in = rest;
	return true;
}

bool
vt_cms_alg_plain(const struct cms_alg *alg)
{
	static const unsigned char null[] = { CMS_NULL, 0 };

	return alg->params.len == 0 ||
	       vt_bytes_equal(alg->params, VT_BYTES(null, sizeof(null)));
}

/* The digest that an AlgorithmIdentifier [n] EXPLICIT in IN names. */
static bool
explicit_alg(struct vt_bytes *in, unsigned char id, struct cms_alg *ret)
{
	struct cms_tlv t;

	return vt_cms_tlv_of(in, CMS_DER, id, &t) &&
	       vt_cms_alg_read(&t.value, CMS_DER, ret) && t.value.len == 0;
}

/*
 * RSASSA-PSS-params (RFC 4055, 3.1).  Of what it could say we take only: MGF1
 * with the same digest, a salt as long as the digest, trailer field 1.  Another
 * salt or digest of MGF1 is odd.
 */
static enum vt_cms_reason
pss_read(struct vt_bytes params, struct cms_sigalg *ret)
{
	struct cms_tlv seq, t;
	struct cms_alg hash, mgf, inner;
	enum cms_md_id md = CMS_SHA1, mgf_md = CMS_SHA1;
	uint32_t salt = 20, trailer = 1;

	if (!vt_cms_tlv_of(&params, CMS_DER, CMS_SEQUENCE, &seq))
		return VT_CMS_BAD_PARAMETERS;
	if (vt_cms_tlv_is(seq.value, CMS_CTX0)) {
		if (!explicit_alg(&seq.value, CMS_CTX0, &hash) ||
		    !vt_cms_alg_plain(&hash))
			return VT_CMS_BAD_PARAMETERS;
		md = vt_cms_md_of(hash.oid);
	}
	if (vt_cms_tlv_is(seq.value, CMS_CTX1)) {
		if (!explicit_alg(&seq.value, CMS_CTX1, &mgf))
			return VT_CMS_BAD_PARAMETERS;
		if (!vt_bytes_equal(mgf.oid, oid_mgf1))
			return VT_CMS_UNSUPPORTED;
		if (!vt_cms_alg_read(&mgf.params, CMS_DER, &inner) ||
		    mgf.params.len > 0 || !vt_cms_alg_plain(&inner))
			return VT_CMS_BAD_PARAMETERS;
		mgf_md = vt_cms_md_of(inner.oid);
	}
	if (vt_cms_tlv_of(&seq.value, CMS_DER, CMS_CTX2, &t) &&
	    (!vt_cms_der_small(&t.value, CMS_DER, &salt) || t.value.len > 0))
		return VT_CMS_BAD_PARAMETERS;
	if (vt_cms_tlv_of(&seq.value, CMS_DER, CMS_CTX3, &t) &&
	    (!vt_cms_der_small(&t.value, CMS_DER, &trailer) || t.value.len > 0))
		return VT_CMS_BAD_PARAMETERS;
	if (seq.value.len > 0 || trailer != 1)
		return VT_CMS_BAD_PARAMETERS;
	if (md >= CMS_NMD || mgf_md >= CMS_NMD)
		return VT_CMS_UNSUPPORTED;
	if (salt > VT_CMS_SALT_MAX)
		return VT_CMS_BAD_PARAMETERS;
	ret->md = md;
	ret->mgf = mgf_md;
	ret->salt = salt;
	ret->odd = mgf_md != md || salt != mds[md].len;
	return VT_CMS_FINE;
}

enum vt_cms_reason
vt_cms_sigalg_read(const struct cms_alg *alg, struct cms_sigalg *ret)
{
	size_t i;

	*ret = (struct cms_sigalg){ .md = CMS_MD_UNKNOWN };
	for (i = 0; i < sizeof(sigalgs) / sizeof(sigalgs[0]); i++)
		if (vt_bytes_equal(alg->oid, sigalgs[i].oid)) {
			ret->family = sigalgs[i].family;
			ret->md = sigalgs[i].md;
			break;
		}
	if (ret->family == CMS_FAMILY_NONE)
		return VT_CMS_UNSUPPORTED;
	if (ret->family == CMS_PSS)
		return pss_read(alg->params, ret);
	return vt_cms_alg_plain(alg) ? VT_CMS_FINE : VT_CMS_BAD_PARAMETERS;
}

int
vt_cms_md_put(struct vt_buf *out, enum cms_md_id md)
{
	struct vt_bytes oid = mds[md].oid;
	int rc;

	/* RFC 5754, 2: the parameters should be absent. */
	rc = vt_cms_put_header(out, CMS_SEQUENCE,
	    vt_cms_header_len(oid.len) + oid.len);
	if (rc != VT_OK)
		return rc;
	return vt_cms_put(out, CMS_OID, oid);
}

static int
pss_put(struct vt_buf *out, enum cms_md_id md)
{
	struct vt_buf alg, params, tmp;
	const unsigned char salt = (unsigned char)mds[md].len;
	int rc;

	vt_buf_init(&alg, 128);
	vt_buf_init(&params, 256);
	vt_buf_init(&tmp, 128);
	if ((rc = vt_cms_md_put(&alg, md)) != VT_OK ||
	    (rc = vt_cms_put(&params, CMS_CTX0, vt_buf_bytes(&alg))) != VT_OK ||
	    (rc = vt_cms_put(&tmp, CMS_OID, oid_mgf1)) != VT_OK ||
	    (rc = vt_buf_bytes_put(&tmp, vt_buf_bytes(&alg))) != VT_OK)
		goto out;
	vt_buf_reset(&alg);
	if ((rc = vt_cms_put(&alg, CMS_SEQUENCE, vt_buf_bytes(&tmp))) !=
		VT_OK ||
	    (rc = vt_cms_put(&params, CMS_CTX1, vt_buf_bytes(&alg))) != VT_OK)
		goto out;
	vt_buf_reset(&tmp);
	if ((rc = vt_cms_put(&tmp, CMS_INTEGER, VT_BYTES(&salt, 1))) != VT_OK ||
	    (rc = vt_cms_put(&params, CMS_CTX2, vt_buf_bytes(&tmp))) != VT_OK)
		goto out;
	rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&params));
out:
	vt_buf_release(&alg);
	vt_buf_release(&params);
	vt_buf_release(&tmp);
	return rc;
}

int
vt_cms_sigalg_put(struct vt_buf *out, const struct cms_sigalg *alg)
{
	static const unsigned char null[] = { CMS_NULL, 0 };
	struct vt_buf body;
	enum cms_md_id md;
	size_t i;
	int rc;

	/*
	 * For RSA it is rsaEncryption, which RFC 3370, 3.2, has everybody
	 * understand; digestAlgorithm then names the digest.
	 */
	md = alg->family == CMS_RSA   ? CMS_MD_ANY
	     : alg->family == CMS_PSS ? CMS_MD_UNKNOWN
				      : alg->md;
	for (i = 0; sigalgs[i].family != alg->family || sigalgs[i].md != md;
	     i++)
		;
	vt_buf_init(&body, 256);
	rc = vt_cms_put(&body, CMS_OID, sigalgs[i].oid);
	if (rc == VT_OK && alg->family == CMS_RSA)
		rc = vt_buf_put(&body, null, sizeof(null));
	if (rc == VT_OK && alg->family == CMS_PSS)
		rc = pss_put(&body, alg->md);
	if (rc == VT_OK)
		rc = vt_cms_put(out, CMS_SEQUENCE, vt_buf_bytes(&body));
	vt_buf_release(&body);
	return rc;
}

int
vt_cms_hash(enum cms_md_id md, struct vt_bytes head, struct vt_bytes b,
    unsigned char *out, struct vt_error *err)
{
	EVP_MD_CTX *ctx = NULL;
	EVP_MD *evp;
	int rc = VT_OK;

	evp = EVP_MD_fetch(NULL, mds[md].fetch, NULL);
	if (evp == NULL || (ctx = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestInit_ex(ctx, evp, NULL) != 1 ||
	    EVP_DigestUpdate(ctx, head.data, head.len) != 1 ||
	    EVP_DigestUpdate(ctx, b.data, b.len) != 1 ||
	    EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		rc = vt_error_set(err, VT_ECRYPTO, NULL,
		    "the digest %s cannot be made", mds[md].name);
	ERR_clear_error();
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(evp);
	return rc;
}

static bool
key_fits(EVP_PKEY *key, enum cms_family family)
{
	switch (family) {
	case CMS_RSA:
		return EVP_PKEY_is_a(key, "RSA");
	case CMS_PSS:
		return EVP_PKEY_is_a(key, "RSA") ||
		       EVP_PKEY_is_a(key, "RSA-PSS");
	case CMS_ECDSA:
		return vt_key_curve_named(key);
	default:
		return false;
	}
}

/* A key that is restricted (RFC 4055, 3.1) says no here. */
static bool
pss_set(EVP_PKEY_CTX *ctx, const struct cms_sigalg *alg)
{
	EVP_MD *mgf = EVP_MD_fetch(NULL, mds[alg->mgf].fetch, NULL);
	bool ok;

	ok = mgf != NULL &&
	     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	     EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf) == 1 &&
	     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)alg->salt) == 1;
	EVP_MD_free(mgf);
	return ok;
}

enum vt_cms_reason
vt_cms_verify(EVP_PKEY *key, const struct cms_sigalg *alg,
    struct vt_bytes digest, struct vt_bytes signature)
{
	enum vt_cms_reason reason = VT_CMS_BAD_KEY;
	EVP_PKEY_CTX *ctx = NULL;
	EVP_MD *evp = NULL;

	if (!key_fits(key, alg->family))
		return VT_CMS_BAD_KEY;
	evp = EVP_MD_fetch(NULL, mds[alg->md].fetch, NULL);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (evp == NULL || ctx == NULL || EVP_PKEY_verify_init(ctx) != 1)
		goto out;
	if (alg->family == CMS_RSA &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
		goto out;
	if (EVP_PKEY_CTX_set_signature_md(ctx, evp) != 1 ||
	    (alg->family == CMS_PSS && !pss_set(ctx, alg)))
		goto out;
	reason = EVP_PKEY_verify(ctx, signature.data, signature.len,
		     digest.data, digest.len) == 1
		     ? VT_CMS_FINE
		     : VT_CMS_SIGNATURE_WRONG;
out:
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	EVP_MD_free(evp);
	return reason;
}
