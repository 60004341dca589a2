/* office_target.c - the document that a recall or an update is about */
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/store.h"

bool
vt_office_is_document(const struct vt_inbox *m)
{
	if (m->kind != VT_MESSAGE_DOCUMENT || m->business == NULL ||
	    m->result == VT_INBOX_QUARANTINED)
		return false;
	if (strcmp(m->business, "new") == 0)
		return true;
	return strcmp(m->business, "replace") == 0 &&
	       m->result != VT_INBOX_DONE &&
	       (m->result != VT_INBOX_HELD || m->record == 0);
}

bool
vt_office_target_live(const struct vt_office_target *t)
{
	if (t->record == 0)
		return t->result == VT_INBOX_HELD;
	return t->state != VT_STATE_RETURNED && t->state != VT_STATE_RECALLED &&
	       t->state != VT_STATE_REPLACED;
}

bool
vt_office_target_takes_update(const struct vt_office_target *t, bool clerk)
{
	return vt_office_target_live(t) ||
	       (clerk && t->record != 0 && t->state == VT_STATE_REPLACED);
}

bool
vt_office_target_recalled(const struct vt_office_target *t)
{
	return t->found && t->state == VT_STATE_RECALLED;
}

bool
vt_office_target_pending(const struct vt_office_target *t)
{
	return t->found && t->replaces && t->record == 0 &&
	       t->result == VT_INBOX_HELD;
}

struct search {
	struct vt_office *o;
	const char *from;
	int64_t message;
	bool after; /* T came later than that */
	struct vt_office_target t;
};

static int
look(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct search *s = ctx;
	struct vt_office_target t = { .found = true,
		.inbox = m->id,
		.record = m->record,
		.result = m->result,
		.has_envelope = m->has_envelope };
	struct vt_record rec;
	bool after;
	int rc;

	if (!vt_office_is_document(m))
		return VT_OK;
	t.replaces = strcmp(m->business, "replace") == 0;
	if (s->from != NULL &&
	    !vt_office_same_organ(s->o, m->from_id, s->from)) {
		s->t.foreign = true;
		return VT_OK;
	}
	memcpy(t.envelope, m->envelope, sizeof(t.envelope));
	if (m->record != 0) {
		rc = vt_store_record_get(s->o->store, m->record, &rec, err);
		if (rc != VT_OK)
			return rc;
		t.state = rec.state;
		vt_record_release(&rec);
	} else if (m->result == VT_INBOX_DONE && m->reason != NULL &&
		   strcmp(m->reason, "recalled") == 0)
		t.state = VT_STATE_RECALLED;
	/* the newest comes first */
	after = s->message != 0 && m->id > s->message;
	if (after || s->after || !s->t.found ||
	    (!vt_office_target_live(&s->t) && vt_office_target_live(&t))) {
		t.foreign = s->t.foreign;
		s->t = t;
		s->after = after;
	}
	return VT_OK;
}

int
vt_office_target_find(struct vt_office *o, const char *document_id,
    const char *from, int64_t message, struct vt_office_target *ret,
    struct vt_error *err)
{
	const struct vt_inbox_query q = { .document_id = document_id };
	struct search s = { .o = o, .from = from, .message = message };
	int rc;

	if (document_id != NULL &&
	    (rc = vt_store_inbox_list(o->store, &q, look, &s, err)) != VT_OK)
		return rc;
	*ret = s.t;
	return VT_OK;
}

/* ---- who says it ---- */

/* Verify's word on the main file of T as it is with us now. */
static int
judge_target(struct vt_office_intake *in, const struct vt_office_target *t,
    struct vt_office_judged *ret, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_envelope env;
	struct vt_record rec;
	int rc;

	if (t->record != 0) {
		rc = vt_store_record_get(in->o->store, t->record, &rec, err);
		if (rc != VT_OK)
			return rc;
		if (rec.nfiles > 0)
			rc =
			    vt_office_judge_record(in->o, &rec, NULL, ret, err);
		vt_record_release(&rec);
		return rc;
	}
	if (!t->has_envelope)
		return VT_OK;
	if ((rc = vt_office_object(in->o, t->envelope, "edXML", &src, err)) !=
	    VT_OK)
		return rc;
	if ((rc = vt_envelope_read(src, &env, err)) == VT_OK) {
		rc = vt_office_judge_envelope(in->o, in->trust, src, &env, ret,
		    err);
		vt_envelope_release(&env);
	}
	vt_source_free(src);
	return rc;
}

int
vt_office_proven(struct vt_office_intake *in, const struct vt_office_judged *j,
    const struct vt_office_target *t, bool *ret, struct vt_error *err)
{
	struct vt_office_judged original = { 0 };
	int rc;

	*ret = vt_office_same_organ(in->o, in->vouched, in->row->from_id);
	if (*ret || vt_office_said_by(in) != NULL || j == NULL ||
	    in->env->nattachments == 0 || j->verdict != VT_REPORT_VALID ||
	    j->others_invalid || !j->have_signer)
		return VT_OK;
	rc = judge_target(in, t, &original, err);
	if (rc == VT_OK)
		*ret = original.have_signer &&
		       memcmp(original.signer, j->signer, VT_SHA256_LEN) == 0;
	vt_office_judged_release(&original);
	return rc;
}

/* ---- is it late? ---- */

struct newest {
	struct vt_office_intake *in;
	int64_t made; /* of in->env */
	bool later;
};

static int64_t
made_at(const struct vt_envelope *env)
{
	return env->ntrace > 0 ? env->trace[0].time : VT_TIME_NONE;
}

static int
look_at_update(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	struct newest *n = ctx;
	struct vt_source *src = NULL;
	struct vt_envelope env;
	int rc;

	if (m->business == NULL || strcmp(m->business, "update") != 0 ||
	    m->result != VT_INBOX_DONE || !m->has_envelope || n->later)
		return VT_OK;
	if ((rc = vt_office_object(n->in->o, m->envelope, "edXML", &src,
		 err)) != VT_OK)
		return rc;
	if ((rc = vt_envelope_read(src, &env, err)) == VT_OK) {
		n->later =
		    made_at(&env) != VT_TIME_NONE && made_at(&env) > n->made;
		vt_envelope_release(&env);
	}
	vt_source_free(src);
	return rc;
}

int
vt_office_overtaken(struct vt_office_intake *in,
    const struct vt_office_target *t, bool *ret, struct vt_error *err)
{
	const struct vt_inbox_query q = { .record = t->record };
	struct newest n = { in, made_at(in->env), false };
	int rc = VT_OK;

	if (n.made != VT_TIME_NONE)
		rc = vt_store_inbox_list(in->o->store, &q, look_at_update, &n,
		    err);
	*ret = n.later;
	return rc;
}
