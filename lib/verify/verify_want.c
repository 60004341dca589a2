/* verify_want.c - what a worker wants to be fetched, and what was */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "verify_want.h"
#include "verify_wire.h"

#define ANSWER_MAX VT_CRL_MAX /* the longest thing that is ever wanted */

static void
want_release(struct vt_want *w)
{
	size_t i;

	free(w->url);
	free(w->body);
	free(w->answer);
	for (i = 0; i < w->npath; i++)
		vt_cert_free(w->path[i]);
	*w = (struct vt_want){ 0 };
}

void
vt_wants_release(struct vt_wants *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		want_release(&w->items[i]);
	w->n = 0;
}

static struct vt_want *
find(struct vt_wants *w, const struct vt_trust_want *want)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->items[i].kind == want->kind &&
		    strcmp(w->items[i].url, want->url) == 0 &&
		    vt_bytes_equal(VT_BYTES(w->items[i].body,
				       w->items[i].body_len),
			want->body))
			return &w->items[i];
	return NULL;
}

/* A copy; a body of no bytes is one, too. */
static unsigned char *
copy(struct vt_bytes b)
{
	unsigned char *c = malloc(b.len + 1);

	if (c != NULL && b.len > 0)
		memcpy(c, b.data, b.len);
	return c;
}

static int
add(struct vt_wants *w, const struct vt_trust_want *want, struct vt_error *err)
{
	struct vt_want *n = &w->items[w->n];
	size_t i;

	*n = (struct vt_want){ .kind = want->kind };
	n->url = strdup(want->url);
	n->body = copy(want->body);
	n->body_len = want->body.len;
	for (i = 0; i < want->npath; i++)
		n->path[n->npath++] = vt_cert_ref(want->path[i]);
	if (n->url == NULL || n->body == NULL) {
		want_release(n);
		return vt_error_nomem(err);
	}
	w->n++;
	return VT_OK;
}

int
vt_wants_note(void *wants, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	struct vt_wants *w = wants;
	const struct vt_want *known = find(w, want);
	int rc;

	if (known != NULL && known->answer != NULL)
		return vt_buf_put(ret, known->answer, known->answer_len);
	if (known != NULL && known->tried)
		return VT_ENOTFOUND;
	if (known == NULL && w->n < VT_VERIFY_WANTS_MAX &&
	    want->npath <= VT_TRUST_DEPTH && (rc = add(w, want, err)) != VT_OK)
		return rc;
	return VT_ELIMIT;
}

/* ---- as bytes ---- */

static int
put_number(uint64_t n, struct vt_buf *out, struct vt_error *err)
{
	return vt_verify_wire_put_bytes(VT_BYTES(&n, sizeof(n)), out, err);
}

static int
get_number(struct vt_bytes *in, uint64_t max, uint64_t *ret,
    struct vt_error *err)
{
	struct vt_bytes b;
	int rc;

	if ((rc = vt_verify_wire_get_bytes(in, &b, err)) != VT_OK)
		return rc;
	if (b.len == sizeof(*ret)) {
		memcpy(ret, b.data, sizeof(*ret));
		if (*ret <= max)
			return VT_OK;
	}
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the worker's report is not one");
}

static int
put_want(const struct vt_want *w, struct vt_buf *out, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = put_number(w->kind, out, err)) != VT_OK ||
	    (rc = vt_verify_wire_put_bytes(vt_bytes_str(w->url), out, err)) !=
		VT_OK ||
	    (rc = vt_verify_wire_put_bytes(VT_BYTES(w->body, w->body_len), out,
		 err)) != VT_OK ||
	    (rc = put_number(w->npath, out, err)) != VT_OK)
		return rc;
	for (i = 0; i < w->npath && rc == VT_OK; i++)
		rc =
		    vt_verify_wire_put_bytes(vt_cert_der(w->path[i]), out, err);
	return rc;
}

int
vt_wants_put(const struct vt_wants *w, struct vt_buf *out, struct vt_error *err)
{
	size_t i, n = 0;
	int rc;

	for (i = 0; i < w->n; i++)
		n += !w->items[i].tried;
	rc = put_number(n, out, err);
	for (i = 0; i < w->n && rc == VT_OK; i++)
		if (!w->items[i].tried)
			rc = put_want(&w->items[i], out, err);
	return rc;
}

static int
get_path(struct vt_bytes *in, struct vt_want *w, struct vt_error *err)
{
	struct vt_bytes der;
	uint64_t n = 0;
	int rc;

	if ((rc = get_number(in, VT_TRUST_DEPTH, &n, err)) != VT_OK)
		return rc;
	for (; w->npath < n && rc == VT_OK; w->npath += rc == VT_OK)
		if ((rc = vt_verify_wire_get_bytes(in, &der, err)) == VT_OK)
			rc = vt_cert_parse(der, &w->path[w->npath], err);
	return rc;
}

static int
get_want(struct vt_bytes *in, bool aia, struct vt_want *w, struct vt_error *err)
{
	struct vt_bytes url, body;
	uint64_t kind = 0;
	int rc;

	if ((rc = get_number(in, VT_WANT_DELTA, &kind, err)) != VT_OK ||
	    (rc = vt_verify_wire_get_bytes(in, &url, err)) != VT_OK ||
	    (rc = vt_verify_wire_get_bytes(in, &body, err)) != VT_OK)
		return rc;
	if (url.len == 0 || url.len > VT_TRUST_URL_MAX ||
	    memchr(url.data, '\0', url.len) != NULL || body.len > VT_OCSP_MAX ||
	    (kind == VT_WANT_ISSUER && !aia))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the worker's report is not one");
	w->kind = (enum vt_trust_want_kind)kind;
	w->url = vt_bytes_dup(url);
	w->body = copy(body);
	w->body_len = body.len;
	if (w->url == NULL || w->body == NULL)
		return vt_error_nomem(err);
	return get_path(in, w, err);
}

int
vt_wants_get(struct vt_bytes *in, struct vt_wants *w, struct vt_error *err)
{
	uint64_t n = 0;
	int rc;

	rc = get_number(in, VT_VERIFY_WANTS_MAX - w->n, &n, err);
	for (; n > 0 && rc == VT_OK; n--) {
		struct vt_want *next = &w->items[w->n++];

		*next = (struct vt_want){ 0 };
		rc = get_want(in, w->aia, next, err);
	}
	return rc;
}

/* ---- and had ---- */

static struct vt_trust_want
want_of(const struct vt_want *w)
{
	return (struct vt_trust_want){ .kind = w->kind,
		.url = w->url,
		.body = VT_BYTES(w->body, w->body_len),
		.path = w->path,
		.npath = w->npath };
}

/* Where WANT is not to be had, its certificate names others, not yet asked. */
static bool
others_left(const struct vt_wants *w, const struct vt_trust_want *want)
{
	struct vt_trust_want other;
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		other = want_of(&w->items[i]);
		n += vt_trust_want_instead(want, &other);
	}
	return n < vt_trust_want_addresses(want);
}

/* *AGAIN: with the answer, or without, a worker may get further. */
static int
fetch_one(struct vt_wants *w, struct vt_want *one, const struct vt_trust *trust,
    vt_trust_fetch_fn *fetch, void *ctx, bool *again, struct vt_error *err)
{
	const struct vt_trust_want want = want_of(one);
	struct vt_buf answer;
	int rc;

	one->tried = true;
	/* The worker may say anything: only a CA's own word sends us there. */
	if (!vt_trust_want_genuine(trust, &want))
		return VT_OK;
	vt_buf_init(&answer, ANSWER_MAX);
	rc = fetch(ctx, &want, &answer, NULL);
	if (rc == VT_OK)
		one->answer = vt_buf_take(&answer, &one->answer_len);
	vt_buf_release(&answer);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	*again = *again || one->answer != NULL || others_left(w, &want);
	return VT_OK;
}

int
vt_wants_fetch(struct vt_wants *w, const struct vt_trust *trust,
    vt_trust_fetch_fn *fetch, void *ctx, bool *ret, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	*ret = false;
	for (i = 0; i < w->n && rc == VT_OK; i++)
		if (!w->items[i].tried)
			rc = fetch_one(w, &w->items[i], trust, fetch, ctx, ret,
			    err);
	return rc;
}

static int
had_one(const struct vt_want *w, struct vt_certs *certs, struct vt_crls *crls,
    struct vt_ocsps *ocsps, struct vt_error *err)
{
	struct vt_bytes all = VT_BYTES(w->answer, w->answer_len);
	struct vt_ocsp *ocsp = NULL;
	int rc;

	if (w->kind != VT_WANT_OCSP)
		rc = vt_x509_read(all, certs, crls, NULL);
	else if ((rc = vt_ocsp_parse(all, &ocsp, NULL)) == VT_OK)
		rc = vt_ocsps_add(ocsps, ocsp, NULL);
	vt_ocsp_free(ocsp);
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

int
vt_wants_had(const struct vt_wants *w, struct vt_trust **ret,
    struct vt_error *err)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_ocsps ocsps = { 0 };
	struct vt_trust *had = NULL;
	size_t i;
	int rc = vt_trust_new(&had, err);

	for (i = 0; i < w->n && rc == VT_OK; i++)
		if (w->items[i].answer != NULL)
			rc = had_one(&w->items[i], &certs, &crls, &ocsps, err);
	for (i = 0; i < certs.n && rc == VT_OK; i++)
		rc = vt_trust_add_cert(had, certs.items[i], err);
	for (i = 0; i < crls.n && rc == VT_OK; i++)
		rc = vt_trust_add_crl(had, crls.items[i], err);
	for (i = 0; i < ocsps.n && rc == VT_OK; i++)
		rc = vt_trust_add_ocsp(had, ocsps.items[i], err);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	vt_ocsps_release(&ocsps);
	if (rc == VT_OK)
		*ret = had;
	else
		vt_trust_free(had);
	return rc;
}
