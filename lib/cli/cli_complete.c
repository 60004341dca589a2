/* cli_complete.c - what a shell needs to complete a tool's command line */
#include <stdio.h>
#include <string.h>

#include "cli_int.h"

/* "vanthu-verify" as the name of a function. */
static void
put_function(const char *program)
{
	putchar('_');
	for (; *program != '\0'; program++)
		putchar(*program == '-' ? '_' : *program);
}

/* A pattern that matches OPT with its value to come: "--name|-n". */
static void
put_pattern(const struct vt_opt *opt)
{
	printf("\t--%s", opt->name);
	if (opt->letter != 0)
		printf("|-%c", opt->letter);
	printf(")\n");
}

/* "person|agency": the values themselves, not a word for them. */
static bool
is_choice(const char *arg)
{
	return strchr(arg, '|') != NULL &&
	       strspn(arg, "abcdefghijklmnopqrstuvwxyz0123456789|-") ==
		   strlen(arg);
}

static void
put_value(const struct vt_opt *opt)
{
	const char *arg = opt->arg != NULL ? opt->arg : "", *p;

	if (opt->kind == VT_OPT_FLAG || opt->name == NULL)
		return;
	put_pattern(opt);
	if (is_choice(arg)) {
		printf("\t\tCOMPREPLY=($(compgen -W '");
		for (p = arg; *p != '\0'; p++)
			putchar(*p == '|' ? ' ' : *p);
		printf("' -- \"$cur\"))\n");
	} else if (strcmp(arg, "DIR") == 0) {
		printf(
		    "\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n");
	} else if (strstr(arg, "FILE") != NULL || strstr(arg, "DIR") != NULL) {
		printf(
		    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n");
	}
	printf("\t\treturn\n\t\t;;\n");
}

static void
put_values(const struct vt_opt *opts)
{
	for (; opts != NULL && opts->kind != VT_OPT_LAST; opts++)
		if (opts != &vt_cli_common[CLI_COMPLETION])
			put_value(opts);
}

/* The options that verb I takes, or (-1) all verbs; blanks between. */
static void
put_options(const struct vt_opt *opts, int verb)
{
	for (; opts != NULL && opts->kind != VT_OPT_LAST; opts++) {
		if (opts == &vt_cli_common[CLI_COMPLETION])
			continue;
		if (verb < 0 ? opts->verbs != 0
			     : (opts->verbs & 1u << verb) == 0)
			continue;
		printf(" --%s", opts->name);
		if (opts->letter != 0)
			printf(" -%c", opts->letter);
	}
}

static void
put_verbs(const struct vt_cli_spec *spec)
{
	const struct vt_verb *v = spec->verbs;
	int i;

	printf("\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	       "\t\tcase $word in\n\t\t");
	for (i = 0; v[i].name != NULL; i++)
		printf("%s%s", i > 0 ? "|" : "", v[i].name);
	printf(")\n\t\t\tverb=$word\n\t\t\tbreak\n\t\t\t;;\n"
	       "\t\tesac\n\tdone\n\tcase $verb in\n");
	for (i = 0; v[i].name != NULL; i++) {
		printf("\t%s)\n\t\topts+='", v[i].name);
		put_options(spec->opts, i);
		printf("'\n\t\t;;\n");
	}
	printf("\t'')\n\t\tverbs='");
	for (i = 0; v[i].name != NULL; i++)
		printf("%s%s", i > 0 ? " " : "", v[i].name);
	printf("'\n\t\t;;\n\tesac\n");
}

static void
put_bash(const struct vt_cli_spec *spec)
{
	char program[CLI_PROGRAM_MAX];

	vt_cli_program(spec, program, sizeof(program));
	put_function(program);
	printf("()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tlocal word verb= verbs= opts='");
	put_options(spec->opts, -1);
	put_options(vt_cli_common, -1);
	printf("'\n\n\tCOMPREPLY=()\n\tcase $prev in\n");
	put_values(spec->opts);
	put_values(vt_cli_common);
	printf("\tesac\n");
	if (spec->verbs != NULL)
		put_verbs(spec);
	printf("\tcase $cur in\n"
	       "\t-*)\n\t\tCOMPREPLY=($(compgen -W \"$opts\" -- \"$cur\"))\n"
	       "\t\treturn\n\t\t;;\n\tesac\n"
	       "\tif [ -n \"$verbs\" ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"$verbs\" -- \"$cur\"))\n"
	       "\telse\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	       "\tfi\n}\ncomplete -o filenames -F ");
	put_function(program);
	printf(" %s\n", program);
}

bool
vt_cli_completion(const struct vt_cli_spec *spec, const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		put_bash(spec);
	else if (strcmp(shell, "summary") == 0) /* for vanthu --help */
		printf("%s\n", vt_tr(spec->summary));
	else
		return false;
	return true;
}
