/* objects.h - files by their SHA-256: objects/ab/cdef... */
#ifndef VANTHU_OBJECTS_H
#define VANTHU_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "vanthu/digest.h" /* VT_SHA256_LEN */

struct vt_error;
struct vt_source;

/*
 * A folder of files that are never changed, only added.  What a digest names
 * is on disk, synced, with its folder, when vt_objects_put() returns; a killed
 * one leaves nothing that has an object's name.  Safe for any number of
 * processes at once.
 */
struct vt_objects;
struct vt_objects_ahead;

/* DIR is made where it is missing.  VT_EIO; VT_ENOMEM. */
int vt_objects_open(const char *dir, struct vt_objects **ret,
    struct vt_error *err);
void vt_objects_free(struct vt_objects *o); /* NULL is allowed */

/*
 * Keep SRC.  Writes its digest to SHA256 and its size to *RET_SIZE (NULL is
 * allowed).  Kept already is as good.  VT_EIO: also where SRC changed while it
 * was read, or the object that is there is damaged.
 */
int vt_objects_put(struct vt_objects *o, struct vt_source *src,
    unsigned char sha256[VT_SHA256_LEN], uint64_t *ret_size,
    struct vt_error *err);

/*
 * The same of a source that has the digest SHA256 already: a file is digested
 * once, as it is written; what is in memory where it was not yet.  VT_EIO: it
 * has another.
 */
int vt_objects_put_as(struct vt_objects *o, struct vt_source *src,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);

/*
 * From _gather on what is put is written, and durable only once _settle has
 * returned VT_OK; where that fails, which of it is kept is not known.  What is
 * read here counts as kept.  Much of it is settled on the way, also by _put and
 * _get; where that failed, every later _settle fails.  _scatter ends it: what
 * was not settled is gone.  What is in AHEAD (or NULL), which stays the
 * caller's and is there until then, is not written again.
 */
void vt_objects_gather(struct vt_objects *o, struct vt_objects_ahead *ahead);
int vt_objects_settle(struct vt_objects *o, struct vt_error *err);
void vt_objects_scatter(struct vt_objects *o);

/*
 * What is probably put soon: in memory, so that it is the same by then.  It is
 * written without a name, and the disk begins, so that _settle, whose word
 * alone counts, has less to wait for.  What can not be written ahead is passed
 * over; what was not put is gone with _free.  A set may be NULL: for nothing.
 */
struct vt_objects_ahead *vt_objects_ahead_new(void); /* NULL: no memory */
void vt_objects_ahead_add(struct vt_objects_ahead *a, struct vt_objects *o,
    struct vt_source *src);
void vt_objects_ahead_free(struct vt_objects_ahead *a);

/* The object as a source for vt_source_free().  VT_ENOTFOUND; VT_EIO. */
int vt_objects_get(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_source **ret,
    struct vt_error *err);
/* Its path, for free(), whether or not it is there; NULL: no memory. */
char *vt_objects_path(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN]);
/* It is there, as a regular file; the contents are not looked at. */
bool vt_objects_has(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN]);

enum vt_object_fact {
	VT_OBJECT_GOOD = 0,
	VT_OBJECT_MISSING,
	VT_OBJECT_CHANGED, /* another digest, or no regular file */
	VT_OBJECT_FOREIGN  /* a name that no object has; only in a list */
};

/*
 * Was it put within the last SECONDS, also where it was there already?  Then
 * somebody may be about to name it in the books.  One that is missing was not.
 */
bool vt_objects_fresh(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], int64_t seconds);

/* Read it all and compare.  VT_EIO: it cannot be read. */
int vt_objects_check(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], enum vt_object_fact *ret,
    struct vt_error *err);

/*
 * Name everything in the folder, in the order of names.  SHA256 is NULL for
 * what has no object's name; NAME is relative to the folder and foreign.
 * Stops with FN's code where that is not VT_OK.
 */
typedef int vt_object_fn(void *ctx, const unsigned char *sha256,
    const char *name, struct vt_error *err);
int vt_objects_each(struct vt_objects *o, vt_object_fn *fn, void *ctx,
    struct vt_error *err);

/*
 * Take one object away: of a quarantine whose message was dealt with, or
 * evidence that was pruned; never of a document.  One that is not there is as
 * good.  VT_EIO.
 */
int vt_objects_drop(struct vt_objects *o,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);

#endif
