/* What a path, and each certificate on it, must keep (RFC 5280, 6.1). */
#include "test_pki.h"

#include <openssl/param_build.h>

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
	{ "permitted", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.a.invalid" } },
	    VT_PASSED, "ok" },
	{ "not permitted", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.b.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "URI of a host that is not excluded",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;URI:evil.invalid" } },
	    { .ext = { LEAF_EXT,
		  "subjectAltName=URI:http://a.invalid:80/?http://x@y" } },
	    VT_PASSED, "ok" },
	{ "URI of an excluded host, before a query",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;URI:evil.invalid" } },
	    { .ext = { LEAF_EXT, "subjectAltName=URI:http://evil.invalid?x" } },
	    VT_FAILED, "name-constraints" },
	{ "URI of an excluded host, behind a user",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;URI:evil.invalid" } },
	    { .ext = { LEAF_EXT,
		  "subjectAltName=URI:http://u@evil.invalid/" } },
	    VT_FAILED, "name-constraints" },
	{ "URI that ends like a permitted host",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,permitted;URI:.a.invalid" } },
	    { .ext = { LEAF_EXT,
		  "subjectAltName=URI:http://evil.invalid#x.a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "URI with a port before the permitted host",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,permitted;URI:.a.invalid" } },
	    { .ext = { LEAF_EXT,
		  "subjectAltName=URI:http://x.a.invalid:x@evil.invalid/" } },
	    VT_FAILED, "name-constraints" },
	{ "excluded",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;email:b.invalid" } },
	    { .ext = { LEAF_EXT, "subjectAltName=email:x@b.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "no host name", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x y.a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "an address with a NUL under constraint", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT,
		  "subjectAltName=DER:300981076140622e6300" /* a@b.c, 00 */
		  "64" } },
	    VT_FAILED, "name-constraints" },
	{ "a wildcard under constraint", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:*.a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "two hosts in an address under constraint", { .ext = { PERMIT } },
	    { .ext = { LEAF_EXT, "subjectAltName=email:x@y@a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "an address under constraint",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,permitted;email:.a.invalid" } },
	    { .ext = { LEAF_EXT, "subjectAltName=email:x@y.a.invalid" } },
	    VT_PASSED, "ok" },
	{ "a wildcard as a constraint",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,permitted;DNS:*.a.invalid" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "name-constraints" },
	{ "a dot before a host as a constraint",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,permitted;DNS:.a.invalid" } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.a.invalid" } },
	    VT_FAILED, "name-constraints" },
	{ "two hosts in an address as a constraint",
	    { .ext = { CA_EXT,
		  "nameConstraints=critical,excluded;email:x@y@a.invalid" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "name-constraints" },
	{ "all hosts as a constraint",
	    { .ext = { CA_EXT, "nameConstraints=critical,"
			       "DER:3006a00430028200" } },
	    { .ext = { LEAF_EXT, "subjectAltName=DNS:x.a.invalid" } },
	    VT_PASSED, "ok" },
	{ "no constraint in constraints",
	    { .ext = { CA_EXT, "nameConstraints=critical,DER:3000" } },
	    { .ext = { LEAF_EXT } }, VT_FAILED, "bad-path" },
	{ "no use in the extended uses", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "extendedKeyUsage=DER:3000" } }, VT_FAILED,
	    "bad-path" },
	{ "something behind an extension", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "basicConstraints=DER:30000500" } }, VT_FAILED,
	    "bad-path" },
	{ "behind one of nobody's, too", { .ext = { CA_EXT } },
	    { .ext = { LEAF_EXT, "1.3.6.1.4.1.99999.9=DER:050000" } },
	    VT_FAILED, "bad-path" },
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

/* ---- changes that no extension can make ---- */

static void
no_version(X509 *x)
{
	X509_set_version(x, X509_VERSION_1);
}

static void
version_four(X509 *x)
{
	X509_set_version(x, 3);
}

static void
time_without_seconds(X509 *x)
{
	ASN1_STRING_set(X509_getm_notAfter(x), "330101000000+0000", -1);
}

static void
name_with_nul(X509 *x)
{
	X509_NAME *name = X509_NAME_dup(X509_get_subject_name(x));

	X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
	    (const unsigned char *)"a\0b", 3, -1, 0);
	X509_set_subject_name(x, name);
	X509_NAME_free(name);
}

static void
no_issuer(X509 *x)
{
	X509_NAME *name = X509_NAME_new();

	X509_set_issuer_name(x, name);
	X509_NAME_free(name);
}

static void
unknown_twice(X509 *x)
{
	X509_EXTENSION *ext =
	    X509V3_EXT_nconf(NULL, NULL, "1.3.6.1.4.1.99999.9", "DER:0500");
	STACK_OF(X509_EXTENSION) *exts =
	    (STACK_OF(X509_EXTENSION) *)X509_get0_extensions(x);

	sk_X509_EXTENSION_push(exts, X509_EXTENSION_dup(ext));
	sk_X509_EXTENSION_push(exts, ext);
}

static void
set_key(X509 *x, EVP_PKEY *key)
{
	assert_non_null(key);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	EVP_PKEY_free(key);
}

static void
exponent_one(X509 *x)
{
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *key = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params;
	BIGNUM *n = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(rsa, "n", &n), 1);
	assert_true(OSSL_PARAM_BLD_push_BN(build, "n", n) &&
		    OSSL_PARAM_BLD_push_BN(build, "e", BN_value_one()));
	params = OSSL_PARAM_BLD_to_param(build);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY,
			     params),
	    1);
	set_key(x, key);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(rsa);
	BN_free(n);
}

static void
curve_of_its_own(X509 *x)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	assert_int_equal(EVP_PKEY_set_utf8_string_param(key, "encoding",
			     "explicit"),
	    1);
	set_key(x, key);
}

/* For agreement only (RFC 5480, 2.1.2), which OpenSSL knows no key of. */
static void
key_of_another_kind(X509 *x)
{
	X509_ALGOR *alg = NULL;

	assert_int_equal(X509_PUBKEY_get0_param(NULL, NULL, NULL, &alg,
			     X509_get_X509_PUBKEY(x)),
	    1);
	assert_int_equal(X509_ALGOR_set0(alg, OBJ_txt2obj("1.3.132.1.12", 1),
			     V_ASN1_OBJECT, OBJ_nid2obj(NID_X9_62_prime256v1)),
	    1);
}

static const struct {
	const char *name;
	void (*change)(X509 *x);
	enum vt_verdict verdict;
	const char *reason;
} changes[] = {
	{ "none", NULL, VT_PASSED, "ok" },
	{ "version 1", no_version, VT_FAILED, "bad-path" },
	{ "version 4", version_four, VT_FAILED, "bad-path" },
	{ "a time with a zone", time_without_seconds, VT_FAILED, "bad-path" },
	{ "a NUL in a name", name_with_nul, VT_FAILED, "bad-path" },
	{ "an extension twice", unknown_twice, VT_FAILED, "bad-path" },
	{ "an exponent of 1", exponent_one, VT_FAILED, "bad-path" },
	{ "a curve of its own", curve_of_its_own, VT_FAILED, "bad-path" },
	{ "a key that cannot be read", key_of_another_kind, VT_FAILED,
	    "bad-path" },
	{ "no issuer", no_issuer, VT_UNDECIDED, "no-trust-anchor" },
};

static void
rules_of_certificates(void **state)
{
	struct party odd;
	struct pki p;
	size_t i;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		print_message("\t%s\n", changes[i].name);
		odd = party_new((struct spec){ .cn = "Odd",
		    .issuer = &p.ca,
		    .ext = { LEAF_EXT },
		    .change = changes[i].change });
		assert_judged(p.trust, QUERY(odd), changes[i].verdict,
		    changes[i].reason);
		party_free(&odd);
	}
	pki_release(&p);
}

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
		cmocka_unit_test(rules_of_certificates),
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
