/* vanthu-receive: take in what arrived */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_fetch.h"
#include "vanthu/time.h"
#include "vanthu/verify.h" /* VT_VERIFY_JOBS */

#define NO_ID (-1)

/* What stands on the command line. */
struct args {
	int64_t limit, jobs, accept, refuse, agree, decline;
	const char *reason;
	bool pending, log;
};

/* ---- results ---- */

static const char *
result_text(enum vt_received_result r)
{
	static const char *const texts[] = {
		[VT_RECEIVED_REGISTERED] = VT_N_("registered"),
		[VT_RECEIVED_DUPLICATE] = VT_N_("a duplicate"),
		[VT_RECEIVED_HELD] = VT_N_("held for a clerk"),
		[VT_RECEIVED_REFUSED] = VT_N_("refused"),
		[VT_RECEIVED_STATUS] = VT_N_("a status"),
		[VT_RECEIVED_DONE] = VT_N_("done"),
		[VT_RECEIVED_QUARANTINED] = VT_N_("quarantined"),
	};

	return vt_tr(texts[r]);
}

static void
show_json(struct vt_cli *cli, const struct vt_office_received *r)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_int(o, "id", r->id);
	vt_json_put_str(o, "document_id", r->document_id);
	vt_json_put_str(o, "ref", r->ref);
	vt_json_put_str(o, "result", vt_received_result_name(r->result));
	vt_json_put_str(o, "reason", r->reason);
	vt_json_put_str(o, "detail", r->detail);
	vt_json_put_str(o, "from", r->from_id);
	vt_json_put_str(o, "from_name", r->from_name);
	vt_json_put_str(o, "code", r->code);
	vt_json_put_str(o, "subject", r->subject);
	vt_json_put_str(o, "verdict", r->verdict);
	vt_json_put_str(o, "business",
	    r->status_code == NULL ? r->business : NULL);
	vt_json_put_str(o, "status", r->status_code);
	vt_json_put_time(o, "received", r->received);
	vt_cli_json_end(cli, o);
}

/* "ID: REF: registered": for a log that more people read than the book */
static void
show_log(struct vt_cli *cli, const struct vt_office_received *r)
{
	long long id = r->id;
	const char *reason =
	    r->reason != NULL ? vt_received_reason_text(r->reason) : NULL;

	if (reason == r->reason) /* a clerk's own words, or none */
		reason = NULL;
	vt_cli_line(cli, "%lld: %s%s%s%s%s%s%s", id,
	    r->ref != NULL ? r->ref : "", r->ref != NULL ? ": " : "",
	    result_text(r->result), r->status_code != NULL ? " " : "",
	    r->status_code != NULL ? r->status_code : "",
	    reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* "ID: REF: registered: 05/STNA-VP, Sở A (H99.01), subject: why: detail" */
static void
show_text(struct vt_cli *cli, const struct vt_office_received *r)
{
	struct vt_buf line;

	if (cli->json)
		return;
	vt_buf_init(&line, 1024u * 1024);
	(void)vt_buf_printf(&line, "%lld: ", (long long)r->id);
	if (r->ref != NULL)
		(void)vt_buf_printf(&line, "%s: ", r->ref);
	(void)vt_buf_puts(&line, result_text(r->result));
	if (r->status_code != NULL)
		(void)vt_buf_printf(&line, " %s", r->status_code);
	if (r->code != NULL)
		(void)vt_buf_printf(&line, ": %s", r->code);
	if (r->from_id != NULL)
		(void)vt_buf_printf(&line, r->code != NULL ? ", %s" : ": %s",
		    r->from_name != NULL ? r->from_name : r->from_id);
	if (r->from_id != NULL && r->from_name != NULL)
		(void)vt_buf_printf(&line, " (%s)", r->from_id);
	if (r->subject != NULL)
		(void)vt_buf_printf(&line, ", %s", r->subject);
	if (r->reason != NULL)
		(void)vt_buf_printf(&line, ": %s",
		    vt_received_reason_text(r->reason));
	if (r->detail != NULL)
		(void)vt_buf_printf(&line, ": %s", r->detail);
	vt_cli_line(cli, "%s", vt_buf_str(&line));
	vt_buf_release(&line);
}

struct shown {
	struct vt_cli *cli;
	bool log;     /* no content */
	bool held;    /* something was */
	bool unknown; /* because nobody knows what was revoked */
};

static int
show(void *ctx, const struct vt_office_received *r, struct vt_error *err)
{
	struct shown *s = ctx;

	(void)err;
	if (r->result == VT_RECEIVED_HELD)
		s->held = true;
	if (r->result == VT_RECEIVED_HELD && r->reason != NULL &&
	    strcmp(r->reason, "revocation-unknown") == 0)
		s->unknown = true;
	show_json(s->cli, r);
	if (s->log)
		show_log(s->cli, r);
	else
		show_text(s->cli, r);
	return VT_OK;
}

/* ---- what is to be done ---- */

static int
act(struct vt_office *o, const struct args *a, struct shown *s,
    struct vt_list *notes, struct vt_error *err)
{
	if (a->pending)
		return vt_office_pending(o, show, s, err);
	if (a->accept != NO_ID)
		return vt_office_accept(o, a->accept, show, s, notes, err);
	if (a->refuse != NO_ID)
		return vt_office_refuse(o, a->refuse, a->reason, show, s, notes,
		    err);
	if (a->agree != NO_ID)
		return vt_office_agree(o, a->agree, show, s, notes, err);
	if (a->decline != NO_ID)
		return vt_office_decline(o, a->decline, a->reason, show, s,
		    notes, err);
	return vt_office_receive(o, (size_t)a->limit, show, s, notes, err);
}

static bool
combine(struct vt_cli *cli, const struct args *a)
{
	bool says_no = a->refuse != NO_ID || a->decline != NO_ID;
	int verbs = (int)a->pending + (a->accept != NO_ID) +
		    (a->refuse != NO_ID) + (a->agree != NO_ID) +
		    (a->decline != NO_ID);

	if (cli->argc > 0) {
		vt_cli_usage(cli, "it takes no operand: %s", cli->argv[0]);
		return false;
	}
	if (verbs > 1) {
		vt_cli_usage(cli, "--pending, --accept, --refuse, --agree and "
				  "--decline exclude each other");
		return false;
	}
	if (a->log && verbs > 0) {
		vt_cli_usage(cli, "--log is for what is fetched");
		return false;
	}
	if (vt_cli_given(cli, "limit") && verbs > 0) {
		vt_cli_usage(cli, "--limit is for what is fetched");
		return false;
	}
	if (vt_cli_given(cli, "limit") && a->limit == 0) {
		vt_cli_usage(cli, "--limit is at least 1");
		return false;
	}
	if (vt_cli_given(cli, "jobs") && verbs > 0) {
		vt_cli_usage(cli, "--jobs is for what is fetched");
		return false;
	}
	if (a->jobs < 1 || a->jobs > VT_VERIFY_JOBS) {
		vt_cli_usage(cli, "--jobs takes 1 to %d", VT_VERIFY_JOBS);
		return false;
	}
	if (says_no && a->reason == NULL) {
		vt_cli_usage(cli, "a refusal needs --reason");
		return false;
	}
	if (!says_no && a->reason != NULL) {
		vt_cli_usage(cli, "--reason is for --refuse and --decline");
		return false;
	}
	return true;
}

static void
say_unfetched(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

static void
run(struct vt_cli *cli, const struct args *a)
{
	struct shown shown = { .cli = cli, .log = a->log };
	struct vt_office *o = NULL;
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	size_t i;
	int rc;

	if (!combine(cli, a))
		return;
	rc = vt_office_open(cli->home, NULL, &o, &err);
	if (rc == VT_OK)
		rc = vt_office_fetches(o, vt_cli_language(), say_unfetched, cli,
		    &err);
	if (rc == VT_OK) {
		o->jobs = (size_t)a->jobs;
		o->discreet = a->log;
		rc = act(o, a, &shown, &notes, &err);
	}
	if (rc == VT_EBUSY) /* another run takes in what is there */
		vt_cli_info(cli, "%s", err.text);
	else if (rc != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	for (i = 0; i < notes.n && !a->log; i++) /* they name what came */
		vt_cli_warn(cli, NULL, "%s", notes.items[i]);
	if (shown.held && !a->pending && !cli->quiet)
		vt_cli_hint(cli, "what is held is listed by vanthu receive "
				 "--pending and ended by --accept ID or "
				 "--refuse ID --reason TEXT; a recall or an "
				 "update by --agree ID or --decline ID "
				 "--reason TEXT");
	if (shown.unknown && !a->pending && !cli->quiet && o->fetcher == NULL)
		vt_cli_hint(cli,
		    "revocation lists come by vanthu trust update, "
		    "or with fetch = yes under [receive] in "
		    "vanthu.conf");
	vt_list_release(&notes);
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct args a = { .jobs = vt_cli_processors(VT_VERIFY_JOBS),
		.accept = NO_ID,
		.refuse = NO_ID,
		.agree = NO_ID,
		.decline = NO_ID };
	const struct vt_opt table[] = {
		{ "limit", 0, VT_OPT_INT, &a.limit, VT_N_("N"),
		    VT_N_("take in at most N messages now"), 0 },
		{ "jobs", 0, VT_OPT_INT, &a.jobs, VT_N_("N"),
		    VT_N_("judge N files at once"), 0 },
		{ "log", 0, VT_OPT_FLAG, &a.log, NULL,
		    VT_N_("lines for a log: ids and results, no content"), 0 },
		{ "pending", 0, VT_OPT_FLAG, &a.pending, NULL,
		    VT_N_("list what waits for a clerk"), 0 },
		{ "accept", 0, VT_OPT_INT, &a.accept, VT_N_("ID"),
		    VT_N_("register the document that is held"), 0 },
		{ "refuse", 0, VT_OPT_INT, &a.refuse, VT_N_("ID"),
		    VT_N_("return the document that is held"), 0 },
		{ "agree", 0, VT_OPT_INT, &a.agree, VT_N_("ID"),
		    VT_N_("do the recall, update or replacement"), 0 },
		{ "decline", 0, VT_OPT_INT, &a.decline, VT_N_("ID"),
		    VT_N_("leave the document as it is"), 0 },
		{ "reason", 0, VT_OPT_STR, &a.reason, VT_N_("TEXT"),
		    VT_N_("why not; the sender is told"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "receive",
		.summary = VT_N_("take in what arrived: judge, register, "
				 "acknowledge"),
		.operands = "",
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu receive --pending",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	return vt_cli_finish(&cli);
}
