/* envelope_int.h - what the parts of the module share */
#ifndef ENVELOPE_INT_H
#define ENVELOPE_INT_H

#include "vanthu/encode.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"

struct vt_sha256;
struct vt_source;
struct vt_xml_element;

#define QCVN "QCVN 102:2016"
#define XMLDSIG_NS "http://www.w3.org/2000/09/xmldsig#"

/* ---- the grammar: envelope_rules.c ---- */

enum vt_node { /* elements with elements in them */
	NODE_NONE = 0,
	NODE_EDXML,
	NODE_ENVELOPE,
	NODE_HEADER,
	NODE_MESSAGE,
	NODE_ORGAN,
	NODE_CODE,
	NODE_PROMULGATION,
	NODE_TYPE,
	NODE_SIGNER,
	NODE_PLACES,
	NODE_OTHER,
	NODE_APPENDIXES,
	NODE_RESPONSE,
	NODE_TASK,
	NODE_STAFF,
	NODE_TRACES,
	NODE_TRACE,
	NODE_BUSINESS,
	NODE_UPDATE,
	NODE_RECEIVERS,
	NODE_RECEIVER,
	NODE_REPLACEMENTS,
	NODE_REPLACEMENT,
	NODE_ORGAN_IDS,
	NODE_ERRORS,
	NODE_ERROR,
	NODE_BODY,
	NODE_MANIFEST,
	NODE_REFERENCE,
	NODE_ENCODED,
	NODE_ATTACHMENT,
	NODE_LEAF /* text alone */
};

enum vt_value {
	/* Of elements with elements: whose parts they fill in. */
	INTO_SAME = 0, /* the parent's object */
	INTO_PART,     /* the part of it at OFF */
	INTO_TO,       /* a new one of a list */
	INTO_RESPONSE,
	INTO_TRACE,
	INTO_RECEIVER,
	INTO_REPLACED,
	INTO_ERROR,
	INTO_REFERENCE,
	INTO_ATTACHMENT,
	/* Of text: what it is read as, and put at OFF. */
	AS_TEXT,
	AS_ID,
	AS_NAME,
	AS_LIST,
	AS_ID_LIST,
	AS_DATE,
	AS_TIME,
	AS_TRACE_ID,
	AS_TRACE_TIME,
	AS_COUNT,
	AS_LOOSE_COUNT,
	AS_PRIORITY,
	AS_BOOL,
	AS_CHANGE,
	AS_PAPER, /* a bool that only "1" sets */
	AS_BUSINESS,
	AS_STATUS,
	AS_CONTENT_ID,
	AS_CONTENT /* the attachment itself: passed over */
};

struct vt_rule {
	enum vt_node parent;
	const char *name;
	enum vt_node node;
	enum vt_value value;
	bool many; /* else a second one is refused */
	size_t off;
};

/* The rule for child NAME of PARENT, or NULL: not known to us. */
const struct vt_rule *vt_edxml_rule(enum vt_node parent, const char *name);
/* Which of its parent's elements RULE is, below 64; spellings share it. */
unsigned vt_edxml_slot(const struct vt_rule *rule);

/* ---- values: envelope_value.c ---- */

struct vt_bytes vt_edxml_trim(struct vt_bytes text);
/*
 * The ways in which producers write dates (2015/09/30, 2015-09-30, 30/09/2015)
 * and times (a date, a space or T, 11:08, 11:08:36 or 11:08:36.123, and perhaps
 * Z or +07:00), either for either; "" gives none.
 */
bool vt_edxml_date_parse(struct vt_bytes text, struct vt_date *ret);
bool vt_edxml_time_parse(struct vt_bytes text, int64_t *ret);
bool vt_edxml_count_parse(struct vt_bytes text, int max, int *ret);
bool vt_edxml_bool_parse(struct vt_bytes text, bool *ret);
/* "2015/09/30", "2015/09/30 11:08:36" at +07:00; VT_TIME_TEXT bytes. */
char *vt_edxml_date_text(struct vt_date d, char *out);
char *vt_edxml_time_text(int64_t t, char *out);

/* One more, zeroed, of a list of N items of SIZE bytes; NULL: no memory. */
void *vt_edxml_grow(void *items, size_t *n, size_t size);

/* ---- rules about a whole envelope: envelope_check.c ---- */

/*
 * Is what must be there there?  CODE is what the answer no is: VT_EFORMAT in
 * reading, VT_EARG in writing, which also holds ours to more.
 */
int vt_edxml_check(const struct vt_envelope *env, enum vt_code code,
    struct vt_error *err);

/* ---- secrecy: envelope_secret.c ---- */

#define SECRET_TEXT 64 /* bytes; the longest degree takes 14 */

/* Looks at every text as it passes by; zeroed at first. */
struct vt_edxml_secret_scan {
	unsigned depth;
	unsigned inside; /* depth of the OtherInfo or TypeName, or 0 */
	char text[SECRET_TEXT + 1];
	size_t len;
	bool long_text; /* more than that: no degree */
	bool found;
	bool like; /* one that is none, but for the case of its letters */
};

void vt_edxml_secret_start(struct vt_edxml_secret_scan *scan,
    const char *local);
void vt_edxml_secret_text(struct vt_edxml_secret_scan *scan,
    struct vt_bytes piece);
void vt_edxml_secret_end(struct vt_edxml_secret_scan *scan);

/* ---- names of files: envelope_name.c ---- */

#define EXTENSION_MAX 16

/* Lower case, without the dot; "" for none.  OUT is returned. */
char *vt_edxml_extension(const char *name, char out[EXTENSION_MAX]);
/* The safe form of NAME, at most CHARS characters; OUT is returned. */
char *vt_edxml_name(const char *name, size_t chars,
    char out[VT_ENVELOPE_NAME_MAX]);

/* ---- a place for bytes of any number: envelope_spool.c ---- */

struct vt_spool {
	const char *dir;   /* borrowed, or NULL */
	int given;         /* borrowed: instead of a file in DIR; -1 */
	struct vt_buf buf; /* all, while they are few */
	int fd;            /* else here; -1 */
	uint64_t begun;    /* of what was given: as vt_fd_begin() has it */
	bool stays;        /* what was given is then a file to be kept */
	bool discard;      /* count and digest, keep nothing */
	uint64_t size;
	struct vt_sha256 *digest; /* of what is in no memory */
};

int vt_edxml_spool_init(struct vt_spool *s, const char *dir, int given,
    struct vt_error *err);
void vt_edxml_spool_release(struct vt_spool *s);
int vt_edxml_spool_put(void *spool, struct vt_bytes b, struct vt_error *err);
/* Nothing more comes.  The source lives as long as the spool. */
int vt_edxml_spool_end(struct vt_spool *s, struct vt_source **ret,
    struct vt_error *err);
/* Of all that came; SRC, which _end gave, keeps what it knows of it. */
int vt_edxml_spool_digest(struct vt_spool *s, struct vt_source *src,
    unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);

/* ---- attachments, as their base64 comes by: envelope_extract.c ---- */

struct vt_edxml_extract {
	struct vt_envelope *env;
	const char *dir;
	const int *scratch; /* in place of files in DIR; -1: none */
	vt_envelope_take_fn *take;
	void *ctx;
	size_t index; /* of the attachment that is next */
	unsigned depth;
	unsigned on_path; /* elements open that lead to a content */
	struct vt_base64_decoder base64;
	struct vt_spool spool;
	unsigned char *decoded;
};

int vt_edxml_content_start(struct vt_edxml_extract *x, struct vt_error *err);
int vt_edxml_content_put(struct vt_edxml_extract *x, struct vt_bytes base64,
    struct vt_error *err);
/* All of attachment X->index is there, and what ENV says of it. */
int vt_edxml_content_end(struct vt_edxml_extract *x, struct vt_error *err);

/*
 * Read SRC into ENV, which is initialised and the caller's whatever comes of
 * it.  X: take the attachments out on the way; *RET_LATER where they were not,
 * because they stand before the header.  NULL: pass them over.
 */
int vt_edxml_read(struct vt_source *src, struct vt_edxml_extract *x,
    struct vt_envelope *env, bool *ret_later, struct vt_error *err);

#endif
