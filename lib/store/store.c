/* store.c - the database: made, opened, one writer at a time */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "vanthu/error.h"
#include "vanthu/file.h"

#include "store_int.h"

/*
 * Ours queue at the lock file; this is for others: a backup, the sqlite3
 * shell.
 */
#define BUSY_MS 10000

int
vt_store_error(int sqlite_rc, const char *path, struct vt_error *err)
{
	/* The index of the log, in a file beside it, cannot grow. */
	if (sqlite_rc == SQLITE_IOERR_SHMSIZE)
		sqlite_rc = SQLITE_FULL;
	switch (sqlite_rc & 0xff) {
	case SQLITE_NOMEM:
		return vt_error_nomem(err);
	case SQLITE_FULL:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: no space left on the device", path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register is damaged", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: another program holds the register", path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register cannot be written", path);
	case SQLITE_CANTOPEN:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register cannot be opened", path);
	case SQLITE_CONSTRAINT:
		if (sqlite_rc == SQLITE_CONSTRAINT_UNIQUE ||
		    sqlite_rc == SQLITE_CONSTRAINT_PRIMARYKEY)
			return vt_error_set(err, VT_EEXISTS, NULL,
			    "it is in the register already");
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register refuses (SQLite %d)", path, sqlite_rc);
	case SQLITE_TOOBIG:
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "too long for the register");
	default:
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register failed (SQLite %d)", path, sqlite_rc);
	}
}

int
vt_store_exec(struct vt_store *s, const char *sql, struct vt_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? VT_OK : vt_store_error(rc, s->path, err);
}

static int
pragma_int(struct vt_store *s, const char *sql, int64_t *ret,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin_once(&q, s, sql, err);
	return vt_sql_one(&q, ret);
}

/* A first look into the file, which makes what lies beside it. */
static int
open_file(struct vt_store *s, bool create, struct vt_error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
	int rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);

	if (rc != SQLITE_OK)
		return vt_store_error(rc, s->path, err);
	if (create)
		return VT_OK;
	sqlite3_busy_timeout(s->db, BUSY_MS);
	rc = sqlite3_exec(s->db, "PRAGMA schema_version", NULL, NULL, NULL);
	if (rc == SQLITE_OK || !vt_store_still_needed(s->path, rc))
		return VT_OK;
	sqlite3_close(s->db);
	s->db = NULL;
	return vt_store_still_open(s, err);
}

/* Open the file; CREATE: make it where it is missing. */
static int
store_connect(const char *path, const char *who, bool create,
    struct vt_store **ret, struct vt_error *err)
{
	struct vt_store *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return vt_error_nomem(err);
	s->lock = -1;
	if ((s->path = strdup(path)) == NULL ||
	    (s->who = strdup(who)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = open_file(s, create, err)) != VT_OK)
		goto out;
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* temp_store: nothing of the contents in a folder of others */
	rc = vt_store_exec(s,
	    "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
	    "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;",
	    err);
out:
	if (rc == VT_OK)
		*ret = s;
	else
		vt_store_close(s);
	return rc;
}

/* Say of what version the tables are. */
static int
version_set(struct vt_store *s, struct vt_error *err)
{
	char set[128];

	snprintf(set, sizeof(set),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	    VT_STORE_APPLICATION, VT_STORE_VERSION);
	return vt_store_exec(s, set, err);
}

/* The tables of version FROM become those of the present one. */
static int
schema_raise(struct vt_store *s, int64_t from, struct vt_error *err)
{
	static const char *const schemas[VT_STORE_VERSION] = {
		vt_store_schema,
		vt_store_schema_2,
		vt_store_schema_3,
		vt_store_schema_4,
		vt_store_schema_5,
		vt_store_schema_6,
	};
	int rc = VT_OK;

	for (; from < VT_STORE_VERSION && rc == VT_OK; from++)
		rc = vt_store_exec(s, schemas[from], err);
	return rc == VT_OK ? version_set(s, err) : rc;
}

/*
 * A register of before gets what the later versions have more, in one
 * transaction; another process may have done it meanwhile.
 */
static int
store_upgrade(struct vt_store *s, struct vt_error *err)
{
	int64_t version;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = pragma_int(s, "PRAGMA user_version", &version, err);
	if (rc == VT_OK && version < VT_STORE_VERSION)
		rc = schema_raise(s, version, err);
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

/* Is it a register, and of a version that we know? */
static int
store_identify(struct vt_store *s, struct vt_error *err)
{
	int64_t application, version;
	int rc;

	rc = pragma_int(s, "PRAGMA application_id", &application, err);
	if (rc == VT_OK)
		rc = pragma_int(s, "PRAGMA user_version", &version, err);
	if (rc != VT_OK)
		return rc;
	if (application != VT_STORE_APPLICATION)
		return vt_error_set(err, VT_EIO, NULL, "%s is not a register",
		    s->path);
	if (version >= 1 && version < VT_STORE_VERSION)
		return store_upgrade(s, err);
	if (version != VT_STORE_VERSION)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "%s is a register of version %lld, not %d", s->path,
		    (long long)version, VT_STORE_VERSION);
	return VT_OK;
}

/* The tables, in one transaction: there are all of them or none. */
static int
store_make(struct vt_store *s, struct vt_error *err)
{
	int64_t tables, application;
	int rc;

	if ((rc = vt_store_begin(s, err)) != VT_OK)
		return rc;
	rc = pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc == VT_OK)
		rc = pragma_int(s, "PRAGMA application_id", &application, err);
	if (rc == VT_OK && tables == 0 && application == 0)
		rc = schema_raise(s, 0, err);
	if (rc == VT_OK)
		return vt_store_commit(s, err);
	vt_store_rollback(s);
	return rc;
}

int
vt_store_create(const char *path, struct vt_error *err)
{
	struct vt_store *s = NULL;
	const char *slash = strrchr(path, '/');
	char *dir = slash != NULL ? strndup(path, (size_t)(slash - path) + 1)
				  : strdup(".");
	int rc;

	if (dir == NULL)
		return vt_error_nomem(err);
	if ((rc = store_connect(path, "", true, &s, err)) == VT_OK &&
	    /* before the first table: the mode is the file's from then on */
	    (rc = vt_store_exec(s, "PRAGMA journal_mode = WAL", err)) ==
		VT_OK &&
	    (rc = store_make(s, err)) == VT_OK)
		rc = store_identify(s, err);
	vt_store_close(s);
	if (rc == VT_OK)
		rc = vt_dir_sync(dir, err);
	free(dir);
	return rc;
}

int
vt_store_open(const char *path, const char *who, struct vt_store **ret,
    struct vt_error *err)
{
	struct vt_store *s = NULL;
	int rc;

	if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no register at %s", path);
	if ((rc = store_connect(path, who, false, &s, err)) != VT_OK)
		return rc;
	if ((rc = store_identify(s, err)) == VT_OK) {
		*ret = s;
		s = NULL;
	}
	vt_store_close(s);
	return rc;
}

void
vt_store_close(struct vt_store *s)
{
	size_t i;

	if (s == NULL)
		return;
	s->part = false;
	vt_store_rollback(s);
	for (i = 0; i < VT_STORE_STATEMENTS; i++)
		sqlite3_finalize(s->kept[i].stmt);
	sqlite3_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->path);
	free(s->who);
	free(s);
}

/* SQLite's own waiting sleeps and is unfair; the lock file's is a queue. */
static int
store_lock(struct vt_store *s, struct vt_error *err)
{
	char *path;
	int rc = VT_OK;

	if (s->lock < 0) {
		if (asprintf(&path, "%s.lock", s->path) < 0)
			return vt_error_nomem(err);
		s->lock =
		    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (s->lock < 0)
			rc = vt_error_io(err, "cannot open %s", path);
		free(path);
		if (rc != VT_OK)
			return rc;
	}
	while (flock(s->lock, LOCK_EX) != 0)
		if (errno != EINTR)
			return vt_error_io(err, "cannot lock %s.lock", s->path);
	return VT_OK;
}

static int
store_busy(struct vt_error *err)
{
	return vt_error_set(err, VT_EARG, NULL,
	    "a transaction is open already");
}

static int
transaction_begin(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if (s->mode != VT_STORE_IDLE)
		return store_busy(err);
	if ((rc = store_lock(s, err)) != VT_OK)
		return rc;
	if ((rc = vt_store_exec(s, "BEGIN IMMEDIATE", err)) == VT_OK)
		s->mode = VT_STORE_WRITES;
	else
		flock(s->lock, LOCK_UN);
	return rc;
}

int
vt_store_group_begin(struct vt_store *s, struct vt_error *err)
{
	int rc = transaction_begin(s, err);

	s->group = rc == VT_OK;
	return rc;
}

int
vt_store_begin(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if (!s->group)
		return transaction_begin(s, err);
	if (s->part)
		return store_busy(err);
	s->part = true; /* it may write */
	if ((rc = vt_store_writes(s, err)) == VT_OK)
		rc = vt_store_exec(s, "SAVEPOINT part", err);
	s->part = rc == VT_OK;
	return rc;
}

int
vt_store_begin_read(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if (s->mode != VT_STORE_IDLE)
		return store_busy(err);
	if ((rc = vt_store_exec(s, "BEGIN", err)) == VT_OK)
		s->mode = VT_STORE_READS;
	return rc;
}

static int
transaction_commit(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if ((rc = vt_store_exec(s, "COMMIT", err)) != VT_OK) {
		vt_store_rollback(s);
		return rc;
	}
	s->mode = VT_STORE_IDLE;
	flock(s->lock, LOCK_UN);
	return VT_OK;
}

int
vt_store_commit(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	if (!s->group)
		return transaction_commit(s, err);
	if ((rc = vt_store_exec(s, "RELEASE part", err)) != VT_OK) {
		vt_store_rollback(s);
		return rc;
	}
	s->part = false;
	return VT_OK;
}

int
vt_store_group_commit(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if (!s->group || s->part)
		return vt_error_set(err, VT_EARG, NULL,
		    "no group of transactions is there to be ended");
	s->group = false;
	if ((rc = vt_store_writes(s, err)) != VT_OK) {
		vt_store_rollback(s);
		return rc;
	}
	return transaction_commit(s, err);
}

void
vt_store_rollback(struct vt_store *s)
{
	if (s->mode == VT_STORE_IDLE)
		return;
	if (s->part) {
		if (!sqlite3_get_autocommit(s->db))
			sqlite3_exec(s->db, "ROLLBACK TO part; RELEASE part",
			    NULL, NULL, NULL);
		s->part = false;
		return;
	}
	/* a full disk may have rolled back for us already */
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (s->mode == VT_STORE_WRITES)
		flock(s->lock, LOCK_UN);
	s->mode = VT_STORE_IDLE;
	s->group = false;
}

int
vt_store_writes(const struct vt_store *s, struct vt_error *err)
{
	/* a full disk may have undone it: nothing may be written in parts */
	if (s->mode == VT_STORE_WRITES && sqlite3_get_autocommit(s->db))
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: the register undid the transaction", s->path);
	if (s->mode == VT_STORE_WRITES && (!s->group || s->part))
		return VT_OK;
	return vt_error_set(err, VT_EARG, NULL,
	    "no transaction is open to write in");
}

int
vt_store_step_begin(struct vt_store *s, struct vt_error *err)
{
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	return vt_store_exec(s, "SAVEPOINT step", err);
}

int
vt_store_step_end(struct vt_store *s, int rc, struct vt_error *err)
{
	if (rc == VT_OK)
		return vt_store_exec(s, "RELEASE step", err);
	/* the first failure is the one to tell */
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK TO step; RELEASE step", NULL,
		    NULL, NULL);
	return rc;
}
