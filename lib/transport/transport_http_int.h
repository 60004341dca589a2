/* transport_http_int.h - what the drivers that speak HTTP to one server share
 */
#ifndef VANTHU_TRANSPORT_HTTP_INT_H
#define VANTHU_TRANSPORT_HTTP_INT_H

#include "transport_int.h"
#include "vanthu/error.h"
#include "vanthu/http_client.h"

/* A server, and our account there. */
struct transport_http {
	char *base; /* "https://HOST/PATH", without a slash at its end */
	char *own;
	char *system_id;
	char *secret_path, *ca, *cert, *key; /* or NULL */
	unsigned timeout_s;
	bool loopback;
	const char *agent;
	/* from the first call on */
	struct vt_http_client *client;
	struct vt_secret secret;
	vt_transport_idle_fn *idle; /* or NULL */
	void *idle_ctx;
	/* of the last call */
	int64_t retry_after_s;
	bool way_failed; /* whatever was sent: see vt_transport_way_failed() */
	/* Calls in a row without any answer, and what the last one met. */
	unsigned silent;
	struct vt_error why;
};

/*
 * The state of such a driver, which begins with a transport_http: SIZE bytes,
 * zero but for what NAME+SCHEME:REST and SETTINGS say of that.  AGENT is a
 * literal.  On VT_OK *RET is for vt_transport_http_close().  VT_EARG;
 * VT_ENOMEM.
 */
int vt_transport_http_new(size_t size, const char *name, const char *scheme,
    const char *rest, const char *own,
    const struct vt_transport_settings *settings, const char *agent, void **ret,
    struct vt_error *err);

/* What drivers have in common, of such a state. */
void vt_transport_http_close(void *state); /* NULL is allowed */
int64_t vt_transport_http_retry_after(const void *state);
/* true: nobody has answered, twice in a row. */
bool vt_transport_http_silent(const void *state);
bool vt_transport_http_way_failed(const void *state);
/*
 * STATUS is of what stands between us and who would judge the message: a wrong
 * path, a server that was moved or is closed to us.  Those that are left say
 * that the message is too long, or of a kind that is not taken (RFC 9110, 15.5;
 * RFC 6585, 5).
 */
bool vt_transport_http_is_ways(long status);
void vt_transport_http_idle(void *state, vt_transport_idle_fn *fn, void *ctx);

/*
 * What the first call needs and none before.  VT_EKEY: there is no secret, and
 * NEEDED says that there must be.
 */
int vt_transport_http_ready(struct transport_http *h, bool needed,
    struct vt_error *err);

/*
 * vt_http_client_send(), with what is remembered of it; not tried where nobody
 * answers.  CALL's most_s is set where it is 0: bytes that go on for ever, each
 * in time, come to an end.
 */
int vt_transport_http_send(struct transport_http *h, struct vt_http_call *call,
    struct vt_http_reply *ret, struct vt_error *err);

/* TEXT as one part of a path or query, for free(); NULL: no memory. */
char *vt_transport_escape(const char *text);

#endif
