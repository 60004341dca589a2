/* Answers of OCSP responders: whose count, and for which instant. */
#include "test_trust_util.h"

#define GOOD V_OCSP_CERTSTATUS_GOOD
#define REVOKED V_OCSP_CERTSTATUS_REVOKED
#define UNKNOWN V_OCSP_CERTSTATUS_UNKNOWN

#define ABOUT_LEAF .about = &p.leaf, .issuer = &p.ca

static void
its_issuer_answers(void **state)
{
	struct vt_trust_result r;

	(void)state;
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_PASSED, "ok", &r);
	assert_int_equal(r.revocation, VT_REVOKED_NO);
	/* By what: the root's list and the answer. */
	assert_int_equal(r.crls.n, 1);
	assert_int_equal(r.ocsps.n, 1);
	vt_trust_result_release(&r);
}

static void
the_message_brings_answers(void **state)
{
	struct vt_ocsps set = { 0 };

	(void)state;
	answer_add(NULL, &set, (struct answer){ ABOUT_LEAF, .by_key = true });
	assert_judged(p.trust, QUERY(p.leaf, .ocsps = &set), VT_PASSED, "ok");
	vt_ocsps_release(&set);
}

static void
revoked_unknown_and_about_others(void **state)
{
	struct party other;
	struct vt_trust_result r;

	(void)state;
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .status = UNKNOWN });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	other = party_new((struct spec){ .cn = "Other",
	    .issuer = &p.ca,
	    .ext = { LEAF_EXT } });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &other, .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust, QUERY(other), VT_PASSED, "ok");
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY, .reason = KEY_COMPROMISE });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_true(r.revoked_at == NOW - 9 * DAY);
	assert_string_equal(r.revocation_reason, "keyCompromise");
	vt_trust_result_release(&r);
	/* Younger, it shows as well that it was not yet revoked. */
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 10 * DAY), VT_PASSED,
	    "ok");
	/* Unless it was of no use by then. */
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY, .invalid = NOW - 11 * DAY });
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 10 * DAY), VT_FAILED,
	    "revoked");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 12 * DAY), VT_PASSED,
	    "ok");
	party_free(&other);
}

/* Of one certificate it says two things: the better shows nothing. */
static void
an_answer_that_contradicts_itself(void **state)
{
	(void)state;
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .unknown_too = true });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .unknown_too = true, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
an_answer_is_current_at_both_edges(void **state)
{
	int64_t from = NOW - 5 * DAY, until = NOW - 4 * DAY;

	(void)state;
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .from = from, .until = until });
	assert_judged(p.trust, QUERY(p.leaf, .at = until), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = until + 1), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust, QUERY(p.leaf, .at = from - 1), VT_PASSED, "ok");
}

static void
without_a_next_update_it_is_fresh_for_a_while(void **state)
{
	(void)state;
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .from = NOW - VT_TRUST_OCSP_FRESH,
		.until = -1 });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW + 1), VT_UNDECIDED,
	    "revocation-unknown");
}

/* An answer cannot tell of a time that is yet to come; that one is revoked
 * counts all the same. */
static void
an_answer_from_before_what_it_says(void **state)
{
	struct answer a = { ABOUT_LEAF, .from = NOW - DAY };

	(void)state;
	a.produced = a.from - VT_TRUST_SKEW - 1;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	a.produced++;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	a.produced = a.from - 9 * DAY;
	a.status = REVOKED;
	a.revoked_at = NOW - 2 * DAY;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
what_an_answer_calls_revoked_was_so_by_then(void **state)
{
	struct answer a = { ABOUT_LEAF, .status = REVOKED,
		.from = NOW - 2 * DAY, .revoked_at = NOW + DAY };
	struct vt_trust_result r;

	(void)state;
	answer_add(p.trust, NULL, a);
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_true(r.revoked_at == a.from);
	vt_trust_result_release(&r);
	assert_judged(p.trust, QUERY(p.leaf, .at = a.from - 1), VT_PASSED,
	    "ok");
}

static void
a_hold_ends_with_a_later_answer(void **state)
{
	(void)state;
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY, .reason = HOLD,
		.from = NOW - 8 * DAY, .until = NOW - 7 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 8 * DAY), VT_FAILED,
	    "revoked");
}

/* A list says that it was revoked; an answer does not take that back. */
static void
what_a_list_revoked_stays_so(void **state)
{
	(void)state;
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 9 * DAY,
		.until = NOW - 8 * DAY,
		.entries = { { &p.leaf, NOW - 9 * DAY, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
after_expiry_it_is_silent_unless_it_keeps_archives(void **state)
{
	struct party brief;
	struct answer a = { .issuer = &p.ca,
		.from = T0 + 30 * DAY,
		.until = T1 };

	(void)state;
	brief = party_new((struct spec){ .cn = "Brief",
	    .issuer = &p.ca,
	    .until = T0 + 20 * DAY,
	    .ext = { LEAF_EXT } });
	a.about = &brief;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_UNDECIDED,
	    "revocation-unknown");
	a.cutoff = T0 + 20 * DAY + 1;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_UNDECIDED,
	    "revocation-unknown");
	a.cutoff = T0 + 20 * DAY;
	answer_add(p.trust, NULL, a);
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_PASSED,
	    "ok");
	party_free(&brief);
}

/* ---- who may answer ---- */

struct delegate {
	const char *name;
	bool by_root; /* not by the CA that issued the certificate */
	struct spec spec;
	bool good;
};

static const struct delegate delegates[] = {
	{ "a responder that is not asked about", false,
	    { .ext = { RESPONDER_EXT, NOCHECK } }, true },
	{ "without a key usage", false,
	    { .ext = { "extendedKeyUsage=OCSPSigning", NOCHECK,
		  "authorityKeyIdentifier=keyid:always" } },
	    true },
	{ "of another purpose", false, { .ext = { LEAF_EXT, NOCHECK } },
	    false },
	{ "for any purpose", false,
	    { .ext = { "keyUsage=critical,digitalSignature",
		  "extendedKeyUsage=anyExtendedKeyUsage", NOCHECK,
		  "authorityKeyIdentifier=keyid:always" } },
	    false },
	{ "whose key may not sign", false,
	    { .ext = { "keyUsage=critical,keyEncipherment",
		  "extendedKeyUsage=OCSPSigning", NOCHECK,
		  "authorityKeyIdentifier=keyid:always" } },
	    false },
	{ "of the CA above", true, { .ext = { RESPONDER_EXT, NOCHECK } },
	    false },
	{ "expired when it answered", false,
	    { .until = NOW - 2 * DAY, .ext = { RESPONDER_EXT, NOCHECK } },
	    false },
	{ "expired by now", false,
	    { .until = NOW - 1, .ext = { RESPONDER_EXT, NOCHECK } }, false },
	{ "not valid yet", false,
	    { .from = NOW - DAY + 1, .ext = { RESPONDER_EXT, NOCHECK } },
	    false },
	{ "with a critical extension of nobody's", false,
	    { .ext = { RESPONDER_EXT, NOCHECK,
		  "1.3.6.1.4.1.99999.9=critical,DER:0500" } },
	    false },
	{ "whose status nobody knows", false, { .ext = { RESPONDER_EXT } },
	    false },
};

static void
who_may_answer(void **state)
{
	struct vt_ocsps set;
	struct party r;
	struct spec spec;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(delegates) / sizeof(delegates[0]); i++) {
		print_message("\t%s\n", delegates[i].name);
		spec = delegates[i].spec;
		spec.cn = "Responder";
		spec.issuer = delegates[i].by_root ? &p.root : &p.ca;
		r = party_new(spec);
		memset(&set, 0, sizeof(set));
		answer_add(NULL, &set,
		    (struct answer){ ABOUT_LEAF, .signer = &r });
		assert_judged(p.trust, QUERY(p.leaf, .ocsps = &set),
		    delegates[i].good ? VT_PASSED : VT_UNDECIDED,
		    delegates[i].good ? "ok" : "revocation-unknown");
		vt_ocsps_release(&set);
		party_free(&r);
	}
}

static void
a_responder_may_be_revoked(void **state)
{
	struct party r;
	struct list list = { .issuer = &p.ca, .from = NOW - DAY / 2 };

	(void)state;
	r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT } });
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .signer = &r });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Another answer, of the CA's own, speaks for the responder. */
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &r, .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	list.entries[0] = (struct entry){ &r, NOW - DAY, 0 };
	list.until = NOW - DAY / 4; /* it does not speak for the leaf */
	list_add(p.trust, NULL, list);
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&r);
}

/*
 * Nobody needs to ask for its status (RFC 6960, 4.2.2.2.1); what is known all
 * the same counts.
 */
static void
nor_does_one_that_is_known_to_be_revoked(void **state)
{
	struct list list = { .issuer = &p.ca,
		.from = NOW - 9 * DAY,
		.until = NOW - 8 * DAY }; /* it does not speak for the leaf */
	struct party r;

	(void)state;
	r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT, NOCHECK } });
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .signer = &r, .from = NOW - 2 * DAY });
	list_add(p.trust, NULL, list);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &r,
		.issuer = &p.ca,
		.status = REVOKED,
		.revoked_at = NOW + DAY,
		.from = NOW + 2 * DAY,
		.until = NOW + 3 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	list.entries[0] = (struct entry){ &r, NOW - 10 * DAY, KEY_COMPROMISE };
	list_add(p.trust, NULL, list);
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Not even that something was revoked: its key may be anybody's. */
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .signer = &r, .status = REVOKED,
		.revoked_at = NOW - 3 * DAY });
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	party_free(&r);
}

/*
 * The CA was revoked since; what it says of itself or its responders does not
 * spare its own status, which decides whether it still speaks for earlier.
 */
static void
a_ca_is_asked_for_whatever_it_says_of_itself(void **state)
{
	struct party ca, leaf;
	struct answer a = { .status = GOOD, .from = NOW - 9 * DAY };
	struct vt_ocsps set = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .ext = { CA_EXT, NOCHECK } });
	leaf = party_new(
	    (struct spec){ .cn = "Leaf", .issuer = &ca, .ext = { LEAF_EXT } });
	assert_vt_ok(vt_trust_add_cert(p.trust, ca.cert, &err), &err);
	a.about = &leaf;
	a.issuer = &ca;
	a.until = a.from + DAY;
	answer_add(NULL, &set, a);
	assert_judged(p.trust,
	    QUERY(leaf, .ocsps = &set, .at = a.from, .now = NOW), VT_PASSED,
	    "ok");
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root,
		.from = NOW - DAY,
		.entries = { { &ca, NOW - 2 * DAY, KEY_COMPROMISE } } });
	assert_judged(p.trust,
	    QUERY(leaf, .ocsps = &set, .at = a.from, .now = NOW), VT_UNDECIDED,
	    "revocation-unknown");
	vt_ocsps_release(&set);
	party_free(&leaf);
	party_free(&ca);
}

/* A responder that vouches for itself is vouched for by nobody. */
static void
a_responder_does_not_answer_for_itself(void **state)
{
	struct party r;

	(void)state;
	r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT } });
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .signer = &r });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &r, .issuer = &p.ca, .signer = &r });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&r);
}

/* Two that vouch for each other, neither. */
static void
nor_do_two_answer_for_each_other(void **state)
{
	struct party a, b;

	(void)state;
	a = party_new((struct spec){ .cn = "A",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT } });
	b = party_new((struct spec){ .cn = "B",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT } });
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .signer = &a });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &a, .issuer = &p.ca, .signer = &b });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &b, .issuer = &p.ca, .signer = &a });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&a);
	party_free(&b);
}

static void
forged_answers_count_for_nothing(void **state)
{
	struct pki q;
	struct party r, twin;

	(void)state;
	pki_init(&q);
	/* Signed by another key, under the CA's name and certificate. */
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .signer = &q.ca, .comes = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .signer = &q.ca, .comes = &p.ca,
		.status = REVOKED, .revoked_at = T0 });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Under the name and the certificate of one who may answer. */
	r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &p.ca,
	    .ext = { RESPONDER_EXT, NOCHECK } });
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .signer = &q.ca, .comes = &r });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&r);
	/* By a responder of a CA of the same name. */
	r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &q.ca,
	    .ext = { RESPONDER_EXT, NOCHECK } });
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .signer = &r });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* About a certificate of the same serial number, of that CA. */
	twin = party_new((struct spec){ .cn = "Twin",
	    .issuer = &q.ca,
	    .serial = vt_cert_serial(p.leaf.cert),
	    .ext = { LEAF_EXT } });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &twin,
		.issuer = &q.ca,
		.signer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	party_free(&r);
	party_free(&twin);
	pki_release(&q);
}

static void
a_weak_digest_proves_nothing(void **state)
{
	(void)state;
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .sha1 = true });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
}

static void
nor_does_a_weak_key(void **state)
{
	struct party r = party_new((struct spec){ .cn = "Responder",
	    .issuer = &p.ca,
	    .key = EVP_RSA_gen(1024),
	    .ext = { RESPONDER_EXT, NOCHECK } });

	(void)state;
	answer_add(p.trust, NULL, (struct answer){ ABOUT_LEAF, .signer = &r });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&r);
}

#define LISTS 14 /* and as many deltas: more than are listened to */

/* What was not heard any more may have been that it is revoked. */
static void
too_many_words_say_nothing(void **state)
{
	char number[64];
	int i;

	(void)state;
	for (i = 1; i <= 2 * LISTS; i++) {
		snprintf(number, sizeof(number), "crlNumber=DER:0201%02x", i);
		list_add(p.trust, NULL,
		    (struct list){ .issuer = &p.ca,
			.ext = { number,
			    i <= LISTS ? NULL
				       : "deltaCRL=critical,DER:020101" } });
		if (i == LISTS)
			assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	}
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	answer_add(p.trust, NULL,
	    (struct answer){ ABOUT_LEAF, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
}

static void
too_many_answers_say_nothing(void **state)
{
	struct vt_ocsps set = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 64; i++)
		answer_add(NULL, &set,
		    (struct answer){ ABOUT_LEAF, .from = NOW - i });
	assert_judged(p.trust, QUERY(p.leaf, .ocsps = &set), VT_PASSED, "ok");
	answer_add(NULL, &set,
	    (struct answer){ ABOUT_LEAF, .status = REVOKED,
		.revoked_at = NOW - 9 * DAY });
	assert_judged(p.trust, QUERY(p.leaf, .ocsps = &set), VT_UNDECIDED,
	    "revocation-unknown");
	vt_ocsps_release(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(its_issuer_answers),
		TEST(the_message_brings_answers),
		TEST(revoked_unknown_and_about_others),
		TEST(an_answer_that_contradicts_itself),
		TEST(an_answer_is_current_at_both_edges),
		TEST(without_a_next_update_it_is_fresh_for_a_while),
		TEST(an_answer_from_before_what_it_says),
		TEST(what_an_answer_calls_revoked_was_so_by_then),
		TEST(a_hold_ends_with_a_later_answer),
		TEST(what_a_list_revoked_stays_so),
		TEST(after_expiry_it_is_silent_unless_it_keeps_archives),
		TEST(who_may_answer),
		TEST(a_responder_may_be_revoked),
		TEST(nor_does_one_that_is_known_to_be_revoked),
		TEST(a_ca_is_asked_for_whatever_it_says_of_itself),
		TEST(a_responder_does_not_answer_for_itself),
		TEST(nor_do_two_answer_for_each_other),
		TEST(forged_answers_count_for_nothing),
		TEST(a_weak_digest_proves_nothing),
		TEST(nor_does_a_weak_key),
		TEST(too_many_words_say_nothing),
		TEST(too_many_answers_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
