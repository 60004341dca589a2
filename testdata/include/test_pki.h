/* test_pki.h - certificates and lists made to measure, for the tests here */
#ifndef VT_TEST_PKI_H
#define VT_TEST_PKI_H

#include "test_util.h"

#include <openssl/ec.h>
#include <openssl/ocsp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "vanthu/time.h"
#include "vanthu/trust.h"

#define DAY 86400
#define T0 INT64_C(1700000000) /* certificates are valid from here */
#define NOW (T0 + 1000 * DAY)  /* what the tests judge at */
#define T1 (T0 + 3650 * DAY)   /* and valid to here */

#define ROOT_EXT                                                               \
	"basicConstraints=critical,CA:TRUE",                                   \
	    "keyUsage=critical,keyCertSign,cRLSign",                           \
	    "subjectKeyIdentifier=hash"
#define CA_EXT ROOT_EXT, "authorityKeyIdentifier=keyid:always"
#define LEAF_EXT                                                               \
	"keyUsage=critical,digitalSignature,nonRepudiation",                   \
	    "authorityKeyIdentifier=keyid:always"

/* A certificate with its key; what is zero is made up. */
struct party {
	EVP_PKEY *key;
	struct vt_cert *cert, *above; /* ABOVE: of its issuer, or NULL */
};

struct spec {
	const char *cn;
	const struct party *issuer; /* NULL: itself */
	EVP_PKEY *key;              /* taken over; NULL: a new P-256 */
	int64_t from, until;
	const char *serial; /* hexadecimal */
	const EVP_MD *md;
	const char *ext[10];     /* "name=value" */
	void (*change)(X509 *x); /* before it is signed, or NULL */
};

static inline struct party
party_new(struct spec spec)
{
	static unsigned long next_serial = 1000;
	struct party p = { .key = spec.key };
	struct vt_error err = { 0 };
	const struct party *issuer = spec.issuer;
	X509 *x = X509_new(), *ix;
	X509_NAME *name = X509_NAME_new();
	X509_EXTENSION *ext;
	BIGNUM *bn = NULL;
	X509V3_CTX ctx;
	char *item, *value;
	int i;

	if (p.key == NULL)
		p.key = EVP_EC_gen("P-256");
	assert_non_null(p.key);
	X509_set_version(x, X509_VERSION_3);
	if (spec.serial != NULL) {
		BN_hex2bn(&bn, spec.serial);
		BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x));
		BN_free(bn);
	} else {
		ASN1_INTEGER_set(X509_get_serialNumber(x), (long)next_serial++);
	}
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
	    (const unsigned char *)"TEST", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)spec.cn, -1, -1, 0);
	X509_set_subject_name(x, name);
	X509_NAME_free(name);
	ix = issuer == NULL ? x : vt_cert_x509(issuer->cert);
	X509_set_issuer_name(x, X509_get_subject_name(ix));
	ASN1_TIME_set(X509_getm_notBefore(x),
	    (time_t)(spec.from != 0 ? spec.from : T0));
	ASN1_TIME_set(X509_getm_notAfter(x),
	    (time_t)(spec.until != 0 ? spec.until : T1));
	X509_set_pubkey(x, p.key);

	X509V3_set_ctx(&ctx, ix, x, NULL, NULL, 0);
	for (i = 0; i < 10 && spec.ext[i] != NULL; i++) {
		item = strdup(spec.ext[i]);
		value = strchr(item, '=');
		*value++ = '\0';
		ext = X509V3_EXT_nconf(NULL, &ctx, item, value);
		assert_non_null(ext);
		X509_add_ext(x, ext, -1);
		X509_EXTENSION_free(ext);
		free(item);
	}
	if (spec.change != NULL)
		spec.change(x);
	assert_true(X509_sign(x, issuer == NULL ? p.key : issuer->key,
			spec.md != NULL ? spec.md : EVP_sha256()) > 0);
	assert_vt_ok(vt_cert_of_x509(x, &p.cert, &err), &err);
	X509_free(x);
	if (issuer != NULL)
		p.above = vt_cert_ref(issuer->cert);
	return p;
}

static inline void
party_free(struct party *p)
{
	EVP_PKEY_free(p->key);
	vt_cert_free(p->cert);
	vt_cert_free(p->above);
	memset(p, 0, sizeof(*p));
}

struct entry {
	const struct party *party;
	int64_t at;
	int reason; /* 0: none is given */
};

struct list {
	const struct party *issuer;
	const struct party *signer; /* NULL: ISSUER */
	int64_t from, until;        /* UNTIL -1: no next update */
	struct entry entries[4];
	int64_t invalid; /* the invalidity date of all of them, or 0 */
	const char *ext[4];
};

static inline void
list_entry(X509_CRL *crl, const struct entry *e, int64_t invalid)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)e->at);
	ASN1_ENUMERATED *reason;

	X509_REVOKED_set_serialNumber(r,
	    X509_get_serialNumber(vt_cert_x509(e->party->cert)));
	X509_REVOKED_set_revocationDate(r, t);
	ASN1_TIME_free(t);
	if (e->reason != 0) {
		reason = ASN1_ENUMERATED_new();
		ASN1_ENUMERATED_set(reason, e->reason);
		X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, reason, 0, 0);
		ASN1_ENUMERATED_free(reason);
	}
	if (invalid != 0) {
		t = ASN1_GENERALIZEDTIME_set(NULL, (time_t)invalid);
		X509_REVOKED_add1_ext_i2d(r, NID_invalidity_date, t, 0, 0);
		ASN1_TIME_free(t);
	}
	X509_CRL_add0_revoked(crl, r);
}

/* Made and put into TRUST's lists, or SET. */
static inline void
list_add(struct vt_trust *trust, struct vt_crls *set, struct list spec)
{
	struct vt_error err = { 0 };
	X509_CRL *crl = X509_CRL_new();
	X509 *x = vt_cert_x509(spec.issuer->cert);
	const struct party *signer =
	    spec.signer != NULL ? spec.signer : spec.issuer;
	ASN1_TIME *t;
	X509_EXTENSION *ext;
	X509V3_CTX ctx;
	struct vt_crl *list;
	unsigned char *der = NULL;
	char *item, *value;
	int i, n;

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(x));
	t = ASN1_TIME_set(NULL,
	    (time_t)(spec.from != 0 ? spec.from : NOW - DAY));
	X509_CRL_set1_lastUpdate(crl, t);
	ASN1_TIME_free(t);
	if (spec.until >= 0) {
		t = ASN1_TIME_set(NULL,
		    (time_t)(spec.until != 0 ? spec.until : NOW + DAY));
		X509_CRL_set1_nextUpdate(crl, t);
		ASN1_TIME_free(t);
	}
	for (i = 0; i < 4 && spec.entries[i].party != NULL; i++)
		list_entry(crl, &spec.entries[i], spec.invalid);
	X509V3_set_ctx(&ctx, vt_cert_x509(signer->cert), NULL, NULL, crl, 0);
	for (i = 0; i < 4 && spec.ext[i] != NULL; i++) {
		item = strdup(spec.ext[i]);
		value = strchr(item, '=');
		*value++ = '\0';
		ext = X509V3_EXT_nconf(NULL, &ctx, item, value);
		assert_non_null(ext);
		X509_CRL_add_ext(crl, ext, -1);
		X509_EXTENSION_free(ext);
		free(item);
	}
	X509_CRL_sort(crl);
	assert_true(X509_CRL_sign(crl, signer->key, EVP_sha256()) > 0);
	n = i2d_X509_CRL(crl, &der);
	assert_true(n > 0);
	assert_vt_ok(vt_crl_parse(VT_BYTES(der, (size_t)n), &list, &err), &err);
	if (set != NULL)
		assert_vt_ok(vt_crls_add(set, list, &err), &err);
	else
		assert_vt_ok(vt_trust_add_crl(trust, list, &err), &err);
	vt_crl_free(list);
	OPENSSL_free(der);
	X509_CRL_free(crl);
}

#define RESPONDER_EXT                                                          \
	"keyUsage=critical,digitalSignature", "extendedKeyUsage=OCSPSigning",  \
	    "authorityKeyIdentifier=keyid:always"
#define NOCHECK "noCheck=ignored"

/* What one answer says; it is about the first certificate, by SHA-1. */
struct answer {
	const struct party *about, *issuer;
	const struct party *signer; /* NULL: ISSUER */
	const struct party *comes;  /* its certificate; NULL: the signer's */
	int status;                 /* OpenSSL's V_OCSP_CERTSTATUS_ */
	int64_t revoked_at;
	int reason;          /* 0: none is given */
	int64_t from, until; /* UNTIL -1: no next update */
	int64_t produced;    /* 0: FROM */
	int64_t cutoff;      /* of the archive, or 0 */
	int64_t invalid;     /* since when it is, or 0 */
	bool by_key, sha1;
	bool unknown_too; /* by SHA-256, behind it */
};

static inline ASN1_TIME *
gtime(int64_t t)
{
	return ASN1_GENERALIZEDTIME_set(NULL, (time_t)t);
}

/*
 * OCSP_basic_sign() says that it was produced now; so the time is put into the
 * bytes, where it stands behind the responder, and these are signed again.
 */
static inline void
answer_produced(OCSP_BASICRESP **bs, int64_t at, EVP_PKEY *key,
    const EVP_MD *md)
{
	const ASN1_TIME *now = OCSP_resp_get0_produced_at(*bs);
	ASN1_TIME *t = gtime(at);
	const unsigned char *p;
	unsigned char *der = NULL, *to;
	OCSP_BASICRESP *changed;
	int n = i2d_OCSP_BASICRESP(*bs, &der);

	to = memmem(der, (size_t)n, ASN1_STRING_get0_data(now),
	    (size_t)ASN1_STRING_length(now));
	assert_non_null(to);
	assert_int_equal(ASN1_STRING_length(now), ASN1_STRING_length(t));
	memcpy(to, ASN1_STRING_get0_data(t), (size_t)ASN1_STRING_length(t));
	p = der;
	changed = d2i_OCSP_BASICRESP(NULL, &p, n);
	assert_non_null(changed);
	OCSP_BASICRESP_free(*bs);
	*bs = changed;
	assert_true(ASN1_item_sign(ASN1_ITEM_rptr(OCSP_RESPDATA),
			(X509_ALGOR *)OCSP_resp_get0_tbs_sigalg(changed), NULL,
			(ASN1_BIT_STRING *)OCSP_resp_get0_signature(changed),
			OCSP_resp_get0_respdata(changed), key, md) > 0);
	ASN1_TIME_free(t);
	OPENSSL_free(der);
}

static inline struct vt_ocsp *
answer_new(struct answer a)
{
	struct vt_error err = { 0 };
	const struct party *signer = a.signer != NULL ? a.signer : a.issuer;
	const struct party *comes = a.comes != NULL ? a.comes : signer;
	const EVP_MD *md = a.sha1 ? EVP_sha1() : EVP_sha256();
	int64_t from = a.from != 0 ? a.from : NOW - DAY;
	ASN1_TIME *revoked = gtime(a.revoked_at), *this = gtime(from),
		  *next = a.until >= 0
			      ? gtime(a.until != 0 ? a.until : NOW + DAY)
			      : NULL,
		  *cutoff = a.cutoff != 0 ? gtime(a.cutoff) : NULL,
		  *invalid = a.invalid != 0 ? gtime(a.invalid) : NULL;
	OCSP_BASICRESP *bs = OCSP_BASICRESP_new();
	OCSP_CERTID *id, *id256;
	OCSP_SINGLERESP *single;
	struct vt_ocsp *ocsp;
	unsigned char *der = NULL;
	int n;

	id = OCSP_cert_to_id(EVP_sha1(), vt_cert_x509(a.about->cert),
	    vt_cert_x509(a.issuer->cert));
	single = OCSP_basic_add1_status(bs, id, a.status,
	    a.reason != 0 ? a.reason : -1,
	    a.status == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL, this, next);
	assert_non_null(single);
	if (a.unknown_too) {
		id256 = OCSP_cert_to_id(EVP_sha256(),
		    vt_cert_x509(a.about->cert), vt_cert_x509(a.issuer->cert));
		assert_non_null(OCSP_basic_add1_status(bs, id256,
		    V_OCSP_CERTSTATUS_UNKNOWN, -1, NULL, this, next));
		OCSP_CERTID_free(id256);
	}
	if (cutoff != NULL)
		assert_true(OCSP_SINGLERESP_add1_ext_i2d(single,
		    NID_id_pkix_OCSP_archiveCutoff, cutoff, 0, 0));
	if (invalid != NULL)
		assert_true(OCSP_SINGLERESP_add1_ext_i2d(single,
		    NID_invalidity_date, invalid, 0, 0));
	assert_true(OCSP_basic_sign(bs, vt_cert_x509(comes->cert), comes->key,
	    md, NULL, a.by_key ? OCSP_RESPID_KEY : 0));
	answer_produced(&bs, a.produced != 0 ? a.produced : from, signer->key,
	    md);
	n = i2d_OCSP_BASICRESP(bs, &der);
	assert_vt_ok(vt_ocsp_parse(VT_BYTES(der, (size_t)n), &ocsp, &err),
	    &err);
	OPENSSL_free(der);
	OCSP_CERTID_free(id);
	OCSP_BASICRESP_free(bs);
	ASN1_TIME_free(revoked);
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	ASN1_TIME_free(cutoff);
	ASN1_TIME_free(invalid);
	return ocsp;
}

/* Made and put into TRUST's answers, or SET. */
static inline void
answer_add(struct vt_trust *trust, struct vt_ocsps *set, struct answer a)
{
	struct vt_error err = { 0 };
	struct vt_ocsp *ocsp = answer_new(a);

	if (set != NULL)
		assert_vt_ok(vt_ocsps_add(set, ocsp, &err), &err);
	else
		assert_vt_ok(vt_trust_add_ocsp(trust, ocsp, &err), &err);
	vt_ocsp_free(ocsp);
}

/* root -> ca -> leaf, the root an anchor, the CA in the store, no lists. */
struct pki {
	struct party root, ca, leaf;
	struct vt_trust *trust;
};

static inline void
pki_trust(struct pki *p)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_trust_new(&p->trust, &err), &err);
	assert_vt_ok(vt_trust_add_anchor(p->trust, p->root.cert, NULL, &err),
	    &err);
	assert_vt_ok(vt_trust_add_cert(p->trust, p->ca.cert, &err), &err);
}

static inline void
pki_init(struct pki *p)
{
	p->root = party_new((struct spec){ .cn = "Root", .ext = { ROOT_EXT } });
	p->ca = party_new(
	    (struct spec){ .cn = "CA", .issuer = &p->root, .ext = { CA_EXT } });
	p->leaf = party_new((struct spec){ .cn = "Leaf",
	    .issuer = &p->ca,
	    .ext = { LEAF_EXT } });
	pki_trust(p);
}

static inline void
pki_release(struct pki *p)
{
	party_free(&p->root);
	party_free(&p->ca);
	party_free(&p->leaf);
	vt_trust_free(p->trust);
	memset(p, 0, sizeof(*p));
}

static inline void
add_anchor(struct vt_trust *trust, const struct party *p)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_trust_add_anchor(trust, p->cert, NULL, &err), &err);
}

static inline void
add_cert(struct vt_trust *trust, const struct party *p)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_trust_add_cert(trust, p->cert, &err), &err);
}

/* Lists of both, current at NOW, nothing in them. */
static inline void
add_empty_lists(struct vt_trust *trust, const struct party *root,
    const struct party *ca)
{
	list_add(trust, NULL, (struct list){ .issuer = root });
	list_add(trust, NULL, (struct list){ .issuer = ca });
}

#define assert_judged(trust, query, verdict, reason)                           \
	test_judge((trust), (query), (verdict), (reason), NULL, __FILE__,      \
	    __LINE__)
/* ... and hand the result over. */
#define assert_judged_result(trust, query, verdict, reason, ret)               \
	test_judge((trust), (query), (verdict), (reason), (ret), __FILE__,     \
	    __LINE__)

static inline void
test_judge(const struct vt_trust *trust, struct vt_trust_query q,
    enum vt_verdict verdict, const char *reason, struct vt_trust_result *ret,
    const char *file, int line)
{
	struct vt_trust_result r;
	struct vt_error err = { 0 };

	if (q.at == 0)
		q.at = NOW;
	test_assert_ok(vt_trust_judge(trust, &q, &r, &err), &err, file, line);
	if (r.verdict != verdict || strcmp(r.reason, reason) != 0) {
		print_error("%s, %s (%s), not %s, %s\n",
		    vt_verdict_name(r.verdict), r.reason,
		    r.detail != NULL ? r.detail : "", vt_verdict_name(verdict),
		    reason);
		_fail(file, line);
	}
	if (ret != NULL)
		*ret = r;
	else
		vt_trust_result_release(&r);
}

#define QUERY(p, ...) ((struct vt_trust_query){ .cert = (p).cert, __VA_ARGS__ })

#endif
