/* vanthu-trust: whom an office trusts; is one certificate to be trusted? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "update.h"
#include "vanthu/algorithms.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/office_fetch.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

enum verb { ADD, LIST, REMOVE, UPDATE, CHECK };

#define FOR(verb) (1u << (verb))

struct options {
	bool yes, offline;
	struct vt_list anchors, chain, crls, policies;
	struct vt_trust_policies initial;
	const char *algorithms;
	int64_t at;
};

/* In the order of enum vt_trust_kind. */
static const char *const kinds[] = {
	VT_N_("anchor"),
	VT_N_("intermediate"),
	VT_N_("revocation list"),
	VT_N_("OCSP answer"),
};

static void
show_entry(struct vt_cli *cli, const struct vt_trust_entry *e)
{
	char hex[VT_SHA256_HEX], from[VT_TIME_TEXT], until[VT_TIME_TEXT];
	struct vt_json_out *o = vt_cli_json(cli);

	if (o != NULL) {
		vt_json_put_str(o, "kind", vt_trust_kind_name(e->kind));
		vt_json_put_str(o, "id", e->id);
		vt_json_put_sha256(o, "sha256", e->sha256);
		vt_json_put_str(o, "name", e->name);
		vt_json_put_time(o, "from", e->from);
		vt_json_put_time(o, "until", e->until);
		vt_json_put_str(o, "file", e->path);
		vt_cli_json_end(cli, o);
		return;
	}
	vt_hex(VT_BYTES(e->sha256, VT_SHA256_LEN), hex);
	vt_cli_line(cli, "%s  %s: %s", e->id, vt_tr(kinds[e->kind]), e->name);
	vt_cli_line(cli, vt_tr("    fingerprint: SHA-256 %s"), hex);
	if (e->until != VT_TIME_NONE)
		vt_cli_line(cli, vt_tr("    period: %s to %s"),
		    vt_time_local(e->from, from),
		    vt_time_local(e->until, until));
	else
		vt_cli_line(cli, vt_tr("    period: from %s"),
		    vt_time_local(e->from, from));
}

/* The fingerprint is what tells a root from one that only has its name. */
static bool
agree(struct vt_cli *cli, const char *path,
    const struct vt_trust_entries *entries)
{
	char hex[VT_SHA256_HEX];
	size_t i;

	for (i = 0; i < entries->n; i++) {
		if (entries->items[i].kind != VT_TRUST_ANCHOR)
			continue;
		vt_hex(VT_BYTES(entries->items[i].sha256, VT_SHA256_LEN), hex);
		if (!vt_cli_confirm(cli,
			"%s: trust %s (SHA-256 %s) and everything below it?",
			path, entries->items[i].name, hex))
			return false;
	}
	return true;
}

static void
add(struct vt_cli *cli, const char *dir, const char *path, bool yes)
{
	struct vt_trust_entries entries = { 0 };
	struct vt_error err = { 0 };
	bool asked = false;
	size_t i;
	int rc;

	if (strcmp(path, "-") == 0)
		rc = vt_error_set(&err, VT_EARG, NULL,
		    "standard input cannot be shown first and then read");
	else
		rc = vt_trust_inspect(path, &entries, &err);
	if (rc == VT_OK && !yes && !agree(cli, path, &entries)) {
		asked = true;
		rc = vt_error_set(&err, VT_EREFUSED, NULL,
		    "nobody confirmed the new trust anchor");
	}
	if (rc == VT_OK)
		rc = vt_trust_store(dir, path, &entries, &err);
	if (rc == VT_OK)
		for (i = 0; i < entries.n; i++)
			show_entry(cli, &entries.items[i]);
	else
		vt_cli_fail(cli, path, &err);
	if (asked)
		vt_cli_hint(cli,
		    "compare the fingerprint with its owner's, then add --yes");
	vt_trust_entries_release(&entries);
}

static void
list(struct vt_cli *cli, const char *dir)
{
	struct vt_trust_entries entries = { 0 };
	struct vt_error err = { 0 };
	size_t i;

	if (vt_trust_list(dir, &entries, &err) != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	for (i = 0; i < entries.n; i++)
		show_entry(cli, &entries.items[i]);
	vt_trust_entries_release(&entries);
}

static void
remove_one(struct vt_cli *cli, const char *dir, const char *id)
{
	struct vt_error err = { 0 };
	struct vt_json_out *o;

	if (vt_trust_remove(dir, id, &err) != VT_OK) {
		vt_cli_fail(cli, id, &err);
		return;
	}
	if ((o = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(o, "id", id);
		vt_json_put_bool(o, "removed", true);
		vt_cli_json_end(cli, o);
	} else {
		vt_cli_line(cli, vt_tr("%s removed"), id);
	}
}

/* Changing what an office trusts needs an office. */
static bool
have_office(struct vt_cli *cli)
{
	struct vt_error err = { 0 };
	char *conf = vt_path_join(cli->home, VT_CONF_NAME);
	bool yes = conf != NULL && access(conf, F_OK) == 0;

	if (!yes && conf != NULL && errno != ENOENT && errno != ENOTDIR) {
		vt_error_io(&err, "cannot open %s", conf);
		vt_cli_fail(cli, NULL, &err);
	} else if (!yes) {
		(void)vt_error_set(&err, VT_EIO, NULL,
		    "there is no office in %s", cli->home);
		vt_cli_fail(cli, NULL, &err);
		vt_cli_hint(cli,
		    "name it with --home, or make one: vanthu init");
	}
	free(conf);
	return yes;
}

static void
store_verbs(struct vt_cli *cli, const char *dir, const struct options *o)
{
	int i;

	if (!have_office(cli))
		return;
	if (cli->verb == LIST)
		list(cli, dir);
	else if (cli->verb == UPDATE)
		update_store(cli, dir);
	for (i = 0; i < cli->argc; i++) {
		if (cli->verb == ADD)
			add(cli, dir, cli->argv[i], o->yes);
		else if (cli->verb == REMOVE)
			remove_one(cli, dir, cli->argv[i]);
	}
}

static int
set_algorithms(struct vt_trust *trust, const char *path, struct vt_error *err)
{
	struct vt_algorithms *a;
	int rc;

	if (path == NULL)
		return VT_OK;
	if ((rc = vt_algorithms_read(path, &a, err)) == VT_OK)
		vt_trust_set_algorithms(trust, a);
	return rc;
}

static void
say_unfetched(void *ctx, const char *text)
{
	vt_cli_warn(ctx, NULL, "%s", text);
}

/* An office that was not asked for, and is closed to us, is none. */
static void
check(struct vt_cli *cli, const char *dir, const struct options *o)
{
	const struct vt_trust_named named = { &o->anchors, &o->chain,
		&o->crls };
	struct vt_trust_query q = { .policies = &o->initial };
	struct vt_fetcher *fetcher = NULL;
	struct vt_trust *trust = NULL;
	struct vt_error err = { 0 };
	int i;

	if (!cli->home_given && access(dir, R_OK | X_OK) != 0)
		dir = NULL;
	/* Another time takes the place of the present. */
	q.now = o->at == VT_TIME_NONE ? vt_time_now() : VT_TIME_NONE;
	q.at = o->at == VT_TIME_NONE ? q.now : o->at;
	q.fetch = o->offline ? NULL : vt_fetcher_get;
	if (vt_trust_open(dir, &named, &trust, &err) != VT_OK ||
	    set_algorithms(trust, o->algorithms, &err) != VT_OK ||
	    (!o->offline &&
		vt_office_fetcher(cli->home, vt_cli_language(), say_unfetched,
		    cli, &fetcher, &q.aia, &err) != VT_OK))
		vt_cli_fail(cli, NULL, &err);
	q.fetch_ctx = fetcher;
	if (err.code == VT_OK)
		for (i = 0; i < cli->argc; i++)
			check_file(cli, cli->argv[i], trust, &q);
	vt_fetcher_free(fetcher);
	vt_trust_free(trust);
}

static void
run(struct vt_cli *cli, const struct options *o)
{
	bool none = cli->verb == LIST || cli->verb == UPDATE;
	char *dir;

	if (none ? cli->argc > 0 : cli->argc == 0) {
		if (none)
			vt_cli_usage(cli, "this takes no operand");
		else if (cli->verb == REMOVE)
			vt_cli_usage(cli, "which id?");
		else
			vt_cli_usage(cli, "which file?");
		return;
	}
	if ((dir = vt_path_join(cli->home, "trust")) == NULL) {
		vt_cli_note(cli, VT_EXIT_LOCAL);
		return;
	}
	if (cli->verb == CHECK)
		check(cli, dir, o);
	else
		store_verbs(cli, dir, o);
	free(dir);
}

int
main(int argc, char *argv[])
{
	struct vt_cli cli;
	struct options o = { .at = VT_TIME_NONE };
	const struct vt_verb verbs[] = {
		[ADD] = { "add", VT_N_("FILE..."),
		    VT_N_("trust a root; know an intermediate or a list") },
		[LIST] = { "list", "", VT_N_("what the office trusts") },
		[REMOVE] = { "remove", VT_N_("ID..."),
		    VT_N_("trust it no longer") },
		[UPDATE] = { "update", "",
		    VT_N_("fetch the lists and answers that its certificates "
			  "name") },
		[CHECK] = { "check", VT_N_("CERT..."),
		    VT_N_("judge certificates") },
		{ 0 },
	};
	const struct vt_opt table[] = {
		{ "yes", 'y', VT_OPT_FLAG, &o.yes, NULL,
		    VT_N_("do not ask before a new anchor is trusted"),
		    FOR(ADD) },
		{ "trust", 0, VT_OPT_LIST, &o.anchors, VT_N_("FILE|DIR"),
		    VT_N_("trust these anchors, not the office's"),
		    FOR(CHECK) },
		{ "chain", 0, VT_OPT_LIST, &o.chain, VT_N_("FILE"),
		    VT_N_("certificates that may complete a path"),
		    FOR(CHECK) },
		{ "crl", 0, VT_OPT_LIST, &o.crls, VT_N_("FILE"),
		    VT_N_("revocation lists"), FOR(CHECK) },
		{ "at", 0, VT_OPT_TIME, &o.at, VT_N_("TIME"),
		    VT_N_("judge as of TIME, not of now"), FOR(CHECK) },
		{ "policy", 0, VT_OPT_LIST, &o.policies, VT_N_("OID"),
		    VT_N_("the path must hold under one of these policies"),
		    FOR(CHECK) },
		{ "explicit-policy", 0, VT_OPT_FLAG,
		    &o.initial.require_explicit, NULL,
		    VT_N_("a policy must hold on the whole path"), FOR(CHECK) },
		{ "inhibit-mapping", 0, VT_OPT_FLAG, &o.initial.inhibit_mapping,
		    NULL, VT_N_("policies are not mapped to others"),
		    FOR(CHECK) },
		{ "inhibit-any", 0, VT_OPT_FLAG, &o.initial.inhibit_any, NULL,
		    VT_N_("\"any policy\" stands for none"), FOR(CHECK) },
		{ "algorithm-policy", 0, VT_OPT_STR, &o.algorithms,
		    VT_N_("FILE"),
		    VT_N_("which algorithms hold, and until when"),
		    FOR(CHECK) },
		{ "offline", 0, VT_OPT_FLAG, &o.offline, NULL,
		    VT_N_("use only what is at hand"), FOR(CHECK) },
		VT_OPT_END,
	};
	const struct vt_cli_spec spec = {
		.tool = "trust",
		.summary = VT_N_("say whom to trust, and judge certificates"),
		.opts = table,
		.verbs = verbs,
		.language = vt_conf_language,
		.example =
		    "vanthu trust check --trust root.crt --crl ca.crl a.crt",
	};

	o.initial.oids = &o.policies;
	vt_crypto_unconfigured(true);
	if (vt_cli_init(&cli, &spec, argc, argv))
		run(&cli, &o);
	vt_list_release(&o.anchors);
	vt_list_release(&o.chain);
	vt_list_release(&o.crls);
	vt_list_release(&o.policies);
	return vt_cli_finish(&cli);
}
