/* vanthu-archive: files of records; find what changed or went missing */
#include <stddef.h>

#include "archive.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/office.h"

enum verb { OPEN, ADD, LIST, CHECK, EVIDENCE };

/* Listing and writing need records; pruning a date and a reason. */
static bool
combine_evidence(struct vt_cli *cli, const struct archive_args *a)
{
	if (a->prune && (a->before.year == 0 || a->reason == NULL)) {
		vt_cli_usage(cli, "--prune needs --before and --reason");
		return false;
	}
	if (a->prune && a->dir != NULL) {
		vt_cli_usage(cli, "-C does not go with --prune");
		return false;
	}
	if (!a->prune && (a->before.year != 0 || a->reason != NULL || a->yes)) {
		vt_cli_usage(cli, "--before, --reason and --yes go with "
				  "--prune");
		return false;
	}
	if (!a->prune && cli->argc == 0) {
		vt_cli_usage(cli, "which record?");
		return false;
	}
	return true;
}

static bool
combine(struct vt_cli *cli, const struct archive_args *a)
{
	switch ((enum verb)cli->verb) {
	case OPEN:
		if (cli->argc == 1 && a->title != NULL && a->retention != NULL)
			return true;
		vt_cli_usage(cli, "open takes one CODE, --title and "
				  "--retention");
		return false;
	case ADD:
		if (cli->argc > 0 && a->file != NULL)
			return true;
		vt_cli_usage(cli, "add takes records or files, and --file "
				  "CODE");
		return false;
	case EVIDENCE:
		return combine_evidence(cli, a);
	default:
		if (cli->argc == 0)
			return true;
		vt_cli_usage(cli, "it takes no operand: %s", cli->argv[0]);
		return false;
	}
}

static void
run(struct vt_cli *cli, const struct archive_args *a)
{
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };
	int i;

	if (!combine(cli, a))
		return;
	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	switch ((enum verb)cli->verb) {
	case OPEN:
		archive_open(cli, o, a);
		break;
	case ADD:
		for (i = 0; i < cli->argc; i++)
			archive_add(cli, o, a->file, cli->argv[i]);
		break;
	case LIST:
		archive_list(cli, o);
		break;
	case CHECK:
		archive_check(cli, o);
		break;
	case EVIDENCE:
		if (a->prune)
			archive_prune(cli, o, a);
		else
			archive_evidence(cli, o, a);
		break;
	}
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct archive_args a = { 0 };
	const struct vt_opt table[] = {
		{ "title", 0, VT_OPT_STR, &a.title, VT_N_("TEXT"),
		    VT_N_("what the file of records is about"), 1u << OPEN },
		{ "retention", 0, VT_OPT_STR, &a.retention, VT_N_("R"),
		    VT_N_("how long it is kept: years, or vinh-vien"),
		    1u << OPEN },
		{ "file", 0, VT_OPT_STR, &a.file, VT_N_("CODE"),
		    VT_N_("the file of records to put it into"), 1u << ADD },
		{ "directory", 'C', VT_OPT_STR, &a.dir, VT_N_("DIR"),
		    VT_N_("write its certificates and lists there"),
		    1u << EVIDENCE },
		{ "prune", 0, VT_OPT_FLAG, &a.prune, NULL, VT_N_("forget it"),
		    1u << EVIDENCE },
		{ "before", 0, VT_OPT_DATE, &a.before, VT_N_("DATE"),
		    VT_N_("what is from before that day"), 1u << EVIDENCE },
		{ "reason", 0, VT_OPT_STR, &a.reason, VT_N_("TEXT"),
		    VT_N_("why, for the history"), 1u << EVIDENCE },
		{ "yes", 0, VT_OPT_FLAG, &a.yes, NULL, VT_N_("do not ask"),
		    1u << EVIDENCE },
		VT_OPT_END,
	};
	const struct vt_verb verbs[] = {
		{ "open", VT_N_("CODE"), VT_N_("open a file of records") },
		{ "add", VT_N_("REF|FILE..."),
		    VT_N_("put records, or files that are none, into one") },
		{ "list", "", VT_N_("list them and what is in them") },
		{ "check", "",
		    VT_N_("find what changed, is missing or foreign") },
		{ "evidence", VT_N_("REF..."),
		    VT_N_("show, write out or prune what signers were checked "
			  "by") },
		{ NULL, NULL, NULL },
	};
	const struct vt_cli_spec spec = {
		.tool = "archive",
		.summary = VT_N_("files of records, and whether all that is "
				 "kept is sound"),
		.opts = table,
		.verbs = verbs,
		.language = vt_conf_language,
		.example = "vanthu archive add out/2026/1 --file 01.VP",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	return vt_cli_finish(&cli);
}
