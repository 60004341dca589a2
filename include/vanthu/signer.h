/* signer.h - the table of functions through which any private key signs */
#ifndef VANTHU_SIGNER_H
#define VANTHU_SIGNER_H

#include "vanthu/x509.h" /* struct vt_certs */

enum vt_hash { VT_HASH_SHA256, VT_HASH_SHA384, VT_HASH_SHA512 };

#define VT_HASH_MAX 64 /* bytes of the longest digest */

size_t vt_hash_len(enum vt_hash hash);       /* bytes */
const char *vt_hash_name(enum vt_hash hash); /* "SHA256", for OpenSSL */

enum vt_sigalg {
	VT_SIGALG_RSA, /* RSASSA-PKCS1-v1_5 (RFC 8017, 8.2) */
	/* RSASSA-PSS, salt as long as the digest, MGF1 with the same digest */
	VT_SIGALG_PSS,
	VT_SIGALG_ECDSA /* DER of r and s (RFC 3279, 2.2.3) */
};

/*
 * What the certificate's key signs with: ECDSA for an EC key; PSS for an
 * id-RSASSA-PSS key, and for an RSA key where PSS is true.  VT_EUNSUPPORTED.
 */
int vt_sigalg_of(const struct vt_cert *cert, bool pss, enum vt_sigalg *ret,
    struct vt_error *err);

/*
 * The digest that the certificate's key goes with: what an id-RSASSA-PSS key is
 * restricted to (RFC 4055, 3.1), SHA-384 for P-384, else SHA-256.  VT_EKEY: a
 * key that cannot be read, or is restricted to another one.
 */
int vt_sigalg_hash(const struct vt_cert *cert, enum vt_hash *ret,
    struct vt_error *err);

#define VT_SIGNATURE_MAX 2048 /* bytes: RSA of 16,384 bits */

/*
 * One kind of key (a file, a token) fills this table.
 *
 * sign: sign DIGEST, the HASH of what is to be signed, whose length
 * vt_signer_sign() has checked; write at most VT_SIGNATURE_MAX bytes to OUT and
 * their number to *RET_LEN.  VT_EKEY, VT_ECRYPTO, VT_EUNSUPPORTED.
 * free: release CTX; clear what is secret.
 * forks: a process that was forked may sign with its copy of CTX; false: only
 * the one that made it, as with the session of a token.
 */
struct vt_signer_ops {
	int (*sign)(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
	    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
	    struct vt_error *err);
	void (*free)(void *ctx);
	bool forks;
};

/* Fields are read-only for all but the one who made it. */
struct vt_signer {
	const struct vt_signer_ops *ops;
	void *ctx;             /* owned */
	struct vt_cert *cert;  /* a reference of its own */
	struct vt_certs chain; /* what the key's file supplied beside CERT */
};

/*
 * A signer from its parts.  On VT_OK it owns CTX and has its own references to
 * CERT and the certificates of CHAIN (which may be NULL); else nothing was
 * taken.  VT_ENOMEM.
 */
int vt_signer_new(const struct vt_signer_ops *ops, void *ctx,
    struct vt_cert *cert, const struct vt_certs *chain, struct vt_signer **ret,
    struct vt_error *err);
void vt_signer_free(struct vt_signer *signer); /* NULL is allowed */

/*
 * Bytes that no signature of this key exceeds, for sizing what will hold one;
 * 0 where the key's kind is not known.
 */
size_t vt_signer_max(const struct vt_signer *signer);

/*
 * Sign DIGEST.  OUT has VT_SIGNATURE_MAX bytes.  VT_EARG where the digest's
 * length is not that of HASH or ALG does not fit the certificate's key; else
 * what the table's function returns.
 */
int vt_signer_sign(const struct vt_signer *signer, enum vt_sigalg alg,
    enum vt_hash hash, struct vt_bytes digest, unsigned char *out,
    size_t *ret_len, struct vt_error *err);

#endif
