/* vanthu-token: which tokens are here, and what is missing */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "token.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

/* The office's module, for free(), or NULL; no office is needed. */
static int
conf_module(const struct vt_cli *cli, char **ret, struct vt_error *err)
{
	char *path = vt_path_join(cli->home, VT_CONF_NAME);
	struct vt_conf *conf = NULL;
	const char *module;
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if (access(path, R_OK) == 0 &&
	    (rc = vt_conf_read(path, &conf, err)) == VT_OK &&
	    (module = vt_conf_get(conf, "token", "module")) != NULL &&
	    (*ret = strdup(module)) == NULL)
		rc = vt_error_nomem(err);
	vt_conf_free(conf);
	free(path);
	return rc;
}

static void
look(struct vt_cli *cli, const struct vt_key_module_path *path, bool *ready)
{
	struct vt_key_module m = { 0 };
	struct vt_error err = { 0 };

	if (vt_key_module_probe(path->path, &m, &err) != VT_OK) {
		vt_cli_fail(cli, path->path, &err);
		return;
	}
	*ready = token_show(cli, path, &m) == TOKEN_READY || *ready;
	vt_key_module_release(&m);
}

/* All modules of this machine, or those that are named. */
static void
list(struct vt_cli *cli, const struct vt_list *named)
{
	struct vt_key_module_paths all = { 0 };
	struct vt_error err = { 0 };
	char *conf = NULL;
	bool ready = false;
	size_t i;
	int rc = VT_OK;

	if (named->n == 0 && (rc = conf_module(cli, &conf, &err)) == VT_OK)
		rc = vt_key_modules(NULL, conf, &all, &err);
	if (rc != VT_OK) {
		vt_cli_fail(cli, NULL, &err);
		goto out;
	}
	for (i = 0; i < named->n; i++)
		look(cli,
		    &(struct vt_key_module_path){ named->items[i],
			VT_KEY_FROM_NAMED },
		    &ready);
	for (i = 0; i < all.n; i++)
		look(cli, &all.items[i], &ready);
	if (named->n + all.n == 0)
		token_show_none(cli);
	if (!ready)
		vt_cli_note(cli, VT_EXIT_NO);
out:
	vt_key_modules_release(&all);
	free(conf);
}

static bool
check(struct vt_cli *cli, const struct vt_list *named)
{
	size_t i;

	if (cli->argc > 1 ||
	    (cli->argc == 1 && strcmp(cli->argv[0], "list") != 0)) {
		vt_cli_usage(cli, "this takes \"list\", or nothing");
		return false;
	}
	for (i = 0; i < named->n; i++)
		if (named->items[i][0] != '/') {
			vt_cli_usage(cli,
			    "--module takes a path from / on, not %s",
			    named->items[i]);
			return false;
		}
	return true;
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct vt_list modules = { 0 };
	const struct vt_opt table[] = {
		{ "module", 0, VT_OPT_LIST, &modules, VT_N_("FILE"),
		    VT_N_("look at this PKCS#11 module only"), 0 },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "token",
		.summary = VT_N_("show tokens, their certificates, and what "
				 "is missing"),
		.operands = VT_N_("[list]"),
		.opts = table,
		.language = vt_conf_language,
		.example = "vanthu token list",
	};

	vt_crypto_unconfigured(false);
	if (vt_cli_init(&cli, &spec, argc, argv) && check(&cli, &modules))
		list(&cli, &modules);
	vt_list_release(&modules);
	return vt_cli_finish(&cli);
}
