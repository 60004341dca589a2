/* office_settle.c - what waited for its document, or for a clerk's word */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/error.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

/* A recall, an update, a replacement or a status 13. */
static bool
asks_for_change(const struct vt_inbox *m)
{
	return vt_office_wants_answer(m) ||
	       (m->kind == VT_MESSAGE_DOCUMENT && m->business != NULL &&
		   strcmp(m->business, "replace") == 0);
}

/* The row that stands for what a replacement replaces, not for itself. */
static bool
stands_for_replaced(const struct vt_inbox *m)
{
	return m->kind == VT_MESSAGE_DOCUMENT && m->business != NULL &&
	       strcmp(m->business, "replace") == 0 && !vt_office_is_document(m);
}

static bool
waits_for_document(const struct vt_inbox *m)
{
	if (m->result != VT_INBOX_HELD || !asks_for_change(m))
		return false;
	if (vt_office_is_document(m))
		return false;
	/* a clerk has the word */
	if (m->reason != NULL && strcmp(m->reason, VT_OFFICE_NOT_PROVEN) == 0)
		return false;
	return stands_for_replaced(m) || m->record == 0;
}

static int
work(struct vt_office *o, struct vt_inbox *row, const struct vt_trust *trust,
    bool clerk, struct vt_office_intake *in, bool *ret_done,
    struct vt_list *notes, struct vt_error *err)
{
	in->o = o;
	in->trust = trust;
	in->ask = vt_office_asks(o);
	in->now = vt_time_now();
	in->notes = notes;
	in->row = row;
	return vt_office_settle_one(in, clerk, ret_done, err);
}

/* ---- documents have come, or were refused ---- */

struct waiting {
	struct vt_office *o;
	int64_t *ids; /* newest first */
	size_t n, cap;
};

static int
note_waiting(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct waiting *w = ctx;
	struct vt_office_target t;
	size_t cap;
	int64_t *ids;
	int rc;

	if (!waits_for_document(m))
		return VT_OK;
	if ((rc = vt_office_target_find(w->o, m->document_id, m->from_id, m->id,
		 &t, err)) != VT_OK ||
	    !t.found ||
	    (t.record == 0 &&
		(t.result != VT_INBOX_REFUSED || m->earlier == t.inbox)))
		return rc;
	if (w->n == w->cap) {
		cap = w->cap == 0 ? 16 : 2 * w->cap;
		ids = reallocarray(w->ids, cap, sizeof(*ids));
		if (ids == NULL)
			return vt_error_nomem(err);
		w->ids = ids;
		w->cap = cap;
	}
	w->ids[w->n++] = m->id;
	return VT_OK;
}

static int
note_failure(int64_t id, const struct vt_error *why, struct vt_list *notes,
    struct vt_error *err)
{
	char line[VT_TEXT_MAX + 64];

	if (why->code == VT_ENOMEM)
		return vt_error_nomem(err);
	if (notes == NULL)
		return VT_OK;
	snprintf(line, sizeof(line), "%lld: %s", (long long)id, why->text);
	return vt_list_add(notes, line, err);
}

int
vt_office_settle(struct vt_office *o, vt_office_received_fn *fn, void *ctx,
    struct vt_list *notes, struct vt_error *err)
{
	const struct vt_inbox_query q = { .held = true };
	struct waiting w = { .o = o };
	struct vt_trust *trust = NULL;
	int rc;

	rc = vt_store_inbox_list(o->store, &q, note_waiting, &w, err);
	if (rc == VT_OK && w.n > 0)
		rc = vt_office_trust(o, &trust, err);
	while (rc == VT_OK && w.n > 0) {
		struct vt_office_intake in = { 0 };
		struct vt_error why = { 0 };
		struct vt_inbox row;
		bool done;

		rc = vt_store_inbox_get(o->store, w.ids[--w.n], &row, err);
		if (rc != VT_OK)
			break;
		if (row.result != VT_INBOX_HELD) { /* with one before it */
			vt_inbox_release(&row);
			continue;
		}
		rc = work(o, &row, trust, false, &in, &done, notes, &why);
		if (rc == VT_OK && done)
			rc = vt_office_tell(&in, fn, ctx, err);
		else if (rc != VT_OK) /* it must not keep the others waiting */
			rc = note_failure(row.id, &why, notes, err);
		vt_inbox_release(&row);
	}
	vt_trust_free(trust);
	free(w.ids);
	return rc;
}

/* ---- a clerk's word ---- */

static int
may_say(const struct vt_inbox *m, enum vt_inbox_result word, bool *ret_said,
    struct vt_error *err)
{
	*ret_said = false;
	if (!asks_for_change(m))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "message %lld asks for no change of a document",
		    (long long)m->id);
	if (m->result == word ||
	    (word == VT_INBOX_DONE && m->result == VT_INBOX_REGISTERED)) {
		*ret_said = true;
		return VT_OK;
	}
	if (m->result != VT_INBOX_HELD)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "message %lld does not wait: %s", (long long)m->id,
		    vt_inbox_result_name(m->result));
	return VT_OK;
}

/* The row, told as it is. */
static int
tell_row(struct vt_office *o, struct vt_inbox *m, enum vt_received_result r,
    vt_office_received_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_office_intake in = { .o = o, .row = m, .result = r };
	int rc;

	rc = vt_office_ref(o, m->record, in.ref, err);
	return rc == VT_OK ? vt_office_tell(&in, fn, ctx, err) : rc;
}

static int
agree(struct vt_office *o, struct vt_inbox *m, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err)
{
	struct vt_office_intake in = { 0 };
	struct vt_trust *trust = NULL;
	bool done;
	int rc;

	if ((rc = vt_office_trust(o, &trust, err)) != VT_OK)
		return rc;
	rc = work(o, m, trust, true, &in, &done, notes, err);
	vt_trust_free(trust);
	if (rc != VT_OK)
		return rc;
	if (!done)
		return vt_error_set(err, VT_EREFUSED, NULL, "%s", in.detail);
	return vt_office_tell(&in, fn, ctx, err);
}

int
vt_office_agree(struct vt_office *o, int64_t id, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err)
{
	struct vt_inbox m;
	bool said;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, id, &m, err)) != VT_OK)
		return rc;
	if ((rc = may_say(&m, VT_INBOX_DONE, &said, err)) != VT_OK)
		goto out;
	if (said)
		rc = tell_row(o, &m,
		    m.result == VT_INBOX_DONE ? VT_RECEIVED_DONE
					      : VT_RECEIVED_REGISTERED,
		    fn, ctx, err);
	else if (vt_office_is_document(&m)) /* a replacement is registered */
		rc = vt_office_accept(o, id, fn, ctx, notes, err);
	else
		rc = agree(o, &m, fn, ctx, notes, err);
	if (rc == VT_OK)
		rc = vt_office_deliver_after(o, notes, err);
out:
	vt_inbox_release(&m);
	return rc;
}

/* What it was about stays as it is; 16 says why. */
static int
decline_in(struct vt_office *o, struct vt_inbox *m, const char *reason,
    struct vt_error *err)
{
	struct vt_inbox now;
	bool said, stands;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, m->id, &now, err)) != VT_OK)
		return rc;
	vt_inbox_release(m);
	*m = now;
	if ((rc = may_say(m, VT_INBOX_REFUSED, &said, err)) != VT_OK || said)
		return rc;
	stands = stands_for_replaced(m);
	m->result = VT_INBOX_REFUSED;
	if ((rc = vt_str_set(&m->reason, reason, err)) != VT_OK ||
	    (rc = vt_str_set(&m->detail, NULL, err)) != VT_OK)
		return rc;
	if (vt_office_wants_answer(m))
		return vt_office_answer_in_turn(o, m, NULL, err);
	if (!stands && (rc = vt_office_answer(o, m, NULL, VT_STATUS_DECLINED,
			    reason, err)) != VT_OK)
		return rc;
	return vt_store_inbox_update(o->store, m, err);
}

int
vt_office_decline(struct vt_office *o, int64_t id, const char *reason,
    vt_office_received_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err)
{
	char *clean = NULL;
	struct vt_inbox m;
	int rc;

	if ((rc = vt_office_clean_reason(reason, &clean, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_get(o->store, id, &m, err)) != VT_OK) {
		free(clean);
		return rc;
	}
	if ((rc = vt_store_begin(o->store, err)) == VT_OK) {
		rc = decline_in(o, &m, clean, err);
		if (rc == VT_OK)
			rc = vt_store_commit(o->store, err);
		else
			vt_store_rollback(o->store);
	}
	/* where it was a replacement, others may have waited for it */
	if (rc == VT_OK &&
	    (rc = tell_row(o, &m, VT_RECEIVED_REFUSED, fn, ctx, err)) ==
		VT_OK &&
	    (rc = vt_office_settle(o, fn, ctx, notes, err)) == VT_OK)
		rc = vt_office_deliver_after(o, notes, err);
	vt_inbox_release(&m);
	free(clean);
	return rc;
}
