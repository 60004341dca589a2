/* office_status.c - what the recipients of our documents tell of them */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/store.h"

/* ---- what it is about ---- */

enum wanted { DOCUMENT, REQUEST };

struct match {
	struct vt_office *o;
	const char *from; /* NULL: the query has asked for it already */
	enum wanted wanted;

	bool found;
	bool open;    /* and it is a request that waits for its answer */
	bool request; /* a recall or an update, which alone is answered */
	int64_t record;
	char business[16];
	struct vt_delivery d; /* its texts are not kept, but for */
	char *reason;         /* this one; owned */
};

static bool
fits(const struct vt_outbox *m, enum wanted wanted)
{
	if (m->kind != VT_MESSAGE_DOCUMENT || m->business == NULL)
		return false;
	if (strcmp(m->business, "replace") == 0)
		return true;
	return (strcmp(m->business, "new") == 0) == (wanted == DOCUMENT);
}

/* It went out, and nothing came back. */
static bool
is_open(const struct vt_delivery *d)
{
	return d->state == VT_DELIVERY_SENT ||
	       (d->state == VT_DELIVERY_QUEUED && d->attempts > 0);
}

/*
 * Of what one was sent the latest; but of requests the first that is open: an
 * answer names the document alone, and they are done in their order.
 */
static int
match_delivery(void *ctx, const struct vt_outbox *m,
    const struct vt_delivery *d, struct vt_error *err)
{
	struct match *match = ctx;

	if (match->open || !fits(m, match->wanted) ||
	    (match->from != NULL &&
		!vt_office_same_organ(match->o, d->organ_id, match->from)))
		return VT_OK;
	match->found = true;
	match->open = match->wanted == REQUEST && is_open(d);
	match->request = vt_office_is_request(m);
	match->record = m->record;
	snprintf(match->business, sizeof(match->business), "%s", m->business);
	match->d = *d;
	match->d.organ_id = match->d.organ_name = NULL;
	match->d.unit = match->d.reason = NULL;
	return vt_str_set(&match->reason, d->reason, err);
}

/* Ours that FROM was sent, under this id of his or another. */
static int
find_sent(struct vt_office *o, const char *document_id, const char *from,
    enum wanted wanted, struct match *ret, struct vt_error *err)
{
	struct vt_delivery_query q = { .document_id = document_id,
		.organ_id = from,
		.due = VT_TIME_NONE };
	struct match match = { .o = o, .wanted = wanted };
	int rc;

	rc = vt_store_deliveries(o->store, &q, match_delivery, &match, err);
	if (rc == VT_OK && !match.found) {
		q.organ_id = NULL;
		match.from = from;
		rc = vt_store_deliveries(o->store, &q, match_delivery, &match,
		    err);
	}
	*ret = match;
	return rc;
}

/* ---- how far a recipient has come ---- */

static enum vt_delivery_state
state_of(enum vt_status status)
{
	switch (status) {
	case VT_STATUS_ARRIVED:
		return VT_DELIVERY_ARRIVED;
	case VT_STATUS_REFUSED:
	case VT_STATUS_DECLINED: /* what was to replace another */
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

/* A recall or an update has been answered, once. */
static bool
answer(struct vt_delivery *d, enum vt_status status)
{
	if (rank(d->state) > 0 || !vt_status_is_answer(status))
		return false;
	d->state = status == VT_STATUS_AGREED ? VT_DELIVERY_ACCEPTED
					      : VT_DELIVERY_REFUSED;
	d->next_try = VT_TIME_NONE;
	return true;
}

bool
vt_office_advance(struct vt_delivery *d, bool request, enum vt_status status)
{
	enum vt_delivery_state next = state_of(status);

	if (request)
		return answer(d, status);
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

/* Refusals have a reason; all else has none. */
static char *
reason_after(const struct vt_office_intake *in, enum vt_status status)
{
	return status == VT_STATUS_REFUSED || status == VT_STATUS_DECLINED
		   ? in->env->status.description
		   : NULL;
}

/* UNUSUAL ones are kept and flagged, and never dropped. */
static int
keep(struct vt_office_intake *in, struct match *match, bool unusual,
    struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	struct vt_store_status st = {
		.delivery = match->d.id,
		.code = env->status.code,
		.description = env->status.description,
		.timestamp = env->status.time,
		.received = in->now,
		.unusual = unusual,
	};
	int rc;

	in->row->result = VT_INBOX_STATUS;
	in->row->record = match->record;
	if (unusual &&
	    (rc = vt_str_set(&in->row->reason, "unusual-order", err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_add(in->o->store, in->row, err)) != VT_OK ||
	    (rc = vt_store_status_add(in->o->store, &st, err)) != VT_OK)
		return rc;
	return vt_store_delivery_update(in->o->store, &match->d, err);
}

/*
 * Did it come although we gave it up, and recalled the document since then from
 * all that had it?
 */
static int
recalled_meanwhile(struct vt_office *o, const struct match *match, bool *ret,
    struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	*ret = vt_office_cancelled(match->d.state, match->reason);
	if (*ret || match->d.state != VT_DELIVERY_FAILED)
		return VT_OK;
	rc = vt_store_record_get(o->store, match->record, &rec, err);
	if (rc == VT_OK) {
		*ret = rec.state == VT_STATE_RECALLED;
		vt_record_release(&rec);
	}
	return rc;
}

/* It was done, and is returned, or the other way round. */
static bool
ends_otherwise(const struct vt_delivery *d, enum vt_status status)
{
	enum vt_delivery_state end = state_of(status);

	return end != d->state && rank(end) == 4 && rank(d->state) == 4;
}

/* 01 to 06: of a document that we sent. */
static int
apply_progress(struct vt_office_intake *in, struct match *match,
    enum vt_status status, struct vt_error *err)
{
	bool unusual = !vt_status_follows(match->d.status, status) ||
		       ends_otherwise(&match->d, status);
	bool late;
	int rc;

	if ((rc = recalled_meanwhile(in->o, match, &late, err)) != VT_OK)
		return rc;
	match->d.reason = match->reason;
	if (!too_early(&match->d) &&
	    vt_office_advance(&match->d, false, status))
		match->d.reason = reason_after(in, status);
	if (!unusual)
		match->d.status = status;
	if ((rc = keep(in, match, unusual, err)) != VT_OK || !late)
		return rc;
	/* it was on its way when it was recalled */
	return vt_office_recall_late(in->o, match->record, in->row->document_id,
	    in->row->from_id, err);
}

/* 15 and 16: of what we asked for. */
static int
apply_answer(struct vt_office_intake *in, struct match *match,
    enum vt_status status, struct vt_error *err)
{
	bool unusual = match->request && rank(match->d.state) > 0;
	int rc;

	match->d.reason = match->reason;
	if (!too_early(&match->d) &&
	    vt_office_advance(&match->d, match->request, status))
		match->d.reason = reason_after(in, status);
	if (match->request && !unusual)
		match->d.status = status;
	if ((rc = keep(in, match, unusual, err)) != VT_OK)
		return rc;
	return vt_office_note_answer(in->o, match->record,
	    status == VT_STATUS_AGREED ? "agreed" : "declined",
	    in->env->status.description, in->row->from_id, match->business,
	    err);
}

/* What nobody was asked for. */
static int
apply_unasked(struct vt_office_intake *in, struct match *match,
    struct vt_error *err)
{
	match->d.reason = match->reason;
	return keep(in, match, true, err);
}

static int
find_and_apply(struct vt_office_intake *in, enum vt_status status,
    struct match *match, struct vt_error *err)
{
	bool answer_of = vt_status_is_answer(status);
	const struct vt_inbox *row = in->row;
	int rc;

	if (answer_of) {
		rc = find_sent(in->o, row->document_id, row->from_id, REQUEST,
		    match, err);
		if (rc != VT_OK || match->found)
			return rc == VT_OK
				   ? apply_answer(in, match, status, err)
				   : rc;
	}
	rc = find_sent(in->o, row->document_id, row->from_id, DOCUMENT, match,
	    err);
	if (rc != VT_OK || !match->found)
		return rc;
	return answer_of ? apply_unasked(in, match, err)
			 : apply_progress(in, match, status, err);
}

static int
take_answer(struct vt_office_intake *in, enum vt_status status,
    struct vt_error *err)
{
	struct match match = { 0 };
	int rc;

	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	rc = find_and_apply(in, status, &match, err);
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

/* Did we send a document of this id ourselves? */
static int
is_ours(struct vt_office *o, const char *document_id, bool *ret,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	int64_t id;
	int rc;

	rc = vt_store_document_find(o->store, document_id, false, &id, &why);
	*ret = rc == VT_OK;
	if (rc == VT_OK || rc == VT_ENOTFOUND)
		return VT_OK;
	return vt_error_set(err, (enum vt_code)rc, NULL, "%s", why.text);
}

/*
 * 13: a sender wants its document back.  That of an unknown one may be early;
 * that of ours, or of another sender's, counts for nothing.
 */
static int
take_back(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	struct vt_office_target t;
	bool ours, fresh;
	int rc;

	if ((rc = is_ours(in->o, row->document_id, &ours, err)) != VT_OK ||
	    (rc = vt_office_target_find(in->o, row->document_id, row->from_id,
		 0, &t, err)) != VT_OK)
		return rc;
	if (ours || (!t.found && t.foreign))
		return vt_office_quarantine(in, "unknown-document", err);
	if ((rc = vt_objects_put(in->o->objects, in->src, row->envelope, NULL,
		 err)) != VT_OK)
		return rc;
	row->has_envelope = true;
	return vt_office_take_change(in, NULL, &fresh, err);
}

int
vt_office_take_status(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	const char *by = vt_office_said_by(in);
	const char *parts[] = { env->from.id, "status", env->status.code,
		env->response_for[0].document_id, by };
	size_t n = by != NULL ? 5 : 4; /* what he says is not known by that */
	unsigned char digest[VT_SHA256_LEN];
	struct vt_inbox *row = in->row;
	enum vt_status status;
	bool known;
	int rc;

	if ((rc = vt_str_set(&row->code, env->response_for[0].code, err)) !=
		VT_OK ||
	    (rc = vt_envelope_digest(env, digest, err)) != VT_OK ||
	    (rc = vt_office_key(parts, n, digest, row->key, err)) != VT_OK ||
	    (rc = vt_office_known(in, &known, err)) != VT_OK || known)
		return rc;
	if (by != NULL)
		return vt_office_quarantine(in, "unknown-document", err);
	if (!vt_status_parse(env->status.code, &status))
		return vt_office_quarantine(in, "unknown-status", err);
	return status == VT_STATUS_TAKE_BACK ? take_back(in, err)
					     : take_answer(in, status, err);
}
