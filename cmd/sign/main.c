/* vanthu-sign: one signature on each file or record */
#include <signal.h>
#include <stdlib.h>

#include "jobs.h"
#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/office.h"
#include "vanthu/office_fetch.h"
#include "vanthu/office_stamper.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/stamp.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

static void
run(struct vt_cli *cli, const struct sign_args *a, const struct vt_list *files,
    int *ret_signal)
{
	struct vt_sign_options opts = { .at = VT_TIME_NONE };
	struct sign_plan plan = { .opts = &opts,
		.output = a->output,
		.output_dir = a->output_dir,
		.content = a->content };
	const struct vt_trust_named named = { &a->anchors, NULL, &a->crls };
	struct vt_office_stamping with = { 0 };
	struct vt_signer *signer = NULL;
	struct vt_trust *trust = NULL;
	struct vt_secret password = { 0 };
	struct vt_stamp_kit *kit = NULL;
	struct vt_stamp_image *image = NULL;
	struct vt_error err = { 0 };

	if (!sign_args_check(cli, a, files, &opts))
		return;
	if (vt_sign_by_agency(opts.role) &&
	    (sign_unattended(cli, &opts.unattended, &err) != VT_OK ||
		vt_sign_attended(&opts, &err) != VT_OK)) {
		vt_cli_fail(cli, NULL, &err);
		return;
	}
	if (files->n == 0) { /* no operand, so there is a list */
		vt_cli_warn(cli, a->files_from,
		    "this list names no file: nothing is signed");
		return;
	}
	/* Before anything is read or written: a wrong passphrase costs least.
	 */
	if (sign_key_load(cli, a, &signer, &err) != VT_OK) {
		vt_cli_fail(cli, sign_key_name(a), &err);
		goto out;
	}
	if (sign_pdf_password(cli, a, &password, &err) != VT_OK ||
	    vt_stamp_kit_new(NULL, &kit, &err) != VT_OK ||
	    vt_office_trust_named(cli->home, cli->home_given, &named, &trust,
		&err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	if (a->image != NULL &&
	    vt_stamp_image_open(kit, a->image, &image, &err) != VT_OK) {
		vt_cli_fail(cli, NULL, &err); /* it names the file */
		goto out;
	}
	opts.image = image;
	opts.signer = signer;
	opts.trust = trust;
	opts.token = a->token != NULL;
	opts.pdf_password = &password;
	opts.kit = kit;
	if (!sign_level_open(cli, a, &opts, &with))
		goto out;
	sign_jobs(cli, &plan, files, (size_t)a->jobs, ret_signal);
out:
	vt_office_stamping_close(&with);
	vt_office_close(plan.office);
	vt_trust_free(trust);
	vt_stamp_image_free(image);
	vt_stamp_kit_free(kit);
	vt_signer_free(signer);
	vt_secret_release(&password);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct sign_args a = { .jobs = sign_jobs_usual() };
	struct vt_list files = { 0 };
	int stopped = 0, status;
	const struct vt_opt table[] = {
		{ "as", 0, VT_OPT_STR, &a.as, VT_N_("ROLE"),
		    VT_N_("person, agency, attachment, copy, incoming or "
			  "comment"),
		    0 },
		{ "number", 0, VT_OPT_STR, &a.number, VT_N_("CODE"),
		    VT_N_("number and notation, or the arrival number"), 0 },
		{ "date", 0, VT_OPT_DATE, &a.date, VT_N_("DATE"),
		    VT_N_("the document's date, or that of arrival (today)"),
		    0 },
		{ "image", 0, VT_OPT_STR, &a.image, VT_N_("PNG"),
		    VT_N_("the person's signature, or the agency's seal"), 0 },
		{ "seal-width", 0, VT_OPT_INT, &a.seal_width, VT_N_("MM"),
		    VT_N_("the seal's width, where its image says none"), 0 },
		{ "number-at", 0, VT_OPT_STR, &a.number_at, VT_N_("X,Y"),
		    VT_N_("where the number goes on page 1, in points"), 0 },
		{ "date-at", 0, VT_OPT_STR, &a.date_at, VT_N_("X,Y"),
		    VT_N_("where the date goes on page 1, in points"), 0 },
		{ "copy-form", 0, VT_OPT_STR, &a.copy_form, VT_N_("FORM"),
		    VT_N_("sao-y, sao-luc or trich-sao"), 0 },
		{ "text", 0, VT_OPT_STR, &a.text, VT_N_("TEXT"),
		    VT_N_("what a comment says"), 0 },
		{ "page", 0, VT_OPT_STR, &a.page, VT_N_("N|last"),
		    VT_N_("page on which it is seen (1)"), 0 },
		{ "at", 0, VT_OPT_STR, &a.at, VT_N_("X,Y"),
		    VT_N_("its lower left corner, in points"), 0 },
		{ "below", 0, VT_OPT_STR, &a.below, VT_N_("TEXT"),
		    VT_N_("under the last place where TEXT stands"), 0 },
		{ "field", 0, VT_OPT_STR, &a.field, VT_N_("NAME"),
		    VT_N_("sign in this empty signature field"), 0 },
		{ "reason", 0, VT_OPT_STR, &a.reason, VT_N_("TEXT"),
		    VT_N_("why it is signed, for whoever looks at a PDF's "
			  "signature"),
		    0 },
		{ "p12", 0, VT_OPT_STR, &a.p12, VT_N_("FILE"),
		    VT_N_("key and certificates as PKCS#12"), 0 },
		{ "key", 0, VT_OPT_STR, &a.key, VT_N_("FILE"),
		    VT_N_("private key"), 0 },
		{ "cert", 0, VT_OPT_STR, &a.cert, VT_N_("FILE"),
		    VT_N_("its certificate"), 0 },
		{ "chain", 0, VT_OPT_STR, &a.chain, VT_N_("FILE"),
		    VT_N_("further certificates to embed"), 0 },
		{ "token", 0, VT_OPT_STR, &a.token, VT_N_("URI"),
		    VT_N_("the key in the token that a pkcs11: URI names"), 0 },
		{ "last-try", 0, VT_OPT_FLAG, &a.last_try, NULL,
		    VT_N_("give the PIN even where a wrong one locks the "
			  "token"),
		    0 },
		{ "passphrase", 0, VT_OPT_SECRET, &a.passphrase,
		    VT_N_("METHOD:ARG"),
		    VT_N_("tty:, file:PATH, fd:N or env:NAME"), 0 },
		{ "pdf-password", 0, VT_OPT_SECRET, &a.pdf_password,
		    VT_N_("METHOD:ARG"),
		    VT_N_("what opens an encrypted PDF, in the same way"), 0 },
		{ "rsa", 0, VT_OPT_STR, &a.rsa, VT_N_("pkcs1|pss"),
		    VT_N_("how an RSA key signs (pkcs1)"), 0 },
		{ "level", 0, VT_OPT_STR, &a.level, VT_N_("B|T|LT|LTA"),
		    VT_N_("how long the signature is to last (B)"), 0 },
		{ "tsa", 0, VT_OPT_STR, &a.tsa, VT_N_("URL"),
		    VT_N_("who gives time stamps"), 0 },
		{ "trust", 0, VT_OPT_LIST, &a.anchors, VT_N_("FILE|DIR"),
		    VT_N_("trust these anchors, not the office's"), 0 },
		{ "crl", 0, VT_OPT_LIST, &a.crls, VT_N_("FILE"),
		    VT_N_("revocation lists"), 0 },
		{ "offline", 0, VT_OPT_FLAG, &a.offline, NULL,
		    VT_N_("fetch nothing but time stamps"), 0 },
		{ "repair", 0, VT_OPT_FLAG, &a.repair, NULL,
		    VT_N_("a damaged PDF gets a whole cross-reference, where "
			  "there is no choice"),
		    0 },
		{ "attached", 0, VT_OPT_FLAG, &a.attached, NULL,
		    VT_N_("what is no PDF becomes .p7m, its content inside"),
		    0 },
		{ "enveloped", 0, VT_OPT_FLAG, &a.enveloped, NULL,
		    VT_N_("what is no PDF is XML, and is signed within"), 0 },
		{ "cosign", 0, VT_OPT_FLAG, &a.cosign, NULL,
		    VT_N_("sign what a .p7s or .p7m signs, beside the others"),
		    0 },
		{ "countersign", 0, VT_OPT_STR, &a.countersign, VT_N_("N|all"),
		    VT_N_("countersign a signature in a .p7s or .p7m"), 0 },
		{ "content", 0, VT_OPT_STR, &a.content, VT_N_("FILE"),
		    VT_N_("what a .p7s signs"), 0 },
		{ "output", 'o', VT_OPT_STR, &a.output, VT_N_("FILE"),
		    VT_N_("where the signed file goes"), 0 },
		{ "output-dir", 0, VT_OPT_STR, &a.output_dir, VT_N_("DIR"),
		    VT_N_("where all signed files go"), 0 },
		{ "files-from", 0, VT_OPT_STR, &a.files_from, VT_N_("FILE"),
		    VT_N_("sign the files named in FILE, too"), 0 },
		{ "jobs", 0, VT_OPT_INT, &a.jobs, VT_N_("N"),
		    VT_N_("sign N files at once"), 0 },
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

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv) &&
	    sign_args_files(&cli, &a, &files))
		run(&cli, &a, &files, &stopped);
	vt_list_release(&files);
	vt_list_release(&a.anchors);
	vt_list_release(&a.crls);
	status = vt_cli_finish(&cli);
	/* Whoever runs us in a loop sees that it was interrupted. */
	if (stopped != 0 && signal(stopped, SIG_DFL) != SIG_ERR)
		(void)raise(stopped);
	return status;
}
