/* cms.h - signatures in CMS (RFC 5652; CAdES, ETSI EN 319 122-1; level B-B) */
#ifndef VANTHU_CMS_H
#define VANTHU_CMS_H

#include "vanthu/bytes.h"
#include "vanthu/digest.h"
#include "vanthu/limits.h"

struct vt_cert; /* x509.h */
struct vt_certs;
struct vt_crls;
struct vt_error;
struct vt_ocsps;  /* ocsp.h */
struct vt_signer; /* signer.h */
struct vt_source;

/* --- taking apart --- */

/*
 * One SignedData (RFC 5652, 5.1), kept as the bytes it was given: nothing is
 * ever encoded again.  The content is located, not loaded.
 */
struct vt_cms;

/* FLAGS: zero bytes may follow the message, as they do in a PDF's /Contents. */
#define VT_CMS_ZERO_PADDED 1u
/*
 * For judging: bytes may follow a message in DER or BER.  Who allows them must
 * say so: see vt_cms_trailed().
 */
#define VT_CMS_TRAILED 2u

/*
 * Read a message, DER or BER, or armoured in PEM ("PKCS7", "CMS").  Borrows
 * SRC, which must outlive *RET.  On VT_OK *RET is the caller's, to be freed
 * with vt_cms_free().  VT_EFORMAT, with clause: not such a message, bytes
 * behind it, no signer.  VT_ELIMIT: over a limit above.  VT_EUNSUPPORTED: CMS
 * of another kind than SignedData.  VT_EIO, VT_ENOMEM, VT_ECRYPTO.
 */
int vt_cms_open(struct vt_source *src, unsigned flags, struct vt_cms **ret,
    struct vt_error *err);
/* The same from memory, without armour; copies DER. */
int vt_cms_parse(struct vt_bytes der, unsigned flags, struct vt_cms **ret,
    struct vt_error *err);
void vt_cms_free(struct vt_cms *cms); /* NULL is allowed */

/* *RET is true where SRC begins as a SignedData or its armour does. */
int vt_cms_probe(struct vt_source *src, bool *ret, struct vt_error *err);

/* Bytes of the message, without its armour and without padding. */
uint64_t vt_cms_size(const struct vt_cms *cms);
/* Bytes that are no part of it follow (VT_CMS_TRAILED). */
bool vt_cms_trailed(const struct vt_cms *cms);
bool vt_cms_attached(const struct vt_cms *cms); /* the content is inside */
uint64_t vt_cms_content_size(const struct vt_cms *cms); /* 0 where it is not */
/*
 * Hand the content inside to FN in order, in pieces of at most 64 KiB; stops
 * with FN's code where that is not VT_OK.  VT_ENOTFOUND: detached.
 */
int vt_cms_content(const struct vt_cms *cms,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
/* The eContentType's OID as its value bytes. */
struct vt_bytes vt_cms_content_type(const struct vt_cms *cms);
/* true where that is id-data. */
bool vt_cms_is_data(const struct vt_cms *cms);

/*
 * The certificates and CRLs as given; all of this borrows from CMS.  What of
 * the certificates can be read is also in vt_cms_certs().
 */
size_t vt_cms_ncerts(const struct vt_cms *cms);
struct vt_bytes vt_cms_cert(const struct vt_cms *cms, size_t i);
const struct vt_certs *vt_cms_certs(const struct vt_cms *cms);
size_t vt_cms_ncrls(const struct vt_cms *cms);
struct vt_bytes vt_cms_crl(const struct vt_cms *cms, size_t i);

/* What one SignerInfo (5.3) says of itself.  Bytes are as given, borrowed. */
struct vt_cms_signer {
	struct vt_bytes der;          /* the whole SignerInfo */
	struct vt_bytes issuer;       /* DER Name; empty: by key identifier */
	struct vt_bytes serial;       /* value of the INTEGER */
	struct vt_bytes key_id;       /* value of the OCTET STRING, or empty */
	struct vt_bytes signed_attrs; /* from the tag [0] on, or empty */
	struct vt_bytes signature;    /* value of the OCTET STRING */
	struct vt_bytes unsigned_attrs; /* from the tag [1] on, or empty */
	const char *digest;             /* "sha256", ...; NULL: unknown to us */
	int64_t claimed_time;           /* signing-time; VT_TIME_NONE */
	/*
	 * What the signer calls the content: mime-type, the description in
	 * content-hints; foreign, or empty.
	 */
	struct vt_bytes mime_type, description;
	/* Unsigned attributes that are there, not judged. */
	bool has_timestamp;      /* signature-time-stamp: T */
	bool has_validation;     /* certificate or revocation values: LT */
	bool has_archive;        /* archive-time-stamp-v3: LTA */
	bool has_countersigners; /* says nothing of approval */
};

size_t vt_cms_nsigners(const struct vt_cms *cms); /* at least 1 */
const struct vt_cms_signer *vt_cms_signer(const struct vt_cms *cms, size_t i);

/* --- what was added to a signature; none of it is signed by it --- */

/* Unsigned attributes that we know. */
enum vt_cms_attr {
	VT_CMS_ATTR_OTHER,
	VT_CMS_ATTR_TIMESTAMP,   /* signature-time-stamp */
	VT_CMS_ATTR_ARCHIVE,     /* archive-time-stamp-v3 */
	VT_CMS_ATTR_ARCHIVE_OLD, /* its forerunners */
	VT_CMS_ATTR_CERT_VALUES,
	VT_CMS_ATTR_REVOCATION_VALUES,
	VT_CMS_ATTR_ADBE_REVOCATION, /* RevocationInfoArchival */
	VT_CMS_ATTR_COUNTERSIGNATURE,
	VT_CMS_ATTR_INDEX_V1, /* ats-hash-index, -v2, -v3: in tokens */
	VT_CMS_ATTR_INDEX_V2,
	VT_CMS_ATTR_INDEX_V3
};

/* One value of one unsigned attribute, as given; borrowed. */
struct vt_cms_unsigned {
	enum vt_cms_attr kind;
	struct vt_bytes oid;   /* value bytes of the attrType */
	struct vt_bytes value; /* the whole AttributeValue */
};

/* Those of signer I, in the order they stand there. */
size_t vt_cms_nunsigned(const struct vt_cms *cms, size_t i);
struct vt_cms_unsigned vt_cms_unsigned(const struct vt_cms *cms, size_t i,
    size_t k);

enum vt_cms_stamp_kind {
	VT_CMS_STAMP_CONTENT,   /* over the content, before it was signed; 5.2.8
				 */
	VT_CMS_STAMP_SIGNATURE, /* over the signature value */
	VT_CMS_STAMP_ARCHIVE,   /* archive-time-stamp-v3 */
	VT_CMS_STAMP_ARCHIVE_OLD /* an older form, which is not judged */
};

struct vt_cms_stamp {
	enum vt_cms_stamp_kind kind;
	struct vt_bytes token; /* the attribute's value as given; borrowed */
};

/*
 * The time stamps of signer I in the order they stand there, those that a
 * signed attribute holds first.
 */
size_t vt_cms_nstamps(const struct vt_cms *cms, size_t i);
struct vt_cms_stamp vt_cms_stamp(const struct vt_cms *cms, size_t i, size_t k);

/*
 * Add what the message carries to judge signer I's certificate with: its
 * certificates and lists (RFC 5652, 10.2), answers among these (RFC 5940),
 * certificate-values and revocation-values (EN 319 122-1, 5.4), and what Adobe
 * keeps in a signed attribute (ISO 32000-2, 12.8.3.3.2).  What does not parse
 * is passed over.  None of it is proven by being there.  A set may be NULL.
 * VT_ENOMEM; VT_ELIMIT: a set is full.
 */
int vt_cms_validation(const struct vt_cms *cms, size_t i,
    struct vt_certs *certs, struct vt_crls *crls, struct vt_ocsps *ocsps,
    struct vt_error *err);

/* --- judging --- */

/*
 * Every digest that the signers of one message and their time stamps over the
 * content or the archive need, made in one pass over the content.
 * vt_cms_digest_update() can be given to the calls that stream.
 */
struct vt_cms_digest;

int vt_cms_digest_new(const struct vt_cms *cms, struct vt_cms_digest **ret,
    struct vt_error *err);
/* DIGEST is a struct vt_cms_digest. */
int vt_cms_digest_update(void *digest, struct vt_bytes piece,
    struct vt_error *err);
/*
 * Let DIGEST, which was given nothing yet, begin with the bytes that D has
 * digested; false: it needs another digest than SHA-256, and is as before.
 */
bool vt_cms_digest_resume(struct vt_cms_digest *digest,
    const struct vt_sha256 *d);
void vt_cms_digest_free(struct vt_cms_digest *digest); /* NULL is allowed */
/*
 * One by the algorithm NAME ("sha1", ...) alone, for what is no message; and
 * its value, borrowed, after which it can not be updated.  VT_EARG: no such
 * algorithm, or not this one's; VT_ENOMEM; VT_ECRYPTO.
 */
int vt_cms_digest_named(const char *name, struct vt_cms_digest **ret,
    struct vt_error *err);
int vt_cms_digest_value(struct vt_cms_digest *digest, const char *name,
    struct vt_bytes *ret, struct vt_error *err);

enum vt_cms_reason {
	VT_CMS_NOT_CHECKED = 0,
	VT_CMS_FINE,
	VT_CMS_NO_CONTENT,     /* detached, and none was digested */
	VT_CMS_NO_CERTIFICATE, /* the signer's is not at hand */
	VT_CMS_LIMIT,          /* more have the signer's name than are tried */
	VT_CMS_UNSUPPORTED,    /* digest or signature unknown to us */
	VT_CMS_BAD_ALGORITHMS, /* the algorithms do not fit each other */
	VT_CMS_BAD_PARAMETERS, /* PSS: salt, MGF1, trailer; others: any */
	VT_CMS_BAD_KEY,        /* the certificate's key is of another kind */
	VT_CMS_BAD_VERSION,    /* of the SignerInfo, against its sid */
	VT_CMS_BAD_SIGNER,     /* a second SignerInfo like it */
	VT_CMS_NO_ATTRIBUTES,  /* the signature is over the bare content */
	VT_CMS_BAD_ATTRIBUTES, /* not DER, empty, twice, several values */
	VT_CMS_CONTENT_TYPE,   /* attribute missing, or another type */
	VT_CMS_NO_MESSAGE_DIGEST,  /* attribute missing */
	VT_CMS_DIGEST_DIFFERS,     /* the content is another */
	VT_CMS_SIGNATURE_WRONG,    /* the value does not verify */
	VT_CMS_NO_SIGNING_CERT,    /* neither signing-certificate attribute */
	VT_CMS_BAD_SIGNING_CERT,   /* cannot be read, or both disagree */
	VT_CMS_WRONG_SIGNING_CERT, /* it names another certificate */
	VT_CMS_BAD_SIGNING_TIME,   /* twice, or not a time */
	VT_CMS_MALFORMED,          /* a counter-signature that is none */
	VT_CMS_NREASONS
};

/* "digest-differs", ...: stable, not translated. */
const char *vt_cms_reason_name(enum vt_cms_reason r);
const char *vt_cms_reason_clause(enum vt_cms_reason r); /* or NULL */
const char *vt_cms_reason_text(enum vt_cms_reason r);   /* translated */

/* What is too weak today, as bits. */
#define VT_CMS_WEAK_DIGEST 1u /* MD5 or SHA-1 over content or attributes */
#define VT_CMS_WEAK_KEY 2u    /* RSA or DSA under 2048 bits, EC under 224 */
#define VT_CMS_WEAK_REFERENCE                                                  \
	4u /* the certificate is named by SHA-1 or MD5                         \
	    */

/*
 * What was found out about one signature.  Pointers borrow from the message or
 * from the certificates given.
 */
struct vt_cms_facts {
	/*
	 * Digest and signature hold over content and signed attributes, which
	 * mean one thing only.  Says nothing of trust, nor of weakness.
	 */
	bool intact;
	/*
	 * The digest of the content, where there are attributes the one in
	 * them, and the signature value hold under the key of a certificate
	 * that is named, whatever else is wrong: to be told, not to be relied
	 * on.
	 */
	bool holds;
	enum vt_cms_reason reason; /* why not; VT_CMS_FINE where intact */
	/*
	 * Intact, and a CAdES signature: the signed attributes bind the
	 * certificate, by hash and, where given, by issuer and serial.  Where
	 * no such attribute is there (VT_CMS_NO_SIGNING_CERT), a signature
	 * that somebody made without attributes over bytes that an attacker
	 * chose cannot be told from this one: accept it only where the format
	 * asks for no more (adbe.pkcs7.detached).  Any other reason here: a
	 * forgery, or not what it says it is.
	 */
	bool cades;
	enum vt_cms_reason cades_reason;
	const struct vt_cert *cert; /* the signer's; NULL: not found */
	const char *digest;         /* "sha256", or NULL */
	const char *signature;      /* "rsa" "rsa-pss" "ecdsa", or NULL */
	const char *weak_digest;    /* the worst: "md5" "sha1", or NULL */
	unsigned key_bits;          /* of CERT's key */
	unsigned weak;
};

/*
 * Check signer I.  CONTENT has digested the whole content; NULL: it is not at
 * hand.  EXTRA (may be NULL) are certificates that may be the signer's beside
 * those in the message; both are only candidates, the signed attribute
 * decides.  VT_OK means checked, not intact.  VT_ENOMEM, VT_ECRYPTO, VT_EARG
 * (CONTENT was made for another message).
 */
int vt_cms_check(const struct vt_cms *cms, size_t i,
    struct vt_cms_digest *content, const struct vt_certs *extra,
    struct vt_cms_facts *ret, struct vt_error *err);

/*
 * Counter-signatures (RFC 5652, 11.4) of signer I and on each other, at most
 * VT_CMS_COUNTER_DEPTH deep: facts, never an approval of the content.  Each
 * stands behind the one that it signs.
 */
#define VT_CMS_OF_SIGNER SIZE_MAX

struct vt_cms_counter {
	struct vt_cms_signer signer; /* DER alone is set where malformed */
	size_t of; /* the one that it signs; VT_CMS_OF_SIGNER: signer I */
};

size_t vt_cms_ncounters(const struct vt_cms *cms, size_t i);
const struct vt_cms_counter *vt_cms_counter(const struct vt_cms *cms, size_t i,
    size_t k);
/* As vt_cms_check(), over the value of the signature that K signs. */
int vt_cms_counter_check(const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_certs *extra, struct vt_cms_facts *ret,
    struct vt_error *err);

/* --- archive time stamps (EN 319 122-1, 5.5) --- */

/*
 * The token itself is judged as every other (tsp.h); here it is found out what
 * it stamps.  TOKEN is the SignedData of one stamp of signer I, of kind
 * VT_CMS_STAMP_ARCHIVE.
 */

/* The index that the token has among its unsigned attributes (5.5.2). */
enum vt_cms_index {
	VT_CMS_INDEX_FINE,
	VT_CMS_INDEX_ABSENT,
	VT_CMS_INDEX_MALFORMED,   /* or several, or of another digest */
	VT_CMS_INDEX_UNSUPPORTED, /* its digest is unknown to us */
	VT_CMS_INDEX_DANGLING     /* it names what is not in the message */
};

/* What an archive time stamp says that it covers. */
struct vt_cms_archive {
	/*
	 * INDEX is fine: every hash in it is that of something in the message.
	 * Where not, what it stamped is not this, and it proves nothing.
	 */
	bool sound;
	/*
	 * Sound, and it names all that is in the message now, time stamps of
	 * the archive left out.  Where not, something was added later.
	 */
	bool whole;
	uint64_t stamps; /* bit K: stamp K of the signer is covered */
	enum vt_cms_index index;
	unsigned version;   /* of the index: 3; of older standards: 1 2 */
	const char *digest; /* of the index, "sha256", or NULL */
};

/*
 * Read the index in TOKEN, which is of stamp K (else VT_EARG).  VT_OK means
 * read or not: see SOUND.  VT_ENOMEM; VT_ECRYPTO.
 */
int vt_cms_archive_read(const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_cms *token, struct vt_cms_archive *ret,
    struct vt_error *err);

/*
 * As vt_cms_validation(), but only what the token covers, whose time then
 * proves when it existed; nothing where its index is not sound.
 */
int vt_cms_archive_validation(const struct vt_cms *cms, size_t i,
    const struct vt_cms *token, struct vt_certs *certs, struct vt_crls *crls,
    struct vt_ocsps *ocsps, struct vt_error *err);

/*
 * Hand what such a stamp must be over (5.5.3) to FN, in order.  DIGEST is the
 * name of its imprint's digest; CONTENT, of vt_cms_digest_new() for this very
 * message, has digested the content.  VT_EUNSUPPORTED: not by that digest, or
 * there is no index; FN's code.
 */
int vt_cms_archive_stream(const struct vt_cms *cms, size_t i,
    const struct vt_cms *token, struct vt_cms_digest *content,
    const char *digest,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/* --- making --- */

struct vt_cms_sign {
	bool pss; /* RSASSA-PSS with an RSA key; a PSS key always does */
	/*
	 * What the signing-time attribute says; VT_TIME_NONE: no attribute, as
	 * PDF signatures must have it (EN 319 142-1, 6.3).
	 */
	int64_t signing_time;
	/*
	 * What the content is ("text/csv"), and how its file is called (UTF-8,
	 * no control characters), as mime-type and content-hints say it (EN 319
	 * 122-1, 5.2.4); NULL: no attribute.  Borrowed.
	 */
	const char *mime_type, *name;
	/*
	 * DER certificates to embed beside the signer's own and those it
	 * brings along; each once.  Borrowed.
	 */
	const struct vt_bytes *chain;
	size_t nchain;
};

/*
 * An upper bound for what vt_cms_sign() will make, in bytes; no private key is
 * used.  VT_EKEY: a key that we do not sign with.
 */
int vt_cms_sign_size(const struct vt_signer *signer,
    const struct vt_cms_sign *how, size_t *ret, struct vt_error *err);

/* A digest over content to come, for SIGNER: SHA-384 for P-384, else SHA-256.
 */
int vt_cms_sign_digest(const struct vt_signer *signer,
    struct vt_cms_digest **ret, struct vt_error *err);

/*
 * Append a detached signature, DER, over what CONTENT (of
 * vt_cms_sign_digest()) has digested.  The value is verified with the
 * certificate's key before it is given out.  VT_EKEY: the key failed or is not
 * the certificate's.  VT_ECRYPTO, VT_ENOMEM, VT_ELIMIT.
 */
int vt_cms_sign(const struct vt_signer *signer, const struct vt_cms_sign *how,
    struct vt_cms_digest *content, struct vt_buf *ret, struct vt_error *err);

/* Replace bytes at OFF of what was handed out before; as vt_out_patch(). */
typedef int vt_cms_patch_fn(void *ctx, uint64_t off, struct vt_bytes b,
    struct vt_error *err);

/*
 * Hand a signature with the content inside, DER, to FN in order and in pieces
 * of at most 64 KiB; what is signed is what was handed out.  The message begins
 * with its length, and that of an ECDSA signature is not known before: PATCH
 * puts it right.  Where PATCH is NULL or cannot help, CONTENT is read twice;
 * VT_EIO where it was another the second time, and what FN got is then
 * worthless.  Other errors as vt_cms_sign(), and those of FN and PATCH.
 */
int vt_cms_sign_attached(const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_source *content,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    vt_cms_patch_fn *patch, void *ctx, struct vt_error *err);

/*
 * Hand CMS with one more SignerInfo to FN, in order and in pieces of at most 64
 * KiB: a signature over the same content, beside the others.  Their bytes, the
 * content, certificates and lists stay as they were given; only what encloses
 * them gets longer.  CONTENT, of vt_cms_sign_digest(), has digested the
 * content.  A message in PEM comes out of its armour.  VT_ELIMIT; else as
 * vt_cms_sign(), and FN's code.
 */
int vt_cms_cosign(const struct vt_cms *cms, const struct vt_signer *signer,
    const struct vt_cms_sign *how, struct vt_cms_digest *content,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/*
 * The same with a counter-signature (RFC 5652, 11.4) on signer WHICH, or on
 * each of them: over the value of its signature, among its unsigned attributes.
 * VT_ENOTFOUND: there is no such signer.
 */
#define VT_CMS_EACH SIZE_MAX
int vt_cms_countersign(const struct vt_cms *cms, size_t which,
    const struct vt_signer *signer, const struct vt_cms_sign *how,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

#endif
