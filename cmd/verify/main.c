/* vanthu-verify: is a signed file what it claims to be? */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "report_html.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/office_fetch.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

/* What the results of a run go into. */
struct run {
	struct vt_cli *cli;
	const struct vt_verify_item *items;
	size_t n;
	const char *path;         /* of the page */
	bool to_stdout;           /* it goes there, and nothing else */
	struct report_page *page; /* or NULL */
	struct report_count count;
};

static void
page_failed(struct run *run, const struct vt_error *err)
{
	vt_cli_fail(run->cli, run->path, err);
	report_page_free(run->page);
	run->page = NULL;
}

static void
show(void *ctx, size_t i, const struct vt_report *report,
    const struct vt_error *why)
{
	struct run *run = ctx;
	const struct vt_verify_item *item = &run->items[i];
	struct vt_error err = { 0 };
	int rc = VT_OK;

	vt_cli_progress_end(run->cli);
	if (why != NULL)
		vt_cli_fail(run->cli, item->path, why);
	else if (!run->to_stdout)
		report_show(run->cli, report, item->content, run->n > 1);
	if (why == NULL)
		report_note(run->cli, report);
	report_count(&run->count, report);
	if (run->page != NULL && why != NULL)
		rc = report_page_fail(run->page, item->path, why, &err);
	else if (run->page != NULL)
		rc = report_page_add(run->page, report, item->content, &err);
	if (rc != VT_OK)
		page_failed(run, &err);
	vt_cli_progress(run->cli, vt_tr("judged"), i + 1, run->n);
}

/* The operands, each with what its name says that it signs. */
static int
list_items(const struct vt_cli *cli, const char *content,
    struct vt_verify_item **ret, struct vt_list *names, struct vt_error *err)
{
	struct vt_verify_item *items;
	char *beside;
	int i, rc = VT_OK;

	items = calloc((size_t)cli->argc, sizeof(*items));
	if (items == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < cli->argc && rc == VT_OK; i++) {
		items[i].path = cli->argv[i];
		items[i].content = content;
		if (content != NULL ||
		    (beside = vt_verify_content_beside(cli->argv[i])) == NULL)
			continue;
		rc = vt_list_add(names, beside, err);
		free(beside);
		if (rc == VT_OK)
			items[i].content = names->items[names->n - 1];
	}
	if (rc != VT_OK) {
		free(items);
		return rc;
	}
	*ret = items;
	return VT_OK;
}

static void
verify(struct vt_cli *cli, const char *content, const char *page, int64_t jobs,
    const struct vt_verify_options *opts)
{
	struct vt_error err = { 0 };
	struct run run = { .cli = cli,
		.n = (size_t)cli->argc,
		.path = page,
		.to_stdout = page != NULL && strcmp(page, "-") == 0 };
	struct vt_verify_item *items = NULL;
	struct vt_list names = { 0 };

	if (list_items(cli, content, &items, &names, &err) != VT_OK ||
	    (page != NULL &&
		report_page_open(page, &run.page, &err) != VT_OK)) {
		vt_cli_fail(cli, items != NULL ? page : NULL, &err);
		goto out;
	}
	run.items = items;
	if (vt_verify_each(items, run.n, (size_t)jobs, opts, show, &run,
		&err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	vt_cli_progress_end(cli);
	if (run.n > 1 && !run.to_stdout)
		report_summary(cli, &run.count);
	if (run.page != NULL && report_page_commit(run.page, &err) != VT_OK)
		vt_cli_fail(cli, page, &err);
out:
	report_page_free(run.page);
	free(items);
	vt_list_release(&names);
}

static void
say_unfetched(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct vt_error err = { 0 };
	struct vt_trust *trust = NULL;
	struct vt_fetcher *fetcher = NULL;
	struct vt_list anchors = { 0 }, chain = { 0 }, crls = { 0 };
	const struct vt_trust_named named = { &anchors, &chain, &crls };
	struct vt_verify_options opts = { .at = VT_TIME_NONE };
	const char *content = NULL, *page = NULL, *password = NULL;
	struct vt_secret secret = { 0 };
	bool offline = false;
	int64_t jobs = vt_cli_processors(VT_VERIFY_JOBS);
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
		    VT_N_("fetch nothing"), 0 },
		{ "content", 0, VT_OPT_STR, &content, VT_N_("FILE"),
		    VT_N_("what a detached signature signs"), 0 },
		{ "pdf-password", 0, VT_OPT_SECRET, &password,
		    VT_N_("METHOD:ARG"),
		    VT_N_("tty:, file:PATH, fd:N or env:NAME: opens an "
			  "encrypted PDF"),
		    0 },
		{ "jobs", 0, VT_OPT_INT, &jobs, VT_N_("N"),
		    VT_N_("judge N files at once"), 0 },
		{ "output", 'o', VT_OPT_STR, &page, VT_N_("REPORT.html"),
		    VT_N_("write a page to print and to file"), 0 },
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

	vt_crypto_unconfigured(true);
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
	if (page != NULL && strcmp(page, "-") == 0 && cli.json) {
		vt_cli_usage(&cli, "-o - and --json would both write to "
				   "standard output");
		goto out;
	}
	if (jobs < 1 || jobs > VT_VERIFY_JOBS) {
		vt_cli_usage(&cli, "--jobs takes 1 to %d", VT_VERIFY_JOBS);
		goto out;
	}
	if ((password != NULL &&
		vt_cli_secret(&cli, password, vt_tr("Password of the PDF: "),
		    &secret, &err) != VT_OK) ||
	    vt_office_trust_named(cli.home, cli.home_given, &named, &trust,
		&err) != VT_OK) {
		vt_cli_fail(&cli, NULL, &err);
		goto out;
	}
	opts.trust = trust;
	opts.pdf_password = &secret;
	if (!offline) {
		if (vt_office_fetcher(cli.home, vt_cli_language(),
			say_unfetched, &cli, &fetcher, &opts.aia,
			&err) != VT_OK) {
			vt_cli_fail(&cli, NULL, &err);
			goto out;
		}
		opts.fetch = vt_fetcher_get;
		opts.fetch_ctx = fetcher;
	}
	verify(&cli, content, page, jobs, &opts);
out:
	vt_fetcher_free(fetcher);
	vt_secret_release(&secret);
	vt_trust_free(trust);
	vt_list_release(&anchors);
	vt_list_release(&chain);
	vt_list_release(&crls);
	return vt_cli_finish(&cli);
}
