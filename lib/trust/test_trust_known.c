/* By when lists and answers are known to exist, and what is worth what then. */
#include "test_pki.h"

#include "vanthu/algorithms.h"

#define AT (T0 + 50 * DAY) /* what is judged: long before NOW */

/* The leaf's list comes with the message; the CA is what each test makes. */
struct past {
	struct pki p;
	struct vt_crls crls;
};

static void
past_init(struct past *t, int64_t ca_until)
{
	memset(t, 0, sizeof(*t));
	t->p.root =
	    party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	t->p.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &t->p.root,
	    .until = ca_until,
	    .ext = { CA_EXT } });
	t->p.leaf = party_new((struct spec){ .cn = "Leaf",
	    .issuer = &t->p.ca,
	    .until = T0 + 100 * DAY,
	    .ext = { LEAF_EXT } });
	pki_trust(&t->p);
	list_add(NULL, &t->crls,
	    (struct list){ .issuer = &t->p.ca,
		.from = AT - DAY,
		.until = AT + DAY });
}

static void
past_release(struct past *t)
{
	vt_crls_release(&t->crls);
	pki_release(&t->p);
}

static void
judged(struct past *t, int64_t known_by, bool good)
{
	assert_judged(t->p.trust,
	    QUERY(t->p.leaf, .at = AT, .now = NOW, .known_by = known_by,
		.crls = &t->crls),
	    good ? VT_PASSED : VT_UNDECIDED,
	    good ? "ok" : "revocation-unknown");
}

static void
a_signer_that_expired_meanwhile(void **state)
{
	int64_t end = T0 + 400 * DAY;
	struct past t;

	(void)state;
	past_init(&t, end);
	list_add(t.p.trust, NULL,
	    (struct list){ .issuer = &t.p.root, .from = T0, .until = T1 });
	judged(&t, 0, false);
	judged(&t, VT_TIME_NONE, false);
	judged(&t, NOW + DAY, false);
	judged(&t, end + 1, false);
	judged(&t, end, true);
	judged(&t, AT, true);
	judged(&t, AT - 9 * DAY, true); /* before it was issued: no earlier */
	/* Judged as of then, then is the present. */
	assert_judged(t.p.trust, QUERY(t.p.leaf, .at = AT, .crls = &t.crls),
	    VT_PASSED, "ok");
	/* The store proves nothing of when it got its own. */
	assert_vt_ok(vt_trust_add_crl(t.p.trust, t.crls.items[0], NULL), NULL);
	judged(&t, 0, false);
	past_release(&t);
}

static void
a_signer_that_was_revoked_meanwhile(void **state)
{
	int64_t when = T0 + 400 * DAY;
	struct past t;

	(void)state;
	past_init(&t, T1);
	list_add(t.p.trust, NULL,
	    (struct list){ .issuer = &t.p.root,
		.from = T0 + 500 * DAY,
		.until = T1,
		.entries = { { &t.p.ca, when, 1 } } });
	judged(&t, 0, false);
	judged(&t, when, false);
	judged(&t, when - 1, true);
	past_release(&t);
}

static void
a_signer_of_whom_nothing_is_known_meanwhile(void **state)
{
	struct past t;

	(void)state;
	past_init(&t, T1);
	list_add(t.p.trust, NULL,
	    (struct list){ .issuer = &t.p.root,
		.from = AT - DAY,
		.until = AT + 5 * DAY });
	judged(&t, 0, false);
	judged(&t, AT + 5 * DAY + 1, false);
	judged(&t, AT + 5 * DAY, true);
	list_add(t.p.trust, NULL, (struct list){ .issuer = &t.p.root });
	judged(&t, 0, true);
	past_release(&t);
}

/* Who lists what was revoked is believed for longer than who lists nothing. */
static void
a_revocation_is_shown_by_expired_signers_too(void **state)
{
	struct past t;

	(void)state;
	past_init(&t, T0 + 400 * DAY);
	list_add(NULL, &t.crls,
	    (struct list){ .issuer = &t.p.ca,
		.from = AT,
		.until = AT + DAY,
		.entries = { { &t.p.leaf, AT, 1 } } });
	assert_judged(t.p.trust,
	    QUERY(t.p.leaf, .at = AT, .now = NOW, .crls = &t.crls), VT_FAILED,
	    "revoked");
	past_release(&t);
}

static void
an_algorithm_that_was_given_up_meanwhile(void **state)
{
	static const char text[] = "digest sha256 until 2024-12-31\nec 256\n";
	struct vt_error err = { 0 };
	struct vt_algorithms *a;
	struct past t;
	int64_t end;

	(void)state;
	past_init(&t, T1);
	list_add(t.p.trust, NULL,
	    (struct list){ .issuer = &t.p.root, .from = T0, .until = T1 });
	list_add(NULL, &t.crls,
	    (struct list){ .issuer = &t.p.root, .from = T0, .until = T1 });
	assert_vt_ok(vt_algorithms_parse(vt_bytes_str(text), &a, &err), &err);
	vt_trust_set_algorithms(t.p.trust, a);
	assert_true(vt_time_parse("2025-01-01", &end));
	judged(&t, 0, false);
	judged(&t, end, false);
	judged(&t, end - 1, true);
	past_release(&t);
}

static void
nothing_comes_from_the_future(void **state)
{
	struct pki p;
	struct vt_crls late = { 0 }, early = { 0 };
	struct vt_ocsps answer = { 0 };

	(void)state;
	pki_init(&p);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root, .from = T0, .until = T1 });
	list_add(NULL, &early,
	    (struct list){ .issuer = &p.ca, .from = NOW + VT_TRUST_SKEW });
	list_add(NULL, &late,
	    (struct list){ .issuer = &p.ca, .from = NOW + VT_TRUST_SKEW + 1 });
	answer_add(NULL, &answer,
	    (struct answer){ .about = &p.leaf,
		.issuer = &p.ca,
		.from = NOW + VT_TRUST_SKEW + 1 });
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .crls = &early), VT_PASSED,
	    "ok");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .crls = &late), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .ocsps = &answer),
	    VT_UNDECIDED, "revocation-unknown");
	/* Where the present is not told, what is younger counts. */
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW, .crls = &late),
	    VT_PASSED, "ok");
	/* So it does where it was asked about another day than today. */
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW - DAY, .now = NOW, .crls = &late),
	    VT_UNDECIDED, "revocation-unknown");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW - DAY, .now = NOW, .younger = true,
		.crls = &late),
	    VT_PASSED, "ok");
	vt_crls_release(&late);
	vt_crls_release(&early);
	vt_ocsps_release(&answer);
	pki_release(&p);
}

/* A clock here that is behind makes nobody good who was revoked. */
static void
the_future_may_revoke(void **state)
{
	const struct list late = { .from = NOW + 2 * DAY,
		.until = NOW + 9 * DAY };
	struct vt_crls revokes = { 0 }, later = { 0 };
	struct vt_ocsps answer = { 0 };
	struct list l = late;
	struct pki p;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	l.issuer = &p.ca;
	l.entries[0] = (struct entry){ &p.leaf, NOW - DAY, 1 };
	list_add(NULL, &revokes, l);
	answer_add(NULL, &answer,
	    (struct answer){ .about = &p.leaf,
		.issuer = &p.ca,
		.from = NOW + 2 * DAY,
		.until = NOW + 9 * DAY,
		.status = V_OCSP_CERTSTATUS_REVOKED,
		.revoked_at = NOW - DAY });
	l.entries[0].at = NOW + DAY;
	list_add(NULL, &later, l);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW, .now = NOW), VT_PASSED,
	    "ok");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .crls = &revokes), VT_FAILED,
	    "revoked");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .ocsps = &answer), VT_FAILED,
	    "revoked");
	assert_judged(p.trust,
	    QUERY(p.leaf, .at = NOW, .now = NOW, .crls = &later), VT_PASSED,
	    "ok");
	vt_crls_release(&revokes);
	vt_crls_release(&later);
	vt_ocsps_release(&answer);
	pki_release(&p);
}

/* A store that was warmed up judges the same; and so does one that was not. */
static void
warm_or_cold(void **state)
{
	struct pki p, q;
	int i;

	(void)state;
	pki_init(&p);
	pki_init(&q);
	add_empty_lists(p.trust, &p.root, &p.ca);
	add_cert(p.trust, &q.ca); /* the same name, another key */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &q.ca,
		.entries = { { &p.leaf, T0, 0 } } });
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &p.leaf, .issuer = &p.ca });
	for (i = 0; i < 3; i++) {
		assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
		assert_judged(p.trust, QUERY(q.leaf), VT_UNDECIDED,
		    "no-trust-anchor");
		vt_trust_warm(p.trust);
	}
	pki_release(&p);
	pki_release(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signer_that_expired_meanwhile),
		cmocka_unit_test(a_signer_that_was_revoked_meanwhile),
		cmocka_unit_test(a_signer_of_whom_nothing_is_known_meanwhile),
		cmocka_unit_test(a_revocation_is_shown_by_expired_signers_too),
		cmocka_unit_test(an_algorithm_that_was_given_up_meanwhile),
		cmocka_unit_test(nothing_comes_from_the_future),
		cmocka_unit_test(the_future_may_revoke),
		cmocka_unit_test(warm_or_cold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
