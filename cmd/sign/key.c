/* key.c - whose key signs */
#include "vanthu/key.h"
#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/error.h"

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

const char *
sign_key_name(const struct sign_args *a)
{
	if (a->token != NULL)
		return NULL; /* a URI may be long; the text says which token */
	return a->p12 != NULL ? a->p12 : a->key;
}

int
sign_key_load(struct vt_cli *cli, const struct sign_args *a,
    struct vt_signer **ret, struct vt_error *err)
{
	struct ask ctx = { cli, a->passphrase };
	const struct vt_key_ask ask = { ask_passphrase, &ctx };

	if (a->token != NULL)
		return sign_token_load(cli, a, ret, err);
	if (a->p12 != NULL)
		return vt_key_p12(a->p12, a->chain, &ask, ret, err);
	return vt_key_pem(a->key, a->cert, a->chain, &ask, ret, err);
}

int
sign_pdf_password(struct vt_cli *cli, const struct sign_args *a,
    struct vt_secret *ret, struct vt_error *err)
{
	return a->pdf_password == NULL
		   ? VT_OK
		   : vt_cli_secret(cli, a->pdf_password,
			 vt_tr("Password of the PDF: "), ret, err);
}
