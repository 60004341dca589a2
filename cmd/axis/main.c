/* vanthu-axis: a document axis of one's own */
#include <sys/stat.h>

#include "axis.h"
#include "vanthu/axis.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/json.h"

enum { INIT, AGENCY, LIST, LOCK, UNLOCK, REMOVE, SERVE, PRUNE };

#define FOR(verb) (1u << (verb))

static void
init(struct vt_cli *cli)
{
	const char *dir = cli->argv[0];
	struct vt_error err = { 0 };
	struct vt_json_out *o;

	if (vt_axis_create(dir, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if ((o = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(o, "home", dir);
		vt_cli_json_end(cli, o);
	} else
		vt_cli_line(cli, vt_tr("%s: an axis"), dir);
}

/* lock, unlock, remove */
static void
change(struct vt_cli *cli)
{
	const char *code = cli->argv[1];
	struct vt_axis *a = NULL;
	struct vt_error err = { 0 };
	int rc;

	if ((rc = vt_axis_open(cli->argv[0], &a, &err)) == VT_OK)
		rc = cli->verb == REMOVE ? vt_axis_agency_remove(a, code, &err)
					 : vt_axis_agency_lock(a, code,
					       cli->verb == LOCK, &err);
	if (rc != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	vt_axis_close(a);
}

static bool
enough(struct vt_cli *cli)
{
	bool agency = cli->verb == AGENCY || cli->verb == LOCK ||
		      cli->verb == UNLOCK || cli->verb == REMOVE;

	if (cli->argc == (agency ? 2 : 1))
		return true;
	if (agency)
		vt_cli_usage(cli, "it takes the axis' folder and one agency");
	else
		vt_cli_usage(cli, "it takes the axis' folder");
	return false;
}

static void
run(struct vt_cli *cli, const struct options *o)
{
	if (!enough(cli))
		return;
	(void)umask(077); /* secrets and documents of others */
	switch (cli->verb) {
	case INIT:
		init(cli);
		break;
	case AGENCY:
		axis_agency(cli, o);
		break;
	case LIST:
		axis_list(cli);
		break;
	case SERVE:
		axis_serve(cli, o);
		break;
	case PRUNE:
		axis_prune(cli, o);
		break;
	default:
		change(cli);
		break;
	}
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct options o = { 0 };
	const struct vt_verb verbs[] = {
		[INIT] = { "init", VT_N_("DIR"), VT_N_("make an axis") },
		[AGENCY] = { "agency", VT_N_("DIR ID"),
		    VT_N_("register an agency, or change what is registered") },
		[LIST] = { "list", VT_N_("DIR"),
		    VT_N_("the agencies, and how much waits for each") },
		[LOCK] = { "lock", VT_N_("DIR ID"),
		    VT_N_("let it neither call nor be sent anything") },
		[UNLOCK] = { "unlock", VT_N_("DIR ID"), VT_N_("let it again") },
		[REMOVE] = { "remove", VT_N_("DIR ID"),
		    VT_N_("forget its secret; it is there no longer") },
		[SERVE] = { "serve", VT_N_("DIR"),
		    VT_N_("serve the axis' protocol until it is stopped") },
		[PRUNE] = { "prune", VT_N_("DIR"),
		    VT_N_("forget what all recipients have confirmed") },
		{ 0 },
	};
	const struct vt_opt table[] = {
		{ "name", 0, VT_OPT_STR, &o.name, VT_N_("NAME"),
		    VT_N_("the agency's name"), FOR(AGENCY) },
		{ "secret", 0, VT_OPT_SECRET, &o.secret, VT_N_("METHOD:ARG"),
		    VT_N_("the secret of its account: tty:, file:PATH, fd:N or "
			  "env:NAME"),
		    FOR(AGENCY) },
		{ "code102", 0, VT_OPT_STR, &o.code102, VT_N_("ID"),
		    VT_N_("its other code"), FOR(AGENCY) },
		{ "parent", 0, VT_OPT_STR, &o.parent, VT_N_("ID"),
		    VT_N_("of which it is a part; a centre speaks for it"),
		    FOR(AGENCY) },
		{ "mail", 0, VT_OPT_STR, &o.mail, VT_N_("ADDRESS"),
		    VT_N_("its address"), FOR(AGENCY) },
		{ "quota", 0, VT_OPT_INT, &o.quota, VT_N_("MB"),
		    VT_N_("how much of what it sent may wait"), FOR(AGENCY) },
		{ "listen", 0, VT_OPT_STR, &o.listen, VT_N_("ADDR:PORT"),
		    VT_N_("where to listen"), FOR(SERVE) },
		{ "tls-cert", 0, VT_OPT_STR, &o.tls_cert, VT_N_("FILE"),
		    VT_N_("the server's certificate and its chain"),
		    FOR(SERVE) },
		{ "tls-key", 0, VT_OPT_STR, &o.tls_key, VT_N_("FILE"),
		    VT_N_("the certificate's key"), FOR(SERVE) },
		{ "loopback-http", 0, VT_OPT_FLAG, &o.loopback_http, NULL,
		    VT_N_("without TLS, on this machine's own address"),
		    FOR(SERVE) },
		{ "max-size", 0, VT_OPT_INT, &o.max_size, VT_N_("MB"),
		    VT_N_("of a message, at most"), FOR(SERVE) },
		{ "connections", 0, VT_OPT_INT, &o.connections, VT_N_("N"),
		    VT_N_("at a time, at most"), FOR(SERVE) },
		{ "per-address", 0, VT_OPT_INT, &o.per_address, VT_N_("N"),
		    VT_N_("of these from one address, at most"), FOR(SERVE) },
		{ "before", 0, VT_OPT_DATE, &o.before, VT_N_("DATE"),
		    VT_N_("what was confirmed before that day"), FOR(PRUNE) },
		{ "yes", 0, VT_OPT_FLAG, &o.yes, NULL, VT_N_("do not ask"),
		    FOR(PRUNE) },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "axis",
		.summary =
		    VT_N_("a document axis for a province, for training, for "
			  "tests"),
		.opts = table,
		.verbs = verbs,
		.language = vt_conf_language,
		.example = "vanthu axis serve /srv/axis --listen "
			   "127.0.0.1:8080 --loopback-http",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &o);
	return vt_cli_finish(&cli);
}
