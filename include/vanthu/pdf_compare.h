/* pdf_compare.h - what the signatures of a PDF cover, what changed after them
 */
#ifndef VANTHU_PDF_COMPARE_H
#define VANTHU_PDF_COMPARE_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"
#include "vanthu/pdf.h" /* struct vt_pdf_ref */

struct vt_error;
struct vt_source;

/*
 * A document seen as the states that its signatures closed.  Who judges it
 * opens it, checks each signature's CMS over the bytes that it covers, and then
 * asks what changed after each.  Knows no CMS: whether a signature is intact
 * comes from outside.
 */
struct vt_pdf_signed;

/* ISO 32000-2, 12.8.1; security rules: the gap is the signature, no more. */
enum vt_pdf_covers {
	VT_PDF_COVERS_PART = 0, /* less than a revision, or the rules broken */
	VT_PDF_COVERS_REVISION, /* exactly up to the end of a revision */
	VT_PDF_COVERS_WHOLE     /* up to the end of the file */
};

struct vt_pdf_signature {
	/*
	 * As the newest revision that still has it says; borrowed.  Its
	 * EXTENT counts in the file's bytes.
	 */
	const struct vt_pdf_sigfield *field;
	/*
	 * false: a rule on /ByteRange or /Contents is broken, so no bytes are
	 * covered that one could speak of, and the signature is invalid; the
	 * reason is in CODE, CLAUSE and TEXT.
	 */
	bool sound;
	const char *code;   /* stable: "no-contents", "gap", ... or NULL */
	const char *clause; /* static, or NULL */
	const char *text;   /* static, translated when shown; or NULL */

	enum vt_pdf_covers covers;
	uint64_t end; /* behind the last covered byte; 0 where not sound */
	/*
	 * Where the revision that it closed begins: behind the revision before,
	 * 0 for the first one, and where COVERS is PART.
	 */
	uint64_t start;
	bool removed;   /* the newest revision does not have it any more */
	bool timestamp; /* of /Type /DocTimeStamp, or ETSI.RFC3161 */
};

/*
 * Find the signatures of the PDF in SRC, in the order in which they cover it.
 * Borrows SRC, which must outlive *RET.  Tolerant: what the newest revision
 * hides or breaks is looked for in the older ones and in the raw bytes.  On
 * VT_OK *RET is the caller's, to be freed.  VT_EFORMAT: not a PDF, or damaged
 * and nothing in it claims to be a signature.  VT_ELIMIT: more signatures than
 * VT_PDF_SIGNATURES_MAX.  VT_EIO, VT_ENOMEM.
 */
int vt_pdf_signed_open(struct vt_source *src, struct vt_pdf_signed **ret,
    struct vt_error *err);
/* The same with a password, as vt_pdf_open_with(); borrowed too.  VT_EKEY. */
int vt_pdf_signed_open_with(struct vt_source *src,
    const struct vt_secret *password, struct vt_pdf_signed **ret,
    struct vt_error *err);
void vt_pdf_signed_free(struct vt_pdf_signed *s); /* NULL is allowed */

/*
 * The newest state of the document, or NULL: it cannot be read; the damage then
 * says why.  Damage beside a state that can be read means that its form could
 * not be, so that there may be signatures which nobody sees.
 */
struct vt_pdf *vt_pdf_signed_pdf(const struct vt_pdf_signed *s);
const struct vt_error *vt_pdf_signed_damage(const struct vt_pdf_signed *s);
/*
 * How often "/ByteRange" stands in the raw bytes without being part of one of
 * the signatures found (an embedded file may hold one).
 */
size_t vt_pdf_signed_strays(const struct vt_pdf_signed *s);

size_t vt_pdf_signed_n(const struct vt_pdf_signed *s); /* 0: unsigned */
const struct vt_pdf_signature *vt_pdf_signed_at(const struct vt_pdf_signed *s,
    size_t i);

/*
 * Hand the bytes that signature I covers to FN, in order, in pieces of at most
 * 64 KiB.  VT_EFORMAT: it is not sound.
 */
int vt_pdf_signed_stream(struct vt_pdf_signed *s, size_t i,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/*
 * The source whose first *RET_LEN bytes are the first that signature I covers;
 * and all that it covers but the first SKIP of them.
 */
const struct vt_source *vt_pdf_signed_start(const struct vt_pdf_signed *s,
    size_t i, uint64_t *ret_len);
int vt_pdf_signed_rest(struct vt_pdf_signed *s, size_t i, uint64_t skip,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

enum vt_pdf_compared {
	VT_PDF_NOT_COMPARED = 0, /* could not be: a limit, something unknown */
	VT_PDF_UNCHANGED,        /* nothing but what later signatures may add */
	VT_PDF_CHANGED
};

/* Something that is other than when it was signed. */
struct vt_pdf_difference {
	enum vt_pdf_difference_code {
		VT_PDF_D_CHANGED, /* an object has another value */
		VT_PDF_D_FREED,   /* an object is gone */
		VT_PDF_D_REACHED, /* a reference that led nowhere leads to it */
		VT_PDF_D_TRAILER, /* the trailer: Root, Info, Encrypt, ... */
		VT_PDF_D_CHAIN,   /* the signed revision is left out */
		VT_PDF_D_UNREADABLE, /* a later revision that does not parse */
		VT_PDF_D_REMOVED     /* the signature itself is gone */
	} code;
	struct vt_pdf_ref ref; /* the object; num 0: none */
	size_t page;           /* on or of this page, from 0; SIZE_MAX */
	uint64_t end;          /* of the state in which it showed first */
	char text[160];        /* translated; foreign text not escaped */
};

/* The most that was added of what may be; each goes with those before it. */
enum vt_pdf_added {
	VT_PDF_ADDED_NOTHING = 0, /* nothing that anybody would see */
	VT_PDF_ADDED_VALIDATION,  /* DSS, document time stamps, metadata */
	VT_PDF_ADDED_FORM         /* signatures, values of fields */
};

struct vt_pdf_comparison {
	enum vt_pdf_compared result;
	enum vt_pdf_added added;
	/* What it was, at most VT_PDF_DIFFERENCES_MAX; as the texts below. */
	struct vt_list additions;
	struct vt_pdf_difference *items; /* owned */
	size_t n;
	size_t total;     /* with those that are not in the list */
	char reason[160]; /* why not compared, translated; "" */
};

/*
 * Compare the state that signature I closed with every later one, each object
 * and the trailer.  Everything is a difference, but
 *
 *  - the DSS, document time stamps and signature fields without value that take
 *    no room on a page, /Info, XMP metadata, /Extensions, /Version: always;
 *  - a new signature, its field, widget and appearance, and the value of an
 *    empty signature field: where that very signature is intact.  Signature I
 *    may forbid it (12.8.2.2, 12.7.5.5): level 1 does, a lock of all fields or
 *    of this one does, and a certification does where it would be seen and no
 *    field was foreseen;
 *  - the value of another empty field with its own appearance: where an intact
 *    signature, not a time stamp, closed this state or a later one, and
 *    signature I does not lock the field.  A certification of level 2 or 3
 *    leaves that to anybody, and also to change a value.  What the form tells
 *    of how fields look changes only where none of them has a value.
 *
 * An object may change only in the one role that it plays; one that something
 * else refers to, too, may not.  INTACT has vt_pdf_signed_n() entries: which
 * signatures hold; what an intact one closed counts as signed from then on.
 * Whoever passes only those that are trusted, too, is told of more.
 *
 * VT_OK means compared or not, as the result says: a limit that was reached is
 * VT_PDF_NOT_COMPARED unless a change was found before.  VT_EARG: I is not
 * sound.  RET is the caller's, to be released.
 */
int vt_pdf_signed_compare(struct vt_pdf_signed *s, size_t i, const bool *intact,
    struct vt_pdf_comparison *ret, struct vt_error *err);
void vt_pdf_comparison_release(struct vt_pdf_comparison *c);

#endif
