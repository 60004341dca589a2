/* test_keys.h - keys and certificates of the test PKI (testdata/README.md) */
#ifndef VANTHU_TEST_KEYS_H
#define VANTHU_TEST_KEYS_H

#include "test_util.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "vanthu/x509.h"

static inline const char *
pki(const char *name, const char *suffix, char *out, size_t size)
{
	const char *base = getenv("VANTHU_PKI");

	assert_non_null(base);
	assert_true(
	    snprintf(out, size, "%s/%s%s", base, name, suffix) < (int)size);
	return out;
}

static inline EVP_PKEY *
pki_key(const char *name)
{
	char path[512];
	EVP_PKEY *key;
	FILE *f = fopen(pki(name, ".key", path, sizeof(path)), "r");

	assert_non_null(f);
	key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(key);
	return key;
}

static inline struct vt_cert *
pki_cert(const char *name)
{
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };
	struct vt_cert *cert;
	char path[512];

	assert_vt_ok(vt_x509_read_file(pki(name, ".crt", path, sizeof(path)),
			 &certs, NULL, &err),
	    &err);
	assert_int_equal(certs.n, 1);
	cert = vt_cert_ref(certs.items[0]);
	vt_certs_release(&certs);
	return cert;
}

#endif
