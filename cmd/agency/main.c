/* vanthu-agency: the directory of agencies that documents go to and come from
 */
#include "agency.h"

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/office.h"

enum { IMPORT, REFRESH, LIST, SHOW, ALIAS, GROUP };

#define FOR(verb) (1u << (verb))

/* How many operands the verb takes. */
static bool
operands(struct vt_cli *cli, const struct options *o)
{
	switch (cli->verb) {
	case IMPORT:
		if (cli->argc == 1)
			return true;
		vt_cli_usage(cli, "which file? one is read");
		return false;
	case REFRESH:
		if (cli->argc == 0)
			return true;
		vt_cli_usage(cli, "this takes no operand");
		return false;
	case SHOW:
		if (cli->argc == 1)
			return true;
		vt_cli_usage(cli, "which agency? one code");
		return false;
	case ALIAS:
		if (o->remove.n == 0 ? cli->argc == 2
				     : o->remove.n == 1 && cli->argc == 0)
			return true;
		vt_cli_usage(cli, "alias OLD NEW, or alias --remove OLD");
		return false;
	case GROUP:
		if (cli->argc == 1 ||
		    (cli->argc == 0 && o->add.n + o->remove.n == 0))
			return true;
		vt_cli_usage(cli, "which group? one name");
		return false;
	default:
		return true;
	}
}

static void
run(struct vt_cli *cli, const struct options *opts)
{
	struct vt_office *o = NULL;
	struct vt_error err = { 0 };

	if (!operands(cli, opts))
		return;
	if (vt_cli_given(cli, "limit") && opts->limit == 0) {
		vt_cli_usage(cli, "--limit is at least 1");
		return;
	}
	if (vt_office_open(cli->home, NULL, &o, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	switch (cli->verb) {
	case IMPORT:
		agency_import(cli, o, opts);
		break;
	case REFRESH:
		agency_refresh(cli, o, opts);
		break;
	case LIST:
		agency_list(cli, o, opts);
		break;
	case SHOW:
		agency_show(cli, o);
		break;
	case ALIAS:
		agency_alias(cli, o, opts);
		break;
	default:
		agency_group(cli, o, opts);
	}
	vt_office_close(o);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct options o = { 0 };
	const struct vt_verb verbs[] = {
		[IMPORT] = { "import", VT_N_("FILE"),
		    VT_N_("the directory becomes what FILE lists") },
		[REFRESH] = { "refresh", "",
		    VT_N_("the directory becomes what the axis lists") },
		[LIST] = { "list", VT_N_("[QUERY...]"),
		    VT_N_("find agencies, with or without marks") },
		[SHOW] = { "show", VT_N_("ID"),
		    VT_N_("one agency, by any of its codes") },
		[ALIAS] = { "alias", VT_N_("OLD NEW"),
		    VT_N_("OLD is another code of the agency NEW") },
		[GROUP] = { "group", VT_N_("[NAME]"),
		    VT_N_("who belongs to the group; or which there are") },
		{ 0 },
	};
	const struct vt_opt table[] = {
		{ "partial", 0, VT_OPT_FLAG, &o.partial, NULL,
		    VT_N_("what is not listed stays as it is"),
		    FOR(IMPORT) | FOR(REFRESH) },
		{ "shrink", 0, VT_OPT_FLAG, &o.shrink, NULL,
		    VT_N_("even where half of it goes"),
		    FOR(IMPORT) | FOR(REFRESH) },
		{ "list", 0, VT_OPT_STR, &o.which, VT_N_("WHICH"),
		    VT_N_("of the axis: agencies, qd20 or units"),
		    FOR(REFRESH) },
		{ "all", 0, VT_OPT_FLAG, &o.all, NULL,
		    VT_N_("those, too, that are not valid today"), FOR(LIST) },
		{ "limit", 0, VT_OPT_INT, &o.limit, VT_N_("N"),
		    VT_N_("at most N of them"), FOR(LIST) },
		{ "add", 0, VT_OPT_LIST, &o.add, VT_N_("ID"),
		    VT_N_("it belongs to the group"), FOR(GROUP) },
		{ "remove", 0, VT_OPT_LIST, &o.remove, VT_N_("ID"),
		    VT_N_("it does not belong to the group; it is no alias"),
		    FOR(GROUP) | FOR(ALIAS) },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "agency",
		.summary = VT_N_("the agencies that documents are sent to"),
		.opts = table,
		.verbs = verbs,
		.language = vt_conf_language,
		.example = "vanthu agency list 'so noi vu'",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &o);
	vt_list_release(&o.add);
	vt_list_release(&o.remove);
	return vt_cli_finish(&cli);
}
