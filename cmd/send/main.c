/* vanthu-send: issue a registered document; what its recipients did with it */
#include <stdlib.h>
#include <string.h>

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

/* What stands on the command line. */
struct args {
	struct vt_list to, units, post;
	const char *status, *resend;
	bool queue;
};

/* ---- results ---- */

static const char *
state_text(enum vt_delivery_state state)
{
	static const char *const texts[] = {
		[VT_DELIVERY_QUEUED] = VT_N_("queued"),
		[VT_DELIVERY_SENT] = VT_N_("sent, not yet acknowledged"),
		[VT_DELIVERY_ARRIVED] = VT_N_("arrived"),
		[VT_DELIVERY_ACCEPTED] = VT_N_("accepted and registered"),
		[VT_DELIVERY_REFUSED] = VT_N_("refused"),
		[VT_DELIVERY_PROCESSING] = VT_N_("being processed"),
		[VT_DELIVERY_DONE] = VT_N_("done"),
		[VT_DELIVERY_FAILED] = VT_N_("failed"),
	};

	return vt_tr(texts[state]);
}

static void
show_json(struct vt_cli *cli, const struct vt_office_recipient *r)
{
	const struct vt_delivery *d = r->delivery;
	struct vt_json_out *o = vt_cli_json(cli);
	size_t i;

	vt_json_put_str(o, "ref", r->ref);
	vt_json_put_str(o, "document_id", r->document_id);
	vt_json_put_str(o, "to", d->organ_id);
	if (d->organ_id == NULL) {
		vt_json_put_str(o, "unit", d->unit);
		vt_json_put_str(o, "post", d->organ_name);
	}
	vt_json_put_str(o, "state", vt_delivery_state_name(d->state));
	vt_json_put_str(o, "reason", d->reason);
	vt_json_put_time(o, "next_try",
	    d->state == VT_DELIVERY_QUEUED ? d->next_try : VT_TIME_NONE);
	vt_json_put_int(o, "attempts", d->attempts);
	vt_json_begin_array(o, "statuses");
	for (i = 0; i < r->nstatuses; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "code", r->statuses[i].code);
		vt_json_put_str(o, "description", r->statuses[i].description);
		vt_json_put_time(o, "timestamp", r->statuses[i].timestamp);
		vt_json_put_bool(o, "unusual", r->statuses[i].unusual);
		vt_json_end(o);
	}
	vt_json_end(o);
	vt_cli_json_end(cli, o);
}

static const char *
recipient_name(const struct vt_delivery *d)
{
	if (d->organ_id != NULL)
		return d->organ_id;
	return d->unit != NULL ? d->unit : d->organ_name;
}

static void
show_text(struct vt_cli *cli, const struct vt_office_recipient *r)
{
	const struct vt_delivery *d = r->delivery;
	const struct vt_store_status *st;
	char when[VT_TIME_TEXT];
	size_t i;

	if (d->organ_id == NULL)
		vt_cli_line(cli,
		    d->unit != NULL ? vt_tr("%s: %s: handed over inside")
				    : vt_tr("%s: %s: by post"),
		    r->ref, recipient_name(d));
	else if (d->reason != NULL)
		vt_cli_line(cli, "%s: %s: %s: %s", r->ref, d->organ_id,
		    state_text(d->state), d->reason);
	else
		vt_cli_line(cli, "%s: %s: %s", r->ref, d->organ_id,
		    state_text(d->state));
	for (i = 0; i < r->nstatuses; i++) {
		st = &r->statuses[i];
		vt_cli_line(cli, "    %s  %s  %s",
		    vt_time_local(st->timestamp != VT_TIME_NONE ? st->timestamp
								: st->received,
			when),
		    st->code, st->description != NULL ? st->description : "");
	}
}

struct shown {
	struct vt_cli *cli;
	const struct args *only; /* NULL: all recipients */
};

static bool
listed(const struct vt_list *list, const char *s)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

static int
show(void *ctx, const struct vt_office_recipient *r, struct vt_error *err)
{
	const struct shown *s = ctx;
	const struct vt_delivery *d = r->delivery;

	(void)err;
	if (s->only != NULL &&
	    !(d->organ_id != NULL ? listed(&s->only->to, d->organ_id)
		: d->unit != NULL ? listed(&s->only->units, d->unit)
				  : listed(&s->only->post, recipient_name(d))))
		return VT_OK;
	show_json(s->cli, r);
	show_text(s->cli, r);
	return VT_OK;
}

static void
warn_all(struct vt_cli *cli, const char *what, const struct vt_list *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		vt_cli_warn(cli, what, "%s", notes->items[i]);
}

/* ---- the verbs ---- */

/* REF as its record; what is said of it is said of REF. */
static void
on_record(struct vt_cli *cli, struct vt_office *o, const char *ref,
    const struct args *a)
{
	const struct vt_office_issue issue = { &a->to, &a->units, &a->post };
	struct shown shown = { cli, NULL };
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	int64_t id;
	int rc;

	rc = vt_office_record(o, ref, true, &id, NULL, &err);
	if (rc == VT_OK && a->resend != NULL) {
		rc = vt_office_resend(o, id, &notes, &err);
	} else if (rc == VT_OK && a->status == NULL) {
		shown.only = a;
		rc = vt_office_send(o, id, &issue, &notes, &err);
	}
	warn_all(cli, ref, &notes);
	if (rc == VT_OK)
		rc = vt_office_recipients(o, id, show, &shown, &err);
	if (rc != VT_OK)
		vt_cli_fail(cli, ref, &err);
	vt_list_release(&notes);
}

static void
queue(struct vt_cli *cli, struct vt_office *o)
{
	struct vt_office_delivered done = { 0 };
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_json_out *json;
	int rc;

	rc = vt_office_deliver(o, &done, &notes, &err);
	warn_all(cli, NULL, &notes);
	vt_list_release(&notes);
	if (rc != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	json = vt_cli_json(cli);
	vt_json_put_int(json, "sent", (int64_t)done.sent);
	vt_json_put_int(json, "waiting", (int64_t)done.waiting);
	vt_json_put_int(json, "failed", (int64_t)done.failed);
	vt_cli_json_end(cli, json);
	vt_cli_line(cli, vt_tr("sent %zu, still waiting %zu, failed %zu"),
	    done.sent, done.waiting, done.failed);
	if (done.failed > 0) {
		vt_cli_note(cli, VT_EXIT_REFUSED);
		vt_cli_hint(cli, "vanthu send --resend REF tries again");
	}
	if (done.waiting > 0)
		vt_cli_note(cli, VT_EXIT_REMOTE);
}

/* Exactly one thing to do, with all that it needs. */
static bool
combine(struct vt_cli *cli, const struct args *a)
{
	size_t recipients = a->to.n + a->units.n + a->post.n;
	int verbs = (int)a->queue + (a->status != NULL) + (a->resend != NULL);

	if (verbs > 1) {
		vt_cli_usage(cli,
		    "--queue, --status and --resend exclude each other");
		return false;
	}
	if (verbs == 1 && (cli->argc > 0 || recipients > 0)) {
		vt_cli_usage(cli, "--queue, --status and --resend take no "
				  "document and no recipient beside them");
		return false;
	}
	if (verbs == 0 && cli->argc != 1) {
		vt_cli_usage(cli, "which document? One REF");
		return false;
	}
	if (verbs == 0 && recipients == 0) {
		vt_cli_usage(cli, "to whom? --to ORGANID");
		return false;
	}
	return true;
}

static void
run(struct vt_cli *cli, const struct args *a)
{
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };
	const char *ref = a->status != NULL ? a->status : a->resend;

	if (!combine(cli, a))
		return;
	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if (a->queue)
		queue(cli, o);
	else
		on_record(cli, o, ref != NULL ? ref : cli->argv[0], a);
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct args a = { 0 };
	const struct vt_opt table[] = {
		{ "to", 0, VT_OPT_LIST, &a.to, VT_N_("ORGANID"),
		    VT_N_("send it to this agency"), 0 },
		{ "unit", 0, VT_OPT_LIST, &a.units, VT_N_("U"),
		    VT_N_("handed over to this unit of the office"), 0 },
		{ "post", 0, VT_OPT_LIST, &a.post, VT_N_("NAME"),
		    VT_N_("sent on paper, by post, to NAME"), 0 },
		{ "queue", 0, VT_OPT_FLAG, &a.queue, NULL,
		    VT_N_("deliver what waits"), 0 },
		{ "status", 0, VT_OPT_STR, &a.status, VT_N_("REF"),
		    VT_N_("what its recipients did with it"), 0 },
		{ "resend", 0, VT_OPT_STR, &a.resend, VT_N_("REF"),
		    VT_N_("once more, to whoever did not acknowledge it"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "send",
		.summary = VT_N_("issue registered documents"),
		.operands = VT_N_("[REF]"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu send out/2026/1 --to H99.02",
	};

	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	vt_list_release(&a.to);
	vt_list_release(&a.units);
	vt_list_release(&a.post);
	return vt_cli_finish(&cli);
}
