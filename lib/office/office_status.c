/* office_status.c - what the recipients of our documents tell of them */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/store.h"

/* ---- what it is about ---- */

struct match {
	bool found;
	int64_t record;
	struct vt_delivery d; /* its texts are not kept, but for */
	char *reason;         /* this one; owned */
};

static int
match_delivery(void *ctx, const struct vt_outbox *m,
    const struct vt_delivery *d, struct vt_error *err)
{
	struct match *match = ctx;

	if (m->kind != VT_MESSAGE_DOCUMENT)
		return VT_OK;
	match->found = true; /* the latest one stays */
	match->record = m->record;
	match->d = *d;
	match->d.organ_id = match->d.organ_name = NULL;
	match->d.unit = match->d.reason = NULL;
	return vt_office_text(&match->reason, d->reason, err);
}

/* Our document that FROM was sent. */
static int
find_sent(struct vt_office *o, const char *document_id, const char *from,
    struct match *ret, struct vt_error *err)
{
	const struct vt_delivery_query q = { .document_id = document_id,
		.organ_id = from,
		.due = VT_TIME_NONE };

	return vt_store_deliveries(o->store, &q, match_delivery, ret, err);
}

static int
match_inbox(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct match *match = ctx;

	(void)err;
	if (match->found || m->kind != VT_MESSAGE_DOCUMENT ||
	    m->result == VT_INBOX_QUARANTINED)
		return VT_OK;
	match->found = true; /* the newest comes first */
	match->record = m->record;
	return VT_OK;
}

/* A document that FROM sent us. */
static int
find_received(struct vt_office *o, const char *document_id, const char *from,
    struct match *ret, struct vt_error *err)
{
	const struct vt_inbox_query q = { .document_id = document_id,
		.from_id = from };

	return vt_store_inbox_list(o->store, &q, match_inbox, ret, err);
}

/* ---- how far a recipient has come ---- */

static enum vt_delivery_state
state_of(enum vt_status status)
{
	switch (status) {
	case VT_STATUS_ARRIVED:
		return VT_DELIVERY_ARRIVED;
	case VT_STATUS_REFUSED:
		return VT_DELIVERY_REFUSED;
	case VT_STATUS_ACCEPTED:
	case VT_STATUS_ASSIGNED:
		return VT_DELIVERY_ACCEPTED;
	case VT_STATUS_PROCESSING:
		return VT_DELIVERY_PROCESSING;
	case VT_STATUS_DONE:
		return VT_DELIVERY_DONE;
	default:
		return VT_DELIVERY_SENT;
	}
}

static int
rank(enum vt_delivery_state state)
{
	switch (state) {
	case VT_DELIVERY_ARRIVED:
		return 1;
	case VT_DELIVERY_ACCEPTED:
		return 2;
	case VT_DELIVERY_PROCESSING:
		return 3;
	case VT_DELIVERY_REFUSED:
	case VT_DELIVERY_DONE:
		return 4;
	default:
		return 0; /* on its way, or given up too soon */
	}
}

bool
vt_office_advance(struct vt_delivery *d, enum vt_status status)
{
	enum vt_delivery_state next = state_of(status);

	if (rank(next) <= rank(d->state))
		return false;
	d->state = next;
	d->next_try = VT_TIME_NONE; /* what is there is not sent */
	return true;
}

/*
 * A document that was never tried was not sent, whoever says that it came:
 * most likely we were killed before we could write down that we tried.  It is
 * kept, and counts once the document is on its way; a forged status must not
 * keep it here.
 */
static bool
too_early(const struct vt_delivery *d)
{
	return d->state == VT_DELIVERY_QUEUED && d->attempts == 0;
}

/* ---- keeping it ---- */

static int
apply(struct vt_office_intake *in, struct match *match, enum vt_status status,
    struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	struct vt_store_status st = {
		.delivery = match->d.id,
		.code = env->status.code,
		.description = env->status.description,
		.timestamp = env->status.time,
		.received = in->now,
		.unusual = !vt_status_follows(match->d.status, status),
	};
	int rc;

	match->d.reason = match->reason;
	if (!too_early(&match->d) && vt_office_advance(&match->d, status))
		match->d.reason = status == VT_STATUS_REFUSED
				      ? env->status.description
				      : NULL;
	if (!st.unusual)
		match->d.status = status;
	in->row->result = VT_INBOX_STATUS;
	in->row->record = match->record;
	if (st.unusual && (rc = vt_office_text(&in->row->reason,
			       "unusual-order", err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_add(in->o->store, in->row, err)) != VT_OK ||
	    (rc = vt_store_status_add(in->o->store, &st, err)) != VT_OK)
		return rc;
	return vt_store_delivery_update(in->o->store, &match->d, err);
}

/* 01 to 06: of a document that we sent. */
static int
take_progress(struct vt_office_intake *in, enum vt_status status,
    struct vt_error *err)
{
	struct match match = { 0 };
	int rc;

	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	rc = find_sent(in->o, in->row->document_id, in->row->from_id, &match,
	    err);
	if (rc == VT_OK && match.found)
		rc = apply(in, &match, status, err);
	if (rc == VT_OK && match.found)
		rc = vt_store_commit(in->o->store, err);
	else
		vt_store_rollback(in->o->store);
	free(match.reason);
	if (rc != VT_OK)
		return rc;
	if (!match.found)
		return vt_office_quarantine(in, "unknown-document", err);
	in->result = VT_RECEIVED_STATUS;
	return vt_office_ref(in->o, match.record, in->ref, err);
}

/* 13, 15, 16: of what is to be undone; a clerk has the word. */
static int
take_request(struct vt_office_intake *in, enum vt_status status,
    struct vt_error *err)
{
	const char *reason = status == VT_STATUS_TAKE_BACK ? "take-back"
			     : status == VT_STATUS_AGREED  ? "agreed"
							   : "declined";
	struct match match = { 0 };
	struct vt_inbox *row = in->row;
	int rc;

	if (status == VT_STATUS_TAKE_BACK)
		rc = find_received(in->o, row->document_id, row->from_id,
		    &match, err);
	else
		rc = find_sent(in->o, row->document_id, row->from_id, &match,
		    err);
	free(match.reason);
	if (rc != VT_OK)
		return rc;
	if (!match.found)
		return vt_office_quarantine(in, "unknown-document", err);
	row->result = VT_INBOX_HELD;
	row->record = match.record;
	in->result = VT_RECEIVED_HELD;
	if ((rc = vt_office_text(&row->reason, reason, err)) != VT_OK ||
	    (rc = vt_objects_put(in->o->objects, in->src, row->envelope, NULL,
		 err)) != VT_OK)
		return rc;
	row->has_envelope = true;
	if ((rc = vt_office_ref(in->o, match.record, in->ref, err)) != VT_OK ||
	    (rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_add(in->o->store, row, err)) == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

int
vt_office_take_status(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	const char *parts[] = { env->from.id, "status", env->status.code,
		env->response_for[0].document_id };
	unsigned char digest[VT_SHA256_LEN];
	struct vt_inbox *row = in->row;
	enum vt_status status;
	bool known;
	int rc;

	if ((rc = vt_office_text(&row->code, env->response_for[0].code, err)) !=
		VT_OK ||
	    (rc = vt_envelope_digest(env, digest, err)) != VT_OK ||
	    (rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), digest,
		 row->key, err)) != VT_OK ||
	    (rc = vt_office_known(in, &known, err)) != VT_OK || known)
		return rc;
	if (!vt_status_parse(env->status.code, &status))
		return vt_office_quarantine(in, "unknown-status", err);
	switch (status) {
	case VT_STATUS_TAKE_BACK:
	case VT_STATUS_AGREED:
	case VT_STATUS_DECLINED:
		return take_request(in, status, err);
	default:
		return take_progress(in, status, err);
	}
}
