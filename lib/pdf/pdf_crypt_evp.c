/* pdf_crypt_evp.c - ciphers and digests of the security handlers */
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <string.h>

#include "pdf_crypt.h"

#define BLOCK 16

static int
failed(struct vt_error *err)
{
	return vt_error_set(err, VT_ECRYPTO, NULL,
	    "the crypto library could not decrypt or encrypt");
}

int
vt_pdf_evp_new(struct pdf_evp *evp, struct vt_error *err)
{
	memset(evp, 0, sizeof(*evp));
	if ((evp->lib = OSSL_LIB_CTX_new()) == NULL ||
	    (evp->provider = OSSL_PROVIDER_load(evp->lib, "default")) == NULL ||
	    (evp->cipher = EVP_CIPHER_CTX_new()) == NULL ||
	    (evp->md5 = EVP_MD_fetch(evp->lib, "MD5", NULL)) == NULL ||
	    (evp->sha256 = EVP_MD_fetch(evp->lib, "SHA256", NULL)) == NULL ||
	    (evp->sha384 = EVP_MD_fetch(evp->lib, "SHA384", NULL)) == NULL ||
	    (evp->sha512 = EVP_MD_fetch(evp->lib, "SHA512", NULL)) == NULL ||
	    (evp->aes128 = EVP_CIPHER_fetch(evp->lib, "AES-128-CBC", NULL)) ==
		NULL ||
	    (evp->aes256 = EVP_CIPHER_fetch(evp->lib, "AES-256-CBC", NULL)) ==
		NULL ||
	    (evp->aes256_ecb =
		    EVP_CIPHER_fetch(evp->lib, "AES-256-ECB", NULL)) == NULL) {
		vt_pdf_evp_release(evp);
		return failed(err);
	}
	return VT_OK;
}

void
vt_pdf_evp_release(struct pdf_evp *evp)
{
	EVP_CIPHER_CTX_free(evp->cipher);
	EVP_MD_free(evp->md5);
	EVP_MD_free(evp->sha256);
	EVP_MD_free(evp->sha384);
	EVP_MD_free(evp->sha512);
	EVP_CIPHER_free(evp->aes128);
	EVP_CIPHER_free(evp->aes256);
	EVP_CIPHER_free(evp->aes256_ecb);
	if (evp->provider != NULL)
		OSSL_PROVIDER_unload(evp->provider);
	OSSL_LIB_CTX_free(evp->lib);
	memset(evp, 0, sizeof(*evp));
}

int
vt_pdf_evp_digest(const struct pdf_evp *evp, const EVP_MD *md,
    const struct vt_bytes *parts, unsigned char *ret, struct vt_error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok;

	(void)evp;
	ok = ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1;
	for (; ok && parts->data != NULL; parts++)
		ok = EVP_DigestUpdate(ctx, parts->data, parts->len) == 1;
	ok = ok && EVP_DigestFinal_ex(ctx, ret, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	return ok ? VT_OK : failed(err);
}

int
vt_pdf_evp_blocks(const struct pdf_evp *evp, const EVP_CIPHER *cipher,
    const unsigned char *key, const unsigned char *iv, bool encrypt,
    const unsigned char *in, size_t len, unsigned char *out,
    struct vt_error *err)
{
	int n, last;

	if (len == 0)
		return VT_OK;
	if (len > INT32_MAX - BLOCK ||
	    EVP_CipherInit_ex2(evp->cipher, cipher, key, iv, encrypt, NULL) !=
		1 ||
	    EVP_CIPHER_CTX_set_padding(evp->cipher, 0) != 1 ||
	    EVP_CipherUpdate(evp->cipher, out, &n, in, (int)len) != 1 ||
	    EVP_CipherFinal_ex(evp->cipher, out + n, &last) != 1 ||
	    (size_t)n + (size_t)last != len)
		return failed(err);
	return VT_OK;
}

/*
 * OpenSSL has RC4 only in a module that need not be installed, and that a
 * confined worker could not load.
 */
void
vt_pdf_rc4(struct vt_bytes key, const unsigned char *in, size_t len,
    unsigned char *out)
{
	unsigned char s[256], t;
	unsigned a = 0, b = 0;
	size_t i;

	for (i = 0; i < 256; i++)
		s[i] = (unsigned char)i;
	for (i = 0; i < 256; i++) {
		b = (b + s[i] + key.data[i % key.len]) & 0xff;
		t = s[i];
		s[i] = s[b];
		s[b] = t;
	}
	b = 0;
	for (i = 0; i < len; i++) {
		a = (a + 1) & 0xff;
		b = (b + s[a]) & 0xff;
		t = s[a];
		s[a] = s[b];
		s[b] = t;
		out[i] = in[i] ^ s[(s[a] + s[b]) & 0xff];
	}
	OPENSSL_cleanse(s, sizeof(s));
}

/* 7.6.3.1, algorithm 1: the key of one object. */
static int
object_key(const struct pdf_crypt *c, bool aes, struct vt_pdf_ref ref,
    unsigned char ret[16], size_t *ret_n, struct vt_error *err)
{
	const unsigned char salt[] = { ref.num & 0xff, ref.num >> 8 & 0xff,
		ref.num >> 16 & 0xff, ref.gen & 0xff, ref.gen >> 8 & 0xff, 's',
		'A', 'l', 'T' };
	const struct vt_bytes parts[] = { VT_BYTES(c->key, c->nkey),
		VT_BYTES(salt, aes ? 9 : 5), { NULL, 0 } };

	*ret_n = c->nkey + 5 < 16 ? c->nkey + 5 : 16;
	return vt_pdf_evp_digest(&c->evp, c->evp.md5, parts, ret, err);
}

static int
aes_encrypt(const struct pdf_crypt *c, const EVP_CIPHER *cipher,
    const unsigned char *key, struct vt_bytes in, unsigned char *out,
    struct vt_error *err)
{
	size_t whole = in.len - in.len % BLOCK, pad = BLOCK - in.len % BLOCK;
	unsigned char last[BLOCK];
	int rc;

	if (RAND_bytes(out, BLOCK) != 1)
		return failed(err);
	if (in.len > whole)
		memcpy(last, in.data + whole, in.len - whole);
	memset(last + (in.len - whole), (int)pad, pad);
	rc = vt_pdf_evp_blocks(&c->evp, cipher, key, out, true, in.data, whole,
	    out + BLOCK, err);
	/* The block before is where the chain goes on. */
	return rc == VT_OK
		   ? vt_pdf_evp_blocks(&c->evp, cipher, key, out + whole, true,
			 last, BLOCK, out + BLOCK + whole, err)
		   : rc;
}

/* 7.6.3.2: the initialization vector first, padding last. */
static int
aes_decrypt(const struct pdf_crypt *c, const EVP_CIPHER *cipher,
    const unsigned char *key, struct vt_bytes in, unsigned char *out,
    size_t *ret_len, struct vt_error *err)
{
	size_t len, i, pad;
	int rc;

	*ret_len = 0;
	if (in.len == 0 || in.len == BLOCK) /* as some write what is empty */
		return VT_OK;
	if (in.len % BLOCK != 0 || in.len < 2 * BLOCK)
		goto bad;
	len = in.len - BLOCK;
	rc = vt_pdf_evp_blocks(&c->evp, cipher, key, in.data, false,
	    in.data + BLOCK, len, out, err);
	if (rc != VT_OK)
		return rc;
	pad = out[len - 1];
	if (pad == 0 || pad > BLOCK)
		goto bad;
	for (i = 1; i <= pad; i++)
		if (out[len - i] != pad)
			goto bad;
	*ret_len = len - pad;
	return VT_OK;
bad:
	return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.6.3",
	    "encrypted data is damaged");
}

int
vt_pdf_crypt_bytes(const struct pdf_crypt *c, enum pdf_cipher cipher,
    struct vt_pdf_ref ref, bool encrypt, struct vt_bytes in, struct vt_buf *ret,
    struct vt_error *err)
{
	unsigned char mixed[16];
	const EVP_CIPHER *aes =
	    cipher == PDF_AES128 ? c->evp.aes128 : c->evp.aes256;
	const unsigned char *key = c->key;
	size_t nkey = c->nkey, room = in.len, len = in.len;
	int rc = VT_OK;

	if (cipher != PDF_CIPHER_NONE && c->keyless)
		return vt_error_set(err, VT_EKEY, "ISO 32000-2, 7.6.4",
		    "an embedded file opens only with a password");
	if (cipher != PDF_AES256 && cipher != PDF_CIPHER_NONE) {
		rc =
		    object_key(c, cipher == PDF_AES128, ref, mixed, &nkey, err);
		if (rc != VT_OK)
			return rc;
		key = mixed;
	}
	if (encrypt && cipher != PDF_RC4)
		room = len = in.len - in.len % BLOCK + (size_t)2 * BLOCK;
	if ((rc = vt_buf_reserve(ret, room)) != VT_OK)
		return vt_pdf_buf_error(rc, err);
	if (cipher == PDF_CIPHER_NONE || in.len + room == 0) {
		rc = vt_buf_bytes_put(ret, in);
		return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, err);
	}
	if (cipher == PDF_RC4)
		vt_pdf_rc4(VT_BYTES(key, nkey), in.data, in.len,
		    ret->data + ret->len);
	else if (encrypt)
		rc = aes_encrypt(c, aes, key, in, ret->data + ret->len, err);
	else
		rc = aes_decrypt(c, aes, key, in, ret->data + ret->len, &len,
		    err);
	OPENSSL_cleanse(mixed, sizeof(mixed));
	if (rc != VT_OK)
		return rc;
	ret->len += len;
	ret->data[ret->len] = '\0';
	return VT_OK;
}
