/* trust_int.h - what the parts of trust share */
#ifndef VT_TRUST_INT_H
#define VT_TRUST_INT_H

#include <openssl/x509v3.h>

#include "vanthu/algorithms.h"
#include "vanthu/error.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

struct vt_trust {
	struct vt_certs anchors;
	char **trees; /* one for each anchor */
	struct vt_certs certs;
	struct vt_crls crls;
	struct vt_ocsps ocsps;
	struct vt_algorithms *algorithms;
};

/* The name of an anchor's tree, or NULL: CERT is none. */
const char *vt_trust_tree(const struct vt_trust *trust,
    const struct vt_cert *cert);

/* From the certificate judged, certs[0], to an anchor; borrowed. */
struct vt_trust_path {
	struct vt_cert *certs[VT_TRUST_DEPTH];
	size_t n;
};

/*
 * Call FN for each path from Q's certificate to an anchor, on which every
 * signature holds, until it sets *STOP.  *RET_LONGEST is the longest way that
 * was found where none leads to an anchor.  *RET_LIMIT: not all was searched.
 */
typedef int vt_trust_path_fn(void *ctx, const struct vt_trust_path *path,
    bool *stop, struct vt_error *err);
int vt_trust_search(const struct vt_trust *trust,
    const struct vt_trust_query *q, vt_trust_path_fn *fn, void *ctx,
    struct vt_trust_path *ret_longest, bool *ret_limit, struct vt_error *err);

/* What breaks the rules of RFC 5280, 6.1 on a path. */
struct vt_trust_fault {
	const char *reason; /* NULL: nothing does */
	const char *msgid;  /* one line, not yet translated */
	size_t depth;       /* of the certificate */
};

/* Judge the path, without times, revocation and algorithms. */
int vt_trust_path_check(const struct vt_trust_path *path,
    struct vt_trust_fault *ret, struct vt_error *err);

/*
 * OpenSSL's validation of PATH from FROM on, held to it.  MORE are certificates
 * among which a list's signer may be; CB is told of every fault.  What is
 * pointed to must outlive the walk.  VT_ENOMEM; else _release it.
 */
struct vt_trust_walk {
	const struct vt_trust_path *path;
	size_t from;
	void *arg; /* the callback's */
	STACK_OF(X509) * others;
	X509_STORE *store;
	X509_STORE_CTX *ctx;
};
int vt_trust_walk_init(struct vt_trust_walk *walk,
    const struct vt_trust_path *path, size_t from, const struct vt_certs *more,
    unsigned long flags, X509_STORE_CTX_verify_cb cb, void *arg,
    struct vt_error *err);
void vt_trust_walk_release(struct vt_trust_walk *walk);
struct vt_trust_walk *vt_trust_walk_of(X509_STORE_CTX *ctx);
/* true where the chain that was built is the path. */
bool vt_trust_walked(const struct vt_trust_walk *walk);

/* What the lists say of PATH's certificate I at Q's instant. */
struct vt_trust_status {
	enum vt_revocation revocation;
	int64_t at;         /* of the revocation, also where it came later */
	const char *reason; /* "keyCompromise", or NULL */
};
int vt_trust_status(const struct vt_trust *trust,
    const struct vt_trust_query *q, const struct vt_trust_path *path, size_t i,
    struct vt_trust_status *ret, struct vt_error *err);

/* The http and https addresses that CERT names for KIND, bounded. */
int vt_trust_urls(const struct vt_cert *cert, enum vt_trust_want_kind kind,
    struct vt_list *urls, struct vt_error *err);

extern const char vt_trust_algorithms_text[];

#endif
