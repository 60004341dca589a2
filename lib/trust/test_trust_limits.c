/* How much is looked at to judge one certificate, at each bound and past it. */
#include <sys/stat.h>
#include <unistd.h>

#include "test_trust_util.h"

/*
 * A CA with N certificates of which the last one only is not revoked.  Where it
 * is not looked at nothing is known; unless the leaf itself is revoked, which
 * it is under any of them.
 */
static void
paths_are_counted(void **state)
{
	struct party ca[VT_TRUST_PATHS + 1], leaf;
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	size_t i, n;

	(void)state;
	for (i = 0; i <= VT_TRUST_PATHS; i++) {
		if (i > 0)
			EVP_PKEY_up_ref(ca[0].key);
		ca[i] = party_new((struct spec){ .cn = "Many",
		    .issuer = &p.root,
		    .key = i > 0 ? ca[0].key : NULL,
		    .ext = { CA_EXT } });
	}
	leaf = party_new(
	    (struct spec){ .cn = "L", .issuer = &ca[0], .ext = { LEAF_EXT } });
	for (n = VT_TRUST_PATHS; n <= VT_TRUST_PATHS + 1; n++) {
		assert_vt_ok(vt_trust_new(&trust, &err), &err);
		add_anchor(trust, &p.root);
		for (i = 0; i < n; i++)
			add_cert(trust, &ca[i]);
		list_add(trust, NULL, (struct list){ .issuer = &ca[0] });
		list_add(trust, NULL, (struct list){ .issuer = &p.root });
		/* four entries a list */
		for (i = 0; i + 1 < n; i++)
			list_add(trust, NULL,
			    (struct list){ .issuer = &p.root,
				.from = NOW - DAY - (int64_t)i,
				.entries = { { &ca[i], NOW - 9 * DAY, 1 } } });
		if (n == VT_TRUST_PATHS)
			assert_judged(trust, QUERY(leaf), VT_PASSED, "ok");
		else
			assert_judged(trust, QUERY(leaf), VT_UNDECIDED,
			    "limit");
		list_add(trust, NULL,
		    (struct list){ .issuer = &ca[0],
			.entries = { { &leaf, NOW - 9 * DAY, 1 } } });
		assert_judged(trust, QUERY(leaf), VT_FAILED, "revoked");
		vt_trust_free(trust);
	}
	for (i = 0; i <= VT_TRUST_PATHS; i++)
		party_free(&ca[i]);
	party_free(&leaf);
}

/*
 * A hold that ended counts at its time, and only the oldest list tells of it:
 * younger ones, however many, do not make it good.
 */
static void
lists_without_an_entry_do_not_push_out_one_with_it(void **state)
{
	static const size_t counts[] = { 0, VT_TRUST_LISTS_OURS - 1,
		VT_TRUST_LISTS_OURS, VT_TRUST_LISTS_OURS + 9 };
	struct list hold = { .issuer = &p.ca,
		.from = NOW - 100 * DAY,
		.until = NOW - 90 * DAY,
		.entries = { { &p.leaf, NOW - 101 * DAY, HOLD } } };
	struct list quiet = { .issuer = &p.ca };
	size_t i, k, first, n = 0;

	(void)state;
	for (first = 0; first < 2; first++) { /* where it stands in the store */
		if (first == 0)
			list_add(p.trust, NULL, hold);
		for (n = 0, k = 0; k < 4; k++) {
			for (i = n; i < counts[k]; i++) {
				quiet.from = NOW - DAY - (int64_t)i;
				list_add(p.trust, NULL, quiet);
			}
			n = counts[k];
			if (first == 1 && k < 3)
				continue;
			if (first == 1)
				list_add(p.trust, NULL, hold);
			assert_judged(p.trust,
			    QUERY(p.leaf, .at = NOW - 95 * DAY), VT_FAILED,
			    "revoked");
			if (n > 0)
				assert_judged(p.trust, QUERY(p.leaf), VT_PASSED,
				    "ok");
		}
		teardown(NULL);
		setup(NULL);
		hold.entries[0].party = &p.leaf;
	}
}

/* Where each of too many lists has an entry, one of them might revoke. */
static void
entries_are_counted(void **state)
{
	static const struct {
		bool its;
		size_t max;
	} rows[] = { { false, VT_TRUST_LISTS_OURS },
		{ true, VT_TRUST_LISTS_ITS } };
	struct list hold = { .issuer = &p.ca,
		.entries = { { &p.leaf, NOW - 101 * DAY, HOLD } } };
	struct vt_crls crls = { 0 };
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < rows[k].max; i++) {
			hold.from = NOW - 100 * DAY - (int64_t)i;
			hold.until = NOW - 90 * DAY;
			list_add(p.trust, rows[k].its ? &crls : NULL, hold);
		}
		answer_add(p.trust, NULL,
		    (struct answer){ .about = &p.leaf, .issuer = &p.ca });
		assert_judged(p.trust, QUERY(p.leaf, .crls = &crls), VT_PASSED,
		    "ok"); /* it ended */
		hold.from = NOW - 100 * DAY - (int64_t)i;
		list_add(p.trust, rows[k].its ? &crls : NULL, hold);
		assert_judged(p.trust, QUERY(p.leaf, .crls = &crls),
		    VT_UNDECIDED, "revocation-unknown");
		teardown(NULL);
		setup(NULL);
		hold.entries[0].party = &p.leaf;
	}
	vt_crls_release(&crls);
}

/* Each list speaks alone, and again with each delta to it. */
static void
statements_are_counted(void **state)
{
	struct list base = { .issuer = &p.ca,
		.ext = { NULL,
		    "freshestCRL=DER:3010300ea00ca00a8608687474703a"
		    "2f2f64",
		    "authorityKeyIdentifier=keyid:always" } };
	struct list delta = { .issuer = &p.ca,
		.ext = { NULL, "deltaCRL=critical,DER:020101",
		    "authorityKeyIdentifier=keyid:always" } };
	size_t i, bases = 12, deltas = VT_TRUST_STATEMENTS_MAX / bases - 1;
	char number[48];

	(void)state;
	assert_true(bases * (deltas + 1) == VT_TRUST_STATEMENTS_MAX);
	assert_true(bases + deltas <= VT_TRUST_LISTS_OURS);
	for (i = 0; i < bases + deltas; i++) {
		snprintf(number, sizeof(number), "crlNumber=DER:0201%02zx",
		    i + 1);
		base.ext[0] = delta.ext[0] = number;
		base.from = delta.from = NOW - DAY + (int64_t)i;
		list_add(p.trust, NULL, i < bases ? base : delta);
	}
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	answer_add(p.trust, NULL,
	    (struct answer){ .about = &p.leaf, .issuer = &p.ca });
	assert_judged(p.trust, QUERY(p.leaf), VT_UNDECIDED,
	    "revocation-unknown");
}

/* Each responder is answered for by the next, the last by the CA itself. */
static void
signers_of_signers_are_counted(void **state)
{
	struct party r[VT_TRUST_NEST + 1];
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	char name[16];
	size_t i, n;

	(void)state;
	for (i = 0; i <= VT_TRUST_NEST; i++) {
		snprintf(name, sizeof(name), "R%zu", i);
		r[i] = party_new((struct spec){ .cn = name,
		    .issuer = &p.ca,
		    .ext = { RESPONDER_EXT } });
	}
	for (n = VT_TRUST_NEST; n <= VT_TRUST_NEST + 1; n++) {
		assert_vt_ok(vt_trust_new(&trust, &err), &err);
		add_anchor(trust, &p.root);
		add_cert(trust, &p.ca);
		list_add(trust, NULL,
		    (struct list){ .issuer = &p.root,
			.from = T0,
			.until = T1 });
		for (i = 0; i <= n; i++)
			answer_add(trust, NULL,
			    (struct answer){ .about =
						 i == 0 ? &p.leaf : &r[i - 1],
				.issuer = &p.ca,
				.signer = i < n ? &r[i] : NULL });
		if (n == VT_TRUST_NEST)
			assert_judged(trust, QUERY(p.leaf), VT_PASSED, "ok");
		else
			assert_judged(trust, QUERY(p.leaf), VT_UNDECIDED,
			    "revocation-unknown");
		vt_trust_free(trust);
	}
	for (i = 0; i <= VT_TRUST_NEST; i++)
		party_free(&r[i]);
}

static void
a_serial_number_has_a_length(void **state)
{
	char hex[2 * VT_X509_SERIAL_MAX + 1];
	struct party leaf;
	size_t more;

	(void)state;
	list_add(p.trust, NULL, (struct list){ .issuer = &p.ca });
	memset(hex, 'F', sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	for (more = 0; more < 2; more++) { /* with an octet for the sign */
		hex[0] = more == 0 ? '7' : '8';
		leaf = party_new((struct spec){ .cn = "L",
		    .issuer = &p.ca,
		    .serial = hex,
		    .ext = { LEAF_EXT } });
		assert_judged(p.trust, QUERY(leaf),
		    more == 0 ? VT_PASSED : VT_FAILED,
		    more == 0 ? "ok" : "bad-path");
		party_free(&leaf);
	}
}

static void
files_are_counted(void **state)
{
	struct vt_bytes der = vt_cert_der(p.root.cert);
	char *dir = test_dir_new(), name[4096], first[4096];
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	size_t i;

	(void)state;
	snprintf(first, sizeof(first), "%s/0", dir);
	assert_vt_ok(vt_file_write(first, der, &err), &err);
	for (i = 1; i <= VT_TRUST_FILES; i++) {
		snprintf(name, sizeof(name), "%s/%zu", dir, i);
		if (i < VT_TRUST_FILES)
			assert_int_equal(link(first, name), 0);
	}
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	assert_vt_ok(vt_trust_load_anchors(trust, dir, &err), &err);
	assert_int_equal(link(first, name), 0);
	assert_vt_error(vt_trust_load_anchors(trust, dir, &err), &err,
	    VT_ELIMIT);
	vt_trust_free(trust);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(paths_are_counted),
		TEST(lists_without_an_entry_do_not_push_out_one_with_it),
		TEST(entries_are_counted),
		TEST(statements_are_counted),
		TEST(signers_of_signers_are_counted),
		TEST(a_serial_number_has_a_length),
		TEST(files_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
