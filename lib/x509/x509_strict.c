/* x509_strict.c - rules for one certificate that OpenSSL does not look at */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

#include "x509_der.h"
#include "x509_int.h"

/* Negative ones are to be handled gracefully (PKITS 4.4.14). */
static bool
serial_ok(const X509 *x)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	bool ok;

	ok = bn != NULL && !BN_is_zero(bn) &&
	     BN_num_bits(bn) / 8 + 1 <= VT_X509_SERIAL_MAX;
	BN_free(bn);
	return ok;
}

/* With seconds, and in UTC (RFC 5280, 4.1.2.5). */
static bool
time_ok(const ASN1_TIME *t)
{
	size_t want = ASN1_STRING_type(t) == V_ASN1_UTCTIME ? 13 : 15;
	size_t len = (size_t)ASN1_STRING_length(t);

	return len == want && ASN1_STRING_get0_data(t)[len - 1] == 'Z';
}

/* One value that fills it: what stands behind would be read by others only. */
static bool
is_whole(const ASN1_OCTET_STRING *value)
{
	struct vt_bytes rest = VT_BYTES(ASN1_STRING_get0_data(value),
	    (size_t)ASN1_STRING_length(value));
	struct vt_der d;

	return vt_der_next(&rest, &d) && rest.len == 0;
}

static const char *
extension_defect(const X509 *x)
{
	X509_EXTENSION *ext;
	int i;

	for (i = 0; i < X509_get_ext_count(x); i++) {
		ext = X509_get_ext(x, i);
		if (X509_get_ext_by_OBJ(x, X509_EXTENSION_get_object(ext),
			-1) != i)
			return VT_N_("it has an extension twice");
		if (!is_whole(X509_EXTENSION_get_data(ext)))
			return VT_N_("it has an extension that breaks its "
				     "rules");
	}
	return NULL;
}

/* Present, they must say something (RFC 5280, 4.2.1.10 and 4.2.1.12). */
static bool
says_nothing(const struct vt_cert *cert)
{
	NAME_CONSTRAINTS *nc;
	bool empty;

	if (X509_get_ext_by_NID(cert->x, NID_ext_key_usage, -1) >= 0 &&
	    cert->eku.n == 0)
		return true;
	nc = X509_get_ext_d2i(cert->x, NID_name_constraints, NULL, NULL);
	empty = nc != NULL &&
		sk_GENERAL_SUBTREE_num(nc->permittedSubtrees) <= 0 &&
		sk_GENERAL_SUBTREE_num(nc->excludedSubtrees) <= 0;
	NAME_CONSTRAINTS_free(nc);
	return empty;
}

/* Text, with no NUL in it, with which a name may hide its end. */
static bool
name_ok(const X509_NAME *name)
{
	unsigned char *utf8;
	int i, n;
	bool ok = true;

	for (i = 0; i < X509_NAME_entry_count(name) && ok; i++) {
		utf8 = NULL;
		n = ASN1_STRING_to_UTF8(&utf8,
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
		ok = n >= 0 && memchr(utf8, '\0', (size_t)n) == NULL;
		OPENSSL_free(utf8);
	}
	return ok;
}

/* Anybody could sign with an exponent of 1, or for a curve of his own. */
static bool
key_ok(const struct vt_cert *cert)
{
	EVP_PKEY *key = vt_cert_key(cert);
	BIGNUM *e = NULL;
	int own = 0;
	bool ok = true;

	switch (vt_cert_key_type(cert)) {
	case VT_KEY_RSA:
	case VT_KEY_RSA_PSS:
		ok = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) ==
			 1 &&
		     BN_is_odd(e) && !BN_is_one(e);
		BN_free(e);
		break;
	case VT_KEY_EC:
		ok = EVP_PKEY_get_int_param(key,
			 OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
			 &own) != 1 ||
		     own == 0;
		break;
	default:
		break;
	}
	return ok;
}

const char *
vt_x509_defect(const struct vt_cert *cert)
{
	const X509 *x = cert->x;
	const char *defect;

	if (X509_get_version(x) < X509_VERSION_1 ||
	    X509_get_version(x) > X509_VERSION_3)
		return VT_N_("it has a version that is not known here");
	if (X509_get_version(x) != X509_VERSION_3 && X509_get_ext_count(x) > 0)
		return VT_N_("it has not version 3");
	if (!serial_ok(x))
		return VT_N_("its serial number is zero or too long");
	if (!time_ok(X509_get0_notBefore(x)) || !time_ok(X509_get0_notAfter(x)))
		return VT_N_("its period is not written as it must be");
	if (X509_NAME_entry_count(X509_get_issuer_name(x)) == 0)
		return VT_N_("it does not name its issuer");
	if (!name_ok(X509_get_issuer_name(x)) ||
	    !name_ok(X509_get_subject_name(x)))
		return VT_N_("a name in it is no text");
	if ((defect = extension_defect(x)) != NULL)
		return defect;
	if ((X509_get_extension_flags(cert->x) & EXFLAG_INVALID) != 0)
		return VT_N_("it has an extension that breaks its rules");
	if (says_nothing(cert))
		return VT_N_("it has an extension that says nothing");
	if (!key_ok(cert))
		return VT_N_("its key is none that one could trust");
	return NULL;
}
