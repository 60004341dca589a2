/* vanthu-status: what waits, what failed, and the next step */
#include <string.h>

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/office_overview.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

#define LIMIT 20 /* of each kind, unless said */

struct shown {
	struct vt_cli *cli;
	enum vt_waiting what; /* the kind of the last one */
	int64_t left;         /* of that kind, not shown */
	bool any, late;
};

static const char *
kind_text(enum vt_waiting what)
{
	static const char *const texts[VT_WAITING_KINDS] = {
		[VT_WAITING_QUEUED] = VT_N_("queued"),
		[VT_WAITING_FAILED] = VT_N_("not delivered"),
		[VT_WAITING_REFUSED] = VT_N_("refused by its recipient"),
		[VT_WAITING_UNANSWERED] = VT_N_("sent, not yet acknowledged"),
		[VT_WAITING_UNISSUED] =
		    VT_N_("not issued by the next working day"),
		[VT_WAITING_UNASSIGNED] = VT_N_("assigned to nobody"),
		[VT_WAITING_OVERDUE] = VT_N_("past its due date"),
		[VT_WAITING_CHANGED] =
		    VT_N_("changed by its sender while somebody works on it"),
		[VT_WAITING_HELD] = VT_N_("held for a clerk"),
		[VT_WAITING_QUARANTINED] = VT_N_("quarantined"),
	};

	return vt_tr(texts[what]);
}

/* NULL for what is not known; a code stays a code. */
static void
show_json(struct vt_cli *cli, const struct vt_office_item *item)
{
	const struct vt_waiting_row *row = item->row;
	struct vt_json_out *o = vt_cli_json(cli);
	char due[VT_TIME_TEXT];

	vt_json_put_str(o, "kind", vt_waiting_name(item->what));
	vt_json_put_bool(o, "late", item->late);
	if (row->id != 0)
		vt_json_put_int(o, "id", row->id);
	vt_json_put_str(o, "ref", row->ref[0] != '\0' ? row->ref : NULL);
	vt_json_put_str(o, "record_state", row->state);
	vt_json_put_str(o, "organ_id", row->organ_id);
	vt_json_put_str(o, row->status ? "status" : "business", row->business);
	vt_json_put_str(o, "reason", row->reason);
	vt_json_put_str(o, "keeper", row->keeper);
	if (item->what == VT_WAITING_QUEUED) {
		vt_json_put_int(o, "count", row->n);
		vt_json_put_int(o, "attempts", row->attempts);
		vt_json_put_time(o, "next_try", row->next_try);
	}
	vt_json_put_time(o, "since", row->since);
	vt_json_put_str(o, "due",
	    row->due.year != 0 ? vt_date_text(row->due, due) : NULL);
	vt_json_put_str(o, "next", item->next[0] != '\0' ? item->next : NULL);
	vt_json_put_int(o, "total", item->total);
	vt_cli_json_end(cli, o);
}

/* "a recall": what a message is, where it is no new document. */
static const char *
message_text(const struct vt_waiting_row *row)
{
	if (row->status)
		return vt_tr("a status");
	if (row->business == NULL)
		return NULL;
	if (strcmp(row->business, "recall") == 0)
		return vt_tr("recall");
	if (strcmp(row->business, "update") == 0)
		return vt_tr("update");
	if (strcmp(row->business, "replace") == 0)
		return vt_tr("replacement");
	return NULL;
}

/* What is special to its kind. */
static void
describe(const struct vt_office_item *item, struct vt_buf *line)
{
	const struct vt_waiting_row *row = item->row;
	char when[VT_TIME_TEXT];

	if (item->what == VT_WAITING_QUEUED) {
		(void)vt_buf_printf(line,
		    vt_tr(", %lld messages, %d tries, the next one at %s"),
		    (long long)row->n, row->attempts,
		    row->next_try != VT_TIME_NONE
			? vt_time_local(row->next_try, when)
			: "-");
	} else if (row->due.year != 0) {
		(void)vt_buf_printf(line, vt_tr(", due on %s"),
		    vt_date_text(row->due, when));
	}
	if (item->what == VT_WAITING_CHANGED && row->keeper != NULL)
		(void)vt_buf_printf(line, vt_tr(", with %s"), row->keeper);
	(void)vt_buf_printf(line, vt_tr(", since %s"),
	    vt_time_local(row->since, when));
	if (row->reason != NULL)
		(void)vt_buf_printf(line, ": %s",
		    vt_received_reason_text(row->reason));
}

/*
 * It works on the office that is shown, unless it is about a file: where
 * --home named that, whoever copies the line has no other word of it.
 */
static void
show_next(struct vt_cli *cli, const struct vt_office_item *item)
{
	struct vt_buf home;

	if (item->next[0] == '\0')
		return;
	vt_buf_init(&home, 1024u * 1024);
	if (cli->home_option && item->what != VT_WAITING_QUARANTINED)
		(void)(vt_buf_printf(&home, " --home ") == VT_OK &&
		       vt_text_shell(&home, cli->home) == VT_OK);
	vt_cli_line(cli, "    %s%s", item->next, vt_buf_str(&home));
	vt_buf_release(&home);
}

/* "out/2026/1, H99.02: not delivered, since ...: why", and below it the step */
static void
show_text(struct vt_cli *cli, const struct vt_office_item *item)
{
	const struct vt_waiting_row *row = item->row;
	const char *message = message_text(row);
	struct vt_buf line;

	if (cli->json || cli->quiet)
		return;
	vt_buf_init(&line, 1024u * 1024);
	if (row->id != 0)
		(void)vt_buf_printf(&line, "%lld", (long long)row->id);
	if (row->ref[0] != '\0')
		(void)vt_buf_printf(&line, line.len > 0 ? ", %s" : "%s",
		    row->ref);
	if (row->organ_id != NULL)
		(void)vt_buf_printf(&line, line.len > 0 ? ", %s" : "%s",
		    row->organ_id);
	(void)vt_buf_printf(&line, line.len > 0 ? ": %s" : "%s",
	    kind_text(item->what));
	if (message != NULL)
		(void)vt_buf_printf(&line, " (%s)", message);
	describe(item, &line);
	vt_cli_line(cli, "%s", vt_buf_str(&line));
	show_next(cli, item);
	vt_buf_release(&line);
}

/* The kind that was shown is through. */
static void
show_left(const struct shown *s)
{
	if (s->any && s->left > 0 && !s->cli->quiet)
		vt_cli_line(s->cli, vt_tr("%s: %lld more; see --limit"),
		    kind_text(s->what), (long long)s->left);
}

static int
show(void *ctx, const struct vt_office_item *item, struct vt_error *err)
{
	struct shown *s = ctx;

	(void)err;
	if (!s->any || s->what != item->what) {
		show_left(s);
		s->what = item->what;
		s->left = item->total;
	}
	s->any = true;
	s->left--;
	s->late = s->late || item->late;
	show_json(s->cli, item);
	show_text(s->cli, item);
	return VT_OK;
}

static void
run(struct vt_cli *cli, int64_t limit)
{
	struct shown s = { .cli = cli };
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };

	if (cli->argc > 0) {
		vt_cli_usage(cli, "it takes no operand: %s", cli->argv[0]);
		return;
	}
	if (limit == 0) {
		vt_cli_usage(cli, "--limit is at least 1");
		return;
	}
	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK ||
	    vt_office_overview(o, vt_time_now(), (size_t)limit, show, &s,
		&err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	show_left(&s);
	if (s.late)
		vt_cli_note(cli, VT_EXIT_NO);
	if (cli->status == VT_EXIT_OK && !s.any && !cli->quiet)
		vt_cli_line(cli, "%s", vt_tr("nothing waits"));
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	int64_t limit = LIMIT;
	const struct vt_opt table[] = {
		{ "limit", 0, VT_OPT_INT, &limit, VT_N_("N"),
		    VT_N_("show at most N of a kind (20)"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "status",
		.summary = VT_N_("what waits, what failed, and the next step"),
		.operands = "",
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu status",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, limit);
	return vt_cli_finish(&cli);
}
