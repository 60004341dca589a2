/* office_ask.c - what the axis itself says of a document that we sent */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/office_ask.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/transport.h"

static void
said_release(struct vt_office_said *s)
{
	free(s->organ_id);
	free(s->id);
	free(s->receiver_id);
	free(s->send_status);
	free(s->send_text);
	free(s->receive_status);
	free(s->receive_text);
	free(s->sent);
	free(s->received);
}

void
vt_office_says_release(struct vt_office_says *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		said_release(&s->items[i]);
	free(s->items);
	memset(s, 0, sizeof(*s));
}

struct asking {
	struct vt_office *o;
	struct vt_list to; /* whom it was sent to */
	char *code_key;
	struct vt_date date;
	struct vt_office_says says;
	size_t cap;
};

static int
add_recipient(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct asking *a = ctx;

	if (m->kind != VT_MESSAGE_DOCUMENT || d->organ_id == NULL)
		return VT_OK;
	return vt_list_add(&a->to, d->organ_id, err);
}

/* ---- is a row about it? ---- */

/* "dd/MM/yyyy HH:mm:ss", as an axis writes; what is no date is of any. */
static bool
too_early(const struct asking *a, const char *sent)
{
	char text[VT_TIME_TEXT];
	int day, month, year;
	struct vt_date d;

	if (sent == NULL ||
	    sscanf(sent, "%2d/%2d/%4d", &day, &month, &year) != 3 || day < 1 ||
	    month < 1 || year < 1000)
		return false;
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	return vt_date_parse(text, &d) && vt_date_compare(d, a->date) < 0;
}

static int
same_code(const struct asking *a, const char *notation, bool *ret,
    struct vt_error *err)
{
	char *key = NULL;
	int rc;

	*ret = false;
	if (notation == NULL)
		return VT_OK;
	if ((rc = vt_record_code_key(notation, &key, err)) == VT_OK)
		*ret = strcmp(key, a->code_key) == 0;
	free(key);
	return rc;
}

/* Whose delivery it is, by whichever code; NULL: nobody's. */
static const char *
recipient_of(const struct asking *a, const char *code)
{
	size_t i;

	for (i = 0; code != NULL && i < a->to.n; i++)
		if (strcmp(a->to.items[i], code) == 0)
			return a->to.items[i];
	for (i = 0; code != NULL && i < a->to.n; i++)
		if (vt_office_same_organ(a->o, a->to.items[i], code))
			return a->to.items[i];
	return NULL;
}

static int
fill(struct vt_office_said *s, const char *organ_id,
    const struct vt_transport_sent *row, struct vt_error *err)
{
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &s->organ_id, organ_id },
		{ &s->id, row->id },
		{ &s->receiver_id, row->receiver_id },
		{ &s->send_status, row->send_status },
		{ &s->send_text, row->send_text },
		{ &s->receive_status, row->receive_status },
		{ &s->receive_text, row->receive_text },
		{ &s->sent, row->sent },
		{ &s->received, row->received },
	};
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		if (texts[i].text != NULL && texts[i].text[0] != '\0')
			rc = vt_str_set(texts[i].field, texts[i].text, err);
	return rc;
}

static int
add_row(struct asking *a, const char *organ_id,
    const struct vt_transport_sent *row, struct vt_error *err)
{
	size_t cap = a->cap == 0 ? 16 : 2 * a->cap;
	struct vt_office_said *items, *s;

	if (a->says.n == VT_OFFICE_SAYS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the axis says more than %d things of it",
		    VT_OFFICE_SAYS_MAX);
	if (a->says.n == a->cap) {
		items = reallocarray(a->says.items, cap, sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		a->says.items = items;
		a->cap = cap;
	}
	s = &a->says.items[a->says.n];
	memset(s, 0, sizeof(*s));
	s->order = a->says.n++;
	return fill(s, organ_id, row, err);
}

static int
look_at_row(void *ctx, const struct vt_transport_sent *row,
    struct vt_error *err)
{
	struct asking *a = ctx;
	const char *organ_id;
	bool same;
	int rc;

	/* a centre sees what its members sent, too */
	if (row->from != NULL &&
	    !vt_office_same_organ(a->o, row->from, a->o->organ_id))
		return VT_OK;
	if ((rc = same_code(a, row->notation, &same, err)) != VT_OK || !same ||
	    too_early(a, row->sent) ||
	    (organ_id = recipient_of(a, row->to)) == NULL)
		return rc;
	return add_row(a, organ_id, row, err);
}

/* ---- asking ---- */

static int
read_record(struct asking *a, int64_t record, struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = record,
		.due = VT_TIME_NONE };
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(a->o->store, record, &rec, err)) != VT_OK)
		return rc;
	a->date = rec.date;
	rc = vt_record_code_key(rec.code, &a->code_key, err);
	vt_record_release(&rec);
	return rc == VT_OK
		   ? vt_store_deliveries(a->o->store, &q, add_recipient, a, err)
		   : rc;
}

static int
compare(const void *x, const void *y)
{
	const struct vt_office_said *a = x, *b = y;
	int by_organ = strcmp(a->organ_id, b->organ_id);

	if (by_organ != 0)
		return by_organ;
	return a->order < b->order ? -1 : a->order > b->order;
}

int
vt_office_ask(struct vt_office *o, int64_t record, struct vt_office_says *ret,
    struct vt_error *err)
{
	struct asking a = { .o = o };
	struct vt_transport *t = NULL;
	int rc;

	if ((rc = read_record(&a, record, err)) == VT_OK &&
	    (rc = vt_office_transport(o, &t, err)) == VT_OK)
		rc = vt_transport_sent_list(t, VT_TRANSPORT_DOCUMENT,
		    look_at_row, &a, err);
	vt_transport_close(t);
	if (rc == VT_OK) {
		if (a.says.n > 1)
			qsort(a.says.items, a.says.n, sizeof(*a.says.items),
			    compare);
		*ret = a.says;
	} else
		vt_office_says_release(&a.says);
	vt_list_release(&a.to);
	free(a.code_key);
	return rc;
}

const struct vt_office_said *
vt_office_says_of(const struct vt_office_says *s, const char *organ_id,
    size_t *ret_n)
{
	size_t low = 0, high = s->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(s->items[mid].organ_id, organ_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*ret_n = 0; low + *ret_n < s->n; ++*ret_n)
		if (strcmp(s->items[low + *ret_n].organ_id, organ_id) != 0)
			break;
	return *ret_n > 0 ? &s->items[low] : NULL;
}
