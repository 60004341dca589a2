/* axis_call_int.h - what the parts of a call share */
#ifndef VANTHU_AXIS_CALL_INT_H
#define VANTHU_AXIS_CALL_INT_H

#include "axis_int.h"

struct axis_endpoint;

/* One call. */
struct axis_call {
	struct vt_axis *a;
	const struct axis_endpoint *endpoint; /* NULL: there is none */
	struct axis_account account;
	struct vt_vxp_values *values;
	struct axis_answer answer;
	bool ready;    /* the answer is */
	uint64_t room; /* bytes of a body that may still come */
	bool too_long;

	/* a file that is being sent */
	int fd;
	struct vt_sha256 *digest; /* of all but the last two bytes */
	unsigned char last[2];
	size_t nlast;
	uint64_t len; /* bytes in FD */
	int64_t sender;
	struct vt_list to; /* empty: whom the envelope names */
	bool has_to;

	struct vt_buf body; /* of another call that has one */
};

/* ---- axis_answer.c ---- */

/* Answer with a failure; DETAIL may be NULL. */
void vt_axis_refuse(struct axis_call *c, unsigned status, const char *code,
    const char *detail);
/* The same for an error of ours or of the caller's. */
void vt_axis_refuse_error(struct axis_call *c, int rc,
    const struct vt_error *why);
/* Answer "OK", with MEMBERS ("" or ",\"a\":...") behind it. */
void vt_axis_accept(struct axis_call *c, struct vt_bytes members);
/* ... with the rows of DATA. */
void vt_axis_accept_rows(struct axis_call *c, struct vt_bytes data);
/* ... with the file of SHA256, raw or in base64. */
void vt_axis_accept_file(struct axis_call *c, const unsigned char *sha256,
    bool raw);

/* ---- axis_take.c: a send ---- */

void vt_axis_take_begin(struct axis_call *c);
void vt_axis_take_piece(struct axis_call *c, struct vt_bytes piece);
void vt_axis_take_end(struct axis_call *c);

#endif
