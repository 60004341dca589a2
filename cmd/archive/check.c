/* check.c - what is wrong with what is kept */
#include <string.h>

#include "archive.h"
#include "vanthu/archive.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"

static void
find_json(struct vt_cli *cli, const struct vt_archive_finding *f)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_str(o, "finding", vt_archive_fact_name(f->fact));
	vt_json_put_str(o, "folder", f->folder);
	vt_json_put_str(o, "path", f->path);
	vt_json_put_sha256(o, "sha256", f->sha256);
	vt_json_put_str(o, "owner", f->owner);
	vt_json_put_str(o, "ref", f->ref);
	vt_json_put_str(o, "name", f->name);
	vt_json_put_str(o, "code", f->dossier);
	if (f->message != 0)
		vt_json_put_int(o, "message", f->message);
	vt_cli_json_end(cli, o);
}

static const char *
fact_text(enum vt_archive_fact fact)
{
	static const char *const texts[] = {
		[VT_ARCHIVE_MISSING] = VT_N_("missing"),
		[VT_ARCHIVE_CHANGED] = VT_N_("changed"),
		[VT_ARCHIVE_FOREIGN] = VT_N_("no book knows of it"),
	};

	return vt_tr(texts[fact]);
}

static int
find(void *ctx, const struct vt_archive_finding *f, struct vt_error *err)
{
	struct vt_cli *cli = ctx;
	const char *fact = fact_text(f->fact);

	(void)err;
	vt_cli_note(cli, VT_EXIT_NO);
	find_json(cli, f);
	if (f->dossier != NULL)
		vt_cli_line(cli, "%s: %s: %s/%s: %s", f->dossier,
		    f->name != NULL ? f->name : "", f->folder, f->path, fact);
	else if (f->message != 0)
		vt_cli_line(cli,
		    strcmp(f->owner, "sent") == 0
			? vt_tr("%s: sent message %lld: %s/%s: %s")
			: vt_tr("%s: received message %lld: %s/%s: %s"),
		    f->ref != NULL ? f->ref : "-", (long long)f->message,
		    f->folder, f->path, fact);
	else if (f->ref != NULL && strcmp(f->owner, "evidence") == 0)
		vt_cli_line(cli, vt_tr("%s: evidence: %s/%s: %s"), f->ref,
		    f->folder, f->path, fact);
	else if (f->ref != NULL)
		vt_cli_line(cli, "%s: %s: %s/%s: %s", f->ref,
		    f->name != NULL ? f->name : "", f->folder, f->path, fact);
	else
		vt_cli_line(cli, "%s/%s: %s", f->folder, f->path, fact);
	return VT_OK;
}

void
archive_check(struct vt_cli *cli, struct vt_office *o)
{
	struct vt_archive_checked done;
	struct vt_json_out *json;
	struct vt_error err = { 0 };

	if (vt_archive_check(o->store, o->objects, o->quarantine, find, cli,
		&done, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	json = vt_cli_json(cli);
	vt_json_put_int(json, "checked", (int64_t)done.objects);
	vt_json_put_int(json, "findings", (int64_t)done.findings);
	vt_cli_json_end(cli, json);
	vt_cli_line(cli, vt_tr("%llu objects checked, %llu findings"),
	    (unsigned long long)done.objects,
	    (unsigned long long)done.findings);
}
