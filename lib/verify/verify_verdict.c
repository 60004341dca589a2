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

/*
 * The reason for what the CMS of a signature is, or NULL where nothing speaks
 * against it.  *RET_UNDECIDED: it could not be checked, rather than failed.
 */
static const char *
cms_reason(enum vt_cms_reason r, bool *ret_undecided)
{
	*ret_undecided = false;
	switch (r) {
	case VT_CMS_FINE:
		return NULL;
	case VT_CMS_NO_CONTENT:
		*ret_undecided = true;
		return "content-missing";
	case VT_CMS_NO_CERTIFICATE:
		*ret_undecided = true;
		return "no-signer-certificate";
	case VT_CMS_UNSUPPORTED:
		*ret_undecided = true;
		return "unsupported-algorithm";
	case VT_CMS_BAD_ALGORITHMS:
	case VT_CMS_BAD_PARAMETERS:
	case VT_CMS_BAD_KEY:
		return "algorithm-mismatch";
	case VT_CMS_BAD_VERSION:
	case VT_CMS_BAD_SIGNER:
		return "malformed-signature";
	case VT_CMS_NO_ATTRIBUTES:
	case VT_CMS_BAD_ATTRIBUTES:
	case VT_CMS_CONTENT_TYPE:
	case VT_CMS_NO_MESSAGE_DIGEST:
	case VT_CMS_BAD_SIGNING_TIME:
		return "signed-attributes";
	case VT_CMS_DIGEST_DIFFERS:
		return "digest-mismatch";
	case VT_CMS_SIGNATURE_WRONG:
		return "signature-mismatch";
	case VT_CMS_NO_SIGNING_CERT:
		*ret_undecided = true;
		return "certificate-not-bound";
	case VT_CMS_BAD_SIGNING_CERT:
	case VT_CMS_WRONG_SIGNING_CERT:
		return "certificate-mismatch";
	case VT_CMS_NOT_CHECKED:
	case VT_CMS_NREASONS:
		break;
	}
	*ret_undecided = true;
	return "not-judged";
}

/*
 * What CAdES asks for beyond CMS.  A signature of a format that does not ask
 * for it may lack the certificate's reference, and nothing else.
 */
static const char *
cades_reason(const struct vt_facts *f, bool *ret_undecided)
{
	*ret_undecided = false;
	if (f->cades == VT_CMS_NO_SIGNING_CERT && f->certificate_may_be_loose)
		return NULL;
	return cms_reason(f->cades, ret_undecided);
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
	bool cms_open = false, cades_open = false;
	const char *cms = NULL, *cades = NULL;

	*ret_detail = NULL;
	if (f->form != NULL) {
		*ret_reason = f->form;
		*ret_detail = f->form_detail;
		return VT_REPORT_INVALID;
	}
	if (f->unsupported == NULL) {
		cms = cms_reason(f->cms, &cms_open);
		if (cms == NULL)
			cades = cades_reason(f, &cades_open);
	}
	if (cms != NULL && !cms_open) {
		*ret_reason = cms;
		*ret_detail = vt_cms_reason_text(f->cms);
		return VT_REPORT_INVALID;
	}
	if (cades != NULL && !cades_open) {
		*ret_reason = cades;
		*ret_detail = vt_cms_reason_text(f->cades);
		return VT_REPORT_INVALID;
	}
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

	if (f->unsupported != NULL) {
		*ret_reason = f->unsupported;
		return VT_REPORT_UNDETERMINED;
	}
	if (cms != NULL || cades != NULL) {
		*ret_reason = cms != NULL ? cms : cades;
		return VT_REPORT_UNDETERMINED;
	}
	if (f->state == VT_FACTS_UNKNOWN) {
		*ret_reason = "not-compared";
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
