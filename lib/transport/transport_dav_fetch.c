/* transport_dav_fetch.c - what waits in our folder, and what becomes of it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport_dav_int.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define DEAD_NAME 180 /* bytes of a name that are kept in dead/ */
#define DEAD_TRIES 8

/* ---- the listing ---- */

static int
keep_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_fd_write(*(const int *)ctx, piece, err);
}

/* Nobody has sent us anything yet: then it is for us to make the folder. */
static int
no_folder(struct dav *d, struct vt_error *err)
{
	char *url = vt_dav_url(d, d->http.own, NULL, "");
	int rc =
	    url != NULL ? vt_dav_folder(d, url, err) : (int)vt_error_nomem(err);

	free(url);
	return rc;
}

/* Write what the server lists to FD.  *RET_CUT: only the beginning of it. */
static int
list(struct dav *d, int fd, bool *ret_cut, struct vt_error *err)
{
	char *url = vt_dav_url(d, d->http.own, NULL, "");
	const struct dav_call call = { .method = "PROPFIND",
		.url = url,
		.lines = { "Depth: 1", "Content-Type: application/xml" },
		.body = VT_BYTES_LIT(
		    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		    "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:resourcetype/>"
		    "<D:getlastmodified/></D:prop></D:propfind>\n"),
		.sink = keep_piece,
		.ctx = &fd,
		.max = VT_DAV_LIST_MAX };
	struct vt_http_reply reply;
	struct vt_error why = { 0 };
	int rc;

	if (url == NULL)
		return vt_error_nomem(err);
	rc = vt_dav_send(d, &call, &reply, &why);
	free(url);
	*ret_cut = rc == VT_ELIMIT && reply.status == 207;
	if (rc != VT_OK && !*ret_cut)
		return vt_error_set(err, (enum vt_code)rc, why.clause, "%s",
		    why.text);
	if (reply.status == 404)
		return VT_ENOTFOUND;
	return vt_dav_check_only(reply.status, 207, 207, err);
}

/* ---- one message ---- */

static int
get(void *state, struct vt_transport_message *m, struct transport_file *f,
    struct vt_error *err)
{
	struct dav *d = state;
	char *url = vt_dav_url(d, d->http.own, NULL, m->id);
	const struct dav_call call = { .method = "GET",
		.url = url,
		.file = true,
		.sink = vt_transport_file_put,
		.ctx = f,
		.max = UINT64_MAX };
	struct vt_http_reply reply;
	struct vt_error why = { 0 };
	int rc;

	if (url == NULL)
		return vt_error_nomem(err);
	rc = vt_dav_send(d, &call, &reply, &why);
	free(url);
	if (reply.status == 404 || reply.status == 410)
		return VT_ENOTFOUND;
	if (rc == VT_OK && reply.status != 200)
		return vt_dav_check_only(reply.status, 200, 200, err);
	if (rc != VT_OK && !(reply.status == 200 && f->full))
		return vt_error_set(err, (enum vt_code)rc, why.clause, "%s",
		    why.text);
	memcpy(d->now.etag, reply.etag, sizeof(d->now.etag));
	d->now.modified = reply.modified;
	d->now.size = reply.announced;
	m->driver = &d->now;
	m->driver_size = sizeof(d->now);
	return VT_OK;
}

/* The answer to a PROPFIND, in a file. */
struct listing {
	struct vt_source *src;
	const char *own;
	bool cut;
	struct transport_parts *parts;
};

static int
read_listing(void *ctx, struct transport_oldest *o, struct vt_error *err)
{
	const struct listing *l = ctx;

	return vt_dav_listing_read(l->src, l->cut, l->own, o, l->parts, err);
}

/* Whatever comes of it: what is left is left until the next time. */
static void
drop_parts(struct dav *d, const struct transport_parts *p)
{
	struct vt_http_reply reply;
	size_t i;

	for (i = 0; i < p->n; i++) {
		char *url = vt_dav_url(d, d->http.own, NULL, p->names[i]);
		const struct dav_call call = { .method = "DELETE", .url = url };

		if (url != NULL && vt_dav_send(d, &call, &reply, NULL) == VT_OK)
			vt_log("%s: never came whole: the server answers %ld",
			    p->names[i], reply.status);
		free(url);
	}
}

int
vt_dav_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct dav *d = state;
	struct transport_taking k = { .get = get,
		.state = d,
		.t = t,
		.take = take,
		.ctx = ctx,
		.max = max };
	struct listing l = { .own = d->http.own };
	int fd = -1, rc;

	if ((l.parts = calloc(1, sizeof(*l.parts))) == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_file_nameless(NULL, &fd, err)) != VT_OK) {
		free(l.parts);
		return rc;
	}
	rc = list(d, fd, &l.cut, err);
	if (rc == VT_ENOTFOUND)
		rc = no_folder(d, err);
	else if (rc == VT_OK && (rc = vt_source_fd(fd, &l.src, err)) == VT_OK)
		rc = vt_transport_take_oldest(&k, read_listing, &l, err);
	if (rc == VT_OK)
		drop_parts(d, l.parts);
	free(l.parts);
	vt_source_free(l.src);
	close(fd);
	return rc;
}

/* ---- taking out of the way ---- */

/* Does URL still have the message that was handed over, as far as is seen? */
static int
look(struct dav *d, const char *url, bool *ret, struct vt_error *err)
{
	const struct dav_call head = { .method = "HEAD", .url = url };
	const struct dav_message *was = &d->now;
	struct vt_http_reply now;
	int rc;

	*ret = false;
	if ((rc = vt_dav_send(d, &head, &now, err)) != VT_OK ||
	    now.status == 404 || now.status == 410 ||
	    (rc = vt_dav_check(now.status, err)) != VT_OK)
		return rc;
	/* W/"x" may have been weak for its youth alone */
	*ret = now.modified == was->modified &&
	       (now.announced == was->size || now.announced < 0 ||
		   was->size < 0) &&
	       strcmp(now.etag + (now.etag[0] == 'W' ? 2 : 0),
		   was->etag + (was->etag[0] == 'W' ? 2 : 0)) == 0;
	return VT_OK;
}

/*
 * Send CALL, which holds for the message that was handed over and for no other.
 * *RET_STATUS: of the answer, or 0 where it is another by now.  A tag that a
 * server does not compare (RFC 9110, 8.8.3.2: that of a file which is a second
 * old at most is weak) is looked at before.
 */
static int
send_if_same(struct dav *d, struct dav_call *call, long *ret_status,
    struct vt_error *err)
{
	struct vt_http_reply reply;
	bool same = true;
	int rc = VT_OK;

	*ret_status = 0;
	if (d->now.etag[0] == '"')
		call->match = d->now.etag;
	else
		rc = look(d, call->url, &same, err);
	if (rc == VT_OK && same) {
		rc = vt_dav_send(d, call, &reply, err);
		*ret_status = reply.status;
	}
	return rc;
}

static bool
gone(long status)
{
	return status == 0 || status == 404 || status == 410;
}

/* M may be another than the one that was fetched last. */
static void
take_up(struct dav *d, const struct vt_transport_message *m)
{
	struct dav_message now;

	memcpy(&now, m->driver, sizeof(now));
	d->now = now;
}

int
vt_dav_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err)
{
	struct dav *d = state;
	char *url = vt_dav_url(d, d->http.own, NULL, m->id);
	struct dav_call call = { .method = "DELETE", .url = url };
	long status;
	int rc;

	if (url == NULL)
		return vt_error_nomem(err);
	take_up(d, m);
	rc = send_if_same(d, &call, &status, err);
	if (rc == VT_OK && !gone(status) && status != 412)
		rc = vt_dav_check(status, err);
	free(url);
	return rc;
}

/* Put the reason under the name that the message gets: that keeps the name. */
static int
put_reason(struct dav *d, const char *name, const char *reason, bool *ret_taken,
    struct vt_error *err)
{
	char file[DEAD_NAME + 64], text[VT_TRANSPORT_REASON_MAX + 2];
	struct dav_call call = { .method = "PUT",
		.lines = { "If-None-Match: *",
		    "Content-Type: text/plain; charset=utf-8" } };
	struct vt_http_reply reply;
	char *url;
	int len, rc;

	snprintf(file, sizeof(file), "%s" TRANSPORT_REASON, name);
	len = snprintf(text, sizeof(text), "%.*s\n", VT_TRANSPORT_REASON_MAX,
	    reason);
	call.body = VT_BYTES(text, (size_t)len);
	if ((url = vt_dav_url(d, d->http.own, TRANSPORT_DEAD, file)) == NULL)
		return vt_error_nomem(err);
	call.url = url;
	rc = vt_dav_send(d, &call, &reply, err);
	free(url);
	*ret_taken = rc == VT_OK && reply.status == 412;
	return rc != VT_OK || *ret_taken ? rc : vt_dav_check(reply.status, err);
}

/* Move the message to dead/NAME; *RET_TAKEN: that name is another's. */
static int
bury(struct dav *d, const char *from, const char *name, bool *ret_taken,
    struct vt_error *err)
{
	char *to = vt_dav_url(d, d->http.own, TRANSPORT_DEAD, name);
	struct dav_call call = { .method = "MOVE",
		.url = from,
		.lines = { NULL, "Overwrite: F" } };
	char *line = NULL;
	long status = 0;
	int rc;

	*ret_taken = false;
	if (to == NULL || asprintf(&line, "Destination: %s", to) < 0) {
		free(to);
		return vt_error_nomem(err);
	}
	call.lines[0] = line;
	rc = send_if_same(d, &call, &status, err);
	if (rc == VT_OK && status == 412) /* the name, or it is another */
		rc = look(d, from, ret_taken, err);
	else if (rc == VT_OK && !gone(status))
		rc = vt_dav_check_only(status, 201, 204, err);
	free(line);
	free(to);
	return rc;
}

int
vt_dav_fail(void *state, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err)
{
	struct dav *d = state;
	char name[DEAD_NAME + 32];
	char *from = vt_dav_url(d, d->http.own, NULL, m->id);
	char *dead = vt_dav_url(d, d->http.own, TRANSPORT_DEAD, "");
	bool taken = true;
	int i, rc;

	take_up(d, m);
	if (from == NULL || dead == NULL)
		rc = vt_error_nomem(err);
	else
		rc = vt_dav_folder(d, dead, err);
	for (i = 0; rc == VT_OK && taken && i < DEAD_TRIES; i++) {
		/* whoever sends one name often makes no search longer so */
		snprintf(name, sizeof(name), i == 0 ? "%.*s" : "%.*s.%lld",
		    DEAD_NAME, m->id, (long long)vt_time_now() + i);
		rc = put_reason(d, name, reason, &taken, err);
		if (rc == VT_OK && !taken)
			rc = bury(d, from, name, &taken, err);
	}
	free(from);
	free(dead);
	return rc;
}
