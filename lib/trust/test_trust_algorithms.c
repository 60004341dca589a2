/* The dated table of algorithms. */
#include "test_pki.h"

#include "vanthu/algorithms.h"

static struct vt_algorithms *
table(const char *text)
{
	struct vt_error err = { 0 };
	struct vt_algorithms *a;

	assert_vt_ok(vt_algorithms_parse(vt_bytes_str(text), &a, &err), &err);
	return a;
}

static int64_t
at(const char *text)
{
	int64_t t;

	assert_true(vt_time_parse(text, &t));
	return t;
}

static void
the_one_built_in(void **state)
{
	struct vt_error err = { 0 };
	struct vt_algorithms *a;
	int64_t today = at("2026-06-01"), then = at("2012-06-01");

	(void)state;
	assert_vt_ok(vt_algorithms_new(&a, &err), &err);
	assert_true(vt_algorithms_digest(a, "sha256", today));
	assert_true(vt_algorithms_digest(a, "sha3-512", today));
	assert_true(vt_algorithms_digest(a, "", today));
	assert_false(vt_algorithms_digest(a, "sha1", today));
	assert_true(vt_algorithms_digest(a, "sha1", then));
	assert_false(vt_algorithms_digest(a, "md5", then));
	assert_true(vt_algorithms_digest(a, "md5", at("2004-01-01")));
	assert_false(vt_algorithms_digest(a, "md2", at("1999-01-01")));
	assert_false(vt_algorithms_digest(a, NULL, then));
	assert_true(vt_algorithms_key(a, VT_KEY_RSA, 2048, today));
	assert_true(vt_algorithms_key(a, VT_KEY_RSA_PSS, 4096, today));
	assert_false(vt_algorithms_key(a, VT_KEY_RSA, 2047, today));
	assert_true(vt_algorithms_key(a, VT_KEY_RSA, 1024, then));
	assert_false(vt_algorithms_key(a, VT_KEY_RSA, 1023, then));
	assert_true(vt_algorithms_key(a, VT_KEY_EC, 256, today));
	assert_false(vt_algorithms_key(a, VT_KEY_EC, 224, today));
	assert_true(vt_algorithms_key(a, VT_KEY_DSA, 2048, today));
	assert_false(vt_algorithms_key(a, VT_KEY_DSA, 1024, today));
	assert_true(vt_algorithms_key(a, VT_KEY_ED, 253, today));
	assert_false(vt_algorithms_key(a, VT_KEY_OTHER, 9999, then));
	vt_algorithms_free(a);
}

static void
both_days_count(void **state)
{
	struct vt_algorithms *a = table("# of a test\n\n"
					"digest sha1 from 2001-01-01 until "
					"2016-12-31\r\n"
					"rsa 1024 until 2010-01-01 # old\n"
					"rsa\t2048 from 2010-01-01");

	(void)state;
	assert_false(vt_algorithms_digest(a, "sha1", at("2001-01-01") - 1));
	assert_true(vt_algorithms_digest(a, "sha1", at("2001-01-01")));
	assert_true(vt_algorithms_digest(a, "sha1", at("2017-01-01") - 1));
	assert_false(vt_algorithms_digest(a, "sha1", at("2017-01-01")));
	/* The line with the most bits that the key has decides. */
	assert_true(vt_algorithms_key(a, VT_KEY_RSA, 2047, at("2009-01-01")));
	assert_false(vt_algorithms_key(a, VT_KEY_RSA, 2048, at("2009-01-01")));
	assert_false(vt_algorithms_key(a, VT_KEY_RSA, 2047, at("2026-01-01")));
	assert_true(vt_algorithms_key(a, VT_KEY_RSA, 2048, at("2026-01-01")));
	vt_algorithms_free(a);
}

static void
what_is_no_table_is_refused(void **state)
{
	static const char *const bad[] = {
		"digest",
		"digest a b",
		"digest sha256 until",
		"digest sha256 until 2016-02-30",
		"digest sha256 until 2016-01-01 from 2015-01-01",
		"digest sha256 from 2016-01-01 until 2015-01-01",
		"digest sha256 from 2016-01-01 from 2016-01-01",
		"digest sha256\ndigest sha256 until 2016-01-01",
		"rsa 2048\nrsa 2048",
		"rsa 0",
		"rsa -1",
		"rsa 2048x",
		"rsa 99999999999999999999",
		"rsa sha256",
		"hash sha256",
		"digest an-algorithm-with-a-name-of-32-by",
		"digest a from 2016-01-01 until 2017-01-01 until 2018-01-01",
	};
	struct vt_algorithms *a;
	struct vt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(vt_algorithms_parse(vt_bytes_str(bad[i]), &a,
				     &err),
		    VT_EFORMAT);
		assert_non_null(strstr(err.text, "line "));
	}
	assert_int_equal(vt_algorithms_parse(VT_BYTES_LIT("digest a\0"), &a,
			     NULL),
	    VT_EFORMAT);
	assert_int_equal(vt_algorithms_read("/nonexistent", &a, NULL), VT_EIO);
}

static void
limits(void **state)
{
	struct vt_algorithms *a;
	struct vt_buf text;
	int i;

	(void)state;
	vt_buf_init(&text, 1u << 20);
	for (i = 1; i <= VT_ALGORITHMS_LINES; i++)
		assert_int_equal(vt_buf_printf(&text, "rsa %d\n", i), VT_OK);
	assert_int_equal(vt_algorithms_parse(vt_buf_bytes(&text), &a, NULL),
	    VT_OK);
	vt_algorithms_free(a);
	assert_int_equal(vt_buf_printf(&text, "rsa %d\n", i), VT_OK);
	assert_int_equal(vt_algorithms_parse(vt_buf_bytes(&text), &a, NULL),
	    VT_ELIMIT);
	vt_buf_reset(&text);
	while (text.len < VT_ALGORITHMS_MAX)
		assert_int_equal(vt_buf_putc(&text, '\n'), VT_OK);
	assert_int_equal(vt_algorithms_parse(vt_buf_bytes(&text), &a, NULL),
	    VT_OK);
	vt_algorithms_free(a);
	assert_int_equal(vt_buf_putc(&text, '\n'), VT_OK);
	assert_int_equal(vt_algorithms_parse(vt_buf_bytes(&text), &a, NULL),
	    VT_ELIMIT);
	vt_buf_release(&text);
}

/* A store that admits less, or other things, judges by that. */
static void
a_store_judges_by_its_table(void **state)
{
	struct pki p;

	(void)state;
	pki_init(&p);
	add_empty_lists(p.trust, &p.root, &p.ca);
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	vt_trust_set_algorithms(p.trust, table("digest sha256\nrsa 2048"));
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "weak-algorithm");
	vt_trust_set_algorithms(p.trust,
	    table("digest sha256 until 2020-01-01\nec 256"));
	assert_judged(p.trust, QUERY(p.leaf), VT_FAILED, "weak-algorithm");
	vt_trust_set_algorithms(p.trust, table("digest sha256\nec 256"));
	assert_judged(p.trust, QUERY(p.leaf), VT_PASSED, "ok");
	pki_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_built_in),
		cmocka_unit_test(both_days_count),
		cmocka_unit_test(what_is_no_table_is_refused),
		cmocka_unit_test(limits),
		cmocka_unit_test(a_store_judges_by_its_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
