/* verify_fetch.h - what a judgement wants, had by vanthu-fetch */
#ifndef VANTHU_VERIFY_FETCH_H
#define VANTHU_VERIFY_FETCH_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;
struct vt_fetch_options;
struct vt_trust_want;

/*
 * For one run of a program: each request is made once, and a server that
 * failed (VT_ENET) VT_FETCHER_TRIES of them is asked for nothing more.
 */
struct vt_fetcher;

/*
 * OPTIONS are copied.  TELL (may be NULL) is told of each failure, once; TEXT
 * is translated and may hold foreign bytes.  VT_ENOMEM.
 */
typedef void vt_fetcher_tell_fn(void *ctx, const char *text);
int vt_fetcher_new(const struct vt_fetch_options *options,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_fetcher **ret,
    struct vt_error *err);
void vt_fetcher_free(struct vt_fetcher *f); /* NULL is allowed */

/*
 * A vt_trust_fetch_fn; FETCHER is a struct vt_fetcher.  Whether WANT is one
 * that vt_trust_judge() made is for the caller to know: see
 * vt_trust_want_genuine().  VT_ENET: the server cannot be reached now;
 * VT_ENOTFOUND: not to be had, for whatever other reason; TELL was told it.
 * VT_ENOMEM.
 */
int vt_fetcher_get(void *fetcher, const struct vt_trust_want *want,
    struct vt_buf *ret, struct vt_error *err);

#endif
