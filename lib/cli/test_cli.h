/* test_cli.h - a tool that is run in a process of its own, and its words */
#ifndef VANTHU_TEST_CLI_H
#define VANTHU_TEST_CLI_H

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "test_util.h"
#include "vanthu/cli.h"
#include "vanthu/json.h"
#include "vanthu/time.h"

#define OUTPUT_MAX (1024 * 1024)

/* What the options of the tool under test were set to. */
static struct seen {
	bool flag, other;
	const char *str;
	struct vt_list list;
	int64_t number, time;
	struct vt_date date;
} seen;

static const struct vt_opt opts[] = {
	{ "flag", 'f', VT_OPT_FLAG, &seen.flag, NULL, "a flag", 0 },
	{ "other", 0, VT_OPT_FLAG, &seen.other, NULL, "another", 0 },
	{ "output", 'o', VT_OPT_STR, &seen.str, "FILE", "a text", 0 },
	{ "to", 't', VT_OPT_LIST, &seen.list, "ID", "a list", 0 },
	{ "limit", 'n', VT_OPT_INT, &seen.number, "N", "a number", 0 },
	{ "at", 0, VT_OPT_TIME, &seen.time, "TIME", "a time", 0 },
	{ "date", 0, VT_OPT_DATE, &seen.date, "DATE", "a date", 0 },
	VT_OPT_END,
};

static const struct vt_opt verb_opts[] = {
	{ "yes", 'y', VT_OPT_FLAG, &seen.flag, NULL, "for add", 1 },
	{ "limit", 'n', VT_OPT_INT, &seen.number, "N", "for both", 3 },
	VT_OPT_END,
};

static const struct vt_verb verbs[] = {
	{ "add", "FILE...", "put in" },
	{ "list", "", "show" },
	{ NULL, NULL, NULL },
};

static inline bool
speaks_vi(const char *home, char *ret, size_t size)
{
	if (strcmp(home, "/no/language") == 0)
		return false;
	snprintf(ret, size, "%s", strcmp(home, "/qps") == 0 ? "qps" : "en");
	return true;
}

static const struct vt_cli_spec plain = {
	.tool = "test",
	.summary = "what is tested",
	.operands = "FILE...",
	.opts = opts,
	.example = "vanthu test a",
	.language = speaks_vi,
};

static const struct vt_cli_spec with_verbs = {
	.tool = "test",
	.summary = "what is tested",
	.opts = verb_opts,
	.verbs = verbs,
};

/* What a run left behind. */
static struct {
	int status;
	char out[OUTPUT_MAX], err[OUTPUT_MAX];
} ran;

typedef void body_fn(struct vt_cli *cli);

static inline void
slurp(FILE *f, char *text)
{
	size_t n;

	rewind(f);
	n = fread(text, 1, OUTPUT_MAX - 1, f);
	text[n] = '\0';
	fclose(f);
}

static inline void
split(const char *line, int *argc, char **argv)
{
	static char copy[4096];
	char *p = copy, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	*argc = 0;
	while ((word = strsep(&p, " ")) != NULL) {
		/* '' is an empty argument, ~ a blank in one */
		if (strcmp(word, "''") == 0)
			word[0] = '\0';
		for (char *c = word; *c != '\0'; c++)
			*c = *c == '~' ? ' ' : *c;
		argv[(*argc)++] = word;
	}
	argv[*argc] = NULL;
}

/*
 * Run a tool in a process of its own: its command line LINE, of words parted
 * by blanks, ENV "NAME=value ..." alone as its environment, then BODY.
 */
static inline void
run_env(const char *env, const struct vt_cli_spec *spec, const char *line,
    body_fn *body)
{
	FILE *out = tmpfile(), *err = tmpfile();
	struct vt_cli cli;
	char *argv[64], *env_argv[16];
	int argc, env_argc, i, status;
	pid_t pid;

	assert_true(out != NULL && err != NULL);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		clearenv();
		split(env, &env_argc, env_argv);
		for (i = 0; i < env_argc; i++)
			if (env_argv[i][0] != '\0')
				putenv(strdup(env_argv[i]));
		split(line, &argc, argv);
		if (vt_cli_init(&cli, spec, argc, argv) && body != NULL)
			body(&cli);
		vt_list_release(&seen.list);
		_exit(vt_cli_finish(&cli));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	ran.status = WEXITSTATUS(status);
	slurp(out, ran.out);
	slurp(err, ran.err);
}

static inline void
run(const char *line, body_fn *body)
{
	run_env("", &plain, line, body);
}

static inline void
has_line(const char *text, const char *line)
{
	size_t len = strlen(line);
	const char *p = text;

	for (; (p = strstr(p, line)) != NULL; p++)
		if ((p == text || p[-1] == '\n') && p[len] == '\n')
			return;
	fail_msg("no line \"%s\" in:\n%s", line, text);
}

static inline void
show(struct vt_cli *cli)
{
	char text[VT_TIME_TEXT];
	size_t k;
	int i;

	vt_cli_line(cli, "flag=%d other=%d str=%s number=%lld", seen.flag,
	    seen.other, seen.str != NULL ? seen.str : "-",
	    (long long)seen.number);
	vt_cli_line(cli, "time=%lld date=%s", (long long)seen.time,
	    vt_date_text(seen.date, text));
	for (k = 0; k < seen.list.n; k++)
		vt_cli_line(cli, "to=%s", seen.list.items[k]);
	for (i = 0; i < cli->argc; i++)
		vt_cli_line(cli, "operand=%s", cli->argv[i]);
	vt_cli_line(cli, "verb=%d home=%s given=%d", cli->verb, cli->home,
	    cli->home_given);
	vt_cli_line(cli, "q=%d v=%d given: %d%d", cli->quiet, cli->verbose,
	    vt_cli_given(cli, "output"), vt_cli_given(cli, "limit"));
}

#endif
