/* x509_int.h - what the parts of x509 share */
#ifndef VT_X509_INT_H
#define VT_X509_INT_H

#include <openssl/x509v3.h>
#include <stdatomic.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"

struct vt_cert {
	atomic_size_t refs;
	unsigned char *der;
	size_t len;
	unsigned char sha256[VT_SHA256_LEN];
	X509 *x;
	char *subject[VT_NAME_COUNT], *issuer[VT_NAME_COUNT];
	char *subject_line, *issuer_line;
	char *serial;
	struct vt_bytes serial_der; /* the whole INTEGER; for free() */
	int64_t not_before, not_after;
	struct vt_list eku;
	const char *defect;   /* a msgid, or NULL */
	struct vt_cert *next; /* alive, in the same bucket */
};

/*
 * The certificates that are alive in this process, each once: OpenSSL takes
 * longest by far to read their keys, and one message names the same few again
 * and again.  _find: a new reference, or NULL.  _drop: one reference less; true
 * where it was the last, and CERT is the caller's to release.
 */
struct vt_cert *vt_x509_live_find(struct vt_bytes der,
    const unsigned char *sha256);
void vt_x509_live_add(struct vt_cert *cert);
bool vt_x509_live_drop(struct vt_cert *cert);

/*
 * All of DER as one certificate, or NULL.  Its key comes from a library of
 * OpenSSL's of our own: whatever it is verified or compared by is told its own
 * library, as vt_x509_signed() does.
 */
X509 *vt_x509_decode(struct vt_bytes der);

/*
 * Did KEY (NULL: no) sign TBS, one whole SEQUENCE, by ALG?  As
 * ASN1_item_verify() says: the algorithms are OpenSSL's, which of them count is
 * for others to say.
 */
bool vt_x509_signed(struct vt_bytes tbs, const X509_ALGOR *alg,
    const ASN1_BIT_STRING *sig, EVP_PKEY *key);

/* vt_cert_defect(), worked out. */
const char *vt_x509_defect(const struct vt_cert *cert);

/* vt_cert_digest() of any signature's algorithm. */
const char *vt_x509_digest(const X509_ALGOR *alg);

/* Room for one more pointer in a set of N.  VT_ENOMEM; VT_ELIMIT. */
int vt_x509_set_grow(void **items, size_t n, struct vt_error *err);

/* One line (RFC 4514) for free().  VT_ELIMIT past VT_X509_TEXT_MAX. */
int vt_x509_name_line(const X509_NAME *name, char **ret, struct vt_error *err);
/* The parts into RET[VT_NAME_COUNT], each for free() or NULL. */
int vt_x509_name_parts(const X509_NAME *name, char **ret, struct vt_error *err);
/* The first e-mail address of the alternative name, or NULL. */
int vt_x509_alt_email(const X509 *x, char **ret, struct vt_error *err);

#endif
