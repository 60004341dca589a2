/* vanthu-verify: is a signed file what it claims to be? */
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

/* An office that was not asked for, and is closed to us, is none. */
static int
load_trust(const struct vt_cli *cli, const struct vt_trust_named *named,
    struct vt_trust **ret, struct vt_error *err)
{
	char *dir = vt_path_join(cli->home, "trust");
	bool ours;
	int rc;

	if (dir == NULL)
		return vt_error_nomem(err);
	ours = cli->home_given || access(dir, R_OK | X_OK) == 0;
	rc = vt_trust_open(ours ? dir : NULL, named, ret, err);
	free(dir);
	return rc;
}

/* NAME.EXT where PATH is NAME.EXT.p7s and such a file lies there, or NULL. */
static char *
content_beside(const char *path)
{
	size_t len = strlen(path);
	struct stat st;
	char *name;

	if (len < 5 || strcmp(path + len - 4, ".p7s") != 0 ||
	    (name = strndup(path, len - 4)) == NULL)
		return NULL;
	if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
		return name;
	free(name);
	return NULL;
}

static void
verify(struct vt_cli *cli, const char *path, const char *content,
    struct vt_verify_options *opts)
{
	struct vt_error err = { 0 };
	struct vt_report *report = NULL;
	char *beside = content == NULL ? content_beside(path) : NULL;
	int rc = VT_OK;

	opts->content = NULL;
	if (content != NULL)
		rc = vt_source_open(content, &opts->content, &err);
	else if (beside != NULL)
		rc = vt_source_open(beside, &opts->content, &err);
	if (rc == VT_OK)
		rc = vt_verify_file(path, opts, &report, &err);
	if (rc == VT_OK)
		report_show(cli, report, content != NULL ? content : beside);
	else
		vt_cli_fail(cli, path, &err);
	vt_report_free(report);
	vt_source_free(opts->content);
	opts->content = NULL;
	free(beside);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct vt_error err = { 0 };
	struct vt_trust *trust = NULL;
	struct vt_list anchors = { 0 }, chain = { 0 }, crls = { 0 };
	const struct vt_trust_named named = { &anchors, &chain, &crls };
	struct vt_verify_options opts = { .at = VT_TIME_NONE };
	const char *content = NULL;
	bool offline = false;
	int i;
	const struct vt_opt table[] = {
		{ "trust", 0, VT_OPT_LIST, &anchors, VT_N_("FILE|DIR"),
		    VT_N_("trust these anchors, not the office's"), 0 },
		{ "chain", 0, VT_OPT_LIST, &chain, VT_N_("FILE"),
		    VT_N_("certificates that may complete a path"), 0 },
		{ "crl", 0, VT_OPT_LIST, &crls, VT_N_("FILE"),
		    VT_N_("revocation lists"), 0 },
		{ "at", 0, VT_OPT_TIME, &opts.at, VT_N_("TIME"),
		    VT_N_("judge as of TIME, not of now"), 0 },
		{ "offline", 0, VT_OPT_FLAG, &offline, NULL,
		    VT_N_("use only what is at hand"), 0 },
		{ "content", 0, VT_OPT_STR, &content, VT_N_("FILE"),
		    VT_N_("what a detached signature signs"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "verify",
		.summary = VT_N_("judge the signatures of files"),
		.operands = VT_N_("FILE..."),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu verify --trust root.crt --crl ca.crl a.pdf",
	};

	if (!vt_cli_init(&cli, &spec, argc, argv))
		goto out;
	if (cli.argc == 0) {
		vt_cli_usage(&cli, "which file?");
		goto out;
	}
	if (content != NULL && cli.argc > 1) {
		vt_cli_usage(&cli, "--content goes with one file only");
		goto out;
	}
	if (load_trust(&cli, &named, &trust, &err) != VT_OK) {
		vt_cli_fail(&cli, NULL, &err);
		goto out;
	}
	opts.trust = trust;
	for (i = 0; i < cli.argc; i++)
		verify(&cli, cli.argv[i], content, &opts);
out:
	vt_trust_free(trust);
	vt_list_release(&anchors);
	vt_list_release(&chain);
	vt_list_release(&crls);
	return vt_cli_finish(&cli);
}
