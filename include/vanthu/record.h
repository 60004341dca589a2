/* record.h - the rules of the books: types, numbers, codes, states, texts */
#ifndef VANTHU_RECORD_H
#define VANTHU_RECORD_H

#include "vanthu/bytes.h"  /* struct vt_list */
#include "vanthu/digest.h" /* VT_SHA256_LEN */
#include "vanthu/time.h"   /* struct vt_date */

struct vt_error;

/*
 * Rules only: nothing here reads a file or a clock.  "ND 30" is Decree
 * 30/2020/ND-CP.  Texts are NUL-terminated UTF-8.
 */

/* ---- texts ---- */

/*
 * TEXT in NFC, white space at its ends gone and inside it one space a run, for
 * free().  VT_EFORMAT: not UTF-8, or a control character.  VT_ENOMEM.
 */
int vt_record_clean(const char *text, char **ret, struct vt_error *err);
/* Set *FIELD, freeing what it held, to the clean TEXT; NULL or "": to NULL. */
int vt_record_put(char **field, const char *text, struct vt_error *err);
/* The same, but TEXT stays as it was written: an incoming code. */
int vt_record_put_verbatim(char **field, const char *text,
    struct vt_error *err);

/*
 * The two texts that search works on, for free().  _lower: NFC, lower case,
 * tone marks placed in one way (hoa', u'y as hoa', uy').  _fold: the same
 * without any mark, d for d-stroke.  Broken UTF-8 becomes U+FFFD.  VT_ENOMEM.
 */
int vt_record_lower(const char *text, char **ret, struct vt_error *err);
int vt_record_fold(const char *text, char **ret, struct vt_error *err);
/* true where A and B say the same but for case and marks. */
bool vt_record_same(const char *a, const char *b);

/* Characters of a field at most (ND 30, annex VI, II). */
#define VT_RECORD_SUBJECT_MAX 500
#define VT_RECORD_NAME_MAX 200 /* an agency's */
#define VT_RECORD_SIGNER_MAX 50
#define VT_RECORD_POSITION_MAX 100
#define VT_RECORD_NOTATION_MAX 30
#define VT_RECORD_PLACES_MAX 1000 /* all of them */
#define VT_RECORD_ORGAN_MAX 35    /* QD 20/2020 */
#define VT_RECORD_TEXT_MAX 4000   /* any one text of an incoming record */
#define VT_RECORD_FILES_MAX 1000

/* ---- types of documents (ND 30, article 7 and annex III) ---- */

struct vt_record_type {
	const char *code;    /* "QĐ"; "CV" and "ThC", which ND 30 leaves out */
	const char *name;    /* "Quyết định" */
	bool prefix;         /* its notation starts with the code */
	bool copy;           /* SY, SL, TrS */
	const char *archive; /* typeName of TT 05/2025/TT-BNV, or NULL */
};

/* By its exact code (QĐ is not QyĐ); by its name in any case; or NULL. */
const struct vt_record_type *vt_record_type_find(const char *code);
const struct vt_record_type *vt_record_type_by_name(const char *name);
const struct vt_record_type *vt_record_type_at(size_t i); /* NULL: the end */

/* ---- numbers and codes ---- */

#define VT_RECORD_NUMBER_MAX 99999999
#define VT_RECORD_NUMBER_TEXT 12

/* "05", "15", "1816" (ND 30, annex I, II.3: two digits below 10). */
char *vt_record_number_text(int64_t number, char out[VT_RECORD_NUMBER_TEXT]);

/*
 * May a document of TYPE that we issue carry NOTATION?  Groups of letters and
 * digits, joined by "-", no spaces, the type's abbreviation first; for CV and
 * ThC the issuer's, then the unit's.  NOTATION is clean.  VT_EARG: no, with
 * the reason.
 */
int vt_record_notation_check(const struct vt_record_type *type,
    const char *notation, struct vt_error *err);

struct vt_record_code {
	int64_t number;
	int year;             /* of nn/YYYY/SYMBOL, or 0 */
	const char *notation; /* borrowed from the text */
};

/*
 * Take a code apart that keeps the rules for what we issue: "05/QĐ-UBND",
 * "28/2018/QĐ-TTg".  VT_EFORMAT: it breaks them, with the reason.
 */
int vt_record_code_parse(const char *code, struct vt_record_code *ret,
    struct vt_error *err);

/*
 * What two spellings of one incoming code have in common, for free(): NFC,
 * lower case, no spaces, no leading zeros, any dash as "-".  Marks stay: HD is
 * not HĐ.  VT_ENOMEM.
 */
int vt_record_code_key(const char *code, char **ret, struct vt_error *err);
/*
 * The number and the notation of any code, for free(), as an envelope wants
 * them apart: cut at the first "/".  VT_ENOMEM.
 */
int vt_record_code_split(const char *code, char **ret_number,
    char **ret_notation, struct vt_error *err);

/*
 * The normal form of a DocumentId, "ORGANID,YYYY/MM/DD,NUMBER/NOTATION", for
 * free().  VT_ENOMEM.
 */
int vt_record_document_id(const char *organ_id, struct vt_date date,
    const char *code, char **ret, struct vt_error *err);
#define VT_RECORD_DOCUMENT_ID_MAX 200 /* characters; any form */

/* ---- agencies (QD 20/2020/QD-TTg; QCVN 102:2016/BTTTT) ---- */

enum vt_record_organ {
	VT_ORGAN_BAD = 0, /* empty, too long, an empty group, other signs */
	VT_ORGAN_FOREIGN, /* lower case or "_": seen on the wire, not lawful */
	VT_ORGAN_UNKNOWN, /* lawful characters, no pattern that we know */
	VT_ORGAN_GOOD     /* H40.16, 000.00.16.H40, 28.22.H17, a tax code */
};

enum vt_record_organ vt_record_organ_check(const char *id);

/*
 * What two spellings of an agency's name have in common, for free(): words in
 * lower case without marks, a space between, no other signs, the usual
 * abbreviations (UBND, HĐND, TP.) written out.  VT_ENOMEM.
 */
int vt_record_organ_key(const char *name, char **ret, struct vt_error *err);
/*
 * The same with its marks, tones placed in one way, for vt_record_organ_same():
 * xa~ Ta^n Ha` is not xa~ Ta^n Ha..  VT_ENOMEM.
 */
int vt_record_organ_name(const char *name, char **ret, struct vt_error *err);
/*
 * Are A and B, both of vt_record_organ_name(), one name?  Marks are passed over
 * only where one of the two was written without any.
 */
bool vt_record_organ_same(const char *a, const char *b);

/* ---- words; each _name is what JSON says, each _parse reads it ---- */

enum vt_urgency {
	VT_URGENCY_NONE = 0, /* the values are edXML's Priority */
	VT_URGENCY_KHAN,
	VT_URGENCY_THUONG_KHAN,
	VT_URGENCY_HOA_TOC
};

/* "none" "khan" "thuong-khan" "hoa-toc"; read also as "Thượng khẩn", ... */
const char *vt_urgency_name(enum vt_urgency u);
bool vt_urgency_parse(const char *text, enum vt_urgency *ret);

enum vt_secrecy {
	VT_SECRECY_NONE = 0,
	VT_SECRECY_MAT,
	VT_SECRECY_TOI_MAT,
	VT_SECRECY_TUYET_MAT
};

/* "none" "mat" "toi-mat" "tuyet-mat"; read also as "Mật", "TỐI MẬT", ... */
const char *vt_secrecy_name(enum vt_secrecy s);
bool vt_secrecy_parse(const char *text, enum vt_secrecy *ret);
/* VT_EREFUSED for all but NONE: state secrets are not for this register. */
int vt_secrecy_allow(enum vt_secrecy s, struct vt_error *err);
/*
 * What a text of an envelope (OtherInfo, TypeName) says: a degree where it is
 * exactly MẬT, TỐI MẬT or TUYỆT MẬT, white space at its ends apart.
 */
enum vt_secrecy vt_secrecy_of_text(const char *text);
/* Or is it one of them but for the case of its letters: "Mật", "Tối mật"? */
bool vt_secrecy_is_like(const char *text);

enum vt_competence {
	VT_COMPETENCE_NONE = 0,
	VT_COMPETENCE_TM, /* on behalf of the collective */
	VT_COMPETENCE_Q,  /* acting head */
	VT_COMPETENCE_KT, /* a deputy for the head */
	VT_COMPETENCE_TL, /* by order */
	VT_COMPETENCE_TUQ /* by delegation */
};

const char *vt_competence_name(enum vt_competence c); /* "TM", ...; "" */
bool vt_competence_parse(const char *text, enum vt_competence *ret);

#define VT_RETENTION_NONE 0 /* not said */
#define VT_RETENTION_FOREVER (-1)
#define VT_RETENTION_MAX 999 /* years */
#define VT_RETENTION_TEXT 16

/* "vinh-vien" (also "Vĩnh viễn"), or years: "20". */
bool vt_retention_parse(const char *text, int *ret);
char *vt_retention_text(int years, char out[VT_RETENTION_TEXT]);

enum vt_state {
	VT_STATE_NONE = 0,
	VT_STATE_REGISTERED, /* out and in */
	VT_STATE_SIGNED,     /* out */
	VT_STATE_ISSUED,
	VT_STATE_REPLACED, /* out and in */
	VT_STATE_RECALLED, /* out and in */
	VT_STATE_ASSIGNED, /* in */
	VT_STATE_PROCESSING,
	VT_STATE_DONE,
	VT_STATE_RETURNED
};

const char *vt_state_name(enum vt_state s); /* "registered", ... */
bool vt_state_parse(const char *text, enum vt_state *ret);
/* Does a record of this direction know the state; may it go from A to B? */
bool vt_state_fits(bool incoming, enum vt_state s);
bool vt_state_follows(bool incoming, enum vt_state a, enum vt_state b);
/* After issue: code, date and files are locked. */
bool vt_state_locked(enum vt_state s);

/* Status messages (01 to 06, 13, 15, 16); 0 is "none yet". */
enum vt_status {
	VT_STATUS_NONE = 0,
	VT_STATUS_ARRIVED = 1,
	VT_STATUS_REFUSED = 2,
	VT_STATUS_ACCEPTED = 3,
	VT_STATUS_ASSIGNED = 4,
	VT_STATUS_PROCESSING = 5,
	VT_STATUS_DONE = 6,
	VT_STATUS_TAKE_BACK = 13,
	VT_STATUS_AGREED = 15,
	VT_STATUS_DECLINED = 16
};

const char *vt_status_code(enum vt_status s); /* "01", or NULL: unknown */
const char *vt_status_text(enum vt_status s); /* "Đã đến": data of the wire */
bool vt_status_parse(const char *code, enum vt_status *ret); /* "01", "1" */
/*
 * May B follow A between the two sides of one document?  We keep to it; a
 * foreign one that does not is kept and flagged.  13 and its answers stand
 * beside the row of 01 to 06 and may follow any of it but 02.
 */
bool vt_status_follows(enum vt_status a, enum vt_status b);
/* 15 or 16: the answer to a recall, an update, a replacement or 13. */
bool vt_status_is_answer(enum vt_status st);
/* The status that tells of an incoming record's state, or NONE. */
enum vt_status vt_status_of_state(enum vt_state s);

/* ---- books and references ---- */

#define VT_BOOK_OUT "out"
#define VT_BOOK_IN "in"
#define VT_BOOK_MAX 64 /* bytes, with the NUL */

/* "in", "out", "out.CODE" with CODE of 1 to 20 letters, digits, "-", "_". */
bool vt_book_valid(const char *book);
bool vt_book_incoming(const char *book);

#define VT_REF_TEXT (VT_BOOK_MAX + 32)

struct vt_ref {
	char book[VT_BOOK_MAX]; /* "" for a NUMBER/NOTATION */
	int year;
	int64_t number;
	char notation[4 * VT_RECORD_NOTATION_MAX + 1];
};

/*
 * "out/2026/5", its number padded or not, or "05/QĐ-UBND" where RECORD_ONLY
 * (an operand that may be nothing but a record).  false: neither.
 */
bool vt_ref_parse(const char *text, bool record_only, struct vt_ref *ret);
char *vt_ref_text(const char *book, int year, int64_t number,
    char out[VT_REF_TEXT]);

/* ---- one record ---- */

struct vt_record_file {
	char *name; /* without a path */
	uint64_t size;
	unsigned char sha256[VT_SHA256_LEN];
	int seq;     /* 0: the main document; 1...: attachments */
	int version; /* 1: as given; the signed ones follow */
};

/*
 * A line of a book.  Texts are owned, NULL where nothing is known.  In an
 * outgoing record the store makes CODE of NUMBER and NOTATION; in an incoming
 * one it is kept as it was written.
 */
struct vt_record {
	int64_t id; /* order of arrival in the store; 0: not stored */
	char *book;
	int year;
	int64_t number; /* 0: to be given */
	char *code, *notation;
	struct vt_date date; /* on the document */
	int64_t arrived;     /* incoming; VT_TIME_NONE */
	int64_t registered;  /* the instant of registration; VT_TIME_NONE */
	char *organ_id, *organ_name;   /* the issuer */
	char *sender_id, *sender_name; /* who sent it, if another */
	char *type;                    /* code; incoming: any text */
	char *subject;
	char *signer, *position;
	enum vt_competence competence;
	enum vt_urgency urgency;
	enum vt_secrecy secrecy; /* only NONE is ever stored */
	struct vt_date due;
	int pages, copies; /* 0: not said */
	char *keeper;      /* who keeps the copy on file (out) or acts (in) */
	struct vt_list places;
	char *reply_to;
	bool paper;
	enum vt_state state;
	char *verdict;     /* verify's word on the main file, or NULL */
	char *document_id; /* edXML's */
	/* The latest version of each file, the main document first. */
	struct vt_record_file *files;
	size_t nfiles;
	/* SHA-256 of the main document as it was first given. */
	bool has_given;
	unsigned char given[VT_SHA256_LEN];
};

void vt_record_init(struct vt_record *rec);
void vt_record_release(struct vt_record *rec); /* an init()ed one is allowed */
int vt_record_copy(const struct vt_record *rec, struct vt_record *ret,
    struct vt_error *err); /* RET is overwritten, not released */
/* Add a file; NAME is copied. */
int vt_record_file_add(struct vt_record *rec, const char *name, uint64_t size,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err);
/*
 * Add to the places that it goes to what is left of TEXT, cleaned as by
 * vt_record_put(); ";", which parts places, becomes ",".
 */
int vt_record_place_add(struct vt_record *rec, const char *text,
    struct vt_error *err);
bool vt_record_incoming(const struct vt_record *rec);
char *vt_record_ref(const struct vt_record *rec, char out[VT_REF_TEXT]);
/*
 * The fields that have a text form, by the names that JSON gives them: the
 * I-th key, NULL behind the last.  Book, year, number and files are not among
 * them.
 */
const char *vt_record_key_at(size_t i);
/*
 * Set a field from text; "" clears it; places are parted by ";".
 * VT_ENOTFOUND: no such key.  VT_EARG: not a value of it.
 */
int vt_record_field_set(struct vt_record *rec, const char *key,
    const char *value, struct vt_error *err);
/* Its text, for free(), or NULL where nothing is there. */
int vt_record_field_text(const struct vt_record *rec, const char *key,
    char **ret, struct vt_error *err);

/*
 * Is the record fit for its book?  Outgoing: VT_EARG where a rule of ND 30 is
 * broken.  Incoming: what deviates is only noted, as translated lines in
 * NOTES (may be NULL); VT_EARG where something needed is not there.  Secret
 * ones, in either book: VT_EREFUSED.
 */
int vt_record_check(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err);
/* The same for what others entered before: in either book it is only noted. */
int vt_record_check_history(const struct vt_record *rec, struct vt_list *notes,
    struct vt_error *err);

#endif
