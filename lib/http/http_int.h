/* http_int.h - where a request may go */
#ifndef VANTHU_HTTP_INT_H
#define VANTHU_HTTP_INT_H

#include <sys/socket.h>

#include <curl/curl.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

/*
 * What we call of libcurl: pointers, under the functions' own names without
 * "curl_", as some of these are macros.
 */
#define HTTP_CURL(X)                                                           \
	X(easy_cleanup)                                                        \
	X(easy_getinfo)                                                        \
	X(easy_init)                                                           \
	X(easy_perform)                                                        \
	X(easy_reset)                                                          \
	X(easy_setopt)                                                         \
	X(easy_strerror)                                                       \
	X(free)                                                                \
	X(getdate)                                                             \
	X(global_cleanup)                                                      \
	X(global_init)                                                         \
	X(slist_append)                                                        \
	X(slist_free_all)                                                      \
	X(url)                                                                 \
	X(url_cleanup)                                                         \
	X(url_dup)                                                             \
	X(url_get)                                                             \
	X(url_set)                                                             \
	X(url_strerror)                                                        \
	X(version_info)

#define HTTP_POINTER(name) __typeof__(curl_##name) *name;
struct http_curl {
	HTTP_CURL(HTTP_POINTER)
};
#undef HTTP_POINTER

/*
 * libcurl, loaded once in the process; static.  With the forty libraries that
 * it draws in it is a sixth of a run that speaks to no server: an office whose
 * way is a folder needs none of it.  NULL: it is not there, and ERR says so
 * (VT_EIO).
 */
const struct http_curl *vt_http_curl(struct vt_error *err);

enum http_address {
	HTTP_PUBLIC,
	HTTP_SPECIAL, /* loopback, private, link-local, for documentation, ...
		       */
	HTTP_NOBODY   /* multicast, unspecified, broadcast: never a server */
};

/* What ADDRESS is (RFC 6890 and IANA's registries of special addresses). */
enum http_address vt_http_address(const struct sockaddr *address);
/* The same for HOST where it is an address, or a name that is local. */
enum http_address vt_http_host(const char *host);

/* true where ADDRESS is this machine's own (RFC 1122, 3.2.1.3; RFC 4291). */
bool vt_http_loopback(const struct sockaddr *address);

/* One URL that was judged by its text. */
struct http_target {
	const struct http_curl *lib; /* what URL is of */
	CURLU *url;
	char *host; /* without brackets and the root's dot */
	unsigned port;
	bool tls;
	bool listed; /* in the list of those that may be special */
};

/*
 * Judge URL by its text, against ALLOW (NULL: empty).  BASE is what a relative
 * one continues, or NULL.  On VT_OK *RET is for vt_http_target_release().
 * VT_EREFUSED; VT_ELIMIT; VT_EFORMAT: ALLOW is not a list of hosts; VT_EIO: no
 * libcurl; VT_ENOMEM.
 */
int vt_http_target(const char *url, CURLU *base, const char *allow,
    struct http_target *ret, struct vt_error *err);
/* The same for a URL that an office has configured: no list, and any port. */
int vt_http_target_configured(const char *url, struct http_target *ret,
    struct vt_error *err);
void vt_http_target_release(struct http_target *t); /* a zeroed one, too */

/* VT_EIO: PATH, unless it is NULL, cannot be read. */
int vt_http_check_readable(const char *path, struct vt_error *err);

#define HTTP_IDLE_MS 1000     /* between two calls of somebody's idle */
int64_t vt_http_now_ms(void); /* of the monotonic clock */

/* ---- http_pace.c ---- */

/*
 * How a transfer moves.  It owes VT_HTTP_RATE_MIN bytes for each second, and
 * may owe VT_HTTP_PATIENCE times what it may be silent: a line that is slow now
 * and then makes up for it, a peer that gives a byte now and then does not.
 * What it is ahead is not kept: what came quickly pays for nothing later.
 */
struct http_pace {
	unsigned silent_s;  /* seconds in which nothing may move */
	uint64_t moved;     /* bytes, either way, when it was looked last */
	int64_t ms;         /* when that was, by vt_http_now_ms() */
	int64_t changed_ms; /* and when they had changed */
	int64_t owed;       /* thousandths of a byte */
};
enum http_moves {
	HTTP_MOVES,
	HTTP_STALLED, /* nothing came for SILENT_S */
	HTTP_SLOW     /* it owes too much */
};
void vt_http_pace_start(struct http_pace *p, unsigned silent_s, int64_t ms);
enum http_moves vt_http_pace_look(struct http_pace *p, uint64_t moved,
    int64_t ms);
/* We ourselves have kept it waiting, until MS. */
void vt_http_pace_waive(struct http_pace *p, int64_t ms);
/* VT_ENET: what vt_http_pace_look() found, other than that it moves. */
int vt_http_pace_error(const struct http_pace *p, enum http_moves how,
    struct vt_error *err);

/* ---- http_header.c ---- */

/* The value of LINE, without blanks around it, where LINE is NAME's header. */
bool vt_http_header(struct vt_bytes line, const char *name,
    struct vt_bytes *ret);
/*
 * LINE says that the answer is packed otherwise than asked for: any transfer
 * coding but "chunked" (RFC 9112, 6.1; we send no TE); and, where GZIP counts
 * those that were asked for, a content coding beyond one "gzip".  libcurl
 * undoes them one within the other, and looks at no clock while it does.
 */
bool vt_http_packed(struct vt_bytes line, unsigned *gzip);
int vt_http_packed_error(struct vt_error *err); /* VT_ENET */

/* ---- http_error.c ---- */

/* A status that is no answer: VT_ENET where a retry may help, or VT_EREFUSED.
 */
int vt_http_status_error(long status, struct vt_error *err);
/*
 * What libcurl, LIB, failed with; SAID is its text, or "".  HEAD_LONG: we
 * stopped it, as the headers took no end.
 */
int vt_http_code_error(const struct http_curl *lib, CURLcode code,
    const char *said, bool head_long, struct vt_error *err);

#endif
