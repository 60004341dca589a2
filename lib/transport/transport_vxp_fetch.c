/* transport_vxp_fetch.c - what waits at the axis, and what becomes of it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_vxp_int.h"
#include "vanthu/json.h"

#define NUMBER 24 /* room for a number that stands as one */

static const char *
text_of(const struct vt_json *row, const char *key)
{
	return vt_json_str(vt_json_get(row, key));
}

/* Some write the id as a number; NULL: it is none that can be. */
static const char *
id_of(const struct vt_json *row, char number[NUMBER])
{
	const struct vt_json *v = vt_json_get(row, "docId");
	const char *id = vt_json_str(v);
	int64_t n;

	if (id == NULL && vt_json_int(v, &n)) {
		snprintf(number, NUMBER, "%lld", (long long)n);
		id = number;
	}
	return id != NULL && vt_vxp_doc_id_valid(id) ? id : NULL;
}

/* Ended already, in a list that shows what was. */
static bool
ended(const struct vt_json *row)
{
	const char *status = text_of(row, "status");

	return status != NULL &&
	       (strcmp(status, "done") == 0 || strcmp(status, "fail") == 0);
}

/* A centre's account gets what is for all its members. */
static bool
for_another(const struct transport_http *h, const struct vt_json *row)
{
	const char *to = text_of(row, "to");

	return strcmp(h->own, h->system_id) != 0 && to != NULL &&
	       vt_transport_organ_valid(to) && strcmp(to, h->own) != 0 &&
	       strcmp(to, h->system_id) != 0;
}

/* ---- an axis may name a message again and again ---- */

/* By their ids; of the same one the first that was listed comes first. */
static int
compare(const void *x, const void *y)
{
	const struct vxp_item *const *a = x, *const *b = y;
	int by_id = strcmp((*a)->id, (*b)->id);

	if (by_id != 0)
		return by_id;
	return *a < *b ? -1 : *a > *b;
}

/* Each message is left once, in the order of the list. */
static int
drop_repeated(struct vxp_list *l, struct vt_error *err)
{
	struct vxp_item **sorted;
	size_t i, k = 0, n = 0;

	if (l->n < 2)
		return VT_OK;
	if ((sorted = calloc(l->n, sizeof(struct vxp_item *))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < l->n; i++)
		sorted[i] = &l->items[i];
	qsort(sorted, l->n, sizeof(struct vxp_item *), compare);
	for (i = 1; i < l->n; i++)
		if (strcmp(sorted[k]->id, sorted[i]->id) == 0)
			sorted[i]->id[0] = '\0';
		else
			k = i;
	for (i = 0; i < l->n; i++)
		if (l->items[i].id[0] != '\0')
			l->items[n++] = l->items[i];
	free(sorted);
	if (n < l->n)
		vt_log("%zu rows name a message that was listed", l->n - n);
	l->n = n;
	return VT_OK;
}

/*
 * As many as there may be: room is where many of them are the same.  Where few
 * are, to look again for each row would come to no end.
 */
static int
make_room(struct vxp_list *l, struct vt_error *err)
{
	int rc;

	if (l->n < VT_VXP_LISTED_MAX || l->full)
		return VT_OK;
	rc = drop_repeated(l, err);
	l->full = l->n > VT_VXP_LISTED_MAX / 2;
	return rc;
}

int
vt_vxp_list_row(void *ctx, const struct vt_json *row, struct vt_error *err)
{
	const char *from = text_of(row, "from"), *id;
	char number[NUMBER];
	struct vxp_list *l = ctx;
	struct vxp_item *more;
	size_t cap;
	int rc;

	if (ended(row))
		return VT_OK;
	if ((rc = make_room(l, err)) != VT_OK || l->full)
		return rc;
	if ((id = id_of(row, number)) == NULL) {
		l->nameless++; /* told behind the others */
		return VT_OK;
	}
	if (for_another(l->http, row)) {
		vt_log("%s: passed over: it is for %s", id, text_of(row, "to"));
		return VT_OK;
	}
	if (l->n == l->cap) {
		cap = l->cap == 0 ? 64 : 2 * l->cap;
		more = realloc(l->items, cap * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		l->items = more;
		l->cap = cap;
	}
	memset(&l->items[l->n], 0, sizeof(*l->items));
	snprintf(l->items[l->n].id, sizeof(l->items[0].id), "%s", id);
	if (from != NULL && vt_transport_organ_valid(from))
		snprintf(l->items[l->n].from, sizeof(l->items[0].from), "%s",
		    from);
	l->n++;
	return VT_OK;
}

static int
list(struct vxp *v, enum vt_transport_class class, struct vxp_list *l,
    struct vt_error *err)
{
	struct vxp_call call = { .path = "getReceivedEdocList",
		.answer = { .row = vt_vxp_list_row, .ctx = l },
		.max = VT_VXP_LIST_MAX };
	struct vt_vxp_result r;

	vt_vxp_call_value(&call, "servicetype", "eDoc");
	vt_vxp_call_value(&call, "messagetype", vt_vxp_class_name(class));
	return vt_vxp_call_send(v, &call, &r, err);
}

/* ---- one message ---- */

int
vt_vxp_got(const struct transport_http *h, const struct vxp_call *call,
    const struct vt_vxp_result *r, int rc, const struct vt_error *why,
    struct transport_file *f, struct vt_error *err)
{
	bool none = rc == VT_OK && !r->has_data;

	/* the axis' word on this one; what fails any time fails for it alone */
	f->its_own = none || call->cut || (rc == VT_EREFUSED && !h->way_failed);
	if (none)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the axis lists it and gives no file");
	if (rc == VT_OK || f->full || (call->malformed && f->len > 0))
		return VT_OK;
	return vt_error_set(err, (enum vt_code)rc, why->clause, "%s",
	    why->text);
}

/* What the axis gives as the message, in a file without a name. */
static int
get(void *state, struct vt_transport_message *m, struct transport_file *f,
    struct vt_error *err)
{
	struct vxp *v = state;
	struct vxp_call call = { .path = v->raw ? "downloadEdoc" : "getEdoc",
		.get = v->raw,
		.raw = v->raw,
		.answer = { .file = vt_transport_file_put, .ctx = f },
		.max = VT_VXP_FILE_MAX };
	char path[VT_VXP_DOC_ID_MAX + 8];
	struct vt_error why = { 0 };
	struct vt_vxp_result r;
	int rc;

	snprintf(path, sizeof(path), "%s.edxml", m->id);
	vt_vxp_call_value(&call, "docId", m->id);
	vt_vxp_call_value(&call, "filePath", path);
	rc = vt_vxp_call_send(v, &call, &r, &why);
	return vt_vxp_got(&v->http, &call, &r, rc, &why, f, err);
}

int
vt_vxp_list_take(struct transport_taking *k, struct vxp_list *l,
    struct vt_error *err)
{
	size_t i;
	int rc = drop_repeated(l, err);

	k->over = k->max == 0;
	for (i = 0; rc == VT_OK && i < l->n && !k->over; i++) {
		const struct vxp_item *item = &l->items[i];
		const struct vt_transport_message m = { .id = item->id,
			.from = item->from[0] != '\0' ? item->from : NULL,
			.driver = item,
			.driver_size = sizeof(*item) };

		rc = vt_transport_take_one(k, &m, err);
	}
	if (rc != VT_OK || (rc = vt_transport_take_end(k, err)) != VT_OK ||
	    l->nameless == 0)
		return rc;
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "the axis lists %zu messages without an id that can be",
	    l->nameless);
}

int
vt_vxp_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct vxp *v = state;
	struct vxp_list l = { .http = &v->http };
	struct transport_taking k = { .get = get,
		.state = v,
		.t = t,
		.take = take,
		.ctx = ctx,
		.max = max };
	int rc;

	if ((rc = list(v, VT_TRANSPORT_DOCUMENT, &l, err)) == VT_OK &&
	    (rc = list(v, VT_TRANSPORT_STATUS, &l, err)) == VT_OK)
		rc = vt_vxp_list_take(&k, &l, err);
	free(l.items);
	return rc;
}

/* ---- taking out of the way ---- */

static int
update_status(struct vxp *v, const struct vxp_item *item, const char *status,
    const char *reason, struct vt_error *err)
{
	struct vxp_call call = { .path = "updateStatus" };
	struct vt_vxp_result r;

	vt_vxp_call_value(&call, "docId", item->id);
	vt_vxp_call_value(&call, "status", status);
	if (reason != NULL)
		vt_vxp_call_value(&call, "description", reason);
	return vt_vxp_call_send(v, &call, &r, err);
}

int
vt_vxp_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err)
{
	return update_status(state, m->driver, "done", NULL, err);
}

/* REASON may be cut within a character, which its receiver would not read. */
int
vt_vxp_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err)
{
	char text[VT_TRANSPORT_REASON_MAX + 1];
	size_t len = strnlen(reason, VT_TRANSPORT_REASON_MAX);

	while (reason[len] != '\0' && len > 0 && (reason[len] & 0xc0) == 0x80)
		len--;
	memcpy(text, reason, len);
	text[len] = '\0';
	return update_status(state, m->driver, "fail", text, err);
}
