/* store_derived.h - files that were made of a record's file, beside it */
#ifndef VANTHU_STORE_DERIVED_H
#define VANTHU_STORE_DERIVED_H

#include "vanthu/store.h"

/*
 * The received or issued document stays as it is: a derived file shows the
 * arrival stamp or a comment on it, or is a copy that the agency makes (NĐ
 * 30/2020, 22 and 25).  It is no file of the document: never sent, never judged
 * as the document.  Texts are borrowed.
 */
struct vt_derived {
	int64_t record;
	int seq; /* from 1, in order of making; filled on adding */
	const char *role;
	const char *name;
	uint64_t size;
	unsigned char sha256[VT_SHA256_LEN];
	unsigned char source[VT_SHA256_LEN]; /* what it was made of */
	const char *words; /* of a comment, or the form of a copy; or NULL */
	int64_t added;     /* filled on adding */
};

/* Adds an event, "derived".  VT_ELIMIT: there are too many. */
int vt_store_derived_add(struct vt_store *s, struct vt_derived *d,
    struct vt_error *err);
/* Of RECORD, in order of making.  FN must not write. */
typedef int vt_store_derived_fn(void *ctx, const struct vt_derived *d,
    struct vt_error *err);
int vt_store_derived_list(struct vt_store *s, int64_t record,
    vt_store_derived_fn *fn, void *ctx, struct vt_error *err);

#endif
