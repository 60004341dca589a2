/* verify.h - is a signed file what it claims to be?  Facts, then one verdict */
#ifndef VANTHU_VERIFY_H
#define VANTHU_VERIFY_H

#include "vanthu/bytes.h"    /* struct vt_list */
#include "vanthu/digest.h"   /* VT_SHA256_LEN */
#include "vanthu/envelope.h" /* enum vt_envelope_signature */
#include "vanthu/limits.h"
#include "vanthu/trust.h" /* enum vt_revocation */

struct vt_error;
struct vt_source;

enum vt_report_verdict {
	VT_REPORT_NONE = 0,     /* not judged */
	VT_REPORT_VALID,        /* TOTAL-PASSED of EN 319 102-1 */
	VT_REPORT_UNSIGNED,     /* nothing there that claims to be signed */
	VT_REPORT_UNDETERMINED, /* INDETERMINATE */
	VT_REPORT_INVALID       /* TOTAL-FAILED */
};

/* "valid", "unsigned", ...: the words of JSON; not translated. */
const char *vt_report_verdict_name(enum vt_report_verdict v);
/* The worse of two: invalid, undetermined, unsigned, valid. */
enum vt_report_verdict vt_report_worst(enum vt_report_verdict a,
    enum vt_report_verdict b);

enum vt_report_format {
	VT_REPORT_OTHER = 0,
	VT_REPORT_PDF,
	VT_REPORT_CMS,
	VT_REPORT_XML,
	VT_REPORT_EDXML
};

const char *vt_report_format_name(enum vt_report_format f); /* "pdf", ... */

enum vt_report_covers {
	VT_COVERS_PART = 0, /* less than the revision that it closes */
	VT_COVERS_REVISION, /* all of it; something was appended later */
	VT_COVERS_WHOLE     /* every byte of the file but the signature */
};

const char *vt_report_covers_name(enum vt_report_covers c);

/* A time stamp that belongs to a signature, and what it is worth. */
struct vt_report_stamp {
	const char *kind; /* "signature", "archive", "document", "content" */
	int64_t time;     /* what it says, or VT_TIME_NONE */
	char *authority;  /* who says so: the certificate's name, or NULL */
	enum vt_report_verdict verdict; /* valid: the time is proven */
	const char *reason;
};

/*
 * One signature.  Texts are UTF-8, owned by the report, NULL where the
 * certificate or signature does not say; they are foreign: escape them before
 * a terminal sees them.
 */
struct vt_report_signature {
	size_t index; /* from 0, in the order of signing */
	/*
	 * "cades"; "cms": it does not name its certificate; in PDF "pades",
	 * "pkcs7" and "pkcs1" (older kinds), "rfc3161" (a time stamp), "pdf";
	 * in XML "xades", "xmldsig".
	 */
	const char *format;
	/* "B", "T", "LT", "LTA", or NULL: below any baseline level */
	const char *level;
	char *field; /* PDF: the signature field's name */
	enum vt_report_verdict verdict;
	const char *reason; /* a code of vt_reason_text(); "ok" where valid */
	char *detail;       /* one line of what exactly, or NULL */
	/*
	 * Digest and signature hold over the covered bytes.  Says nothing of
	 * trust; false where detached content is missing.
	 */
	bool intact;

	bool have_certificate; /* the signer's was found */
	unsigned char certificate_sha256[VT_SHA256_LEN]; /* of its DER */
	struct {
		char *name, *organization, *unit, *email;
		char *uid;    /* "CCCD:...", "MST:..." */
		char *serial; /* of the certificate, upper-case hex */
	} signer;
	char *issuer; /* the CA's name */
	char *tree;   /* the anchor's name; NULL: no path to one */
	/* Names from the signer's issuer up to the anchor. */
	struct vt_list path;

	int64_t claimed_time; /* what the signer says; proves nothing */
	bool claimed_shifted; /* by a whole 7 h against the proven time */
	int64_t timestamp;    /* proven time; VT_TIME_NONE */
	int64_t instant;      /* what it was judged at: proven, else now */
	struct vt_report_stamp *stamps;
	size_t nstamps;
	int64_t not_before, not_after;
	enum vt_revocation revocation; /* vt_revocation_name() */
	int64_t revoked_at;            /* VT_TIME_NONE where not revoked */

	enum vt_report_covers covers;
	uint64_t covered_to;    /* PDF: bytes up to the end of its revision */
	bool changed_after;     /* something outside the allow-list changed */
	struct vt_list changes; /* what: "object 12 0: /Contents", ... */
	struct vt_list weak;    /* "sha1", "rsa-1024", ... */
	struct vt_list notes;   /* further findings, translated lines */
};

struct vt_report {
	char *file;                          /* as the caller named it */
	unsigned char sha256[VT_SHA256_LEN]; /* of the bytes judged */
	uint64_t size;
	enum vt_report_format format;
	enum vt_report_verdict verdict; /* the worst of what is below */
	const char *reason;             /* of the worst, the first of equals */
	char *detail;                   /* one line, or NULL */
	int64_t judged_at;
	bool anchors;      /* some were known; false: nobody could be trusted */
	bool encrypted;    /* PDF: by a password or to certificates */
	unsigned confined; /* VT_CONFINE_*: what held the worker; 0: none */
	struct vt_report_signature *signatures;
	size_t nsignatures;
	struct vt_report *attachments; /* of an envelope; without their own */
	size_t nattachments;
	/*
	 * Of an envelope: its own signature, "absent", "placeholder" or the
	 * word of a verdict, with the reason of that.  Else NULL.
	 */
	const char *envelope_signature, *envelope_reason;
	struct vt_list notes; /* damage and the like, translated lines */
};

void vt_report_free(struct vt_report *report); /* NULL is allowed */

struct vt_verify_options {
	/* Borrowed.  NULL: no anchors, so nothing can be valid. */
	const struct vt_trust *trust;
	/* The instant to judge at, or VT_TIME_NONE for now. */
	int64_t at;
	/* What opens an encrypted PDF; borrowed; NULL: there is none. */
	const struct vt_secret *pdf_password;
	/* What a detached CMS signature signs; borrowed; NULL: not at hand. */
	struct vt_source *content;
	/*
	 * How to get what certificates on a path to an anchor say where to get:
	 * lists, answers; with AIA missing issuers, too.  NULL: nothing is
	 * fetched.  Never called by a worker.
	 */
	vt_trust_fetch_fn *fetch;
	void *fetch_ctx;
	bool aia;
	bool unhashed; /* leave the report's SHA-256 zero: the caller does it */
	/*
	 * What every certificate that passed was judged by is added to it; or
	 * NULL.  A worker tells only what TRUST holds: the rest is in the file,
	 * or was fetched.  With USED_WHOLE that is told, too: it is then as
	 * foreign as the file.
	 */
	struct vt_trust_used *used;
	bool used_whole;
	/* For who cannot make files: vt_envelope_extract_into()'s, or NULL. */
	const int *scratch;
};

/*
 * Judge what SRC holds; its format is found by its content.  NAME is for the
 * report; signed CMS or XML that is opened as something else by that name is
 * not valid.  VT_OK means judged, not valid: read (*RET)->verdict, and free the
 * report.  Damage is a finding, not an error, wherever something in the file
 * claims to be a signature.  VT_EFORMAT: the file claims to be of a format but
 * can not be read as such.  VT_EKEY: an encrypted PDF, and the password that
 * was given does not open it, or it has none and shows no signature without.
 * VT_ELIMIT; VT_EIO; VT_ENOMEM; VT_EUNSUPPORTED.
 */
int vt_verify_source(struct vt_source *src, const char *name,
    const struct vt_verify_options *opts, struct vt_report **ret,
    struct vt_error *err);
int vt_verify_file(const char *path, const struct vt_verify_options *opts,
    struct vt_report **ret, struct vt_error *err);

/*
 * The same in a worker that can do nothing but parse (confine.h): what most
 * callers want.  One that dies, lies, or is late leaves a report that is
 * undetermined ("worker-died", "limit").  One that is killed from outside,
 * within the time it may have, is followed by one more, once for a file.
 */
int vt_verify_confined(struct vt_source *src, const char *name,
    const struct vt_verify_options *opts, struct vt_report **ret,
    struct vt_error *err);

/*
 * Many files, each in a worker of its own, at most JOBS (1 to VT_VERIFY_JOBS)
 * at once.  DONE is called once for each, in their order: with its report,
 * borrowed, or with why there is none.  An error of one is no error of this
 * call.  OPTS->content is not used.  VT_EARG; VT_EIO; VT_ENOMEM.
 */
#define VT_VERIFY_JOBS 256

struct vt_verify_item {
	const char *path;    /* "-": standard input */
	const char *content; /* of a detached signature, or NULL */
};

typedef void vt_verify_done_fn(void *ctx, size_t i,
    const struct vt_report *report, const struct vt_error *err);
int vt_verify_each(const struct vt_verify_item *items, size_t n, size_t jobs,
    const struct vt_verify_options *opts, vt_verify_done_fn *done, void *ctx,
    struct vt_error *err);

/*
 * Many files again, that are in memory, while the caller does something else: a
 * process of its own has their workers (vt_confine_desk).  A file that is not
 * in memory, and what that process leaves undone because it died, is judged
 * when it is asked for: nothing is left out, and nothing taken for judged.
 */
struct vt_verify_desk;
/* At most JOBS at once.  VT_EARG; VT_ENOMEM. */
int vt_verify_desk_new(size_t jobs, struct vt_verify_desk **ret,
    struct vt_error *err);
/*
 * As vt_verify_confined(), to be judged from vt_verify_desk_start() on.  SRC,
 * which is left hidden (vt_source_hide()), NAME and what OPTS points to must
 * outlive the desk.  *RET is its number.
 */
int vt_verify_desk_add(struct vt_verify_desk *d, struct vt_source *src,
    const char *name, const struct vt_verify_options *opts, size_t *ret,
    struct vt_error *err);
/* Once, behind the last that is added. */
void vt_verify_desk_start(struct vt_verify_desk *d);
/* Wait for number I, once: what vt_verify_confined() gives for it. */
int vt_verify_desk_end(struct vt_verify_desk *d, size_t i,
    struct vt_report **ret, struct vt_error *err);
/* What has not ended is given up; NULL is allowed. */
void vt_verify_desk_free(struct vt_verify_desk *d);

/*
 * An envelope's own signature by itself, whoever made it: "absent",
 * "placeholder", "valid" where digests and value hold over all but the list of
 * hops, "invalid"; NULL: that cannot be told.  SIGNATURE is what
 * vt_envelope_read() found.  VT_ENOMEM.
 */
int vt_verify_envelope_integrity(struct vt_source *src,
    enum vt_envelope_signature signature, const char **ret,
    struct vt_error *err);

/* What the name of a file gets before its ending when it is extended. */
#define VT_VERIFY_EXTENDED ".extended"

/*
 * The file beside PATH that its name says it signs: NAME.EXT for NAME.EXT.p7s,
 * NAME.EXT.extended.p7s and NAME.EXT.signed.p7s, where it is there.  For
 * free(), or NULL: none, or no memory.
 */
char *vt_verify_content_beside(const char *path);

/* What a file is, by its first bytes; never fails on content.  VT_EIO. */
int vt_verify_format(struct vt_source *src, enum vt_report_format *ret,
    struct vt_error *err);

/*
 * Reasons: stable codes, one table.  A code that is not in it has the text of
 * itself and no sub-indication.
 */
const char *vt_reason_text(const char *code);          /* translated */
const char *vt_reason_hint(const char *code);          /* next step, or NULL */
const char *vt_reason_subindication(const char *code); /* or NULL */
/* The I-th code of the table, or NULL behind the last. */
const char *vt_reason_at(size_t i);

/*
 * Who signed, for the rules of the agency key (Decree 30/2020, 14 to 19, 32).
 * A person's signature here: intact, valid or open only in what is known of its
 * certificate, on a path to an anchor where the report knew any, and made with
 * another certificate than AGENCY (SHA-256 of its DER, or NULL) that does not
 * name an organisation's tax code in its UID.  One whose certificate ended
 * before it was proven to exist is none, since whoever has the key may have
 * made it today: *RET_EXPIRED (NULL is allowed) tells that there is such a one
 * and no other.
 */
bool vt_report_signed_by_person(const struct vt_report *report,
    const unsigned char *agency, bool *ret_expired);
/*
 * A person's, and later in the file such a one of AGENCY; certificates may have
 * ended since.
 */
bool vt_report_issued_by(const struct vt_report *report,
    const unsigned char *agency);

#endif
