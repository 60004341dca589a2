/* http.h - one request over HTTP or HTTPS, within limits (RFC 9110, RFC 9112)
 */
#ifndef VANTHU_HTTP_H
#define VANTHU_HTTP_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;

/*
 * What an office sets.  Zeroed: only public addresses, no proxy, and the
 * system's certification authorities.  All borrowed.
 */
struct vt_http_rules {
	/*
	 * Hosts with spaces between, each a name or an address as the URL has
	 * it ("[::1]" in brackets), a port behind it or not: "ocsp.lan 10.1.2.3
	 * localhost:8080".  Only what is listed may lead to an address that is
	 * not public, and only where it is listed with its port, may a port
	 * below 1024 be other than 80 and 443.  NULL: none.
	 */
	const char *allow;
	/*
	 * "http://HOST:PORT", or NULL: none, whatever the environment says.  A
	 * proxy looks names up itself; then only the host of the URL is judged.
	 */
	const char *proxy;
	const char *ca; /* a file of roots, in PEM; NULL: the system's */
};

struct vt_http_request {
	const char *url;
	const char *content_type; /* what BODY is, for POST; NULL: GET */
	struct vt_bytes body;
	size_t max;         /* bytes of the answer */
	unsigned timeout_s; /* for all of it, redirects too */
	bool last; /* nothing comes after it: do not wait for a resolver */
};

/*
 * Send REQUEST and read the answer to it.  On VT_OK the status was 200, and
 * RET, which is the caller's to release, has the content as it was sent.
 *
 * Redirects are followed where they keep the method (a POST on 307 and 308
 * alone), never from https to http.  The address that is really connected to is
 * judged, each time.  TLS is 1.2 or later, certificate and host verified.  No
 * cookies, no credentials, no compression.
 *
 * VT_ENET: a retry may help: no answer, no whole one, or a status 408, 429,
 * 500, 502, 503 or 504.  VT_EREFUSED: it does not: another status, another
 * scheme, an address that is not public, a wrong certificate, a URL that is
 * none.  VT_ELIMIT: longer than MAX, or one of the limits above.  VT_EARG:
 * not a content type; VT_EFORMAT: rules that are none; VT_ENOMEM; VT_EIO.
 */
int vt_http_send(const struct vt_http_rules *rules,
    const struct vt_http_request *request, struct vt_buf *ret,
    struct vt_error *err);

#endif
