/* operand.c - one operand: a file, or a record of the office */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/office_extend.h"
#include "vanthu/office_sign.h"
#include "vanthu/record.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

static const char *
format_word(enum vt_sign_format format)
{
	return format == VT_SIGN_PDF   ? "pdf"
	       : format == VT_SIGN_XML ? "xml"
				       : "cms";
}

void
sign_show(struct vt_cli *cli, const struct sign_plan *plan, const char *operand,
    const char *output, const struct vt_sign_result *res,
    const struct vt_office_signed *record)
{
	struct vt_json_out *o = vt_cli_json(cli);
	size_t i;

	vt_json_put_str(o, "file", operand);
	if (record != NULL)
		vt_json_put_str(o, "ref", record->ref);
	vt_json_put_str(o, "output", output);
	vt_json_put_str(o, "format", format_word(res->format));
	vt_json_put_str(o, "level", vt_level_name(plan->opts->level));
	if (strcmp(format_word(res->format), "cms") == 0)
		vt_json_put_bool(o, "attached",
		    res->format == VT_SIGN_ATTACHED ||
			res->format == VT_SIGN_MORE_ATTACHED);
	vt_json_put_int(o, "size", (int64_t)res->size);
	if (record != NULL) {
		vt_json_put_sha256(o, "sha256", record->sha256);
		vt_json_put_int(o, "version", record->version);
		vt_json_put_str(o, "verdict", record->verdict);
	}
	vt_json_put_time(o, "claimed_time", res->time);
	vt_json_put_str(o, "signer", vt_cert_title(plan->opts->signer->cert));
	vt_json_begin_array(o, "warnings");
	for (i = 0; i < res->nwarnings; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "code", res->warnings[i].code);
		vt_json_put_str(o, "message", res->warnings[i].text);
		vt_json_end(o);
	}
	vt_json_end(o);
	vt_cli_json_end(cli, o);

	for (i = 0; i < res->nwarnings; i++)
		vt_cli_warn(cli, operand, "%s", res->warnings[i].text);
	if (record != NULL)
		vt_cli_line(cli, vt_tr("%s: signed, version %d of %s"),
		    record->ref, record->version, record->name);
	else if (strcmp(output, "-") != 0)
		vt_cli_line(cli, vt_tr("%s: signed as %s"), operand, output);
}

/*
 * Of an attachment the office, where there is one, knows whose it is; without
 * one nobody does, and that is warned of.
 */
static int
attachment_facts(struct vt_cli *cli, struct vt_source *src,
    struct sign_plan *plan, struct vt_error *err)
{
	int rc;

	plan->opts->document_seen = false;
	if (plan->opts->role != VT_SIGN_ATTACHMENT || !sign_has_office(cli))
		return VT_OK;
	if ((rc = sign_open_office(cli, plan, err)) != VT_OK)
		return rc;
	return vt_office_sign_attached(plan->office, src, plan->opts, err);
}

static int
file_to(struct vt_source *src, const char *output, struct sign_plan *plan,
    struct vt_sign_result *res, struct vt_error *err)
{
	bool to_stdout = strcmp(output, "-") == 0;
	struct vt_out *out = NULL;
	char spool[64];
	int rc;

	/* What goes to standard output is made first; it gets no name. */
	snprintf(spool, sizeof(spool), "/var/tmp/vanthu-sign.%ld.%lld",
	    (long)getpid(), (long long)vt_time_now());
	if ((rc = vt_office_sign_facts(src, plan->opts, err)) != VT_OK ||
	    (rc = vt_office_sign_source(src, to_stdout ? spool : output,
		 plan->opts, &out, res, err)) != VT_OK)
		return rc;
	if (!to_stdout && !plan->folder_later)
		return vt_out_commit(out, err);
	if (!to_stdout) {
		if ((plan->pending = strdup(output)) == NULL) {
			vt_out_abort(out);
			return vt_error_nomem(err);
		}
		if ((rc = vt_out_commit_name(out, err)) != VT_OK) {
			free(plan->pending);
			plan->pending = NULL;
		}
		return rc;
	}
	rc = vt_out_copy(out, STDOUT_FILENO, err);
	vt_out_abort(out);
	return rc;
}

/* What an earlier run made is what was asked for. */
static void
show_found(struct vt_cli *cli, const struct sign_plan *plan, const char *path,
    const char *output, enum vt_sign_format format,
    const struct sign_found *found)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_str(o, "file", path);
	vt_json_put_str(o, "output", output);
	vt_json_put_bool(o, "already", true);
	vt_json_put_str(o, "format", format_word(format));
	vt_json_put_str(o, "level",
	    found->level[0] != '\0' ? found->level : NULL);
	vt_json_put_int(o, "size", (int64_t)found->size);
	vt_json_put_time(o, "claimed_time", found->time);
	vt_json_put_str(o, "signer", vt_cert_title(plan->opts->signer->cert));
	vt_cli_json_end(cli, o);
	vt_cli_line(cli, vt_tr("%s: signed already as %s"), path, output);
}

/* What the detached signature PATH signs. */
static int
open_content(const char *path, const struct sign_plan *plan,
    struct vt_source **ret, struct vt_error *err)
{
	char *beside = NULL;
	const char *name = plan->content;
	int rc;

	if (name == NULL)
		name = beside = vt_verify_content_beside(path);
	if (name == NULL)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "which file does it sign? its name does not say; "
		    "--content FILE does");
	else if ((rc = vt_source_open(name, ret, err)) != VT_OK)
		vt_error_prefix(err, name);
	free(beside);
	return rc;
}

/* What may help, where a PDF cannot be signed as it is. */
static void
next_step(struct vt_cli *cli, const struct sign_plan *plan,
    enum vt_sign_format format, const struct vt_error *err)
{
	if (format != VT_SIGN_PDF)
		return;
	if (err->code == VT_EFORMAT && !plan->opts->repair)
		vt_cli_hint(cli, "where only its cross-reference is damaged, "
				 "--repair may help");
	else if (err->code == VT_EKEY && plan->opts->pdf_password->len == 0 &&
		 strcmp(err->clause, "ISO 32000-2, 7.6.4") == 0)
		vt_cli_hint(cli, "--pdf-password METHOD:ARG says where its "
				 "password is");
}

static enum sign_outcome
sign_file(struct vt_cli *cli, struct sign_plan *plan, const char *path)
{
	struct vt_error err = { 0 };
	struct vt_sign_result res = { 0 };
	struct vt_source *src = NULL, *content = NULL;
	struct sign_found found = { 0 };
	enum vt_sign_format format = VT_SIGN_DETACHED;
	const char *output = NULL;
	char *name = NULL;
	int rc;

	plan->opts->name = path;
	if ((rc = vt_source_open_document(path, &plan->room, &src, &err)) !=
		VT_OK ||
	    (rc = vt_sign_format_of(src, plan->opts, &format, &err)) != VT_OK)
		goto out;
	if (format == VT_SIGN_MORE_DETACHED &&
	    (rc = open_content(path, plan, &content, &err)) != VT_OK)
		goto out;
	plan->opts->content = content;
	if (plan->output == NULL &&
	    (name = vt_sign_name(path, plan->output_dir, format)) == NULL) {
		rc = vt_error_nomem(&err);
		goto out;
	}
	output = name != NULL ? name : plan->output;
	if ((rc = sign_again(src, output, plan, format, &found, &err)) ==
		VT_OK &&
	    !found.already &&
	    (rc = attachment_facts(cli, src, plan, &err)) == VT_OK)
		rc = file_to(src, output, plan, &res, &err);
out:
	if (rc != VT_OK) {
		vt_cli_fail(cli, path, &err);
		next_step(cli, plan, format, &err);
	} else if (found.already)
		show_found(cli, plan, path, output, format, &found);
	else
		sign_show(cli, plan, path, output, &res, NULL);
	free(name);
	vt_source_free(src);
	vt_source_free(content);
	plan->opts->content = NULL;
	return rc != VT_OK     ? SIGN_FAILED
	       : found.already ? SIGN_ALREADY
			       : SIGN_DONE;
}

enum sign_outcome
sign_operand(struct vt_cli *cli, struct sign_plan *plan, const char *operand)
{
	struct vt_ref ref;

	if (vt_ref_parse(operand, false, &ref))
		return sign_record(cli, plan, operand);
	return sign_file(cli, plan, operand);
}
