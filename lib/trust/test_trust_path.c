/* Paths: which are found, and to which anchor. */
#include "test_pki.h"

#include <openssl/evp.h>

static void
passes_with_intermediates_of_the_store(void **state)
{
	struct pki p;
	struct vt_trust_result r;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	assert_judged_result(p.trust, QUERY(p.leaf, .purpose = VT_PURPOSE_SIGN),
	    VT_PASSED, "ok", &r);
	assert_int_equal(r.chain.n, 3);
	assert_true(vt_cert_equal(r.chain.items[0], p.leaf.cert));
	assert_true(vt_cert_equal(r.chain.items[2], p.root.cert));
	assert_string_equal(r.tree, "Root");
	assert_true(r.path_ok && r.time_ok && r.usage_ok);
	assert_int_equal(r.revocation, VT_REVOKED_NO);
	assert_int_equal(r.weak.n, 0);
	vt_trust_result_release(&r);
	pki_release(&p);
}

static void
passes_with_intermediates_of_the_message(void **state)
{
	struct pki p;
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	pki_init(&p);
	vt_trust_free(p.trust);
	assert_vt_ok(vt_trust_new(&p.trust, &err), &err);
	add_anchor(p.trust, &p.root);
	add_empty_lists(p.trust, &p.root, &p.ca);
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED, "no-trust-anchor");
	assert_vt_ok(vt_certs_add(&certs, p.ca.cert, &err), &err);
	assert_judged(p.trust, QUERY(p.leaf, .certs = &certs), VT_PASSED, "ok");
	vt_certs_release(&certs);
	pki_release(&p);
}

static void
nothing_is_valid_without_anchors(void **state)
{
	struct pki p;
	struct vt_trust *none;
	struct vt_error err = { 0 };
	struct vt_trust_result r;

	(void)state;
	pki_init(&p);
	assert_vt_ok(vt_trust_new(&none, &err), &err);
	add_cert(none, &p.root); /* an intermediate is no anchor */
	add_cert(none, &p.ca);
	add_empty_lists(none, &p.root, &p.ca);
	assert_judged_result(none, QUERY(p.leaf), VT_UNDECIDED,
	    "no-trust-anchor", &r);
	assert_int_equal(r.chain.n, 3); /* as far as it was found */
	assert_null(r.tree);
	assert_false(r.path_ok);
	vt_trust_result_release(&r);
	/* Not even a root, by itself. */
	assert_judged(none, QUERY(p.root), VT_UNDECIDED, "no-trust-anchor");
	vt_trust_free(none);
	pki_release(&p);
}

static void
an_anchor_itself_is_trusted(void **state)
{
	struct pki p;
	struct vt_trust *trust;
	struct vt_error err = { 0 };

	(void)state;
	pki_init(&p);
	assert_judged(p.trust, QUERY(p.root), VT_PASSED, "ok");
	/* So is any certificate that somebody made an anchor of. */
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &p.leaf);
	assert_judged(trust, QUERY(p.leaf), VT_PASSED, "ok");
	assert_judged(trust, QUERY(p.leaf, .at = T1 + 1), VT_UNDECIDED,
	    "expired");
	vt_trust_free(trust);
	/* An intermediate as an anchor ends the path: no list of the root. */
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &p.ca);
	list_add(trust, NULL, (struct list){ .issuer = &p.ca });
	assert_judged(trust, QUERY(p.leaf), VT_PASSED, "ok");
	vt_trust_free(trust);
	pki_release(&p);
}

static void
the_same_names_on_other_keys_prove_nothing(void **state)
{
	struct pki p, q;
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	pki_init(&p);
	pki_init(&q);
	add_empty_lists(p.trust, &p.root, &p.ca);
	assert_vt_ok(vt_certs_add(&certs, q.ca.cert, &err), &err);
	assert_vt_ok(vt_certs_add(&certs, q.root.cert, &err), &err);
	assert_judged(p.trust, QUERY(q.leaf, .certs = &certs), VT_UNDECIDED,
	    "no-trust-anchor");
	/* Nor do they lead a good one astray. */
	assert_judged(p.trust, QUERY(p.leaf, .certs = &certs), VT_PASSED, "ok");
	vt_certs_release(&certs);
	pki_release(&p);
	pki_release(&q);
}

static void
a_stray_issuer_without_key_identifiers_is_passed_over(void **state)
{
	struct pki p;
	struct party stray, leaf, ca;
	struct vt_trust *trust;
	struct vt_error err = { 0 };

	(void)state;
	pki_init(&p);
	/* Neither names a key, so only the signature tells the CAs apart. */
	stray = party_new((struct spec){ .cn = "Other",
	    .issuer = &p.root,
	    .ext = { "basicConstraints=critical,CA:TRUE",
		"keyUsage=keyCertSign,cRLSign",
		"authorityKeyIdentifier=keyid:always" } });
	ca = party_new((struct spec){ .cn = "Other",
	    .issuer = &p.root,
	    .ext = { CA_EXT } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &ca, .ext = { LEAF_EXT } });
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &p.root);
	add_cert(trust, &stray);
	add_cert(trust, &ca);
	add_empty_lists(trust, &p.root, &ca);
	assert_judged(trust, QUERY(leaf), VT_PASSED, "ok");
	vt_trust_free(trust);
	party_free(&stray);
	party_free(&ca);
	party_free(&leaf);
	pki_release(&p);
}

static void
the_tree_is_that_of_the_anchor_reached(void **state)
{
	struct pki p;
	struct party other, cross;
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	struct vt_trust_result r;

	(void)state;
	pki_init(&p);
	/* The CA is certified by a second tree as well. */
	other = party_new((struct spec){ .cn = "Other", .ext = { ROOT_EXT } });
	EVP_PKEY_up_ref(p.ca.key);
	cross = party_new((struct spec){ .cn = "CA",
	    .issuer = &other,
	    .key = p.ca.key,
	    .ext = { CA_EXT } });
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	assert_vt_ok(vt_trust_add_anchor(trust, other.cert, "second", &err),
	    &err);
	add_cert(trust, &p.ca);
	add_cert(trust, &cross);
	add_empty_lists(trust, &other, &p.ca);
	assert_judged_result(trust, QUERY(p.leaf), VT_PASSED, "ok", &r);
	assert_string_equal(r.tree, "second");
	vt_trust_result_release(&r);
	/* With both, a path that fails does not hide one that passes. */
	add_anchor(trust, &p.root);
	list_add(trust, NULL,
	    (struct list){ .issuer = &p.root,
		.entries = { { &p.ca, NOW - DAY * 10, 0 } } });
	assert_judged_result(trust, QUERY(p.leaf), VT_PASSED, "ok", &r);
	assert_string_equal(r.tree, "second");
	vt_trust_result_release(&r);
	vt_trust_free(trust);
	party_free(&other);
	party_free(&cross);
	pki_release(&p);
}

/* What failed on one of them may hold on the other, whichever came first. */
static void
the_best_of_several_paths_counts(void **state)
{
	struct pki p;
	struct party other, cross;
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	int i;

	(void)state;
	pki_init(&p);
	other = party_new((struct spec){ .cn = "Other", .ext = { ROOT_EXT } });
	EVP_PKEY_up_ref(p.ca.key);
	cross = party_new((struct spec){ .cn = "CA",
	    .issuer = &other,
	    .key = p.ca.key,
	    .ext = { CA_EXT } });
	for (i = 0; i < 2; i++) {
		assert_vt_ok(vt_trust_new(&trust, &err), &err);
		add_anchor(trust, &p.root);
		add_anchor(trust, &other);
		add_cert(trust, i == 0 ? &p.ca : &cross);
		add_cert(trust, i == 0 ? &cross : &p.ca);
		list_add(trust, NULL, (struct list){ .issuer = &p.ca });
		list_add(trust, NULL,
		    (struct list){ .issuer = &p.root,
			.entries = { { &p.ca, NOW - DAY * 10, 0 } } });
		/* of the other CA's certificate nothing is known */
		assert_judged(trust, QUERY(p.leaf), VT_UNDECIDED,
		    "revocation-unknown");
		vt_trust_free(trust);
	}
	party_free(&other);
	party_free(&cross);
	pki_release(&p);
}

static void
cas_that_certify_each_other_end_nowhere(void **state)
{
	struct party a, b, ab, ba, leaf;
	struct vt_trust *trust;
	struct vt_error err = { 0 };

	(void)state;
	a = party_new((struct spec){ .cn = "A", .ext = { ROOT_EXT } });
	b = party_new((struct spec){ .cn = "B", .ext = { ROOT_EXT } });
	EVP_PKEY_up_ref(a.key);
	EVP_PKEY_up_ref(b.key);
	ab = party_new((struct spec){ .cn = "A",
	    .issuer = &b,
	    .key = a.key,
	    .ext = { CA_EXT } });
	ba = party_new((struct spec){ .cn = "B",
	    .issuer = &a,
	    .key = b.key,
	    .ext = { CA_EXT } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &a, .ext = { LEAF_EXT } });
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_cert(trust, &ab);
	add_cert(trust, &ba);
	add_cert(trust, &a);
	assert_judged(trust, QUERY(leaf), VT_UNDECIDED, "no-trust-anchor");
	vt_trust_free(trust);
	party_free(&a);
	party_free(&b);
	party_free(&ab);
	party_free(&ba);
	party_free(&leaf);
}

static void
a_root_that_changed_its_key_is_followed(void **state)
{
	struct party old, new, leaf;
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	struct vt_trust_result r;

	(void)state;
	/* The old root does not name its key: nothing tells the two apart. */
	old = party_new((struct spec){ .cn = "Root",
	    .ext = { "basicConstraints=critical,CA:TRUE" } });
	new = party_new((struct spec){ .cn = "Root",
	    .issuer = &old,
	    .ext = { ROOT_EXT,
		"authorityKeyIdentifier=DER:3006800401020304" } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &new, .ext = { LEAF_EXT } });
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &old);
	add_cert(trust, &new);
	list_add(trust, NULL, (struct list){ .issuer = &old });
	list_add(trust, NULL, (struct list){ .issuer = &new });
	assert_judged_result(trust, QUERY(leaf), VT_PASSED, "ok", &r);
	assert_int_equal(r.chain.n, 3);
	vt_trust_result_release(&r);
	vt_trust_free(trust);
	party_free(&old);
	party_free(&new);
	party_free(&leaf);
}

static void
the_search_is_bounded(void **state)
{
	struct pki p;
	struct party stray;
	struct vt_certs flood = { 0 };
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	pki_init(&p);
	/* As many CAs of the right name as one may check, none the right. */
	for (i = 0; i <= VT_TRUST_CHECKS; i++) {
		EVP_PKEY_up_ref(p.root.key);
		stray = party_new((struct spec){ .cn = "CA",
		    .key = p.root.key,
		    .ext = { "basicConstraints=critical,CA:TRUE" } });
		assert_vt_ok(vt_certs_add(&flood, stray.cert, &err), &err);
		party_free(&stray);
	}
	assert_vt_ok(vt_certs_add(&flood, p.ca.cert, &err), &err);
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &p.root);
	add_empty_lists(trust, &p.root, &p.ca);
	assert_judged(trust, QUERY(p.leaf, .certs = &flood), VT_UNDECIDED,
	    "limit");
	/* What the store has is looked at first. */
	add_cert(trust, &p.ca);
	assert_judged(trust, QUERY(p.leaf, .certs = &flood), VT_PASSED, "ok");
	vt_certs_release(&flood);
	vt_trust_free(trust);
	pki_release(&p);
}

static void
depth_is_capped(void **state)
{
	struct party chain[VT_TRUST_DEPTH + 1];
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	char name[16];
	size_t i;

	(void)state;
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	for (i = 0; i <= VT_TRUST_DEPTH; i++) {
		snprintf(name, sizeof(name), "C%zu", i);
		chain[i] = party_new((struct spec){ .cn = name,
		    .issuer = i == 0 ? NULL : &chain[i - 1],
		    .ext = { CA_EXT } });
		list_add(trust, NULL, (struct list){ .issuer = &chain[i] });
		if (i > 0)
			add_cert(trust, &chain[i]);
	}
	add_anchor(trust, &chain[0]);
	assert_judged(trust, QUERY(chain[VT_TRUST_DEPTH - 1]), VT_PASSED, "ok");
	assert_judged(trust, QUERY(chain[VT_TRUST_DEPTH]), VT_UNDECIDED,
	    "limit");
	for (i = 0; i <= VT_TRUST_DEPTH; i++)
		party_free(&chain[i]);
	vt_trust_free(trust);
}

static void
a_changed_certificate_has_no_path(void **state)
{
	struct pki p;
	struct vt_cert *changed;
	struct vt_error err = { 0 };
	struct vt_bytes der;
	unsigned char *copy;
	size_t at;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	der = vt_cert_der(p.leaf.cert);
	copy = malloc(der.len);
	memcpy(copy, der.data, der.len);
	at = vt_bytes_find(der, 0, "Leaf");
	copy[at] = 'l';
	assert_vt_ok(vt_cert_parse(VT_BYTES(copy, der.len), &changed, &err),
	    &err);
	assert_judged(p.trust, ((struct vt_trust_query){ .cert = changed }),
	    VT_UNDECIDED, "no-trust-anchor");
	vt_cert_free(changed);
	free(copy);
	pki_release(&p);
}

static void
a_query_without_time_is_refused(void **state)
{
	struct pki p;
	struct vt_trust_result r;
	struct vt_error err = { 0 };
	struct vt_trust_query q;

	(void)state;
	pki_init(&p);
	q = QUERY(p.leaf, .at = VT_TIME_NONE);
	assert_vt_error(vt_trust_judge(p.trust, &q, &r, &err), &err, VT_EARG);
	pki_release(&p);
}

static void
every_reason_is_told(void **state)
{
	const char *code;
	size_t i;

	(void)state;
	for (i = 0; (code = vt_trust_reason_at(i)) != NULL; i++) {
		assert_non_null(vt_trust_reason_text(code));
		if (strcmp(code, "ok") != 0)
			assert_non_null(vt_trust_reason_subindication(code));
	}
	assert_true(i > 5);
	assert_null(vt_trust_reason_text("no such reason"));
	assert_null(vt_trust_reason_hint(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_with_intermediates_of_the_store),
		cmocka_unit_test(passes_with_intermediates_of_the_message),
		cmocka_unit_test(nothing_is_valid_without_anchors),
		cmocka_unit_test(an_anchor_itself_is_trusted),
		cmocka_unit_test(the_same_names_on_other_keys_prove_nothing),
		cmocka_unit_test(
		    a_stray_issuer_without_key_identifiers_is_passed_over),
		cmocka_unit_test(the_tree_is_that_of_the_anchor_reached),
		cmocka_unit_test(the_best_of_several_paths_counts),
		cmocka_unit_test(cas_that_certify_each_other_end_nowhere),
		cmocka_unit_test(a_root_that_changed_its_key_is_followed),
		cmocka_unit_test(the_search_is_bounded),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(a_changed_certificate_has_no_path),
		cmocka_unit_test(a_query_without_time_is_refused),
		cmocka_unit_test(every_reason_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
