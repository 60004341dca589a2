/* vanthu-init: make an office */
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office.h"

static void
make(struct vt_cli *cli, const struct vt_office_plan *plan)
{
	const char *home = cli->argv[0];
	struct vt_list notes = { 0 };
	struct vt_error err = { 0 };
	struct vt_json_out *o;
	size_t i;

	if (vt_office_create(home, plan, &notes, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	for (i = 0; i < notes.n; i++)
		vt_cli_warn(cli, NULL, "%s", notes.items[i]);
	if ((o = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(o, "home", home);
		vt_json_put_str(o, "organ_id", plan->organ_id);
		vt_json_put_str(o, "name", plan->name);
		vt_json_put_str(o, "transport", plan->transport);
		vt_cli_json_end(cli, o);
	} else
		vt_cli_line(cli, vt_tr("%s: the office %s, %s"), home,
		    plan->organ_id, plan->name);
out:
	vt_list_release(&notes);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct vt_office_plan plan = { 0 };
	const struct vt_opt table[] = {
		{ "organ-id", 0, VT_OPT_STR, &plan.organ_id, VT_N_("ID"),
		    VT_N_("the agency's identifier"), 0 },
		{ "name", 0, VT_OPT_STR, &plan.name, VT_N_("NAME"),
		    VT_N_("the agency's name"), 0 },
		{ "transport", 0, VT_OPT_STR, &plan.transport, VT_N_("URL"),
		    VT_N_("how documents travel: spool:DIR, vxp+https://..."),
		    0 },
		{ "agency-cert", 0, VT_OPT_STR, &plan.agency_cert,
		    VT_N_("FILE"), VT_N_("the agency's certificate"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "init",
		.summary = VT_N_("make an office"),
		.operands = VT_N_("DIR"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu init /srv/vanthu --organ-id H40.16 "
			   "--name 'Sở Nội vụ'",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv)) {
		if (cli.argc != 1)
			vt_cli_usage(&cli, "which folder? one is made");
		else if (plan.organ_id == NULL || plan.name == NULL)
			vt_cli_usage(&cli, "--organ-id and --name are needed");
		else
			make(&cli, &plan);
	}
	return vt_cli_finish(&cli);
}
