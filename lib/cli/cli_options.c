/* cli_options.c - the command line, by the tool's table */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_int.h"
#include "vanthu/time.h"

#define HOME_UNLESS_SAID "/var/lib/vanthu"

const struct vt_opt vt_cli_common[] = {
	[CLI_HOME] = { "home", 0, VT_OPT_STR, NULL, VT_N_("DIR"),
	    VT_N_("the office's folder"), 0 },
	[CLI_HELP] = { "help", 'h', VT_OPT_FLAG, NULL, NULL, VT_N_("show this"),
	    0 },
	[CLI_VERSION] = { "version", 0, VT_OPT_FLAG, NULL, NULL,
	    VT_N_("show the versions of the program and its libraries"), 0 },
	[CLI_QUIET] = { "quiet", 'q', VT_OPT_FLAG, NULL, NULL,
	    VT_N_("no warnings, no progress"), 0 },
	[CLI_VERBOSE] = { "verbose", 'v', VT_OPT_FLAG, NULL, NULL,
	    VT_N_("say what is done"), 0 },
	[CLI_JSON] = { "json", 'j', VT_OPT_FLAG, NULL, NULL,
	    VT_N_("results as lines of JSON"), 0 },
	[CLI_COMPLETION] = { "completion", 0, VT_OPT_STR, NULL, NULL, NULL, 0 },
	VT_OPT_END,
};

enum vt_exit
vt_exit_worst(enum vt_exit a, enum vt_exit b)
{
	static const enum vt_exit order[] = { VT_EXIT_USAGE, VT_EXIT_LOCAL,
		VT_EXIT_KEY, VT_EXIT_INPUT, VT_EXIT_REFUSED, VT_EXIT_REMOTE,
		VT_EXIT_NO, VT_EXIT_UNDECIDED, VT_EXIT_OK };
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return VT_EXIT_LOCAL;
}

enum vt_exit
vt_exit_of(enum vt_code code)
{
	switch (code) {
	case VT_OK:
		return VT_EXIT_OK;
	case VT_EARG:
		return VT_EXIT_USAGE;
	case VT_EFORMAT:
	case VT_EUNSUPPORTED:
	case VT_ELIMIT:
		return VT_EXIT_INPUT;
	case VT_ENOTFOUND:
		return VT_EXIT_NO;
	case VT_EKEY:
		return VT_EXIT_KEY;
	case VT_ENET:
	case VT_EBUSY:
		return VT_EXIT_REMOTE;
	case VT_EREFUSED:
		return VT_EXIT_REFUSED;
	case VT_ENOMEM:
	case VT_EIO:
	case VT_EEXISTS:
	case VT_ECRYPTO:
	case VT_NCODES:
		break;
	}
	return VT_EXIT_LOCAL;
}

/* What one run of the parser has seen. */
struct parse {
	struct vt_cli *cli;
	bool common[CLI_NCOMMON]; /* which of vt_cli_common were used */
	const char *completion;
	const char *verb; /* as it was written */
	bool failed;
};

/* An option of the tool or of all tools. */
struct slot {
	const struct vt_opt *opt;
	bool *given;
	int common; /* index in vt_cli_common, or -1 */
};

static void VT_PRINTF(2, 3) wrong_usage(struct parse *p, const char *msgid, ...)
{
	char *s = NULL;
	va_list ap;

	va_start(ap, msgid);
	if (vasprintf(&s, vt_tr(msgid), ap) < 0)
		s = NULL;
	va_end(ap);
	if (!p->failed) /* one error is enough */
		vt_cli_usage_text(p->cli, s != NULL ? s : vt_tr(msgid));
	p->failed = true;
	free(s);
}

static bool
slot_of(struct parse *p, const struct vt_opt *table, size_t i, struct slot *ret)
{
	bool common = table == vt_cli_common;

	ret->opt = &table[i];
	ret->given = common ? &p->common[i] : &p->cli->given[i];
	ret->common = common ? (int)i : -1;
	return true;
}

/* By NAME (LEN bytes), or by LETTER where NAME is NULL. */
static bool
find_option(struct parse *p, const char *name, size_t len, int letter,
    struct slot *ret)
{
	const struct vt_opt *tables[2] = { p->cli->spec->opts, vt_cli_common };
	const struct vt_opt *t;
	size_t n, i;

	for (n = 0; n < 2; n++) {
		if ((t = tables[n]) == NULL)
			continue;
		for (i = 0; t[i].kind != VT_OPT_LAST; i++) {
			if (name == NULL && t[i].letter == letter)
				return slot_of(p, t, i, ret);
			if (name != NULL && strlen(t[i].name) == len &&
			    strncmp(t[i].name, name, len) == 0)
				return slot_of(p, t, i, ret);
		}
	}
	return false;
}

static bool
parse_int(const char *text, int64_t *ret)
{
	int64_t n = 0;
	int digit;

	if (text[0] == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		digit = *text - '0';
		if (n > (INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*ret = n;
	return true;
}

static void
set_common(struct parse *p, int which, const char *value)
{
	struct vt_cli *cli = p->cli;

	switch (which) {
	case CLI_HOME:
		if (value[0] == '\0')
			wrong_usage(p, "--home needs a folder");
		cli->home = value;
		cli->home_given = cli->home_option = true;
		break;
	case CLI_QUIET:
		cli->quiet = true;
		break;
	case CLI_VERBOSE:
		cli->verbose = true;
		break;
	case CLI_JSON:
		cli->json = true;
		break;
	case CLI_COMPLETION:
		p->completion = value;
		break;
	default: /* --help and --version wait until all is read */
		break;
	}
}

static void
set_option(struct parse *p, const struct slot *slot, const char *value)
{
	const struct vt_opt *opt = slot->opt;

	if (*slot->given && opt->kind != VT_OPT_FLAG &&
	    opt->kind != VT_OPT_LIST) {
		wrong_usage(p, "--%s is there twice", opt->name);
		return;
	}
	*slot->given = true;
	if (slot->common >= 0) {
		set_common(p, slot->common, value);
		return;
	}
	switch (opt->kind) {
	case VT_OPT_FLAG:
		*(bool *)opt->value = true;
		break;
	case VT_OPT_STR:
		*(const char **)opt->value = value;
		break;
	case VT_OPT_SECRET:
		/* not shown: it may well be the passphrase itself */
		if (!vt_cli_secret_known(value))
			wrong_usage(p,
			    "a passphrase comes by tty:, file:PATH, fd:N or "
			    "env:NAME, never as an argument");
		*(const char **)opt->value = value;
		break;
	case VT_OPT_LIST:
		if (vt_list_add(opt->value, value, NULL) != VT_OK)
			wrong_usage(p, "out of memory");
		break;
	case VT_OPT_INT:
		if (!parse_int(value, opt->value))
			wrong_usage(p, "--%s: %s is not a number", opt->name,
			    value);
		break;
	case VT_OPT_TIME:
		if (!vt_time_parse(value, opt->value))
			wrong_usage(p,
			    "--%s: %s is not a time like "
			    "2026-11-23T09:15:30+07:00 or 2026-11-23",
			    opt->name, value);
		break;
	case VT_OPT_DATE:
		if (!vt_date_parse(value, opt->value))
			wrong_usage(p, "--%s: %s is not a date like 2026-11-23",
			    opt->name, value);
		break;
	case VT_OPT_LAST:
		break;
	}
}

static void
unknown_option(struct parse *p, const char *arg, size_t len)
{
	const struct vt_opt *tables[2] = { p->cli->spec->opts, vt_cli_common };
	const char *names[256], *near;
	char word[64];
	size_t n = 0, t, i;

	for (t = 0; t < 2; t++)
		for (i = 0; tables[t] != NULL && n < 256 &&
			    tables[t][i].kind != VT_OPT_LAST;
		     i++)
			if (&tables[t][i] != &vt_cli_common[CLI_COMPLETION])
				names[n++] = tables[t][i].name;
	wrong_usage(p, "there is no option --%.*s", (int)len, arg);
	snprintf(word, sizeof(word), "%.*s", (int)(len < 63 ? len : 63), arg);
	if ((near = vt_cli_nearest(word, names, n)) != NULL)
		vt_cli_hint(p->cli, "did you mean --%s?", near);
}

/* "--name", "--name=value", "--name value"; how many arguments were used. */
static int
long_option(struct parse *p, char *const *arg, int left)
{
	const char *name = arg[0] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : NULL;
	struct slot slot;

	if (!find_option(p, name, len, 0, &slot)) {
		unknown_option(p, name, len);
		return 1;
	}
	if (slot.opt->kind == VT_OPT_FLAG) {
		if (value != NULL)
			wrong_usage(p, "--%s takes no value", slot.opt->name);
		else
			set_option(p, &slot, NULL);
		return 1;
	}
	if (value != NULL) {
		set_option(p, &slot, value);
		return 1;
	}
	if (left < 2) {
		wrong_usage(p, "--%s needs a value", slot.opt->name);
		return 1;
	}
	set_option(p, &slot, arg[1]);
	return 2;
}

/* "-q", "-qv", "-o FILE", "-oFILE" */
static int
short_options(struct parse *p, char *const *arg, int left)
{
	const char *s;
	struct slot slot;

	for (s = arg[0] + 1; *s != '\0' && !p->failed; s++) {
		if ((unsigned char)*s >= 0x80 ||
		    !find_option(p, NULL, 0, *s, &slot)) {
			wrong_usage(p, "there is no option -%s", s);
			return 1;
		}
		if (slot.opt->kind == VT_OPT_FLAG) {
			set_option(p, &slot, NULL);
			continue;
		}
		if (s[1] != '\0') {
			set_option(p, &slot, s + 1);
			return 1;
		}
		if (left < 2) {
			wrong_usage(p, "-%c needs a value", *s);
			return 1;
		}
		set_option(p, &slot, arg[1]);
		return 2;
	}
	return 1;
}

static void
take_operand(struct parse *p, char *arg)
{
	const struct vt_verb *verbs = p->cli->spec->verbs;

	if (verbs == NULL || p->verb != NULL) {
		p->cli->argv[p->cli->argc++] = arg;
		return;
	}
	p->verb = arg;
	for (p->cli->verb = 0; verbs[p->cli->verb].name != NULL; p->cli->verb++)
		if (strcmp(verbs[p->cli->verb].name, arg) == 0)
			return;
	p->cli->verb = -1;
}

static void
parse_arguments(struct parse *p, int argc, char *argv[])
{
	bool options = true;
	int i = 1;

	while (i < argc && !p->failed) {
		if (!options || argv[i][0] != '-' || argv[i][1] == '\0')
			take_operand(p, argv[i++]);
		else if (strcmp(argv[i], "--") == 0) {
			options = false;
			i++;
		} else if (argv[i][1] == '-')
			i += long_option(p, argv + i, argc - i);
		else
			i += short_options(p, argv + i, argc - i);
	}
}

static void
unknown_verb(struct parse *p)
{
	const struct vt_verb *verbs = p->cli->spec->verbs;
	const char *names[64], *near;
	size_t n = 0;

	for (; n < 64 && verbs[n].name != NULL; n++)
		names[n] = verbs[n].name;
	wrong_usage(p, "%s is none of the things that this tool does", p->verb);
	if ((near = vt_cli_nearest(p->verb, names, n)) != NULL)
		vt_cli_hint(p->cli, "did you mean %s?", near);
}

/* A verb is there, and takes the options that were given. */
static void
check_verb(struct parse *p)
{
	const struct vt_cli_spec *spec = p->cli->spec;
	const struct vt_opt *opt;
	size_t i;

	if (spec->verbs == NULL || p->failed)
		return;
	if (p->verb == NULL) {
		wrong_usage(p, "what shall be done?");
		return;
	}
	if (p->cli->verb < 0) {
		unknown_verb(p);
		return;
	}
	for (i = 0; spec->opts != NULL && spec->opts[i].kind != VT_OPT_LAST;
	     i++) {
		opt = &spec->opts[i];
		if (p->cli->given[i] && opt->verbs != 0 &&
		    (opt->verbs & 1u << p->cli->verb) == 0)
			wrong_usage(p, "%s takes no --%s", p->verb, opt->name);
	}
}

/*
 * The language must be known before the first message, so two things are
 * looked for ahead: the office, and whether failures are wanted as objects.
 */
static void
look_ahead(struct vt_cli *cli, int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--home") == 0 && i + 1 < argc)
			cli->home = argv[++i];
		else if (strncmp(argv[i], "--home=", 7) == 0)
			cli->home = argv[i] + 7;
		else if (strcmp(argv[i], "--json") == 0 ||
			 strcmp(argv[i], "-j") == 0)
			cli->json = true;
	}
}

static void
find_home(struct vt_cli *cli)
{
	const char *home = getenv("VANTHU_HOME");

	cli->home = HOME_UNLESS_SAID;
	if (home != NULL && home[0] != '\0') {
		cli->home = home;
		cli->home_given = true;
	}
}

/*
 * A descriptor that the caller closed would be given to the next file that is
 * opened, and messages would go there.  Writing to this one fails.
 */
static void
keep_standard_streams(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", O_RDONLY);
	/* A reader that is gone, a file too large: errors, not our end. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static bool
options_count(struct vt_cli *cli, int argc)
{
	size_t n = 0;

	while (
	    cli->spec->opts != NULL && cli->spec->opts[n].kind != VT_OPT_LAST)
		n++;
	cli->given = calloc(n + 1, sizeof(*cli->given));
	cli->argv = calloc((size_t)argc + 1, sizeof(*cli->argv));
	return cli->given != NULL && cli->argv != NULL;
}

bool
vt_cli_init(struct vt_cli *cli, const struct vt_cli_spec *spec, int argc,
    char *argv[])
{
	struct parse p = { .cli = cli };

	memset(cli, 0, sizeof(*cli));
	cli->spec = spec;
	cli->verb = -1;
	keep_standard_streams();
	find_home(cli);
	look_ahead(cli, argc, argv);
	vt_cli_language_set(spec->language, cli->home);
	find_home(cli);
	if (!options_count(cli, argc)) {
		vt_cli_say(cli, NULL, NULL, vt_tr("out of memory"));
		vt_cli_note(cli, VT_EXIT_LOCAL);
		return false;
	}
	parse_arguments(&p, argc, argv);
	if (p.failed)
		return false;
	cli->json = p.common[CLI_JSON]; /* not just a value that looks so */
	if (p.common[CLI_HELP]) {
		vt_cli_help(spec);
		return false;
	}
	if (p.common[CLI_VERSION]) {
		vt_cli_version(spec);
		return false;
	}
	if (p.completion != NULL) {
		if (!vt_cli_completion(spec, p.completion))
			wrong_usage(&p, "no completion for the shell %s",
			    p.completion);
		return false;
	}
	check_verb(&p);
	return !p.failed;
}

bool
vt_cli_given(const struct vt_cli *cli, const char *name)
{
	const struct vt_opt *opts = cli->spec->opts;
	size_t i;

	for (i = 0; opts != NULL && opts[i].kind != VT_OPT_LAST; i++)
		if (strcmp(opts[i].name, name) == 0)
			return cli->given[i];
	return false;
}
