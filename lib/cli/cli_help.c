/* cli_help.c - usage, --help and --version, from the tool's table */
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_int.h"
#include "vanthu/text.h"

#define COLUMNS 79
#define HELP_AT 26 /* where the explanations start */

/* "add FILE..." */
static void
print_operands(FILE *f, const char *operands)
{
	if (operands != NULL && operands[0] != '\0')
		fprintf(f, " %s", vt_tr(operands));
	fputc('\n', f);
}

void
vt_cli_synopsis(const struct vt_cli_spec *spec, int verb, void *stream)
{
	const struct vt_verb *v = spec->verbs;
	char program[CLI_PROGRAM_MAX];
	FILE *f = stream;

	vt_cli_program(spec, program, sizeof(program));
	if (v == NULL) {
		fprintf(f, vt_tr("usage: %s [OPTION...]"), program);
		print_operands(f, spec->operands);
		return;
	}
	if (verb >= 0) {
		fprintf(f, vt_tr("usage: %s %s [OPTION...]"), program,
		    v[verb].name);
		print_operands(f, v[verb].operands);
		return;
	}
	fprintf(f, vt_tr("usage: %s VERB [OPTION...]"), program);
	fputc('\n', f);
	for (; v->name != NULL; v++) {
		fprintf(f, "  %s %s", program, v->name);
		print_operands(f, v->operands);
	}
}

/* Words from column AT on, of which the first USED are taken. */
static void
print_wrapped(const char *text, size_t used, size_t at)
{
	size_t column = used, len, width;

	if (used + 2 > at) {
		putchar('\n');
		column = 0;
	}
	for (; column < at; column++)
		putchar(' ');
	while (*text != '\0') {
		len = strcspn(text, " ");
		width = vt_utf8_len(VT_BYTES(text, len));
		if (column > at && column + 1 + width > COLUMNS) {
			printf("\n%*s", (int)at, "");
			column = at;
		} else if (column > at) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)len, text);
		column += width;
		text += len + (text[len] == ' ');
	}
	putchar('\n');
}

/* The verbs that take OPT, in brackets, where not all do. */
static void
put_verbs(struct vt_buf *help, const struct vt_cli_spec *spec,
    const struct vt_opt *opt)
{
	const char *between = " (";
	size_t i;

	for (i = 0; opt->verbs != 0 && spec->verbs[i].name != NULL; i++) {
		if ((opt->verbs & 1u << i) == 0)
			continue;
		(void)vt_buf_printf(help, "%s%s", between, spec->verbs[i].name);
		between = ", ";
	}
	if (between[0] == ',')
		(void)vt_buf_putc(help, ')');
}

static void
print_option(const struct vt_cli_spec *spec, const struct vt_opt *opt)
{
	struct vt_buf head, help;
	bool has_arg = opt->arg != NULL && opt->kind != VT_OPT_FLAG;

	vt_buf_init(&head, CLI_LINE_MAX);
	vt_buf_init(&help, CLI_LINE_MAX);
	/* short of memory, the help is shorter */
	if (opt->letter != 0)
		(void)vt_buf_printf(&head, "  -%c, ", opt->letter);
	else
		(void)vt_buf_puts(&head, "      ");
	(void)vt_buf_printf(&head, "--%s%s%s", opt->name, has_arg ? " " : "",
	    has_arg ? vt_tr(opt->arg) : "");
	(void)vt_buf_puts(&help, vt_tr(opt->help));
	if (opt->kind == VT_OPT_LIST)
		(void)vt_buf_printf(&help, " %s", vt_tr("(may be repeated)"));
	if (spec->verbs != NULL)
		put_verbs(&help, spec, opt);
	fputs(vt_buf_str(&head), stdout);
	print_wrapped(vt_buf_str(&help), vt_utf8_len(vt_buf_bytes(&head)),
	    HELP_AT);
	vt_buf_release(&head);
	vt_buf_release(&help);
}

static void
print_verbs(const struct vt_cli_spec *spec)
{
	const struct vt_verb *v;

	if (spec->verbs == NULL)
		return;
	printf("\n%s\n", vt_tr("verbs:"));
	for (v = spec->verbs; v->name != NULL; v++) {
		printf("  %s", v->name);
		print_wrapped(vt_tr(v->help), 2 + strlen(v->name), HELP_AT);
	}
}

void
vt_cli_help(const struct vt_cli_spec *spec)
{
	char program[CLI_PROGRAM_MAX];
	size_t i;

	vt_cli_program(spec, program, sizeof(program));
	printf("%s: %s\n\n", program, vt_tr(spec->summary));
	vt_cli_synopsis(spec, -1, stdout);
	print_verbs(spec);
	if (spec->opts != NULL && spec->opts[0].kind != VT_OPT_LAST)
		printf("\n%s\n", vt_tr("options:"));
	for (i = 0; spec->opts != NULL && spec->opts[i].kind != VT_OPT_LAST;
	     i++)
		print_option(spec, &spec->opts[i]);
	printf("\n%s\n", vt_tr("options of every tool:"));
	for (i = 0; i < CLI_COMPLETION; i++)
		print_option(spec, &vt_cli_common[i]);
	if (spec->example != NULL)
		printf("\n%s\n  %s\n", vt_tr("example:"), spec->example);
	printf("\n");
	printf(vt_tr("The manual is %s(1); vanthu-exit(7) explains the exit "
		     "status.\n"),
	    program);
}

/* A library that we run with: the name of its file tells its version. */
static int
print_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
	const char *name = strrchr(info->dlpi_name, '/');
	char *path;

	(void)size;
	(void)ctx;
	if (name == NULL || strncmp(name, "/ld-", 4) == 0)
		return 0; /* the program itself, the kernel's part, the loader
			   */
	path = realpath(info->dlpi_name, NULL);
	if (path != NULL)
		name = strrchr(path, '/');
	printf("  %s\n", name + 1);
	free(path);
	return 0;
}

void
vt_cli_version(const struct vt_cli_spec *spec)
{
	char program[CLI_PROGRAM_MAX];

	printf("%s %s\n", vt_cli_program(spec, program, sizeof(program)),
	    VT_VERSION);
	dl_iterate_phdr(print_library, NULL);
}
