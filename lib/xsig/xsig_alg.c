/* xsig_alg.c - algorithms by their URIs (RFC 9231), and OpenSSL for them */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define MORE_2007 "http://www.w3.org/2007/05/xmldsig-more#"
#define MORE_2021 "http://www.w3.org/2021/04/xmldsig-more#"
#define ENC "http://www.w3.org/2001/04/xmlenc#"

static const struct {
	const char *name;  /* "sha256" */
	const char *fetch; /* "SHA256", for OpenSSL */
	size_t len;
	bool weak;
	const char *uri;
} mds[XSIG_NMD] = {
	[XSIG_MD5] = { "md5", "MD5", 16, true, MORE "md5" },
	[XSIG_SHA1] = { "sha1", "SHA1", 20, true, DSIG "sha1" },
	[XSIG_SHA224] = { "sha224", "SHA224", 28, false, MORE "sha224" },
	[XSIG_SHA256] = { "sha256", "SHA256", 32, false, ENC "sha256" },
	[XSIG_SHA384] = { "sha384", "SHA384", 48, false, MORE "sha384" },
	[XSIG_SHA512] = { "sha512", "SHA512", 64, false, ENC "sha512" },
	[XSIG_SHA3_224] = { "sha3-224", "SHA3-224", 28, false,
	    MORE_2007 "sha3-224" },
	[XSIG_SHA3_256] = { "sha3-256", "SHA3-256", 32, false,
	    MORE_2007 "sha3-256" },
	[XSIG_SHA3_384] = { "sha3-384", "SHA3-384", 48, false,
	    MORE_2007 "sha3-384" },
	[XSIG_SHA3_512] = { "sha3-512", "SHA3-512", 64, false,
	    MORE_2007 "sha3-512" },
};

/* HMAC is not here: a MAC is no signature.  DSA is not either. */
static const struct {
	const char *uri;
	struct xsig_alg alg;
} algs[] = {
	{ MORE "rsa-md5", { XSIG_RSA, XSIG_MD5 } },
	{ DSIG "rsa-sha1", { XSIG_RSA, XSIG_SHA1 } },
	{ MORE "rsa-sha224", { XSIG_RSA, XSIG_SHA224 } },
	{ MORE "rsa-sha256", { XSIG_RSA, XSIG_SHA256 } },
	{ MORE "rsa-sha384", { XSIG_RSA, XSIG_SHA384 } },
	{ MORE "rsa-sha512", { XSIG_RSA, XSIG_SHA512 } },
	{ MORE_2007 "sha1-rsa-MGF1", { XSIG_PSS, XSIG_SHA1 } },
	{ MORE_2007 "sha224-rsa-MGF1", { XSIG_PSS, XSIG_SHA224 } },
	{ MORE_2007 "sha256-rsa-MGF1", { XSIG_PSS, XSIG_SHA256 } },
	{ MORE_2007 "sha384-rsa-MGF1", { XSIG_PSS, XSIG_SHA384 } },
	{ MORE_2007 "sha512-rsa-MGF1", { XSIG_PSS, XSIG_SHA512 } },
	{ MORE_2007 "sha3-224-rsa-MGF1", { XSIG_PSS, XSIG_SHA3_224 } },
	{ MORE_2007 "sha3-256-rsa-MGF1", { XSIG_PSS, XSIG_SHA3_256 } },
	{ MORE_2007 "sha3-384-rsa-MGF1", { XSIG_PSS, XSIG_SHA3_384 } },
	{ MORE_2007 "sha3-512-rsa-MGF1", { XSIG_PSS, XSIG_SHA3_512 } },
	{ MORE "ecdsa-sha1", { XSIG_ECDSA, XSIG_SHA1 } },
	{ MORE "ecdsa-sha224", { XSIG_ECDSA, XSIG_SHA224 } },
	{ MORE "ecdsa-sha256", { XSIG_ECDSA, XSIG_SHA256 } },
	{ MORE "ecdsa-sha384", { XSIG_ECDSA, XSIG_SHA384 } },
	{ MORE "ecdsa-sha512", { XSIG_ECDSA, XSIG_SHA512 } },
	{ MORE_2021 "ecdsa-sha3-224", { XSIG_ECDSA, XSIG_SHA3_224 } },
	{ MORE_2021 "ecdsa-sha3-256", { XSIG_ECDSA, XSIG_SHA3_256 } },
	{ MORE_2021 "ecdsa-sha3-384", { XSIG_ECDSA, XSIG_SHA3_384 } },
	{ MORE_2021 "ecdsa-sha3-512", { XSIG_ECDSA, XSIG_SHA3_512 } },
	{ MORE_2021 "eddsa-ed25519", { XSIG_ED25519, XSIG_MD_UNKNOWN } },
	{ MORE_2021 "eddsa-ed448", { XSIG_ED448, XSIG_MD_UNKNOWN } },
};

const char *
vt_xsig_md_name(enum xsig_md md)
{
	return md < XSIG_NMD ? mds[md].name : NULL;
}

size_t
vt_xsig_md_len(enum xsig_md md)
{
	return md < XSIG_NMD ? mds[md].len : 0;
}

bool
vt_xsig_md_weak(enum xsig_md md)
{
	return md < XSIG_NMD && mds[md].weak;
}

enum xsig_md
vt_xsig_md_of(const char *uri)
{
	size_t i;

	for (i = 0; i < XSIG_NMD; i++)
		if (strcmp(uri, mds[i].uri) == 0)
			return (enum xsig_md)i;
	return XSIG_MD_UNKNOWN;
}

struct xsig_alg
vt_xsig_alg_of(const char *uri)
{
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		if (strcmp(uri, algs[i].uri) == 0)
			return algs[i].alg;
	return (struct xsig_alg){ XSIG_FAMILY_NONE, XSIG_MD_UNKNOWN };
}

const char *
vt_xsig_family_name(enum xsig_family family)
{
	switch (family) {
	case XSIG_RSA:
		return "rsa";
	case XSIG_PSS:
		return "rsa-pss";
	case XSIG_ECDSA:
		return "ecdsa";
	case XSIG_ED25519:
		return "ed25519";
	case XSIG_ED448:
		return "ed448";
	default:
		return NULL;
	}
}

/* --- digests --- */

struct xsig_hash {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
	const char *name;
};

static int
hash_failed(const struct xsig_hash *h, struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_ECRYPTO, NULL,
	    "the digest %s cannot be made", h->name);
}

int
vt_xsig_hash_new(enum xsig_md md, struct xsig_hash **ret, struct vt_error *err)
{
	struct xsig_hash *h;
	int rc;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return vt_error_nomem(err);
	h->name = mds[md].name;
	h->md = EVP_MD_fetch(NULL, mds[md].fetch, NULL);
	h->ctx = EVP_MD_CTX_new();
	if (h->md == NULL || h->ctx == NULL ||
	    EVP_DigestInit_ex(h->ctx, h->md, NULL) != 1) {
		rc = hash_failed(h, err);
		vt_xsig_hash_free(h);
		return rc;
	}
	*ret = h;
	return VT_OK;
}

int
vt_xsig_hash_put(void *hash, struct vt_bytes piece, struct vt_error *err)
{
	struct xsig_hash *h = hash;

	if (EVP_DigestUpdate(h->ctx, piece.data, piece.len) != 1)
		return hash_failed(h, err);
	return VT_OK;
}

int
vt_xsig_hash_end(struct xsig_hash *h, unsigned char *out, struct vt_error *err)
{
	if (EVP_DigestFinal_ex(h->ctx, out, NULL) != 1)
		return hash_failed(h, err);
	return VT_OK;
}

void
vt_xsig_hash_free(struct xsig_hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	free(h);
}

/* --- signatures --- */

static bool
key_fits(EVP_PKEY *key, enum xsig_family family)
{
	switch (family) {
	case XSIG_RSA:
		return EVP_PKEY_is_a(key, "RSA");
	case XSIG_PSS:
		return EVP_PKEY_is_a(key, "RSA") ||
		       EVP_PKEY_is_a(key, "RSA-PSS");
	case XSIG_ECDSA:
		return vt_key_curve_named(key);
	case XSIG_ED25519:
		return EVP_PKEY_is_a(key, "ED25519");
	case XSIG_ED448:
		return EVP_PKEY_is_a(key, "ED448");
	default:
		return false;
	}
}

/*
 * XMLDSig 1.1, 6.4.3: r and s side by side, each as long as the order of the
 * base point.  OpenSSL wants them in DER, for free() by OPENSSL_free().
 */
static bool
ecdsa_der(EVP_PKEY *key, struct vt_bytes value, unsigned char **ret, int *len)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	ECDSA_SIG *sig = NULL;
	BIGNUM *r = NULL, *s = NULL;

	*ret = NULL;
	*len = 0;
	if (half == 0 || value.len != 2 * half)
		return false;
	r = BN_bin2bn(value.data, (int)half, NULL);
	s = BN_bin2bn(value.data + half, (int)half, NULL);
	sig = ECDSA_SIG_new();
	if (r != NULL && s != NULL && sig != NULL &&
	    ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* handed over */
		*len = i2d_ECDSA_SIG(sig, ret);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return *len > 0;
}

/* RFC 9231, 2.3.10: the salt is as long as the digest, MGF1 with the same. */
static bool
padding_set(EVP_PKEY_CTX *ctx, enum xsig_family family, const char *md)
{
	if (family == XSIG_RSA)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) ==
		       1;
	if (family != XSIG_PSS)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, md, NULL) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) ==
		   1;
}

enum vt_xsig_reason
vt_xsig_verify(EVP_PKEY *key, struct xsig_alg alg, struct vt_bytes message,
    struct vt_bytes value)
{
	const char *md = alg.md < XSIG_NMD ? mds[alg.md].fetch : NULL;
	enum vt_xsig_reason reason = VT_XSIG_BAD_KEY;
	EVP_PKEY_CTX *pctx = NULL;
	EVP_MD_CTX *ctx;
	unsigned char *der = NULL;
	int len;

	if (!key_fits(key, alg.family))
		return VT_XSIG_BAD_KEY;
	/* A key that is restricted (RFC 4055, 3.1) says no here. */
	if ((ctx = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestVerifyInit_ex(ctx, &pctx, md, NULL, NULL, key, NULL) !=
		1 ||
	    !padding_set(pctx, alg.family, md))
		goto out;
	reason = VT_XSIG_SIGNATURE_WRONG;
	if (alg.family == XSIG_ECDSA) {
		if (!ecdsa_der(key, value, &der, &len))
			goto out;
		value = VT_BYTES(der, (size_t)len);
	}
	if (EVP_DigestVerify(ctx, value.data, value.len, message.data,
		message.len) == 1)
		reason = VT_XSIG_FINE;
out:
	ERR_clear_error();
	OPENSSL_free(der);
	EVP_MD_CTX_free(ctx);
	return reason;
}
