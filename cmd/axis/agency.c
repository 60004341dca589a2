/* agency.c - the agencies of an axis: registered, listed */
#include "axis.h"
#include "vanthu/axis.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"

#define MB (1024 * 1024)
#define QUOTA_MAX (INT64_C(1) << 32) /* MB */

static void
tell(struct vt_cli *cli, const char *code, bool new)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o != NULL) {
		vt_json_put_str(o, "code", code);
		vt_json_put_bool(o, "existing", !new);
		vt_cli_json_end(cli, o);
	} else
		vt_cli_line(cli,
		    new ? vt_tr("%s: registered") : vt_tr("%s: changed"), code);
}

void
axis_agency(struct vt_cli *cli, const struct options *o)
{
	const struct vt_axis_agency agency = {
		.code = cli->argv[1],
		.name = o->name,
		.code102 = o->code102,
		.parent = o->parent,
		.mail = o->mail,
		.quota = o->quota * MB,
	};
	struct vt_secret secret = { 0 };
	struct vt_axis *a = NULL;
	struct vt_error err = { 0 };
	bool new = false;
	int rc;

	if (o->quota > QUOTA_MAX) {
		vt_cli_usage(cli, "--quota is too much");
		return;
	}
	rc = vt_axis_open(cli->argv[0], &a, &err);
	if (rc == VT_OK && o->secret != NULL)
		rc = vt_cli_secret(cli, o->secret,
		    vt_tr("secret of the account"), &secret, &err);
	if (rc == VT_OK)
		rc = vt_axis_agency_put(a, &agency,
		    o->secret != NULL ? &secret : NULL, &new, &err);
	vt_secret_release(&secret);
	vt_axis_close(a);
	if (rc != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if (new && o->secret == NULL && o->parent == NULL)
		vt_cli_warn(cli, agency.code,
		    "without a secret and without a centre nobody can fetch "
		    "for it");
	tell(cli, agency.code, new);
}

static int
show(void *ctx, const struct vt_axis_agency *a, int64_t waiting,
    struct vt_error *err)
{
	struct vt_cli *cli = ctx;
	struct vt_json_out *o = vt_cli_json(cli);

	(void)err;
	if (o == NULL) {
		vt_cli_line(cli, vt_tr("%s: %s: %lld waiting%s%s"), a->code,
		    a->name, (long long)waiting,
		    a->has_secret ? "" : vt_tr(", no account"),
		    a->locked ? vt_tr(", locked") : "");
		return VT_OK;
	}
	vt_json_put_str(o, "code", a->code);
	vt_json_put_str(o, "code102", a->code102);
	vt_json_put_str(o, "name", a->name);
	vt_json_put_str(o, "parent", a->parent);
	vt_json_put_str(o, "mail", a->mail);
	vt_json_put_int(o, "quota", a->quota != 0 ? a->quota : VT_AXIS_QUOTA);
	vt_json_put_bool(o, "account", a->has_secret);
	vt_json_put_bool(o, "locked", a->locked);
	vt_json_put_int(o, "waiting", waiting);
	vt_json_put_time(o, "modified", a->modified);
	vt_cli_json_end(cli, o);
	return VT_OK;
}

void
axis_list(struct vt_cli *cli)
{
	struct vt_axis *a = NULL;
	struct vt_error err = { 0 };

	if (vt_axis_open(cli->argv[0], &a, &err) != VT_OK ||
	    vt_axis_agencies(a, show, cli, &err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	vt_axis_close(a);
}
