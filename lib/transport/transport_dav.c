/* transport_dav.c - folders on a WebDAV server (RFC 4918): requests, offering
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_dav_int.h"
#include "vanthu/encode.h"
#include "vanthu/source.h"

#define TRIES 8                     /* times that a name may come and go */
#define PAGE_MAX (4u * 1024 * 1024) /* bytes of an answer that nobody reads */

static int
dav_open_https(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vt_transport_http_new(sizeof(struct dav), "dav", "https", rest,
	    own, s, "vanthu", ret, err);
}

static int
dav_open_http(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vt_transport_http_new(sizeof(struct dav), "dav", "http", rest,
	    own, s, "vanthu", ret, err);
}

/* ---- requests ---- */

/* RFC 7617: the account and its secret. */
static int
add_authorization(const struct dav *d, struct vt_list *headers,
    struct vt_error *err)
{
	const struct transport_http *h = &d->http;
	char *pair = NULL, *line = NULL, *at;
	int len, rc = VT_ENOMEM;

	if (h->secret.data == NULL)
		return VT_OK;
	len = asprintf(&pair, "%s:%s", h->system_id, h->secret.data);
	if (len >= 0 &&
	    (line = malloc(32 + VT_BASE64_LEN((size_t)len))) != NULL) {
		at = stpcpy(line, "Authorization: Basic ");
		(void)vt_base64(VT_BYTES(pair, (size_t)len), at);
		rc = vt_list_add(headers, line, err);
		explicit_bzero(line, strlen(line));
	} else
		vt_error_nomem(err);
	if (len >= 0)
		explicit_bzero(pair, (size_t)len);
	free(line);
	free(len >= 0 ? pair : NULL);
	return rc;
}

int
vt_dav_send(struct dav *d, const struct dav_call *call,
    struct vt_http_reply *ret, struct vt_error *err)
{
	const size_t most = sizeof(call->lines) / sizeof(call->lines[0]);
	struct vt_list headers = { 0 };
	struct vt_http_call http = {
		.method = call->method,
		.url = call->url,
		.headers = &headers,
		.source = call->source,
		.tail = call->body,
		.sink = call->sink,
		.ctx = call->ctx,
		.max = call->max != 0 ? call->max : PAGE_MAX,
		.most_s = call->file ? VT_HTTP_FILE_S : 0,
	};
	char line[VT_HTTP_ETAG_MAX + 16];
	size_t i;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if ((rc = vt_transport_http_ready(&d->http, false, err)) == VT_OK)
		rc = add_authorization(d, &headers, err);
	for (i = 0; rc == VT_OK && i < most && call->lines[i] != NULL; i++)
		rc = vt_list_add(&headers, call->lines[i], err);
	if (rc == VT_OK && call->match != NULL) {
		snprintf(line, sizeof(line), "If-Match: %s", call->match);
		rc = vt_list_add(&headers, line, err);
	}
	if (rc == VT_OK)
		rc = vt_transport_http_send(&d->http, &http, ret, err);
	vt_list_release(&headers);
	return rc;
}

int
vt_dav_check(long status, struct vt_error *err)
{
	if (status >= 200 && status < 300)
		return VT_OK;
	if (status == 401)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the server does not know our account, or not with this "
		    "secret: it answers 401");
	/* locked by somebody; its disk is full (RFC 4918, 11.3, 11.5) */
	if (status == 423 || status == 507)
		return vt_error_set(err, VT_ENET, NULL,
		    "the server answers %ld, for now", status);
	return vt_http_status_check(status, err);
}

int
vt_dav_check_only(long status, long good, long as_good, struct vt_error *err)
{
	int rc = vt_dav_check(status, err);

	if (rc != VT_OK || status == good || status == as_good)
		return rc;
	return vt_error_set(err, VT_ENET, NULL,
	    "the server answers %ld, which says nothing here", status);
}

char *
vt_dav_url(const struct dav *d, const char *organ, const char *folder,
    const char *name)
{
	char *escaped = vt_transport_escape(name), *url = NULL;
	int n = -1;

	if (escaped != NULL)
		n = asprintf(&url, "%s/%s/%s%s%s", d->http.base, organ,
		    folder != NULL ? folder : "", folder != NULL ? "/" : "",
		    escaped);
	free(escaped);
	return n >= 0 ? url : NULL;
}

static int
request(struct dav *d, const char *method, const char *url,
    struct vt_http_reply *reply, struct vt_error *err)
{
	const struct dav_call call = { .method = method, .url = url };

	return vt_dav_send(d, &call, reply, err);
}

/* RFC 4918, 9.3.1: 405 where it is there. */
int
vt_dav_folder(struct dav *d, const char *url, struct vt_error *err)
{
	struct vt_http_reply reply;
	int rc;

	if ((rc = request(d, "MKCOL", url, &reply, err)) != VT_OK)
		return rc;
	return reply.status == 405 ? VT_OK : vt_dav_check(reply.status, err);
}

/* ---- offering ---- */

/* One message on its way. */
struct offering {
	struct dav *d;
	struct vt_source *content;
	/* URLs: of the folder, of the file while it comes, and of the file */
	char *folder, *part, *final;
};

static int
offering_init(struct offering *o, struct dav *d, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	char file[VT_TRANSPORT_NAME_MAX + 16];

	memset(o, 0, sizeof(*o));
	o->d = d;
	o->content = content;
	o->folder = vt_dav_url(d, to, NULL, "");
	snprintf(file, sizeof(file), "%s" TRANSPORT_SUFFIX, name);
	o->final = vt_dav_url(d, to, NULL, file);
	snprintf(file, sizeof(file), ".%s" TRANSPORT_PART, name);
	o->part = vt_dav_url(d, to, NULL, file);
	return o->folder != NULL && o->final != NULL && o->part != NULL
		   ? VT_OK
		   : (int)vt_error_nomem(err);
}

static void
offering_release(struct offering *o)
{
	free(o->folder);
	free(o->part);
	free(o->final);
}

/* What is left of a failure does no harm, and is told by the next try. */
static void
drop_part(const struct offering *o)
{
	struct vt_http_reply reply;

	(void)request(o->d, "DELETE", o->part, &reply, NULL);
}

/*
 * Put the content where nobody looks for it.  What a try before left there is
 * of the same message, and goes; a server that does not know If-None-Match
 * writes over it.
 */
static int
put_part(const struct offering *o, struct vt_error *err)
{
	const struct dav_call put = { .method = "PUT",
		.url = o->part,
		.lines = { "If-None-Match: *",
		    "Content-Type: application/xml" },
		.file = true,
		.source = o->content };
	struct vt_http_reply reply;
	int i, rc;

	for (i = 0; i < TRIES; i++) {
		if ((rc = vt_dav_send(o->d, &put, &reply, err)) != VT_OK)
			return rc;
		if (reply.status == 412)
			rc = request(o->d, "DELETE", o->part, &reply, err);
		else if ((reply.status == 404 || reply.status == 409) && i == 0)
			rc = vt_dav_folder(o->d, o->folder, err);
		else
			return vt_dav_check(reply.status, err);
		if (rc != VT_OK)
			return rc;
	}
	return vt_dav_check(412, err);
}

/* Is what has the name already this message?  VT_ENOTFOUND: it went. */
static int
compare(const struct offering *o, struct vt_error *err)
{
	struct transport_comparison c = { .content = o->content };
	const struct dav_call get = { .method = "GET",
		.url = o->final,
		.file = true,
		.sink = vt_transport_compare_piece,
		.ctx = &c,
		.max = UINT64_MAX };
	struct vt_http_reply reply;
	struct vt_error why = { 0 };
	int rc;

	rc = vt_dav_send(o->d, &get, &reply, &why);
	if (reply.status == 404 || reply.status == 410)
		return VT_ENOTFOUND;
	if (rc != VT_OK && rc != VT_EEXISTS)
		return vt_error_set(err, (enum vt_code)rc, why.clause, "%s",
		    why.text);
	if (reply.status != 200)
		return vt_dav_check_only(reply.status, 200, 200, err);
	if (rc == VT_EEXISTS || c.off != vt_source_size(o->content))
		return vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is there with other content", o->final);
	return VT_OK;
}

/* Give the file its name, unless that is taken (RFC 4918, 9.9, 10.6). */
static int
publish(const struct offering *o, struct vt_error *err)
{
	struct dav_call move = { .method = "MOVE",
		.url = o->part,
		.lines = { NULL, "Overwrite: F" } };
	struct vt_http_reply reply;
	char *line = NULL;
	int i, rc = VT_OK;

	if (asprintf(&line, "Destination: %s", o->final) < 0)
		return vt_error_nomem(err);
	move.lines[0] = line;
	for (i = 0; i < TRIES; i++) {
		rc = vt_dav_send(o->d, &move, &reply, err);
		if (rc != VT_OK || reply.status != 412)
			break;
		/* an answer of before that was lost, most likely */
		if ((rc = compare(o, err)) != VT_ENOTFOUND)
			break;
	}
	free(line);
	if (rc == VT_OK && reply.status == 412) {
		drop_part(o);
		return VT_OK;
	}
	if (rc == VT_EEXISTS)
		drop_part(o);
	/* somebody moved or removed it, or its folder, under us */
	if (rc == VT_OK && (reply.status == 404 || reply.status == 409))
		return vt_error_set(err, VT_ENET, NULL,
		    "the server answers %ld, for now", reply.status);
	if (rc == VT_ENOTFOUND)
		return vt_dav_check(412, err);
	return rc == VT_OK ? vt_dav_check_only(reply.status, 201, 204, err)
			   : rc;
}

static int
dav_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	struct offering o;
	int rc;

	(void)class;
	if ((rc = offering_init(&o, state, to, name, content, err)) == VT_OK &&
	    (rc = put_part(&o, err)) == VT_OK) {
		if ((rc = vt_source_unchanged(content, err)) == VT_OK)
			rc = publish(&o, err);
		else
			drop_part(&o);
	}
	offering_release(&o);
	return rc;
}

const struct vt_transport_driver vt_transport_dav_https = {
	.scheme = "dav+https",
	.open = dav_open_https,
	.offer = dav_offer,
	.fetch = vt_dav_fetch,
	.done = vt_dav_done,
	.fail = vt_dav_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
};

const struct vt_transport_driver vt_transport_dav_http = {
	.scheme = "dav+http",
	.open = dav_open_http,
	.offer = dav_offer,
	.fetch = vt_dav_fetch,
	.done = vt_dav_done,
	.fail = vt_dav_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
};
