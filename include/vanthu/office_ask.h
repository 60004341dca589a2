/* office_ask.h - what the axis itself says of a document that we sent */
#ifndef VANTHU_OFFICE_ASK_H
#define VANTHU_OFFICE_ASK_H

#include <stddef.h>
#include <stdint.h>

struct vt_error;
struct vt_office;

/*
 * One sending, as the axis has it: foreign text, owned, NULL where it says
 * nothing.  That a system fetched a message is no receipt: what an office did
 * with the document only its own statuses say (see vt_office_recipients()).
 */
struct vt_office_said {
	size_t order;           /* in the axis' list */
	char *organ_id;         /* of the delivery that it is about */
	char *id, *receiver_id; /* the axis' names of it at either end */
	char *send_status, *send_text;
	char *receive_status, *receive_text;
	char *sent, *received; /* times, as written */
};

/* By organ_id, those of one in the axis' order. */
struct vt_office_says {
	struct vt_office_said *items;
	size_t n;
};

/*
 * Ask the axis for what it knows of the document RECORD: the rows of its list
 * whose notation is that of the record, to one of its recipients (by whichever
 * code), and sent no earlier than the document's date; what followed it under
 * the same notation is among them.  Changes nothing.  *RET is the caller's, for
 * vt_office_says_release().
 * VT_EUNSUPPORTED: the way is one that can not tell; VT_ENOTFOUND: no such
 * record; VT_ELIMIT: more than VT_OFFICE_SAYS_MAX rows; VT_ENET, VT_EREFUSED,
 * VT_EKEY: of the way; VT_EIO: also where none is configured; VT_ENOMEM.
 */
#define VT_OFFICE_SAYS_MAX 100000
int vt_office_ask(struct vt_office *o, int64_t record,
    struct vt_office_says *ret, struct vt_error *err);
void vt_office_says_release(struct vt_office_says *s);
/* What is said of ORGAN_ID; *RET_N: how many, of which the first is given. */
const struct vt_office_said *vt_office_says_of(const struct vt_office_says *s,
    const char *organ_id, size_t *ret_n);

#endif
