/* key_p12.c - PKCS#12 (RFC 7292), which may ask for any amount of work */
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include "key_int.h"
#include "vanthu/error.h"

/* A file being opened. */
struct p12 {
	PKCS12 *file;
	STACK_OF(PKCS7) * safes;
	struct key_pass pass;
	uint64_t iterations; /* of all derivations in it */
	/*
	 * Older programs encrypt certificates by 40-bit RC2, which OpenSSL
	 * keeps apart; both NULL until needed.
	 */
	OSSL_LIB_CTX *legacy;
	OSSL_PROVIDER *provider[2];
	struct vt_certs certs;
	EVP_PKEY *key;
};

static int
damaged(const struct p12 *p, struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_EFORMAT, "RFC 7292, 4",
	    "%s is not a PKCS#12 file, or damaged", p->pass.what);
}

/* The count of the MAC (RFC 7292, 4), and whether we can compute it. */
static int
mac_count(struct p12 *p, struct vt_error *err)
{
	const ASN1_INTEGER *count;
	const ASN1_OBJECT *oid;
	const X509_ALGOR *alg;
	int64_t n = 1; /* the default */

	if (PKCS12_mac_present(p->file) != 1)
		return vt_error_set(err, VT_EUNSUPPORTED, "RFC 7292, 4",
		    "%s has no MAC, so nothing tells whether it is whole",
		    p->pass.what);
	PKCS12_get0_mac(NULL, &alg, NULL, &count, p->file);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	if (EVP_get_digestbyobj(oid) == NULL) {
		ERR_clear_error();
		return vt_error_set(err, VT_EUNSUPPORTED, "RFC 7292, 4",
		    "the MAC of %s is of a kind that is not supported",
		    p->pass.what);
	}
	if (count != NULL && ASN1_INTEGER_get_int64(&n, count) != 1) {
		ERR_clear_error();
		n = ASN1_STRING_type(count) == V_ASN1_NEG_INTEGER ? 0
								  : INT64_MAX;
	}
	return vt_key_iterations_add(n, &p->iterations, err);
}

static bool
is_encrypted_safe(const PKCS7 *p7)
{
	return PKCS7_type_is_encrypted(p7) && p7->d.encrypted != NULL &&
	       p7->d.encrypted->enc_data != NULL &&
	       p7->d.encrypted->enc_data->algorithm != NULL;
}

/* All that can be counted before anything is derived. */
static int
counts_check(struct p12 *p, struct vt_error *err)
{
	const PKCS7 *p7;
	int i, rc;

	if ((rc = mac_count(p, err)) != VT_OK)
		return rc;
	if (sk_PKCS7_num(p->safes) > VT_KEY_SAFES_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 7292, 4.1",
		    "%s has more than %d parts", p->pass.what,
		    VT_KEY_SAFES_MAX);
	for (i = 0; i < sk_PKCS7_num(p->safes); i++) {
		p7 = sk_PKCS7_value(p->safes, i);
		if (PKCS7_type_is_data(p7))
			continue;
		if (!is_encrypted_safe(p7))
			return vt_error_set(err, VT_EUNSUPPORTED,
			    "RFC 7292, 4.1",
			    "%s is encrypted to a certificate, not by a "
			    "passphrase",
			    p->pass.what);
		rc = vt_key_iterations(p7->d.encrypted->enc_data->algorithm,
		    &p->iterations, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
mac_verify(struct p12 *p, struct vt_error *err)
{
	const struct vt_secret *s = &p->pass.secret;

	/* No passphrase is written in two ways (RFC 7292, B.1). */
	if (PKCS12_verify_mac(p->file, s->len > 0 ? s->data : "",
		(int)s->len) == 1 ||
	    (s->len == 0 && PKCS12_verify_mac(p->file, NULL, 0) == 1))
		return VT_OK;
	ERR_clear_error();
	return vt_error_set(err, VT_EKEY, NULL,
	    "the passphrase of %s is wrong, or the file is damaged",
	    p->pass.what);
}

/* OpenSSL's algorithms, and those that it keeps apart. */
static OSSL_LIB_CTX *
legacy_get(struct p12 *p)
{
	if (p->legacy == NULL && (p->legacy = OSSL_LIB_CTX_new()) != NULL) {
		p->provider[0] = OSSL_PROVIDER_load(p->legacy, "default");
		p->provider[1] = OSSL_PROVIDER_load(p->legacy, "legacy");
	}
	return p->legacy;
}

static bool
is_legacy(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	switch (OBJ_obj2nid(oid)) {
	case NID_pbe_WithSHA1And128BitRC4:
	case NID_pbe_WithSHA1And40BitRC4:
	case NID_pbe_WithSHA1And128BitRC2_CBC:
	case NID_pbe_WithSHA1And40BitRC2_CBC:
		return true;
	default:
		return false;
	}
}

/* The passphrase was right for the MAC, so this is something else. */
static int
undecryptable(struct p12 *p, bool legacy, struct vt_error *err)
{
	if (legacy && p->provider[1] == NULL) {
		ERR_clear_error();
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "%s is encrypted by RC2 or RC4, for which OpenSSL's legacy "
		    "provider is missing",
		    p->pass.what);
	}
	return damaged(p, err);
}

static STACK_OF(PKCS12_SAFEBAG) *
    safe_open(struct p12 *p, const PKCS7 *p7, bool *ret_legacy)
{
	const X509_ALGOR *alg;

	*ret_legacy = false;
	if (PKCS7_type_is_data(p7))
		return PKCS12_unpack_p7data((PKCS7 *)p7);
	alg = p7->d.encrypted->enc_data->algorithm;
	*ret_legacy = is_legacy(alg);
	return PKCS12_item_decrypt_d2i_ex(alg, ASN1_ITEM_rptr(PKCS12_SAFEBAGS),
	    p->pass.secret.data, (int)p->pass.secret.len,
	    p7->d.encrypted->enc_data->enc_data, 1,
	    *ret_legacy ? legacy_get(p) : NULL, NULL);
}

/* A key, plain or in its own encryption; the first one counts. */
static int
key_take(struct p12 *p, const PKCS12_SAFEBAG *bag, struct vt_error *err)
{
	const PKCS8_PRIV_KEY_INFO *plain;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	const X509_ALGOR *alg;
	const X509_SIG *sig;
	bool legacy;
	int rc;

	if (p->key != NULL)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "%s holds more than one private key", p->pass.what);
	if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag) {
		plain = PKCS12_SAFEBAG_get0_p8inf(bag);
		p->key = EVP_PKCS82PKEY(plain);
		return p->key != NULL ? VT_OK : damaged(p, err);
	}
	sig = PKCS12_SAFEBAG_get0_pkcs8(bag);
	X509_SIG_get0(sig, &alg, NULL);
	if ((rc = vt_key_iterations(alg, &p->iterations, err)) != VT_OK)
		return rc;
	legacy = is_legacy(alg);
	info = PKCS8_decrypt_ex(sig, p->pass.secret.data,
	    (int)p->pass.secret.len, legacy ? legacy_get(p) : NULL, NULL);
	if (info == NULL)
		return undecryptable(p, legacy, err);
	p->key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return p->key != NULL ? VT_OK : damaged(p, err);
}

static int
cert_take(struct p12 *p, const PKCS12_SAFEBAG *bag, struct vt_error *err)
{
	struct vt_cert *cert = NULL;
	X509 *x;
	int rc;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return VT_OK;
	if ((x = PKCS12_SAFEBAG_get1_cert(bag)) == NULL)
		return damaged(p, err);
	if ((rc = vt_cert_of_x509(x, &cert, err)) == VT_OK)
		rc = vt_certs_add(&p->certs, cert, err);
	vt_cert_free(cert);
	X509_free(x);
	return rc;
}

static int
safe_take(struct p12 *p, const PKCS7 *p7, struct vt_error *err)
{
	STACK_OF(PKCS12_SAFEBAG) * bags;
	const PKCS12_SAFEBAG *bag;
	bool legacy;
	int i, n, rc = VT_OK;

	if ((bags = safe_open(p, p7, &legacy)) == NULL)
		return undecryptable(p, legacy, err);
	n = sk_PKCS12_SAFEBAG_num(bags);
	if (n > VT_KEY_BAGS_MAX)
		rc = vt_error_set(err, VT_ELIMIT, "RFC 7292, 4.2",
		    "%s has more than %d entries in one part", p->pass.what,
		    VT_KEY_BAGS_MAX);
	for (i = 0; i < n && rc == VT_OK; i++) {
		bag = sk_PKCS12_SAFEBAG_value(bags, i);
		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_keyBag:
		case NID_pkcs8ShroudedKeyBag:
			rc = key_take(p, bag, err);
			break;
		case NID_certBag:
			rc = cert_take(p, bag, err);
			break;
		default: /* lists, secrets, safes in a safe: not for us */
			break;
		}
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return rc;
}

static int
file_load(struct p12 *p, struct vt_error *err)
{
	const unsigned char *at;
	struct vt_buf file;
	int i, rc;

	vt_buf_init(&file, VT_KEY_FILE_MAX);
	if ((rc = vt_key_read(p->pass.what, &file, err)) != VT_OK)
		goto out;
	at = file.data;
	if (file.len > 0)
		p->file = d2i_PKCS12(NULL, &at, (long)file.len);
	if (p->file == NULL || at != file.data + file.len) {
		rc = damaged(p, err);
		goto out;
	}
	if ((p->safes = PKCS12_unpack_authsafes(p->file)) == NULL) {
		rc = damaged(p, err);
		goto out;
	}
	if ((rc = counts_check(p, err)) != VT_OK ||
	    (rc = vt_key_pass_get(&p->pass, err)) != VT_OK ||
	    (rc = mac_verify(p, err)) != VT_OK)
		goto out;
	for (i = 0; i < sk_PKCS7_num(p->safes) && rc == VT_OK; i++)
		rc = safe_take(p, sk_PKCS7_value(p->safes, i), err);
	if (rc == VT_OK && p->key == NULL)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "there is no private key in %s", p->pass.what);
out:
	vt_key_clear(&file);
	return rc;
}

int
vt_key_p12(const char *path, const char *chain_path,
    const struct vt_key_ask *ask, struct vt_signer **ret, struct vt_error *err)
{
	struct p12 p = { .pass = { .ask = ask, .what = path } };
	int rc;

	if ((rc = file_load(&p, err)) == VT_OK &&
	    (rc = vt_key_signer(p.key, &p.certs, path, chain_path, ret, err)) ==
		VT_OK)
		p.key = NULL;
	EVP_PKEY_free(p.key);
	vt_certs_release(&p.certs);
	sk_PKCS7_pop_free(p.safes, PKCS7_free);
	PKCS12_free(p.file);
	vt_key_pass_release(&p.pass);
	OSSL_PROVIDER_unload(p.provider[1]);
	OSSL_PROVIDER_unload(p.provider[0]);
	OSSL_LIB_CTX_free(p.legacy);
	ERR_clear_error();
	return rc;
}
