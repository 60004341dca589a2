/* What ends a hold, and what a delta list does (RFC 5280, 5.2.4 and 5.3.1). */
#include "test_trust_util.h"

#define REMOVE 8 /* removeFromCRL */

/* The leaf was on hold by then, which a list tells. */
static void
hold_list(int64_t until)
{
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 20 * DAY,
		.until = until,
		.entries = { { &p.leaf, NOW - 21 * DAY, HOLD } } });
}

static void
a_hold_ends_with_a_later_list(void **state)
{
	(void)state;
	hold_list(NOW - 10 * DAY);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 15 * DAY), VT_FAILED,
	    "revoked");
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .from = NOW - 5 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	/* It had not ended then. */
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 15 * DAY), VT_FAILED,
	    "revoked");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 22 * DAY), VT_PASSED,
	    "ok");
}

static void
a_hold_is_not_ended_by_an_older_list(void **state)
{
	(void)state;
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .from = NOW - 30 * DAY });
	hold_list(0);
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
a_hold_is_not_ended_by_a_list_of_some_reasons(void **state)
{
	(void)state;
	hold_list(0);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.ext = { "issuingDistributionPoint=critical,onlysomereasons:"
			 "keyCompromise" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

/* It became a revocation: since the hold, whatever date the entry has now. */
static void
a_hold_may_end_in_a_revocation(void **state)
{
	struct vt_trust_result r;

	(void)state;
	hold_list(0);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - 7 * DAY, KEY_COMPROMISE } } });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_true(r.revoked_at == NOW - 21 * DAY);
	vt_trust_result_release(&r);
}

/* What ended it is out of date, and the other says that it is on hold. */
static void
a_list_with_a_hold_is_no_proof_of_its_end(void **state)
{
	(void)state;
	hold_list(NOW + DAY);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 10 * DAY,
		.until = NOW - 5 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
}

static void
a_hold_is_not_ended_by_a_forged_list(void **state)
{
	struct pki q;

	(void)state;
	pki_init(&q);
	hold_list(NOW - 10 * DAY);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &q.ca,
		.from = NOW - DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	pki_release(&q);
}

/* --- deltas --- */

/* A list of the CA's, and one that says what came to it since. */
static struct list
base_list(void)
{
	return (struct list){ .issuer = &p.ca,
		.from = NOW - 2 * DAY,
		.ext = { "crlNumber=DER:020101",
		    /* a distribution point, "http://d" */
		    "freshestCRL=DER:3010300ea00ca00a8608687474703a2f2f64",
		    "authorityKeyIdentifier=keyid:always" } };
}

static struct list
delta_list(int reason)
{
	return (struct list){ .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - DAY, reason } },
		.ext = { "crlNumber=DER:020102", "deltaCRL=critical,DER:020101",
		    "authorityKeyIdentifier=keyid:always" } };
}

static void
a_delta_adds_to_its_list(void **state)
{
	(void)state;
	list_add(p.trust, NULL, base_list());
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	list_add(p.trust, NULL, delta_list(KEY_COMPROMISE));
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
a_forged_delta_revokes_nothing(void **state)
{
	struct list base = base_list(), delta = delta_list(KEY_COMPROMISE);
	struct pki q;

	(void)state;
	pki_init(&q);
	/* without whose key it is: a forger can name the CA's */
	base.ext[2] = delta.ext[2] = NULL;
	list_add(p.trust, NULL, base);
	delta.signer = &q.ca;
	list_add(p.trust, NULL, delta);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	pki_release(&q);
}

/* What else it says might be that it speaks of something else. */
static void
a_delta_that_is_not_understood_ends_no_hold(void **state)
{
	struct list base = base_list(), delta = delta_list(REMOVE);

	(void)state;
	base.entries[0] = (struct entry){ &p.leaf, NOW - 3 * DAY, HOLD };
	list_add(p.trust, NULL, base);
	delta.ext[3] = "1.3.6.1.4.1.99999.9=critical,DER:0500";
	list_add(p.trust, NULL, delta);
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	delta.ext[3] = NULL;
	list_add(p.trust, NULL, delta);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hold_ends_with_a_later_list),
		TEST(a_hold_is_not_ended_by_an_older_list),
		TEST(a_hold_is_not_ended_by_a_list_of_some_reasons),
		TEST(a_hold_may_end_in_a_revocation),
		TEST(a_list_with_a_hold_is_no_proof_of_its_end),
		TEST(a_hold_is_not_ended_by_a_forged_list),
		TEST(a_delta_adds_to_its_list),
		TEST(a_forged_delta_revokes_nothing),
		TEST(a_delta_that_is_not_understood_ends_no_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
