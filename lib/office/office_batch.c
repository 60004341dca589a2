/* office_batch.c - fetches what came, and takes it in many at a time */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

#define LOCK "receive.lock"
#define FAILURES 3 /* one after the other: it is not the messages */
/*
 * A batch ends where one of these is reached; the books are held for it.  Two
 * are in memory: one is judged while the one before it is entered and the next
 * comes in.
 */
#define BATCH 64
#define BATCH_BYTES (32u << 20) /* of messages and their files */
#define BATCH_S 2

/* A message until it is taken in, and out of the transport's way. */
struct entry {
	struct vt_transport *t;
	struct vt_transport_message *m;
	struct vt_office_unpacked unpacked;
	struct vt_office_intake in;
	struct vt_inbox row;
	int rc;
	struct vt_error why;
};

/* In the order of arrival; what is not judged is not entered. */
struct batch {
	struct entry *entries; /* BATCH of them */
	size_t n;
	size_t judged, entered;      /* so many of them, from the first on */
	struct vt_verify_desk *desk; /* where the others are; NULL: nowhere */
	struct vt_objects_ahead *ahead; /* on its way to the disk; or NULL */
	uint64_t bytes;
	int64_t since; /* seconds of a clock that nobody sets */
};

struct run {
	struct vt_office *o;
	struct vt_trust *trust;
	bool ask;
	const struct vt_transport *inner; /* or NULL */
	vt_office_received_fn *fn;
	void *ctx;
	struct vt_list *notes;
	struct vt_error failed; /* the first message that could not be ended */
	unsigned failures;      /* since the last that could */
	size_t taken;           /* messages that were looked at */

	size_t jobs;       /* files that are judged at once */
	struct batch *now; /* is filled */
	struct batch *before;
	bool entering;
	bool over; /* it failed: what is still here is not entered */
};

/*
 * One message that can not be ended, for whatever reason of ours, stays where
 * it is and must not keep the others out; several in a row end the run.
 */
static int
note_failure(struct run *run, const struct vt_transport *t,
    const struct vt_transport_message *m, int rc, struct vt_error *why,
    struct vt_error *err)
{
	if (rc == VT_OK) {
		run->failures = 0;
		return VT_OK;
	}
	vt_error_prefix(why, vt_transport_called(t, m));
	if (run->failed.code == VT_OK)
		run->failed = *why;
	if (++run->failures < FAILURES && rc != VT_ENOMEM)
		return VT_OK;
	return vt_error_set(err, run->failed.code, run->failed.clause, "%s",
	    run->failed.text);
}

static void
intake_begin(struct run *run, const struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_inbox *row,
    struct vt_office_intake *in)
{
	*in = (struct vt_office_intake){
		.o = run->o,
		.trust = run->trust,
		.ask = run->ask,
		.now = vt_time_now(),
		.notes = run->notes,
		.vouched = m->from,
		.inside = t == run->inner,
		.row = row,
	};
	*row = (struct vt_inbox){ .received = in->now };
}

/* ---- one by itself ---- */

static int
take_alone(struct run *run, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_office_draft draft = { 0 };
	struct vt_inbox row;
	struct vt_office_intake in;
	uint64_t size = vt_source_size(m->content);
	int rc = VT_OK, told = VT_OK;

	intake_begin(run, t, m, &row, &in);
	if (size <= VT_OFFICE_MESSAGE_MAX) {
		rc = vt_office_private_copy(run->o, m->content, &draft, &in.src,
		    &why);
		if (rc != VT_OK || in.src == NULL)
			goto out;
	}
	if ((rc = vt_office_take(&in, m->id, size, &why)) == VT_OK) {
		rc = vt_office_finish(&in, t, m, &why);
		told = vt_office_tell(&in, run->fn, run->ctx, err);
	}
out:
	if (told == VT_OK)
		told = note_failure(run, t, m, rc, &why, err);
	vt_inbox_release(&row);
	vt_office_draft_release(&draft);
	return told;
}

/* ---- many ---- */

static void
take_entry(struct run *run, struct entry *e)
{
	vt_inbox_release(&e->row);
	intake_begin(run, e->t, e->m, &e->row, &e->in);
	e->in.src = e->m->content;
	e->in.unpacked = &e->unpacked;
	e->why = (struct vt_error){ 0 };
	e->rc = vt_office_take(&e->in, e->m->id, vt_source_size(e->in.src),
	    &e->why);
}

/*
 * All in one transaction, behind the files that it names: they are durable when
 * it is.
 */
static int
take_together(struct run *run, struct batch *b, struct vt_error *err)
{
	struct vt_office *o = run->o;
	size_t i;
	int rc;

	if ((rc = vt_store_group_begin(o->store, err)) != VT_OK)
		return rc;
	vt_objects_gather(o->objects, b->ahead);
	vt_objects_gather(o->quarantine, NULL);
	for (i = b->entered; i < b->n; i++)
		take_entry(run, &b->entries[i]);
	if ((rc = vt_objects_settle(o->objects, err)) == VT_OK &&
	    (rc = vt_objects_settle(o->quarantine, err)) == VT_OK)
		rc = vt_store_group_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	vt_objects_scatter(o->objects);
	vt_objects_scatter(o->quarantine);
	if (rc == VT_OK)
		b->entered = b->n;
	return rc;
}

/* What was taken in leaves the transport, and is told. */
static int
finish_entry(struct run *run, struct entry *e, struct vt_error *err)
{
	int told = VT_OK;

	if (e->rc == VT_OK) {
		e->rc = vt_office_finish(&e->in, e->t, e->m, &e->why);
		told = vt_office_tell(&e->in, run->fn, run->ctx, err);
	}
	return told == VT_OK
		   ? note_failure(run, e->t, e->m, e->rc, &e->why, err)
		   : told;
}

static void
notes_cut(struct vt_list *notes, size_t n)
{
	while (notes != NULL && notes->n > n)
		free(notes->items[--notes->n]);
}

static void
entry_release(struct entry *e)
{
	vt_office_unpacked_release(&e->unpacked);
	vt_inbox_release(&e->row);
	vt_transport_message_free(e->m);
	*e = (struct entry){ 0 };
}

static void
not_ahead(struct batch *b)
{
	vt_objects_ahead_free(b->ahead);
	b->ahead = NULL;
}

static void
batch_empty(struct batch *b)
{
	size_t i;

	vt_verify_desk_free(b->desk); /* before what it works at */
	for (i = 0; i < b->n; i++)
		entry_release(&b->entries[i]);
	not_ahead(b);
	*b = (struct batch){ .entries = b->entries };
}

/*
 * What B has is being judged from now on.  Behind the reading of all of it:
 * what a process writes after a fork is copied.
 */
static void
judge_begin(struct run *run, struct batch *b)
{
	struct vt_office_unpacked *u;
	size_t i;
	bool full;

	if (b->desk != NULL || b->judged == b->n)
		return;
	full = vt_verify_desk_new(run->jobs, &b->desk, NULL) != VT_OK;
	for (i = b->judged; i < b->n; i++) {
		u = &b->entries[i].unpacked;
		if (full)
			u->judged_rc = vt_error_nomem(&u->judged_why);
		else
			vt_office_unpacked_add(run->o, run->trust, b->desk, u);
	}
	if (!full)
		vt_verify_desk_start(b->desk);
}

static void
judge(struct run *run, struct batch *b)
{
	judge_begin(run, b);
	for (; b->judged < b->n; b->judged++)
		vt_office_unpacked_judge(run->o, run->trust, b->desk,
		    &b->entries[b->judged].unpacked);
	vt_verify_desk_free(b->desk);
	b->desk = NULL;
}

/*
 * Whatever has come in B is judged and, where that can be and there are LEAST
 * of them, in the books.
 */
static void
enter(struct run *run, struct batch *b, size_t least)
{
	size_t nnotes = run->notes != NULL ? run->notes->n : 0;

	judge(run, b);
	if (b->n - b->entered < least || take_together(run, b, NULL) == VT_OK)
		return;
	notes_cut(run->notes, nnotes);
	/* whatever there was not enough of, they need not take it */
	not_ahead(run->before);
	not_ahead(run->now);
}

/* Where they can not be taken in together, each is by itself. */
static int
finish(struct run *run, struct batch *b, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if (b->entered < b->n)
		enter(run, b, 2); /* one is as well by itself */
	run->entering = true;     /* nobody else, while the transport is told */
	for (i = 0; i < b->n && rc == VT_OK; i++) {
		if (i >= b->entered)
			take_entry(run, &b->entries[i]);
		rc = finish_entry(run, &b->entries[i], err);
	}
	batch_empty(b);
	run->entering = false;
	return rc;
}

/*
 * The batch that was filled is judged while the one before it, which came
 * first, is entered; then it is the one before.
 */
static int
turn(struct run *run, struct vt_error *err)
{
	struct batch *b = run->before;
	int rc;

	judge(run, b); /* so many at once, and no more */
	judge_begin(run, run->now);
	rc = finish(run, b, err);
	run->before = run->now;
	run->now = b;
	run->over = rc != VT_OK;
	return rc;
}

/* All that has come. */
static int
flush(struct run *run, struct vt_error *err)
{
	int rc = run->over ? VT_OK : turn(run, err);

	if (!run->over)
		rc = turn(run, err);
	batch_empty(run->before);
	batch_empty(run->now);
	return rc;
}

static int64_t
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec;
}

static bool
batch_full(const struct batch *b)
{
	return b->n == BATCH || b->bytes >= BATCH_BYTES ||
	       now_s() - b->since >= BATCH_S;
}

/*
 * The next message, or anything else, takes its time to come: what is here must
 * not wait for it.  That it is out of the transport's way is said later.
 */
static void
enter_meanwhile(void *ctx)
{
	struct run *run = ctx;
	struct batch *b = run->before, *now = run->now;
	const struct batch *first = b->entered < b->n ? b : now;

	if (run->entering || run->over || first->entered == first->n ||
	    now_s() - first->since < BATCH_S)
		return;
	run->entering = true;
	if (b->entered < b->n)
		enter(run, b, 1);
	if (b->entered == b->n && now->entered < now->n)
		enter(run, now, 1);
	run->entering = false;
	/* of what is to come, or of the next try */
	b->since = now->since = now_s();
}

/* Behind what came before it. */
static int
take_apart(struct run *run, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	int rc = flush(run, err);

	return rc == VT_OK ? take_alone(run, t, m, err) : rc;
}

static int
take_message(void *ctx, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	struct run *run = ctx;
	struct batch *b = run->now;
	struct entry *e = &b->entries[b->n];
	uint64_t size = vt_source_size(m->content);
	int rc;

	run->taken++;
	if (size > VT_SOURCE_COPY_MAX)
		return take_apart(run, t, m, err);
	rc = vt_transport_keep(m, &e->m, NULL);
	if (rc == VT_EUNSUPPORTED)
		return take_apart(run, t, m, err);
	if (rc != VT_OK)
		return vt_error_nomem(err);
	e->t = t;
	vt_office_unpack(run->o, e->m->content, &e->unpacked);
	if (e->unpacked.large) {
		entry_release(e);
		return take_apart(run, t, m, err);
	}
	if (b->n++ == 0) {
		b->since = now_s();
		b->ahead = vt_objects_ahead_new();
	}
	vt_office_unpacked_ahead(run->o, b->ahead, e->m->content, &e->unpacked);
	b->bytes += size + e->unpacked.bytes;
	if (!batch_full(b))
		return VT_OK;
	rc = turn(run, err);
	/* beside one that is so large the next would be too much for memory */
	return rc == VT_OK && b->bytes >= 2 * BATCH_BYTES ? turn(run, err) : rc;
}

/* From inside first, which is near; LIMIT is of both. */
static int
fetch_all(struct run *run, const struct vt_office_ways *ways, size_t limit,
    struct vt_error *err)
{
	struct vt_transport *const all[] = { ways->inner, ways->outer };
	size_t i;
	int rc = VT_OK, last;

	run->inner = ways->inner;
	for (i = 0; i < 2 && rc == VT_OK; i++) {
		if (all[i] == NULL || (limit != 0 && run->taken >= limit))
			continue;
		vt_transport_idle(all[i], enter_meanwhile, run);
		rc = vt_transport_fetch(all[i],
		    limit == 0 ? SIZE_MAX : limit - run->taken, take_message,
		    run, err);
		/* what came before it failed is taken in all the same */
		last = flush(run, rc == VT_OK ? err : NULL);
		if (rc == VT_OK)
			rc = last;
	}
	return rc;
}

/*
 * What is not to be had may be one message of many, which anybody can put
 * there: where others came answers go out by the same way.
 */
static bool
may_answer(const struct run *run, const struct vt_office_ways *ways,
    int fetched)
{
	return fetched != VT_ENET || (run->taken > 0 && ways->outer != NULL &&
					 !vt_transport_silent(ways->outer));
}

int
vt_office_receive(struct vt_office *o, size_t limit, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err)
{
	struct run run = { .o = o, .fn = fn, .ctx = ctx, .notes = notes };
	struct entry *entries = calloc(2 * BATCH, sizeof(*entries));
	struct batch now = { .entries = entries }, before = now;
	struct vt_office_ways ways = { NULL, NULL };
	struct vt_error why = { 0 };
	int lock = -1, rc, fetched = VT_OK;
	bool answer;

	if (entries == NULL)
		return vt_error_nomem(err);
	before.entries += BATCH;
	run.now = &now;
	run.before = &before;
	run.ask = vt_office_asks(o);
	run.jobs = o->jobs > 0 ? o->jobs : 1;
	if ((rc = vt_office_ways(o, &ways, err)) == VT_OK &&
	    (rc = vt_office_lock(o, LOCK, &lock, err)) == VT_OK &&
	    (rc = vt_office_trust(o, &run.trust, err)) == VT_OK)
		rc = fetched = fetch_all(&run, &ways, limit, &why);
	/* what the other side does not give keeps nothing else waiting */
	if (fetched == VT_ENET || fetched == VT_EREFUSED)
		rc = VT_OK;
	else if (fetched != VT_OK)
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	answer = may_answer(&run, &ways, fetched);
	vt_trust_free(run.trust);
	vt_office_ways_close(&ways);
	free(entries);
	if (rc == VT_OK &&
	    (rc = vt_office_settle(o, fn, ctx, notes, err)) == VT_OK && answer)
		rc = vt_office_deliver_after(o, notes, err);
	if (rc == VT_OK && fetched != VT_OK)
		rc = vt_error_set(err, why.code, why.clause, "%s", why.text);
	if (rc == VT_OK && run.failed.code != VT_OK)
		rc = vt_error_set(err, run.failed.code, run.failed.clause, "%s",
		    run.failed.text);
	vt_office_unlock(lock);
	return rc;
}
