/* http_client.c - requests to a configured server, by one handle of libcurl */
#include <sys/socket.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "http_int.h"
#include "vanthu/http.h"
#include "vanthu/http_client.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define SLOW 64         /* bytes a second: less is nothing */
#define RETRY_MAX 86400 /* seconds of a Retry-After that is believed */

struct vt_http_client {
	const struct http_curl *lib;
	CURL *curl;
	char *ca, *cert, *key, *user_agent;
	unsigned connect_s, timeout_s;
	bool loopback_http;
};

/* One call. */
struct exchange {
	struct vt_http_client *client;
	const struct vt_http_call *call;
	struct http_target target;
	struct curl_slist *headers;
	uint64_t sent, total; /* of the body */
	struct vt_http_reply reply;
	size_t head;
	unsigned gzip; /* content codings that were told */
	bool head_long, too_long, packed, refused;
	struct http_pace pace;
	enum http_moves moves;
	int64_t idle_ms; /* when the caller's idle was called last */
	int rc;          /* of the source or the sink */
	struct vt_error why;
	char said[CURL_ERROR_SIZE];
};

/* ---- the client ---- */

static bool
copy(char **to, const char *from)
{
	return from == NULL || (*to = strdup(from)) != NULL;
}

/* libcurl tells late and badly which file it was. */
int
vt_http_check_readable(const char *path, struct vt_error *err)
{
	if (path != NULL && access(path, R_OK) != 0)
		return vt_error_io(err, "cannot read %s", path);
	return VT_OK;
}

int
vt_http_client_new(const struct vt_http_client_rules *rules,
    struct vt_http_client **ret, struct vt_error *err)
{
	const struct http_curl *lib;
	struct vt_http_client *c;
	int rc;

	if ((rc = vt_http_check_readable(rules->ca, err)) != VT_OK ||
	    (rc = vt_http_check_readable(rules->cert, err)) != VT_OK ||
	    (rc = vt_http_check_readable(rules->key, err)) != VT_OK)
		return rc;
	if ((lib = vt_http_curl(err)) == NULL)
		return VT_EIO;
	if (lib->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return vt_error_nomem(err);
	if ((c = calloc(1, sizeof(*c))) == NULL) {
		lib->global_cleanup();
		return vt_error_nomem(err);
	}
	c->lib = lib;
	if ((c->curl = lib->easy_init()) == NULL || !copy(&c->ca, rules->ca) ||
	    !copy(&c->cert, rules->cert) || !copy(&c->key, rules->key) ||
	    !copy(&c->user_agent, rules->user_agent)) {
		vt_http_client_free(c);
		return vt_error_nomem(err);
	}
	c->connect_s = rules->connect_s;
	c->timeout_s = rules->timeout_s;
	c->loopback_http = rules->loopback_http;
	*ret = c;
	return VT_OK;
}

void
vt_http_client_free(struct vt_http_client *c)
{
	if (c == NULL)
		return;
	c->lib->easy_cleanup(c->curl);
	free(c->ca);
	free(c->cert);
	free(c->key);
	free(c->user_agent);
	c->lib->global_cleanup();
	free(c);
}

/* ---- what libcurl calls ---- */

/* ADDRESS is what will be connected to, whatever a name led to before. */
static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct exchange *x = ctx;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    vt_http_address(&address->addr) == HTTP_NOBODY ||
	    (!x->target.tls && !vt_http_loopback(&address->addr))) {
		x->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* The value of LINE where that is the header NAME, as it fits. */
static bool
header_is(struct vt_bytes line, const char *name, char *out, size_t size)
{
	struct vt_bytes value;

	if (!vt_http_header(line, name, &value))
		return false;
	out[0] = '\0';
	if (value.len > 0 && value.len < size &&
	    memchr(value.data, '\0', value.len) == NULL) {
		memcpy(out, value.data, value.len);
		out[value.len] = '\0';
	}
	return true;
}

/* What it says of the content.  A tag is sent back: it must be harmless. */
static void
keep_header(struct exchange *x, struct vt_bytes line)
{
	char text[VT_HTTP_ETAG_MAX + 1];
	struct vt_http_reply *r = &x->reply;
	size_t i;

	if (header_is(line, "Last-Modified", text, sizeof(text))) {
		if (!vt_http_date_parse(text, &r->modified))
			r->modified = VT_TIME_NONE;
	} else if (header_is(line, "ETag", text, sizeof(text))) {
		for (i = 0; text[i] > ' ' && text[i] <= '~'; i++)
			;
		if (text[i] == '\0')
			memcpy(r->etag, text, i + 1);
	}
}

static size_t
on_header(char *line, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;
	size_t len = size * n;

	x->head_long = len > VT_HTTP_HEAD_MAX - x->head;
	if (x->head_long)
		return 0;
	x->head += len;
	x->packed = vt_http_packed(VT_BYTES(line, len), &x->gzip);
	if (x->packed)
		return 0;
	keep_header(x, VT_BYTES(line, len));
	return len;
}

static size_t
on_content(char *data, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;
	size_t len = size * n;

	x->too_long = len > x->call->max - x->reply.len;
	if (x->too_long)
		return CURL_WRITEFUNC_ERROR;
	x->reply.len += len;
	if (x->call->sink != NULL)
		x->rc =
		    x->call->sink(x->call->ctx, VT_BYTES(data, len), &x->why);
	return x->rc == VT_OK ? len : CURL_WRITEFUNC_ERROR;
}

static size_t
on_body(char *out, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;
	uint64_t lead = x->call->lead.len, left;
	uint64_t file = x->total - x->call->tail.len;
	size_t room = size * n;

	if (x->sent < lead) {
		left = lead - x->sent;
		room = room < left ? room : (size_t)left;
		memcpy(out, x->call->lead.data + x->sent, room);
	} else if (x->sent < file) {
		left = file - x->sent;
		room = room < left ? room : (size_t)left;
		x->rc = vt_source_read(x->call->source, x->sent - lead, out,
		    room, &x->why);
		if (x->rc != VT_OK)
			return CURL_READFUNC_ABORT;
	} else {
		left = x->total - x->sent;
		room = room < left ? room : (size_t)left;
		if (room > 0)
			memcpy(out, x->call->tail.data + (x->sent - file),
			    room);
	}
	x->sent += room;
	return room;
}

/* A connection that was kept may be gone: the body is sent once more. */
static int
on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct exchange *x = ctx;

	if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > x->total)
		return CURL_SEEKFUNC_FAIL;
	x->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

/*
 * libcurl's own limit is on an average over some seconds: what was sent quickly
 * hides for as long that nothing comes.
 */
static int
on_progress(void *ctx, curl_off_t to_get, curl_off_t got, curl_off_t to_put,
    curl_off_t put)
{
	struct exchange *x = ctx;
	int64_t now = vt_http_now_ms();

	(void)to_get;
	(void)to_put;
	x->moves = vt_http_pace_look(&x->pace, (uint64_t)(got + put), now);
	if (x->moves == HTTP_MOVES && x->call->idle != NULL &&
	    now - x->idle_ms >= HTTP_IDLE_MS) {
		x->call->idle(x->call->idle_ctx);
		x->idle_ms = vt_http_now_ms();
		vt_http_pace_waive(&x->pace, x->idle_ms);
	}
	return x->moves != HTTP_MOVES;
}

/* ---- before ---- */

#define SET(option, value)                                                     \
	(code = code == CURLE_OK                                               \
		    ? x->client->lib->easy_setopt(x->client->curl, option,     \
			  value)                                               \
		    : code)

static int
add_header(struct exchange *x, const char *line, struct vt_error *err)
{
	struct curl_slist *more =
	    x->client->lib->slist_append(x->headers, line);

	if (more == NULL)
		return vt_error_nomem(err);
	x->headers = more;
	return VT_OK;
}

/* One line it must stay, or it would be two. */
static int
check_header(const char *line, struct vt_error *err)
{
	size_t i;

	for (i = 0; line[i] >= ' ' && line[i] <= '~'; i++)
		;
	if (line[i] != '\0' || line[0] == ':' || strchr(line, ':') == NULL)
		return vt_error_set(err, VT_EARG, "RFC 9110, 5.5",
		    "a value cannot stand in a header");
	return VT_OK;
}

static int
make_headers(struct exchange *x, struct vt_error *err)
{
	const struct vt_list *own = x->call->headers;
	size_t i;
	int rc;

	/* no "Expect: 100-continue": one wait less */
	if ((rc = add_header(x, "Expect:", err)) != VT_OK)
		return rc;
	for (i = 0; own != NULL && i < own->n; i++)
		if ((rc = check_header(own->items[i], err)) != VT_OK ||
		    (rc = add_header(x, own->items[i], err)) != VT_OK)
			return rc;
	return VT_OK;
}

static CURLcode
set_tls(struct exchange *x)
{
	const struct vt_http_client *c = x->client;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (c->ca != NULL) {
		SET(CURLOPT_CAINFO, c->ca);
		SET(CURLOPT_CAPATH, NULL);
	}
	if (c->cert != NULL) {
		SET(CURLOPT_SSLCERT, c->cert);
		SET(CURLOPT_SSLKEY, c->key != NULL ? c->key : c->cert);
	}
	return code;
}

static CURLcode
set_limits(struct exchange *x)
{
	const struct vt_http_client *c = x->client;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_CONNECTTIMEOUT, (long)c->connect_s);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW);
	SET(CURLOPT_LOW_SPEED_TIME, (long)c->timeout_s);
	SET(CURLOPT_TIMEOUT, (long)x->call->most_s);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, x);
	SET(CURLOPT_NOSIGNAL, 1L);
	return code;
}

static CURLcode
set_body(struct exchange *x)
{
	const char *method = x->call->method;
	CURLcode code = CURLE_OK;

	if (strcmp(method, "GET") == 0)
		SET(CURLOPT_HTTPGET, 1L);
	else if (strcmp(method, "HEAD") == 0)
		SET(CURLOPT_NOBODY, 1L);
	else {
		SET(CURLOPT_UPLOAD, 1L);
		SET(CURLOPT_CUSTOMREQUEST, method);
		SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)x->total);
		SET(CURLOPT_READFUNCTION, on_body);
		SET(CURLOPT_READDATA, x);
		SET(CURLOPT_SEEKFUNCTION, on_seek);
		SET(CURLOPT_SEEKDATA, x);
	}
	return code;
}

static CURLcode
set_all(struct exchange *x)
{
	const struct vt_http_client *c = x->client;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_CURLU, x->target.url);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_USERAGENT,
	    c->user_agent != NULL ? c->user_agent : "vanthu");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_PROXY, ""); /* whatever the environment says */
	SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(CURLOPT_HTTPHEADER, x->headers);
	SET(CURLOPT_ERRORBUFFER, x->said);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_OPENSOCKETDATA, x);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, x);
	SET(CURLOPT_WRITEFUNCTION, on_content);
	SET(CURLOPT_WRITEDATA, x);
	if (code == CURLE_OK)
		code = set_tls(x);
	if (code == CURLE_OK)
		code = set_limits(x);
	return code == CURLE_OK ? set_body(x) : code;
}

/* Where CALL goes, and whether it may. */
static int
set_target(struct exchange *x, struct vt_error *err)
{
	int rc;

	rc = vt_http_target_configured(x->call->url, &x->target, err);
	if (rc != VT_OK)
		return rc;
	if (!x->target.tls && !x->client->loopback_http)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "only https is spoken to %s", x->target.host);
	return VT_OK;
}

/* ---- after ---- */

static int
by_code(struct exchange *x, CURLcode code, struct vt_error *err)
{
	if (x->rc != VT_OK)
		return vt_error_set(err, (enum vt_code)x->rc, x->why.clause,
		    "%s", x->why.text);
	if (x->too_long)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the answer is longer than %llu bytes",
		    (unsigned long long)x->call->max);
	if (x->packed)
		return vt_http_packed_error(err);
	if (x->refused)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "%s is not this machine, and only https goes elsewhere",
		    x->target.host);
	if (x->moves != HTTP_MOVES)
		return vt_http_pace_error(&x->pace, x->moves, err);
	return vt_http_code_error(x->client->lib, code, x->said, x->head_long,
	    err);
}

int
vt_http_client_send(struct vt_http_client *c, const struct vt_http_call *call,
    struct vt_http_reply *ret, struct vt_error *err)
{
	struct exchange x = { .client = c, .call = call };
	curl_off_t wait = 0, size = -1;
	CURLcode code;
	int rc;

	x.reply.retry_after_s = -1;
	x.idle_ms = vt_http_now_ms();
	vt_http_pace_start(&x.pace, c->timeout_s, x.idle_ms);
	x.reply.modified = VT_TIME_NONE;
	x.reply.announced = -1;
	x.total = call->lead.len + call->tail.len;
	if (call->source != NULL)
		x.total += vt_source_size(call->source);
	c->lib->easy_reset(c->curl); /* the connections stay */
	if ((rc = set_target(&x, err)) != VT_OK ||
	    (rc = make_headers(&x, err)) != VT_OK)
		goto out;
	if (set_all(&x) != CURLE_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	code = c->lib->easy_perform(c->curl);
	(void)c->lib->easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE,
	    &x.reply.status);
	if (c->lib->easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &wait) ==
		CURLE_OK &&
	    wait > 0)
		x.reply.retry_after_s = wait < RETRY_MAX ? wait : RETRY_MAX;
	if (c->lib->easy_getinfo(c->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
		&size) == CURLE_OK)
		x.reply.announced = size;
	x.reply.late = code == CURLE_OPERATION_TIMEDOUT ||
		       (code != CURLE_OK && x.moves != HTTP_MOVES);
	if (code != CURLE_OK)
		rc = by_code(&x, code, err);
	*ret = x.reply;
out:
	/* the handle must not look at what ends here */
	c->lib->easy_reset(c->curl);
	c->lib->slist_free_all(x.headers);
	vt_http_target_release(&x.target);
	return rc;
}

bool
vt_http_date_parse(const char *text, int64_t *ret)
{
	const struct http_curl *lib = vt_http_curl(NULL);
	time_t t = lib != NULL ? lib->getdate(text, NULL) : (time_t)-1;

	if (t == (time_t)-1)
		return false;
	*ret = (int64_t)t;
	return true;
}

int
vt_http_status_check(long status, struct vt_error *err)
{
	if (status == 200 || status == 201)
		return VT_OK;
	return vt_http_status_error(status, err);
}
