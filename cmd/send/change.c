/* change.c - vanthu send --recall, --update, --replace */
#include "send.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/office.h"
#include "vanthu/office_change.h"
#include "vanthu/office_register.h"

/* The operands, which are the files of an update. */
static int
files(struct vt_cli *cli, struct vt_list *ret, struct vt_error *err)
{
	int i, rc = VT_OK;

	for (i = 0; i < cli->argc && rc == VT_OK; i++)
		rc = vt_list_add(ret, cli->argv[i], err);
	return rc;
}

static int
update(struct vt_cli *cli, struct vt_office *o, int64_t id,
    const struct send_args *a, struct vt_list *notes, struct vt_error *err)
{
	struct vt_list paths = { 0 };
	const struct vt_office_update what = { &a->add, &a->remove, &paths };
	int rc;

	if ((rc = files(cli, &paths, err)) == VT_OK)
		rc = vt_office_update(o, id, &what, a->reason, notes, err);
	vt_list_release(&paths);
	return rc;
}

static int
replace(struct vt_office *o, int64_t old, int64_t *ret_by,
    const struct send_args *a, struct vt_list *notes, struct vt_error *err)
{
	int rc;

	if ((rc = vt_office_record(o, a->by, true, ret_by, NULL, err)) != VT_OK)
		return rc;
	return vt_office_replace(o, old, *ret_by, a->reason, notes, err);
}

void
send_change(struct vt_cli *cli, struct vt_office *o, const struct send_args *a)
{
	const char *ref = a->recall != NULL   ? a->recall
			  : a->update != NULL ? a->update
					      : a->replace;
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	int64_t id;
	int rc;

	rc = vt_office_record(o, ref, true, &id, NULL, &err);
	if (rc == VT_OK && a->recall != NULL)
		rc = vt_office_recall(o, id, &a->to, a->reason, &notes, &err);
	else if (rc == VT_OK && a->update != NULL)
		rc = update(cli, o, id, a, &notes, &err);
	else if (rc == VT_OK)
		rc = replace(o, id, &id, a, &notes, &err);
	send_notes(cli, ref, &notes);
	if (rc == VT_OK) /* of a replacement: what replaces */
		send_show(cli, o, a->replace != NULL ? a->by : ref, id, NULL,
		    true);
	else
		vt_cli_fail(cli, ref, &err);
	vt_list_release(&notes);
}
