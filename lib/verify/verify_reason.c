/* verify_reason.c - the reasons: stable codes, what they mean, what to do */
#include <string.h>

#include "vanthu/error.h"
#include "verify_int.h"

/*
 * TEXT and HINT are message ids.  SUB is the sub-indication of ETSI EN 319
 * 102-1, 5.1.3 that fits best.  The reasons of the certificate's path are
 * trust's own table and follow behind these.
 */
static const struct reason {
	const char *code;
	const char *sub;
	const char *text;
	const char *hint;
} reasons[] = {
	{ "ok", NULL, VT_N_("every check holds"), NULL },
	{ "unsigned", NULL, VT_N_("there is no signature"), NULL },

	{ "byte-range", "FORMAT_FAILURE",
	    VT_N_("the signature does not say soundly which bytes it covers"),
	    NULL },
	{ "no-contents", "FORMAT_FAILURE",
	    VT_N_("the signature field holds no signature"), NULL },
	{ "stray-signature", "FORMAT_FAILURE",
	    VT_N_("something looks like a signature, but the document does not "
		  "lead to it"),
	    NULL },
	{ "malformed-signature", "FORMAT_FAILURE",
	    VT_N_("the signature's data is damaged"), NULL },
	{ "several-signers", "FORMAT_FAILURE",
	    VT_N_("a signature in a PDF has exactly one signer, this has more"),
	    NULL },
	{ "signed-attributes", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("the signed attributes are not what they must be"), NULL },
	{ "algorithm-mismatch", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("the algorithms named do not fit each other or the key"),
	    NULL },
	{ "digest-mismatch", "HASH_FAILURE",
	    VT_N_("the content is not what was signed"), NULL },
	{ "signature-mismatch", "SIG_CRYPTO_FAILURE",
	    VT_N_("the signature value does not fit the certificate's key"),
	    NULL },
	{ "certificate-mismatch", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("the signature names another certificate than the one given"),
	    NULL },
	{ "changed-after-signing", "FORMAT_FAILURE",
	    VT_N_("the document was changed after it was signed"),
	    VT_N_("ask the sender for the document as it was signed") },
	{ "signed-after-expiry", "EXPIRED",
	    VT_N_("a time stamp of the content proves that it was signed when "
		  "the certificate had expired"),
	    NULL },
	{ "weak-algorithm", "CRYPTO_CONSTRAINTS_FAILURE",
	    VT_N_("a digest or key is too weak to prove anything today"),
	    NULL },

	{ "content-missing", "SIGNED_DATA_NOT_FOUND",
	    VT_N_("the signed content is not at hand"),
	    VT_N_("name the file that was signed with --content FILE") },
	{ "no-signer-certificate", "NO_SIGNING_CERTIFICATE_FOUND",
	    VT_N_("the signer's certificate is not at hand"),
	    VT_N_("give it with --chain FILE") },
	{ "certificate-not-bound", "NO_SIGNING_CERTIFICATE_FOUND",
	    VT_N_("the signature does not say which certificate it was made "
		  "with"),
	    VT_N_("ask for a CAdES or PAdES signature") },
	{ "unsupported-algorithm", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("an algorithm is not known here"), NULL },
	{ "unsupported-signature", "FORMAT_FAILURE",
	    VT_N_("this kind of signature is not judged here"), NULL },
	{ "time-stamp-broken", "FORMAT_FAILURE",
	    VT_N_("the time stamp is not of what it should be of, or not "
		  "genuine"),
	    NULL },
	{ "time-stamp-order", "TIMESTAMP_ORDER_FAILURE",
	    VT_N_("the time stamp is younger than what proves that it "
		  "existed"),
	    NULL },
	{ "time-stamp-unknown", "GENERIC",
	    VT_N_("the time stamp is of a kind that is not judged here"),
	    NULL },
	{ "countersignature-broken", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("a countersignature that was added does not hold"), NULL },
	{ "signed-in-part", "SIGNED_DATA_NOT_FOUND",
	    VT_N_("a part of what the document shows was not signed"),
	    VT_N_("ask for a signature over the whole document") },
	{ "nothing-signed", "FORMAT_FAILURE",
	    VT_N_("the signature covers nothing of a document"), NULL },
	{ "signed-part-missing", "SIGNED_DATA_NOT_FOUND",
	    VT_N_("something that was signed is not there"), NULL },
	{ "ambiguous-reference", "FORMAT_FAILURE",
	    VT_N_("what was signed is not told apart from something else"),
	    NULL },
	{ "unsupported-transform", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("the signature is over something that is computed in a way "
		  "not allowed here"),
	    NULL },
	{ "unsigned-comment", "SIG_CONSTRAINTS_FAILURE",
	    VT_N_("a comment that was not signed splits a value"), NULL },
	{ "not-compared", NULL,
	    VT_N_("whether the document was changed after signing could not be "
		  "found out"),
	    NULL },
	{ "not-judged", NULL, VT_N_("this was not judged"), NULL },
	{ "malformed", "FORMAT_FAILURE",
	    VT_N_("the file is damaged or not what its name says"), NULL },
	{ "nested", NULL, VT_N_("an envelope within an envelope is not opened"),
	    VT_N_("take it out with vanthu unpack and verify it by itself") },
	{ "worker-died", NULL,
	    VT_N_("the process that judged the file died of it"),
	    VT_N_("do not open the file; show it to whoever looks after the "
		  "computers") },
	{ "limit", NULL, VT_N_("a limit was reached before all was judged"),
	    NULL },
};

#define NREASONS (sizeof(reasons) / sizeof(reasons[0]))

static const struct reason *
find(const char *code)
{
	size_t i;

	for (i = 0; i < NREASONS; i++)
		if (strcmp(reasons[i].code, code) == 0)
			return &reasons[i];
	return NULL;
}

const char *
vt_reason_at(size_t i)
{
	const char *code;
	size_t j;

	if (i < NREASONS)
		return reasons[i].code;
	i -= NREASONS;
	for (j = 0; (code = vt_trust_reason_at(j)) != NULL; j++)
		if (find(code) == NULL && i-- == 0)
			return code;
	return NULL;
}

const char *
vt_reason_text(const char *code)
{
	const struct reason *r = find(code);
	const char *text;

	if (r != NULL)
		return vt_tr(r->text);
	text = vt_trust_reason_text(code);
	return text != NULL ? text : code;
}

const char *
vt_reason_hint(const char *code)
{
	const struct reason *r = find(code);

	if (r != NULL)
		return r->hint != NULL ? vt_tr(r->hint) : NULL;
	return vt_trust_reason_hint(code);
}

const char *
vt_reason_subindication(const char *code)
{
	const struct reason *r = find(code);

	return r != NULL ? r->sub : vt_trust_reason_subindication(code);
}
