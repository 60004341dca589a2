/* prune.c - vanthu axis prune: what is confirmed is forgotten */
#include "axis.h"
#include "vanthu/axis.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/json.h"

static void
progress(void *ctx, const struct vt_axis_pruned *p)
{
	vt_cli_progress(ctx, vt_tr("messages forgotten"), (uint64_t)p->messages,
	    0);
}

static void
show(struct vt_cli *cli, const struct vt_axis_pruned *p)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o == NULL) {
		vt_cli_line(cli,
		    vt_tr("%lld messages forgotten, %lld files of %lld bytes "
			  "removed, %lld messages left for the next time"),
		    (long long)p->messages, (long long)p->files,
		    (long long)p->bytes, (long long)p->left);
		return;
	}
	vt_json_put_int(o, "pruned", p->messages);
	vt_json_put_int(o, "removed", p->files);
	vt_json_put_int(o, "size", p->bytes);
	vt_json_put_int(o, "left", p->left);
	vt_cli_json_end(cli, o);
}

void
axis_prune(struct vt_cli *cli, const struct options *o)
{
	struct vt_axis_pruned sum;
	struct vt_axis *a = NULL;
	struct vt_error err = { 0 };
	char day[VT_TIME_TEXT];
	int rc;

	if (o->before.year == 0) {
		vt_cli_usage(cli, "prune needs --before");
		return;
	}
	if (vt_axis_open(cli->argv[0], &a, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	vt_date_text(o->before, day);
	if (!o->yes &&
	    !vt_cli_confirm(cli,
		"forget what was confirmed before %s for good?", day)) {
		vt_error_set(&err, VT_EREFUSED, NULL,
		    "nobody agreed that messages are forgotten");
		vt_cli_fail(cli, NULL, &err);
		vt_cli_hint(cli, "--yes agrees");
	} else {
		rc = vt_axis_prune(a, vt_date_start(o->before), progress, cli,
		    &sum, &err);
		vt_cli_progress_end(cli);
		if (rc == VT_OK)
			show(cli, &sum);
		else
			vt_cli_fail(cli, NULL, &err);
	}
	vt_axis_close(a);
}
