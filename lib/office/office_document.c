/* office_document.c - documents that came: into the book, or to a clerk */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

/* ---- what is known under the same id ---- */

struct others {
	struct vt_office *o;
	const char *from;
	bool live;       /* of the same sender, and not over */
	bool foreign;    /* of another sender, and not over */
	int64_t earlier; /* of the same sender, refused or returned */
};

/* Over: the same id may come again as a new arrival. */
static int
is_over(struct vt_office *o, const struct vt_inbox *m, bool *ret,
    struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	*ret = m->result == VT_INBOX_REFUSED || m->result == VT_INBOX_DONE;
	if (*ret || m->record == 0)
		return VT_OK;
	if ((rc = vt_store_record_get(o->store, m->record, &rec, err)) != VT_OK)
		return rc;
	*ret = rec.state == VT_STATE_RETURNED ||
	       rec.state == VT_STATE_RECALLED || rec.state == VT_STATE_REPLACED;
	vt_record_release(&rec);
	return VT_OK;
}

static int
look_at_other(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct others *others = ctx;
	bool over, same;
	int rc;

	if (!vt_office_is_document(m))
		return VT_OK;
	if ((rc = is_over(others->o, m, &over, err)) != VT_OK)
		return rc;
	same = vt_office_same_organ(others->o, m->from_id, others->from);
	if (!over && same)
		others->live = true;
	else if (!over)
		others->foreign = true;
	else if (same && others->earlier == 0)
		others->earlier = m->id; /* the newest comes first */
	return VT_OK;
}

/* ---- what becomes of it ---- */

static bool
addressed(const struct vt_office *o, const struct vt_envelope *env)
{
	size_t i;

	for (i = 0; i < env->nto; i++)
		if (vt_office_same_organ(o, env->to[i].id, o->organ_id))
			return true;
	return false;
}

/* The code of why a clerk must look at it, or NULL: into the book with it. */
static const char *
why_hold(struct vt_office_intake *in, const struct others *others,
    const struct vt_office_word *word)
{
	if (in->env->perhaps_secret) /* whatever else it is */
		return VT_OFFICE_SECRET;
	if (word->code != NULL)
		return word->code;
	if (vt_office_said_by(in) != NULL) {
		vt_office_say_by(in);
		return "sent-by-another";
	}
	if (!addressed(in->o, in->env))
		return "not-addressed";
	if (others->foreign)
		return "id-of-another";
	if (in->ask)
		return "ask";
	return NULL;
}

/* 01, and where it is in the book 03; 15 where it replaces another. */
static int
answer_all(struct vt_office_intake *in, const struct vt_record *rec,
    struct vt_error *err)
{
	int rc;

	rc = vt_office_answer(in->o, in->row, in->env, VT_STATUS_ARRIVED, NULL,
	    err);
	if (rc == VT_OK && rec != NULL)
		rc = vt_office_answer_registered(in, rec, err);
	return rc == VT_OK ? vt_store_inbox_update(in->o->store, in->row, err)
			   : rc;
}

int
vt_office_answer_registered(struct vt_office_intake *in,
    const struct vt_record *rec, struct vt_error *err)
{
	enum vt_status now;
	bool any = false;
	int rc = VT_OK;

	if (in->env->business.type == VT_BUSINESS_REPLACE &&
	    (rc = vt_office_act_replace(in, rec, &any, err)) != VT_OK)
		return rc;
	if (any && (rc = vt_office_answer(in->o, in->row, in->env,
			VT_STATUS_AGREED, NULL, err)) != VT_OK)
		return rc;
	if ((rc = vt_office_answer(in->o, in->row, in->env, VT_STATUS_ACCEPTED,
		 NULL, err)) != VT_OK)
		return rc;
	/* what came on paper before may be on somebody's desk already */
	now = vt_status_of_state(rec->state);
	return vt_status_follows(VT_STATUS_ACCEPTED, now)
		   ? vt_office_answer(in->o, in->row, in->env, now, NULL, err)
		   : VT_OK;
}

/* All that is known of it, in one transaction.  REC NULL: it is held. */
static int
enter(struct vt_office_intake *in, struct vt_record *rec,
    const struct vt_office_judged *j, struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	int rc;

	if ((rc = vt_store_begin(in->o->store, err)) != VT_OK)
		return rc;
	if (rec != NULL && (rc = vt_office_enter(in, rec, NULL, err)) == VT_OK)
		row->record = rec->id;
	if (rc == VT_OK && rec != NULL)
		rc = vt_office_judged_enter(in->o, rec->id, j, err);
	if (rc == VT_OK &&
	    (rc = vt_store_inbox_add(in->o->store, row, err)) == VT_OK)
		rc = answer_all(in, rec, err);
	if (rc == VT_OK)
		return vt_store_commit(in->o->store, err);
	vt_store_rollback(in->o->store);
	return rc;
}

static int
hold(struct vt_office_intake *in, const char *why, struct vt_error *err)
{
	int rc;

	in->row->result = VT_INBOX_HELD;
	in->result = VT_RECEIVED_HELD;
	if ((rc = vt_str_set(&in->row->reason, why, err)) != VT_OK ||
	    (rc = vt_office_keep_detail(in, err)) != VT_OK)
		return rc;
	return enter(in, NULL, NULL, err);
}

/* Returned to its sender, by what vanthu.conf says; kept as a clerk's are. */
static int
refuse(struct vt_office_intake *in, const char *why, struct vt_error *err)
{
	char buf[VT_OFFICE_RETURN_MAX];
	struct vt_inbox *row = in->row;
	struct vt_office *o = in->o;
	int rc;

	row->result = VT_INBOX_REFUSED;
	in->result = VT_RECEIVED_REFUSED;
	if ((rc = vt_str_set(&row->reason, why, err)) != VT_OK ||
	    (rc = vt_office_keep_detail(in, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_inbox_add(o->store, row, err)) == VT_OK &&
	    (rc = vt_office_answer(o, row, in->env, VT_STATUS_ARRIVED, NULL,
		 err)) == VT_OK &&
	    (rc = vt_office_answer(o, row, in->env, VT_STATUS_REFUSED,
		 vt_office_return_reason(why, buf), err)) == VT_OK)
		rc = vt_store_inbox_update(o->store, row, err);
	if (rc == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

static int
add_note(struct vt_office_intake *in, const char *text, struct vt_error *err)
{
	char line[VT_REF_TEXT + VT_TEXT_MAX];

	snprintf(line, sizeof(line), "%s: %s", in->ref, text);
	return vt_list_add(in->notes, line, err);
}

/* Other records that this one looks like are told, and do no harm. */
static int
note_same_code(struct vt_office_intake *in, const struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_error local = { 0 };
	char line[VT_REF_TEXT + 256], ref[VT_REF_TEXT];
	int64_t id;
	int rc;

	rc = vt_store_code_find(in->o->store, rec, &id, &local);
	if (rc == VT_ENOTFOUND)
		return VT_OK;
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    local.text);
	if ((rc = vt_office_ref(in->o, id, ref, err)) != VT_OK)
		return rc;
	snprintf(line, sizeof(line),
	    vt_tr("it has the same code and issuer as %s"), ref);
	return add_note(in, line, err);
}

/* What deviates from the rules is taken as it is, and told (NĐ 30/2020). */
static int
note_all(struct vt_office_intake *in, const struct vt_record *rec,
    const struct vt_list *lines, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	if (in->notes == NULL)
		return VT_OK;
	for (i = 0; i < lines->n && rc == VT_OK; i++)
		rc = add_note(in, lines->items[i], err);
	return rc == VT_OK ? note_same_code(in, rec, err) : rc;
}

/* What a book does not take is for a clerk to look at. */
static int
hold_incomplete(struct vt_office_intake *in, const struct vt_error *why,
    struct vt_error *err)
{
	snprintf(in->detail, sizeof(in->detail), "%s", why->text);
	in->row->record = 0;
	return hold(in, "incomplete", err);
}

static int
register_it(struct vt_office_intake *in, struct vt_office_judged *j,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_list lines = { 0 };
	struct vt_record rec;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_record_of(in->env, in->now, j->verdict, &rec,
		 &lines, &why)) == VT_OK &&
	    (rc = vt_office_keep_unpacked(in, &why)) == VT_OK &&
	    (rc = vt_office_judged_keep(in->o, j, &why)) == VT_OK) {
		in->row->result = VT_INBOX_REGISTERED;
		in->result = VT_RECEIVED_REGISTERED;
		rc = enter(in, &rec, j, &why);
	}
	if (rc == VT_OK) {
		vt_record_ref(&rec, in->ref);
		rc = note_all(in, &rec, &lines, err);
	} else if (vt_office_damage(rc)) {
		rc = hold_incomplete(in, &why, err);
	} else {
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	}
	vt_record_release(&rec);
	vt_list_release(&lines);
	return rc;
}

static int
fill_row(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;
	struct vt_inbox *row = in->row;
	struct vt_record rec;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_put_code(env, &rec, err)) == VT_OK &&
	    (rc = vt_str_set(&row->code, rec.code, err)) == VT_OK &&
	    (rc = vt_office_put_text(&rec.subject, env->subject, err)) == VT_OK)
		rc = vt_str_set(&row->subject, rec.subject, err);
	vt_record_release(&rec);
	return rc;
}

/* A recall or an update: of a document that is known, as a rule. */
static bool
changes(const struct vt_envelope *env)
{
	return env->business.type == VT_BUSINESS_RECALL ||
	       env->business.type == VT_BUSINESS_UPDATE;
}

/* Its row goes by the id of the document that is meant. */
static int
name_target(struct vt_office_intake *in, struct vt_error *err)
{
	const struct vt_envelope *env = in->env;

	if (!changes(env) || env->business.document_id == NULL)
		return VT_OK;
	return vt_str_set(&in->row->document_id, env->business.document_id,
	    err);
}

/* *J is in->unpacked's, where there is that. */
static int
judge(struct vt_office_intake *in, struct vt_office_judged *j,
    struct vt_error *err)
{
	if (in->unpacked == NULL)
		return vt_office_judge_envelope(in->o, in->trust, in->src,
		    in->env, j, err);
	*err = in->unpacked->judged_why;
	return in->unpacked->judged_rc;
}

static int
take(struct vt_office_intake *in, struct vt_office_judged *j,
    struct vt_error *err)
{
	struct vt_inbox *row = in->row;
	struct others others = { .o = in->o, .from = row->from_id };
	struct vt_inbox_query q = { 0 };
	const char *parts[] = { row->from_id, "document", row->business,
		row->document_id };
	unsigned char digest[VT_SHA256_LEN];
	struct vt_error why = { 0 };
	struct vt_office_word word;
	const char *held;
	bool known, fresh = true;
	int rc;

	if ((rc = name_target(in, err)) != VT_OK)
		return rc;
	parts[3] = q.document_id = row->document_id;
	rc = judge(in, j, &why);
	if (vt_office_damage(rc)) {
		snprintf(in->detail, sizeof(in->detail), "%s", why.text);
		return vt_office_malformed(in, err);
	}
	if (rc != VT_OK)
		return vt_error_set(err, (enum vt_code)rc, NULL, "%s",
		    why.text);
	if ((rc = vt_envelope_digest(in->env, digest, err)) != VT_OK ||
	    (rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), digest,
		 row->key, err)) != VT_OK ||
	    (rc = vt_office_known(in, &known, err)) != VT_OK || known ||
	    (rc = vt_store_inbox_list(in->o->store, &q, look_at_other, &others,
		 err)) != VT_OK ||
	    (rc = fill_row(in, err)) != VT_OK)
		return rc;
	if (vt_office_same_organ(in->o, row->from_id, in->o->organ_id))
		return vt_office_quarantine(in, "from-ourselves", err);
	if (!changes(in->env) && others.live)
		return vt_office_quarantine(in, "id-in-use", err);
	if (in->env->nattachments > 0 &&
	    (rc = vt_str_set(&row->verdict, vt_report_verdict_name(j->verdict),
		 err)) != VT_OK)
		return rc;
	if ((rc = vt_objects_put(in->o->objects, in->src, row->envelope, NULL,
		 err)) != VT_OK)
		return rc;
	row->has_envelope = true;
	if (changes(in->env) &&
	    ((rc = vt_office_take_change(in, j, &fresh, err)) != VT_OK ||
		!fresh))
		return rc;
	if (changes(in->env) &&
	    (rc = vt_str_set(&row->business, vt_business_name(VT_BUSINESS_NEW),
		 err)) != VT_OK)
		return rc;
	row->earlier = others.earlier;
	if ((rc = vt_office_policy(in, j, &word, err)) != VT_OK)
		return rc;
	if (word.refuse)
		return refuse(in, word.code, err);
	held = why_hold(in, &others, &word);
	if (held == NULL && in->env->business.type == VT_BUSINESS_REPLACE &&
	    (rc = vt_office_may_replace(in, j, &held, err)) != VT_OK)
		return rc;
	if (held == NULL)
		return register_it(in, j, err);
	vt_office_policy_say(in, j, held);
	return hold(in, held, err);
}

int
vt_office_take_document(struct vt_office_intake *in, struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	int rc;

	if (in->unpacked != NULL)
		return take(in, &in->unpacked->judged, err);
	rc = take(in, &j, err);
	vt_office_judged_release(&j);
	return rc;
}
