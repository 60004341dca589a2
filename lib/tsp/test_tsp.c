/* test_tsp.c - tokens of a real authority, whole, cut and changed */
#include "test_tsp_util.h"

static void
a_token_says_when_and_of_what(void **state)
{
	struct vt_tsp *t = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	struct vt_buf der;
	const struct vt_tsp_info *i;

	(void)state;
	load("stamp.tst", &der);
	assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&der), 0, &t, &err), &err);
	i = vt_tsp_info(t);
	assert_string_equal(i->policy, "1.3.6.1.4.1.99999.1");
	assert_string_equal(i->digest, "sha256");
	assert_int_equal(i->imprint.len, 32);
	assert_int_equal(i->accuracy_ms, 1500);
	assert_true(i->ordering);
	assert_true(i->nonce.len > 0);
	assert_true(i->serial.len > 0);
	assert_int_equal(i->tsa.data[0], 0xa4); /* directoryName */
	assert_true(i->time > 1700000000 && i->time <= vt_time_now());
	assert_vt_ok(check(t, "stamped\n", NULL, &f, &err), &err);
	assert_true(f.intact);
	assert_true(f.imprint);
	assert_true(f.named);
	assert_int_equal(f.reason, VT_CMS_FINE);
	assert_string_equal(vt_cert_subject(f.cms.cert, VT_NAME_CN),
	    "Dịch vụ cấp dấu thời gian (TEST)");
	vt_tsp_free(t);
	vt_buf_release(&der);
}

static void
other_bytes_have_another_imprint(void **state)
{
	struct vt_tsp *t = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	struct vt_buf der;

	(void)state;
	load("stamp.tst", &der);
	assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&der), 0, &t, &err), &err);
	assert_vt_ok(check(t, "stamped", NULL, &f, &err), &err);
	assert_false(f.intact);
	assert_false(f.imprint);
	assert_true(f.cms.intact);
	assert_int_equal(f.reason, VT_CMS_DIGEST_DIFFERS);
	vt_tsp_free(t);
	vt_buf_release(&der);
}

/* Without its certificate a token holds only beside the right one. */
static void
a_certificate_from_elsewhere(void **state)
{
	struct vt_certs extra = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_tsp *t = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };
	struct vt_buf der, pem;

	(void)state;
	load("stamp-leafless.tst", &der);
	load("tsa.crt", &pem);
	assert_vt_ok(vt_x509_read(vt_buf_bytes(&pem), &extra, &crls, &err),
	    &err);
	assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&der), 0, &t, &err), &err);
	assert_string_equal(vt_tsp_info(t)->digest, "sha512");
	assert_vt_ok(check(t, "stamped\n", NULL, &f, &err), &err);
	assert_false(f.intact);
	assert_int_equal(f.reason, VT_CMS_NO_CERTIFICATE);
	assert_vt_ok(check(t, "stamped\n", &extra, &f, &err), &err);
	assert_true(f.intact);
	vt_tsp_free(t);
	vt_certs_release(&extra);
	vt_crls_release(&crls);
	vt_buf_release(&pem);
	vt_buf_release(&der);
}

static void
padding_only_where_it_is_allowed(void **state)
{
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };
	struct vt_buf der;
	size_t len;

	(void)state;
	load("stamp.tst", &der);
	len = der.len;
	assert_int_equal(vt_buf_put(&der, "\0\0\0\0", 4), VT_OK);
	assert_vt_error(vt_tsp_parse(vt_buf_bytes(&der), 0, &t, &err), &err,
	    VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_tsp_parse(vt_buf_bytes(&der), VT_CMS_ZERO_PADDED, &t,
			 &err),
	    &err);
	assert_bytes_equal(vt_tsp_der(t), VT_BYTES(der.data, len));
	vt_tsp_free(t);
	vt_buf_release(&der);
}

/* Wherever it is cut, it is refused; whatever bit is another, it fails. */
static void
cut_and_changed_at_every_byte(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf der;
	size_t i, intact = 0;

	(void)state;
	load("stamp.tst", &der);
	for (i = 0; i < der.len; i++) {
		struct vt_tsp *t = NULL;
		struct vt_tsp_facts f = { 0 };

		memset(&err, 0, sizeof(err));
		assert_int_not_equal(vt_tsp_parse(vt_bytes_slice(vt_buf_bytes(
								     &der),
						      0, i),
					 0, &t, &err),
		    VT_OK);
		der.data[i] ^= 1;
		if (vt_tsp_parse(vt_buf_bytes(&der), 0, &t, NULL) == VT_OK &&
		    check(t, "stamped\n", NULL, &f, NULL) == VT_OK && f.intact)
			intact++;
		vt_tsp_free(t);
		der.data[i] ^= 1;
	}
	/* Certificates beside the signer's are not signed by the token. */
	assert_true(intact < der.len);
	print_message("%zu of %zu bytes are not covered\n", intact, der.len);
	vt_buf_release(&der);
}

static void
a_signature_over_something_else_is_no_token(void **state)
{
	static const unsigned char junk[] = { 0x30, 0x03, 0x02, 0x01, 0x00 };
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_error(vt_tsp_parse(VT_BYTES(junk, sizeof(junk)), 0, &t, &err),
	    &err, VT_EFORMAT);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_tsp_parse(VT_BYTES(junk, VT_TSP_MAX + 1), 0, &t,
			    &err),
	    &err, VT_ELIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_says_when_and_of_what),
		cmocka_unit_test(other_bytes_have_another_imprint),
		cmocka_unit_test(a_certificate_from_elsewhere),
		cmocka_unit_test(padding_only_where_it_is_allowed),
		cmocka_unit_test(cut_and_changed_at_every_byte),
		cmocka_unit_test(a_signature_over_something_else_is_no_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
