/* base_digest.c - SHA-256 by OpenSSL */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

/* Only a name for OpenSSL's context: a struct vt_sha256 is never defined. */
static EVP_MD_CTX *
ctx_of(struct vt_sha256 *d)
{
	return (EVP_MD_CTX *)d;
}

static int
digest_failed(struct vt_error *err)
{
	return vt_error_set(err, VT_ECRYPTO, NULL,
	    "the crypto library cannot make a SHA-256 digest");
}

int
vt_sha256_new(struct vt_sha256 **ret, struct vt_error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL)
		return vt_error_nomem(err);
	if (EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		return digest_failed(err);
	}
	*ret = (struct vt_sha256 *)ctx;
	return VT_OK;
}

int
vt_sha256_update(struct vt_sha256 *d, struct vt_bytes b, struct vt_error *err)
{
	if (EVP_DigestUpdate(ctx_of(d), b.data, b.len) != 1)
		return digest_failed(err);
	return VT_OK;
}

int
vt_sha256_final(struct vt_sha256 *d, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err)
{
	if (EVP_DigestFinal_ex(ctx_of(d), out, NULL) != 1)
		return digest_failed(err);
	return VT_OK;
}

void
vt_sha256_free(struct vt_sha256 *d)
{
	EVP_MD_CTX_free(ctx_of(d));
}

int
vt_sha256_copy(const struct vt_sha256 *d, struct vt_sha256 **ret,
    struct vt_error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int rc;

	if (ctx == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_sha256_resume(ctx, d, err)) != VT_OK) {
		EVP_MD_CTX_free(ctx);
		return rc;
	}
	*ret = (struct vt_sha256 *)ctx;
	return VT_OK;
}

int
vt_sha256_resume(void *ctx, const struct vt_sha256 *d, struct vt_error *err)
{
	if (EVP_MD_CTX_copy_ex(ctx, (const EVP_MD_CTX *)d) != 1)
		return digest_failed(err);
	return VT_OK;
}

int
vt_sha256(struct vt_bytes b, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err)
{
	if (EVP_Digest(b.data, b.len, out, NULL, EVP_sha256(), NULL) != 1)
		return digest_failed(err);
	return VT_OK;
}

static int
digest_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_sha256_update(ctx, piece, err);
}

int
vt_sha256_source(struct vt_source *src, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err)
{
	struct vt_sha256 *d = NULL;
	int rc;

	if ((rc = vt_sha256_new(&d, err)) != VT_OK)
		return rc;
	rc =
	    vt_source_stream(src, 0, vt_source_size(src), digest_piece, d, err);
	if (rc == VT_OK)
		rc = vt_source_unchanged(src, err);
	if (rc == VT_OK)
		rc = vt_sha256_final(d, out, err);
	vt_sha256_free(d);
	return rc;
}

void
vt_crypto_unconfigured(bool no_keys)
{
	/*
	 * What OpenSSL holds ends with the process; to take it apart first
	 * takes a twentieth of a short one's time.
	 */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
				      OPENSSL_INIT_NO_ATEXIT |
				      (no_keys ? OPENSSL_INIT_NO_ADD_ALL_CIPHERS
					       : 0),
	    NULL);
	/*
	 * Random numbers by Hash_DRBG (SP 800-90A, 10.1.1) instead of CTR_DRBG,
	 * as strong: SHA-256 is at hand, while to fetch AES makes OpenSSL look
	 * at every cipher that it has.
	 */
	(void)RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256");
}
