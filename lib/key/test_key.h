/* test_key.h - passphrases, files and signatures tried */
#ifndef TEST_KEY_H
#define TEST_KEY_H

#include "test_dir.h"
#include "test_run.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "vanthu/digest.h"
#include "vanthu/key.h"
#include "vanthu/signer.h"

/* "DIR/NAME" below the test PKI, or below our own folder; for some calls. */
static inline const char *
in(const char *base, const char *name)
{
	static char ring[16][512];
	static size_t next;
	char *path = ring[next++ % 16];

	snprintf(path, sizeof(ring[0]), "%s/%s", base, name);
	return path;
}

static inline const char *
pki(const char *name)
{
	const char *base = getenv("VANTHU_PKI");

	assert_non_null(base);
	return in(base, name);
}

static inline const char *
own(const char *name)
{
	return in(dir, name);
}

#define OPENSSL(...) RUN("openssl", __VA_ARGS__)

/* --- passphrases --- */

struct answer {
	const char *text; /* NULL: nobody answers */
	size_t asked;
	char what[512];
};

static inline int
answer(void *ctx, const char *what, struct vt_secret *ret, struct vt_error *err)
{
	struct answer *a = ctx;

	a->asked++;
	snprintf(a->what, sizeof(a->what), "%s", what);
	if (a->text == NULL)
		return vt_error_set(err, VT_EKEY, NULL, "nobody is there");
	return vt_secret_set(ret, a->text, strlen(a->text), err);
}

#define GOOD "test-passphrase"

static inline int
load_p12(const char *path, const char *pass, size_t *ret_asked,
    struct vt_signer **ret, struct vt_error *err)
{
	struct answer a = { .text = pass };
	const struct vt_key_ask ask = { answer, &a };
	int rc;

	memset(err, 0, sizeof(*err));
	*ret = NULL;
	rc = vt_key_p12(path, NULL, &ask, ret, err);
	if (ret_asked != NULL)
		*ret_asked = a.asked;
	if (a.asked > 0)
		assert_string_equal(a.what, path);
	return rc;
}

static inline int
load_pem(const char *key, const char *cert, const char *pass, size_t *ret_asked,
    struct vt_signer **ret, struct vt_error *err)
{
	struct answer a = { .text = pass };
	const struct vt_key_ask ask = { answer, &a };
	int rc;

	memset(err, 0, sizeof(*err));
	*ret = NULL;
	rc = vt_key_pem(key, cert, NULL, &ask, ret, err);
	if (ret_asked != NULL)
		*ret_asked = a.asked;
	return rc;
}

/* Sign something, and let OpenSSL verify it by the certificate's key. */
static inline void
assert_signs(const struct vt_signer *signer, enum vt_sigalg alg)
{
	static const unsigned char digest[VT_SHA256_LEN] = { 1, 2, 3 };
	unsigned char sig[VT_SIGNATURE_MAX];
	struct vt_error err = { 0 };
	EVP_PKEY_CTX *ctx;
	size_t len = 0;

	assert_vt_ok(vt_signer_sign(signer, alg, VT_HASH_SHA256,
			 VT_BYTES(digest, sizeof(digest)), sig, &len, &err),
	    &err);
	assert_true(len > 0 && len <= vt_signer_max(signer));
	ctx = EVP_PKEY_CTX_new(vt_cert_key(signer->cert), NULL);
	assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
	if (alg == VT_SIGALG_PSS) {
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx,
				     RSA_PKCS1_PSS_PADDING),
		    1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
				     VT_SHA256_LEN),
		    1);
	}
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()), 1);
	assert_int_equal(EVP_PKEY_verify(ctx, sig, len, digest, sizeof(digest)),
	    1);
	/* The test can fail. */
	sig[len - 1] ^= 1;
	assert_int_not_equal(EVP_PKEY_verify(ctx, sig, len, digest,
				 sizeof(digest)),
	    1);
	EVP_PKEY_CTX_free(ctx);
}

#endif
