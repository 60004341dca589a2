/* objects_int.h - inside objects */
#ifndef VANTHU_OBJECTS_INT_H
#define VANTHU_OBJECTS_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "vanthu/digest.h" /* VT_SHA256_LEN */

#define VT_OBJECTS_FOLDER 2 /* digits that name the folder: "ab/cdef..." */
#define VT_OBJECTS_GATHERED 128

struct vt_error;
struct vt_out;

struct vt_objects {
	char *dir;
	/* Objects without a name yet, between _gather and _settle. */
	bool gathering;
	struct vt_objects_ahead *ahead; /* borrowed; or NULL */
	bool made;                      /* a folder that is not synced in DIR */
	bool lost; /* something that was gathered could not be settled */
	size_t n;
	size_t first; /* of OUTS[0]: see vt_objects_gather_one() */
	struct vt_out *outs[VT_OBJECTS_GATHERED];
	unsigned char digests[VT_OBJECTS_GATHERED][VT_SHA256_LEN];
};

/* objects.c: the object that is there is what its name says, and durable. */
int vt_objects_confirm(struct vt_objects *o, const unsigned char *sha256,
    const char *path, struct vt_error *err);

/* objects_gather.c: is it among them? */
bool vt_objects_gathered(const struct vt_objects *o,
    const unsigned char *sha256);
/*
 * OUT, written and not named, becomes one; settles them first where full.
 * ORDER: what has a lower one was opened before, without one (SIZE_MAX) behind
 * all that have.
 */
int vt_objects_gather_one(struct vt_objects *o, struct vt_out *out,
    size_t order, const unsigned char *sha256, struct vt_error *err);

/*
 * objects_ahead.c: the file that was written ahead as what is to become PATH,
 * and its order; NULL: there is none.
 */
struct vt_out *vt_objects_ahead_take(struct vt_objects_ahead *a,
    const unsigned char *sha256, const char *path, size_t *ret_order);

#endif
