/* x509_crl.c - one revocation list (RFC 5280, 5) */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "x509_int.h"

static int
bad_crl(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1",
	    "not one certificate revocation list in DER");
}

/* RFC 5280, 5.1.1.2: the outer and the signed algorithm are one. */
static bool
one_algorithm(struct vt_bytes der)
{
	struct vt_bytes list, tbs, outer, inner, version;

	if (!vt_x509_der_take(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &list) ||
	    !vt_x509_der_take(&list, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &tbs) ||
	    !vt_x509_der_take(&list, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &outer))
		return false;
	(void)vt_x509_der_take(&tbs, V_ASN1_INTEGER, V_ASN1_UNIVERSAL,
	    &version);
	return vt_x509_der_take(&tbs, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL,
		   &inner) &&
	       vt_bytes_equal(inner, outer);
}

static int
crl_decode(struct vt_crl *crl, struct vt_error *err)
{
	const unsigned char *p = crl->der;
	unsigned char *again = NULL;
	const ASN1_TIME *next;
	bool same;
	int n;

	crl->crl = d2i_X509_CRL(NULL, &p, (long)crl->len);
	if (crl->crl == NULL || p != crl->der + crl->len)
		return bad_crl(err);
	n = i2d_X509_CRL(crl->crl, &again);
	same = n > 0 &&
	       vt_bytes_equal(VT_BYTES(again, (size_t)n), vt_crl_der(crl));
	OPENSSL_free(again);
	if (!same || !one_algorithm(vt_crl_der(crl)))
		return bad_crl(err);

	next = X509_CRL_get0_nextUpdate(crl->crl);
	crl->next_update = VT_TIME_NONE;
	if (!vt_x509_time(X509_CRL_get0_lastUpdate(crl->crl),
		&crl->this_update) ||
	    (next != NULL && !vt_x509_time(next, &crl->next_update)))
		return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1.2.4",
		    "the revocation list's times cannot be read");
	crl->issuer_line = vt_x509_name_line(X509_CRL_get_issuer(crl->crl));
	return crl->issuer_line == NULL ? vt_error_nomem(err) : VT_OK;
}

int
vt_crl_parse(struct vt_bytes der, struct vt_crl **ret, struct vt_error *err)
{
	struct vt_crl *crl;
	int rc;

	if (der.len > VT_CRL_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a revocation list is longer than %u bytes", VT_CRL_MAX);
	if (der.len == 0)
		return bad_crl(err);
	if ((crl = calloc(1, sizeof(*crl))) == NULL ||
	    (crl->der = malloc(der.len)) == NULL) {
		free(crl);
		return vt_error_nomem(err);
	}
	atomic_init(&crl->refs, 1);
	memcpy(crl->der, der.data, der.len);
	crl->len = der.len;

	ERR_set_mark();
	if ((rc = vt_sha256(der, crl->sha256, err)) == VT_OK)
		rc = crl_decode(crl, err);
	ERR_pop_to_mark();
	if (rc != VT_OK) {
		vt_crl_free(crl);
		return rc;
	}
	*ret = crl;
	return VT_OK;
}

struct vt_crl *
vt_crl_ref(struct vt_crl *crl)
{
	atomic_fetch_add(&crl->refs, 1);
	return crl;
}

void
vt_crl_free(struct vt_crl *crl)
{
	if (crl == NULL || atomic_fetch_sub(&crl->refs, 1) != 1)
		return;
	X509_CRL_free(crl->crl);
	free(crl->issuer_line);
	free(crl->der);
	free(crl);
}

struct vt_bytes
vt_crl_der(const struct vt_crl *crl)
{
	return VT_BYTES(crl->der, crl->len);
}

const unsigned char *
vt_crl_sha256(const struct vt_crl *crl)
{
	return crl->sha256;
}

X509_CRL *
vt_crl_x509(const struct vt_crl *crl)
{
	return crl->crl;
}

const char *
vt_crl_issuer_line(const struct vt_crl *crl)
{
	return crl->issuer_line;
}

int64_t
vt_crl_this_update(const struct vt_crl *crl)
{
	return crl->this_update;
}

int64_t
vt_crl_next_update(const struct vt_crl *crl)
{
	return crl->next_update;
}

bool
vt_crl_is_delta(const struct vt_crl *crl)
{
	return X509_CRL_get_ext_by_NID(crl->crl, NID_delta_crl, -1) >= 0;
}

bool
vt_crl_signed_by(const struct vt_crl *crl, const struct vt_cert *issuer)
{
	EVP_PKEY *key = vt_cert_key(issuer);
	bool ok;

	if (key == NULL)
		return false;
	ERR_set_mark();
	ok = X509_CRL_verify(crl->crl, key) == 1;
	ERR_pop_to_mark();
	return ok;
}

const char *
vt_crl_digest(const struct vt_crl *crl)
{
	const X509_ALGOR *alg;

	X509_CRL_get0_signature(crl->crl, NULL, &alg);
	return vt_x509_digest(alg);
}
