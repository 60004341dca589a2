/* x509_alg.c - the digest in a signature's algorithm, the curve of a key */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "x509_int.h"

static const struct {
	int nid;
	const char *name;
} digests[] = {
	{ NID_md2, "md2" },
	{ NID_md4, "md4" },
	{ NID_md5, "md5" },
	{ NID_sha1, "sha1" },
	{ NID_ripemd160, "ripemd160" },
	{ NID_sha224, "sha224" },
	{ NID_sha256, "sha256" },
	{ NID_sha384, "sha384" },
	{ NID_sha512, "sha512" },
	{ NID_sha512_224, "sha512-224" },
	{ NID_sha512_256, "sha512-256" },
	{ NID_sha3_224, "sha3-224" },
	{ NID_sha3_256, "sha3-256" },
	{ NID_sha3_384, "sha3-384" },
	{ NID_sha3_512, "sha3-512" },
};

static const char *
digest_name(int nid)
{
	size_t i;

	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (digests[i].nid == nid)
			return digests[i].name;
	return NULL;
}

/* The digest of an algorithm without parameters, or with NULL (RFC 4055, 2.1).
 */
static int
plain_nid(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	int type;

	X509_ALGOR_get0(&oid, &type, NULL, alg);
	if (type != V_ASN1_UNDEF && type != V_ASN1_NULL)
		return NID_undef;
	return OBJ_obj2nid(oid);
}

/* The digest of the mask, which is behind MGF1's OID (RFC 4055, 3.1). */
static int
mask_nid(const X509_ALGOR *mask)
{
	const ASN1_OBJECT *oid;
	const void *value;
	X509_ALGOR *alg;
	int type, nid;

	if (mask == NULL)
		return NID_sha1;
	X509_ALGOR_get0(&oid, &type, &value, mask);
	if (OBJ_obj2nid(oid) != NID_mgf1 || type != V_ASN1_SEQUENCE)
		return NID_undef;
	alg = ASN1_item_unpack(value, ASN1_ITEM_rptr(X509_ALGOR));
	nid = alg == NULL ? NID_undef : plain_nid(alg);
	X509_ALGOR_free(alg);
	return nid;
}

static int
pss_nid(int type, const void *value)
{
	RSA_PSS_PARAMS *pss;
	int nid;

	if (type != V_ASN1_SEQUENCE)
		return NID_undef;
	pss = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (pss == NULL)
		return NID_undef;
	nid = pss->hashAlgorithm == NULL ? NID_sha1
					 : plain_nid(pss->hashAlgorithm);
	if (mask_nid(pss->maskGenAlgorithm) != nid)
		nid = NID_undef;
	RSA_PSS_PARAMS_free(pss);
	return nid;
}

const char *
vt_x509_digest(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	const void *value;
	const char *name = NULL;
	int type, nid, md;

	ERR_set_mark();
	X509_ALGOR_get0(&oid, &type, &value, alg);
	nid = OBJ_obj2nid(oid);
	if (nid == NID_ED25519 || nid == NID_ED448)
		name = "";
	else if (nid == NID_rsassaPss)
		name = digest_name(pss_nid(type, value));
	else if (OBJ_find_sigid_algs(nid, &md, NULL))
		name = digest_name(md);
	ERR_pop_to_mark();
	return name;
}

bool
vt_key_curve_named(EVP_PKEY *key)
{
	char encoding[32] = "";

	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
		   encoding, sizeof(encoding), NULL) == 1 &&
	       strcmp(encoding, OSSL_PKEY_EC_ENCODING_GROUP) == 0;
}
