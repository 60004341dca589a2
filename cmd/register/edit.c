/* edit.c - vanthu register set, attach, return, import */
#include "register.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

/* The office, and the record in it that the first operand names. */
static struct vt_office *
operand_record(struct vt_cli *cli, int64_t *ret)
{
	struct vt_office *o = register_open(cli);
	struct vt_error err = { 0 };

	if (o == NULL ||
	    vt_office_record(o, cli->argv[0], true, ret, NULL, &err) == VT_OK)
		return o;
	vt_cli_fail(cli, cli->argv[0], &err);
	vt_office_close(o);
	return NULL;
}

/* Tell the result of a call that gives RC; REC is released. */
static void
finish(struct vt_cli *cli, int rc, struct vt_record *rec, struct vt_list *notes,
    const struct vt_error *err)
{
	if (rc == VT_OK) {
		register_notes(cli, notes);
		register_result(cli, rec, false);
		vt_record_release(rec);
	} else
		vt_cli_fail(cli, cli->argv[0], err);
	vt_list_release(notes);
}

void
register_set(struct vt_cli *cli, const struct register_args *a)
{
	struct vt_office *o = NULL;
	struct vt_list assignments = { 0 }, notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id;

	if (cli->argc < 2)
		vt_cli_usage(cli, "which record, and KEY=VALUE?");
	else if (a->reason == NULL)
		vt_cli_usage(cli, "--reason is needed");
	else if (register_operands(cli, 1, &assignments) &&
		 (o = operand_record(cli, &id)) != NULL)
		finish(cli,
		    vt_office_register_set(o, id, &assignments, a->reason, &rec,
			&notes, &err),
		    &rec, &notes, &err);
	vt_office_close(o);
	vt_list_release(&assignments);
}

void
register_attach(struct vt_cli *cli)
{
	struct vt_office *o = NULL;
	struct vt_list paths = { 0 }, notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id;

	if (cli->argc < 2)
		vt_cli_usage(cli, "which record, and which files?");
	else if (register_operands(cli, 1, &paths) &&
		 (o = operand_record(cli, &id)) != NULL)
		finish(cli,
		    vt_office_register_attach(o, id, &paths, &rec, &notes,
			&err),
		    &rec, &notes, &err);
	vt_office_close(o);
	vt_list_release(&paths);
}

/* What needs one record and a reason. */
static void
with_reason(struct vt_cli *cli, const struct register_args *a,
    int (*act)(struct vt_office *o, int64_t id, const char *reason,
	struct vt_record *ret, struct vt_error *err))
{
	struct vt_office *o = NULL;
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id;

	if (cli->argc != 1)
		vt_cli_usage(cli, "which record? one at a time");
	else if (a->reason == NULL)
		vt_cli_usage(cli, "--reason is needed");
	else if ((o = operand_record(cli, &id)) != NULL)
		finish(cli, act(o, id, a->reason, &rec, &err), &rec, &notes,
		    &err);
	vt_office_close(o);
}

void
register_return(struct vt_cli *cli, const struct register_args *a)
{
	with_reason(cli, a, vt_office_register_return);
}

void
register_told(struct vt_cli *cli, const struct register_args *a)
{
	with_reason(cli, a, vt_office_register_told);
}

struct import {
	struct vt_cli *cli;
	const char *path;
	size_t entered, existing, failed;
};

static int
import_one(void *ctx, size_t line, const struct vt_record *rec, bool existing,
    const struct vt_error *failure, struct vt_error *err)
{
	struct import *im = ctx;
	struct vt_buf where;

	if (rec != NULL) {
		im->entered += !existing;
		im->existing += existing;
		if (im->cli->json)
			register_result(im->cli, rec, existing);
		else
			vt_cli_progress(im->cli, im->path, line, 0);
		return VT_OK;
	}
	im->failed++;
	vt_buf_init(&where, SIZE_MAX);
	if (vt_buf_printf(&where, "%s:%zu", im->path, line) != VT_OK) {
		vt_buf_release(&where);
		return vt_error_nomem(err);
	}
	vt_cli_fail(im->cli, vt_buf_str(&where), failure);
	vt_buf_release(&where);
	return VT_OK;
}

void
register_import(struct vt_cli *cli)
{
	struct vt_office *o = NULL;
	struct vt_list notes = { 0 };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct import im = { cli, NULL, 0, 0, 0 };
	int rc;

	if (cli->argc != 1) {
		vt_cli_usage(cli, "which file? one is read");
		return;
	}
	if ((o = register_open(cli)) == NULL)
		return;
	im.path = cli->argv[0];
	if ((rc = vt_source_open(im.path, &src, &err)) == VT_OK)
		rc = vt_office_register_import(o, src, import_one, &im, &notes,
		    &err);
	vt_cli_progress_end(cli);
	vt_source_free(src);
	register_notes(cli, &notes);
	if (rc != VT_OK)
		vt_cli_fail(cli, im.path, &err);
	else if (!cli->json)
		vt_cli_line(cli,
		    vt_tr("%zu entered, %zu there already, %zu refused"),
		    im.entered, im.existing, im.failed);
	vt_office_close(o);
}
