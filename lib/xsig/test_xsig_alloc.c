/* test_xsig_alloc.c - each allocation in turn fails: no crash, no wrong yes */
#include "test_xsig_util.h"

/*
 * The program's own malloc() stands before the C library's, also for what is
 * linked in: libxml2 and OpenSSL fail too.  Sanitizers bring one themselves:
 * then nothing is tried.
 */
#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define NO_FAILING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NO_FAILING 1
#endif
#endif

static long countdown = -1; /* the allocation that fails; below 0: none */
static bool failed;

#ifndef NO_FAILING
/* Seen by the C library too: strdup() must come here as free() does. */
#pragma GCC visibility push(default)

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static bool
fail_now(void)
{
	if (countdown < 0 || countdown-- != 0)
		return false;
	failed = true;
	return true;
}

void *
malloc(size_t n)
{
	return fail_now() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fail_now() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t n)
{
	return fail_now() ? NULL : __libc_realloc(old, n);
}

#pragma GCC visibility pop
#endif

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
	char *text = sign("<a xmlns:q='v'><b/>" SIGNATURE(C14N_EXC, RSA_SHA256,
	    REFERENCE_WHOLE REFERENCE_PROPERTIES,
	    PROPERTIES("<xa:SigningTime>2026-01-02T03:04:05Z"
		       "</xa:SigningTime>" CERT_V2,
		STAMP)) "</a>");
	char *broken = text_replace(text_dup(text), "<b/>", "<c/>");
	struct vt_xsig_facts f;
	struct vt_error err;
	long n, told = 0;
	int i, rc;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
