/* office_change.h - documents of ours are recalled, updated, replaced */
#ifndef VANTHU_OFFICE_CHANGE_H
#define VANTHU_OFFICE_CHANGE_H

#include <stdint.h>

struct vt_error;
struct vt_list;
struct vt_office;

/*
 * REASON, which is for the recipients, is always needed.  What is to be sent is
 * durably queued, in one transaction with what changes in the book, before a
 * call returns, and then delivered where that is possible at once; the same
 * call again sends nothing twice.  NOTES (may be NULL) gets translated lines.
 * Errors of all: VT_EARG: no reason, no outgoing record, not an agency's id;
 * VT_EREFUSED as said; VT_EIO; VT_ENOMEM.
 */

/*
 * Recall a document (ND 30, article 18): from the agencies TO, or where that is
 * NULL or empty from all; then it is no longer in force and becomes "recalled".
 * What has not left yet is not sent any more; a document that was never issued
 * is recalled here alone.  Who has declined is asked again.  VT_EARG: one of TO
 * was not sent it; VT_EREFUSED: it was replaced.
 */
int vt_office_recall(struct vt_office *o, int64_t record,
    const struct vt_list *to, const char *reason, struct vt_list *notes,
    struct vt_error *err);

/* What changes; each list may be NULL.  Of agencies as in office.h. */
struct vt_office_update {
	const struct vt_list *add;    /* agencies that get it now */
	const struct vt_list *remove; /* agencies from which it is recalled */
	/*
	 * Paths.  A file of the name of one that the record has is its next
	 * version; others are added.  Nothing is lost: old versions stay.
	 */
	const struct vt_list *files;
};

/*
 * Update an issued document.  Whoever keeps it is told, with all files.  A main
 * file that changes is a note: ND 30 wants a replacement or a correction.
 * VT_EARG: nothing changes, or who is to be removed was not sent it;
 * VT_EREFUSED: the document is not in force, or what would go out is not signed
 * as it must be.
 */
int vt_office_update(struct vt_office *o, int64_t record,
    const struct vt_office_update *what, const char *reason,
    struct vt_list *notes, struct vt_error *err);

/*
 * Issue the record BY in the place of OLD, to whoever has OLD: OLD becomes
 * "replaced".  VT_EREFUSED: OLD was never issued, or was replaced by another;
 * BY was issued already, or may not go out (see vt_office_send()).
 */
int vt_office_replace(struct vt_office *o, int64_t old, int64_t by,
    const char *reason, struct vt_list *notes, struct vt_error *err);

#endif
