/* key_int.h - what the parts of key share */
#ifndef VT_KEY_INT_H
#define VT_KEY_INT_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "vanthu/bytes.h"
#include "vanthu/key.h"
#include "vanthu/signer.h" /* enum vt_sigalg */
#include "vanthu/x509.h"

struct vt_error;
struct vt_signer;

/* A passphrase that is asked for at most once. */
struct key_pass {
	const struct vt_key_ask *ask;
	const char *what;
	struct vt_secret secret;
	bool asked;
};

/* VT_EKEY where there is nobody to ask. */
int vt_key_pass_get(struct key_pass *p, struct vt_error *err);
void vt_key_pass_release(struct key_pass *p);

/* A whole key file; clear it with vt_key_clear(). */
int vt_key_read(const char *path, struct vt_buf *ret, struct vt_error *err);
void vt_key_clear(struct vt_buf *buf);

/*
 * Add the iterations that a password-based encryption scheme (RFC 8018,
 * RFC 7292 appendix C) asks for to *TOTAL.  VT_ELIMIT past
 * VT_KEY_ITERATIONS_MAX; VT_EUNSUPPORTED: no such scheme of ours.
 */
int vt_key_iterations(const X509_ALGOR *alg, uint64_t *total,
    struct vt_error *err);
int vt_key_iterations_add(int64_t n, uint64_t *total, struct vt_error *err);

/*
 * A signer of KEY and the one of CERTS that is its; the others become its
 * chain.  Takes KEY over where VT_OK.  WHAT is the certificates' file.
 */
int vt_key_signer(EVP_PKEY *key, const struct vt_certs *certs, const char *what,
    const char *chain_path, struct vt_signer **ret, struct vt_error *err);

/*
 * Tell OP, begun for signing or verifying, that a digest by MD is signed by ALG
 * (RFC 8017, 8.1 and 8.2; the salt is as long as the digest).
 */
bool vt_key_padding(EVP_PKEY_CTX *op, enum vt_sigalg alg, const EVP_MD *md);

/* Is KEY, private or public, of a kind that we sign with?  VT_EKEY. */
int vt_key_check(EVP_PKEY *key, struct vt_error *err);
/*
 * The certificates of CERTS but OWN, and those of the file CHAIN_PATH, which
 * may be NULL.  VT_ELIMIT past VT_KEY_CHAIN_MAX.
 */
int vt_key_chain(const struct vt_certs *certs, const struct vt_cert *own,
    const char *chain_path, struct vt_certs *ret, struct vt_error *err);

#endif
