/* Revoked since when?  Invalidity dates in lists (RFC 5280, 5.3.2). */
#include "test_trust_util.h"

/* The key was known to others before its owner said so. */
static void
what_was_of_no_use_earlier_fails_from_then_on(void **state)
{
	struct list list = { .issuer = &p.ca,
		.until = T1,
		.entries = { { &p.leaf, NOW - 50 * DAY, KEY_COMPROMISE } },
		.invalid = NOW - 60 * DAY };
	struct vt_trust_result r;

	(void)state;
	list_add(p.trust, NULL, list);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY - 1),
	    VT_FAILED, "revoked");
	assert_judged_result(p.trust, QUERY(p.leaf, .at = NOW - 60 * DAY),
	    VT_FAILED, "revoked", &r);
	assert_true(r.revoked_at == NOW - 60 * DAY);
	vt_trust_result_release(&r);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 60 * DAY - 1),
	    VT_PASSED, "ok");
}

/* It takes nothing back. */
static void
an_invalidity_date_behind_the_revocation_says_nothing(void **state)
{
	struct list list = { .issuer = &p.ca,
		.until = T1,
		.entries = { { &p.leaf, NOW - 50 * DAY, KEY_COMPROMISE } },
		.invalid = NOW - 40 * DAY };

	(void)state;
	list_add(p.trust, NULL, list);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY), VT_FAILED,
	    "revoked");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY - 1),
	    VT_PASSED, "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_of_no_use_earlier_fails_from_then_on),
		TEST(an_invalidity_date_behind_the_revocation_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
