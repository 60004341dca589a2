/* x509_signer.c - the table of functions by which keys sign */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

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

static bool
alg_fits(const struct vt_cert *cert, enum vt_sigalg alg)
{
	enum vt_sigalg plain, pss;

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
