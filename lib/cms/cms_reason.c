/* cms_reason.c - the reasons in words */
#include "cms_int.h"
#include "vanthu/error.h"

static const struct {
	const char *name;
	const char *clause;
	const char *text;
} reasons[VT_CMS_NREASONS] = {
	[VT_CMS_NOT_CHECKED] = { "not-checked", NULL, VT_N_("not checked") },
	[VT_CMS_FINE] = { "fine", NULL, VT_N_("nothing is wrong") },
	[VT_CMS_NO_CONTENT] = { "no-content", "RFC 5652, 5.2",
	    VT_N_("the signed content is not at hand") },
	[VT_CMS_NO_CERTIFICATE] = { "no-certificate", "RFC 5652, 5.3",
	    VT_N_("the signer's certificate is not at hand") },
	[VT_CMS_LIMIT] = { "limit", "RFC 5652, 5.3",
	    VT_N_("the signature asks for more work than is done for one") },
	[VT_CMS_UNSUPPORTED] = { "unsupported-algorithm", "RFC 5652, 5.3",
	    VT_N_("an algorithm is not known here") },
	[VT_CMS_BAD_ALGORITHMS] = { "algorithms-differ", "RFC 5652, 5.3",
	    VT_N_("the algorithms named do not fit each other") },
	[VT_CMS_BAD_PARAMETERS] = { "algorithm-parameters", "RFC 4055, 3.1",
	    VT_N_("the parameters of an algorithm are not allowed") },
	[VT_CMS_BAD_KEY] = { "key-kind", "RFC 5652, 5.6",
	    VT_N_("the certificate's key does not fit the signature") },
	[VT_CMS_BAD_VERSION] = { "version", "RFC 5652, 5.1",
	    VT_N_("a version number does not fit the message") },
	[VT_CMS_BAD_SIGNER] = { "duplicate-signer", "RFC 5652, 5.1",
	    VT_N_("the same signature is there twice") },
	[VT_CMS_NO_ATTRIBUTES] = { "no-signed-attributes", "EN 319 122-1, 5.1",
	    VT_N_("there are no signed attributes") },
	[VT_CMS_BAD_ATTRIBUTES] = { "signed-attributes", "RFC 5652, 5.3",
	    VT_N_("the signed attributes are malformed or ambiguous") },
	[VT_CMS_CONTENT_TYPE] = { "content-type", "RFC 5652, 11.1",
	    VT_N_("the content type attribute is missing or differs") },
	[VT_CMS_NO_MESSAGE_DIGEST] = { "no-message-digest", "RFC 5652, 11.2",
	    VT_N_("the message digest attribute is missing") },
	[VT_CMS_DIGEST_DIFFERS] = { "digest-differs", "RFC 5652, 5.6",
	    VT_N_("the content is not the one that was signed") },
	[VT_CMS_SIGNATURE_WRONG] = { "signature-wrong", "RFC 5652, 5.6",
	    VT_N_("the signature value does not verify") },
	[VT_CMS_NO_SIGNING_CERT] = { "no-signing-certificate", "RFC 5035, 3",
	    VT_N_("the signature does not bind its certificate") },
	[VT_CMS_BAD_SIGNING_CERT] = { "signing-certificate-malformed",
	    "RFC 5035, 3",
	    VT_N_("the attribute that binds the certificate is malformed") },
	[VT_CMS_WRONG_SIGNING_CERT] = { "signing-certificate-differs",
	    "RFC 5035, 4",
	    VT_N_("the signature was made with another certificate") },
	[VT_CMS_BAD_SIGNING_TIME] = { "signing-time", "RFC 5652, 11.3",
	    VT_N_("the signing time attribute is malformed") },
	[VT_CMS_MALFORMED] = { "malformed", "RFC 5652, 11.4",
	    VT_N_("the counter-signature cannot be read") },
};

const char *
vt_cms_reason_name(enum vt_cms_reason r)
{
	return reasons[r < VT_CMS_NREASONS ? r : VT_CMS_NOT_CHECKED].name;
}

const char *
vt_cms_reason_clause(enum vt_cms_reason r)
{
	return reasons[r < VT_CMS_NREASONS ? r : VT_CMS_NOT_CHECKED].clause;
}

const char *
vt_cms_reason_text(enum vt_cms_reason r)
{
	return vt_tr(
	    reasons[r < VT_CMS_NREASONS ? r : VT_CMS_NOT_CHECKED].text);
}
