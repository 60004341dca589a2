/* sign_level.h - levels T, LT and LTA: steps that add to what was signed */
#ifndef VANTHU_SIGN_LEVEL_H
#define VANTHU_SIGN_LEVEL_H

#include "vanthu/sign.h"  /* enum vt_sign_format, enum vt_level */
#include "vanthu/trust.h" /* vt_trust_fetch_fn, struct vt_trust_used */

struct vt_secret;
struct vt_stamper; /* see stamper.h */
struct vt_tsp;

/* "B", "T", "LT", "LTA": not translated. */
const char *vt_level_name(enum vt_level level);
bool vt_level_parse(const char *name, enum vt_level *ret);

/* Whom to ask for time stamps, and by what they are judged.  All borrowed. */
struct vt_stamping_options {
	struct vt_stamper *stamper;
	/*
	 * Where its anchors lead to the authority's certificate, that must
	 * hold; where there are none, or this is NULL, its usage must.
	 */
	const struct vt_trust *trust;
	vt_trust_fetch_fn *fetch; /* NULL: nothing is fetched */
	void *fetch_ctx;
	bool aia;
};

/* One authority, for a run of a program: one thread at a time. */
struct vt_stamping;

int vt_stamping_new(const struct vt_stamping_options *options,
    struct vt_stamping **ret, struct vt_error *err);
void vt_stamping_free(struct vt_stamping *s); /* NULL is allowed */

/*
 * Ask for a time stamp over what OVER hands to FN (called twice; the same
 * bytes both times) and check all of it: the answer is to this request, the
 * imprint, the signature, the authority's certificate and its path, the time
 * against our clock.  *RET is for vt_tsp_free().  VT_EREFUSED: what the
 * authority answered is not to be used, and why; VT_ENET: it cannot be reached;
 * OVER's code; VT_ENOMEM; VT_ECRYPTO.
 */
typedef int vt_stamp_over_fn(void *ctx,
    int (*fn)(void *fn_ctx, struct vt_bytes piece, struct vt_error *err),
    void *fn_ctx, struct vt_error *err);
int vt_stamping_stamp(struct vt_stamping *s, vt_stamp_over_fn *over, void *ctx,
    struct vt_tsp **ret, struct vt_error *err);

/*
 * By what the authority's certificate was judged, and bytes that its tokens
 * need.  Where none has come yet, one is asked for over nothing of ours.  *RET
 * is borrowed; it is empty where the certificate did not pass.  Errors as
 * above.
 */
int vt_stamping_trial(struct vt_stamping *s, const struct vt_trust_used **ret,
    size_t *ret_size, struct vt_error *err);

/*
 * The steps, each from a signed file SRC of FORMAT into OUT, which holds
 * nothing yet.  Nothing of SRC is judged here, and every byte of it stays as it
 * is but for the lengths around what is added.  PASSWORD (may be NULL) opens an
 * encrypted PDF.  Common errors: VT_EFORMAT; VT_EKEY: it does not;
 * VT_EUNSUPPORTED; VT_EREFUSED: a PDF that allows no change; VT_ELIMIT; VT_EIO;
 * VT_ENOMEM; VT_ECRYPTO.
 */

/*
 * T: in CMS a signature-time-stamp for each signer that WHICH (one flag each)
 * names, in PDF a document time stamp, in XML a SignatureTimeStamp for the last
 * signature.  Errors of vt_stamping_stamp() too.
 */
int vt_sign_add_timestamp(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, struct vt_stamping *s, const bool *which,
    struct vt_out *out, struct vt_error *err);

/*
 * Not in XML, as is the next.  LT: what of DATA is not there yet: in PDF into
 * /DSS; in CMS, for the signers that WHICH (NULL: all) names, into
 * certificate-values and revocation-values where its only signer has none and
 * no archive time stamp, else into the sets of the message.  *RET_ADDED false:
 * all was there, and OUT is still empty.
 */
int vt_sign_add_validation(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, const bool *which,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err);

/*
 * LTA: in CMS an archive-time-stamp-v3 for each signer that WHICH (NULL: all)
 * names, over all that is there now, and over CONTENT (NULL: it is inside); in
 * PDF a document time stamp.
 */
int vt_sign_add_archive(struct vt_source *src, enum vt_sign_format format,
    const struct vt_secret *password, struct vt_stamping *s, const bool *which,
    struct vt_source *content, struct vt_out *out, struct vt_error *err);

#endif
