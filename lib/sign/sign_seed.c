/* sign_seed.c - the signer's certificate and a field's seed values (ISO
 * 32000-2, 12.7.5.5, Table 236)
 */
#include <string.h>

#include "sign_int.h"
#include "vanthu/error.h"
#include "vanthu/signer.h"
#include "vanthu/x509.h"

static bool
is_der(const struct vt_cert *cert, struct vt_bytes der)
{
	return vt_bytes_equal(vt_cert_der(cert), der);
}

/* DER is a certificate above the signer's, which it issued or helped to. */
static bool
is_above(const struct vt_signer *signer, struct vt_bytes der)
{
	const struct vt_cert *at = signer->cert, *next;
	struct vt_cert *named = NULL;
	bool found = false;
	size_t i, depth;

	if (vt_cert_parse(der, &named, NULL) != VT_OK)
		return false;
	for (depth = 0; depth <= signer->chain.n && at != NULL && !found;
	     depth++) {
		found = vt_cert_issued_by(at, named);
		for (i = 0, next = NULL; i < signer->chain.n; i++)
			if (signer->chain.items[i] != at &&
			    vt_cert_issued_by(at, signer->chain.items[i]))
				next = signer->chain.items[i];
		at = next;
	}
	vt_cert_free(named);
	return found;
}

/* "10X": the first must be set, the second must not, of the third no word. */
static bool
has_usage(const struct vt_cert *cert, struct vt_bytes wanted)
{
	static const uint32_t bits[] = { VT_KU_SIGNATURE, VT_KU_COMMITMENT,
		VT_KU_KEY_ENCIPHERMENT, VT_KU_DATA_ENCIPHERMENT,
		VT_KU_KEY_AGREEMENT, VT_KU_CERT_SIGN, VT_KU_CRL_SIGN };
	uint32_t usage = vt_cert_key_usage(cert);
	size_t i;

	for (i = 0; i < wanted.len; i++) {
		if (wanted.data[i] == 'X')
			continue;
		if ((wanted.data[i] != '0' && wanted.data[i] != '1') ||
		    i >= sizeof(bits) / sizeof(bits[0]) ||
		    ((usage & bits[i]) != 0) != (wanted.data[i] == '1'))
			return false;
	}
	return true;
}

static bool
has_name(const struct vt_cert *cert, const char *name, struct vt_bytes value)
{
	static const struct {
		const char *name, *oid;
		enum vt_name part;
	} parts[] = {
		{ "CN", "2.5.4.3", VT_NAME_CN },
		{ "O", "2.5.4.10", VT_NAME_O },
		{ "OU", "2.5.4.11", VT_NAME_OU },
		{ "UID", "0.9.2342.19200300.100.1.1", VT_NAME_UID },
	};
	const char *has;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(name, parts[i].name) == 0 ||
		    strcmp(name, parts[i].oid) == 0) {
			has = vt_cert_subject(cert, parts[i].part);
			return has != NULL && vt_bytes_equal_str(value, has);
		}
	return false;
}

bool
vt_sign_seed_cert(void *ctx, const char *key, const char *name,
    struct vt_bytes value)
{
	const struct vt_signer *signer = ctx;

	if (strcmp(key, "Subject") == 0)
		return is_der(signer->cert, value);
	if (strcmp(key, "Issuer") == 0)
		return is_above(signer, value);
	if (strcmp(key, "KeyUsage") == 0)
		return has_usage(signer->cert, value);
	if (strcmp(key, "SubjectDN") == 0)
		return has_name(signer->cert, name, value);
	return false; /* policies are not looked at */
}
