/* key_pem.c - a private key in a file of its own, and its certificate */
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "key_int.h"
#include "vanthu/error.h"

static int
damaged(const char *path, struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_EKEY, NULL,
	    "the private key in %s cannot be read", path);
}

static int
wrong(const char *path, struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_EKEY, NULL, "the passphrase of %s is wrong",
	    path);
}

/* PrivateKeyInfo (RFC 5958), which is cleared and freed. */
static int
info_take(PKCS8_PRIV_KEY_INFO *info, const char *path, EVP_PKEY **ret,
    struct vt_error *err)
{
	EVP_PKEY *key = info != NULL ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	if (key == NULL)
		return damaged(path, err);
	*ret = key;
	return VT_OK;
}

/* EncryptedPrivateKeyInfo: the iterations are looked at first. */
static int
encrypted_take(struct vt_bytes der, struct key_pass *pass, EVP_PKEY **ret,
    struct vt_error *err)
{
	const unsigned char *p = der.data;
	PKCS8_PRIV_KEY_INFO *info;
	const X509_ALGOR *alg;
	X509_SIG *sig;
	uint64_t total = 0;
	int rc;

	sig = d2i_X509_SIG(NULL, &p, (long)der.len);
	if (sig == NULL || p != der.data + der.len) {
		X509_SIG_free(sig);
		return damaged(pass->what, err);
	}
	X509_SIG_get0(sig, &alg, NULL);
	if ((rc = vt_key_iterations(alg, &total, err)) == VT_OK &&
	    (rc = vt_key_pass_get(pass, err)) == VT_OK) {
		info = PKCS8_decrypt(sig, pass->secret.data,
		    (int)pass->secret.len);
		rc = info == NULL ? wrong(pass->what, err)
				  : info_take(info, pass->what, ret, err);
	}
	X509_SIG_free(sig);
	return rc;
}

static int
plain_take(struct vt_bytes der, const char *path, EVP_PKEY **ret,
    struct vt_error *err)
{
	const unsigned char *p = der.data;
	PKCS8_PRIV_KEY_INFO *info;

	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.len);
	if (info != NULL && p != der.data + der.len) {
		PKCS8_PRIV_KEY_INFO_free(info);
		info = NULL;
	}
	return info_take(info, path, ret, err);
}

/* OpenSSL asks for a passphrase that is there already. */
static int
give_pass(char *buf, int size, int rw, void *ctx)
{
	const struct key_pass *p = ctx;

	(void)rw;
	if (!p->asked || p->secret.len > (size_t)size)
		return -1;
	memcpy(buf, p->secret.data, p->secret.len);
	return (int)p->secret.len;
}

/* A key in one of the older forms, "RSA PRIVATE KEY" and "EC PRIVATE KEY". */
static int
old_take(struct vt_bytes text, bool is_encrypted, struct key_pass *pass,
    EVP_PKEY **ret, struct vt_error *err)
{
	BIO *bio;
	int rc;

	if (is_encrypted && (rc = vt_key_pass_get(pass, err)) != VT_OK)
		return rc;
	if ((bio = BIO_new_mem_buf(text.data, (int)text.len)) == NULL)
		return vt_error_nomem(err);
	*ret = PEM_read_bio_PrivateKey(bio, NULL, give_pass, pass);
	BIO_free(bio);
	if (*ret != NULL)
		return VT_OK;
	return is_encrypted ? wrong(pass->what, err) : damaged(pass->what, err);
}

/* One block of a PEM file; VT_ENOTFOUND: not a private key. */
static int
block_take(const char *name, const char *header, struct vt_bytes der,
    struct vt_bytes text, struct key_pass *pass, EVP_PKEY **ret,
    struct vt_error *err)
{
	if (strcmp(name, PEM_STRING_PKCS8) == 0)
		return encrypted_take(der, pass, ret, err);
	if (strcmp(name, PEM_STRING_PKCS8INF) == 0)
		return plain_take(der, pass->what, ret, err);
	if (strcmp(name, PEM_STRING_RSA) == 0 ||
	    strcmp(name, PEM_STRING_ECPRIVATEKEY) == 0)
		return old_take(text, strstr(header, "ENCRYPTED") != NULL, pass,
		    ret, err);
	return VT_ENOTFOUND;
}

static int
pem_take(struct vt_bytes text, struct key_pass *pass, EVP_PKEY **ret,
    struct vt_error *err)
{
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	long len = 0;
	BIO *bio;
	int i, rc = VT_ENOTFOUND;

	if ((bio = BIO_new_mem_buf(text.data, (int)text.len)) == NULL)
		return vt_error_nomem(err);
	for (i = 0; rc == VT_ENOTFOUND; i++) {
		if (PEM_read_bio(bio, &name, &header, &der, &len) != 1)
			break;
		if (i < VT_KEY_BLOCKS_MAX)
			rc = block_take(name, header,
			    VT_BYTES(der, (size_t)len), text, pass, ret, err);
		else
			rc = vt_error_set(err, VT_ELIMIT, NULL,
			    "there is no private key among the first %d blocks "
			    "of %s",
			    VT_KEY_BLOCKS_MAX, pass->what);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(der, (size_t)len);
	}
	BIO_free(bio);
	ERR_clear_error();
	if (rc == VT_ENOTFOUND)
		return vt_error_set(err, VT_EKEY, NULL,
		    "there is no private key in %s", pass->what);
	return rc;
}

/* DER: PrivateKeyInfo begins with a version, its encrypted form does not. */
static int
der_take(struct vt_bytes der, struct key_pass *pass, EVP_PKEY **ret,
    struct vt_error *err)
{
	const unsigned char *p = der.data;
	X509_SIG *sig;

	sig = d2i_X509_SIG(NULL, &p, (long)der.len);
	ERR_clear_error();
	if (sig == NULL)
		return plain_take(der, pass->what, ret, err);
	X509_SIG_free(sig);
	return encrypted_take(der, pass, ret, err);
}

static int
key_load(const char *path, struct key_pass *pass, EVP_PKEY **ret,
    struct vt_error *err)
{
	struct vt_buf file;
	struct vt_bytes b;
	int rc;

	vt_buf_init(&file, VT_KEY_FILE_MAX);
	if ((rc = vt_key_read(path, &file, err)) != VT_OK)
		goto out;
	b = vt_buf_bytes(&file);
	if (b.len == 0)
		rc = damaged(path, err);
	else if (vt_bytes_find(b, 0, "-----BEGIN ") != SIZE_MAX)
		rc = pem_take(b, pass, ret, err);
	else
		rc = der_take(b, pass, ret, err);
out:
	vt_key_clear(&file);
	return rc;
}

int
vt_key_pem(const char *key_path, const char *cert_path, const char *chain_path,
    const struct vt_key_ask *ask, struct vt_signer **ret, struct vt_error *err)
{
	struct key_pass pass = { .ask = ask, .what = key_path };
	struct vt_certs certs = { 0 };
	EVP_PKEY *key = NULL;
	int rc;

	/* The certificate first: nobody is asked in vain. */
	rc = vt_x509_read_file(cert_path, &certs, NULL, err);
	if (rc != VT_OK) {
		vt_error_prefix(err, cert_path);
		goto out;
	}
	if ((rc = key_load(key_path, &pass, &key, err)) == VT_OK &&
	    (rc = vt_key_signer(key, &certs, cert_path, chain_path, ret,
		 err)) == VT_OK)
		key = NULL;
out:
	EVP_PKEY_free(key);
	vt_certs_release(&certs);
	vt_key_pass_release(&pass);
	return rc;
}
