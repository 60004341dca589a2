/* digest.h - SHA-256 (FIPS 180-4), by which every file here is named */
#ifndef VANTHU_DIGEST_H
#define VANTHU_DIGEST_H

#include "vanthu/bytes.h"

struct vt_error;
struct vt_source;

#define VT_SHA256_LEN 32
#define VT_SHA256_HEX (2 * VT_SHA256_LEN + 1)

struct vt_sha256; /* a digest being made */

int vt_sha256_new(struct vt_sha256 **ret, struct vt_error *err);
int vt_sha256_update(struct vt_sha256 *d, struct vt_bytes b,
    struct vt_error *err);
/* Writes the digest; D may then only be freed. */
int vt_sha256_final(struct vt_sha256 *d, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err);
void vt_sha256_free(struct vt_sha256 *d); /* NULL is allowed */
/* D as it stands now, for the caller to free. */
int vt_sha256_copy(const struct vt_sha256 *d, struct vt_sha256 **ret,
    struct vt_error *err);
/* CTX, an EVP_MD_CTX of SHA-256, goes on from where D stands. */
int vt_sha256_resume(void *ctx, const struct vt_sha256 *d,
    struct vt_error *err);

/* In one call: of bytes, of a whole source. */
int vt_sha256(struct vt_bytes b, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err);
int vt_sha256_source(struct vt_source *src, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err);

/*
 * OpenSSL without openssl.cnf, for all of the process; before anything else of
 * this library.  Who judges or signs calls it: engines, providers and security
 * levels that a file or the environment names must not move a verdict.
 * NO_KEYS: the process opens no private key.  It then does without OpenSSL's
 * table of the ciphers that an encrypted PEM file names, which takes 0.2 ms;
 * ciphers that are fetched (encrypted PDF) are had all the same.
 */
void vt_crypto_unconfigured(bool no_keys);

#endif
