/* tsp_imprint.c - what is stamped: a digest and its name (RFC 3161, 2.4.1) */
#include <string.h>

#include <openssl/obj_mac.h>

#include "tsp_int.h"
#include "vanthu/error.h"

#define CLAUSE "RFC 3161, 2.4.1"

static const struct tsp_md mds[] = {
	{ NID_sha256, "sha256", "SHA256", 32 },
	{ NID_sha384, "sha384", "SHA384", 48 },
	{ NID_sha512, "sha512", "SHA512", 64 },
	{ NID_sha1, "sha1", "SHA1", 20 },
	{ NID_sha224, "sha224", "SHA224", 28 },
	{ NID_sha3_224, "sha3-224", "SHA3-224", 28 },
	{ NID_sha3_256, "sha3-256", "SHA3-256", 32 },
	{ NID_sha3_384, "sha3-384", "SHA3-384", 48 },
	{ NID_sha3_512, "sha3-512", "SHA3-512", 64 },
	{ NID_md5, "md5", "MD5", 16 },
};
#define NMDS (sizeof(mds) / sizeof(mds[0]))

const struct tsp_md *
vt_tsp_md_named(const char *name)
{
	size_t i;

	for (i = 0; i < NMDS; i++)
		if (strcmp(mds[i].name, name) == 0)
			return &mds[i];
	return NULL;
}

int
vt_tsp_md_of(const X509_ALGOR *alg, const struct tsp_md **ret,
    struct vt_error *err)
{
	const ASN1_OBJECT *oid;
	size_t i;
	int nid, type;

	X509_ALGOR_get0(&oid, &type, NULL, alg);
	nid = OBJ_obj2nid(oid);
	for (i = 0; i < NMDS && mds[i].nid != nid; i++)
		;
	if (i == NMDS)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "the time stamp is over a digest that is not known here");
	if (type != V_ASN1_UNDEF && type != V_ASN1_NULL)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the digest of the time stamp has parameters");
	*ret = &mds[i];
	return VT_OK;
}

int
vt_tsp_imprint_read(TS_MSG_IMPRINT *m, const struct tsp_md **ret_md,
    struct vt_bytes *ret, struct vt_error *err)
{
	const ASN1_OCTET_STRING *hash = TS_MSG_IMPRINT_get_msg(m);
	const struct tsp_md *md;
	int rc;

	rc = vt_tsp_md_of(TS_MSG_IMPRINT_get_algo(m), &md, err);
	if (rc != VT_OK)
		return rc;
	if ((size_t)ASN1_STRING_length(hash) != md->len)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the imprint is not as long as its digest");
	*ret_md = md;
	*ret = VT_BYTES(ASN1_STRING_get0_data(hash), md->len);
	return VT_OK;
}
