/* x509_ocsp.c - one answer of a responder (RFC 6960, 4.2.1) */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "vanthu/encode.h"
#include "vanthu/file.h"
#include "vanthu/ocsp.h"
#include "x509_der.h"
#include "x509_int.h"

#define CLAUSE "RFC 6960, 4.2.1"

struct vt_ocsp {
	atomic_size_t refs;
	unsigned char *der;
	size_t len;
	struct vt_bytes basic; /* in DER */
	unsigned char sha256[VT_SHA256_LEN];
	OCSP_BASICRESP *bs;
	int64_t produced_at;
	char *responder;
	struct vt_certs certs;
	struct vt_ocsp_single *singles; /* in its order */
	size_t n;
};

static int
bad_ocsp(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, CLAUSE,
	    "not one OCSP answer in DER");
}

static bool
is_basic(struct vt_bytes oid)
{
	const ASN1_OBJECT *want = OBJ_nid2obj(NID_id_pkix_OCSP_basic);

	return vt_bytes_equal(oid,
	    VT_BYTES(OBJ_get0_data(want), OBJ_length(want)));
}

/* The BasicOCSPResponse inside DER, or DER where it is one itself. */
static int
find_basic(struct vt_bytes der, struct vt_bytes *ret, struct vt_error *err)
{
	struct vt_bytes rest = der;
	struct vt_der seq, status, wrap, bytes, oid, basic;

	if (!vt_der_take(&rest, VT_DER_SEQUENCE, &seq) || rest.len != 0)
		return bad_ocsp(err);
	if (!vt_der_take(&seq.body, VT_DER_ENUM, &status)) {
		*ret = der;
		return VT_OK;
	}
	if (status.body.len != 1)
		return bad_ocsp(err);
	if (status.body.data[0] == OCSP_RESPONSE_STATUS_INTERNALERROR ||
	    status.body.data[0] == OCSP_RESPONSE_STATUS_TRYLATER)
		return vt_error_set(err, VT_ENET, CLAUSE,
		    "the OCSP responder has no answer for now: status %u",
		    (unsigned int)status.body.data[0]);
	if (status.body.data[0] != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		return vt_error_set(err, VT_EREFUSED, CLAUSE,
		    "the OCSP responder has no answer: status %u",
		    (unsigned int)status.body.data[0]);
	if (!vt_der_take(&seq.body, VT_DER_EXPLICIT0, &wrap) ||
	    seq.body.len != 0 ||
	    !vt_der_take(&wrap.body, VT_DER_SEQUENCE, &bytes) ||
	    wrap.body.len != 0 || !vt_der_take(&bytes.body, VT_DER_OID, &oid))
		return bad_ocsp(err);
	if (!is_basic(oid.body))
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "an OCSP answer of a kind that is not known here");
	if (!vt_der_take(&bytes.body, VT_DER_OCTETS, &basic) ||
	    bytes.body.len != 0)
		return bad_ocsp(err);
	*ret = basic.body;
	return VT_OK;
}

/* No extension that must be understood, and none twice. */
static int
check_extensions(const STACK_OF(X509_EXTENSION) * exts, struct vt_error *err)
{
	X509_EXTENSION *ext;
	int i, at;

	for (i = 0; i < sk_X509_EXTENSION_num(exts); i++) {
		ext = sk_X509_EXTENSION_value(exts, i);
		at = X509v3_get_ext_by_OBJ(exts, X509_EXTENSION_get_object(ext),
		    -1);
		if (at != i)
			return bad_ocsp(err);
		if (X509_EXTENSION_get_critical(ext) &&
		    OBJ_obj2nid(X509_EXTENSION_get_object(ext)) !=
			NID_id_pkix_OCSP_archiveCutoff)
			return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
			    "an OCSP answer has a critical extension that is "
			    "not known here");
	}
	return VT_OK;
}

/* The extensions are behind accessors: put into a stack they are one list. */
static int
response_extensions(OCSP_BASICRESP *bs, struct vt_error *err)
{
	STACK_OF(X509_EXTENSION) *exts = sk_X509_EXTENSION_new_null();
	int i, rc = VT_OK;

	for (i = 0; i < OCSP_BASICRESP_get_ext_count(bs) && rc == VT_OK; i++)
		if (exts == NULL || sk_X509_EXTENSION_push(exts,
					OCSP_BASICRESP_get_ext(bs, i)) <= 0)
			rc = vt_error_nomem(err);
	if (rc == VT_OK)
		rc = check_extensions(exts, err);
	sk_X509_EXTENSION_free(exts);
	return rc;
}

static int
single_extensions(OCSP_SINGLERESP *s, struct vt_error *err)
{
	STACK_OF(X509_EXTENSION) *exts = sk_X509_EXTENSION_new_null();
	int i, rc = VT_OK;

	for (i = 0; i < OCSP_SINGLERESP_get_ext_count(s) && rc == VT_OK; i++)
		if (exts == NULL || sk_X509_EXTENSION_push(exts,
					OCSP_SINGLERESP_get_ext(s, i)) <= 0)
			rc = vt_error_nomem(err);
	if (rc == VT_OK)
		rc = check_extensions(exts, err);
	sk_X509_EXTENSION_free(exts);
	return rc;
}

/*
 * RFC 6960, 4.4: the extensions of a list's entries may stand here.  Revoked is
 * what was of no use already (RFC 5280, 5.3.2).
 */
static void
read_invalidity(OCSP_SINGLERESP *s, struct vt_ocsp_single *ret)
{
	int at = OCSP_SINGLERESP_get_ext_by_NID(s, NID_invalidity_date, -1);
	ASN1_GENERALIZEDTIME *t;
	int64_t since;

	if (at < 0)
		return;
	t = OCSP_SINGLERESP_get1_ext_d2i(s, NID_invalidity_date, NULL, NULL);
	if (!vt_x509_time(t, &since))
		since = 0; /* ever */
	if (since < ret->revoked_at)
		ret->revoked_at = since;
	ASN1_GENERALIZEDTIME_free(t);
}

static int
read_single(OCSP_SINGLERESP *s, struct vt_ocsp_single *ret,
    struct vt_error *err)
{
	ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *until = NULL,
			     *cutoff;
	int rc;

	if ((rc = single_extensions(s, err)) != VT_OK)
		return rc;
	ret->reason = -1;
	ret->next_update = ret->revoked_at = ret->archive_cutoff = VT_TIME_NONE;
	switch (
	    OCSP_single_get0_status(s, &ret->reason, &revoked, &from, &until)) {
	case V_OCSP_CERTSTATUS_GOOD:
		ret->status = VT_OCSP_GOOD;
		break;
	case V_OCSP_CERTSTATUS_REVOKED:
		ret->status = VT_OCSP_REVOKED;
		if (!vt_x509_time(revoked, &ret->revoked_at))
			return bad_ocsp(err);
		read_invalidity(s, ret);
		break;
	default:
		ret->status = VT_OCSP_UNKNOWN;
	}
	if (!vt_x509_time(from, &ret->this_update) ||
	    (until != NULL && (!vt_x509_time(until, &ret->next_update) ||
				  ret->next_update < ret->this_update)))
		return bad_ocsp(err);
	cutoff = OCSP_SINGLERESP_get1_ext_d2i(s, NID_id_pkix_OCSP_archiveCutoff,
	    NULL, NULL);
	(void)vt_x509_time(cutoff, &ret->archive_cutoff);
	ASN1_GENERALIZEDTIME_free(cutoff);
	return VT_OK;
}

static int
read_singles(struct vt_ocsp *o, struct vt_error *err)
{
	int i, n = OCSP_resp_count(o->bs), rc = VT_OK;

	if (n <= 0)
		return bad_ocsp(err);
	if (n > VT_OCSP_SINGLES)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "an OCSP answer speaks of more than %d certificates",
		    VT_OCSP_SINGLES);
	if ((o->singles = calloc((size_t)n, sizeof(*o->singles))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < n && rc == VT_OK; i++)
		rc = read_single(OCSP_resp_get0(o->bs, i), &o->singles[i], err);
	o->n = (size_t)n;
	return rc;
}

static int
read_certs(struct vt_ocsp *o, struct vt_error *err)
{
	const STACK_OF(X509) *certs = OCSP_resp_get0_certs(o->bs);
	struct vt_cert *cert;
	int i, rc;

	if (sk_X509_num(certs) > VT_OCSP_CERTS)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "an OCSP answer comes with more than %d certificates",
		    VT_OCSP_CERTS);
	for (i = 0; i < sk_X509_num(certs); i++) {
		rc = vt_cert_of_x509(sk_X509_value(certs, i), &cert, NULL);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK)
			continue;
		rc = vt_certs_add(&o->certs, cert, err);
		vt_cert_free(cert);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
read_responder(struct vt_ocsp *o, struct vt_error *err)
{
	const ASN1_OCTET_STRING *hash = NULL;
	const X509_NAME *name = NULL;
	char text[sizeof("key ") + 2 * SHA_DIGEST_LENGTH] = "key ";

	if (!OCSP_resp_get0_id(o->bs, &hash, &name))
		return bad_ocsp(err);
	if (name != NULL)
		return vt_x509_name_line(name, &o->responder, err);
	if (ASN1_STRING_length(hash) != SHA_DIGEST_LENGTH)
		return bad_ocsp(err);
	vt_hex(VT_BYTES(ASN1_STRING_get0_data(hash), SHA_DIGEST_LENGTH),
	    text + 4);
	o->responder = strdup(text);
	return o->responder == NULL ? vt_error_nomem(err) : VT_OK;
}

static int
ocsp_decode(struct vt_ocsp *o, struct vt_error *err)
{
	const unsigned char *p;
	unsigned char *again = NULL;
	bool same;
	int n, rc;

	if ((rc = find_basic(VT_BYTES(o->der, o->len), &o->basic, err)) !=
	    VT_OK)
		return rc;
	p = o->basic.data;
	o->bs = d2i_OCSP_BASICRESP(NULL, &p, (long)o->basic.len);
	if (o->bs == NULL || p != o->basic.data + o->basic.len)
		return bad_ocsp(err);
	/* What is checked is what is encoded anew: it must be what came. */
	n = i2d_OCSP_BASICRESP(o->bs, &again);
	same = n > 0 && vt_bytes_equal(VT_BYTES(again, (size_t)n), o->basic);
	OPENSSL_free(again);
	if (!same ||
	    !vt_x509_time(OCSP_resp_get0_produced_at(o->bs), &o->produced_at))
		return bad_ocsp(err);
	if ((rc = vt_sha256(o->basic, o->sha256, err)) != VT_OK ||
	    (rc = response_extensions(o->bs, err)) != VT_OK ||
	    (rc = read_responder(o, err)) != VT_OK ||
	    (rc = read_singles(o, err)) != VT_OK)
		return rc;
	return read_certs(o, err);
}

int
vt_ocsp_parse(struct vt_bytes der, struct vt_ocsp **ret, struct vt_error *err)
{
	struct vt_ocsp *o;
	int rc;

	if (der.len > VT_OCSP_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "an OCSP answer is longer than %u bytes", VT_OCSP_MAX);
	if (der.len == 0)
		return bad_ocsp(err);
	if ((o = calloc(1, sizeof(*o))) == NULL ||
	    (o->der = malloc(der.len)) == NULL) {
		free(o);
		return vt_error_nomem(err);
	}
	atomic_init(&o->refs, 1);
	memcpy(o->der, der.data, der.len);
	o->len = der.len;
	ERR_set_mark();
	rc = ocsp_decode(o, err);
	ERR_pop_to_mark();
	if (rc != VT_OK) {
		vt_ocsp_free(o);
		return rc;
	}
	*ret = o;
	return VT_OK;
}

int
vt_ocsp_read_file(const char *path, struct vt_ocsp **ret, struct vt_error *err)
{
	struct vt_buf der;
	int rc;

	vt_buf_init(&der, VT_OCSP_MAX + 1);
	if ((rc = vt_file_read(path, VT_OCSP_MAX, &der, err)) == VT_OK &&
	    (rc = vt_ocsp_parse(vt_buf_bytes(&der), ret, err)) != VT_OK)
		vt_error_prefix(err, path);
	vt_buf_release(&der);
	return rc;
}

struct vt_ocsp *
vt_ocsp_ref(struct vt_ocsp *o)
{
	atomic_fetch_add(&o->refs, 1);
	return o;
}

void
vt_ocsp_free(struct vt_ocsp *o)
{
	if (o == NULL || atomic_fetch_sub(&o->refs, 1) != 1)
		return;
	OCSP_BASICRESP_free(o->bs);
	vt_certs_release(&o->certs);
	free(o->singles);
	free(o->responder);
	free(o->der);
	free(o);
}

struct vt_bytes
vt_ocsp_der(const struct vt_ocsp *o)
{
	return VT_BYTES(o->der, o->len);
}

int
vt_ocsp_put_response(const struct vt_ocsp *o, struct vt_buf *out)
{
	OCSP_RESPONSE *whole;
	unsigned char *der = NULL;
	int n = 0, rc = VT_ENOMEM;

	if (o->basic.data != o->der)
		return vt_buf_put(out, o->der, o->len);
	whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, o->bs);
	if (whole != NULL && (n = i2d_OCSP_RESPONSE(whole, &der)) > 0)
		rc = vt_buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	OCSP_RESPONSE_free(whole);
	ERR_clear_error();
	return rc;
}

struct vt_bytes
vt_ocsp_basic(const struct vt_ocsp *o)
{
	return o->basic;
}

const unsigned char *
vt_ocsp_sha256(const struct vt_ocsp *o)
{
	return o->sha256;
}

int64_t
vt_ocsp_produced_at(const struct vt_ocsp *o)
{
	return o->produced_at;
}

const char *
vt_ocsp_responder(const struct vt_ocsp *o)
{
	return o->responder;
}

const struct vt_certs *
vt_ocsp_certs(const struct vt_ocsp *o)
{
	return &o->certs;
}

size_t
vt_ocsp_singles(const struct vt_ocsp *o)
{
	return o->n;
}

static bool
string_is(const ASN1_OCTET_STRING *s, const unsigned char *md, unsigned int n)
{
	return s != NULL && vt_bytes_equal(VT_BYTES(ASN1_STRING_get0_data(s),
					       (size_t)ASN1_STRING_length(s)),
				VT_BYTES(md, n));
}

/* The hash of the key itself, without tag, length and unused bits. */
static bool
key_is(const struct vt_cert *cert, const EVP_MD *md,
    const ASN1_OCTET_STRING *hash)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned int n;

	return X509_pubkey_digest(vt_cert_x509(cert), md, out, &n) == 1 &&
	       string_is(hash, out, n);
}

bool
vt_ocsp_names(const struct vt_ocsp *o, const struct vt_cert *cert)
{
	const ASN1_OCTET_STRING *hash = NULL;
	const X509_NAME *name = NULL;
	bool yes = false;

	ERR_set_mark();
	if (OCSP_resp_get0_id(o->bs, &hash, &name) && name != NULL)
		yes = X509_NAME_cmp(name,
			  X509_get_subject_name(vt_cert_x509(cert))) == 0;
	else if (hash != NULL)
		yes = key_is(cert, EVP_sha1(), hash);
	ERR_pop_to_mark();
	return yes;
}

bool
vt_ocsp_signed_by(const struct vt_ocsp *o, const struct vt_cert *cert)
{
	EVP_PKEY *key = vt_cert_key(cert);
	bool yes;

	if (key == NULL)
		return false;
	ERR_set_mark();
	yes = ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA),
		  OCSP_resp_get0_tbs_sigalg(o->bs),
		  OCSP_resp_get0_signature(o->bs),
		  OCSP_resp_get0_respdata(o->bs), key) == 1;
	ERR_pop_to_mark();
	return yes;
}

static bool
single_is(OCSP_SINGLERESP *s, const struct vt_cert *cert,
    const struct vt_cert *issuer)
{
	/* Its strings are not changed; OpenSSL's call has no const. */
	OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(s);
	ASN1_OCTET_STRING *name = NULL, *key = NULL;
	ASN1_INTEGER *serial = NULL;
	ASN1_OBJECT *oid = NULL;
	unsigned char out[EVP_MAX_MD_SIZE];
	const EVP_MD *md;
	unsigned int n;

	if (OCSP_id_get0_info(&name, &oid, &key, &serial, id) != 1 ||
	    ASN1_INTEGER_cmp(serial,
		X509_get0_serialNumber(vt_cert_x509(cert))) != 0 ||
	    (md = EVP_get_digestbyobj(oid)) == NULL)
		return false;
	return X509_NAME_digest(X509_get_issuer_name(vt_cert_x509(cert)), md,
		   out, &n) == 1 &&
	       string_is(name, out, n) && key_is(issuer, md, key);
}

bool
vt_ocsp_find(const struct vt_ocsp *o, const struct vt_cert *cert,
    const struct vt_cert *issuer, size_t *i, struct vt_ocsp_single *ret)
{
	bool found = false;

	ERR_set_mark();
	while (!found && *i < o->n) {
		found = single_is(OCSP_resp_get0(o->bs, (int)*i), cert, issuer);
		if (found)
			*ret = o->singles[*i];
		++*i;
	}
	ERR_pop_to_mark();
	return found;
}

const char *
vt_ocsp_digest(const struct vt_ocsp *o)
{
	return vt_x509_digest(OCSP_resp_get0_tbs_sigalg(o->bs));
}

int
vt_ocsp_request(const struct vt_cert *cert, const struct vt_cert *issuer,
    struct vt_buf *ret, struct vt_error *err)
{
	OCSP_REQUEST *req = OCSP_REQUEST_new();
	OCSP_CERTID *id;
	unsigned char *der = NULL;
	int n = 0, rc;

	ERR_set_mark();
	/* SHA-1 only names the issuer here, and every responder knows it. */
	id = OCSP_cert_to_id(EVP_sha1(), vt_cert_x509(cert),
	    vt_cert_x509(issuer));
	if (req != NULL && id != NULL && OCSP_request_add0_id(req, id) != NULL)
		n = i2d_OCSP_REQUEST(req, &der);
	else
		OCSP_CERTID_free(id);
	ERR_pop_to_mark();
	OCSP_REQUEST_free(req);
	if (n <= 0)
		return vt_error_set(err, VT_ECRYPTO, NULL,
		    "an OCSP request could not be made");
	rc = vt_buf_put(ret, der, (size_t)n);
	OPENSSL_free(der);
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "there is no room for an OCSP request");
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

int
vt_ocsps_add(struct vt_ocsps *set, struct vt_ocsp *o, struct vt_error *err)
{
	void *items = set->items;
	size_t i;
	int rc;

	for (i = 0; i < set->n; i++)
		if (set->items[i] == o || memcmp(set->items[i]->sha256,
					      o->sha256, VT_SHA256_LEN) == 0)
			return VT_OK;
	if ((rc = vt_x509_set_grow(&items, set->n, err)) != VT_OK)
		return rc;
	set->items = items;
	set->items[set->n++] = vt_ocsp_ref(o);
	return VT_OK;
}

void
vt_ocsps_release(struct vt_ocsps *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		vt_ocsp_free(set->items[i]);
	free(set->items);
	memset(set, 0, sizeof(*set));
}
