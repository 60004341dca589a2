/* test_xsig_alloc.c - each allocation in turn fails: no crash, no wrong yes */
#include "test_alloc.h"
#include "test_xsig_util.h"

#include "vanthu/error.h"

#define STAMP                                                                  \
	"<xa:UnsignedProperties><xa:UnsignedSignatureProperties>"              \
	"<xa:SignatureTimeStamp><ds:CanonicalizationMethod "                   \
	"Algorithm='" C14N_EXC "'/><xa:EncapsulatedTimeStamp>MAA="             \
	"</xa:EncapsulatedTimeStamp></xa:SignatureTimeStamp>"                  \
	"</xa:UnsignedSignatureProperties></xa:UnsignedProperties>"

static int
drop(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	size_t *n = ctx;

	(void)err;
	*n += piece.len;
	return VT_OK;
}

/* All of it; *RET is only set where nothing failed. */
static int
judge(const char *text, struct vt_xsig_facts *ret, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	size_t n = 0;
	int rc;

	if ((rc = vt_source_bytes(vt_bytes_str(text), &src, err)) != VT_OK ||
	    (rc = vt_xsig_open(src, &xs, err)) != VT_OK ||
	    (rc = vt_xsig_check(xs, 0, NULL, NULL, ret, err)) != VT_OK)
		goto out;
	assert_int_equal(vt_xsig_nstamps(xs, 0), 1);
	rc = vt_xsig_stamp_imprint(xs, 0, 0, NULL, drop, &n, err);
	ret->cert = NULL; /* goes with the document */
	ret->uncovered = NULL;
out:
	vt_xsig_free(xs);
	vt_source_free(src);
	return rc;
}

/*
 * What cannot be made for lack of memory inside OpenSSL looks to us like a
 * value that does not verify; a yes it is never.
 */
static void
every_failure_is_told(void **state)
{
	char *text, *broken;
	struct vt_xsig_facts f;
	struct vt_error err;
	long n, told = 0;
	int i, rc;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	text = sign("<a xmlns:q='v'><b/>" SIGNATURE(C14N_EXC, RSA_SHA256,
	    REFERENCE_WHOLE REFERENCE_PROPERTIES,
	    PROPERTIES("<xa:SigningTime>2026-01-02T03:04:05Z"
		       "</xa:SigningTime>" CERT_V2,
		STAMP)) "</a>");
	broken = text_replace(text_dup(text), "<b/>", "<c/>");
	err = (struct vt_error){ 0 };
	assert_vt_ok(judge(text, &f, &err), &err);
	assert_true(f.xades);
	for (i = 0; i < 2; i++)
		for (n = 0;; n++) {
			err = (struct vt_error){ 0 };
			f = (struct vt_xsig_facts){ 0 };
			failed = false;
			countdown = n;
			rc = judge(i == 0 ? text : broken, &f, &err);
			countdown = -1;
			if (!failed)
				break;
			if (rc == VT_OK)
				assert_false(i == 1 && f.intact);
			else {
				assert_true(
				    rc == VT_ENOMEM || rc == VT_ECRYPTO);
				assert_int_equal(err.code, rc);
				told++;
			}
		}
	assert_true(told > 100);
	assert_int_equal(rc, VT_OK);
	free(text);
	free(broken);
}

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : (int)vt_error_nomem(err);
}

/* What is handed out holds, and nothing is handed out that does not. */
static void
a_signature_is_made_whole_or_not(void **state)
{
	const struct vt_xsig_sign how = { .signing_time = 1795478400 };
	struct vt_cert *cert;
	char *text;
	struct vt_signer *signer = NULL;
	struct vt_source *src = NULL;
	struct vt_xsig_facts f;
	struct vt_error err = { 0 };
	struct vt_buf out;
	struct vt_xsig *xs;
	long n, told = 0;
	int rc;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	text = sign("<a><b/>" SIGNATURE(C14N_EXC, RSA_SHA256, REFERENCE_WHOLE,
	    "") "</a>");
	cert = pki_cert("officer-ec");
	assert_vt_ok(vt_signer_new(&test_key, pki_key("officer-ec"), cert, NULL,
			 &signer, &err),
	    &err);
	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	for (n = 0;; n += n < 500 ? 1 : 11) {
		vt_buf_init(&out, DOC_MAX);
		err = (struct vt_error){ 0 };
		failed = false;
		countdown = n;
		rc = vt_xsig_sign(src, signer, &how, keep, &out, &err);
		countdown = -1;
		if (rc == VT_OK) {
			xs = xsig_of(vt_buf_str(&out));
			assert_int_equal(vt_xsig_count(xs), 2);
			facts_of(xs, 0, NULL, NULL, &f);
			assert_true(f.intact);
			facts_of(xs, 1, NULL, NULL, &f);
			assert_true(f.xades);
			vt_xsig_free(xs);
		} else {
			assert_int_equal(err.code, rc);
			told++;
		}
		vt_buf_release(&out);
		if (!failed)
			break;
	}
	assert_true(told > 100);
	assert_int_equal(rc, VT_OK);
	vt_source_free(src);
	vt_signer_free(signer);
	vt_cert_free(cert);
	free(text);
}

static int
stamp(void *ctx, struct vt_bytes over, struct vt_buf *ret, struct vt_error *err)
{
	(void)ctx;
	(void)over;
	return vt_buf_puts(ret, "a token") == VT_OK ? VT_OK
						    : (int)vt_error_nomem(err);
}

/* The same of a time stamp. */
static void
a_stamp_is_added_whole_or_not(void **state)
{
	const struct vt_xsig_sign how = { .signing_time = 1795478400 };
	struct vt_cert *cert;
	struct vt_signer *signer = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_buf made, out;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	long n, told = 0;
	int rc;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	cert = pki_cert("officer-ec");
	vt_buf_init(&made, DOC_MAX);
	assert_vt_ok(vt_signer_new(&test_key, pki_key("officer-ec"), cert, NULL,
			 &signer, &err),
	    &err);
	assert_vt_ok(vt_source_bytes(vt_bytes_str("<a>1</a>"), &src, &err),
	    &err);
	assert_vt_ok(vt_xsig_sign(src, signer, &how, keep, &made, &err), &err);
	vt_source_free(src);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&made), &src, &err), &err);
	for (n = 0;; n += n < 500 ? 1 : 11) {
		vt_buf_init(&out, DOC_MAX);
		err = (struct vt_error){ 0 };
		failed = false;
		countdown = n;
		rc = vt_xsig_stamp_add(src, stamp, NULL, keep, &out, &err);
		countdown = -1;
		if (rc == VT_OK) {
			xs = xsig_of(vt_buf_str(&out));
			assert_int_equal(vt_xsig_nstamps(xs, 0), 1);
			facts_of(xs, 0, NULL, NULL, &f);
			assert_true(f.xades);
			vt_xsig_free(xs);
		} else {
			assert_int_equal(err.code, rc);
			told++;
		}
		vt_buf_release(&out);
		if (!failed)
			break;
	}
	assert_true(told > 100);
	assert_int_equal(rc, VT_OK);
	vt_source_free(src);
	vt_signer_free(signer);
	vt_cert_free(cert);
	vt_buf_release(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_is_told),
		cmocka_unit_test(a_signature_is_made_whole_or_not),
		cmocka_unit_test(a_stamp_is_added_whole_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
