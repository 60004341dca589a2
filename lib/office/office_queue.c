/* office_queue.c - delivers what waits, again and again but not for ever */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"

_Static_assert(VT_OFFICE_PAUSE_MAX_S <= VT_DELIVERY_PAUSE_MAX,
    "a pause must not look like a wrong clock");

int
vt_office_keep_envelope(struct vt_office *o, struct vt_outbox *m,
    struct vt_source *envelope, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	int rc;

	if ((rc = vt_objects_put(o->objects, envelope, sha256, NULL, err)) !=
		VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	rc = vt_store_outbox_envelope_set(o->store, m->id, sha256, err);
	if (rc == VT_OK)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc != VT_OK)
		return rc;
	memcpy(m->envelope, sha256, sizeof(sha256));
	m->has_envelope = true;
	return VT_OK;
}

/* ---- what a message looks like ---- */

static int
add_recipient(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	(void)m;
	if (d->organ_id == NULL) /* a unit, or an address of the post */
		return VT_OK;
	return vt_list_add(ctx, d->organ_id, err);
}

/*
 * A document whose process ended between its being queued and its envelope
 * being kept: made now, to the same bytes.
 */
static int
make_document(struct vt_office *o, struct vt_outbox *m, struct vt_error *err)
{
	const struct vt_delivery_query q = { .outbox = m->id,
		.due = VT_TIME_NONE };
	struct vt_office_draft draft = { 0 };
	struct vt_list to = { 0 };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(o->store, m->record, &rec, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_deliveries(o->store, &q, add_recipient, &to, err)) ==
		VT_OK &&
	    (rc = vt_office_write_document(o, &rec, m, &to, &draft, err)) ==
		VT_OK)
		rc = vt_office_keep_envelope(o, m, draft.src, err);
	vt_office_draft_release(&draft);
	vt_list_release(&to);
	vt_record_release(&rec);
	return rc;
}

static int
make_missing(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_office *o = ctx;
	struct vt_outbox copy = *m; /* its texts stay borrowed */

	if (m->kind != VT_MESSAGE_DOCUMENT || m->has_envelope ||
	    d->organ_id == NULL || d->state != VT_DELIVERY_QUEUED)
		return VT_OK;
	return make_document(o, &copy, err);
}

int
vt_office_make_envelopes(struct vt_office *o, int64_t record,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };

	return vt_store_deliveries(o->store, &q, make_missing, o, err);
}

/* The bytes of M, borrowed from DRAFT or the caller's to free in *RET. */
static int
envelope_open(struct vt_office *o, struct vt_outbox *m,
    struct vt_office_draft *draft, struct vt_source **ret, struct vt_error *err)
{
	int rc = VT_OK;

	if (m->kind == VT_MESSAGE_STATUS) {
		rc = vt_office_write_status(o, m, draft, err);
		if (rc == VT_OK) {
			*ret = draft->src;
			draft->src = NULL;
		}
		return rc;
	}
	if (!m->has_envelope)
		rc = make_document(o, m, err);
	if (rc == VT_OK)
		rc = vt_objects_get(o->objects, m->envelope, ret, err);
	return rc;
}

/* What was kept and has changed since does not go out. */
static int
envelope_check(const struct vt_outbox *m, const unsigned char *sha256,
    struct vt_error *err)
{
	if (!m->has_envelope || memcmp(m->envelope, sha256, VT_SHA256_LEN) == 0)
		return VT_OK;
	return vt_error_set(err, VT_EIO, NULL,
	    "the message was changed since it was made");
}

/*
 * Hand M over.  Its name means its bytes, so that twice is as good as once, and
 * begins with its place in the outbox: what was written within one tick of a
 * clock still arrives in the order of writing.
 */
static int
hand_over(struct vt_office *o, struct vt_transport *t, struct vt_outbox *m,
    const char *to, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	char hex[VT_SHA256_HEX], name[VT_SHA256_HEX + 24];
	struct vt_office_draft draft = { 0 };
	struct vt_source *src = NULL;
	int rc;

	if ((rc = envelope_open(o, m, &draft, &src, err)) == VT_OK &&
	    (rc = vt_sha256_source(src, sha256, err)) == VT_OK &&
	    (rc = envelope_check(m, sha256, err)) == VT_OK) {
		snprintf(name, sizeof(name), "%012lld-%s", (long long)m->id,
		    vt_hex(VT_BYTES(sha256, sizeof(sha256)), hex));
		rc = vt_transport_offer(t,
		    m->kind == VT_MESSAGE_STATUS ? VT_TRANSPORT_STATUS
						 : VT_TRANSPORT_DOCUMENT,
		    to, name, src, err);
	}
	vt_source_free(src);
	vt_office_draft_release(&draft);
	return rc;
}

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

static bool
retry_helps(int rc)
{
	return rc == VT_EIO || rc == VT_ENET || rc == VT_ENOTFOUND ||
	       rc == VT_EKEY || rc == VT_ECRYPTO;
}

/* A try: what it gave, and what it made of the delivery. */
struct attempt {
	struct vt_office *o;
	bool request;
	int rc;
	int64_t wait; /* seconds that the other side asked for */
	struct vt_error why;
	struct vt_delivery next;
	char *reason; /* of NEXT; owned */
};

/* A status that was here before we could write down that we sent. */
static int
catch_up(void *ctx, const struct vt_store_status *st, struct vt_error *err)
{
	struct attempt *a = ctx;
	enum vt_status status;

	if (!vt_status_parse(st->code, &status) ||
	    !vt_office_advance(&a->next, a->request, status))
		return VT_OK;
	return vt_office_text(&a->reason,
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
	next->attempts++;
	a->request = vt_office_is_request(m);
	if (d->state != VT_DELIVERY_QUEUED) /* its recipient has it */
		return vt_store_delivery_update(a->o->store, next, err);
	next->next_try = VT_TIME_NONE;
	if (a->rc == VT_OK) {
		next->state = VT_DELIVERY_SENT;
		rc = vt_store_statuses(a->o->store, d->id, catch_up, a, err);
	} else if ((rc = vt_office_text(&a->reason, a->why.text, err)) ==
		   VT_OK) {
		if (retry_helps(a->rc) && next->attempts < VT_OFFICE_TRIES)
			next->next_try = vt_time_now() +
					 pause_after(next->attempts, a->wait);
		else
			next->state = VT_DELIVERY_FAILED;
	}
	next->reason = a->reason;
	return rc == VT_OK ? vt_store_delivery_update(a->o->store, next, err)
			   : rc;
}

/* Write down what became of a try to deliver D. */
static int
note_attempt(struct attempt *a, const struct vt_delivery *d,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .outbox = d->outbox,
		.organ_id = d->organ_id,
		.due = VT_TIME_NONE };
	struct vt_store *s = a->o->store;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = vt_store_deliveries(s, &q, write_attempt, a, err);
	if (rc == VT_OK)
		rc = vt_store_commit(s, err);
	else
		vt_store_rollback(s);
	free(a->reason);
	a->reason = NULL;
	return rc;
}

struct run {
	struct vt_office *o;
	struct vt_office_ways ways;
	struct vt_office_delivered done;
	struct vt_list *notes;
	/* The message that was last made ready, and its envelope since then. */
	int64_t last;
	bool has_envelope;
	unsigned char envelope[VT_SHA256_LEN];
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

static int
deliver_one(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct run *run = ctx;
	struct attempt a = { .o = run->o };
	struct vt_outbox copy = *m; /* its texts stay borrowed */
	struct vt_transport *t =
	    vt_office_way_to(run->o, &run->ways, d->organ_id);
	int rc;

	if (run->last == m->id) { /* the rows were read before it was made */
		copy.has_envelope = run->has_envelope;
		memcpy(copy.envelope, run->envelope, sizeof(copy.envelope));
	}
	if (t == NULL) /* it waits until a way is configured */
		return VT_OK;
	if (vt_transport_silent(t)) { /* what is not tried does not fail */
		run->done.waiting++;
		return VT_OK;
	}
	a.rc = hand_over(run->o, t, &copy, d->organ_id, &a.why);
	if (a.rc == VT_ENET)
		a.wait = vt_transport_retry_after(t);
	run->last = m->id;
	run->has_envelope = copy.has_envelope;
	memcpy(run->envelope, copy.envelope, sizeof(run->envelope));
	if (a.rc == VT_ENOMEM)
		return vt_error_nomem(err);
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

int
vt_office_deliver(struct vt_office *o, struct vt_office_delivered *ret,
    struct vt_list *notes, struct vt_error *err)
{
	const struct vt_delivery_query q = { .due = vt_time_now() };
	struct run run = { .o = o, .notes = notes };
	int lock = -1, rc;

	if ((rc = vt_office_ways(o, &run.ways, err)) != VT_OK ||
	    (rc = vt_office_lock(o, VT_OFFICE_SEND_LOCK, &lock, err)) != VT_OK)
		goto out;
	rc = vt_store_deliveries(o->store, &q, deliver_one, &run, err);
	if (rc == VT_OK && ret != NULL)
		*ret = run.done;
out:
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
