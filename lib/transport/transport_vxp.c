/* transport_vxp.c - the national document axis: one account, and sending */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "transport_vxp_int.h"
#include "vanthu/digest.h"
#include "vanthu/source.h"

#define AGENT "vanthu XRoad/VPCP"

/* ---- opening ---- */

/* One of two words; NULL is the first. */
static int
choose(const char *word, const char *first, const char *second, bool *ret,
    struct vt_error *err)
{
	*ret = word == NULL || strcmp(word, first) == 0;
	if (!*ret && strcmp(word, second) != 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is neither %s nor %s", word, first, second);
	return VT_OK;
}

static int
vxp_open(const char *scheme, const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	void *state = NULL;
	struct vxp *v;
	bool base64;
	int rc;

	if ((rc = vt_transport_http_new(sizeof(*v), "vxp", scheme, rest, own, s,
		 AGENT, &state, err)) != VT_OK)
		return rc;
	v = state;
	if ((rc = choose(s->hash_file, "padded", "unpadded", &v->padded,
		 err)) == VT_OK &&
	    (rc = choose(s->get, "base64", "raw", &base64, err)) == VT_OK) {
		v->raw = !base64;
		*ret = v;
	} else
		vt_transport_http_close(v);
	return rc;
}

static int
vxp_open_https(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vxp_open("https", rest, own, s, ret, err);
}

static int
vxp_open_http(const char *rest, const char *own,
    const struct vt_transport_settings *s, void **ret, struct vt_error *err)
{
	return vxp_open("http", rest, own, s, ret, err);
}

/* ---- a call ---- */

void
vt_vxp_call_value(struct vxp_call *call, const char *name, const char *value)
{
	call->values[call->nvalues++] = (struct vt_vxp_value){ name, value };
}

/*
 * The plain header of a value.  Only the signed text counts; what is not ASCII
 * cannot stand here and is a "?".
 */
static int
add_plain(struct vt_list *headers, const struct vt_vxp_value *v,
    struct vt_error *err)
{
	struct vt_buf line;
	size_t i;
	int rc;

	vt_buf_init(&line, VT_VXP_HEADER_MAX);
	rc = vt_buf_printf(&line, VT_VXP_PREFIX "%s: ", v->name);
	for (i = 0; rc == VT_OK && v->value[i] != '\0'; i++)
		if (v->value[i] >= ' ' && v->value[i] <= '~')
			rc = vt_buf_putc(&line, v->value[i]);
		else if ((v->value[i] & 0xc0) != 0x80) /* not a later byte */
			rc = vt_buf_putc(&line, '?');
	rc = rc == VT_OK ? vt_list_add(headers, vt_buf_str(&line), err)
			 : (int)vt_error_nomem(err);
	vt_buf_release(&line);
	return rc;
}

static int
add_line(struct vt_list *headers, const char *name, const char *value,
    struct vt_error *err)
{
	char *line = NULL;
	int rc;

	if (asprintf(&line, "%s: %s", name, value) < 0)
		return vt_error_nomem(err);
	rc = vt_list_add(headers, line, err);
	free(line);
	return rc;
}

/* What signs the call, behind the values themselves. */
static int
add_signature(struct vxp *v, struct vt_list *headers,
    const struct vt_vxp_value *values, size_t n, struct vt_error *err)
{
	struct vt_buf text = { 0 }, names = { 0 };
	char mac[VT_SHA256_HEX];
	int rc;

	if ((rc = vt_vxp_sign_text(values, n, &text, &names, err)) == VT_OK &&
	    (rc = vt_vxp_hmac(VT_BYTES(v->http.secret.data, v->http.secret.len),
		 vt_buf_bytes(&text), mac, err)) == VT_OK &&
	    (rc = add_line(headers, VT_VXP_PREFIX "sign-header-key",
		 vt_buf_str(&names), err)) == VT_OK &&
	    (rc = add_line(headers, VT_VXP_PREFIX "sign-header",
		 vt_buf_str(&text), err)) == VT_OK)
		rc = add_line(headers, VT_VXP_PREFIX "hash-header", mac, err);
	if (rc == VT_OK)
		rc = add_line(headers, VT_VXP_PREFIX "version", VT_VXP_VERSION,
		    err);
	vt_buf_release(&text);
	vt_buf_release(&names);
	return rc;
}

static char *
now_text(char out[VT_VXP_TIME_TEXT])
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return vt_vxp_time((int64_t)t.tv_sec, (unsigned)(t.tv_nsec / 1000000),
	    out);
}

static int
make_headers(struct vxp *v, const struct vxp_call *call, struct vt_list *ret,
    struct vt_error *err)
{
	const char *type =
	    call->file ? "application/octet-stream" : "application/json";
	struct vt_vxp_value values[VXP_VALUES + 3] = { { "systemid",
	    v->http.system_id } };
	char stamp[VT_VXP_TIME_TEXT];
	size_t n = 1, i;
	int rc;

	for (i = 0; i < call->nvalues; i++)
		values[n++] = call->values[i];
	values[n++] = (struct vt_vxp_value){ "timestamp", now_text(stamp) };
	values[n++] = (struct vt_vxp_value){ "Content-Type", type };
	rc = add_line(ret, "Content-Type", type, err);
	for (i = 0; rc == VT_OK && i < n; i++)
		rc = add_plain(ret, &values[i], err);
	return rc == VT_OK ? add_signature(v, ret, values, n, err) : rc;
}

/* The answer of one call, while it comes. */
struct answering {
	const struct vxp_call *call;
	struct vt_vxp_answer *answer;
	bool started, raw; /* RAW: this is the file itself */
};

static int
take_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct answering *a = ctx;

	if (!a->started && piece.len > 0) {
		a->started = true;
		a->raw = a->call->raw && piece.data[0] != '{';
	}
	if (!a->raw)
		return vt_vxp_answer_feed(a->answer, piece, err);
	return a->call->answer.file(a->call->answer.ctx, piece, err);
}

/* The axis said no: for ever, or for now. */
static int
refused(const struct vt_vxp_result *r, long status, struct vt_error *err)
{
	static const char *const later[] = { VT_VXP_AXIS, VT_VXP_FILE,
		VT_VXP_REQUEST };
	bool again = status == 408 || status == 429 || status >= 500;
	size_t i;

	for (i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		again = again || strcmp(r->code, later[i]) == 0;
	/* it is put right here, and what waits must not be lost by it */
	if (!again &&
	    (status == 401 || strcmp(r->code, VT_VXP_BAD_ACCOUNT) == 0))
		return vt_error_set(err, VT_EKEY, NULL,
		    "the axis does not know our account, or not with this "
		    "secret: %s (%s)",
		    r->text, r->code);
	if (again)
		return vt_error_set(err, VT_ENET, NULL,
		    "the axis has failed, for now: %s (%s)", r->text, r->code);
	return vt_error_set(err, VT_EREFUSED, NULL, "the axis refuses: %s (%s)",
	    r->text, r->code);
}

/*
 * What the exchange came to.  RC and WHY are of the exchange itself.  An answer
 * that is none of the axis' says less than its status: something else stands
 * between us.
 */
static int
conclude(struct transport_http *h, struct vxp_call *call, struct answering *a,
    const struct vt_http_reply *reply, int rc, struct vt_error *why,
    struct vt_vxp_result *ret, struct vt_error *err)
{
	bool good = reply->status == 200 || reply->status == 201, foreign;

	if (rc == VT_OK && a->raw) {
		memset(ret, 0, sizeof(*ret));
		ret->ok = ret->has_data = good;
	} else if (rc == VT_OK) {
		rc = vt_vxp_answer_end(a->answer, ret, why);
		call->cut = rc == VT_ENET && good;
	}
	if (rc == VT_OK && !a->raw) {
		h->way_failed = false; /* it has come to the axis */
		return ret->ok && good ? VT_OK
				       : refused(ret, reply->status, err);
	}
	/* not the axis' own words, or without an end */
	foreign = rc == VT_EFORMAT || rc == VT_ELIMIT;
	if (!good && reply->status != 0 && (rc == VT_OK || foreign)) {
		h->way_failed = vt_transport_http_is_ways(reply->status);
		return vt_http_status_check(reply->status, err);
	}
	if (rc == VT_OK)
		return VT_OK;
	call->malformed = rc == VT_EFORMAT;
	return vt_error_set(err, foreign ? VT_ENET : (enum vt_code)rc,
	    why->clause, "%s", why->text);
}

int
vt_vxp_exchange(struct transport_http *h, struct vxp_call *call,
    struct vt_http_call *http, struct vt_vxp_result *ret, struct vt_error *err)
{
	struct answering a = { .call = call };
	struct vt_http_reply reply;
	struct vt_error why = { 0 };
	int rc;

	http->sink = take_piece;
	http->ctx = &a;
	http->max = call->max != 0 ? call->max : VT_VXP_ANSWER_MAX;
	if (call->file || call->answer.file != NULL)
		http->most_s = VT_HTTP_FILE_S;
	if ((rc = vt_vxp_answer_new(&call->answer, &a.answer, err)) != VT_OK)
		return rc;
	rc = vt_transport_http_send(h, http, &reply, &why);
	rc = conclude(h, call, &a, &reply, rc, &why, ret, err);
	vt_vxp_answer_free(a.answer);
	return rc;
}

int
vt_vxp_call_send(struct vxp *v, struct vxp_call *call,
    struct vt_vxp_result *ret, struct vt_error *err)
{
	struct vt_list headers = { 0 };
	struct vt_http_call http = {
		.method = call->get ? "GET" : "POST",
		.headers = &headers,
		.source = call->content,
		.tail = call->file ? VT_BYTES_LIT("\r\n") : VT_BYTES_LIT("{}"),
	};
	char *url = NULL;
	int rc;

	if ((rc = vt_transport_http_ready(&v->http, true, err)) != VT_OK)
		return rc;
	if (asprintf(&url, "%s/%s", v->http.base, call->path) < 0)
		return vt_error_nomem(err);
	http.url = url;
	if ((rc = make_headers(v, call, &headers, err)) == VT_OK)
		rc = vt_vxp_exchange(&v->http, call, &http, ret, err);
	vt_list_release(&headers);
	free(url);
	return rc;
}

/* ---- sending ---- */

const char *vt_vxp_class_name(enum vt_transport_class class)
{
	return class == VT_TRANSPORT_STATUS ? "status" : "edoc";
}

/*
 * The name is not told: an axis knows a message that it has by its content.
 * "to" names the one recipient of this offer; those in the envelope may be
 * more, and each has an offer of its own.
 */
static int
vxp_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	struct vxp *v = state;
	struct vxp_call call = { .path = "sendEdoc",
		.file = true,
		.content = content };
	unsigned char sha256[VT_SHA256_LEN];
	char hash[VT_SHA256_HEX], list[VT_TRANSPORT_ORGAN_MAX + 8];
	struct vt_vxp_result r;
	int rc;

	if ((rc = vt_sha256_source(content, sha256, err)) != VT_OK)
		return rc;
	snprintf(list, sizeof(list), "[\"%s\"]", to);
	vt_vxp_call_value(&call, "servicetype", "eDoc");
	vt_vxp_call_value(&call, "messagetype", vt_vxp_class_name(class));
	vt_vxp_call_value(&call, "hash-file",
	    vt_vxp_hash_file(sha256, v->padded, hash));
	vt_vxp_call_value(&call, "from", v->http.own);
	vt_vxp_call_value(&call, "to", list);
	if ((rc = vt_vxp_call_send(v, &call, &r, err)) == VT_OK)
		vt_log("%s: sent to %s as %s", name, to, r.doc_id);
	return rc;
}

const struct vt_transport_driver vt_transport_vxp_https = {
	.scheme = "vxp+https",
	.open = vxp_open_https,
	.offer = vxp_offer,
	.fetch = vt_vxp_fetch,
	.done = vt_vxp_done,
	.fail = vt_vxp_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
	.agencies = vt_vxp_agencies,
	.sent = vt_vxp_sent,
};

const struct vt_transport_driver vt_transport_vxp_http = {
	.scheme = "vxp+http",
	.open = vxp_open_http,
	.offer = vxp_offer,
	.fetch = vt_vxp_fetch,
	.done = vt_vxp_done,
	.fail = vt_vxp_fail,
	.close = vt_transport_http_close,
	.retry_after = vt_transport_http_retry_after,
	.silent = vt_transport_http_silent,
	.way_failed = vt_transport_http_way_failed,
	.idle = vt_transport_http_idle,
	.agencies = vt_vxp_agencies,
	.sent = vt_vxp_sent,
};
