/* trust_want.c - where certificates say that something can be had */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>

#include "trust_int.h"

#define REQUEST_MAX (16u * 1024) /* bytes of an OCSP request */

/* An address that is asked: what is odd in it is not repaired. */
static bool
url_ok(struct vt_bytes url)
{
	size_t i;

	if (url.len > VT_TRUST_URL_MAX)
		return false;
	for (i = 0; i < url.len; i++)
		if (url.data[i] <= ' ' || url.data[i] > '~')
			return false;
	return (url.len > 7 &&
		   strncasecmp((const char *)url.data, "http://", 7) == 0) ||
	       (url.len > 8 &&
		   strncasecmp((const char *)url.data, "https://", 8) == 0);
}

static int
add_url(const GENERAL_NAME *name, struct vt_list *urls, struct vt_error *err)
{
	struct vt_bytes url;
	size_t i;
	char *text;
	int rc;

	if (name->type != GEN_URI || urls->n == VT_TRUST_URLS_MAX)
		return VT_OK;
	url = VT_BYTES(ASN1_STRING_get0_data(name->d.uniformResourceIdentifier),
	    (size_t)ASN1_STRING_length(name->d.uniformResourceIdentifier));
	if (!url_ok(url))
		return VT_OK;
	if ((text = vt_bytes_dup(url)) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < urls->n; i++)
		if (strcmp(urls->items[i], text) == 0)
			break;
	rc = i == urls->n ? vt_list_add(urls, text, err) : VT_OK;
	free(text);
	return rc;
}

/* NID: where lists are, or those that complete them (4.2.1.13, 4.2.1.15). */
static int
list_urls(const X509 *x, int nid, struct vt_list *urls, struct vt_error *err)
{
	STACK_OF(DIST_POINT) * points;
	const DIST_POINT *point;
	const GENERAL_NAMES *names;
	int i, k, rc = VT_OK;

	points = X509_get_ext_d2i(x, nid, NULL, NULL);
	for (i = 0; i < sk_DIST_POINT_num(points); i++) {
		point = sk_DIST_POINT_value(points, i);
		if (point->distpoint == NULL || point->distpoint->type != 0)
			continue;
		names = point->distpoint->name.fullname;
		for (k = 0; k < sk_GENERAL_NAME_num(names) && rc == VT_OK; k++)
			rc =
			    add_url(sk_GENERAL_NAME_value(names, k), urls, err);
	}
	CRL_DIST_POINTS_free(points);
	return rc;
}

static int
access_urls(const X509 *x, int method, struct vt_list *urls,
    struct vt_error *err)
{
	AUTHORITY_INFO_ACCESS *access;
	const ACCESS_DESCRIPTION *a;
	int i, rc = VT_OK;

	access = X509_get_ext_d2i(x, NID_info_access, NULL, NULL);
	for (i = 0; i < sk_ACCESS_DESCRIPTION_num(access) && rc == VT_OK; i++) {
		a = sk_ACCESS_DESCRIPTION_value(access, i);
		if (OBJ_obj2nid(a->method) == method)
			rc = add_url(a->location, urls, err);
	}
	AUTHORITY_INFO_ACCESS_free(access);
	return rc;
}

int
vt_trust_urls(const struct vt_cert *cert, enum vt_trust_want_kind kind,
    struct vt_list *urls, struct vt_error *err)
{
	const X509 *x = vt_cert_x509(cert);
	int rc = VT_OK;

	ERR_set_mark();
	switch (kind) {
	case VT_WANT_CRL:
		rc = list_urls(x, NID_crl_distribution_points, urls, err);
		break;
	case VT_WANT_OCSP:
		rc = access_urls(x, NID_ad_OCSP, urls, err);
		break;
	case VT_WANT_ISSUER:
		rc = access_urls(x, NID_ad_ca_issuers, urls, err);
		break;
	case VT_WANT_DELTA:
		rc = list_urls(x, NID_freshest_crl, urls, err);
		break;
	}
	ERR_pop_to_mark();
	return rc;
}

static bool
names_url(const struct vt_trust_want *want)
{
	struct vt_list urls = { 0 };
	bool found = false;
	size_t i;

	if (vt_trust_urls(want->path[0], want->kind, &urls, NULL) == VT_OK)
		for (i = 0; i < urls.n && !found; i++)
			found = strcmp(urls.items[i], want->url) == 0;
	vt_list_release(&urls);
	return found;
}

static bool
body_ok(const struct vt_trust_want *want)
{
	struct vt_buf body;
	bool same;

	if (want->kind != VT_WANT_OCSP)
		return want->body.len == 0;
	vt_buf_init(&body, REQUEST_MAX);
	same = vt_ocsp_request(want->path[0], want->path[1], &body, NULL) ==
		   VT_OK &&
	       vt_bytes_equal(vt_buf_bytes(&body), want->body);
	vt_buf_release(&body);
	return same;
}

/* Signatures and rules hold, and it is above the first that an anchor is. */
static bool
path_ok(const struct vt_trust *trust, const struct vt_trust_want *want)
{
	struct vt_trust_path path = { .n = want->npath };
	struct vt_trust_fault fault;
	size_t i;

	if (want->kind != VT_WANT_ISSUER &&
	    (want->npath < 2 ||
		vt_trust_tree(trust, want->path[want->npath - 1]) == NULL))
		return false;
	for (i = 0; i < path.n; i++) {
		path.certs[i] = want->path[i];
		if (i > 0 &&
		    !vt_trust_issued(trust, path.certs[i - 1], path.certs[i]))
			return false;
	}
	return want->kind == VT_WANT_ISSUER ||
	       (vt_trust_path_check(&path, NULL, &fault, NULL) == VT_OK &&
		   fault.reason == NULL);
}

bool
vt_trust_want_genuine(const struct vt_trust *trust,
    const struct vt_trust_want *want)
{
	return want->url != NULL && want->npath >= 1 &&
	       want->npath <= VT_TRUST_DEPTH && names_url(want) &&
	       path_ok(trust, want) && body_ok(want);
}

static bool
is_revocation(enum vt_trust_want_kind kind)
{
	return kind == VT_WANT_CRL || kind == VT_WANT_OCSP;
}

bool
vt_trust_want_instead(const struct vt_trust_want *want,
    const struct vt_trust_want *more)
{
	return want->npath > 0 && more->npath > 0 &&
	       vt_cert_equal(want->path[0], more->path[0]) &&
	       (want->kind == more->kind ||
		   (is_revocation(want->kind) && is_revocation(more->kind)));
}

size_t
vt_trust_want_addresses(const struct vt_trust_want *want)
{
	struct vt_list urls = { 0 };
	size_t n;

	(void)vt_trust_urls(want->path[0], want->kind, &urls, NULL);
	n = urls.n;
	vt_list_release(&urls);
	if (is_revocation(want->kind)) {
		(void)vt_trust_urls(want->path[0],
		    want->kind == VT_WANT_CRL ? VT_WANT_OCSP : VT_WANT_CRL,
		    &urls, NULL);
		n += urls.n;
		vt_list_release(&urls);
	}
	return n;
}
