/* base_out.c - a file that is there whole, under its name, or not at all */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#include "base_file_int.h"

#define TMP_RANDOM ((VT_OUT_TMP - sizeof(".vanthu-")) / 2) /* bytes */
#define COPY_PIECE (64u * 1024)
#define TMP_TRIES 8
#define FD_PATH 64 /* room for "/proc/self/fd/N" */

void
vt_out_abort(struct vt_out *out)
{
	if (out == NULL)
		return;
	if (out->tmp[0] != '\0')
		unlinkat(out->dir, out->tmp, 0);
	if (out->fd >= 0)
		close(out->fd);
	if (out->dir >= 0)
		close(out->dir);
	free(out->path);
	free(out);
}

static int
out_open_tmp(struct vt_out *out, mode_t mode)
{
	unsigned char random[TMP_RANDOM];
	char hex[2 * TMP_RANDOM + 1];
	int i;

	for (i = 0; i < TMP_TRIES; i++) {
		if (getrandom(random, sizeof(random), 0) !=
		    (ssize_t)sizeof(random))
			return -1;
		vt_hex(VT_BYTES(random, sizeof(random)), hex);
		snprintf(out->tmp, sizeof(out->tmp), ".vanthu-%s", hex);
		out->fd = openat(out->dir, out->tmp,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (out->fd >= 0)
			return 0;
		out->tmp[0] = '\0'; /* not ours to remove */
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

static const char *
fd_path(int fd, char path[FD_PATH])
{
	snprintf(path, FD_PATH, "/proc/self/fd/%d", fd);
	return path;
}

/*
 * A file without a name is gone by itself when we are killed.  Without /proc
 * it could not be given its name, so there it gets a temporary one.
 */
static int
out_open_fd(struct vt_out *out, bool unnamed)
{
	char path[FD_PATH];

	if (unnamed) {
		out->fd =
		    openat(out->dir, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0666);
		if (out->fd >= 0 && access(fd_path(out->fd, path), F_OK) == 0)
			return 0;
		if (out->fd >= 0)
			close(out->fd);
		out->fd = -1;
	}
	return out_open_tmp(out, 0666);
}

static int
out_new(const char *path, bool replace, struct vt_out **ret,
    struct vt_error *err)
{
	struct vt_out *out = calloc(1, sizeof(*out));
	char *dir = NULL;
	struct stat st;
	int rc = VT_OK;

	if (out == NULL)
		return vt_error_nomem(err);
	out->fd = out->dir = -1;
	out->path = strdup(path);
	dir = vt_path_parent(path);
	if (out->path == NULL || dir == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	out->name = strrchr(out->path, '/');
	out->name = out->name != NULL ? out->name + 1 : out->path;
	if (out->name[0] == '\0') {
		rc = vt_error_set(err, VT_EIO, NULL, "%s is not a file name",
		    path[0] != '\0' ? path : "\"\"");
		goto out;
	}
	out->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->dir < 0) {
		rc = vt_error_io(err, "cannot write into the folder %s", dir);
		goto out;
	}
	/* Told now, not after the work; vt_out_commit() has the last word. */
	if (!replace &&
	    fstatat(out->dir, out->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s exists already and is not overwritten", path);
	else if (out_open_fd(out, !replace) != 0)
		rc = vt_error_io(err, "cannot make %s", path);
out:
	free(dir);
	if (rc == VT_OK)
		*ret = out;
	else
		vt_out_abort(out);
	return rc;
}

int
vt_out_open(const char *path, struct vt_out **ret, struct vt_error *err)
{
	return out_new(path, false, ret, err);
}

int
vt_out_open_in(const char *dir, struct vt_out **ret, struct vt_error *err)
{
	struct vt_out *out = calloc(1, sizeof(*out));
	int rc = VT_OK;

	if (out == NULL)
		return vt_error_nomem(err);
	out->fd = -1;
	out->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	out->path = strdup(dir);
	if (out->path == NULL)
		rc = vt_error_nomem(err);
	else if (out->dir < 0)
		rc = vt_error_io(err, "cannot write into the folder %s", dir);
	else if (out_open_fd(out, true) != 0)
		rc = vt_error_io(err, "cannot make %s", dir);
	if (rc == VT_OK)
		*ret = out;
	else
		vt_out_abort(out);
	return rc;
}

int
vt_out_rename(struct vt_out *out, const char *path, struct vt_error *err)
{
	char *copy = strdup(path);

	if (copy == NULL)
		return vt_error_nomem(err);
	free(out->path);
	out->path = copy;
	out->name = strrchr(copy, '/');
	out->name = out->name != NULL ? out->name + 1 : copy;
	return VT_OK;
}

bool
vt_out_nameless(const struct vt_out *out)
{
	return out->tmp[0] == '\0';
}

int
vt_out_move(struct vt_out *out, const char *path, struct vt_error *err)
{
	char *folder;
	int dir, rc;

	if ((folder = vt_path_parent(path)) == NULL)
		return vt_error_nomem(err);
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		rc =
		    vt_error_io(err, "cannot write into the folder %s", folder);
	else
		rc = vt_out_rename(out, path, err);
	free(folder);
	if (rc != VT_OK) {
		if (dir >= 0)
			close(dir);
		return rc;
	}
	close(out->dir);
	out->dir = dir;
	return VT_OK;
}

int
vt_out_fd(const struct vt_out *out)
{
	return out->fd;
}

/* Whoever holds the descriptor may have moved it: we write at the end. */
int
vt_out_write(struct vt_out *out, struct vt_bytes b, struct vt_error *err)
{
	struct vt_error why = { 0 };
	off_t at;
	int rc;

	if ((at = lseek(out->fd, 0, SEEK_END)) < 0)
		return vt_error_io(err, "cannot write %s", out->path);
	rc = vt_fd_write(out->fd, b, &why);
	if (rc != VT_OK)
		vt_error_io(err, "cannot write %s", out->path);
	else
		vt_fd_begin(out->fd, (uint64_t)at + b.len, &out->begun);
	return rc;
}

static int
source_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_out_write(ctx, piece, err);
}

int
vt_out_source(struct vt_out *out, struct vt_source *src, struct vt_error *err)
{
	int rc = vt_source_stream(src, 0, vt_source_size(src), source_piece,
	    out, err);

	return rc == VT_OK ? vt_source_unchanged(src, err) : rc;
}

int
vt_out_patch(struct vt_out *out, uint64_t off, struct vt_bytes b,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct stat st;
	int rc;

	if (fstat(out->fd, &st) != 0)
		return vt_error_io(err, "cannot write %s", out->path);
	if (off > (uint64_t)st.st_size || b.len > (uint64_t)st.st_size - off)
		return vt_error_set(err, VT_EARG, NULL,
		    "bytes that were not written cannot be replaced");
	rc = vt_fd_patch(out->fd, off, b, &why);
	if (rc != VT_OK)
		vt_error_io(err, "cannot write %s", out->path);
	return rc;
}

int
vt_out_copy(struct vt_out *out, int fd, struct vt_error *err)
{
	unsigned char piece[COPY_PIECE];
	size_t n;
	int rc;

	if (lseek(out->fd, 0, SEEK_SET) < 0)
		return vt_error_io(err, "cannot read what was written");
	do {
		if ((rc = vt_fd_read(out->fd, piece, sizeof(piece), &n, err)) !=
			VT_OK ||
		    (rc = vt_fd_write(fd, VT_BYTES(piece, n), err)) != VT_OK)
			return rc;
	} while (n == sizeof(piece));
	return VT_OK;
}

int
vt_out_empty(struct vt_out *out, struct vt_error *err)
{
	out->begun = 0;
	return ftruncate(out->fd, 0) == 0
		   ? VT_OK
		   : (int)vt_error_io(err, "cannot write %s", out->path);
}

void
vt_out_begin(struct vt_out *out)
{
	(void)sync_file_range(out->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int
vt_out_name(struct vt_out *out)
{
	char path[FD_PATH];

	if (out->tmp[0] == '\0')
		return linkat(AT_FDCWD, fd_path(out->fd, path), out->dir,
		    out->name, AT_SYMLINK_FOLLOW);
	if (renameat2(out->dir, out->tmp, out->dir, out->name,
		RENAME_NOREPLACE) == 0) {
		out->tmp[0] = '\0';
		return 0;
	}
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return linkat(out->dir, out->tmp, out->dir, out->name, 0);
}

static int
out_commit(struct vt_out *out, bool folder, struct vt_error *err)
{
	int rc = VT_OK;

	if (out->name == NULL)
		rc = vt_error_set(err, VT_EARG, NULL, "%s is not a file name",
		    out->path);
	else if (fsync(out->fd) != 0)
		rc = vt_error_io(err, "cannot write %s", out->path);
	else if (vt_out_name(out) != 0)
		rc = errno == EEXIST
			 ? vt_error_set(err, VT_EEXISTS, NULL,
			       "%s exists already and is not overwritten",
			       out->path)
			 : vt_error_io(err, "cannot make %s", out->path);
	else if (folder && vt_folder_sync(out->dir) != 0) {
		rc = vt_error_io(err, "cannot make %s durable", out->path);
		unlinkat(out->dir, out->name, 0);
	}
	vt_out_abort(out);
	return rc;
}

int
vt_out_commit(struct vt_out *out, struct vt_error *err)
{
	return out_commit(out, true, err);
}

int
vt_out_commit_name(struct vt_out *out, struct vt_error *err)
{
	return out_commit(out, false, err);
}

int
vt_file_write(const char *path, struct vt_bytes b, struct vt_error *err)
{
	struct vt_out *out;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_out_write(out, b, err)) == VT_OK)
		return vt_out_commit(out, err);
	vt_out_abort(out);
	return rc;
}

/* Give the new file the permissions of the old one, and its name. */
static int
out_replace(struct vt_out *out)
{
	struct stat st;

	if (fstatat(out->dir, out->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (!S_ISREG(st.st_mode)) {
			errno = EEXIST;
			return -1;
		}
		if (fchmod(out->fd, st.st_mode & 07777) != 0)
			return -1;
	}
	if (fsync(out->fd) != 0)
		return -1;
	if (renameat(out->dir, out->tmp, out->dir, out->name) != 0)
		return -1;
	out->tmp[0] = '\0';
	return vt_folder_sync(out->dir);
}

int
vt_file_replace(const char *path, struct vt_bytes b, struct vt_error *err)
{
	struct vt_out *out;
	int rc;

	if ((rc = out_new(path, true, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_out_write(out, b, err)) == VT_OK && out_replace(out) != 0)
		rc = vt_error_io(err, "cannot replace %s", path);
	vt_out_abort(out);
	return rc;
}
