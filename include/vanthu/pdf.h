/* pdf.h - a strict reader of PDF and a writer of incremental updates */
#ifndef VANTHU_PDF_H
#define VANTHU_PDF_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;
struct vt_out;
struct vt_source;

/*
 * ISO 32000-2:2020.  The reader takes the file as its cross-reference chain
 * says it is: nothing is searched for, rebuilt or guessed.  Objects are loaded
 * when asked for, so memory does not grow with the file.  It knows no CMS.
 *
 * Every offset in this header counts from the first byte of the source, as
 * /ByteRange does; those inside the file count from its header, "%PDF-", and
 * are converted.
 */

/* --- objects (7.3) --- */

enum vt_pdf_type {
	VT_PDF_NULL,
	VT_PDF_BOOL,
	VT_PDF_INT,
	VT_PDF_REAL, /* also an integer that int64_t cannot hold */
	VT_PDF_STRING,
	VT_PDF_NAME,
	VT_PDF_ARRAY,
	VT_PDF_DICT,
	VT_PDF_STREAM,
	VT_PDF_REF
};

struct vt_pdf_ref {
	uint32_t num; /* 0: no object */
	uint32_t gen;
};

/*
 * One object; never changed once it was made.  START and END are where its
 * text stands (END is behind the last byte): in the source, or, where IN_STREAM
 * is not 0, in the decoded object stream of that number.  A stream's text is
 * that of its dictionary.
 */
struct vt_pdf_obj {
	enum vt_pdf_type type;
	bool hex;           /* a string written as <...> */
	uint32_t in_stream; /* object stream that holds it, or 0 */
	uint64_t start;
	uint64_t end;
	union {
		bool boolean;
		int64_t integer;
		struct {
			double value;
			struct vt_bytes text; /* as written */
		} real;
		struct vt_bytes string; /* escapes resolved; no text decoding */
		struct vt_bytes name;   /* without "/", #xx resolved */
		struct {
			const struct vt_pdf_obj *items;
			size_t n;
		} array;
		struct {
			const struct vt_pdf_entry *entries; /* as written */
			size_t n;
		} dict;
		struct {
			const struct vt_pdf_obj *dict;
			uint64_t off; /* the raw bytes, in the source */
			uint64_t len;
			struct vt_pdf_ref ref; /* the object that it is */
		} stream;
		struct vt_pdf_ref ref;
	} u;
};

struct vt_pdf_entry {
	struct vt_bytes key; /* without "/", #xx resolved */
	uint64_t key_start;  /* where its "/" stands */
	struct vt_pdf_obj value;
};

/* A rectangle (7.9.5): lower left and upper right corner. */
struct vt_pdf_box {
	double x0, y0, x1, y1;
};

/* The value of KEY in a dictionary, or of a stream's; NULL: not there. */
const struct vt_pdf_obj *vt_pdf_find(const struct vt_pdf_obj *dict,
    const char *key);
bool vt_pdf_is_name(const struct vt_pdf_obj *obj, const char *name);
/*
 * Same value, whatever the spelling; references compare by number, of streams
 * only dictionary and length.
 */
bool vt_pdf_equal(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b);

/* --- documents --- */

enum vt_pdf_mode {
	/*
	 * For signing: damage is refused (VT_EFORMAT), and encryption that
	 * cannot be opened (VT_EKEY, VT_EUNSUPPORTED).
	 */
	VT_PDF_STRICT,
	/*
	 * For judging: an earlier section that cannot be read, or an object
	 * that is not where it should be, is a finding, and the rest can still
	 * be used.  Only what is needed to find the newest section must hold.
	 */
	VT_PDF_TOLERANT
};

struct vt_pdf;

/*
 * *RET is true where SRC begins with "%PDF-", or has it within the first 1,024
 * bytes and "startxref" near its end, or no header but "startxref" and "%%EOF"
 * there: it claims to be a PDF.  Never fails on content.  VT_EIO.
 */
int vt_pdf_probe(struct vt_source *src, bool *ret, struct vt_error *err);

/*
 * Read header, last startxref and the chain of cross-reference sections.
 * Borrows SRC, which must outlive *RET; not for two threads at once.  On VT_OK
 * *RET is the caller's, to be freed with vt_pdf_free().  VT_EFORMAT: not a PDF
 * or damaged, with clause and reason.  Strict mode only: VT_EKEY, encrypted and
 * does not open without a password; VT_EUNSUPPORTED, encrypted in a way that we
 * do not know.  VT_ELIMIT, VT_ENOMEM, VT_EIO.
 *
 * To see the document as it stood when LEN bytes of it existed, open
 * vt_source_prefix(SRC, LEN).
 */
int vt_pdf_open(struct vt_source *src, enum vt_pdf_mode mode,
    struct vt_pdf **ret, struct vt_error *err);
/*
 * The same with a password, of a user or the owner, in UTF-8; it is copied.
 * NULL or an empty one is as without.  A document that opens without any does
 * so with every one.  VT_EKEY, in tolerant mode too: it does not open this one.
 */
int vt_pdf_open_with(struct vt_source *src, enum vt_pdf_mode mode,
    const struct vt_secret *password, struct vt_pdf **ret,
    struct vt_error *err);
/*
 * A document whose cross-reference is damaged, in strict mode all the same, if
 * it can be rebuilt without a choice: nothing in it is signed, every object
 * parses and is there once, none is missing, and its trailers name one catalog.
 * An update of it lists all objects, so that every reader finds what was found
 * here.  Or only its last "startxref" has no offset, the section that it meant
 * stands right before it, and lists the last object of each number or deletes
 * what no page refers to: then an update goes on from there.  VT_EFORMAT: there
 * is a choice, and why; else as vt_pdf_open_with().
 */
int vt_pdf_open_rebuilt(struct vt_source *src, const struct vt_secret *password,
    struct vt_pdf **ret, struct vt_error *err);
/* Load every object in turn: is none damaged?  Errors as vt_pdf_get(). */
int vt_pdf_check_all(struct vt_pdf *pdf, struct vt_error *err);
void vt_pdf_free(struct vt_pdf *pdf); /* NULL is allowed */

struct vt_source *vt_pdf_source(const struct vt_pdf *pdf);
uint64_t vt_pdf_header(const struct vt_pdf *pdf); /* where "%PDF-" stands */
/* The trailer dictionary of the newest revision (7.5.5); never NULL. */
const struct vt_pdf_obj *vt_pdf_trailer(const struct vt_pdf *pdf);
bool vt_pdf_encrypted(const struct vt_pdf *pdf);
/* Tolerant mode: encrypted, and strings and streams cannot be read. */
bool vt_pdf_locked(const struct vt_pdf *pdf);
/*
 * What the owner of an encrypted document permits to others (7.6.4.2,
 * Table 22); to who opened it as the owner, everything.
 */
enum vt_pdf_permission {
	VT_PDF_MODIFY,     /* what the others below do not name */
	VT_PDF_FILL_FIELD, /* fields that are there, signature fields too */
	VT_PDF_ADD_FIELD   /* new ones */
};
bool vt_pdf_permits(const struct vt_pdf *pdf, enum vt_pdf_permission what);
/* The highest object number that any revision mentions; 0 where none. */
uint32_t vt_pdf_highest(const struct vt_pdf *pdf);

/* Something that is not as it should be. */
struct vt_pdf_finding {
	bool damage;  /* false: a deviation that leaves nothing to guess */
	uint64_t off; /* near where; UINT64_MAX: nowhere in particular */
	uint32_t num; /* the object, or 0 */
	enum vt_pdf_finding_code {
		VT_PDF_F_OTHER,
		VT_PDF_F_HEADER,     /* junk before it, or a strange version */
		VT_PDF_F_STARTXREF,  /* no "%%EOF", bytes behind it */
		VT_PDF_F_SIZE,       /* /Size does not fit the entries */
		VT_PDF_F_LENGTH,     /* /Length is wrong; endstream is near */
		VT_PDF_F_XREF,       /* an odd or broken section or entry */
		VT_PDF_F_OBJECT,     /* an object that is not there or broken */
		VT_PDF_F_LINEARIZED, /* hints that do not fit the file */
		VT_PDF_F_NAME        /* one that readers read differently */
	} code;
	const char *clause; /* static */
	char text[160];     /* translated, foreign text not escaped */
};

/*
 * What was noticed until now, oldest first; loading objects may add more.  The
 * list stops growing at VT_PDF_FINDINGS_MAX, but vt_pdf_ndamage() counts on.
 */
size_t vt_pdf_nfindings(const struct vt_pdf *pdf);
const struct vt_pdf_finding *vt_pdf_finding(const struct vt_pdf *pdf, size_t i);
size_t vt_pdf_ndamage(const struct vt_pdf *pdf);

/* --- revisions (7.5.6) --- */

enum vt_pdf_xref_kind {
	VT_PDF_XREF_TABLE,
	VT_PDF_XREF_STREAM,
	VT_PDF_XREF_HYBRID
};

/*
 * One state that the document was in, oldest is 0.  The two sections of a
 * linearized file (Annex F) are one revision.
 */
struct vt_pdf_revision {
	uint64_t xref; /* its newest section */
	/*
	 * Behind the end of line of its "%%EOF": the file's length then.  0
	 * where no "startxref ... %%EOF" follows the section.
	 */
	uint64_t end;
	enum vt_pdf_xref_kind kind;
	bool linearized;
	bool missing; /* tolerant mode: the section could not be read */
	const struct vt_pdf_obj *trailer; /* lives as long as the document */
};

size_t vt_pdf_nrevisions(const struct vt_pdf *pdf);
const struct vt_pdf_revision *vt_pdf_revision(const struct vt_pdf *pdf,
    size_t i);
/*
 * The document as revision I left it, read from its own bytes alone in the mode
 * of PDF, whose source is used and must outlive *RET.  VT_EFORMAT also where
 * the end of the revision is not known.
 */
int vt_pdf_open_revision(const struct vt_pdf *pdf, size_t i,
    struct vt_pdf **ret, struct vt_error *err);

/* One cross-reference entry. */
enum vt_pdf_xref_type { VT_PDF_FREE, VT_PDF_IN_FILE, VT_PDF_IN_STREAM };

struct vt_pdf_xref {
	struct vt_pdf_ref ref;
	enum vt_pdf_xref_type type;
	uint64_t off;    /* in file: of "num gen obj" */
	uint32_t stream; /* in stream: its number */
	uint32_t index;  /* in stream: which object of it */
	size_t revision; /* the one that this entry belongs to */
};

/* The entry that counts for NUM; false: no revision has one. */
bool vt_pdf_xref_find(const struct vt_pdf *pdf, uint32_t num,
    struct vt_pdf_xref *ret);
/*
 * The entries that count, in ascending order of number: start with *POS 0;
 * false at the end.
 */
bool vt_pdf_xref_next(const struct vt_pdf *pdf, size_t *pos,
    struct vt_pdf_xref *ret);
/*
 * Only those that revision I itself lists, superseded later or not; a hybrid
 * revision's hidden ones are among them.  A number may come twice (hybrid,
 * linearized): the first counts.
 */
bool vt_pdf_revision_next(const struct vt_pdf *pdf, size_t i, size_t *pos,
    struct vt_pdf_xref *ret);

/* --- loading --- */

/*
 * Objects live in the document's arena until it is freed or rewound to a mark
 * made before they were loaded.  Marks nest: what loops over many objects marks
 * before each and rewinds behind it.
 */
size_t vt_pdf_mark(const struct vt_pdf *pdf);
void vt_pdf_rewind(struct vt_pdf *pdf, size_t mark);

/*
 * Load one object; *RET is in the arena.  A free, missing or otherwise numbered
 * generation is VT_PDF_NULL (7.3.10).  VT_EFORMAT: it does not parse, or
 * another object stands there (a finding too, and the document can be used
 * further). VT_EUNSUPPORTED: within an object stream that is locked, or a
 * filter that is not Flate, LZW, ASCIIHex, ASCII85 or RunLength.  VT_ELIMIT,
 * VT_ENOMEM, VT_EIO.
 */
int vt_pdf_get(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj **ret, struct vt_error *err);
/* OBJ itself, or where it is a reference what that leads to. */
int vt_pdf_resolve(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, struct vt_error *err);
/* The value of KEY, resolved; VT_PDF_NULL where it is not there. */
int vt_pdf_lookup(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const char *key, const struct vt_pdf_obj **ret, struct vt_error *err);

/*
 * Where an object stands: from its number to behind "endobj"; in an object
 * stream, its value alone.  Errors as vt_pdf_get(); VT_ENOTFOUND for a free or
 * missing one.
 */
struct vt_pdf_extent {
	uint64_t start;
	uint64_t end;
	uint32_t in_stream; /* 0: offsets are in the source */
};
int vt_pdf_object_extent(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    struct vt_pdf_extent *ret, struct vt_error *err);

/*
 * Append the text of OBJ as it stands in its source (of a stream: of its
 * dictionary).  RET's maximum bounds it.
 */
int vt_pdf_source_text(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    struct vt_buf *ret, struct vt_error *err);

/*
 * Append the decoded data of a stream, at most RET's maximum and
 * VT_PDF_DECODED_MAX.  VT_EUNSUPPORTED: a filter we do not know, or a document
 * that is locked.
 */
int vt_pdf_stream_data(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    struct vt_buf *ret, struct vt_error *err);

/* The catalog (7.7.2), and its reference where RET_REF is not NULL. */
int vt_pdf_catalog(struct vt_pdf *pdf, const struct vt_pdf_obj **ret,
    struct vt_pdf_ref *ret_ref, struct vt_error *err);

/*
 * Page INDEX, counting from 0, by walking the page tree (7.7.3); /Count is not
 * believed.  VT_ENOTFOUND behind the last.  *RET may be NULL.
 */
int vt_pdf_page(struct vt_pdf *pdf, size_t index, const struct vt_pdf_obj **ret,
    struct vt_pdf_ref *ret_ref, struct vt_error *err);
int vt_pdf_page_count(struct vt_pdf *pdf, size_t *ret, struct vt_error *err);

/*
 * A text string (7.9.2) as UTF-8: PDFDocEncoding, UTF-16BE or UTF-8, by its
 * mark; bytes that mean nothing become U+FFFD.  VT_ENOMEM, VT_ELIMIT.
 */
int vt_pdf_text(struct vt_bytes string, struct vt_buf *ret);
/* The same the other way: a literal or hex string with its delimiters. */
int vt_pdf_text_put(struct vt_buf *out, const char *utf8);
/* D:YYYYMMDDHHmmSSOHH'mm (7.9.4); false: not a date. */
bool vt_pdf_date_parse(struct vt_bytes string, int64_t *ret);

/* What the document's metadata say of PDF/A; nobody checked that. */
struct vt_pdf_archival {
	int part;    /* of ISO 19005; 0: it is no PDF/A */
	bool intent; /* has an output intent for it (GTS_PDFA1) */
};

int vt_pdf_archival_read(struct vt_pdf *pdf, struct vt_pdf_archival *ret,
    struct vt_error *err);

/* --- signatures (12.7.5.5, 12.8) --- */

/* Fields that nobody may change any more (12.7.5.5, 12.8.2.4). */
struct vt_pdf_field_lock {
	enum vt_pdf_lock_action {
		VT_PDF_LOCK_NONE = 0,
		VT_PDF_LOCK_ALL, /* also where the action cannot be read */
		VT_PDF_LOCK_INCLUDE,
		VT_PDF_LOCK_EXCLUDE
	} action;
	struct vt_list names; /* full names, UTF-8 */
};

/* Does LOCK bind the field with this full name, or one that it is part of? */
bool vt_pdf_locks(const struct vt_pdf_field_lock *lock, const char *name);

/* A signature field, signed or not. */
struct vt_pdf_sigfield {
	struct vt_pdf_ref field;     /* 0 where direct */
	char *name;                  /* full name (12.7.4.2), UTF-8 */
	bool is_signed;              /* has a /V that is a dictionary */
	struct vt_pdf_ref value;     /* /V's reference; 0 where direct */
	struct vt_pdf_extent extent; /* of the signature dictionary's text */

	/*
	 * From the signature dictionary, where signed.  Strings are UTF-8 and
	 * NULL where absent.
	 */
	char *type; /* "Sig", "DocTimeStamp" or NULL */
	char *filter;
	char *subfilter;
	char *signer; /* /Name */
	char *reason;
	char *location;
	int64_t claimed; /* /M, or VT_TIME_NONE */

	size_t nrange;     /* integers in /ByteRange, all of them */
	uint64_t range[4]; /* the first four, where has_range */
	bool has_range;    /* four integers, none negative, no reference */
	/*
	 * /Contents: from its "<" to behind its ">" in the source; both 0 where
	 * it is not a direct hex string in the file itself.  Of the value's
	 * bytes CONTENTS owns a copy, padding included.
	 */
	uint64_t contents_start;
	uint64_t contents_end;
	unsigned char *contents;
	size_t contents_len;

	int docmdp;    /* P of a /DocMDP reference in it (12.8.2.2), or 0 */
	int lock;      /* P of the field's own /Lock (12.7.5.5), or 0 */
	bool fieldmdp; /* has a /FieldMDP reference */
	struct vt_pdf_field_lock locks;     /* the field's own /Lock */
	struct vt_pdf_field_lock mdp_locks; /* of the /FieldMDP references */
};

struct vt_pdf_sigfields {
	struct vt_pdf_sigfield *items; /* in the order of the form's tree */
	size_t n;
	bool certified;           /* the catalog's /Perms has /DocMDP */
	struct vt_pdf_ref docmdp; /* what it refers to; 0: direct */
};

/*
 * List the signature fields of the form.  No form: n is 0.  In tolerant mode a
 * field that cannot be read is a finding and is left out.  RET is the caller's,
 * to be released.  Errors as vt_pdf_get().
 */
int vt_pdf_sigfields_read(struct vt_pdf *pdf, struct vt_pdf_sigfields *ret,
    struct vt_error *err);
void vt_pdf_sigfields_release(struct vt_pdf_sigfields *fields);

/*
 * Look through raw bytes, damaged or not, for "/ByteRange" and the array that
 * follows it: what a verifier can still say of a file that it cannot read.
 * Streams' contents are looked at like all else, compressed ones hide it.
 */
struct vt_pdf_scan {
	size_t n; /* occurrences, also those beyond VT_PDF_SCAN_MAX */
	struct vt_pdf_scan_hit {
		uint64_t off;   /* of "/ByteRange" */
		bool has_range; /* four integers follow in brackets */
		uint64_t range[4];
	} hits[VT_PDF_SCAN_MAX];
};
int vt_pdf_scan_byteranges(struct vt_source *src, struct vt_pdf_scan *ret,
    struct vt_error *err);

/* --- incremental updates (7.5.6) --- */

struct vt_pdf_update;

/*
 * Begin an update of PDF, which must be strict and outlive it.  On VT_OK *RET
 * is the caller's, to be freed with vt_pdf_update_free().
 */
int vt_pdf_update_new(struct vt_pdf *pdf, struct vt_pdf_update **ret,
    struct vt_error *err);
void vt_pdf_update_free(struct vt_pdf_update *up); /* NULL is allowed */

/*
 * An object number that no revision uses.  VT_ELIMIT: it would be above
 * 8,388,607 (Annex C).
 */
int vt_pdf_update_alloc(struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err);
/*
 * Give REF, new or old, a value: BODY is the text between "obj" and "endobj"
 * and is copied.  Given again, the last counts.
 */
int vt_pdf_update_put(struct vt_pdf_update *up, struct vt_pdf_ref ref,
    struct vt_bytes body, struct vt_error *err);

/* A key to set; a VALUE of no bytes removes it. */
struct vt_pdf_change {
	const char *key;
	struct vt_bytes value; /* PDF text */
};
/*
 * Append DICT's own text with the changes made: replaced values keep their
 * place, new keys come last, all other bytes stay as they are.
 */
int vt_pdf_splice(struct vt_pdf *pdf, const struct vt_pdf_obj *dict,
    const struct vt_pdf_change *changes, size_t n, struct vt_buf *out,
    struct vt_error *err);

/* Append DATA as FlateDecode reads it (7.4.4).  VT_ENOMEM, VT_ELIMIT. */
int vt_pdf_deflate(struct vt_bytes data, struct vt_buf *out,
    struct vt_error *err);

/*
 * Write source and update to OUT, which holds nothing yet.  The section is of
 * the kind of the last one (a hybrid file gets a table), its /Prev that one.
 * *RET_OFF, where not NULL, receives for each put object, in the order of the
 * first put, where its body stands.  VT_ELIMIT: behind 9,999,999,999 bytes.
 */
int vt_pdf_update_write(struct vt_pdf_update *up, struct vt_out *out,
    uint64_t *ret_off, size_t noff, struct vt_error *err);

/* --- making a signature --- */

/* A field that is made, or gets its value, in the signature's own revision. */
struct vt_pdf_part {
	enum vt_pdf_part_kind {
		VT_PDF_NEW_TEXT, /* a new text field: empty, read only */
		VT_PDF_NEW_SIG,  /* a new signature field: empty */
		VT_PDF_FILL_TEXT /* a text field that is there, and empty */
	} kind;
	const char *name;
	size_t page;            /* of a new one: where its widget is ... */
	struct vt_pdf_box rect; /* ... as that of the signature, below */
	const char *value;      /* UTF-8, of one that is filled */
};

struct vt_pdf_sign {
	const char *field; /* name of an empty signature field to fill, or of
			      a new one; NULL: the first free "SignatureN" */
	const char *name;  /* /Name, /Reason, /Location: UTF-8 or NULL */
	const char *reason;
	const char *location;
	/*
	 * What the seed values of a field that is there are held against: the
	 * digest that is signed ("SHA256"; NULL: not known), whether there will
	 * be a time stamp, and what CERT says of the signer's certificate.  KEY
	 * is "Subject" or "Issuer" (VALUE: DER), "OID", "KeyUsage" (text), or
	 * "SubjectDN" (the attribute NAME, UTF-8); of a NULL one nothing fits.
	 */
	const char *digest;
	bool stamped;
	bool (*cert)(void *ctx, const char *key, const char *name,
	    struct vt_bytes value);
	void *cert_ctx;
	int64_t when; /* /M; VT_TIME_NONE: none */
	size_t hole;  /* bytes of DER there must be room for */
	/*
	 * A document time stamp (ETSI.RFC3161; EN 319 142-1, 5.4.3) in place of
	 * a signature; the texts and WHEN are not used.
	 */
	bool timestamp;
	/*
	 * Where a new field is: a page, counting from 0, and a rectangle in its
	 * default user space; one of no size is not seen.  A field that is
	 * there keeps its page, and its rectangle, too, unless RECT has a size.
	 */
	size_t page;
	struct vt_pdf_box rect;
	const struct vt_pdf_part *parts;
	size_t nparts;
	/*
	 * Put the form XObject that the signature (I is 0) or part I - 1, one
	 * that is filled, looks like into UP; *RET stays 0 where nothing is to
	 * be seen.  It is fitted into the rectangle.  NULL: nothing is seen.
	 */
	int (*look)(void *ctx, size_t i, struct vt_pdf_update *up,
	    struct vt_pdf_ref *ret, struct vt_error *err);
	void *look_ctx;
};

struct vt_pdf_signing; /* a written update whose hole is still empty */

/*
 * Write PDF (strict mode) with an added PAdES signature (Adobe.PPKLite,
 * ETSI.CAdES.detached) to OUT, all but the CMS.  Neither is owned.  On VT_OK
 * *RET is the caller's, to be freed before PDF's source.  The /Lock of a field
 * that is there is obeyed (12.7.5.5).  VT_EREFUSED: a certification or a field
 * lock allows no further signature, or no new field that is seen; a field is
 * signed or filled already, or of another kind, or its seed values demand what
 * this signature has not.  VT_EFORMAT: damage, also of these.  VT_EUNSUPPORTED:
 * XFA. VT_ELIMIT.
 */
int vt_pdf_sign_prepare(struct vt_pdf *pdf, const struct vt_pdf_sign *how,
    struct vt_out *out, struct vt_pdf_signing **ret, struct vt_error *err);
/* The bytes to be signed, in order, in pieces of at most 64 KiB. */
int vt_pdf_sign_stream(struct vt_pdf_signing *s,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);
/* The same bytes as offset, length, offset, length. */
void vt_pdf_sign_range(const struct vt_pdf_signing *s, uint64_t ret[4]);
/*
 * Put DER into the hole; the caller then commits OUT.  VT_ELIMIT, and nothing
 * written, where it is longer than the hole: the text names both sizes.
 */
int vt_pdf_sign_finish(struct vt_pdf_signing *s, struct vt_bytes der,
    struct vt_error *err);
void vt_pdf_signing_free(struct vt_pdf_signing *s); /* NULL is allowed */

#endif
