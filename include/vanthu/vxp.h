/* vxp.h - the protocol of the national document axis (VXP), for both its ends
 */
#ifndef VANTHU_VXP_H
#define VANTHU_VXP_H

#include "vanthu/bytes.h"
#include "vanthu/digest.h" /* VT_SHA256_LEN, VT_SHA256_HEX */
#include "vanthu/limits.h"

struct vt_error;
struct vt_json;

/*
 * A call is an HTTP request whose values travel as headers "XroadVnpt-NAME" and
 * once more, all of them, as one JSON object in "XroadVnpt-sign-header"; its
 * HMAC-SHA256 under the account's secret is "XroadVnpt-hash-header".  The body
 * of a send is the file and CRLF; nothing but the value hash-file covers it.
 */
#define VT_VXP_PREFIX "XroadVnpt-"
#define VT_VXP_VERSION "3.0.201608"

/* ErrorCode, as an axis says it. */
#define VT_VXP_OK "0"
#define VT_VXP_BAD_FILE "10"    /* the file is none */
#define VT_VXP_BAD_ACCOUNT "15" /* systemid or secret */
#define VT_VXP_NO_RECEIVER "18" /* the receiver does not exist */
#define VT_VXP_NO_SENDER "19"   /* the sender is not registered */
#define VT_VXP_AXIS "20"        /* the axis failed: a retry may help */
#define VT_VXP_FILE "21"        /* the file could not be processed */
#define VT_VXP_BAD_EDXML "22"   /* the file is no edXML */
#define VT_VXP_LOCKED "23"      /* the receiver is locked */
#define VT_VXP_REQUEST "100"    /* the call is none */

/* ---- values ---- */

/* "23112026T204344+0856": the offices' time, "+", milliseconds as 4 digits. */
#define VT_VXP_TIME_TEXT 24
char *vt_vxp_time(int64_t t, unsigned ms, char out[VT_VXP_TIME_TEXT]);
bool vt_vxp_time_parse(const char *text, int64_t *ret);

/*
 * hash-file: SHA-256 in lower-case hexadecimal, or, as the official Java client
 * writes it, with no zero before a digit that stands alone.
 */
char *vt_vxp_hash_file(const unsigned char sha256[VT_SHA256_LEN], bool padded,
    char out[VT_SHA256_HEX]);
/* true where TEXT is either form of it, in either case of letters. */
bool vt_vxp_hash_file_is(const char *text,
    const unsigned char sha256[VT_SHA256_LEN]);

/* true where ID may be the axis' id of a message: 1 to VT_VXP_DOC_ID_MAX
 * printable ASCII characters without spaces, quotes and backslashes. */
bool vt_vxp_doc_id_valid(const char *id);

/* ---- signing ---- */

/* Lower-case hexadecimal HMAC-SHA256 of TEXT under SECRET.  VT_ECRYPTO. */
int vt_vxp_hmac(struct vt_bytes secret, struct vt_bytes text,
    char out[VT_SHA256_HEX], struct vt_error *err);
/*
 * Is HEX that HMAC?  In a time that does not tell where they differ; upper-case
 * digits are as good.
 */
int vt_vxp_hmac_check(struct vt_bytes secret, struct vt_bytes text,
    const char *hex, bool *ret, struct vt_error *err);

struct vt_vxp_value {
	const char *name;  /* without the prefix */
	const char *value; /* UTF-8 */
};

/*
 * The JSON text of VALUES, one line of ASCII, and their names joined by ";".
 * VT_ELIMIT: longer than VT_VXP_HEADER_MAX; VT_EARG: a value is not UTF-8.
 */
int vt_vxp_sign_text(const struct vt_vxp_value *values, size_t n,
    struct vt_buf *ret_text, struct vt_buf *ret_names, struct vt_error *err);

/*
 * The values of a call as its signed text has them.  Nothing else of a request
 * is anybody's word.  TEXT must have been checked with vt_vxp_hmac_check()
 * before a value is believed.  VT_EFORMAT: no JSON object of strings.
 */
struct vt_vxp_values;
int vt_vxp_values_parse(struct vt_bytes text, struct vt_vxp_values **ret,
    struct vt_error *err);
/*
 * By the name without the prefix; where none is written so, in any case of
 * letters.  NULL: not there.
 */
const char *vt_vxp_values_get(const struct vt_vxp_values *v, const char *name);
void vt_vxp_values_free(struct vt_vxp_values *v); /* NULL is allowed */

/* ---- answers ---- */

/*
 * An answer, read as it comes: {"status", "ErrorCode", "ErrorDesc", ...} with,
 * in "data", rows (objects in an array) or a file in base64.  Memory does not
 * grow with either.
 */
struct vt_vxp_answer;

struct vt_vxp_answer_calls {
	/* One row; ROW lives until the call returns.  NULL: skipped. */
	int (*row)(void *ctx, const struct vt_json *row, struct vt_error *err);
	/* A piece of the file.  NULL: a text there is no file. */
	int (*file)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	void *ctx;
	/*
	 * The answer is that of a province's platform (LGSP): {"success",
	 * "message", "docId", ...}, what failed in an object "data"; the file
	 * is "edxml" in that, the XML itself or its base64.
	 */
	bool lgsp;
};

struct vt_vxp_result {
	bool ok;        /* status OK and ErrorCode 0; success */
	bool has_data;  /* a file or an array came */
	bool has_parts; /* a platform's "attachments" were not empty; skipped */
	char code[32];  /* ErrorCode; foreign text, as all of this */
	char text[256]; /* ErrorDesc; cut where it is longer */
	char doc_id[VT_VXP_DOC_ID_MAX + 1]; /* of a send; "" where none came */
	int64_t count;                      /* -1: none */
};

int vt_vxp_answer_new(const struct vt_vxp_answer_calls *calls,
    struct vt_vxp_answer **ret, struct vt_error *err);
/*
 * Of the type vt_sink_fn, with the answer as CTX.  VT_EFORMAT: this is no JSON,
 * or no base64; VT_ELIMIT: a row or all beside "data" is longer than may be;
 * what a call of CALLS returned.
 */
int vt_vxp_answer_feed(void *answer, struct vt_bytes piece,
    struct vt_error *err);
/*
 * All has come.  VT_ENET: it ends within a file, and comes whole another time;
 * VT_EFORMAT: it is not whole otherwise, or not such an answer.
 */
int vt_vxp_answer_end(struct vt_vxp_answer *a, struct vt_vxp_result *ret,
    struct vt_error *err);
void vt_vxp_answer_free(struct vt_vxp_answer *a); /* NULL is allowed */

#endif
