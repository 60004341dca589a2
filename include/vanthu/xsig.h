/* xsig.h - signatures in XML (XMLDSig 1.1; XAdES, ETSI EN 319 132-1) */
#ifndef VANTHU_XSIG_H
#define VANTHU_XSIG_H

#include "vanthu/limits.h"
#include "vanthu/source.h" /* vt_sink_fn */

struct vt_cert; /* x509.h */
struct vt_certs;
struct vt_error;
struct vt_signer; /* signer.h */

/* --- taking apart --- */

/*
 * An XML document and the signatures in it, read once and strictly: what is
 * judged is what was read.  It is also what any reader of the document sees,
 * for a DOCTYPE is refused and an Id that is referred to must be the only one.
 *
 * References, transforms and coverage are ours, the canonical form is module
 * xml's, digests and values are OpenSSL's: no library is loaded late, so
 * nothing is to be prepared before a sandbox closes.  xmlsec, whose 1.2 knows
 * no PSS and whose transforms would read a second time what was read here, is
 * what the tests compare this with.
 */
struct vt_xsig;

/*
 * Read SRC, which is not needed afterwards.  On VT_OK *RET is the caller's; it
 * may hold no signature.  A signature that is not one as XMLDSig has them does
 * no harm here: vt_xsig_check() says so.  VT_EFORMAT, VT_EUNSUPPORTED: as
 * vt_xml_tree_read() has them.  VT_ELIMIT: its limits, or one above.  VT_EIO,
 * VT_ENOMEM.
 */
int vt_xsig_open(struct vt_source *src, struct vt_xsig **ret,
    struct vt_error *err);
void vt_xsig_free(struct vt_xsig *xs); /* NULL is allowed */

#define VT_XSIG_NO_PARENT SIZE_MAX

/* What one ds:Signature says of itself; texts are foreign.  Borrowed. */
struct vt_xsig_signature {
	unsigned line;
	const char *id; /* or NULL */
	/*
	 * It stands in the CounterSignature of that one; says nothing of
	 * approval.  Else VT_XSIG_NO_PARENT.
	 */
	size_t parent;
	bool detached;        /* it needs content from outside the document */
	bool qualified;       /* there are XAdES properties, not judged */
	int64_t claimed_time; /* SigningTime; VT_TIME_NONE */
	/* Unsigned properties that are there, not judged. */
	bool has_timestamp;  /* SignatureTimeStamp: T */
	bool has_validation; /* certificate or revocation values: LT */
	bool has_archive;    /* ArchiveTimeStamp: LTA */
};

/* Those of the namespace of XMLDSig, wherever they stand, in document order. */
size_t vt_xsig_count(const struct vt_xsig *xs);
const struct vt_xsig_signature *vt_xsig_signature(const struct vt_xsig *xs,
    size_t i);

/*
 * Validation data that travels with signature I (KeyInfo, CertificateValues,
 * RevocationValues, TimeStampValidationData and the like): the certificates
 * that can be read; lists and OCSP responses as the bytes they came as.  It
 * proves nothing by being there.  Borrowed.
 */
const struct vt_certs *vt_xsig_certs(const struct vt_xsig *xs, size_t i);
size_t vt_xsig_ncrls(const struct vt_xsig *xs, size_t i);
struct vt_bytes vt_xsig_crl(const struct vt_xsig *xs, size_t i, size_t k);
size_t vt_xsig_nocsps(const struct vt_xsig *xs, size_t i);
struct vt_bytes vt_xsig_ocsp(const struct vt_xsig *xs, size_t i, size_t k);

/*
 * Elements of this name need not be covered: an envelope's list of hops, to
 * which each hop adds.  For the checks that follow; both are the caller's own
 * literals.
 */
void vt_xsig_pass_over(struct vt_xsig *xs, const char *ns, const char *local);

/* --- judging --- */

enum vt_xsig_reason {
	VT_XSIG_NOT_CHECKED = 0,
	VT_XSIG_FINE,
	/* Undecided: more is needed, or we do not do it. */
	VT_XSIG_NO_CONTENT,            /* what is outside is not at hand */
	VT_XSIG_NO_CERTIFICATE,        /* the signer's is not at hand */
	VT_XSIG_UNSUPPORTED,           /* digest, signature or C14N unknown */
	VT_XSIG_UNSUPPORTED_TRANSFORM, /* XSLT, XPath, another chain */
	VT_XSIG_UNSUPPORTED_REFERENCE, /* XPointer other than to an Id */
	VT_XSIG_LIMIT,                 /* over VT_XSIG_WORK_MAX and the like */
	VT_XSIG_COMMENT, /* a comment that is not signed splits a value */
	/* No. */
	VT_XSIG_MALFORMED,         /* not as XMLDSig has it, or ambiguous */
	VT_XSIG_REFERENCE_MISSING, /* nothing has that Id */
	VT_XSIG_DUPLICATE_ID,      /* several elements have it */
	VT_XSIG_MISPLACED, /* enveloped, yet not within what it refers to */
	VT_XSIG_NOTHING,   /* signs nothing of a document */
	VT_XSIG_BAD_KEY,   /* the certificate's key is of another kind */
	VT_XSIG_DIGEST_DIFFERS,  /* what is referred to is another */
	VT_XSIG_SIGNATURE_WRONG, /* the value does not verify */
	/* Of XAdES alone. */
	VT_XSIG_NO_PROPERTIES,       /* plain XMLDSig */
	VT_XSIG_BAD_PROPERTIES,      /* malformed, or of another signature */
	VT_XSIG_PROPERTIES_UNSIGNED, /* no reference to them */
	VT_XSIG_NO_SIGNING_CERT,     /* they name no certificate */
	VT_XSIG_WRONG_SIGNING_CERT,  /* they name another one */
	VT_XSIG_BAD_SIGNING_TIME,    /* not a time, or without its zone */
	VT_XSIG_NREASONS
};

/* "digest-differs", ...: stable, not translated. */
const char *vt_xsig_reason_name(enum vt_xsig_reason r);
const char *vt_xsig_reason_clause(enum vt_xsig_reason r); /* or NULL */
const char *vt_xsig_reason_text(enum vt_xsig_reason r);   /* translated */
/* The reason leaves open whether the signature holds. */
bool vt_xsig_reason_open(enum vt_xsig_reason r);

/* What is too weak today, as bits; the same as those of cms.h. */
#define VT_XSIG_WEAK_DIGEST 1u    /* MD5 or SHA-1 in a signature, a reference */
#define VT_XSIG_WEAK_KEY 2u       /* RSA under 2048 bits, EC under 224 */
#define VT_XSIG_WEAK_REFERENCE 4u /* the certificate is named by such one */

/* How much of the document an intact signature covers. */
enum vt_xsig_covers {
	VT_XSIG_COVERS_NOTHING = 0, /* and where it is not intact */
	VT_XSIG_COVERS_SIGNATURE, /* a counter-signature: its parent's value */
	VT_XSIG_COVERS_PART,      /* not the root element */
	VT_XSIG_COVERS_WHOLE,     /* all but the signature itself */
	VT_XSIG_COVERS_CONTENT    /* what was given as content, and no part of
				   * the document, which holds nothing else */
};

/*
 * What was found out about one signature.  Pointers borrow from the document
 * or from the certificates given.
 */
struct vt_xsig_facts {
	/*
	 * All digests and the signature value hold, under the key of CERT.
	 * Says nothing of trust, nor of weakness, nor that all is covered.
	 */
	bool intact;
	enum vt_xsig_reason reason; /* why not; VT_XSIG_FINE where intact */
	/*
	 * Intact, and a XAdES signature: signed properties bind the
	 * certificate by its digest.  Where xades_reason is
	 * VT_XSIG_NO_PROPERTIES it is plain XMLDSig, else it is not what it
	 * says it is.
	 */
	bool xades;
	enum vt_xsig_reason xades_reason;
	const struct vt_cert *cert; /* the signer's; NULL: not found */
	const char *digest;         /* of the signature: "sha256", or NULL */
	const char *signature;      /* "rsa" "rsa-pss" "ecdsa" "ed25519" */
	const char *weak_digest;    /* the worst: "md5" "sha1", or NULL */
	const char *weakest_digest; /* of all references: "sha256", ... */
	unsigned key_bits;          /* of CERT's key */
	unsigned weak;
	enum vt_xsig_covers covers;
	/*
	 * Of an intact one, the first element with something in it that is not
	 * covered and does not belong to a signature, as "/invoice/line", for
	 * people and foreign; NULL: there is none.  Where it is set, what a
	 * reader sees in the document is not all signed: a moved ("wrapped")
	 * element looks like this.
	 */
	const char *uncovered;
};

/*
 * Check signature I.  CONTENT (may be NULL) is what references to the outside
 * mean; nothing is ever fetched, and their URIs are not looked at.  Where the
 * signature is not detached CONTENT is not looked at either.  EXTRA (may
 * be NULL) are certificates that may be the signer's beside those in KeyInfo;
 * both are only candidates: the signed properties decide, else the key that
 * verifies.  Keys come from certificates only, never from KeyValue or
 * RetrievalMethod; a MAC is no signature.  VT_OK means checked, not intact.
 * VT_ENOMEM, VT_EIO, VT_ECRYPTO, VT_EARG (no such signature).
 */
int vt_xsig_check(struct vt_xsig *xs, size_t i, struct vt_source *content,
    const struct vt_certs *extra, struct vt_xsig_facts *ret,
    struct vt_error *err);

/* What one ds:Reference says, and what the latest check found. */
struct vt_xsig_reference {
	const char *uri;    /* as written; NULL: none */
	const char *target; /* "/invoice/line"; NULL: outside, or not found */
	const char *digest; /* "sha256", or NULL */
	bool properties;    /* the XAdES properties of this signature */
	bool holds;
	enum vt_xsig_reason reason;
};

size_t vt_xsig_nreferences(const struct vt_xsig *xs, size_t i);
const struct vt_xsig_reference *vt_xsig_reference(const struct vt_xsig *xs,
    size_t i, size_t k);

/* --- time stamps --- */

enum vt_xsig_stamp_kind {
	VT_XSIG_STAMP_SIGNATURE, /* SignatureTimeStamp */
	VT_XSIG_STAMP_ARCHIVE,   /* ArchiveTimeStamp */
	VT_XSIG_STAMP_REFS,      /* SigAndRefs..., RefsOnlyTimeStamp */
	VT_XSIG_STAMP_CONTENT    /* AllDataObjects..., Individual...TimeStamp */
};

struct vt_xsig_stamp {
	enum vt_xsig_stamp_kind kind;
	unsigned line;
	struct vt_bytes token; /* DER of a TimeStampToken; empty: unreadable */
	bool supported;        /* vt_xsig_stamp_imprint() can say what of */
	/*
	 * So many of each, the first ones, stand before its property: what an
	 * archive time stamp is over beside the signature.
	 */
	size_t nstamps, ncrls, nocsps;
};

/* In document order; of one property every token.  Borrowed. */
size_t vt_xsig_nstamps(const struct vt_xsig *xs, size_t i);
const struct vt_xsig_stamp *vt_xsig_stamp(const struct vt_xsig *xs, size_t i,
    size_t k);

/*
 * Hand the bytes that time stamp K of signature I must be over to FN, in
 * order.  CONTENT as in vt_xsig_check().  VT_EUNSUPPORTED: not supported;
 * VT_ENOTFOUND: CONTENT is needed; VT_ELIMIT; FN's code; VT_EIO, VT_ENOMEM.
 */
int vt_xsig_stamp_imprint(struct vt_xsig *xs, size_t i, size_t k,
    struct vt_source *content, vt_sink_fn *fn, void *ctx, struct vt_error *err);

/* --- making --- */

struct vt_xsig_sign {
	bool pss; /* RSASSA-PSS with an RSA key; a PSS key always does */
	int64_t signing_time;
	/* DER certificates to embed beside the signer's and its own; borrowed.
	 */
	const struct vt_bytes *chain;
	size_t nchain;
};

/*
 * Hand SRC, an XML document, to FN with an enveloped signature in it: XAdES at
 * level B-B (EN 319 132-1, 6), over the whole document, in Canonical XML 1.0.
 * It stands before the end tag of the root element, and every byte around it is
 * as it was (an empty root element "<a/>" gets its end tag).  Where there are
 * signatures already, the new one stands in an ds:Object of the last of them,
 * which neither signs; it covers them, as a further revision of a PDF does.
 *
 * The result is read and judged before it is handed out: the new signature
 * holds and covers the whole, and every one that held before does.
 * VT_EREFUSED: one that is there does not hold, or would not afterwards.
 * VT_EFORMAT, VT_EUNSUPPORTED, VT_ELIMIT: SRC is no XML, or over a limit, as
 * vt_xsig_open() has them; VT_EKEY, VT_ECRYPTO, VT_EIO, VT_ENOMEM; FN's code.
 */
int vt_xsig_sign(struct vt_source *src, const struct vt_signer *signer,
    const struct vt_xsig_sign *how, vt_sink_fn *fn, void *ctx,
    struct vt_error *err);

/* Give a time stamp over OVER: RET, which is empty, gets a TimeStampToken. */
typedef int vt_xsig_stamper_fn(void *ctx, struct vt_bytes over,
    struct vt_buf *ret, struct vt_error *err);

/*
 * Hand SRC to FN with a SignatureTimeStamp (EN 319 132-1, 5.3) for its last
 * signature, over its ds:SignatureValue in exclusive canonical form: level T.
 * Those before it are covered by it and stay as they are; so does every byte
 * around what is put in.  The result is read and judged before it is handed
 * out: all that held does, and the stamp is over what STAMPER was given.
 * VT_EREFUSED: the last one is no XAdES signature or does not hold, or another
 * would break; STAMPER's code; others as vt_xsig_sign().
 */
int vt_xsig_stamp_add(struct vt_source *src, vt_xsig_stamper_fn *stamper,
    void *stamper_ctx, vt_sink_fn *fn, void *ctx, struct vt_error *err);

#endif
