/* store_sql.c - statements: bound, never pasted together */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

static void
sql_failed(struct vt_sql *q, int sqlite_rc)
{
	if (q->rc == VT_OK)
		q->rc = vt_store_still(q->s, q->err);
	if (q->rc == VT_OK)
		q->rc = vt_store_error(sqlite_rc, q->s->path, q->err);
}

static void
sql_init(struct vt_sql *q, struct vt_store *s, struct vt_error *err)
{
	memset(q, 0, sizeof(*q));
	q->s = s;
	q->err = err;
	q->kept = -1;
}

static void
sql_prepare(struct vt_sql *q, const char *sql, unsigned flags)
{
	int rc;

	rc = sqlite3_prepare_v3(q->s->db, sql, -1, flags, &q->stmt, NULL);
	if (rc != SQLITE_OK)
		sql_failed(q, rc);
}

void
vt_sql_begin(struct vt_sql *q, struct vt_store *s, const char *sql,
    struct vt_error *err)
{
	int i, n = VT_STORE_STATEMENTS;

	sql_init(q, s, err);
	for (i = 0; i < n && s->kept[i].sql != NULL; i++)
		if (s->kept[i].sql == sql)
			break;
	/* no room, or the same is running further up: prepared for once */
	if (i == n || s->kept[i].busy) {
		sql_prepare(q, sql, 0);
		return;
	}
	if (s->kept[i].sql == NULL) {
		sql_prepare(q, sql, SQLITE_PREPARE_PERSISTENT);
		if (q->rc != VT_OK)
			return;
		s->kept[i].sql = sql;
		s->kept[i].stmt = q->stmt;
	}
	q->stmt = s->kept[i].stmt;
	q->kept = i;
	s->kept[i].busy = true;
}

void
vt_sql_begin_once(struct vt_sql *q, struct vt_store *s, const char *sql,
    struct vt_error *err)
{
	sql_init(q, s, err);
	sql_prepare(q, sql, 0);
}

static void
sql_bound(struct vt_sql *q, int rc)
{
	if (rc != SQLITE_OK)
		sql_failed(q, rc);
}

void
vt_sql_int(struct vt_sql *q, int64_t v)
{
	if (q->rc == VT_OK)
		sql_bound(q, sqlite3_bind_int64(q->stmt, ++q->n, v));
}

static void
sql_null(struct vt_sql *q)
{
	if (q->rc == VT_OK)
		sql_bound(q, sqlite3_bind_null(q->stmt, ++q->n));
}

void
vt_sql_id(struct vt_sql *q, int64_t id)
{
	if (id == 0)
		sql_null(q);
	else
		vt_sql_int(q, id);
}

void
vt_sql_time(struct vt_sql *q, int64_t t)
{
	if (t == VT_TIME_NONE)
		sql_null(q);
	else
		vt_sql_int(q, t);
}

void
vt_sql_text(struct vt_sql *q, const char *s)
{
	if (s == NULL)
		sql_null(q);
	else if (q->rc == VT_OK)
		sql_bound(q,
		    sqlite3_bind_text(q->stmt, ++q->n, s, -1, SQLITE_STATIC));
}

void
vt_sql_text_copy(struct vt_sql *q, const char *s)
{
	if (s == NULL)
		sql_null(q);
	else if (q->rc == VT_OK)
		sql_bound(q, sqlite3_bind_text(q->stmt, ++q->n, s, -1,
				 SQLITE_TRANSIENT));
}

void
vt_sql_date(struct vt_sql *q, struct vt_date d)
{
	char text[VT_TIME_TEXT];

	vt_sql_text_copy(q, d.year != 0 ? vt_date_text(d, text) : NULL);
}

void
vt_sql_sha256(struct vt_sql *q, const unsigned char *sha256)
{
	if (sha256 == NULL)
		sql_null(q);
	else if (q->rc == VT_OK)
		sql_bound(q, sqlite3_bind_blob(q->stmt, ++q->n, sha256,
				 VT_SHA256_LEN, SQLITE_STATIC));
}

bool
vt_sql_row(struct vt_sql *q)
{
	int rc;

	if (q->rc != VT_OK)
		return false;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		sql_failed(q, rc);
	return false;
}

bool
vt_sql_is_null(const struct vt_sql *q, int i)
{
	return sqlite3_column_type(q->stmt, i) == SQLITE_NULL;
}

int64_t
vt_sql_get_int(const struct vt_sql *q, int i)
{
	return sqlite3_column_int64(q->stmt, i);
}

int64_t
vt_sql_get_time(const struct vt_sql *q, int i)
{
	return vt_sql_is_null(q, i) ? VT_TIME_NONE : vt_sql_get_int(q, i);
}

const char *
vt_sql_get_str(const struct vt_sql *q, int i)
{
	return (const char *)sqlite3_column_text(q->stmt, i);
}

struct vt_date
vt_sql_get_date(const struct vt_sql *q, int i)
{
	struct vt_date d = { 0, 0, 0 };
	const char *text = vt_sql_get_str(q, i);

	if (text != NULL && !vt_date_parse(text, &d))
		memset(&d, 0, sizeof(d));
	return d;
}

void
vt_sql_get_text(struct vt_sql *q, int i, char **ret)
{
	const char *text;
	char *copy = NULL;

	if (q->rc != VT_OK)
		return;
	text = vt_sql_get_str(q, i);
	if (text == NULL && !vt_sql_is_null(q, i))
		q->rc = vt_error_nomem(q->err);
	else if (text != NULL && (copy = strdup(text)) == NULL)
		q->rc = vt_error_nomem(q->err);
	else {
		free(*ret);
		*ret = copy;
	}
}

bool
vt_sql_get_sha256(const struct vt_sql *q, int i,
    unsigned char sha256[VT_SHA256_LEN])
{
	const void *blob = sqlite3_column_blob(q->stmt, i);

	if (blob == NULL || sqlite3_column_bytes(q->stmt, i) != VT_SHA256_LEN) {
		memset(sha256, 0, VT_SHA256_LEN);
		return false;
	}
	memcpy(sha256, blob, VT_SHA256_LEN);
	return true;
}

void
vt_sql_fail(struct vt_sql *q, int rc)
{
	if (q->rc == VT_OK)
		q->rc = rc;
}

int
vt_sql_end(struct vt_sql *q)
{
	if (q->kept >= 0) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		q->s->kept[q->kept].busy = false;
	} else
		sqlite3_finalize(q->stmt);
	q->stmt = NULL;
	if (q->rc == VT_OK)
		q->rc = vt_store_still(q->s, q->err);
	return q->rc;
}

int
vt_sql_run(struct vt_sql *q)
{
	while (vt_sql_row(q))
		continue;
	return vt_sql_end(q);
}

int
vt_sql_one(struct vt_sql *q, int64_t *ret)
{
	int64_t v = vt_sql_row(q) ? vt_sql_get_int(q, 0) : 0;
	int rc = vt_sql_end(q);

	if (rc == VT_OK)
		*ret = v;
	return rc;
}

void *
vt_rows_add(struct vt_rows *rows, size_t size, struct vt_error *err)
{
	size_t cap = rows->cap > 0 ? rows->cap : 8, bytes;
	void *items, *added;

	if (rows->n == rows->cap) {
		if ((rows->cap > 0 && !vt_mul(cap, 2, &cap)) ||
		    !vt_mul(cap, size, &bytes) ||
		    (items = realloc(rows->items, bytes)) == NULL) {
			vt_error_nomem(err);
			return NULL;
		}
		rows->items = items;
		rows->cap = cap;
	}
	added = (char *)rows->items + rows->n * size;
	memset(added, 0, size);
	rows->n++;
	return added;
}
