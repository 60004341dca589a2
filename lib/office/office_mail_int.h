/* office_mail_int.h - what sending and taking in share */
#ifndef VANTHU_OFFICE_MAIL_INT_H
#define VANTHU_OFFICE_MAIL_INT_H

#include "office_policy.h" /* struct vt_office_signer */
#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/error.h"
#include "vanthu/office.h"
#include "vanthu/record.h"    /* enum vt_status, VT_REF_TEXT */
#include "vanthu/transport.h" /* enum vt_transport_class */
#include "vanthu/verify.h"    /* enum vt_report_verdict */

#define VT_OFFICE_DETAIL_MAX 1024 /* bytes of what exactly was wrong */

struct vt_delivery;
struct vt_office_parts; /* office_parts.h */
struct vt_attachment;
struct vt_envelope;
struct vt_inbox;
struct vt_objects_ahead;
struct vt_out;
struct vt_outbox;
struct vt_record;
struct vt_sign_options;
struct vt_source;
struct vt_trust;

#define VT_OFFICE_SECRET "perhaps-secret" /* why it is held */
#define VT_OFFICE_SEND_LOCK "send.lock"   /* whoever delivers */

/* ---- office_mail.c: what is not of one direction ---- */

/*
 * Keep others out who do the same.  Waits a little; VT_EBUSY: somebody is at it
 * still.
 */
int vt_office_lock(const struct vt_office *o, const char *name, int *ret,
    struct vt_error *err);
void vt_office_unlock(int lock); /* -1 is allowed */

/* The digest of the agency's certificate (DER), where the office has one. */
int vt_office_agency(const struct vt_office *o,
    unsigned char sha256[VT_SHA256_LEN], bool *ret_have, struct vt_error *err);

/* A file without a name in the office's folder, until it is released. */
struct vt_office_draft {
	struct vt_out *out;
	struct vt_source *src; /* what was written, once it is finished */
};

int vt_office_draft_open(const struct vt_office *o,
    struct vt_office_draft *draft, struct vt_error *err);
/* Of the type vt_sink_fn, with the draft's out as CTX. */
int vt_office_draft_write(void *out, struct vt_bytes piece,
    struct vt_error *err);
int vt_office_draft_finish(struct vt_office_draft *draft, struct vt_error *err);
void vt_office_draft_release(struct vt_office_draft *draft);

/*
 * An object that is what its digest says; NAME is what the error calls it.
 * VT_EIO: it was changed, or is missing.
 */
int vt_office_object(struct vt_office *o,
    const unsigned char sha256[VT_SHA256_LEN], const char *name,
    struct vt_source **ret, struct vt_error *err);

/*
 * A line in the history of RECORD, in the caller's transaction: KEY ("answers",
 * "answered_by", "replaces", "replaced_by", "paper") is the record REF.
 */
int vt_office_link(struct vt_office *o, int64_t record, const char *key,
    const char *ref, struct vt_error *err);
/* Of a record that is known to be there. */
int vt_office_ref(struct vt_office *o, int64_t record, char ref[VT_REF_TEXT],
    struct vt_error *err);

/* ---- office_link.c: records that belong together ---- */

struct vt_office_intake; /* below */

/* Which of our documents ENV answers goes into REC->reply_to. */
int vt_office_reply_of(struct vt_office *o, const struct vt_envelope *env,
    struct vt_record *rec, struct vt_error *err);
/* The record that BY, which is stored, answers gets to know of it. */
int vt_office_link_answered(struct vt_office *o, const struct vt_record *by,
    struct vt_error *err);
/*
 * REC, of in->env and with its files in objects/, comes into the book: to the
 * record of the same document that came on paper, else as a new one.  It is as
 * stored then.
 */
int vt_office_enter(struct vt_office_intake *in, struct vt_record *rec,
    const char *reason, struct vt_error *err);

/* ---- office_transport.c ---- */

/* VT_EIO: none is configured. */
int vt_office_transport(const struct vt_office *o, struct vt_transport **ret,
    struct vt_error *err);
/* The way to the offices of the same organisation; *RET NULL: there is none. */
int vt_office_transport_inner(const struct vt_office *o,
    struct vt_transport **ret, struct vt_error *err);
/* Is ORGAN_ID among those that are reached inside? */
bool vt_office_is_member(const struct vt_office *o, const char *organ_id);

/* All ways of an office; each may be NULL, but not both. */
struct vt_office_ways {
	struct vt_transport *outer, *inner;
};

int vt_office_ways(const struct vt_office *o, struct vt_office_ways *ret,
    struct vt_error *err);
void vt_office_ways_close(struct vt_office_ways *ways);
/* The one that leads to ORGAN_ID, or NULL: none does. */
struct vt_transport *vt_office_way_to(const struct vt_office *o,
    const struct vt_office_ways *ways, const char *organ_id);

/* ---- office_organ.c: who is who ---- */

/*
 * Do the ids A and B name the same agency?  The one place that knows: by the
 * directory, whose aliases count as the code does; what could not be looked up
 * is nobody's, and so is NULL.  What was found is remembered for as long as O
 * is open, or until vt_office_organs_forget().
 */
bool vt_office_same_organ(const struct vt_office *o, const char *a,
    const char *b);
/* true where ID names an agency of LIST, which may be NULL. */
/* Does the directory know A to be another agency than B? */
bool vt_office_other_organ(const struct vt_office *o, const char *a,
    const char *b);
bool vt_office_among(const struct vt_office *o, const struct vt_list *list,
    const char *id);
int vt_office_organs_new(struct vt_office_organs **ret, struct vt_error *err);
void vt_office_organs_forget(const struct vt_office *o);

/* ---- office_judge.c: verify's word on the files of one document ---- */

struct vt_office_judged {
	enum vt_report_verdict verdict; /* of the main file */
	const char *reason;             /* static: verify's code */
	bool others_invalid;            /* some other file is */
	/*
	 * Who signed the main file last (the agency, where it did), as a
	 * digest: of the tree and the organisation in the certificate, and of
	 * the signer's own name where no unit stands there.
	 */
	bool have_signer;
	unsigned char signer[VT_SHA256_LEN];
	/*
	 * Of the main file of an envelope: its name and digest, what was said
	 * of its first signature that has that verdict, and what of the
	 * office's trust that was said by.  For vt_office_judged_release().
	 */
	struct {
		char *name, *signer;
		const char *level;
		enum vt_revocation revocation;
		unsigned char sha256[VT_SHA256_LEN];
		int64_t at;
		struct vt_trust_used used;
		struct vt_office_parts *parts; /* kept; owned; or NULL */
	} by;
	bool issued; /* a person signed, then the agency */
	/* Of an envelope: who signed the main file last, and each other one. */
	struct vt_office_signer who, *others;
	size_t nothers;
};

/*
 * Take what REPORT (NULL: it could not be read) says of who signed; NAME NULL:
 * it is of a detached signature of the file that was taken before.
 */
int vt_office_judged_by(struct vt_office_judged *j, const char *name,
    const struct vt_report *report, struct vt_error *err);
void vt_office_judged_release(struct vt_office_judged *j); /* zeroed: nothing */

/*
 * What an incoming document was judged by, on its way into the register (TT
 * 15/2025/TT-BKHCN, 6).  _keep: its parts into objects/, before the
 * transaction; _enter: in it.  Nothing is signed: nothing is kept.
 */
int vt_office_judged_keep(struct vt_office *o, struct vt_office_judged *j,
    struct vt_error *err);
int vt_office_judged_enter(struct vt_office *o, int64_t record,
    const struct vt_office_judged *j, struct vt_error *err);

/* The last signature that holds and has a path, or NULL; no time stamp. */
const struct vt_report_signature *vt_office_last_signature(
    const struct vt_report *report);
int vt_office_trust(const struct vt_office *o, struct vt_trust **ret,
    struct vt_error *err);
/*
 * Judge one file now; damage is a verdict, not an error.  NAME: what it is
 * called, or NULL.  CONTENT: what a detached signature signs, or NULL.  USED:
 * receives what of TRUST it was judged by, or NULL.  *RET is NULL where it
 * could not be read as what it claims to be; REASON then says so.  O says
 * whether what it wants is fetched.
 */
int vt_office_judge_file(const struct vt_office *o,
    const struct vt_trust *trust, struct vt_source *src, const char *name,
    struct vt_source *content, struct vt_trust_used *used,
    struct vt_report **ret, const char **ret_reason, struct vt_error *err);
/*
 * What vt_office_judge_file() does, at DESK, as its number *RET, and its end;
 * what is borrowed must outlive DESK.
 */
int vt_office_judge_add(const struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_source *src, const char *name,
    struct vt_trust_used *used, size_t *ret, struct vt_error *err);
int vt_office_judge_end(struct vt_verify_desk *desk, size_t i,
    struct vt_report **ret, const char **ret_reason, struct vt_error *err);
/* true where NAME is the detached signature of the file MAIN, by its name. */
bool vt_office_signature_of(const char *name, const char *main);
/*
 * Judge the main file of an outgoing record, or the detached signature that the
 * record holds of it.  AGENCY is the digest of the agency's certificate, or
 * NULL.
 */
int vt_office_judge_record(struct vt_office *o, const struct vt_record *rec,
    const unsigned char *agency, struct vt_office_judged *ret,
    struct vt_error *err);
/* Judge the attachments of the envelope SRC, of which ENV is completed. */
int vt_office_judge_envelope(struct vt_office *o, const struct vt_trust *trust,
    struct vt_source *src, struct vt_envelope *env,
    struct vt_office_judged *ret, struct vt_error *err);

/*
 * The same from what was unpacked, the attachments' contents FILES, which are
 * at DESK from number FIRST on.  USED is what the first of them was added with;
 * it is emptied.
 */
int vt_office_judge_unpacked(struct vt_office *o, const struct vt_trust *trust,
    const struct vt_envelope *env, struct vt_source *const *files,
    struct vt_verify_desk *desk, size_t first, struct vt_trust_used *used,
    struct vt_office_judged *ret, struct vt_error *err);

/* ---- office_unpack.c: messages are read once, and judged side by side ---- */

#define VT_OFFICE_JOBS 256 /* files that are judged at once, at most */

/* A message: its envelope, the files in it, and what was judged of them. */
struct vt_office_unpacked {
	int rc; /* of reading it; WHY says what is wrong with it */
	struct vt_error why;
	bool large; /* its files are too much for memory: not unpacked */
	struct vt_envelope *env;
	struct vt_source **files; /* of each attachment */
	size_t n, cap;
	uint64_t bytes; /* of all files */
	size_t first;   /* of its files, at the desk */
	struct vt_trust_used used;
	int judged_rc;
	struct vt_error judged_why;
	struct vt_office_judged judged;
};

/*
 * Read SRC.  Whatever it gives is in *U, zeroed before, for
 * vt_office_unpacked_release().
 */
void vt_office_unpack(struct vt_office *o, struct vt_source *src,
    struct vt_office_unpacked *u);
/* What of U, and of SRC that it was read from, is probably kept. */
void vt_office_unpacked_ahead(const struct vt_office *o,
    struct vt_objects_ahead *ahead, struct vt_source *src,
    const struct vt_office_unpacked *u);
/*
 * Have DESK judge what is in it, once it is started; U must not move until DESK
 * is freed, nor be released.
 */
void vt_office_unpacked_add(struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_office_unpacked *u);
/* Wait until all of it is judged. */
void vt_office_unpacked_judge(struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_office_unpacked *u);
void vt_office_unpacked_release(struct vt_office_unpacked *u);

/* ---- office_write.c: envelopes of ours ---- */

#define VT_OFFICE_RETURN_MAX 200 /* bytes of a reason for a return */
/*
 * Why a document is returned that nobody looked at, by the code of what it was
 * judged: the other office reads it, so it is not in the language of who runs
 * this.
 */
const char *vt_office_return_reason(const char *why,
    char buf[VT_OFFICE_RETURN_MAX]);
/*
 * The document REC as message M for the offices TO.  The same M gives the same
 * bytes.
 */
int vt_office_write_document(struct vt_office *o, const struct vt_record *rec,
    const struct vt_outbox *m, const struct vt_list *to,
    struct vt_office_draft *ret, struct vt_error *err);
/*
 * The status message M, about the message that it answers.  *RET is the
 * caller's to release.
 */
int vt_office_write_status(struct vt_office *o, const struct vt_outbox *m,
    struct vt_buf *ret, struct vt_error *err);

/* ---- office_queue.c: what waits to be delivered ---- */

/* Keep what message M looks like; known from then on. */
int vt_office_keep_envelope(struct vt_office *o, struct vt_outbox *m,
    struct vt_source *envelope, struct vt_error *err);
/* Keep what the messages about RECORD look like, where it is not kept yet. */
int vt_office_make_envelopes(struct vt_office *o, int64_t record,
    struct vt_error *err);
/*
 * Hand M over to the office TO by OFFER, which is vt_transport_offer() or
 * _gather(); a missing envelope of it is made.
 */
typedef int vt_office_offer_fn(struct vt_transport *t,
    enum vt_transport_class class, const char *to, const char *name,
    struct vt_source *content, struct vt_error *err);
int vt_office_hand_over(struct vt_office *o, struct vt_transport *t,
    struct vt_outbox *m, const char *to, vt_office_offer_fn *offer,
    struct vt_error *err);

/* ---- office_deliver.c ---- */

/* vt_office_deliver() at the end of another work: failures are notes. */
int vt_office_deliver_after(struct vt_office *o, struct vt_list *notes,
    struct vt_error *err);

/* ---- office_answer.c: statuses of ours; in the caller's transaction ---- */

/*
 * Answer M.  ENV: M itself, whose date the answer repeats, or NULL: it is read
 * from objects/ when the answer goes out.
 */
int vt_office_answer(struct vt_office *o, struct vt_inbox *m,
    const struct vt_envelope *env, enum vt_status status, const char *reason,
    struct vt_error *err);
/* The date of the document that ENV is, or of the one that its status means. */
struct vt_date vt_office_meant_date(const struct vt_envelope *env);
/*
 * REASON, clean, for free().  VT_EARG: there is none, or it is no text for a
 * book.
 */
int vt_office_clean_reason(const char *reason, char **ret,
    struct vt_error *err);
/* Queue once more what M was answered. */
int vt_office_answer_again(struct vt_office *o, const struct vt_inbox *m,
    struct vt_error *err);

/* ---- office_status.c: statuses of others ---- */

struct vt_office_intake; /* below */

int vt_office_take_status(struct vt_office_intake *in, struct vt_error *err);
/*
 * What STATUS makes of the state of D; false: nothing.  They may come in any
 * order: one that is late takes nobody back.  REQUEST: D is of a recall or an
 * update, which 15 or 16 answers.
 */
bool vt_office_advance(struct vt_delivery *d, bool request,
    enum vt_status status);

/* ---- office_recipient.c ---- */

/* true for a recall or an update; a replacement is a document. */
bool vt_office_is_request(const struct vt_outbox *m);

/* ---- office_recall.c, office_change.c: what we make of ours ---- */

/*
 * A document that was recalled unsent has come to TO all the same: recall it
 * there.  In the caller's transaction.
 */
int vt_office_recall_late(struct vt_office *o, int64_t record,
    const char *document_id, const char *to, struct vt_error *err);
/* The history of RECORD gets to know what FROM answered. */
int vt_office_note_answer(struct vt_office *o, int64_t record, const char *what,
    const char *reason, const char *from, const char *business,
    struct vt_error *err);

/* ---- office_document.c: documents of others ---- */

int vt_office_take_document(struct vt_office_intake *in, struct vt_error *err);
/*
 * In the transaction that put REC into the book: do what in->env replaces, and
 * answer 15 for it, then 03.  in->row is stored, and to be updated.
 */
int vt_office_answer_registered(struct vt_office_intake *in,
    const struct vt_record *rec, struct vt_error *err);
/* ---- office_entry.c: what the book gets to know of it ---- */

/* Foreign TEXT as a field holds it: controls become spaces. */
int vt_office_put_text(char **field, const char *text, struct vt_error *err);
/* Its code, "number/notation", each as the sender wrote it. */
int vt_office_put_code(const struct vt_envelope *env, struct vt_record *rec,
    struct vt_error *err);
/*
 * What the book gets to know of ENV; its files, extracted, come with it.  The
 * record is fit for the book, or VT_EARG.
 */
int vt_office_record_of(const struct vt_envelope *env, int64_t now,
    enum vt_report_verdict verdict, struct vt_record *ret,
    struct vt_list *notes, struct vt_error *err);
/* Put the attachments of the envelope SRC into objects/. */
int vt_office_keep_files(struct vt_office *o, struct vt_source *src,
    struct vt_envelope *env, struct vt_error *err);
/* Those of the message that is dealt with. */
int vt_office_keep_unpacked(struct vt_office_intake *in, struct vt_error *err);

/* ---- office_intake.c: one message that came ---- */

/* One message while it is dealt with. */
struct vt_office_intake {
	struct vt_office *o;
	const struct vt_trust *trust;
	bool ask;  /* [receive] register = ask */
	bool late; /* an update, made before one that was done already */
	int64_t now;
	struct vt_list *notes;
	const char *vouched; /* whom the transport knows to be its sender */
	bool inside;         /* it came by [transport] inner */

	struct vt_source *src; /* the message, a private copy */
	/* SRC unpacked and judged before; or NULL */
	struct vt_office_unpacked *unpacked;
	struct vt_envelope *env;
	struct vt_inbox *row;           /* what is kept of it */
	enum vt_received_result result; /* what is told of it */
	char ref[VT_REF_TEXT];
	char detail[VT_OFFICE_DETAIL_MAX];
};

/*
 * Another agency of the directory, where the transport knows that it sent what
 * says to be from in->row->from_id; else NULL.  And tell it in in->detail.
 */
const char *vt_office_said_by(const struct vt_office_intake *in);
void vt_office_say_by(struct vt_office_intake *in);

/*
 * The intake key (DESIGN, section 7) of the parts that are not NULL and, where
 * it is not NULL, a DIGEST.
 */
int vt_office_key(const char *const *parts, size_t nparts,
    const unsigned char *digest, unsigned char key[VT_SHA256_LEN],
    struct vt_error *err);
/*
 * Is in->row->key known?  Then the row becomes what is known, what was answered
 * is queued again, and *RET is true.
 */
int vt_office_known(struct vt_office_intake *in, bool *ret,
    struct vt_error *err);
/* Keep the message apart, with the reason CODE and in->detail. */
int vt_office_quarantine(struct vt_office_intake *in, const char *code,
    struct vt_error *err);
/* Is it the message that is at fault, and not our disk or memory? */
bool vt_office_damage(int rc);
/*
 * The message is no sound edXML, as in->detail says: it is kept apart, unless
 * it shows that it is secret.  In office_receive.c.
 */
int vt_office_malformed(struct vt_office_intake *in, struct vt_error *err);
/*
 * All that is done with the message ID, which in->src holds; NULL: it is SIZE
 * bytes, too large.  In office_receive.c, as the next two.
 */
int vt_office_take(struct vt_office_intake *in, const char *id, uint64_t size,
    struct vt_error *err);
/* Out of the transport's way, which is the last step. */
int vt_office_finish(const struct vt_office_intake *in, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err);
/*
 * *RET is borrowed from DRAFT or SRC; NULL where SRC changed while it was read:
 * then it is not finished, and comes again.
 */
int vt_office_private_copy(struct vt_office *o, struct vt_source *src,
    struct vt_office_draft *draft, struct vt_source **ret,
    struct vt_error *err);
/* FN hears what became of the message. */
int vt_office_tell(const struct vt_office_intake *in, vt_office_received_fn *fn,
    void *ctx, struct vt_error *err);
/* The row keeps what in->detail says, for who looks at it later. */
int vt_office_keep_detail(struct vt_office_intake *in, struct vt_error *err);

#endif
