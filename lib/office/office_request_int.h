/* office_request_int.h - recalls, updates and replacements that came */
#ifndef VANTHU_OFFICE_REQUEST_INT_H
#define VANTHU_OFFICE_REQUEST_INT_H

#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/record.h" /* enum vt_state */
#include "vanthu/store.h"  /* enum vt_inbox_result */

struct vt_envelope;
struct vt_error;
struct vt_list;
struct vt_office;
struct vt_office_intake;
struct vt_office_judged;
struct vt_replaced;

/* Its transport knew its sender, but its document has not come, or is held. */
#define VT_OFFICE_AWAITS "awaits-document"
#define VT_OFFICE_NOT_PROVEN "not-proven" /* it is not looked at again */

/* ---- office_target.c: the document that is meant ---- */

struct vt_office_target {
	bool found;    /* that sender's */
	bool foreign;  /* another sender's is known under the id */
	bool replaces; /* it came in the place of another */
	int64_t inbox, record;
	enum vt_inbox_result result;
	enum vt_state state; /* of the record; or recalled, without one */
	bool has_envelope;
	unsigned char envelope[VT_SHA256_LEN];
};

/*
 * true where M is a document that came, and not what was to become of one: the
 * row of a replacement that waits for what it replaces has a record, but is
 * held.
 */
bool vt_office_is_document(const struct vt_inbox *m);
/* Neither refused, returned, recalled nor replaced. */
bool vt_office_target_live(const struct vt_office_target *t);
/* Recalled, with a record or before it had one. */
bool vt_office_target_recalled(const struct vt_office_target *t);
/*
 * A clerk may enter what changes a document that was replaced meanwhile: it was
 * made before that, and waited longer.
 */
bool vt_office_target_takes_update(const struct vt_office_target *t,
    bool clerk);
/*
 * A replacement that is held.  To end it would leave what it replaces as if it
 * stood still: what ends it waits until a clerk has accepted or refused it.
 */
bool vt_office_target_pending(const struct vt_office_target *t);
/*
 * The document with this id that FROM (NULL: whoever) sent us: the live one,
 * else the latest.  The id may have come more than once: the MESSAGE of the
 * inbox that waits (0: one that comes now) means the arrival that was there
 * when it came, else the first one after it, and never a later one.
 */
int vt_office_target_find(struct vt_office *o, const char *document_id,
    const char *from, int64_t message, struct vt_office_target *ret,
    struct vt_error *err);
/*
 * May the message act on T (DESIGN, section 7)?  The transport knows its
 * sender, or its main file J is valid and signed last by who signed T's last.
 */
int vt_office_proven(struct vt_office_intake *in,
    const struct vt_office_judged *j, const struct vt_office_target *t,
    bool *ret, struct vt_error *err);

/* Was in->env, an update of T, made before one that was done already? */
int vt_office_overtaken(struct vt_office_intake *in,
    const struct vt_office_target *t, bool *ret, struct vt_error *err);

/* ---- office_act.c: what becomes of it; in the caller's transaction ---- */

/*
 * The files of NEW, which are in objects/, come to REC: one of a name that REC
 * has is its next version, and so is the first one of the main file; others are
 * added.  WHAT is the event, "updated" or "received".  *RET_MAIN is set where
 * the main file is another then.
 */
int vt_office_take_files(struct vt_office_intake *in,
    const struct vt_record *rec, const struct vt_record *new, const char *what,
    const char *reason, bool *ret_main, struct vt_error *err);

/*
 * Each of them notes the message in->row as dealt with (it is stored already)
 * and queues 15, in its turn.  in->ref and in->detail tell of it.  REASON is
 * the sender's, foreign.
 */
int vt_office_act_recall(struct vt_office_intake *in,
    const struct vt_office_target *t, const char *reason, struct vt_error *err);
/* An update of T, which is recalled: refused, and 16 tells why. */
int vt_office_act_vain(struct vt_office_intake *in,
    const struct vt_office_target *t, struct vt_error *err);
/*
 * The files of in->env are in objects/.  T is in the book, and live or
 * replaced: its state stays.  Of an update that is late (in->late) what is
 * current stays.
 */
int vt_office_act_update(struct vt_office_intake *in,
    const struct vt_office_judged *j, const struct vt_office_target *t,
    const char *reason, struct vt_error *err);
/*
 * Mark what in->env replaces by the record BY, of in->row; what has not come
 * yet, or is pending, is kept in mind.  *RET_ANY: something was there.
 */
int vt_office_act_replace(struct vt_office_intake *in,
    const struct vt_record *by, bool *ret_any, struct vt_error *err);
/* The record BY replaces T. */
int vt_office_act_replaced(struct vt_office_intake *in,
    const struct vt_office_target *t, const struct vt_record *by,
    const char *reason, struct vt_error *err);

/* ---- office_turn.c: answers, in the order of what was asked ---- */

/* A recall, an update or a status 13: 15 or 16 answers it, once. */
bool vt_office_wants_answer(const struct vt_inbox *m);
/*
 * In the caller's transaction: M, of which the result is known now, is stored,
 * and 15 or 16 is queued for it.  An answer names the document alone, so that
 * its sender takes it for that to the first that he asked: while an older one
 * of his for the same document is held M has its answer later, with that.  ENV,
 * of M, or NULL.
 */
int vt_office_answer_in_turn(struct vt_office *o, struct vt_inbox *m,
    const struct vt_envelope *env, struct vt_error *err);
/*
 * In the caller's transaction: T, which the message in->row is about, is
 * recalled.  What else its sender asked of it is held no longer: updates are
 * declined, which is noted, recalls are done.  What waits for a later arrival
 * under its id does.  Their answers are queued by vt_office_answer_in_turn() of
 * in->row.
 */
int vt_office_end_waiting(struct vt_office_intake *in,
    const struct vt_office_target *t, struct vt_error *err);

/* ---- office_request.c: whether something becomes of it ---- */

/*
 * Why the sender of ENV wants it, on one line in OUT (of VT_OFFICE_DETAIL_MAX
 * bytes); NULL: it does not say.
 */
const char *vt_office_reason_of(const struct vt_envelope *env, char *out);
/* Does the office O belong to those for whom OLD is replaced? */
bool vt_office_replaced_here(const struct vt_office *o,
    const struct vt_replaced *old);

/*
 * in->row, judged as J (NULL: a status 13) but not stored yet, recalls or
 * updates a document: do it, or hold it.  *RET_NEW true: nothing was done, for
 * us it is a new document.
 */
int vt_office_take_change(struct vt_office_intake *in,
    const struct vt_office_judged *j, bool *ret_new, struct vt_error *err);
/*
 * May in->env replace what it says it does?  Else *RET is the code of why a
 * clerk must look at it.
 */
int vt_office_may_replace(struct vt_office_intake *in,
    const struct vt_office_judged *j, const char **ret, struct vt_error *err);
/*
 * What the message in->row, which waits, asks for is done (CLERK: on a clerk's
 * word).  *RET_DONE false: it waits on, as in->detail says.
 */
int vt_office_settle_one(struct vt_office_intake *in, bool clerk,
    bool *ret_done, struct vt_error *err);
/*
 * Documents have come into the book, or were refused: whatever waited for one
 * of them is done.  FN hears of it.
 */
int vt_office_settle(struct vt_office *o, vt_office_received_fn *fn, void *ctx,
    struct vt_list *notes, struct vt_error *err);
/* The office does nothing by itself: [receive] register = ask. */
bool vt_office_asks(const struct vt_office *o);

#endif
