/* transport_spool_offer.c - messages of ours go into another's folder */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "transport_int.h"
#include "transport_spool_int.h"
#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define OFFER_TRIES 8 /* times that a name may come and go under us */

struct comparison {
	struct vt_source *other;
	uint64_t off;
	bool same;
};

static int
compare_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct comparison *c = ctx;
	struct vt_bytes other;
	int rc;

	rc = vt_source_view(c->other, c->off, piece.len, &other, err);
	if (rc != VT_OK)
		return rc;
	if (!vt_bytes_equal(piece, other))
		c->same = false;
	c->off += piece.len;
	return VT_OK;
}

/*
 * Does the file NAME in FOLDER hold the bytes of CONTENT?  VT_ENOTFOUND: it is
 * gone by now.
 */
static int
compare(int folder, const char *name, struct vt_source *content, bool *ret,
    struct vt_error *err)
{
	struct comparison c = { NULL, 0, false };
	struct stat st;
	int fd, rc = VT_OK;

	fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return VT_ENOTFOUND;
	if (fd == -1 || fstat(fd, &st) == -1) {
		rc = vt_error_io(err, "cannot read %s", name);
		goto out;
	}
	if (!S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != vt_source_size(content))
		goto out;
	if ((rc = vt_source_fd(fd, &c.other, err)) != VT_OK)
		goto out;
	c.same = vt_source_size(c.other) == vt_source_size(content);
	if (c.same)
		rc = vt_source_stream(content, 0, vt_source_size(content),
		    compare_piece, &c, err);
out:
	if (rc == VT_OK)
		*ret = c.same;
	vt_source_free(c.other);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* CONTENT as what is to become the file PATH. */
static int
write_out(const char *path, struct vt_source *content, struct vt_out **ret,
    struct vt_error *err)
{
	struct vt_out *out = NULL;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	if ((rc = vt_out_source(out, content, err)) == VT_OK)
		*ret = out;
	else
		vt_out_abort(out);
	return rc;
}

/* Write CONTENT to PATH; VT_EEXISTS, with no error set: the name is taken. */
static int
write_whole(const char *path, struct vt_source *content, struct vt_error *err)
{
	struct vt_error local = { 0 };
	struct vt_out *out = NULL;
	int rc;

	rc = write_out(path, content, &out, &local);
	if (rc == VT_OK)
		rc = vt_out_commit(out, &local);
	if (rc != VT_OK && rc != VT_EEXISTS && err != NULL &&
	    err->code == VT_OK)
		*err = local;
	return rc;
}

/* Where a message gets its name. */
struct place {
	char file[VT_TRANSPORT_NAME_MAX + sizeof(TRANSPORT_SUFFIX)];
	char *path; /* with its folder */
	int fd;     /* of that */
};

static int
place_open(struct place *p, const struct vt_spool *s, const char *to,
    const char *name, struct vt_error *err)
{
	char *dir = vt_path_join(s->dir, to);
	int rc;

	p->fd = -1;
	snprintf(p->file, sizeof(p->file), "%s" TRANSPORT_SUFFIX, name);
	p->path = dir != NULL ? vt_path_join(dir, p->file) : NULL;
	rc = p->path != NULL ? vt_spool_folder(dir, &p->fd, err)
			     : (int)vt_error_nomem(err);
	free(dir);
	return rc;
}

static void
place_close(struct place *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->path);
}

int
vt_spool_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	struct place p;
	int i, rc;
	bool same = false;

	(void)class;
	if ((rc = place_open(&p, state, to, name, err)) != VT_OK)
		goto out;
	rc = VT_EEXISTS;
	for (i = 0; i < OFFER_TRIES; i++) {
		rc = compare(p.fd, p.file, content, &same, err);
		if (rc == VT_ENOTFOUND)
			rc = write_whole(p.path, content, err);
		else if (rc == VT_OK && !same)
			rc = vt_error_set(err, VT_EEXISTS, NULL,
			    "%s is there with other content", p.path);
		if (rc != VT_EEXISTS || (err != NULL && err->code != VT_OK))
			break;
	}
	if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL, "%s is there with other content",
		    p.path);
out:
	place_close(&p);
	return rc;
}

int
vt_spool_gather(void *state, const char *to, const char *name,
    struct vt_source *content, struct vt_error *err)
{
	struct vt_spool *s = state;
	struct place p;
	bool same = false;
	int rc;

	if (s->n == VT_TRANSPORT_GATHER_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d messages at once", VT_TRANSPORT_GATHER_MAX);
	if ((rc = place_open(&p, s, to, name, err)) != VT_OK)
		goto out;
	rc = compare(p.fd, p.file, content, &same, err);
	if (rc == VT_ENOTFOUND &&
	    (rc = write_out(p.path, content, &s->gathered[s->n], err)) == VT_OK)
		s->n++;
	else if (rc == VT_OK) /* durable it may not be, to be offered alone */
		rc = vt_error_set(err, VT_EEXISTS, NULL, "%s is there already",
		    p.path);
out:
	place_close(&p);
	return rc;
}

int
vt_spool_hand_over(void *state, struct vt_error *err)
{
	struct vt_spool *s = state;
	int rcs[VT_TRANSPORT_GATHER_MAX] = { 0 }, rc;
	size_t i, n = s->n;

	s->n = 0;
	rc = n > 0 ? vt_out_commit_all(s->gathered, n, rcs, err) : VT_OK;
	for (i = 0; i < n && rc == VT_OK; i++)
		if (rcs[i] != VT_OK)
			rc = vt_error_set(err, (enum vt_code)rcs[i], NULL,
			    "the name of a message was taken meanwhile");
	return rc;
}
