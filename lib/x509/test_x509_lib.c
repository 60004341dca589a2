/* Keys of certificates, before and after vt_x509_prepare(): the same. */
#include "test_util.h"

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "vanthu/x509.h"

#define DAY (24 * 3600L)

/* One for each kind of key; PROVIDER: whose it is, once that is prepared. */
struct made {
	const char *what, *provider;
	EVP_PKEY *key;
	const unsigned char *bits; /* the key's in its place */
	int nid;                   /* and their algorithm */
	struct vt_bytes der;
};

static struct made made[] = {
	{ .what = "RSA", .provider = "vanthu" }, /* the issuer of all */
	{ .what = "RSA-PSS", .provider = "default" },
	{ .what = "P-256", .provider = "vanthu" },
	{ .what = "P-384", .provider = "vanthu" },
	{ .what = "secp256k1", .provider = "vanthu" },
	{ .what = "explicit", .provider = "vanthu" },
	{ .what = "SM2", .provider = "default" },
	{ .what = "ED25519", .provider = "default" },
	{ .what = "ED448", .provider = "default" },
	{ .what = "X25519", .provider = "default" },
	{ .what = "DSA", .provider = "default" },
	{ .what = "no RSA key",
	    .bits = (const unsigned char *)"\x30\x03\x02",
	    .nid = NID_rsaEncryption },
	{ .what = "no curve",
	    .bits = (const unsigned char *)"\x04\x01\x02",
	    .nid = NID_X9_62_id_ecPublicKey },
	{ .what = "an unknown key",
	    .bits = (const unsigned char *)"\x04\x01",
	    .nid = NID_id_GostR3410_2001 },
};
#define N (sizeof(made) / sizeof(made[0]))

static EVP_PKEY *
dsa_key(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *params = NULL, *key = NULL;

	assert_int_equal(EVP_PKEY_paramgen_init(ctx), 1);
	assert_true(EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, 1024) > 0 &&
		    EVP_PKEY_CTX_set_dsa_paramgen_q_bits(ctx, 160) > 0);
	assert_int_equal(EVP_PKEY_paramgen(ctx, &params), 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(params);
	return key;
}

static EVP_PKEY *
pss_key(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
key_new(const char *what)
{
	EVP_PKEY *key;

	if (strcmp(what, "RSA-PSS") == 0)
		return pss_key();
	if (strcmp(what, "RSA") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, what, (size_t)2048);
	if (strcmp(what, "DSA") == 0)
		return dsa_key();
	if (strcmp(what, "explicit") != 0)
		return strchr("Ps", what[0]) != NULL
			   ? EVP_EC_gen(what)
			   : EVP_PKEY_Q_keygen(NULL, NULL, what);
	key = EVP_EC_gen("P-256");
	assert_int_equal(EVP_PKEY_set_utf8_string_param(key,
			     OSSL_PKEY_PARAM_EC_ENCODING,
			     OSSL_PKEY_EC_ENCODING_EXPLICIT),
	    1);
	return key;
}

/* A certificate of M's key by the RSA key. */
static void
make(struct made *m)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_NAME_new();
	unsigned char *der = NULL;
	int n;

	m->key = key_new(m->bits != NULL ? "P-256" : m->what);
	assert_non_null(m->key);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)"TEST", -1, -1, 0);
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, name);
	X509_NAME_free(name);
	X509_gmtime_adj(X509_getm_notBefore(x), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(x), DAY);
	X509_set_pubkey(x, m->key);
	if (m->bits != NULL)
		X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(x),
		    OBJ_nid2obj(m->nid), V_ASN1_NULL, NULL,
		    OPENSSL_memdup(m->bits, 3), 3);
	assert_true(X509_sign(x, made[0].key, EVP_sha256()) > 0);
	n = i2d_X509(x, &der);
	assert_true(n > 0);
	m->der = VT_BYTES(der, (size_t)n);
	X509_free(x);
}

static int
setup_all(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N; i++)
		make(&made[i]);
	return 0;
}

static int
teardown_all(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N; i++) {
		EVP_PKEY_free(made[i].key);
		OPENSSL_free((void *)made[i].der.data);
	}
	return 0;
}

static struct vt_cert *
parse(const struct made *m)
{
	struct vt_error err = { 0 };
	struct vt_cert *cert;

	assert_vt_ok(vt_cert_parse(m->der, &cert, &err), &err);
	return cert;
}

/* What is read of a key. */
struct facts {
	bool there, named, self;
	enum vt_key_type type;
	int bits, base, security;
	struct vt_bytes spki;
};

static struct facts
facts_of(const struct made *m, struct vt_cert *cert)
{
	EVP_PKEY *key = vt_cert_key(cert);
	unsigned char *spki = NULL;
	struct facts f = { .there = key != NULL,
		.self = vt_cert_self_signed(cert),
		.type = vt_cert_key_type(cert),
		.bits = vt_cert_key_bits(cert) };
	int n;

	if (key == NULL)
		return f;
	f.named = vt_key_curve_named(key);
	f.base = EVP_PKEY_get_base_id(key);
	f.security = EVP_PKEY_get_security_bits(key);
	n = i2d_PUBKEY(key, &spki);
	assert_true(n > 0);
	f.spki = VT_BYTES(spki, (size_t)n);
	/* one with the key that it was made of, whosever library that is in */
	assert_int_equal(EVP_PKEY_eq(key, m->key), 1);
	assert_int_equal(EVP_PKEY_eq(m->key, key), 1);
	return f;
}

static void
keys_are_the_same_when_prepared(void **state)
{
	struct facts before[N], f;
	struct vt_cert *first, *cert;
	size_t i;

	(void)state;
	first = parse(&made[0]);
	for (i = 0; i < N; i++) {
		cert = parse(&made[i]);
		before[i] = facts_of(&made[i], cert);
		assert_int_equal(before[i].there, made[i].bits == NULL);
		assert_int_equal(before[i].self, i == 0);
		assert_true(vt_cert_issued_by(cert, first));
		vt_cert_free(cert);
	}
	vt_x509_prepare();
	vt_x509_prepare();
	for (i = 1; i <= N; i++) { /* the first one last, anew */
		if (i == N) {
			vt_cert_free(first);
			first = NULL;
		}
		cert = parse(&made[i % N]);
		f = facts_of(&made[i % N], cert);
		assert_int_equal(f.there, before[i % N].there);
		assert_int_equal(f.named, before[i % N].named);
		assert_int_equal(f.self, before[i % N].self);
		assert_int_equal(f.type, before[i % N].type);
		assert_int_equal(f.bits, before[i % N].bits);
		assert_int_equal(f.base, before[i % N].base);
		assert_int_equal(f.security, before[i % N].security);
		assert_bytes_equal(f.spki, before[i % N].spki);
		if (f.there)
			assert_string_equal(OSSL_PROVIDER_get0_name(
						EVP_PKEY_get0_provider(
						    vt_cert_key(cert))),
			    made[i % N].provider);
		if (first != NULL)
			assert_true(vt_cert_issued_by(cert, first));
		OPENSSL_free((void *)f.spki.data);
		vt_cert_free(cert);
	}
	for (i = 0; i < N; i++)
		OPENSSL_free((void *)before[i].spki.data);
}

/* One byte of what is signed, or of the signature, is another. */
static void
a_changed_certificate_is_not_issued(void **state)
{
	struct vt_error err = { 0 };
	struct vt_cert *issuer, *cert;
	unsigned char *der;
	size_t i, k;

	(void)state;
	vt_x509_prepare();
	issuer = parse(&made[0]);
	for (i = 0; i < N; i++) {
		der = malloc(made[i].der.len);
		memcpy(der, made[i].der.data, made[i].der.len);
		der[made[i].der.len - 1] ^= 1;
		for (k = 0; k < 2; k++) {
			assert_vt_ok(vt_cert_parse(VT_BYTES(der,
						       made[i].der.len),
					 &cert, &err),
			    &err);
			assert_int_equal(vt_cert_issued_by(cert, issuer), k);
			vt_cert_free(cert);
			der[made[i].der.len - 1] ^= 1;
		}
		free(der);
	}
	vt_cert_free(issuer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_the_same_when_prepared),
		cmocka_unit_test(a_changed_certificate_is_not_issued),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
