/* office_fetch.h - what an office lets a judgement fetch */
#ifndef VANTHU_OFFICE_FETCH_H
#define VANTHU_OFFICE_FETCH_H

#include "vanthu/verify_fetch.h" /* vt_fetcher_tell_fn */

/*
 * A fetcher under the rules of the office in the folder HOME; where there is no
 * vanthu.conf that can be opened, those of the default office, or of none.
 * LANGUAGE is that of the messages.  *RET is for vt_fetcher_free(); *RET_AIA:
 * certificates that are missing on a path are fetched, too.  VT_EFORMAT,
 * VT_ELIMIT: the settings cannot be read as such; VT_ENOMEM; VT_EIO.
 */
int vt_office_fetcher(const char *home, const char *language,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_fetcher **ret, bool *ret_aia,
    struct vt_error *err);

struct vt_office;
/*
 * Let messages that O takes in be judged with what is fetched, where its
 * settings say so ([receive] fetch = yes); else nothing.  As above.
 */
int vt_office_fetches(struct vt_office *o, const char *language,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_error *err);

struct vt_trust;
struct vt_trust_named;

/*
 * What the office in the folder HOME trusts, and what NAMED names; see
 * vt_trust_open().  An office that was not ASKED for, and is closed to us, is
 * none.  *RET is for vt_trust_free().
 */
int vt_office_trust_named(const char *home, bool asked,
    const struct vt_trust_named *named, struct vt_trust **ret,
    struct vt_error *err);

#endif
