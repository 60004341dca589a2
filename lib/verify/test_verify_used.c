/* test_verify_used.c - what a worker judged by, as its parent takes it */
#include "test_util.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "vanthu/limits.h"
#include "vanthu/trust.h"
#include "verify_used.h"
#include "verify_want.h"
#include "verify_wire.h"

static struct vt_trust *trust;

static int
setup(void **state)
{
	char path[4096];

	(void)state;
	if (getenv("VANTHU_PKI") == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/trust", getenv("VANTHU_PKI"));
	return vt_trust_new(&trust, NULL) == VT_OK &&
		       vt_trust_load_office(trust, path, NULL) == VT_OK
		   ? 0
		   : -1;
}

static int
teardown(void **state)
{
	(void)state;
	vt_trust_free(trust);
	return 0;
}

/* What is told of the digests DER, and the code of reading them. */
static int
told(struct vt_bytes digests, struct vt_trust_used *ret)
{
	struct vt_error err = { 0 };
	struct vt_bytes in;
	struct vt_buf wire;
	int rc;

	vt_buf_init(&wire, 1 << 20);
	assert_vt_ok(vt_verify_wire_put_bytes(digests, &wire, &err), &err);
	in = vt_buf_bytes(&wire);
	rc = vt_verify_used_get(&in, trust, ret, &err);
	if (rc == VT_OK)
		assert_int_equal(in.len, 0);
	vt_buf_release(&wire);
	return rc;
}

static void
what_trust_holds_comes_over(void **state)
{
	const struct vt_certs *certs = vt_trust_certs(trust);
	struct vt_trust_used used = { 0 }, back = { 0 };
	struct vt_error err = { 0 };
	struct vt_bytes in;
	struct vt_buf wire;
	size_t i;

	(void)state;
	assert_true(certs->n > 0);
	for (i = 0; i < certs->n; i++)
		assert_vt_ok(vt_certs_add(&used.certs, certs->items[i], &err),
		    &err);
	vt_buf_init(&wire, 1 << 20);
	assert_vt_ok(vt_verify_used_put(&used, &wire, &err), &err);
	in = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_used_get(&in, trust, &back, &err), &err);
	assert_int_equal(in.len, 0);
	assert_int_equal(back.certs.n, used.certs.n);
	assert_ptr_equal(back.certs.items[0], certs->items[0]);
	assert_int_equal(back.crls.n, 0);
	vt_trust_used_release(&back);
	/* nobody's trust: nothing */
	in = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_used_get(&in, NULL, &back, &err), &err);
	assert_int_equal(back.certs.n, 0);
	vt_buf_release(&wire);
	vt_trust_used_release(&used);
}

static void
what_a_worker_makes_up_does_not(void **state)
{
	static unsigned char many[(VT_VERIFY_USED_MAX + 1) * VT_SHA256_LEN];
	struct vt_trust_used used = { 0 };

	(void)state;
	assert_int_equal(told(VT_BYTES(many, VT_SHA256_LEN), &used), VT_OK);
	assert_int_equal(told(VT_BYTES(many, sizeof(many) - VT_SHA256_LEN),
			     &used),
	    VT_OK);
	assert_int_equal(told(VT_BYTES(many, 0), &used), VT_OK);
	assert_int_equal(used.certs.n + used.crls.n + used.ocsps.n, 0);
	assert_int_equal(told(VT_BYTES(many, 31), &used), VT_EFORMAT);
	assert_int_equal(told(VT_BYTES(many, 33), &used), VT_EFORMAT);
	assert_int_equal(told(VT_BYTES(many, sizeof(many)), &used), VT_EFORMAT);
}

/* ---- whole ---- */

/* One piece, as a worker tells it. */
static void
put_one(struct vt_buf *all, const char *tag, struct vt_bytes der)
{
	assert_vt_ok(vt_verify_wire_put_bytes(vt_bytes_str(tag), all, NULL),
	    NULL);
	assert_vt_ok(vt_verify_wire_put_bytes(der, all, NULL), NULL);
}

/* The code of reading ALL, which is left empty. */
static int
told_whole(struct vt_buf *all, struct vt_trust_used *ret)
{
	struct vt_error err = { 0 };
	struct vt_bytes in;
	struct vt_buf wire;
	int rc;

	vt_buf_init(&wire, 64 << 20);
	assert_vt_ok(vt_verify_wire_put_bytes(vt_buf_bytes(all), &wire, &err),
	    &err);
	in = vt_buf_bytes(&wire);
	rc = vt_verify_used_get_rest(&in, ret, &err);
	if (rc == VT_OK)
		assert_int_equal(in.len, 0);
	else
		assert_int_equal(rc, VT_EFORMAT);
	vt_buf_release(&wire);
	vt_buf_reset(all);
	return rc;
}

static void
what_trust_does_not_hold_comes_over_whole(void **state)
{
	const struct vt_certs *certs = vt_trust_certs(trust);
	struct vt_trust_used used = { 0 }, back = { 0 };
	struct vt_error err = { 0 };
	struct vt_trust *some = NULL;
	struct vt_bytes in;
	struct vt_buf wire;
	size_t i;

	(void)state;
	assert_true(certs->n > 1);
	for (i = 0; i < certs->n; i++)
		assert_vt_ok(vt_certs_add(&used.certs, certs->items[i], &err),
		    &err);
	assert_vt_ok(vt_trust_new(&some, &err), &err);
	assert_vt_ok(vt_trust_add_cert(some, certs->items[0], &err), &err);
	vt_buf_init(&wire, 1 << 20);
	assert_vt_ok(vt_verify_used_put_rest(&used, some, &wire, &err), &err);
	in = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_used_get_rest(&in, &back, &err), &err);
	assert_int_equal(in.len, 0);
	assert_int_equal(back.certs.n, certs->n - 1);
	for (i = 1; i < certs->n; i++)
		assert_true(vt_certs_has(&back.certs, certs->items[i]));
	vt_trust_used_release(&back);
	/* nobody's trust: all of it */
	vt_buf_reset(&wire);
	assert_vt_ok(vt_verify_used_put_rest(&used, NULL, &wire, &err), &err);
	in = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_used_get_rest(&in, &back, &err), &err);
	assert_int_equal(back.certs.n, certs->n);
	/* a cut anywhere else than behind all of it is none */
	for (i = 0; i < wire.len; i++) {
		in = VT_BYTES(wire.data, i);
		vt_trust_used_release(&back);
		assert_int_equal(vt_verify_used_get_rest(&in, &back, NULL),
		    VT_EFORMAT);
	}
	vt_trust_used_release(&back);
	vt_buf_release(&wire);
	vt_trust_used_release(&used);
	vt_trust_free(some);
}

static void
what_does_not_parse_is_no_report(void **state)
{
	struct vt_bytes der = vt_cert_der(vt_trust_certs(trust)->items[0]);
	static unsigned char much[VT_VERIFY_USED_BYTES];
	struct vt_trust_used used = { 0 };
	struct vt_buf all;

	(void)state;
	vt_buf_init(&all, 64 << 20);
	assert_int_equal(told_whole(&all, &used), VT_OK);
	put_one(&all, "c", der);
	assert_int_equal(told_whole(&all, &used), VT_OK);
	assert_int_equal(used.certs.n, 1);
	put_one(&all, "l", der);
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "o", der);
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "x", der);
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "cc", der);
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "", der);
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "c", vt_bytes_slice(der, 0, der.len - 1));
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	put_one(&all, "c", VT_BYTES(much, sizeof(much)));
	assert_int_equal(told_whole(&all, &used), VT_EFORMAT);
	assert_int_equal(used.certs.n, 1);
	vt_buf_release(&all);
	vt_trust_used_release(&used);
}

/* A list that has LEN bytes of something in it. */
static struct vt_crl *
list_long(size_t len)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	ASN1_OBJECT *oid = OBJ_txt2obj("1.3.6.1.4.1.99999.9", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, 0);
	X509_EXTENSION *ext;
	X509_CRL *x = X509_CRL_new();
	struct vt_error err = { 0 };
	struct vt_crl *ret = NULL;
	unsigned char *der = NULL, *zeros = calloc(1, len);
	int n;

	assert_non_null(zeros);
	assert_true(ASN1_OCTET_STRING_set(value, zeros, (int)len));
	ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
	assert_true(X509_CRL_set_version(x, X509_CRL_VERSION_2) &&
		    X509_CRL_set1_lastUpdate(x, t) &&
		    X509_CRL_set1_nextUpdate(x, t) &&
		    X509_CRL_add_ext(x, ext, -1));
	assert_true(X509_CRL_sign(x, key, EVP_sha256()) > 0);
	n = i2d_X509_CRL(x, &der);
	assert_true(n > (int)len);
	assert_vt_ok(vt_crl_parse(VT_BYTES(der, (size_t)n), &ret, &err), &err);
	OPENSSL_free(der);
	free(zeros);
	X509_EXTENSION_free(ext);
	X509_CRL_free(x);
	ASN1_TIME_free(t);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
	EVP_PKEY_free(key);
	return ret;
}

static void
what_is_too_long_is_left_out(void **state)
{
	const struct vt_certs *certs = vt_trust_certs(trust);
	struct vt_trust_used used = { 0 }, back = { 0 };
	struct vt_error err = { 0 };
	struct vt_bytes in;
	struct vt_crl *list = list_long(VT_VERIFY_USED_BYTES);
	struct vt_buf wire;

	(void)state;
	assert_vt_ok(vt_crls_add(&used.crls, list, &err), &err);
	assert_vt_ok(vt_certs_add(&used.certs, certs->items[0], &err), &err);
	vt_buf_init(&wire, 64 << 20);
	assert_vt_ok(vt_verify_used_put_rest(&used, NULL, &wire, &err), &err);
	in = vt_buf_bytes(&wire);
	assert_vt_ok(vt_verify_used_get_rest(&in, &back, &err), &err);
	assert_int_equal(back.certs.n, 1);
	assert_int_equal(back.crls.n, 0);
	vt_trust_used_release(&back);
	vt_trust_used_release(&used);
	vt_crl_free(list);
	vt_buf_release(&wire);
}

static void
what_was_had_is_found_by_its_digest(void **state)
{
	struct vt_crl *list = list_long(10);
	struct vt_bytes der = vt_crl_der(list);
	struct vt_wants wants = { .n = 3,
		.items = { { .kind = VT_WANT_CRL, .tried = true },
		    { .kind = VT_WANT_CRL,
			.tried = true,
			.answer = (unsigned char *)der.data,
			.answer_len = der.len },
		    /* not what was wanted: had by nobody */
		    { .kind = VT_WANT_OCSP,
			.tried = true,
			.answer = (unsigned char *)der.data,
			.answer_len = der.len } } };
	struct vt_trust_used used = { 0 };
	struct vt_error err = { 0 };
	struct vt_trust *had = NULL;

	(void)state;
	assert_vt_ok(vt_wants_had(&wants, &had, &err), &err);
	assert_int_equal(vt_trust_anchors(had), 0);
	assert_vt_ok(vt_trust_used_take(&used, had, vt_crl_sha256(list), &err),
	    &err);
	assert_int_equal(used.crls.n, 1);
	assert_int_equal(used.ocsps.n, 0);
	vt_trust_used_release(&used);
	vt_trust_free(had);
	vt_crl_free(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_trust_holds_comes_over),
		cmocka_unit_test(what_a_worker_makes_up_does_not),
		cmocka_unit_test(what_trust_does_not_hold_comes_over_whole),
		cmocka_unit_test(what_does_not_parse_is_no_report),
		cmocka_unit_test(what_is_too_long_is_left_out),
		cmocka_unit_test(what_was_had_is_found_by_its_digest),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
