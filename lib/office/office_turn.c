/* office_turn.c - changes of a document are answered in the order they came */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_register_int.h"
#include "office_request_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"

/* What nobody typed; the other office reads it. */
#define RECALLED "Văn bản đã được thu hồi"

bool
vt_office_wants_answer(const struct vt_inbox *m)
{
	if (m->business == NULL)
		return false;
	if (m->kind == VT_MESSAGE_STATUS)
		return strcmp(m->business,
			   vt_status_code(VT_STATUS_TAKE_BACK)) == 0;
	return strcmp(m->business, "recall") == 0 ||
	       strcmp(m->business, "update") == 0;
}

/* Those of one sender for one document, newest first. */
struct turn {
	struct vt_office *o;
	const char *from;
	int64_t not ; /* but this one */
	bool held;    /* those that wait; else those that have no answer yet */
	int64_t *ids;
	size_t n, cap;
};

static int
turn_add(struct turn *t, int64_t id, struct vt_error *err)
{
	size_t cap = t->cap == 0 ? 16 : 2 * t->cap;
	int64_t *ids;

	if (t->n == t->cap) {
		ids = reallocarray(t->ids, cap, sizeof(*ids));
		if (ids == NULL)
			return vt_error_nomem(err);
		t->ids = ids;
		t->cap = cap;
	}
	t->ids[t->n++] = id;
	return VT_OK;
}

/* Its result is known, and nobody was told; of what is secret nobody is. */
static bool
is_unanswered(const struct vt_inbox *m)
{
	return (m->result == VT_INBOX_DONE || m->result == VT_INBOX_REFUSED) &&
	       m->answered == VT_STATUS_NONE && m->has_envelope;
}

static int
look(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct turn *t = ctx;
	bool held = m->result == VT_INBOX_HELD;

	/* what another agency says was never asked by him who is answered */
	if (!vt_office_wants_answer(m) || m->id == t->not ||
	    !vt_office_same_organ(t->o, m->from_id, t->from) ||
	    (held && m->reason != NULL &&
		strcmp(m->reason, VT_OFFICE_NOT_PROVEN) == 0))
		return VT_OK;
	if (t->held)
		return held ? turn_add(t, m->id, err) : VT_OK;
	if (held) /* whatever is newer waits for it */
		t->n = 0;
	return is_unanswered(m) ? turn_add(t, m->id, err) : VT_OK;
}

static int
turn_find(struct turn *t, const char *document_id, struct vt_error *err)
{
	const struct vt_inbox_query q = { .document_id = document_id,
		.held = t->held };
	int rc = VT_OK;

	if (document_id != NULL &&
	    (rc = vt_store_inbox_list(t->o->store, &q, look, t, err)) != VT_OK)
		free(t->ids);
	return rc;
}

static int
answer(struct vt_office *o, struct vt_inbox *m, const struct vt_envelope *env,
    struct vt_error *err)
{
	bool agreed = m->result == VT_INBOX_DONE;
	const char *reason = NULL;
	int rc;

	if (!agreed && m->reason != NULL)
		reason =
		    strcmp(m->reason, "recalled") == 0 ? RECALLED : m->reason;
	rc = vt_office_answer(o, m, env,
	    agreed ? VT_STATUS_AGREED : VT_STATUS_DECLINED, reason, err);
	return rc == VT_OK ? vt_store_inbox_update(o->store, m, err) : rc;
}

int
vt_office_answer_in_turn(struct vt_office *o, struct vt_inbox *m,
    const struct vt_envelope *env, struct vt_error *err)
{
	struct turn t = { .o = o, .from = m->from_id };
	int rc;

	if ((rc = vt_store_inbox_update(o->store, m, err)) != VT_OK ||
	    (rc = turn_find(&t, m->document_id, err)) != VT_OK)
		return rc;
	while (rc == VT_OK && t.n > 0) {
		struct vt_inbox other;
		int64_t id = t.ids[--t.n];

		if (id == m->id) {
			rc = answer(o, m, env, err);
			continue;
		}
		if ((rc = vt_store_inbox_get(o->store, id, &other, err)) !=
		    VT_OK)
			break;
		rc = answer(o, &other, NULL, err);
		vt_inbox_release(&other);
	}
	free(t.ids);
	return rc;
}

/* ---- the document is gone ---- */

/* A recall has what it asked for; for an update nothing is left to be changed.
 */
static int
end_one(struct vt_office_intake *in, int64_t id, int64_t record,
    struct vt_error *err)
{
	struct vt_store *s = in->o->store;
	bool update;
	struct vt_inbox m;
	int rc;

	if ((rc = vt_store_inbox_get(s, id, &m, err)) != VT_OK)
		return rc;
	update = strcmp(m.business, "update") == 0;
	m.result = update ? VT_INBOX_REFUSED : VT_INBOX_DONE;
	m.record = record;
	if ((rc = vt_str_set(&m.reason, "recalled", err)) == VT_OK &&
	    (rc = vt_str_set(&m.detail, NULL, err)) == VT_OK)
		rc = vt_store_inbox_update(s, &m, err);
	vt_inbox_release(&m);
	return rc == VT_OK && update
		   ? vt_office_note(in->notes, err,
			 VT_N_("message %lld, an update that was held, is "
			       "declined: its document is recalled"),
			 (long long)id)
		   : rc;
}

int
vt_office_end_waiting(struct vt_office_intake *in,
    const struct vt_office_target *of, struct vt_error *err)
{
	const struct vt_inbox *row = in->row;
	struct turn t = { .o = in->o,
		.from = row->from_id,
		.not = row->id,
		.held = true };
	int rc;

	if ((rc = turn_find(&t, row->document_id, err)) != VT_OK)
		return rc;
	while (rc == VT_OK && t.n > 0) {
		struct vt_office_target its;
		int64_t id = t.ids[--t.n];

		rc = vt_office_target_find(in->o, row->document_id,
		    row->from_id, id, &its, err);
		if (rc == VT_OK && its.inbox <= of->inbox)
			rc = end_one(in, id, of->record, err);
	}
	free(t.ids);
	return rc;
}
