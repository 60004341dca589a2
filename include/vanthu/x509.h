/* x509.h - certificates and revocation lists as they came (RFC 5280) */
#ifndef VANTHU_X509_H
#define VANTHU_X509_H

#include "vanthu/bytes.h"
#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/limits.h"

struct asn1_string_st; /* OpenSSL's ASN1_TIME */
struct evp_pkey_st;    /* OpenSSL's EVP_PKEY */
struct ISSUING_DIST_POINT_st;
struct vt_error;
struct X509_name_st; /* OpenSSL's X509_NAME */
struct x509_st;      /* OpenSSL's X509 */

/*
 * A certificate: immutable, counted references, the exact bytes it came as.
 * What a getter returns is borrowed and lives as long as the certificate.
 */
struct vt_cert;

/*
 * Make ready for many certificates: to parse one costs half from now on, also
 * in processes forked later.  This costs about as much as ten.  It changes
 * nothing else, and may be called again.
 */
void vt_x509_prepare(void);

/*
 * Copies DER, which must be one certificate and nothing behind it.
 * VT_EFORMAT; VT_ELIMIT: longer than VT_CERT_MAX; VT_ENOMEM.
 */
int vt_cert_parse(struct vt_bytes der, struct vt_cert **ret,
    struct vt_error *err);
/* The same from an object of OpenSSL's, which stays the caller's. */
int vt_cert_of_x509(struct x509_st *x, struct vt_cert **ret,
    struct vt_error *err);
struct vt_cert *vt_cert_ref(struct vt_cert *cert); /* one more; CERT */
void vt_cert_free(struct vt_cert *cert); /* one less; NULL is allowed */

struct vt_bytes vt_cert_der(const struct vt_cert *cert);
const unsigned char *vt_cert_sha256(const struct vt_cert *cert); /* of DER */
bool vt_cert_equal(const struct vt_cert *a, const struct vt_cert *b);
/* For the modules that compute with it; not to be changed. */
struct x509_st *vt_cert_x509(const struct vt_cert *cert);
/* NULL where OpenSSL can not read the key. */
struct evp_pkey_st *vt_cert_key(const struct vt_cert *cert);
/*
 * An EC key on a curve that it names (RFC 5480, 2.1.1); parameters of one's own
 * are a forgery (CVE-2020-0601).
 */
bool vt_key_curve_named(struct evp_pkey_st *key);

/*
 * Names, as UTF-8.  Foreign text: escape it before a terminal sees it.  NULL
 * where absent.  Of several values the last one, which is the narrowest;
 * several units are joined by ", ", the narrowest first.
 */
enum vt_name {
	VT_NAME_CN,
	VT_NAME_O,
	VT_NAME_OU,
	VT_NAME_UID,
	VT_NAME_EMAIL, /* of the subject: else its alternative name */
	VT_NAME_COUNT
};

const char *vt_cert_subject(const struct vt_cert *cert, enum vt_name part);
const char *vt_cert_issuer(const struct vt_cert *cert, enum vt_name part);
/* The whole name on one line, in UTF-8 (RFC 4514). */
const char *vt_cert_subject_line(const struct vt_cert *cert);
const char *vt_cert_issuer_line(const struct vt_cert *cert);
/* CN, else O, else the whole line: what a person calls it.  Never NULL. */
const char *vt_cert_title(const struct vt_cert *cert);
const char *vt_cert_serial(const struct vt_cert *cert); /* upper-case hex */

int64_t vt_cert_not_before(const struct vt_cert *cert);
int64_t vt_cert_not_after(const struct vt_cert *cert);

enum vt_key_type {
	VT_KEY_OTHER,
	VT_KEY_RSA,
	VT_KEY_RSA_PSS, /* id-RSASSA-PSS: may sign by PSS only */
	VT_KEY_EC,
	VT_KEY_DSA,
	VT_KEY_ED /* Ed25519, Ed448 */
};

enum vt_key_type vt_cert_key_type(const struct vt_cert *cert);
int vt_cert_key_bits(const struct vt_cert *cert); /* 0: cannot be read */

/* RFC 5280, 4.2.1.3; bits as OpenSSL has them. */
#define VT_KU_SIGNATURE 0x0080u  /* digitalSignature */
#define VT_KU_COMMITMENT 0x0040u /* nonRepudiation, contentCommitment */
#define VT_KU_KEY_ENCIPHERMENT 0x0020u
#define VT_KU_DATA_ENCIPHERMENT 0x0010u
#define VT_KU_KEY_AGREEMENT 0x0008u
#define VT_KU_CERT_SIGN 0x0004u
#define VT_KU_CRL_SIGN 0x0002u
#define VT_KU_ANY UINT32_MAX /* no key usage extension */
uint32_t vt_cert_key_usage(const struct vt_cert *cert);
/* Extended key usages as dotted OIDs, "?" for one too long to be shown. */
const struct vt_list *vt_cert_eku(const struct vt_cert *cert);
bool vt_cert_is_ca(const struct vt_cert *cert); /* basicConstraints says so */
/* Subject and issuer are equal names. */
bool vt_cert_self_issued(const struct vt_cert *cert);
/* Self-issued, and its own key verifies it: the shape of an anchor. */
bool vt_cert_self_signed(const struct vt_cert *cert);
/* ISSUER's name and key are those that CERT names and was signed with. */
bool vt_cert_issued_by(const struct vt_cert *cert,
    const struct vt_cert *issuer);
struct vt_bytes vt_cert_ski(const struct vt_cert *cert); /* empty: absent */
struct vt_bytes vt_cert_aki(const struct vt_cert *cert); /* keyid only */

/*
 * A rule of RFC 5280, 4, that the certificate by itself breaks and that OpenSSL
 * does not look at: one line, not yet translated.  NULL: none.
 */
const char *vt_cert_defect(const struct vt_cert *cert);

/*
 * The digest in the certificate's signature: "sha256", "sha1", "sha3-256", ...
 * "" where the algorithm has none of its own to choose (EdDSA).  NULL: not
 * known, or PSS with parameters that mix digests.  Static.
 */
const char *vt_cert_digest(const struct vt_cert *cert);

/* An instant of OpenSSL's.  false: NULL, or not a time of the calendar. */
bool vt_x509_time(const struct asn1_string_st *t, int64_t *ret);

/* A set of references that it owns; zeroed it is empty. */
struct vt_certs {
	struct vt_cert **items;
	size_t n;
};

/*
 * Add a reference of its own to CERT; one that is there already is not added
 * again.  VT_ENOMEM; VT_ELIMIT past VT_X509_OBJECTS.
 */
int vt_certs_add(struct vt_certs *set, struct vt_cert *cert,
    struct vt_error *err);
int vt_certs_add_all(struct vt_certs *set, const struct vt_certs *more,
    struct vt_error *err);
bool vt_certs_has(const struct vt_certs *set, const struct vt_cert *cert);
void vt_certs_release(struct vt_certs *set); /* empties it */

/* A revocation list; as a certificate: immutable, counted, exact bytes. */
struct vt_crl;

int vt_crl_parse(struct vt_bytes der, struct vt_crl **ret,
    struct vt_error *err);
struct vt_crl *vt_crl_ref(struct vt_crl *crl);
void vt_crl_free(struct vt_crl *crl); /* NULL is allowed */
struct vt_bytes vt_crl_der(const struct vt_crl *crl);
const unsigned char *vt_crl_sha256(const struct vt_crl *crl);
const struct X509_name_st *vt_crl_issuer(const struct vt_crl *crl);
const char *vt_crl_issuer_line(const struct vt_crl *crl);
int64_t vt_crl_this_update(const struct vt_crl *crl);
int64_t vt_crl_next_update(const struct vt_crl *crl); /* or VT_TIME_NONE */
bool vt_crl_is_delta(const struct vt_crl *crl);
/* The same issuer, key and scope; and so one follows the other. */
bool vt_crl_same_scope(const struct vt_crl *a, const struct vt_crl *b);
/*
 * DELTA may complete BASE (RFC 5280, 5.2.4): the same issuer, key and scope,
 * and BASE is neither older than what DELTA builds on nor as young as DELTA.
 */
bool vt_crl_completes(const struct vt_crl *delta, const struct vt_crl *base);
/*
 * false: it must not be used (RFC 5280, 5.2 and 5.3): an extension, of the list
 * or of an entry, is critical and not known here, stands twice or cannot be
 * read.
 */
bool vt_crl_sound(const struct vt_crl *crl);
/*
 * It is not sound, and for no other reason than critical extensions that are
 * not known here: its silence means nothing, and what stands in it may be
 * revoked (X.509, 7.10).
 */
bool vt_crl_strange(const struct vt_crl *crl);
/* OpenSSL's issuing distribution point; NULL: it has none. */
const struct ISSUING_DIST_POINT_st *vt_crl_scope(const struct vt_crl *crl);
/*
 * From when on it keeps certificates that expired (X.509, 9.5.2.8); or
 * VT_TIME_NONE: it does not say.
 */
int64_t vt_crl_keeps_since(const struct vt_crl *crl);

struct vt_crl_entry {
	/*
	 * Of the revocation, or the invalidity date where that is earlier; 0
	 * where it cannot be read: ever.
	 */
	int64_t at;
	int reason;  /* CRLReason; unspecified where absent */
	bool remove; /* removeFromCRL: what an older list says is taken back */
};

/*
 * What it says of CERT, of whatever issuer's; false: nothing.  Only of a sound
 * list or a strange one.  Where it has several entries for it the worst of each
 * counts: revoked, for good, and since the earliest time.  _warm: so that
 * looking up takes no time that grows with the list, for who looks up often;
 * while no other thread uses it.
 */
bool vt_crl_find(const struct vt_crl *crl, const struct vt_cert *cert,
    struct vt_crl_entry *ret);
void vt_crl_warm(struct vt_crl *crl);
/* ISSUER's key verifies it; names are not compared. */
bool vt_crl_signed_by(const struct vt_crl *crl, const struct vt_cert *issuer);
const char *vt_crl_digest(const struct vt_crl *crl); /* as vt_cert_digest() */

struct vt_crls {
	struct vt_crl **items;
	size_t n;
};

int vt_crls_add(struct vt_crls *set, struct vt_crl *crl, struct vt_error *err);
void vt_crls_release(struct vt_crls *set);

/*
 * Read what DATA holds, PEM (CERTIFICATE, X509 CRL, PKCS7; other blocks are
 * passed over) or DER (one certificate, one list, or a PKCS#7 bundle), into
 * the sets.  NULL for CRLS: lists are passed over.  VT_EFORMAT where something
 * does not parse, or nothing is found for either set; VT_ELIMIT past
 * VT_X509_OBJECTS; VT_ENOMEM.  After an error the sets may hold a part.
 */
int vt_x509_read(struct vt_bytes data, struct vt_certs *certs,
    struct vt_crls *crls, struct vt_error *err);
/* The same from a file of at most VT_X509_FILE_MAX bytes.  VT_EIO too. */
int vt_x509_read_file(const char *path, struct vt_certs *certs,
    struct vt_crls *crls, struct vt_error *err);

#endif
