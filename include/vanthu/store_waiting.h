/* store_waiting.h - what in the books waits for somebody */
#ifndef VANTHU_STORE_WAITING_H
#define VANTHU_STORE_WAITING_H

#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/record.h" /* VT_REF_TEXT */

struct vt_error;
struct vt_store;

enum vt_waiting {
	VT_WAITING_QUEUED = 0,  /* messages to one recipient, not sent */
	VT_WAITING_FAILED,      /* a delivery that was given up */
	VT_WAITING_REFUSED,     /* what a recipient returned or declined */
	VT_WAITING_UNANSWERED,  /* a document sent and not acknowledged */
	VT_WAITING_UNISSUED,    /* an outgoing record, not issued in time */
	VT_WAITING_UNASSIGNED,  /* an incoming one, with nobody in time */
	VT_WAITING_OVERDUE,     /* an incoming one behind its due date */
	VT_WAITING_CHANGED,     /* an incoming one, by its sender */
	VT_WAITING_HELD,        /* a message that waits for a clerk */
	VT_WAITING_QUARANTINED, /* a message of late that no book took */
	VT_WAITING_KINDS
};

/* "queued", "failed", ...: the words of JSON; not translated. */
const char *vt_waiting_name(enum vt_waiting what);

/*
 * One row.  Texts are foreign, NULL where nothing is known, and borrowed; what
 * does not belong to its kind is zero.
 */
struct vt_waiting_row {
	int64_t id; /* of a message that came, or that has a FAILED answer */
	char ref[VT_REF_TEXT]; /* "" for none */
	const char *organ_id;  /* to whom, or from whom */
	const char *business;  /* as in struct vt_outbox */
	const char *state;     /* of the record */
	const char *reason;
	const char *keeper; /* who has the record on the desk */
	bool status;        /* a status message */
	int64_t n;          /* QUEUED: how many; else 1 */
	int64_t since;      /* of QUEUED the oldest */
	int64_t next_try;   /* QUEUED: the nearest, or VT_TIME_NONE */
	int attempts;       /* QUEUED: of the one tried most often */
	struct vt_date due;
	bool has_envelope; /* QUARANTINED */
	unsigned char envelope[VT_SHA256_LEN];
};

/* The instants that tell what is late; see vt_office_overview(). */
struct vt_waiting_query {
	int64_t today;  /* when the day began, at +07:00 */
	int64_t before; /* what began before it is out of time */
	int64_t recent; /* the end of what cannot be settled: since then */
	size_t limit;   /* rows at most; at least 1 */
};

typedef int vt_store_waiting_fn(void *ctx, const struct vt_waiting_row *row,
    struct vt_error *err);
/*
 * What waits of the kind WHAT, the oldest first: FN hears of LIMIT rows, *RET
 * is how many there are in all.  By indexes that hold only what waits.
 *
 * UNISSUED counts from the first signature in the record, else from its being
 * registered; an urgent one is late from the next day on (NĐ 30/2020, Đ.18),
 * as UNASSIGNED is (Đ.23).  FAILED leaves out documents that are not in force
 * or were recalled from that recipient, and statuses of before RECENT; so does
 * QUARANTINED.  CHANGED is what was recalled, updated or replaced when somebody
 * had it on the desk, for 31 days or until they were told
 * (vt_office_register_told()) or the record corrected. REFUSED is so, too, or
 * until something was sent there again. VT_EIO; VT_ENOMEM; FN's own code.
 */
int vt_store_waiting(struct vt_store *s, enum vt_waiting what,
    const struct vt_waiting_query *want, vt_store_waiting_fn *fn, void *ctx,
    int64_t *ret, struct vt_error *err);

#endif
