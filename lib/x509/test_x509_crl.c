/* The entries of revocation lists: found one by one, or by their index. */
#include "test_util.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "vanthu/time.h"
#include "vanthu/x509.h"

#define T INT64_C(1750000000)
#define HOLD CRL_REASON_CERTIFICATE_HOLD
#define REMOVE CRL_REASON_REMOVE_FROM_CRL
#define MANY 1000

static EVP_PKEY *key;
static struct vt_cert *ca;

static struct vt_cert *
make_cert(const char *cn, const BIGNUM *serial)
{
	struct vt_error err = { 0 };
	struct vt_cert *cert;
	X509 *x = X509_new();
	X509_NAME *name = X509_NAME_new(), *issuer = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)cn, -1, -1, 0);
	X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_UTF8,
	    (const unsigned char *)"CA (TEST)", -1, -1, 0);
	X509_set_version(x, X509_VERSION_3);
	BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x));
	X509_set_subject_name(x, name);
	X509_set_issuer_name(x, issuer);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_vt_ok(vt_cert_of_x509(x, &cert, &err), &err);
	X509_NAME_free(name);
	X509_NAME_free(issuer);
	X509_free(x);
	return cert;
}

static int
setup(void **state)
{
	BIGNUM *one = BN_new();

	(void)state;
	BN_set_word(one, 1);
	key = EVP_EC_gen("P-256");
	ca = make_cert("CA (TEST)", one);
	BN_free(one);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	vt_cert_free(ca);
	EVP_PKEY_free(key);
	return 0;
}

static X509_CRL *
list_of_version_1(void)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)T);

	X509_CRL_set_issuer_name(crl, X509_get_subject_name(vt_cert_x509(ca)));
	X509_CRL_set1_lastUpdate(crl, t);
	X509_CRL_set1_nextUpdate(crl, t);
	ASN1_TIME_free(t);
	return crl;
}

static X509_CRL *
list_new(void)
{
	X509_CRL *crl = list_of_version_1();

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	return crl;
}

static X509_REVOKED *
list_entry(X509_CRL *crl, const BIGNUM *serial, int64_t at, int reason)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_INTEGER *n = BN_to_ASN1_INTEGER(serial, NULL);
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)at);
	ASN1_ENUMERATED *e = ASN1_ENUMERATED_new();

	X509_REVOKED_set_serialNumber(r, n);
	X509_REVOKED_set_revocationDate(r, t);
	if (reason >= 0) {
		ASN1_ENUMERATED_set(e, reason);
		X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, e, 0, 0);
	}
	ASN1_INTEGER_free(n);
	ASN1_TIME_free(t);
	ASN1_ENUMERATED_free(e);
	X509_CRL_add0_revoked(crl, r);
	return r;
}

/* Signed and read; frees CRL. */
static struct vt_crl *
list_done(X509_CRL *crl)
{
	struct vt_error err = { 0 };
	struct vt_crl *ret;
	unsigned char *der = NULL;
	int n;

	assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	n = i2d_X509_CRL(crl, &der);
	assert_true(n > 0);
	assert_vt_ok(vt_crl_parse(VT_BYTES(der, (size_t)n), &ret, &err), &err);
	assert_true(vt_crl_signed_by(ret, ca));
	OPENSSL_free(der);
	X509_CRL_free(crl);
	return ret;
}

/* Serial numbers of every length, near to each other. */
static BIGNUM *
serial(unsigned i)
{
	BIGNUM *bn = BN_new();

	BN_set_word(bn, 2 + i);
	if (i % 3 == 1)
		BN_lshift(bn, bn, (int)(i % 140));
	if (i % 7 == 2)
		BN_set_negative(bn, 1);
	return bn;
}

static void
each_is_found_with_and_without_an_index(void **state)
{
	X509_CRL *crl = list_new();
	struct vt_crl_entry e;
	struct vt_crl *list;
	struct vt_cert *cert;
	BIGNUM *bn;
	unsigned i, round, found;

	(void)state;
	for (i = 0; i < MANY; i += 2) {
		bn = serial(i);
		list_entry(crl, bn, T - i, (int)(i % 5) - 1);
		BN_free(bn);
	}
	list = list_done(crl);
	assert_true(vt_crl_sound(list));
	for (round = 0; round < 2; round++) {
		found = 0;
		for (i = 0; i < MANY; i++) {
			bn = serial(i);
			cert = make_cert("Leaf", bn);
			if (vt_crl_find(list, cert, &e)) {
				found++;
				if (i % 2 == 0) {
					assert_true(e.at == T - i);
					assert_int_equal(e.reason,
					    i % 5 == 0 ? 0 : (int)(i % 5) - 1);
				}
				assert_false(e.remove);
			} else {
				assert_int_equal(i % 2, 1);
			}
			vt_cert_free(cert);
			BN_free(bn);
		}
		assert_true(found >= MANY / 2 && found < MANY);
		vt_crl_warm(list);
	}
	vt_crl_free(list);
}

/* Each reader may stop at another of two entries; other issuers' do not count.
 */
static void
of_two_entries_the_worst_counts(void **state)
{
	static const struct {
		struct {
			int ago, reason;
		} two[2], is;
	} rows[] = {
		{ { { 7, HOLD }, { 3, REMOVE } }, { 7, HOLD } },
		{ { { 3, REMOVE }, { 7, HOLD } }, { 7, HOLD } },
		{ { { 9, REMOVE }, { 3, -1 } }, { 3, 0 } },
		{ { { 7, HOLD }, { 3, 1 } }, { 7, 1 } },
		{ { { 3, 1 }, { 7, HOLD } }, { 7, 1 } },
		{ { { 3, 1 }, { 7, 4 } }, { 7, 1 } },
		{ { { 9, REMOVE }, { 3, REMOVE } }, { 9, REMOVE } },
	};
	struct vt_crl_entry e;
	struct vt_crl *list;
	struct vt_cert *cert, *foreign;
	BIGNUM *bn = serial(4), *other;
	X509_CRL *crl;
	X509 *x;
	unsigned i, k, round;

	(void)state;
	cert = make_cert("Leaf", bn);
	x = X509_dup(vt_cert_x509(cert));
	X509_set_issuer_name(x, X509_get_subject_name(x));
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_int_equal(vt_cert_of_x509(x, &foreign, NULL), VT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		crl = list_new();
		list_entry(crl, bn, T - rows[i].two[0].ago,
		    rows[i].two[0].reason);
		for (k = 100; k < 200; k++) {
			other = serial(k);
			list_entry(crl, other, T, -1);
			BN_free(other);
		}
		list_entry(crl, bn, T - rows[i].two[1].ago,
		    rows[i].two[1].reason);
		list = list_done(crl);
		for (round = 0; round < 2; round++) {
			assert_true(vt_crl_find(list, cert, &e));
			assert_true(e.at == T - rows[i].is.ago);
			assert_int_equal(e.reason, rows[i].is.reason);
			assert_int_equal(e.remove, e.reason == REMOVE);
			assert_false(vt_crl_find(list, foreign, &e));
			vt_crl_warm(list);
		}
		vt_crl_free(list);
	}
	X509_free(x);
	vt_cert_free(cert);
	vt_cert_free(foreign);
	BN_free(bn);
}

static void
add_ext(X509_REVOKED *r, const char *name, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_nconf(NULL, NULL, name, value);

	assert_non_null(ext);
	assert_int_equal(X509_REVOKED_add_ext(r, ext, -1), 1);
	X509_EXTENSION_free(ext);
}

static void
what_must_be_understood_makes_it_unsound(void **state)
{
	static const struct {
		const char *name, *value, *again; /* AGAIN: a second one's */
		bool sound, strange;
	} rows[] = {
		{ "1.3.6.1.4.1.99999.9", "DER:0500", NULL, true, false },
		{ "1.3.6.1.4.1.99999.9", "critical,DER:0500", NULL, false,
		    true },
		{ "1.3.6.1.4.1.99999.9", "DER:0500", "DER:0500", false, false },
		{ "2.5.29.21", "critical,DER:0a0101", NULL, false, true },
		/* another issuer's entry, in a list that has none */
		{ "2.5.29.29", "critical,DER:3000", NULL, false, false },
	};
	X509_CRL *crl;
	X509_REVOKED *r;
	struct vt_crl *list;
	BIGNUM *bn = serial(4);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		crl = list_new();
		r = list_entry(crl, bn, T, -1);
		add_ext(r, rows[i].name, rows[i].value);
		if (rows[i].again != NULL)
			add_ext(r, rows[i].name, rows[i].again);
		list = list_done(crl);
		assert_int_equal(vt_crl_sound(list), rows[i].sound);
		assert_int_equal(vt_crl_strange(list), rows[i].strange);
		vt_crl_free(list);
	}
	crl = list_of_version_1();
	list_entry(crl, bn, T, -1);
	list = list_done(crl);
	assert_true(vt_crl_sound(list));
	vt_crl_free(list);
	crl = list_of_version_1();
	list_entry(crl, bn, T, 1);
	list = list_done(crl);
	assert_false(vt_crl_sound(list));
	vt_crl_free(list);
	BN_free(bn);
}

static void
extensions_of_an_entry_are_counted(void **state)
{
	char name[32];
	X509_CRL *crl;
	X509_REVOKED *r;
	struct vt_crl *list;
	BIGNUM *bn = serial(4);
	size_t i, more;

	(void)state;
	for (more = 0; more < 2; more++) {
		crl = list_new();
		r = list_entry(crl, bn, T, -1);
		for (i = 0; i < VT_CRL_ENTRY_EXTENSIONS_MAX + more; i++) {
			snprintf(name, sizeof(name), "1.3.6.1.4.1.99999.%zu",
			    i);
			add_ext(r, name, "DER:0500");
		}
		list = list_done(crl);
		assert_int_equal(vt_crl_sound(list), more == 0);
		vt_crl_free(list);
	}
	BN_free(bn);
}

static void
a_list_has_a_length(void **state)
{
	unsigned char *der = calloc(1, VT_CRL_MAX + 1);
	struct vt_error err = { 0 };
	struct vt_crl *list;

	(void)state;
	assert_non_null(der);
	assert_vt_error(vt_crl_parse(VT_BYTES(der, VT_CRL_MAX), &list, &err),
	    &err, VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_crl_parse(VT_BYTES(der, VT_CRL_MAX + 1), &list,
			    &err),
	    &err, VT_ELIMIT);
	free(der);
}

/* A number in a longer form than it needs would be found by nobody. */
static void
entries_are_der(void **state)
{
	static const unsigned char from[] = { 0x02, 0x02, 0x12, 0x34, 0x17 },
				   to[] = { 0x02, 0x02, 0x00, 0x34, 0x17 };
	X509_CRL *crl = list_new();
	struct vt_crl *list, *changed;
	unsigned char *copy, *at;
	struct vt_bytes der;
	BIGNUM *bn = BN_new();

	(void)state;
	BN_set_word(bn, 0x1234);
	list_entry(crl, bn, T, -1);
	list = list_done(crl);
	der = vt_crl_der(list);
	copy = malloc(der.len);
	memcpy(copy, der.data, der.len);
	at = memmem(copy, der.len, from, sizeof(from));
	assert_non_null(at);
	memcpy(at, to, sizeof(to));
	assert_int_equal(vt_crl_parse(VT_BYTES(copy, der.len), &changed, NULL),
	    VT_OK);
	assert_true(vt_crl_sound(list));
	assert_false(vt_crl_sound(changed));
	assert_false(vt_crl_signed_by(changed, ca));
	vt_crl_free(list);
	vt_crl_free(changed);
	free(copy);
	BN_free(bn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_with_and_without_an_index),
		cmocka_unit_test(of_two_entries_the_worst_counts),
		cmocka_unit_test(what_must_be_understood_makes_it_unsound),
		cmocka_unit_test(extensions_of_an_entry_are_counted),
		cmocka_unit_test(a_list_has_a_length),
		cmocka_unit_test(entries_are_der),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
