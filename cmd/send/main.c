/* vanthu-send: issue a registered document; what its recipients did with it */
#include <string.h>

#include "send.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_register.h"

/* ---- the verbs ---- */

/* A message that came is named by its number alone. */
static bool
message_id(const char *s, int64_t *ret)
{
	int64_t id = 0;
	size_t i;

	for (i = 0; s[i] >= '0' && s[i] <= '9' && i < 18; i++)
		id = 10 * id + (s[i] - '0');
	*ret = id;
	return i > 0 && s[i] == '\0';
}

/* Our answers that had failed: about an incoming document, or to a message. */
static void
resend_answers(struct vt_cli *cli, struct vt_office *o, const char *ref)
{
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_json_out *json;
	int64_t id;
	size_t n = 0;
	int rc;

	if (message_id(ref, &id))
		rc = vt_office_resend_message(o, id, &n, &notes, &err);
	else if ((rc = vt_office_record(o, ref, true, &id, NULL, &err)) ==
		 VT_OK)
		rc = vt_office_resend_answers(o, id, &n, &notes, &err);
	send_notes(cli, ref, &notes);
	vt_list_release(&notes);
	if (rc != VT_OK) {
		vt_cli_fail(cli, ref, &err);
		return;
	}
	json = vt_cli_json(cli);
	if (message_id(ref, &id))
		vt_json_put_int(json, "id", id);
	else
		vt_json_put_str(json, "ref", ref);
	vt_json_put_int(json, "answers", (int64_t)n);
	vt_cli_json_end(cli, json);
	vt_cli_line(cli, vt_tr("%s: answers that go once more: %zu"), ref, n);
}

/* REF as its record; what is said of it is said of REF. */
static void
on_record(struct vt_cli *cli, struct vt_office *o, const char *ref,
    struct send_args *a)
{
	const struct vt_office_issue issue = { .to = &a->to,
		.units = &a->units,
		.post = &a->post,
		.report = &a->report,
		.know = &a->know,
		.ret = &a->meant };
	const struct send_args *only = NULL;
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	int64_t id;
	int rc;

	rc = vt_office_record(o, ref, true, &id, NULL, &err);
	if (rc == VT_OK && a->resend != NULL) {
		rc = vt_office_resend(o, id, &notes, &err);
	} else if (rc == VT_OK && a->status == NULL) {
		only = a;
		rc = vt_office_send(o, id, &issue, &notes, &err);
	}
	send_notes(cli, ref, &notes);
	if (rc == VT_OK && a->ask)
		send_ask(cli, o, ref, id);
	else if (rc == VT_OK)
		send_show(cli, o, ref, id, only, false);
	else
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
	bool say;
	int rc;

	rc = vt_office_deliver(o, &done, &notes, &err);
	send_notes(cli, NULL, &notes);
	vt_list_release(&notes);
	if (rc == VT_EBUSY) { /* what waits is being delivered */
		vt_cli_info(cli, "%s", err.text);
		return;
	}
	if (rc != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	json = vt_cli_json(cli);
	vt_json_put_int(json, "sent", (int64_t)done.sent);
	vt_json_put_int(json, "waiting", (int64_t)done.waiting);
	vt_json_put_int(json, "failed", (int64_t)done.failed);
	vt_json_put_int(json, "later", (int64_t)done.later);
	say = !cli->quiet || done.sent + done.waiting + done.failed > 0;
	if (say && done.later > 0)
		vt_cli_line(cli,
		    vt_tr("sent %zu, still waiting %zu, failed %zu, not due "
			  "before their next try %zu"),
		    done.sent, done.waiting, done.failed, done.later);
	else if (say)
		vt_cli_line(cli,
		    vt_tr("sent %zu, still waiting %zu, failed %zu"), done.sent,
		    done.waiting, done.failed);
	/* what is given up needs somebody, before what may go by itself */
	if (done.failed > 0)
		(void)vt_error_set(&err, VT_EREFUSED, NULL,
		    "messages that were given up: %zu", done.failed);
	else if (done.waiting > 0)
		(void)vt_error_set(&err, VT_ENET, NULL,
		    "messages that wait for the next try: %zu", done.waiting);
	if (err.code != VT_OK)
		vt_cli_fail_with(cli, json, NULL, &err);
	if (done.failed > 0)
		vt_cli_hint(cli, "vanthu send --resend REF tries again");
	vt_cli_json_end(cli, json);
}

/* Options that only go with some of the things to do. */
static bool
combine_others(struct vt_cli *cli, const struct send_args *a)
{
	bool change =
	    a->recall != NULL || a->update != NULL || a->replace != NULL;

	if (change && a->reason == NULL) {
		vt_cli_usage(cli, "--reason is needed");
		return false;
	}
	if (!change && a->reason != NULL) {
		vt_cli_usage(cli,
		    "--reason is for --recall, --update and --replace");
		return false;
	}
	if ((a->replace == NULL) != (a->by == NULL)) {
		vt_cli_usage(cli, "--replace OLD and --by REF go together");
		return false;
	}
	if (a->ask && a->status == NULL) {
		vt_cli_usage(cli, "--ask is for --status");
		return false;
	}
	if (a->update == NULL && a->add.n + a->remove.n > 0) {
		vt_cli_usage(cli, "--add and --remove are for --update");
		return false;
	}
	return true;
}

/* Exactly one thing to do, with all that it needs. */
static bool
combine(struct vt_cli *cli, const struct send_args *a)
{
	size_t by_hand = a->units.n + a->post.n;
	size_t others = a->report.n + a->know.n + by_hand;
	int verbs = (int)a->queue + (a->status != NULL) + (a->resend != NULL) +
		    (a->recall != NULL) + (a->update != NULL) +
		    (a->replace != NULL);

	if (verbs > 1) {
		vt_cli_usage(cli, "--queue, --status, --resend, --recall, "
				  "--update and --replace exclude each other");
		return false;
	}
	if (verbs == 1 && ((cli->argc > 0 && a->update == NULL) || others > 0 ||
			      (a->to.n > 0 && a->recall == NULL))) {
		vt_cli_usage(cli,
		    "beside --recall stands --to, beside --update "
		    "stand files; nothing else takes a document "
		    "or a recipient");
		return false;
	}
	if (verbs == 0 && cli->argc != 1) {
		vt_cli_usage(cli, "which document? One REF");
		return false;
	}
	if (verbs == 0 && a->to.n + others == 0) {
		vt_cli_usage(cli, "to whom? --to ORGANID");
		return false;
	}
	return combine_others(cli, a);
}

static void
run(struct vt_cli *cli, struct send_args *a)
{
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };
	const char *ref = a->status != NULL ? a->status : a->resend;
	int64_t id;

	if (!combine(cli, a))
		return;
	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if (a->queue)
		queue(cli, o);
	else if (a->reason != NULL)
		send_change(cli, o, a);
	else if (a->resend != NULL && (strncmp(a->resend, "in/", 3) == 0 ||
					  message_id(a->resend, &id)))
		resend_answers(cli, o, a->resend);
	else
		on_record(cli, o, ref != NULL ? ref : cli->argv[0], a);
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct send_args a = { 0 };
	const struct vt_opt table[] = {
		{ "to", 0, VT_OPT_LIST, &a.to, VT_N_("ORGANID|@GROUP"),
		    VT_N_("send it to this agency, or to a group of them"), 0 },
		{ "to-report", 0, VT_OPT_LIST, &a.report,
		    VT_N_("ORGANID|@GROUP"), VT_N_("the same, as a report"),
		    0 },
		{ "to-know", 0, VT_OPT_LIST, &a.know, VT_N_("ORGANID|@GROUP"),
		    VT_N_("the same, for them to know of it"), 0 },
		{ "unit", 0, VT_OPT_LIST, &a.units, VT_N_("U"),
		    VT_N_("handed over to this unit of the office"), 0 },
		{ "post", 0, VT_OPT_LIST, &a.post, VT_N_("NAME"),
		    VT_N_("sent on paper, by post, to NAME"), 0 },
		{ "queue", 0, VT_OPT_FLAG, &a.queue, NULL,
		    VT_N_("deliver what waits"), 0 },
		{ "status", 0, VT_OPT_STR, &a.status, VT_N_("REF"),
		    VT_N_("what its recipients did with it"), 0 },
		{ "ask", 0, VT_OPT_FLAG, &a.ask, NULL,
		    VT_N_("status: and what the axis itself says"), 0 },
		{ "resend", 0, VT_OPT_STR, &a.resend, VT_N_("REF|ID"),
		    VT_N_("once more, to whoever did not acknowledge it"), 0 },
		{ "recall", 0, VT_OPT_STR, &a.recall, VT_N_("REF"),
		    VT_N_("take it back, from all or from --to"), 0 },
		{ "update", 0, VT_OPT_STR, &a.update, VT_N_("REF"),
		    VT_N_("send its new files; see --add and --remove"), 0 },
		{ "add", 0, VT_OPT_LIST, &a.add, VT_N_("ORGANID"),
		    VT_N_("update: this agency gets it, too"), 0 },
		{ "remove", 0, VT_OPT_LIST, &a.remove, VT_N_("ORGANID"),
		    VT_N_("update: take it back from this agency"), 0 },
		{ "replace", 0, VT_OPT_STR, &a.replace, VT_N_("OLD"),
		    VT_N_("issue --by in its place"), 0 },
		{ "by", 0, VT_OPT_STR, &a.by, VT_N_("REF"),
		    VT_N_("the document that replaces"), 0 },
		{ "reason", 0, VT_OPT_STR, &a.reason, VT_N_("TEXT"),
		    VT_N_("why; the recipients are told"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "send",
		.summary = VT_N_("issue registered documents"),
		.operands = VT_N_("[REF|FILE...]"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu send out/2026/1 --to H99.02",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	vt_list_release(&a.to);
	vt_list_release(&a.report);
	vt_list_release(&a.know);
	vt_list_release(&a.meant);
	vt_list_release(&a.units);
	vt_list_release(&a.post);
	vt_list_release(&a.add);
	vt_list_release(&a.remove);
	return vt_cli_finish(&cli);
}
