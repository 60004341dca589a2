/* stamper.h - the table of functions through which any authority is asked */
#ifndef VANTHU_STAMPER_H
#define VANTHU_STAMPER_H

#include "vanthu/bytes.h"

struct vt_error;

/*
 * One way to reach a time-stamping authority fills this table.
 *
 * ask: hand REQUEST, a TimeStampReq in DER, to the authority; what it answers
 * is the caller's to release, and foreign.  VT_ENET: a retry may help;
 * VT_EREFUSED: it does not; VT_ELIMIT, VT_EIO, VT_ENOMEM.
 * free: release CTX.
 */
struct vt_stamper_ops {
	int (*ask)(void *ctx, struct vt_bytes request, struct vt_buf *ret,
	    struct vt_error *err);
	void (*free)(void *ctx);
};

struct vt_stamper {
	const struct vt_stamper_ops *ops;
	void *ctx; /* owned */
};

/* On VT_OK the stamper owns CTX; else nothing was taken.  VT_ENOMEM. */
int vt_stamper_new(const struct vt_stamper_ops *ops, void *ctx,
    struct vt_stamper **ret, struct vt_error *err);
void vt_stamper_free(struct vt_stamper *stamper); /* NULL is allowed */

#endif
