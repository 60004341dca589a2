/* tsp.h - time stamps (RFC 3161, RFC 5816; ETSI EN 319 422) */
#ifndef VANTHU_TSP_H
#define VANTHU_TSP_H

#include "vanthu/bytes.h"
#include "vanthu/cms.h"
#include "vanthu/limits.h"

#define VT_TSP_NONCE_LEN 16 /* bytes of the nonces that we make */

/*
 * One TimeStampToken: a SignedData over a TSTInfo, kept as the bytes it was
 * given.  That it parses says nothing of who made it.
 */
struct vt_tsp;

/*
 * Copies DER.  FLAGS: VT_CMS_ZERO_PADDED, as in a PDF's /Contents.  On VT_OK
 * *RET is the caller's.  VT_EFORMAT, with clause: not a
 * token, more than one signer, no TSTInfo in DER, bytes behind it.
 * VT_EUNSUPPORTED: a version or a digest that is not known here.  VT_ELIMIT;
 * VT_ENOMEM.
 */
int vt_tsp_parse(struct vt_bytes der, unsigned flags, struct vt_tsp **ret,
    struct vt_error *err);
void vt_tsp_free(struct vt_tsp *t); /* NULL is allowed */

/* What a token says.  Bytes are borrowed from it. */
struct vt_tsp_info {
	char policy[VT_TSP_POLICY_MAX + 1]; /* dotted */
	const char *digest;                 /* of the imprint: "sha256", ... */
	struct vt_bytes imprint;
	int64_t time;        /* genTime, the second that has begun */
	uint32_t micros;     /* of it, in millionths of a second, cut */
	int64_t accuracy_ms; /* plus or minus; -1: not said */
	bool ordering;
	struct vt_bytes serial; /* value of the INTEGER */
	struct vt_bytes nonce;  /* the same; empty: none */
	struct vt_bytes tsa;    /* DER GeneralName; empty: not said */
};

const struct vt_tsp_info *vt_tsp_info(const struct vt_tsp *t);
/* The SignedData: its certificates and lists; borrowed. */
const struct vt_cms *vt_tsp_cms(const struct vt_tsp *t);
/* The whole token as it was given, without padding; borrowed. */
struct vt_bytes vt_tsp_der(const struct vt_tsp *t);

/*
 * The digest of what a token is to stamp, by the token's own algorithm.
 * vt_tsp_digest_update() can be given to the calls that stream.
 */
struct vt_tsp_digest;

int vt_tsp_digest_new(const struct vt_tsp *t, struct vt_tsp_digest **ret,
    struct vt_error *err);
/* DIGEST is a struct vt_tsp_digest. */
int vt_tsp_digest_update(void *digest, struct vt_bytes piece,
    struct vt_error *err);
/*
 * VALUE, by that algorithm, was made elsewhere: of content, say, that is read
 * once.  VT_EARG: it is of another length.
 */
int vt_tsp_digest_set(struct vt_tsp_digest *d, struct vt_bytes value,
    struct vt_error *err);
void vt_tsp_digest_free(struct vt_tsp_digest *d); /* NULL is allowed */

struct vt_tsp_facts {
	/*
	 * The imprint is that of what was digested, the signature holds, and
	 * its signed attributes bind the certificate (RFC 3161, 2.4.1; RFC
	 * 5816).  Says nothing of trust nor of weakness.
	 */
	bool intact;
	bool imprint; /* of these, the first alone */
	/*
	 * The tsa field, where there is one, is a name of the certificate
	 * (2.4.2).  The signature covers both, so a difference is a fault of
	 * the authority, not an attack.
	 */
	bool named;
	enum vt_cms_reason reason; /* why not; VT_CMS_FINE where intact */
	struct vt_cms_facts cms;   /* signer, digests, key */
};

/*
 * Check T against what D digested.  EXTRA (may be NULL) are certificates that
 * may be the signer's beside those in the token; both are only candidates, the
 * signed attribute decides.  VT_OK means checked, not intact.  VT_ENOMEM;
 * VT_ECRYPTO; VT_EARG: D was made for a token with another digest.
 */
int vt_tsp_check(const struct vt_tsp *t, struct vt_tsp_digest *d,
    const struct vt_certs *extra, struct vt_tsp_facts *ret,
    struct vt_error *err);

/* --- asking for a token --- */

/* What to ask an authority for. */
struct vt_tsp_request {
	const char *digest; /* of the imprint: "sha256", "sha384", "sha512" */
	unsigned char imprint[VT_TSP_IMPRINT_MAX];
	size_t imprint_len;
	char policy[VT_TSP_POLICY_MAX + 1];    /* dotted; empty: whichever */
	unsigned char nonce[VT_TSP_NONCE_LEN]; /* the first bit is clear */
};

/*
 * A request with a new nonce.  IMPRINT is the digest, by DIGEST, of what is to
 * be stamped; POLICY may be NULL.  VT_EARG: not such a digest, or no OID.
 * VT_ECRYPTO.
 */
int vt_tsp_request_init(struct vt_tsp_request *ret, const char *digest,
    struct vt_bytes imprint, const char *policy, struct vt_error *err);
/*
 * Its TimeStampReq in DER (2.4.1), certificates asked for, behind what RET
 * holds.  VT_ECRYPTO; VT_ENOMEM; VT_ELIMIT: RET's maximum.
 */
int vt_tsp_request_der(const struct vt_tsp_request *req, struct vt_buf *ret,
    struct vt_error *err);
/*
 * The other way, DER to RET; what it borrows of is static.  A request without a
 * nonce has one of zeros.  VT_EFORMAT; VT_EUNSUPPORTED: a version, digest or
 * extension that is not known here.
 */
int vt_tsp_request_parse(struct vt_bytes der, struct vt_tsp_request *ret,
    struct vt_error *err);

/*
 * The token of a TimeStampResp in DER (2.4.2), which answers REQ: the same
 * imprint, nonce and, where one was asked for, policy, and it has certificates.
 * It still is to be checked.  VT_EREFUSED: the authority says no, and why;
 * VT_EFORMAT: no such response, or to another request; else as vt_tsp_parse().
 */
int vt_tsp_response(struct vt_bytes der, const struct vt_tsp_request *req,
    struct vt_tsp **ret, struct vt_error *err);

#endif
