/* next.c - what a token still lacks, and what to do about it */
#include "token.h"
#include "vanthu/error.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"

static const struct {
	const char *code, *text;
} words[TOKEN_NEXT_COUNT] = {
	[TOKEN_READY] = { "ready", VT_N_("sign with --token URI") },
	[TOKEN_NO_MODULE] = { "no-module",
	    VT_N_("install the software of your token, or name its module "
		  "with --module") },
	[TOKEN_MODULE_FAILS] = { "module-fails",
	    VT_N_("repair or remove the software of this token") },
	[TOKEN_NO_READER] = { "no-reader",
	    VT_N_("plug the token or its reader in; where it is, see that the "
		  "service for readers (pcscd) runs") },
	[TOKEN_NO_TOKEN] = { "no-token", VT_N_("plug the token in") },
	[TOKEN_NOT_INITIALIZED] = { "not-initialized",
	    VT_N_("prepare the token with its own software") },
	[TOKEN_PIN_UNSET] = { "pin-unset",
	    VT_N_("set the PIN with the token's own software") },
	[TOKEN_PIN_CHANGE] = { "pin-change",
	    VT_N_("change the PIN with the token's own software") },
	[TOKEN_PIN_LOCKED] = { "pin-locked",
	    VT_N_("have whoever issued the token unlock it") },
	[TOKEN_NO_MECHANISM] = { "no-mechanism",
	    VT_N_("use another token: this one cannot sign by RSA or ECDSA") },
	[TOKEN_NO_CERTIFICATE] = { "no-certificate",
	    VT_N_("sign with --token URI and --cert FILE, or have the "
		  "certificate put into the token") },
	[TOKEN_EXPIRED] = { "expired",
	    VT_N_("ask for a new certificate: none in the token is valid "
		  "now") },
};

const char *
token_next_code(enum token_next next)
{
	return words[next].code;
}

const char *
token_next_text(enum token_next next)
{
	return vt_tr(words[next].text);
}

static enum token_next
certificates(const struct vt_key_slot *slot)
{
	enum token_next next = TOKEN_NO_CERTIFICATE;
	const struct vt_cert *c;
	int64_t now = vt_time_now();
	size_t i;

	for (i = 0; i < slot->ncerts; i++) {
		c = slot->certs[i].cert;
		if (vt_cert_is_ca(c))
			continue;
		if (vt_cert_not_before(c) <= now && now <= vt_cert_not_after(c))
			return TOKEN_READY;
		next = TOKEN_EXPIRED;
	}
	return next;
}

enum token_next
token_next_of(const struct vt_key_slot *slot)
{
	if (!slot->has_token)
		return TOKEN_NO_TOKEN;
	if (!slot->initialized)
		return TOKEN_NOT_INITIALIZED;
	if (slot->login_required && slot->pin == VT_KEY_PIN_LOCKED)
		return TOKEN_PIN_LOCKED;
	if (slot->login_required && slot->pin == VT_KEY_PIN_UNSET)
		return TOKEN_PIN_UNSET;
	if (slot->login_required && slot->pin == VT_KEY_PIN_CHANGE)
		return TOKEN_PIN_CHANGE;
	if (!slot->rsa && !slot->pss && !slot->ecdsa)
		return TOKEN_NO_MECHANISM;
	return certificates(slot);
}
