/* office_holder.c - which agencies have a document of ours */
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"

bool
vt_office_cancelled(enum vt_delivery_state state, const char *reason)
{
	return state == VT_DELIVERY_FAILED && reason != NULL &&
	       strcmp(reason, VT_OFFICE_UNSENT) == 0;
}

bool
vt_office_holder_has(const struct vt_office_holder *h)
{
	return !h->recalled && h->state != VT_DELIVERY_REFUSED &&
	       h->state != VT_DELIVERY_FAILED;
}

bool
vt_office_holder_unsent(const struct vt_office_holder *h, bool alone)
{
	if (h->state == VT_DELIVERY_FAILED)
		return !h->unsent;
	return alone && !h->recalled && h->state == VT_DELIVERY_QUEUED &&
	       h->attempts == 0;
}

void
vt_office_holders_release(struct vt_office_holders *h)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		free(h->items[i].organ_id);
	free(h->items);
	vt_list_release(&h->units);
	vt_list_release(&h->post);
	memset(h, 0, sizeof(*h));
}

static struct vt_office_holder *
find(struct vt_office_holders *h, const char *organ_id)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (strcmp(h->items[i].organ_id, organ_id) == 0)
			return &h->items[i];
	return NULL;
}

const struct vt_office_holder *
vt_office_holder_find(const struct vt_office *o,
    const struct vt_office_holders *h, const char *organ_id)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (vt_office_same_organ(o, h->items[i].organ_id, organ_id))
			return &h->items[i];
	return NULL;
}

static struct vt_office_holder *
add(struct vt_office_holders *h, const char *organ_id, struct vt_error *err)
{
	size_t cap = h->cap == 0 ? 16 : 2 * h->cap;
	struct vt_office_holder *items, *new;

	if (h->n == h->cap) {
		items = reallocarray(h->items, cap, sizeof(*items));
		if (items == NULL) {
			vt_error_nomem(err);
			return NULL;
		}
		h->items = items;
		h->cap = cap;
	}
	new = &h->items[h->n];
	memset(new, 0, sizeof(*new));
	if ((new->organ_id = strdup(organ_id)) == NULL) {
		vt_error_nomem(err);
		return NULL;
	}
	h->n++;
	return new;
}

static int
add_name(struct vt_list *list, const char *name, struct vt_error *err)
{
	return name == NULL || vt_office_listed(list, name)
		   ? VT_OK
		   : vt_list_add(list, name, err);
}

/* In the order of sending: what comes later is how it stands. */
static int
note(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_office_holders *h = ctx;
	struct vt_office_holder *item;

	if (m->kind != VT_MESSAGE_DOCUMENT || m->business == NULL)
		return VT_OK;
	if (d->organ_id == NULL)
		return d->unit != NULL ? add_name(&h->units, d->unit, err)
				       : add_name(&h->post, d->organ_name, err);
	item = find(h, d->organ_id);
	if (vt_office_is_request(m)) {
		if (item != NULL && strcmp(m->business, "recall") == 0)
			item->recalled = d->state != VT_DELIVERY_REFUSED &&
					 d->state != VT_DELIVERY_FAILED;
		return VT_OK;
	}
	if (item == NULL && (item = add(h, d->organ_id, err)) == NULL)
		return VT_ENOMEM;
	item->delivery = d->id;
	item->state = d->state;
	item->role = d->role;
	item->attempts = d->attempts;
	item->unsent = vt_office_cancelled(d->state, d->reason);
	item->recalled = false;
	return VT_OK;
}

int
vt_office_holders(struct vt_office *o, int64_t record,
    struct vt_office_holders *ret, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct vt_office_holders h = { 0 };
	int rc;

	rc = vt_store_deliveries(o->store, &q, note, &h, err);
	if (rc == VT_OK)
		*ret = h;
	else
		vt_office_holders_release(&h);
	return rc;
}
