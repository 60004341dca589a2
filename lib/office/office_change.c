/* office_change.c - messages about a document of ours, written and queued */
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/time.h"

#define DETAIL_MAX (1024 * 1024)
#define TIMES "%s (lần %d)" /* on the wire: data */

/* ---- lists ---- */

bool
vt_office_listed(const struct vt_list *list, const char *s)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

bool
vt_office_same_list(const struct vt_list *a, const struct vt_list *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

/* ---- messages ---- */

int
vt_office_message_fill(struct vt_office_message *m, const struct vt_record *rec,
    struct vt_error *err)
{
	struct vt_outbox *row = &m->row;
	const struct {
		char **field;
		const char *text;
	} texts[] = {
		{ &row->business, m->business },
		{ &row->document_id, m->document_id },
		{ &row->reason, m->reason },
		{ &row->detail, m->detail },
	};
	size_t i;
	int rc = VT_OK;

	row->record = rec->id;
	row->kind = VT_MESSAGE_DOCUMENT;
	row->urgency = rec->urgency;
	row->created = vt_time_now();
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++)
		rc = vt_str_set(texts[i].field, texts[i].text, err);
	return rc;
}

struct words {
	const struct vt_office *o;
	const struct vt_office_message *m;
	bool used;
};

/* Was one of those whom M goes to sent the same in the same words? */
static int
look_at_words(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct words *w = ctx;

	(void)err;
	if (m->kind == VT_MESSAGE_DOCUMENT && m->business != NULL &&
	    m->reason != NULL && d->organ_id != NULL &&
	    strcmp(m->business, w->m->business) == 0 &&
	    strcmp(m->reason, w->m->row.reason) == 0 &&
	    vt_office_among(w->o, w->m->to, d->organ_id))
		w->used = true;
	return VT_OK;
}

/*
 * Whoever gets the same a second time takes it for a duplicate, and answers
 * what he answered: what is asked again says so, "(lần 2)".
 */
static int
tell_apart(struct vt_office *o, struct vt_office_message *m,
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = m->row.record,
		.due = VT_TIME_NONE };
	struct words w = { .o = o, .m = m };
	struct vt_buf text;
	int i, rc = VT_OK;

	if (m->reason == NULL)
		return VT_OK;
	vt_buf_init(&text, strlen(m->reason) + 32);
	for (i = 2; rc == VT_OK; i++) {
		w.used = false;
		rc = vt_store_deliveries(o->store, &q, look_at_words, &w, err);
		if (rc != VT_OK || !w.used)
			break;
		vt_buf_reset(&text);
		if ((rc = vt_buf_printf(&text, TIMES, m->reason, i)) != VT_OK)
			rc = vt_error_nomem(err);
		else
			rc = vt_str_set(&m->row.reason, vt_buf_str(&text), err);
	}
	vt_buf_release(&text);
	return rc;
}

static int
write_one(struct vt_office *o, const struct vt_record *rec,
    struct vt_office_message *m, struct vt_error *err)
{
	struct vt_office_draft *draft;
	struct vt_error why = { 0 };
	int rc;

	if ((rc = vt_office_message_fill(m, rec, err)) != VT_OK ||
	    (rc = tell_apart(o, m, err)) != VT_OK)
		return rc;
	if ((draft = calloc(1, sizeof(*draft))) == NULL)
		return vt_error_nomem(err);
	m->draft = draft;
	rc = vt_office_write_document(o, rec, &m->row, m->to, draft, &why);
	if (rc != VT_OK) /* it is the record that lacks something */
		rc = vt_error_set(err, rc == VT_EARG ? VT_EFORMAT : why.code,
		    why.clause, "%s", why.text);
	return rc;
}

int
vt_office_messages_write(struct vt_office *o, const struct vt_record *rec,
    struct vt_office_message *m, size_t n, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		if (m[i].to->n > 0)
			rc = write_one(o, rec, &m[i], err);
	return rc;
}

int
vt_office_messages_queue(struct vt_office *o, struct vt_office_message *m,
    size_t n, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < n && rc == VT_OK; i++)
		if (m[i].draft != NULL && (rc = vt_store_outbox_add(o->store,
					       &m[i].row, err)) == VT_OK)
			rc = vt_office_add_deliveries(o, &m[i].row, m[i].to,
			    VT_OFFICE_TRANSPORT, m[i].roles, err);
	return rc;
}

void
vt_office_messages_keep(struct vt_office *o, struct vt_office_message *m,
    size_t n)
{
	struct vt_office_draft *draft;
	size_t i;

	for (i = 0; i < n; i++)
		if ((draft = m[i].draft) != NULL && draft->src != NULL)
			(void)vt_office_keep_envelope(o, &m[i].row, draft->src,
			    NULL);
}

void
vt_office_messages_release(struct vt_office_message *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (m[i].draft != NULL)
			vt_office_draft_release(m[i].draft);
		free(m[i].draft);
		m[i].draft = NULL;
		vt_outbox_release(&m[i].row);
	}
}

/* ---- the history ---- */

int
vt_office_event_lists(struct vt_office *o, int64_t record, const char *what,
    const char *reason, const struct vt_office_named *lists, size_t n,
    struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	struct vt_buf line;
	size_t i, j;
	int rc;

	vt_buf_init(&line, DETAIL_MAX);
	for (i = 0; i < n; i++) {
		if (lists[i].list->n == 0)
			continue;
		vt_json_begin_array(json, lists[i].key);
		for (j = 0; j < lists[i].list->n; j++)
			vt_json_put_str(json, NULL, lists[i].list->items[j]);
		vt_json_end(json);
	}
	if ((rc = vt_json_write(json, &line, err)) == VT_OK)
		rc = vt_store_event_add(o->store, record, what, reason,
		    vt_buf_str(&line), err);
	vt_buf_release(&line);
	vt_json_out_free(json);
	return rc;
}

int
vt_office_note_answer(struct vt_office *o, int64_t record, const char *what,
    const char *reason, const char *from, const char *business,
    struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	struct vt_buf line;
	int rc;

	vt_buf_init(&line, DETAIL_MAX);
	vt_json_put_str(json, "from", from);
	vt_json_put_str(json, "business", business);
	if ((rc = vt_json_write(json, &line, err)) == VT_OK)
		rc = vt_store_event_add(o->store, record, what, reason,
		    vt_buf_str(&line), err);
	vt_buf_release(&line);
	vt_json_out_free(json);
	return rc;
}
