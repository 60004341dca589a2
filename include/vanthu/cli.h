/* cli.h - what the tools share: options, messages, results, exit statuses */
#ifndef VANTHU_CLI_H
#define VANTHU_CLI_H

#include "vanthu/bytes.h"
#include "vanthu/error.h"

struct vt_json_out;

/* vanthu-exit(7) */
enum vt_exit {
	VT_EXIT_OK = 0,        /* done, and yes */
	VT_EXIT_NO = 1,        /* done, and the answer is no */
	VT_EXIT_USAGE = 2,     /* wrong command line */
	VT_EXIT_UNDECIDED = 3, /* done, undecided */
	VT_EXIT_INPUT = 4,     /* malformed, unsupported, over a limit */
	VT_EXIT_KEY = 5,       /* key, PIN or token */
	VT_EXIT_LOCAL = 6,     /* local I/O or store */
	VT_EXIT_REMOTE = 7,    /* remote unreachable, retry helps */
	VT_EXIT_REFUSED = 8    /* remote or rule refuses, retry does not help */
};

/* The worse of two, in the order 2 6 5 4 8 7 1 3 0. */
enum vt_exit vt_exit_worst(enum vt_exit a, enum vt_exit b);
enum vt_exit vt_exit_of(enum vt_code code);

enum vt_opt_kind {
	VT_OPT_FLAG,   /* bool */
	VT_OPT_STR,    /* const char *, borrowed from argv */
	VT_OPT_SECRET, /* the same, METHOD:ARG for vt_cli_secret() */
	VT_OPT_LIST,   /* struct vt_list, one more with each use */
	VT_OPT_INT,    /* int64_t, decimal, at least 0 */
	VT_OPT_TIME,   /* int64_t, RFC 3339 or a date */
	VT_OPT_DATE,   /* struct vt_date */
	VT_OPT_LAST
};

/*
 * One option.  From these tables come the parser, the usage, --help and the
 * completion.  ARG and HELP are marked with VT_N_() for translation.
 */
struct vt_opt {
	const char *name; /* without the dashes */
	int letter;       /* the short form, or 0 */
	enum vt_opt_kind kind;
	void *value; /* left as it is where the option is not given */
	const char *arg;
	const char *help;
	unsigned verbs; /* 1 << i for each verb that takes it; 0: all */
};
#define VT_OPT_END                                                             \
	{                                                                      \
		.kind = VT_OPT_LAST                                            \
	}

/* A tool with verbs ("trust add") names them here; its first operand is one. */
struct vt_verb {
	const char *name; /* NULL ends the table */
	const char *operands;
	const char *help;
};

struct vt_cli_spec {
	const char *tool;     /* "verify", for vanthu-verify and the schema */
	const char *summary;  /* one line */
	const char *operands; /* "FILE..."; NULL where there are verbs */
	const struct vt_opt *opts;
	const struct vt_verb *verbs; /* NULL: none */
	const char *example;         /* a command line that works */
	/*
	 * Tells the office's language ("vi") for the home directory HOME, or
	 * fails quietly; conf's vt_conf_language() is the one to give.
	 */
	bool (*language)(const char *home, char *ret, size_t size);
};

/* The state of one run.  Zeroed by vt_cli_init(); fields are read-only. */
struct vt_cli {
	const struct vt_cli_spec *spec;
	int verb;    /* index in spec->verbs, or -1 */
	int argc;    /* operands, without the verb */
	char **argv; /* freed by vt_cli_finish() */
	bool quiet, verbose, json;
	const char *home;    /* --home, VANTHU_HOME or /var/lib/vanthu */
	bool home_given;     /* by option or environment */
	bool home_option;    /* by option */
	enum vt_exit status; /* the worst so far */
	size_t warnings;     /* given so far */
	bool progress;       /* a progress line stands on the terminal */
	bool *given;         /* which of spec->opts were used */
	int64_t progress_ms; /* when that line was drawn last */
	int lost;            /* errno of a result that could not be written */
};

/*
 * Set language and locale, parse ARGV.  true: go on.  false: all is said
 * (help, version, completion, or a usage error); leave by vt_cli_finish().
 */
bool vt_cli_init(struct vt_cli *cli, const struct vt_cli_spec *spec, int argc,
    char *argv[]);
/* The language of messages, as LANGUAGE takes it: "en", "vi". */
const char *vt_cli_language(void);
/* true where the option NAME stood on the command line. */
bool vt_cli_given(const struct vt_cli *cli, const char *name);
/* Flush, release, and give main's return value; lost output is status 6. */
int vt_cli_finish(struct vt_cli *cli);

/* Note a status; the worst one is what the program ends with. */
void vt_cli_note(struct vt_cli *cli, enum vt_exit status);

/*
 * Results: one line on standard output, or (with --json) none.  What is
 * formatted is escaped as a whole, so that foreign text cannot act on a
 * terminal or fake a line.
 */
void vt_cli_line(struct vt_cli *cli, const char *fmt, ...) VT_PRINTF(2, 3);
/* With --json: an open object whose "schema" is set; else NULL. */
struct vt_json_out *vt_cli_json(struct vt_cli *cli);
/* Print it as one line and free it; NULL is allowed. */
void vt_cli_json_end(struct vt_cli *cli, struct vt_json_out *o);

/*
 * Messages on standard error: "vanthu-TOOL: WHAT: CLAUSE: text".  WHAT is the
 * operand (or NULL).  Formats are literals, translated before they are used;
 * results are escaped.  _usage notes status 2 and shows the short usage; _fail
 * notes the status of ERR's code and, with --json, prints a failure object
 * {"schema", "file": WHAT, "error": {"code", "message"}}; _warn is silent with
 * -q; _info is shown only with -v; _hint follows an error with the next step.
 */
void vt_cli_usage(struct vt_cli *cli, const char *msgid, ...) VT_PRINTF(2, 3);
void vt_cli_fail(struct vt_cli *cli, const char *what,
    const struct vt_error *err);
/*
 * The same for a result that failed and is told all the same: puts "error" into
 * its open object O (NULL is allowed) and prints no other object.
 */
void vt_cli_fail_with(struct vt_cli *cli, struct vt_json_out *o,
    const char *what, const struct vt_error *err);
void vt_cli_warn(struct vt_cli *cli, const char *what, const char *msgid, ...)
    VT_PRINTF(3, 4);
void vt_cli_info(struct vt_cli *cli, const char *msgid, ...) VT_PRINTF(2, 3);
void vt_cli_hint(struct vt_cli *cli, const char *msgid, ...) VT_PRINTF(2, 3);

/*
 * What a process that we forked for a part of the work has printed: its results
 * and its messages, escaped already, in our own run and in their turn.
 */
struct vt_cli_said {
	enum vt_exit status;
	size_t warnings;
	struct vt_bytes out, err; /* for standard output and standard error */
};
void vt_cli_repeat(struct vt_cli *cli, const struct vt_cli_said *said);

/* The processors at hand, from 1 to MAX: how many jobs are run unless said. */
int64_t vt_cli_processors(int64_t max);

/*
 * Progress on long work: only on a terminal, not with -q or --json, at most
 * ten times a second, gone at the end.  TOTAL 0: not known.
 */
void vt_cli_progress(struct vt_cli *cli, const char *what, uint64_t done,
    uint64_t total);
void vt_cli_progress_end(struct vt_cli *cli);

/* Ask on the terminal; true for yes.  Without a terminal: false. */
bool vt_cli_confirm(struct vt_cli *cli, const char *msgid, ...) VT_PRINTF(2, 3);

/*
 * A secret by METHOD:ARG: "tty:" (ask), "file:PATH" (its first line), "fd:N",
 * "env:NAME".  SPEC NULL: ask.  PROMPT is translated text.  VT_EKEY where none
 * is to be had; VT_EARG for an unknown method.
 */
int vt_cli_secret(struct vt_cli *cli, const char *spec, const char *prompt,
    struct vt_secret *ret, struct vt_error *err);

/* The one of NAMES that WORD was most likely meant to be, or NULL. */
const char *vt_cli_nearest(const char *word, const char *const *names,
    size_t n);

#endif
