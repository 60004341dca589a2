/* x509_crl.c - one revocation list (RFC 5280, 5) */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "x509_int.h"

static int
bad_crl(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1",
	    "not one certificate revocation list in DER");
}

/* RFC 5280, 5.1.1.2: the outer and the signed algorithm are one. */
static bool
one_algorithm(struct vt_bytes der)
{
	struct vt_bytes list, tbs, outer, inner, version;

	if (!vt_x509_der_take(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &list) ||
	    !vt_x509_der_take(&list, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &tbs) ||
	    !vt_x509_der_take(&list, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &outer))
		return false;
	(void)vt_x509_der_take(&tbs, V_ASN1_INTEGER, V_ASN1_UNIVERSAL,
	    &version);
	return vt_x509_der_take(&tbs, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL,
		   &inner) &&
	       vt_bytes_equal(inner, outer);
}

static int
crl_decode(struct vt_crl *crl, struct vt_error *err)
{
	const unsigned char *p = crl->der;
	unsigned char *again = NULL;
	const ASN1_TIME *next;
	bool same;
	int n;

	crl->crl = d2i_X509_CRL(NULL, &p, (long)crl->len);
	if (crl->crl == NULL || p != crl->der + crl->len)
		return bad_crl(err);
	n = i2d_X509_CRL(crl->crl, &again);
	same = n > 0 &&
	       vt_bytes_equal(VT_BYTES(again, (size_t)n), vt_crl_der(crl));
	OPENSSL_free(again);
	if (!same || !one_algorithm(vt_crl_der(crl)))
		return bad_crl(err);

	next = X509_CRL_get0_nextUpdate(crl->crl);
	crl->next_update = VT_TIME_NONE;
	if (!vt_x509_time(X509_CRL_get0_lastUpdate(crl->crl),
		&crl->this_update) ||
	    (next != NULL && !vt_x509_time(next, &crl->next_update)))
		return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1.2.4",
		    "the revocation list's times cannot be read");
	crl->issuer_line = vt_x509_name_line(X509_CRL_get_issuer(crl->crl));
	return crl->issuer_line == NULL ? vt_error_nomem(err) : VT_OK;
}

/* Known here, and read below. */
static bool
known_extension(int nid)
{
	return nid == NID_issuing_distribution_point || nid == NID_delta_crl ||
	       nid == NID_authority_key_identifier || nid == NID_crl_number;
}

static bool
list_extensions_ok(const X509_CRL *crl)
{
	X509_EXTENSION *ext;
	const ASN1_OBJECT *oid;
	int i;

	for (i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		ext = X509_CRL_get_ext(crl, i);
		oid = X509_EXTENSION_get_object(ext);
		if (X509_CRL_get_ext_by_OBJ(crl, oid, -1) != i ||
		    (X509_EXTENSION_get_critical(ext) &&
			!known_extension(OBJ_obj2nid(oid))))
			return false;
	}
	return true;
}

/* OpenSSL reads the issuer of an entry (RFC 5280, 5.3.3), nothing else. */
static bool
entry_extensions_ok(const X509_REVOKED *entry)
{
	const STACK_OF(X509_EXTENSION) *exts =
	    X509_REVOKED_get0_extensions(entry);
	X509_EXTENSION *ext;
	ASN1_OBJECT *oid;
	int i;

	for (i = 0; i < sk_X509_EXTENSION_num(exts); i++) {
		ext = sk_X509_EXTENSION_value(exts, i);
		oid = X509_EXTENSION_get_object(ext);
		if (X509v3_get_ext_by_OBJ(exts, oid, -1) != i ||
		    (X509_EXTENSION_get_critical(ext) &&
			OBJ_obj2nid(oid) != NID_certificate_issuer))
			return false;
	}
	return true;
}

/* At most one kind of certificate, and names that can be compared. */
static bool
scope_ok(const struct vt_crl *crl)
{
	ISSUING_DIST_POINT *scope = crl->scope;

	if (scope == NULL)
		return true;
	if ((scope->onlyuser > 0) + (scope->onlyCA > 0) +
		(scope->onlyattr > 0) >
	    1)
		return false;
	return scope->distpoint == NULL ||
	       DIST_POINT_set_dpname(scope->distpoint,
		   X509_CRL_get_issuer(crl->crl)) == 1;
}

/* An extension, or NULL; *OK becomes false where it is there and not legible.
 */
static void *
extension(const X509_CRL *crl, int nid, bool *ok)
{
	int critical;
	void *ext = X509_CRL_get_ext_d2i(crl, nid, &critical, NULL);

	if (ext == NULL && critical != -1)
		*ok = false;
	return ext;
}

static void
read_keeps_since(struct vt_crl *crl)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("2.5.29.60", 1); /* expiredCertsOnCRL */
	const ASN1_OCTET_STRING *value;
	ASN1_GENERALIZEDTIME *t;
	const unsigned char *p;
	int at;

	crl->keeps_since = VT_TIME_NONE;
	at = oid == NULL ? -1 : X509_CRL_get_ext_by_OBJ(crl->crl, oid, -1);
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return;
	value = X509_EXTENSION_get_data(X509_CRL_get_ext(crl->crl, at));
	p = ASN1_STRING_get0_data(value);
	t = d2i_ASN1_GENERALIZEDTIME(NULL, &p, ASN1_STRING_length(value));
	(void)vt_x509_time(t, &crl->keeps_since);
	ASN1_GENERALIZEDTIME_free(t);
}

static void
crl_read(struct vt_crl *crl)
{
	const STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl->crl);
	bool ok = list_extensions_ok(crl->crl);
	int i;

	crl->scope = extension(crl->crl, NID_issuing_distribution_point, &ok);
	crl->number = extension(crl->crl, NID_crl_number, &ok);
	crl->base = extension(crl->crl, NID_delta_crl, &ok);
	for (i = 0; i < sk_X509_REVOKED_num(entries) && ok; i++)
		ok = entry_extensions_ok(sk_X509_REVOKED_value(entries, i));
	if (X509_CRL_get_version(crl->crl) != X509_CRL_VERSION_2 &&
	    X509_CRL_get_ext_count(crl->crl) > 0)
		ok = false;
	crl->sound = ok && scope_ok(crl) &&
		     (crl->next_update == VT_TIME_NONE ||
			 crl->next_update >= crl->this_update);
	read_keeps_since(crl);
}

int
vt_crl_parse(struct vt_bytes der, struct vt_crl **ret, struct vt_error *err)
{
	struct vt_crl *crl;
	int rc;

	if (der.len > VT_CRL_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a revocation list is longer than %u bytes", VT_CRL_MAX);
	if (der.len == 0)
		return bad_crl(err);
	if ((crl = calloc(1, sizeof(*crl))) == NULL ||
	    (crl->der = malloc(der.len)) == NULL) {
		free(crl);
		return vt_error_nomem(err);
	}
	atomic_init(&crl->refs, 1);
	memcpy(crl->der, der.data, der.len);
	crl->len = der.len;

	ERR_set_mark();
	if ((rc = vt_sha256(der, crl->sha256, err)) == VT_OK)
		rc = crl_decode(crl, err);
	if (rc == VT_OK)
		crl_read(crl);
	ERR_pop_to_mark();
	if (rc != VT_OK) {
		vt_crl_free(crl);
		return rc;
	}
	*ret = crl;
	return VT_OK;
}

struct vt_crl *
vt_crl_ref(struct vt_crl *crl)
{
	atomic_fetch_add(&crl->refs, 1);
	return crl;
}

void
vt_crl_free(struct vt_crl *crl)
{
	if (crl == NULL || atomic_fetch_sub(&crl->refs, 1) != 1)
		return;
	X509_CRL_free(crl->crl);
	ISSUING_DIST_POINT_free(crl->scope);
	ASN1_INTEGER_free(crl->number);
	ASN1_INTEGER_free(crl->base);
	free(crl->issuer_line);
	free(crl->der);
	free(crl);
}

struct vt_bytes
vt_crl_der(const struct vt_crl *crl)
{
	return VT_BYTES(crl->der, crl->len);
}

const unsigned char *
vt_crl_sha256(const struct vt_crl *crl)
{
	return crl->sha256;
}

X509_CRL *
vt_crl_x509(const struct vt_crl *crl)
{
	return crl->crl;
}

const char *
vt_crl_issuer_line(const struct vt_crl *crl)
{
	return crl->issuer_line;
}

int64_t
vt_crl_this_update(const struct vt_crl *crl)
{
	return crl->this_update;
}

int64_t
vt_crl_next_update(const struct vt_crl *crl)
{
	return crl->next_update;
}

bool
vt_crl_is_delta(const struct vt_crl *crl)
{
	return X509_CRL_get_ext_by_NID(crl->crl, NID_delta_crl, -1) >= 0;
}

/* Both have the extension with the same bytes, or neither has it. */
static bool
same_extension(const X509_CRL *a, const X509_CRL *b, int nid)
{
	int at = X509_CRL_get_ext_by_NID(a, nid, -1);
	int bt = X509_CRL_get_ext_by_NID(b, nid, -1);

	if (at < 0 || bt < 0)
		return at < 0 && bt < 0;
	return ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(
					 X509_CRL_get_ext(a, at)),
		   X509_EXTENSION_get_data(X509_CRL_get_ext(b, bt))) == 0;
}

bool
vt_crl_same_scope(const struct vt_crl *a, const struct vt_crl *b)
{
	return X509_NAME_cmp(X509_CRL_get_issuer(a->crl),
		   X509_CRL_get_issuer(b->crl)) == 0 &&
	       same_extension(a->crl, b->crl, NID_authority_key_identifier) &&
	       same_extension(a->crl, b->crl, NID_issuing_distribution_point);
}

bool
vt_crl_completes(const struct vt_crl *delta, const struct vt_crl *base)
{
	return delta->base != NULL && delta->number != NULL &&
	       !vt_crl_is_delta(base) && base->number != NULL &&
	       vt_crl_same_scope(delta, base) &&
	       ASN1_INTEGER_cmp(delta->base, base->number) <= 0 &&
	       ASN1_INTEGER_cmp(base->number, delta->number) < 0;
}

bool
vt_crl_sound(const struct vt_crl *crl)
{
	return crl->sound;
}

const ISSUING_DIST_POINT *
vt_crl_scope(const struct vt_crl *crl)
{
	return crl->scope;
}

int64_t
vt_crl_keeps_since(const struct vt_crl *crl)
{
	return crl->keeps_since;
}

bool
vt_crl_find(const struct vt_crl *crl, const struct vt_cert *cert,
    struct vt_crl_entry *ret)
{
	X509_REVOKED *entry = NULL;
	ASN1_ENUMERATED *reason;

	if (X509_CRL_get0_by_cert(crl->crl, &entry, cert->x) == 0 ||
	    entry == NULL)
		return false;
	ret->reason = CRL_REASON_UNSPECIFIED;
	reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	if (reason != NULL)
		ret->reason = (int)ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	ret->remove = ret->reason == CRL_REASON_REMOVE_FROM_CRL;
	if (!vt_x509_time(X509_REVOKED_get0_revocationDate(entry), &ret->at))
		ret->at = 0;
	return true;
}

bool
vt_crl_signed_by(const struct vt_crl *crl, const struct vt_cert *issuer)
{
	EVP_PKEY *key = vt_cert_key(issuer);
	bool ok;

	if (key == NULL)
		return false;
	ERR_set_mark();
	ok = X509_CRL_verify(crl->crl, key) == 1;
	ERR_pop_to_mark();
	return ok;
}

const char *
vt_crl_digest(const struct vt_crl *crl)
{
	const X509_ALGOR *alg;

	X509_CRL_get0_signature(crl->crl, NULL, &alg);
	return vt_x509_digest(alg);
}
