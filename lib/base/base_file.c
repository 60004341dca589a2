/* base_file.c - whole files in, whole files out */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vanthu/error.h"
#include "vanthu/file.h"

#include "base_file_int.h"

#define READ_PIECE (64 * 1024)
#define BEGIN_EACH (8u << 20) /* bytes; a multiple of every page's size */

/* Gone by itself when it is closed or we are killed. */
static int
open_nameless(const char *dir)
{
	char *path;
	int fd;

	fd = open(dir, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	/* A file system that has none: a name for an instant. */
	if ((path = vt_path_join(dir, ".vanthu-XXXXXX")) == NULL)
		return -1;
	if ((fd = mkostemp(path, O_CLOEXEC)) >= 0)
		(void)unlink(path);
	free(path);
	return fd;
}

int
vt_file_nameless(const char *dir, int *ret_fd, struct vt_error *err)
{
	int fd = open_nameless(dir != NULL ? dir : "/var/tmp");

	if (fd < 0 && dir == NULL)
		fd = open_nameless("/tmp");
	if (fd < 0)
		return vt_error_io(err, "cannot make a temporary file");
	*ret_fd = fd;
	return VT_OK;
}

int
vt_fd_write(int fd, struct vt_bytes b, struct vt_error *err)
{
	ssize_t n;

	while (b.len > 0) {
		n = write(fd, b.data, b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vt_error_io(err, "cannot write");
		b = vt_bytes_slice(b, (size_t)n, b.len);
	}
	return VT_OK;
}

void
vt_fd_begin(int fd, uint64_t end, uint64_t *begun)
{
	end -= end % BEGIN_EACH;
	if (end <= *begun)
		return;
	(void)sync_file_range(fd, (off_t)*begun, (off_t)(end - *begun),
	    SYNC_FILE_RANGE_WRITE);
	*begun = end;
}

int
vt_fd_patch(int fd, uint64_t off, struct vt_bytes b, struct vt_error *err)
{
	ssize_t n;

	while (b.len > 0) {
		n = pwrite(fd, b.data, b.len, (off_t)off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vt_error_io(err, "cannot write");
		off += (uint64_t)n;
		b = vt_bytes_slice(b, (size_t)n, b.len);
	}
	return VT_OK;
}

int
vt_fd_read(int fd, void *buf, size_t len, size_t *ret_n, struct vt_error *err)
{
	unsigned char *p = buf;
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = read(fd, p + got, len - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vt_error_io(err, "cannot read");
		if (n == 0)
			break;
		got += (size_t)n;
	}
	*ret_n = got;
	return VT_OK;
}

/* Everything from FD; one byte more than the buffer may hold tells too long. */
static int
read_all(int fd, const char *path, struct vt_buf *buf, struct vt_error *err)
{
	unsigned char piece[READ_PIECE];
	size_t n;
	int rc;

	do {
		rc = vt_fd_read(fd, piece, sizeof(piece), &n, err);
		if (rc != VT_OK) {
			vt_error_prefix(err, path);
			return rc;
		}
		rc = vt_buf_put(buf, piece, n);
		if (rc == VT_ELIMIT)
			return vt_error_set(err, rc, NULL,
			    "%s is longer than %zu bytes", path, buf->max);
		if (rc != VT_OK)
			return vt_error_nomem(err);
	} while (n == sizeof(piece));
	return VT_OK;
}

int
vt_file_read(const char *path, size_t max, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_buf buf;
	struct stat st;
	int fd, rc;

	vt_buf_init(&buf, max);
	/* A fifo without a writer must not hold us up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0)
		rc = vt_error_io(err, "cannot open %s", path);
	else if (!S_ISREG(st.st_mode))
		rc = vt_error_set(err, VT_EIO, NULL, "%s is not a regular file",
		    path);
	else
		rc = read_all(fd, path, &buf, err);
	if (fd >= 0)
		close(fd);
	if (rc == VT_OK)
		*ret = buf;
	else
		vt_buf_release(&buf);
	return rc;
}

int
vt_folder_sync(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL ? 0 : -1;
}

int
vt_dir_sync(const char *path, struct vt_error *err)
{
	int fd, rc = VT_OK;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || vt_folder_sync(fd) != 0)
		rc =
		    vt_error_io(err, "cannot make the folder %s durable", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

char *
vt_path_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int
dir_make_one(const char *path, mode_t mode, struct vt_error *err)
{
	struct stat st;
	char *parent;
	int rc;

	if (mkdir(path, mode) != 0) {
		if (errno == EEXIST && stat(path, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				return VT_OK;
			errno = ENOTDIR;
		}
		return vt_error_io(err, "cannot make the folder %s", path);
	}
	if ((parent = vt_path_parent(path)) == NULL)
		return vt_error_nomem(err);
	rc = vt_dir_sync(parent, err);
	free(parent);
	return rc;
}

int
vt_dir_make(const char *path, mode_t mode, struct vt_error *err)
{
	char *copy = strdup(path), *p;
	size_t len;
	int rc = VT_OK;

	if (copy == NULL)
		return vt_error_nomem(err);
	for (len = strlen(copy); len > 1 && copy[len - 1] == '/'; len--)
		copy[len - 1] = '\0';
	for (p = copy; rc == VT_OK && *p != '\0'; p++) {
		if (*p != '/' || p == copy || p[-1] == '/')
			continue;
		*p = '\0';
		/* What is there may lie where we could make nothing. */
		if (access(copy, F_OK) != 0)
			rc = dir_make_one(copy, mode, err);
		*p = '/';
	}
	if (rc == VT_OK)
		rc = dir_make_one(copy, mode, err);
	free(copy);
	return rc;
}

char *
vt_path_join(const char *dir, const char *name)
{
	size_t dir_len = strlen(dir), name_len = strlen(name), size;
	bool slash = dir_len > 0 && dir[dir_len - 1] != '/';
	char *path;

	if (!vt_add(dir_len, name_len, &size) || !vt_add(size, 2, &size) ||
	    (path = malloc(size)) == NULL)
		return NULL;
	snprintf(path, size, "%s%s%s", dir, slash ? "/" : "", name);
	return path;
}

char *
vt_program_dir(void)
{
	char *path = realpath("/proc/self/exe", NULL);
	char *slash = path != NULL ? strrchr(path, '/') : NULL;

	if (slash != NULL)
		slash[slash == path] = '\0';
	return path;
}
