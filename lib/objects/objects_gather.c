/* objects_gather.c - many objects made durable with few waits for the disk */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"

#include "objects_int.h"

bool
vt_objects_gathered(const struct vt_objects *o, const unsigned char *sha256)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (memcmp(o->digests[i], sha256, VT_SHA256_LEN) == 0)
			return true;
	return false;
}

void
vt_objects_gather(struct vt_objects *o, struct vt_objects_ahead *ahead)
{
	o->gathering = true;
	o->ahead = ahead;
}

/* Somebody else put the same meanwhile. */
static int
confirm(struct vt_objects *o, const unsigned char *sha256, struct vt_error *err)
{
	char *path = vt_objects_path(o, sha256);
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_objects_confirm(o, sha256, path, err);
	free(path);
	return rc;
}

/* Whoever asked for what is lost was told that it is kept: no later one is. */
static int
commit(struct vt_objects *o, struct vt_error *err)
{
	int rcs[VT_OBJECTS_GATHERED] = { 0 };
	size_t i, n = o->n;
	int rc;

	if (o->lost)
		return vt_error_set(err, VT_EIO, NULL,
		    "%s: what was to be kept before is lost", o->dir);
	o->n = 0;
	rc = n > 0 ? vt_out_commit_all(o->outs, n, rcs, err) : VT_OK;
	for (i = 0; i < n && rc == VT_OK; i++)
		if (rcs[i] == VT_EEXISTS)
			rc = confirm(o, o->digests[i], err);
	if (rc == VT_OK && o->made && (rc = vt_dir_sync(o->dir, err)) == VT_OK)
		o->made = false;
	o->lost = rc != VT_OK;
	return rc;
}

/* The first to be opened stands first, for vt_out_commit_all(). */
int
vt_objects_gather_one(struct vt_objects *o, struct vt_out *out, size_t order,
    const unsigned char *sha256, struct vt_error *err)
{
	size_t at;
	int rc;

	if (o->n == VT_OBJECTS_GATHERED && (rc = commit(o, err)) != VT_OK) {
		vt_out_abort(out);
		return rc;
	}
	at = o->n++;
	if (at == 0 || order < o->first) {
		o->outs[at] = o->outs[0];
		memcpy(o->digests[at], o->digests[0], VT_SHA256_LEN);
		o->first = order;
		at = 0;
	}
	o->outs[at] = out;
	memcpy(o->digests[at], sha256, VT_SHA256_LEN);
	return VT_OK;
}

int
vt_objects_settle(struct vt_objects *o, struct vt_error *err)
{
	return commit(o, err);
}

void
vt_objects_scatter(struct vt_objects *o)
{
	while (o->n > 0)
		vt_out_abort(o->outs[--o->n]);
	o->gathering = o->lost = false;
	o->ahead = NULL;
}
