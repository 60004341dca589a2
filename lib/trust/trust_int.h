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
	struct vt_trust_cache *cache; /* of signatures that were checked */
};

/*
 * What signatures turned out to be, so that each is checked once: by the
 * digests of what is signed and of the signer's certificate.  A full cache
 * forgets nothing and takes nothing more.
 */
struct vt_trust_cache;
int vt_trust_cache_new(struct vt_trust_cache **ret, struct vt_error *err);
void vt_trust_cache_free(struct vt_trust_cache *cache);

/* As vt_cert_issued_by(), vt_crl_signed_by(), vt_ocsp_signed_by(). */
bool vt_trust_issued(const struct vt_trust *trust, const struct vt_cert *cert,
    const struct vt_cert *issuer);
bool vt_trust_signed_crl(const struct vt_trust *trust, const struct vt_crl *crl,
    const struct vt_cert *issuer);
bool vt_trust_signed_ocsp(const struct vt_trust *trust,
    const struct vt_ocsp *ocsp, const struct vt_cert *issuer);

/* The name of an anchor's tree, or NULL: CERT is none. */
const char *vt_trust_tree(const struct vt_trust *trust,
    const struct vt_cert *cert);

struct vt_trust_work;

/* From the certificate judged, certs[0], to an anchor; borrowed. */
struct vt_trust_path {
	struct vt_cert *certs[VT_TRUST_DEPTH];
	size_t n;
};

/*
 * Call FN for each path from W's certificate to an anchor, on which every
 * signature holds, until it sets *STOP.  *RET_LONGEST is the longest way that
 * was found where none leads to an anchor.  *RET_LIMIT: not all was searched.
 */
typedef int vt_trust_path_fn(void *ctx, const struct vt_trust_path *path,
    bool *stop, struct vt_error *err);
int vt_trust_search(const struct vt_trust_work *w, vt_trust_path_fn *fn,
    void *ctx, struct vt_trust_path *ret_longest, bool *ret_limit,
    struct vt_error *err);

/* What breaks the rules of RFC 5280, 6.1 on a path. */
struct vt_trust_fault {
	const char *reason; /* NULL: nothing does */
	const char *msgid;  /* one line, not yet translated */
	size_t depth;       /* of the certificate */
};

/*
 * Judge the path, without times, revocation and algorithms.  POLICIES: NULL
 * for any and none required.  Its signatures are not checked again.
 */
int vt_trust_path_check(const struct vt_trust_path *path,
    const struct vt_trust_policies *policies, struct vt_trust_fault *ret,
    struct vt_error *err);

/*
 * OpenSSL's validation of PATH, held to it; signatures are left out.  CB is
 * told of every fault, and ARG is vt_trust_walk_arg() there.  *RET: what
 * X509_verify_cert() said, or 0 where it went another way.  VT_ENOMEM.
 */
int vt_trust_walk(const struct vt_trust_path *path,
    const struct vt_trust_policies *policies, X509_STORE_CTX_verify_cb cb,
    void *arg, int *ret, struct vt_error *err);
void *vt_trust_walk_arg(X509_STORE_CTX *ctx);

/* What lists and answers say of one certificate at one instant. */
struct vt_trust_status {
	enum vt_revocation revocation;
	int64_t at;         /* of the revocation, also where it came later */
	const char *reason; /* "keyCompromise", or NULL */
};

#define VT_TRUST_MEMO 48 /* statuses kept during one judgement */

struct vt_trust_memo {
	struct vt_trust_path path; /* from the certificate up; borrowed */
	int64_t at;
	bool done; /* else it is being worked on */
	struct vt_trust_status status;
};

/* One judgement; zeroed but for the first three it is a new one. */
struct vt_trust_work {
	const struct vt_trust *trust;
	const struct vt_trust_query *q;
	int64_t now;           /* the present, as q has it */
	struct vt_certs certs; /* what was fetched, known now */
	struct vt_crls crls;
	struct vt_ocsps ocsps;
	struct vt_crls used_crls; /* by what a status was established */
	struct vt_ocsps used_ocsps;
	struct vt_trust_memo memo[VT_TRUST_MEMO];
	size_t nmemo;
	struct vt_list asked; /* addresses, each for this */
	struct {
		enum vt_trust_want_kind kind;
		const struct vt_cert *cert;
	} asked_for[VT_TRUST_FETCHES];
	size_t fetches;
};
void vt_trust_work_init(struct vt_trust_work *w, const struct vt_trust *trust,
    const struct vt_trust_query *q);
void vt_trust_work_release(struct vt_trust_work *w);

/* The status of PATH's certificate I at AT. */
int vt_trust_status(struct vt_trust_work *w, const struct vt_trust_path *path,
    size_t i, int64_t at, struct vt_trust_status *ret, struct vt_error *err);

/*
 * *RET: an answer, or a delta to a list, that counts speaks of it at the
 * query's instant.
 */
int vt_trust_status_younger(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, bool *ret,
    struct vt_error *err);

/*
 * The same where it is not known: what is missing is fetched, for the CAs above
 * too.  _issuer: a certificate that issued PATH's last; *RET_NEW: it may help.
 */
int vt_trust_fetch_status(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, struct vt_trust_status *ret,
    struct vt_error *err);
/*
 * A list that PATH's certificate I names to complete its CA's (RFC 5280,
 * 4.2.1.15), where none is at hand and no answer is: STATUS is then worked out
 * anew, and stays what it was where none is to be had.  _wanted: of any of
 * PATH.
 */
int vt_trust_delta_wanted(struct vt_trust_work *w,
    const struct vt_trust_path *path, bool *ret, struct vt_error *err);
int vt_trust_fetch_delta(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, struct vt_trust_status *status,
    struct vt_error *err);
int vt_trust_fetch_issuer(struct vt_trust_work *w,
    const struct vt_trust_path *path, bool *ret_new, struct vt_error *err);
/* PATH's last certificate says where an issuer of it may be had. */
int vt_trust_issuer_wanted(const struct vt_trust_path *path, bool *ret,
    struct vt_error *err);

/* Whose status is asked. */
struct vt_trust_subject {
	struct vt_trust_work *w;
	const struct vt_trust_path *path;
	size_t i;
	const struct vt_cert *cert, *issuer;
	int64_t at;
	unsigned int depth;
	STACK_OF(DIST_POINT) * points; /* that CERT names, or NULL */
};

/* What a list or an answer is worth. */
enum vt_trust_word {
	VT_WORD_NONE,    /* nothing */
	VT_WORD_REVOKES, /* it shows a revocation, and no more */
	VT_WORD_PROVEN   /* what it says counts */
};

#define VT_TRUST_REASONS 0x807fu /* all but "unused" (RFC 5280, 4.2.1.13) */

/*
 * The reasons for which LIST speaks of the subject (RFC 5280, 6.3.3 (b) and
 * (d)); 0: it does not.  _names: its issuer may, whatever its scope.
 */
unsigned int vt_trust_scope(const struct vt_trust_subject *s,
    const struct vt_crl *list);
bool vt_trust_scope_names(const struct vt_trust_subject *s,
    const struct vt_crl *list);

/* Weigh what is known to have existed at KNOWN by who signed it. */
int vt_trust_weigh_list(struct vt_trust_subject *s, const struct vt_crl *list,
    int64_t known, enum vt_trust_word *ret, struct vt_error *err);
int vt_trust_weigh_answer(struct vt_trust_subject *s,
    const struct vt_ocsp *ocsp, int64_t known, enum vt_trust_word *ret,
    struct vt_error *err);
/* vt_trust_status() at a depth of signers. */
int vt_trust_status_nested(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, int64_t at, unsigned int depth,
    struct vt_trust_status *ret, struct vt_error *err);

/*
 * One object into the store under its name, unless it is there; and out of it,
 * where it has that name.  VT_EIO.
 */
int vt_trust_store_one(const char *dir, enum vt_trust_kind kind,
    const unsigned char *sha256, struct vt_bytes der, struct vt_error *err);
int vt_trust_store_remove(const char *dir, enum vt_trust_kind kind,
    const unsigned char *sha256, struct vt_error *err);

/* The http and https addresses that CERT names for KIND, bounded. */
int vt_trust_urls(const struct vt_cert *cert, enum vt_trust_want_kind kind,
    struct vt_list *urls, struct vt_error *err);

extern const char vt_trust_algorithms_text[];

#endif
