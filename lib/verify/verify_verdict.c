/* verify_verdict.c - from facts to a verdict, in one function */
#include <stdlib.h>

#include "vanthu/error.h"
#include "verify_int.h"

void
vt_facts_release(struct vt_facts *f)
{
	free(f->form_detail);
	free(f->state_detail);
	vt_trust_result_release(&f->trust);
	*f = (struct vt_facts){ 0 };
}

static struct vt_finding
not_asked(void)
{
	return (struct vt_finding){ true, "not-judged", true, NULL };
}

static enum vt_report_verdict
conclude(const struct vt_finding *f, enum vt_report_verdict v,
    const char **ret_reason, const char **ret_detail)
{
	*ret_reason = f->code;
	*ret_detail = f->text;
	return v;
}

/*
 * First what is wrong for certain, the document before the certificate; then
 * what could not be decided, revocation last (trust sees to that).  Only what
 * passes all of it is valid.
 */
enum vt_report_verdict
vt_verify_verdict(const struct vt_facts *f, const char **ret_reason,
    const char **ret_detail)
{
	const struct vt_finding none = { true, NULL, false, NULL };
	struct vt_finding sig = f->signature, bind = f->binding;

	*ret_detail = NULL;
	if (f->form != NULL) {
		*ret_reason = f->form;
		*ret_detail = f->form_detail;
		return VT_REPORT_INVALID;
	}
	if (f->unsupported != NULL) {
		sig = bind = none;
	} else {
		if (!sig.asked)
			sig = not_asked();
		if (!bind.asked || sig.code != NULL)
			bind = sig.code != NULL ? none : not_asked();
	}
	if (sig.code != NULL && !sig.open)
		return conclude(&sig, VT_REPORT_INVALID, ret_reason,
		    ret_detail);
	if (bind.code != NULL && !bind.open)
		return conclude(&bind, VT_REPORT_INVALID, ret_reason,
		    ret_detail);
	if (f->state == VT_FACTS_CHANGED) {
		*ret_reason = "changed-after-signing";
		*ret_detail = f->state_detail;
		return VT_REPORT_INVALID;
	}
	if (f->weak) {
		*ret_reason = "weak-algorithm";
		return VT_REPORT_INVALID;
	}
	if (f->trust_judged && f->trust.verdict == VT_FAILED) {
		*ret_reason = f->trust.reason;
		*ret_detail = f->trust.detail;
		return VT_REPORT_INVALID;
	}
	if (f->late) {
		*ret_reason = "signed-after-expiry";
		return VT_REPORT_INVALID;
	}

	if (f->unsupported != NULL) {
		*ret_reason = f->unsupported;
		return VT_REPORT_UNDETERMINED;
	}
	if (sig.code != NULL || bind.code != NULL)
		return conclude(sig.code != NULL ? &sig : &bind,
		    VT_REPORT_UNDETERMINED, ret_reason, ret_detail);
	if (f->added != NULL) {
		*ret_reason = f->added;
		return VT_REPORT_UNDETERMINED;
	}
	if (f->state == VT_FACTS_UNKNOWN) {
		*ret_reason = "not-compared";
		*ret_detail = f->state_detail;
		return VT_REPORT_UNDETERMINED;
	}
	if (f->state == VT_FACTS_PART) {
		*ret_reason = "signed-in-part";
		*ret_detail = f->state_detail;
		return VT_REPORT_UNDETERMINED;
	}
	if (!f->trust_judged) {
		*ret_reason = "not-judged";
		return VT_REPORT_UNDETERMINED;
	}
	if (f->trust.verdict != VT_PASSED) {
		*ret_reason = f->trust.reason;
		*ret_detail = f->trust.detail;
		return VT_REPORT_UNDETERMINED;
	}
	*ret_reason = "ok";
	return VT_REPORT_VALID;
}
