/* verify_want.h - what a worker wants to be fetched, and what was */
#ifndef VERIFY_WANT_H
#define VERIFY_WANT_H

#include "vanthu/trust.h"

/* One want, and its answer once its turn came. */
struct vt_want {
	enum vt_trust_want_kind kind;
	char *url;
	unsigned char *body;
	size_t body_len;
	struct vt_cert *path[VT_TRUST_DEPTH];
	size_t npath;
	bool tried;
	unsigned char *answer; /* NULL: not to be had */
	size_t answer_len;
};

struct vt_wants {
	struct vt_want items[VT_VERIFY_WANTS_MAX];
	size_t n;
	bool aia; /* missing issuers may be wanted, too */
};

void vt_wants_release(struct vt_wants *w); /* a zeroed one is allowed */

/*
 * A vt_trust_fetch_fn for a worker; WANTS is a struct vt_wants, of which the
 * worker has a copy: answers that are there are given, others are noted.
 */
int vt_wants_note(void *wants, const struct vt_trust_want *want,
    struct vt_buf *ret, struct vt_error *err);

/*
 * Those noted and not tried, as bytes, and back; VT_EFORMAT: they are none, or
 * ask for an issuer where W says that none is fetched.
 */
int vt_wants_put(const struct vt_wants *w, struct vt_buf *out,
    struct vt_error *err);
int vt_wants_get(struct vt_bytes *in, struct vt_wants *w, struct vt_error *err);

/*
 * Get by FETCH what is not tried yet and is what TRUST could have wanted; *RET
 * is false where another worker would get no further.  VT_ENOMEM.
 */
int vt_wants_fetch(struct vt_wants *w, const struct vt_trust *trust,
    vt_trust_fetch_fn *fetch, void *ctx, bool *ret, struct vt_error *err);

/*
 * Everything that was had and parses, in *RET, for vt_trust_free(); it has no
 * anchors.  VT_ENOMEM; VT_ELIMIT.
 */
int vt_wants_had(const struct vt_wants *w, struct vt_trust **ret,
    struct vt_error *err);

#endif
