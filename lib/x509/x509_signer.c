/* x509_signer.c - the table of functions by which keys sign */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "x509_int.h"

size_t
vt_hash_len(enum vt_hash hash)
{
	switch (hash) {
	case VT_HASH_SHA256:
		return 32;
	case VT_HASH_SHA384:
		return 48;
	case VT_HASH_SHA512:
		return 64;
	}
	return 0;
}

const char *
vt_hash_name(enum vt_hash hash)
{
	switch (hash) {
	case VT_HASH_SHA256:
		return "SHA256";
	case VT_HASH_SHA384:
		return "SHA384";
	case VT_HASH_SHA512:
		return "SHA512";
	}
	return NULL;
}

int
vt_sigalg_of(const struct vt_cert *cert, bool pss, enum vt_sigalg *ret,
    struct vt_error *err)
{
	switch (vt_cert_key_type(cert)) {
	case VT_KEY_RSA:
		*ret = pss ? VT_SIGALG_PSS : VT_SIGALG_RSA;
		return VT_OK;
	case VT_KEY_RSA_PSS:
		*ret = VT_SIGALG_PSS;
		return VT_OK;
	case VT_KEY_EC:
		*ret = VT_SIGALG_ECDSA;
		return VT_OK;
	default:
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "keys of this kind cannot sign here");
	}
}

static const enum vt_hash hashes[] = { VT_HASH_SHA256, VT_HASH_SHA384,
	VT_HASH_SHA512 };

/* RFC 4055, 3.1: the one digest that an id-RSASSA-PSS key allows. */
static int
restricted_hash(const char *md, enum vt_hash *ret, struct vt_error *err)
{
	const char *digits;
	size_t i;

	for (i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		digits = vt_hash_name(hashes[i]) + 3;
		/* "SHA256" or "SHA2-256" */
		if (OPENSSL_strcasecmp(md, vt_hash_name(hashes[i])) != 0 &&
		    (OPENSSL_strncasecmp(md, "SHA2-", 5) != 0 ||
			strcmp(md + 5, digits) != 0))
			continue;
		*ret = hashes[i];
		return VT_OK;
	}
	return vt_error_set(err, VT_EKEY, "RFC 4055, 3.1",
	    "the key signs with %s only, which is not used here", md);
}

int
vt_sigalg_hash(const struct vt_cert *cert, enum vt_hash *ret,
    struct vt_error *err)
{
	EVP_PKEY *key = vt_cert_key(cert);
	char md[64] = "";
	int rc = VT_OK;

	if (key == NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the key in the certificate cannot be read");
	/* 2: the key allows this digest and no other */
	if (EVP_PKEY_is_a(key, "RSA-PSS") &&
	    EVP_PKEY_get_default_digest_name(key, md, sizeof(md)) == 2)
		rc = restricted_hash(md, ret, err);
	else
		*ret = vt_cert_key_type(cert) == VT_KEY_EC &&
			       vt_cert_key_bits(cert) > 256
			   ? VT_HASH_SHA384
			   : VT_HASH_SHA256;
	ERR_clear_error();
	return rc;
}

static bool
alg_fits(const struct vt_cert *cert, enum vt_sigalg alg)
{
	enum vt_sigalg plain = VT_SIGALG_RSA, pss = VT_SIGALG_RSA;

	return vt_sigalg_of(cert, false, &plain, NULL) == VT_OK &&
	       vt_sigalg_of(cert, true, &pss, NULL) == VT_OK &&
	       (alg == plain || alg == pss);
}

int
vt_signer_new(const struct vt_signer_ops *ops, void *ctx, struct vt_cert *cert,
    const struct vt_certs *chain, struct vt_signer **ret, struct vt_error *err)
{
	struct vt_signer *signer;
	int rc;

	if ((signer = calloc(1, sizeof(*signer))) == NULL)
		return vt_error_nomem(err);
	if (chain != NULL &&
	    (rc = vt_certs_add_all(&signer->chain, chain, err)) != VT_OK) {
		vt_certs_release(&signer->chain);
		free(signer);
		return rc;
	}
	signer->ops = ops;
	signer->ctx = ctx;
	signer->cert = vt_cert_ref(cert);
	*ret = signer;
	return VT_OK;
}

void
vt_signer_free(struct vt_signer *signer)
{
	if (signer == NULL)
		return;
	signer->ops->free(signer->ctx);
	vt_cert_free(signer->cert);
	vt_certs_release(&signer->chain);
	free(signer);
}

size_t
vt_signer_max(const struct vt_signer *signer)
{
	EVP_PKEY *key = vt_cert_key(signer->cert);
	int n = key == NULL ? 0 : EVP_PKEY_get_size(key);

	return n > 0 && n <= VT_SIGNATURE_MAX ? (size_t)n : 0;
}

int
vt_signer_sign(const struct vt_signer *signer, enum vt_sigalg alg,
    enum vt_hash hash, struct vt_bytes digest, unsigned char *out,
    size_t *ret_len, struct vt_error *err)
{
	if (vt_hash_len(hash) == 0 || digest.len != vt_hash_len(hash))
		return vt_error_set(err, VT_EARG, NULL,
		    "a digest of the wrong length is to be signed");
	if (vt_signer_max(signer) == 0 || !alg_fits(signer->cert, alg))
		return vt_error_set(err, VT_EARG, NULL,
		    "the signature algorithm does not fit the key");
	return signer->ops->sign(signer->ctx, alg, hash, digest, out, ret_len,
	    err);
}
