/* office_recipient.c - what the offices did with a document of ours */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

struct listing {
	struct vt_office *o;
	char ref[VT_REF_TEXT];
	vt_office_recipient_fn *fn;
	void *ctx;
	size_t n;
};

struct statuses {
	struct vt_store_status *items;
	size_t n, cap;
};

static void
statuses_release(struct statuses *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		vt_store_status_release(&s->items[i]);
	free(s->items);
}

static int
statuses_add(void *ctx, const struct vt_store_status *st, struct vt_error *err)
{
	struct statuses *s = ctx;
	struct vt_store_status *items, *copy;
	size_t cap = s->cap == 0 ? 8 : 2 * s->cap;

	if (s->n == s->cap) {
		items = reallocarray(s->items, cap, sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		s->items = items;
		s->cap = cap;
	}
	copy = &s->items[s->n];
	*copy = *st;
	copy->code = copy->description = NULL;
	s->n++;
	if ((st->code != NULL && (copy->code = strdup(st->code)) == NULL) ||
	    (st->description != NULL &&
		(copy->description = strdup(st->description)) == NULL))
		return vt_error_nomem(err);
	return VT_OK;
}

static int
list_one(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct listing *l = ctx;
	struct statuses s = { 0 };
	struct vt_office_recipient r = {
		.ref = l->ref,
		.document_id = m->document_id,
		.delivery = d,
	};
	int rc;

	if (m->kind != VT_MESSAGE_DOCUMENT)
		return VT_OK;
	l->n++;
	rc = vt_store_statuses(l->o->store, d->id, statuses_add, &s, err);
	r.statuses = s.items;
	r.nstatuses = s.n;
	if (rc == VT_OK)
		rc = l->fn(l->ctx, &r, err);
	statuses_release(&s);
	return rc;
}

int
vt_office_recipients(struct vt_office *o, int64_t record,
    vt_office_recipient_fn *fn, void *ctx, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct listing l = { .o = o, .fn = fn, .ctx = ctx };
	int rc;

	if ((rc = vt_office_ref(o, record, l.ref, err)) != VT_OK ||
	    (rc = vt_store_deliveries(o->store, &q, list_one, &l, err)) !=
		VT_OK)
		return rc;
	if (l.n == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the document was sent to nobody");
	return VT_OK;
}

/* ---- once more ---- */

struct resend {
	struct vt_office *o;
	size_t n; /* recipients of any state */
};

static int
resend_one(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct resend *r = ctx;
	struct vt_delivery next = *d;

	if (m->kind != VT_MESSAGE_DOCUMENT || d->organ_id == NULL)
		return VT_OK;
	r->n++;
	if (d->state != VT_DELIVERY_QUEUED && d->state != VT_DELIVERY_SENT &&
	    d->state != VT_DELIVERY_FAILED)
		return VT_OK;
	next.state = VT_DELIVERY_QUEUED;
	next.reason = NULL;
	next.attempts = 0;
	next.next_try = vt_time_now();
	return vt_store_delivery_update(r->o->store, &next, err);
}

int
vt_office_resend(struct vt_office *o, int64_t record, struct vt_list *notes,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct resend r = { .o = o };
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
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
