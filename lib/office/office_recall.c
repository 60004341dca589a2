/* office_recall.c - a document of ours is recalled */
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "office_register_int.h"
#include "vanthu/error.h"
#include "vanthu/office_change.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

struct plan {
	struct vt_office_holders all;
	struct vt_list ask;    /* they have it, or may have */
	struct vt_list unsent; /* they will not get it */
};

static void
plan_release(struct plan *p)
{
	vt_office_holders_release(&p->all);
	vt_list_release(&p->ask);
	vt_list_release(&p->unsent);
}

static bool
wanted(const struct vt_office *o, const struct vt_list *to,
    const struct vt_office_holder *h)
{
	return to == NULL || to->n == 0 || vt_office_among(o, to, h->organ_id);
}

/* ALONE: nobody else delivers, so what was never tried has not left. */
static int
make_plan(struct vt_office *o, int64_t record, const struct vt_list *to,
    bool alone, struct plan *ret, struct vt_error *err)
{
	const struct vt_office_holder *h;
	struct plan p = { 0 };
	size_t i;
	int rc;

	rc = vt_office_holders(o, record, &p.all, err);
	for (i = 0; rc == VT_OK && to != NULL && i < to->n; i++)
		if (vt_office_holder_find(o, &p.all, to->items[i]) == NULL)
			rc = vt_error_set(err, VT_EARG, NULL,
			    "%s was not sent the document", to->items[i]);
	for (i = 0; rc == VT_OK && i < p.all.n; i++) {
		h = &p.all.items[i];
		if (!wanted(o, to, h))
			continue;
		if (vt_office_holder_unsent(h, alone))
			rc = vt_list_add(&p.unsent, h->organ_id, err);
		else if (vt_office_holder_has(h))
			rc = vt_list_add(&p.ask, h->organ_id, err);
	}
	if (rc == VT_OK)
		*ret = p;
	else
		plan_release(&p);
	return rc;
}

/* A document that has not left, or was given up; an update behind it. */
static bool
is_unsent(const struct vt_outbox *m, const struct vt_delivery *d)
{
	if (m->kind != VT_MESSAGE_DOCUMENT || m->business == NULL ||
	    strcmp(m->business, "recall") == 0)
		return false;
	if (d->state == VT_DELIVERY_FAILED)
		return !vt_office_is_request(m);
	return d->state == VT_DELIVERY_QUEUED && d->attempts == 0;
}

static int
cancel(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_office *o = ctx;
	char reason[] = VT_OFFICE_UNSENT;
	struct vt_delivery next = *d;

	if (!is_unsent(m, d))
		return VT_OK;
	next.state = VT_DELIVERY_FAILED;
	next.reason = reason;
	next.next_try = VT_TIME_NONE;
	return vt_store_delivery_update(o->store, &next, err);
}

int
vt_office_cancel_unsent(struct vt_office *o, int64_t record,
    const struct vt_list *to, struct vt_error *err)
{
	struct vt_delivery_query q = { .record = record, .due = VT_TIME_NONE };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < to->n && rc == VT_OK; i++) {
		q.organ_id = to->items[i];
		rc = vt_store_deliveries(o->store, &q, cancel, o, err);
	}
	return rc;
}

int
vt_office_lock_delivery(struct vt_office *o, int *ret, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	*ret = -1;
	rc = vt_office_lock(o, VT_OFFICE_SEND_LOCK, ret, &why);
	if (rc == VT_OK || rc == VT_EBUSY)
		return VT_OK;
	return vt_error_set(err, why.code, why.clause, "%s", why.text);
}

struct recall {
	const struct vt_list *to;
	const char *reason;
	bool alone;
};

/* In the transaction.  *RET_DONE false: somebody was faster. */
static int
enter(struct vt_office *o, const struct vt_record *rec,
    const struct recall *want, const struct plan *p,
    struct vt_office_message *m, bool *ret_done, struct vt_error *err)
{
	const struct vt_office_named lists[] = { { "to", &p->ask },
		{ "unsent", &p->unsent } };
	bool all = want->to == NULL || want->to->n == 0;
	struct plan now = { 0 };
	struct vt_record again;
	int rc;

	if ((rc = vt_store_record_get(o->store, rec->id, &again, err)) != VT_OK)
		return rc;
	if ((rc = make_plan(o, rec->id, want->to, want->alone, &now, err)) !=
	    VT_OK)
		goto out;
	*ret_done = vt_office_unchanged(rec, &again) &&
		    vt_office_same_list(&p->ask, &now.ask) &&
		    vt_office_same_list(&p->unsent, &now.unsent);
	if (!*ret_done)
		goto out;
	if ((rc = vt_office_cancel_unsent(o, rec->id, &p->unsent, err)) !=
		VT_OK ||
	    (rc = vt_office_messages_queue(o, m, 1, err)) != VT_OK)
		goto out;
	if (p->ask.n + p->unsent.n > 0 &&
	    (rc = vt_office_event_lists(o, rec->id, "recall", want->reason,
		 lists, 2, err)) != VT_OK)
		goto out;
	if (all)
		rc = vt_store_state_set(o->store, rec->id, VT_STATE_RECALLED,
		    "recalled", want->reason, err);
out:
	plan_release(&now);
	vt_record_release(&again);
	return rc;
}

static int
recall_once(struct vt_office *o, const struct vt_record *rec,
    const struct recall *want, bool *ret_done, struct vt_error *err)
{
	struct plan p = { 0 };
	struct vt_office_message m = { .business = "recall",
		.reason = want->reason,
		.document_id = rec->document_id,
		.to = &p.ask };
	int rc;

	if ((rc = make_plan(o, rec->id, want->to, want->alone, &p, err)) !=
		VT_OK ||
	    (rc = vt_office_messages_write(o, rec, &m, 1, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	rc = enter(o, rec, want, &p, &m, ret_done, err);
	if (rc == VT_OK && *ret_done)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc == VT_OK && *ret_done)
		vt_office_messages_keep(o, &m, 1);
out:
	vt_office_messages_release(&m, 1);
	plan_release(&p);
	return rc;
}

static int
may_recall(const struct vt_record *rec, struct vt_error *err)
{
	if (vt_record_incoming(rec))
		return vt_error_set(err, VT_EARG, NULL,
		    "only outgoing documents are recalled");
	if (rec->state == VT_STATE_REPLACED)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the document is not in force: %s",
		    vt_state_name(rec->state));
	return VT_OK;
}

/* Whom no message reaches: somebody has to go there. */
int
vt_office_note_by_hand(struct vt_office *o, int64_t record,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_office_holders h = { 0 };
	size_t i;
	int rc;

	rc = vt_office_holders(o, record, &h, err);
	for (i = 0; rc == VT_OK && i < h.units.n; i++)
		rc = vt_office_note(notes, err,
		    VT_N_("it was handed over inside: tell %s"),
		    h.units.items[i]);
	for (i = 0; rc == VT_OK && i < h.post.n; i++)
		rc = vt_office_note(notes, err,
		    VT_N_("it went on paper: tell %s"), h.post.items[i]);
	vt_office_holders_release(&h);
	return rc;
}

int
vt_office_recall(struct vt_office *o, int64_t record, const struct vt_list *to,
    const char *reason, struct vt_list *notes, struct vt_error *err)
{
	struct vt_list meant = { 0 };
	struct recall want = { .to = &meant };
	struct vt_record rec;
	bool done = false;
	char *clean = NULL;
	int lock = -1, i, rc;

	if ((rc = vt_office_clean_reason(reason, &clean, err)) != VT_OK)
		return rc;
	want.reason = clean;
	if ((rc = vt_office_address_list(o, to, false, &meant, notes, err)) ==
	    VT_OK)
		rc = vt_office_lock_delivery(o, &lock, err);
	want.alone = lock != -1; /* else what waits may leave at any time */
	for (i = 0; i < VT_OFFICE_ROUNDS && !done && rc == VT_OK; i++) {
		rc = vt_store_record_get(o->store, record, &rec, err);
		if (rc != VT_OK)
			break;
		if ((rc = may_recall(&rec, err)) == VT_OK)
			rc = recall_once(o, &rec, &want, &done, err);
		vt_record_release(&rec);
	}
	vt_office_unlock(lock);
	vt_list_release(&meant);
	free(clean);
	if (rc != VT_OK)
		return rc;
	if (!done)
		return vt_error_set(err, VT_EIO, NULL,
		    "the record is being changed by others; try again");
	if ((to == NULL || to->n == 0) &&
	    (rc = vt_office_note_by_hand(o, record, notes, err)) != VT_OK)
		return rc;
	if ((rc = vt_office_hurry(o, record, err)) != VT_OK)
		return rc;
	return vt_office_deliver_after(o, notes, err);
}

int
vt_office_recall_late(struct vt_office *o, int64_t record,
    const char *document_id, const char *to, struct vt_error *err)
{
	struct vt_outbox m = { .record = record,
		.kind = VT_MESSAGE_DOCUMENT,
		.created = vt_time_now() };
	struct vt_list list = { 0 };
	int rc;

	if ((rc = vt_str_set(&m.business, "recall", err)) == VT_OK &&
	    (rc = vt_str_set(&m.document_id, document_id, err)) == VT_OK &&
	    (rc = vt_list_add(&list, to, err)) == VT_OK &&
	    (rc = vt_store_outbox_add(o->store, &m, err)) == VT_OK)
		rc = vt_office_add_deliveries(o, &m, &list, VT_OFFICE_TRANSPORT,
		    NULL, err);
	vt_list_release(&list);
	vt_outbox_release(&m);
	return rc;
}
