/* cli_say.c - results on standard output, messages on standard error */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_int.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/text.h"

void
vt_cli_note(struct vt_cli *cli, enum vt_exit status)
{
	cli->status = vt_exit_worst(cli->status, status);
}

const char *
vt_cli_program(const struct vt_cli_spec *spec, char *out, size_t size)
{
	snprintf(out, size, "%s%s",
	    strcmp(spec->tool, "vanthu") == 0 ? "" : "vanthu-", spec->tool);
	return out;
}

/* To standard output; the first failure is kept for the end. */
static void
put_out(struct vt_cli *cli, struct vt_bytes b)
{
	if (b.len > 0 && fwrite(b.data, 1, b.len, stdout) != b.len &&
	    cli->lost == 0)
		cli->lost = errno != 0 ? errno : EIO;
}

static void
put_line(struct vt_cli *cli, const struct vt_buf *line)
{
	put_out(cli, vt_buf_bytes(line));
}

static void
no_memory(struct vt_cli *cli)
{
	static const char text[] = "vanthu: out of memory\n";

	(void)vt_fd_write(STDERR_FILENO, VT_BYTES_LIT(text), NULL);
	vt_cli_note(cli, VT_EXIT_LOCAL);
}

/* "a: b: c" of the parts that are there, each of them escaped. */
static int
join(struct vt_buf *line, const char *const *parts, size_t n)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++) {
		if (parts[i] == NULL || parts[i][0] == '\0')
			continue;
		if (line->len > 0)
			rc = vt_buf_puts(line, ": ");
		if (rc == VT_OK)
			rc = vt_text_escape(line, vt_bytes_str(parts[i]));
	}
	return rc == VT_OK ? vt_buf_putc(line, '\n') : rc;
}

void
vt_cli_say(struct vt_cli *cli, const char *what, const char *clause,
    const char *text)
{
	char program[CLI_PROGRAM_MAX];
	const char *parts[] = { vt_cli_program(cli->spec, program,
				    sizeof(program)),
		what, clause, text };
	struct vt_buf line;

	vt_cli_progress_end(cli);
	vt_buf_init(&line, CLI_LINE_MAX);
	if (join(&line, parts, 4) == VT_OK)
		/* nothing can be done where even that fails */
		(void)vt_fd_write(STDERR_FILENO, vt_buf_bytes(&line), NULL);
	else
		no_memory(cli);
	vt_buf_release(&line);
}

/* MSGID, translated and formatted; for free(), or NULL. */
static char *VT_PRINTF(2, 0)
    format(struct vt_cli *cli, const char *msgid, va_list ap)
{
	char *text;

	if (vasprintf(&text, vt_tr(msgid), ap) >= 0)
		return text;
	no_memory(cli);
	return NULL;
}

void
vt_cli_line(struct vt_cli *cli, const char *fmt, ...)
{
	struct vt_buf line;
	char *text;
	va_list ap;
	int rc;

	if (cli->json)
		return;
	va_start(ap, fmt);
	rc = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (rc < 0) {
		no_memory(cli);
		return;
	}
	vt_buf_init(&line, CLI_LINE_MAX);
	rc = vt_text_escape(&line, vt_bytes_str(text));
	if (rc == VT_OK)
		rc = vt_buf_putc(&line, '\n');
	if (rc == VT_OK) {
		vt_cli_progress_end(cli);
		put_line(cli, &line);
	} else {
		no_memory(cli);
	}
	vt_buf_release(&line);
	free(text);
}

/* An object with its schema, whether or not --json is set. */
static struct vt_json_out *
object(const struct vt_cli *cli)
{
	struct vt_json_out *o = vt_json_out_new();
	char schema[CLI_PROGRAM_MAX];

	snprintf(schema, sizeof(schema), "vanthu.%s/1", cli->spec->tool);
	vt_json_put_str(o, "schema", schema);
	return o;
}

struct vt_json_out *
vt_cli_json(struct vt_cli *cli)
{
	struct vt_json_out *o;

	if (!cli->json)
		return NULL;
	if ((o = object(cli)) == NULL)
		no_memory(cli);
	return o;
}

void
vt_cli_json_end(struct vt_cli *cli, struct vt_json_out *o)
{
	struct vt_error err = { 0 };
	struct vt_buf line;
	int rc;

	if (o == NULL)
		return;
	vt_buf_init(&line, VT_JSON_MAX + VT_JSON_DEPTH + 1);
	rc = vt_json_write(o, &line, &err);
	if (rc == VT_OK && vt_buf_putc(&line, '\n') != VT_OK)
		rc = vt_error_nomem(&err);
	vt_json_out_free(o);
	if (rc == VT_OK) {
		vt_cli_progress_end(cli);
		put_line(cli, &line);
	} else {
		vt_cli_fail(cli, NULL, &err);
	}
	vt_buf_release(&line);
}

void
vt_cli_repeat(struct vt_cli *cli, const struct vt_cli_said *said)
{
	vt_cli_progress_end(cli);
	put_out(cli, said->out);
	(void)vt_fd_write(STDERR_FILENO, said->err, NULL);
	vt_cli_note(cli, said->status);
	cli->warnings += said->warnings;
}

int64_t
vt_cli_processors(int64_t max)
{
	cpu_set_t set;
	int n;

	/* Those that we may use; sysconf() would open files to count all. */
	n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
	return n < 1 ? 1 : n > max ? max : n;
}

static void
put_error(struct vt_json_out *o, const char *code, const char *clause,
    const char *text)
{
	vt_json_begin_object(o, "error");
	vt_json_put_str(o, "code", code);
	if (clause != NULL && clause[0] != '\0')
		vt_json_put_str(o, "clause", clause);
	vt_json_put_str(o, "message", text);
	vt_json_end(o);
}

void
vt_cli_fail_json(struct vt_cli *cli, const char *what, const char *code,
    const char *clause, const char *text)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o == NULL)
		return;
	if (what != NULL)
		vt_json_put_str(o, "file", what);
	put_error(o, code, clause, text);
	vt_cli_json_end(cli, o);
}

void
vt_cli_fail_with(struct vt_cli *cli, struct vt_json_out *o, const char *what,
    const struct vt_error *err)
{
	vt_cli_note(cli, vt_exit_of(err->code));
	vt_cli_say(cli, what, err->clause, err->text);
	if (o != NULL)
		put_error(o, vt_code_name(err->code), err->clause, err->text);
}

void
vt_cli_fail(struct vt_cli *cli, const char *what, const struct vt_error *err)
{
	/* a function that failed without a word */
	bool silent = err->code == VT_OK || err->text[0] == '\0';
	const char *text =
	    silent ? vt_tr("it failed, and nothing says why") : err->text;

	vt_cli_note(cli,
	    err->code == VT_OK ? VT_EXIT_LOCAL : vt_exit_of(err->code));
	vt_cli_say(cli, what, err->clause, text);
	vt_cli_fail_json(cli, what, vt_code_name(err->code), err->clause, text);
}

void
vt_cli_usage_text(struct vt_cli *cli, const char *text)
{
	char program[CLI_PROGRAM_MAX];

	vt_cli_note(cli, VT_EXIT_USAGE);
	vt_cli_say(cli, NULL, NULL, text);
	vt_cli_fail_json(cli, NULL, "usage", NULL, text);
	vt_cli_synopsis(cli->spec, cli->verb, stderr);
	vt_cli_hint(cli, "%s --help says more",
	    vt_cli_program(cli->spec, program, sizeof(program)));
}

void
vt_cli_usage(struct vt_cli *cli, const char *msgid, ...)
{
	va_list ap;
	char *text;

	va_start(ap, msgid);
	text = format(cli, msgid, ap);
	va_end(ap);
	vt_cli_usage_text(cli, text != NULL ? text : vt_tr(msgid));
	free(text);
}

void
vt_cli_warn(struct vt_cli *cli, const char *what, const char *msgid, ...)
{
	va_list ap;
	char *text;

	cli->warnings++;
	if (cli->quiet)
		return;
	va_start(ap, msgid);
	text = format(cli, msgid, ap);
	va_end(ap);
	if (text != NULL)
		vt_cli_say(cli, what, vt_tr("warning"), text);
	free(text);
}

void
vt_cli_info(struct vt_cli *cli, const char *msgid, ...)
{
	va_list ap;
	char *text;

	if (!cli->verbose)
		return;
	va_start(ap, msgid);
	text = format(cli, msgid, ap);
	va_end(ap);
	if (text != NULL)
		vt_cli_say(cli, NULL, NULL, text);
	free(text);
}

void
vt_cli_hint(struct vt_cli *cli, const char *msgid, ...)
{
	va_list ap;
	char *text;

	va_start(ap, msgid);
	text = format(cli, msgid, ap);
	va_end(ap);
	if (text != NULL)
		vt_cli_say(cli, vt_tr("hint"), NULL, text);
	free(text);
}

int
vt_cli_finish(struct vt_cli *cli)
{
	struct vt_error err = { 0 };

	vt_cli_progress_end(cli);
	errno = 0;
	/* a full disk may be told as late as by close() */
	if ((fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) &&
	    cli->lost == 0)
		cli->lost = errno != 0 ? errno : EIO;
	if (cli->lost != 0) {
		errno = cli->lost;
		vt_error_io(&err, "the results could not be written");
		vt_cli_say(cli, NULL, NULL, err.text);
		vt_cli_note(cli, VT_EXIT_LOCAL);
	}
	free(cli->argv);
	free(cli->given);
	cli->argv = NULL;
	cli->given = NULL;
	cli->argc = 0;
	vt_cli_language_release();
	return (int)cli->status;
}
