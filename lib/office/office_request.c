/* office_request.c - recalls and updates: done at once, or held for a clerk */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/conf.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

bool
vt_office_asks(const struct vt_office *o)
{
	const char *how = vt_conf_get(o->conf, "receive", "register");

	return how != NULL && strcmp(how, "ask") == 0;
}

const char *
vt_office_reason_of(const struct vt_envelope *env, char *out)
{
	const char *said = env->kind == VT_ENVELOPE_STATUS
			       ? env->status.description
			       : env->business.reason;
	char *clean = NULL;

	if (vt_office_put_text(&clean, said, NULL) != VT_OK || clean == NULL)
		return NULL;
	snprintf(out, VT_OFFICE_DETAIL_MAX, "%s", clean);
	free(clean);
	return out;
}

bool
vt_office_replaced_here(const struct vt_office *o,
    const struct vt_replaced *old)
{
	size_t i;

	for (i = 0; i < old->organ_ids.n; i++)
		if (vt_office_same_organ(o, old->organ_ids.items[i],
			o->organ_id))
			return true;
	return old->organ_ids.n == 0;
}

/* ---- what is asked for ---- */

enum change { RECALL, UPDATE, VAIN /* an update of what is recalled */ };

/* Does the update name us among those it adds, or removes? */
static bool
receiver_is(const struct vt_office_intake *in, bool added)
{
	const struct vt_envelope *env = in->env;
	size_t i;

	for (i = 0; i < env->business.nreceivers; i++)
		if (env->business.receivers[i].added == added &&
		    vt_office_same_organ(in->o,
			env->business.receivers[i].organ_id, in->o->organ_id))
			return true;
	return false;
}

/* Who is taken off the list of an update has the document recalled. */
static enum change
change_of(const struct vt_office_intake *in)
{
	if (in->env->kind == VT_ENVELOPE_STATUS ||
	    in->env->business.type == VT_BUSINESS_RECALL ||
	    receiver_is(in, false))
		return RECALL;
	return UPDATE;
}

/* ---- may it be done? ---- */

static void
say(struct vt_office_intake *in, const char *text)
{
	snprintf(in->detail, sizeof(in->detail), "%s", text);
}

static int
say_state(struct vt_office_intake *in, const struct vt_office_target *t,
    struct vt_error *err)
{
	char ref[VT_REF_TEXT];
	int rc;

	if (t->record == 0) {
		say(in, vt_office_target_recalled(t)
			    ? vt_tr("its document is recalled: --decline tells "
				    "its sender")
			    : vt_tr("its document was refused: --decline tells "
				    "its sender"));
		return VT_OK;
	}
	if ((rc = vt_office_ref(in->o, t->record, ref, err)) == VT_OK)
		snprintf(in->detail, sizeof(in->detail),
		    t->state == VT_STATE_REPLACED
			? vt_tr("%s is \"%s\"")
			: vt_tr("%s is \"%s\" and takes no update any more: "
				"--decline tells its sender"),
		    ref, vt_state_name(t->state));
	return rc;
}

static void
say_held(struct vt_office_intake *in, const struct vt_office_target *t)
{
	snprintf(in->detail, sizeof(in->detail),
	    vt_tr("its document is held, too: message %lld"),
	    (long long)t->inbox);
}

/* Is there what could be changed?  Else in->detail says why not. */
static int
can_be_done(struct vt_office_intake *in, enum change change,
    const struct vt_office_target *t, bool clerk, bool *ret,
    struct vt_error *err)
{
	*ret = false;
	if (!t->found) {
		say(in, t->foreign ? vt_tr("it is another sender's document")
				   : vt_tr("its document has not come yet"));
		return VT_OK;
	}
	if (change == UPDATE && !vt_office_target_takes_update(t, clerk))
		return say_state(in, t, err);
	if ((change == UPDATE && t->record == 0) ||
	    vt_office_target_pending(t)) {
		say_held(in, t);
		return VT_OK;
	}
	*ret = true;
	return VT_OK;
}

/* Everything but a clerk's word for it; in->late is known. */
static int
may_be_done(struct vt_office_intake *in, const struct vt_office_judged *j,
    enum change change, const struct vt_office_target *t, bool *ret,
    struct vt_error *err)
{
	bool proven = false;
	int rc;

	*ret = false;
	if (in->ask) {
		say(in, vt_received_reason_text("ask"));
		return VT_OK;
	}
	if (change == UPDATE && in->env->perhaps_secret) {
		say(in, vt_received_reason_text(VT_OFFICE_SECRET));
		return VT_OK;
	}
	if ((rc = vt_office_proven(in, j, t, &proven, err)) != VT_OK)
		return rc;
	if (!proven)
		say(in,
		    vt_tr("nothing proves that the document's sender says so"));
	else if (in->late)
		say(in, vt_tr("a later update came before it"));
	*ret = proven && !in->late;
	return VT_OK;
}

/* ---- doing it ---- */

static int
act(struct vt_office_intake *in, const struct vt_office_judged *j,
    enum change change, const struct vt_office_target *t, struct vt_error *err)
{
	char buf[VT_OFFICE_DETAIL_MAX];
	const char *reason = vt_office_reason_of(in->env, buf);

	switch (change) {
	case UPDATE:
		return vt_office_act_update(in, j, t, reason, err);
	case VAIN:
		return vt_office_act_vain(in, t, err);
	default:
		return vt_office_act_recall(in, t, reason, err);
	}
}

/* Did somebody change what was looked at, before we had the books? */
static bool
same_target(const struct vt_office_target *a, const struct vt_office_target *b)
{
	return a->found == b->found && a->inbox == b->inbox &&
	       a->record == b->record && a->state == b->state &&
	       a->result == b->result;
}

/* Did somebody else have a word on it since it was read? */
static int
still_held(const struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_inbox now;
	int rc;

	if ((rc = vt_store_inbox_get(in->o->store, in->row->id, &now, err)) !=
	    VT_OK)
		return rc;
	if (now.result != VT_INBOX_HELD)
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "message %lld does not wait: %s", (long long)now.id,
		    vt_inbox_result_name(now.result));
	vt_inbox_release(&now);
	return rc;
}

/*
 * One transaction: the row (stored now where it is new), and what becomes of
 * it where DO.  *RET_DONE false, in->row held: it was not done.
 */
static int
enter(struct vt_office_intake *in, const struct vt_office_judged *j,
    enum change change, const struct vt_office_target *t, bool ok,
    const char *from, bool *ret_done, struct vt_error *err)
{
	struct vt_store *s = in->o->store;
	struct vt_office_target now;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = vt_office_target_find(in->o, in->row->document_id, from,
	    in->row->id, &now, err);
	*ret_done = ok && rc == VT_OK && same_target(t, &now);
	if (rc == VT_OK && in->row->id == 0)
		rc = vt_store_inbox_add(s, in->row, err);
	else if (rc == VT_OK && (rc = still_held(in, err)) == VT_OK)
		rc = vt_store_inbox_update(s, in->row, err);
	if (rc == VT_OK && *ret_done)
		rc = act(in, j, change, t, err);
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

/*
 * What is held without a record waits for its document, and is looked at again
 * once that is in the book; or was refused, unless it is linked to that: then
 * it was looked at.
 */
static int
hold_as(struct vt_office_intake *in, enum change change,
    const struct vt_office_target *t, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	const char *code = in->env->kind == VT_ENVELOPE_STATUS ? "take-back"
			   : change == RECALL                  ? "recall"
							       : "update";
	int rc;

	row->result = VT_INBOX_HELD;
	row->record = t->found ? t->record : 0;
	row->earlier =
	    t->record == 0 && t->result == VT_INBOX_REFUSED ? t->inbox : 0;
	if (row->record == 0 && row->earlier == 0 &&
	    vt_office_same_organ(in->o, in->vouched, row->from_id))
		code = VT_OFFICE_AWAITS;
	if (vt_office_said_by(in) != NULL) {
		vt_office_say_by(in);
		code = VT_OFFICE_NOT_PROVEN;
	}
	rc = vt_str_set(&row->reason, code, err);
	return rc == VT_OK ? vt_office_keep_detail(in, err) : rc;
}

/*
 * What can not be done for what the message is like waits for a clerk, as what
 * may not be done does; to a clerk it is told.
 */
static int
do_or_hold(struct vt_office_intake *in, const struct vt_office_judged *j,
    enum change change, const struct vt_office_target *t, bool ok, bool clerk,
    const char *from, bool *ret_done, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	enum vt_status answered = row->answered;
	struct vt_error why = { 0 };
	int64_t id = row->id;
	int rc = VT_OK;

	if (ok && change == UPDATE)
		rc = vt_office_keep_unpacked(in, &why);
	if (rc == VT_OK)
		rc = enter(in, j, change, t, ok, from, ret_done, &why);
	if (rc == VT_OK)
		return VT_OK;
	if (clerk || !ok || !vt_office_damage(rc))
		return vt_error_set(err, rc == VT_EARG ? VT_EFORMAT : why.code,
		    why.clause, "%s", why.text);
	say(in, why.text);
	row->id = id; /* nothing of it was stored */
	row->answered = answered;
	if ((rc = hold_as(in, change, t, err)) != VT_OK)
		return rc;
	return enter(in, j, change, t, false, from, ret_done, err);
}

/*
 * Nothing is left that a clerk could agree to, whoever says it; unless the
 * office does nothing by itself, or it is not the sender who would be told.
 */
static bool
in_vain(const struct vt_office_intake *in, const struct vt_office_target *t)
{
	return vt_office_target_recalled(t) && !in->ask &&
	       vt_office_said_by(in) == NULL;
}

static int
work(struct vt_office_intake *in, const struct vt_office_judged *j,
    const struct vt_office_target *t, bool clerk, const char *from,
    bool *ret_done, struct vt_error *err)
{
	enum change change = change_of(in);
	bool ok;
	int rc;

	if (change == UPDATE && !clerk && in_vain(in, t))
		change = VAIN;
	if ((rc = can_be_done(in, change, t, clerk, &ok, err)) != VT_OK ||
	    (ok && change == UPDATE &&
		(rc = vt_office_overtaken(in, t, &in->late, err)) != VT_OK) ||
	    (ok && !clerk && change != VAIN &&
		(rc = may_be_done(in, j, change, t, &ok, err)) != VT_OK))
		return rc;
	if ((rc = hold_as(in, change, t, err)) != VT_OK ||
	    (rc = do_or_hold(in, j, change, t, ok, clerk, from, ret_done,
		 err)) != VT_OK)
		return rc;
	in->result = !*ret_done       ? VT_RECEIVED_HELD
		     : change == VAIN ? VT_RECEIVED_REFUSED
				      : VT_RECEIVED_DONE;
	return in->ref[0] != '\0'
		   ? VT_OK
		   : vt_office_ref(in->o, in->row->record, in->ref, err);
}

int
vt_office_take_change(struct vt_office_intake *in,
    const struct vt_office_judged *j, bool *ret_new, struct vt_error *err)
{
	const char *from = in->row->from_id;
	struct vt_office_target t;
	bool done;
	int rc;

	if ((rc = vt_office_target_find(in->o, in->row->document_id, from, 0,
		 &t, err)) != VT_OK)
		return rc;
	/* who is added has nothing of it, or nothing any more */
	*ret_new =
	    change_of(in) == UPDATE && !t.foreign && receiver_is(in, true) &&
	    (!t.found ||
		(!vt_office_target_live(&t) && t.state != VT_STATE_REPLACED));
	if (*ret_new)
		return VT_OK;
	return work(in, j, &t, false, from, &done, err);
}

/* ---- replacements ---- */

int
vt_office_may_replace(struct vt_office_intake *in,
    const struct vt_office_judged *j, const char **ret, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	struct vt_office_target t;
	bool proven;
	size_t i;
	int rc;

	*ret = NULL;
	for (i = 0; i < env->business.nreplaced; i++) {
		const struct vt_replaced *old = &env->business.replaced[i];

		if (old->document_id == NULL ||
		    !vt_office_replaced_here(in->o, old))
			continue;
		rc = vt_office_target_find(in->o, old->document_id,
		    in->row->from_id, in->row->id, &t, err);
		if (rc == VT_OK && t.found)
			rc = vt_office_proven(in, j, &t, &proven, err);
		if (rc != VT_OK)
			return rc;
		if (t.found && proven)
			continue;
		if (!t.found && !t.foreign) /* it has not come yet */
			continue;
		say(in, t.found
			    ? vt_tr("nothing proves that the document's sender "
				    "says so")
			    : vt_tr("it is another sender's document"));
		*ret = "replace";
	}
	return VT_OK;
}

/* What stands for a replaced document that had not come; it is of in->row. */
static int
settle_replaced(struct vt_office_intake *in, const struct vt_office_target *t,
    bool *ret_done, struct vt_error *err)
{
	char buf[VT_OFFICE_DETAIL_MAX];
	struct vt_inbox *row = in->row;
	struct vt_office_target now;
	struct vt_record by;
	int rc;

	if ((rc = vt_store_record_get(in->o->store, row->record, &by, err)) !=
	    VT_OK)
		return rc;
	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		goto out;
	rc = vt_office_target_find(in->o, row->document_id, row->from_id,
	    row->id, &now, err);
	*ret_done = rc == VT_OK && same_target(t, &now);
	if (*ret_done && (rc = still_held(in, err)) == VT_OK) {
		row->result = VT_INBOX_DONE;
		rc = vt_office_act_replaced(in, t, &by,
		    vt_office_reason_of(in->env, buf), err);
		if (rc == VT_OK &&
		    (rc = vt_str_set(&row->reason, "replaced", err)) == VT_OK)
			rc = vt_store_inbox_update(in->o->store, row, err);
	}
	if (rc == VT_OK)
		rc = vt_store_commit(in->o->store, err);
	else
		vt_store_rollback(in->o->store);
	in->result = VT_RECEIVED_DONE;
out:
	vt_record_release(&by);
	return rc;
}

/* It is not looked at again: a clerk has the word. */
static int
leave_replaced(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_store *s = in->o->store;
	int rc;

	if ((rc = vt_str_set(&in->row->reason, VT_OFFICE_NOT_PROVEN, err)) !=
		VT_OK ||
	    (rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_update(s, in->row, err)) == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

/* ---- what waited ---- */

static int
settle_judged(struct vt_office_intake *in, const struct vt_office_judged *j,
    bool clerk, bool *ret_done, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	const char *from = row->from_id;
	struct vt_office_target t;
	bool status = in->env->kind == VT_ENVELOPE_STATUS, proven;
	int rc;

	if ((rc = vt_office_target_find(in->o, row->document_id, from, row->id,
		 &t, err)) != VT_OK)
		return rc;
	if (!t.found && clerk) { /* he knows whose word it is */
		from = NULL;
		if ((rc = vt_office_target_find(in->o, row->document_id, from,
			 row->id, &t, err)) != VT_OK)
			return rc;
	}
	if (status || strcmp(row->business, "replace") != 0)
		return work(in, j, &t, clerk, from, ret_done, err);
	*ret_done = false;
	if (!t.found) {
		say(in, vt_tr("its document has not come yet"));
		return VT_OK;
	}
	if (vt_office_target_pending(&t)) {
		say_held(in, &t);
		return VT_OK;
	}
	proven = clerk;
	if (!clerk && !in->ask &&
	    (rc = vt_office_proven(in, j, &t, &proven, err)) != VT_OK)
		return rc;
	return proven ? settle_replaced(in, &t, ret_done, err)
		      : leave_replaced(in, err);
}

static int
settle_read(struct vt_office_intake *in, bool clerk, bool *ret_done,
    struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	int rc;

	if (in->env->kind == VT_ENVELOPE_STATUS)
		return settle_judged(in, NULL, clerk, ret_done, err);
	if ((rc = vt_office_judge_envelope(in->o, in->trust, in->src, in->env,
		 &j, err)) != VT_OK)
		return rc;
	rc = settle_judged(in, &j, clerk, ret_done, err);
	vt_office_judged_release(&j);
	return rc;
}

int
vt_office_settle_one(struct vt_office_intake *in, bool clerk, bool *ret_done,
    struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	struct vt_envelope env;
	int rc;

	*ret_done = false;
	if (!row->has_envelope)
		return VT_OK;
	if (row->reason != NULL && strcmp(row->reason, VT_OFFICE_AWAITS) == 0)
		in->vouched = row->from_id;
	if ((rc = vt_office_object(in->o, row->envelope, row->document_id,
		 &in->src, err)) != VT_OK)
		return rc;
	if ((rc = vt_envelope_read(in->src, &env, err)) == VT_OK) {
		in->env = &env;
		rc = settle_read(in, clerk, ret_done, err);
		in->env = NULL;
		vt_envelope_release(&env);
	}
	vt_source_free(in->src);
	in->src = NULL;
	return rc;
}
