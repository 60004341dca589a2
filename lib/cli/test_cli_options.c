#include "test_cli.h"

static void
options_stand_anywhere(void **state)
{
	(void)state;
	run("x a --output=o1 b -f - --to A --to=B -tC -n 7 -- --flag -q", show);
	assert_int_equal(ran.status, 0);
	assert_string_equal(ran.err, "");
	has_line(ran.out, "flag=1 other=0 str=o1 number=7");
	has_line(ran.out, "to=A");
	has_line(ran.out, "to=B");
	has_line(ran.out, "to=C");
	has_line(ran.out, "operand=a");
	has_line(ran.out, "operand=b");
	has_line(ran.out, "operand=-");
	has_line(ran.out, "operand=--flag");
	has_line(ran.out, "operand=-q");
	has_line(ran.out, "verb=-1 home=/var/lib/vanthu given=0");
	has_line(ran.out, "q=0 v=0 given: 11");

	run("x -qvfo --to --at 2026-11-23 --date 2024-02-29 --home=/h", show);
	assert_int_equal(ran.status, 0);
	has_line(ran.out, "flag=1 other=0 str=--to number=0");
	has_line(ran.out, "time=1795366800 date=2024-02-29");
	has_line(ran.out, "q=1 v=1 given: 10");
	has_line(ran.out, "verb=-1 home=/h given=1");

	run("x -f -f --flag -q -q --output= ''", show); /* flags repeat */
	assert_int_equal(ran.status, 0);
	has_line(ran.out, "flag=1 other=0 str= number=0");
	has_line(ran.out, "operand=");
}

static void
wrong_command_lines(void **state)
{
	static const char *const cases[][2] = {
		{ "x --nothing", "there is no option --nothing" },
		{ "x --outpu a", "there is no option --outpu" }, /* no guess */
		{ "x --outputs=a", "there is no option --outputs" },
		{ "x --Flag", "there is no option --Flag" },
		{ "x --=", "there is no option --" },
		{ "x -z", "there is no option -z" },
		{ "x -fz", "there is no option -z" },
		{ "x -\xc4\x91", "there is no option -\xc4\x91" },
		{ "x --output a --output a", "--output is there twice" },
		{ "x -o a --output=b", "--output is there twice" },
		{ "x -n 1 -n 1", "--limit is there twice" },
		{ "x --home a --home b", "--home is there twice" },
		{ "x --home ''", "--home needs a folder" },
		{ "x --flag=yes", "--flag takes no value" },
		{ "x --json=1", "--json takes no value" },
		{ "x --output", "--output needs a value" },
		{ "x -o", "-o needs a value" },
		{ "x -fo", "-o needs a value" },
		{ "x --limit -1", "--limit: -1 is not a number" },
		{ "x --limit ''", "--limit:  is not a number" },
		{ "x --limit 1x", "--limit: 1x is not a number" },
		{ "x --limit 0x1", "--limit: 0x1 is not a number" },
		{ "x --limit +1", "--limit: +1 is not a number" },
		{ "x --limit 9223372036854775808",
		    "--limit: 9223372036854775808 is not a number" },
		{ "x --at yesterday",
		    "--at: yesterday is not a time like "
		    "2026-11-23T09:15:30+07:00 or 2026-11-23" },
		{ "x --date 2026-02-29",
		    "--date: 2026-02-29 is not a date like 2026-11-23" },
		{ "x --completion zsh", "no completion for the shell zsh" },
		{ "x -o a\x1b[31m -o b\n", "--output is there twice" },
		{ "x --a\x1b[31m", "there is no option --a\\x1b[31m" },
	};
	char line[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run(cases[i][0], show);
		if (ran.status != 2 || ran.out[0] != '\0')
			fail_msg("%s: %d %s", cases[i][0], ran.status, ran.out);
		snprintf(line, sizeof(line), "vanthu-test: %s", cases[i][1]);
		has_line(ran.err, line);
		has_line(ran.err, "usage: vanthu-test [OPTION...] FILE...");
		has_line(ran.err,
		    "vanthu-test: hint: vanthu-test --help says more");
	}
	run("x --limit 9223372036854775807", show);
	assert_int_equal(ran.status, 0);
	run("x --ouput a", NULL);
	has_line(ran.err, "vanthu-test: hint: did you mean --output?");
	/* one error, though there are three */
	run("x --nothing --never -z", NULL);
	assert_null(strstr(ran.err, "never"));
}

static void
a_wrong_command_line_as_json(void **state)
{
	static const char *const lines[] = { "x --nothing -j", "x -j -o",
		"x --json --limit x" };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		run(lines[i], NULL);
		assert_int_equal(ran.status, 2);
		assert_non_null(strstr(ran.out,
		    "{\"schema\":\"vanthu.test/1\",\"error\":{\"code\":"
		    "\"usage\",\"message\":\""));
	}
	run("x --nothing -- --json", NULL); /* that is an operand */
	assert_string_equal(ran.out, "");
}

static void
verbs_and_their_options(void **state)
{
	(void)state;
	run_env("", &with_verbs, "x -n 3 add --yes a list", show);
	assert_int_equal(ran.status, 0);
	has_line(ran.out, "flag=1 other=0 str=- number=3");
	has_line(ran.out, "operand=a");
	has_line(ran.out, "operand=list");
	has_line(ran.out, "verb=0 home=/var/lib/vanthu given=0");
	run_env("", &with_verbs, "x list --limit=3", show);
	assert_int_equal(ran.status, 0);
	run_env("", &with_verbs, "x list --yes", show);
	assert_int_equal(ran.status, 2);
	has_line(ran.err, "vanthu-test: list takes no --yes");
	has_line(ran.err, "usage: vanthu-test list [OPTION...]");
	assert_null(strstr(ran.err, "FILE"));
	run_env("", &with_verbs, "x", show);
	assert_int_equal(ran.status, 2);
	has_line(ran.err, "vanthu-test: what shall be done?");
	has_line(ran.err, "usage: vanthu-test VERB [OPTION...]");
	has_line(ran.err, "  vanthu-test add FILE...");
	has_line(ran.err, "  vanthu-test list");
	run_env("", &with_verbs, "x lits", show);
	assert_int_equal(ran.status, 2);
	has_line(ran.err, "vanthu-test: hint: did you mean list?");
	run_env("", &with_verbs, "x ''", show);
	assert_int_equal(ran.status, 2);
	run_env("", &with_verbs, "x --help", show);
	assert_int_equal(ran.status, 0);
	has_line(ran.out, "  -y, --yes               for add (add)");
	has_line(ran.out, "  -n, --limit N           for both (add, list)");
	has_line(ran.out, "  add                     put in");
}

static void
help_and_version(void **state)
{
	(void)state;
	run("x --output --help", show); /* a value */
	has_line(ran.out, "flag=0 other=0 str=--help number=0");
	run("x -h", show);
	assert_int_equal(ran.status, 0);
	assert_string_equal(ran.err, "");
	has_line(ran.out, "vanthu-test: what is tested");
	has_line(ran.out, "usage: vanthu-test [OPTION...] FILE...");
	has_line(ran.out, "  -o, --output FILE       a text");
	has_line(ran.out, "  -t, --to ID             a list (may be repeated)");
	has_line(ran.out, "      --at TIME           a time");
	has_line(ran.out, "  -j, --json              results as lines of JSON");
	has_line(ran.out, "  vanthu test a");
	assert_null(strstr(ran.out, "completion"));
	run("x --version", show);
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "vanthu-test ", 12);
	assert_non_null(strstr(ran.out, "\n  libc.so.6"));
	run("x --completion=summary", show);
	has_line(ran.out, "what is tested");
}

static void
the_worst_status_wins(void **state)
{
	static const enum vt_exit order[] = { 2, 6, 5, 4, 8, 7, 1, 3, 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < 9; i++)
		for (j = 0; j < 9; j++)
			assert_int_equal(vt_exit_worst(order[i], order[j]),
			    order[i < j ? i : j]);
}

static void
every_code_has_a_status(void **state)
{
	static const struct {
		enum vt_code code;
		int status;
	} cases[] = { { VT_OK, 0 }, { VT_ENOMEM, 6 }, { VT_EARG, 2 },
		{ VT_EIO, 6 }, { VT_EFORMAT, 4 }, { VT_EUNSUPPORTED, 4 },
		{ VT_ELIMIT, 4 }, { VT_ENOTFOUND, 1 }, { VT_EEXISTS, 6 },
		{ VT_EKEY, 5 }, { VT_ECRYPTO, 6 }, { VT_ENET, 7 },
		{ VT_EREFUSED, 8 }, { VT_EBUSY, 7 } };
	size_t i;

	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(cases[0]), VT_NCODES);
	for (i = 0; i < VT_NCODES; i++)
		assert_int_equal(vt_exit_of(cases[i].code), cases[i].status);
}

static void
what_was_meant(void **state)
{
	static const char *const names[] = { "send", "sign", "verify",
		"register" };
	char word[5000];

	(void)state;
	assert_string_equal(vt_cli_nearest("sing", names, 4), "sign");
	assert_string_equal(vt_cli_nearest("verfy", names, 4), "verify");
	assert_string_equal(vt_cli_nearest("regsiter", names, 4), "register");
	assert_string_equal(vt_cli_nearest("sed", names, 4), "send");
	assert_string_equal(vt_cli_nearest("signn", names, 4), "sign");
	assert_null(vt_cli_nearest("archive", names, 4));
	assert_null(vt_cli_nearest("", names, 4));
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(vt_cli_nearest(word, names, 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_anywhere),
		cmocka_unit_test(wrong_command_lines),
		cmocka_unit_test(a_wrong_command_line_as_json),
		cmocka_unit_test(verbs_and_their_options),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(the_worst_status_wins),
		cmocka_unit_test(every_code_has_a_status),
		cmocka_unit_test(what_was_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
