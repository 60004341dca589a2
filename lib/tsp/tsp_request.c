/* tsp_request.c - what an authority is asked (RFC 3161, 2.4.1) */
#include <string.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "tsp_int.h"
#include "vanthu/error.h"

#define CLAUSE "RFC 3161, 2.4.1"

static int
policy_set(struct vt_tsp_request *r, const char *policy, struct vt_error *err)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(policy, 1);
	size_t len = strlen(policy);

	ASN1_OBJECT_free(oid);
	ERR_clear_error();
	if (oid == NULL || len >= sizeof(r->policy))
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "the policy of time stamps is not an OID: %s", policy);
	memcpy(r->policy, policy, len + 1);
	return VT_OK;
}

int
vt_tsp_request_init(struct vt_tsp_request *ret, const char *digest,
    struct vt_bytes imprint, const char *policy, struct vt_error *err)
{
	const struct tsp_md *md = vt_tsp_md_named(digest);
	struct vt_tsp_request r = { 0 };
	int rc;

	if (md == NULL || imprint.len != md->len)
		return vt_error_set(err, VT_EARG, CLAUSE,
		    "the imprint is not as long as its digest");
	if (policy != NULL && (rc = policy_set(&r, policy, err)) != VT_OK)
		return rc;
	r.digest = md->name;
	memcpy(r.imprint, imprint.data, imprint.len);
	r.imprint_len = imprint.len;
	if (RAND_bytes(r.nonce, sizeof(r.nonce)) != 1) {
		ERR_clear_error();
		return vt_error_set(err, VT_ECRYPTO, NULL,
		    "there is no randomness for a nonce");
	}
	/* A positive number of always the same length. */
	r.nonce[0] = (unsigned char)((r.nonce[0] & 0x3f) | 0x40);
	*ret = r;
	return VT_OK;
}

static bool
imprint_put(TS_REQ *req, const struct vt_tsp_request *r)
{
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	unsigned char hash[VT_TSP_IMPRINT_MAX];
	bool ok;

	memcpy(hash, r->imprint, sizeof(hash)); /* for a call that is not const
						 */
	ok = m != NULL && alg != NULL &&
	     X509_ALGOR_set0(alg, OBJ_nid2obj(vt_tsp_md_named(r->digest)->nid),
		 V_ASN1_NULL, NULL) == 1 &&
	     TS_MSG_IMPRINT_set_algo(m, alg) == 1 &&
	     TS_MSG_IMPRINT_set_msg(m, hash, (int)r->imprint_len) == 1 &&
	     TS_REQ_set_msg_imprint(req, m) == 1;
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(m);
	return ok;
}

static bool
nonce_put(TS_REQ *req, const struct vt_tsp_request *r)
{
	BIGNUM *n = BN_bin2bn(r->nonce, sizeof(r->nonce), NULL);
	ASN1_INTEGER *i = n == NULL ? NULL : BN_to_ASN1_INTEGER(n, NULL);
	bool ok = i != NULL && TS_REQ_set_nonce(req, i) == 1;

	ASN1_INTEGER_free(i);
	BN_free(n);
	return ok;
}

static bool
policy_put(TS_REQ *req, const struct vt_tsp_request *r)
{
	ASN1_OBJECT *oid;
	bool ok;

	if (r->policy[0] == '\0')
		return true;
	oid = OBJ_txt2obj(r->policy, 1);
	ok = oid != NULL && TS_REQ_set_policy_id(req, oid) == 1;
	ASN1_OBJECT_free(oid);
	return ok;
}

int
vt_tsp_request_der(const struct vt_tsp_request *r, struct vt_buf *ret,
    struct vt_error *err)
{
	TS_REQ *req = TS_REQ_new();
	unsigned char *der = NULL;
	int n = 0, rc;

	if (req != NULL && TS_REQ_set_version(req, 1) == 1 &&
	    imprint_put(req, r) && policy_put(req, r) && nonce_put(req, r) &&
	    TS_REQ_set_cert_req(req, 1) == 1)
		n = i2d_TS_REQ(req, &der);
	rc = n > 0 ? vt_buf_put(ret, der, (size_t)n) : VT_ECRYPTO;
	if (rc != VT_OK)
		rc = vt_error_set(err, (enum vt_code)rc, CLAUSE,
		    "a request for a time stamp cannot be made");
	OPENSSL_free(der);
	TS_REQ_free(req);
	ERR_clear_error();
	return rc;
}

/* DER has one way to write a value. */
static bool
is_der(TS_REQ *req, struct vt_bytes der)
{
	unsigned char *again = NULL;
	int n = i2d_TS_REQ(req, &again);
	bool same = n > 0 && vt_bytes_equal(VT_BYTES(again, (size_t)n), der);

	OPENSSL_free(again);
	return same;
}

/* Right-justified, as the nonces that we make are. */
static bool
nonce_take(const ASN1_INTEGER *i, unsigned char *out)
{
	size_t n;

	memset(out, 0, VT_TSP_NONCE_LEN);
	if (i == NULL)
		return true;
	n = (size_t)ASN1_STRING_length(i);
	if (ASN1_STRING_type(i) == V_ASN1_NEG_INTEGER || n > VT_TSP_NONCE_LEN)
		return false;
	memcpy(out + VT_TSP_NONCE_LEN - n, ASN1_STRING_get0_data(i), n);
	return true;
}

static int
request_take(TS_REQ *req, struct vt_tsp_request *ret, struct vt_error *err)
{
	const struct tsp_md *md;
	struct vt_bytes imprint;
	ASN1_OBJECT *policy;
	int i, rc;

	if (TS_REQ_get_version(req) != 1)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "a time stamp of version %ld", TS_REQ_get_version(req));
	rc = vt_tsp_imprint_read(TS_REQ_get_msg_imprint(req), &md, &imprint,
	    err);
	if (rc != VT_OK)
		return rc;
	for (i = 0; i < TS_REQ_get_ext_count(req); i++)
		if (X509_EXTENSION_get_critical(TS_REQ_get_ext(req, i)))
			return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
			    "the time stamp has a critical extension that is "
			    "not known here");
	ret->digest = md->name;
	memcpy(ret->imprint, imprint.data, imprint.len);
	ret->imprint_len = imprint.len;
	policy = TS_REQ_get_policy_id(req);
	if (policy != NULL &&
	    (i = OBJ_obj2txt(ret->policy, sizeof(ret->policy), policy, 1),
		i <= 0 || (size_t)i >= sizeof(ret->policy)))
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "the policy of a time stamp is too long");
	if (!nonce_take(TS_REQ_get_nonce(req), ret->nonce))
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "the nonce of a time stamp is too long");
	return VT_OK;
}

int
vt_tsp_request_parse(struct vt_bytes der, struct vt_tsp_request *ret,
    struct vt_error *err)
{
	struct vt_tsp_request r = { 0 };
	const unsigned char *p = der.data;
	TS_REQ *req = NULL;
	int rc;

	if (der.len <= VT_TSP_MAX)
		req = d2i_TS_REQ(NULL, &p, (long)der.len);
	if (req == NULL || p != der.data + der.len || !is_der(req, der))
		rc = vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "not one request for a time stamp in DER");
	else
		rc = request_take(req, &r, err);
	TS_REQ_free(req);
	ERR_clear_error();
	if (rc == VT_OK)
		*ret = r;
	return rc;
}
