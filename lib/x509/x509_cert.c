/* x509_cert.c - one certificate: parsed once, then only read */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "x509_der.h"
#include "x509_int.h"

/* Encoded anew it differs where it did not come as DER.  Frees AGAIN. */
static bool
same_der(unsigned char *again, int n, struct vt_bytes der)
{
	bool same = n > 0 && vt_bytes_equal(VT_BYTES(again, (size_t)n), der);

	OPENSSL_free(again);
	return same;
}

static int
bad_cert(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 5280, 4.1",
	    "not one certificate in DER");
}

static int
cert_decode(struct vt_cert *cert, struct vt_error *err)
{
	unsigned char *again = NULL;
	const X509_ALGOR *outer;
	int n;

	cert->x = vt_x509_decode(VT_BYTES(cert->der, cert->len));
	if (cert->x == NULL)
		return bad_cert(err);
	n = i2d_X509(cert->x, &again);
	if (!same_der(again, n, VT_BYTES(cert->der, cert->len)))
		return bad_cert(err);
	/* RFC 5280, 4.1.1.2: the outer and the signed algorithm are one. */
	X509_get0_signature(NULL, &outer, cert->x);
	if (X509_ALGOR_cmp(X509_get0_tbs_sigalg(cert->x), outer) != 0)
		return bad_cert(err);
	return VT_OK;
}

static int
cert_eku(struct vt_cert *cert, struct vt_error *err)
{
	EXTENDED_KEY_USAGE *eku;
	char oid[128];
	int i, n, rc = VT_OK;

	eku = X509_get_ext_d2i(cert->x, NID_ext_key_usage, NULL, NULL);
	for (i = 0; i < sk_ASN1_OBJECT_num(eku) && rc == VT_OK; i++) {
		n = OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(eku, i),
		    1);
		rc = vt_list_add(&cert->eku,
		    n > 0 && (size_t)n < sizeof(oid) ? oid : "?", err);
	}
	sk_ASN1_OBJECT_pop_free(eku, ASN1_OBJECT_free);
	return rc;
}

static int
cert_serial(struct vt_cert *cert, struct vt_error *err)
{
	BIGNUM *bn;
	unsigned char *der = NULL;
	char *hex = NULL;
	int n;

	bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert->x), NULL);
	if (bn != NULL)
		hex = BN_bn2hex(bn);
	if (hex != NULL)
		cert->serial = vt_bytes_dup(vt_bytes_str(hex));
	OPENSSL_free(hex);
	BN_free(bn);
	n = i2d_ASN1_INTEGER(X509_get0_serialNumber(cert->x), &der);
	if (n > 0)
		cert->serial_der = VT_BYTES(der, (size_t)n);
	return cert->serial == NULL || n <= 0 ? vt_error_nomem(err) : VT_OK;
}

static int
cert_read(struct vt_cert *cert, struct vt_error *err)
{
	const X509_NAME *subject = X509_get_subject_name(cert->x);
	const X509_NAME *issuer = X509_get_issuer_name(cert->x);
	int rc;

	if (!vt_x509_time(X509_get0_notBefore(cert->x), &cert->not_before) ||
	    !vt_x509_time(X509_get0_notAfter(cert->x), &cert->not_after))
		return vt_error_set(err, VT_EFORMAT, "RFC 5280, 4.1.2.5",
		    "the certificate's period of validity cannot be read");
	(void)X509_check_purpose(cert->x, -1, 0); /* reads the extensions */

	if ((rc = vt_x509_name_line(subject, &cert->subject_line, err)) !=
		VT_OK ||
	    (rc = vt_x509_name_line(issuer, &cert->issuer_line, err)) !=
		VT_OK ||
	    (rc = vt_x509_name_parts(subject, cert->subject, err)) != VT_OK ||
	    (rc = vt_x509_name_parts(issuer, cert->issuer, err)) != VT_OK)
		return rc;
	if (cert->subject[VT_NAME_EMAIL] == NULL &&
	    (rc = vt_x509_alt_email(cert->x, &cert->subject[VT_NAME_EMAIL],
		 err)) != VT_OK)
		return rc;
	if ((rc = cert_serial(cert, err)) != VT_OK)
		return rc;
	if ((rc = cert_eku(cert, err)) == VT_OK)
		cert->defect = vt_x509_defect(cert);
	return rc;
}

const char *
vt_cert_defect(const struct vt_cert *cert)
{
	return cert->defect;
}

static void
cert_release(struct vt_cert *cert)
{
	int i;

	for (i = 0; i < VT_NAME_COUNT; i++) {
		free(cert->subject[i]);
		free(cert->issuer[i]);
	}
	free(cert->subject_line);
	free(cert->issuer_line);
	free(cert->serial);
	OPENSSL_free((void *)cert->serial_der.data);
	vt_list_release(&cert->eku);
	X509_free(cert->x);
	free(cert->der);
	free(cert);
}

static int
cert_new(struct vt_bytes der, const unsigned char *sha256, struct vt_cert **ret,
    struct vt_error *err)
{
	struct vt_cert *cert;
	int rc;

	if ((cert = calloc(1, sizeof(*cert))) == NULL ||
	    (cert->der = malloc(der.len)) == NULL) {
		free(cert);
		return vt_error_nomem(err);
	}
	atomic_init(&cert->refs, 1);
	memcpy(cert->der, der.data, der.len);
	cert->len = der.len;
	memcpy(cert->sha256, sha256, VT_SHA256_LEN);

	ERR_set_mark();
	if ((rc = cert_decode(cert, err)) == VT_OK)
		rc = cert_read(cert, err);
	ERR_pop_to_mark();
	if (rc != VT_OK) {
		cert_release(cert);
		return rc;
	}
	*ret = cert;
	return VT_OK;
}

int
vt_cert_parse(struct vt_bytes der, struct vt_cert **ret, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_cert *cert;
	int rc;

	if (der.len > VT_CERT_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a certificate is longer than %u bytes", VT_CERT_MAX);
	if (der.len == 0)
		return bad_cert(err);
	if ((rc = vt_sha256(der, sha256, err)) != VT_OK)
		return rc;
	if ((cert = vt_x509_live_find(der, sha256)) == NULL) {
		if ((rc = cert_new(der, sha256, &cert, err)) != VT_OK)
			return rc;
		vt_x509_live_add(cert);
	}
	*ret = cert;
	return VT_OK;
}

int
vt_cert_of_x509(X509 *x, struct vt_cert **ret, struct vt_error *err)
{
	unsigned char *der = NULL;
	int n, rc;

	if ((n = i2d_X509(x, &der)) <= 0)
		return bad_cert(err);
	rc = vt_cert_parse(VT_BYTES(der, (size_t)n), ret, err);
	OPENSSL_free(der);
	return rc;
}

struct vt_cert *
vt_cert_ref(struct vt_cert *cert)
{
	atomic_fetch_add(&cert->refs, 1);
	return cert;
}

void
vt_cert_free(struct vt_cert *cert)
{
	if (cert != NULL && vt_x509_live_drop(cert))
		cert_release(cert);
}

struct vt_bytes
vt_cert_der(const struct vt_cert *cert)
{
	return VT_BYTES(cert->der, cert->len);
}

const unsigned char *
vt_cert_sha256(const struct vt_cert *cert)
{
	return cert->sha256;
}

bool
vt_cert_equal(const struct vt_cert *a, const struct vt_cert *b)
{
	return a == b || vt_bytes_equal(vt_cert_der(a), vt_cert_der(b));
}

X509 *
vt_cert_x509(const struct vt_cert *cert)
{
	return cert->x;
}

EVP_PKEY *
vt_cert_key(const struct vt_cert *cert)
{
	EVP_PKEY *key;

	ERR_set_mark();
	key = X509_get0_pubkey(cert->x);
	ERR_pop_to_mark();
	return key;
}

const char *
vt_cert_subject(const struct vt_cert *cert, enum vt_name part)
{
	return part < VT_NAME_COUNT ? cert->subject[part] : NULL;
}

const char *
vt_cert_issuer(const struct vt_cert *cert, enum vt_name part)
{
	return part < VT_NAME_COUNT ? cert->issuer[part] : NULL;
}

const char *
vt_cert_subject_line(const struct vt_cert *cert)
{
	return cert->subject_line;
}

const char *
vt_cert_issuer_line(const struct vt_cert *cert)
{
	return cert->issuer_line;
}

const char *
vt_cert_title(const struct vt_cert *cert)
{
	if (cert->subject[VT_NAME_CN] != NULL)
		return cert->subject[VT_NAME_CN];
	if (cert->subject[VT_NAME_O] != NULL)
		return cert->subject[VT_NAME_O];
	return cert->subject_line;
}

const char *
vt_cert_serial(const struct vt_cert *cert)
{
	return cert->serial;
}

int64_t
vt_cert_not_before(const struct vt_cert *cert)
{
	return cert->not_before;
}

int64_t
vt_cert_not_after(const struct vt_cert *cert)
{
	return cert->not_after;
}

enum vt_key_type
vt_cert_key_type(const struct vt_cert *cert)
{
	EVP_PKEY *key = vt_cert_key(cert);

	switch (key == NULL ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return VT_KEY_RSA;
	case EVP_PKEY_RSA_PSS:
		return VT_KEY_RSA_PSS;
	case EVP_PKEY_EC:
		return VT_KEY_EC;
	case EVP_PKEY_DSA:
		return VT_KEY_DSA;
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448:
		return VT_KEY_ED;
	default:
		return VT_KEY_OTHER;
	}
}

int
vt_cert_key_bits(const struct vt_cert *cert)
{
	EVP_PKEY *key = vt_cert_key(cert);

	return key == NULL ? 0 : EVP_PKEY_get_bits(key);
}

uint32_t
vt_cert_key_usage(const struct vt_cert *cert)
{
	return X509_get_key_usage(cert->x);
}

const struct vt_list *
vt_cert_eku(const struct vt_cert *cert)
{
	return &cert->eku;
}

bool
vt_cert_is_ca(const struct vt_cert *cert)
{
	return (X509_get_extension_flags(cert->x) & EXFLAG_CA) != 0;
}

bool
vt_cert_self_issued(const struct vt_cert *cert)
{
	return X509_NAME_cmp(X509_get_subject_name(cert->x),
		   X509_get_issuer_name(cert->x)) == 0;
}

bool
vt_cert_self_signed(const struct vt_cert *cert)
{
	return vt_cert_issued_by(cert, cert);
}

bool
vt_cert_issued_by(const struct vt_cert *cert, const struct vt_cert *issuer)
{
	struct vt_bytes rest = VT_BYTES(cert->der, cert->len);
	const ASN1_BIT_STRING *sig;
	const X509_ALGOR *alg;
	struct vt_der tbs;

	if (X509_NAME_cmp(X509_get_subject_name(issuer->x),
		X509_get_issuer_name(cert->x)) != 0 ||
	    !vt_der_take(&rest, VT_DER_SEQUENCE, &tbs))
		return false;
	rest = tbs.body;
	if (!vt_der_take(&rest, VT_DER_SEQUENCE, &tbs))
		return false;
	/* Not X509_verify(), which knows no digest but those of CERT's library
	 */
	X509_get0_signature(&sig, &alg, cert->x);
	return vt_x509_signed(tbs.whole, alg, sig, vt_cert_key(issuer));
}

static struct vt_bytes
octets(const ASN1_OCTET_STRING *s)
{
	if (s == NULL)
		return VT_BYTES(NULL, 0);
	return VT_BYTES(ASN1_STRING_get0_data(s),
	    (size_t)ASN1_STRING_length(s));
}

struct vt_bytes
vt_cert_ski(const struct vt_cert *cert)
{
	return octets(X509_get0_subject_key_id(cert->x));
}

struct vt_bytes
vt_cert_aki(const struct vt_cert *cert)
{
	return octets(X509_get0_authority_key_id(cert->x));
}

const char *
vt_cert_digest(const struct vt_cert *cert)
{
	return vt_x509_digest(X509_get0_tbs_sigalg(cert->x));
}
