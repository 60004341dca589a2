/* test_verify_verdict.c - no fact but the full set is ever "valid" */
#include "test_util.h"

#include "vanthu/error.h"
#include "verify_int.h"

/* Everything holds. */
static struct vt_facts
good(void)
{
	struct vt_facts f = { 0 };

	f.signature = f.binding = vt_verify_finding_cms(VT_CMS_FINE);
	f.trust_judged = true;
	f.trust.verdict = VT_PASSED;
	f.trust.reason = "ok";
	return f;
}

static void
expect(const struct vt_facts *f, enum vt_report_verdict v, const char *reason)
{
	const char *got, *detail;

	assert_int_equal(vt_verify_verdict(f, &got, &detail), v);
	assert_string_equal(got, reason);
}

static bool
in_table(const char *code)
{
	const char *c;
	size_t i;

	for (i = 0; (c = vt_reason_at(i)) != NULL; i++)
		if (strcmp(c, code) == 0)
			return true;
	return false;
}

static void
all_facts_together_are_valid(void **state)
{
	struct vt_facts f = good();

	(void)state;
	expect(&f, VT_REPORT_VALID, "ok");
}

static void
no_facts_are_undetermined(void **state)
{
	struct vt_facts f = { 0 };

	(void)state;
	expect(&f, VT_REPORT_UNDETERMINED, "not-judged");
}

/* Whatever CMS says but "fine" is not valid, and has a text. */
static void
every_cms_reason_but_fine_is_not_valid(void **state)
{
	const char *reason, *detail;
	int r;

	(void)state;
	for (r = 0; r < VT_CMS_NREASONS; r++) {
		struct vt_facts f = good(), g = good();

		f.signature = vt_verify_finding_cms((enum vt_cms_reason)r);
		g.binding = vt_verify_finding_cms((enum vt_cms_reason)r);
		if (r == VT_CMS_FINE)
			continue;
		assert_int_not_equal(vt_verify_verdict(&f, &reason, &detail),
		    VT_REPORT_VALID);
		assert_true(in_table(reason));
		assert_int_not_equal(vt_verify_verdict(&g, &reason, &detail),
		    VT_REPORT_VALID);
		assert_true(in_table(reason));
	}
}

/* A question that was not put is not answered well. */
static void
what_was_not_asked_is_undetermined(void **state)
{
	struct vt_facts f = good();

	(void)state;
	f.signature = (struct vt_finding){ 0 };
	expect(&f, VT_REPORT_UNDETERMINED, "not-judged");
	f = good();
	f.binding = (struct vt_finding){ 0 };
	expect(&f, VT_REPORT_UNDETERMINED, "not-judged");
}

static void
one_fault_at_a_time(void **state)
{
	struct vt_facts f;

	(void)state;
	f = good();
	f.form = "byte-range";
	expect(&f, VT_REPORT_INVALID, "byte-range");
	f = good();
	f.signature = vt_verify_finding_cms(VT_CMS_DIGEST_DIFFERS);
	expect(&f, VT_REPORT_INVALID, "digest-mismatch");
	f = good();
	f.signature = vt_verify_finding_cms(VT_CMS_SIGNATURE_WRONG);
	expect(&f, VT_REPORT_INVALID, "signature-mismatch");
	f = good();
	f.signature = vt_verify_finding_cms(VT_CMS_NO_CONTENT);
	expect(&f, VT_REPORT_UNDETERMINED, "content-missing");
	f = good();
	f.binding = vt_verify_finding_cms(VT_CMS_WRONG_SIGNING_CERT);
	expect(&f, VT_REPORT_INVALID, "certificate-mismatch");
	f = good();
	f.binding = vt_verify_finding_cms(VT_CMS_NO_SIGNING_CERT);
	expect(&f, VT_REPORT_UNDETERMINED, "certificate-not-bound");
	f = good();
	f.state = VT_FACTS_CHANGED;
	expect(&f, VT_REPORT_INVALID, "changed-after-signing");
	f = good();
	f.state = VT_FACTS_UNKNOWN;
	expect(&f, VT_REPORT_UNDETERMINED, "not-compared");
	f = good();
	f.weak = true;
	expect(&f, VT_REPORT_INVALID, "weak-algorithm");
	f = good();
	f.late = true;
	expect(&f, VT_REPORT_INVALID, "signed-after-expiry");
	f.trust.verdict = VT_UNDECIDED; /* whatever the path is */
	f.trust.reason = "no-trust-anchor";
	expect(&f, VT_REPORT_INVALID, "signed-after-expiry");
	f = good();
	f.unsupported = "unsupported-signature";
	expect(&f, VT_REPORT_UNDETERMINED, "unsupported-signature");
	f = good();
	f.added = "time-stamp-broken";
	expect(&f, VT_REPORT_UNDETERMINED, "time-stamp-broken");
	f = good();
	f.state = VT_FACTS_PART;
	expect(&f, VT_REPORT_UNDETERMINED, "signed-in-part");
	f = good();
	f.trust.verdict = VT_FAILED;
	f.trust.reason = "revoked";
	expect(&f, VT_REPORT_INVALID, "revoked");
	f = good();
	f.trust.verdict = VT_UNDECIDED;
	f.trust.reason = "revocation-unknown";
	expect(&f, VT_REPORT_UNDETERMINED, "revocation-unknown");
	f = good();
	f.trust_judged = false;
	expect(&f, VT_REPORT_UNDETERMINED, "not-judged");
}

/* "Not trusted" never hides that a document is broken. */
static void
the_document_comes_before_the_certificate(void **state)
{
	struct vt_facts f = good();

	(void)state;
	f.trust.verdict = VT_UNDECIDED;
	f.trust.reason = "no-trust-anchor";
	f.state = VT_FACTS_CHANGED;
	expect(&f, VT_REPORT_INVALID, "changed-after-signing");
	f.signature = vt_verify_finding_cms(VT_CMS_DIGEST_DIFFERS);
	expect(&f, VT_REPORT_INVALID, "digest-mismatch");
	f.form = "no-contents";
	expect(&f, VT_REPORT_INVALID, "no-contents");

	f = good();
	f.signature = vt_verify_finding_cms(VT_CMS_NO_CERTIFICATE);
	f.trust_judged = false;
	f.state = VT_FACTS_CHANGED;
	expect(&f, VT_REPORT_INVALID, "changed-after-signing");

	/* What is wrong for certain comes before what is open. */
	f = good();
	f.unsupported = "unsupported-signature";
	f.signature = f.binding = vt_verify_finding_cms(VT_CMS_NOT_CHECKED);
	f.weak = true;
	expect(&f, VT_REPORT_INVALID, "weak-algorithm");
	f.weak = false;
	f.trust_judged = false;
	expect(&f, VT_REPORT_UNDETERMINED, "unsupported-signature");
}

static void
reasons_are_one_table(void **state)
{
	const char *a, *b;
	size_t i, j;

	(void)state;
	for (i = 0; (a = vt_reason_at(i)) != NULL; i++) {
		assert_string_not_equal(vt_reason_text(a), a);
		assert_true(
		    strspn(a, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		    strlen(a));
		for (j = 0; j < i; j++) {
			b = vt_reason_at(j);
			assert_string_not_equal(a, b);
		}
	}
	assert_true(i > 20);
	assert_true(in_table("revoked"));
	assert_true(in_table("no-trust-anchor"));
	assert_true(in_table("revocation-unknown"));
	assert_string_equal(vt_reason_subindication("digest-mismatch"),
	    "HASH_FAILURE");
	assert_string_equal(vt_reason_subindication("revoked"), "REVOKED");
	assert_null(vt_reason_subindication("ok"));
	assert_string_equal(vt_reason_text("no-such-code"), "no-such-code");
}

static void
worst_is_invalid_undetermined_unsigned_valid(void **state)
{
	static const enum vt_report_verdict order[] = {
		VT_REPORT_VALID,
		VT_REPORT_UNSIGNED,
		VT_REPORT_UNDETERMINED,
		VT_REPORT_INVALID,
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++)
			assert_int_equal(vt_report_worst(order[i], order[j]),
			    order[i > j ? i : j]);
}

/* A report of two signatures with the given certificates' first bytes. */
static struct vt_report
pair(struct vt_report_signature s[2], int a, int b)
{
	struct vt_report r = { .signatures = s, .nsignatures = 2 };

	memset(s, 0, 2 * sizeof(*s));
	s[0].format = s[1].format = "pades";
	s[0].intact = s[1].intact = true;
	s[0].have_certificate = s[1].have_certificate = true;
	s[0].verdict = s[1].verdict = VT_REPORT_VALID;
	s[0].reason = s[1].reason = "ok";
	s[0].certificate_sha256[0] = (unsigned char)a;
	s[1].certificate_sha256[0] = (unsigned char)b;
	return r;
}

static void
the_agency_comes_after_a_person(void **state)
{
	const unsigned char agency[VT_SHA256_LEN] = { 9 };
	struct vt_report_signature s[2];
	struct vt_report r;
	static const char *const open[] = { "not-compared", "signed-in-part",
		"limit", "unsupported-signature", "not-judged",
		"certificate-not-bound", "time-stamp-broken" };
	char uid[] = "MST:4300000001", tree[] = "root";
	size_t i;

	(void)state;
	r = pair(s, 1, 9);
	assert_true(vt_report_signed_by_person(&r, agency, NULL));
	assert_true(vt_report_issued_by(&r, agency));
	r = pair(s, 9, 1);
	assert_true(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));
	r = pair(s, 9, 9);
	assert_false(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));
	assert_true(vt_report_signed_by_person(&r, NULL, NULL));
	r = pair(s, 1, 1);
	assert_false(vt_report_issued_by(&r, agency));

	/* A broken or a changed one is none. */
	r = pair(s, 1, 9);
	s[0].intact = false;
	assert_false(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));
	r = pair(s, 1, 9);
	s[0].verdict = VT_REPORT_INVALID;
	assert_false(vt_report_signed_by_person(&r, agency, NULL));
	r = pair(s, 1, 9);
	s[1].verdict = VT_REPORT_INVALID;
	assert_true(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));

	/* Another agency is no person. */
	r = pair(s, 1, 9);
	s[0].signer.uid = uid;
	assert_false(vt_report_signed_by_person(&r, agency, NULL));

	/* Nor is a time-stamp authority. */
	r = pair(s, 1, 9);
	s[0].format = "rfc3161";
	assert_false(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));

	/* Nobody's certificate may name anybody. */
	r = pair(s, 1, 9);
	r.anchors = true;
	assert_false(vt_report_signed_by_person(&r, agency, NULL));
	s[0].tree = tree;
	assert_true(vt_report_signed_by_person(&r, agency, NULL));
	assert_false(vt_report_issued_by(&r, agency));
	s[1].tree = tree;
	assert_true(vt_report_issued_by(&r, agency));

	/* Revocation not known where no list is at hand: still a person's. */
	r = pair(s, 1, 9);
	s[0].verdict = VT_REPORT_UNDETERMINED;
	s[0].reason = "revocation-unknown";
	assert_true(vt_report_signed_by_person(&r, agency, NULL));

	/* What could not be compared may have been changed. */
	for (i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		s[0].reason = open[i];
		assert_false(vt_report_signed_by_person(&r, agency, NULL));
		assert_false(vt_report_issued_by(&r, agency));
	}
}

static void
who_had_expired_signed_nothing(void **state)
{
	const unsigned char agency[VT_SHA256_LEN] = { 9 };
	struct vt_report_signature s[2];
	struct vt_report_stamp stamp = { .kind = "signature",
		.time = 50,
		.verdict = VT_REPORT_UNDETERMINED };
	struct vt_report r = pair(s, 1, 2);
	char tree[] = "root";
	bool expired;

	(void)state;
	r.anchors = true;
	s[0].tree = s[1].tree = tree;
	s[0].verdict = s[1].verdict = VT_REPORT_UNDETERMINED;
	s[0].reason = s[1].reason = "expired";
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	assert_true(expired);
	/* The agency's came while it was valid, maybe: it may go. */
	memcpy(s[1].certificate_sha256, agency, sizeof(agency));
	assert_true(vt_report_issued_by(&r, agency));
	/* Another person's holds. */
	r = pair(s, 1, 2);
	s[0].verdict = VT_REPORT_UNDETERMINED;
	s[0].reason = "expired";
	r.anchors = true;
	s[0].tree = s[1].tree = tree;
	assert_true(vt_report_signed_by_person(&r, agency, &expired));
	assert_false(expired);
	s[1].intact = false;
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	assert_true(expired);
	s[0].intact = false;
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	assert_false(expired);

	/* Nobody is trusted here; a period is a fact all the same. */
	r = pair(s, 1, 9);
	s[0].verdict = VT_REPORT_UNDETERMINED;
	s[0].reason = "no-trust-anchor";
	s[0].not_after = 100;
	s[0].instant = 100;
	assert_true(vt_report_signed_by_person(&r, agency, &expired));
	s[0].instant = 101;
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	assert_true(expired);
	s[0].stamps = &stamp;
	s[0].nstamps = 1;
	assert_true(vt_report_signed_by_person(&r, agency, &expired));
	assert_false(expired);
	stamp.time = 101;
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	stamp.time = 50;
	stamp.verdict = VT_REPORT_INVALID;
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
	stamp.verdict = VT_REPORT_UNDETERMINED;
	stamp.kind = "content";
	assert_false(vt_report_signed_by_person(&r, agency, &expired));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_facts_together_are_valid),
		cmocka_unit_test(no_facts_are_undetermined),
		cmocka_unit_test(every_cms_reason_but_fine_is_not_valid),
		cmocka_unit_test(what_was_not_asked_is_undetermined),
		cmocka_unit_test(one_fault_at_a_time),
		cmocka_unit_test(the_document_comes_before_the_certificate),
		cmocka_unit_test(reasons_are_one_table),
		cmocka_unit_test(worst_is_invalid_undetermined_unsigned_valid),
		cmocka_unit_test(the_agency_comes_after_a_person),
		cmocka_unit_test(who_had_expired_signed_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
