/* objects_ahead.c - what is probably put soon is on its way to the disk */
#include <sys/resource.h>

#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"

#include "objects_int.h"

/* Two descriptors each, and there may be two sets: half of what we may have. */
#define FILES_EACH 8

struct vt_objects_ahead {
	size_t n, most;
	struct vt_out *outs[VT_OBJECTS_GATHERED]; /* NULL: it was put */
	unsigned char digests[VT_OBJECTS_GATHERED][VT_SHA256_LEN];
};

struct vt_objects_ahead *
vt_objects_ahead_new(void)
{
	struct vt_objects_ahead *a = calloc(1, sizeof(*a));
	struct rlimit files;

	if (a == NULL)
		return NULL;
	a->most = VT_OBJECTS_GATHERED;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur / FILES_EACH < a->most)
		a->most = (size_t)files.rlim_cur / FILES_EACH;
	return a;
}

void
vt_objects_ahead_free(struct vt_objects_ahead *a)
{
	size_t i;

	for (i = 0; a != NULL && i < a->n; i++)
		vt_out_abort(a->outs[i]);
	free(a);
}

/* A->n: it is not there. */
static size_t
find(const struct vt_objects_ahead *a, const unsigned char *sha256)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->outs[i] != NULL &&
		    memcmp(a->digests[i], sha256, VT_SHA256_LEN) == 0)
			break;
	return i;
}

void
vt_objects_ahead_add(struct vt_objects_ahead *a, struct vt_objects *o,
    struct vt_source *src)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_out *out = NULL;

	/* What is read where it lies may change until it is put. */
	if (a == NULL || a->n == a->most || vt_source_descriptor(src) >= 0 ||
	    vt_source_digest(src, sha256, NULL) != VT_OK ||
	    find(a, sha256) < a->n || vt_objects_has(o, sha256) ||
	    vt_out_open_in(o->dir, &out, NULL) != VT_OK)
		return;
	if (!vt_out_nameless(out) || vt_out_source(out, src, NULL) != VT_OK) {
		vt_out_abort(out);
		return;
	}
	vt_out_begin(out);
	memcpy(a->digests[a->n], sha256, VT_SHA256_LEN);
	a->outs[a->n++] = out;
}

struct vt_out *
vt_objects_ahead_take(struct vt_objects_ahead *a, const unsigned char *sha256,
    const char *path, size_t *ret_order)
{
	size_t i = a != NULL ? find(a, sha256) : 0;
	struct vt_out *out;

	if (a == NULL || i == a->n)
		return NULL;
	out = a->outs[i];
	a->outs[i] = NULL;
	if (vt_out_move(out, path, NULL) != VT_OK) {
		vt_out_abort(out);
		return NULL;
	}
	*ret_order = i;
	return out;
}
