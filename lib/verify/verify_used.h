/* verify_used.h - what a worker judged by, told by digests or whole */
#ifndef VERIFY_USED_H
#define VERIFY_USED_H

#include "vanthu/trust.h"

/* Append the digests of USED to OUT.  VT_ENOMEM; VT_ELIMIT: OUT's maximum. */
int vt_verify_used_put(const struct vt_trust_used *used, struct vt_buf *out,
    struct vt_error *err);
/*
 * Read them from *IN, and step behind them, and add to USED what TRUST holds of
 * that: nothing that a worker says gets into it.  VT_EFORMAT; VT_ENOMEM;
 * VT_ELIMIT.
 */
int vt_verify_used_get(struct vt_bytes *in, const struct vt_trust *trust,
    struct vt_trust_used *used, struct vt_error *err);

/*
 * What of USED TRUST (may be NULL) does not hold, as bytes; a list that is too
 * long is left out, and so is what is too much.  VT_ENOMEM; VT_ELIMIT: OUT's
 * maximum.
 */
int vt_verify_used_put_rest(const struct vt_trust_used *used,
    const struct vt_trust *trust, struct vt_buf *out, struct vt_error *err);
/*
 * Read them, step behind them, and add them to USED: a worker's word, of which
 * no more is known than that each parses.  Errors as above.
 */
int vt_verify_used_get_rest(struct vt_bytes *in, struct vt_trust_used *used,
    struct vt_error *err);

#endif
