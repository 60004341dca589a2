/* dossier.c - files of records: opened, filled, listed */
#include "archive.h"

#include "vanthu/archive.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

/* ---- open ---- */

static void
put_dossier(struct vt_json_out *o, const struct vt_dossier *d)
{
	char retention[VT_RETENTION_TEXT];

	vt_json_put_str(o, "code", d->code);
	vt_json_put_str(o, "title", d->title);
	vt_json_put_str(o, "retention",
	    vt_retention_text(d->retention, retention));
	vt_json_put_time(o, "opened", d->opened);
}

void
archive_open(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a)
{
	struct vt_json_out *json;
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_dossier d;
	int retention;
	size_t i;

	if (!vt_retention_parse(a->retention, &retention)) {
		vt_cli_usage(cli, "--retention is years, or vinh-vien: not %s",
		    a->retention);
		return;
	}
	if (vt_archive_open(o->store, cli->argv[0], a->title, retention, &d,
		&notes, &err) != VT_OK) {
		vt_cli_fail(cli, cli->argv[0], &err);
		goto out;
	}
	for (i = 0; i < notes.n; i++)
		vt_cli_warn(cli, NULL, "%s", notes.items[i]);
	json = vt_cli_json(cli);
	put_dossier(json, &d);
	vt_cli_json_end(cli, json);
	vt_cli_line(cli, "%s", d.code);
	vt_dossier_release(&d);
out:
	vt_list_release(&notes);
}

/* ---- add ---- */

static void
put_member(struct vt_json_out *o, const struct vt_dossier_member *m,
    const struct vt_record *rec)
{
	char ref[VT_REF_TEXT];

	vt_json_put_int(o, "seq", m->seq);
	if (rec != NULL) {
		vt_json_put_str(o, "ref", vt_record_ref(rec, ref));
		vt_json_put_str(o, "record_code", rec->code);
		vt_json_put_str(o, "subject", rec->subject);
	} else {
		vt_json_put_str(o, "name", m->name);
		vt_json_put_int(o, "size", (int64_t)m->size);
		vt_json_put_sha256(o, "sha256", m->sha256);
	}
	vt_json_put_time(o, "added", m->added);
}

static int
add_operand(struct vt_office *o, const char *code, const char *operand,
    struct vt_dossier_member *m, struct vt_record *rec, bool *ret_record,
    bool *ret_existing, struct vt_error *err)
{
	struct vt_ref ref;
	int64_t id;
	int rc;

	*ret_record = vt_ref_parse(operand, false, &ref);
	if (!*ret_record)
		return vt_archive_add_file(o->store, o->objects, code, operand,
		    m, ret_existing, err);
	rc = vt_office_record(o, operand, false, &id, rec, err);
	if (rc != VT_OK)
		return rc;
	rc = vt_archive_add_record(o->store, code, id, m, ret_existing, err);
	if (rc != VT_OK)
		vt_record_release(rec);
	return rc;
}

void
archive_add(struct vt_cli *cli, struct vt_office *o, const char *code,
    const char *operand)
{
	struct vt_dossier_member m;
	struct vt_json_out *json;
	struct vt_error err = { 0 };
	struct vt_record rec;
	bool record, existing;

	if (add_operand(o, code, operand, &m, &rec, &record, &existing, &err) !=
	    VT_OK) {
		vt_cli_fail(cli, operand, &err);
		return;
	}
	json = vt_cli_json(cli);
	vt_json_put_str(json, "file", operand);
	vt_json_put_str(json, "code", code);
	put_member(json, &m, record ? &rec : NULL);
	vt_json_put_bool(json, "existing", existing);
	vt_cli_json_end(cli, json);
	vt_cli_line(cli,
	    existing ? vt_tr("%s: is in %s already, as number %d")
		     : vt_tr("%s: put into %s, as number %d"),
	    operand, code, m.seq);
	vt_dossier_member_release(&m);
	if (record)
		vt_record_release(&rec);
}

/* ---- list ---- */

struct listing {
	struct vt_cli *cli;
	struct vt_json_out *open; /* the line of the present one */
};

static void
list_end(struct listing *l)
{
	vt_json_end(l->open);
	vt_cli_json_end(l->cli, l->open);
	l->open = NULL;
}

static int
list_dossier(void *ctx, const struct vt_dossier *d, struct vt_error *err)
{
	struct listing *l = ctx;
	char retention[VT_RETENTION_TEXT];

	(void)err;
	list_end(l);
	l->open = vt_cli_json(l->cli);
	put_dossier(l->open, d);
	vt_json_begin_array(l->open, "members");
	vt_cli_line(l->cli, "%s  %s  %zu  %s", d->code,
	    vt_retention_text(d->retention, retention), d->nmembers, d->title);
	return VT_OK;
}

static int
list_member(void *ctx, const struct vt_dossier_member *m,
    const struct vt_record *rec, struct vt_error *err)
{
	struct listing *l = ctx;
	char ref[VT_REF_TEXT];

	(void)err;
	vt_json_begin_object(l->open, NULL);
	put_member(l->open, m, rec);
	vt_json_end(l->open);
	if (rec != NULL)
		vt_cli_line(l->cli, "    %d  %s  %s  %s", m->seq,
		    vt_record_ref(rec, ref), rec->code, rec->subject);
	else
		vt_cli_line(l->cli, "    %d  %s", m->seq, m->name);
	return VT_OK;
}

void
archive_list(struct vt_cli *cli, struct vt_office *o)
{
	struct listing l = { cli, NULL };
	struct vt_error err = { 0 };
	int rc;

	rc = vt_archive_list(o->store, list_dossier, list_member, &l, &err);
	list_end(&l);
	if (rc != VT_OK)
		vt_cli_fail(cli, NULL, &err);
}
