/* office_deliver.c - delivers what waits, again and again but not for ever */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"

_Static_assert(VT_OFFICE_PAUSE_MAX_S <= VT_DELIVERY_PAUSE_MAX,
    "a pause must not look like a wrong clock");

/* ---- one delivery ---- */

/*
 * 0 after the first try: what failed at home (a full disk) is put right and
 * the command run again.  Then longer and longer, and not before the other side
 * wants it: ASKED seconds, at most as long as our own longest pause.
 */
static int64_t
pause_after(int attempts, int64_t asked)
{
	int64_t pause = attempts <= 1 ? 0 : VT_OFFICE_PAUSE_S;
	int i;

	for (i = 2; i < attempts && pause < VT_OFFICE_PAUSE_MAX_S; i++)
		pause *= 2;
	if (pause < asked)
		pause = asked;
	return pause < VT_OFFICE_PAUSE_MAX_S ? pause : VT_OFFICE_PAUSE_MAX_S;
}

/* A try: what it gave, and what it made of the delivery. */
struct attempt {
	struct vt_office *o;
	bool request;
	bool shared; /* a failure is perhaps the way's, for all of them */
	int rc;
	bool way;     /* RC is of the way, and not of what was sent */
	int64_t wait; /* seconds that the other side asked for */
	struct vt_error why;
	struct vt_delivery next;
	char *reason; /* of NEXT; owned */
};

/*
 * What stands in the way is put right by somebody, here or there, and must not
 * have emptied the queue by then.
 */
static bool
retry_helps(const struct attempt *a)
{
	return a->rc == VT_EIO || a->rc == VT_ENET || a->rc == VT_ENOTFOUND ||
	       a->rc == VT_EKEY || a->rc == VT_ECRYPTO ||
	       (a->rc == VT_EREFUSED && a->way);
}

/* A status that was here before we could write down that we sent. */
static int
catch_up(void *ctx, const struct vt_store_status *st, struct vt_error *err)
{
	struct attempt *a = ctx;
	enum vt_status status;

	if (!vt_status_parse(st->code, &status) ||
	    !vt_office_advance(&a->next, a->request, status))
		return VT_OK;
	return vt_str_set(&a->reason,
	    a->next.state == VT_DELIVERY_REFUSED ? st->description : NULL, err);
}

/* D is the row as it is now: statuses come in while we hand over. */
static int
write_attempt(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct attempt *a = ctx;
	struct vt_delivery *next = &a->next;
	int rc = VT_OK;

	*next = *d;
	/* what an outage has added to the pauses is enough */
	if (!a->shared || !retry_helps(a) ||
	    next->attempts < VT_OFFICE_TRIES_SHARED)
		next->attempts++;
	a->request = vt_office_is_request(m);
	if (d->state != VT_DELIVERY_QUEUED) /* its recipient has it */
		return vt_store_delivery_update(a->o->store, next, err);
	next->next_try = VT_TIME_NONE;
	if (a->rc == VT_OK) {
		next->state = VT_DELIVERY_SENT;
		rc = vt_store_statuses(a->o->store, d->id, catch_up, a, err);
	} else if ((rc = vt_str_set(&a->reason, a->why.text, err)) == VT_OK) {
		if (retry_helps(a) && next->attempts < VT_OFFICE_TRIES)
			next->next_try = vt_time_now() +
					 pause_after(next->attempts, a->wait);
		else
			next->state = VT_DELIVERY_FAILED;
	}
	next->reason = a->reason;
	return rc == VT_OK ? vt_store_delivery_update(a->o->store, next, err)
			   : rc;
}

/* Write down what became of a try to deliver D; in the caller's transaction. */
static int
note_attempt_in(struct attempt *a, int64_t outbox, const char *to,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .outbox = outbox,
		.organ_id = to,
		.due = VT_TIME_NONE };
	int rc = vt_store_deliveries(a->o->store, &q, write_attempt, a, err);

	free(a->reason);
	a->reason = NULL;
	return rc;
}

static int
end_transaction(struct vt_store *s, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

static int
note_attempt(struct attempt *a, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_store *s = a->o->store;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = note_attempt_in(a, d->outbox, d->organ_id, err);
	return end_transaction(s, rc, err);
}

/* ---- all that is due ---- */

/* A message that T has gathered. */
struct gathered {
	int64_t outbox;
	char *to;
};

struct run {
	struct vt_office *o;
	struct vt_office_ways ways;
	struct vt_office_delivered done;
	struct vt_list *notes;
	/* The message that was last made ready, and its envelope since then. */
	int64_t last;
	bool has_envelope;
	unsigned char envelope[VT_SHA256_LEN];
	/* The way that has just carried something; the one that was closed. */
	const struct vt_transport *open, *closed;
	/* Those that are to be handed over together. */
	struct vt_transport *t;
	struct gathered gathered[VT_TRANSPORT_GATHER_MAX];
	size_t n;
};

static int
note(struct run *run, const struct vt_delivery *d, const struct vt_error *why,
    struct vt_error *err)
{
	char line[VT_TEXT_MAX + 64];

	if (run->notes == NULL)
		return VT_OK;
	snprintf(line, sizeof(line), "%s: %s", d->organ_id, why->text);
	return vt_list_add(run->notes, line, err);
}

/*
 * Who has failed so often is perhaps what the other side dies of; perhaps
 * nobody was there.  Asked before the try, as afterwards it may be dead of it.
 */
static bool
is_open(struct run *run, struct vt_transport *t)
{
	struct vt_error why = { 0 };

	if (run->open != t && run->closed != t) {
		if (vt_transport_reach(t, &why) == VT_OK)
			run->open = t;
		else
			run->closed = t; /* in this run not asked again */
	}
	return run->open == t;
}

/* Offer M by itself, and write down what became of it. */
static int
deliver_one(struct run *run, struct vt_transport *t, struct vt_outbox *m,
    const struct vt_delivery *d, struct vt_error *err)
{
	struct attempt a = { .o = run->o };
	int rc;

	a.shared = d->attempts >= VT_OFFICE_TRIES_SHARED && !is_open(run, t);
	if (vt_transport_silent(t)) { /* what is not tried does not fail */
		run->done.waiting++;
		return VT_OK;
	}
	a.rc = vt_office_hand_over(run->o, t, m, d->organ_id,
	    vt_transport_offer, &a.why);
	a.way = vt_transport_way_failed(t);
	if (a.rc == VT_ENET)
		a.wait = vt_transport_retry_after(t);
	if (a.rc == VT_ENOMEM)
		return vt_error_nomem(err);
	run->open = a.rc == VT_OK ? t : NULL;
	if (a.rc != VT_OK && (rc = note(run, d, &a.why, err)) != VT_OK)
		return rc;
	if ((rc = note_attempt(&a, d, err)) != VT_OK)
		return rc;
	if (a.rc == VT_OK)
		run->done.sent++;
	else if (a.next.state == VT_DELIVERY_FAILED)
		run->done.failed++;
	else if (a.next.state == VT_DELIVERY_QUEUED)
		run->done.waiting++;
	return VT_OK;
}

/* ---- several at once, where the way can ---- */

static int
deliver_alone(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct run *run = ctx;
	struct vt_outbox copy = *m; /* its texts stay borrowed */

	if (d->state != VT_DELIVERY_QUEUED) /* its recipient has it */
		return VT_OK;
	return deliver_one(run, run->t, &copy, d, err);
}

/* They are with the other side: all of it is written down at once. */
static int
note_gathered(struct run *run, struct vt_error *err)
{
	struct vt_store *s = run->o->store;
	size_t i;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	for (i = 0; i < run->n && rc == VT_OK; i++) {
		struct attempt a = { .o = run->o };

		rc = note_attempt_in(&a, run->gathered[i].outbox,
		    run->gathered[i].to, err);
	}
	if ((rc = end_transaction(s, rc, err)) == VT_OK)
		run->done.sent += run->n;
	run->open = run->t;
	return rc;
}

/* What can not be handed over together is offered one by one. */
static int
flush(struct run *run, struct vt_error *err)
{
	struct vt_error why = { 0 };
	size_t i;
	int rc;

	if (run->n == 0)
		return VT_OK;
	rc = vt_transport_hand_over(run->t, &why);
	if (rc == VT_OK)
		rc = note_gathered(run, err);
	else
		for (i = 0, rc = VT_OK; i < run->n && rc == VT_OK; i++) {
			const struct vt_delivery_query q = {
				.outbox = run->gathered[i].outbox,
				.organ_id = run->gathered[i].to,
				.due = VT_TIME_NONE
			};

			rc = vt_store_deliveries(run->o->store, &q,
			    deliver_alone, run, err);
		}
	for (i = 0; i < run->n; i++)
		free(run->gathered[i].to);
	run->n = 0;
	return rc;
}

/* *RET false: M is to be offered by itself. */
static int
gather(struct run *run, struct vt_transport *t, struct vt_outbox *m,
    const char *to, bool *ret, struct vt_error *err)
{
	struct gathered *g;
	struct vt_error why = { 0 };
	int rc;

	*ret = false;
	if ((t != run->t || run->n == VT_TRANSPORT_GATHER_MAX) &&
	    (rc = flush(run, err)) != VT_OK)
		return rc;
	run->t = t;
	if (!vt_transport_gathers(t))
		return VT_OK;
	if (vt_office_hand_over(run->o, t, m, to, vt_transport_gather, &why) !=
	    VT_OK) /* their order stays: what came before goes before */
		return flush(run, err);
	g = &run->gathered[run->n];
	if ((g->to = strdup(to)) == NULL)
		return vt_error_nomem(err);
	g->outbox = m->id;
	run->n++;
	*ret = true;
	return VT_OK;
}

/* ---- what goes one behind the other ---- */

enum line { NO_LINE, ANSWERS, CHANGES };

/* 15 and 16; and a document with what is made of it. */
static enum line
line_of(const struct vt_outbox *m)
{
	enum vt_status status;

	if (m->kind == VT_MESSAGE_DOCUMENT)
		return CHANGES;
	return m->business != NULL && vt_status_parse(m->business, &status) &&
		       vt_status_is_answer(status)
		   ? ANSWERS
		   : NO_LINE;
}

/* A document as it is issued; one with a reason comes once more. */
static bool
is_first(const struct vt_outbox *m)
{
	return m->kind == VT_MESSAGE_DOCUMENT && !vt_office_is_request(m) &&
	       m->reason == NULL;
}

struct before {
	int64_t delivery;
	enum line line;
	bool waits; /* an older one */
};

static int
look_before(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct before *b = ctx;

	(void)err;
	if (d->id < b->delivery && d->state == VT_DELIVERY_QUEUED &&
	    line_of(m) == b->line)
		b->waits = true;
	return VT_OK;
}

/*
 * Is an older one to the same office about the same document still here?  The
 * first answer that comes is taken for that to the first that was asked; and an
 * update behind its recall, or a recall behind what brings the document once
 * more, leaves other books there than here.
 */
static int
waits_for_another(struct run *run, const struct vt_outbox *m,
    const struct vt_delivery *d, bool *ret, struct vt_error *err)
{
	const struct vt_delivery_query q = { .document_id = m->document_id,
		.organ_id = d->organ_id,
		.due = VT_TIME_NONE };
	struct before b = { d->id, line_of(m), false };
	int rc;

	*ret = false;
	if (b.line == NO_LINE || is_first(m) || m->document_id == NULL)
		return VT_OK;
	if ((rc = flush(run, err)) != VT_OK) /* it may be among those */
		return rc;
	rc = vt_store_deliveries(run->o->store, &q, look_before, &b, err);
	*ret = b.waits;
	return rc;
}

static int
deliver_row(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct run *run = ctx;
	struct vt_outbox copy = *m; /* its texts stay borrowed */
	struct vt_transport *t =
	    vt_office_way_to(run->o, &run->ways, d->organ_id);
	bool gathered, waits;
	int rc;

	if (t == NULL) /* until one is configured */
		return VT_OK;
	if ((rc = waits_for_another(run, m, d, &waits, err)) != VT_OK ||
	    waits) {
		run->done.waiting += waits;
		return rc;
	}
	if (run->last == m->id) { /* the rows were read before it was made */
		copy.has_envelope = run->has_envelope;
		memcpy(copy.envelope, run->envelope, sizeof(copy.envelope));
	}
	rc = gather(run, t, &copy, d->organ_id, &gathered, err);
	if (rc == VT_OK && !gathered)
		rc = deliver_one(run, t, &copy, d, err);
	run->last = m->id;
	run->has_envelope = copy.has_envelope;
	memcpy(run->envelope, copy.envelope, sizeof(run->envelope));
	return rc;
}

/* Who is near does not wait for an axis that hangs. */
static bool
goes_inside(const void *ctx, const struct vt_delivery *d)
{
	const struct run *run = ctx;

	return vt_office_way_to(run->o, &run->ways, d->organ_id) ==
	       run->ways.inner;
}

int
vt_office_deliver(struct vt_office *o, struct vt_office_delivered *ret,
    struct vt_list *notes, struct vt_error *err)
{
	struct run run = { .o = o, .notes = notes };
	const struct vt_delivery_query q = { .due = vt_time_now(),
		.first = goes_inside,
		.first_ctx = &run };
	int64_t queued;
	int lock = -1, rc;

	if ((rc = vt_office_ways(o, &run.ways, err)) != VT_OK ||
	    (rc = vt_office_lock(o, VT_OFFICE_SEND_LOCK, &lock, err)) != VT_OK)
		goto out;
	if ((rc = vt_store_deliveries(o->store, &q, deliver_row, &run, err)) ==
	    VT_OK)
		rc = flush(&run, err);
	if (rc == VT_OK && ret != NULL &&
	    (rc = vt_store_queued(o->store, &queued, err)) == VT_OK) {
		*ret = run.done;
		if (queued > (int64_t)run.done.waiting)
			ret->later = (size_t)queued - run.done.waiting;
	}
out:
	while (run.n > 0)
		free(run.gathered[--run.n].to);
	vt_office_unlock(lock);
	vt_office_ways_close(&run.ways);
	return rc;
}

int
vt_office_deliver_after(struct vt_office *o, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_error why = { 0 };

	if (vt_office_deliver(o, NULL, notes, &why) == VT_OK || notes == NULL)
		return VT_OK;
	return vt_list_add(notes, why.text, err);
}
