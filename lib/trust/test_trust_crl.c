/* Revocation: which list speaks for which instant. */
#include "test_pki.h"

#define HOLD 6 /* certificateHold */
#define KEY_COMPROMISE 1
#define REMOVE 8 /* removeFromCRL */

static struct pki p;

static int
setup(void **state)
{
	(void)state;
	pki_init(&p);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	pki_release(&p);
	return 0;
}

/* A list of the root's for the CA, so that only the leaf is in question. */
static void
root_list(void)
{
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root, .from = T0, .until = T1 });
}

static void
without_a_list_nothing_is_valid(void **state)
{
	struct vt_trust_result r;

	(void)state;
	assert_judged_result(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown", &r);
	assert_true(r.path_ok && r.time_ok);
	assert_int_equal(r.revocation, VT_REVOKED_UNKNOWN);
	vt_trust_result_release(&r);
	/* The leaf's alone does not do: its CA may be revoked. */
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown", &r);
	assert_int_equal(r.revocation, VT_REVOKED_NO);
	vt_trust_result_release(&r);
	root_list();
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
}

static void
a_list_is_current_at_both_edges(void **state)
{
	(void)state;
	root_list();
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .from = NOW, .until = NOW + DAY });
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW + DAY), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW + DAY + 1), VT_UNDECIDED,
	    "revocation-unknown");
	/* Issued later than the instant, it still knows of earlier ones. */
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 100 * DAY), VT_PASSED,
	    "ok");
}

static void
a_list_without_next_update_is_never_current(void **state)
{
	(void)state;
	root_list();
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca, .until = -1 });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
}

static void
a_list_from_after_expiry_is_silent(void **state)
{
	struct party brief;
	struct list after = { .issuer = &p.ca,
		.from = T0 + 30 * DAY,
		.until = T1 };

	(void)state;
	root_list();
	brief = party_new((struct spec){ .cn = "Brief",
	    .issuer = &p.ca,
	    .until = T0 + 20 * DAY,
	    .ext = { LEAF_EXT } });
	list_add(p.trust, NULL, after);
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust, QUERY(brief, .at = T0 + 40 * DAY), VT_UNDECIDED,
	    "expired");
	/* Unless it says that it keeps those expired since a given day. */
	after.ext[0] = "2.5.29.60=DER:180f32303430303130313030303030305a";
	list_add(p.trust, NULL, after); /* 2040: not early enough */
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_UNDECIDED,
	    "revocation-unknown");
	after.ext[0] = "2.5.29.60=DER:180f32303230303130313030303030305a";
	list_add(p.trust, NULL, after); /* 2020 */
	assert_judged(p.trust, QUERY(brief, .at = T0 + 10 * DAY), VT_PASSED,
	    "ok");
	party_free(&brief);
}

static void
revoked_before_the_instant_fails_and_after_it_does_not(void **state)
{
	struct vt_trust_result r;

	(void)state;
	root_list();
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.until = T1,
		.entries = { { &p.leaf, NOW - 50 * DAY, KEY_COMPROMISE } } });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_int_equal(r.revocation, VT_REVOKED_YES);
	assert_true(r.revoked_at == NOW - 50 * DAY);
	assert_string_equal(r.revocation_reason, "keyCompromise");
	assert_non_null(strstr(r.detail, "keyCompromise"));
	vt_trust_result_release(&r);
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY), VT_FAILED,
	    "revoked");
	assert_judged_result(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY - 1),
	    VT_PASSED, "ok", &r);
	assert_int_equal(r.revocation, VT_REVOKED_NO);
	assert_true(r.revoked_at == NOW - 50 * DAY); /* told all the same */
	vt_trust_result_release(&r);
	/* Revoked is worse than expired. */
	assert_judged(p.trust, QUERY(p.leaf, .at = T1 + 1), VT_FAILED,
	    "revoked");
}

/* A clock of the CA's that is ahead, or local time that is called UTC. */
static void
who_stands_in_a_list_was_revoked_by_then(void **state)
{
	struct list list = { .issuer = &p.ca,
		.from = NOW - 2 * DAY,
		.entries = { { &p.leaf, NOW + DAY, KEY_COMPROMISE } } };
	struct vt_trust_result r;

	(void)state;
	root_list();
	list_add(p.trust, NULL, list);
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_true(r.revoked_at == list.from);
	vt_trust_result_release(&r);
	assert_judged(p.trust, QUERY(p.leaf, .at = list.from), VT_FAILED,
	    "revoked");
	assert_judged(p.trust, QUERY(p.leaf, .at = list.from - 1), VT_PASSED,
	    "ok");
}

static void
what_was_revoked_stays_so(void **state)
{
	(void)state;
	root_list();
	/* An old list knows it; the current one has dropped it. */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = T0 + DAY,
		.until = T0 + 2 * DAY,
		.entries = { { &p.leaf, T0, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

/* RFC 5280, 5.3.1: removeFromCRL may stand in a delta list only. */
static void
a_full_list_takes_nothing_back(void **state)
{
	struct list full = { .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - 9 * DAY, REMOVE } } };

	(void)state;
	root_list();
	list_add(p.trust, NULL, full);
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Before or behind another entry it is worth no more. */
	full.from = NOW - 2 * DAY;
	full.entries[1] = (struct entry){ &p.leaf, NOW - 9 * DAY, 1 };
	list_add(p.trust, NULL, full);
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
}

static void
forged_lists_count_for_nothing(void **state)
{
	struct pki q;
	struct vt_crls flood = { 0 };
	int i;

	(void)state;
	root_list();
	pki_init(&q);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .signer = &q.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Nor do they revoke. */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &q.ca,
		.entries = { { &p.leaf, T0, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Nor do they hide a genuine one, however many and young. */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .from = NOW - 5 * DAY });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	for (i = 0; i < 80; i++)
		list_add(NULL, &flood,
		    (struct list){ .issuer = &p.ca,
			.signer = &q.ca,
			.from = NOW - i });
	assert_judged(p.trust, QUERY(p.leaf, .crls = &flood), VT_PASSED, "ok");
	vt_crls_release(&flood);
	pki_release(&q);
}

/* A list revokes p.leaf, and any of its bytes is changed. */
static void
no_changed_byte_of_a_list_makes_it_silent(void **state)
{
	struct vt_crls crls = { 0 }, changed = { 0 };
	struct vt_trust_query q = QUERY(p.leaf, .crls = &changed, .at = NOW);
	struct vt_trust_result r;
	struct vt_crl *crl;
	struct vt_bytes der;
	struct vt_error err = { 0 };
	unsigned char *copy;
	size_t i, parsed = 0;

	(void)state;
	root_list();
	list_add(NULL, &crls,
	    (struct list){ .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - DAY, KEY_COMPROMISE } } });
	der = vt_crl_der(crls.items[0]);
	copy = malloc(der.len);
	memcpy(copy, der.data, der.len);
	for (i = 0; i < der.len; i++) {
		copy[i] ^= 1;
		if (vt_crl_parse(VT_BYTES(copy, der.len), &crl, NULL) ==
		    VT_OK) {
			assert_vt_ok(vt_crls_add(&changed, crl, &err), &err);
			assert_vt_ok(vt_trust_judge(p.trust, &q, &r, &err),
			    &err);
			assert_int_not_equal(r.verdict, VT_PASSED);
			vt_trust_result_release(&r);
			vt_crls_release(&changed);
			vt_crl_free(crl);
			parsed++;
		}
		copy[i] ^= 1;
	}
	assert_true(parsed > 50); /* names, times, numbers, the signature */
	free(copy);
	vt_crls_release(&crls);
}

static void
a_list_of_another_issuer_does_not_speak(void **state)
{
	struct party other;

	(void)state;
	root_list();
	other = party_new((struct spec){ .cn = "Other",
	    .issuer = &p.root,
	    .ext = { CA_EXT } });
	add_cert(p.trust, &other);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &other,
		.entries = { { &p.leaf, T0, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&other);
}

static void
lists_of_the_message_count(void **state)
{
	struct vt_crls crls = { 0 };

	(void)state;
	root_list();
	list_add(NULL, &crls, (struct list){ .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust, QUERY(p.leaf, .crls = &crls), VT_PASSED, "ok");
	vt_crls_release(&crls);
}

static void
a_revoked_ca_fails_all_below(void **state)
{
	struct vt_trust_result r;

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root,
		.entries = { { &p.ca, NOW - DAY, KEY_COMPROMISE } } });
	assert_judged_result(p.trust, QUERY(p.leaf), VT_FAILED, "revoked", &r);
	assert_int_equal(r.revocation, VT_REVOKED_NO); /* the leaf's own */
	vt_trust_result_release(&r);
}

static void
the_scope_of_a_list_is_kept(void **state)
{
	(void)state;
	root_list();
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.ext = { "issuingDistributionPoint=critical,onlyCA:TRUE" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.ext = { "issuingDistributionPoint=critical,onlyuser:TRUE" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
}

static void
an_unknown_critical_extension_stops_a_list(void **state)
{
	(void)state;
	root_list();
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.ext = { "1.3.6.1.4.1.99999.9=critical,DER:0500" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Beside one that is understood it is not missed, ... */
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	/* ... unless the certificate stands in it: from then on. */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - 50 * DAY, KEY_COMPROMISE } },
		.ext = { "1.3.6.1.4.1.99999.9=critical,DER:0500" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	assert_judged(p.trust, QUERY(p.leaf, .at = NOW - 50 * DAY - 1),
	    VT_PASSED, "ok");
}

/* A stranger's says nothing, whatever stands in it. */
static void
an_unknown_critical_extension_of_another_stops_nothing(void **state)
{
	struct party other;

	(void)state;
	root_list();
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	other = party_new((struct spec){ .cn = "CA", .ext = { ROOT_EXT } });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &other,
		.entries = { { &p.leaf, NOW - 50 * DAY, KEY_COMPROMISE } },
		.ext = { "1.3.6.1.4.1.99999.9=critical,DER:0500" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	party_free(&other);
}

static void
a_ca_must_be_allowed_to_sign_lists(void **state)
{
	struct party ca, leaf;

	(void)state;
	root_list();
	ca = party_new((struct spec){ .cn = "No lists",
	    .issuer = &p.root,
	    .ext = { "basicConstraints=critical,CA:TRUE",
		"keyUsage=critical,keyCertSign", "subjectKeyIdentifier=hash",
		"authorityKeyIdentifier=keyid:always" } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &ca, .ext = { LEAF_EXT } });
	add_cert(p.trust, &ca);
	list_add(p.trust, NULL, (struct list){ .issuer = &ca });
	assert_judged(p.trust, QUERY(leaf), VT_UNDECIDED, "revocation-unknown");
	party_free(&ca);
	party_free(&leaf);
}

/* A CA of p.root's whose lists are signed by a key of their own. */
static struct party
separate_signer(int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .from = from,
	    .until = until,
	    .ext = { "keyUsage=critical,cRLSign", "subjectKeyIdentifier=hash",
		"authorityKeyIdentifier=keyid:always" } });
}

static void
a_list_may_have_a_signer_of_its_own(void **state)
{
	struct party signer, late;

	(void)state;
	root_list();
	signer = separate_signer(0, 0);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &signer,
		.ext = { "authorityKeyIdentifier=keyid:always" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	add_cert(p.trust, &signer);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	/* Not once it is revoked. */
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root,
		.from = NOW - 1,
		.entries = { { &signer, NOW - 2 * DAY, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	/* Nor one that was not valid when the list was issued. */
	late = separate_signer(NOW, T1);
	add_cert(p.trust, &late);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &late,
		.from = NOW - 1,
		.ext = { "authorityKeyIdentifier=keyid:always" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &late,
		.from = NOW,
		.ext = { "authorityKeyIdentifier=keyid:always" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	party_free(&signer);
	party_free(&late);
}

static void
a_signer_beside_the_ca_has_signed_it(void **state)
{
	struct party signer = separate_signer(0, 0),
		     other = separate_signer(0, 0);

	(void)state;
	root_list();
	add_cert(p.trust, &signer);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .signer = &other });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	add_cert(p.trust, &other);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	party_free(&signer);
	party_free(&other);
}

/* Of its signer's own certificate nothing is known. */
static void
a_hold_is_not_ended_by_who_may_be_revoked(void **state)
{
	struct party signer = separate_signer(0, 0);

	(void)state;
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.root,
		.ext = { "issuingDistributionPoint=critical,onlyCA:TRUE" } });
	add_cert(p.trust, &signer);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.from = NOW - 20 * DAY,
		.entries = { { &p.leaf, NOW - 21 * DAY, HOLD } } });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &signer,
		.ext = { "authorityKeyIdentifier=keyid:always" } });
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "revoked");
	party_free(&signer);
}

#define CRL_SIGNER                                                             \
	"keyUsage=critical,cRLSign", "subjectKeyIdentifier=hash",              \
	    "authorityKeyIdentifier=keyid:always"

static void
the_signer_of_a_list_is_judged_by_current_lists(void **state)
{
	struct party signer;
	struct list its = { .issuer = &p.root,
		.from = NOW - 20 * DAY,
		.until = NOW - 10 * DAY };
	int64_t at = NOW - 15 * DAY;

	(void)state;
	signer = party_new((struct spec){ .cn = "CA",
	    .issuer = &p.root,
	    .ext = { CRL_SIGNER } });
	add_cert(p.trust, &signer);
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .signer = &signer });
	/* The root speaks of its CA then, not of the signer when it signed. */
	list_add(p.trust, NULL, its);
	assert_judged(p.trust, QUERY(p.leaf, .at = at), VT_UNDECIDED,
	    "revocation-unknown");
	its.from = its.until = 0;
	list_add(p.trust, NULL, its);
	assert_judged(p.trust, QUERY(p.leaf, .at = at), VT_PASSED, "ok");
	its.entries[0] = (struct entry){ &signer, NOW - 2 * DAY, 0 };
	list_add(p.trust, NULL, its);
	assert_judged(p.trust, QUERY(p.leaf, .at = at), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&signer);
}

/* Another CA below the same anchor can take the name, not the place. */
static void
a_signer_that_no_ca_of_the_path_certified_proves_nothing(void **state)
{
	struct party other, signer;

	(void)state;
	root_list();
	other = party_new((struct spec){ .cn = "Other",
	    .issuer = &p.root,
	    .ext = { CA_EXT } });
	signer = party_new((struct spec){ .cn = "CA",
	    .issuer = &other,
	    .ext = { CRL_SIGNER } });
	add_cert(p.trust, &other);
	add_cert(p.trust, &signer);
	list_add(p.trust, NULL, (struct list){ .issuer = &other });
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca, .signer = &signer });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	list_add(p.trust, NULL,
	    (struct list){ .issuer = &p.ca,
		.signer = &signer,
		.entries = { { &p.leaf, NOW - 2 * DAY, 0 } } });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
	party_free(&other);
	party_free(&signer);
}

/* No list is asked about the anchor, also where it is no root. */
static void
an_intermediate_as_anchor_needs_no_list_of_its_own(void **state)
{
	struct party sub, signer, leaf;
	struct vt_trust *trust;
	struct vt_error err = { 0 };

	(void)state;
	sub = party_new(
	    (struct spec){ .cn = "Sub", .issuer = &p.ca, .ext = { CA_EXT } });
	signer = party_new((struct spec){ .cn = "Sub",
	    .issuer = &p.ca,
	    .ext = { "keyUsage=critical,cRLSign", "subjectKeyIdentifier=hash",
		"authorityKeyIdentifier=keyid:always" } });
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &sub, .ext = { LEAF_EXT } });
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	add_anchor(trust, &p.ca);
	add_cert(trust, &sub);
	add_cert(trust, &signer);
	list_add(trust, NULL, (struct list){ .issuer = &p.ca });
	list_add(trust, NULL,
	    (struct list){ .issuer = &sub,
		.signer = &signer,
		.ext = { "authorityKeyIdentifier=keyid:always" } });
	assert_judged(trust, QUERY(leaf), VT_PASSED, "ok");
	vt_trust_free(trust);
	party_free(&sub);
	party_free(&signer);
	party_free(&leaf);
}

static void
a_list_of_some_reasons_does_not_speak_of_the_others(void **state)
{
	int64_t at = NOW - 3 * DAY;
	struct list some = { .issuer = &p.ca,
		.entries = { { &p.leaf, at + 1, KEY_COMPROMISE } },
		.ext = { "issuingDistributionPoint=critical,DER:3004"
			 "83020640" } };
	struct list rest = { .issuer = &p.ca,
		.ext = { "issuingDistributionPoint=critical,DER:3005"
			 "8303073f80" } };

	(void)state;
	root_list();
	list_add(p.trust, NULL, some);
	assert_judged(p.trust, QUERY(p.leaf, .at = at), VT_UNDECIDED,
	    "revocation-unknown");
	list_add(p.trust, NULL, rest);
	assert_judged(p.trust, QUERY(p.leaf, .at = at), VT_PASSED, "ok");
	assert_judged(p.trust, QUERY(p.leaf, .at = at + 1), VT_FAILED,
	    "revoked");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(without_a_list_nothing_is_valid),
		TEST(a_list_is_current_at_both_edges),
		TEST(a_list_without_next_update_is_never_current),
		TEST(a_list_from_after_expiry_is_silent),
		TEST(revoked_before_the_instant_fails_and_after_it_does_not),
		TEST(who_stands_in_a_list_was_revoked_by_then),
		TEST(what_was_revoked_stays_so),
		TEST(a_full_list_takes_nothing_back),
		TEST(a_hold_is_not_ended_by_who_may_be_revoked),
		TEST(forged_lists_count_for_nothing),
		TEST(no_changed_byte_of_a_list_makes_it_silent),
		TEST(a_list_of_another_issuer_does_not_speak),
		TEST(lists_of_the_message_count),
		TEST(a_revoked_ca_fails_all_below),
		TEST(the_scope_of_a_list_is_kept),
		TEST(an_unknown_critical_extension_stops_a_list),
		TEST(an_unknown_critical_extension_of_another_stops_nothing),
		TEST(a_ca_must_be_allowed_to_sign_lists),
		TEST(a_list_may_have_a_signer_of_its_own),
		TEST(a_signer_beside_the_ca_has_signed_it),
		TEST(the_signer_of_a_list_is_judged_by_current_lists),
		TEST(a_signer_that_no_ca_of_the_path_certified_proves_nothing),
		TEST(an_intermediate_as_anchor_needs_no_list_of_its_own),
		TEST(a_list_of_some_reasons_does_not_speak_of_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
