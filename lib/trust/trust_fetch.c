/* trust_fetch.c - what is not at hand is asked for, through the caller */
#include <string.h>

#include "trust_int.h"

#define REQUEST_MAX (16u * 1024) /* bytes of an OCSP request */

static size_t
max_of(enum vt_trust_want_kind kind)
{
	switch (kind) {
	case VT_WANT_CRL:
	case VT_WANT_DELTA:
		return VT_CRL_MAX;
	case VT_WANT_OCSP:
		return VT_OCSP_MAX;
	case VT_WANT_ISSUER:
		break;
	}
	return VT_TRUST_ISSUERS_BYTES;
}

/* The same address is asked once. */
static bool
asked(const struct vt_trust_work *w, const struct vt_trust_want *want)
{
	size_t i;

	for (i = 0; i < w->asked.n; i++)
		if (strcmp(w->asked.items[i], want->url) == 0 &&
		    w->asked_for[i].kind == want->kind &&
		    w->asked_for[i].cert == want->path[0])
			return true;
	return false;
}

/* What does not parse is not had. */
static int
take(struct vt_trust_work *w, enum vt_trust_want_kind kind,
    struct vt_bytes data, struct vt_error *err)
{
	struct vt_ocsp *ocsp;
	int rc;

	if (data.len == 0)
		return VT_OK;
	if (kind == VT_WANT_CRL || kind == VT_WANT_DELTA)
		rc = vt_x509_read(data, NULL, &w->crls, NULL);
	else if (kind == VT_WANT_ISSUER)
		rc = vt_x509_read(data, &w->certs, NULL, NULL);
	else if ((rc = vt_ocsp_parse(data, &ocsp, NULL)) == VT_OK) {
		rc = vt_ocsps_add(&w->ocsps, ocsp, err);
		vt_ocsp_free(ocsp);
	}
	return rc == VT_ENOMEM ? vt_error_nomem(err) : VT_OK;
}

/* *MORE: the next address may be asked. */
static int
fetch_one(struct vt_trust_work *w, const struct vt_trust_want *want, bool *more,
    struct vt_error *err)
{
	struct vt_buf data;
	int rc;

	if (asked(w, want))
		return VT_OK;
	if (w->fetches == VT_TRUST_FETCHES) {
		*more = false;
		return VT_OK;
	}
	if ((rc = vt_list_add(&w->asked, want->url, err)) != VT_OK)
		return rc;
	w->asked_for[w->fetches].kind = want->kind;
	w->asked_for[w->fetches++].cert = want->path[0];
	vt_buf_init(&data, max_of(want->kind));
	rc = w->q->fetch(w->q->fetch_ctx, want, &data, NULL);
	if (rc == VT_OK)
		rc = take(w, want->kind, vt_buf_bytes(&data), err);
	else if (rc == VT_ENOMEM)
		rc = vt_error_nomem(err);
	else {
		*more = rc != VT_ELIMIT;
		rc = VT_OK;
	}
	vt_buf_release(&data);
	/* What was worked out without it is worked out anew. */
	w->nmemo = 0;
	return rc;
}

/* Ask for what PATH's certificate I names, until its status AT is known. */
static int
fetch_kind(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    int64_t at, enum vt_trust_want_kind kind, bool *more,
    struct vt_trust_status *status, struct vt_error *err)
{
	struct vt_trust_want want = { .kind = kind,
		.path = &path->certs[i],
		.npath = path->n - i };
	struct vt_list urls = { 0 };
	struct vt_buf body;
	size_t k;
	int rc;

	vt_buf_init(&body, REQUEST_MAX);
	rc = vt_trust_urls(path->certs[i], kind, &urls, err);
	if (rc == VT_OK && kind == VT_WANT_OCSP && urls.n > 0)
		rc = vt_ocsp_request(path->certs[i], path->certs[i + 1], &body,
		    err);
	want.body = vt_buf_bytes(&body);
	for (k = 0; k < urls.n && rc == VT_OK && *more &&
		    status->revocation == VT_REVOKED_UNKNOWN;
	     k++) {
		want.url = urls.items[k];
		if ((rc = fetch_one(w, &want, more, err)) == VT_OK)
			rc = vt_trust_status(w, path, i, at, status, err);
	}
	vt_list_release(&urls);
	vt_buf_release(&body);
	return rc;
}

/* A responder is quickest for one; a CA's list, which others need, is short. */
static int
fetch_for(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    int64_t at, struct vt_trust_status *status, struct vt_error *err)
{
	bool ca = vt_cert_is_ca(path->certs[i]), more = true;
	int rc;

	rc = fetch_kind(w, path, i, at, ca ? VT_WANT_CRL : VT_WANT_OCSP, &more,
	    status, err);
	if (rc != VT_OK)
		return rc;
	return fetch_kind(w, path, i, at, ca ? VT_WANT_OCSP : VT_WANT_CRL,
	    &more, status, err);
}

/*
 * From the top, since what a CA signed counts only where its own status is
 * known, and at the present, by which that is known to exist.
 */
int
vt_trust_fetch_status(struct vt_trust_work *w, const struct vt_trust_path *path,
    size_t i, struct vt_trust_status *ret, struct vt_error *err)
{
	struct vt_trust_status above;
	size_t k;
	int rc;

	for (k = path->n - 1; k-- > i + 1;) {
		if ((rc = vt_trust_status(w, path, k, w->now, &above, err)) !=
		    VT_OK)
			return rc;
		if (above.revocation == VT_REVOKED_UNKNOWN &&
		    (rc = fetch_for(w, path, k, w->now, &above, err)) != VT_OK)
			return rc;
	}
	if ((rc = vt_trust_status(w, path, i, w->q->at, ret, err)) != VT_OK)
		return rc;
	return fetch_for(w, path, i, w->q->at, ret, err);
}

/*
 * What PATH's certificate I names, where nothing younger than a list speaks of
 * it.  What a message brings along may be forged, or old: it keeps nobody from
 * asking unless it counts.
 */
static int
delta_urls(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    struct vt_list *urls, struct vt_error *err)
{
	const struct vt_cert *cert = path->certs[i];
	bool younger;
	int rc;

	if (w->q->fetch == NULL ||
	    X509_get_ext_by_NID(vt_cert_x509(cert), NID_freshest_crl, -1) < 0)
		return VT_OK;
	rc = vt_trust_status_younger(w, path, i, &younger, err);
	return rc != VT_OK || younger
		   ? rc
		   : vt_trust_urls(cert, VT_WANT_DELTA, urls, err);
}

int
vt_trust_delta_wanted(struct vt_trust_work *w, const struct vt_trust_path *path,
    bool *ret, struct vt_error *err)
{
	struct vt_list urls = { 0 };
	size_t i;
	int rc = VT_OK;

	*ret = false;
	for (i = 0; i + 1 < path->n && rc == VT_OK && !*ret; i++) {
		rc = delta_urls(w, path, i, &urls, err);
		*ret = urls.n > 0;
		vt_list_release(&urls);
	}
	return rc;
}

int
vt_trust_fetch_delta(struct vt_trust_work *w, const struct vt_trust_path *path,
    size_t i, struct vt_trust_status *status, struct vt_error *err)
{
	struct vt_trust_want want = { .kind = VT_WANT_DELTA,
		.path = &path->certs[i],
		.npath = path->n - i };
	struct vt_list urls = { 0 };
	size_t k, before = w->crls.n;
	bool more = true, younger = false;
	int rc;

	rc = delta_urls(w, path, i, &urls, err);
	for (k = 0; k < urls.n && rc == VT_OK && more && !younger; k++) {
		want.url = urls.items[k];
		if ((rc = fetch_one(w, &want, &more, err)) == VT_OK)
			rc = vt_trust_status_younger(w, path, i, &younger, err);
	}
	if (rc == VT_OK && w->crls.n > before)
		rc = vt_trust_status(w, path, i, w->q->at, status, err);
	vt_list_release(&urls);
	return rc;
}

int
vt_trust_issuer_wanted(const struct vt_trust_path *path, bool *ret,
    struct vt_error *err)
{
	struct vt_list urls = { 0 };
	int rc;

	rc =
	    vt_trust_urls(path->certs[path->n - 1], VT_WANT_ISSUER, &urls, err);
	*ret = urls.n > 0;
	vt_list_release(&urls);
	return rc;
}

int
vt_trust_fetch_issuer(struct vt_trust_work *w, const struct vt_trust_path *path,
    bool *ret_new, struct vt_error *err)
{
	struct vt_trust_want want = { .kind = VT_WANT_ISSUER,
		.path = &path->certs[path->n - 1],
		.npath = 1 };
	struct vt_list urls = { 0 };
	size_t k, before = w->certs.n;
	bool more = true;
	int rc;

	rc = vt_trust_urls(want.path[0], VT_WANT_ISSUER, &urls, err);
	for (k = 0; k < urls.n && rc == VT_OK && more && w->certs.n == before;
	     k++) {
		want.url = urls.items[k];
		rc = fetch_one(w, &want, &more, err);
	}
	vt_list_release(&urls);
	*ret_new = w->certs.n > before;
	return rc;
}
