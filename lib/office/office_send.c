/* office_send.c - issues a registered document */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "office_register_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"

/* ---- who has it not yet ---- */

/* Lists of those who are to get it now. */
struct fresh {
	struct vt_list to, units, post;
	enum vt_role *roles; /* of to; NULL: it was not asked for */
};

/* Who was asked for. */
struct whom {
	struct vt_office_addressed to;
	const struct vt_list *units, *post;
};

static void
fresh_release(struct fresh *f)
{
	vt_list_release(&f->to);
	vt_list_release(&f->units);
	vt_list_release(&f->post);
	free(f->roles);
}

/* What the store knows of each recipient, by the way he gets it. */
static int
add_known(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct fresh *known = ctx;

	if (m->kind != VT_MESSAGE_DOCUMENT ||
	    vt_office_cancelled(d->state, d->reason))
		return VT_OK;
	if (d->organ_id != NULL)
		return vt_list_add(&known->to, d->organ_id, err);
	if (d->unit != NULL)
		return vt_list_add(&known->units, d->unit, err);
	return d->organ_name != NULL
		   ? vt_list_add(&known->post, d->organ_name, err)
		   : VT_OK;
}

static int
add_missing(const struct vt_list *wanted, const struct vt_list *known,
    struct vt_list *ret, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; wanted != NULL && i < wanted->n && rc == VT_OK; i++)
		if (!vt_office_listed(known, wanted->items[i]) &&
		    !vt_office_listed(ret, wanted->items[i]))
			rc = vt_list_add(ret, wanted->items[i], err);
	return rc;
}

/* Who has it under an id of before has it. */
static int
add_agencies(const struct vt_office *o, const struct vt_office_addressed *to,
    const struct vt_list *known, struct fresh *f, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if ((f->roles = calloc(to->to.n + 1, sizeof(*f->roles))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < to->to.n && rc == VT_OK; i++) {
		if (vt_office_among(o, known, to->to.items[i]))
			continue;
		f->roles[f->to.n] = vt_office_role_at(to, i);
		rc = vt_list_add(&f->to, to->to.items[i], err);
	}
	return rc;
}

static int
find_fresh(struct vt_office *o, int64_t record, const struct whom *whom,
    struct fresh *ret, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct fresh known = { 0 }, f = { 0 };
	int rc;

	if ((rc = vt_store_deliveries(o->store, &q, add_known, &known, err)) ==
		VT_OK &&
	    (rc = add_agencies(o, &whom->to, &known.to, &f, err)) == VT_OK &&
	    (rc = add_missing(whom->units, &known.units, &f.units, err)) ==
		VT_OK)
		rc = add_missing(whom->post, &known.post, &f.post, err);
	if (rc == VT_OK)
		*ret = f;
	else
		fresh_release(&f);
	fresh_release(&known);
	return rc;
}

static bool
fresh_equal(const struct fresh *a, const struct fresh *b)
{
	return vt_office_same_list(&a->to, &b->to) &&
	       vt_office_same_list(&a->units, &b->units) &&
	       vt_office_same_list(&a->post, &b->post);
}

/* ---- the transaction ---- */

int
vt_office_add_deliveries(struct vt_office *o, const struct vt_outbox *m,
    const struct vt_list *list, enum vt_office_way way,
    const enum vt_role *roles, struct vt_error *err)
{
	struct vt_delivery d = { .outbox = m->id,
		.state = VT_DELIVERY_SENT,
		.next_try = VT_TIME_NONE };
	size_t i;
	int rc = VT_OK;

	if (way == VT_OFFICE_TRANSPORT) {
		d.state = VT_DELIVERY_QUEUED;
		d.next_try = m->created;
	}
	for (i = 0; i < list->n && rc == VT_OK; i++) {
		d.organ_id = way == VT_OFFICE_TRANSPORT ? list->items[i] : NULL;
		d.unit = way == VT_OFFICE_INSIDE ? list->items[i] : NULL;
		d.organ_name = way == VT_OFFICE_POST ? list->items[i] : NULL;
		d.role = roles != NULL ? roles[i] : VT_ROLE_ACT;
		rc = vt_store_delivery_add(o->store, &d, err);
	}
	return rc;
}

/* Who got it, for the history. */
static int
add_event(struct vt_office *o, int64_t record, const struct fresh *f,
    struct vt_error *err)
{
	const struct vt_office_named lists[] = { { "to", &f->to },
		{ "unit", &f->units }, { "post", &f->post } };

	return vt_office_event_lists(o, record, "sent", NULL, lists, 3, err);
}

bool
vt_office_unchanged(const struct vt_record *a, const struct vt_record *b)
{
	size_t i;

	if (a->nfiles != b->nfiles || a->state != b->state ||
	    strcmp(a->code, b->code) != 0 ||
	    strcmp(a->subject, b->subject) != 0 ||
	    vt_date_compare(a->date, b->date) != 0)
		return false;
	for (i = 0; i < a->nfiles; i++)
		if (memcmp(a->files[i].sha256, b->files[i].sha256,
			VT_SHA256_LEN) != 0)
			return false;
	return true;
}

/* *RET_DONE is false where somebody was faster: look again. */
static int
queue_in(struct vt_office *o, const struct vt_record *rec,
    const struct whom *to, const struct fresh *f, struct vt_outbox *m,
    bool *ret_done, struct vt_error *err)
{
	struct fresh again = { 0 };
	struct vt_record now;
	bool same;
	int rc;

	if ((rc = vt_store_record_get(o->store, rec->id, &now, err)) != VT_OK)
		return rc;
	if ((rc = find_fresh(o, rec->id, to, &again, err)) != VT_OK)
		goto out;
	same = vt_office_unchanged(rec, &now) && fresh_equal(f, &again);
	*ret_done = same;
	if (!same)
		goto out;
	if ((rc = vt_store_outbox_add(o->store, m, err)) != VT_OK ||
	    (rc = vt_office_add_deliveries(o, m, &f->to, VT_OFFICE_TRANSPORT,
		 f->roles, err)) != VT_OK ||
	    (rc = vt_office_add_deliveries(o, m, &f->units, VT_OFFICE_INSIDE,
		 NULL, err)) != VT_OK ||
	    (rc = vt_office_add_deliveries(o, m, &f->post, VT_OFFICE_POST, NULL,
		 err)) != VT_OK ||
	    (rc = vt_store_document_id_set(o->store, rec->id, m->document_id,
		 err)) != VT_OK ||
	    (rc = vt_store_state_set(o->store, rec->id, VT_STATE_ISSUED,
		 "issued", NULL, err)) != VT_OK ||
	    (now.state != VT_STATE_ISSUED &&
		(rc = vt_office_link_answered(o, rec, err)) != VT_OK))
		goto out;
	rc = add_event(o, rec->id, f, err);
out:
	fresh_release(&again);
	vt_record_release(&now);
	return rc;
}

static int
queue(struct vt_office *o, const struct vt_record *rec, const struct whom *to,
    const struct fresh *f, struct vt_outbox *m, bool *ret_done,
    struct vt_error *err)
{
	bool done = false;
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	rc = queue_in(o, rec, to, f, m, &done, err);
	if (rc == VT_OK && done)
		rc = vt_store_commit(o->store, err);
	else
		vt_store_rollback(o->store);
	if (rc == VT_OK)
		*ret_done = done;
	return rc;
}

/* ---- all of it ---- */

static int
queue_again(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_office *o = ctx;
	struct vt_delivery next = *d;

	(void)m;
	if (d->state != VT_DELIVERY_QUEUED)
		return VT_OK;
	next.next_try = vt_time_now();
	return vt_store_delivery_update(o->store, &next, err);
}

int
vt_office_hurry(struct vt_office *o, int64_t record, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	int rc;

	if ((rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_deliveries(o->store, &q, queue_again, o, err)) ==
	    VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

/*
 * Write the envelope first: what can not be written is not issued.  Kept it is
 * only after the message is in the queue, from which it could be made again.
 */
static int
issue(struct vt_office *o, const struct vt_record *rec, const struct whom *to,
    const struct fresh *f, bool *ret_done, struct vt_error *err)
{
	struct vt_office_draft draft = { 0 };
	char business[] = "new", *document_id = NULL;
	struct vt_error why = { 0 };
	struct vt_outbox m = {
		.record = rec->id,
		.kind = VT_MESSAGE_DOCUMENT,
		.business = business,
		.urgency = rec->urgency,
		.created = vt_time_now(),
	};
	int rc;

	if (rec->document_id == NULL) {
		rc = vt_record_document_id(o->organ_id, rec->date, rec->code,
		    &document_id, err);
		if (rc != VT_OK)
			return rc;
	}
	m.document_id = document_id != NULL ? document_id : rec->document_id;
	if (f->to.n > 0) {
		rc = vt_office_write_document(o, rec, &m, &f->to, &draft, &why);
		if (rc != VT_OK) { /* it is the record that lacks something */
			rc = vt_error_set(err,
			    rc == VT_EARG ? VT_EFORMAT : why.code, why.clause,
			    "%s", why.text);
			goto out;
		}
	}
	rc = queue(o, rec, to, f, &m, ret_done, err);
	if (rc == VT_OK && *ret_done && draft.src != NULL)
		/* where this fails, the queue does it */
		(void)vt_office_keep_envelope(o, &m, draft.src, NULL);
out:
	vt_office_draft_release(&draft);
	free(document_id);
	return rc;
}

static int
send_once(struct vt_office *o, int64_t record, const struct whom *to,
    struct vt_list *notes, bool *ret_done, struct vt_error *err)
{
	struct fresh f = { 0 };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(o->store, record, &rec, err)) != VT_OK)
		return rc;
	if ((rc = vt_office_may_go(&rec, err)) != VT_OK ||
	    (rc = find_fresh(o, record, to, &f, err)) != VT_OK)
		goto out;
	if (f.to.n + f.units.n + f.post.n == 0) {
		*ret_done = true;
		rc = vt_office_hurry(o, record, err);
		goto out;
	}
	if ((rc = vt_office_may_go_as_signed(o, &rec, notes, err)) == VT_OK)
		rc = issue(o, &rec, to, &f, ret_done, err);
out:
	fresh_release(&f);
	vt_record_release(&rec);
	return rc;
}

/* Who gave it back is not sent it again, which is not kept silent. */
static int
note_back(struct vt_office *o, int64_t record, const struct vt_list *to,
    struct vt_list *notes, struct vt_error *err)
{
	const struct vt_office_holder *h;
	struct vt_office_holders all = { 0 };
	size_t i;
	int rc;

	rc = vt_office_holders(o, record, &all, err);
	for (i = 0; rc == VT_OK && to != NULL && i < to->n; i++) {
		h = vt_office_holder_find(o, &all, to->items[i]);
		if (h != NULL && h->recalled)
			rc = vt_office_note(notes, err,
			    VT_N_("it was recalled from %s, and is not sent "
				  "there again; --update and --add do that"),
			    h->organ_id);
		else if (h != NULL && h->state == VT_DELIVERY_REFUSED)
			rc = vt_office_note(notes, err,
			    VT_N_("%s refused it, and is not sent it again; "
				  "--update and --add do that"),
			    h->organ_id);
	}
	vt_office_holders_release(&all);
	return rc;
}

static int
send_rounds(struct vt_office *o, int64_t record, const struct whom *whom,
    struct vt_list *notes, struct vt_error *err)
{
	bool done = false;
	int i, rc;

	for (i = 0; i < VT_OFFICE_ROUNDS && !done; i++)
		if ((rc = send_once(o, record, whom, i == 0 ? notes : NULL,
			 &done, err)) != VT_OK)
			return rc;
	if (!done)
		return vt_error_set(err, VT_EIO, NULL,
		    "the record is being changed by others; try again");
	return note_back(o, record, &whom->to.to, notes, err);
}

int
vt_office_send(struct vt_office *o, int64_t record,
    const struct vt_office_issue *to, struct vt_list *notes,
    struct vt_error *err)
{
	struct whom whom = { .units = to->units, .post = to->post };
	size_t i;
	int rc;

	if ((rc = vt_office_check_names(to->units, err)) != VT_OK ||
	    (rc = vt_office_check_names(to->post, err)) != VT_OK ||
	    (rc = vt_office_address(o, to, &whom.to, notes, err)) != VT_OK)
		return rc;
	rc = send_rounds(o, record, &whom, notes, err);
	for (i = 0; to->ret != NULL && i < whom.to.to.n && rc == VT_OK; i++)
		rc = vt_list_add(to->ret, whom.to.to.items[i], err);
	vt_list_release(&whom.to.to);
	return rc == VT_OK ? vt_office_deliver_after(o, notes, err) : rc;
}
