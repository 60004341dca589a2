/* axis_sql.c - the database: opened, its statements, its transactions */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axis_int.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"

#define BUSY_MS 20000
#define DATABASE "axis.db"
#define OBJECTS "objects"

/* Whose files are kept: by their digests, few once it is pruned. */
#define KEPT "CREATE INDEX message_kept ON message (sha256) WHERE pruned = 0;"

const char vt_axis_schema[] =
    "CREATE TABLE agency ("
    " id INTEGER PRIMARY KEY,"
    " code TEXT NOT NULL UNIQUE,"
    " code102 TEXT UNIQUE,"
    " name TEXT NOT NULL,"
    " parent INTEGER REFERENCES agency,"
    " mail TEXT,"
    " secret BLOB,"
    " quota INTEGER NOT NULL DEFAULT 0,"
    " locked INTEGER NOT NULL DEFAULT 0,"
    " removed INTEGER NOT NULL DEFAULT 0,"
    " version INTEGER NOT NULL DEFAULT 1,"
    " modified INTEGER NOT NULL) STRICT;"
    "CREATE INDEX agency_parent ON agency (parent);"
    "CREATE TABLE message ("
    " id INTEGER PRIMARY KEY,"
    " doc_id TEXT NOT NULL UNIQUE,"
    " sender INTEGER NOT NULL REFERENCES agency,"
    " status INTEGER NOT NULL," /* messagetype */
    " sha256 BLOB NOT NULL,"
    " recipients BLOB NOT NULL," /* SHA-256 of their codes */
    " size INTEGER NOT NULL,"
    " created INTEGER NOT NULL,"
    " document_id TEXT,"
    " notation TEXT,"
    " title TEXT,"
    " pruned INTEGER NOT NULL DEFAULT 0," /* its file is gone */
    " UNIQUE (sender, status, sha256, recipients)) STRICT;" KEPT
    "CREATE TABLE delivery ("
    " id INTEGER PRIMARY KEY,"
    " message INTEGER NOT NULL REFERENCES message,"
    " agency INTEGER REFERENCES agency," /* NULL: nobody that is known */
    " code TEXT NOT NULL,"               /* as the sender wrote it */
    " doc_id TEXT NOT NULL UNIQUE,"
    " waits INTEGER NOT NULL,"
    " state TEXT NOT NULL," /* initial processing done fail */
    " error TEXT,"          /* ErrorCode, where it never waited */
    " description TEXT,"
    " updated INTEGER NOT NULL,"
    " UNIQUE (message, code)) STRICT;"
    "CREATE INDEX delivery_waits ON delivery (agency, id) WHERE waits = 1;";

/* ---- errors ---- */

static int
sql_error(const struct vt_axis *a, int rc, struct vt_error *err)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return vt_error_nomem(err);
	case SQLITE_CONSTRAINT:
		return vt_error_set(err, VT_EEXISTS, NULL,
		    "it is there already");
	case SQLITE_TOOBIG:
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "too long for the axis' database");
	default:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the axis' database failed: %s", a->path,
		    sqlite3_errstr(rc));
	}
}

static int
exec(struct vt_axis *a, const char *sql, struct vt_error *err)
{
	int rc = sqlite3_exec(a->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? VT_OK : sql_error(a, rc, err);
}

/* ---- statements ---- */

static void
bound(struct axis_sql *q, int rc)
{
	if (rc != SQLITE_OK && q->rc == VT_OK)
		q->rc = sql_error(q->a, rc, q->err);
}

void
vt_axis_sql(struct axis_sql *q, struct vt_axis *a, const char *sql,
    struct vt_error *err)
{
	memset(q, 0, sizeof(*q));
	q->a = a;
	q->err = err;
	bound(q, sqlite3_prepare_v2(a->db, sql, -1, &q->stmt, NULL));
}

void
vt_axis_sql_int(struct axis_sql *q, int64_t v)
{
	if (q->rc == VT_OK)
		bound(q, sqlite3_bind_int64(q->stmt, ++q->n, v));
}

void
vt_axis_sql_id(struct axis_sql *q, int64_t v)
{
	if (v != 0)
		vt_axis_sql_int(q, v);
	else if (q->rc == VT_OK)
		bound(q, sqlite3_bind_null(q->stmt, ++q->n));
}

void
vt_axis_sql_text(struct axis_sql *q, const char *s)
{
	if (q->rc != VT_OK)
		return;
	bound(q, s == NULL ? sqlite3_bind_null(q->stmt, ++q->n)
			   : sqlite3_bind_text(q->stmt, ++q->n, s, -1,
				 SQLITE_STATIC));
}

void
vt_axis_sql_blob(struct axis_sql *q, const void *data, size_t len)
{
	if (q->rc != VT_OK)
		return;
	bound(q, data == NULL ? sqlite3_bind_null(q->stmt, ++q->n)
			      : sqlite3_bind_blob64(q->stmt, ++q->n, data, len,
				    SQLITE_STATIC));
}

bool
vt_axis_sql_row(struct axis_sql *q)
{
	int rc;

	if (q->rc != VT_OK)
		return false;
	rc = sqlite3_step(q->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		bound(q, rc);
	return rc == SQLITE_ROW;
}

int64_t
vt_axis_sql_get_int(const struct axis_sql *q, int i)
{
	return sqlite3_column_int64(q->stmt, i);
}

const char *
vt_axis_sql_get_text(const struct axis_sql *q, int i)
{
	return (const char *)sqlite3_column_text(q->stmt, i);
}

int
vt_axis_sql_end(struct axis_sql *q)
{
	sqlite3_finalize(q->stmt);
	q->stmt = NULL;
	return q->rc;
}

int
vt_axis_sql_run(struct axis_sql *q)
{
	while (vt_axis_sql_row(q))
		;
	return vt_axis_sql_end(q);
}

int
vt_axis_sql_one(struct axis_sql *q, int64_t *ret)
{
	*ret = vt_axis_sql_row(q) ? vt_axis_sql_get_int(q, 0) : 0;
	return vt_axis_sql_end(q);
}

/* ---- one at a time ---- */

void
vt_axis_lock(struct vt_axis *a)
{
	(void)pthread_mutex_lock(&a->mutex);
}

void
vt_axis_unlock(struct vt_axis *a)
{
	(void)pthread_mutex_unlock(&a->mutex);
}

int
vt_axis_begin(struct vt_axis *a, struct vt_error *err)
{
	int rc;

	vt_axis_lock(a);
	rc = exec(a, "BEGIN IMMEDIATE", err);
	if (rc != VT_OK)
		vt_axis_unlock(a);
	return rc;
}

int
vt_axis_end(struct vt_axis *a, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		rc = exec(a, "COMMIT", err);
	if (rc != VT_OK)
		(void)exec(a, "ROLLBACK", NULL);
	vt_axis_unlock(a);
	return rc;
}

/* ---- the folder ---- */

void
vt_axis_close(struct vt_axis *a)
{
	if (a == NULL)
		return;
	sqlite3_close(a->db);
	vt_objects_free(a->objects);
	(void)pthread_mutex_destroy(&a->mutex);
	free(a->path);
	free(a->dir);
	free(a);
}

static int
handle_new(const char *dir, int flags, struct vt_axis **ret,
    struct vt_error *err)
{
	struct vt_axis *a = calloc(1, sizeof(*a));
	int rc;

	if (a == NULL || pthread_mutex_init(&a->mutex, NULL) != 0) {
		free(a);
		return vt_error_nomem(err);
	}
	if ((a->dir = strdup(dir)) == NULL ||
	    (a->path = vt_path_join(dir, DATABASE)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = sqlite3_open_v2(a->path, &a->db,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK) {
		rc = sql_error(a, rc, err);
		goto out;
	}
	sqlite3_busy_timeout(a->db, BUSY_MS);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(a->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	rc = exec(a,
	    "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
	    "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
	    "PRAGMA secure_delete = ON;",
	    err);
out:
	if (rc == VT_OK)
		*ret = a;
	else
		vt_axis_close(a);
	return rc;
}

static int
pragma(struct vt_axis *a, const char *sql, int64_t *ret, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a, sql, err);
	return vt_axis_sql_one(&q, ret);
}

/* All tables or none, and only in a database that is still empty. */
static int
make_tables(struct vt_axis *a, struct vt_error *err)
{
	int64_t tables = 0;
	char mark[96];
	int rc;

	snprintf(mark, sizeof(mark),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	    VT_AXIS_APPLICATION, VT_AXIS_VERSION);
	if ((rc = exec(a, "PRAGMA journal_mode = WAL", err)) != VT_OK ||
	    (rc = vt_axis_begin(a, err)) != VT_OK)
		return rc;
	rc = pragma(a, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc == VT_OK && tables > 0)
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is an axis already", a->dir);
	if (rc == VT_OK)
		rc = exec(a, vt_axis_schema, err);
	if (rc == VT_OK)
		rc = exec(a, mark, err);
	return vt_axis_end(a, rc, err);
}

int
vt_axis_create(const char *dir, struct vt_error *err)
{
	char *objects = vt_path_join(dir, OBJECTS);
	struct vt_axis *a = NULL;
	mode_t mask;
	int rc;

	if (objects == NULL)
		return vt_error_nomem(err);
	mask = umask(077); /* the secrets of all agencies */
	if ((rc = vt_dir_make(dir, 0700, err)) == VT_OK &&
	    (rc = handle_new(dir, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		 &a, err)) == VT_OK &&
	    (rc = make_tables(a, err)) == VT_OK &&
	    (rc = vt_dir_make(objects, 0700, err)) == VT_OK)
		rc = vt_dir_sync(dir, err);
	(void)umask(mask);
	vt_axis_close(a);
	free(objects);
	return rc;
}

/* Whoever opens it at the same time finds it done. */
static int
upgrade(struct vt_axis *a, int64_t *version, struct vt_error *err)
{
	int rc;

	if ((rc = vt_axis_begin(a, err)) != VT_OK)
		return rc;
	rc = pragma(a, "PRAGMA user_version", version, err);
	if (rc == VT_OK && *version == 1) {
		rc = exec(a,
		    "ALTER TABLE message ADD COLUMN"
		    " pruned INTEGER NOT NULL DEFAULT 0;" KEPT
		    "PRAGMA user_version = 2;",
		    err);
		*version = 2;
	}
	return vt_axis_end(a, rc, err);
}

static int
identify(struct vt_axis *a, struct vt_error *err)
{
	int64_t application = 0, version = 0;
	int rc;

	if ((rc = pragma(a, "PRAGMA application_id", &application, err)) !=
		VT_OK ||
	    (rc = pragma(a, "PRAGMA user_version", &version, err)) != VT_OK)
		return rc;
	if (application != VT_AXIS_APPLICATION)
		return vt_error_set(err, VT_EIO, NULL, "%s is no axis", a->dir);
	if (version == 1 && (rc = upgrade(a, &version, err)) != VT_OK)
		return rc;
	if (version != VT_AXIS_VERSION)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "%s is an axis of version %lld, not %d", a->dir,
		    (long long)version, VT_AXIS_VERSION);
	return VT_OK;
}

int
vt_axis_open(const char *dir, struct vt_axis **ret, struct vt_error *err)
{
	char *objects = vt_path_join(dir, OBJECTS);
	char *path = vt_path_join(dir, DATABASE);
	struct vt_axis *a = NULL;
	int rc;

	if (objects == NULL || path == NULL)
		rc = vt_error_nomem(err);
	else if (access(path, F_OK) != 0)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "%s is no axis: vanthu axis init makes one", dir);
	else if ((rc = handle_new(dir, SQLITE_OPEN_READWRITE, &a, err)) ==
		     VT_OK &&
		 (rc = identify(a, err)) == VT_OK)
		rc = vt_objects_open(objects, &a->objects, err);
	free(objects);
	free(path);
	if (rc == VT_OK)
		*ret = a;
	else
		vt_axis_close(a);
	return rc;
}
