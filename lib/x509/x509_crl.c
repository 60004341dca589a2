/* x509_crl.c - one revocation list (RFC 5280, 5) */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "x509_crl_int.h"

/*
 * OpenSSL makes objects of each entry, for which a list of a hundred thousand
 * takes 0.3 s and 60 MB; here they stay bytes, and are looked at when a
 * certificate is looked up.
 */

static int
bad_crl(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1",
	    "not one certificate revocation list in DER");
}

static bool
take_time(struct vt_bytes *rest, int64_t *ret, bool *there)
{
	struct vt_der d;
	const unsigned char *p;
	ASN1_TIME *t;
	bool ok;

	*there = vt_der_take(rest, VT_DER_UTCTIME, &d) ||
		 vt_der_take(rest, VT_DER_GENTIME, &d);
	if (!*there)
		return true;
	p = d.whole.data;
	t = d2i_ASN1_TIME(NULL, &p, (long)d.whole.len);
	ok = vt_x509_time(t, ret);
	ASN1_TIME_free(t);
	return ok;
}

/*
 * They are objects of OpenSSL's, and each is held against all before it: of a
 * list that is full of them that takes hours, and nobody knows yet who made it.
 */
static int
read_exts(struct vt_crl *crl, struct vt_bytes whole, struct vt_error *err)
{
	const unsigned char *p = whole.data;
	struct vt_bytes rest = whole;
	struct vt_der seq, ext;
	size_t n = 0;

	if (!vt_der_take(&rest, VT_DER_SEQUENCE, &seq) || rest.len != 0)
		return bad_crl(err);
	for (; seq.body.len > 0; n++) {
		if (n == VT_CRL_EXTENSIONS_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "a revocation list has more than %d extensions",
			    VT_CRL_EXTENSIONS_MAX);
		if (!vt_der_take(&seq.body, VT_DER_SEQUENCE, &ext))
			return bad_crl(err);
	}
	crl->exts = d2i_X509_EXTENSIONS(NULL, &p, (long)whole.len);
	return crl->exts != NULL && p == whole.data + whole.len ? VT_OK
								: bad_crl(err);
}

/* Behind the algorithm: the issuer, two times, the entries, extensions. */
static int
read_tbs(struct vt_crl *crl, struct vt_bytes tbs, struct vt_error *err)
{
	struct vt_der d;
	const unsigned char *p;
	bool this, next;
	int rc;

	if (!vt_der_take(&tbs, VT_DER_SEQUENCE, &d))
		return bad_crl(err);
	p = d.whole.data;
	crl->issuer = d2i_X509_NAME(NULL, &p, (long)d.whole.len);
	if (crl->issuer == NULL || p != d.whole.data + d.whole.len)
		return bad_crl(err);
	crl->next_update = VT_TIME_NONE;
	if (!take_time(&tbs, &crl->this_update, &this) ||
	    !take_time(&tbs, &crl->next_update, &next) || !this)
		return vt_error_set(err, VT_EFORMAT, "RFC 5280, 5.1.2.4",
		    "the revocation list's times cannot be read");
	if (vt_der_take(&tbs, VT_DER_SEQUENCE, &d))
		crl->entries = d.body;
	if (vt_der_take(&tbs, VT_DER_EXPLICIT0, &d) &&
	    (rc = read_exts(crl, d.body, err)) != VT_OK)
		return rc;
	return tbs.len == 0 ? VT_OK : bad_crl(err);
}

static int
read_signature(struct vt_crl *crl, struct vt_bytes alg, struct vt_bytes sig)
{
	const unsigned char *p = alg.data;

	crl->alg = d2i_X509_ALGOR(NULL, &p, (long)alg.len);
	if (crl->alg == NULL || p != alg.data + alg.len)
		return VT_EFORMAT;
	p = sig.data;
	crl->sig = d2i_ASN1_BIT_STRING(NULL, &p, (long)sig.len);
	return crl->sig == NULL || p != sig.data + sig.len ? VT_EFORMAT : VT_OK;
}

static int
crl_decode(struct vt_crl *crl, struct vt_error *err)
{
	struct vt_bytes rest = vt_crl_der(crl), tbs;
	struct vt_der list, body, inner, outer, sig, version;

	if (!vt_der_take(&rest, VT_DER_SEQUENCE, &list) || rest.len != 0 ||
	    !vt_der_take(&list.body, VT_DER_SEQUENCE, &body) ||
	    !vt_der_take(&list.body, VT_DER_SEQUENCE, &outer) ||
	    !vt_der_take(&list.body, VT_DER_BITS, &sig) || list.body.len != 0)
		return bad_crl(err);
	crl->tbs = body.whole;
	tbs = body.body;
	crl->version2 = vt_der_take(&tbs, VT_DER_INTEGER, &version);
	/* Version 1 is told by its absence; 1 stands for version 2. */
	if (crl->version2 && !vt_bytes_equal(version.body, VT_BYTES_LIT("\1")))
		return bad_crl(err);
	/* 5.1.1.2: the outer and the signed algorithm are one. */
	if (!vt_der_take(&tbs, VT_DER_SEQUENCE, &inner) ||
	    !vt_bytes_equal(inner.whole, outer.whole) ||
	    read_signature(crl, outer.whole, sig.whole) != VT_OK)
		return bad_crl(err);
	return read_tbs(crl, tbs, err);
}

/* ---- extensions ---- */

/* Known here, and read below. */
static bool
known_extension(int nid)
{
	return nid == NID_issuing_distribution_point || nid == NID_delta_crl ||
	       nid == NID_authority_key_identifier || nid == NID_crl_number;
}

/* *STRANGE: one must be understood, and is not. */
static bool
extensions_ok(const struct vt_crl *crl, bool *strange)
{
	X509_EXTENSION *ext;
	ASN1_OBJECT *oid;
	int i;

	if (crl->exts != NULL && !crl->version2)
		return false;
	for (i = 0; i < sk_X509_EXTENSION_num(crl->exts); i++) {
		ext = sk_X509_EXTENSION_value(crl->exts, i);
		oid = X509_EXTENSION_get_object(ext);
		if (X509v3_get_ext_by_OBJ(crl->exts, oid, -1) != i)
			return false;
		if (X509_EXTENSION_get_critical(ext) &&
		    !known_extension(OBJ_obj2nid(oid)))
			*strange = true;
	}
	return true;
}

/* An extension, or NULL; *OK becomes false where it is there and not legible.
 */
static void *
extension(const struct vt_crl *crl, int nid, bool *ok)
{
	int critical;
	void *ext = X509V3_get_d2i(crl->exts, nid, &critical, NULL);

	if (ext == NULL && critical != -1)
		*ok = false;
	return ext;
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
	       DIST_POINT_set_dpname(scope->distpoint, crl->issuer) == 1;
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
	at = oid == NULL ? -1 : X509v3_get_ext_by_OBJ(crl->exts, oid, -1);
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return;
	value = X509_EXTENSION_get_data(X509v3_get_ext(crl->exts, at));
	p = ASN1_STRING_get0_data(value);
	t = d2i_ASN1_GENERALIZEDTIME(NULL, &p, ASN1_STRING_length(value));
	(void)vt_x509_time(t, &crl->keeps_since);
	ASN1_GENERALIZEDTIME_free(t);
}

static void
read_extensions(struct vt_crl *crl)
{
	bool ok = extensions_ok(crl, &crl->strange);

	crl->scope = extension(crl, NID_issuing_distribution_point, &ok);
	crl->number = extension(crl, NID_crl_number, &ok);
	crl->base = extension(crl, NID_delta_crl, &ok);
	crl->sound = ok && scope_ok(crl) &&
		     (crl->next_update == VT_TIME_NONE ||
			 crl->next_update >= crl->this_update);
	read_keeps_since(crl);
}

/* ---- the object ---- */

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
	atomic_init(&crl->entries_sound, 0);
	memcpy(crl->der, der.data, der.len);
	crl->len = der.len;

	ERR_set_mark();
	if ((rc = vt_sha256(der, crl->sha256, err)) == VT_OK &&
	    (rc = crl_decode(crl, err)) == VT_OK) {
		read_extensions(crl);
		rc = vt_x509_name_line(crl->issuer, &crl->issuer_line, err);
	}
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
	X509_NAME_free(crl->issuer);
	X509_ALGOR_free(crl->alg);
	ASN1_BIT_STRING_free(crl->sig);
	sk_X509_EXTENSION_pop_free(crl->exts, X509_EXTENSION_free);
	ISSUING_DIST_POINT_free(crl->scope);
	ASN1_INTEGER_free(crl->number);
	ASN1_INTEGER_free(crl->base);
	free(crl->index);
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

const X509_NAME *
vt_crl_issuer(const struct vt_crl *crl)
{
	return crl->issuer;
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
	return X509v3_get_ext_by_NID(crl->exts, NID_delta_crl, -1) >= 0;
}

/* Both have the extension with the same bytes, or neither has it. */
static bool
same_extension(const struct vt_crl *a, const struct vt_crl *b, int nid)
{
	int at = X509v3_get_ext_by_NID(a->exts, nid, -1);
	int bt = X509v3_get_ext_by_NID(b->exts, nid, -1);

	if (at < 0 || bt < 0)
		return at < 0 && bt < 0;
	return ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(
					 X509v3_get_ext(a->exts, at)),
		   X509_EXTENSION_get_data(X509v3_get_ext(b->exts, bt))) == 0;
}

bool
vt_crl_same_scope(const struct vt_crl *a, const struct vt_crl *b)
{
	return X509_NAME_cmp(a->issuer, b->issuer) == 0 &&
	       same_extension(a, b, NID_authority_key_identifier) &&
	       same_extension(a, b, NID_issuing_distribution_point);
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
vt_crl_signed_by(const struct vt_crl *crl, const struct vt_cert *issuer)
{
	return vt_x509_signed(crl->tbs, crl->alg, crl->sig,
	    vt_cert_key(issuer));
}

const char *
vt_crl_digest(const struct vt_crl *crl)
{
	return vt_x509_digest(crl->alg);
}
