/* sign_rules.c - what must hold before a key is used (TT 15/2025/TT-BKHCN, 5)
 */
#include <stdio.h>
#include <string.h>

#include "sign_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

void
vt_sign_warn(struct vt_sign_result *res, const char *code, const char *text)
{
	struct vt_sign_warning *w;

	if (res->nwarnings >= VT_SIGN_WARNINGS)
		return;
	w = &res->warnings[res->nwarnings++];
	w->code = code;
	snprintf(w->text, sizeof(w->text), "%s", text);
}

/* Needs no anchor, so it is asked of every certificate. */
static int
check_period(const struct vt_cert *cert, int64_t at, struct vt_error *err)
{
	char day[VT_TIME_TEXT];

	if (at < vt_cert_not_before(cert))
		return vt_error_set(err, VT_EREFUSED, "RFC 5280, 6.1.3",
		    "the signer's certificate is not valid before %s",
		    vt_time_local(vt_cert_not_before(cert), day));
	if (at > vt_cert_not_after(cert))
		return vt_error_set(err, VT_EREFUSED, "RFC 5280, 6.1.3",
		    "the signer's certificate expired on %s",
		    vt_time_local(vt_cert_not_after(cert), day));
	return VT_OK;
}

/*
 * The certificates between the signer and the anchor, for those who judge
 * without our store; an anchor is nothing that a signature could prove.
 */
static int
take_chain(const struct vt_trust_result *r, struct vt_certs *chain,
    struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 1; i < r->chain.n; i++)
		if (!vt_cert_self_issued(r->chain.items[i]) &&
		    (rc = vt_certs_add(chain, r->chain.items[i], err)) != VT_OK)
			return rc;
	return VT_OK;
}

void
vt_sign_evidence_release(struct vt_sign_evidence *ev)
{
	vt_trust_used_release(&ev->used);
	memset(ev, 0, sizeof(*ev));
}

static int
take_evidence(const struct vt_sign_options *opts, const struct vt_trust *trust,
    const struct vt_trust_result *r, struct vt_error *err)
{
	struct vt_sign_evidence *ev = opts->evidence;

	if (ev == NULL)
		return VT_OK;
	ev->verdict = r->verdict;
	ev->reason = r->reason;
	ev->revocation = r->revocation;
	return vt_trust_used_add(&ev->used, trust, r, err);
}

static int
check_trust(const struct vt_sign_options *opts, int64_t at,
    struct vt_sign_result *res, struct vt_certs *chain, struct vt_error *err)
{
	struct vt_trust_query q = {
		.cert = opts->signer->cert,
		.certs = &opts->signer->chain,
		.at = at,
		.purpose = VT_PURPOSE_SIGN,
		/* given above level B only, where it is asked for anyway */
		.fetch = opts->fetch,
		.fetch_ctx = opts->fetch_ctx,
		.aia = opts->aia,
	};
	struct vt_trust_result r = { 0 };
	struct vt_trust *none = NULL;
	const struct vt_trust *trust = opts->trust;
	const char *text;
	int rc;

	if (trust == NULL) {
		if ((rc = vt_trust_new(&none, err)) != VT_OK)
			return rc;
		trust = none;
	}
	if ((rc = vt_trust_judge(trust, &q, &r, err)) != VT_OK)
		goto out;
	text = r.detail != NULL ? r.detail : vt_trust_reason_text(r.reason);
	if (text == NULL)
		text = r.reason;
	/* Usage needs no anchor either. */
	if (r.verdict == VT_FAILED || !r.usage_ok) {
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "the signer's certificate may not sign: %s",
		    r.verdict == VT_FAILED
			? text
			: vt_trust_reason_text("wrong-usage"));
		goto out;
	}
	/* Its own period holds, so the one that does not is further up. */
	if (r.tree != NULL && !r.time_ok) {
		rc = vt_error_set(err, VT_EREFUSED, "RFC 5280, 6.1.3",
		    "a certificate above the signer's is not valid now: %s",
		    text);
		goto out;
	}
	/* All else that is undecided is so because this place knows little. */
	if (r.verdict != VT_PASSED && vt_trust_anchors(trust) > 0)
		vt_sign_warn(res, r.reason, text);
	if (r.revocation == VT_REVOKED_UNKNOWN &&
	    strcmp(r.reason, "revocation-unknown") != 0)
		vt_sign_warn(res, "revocation-unknown",
		    vt_tr("whether the signer's certificate was revoked is not "
			  "known here"));
	if ((rc = take_chain(&r, chain, err)) == VT_OK)
		rc = take_evidence(opts, trust, &r, err);
out:
	vt_trust_result_release(&r);
	vt_trust_free(none);
	return rc;
}

int
vt_sign_attended(const struct vt_sign_options *opts, struct vt_error *err)
{
	if (!vt_sign_by_agency(opts->role) || !opts->unattended)
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32",
	    "nobody is at a terminal, and this office's key does not sign "
	    "unattended; run it at a terminal, or say unattended = yes in "
	    "[sign] of vanthu.conf");
}

/* Decree 30/2020, 14 to 19: the agency's key follows a person's. */
static int
check_role(const struct vt_sign_options *opts, struct vt_sign_result *res,
    struct vt_error *err)
{
	bool after = opts->role == VT_SIGN_AGENCY ||
		     (opts->role == VT_SIGN_ATTACHMENT && opts->document_seen);

	if (after && !opts->person_signed && opts->person_expired)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32",
		    "the certificate of the person who signed has expired, and "
		    "no time stamp proves that the signature is older: who has "
		    "a valid one signs anew");
	if (opts->role == VT_SIGN_AGENCY && !opts->person_signed)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32",
		    "the agency signs only what carries an intact signature of "
		    "an authorised person, and this carries none");
	if (opts->role == VT_SIGN_ATTACHMENT && opts->document_seen &&
	    !opts->person_signed)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32",
		    "the agency signs an attachment only where its document "
		    "carries an intact signature of an authorised person");
	if (opts->role == VT_SIGN_ATTACHMENT && !opts->document_seen)
		vt_sign_warn(res, "document-unseen",
		    vt_tr("whether the document that this is attached to was "
			  "signed is not known here"));
	if (opts->agency_signed)
		vt_sign_warn(res, "sealed-already",
		    vt_tr("the agency signed this document before with the "
			  "same key"));
	if (after &&
	    (opts->trust == NULL || vt_trust_anchors(opts->trust) == 0))
		vt_sign_warn(res, "person-not-verified",
		    vt_tr("whether the person who signed before is to be "
			  "trusted is not known here"));
	return VT_OK;
}

int
vt_sign_rules(const struct vt_sign_options *opts, int64_t at,
    struct vt_sign_result *res, struct vt_certs *chain, struct vt_error *err)
{
	int rc;

	if ((rc = vt_sign_attended(opts, err)) != VT_OK ||
	    (rc = check_role(opts, res, err)) != VT_OK ||
	    (rc = check_period(opts->signer->cert, at, err)) != VT_OK)
		return rc;
	return check_trust(opts, at, res, chain, err);
}
