/* office_recipient.c - what the offices did with a document of ours */
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

bool
vt_office_is_request(const struct vt_outbox *m)
{
	return m->kind == VT_MESSAGE_DOCUMENT && m->business != NULL &&
	       (strcmp(m->business, "recall") == 0 ||
		   strcmp(m->business, "update") == 0);
}

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

/* ---- what followed it ---- */

/* What was sent to an agency: the document, and what followed that. */
struct asked {
	struct vt_office *o;
	struct vt_office_asked *items; /* without business: the document */
	size_t n, cap;
	size_t nrequests;
};

static void
asked_release(struct asked *a)
{
	size_t i, k;

	for (i = 0; i < a->n; i++) {
		free(a->items[i].organ_id);
		free(a->items[i].business);
		free(a->items[i].why);
		free(a->items[i].reason);
		for (k = 0; k < a->items[i].nstatuses; k++)
			vt_store_status_release(&a->items[i].statuses[k]);
		free(a->items[i].statuses);
	}
	free(a->items);
}

static int
asked_add(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct asked *a = ctx;
	size_t cap = a->cap == 0 ? 8 : 2 * a->cap;
	struct vt_office_asked *items, *new;
	struct statuses s = { 0 };
	int rc;

	if (m->kind != VT_MESSAGE_DOCUMENT || d->organ_id == NULL)
		return VT_OK;
	if (a->n == a->cap) {
		items = reallocarray(a->items, cap, sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		a->items = items;
		a->cap = cap;
	}
	new = &a->items[a->n++];
	memset(new, 0, sizeof(*new));
	new->message = m->id;
	new->created = m->created;
	new->state = d->state;
	new->next_try = d->next_try;
	rc = vt_str_set(&new->organ_id, d->organ_id, err);
	if (rc != VT_OK || !vt_office_is_request(m))
		return rc;
	a->nrequests++;
	if ((rc = vt_str_set(&new->business, m->business, err)) != VT_OK ||
	    (rc = vt_str_set(&new->why, m->reason, err)) != VT_OK ||
	    (rc = vt_str_set(&new->reason, d->reason, err)) != VT_OK)
		return rc;
	rc = vt_store_statuses(a->o->store, d->id, statuses_add, &s, err);
	new->statuses = s.items;
	new->nstatuses = s.n;
	return rc;
}

static int
compare_with(const struct vt_office_asked *a, const char *organ_id,
    int64_t message)
{
	int by_organ = strcmp(a->organ_id, organ_id);

	if (by_organ != 0)
		return by_organ;
	return a->message < message ? -1 : a->message > message;
}

/* What one agency was sent stands together, in its order. */
static int
compare_asked(const void *x, const void *y)
{
	const struct vt_office_asked *b = y;

	return compare_with(x, b->organ_id, b->message);
}

/* Who was sent the document again has behind it what followed that. */
static void
find_asked(const struct asked *a, const char *organ_id, int64_t message,
    struct vt_office_recipient *r)
{
	size_t low = 0, high = a->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_with(&a->items[mid], organ_id, message) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	r->asked = a->items + low;
	for (; low + r->nasked < a->n; r->nasked++)
		if (r->asked[r->nasked].business == NULL ||
		    strcmp(r->asked[r->nasked].organ_id, organ_id) != 0)
			break;
}

/* ---- the recipients ---- */

struct listing {
	struct vt_office *o;
	char ref[VT_REF_TEXT];
	enum vt_state state;
	struct asked asked;
	vt_office_recipient_fn *fn;
	void *ctx;
	size_t n;
};

static int
list_one(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct listing *l = ctx;
	struct statuses s = { 0 };
	struct vt_office_recipient r = {
		.ref = l->ref,
		.state = l->state,
		.business = m->business,
		.document_id = m->document_id,
		.delivery = d,
	};
	int rc;

	if (m->kind != VT_MESSAGE_DOCUMENT || vt_office_is_request(m))
		return VT_OK;
	l->n++;
	if (d->organ_id != NULL && l->asked.nrequests > 0)
		find_asked(&l->asked, d->organ_id, m->id, &r);
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
	struct listing l = { .o = o,
		.asked = { .o = o },
		.fn = fn,
		.ctx = ctx };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(o->store, record, &rec, err)) != VT_OK)
		return rc;
	vt_record_ref(&rec, l.ref);
	l.state = rec.state;
	vt_record_release(&rec);
	rc = vt_store_deliveries(o->store, &q, asked_add, &l.asked, err);
	if (rc == VT_OK && l.asked.nrequests > 0)
		qsort(l.asked.items, l.asked.n, sizeof(*l.asked.items),
		    compare_asked);
	if (rc == VT_OK)
		rc = vt_store_deliveries(o->store, &q, list_one, &l, err);
	asked_release(&l.asked);
	if (rc == VT_OK && l.n == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the document was sent to nobody");
	return rc;
}
