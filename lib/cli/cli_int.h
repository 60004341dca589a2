/* cli_int.h - the parts of cli among themselves */
#ifndef VANTHU_CLI_INT_H
#define VANTHU_CLI_INT_H

#include "vanthu/cli.h"

#define CLI_LINE_MAX (16u * 1024 * 1024) /* bytes of one line of output */

/* The options that every tool has; the last has no name. */
extern const struct vt_opt vt_cli_common[];
enum {
	CLI_HOME,
	CLI_HELP,
	CLI_VERSION,
	CLI_QUIET,
	CLI_VERBOSE,
	CLI_JSON,
	CLI_COMPLETION, /* hidden */
	CLI_NCOMMON
};

/* "vanthu-TOOL", in front of every message. */
const char *vt_cli_program(const struct vt_cli_spec *spec, char *out,
    size_t size);
#define CLI_PROGRAM_MAX 64

/* ---- cli_language.c ---- */

/* By environment, else by LANGUAGE for the office HOME, else English. */
void vt_cli_language_set(bool (*language)(const char *, char *, size_t),
    const char *home);
void vt_cli_language_release(void);

/* ---- cli_help.c ---- */

/* The lines "usage: ...", on the FILE F; of VERB alone, or (-1) of all. */
void vt_cli_synopsis(const struct vt_cli_spec *spec, int verb, void *f);
void vt_cli_help(const struct vt_cli_spec *spec);
void vt_cli_version(const struct vt_cli_spec *spec);

/* ---- cli_complete.c ---- */

/* What the shell SHELL reads; false: that shell is not known. */
bool vt_cli_completion(const struct vt_cli_spec *spec, const char *shell);

/* ---- cli_say.c ---- */

/* TEXT, already translated, as one escaped line on standard error. */
void vt_cli_say(struct vt_cli *cli, const char *what, const char *clause,
    const char *text);
/* The failure object, with --json. */
void vt_cli_fail_json(struct vt_cli *cli, const char *what, const char *code,
    const char *clause, const char *text);
/* A usage error, formatted: note it, say it, show the synopsis. */
void vt_cli_usage_text(struct vt_cli *cli, const char *text);

/* ---- cli_tty.c ---- */

/* Whether SPEC is a METHOD:ARG that can be, whatever it leads to. */
bool vt_cli_secret_known(const char *spec);

#endif
