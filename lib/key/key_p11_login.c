/* key_p11_login.c - one session, one PIN, one try */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/key.h"

static void
say(const struct vt_key_token *how, const char *text)
{
	if (how->say != NULL)
		how->say(how->say_ctx, text);
}

/* What the token's flags say before a PIN is given. */
static int
check_pin(const struct vt_key_token *how, const char *label,
    enum vt_key_pin pin, struct vt_error *err)
{
	switch (pin) {
	case VT_KEY_PIN_GOOD:
		break;
	case VT_KEY_PIN_LOW:
		say(how, vt_tr("a wrong PIN was given to this token before; it "
			       "locks after a few, and the right one sets that "
			       "back"));
		break;
	case VT_KEY_PIN_LAST:
		if (!how->last_try)
			return vt_error_set(err, VT_EKEY, NULL,
			    "one try is left before the token %s locks, so "
			    "none is made; whoever is sure of the PIN adds "
			    "--last-try",
			    label);
		say(how, vt_tr("this is the last try before the token locks"));
		break;
	case VT_KEY_PIN_LOCKED:
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PIN of the token %s is locked; whoever issued the "
		    "token can unlock it",
		    label);
	case VT_KEY_PIN_UNSET:
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token %s has no PIN yet; set one with the token's own "
		    "software",
		    label);
	case VT_KEY_PIN_CHANGE:
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PIN of the token %s must be changed before it is "
		    "used; do so with the token's own software",
		    label);
	}
	return VT_OK;
}

static int
wrong_pin(const struct p11_session *s, enum vt_key_pin pin,
    struct vt_error *err)
{
	if (pin == VT_KEY_PIN_LOCKED)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PIN of the token %s is locked now; whoever issued the "
		    "token can unlock it",
		    s->label);
	if (pin == VT_KEY_PIN_LAST)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PIN of the token %s is wrong; it was tried once, and "
		    "the next wrong one locks the token",
		    s->label);
	return vt_error_set(err, VT_EKEY, NULL,
	    "the PIN of the token %s is wrong; it was tried once, and a few "
	    "wrong ones lock the token",
	    s->label);
}

int
vt_key_p11_pin_error(const struct p11_session *s, CK_RV rv,
    struct vt_error *err)
{
	CK_TOKEN_INFO info = { 0 };
	enum vt_key_pin pin = VT_KEY_PIN_GOOD;

	if (vt_key_p11_is_gone(rv))
		return vt_error_set(err, VT_EKEY, NULL,
		    "the token %s is not there any more; plug it in and start "
		    "again",
		    s->label);
	if (s->module.f->C_GetTokenInfo(s->slot, &info) == CKR_OK)
		pin = vt_key_p11_pin(info.flags);
	switch (rv) {
	case CKR_PIN_INCORRECT:
		return wrong_pin(s, pin, err);
	case CKR_PIN_LOCKED:
		return wrong_pin(s, VT_KEY_PIN_LOCKED, err);
	case CKR_PIN_EXPIRED:
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PIN of the token %s has expired; set a new one with "
		    "the token's own software",
		    s->label);
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_INVALID:
		return vt_error_set(err, VT_EKEY, NULL,
		    "what was given is too short, too long or of other "
		    "characters than a PIN of the token %s",
		    s->label);
	case CKR_USER_PIN_NOT_INITIALIZED:
		return check_pin(&(struct vt_key_token){ 0 }, s->label,
		    VT_KEY_PIN_UNSET, err);
	default:
		return vt_key_p11_error(rv, err);
	}
}

static int
give_pin(const struct vt_key_token *how, struct p11_session *s,
    struct vt_error *err)
{
	CK_RV rv;
	int rc;

	if (s->own_pad) {
		say(how, vt_tr("type the PIN on the token's reader"));
	} else {
		if (how->ask == NULL || how->ask->fn == NULL)
			return vt_error_set(err, VT_EKEY, NULL,
			    "the token %s needs a PIN", s->label);
		if ((rc = how->ask->fn(how->ask->ctx, s->label, &s->pin,
			 err)) != VT_OK)
			return rc;
		/* An empty one would be a try, too. */
		if (s->pin.len == 0 || s->pin.len > VT_KEY_PIN_MAX)
			return vt_error_set(err, VT_EKEY, NULL,
			    "a PIN has 1 to %d bytes: it was not tried",
			    VT_KEY_PIN_MAX);
	}
	rv = s->module.f->C_Login(s->handle, CKU_USER,
	    s->own_pad ? NULL : (CK_UTF8CHAR *)s->pin.data, s->pin.len);
	if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
		return VT_OK;
	return vt_key_p11_pin_error(s, rv, err);
}

static int
open_session(struct p11_session *s, const struct vt_key_slot *slot,
    CK_TOKEN_INFO *info, struct vt_error *err)
{
	char serial[17];
	CK_RV rv;

	if ((rv = s->module.f->C_GetTokenInfo(s->slot, info)) != CKR_OK)
		return vt_key_p11_error(rv, err);
	vt_key_p11_text(info->label, sizeof(info->label), s->label);
	vt_key_p11_text(info->serialNumber, sizeof(info->serialNumber), serial);
	if (strcmp(s->label, slot->label) != 0 ||
	    strcmp(serial, slot->serial) != 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "another token was plugged in meanwhile; start again");
	s->own_pad = (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	rv = s->module.f->C_OpenSession(s->slot, CKF_SERIAL_SESSION, NULL, NULL,
	    &s->handle);
	if (rv == CKR_OK)
		return VT_OK;
	s->handle = CK_INVALID_HANDLE;
	return vt_key_p11_error(rv, err);
}

int
vt_key_p11_login(const struct vt_key_token *how, const char *path,
    const struct vt_key_slot *slot, struct p11_session *ret,
    struct vt_error *err)
{
	struct p11_session s = { .slot = slot->id };
	CK_TOKEN_INFO info = { 0 };
	int rc;

	if ((rc = vt_key_p11_load(path, &s.module, err)) == VT_OK &&
	    (rc = open_session(&s, slot, &info, err)) == VT_OK &&
	    (info.flags & CKF_LOGIN_REQUIRED) != 0 &&
	    (rc = check_pin(how, s.label, vt_key_p11_pin(info.flags), err)) ==
		VT_OK)
		rc = give_pin(how, &s, err);
	if (rc == VT_OK)
		*ret = s;
	else
		vt_key_p11_close(&s);
	return rc;
}

void
vt_key_p11_close(struct p11_session *s)
{
	vt_secret_release(&s->pin);
	if (s->handle != CK_INVALID_HANDLE && s->module.owner == getpid() &&
	    !s->gone)
		(void)s->module.f->C_CloseSession(s->handle);
	vt_key_p11_unload(&s->module);
	memset(s, 0, sizeof(*s));
}
