/* vanthu-extend: raise signatures to a level that lasts longer, or renew it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/office_extend.h"
#include "vanthu/office_fetch.h"
#include "vanthu/office_stamper.h"
#include "vanthu/source.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

/* What stands on the command line; NULL: not given. */
struct args {
	const char *level, *tsa, *content, *output, *password;
	struct vt_list anchors, chain, crls;
	bool offline;
};

static void
say_unfetched(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

static void
show(struct vt_cli *cli, const char *file, const char *output,
    enum vt_level level, const struct vt_extend_result *res)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_str(o, "file", file);
	vt_json_put_str(o, "output", output);
	vt_json_put_str(o, "format",
	    res->format == VT_SIGN_PDF   ? "pdf"
	    : res->format == VT_SIGN_XML ? "xml"
					 : "cms");
	vt_json_put_str(o, "from", vt_level_name(res->from));
	vt_json_put_str(o, "level", vt_level_name(level));
	vt_json_put_bool(o, "renewed", res->renewed);
	vt_json_put_int(o, "signatures", (int64_t)res->nsignatures);
	vt_json_put_int(o, "size", (int64_t)res->size);
	vt_cli_json_end(cli, o);
	if (strcmp(output, "-") != 0)
		vt_cli_line(cli, vt_tr("%s: level %s, as %s"), file,
		    vt_level_name(level), output);
}

/* Extend SRC into OUTPUT, "-" being standard output. */
static int
extend_to(struct vt_source *src, const char *output,
    const struct vt_extend_options *opts, struct vt_extend_result *res,
    struct vt_error *err)
{
	bool to_stdout = strcmp(output, "-") == 0;
	struct vt_out *out = NULL;
	char spool[64];
	int rc;

	/* What goes to standard output is made first; it gets no name. */
	snprintf(spool, sizeof(spool), "/var/tmp/vanthu-extend.%ld",
	    (long)getpid());
	rc = vt_office_extend(src, to_stdout ? spool : output, opts, &out, res,
	    err);
	if (rc != VT_OK)
		return rc;
	if (!to_stdout)
		return vt_out_commit(out, err);
	rc = vt_out_copy(out, STDOUT_FILENO, err);
	vt_out_abort(out);
	return rc;
}

/* What a detached signature signs: as it was named, or as its name says. */
static int
open_content(const struct args *a, const char *path, struct vt_source **ret,
    struct vt_error *err)
{
	char *beside = NULL;
	int rc = VT_OK;

	if (a->content == NULL)
		beside = vt_verify_content_beside(path);
	if (a->content != NULL || beside != NULL)
		rc = vt_source_open(beside != NULL ? beside : a->content, ret,
		    err);
	free(beside);
	return rc;
}

static void
extend(struct vt_cli *cli, const struct args *a, struct vt_extend_options *opts)
{
	const char *path = cli->argv[0], *output = a->output;
	struct vt_source *src = NULL, *content = NULL;
	struct vt_extend_result res = { 0 };
	struct vt_error err = { 0 };
	char *name = NULL;
	int rc;

	if (output == NULL && (output = name = vt_extend_name(path)) == NULL)
		rc = vt_error_nomem(&err);
	else if ((rc = vt_source_open_document(path, NULL, &src, &err)) ==
		     VT_OK &&
		 (rc = open_content(a, path, &content, &err)) == VT_OK) {
		opts->content = content;
		rc = extend_to(src, output, opts, &res, &err);
	}
	if (rc == VT_OK)
		show(cli, path, output, opts->level, &res);
	else
		vt_cli_fail(cli, path, &err);
	vt_source_free(content);
	vt_source_free(src);
	free(name);
}

/* false: a usage error was said. */
static bool
check(struct vt_cli *cli, const struct args *a,
    const struct vt_office_signing *conf, struct vt_extend_options *opts)
{
	bool ok = true;

	opts->level = conf->level > VT_LEVEL_B ? conf->level : VT_LEVEL_LTA;
	if (a->level != NULL)
		ok = vt_level_parse(a->level, &opts->level) &&
		     opts->level > VT_LEVEL_B;
	if (!ok)
		vt_cli_usage(cli, "--level is T, LT or LTA, not %s", a->level);
	else if (cli->argc != 1)
		vt_cli_usage(cli, "which file? one is extended");
	else if (strcmp(cli->argv[0], "-") == 0 && a->output == NULL)
		vt_cli_usage(cli, "standard input needs -o");
	else if (a->output != NULL && strcmp(a->output, "-") == 0 && cli->json)
		vt_cli_usage(cli, "-o - and --json would both write to "
				  "standard output");
	else
		return true;
	return false;
}

static void
run(struct vt_cli *cli, const struct args *a)
{
	const struct vt_trust_named named = { &a->anchors, &a->chain,
		&a->crls };
	struct vt_extend_options opts = { 0 };
	struct vt_office_signing conf = { 0 };
	struct vt_office_stamping with = { 0 };
	struct vt_trust *trust = NULL;
	struct vt_secret secret = { 0 };
	struct vt_error err = { 0 };

	if ((a->password != NULL &&
		vt_cli_secret(cli, a->password, vt_tr("Password of the PDF: "),
		    &secret, &err) != VT_OK) ||
	    vt_office_signing_read(cli->home, &conf, &err) != VT_OK ||
	    vt_office_trust_named(cli->home, cli->home_given, &named, &trust,
		&err) != VT_OK ||
	    vt_office_stamping_open(cli->home, vt_cli_language(),
		a->tsa != NULL ? a->tsa : conf.tsa, a->offline, trust,
		say_unfetched, cli, &with, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	opts.stamping = with.stamping;
	opts.trust = trust;
	opts.pdf_password = &secret;
	opts.fetch = with.fetcher != NULL ? vt_fetcher_get : NULL;
	opts.fetch_ctx = with.fetcher;
	opts.aia = with.aia;
	if (check(cli, a, &conf, &opts))
		extend(cli, a, &opts);
out:
	vt_office_stamping_close(&with);
	vt_trust_free(trust);
	vt_office_signing_release(&conf);
	vt_secret_release(&secret);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct args a = { 0 };
	const struct vt_opt table[] = {
		{ "level", 0, VT_OPT_STR, &a.level, VT_N_("T|LT|LTA"),
		    VT_N_("the level to reach (LTA)"), 0 },
		{ "tsa", 0, VT_OPT_STR, &a.tsa, VT_N_("URL"),
		    VT_N_("who gives time stamps"), 0 },
		{ "trust", 0, VT_OPT_LIST, &a.anchors, VT_N_("FILE|DIR"),
		    VT_N_("trust these anchors, not the office's"), 0 },
		{ "chain", 0, VT_OPT_LIST, &a.chain, VT_N_("FILE"),
		    VT_N_("certificates that may complete a path"), 0 },
		{ "crl", 0, VT_OPT_LIST, &a.crls, VT_N_("FILE"),
		    VT_N_("revocation lists"), 0 },
		{ "offline", 0, VT_OPT_FLAG, &a.offline, NULL,
		    VT_N_("fetch nothing but time stamps"), 0 },
		{ "content", 0, VT_OPT_STR, &a.content, VT_N_("FILE"),
		    VT_N_("what a detached signature signs"), 0 },
		{ "pdf-password", 0, VT_OPT_SECRET, &a.password,
		    VT_N_("METHOD:ARG"),
		    VT_N_("tty:, file:PATH, fd:N or env:NAME: opens an "
			  "encrypted PDF"),
		    0 },
		{ "output", 'o', VT_OPT_STR, &a.output, VT_N_("FILE"),
		    VT_N_("where the result goes"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "extend",
		.summary = VT_N_("raise a signature to a longer-lived level"),
		.operands = VT_N_("FILE"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu extend --tsa http://tsa.example.vn "
			   "letter.signed.pdf",
	};

	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &a);
	vt_list_release(&a.anchors);
	vt_list_release(&a.chain);
	vt_list_release(&a.crls);
	return vt_cli_finish(&cli);
}
