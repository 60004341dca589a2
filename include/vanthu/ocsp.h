/* ocsp.h - answers about the status of certificates, as they came (RFC 6960) */
#ifndef VANTHU_OCSP_H
#define VANTHU_OCSP_H

#include "vanthu/limits.h"
#include "vanthu/x509.h"

/*
 * A signed answer: immutable, counted references, the exact bytes it came as.
 * What a getter returns is borrowed and lives as long as the answer.  That it
 * parses says nothing of who signed it.
 */
struct vt_ocsp;

/*
 * Copies DER: one OCSPResponse whose status is "successful", or the bare
 * BasicOCSPResponse of revocation values, and nothing behind it.  VT_EFORMAT;
 * VT_EUNSUPPORTED: another kind of answer, or a critical extension that is not
 * known here; VT_EREFUSED: the responder says that it has no answer (its status
 * is not "successful"), and VT_ENET where that is "internalError" or
 * "tryLater"; VT_ELIMIT; VT_ENOMEM.
 */
int vt_ocsp_parse(struct vt_bytes der, struct vt_ocsp **ret,
    struct vt_error *err);
/* The same of a file, which holds it in DER and nothing else.  VT_EIO too. */
int vt_ocsp_read_file(const char *path, struct vt_ocsp **ret,
    struct vt_error *err);
struct vt_ocsp *vt_ocsp_ref(struct vt_ocsp *ocsp); /* one more; OCSP */
void vt_ocsp_free(struct vt_ocsp *ocsp); /* one less; NULL is allowed */

struct vt_bytes vt_ocsp_der(const struct vt_ocsp *ocsp);   /* as it came */
struct vt_bytes vt_ocsp_basic(const struct vt_ocsp *ocsp); /* the bare one */
/*
 * Put the whole OCSPResponse behind what OUT holds, also of one that came bare.
 * VT_ENOMEM; VT_ELIMIT: OUT's maximum.
 */
int vt_ocsp_put_response(const struct vt_ocsp *ocsp, struct vt_buf *out);
const unsigned char *vt_ocsp_sha256(const struct vt_ocsp *ocsp); /* of _basic */
int64_t vt_ocsp_produced_at(const struct vt_ocsp *ocsp);
/* Who answers: a name (RFC 4514), or "key " and the SHA-1 of a key in hex. */
const char *vt_ocsp_responder(const struct vt_ocsp *ocsp);
/* Certificates that came with it; those that do not parse are left out. */
const struct vt_certs *vt_ocsp_certs(const struct vt_ocsp *ocsp);

/* The responder that it names is CERT: by its name, or by its key's hash. */
bool vt_ocsp_names(const struct vt_ocsp *ocsp, const struct vt_cert *cert);
/* CERT's key verifies it. */
bool vt_ocsp_signed_by(const struct vt_ocsp *ocsp, const struct vt_cert *cert);
const char *vt_ocsp_digest(
    const struct vt_ocsp *ocsp); /* as vt_cert_digest() */

enum vt_ocsp_status {
	VT_OCSP_UNKNOWN = 0, /* the responder does not know the certificate */
	VT_OCSP_GOOD,
	VT_OCSP_REVOKED
};

/* What it says of one certificate; instants or VT_TIME_NONE. */
struct vt_ocsp_single {
	enum vt_ocsp_status status;
	int64_t this_update;
	int64_t next_update;    /* or none: "newer ones at any time" */
	int64_t revoked_at;     /* where revoked; as vt_crl_entry's */
	int reason;             /* CRLReason, or -1 */
	int64_t archive_cutoff; /* it knows of those that expired since */
};

size_t vt_ocsp_singles(const struct vt_ocsp *ocsp); /* how many */
/*
 * The first answer from *I on about CERT, issued by ISSUER: serial, and the
 * hashes of the issuer's name and key.  false: no more.  *I: behind it.
 */
bool vt_ocsp_find(const struct vt_ocsp *ocsp, const struct vt_cert *cert,
    const struct vt_cert *issuer, size_t *i, struct vt_ocsp_single *ret);

/*
 * A request about CERT for a responder: an OCSPRequest in DER, put behind what
 * RET holds.  No nonce, so that the same question is the same bytes; answers
 * are judged by their times.  VT_ENOMEM; VT_ELIMIT: RET's maximum; VT_ECRYPTO.
 */
int vt_ocsp_request(const struct vt_cert *cert, const struct vt_cert *issuer,
    struct vt_buf *ret, struct vt_error *err);

/* A set of references that it owns; zeroed it is empty. */
struct vt_ocsps {
	struct vt_ocsp **items;
	size_t n;
};

/* As vt_certs_add(): its own reference, each once. */
int vt_ocsps_add(struct vt_ocsps *set, struct vt_ocsp *ocsp,
    struct vt_error *err);
void vt_ocsps_release(struct vt_ocsps *set); /* empties it */

#endif
