/* x509_read.c - files of certificates and lists, in any of their shapes */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "vanthu/source.h"
#include "x509_der.h"
#include "x509_int.h"

#define DER_SEQUENCE 0x30

struct reader {
	struct vt_certs *certs;
	struct vt_crls *crls; /* or NULL */
	size_t objects;       /* met in the file, kept or not */
	size_t kept;
};

static int
reader_count(struct reader *r, struct vt_error *err)
{
	if (++r->objects > VT_X509_OBJECTS)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d certificates or revocation lists",
		    VT_X509_OBJECTS);
	return VT_OK;
}

static int
read_cert(struct reader *r, struct vt_bytes der, struct vt_error *err)
{
	struct vt_cert *cert;
	int rc;

	if ((rc = reader_count(r, err)) != VT_OK || r->certs == NULL)
		return rc;
	if ((rc = vt_cert_parse(der, &cert, err)) != VT_OK)
		return rc;
	rc = vt_certs_add(r->certs, cert, err);
	vt_cert_free(cert);
	r->kept++;
	return rc;
}

static int
read_crl(struct reader *r, struct vt_bytes der, struct vt_error *err)
{
	struct vt_crl *crl;
	int rc;

	if ((rc = reader_count(r, err)) != VT_OK || r->crls == NULL)
		return rc;
	if ((rc = vt_crl_parse(der, &crl, err)) != VT_OK)
		return rc;
	rc = vt_crls_add(r->crls, crl, err);
	vt_crl_free(crl);
	r->kept++;
	return rc;
}

static int
read_stacks(struct reader *r, STACK_OF(X509) * certs, STACK_OF(X509_CRL) * crls,
    struct vt_error *err)
{
	unsigned char *der;
	int i, n, rc = VT_OK;

	for (i = 0; i < sk_X509_num(certs) && rc == VT_OK; i++) {
		der = NULL;
		if ((n = i2d_X509(sk_X509_value(certs, i), &der)) <= 0)
			return vt_error_nomem(err);
		rc = read_cert(r, VT_BYTES(der, (size_t)n), err);
		OPENSSL_free(der);
	}
	for (i = 0; i < sk_X509_CRL_num(crls) && rc == VT_OK; i++) {
		der = NULL;
		if ((n = i2d_X509_CRL(sk_X509_CRL_value(crls, i), &der)) <= 0)
			return vt_error_nomem(err);
		rc = read_crl(r, VT_BYTES(der, (size_t)n), err);
		OPENSSL_free(der);
	}
	return rc;
}

/*
 * A PKCS#7 bundle, in which the national root is handed out.  BER is common
 * there, and nothing is proved by the wrapping.
 */
static int
read_pkcs7(struct reader *r, struct vt_bytes der, struct vt_error *err)
{
	const unsigned char *p = der.data;
	PKCS7 *p7;
	int rc;

	p7 = d2i_PKCS7(NULL, &p, (long)der.len);
	if (p7 == NULL || p != der.data + der.len || !PKCS7_type_is_signed(p7))
		rc = vt_error_set(err, VT_EFORMAT, "RFC 2315, 9.1",
		    "not a PKCS#7 bundle of certificates");
	else
		rc = read_stacks(r, p7->d.sign->cert, p7->d.sign->crl, err);
	PKCS7_free(p7);
	return rc;
}

/*
 * Behind the algorithm and the issuer a list has a time, a certificate a
 * sequence of two; before them a list may have a version, which a certificate
 * has in brackets, and a certificate its serial number.
 */
static bool
is_crl(struct vt_bytes der)
{
	struct vt_der list, tbs, d;

	if (!vt_der_take(&der, VT_DER_SEQUENCE, &list) ||
	    !vt_der_take(&list.body, VT_DER_SEQUENCE, &tbs))
		return false;
	(void)vt_der_take(&tbs.body, VT_DER_INTEGER, &d);
	return vt_der_take(&tbs.body, VT_DER_SEQUENCE, &d) &&
	       vt_der_take(&tbs.body, VT_DER_SEQUENCE, &d) &&
	       vt_der_next(&tbs.body, &d) &&
	       (d.tag == VT_DER_UTCTIME || d.tag == VT_DER_GENTIME);
}

/* ContentInfo starts with an OID, certificate and list with a SEQUENCE. */
static bool
is_pkcs7(struct vt_bytes der)
{
	const unsigned char *p = der.data;
	int tag, class;
	long len;

	return (ASN1_get_object(&p, &len, &tag, &class, (long)der.len) &
		   0x80) == 0 &&
	       p < der.data + der.len && *p == V_ASN1_OBJECT;
}

static int
read_der(struct reader *r, struct vt_bytes der, struct vt_error *err)
{
	if (is_pkcs7(der))
		return read_pkcs7(r, der, err);
	if (is_crl(der))
		return read_crl(r, der, err);
	return read_cert(r, der, err);
}

static int
read_block(struct reader *r, const char *name, struct vt_bytes der,
    struct vt_error *err)
{
	if (strcmp(name, PEM_STRING_X509) == 0 ||
	    strcmp(name, PEM_STRING_X509_OLD) == 0)
		return read_cert(r, der, err);
	if (strcmp(name, PEM_STRING_X509_CRL) == 0)
		return read_crl(r, der, err);
	if (strcmp(name, PEM_STRING_PKCS7) == 0)
		return read_pkcs7(r, der, err);
	/* To be passed over where the first of a file counts it must not be. */
	if (strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
		return vt_error_set(err, VT_EFORMAT, "RFC 7468, 5",
		    "a certificate in a form of OpenSSL's own");
	return VT_OK;
}

static int
read_pem(struct reader *r, struct vt_bytes data, struct vt_error *err)
{
	BIO *bio;
	char *name, *header;
	unsigned char *der;
	long n;
	int rc = VT_OK;

	if ((bio = BIO_new_mem_buf(data.data, (int)data.len)) == NULL)
		return vt_error_nomem(err);
	while (rc == VT_OK) {
		name = header = NULL;
		der = NULL;
		if (PEM_read_bio(bio, &name, &header, &der, &n) != 1) {
			if (ERR_GET_REASON(ERR_peek_last_error()) !=
			    PEM_R_NO_START_LINE)
				rc = vt_error_set(err, VT_EFORMAT, "RFC 7468",
				    "a PEM block is damaged");
			break;
		}
		rc = read_block(r, name, VT_BYTES(der, (size_t)n), err);
		OPENSSL_free(name);
		OPENSSL_free(header);
		/* A private key may stand in the same file. */
		OPENSSL_clear_free(der, (size_t)n);
	}
	BIO_free(bio);
	return rc;
}

int
vt_x509_read(struct vt_bytes data, struct vt_certs *certs, struct vt_crls *crls,
    struct vt_error *err)
{
	struct reader r = { .certs = certs, .crls = crls };
	int rc = VT_OK;

	if (data.len > VT_X509_FILE_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "longer than %u bytes", VT_X509_FILE_MAX);
	ERR_set_mark();
	if (data.len > 0 && data.data[0] == DER_SEQUENCE)
		rc = read_der(&r, data, err);
	else if (data.len > 0)
		rc = read_pem(&r, data, err);
	ERR_pop_to_mark();
	if (rc == VT_OK && r.kept == 0 && crls == NULL)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "there is no certificate in it");
	else if (rc == VT_OK && r.kept == 0 && certs == NULL)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "there is no revocation list in it");
	else if (rc == VT_OK && r.kept == 0)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "there is neither a certificate nor a revocation list in "
		    "it");
	return rc;
}

int
vt_x509_read_file(const char *path, struct vt_certs *certs,
    struct vt_crls *crls, struct vt_error *err)
{
	struct vt_source *src;
	unsigned char *data = NULL;
	size_t len = 0;
	int rc;

	if ((rc = vt_source_open(path, &src, err)) != VT_OK)
		return rc;
	if (vt_source_size(src) > VT_X509_FILE_MAX)
		rc = vt_error_set(err, VT_ELIMIT, NULL, "longer than %u bytes",
		    VT_X509_FILE_MAX);
	else
		len = (size_t)vt_source_size(src);
	if (rc == VT_OK && (data = malloc(len + 1)) == NULL)
		rc = vt_error_nomem(err);
	if (rc == VT_OK)
		rc = vt_source_read(src, 0, data, len, err);
	if (rc == VT_OK)
		rc = vt_x509_read(VT_BYTES(data, len), certs, crls, err);
	if (data != NULL)
		OPENSSL_cleanse(data, len); /* a key may have stood in it */
	free(data);
	vt_source_free(src);
	return rc;
}
