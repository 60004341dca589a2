/* test_key_limits.c - key files at each bound, and past it */
#include "test_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

/* A key and a certificate of the test PKI, by their files. */
static EVP_PKEY *
key_of(const char *file)
{
	BIO *bio = BIO_new_file(pki(file), "r");
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(key);
	return key;
}

static X509 *
cert_of(const char *file)
{
	BIO *bio = BIO_new_file(pki(file), "r");
	X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(x);
	return x;
}

/* --- PEM: blocks --- */

static void
put_file(const char *name, struct vt_bytes b)
{
	struct vt_error err = { 0 };

	unlink(own(name));
	assert_vt_ok(vt_file_write(own(name), b, &err), &err);
}

/* The key behind N other blocks. */
static void
blocks_are_counted(void **state)
{
	static const char block[] = "-----BEGIN EC PARAMETERS-----\n"
				    "BggqhkjOPQMBBw==\n"
				    "-----END EC PARAMETERS-----\n";
	struct vt_signer *signer = NULL;
	struct vt_error err;
	struct vt_buf key, all;
	size_t i, n;
	int rc;

	(void)state;
	test_read(pki("officer-ec.key"), &key);
	for (n = VT_KEY_BLOCKS_MAX - 1; n <= VT_KEY_BLOCKS_MAX; n++) {
		vt_buf_init(&all, 1 << 20);
		for (i = 0; i < n; i++)
			vt_buf_puts(&all, block);
		assert_int_equal(vt_buf_bytes_put(&all, vt_buf_bytes(&key)),
		    VT_OK);
		put_file("blocks.pem", vt_buf_bytes(&all));
		rc = load_pem(own("blocks.pem"), pki("officer-ec.crt"), NULL,
		    NULL, &signer, &err);
		if (n < VT_KEY_BLOCKS_MAX)
			assert_vt_ok(rc, &err);
		else
			assert_vt_error(rc, &err, VT_ELIMIT);
		vt_signer_free(signer);
		vt_buf_release(&all);
	}
	vt_buf_release(&key);
}

/* --- the certificates beside the own --- */

/* The signer's, and N of others, PEM. */
static void
put_certificates(const char *name, size_t n)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = cert_of("officer-ec.crt");
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;
	size_t i;
	long len;

	assert_true(PEM_write_bio_X509(bio, cert));
	for (i = 0; i < n; i++) {
		X509 *x = X509_dup(cert);

		ASN1_INTEGER_set(X509_get_serialNumber(x), (long)i + 1);
		assert_true(X509_set_pubkey(x, key));
		assert_true(X509_sign(x, key, EVP_sha256()) > 0);
		assert_true(PEM_write_bio_X509(bio, x));
		X509_free(x);
	}
	len = BIO_get_mem_data(bio, &pem);
	put_file(name, VT_BYTES(pem, (size_t)len));
	BIO_free(bio);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void
certificates_beside_the_own_are_counted(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;

	(void)state;
	put_certificates("chain.pem", VT_KEY_CHAIN_MAX);
	assert_vt_ok(load_pem(pki("officer-ec.key"), own("chain.pem"), NULL,
			 NULL, &signer, &err),
	    &err);
	assert_int_equal(signer->chain.n, VT_KEY_CHAIN_MAX);
	vt_signer_free(signer);
	put_certificates("chain.pem", VT_KEY_CHAIN_MAX + 1);
	assert_vt_error(load_pem(pki("officer-ec.key"), own("chain.pem"), NULL,
			    NULL, &signer, &err),
	    &err, VT_ELIMIT);
	assert_null(signer);
}

/* --- RSA --- */

static BIGNUM *
prime_of(const char *group)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
	EVP_PKEY *key = NULL;
	BIGNUM *p = NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    (char *)group, 0),
		OSSL_PARAM_construct_end()
	};

	assert_true(EVP_PKEY_keygen_init(c) > 0 &&
		    EVP_PKEY_CTX_set_params(c, params) > 0 &&
		    EVP_PKEY_keygen(c, &key) > 0);
	assert_true(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &p));
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(c);
	return p;
}

/* Of the primes of two groups, which have half as many bits; or longer. */
static EVP_PKEY *
long_rsa(bool longer)
{
	static const char *const names[] = { OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_N,
		OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	enum { P, Q, N, E, D, DP, DQ, COEFFICIENT, P1, Q1, PHI, COUNT };
	BIGNUM *b[COUNT] = { prime_of("modp_8192"), prime_of("ffdhe8192") };
	BN_CTX *ctx = BN_CTX_new();
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params;
	EVP_PKEY *key = NULL;
	size_t i;

	for (i = N; i < COUNT; i++)
		b[i] = BN_new();
	if (longer) /* a bit longer, and no prime any more */
		assert_true(BN_lshift1(b[Q], b[Q]) && BN_add_word(b[Q], 1));
	assert_true(BN_mul(b[N], b[P], b[Q], ctx) &&
		    BN_set_word(b[E], RSA_F4) &&
		    BN_sub(b[P1], b[P], BN_value_one()) &&
		    BN_sub(b[Q1], b[Q], BN_value_one()) &&
		    BN_mul(b[PHI], b[P1], b[Q1], ctx));
	assert_non_null(BN_mod_inverse(b[D], b[E], b[PHI], ctx));
	assert_true(
	    BN_mod(b[DP], b[D], b[P1], ctx) && BN_mod(b[DQ], b[D], b[Q1], ctx));
	assert_non_null(BN_mod_inverse(b[COEFFICIENT], b[Q], b[P], ctx));
	assert_int_equal(BN_num_bits(b[N]), VT_KEY_RSA_MAX + longer);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(OSSL_PARAM_BLD_push_BN(bld, names[i], b[i]));
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_true(EVP_PKEY_fromdata_init(c) > 0 &&
		    EVP_PKEY_fromdata(c, &key, EVP_PKEY_KEYPAIR, params) > 0);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(c);
	BN_CTX_free(ctx);
	for (i = 0; i < COUNT; i++)
		BN_free(b[i]);
	return key;
}

/* KEY, and a certificate that somebody else has signed. */
static void
put_pair(EVP_PKEY *key)
{
	EVP_PKEY *other = EVP_EC_gen("P-256");
	X509 *cert = cert_of("officer.crt");
	X509 *x = X509_dup(cert);
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;
	long len;

	assert_true(
	    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL));
	len = BIO_get_mem_data(bio, &pem);
	put_file("rsa.key", VT_BYTES(pem, (size_t)len));
	(void)BIO_reset(bio);
	assert_true(X509_set_pubkey(x, key));
	assert_true(X509_sign(x, other, EVP_sha256()) > 0);
	assert_true(PEM_write_bio_X509(bio, x));
	len = BIO_get_mem_data(bio, &pem);
	put_file("rsa.crt", VT_BYTES(pem, (size_t)len));
	X509_free(x);
	BIO_free(bio);
	X509_free(cert);
	EVP_PKEY_free(other);
}

static void
rsa_keys_have_a_length(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	EVP_PKEY *key;

	(void)state;
	key = long_rsa(false);
	put_pair(key);
	EVP_PKEY_free(key);
	assert_vt_ok(load_pem(own("rsa.key"), own("rsa.crt"), NULL, NULL,
			 &signer, &err),
	    &err);
	assert_signs(signer, VT_SIGALG_RSA);
	vt_signer_free(signer);
	signer = NULL;
	key = long_rsa(true);
	put_pair(key);
	EVP_PKEY_free(key);
	assert_vt_error(load_pem(own("rsa.key"), own("rsa.crt"), NULL, NULL,
			    &signer, &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "more than 16384");
	assert_null(signer);
}

/* --- PKCS#12 --- */

/* SAFES parts, the last with the key and its certificate and MORE besides. */
static void
put_p12(int safes, int more)
{
	EVP_PKEY *key = key_of("officer-ec.key");
	X509 *cert = cert_of("officer-ec.crt");
	STACK_OF(PKCS7) *all = NULL;
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	unsigned char secret[] = { 1 }, *der = NULL;
	PKCS12 *p12;
	int i, len;

	for (i = 1; i < safes; i++) {
		assert_true(PKCS12_add_secret(&bags, NID_pkcs7_data, secret,
		    sizeof(secret)));
		assert_true(PKCS12_add_safe(&all, bags, -1, 0, NULL));
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
		bags = NULL;
	}
	for (i = 0; i < more; i++)
		assert_true(PKCS12_add_secret(&bags, NID_pkcs7_data, secret,
		    sizeof(secret)));
	assert_non_null(PKCS12_add_cert(&bags, cert));
	assert_non_null(PKCS12_add_key(&bags, key, 0, 0, -1, NULL));
	assert_true(PKCS12_add_safe(&all, bags, -1, 0, NULL));
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	p12 = PKCS12_add_safes(all, 0);
	assert_non_null(p12);
	sk_PKCS7_pop_free(all, PKCS7_free);
	assert_true(PKCS12_set_mac(p12, GOOD, -1, NULL, 0, 1, EVP_sha256()));
	len = i2d_PKCS12(p12, &der);
	assert_true(len > 0);
	put_file("limit.p12", VT_BYTES(der, (size_t)len));
	OPENSSL_free(der);
	PKCS12_free(p12);
	EVP_PKEY_free(key);
	X509_free(cert);
}

static void
parts_and_their_entries_are_counted(void **state)
{
	static const struct {
		int safes, more;
		bool fits;
	} rows[] = {
		{ VT_KEY_SAFES_MAX, 0, true },
		{ VT_KEY_SAFES_MAX + 1, 0, false },
		{ 1, VT_KEY_BAGS_MAX - 2, true },
		{ 1, VT_KEY_BAGS_MAX - 1, false },
	};
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_p12(rows[i].safes, rows[i].more);
		rc = load_p12(own("limit.p12"), GOOD, NULL, &signer, &err);
		if (rows[i].fits)
			assert_vt_ok(rc, &err);
		else
			assert_vt_error(rc, &err, VT_ELIMIT);
		vt_signer_free(signer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_counted),
		cmocka_unit_test(certificates_beside_the_own_are_counted),
		cmocka_unit_test(rsa_keys_have_a_length),
		cmocka_unit_test(parts_and_their_entries_are_counted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
