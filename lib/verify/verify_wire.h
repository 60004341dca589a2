/* verify_wire.h - a report as bytes, between a worker and its parent */
#ifndef VERIFY_WIRE_H
#define VERIFY_WIRE_H

#include "vanthu/bytes.h"

struct vt_error;
struct vt_report;

/* Append R to OUT.  VT_ENOMEM; VT_ELIMIT: OUT's maximum. */
int vt_verify_wire_put(const struct vt_report *r, struct vt_buf *out,
    struct vt_error *err);
/*
 * Read from *IN, and step behind it, what may come from an attacker: every word
 * must be one that we use, every number in its range, every count within its
 * limit, and the verdict no better than its parts.  VT_EFORMAT; VT_ENOMEM.  R
 * is zeroed before and to be released also after an error.
 */
int vt_verify_wire_get(struct vt_bytes *in, struct vt_report *r,
    struct vt_error *err);

/* The same for what goes with it: a length and its bytes, which are borrowed.
 */
int vt_verify_wire_put_bytes(struct vt_bytes b, struct vt_buf *out,
    struct vt_error *err);
int vt_verify_wire_get_bytes(struct vt_bytes *in, struct vt_bytes *ret,
    struct vt_error *err);

#endif
