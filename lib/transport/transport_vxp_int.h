/* transport_vxp_int.h - what the parts of the driver vxp share */
#ifndef VANTHU_TRANSPORT_VXP_INT_H
#define VANTHU_TRANSPORT_VXP_INT_H

#include "transport_http_int.h"
#include "vanthu/vxp.h"

#define VXP_VALUES 8 /* of one call, without those that every call has */

/* An axis. */
struct vxp {
	struct transport_http http; /* first: see there */
	bool padded, raw;
};

/* One call of the protocol. */
struct vxp_call {
	bool get;         /* else POST */
	const char *path; /* "sendEdoc" */
	struct vt_vxp_value values[VXP_VALUES];
	size_t nvalues;
	bool file;                 /* CONTENT is sent, else "{}" */
	struct vt_source *content; /* of a send */
	struct vt_vxp_answer_calls answer;
	/* Where the answer may be the file itself; see vt_http_call. */
	bool raw;
	uint64_t
	    max; /* bytes of the answer; 0: of one without rows or a file */
	/* Set: a whole answer came, but it does not read as one .. */
	bool malformed;
	bool cut; /* .. or it ends within the file */
};

void vt_vxp_call_value(struct vxp_call *call, const char *name,
    const char *value);
/*
 * VT_OK: the axis says "OK".  VT_ENET: no answer, none of this protocol, or one
 * that says "later"; VT_EREFUSED: it says no; VT_EKEY: it says no to our
 * account, or there is no secret; what CALL's own functions return.
 */
int vt_vxp_call_send(struct vxp *v, struct vxp_call *call,
    struct vt_vxp_result *ret, struct vt_error *err);

/*
 * Send HTTP, whose headers and body are made, and read the answer to CALL in it
 * (of the answer is its part ANSWER, RAW and MAX).  As vt_vxp_call_send().
 */
int vt_vxp_exchange(struct transport_http *h, struct vxp_call *call,
    struct vt_http_call *http, struct vt_vxp_result *ret, struct vt_error *err);

/* ---- transport_vxp_fetch.c: lists of messages ---- */

/* A message that waits. */
struct vxp_item {
	char id[VT_VXP_DOC_ID_MAX + 1];
	char from[VT_TRANSPORT_ORGAN_MAX + 1]; /* "": not said */
};

struct vxp_list {
	const struct transport_http *http; /* whose account asks */
	struct vxp_item *items;            /* for free() */
	size_t n, cap;
	bool full;       /* what is listed behind them is for a later run */
	size_t nameless; /* rows of which nothing can be asked for */
};

/* Add ROW of a list of messages, with the list as CTX. */
int vt_vxp_list_row(void *ctx, const struct vt_json *row, struct vt_error *err);
/*
 * CALL for one message came to RC and R, or WHY.  VT_OK: it is in F.  What is
 * too long or damaged by its sender is there as far as it goes: to judge it,
 * and to say so, is for who takes it.  Else, as vt_vxp_call_send(), nothing may
 * be said of it: on its way it was cut, or there is none.
 */
int vt_vxp_got(const struct transport_http *h, const struct vxp_call *call,
    const struct vt_vxp_result *r, int rc, const struct vt_error *why,
    struct transport_file *f, struct vt_error *err);
/* Hand them over, the first first, and each of them once. */
int vt_vxp_list_take(struct transport_taking *k, struct vxp_list *l,
    struct vt_error *err);

int vt_vxp_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err);
int vt_vxp_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err);
int vt_vxp_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err);
int vt_vxp_agencies(void *state, enum vt_transport_directory which,
    vt_transport_agency_fn *fn, void *ctx, struct vt_error *err);
int vt_vxp_sent(void *state, enum vt_transport_class class,
    vt_transport_sent_fn *fn, void *ctx, struct vt_error *err);
const char *vt_vxp_class_name(enum vt_transport_class class);

#endif
