/* objects.c - files by their SHA-256: put, get, check, list */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#include "objects_int.h"

#define NAME_LEN (2 * VT_SHA256_LEN + 1)

int
vt_objects_open(const char *dir, struct vt_objects **ret, struct vt_error *err)
{
	struct vt_objects *o;
	int rc;

	if ((rc = vt_dir_make(dir, 0777, err)) != VT_OK)
		return rc;
	if ((o = calloc(1, sizeof(*o))) == NULL ||
	    (o->dir = strdup(dir)) == NULL) {
		free(o);
		return vt_error_nomem(err);
	}
	*ret = o;
	return VT_OK;
}

void
vt_objects_free(struct vt_objects *o)
{
	if (o == NULL)
		return;
	vt_objects_scatter(o);
	free(o->dir);
	free(o);
}

/* "ab/cdef..." */
static void
object_name(const unsigned char *sha256, char name[NAME_LEN + 1])
{
	char hex[VT_SHA256_HEX];

	vt_hex(VT_BYTES(sha256, VT_SHA256_LEN), hex);
	snprintf(name, NAME_LEN + 1, "%.*s/%s", VT_OBJECTS_FOLDER, hex,
	    hex + VT_OBJECTS_FOLDER);
}

char *
vt_objects_path(struct vt_objects *o, const unsigned char sha256[VT_SHA256_LEN])
{
	char name[NAME_LEN + 1];

	object_name(sha256, name);
	return vt_path_join(o->dir, name);
}

/* The folder that holds the file PATH, for free(). */
static char *
folder_of(const char *path)
{
	return strndup(path, (size_t)(strrchr(path, '/') - path));
}

struct copy {
	struct vt_out *out;
	struct vt_sha256 *digest;
};

static int
copy_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct copy *c = ctx;
	int rc;

	if (c->digest != NULL &&
	    (rc = vt_sha256_update(c->digest, piece, err)) != VT_OK)
		return rc;
	return vt_out_write(c->out, piece, err);
}

static int
not_as_promised(struct vt_error *err)
{
	return vt_error_set(err, VT_EIO, NULL,
	    "the file changed while it was read");
}

/*
 * Write SRC to PATH.  What is written is digested, unless it is KNOWN to have
 * the digest SHA256.
 */
static int
object_write(struct vt_objects *o, const char *path, struct vt_source *src,
    const unsigned char *sha256, bool known, struct vt_error *err)
{
	struct copy c = { NULL, NULL };
	unsigned char written[VT_SHA256_LEN];
	int rc;

	if ((rc = vt_out_open(path, &c.out, err)) != VT_OK ||
	    (!known && (rc = vt_sha256_new(&c.digest, err)) != VT_OK) ||
	    (rc = vt_source_stream(src, 0, vt_source_size(src), copy_piece, &c,
		 err)) != VT_OK ||
	    (!known && (rc = vt_sha256_final(c.digest, written, err)) != VT_OK))
		goto out;
	if (!known && memcmp(written, sha256, VT_SHA256_LEN) != 0) {
		rc = not_as_promised(err);
		goto out;
	}
	rc = o->gathering
		 ? vt_objects_gather_one(o, c.out, SIZE_MAX, sha256, err)
		 : vt_out_commit(c.out, err);
	c.out = NULL;
out:
	vt_sha256_free(c.digest);
	vt_out_abort(c.out);
	return rc;
}

/*
 * The object that is there must be what its name says: a damaged one would be
 * taken for kept.  Whoever wrote it may have been killed before its folder was
 * synced, so that is done again.
 */
int
vt_objects_confirm(struct vt_objects *o, const unsigned char *sha256,
    const char *path, struct vt_error *err)
{
	enum vt_object_fact fact;
	char *folder;
	int rc;

	if ((rc = vt_objects_check(o, sha256, &fact, err)) != VT_OK)
		return rc;
	if (fact != VT_OBJECT_GOOD)
		return vt_error_set(err, VT_EIO, NULL,
		    "the object %s is damaged", path);
	/* It is wanted again, as of now; see vt_objects_fresh(). */
	(void)utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW);
	if ((folder = folder_of(path)) == NULL)
		return vt_error_nomem(err);
	rc = vt_dir_sync(folder, err);
	free(folder);
	return rc;
}

static int
put(struct vt_objects *o, struct vt_source *src, const unsigned char *sha256,
    bool known, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char *path = NULL, *folder = NULL;
	struct vt_out *out;
	size_t order;
	int rc;

	if (vt_objects_gathered(o, sha256))
		return VT_OK;
	if ((path = vt_objects_path(o, sha256)) == NULL ||
	    (folder = folder_of(path)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	/* one that is made here is synced when what is in it is settled */
	if (o->gathering && mkdir(folder, 0777) == 0)
		o->made = true;
	else if ((rc = vt_dir_make(folder, 0777, err)) != VT_OK)
		goto out;
	out = vt_objects_ahead_take(o->ahead, sha256, path, &order);
	rc = out != NULL ? vt_objects_gather_one(o, out, order, sha256, &why)
			 : object_write(o, path, src, sha256, known, &why);
	if (rc == VT_EEXISTS)
		rc = vt_objects_confirm(o, sha256, path, err);
	else if (rc != VT_OK && err != NULL && err->code == VT_OK)
		*err = why;
out:
	free(path);
	free(folder);
	return rc;
}

int
vt_objects_put_as(struct vt_objects *o, struct vt_source *src,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	int rc;

	if (vt_source_descriptor(src) >= 0)
		return put(o, src, sha256, false, err);
	if ((rc = vt_source_digest(src, digest, err)) != VT_OK)
		return rc;
	if (memcmp(digest, sha256, VT_SHA256_LEN) != 0)
		return not_as_promised(err);
	return put(o, src, sha256, true, err);
}

int
vt_objects_put(struct vt_objects *o, struct vt_source *src,
    unsigned char sha256[VT_SHA256_LEN], uint64_t *ret_size,
    struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	/* What is read where it lies may change until it is written. */
	bool known = vt_source_descriptor(src) < 0;
	int rc;

	if ((rc = vt_source_digest(src, digest, err)) != VT_OK ||
	    (rc = put(o, src, digest, known, err)) != VT_OK)
		return rc;
	memcpy(sha256, digest, VT_SHA256_LEN);
	if (ret_size != NULL)
		*ret_size = vt_source_size(src);
	return VT_OK;
}

int
vt_objects_get(struct vt_objects *o, const unsigned char sha256[VT_SHA256_LEN],
    struct vt_source **ret, struct vt_error *err)
{
	char *path = vt_objects_path(o, sha256);
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	if (vt_objects_gathered(o, sha256) &&
	    (rc = vt_objects_settle(o, err)) != VT_OK)
		;
	else if (!vt_objects_has(o, sha256))
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the object %s is missing", path);
	else
		rc = vt_source_open(path, ret, err);
	free(path);
	return rc;
}

/* 0 where PATH is a regular file, else an errno. */
static int
regular(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno;
	return S_ISREG(st.st_mode) ? 0 : EINVAL;
}

bool
vt_objects_has(struct vt_objects *o, const unsigned char sha256[VT_SHA256_LEN])
{
	char *path = vt_objects_path(o, sha256);
	bool has = vt_objects_gathered(o, sha256) ||
		   (path != NULL && regular(path) == 0);

	free(path);
	return has;
}

bool
vt_objects_fresh(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], int64_t seconds)
{
	char *path = vt_objects_path(o, sha256);
	struct stat st;
	bool fresh = path == NULL || (lstat(path, &st) == 0 &&
					 st.st_mtime > vt_time_now() - seconds);

	free(path);
	return fresh;
}

int
vt_objects_check(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], enum vt_object_fact *ret,
    struct vt_error *err)
{
	unsigned char found[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	char *path = vt_objects_path(o, sha256);
	int rc = VT_OK, number;

	if (path == NULL)
		return vt_error_nomem(err);
	number = regular(path);
	if (number == ENOENT || number == ENOTDIR)
		*ret = VT_OBJECT_MISSING;
	else if (number == EINVAL)
		*ret = VT_OBJECT_CHANGED;
	else if ((rc = vt_source_open(path, &src, err)) == VT_OK &&
		 (rc = vt_sha256_source(src, found, err)) == VT_OK)
		*ret = memcmp(found, sha256, VT_SHA256_LEN) == 0
			   ? VT_OBJECT_GOOD
			   : VT_OBJECT_CHANGED;
	vt_source_free(src);
	free(path);
	return rc;
}

int
vt_objects_drop(struct vt_objects *o, const unsigned char sha256[VT_SHA256_LEN],
    struct vt_error *err)
{
	char *path = vt_objects_path(o, sha256), *folder = NULL;
	int rc = VT_OK;

	if (path == NULL || (folder = folder_of(path)) == NULL)
		rc = vt_error_nomem(err);
	else if (unlink(path) == 0)
		rc = vt_dir_sync(folder, err);
	else if (errno != ENOENT)
		rc = vt_error_io(err, "cannot remove %s", path);
	free(path);
	free(folder);
	return rc;
}
