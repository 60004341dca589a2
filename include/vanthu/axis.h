/* axis.h - a document axis of one's own: agencies, their messages, the server
 */
#ifndef VANTHU_AXIS_H
#define VANTHU_AXIS_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;

/*
 * An axis is a folder: axis.db (SQLite), objects/ (messages by their SHA-256),
 * all of it closed to others, as the agencies' secrets stand in it.  The
 * commands and one server may work on it at once; each call is durable when it
 * returns.
 */
struct vt_axis;

/* Make the folder DIR an axis.  VT_EEXISTS: it is one; VT_EIO; VT_ENOMEM. */
int vt_axis_create(const char *dir, struct vt_error *err);
/*
 * One of an older version becomes one of this.  VT_EIO: it is none, or damaged;
 * VT_EUNSUPPORTED: of a newer version.
 */
int vt_axis_open(const char *dir, struct vt_axis **ret, struct vt_error *err);
void vt_axis_close(struct vt_axis *a); /* NULL is allowed */

/* ---- agencies ---- */

/*
 * An agency.  Its account is its code and its secret; without a secret it has
 * none, and its centre speaks for it: the agency of which it is a part, over
 * any number of steps, and whose code holds "W00".  Texts are UTF-8, NULL where
 * there is none.
 */
struct vt_axis_agency {
	const char *code;    /* capital letters, digits, dots; at most 35 */
	const char *code102; /* its other code, of QCVN 102:2016 */
	const char *name;
	const char *parent; /* the code of which it is a part */
	const char *mail;
	int64_t quota; /* bytes of its messages that wait; 0: unless said */
	bool locked;   /* it may not call, and nothing is taken in for it */
	bool has_secret;
	int64_t modified;
};

#define VT_AXIS_QUOTA                                                          \
	(INT64_C(10) << 30) /* bytes, unless an agency has one                 \
			     */

/*
 * Register A, or change what is registered of its code: what is NULL or 0 in A
 * stays as it is.  SECRET (NULL: unchanged) is of VT_AXIS_SECRET_MIN bytes at
 * least.  *RET_NEW (NULL is allowed): it was not there.  VT_EARG: a code that
 * cannot be one, or no name; VT_EEXISTS: a code of it is another agency's;
 * VT_ENOTFOUND: no such parent; VT_EIO.
 */
int vt_axis_agency_put(struct vt_axis *a, const struct vt_axis_agency *agency,
    const struct vt_secret *secret, bool *ret_new, struct vt_error *err);
/* VT_ENOTFOUND: no agency has the code. */
int vt_axis_agency_lock(struct vt_axis *a, const char *code, bool locked,
    struct vt_error *err);
/*
 * Forget its secret and take nothing in for it any more; what was exchanged
 * stays, and vt_axis_agency_put() brings it back.
 */
int vt_axis_agency_remove(struct vt_axis *a, const char *code,
    struct vt_error *err);

/* WAITING: messages that it has not confirmed. */
typedef int vt_axis_agency_fn(void *ctx, const struct vt_axis_agency *agency,
    int64_t waiting, struct vt_error *err);
/* Those that are not removed, in the order of their codes. */
int vt_axis_agencies(struct vt_axis *a, vt_axis_agency_fn *fn, void *ctx,
    struct vt_error *err);

/* ---- what is confirmed may be forgotten ---- */

/* Seconds: a file that was put since stays, as somebody may be sending it. */
#define VT_AXIS_FRESH 3600

struct vt_axis_pruned {
	int64_t messages;     /* forgotten */
	int64_t files, bytes; /* removed from the disk */
	int64_t left; /* messages that may go, but whose file is fresh */
};
typedef void vt_axis_prune_fn(void *ctx, const struct vt_axis_pruned *so_far);
/*
 * Forget the messages which all their recipients confirmed (done) before the
 * instant BEFORE: the file, unless another message has the same, and the
 * subject.  Digests, ids, the number, recipients and states stay: the same sent
 * once more is known and delivered to nobody twice, and its sender still finds
 * it in the list of what was sent.  What waits stays, and what a recipient said
 * fail of.  FN (NULL is allowed) is called after every hundred.  Killed or
 * failed it is as good: what was not done is done the next time.  VT_EIO.
 */
int vt_axis_prune(struct vt_axis *a, int64_t before, vt_axis_prune_fn *fn,
    void *ctx, struct vt_axis_pruned *ret, struct vt_error *err);

/* ---- the server ---- */

struct vt_axis_server;

/*
 * What vt_axis_server_start() will say of LISTEN, without anything else.
 * VT_EARG: it is no such address, or another machine's without TLS.
 */
int vt_axis_listen_check(const char *listen, bool tls, struct vt_error *err);

/* Borrowed until vt_axis_server_start() returns, but for log and its ctx. */
struct vt_axis_options {
	const char *listen; /* "ADDR:PORT", "[ADDR]:PORT"; port 0: any free */
	/* PEM: the certificate with its chain, its key; NULL: without TLS, and
	 * then the address must be loopback. */
	struct vt_bytes cert, key;
	uint64_t max_size;    /* bytes of a message; 0: VT_AXIS_MESSAGE_MAX */
	unsigned connections; /* at a time; 0: VT_AXIS_CONNECTIONS */
	/*
	 * Of these from one address; 0: a part, see VT_AXIS_ADDRESS_PART, or
	 * without TLS all of them, as what stands before it has one address.
	 */
	unsigned per_address;
	unsigned idle_s; /* 0: VT_AXIS_IDLE_S */
	/* One line for each call, without its content.  From any thread. */
	void (*log)(void *ctx, const char *line);
	void *log_ctx;
};

/*
 * Serve A until vt_axis_server_stop(): the calls of the axis' protocol (vxp.h),
 * in threads of its own.  Signals ought to be blocked before.  VT_EARG: an
 * address that is none, or plain HTTP elsewhere than on loopback; VT_EKEY: the
 * certificate or its key; VT_EIO: the address is taken.
 */
int vt_axis_server_start(struct vt_axis *a, const struct vt_axis_options *opts,
    struct vt_axis_server **ret, struct vt_error *err);
unsigned vt_axis_server_port(const struct vt_axis_server *s);
/* Take no more connections, let the calls end that run (for SECONDS), stop. */
void vt_axis_server_stop(struct vt_axis_server *s, unsigned seconds);

#endif
