/* envelope.h - edXML messages (QCVN 102:2016/BTTTT): documents and statuses */
#ifndef VANTHU_ENVELOPE_H
#define VANTHU_ENVELOPE_H

#include "vanthu/bytes.h"  /* struct vt_list */
#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/limits.h"
#include "vanthu/time.h" /* struct vt_date */

struct vt_error;
struct vt_source;

#define VT_EDXML_NS "http://www.mic.gov.vn/TBT/QCVN_102_2016"

/* Characters of an AttachmentName that we send. */
#define VT_ENVELOPE_NAME_SENT_MAX 50

enum vt_envelope_kind { VT_ENVELOPE_DOCUMENT = 0, VT_ENVELOPE_STATUS };

enum vt_business {
	VT_BUSINESS_NEW = 0, /* the values of BussinessDocType */
	VT_BUSINESS_RECALL = 1,
	VT_BUSINESS_UPDATE = 2,
	VT_BUSINESS_REPLACE = 3
};

enum vt_envelope_signature {
	VT_ENVELOPE_SIGNATURE_ABSENT = 0,
	/* Empty, or of a namespace in which nothing can be signed. */
	VT_ENVELOPE_SIGNATURE_PLACEHOLDER,
	/* A signature of XMLDSig's namespace; it was not judged. */
	VT_ENVELOPE_SIGNATURE_UNVERIFIED
};

enum vt_attachment_encoding {
	VT_ATTACHMENT_RAW = 0,
	VT_ATTACHMENT_ZIP /* it travels in a ZIP of one member */
};

/*
 * Texts are UTF-8, owned by the envelope, and NULL where the element is absent
 * or empty.  They are foreign: nothing in them is fit to be shown or used as a
 * path as it is.  Ids, codes of statuses, numbers and dates are read without
 * the white space around them; other text is kept byte for byte.
 */
struct vt_organ {
	char *id; /* OrganId */
	char *name;
	char *in_charge; /* OrganizationInCharge: free text */
	char *address;
	char *email;
	char *telephone;
	char *fax;
	char *website;
};

struct vt_staff {
	char *department;
	char *department_id;
	char *name;
	char *id;
	char *email;
	char *mobile;
};

struct vt_response { /* ResponseFor: the document that is meant */
	char *organ_id;
	char *code; /* number/notation */
	struct vt_date date;
	char *document_id;
};

struct vt_trace {
	char *organ_id; /* NULL also for "null", which hops do write */
	int64_t time;   /* VT_TIME_NONE: none, or not readable */
};

struct vt_receiver_change {
	char *organ_id;
	bool added; /* else removed */
};

struct vt_replaced {
	char *document_id;
	struct vt_list organ_ids;
};

struct vt_axis_error { /* ErrorList/Error: Bkav's axis answers so */
	char *code;    /* "N.MessageHeader.From.OrganId" */
	char *description;
};

struct vt_attachment {
	char *content_id; /* without the leading "cid:" */
	char *name;       /* as written; see vt_envelope_file_name() */
	char *description;
	char *content_type; /* the manifest's, else the attachment's own */
	/* What follows is known only from vt_envelope_extract() on. */
	bool extracted;
	enum vt_attachment_encoding encoding;
	uint64_t size; /* of the file itself, out of its ZIP */
	unsigned char sha256[VT_SHA256_LEN];
	/* The reader's own: ContentType of the attachment, as written. */
	char *wire_type;
};

struct vt_envelope {
	enum vt_envelope_kind kind;
	struct vt_organ from;

	/* Documents. */
	struct vt_organ *to;
	size_t nto;
	char *document_id;
	char *code_number, *code_notation; /* as written */
	char *place;
	struct vt_date date;   /* PromulgationDate */
	int type, type_detail; /* -1: absent or not a number */
	char *type_name;
	char *subject, *content;
	char *competence, *position, *signer;
	struct vt_date due_date;
	struct {
		int priority; /* 0 normal, 1 khẩn, ... 3 hỏa tốc, 4 at a time */
		char *sphere;
		char *typer_notation;
		int copies, pages; /* -1: absent */
		bool direction;
		struct vt_list appendixes;
		struct vt_list reply_for;
		struct vt_list reference_codes;
	} other;
	struct vt_list to_places;
	struct vt_list tasks; /* ResponseForTask/TaskCode */
	int steering_type;    /* -1: absent */
	char *application_type;

	/* Documents: what is answered.  Statuses: exactly one, what is meant.
	 */
	struct vt_response *response_for;
	size_t nresponse_for;

	struct vt_trace *trace;
	size_t ntrace;
	struct {
		enum vt_business type;
		char *reason;
		char *document_id; /* update: of which document */
		/*
		 * A copy on paper is sent too: Paper says so in Bussiness, or
		 * beside it.
		 */
		bool paper;
		bool content_changed;   /* update */
		bool receivers_changed; /* update */
		struct vt_receiver_change *receivers;
		size_t nreceivers;
		struct vt_replaced *replaced; /* replace */
		size_t nreplaced;
		struct vt_staff staff;
	} business;

	/* Statuses. */
	struct {
		char *code; /* two digits, "01" */
		char *description;
		int64_t time; /* VT_TIME_NONE: absent */
		struct vt_staff staff;
	} status;

	struct vt_axis_error *errors; /* wherever an ErrorList stands */
	size_t nerrors;

	struct vt_attachment *attachments;
	size_t nattachments;
	enum vt_envelope_signature signature;
	bool secret; /* found in reading; ask vt_envelope_secret() */
	/* So is this: it says so but for the case of letters, as "Mật". */
	bool perhaps_secret;
};

void vt_envelope_init(struct vt_envelope *env);
void vt_envelope_release(struct vt_envelope *env); /* a zeroed one is allowed */

/* Replace *FIELD by a copy of VALUE; "" and NULL make it NULL.  VT_ENOMEM. */
int vt_envelope_set(char **field, const char *value, struct vt_error *err);
/* One more of a list, empty, to be filled; valid until the next.  VT_ENOMEM. */
int vt_envelope_add_to(struct vt_envelope *env, struct vt_organ **ret,
    struct vt_error *err);
int vt_envelope_add_response(struct vt_envelope *env, struct vt_response **ret,
    struct vt_error *err);
int vt_envelope_add_trace(struct vt_envelope *env, struct vt_trace **ret,
    struct vt_error *err);
int vt_envelope_add_receiver(struct vt_envelope *env,
    struct vt_receiver_change **ret, struct vt_error *err);
int vt_envelope_add_replaced(struct vt_envelope *env, struct vt_replaced **ret,
    struct vt_error *err);

int vt_envelope_add_error(struct vt_envelope *env, struct vt_axis_error **ret,
    struct vt_error *err);

/* true where the root element of SRC is edXML's; never fails on content. */
int vt_envelope_probe(struct vt_source *src, bool *ret, struct vt_error *err);

/*
 * Read all of SRC but the content of the attachments, which is passed over:
 * nothing is decoded, and nothing kept of it.  *RET is then initialised and
 * the caller's to release; it is untouched on failure.  VT_EFORMAT and
 * VT_EUNSUPPORTED name the element, the line and the rule; VT_ELIMIT; VT_EIO;
 * VT_ENOMEM.
 */
int vt_envelope_read(struct vt_source *src, struct vt_envelope *ret,
    struct vt_error *err);

/*
 * Called for each attachment in the order of the file.  A is complete; CONTENT
 * is the file itself, out of its ZIP, and lives until the call returns.
 */
typedef int vt_envelope_take_fn(void *ctx, const struct vt_attachment *a,
    size_t index, struct vt_source *content, struct vt_error *err);

/*
 * Decode the attachments of SRC, from which ENV was read, fill in what ENV
 * still lacks about them, and hand each to TAKE (may be NULL).  What does not
 * fit in memory goes to an unnamed file in SPOOL_DIR, or in /var/tmp where that
 * is NULL; nothing stays there.  VT_EFORMAT: bad base64, a damaged ZIP, or one
 * that may be read in two ways; VT_ELIMIT: as zip.h says; VT_EIO; TAKE's own
 * code.
 */
int vt_envelope_extract(struct vt_source *src, struct vt_envelope *env,
    const char *spool_dir, vt_envelope_take_fn *take, void *ctx,
    struct vt_error *err);
/*
 * The same, for who cannot make files: what does not fit in memory goes to
 * those of SCRATCH, which the caller has open to be written and read.
 */
#define VT_ENVELOPE_SCRATCH 2
int vt_envelope_extract_into(struct vt_source *src, struct vt_envelope *env,
    const int scratch[VT_ENVELOPE_SCRATCH], vt_envelope_take_fn *take,
    void *ctx, struct vt_error *err);

/*
 * vt_envelope_read() and vt_envelope_extract() at once, in one pass where the
 * header stands before the attachments, as every producer writes it.  SCRATCH
 * is NULL, or of VT_ENVELOPE_SCRATCH files as above: the first for what travels
 * as it is, the second for what comes out of a ZIP.  A content of which
 * vt_source_descriptor() is one of them may be kept there by TAKE, which then
 * puts another file in its place.
 *
 * TAKE is called before all of the message is known to be sound: what it did is
 * to be undone where this fails.  Of an envelope that is secret nothing, or not
 * all, is extracted, and the result is VT_OK: ask vt_envelope_secret().
 */
int vt_envelope_unpack(struct vt_source *src, struct vt_envelope *ret,
    const char *spool_dir, const int *scratch, vt_envelope_take_fn *take,
    void *ctx, struct vt_error *err);

/*
 * true where TypeName or any text below OtherInfo, known to us or not, says
 * exactly MẬT, TỐI MẬT or TUYỆT MẬT.  Needs vt_envelope_read() only, so it can
 * be asked before anything is stored.
 */
bool vt_envelope_secret(const struct vt_envelope *env);
/*
 * The same for a message that vt_envelope_read() refuses: whatever its elements
 * mean, and where SRC is not even XML, as far as it looks like it.  VT_EIO;
 * VT_ENOMEM.
 */
int vt_envelope_scan_secret(struct vt_source *src, bool *ret,
    struct vt_error *err);

/*
 * The digest of the message header, business block and attachments, without
 * the trace that each hop adds, nor the spelling of the XML (order of the
 * elements, prefixes, cid:, ZIP or not).  The attachments must have been
 * extracted (VT_EARG).
 */
int vt_envelope_digest(const struct vt_envelope *env,
    unsigned char out[VT_SHA256_LEN], struct vt_error *err);

/*
 * Bytes that a name made by vt_envelope_file_name() takes at most, with NUL.
 */
#define VT_ENVELOPE_NAME_MAX 256

/*
 * The name of attachment INDEX (from 0) as a file: no folder, no control, bidi
 * or invisible character, no leading dot, not too long, never empty, and other
 * than the names of the attachments before it.  OUT is returned.
 */
char *vt_envelope_file_name(const struct vt_envelope *env, size_t index,
    char out[VT_ENVELOPE_NAME_MAX]);

/* A file to be sent. */
struct vt_envelope_file {
	const char *name; /* of the file; what is before the last / is cut */
	struct vt_source *content;
};

/*
 * Write ENV with FILES in the shape of the national axis' own SDK, in pieces
 * to SINK as in vt_source_stream(); env->attachments is not looked at.  PDF,
 * DOC(X), XLS(X) and ZIP travel as they are, all else as a ZIP of one member.
 * A name longer than 50 characters is cut on the wire, before its extension;
 * the whole one stands in Description.  The same input gives the same bytes.
 * VT_EARG: a part that the regulation asks for is missing or does not fit
 * (named), such as the reason of a status 02 or 13; VT_EREFUSED: the envelope
 * is secret; VT_EFORMAT: text that XML can not hold; VT_EIO; VT_ENOMEM; SINK's
 * own code.
 */
int vt_envelope_write(const struct vt_envelope *env,
    const struct vt_envelope_file *files, size_t nfiles, const char *spool_dir,
    int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err);

/* ---- codes ---- */

/* A row of the two lists of document types: A, normative; B, administrative. */
struct vt_edxml_type {
	int list;  /* Type: 1 is A, 2 is B */
	int index; /* TypeDetail, from 1; 0: its place is not known */
	const char *name;
};

const struct vt_edxml_type *vt_edxml_type_at(size_t i); /* NULL: the end */
/*
 * By its name in any case, marks set aside, B before A where both have it
 * ("Quyết định"); or NULL.
 */
const struct vt_edxml_type *vt_edxml_type_by_name(const char *name);
/*
 * The type that ENV means, or NULL where that cannot be told.  TypeName alone
 * counts where there is one: producers disagree about the numbers.  Without
 * it, Type 1 or 2 with TypeDetail, or an index of list B in Type, where .NET
 * producers put it; Type 1 with TypeDetail 0 is what the SDK writes for
 * anything, and means nothing.
 */
const struct vt_edxml_type *vt_envelope_type(const struct vt_envelope *env);

#define VT_PRIORITY_MAX 4
/* "thường" ... "hỏa tốc hẹn giờ" of 0 to 4, data of the wire; NULL: others. */
const char *vt_priority_text(int priority);

/* The words of JSON: "document" "status"; "new" "recall" "update" "replace". */
const char *vt_envelope_kind_name(enum vt_envelope_kind kind);
const char *vt_business_name(enum vt_business type);
bool vt_business_parse(const char *name, enum vt_business *ret);

#endif
