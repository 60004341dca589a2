/* vanthu-sign: one signature on each file or record */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/key.h"
#include "vanthu/office.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

/* What stands on the command line. */
struct args {
	const char *as, *p12, *key, *cert, *chain, *passphrase, *rsa;
	const char *output, *output_dir, *files_from;
	bool attached;
};

struct ask {
	struct vt_cli *cli;
	const char *spec;
};

static int
ask_passphrase(void *ctx, const char *what, struct vt_secret *ret,
    struct vt_error *err)
{
	const struct ask *ask = ctx;
	struct vt_buf line;
	int rc;

	vt_buf_init(&line, VT_TEXT_MAX);
	(void)vt_buf_printf(&line, vt_tr("Passphrase for %s: "), what);
	rc = vt_cli_secret(ask->cli, ask->spec,
	    line.len > 0 ? vt_buf_str(&line) : vt_tr("Passphrase: "), ret, err);
	vt_buf_release(&line);
	return rc;
}

static int
load_signer(struct vt_cli *cli, const struct args *a, struct vt_signer **ret,
    struct vt_error *err)
{
	struct ask ctx = { cli, a->passphrase };
	const struct vt_key_ask ask = { ask_passphrase, &ctx };

	if (a->p12 != NULL)
		return vt_key_p12(a->p12, a->chain, &ask, ret, err);
	return vt_key_pem(a->key, a->cert, a->chain, &ask, ret, err);
}

/*
 * What the office knows helps.  Signing files needs none: one that was not
 * asked for, and is closed to us, is none.
 */
static int
load_trust(const struct vt_cli *cli, struct vt_trust **ret,
    struct vt_error *err)
{
	const struct vt_trust_named nothing = { 0 };
	char *dir = vt_path_join(cli->home, "trust");
	bool ours;
	int rc;

	if (dir == NULL)
		return vt_error_nomem(err);
	ours = cli->home_given || access(dir, R_OK | X_OK) == 0;
	rc = vt_trust_open(ours ? dir : NULL, &nothing, ret, err);
	free(dir);
	return rc;
}

static bool
set_role(struct vt_cli *cli, const char *as, enum vt_sign_role *ret)
{
	if (as == NULL)
		*ret = VT_SIGN_PLAIN;
	else if (strcmp(as, "person") == 0)
		*ret = VT_SIGN_PERSON;
	else if (strcmp(as, "agency") == 0)
		*ret = VT_SIGN_AGENCY;
	else {
		vt_cli_usage(cli, "--as is person or agency, not %s", as);
		return false;
	}
	return true;
}

static bool
combine(struct vt_cli *cli, const struct args *a, const struct vt_list *files,
    struct vt_sign_options *opts)
{
	size_t i;

	if (!set_role(cli, a->as, &opts->role))
		return false;
	if (a->rsa != NULL && strcmp(a->rsa, "pkcs1") != 0 &&
	    strcmp(a->rsa, "pss") != 0) {
		vt_cli_usage(cli, "--rsa is pkcs1 or pss, not %s", a->rsa);
		return false;
	}
	opts->pss = a->rsa != NULL && strcmp(a->rsa, "pss") == 0;
	opts->attached = a->attached;
	if (a->p12 != NULL && (a->key != NULL || a->cert != NULL)) {
		vt_cli_usage(cli, "--p12 holds key and certificate: give it "
				  "without --key and --cert");
		return false;
	}
	if (a->p12 == NULL && (a->key == NULL || a->cert == NULL)) {
		vt_cli_usage(cli, "whose key? --p12 FILE, or --key FILE and "
				  "--cert FILE");
		return false;
	}
	if (a->output != NULL && (a->output_dir != NULL || files->n != 1)) {
		vt_cli_usage(cli, "-o names the result of one file; for "
				  "several there is --output-dir");
		return false;
	}
	if (a->output != NULL && strcmp(a->output, "-") == 0 && cli->json) {
		vt_cli_usage(cli, "-o - and --json would both write to "
				  "standard output");
		return false;
	}
	for (i = 0; i < files->n; i++)
		if (strcmp(files->items[i], "-") == 0 && a->output == NULL) {
			vt_cli_usage(cli, "standard input needs -o");
			return false;
		}
	return true;
}

static bool
collect(struct vt_cli *cli, const struct args *a, struct vt_list *ret)
{
	struct vt_error err = { 0 };
	int i, rc = VT_OK;

	if (cli->argc == 0 && a->files_from == NULL) {
		vt_cli_usage(cli, "which file?");
		return false;
	}
	for (i = 0; i < cli->argc && rc == VT_OK; i++)
		rc = vt_list_add(ret, cli->argv[i], &err);
	if (rc == VT_OK && a->files_from != NULL)
		rc = sign_list_read(a->files_from, ret, &err);
	if (rc != VT_OK)
		vt_cli_fail(cli, a->files_from, &err);
	return rc == VT_OK;
}

static void
run(struct vt_cli *cli, const struct args *a, const struct vt_list *files)
{
	struct vt_sign_options opts = { .at = VT_TIME_NONE };
	struct sign_plan plan = { &opts, a->output, a->output_dir, NULL };
	struct vt_signer *signer = NULL;
	struct vt_trust *trust = NULL;
	struct vt_error err = { 0 };
	size_t i;

	if (!combine(cli, a, files, &opts))
		return;
	/* Before anything is read or written: a wrong passphrase costs least.
	 */
	if (load_signer(cli, a, &signer, &err) != VT_OK) {
		vt_cli_fail(cli, a->p12 != NULL ? a->p12 : a->key, &err);
		goto out;
	}
	if (load_trust(cli, &trust, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	opts.signer = signer;
	opts.trust = trust;
	for (i = 0; i < files->n; i++)
		sign_operand(cli, &plan, files->items[i]);
out:
	vt_office_close(plan.office);
	vt_trust_free(trust);
	vt_signer_free(signer);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct args a = { 0 };
	struct vt_list files = { 0 };
	const struct vt_opt table[] = {
		{ "as", 0, VT_OPT_STR, &a.as, VT_N_("person|agency"),
		    VT_N_("who signs; the agency only after a person"), 0 },
		{ "p12", 0, VT_OPT_STR, &a.p12, VT_N_("FILE"),
		    VT_N_("key and certificates as PKCS#12"), 0 },
		{ "key", 0, VT_OPT_STR, &a.key, VT_N_("FILE"),
		    VT_N_("private key"), 0 },
		{ "cert", 0, VT_OPT_STR, &a.cert, VT_N_("FILE"),
		    VT_N_("its certificate"), 0 },
		{ "chain", 0, VT_OPT_STR, &a.chain, VT_N_("FILE"),
		    VT_N_("further certificates to embed"), 0 },
		{ "passphrase", 0, VT_OPT_STR, &a.passphrase,
		    VT_N_("METHOD:ARG"),
		    VT_N_("tty:, file:PATH, fd:N or env:NAME"), 0 },
		{ "rsa", 0, VT_OPT_STR, &a.rsa, VT_N_("pkcs1|pss"),
		    VT_N_("how an RSA key signs (pkcs1)"), 0 },
		{ "attached", 0, VT_OPT_FLAG, &a.attached, NULL,
		    VT_N_("what is no PDF becomes .p7m, its content inside"),
		    0 },
		{ "output", 'o', VT_OPT_STR, &a.output, VT_N_("FILE"),
		    VT_N_("where the signed file goes"), 0 },
		{ "output-dir", 0, VT_OPT_STR, &a.output_dir, VT_N_("DIR"),
		    VT_N_("where all signed files go"), 0 },
		{ "files-from", 0, VT_OPT_STR, &a.files_from, VT_N_("FILE"),
		    VT_N_("sign the files named in FILE, too"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "sign",
		.summary = VT_N_("sign PDF and other files"),
		.operands = VT_N_("FILE|REF..."),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu sign --p12 officer.p12 letter.pdf",
	};

	if (vt_cli_init(&cli, &spec, argc, argv) && collect(&cli, &a, &files))
		run(&cli, &a, &files);
	vt_list_release(&files);
	return vt_cli_finish(&cli);
}
