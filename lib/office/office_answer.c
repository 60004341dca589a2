/* office_answer.c - what an office tells the sender of a document */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

int
vt_office_clean_reason(const char *reason, char **ret, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	*ret = NULL;
	rc = vt_record_put(ret, reason, &why);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK)
		return vt_error_set(err, VT_EARG, why.clause, "%s", why.text);
	if (*ret == NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "a reason must be given");
	return VT_OK;
}

struct vt_date
vt_office_meant_date(const struct vt_envelope *env)
{
	return env->kind == VT_ENVELOPE_STATUS ? env->response_for[0].date
					       : env->date;
}

struct earlier {
	const char *code;
	int64_t free; /* the first second that no answer of CODE has */
};

static int
find_earlier(void *ctx, const struct vt_outbox *out,
    const struct vt_delivery *d, struct vt_error *err)
{
	struct earlier *e = ctx;

	(void)d;
	(void)err;
	if (out->kind == VT_MESSAGE_STATUS && out->business != NULL &&
	    strcmp(out->business, e->code) == 0 && out->created >= e->free)
		e->free = out->created + 1;
	return VT_OK;
}

/*
 * An answer names the document and not the message that it answers: two of one
 * second would be one message, and the second never be told.
 */
static int
own_time(struct vt_office *o, const struct vt_inbox *m, struct vt_outbox *out,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .document_id = m->document_id,
		.organ_id = m->from_id,
		.due = VT_TIME_NONE };
	struct earlier e = { out->business, out->created };
	int rc;

	if (m->document_id == NULL || m->from_id == NULL)
		return VT_OK;
	if ((rc = vt_store_deliveries(o->store, &q, find_earlier, &e, err)) ==
	    VT_OK)
		out->created = e.free;
	return rc;
}

int
vt_office_answer(struct vt_office *o, struct vt_inbox *m,
    const struct vt_envelope *env, enum vt_status status, const char *reason,
    struct vt_error *err)
{
	char code[8], date[VT_TIME_TEXT], detail[VT_TIME_TEXT + 16];
	char *text = NULL;
	struct vt_outbox out = {
		.record = m->record,
		.inbox = m->id,
		.kind = VT_MESSAGE_STATUS,
		.business = code,
		.document_id = m->document_id,
		.created = vt_time_now(),
	};
	struct vt_delivery d = {
		.organ_id = m->from_id,
		.organ_name = m->from_name,
		.state = VT_DELIVERY_QUEUED,
		.next_try = out.created,
	};
	int rc;

	if (reason != NULL && (text = strdup(reason)) == NULL)
		return vt_error_nomem(err);
	out.reason = text;
	snprintf(code, sizeof(code), "%s", vt_status_code(status));
	if (env != NULL && vt_office_meant_date(env).year != 0) {
		snprintf(detail, sizeof(detail), "{\"date\":\"%s\"}",
		    vt_date_text(vt_office_meant_date(env), date));
		out.detail = detail;
	}
	if ((rc = own_time(o, m, &out, err)) == VT_OK &&
	    (rc = vt_store_outbox_add(o->store, &out, err)) == VT_OK) {
		d.outbox = out.id;
		rc = vt_store_delivery_add(o->store, &d, err);
	}
	if (rc == VT_OK)
		m->answered = status;
	free(text);
	return rc;
}

struct again {
	struct vt_office *o;
	const struct vt_inbox *m;
};

static int
queue_again(void *ctx, const struct vt_outbox *out, const struct vt_delivery *d,
    struct vt_error *err)
{
	const struct again *a = ctx;
	struct vt_delivery next = *d;

	if (out->kind != VT_MESSAGE_STATUS || out->inbox != a->m->id)
		return VT_OK;
	next.state = VT_DELIVERY_QUEUED;
	next.reason = NULL;
	next.attempts = 0;
	next.next_try = vt_time_now();
	return vt_store_delivery_update(a->o->store, &next, err);
}

int
vt_office_answer_again(struct vt_office *o, const struct vt_inbox *m,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .document_id = m->document_id,
		.organ_id = m->from_id,
		.due = VT_TIME_NONE };
	struct again a = { o, m };

	if (m->document_id == NULL || m->from_id == NULL)
		return VT_OK;
	return vt_store_deliveries(o->store, &q, queue_again, &a, err);
}
