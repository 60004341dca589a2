/* verify_used.h - what a worker judged by, told by digests */
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

#endif
