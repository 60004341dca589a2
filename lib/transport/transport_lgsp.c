/* transport_lgsp.c - a province's integration platform (LGSP)
 *
 * Its calls are those that one client of one province was seen to make; there
 * is no published description.  A file goes once for all its recipients, who
 * stand in it; there is no word for a reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_vxp_int.h"
#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/json.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define DAYS 366 /* that a list goes back */
#define DAY_S (24 * 3600)
#define FILE_MARK "ContentTransferEncoded" /* the element of a file */
#define LINE_BYTES 4096                    /* of a header, of a part's head */

struct lgsp {
	struct transport_http http; /* first: see there */
	/* The message that was sent last, for all its recipients. */
	char last[VT_TRANSPORT_NAME_MAX + 1];
};

static int
lgsp_open_https(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vt_transport_http_new(sizeof(struct lgsp), "lgsp", "https", rest,
	    own, s, "vanthu", ret, err);
}

static int
lgsp_open_http(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vt_transport_http_new(sizeof(struct lgsp), "lgsp", "http", rest,
	    own, s, "vanthu", ret, err);
}

/* ---- a call ---- */

static int
add_line(struct vt_list *headers, const char *name, const char *value,
    struct vt_error *err)
{
	char line[LINE_BYTES + 64];
	int rc;

	if (snprintf(line, sizeof(line), "%s: %s", name, value) >=
	    (int)sizeof(line))
		return vt_error_set(err, VT_EKEY, NULL,
		    "the secret is longer than %d bytes", LINE_BYTES);
	rc = vt_list_add(headers, line, err);
	explicit_bzero(line, sizeof(line));
	return rc;
}

/* PATH goes behind the address; HTTP has method and body; TYPE is of that. */
static int
send(struct lgsp *l, const char *path, const char *type,
    struct vt_http_call *http, struct vxp_call *call, struct vt_vxp_result *ret,
    struct vt_error *err)
{
	struct vt_list headers = { 0 };
	char *url = NULL;
	int rc;

	if ((rc = vt_transport_http_ready(&l->http, true, err)) != VT_OK)
		return rc;
	if (asprintf(&url, "%s/v1/%s", l->http.base, path) < 0)
		return vt_error_nomem(err);
	call->answer.lgsp = true;
	http->url = url;
	http->headers = &headers;
	if ((rc = add_line(&headers, "X-SystemId", l->http.system_id, err)) ==
		VT_OK &&
	    (rc = add_line(&headers, "X-SecretKey", l->http.secret.data,
		 err)) == VT_OK &&
	    (type == NULL ||
		(rc = add_line(&headers, "Content-Type", type, err)) == VT_OK))
		rc = vt_vxp_exchange(&l->http, call, http, ret, err);
	vt_list_release(&headers);
	free(url);
	return rc;
}

/* ---- sending ---- */

/*
 * multipart/form-data (RFC 7578), with a length: a body in chunks was refused.
 * What ends a part is made of the content's digest, which cannot stand in it.
 */
static int
lgsp_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	struct lgsp *l = state;
	struct vxp_call call = { .file = true };
	unsigned char sha256[VT_SHA256_LEN];
	char hex[VT_SHA256_HEX], lead[LINE_BYTES], tail[128], type[128];
	struct vt_http_call http = { .method = "POST", .source = content };
	struct vt_vxp_result r;
	int rc;

	if (strcmp(l->last, name) == 0) {
		vt_log("%s: for %s, too, it was sent already", name, to);
		return VT_OK;
	}
	if ((rc = vt_sha256_source(content, sha256, err)) != VT_OK)
		return rc;
	vt_hex(VT_BYTES(sha256, sizeof(sha256)), hex);
	snprintf(type, sizeof(type), "multipart/form-data; boundary=%s", hex);
	snprintf(lead, sizeof(lead),
	    "--%s\r\nContent-Disposition: form-data; name=\"messageType\""
	    "\r\n\r\n%s\r\n"
	    "--%s\r\nContent-Disposition: form-data; name=\"edocFile\"; "
	    "filename=\"%s" TRANSPORT_SUFFIX "\"\r\n"
	    "Content-Type: application/xml\r\n\r\n",
	    hex, vt_vxp_class_name(class), hex, name);
	snprintf(tail, sizeof(tail), "\r\n--%s--\r\n", hex);
	http.lead = vt_bytes_str(lead);
	http.tail = vt_bytes_str(tail);
	rc = send(l, "sendEdoc", type, &http, &call, &r, err);
	if (rc == VT_OK) {
		snprintf(l->last, sizeof(l->last), "%s", name);
		vt_log("%s: sent as %s", name, r.doc_id);
	}
	return rc;
}

/* ---- fetching ---- */

static int
list(struct lgsp *l, enum vt_transport_class class, struct vxp_list *ret,
    struct vt_error *err)
{
	struct vxp_call call = { .answer = { .row = vt_vxp_list_row,
				     .ctx = ret },
		.max = VT_VXP_LIST_MAX };
	struct vt_http_call http = { .method = "GET" };
	struct vt_date from = vt_date_of(vt_time_now() - (int64_t)DAYS * DAY_S);
	struct vt_date to = vt_date_of(vt_time_now() + DAY_S);
	struct vt_vxp_result r;
	char path[256];

	snprintf(path, sizeof(path),
	    "syncReceivedEdocList?messageType=%s&fromDate=%04d/%02d/%02d"
	    "&toDate=%04d/%02d/%02d",
	    vt_vxp_class_name(class), from.year, from.month, from.day, to.year,
	    to.month, to.day);
	return send(l, path, NULL, &http, &call, &r, err);
}

/* A message on its way, and whether files are in it. */
struct reading {
	struct transport_file *f;
	size_t matched; /* bytes of FILE_MARK, so far */
	bool has_files;
};

/* Of the type vt_sink_fn.  The mark's first letter is nowhere else in it. */
static int
take_file(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	static const char mark[] = FILE_MARK;
	struct reading *r = ctx;
	size_t i;

	for (i = 0; i < piece.len && !r->has_files; i++) {
		if (piece.data[i] == (unsigned char)mark[r->matched])
			r->matched++;
		else
			r->matched = piece.data[i] == (unsigned char)mark[0];
		r->has_files = mark[r->matched] == '\0';
	}
	return vt_transport_file_put(r->f, piece, err);
}

/*
 * As far as it goes, where its sender has damaged it.  What stands in
 * "attachments" is taken for what is in the message, too; where there is none
 * of it in there, to say that it was fetched would lose it.
 */
static int
get(void *state, struct vt_transport_message *m, struct transport_file *f,
    struct vt_error *err)
{
	struct reading reading = { .f = f };
	struct vxp_call call = { .answer = { .file = take_file,
				     .ctx = &reading },
		.max = VT_VXP_FILE_MAX };
	struct vt_http_call http = { .method = "GET" };
	char *id = vt_transport_escape(m->id), *path = NULL;
	struct lgsp *l = state;
	struct vt_error why = { 0 };
	struct vt_vxp_result r;
	int rc;

	if (id == NULL || asprintf(&path, "getEdoc?docId=%s", id) < 0) {
		free(id);
		return vt_error_nomem(err);
	}
	rc = send(l, path, NULL, &http, &call, &r, &why);
	free(id);
	free(path);
	if (rc == VT_OK && r.has_data && r.has_parts && !reading.has_files &&
	    !f->full) {
		f->its_own = true;
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the platform gives files beside the message that are not "
		    "in it; it is left there");
	}
	return vt_vxp_got(&l->http, &call, &r, rc, &why, f, err);
}

static int
lgsp_fetch(void *state, struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	struct lgsp *l = state;
	struct vxp_list all = { .http = &l->http };
	struct transport_taking k = { .get = get,
		.state = l,
		.t = t,
		.take = take,
		.ctx = ctx,
		.max = max };
	int rc;

	if ((rc = list(l, VT_TRANSPORT_DOCUMENT, &all, err)) == VT_OK &&
	    (rc = list(l, VT_TRANSPORT_STATUS, &all, err)) == VT_OK)
		rc = vt_vxp_list_take(&k, &all, err);
	free(all.items);
	return rc;
}

/* ---- taking out of the way ---- */

static int
update_status(struct lgsp *l, const char *id, const char *status,
    struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	struct vt_http_call http = { .method = "POST" };
	struct vxp_call call = { 0 };
	struct vt_vxp_result r;
	struct vt_buf body;
	int rc;

	vt_buf_init(&body, LINE_BYTES);
	vt_json_put_str(json, "docId", id);
	vt_json_put_str(json, "status", status);
	if ((rc = vt_json_write(json, &body, err)) == VT_OK) {
		http.tail = vt_buf_bytes(&body);
		rc = send(l, "updateStatus", "application/json", &http, &call,
		    &r, err);
	}
	vt_buf_release(&body);
	vt_json_out_free(json);
	return rc;
}

static int
lgsp_done(void *state, const struct vt_transport_message *m,
    struct vt_error *err)
{
	return update_status(state, m->id, "done", err);
}

static int
lgsp_fail(void *state, const struct vt_transport_message *m, const char *reason,
    struct vt_error *err)
{
	vt_log("%s: %s", m->id, reason);
	return update_status(state, m->id, "fail", err);
}

const struct vt_transport_driver vt_transport_lgsp_https = {
	.scheme = "lgsp+https",
	.open = lgsp_open_https,
	.offer = lgsp_offer,
	.fetch = lgsp_fetch,
	.done = lgsp_done,
	.fail = lgsp_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
};

const struct vt_transport_driver vt_transport_lgsp_http = {
	.scheme = "lgsp+http",
	.open = lgsp_open_http,
	.offer = lgsp_offer,
	.fetch = lgsp_fetch,
	.done = lgsp_done,
	.fail = lgsp_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
};
