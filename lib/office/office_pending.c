/* office_pending.c - what waits for a clerk, and the clerk's word */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_request_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

struct telling {
	struct vt_office *o;
	vt_office_received_fn *fn;
	void *ctx;
};

static int
tell(void *ctx, const struct vt_inbox *m, struct vt_error *err)
{
	const struct telling *t = ctx;
	char ref[VT_REF_TEXT];
	struct vt_office_received r = {
		.id = m->id,
		.document_id = m->document_id,
		.reason = m->reason,
		.detail = m->detail,
		.from_id = m->from_id,
		.from_name = m->from_name,
		.code = m->code,
		.subject = m->subject,
		.business = m->business,
		.verdict = m->verdict,
		.status_code =
		    m->kind == VT_MESSAGE_STATUS ? m->business : NULL,
		.received = m->received,
	};
	int rc;

	if ((rc = vt_office_ref(t->o, m->record, ref, err)) != VT_OK)
		return rc;
	r.ref = ref[0] != '\0' ? ref : NULL;
	r.result = m->result == VT_INBOX_REGISTERED ? VT_RECEIVED_REGISTERED
		   : m->result == VT_INBOX_REFUSED  ? VT_RECEIVED_REFUSED
						    : VT_RECEIVED_HELD;
	return t->fn(t->ctx, &r, err);
}

int
vt_office_pending(struct vt_office *o, vt_office_received_fn *fn, void *ctx,
    struct vt_error *err)
{
	const struct vt_inbox_query q = { .held = true };
	struct telling t = { o, fn, ctx };

	return vt_store_inbox_list(o->store, &q, tell, &t, err);
}

/* ---- the clerk's word ---- */

/* Is M a document that waits, or one of which the same was said before? */
static int
may_say(const struct vt_inbox *m, enum vt_inbox_result word, bool *ret_said,
    struct vt_error *err)
{
	*ret_said = false;
	if (!vt_office_is_document(m))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "message %lld is no document to be registered",
		    (long long)m->id);
	if (m->result == word) {
		*ret_said = true;
		return VT_OK;
	}
	if (m->result != VT_INBOX_HELD)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "message %lld does not wait: %s", (long long)m->id,
		    vt_inbox_result_name(m->result));
	return VT_OK;
}

/* In the transaction: M again, as nobody else can change it now. */
static int
reread(struct vt_office *o, struct vt_inbox *m, enum vt_inbox_result word,
    bool *ret_said, struct vt_error *err)
{
	struct vt_inbox now;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, m->id, &now, err)) != VT_OK)
		return rc;
	vt_inbox_release(m);
	*m = now;
	return may_say(m, word, ret_said, err);
}

static int
accept_in(struct vt_office_intake *in, struct vt_record *rec,
    const struct vt_office_judged *j, struct vt_error *err)
{
	struct vt_office *o = in->o;
	struct vt_inbox *m = in->row;
	bool said;
	int rc;

	rc = reread(o, m, VT_INBOX_REGISTERED, &said, err);
	if (rc != VT_OK || said)
		return rc;
	if ((rc = vt_office_enter(in, rec, m->reason, err)) != VT_OK ||
	    (rc = vt_office_judged_enter(o, rec->id, j, err)) != VT_OK)
		return rc;
	m->result = VT_INBOX_REGISTERED;
	m->record = rec->id;
	if ((rc = vt_str_set(&m->reason, NULL, err)) != VT_OK ||
	    (rc = vt_str_set(&m->detail, NULL, err)) != VT_OK ||
	    (rc = vt_str_set(&m->verdict, rec->verdict, err)) != VT_OK ||
	    (rc = vt_office_answer_registered(in, rec, err)) != VT_OK)
		return rc;
	return vt_store_inbox_update(o->store, m, err);
}

static int
end(struct vt_office *o, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_commit(o->store, err);
	vt_store_rollback(o->store);
	return rc;
}

/* Judge it once more: trust may have come since. */
static int
accept_document(struct vt_office *o, struct vt_inbox *m, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_office_intake in = { .o = o, .row = m, .notes = notes };
	struct vt_office_judged j = { 0 };
	struct vt_source *src = NULL;
	struct vt_trust *trust = NULL;
	struct vt_error why = { 0 };
	struct vt_envelope env;
	struct vt_record rec;
	bool read = false;
	int rc;

	vt_record_init(&rec);
	if ((rc = vt_office_object(o, m->envelope, m->document_id, &src,
		 err)) != VT_OK ||
	    (rc = vt_envelope_read(src, &env, err)) != VT_OK)
		goto out;
	read = true;
	if ((rc = vt_office_trust(o, &trust, err)) != VT_OK ||
	    (rc = vt_office_judge_envelope(o, trust, src, &env, &j, err)) !=
		VT_OK)
		goto out;
	rc = vt_office_record_of(&env, vt_time_now(), j.verdict, &rec, notes,
	    &why);
	if (rc != VT_OK) { /* what is missing is missing in the message */
		rc = vt_error_set(err, rc == VT_EARG ? VT_EFORMAT : why.code,
		    why.clause, "%s", why.text);
		goto out;
	}
	if ((rc = vt_office_keep_files(o, src, &env, err)) != VT_OK ||
	    (rc = vt_office_judged_keep(o, &j, err)) != VT_OK ||
	    (rc = vt_store_begin(o->store, err)) != VT_OK)
		goto out;
	in.env = &env;
	rc = end(o, accept_in(&in, &rec, &j, err), err);
out:
	vt_office_judged_release(&j);
	vt_record_release(&rec);
	if (read)
		vt_envelope_release(&env);
	vt_trust_free(trust);
	vt_source_free(src);
	return rc;
}

int
vt_office_accept(struct vt_office *o, int64_t id, vt_office_received_fn *fn,
    void *ctx, struct vt_list *notes, struct vt_error *err)
{
	struct telling t = { o, fn, ctx };
	struct vt_inbox m;
	bool said;
	int rc;

	if ((rc = vt_store_inbox_get(o->store, id, &m, err)) != VT_OK)
		return rc;
	rc = may_say(&m, VT_INBOX_REGISTERED, &said, err);
	if (rc == VT_OK && !said)
		rc = accept_document(o, &m, notes, err);
	if (rc == VT_OK && (rc = tell(&t, &m, err)) == VT_OK &&
	    (rc = vt_office_settle(o, fn, ctx, notes, err)) == VT_OK)
		rc = vt_office_deliver_after(o, notes, err);
	vt_inbox_release(&m);
	return rc;
}

static int
refuse_in(struct vt_office *o, struct vt_inbox *m, const char *reason,
    struct vt_error *err)
{
	bool said;
	int rc;

	rc = reread(o, m, VT_INBOX_REFUSED, &said, err);
	if (rc != VT_OK || said)
		return rc;
	m->result = VT_INBOX_REFUSED;
	if ((rc = vt_str_set(&m->reason, reason, err)) != VT_OK ||
	    (rc = vt_str_set(&m->detail, NULL, err)) != VT_OK ||
	    (rc = vt_office_answer(o, m, NULL, VT_STATUS_REFUSED, reason,
		 err)) != VT_OK)
		return rc;
	return vt_store_inbox_update(o->store, m, err);
}

int
vt_office_refuse(struct vt_office *o, int64_t id, const char *reason,
    vt_office_received_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err)
{
	struct telling t = { o, fn, ctx };
	char *clean = NULL;
	struct vt_inbox m;
	int rc;

	if ((rc = vt_record_put(&clean, reason, err)) != VT_OK)
		return rc;
	if (clean == NULL)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020, Đ.21",
		    "a refusal needs a reason");
	if ((rc = vt_store_inbox_get(o->store, id, &m, err)) != VT_OK) {
		free(clean);
		return rc;
	}
	if ((rc = vt_store_begin(o->store, err)) == VT_OK)
		rc = end(o, refuse_in(o, &m, clean, err), err);
	if (rc == VT_OK && (rc = tell(&t, &m, err)) == VT_OK &&
	    (rc = vt_office_settle(o, fn, ctx, notes, err)) == VT_OK)
		rc = vt_office_deliver_after(o, notes, err);
	vt_inbox_release(&m);
	free(clean);
	return rc;
}
