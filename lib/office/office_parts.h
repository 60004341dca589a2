/* office_parts.h - what a check was decided by, on its way into the register */
#ifndef VANTHU_OFFICE_PARTS_H
#define VANTHU_OFFICE_PARTS_H

#include "vanthu/bytes.h"
#include "vanthu/store_evidence.h"

struct vt_cert;
struct vt_error;
struct vt_office;
struct vt_trust_used;

/* In objects/, and the bytes of each, which are borrowed. */
struct vt_office_parts {
	struct vt_evidence_part items[VT_EVIDENCE_PARTS];
	struct vt_bytes ders[VT_EVIDENCE_PARTS];
	size_t n;
};

/* One more.  VT_ELIMIT: there are too many. */
int vt_office_part_keep(struct vt_office *o, struct vt_office_parts *p,
    enum vt_evidence_kind kind, struct vt_bytes der, struct vt_error *err);
/* All of USED but the certificate NOT (or NULL), which must outlive P. */
int vt_office_parts_keep(struct vt_office *o, struct vt_office_parts *p,
    const struct vt_trust_used *used, const struct vt_cert * not,
    struct vt_error *err);
/*
 * In the transaction that names them: put again what was pruned since; whoever
 * prunes now waits for us.
 */
int vt_office_parts_again(struct vt_office *o, const struct vt_office_parts *p,
    struct vt_error *err);

#endif
