/* args.c - what stands on the command line, and whether it fits together */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/sign.h"
#include "vanthu/text.h"

/* One more signature in a message, and which. */
static bool
check_more(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts)
{
	unsigned long n;
	char *end;

	opts->more = a->cosign                ? VT_SIGN_COSIGN
		     : a->countersign != NULL ? VT_SIGN_COUNTER
					      : VT_SIGN_ALONE;
	if (opts->more == VT_SIGN_ALONE) {
		if (a->content == NULL)
			return true;
		vt_cli_usage(cli, "--content goes with --cosign or "
				  "--countersign");
		return false;
	}
	if ((a->cosign && a->countersign != NULL) || a->attached ||
	    a->enveloped || a->as != NULL) {
		vt_cli_usage(cli, "--cosign and --countersign go alone, "
				  "without --as, --attached and --enveloped");
		return false;
	}
	if (a->content != NULL && files->n > 1) {
		vt_cli_usage(cli, "--content goes with one file only");
		return false;
	}
	opts->which = VT_CMS_EACH;
	if (a->countersign == NULL || strcmp(a->countersign, "all") == 0)
		return true;
	n = strtoul(a->countersign, &end, 10);
	if (a->countersign[0] < '0' || a->countersign[0] > '9' ||
	    *end != '\0' || n >= VT_CMS_SIGNERS_MAX) {
		vt_cli_usage(cli,
		    "--countersign takes all, or the index of a "
		    "signature from 0, not %s",
		    a->countersign);
		return false;
	}
	opts->which = n;
	return true;
}

static bool
set_key(struct vt_cli *cli, const struct sign_args *a)
{
	if (a->token != NULL && (a->p12 != NULL || a->key != NULL)) {
		vt_cli_usage(cli, "--token holds the key: give it without "
				  "--p12 and --key");
		return false;
	}
	if (a->last_try && a->token == NULL) {
		vt_cli_usage(cli, "--last-try goes with --token");
		return false;
	}
	if (a->p12 != NULL && (a->key != NULL || a->cert != NULL)) {
		vt_cli_usage(cli, "--p12 holds key and certificate: give it "
				  "without --key and --cert");
		return false;
	}
	if (a->token == NULL && a->p12 == NULL &&
	    (a->key == NULL || a->cert == NULL)) {
		vt_cli_usage(cli, "whose key? --p12 FILE, or --key FILE and "
				  "--cert FILE, or --token URI");
		return false;
	}
	return true;
}

bool
sign_args_check(struct vt_cli *cli, const struct sign_args *a,
    const struct vt_list *files, struct vt_sign_options *opts)
{
	size_t i;

	if (!sign_args_look(cli, a, files, opts))
		return false;
	if (a->rsa != NULL && strcmp(a->rsa, "pkcs1") != 0 &&
	    strcmp(a->rsa, "pss") != 0) {
		vt_cli_usage(cli, "--rsa is pkcs1 or pss, not %s", a->rsa);
		return false;
	}
	if (a->reason != NULL &&
	    (a->reason[0] == '\0' || vt_text_hides(vt_bytes_str(a->reason)))) {
		vt_cli_usage(cli,
		    "--reason takes a text of which all is seen, not \"%s\"",
		    a->reason);
		return false;
	}
	opts->reason = a->reason;
	opts->pss = a->rsa != NULL && strcmp(a->rsa, "pss") == 0;
	opts->repair = a->repair;
	opts->attached = a->attached;
	opts->enveloped = a->enveloped;
	if (a->attached && a->enveloped) {
		vt_cli_usage(cli, "--attached and --enveloped are two ways");
		return false;
	}
	if (!check_more(cli, a, files, opts))
		return false;
	if (!set_key(cli, a))
		return false;
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
	if (a->jobs < 1 || a->jobs > SIGN_JOBS) {
		vt_cli_usage(cli, "--jobs takes 1 to %d", SIGN_JOBS);
		return false;
	}
	for (i = 0; i < files->n; i++)
		if (strcmp(files->items[i], "-") == 0 && a->output == NULL) {
			vt_cli_usage(cli, "standard input needs -o");
			return false;
		} else if (strcmp(files->items[i], "-") == 0 &&
			   a->files_from != NULL &&
			   strcmp(a->files_from, "-") == 0) {
			vt_cli_usage(cli, "standard input is the list and "
					  "cannot be a file, too");
			return false;
		}
	return true;
}

bool
sign_args_files(struct vt_cli *cli, const struct sign_args *a,
    struct vt_list *ret)
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
