/* tsp_response.c - what an authority answers (RFC 3161, 2.4.2) */
#include <string.h>

#include <openssl/err.h>

#include "tsp_int.h"
#include "vanthu/error.h"

#define CLAUSE "RFC 3161, 2.4.2"

static int
no_response(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, CLAUSE,
	    "not one response to a request for a time stamp in DER");
}

static bool
sequence_take(struct vt_bytes *in, struct vt_bytes *ret_value,
    struct vt_bytes *ret_whole)
{
	unsigned char id;

	return vt_tsp_take(in, &id, ret_value, ret_whole) &&
	       id == (V_ASN1_CONSTRUCTED | V_ASN1_SEQUENCE);
}

/* What the authority says of itself to why it refuses. */
static int
refused(const TS_STATUS_INFO *s, struct vt_error *err)
{
	const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(s);
	const ASN1_BIT_STRING *failure = TS_STATUS_INFO_get0_failure_info(s);
	const ASN1_UTF8STRING *text = sk_ASN1_UTF8STRING_num(texts) > 0
					  ? sk_ASN1_UTF8STRING_value(texts, 0)
					  : NULL;
	int bit, n = text == NULL ? 0 : ASN1_STRING_length(text);

	for (bit = 0; failure != NULL && bit < 32; bit++)
		if (ASN1_BIT_STRING_get_bit(failure, bit) == 1)
			break;
	if (n > 0)
		return vt_error_set(err, VT_EREFUSED, CLAUSE,
		    "the authority gives no time stamp: %.*s",
		    n < VT_TSP_WHY_MAX ? n : VT_TSP_WHY_MAX,
		    (const char *)ASN1_STRING_get0_data(text));
	if (failure != NULL && bit < 32)
		return vt_error_set(err, VT_EREFUSED, CLAUSE,
		    "the authority gives no time stamp (failure %d)", bit);
	return vt_error_set(err, VT_EREFUSED, CLAUSE,
	    "the authority gives no time stamp");
}

/* granted, or grantedWithMods. */
static int
status_check(struct vt_bytes der, struct vt_error *err)
{
	const unsigned char *p = der.data;
	TS_STATUS_INFO *s;
	int64_t status;
	int rc = VT_OK;

	s = d2i_TS_STATUS_INFO(NULL, &p, (long)der.len);
	if (s == NULL || p != der.data + der.len ||
	    ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(s)) != 1)
		rc = no_response(err);
	else if (status != 0 && status != 1)
		rc = refused(s, err);
	TS_STATUS_INFO_free(s);
	ERR_clear_error();
	return rc;
}

/* The token answers the very request. */
static int
answers(const struct vt_tsp *t, const struct vt_tsp_request *req,
    struct vt_error *err)
{
	const struct vt_tsp_info *i = &t->info;

	if (strcmp(i->digest, req->digest) != 0 ||
	    !vt_bytes_equal(i->imprint,
		VT_BYTES(req->imprint, req->imprint_len)))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the time stamp is over something else than was asked");
	if (!vt_bytes_equal(i->nonce, VT_BYTES(req->nonce, sizeof(req->nonce))))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the time stamp answers another request: its nonce "
		    "differs");
	if (req->policy[0] != '\0' && strcmp(i->policy, req->policy) != 0)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the time stamp is of another policy than was asked: %s",
		    i->policy);
	if (vt_cms_ncerts(t->cms) == 0)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the time stamp lacks the certificates that were asked "
		    "for");
	return VT_OK;
}

int
vt_tsp_response(struct vt_bytes der, const struct vt_tsp_request *req,
    struct vt_tsp **ret, struct vt_error *err)
{
	struct vt_bytes in = der, body, whole, status, token;
	struct vt_tsp *t = NULL;
	int rc;

	if (der.len > VT_TSP_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a time stamp of more than %u bytes", VT_TSP_MAX);
	if (!sequence_take(&in, &body, &whole) || in.len > 0 ||
	    !sequence_take(&body, &status, &whole))
		return no_response(err);
	if ((rc = status_check(whole, err)) != VT_OK)
		return rc;
	token = body;
	if ((rc = vt_tsp_parse(token, 0, &t, err)) == VT_OK)
		rc = answers(t, req, err);
	if (rc == VT_OK)
		*ret = t;
	else
		vt_tsp_free(t);
	return rc;
}
