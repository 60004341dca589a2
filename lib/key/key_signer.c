/* key_signer.c - a private key in our own memory as a signer */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "key_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"

static int
failed(struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_ECRYPTO, NULL, "the key cannot sign");
}

bool
vt_key_padding(EVP_PKEY_CTX *op, enum vt_sigalg alg, const EVP_MD *md)
{
	bool pss = alg == VT_SIGALG_PSS;

	if (alg != VT_SIGALG_ECDSA &&
	    EVP_PKEY_CTX_set_rsa_padding(op,
		pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1)
		return false;
	if (pss && (EVP_PKEY_CTX_set_rsa_mgf1_md(op, md) != 1 ||
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(op,
			   RSA_PSS_SALTLEN_DIGEST) != 1))
		return false;
	return EVP_PKEY_CTX_set_signature_md(op, md) == 1;
}

static int
key_sign(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	EVP_PKEY_CTX *op = EVP_PKEY_CTX_new_from_pkey(NULL, ctx, NULL);
	EVP_MD *md = EVP_MD_fetch(NULL, vt_hash_name(hash), NULL);
	size_t len = VT_SIGNATURE_MAX;
	bool ok;

	ok = op != NULL && md != NULL && EVP_PKEY_sign_init(op) == 1;
	ok = ok && vt_key_padding(op, alg, md) &&
	     EVP_PKEY_sign(op, out, &len, digest.data, digest.len) == 1;
	EVP_PKEY_CTX_free(op);
	EVP_MD_free(md);
	if (!ok)
		return failed(err);
	*ret_len = len;
	return VT_OK;
}

static void
key_free(void *ctx)
{
	EVP_PKEY_free(ctx); /* clears the private parts */
}

static const struct vt_signer_ops ops = { key_sign, key_free, true };

static int
ec_check(EVP_PKEY *key, struct vt_error *err)
{
	char group[64] = "";

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	    (strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0 ||
		strcmp(group, "secp384r1") == 0 || strcmp(group, "P-384") == 0))
		return VT_OK;
	ERR_clear_error();
	return vt_error_set(err, VT_EKEY, NULL,
	    "the key's curve is neither P-256 nor P-384");
}

static int
rsa_check(EVP_PKEY *key, struct vt_error *err)
{
	int bits = EVP_PKEY_get_bits(key);

	if (bits < VT_KEY_RSA_MIN)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the RSA key has %d bits, fewer than %d", bits,
		    VT_KEY_RSA_MIN);
	if (bits > VT_KEY_RSA_MAX)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the RSA key has %d bits, more than %d", bits,
		    VT_KEY_RSA_MAX);
	return VT_OK;
}

int
vt_key_check(EVP_PKEY *key, struct vt_error *err)
{
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
		return rsa_check(key, err);
	if (EVP_PKEY_is_a(key, "EC"))
		return ec_check(key, err);
	return vt_error_set(err, VT_EKEY, NULL,
	    "the key is neither RSA nor EC");
}

int
vt_key_chain(const struct vt_certs *certs, const struct vt_cert *own,
    const char *chain_path, struct vt_certs *ret, struct vt_error *err)
{
	struct vt_certs more = { 0 };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < certs->n && rc == VT_OK; i++)
		if (!vt_cert_equal(certs->items[i], own))
			rc = vt_certs_add(ret, certs->items[i], err);
	if (rc == VT_OK && chain_path != NULL &&
	    (rc = vt_x509_read_file(chain_path, &more, NULL, err)) != VT_OK)
		vt_error_prefix(err, chain_path);
	for (i = 0; i < more.n && rc == VT_OK; i++)
		if (!vt_cert_equal(more.items[i], own))
			rc = vt_certs_add(ret, more.items[i], err);
	if (rc == VT_OK && ret->n > VT_KEY_CHAIN_MAX)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "there are more than %d certificates beside the signer's",
		    VT_KEY_CHAIN_MAX);
	vt_certs_release(&more);
	return rc;
}

int
vt_key_signer(EVP_PKEY *key, const struct vt_certs *certs, const char *what,
    const char *chain_path, struct vt_signer **ret, struct vt_error *err)
{
	struct vt_certs chain = { 0 };
	struct vt_cert *own = NULL;
	EVP_PKEY *public;
	size_t i;
	int rc;

	if ((rc = vt_key_check(key, err)) != VT_OK)
		return rc;
	for (i = 0; i < certs->n && own == NULL; i++) {
		public = vt_cert_key(certs->items[i]);
		if (public != NULL && EVP_PKEY_eq(public, key) == 1)
			own = certs->items[i];
	}
	ERR_clear_error();
	if (own == NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no certificate in %s is that of the key", what);
	rc = vt_key_chain(certs, own, chain_path, &chain, err);
	if (rc == VT_OK)
		rc = vt_signer_new(&ops, key, own, &chain, ret, err);
	vt_certs_release(&chain);
	return rc;
}
