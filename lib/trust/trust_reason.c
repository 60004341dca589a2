/* trust_reason.c - words for people and for programs */
#include <string.h>

#include "trust_int.h"

static const struct reason {
	const char *code;
	const char *subindication; /* EN 319 102-1, 5.1.3 */
	const char *text, *hint;   /* msgids */
} reasons[] = {
	{ "ok", NULL, VT_N_("everything holds"), NULL },
	{ "no-trust-anchor", "NO_CERTIFICATE_CHAIN_FOUND",
	    VT_N_("no path leads to a trust anchor"),
	    VT_N_("compare the root's fingerprint with its owner's, then add "
		  "it with 'vanthu trust add', or name it with --trust") },
	{ "bad-path", "CHAIN_CONSTRAINTS_FAILURE",
	    VT_N_("the path to the trust anchor breaks the rules for paths"),
	    NULL },
	{ "name-constraints", "CHAIN_CONSTRAINTS_FAILURE",
	    VT_N_("a name on the path breaks a CA's name constraints"), NULL },
	{ "revoked", "REVOKED", VT_N_("the certificate was revoked"), NULL },
	{ "not-yet-valid", "NOT_YET_VALID",
	    VT_N_("the certificate was not yet valid"), NULL },
	{ "wrong-usage", "CHAIN_CONSTRAINTS_FAILURE",
	    VT_N_("the certificate's key is not for this use"), NULL },
	{ "weak-algorithm", "CRYPTO_CONSTRAINTS_FAILURE",
	    VT_N_("an algorithm or key is too weak"), NULL },
	{ "expired", "OUT_OF_BOUNDS_NO_POE",
	    VT_N_("the certificate had expired, and nothing proves an earlier "
		  "time"),
	    NULL },
	{ "limit", "GENERIC", VT_N_("a limit was reached before the end"),
	    NULL },
	{ "revocation-unknown", "TRY_LATER",
	    VT_N_("it could not be established whether the certificate was "
		  "revoked"),
	    VT_N_("fetch the CA's revocation list, then add it with 'vanthu "
		  "trust add', or name it with --crl") },
};

static const struct reason *
reason_find(const char *code)
{
	size_t i;

	for (i = 0; code != NULL && i < sizeof(reasons) / sizeof(reasons[0]);
	     i++)
		if (strcmp(reasons[i].code, code) == 0)
			return &reasons[i];
	return NULL;
}

const char *
vt_trust_reason_at(size_t i)
{
	if (i >= sizeof(reasons) / sizeof(reasons[0]))
		return NULL;
	return reasons[i].code;
}

const char *
vt_trust_reason_text(const char *code)
{
	const struct reason *r = reason_find(code);

	return r == NULL ? NULL : vt_tr(r->text);
}

const char *
vt_trust_reason_hint(const char *code)
{
	const struct reason *r = reason_find(code);

	return r == NULL || r->hint == NULL ? NULL : vt_tr(r->hint);
}

const char *
vt_trust_reason_subindication(const char *code)
{
	const struct reason *r = reason_find(code);

	return r == NULL ? NULL : r->subindication;
}

const char *
vt_verdict_name(enum vt_verdict v)
{
	switch (v) {
	case VT_PASSED:
		return "valid";
	case VT_FAILED:
		return "invalid";
	case VT_UNDECIDED:
		break;
	}
	return "undetermined";
}

const char *
vt_revocation_name(enum vt_revocation r)
{
	switch (r) {
	case VT_REVOKED_NO:
		return "good";
	case VT_REVOKED_YES:
		return "revoked";
	case VT_REVOKED_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *
vt_trust_kind_name(enum vt_trust_kind k)
{
	switch (k) {
	case VT_TRUST_ANCHOR:
		return "anchor";
	case VT_TRUST_INTERMEDIATE:
		return "intermediate";
	case VT_TRUST_CRL:
		return "crl";
	case VT_TRUST_OCSP:
		break;
	}
	return "ocsp";
}
