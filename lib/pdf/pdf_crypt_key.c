/* pdf_crypt_key.c - the key of a file from a password (ISO 32000-2, 7.6.4) */
#include <openssl/crypto.h>
#include <string.h>

#include "pdf_crypt.h"

#define HASH 32
#define SALT 8
#define U_LEN (HASH + 2 * SALT)
#define ROUNDS 64
/* The last byte ends it at ROUNDS or later, and is at most 255. */
#define ROUNDS_MAX (255 + 32 + 1)
#define DIGEST_MAX 64

/*
 * 7.6.4.3.4, algorithm 2.B: K is the SHA-256 of the input, and then what
 * encrypting its repetition leaves.
 */
struct hardened {
	unsigned char k[DIGEST_MAX];
	size_t nk;
	unsigned char text[64 * (PDF_PASSWORD_MAX + DIGEST_MAX + U_LEN)];
};

static int
harden_round(const struct pdf_evp *evp, struct hardened *h,
    struct vt_bytes password, struct vt_bytes u, unsigned char *ret_last,
    struct vt_error *err)
{
	size_t one = password.len + h->nk + u.len, i, len = 64 * one;
	struct vt_bytes parts[2] = { { h->text, len }, { NULL, 0 } };
	unsigned char *p = h->text;
	const EVP_MD *md;
	unsigned sum = 0;
	int rc;

	for (i = 0; i < 64; i++) {
		if (password.len > 0)
			memcpy(p, password.data, password.len);
		memcpy(p + password.len, h->k, h->nk);
		if (u.len > 0)
			memcpy(p + password.len + h->nk, u.data, u.len);
		p += one;
	}
	rc = vt_pdf_evp_blocks(evp, evp->aes128, h->k, h->k + 16, true, h->text,
	    len, h->text, err);
	if (rc != VT_OK)
		return rc;
	/* 16 bytes as a number, modulo 3: 256 is 1 there. */
	for (i = 0; i < 16; i++)
		sum += h->text[i];
	md = sum % 3 == 0   ? evp->sha256
	     : sum % 3 == 1 ? evp->sha384
			    : evp->sha512;
	h->nk = 32 + 16 * (size_t)(sum % 3);
	*ret_last = h->text[len - 1];
	return vt_pdf_evp_digest(evp, md, parts, h->k, err);
}

/* PASSWORD with SALT, and for an owner with U. */
static int
hash(const struct pdf_evp *evp, int revision, struct vt_bytes password,
    const unsigned char *salt, struct vt_bytes u, unsigned char ret[HASH],
    struct vt_error *err)
{
	struct vt_bytes parts[4] = { password, VT_BYTES(salt, SALT), u,
		{ NULL, 0 } };
	struct hardened h;
	unsigned char last = 0;
	int i, rc;

	if (password.len == 0)
		parts[0] = VT_BYTES("", 0);
	h.nk = HASH;
	rc = vt_pdf_evp_digest(evp, evp->sha256, parts, h.k, err);
	if (revision >= 6)
		for (i = 0; rc == VT_OK && i < ROUNDS_MAX &&
			    (i < ROUNDS || last > i - 32);
		     i++)
			rc = harden_round(evp, &h, password, u, &last, err);
	memcpy(ret, h.k, HASH);
	OPENSSL_cleanse(&h, sizeof(h));
	return rc;
}

/* One of the two ways; WHOSE is /U or /O, KEPT /UE or /OE. */
static int
open_with(const struct pdf_crypt_dict *d, struct vt_bytes password,
    struct vt_bytes whose, struct vt_bytes kept, struct vt_bytes u,
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	static const unsigned char zero[16] = { 0 };
	unsigned char k[HASH];
	int rc;

	*ret = false;
	rc = hash(&c->evp, d->revision, password, whose.data + HASH, u, k, err);
	if (rc != VT_OK || CRYPTO_memcmp(k, whose.data, HASH) != 0)
		goto out;
	rc = hash(&c->evp, d->revision, password, whose.data + HASH + SALT, u,
	    k, err);
	if (rc == VT_OK)
		rc = vt_pdf_evp_blocks(&c->evp, c->evp.aes256, k, zero, false,
		    kept.data, HASH, c->key, err);
	if (rc != VT_OK)
		goto out;
	c->nkey = HASH;
	*ret = true;
out:
	OPENSSL_cleanse(k, sizeof(k));
	return rc;
}

/* 7.6.4.4.12, algorithm 13: what /P says is what it said when encrypted. */
static int
check_perms(const struct pdf_crypt_dict *d, const struct pdf_crypt *c,
    struct vt_error *err)
{
	unsigned char p[16];
	uint32_t was;
	int rc;

	rc = vt_pdf_evp_blocks(&c->evp, c->evp.aes256_ecb, c->key, NULL, false,
	    d->perms.data, sizeof(p), p, err);
	if (rc != VT_OK)
		return rc;
	was = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	      (uint32_t)p[3] << 24;
	if (memcmp(p + 9, "adb", 3) != 0 || was != d->permissions ||
	    p[8] != (d->metadata ? 'T' : 'F'))
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.6.4.4.12",
		    "the permissions were changed after encryption");
	return VT_OK;
}

int
vt_pdf_crypt_key(const struct pdf_crypt_dict *d, struct vt_bytes password,
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	struct vt_bytes u = vt_bytes_slice(d->u, 0, U_LEN);
	struct vt_bytes none = { NULL, 0 };
	int rc;

	*ret = false;
	if (d->revision < 5)
		return vt_pdf_crypt_key_old(d, password, c, ret, err);
	if (d->u.len < U_LEN || d->ue.len != HASH || d->perms.len != 16)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.6.4.2",
		    "/Encrypt has strings of the wrong length");
	password = vt_bytes_slice(password, 0, PDF_PASSWORD_MAX);
	/* Where only the owner's part is broken the user's still serves. */
	rc = d->o.len < U_LEN || d->oe.len != HASH
		 ? VT_OK
		 : open_with(d, password, d->o, d->oe, u, c, ret, err);
	c->owner = rc == VT_OK && *ret;
	if (rc == VT_OK && !*ret)
		rc = open_with(d, password, d->u, d->ue, none, c, ret, err);
	if (rc == VT_OK && *ret && (rc = check_perms(d, c, err)) != VT_OK)
		*ret = false;
	return rc;
}
