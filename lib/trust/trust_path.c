/* trust_path.c - every way from a certificate up to an anchor */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "trust_int.h"

struct search {
	const struct vt_trust *trust;
	const struct vt_trust_work *w;
	vt_trust_path_fn *fn;
	void *ctx;
	struct vt_trust_path path, *longest;
	size_t checks, paths;
	bool deep, limit, stop;
};

/*
 * What OpenSSL would take for an issuer.  One that may not sign certificates,
 * or extensions that cannot be read, are let through: the verdict says what is
 * wrong.
 */
static bool
may_issue(const struct vt_cert *issuer, const struct vt_cert *cert)
{
	X509 *a = vt_cert_x509(issuer), *x = vt_cert_x509(cert);
	int why;

	if (((X509_get_extension_flags(a) | X509_get_extension_flags(x)) &
		EXFLAG_INVALID) != 0)
		return X509_NAME_cmp(X509_get_subject_name(a),
			   X509_get_issuer_name(x)) == 0;
	ERR_set_mark();
	why = X509_check_issued(a, x);
	ERR_pop_to_mark();
	return why == X509_V_OK || why == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

/* The same name with the same key again is a loop of cross-certificates. */
static bool
on_path(const struct vt_trust_path *path, const struct vt_cert *cert)
{
	const X509 *a, *b = vt_cert_x509(cert);
	EVP_PKEY *ka, *kb = vt_cert_key(cert);
	size_t i;

	for (i = 0; i < path->n; i++) {
		if (vt_cert_equal(path->certs[i], cert))
			return true;
		a = vt_cert_x509(path->certs[i]);
		ka = vt_cert_key(path->certs[i]);
		if (ka != NULL && kb != NULL && EVP_PKEY_eq(ka, kb) == 1 &&
		    X509_NAME_cmp(X509_get_subject_name(a),
			X509_get_subject_name(b)) == 0)
			return true;
	}
	return false;
}

static int search_up(struct search *s, struct vt_error *err);

static int
try_issuers(struct search *s, const struct vt_certs *set, struct vt_error *err)
{
	struct vt_cert *cert = s->path.certs[s->path.n - 1];
	size_t i;
	int rc = VT_OK;

	if (set == NULL)
		return VT_OK;
	for (i = 0; i < set->n && rc == VT_OK && !s->stop && !s->limit; i++) {
		if (!may_issue(set->items[i], cert) ||
		    on_path(&s->path, set->items[i]))
			continue;
		if (s->path.n == VT_TRUST_DEPTH) {
			s->deep = true;
			break;
		}
		if (s->checks++ == VT_TRUST_CHECKS) {
			s->limit = true;
			break;
		}
		if (!vt_trust_issued(s->trust, cert, set->items[i]))
			continue;
		s->path.certs[s->path.n++] = set->items[i];
		rc = search_up(s, err);
		s->path.n--;
	}
	return rc;
}

/* No deeper than VT_TRUST_DEPTH.  What is ours is tried before what came. */
static int
search_up(struct search *s, struct vt_error *err)
{
	int rc;

	if (vt_trust_tree(s->trust, s->path.certs[s->path.n - 1]) != NULL) {
		if (s->paths++ == VT_TRUST_PATHS) {
			s->limit = true;
			return VT_OK;
		}
		return s->fn(s->ctx, &s->path, &s->stop, err);
	}
	if (s->path.n > s->longest->n)
		*s->longest = s->path;
	if ((rc = try_issuers(s, &s->trust->anchors, err)) != VT_OK ||
	    (rc = try_issuers(s, &s->trust->certs, err)) != VT_OK ||
	    (rc = try_issuers(s, s->w->q->certs, err)) != VT_OK)
		return rc;
	return try_issuers(s, &s->w->certs, err);
}

int
vt_trust_search(const struct vt_trust_work *w, vt_trust_path_fn *fn, void *ctx,
    struct vt_trust_path *ret_longest, bool *ret_limit, struct vt_error *err)
{
	struct search s = {
		.trust = w->trust,
		.w = w,
		.fn = fn,
		.ctx = ctx,
		.longest = ret_longest,
	};
	int rc;

	memset(ret_longest, 0, sizeof(*ret_longest));
	s.path.certs[s.path.n++] = w->q->cert;
	rc = search_up(&s, err);
	*ret_limit = s.limit || s.deep;
	return rc;
}
