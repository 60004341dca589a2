/* office_register.h - what a clerk does in the books */
#ifndef VANTHU_OFFICE_REGISTER_H
#define VANTHU_OFFICE_REGISTER_H

#include "vanthu/bytes.h"  /* struct vt_list */
#include "vanthu/digest.h" /* VT_SHA256_LEN */

struct vt_error;
struct vt_office;
struct vt_record;
struct vt_record_file;
struct vt_source;

/*
 * Each call is one transaction and tells nothing before its commit.  NOTES
 * (may be NULL) gets translated lines about what deviates but is taken.
 * Errors of all: VT_EIO, VT_ENOMEM, and as said.
 */

/*
 * Register an outgoing document.  REC says what the clerk said; its book is
 * "out" where unset, its date today's.  PATHS are its files, the main document
 * first.  On VT_OK REC is as stored, files and number included.  The same
 * again (see vt_store_same_find()) gives the record that is there and sets
 * *RET_EXISTING, unless AGAIN.  VT_EREFUSED: secret (checked before a file is
 * opened), or a date before the series' last or in the future.  VT_EARG: a
 * rule of ND 30.
 */
int vt_office_register_out(struct vt_office *o, struct vt_record *rec,
    const struct vt_list *paths, bool again, bool *ret_existing,
    struct vt_list *notes, struct vt_error *err);

/*
 * Register an incoming document by hand.  Its number is of the year in which
 * it arrived (REC->arrived, now where unset).  What came by a transport before
 * (the same folded code, date and issuer, by its id) gives the record that is
 * there, noted as on paper, too, with the files beside its own, and sets
 * *RET_EXISTING, unless AGAIN.
 */
int vt_office_register_in(struct vt_office *o, struct vt_record *rec,
    const struct vt_list *paths, bool again, bool *ret_existing,
    struct vt_list *notes, struct vt_error *err);

/*
 * The record that TEXT names, BOOK/YEAR/NUMBER or, where RECORD_ONLY,
 * NUMBER/NOTATION of this year.  RET (may be NULL) is overwritten.  VT_EARG:
 * no reference, or two match; VT_ENOTFOUND.
 */
int vt_office_record(struct vt_office *o, const char *text, bool record_only,
    int64_t *ret_id, struct vt_record *ret, struct vt_error *err);

/*
 * Correct a record: each item of ASSIGNMENTS is KEY=VALUE.  A new state of an
 * incoming record is queued for its sender.  VT_EARG: no such key, a bad value,
 * no reason; VT_EREFUSED: locked after issue, secret, or a state that may not
 * follow.  RET is overwritten.
 */
int vt_office_register_set(struct vt_office *o, int64_t id,
    const struct vt_list *assignments, const char *reason,
    struct vt_record *ret, struct vt_list *notes, struct vt_error *err);

/* Add attachments.  VT_EREFUSED: issued already. */
int vt_office_register_attach(struct vt_office *o, int64_t id,
    const struct vt_list *paths, struct vt_record *ret, struct vt_list *notes,
    struct vt_error *err);

/*
 * Return an incoming document to its sender (ND 30, article 21): 02 is queued
 * for him where it came by a transport.  VT_EARG: no reason, or not incoming;
 * VT_EREFUSED: it was assigned or ended already.
 */
int vt_office_register_return(struct vt_office *o, int64_t id,
    const char *reason, struct vt_record *ret, struct vt_error *err);

/* A file of a record, or one that was made of one (store_derived.h). */
struct vt_office_file {
	char *name; /* owned */
	unsigned char sha256[VT_SHA256_LEN];
	uint64_t size;
	int derived; /* 0: a file of the document; else its seq */
};

/*
 * Copy to PATH ("-": standard output) the file of the record REF that WHAT
 * names: by its name, where the document's own come first and then what was
 * made last, or by its SHA-256 in hex.  It is compared with its digest first.
 * Free RET->name.  VT_EARG: no reference; VT_ENOTFOUND: no such record or file;
 * VT_EEXISTS: PATH is there; VT_EIO: also where it is missing or was changed.
 */
int vt_office_extract(struct vt_office *o, const char *ref, const char *what,
    const char *path, struct vt_office_file *ret, struct vt_error *err);

/*
 * Whoever works on an incoming document was told of what its sender changed, or
 * who drafted an outgoing one of what a recipient refused, as REASON says: one
 * line of the history, which ends VT_WAITING_CHANGED and _REFUSED.  VT_EARG: no
 * reason.
 */
int vt_office_register_told(struct vt_office *o, int64_t id, const char *reason,
    struct vt_record *ret, struct vt_error *err);

/*
 * Keep a file in objects/ and describe it for a record, with SEQ -1.  PATH "-"
 * is standard input.  FILE is the caller's; free FILE->name.
 */
int vt_office_file_keep(struct vt_office *o, const char *path,
    struct vt_record_file *file, struct vt_list *notes, struct vt_error *err);

/*
 * Read records as JSON lines and enter those that are not there yet with the
 * numbers that they have.  FN is called for each line that was dealt with,
 * after it is durable where it was entered: with the record (EXISTING where it
 * was there), or with FAILURE and no record: VT_EFORMAT, VT_ELIMIT;
 * VT_EREFUSED, secret, or another record has its number.  Failures do not end
 * the import. Of its files only what is told of them is read.
 */
typedef int vt_office_import_fn(void *ctx, size_t line,
    const struct vt_record *rec, bool existing, const struct vt_error *failure,
    struct vt_error *err);
int vt_office_register_import(struct vt_office *o, struct vt_source *src,
    vt_office_import_fn *fn, void *ctx, struct vt_list *notes,
    struct vt_error *err);

/*
 * Compare books and objects: what vt_store_check() finds, and files that are
 * missing.  FN gets one translated line for each.
 */
typedef int vt_office_finding_fn(void *ctx, const char *where, const char *text,
    struct vt_error *err);
int vt_office_register_check(struct vt_office *o, vt_office_finding_fn *fn,
    void *ctx, struct vt_error *err);

#endif
