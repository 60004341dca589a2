/* evidence.c - vanthu archive evidence: shown, written out, pruned */
#include <stdlib.h>

#include "archive.h"
#include "vanthu/archive.h"
#include "vanthu/cli.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/record.h"
#include "vanthu/store_evidence.h"
#include "vanthu/time.h"

struct showing {
	struct vt_cli *cli;
	const char *ref;
	size_t n;
};

static void
show_json(const struct showing *s, const struct vt_evidence *e)
{
	struct vt_json_out *o = vt_cli_json(s->cli);
	size_t i;

	vt_json_put_str(o, "ref", s->ref);
	vt_json_put_time(o, "at", e->at);
	vt_json_put_str(o, "who", e->who);
	vt_json_put_str(o, "role", e->role);
	vt_json_put_str(o, "key", e->key);
	vt_json_put_str(o, "level", e->level);
	vt_json_put_str(o, "signer", e->signer);
	vt_json_put_str(o, "verdict", e->verdict);
	vt_json_put_str(o, "reason", e->reason);
	vt_json_put_str(o, "revocation", e->revocation);
	vt_json_put_str(o, "name", e->name);
	vt_json_put_sha256(o, "before", e->before);
	vt_json_put_sha256(o, "after", e->after);
	vt_json_begin_array(o, "parts");
	for (i = 0; i < e->nparts; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "kind",
		    vt_evidence_kind_name(e->parts[i].kind));
		vt_json_put_sha256(o, "sha256", e->parts[i].sha256);
		vt_json_end(o);
	}
	vt_json_end(o);
	vt_cli_json_end(s->cli, o);
}

static int
show(void *ctx, const struct vt_evidence *e, struct vt_error *err)
{
	struct showing *s = ctx;
	char at[VT_TIME_TEXT];
	char *name;
	size_t i;

	s->n++;
	show_json(s, e);
	vt_cli_line(s->cli, "%s  %s  %s  %s  %s  %s: %s (%s)  %s", s->ref,
	    vt_time_local(e->at, at), e->who, e->role, e->key,
	    e->signer != NULL ? e->signer : "", e->verdict, e->reason, e->name);
	for (i = 0; i < e->nparts; i++) {
		name = vt_archive_evidence_name((int)e->parts[i].kind,
		    e->parts[i].sha256);
		if (name == NULL)
			return vt_error_nomem(err);
		vt_cli_line(s->cli, "    %s", name);
		free(name);
	}
	return VT_OK;
}

static int
find(struct vt_office *o, const char *operand, int64_t *ret_id,
    char ref[VT_REF_TEXT], struct vt_error *err)
{
	struct vt_record rec;
	int rc = vt_office_record(o, operand, true, ret_id, &rec, err);

	if (rc != VT_OK)
		return rc;
	vt_record_ref(&rec, ref);
	vt_record_release(&rec);
	return VT_OK;
}

static void
show_one(struct vt_cli *cli, struct vt_office *o, const char *operand,
    const char *dir)
{
	char ref[VT_REF_TEXT];
	struct showing s = { cli, ref, 0 };
	struct vt_error err = { 0 };
	int64_t id;

	if (find(o, operand, &id, ref, &err) != VT_OK ||
	    (dir != NULL && vt_archive_evidence_write(o->store, o->objects, id,
				dir, &err) != VT_OK) ||
	    vt_store_evidence_list(o->store, id, VT_TIME_NONE, show, &s,
		&err) != VT_OK)
		vt_cli_fail(cli, operand, &err);
	else if (s.n == 0)
		vt_cli_note(cli, VT_EXIT_NO);
}

void
archive_evidence(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a)
{
	int i;

	for (i = 0; i < cli->argc; i++)
		show_one(cli, o, cli->argv[i], a->dir);
}

/* ---- pruning ---- */

struct pruning {
	struct vt_cli *cli;
	struct vt_office *o;
	int64_t before;
	char *reason;
	struct vt_archive_pruned sum;
};

static bool
prune_one(struct pruning *p, int64_t record)
{
	struct vt_archive_pruned done;
	struct vt_error err = { 0 };

	if (vt_archive_evidence_prune(p->o->store, p->o->objects, record,
		p->before, p->reason, &done, &err) != VT_OK) {
		vt_cli_fail(p->cli, NULL, &err);
		return false;
	}
	p->sum.checks += done.checks;
	p->sum.objects += done.objects;
	p->sum.left = done.left;
	return true;
}

/* All operands, or where there is none all records. */
static bool
prune_each(struct pruning *p)
{
	struct vt_error err = { 0 };
	char ref[VT_REF_TEXT];
	int64_t id;
	int i;

	if (p->cli->argc == 0)
		return prune_one(p, 0);
	for (i = 0; i < p->cli->argc; i++) {
		vt_error_clear(&err);
		if (find(p->o, p->cli->argv[i], &id, ref, &err) != VT_OK)
			vt_cli_fail(p->cli, p->cli->argv[i], &err);
		else if (!prune_one(p, id))
			return false;
	}
	return true;
}

static void
show_sum(const struct pruning *p)
{
	struct vt_json_out *json = vt_cli_json(p->cli);

	vt_json_put_int(json, "pruned", p->sum.checks);
	vt_json_put_int(json, "removed", (int64_t)p->sum.objects);
	vt_json_put_int(json, "left", (int64_t)p->sum.left);
	vt_cli_json_end(p->cli, json);
	vt_cli_line(p->cli,
	    vt_tr("evidence of %lld checks forgotten, %llu objects "
		  "removed, %llu left for the next time"),
	    (long long)p->sum.checks, (unsigned long long)p->sum.objects,
	    (unsigned long long)p->sum.left);
}

void
archive_prune(struct vt_cli *cli, struct vt_office *o,
    const struct archive_args *a)
{
	struct pruning p = { .cli = cli,
		.o = o,
		.before = vt_date_start(a->before) };
	struct vt_error err = { 0 };
	char day[VT_TIME_TEXT];

	vt_date_text(a->before, day);
	if (vt_record_put(&p.reason, a->reason, &err) != VT_OK) {
		if (err.code == VT_EFORMAT)
			err.code = VT_EARG;
		vt_cli_fail(cli, "--reason", &err);
	} else if (p.reason == NULL)
		vt_cli_usage(cli, "--reason says why");
	else if (!a->yes &&
		 !vt_cli_confirm(cli,
		     "forget the evidence from before %s for good?", day)) {
		vt_error_set(&err, VT_EREFUSED, NULL,
		    "nobody agreed that evidence is forgotten");
		vt_cli_fail(cli, NULL, &err);
		vt_cli_hint(cli, "--yes agrees");
	} else if (prune_each(&p))
		show_sum(&p);
	vt_record_put(&p.reason, NULL, NULL);
}
