/* office_policy.c - registered, held or refused: [receive] of vanthu.conf */
#include "office_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"

static bool
wants(const struct vt_office *o, const char *key, const char *word)
{
	const char *value = vt_conf_get(o->conf, "receive", key);

	return value != NULL && strcmp(value, word) == 0;
}

static void
against(const struct vt_office *o, struct vt_office_word *w, const char *key,
    const char *code)
{
	w->code = code;
	w->refuse = wants(o, key, "refuse");
}

/*
 * Whoever is to read it knows him by something of this.  What is not valid only
 * says whose it is.
 */
static void
say_signer(struct vt_office_intake *in, const struct vt_office_signer *s,
    bool valid)
{
	const char *of = s->organization != NULL ? s->organization : "-";
	const char *name = s->name != NULL ? s->name : "-";

	if (s->unit != NULL)
		snprintf(in->detail, sizeof(in->detail),
		    valid ? vt_tr("signed by %s of %s, %s")
			  : vt_tr("the signature names %s of %s, %s"),
		    name, s->unit, of);
	else
		snprintf(in->detail, sizeof(in->detail),
		    valid ? vt_tr("signed by %s of %s")
			  : vt_tr("the signature names %s of %s"),
		    name, of);
}

void
vt_office_policy_say(struct vt_office_intake *in,
    const struct vt_office_judged *j, const char *code)
{
	const struct vt_office_signer *s = &j->who;

	if (in->detail[0] == '\0' && strcmp(code, "attachment-invalid") != 0 &&
	    (s->name != NULL || s->organization != NULL))
		say_signer(in, s, j->verdict == VT_REPORT_VALID);
}

/* Everybody who signed belongs to the sender. */
static int
check_signers(struct vt_office_intake *in, const struct vt_office_judged *j,
    struct vt_office_issuer *issuer, struct vt_office_word *ret,
    struct vt_error *err)
{
	bool own = true;
	size_t i;
	int rc = VT_OK;

	if (j->verdict == VT_REPORT_VALID &&
	    (rc = vt_office_issuer_is(issuer, &j->who, &own, err)) == VT_OK &&
	    !own) {
		against(in->o, ret, "organisation", "another-organisation");
		say_signer(in, &j->who, true);
		return VT_OK;
	}
	for (i = 0; i < j->nothers && rc == VT_OK; i++) {
		rc = vt_office_issuer_is(issuer, &j->others[i], &own, err);
		if (rc == VT_OK && !own) {
			/* it may be meant: never refused */
			ret->code = "attachment-of-another";
			say_signer(in, &j->others[i], true);
			break;
		}
	}
	return rc;
}

/*
 * Nobody but the message itself says who its sender is, and nobody asked for
 * that: another name than the signer's is told of, and all who signed must be
 * of one organisation.
 */
static int
check_among(struct vt_office_intake *in, const struct vt_office_judged *j,
    struct vt_office_issuer *issuer, struct vt_office_word *ret,
    struct vt_error *err)
{
	bool own = true;
	size_t i;
	int rc = VT_OK;

	if (j->verdict != VT_REPORT_VALID)
		return VT_OK;
	for (i = 0; i < j->nothers && rc == VT_OK; i++) {
		rc = vt_office_signers_agree(&j->who, &j->others[i], &own, err);
		if (rc == VT_OK && !own) {
			ret->code = "attachment-of-another";
			say_signer(in, &j->others[i], true);
			return VT_OK;
		}
	}
	if (rc == VT_OK &&
	    (rc = vt_office_issuer_is(issuer, &j->who, &own, err)) == VT_OK &&
	    !own)
		say_signer(in, &j->who, true);
	return rc;
}

static int
check_organisation(struct vt_office_intake *in,
    const struct vt_office_judged *j, struct vt_office_word *ret,
    struct vt_error *err)
{
	struct vt_office_issuer *issuer = NULL;
	int rc;

	if (wants(in->o, "organisation", "ignore"))
		return VT_OK;
	rc = vt_office_issuer_new(in, &issuer, &ret->code, err);
	if (rc == VT_OK && issuer != NULL &&
	    wants(in->o, "organisation", "auto") &&
	    !vt_office_issuer_by_directory(issuer))
		rc = check_among(in, j, issuer, ret, err);
	else if (rc == VT_OK && issuer != NULL)
		rc = check_signers(in, j, issuer, ret, err);
	vt_office_issuer_free(issuer);
	return rc;
}

int
vt_office_policy(struct vt_office_intake *in, const struct vt_office_judged *j,
    struct vt_office_word *ret, struct vt_error *err)
{
	const struct vt_office *o = in->o;

	ret->code = NULL;
	ret->refuse = false;
	if (in->env->nattachments == 0)
		ret->code = "no-file";
	else if (j->verdict == VT_REPORT_INVALID)
		against(o, ret, "invalid", j->reason);
	else if (j->verdict == VT_REPORT_UNSIGNED &&
		 !wants(o, "unsigned", "register"))
		against(o, ret, "unsigned", j->reason);
	else if (j->verdict != VT_REPORT_VALID &&
		 j->verdict != VT_REPORT_UNSIGNED)
		ret->code = j->reason;
	else if (j->others_invalid)
		against(o, ret, "invalid", "attachment-invalid");
	else
		return check_organisation(in, j, ret, err);
	return VT_OK;
}
