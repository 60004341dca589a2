/* http.c - one request, by libcurl */
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "http_int.h"
#include "vanthu/http.h"

#define STATUS_OK 200
#define BRIEF 128 /* bytes of a URL in a message */

/* One request, over all its redirects. */
struct sending {
	const struct vt_http_rules *rules;
	const struct vt_http_request *request;
	const struct http_curl *lib;
	CURL *curl;
	struct curl_slist *headers;
	int64_t deadline_ms; /* of the monotonic clock */
	char said[CURL_ERROR_SIZE];

	/* of the present one */
	struct http_target target;
	struct vt_buf answer;
	size_t head; /* bytes of headers so far */
	bool head_long, too_long, no_memory, packed;
	bool tried, refused;                /* addresses */
	char location[VT_HTTP_URL_MAX + 2]; /* one byte more than may be */
};

int64_t
vt_http_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static long
status_of(struct sending *s)
{
	long status = 0;

	(void)s->lib->easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* ---- what libcurl calls ---- */

/* ADDRESS is what will be connected to, whatever a name led to before. */
static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	enum http_address kind = vt_http_address(&address->addr);
	struct sending *s = ctx;

	if (purpose != CURLSOCKTYPE_IPCXN || kind == HTTP_NOBODY ||
	    (kind == HTTP_SPECIAL && !s->target.listed &&
		s->rules->proxy == NULL)) {
		s->refused = true;
		return CURL_SOCKET_BAD;
	}
	s->tried = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

static void
keep_location(struct sending *s, struct vt_bytes line)
{
	struct vt_bytes to;

	if (!vt_http_header(line, "Location", &to) || to.len == 0)
		return;
	if (to.len >= sizeof(s->location)) /* too long, as it stays */
		to.len = sizeof(s->location) - 1;
	memcpy(s->location, to.data, to.len);
	s->location[to.len] = '\0';
	if (strlen(s->location) != to.len) /* a NUL in it */
		s->location[0] = '\0';
}

static size_t
on_header(char *line, size_t size, size_t n, void *ctx)
{
	struct sending *s = ctx;
	size_t len = size * n;

	s->head_long = len > VT_HTTP_HEAD_MAX - s->head;
	if (s->head_long)
		return 0;
	s->head += len;
	s->packed = vt_http_packed(VT_BYTES(line, len), NULL);
	if (s->packed)
		return 0;
	keep_location(s, VT_BYTES(line, len));
	return len;
}

/* What comes with another status than 200 is nobody's business. */
static size_t
on_content(char *data, size_t size, size_t n, void *ctx)
{
	struct sending *s = ctx;
	int rc;

	if (status_of(s) != STATUS_OK)
		return CURL_WRITEFUNC_ERROR;
	rc = vt_buf_put(&s->answer, data, size * n);
	s->too_long = rc == VT_ELIMIT;
	s->no_memory = rc == VT_ENOMEM;
	return rc == VT_OK ? size * n : CURL_WRITEFUNC_ERROR;
}

/* ---- before ---- */

#define SET(option, value)                                                     \
	(code = code == CURLE_OK ? s->lib->easy_setopt(s->curl, option, value) \
				 : code)

/* Options that hold for all redirects. */
static CURLcode
set_common(struct sending *s)
{
	const struct vt_http_rules *rules = s->rules;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_USERAGENT, "vanthu");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_PROXY, rules->proxy != NULL ? rules->proxy : "");
	SET(CURLOPT_NOPROXY, ""); /* the environment's, too */
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (rules->ca != NULL) {
		SET(CURLOPT_CAINFO, rules->ca);
		SET(CURLOPT_CAPATH, NULL);
	}
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)s->request->max);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_FRESH_CONNECT, 1L);
	SET(CURLOPT_FORBID_REUSE, 1L);
	SET(CURLOPT_QUICK_EXIT, s->request->last ? 1L : 0L);
	SET(CURLOPT_ERRORBUFFER, s->said);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_OPENSOCKETDATA, s);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, s);
	SET(CURLOPT_WRITEFUNCTION, on_content);
	SET(CURLOPT_WRITEDATA, s);
	return code;
}

static CURLcode
set_body(struct sending *s)
{
	const struct vt_http_request *q = s->request;
	CURLcode code = CURLE_OK;

	if (q->content_type == NULL)
		SET(CURLOPT_HTTPGET, 1L);
	else {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
		SET(CURLOPT_POSTFIELDS,
		    q->body.data != NULL ? (const char *)q->body.data : "");
	}
	SET(CURLOPT_HTTPHEADER, s->headers);
	return code;
}

/* A content type goes into a header line: one line it must stay. */
static bool
is_media_type(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] < ' ' || text[i] > '~' || i >= 200)
			return false;
	return strchr(text, '/') != NULL;
}

static int
make_headers(struct sending *s, struct vt_error *err)
{
	const char *type = s->request->content_type;
	struct curl_slist *more;
	struct vt_buf line;
	int rc = VT_OK;

	if (type == NULL)
		return VT_OK;
	if (!is_media_type(type))
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is not a content type", type);
	vt_buf_init(&line, 512);
	/* no "Expect: 100-continue": one wait less */
	if ((s->headers = s->lib->slist_append(NULL, "Expect:")) == NULL ||
	    vt_buf_printf(&line, "Content-Type: %s", type) != VT_OK ||
	    (more = s->lib->slist_append(s->headers, vt_buf_str(&line))) ==
		NULL)
		rc = vt_error_nomem(err);
	else
		s->headers = more;
	vt_buf_release(&line);
	return rc;
}

static int
check_proxy(const struct vt_http_rules *rules, struct vt_error *err)
{
	struct http_target t;
	int rc;

	if (rules->proxy == NULL)
		return VT_OK;
	rc = vt_http_target(rules->proxy, NULL, NULL, &t, err);
	if (rc == VT_OK) {
		if (t.tls)
			rc = VT_EREFUSED;
		vt_http_target_release(&t);
	}
	if (rc == VT_OK || rc == VT_ENOMEM)
		return rc;
	vt_error_clear(err);
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "proxy: \"%s\" is not http://HOST:PORT", rules->proxy);
}

/* ---- after ---- */

static int
by_code(struct sending *s, CURLcode code, struct vt_error *err)
{
	if (s->no_memory)
		return vt_error_nomem(err);
	if (s->too_long || code == CURLE_FILESIZE_EXCEEDED)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the answer is longer than %zu bytes", s->request->max);
	if (s->refused && !s->tried)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s has no public address", s->target.host);
	if (code == CURLE_OPERATION_TIMEDOUT && !s->head_long)
		return vt_error_set(err, VT_ENET, NULL,
		    "no whole answer within %u seconds", s->request->timeout_s);
	return vt_http_code_error(s->lib, code, s->said, s->head_long, err);
}

static bool
is_redirect(long status, bool post)
{
	return status == 307 || status == 308 ||
	       (!post && (status == 301 || status == 302 || status == 303));
}

/* One request to the present target.  *RET_AGAIN: it leads elsewhere. */
static int
send_one(struct sending *s, bool *ret_again, struct vt_error *err)
{
	int64_t left = s->deadline_ms - vt_http_now_ms();
	int64_t connect = 1000 * (int64_t)VT_HTTP_CONNECT_S;
	CURLcode code = set_body(s);
	long status;

	vt_buf_reset(&s->answer);
	s->head = 0;
	s->location[0] = s->said[0] = '\0';
	s->head_long = s->too_long = s->tried = s->refused = false;
	s->packed = false;
	left = left > 0 ? left : 1;
	SET(CURLOPT_CURLU, s->target.url);
	SET(CURLOPT_TIMEOUT_MS, (long)left);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(left < connect ? left : connect));
	if (code != CURLE_OK)
		return vt_error_nomem(err);
	code = s->lib->easy_perform(s->curl);
	status = status_of(s);
	if (s->packed)
		return vt_http_packed_error(err);
	*ret_again = !s->head_long &&
		     is_redirect(status, s->request->content_type != NULL) &&
		     s->location[0] != '\0';
	if (*ret_again || (code == CURLE_OK && status == STATUS_OK))
		return VT_OK;
	/* such a status says more than why its content was not read */
	if (code == CURLE_OK ||
	    (status >= 200 && status != STATUS_OK && !s->head_long))
		return vt_http_status_error(status, err);
	return by_code(s, code, err);
}

static int
check_target(struct sending *s, const struct http_target *t,
    struct vt_error *err)
{
	enum http_address kind = vt_http_host(t->host);

	if (kind == HTTP_NOBODY || (kind == HTTP_SPECIAL && !t->listed))
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s has no public address", t->host);
	if (s->target.tls && !t->tls)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "from https it leads to http");
	return VT_OK;
}

/* Go to URL, from where we are. */
static int
set_target(struct sending *s, const char *url, struct vt_error *err)
{
	struct http_target t;
	int rc;

	rc = vt_http_target(url, s->target.url, s->rules->allow, &t, err);
	if (rc != VT_OK)
		return rc;
	if ((rc = check_target(s, &t, err)) != VT_OK) {
		vt_http_target_release(&t);
		return rc;
	}
	/* the handle may look at the old URL as long as it is set */
	(void)s->lib->easy_setopt(s->curl, CURLOPT_CURLU, NULL);
	vt_http_target_release(&s->target);
	s->target = t;
	return VT_OK;
}

static int
send_all(struct sending *s, struct vt_error *err)
{
	char url[VT_HTTP_URL_MAX + 2] = "", brief[BRIEF];
	bool again = true;
	int rc, n;

	rc = set_target(s, s->request->url, err);
	for (n = 0; rc == VT_OK; n++) {
		rc = send_one(s, &again, err);
		if (rc != VT_OK || !again)
			break;
		if (n == VT_HTTP_REDIRECTS) {
			rc = vt_error_set(err, VT_ELIMIT, NULL,
			    "more than %d redirects", VT_HTTP_REDIRECTS);
			break;
		}
		memcpy(url, s->location, sizeof(url));
		rc = set_target(s, url, err);
	}
	if (rc != VT_OK && url[0] != '\0') { /* where it led to */
		snprintf(brief, sizeof(brief), "%.*s", BRIEF - 1, url);
		vt_error_prefix(err, brief);
	}
	return rc;
}

int
vt_http_send(const struct vt_http_rules *rules,
    const struct vt_http_request *request, struct vt_buf *ret,
    struct vt_error *err)
{
	struct sending s = { .rules = rules, .request = request };
	int rc;

	if ((s.lib = vt_http_curl(err)) == NULL)
		return VT_EIO;
	if (s.lib->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return vt_error_nomem(err);
	vt_buf_init(&s.answer, request->max);
	s.deadline_ms = vt_http_now_ms() + 1000 * (int64_t)request->timeout_s;
	if ((rc = check_proxy(rules, err)) != VT_OK ||
	    (rc = make_headers(&s, err)) != VT_OK)
		goto out;
	if ((s.curl = s.lib->easy_init()) == NULL ||
	    set_common(&s) != CURLE_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = send_all(&s, err);
	if (rc == VT_OK) {
		*ret = s.answer;
		memset(&s.answer, 0, sizeof(s.answer));
	}
out:
	s.lib->easy_cleanup(s.curl);
	s.lib->slist_free_all(s.headers);
	vt_http_target_release(&s.target);
	vt_buf_release(&s.answer);
	s.lib->global_cleanup();
	return rc;
}
