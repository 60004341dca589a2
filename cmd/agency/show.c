/* show.c - vanthu agency list, show, and what groups hold */
#include "agency.h"

#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_agency.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

struct shown {
	struct vt_cli *cli;
	struct vt_date today;
	size_t n;
};

static const char *
state_text(const struct vt_agency *a, struct vt_date on)
{
	if (a->gone)
		return vt_tr("no longer listed");
	return vt_agency_valid(a, on) ? NULL : vt_tr("not valid today");
}

static void
show_json(struct vt_cli *cli, const struct vt_agency *a, struct vt_date on)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o == NULL)
		return;
	vt_office_agency_to_json(a, on, o);
	vt_cli_json_end(cli, o);
}

/* ---- many ---- */

static int
list_one(void *ctx, const struct vt_agency *a, struct vt_error *err)
{
	struct shown *s = ctx;
	const char *state = state_text(a, s->today);

	(void)err;
	s->n++;
	show_json(s->cli, a, s->today);
	if (state != NULL)
		vt_cli_line(s->cli, "%s: %s (%s)", a->code, a->name, state);
	else
		vt_cli_line(s->cli, "%s: %s", a->code, a->name);
	return VT_OK;
}

void
agency_list(struct vt_cli *cli, struct vt_office *o, const struct options *opts)
{
	struct shown s = { cli, vt_date_of(vt_time_now()), 0 };
	struct vt_list words = { 0 };
	const struct vt_agency_query q = {
		.words = &words,
		.on = s.today,
		.valid = !opts->all,
		.limit = (size_t)opts->limit,
	};
	struct vt_error err = { 0 };
	int i, rc = VT_OK;

	for (i = 0; i < cli->argc && rc == VT_OK; i++)
		rc = vt_list_add(&words, cli->argv[i], &err);
	if (rc == VT_OK)
		rc = vt_store_agencies(o->store, &q, list_one, &s, &err);
	vt_list_release(&words);
	if (rc != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	else if (s.n == 0)
		vt_cli_note(cli, VT_EXIT_NO);
}

/* ---- one ---- */

static void
show_lines(struct vt_cli *cli, const struct vt_agency *a, struct vt_date on)
{
	char from[VT_TIME_TEXT], to[VT_TIME_TEXT];
	const char *state = state_text(a, on);
	size_t i;

	vt_cli_line(cli, "%s: %s", a->code, a->name);
	for (i = 0; i < a->aliases.n; i++)
		vt_cli_line(cli, vt_tr("    also %s"), a->aliases.items[i]);
	if (a->parent != NULL)
		vt_cli_line(cli, vt_tr("    below %s"), a->parent);
	if (a->email != NULL)
		vt_cli_line(cli, "    %s", a->email);
	if (a->phone != NULL)
		vt_cli_line(cli, "    %s", a->phone);
	if (a->from.year != 0 || a->to.year != 0)
		vt_cli_line(cli, vt_tr("    from %s to %s"),
		    a->from.year != 0 ? vt_date_text(a->from, from) : "-",
		    a->to.year != 0 ? vt_date_text(a->to, to) : "-");
	if (state != NULL)
		vt_cli_line(cli, "    %s", state);
}

void
agency_show(struct vt_cli *cli, struct vt_office *o)
{
	const struct vt_date today = vt_date_of(vt_time_now());
	struct vt_agency a = { 0 };
	struct vt_error err = { 0 };

	if (vt_office_agency_get(o, cli->argv[0], &a, &err) != VT_OK) {
		vt_cli_fail(cli, cli->argv[0], &err);
		return;
	}
	show_json(cli, &a, today);
	if (!cli->json)
		show_lines(cli, &a, today);
	vt_agency_release(&a);
}

/* ---- groups ---- */

static int
show_group(void *ctx, const char *group, int64_t members, struct vt_error *err)
{
	struct shown *s = ctx;
	struct vt_json_out *o = vt_cli_json(s->cli);

	(void)err;
	s->n++;
	vt_json_put_str(o, "group", group);
	vt_json_put_int(o, "members", members);
	vt_cli_json_end(s->cli, o);
	vt_cli_line(s->cli, vt_tr("@%s: %lld agencies"), group,
	    (long long)members);
	return VT_OK;
}

void
agency_groups(struct vt_cli *cli, struct vt_office *o)
{
	struct shown s = { .cli = cli };
	struct vt_error err = { 0 };

	if (vt_store_groups(o->store, show_group, &s, &err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	else if (s.n == 0)
		vt_cli_note(cli, VT_EXIT_NO);
}

/* A member is shown as what it means today. */
static int
show_member(struct shown *s, struct vt_office *o, const char *code,
    struct vt_error *err)
{
	struct vt_agency a = { 0 };
	struct vt_json_out *json;
	int64_t id;
	int rc;

	rc = vt_store_agency_find(o->store, code, s->today, &id, err);
	if (rc != VT_OK)
		return rc;
	if (id != 0 &&
	    (rc = vt_store_agency_get(o->store, id, &a, err)) == VT_OK) {
		rc = list_one(s, &a, err);
		vt_agency_release(&a);
		return rc;
	}
	if (rc != VT_OK)
		return rc;
	json = vt_cli_json(s->cli);
	vt_json_put_str(json, "organ_id", code);
	vt_json_put_null(json, "name");
	vt_cli_json_end(s->cli, json);
	vt_cli_line(s->cli, "%s", code);
	return VT_OK;
}

void
agency_group_show(struct vt_cli *cli, struct vt_office *o, const char *group,
    bool changed)
{
	struct shown s = { cli, vt_date_of(vt_time_now()), 0 };
	struct vt_list members = { 0 };
	struct vt_error err = { 0 };
	size_t i;
	int rc;

	rc = vt_store_group_members(o->store, group, &members, &err);
	for (i = 0; i < members.n && rc == VT_OK; i++)
		rc = show_member(&s, o, members.items[i], &err);
	if (rc != VT_OK)
		vt_cli_fail(cli, group, &err);
	else if (members.n == 0 && !changed)
		vt_cli_note(cli, VT_EXIT_NO);
	vt_list_release(&members);
}
