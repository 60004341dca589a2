#include <pty.h>
#include <signal.h>
#include <termios.h>
#include <time.h>

#include "test_cli.h"

/* ---- secrets ---- */

static const char *secret_spec;

static void
show_secret(struct vt_cli *cli)
{
	struct vt_secret secret = { 0 };
	struct vt_error err = { 0 };
	int rc = vt_cli_secret(cli, secret_spec, "Passphrase: ", &secret, &err);

	if (rc == VT_OK)
		vt_cli_line(cli, "[%s]", secret.data);
	else
		vt_cli_fail(cli, NULL, &err);
	vt_secret_release(&secret);
}

static void
secret(const char *spec, int status, const char *out)
{
	secret_spec = spec;
	run_env("PASS=sesame~open NONE=", &plain, "x", show_secret);
	if (ran.status != status || strcmp(ran.out, out) != 0)
		fail_msg("%s: %d %s%s", spec, ran.status, ran.out, ran.err);
	assert_null(strstr(ran.err, "sesame"));
}

static void
secrets_come_by_four_ways(void **state)
{
	char *dir = test_dir_new(), text[2000];
	int fds[2];

	(void)state;
	assert_int_equal(chdir(dir), 0);
	secret("env:PASS", 0, "[sesame open]\n");
	secret("env:NONE", 0, "[]\n");
	secret("env:NOTSET", 5, "");
	assert_int_equal(vt_file_write("p", VT_BYTES_LIT("one\ntwo\n"), NULL),
	    VT_OK);
	secret("file:p", 0, "[one]\n");
	assert_int_equal(vt_file_replace("p", VT_BYTES_LIT("one\r\n"), NULL),
	    VT_OK);
	secret("file:p", 0, "[one]\n");
	assert_int_equal(vt_file_replace("p", VT_BYTES_LIT("no end"), NULL),
	    VT_OK);
	secret("file:p", 0, "[no end]\n");
	assert_int_equal(vt_file_replace("p", VT_BYTES_LIT("\nx"), NULL),
	    VT_OK);
	secret("file:p", 0, "[]\n");
	assert_int_equal(vt_file_replace("p", VT_BYTES(NULL, 0), NULL), VT_OK);
	secret("file:p", 5, "");
	secret("file:none", 5, "");
	secret("file:.", 5, "");
	memset(text, 'x', sizeof(text));
	assert_int_equal(vt_file_replace("p", VT_BYTES(text, 1024), NULL),
	    VT_OK);
	secret_spec = "file:p";
	run("x", show_secret);
	assert_int_equal(ran.status, 0);
	assert_int_equal(vt_file_replace("p", VT_BYTES(text, 1025), NULL),
	    VT_OK);
	secret("file:p", 5, "");

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "a\nb\n", 4), 4);
	close(fds[1]);
	snprintf(text, sizeof(text), "fd:%d", fds[0]);
	secret(text, 0, "[a]\n");
	secret(text, 0, "[b]\n"); /* the next line was left for us */
	secret(text, 5, "");
	close(fds[0]);
	secret(text, 5, "");
	secret("fd:", 2, "");
	secret("fd:-1", 2, "");
	secret("fd:1x", 2, "");
	secret("file:", 2, "");
	secret("env:", 2, "");
	secret("fd:99999999999999999999", 2, "");
	/* a passphrase given as it is: refused, and not shown */
	secret("sesame", 2, "");
	secret("pass:sesame", 2, "");
	secret("", 2, "");
	assert_int_equal(chdir("/"), 0);
	test_dir_free(dir);
}

/* All that comes out of MASTER until the other side is closed. */
static void
drain(int master, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size - 1 && (got = read(master, text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
}

static void
wait_for(int master, const char *what, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	text[0] = '\0';
	while (strstr(text, what) == NULL &&
	       (got = read(master, text + n, size - 1 - n)) > 0) {
		n += (size_t)got;
		text[n] = '\0';
	}
	assert_non_null(strstr(text, what));
}

/* A tool whose terminal is the other side of the descriptor returned. */
static int
run_on_terminal(body_fn *body, const char *line, pid_t *ret_pid)
{
	char *argv[16];
	struct vt_cli cli;
	int master, argc;

	fflush(NULL);
	*ret_pid = forkpty(&master, NULL, NULL, NULL);
	if (*ret_pid < 0) /* a chroot without /dev/pts */
		skip();
	if (*ret_pid > 0)
		return master;
	/* whoever runs the tests may ignore them: `&', nohup */
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	clearenv();
	putenv(strdup("TERM=xterm"));
	split(line, &argc, argv);
	if (vt_cli_init(&cli, &plain, argc, argv))
		body(&cli);
	_exit(vt_cli_finish(&cli));
}

static int
ended(pid_t pid, int master)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(master);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool
echoes(int master)
{
	struct termios t;

	assert_int_equal(tcgetattr(master, &t), 0);
	return (t.c_lflag & ECHO) != 0;
}

static void
until_it_echoes(int master)
{
	int i;

	for (i = 0; i < 500 && !echoes(master); i++)
		usleep(10000);
	assert_true(echoes(master));
}

static void
a_typed_secret_is_not_shown(void **state)
{
	char text[4096];
	pid_t pid;
	int master;

	(void)state;
	secret_spec = NULL;
	master = run_on_terminal(show_secret, "x", &pid);
	wait_for(master, "Passphrase: ", text, sizeof(text));
	assert_false(echoes(master)); /* before it was asked for */
	assert_int_equal(write(master, "sesame\n", 7), 7);
	drain(master, text, sizeof(text));
	/* shown once, by show_secret() */
	assert_non_null(strstr(text, "[sesame]"));
	assert_null(strstr(strstr(text, "sesame") + 1, "sesame"));
	assert_int_equal(ended(pid, master), 0);

	/* the end of input instead of a line */
	master = run_on_terminal(show_secret, "x", &pid);
	wait_for(master, "Passphrase: ", text, sizeof(text));
	assert_false(echoes(master)); /* before it was asked for */
	assert_int_equal(write(master, "\004", 1), 1);
	drain(master, text, sizeof(text));
	assert_int_equal(ended(pid, master), 5);
}

static void
signals_leave_an_echoing_terminal(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	char text[4096];
	size_t i;
	pid_t pid;
	int master, slave;
	char name[256];

	(void)state;
	secret_spec = "tty:";
	for (i = 0; i < 3; i++) {
		master = run_on_terminal(show_secret, "x", &pid);
		assert_int_equal(ptsname_r(master, name, sizeof(name)), 0);
		slave = open(name, O_RDWR | O_NOCTTY); /* keeps it alive */
		wait_for(master, "Passphrase: ", text, sizeof(text));
		assert_false(echoes(master));
		if (signals[i] == SIGINT)
			assert_int_equal(write(master, "\003", 1), 1);
		else
			assert_int_equal(kill(pid, signals[i]), 0);
		until_it_echoes(master);
		close(slave);
		assert_int_equal(ended(pid, master), -signals[i]);
	}
}

static void
without_terminal(struct vt_cli *cli)
{
	setsid(); /* which has none */
	if (vt_cli_confirm(cli, "Really?"))
		vt_cli_note(cli, VT_EXIT_NO);
	show_secret(cli);
}

static void
nobody_to_ask(void **state)
{
	(void)state;
	secret_spec = NULL;
	run("x", without_terminal);
	assert_int_equal(ran.status, 5);
	assert_non_null(strstr(ran.err, "no terminal"));
}

static void
ask(struct vt_cli *cli)
{
	vt_cli_line(cli, "answer=%d",
	    vt_cli_confirm(cli, "Remove %s?", "a\x1b[2J"));
}

static void
questions(void **state)
{
	static const struct {
		const char *typed, *answer;
	} cases[] = { { "y\n", "answer=1" }, { "Yes\n", "answer=1" },
		{ "n\n", "answer=0" }, { "\n", "answer=0" },
		{ "sure\n", "answer=0" }, { "\004", "answer=0" } };
	char text[4096];
	size_t i;
	pid_t pid;
	int master;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		master = run_on_terminal(ask, "x", &pid);
		wait_for(master, "Remove a\\x1b[2J? [y/N] ", text,
		    sizeof(text));
		assert_true(
		    write(master, cases[i].typed, strlen(cases[i].typed)) > 0);
		drain(master, text, sizeof(text));
		if (strstr(text, cases[i].answer) == NULL)
			fail_msg("%s: %s", cases[i].typed, text);
		assert_int_equal(ended(pid, master), 0);
	}
}

static void
work(struct vt_cli *cli)
{
	int i;

	for (i = 0; i <= 30; i++) {
		vt_cli_progress(cli,
		    "a\x1b"
		    "file",
		    (uint64_t)i, 30);
		usleep(10000);
	}
	vt_cli_line(cli, "done");
}

static void
progress_is_for_terminals(void **state)
{
	char text[65536], *p;
	struct timespec from, to;
	int master, n = 0;
	pid_t pid;

	(void)state;
	run("x", work);
	assert_string_equal(ran.err, "");
	clock_gettime(CLOCK_MONOTONIC, &from);
	master = run_on_terminal(work, "x", &pid);
	drain(master, text, sizeof(text));
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_int_equal(ended(pid, master), 0);
	assert_non_null(strstr(text, "\r\033[Ka\\x1bfile: 0 %"));
	/* erased before the next line */
	assert_non_null(strstr(text, "%\r\033[Kdone"));
	for (p = text; (p = strstr(p, " %")) != NULL; p++)
		n++;
	/* ten a second, in a third of one, or more where the machine is slow */
	assert_in_range(n, 2,
	    3 + 10 * (to.tv_sec - from.tv_sec) +
		(to.tv_nsec - from.tv_nsec) / 100000000);
	master = run_on_terminal(work, "x -q", &pid);
	drain(master, text, sizeof(text));
	assert_null(strstr(text, "%"));
	assert_int_equal(ended(pid, master), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_come_by_four_ways),
		cmocka_unit_test(a_typed_secret_is_not_shown),
		cmocka_unit_test(signals_leave_an_echoing_terminal),
		cmocka_unit_test(nobody_to_ask),
		cmocka_unit_test(questions),
		cmocka_unit_test(progress_is_for_terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
