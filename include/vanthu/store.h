/* store.h - the register's database: books, history, queues, hồ sơ */
#ifndef VANTHU_STORE_H
#define VANTHU_STORE_H

#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/record.h" /* struct vt_record */

struct vt_error;
struct vt_json;
struct vt_json_out;

/*
 * One handle on one register.db.  Everything that writes stands between
 * vt_store_begin() and vt_store_commit() and is refused outside (VT_EARG), so
 * that whatever one message or one command changes is there whole or not at
 * all.  Each call by itself also happens whole or not at all: after a failed
 * one the transaction may go on, or be rolled back.  Print no reference before
 * the commit.
 *
 * Errors of all: VT_EIO (disk, full disk, damaged or locked database),
 * VT_ENOMEM; VT_EEXISTS, VT_ENOTFOUND, VT_EARG and VT_EREFUSED as said.
 * Instants are seconds UTC; the year of a number is taken at +07:00.
 */
struct vt_store;

/* Make the database, or make sure that it is there; nothing is replaced. */
int vt_store_create(const char *path, struct vt_error *err);
/*
 * WHO goes into the history; copied.  Where nothing can be written beside it,
 * it can be read only: as it is there, and VT_EIO where a part of it lies
 * beside it, or somebody else writes meanwhile.  VT_ENOTFOUND: no such file.
 */
int vt_store_open(const char *path, const char *who, struct vt_store **ret,
    struct vt_error *err);
void vt_store_close(struct vt_store *s); /* rolls back; NULL is allowed */

/* Waits for its turn: writers queue at a lock file beside the database. */
int vt_store_begin(struct vt_store *s, struct vt_error *err);
/* On failure nothing was changed, and the transaction is over. */
int vt_store_commit(struct vt_store *s, struct vt_error *err);
void vt_store_rollback(struct vt_store *s); /* outside one: nothing */
/*
 * Many transactions made durable by one: between _group_begin and _group_commit
 * each of them is a part, done or rolled back by itself, and none is there
 * before the last call, which does all or nothing.  vt_store_rollback() outside
 * a part undoes them all, and ends it.
 */
int vt_store_group_begin(struct vt_store *s, struct vt_error *err);
int vt_store_group_commit(struct vt_store *s, struct vt_error *err);
/* A stable view for several reads; ended by vt_store_rollback(). */
int vt_store_begin_read(struct vt_store *s, struct vt_error *err);

/* ---- records ---- */

/*
 * Enter REC in its book.  NUMBER 0 takes the book's next one of REC->year,
 * which starts from 1 each year; else that number, if it is free (VT_EEXISTS).
 * Fills id, number and, outgoing, code.  Files, the given digest, the state
 * and the time of registration are stored as they are in REC.  WHAT names the
 * event ("registered", "imported").  VT_EREFUSED: a secret one.
 */
int vt_store_record_add(struct vt_store *s, struct vt_record *rec,
    const char *what, const char *reason, struct vt_error *err);
/* With its files; RET is overwritten and the caller's. VT_ENOTFOUND. */
int vt_store_record_get(struct vt_store *s, int64_t id, struct vt_record *ret,
    struct vt_error *err);
/*
 * Replace what the record with REC->id says by REC; its files, book, year and
 * number stay.  The event tells old and new value of each field that differs;
 * nothing differs: no event.  Rules are the caller's.
 */
int vt_store_record_update(struct vt_store *s, const struct vt_record *rec,
    const char *what, const char *reason, struct vt_error *err);
/*
 * Set its state.  VT_EREFUSED: the present one cannot be followed by it; the
 * same again is as good and leaves no event.
 */
int vt_store_state_set(struct vt_store *s, int64_t id, enum vt_state state,
    const char *what, const char *reason, struct vt_error *err);
/* What verify says of the main file now; NULL clears it. */
int vt_store_verdict_set(struct vt_store *s, int64_t id, const char *verdict,
    struct vt_error *err);
/* The edXML DocumentId under which it is exchanged. */
int vt_store_document_id_set(struct vt_store *s, int64_t id,
    const char *document_id, struct vt_error *err);
/*
 * Add a file, copying FILE: with seq < 0 as the next attachment (or the main
 * document, where there is none), else as the next version of that one
 * (VT_ENOTFOUND).  Fills seq and version.
 */
int vt_store_file_add(struct vt_store *s, int64_t id,
    struct vt_record_file *file, const char *what, const char *reason,
    struct vt_error *err);
/* All versions of all files of a record, in order of seq and version. */
typedef int vt_store_file_fn(void *ctx, const struct vt_record_file *file,
    struct vt_error *err);
int vt_store_files(struct vt_store *s, int64_t id, vt_store_file_fn *fn,
    void *ctx, struct vt_error *err);
/*
 * Every file, of any version and any record, that is SHA256: the record's id,
 * and FILE without its name.  All are read before FN is called.
 */
typedef int vt_store_holder_fn(void *ctx, int64_t record,
    const struct vt_record_file *file, struct vt_error *err);
int vt_store_file_find(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], vt_store_holder_fn *fn,
    void *ctx, struct vt_error *err);

/*
 * The record that REF names.  A NUMBER/NOTATION is looked for among the
 * outgoing ones of YEAR.  VT_ENOTFOUND; VT_EARG: two match.
 */
int vt_store_ref_find(struct vt_store *s, const struct vt_ref *ref, int year,
    int64_t *ret, struct vt_error *err);
/*
 * An outgoing record of WANT's book that is not issued and has the same given
 * digest (or none), type, notation, subject and, where WANT->date is set, the
 * same date; the latest of them.  VT_ENOTFOUND.
 */
int vt_store_same_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err);
/*
 * An earlier record of the same direction and year of date with the same code
 * (incoming: the same folded code of the same issuer, by id or name, or where
 * there is none by its other codes and name in the directory), other than ID 0
 * or WANT->id.  VT_ENOTFOUND.
 */
int vt_store_code_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err);
/*
 * As vt_store_code_find(), of an incoming WANT whose issuer has no id: one of
 * an issuer with an id, whose name is the same.
 */
int vt_store_code_name_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err);
/* The latest with this DocumentId in the direction.  VT_ENOTFOUND. */
int vt_store_document_find(struct vt_store *s, const char *document_id,
    bool incoming, int64_t *ret, struct vt_error *err);
/* The latest date in a book (YEAR 0: of all); no date where it is empty. */
int vt_store_last_date(struct vt_store *s, const char *book, int year,
    struct vt_date *ret, struct vt_error *err);

struct vt_store_query {
	const char *book;        /* NULL: all; "out" is that series alone */
	int year;                /* 0: all */
	struct vt_date from, to; /* of the document, both included */
	size_t limit;            /* 0: all */
	bool oldest_first;
	/*
	 * Each item is words that must all be there, in any order: one typed
	 * with marks matches with these marks, one without matches any.
	 */
	const struct vt_list *words;
};

typedef int vt_store_record_fn(void *ctx, const struct vt_record *rec,
    struct vt_error *err);
/* Newest first.  Stops with FN's code where that is not VT_OK. */
int vt_store_list(struct vt_store *s, const struct vt_store_query *q,
    vt_store_record_fn *fn, void *ctx, struct vt_error *err);

/* Kept counts, not a scan. */
struct vt_store_count {
	const char *book;
	int year;
	enum vt_state state;
	int64_t n;
};

typedef int vt_store_count_fn(void *ctx, const struct vt_store_count *count,
    struct vt_error *err);
int vt_store_counts(struct vt_store *s, vt_store_count_fn *fn, void *ctx,
    struct vt_error *err);

/* ---- history ---- */

struct vt_event {
	int64_t id, record; /* record 0: of the office */
	int64_t at;
	const char *who, *what;
	const char *reason; /* or NULL */
	const char *detail; /* JSON: what changed, from what to what; or NULL */
};

/* RECORD 0: of the office.  REASON and DETAIL may be NULL. */
int vt_store_event_add(struct vt_store *s, int64_t record, const char *what,
    const char *reason, const char *detail, struct vt_error *err);
typedef int vt_store_event_fn(void *ctx, const struct vt_event *event,
    struct vt_error *err);
int vt_store_events(struct vt_store *s, int64_t record, vt_store_event_fn *fn,
    void *ctx, struct vt_error *err); /* oldest first */

/* ---- outbox: messages of ours, and what each recipient did with them ---- */

enum vt_message_kind { VT_MESSAGE_DOCUMENT = 0, VT_MESSAGE_STATUS };

const char *vt_message_kind_name(enum vt_message_kind k);

/*
 * One envelope.  Texts are owned; release it.  BUSINESS is "new" "recall"
 * "update" "replace", or a status code ("03").
 */
struct vt_outbox {
	int64_t id;
	int64_t record; /* 0: of none */
	int64_t inbox;  /* a status: the message that it answers, or 0 */
	enum vt_message_kind kind;
	char *business;
	char *document_id;
	char *reason;
	/*
	 * JSON: what an update changes, what a replacement replaces, the date
	 * of the document that an answer is about.
	 */
	char *detail;
	enum vt_urgency urgency;
	int64_t created;
	bool has_envelope; /* of the message's bytes in objects/ */
	unsigned char envelope[VT_SHA256_LEN];
};

void vt_outbox_release(struct vt_outbox *m); /* a zeroed one is allowed */
/* Fills id and, where it is 0, created. */
int vt_store_outbox_add(struct vt_store *s, struct vt_outbox *m,
    struct vt_error *err);
/* VT_ENOTFOUND.  RET is overwritten. */
int vt_store_outbox_get(struct vt_store *s, int64_t id, struct vt_outbox *ret,
    struct vt_error *err);
/* What it looks like is known, and kept.  VT_ENOTFOUND. */
int vt_store_outbox_envelope_set(struct vt_store *s, int64_t id,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);

enum vt_delivery_state {
	VT_DELIVERY_QUEUED = 0,
	VT_DELIVERY_SENT,     /* the transport took it; no receipt */
	VT_DELIVERY_ARRIVED,  /* 01 */
	VT_DELIVERY_ACCEPTED, /* 03, 04 */
	VT_DELIVERY_REFUSED,  /* 02 */
	VT_DELIVERY_PROCESSING,
	VT_DELIVERY_DONE,
	VT_DELIVERY_FAILED /* given up */
};

const char *vt_delivery_state_name(enum vt_delivery_state st);

/* What an agency has a document for (nơi nhận); VT_ROLE_ACT unless said. */
enum vt_role { VT_ROLE_ACT = 0, VT_ROLE_REPORT, VT_ROLE_KNOW };

const char *vt_role_name(enum vt_role r); /* "act" "report" "know" */

/* One message to one recipient.  Texts are owned. */
struct vt_delivery {
	int64_t id, outbox;
	char *organ_id, *organ_name, *unit;
	enum vt_role role; /* kept as it was added */
	enum vt_delivery_state state;
	char *reason;
	int attempts;     /* those that count; see VT_OFFICE_TRIES */
	int64_t next_try; /* while queued; VT_TIME_NONE: not again */
	int64_t changed;
	enum vt_status status; /* the latest usual one that it told us */
};

void vt_delivery_release(struct vt_delivery *d); /* a zeroed one is allowed */
/* Fills id.  VT_EEXISTS: this recipient has the message already. */
int vt_store_delivery_add(struct vt_store *s, struct vt_delivery *d,
    struct vt_error *err);
/* Writes state, reason, attempts, next_try, status; changed becomes now. */
int vt_store_delivery_update(struct vt_store *s, const struct vt_delivery *d,
    struct vt_error *err);

struct vt_delivery_query {
	int64_t record;          /* 0: of any */
	int64_t outbox;          /* 0: of any */
	const char *document_id; /* NULL: any */
	const char *organ_id;    /* NULL: any */
	/*
	 * Queued and to be tried by then; VT_TIME_NONE: any.  A try that is
	 * further off than any pause was set by a clock that was wrong: due.
	 */
	int64_t due;
	size_t limit; /* 0: all */
	/* Those for which it is true come before all others; NULL: none. */
	bool (*first)(const void *ctx, const struct vt_delivery *d);
	const void *first_ctx;
};

#define VT_DELIVERY_PAUSE_MAX 86400 /* seconds between two tries */

/*
 * Deliveries with their message, oldest first, but for those that are due: the
 * urgent ones first; and among those that Q wants first, and the others, in
 * that order.  All are read before FN is called the first time, so that
 * FN may write.  Both are borrowed.
 */
typedef int vt_store_delivery_fn(void *ctx, const struct vt_outbox *m,
    const struct vt_delivery *d, struct vt_error *err);
int vt_store_deliveries(struct vt_store *s, const struct vt_delivery_query *q,
    vt_store_delivery_fn *fn, void *ctx, struct vt_error *err);

/* A status message about a delivery, as it came.  Texts are owned. */
struct vt_store_status {
	int64_t id, delivery;
	char *code, *description;
	int64_t timestamp; /* as the sender says; VT_TIME_NONE */
	int64_t received;
	bool unusual; /* not one that may follow the one before */
};

void vt_store_status_release(struct vt_store_status *st);
/* Fills id and, where it is 0, received. */
int vt_store_status_add(struct vt_store *s, struct vt_store_status *st,
    struct vt_error *err);
/* How many deliveries wait, due or not. */
int vt_store_queued(struct vt_store *s, int64_t *ret, struct vt_error *err);
typedef int vt_store_status_fn(void *ctx, const struct vt_store_status *st,
    struct vt_error *err);
int vt_store_statuses(struct vt_store *s, int64_t delivery,
    vt_store_status_fn *fn, void *ctx, struct vt_error *err);

/* ---- inbox: messages of others ---- */

enum vt_inbox_result {
	VT_INBOX_REGISTERED = 0,
	VT_INBOX_HELD, /* waits for a clerk */
	VT_INBOX_REFUSED,
	VT_INBOX_STATUS, /* a status message, dealt with */
	VT_INBOX_QUARANTINED,
	VT_INBOX_DONE /* a recall, update or replacement, dealt with */
};

const char *vt_inbox_result_name(enum vt_inbox_result r);

/* Texts are owned. */
struct vt_inbox {
	int64_t id;
	/* The intake key, a digest of what DESIGN section 7 names; unique. */
	unsigned char key[VT_SHA256_LEN];
	char *message_id; /* the transport's name for it */
	enum vt_message_kind kind;
	char *business; /* as in struct vt_outbox */
	char *from_id, *from_name;
	char *document_id;
	char *code, *subject; /* for whoever looks at what waits; or NULL */
	int64_t received;
	enum vt_inbox_result result;
	char *reason;            /* a stable code, or a clerk's text */
	char *detail;            /* what exactly, as it was told; or NULL */
	char *verdict;           /* of the envelope's main file, or NULL */
	int64_t record;          /* 0: of none */
	int64_t earlier;         /* the arrival that it is linked to, or 0 */
	enum vt_status answered; /* the latest status that we sent */
	bool has_envelope;
	unsigned char envelope[VT_SHA256_LEN]; /* objects/ or quarantine/ */
};

void vt_inbox_release(struct vt_inbox *m); /* a zeroed one is allowed */
/* Fills id and, where it is 0, received.  VT_EEXISTS: the key is known. */
int vt_store_inbox_add(struct vt_store *s, struct vt_inbox *m,
    struct vt_error *err);
/* VT_ENOTFOUND.  RET is overwritten. */
int vt_store_inbox_get(struct vt_store *s, int64_t id, struct vt_inbox *ret,
    struct vt_error *err);
int vt_store_inbox_by_key(struct vt_store *s,
    const unsigned char key[VT_SHA256_LEN], struct vt_inbox *ret,
    struct vt_error *err);
/*
 * Writes result, reason, detail, verdict, record, answered and envelope of
 * M->id.
 */
int vt_store_inbox_update(struct vt_store *s, const struct vt_inbox *m,
    struct vt_error *err);

struct vt_inbox_query {
	bool held;                         /* only what waits */
	const char *document_id, *from_id; /* NULL: any */
	int64_t record;                    /* 0: of any */
	size_t limit;                      /* 0: all */
};

/* Newest first; all are read before FN is called, so that FN may write. */
typedef int vt_store_inbox_fn(void *ctx, const struct vt_inbox *m,
    struct vt_error *err);
int vt_store_inbox_list(struct vt_store *s, const struct vt_inbox_query *q,
    vt_store_inbox_fn *fn, void *ctx, struct vt_error *err);

/* ---- hồ sơ: files of records ---- */

/* Texts are owned. */
struct vt_dossier {
	int64_t id;
	char *code, *title;
	int retention; /* years, or VT_RETENTION_FOREVER */
	int64_t opened;
	size_t nmembers; /* filled on reading */
};

void vt_dossier_release(struct vt_dossier *d); /* a zeroed one is allowed */
/* Fills id and, where it is 0, opened.  VT_EEXISTS: the code is taken. */
int vt_store_dossier_add(struct vt_store *s, struct vt_dossier *d,
    struct vt_error *err);
int vt_store_dossier_find(struct vt_store *s, const char *code,
    struct vt_dossier *ret, struct vt_error *err); /* VT_ENOTFOUND */
typedef int vt_store_dossier_fn(void *ctx, const struct vt_dossier *d,
    struct vt_error *err);
int vt_store_dossiers(struct vt_store *s, vt_store_dossier_fn *fn, void *ctx,
    struct vt_error *err); /* in order of code */

/* A member is a record, or a file that is none.  Texts are owned. */
struct vt_dossier_member {
	int64_t dossier;
	int seq;        /* from 1, in order of adding */
	int64_t record; /* 0: a file */
	char *name;     /* of a file */
	uint64_t size;
	unsigned char sha256[VT_SHA256_LEN];
	int64_t added;
};

void vt_dossier_member_release(struct vt_dossier_member *m);
/* Fills seq and added.  VT_EEXISTS: it is in there already. */
int vt_store_member_add(struct vt_store *s, struct vt_dossier_member *m,
    struct vt_error *err);
typedef int vt_store_member_fn(void *ctx, const struct vt_dossier_member *m,
    struct vt_error *err);
int vt_store_members(struct vt_store *s, int64_t dossier,
    vt_store_member_fn *fn, void *ctx, struct vt_error *err);

/* ---- all digests, and whether the books are sound ---- */

/* Where in the database a digest is named. */
enum vt_digest_owner {
	VT_DIGEST_FILE = 0, /* any version of a file of record ID */
	VT_DIGEST_OUTBOX,   /* the envelope of message ID */
	VT_DIGEST_INBOX,    /* of what came; QUARANTINED: in quarantine/ */
	VT_DIGEST_QUARANTINED,
	VT_DIGEST_DOSSIER,  /* a file in dossier ID */
	VT_DIGEST_EVIDENCE, /* what a signature of record ID was checked by */
	VT_DIGEST_DERIVED   /* a file made of one of record ID */
};

/* Everything that must be in objects/ (or quarantine/), in order of digest. */
typedef int vt_store_digest_fn(void *ctx,
    const unsigned char sha256[VT_SHA256_LEN], enum vt_digest_owner owner,
    int64_t id, struct vt_error *err);
int vt_store_digests(struct vt_store *s, vt_store_digest_fn *fn, void *ctx,
    struct vt_error *err);

/*
 * Look for damage: SQLite's own check, numbers that are missing or beyond the
 * book's next one, counts that do not hold, index rows too few.  FN is called
 * with one translated line for each finding, WHERE naming the record, book or
 * table.  VT_OK: it was looked at; count the calls.
 */
typedef int vt_store_finding_fn(void *ctx, const char *where, const char *text,
    struct vt_error *err);
int vt_store_check(struct vt_store *s, vt_store_finding_fn *fn, void *ctx,
    struct vt_error *err);

/* ---- JSON of a record: what register --json writes and import reads ---- */

/* The members of an object that is open. */
void vt_store_record_to_json(const struct vt_record *rec,
    struct vt_json_out *o);
/*
 * Read one back.  "ref" must agree with book, year and number where both are
 * there, or stands for them; unknown keys are skipped.  RET is overwritten and
 * the caller's.  VT_EFORMAT: a wrong type or value, with the key.  VT_EREFUSED:
 * its secrecy is not "none"; then nothing of it was copied.
 */
int vt_store_record_from_json(const struct vt_json *object,
    struct vt_record *ret, struct vt_error *err);

#endif
