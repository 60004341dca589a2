/* envelope_spool.c - an attachment of any size while it is looked at */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "envelope_int.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define MEMORY_MAX (1024 * 1024) /* most are smaller and need no file */

/* Gone by itself when it is closed or we are killed. */
static int
open_unnamed(const char *dir)
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
vt_edxml_spool_file(const char *dir, int *ret_fd, struct vt_error *err)
{
	int fd;

	if (dir != NULL)
		fd = open_unnamed(dir);
	else if ((fd = open_unnamed("/var/tmp")) < 0)
		fd = open_unnamed("/tmp");
	if (fd < 0)
		return vt_error_io(err, "cannot make a temporary file");
	*ret_fd = fd;
	return VT_OK;
}

int
vt_edxml_spool_init(struct vt_spool *s, const char *dir, struct vt_error *err)
{
	*s = (struct vt_spool){ .dir = dir, .fd = -1 };
	vt_buf_init(&s->buf, MEMORY_MAX);
	return vt_sha256_new(&s->digest, err);
}

void
vt_edxml_spool_release(struct vt_spool *s)
{
	vt_buf_release(&s->buf);
	vt_sha256_free(s->digest);
	if (s->fd >= 0)
		close(s->fd);
	s->digest = NULL;
	s->fd = -1;
}

int
vt_edxml_spool_put(void *spool, struct vt_bytes b, struct vt_error *err)
{
	struct vt_spool *s = spool;
	int rc;

	if ((rc = vt_sha256_update(s->digest, b, err)) != VT_OK)
		return rc;
	s->size += b.len;
	if (s->fd < 0) {
		rc = vt_buf_bytes_put(&s->buf, b);
		if (rc == VT_OK)
			return VT_OK;
		if (rc != VT_ELIMIT)
			return vt_error_nomem(err);
		rc = vt_edxml_spool_file(s->dir, &s->fd, err);
		if (rc == VT_OK)
			rc = vt_fd_write(s->fd, vt_buf_bytes(&s->buf), err);
		vt_buf_release(&s->buf);
		if (rc != VT_OK)
			return rc;
	}
	return vt_fd_write(s->fd, b, err);
}

int
vt_edxml_spool_end(struct vt_spool *s, unsigned char sha256[VT_SHA256_LEN],
    struct vt_source **ret, struct vt_error *err)
{
	int rc;

	if ((rc = vt_sha256_final(s->digest, sha256, err)) != VT_OK)
		return rc;
	if (s->fd >= 0)
		return vt_source_fd(s->fd, ret, err);
	return vt_source_bytes(vt_buf_bytes(&s->buf), ret, err);
}
