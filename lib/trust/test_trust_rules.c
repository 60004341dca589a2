/* What a path, and each certificate on it, must keep (RFC 5280, 6.1). */
#include "test_pki.h"

/* One CA and one leaf below the root that break a rule, or keep it. */
struct rule {
	const char *name;
	struct spec ca, leaf;
	enum vt_verdict verdict;
	const char *reason;
};

#define NO_SIGN                                                                \
	"basicConstraints=critical,CA:TRUE", "keyUsage=critical,cRLSign",      \
	    "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid:always"
#define POLICY                                                                 \
	"certificatePolicies=DER:300730050603"                                 \
	"2a0304" /* 1.2.3.4 */
#define PERMIT CA_EXT, "nameConstraints=critical,permitted;DNS:a.invalid"

static const struct rule rules[] = {
	{ "plain", { .ext = { CA_EXT } }, { .ext = { LEAF_EXT } }, VT_PASSED,
	    "ok" },
	{ "not a CA",
	    { .ext = { "basicConstraints=critical,CA:FALSE",
		  "keyUsage=critical,digitalSignature,cRLSign",
		  "subjectKeyIdentifier=hash",
		  "authorityKeyIdentifier=keyid:always" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "no basic constraints",
	    { .ext = { "keyUsage=critical,digitalSignature,cRLSign",
		  "subjectKeyIdentifier=hash",
		  "authorityKeyIdentifier=keyid:always" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "may not sign certificates", { .ext = { NO_SIGN } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "critical extension of nobody's", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "1.3.6.1.4.1.99999.9=critical,DER:0500" } },
	    VT_FAILED, "bad-path" },
	{ "extension of nobody's", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "1.3.6.1.4.1.99999.9=DER:0500" } }, VT_PASSED,
	    "ok" },
	{ "serial zero", { .ext = { CA_EXT } },
	    { .serial = "0", .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "serial of 20 octets", { .ext = { CA_EXT } },
	    { .serial = "7fffffffffffffffffffffffffffffffffffffff",
		.ext = { LEAF_EXT } },
	    VT_PASSED, "ok" },
	{ "serial of 21 octets", { .ext = { CA_EXT } },
	    { .serial = "80ffffffffffffffffffffffffffffffffffffff",
		.ext = { LEAF_EXT } },
	    VT_FAILED, "bad-path" },
	{ "permitted", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.a.invalid" } },
	    VT_PASSED, "ok" },
	{ "not permitted", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.b.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "excluded",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;email:b.invalid" } },
	    { .ext = { LEAF_EXT, "subjectAltName=email:x@b.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "no host name", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x y.a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "constraints not critical",
	    { .ext = { CA_EXT, "nameConstraints=permitted;DNS:a.invalid" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "name-constraints" },
	{ "constraints in a leaf", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT,
		  "nameConstraints=critical,permitted;DNS:a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "extension that cannot be read", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "basicConstraints=DER:0500" } }, VT_FAILED,
	    "bad-path" },
	{ "extension twice", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "extendedKeyUsage=emailProtection",
		  "extendedKeyUsage=clientAuth" } },
	    VT_FAILED, "bad-path" },
	{ "no issuer's key named", { .ext = { CA_EXT } },
	    { .ext = { "keyUsage=critical,digitalSignature" } }, VT_FAILED,
	    "bad-path" },
	{ "explicit policy, and none",
	    { .ext = { CA_EXT, POLICY,
		  "policyConstraints=critical,requireExplicitPolicy:0" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "explicit policy, and one",
	    { .ext = { CA_EXT, POLICY,
		  "policyConstraints=critical,requireExplicitPolicy:0" } },
	    { .ext = { LEAF_EXT, POLICY } }, VT_PASSED, "ok" },
};

static void
rules_of_paths(void **state)
{
	struct pki p;
	struct spec ca, leaf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		print_message("\t%s\n", rules[i].name);
		ca = rules[i].ca;
		leaf = rules[i].leaf;
		p.root = party_new(
		    (struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
		ca.cn = "CA";
		ca.issuer = &p.root;
		p.ca = party_new(ca);
		leaf.cn = "Leaf";
		leaf.issuer = &p.ca;
		p.leaf = party_new(leaf);
		pki_trust(&p);
		add_empty_lists(p.trust, &p.root, &p.ca);
		assert_judged(p.trust, QUERY(p.leaf), rules[i].verdict,
		    rules[i].reason);
		pki_release(&p);
	}
}

static void
path_length_is_kept(void **state)
{
	struct pki p;
	struct party sub, leaf;

	(void)state;
	p.root = party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	p.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .ext = { "basicConstraints=critical,CA:TRUE,pathlen:0",
		"keyUsage=critical,keyCertSign,cRLSign",
		"subjectKeyIdentifier=hash",
		"authorityKeyIdentifier=keyid:always" } });
	p.leaf = party_new((
	    struct spec){ .cn = "Leaf", .issuer = &p.ca, .ext = { LEAF_EXT } });
	pki_trust(&p);
	sub = party_new(
	    (struct spec){ .cn = "Sub", .issuer = &p.ca, .ext = { CA_EXT } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &sub, .ext = { LEAF_EXT } });
	add_cert(p.trust, &sub);
	add_empty_lists(p.trust, &p.root, &p.ca);
	list_add(p.trust, NULL, (struct list){ .issuer = &sub });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(leaf), VT_FAILED, "bad-path");
	party_free(&sub);
	party_free(&leaf);
	pki_release(&p);
}

static void
times_hold_at_both_edges(void **state)
{
	struct pki p;
	struct vt_trust_result r;

	(void)state;
	pki_init(&p);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root,
		.from = T0 - DAY,
		.until = T1 + DAY });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = T0 - DAY,
		.until = T1 + DAY });
	assert_judged(p.trust, QUERY(p.leaf, .at = T0 - 1), VT_FAILED,
	    "not-yet-valid");
	assert_judged(p.trust, QUERY(p.leaf, .at = T0), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = T1), VT_PASSED, "ok");
	assert_judged_result(p.trust, QUERY(p.leaf, .at = T1 + 1), VT_UNDECIDED,
	    "expired", &r);
	assert_false(r.time_ok);
	assert_true(r.path_ok);
	vt_trust_result_release(&r);
	pki_release(&p);
}

static void
a_ca_is_held_to_its_time_too(void **state)
{
	struct pki p;

	(void)state;
	p.root = party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	p.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .from = T0 + 10 * DAY,
	    .until = T0 + 20 * DAY,
	    .ext = { CA_EXT } });
	p.leaf = party_new((
	    struct spec){ .cn = "Leaf", .issuer = &p.ca, .ext = { LEAF_EXT } });
	pki_trust(&p);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root, .from = T0, .until = T1 });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .from = T0, .until = T1 });
	assert_judged(p.trust, QUERY(p.leaf, .at = T0 + 10 * DAY - 1),
	    VT_FAILED, "not-yet-valid");
	assert_judged(p.trust, QUERY(p.leaf, .at = T0 + 15 * DAY), VT_PASSED,
	    "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = T0 + 20 * DAY + 1),
	    VT_UNDECIDED, "expired");
	pki_release(&p);
}

static void
usage_is_judged_for_signers_only(void **state)
{
	static const struct {
		const char *ext[3];
		bool ok;
	} cases[] = {
		{ { "keyUsage=critical,nonRepudiation" }, true },
		{ { "keyUsage=critical,digitalSignature" }, true },
		{ { "keyUsage=critical,keyEncipherment" }, false },
		{ { "subjectAltName=email:a@a.invalid" }, true },
		{ { "extendedKeyUsage=serverAuth" }, false },
		{ { "extendedKeyUsage=serverAuth,emailProtection" }, true },
		{ { "keyUsage=digitalSignature",
		      "extendedKeyUsage=critical,timeStamping" },
		    false },
		{ { "extendedKeyUsage=OCSPSigning,codeSigning" }, false },
		{ { "extendedKeyUsage=1.3.6.1.4.1.311.10.3.12" }, true },
	};
	struct pki p;
	struct party leaf;
	size_t i;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		leaf = party_new((struct spec){ .cn = "L",
		    .issuer = &p.ca,
		    .ext = { "authorityKeyIdentifier=keyid:always",
			cases[i].ext[0], cases[i].ext[1] } });
		assert_judged(p.trust, QUERY(leaf), VT_PASSED, "ok");
		assert_judged(p.trust, QUERY(leaf, .purpose = VT_PURPOSE_SIGN),
		    cases[i].ok ? VT_PASSED : VT_FAILED,
		    cases[i].ok ? "ok" : "wrong-usage");
		party_free(&leaf);
	}
	/* A CA's key is for certificates. */
	assert_judged(p.trust, QUERY(p.ca, .purpose = VT_PURPOSE_SIGN),
	    VT_FAILED, "wrong-usage");
	pki_release(&p);
}

static void
expect_weak(const struct pki *p, const struct party *leaf, const char *what)
{
	struct vt_trust_result r;

	assert_judged_result(p->trust, QUERY(*leaf), VT_FAILED,
	    "weak-algorithm", &r);
	assert_int_equal(r.weak.n, 1);
	assert_string_equal(r.weak.items[0], what);
	vt_trust_result_release(&r);
}

static void
weak_keys_and_digests_fail(void **state)
{
	struct pki p, q;
	struct party leaf;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	leaf = party_new((struct spec){ .cn = "L",
	    .issuer = &p.ca,
	    .key = EVP_RSA_gen(1024),
	    .ext = { LEAF_EXT } });
	expect_weak(&p, &leaf, "rsa-1024");
	party_free(&leaf);
	leaf = party_new((struct spec){ .cn = "L",
	    .issuer = &p.ca,
	    .key = EVP_EC_gen("P-224"),
	    .ext = { LEAF_EXT } });
	expect_weak(&p, &leaf, "ec-224");
	party_free(&leaf);
	leaf = party_new((struct spec){ .cn = "L",
	    .issuer = &p.ca,
	    .md = EVP_sha1(),
	    .ext = { LEAF_EXT } });
	expect_weak(&p, &leaf, "sha1");
	party_free(&leaf);
	pki_release(&p);

	/* In the middle of the path as well. */
	q.root = party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	q.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &q.root,
	    .key = EVP_RSA_gen(1024),
	    .ext = { CA_EXT } });
	q.leaf = party_new((
	    struct spec){ .cn = "Leaf", .issuer = &q.ca, .ext = { LEAF_EXT } });
	pki_trust(&q);
	add_empty_lists(q.trust, &q.root, &q.ca);
	expect_weak(&q, &q.leaf, "rsa-1024");
	pki_release(&q);
}

static void
what_an_anchor_signs_itself_with_is_not_judged(void **state)
{
	struct pki p;

	(void)state;
	p.root = party_new((struct spec){ .cn = "Root",
	    .md = EVP_sha1(),
	    .ext = { ROOT_EXT } });
	p.ca = party_new(
	    (struct spec){ .cn = "CA", .issuer = &p.root, .ext = { CA_EXT } });
	p.leaf = party_new((
	    struct spec){ .cn = "Leaf", .issuer = &p.ca, .ext = { LEAF_EXT } });
	pki_trust(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	pki_release(&p);
}

static void
the_form_of_an_anchor_is_not_judged(void **state)
{
	struct pki p;

	(void)state;
	/* No key usage, no key identifier, as old roots are. */
	p.root = party_new((struct spec){ .cn = "Root",
	    .ext = { "basicConstraints=CA:TRUE" } });
	p.ca = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .ext = { ROOT_EXT, "authorityKeyIdentifier=issuer:always" } });
	p.leaf = party_new((
	    struct spec){ .cn = "Leaf", .issuer = &p.ca, .ext = { LEAF_EXT } });
	pki_trust(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	/* The CA's is. */
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "bad-path");
	party_free(&p.leaf);
	p.leaf = party_new((struct spec){ .cn = "Leaf",
	    .issuer = &p.root,
	    .ext = { "keyUsage=critical,digitalSignature",
		"authorityKeyIdentifier=DER:30068004"
		"01020304" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	pki_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_paths),
		cmocka_unit_test(path_length_is_kept),
		cmocka_unit_test(times_hold_at_both_edges),
		cmocka_unit_test(a_ca_is_held_to_its_time_too),
		cmocka_unit_test(usage_is_judged_for_signers_only),
		cmocka_unit_test(weak_keys_and_digests_fail),
		cmocka_unit_test(
		    what_an_anchor_signs_itself_with_is_not_judged),
		cmocka_unit_test(the_form_of_an_anchor_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
