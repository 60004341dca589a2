/* axis_serve.c - the server: HTTP and TLS by libmicrohttpd */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "axis_int.h"
#include "vanthu/encode.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"

#define POOL_SIZE                                                              \
	(VT_VXP_HEADER_MAX * 5 / 2) /* of one connection's headers             \
				     */
#define POOL_STEP (64u * 1024)
#define DRAIN_MAX (64u * 1024) /* bytes of a body that nobody wants */
#define RATE 8192u             /* bytes a second that a body comes at least */
#define THREAD_STACK (512u * 1024)
#define BLOCK 12288 /* bytes of a file at a time: a multiple of 3 */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct vt_axis_server {
	struct vt_axis *a;
	struct MHD_Daemon *daemon;
	struct axis_watch *watch;
	uint64_t max_size;
	unsigned idle_s, port;
	void (*log)(void *ctx, const char *line);
	void *log_ctx;
	atomic_uint running; /* requests */
};

/* One request. */
struct request {
	struct axis_call *call;
	struct axis_watched *watched;
	struct axis_answer *answer; /* once it is being sent */
	uint64_t taken;
	char name[32]; /* of the call, for the log */
	struct timespec since;
};

/* ---- logging ---- */

static void
log_request(const struct vt_axis_server *s, const struct request *r)
{
	const struct axis_answer *a = r->answer;
	struct timespec t;
	char line[512];

	if (s->log == NULL || a == NULL)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	snprintf(line, sizeof(line), "%s %s %u %s %s %llu bytes %lld ms%s",
	    vt_axis_call_account(r->call), r->name, a->status, a->code,
	    a->doc_id[0] != '\0' ? a->doc_id : "-",
	    (unsigned long long)r->taken,
	    (long long)(t.tv_sec - r->since.tv_sec) * 1000 +
		(t.tv_nsec - r->since.tv_nsec) / 1000000,
	    a->again ? " again" : "");
	s->log(s->log_ctx, line);
}

/* ---- answers ---- */

/* Bytes of the whole answer. */
static uint64_t
answer_len(const struct axis_answer *a)
{
	uint64_t file = a->file != NULL ? vt_source_size(a->file) : 0;

	if (a->raw)
		return file;
	return a->text.len + (a->file != NULL ? (file + 2) / 3 * 4 : 0);
}

/* The file in base64, from OFF of the text on. */
static ssize_t
read_base64(const struct axis_answer *a, uint64_t off, char *out, size_t max)
{
	uint64_t from = off / 4 * 3, size = vt_source_size(a->file);
	size_t skip = (size_t)(off % 4), want, len;
	unsigned char raw[BLOCK];
	char text[VT_BASE64_LEN(BLOCK) + 1];

	want = (max + skip) / 4 * 3 + 3;
	want = want < BLOCK ? want : BLOCK;
	if (want > size - from)
		want = (size_t)(size - from);
	if (vt_source_read(a->file, from, raw, want, NULL) != VT_OK)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	len = vt_base64(VT_BYTES(raw, want), text) - skip;
	len = len < max ? len : max;
	memcpy(out, text + skip, len);
	return (ssize_t)len;
}

static ssize_t
on_read(void *ctx, uint64_t pos, char *out, size_t max)
{
	const struct axis_answer *a = ctx;
	uint64_t size = vt_source_size(a->file), coded = (size + 2) / 3 * 4;
	size_t len;

	if (a->raw) {
		len = size - pos < max ? (size_t)(size - pos) : max;
		return vt_source_read(a->file, pos, out, len, NULL) == VT_OK
			   ? (ssize_t)len
			   : MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (pos < a->split) {
		len =
		    a->split - (size_t)pos < max ? a->split - (size_t)pos : max;
		memcpy(out, a->text.data + pos, len);
		return (ssize_t)len;
	}
	pos -= a->split;
	if (pos < coded)
		return read_base64(a, pos, out, max);
	pos -= coded;
	len = a->text.len - a->split - (size_t)pos;
	len = len < max ? len : max;
	memcpy(out, a->text.data + a->split + pos, len);
	return (ssize_t)len;
}

static struct MHD_Response *
make_response(struct axis_answer *a)
{
	struct MHD_Response *r;
	char seconds[16];

	if (a->file != NULL)
		r = MHD_create_response_from_callback(answer_len(a), 64u * 1024,
		    on_read, a, NULL);
	else
		r = MHD_create_response_from_buffer(a->text.len, a->text.data,
		    MHD_RESPMEM_PERSISTENT);
	if (r == NULL)
		return NULL;
	(void)MHD_add_response_header(r, "Content-Type",
	    a->raw ? "application/octet-stream"
		   : "application/json; charset=utf-8");
	(void)MHD_add_response_header(r, "Cache-Control", "no-store");
	if (a->retry_after_s > 0) {
		snprintf(seconds, sizeof(seconds), "%u", a->retry_after_s);
		(void)MHD_add_response_header(r, "Retry-After", seconds);
	}
	return r;
}

static enum MHD_Result
reply(struct vt_axis_server *s, struct MHD_Connection *connection,
    struct request *r)
{
	struct axis_answer *a = vt_axis_call_end(r->call);
	uint64_t len = answer_len(a);
	struct MHD_Response *response;
	enum MHD_Result rc;

	r->answer = a;
	if ((response = make_response(a)) == NULL)
		return MHD_NO;
	if (r->watched != NULL)
		vt_axis_watch_set(s->watch, r->watched,
		    s->idle_s + (unsigned)(len / RATE));
	rc = MHD_queue_response(connection, a->status, response);
	MHD_destroy_response(response);
	return rc;
}

/* ---- requests ---- */

static struct axis_watched *
watched_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection,
		MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

/* How a request says where its body ends. */
struct framing {
	unsigned lengths, codings;
	bool other; /* a coding that is not "chunked" */
};

static enum MHD_Result
note_framing(void *ctx, enum MHD_ValueKind kind, const char *name,
    const char *text)
{
	struct framing *f = ctx;

	(void)kind;
	if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
		f->lengths++;
	if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
		f->codings++;
		f->other = text == NULL || strcasecmp(text, "chunked") != 0;
	}
	return MHD_YES;
}

/*
 * Where a body ends in two ways, what stands between here and the client may
 * see another request than we do (RFC 9112, 6.1 and 6.3).
 */
static bool
framed_twice(struct MHD_Connection *connection)
{
	struct framing f = { 0 };

	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND,
	    note_framing, &f);
	return f.lengths + f.codings > 1 || f.other;
}

static enum MHD_Result
hang_up(struct MHD_Connection *connection)
{
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result rc = MHD_NO;

	if (r == NULL)
		return MHD_NO;
	if (MHD_add_response_header(r, "Connection", "close") == MHD_YES)
		rc = MHD_queue_response(connection, MHD_HTTP_BAD_REQUEST, r);
	MHD_destroy_response(r);
	return rc;
}

static uint64_t
announced(struct MHD_Connection *connection)
{
	const char *text = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "Content-Length");
	uint64_t n = 0;

	if (text == NULL)
		return UINT64_MAX;
	/* that it is a number is checked before it comes here */
	for (; *text >= '0' && *text <= '9' && n < UINT64_MAX / 16; text++)
		n = n * 10 + (uint64_t)(*text - '0');
	return n;
}

static void
keep_name(struct request *r, const char *url)
{
	const char *name = strrchr(url, '/');
	size_t i = 0;

	for (name = name != NULL ? name + 1 : url;
	     *name != '\0' && i + 1 < sizeof(r->name); name++)
		r->name[i++] = (*name >= 'a' && *name <= 'z') ||
				       (*name >= 'A' && *name <= 'Z') ||
				       (*name >= '0' && *name <= '9')
				   ? *name
				   : '?';
}

/* The headers are here. */
static enum MHD_Result
begin(struct vt_axis_server *s, struct MHD_Connection *connection,
    const char *url, const char *method, struct request **ret)
{
	struct axis_request q = {
		.method = method,
		.path = url,
		.system_id = MHD_lookup_connection_value(connection,
		    MHD_HEADER_KIND, VT_VXP_PREFIX "systemid"),
		.sign_header = MHD_lookup_connection_value(connection,
		    MHD_HEADER_KIND, VT_VXP_PREFIX "sign-header"),
		.hash_header = MHD_lookup_connection_value(connection,
		    MHD_HEADER_KIND, VT_VXP_PREFIX "hash-header"),
		.announced = announced(connection),
	};
	uint64_t body = q.announced == UINT64_MAX ? s->max_size : q.announced;
	struct request *r;

	if (framed_twice(connection))
		return hang_up(connection);
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return MHD_NO;
	*ret = r;
	(void)clock_gettime(CLOCK_MONOTONIC, &r->since);
	atomic_fetch_add(&s->running, 1);
	keep_name(r, url);
	r->watched = watched_of(connection);
	if (body > s->max_size)
		body = s->max_size;
	if (r->watched != NULL)
		vt_axis_watch_set(s->watch, r->watched,
		    s->idle_s + (unsigned)(body / RATE));
	if (vt_axis_call_new(s->a, &q, s->max_size, &r->call) != VT_OK)
		return MHD_NO;
	/* a body of which nothing is wanted is not waited for, if it is long */
	if (vt_axis_call_ready(r->call) &&
	    (q.announced == UINT64_MAX
		    ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
			  "Transfer-Encoding") != NULL
		    : q.announced > DRAIN_MAX))
		return reply(s, connection, r);
	return MHD_YES;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *len,
    void **state)
{
	struct vt_axis_server *s = ctx;
	struct request *r = *state;

	(void)version;
	if (r == NULL)
		return begin(s, connection, url, method,
		    (struct request **)state);
	if (*len == 0)
		return r->answer == NULL ? reply(s, connection, r) : MHD_YES;
	r->taken += *len;
	/* without an announced length it may never end */
	if (vt_axis_call_ready(r->call) && r->taken > s->max_size + DRAIN_MAX)
		return MHD_NO;
	vt_axis_call_body(r->call, VT_BYTES(data, *len));
	*len = 0;
	return MHD_YES;
}

static void
on_completed(void *ctx, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct vt_axis_server *s = ctx;
	struct request *r = *state;

	(void)connection;
	(void)why;
	if (r == NULL)
		return;
	if (r->call != NULL)
		log_request(s, r);
	if (r->watched != NULL)
		vt_axis_watch_set(s->watch, r->watched, s->idle_s);
	vt_axis_call_free(r->call);
	free(r);
	*state = NULL;
	atomic_fetch_sub(&s->running, 1);
}

static void
on_connection(void *ctx, struct MHD_Connection *connection, void **state,
    enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info;
	struct vt_axis_server *s = ctx;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*state != NULL)
			vt_axis_watch_remove(s->watch, *state);
		*state = NULL;
		return;
	}
	info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info == NULL)
		return;
	*state = vt_axis_watch_add(s->watch, info->connect_fd);
	if (*state != NULL)
		vt_axis_watch_set(s->watch, *state, s->idle_s);
}

/* ---- where it listens ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
};

static bool
parse_port(const char *text, in_port_t *ret)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 6; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	*ret = htons((uint16_t)n);
	return i > 0 && text[i] == '\0' && n <= 65535;
}

/* "ADDR:PORT" or "[ADDR]:PORT", of numbers alone. */
static int
parse_listen(const char *text, union address *ret, struct vt_error *err)
{
	const char *colon = strrchr(text, ':');
	bool brackets = text[0] == '[';
	char host[INET6_ADDRSTRLEN];
	size_t len;

	memset(ret, 0, sizeof(*ret));
	if (colon == NULL)
		goto wrong;
	len = (size_t)(colon - text) - 2 * brackets;
	if (len == 0 || len >= sizeof(host) || (brackets && colon[-1] != ']'))
		goto wrong;
	memcpy(host, text + brackets, len);
	host[len] = '\0';
	if (brackets) {
		ret->in6.sin6_family = AF_INET6;
		if (inet_pton(AF_INET6, host, &ret->in6.sin6_addr) == 1 &&
		    parse_port(colon + 1, &ret->in6.sin6_port))
			return VT_OK;
	} else {
		ret->in4.sin_family = AF_INET;
		if (inet_pton(AF_INET, host, &ret->in4.sin_addr) == 1 &&
		    parse_port(colon + 1, &ret->in4.sin_port))
			return VT_OK;
	}
wrong:
	return vt_error_set(err, VT_EARG, NULL,
	    "\"%s\" is not ADDR:PORT, with an address in numbers", text);
}

static bool
is_loopback(const union address *a)
{
	if (a->any.sa_family == AF_INET)
		return ntohl(a->in4.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

/* LISTEN as an address that may be listened at. */
static int
take_listen(const char *listen, bool tls, union address *ret,
    struct vt_error *err)
{
	int rc = parse_listen(listen, ret, err);

	if (rc != VT_OK || tls || is_loopback(ret))
		return rc;
	return vt_error_set(err, VT_EARG, NULL,
	    "%s: without TLS only on this machine's own address", listen);
}

int
vt_axis_listen_check(const char *listen, bool tls, struct vt_error *err)
{
	union address address;

	return take_listen(listen, tls, &address, err);
}

/* ---- starting, stopping ---- */

static int
start(struct vt_axis_server *s, const union address *address, char *cert,
    char *key, const struct vt_axis_options *opts, struct vt_error *err)
{
	unsigned connections =
	    opts->connections != 0 ? opts->connections : VT_AXIS_CONNECTIONS;
	unsigned per_address = opts->per_address;
	char priorities[] = PRIORITIES;
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, priorities },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD |
			 MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
			 MHD_USE_ITC;
	const union MHD_DaemonInfo *info;

	if (address->any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	if (cert != NULL)
		flags |= MHD_USE_TLS;
	/* who holds all that he can get must not keep everybody out */
	if (cert != NULL && per_address == 0)
		per_address = (connections + VT_AXIS_ADDRESS_PART - 1) /
			      VT_AXIS_ADDRESS_PART;
	s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,
	    MHD_OPTION_SOCK_ADDR, &address->any,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE,
	    MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)POOL_STEP,
	    MHD_OPTION_CONNECTION_LIMIT, connections,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
	    MHD_OPTION_CONNECTION_TIMEOUT, s->idle_s,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
	    MHD_OPTION_ARRAY, cert != NULL ? tls : none, MHD_OPTION_END);
	if (s->daemon == NULL)
		return vt_error_io(err, "cannot listen");
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info != NULL ? info->port : 0;
	return VT_OK;
}

int
vt_axis_server_start(struct vt_axis *a, const struct vt_axis_options *opts,
    struct vt_axis_server **ret, struct vt_error *err)
{
	struct vt_axis_server *s;
	union address address;
	char *cert = NULL, *key = NULL;
	int rc;

	if ((rc = take_listen(opts->listen, opts->cert.len > 0, &address,
		 err)) != VT_OK)
		return rc;
	if (opts->cert.len > 0 &&
	    (rc = vt_axis_tls_check(opts->cert, opts->key, err)) != VT_OK)
		return rc;
	/* a confined worker cannot load it */
	if ((rc = vt_xml_ready(err)) != VT_OK)
		return rc;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return vt_error_nomem(err);
	s->a = a;
	s->max_size =
	    opts->max_size != 0 ? opts->max_size : VT_AXIS_MESSAGE_MAX;
	s->idle_s = opts->idle_s != 0 ? opts->idle_s : VT_AXIS_IDLE_S;
	s->log = opts->log;
	s->log_ctx = opts->log_ctx;
	if (opts->cert.len > 0 && ((cert = vt_bytes_dup(opts->cert)) == NULL ||
				      (key = vt_bytes_dup(opts->key)) == NULL))
		rc = vt_error_nomem(err);
	else if ((rc = vt_axis_watch_new(&s->watch, err)) == VT_OK)
		rc = start(s, &address, cert, key, opts, err);
	/* it has read them; the key must not lie about */
	if (key != NULL)
		explicit_bzero(key, strlen(key));
	free(key);
	free(cert);
	if (rc == VT_OK) {
		*ret = s;
		return VT_OK;
	}
	vt_axis_watch_free(s->watch);
	free(s);
	return rc;
}

unsigned
vt_axis_server_port(const struct vt_axis_server *s)
{
	return s->port;
}

void
vt_axis_server_stop(struct vt_axis_server *s, unsigned seconds)
{
	const struct timespec step = { 0, 50000000 };
	MHD_socket listening = MHD_quiesce_daemon(s->daemon);
	unsigned i;

	if (listening != MHD_INVALID_SOCKET)
		close(listening);
	for (i = 0; i < 20 * seconds && atomic_load(&s->running) > 0; i++)
		nanosleep(&step, NULL);
	MHD_stop_daemon(s->daemon);
	vt_axis_watch_free(s->watch);
	free(s);
}
