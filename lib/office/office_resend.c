/*
 * office_resend.c - a document once more; a file of its own: only a tool that
 * sends is linked with what speaks to the network
 */
#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

struct resend {
	struct vt_office *o;
	int64_t inbox; /* answers: to that message alone; 0: to any */
	bool in_force;
	size_t n;       /* recipients of any state */
	size_t answers; /* that had failed */
};

static int
queue_again(struct resend *r, const struct vt_delivery *d, struct vt_error *err)
{
	struct vt_delivery next = *d;

	next.state = VT_DELIVERY_QUEUED;
	next.reason = NULL;
	next.attempts = 0;
	next.next_try = vt_time_now();
	return vt_store_delivery_update(r->o->store, &next, err);
}

static int
resend_one(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct resend *r = ctx;

	if (m->kind != VT_MESSAGE_DOCUMENT || d->organ_id == NULL)
		return VT_OK;
	r->n++;
	if (!vt_office_is_request(m) &&
	    (!r->in_force || vt_office_cancelled(d->state, d->reason)))
		return VT_OK;
	if (d->state != VT_DELIVERY_QUEUED && d->state != VT_DELIVERY_SENT &&
	    d->state != VT_DELIVERY_FAILED)
		return VT_OK;
	return queue_again(r, d, err);
}

/* One that was handed over is with its recipient: there is no answer to it. */
static int
resend_answer(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct resend *r = ctx;

	if (m->kind != VT_MESSAGE_STATUS || d->state != VT_DELIVERY_FAILED ||
	    (r->inbox != 0 && m->inbox != r->inbox))
		return VT_OK;
	r->answers++;
	return queue_again(r, d, err);
}

static int
resend_answers(struct resend *r, const struct vt_delivery_query *q, size_t *ret,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_store *s = r->o->store;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = vt_store_deliveries(s, q, resend_answer, r, err);
	if (rc == VT_OK && r->answers == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no answer about it has failed");
	if (rc == VT_OK)
		rc = vt_store_commit(s, err);
	else
		vt_store_rollback(s);
	if (rc != VT_OK)
		return rc;
	*ret = r->answers;
	return vt_office_deliver_after(r->o, notes, err);
}

int
vt_office_resend_answers(struct vt_office *o, int64_t record, size_t *ret,
    struct vt_list *notes, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct resend r = { .o = o };

	return resend_answers(&r, &q, ret, notes, err);
}

int
vt_office_resend_message(struct vt_office *o, int64_t id, size_t *ret,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_delivery_query q = { .due = VT_TIME_NONE };
	struct resend r = { .o = o, .inbox = id };
	struct vt_inbox m;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, id, &m, err)) != VT_OK)
		return rc;
	/* by what an index finds; nothing is answered that has no id */
	q.document_id = m.document_id;
	q.organ_id = m.from_id;
	if (m.document_id == NULL || m.from_id == NULL)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no answer about it has failed");
	else
		rc = resend_answers(&r, &q, ret, notes, err);
	vt_inbox_release(&m);
	return rc;
}

int
vt_office_resend(struct vt_office *o, int64_t record, struct vt_list *notes,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct resend r = { .o = o };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_record_get(o->store, record, &rec, err)) == VT_OK) {
		r.in_force = rec.state != VT_STATE_RECALLED &&
			     rec.state != VT_STATE_REPLACED;
		vt_record_release(&rec);
	}
	if (rc == VT_OK)
		rc = vt_store_deliveries(o->store, &q, resend_one, &r, err);
	if (rc == VT_OK && r.n == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the document was sent to nobody");
	if (rc == VT_OK)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	return rc != VT_OK ? rc : vt_office_deliver_after(o, notes, err);
}
