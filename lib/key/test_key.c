/* test_key.c - signers from files, right and wrong */
#include "test_key.h"
#include "key_int.h"

/* --- what is right --- */

static void
p12_gives_key_certificate_and_chain(void **state)
{
	static const struct {
		const char *file;
		enum vt_sigalg alg;
		size_t chain;
	} cases[] = {
		{ "officer.p12", VT_SIGALG_RSA, 2 },
		{ "officer.p12", VT_SIGALG_PSS, 2 },
		{ "officer3072.p12", VT_SIGALG_RSA, 2 },
		{ "officer-ec.p12", VT_SIGALG_ECDSA, 2 },
		{ "officer-pss.p12", VT_SIGALG_PSS, 2 },
		{ "officer-leaf.p12", VT_SIGALG_RSA, 0 },
	};
	struct vt_signer *signer;
	struct vt_error err;
	size_t i, asked;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(load_p12(pki(cases[i].file), GOOD, &asked, &signer,
				 &err),
		    &err);
		assert_int_equal(asked, 1);
		assert_int_equal(signer->chain.n, cases[i].chain);
		assert_false(vt_certs_has(&signer->chain, signer->cert));
		assert_signs(signer, cases[i].alg);
		vt_signer_free(signer);
	}
}

/* A restricted key knows what it may not do. */
static void
pss_key_signs_by_pss_only(void **state)
{
	static const unsigned char digest[VT_SHA256_LEN] = { 0 };
	unsigned char sig[VT_SIGNATURE_MAX];
	struct vt_signer *signer;
	struct vt_error err;
	size_t len;

	(void)state;
	assert_vt_ok(load_p12(pki("officer-pss.p12"), GOOD, NULL, &signer,
			 &err),
	    &err);
	assert_vt_error(vt_signer_sign(signer, VT_SIGALG_RSA, VT_HASH_SHA256,
			    VT_BYTES(digest, sizeof(digest)), sig, &len, &err),
	    &err, VT_EARG);
	vt_signer_free(signer);
}

static void
pem_gives_the_same(void **state)
{
	static const char *const names[] = { "officer", "officer-ec",
		"officer-pss", "public-ca" };
	static const enum vt_sigalg algs[] = { VT_SIGALG_RSA, VT_SIGALG_ECDSA,
		VT_SIGALG_PSS, VT_SIGALG_ECDSA };
	char key[64], cert[64];
	struct vt_signer *signer;
	struct vt_error err;
	size_t i, asked;

	(void)state;
	for (i = 0; i < 4; i++) {
		snprintf(key, sizeof(key), "%s.key", names[i]);
		snprintf(cert, sizeof(cert), "%s.crt", names[i]);
		assert_vt_ok(load_pem(pki(key), pki(cert), NULL, &asked,
				 &signer, &err),
		    &err);
		assert_int_equal(asked, 0); /* nobody is asked in vain */
		assert_signs(signer, algs[i]);
		vt_signer_free(signer);
	}
}

static void
keys_come_in_many_forms(void **state)
{
	static const char *const good[] = { "old.key", "old-enc.key", "p8.der",
		"p8-enc.der", "3des.key", "ec-old.key", "ec-params.key",
		"prf512.key" };
	struct vt_signer *signer;
	struct vt_error err;
	struct vt_buf all;
	size_t i, asked;

	(void)state;
	OPENSSL("rsa", "-in", pki("officer.key"), "-traditional", "-out",
	    own("old.key"));
	OPENSSL("rsa", "-in", pki("officer.key"), "-traditional", "-aes128",
	    "-passout", "pass:" GOOD, "-out", own("old-enc.key"));
	OPENSSL("pkcs8", "-topk8", "-nocrypt", "-in", pki("officer.key"),
	    "-outform", "DER", "-out", own("p8.der"));
	OPENSSL("pkcs8", "-topk8", "-in", pki("officer.key"), "-passout",
	    "pass:" GOOD, "-outform", "DER", "-out", own("p8-enc.der"));
	OPENSSL("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-in",
	    pki("officer.key"), "-passout", "pass:" GOOD, "-out",
	    own("3des.key"));
	OPENSSL("pkcs8", "-topk8", "-v2", "aes256", "-v2prf", "hmacWithSHA512",
	    "-in", pki("officer.key"), "-passout", "pass:" GOOD, "-out",
	    own("prf512.key"));
	OPENSSL("ec", "-in", pki("officer-ec.key"), "-out", own("ec-old.key"));
	/* as "openssl ecparam -genkey" writes it, parameters first */
	OPENSSL("ecparam", "-name", "prime256v1", "-out", own("params"));
	vt_buf_init(&all, 1 << 16);
	test_read(own("params"), &all);
	{
		struct vt_buf key;

		vt_buf_init(&key, 1 << 16);
		test_read(own("ec-old.key"), &key);
		assert_int_equal(vt_buf_bytes_put(&all, vt_buf_bytes(&key)),
		    VT_OK);
		vt_buf_release(&key);
	}
	assert_vt_ok(vt_file_write(own("ec-params.key"), vt_buf_bytes(&all),
			 &err),
	    &err);
	vt_buf_release(&all);

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		bool ec = strncmp(good[i], "ec", 2) == 0;
		bool enc = strstr(good[i], "enc") != NULL ||
			   strstr(good[i], "3des") != NULL ||
			   strstr(good[i], "prf") != NULL;

		assert_vt_ok(load_pem(own(good[i]),
				 pki(ec ? "officer-ec.crt" : "officer.crt"),
				 GOOD, &asked, &signer, &err),
		    &err);
		assert_int_equal(asked, enc);
		assert_signs(signer, ec ? VT_SIGALG_ECDSA : VT_SIGALG_RSA);
		vt_signer_free(signer);
		if (!enc)
			continue;
		assert_vt_error(load_pem(own(good[i]),
				    pki(ec ? "officer-ec.crt" : "officer.crt"),
				    "wrong", &asked, &signer, &err),
		    &err, VT_EKEY);
		assert_error_text(&err, "passphrase");
		assert_int_equal(asked, 1);
		assert_null(signer);
	}
}

static void
certificates_beside_the_own_are_the_chain(void **state)
{
	struct answer a = { .text = GOOD };
	const struct vt_key_ask ask = { answer, &a };
	struct vt_signer *signer = NULL;
	struct vt_error err = { 0 };
	struct vt_buf all, one;

	(void)state;
	/* the chain first, then the key's own */
	vt_buf_init(&all, 1 << 20);
	test_read(pki("duty-chain.crt"), &all);
	vt_buf_init(&one, 1 << 20);
	test_read(pki("officer.crt"), &one);
	vt_buf_bytes_put(&all, vt_buf_bytes(&one));
	assert_vt_ok(vt_file_write(own("all.crt"), vt_buf_bytes(&all), &err),
	    &err);
	assert_vt_ok(vt_key_pem(pki("officer.key"), own("all.crt"), NULL, NULL,
			 &signer, &err),
	    &err);
	assert_int_equal(signer->chain.n, 2);
	assert_string_equal(vt_cert_subject(signer->cert, VT_NAME_UID),
	    "CCCD:051088000001");
	vt_signer_free(signer);
	/* by a file of their own, also where the key's file has some */
	assert_vt_ok(vt_key_pem(pki("officer.key"), pki("officer.crt"),
			 pki("duty-chain.crt"), NULL, &signer, &err),
	    &err);
	assert_int_equal(signer->chain.n, 2);
	vt_signer_free(signer);
	assert_vt_ok(vt_key_p12(pki("officer.p12"), pki("public-chain.crt"),
			 &ask, &signer, &err),
	    &err);
	assert_int_equal(signer->chain.n, 4);
	vt_signer_free(signer);
	assert_vt_ok(vt_key_p12(pki("officer.p12"), pki("duty-chain.crt"), &ask,
			 &signer, &err),
	    &err);
	assert_int_equal(signer->chain.n, 2); /* each once */
	vt_signer_free(signer);
	signer = NULL;
	assert_int_not_equal(vt_key_p12(pki("officer.p12"), own("absent.crt"),
				 &ask, &signer, &err),
	    VT_OK);
	assert_null(signer);
	assert_error_text(&err, "absent.crt");
	vt_buf_release(&all);
	vt_buf_release(&one);
}

/* What older programs wrote; RC2 with 40 bits around the certificates. */
static void
old_encryptions_are_read(void **state)
{
	static const char *const certs[] = { "PBE-SHA1-RC2-40", "PBE-SHA1-3DES",
		"AES-128-CBC", "NONE" };
	static const char *const keys[] = { "PBE-SHA1-3DES", "PBE-SHA1-RC4-128",
		"AES-256-CBC", "NONE" };
	struct vt_signer *signer;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		unlink(own("old.p12"));
		OPENSSL("pkcs12", "-export", "-legacy", "-certpbe", certs[i],
		    "-keypbe", keys[i], "-macalg", i == 0 ? "sha1" : "sha256",
		    "-inkey", pki("officer.key"), "-in", pki("officer.crt"),
		    "-passout", "pass:" GOOD, "-out", own("old.p12"));
		assert_vt_ok(load_p12(own("old.p12"), GOOD, NULL, &signer,
				 &err),
		    &err);
		assert_signs(signer, VT_SIGALG_RSA);
		vt_signer_free(signer);
	}
}

static void
passphrases_may_be_anything(void **state)
{
	static const char *const words[] = { "", "x", "mật khẩu thử",
		"\xf0\x9f\x94\x91", "a b\tc" };
	struct vt_signer *signer;
	struct vt_error err;
	char pass[128];
	size_t i;

	(void)state;
	assert_vt_ok(load_p12(pki("officer-utf8.p12"), "mật khẩu thử", NULL,
			 &signer, &err),
	    &err);
	vt_signer_free(signer);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(pass, sizeof(pass), "pass:%s", words[i]);
		unlink(own("pass.p12"));
		OPENSSL("pkcs12", "-export", "-inkey", pki("officer-ec.key"),
		    "-in", pki("officer-ec.crt"), "-passout", pass, "-out",
		    own("pass.p12"));
		assert_vt_ok(load_p12(own("pass.p12"), words[i], NULL, &signer,
				 &err),
		    &err);
		vt_signer_free(signer);
		assert_vt_error(load_p12(own("pass.p12"), "other", NULL,
				    &signer, &err),
		    &err, VT_EKEY);
	}
}

/* --- what is wrong --- */

static void
wrong_or_no_passphrase_is_said(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t asked;

	(void)state;
	assert_vt_error(load_p12(pki("officer.p12"), "wrong", &asked, &signer,
			    &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "passphrase");
	assert_int_equal(asked, 1);
	assert_vt_error(load_p12(pki("officer.p12"), NULL, &asked, &signer,
			    &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "nobody");
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_key_p12(pki("officer.p12"), NULL, NULL, &signer,
			    &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "needs a passphrase");
	assert_vt_error(load_pem(pki("officer-enc.key"), pki("officer.crt"),
			    "wrong", &asked, &signer, &err),
	    &err, VT_EKEY);
	assert_int_equal(asked, 1);
	assert_null(signer);
}

static void
a_certificate_of_another_key_is_refused(void **state)
{
	struct vt_signer *signer = NULL;
	struct vt_error err;

	(void)state;
	assert_vt_error(load_pem(pki("officer.key"), pki("agency.crt"), NULL,
			    NULL, &signer, &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "no certificate");
	assert_vt_error(load_pem(pki("officer-ec.key"), pki("agency.crt"), NULL,
			    NULL, &signer, &err),
	    &err, VT_EKEY);
	/* the names of the officer, the key of somebody else */
	assert_vt_error(load_pem(pki("officer.key"), pki("impostor.crt"), NULL,
			    NULL, &signer, &err),
	    &err, VT_EKEY);
	assert_null(signer);
}

static void
files_without_a_key_are_said_so(void **state)
{
	static const struct vt_bytes rubbish[] = {
		VT_BYTES_LIT(""),
		VT_BYTES_LIT("rubbish"),
		VT_BYTES_LIT("-----BEGIN PRIVATE KEY-----\n"),
		VT_BYTES_LIT("-----BEGIN PRIVATE KEY-----\nMAA=\n"
			     "-----END PRIVATE KEY-----\n"),
		VT_BYTES_LIT("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n"
			     "-----END ENCRYPTED PRIVATE KEY-----\n"),
		VT_BYTES_LIT("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n"
			     "-----END RSA PRIVATE KEY-----\n"),
		VT_BYTES_LIT("\x30\x03\x02\x01\x00"),
		VT_BYTES_LIT("\x30\x84\x7f\xff\xff\xff"),
	};
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++) {
		unlink(own("rubbish"));
		assert_vt_ok(vt_file_write(own("rubbish"), rubbish[i], &err),
		    &err);
		assert_vt_error(load_pem(own("rubbish"), pki("officer.crt"),
				    GOOD, NULL, &signer, &err),
		    &err, VT_EKEY);
		assert_error_text(&err, "rubbish");
		assert_vt_error(load_p12(own("rubbish"), GOOD, NULL, &signer,
				    &err),
		    &err, VT_EFORMAT);
		assert_error_text(&err, "rubbish");
	}
	assert_vt_error(load_pem(pki("officer.crt"), pki("officer.crt"), GOOD,
			    NULL, &signer, &err),
	    &err, VT_EKEY);
	assert_vt_error(load_p12(pki("nokey.p12"), GOOD, NULL, &signer, &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "no private key");
	assert_vt_error(load_p12(own("absent.p12"), GOOD, NULL, &signer, &err),
	    &err, VT_EIO);
	assert_vt_error(load_pem(own("absent.key"), pki("officer.crt"), GOOD,
			    NULL, &signer, &err),
	    &err, VT_EIO);
	assert_null(signer);
}

/* One bit fewer is no key of ours. */
static void
an_rsa_key_has_a_length(void **state)
{
	struct vt_error err = { 0 };
	EVP_PKEY *key;

	(void)state;
	key = EVP_RSA_gen(VT_KEY_RSA_MIN);
	assert_vt_ok(vt_key_check(key, &err), &err);
	EVP_PKEY_free(key);
	key = EVP_RSA_gen(VT_KEY_RSA_MIN - 1);
	assert_vt_error(vt_key_check(key, &err), &err, VT_EKEY);
	EVP_PKEY_free(key);
}

static void
keys_that_we_do_not_sign_with_are_refused(void **state)
{
	static const struct {
		const char *alg, *opt, *text;
	} cases[] = {
		{ "RSA", "rsa_keygen_bits:1024", "1024 bits" },
		{ "RSA", "rsa_keygen_bits:2047", "2047 bits" },
		{ "RSA-PSS", "rsa_keygen_bits:1024", "1024 bits" },
		{ "EC", "ec_paramgen_curve:P-224", "neither P-256" },
		{ "EC", "ec_paramgen_curve:P-521", "neither P-256" },
		{ "EC", "ec_paramgen_curve:secp256k1", "neither P-256" },
		{ "ED25519", NULL, "neither RSA nor EC" },
	};
	struct vt_signer *signer = NULL;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].opt != NULL)
			OPENSSL("genpkey", "-algorithm", cases[i].alg,
			    "-pkeyopt", cases[i].opt, "-out", own("odd.key"));
		else
			OPENSSL("genpkey", "-algorithm", cases[i].alg, "-out",
			    own("odd.key"));
		OPENSSL("req", "-x509", "-new", "-key", own("odd.key"), "-subj",
		    "/CN=odd", "-out", own("odd.crt"));
		assert_vt_error(load_pem(own("odd.key"), own("odd.crt"), NULL,
				    NULL, &signer, &err),
		    &err, VT_EKEY);
		assert_error_text(&err, cases[i].text);
		assert_null(signer);
	}
	assert_vt_error(load_p12(pki("weak-rsa1024.p12"), GOOD, NULL, &signer,
			    &err),
	    &err, VT_EKEY);
	assert_error_text(&err, "1024 bits");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p12_gives_key_certificate_and_chain),
		cmocka_unit_test(pss_key_signs_by_pss_only),
		cmocka_unit_test(pem_gives_the_same),
		cmocka_unit_test(keys_come_in_many_forms),
		cmocka_unit_test(certificates_beside_the_own_are_the_chain),
		cmocka_unit_test(old_encryptions_are_read),
		cmocka_unit_test(passphrases_may_be_anything),
		cmocka_unit_test(wrong_or_no_passphrase_is_said),
		cmocka_unit_test(a_certificate_of_another_key_is_refused),
		cmocka_unit_test(files_without_a_key_are_said_so),
		cmocka_unit_test(an_rsa_key_has_a_length),
		cmocka_unit_test(keys_that_we_do_not_sign_with_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
