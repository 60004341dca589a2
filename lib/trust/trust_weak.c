/* trust_weak.c - algorithms and keys too weak to prove anything */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>

#include "trust_int.h"

#define RSA_BITS_MIN 2048 /* TT 15/2025, annex I; also for DSA */
#define EC_BITS_MIN 256

#define WEAK_NAME 64 /* bytes of one finding */

static int
weak_add(struct vt_list *weak, const char *name, struct vt_error *err)
{
	size_t i;

	for (i = 0; i < weak->n; i++)
		if (strcmp(weak->items[i], name) == 0)
			return VT_OK;
	return vt_list_add(weak, name, err);
}

int
vt_trust_weak_key(const struct vt_cert *cert, struct vt_list *weak,
    struct vt_error *err)
{
	const char *kind;
	char name[WEAK_NAME];
	int bits = vt_cert_key_bits(cert), min;

	switch (vt_cert_key_type(cert)) {
	case VT_KEY_RSA:
	case VT_KEY_RSA_PSS:
		kind = "rsa", min = RSA_BITS_MIN;
		break;
	case VT_KEY_DSA:
		kind = "dsa", min = RSA_BITS_MIN;
		break;
	case VT_KEY_EC:
		kind = "ec", min = EC_BITS_MIN;
		break;
	case VT_KEY_ED:
		return VT_OK;
	default:
		return weak_add(weak, "unknown-key", err);
	}
	if (bits >= min)
		return VT_OK;
	snprintf(name, sizeof(name), "%s-%d", kind, bits);
	return weak_add(weak, name, err);
}

/* TT 15/2025, annex I, and SHA-224, which is as strong as SHA-512/224. */
static bool
digest_strong(int nid)
{
	switch (nid) {
	case NID_sha224:
	case NID_sha256:
	case NID_sha384:
	case NID_sha512:
	case NID_sha512_224:
	case NID_sha512_256:
	case NID_sha3_224:
	case NID_sha3_256:
	case NID_sha3_384:
	case NID_sha3_512:
		return true;
	default:
		return false;
	}
}

int
vt_trust_weak_signature(const struct vt_cert *cert, struct vt_list *weak,
    struct vt_error *err)
{
	const char *digest;
	char name[WEAK_NAME];
	int md, key, known;
	size_t i;

	ERR_set_mark();
	known =
	    X509_get_signature_info(vt_cert_x509(cert), &md, &key, NULL, NULL);
	ERR_pop_to_mark();
	if (!known)
		return weak_add(weak, "unknown-digest", err);
	if (key == NID_ED25519 || key == NID_ED448 || digest_strong(md))
		return VT_OK;
	if (md == NID_undef || (digest = OBJ_nid2sn(md)) == NULL)
		digest = "unknown-digest";
	for (i = 0; digest[i] != '\0' && i + 1 < sizeof(name); i++)
		name[i] = digest[i] >= 'A' && digest[i] <= 'Z'
			      ? (char)(digest[i] - 'A' + 'a')
			      : digest[i];
	name[i] = '\0';
	return weak_add(weak, name, err);
}
