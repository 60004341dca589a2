/* store_book.h - one book of a year, as it is printed */
#ifndef VANTHU_STORE_BOOK_H
#define VANTHU_STORE_BOOK_H

#include "vanthu/store.h"

/*
 * All records of BOOK's YEAR by their numbers, without their files, however
 * many there are.  Stops with FN's code where that is not VT_OK.
 */
int vt_store_book(struct vt_store *s, const char *book, int year,
    vt_store_record_fn *fn, void *ctx, struct vt_error *err);

/* Each outgoing record that answers one: its id, and whom, as it is kept. */
typedef int vt_store_reply_fn(void *ctx, int64_t id, const char *reply_to,
    struct vt_error *err);
int vt_store_replies(struct vt_store *s, vt_store_reply_fn *fn, void *ctx,
    struct vt_error *err);

#endif
