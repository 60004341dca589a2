/* archive.h - hồ sơ (files of records), and whether all that is kept is sound
 */
#ifndef VANTHU_ARCHIVE_H
#define VANTHU_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

struct vt_dossier;
struct vt_dossier_member;
struct vt_error;
struct vt_list;
struct vt_objects;
struct vt_record;
struct vt_store;

/* Characters at most (ND 30, annex VI, II.III: Title; the notation is 20). */
#define VT_ARCHIVE_CODE_MAX 50
#define VT_ARCHIVE_TITLE_MAX 500

/*
 * Open a hồ sơ.  CODE is its number and notation in the plan of files
 * ("01.VP"), RETENTION years or VT_RETENTION_FOREVER.  RET (may be NULL) is
 * overwritten and the caller's to release.  The same again, with the same title
 * and retention, is as good as once; otherwise VT_EEXISTS.  VT_EARG: not a
 * code, title or retention.  A code that is longer than the decree's field is
 * a translated line in NOTES (may be NULL).  VT_EIO; VT_ENOMEM.
 */
int vt_archive_open(struct vt_store *s, const char *code, const char *title,
    int retention, struct vt_dossier *ret, struct vt_list *notes,
    struct vt_error *err);

/*
 * Put a record, or a file that is none ("-" is standard input, kept under the
 * name "stdin"), into the hồ sơ CODE.  One record may be in many of them; its
 * files are not copied.  RET (may be NULL) is overwritten and the caller's to
 * release; *RET_EXISTING says that it was in there.  VT_ENOTFOUND: no such hồ
 * sơ or record; VT_EARG: a file without a name that can be kept; VT_EIO;
 * VT_ENOMEM.
 */
int vt_archive_add_record(struct vt_store *s, const char *code, int64_t record,
    struct vt_dossier_member *ret, bool *ret_existing, struct vt_error *err);
int vt_archive_add_file(struct vt_store *s, struct vt_objects *objects,
    const char *code, const char *path, struct vt_dossier_member *ret,
    bool *ret_existing, struct vt_error *err);

/*
 * Every hồ sơ in order of code, and what it holds in order of adding.  RECORD
 * is NULL for a file.  All is borrowed.
 */
typedef int vt_archive_dossier_fn(void *ctx, const struct vt_dossier *d,
    struct vt_error *err);
typedef int vt_archive_member_fn(void *ctx, const struct vt_dossier_member *m,
    const struct vt_record *record, struct vt_error *err);
int vt_archive_list(struct vt_store *s, vt_archive_dossier_fn *dossier,
    vt_archive_member_fn *member, void *ctx, struct vt_error *err);

enum vt_archive_fact {
	VT_ARCHIVE_MISSING = 0, /* named in the books, not on disk */
	VT_ARCHIVE_CHANGED,     /* another digest than its name says */
	VT_ARCHIVE_FOREIGN      /* on disk, and no book knows of it */
};

/* "missing" "changed" "foreign": the words of JSON; not translated. */
const char *vt_archive_fact_name(enum vt_archive_fact fact);

/* What is wrong with one object for one of its owners.  All is borrowed. */
struct vt_archive_finding {
	enum vt_archive_fact fact;
	const char *folder;          /* "objects" "quarantine" */
	const char *path;            /* relative to FOLDER; foreign text */
	const unsigned char *sha256; /* NULL: a name that no object has */
	/* Whose it is; all NULL for a foreign one. */
	const char *owner;   /* "record" "sent" "received" "dossier" "evidence"
				"derived" */
	const char *ref;     /* of the record, where there is one */
	const char *name;    /* of the file in the record or hồ sơ */
	const char *dossier; /* its code */
	int64_t message;     /* the id of a message that was sent or received */
};

struct vt_archive_checked {
	uint64_t objects; /* read and compared with their names */
	uint64_t findings;
};

/*
 * Read every object of the office and compare it with its name; find what is
 * missing or changed, for each of its owners, and what no book knows of (QCVN
 * 12:2026/BCA, 2.2.5.4).  VT_OK: all was looked at; RET tells what was found.
 * A message that is being received meanwhile may show as foreign once.  VT_EIO;
 * VT_ENOMEM; FN's own code.
 */
typedef int vt_archive_finding_fn(void *ctx, const struct vt_archive_finding *f,
    struct vt_error *err);
int vt_archive_check(struct vt_store *s, struct vt_objects *objects,
    struct vt_objects *quarantine, vt_archive_finding_fn *fn, void *ctx,
    struct vt_archive_checked *ret, struct vt_error *err);

/* ---- evidence: what the signers of a record's files were checked by ---- */

/*
 * Write every part of the evidence of RECORD into the folder DIR, which is
 * made: KIND-DIGITS.crt, .crl, .ors, where DIGITS are the first 16 of the
 * SHA-256.  One that is there with that content is as good.  VT_ENOTFOUND:
 * there is none; VT_EEXISTS: something else has the name; VT_EIO: also where a
 * part is missing or changed; VT_ENOMEM.
 */
int vt_archive_evidence_write(struct vt_store *s, struct vt_objects *objects,
    int64_t record, const char *dir, struct vt_error *err);

/* Of a kind (enum vt_evidence_kind), as above; for free(), or NULL. */
char *vt_archive_evidence_name(int kind, const unsigned char *sha256);

/* An object that somebody put so short ago stays for the next time, seconds. */
#define VT_ARCHIVE_FRESH 3600

struct vt_archive_pruned {
	int64_t checks;   /* forgotten */
	uint64_t objects; /* removed from the disk */
	uint64_t left;    /* to be removed the next time */
};

/*
 * Prune the evidence of RECORD (0: of all) from before the instant BEFORE: its
 * rows in one transaction, with a line in the history of each record; then the
 * objects that nothing else names.  A killed run is completed by the next one.
 * VT_EIO; VT_ENOMEM.
 */
int vt_archive_evidence_prune(struct vt_store *s, struct vt_objects *objects,
    int64_t record, int64_t before, const char *reason,
    struct vt_archive_pruned *ret, struct vt_error *err);

#endif
