/* show.c - what the recipients of a document did with it */
#include <string.h>

#include "send.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_ask.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

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
show_statuses(struct vt_json_out *o, const struct vt_store_status *st, size_t n)
{
	size_t i;

	vt_json_begin_array(o, "statuses");
	for (i = 0; i < n; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "code", st[i].code);
		vt_json_put_str(o, "description", st[i].description);
		vt_json_put_time(o, "timestamp", st[i].timestamp);
		vt_json_put_bool(o, "unusual", st[i].unusual);
		vt_json_end(o);
	}
	vt_json_end(o);
}

static void
show_asked(struct vt_json_out *o, const struct vt_office_asked *a)
{
	vt_json_begin_object(o, NULL);
	vt_json_put_str(o, "business", a->business);
	vt_json_put_str(o, "why", a->why);
	vt_json_put_time(o, "created", a->created);
	vt_json_put_str(o, "state", vt_delivery_state_name(a->state));
	vt_json_put_str(o, "reason", a->reason);
	vt_json_put_time(o, "next_try",
	    a->state == VT_DELIVERY_QUEUED ? a->next_try : VT_TIME_NONE);
	show_statuses(o, a->statuses, a->nstatuses);
	vt_json_end(o);
}

static void
show_said(struct vt_json_out *o, const struct vt_office_said *s, size_t n)
{
	size_t i;

	vt_json_begin_array(o, "axis");
	for (i = 0; i < n; i++) {
		vt_json_begin_object(o, NULL);
		vt_json_put_str(o, "id", s[i].id);
		vt_json_put_str(o, "receiver_id", s[i].receiver_id);
		vt_json_put_str(o, "send_status", s[i].send_status);
		vt_json_put_str(o, "send_text", s[i].send_text);
		vt_json_put_str(o, "receive_status", s[i].receive_status);
		vt_json_put_str(o, "receive_text", s[i].receive_text);
		vt_json_put_str(o, "sent", s[i].sent);
		vt_json_put_str(o, "received", s[i].received);
		vt_json_end(o);
	}
	vt_json_end(o);
}

/* SAYS NULL: the axis was not asked. */
static void
show_json(struct vt_cli *cli, const struct vt_office_recipient *r,
    const struct vt_office_says *says)
{
	const struct vt_office_said *said;
	const struct vt_delivery *d = r->delivery;
	struct vt_json_out *o = vt_cli_json(cli);
	size_t i, n;

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
	show_statuses(o, r->statuses, r->nstatuses);
	vt_json_put_str(o, "record_state", vt_state_name(r->state));
	vt_json_put_str(o, "business", r->business);
	vt_json_put_str(o, "role", vt_role_name(d->role));
	vt_json_begin_array(o, "requests");
	for (i = 0; i < r->nasked; i++)
		show_asked(o, &r->asked[i]);
	vt_json_end(o);
	if (says != NULL && d->organ_id != NULL) {
		said = vt_office_says_of(says, d->organ_id, &n);
		show_said(o, said, n);
	}
	vt_cli_json_end(cli, o);
}

static const char *
recipient_name(const struct vt_delivery *d)
{
	if (d->organ_id != NULL)
		return d->organ_id;
	return d->unit != NULL ? d->unit : d->organ_name;
}

/* What it is for, where that is not to act; behind a name. */
static const char *
role_text(enum vt_role role)
{
	static const char *const texts[] = {
		[VT_ROLE_REPORT] = VT_N_(" (to report)"),
		[VT_ROLE_KNOW] = VT_N_(" (to know)"),
	};

	return role != VT_ROLE_ACT ? vt_tr(texts[role]) : "";
}

static void
show_lines(struct vt_cli *cli, const struct vt_store_status *st, size_t n)
{
	char when[VT_TIME_TEXT];
	size_t i;

	for (i = 0; i < n; i++)
		vt_cli_line(cli, "    %s  %s  %s%s%s%s",
		    vt_time_local(st[i].timestamp != VT_TIME_NONE
				      ? st[i].timestamp
				      : st[i].received,
			when),
		    st[i].code,
		    st[i].description != NULL ? st[i].description : "",
		    st[i].unusual ? "  (" : "",
		    st[i].unusual ? vt_received_reason_text("unusual-order")
				  : "",
		    st[i].unusual ? ")" : "");
}

static const char *
asked_text(const char *business)
{
	return strcmp(business, "recall") == 0 ? vt_tr("recall")
					       : vt_tr("update");
}

/* How a recall or an update stands. */
static const char *
answer_text(enum vt_delivery_state state)
{
	if (state == VT_DELIVERY_ACCEPTED)
		return vt_tr("agreed to");
	if (state == VT_DELIVERY_REFUSED)
		return vt_tr("declined");
	return state_text(state);
}

static void
show_text(struct vt_cli *cli, const struct vt_office_recipient *r)
{
	const struct vt_delivery *d = r->delivery;
	const struct vt_office_asked *a;
	size_t i;

	if (d->organ_id == NULL)
		vt_cli_line(cli,
		    d->unit != NULL ? vt_tr("%s: %s: handed over inside")
				    : vt_tr("%s: %s: by post"),
		    r->ref, recipient_name(d));
	else if (d->reason != NULL)
		vt_cli_line(cli, "%s: %s%s: %s: %s", r->ref, d->organ_id,
		    role_text(d->role), state_text(d->state),
		    vt_received_reason_text(d->reason));
	else
		vt_cli_line(cli, "%s: %s%s: %s", r->ref, d->organ_id,
		    role_text(d->role), state_text(d->state));
	show_lines(cli, r->statuses, r->nstatuses);
	for (i = 0; i < r->nasked; i++) {
		a = &r->asked[i];
		vt_cli_line(cli, "    %s: %s%s%s%s%s", asked_text(a->business),
		    answer_text(a->state), a->why != NULL ? "; " : "",
		    a->why != NULL ? a->why : "", a->reason != NULL ? ": " : "",
		    a->reason != NULL ? a->reason : "");
		show_lines(cli, a->statuses, a->nstatuses);
	}
}

static const char *
or_dash(const char *text)
{
	return text != NULL ? text : "-";
}

/* Apart from what an office said: that something was fetched is no receipt. */
static void
show_axis(struct vt_cli *cli, const struct vt_office_says *says,
    const char *organ_id)
{
	const struct vt_office_said *s;
	size_t i, n;

	s = vt_office_says_of(says, organ_id, &n);
	if (n == 0)
		vt_cli_line(cli, "    %s",
		    vt_tr("the axis knows nothing of it"));
	for (i = 0; i < n; i++)
		vt_cli_line(cli,
		    vt_tr("    the axis says: sent %s: %s%s%s; fetched %s: "
			  "%s%s%s"),
		    or_dash(s[i].sent), or_dash(s[i].send_status),
		    s[i].send_text != NULL ? ", " : "",
		    s[i].send_text != NULL ? s[i].send_text : "",
		    or_dash(s[i].received), or_dash(s[i].receive_status),
		    s[i].receive_text != NULL ? ", " : "",
		    s[i].receive_text != NULL ? s[i].receive_text : "");
}

struct shown {
	struct vt_cli *cli;
	const struct send_args *only;      /* NULL: all recipients */
	const struct vt_office_says *says; /* NULL: nobody asked */
	bool told;                         /* that it is not in force */
};

/* What its recipients did with it tells nothing of that. */
static void
show_state(struct shown *s, const struct vt_office_recipient *r)
{
	if (!s->told &&
	    (r->state == VT_STATE_RECALLED || r->state == VT_STATE_REPLACED))
		vt_cli_line(s->cli,
		    vt_tr("%s: the document is not in force: %s"), r->ref,
		    vt_state_name(r->state));
	s->told = true;
}

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
	struct shown *s = ctx;
	const struct vt_delivery *d = r->delivery;

	(void)err;
	if (s->only != NULL &&
	    !(d->organ_id != NULL ? listed(&s->only->meant, d->organ_id)
		: d->unit != NULL ? listed(&s->only->units, d->unit)
				  : listed(&s->only->post, recipient_name(d))))
		return VT_OK;
	show_json(s->cli, r, s->says);
	show_state(s, r);
	show_text(s->cli, r);
	if (s->says != NULL && d->organ_id != NULL)
		show_axis(s->cli, s->says, d->organ_id);
	return VT_OK;
}

void
send_show(struct vt_cli *cli, struct vt_office *o, const char *ref, int64_t id,
    const struct send_args *only, bool nobody)
{
	struct shown shown = { .cli = cli, .only = only };
	struct vt_error err = { 0 };
	struct vt_json_out *json;
	struct vt_record rec;
	int rc;

	rc = vt_office_recipients(o, id, show, &shown, &err);
	if (rc == VT_ENOTFOUND && nobody &&
	    vt_store_record_get(o->store, id, &rec, NULL) == VT_OK) {
		json = vt_cli_json(cli);
		vt_json_put_str(json, "ref", ref);
		vt_json_put_str(json, "record_state", vt_state_name(rec.state));
		vt_cli_json_end(cli, json);
		vt_cli_line(cli, vt_tr("%s: \"%s\"; it was sent to nobody"),
		    ref, vt_state_name(rec.state));
		vt_record_release(&rec);
	} else if (rc != VT_OK)
		vt_cli_fail(cli, ref, &err);
}

void
send_ask(struct vt_cli *cli, struct vt_office *o, const char *ref, int64_t id)
{
	struct vt_office_says says = { 0 };
	struct shown shown = { .cli = cli, .says = &says };
	struct vt_error err = { 0 };

	if (vt_office_ask(o, id, &says, &err) != VT_OK) {
		send_show(cli, o, ref, id, NULL, false); /* what we know */
		vt_cli_fail(cli, ref, &err);
	} else if (vt_office_recipients(o, id, show, &shown, &err) != VT_OK)
		vt_cli_fail(cli, ref, &err);
	vt_office_says_release(&says);
}

void
send_notes(struct vt_cli *cli, const char *what, const struct vt_list *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		vt_cli_warn(cli, what, "%s", notes->items[i]);
}
