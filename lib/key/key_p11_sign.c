/* key_p11_sign.c - what a token signs, and whether it did */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"

/* DigestInfo up to the digest (RFC 8017, 9.2, note 1). */
static const unsigned char sha256_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
	0x20 };
static const unsigned char sha384_info[] = { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09,
	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04,
	0x30 };
static const unsigned char sha512_info[] = { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09,
	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04,
	0x40 };
#define INFO_LEN sizeof(sha256_info)

static const struct {
	const unsigned char *info;
	CK_MECHANISM_TYPE hash;
	CK_RSA_PKCS_MGF_TYPE mgf;
} hashes[] = {
	[VT_HASH_SHA256] = { sha256_info, CKM_SHA256, CKG_MGF1_SHA256 },
	[VT_HASH_SHA384] = { sha384_info, CKM_SHA384, CKG_MGF1_SHA384 },
	[VT_HASH_SHA512] = { sha512_info, CKM_SHA512, CKG_MGF1_SHA512 },
};

/* What the token is given, and how it is to sign it. */
struct order {
	CK_MECHANISM mechanism;
	CK_RSA_PKCS_PSS_PARAMS pss;
	unsigned char data[INFO_LEN + VT_HASH_MAX];
	CK_ULONG len;
};

/* Bytes of the order of the certificate's curve: of r, and of s. */
static size_t
curve_len(const struct vt_cert *cert)
{
	return ((size_t)vt_cert_key_bits(cert) + 7) / 8;
}

static int
order_make(const struct p11_signer *p, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, struct order *o, struct vt_error *err)
{
	const struct p11_session *s = &p->session;
	size_t len = digest.len;

	memset(o, 0, sizeof(*o));
	switch (alg) {
	case VT_SIGALG_RSA:
		o->mechanism.mechanism = CKM_RSA_PKCS;
		memcpy(o->data, hashes[hash].info, INFO_LEN);
		o->len = INFO_LEN;
		break;
	case VT_SIGALG_PSS:
		o->mechanism.mechanism = CKM_RSA_PKCS_PSS;
		o->pss.hashAlg = hashes[hash].hash;
		o->pss.mgf = hashes[hash].mgf;
		o->pss.sLen = digest.len;
		o->mechanism.pParameter = &o->pss;
		o->mechanism.ulParameterLen = sizeof(o->pss);
		break;
	case VT_SIGALG_ECDSA:
		o->mechanism.mechanism = CKM_ECDSA;
		/* FIPS 186-5, 6.4.1: the leftmost bits, whole bytes for us. */
		if (len > curve_len(p->cert))
			len = curve_len(p->cert);
		break;
	}
	memcpy(o->data + o->len, digest.data, len);
	o->len += len;
	if (vt_key_p11_signs(&s->module, s->slot, o->mechanism.mechanism))
		return VT_OK;
	if (alg == VT_SIGALG_PSS)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token %s cannot sign by RSASSA-PSS; sign with --rsa "
		    "pkcs1",
		    s->label);
	return vt_error_set(err, VT_EKEY, NULL,
	    "the token %s cannot sign with a key of this kind", s->label);
}

/* The token answers no more; neither is it asked again. */
static int
lost(struct p11_session *s, struct vt_error *err)
{
	s->gone = true;
	return vt_error_set(err, VT_EKEY, NULL,
	    "the token %s was removed, or its session ended; what was signed "
	    "before is whole: plug the token in and start again",
	    s->label);
}

static int
failed(struct p11_session *s, CK_RV rv, struct vt_error *err)
{
	if (vt_key_p11_is_gone(rv))
		return lost(s, err);
	return vt_key_p11_error(rv, err);
}

/* PKCS#11 2.40, 5.6, C_Login: the PIN for the one operation that has begun. */
static int
login_once_more(struct p11_session *s, struct vt_error *err)
{
	CK_RV rv;

	rv = s->module.f->C_Login(s->handle, CKU_CONTEXT_SPECIFIC,
	    s->own_pad ? NULL : (CK_UTF8CHAR *)s->pin.data, s->pin.len);
	if (rv == CKR_OK)
		return VT_OK;
	/* Whatever the reason, this PIN is not given to it again. */
	s->gone = true;
	vt_secret_release(&s->pin);
	return vt_key_p11_pin_error(s, rv, err);
}

static int
token_sign(struct p11_signer *p, struct order *o, unsigned char *out,
    size_t *ret_len, struct vt_error *err)
{
	struct p11_session *s = &p->session;
	CK_ULONG len = VT_SIGNATURE_MAX;
	CK_RV rv;
	int rc;

	rv = s->module.f->C_SignInit(s->handle, &o->mechanism, p->key.handle);
	if (rv != CKR_OK)
		return failed(s, rv, err);
	if (p->key.each_time && (rc = login_once_more(s, err)) != VT_OK)
		return rc;
	rv = s->module.f->C_Sign(s->handle, o->data, o->len, out, &len);
	if (rv != CKR_OK)
		return failed(s, rv, err);
	if (len == 0 || len > VT_SIGNATURE_MAX)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token %s gives a signature of %lu bytes", s->label,
		    len);
	*ret_len = len;
	return VT_OK;
}

/* r and s, one behind the other, become their DER (RFC 3279, 2.2.3). */
static int
to_der(unsigned char *sig, size_t *len, struct vt_error *err)
{
	ECDSA_SIG *both = ECDSA_SIG_new();
	size_t half = *len / 2;
	BIGNUM *r = BN_bin2bn(sig, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(sig + half, (int)half, NULL);
	unsigned char *der = NULL;
	int n = -1;

	if (both != NULL && r != NULL && s != NULL && *len == half * 2 &&
	    ECDSA_SIG_set0(both, r, s) == 1) {
		r = s = NULL;
		n = i2d_ECDSA_SIG(both, &der);
	}
	if (n > 0 && n <= VT_SIGNATURE_MAX) {
		memcpy(sig, der, (size_t)n);
		*len = (size_t)n;
	}
	OPENSSL_free(der);
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(both);
	ERR_clear_error();
	if (n <= 0 || n > VT_SIGNATURE_MAX)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token's signature is not r and s of its curve");
	return VT_OK;
}

/* A token may err; and its key may not be the certificate's. */
static int
check(const struct p11_signer *p, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, struct vt_bytes sig, struct vt_error *err)
{
	EVP_PKEY_CTX *op =
	    EVP_PKEY_CTX_new_from_pkey(NULL, vt_cert_key(p->cert), NULL);
	EVP_MD *md = EVP_MD_fetch(NULL, vt_hash_name(hash), NULL);
	bool ok;

	ok = op != NULL && md != NULL && EVP_PKEY_verify_init(op) == 1;
	ok = ok && vt_key_padding(op, alg, md) &&
	     EVP_PKEY_verify(op, sig.data, sig.len, digest.data, digest.len) ==
		 1;
	EVP_PKEY_CTX_free(op);
	EVP_MD_free(md);
	ERR_clear_error();
	if (ok)
		return VT_OK;
	return vt_error_set(err, VT_EKEY, NULL,
	    "what the token %s signed does not hold by the certificate of %s: "
	    "the certificate is not the key's, or the token errs",
	    p->session.label, vt_cert_title(p->cert));
}

static int
signer_sign(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	struct p11_signer *p = ctx;
	struct order o;
	size_t len = 0;
	int rc;

	if (p->session.module.owner != getpid())
		return vt_error_set(err, VT_EARG, "PKCS#11 2.40, 5.4",
		    "a token signs only in the process that opened it");
	if (p->session.gone)
		return lost(&p->session, err);
	if ((rc = order_make(p, alg, hash, digest, &o, err)) != VT_OK ||
	    (rc = token_sign(p, &o, out, &len, err)) != VT_OK ||
	    (alg == VT_SIGALG_ECDSA &&
		(rc = to_der(out, &len, err)) != VT_OK) ||
	    (rc = check(p, alg, hash, digest, VT_BYTES(out, len), err)) !=
		VT_OK)
		return rc;
	*ret_len = len;
	return VT_OK;
}

static void
signer_free(void *ctx)
{
	struct p11_signer *p = ctx;

	if (p == NULL)
		return;
	vt_key_p11_close(&p->session);
	vt_cert_free(p->cert);
	free(p);
}

const struct vt_signer_ops vt_key_p11_ops = { signer_sign, signer_free, false };
