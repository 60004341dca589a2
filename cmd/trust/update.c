/* update.c - "trust update": the lists that the store's certificates name */
#include "update.h"

#include <string.h>

#include "vanthu/cli.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/fetch.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

struct run {
	struct vt_cli *cli;
	struct vt_fetch_options options;
	size_t told;
};

/* In the order of enum vt_trust_updated; the words of JSON, and a person's. */
static const struct {
	const char *word, *text;
} results[] = {
	{ "new", VT_N_("%s: new, valid to %s") },
	{ "same", VT_N_("%s: as it was, valid to %s") },
	{ "older", VT_N_("%s: older than the one in the store, valid to %s") },
};

static int
get(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	const struct run *run = ctx;
	bool list = want->kind != VT_WANT_OCSP;
	const struct vt_fetch_request request = { .url = want->url,
		.content_type = list ? NULL : "application/ocsp-request",
		.body = want->body,
		.max = list ? VT_CRL_MAX : VT_OCSP_MAX };
	struct vt_buf answer = { 0 };
	int rc;

	if ((rc = vt_fetch(&run->options, &request, &answer, err)) == VT_OK &&
	    (rc = vt_buf_bytes_put(ret, vt_buf_bytes(&answer))) == VT_ENOMEM)
		(void)vt_error_nomem(err);
	vt_buf_release(&answer);
	return rc;
}

/* vt_fetch() begins with the address; so does vt_cli_fail(). */
static void
show_failure(struct vt_cli *cli, const struct vt_trust_update *u)
{
	struct vt_error why = *u->why;
	size_t n = strlen(u->url);

	if (strncmp(why.text, u->url, n) == 0 &&
	    strncmp(why.text + n, ": ", 2) == 0)
		memmove(why.text, u->why->text + n + 2,
		    strlen(u->why->text + n + 2) + 1);
	vt_cli_fail(cli, u->url, &why);
}

static void
show_json(struct vt_json_out *o, const struct vt_trust_update *u)
{
	const unsigned char *sha256 = u->list != NULL
					  ? vt_crl_sha256(u->list)
					  : vt_ocsp_sha256(u->answer);
	char hex[VT_SHA256_HEX];

	vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex);
	hex[VT_TRUST_ID - 1] = '\0';
	vt_json_put_str(o, "url", u->url);
	vt_json_put_str(o, "result", results[u->what].word);
	vt_json_put_str(o, "id", hex);
	vt_json_put_str(o, "name",
	    u->list != NULL ? vt_crl_issuer_line(u->list)
			    : vt_ocsp_responder(u->answer));
	vt_json_put_time(o, "from",
	    u->list != NULL ? vt_crl_this_update(u->list)
			    : vt_ocsp_produced_at(u->answer));
	vt_json_put_time(o, "until", u->until);
}

static void
show(void *ctx, const struct vt_trust_update *u)
{
	struct run *run = ctx;
	struct vt_cli *cli = run->cli;
	struct vt_json_out *o;
	char until[VT_TIME_TEXT] = "?";

	run->told++;
	if (u->why != NULL) {
		show_failure(cli, u);
		return;
	}
	if ((o = vt_cli_json(cli)) != NULL) {
		show_json(o, u);
		vt_cli_json_end(cli, o);
		return;
	}
	if (u->until != VT_TIME_NONE)
		vt_time_local(u->until, until);
	vt_cli_line(cli, vt_tr(results[u->what].text), u->url, until);
}

void
update_store(struct vt_cli *cli, const char *dir)
{
	struct run run = { .cli = cli };
	struct vt_error err = { 0 };

	run.options.home = cli->home;
	run.options.language = vt_cli_language();
	if (vt_trust_update(dir, vt_time_now(), get, &run, show, &run, &err) !=
	    VT_OK)
		vt_cli_fail(cli, NULL, &err);
	else if (run.told == 0)
		vt_cli_warn(cli, NULL,
		    "no certificate of the store names a list or a "
		    "responder that can be asked");
}
