/* show.c - modules, slots, tokens and certificates, for people and as JSON */
#include <string.h>

#include "token.h"
#include "vanthu/cli.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"

static const char *const sources[] = { "named", "conf", "p11-kit", "known" };

/* In the order of enum vt_key_pin; the first needs no word. */
static const char *const pins[] = { "", VT_N_("a wrong PIN was given before"),
	VT_N_("one more wrong PIN locks it"), VT_N_("its PIN is locked"),
	VT_N_("it has no PIN yet"), VT_N_("its PIN has to be changed") };

/*
 * The URI of a token, and of the key of C in it where that is not NULL.  No
 * module-path: the same URI is to serve on other machines.
 */
static const char *
uri(const struct vt_key_slot *s, const struct vt_key_cert *c,
    struct vt_buf *out)
{
	vt_buf_reset(out);
	(void)vt_buf_puts(out, "pkcs11:");
	(void)vt_key_uri_put(out, "token", vt_bytes_str(s->label));
	if (s->serial[0] != '\0') {
		(void)vt_buf_putc(out, ';');
		(void)vt_key_uri_put(out, "serial", vt_bytes_str(s->serial));
	}
	if (c != NULL && c->id_len > 0) {
		(void)vt_buf_putc(out, ';');
		(void)vt_key_uri_put(out, "id", VT_BYTES(c->id, c->id_len));
	}
	return vt_buf_str(out);
}

static void
json_cert(struct vt_json_out *o, const struct vt_key_slot *s,
    const struct vt_key_cert *c)
{
	char id[2 * VT_KEY_ID_MAX + 1];
	struct vt_buf text;

	vt_buf_init(&text, VT_KEY_URI_MAX);
	vt_json_begin_object(o, NULL);
	vt_json_put_str(o, "name", vt_cert_title(c->cert));
	vt_json_put_str(o, "organization", vt_cert_subject(c->cert, VT_NAME_O));
	vt_json_put_str(o, "issuer", vt_cert_issuer_line(c->cert));
	vt_json_put_str(o, "serial", vt_cert_serial(c->cert));
	vt_json_put_sha256(o, "sha256", vt_cert_sha256(c->cert));
	vt_json_put_time(o, "not_before", vt_cert_not_before(c->cert));
	vt_json_put_time(o, "not_after", vt_cert_not_after(c->cert));
	vt_json_put_bool(o, "ca", vt_cert_is_ca(c->cert));
	vt_json_put_str(o, "label", c->label);
	vt_json_put_str(o, "id", vt_hex(VT_BYTES(c->id, c->id_len), id));
	vt_json_put_bool(o, "key_seen", c->has_key);
	vt_json_put_str(o, "uri", uri(s, c, &text));
	vt_json_end(o);
	vt_buf_release(&text);
}

static void
json_token(struct vt_json_out *o, const struct vt_key_slot *s)
{
	struct vt_buf text;
	size_t i;

	vt_buf_init(&text, VT_KEY_URI_MAX);
	vt_json_begin_object(o, "token");
	vt_json_put_str(o, "label", s->label);
	vt_json_put_str(o, "manufacturer", s->maker);
	vt_json_put_str(o, "model", s->model);
	vt_json_put_str(o, "serial", s->serial);
	vt_json_put_bool(o, "initialized", s->initialized);
	vt_json_put_str(o, "pin", vt_key_pin_name(s->pin));
	vt_json_put_bool(o, "pin_pad", s->own_pad);
	vt_json_put_bool(o, "rsa_pkcs1", s->rsa);
	vt_json_put_bool(o, "rsa_pss", s->pss);
	vt_json_put_bool(o, "ecdsa", s->ecdsa);
	vt_json_put_str(o, "uri", uri(s, NULL, &text));
	vt_json_begin_array(o, "certificates");
	for (i = 0; i < s->ncerts; i++)
		json_cert(o, s, &s->certs[i]);
	vt_json_end(o);
	vt_json_end(o);
	vt_buf_release(&text);
}

static void
json_slot(struct vt_json_out *o, const struct vt_key_slot *s)
{
	vt_json_begin_object(o, NULL);
	vt_json_put_int(o, "slot_id", (int64_t)s->id);
	vt_json_put_str(o, "description", s->description);
	vt_json_put_str(o, "manufacturer", s->manufacturer);
	if (s->has_token)
		json_token(o, s);
	vt_json_put_str(o, "next", token_next_code(token_next_of(s)));
	vt_json_end(o);
}

static void
line_cert(struct vt_cli *cli, const struct vt_key_slot *s,
    const struct vt_key_cert *c)
{
	char from[VT_TIME_TEXT], until[VT_TIME_TEXT];
	struct vt_buf text;

	if (vt_cert_is_ca(c->cert))
		return;
	vt_buf_init(&text, VT_KEY_URI_MAX);
	vt_cli_line(cli, vt_tr("    certificate: %s, %s to %s"),
	    vt_cert_title(c->cert),
	    vt_time_local(vt_cert_not_before(c->cert), from),
	    vt_time_local(vt_cert_not_after(c->cert), until));
	/* quoted, for a shell takes ";" for its own */
	vt_cli_line(cli, "      '%s'", uri(s, c, &text));
	vt_buf_release(&text);
}

static void
line_slot(struct vt_cli *cli, const struct vt_key_slot *s)
{
	enum token_next next = token_next_of(s);
	struct vt_buf text;
	size_t i;

	if (!s->has_token) {
		vt_cli_line(cli, vt_tr("  slot %llu: empty (%s)"),
		    (unsigned long long)s->id, s->description);
		return;
	}
	/* A slot for tokens to come, as SoftHSM always has one. */
	if (!s->initialized) {
		vt_cli_line(cli, vt_tr("  slot %llu: a token not prepared yet"),
		    (unsigned long long)s->id);
		return;
	}
	vt_cli_line(cli, vt_tr("  token %s (%s %s, serial number %s)"),
	    s->label, s->maker, s->model, s->serial);
	if (s->pin != VT_KEY_PIN_GOOD)
		vt_cli_line(cli, "    %s", vt_tr(pins[s->pin]));
	for (i = 0; i < s->ncerts; i++)
		line_cert(cli, s, &s->certs[i]);
	if (next == TOKEN_NO_CERTIFICATE) {
		vt_buf_init(&text, VT_KEY_URI_MAX);
		vt_cli_line(cli, vt_tr("    no certificate"));
		vt_cli_line(cli, "      '%s'", uri(s, NULL, &text));
		vt_buf_release(&text);
	}
	vt_cli_line(cli, vt_tr("    next step: %s"), token_next_text(next));
}

/* READY before what is nearer to it than what is further. */
static enum token_next
best_of(const struct vt_key_module *m)
{
	enum token_next best = TOKEN_NO_TOKEN, next;
	size_t i;

	if (m->state == VT_KEY_MODULE_ABSENT)
		return TOKEN_NO_MODULE;
	if (m->state != VT_KEY_MODULE_OK)
		return TOKEN_MODULE_FAILS;
	if (m->nslots == 0)
		return TOKEN_NO_READER;
	for (i = 0; i < m->nslots; i++) {
		next = token_next_of(&m->slots[i]);
		if (next == TOKEN_READY)
			return next;
		if (next > best)
			best = next;
	}
	return best;
}

/* What was asked for by name, and fails, is an error. */
static bool
failed_by_name(struct vt_cli *cli, struct vt_json_out *o,
    const struct vt_key_module_path *path, const struct vt_key_module *m)
{
	struct vt_error err = { 0 };

	if (m->state == VT_KEY_MODULE_OK || path->source != VT_KEY_FROM_NAMED)
		return false;
	(void)vt_error_set(&err, VT_EKEY, NULL, "%s", m->reason);
	vt_cli_fail_with(cli, o, path->path, &err);
	return true;
}

enum token_next
token_show(struct vt_cli *cli, const struct vt_key_module_path *path,
    const struct vt_key_module *m)
{
	enum token_next best = best_of(m);
	struct vt_json_out *o;
	size_t i;

	if ((o = vt_cli_json(cli)) != NULL) {
		vt_json_put_str(o, "module", path->path);
		vt_json_put_str(o, "source", sources[path->source]);
		vt_json_put_str(o, "state", vt_key_state_name(m->state));
		if (m->state != VT_KEY_MODULE_OK)
			vt_json_put_str(o, "reason", m->reason);
		vt_json_put_str(o, "manufacturer", m->manufacturer);
		vt_json_put_str(o, "description", m->description);
		vt_json_put_str(o, "version", m->version);
		vt_json_begin_array(o, "slots");
		for (i = 0; i < m->nslots; i++)
			json_slot(o, &m->slots[i]);
		vt_json_end(o);
		vt_json_put_str(o, "next", token_next_code(best));
		failed_by_name(cli, o, path, m);
		vt_cli_json_end(cli, o);
		return best;
	}
	if (m->state != VT_KEY_MODULE_OK) {
		if (!failed_by_name(cli, NULL, path, m))
			vt_cli_line(cli, "%s: %s", path->path, m->reason);
		vt_cli_line(cli, vt_tr("    next step: %s"),
		    token_next_text(best));
		return best;
	}
	vt_cli_line(cli, vt_tr("%s: %s, version %s"), path->path,
	    m->description, m->version);
	for (i = 0; i < m->nslots; i++)
		line_slot(cli, &m->slots[i]);
	if (m->nslots == 0)
		vt_cli_line(cli, vt_tr("  no token and no reader is seen"));
	/* Where nothing else is there, no slot has said it. */
	if (best == TOKEN_NO_READER || best == TOKEN_NO_TOKEN ||
	    best == TOKEN_NOT_INITIALIZED)
		vt_cli_line(cli, vt_tr("    next step: %s"),
		    token_next_text(best));
	return best;
}

void
token_show_none(struct vt_cli *cli)
{
	struct vt_json_out *o = vt_cli_json(cli);

	vt_json_put_str(o, "next", token_next_code(TOKEN_NO_MODULE));
	vt_cli_json_end(cli, o);
	vt_cli_line(cli, vt_tr("no PKCS#11 module is installed"));
	vt_cli_line(cli, vt_tr("    next step: %s"),
	    token_next_text(TOKEN_NO_MODULE));
}
