/* vanthu-pack: files and a header into an edXML file */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "meta.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/record.h"
#include "vanthu/source.h"

#define QCVN "QCVN 102:2016"

/* Where the envelope goes, with what is told of it. */
struct target {
	const char *path;
	struct vt_out *out; /* NULL: standard output, or done */
	bool to_stdout;
	struct vt_sha256 *digest; /* NULL: nobody asks for it */
	uint64_t size;
};

static int
put(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct target *t = ctx;
	int rc;

	if (t->digest != NULL &&
	    (rc = vt_sha256_update(t->digest, piece, err)) != VT_OK)
		return rc;
	t->size += piece.len;
	return t->to_stdout ? vt_fd_write(STDOUT_FILENO, piece, err)
			    : vt_out_write(t->out, piece, err);
}

static int
make_document_id(struct vt_envelope *env, struct vt_error *err)
{
	struct vt_buf code;
	char *id = NULL;
	int rc;

	if (env->document_id != NULL || env->from.id == NULL ||
	    env->code_number == NULL || env->date.year == 0)
		return VT_OK; /* what is missing is told in writing */
	vt_buf_init(&code, 4 * VT_ENVELOPE_TEXT_MAX);
	rc = vt_buf_printf(&code, "%s%s%s", env->code_number,
	    env->code_notation != NULL ? "/" : "",
	    env->code_notation != NULL ? env->code_notation : "");
	if (rc == VT_OK)
		rc = vt_record_document_id(env->from.id, env->date,
		    vt_buf_str(&code), &id, err);
	else
		rc = vt_error_nomem(err);
	vt_buf_release(&code);
	if (rc == VT_OK)
		env->document_id = id;
	return rc;
}

/* What the regulation asks for and the clock can give. */
static int
complete(struct vt_envelope *env, struct vt_error *err)
{
	enum vt_status status;
	struct vt_trace *trace;
	int rc;

	if (env->kind == VT_ENVELOPE_STATUS) {
		if (env->status.code != NULL &&
		    !vt_status_parse(env->status.code, &status))
			return vt_error_set(err, VT_EARG, QCVN,
			    "StatusCode %s has no meaning", env->status.code);
		if (env->status.time == VT_TIME_NONE)
			env->status.time = vt_time_now();
		return VT_OK;
	}
	if ((rc = make_document_id(env, err)) != VT_OK || env->ntrace > 0)
		return rc;
	if ((rc = vt_envelope_add_trace(env, &trace, err)) != VT_OK)
		return rc;
	trace->time = vt_time_now();
	return vt_envelope_set(&trace->organ_id, env->from.id, err);
}

static void
report(struct vt_cli *cli, const struct vt_envelope *env,
    const struct target *t, const unsigned char *digest)
{
	struct vt_json_out *o;

	if (t->to_stdout)
		return;
	if (cli->json) {
		o = vt_cli_json(cli);
		vt_json_put_str(o, "file", t->path);
		vt_json_put_str(o, "kind", vt_envelope_kind_name(env->kind));
		vt_json_put_str(o, "document_id",
		    env->kind == VT_ENVELOPE_STATUS
			? env->response_for[0].document_id
			: env->document_id);
		vt_json_put_int(o, "size", (int64_t)t->size);
		vt_json_put_sha256(o, "sha256", digest);
		vt_cli_json_end(cli, o);
	} else if (env->kind == VT_ENVELOPE_DOCUMENT) {
		vt_cli_line(cli, "%s", env->document_id);
	}
}

static int
open_files(struct vt_cli *cli, struct vt_envelope_file *files)
{
	struct vt_error err = { 0 };
	struct vt_source *src;
	int i;

	for (i = 0; i < cli->argc; i++) {
		src = NULL;
		if (vt_source_open_document(cli->argv[i], NULL, &src, &err) !=
		    VT_OK) {
			vt_cli_fail(cli, cli->argv[i], &err);
			return -1;
		}
		files[i].name = cli->argv[i];
		files[i].content = src;
	}
	return 0;
}

/* The folder for what does not fit in memory: where the result will be. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int
write_envelope(struct vt_cli *cli, struct target *t,
    const struct vt_envelope *env, const struct vt_envelope_file *files,
    struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	char *dir = NULL;
	int rc;

	if (!t->to_stdout && (dir = folder_of(t->path)) == NULL)
		return vt_error_nomem(err);
	rc = vt_envelope_write(env, files, (size_t)cli->argc, dir, put, t, err);
	free(dir);
	if (rc == VT_OK && t->digest != NULL)
		rc = vt_sha256_final(t->digest, digest, err);
	if (rc == VT_OK && !t->to_stdout) {
		rc = vt_out_commit(t->out, err);
		t->out = NULL;
	}
	if (rc == VT_OK)
		report(cli, env, t, digest);
	return rc;
}

static void
pack(struct vt_cli *cli, const char *meta, const char *output)
{
	struct target t = { .path = output,
		.to_stdout = strcmp(output, "-") == 0 };
	struct vt_envelope_file *files = NULL;
	struct vt_error err = { 0 };
	struct vt_envelope env;
	const char *what = meta;
	int rc, i;

	vt_envelope_init(&env);
	if ((rc = meta_read(meta, &env, &err)) != VT_OK)
		goto out;
	if (env.kind == VT_ENVELOPE_STATUS && cli->argc > 0) {
		vt_cli_usage(cli, "a status message takes no file");
		goto done;
	}
	if ((files = calloc((size_t)cli->argc + 1, sizeof(*files))) == NULL) {
		rc = vt_error_nomem(&err);
		goto out;
	}
	if (open_files(cli, files) != 0)
		goto done;
	if ((rc = complete(&env, &err)) == VT_EARG)
		err.code = VT_EFORMAT; /* not the command line's fault */
	if (rc == VT_OK && cli->json)
		rc = vt_sha256_new(&t.digest, &err);
	if (rc != VT_OK)
		goto out;
	what = output;
	if (!t.to_stdout && (rc = vt_out_open(output, &t.out, &err)) != VT_OK)
		goto out;
	rc = write_envelope(cli, &t, &env, files, &err);
	if (rc == VT_EARG) { /* not the command line's fault */
		err.code = VT_EFORMAT;
		what = meta;
	}
out:
	if (rc != VT_OK)
		vt_cli_fail(cli, what, &err);
done:
	vt_out_abort(t.out);
	vt_sha256_free(t.digest);
	for (i = 0; files != NULL && i < cli->argc; i++)
		vt_source_free(files[i].content);
	free(files);
	vt_envelope_release(&env);
}

static bool
sound(struct vt_cli *cli, const char *meta, const char *output)
{
	int i;

	if (meta == NULL || output == NULL) {
		vt_cli_usage(cli, "what is missing: --meta FILE.json or "
				  "-o FILE.edxml");
		return false;
	}
	if (strcmp(output, "-") == 0 && cli->json) {
		vt_cli_usage(cli, "-o - leaves no place for --json");
		return false;
	}
	for (i = 0; i < cli->argc; i++)
		if (strcmp(cli->argv[i], "-") == 0) {
			vt_cli_usage(cli, "an attachment needs a name: "
					  "standard input has none");
			return false;
		}
	return true;
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	const char *meta = NULL, *output = NULL;
	const struct vt_opt table[] = {
		{ "meta", 0, VT_OPT_STR, &meta, VT_N_("FILE.json"),
		    VT_N_("what the header holds"), 0 },
		{ "output", 'o', VT_OPT_STR, &output, VT_N_("FILE.edxml"),
		    VT_N_("the file to be made"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "pack",
		.summary = VT_N_("make an edXML file"),
		.operands = VT_N_("FILE..."),
		.opts = table,
		.language = vt_conf_language,
		.example =
		    "vanthu pack --meta letter.json -o letter.edxml letter.pdf",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv) && sound(&cli, meta, output))
		pack(&cli, meta, output);
	return vt_cli_finish(&cli);
}
