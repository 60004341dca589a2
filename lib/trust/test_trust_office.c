/* Loading of folders, and an office's store. */
#include "test_util.h"

#include "vanthu/encode.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

static char *
pki(const char *name)
{
	const char *base = getenv("VANTHU_PKI");
	char *path;

	assert_non_null(base);
	path = vt_path_join(base, name);
	assert_non_null(path);
	return path;
}

static void
store(const char *dir, const char *name)
{
	struct vt_trust_entries seen = { 0 };
	struct vt_error err = { 0 };
	char *path = pki(name);

	assert_vt_ok(vt_trust_inspect(path, &seen, &err), &err);
	assert_vt_ok(vt_trust_store(dir, path, &seen, &err), &err);
	vt_trust_entries_release(&seen);
	free(path);
}

static void
judge(const struct vt_trust *trust, const char *name, const char *at,
    enum vt_verdict verdict, const char *reason)
{
	struct vt_trust_query q = { .purpose = VT_PURPOSE_SIGN };
	struct vt_trust_result r;
	struct vt_certs certs = { 0 };
	struct vt_error err = { 0 };
	char *path = pki(name);

	assert_true(vt_time_parse(at, &q.at));
	assert_vt_ok(vt_x509_read_file(path, &certs, NULL, &err), &err);
	q.cert = certs.items[0];
	assert_vt_ok(vt_trust_judge(trust, &q, &r, &err), &err);
	if (r.verdict != verdict || strcmp(r.reason, reason) != 0)
		fail_msg("%s at %s: %s, %s (%s)", name, at,
		    vt_verdict_name(r.verdict), r.reason,
		    r.detail != NULL ? r.detail : "");
	vt_trust_result_release(&r);
	vt_certs_release(&certs);
	free(path);
}

static struct vt_trust *
load(const char *name)
{
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	char *path = pki(name);

	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	assert_vt_ok(vt_trust_load_anchors(trust, path, &err), &err);
	free(path);
	return trust;
}

#define AT "2026-06-01T00:00:00Z"

/* The table of testdata/README.md. */
static void
the_test_pki_is_judged_as_its_table_says(void **state)
{
	static const struct {
		const char *file, *at;
		enum vt_verdict verdict;
		const char *reason;
	} rows[] = {
		{ "officer.crt", AT, VT_PASSED, "ok" },
		{ "officer3072.crt", AT, VT_PASSED, "ok" },
		{ "officer-ec.crt", AT, VT_PASSED, "ok" },
		{ "officer-pss.crt", AT, VT_PASSED, "ok" },
		{ "agency.crt", AT, VT_PASSED, "ok" },
		{ "agency2.crt", AT, VT_PASSED, "ok" },
		{ "public-officer.crt", AT, VT_PASSED, "ok" },
		{ "public-org.crt", AT, VT_PASSED, "ok" },
		{ "revoked.crt", AT, VT_FAILED, "revoked" },
		{ "revoked.crt", "2024-06-01T00:00:00Z", VT_FAILED, "revoked" },
		{ "revoked.crt", "2024-05-31T23:59:59Z", VT_PASSED, "ok" },
		{ "expired.crt", AT, VT_UNDECIDED, "expired" },
		{ "expired.crt", "2021-06-01T00:00:00Z", VT_UNDECIDED,
		    "revocation-unknown" },
		{ "notyet.crt", AT, VT_FAILED, "not-yet-valid" },
		{ "wrongusage.crt", AT, VT_FAILED, "wrong-usage" },
		{ "tsa.crt", AT, VT_FAILED, "wrong-usage" },
		{ "ocsp.crt", AT, VT_FAILED, "wrong-usage" },
		{ "weak-rsa1024.crt", AT, VT_FAILED, "weak-algorithm" },
		{ "weak-sha1.crt", AT, VT_FAILED, "weak-algorithm" },
		{ "impostor.crt", AT, VT_UNDECIDED, "no-trust-anchor" },
	};
	struct vt_trust *trust = load("trust");
	size_t i;

	(void)state;
	assert_int_equal(vt_trust_anchors(trust), 2);
	assert_int_equal(vt_trust_certs(trust)->n, 2);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge(trust, rows[i].file, rows[i].at, rows[i].verdict,
		    rows[i].reason);
	vt_trust_free(trust);
}

static void
each_certificate_named_is_an_anchor(void **state)
{
	struct vt_trust *trust = load("anchors");
	struct vt_error err = { 0 };
	char *path;

	(void)state;
	assert_int_equal(vt_trust_anchors(trust), 2);
	judge(trust, "officer.crt", AT, VT_UNDECIDED, "no-trust-anchor");
	path = pki("duty-chain.crt");
	assert_vt_ok(vt_trust_load_chain(trust, path, &err), &err);
	free(path);
	judge(trust, "officer.crt", AT, VT_UNDECIDED, "revocation-unknown");
	path = pki("trust/crls");
	assert_vt_ok(vt_trust_load_crls(trust, path, &err), &err);
	free(path);
	judge(trust, "officer.crt", AT, VT_PASSED, "ok");
	vt_trust_free(trust);

	trust = load("duty-ca.der"); /* not self-signed: here it is one */
	assert_int_equal(vt_trust_anchors(trust), 1);
	path = pki("duty-ca.crl");
	assert_vt_ok(vt_trust_load_crls(trust, path, &err), &err);
	free(path);
	judge(trust, "officer.crt", AT, VT_PASSED, "ok");
	vt_trust_free(trust);
}

static void
stale_and_forged_lists_prove_nothing(void **state)
{
	static const char *const lists[] = { "duty-ca-stale.crl",
		"duty-ca-forged.crl" };
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	char *path;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		trust = load("duty-chain.crt");
		path = pki(lists[i]);
		assert_vt_ok(vt_trust_load_crls(trust, path, &err), &err);
		free(path);
		judge(trust, "officer.crt", AT, VT_UNDECIDED,
		    "revocation-unknown");
		vt_trust_free(trust);
	}
}

static void
anchors_that_are_named_replace_the_office_s(void **state)
{
	struct vt_list anchors = { 0 };
	struct vt_trust_named named = { .anchors = &anchors };
	struct vt_trust *trust;
	struct vt_error err = { 0 };
	char *dir = pki("trust"), *path = pki("public-root.crt");

	(void)state;
	assert_vt_ok(vt_trust_open(dir, &named, &trust, &err), &err);
	assert_int_equal(vt_trust_anchors(trust), 2);
	vt_trust_free(trust);
	assert_vt_ok(vt_list_add(&anchors, path, &err), &err);
	assert_vt_ok(vt_trust_open(dir, &named, &trust, &err), &err);
	assert_int_equal(vt_trust_anchors(trust), 1);
	judge(trust, "public-officer.crt", AT, VT_PASSED, "ok");
	judge(trust, "officer.crt", AT, VT_UNDECIDED, "no-trust-anchor");
	vt_trust_free(trust);
	/* Without an office, what is named is all. */
	assert_vt_ok(vt_trust_open(NULL, &named, &trust, &err), &err);
	assert_int_equal(vt_trust_certs(trust)->n, 0);
	vt_trust_free(trust);
	assert_vt_ok(vt_list_add(&anchors, "/nonexistent", &err), &err);
	assert_vt_error(vt_trust_open(dir, &named, &trust, &err), &err, VT_EIO);
	vt_list_release(&anchors);
	free(dir);
	free(path);
}

static void
what_cannot_be_loaded_is_told(void **state)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "junk.crt");
	struct vt_trust *trust;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	assert_vt_error(vt_trust_load_anchors(trust, "/nonexistent", &err),
	    &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_ok(vt_file_write(path, VT_BYTES_LIT("junk"), &err), &err);
	assert_vt_error(vt_trust_load_anchors(trust, dir, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "junk.crt");
	/* An office without a store yet trusts nobody, which is no error. */
	vt_error_clear(&err);
	assert_vt_ok(vt_trust_load_office(trust, "/nonexistent", &err), &err);
	assert_int_equal(vt_trust_anchors(trust), 0);
	vt_trust_free(trust);
	free(path);
	test_dir_free(dir);
}

static void
files_are_told_apart_before_they_are_stored(void **state)
{
	static const struct {
		const char *file;
		size_t n;
		enum vt_trust_kind first;
	} rows[] = {
		{ "duty-root.crt", 1, VT_TRUST_ANCHOR },
		{ "duty-ca.crt", 1, VT_TRUST_INTERMEDIATE },
		{ "officer.crt", 1, VT_TRUST_INTERMEDIATE },
		{ "duty-chain.crt", 2, VT_TRUST_INTERMEDIATE },
		{ "duty-ca.crl", 1, VT_TRUST_CRL },
	};
	struct vt_trust_entries e = { 0 };
	struct vt_error err = { 0 };
	char hex[VT_SHA256_HEX], *path;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		path = pki(rows[i].file);
		assert_vt_ok(vt_trust_inspect(path, &e, &err), &err);
		assert_int_equal(e.n, rows[i].n);
		assert_int_equal(e.items[0].kind, rows[i].first);
		vt_hex(VT_BYTES(e.items[0].sha256, VT_SHA256_LEN), hex);
		assert_memory_equal(e.items[0].id, hex, VT_TRUST_ID - 1);
		assert_int_equal(strlen(e.items[0].id), VT_TRUST_ID - 1);
		vt_trust_entries_release(&e);
		free(path);
	}
	path = pki("officer.key");
	assert_vt_error(vt_trust_inspect(path, &e, &err), &err, VT_EFORMAT);
	free(path);
}

static void
stored_listed_removed(void **state)
{
	char *base = test_dir_new(), *dir = vt_path_join(base, "trust");
	struct vt_trust_entries e = { 0 };
	struct vt_error err = { 0 };
	struct vt_trust *trust;

	(void)state;
	assert_vt_ok(vt_trust_list(dir, &e, &err), &err);
	assert_int_equal(e.n, 0);
	store(dir, "duty-ca.crl");
	store(dir, "duty-root.crl");
	store(dir, "duty-chain.crt");
	store(dir, "duty-chain.crt"); /* once more changes nothing */
	assert_vt_ok(vt_trust_list(dir, &e, &err), &err);
	assert_int_equal(e.n, 4);
	assert_int_equal(e.items[0].kind, VT_TRUST_ANCHOR);
	assert_string_equal(e.items[0].title,
	    "Cơ quan chứng thực số chuyên dùng Chính phủ gốc (TEST)");
	assert_int_equal(e.items[1].kind, VT_TRUST_INTERMEDIATE);
	assert_int_equal(e.items[2].kind, VT_TRUST_CRL);
	assert_int_equal(e.items[3].kind, VT_TRUST_CRL);
	assert_true(memcmp(e.items[2].id, e.items[3].id, VT_TRUST_ID) < 0);

	assert_vt_ok(vt_trust_new(&trust, &err), &err);
	assert_vt_ok(vt_trust_load_office(trust, dir, &err), &err);
	judge(trust, "officer.crt", AT, VT_PASSED, "ok");
	vt_trust_free(trust);

	assert_vt_ok(vt_trust_remove(dir, e.items[0].id, &err), &err);
	assert_vt_error(vt_trust_remove(dir, e.items[0].id, &err), &err,
	    VT_ENOTFOUND);
	assert_vt_ok(vt_trust_new(&trust, NULL), NULL);
	assert_vt_ok(vt_trust_load_office(trust, dir, NULL), NULL);
	judge(trust, "officer.crt", AT, VT_UNDECIDED, "no-trust-anchor");
	vt_trust_free(trust);
	vt_trust_entries_release(&e);
	free(dir);
	test_dir_free(base);
}

static void
only_what_was_agreed_to_is_stored(void **state)
{
	char *dir = test_dir_new(), *path = pki("duty-root.crt");
	char *other = pki("impostor-root.crt");
	struct vt_trust_entries seen = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_ok(vt_trust_inspect(path, &seen, &err), &err);
	assert_vt_error(vt_trust_store(dir, other, &seen, &err), &err,
	    VT_EREFUSED);
	assert_int_equal(test_dir_count(dir), 0);
	vt_trust_entries_release(&seen);
	free(path);
	free(other);
	test_dir_free(dir);
}

static void
ids_are_checked(void **state)
{
	static const char *const bad[] = { "", "1234567", "../../etc",
		"0123456g", "*" };
	char *dir = test_dir_new(), *folder, *path;
	struct vt_error err = { 0 };
	struct vt_trust_entries e = { 0 };
	struct vt_buf chain;
	char *from = pki("duty-chain.crt");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vt_error_clear(&err);
		assert_vt_error(vt_trust_remove(dir, bad[i], &err), &err,
		    VT_EARG);
	}
	vt_error_clear(&err);
	assert_vt_error(vt_trust_remove(dir, "0123456789", &err), &err,
	    VT_ENOTFOUND);
	/* A file put there by hand that holds two goes by hand too. */
	folder = vt_path_join(dir, "anchors");
	path = vt_path_join(folder, "both.crt");
	assert_int_equal(mkdir(folder, 0755), 0);
	vt_buf_init(&chain, TEST_FILE_MAX);
	test_read(from, &chain);
	assert_vt_ok(vt_file_write(path, vt_buf_bytes(&chain), NULL), NULL);
	assert_vt_ok(vt_trust_list(dir, &e, NULL), NULL);
	assert_int_equal(e.n, 2);
	assert_int_equal(e.items[1].kind, VT_TRUST_ANCHOR);
	vt_error_clear(&err);
	assert_vt_error(vt_trust_remove(dir, e.items[0].id, &err), &err,
	    VT_EREFUSED);
	assert_int_equal(access(path, F_OK), 0);
	vt_trust_entries_release(&e);
	vt_buf_release(&chain);
	free(from);
	free(path);
	free(folder);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_test_pki_is_judged_as_its_table_says),
		cmocka_unit_test(each_certificate_named_is_an_anchor),
		cmocka_unit_test(stale_and_forged_lists_prove_nothing),
		cmocka_unit_test(anchors_that_are_named_replace_the_office_s),
		cmocka_unit_test(what_cannot_be_loaded_is_told),
		cmocka_unit_test(files_are_told_apart_before_they_are_stored),
		cmocka_unit_test(stored_listed_removed),
		cmocka_unit_test(only_what_was_agreed_to_is_stored),
		cmocka_unit_test(ids_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
