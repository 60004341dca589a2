/* http_url.c - which URLs are asked for, and which hosts an office lists */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_int.h"
#include "vanthu/http.h"

#define PORT_SYSTEM 1024

void
vt_http_target_release(struct http_target *t)
{
	if (t->url != NULL)
		t->lib->url_cleanup(t->url);
	free(t->host);
	memset(t, 0, sizeof(*t));
}

/* ---- the list ---- */

struct listed {
	char host[VT_HTTP_HOST_MAX + 1];
	unsigned port; /* 0: any */
};

static bool
parse_port(const char *text, size_t len, unsigned *ret)
{
	unsigned port = 0;
	size_t i;

	if (len == 0 || len > 5)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	*ret = port;
	return port > 0 && port <= 65535;
}

static bool
is_name(const char *host)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";

	return host[0] != '\0' && host[0] != '.' &&
	       host[strspn(host, letters)] == '\0';
}

/* "HOST", "HOST:PORT", "[IPV6]", "[IPV6]:PORT" of LEN bytes. */
static bool
parse_listed(const char *word, size_t len, struct listed *ret)
{
	bool brackets = word[0] == '[';
	const char *from = word + brackets, *end = word + len, *stop;
	unsigned char address[16];

	stop = memchr(from, brackets ? ']' : ':', (size_t)(end - from));
	if (stop == NULL && brackets)
		return false;
	if (stop == NULL)
		stop = end;
	if (stop - from > VT_HTTP_HOST_MAX)
		return false;
	memcpy(ret->host, from, (size_t)(stop - from));
	ret->host[stop - from] = '\0';
	stop += brackets;
	ret->port = 0;
	if (stop < end &&
	    (*stop != ':' ||
		!parse_port(stop + 1, (size_t)(end - stop - 1), &ret->port)))
		return false;
	return brackets ? inet_pton(AF_INET6, ret->host, address) == 1
			: is_name(ret->host);
}

/* The same name, or two ways to write one address. */
static bool
same_host(const char *a, const char *b)
{
	unsigned char x[16], y[16];

	if (inet_pton(AF_INET6, a, x) == 1 && inet_pton(AF_INET6, b, y) == 1)
		return memcmp(x, y, sizeof(x)) == 0;
	return strcasecmp(a, b) == 0;
}

/* All of ALLOW is read, whatever of it fits: a wrong list is told always. */
static int
look_up(const char *allow, struct http_target *t, bool *ret_port,
    struct vt_error *err)
{
	struct listed l;
	size_t len, n = 0;

	*ret_port = false;
	for (; allow != NULL && *(allow += strspn(allow, " \t")) != '\0';
	     allow += len) {
		len = strcspn(allow, " \t");
		if (!parse_listed(allow, len, &l))
			return vt_error_set(err, VT_EFORMAT, NULL,
			    "allow: \"%.*s\" is not HOST or HOST:PORT",
			    (int)len, allow);
		if (++n > VT_HTTP_ALLOW_MAX)
			return vt_error_set(err, VT_EFORMAT, NULL,
			    "allow: more than %d hosts", VT_HTTP_ALLOW_MAX);
		if (!same_host(l.host, t->host) ||
		    (l.port != 0 && l.port != t->port))
			continue;
		t->listed = true;
		*ret_port = *ret_port || l.port == t->port;
	}
	return VT_OK;
}

/* ---- URLs ---- */

/* RFC 3986, 2: printable ASCII without spaces; all else is written %XX. */
static int
check_text(const char *url, struct vt_error *err)
{
	size_t i;

	for (i = 0; url[i] != '\0'; i++) {
		if (i >= VT_HTTP_URL_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "the URL is longer than %d bytes", VT_HTTP_URL_MAX);
		if (url[i] <= ' ' || url[i] > '~' || url[i] == '\\')
			return vt_error_set(err, VT_EREFUSED, "RFC 3986, 2",
			    "the URL holds a character that it cannot");
	}
	return VT_OK;
}

/* One part of T's URL, for libcurl's free(); NULL where it has none. */
static char *
part(const struct http_target *t, CURLUPart what, unsigned flags)
{
	char *text = NULL;

	return t->lib->url_get(t->url, what, &text, flags) == CURLUE_OK ? text
									: NULL;
}

static int
not_a_url(const struct http_curl *lib, CURLUcode code, struct vt_error *err)
{
	if (code == CURLUE_OUT_OF_MEMORY)
		return vt_error_nomem(err);
	return vt_error_set(err, VT_EREFUSED, "RFC 3986", "not a URL: %s",
	    lib->url_strerror(code));
}

static int
take_scheme(struct http_target *t, struct vt_error *err)
{
	char *scheme = part(t, CURLUPART_SCHEME, 0);
	int rc = VT_OK;

	t->tls = scheme != NULL && strcasecmp(scheme, "https") == 0;
	if (!t->tls && (scheme == NULL || strcasecmp(scheme, "http") != 0))
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "only http and https are fetched, not %s",
		    scheme != NULL ? scheme : "?");
	t->lib->free(scheme);
	return rc;
}

static int
take_host(struct http_target *t, struct vt_error *err)
{
	char *host = part(t, CURLUPART_HOST, 0);
	char *port = part(t, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	size_t len = host != NULL ? strlen(host) : 0, skip = 0;
	int rc = VT_OK;

	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		skip = 1;
		len -= 2;
	} else if (len > 1 && host[len - 1] == '.')
		len--;
	if (len == 0 || len > VT_HTTP_HOST_MAX || port == NULL ||
	    !parse_port(port, strlen(port), &t->port))
		rc = vt_error_set(err, VT_EREFUSED, "RFC 3986, 3.2",
		    "the URL has no host or no port that can be");
	else if ((t->host = strndup(host + skip, len)) == NULL)
		rc = vt_error_nomem(err);
	t->lib->free(host);
	t->lib->free(port);
	return rc;
}

static int
check_parts(struct http_target *t, const char *allow, struct vt_error *err)
{
	bool port;
	int rc;

	if ((rc = take_scheme(t, err)) != VT_OK ||
	    (rc = take_host(t, err)) != VT_OK ||
	    (rc = look_up(allow, t, &port, err)) != VT_OK)
		return rc;
	/* a mail server, say, would take a request for its own language */
	if (t->port < PORT_SYSTEM && t->port != 80 && t->port != 443 && !port)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "port %u is not one of a web server", t->port);
	return VT_OK;
}

/* Parse URL, relative to BASE; on VT_OK the parts are still to be judged. */
static int
parse(const char *url, CURLU *base, struct http_target *t, struct vt_error *err)
{
	CURLUcode code;
	int rc;

	if ((rc = check_text(url, err)) != VT_OK)
		return rc;
	if ((t->lib = vt_http_curl(err)) == NULL)
		return VT_EIO;
	t->url = base != NULL ? t->lib->url_dup(base) : t->lib->url();
	if (t->url == NULL)
		return vt_error_nomem(err);
	/* a scheme that is not ours is told as that, by take_scheme() */
	code = t->lib->url_set(t->url, CURLUPART_URL, url,
	    CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER);
	if (code == CURLUE_OK)
		code = t->lib->url_set(t->url, CURLUPART_FRAGMENT, NULL, 0);
	return code == CURLUE_OK ? VT_OK : not_a_url(t->lib, code, err);
}

int
vt_http_target(const char *url, CURLU *base, const char *allow,
    struct http_target *ret, struct vt_error *err)
{
	struct http_target t = { 0 };
	int rc;

	if ((rc = parse(url, base, &t, err)) == VT_OK)
		rc = check_parts(&t, allow, err);
	if (rc == VT_OK)
		*ret = t;
	else
		vt_http_target_release(&t);
	return rc;
}

int
vt_http_target_configured(const char *url, struct http_target *ret,
    struct vt_error *err)
{
	struct http_target t = { 0 };
	int rc;

	if ((rc = parse(url, NULL, &t, err)) == VT_OK &&
	    (rc = take_scheme(&t, err)) == VT_OK)
		rc = take_host(&t, err);
	t.listed = true;
	if (rc == VT_OK)
		*ret = t;
	else
		vt_http_target_release(&t);
	return rc;
}
