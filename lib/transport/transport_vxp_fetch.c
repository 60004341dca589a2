/* transport_vxp_fetch.c - what waits at the axis, and what becomes of it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport_vxp_int.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/source.h"

#define FAILURES 3 /* one after the other: it is not the messages */

/* A message that waits. */
struct item {
	char id[VT_VXP_DOC_ID_MAX + 1];
	char from[VT_TRANSPORT_ORGAN_MAX + 1]; /* "": not said */
};

struct list {
	const struct vxp *v;
	struct item *items;
	size_t n, cap;
};

static const char *
text_of(const struct vt_json *row, const char *key)
{
	return vt_json_str(vt_json_get(row, key));
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
for_another(const struct vxp *v, const struct vt_json *row)
{
	const char *to = text_of(row, "to");

	return strcmp(v->own, v->system_id) != 0 && to != NULL &&
	       vt_transport_organ_valid(to) && strcmp(to, v->own) != 0 &&
	       strcmp(to, v->system_id) != 0;
}

static int
take_row(void *ctx, const struct vt_json *row, struct vt_error *err)
{
	const char *id = text_of(row, "docId"), *from = text_of(row, "from");
	struct list *l = ctx;
	struct item *more;
	size_t cap;

	if (id == NULL || !vt_vxp_doc_id_valid(id)) {
		vt_log("the axis lists a message without an id that can be");
		return VT_OK;
	}
	if (ended(row) || l->n == VT_VXP_LISTED_MAX)
		return VT_OK;
	if (for_another(l->v, row)) {
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
list(struct vxp *v, enum vt_transport_class class, struct list *l,
    struct vt_error *err)
{
	struct vxp_call call = { .path = "getReceivedEdocList",
		.answer = { .row = take_row, .ctx = l },
		.max = VT_VXP_LIST_MAX };
	struct vt_vxp_result r;

	vt_vxp_call_value(&call, "servicetype", "eDoc");
	vt_vxp_call_value(&call, "messagetype", vt_vxp_class_name(class));
	return vt_vxp_call_send(v, &call, &r, err);
}

/* ---- one message ---- */

struct file {
	int fd;
	uint64_t len;
	bool full; /* it is longer than what we take */
};

static int
take_file(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct file *f = ctx;
	uint64_t room = VT_OFFICE_MESSAGE_MAX + 1 - f->len;
	int rc;

	f->full = piece.len >= room;
	if (f->full)
		piece.len = (size_t)room;
	if ((rc = vt_fd_write(f->fd, piece, err)) != VT_OK)
		return rc;
	f->len += piece.len;
	return f->full ? (int)vt_error_set(err, VT_ELIMIT, NULL,
			     "the message is longer than %llu bytes",
			     (unsigned long long)VT_OFFICE_MESSAGE_MAX)
		       : VT_OK;
}

/*
 * What the axis gives as the message ID, in a file without a name.  A message
 * that is too long or damaged by its sender comes as far as it goes: to judge
 * it, and to say so, is for who takes it.
 */
static int
get(struct vxp *v, const char *id, int fd, struct vt_error *err)
{
	struct file f = { .fd = fd };
	struct vxp_call call = { .path = v->raw ? "downloadEdoc" : "getEdoc",
		.get = v->raw,
		.raw = v->raw,
		.answer = { .file = take_file, .ctx = &f },
		.max = VT_VXP_FILE_MAX };
	char path[VT_VXP_DOC_ID_MAX + 8];
	struct vt_error why = { 0 };
	struct vt_vxp_result r;
	int rc;

	snprintf(path, sizeof(path), "%s.edxml", id);
	vt_vxp_call_value(&call, "docId", id);
	vt_vxp_call_value(&call, "filePath", path);
	rc = vt_vxp_call_send(v, &call, &r, &why);
	if (rc == VT_OK && !r.has_data)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the axis lists it and gives no file");
	if (rc == VT_OK || f.full || (call.malformed && f.len > 0))
		return VT_OK;
	return vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
}

static int
get_and_take(struct vxp *v, struct vt_transport *t, const struct item *item,
    vt_transport_take_fn *take, void *ctx, bool *ret_taken,
    struct vt_error *err)
{
	struct vt_transport_message m = { .id = item->id, .driver = item };
	struct vt_source *src = NULL;
	int fd = -1, rc;

	*ret_taken = false;
	if ((rc = vt_file_nameless(NULL, &fd, err)) == VT_OK &&
	    (rc = get(v, item->id, fd, err)) == VT_OK &&
	    (rc = vt_source_fd(fd, &src, err)) == VT_OK) {
		m.content = src;
		m.from = item->from[0] != '\0' ? item->from : NULL;
		*ret_taken = true;
		rc = take(ctx, t, &m, err);
	}
	vt_source_free(src);
	if (fd >= 0)
		close(fd);
	return rc;
}

/*
 * One message that the axis does not give must not keep the others out; several
 * in a row end the run.
 */
static int
take_all(struct vxp *v, struct vt_transport *t, const struct list *l,
    size_t max, vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct vt_error first = { 0 };
	size_t i, failures = 0, done = 0;
	bool taken;
	int rc;

	for (i = 0; i < l->n && done < max && failures < FAILURES; i++) {
		struct vt_error why = { 0 };

		rc = get_and_take(v, t, &l->items[i], take, ctx, &taken, &why);
		if (rc != VT_OK && (taken || rc == VT_ENOMEM || rc == VT_EIO))
			return vt_error_set(err, (enum vt_code)rc, why.clause,
			    "%s", why.text);
		done += taken;
		failures = rc == VT_OK ? 0 : failures + 1;
		if (rc != VT_OK && first.code == VT_OK) {
			vt_error_prefix(&why, l->items[i].id);
			first = why;
		}
	}
	if (first.code == VT_OK)
		return VT_OK;
	return vt_error_set(err, first.code, first.clause, "%s", first.text);
}

int
vt_vxp_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct vxp *v = state;
	struct list l = { .v = v };
	int rc;

	if ((rc = list(v, VT_TRANSPORT_DOCUMENT, &l, err)) == VT_OK &&
	    (rc = list(v, VT_TRANSPORT_STATUS, &l, err)) == VT_OK)
		rc = take_all(v, t, &l, max, take, ctx, err);
	free(l.items);
	return rc;
}

/* ---- taking out of the way ---- */

static int
update_status(struct vxp *v, const struct item *item, const char *status,
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
