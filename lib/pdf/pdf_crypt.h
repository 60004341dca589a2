/* pdf_crypt.h - the standard security handler (ISO 32000-2, 7.6) */
#ifndef PDF_CRYPT_H
#define PDF_CRYPT_H

#include <openssl/evp.h>

#include "pdf_int.h"

#define PDF_KEY_MAX 32
#define PDF_PASSWORD_MAX 127 /* bytes that count of one (7.6.4.3.3) */

enum pdf_cipher { PDF_CIPHER_NONE, PDF_RC4, PDF_AES128, PDF_AES256 };

/*
 * Ciphers come from a library context of our own: what the system's OpenSSL
 * configuration forbids (MD5, say, under FIPS) is still what a file was made
 * with, and no module is loaded, which a confined worker could not do.
 */
struct pdf_evp {
	OSSL_LIB_CTX *lib;
	OSSL_PROVIDER *provider;
	EVP_CIPHER_CTX *cipher;
	EVP_MD *md5, *sha256, *sha384, *sha512;
	EVP_CIPHER *aes128, *aes256, *aes256_ecb;
};

int vt_pdf_evp_new(struct pdf_evp *evp, struct vt_error *err);
void vt_pdf_evp_release(struct pdf_evp *evp); /* a zeroed one is allowed */

/* The digest of PARTS, NULL data ends them, in RET, which has room. */
int vt_pdf_evp_digest(const struct pdf_evp *evp, const EVP_MD *md,
    const struct vt_bytes *parts, unsigned char *ret, struct vt_error *err);
/* LEN bytes, whole blocks of AES without padding; IN and OUT may be one. */
int vt_pdf_evp_blocks(const struct pdf_evp *evp, const EVP_CIPHER *cipher,
    const unsigned char *key, const unsigned char *iv, bool encrypt,
    const unsigned char *in, size_t len, unsigned char *out,
    struct vt_error *err);
void vt_pdf_rc4(struct vt_bytes key, const unsigned char *in, size_t len,
    unsigned char *out);

/* What a document needs to be read; one per document. */
struct pdf_crypt {
	struct pdf_evp evp;
	int version, revision;
	unsigned char key[PDF_KEY_MAX];
	size_t nkey;
	enum pdf_cipher strings, streams, files;
	struct pdf_crypt_filter {
		char name[32];
		enum pdf_cipher cipher;
	} filters[VT_PDF_CRYPT_FILTERS_MAX];
	size_t nfilters;
	bool metadata; /* is encrypted as all else */
	bool keyless;  /* only embedded files are encrypted, and stay so */
	bool owner;    /* the owner's password opened it */
	uint32_t permissions;
	uint32_t self; /* the object that is /Encrypt; 0: none */
};

/* What /Encrypt says, and /ID; all borrowed. */
struct pdf_crypt_dict {
	int revision;
	size_t nkey;
	struct vt_bytes o, u, oe, ue, perms, id;
	uint32_t permissions;
	bool metadata;
};

/*
 * The file's key from a password (7.6.4.3, 7.6.4.4), as an owner's or else a
 * user's.  *RET is false where it is neither.
 */
int vt_pdf_crypt_key(const struct pdf_crypt_dict *d, struct vt_bytes password,
    struct pdf_crypt *c, bool *ret, struct vt_error *err);
int vt_pdf_crypt_key_old(const struct pdf_crypt_dict *d,
    struct vt_bytes password, struct pdf_crypt *c, bool *ret,
    struct vt_error *err);

/*
 * IN, a string or a stream of object REF, appended to RET.  VT_EFORMAT: what
 * is to be decrypted was not encrypted so.
 */
int vt_pdf_crypt_bytes(const struct pdf_crypt *c, enum pdf_cipher cipher,
    struct vt_pdf_ref ref, bool encrypt, struct vt_bytes in, struct vt_buf *ret,
    struct vt_error *err);

/* How the data of STREAM, whose first filter is FILTER, are encrypted. */
int vt_pdf_crypt_stream(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    const struct vt_pdf_obj *filter, const struct vt_pdf_obj *parms,
    enum pdf_cipher *ret, struct vt_error *err);
/* A stream's own bytes, decrypted, appended to RET. */
int vt_pdf_crypt_data(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    enum pdf_cipher cipher, struct vt_buf *ret, struct vt_error *err);

#endif
