/* vanthu: run one of the tools that lie beside this program */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"

#define SUMMARY_MAX 1024

/* How many of the arguments stand before the name of the tool. */
static int
options_before(int argc, char *argv[])
{
	int i = 1;

	while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		if (strcmp(argv[i], "--") == 0)
			return i + 1 < argc ? i + 1 : argc;
		i += strcmp(argv[i], "--home") == 0 ? 2 : 1;
	}
	return i < argc ? i : argc;
}

static bool
has(int argc, char *argv[], const char *option)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], option) == 0)
			return true;
	return false;
}

/*
 * "help" and "help TOOL", as many programs have them, are --help; AT is where
 * "help" would stand.  Returns where the tool does.
 */
static int
ask_for_help(int argc, char *argv[], int at)
{
	static char option[] = "--help";

	if (at == argc || strcmp(argv[at], "help") != 0)
		return at;
	argv[at] = option;
	if (at + 1 == argc)
		return argc;
	argv[at] = argv[at + 1];
	argv[at + 1] = option;
	return at;
}

static void
list_tools(struct vt_cli *cli)
{
	struct vt_error err = { 0 };
	struct vt_list tools = { 0 };
	struct vt_buf summary;
	char *dir = NULL;
	size_t i;

	vt_buf_init(&summary, SUMMARY_MAX);
	if (tools_dir(&dir, &err) != VT_OK ||
	    tools_find(dir, &tools, &err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	vt_cli_line(cli, "%s", "");
	vt_cli_line(cli, "%s", vt_tr("tools:"));
	for (i = 0; i < tools.n; i++) {
		tools_summary(dir, tools.items[i], &summary);
		vt_cli_line(cli, "  %-12s %s", tools.items[i],
		    vt_buf_str(&summary));
	}
	vt_buf_release(&summary);
	vt_list_release(&tools);
	free(dir);
}

static void
unknown_tool(struct vt_cli *cli, const char *name, const char *dir)
{
	struct vt_list tools = { 0 };
	const char *near = NULL;

	vt_cli_usage(cli, "there is no tool %s", name);
	if (tools_find(dir, &tools, NULL) == VT_OK && tools.n > 0)
		near = vt_cli_nearest(name, (const char *const *)tools.items,
		    tools.n);
	if (near != NULL)
		vt_cli_hint(cli, "did you mean %s?", near);
	vt_list_release(&tools);
}

/* Become vanthu-NAME; returns only where that fails. */
static void
become(struct vt_cli *cli, const char *name, char *argv[])
{
	struct vt_error err = { 0 };
	char *dir = NULL, *path = NULL;

	if (tools_dir(&dir, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if (name[0] == '\0' || strchr(name, '/') != NULL) {
		unknown_tool(cli, name, dir);
	} else if (asprintf(&path, "%s/vanthu-%s", dir, name) < 0) {
		path = NULL;
		vt_error_nomem(&err);
		vt_cli_fail(cli, NULL, &err);
	} else {
		argv[0] = path;
		execv(path, argv);
		if (errno == ENOENT)
			unknown_tool(cli, name, dir);
		else {
			vt_error_io(&err, "cannot run %s", path);
			vt_cli_fail(cli, NULL, &err);
		}
	}
	free(path);
	free(dir);
}

int
main(int argc, char *argv[])
{
	const struct vt_cli_spec spec = {
		.tool = "vanthu",
		.summary = VT_N_("official documents: sign, register, send, "
				 "receive, judge, file"),
		.operands = VT_N_("TOOL [ARGUMENT...]"),
		.example = "vanthu verify letter.pdf",
	};
	int at = ask_for_help(argc, argv, options_before(argc, argv)), i;
	struct vt_cli cli;
	char *name;

	if (has(at, argv, "--completion=bash")) {
		tools_complete();
		return fflush(stdout) == 0 ? VT_EXIT_OK : VT_EXIT_LOCAL;
	}
	if (!vt_cli_init(&cli, &spec, at, argv)) {
		if (has(at, argv, "--help") || has(at, argv, "-h"))
			list_tools(&cli);
		return vt_cli_finish(&cli);
	}
	if (at == argc) {
		vt_cli_usage(&cli, "which tool?");
		return vt_cli_finish(&cli);
	}
	/* Options before the tool are the tool's as much as those behind it. */
	name = argv[at];
	for (i = at; i > 1; i--)
		argv[i] = argv[i - 1];
	if (at > 1 && strcmp(argv[at], "--") == 0)
		memmove(argv + at, argv + at + 1,
		    (size_t)(argc - at) * sizeof(*argv));
	become(&cli, name, argv + 1);
	return vt_cli_finish(&cli);
}
