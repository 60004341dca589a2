/* office_issue_int.h - what all that goes out has in common */
#ifndef VANTHU_OFFICE_ISSUE_INT_H
#define VANTHU_OFFICE_ISSUE_INT_H

#include "vanthu/bytes.h" /* struct vt_list */
#include "vanthu/store.h" /* enum vt_delivery_state */

struct vt_error;
struct vt_office;
struct vt_office_issue;
struct vt_record;

#define VT_OFFICE_ROUNDS 4 /* while others change the record under us */

/* ---- office_check.c: may it go? ---- */

/* VT_EARG: incoming; VT_EREFUSED: recalled, replaced, without a file. */
int vt_office_may_go(const struct vt_record *rec, struct vt_error *err);
/* VT_EREFUSED: not signed as it must be. */
int vt_office_may_go_as_signed(struct vt_office *o, const struct vt_record *rec,
    struct vt_list *notes, struct vt_error *err);
/*
 * The same of the file PATH alone, called NAME, before anything of it is kept;
 * not of a file whose signature is another one.
 */
int vt_office_main_signed(struct vt_office *o, const char *path,
    const char *name, struct vt_error *err);
/* VT_EARG: ID is no agency's id, or our own. */
int vt_office_check_id(const struct vt_office *o, const char *id,
    struct vt_error *err);
/* VT_EARG: one of NAMES (NULL is allowed) is no name for a book. */
int vt_office_check_names(const struct vt_list *names, struct vt_error *err);

/* ---- office_address.c: to whom ---- */

/*
 * LIST (NULL is allowed), of ids and "@GROUP", as ids, each agency once, behind
 * what RET has.  CHECK: the directory knows them as valid agencies, and an
 * alias becomes the code, which is a note; unless it is empty, or they are
 * reached inside.  VT_EARG: no id, our own, no such group; VT_EREFUSED: not
 * known.
 */
int vt_office_address_list(struct vt_office *o, const struct vt_list *list,
    bool check, struct vt_list *ret, struct vt_list *notes,
    struct vt_error *err);

struct vt_office_addressed {
	struct vt_list to; /* all; the first ones are to act */
	size_t act;        /* how many that are */
	size_t report;     /* and the next ones get a report */
};

int vt_office_address(struct vt_office *o, const struct vt_office_issue *issue,
    struct vt_office_addressed *ret, struct vt_list *notes,
    struct vt_error *err);
/* Of the I-th of them. */
enum vt_role vt_office_role_at(const struct vt_office_addressed *a, size_t i);

/* ---- office_send.c ---- */

enum vt_office_way { VT_OFFICE_TRANSPORT, VT_OFFICE_INSIDE, VT_OFFICE_POST };

/*
 * Message M goes to LIST; in the caller's transaction.  ROLES: for what, one
 * for each; NULL: all to act.
 */
int vt_office_add_deliveries(struct vt_office *o, const struct vt_outbox *m,
    const struct vt_list *list, enum vt_office_way way,
    const enum vt_role *roles, struct vt_error *err);
/* Is the record still what was judged and written? */
bool vt_office_unchanged(const struct vt_record *a, const struct vt_record *b);
/* Somebody asks for it: what waits is not to wait for its pause. */
int vt_office_hurry(struct vt_office *o, int64_t record, struct vt_error *err);

/* ---- office_holder.c: who has a document of ours ---- */

/* The reason of a delivery that was recalled before it was sent. */
#define VT_OFFICE_UNSENT "recalled-unsent"
bool vt_office_cancelled(enum vt_delivery_state state, const char *reason);

struct vt_office_holder {
	char *organ_id;
	int64_t delivery; /* that brings it, or brought it */
	enum vt_delivery_state state;
	enum vt_role role;
	int attempts;
	bool unsent;   /* recalled before it left */
	bool recalled; /* asked back; neither declined nor given up */
};

struct vt_office_holders {
	struct vt_office_holder *items;
	size_t n, cap;
	struct vt_list units, post; /* who has it without a transport */
};

/* In the order of sending, each agency once. */
int vt_office_holders(struct vt_office *o, int64_t record,
    struct vt_office_holders *ret, struct vt_error *err);
void vt_office_holders_release(struct vt_office_holders *h);
const struct vt_office_holder *vt_office_holder_find(const struct vt_office *o,
    const struct vt_office_holders *h, const char *organ_id);
/* It has the document, or the document is on its way there. */
bool vt_office_holder_has(const struct vt_office_holder *h);
/*
 * It needs no message to take the document back: it was never tried (ALONE:
 * nobody else delivers), or was given up.
 */
bool vt_office_holder_unsent(const struct vt_office_holder *h, bool alone);

/* ---- office_recall.c ---- */

/* *RET -1: somebody delivers at this moment, and does not end. */
int vt_office_lock_delivery(struct vt_office *o, int *ret,
    struct vt_error *err);

/*
 * What was never tried, or was given up, is not sent to TO any more, nor is an
 * update that waits behind it; in the caller's transaction.
 */
int vt_office_cancel_unsent(struct vt_office *o, int64_t record,
    const struct vt_list *to, struct vt_error *err);
/* Whom no message reaches has to be told by hand. */
int vt_office_note_by_hand(struct vt_office *o, int64_t record,
    struct vt_list *notes, struct vt_error *err);

/* ---- office_change.c: one message more about a document ---- */

bool vt_office_listed(const struct vt_list *list, const char *s);
bool vt_office_same_list(const struct vt_list *a, const struct vt_list *b);

struct vt_office_message {
	const char *business; /* "new" "recall" "update" "replace" */
	const char *reason;   /* or NULL */
	const char *detail;   /* as in struct vt_outbox, or NULL */
	const char *document_id;
	const struct vt_list *to;
	const enum vt_role *roles; /* one for each, or NULL */
	/* office_change.c's own */
	struct vt_outbox row;
	void *draft;
};

/* The row of M; one that nothing carries needs no more. */
int vt_office_message_fill(struct vt_office_message *m,
    const struct vt_record *rec, struct vt_error *err);
/*
 * Write the messages about REC first: what can not be written is not sent.
 * Those to nobody are passed over.  Released in any case.
 */
int vt_office_messages_write(struct vt_office *o, const struct vt_record *rec,
    struct vt_office_message *m, size_t n, struct vt_error *err);
/* Put them into the queue, in the caller's transaction. */
int vt_office_messages_queue(struct vt_office *o, struct vt_office_message *m,
    size_t n, struct vt_error *err);
/* After the commit; where keeping them fails, the queue makes them again. */
void vt_office_messages_keep(struct vt_office *o, struct vt_office_message *m,
    size_t n);
void vt_office_messages_release(struct vt_office_message *m, size_t n);

/* {"KEY": [LIST...]}, of those that are not empty; for a history. */
struct vt_office_named {
	const char *key;
	const struct vt_list *list;
};
int vt_office_event_lists(struct vt_office *o, int64_t record, const char *what,
    const char *reason, const struct vt_office_named *lists, size_t n,
    struct vt_error *err);

#endif
