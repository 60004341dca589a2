/* Certificates, lists and the files that hold them. */
#include "test_util.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/signer.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"

static char *
pki(const char *name)
{
	const char *base = getenv("VANTHU_PKI");
	char *path;

	assert_non_null(base);
	path = vt_path_join(base, name);
	assert_non_null(path);
	return path;
}

static struct vt_cert *
cert_of(const char *name)
{
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };
	struct vt_cert *cert;
	char *path = pki(name);

	assert_vt_ok(vt_x509_read_file(path, &certs, NULL, &err), &err);
	assert_int_equal(certs.n, 1);
	cert = vt_cert_ref(certs.items[0]);
	vt_certs_release(&certs);
	free(path);
	return cert;
}

static void
pki_read(const char *name, struct vt_buf *ret)
{
	char *path = pki(name);

	test_read(path, ret);
	free(path);
}

/* The same bytes are the same certificate for as long as it is alive. */
static void
a_certificate_is_alive_once(void **state)
{
	struct vt_cert *a = cert_of("officer.crt"), *b, *other;
	struct vt_error err = { 0 };
	struct vt_bytes der = vt_cert_der(a);
	unsigned char *copy = malloc(der.len);

	(void)state;
	memcpy(copy, der.data, der.len);
	assert_vt_ok(vt_cert_parse(VT_BYTES(copy, der.len), &b, &err), &err);
	assert_ptr_equal(a, b);
	other = cert_of("officer-ec.crt");
	assert_ptr_not_equal(a, other);
	vt_cert_free(a);
	assert_string_equal(vt_cert_subject(b, VT_NAME_CN),
	    "Nguyễn Thị Lấp Lánh Ánh (TEST)");
	vt_cert_free(b);
	assert_vt_ok(vt_cert_parse(VT_BYTES(copy, der.len), &a, &err), &err);
	assert_true(vt_bytes_equal(vt_cert_der(a), VT_BYTES(copy, der.len)));
	vt_cert_free(a);
	vt_cert_free(other);
	free(copy);
}

/* The values stand in testdata/make.sh. */
static void
names_are_read_as_utf8(void **state)
{
	struct vt_cert *cert = cert_of("officer.crt");

	(void)state;
	assert_string_equal(vt_cert_subject(cert, VT_NAME_CN),
	    "Nguyễn Thị Lấp Lánh Ánh (TEST)");
	assert_string_equal(vt_cert_subject(cert, VT_NAME_O),
	    "Ủy ban nhân dân tỉnh Thử Nghiệm");
	assert_string_equal(vt_cert_subject(cert, VT_NAME_OU),
	    "Lãnh đạo, Văn phòng Ủy ban nhân dân tỉnh");
	assert_string_equal(vt_cert_subject(cert, VT_NAME_UID),
	    "CCCD:051088000001");
	assert_string_equal(vt_cert_subject(cert, VT_NAME_EMAIL),
	    "anh@test.invalid");
	assert_string_equal(vt_cert_issuer(cert, VT_NAME_CN),
	    "Cơ quan chứng thực số chuyên dùng công vụ (TEST)");
	assert_null(vt_cert_issuer(cert, VT_NAME_UID));
	assert_string_equal(vt_cert_issuer_line(cert),
	    "CN=Cơ quan chứng thực số chuyên dùng công vụ (TEST),"
	    "O=Ban Cơ yếu Chính phủ (TEST),C=VN");
	assert_string_equal(vt_cert_title(cert),
	    "Nguyễn Thị Lấp Lánh Ánh (TEST)");
	assert_null(vt_cert_subject(cert, VT_NAME_COUNT));
	vt_cert_free(cert);
}

static void
facts_are_those_of_the_recipe(void **state)
{
	static const struct {
		const char *file;
		enum vt_key_type type;
		int bits;
		uint32_t usage;
		bool ca, self_signed;
	} rows[] = {
		{ "officer.crt", VT_KEY_RSA, 2048,
		    VT_KU_SIGNATURE | VT_KU_COMMITMENT, false, false },
		{ "officer3072.crt", VT_KEY_RSA, 3072,
		    VT_KU_SIGNATURE | VT_KU_COMMITMENT, false, false },
		{ "officer-ec.crt", VT_KEY_EC, 256,
		    VT_KU_SIGNATURE | VT_KU_COMMITMENT, false, false },
		{ "officer-pss.crt", VT_KEY_RSA_PSS, 2048,
		    VT_KU_SIGNATURE | VT_KU_COMMITMENT, false, false },
		{ "weak-rsa1024.crt", VT_KEY_RSA, 1024,
		    VT_KU_SIGNATURE | VT_KU_COMMITMENT, false, false },
		{ "duty-ca.crt", VT_KEY_RSA, 2048,
		    VT_KU_CERT_SIGN | VT_KU_CRL_SIGN, true, false },
		{ "duty-root.crt", VT_KEY_RSA, 2048,
		    VT_KU_CERT_SIGN | VT_KU_CRL_SIGN, true, true },
	};
	struct vt_cert *cert;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cert = cert_of(rows[i].file);
		assert_int_equal(vt_cert_key_type(cert), rows[i].type);
		assert_int_equal(vt_cert_key_bits(cert), rows[i].bits);
		assert_int_equal(vt_cert_key_usage(cert), rows[i].usage);
		assert_int_equal(vt_cert_is_ca(cert), rows[i].ca);
		assert_int_equal(vt_cert_self_signed(cert),
		    rows[i].self_signed);
		assert_int_equal(vt_cert_self_issued(cert),
		    rows[i].self_signed);
		assert_true(vt_cert_not_before(cert) ==
			    vt_time_of_fields(2020, 1, 1, 0, 0, 0));
		vt_cert_free(cert);
	}
	cert = cert_of("officer.crt");
	assert_true(vt_cert_not_after(cert) ==
		    vt_time_of_fields(2049, 12, 31, 23, 59, 59));
	assert_int_equal(vt_cert_eku(cert)->n, 2);
	assert_string_equal(vt_cert_eku(cert)->items[1], "1.3.6.1.5.5.7.3.4");
	vt_cert_free(cert);
}

static void
an_issuer_has_the_name_and_the_key(void **state)
{
	struct vt_cert *leaf = cert_of("officer.crt");
	struct vt_cert *ca = cert_of("duty-ca.crt");
	struct vt_cert *root = cert_of("duty-root.crt");
	struct vt_cert *impostor = cert_of("impostor-ca.crt");

	(void)state;
	assert_true(vt_cert_issued_by(leaf, ca));
	assert_true(vt_cert_issued_by(ca, root));
	assert_false(vt_cert_issued_by(leaf, root));
	assert_string_equal(vt_cert_subject_line(ca),
	    vt_cert_subject_line(impostor));
	assert_false(vt_cert_issued_by(leaf, impostor));
	assert_bytes_equal(vt_cert_aki(leaf), vt_cert_ski(ca));
	assert_false(vt_cert_equal(ca, impostor));
	vt_cert_free(leaf);
	vt_cert_free(ca);
	vt_cert_free(root);
	vt_cert_free(impostor);
}

static void
bytes_are_kept_and_digested(void **state)
{
	struct vt_cert *pem = cert_of("officer.crt");
	struct vt_buf der;
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };

	(void)state;
	vt_buf_init(&der, TEST_FILE_MAX);
	pki_read("officer.der", &der);
	assert_bytes_equal(vt_cert_der(pem), vt_buf_bytes(&der));
	assert_vt_ok(vt_sha256(vt_buf_bytes(&der), sha256, &err), &err);
	assert_memory_equal(vt_cert_sha256(pem), sha256, VT_SHA256_LEN);
	vt_buf_release(&der);
	vt_cert_free(pem);
}

static void
only_whole_der_is_a_certificate(void **state)
{
	struct vt_buf der;
	struct vt_cert *cert;
	struct vt_error err = { 0 };
	unsigned char *ber;
	size_t i, n;

	(void)state;
	vt_buf_init(&der, TEST_FILE_MAX);
	pki_read("officer.der", &der);
	for (i = 0; i < der.len; i++) {
		vt_error_clear(&err);
		assert_error_clause(vt_cert_parse(VT_BYTES(der.data, i), &cert,
					&err),
		    &err, VT_EFORMAT, "RFC 5280, 4.1");
	}
	vt_error_clear(&err);
	assert_int_equal(vt_buf_putc(&der, 0), VT_OK);
	assert_vt_error(vt_cert_parse(vt_buf_bytes(&der), &cert, &err), &err,
	    VT_EFORMAT);
	/* The same with a length of indefinite form: BER. */
	n = der.len - 1;
	ber = malloc(n + 2);
	memcpy(ber, der.data, n);
	ber[1] = 0x80;
	memmove(ber + 2, ber + 4, n - 4);
	ber[n - 2] = ber[n - 1] = 0;
	vt_error_clear(&err);
	assert_vt_error(vt_cert_parse(VT_BYTES(ber, n), &cert, &err), &err,
	    VT_EFORMAT);
	free(ber);
	vt_buf_release(&der);
}

static void
any_changed_byte_is_survived(void **state)
{
	struct vt_buf der;
	struct vt_cert *cert, *ca = cert_of("duty-ca.crt");
	size_t i, parsed = 0;

	(void)state;
	vt_buf_init(&der, TEST_FILE_MAX);
	pki_read("officer.der", &der);
	for (i = 0; i < der.len; i++) {
		der.data[i] ^= 0x41;
		if (vt_cert_parse(vt_buf_bytes(&der), &cert, NULL) == VT_OK) {
			assert_false(vt_cert_issued_by(cert, ca));
			vt_cert_free(cert);
			parsed++;
		}
		der.data[i] ^= 0x41;
	}
	assert_true(parsed > 100); /* names and numbers */
	vt_buf_release(&der);
	vt_cert_free(ca);
}

static void
too_long_is_a_limit(void **state)
{
	unsigned char *big = calloc(1, VT_CERT_MAX + 1);
	struct vt_cert *cert;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_error(vt_cert_parse(VT_BYTES(big, VT_CERT_MAX + 1), &cert,
			    &err),
	    &err, VT_ELIMIT);
	vt_error_clear(&err);
	assert_vt_error(vt_cert_parse(VT_BYTES(big, VT_CERT_MAX), &cert, &err),
	    &err, VT_EFORMAT);
	free(big);
}

/* A certificate, signed by itself, with the name given byte by byte. */
static int
self_made(int type, const char *cn, int len, int nid, struct vt_cert **ret)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	int rc;

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_NAME_add_entry_by_NID(X509_get_subject_name(x), nid, type,
	    (const unsigned char *)cn, len, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	ASN1_TIME_set(X509_getm_notBefore(x), 0);
	ASN1_TIME_set(X509_getm_notAfter(x), 1);
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	rc = vt_cert_of_x509(x, ret, NULL);
	X509_free(x);
	EVP_PKEY_free(key);
	return rc;
}

static void
a_nul_does_not_end_a_name(void **state)
{
	struct vt_cert *cert;

	(void)state;
	assert_int_equal(self_made(V_ASN1_UTF8STRING, "good\0evil", 9,
			     NID_commonName, &cert),
	    VT_OK);
	assert_string_equal(vt_cert_subject(cert, VT_NAME_CN),
	    "good\xef\xbf\xbd"
	    "evil");
	assert_non_null(strstr(vt_cert_subject_line(cert), "evil"));
	vt_cert_free(cert);
}

static void
a_nameless_certificate_still_has_a_title(void **state)
{
	struct vt_cert *cert;

	(void)state;
	assert_int_equal(self_made(V_ASN1_UTF8STRING, "X", 1,
			     NID_organizationName, &cert),
	    VT_OK);
	assert_string_equal(vt_cert_title(cert), "X");
	assert_null(vt_cert_subject(cert, VT_NAME_CN));
	vt_cert_free(cert);
	assert_int_equal(self_made(V_ASN1_PRINTABLESTRING, "VN", 2,
			     NID_countryName, &cert),
	    VT_OK);
	assert_string_equal(vt_cert_title(cert), "C=VN");
	vt_cert_free(cert);
	/* What claims to be UTF-8 and is not is no name. */
	assert_int_equal(self_made(V_ASN1_UTF8STRING, "\xff\xfe", 2,
			     NID_commonName, &cert),
	    VT_EFORMAT);
}

static void
files_of_every_shape_are_read(void **state)
{
	static const struct {
		const char *file;
		size_t certs, crls;
	} rows[] = {
		{ "officer.crt", 1, 0 },
		{ "officer.der", 1, 0 },
		{ "duty-chain.crt", 2, 0 },
		{ "duty.p7b", 2, 0 },
		{ "duty-ca.crl", 0, 1 },
		{ "duty-ca.crl.der", 0, 1 },
	};
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_error err = { 0 };
	char *path;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		path = pki(rows[i].file);
		assert_vt_ok(vt_x509_read_file(path, &certs, &crls, &err),
		    &err);
		assert_int_equal(certs.n, rows[i].certs);
		assert_int_equal(crls.n, rows[i].crls);
		/* The same once more adds nothing. */
		assert_vt_ok(vt_x509_read_file(path, &certs, &crls, &err),
		    &err);
		assert_int_equal(certs.n, rows[i].certs);
		assert_int_equal(crls.n, rows[i].crls);
		free(path);
		vt_certs_release(&certs);
		vt_crls_release(&crls);
	}
}

static void
expect_bad(struct vt_bytes data, enum vt_code code, const char *text)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_error err = { 0 };

	assert_vt_error(vt_x509_read(data, &certs, &crls, &err), &err, code);
	assert_error_text(&err, text);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
}

static void
files_that_hold_nothing_are_refused(void **state)
{
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };
	struct vt_buf buf;
	char *path;

	(void)state;
	expect_bad(VT_BYTES(NULL, 0), VT_EFORMAT, "neither a certificate");
	expect_bad(VT_BYTES_LIT("hello\n"), VT_EFORMAT,
	    "neither a certificate");
	expect_bad(VT_BYTES_LIT("\x30"), VT_EFORMAT, "DER");
	expect_bad(VT_BYTES_LIT("\x30\x84\xff\xff\xff\xff"), VT_EFORMAT, "DER");
	expect_bad(VT_BYTES_LIT("-----BEGIN CERTIFICATE-----\nAAAA\n"),
	    VT_EFORMAT, "PEM");
	expect_bad(VT_BYTES_LIT("-----BEGIN CERTIFICATE-----\nAAAA\n"
				"-----END CERTIFICATE-----\n"),
	    VT_EFORMAT, "DER");
	expect_bad(VT_BYTES_LIT("-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n"
				"-----END TRUSTED CERTIFICATE-----\n"),
	    VT_EFORMAT, "OpenSSL");
	/* A key alone is no certificate; a list is none either. */
	vt_buf_init(&buf, TEST_FILE_MAX);
	pki_read("officer.key", &buf);
	expect_bad(vt_buf_bytes(&buf), VT_EFORMAT, "neither a certificate");
	vt_buf_release(&buf);
	path = pki("duty-ca.crl");
	assert_vt_error(vt_x509_read_file(path, &certs, NULL, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "no certificate");
	free(path);
	vt_error_clear(&err);
	assert_vt_error(vt_x509_read_file("/nonexistent", &certs, NULL, &err),
	    &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_x509_read_file("/", &certs, NULL, &err), &err,
	    VT_EIO);
	assert_int_equal(certs.n, 0);
}

static void
a_file_with_too_many_objects_is_a_limit(void **state)
{
	struct vt_buf one, all;
	size_t i;

	(void)state;
	vt_buf_init(&one, TEST_FILE_MAX);
	vt_buf_init(&all, TEST_FILE_MAX);
	pki_read("officer-ec.crt", &one);
	for (i = 0; i <= VT_X509_OBJECTS; i++)
		assert_int_equal(vt_buf_bytes_put(&all, vt_buf_bytes(&one)),
		    VT_OK);
	expect_bad(vt_buf_bytes(&all), VT_ELIMIT, "more than 4096");
	vt_buf_release(&one);
	vt_buf_release(&all);
}

static void
lists_are_read_strictly(void **state)
{
	struct vt_buf der;
	struct vt_crl *crl;
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	vt_buf_init(&der, TEST_FILE_MAX);
	pki_read("duty-ca.crl.der", &der);
	assert_vt_ok(vt_crl_parse(vt_buf_bytes(&der), &crl, &err), &err);
	assert_true(
	    vt_crl_this_update(crl) == vt_time_of_fields(2025, 1, 1, 0, 0, 0));
	assert_true(vt_crl_next_update(crl) ==
		    vt_time_of_fields(2049, 12, 31, 23, 59, 59));
	assert_false(vt_crl_is_delta(crl));
	assert_bytes_equal(vt_crl_der(crl), vt_buf_bytes(&der));
	vt_crl_free(crl);
	for (i = 0; i < der.len; i++) {
		vt_error_clear(&err);
		assert_vt_error(vt_crl_parse(VT_BYTES(der.data, i), &crl, &err),
		    &err, VT_EFORMAT);
	}
	assert_int_equal(vt_buf_putc(&der, 0), VT_OK);
	vt_error_clear(&err);
	assert_vt_error(vt_crl_parse(vt_buf_bytes(&der), &crl, &err), &err,
	    VT_EFORMAT);
	vt_buf_release(&der);
}

/* ---- the table of signers ---- */

struct fake {
	int signed_, freed;
};

static int
fake_sign(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	struct fake *fake = ctx;

	(void)alg;
	(void)hash;
	(void)err;
	fake->signed_++;
	memcpy(out, digest.data, digest.len);
	*ret_len = digest.len;
	return VT_OK;
}

static void
fake_free(void *ctx)
{
	((struct fake *)ctx)->freed++;
}

static const struct vt_signer_ops fake_ops = { fake_sign, fake_free, true };

static void
a_signer_is_asked_only_what_its_key_can(void **state)
{
	static const struct {
		const char *file;
		bool rsa, pss, ecdsa;
		size_t max;
	} rows[] = {
		{ "officer.crt", true, true, false, 256 },
		{ "officer3072.crt", true, true, false, 384 },
		{ "officer-pss.crt", false, true, false, 256 },
		{ "officer-ec.crt", false, false, true, 72 },
	};
	unsigned char digest[VT_HASH_MAX] = { 1 }, out[VT_SIGNATURE_MAX];
	struct vt_signer *signer;
	struct vt_error err = { 0 };
	struct vt_cert *cert;
	struct fake fake = { 0, 0 };
	size_t i, len;
	int n;

#define TRY(alg, hash, dlen)                                                   \
	(vt_error_clear(&err), vt_signer_sign(signer, (alg), (hash),           \
				   VT_BYTES(digest, (dlen)), out, &len, &err))
	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cert = cert_of(rows[i].file);
		assert_vt_ok(vt_signer_new(&fake_ops, &fake, cert, NULL,
				 &signer, &err),
		    &err);
		vt_cert_free(cert);
		assert_int_equal(vt_signer_max(signer), rows[i].max);
		n = fake.signed_;
		assert_int_equal(TRY(VT_SIGALG_RSA, VT_HASH_SHA256, 32),
		    rows[i].rsa ? VT_OK : VT_EARG);
		assert_int_equal(TRY(VT_SIGALG_PSS, VT_HASH_SHA384, 48),
		    rows[i].pss ? VT_OK : VT_EARG);
		assert_int_equal(TRY(VT_SIGALG_ECDSA, VT_HASH_SHA512, 64),
		    rows[i].ecdsa ? VT_OK : VT_EARG);
		n += rows[i].rsa + rows[i].pss + rows[i].ecdsa;
		assert_int_equal(TRY(VT_SIGALG_PSS, VT_HASH_SHA256, 31),
		    VT_EARG);
		assert_int_equal(TRY(VT_SIGALG_ECDSA, VT_HASH_SHA256, 64),
		    VT_EARG);
		assert_int_equal(TRY(VT_SIGALG_RSA, (enum vt_hash)99, 0),
		    VT_EARG);
		assert_int_equal(fake.signed_, n);
		vt_signer_free(signer);
		assert_int_equal(fake.freed, (int)i + 1);
	}
	vt_signer_free(NULL);
}

static void
the_algorithm_follows_the_key(void **state)
{
	struct vt_cert *rsa = cert_of("officer.crt");
	struct vt_cert *pss = cert_of("officer-pss.crt");
	struct vt_cert *ec = cert_of("officer-ec.crt");
	struct vt_error err = { 0 };
	enum vt_sigalg alg;

	(void)state;
	assert_vt_ok(vt_sigalg_of(rsa, false, &alg, &err), &err);
	assert_int_equal(alg, VT_SIGALG_RSA);
	assert_vt_ok(vt_sigalg_of(rsa, true, &alg, &err), &err);
	assert_int_equal(alg, VT_SIGALG_PSS);
	assert_vt_ok(vt_sigalg_of(pss, false, &alg, &err), &err);
	assert_int_equal(alg, VT_SIGALG_PSS);
	assert_vt_ok(vt_sigalg_of(ec, true, &alg, &err), &err);
	assert_int_equal(alg, VT_SIGALG_ECDSA);
	vt_cert_free(rsa);
	vt_cert_free(pss);
	vt_cert_free(ec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_alive_once),
		cmocka_unit_test(names_are_read_as_utf8),
		cmocka_unit_test(facts_are_those_of_the_recipe),
		cmocka_unit_test(an_issuer_has_the_name_and_the_key),
		cmocka_unit_test(bytes_are_kept_and_digested),
		cmocka_unit_test(only_whole_der_is_a_certificate),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(too_long_is_a_limit),
		cmocka_unit_test(a_nul_does_not_end_a_name),
		cmocka_unit_test(a_nameless_certificate_still_has_a_title),
		cmocka_unit_test(files_of_every_shape_are_read),
		cmocka_unit_test(files_that_hold_nothing_are_refused),
		cmocka_unit_test(a_file_with_too_many_objects_is_a_limit),
		cmocka_unit_test(lists_are_read_strictly),
		cmocka_unit_test(a_signer_is_asked_only_what_its_key_can),
		cmocka_unit_test(the_algorithm_follows_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
