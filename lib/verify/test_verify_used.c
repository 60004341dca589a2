/* test_verify_used.c - what a worker judged by, as its parent takes it */
#include "test_util.h"

#include "vanthu/limits.h"
#include "vanthu/trust.h"
#include "verify_used.h"
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_trust_holds_comes_over),
		cmocka_unit_test(what_a_worker_makes_up_does_not),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
