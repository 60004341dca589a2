/* pdf_crypt_old.c - the key of a file by MD5 and RC4 (ISO 32000-2, 7.6.4.3) */
#include <openssl/crypto.h>
#include <string.h>

#include "pdf_crypt.h"

#define PAD 32
#define MD5 16
#define AGAIN 50  /* digests of digests */
#define ROUNDS 19 /* RC4 again, by the key with a number in it */

/* 7.6.4.3.2, algorithm 2, step a. */
static const unsigned char padding[PAD] = { 0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75,
	0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e,
	0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53,
	0x69, 0x7a };

static void
pad(struct vt_bytes password, unsigned char ret[PAD])
{
	size_t n = password.len < PAD ? password.len : PAD;

	if (n > 0)
		memcpy(ret, password.data, n);
	memcpy(ret + n, padding, PAD - n);
}

/* The first N bytes of RET again and again. */
static int
again(const struct pdf_evp *evp, size_t n, unsigned char ret[MD5],
    struct vt_error *err)
{
	const struct vt_bytes parts[] = { VT_BYTES(ret, n), { NULL, 0 } };
	unsigned char next[MD5];
	int i, rc = VT_OK;

	for (i = 0; i < AGAIN && rc == VT_OK; i++) {
		rc = vt_pdf_evp_digest(evp, evp->md5, parts, next, err);
		memcpy(ret, next, MD5);
	}
	return rc;
}

/* RC4 of LEN bytes at B by the key with I in each of its bytes. */
static void
rc4_round(const unsigned char *key, size_t nkey, int i, unsigned char *b,
    size_t len)
{
	unsigned char k[MD5];
	size_t j;

	for (j = 0; j < nkey; j++)
		k[j] = key[j] ^ (unsigned char)i;
	vt_pdf_rc4(VT_BYTES(k, nkey), b, len, b);
	OPENSSL_cleanse(k, sizeof(k));
}

/* Algorithm 2: the key, if this is the user's password. */
static int
file_key(const struct pdf_crypt_dict *d, const unsigned char padded[PAD],
    const struct pdf_evp *evp, unsigned char key[MD5], struct vt_error *err)
{
	const unsigned char p[4] = { d->permissions & 0xff,
		d->permissions >> 8 & 0xff, d->permissions >> 16 & 0xff,
		d->permissions >> 24 & 0xff };
	const struct vt_bytes parts[] = { VT_BYTES(padded, PAD),
		VT_BYTES(d->o.data, PAD), VT_BYTES(p, 4),
		VT_BYTES(d->id.len > 0 ? d->id.data : p, d->id.len),
		VT_BYTES("\xff\xff\xff\xff",
		    d->revision >= 4 && !d->metadata ? 4 : 0),
		{ NULL, 0 } };
	int rc = vt_pdf_evp_digest(evp, evp->md5, parts, key, err);

	return rc == VT_OK && d->revision >= 3 ? again(evp, d->nkey, key, err)
					       : rc;
}

/* Algorithms 4 and 5: what /U must begin with. */
static int
user_check(const struct pdf_crypt_dict *d, const unsigned char *key,
    const struct pdf_evp *evp, unsigned char ret[PAD], size_t *ret_len,
    struct vt_error *err)
{
	const struct vt_bytes parts[] = { VT_BYTES(padding, PAD),
		VT_BYTES(d->id.len > 0 ? d->id.data : padding, d->id.len),
		{ NULL, 0 } };
	int i, rc;

	if (d->revision == 2) {
		memcpy(ret, padding, PAD);
		*ret_len = PAD;
		rc4_round(key, d->nkey, 0, ret, PAD);
		return VT_OK;
	}
	if ((rc = vt_pdf_evp_digest(evp, evp->md5, parts, ret, err)) != VT_OK)
		return rc;
	*ret_len = MD5;
	for (i = 0; i <= ROUNDS; i++)
		rc4_round(key, d->nkey, i, ret, MD5);
	return VT_OK;
}

static int
as_user(const struct pdf_crypt_dict *d, const unsigned char padded[PAD],
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	unsigned char key[MD5], want[PAD];
	size_t n;
	int rc;

	*ret = false;
	if ((rc = file_key(d, padded, &c->evp, key, err)) == VT_OK &&
	    (rc = user_check(d, key, &c->evp, want, &n, err)) == VT_OK &&
	    CRYPTO_memcmp(want, d->u.data, n) == 0) {
		memcpy(c->key, key, d->nkey);
		c->nkey = d->nkey;
		*ret = true;
	}
	OPENSSL_cleanse(key, sizeof(key));
	return rc;
}

/* Algorithm 7: /O holds the user's password, encrypted to the owner's. */
static int
as_owner(const struct pdf_crypt_dict *d, const unsigned char padded[PAD],
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	const struct vt_bytes parts[] = { VT_BYTES(padded, PAD), { NULL, 0 } };
	unsigned char key[MD5], user[PAD];
	int i, rc;

	*ret = false;
	rc = vt_pdf_evp_digest(&c->evp, c->evp.md5, parts, key, err);
	if (rc == VT_OK && d->revision >= 3)
		rc = again(&c->evp, MD5, key, err);
	if (rc != VT_OK)
		goto out;
	memcpy(user, d->o.data, PAD);
	for (i = d->revision == 2 ? 0 : ROUNDS; i >= 0; i--)
		rc4_round(key, d->nkey, i, user, PAD);
	rc = as_user(d, user, c, ret, err);
out:
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(user, sizeof(user));
	return rc;
}

int
vt_pdf_crypt_key_old(const struct pdf_crypt_dict *d, struct vt_bytes password,
    struct pdf_crypt *c, bool *ret, struct vt_error *err)
{
	unsigned char padded[PAD];
	int rc;

	if (d->o.len < PAD || d->u.len < PAD)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.6.4.2",
		    "/Encrypt has strings of the wrong length");
	pad(password, padded);
	rc = as_owner(d, padded, c, ret, err);
	c->owner = rc == VT_OK && *ret;
	if (rc == VT_OK && !*ret)
		rc = as_user(d, padded, c, ret, err);
	OPENSSL_cleanse(padded, sizeof(padded));
	return rc;
}
