/* test_verify_time.h - signatures and time stamps of any day, made to measure
 *
 * Certificates, lists and keys are made in memory (test_pki.h), signatures by
 * vt_cms_sign(), tokens by OpenSSL's CMS around a TSTInfo.
 */
#ifndef TEST_VERIFY_TIME_H
#define TEST_VERIFY_TIME_H

#include "test_pki.h"

#include <openssl/cms.h>
#include <openssl/ts.h>

#include "vanthu/cms.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/verify.h"

#define TEXT "signed\n"
#define BUF_MAX (8u << 20)

#define TSA_EXT                                                                \
	"keyUsage=critical,digitalSignature",                                  \
	    "extendedKeyUsage=critical,timeStamping",                          \
	    "authorityKeyIdentifier=keyid:always"

/* Seconds N days from today. */
static int64_t today;
#define IN(n) (today + (int64_t)(n)*DAY)
#define AGO(n) IN(-(n))

/* --- whom it is about --- */

/* root -> ca -> signer and tsa; the root is trusted, the CA in the store. */
struct world {
	struct party root, ca, signer, tsa;
	struct vt_trust *trust;
};

static inline struct party
person(const struct party *ca, int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = "Signer",
	    .issuer = ca,
	    .from = from,
	    .until = until,
	    .ext = { LEAF_EXT } });
}

static inline struct party
authority(const struct party *ca, int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = "TSA",
	    .issuer = ca,
	    .from = from,
	    .until = until,
	    .ext = { TSA_EXT } });
}

static inline struct party
root_new(const char *cn, int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = cn,
	    .from = from,
	    .until = until,
	    .ext = { ROOT_EXT } });
}

static inline struct party
ca_new(const char *cn, const struct party *root, int64_t from, int64_t until)
{
	return party_new((struct spec){ .cn = cn,
	    .issuer = root,
	    .from = from,
	    .until = until,
	    .ext = { CA_EXT } });
}

/* A list of ISSUER in the store; UNTIL is its next update. */
static inline void
store_list(struct world *w, const struct party *issuer, int64_t from,
    int64_t until)
{
	list_add(w->trust, NULL,
	    (struct list){ .issuer = issuer, .from = from, .until = until });
}

/* The same, into SET: what a message carries. */
static inline void
set_list(struct vt_crls *set, const struct party *issuer, int64_t from,
    int64_t until)
{
	list_add(NULL, set,
	    (struct list){ .issuer = issuer, .from = from, .until = until });
}

/* One of the CA in the store, of yesterday, in which P stands. */
static inline void
store_revoked(struct world *w, const struct party *p, int64_t at)
{
	list_add(w->trust, NULL,
	    (struct list){ .issuer = &w->ca,
		.from = AGO(1),
		.until = IN(1),
		.entries = { { p, at, 1 } } });
}

/* All is valid from eight years ago on, for as long; no lists. */
static inline void
world_bare(struct world *w)
{
	struct vt_error err = { 0 };

	today = vt_time_now();
	w->root = root_new("Root", AGO(3000), IN(9000));
	w->ca = ca_new("CA", &w->root, AGO(3000), IN(3000));
	w->signer = person(&w->ca, AGO(1000), IN(1000));
	w->tsa = authority(&w->ca, AGO(2000), IN(2000));
	assert_vt_ok(vt_trust_new(&w->trust, &err), &err);
	add_anchor(w->trust, &w->root);
	add_cert(w->trust, &w->ca);
}

/* ... and with the lists of today. */
static inline void
world_init(struct world *w)
{
	world_bare(w);
	store_list(w, &w->root, AGO(1), IN(1));
	store_list(w, &w->ca, AGO(1), IN(1));
}

static inline void
world_free(struct world *w)
{
	party_free(&w->root);
	party_free(&w->ca);
	party_free(&w->signer);
	party_free(&w->tsa);
	vt_trust_free(w->trust);
}

/* The signer is another from now on. */
static inline void
signer_is(struct world *w, struct party p)
{
	party_free(&w->signer);
	w->signer = p;
}

static inline void
tsa_is(struct world *w, struct party p)
{
	party_free(&w->tsa);
	w->tsa = p;
}

/* --- signatures --- */

static inline int
key_signs(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(ctx, NULL);
	const EVP_MD *md = EVP_get_digestbyname(vt_hash_name(hash));
	bool ok;

	(void)alg;
	*ret_len = VT_SIGNATURE_MAX;
	ok = EVP_PKEY_sign_init(c) == 1 &&
	     EVP_PKEY_CTX_set_signature_md(c, md) == 1 &&
	     EVP_PKEY_sign(c, out, ret_len, digest.data, digest.len) == 1;
	EVP_PKEY_CTX_free(c);
	return ok ? VT_OK
		  : (int)vt_error_set(err, VT_EKEY, NULL,
			"the test key did not sign");
}

static inline void
key_free(void *ctx)
{
	EVP_PKEY_free(ctx);
}

static inline struct vt_signer *
signer_of(const struct party *p)
{
	static const struct vt_signer_ops ops = { key_signs, key_free, true };
	struct vt_signer *signer = NULL;
	struct vt_error err = { 0 };

	EVP_PKEY_up_ref(p->key);
	assert_vt_ok(vt_signer_new(&ops, p->key, p->cert, NULL, &signer, &err),
	    &err);
	return signer;
}

static inline int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	return vt_buf_bytes_put(ctx, piece);
}

/* What may be changed of a message; for CMS_ContentInfo_free(). */
static inline CMS_ContentInfo *
cms_of(struct vt_bytes der)
{
	const unsigned char *p = der.data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);

	assert_non_null(cms);
	return cms;
}

/* P signs TEXT, says that it is WHEN, and the text is inside. */
static inline CMS_ContentInfo *
signs(const struct party *p, int64_t when)
{
	const struct vt_cms_sign how = { .signing_time = when };
	struct vt_signer *signer = signer_of(p);
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	CMS_ContentInfo *cms;
	struct vt_buf b;

	vt_buf_init(&b, BUF_MAX);
	assert_vt_ok(vt_source_bytes(vt_bytes_str(TEXT), &src, &err), &err);
	assert_vt_ok(vt_cms_sign_attached(signer, &how, src, to_buf, NULL, &b,
			 &err),
	    &err);
	vt_source_free(src);
	vt_signer_free(signer);
	cms = cms_of(vt_buf_bytes(&b));
	vt_buf_release(&b);
	return cms;
}

/* The same by OpenSSL, which signs with what we do not. */
static inline CMS_ContentInfo *
signs_weakly(const struct party *p, const EVP_MD *md, int64_t when)
{
	BIO *in = BIO_new_mem_buf(TEXT, sizeof(TEXT) - 1);
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)when);
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si;

	cms = CMS_sign(NULL, NULL, NULL, in, CMS_PARTIAL | CMS_BINARY);
	assert_non_null(cms);
	si = CMS_add1_signer(cms, vt_cert_x509(p->cert), p->key, md,
	    CMS_CADES | CMS_NOSMIMECAP);
	assert_non_null(si);
	assert_true(CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime,
	    ASN1_STRING_type(t), t, -1));
	assert_true(CMS_final(cms, in, NULL, CMS_BINARY));
	ASN1_TIME_free(t);
	BIO_free(in);
	return cms;
}

static inline CMS_SignerInfo *
signer_info(CMS_ContentInfo *cms, int i)
{
	return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), i);
}

static inline struct vt_bytes
signature_of(CMS_SignerInfo *si)
{
	ASN1_OCTET_STRING *s = CMS_SignerInfo_get0_signature(si);

	return VT_BYTES(s->data, (size_t)s->length);
}

static inline void
cms_put(CMS_ContentInfo *cms, struct vt_buf *ret)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);

	assert_true(n > 0);
	vt_buf_init(ret, BUF_MAX);
	vt_buf_put(ret, der, (size_t)n);
	OPENSSL_free(der);
}

/* --- tokens --- */

struct stamp {
	const struct party *tsa;
	int64_t time;
	const EVP_MD *md;        /* of imprint and signature; NULL: SHA-256 */
	const EVP_MD *signed_md; /* of the signature; NULL: MD */
	const struct vt_crls *crls; /* that are in it, or NULL */
	bool pss;
	bool bare;                 /* without the certificate */
	bool no_reference;         /* without signing-certificate */
	struct vt_bytes tail;      /* behind the TSTInfo, within the content */
	size_t extension;          /* bytes of one in it; 0: there is none */
	const struct party *named; /* whose subject is its tsa, or NULL */
	long accuracy;             /* seconds; 0: none is said */
};

#define BY(who, when)                                                          \
	(struct stamp)                                                         \
	{                                                                      \
		.tsa = (who), .time = (when)                                   \
	}

/* An extension that nobody knows, and need not. */
static inline void
tst_extend(TS_TST_INFO *tst, size_t len)
{
	unsigned char *zeros = calloc(1, len);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4", 1);
	X509_EXTENSION *ext;

	assert_true(ASN1_OCTET_STRING_set(value, zeros, (int)len));
	ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
	assert_true(TS_TST_INFO_add_ext(tst, ext, -1));
	X509_EXTENSION_free(ext);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
	free(zeros);
}

/* A TSTInfo (RFC 3161, 2.4.2) over WHAT. */
static inline void
tst_put(const struct stamp *s, struct vt_bytes what, struct vt_buf *ret)
{
	const EVP_MD *md = s->md != NULL ? s->md : EVP_sha256();
	unsigned char hash[EVP_MAX_MD_SIZE], *der = NULL;
	TS_TST_INFO *tst = TS_TST_INFO_new();
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3", 1);
	ASN1_TIME *t = gtime(s->time);
	unsigned n;
	int len;

	assert_true(EVP_Digest(what.data, what.len, hash, &n, md, NULL));
	X509_ALGOR_set_md(alg, md);
	ASN1_INTEGER_set(serial, 7);
	assert_true(TS_MSG_IMPRINT_set_algo(imprint, alg));
	assert_true(TS_MSG_IMPRINT_set_msg(imprint, hash, (int)n));
	assert_true(TS_TST_INFO_set_version(tst, 1));
	assert_true(TS_TST_INFO_set_policy_id(tst, policy));
	assert_true(TS_TST_INFO_set_msg_imprint(tst, imprint));
	assert_true(TS_TST_INFO_set_serial(tst, serial));
	assert_true(TS_TST_INFO_set_time(tst, t));
	if (s->named != NULL) {
		GENERAL_NAME *name = GENERAL_NAME_new();

		name->type = GEN_DIRNAME;
		name->d.directoryName = X509_NAME_dup(
		    X509_get_subject_name(vt_cert_x509(s->named->cert)));
		assert_true(TS_TST_INFO_set_tsa(tst, name));
		GENERAL_NAME_free(name);
	}
	if (s->accuracy > 0) {
		TS_ACCURACY *a = TS_ACCURACY_new();
		ASN1_INTEGER *seconds = ASN1_INTEGER_new();

		ASN1_INTEGER_set(seconds, s->accuracy);
		assert_true(TS_ACCURACY_set_seconds(a, seconds) &&
			    TS_TST_INFO_set_accuracy(tst, a));
		ASN1_INTEGER_free(seconds);
		TS_ACCURACY_free(a);
	}
	if (s->extension > 0)
		tst_extend(tst, s->extension);
	len = i2d_TS_TST_INFO(tst, &der);
	assert_true(len > 0);
	vt_buf_init(ret, BUF_MAX);
	vt_buf_put(ret, der, (size_t)len);
	vt_buf_bytes_put(ret, s->tail);
	OPENSSL_free(der);
	ASN1_TIME_free(t);
	ASN1_INTEGER_free(serial);
	ASN1_OBJECT_free(policy);
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(imprint);
	TS_TST_INFO_free(tst);
}

static inline void
add_crls(CMS_ContentInfo *cms, const struct vt_crls *set)
{
	size_t i;

	for (i = 0; set != NULL && i < set->n; i++) {
		struct vt_bytes der = vt_crl_der(set->items[i]);
		const unsigned char *p = der.data;
		X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.len);

		assert_non_null(crl);
		assert_true(CMS_add0_crl(cms, crl));
	}
}

static inline CMS_ContentInfo *
token_cms(struct stamp s, struct vt_bytes what)
{
	const EVP_MD *md = s.signed_md != NULL ? s.signed_md
			   : s.md != NULL      ? s.md
					       : EVP_sha256();
	unsigned flags = CMS_BINARY | CMS_NOSMIMECAP;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si;
	struct vt_buf tst;
	BIO *in;

	tst_put(&s, what, &tst);
	in = BIO_new_mem_buf(tst.data, (int)tst.len);
	cms = CMS_sign(NULL, NULL, NULL, in, CMS_PARTIAL | CMS_BINARY);
	assert_non_null(cms);
	assert_true(
	    CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)));
	flags |= s.no_reference ? 0 : CMS_CADES;
	flags |= s.bare ? CMS_NOCERTS : 0;
	flags |= s.pss ? CMS_KEY_PARAM : 0;
	si = CMS_add1_signer(cms, vt_cert_x509(s.tsa->cert), s.tsa->key, md,
	    flags);
	assert_non_null(si);
	if (s.pss) {
		EVP_PKEY_CTX *c = CMS_SignerInfo_get0_pkey_ctx(si);

		assert_true(
		    EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(c,
				RSA_PSS_SALTLEN_DIGEST) > 0);
	}
	assert_true(CMS_final(cms, in, NULL, CMS_BINARY));
	add_crls(cms, s.crls);
	BIO_free(in);
	vt_buf_release(&tst);
	return cms;
}

/* A token over WHAT. */
static inline void
token_put(struct stamp s, struct vt_bytes what, struct vt_buf *ret)
{
	CMS_ContentInfo *cms = token_cms(s, what);

	cms_put(cms, ret);
	CMS_ContentInfo_free(cms);
}

/* --- what is added to a signature --- */

#define OID_CERT_VALUES "1.2.840.113549.1.9.16.2.23"
#define OID_REVOCATION_VALUES "1.2.840.113549.1.9.16.2.24"
#define OID_STAMP "1.2.840.113549.1.9.16.2.14"

static inline void
add_attr(CMS_SignerInfo *si, const char *oid, struct vt_bytes value)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);

	assert_true(CMS_unsigned_add1_attr_by_OBJ(si, o, V_ASN1_SEQUENCE,
	    value.data, (int)value.len));
	ASN1_OBJECT_free(o);
}

/* The usual: a stamp over the signature of signer I. */
static inline void
add_stamp_of(CMS_ContentInfo *cms, int i, struct stamp s, struct vt_bytes what)
{
	struct vt_buf token;

	token_put(s, what, &token);
	add_attr(signer_info(cms, i), OID_STAMP, vt_buf_bytes(&token));
	vt_buf_release(&token);
}

static inline void
add_stamp(CMS_ContentInfo *cms, struct stamp s)
{
	add_stamp_of(cms, 0, s, signature_of(signer_info(cms, 0)));
}

/* --- the judgement --- */

/* AT: VT_TIME_NONE for now.  For vt_report_free(). */
static inline struct vt_report *
judge_at(const struct world *w, struct vt_bytes der, int64_t at)
{
	const struct vt_verify_options opts = { .trust = w->trust, .at = at };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_source_bytes(der, &src, &err), &err);
	assert_vt_ok(vt_verify_source(src, "x", &opts, &r, &err), &err);
	vt_source_free(src);
	return r;
}

static inline void
tell(const struct vt_report *r)
{
	size_t i, k;

	for (i = 0; i < r->nsignatures; i++) {
		const struct vt_report_signature *s = &r->signatures[i];

		print_error("%zu: %s %s %s (%s) level %s, time %lld days\n", i,
		    s->format, vt_report_verdict_name(s->verdict), s->reason,
		    s->detail != NULL ? s->detail : "",
		    s->level != NULL ? s->level : "-",
		    s->timestamp == VT_TIME_NONE
			? 99999LL
			: (long long)(s->timestamp - today) / DAY);
		for (k = 0; k < s->nstamps; k++)
			print_error("   %s %s %s, %lld days\n",
			    s->stamps[k].kind,
			    vt_report_verdict_name(s->stamps[k].verdict),
			    s->stamps[k].reason,
			    (long long)(s->stamps[k].time - today) / DAY);
	}
}

/* What is expected of the first signature. */
struct want {
	enum vt_report_verdict verdict;
	const char *reason;
	const char *level; /* NULL: not asked */
	int64_t timestamp; /* 0: not asked; VT_TIME_NONE: nothing proven */
	const char *stamp; /* what the first stamp's reason is; or NULL */
	bool shifted;
};

static inline void
expect_signature(const struct vt_report *r, size_t i, struct want want,
    const char *file, int line)
{
	const struct vt_report_signature *s;
	bool ok;

	assert_true(i < r->nsignatures);
	s = &r->signatures[i];
	ok = s->verdict == want.verdict && strcmp(s->reason, want.reason) == 0;
	if (want.level != NULL)
		ok =
		    ok && s->level != NULL && strcmp(s->level, want.level) == 0;
	if (want.timestamp != 0)
		ok = ok && s->timestamp == want.timestamp;
	if (want.timestamp != 0 && want.timestamp != VT_TIME_NONE)
		ok = ok && s->instant == want.timestamp;
	if (want.stamp != NULL)
		ok = ok && s->nstamps > 0 &&
		     strcmp(s->stamps[0].reason, want.stamp) == 0 &&
		     (strcmp(want.stamp, "ok") == 0) ==
			 (s->stamps[0].verdict == VT_REPORT_VALID);
	ok = ok && s->claimed_shifted == want.shifted;
	if (ok)
		return;
	tell(r);
	print_error("wanted: %s %s level %s, stamp %s%s\n",
	    vt_report_verdict_name(want.verdict), want.reason,
	    want.level != NULL ? want.level : "-",
	    want.stamp != NULL ? want.stamp : "-",
	    want.shifted ? ", shifted" : "");
	_fail(file, line);
}

static inline void
expect_cms(const struct world *w, CMS_ContentInfo *cms, int64_t at,
    struct want want, const char *file, int line)
{
	struct vt_report *r;
	struct vt_buf der;

	cms_put(cms, &der);
	r = judge_at(w, vt_buf_bytes(&der), at);
	assert_int_equal(r->nsignatures, 1);
	expect_signature(r, 0, want, file, line);
	assert_int_equal(r->verdict, want.verdict);
	vt_report_free(r);
	vt_buf_release(&der);
}

/* CMS, judged today, is ... (and freed). */
#define expect(w, cms, ...)                                                    \
	do {                                                                   \
		expect_cms((w), (cms), VT_TIME_NONE,                           \
		    (struct want){ .verdict = __VA_ARGS__ }, __FILE__,         \
		    __LINE__);                                                 \
		CMS_ContentInfo_free(cms);                                     \
	} while (0)
/* ... and judged at a time that is given; CMS stays. */
#define expect_at(w, cms, at, ...)                                             \
	expect_cms((w), (cms), (at), (struct want){ .verdict = __VA_ARGS__ },  \
	    __FILE__, __LINE__)

#define VALID VT_REPORT_VALID
#define INVALID VT_REPORT_INVALID
#define OPEN VT_REPORT_UNDETERMINED

#endif
