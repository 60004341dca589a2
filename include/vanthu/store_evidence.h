/* store_evidence.h - what the signers of a record's files were checked by */
#ifndef VANTHU_STORE_EVIDENCE_H
#define VANTHU_STORE_EVIDENCE_H

#include <stdbool.h>

#include "vanthu/store.h"

/* What a check was decided by; the words are those of JSON. */
enum vt_evidence_kind {
	VT_EVIDENCE_SIGNER,      /* "signer": the certificate that signed */
	VT_EVIDENCE_CERTIFICATE, /* "certificate": above it, or of who says so
				  */
	VT_EVIDENCE_CRL,         /* "crl" */
	VT_EVIDENCE_OCSP,        /* "ocsp" */
	VT_EVIDENCE_KINDS
};

const char *vt_evidence_kind_name(enum vt_evidence_kind kind);

/* An object in objects/, DER. */
struct vt_evidence_part {
	enum vt_evidence_kind kind;
	unsigned char sha256[VT_SHA256_LEN];
};

#define VT_EVIDENCE_PARTS 256 /* of one check at most; more is VT_ELIMIT */

/*
 * One check and what came of it: before a key was used, or when a document came
 * (TT 15/2025/TT-BKHCN, 5 and 6).  Texts are words that other modules define,
 * borrowed.
 */
struct vt_evidence {
	int64_t id, record;
	int64_t at;      /* the instant that was judged */
	const char *who; /* ran it; on adding: the store's */
	const char *role;
	const char *key;   /* "file", "token"; "none": it came */
	const char *level; /* of the signature: "B", ... */
	const char *signer;
	const char *verdict, *reason, *revocation; /* of its certificate */
	const char *name;                          /* of the file signed */
	unsigned char before[VT_SHA256_LEN];       /* that file's digest */
	unsigned char after[VT_SHA256_LEN];        /* what came out */
	const struct vt_evidence_part *parts;
	size_t nparts;
};

/* Fills id.  The objects must be durable before. */
int vt_store_evidence_add(struct vt_store *s, struct vt_evidence *e,
    struct vt_error *err);

/*
 * What is kept of RECORD (0: of all), before the instant BEFORE (VT_TIME_NONE:
 * always), oldest first.  FN must not write.
 */
typedef int vt_store_evidence_fn(void *ctx, const struct vt_evidence *e,
    struct vt_error *err);
int vt_store_evidence_list(struct vt_store *s, int64_t record, int64_t before,
    vt_store_evidence_fn *fn, void *ctx, struct vt_error *err);
int vt_store_evidence_count(struct vt_store *s, int64_t record, int64_t *ret,
    struct vt_error *err);
/* Is SHA256 part of a check that is kept?  Then it is durable in objects/. */
int vt_store_evidence_has(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], bool *ret, struct vt_error *err);

/*
 * Forget what is kept of RECORD (0: of all) from before the instant BEFORE.
 * Each record's history gets a line, "evidence-pruned", with REASON and what it
 * was; what the checks were decided by becomes unwanted.  *RET_N: how many.
 */
int vt_store_evidence_prune(struct vt_store *s, int64_t record, int64_t before,
    const char *reason, int64_t *ret_n, struct vt_error *err);

/*
 * Digests of objects that were evidence.  OWNED: something else names the
 * object, so that it stays.  All are read before FN is called, so that FN may
 * write.
 */
typedef int vt_store_unwanted_fn(void *ctx,
    const unsigned char sha256[VT_SHA256_LEN], bool owned,
    struct vt_error *err);
int vt_store_unwanted(struct vt_store *s, vt_store_unwanted_fn *fn, void *ctx,
    struct vt_error *err);
/* It is gone from the disk, or stays for its other owner. */
int vt_store_unwanted_done(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);

#endif
