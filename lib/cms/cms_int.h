/* cms_int.h - what the parts of cms share */
#ifndef VT_CMS_INT_H
#define VT_CMS_INT_H

#include <openssl/evp.h>

#include "vanthu/bytes.h"
#include "vanthu/cms.h"
#include "vanthu/signer.h" /* enum vt_sigalg, enum vt_hash */
#include "vanthu/x509.h"

struct vt_error;
struct vt_source;

/* --- TLVs (X.690); cms_der.c --- */

/* Identifier octets of what is met; tag numbers over 30 never are. */
#define CMS_INTEGER 0x02
#define CMS_OCTETS 0x04
#define CMS_NULL 0x05
#define CMS_OID 0x06
#define CMS_UTF8 0x0c
#define CMS_UTCTIME 0x17
#define CMS_TIME 0x18
#define CMS_SEQUENCE 0x30
#define CMS_SET 0x31
#define CMS_OCTETS_CONS 0x24
#define CMS_CTX0 0xa0 /* [0], constructed, and so on */
#define CMS_CTX1 0xa1
#define CMS_CTX2 0xa2
#define CMS_CTX3 0xa3
#define CMS_CTX4 0xa4
#define CMS_CTX0_PRIM 0x80

enum cms_rules { CMS_DER, CMS_BER };

struct cms_tlv {
	unsigned char id;
	bool indefinite;
	struct vt_bytes whole;
	struct vt_bytes value; /* without the end-of-contents octets */
};

/* Step over one element of IN; false: malformed, and IN is as it was. */
bool vt_cms_tlv(struct vt_bytes *in, enum cms_rules rules, struct cms_tlv *ret);
/* The same; false also where the element is not an ID. */
bool vt_cms_tlv_of(struct vt_bytes *in, enum cms_rules rules, unsigned char id,
    struct cms_tlv *ret);
/* true where IN goes on with ID. */
bool vt_cms_tlv_is(struct vt_bytes in, unsigned char id);
/* An INTEGER in its shortest form that fits. */
bool vt_cms_der_small(struct vt_bytes *in, enum cms_rules rules, uint32_t *ret);
/* Shortest form, not empty. */
bool vt_cms_integer_ok(struct vt_bytes value);
/* DER's order of a SET OF (X.690, 11.6). */
int vt_cms_der_compare(struct vt_bytes a, struct vt_bytes b);

/* Append; the codes are those of vt_buf. */
int vt_cms_put_header(struct vt_buf *out, unsigned char id, uint64_t len);
int vt_cms_put(struct vt_buf *out, unsigned char id, struct vt_bytes value);
size_t vt_cms_header_len(uint64_t len);
/* An Attribute with one VALUE, which is one encoded element. */
int vt_cms_put_attr(struct vt_buf *out, struct vt_bytes oid,
    struct vt_bytes value);

#define CMS_HEADER_MAX 10 /* identifier, and a length of at most 8 octets */

/* The header of an element in a source. */
struct cms_header {
	unsigned char id;
	bool indefinite;
	size_t hlen;
	uint64_t len; /* of the value; 0 where indefinite */
};

/* The header at the start of B; false: malformed, or cut off. */
bool vt_cms_header(struct vt_bytes b, enum cms_rules rules,
    struct cms_header *ret);
/* END bounds the element.  VT_EFORMAT, and what the source says. */
int vt_cms_source_header(struct vt_source *src, uint64_t off, uint64_t end,
    struct cms_header *ret, struct vt_error *err);
/* Where the element at OFF ends. */
int vt_cms_source_skip(struct vt_source *src, uint64_t off, uint64_t end,
    uint64_t *ret, struct vt_error *err);

/* --- algorithms; cms_alg.c --- */

enum cms_md_id {
	CMS_MD5,
	CMS_SHA1,
	CMS_SHA224,
	CMS_SHA256,
	CMS_SHA384,
	CMS_SHA512,
	CMS_SHA3_224,
	CMS_SHA3_256,
	CMS_SHA3_384,
	CMS_SHA3_512,
	CMS_NMD,
	CMS_MD_UNKNOWN = CMS_NMD,
	CMS_MD_ANY /* the signature algorithm names none */
};

struct cms_md {
	const char *name;  /* "sha256" */
	const char *fetch; /* "SHA256", for OpenSSL */
	struct vt_bytes oid;
	size_t len;
	bool weak;
};

const struct cms_md *vt_cms_md(enum cms_md_id id); /* NULL: unknown */
enum cms_md_id vt_cms_md_of(struct vt_bytes oid);
/* By the name that we give it; CMS_MD_UNKNOWN. */
enum cms_md_id vt_cms_md_named(const char *name);

enum cms_family { CMS_FAMILY_NONE, CMS_RSA, CMS_PSS, CMS_ECDSA };

/* An AlgorithmIdentifier as it was given. */
struct cms_alg {
	struct vt_bytes whole;
	struct vt_bytes oid;
	struct vt_bytes params; /* one element, or empty */
};

bool vt_cms_alg_read(struct vt_bytes *in, enum cms_rules rules,
    struct cms_alg *ret);
/* Parameters that say nothing: absent, or NULL. */
bool vt_cms_alg_plain(const struct cms_alg *alg);

struct cms_sigalg {
	enum cms_family family;
	enum cms_md_id md; /* or CMS_MD_ANY */
	/* PSS that was not made as everybody does: it holds, and is refused. */
	bool odd;
	enum cms_md_id mgf; /* PSS: MGF1 by it */
	unsigned salt;      /* PSS: bytes */
};

/*
 * What a signature algorithm means; VT_CMS_FINE, or why it means nothing to
 * us (then RET may be half-filled).
 */
enum vt_cms_reason vt_cms_sigalg_read(const struct cms_alg *alg,
    struct cms_sigalg *ret);
int vt_cms_md_put(struct vt_buf *out, enum cms_md_id md);
int vt_cms_sigalg_put(struct vt_buf *out, const struct cms_sigalg *alg);

/* DIGEST in one call; OUT has EVP_MAX_MD_SIZE bytes. */
int vt_cms_hash(enum cms_md_id md, struct vt_bytes head, struct vt_bytes b,
    unsigned char *out, struct vt_error *err);
/*
 * Does SIGNATURE over DIGEST, which is by ALG's, verify with KEY?  VT_CMS_FINE,
 * VT_CMS_SIGNATURE_WRONG, or VT_CMS_BAD_KEY.
 */
enum vt_cms_reason vt_cms_verify(EVP_PKEY *key, const struct cms_sigalg *alg,
    struct vt_bytes digest, struct vt_bytes signature);

/* --- signed attributes; cms_attr.c --- */

/* One reference to a certificate (RFC 5035). */
struct cms_ess {
	enum cms_md_id md;
	struct vt_bytes hash;
	struct vt_bytes issuer; /* a Name; empty: not given */
	struct vt_bytes serial;
};

struct cms_attrs {
	enum vt_cms_reason reason; /* VT_CMS_FINE, or what is wrong */
	enum vt_cms_reason ess_reason;
	enum vt_cms_reason time_reason;
	struct vt_bytes content_type; /* OID's value; empty: absent */
	struct vt_bytes message_digest;
	struct vt_bytes protection; /* CMSAlgorithmProtection, or empty */
	struct vt_bytes archival;   /* revocationInfoArchival, or empty */
	struct vt_bytes mime_type, description; /* UTF8String, or empty */
	bool has_digest;
	size_t ness;           /* 0 to 2: v2 and v1 */
	struct cms_ess ess[2]; /* the first identifier of each */
	int64_t signing_time;
};

/* WHOLE is from the tag [0] on; empty: there are none. */
void vt_cms_attrs_read(struct vt_bytes whole, struct cms_attrs *ret);
/* DER Name and INTEGER's value against a certificate's issuer and serial. */
bool vt_cms_issuer_serial(const struct vt_cert *cert, struct vt_bytes issuer,
    struct vt_bytes serial);

extern const struct vt_bytes vt_cms_oid_data;
extern const struct vt_bytes vt_cms_oid_signed_data;
extern const struct vt_bytes vt_cms_oid_content_type;
extern const struct vt_bytes vt_cms_oid_message_digest;
extern const struct vt_bytes vt_cms_oid_signing_time;
extern const struct vt_bytes vt_cms_oid_signing_cert_v2;
extern const struct vt_bytes vt_cms_oid_content_stamp;
extern const struct vt_bytes vt_cms_oid_mime_type;
extern const struct vt_bytes vt_cms_oid_countersignature;
extern const struct vt_bytes vt_cms_oid_content_hints;

/* --- unsigned attributes; cms_unsigned.c --- */

struct cms_value {
	struct vt_cms_unsigned pub;
	struct vt_bytes attr; /* the whole Attribute that it is in */
	struct vt_bytes type; /* the whole attrType */
};

extern const struct vt_bytes vt_cms_oid_timestamp;
extern const struct vt_bytes vt_cms_oid_archive;
extern const struct vt_bytes vt_cms_oid_cert_values;
extern const struct vt_bytes vt_cms_oid_revocation_values;
extern const struct vt_bytes vt_cms_oid_index_v3;

/* --- messages; cms_read.c, cms_signer.c, cms_counter.c --- */

struct cms_signer {
	struct vt_cms_signer pub;
	uint32_t version;
	struct cms_alg digest_alg;
	struct cms_alg signature_alg;
	enum cms_md_id md;
	struct cms_attrs attrs;
	struct cms_value *values; /* owned */
	size_t nvalues;
	struct cms_counter *counters; /* owned; all that are on it */
	size_t ncounters;
	struct cms_stamp *stamps; /* owned */
	size_t nstamps;
};

struct cms_stamp {
	struct vt_cms_stamp pub;
	size_t value; /* which of the signer's; CMS_SIGNED: it is signed */
};
#define CMS_SIGNED SIZE_MAX

struct cms_counter {
	struct vt_cms_counter pub;
	struct cms_signer signer; /* without counters of its own */
	bool malformed;
};

/* A growing array of what is in the message; zeroed it is empty. */
struct cms_items {
	struct vt_bytes *items;
	size_t n;
};

struct vt_cms {
	struct vt_source *src;
	struct vt_source *own; /* where SRC is ours */
	struct vt_buf text;    /* what OWN borrows */
	struct vt_buf head;    /* digestAlgorithms and eContentType */
	struct vt_buf rest;    /* all behind the content */
	uint64_t rest_off;     /* where that begins in SRC */
	uint64_t size;         /* of all of it, without what pads it */
	bool trailed;          /* by other bytes */
	uint32_t version;
	struct vt_bytes content_type;
	struct vt_bytes content_oid; /* the same, whole */
	bool attached;
	bool segmented;       /* constructed: pieces in BER */
	uint64_t content_off; /* of the value of the OCTET STRING */
	uint64_t content_end; /* bound, where segmented */
	bool content_indefinite;
	uint64_t content_size;
	bool digests[CMS_NMD]; /* those that digestAlgorithms names */
	struct cms_items certs, crls;
	/* CertificateChoices and RevocationInfoChoices of other kinds. */
	struct cms_items more_certs, more_crls;
	/* What the version depends on (RFC 5652, 5.1). */
	bool other_certs, other_crls, attr_certs_v1, attr_certs_v2;
	struct vt_certs pool;
	struct cms_signer *signers;
	size_t nsigners;
};

/*
 * Take a SignerInfo apart.  VT_EFORMAT (no text is set), VT_ENOMEM, VT_ELIMIT.
 * RET is to be released also then.
 */
int vt_cms_signer_read(struct vt_bytes whole, struct cms_signer *ret,
    struct vt_error *err);
void vt_cms_signer_release(struct cms_signer *s);
/* The values of SET, an unsigned attributes' [1], into S; codes as above. */
int vt_cms_unsigned_read(struct vt_bytes set, struct cms_signer *s,
    struct vt_error *err);
/* The time stamps among S's attributes, into S. */
int vt_cms_stamps_read(struct cms_signer *s, struct vt_error *err);
/* What of S's values are counter-signatures, into S; a broken one is noted. */
int vt_cms_counters_read(struct cms_signer *s, struct vt_error *err);
/* Keep one more of at most VT_CMS_CERTS_MAX. */
int vt_cms_items_add(struct cms_items *items, struct vt_bytes b,
    struct vt_error *err);
/*
 * Check S, a counter-signature over the bytes OVER; else as vt_cms_check().
 */
int vt_cms_check_over(const struct vt_cms *cms, const struct cms_signer *s,
    struct vt_bytes over, const struct vt_certs *extra,
    struct vt_cms_facts *ret, struct vt_error *err);
/* The version that RFC 5652, 5.1, asks for. */
uint32_t vt_cms_version_of(const struct vt_cms *cms);

/*
 * Walk the segments of a constructed OCTET STRING; FN (may be NULL) gets
 * their bytes.  *RET_END is behind the last, end-of-contents included.
 */
int vt_cms_segments(const struct vt_cms *cms, uint64_t *ret_size,
    uint64_t *ret_end,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/* A flag for vt_cms_parse(): certificates are not taken apart. */
#define CMS_UNPARSED 0x100u

/* PEM to DER; VT_OK with *RET empty: no armour. */
int vt_cms_unarmour(struct vt_source *src, struct vt_buf *ret,
    struct vt_error *err);

/* --- digests; cms_digest.c --- */

int vt_cms_digest_of(const bool *wanted, struct vt_cms_digest **ret,
    struct vt_error *err);
/* The digest by MD; VT_EARG where it was not asked for.  Ends updating. */
int vt_cms_digest_get(struct vt_cms_digest *d, enum cms_md_id md,
    struct vt_bytes *ret, struct vt_error *err);

/* --- making; cms_make.c --- */

#define CMS_INFO_MAX (512u * 1024) /* bytes of a SignerInfo made here */

/* How one signer signs. */
struct cms_plan {
	enum vt_sigalg how;
	enum vt_hash hash;
	struct cms_sigalg alg;
};

/* What a SignerInfo is over. */
struct cms_over {
	struct vt_bytes type;   /* eContentType's OID */
	struct vt_bytes digest; /* of the content, or of what is countersigned;
				   without DATA: not known yet */
	bool counter;           /* a counter-signature (RFC 5652, 11.4) */
};

/* VT_EKEY: a key that we do not sign with. */
int vt_cms_plan(const struct vt_signer *signer, bool pss, struct cms_plan *ret,
    struct vt_error *err);
/*
 * Append a SignerInfo; where OVER has no digest, one with an empty signature of
 * the size that it has at most, and no key is used.  The value is verified
 * before it is given out: VT_EKEY, VT_ECRYPTO, VT_ENOMEM, VT_ELIMIT.
 */
int vt_cms_make_info(const struct vt_signer *signer,
    const struct vt_cms_sign *how, const struct cms_plan *plan,
    const struct cms_over *over, struct vt_buf *out, struct vt_error *err);
/* Sort N encodings and append them as ID { ... }, each once. */
int vt_cms_put_set(struct vt_buf *out, unsigned char id, struct vt_bytes *items,
    size_t n);
/* RC of a buffer, with the text of what was too long. */
int vt_cms_made(int rc, struct vt_error *err);

/* --- validation data; cms_validation.c --- */

/* Where it goes; NULL: not wanted. */
struct cms_sets {
	struct vt_certs *certs;
	struct vt_crls *crls;
	struct vt_ocsps *ocsps;
};

/* A flag for each of the message's and of one signer's values. */
struct cms_covered {
	bool *certs, *more_certs, *crls, *more_crls;
	bool *values;
};

/* ONLY may be NULL: all of it. */
int vt_cms_collect(const struct vt_cms *cms, const struct cms_signer *s,
    const struct cms_covered *only, struct cms_sets *to, struct vt_error *err);

/* --- archive time stamps; cms_archive.c, cms_index.c --- */

/* Mark the digests that S's time stamps need of the content. */
int vt_cms_stamps_wanted(const struct cms_signer *s, bool *wanted,
    struct vt_error *err);
/*
 * What INDEX, one value of ATSHashIndex in its VERSION, names in CMS and of S:
 * set in COVERED, all false before.  *RET_MD is set where it is known.
 * VT_ENOMEM, VT_ECRYPTO.
 */
int vt_cms_index_read(const struct vt_cms *cms, const struct cms_signer *s,
    struct vt_bytes index, unsigned version, enum cms_md_id *ret_md,
    struct cms_covered *covered, enum vt_cms_index *ret, struct vt_error *err);

#endif
