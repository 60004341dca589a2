/* office.h - one office: its folder, and what its clerks do */
#ifndef VANTHU_OFFICE_H
#define VANTHU_OFFICE_H

#include "vanthu/bytes.h"
#include "vanthu/store.h" /* struct vt_delivery, struct vt_store_status */

struct vt_conf;
struct vt_error;
struct vt_fetcher; /* verify_fetch.h */
struct vt_objects;

/* ---- opening ---- */

/*
 * An office that is open: its folder and what stands in there.  All is owned
 * by the office and may be used directly.
 */
struct vt_office {
	char *home;
	struct vt_conf *conf;          /* vanthu.conf */
	char *organ_id, *name;         /* of [office] */
	struct vt_store *store;        /* register.db */
	struct vt_objects *objects;    /* objects/ */
	struct vt_objects *quarantine; /* quarantine/: what no book took */
	char *trust_dir;               /* trust/, for vt_trust_open() */
	/*
	 * What judges messages fetches with it, and missing certificates, too,
	 * where AIA; NULL: trust/ alone decides.  See vt_office_fetches().
	 */
	struct vt_fetcher *fetcher;
	bool aia;
	/* Who was looked up in the directory of agencies, and is. */
	struct vt_office_organs *organs;
	size_t jobs;   /* files of messages that are judged at once; 0: one */
	bool discreet; /* errors do not tell what messages are called */
};

/*
 * Open the office in the folder HOME; WHO goes into the history, NULL: the
 * login name of whoever runs this.  VT_EIO: also where there is none;
 * VT_EFORMAT, VT_ELIMIT: its vanthu.conf; VT_EUNSUPPORTED: its register is of
 * another version; VT_ENOMEM.
 */
int vt_office_open(const char *home, const char *who, struct vt_office **ret,
    struct vt_error *err);
void vt_office_close(struct vt_office *o); /* NULL is allowed */

struct vt_office_plan {
	const char *organ_id, *name;
	/*
	 * An address, or NULL: none yet.  The folder of "spool:DIR" is taken
	 * from the present one on, and made.
	 */
	const char *transport;
	/* The agency's certificate, PEM or DER, copied into the office. */
	const char *agency_cert; /* a path, or NULL */
};

/*
 * Make an office in the folder HOME.  vanthu.conf comes last and makes it one:
 * until then the same call can be repeated.  VT_EEXISTS: an office is there.
 * VT_EARG: PLAN breaks a rule; an agency id that is lawful but of no pattern
 * that we know is a line in NOTES (may be NULL).  VT_EIO; VT_EFORMAT: the
 * certificate; VT_ENOMEM.
 */
int vt_office_create(const char *home, const struct vt_office_plan *plan,
    struct vt_list *notes, struct vt_error *err);

/* ---- sending: NOTES (may be NULL) gets translated lines of warning ---- */

/*
 * How often a message is handed to the transport before it has failed, and how
 * long the pauses are: none after the first try, then this, then twice that.
 * VT_OFFICE_TRIES_SHARED of them may be the fault of a way that was closed to
 * all; a later one counts where the way was open just before.
 */
#define VT_OFFICE_TRIES 20
#define VT_OFFICE_TRIES_SHARED 10
#define VT_OFFICE_PAUSE_S 60
#define VT_OFFICE_PAUSE_MAX_S 14400

/*
 * To whom a document goes; the lists are borrowed, each may be NULL.  The first
 * and the last two hold organ ids, aliases of them, or "@GROUP"; who is in more
 * than one has it for what comes first.
 */
struct vt_office_issue {
	const struct vt_list *to;     /* to act upon it */
	const struct vt_list *units;  /* of this office: handed over inside */
	const struct vt_list *post;   /* names: on paper, by post */
	const struct vt_list *report; /* as a report */
	const struct vt_list *know;   /* to know of it */
	struct vt_list *ret;          /* NULL, or gets the ids that are meant */
};

/*
 * Issue a registered outgoing document: it becomes "issued" and locked, and the
 * messages are durably queued before this returns; then they are delivered
 * where that is possible at once.  Who has it already gets it no second time,
 * so that a killed run can be repeated; what waits for him is tried at once.
 * VT_EREFUSED: the main file is not there, unsigned or invalid, or lacks the
 * person's and after it the agency's signature where the office has a
 * certificate of the agency; the record was recalled or replaced.  VT_EARG: no
 * outgoing record, a bad organ id or name, no such group.  VT_EREFUSED, too:
 * the directory of agencies is not empty, and one of them is not in it or not
 * valid today; the text names others that may be meant.  VT_EFORMAT: an
 * envelope needs what the record lacks.  VT_ENOTFOUND; VT_EIO; VT_ENOMEM.
 */
int vt_office_send(struct vt_office *o, int64_t record,
    const struct vt_office_issue *to, struct vt_list *notes,
    struct vt_error *err);

/* A recall or an update that followed a document; accepted: 15, refused: 16. */
struct vt_office_asked {
	char *organ_id;
	int64_t message; /* its id in the outbox */
	char *business;
	char *why; /* what we gave as the reason */
	int64_t created;
	enum vt_delivery_state state;
	char *reason; /* of the state */
	int64_t next_try;
	struct vt_store_status *statuses;
	size_t nstatuses;
};

/* What the offices did with a document; in order of sending.  Borrowed. */
struct vt_office_recipient {
	const char *ref;
	enum vt_state state;  /* of the record */
	const char *business; /* "new", or "replace" */
	const char *document_id;
	const struct vt_delivery *delivery;
	const struct vt_store_status *statuses; /* as they came */
	size_t nstatuses;
	/* In their order: those before this one was sent again are not of it.
	 */
	const struct vt_office_asked *asked;
	size_t nasked;
};

typedef int vt_office_recipient_fn(void *ctx,
    const struct vt_office_recipient *r, struct vt_error *err);
/* VT_ENOTFOUND: no such record, or it was sent to nobody. */
int vt_office_recipients(struct vt_office *o, int64_t record,
    vt_office_recipient_fn *fn, void *ctx, struct vt_error *err);

struct vt_office_delivered {
	size_t sent;    /* handed to the transport now */
	size_t waiting; /* to be tried again, or for the first time */
	size_t failed;  /* given up now */
	size_t later;   /* was not due yet */
};

/*
 * Try to deliver whatever waits and is due, documents and acknowledgements, the
 * urgent ones first.  A try that fails is repeated after a pause that grows;
 * after VT_OFFICE_TRIES, or where the other side refuses what is sent, the
 * message has failed, with its reason.  A certificate or an address that is
 * wrong is the way's fault and no message's.  From VT_OFFICE_TRIES_SHARED on a
 * try counts only where the way carries other things: no outage, however long,
 * uses up what is left.  Where the other side does not answer at all, the rest
 * is left as it is: due, and not a try older.  VT_OK also where nothing could
 * be delivered. VT_EIO: also where no transport is configured; VT_EBUSY:
 * another process is at it and did not end.
 */
int vt_office_deliver(struct vt_office *o, struct vt_office_delivered *ret,
    struct vt_list *notes, struct vt_error *err);

/*
 * Queue a document once more for each recipient that has not acknowledged it,
 * also where it had failed, and what followed it for who has not answered; and
 * deliver.  One that is not in force is not sent again, its recall is.
 * VT_ENOTFOUND as above.
 */
int vt_office_resend(struct vt_office *o, int64_t record, struct vt_list *notes,
    struct vt_error *err);
/*
 * The same for our answers about an incoming record: the *RET status messages
 * that had failed.  VT_ENOTFOUND: none had.
 */
int vt_office_resend_answers(struct vt_office *o, int64_t record, size_t *ret,
    struct vt_list *notes, struct vt_error *err);
/*
 * The same for our answers to the message ID (of struct vt_office_received),
 * also where it never came into a book: a refusal, too, must reach its sender.
 */
int vt_office_resend_message(struct vt_office *o, int64_t id, size_t *ret,
    struct vt_list *notes, struct vt_error *err);

/* ---- taking in ---- */

enum vt_received_result {
	VT_RECEIVED_REGISTERED = 0,
	VT_RECEIVED_DUPLICATE,  /* known; acknowledged again */
	VT_RECEIVED_HELD,       /* waits for a clerk */
	VT_RECEIVED_REFUSED,    /* returned to its sender */
	VT_RECEIVED_STATUS,     /* of a document of ours; noted there */
	VT_RECEIVED_DONE,       /* a recall or an update, done to the book */
	VT_RECEIVED_QUARANTINED /* kept apart; in no book */
};

/* "registered" "duplicate" ...: the words of JSON; not translated. */
const char *vt_received_result_name(enum vt_received_result r);

/*
 * What became of one message.  Texts are foreign, NULL where nothing is known,
 * and borrowed.
 */
struct vt_office_received {
	int64_t id; /* the office's own, for a clerk to name it */
	enum vt_received_result result;
	const char *document_id;
	const char *ref;    /* of the record, or of ours that a status is of */
	const char *reason; /* a code of vt_received_reason_text(), or a text */
	const char *detail; /* one line of what exactly, or NULL */
	const char *from_id, *from_name, *code, *subject;
	const char *business;    /* "new" "recall" ..., or a status code */
	const char *verdict;     /* verify's word on the main file */
	const char *status_code; /* of a status message */
	int64_t received;
};

typedef int vt_office_received_fn(void *ctx, const struct vt_office_received *r,
    struct vt_error *err);

/* A code's translated text; a reason that is no code is its own. */
const char *vt_received_reason_text(const char *reason);
const char *vt_received_reason_at(size_t i); /* NULL behind the last */

/*
 * Fetch at most LIMIT messages (0: all that wait) and give each a durable
 * result, of which FN hears after the commit; then deliver the
 * acknowledgements.  A run that was killed is completed by the next one.
 * A message that our own disk or the transport did not let us end keeps the
 * others out only after a few of that kind in a row; the first such error is
 * returned at the end.
 * VT_EFORMAT: vanthu.conf; VT_EIO: also where no transport is configured;
 * VT_EBUSY: another run is at it and did not end; VT_ENOMEM; FN's own code.
 */
int vt_office_receive(struct vt_office *o, size_t limit,
    vt_office_received_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err);

/* What waits for a clerk, newest first. */
int vt_office_pending(struct vt_office *o, vt_office_received_fn *fn, void *ctx,
    struct vt_error *err);

/*
 * A clerk's word on a document that is held: it is registered and 03 sent, or
 * it is refused and 02 sent with REASON.  Said before in the same sense: as
 * good as once.  FN hears of the result.  VT_ENOTFOUND: no such message;
 * VT_EREFUSED: not a document that waits; VT_EARG: no reason; VT_EFORMAT: the
 * book needs what the message lacks.
 */
int vt_office_accept(struct vt_office *o, int64_t id, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err);
int vt_office_refuse(struct vt_office *o, int64_t id, const char *reason,
    vt_office_received_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err);

/*
 * A clerk's word on a recall, an update, a replacement or a status 13 that is
 * held, whoever sent it: it is done to the book and 15 sent, or 16 with REASON.
 * For the rest as above, VT_EFORMAT too; VT_EREFUSED also where its document is
 * not in the book or can no longer be changed.
 */
int vt_office_agree(struct vt_office *o, int64_t id, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err);
int vt_office_decline(struct vt_office *o, int64_t id, const char *reason,
    vt_office_received_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err);

#endif
