/* envelope_spool.c - an attachment of any size while it is looked at */
#include <unistd.h>

#include "envelope_int.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define MEMORY_MAX (1024 * 1024) /* most are smaller and need no file */

int
vt_edxml_spool_init(struct vt_spool *s, const char *dir, int given,
    struct vt_error *err)
{
	*s = (struct vt_spool){ .dir = dir, .given = given, .fd = -1 };
	vt_buf_init(&s->buf, MEMORY_MAX);
	return vt_sha256_new(&s->digest, err);
}

void
vt_edxml_spool_release(struct vt_spool *s)
{
	vt_buf_release(&s->buf);
	vt_sha256_free(s->digest);
	if (s->fd >= 0 && s->fd != s->given)
		close(s->fd);
	s->digest = NULL;
	s->fd = -1;
}

/* Where all goes that is too much for memory; of what was given, emptied. */
static int
open_file(struct vt_spool *s, struct vt_error *err)
{
	if (s->given < 0)
		return vt_file_nameless(s->dir, &s->fd, err);
	if (ftruncate(s->given, 0) != 0 || lseek(s->given, 0, SEEK_SET) != 0)
		return vt_error_io(err, "cannot write");
	s->fd = s->given;
	return VT_OK;
}

/* What was in memory until now, and is digested there no more. */
static int
to_file(struct vt_spool *s, struct vt_error *err)
{
	struct vt_bytes all = vt_buf_bytes(&s->buf);
	int rc;

	if ((rc = open_file(s, err)) == VT_OK &&
	    (rc = vt_fd_write(s->fd, all, err)) == VT_OK)
		rc = vt_sha256_update(s->digest, all, err);
	vt_buf_release(&s->buf);
	return rc;
}

int
vt_edxml_spool_put(void *spool, struct vt_bytes b, struct vt_error *err)
{
	struct vt_spool *s = spool;
	int rc;

	s->size += b.len;
	if (s->fd < 0 && !s->discard) {
		rc = vt_buf_bytes_put(&s->buf, b);
		if (rc != VT_ELIMIT)
			return rc == VT_OK ? VT_OK : (int)vt_error_nomem(err);
		if ((rc = to_file(s, err)) != VT_OK)
			return rc;
	}
	if ((rc = vt_sha256_update(s->digest, b, err)) != VT_OK || s->discard)
		return rc;
	rc = vt_fd_write(s->fd, b, err);
	if (rc == VT_OK && s->fd == s->given && s->stays)
		vt_fd_begin(s->fd, s->size, &s->begun);
	return rc;
}

int
vt_edxml_spool_end(struct vt_spool *s, struct vt_source **ret,
    struct vt_error *err)
{
	return s->fd >= 0 ? vt_source_borrow(s->fd, ret, err)
			  : vt_source_bytes(vt_buf_bytes(&s->buf), ret, err);
}

int
vt_edxml_spool_digest(struct vt_spool *s, struct vt_source *src,
    unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	return s->fd >= 0 || s->discard
		   ? vt_sha256_final(s->digest, sha256, err)
		   : vt_source_digest(src, sha256, err);
}
