/* store_record.c - records: entered, changed, with their files */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"

#include "store_int.h"

/* Take the next number of REC's book and year, or the one that it has. */
static int
number_take(struct vt_store *s, struct vt_record *rec, struct vt_error *err)
{
	struct vt_sql q;
	int64_t number;
	int rc;

	if (rec->number != 0) {
		vt_sql_begin(&q, s,
		    "INSERT INTO book (name, year, next) VALUES (?, ?, ?)"
		    " ON CONFLICT DO UPDATE SET next = max(next, "
		    "excluded.next)",
		    err);
		vt_sql_text(&q, rec->book);
		vt_sql_int(&q, rec->year);
		vt_sql_int(&q, rec->number + 1);
		return vt_sql_run(&q);
	}
	vt_sql_begin(&q, s,
	    "INSERT INTO book (name, year, next) VALUES (?, ?, 2)"
	    " ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1",
	    err);
	vt_sql_text(&q, rec->book);
	vt_sql_int(&q, rec->year);
	if ((rc = vt_sql_one(&q, &number)) != VT_OK)
		return rc;
	if (number > VT_RECORD_NUMBER_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the book %s has no number left in %d", rec->book,
		    rec->year);
	rec->number = number;
	return VT_OK;
}

/* The code of an outgoing record, from its number and notation. */
static int
code_make(struct vt_record *rec, struct vt_error *err)
{
	char number[VT_RECORD_NUMBER_TEXT];
	struct vt_buf b;
	int rc;

	if (vt_record_incoming(rec))
		return VT_OK;
	vt_buf_init(&b, SIZE_MAX);
	rc = vt_buf_printf(&b, "%s/%s",
	    vt_record_number_text(rec->number, number),
	    rec->notation != NULL ? rec->notation : "");
	if (rc != VT_OK) {
		vt_buf_release(&b);
		return vt_error_nomem(err);
	}
	free(rec->code);
	rec->code = (char *)vt_buf_take(&b, NULL);
	return VT_OK;
}

/* What two records of one issuer have in common: its id, else its name. */
static int
organ_key(const struct vt_record *rec, char **ret, struct vt_error *err)
{
	if (rec->organ_id == NULL && rec->organ_name == NULL) {
		*ret = NULL;
		return VT_OK;
	}
	return vt_record_fold(rec->organ_id != NULL ? rec->organ_id
						    : rec->organ_name,
	    ret, err);
}

/* Bind code_key and organ_key behind the columns. */
static int
keys_make(const struct vt_record *rec, char **ret_code, char **ret_organ,
    struct vt_error *err)
{
	char *code = NULL;
	int rc;

	rc = vt_record_code_key(rec->code != NULL ? rec->code : "", &code, err);
	if (rc == VT_OK && (rc = organ_key(rec, ret_organ, err)) == VT_OK)
		*ret_code = code;
	else
		free(code);
	return rc;
}

static int
row_insert(struct vt_store *s, struct vt_record *rec, struct vt_error *err)
{
	char *code = NULL, *organ = NULL;
	struct vt_sql q;
	int rc;

	if ((rc = keys_make(rec, &code, &organ, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO record (book, year, number, code, notation, date,"
	    " arrived, registered, organ_id, organ_name, sender_id,"
	    " sender_name, type, subject, signer, position, competence,"
	    " urgency, due, pages, copies, keeper, places, reply_to, paper,"
	    " state, verdict, document_id, given, code_key, organ_key)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_store_row_bind(&q, rec);
	vt_sql_text(&q, code);
	vt_sql_text(&q, organ);
	if ((rc = vt_sql_run(&q)) == VT_OK)
		rec->id = sqlite3_last_insert_rowid(s->db);
	free(code);
	free(organ);
	return rc;
}

static int
row_update(struct vt_store *s, const struct vt_record *rec,
    struct vt_error *err)
{
	char *code = NULL, *organ = NULL;
	struct vt_sql q;
	int rc;

	if ((rc = keys_make(rec, &code, &organ, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "UPDATE record SET (book, year, number, code, notation, date,"
	    " arrived, registered, organ_id, organ_name, sender_id,"
	    " sender_name, type, subject, signer, position, competence,"
	    " urgency, due, pages, copies, keeper, places, reply_to, paper,"
	    " state, verdict, document_id, given, code_key, organ_key)"
	    " = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?",
	    err);
	vt_store_row_bind(&q, rec);
	vt_sql_text(&q, code);
	vt_sql_text(&q, organ);
	vt_sql_int(&q, rec->id);
	rc = vt_sql_run(&q);
	free(code);
	free(organ);
	return rc;
}

/* Tell the search index of a record, or (FORGET) what it was told before. */
static int
search_write(struct vt_store *s, const struct vt_record *rec, bool forget,
    struct vt_error *err)
{
	char *marked = NULL, *folded = NULL;
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_search_text(rec, &marked, &folded, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    forget ? "INSERT INTO search (search, rowid, marked, folded)"
		     " VALUES ('delete', ?, ?, ?)"
		   : "INSERT INTO search (rowid, marked, folded)"
		     " VALUES (?, ?, ?)",
	    err);
	vt_sql_int(&q, rec->id);
	vt_sql_text(&q, marked);
	vt_sql_text(&q, folded);
	rc = vt_sql_run(&q);
	free(marked);
	free(folded);
	return rc;
}

static int
record_enter(struct vt_store *s, struct vt_record *rec, const char *what,
    const char *reason, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = number_take(s, rec, err)) != VT_OK ||
	    (rc = code_make(rec, err)) != VT_OK ||
	    (rc = row_insert(s, rec, err)) != VT_OK ||
	    (rc = search_write(s, rec, false, err)) != VT_OK)
		return rc;
	for (i = 0; i < rec->nfiles && rc == VT_OK; i++)
		rc = vt_store_file_insert(s, rec->id, &rec->files[i], err);
	if (rc == VT_OK)
		rc = vt_store_event_add(s, rec->id, what, reason, NULL, err);
	return rc;
}

int
vt_store_record_add(struct vt_store *s, struct vt_record *rec, const char *what,
    const char *reason, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char ref[VT_REF_TEXT];
	int64_t number = rec->number;
	int rc;

	/* the last gate: whoever calls, nothing secret passes here */
	if ((rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	if (rec->registered == VT_TIME_NONE)
		rec->registered = vt_time_now();
	rc = record_enter(s, rec, what, reason, &why);
	if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL, "%s is there already",
		    vt_record_ref(rec, ref));
	else if (rc != VT_OK)
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	rc = vt_store_step_end(s, rc, err);
	if (rc != VT_OK) {
		rec->id = 0;
		rec->number = number;
	}
	return rc;
}

/* The fields that differ, as {"subject": ["old", "new"], ...}; "" if none. */
static int
difference(const struct vt_record *old, const struct vt_record *new,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();
	const char *key;
	char *a, *b;
	size_t i, n = 0;
	int rc = VT_OK;

	for (i = 0; rc == VT_OK && (key = vt_record_key_at(i)) != NULL; i++) {
		a = b = NULL;
		rc = vt_record_field_text(old, key, &a, err);
		if (rc == VT_OK)
			rc = vt_record_field_text(new, key, &b, err);
		if (rc == VT_OK && ((a == NULL) != (b == NULL) ||
				       (a != NULL && strcmp(a, b) != 0))) {
			vt_json_begin_array(o, key);
			vt_json_put_str(o, NULL, a);
			vt_json_put_str(o, NULL, b);
			vt_json_end(o);
			n++;
		}
		free(a);
		free(b);
	}
	if (rc == VT_OK && n > 0)
		rc = vt_json_write(o, ret, err);
	vt_json_out_free(o);
	return rc;
}

static int
record_change(struct vt_store *s, const struct vt_record *old,
    const struct vt_record *rec, const char *what, const char *reason,
    struct vt_error *err)
{
	struct vt_record new;
	struct vt_buf detail;
	int rc;

	vt_buf_init(&detail, VT_JSON_MAX);
	if ((rc = vt_record_copy(rec, &new, err)) != VT_OK)
		return rc;
	free(new.book);
	new.book = NULL;
	new.year = old->year;
	new.number = old->number;
	new.has_given = old->has_given;
	memcpy(new.given, old->given, sizeof(new.given));
	if ((rc = vt_record_put(&new.book, old->book, err)) != VT_OK ||
	    (rc = code_make(&new, err)) != VT_OK ||
	    (rc = difference(old, &new, &detail, err)) != VT_OK)
		goto out;
	if (detail.len == 0)
		goto out;
	if ((rc = search_write(s, old, true, err)) != VT_OK ||
	    (rc = row_update(s, &new, err)) != VT_OK ||
	    (rc = search_write(s, &new, false, err)) != VT_OK)
		goto out;
	rc = vt_store_event_add(s, rec->id, what, reason, vt_buf_str(&detail),
	    err);
out:
	vt_buf_release(&detail);
	vt_record_release(&new);
	return rc;
}

int
vt_store_record_update(struct vt_store *s, const struct vt_record *rec,
    const char *what, const char *reason, struct vt_error *err)
{
	struct vt_record old;
	int rc;

	if ((rc = vt_secrecy_allow(rec->secrecy, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_record_get(s, rec->id, &old, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_step_begin(s, err)) == VT_OK) {
		rc = record_change(s, &old, rec, what, reason, err);
		rc = vt_store_step_end(s, rc, err);
	}
	vt_record_release(&old);
	return rc;
}

/* Read a record, set one field, write it back. */
static int
field_change(struct vt_store *s, int64_t id, const char *key, const char *value,
    const char *what, struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	if ((rc = vt_store_record_get(s, id, &rec, err)) != VT_OK)
		return rc;
	rc = vt_record_field_set(&rec, key, value != NULL ? value : "", err);
	if (rc == VT_OK)
		rc = vt_store_record_update(s, &rec, what, NULL, err);
	vt_record_release(&rec);
	return rc;
}

int
vt_store_verdict_set(struct vt_store *s, int64_t id, const char *verdict,
    struct vt_error *err)
{
	return field_change(s, id, "verdict", verdict, "judged", err);
}

int
vt_store_document_id_set(struct vt_store *s, int64_t id,
    const char *document_id, struct vt_error *err)
{
	return field_change(s, id, "document_id", document_id, "named", err);
}

int
vt_store_state_set(struct vt_store *s, int64_t id, enum vt_state state,
    const char *what, const char *reason, struct vt_error *err)
{
	struct vt_record rec;
	char ref[VT_REF_TEXT];
	int rc;

	if ((rc = vt_store_record_get(s, id, &rec, err)) != VT_OK)
		return rc;
	if (rec.state == state)
		rc = VT_OK;
	else if (!vt_state_follows(vt_record_incoming(&rec), rec.state, state))
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is \"%s\" and cannot become \"%s\"",
		    vt_record_ref(&rec, ref), vt_state_name(rec.state),
		    vt_state_name(state));
	else {
		rec.state = state;
		rc = vt_store_record_update(s, &rec, what, reason, err);
	}
	vt_record_release(&rec);
	return rc;
}
