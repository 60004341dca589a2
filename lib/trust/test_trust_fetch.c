/* What is asked for, when, and what is made of the answer. */
#include "test_trust_web.h"

static void
from_the_top_and_only_what_is_missing(void **state)
{
	(void)state;
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	asked(NULL, NULL, NULL);
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_PASSED, "ok");
	asked(ROOT_URL, OCSP_URL, NULL);
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_PASSED, "ok");
	asked(OCSP_URL, NULL, NULL);
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_PASSED, "ok");
	asked(NULL, NULL, NULL);
}

static void
where_the_responder_is_down_the_list_is_asked_for(void **state)
{
	(void)state;
	web.no_ocsp = true;
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_PASSED, "ok");
	asked(ROOT_URL, OCSP_URL, CA_URL);
}

static void
what_cannot_be_had_stays_unknown(void **state)
{
	static const int codes[] = { VT_ENOTFOUND, VT_ENET, VT_EREFUSED,
		VT_EIO };
	struct vt_error err = { 0 };
	struct vt_trust_result r;
	struct vt_trust_query q = QUERY(p.leaf, ONLINE, .at = NOW);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		web.rc = codes[i];
		assert_judged(p.trust, q, VT_UNDECIDED, "revocation-unknown");
		assert_int_equal(web.n, 3);
		asked(ROOT_URL, OCSP_URL, CA_URL);
	}
	/* "Not now" is the end for a certificate, not for the others. */
	web.rc = VT_ELIMIT;
	assert_judged(p.trust, q, VT_UNDECIDED, "revocation-unknown");
	asked(ROOT_URL, OCSP_URL, NULL);
	web.rc = VT_ENOMEM;
	assert_int_equal(vt_trust_judge(p.trust, &q, &r, &err), VT_ENOMEM);
}

static void
what_does_not_parse_is_not_had(void **state)
{
	(void)state;
	web.raw = "<html>404</html>";
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_UNDECIDED,
	    "revocation-unknown");
	asked(ROOT_URL, OCSP_URL, CA_URL);
	web.raw = "";
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_UNDECIDED,
	    "revocation-unknown");
	asked(ROOT_URL, OCSP_URL, CA_URL);
}

static void
what_is_fetched_may_revoke(void **state)
{
	(void)state;
	vt_ocsps_release(&answer);
	answer_add(NULL, &answer,
	    (struct answer){ .about = &p.leaf,
		.issuer = &p.ca,
		.status = V_OCSP_CERTSTATUS_REVOKED,
		.revoked_at = NOW - DAY });
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_FAILED, "revoked");
	asked(ROOT_URL, OCSP_URL, NULL);
}

/* A hostile file does not make us call hosts of its choosing. */
static void
nothing_is_asked_for_what_fails_anyway(void **state)
{
	struct party self, forged, late, below;
	struct pki q;

	(void)state;
	/* It leads to no anchor. */
	self = party_new((struct spec){ .cn = "Self",
	    .ext = { "subjectKeyIdentifier=hash", LEAF_EXT,
		"crlDistributionPoints=URI:" CA_URL,
		"authorityInfoAccess=OCSP;URI:" OCSP_URL } });
	assert_judged(p.trust, QUERY(self, ONLINE), VT_UNDECIDED,
	    "no-trust-anchor");
	/* Its issuer's name, another key. */
	pki_init(&q);
	forged = party_new((struct spec){ .cn = "Forged",
	    .issuer = &q.ca,
	    .ext = { LEAF_EXT, "crlDistributionPoints=URI:" CA_URL } });
	assert_judged(p.trust, QUERY(forged, ONLINE), VT_UNDECIDED,
	    "no-trust-anchor");
	/* Signed by a certificate of the tree that is no CA. */
	below = party_new((struct spec){ .cn = "Below",
	    .issuer = &p.leaf,
	    .ext = { LEAF_EXT, "crlDistributionPoints=URI:" CA_URL } });
	add_cert(p.trust, &p.leaf);
	assert_judged(p.trust, QUERY(below, ONLINE), VT_FAILED, "bad-path");
	late = party_new((struct spec){ .cn = "Late",
	    .issuer = &p.ca,
	    .from = NOW + DAY,
	    .ext = { LEAF_EXT, "crlDistributionPoints=URI:" CA_URL } });
	assert_judged(p.trust, QUERY(late, ONLINE), VT_FAILED, "not-yet-valid");
	assert_judged(p.trust, QUERY(p.leaf, ONLINE, .at = T1 + 1),
	    VT_UNDECIDED, "expired");
	assert_judged(p.trust,
	    QUERY(p.leaf, ONLINE, .purpose = VT_PURPOSE_TIMESTAMP), VT_FAILED,
	    "wrong-usage");
	asked(NULL, NULL, NULL);
	party_free(&self);
	party_free(&forged);
	party_free(&below);
	party_free(&late);
	pki_release(&q);
}

static void
odd_addresses_are_not_asked(void **state)
{
	struct party odd;

	(void)state;
	odd = party_new((struct spec){ .cn = "Odd",
	    .issuer = &p.ca,
	    .ext = { LEAF_EXT,
		"crlDistributionPoints=URI:file:///etc/passwd,"
		"URI:ftp://h.invalid/a,URI:http://h.invalid/a b,"
		"URI:http://,URI:ldap://h.invalid/cn=x,URI:httpx://h.invalid/,"
		"URI:HTTP://pki.test.invalid/odd.crl" } });
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	assert_judged(p.trust, QUERY(odd, ONLINE), VT_UNDECIDED,
	    "revocation-unknown");
	asked("HTTP://pki.test.invalid/odd.crl", NULL, NULL);
	party_free(&odd);
}

static void
missing_issuers_only_where_that_is_wanted(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	vt_trust_free(p.trust);
	assert_vt_ok(vt_trust_new(&p.trust, &err), &err);
	add_anchor(p.trust, &p.root);
	assert_judged(p.trust, QUERY(p.leaf, ONLINE), VT_UNDECIDED,
	    "no-trust-anchor");
	asked(NULL, NULL, NULL);
	assert_judged(p.trust, QUERY(p.leaf, ONLINE, .aia = true), VT_PASSED,
	    "ok");
	asked(CA_CERT_URL, ROOT_URL, OCSP_URL);
	web.raw = "nothing";
	assert_judged(p.trust, QUERY(p.leaf, ONLINE, .aia = true), VT_UNDECIDED,
	    "no-trust-anchor");
	asked(CA_CERT_URL, NULL, NULL);
}

/* ---- wants of a process that is not trusted ---- */

static void
wants_are_checked(void **state)
{
	struct vt_cert *path[VT_TRUST_DEPTH + 1] = { p.leaf.cert, p.ca.cert,
		p.root.cert };
	struct vt_trust_want want = { .kind = VT_WANT_CRL,
		.url = CA_URL,
		.path = path,
		.npath = 3 };
	struct party below;
	struct pki q;
	struct vt_buf body;

	(void)state;
	assert_true(vt_trust_want_genuine(p.trust, &want));
	want.url = ROOT_URL; /* it does not name that */
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.url = OCSP_URL; /* not for that */
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.url = "http://evil.invalid/";
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.url = NULL;
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.url = CA_URL;
	want.body = VT_BYTES_LIT("x");
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.body = VT_BYTES(NULL, 0);
	want.npath = 2; /* no anchor */
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.npath = 0;
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.npath = VT_TRUST_DEPTH + 1;
	assert_false(vt_trust_want_genuine(p.trust, &want));
	want.npath = 3;
	pki_init(&q);
	path[1] = q.ca.cert; /* a CA of that name */
	assert_false(vt_trust_want_genuine(p.trust, &want));
	path[1] = p.ca.cert;
	path[2] = q.root.cert;
	assert_false(vt_trust_want_genuine(p.trust, &want));
	path[2] = p.root.cert;

	want.kind = VT_WANT_OCSP;
	want.url = OCSP_URL;
	assert_false(vt_trust_want_genuine(p.trust, &want)); /* no body */
	vt_buf_init(&body, 4096);
	assert_int_equal(vt_ocsp_request(p.leaf.cert, p.ca.cert, &body, NULL),
	    VT_OK);
	want.body = vt_buf_bytes(&body);
	assert_true(vt_trust_want_genuine(p.trust, &want));
	vt_buf_reset(&body);
	assert_int_equal(vt_ocsp_request(p.ca.cert, p.root.cert, &body, NULL),
	    VT_OK);
	want.body = vt_buf_bytes(&body); /* about another */
	assert_false(vt_trust_want_genuine(p.trust, &want));
	vt_buf_release(&body);

	/* A leaf signs no certificates, whatever it signed. */
	below = party_new((struct spec){ .cn = "Below",
	    .issuer = &p.leaf,
	    .ext = { LEAF_EXT, "crlDistributionPoints=URI:" CA_URL } });
	memmove(&path[1], &path[0], 3 * sizeof(path[0]));
	path[0] = below.cert;
	want = (struct vt_trust_want){ .kind = VT_WANT_CRL,
		.url = CA_URL,
		.path = path,
		.npath = 4 };
	assert_false(vt_trust_want_genuine(p.trust, &want));

	/* An issuer is asked for where nothing leads to an anchor. */
	path[0] = p.leaf.cert;
	want.kind = VT_WANT_ISSUER;
	want.url = CA_CERT_URL;
	want.npath = 1;
	assert_true(vt_trust_want_genuine(p.trust, &want));
	want.url = CA_URL;
	assert_false(vt_trust_want_genuine(p.trust, &want));
	party_free(&below);
	pki_release(&q);
}

/* --- deltas (RFC 5280, 4.2.1.15) --- */

#define NUMBERED(n)                                                            \
	"crlNumber=DER:0201" n, "authorityKeyIdentifier=keyid:always"
#define DELTA(who, ...)                                                        \
	(struct list)                                                          \
	{                                                                      \
		.issuer = &p.ca, .signer = (who),                              \
		.ext = { NUMBERED("02"), "deltaCRL=critical,DER:020101" },     \
		__VA_ARGS__                                                    \
	}

/* One who names a delta; nothing else is fetched for it. */
static struct party
delta_leaf(void)
{
	return party_new((struct spec){ .cn = "Leaf",
	    .issuer = &p.ca,
	    .ext = { LEAF_EXT, "subjectKeyIdentifier=hash",
		"freshestCRL=URI:" DELTA_URL } });
}

static void
a_delta_is_fetched_beside_a_list(void **state)
{
	struct party leaf = delta_leaf(), other;
	struct vt_crls deltas = { 0 };

	(void)state;
	other = party_new((struct spec){ .cn = "CA", .ext = { ROOT_EXT } });
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 2 * DAY,
		.ext = { NUMBERED("01") } });
	assert_judged(p.trust, QUERY(leaf), VT_PASSED, "ok");
	asked(NULL, NULL, NULL);
	/* where it is not to be had, the list decides */
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED, "ok");
	asked(DELTA_URL, NULL, NULL);
	web.raw = "nonsense";
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED, "ok");
	asked(DELTA_URL, NULL, NULL);
	web.raw = NULL;
	/* of another, of another base, and of the right one */
	list_add(NULL, &deltas,
	    DELTA(&other, .entries = { { &leaf, NOW - DAY, 1 } }));
	list_add(NULL, &deltas,
	    (struct list){ .issuer = &p.ca,
		.entries = { { &leaf, NOW - DAY, 1 } },
		.ext = { NUMBERED("07"), "deltaCRL=critical,DER:020105" } });
	list_add(NULL, &deltas,
	    DELTA(NULL, .entries = { { &leaf, NOW - DAY, 1 } }));
	web.delta = deltas.items[0];
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED, "ok");
	asked(DELTA_URL, NULL, NULL);
	web.delta = deltas.items[1];
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED, "ok");
	asked(DELTA_URL, NULL, NULL);
	web.delta = deltas.items[2];
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_FAILED, "revoked");
	asked(DELTA_URL, NULL, NULL);
	/* one that is at hand is not asked for */
	assert_judged(p.trust, QUERY(leaf, ONLINE, .crls = &deltas), VT_FAILED,
	    "revoked");
	asked(NULL, NULL, NULL);
	vt_crls_release(&deltas);
	party_free(&other);
	party_free(&leaf);
}

static void
a_delta_makes_an_old_list_current(void **state)
{
	struct party leaf = delta_leaf();
	struct vt_crls deltas = { 0 };

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 20 * DAY,
		.until = NOW - 10 * DAY,
		.ext = { NUMBERED("01") } });
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_UNDECIDED,
	    "revocation-unknown");
	asked(DELTA_URL, NULL, NULL);
	list_add(NULL, &deltas, DELTA(NULL, .from = NOW - DAY));
	web.delta = deltas.items[0];
	assert_judged(p.trust, QUERY(leaf, ONLINE), VT_PASSED, "ok");
	asked(DELTA_URL, NULL, NULL);
	vt_crls_release(&deltas);
	party_free(&leaf);
}

/*
 * Who was revoked since the last full list sends along what looks younger: a
 * list, or an answer, that nobody signed who may, or an answer of once.
 */
static void
a_delta_is_asked_for_whatever_came_along(void **state)
{
	struct party leaf = delta_leaf(), other;
	struct vt_crls deltas = { 0 }, forged = { 0 };
	struct vt_ocsps answers[2] = { 0 };
	struct answer a = { .about = &leaf, .issuer = &p.ca };
	size_t i;

	(void)state;
	other = party_new((struct spec){ .cn = "CA", .ext = { ROOT_EXT } });
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 2 * DAY,
		.ext = { NUMBERED("01") } });
	list_add(NULL, &deltas,
	    DELTA(NULL, .entries = { { &leaf, NOW - DAY, 1 } }));
	web.delta = deltas.items[0];
	list_add(NULL, &forged, DELTA(&other));
	assert_judged(p.trust, QUERY(leaf, ONLINE, .crls = &forged), VT_FAILED,
	    "revoked");
	asked(DELTA_URL, NULL, NULL);
	a.signer = &other;
	answer_add(NULL, &answers[0], a);
	a.signer = NULL;
	a.from = NOW - 20 * DAY;
	a.until = NOW - 19 * DAY;
	answer_add(NULL, &answers[1], a);
	for (i = 0; i < 2; i++) {
		assert_judged(p.trust,
		    QUERY(leaf, ONLINE, .ocsps = &answers[i]), VT_FAILED,
		    "revoked");
		asked(DELTA_URL, NULL, NULL);
		vt_ocsps_release(&answers[i]);
	}
	vt_crls_release(&forged);
	vt_crls_release(&deltas);
	party_free(&other);
	party_free(&leaf);
}

/* Not for who is not ours, nor where an answer is at hand. */
static void
a_delta_is_not_asked_for_in_vain(void **state)
{
	struct party leaf = delta_leaf(), other, stranger;
	struct vt_ocsps answers = { 0 };

	(void)state;
	other = party_new((struct spec){ .cn = "Other", .ext = { ROOT_EXT } });
	stranger = party_new((struct spec){ .cn = "Stranger",
	    .issuer = &other,
	    .ext = { LEAF_EXT, "subjectKeyIdentifier=hash",
		"freshestCRL=URI:" DELTA_URL } });
	list_add(p.trust, NULL, (struct list){ .issuer = &p.root });
	answer_add(NULL, &answers,
	    (struct answer){ .about = &leaf, .issuer = &p.ca });
	assert_judged(p.trust, QUERY(leaf, ONLINE, .ocsps = &answers),
	    VT_PASSED, "ok");
	asked(NULL, NULL, NULL);
	assert_judged(p.trust, QUERY(stranger, ONLINE), VT_UNDECIDED,
	    "no-trust-anchor");
	asked(NULL, NULL, NULL);
	vt_ocsps_release(&answers);
	party_free(&stranger);
	party_free(&other);
	party_free(&leaf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_delta_is_fetched_beside_a_list),
		TEST(a_delta_makes_an_old_list_current),
		TEST(a_delta_is_asked_for_whatever_came_along),
		TEST(a_delta_is_not_asked_for_in_vain),
		TEST(from_the_top_and_only_what_is_missing),
		TEST(where_the_responder_is_down_the_list_is_asked_for),
		TEST(what_cannot_be_had_stays_unknown),
		TEST(what_does_not_parse_is_not_had),
		TEST(what_is_fetched_may_revoke),
		TEST(nothing_is_asked_for_what_fails_anyway),
		TEST(odd_addresses_are_not_asked),
		TEST(missing_issuers_only_where_that_is_wanted),
		TEST(wants_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
