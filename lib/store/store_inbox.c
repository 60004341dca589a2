/* store_inbox.c - messages of others, each once */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

static const char *const results[] = { "registered", "held", "refused",
	"status", "quarantined", "done" };

#define NRESULTS (sizeof(results) / sizeof(results[0]))

const char *
vt_inbox_result_name(enum vt_inbox_result r)
{
	return (size_t)r < NRESULTS ? results[r] : "";
}

static enum vt_inbox_result
result_of(const char *name)
{
	size_t i;

	for (i = 0; i < NRESULTS; i++)
		if (name != NULL && strcmp(results[i], name) == 0)
			return (enum vt_inbox_result)i;
	return VT_INBOX_HELD; /* somebody must look at it */
}

void
vt_inbox_release(struct vt_inbox *m)
{
	free(m->message_id);
	free(m->business);
	free(m->from_id);
	free(m->from_name);
	free(m->document_id);
	free(m->code);
	free(m->subject);
	free(m->reason);
	free(m->detail);
	free(m->verdict);
	memset(m, 0, sizeof(*m));
}

#define INBOX_SELECT                                                           \
	"SELECT id, key, message_id, kind, business, from_id, from_name,"      \
	" document_id, code, subject, received, result, reason, verdict,"      \
	" record, earlier, answered, envelope, detail FROM inbox WHERE"

static void
inbox_row(struct vt_sql *q, struct vt_inbox *m)
{
	m->id = vt_sql_get_int(q, 0);
	vt_sql_get_sha256(q, 1, m->key);
	vt_sql_get_text(q, 2, &m->message_id);
	m->kind = vt_store_kind_of(vt_sql_get_str(q, 3));
	vt_sql_get_text(q, 4, &m->business);
	vt_sql_get_text(q, 5, &m->from_id);
	vt_sql_get_text(q, 6, &m->from_name);
	vt_sql_get_text(q, 7, &m->document_id);
	vt_sql_get_text(q, 8, &m->code);
	vt_sql_get_text(q, 9, &m->subject);
	m->received = vt_sql_get_int(q, 10);
	m->result = result_of(vt_sql_get_str(q, 11));
	vt_sql_get_text(q, 12, &m->reason);
	vt_sql_get_text(q, 13, &m->verdict);
	m->record = vt_sql_get_int(q, 14);
	m->earlier = vt_sql_get_int(q, 15);
	m->answered = (enum vt_status)vt_sql_get_int(q, 16);
	m->has_envelope = vt_sql_get_sha256(q, 17, m->envelope);
	vt_sql_get_text(q, 18, &m->detail);
}

int
vt_store_inbox_add(struct vt_store *s, struct vt_inbox *m, struct vt_error *err)
{
	int64_t received = m->received != 0 ? m->received : vt_time_now();
	struct vt_error why = { 0 };
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO inbox (key, message_id, kind, business, from_id,"
	    " from_name, document_id, code, subject, received, result,"
	    " reason, verdict, record, earlier, answered, envelope, detail)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &why);
	vt_sql_sha256(&q, m->key);
	vt_sql_text(&q, m->message_id);
	vt_sql_text(&q, vt_message_kind_name(m->kind));
	vt_sql_text(&q, m->business);
	vt_sql_text(&q, m->from_id);
	vt_sql_text(&q, m->from_name);
	vt_sql_text(&q, m->document_id);
	vt_sql_text(&q, m->code);
	vt_sql_text(&q, m->subject);
	vt_sql_int(&q, received);
	vt_sql_text(&q, vt_inbox_result_name(m->result));
	vt_sql_text(&q, m->reason);
	vt_sql_text(&q, m->verdict);
	vt_sql_id(&q, m->record);
	vt_sql_id(&q, m->earlier);
	vt_sql_int(&q, m->answered);
	vt_sql_sha256(&q, m->has_envelope ? m->envelope : NULL);
	vt_sql_text(&q, m->detail);
	rc = vt_sql_run(&q);
	if (rc == VT_OK) {
		m->id = sqlite3_last_insert_rowid(s->db);
		m->received = received;
	} else if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL, "the message is known already");
	else
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	return rc;
}

/* The one row that Q gives; ID is what it was asked for, or 0: by its key. */
static int
inbox_one(struct vt_sql *q, int64_t id, struct vt_inbox *ret,
    struct vt_error *err)
{
	struct vt_inbox m;
	bool found;
	int rc;

	memset(&m, 0, sizeof(m));
	if ((found = vt_sql_row(q)))
		inbox_row(q, &m);
	rc = vt_sql_end(q);
	if (rc == VT_OK && !found && id != 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no message %lld", (long long)id);
	else if (rc == VT_OK && !found)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such message");
	if (rc == VT_OK)
		*ret = m;
	else
		vt_inbox_release(&m);
	return rc;
}

int
vt_store_inbox_get(struct vt_store *s, int64_t id, struct vt_inbox *ret,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, INBOX_SELECT " id = ?", err);
	vt_sql_int(&q, id);
	return inbox_one(&q, id, ret, err);
}

int
vt_store_inbox_by_key(struct vt_store *s,
    const unsigned char key[VT_SHA256_LEN], struct vt_inbox *ret,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, INBOX_SELECT " key = ?", err);
	vt_sql_sha256(&q, key);
	return inbox_one(&q, 0, ret, err);
}

int
vt_store_inbox_update(struct vt_store *s, const struct vt_inbox *m,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "UPDATE inbox SET result = ?, reason = ?, verdict = ?,"
	    " record = ?, earlier = ?, answered = ?, envelope = ?,"
	    " detail = ?"
	    " WHERE id = ?",
	    err);
	vt_sql_text(&q, vt_inbox_result_name(m->result));
	vt_sql_text(&q, m->reason);
	vt_sql_text(&q, m->verdict);
	vt_sql_id(&q, m->record);
	vt_sql_id(&q, m->earlier);
	vt_sql_int(&q, m->answered);
	vt_sql_sha256(&q, m->has_envelope ? m->envelope : NULL);
	vt_sql_text(&q, m->detail);
	vt_sql_int(&q, m->id);
	if ((rc = vt_sql_run(&q)) == VT_OK && sqlite3_changes(s->db) == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such message");
	return rc;
}

int
vt_store_inbox_list(struct vt_store *s, const struct vt_inbox_query *want,
    vt_store_inbox_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_rows rows = { NULL, 0, 0 };
	struct vt_inbox *all, *m;
	struct vt_sql q;
	size_t i;
	int rc;

#define FITS                                                                   \
	" (?1 IS NULL OR document_id = ?1) AND (?2 IS NULL OR from_id = ?2)"   \
	" AND (?3 IS NULL OR record = ?3) ORDER BY id DESC LIMIT ?4"
	if (want->held)
		vt_sql_begin(&q, s, INBOX_SELECT " result = 'held' AND" FITS,
		    err);
	else if (want->document_id != NULL)
		vt_sql_begin(&q, s, INBOX_SELECT " document_id = ?1 AND" FITS,
		    err);
	else if (want->record != 0)
		vt_sql_begin(&q, s, INBOX_SELECT " record = ?3 AND" FITS, err);
	else
		vt_sql_begin(&q, s, INBOX_SELECT FITS, err);
#undef FITS
	vt_sql_text(&q, want->document_id);
	vt_sql_text(&q, want->from_id);
	vt_sql_id(&q, want->record);
	vt_sql_int(&q, want->limit == 0 ? -1 : (int64_t)want->limit);
	while (vt_sql_row(&q)) {
		if ((m = vt_rows_add(&rows, sizeof(*m), err)) == NULL)
			vt_sql_fail(&q, VT_ENOMEM);
		else
			inbox_row(&q, m);
	}
	rc = vt_sql_end(&q);
	all = rows.items;
	for (i = 0; i < rows.n && rc == VT_OK; i++)
		rc = fn(ctx, &all[i], err);
	for (i = 0; i < rows.n; i++)
		vt_inbox_release(&all[i]);
	free(rows.items);
	return rc;
}
