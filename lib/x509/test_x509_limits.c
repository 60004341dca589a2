/* Names and files at their longest, and longer. */
#include "test_util.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "vanthu/x509.h"

/* A certificate, signed by itself; frees NAME. */
static int
self_made(X509_NAME *name, struct vt_cert **ret)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	int rc;

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	ASN1_TIME_set(X509_getm_notBefore(x), 0);
	ASN1_TIME_set(X509_getm_notAfter(x), 1);
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	rc = vt_cert_of_x509(x, ret, NULL);
	X509_free(x);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return rc;
}

/* A byte is written as three in RFC 4514's form. */
static void
a_long_name_is_not_shown(void **state)
{
	size_t max = (VT_X509_TEXT_MAX - strlen("CN=")) / 3, more;
	char *text = malloc(max + 1);
	struct vt_cert *cert;
	X509_NAME *name;

	(void)state;
	memset(text, 1, max + 1);
	for (more = 0; more < 2; more++) {
		name = X509_NAME_new();
		assert_true(X509_NAME_add_entry_by_txt(name, "2.5.4.3",
		    V_ASN1_UTF8STRING, (unsigned char *)text, (int)(max + more),
		    -1, 0));
		assert_int_equal(self_made(name, &cert),
		    more == 0 ? VT_OK : VT_ELIMIT);
		if (more == 0) {
			assert_int_equal(strlen(vt_cert_subject_line(cert)),
			    3 + 3 * max);
			vt_cert_free(cert);
		}
	}
	free(text);
}

static void
units_are_counted(void **state)
{
	struct vt_cert *cert;
	X509_NAME *name;
	char unit[16];
	const char *ou;
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		name = X509_NAME_new();
		for (i = 0; i < VT_X509_UNITS_MAX + more; i++) {
			snprintf(unit, sizeof(unit), "unit%zu.", i);
			assert_true(X509_NAME_add_entry_by_txt(name, "OU",
			    V_ASN1_UTF8STRING, (unsigned char *)unit, -1, -1,
			    0));
		}
		assert_int_equal(self_made(name, &cert), VT_OK);
		assert_non_null(ou = vt_cert_subject(cert, VT_NAME_OU));
		snprintf(unit, sizeof(unit), "unit%d.", VT_X509_UNITS_MAX - 1);
		assert_non_null(strstr(ou, unit));
		assert_non_null(strstr(ou, "unit0."));
		snprintf(unit, sizeof(unit), "unit%d.", VT_X509_UNITS_MAX);
		assert_null(strstr(ou, unit));
		vt_cert_free(cert);
	}
}

/* A list of N extensions; nobody signed it. */
static int
list_of(int n, struct vt_crl **ret, struct vt_error *err)
{
	X509_CRL *crl = X509_CRL_new();
	X509_NAME *name = X509_NAME_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, 0);
	X509_EXTENSION *ext;
	unsigned char *der = NULL;
	ASN1_OBJECT *oid;
	char text[32];
	int i, len, rc;

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, name);
	X509_CRL_set1_lastUpdate(crl, t);
	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "1.2.3.%d", i);
		oid = OBJ_txt2obj(text, 1);
		ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
		assert_true(X509_CRL_add_ext(crl, ext, -1));
		X509_EXTENSION_free(ext);
		ASN1_OBJECT_free(oid);
	}
	assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	len = i2d_X509_CRL(crl, &der);
	assert_true(len > 0);
	rc = vt_crl_parse(VT_BYTES(der, (size_t)len), ret, err);
	OPENSSL_free(der);
	ASN1_TIME_free(t);
	ASN1_OCTET_STRING_free(value);
	EVP_PKEY_free(key);
	X509_NAME_free(name);
	X509_CRL_free(crl);
	return rc;
}

static void
extensions_are_counted(void **state)
{
	struct vt_error err = { 0 };
	struct vt_crl *list;

	(void)state;
	assert_vt_ok(list_of(VT_CRL_EXTENSIONS_MAX, &list, &err), &err);
	assert_true(vt_crl_sound(list));
	vt_crl_free(list);
	assert_vt_error(list_of(VT_CRL_EXTENSIONS_MAX + 1, &list, &err), &err,
	    VT_ELIMIT);
}

static void
a_file_has_a_length(void **state)
{
	unsigned char *data = calloc(1, VT_X509_FILE_MAX + 1);
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_non_null(data);
	assert_vt_error(vt_x509_read(VT_BYTES(data, VT_X509_FILE_MAX), &certs,
			    NULL, &err),
	    &err, VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_x509_read(VT_BYTES(data, VT_X509_FILE_MAX + 1),
			    &certs, NULL, &err),
	    &err, VT_ELIMIT);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_name_is_not_shown),
		cmocka_unit_test(units_are_counted),
		cmocka_unit_test(extensions_are_counted),
		cmocka_unit_test(a_file_has_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
