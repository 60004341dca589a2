/* cms_extend.h - what is added to a signature later (EN 319 122-1, 5 and 6) */
#ifndef VANTHU_CMS_EXTEND_H
#define VANTHU_CMS_EXTEND_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_certs;
struct vt_cms;
struct vt_cms_digest;
struct vt_crls;
struct vt_error;
struct vt_ocsps;

/* --- attributes, each whole in DER, put behind what OUT holds --- */

/*
 * signature-time-stamp (5.3) with TOKEN, a TimeStampToken, as its value.  The
 * errors of all of these: VT_ENOMEM; VT_ELIMIT, OUT's maximum.
 */
int vt_cms_put_timestamp(struct vt_buf *out, struct vt_bytes token,
    struct vt_error *err);
/* certificate-values (5.4.1). */
int vt_cms_put_cert_values(struct vt_buf *out, const struct vt_certs *certs,
    struct vt_error *err);
/* revocation-values (5.4.2); one of the two may be empty. */
int vt_cms_put_revocation_values(struct vt_buf *out, const struct vt_crls *crls,
    const struct vt_ocsps *ocsps, struct vt_error *err);

/* --- archive time stamps (5.5) --- */

/*
 * ATSHashIndexV3 (5.5.2) by DIGEST ("sha256") of all that CMS holds now, for
 * its signer I, behind what OUT holds.  VT_EARG: no such digest or signer.
 */
int vt_cms_put_index(struct vt_buf *out, const struct vt_cms *cms, size_t i,
    const char *digest, struct vt_error *err);
/*
 * Hand what a time stamp with this INDEX must be over (5.5.3) to FN, in order.
 * CONTENT has digested the content by DIGEST, and ends updating.
 * VT_EUNSUPPORTED: not by that digest; FN's code.
 */
int vt_cms_archive_over(const struct vt_cms *cms, size_t i,
    struct vt_bytes index, struct vt_cms_digest *content, const char *digest,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
/*
 * archive-time-stamp-v3 (5.5.3): TOKEN, a TimeStampToken over that, with INDEX
 * among its unsigned attributes.  VT_EFORMAT: TOKEN is no such message.
 */
int vt_cms_put_archive(struct vt_buf *out, struct vt_bytes token,
    struct vt_bytes index, struct vt_error *err);

/* --- adding it --- */

struct vt_cms_more {
	/*
	 * For each signer of the message whole attributes, one behind the
	 * other; empty: none.  NULL: for no signer.
	 */
	const struct vt_bytes *attrs;
	/* Into the sets of the message itself; NULL: none. */
	const struct vt_certs *certs;
	const struct vt_crls *crls;
	const struct vt_ocsps *ocsps;
};

/*
 * Hand CMS with MORE added to FN, in order and in pieces of at most 64 KiB.
 * New elements stand behind those that are there.  Every other byte stays as it
 * was given, but for the lengths of what became longer and, where answers come
 * into a message that had none, its version (RFC 5652, 5.1).  A message in PEM
 * comes out of its armour.  VT_ELIMIT; VT_ENOMEM; VT_EIO; FN's code.
 */
int vt_cms_extend(const struct vt_cms *cms, const struct vt_cms_more *more,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

#endif
