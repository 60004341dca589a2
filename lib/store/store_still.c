/*
 * store_still.c - a register where nobody can write: a medium, a copy
 *
 * In WAL mode a reader, too, makes files beside the database.  Where it can
 * not, the database alone is read, as one that does not change: SQLite then
 * looks neither for a log nor for a lock.  So both are looked for here, before
 * it is opened and after each statement.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

#include "store_int.h"

/* The log holds what was committed and is not in the file yet. */
static bool
has_log(const char *path)
{
	struct stat st;
	char *log;
	bool has;

	if (asprintf(&log, "%s-wal", path) < 0)
		return true;
	has = stat(log, &st) == 0 ? st.st_size > 0 : errno != ENOENT;
	free(log);
	return has;
}

/* Can nothing be made beside PATH, by us? */
static bool
is_closed(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash != NULL ? strndup(path, (size_t)(slash - path) + 1)
				  : strdup(".");
	bool closed = dir != NULL &&
		      faccessat(AT_FDCWD, dir, W_OK, AT_EACCESS) != 0 &&
		      (errno == EACCES || errno == EROFS || errno == EPERM);

	free(dir);
	return closed;
}

bool
vt_store_still_needed(const char *path, int sqlite_rc)
{
	sqlite_rc &= 0xff;
	return (sqlite_rc == SQLITE_CANTOPEN || sqlite_rc == SQLITE_READONLY) &&
	       is_closed(path);
}

/* PATH as a URI whose query says that it does not change; for free(). */
static char *
still_uri(const char *path)
{
	struct vt_buf uri;
	const char *p;

	vt_buf_init(&uri, 3 * strlen(path) + 64);
	(void)vt_buf_puts(&uri, path[0] == '/' ? "file://" : "file:");
	for (p = path; *p != '\0'; p++)
		if (strchr("?#%", *p) != NULL)
			(void)vt_buf_printf(&uri, "%%%02X", (unsigned)*p);
		else
			(void)vt_buf_putc(&uri, *p);
	if (vt_buf_puts(&uri, "?immutable=1") != VT_OK) {
		vt_buf_release(&uri);
		return NULL;
	}
	return (char *)vt_buf_take(&uri, NULL);
}

int
vt_store_still_open(struct vt_store *s, struct vt_error *err)
{
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	char *uri;
	int rc;

	if (stat(s->path, &s->was) != 0)
		return vt_error_io(err, "cannot read %s", s->path);
	if (has_log(s->path))
		return vt_error_set(err, VT_EIO, NULL,
		    "%s cannot be read where nothing can be written: a part of "
		    "it is in %s-wal; copy the office's folder to where you "
		    "may "
		    "write, and say --home",
		    s->path, s->path);
	if ((uri = still_uri(s->path)) == NULL)
		return vt_error_nomem(err);
	s->still = true;
	rc = sqlite3_open_v2(uri, &s->db, flags, NULL);
	free(uri);
	return rc == SQLITE_OK ? VT_OK : vt_store_error(rc, s->path, err);
}

int
vt_store_still(const struct vt_store *s, struct vt_error *err)
{
	struct stat st;

	if (!s->still)
		return VT_OK;
	if (stat(s->path, &st) == 0 && !has_log(s->path) &&
	    st.st_dev == s->was.st_dev && st.st_ino == s->was.st_ino &&
	    st.st_size == s->was.st_size &&
	    st.st_mtim.tv_sec == s->was.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == s->was.st_mtim.tv_nsec &&
	    st.st_ctim.tv_sec == s->was.st_ctim.tv_sec &&
	    st.st_ctim.tv_nsec == s->was.st_ctim.tv_nsec)
		return VT_OK;
	return vt_error_set(err, VT_EIO, NULL,
	    "%s: another program wrote to the register while it was read",
	    s->path);
}
