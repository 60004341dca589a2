/* http_client.h - many requests to servers that an office has configured */
#ifndef VANTHU_HTTP_CLIENT_H
#define VANTHU_HTTP_CLIENT_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;
struct vt_source;

/*
 * What holds for all requests of a client.  Zeroed is allowed but for timeout_s
 * and connect_s.  Copied.
 *
 * Unlike vt_http_send(), which is led by foreign documents, a client goes where
 * its office's own configuration sends it: to private addresses too.  It never
 * follows a redirect: what a request carries is for one server.
 */
struct vt_http_client_rules {
	const char *ca;   /* a file of roots, in PEM; NULL: the system's */
	const char *cert; /* our certificate and its chain, in PEM, or NULL */
	const char *key;  /* its key, in PEM; NULL: it stands in CERT */
	const char *user_agent; /* NULL: "vanthu" */
	unsigned connect_s;     /* seconds until a connection stands */
	/*
	 * Seconds in which next to nothing moves.  How far a call may be behind
	 * VT_HTTP_RATE_MIN follows from them: VT_HTTP_PATIENCE times so long.
	 */
	unsigned timeout_s;
	/* http, too, but to an address of this machine only. */
	bool loopback_http;
};

struct vt_http_client;

/*
 * VT_EIO: a file of RULES cannot be read, or libcurl, which is loaded now, is
 * not installed.  VT_ENOMEM.
 */
int vt_http_client_new(const struct vt_http_client_rules *rules,
    struct vt_http_client **ret, struct vt_error *err);
void vt_http_client_free(struct vt_http_client *c); /* NULL is allowed */

struct vt_http_call {
	const char *method; /* "GET", "POST", "PUT", ... */
	const char *url;
	/* "Name: value", each one line of printable ASCII.  Borrowed. */
	const struct vt_list *headers;
	/*
	 * The body: LEAD, SOURCE (NULL: nothing of it), TAIL.  Its length is
	 * announced.  A method other than GET and HEAD has one always.
	 */
	struct vt_bytes lead;
	struct vt_source *source;
	struct vt_bytes tail;
	/*
	 * Gets the content of the answer, out of its compression (gzip), in
	 * pieces, whatever the status.  NULL: it is read and dropped.
	 */
	int (*sink)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	void *ctx;
	uint64_t max;    /* bytes of that content */
	unsigned most_s; /* seconds for all of it; 0: as long as it moves */
	/*
	 * Called while it waits, at most once a second; how long that takes
	 * does not count as time in which nothing moves.  NULL: nothing is.
	 */
	void (*idle)(void *ctx);
	void *idle_ctx;
};

struct vt_http_reply {
	long status;
	int64_t retry_after_s; /* RFC 9110, 10.2.3, from now on; -1: not said */
	uint64_t len;          /* bytes that SINK got */
	bool late; /* VT_ENET: all the time was up that it may take */
	/* What the answer says of the content, whatever the method. */
	char etag[VT_HTTP_ETAG_MAX + 1]; /* with its quotes; "": nothing */
	int64_t modified;                /* VT_TIME_NONE: not said */
	int64_t announced;               /* bytes; -1: not said */
};

/*
 * Send CALL and read the answer to it, whatever its status.  The connection is
 * kept for the next call.  TLS is 1.2 or later; certificate and host are
 * verified always.
 *
 * VT_ENET: no answer, or no whole one: a retry may help.  VT_EREFUSED: a
 * certificate that is not the server's, a scheme other than https, http to
 * another machine, a URL that is none.  VT_ELIMIT: longer than MAX; SINK's own
 * code; VT_EARG: a header that is none; VT_EIO: SOURCE, or a file of the rules;
 * VT_ENOMEM.
 */
int vt_http_client_send(struct vt_http_client *c,
    const struct vt_http_call *call, struct vt_http_reply *ret,
    struct vt_error *err);

/*
 * true where HOST, without brackets, is this machine whatever a resolver says:
 * an address of its own, or "localhost" (RFC 6761, 6.3).
 */
bool vt_http_own_host(const char *host);

/* An instant as headers have it (RFC 9110, 5.6.7). */
bool vt_http_date_parse(const char *text, int64_t *ret);

/* VT_OK for 200 and 201, else VT_ENET or VT_EREFUSED with its text. */
int vt_http_status_check(long status, struct vt_error *err);

#endif
