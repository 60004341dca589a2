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
		cmocka_unit_test(a_file_has_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
