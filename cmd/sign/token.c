/* token.c - a key in a token: its module, and its PIN */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/key.h"
#include "vanthu/key_token.h"

struct ask {
	struct vt_cli *cli;
	const char *spec;
};

static int
ask_pin(void *ctx, const char *label, struct vt_secret *ret,
    struct vt_error *err)
{
	const struct ask *ask = ctx;
	struct vt_buf line;
	int rc;

	vt_buf_init(&line, VT_TEXT_MAX);
	(void)vt_buf_printf(&line, vt_tr("PIN of the token %s: "), label);
	rc = vt_cli_secret(ask->cli, ask->spec,
	    line.len > 0 ? vt_buf_str(&line) : vt_tr("PIN: "), ret, err);
	vt_buf_release(&line);
	return rc;
}

static void
say(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

/*
 * Where the PIN is, by the URI (RFC 7512, 2.4): a file only; what would run a
 * program is not done.  *RET is for free(), or NULL: it does not say.
 */
static int
pin_source(const struct sign_args *a, char **ret, struct vt_error *err)
{
	struct vt_key_uri uri;
	const char *path;
	int rc;

	if ((rc = vt_key_uri_parse(a->token, &uri, err)) != VT_OK)
		return rc;
	if ((path = uri.pin_source) == NULL)
		goto out;
	if (strncmp(path, "file://", 7) == 0 && path[7] == '/')
		path += 7;
	else if (strncmp(path, "file:", 5) == 0)
		path += 5;
	if (a->passphrase != NULL)
		rc = vt_error_set(err, VT_EARG, NULL,
		    "the PIN comes from pin-source or from --passphrase, not "
		    "from both");
	else if (path[0] != '/')
		rc = vt_error_set(err, VT_EARG, "RFC 7512, 2.4",
		    "pin-source names a file, file:/PATH; for other ways there "
		    "is --passphrase");
	else if ((*ret = vt_path_join("file:", path + 1)) == NULL)
		rc = vt_error_nomem(err);
out:
	vt_key_uri_release(&uri);
	return rc;
}

/* Signing files needs no office; one that is closed to us is none. */
static int
open_conf(const struct vt_cli *cli, struct vt_conf **ret, struct vt_error *err)
{
	char *path = vt_path_join(cli->home, VT_CONF_NAME);
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if (access(path, R_OK) == 0)
		rc = vt_conf_read(path, ret, err);
	free(path);
	return rc;
}

int
sign_token_load(struct vt_cli *cli, const struct sign_args *a,
    struct vt_signer **ret, struct vt_error *err)
{
	struct ask ctx = { cli, a->passphrase };
	const struct vt_key_ask ask = { ask_pin, &ctx };
	struct vt_key_token how = {
		.uri = a->token,
		.cert_path = a->cert,
		.chain_path = a->chain,
		.ask = &ask,
		.last_try = a->last_try,
		.say = say,
		.say_ctx = cli,
	};
	struct vt_conf *conf = NULL;
	char *source = NULL;
	int rc;

	if ((rc = pin_source(a, &source, err)) != VT_OK ||
	    (rc = open_conf(cli, &conf, err)) != VT_OK)
		goto out;
	if (source != NULL)
		ctx.spec = source;
	if (conf != NULL)
		how.conf_module = vt_conf_get(conf, "token", "module");
	rc = vt_key_token(&how, ret, err);
out:
	vt_conf_free(conf);
	free(source);
	return rc;
}
