/* test_fetch.c - vanthu-fetch as a child, and children that misbehave */
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "test_dir.h"
#include "vanthu/fetch.h"

#define URL "http://ca.test.invalid/a.crl"

/* Run BODY, a shell script, in place of the program. */
static int
fetch(const char *body, const struct vt_fetch_request *request, unsigned time_s,
    struct vt_buf *ret, struct vt_error *err)
{
	const struct vt_fetch_options o = { .home = "/an office",
		.language = "vi",
		.timeout_s = time_s,
		.program = "./program" };
	const struct vt_fetch_request q = { .url = URL };
	char text[4096];

	memset(err, 0, sizeof(*err));
	unlink("program");
	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	assert_int_equal(vt_file_write("program", vt_bytes_str(text), NULL),
	    VT_OK);
	assert_int_equal(chmod("program", 0700), 0);
	return vt_fetch(&o, request != NULL ? request : &q, ret, err);
}

static void
what_the_child_is_told(void **state)
{
	const struct vt_fetch_request q = { .url = "--help",
		.content_type = "application/ocsp-request",
		.body = VT_BYTES_LIT("a\0b"),
		.max = 1000 };
	struct vt_error err;
	struct vt_buf b;

	(void)state;
	assert_vt_ok(fetch("printf '%s\\n' \"$@\"", NULL, 7, &b, &err), &err);
	assert_bytes_str(vt_buf_bytes(&b),
	    "--max\n67108864\n--timeout\n7\n--home\n/an office\n--\n" URL "\n");
	vt_buf_release(&b);
	assert_vt_ok(fetch("printf '%s\\n' \"$@\"", &q, 0, &b, &err), &err);
	assert_bytes_str(vt_buf_bytes(&b),
	    "--max\n1000\n--timeout\n20\n--home\n/an office\n--post\n"
	    "application/ocsp-request\n--\n--help\n");
	vt_buf_release(&b);
	assert_vt_ok(fetch("cat", &q, 0, &b, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&b), q.body);
	vt_buf_release(&b);
}

/* No descriptor, nothing of the environment, no signal that is ignored. */
static void
what_the_child_inherits(void **state)
{
	struct vt_error err;
	struct vt_buf b;
	int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */

	(void)state;
	assert_true(fd > 2);
	assert_int_equal(setenv("http_proxy", "http://evil/", 1), 0);
	signal(SIGPIPE, SIG_IGN);
	/* the shell sets PWD and the like itself, but exports none of it */
	assert_vt_ok(fetch("tr '\\0' '\\n' </proc/$$/environ; "
			   /* a pipe would be seen for a moment */
			   "ls -m /proc/$$/fd; "
			   /* not a child of the shell's: it may still block */
			   "exec sed -n 's/^Sig[BI].*\\(....\\)$/\\1/p' "
			   "/proc/self/status",
			 NULL, 0, &b, &err),
	    &err);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(unsetenv("http_proxy"), 0);
	/* 10 is the script itself, which the shell has open */
	assert_bytes_str(vt_buf_bytes(&b),
	    "LANGUAGE=vi\n0, 1, 10, 2\n0000\n0000\n");
	vt_buf_release(&b);
	close(fd);
}

static void
how_it_ends(void **state)
{
	static const struct {
		const char *body;
		enum vt_code code;
		const char *text;
	} cases[] = {
		{ "exit 7", VT_ENET, URL ": vanthu-fetch ended with status 7" },
		{ "echo part; exit 7", VT_ENET, URL ": vanthu-fetch ended" },
		{ "echo 'vanthu-fetch: " URL ": no way' >&2; exit 8",
		    VT_EREFUSED, URL ": no way" },
		{ "echo 'vanthu-fetch: x' >&2; echo more >&2; exit 4",
		    VT_ELIMIT, URL ": x" },
		{ "echo y >&2; exit 2", VT_EARG, URL ": y" },
		{ "exit 1", VT_EIO, URL },
		{ "exit 3", VT_EIO, URL },
		{ "exit 5", VT_EIO, URL },
		{ "exit 6", VT_EIO, URL },
		{ "exit 255", VT_EIO, URL },
		{ "kill -9 $$", VT_EIO, URL ": vanthu-fetch died" },
		{ "echo part; kill -11 $$", VT_EIO, "died" },
	};
	struct vt_error err;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_error(fetch(cases[i].body, NULL, 0, &b, &err), &err,
		    cases[i].code);
		assert_error_text(&err, cases[i].text);
	}
	/* what it says beside its answer does not matter, nor how much */
	assert_vt_ok(fetch("head -c 100000 /dev/zero >&2; echo yes", NULL, 0,
			 &b, &err),
	    &err);
	assert_bytes_str(vt_buf_bytes(&b), "yes\n");
	vt_buf_release(&b);
	assert_vt_ok(fetch("", NULL, 0, &b, &err), &err);
	assert_int_equal(b.len, 0);
	vt_buf_release(&b);
}

static void
no_more_than_may_be(void **state)
{
	const struct vt_fetch_request q = { .url = URL, .max = 100000 };
	struct vt_error err;
	struct vt_buf b;

	(void)state;
	assert_vt_ok(fetch("head -c 100000 /dev/zero", &q, 0, &b, &err), &err);
	assert_int_equal(b.len, 100000);
	vt_buf_release(&b);
	assert_vt_error(fetch("head -c 100001 /dev/zero", &q, 0, &b, &err),
	    &err, VT_ELIMIT);
	assert_vt_error(fetch("exec cat /dev/zero", &q, 0, &b, &err), &err,
	    VT_ELIMIT);
}

static void
not_for_ever(void **state)
{
	static const char *const cases[] = { "exec sleep 60",
		"exec >&- 2>&-; exec sleep 60",
		"trap '' TERM; while :; do echo x; sleep 1; done" };
	struct timespec from, to;
	struct vt_error err;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		assert_vt_error(fetch(cases[i], NULL, 1, &b, &err), &err,
		    VT_ENET);
		clock_gettime(CLOCK_MONOTONIC, &to);
		assert_error_text(&err, "took too long");
		assert_true(to.tv_sec - from.tv_sec < 15);
	}
}

static void
a_program_that_is_not_there(void **state)
{
	const struct vt_fetch_options o = { .program = "./none" };
	const struct vt_fetch_request q = { .url = URL };
	struct vt_error err = { 0 };
	struct vt_buf b;

	(void)state;
	assert_vt_error(vt_fetch(&o, &q, &b, &err), &err, VT_EIO);
	assert_error_text(&err, "./none");
}

/* The real one, which lies beside this test. */
static void
the_program_itself(void **state)
{
	const struct vt_fetch_options o = { .home = dir, .language = "en" };
	struct vt_fetch_request q = { .url = "http://127.0.0.1:9/" };
	struct vt_error err = { 0 };
	struct vt_buf b;

	(void)state;
	assert_int_equal(vt_file_write("vanthu.conf",
			     VT_BYTES_LIT(
				 "[office]\norgan_id = T1\nname = T\n"),
			     NULL),
	    VT_OK);
	assert_vt_error(vt_fetch(&o, &q, &b, &err), &err, VT_EREFUSED);
	assert_string_equal(err.text,
	    "http://127.0.0.1:9/: port 9 is not one of a web server");
	memset(&err, 0, sizeof(err));
	q.content_type = "no type";
	q.url = "http://127.0.0.1/";
	assert_vt_error(vt_fetch(&o, &q, &b, &err), &err, VT_EARG);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_the_child_is_told),
		T(what_the_child_inherits),
		T(how_it_ends),
		T(no_more_than_may_be),
		T(not_for_ever),
		T(a_program_that_is_not_there),
		T(the_program_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
