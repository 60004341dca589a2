/* change.c - vanthu agency import, refresh, alias, group */
#include "agency.h"

#include <string.h>

#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/office_agency.h"

#define SHOWN 20 /* changes of a kind that people get to see */

static const char *
change_name(enum vt_agency_change what)
{
	static const char *const names[VT_AGENCY_CHANGES] = {
		[VT_AGENCY_SAME] = "same",
		[VT_AGENCY_NEW] = "new",
		[VT_AGENCY_CHANGED] = "changed",
		[VT_AGENCY_GONE] = "gone",
	};

	return names[what];
}

static void
show_json(struct vt_cli *cli, const struct vt_office_directory *d)
{
	struct vt_json_out *o;
	size_t i;

	for (i = 0; i < d->n && cli->json; i++) {
		o = vt_cli_json(cli);
		vt_json_put_str(o, "change", change_name(d->items[i].what));
		vt_json_put_str(o, "organ_id", d->items[i].code);
		vt_json_put_str(o, "name", d->items[i].name);
		vt_cli_json_end(cli, o);
	}
	o = vt_cli_json(cli);
	for (i = VT_AGENCY_NEW; i < VT_AGENCY_CHANGES; i++)
		vt_json_put_int(o, change_name((enum vt_agency_change)i),
		    (int64_t)d->counts[i]);
	vt_json_put_int(o, "same", (int64_t)d->counts[VT_AGENCY_SAME]);
	vt_json_put_int(o, "skipped", (int64_t)d->skipped);
	vt_json_put_int(o, "shared_aliases", d->shared);
	vt_cli_json_end(cli, o);
}

static void
show_kind(struct vt_cli *cli, const struct vt_office_directory *d,
    enum vt_agency_change what)
{
	static const char *const formats[VT_AGENCY_CHANGES] = {
		[VT_AGENCY_NEW] = VT_N_("new: %s, %s"),
		[VT_AGENCY_CHANGED] = VT_N_("changed: %s, %s"),
		[VT_AGENCY_GONE] = VT_N_("gone: %s, %s"),
	};
	size_t i, n = 0;

	for (i = 0; i < d->n && (cli->verbose || n < SHOWN); i++)
		if (d->items[i].what == what) {
			vt_cli_line(cli, vt_tr(formats[what]), d->items[i].code,
			    d->items[i].name);
			n++;
		}
	if (n < d->counts[what])
		vt_cli_line(cli, vt_tr("... and %zu more; see --verbose"),
		    d->counts[what] - n);
}

static void
show(struct vt_cli *cli, const struct vt_office_directory *d)
{
	if (d->skipped > 0)
		vt_cli_warn(cli, NULL,
		    "%zu entries of the axis cannot be used and were skipped",
		    d->skipped);
	if (d->shared > 0)
		vt_cli_warn(cli, NULL,
		    "%lld aliases are those of more than one agency, and name "
		    "nobody",
		    (long long)d->shared);
	if (cli->json) {
		show_json(cli, d);
		return;
	}
	if (!cli->quiet) {
		show_kind(cli, d, VT_AGENCY_NEW);
		show_kind(cli, d, VT_AGENCY_CHANGED);
		show_kind(cli, d, VT_AGENCY_GONE);
	}
	vt_cli_line(cli, vt_tr("%zu new, %zu changed, %zu gone, %zu as before"),
	    d->counts[VT_AGENCY_NEW], d->counts[VT_AGENCY_CHANGED],
	    d->counts[VT_AGENCY_GONE], d->counts[VT_AGENCY_SAME]);
}

static void
tell(struct vt_cli *cli, int rc, struct vt_office_directory *d,
    const struct vt_error *err)
{
	if (rc == VT_OK)
		show(cli, d);
	else
		vt_cli_fail(cli, NULL, err);
	vt_office_directory_release(d);
}

void
agency_import(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts)
{
	const struct vt_office_import_how how = { opts->partial, opts->shrink };
	struct vt_office_directory d = { 0 };
	struct vt_error err = { 0 };
	int rc;

	rc = vt_office_agency_import(o, cli->argv[0], &how, &d, &err);
	tell(cli, rc, &d, &err);
}

void
agency_refresh(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts)
{
	static const char *const words[] = {
		[VT_TRANSPORT_AGENCIES] = "agencies",
		[VT_TRANSPORT_AGENCIES_QD20] = "qd20",
		[VT_TRANSPORT_UNITS] = "units",
	};
	const struct vt_office_import_how how = { opts->partial, opts->shrink };
	const size_t n = sizeof(words) / sizeof(words[0]);
	struct vt_office_directory d = { 0 };
	struct vt_error err = { 0 };
	size_t i = 0;
	int rc;

	if (opts->which != NULL)
		while (i < n && strcmp(words[i], opts->which) != 0)
			i++;
	if (i == n) {
		vt_cli_usage(cli, "--list is agencies, qd20 or units");
		return;
	}
	rc = vt_office_agency_refresh(o, (enum vt_transport_directory)i, &how,
	    &d, &err);
	tell(cli, rc, &d, &err);
}

void
agency_alias(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts)
{
	const char *old =
	    opts->remove.n > 0 ? opts->remove.items[0] : cli->argv[0];
	struct vt_error err = { 0 };
	struct vt_json_out *json;
	int rc;

	if (opts->remove.n > 0)
		rc = vt_office_alias_remove(o, old, &err);
	else
		rc = vt_office_alias(o, old, cli->argv[1], &err);
	if (rc != VT_OK) {
		vt_cli_fail(cli, old, &err);
		return;
	}
	json = vt_cli_json(cli);
	vt_json_put_str(json, "alias", old);
	vt_json_put_str(json, "organ_id",
	    opts->remove.n > 0 ? NULL : cli->argv[1]);
	vt_cli_json_end(cli, json);
	if (opts->remove.n > 0)
		vt_cli_line(cli, vt_tr("%s is no alias by hand any more"), old);
	else
		vt_cli_line(cli, "%s = %s", old, cli->argv[1]);
}

void
agency_group(struct vt_cli *cli, struct vt_office *o,
    const struct options *opts)
{
	bool change = opts->add.n + opts->remove.n > 0;
	struct vt_error err = { 0 };

	if (cli->argc == 0) {
		agency_groups(cli, o);
		return;
	}
	if (change && vt_office_group(o, cli->argv[0], &opts->add,
			  &opts->remove, &err) != VT_OK) {
		vt_cli_fail(cli, cli->argv[0], &err);
		return;
	}
	agency_group_show(cli, o, cli->argv[0], change);
}
