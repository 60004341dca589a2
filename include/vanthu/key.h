/* key.h - signers whose key lies in a file: PEM, PKCS#12 */
#ifndef VANTHU_KEY_H
#define VANTHU_KEY_H

#include "vanthu/limits.h"

struct vt_error;
struct vt_secret;
struct vt_signer; /* signer.h */

/*
 * Where a passphrase comes from.  Called once at most for each file, and only
 * where the file needs one; WHAT is its path.  Put it in *RET, which is
 * released by whoever called.  Any code but VT_OK ends the work with it.
 */
struct vt_key_ask {
	int (*fn)(void *ctx, const char *what, struct vt_secret *ret,
	    struct vt_error *err);
	void *ctx;
};

/*
 * A signer from a private key (PKCS#8, encrypted or not, or the older PEM
 * forms; DER PKCS#8 too) and its certificate (PEM or DER).  Further
 * certificates in CERT_PATH, and those in CHAIN_PATH, which may be NULL, are
 * what the signer brings along; the first in CERT_PATH that fits the key is the
 * signer's.  ASK may be NULL: no passphrase.  On VT_OK *RET is the caller's, to
 * be freed with vt_signer_free().  VT_EKEY: wrong or no passphrase, the
 * certificate is not the key's, a key we do not sign with (RSA under
 * VT_KEY_RSA_MIN, EC other than P-256 and P-384, any other kind).  VT_EFORMAT,
 * VT_ELIMIT (also too many iterations), VT_EIO, VT_ENOMEM, VT_ECRYPTO.
 */
int vt_key_pem(const char *key_path, const char *cert_path,
    const char *chain_path, const struct vt_key_ask *ask,
    struct vt_signer **ret, struct vt_error *err);

/*
 * A signer from PKCS#12 (RFC 7292).  The iteration counts in it are read and
 * their sum is compared with VT_KEY_ITERATIONS_MAX before anything is derived
 * by them; a file without a MAC is refused, and so is one with several keys.
 * The MAC is checked with the passphrase before anything is decrypted.
 * CHAIN_PATH may be NULL.  Errors as vt_key_pem().
 */
int vt_key_p12(const char *path, const char *chain_path,
    const struct vt_key_ask *ask, struct vt_signer **ret, struct vt_error *err);

#endif
