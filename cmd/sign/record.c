/* record.c - an operand that is a record of the office */
#include <stdlib.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_sign.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"

bool
sign_has_office(const struct vt_cli *cli)
{
	char *path = vt_path_join(cli->home, VT_CONF_NAME);
	bool has = path != NULL && access(path, R_OK) == 0;

	free(path);
	return has;
}

int
sign_open_office(struct vt_cli *cli, struct sign_plan *plan,
    struct vt_error *err)
{
	char who[256];

	if (plan->office != NULL)
		return VT_OK;
	return vt_office_open(cli->home, sign_operator(who, sizeof(who)),
	    &plan->office, err);
}

/* What an earlier run made is what was asked for. */
static void
show_kept(struct vt_cli *cli, const struct sign_plan *plan, const char *ref,
    const struct vt_office_signed *kept)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_str(o, "file", ref);
	vt_json_put_str(o, "ref", kept->ref);
	vt_json_put_str(o, "output", kept->name);
	vt_json_put_bool(o, "already", true);
	vt_json_put_int(o, "size", (int64_t)kept->size);
	vt_json_put_sha256(o, "sha256", kept->sha256);
	vt_json_put_int(o, "version", kept->version);
	vt_json_put_str(o, "signer", vt_cert_title(plan->opts->signer->cert));
	vt_cli_json_end(cli, o);
	vt_cli_line(cli, vt_tr("%s: signed already, version %d of %s"),
	    kept->ref, kept->version, kept->name);
}

/* The file SEQ of the record; where it is derived, SEQ says nothing. */
static enum sign_outcome
sign_one(struct vt_cli *cli, struct sign_plan *plan, const char *ref, int seq)
{
	struct vt_office_signed done = { 0 };
	struct vt_sign_result res = { 0 };
	struct vt_error err = { 0 };
	bool derives = plan->opts->role > VT_SIGN_ATTACHMENT;
	int rc;

	rc = derives ? vt_office_derive(plan->office, ref, plan->opts, &res,
			   &done, &err)
		     : vt_office_sign_record(plan->office, ref, seq, plan->opts,
			   &res, &done, &err);
	if (rc != VT_OK)
		vt_cli_fail(cli, ref, &err);
	else if (done.already)
		show_kept(cli, plan, ref, &done);
	else
		sign_show(cli, plan, ref, done.name, &res, &done);
	free(done.name);
	return rc != VT_OK    ? SIGN_FAILED
	       : done.already ? SIGN_ALREADY
			      : SIGN_DONE;
}

/* One that fails keeps the others up no more than among operands. */
static enum sign_outcome
sign_attachments(struct vt_cli *cli, struct sign_plan *plan, const char *ref)
{
	enum sign_outcome all = SIGN_ALREADY, one;
	struct vt_error err = { 0 };
	int *seqs = NULL;
	size_t n = 0, i;

	if (vt_office_attachments(plan->office, ref, &seqs, &n, &err) !=
	    VT_OK) {
		vt_cli_fail(cli, ref, &err);
		return SIGN_FAILED;
	}
	for (i = 0; i < n; i++) {
		one = sign_one(cli, plan, ref, seqs[i]);
		if (one == SIGN_FAILED || all == SIGN_FAILED)
			all = SIGN_FAILED;
		else if (one == SIGN_DONE)
			all = SIGN_DONE;
	}
	free(seqs);
	return all;
}

enum sign_outcome
sign_record(struct vt_cli *cli, struct sign_plan *plan, const char *ref)
{
	struct vt_error err = { 0 };
	int rc;

	if (plan->output != NULL || plan->output_dir != NULL)
		rc = vt_error_set(&err, VT_EARG, NULL,
		    "what is signed for a record is kept in it; write ./%s for "
		    "a file",
		    ref);
	else if (plan->opts->more != VT_SIGN_ALONE)
		rc = vt_error_set(&err, VT_EARG, NULL,
		    "--cosign and --countersign are for files, not for "
		    "records");
	else
		rc = sign_open_office(cli, plan, &err);
	if (rc != VT_OK) {
		vt_cli_fail(cli, ref, &err);
		return SIGN_FAILED;
	}
	return plan->opts->role == VT_SIGN_ATTACHMENT
		   ? sign_attachments(cli, plan, ref)
		   : sign_one(cli, plan, ref, 0);
}
