/* trust.h - whom a certificate leads to, and whether it held at an instant */
#ifndef VANTHU_TRUST_H
#define VANTHU_TRUST_H

#include "vanthu/limits.h"
#include "vanthu/ocsp.h" /* struct vt_ocsps */
#include "vanthu/x509.h" /* struct vt_certs, struct vt_crls */

struct vt_algorithms;
struct vt_error;

/* An answer that does not say when the next comes speaks so long, seconds. */
#define VT_TRUST_OCSP_FRESH 3600
/* A clock may be so much ahead of ours, seconds. */
#define VT_TRUST_SKEW 300

/* EN 319 102-1: TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE. */
enum vt_verdict {
	VT_UNDECIDED = 0, /* also: not judged */
	VT_PASSED,
	VT_FAILED
};

/* "valid", "invalid", "undetermined": the words of JSON; not translated. */
const char *vt_verdict_name(enum vt_verdict v);

/*
 * What is trusted (anchors, each with the name of its tree), and what helps to
 * get there (intermediates, revocation lists).
 */
struct vt_trust;

int vt_trust_new(struct vt_trust **ret, struct vt_error *err); /* empty */
void vt_trust_free(struct vt_trust *trust); /* NULL is allowed */

/*
 * Add references.  TREE names the anchor's tree, copied; NULL: what
 * vt_cert_title() says.  Any certificate may be an anchor here.  VT_ENOMEM;
 * VT_ELIMIT.
 */
int vt_trust_add_anchor(struct vt_trust *trust, struct vt_cert *cert,
    const char *tree, struct vt_error *err);
int vt_trust_add_cert(struct vt_trust *trust, struct vt_cert *cert,
    struct vt_error *err);
int vt_trust_add_crl(struct vt_trust *trust, struct vt_crl *crl,
    struct vt_error *err);
int vt_trust_add_ocsp(struct vt_trust *trust, struct vt_ocsp *ocsp,
    struct vt_error *err);

/*
 * The table by which algorithms are judged; borrowed.  _set: takes A over in
 * place of the one that is built in.
 */
const struct vt_algorithms *vt_trust_algorithms(const struct vt_trust *trust);
void vt_trust_set_algorithms(struct vt_trust *trust, struct vt_algorithms *a);

/*
 * Check the signatures that the anchors, intermediates, lists and answers of
 * TRUST have on each other, so that no judgement checks them again; a process
 * that is forked afterwards has the results.  What is judged remembers them
 * too: a struct vt_trust is for one thread at a time.
 */
void vt_trust_warm(const struct vt_trust *trust);

/*
 * Read a file, or every file of a folder (not its folders; dot-files are
 * passed over).  _anchors: each certificate is an anchor, lists are taken as
 * lists; a folder with a folder "anchors" in it is an office's (below).
 * _chain: intermediates, and lists.  _crls: lists only.  _ocsps: answers, one a
 * file, DER.  VT_EIO; VT_EFORMAT; VT_ELIMIT.
 */
int vt_trust_load_anchors(struct vt_trust *trust, const char *path,
    struct vt_error *err);
int vt_trust_load_chain(struct vt_trust *trust, const char *path,
    struct vt_error *err);
int vt_trust_load_crls(struct vt_trust *trust, const char *path,
    struct vt_error *err);
int vt_trust_load_ocsps(struct vt_trust *trust, const char *path,
    struct vt_error *err);

/*
 * Read an office's DIR: anchors/, intermediates/, crls/ and ocsp/, any of which
 * may be missing; so may DIR.
 */
int vt_trust_load_office(struct vt_trust *trust, const char *dir,
    struct vt_error *err);

/*
 * What a command line names: lists of paths, borrowed; NULL: none.  In one
 * call: an office's DIR (NULL, or missing: none), and beside it what NAMED
 * names; anchors named there take the place of the office's.
 */
struct vt_trust_named {
	const struct vt_list *anchors, *chain, *crls;
};
int vt_trust_open(const char *dir, const struct vt_trust_named *named,
    struct vt_trust **ret, struct vt_error *err);

size_t vt_trust_anchors(const struct vt_trust *trust); /* how many */
/* Intermediates known; borrowed. */
const struct vt_certs *vt_trust_certs(const struct vt_trust *trust);

/* ---- judging ---- */

enum vt_purpose {
	VT_PURPOSE_ANY, /* the certificate alone; its usage is not judged */
	/*
	 * It signs documents: key usage, where present, has digitalSignature or
	 * nonRepudiation; extended key usage, where present, has something else
	 * than server authentication, code signing, time-stamping, OCSP.
	 */
	VT_PURPOSE_SIGN,
	/*
	 * It makes time stamps (RFC 3161, 2.3): the extended key usage is
	 * critical and time-stamping alone; key usage as for signing.
	 */
	VT_PURPOSE_TIMESTAMP
};

/*
 * Something that is not at hand and that a certificate says where to get.  All
 * is borrowed, and lives as long as the call.
 */
enum vt_trust_want_kind {
	VT_WANT_CRL,    /* GET: a list (DER; PEM is read too) */
	VT_WANT_OCSP,   /* POST BODY as application/ocsp-request */
	VT_WANT_ISSUER, /* GET: a certificate, or a PKCS#7 bundle of them */
	VT_WANT_DELTA   /* GET: what a list lacks yet (RFC 5280, 4.2.1.15) */
};

struct vt_trust_want {
	enum vt_trust_want_kind kind;
	const char *url;      /* http or https; no white space, no control */
	struct vt_bytes body; /* of the OCSP request; else empty */
	/* From the certificate that names URL up to the anchor. */
	struct vt_cert *const *path;
	size_t npath;
};

/*
 * Get what is wanted into RET, which has a maximum.  It is asked only where all
 * but the revocation holds, and for certificates on a path to an anchor whose
 * every signature and rule was checked; VT_WANT_ISSUER, only where the query
 * allows it, is the one exception: there PATH ends where no issuer is known.
 * VT_WANT_DELTA is asked for also where all of it holds by full lists alone;
 * they decide where it is not to be had. VT_ENOTFOUND, VT_ENET, VT_EREFUSED and
 * others: not to be had, the next address is asked.  VT_ELIMIT: not now;
 * nothing more is asked for this certificate, but for others (a confined worker
 * notes the want and says so). VT_ENOMEM ends the judgement.
 */
typedef int vt_trust_fetch_fn(void *ctx, const struct vt_trust_want *want,
    struct vt_buf *ret, struct vt_error *err);

/* The initial inputs of RFC 5280, 6.1.1 (c) and (e) to (g). */
struct vt_trust_policies {
	const struct vt_list *oids; /* dotted; NULL or empty: any policy */
	bool require_explicit, inhibit_mapping, inhibit_any;
};

/* Zeroed but for cert and at it is a query of what the store knows. */
struct vt_trust_query {
	struct vt_cert *cert;
	const struct vt_certs *certs; /* those of the message, or NULL */
	const struct vt_crls *crls;   /* those of the message, or NULL */
	const struct vt_ocsps *ocsps; /* those of the message, or NULL */
	int64_t at;                   /* the instant */
	enum vt_purpose purpose;
	/*
	 * By when the message's lists and answers are proven to have existed;
	 * 0 or VT_TIME_NONE: only NOW.
	 */
	int64_t known_by;
	/*
	 * The present, at which all is known that nothing proves to be older; 0
	 * or VT_TIME_NONE: at is the present, and what is younger counts too.
	 */
	int64_t now;
	bool younger; /* what is younger than NOW counts all the same */
	const struct vt_trust_policies *policies; /* NULL: any, none required */
	vt_trust_fetch_fn *fetch;                 /* NULL: offline */
	void *fetch_ctx;
	bool aia; /* missing issuers are fetched, too */
};

enum vt_revocation {
	VT_REVOKED_UNKNOWN = 0, /* no list that speaks for that instant */
	VT_REVOKED_NO,
	VT_REVOKED_YES /* at or before the instant */
};

const char *vt_revocation_name(enum vt_revocation r); /* "good", ... */

/*
 * Facts, then one verdict.  Texts are owned by the result unless said;
 * revocation is that of the certificate itself: a CA's stands in the reason.
 */
struct vt_trust_result {
	enum vt_verdict verdict;
	const char *reason; /* static: a code of vt_trust_reason_at(), "ok" */
	char *detail;       /* one translated line of what exactly, or NULL */

	/* From the certificate on: to the anchor, or as far as was found. */
	struct vt_certs chain;
	char *tree;    /* the anchor's; NULL: no path to one */
	bool path_ok;  /* constraints on the path hold (RFC 5280, 6.1) */
	bool time_ok;  /* every certificate on it is valid at the instant */
	bool usage_ok; /* the purpose fits */
	enum vt_revocation revocation;
	int64_t revoked_at;            /* VT_TIME_NONE where not revoked */
	const char *revocation_reason; /* static: "keyCompromise", or NULL */
	struct vt_list weak;           /* "sha1", "rsa-1024", ... */
	/* By what revocation was established, for all of the chain. */
	struct vt_crls crls;
	struct vt_ocsps ocsps;
};

/*
 * Judge Q against TRUST.  VT_OK means judged, not valid: read RET->verdict and
 * release RET.  Of several paths the best counts.
 *
 * Failed: a path breaks its constraints, revoked at or before the instant, not
 * yet valid, wrong usage, weak algorithm.  Undecided: no path to an anchor,
 * expired, revocation of any certificate below the anchor not established
 * (told last: all else held), a limit.  A list or answer speaks for the instant
 * where its signer and scope are right and it was then current; or where it was
 * issued later, and not after the certificate expired unless it says that it
 * keeps expired ones.  What any genuine one says was revoked stays so; a hold
 * ends with a later one.  One whose signer had expired, was revoked or is not
 * known not to be, or whose algorithm was too weak, by the time it is proven to
 * have existed, does not show that anything was not revoked.  VT_ENOMEM;
 * VT_ECRYPTO; VT_EARG.
 */
int vt_trust_judge(const struct vt_trust *trust, const struct vt_trust_query *q,
    struct vt_trust_result *ret, struct vt_error *err);
void vt_trust_result_release(struct vt_trust_result *r);

/*
 * What judgements were made by: what a signature must carry to be judged
 * without anything else but the anchors.  Zeroed it is empty.
 */
struct vt_trust_used {
	struct vt_certs certs; /* paths, anchors included; signers of lists */
	struct vt_crls crls;
	struct vt_ocsps ocsps;
};

/* Add what R, of a judgement by TRUST, was made by.  VT_ENOMEM; VT_ELIMIT. */
int vt_trust_used_add(struct vt_trust_used *used, const struct vt_trust *trust,
    const struct vt_trust_result *r, struct vt_error *err);
int vt_trust_used_merge(struct vt_trust_used *used,
    const struct vt_trust_used *more, struct vt_error *err);
/*
 * Add what TRUST holds and SHA256 names: an anchor's or another certificate's
 * digest, a list's, an answer's (of its basic response).  Nothing has that
 * digest: nothing is added.  VT_ENOMEM; VT_ELIMIT.
 */
int vt_trust_used_take(struct vt_trust_used *used, const struct vt_trust *trust,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);
void vt_trust_used_release(struct vt_trust_used *used);
/*
 * The anchors of TRUST and nothing else, judged by the built-in table: what
 * holds by this alone needs nothing that is kept here.  VT_ENOMEM.
 */
int vt_trust_bare(const struct vt_trust *trust, struct vt_trust **ret,
    struct vt_error *err);

/*
 * For who got WANT from a process that it does not trust: true where the
 * certificates alone show that it is what vt_trust_judge() may have wanted: its
 * path is sound up to an anchor of TRUST (but for VT_WANT_ISSUER), its first
 * certificate names the url for that use, and the body is the request about it.
 */
bool vt_trust_want_genuine(const struct vt_trust *trust,
    const struct vt_trust_want *want);

/*
 * MORE may serve in the place of WANT: the same certificate names both, for its
 * revocation (lists and answers alike), for its issuer, or for a delta.
 */
bool vt_trust_want_instead(const struct vt_trust_want *want,
    const struct vt_trust_want *more);
/* How many addresses WANT's certificate names for that. */
size_t vt_trust_want_addresses(const struct vt_trust_want *want);

/*
 * Reasons of this module: stable codes, one table.  NULL for a code that is
 * not in it.
 */
const char *vt_trust_reason_at(size_t i);           /* NULL behind the last */
const char *vt_trust_reason_text(const char *code); /* translated */
const char *vt_trust_reason_hint(const char *code); /* next step, or NULL */
/* The sub-indication of EN 319 102-1, 5.1.3, or NULL. */
const char *vt_trust_reason_subindication(const char *code);

/* ---- an office's store ---- */

enum vt_trust_kind {
	VT_TRUST_ANCHOR,
	VT_TRUST_INTERMEDIATE,
	VT_TRUST_CRL,
	VT_TRUST_OCSP
};

const char *vt_trust_kind_name(enum vt_trust_kind k); /* "anchor", ... */

#define VT_TRUST_ID 17 /* 16 hex digits of the SHA-256, and the NUL */

/* One object; DIR/{anchors,intermediates,crls,ocsp}/ID.{crt,crl,ocsp}. */
struct vt_trust_entry {
	enum vt_trust_kind kind;
	char id[VT_TRUST_ID];
	unsigned char sha256[VT_SHA256_LEN]; /* of the DER: the fingerprint */
	char *name;    /* subject, or issuer of a list; RFC 4514 */
	char *title;   /* what a person calls it; an anchor's tree */
	int64_t from;  /* not before, this update */
	int64_t until; /* not after, next update; or VT_TIME_NONE */
	char *path;    /* the file that holds it */
};

struct vt_trust_entries {
	struct vt_trust_entry *items;
	size_t n;
};

void vt_trust_entries_release(struct vt_trust_entries *entries);

/*
 * Tell what a file holds and as what the store would take it: a self-signed
 * certificate as an anchor, any other certificate as an intermediate, a list as
 * such.  Nothing is stored.  VT_EIO; VT_EFORMAT; VT_ELIMIT.
 */
int vt_trust_inspect(const char *path, struct vt_trust_entries *ret,
    struct vt_error *err);

/*
 * Store everything that the file holds, each object whole or not at all; one
 * that is there already is left as it is.  The folders are made.  SEEN is what
 * vt_trust_inspect() told and the user agreed to: VT_EREFUSED where the file
 * now holds something else.  VT_EIO; VT_EFORMAT.
 */
int vt_trust_store(const char *dir, const char *path,
    const struct vt_trust_entries *seen, struct vt_error *err);

/* What DIR holds, anchors first, then by id.  VT_EIO; VT_EFORMAT. */
int vt_trust_list(const char *dir, struct vt_trust_entries *ret,
    struct vt_error *err);

/*
 * Take one object out, by its id or more digits of its SHA-256 (at least 8).
 * VT_ENOTFOUND; VT_EARG: not such digits, or they fit several; VT_EREFUSED: its
 * file, put there by hand, holds other objects too; VT_EIO.
 */
int vt_trust_remove(const char *dir, const char *id, struct vt_error *err);

/* What became of one address. */
enum vt_trust_updated {
	VT_UPDATED_NEW,  /* what was fetched is in the store now */
	VT_UPDATED_SAME, /* it was there */
	VT_UPDATED_OLDER /* the store has a younger one, and keeps that */
};

struct vt_trust_update {
	const char *url;
	const struct vt_cert *cert; /* that names it */
	enum vt_trust_updated what;
	const struct vt_crl *list;    /* one of the two; both NULL: */
	const struct vt_ocsp *answer; /* nothing was had */
	int64_t until;                /* next update, or VT_TIME_NONE */
	const struct vt_error *why;   /* of nothing; else NULL */
};

typedef void vt_trust_update_fn(void *ctx, const struct vt_trust_update *u);

/*
 * Fetch the lists that the intermediates of the store DIR name, where these
 * lead to an anchor of it, into the store; for one that names a responder and
 * no list, its answer.  TELL is told of each address once.  A list or answer is
 * taken where it is about the certificate that names it, where one signed it
 * who may, and where none that is younger is there; of those that it follows
 * the last is kept.  NOW is the present.  FETCH's error is told as it is, and
 * VT_ELIMIT of an address that is one too many.  VT_EIO and VT_ENOMEM end it;
 * VT_EFORMAT: the store cannot be read.
 */
int vt_trust_update(const char *dir, int64_t now, vt_trust_fetch_fn *fetch,
    void *fetch_ctx, vt_trust_update_fn *tell, void *ctx, struct vt_error *err);

#endif
