/* level.c - what a level above B needs: an authority, lists, answers */
#include <string.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"
#include "vanthu/office_stamper.h"
#include "vanthu/sign_level.h"

static void
say_unfetched(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

/* false: a usage error was said. */
static bool
check(struct vt_cli *cli, const struct sign_args *a, const char *tsa,
    enum vt_level level)
{
	if (level == VT_LEVEL_B && a->tsa != NULL)
		vt_cli_usage(cli, "level B has no time stamp: --tsa goes with "
				  "--level T, LT or LTA");
	else if (level > VT_LEVEL_B && tsa == NULL)
		vt_cli_usage(cli, "which authority gives the time stamp? --tsa "
				  "URL, or [sign] tsa in vanthu.conf");
	else
		return true;
	return false;
}

bool
sign_level_open(struct vt_cli *cli, const struct sign_args *a,
    struct vt_sign_options *opts, struct vt_office_stamping *ret)
{
	struct vt_office_signing conf = { 0 };
	struct vt_error err = { 0 };
	const char *tsa;
	bool ok = true;

	if (vt_office_signing_read(cli->home, &conf, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		return false;
	}
	opts->level = conf.level;
	if (a->level != NULL && !vt_level_parse(a->level, &opts->level)) {
		vt_cli_usage(cli, "--level is B, T, LT or LTA, not %s",
		    a->level);
		ok = false;
	}
	tsa = a->tsa != NULL ? a->tsa : conf.tsa;
	ok = ok && check(cli, a, tsa, opts->level);
	if (ok && opts->level > VT_LEVEL_B) {
		ok = vt_office_stamping_open(cli->home, vt_cli_language(), tsa,
			 a->offline, opts->trust, say_unfetched, cli, ret,
			 &err) == VT_OK;
		if (!ok)
			vt_cli_fail(cli, NULL, &err);
	}
	vt_office_signing_release(&conf);
	if (!ok)
		return false;
	opts->stamping = ret->stamping;
	opts->fetch = ret->fetcher != NULL ? vt_fetcher_get : NULL;
	opts->fetch_ctx = ret->fetcher;
	opts->aia = ret->aia;
	return true;
}
