#include "test_cli.h"

static void
fail_twice(struct vt_cli *cli)
{
	struct vt_error err = { 0 }, none = { 0 };
	struct vt_json_out *o;

	vt_error_set(&err, VT_EFORMAT, "RFC 1, 2", "bad \x1b[2J\n%s", "x");
	vt_cli_fail(cli, "a\n\u202eb.pdf", &err);
	vt_error_clear(&err);
	vt_error_set(&err, VT_ENOTFOUND, NULL, "no record");
	vt_cli_fail(cli, NULL, &err);
	if ((o = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(o, "file", "\u202e\n");
		vt_cli_json_end(cli, o);
	}
	vt_cli_json_end(cli, NULL);
	vt_cli_line(cli, "%s", "result \x1b]0;x\x07\nfake");
	vt_cli_warn(cli, "c\td", "old %d", 3);
	vt_cli_info(cli, "detail %d", 4);
	vt_cli_hint(cli, "try %s", "this\n");
	if (cli->warnings != 1)
		vt_cli_note(cli, VT_EXIT_LOCAL);
	if (vt_cli_given(cli, "other"))
		vt_cli_fail(cli, "silent", &none);
}

static void
messages_are_escaped_lines(void **state)
{
	(void)state;
	run("x", fail_twice);
	assert_int_equal(ran.status, 4);
	assert_string_equal(ran.out, "result \\x1b]0;x\\x07\\nfake\n");
	assert_string_equal(ran.err,
	    "vanthu-test: a\\n\\u{202e}b.pdf: RFC 1, 2: "
	    "bad \\x1b[2J\\nx\n"
	    "vanthu-test: no record\n"
	    "vanthu-test: c\\td: warning: old 3\n"
	    "vanthu-test: hint: try this\\n\n");
	run("x -q", fail_twice);
	assert_null(strstr(ran.err, "warning"));
	run("x -v", fail_twice);
	has_line(ran.err, "vanthu-test: detail 4");
	run("x --other", fail_twice);
	assert_int_equal(ran.status, 6);
	has_line(ran.err,
	    "vanthu-test: silent: it failed, and nothing says why");
}

static void
failures_are_objects_too(void **state)
{
	(void)state;
	run("x -j", fail_twice);
	assert_int_equal(ran.status, 4);
	assert_string_equal(ran.out,
	    "{\"schema\":\"vanthu.test/1\",\"file\":\"a\\n\\u202eb.pdf\","
	    "\"error\":{\"code\":\"format\",\"clause\":\"RFC 1, 2\","
	    "\"message\":\"bad \\u001b[2J\\nx\"}}\n"
	    "{\"schema\":\"vanthu.test/1\",\"error\":{\"code\":\"not-found\","
	    "\"message\":\"no record\"}}\n"
	    "{\"schema\":\"vanthu.test/1\",\"file\":\"\\u202e\\n\"}\n");
	assert_non_null(strstr(ran.err, "no record"));
}

/* ENV, then what the language of a warning was. */
static void
speaks(const char *env, const char *line, bool pseudo)
{
	run_env(env, &plain, line, fail_twice);
	if ((strstr(ran.err, "⟦hint⟧") != NULL) != pseudo)
		fail_msg("%s: %s", env, ran.err);
}

static void
name_language(struct vt_cli *cli)
{
	vt_cli_line(cli, "%s", vt_cli_language());
}

static void
language_has_a_name(void **state)
{
	(void)state;
	run_env("LANGUAGE=fr:qps:en", &plain, "x", name_language);
	assert_string_equal(ran.out, "qps\n");
	run_env("LC_ALL=qps_XX.UTF-8", &plain, "x", name_language);
	assert_string_equal(ran.out, "qps\n");
	run_env("LANGUAGE=fr", &plain, "x", name_language);
	assert_string_equal(ran.out, "en\n");
}

static void
language_is_chosen(void **state)
{
	(void)state;
	speaks("", "x", false);
	speaks("LANGUAGE=qps", "x", true);
	speaks("LANGUAGE=qps LC_ALL=C", "x", true);
	speaks("LANGUAGE=qps LC_ALL=en_US.UTF-8", "x", true);
	speaks("LC_ALL=qps_XX.UTF-8", "x", true);
	speaks("LC_MESSAGES=qps", "x", true);
	speaks("LANG=qps_XX", "x", true);
	speaks("LANG=qps LC_ALL=en_US.UTF-8", "x", false);
	speaks("LANG=qps LC_MESSAGES=C", "x --home /qps", true);
	speaks("LANGUAGE=en:qps LANG=qps", "x", false);
	speaks("LANGUAGE=fr:qps:en", "x", true);
	speaks("LANGUAGE=:qps", "x", true);
	speaks("LANGUAGE=fr LANG=qps", "x", true);
	/* the office speaks where nobody else does */
	speaks("", "x --home /qps", true);
	speaks("", "x --home=/qps", true);
	speaks("VANTHU_HOME=/qps", "x", true);
	speaks("LC_ALL=C.UTF-8", "x --home /qps", true);
	speaks("LC_ALL=POSIX VANTHU_HOME=/qps", "x", true);
	speaks("VANTHU_HOME=/qps", "x --home /no/language", false);
	speaks("LANG=en_US.UTF-8", "x --home /qps", false);
	speaks("LANG=fr_FR.UTF-8", "x --home /qps", false);
	speaks("LANGUAGE=fr", "x --home /qps", false);
	speaks("", "x -- --home=/qps", false);
	/* no way out of the folder of catalogues */
	speaks("LANGUAGE=../po/qps", "x", false);
	speaks("LANGUAGE=q", "x", false);
	speaks("LANGUAGE=qpsqpsqpsqpsqpsqpsqpsqpsqps", "x", false);
	run_env("LANGUAGE=qps", &plain, "x --nothing", NULL);
	has_line(ran.err, "vanthu-test: ⟦there is no option --nothing⟧");
}

static void
json_keys_do_not_change(void **state)
{
	(void)state;
	run_env("LANGUAGE=qps", &plain, "x -j --other", fail_twice);
	assert_non_null(strstr(ran.out, "\"error\":{\"code\":\"ok\""));
	assert_non_null(strstr(ran.out, "\"message\":\"⟦it failed"));
}

static void
to_full(struct vt_cli *cli)
{
	int fd = open("/dev/full", O_WRONLY);

	dup2(fd, STDOUT_FILENO);
	vt_cli_line(cli, "lost");
}

static void
to_nobody(struct vt_cli *cli)
{
	int fds[2], i;

	if (pipe(fds) != 0)
		_exit(99);
	close(fds[0]);
	dup2(fds[1], STDOUT_FILENO);
	close(fds[1]);
	for (i = 0; i < 10000; i++)
		vt_cli_line(cli, "a line that nobody reads");
}

static void
silent(struct vt_cli *cli)
{
	(void)cli;
}

static void
lost_output_is_told(void **state)
{
	(void)state;
	run("x", to_full);
	assert_int_equal(ran.status, 6);
	assert_string_equal(ran.err,
	    "vanthu-test: the results could not be written: no space left on "
	    "the device\n");
	run("x -j", to_full); /* nothing was written: nothing is lost */
	assert_int_equal(ran.status, 0);
	run("x", to_nobody);
	assert_int_equal(ran.status, 6);
	has_line(ran.err,
	    "vanthu-test: the results could not be written: the reader is "
	    "gone");
}

/* With its standard streams closed, no file may take their place. */
static int
closed_streams(int argc, char **argv, body_fn *body)
{
	struct vt_cli cli;
	int fd, fds;

	for (fds = 0; fds <= 2; fds++)
		close(fds);
	if (!vt_cli_init(&cli, &plain, argc, argv))
		return 98;
	fd = open("/dev/null", O_RDWR);
	if (fd <= 2)
		return 97;
	body(&cli);
	return vt_cli_finish(&cli);
}

static void
closed_streams_are_not_taken(void **state)
{
	char name[] = "x", *argv[] = { name, NULL };
	int status;
	pid_t pid;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fflush(NULL);
		if ((pid = fork()) == 0)
			_exit(closed_streams(1, argv, i == 0 ? silent : show));
		waitpid(pid, &status, 0);
		assert_int_equal(WEXITSTATUS(status), i == 0 ? 0 : 6);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_escaped_lines),
		cmocka_unit_test(failures_are_objects_too),
		cmocka_unit_test(language_is_chosen),
		cmocka_unit_test(language_has_a_name),
		cmocka_unit_test(json_keys_do_not_change),
		cmocka_unit_test(lost_output_is_told),
		cmocka_unit_test(closed_streams_are_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
