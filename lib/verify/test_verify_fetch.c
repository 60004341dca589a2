/* test_verify_fetch.c - each want is asked for once, and a bad server twice */
#include "test_util.h"
#include "vanthu/fetch.h"
#include "vanthu/ocsp.h"
#include "vanthu/trust.h"
#include "vanthu/verify_fetch.h"

static char *dir;
static struct vt_fetcher *fetcher;
static struct vt_buf told;

static void
tell(void *ctx, const char *text)
{
	(void)vt_buf_printf(ctx, "%s\n", text);
}

/* BODY, a shell script, in place of vanthu-fetch; it leaves a line in log. */
static void
program(const char *body)
{
	char text[4096];

	unlink("program");
	snprintf(text, sizeof(text),
	    "#!/bin/sh\nfor url; do :; done; echo \"$*\" >>log\n%s\n", body);
	assert_int_equal(vt_file_write("program", vt_bytes_str(text), NULL),
	    VT_OK);
	assert_int_equal(chmod("program", 0700), 0);
}

static int
setup(void **state)
{
	struct vt_fetch_options o = { .home = "home", .program = "./program" };

	(void)state;
	dir = test_dir_new();
	vt_buf_init(&told, 10000);
	if (chdir(dir) != 0)
		return 1;
	return vt_fetcher_new(&o, tell, &told, &fetcher, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	vt_fetcher_free(fetcher);
	vt_fetcher_free(NULL);
	vt_buf_release(&told);
	test_dir_free(dir);
	return 0;
}

/* How often the program ran. */
static size_t
runs(void)
{
	struct vt_buf log;
	size_t n = 0, i;

	if (vt_file_read("log", 100000, &log, NULL) != VT_OK)
		return 0;
	for (i = 0; i < log.len; i++)
		n += log.data[i] == '\n';
	vt_buf_release(&log);
	return n;
}

/* Ask; there is none, which is told by CODE. */
static void
get_none(enum vt_trust_want_kind kind, const char *url, const char *body,
    enum vt_code code)
{
	const struct vt_trust_want want = { .kind = kind,
		.url = url,
		.body = vt_bytes_str(body) };
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 64u << 20);
	assert_vt_error(vt_fetcher_get(fetcher, &want, &b, &err), &err, code);
	assert_int_equal(b.len, 0);
	vt_buf_release(&b);
}

/* Ask, and compare with ANSWER. */
static void
get(enum vt_trust_want_kind kind, const char *url, const char *body,
    const char *answer)
{
	const struct vt_trust_want want = { .kind = kind,
		.url = url,
		.body = vt_bytes_str(body) };
	struct vt_error err = { 0 };
	struct vt_buf b;

	vt_buf_init(&b, 64u << 20);
	assert_vt_ok(vt_fetcher_get(fetcher, &want, &b, &err), &err);
	assert_bytes_str(vt_buf_bytes(&b), answer);
	vt_buf_release(&b);
}

static void
each_request_once(void **state)
{
	struct vt_buf log;

	(void)state;
	program("cat; echo \"for $url\"");
	get(VT_WANT_CRL, "http://a/1", "", "for http://a/1\n");
	get(VT_WANT_CRL, "http://a/1", "", "for http://a/1\n");
	assert_int_equal(runs(), 1);
	get(VT_WANT_OCSP, "http://a/1", "x", "xfor http://a/1\n");
	get(VT_WANT_OCSP, "http://a/1", "y", "yfor http://a/1\n");
	get(VT_WANT_OCSP, "http://a/1", "x", "xfor http://a/1\n");
	get(VT_WANT_ISSUER, "http://a/2", "", "for http://a/2\n");
	assert_int_equal(runs(), 4);
	assert_int_equal(told.len, 0);
	assert_int_equal(vt_file_read("log", 100000, &log, NULL), VT_OK);
	assert_string_equal(vt_buf_str(&log),
	    "--max 33554432 --timeout 20 --home home -- http://a/1\n"
	    "--max 262144 --timeout 20 --home home --post "
	    "application/ocsp-request -- http://a/1\n"
	    "--max 262144 --timeout 20 --home home --post "
	    "application/ocsp-request -- http://a/1\n"
	    "--max 1048576 --timeout 20 --home home -- http://a/2\n");
	vt_buf_release(&log);
}

static void
a_failure_is_told_once(void **state)
{
	(void)state;
	program("echo 'vanthu-fetch: no' >&2; exit 8");
	get_none(VT_WANT_CRL, "http://a/1", "", VT_ENOTFOUND);
	get_none(VT_WANT_CRL, "http://a/1", "", VT_ENOTFOUND);
	assert_int_equal(runs(), 1);
	assert_string_equal(vt_buf_str(&told), "http://a/1: no\n");
	/* what does not last for ever is asked for again by the next run */
	program("echo yes");
	get_none(VT_WANT_CRL, "http://a/1", "", VT_ENOTFOUND);
	get(VT_WANT_CRL, "http://a/2", "", "yes\n");
}

static void
a_server_that_fails(void **state)
{
	(void)state;
	program("exit 7");
	get_none(VT_WANT_CRL, "http://a/1", "", VT_ENET);
	get_none(VT_WANT_CRL, "http://A/2", "", VT_ENET);
	assert_int_equal(runs(), VT_FETCHER_TRIES);
	get_none(VT_WANT_CRL, "http://a/3", "", VT_ENET);
	get_none(VT_WANT_OCSP, "http://a?x", "y", VT_ENET);
	assert_int_equal(runs(), VT_FETCHER_TRIES);
	/* others are others */
	program("echo yes");
	get(VT_WANT_CRL, "http://a:81/1", "", "yes\n");
	get(VT_WANT_CRL, "https://a/1", "", "yes\n");
	get(VT_WANT_CRL, "http://ab/1", "", "yes\n");
	get_none(VT_WANT_CRL, "http://a/1", "", VT_ENET);
	/* who refuses is not out of reach */
	program("exit 8");
	get_none(VT_WANT_CRL, "http://b/1", "", VT_ENOTFOUND);
	get_none(VT_WANT_CRL, "http://b/2", "", VT_ENOTFOUND);
	program("echo yes");
	get(VT_WANT_CRL, "http://b/3", "", "yes\n");
}

static void
answers_that_do_not_fit(void **state)
{
	const struct vt_trust_want want = { .kind = VT_WANT_CRL,
		.url = "http://a/1" };
	struct vt_error err = { 0 };
	struct vt_buf b;

	(void)state;
	program("echo 0123456789");
	vt_buf_init(&b, 10);
	assert_vt_error(vt_fetcher_get(fetcher, &want, &b, &err), &err,
	    VT_ENOTFOUND);
	assert_int_equal(b.len, 0);
	vt_buf_release(&b);
	get(VT_WANT_CRL, "http://a/1", "", "0123456789\n");
	assert_int_equal(runs(), 1);
}

/* Get what is at URL; whether the program ran. */
static bool
ran(const char *url, size_t len)
{
	const struct vt_trust_want want = { .kind = VT_WANT_CRL, .url = url };
	struct vt_error err = { 0 };
	size_t before = runs();
	struct vt_buf b;

	vt_buf_init(&b, VT_CRL_MAX);
	assert_vt_ok(vt_fetcher_get(fetcher, &want, &b, &err), &err);
	assert_int_equal(b.len, len);
	vt_buf_release(&b);
	return runs() > before;
}

/* Two of the longest lists are kept, and not one byte beside them. */
static void
bytes_that_are_kept_are_counted(void **state)
{
	(void)state;
	assert_int_equal(VT_FETCHER_KEPT, 2 * VT_CRL_MAX);
	program("case $url in */byte) printf x;; *) head -c 33554432 "
		"/dev/zero;; esac");
	assert_true(ran("http://a/1", VT_CRL_MAX));
	assert_true(ran("http://a/2", VT_CRL_MAX));
	assert_false(ran("http://a/1", VT_CRL_MAX));
	assert_false(ran("http://a/2", VT_CRL_MAX));
	assert_true(ran("http://a/byte", 1));
	assert_true(ran("http://a/byte", 1));
}

/* What is not remembered is asked for again. */
static void
requests_that_are_remembered_are_counted(void **state)
{
	char url[32];
	size_t i;

	(void)state;
	program("printf x");
	for (i = 1; i <= VT_FETCHER_ENTRIES; i++) {
		snprintf(url, sizeof(url), "http://a/%zu", i);
		get(VT_WANT_CRL, url, "", "x");
	}
	assert_int_equal(runs(), VT_FETCHER_ENTRIES);
	assert_false(ran(url, 1));
	assert_true(ran("http://a/more", 1));
	assert_true(ran("http://a/more", 1));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_request_once),
		T(a_failure_is_told_once),
		T(a_server_that_fails),
		T(answers_that_do_not_fit),
		T(bytes_that_are_kept_are_counted),
		T(requests_that_are_remembered_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
