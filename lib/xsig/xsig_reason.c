/* xsig_reason.c - the reasons in words */
#include "vanthu/error.h"
#include "xsig_int.h"

static const struct {
	const char *name;
	const char *clause;
	const char *text;
} reasons[VT_XSIG_NREASONS] = {
	[VT_XSIG_NOT_CHECKED] = { "not-checked", NULL, VT_N_("not checked") },
	[VT_XSIG_FINE] = { "fine", NULL, VT_N_("nothing is wrong") },
	[VT_XSIG_NO_CONTENT] = { "no-content", "XMLDSig, 4.4.3.1",
	    VT_N_("the signed content is not at hand") },
	[VT_XSIG_NO_CERTIFICATE] = { "no-certificate", "XMLDSig, 4.5",
	    VT_N_("the signer's certificate is not at hand") },
	[VT_XSIG_UNSUPPORTED] = { "unsupported-algorithm", "XMLDSig, 6",
	    VT_N_("an algorithm is not known here") },
	[VT_XSIG_UNSUPPORTED_TRANSFORM] = { "unsupported-transform",
	    "XMLDSig, 4.4.3.4",
	    VT_N_("what is signed passes through a transform that is not "
		  "accepted") },
	[VT_XSIG_UNSUPPORTED_REFERENCE] = { "unsupported-reference",
	    "XMLDSig, 4.4.3.3",
	    VT_N_("what is signed is named in a way that is not accepted") },
	[VT_XSIG_LIMIT] = { "limit", NULL,
	    VT_N_("the signature asks for more work than is done for one") },
	[VT_XSIG_COMMENT] = { "unsigned-comment", "XMLDSig, 4.4.3.3",
	    VT_N_("a comment or a CDATA section, which is not signed, splits a "
		  "signed text") },
	[VT_XSIG_MALFORMED] = { "malformed-signature", "XMLDSig, 4",
	    VT_N_("the signature is malformed or ambiguous") },
	[VT_XSIG_REFERENCE_MISSING] = { "reference-missing", "XMLDSig, 4.4.3.3",
	    VT_N_("what was signed is not there") },
	[VT_XSIG_DUPLICATE_ID] = { "duplicate-id", "XMLDSig, 4.4.3.3",
	    VT_N_("several elements have the Id of what was signed") },
	[VT_XSIG_MISPLACED] = { "misplaced-signature", "XMLDSig, 6.6.4",
	    VT_N_("the signature does not stand where it says") },
	[VT_XSIG_NOTHING] = { "nothing-signed", "XMLDSig, 4.4.3",
	    VT_N_("nothing of a document is signed") },
	[VT_XSIG_BAD_KEY] = { "key-kind", "XMLDSig, 4.4.2",
	    VT_N_("the certificate's key does not fit the signature") },
	[VT_XSIG_DIGEST_DIFFERS] = { "digest-differs", "XMLDSig, 3.2.1",
	    VT_N_("the content is not the one that was signed") },
	[VT_XSIG_SIGNATURE_WRONG] = { "signature-wrong", "XMLDSig, 3.2.2",
	    VT_N_("the signature value does not verify") },
	[VT_XSIG_NO_PROPERTIES] = { "no-signed-properties", "EN 319 132-1, 4.4",
	    VT_N_("the signature has no XAdES properties") },
	[VT_XSIG_BAD_PROPERTIES] = { "signed-properties", "EN 319 132-1, 4.3",
	    VT_N_("the signed properties are malformed or of another "
		  "signature") },
	[VT_XSIG_PROPERTIES_UNSIGNED] = { "properties-unsigned",
	    "EN 319 132-1, 4.4.2",
	    VT_N_("the signed properties are not signed") },
	[VT_XSIG_NO_SIGNING_CERT] = { "no-signing-certificate",
	    "EN 319 132-1, 5.2.2",
	    VT_N_("the signature does not bind its certificate") },
	[VT_XSIG_WRONG_SIGNING_CERT] = { "signing-certificate-differs",
	    "EN 319 132-1, 5.2.2",
	    VT_N_("the signature was made with another certificate") },
	[VT_XSIG_BAD_SIGNING_TIME] = { "signing-time", "EN 319 132-1, 5.2.1",
	    VT_N_("the signing time is malformed") },
};

static enum vt_xsig_reason
known(enum vt_xsig_reason r)
{
	return r < VT_XSIG_NREASONS ? r : VT_XSIG_NOT_CHECKED;
}

const char *
vt_xsig_reason_name(enum vt_xsig_reason r)
{
	return reasons[known(r)].name;
}

const char *
vt_xsig_reason_clause(enum vt_xsig_reason r)
{
	return reasons[known(r)].clause;
}

const char *
vt_xsig_reason_text(enum vt_xsig_reason r)
{
	return vt_tr(reasons[known(r)].text);
}

bool
vt_xsig_reason_open(enum vt_xsig_reason r)
{
	return r <= VT_XSIG_COMMENT && r != VT_XSIG_FINE;
}
