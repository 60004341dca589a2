/* verify_finding.c - what CMS says of a signature, in the report's words */
#include "verify_int.h"

static struct vt_finding
found(const char *code, enum vt_cms_reason r)
{
	return (struct vt_finding){ true, code, false, vt_cms_reason_text(r) };
}

static struct vt_finding
open_question(const char *code)
{
	return (struct vt_finding){ true, code, true, NULL };
}

struct vt_finding
vt_verify_finding_cms(enum vt_cms_reason r)
{
	switch (r) {
	case VT_CMS_FINE:
		return (struct vt_finding){ true, NULL, false, NULL };
	case VT_CMS_NO_CONTENT:
		return open_question("content-missing");
	case VT_CMS_NO_CERTIFICATE:
		return open_question("no-signer-certificate");
	case VT_CMS_LIMIT:
		return open_question("limit");
	case VT_CMS_UNSUPPORTED:
		return open_question("unsupported-algorithm");
	case VT_CMS_NO_SIGNING_CERT:
		return open_question("certificate-not-bound");
	case VT_CMS_BAD_ALGORITHMS:
	case VT_CMS_BAD_PARAMETERS:
	case VT_CMS_BAD_KEY:
		return found("algorithm-mismatch", r);
	case VT_CMS_BAD_VERSION:
	case VT_CMS_BAD_SIGNER:
	case VT_CMS_MALFORMED:
		return found("malformed-signature", r);
	case VT_CMS_NO_ATTRIBUTES:
	case VT_CMS_BAD_ATTRIBUTES:
	case VT_CMS_CONTENT_TYPE:
	case VT_CMS_NO_MESSAGE_DIGEST:
	case VT_CMS_BAD_SIGNING_TIME:
		return found("signed-attributes", r);
	case VT_CMS_DIGEST_DIFFERS:
		return found("digest-mismatch", r);
	case VT_CMS_SIGNATURE_WRONG:
		return found("signature-mismatch", r);
	case VT_CMS_BAD_SIGNING_CERT:
	case VT_CMS_WRONG_SIGNING_CERT:
		return found("certificate-mismatch", r);
	case VT_CMS_NOT_CHECKED:
	case VT_CMS_NREASONS:
		break;
	}
	return open_question("not-judged");
}
