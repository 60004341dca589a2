/* trust_update.c - what an office's certificates name, fetched */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trust_int.h"
#include "vanthu/file.h"

#define KEPT 2 /* of one scope: a reader may still be at the older one */

struct update {
	const char *dir;
	struct vt_trust *trust; /* what the store holds */
	struct vt_trust_work work;
	vt_trust_fetch_fn *fetch;
	void *fetch_ctx;
	vt_trust_update_fn *tell;
	void *ctx;
	struct vt_list asked;
};

/* The first way to an anchor that breaks no rule. */
struct way {
	struct vt_trust_path path;
	bool found;
};

static int
on_path(void *ctx, const struct vt_trust_path *path, bool *stop,
    struct vt_error *err)
{
	struct way *way = ctx;
	struct vt_trust_fault fault;
	int rc;

	if ((rc = vt_trust_path_check(path, NULL, &fault, err)) != VT_OK)
		return rc;
	if (fault.reason == NULL) {
		way->path = *path;
		way->found = *stop = true;
	}
	return VT_OK;
}

/* ---- one that was fetched, beside those that are there ---- */

static bool
same_scope(const struct vt_crl *a, const struct vt_crl *b)
{
	return vt_crl_is_delta(a) == vt_crl_is_delta(b) &&
	       vt_crl_same_scope(a, b);
}

static struct vt_trust_subject
subject(struct update *u, const struct vt_trust_path *path)
{
	return (struct vt_trust_subject){ .w = &u->work,
		.path = path,
		.cert = path->certs[0],
		.issuer = path->certs[1],
		.at = u->work.now };
}

/*
 * LIST may have come into the store unseen, by "add": one that is not signed by
 * who may, or is from the future, keeps no other away.
 */
static int
counts(struct update *u, const struct vt_trust_path *path,
    const struct vt_crl *list, bool *ret, struct vt_error *err)
{
	struct vt_trust_subject s = subject(u, path);
	enum vt_trust_word word = VT_WORD_NONE;
	int rc = VT_OK;

	if (vt_crl_this_update(list) <= u->work.now + VT_TRUST_SKEW)
		rc = vt_trust_weigh_list(&s, list, u->work.now, &word, err);
	*ret = word != VT_WORD_NONE;
	return rc;
}

/* Lists of A's scope that are younger than it, at most KEPT. */
static int
younger(struct update *u, const struct vt_trust_path *path,
    const struct vt_crl *a, size_t *ret, struct vt_error *err)
{
	const struct vt_crls *all = &u->trust->crls;
	bool one;
	size_t i;
	int rc = VT_OK;

	*ret = 0;
	for (i = 0; i < all->n && *ret < KEPT && rc == VT_OK; i++) {
		if (!same_scope(all->items[i], a) ||
		    vt_crl_this_update(all->items[i]) <= vt_crl_this_update(a))
			continue;
		if ((rc = counts(u, path, all->items[i], &one, err)) == VT_OK)
			*ret += one;
	}
	return rc;
}

/* Only what was put there under its own name; what is gone is gone. */
static int
remove_old(struct update *u, const struct vt_trust_path *path,
    const struct vt_crl *list, struct vt_error *err)
{
	const struct vt_crls *all = &u->trust->crls;
	size_t i, n;
	int rc = VT_OK;

	for (i = 0; i < all->n && rc == VT_OK; i++) {
		if (!same_scope(all->items[i], list))
			continue;
		rc = younger(u, path, all->items[i], &n, err);
		if (rc == VT_OK && n >= KEPT)
			rc = vt_trust_store_remove(u->dir, VT_TRUST_CRL,
			    vt_crl_sha256(all->items[i]), err);
	}
	return rc;
}

static bool
stored(const struct update *u, const struct vt_crl *list)
{
	size_t i;

	for (i = 0; i < u->trust->crls.n; i++)
		if (memcmp(vt_crl_sha256(u->trust->crls.items[i]),
			vt_crl_sha256(list), VT_SHA256_LEN) == 0)
			return true;
	return false;
}

/* It is about what names it, and signed by who may. */
static int
check_list(struct update *u, const struct vt_trust_path *path,
    const struct vt_crl *list, struct vt_error *err)
{
	struct vt_trust_subject s = subject(u, path);
	enum vt_trust_word word;
	unsigned int reasons;
	int rc;

	s.points = X509_get_ext_d2i(vt_cert_x509(s.cert),
	    NID_crl_distribution_points, NULL, NULL);
	reasons = vt_trust_scope(&s, list);
	rc = vt_trust_weigh_list(&s, list, u->work.now, &word, err);
	CRL_DIST_POINTS_free(s.points);
	if (rc != VT_OK)
		return rc;
	if (vt_crl_strange(list))
		return vt_error_set(err, VT_EUNSUPPORTED, "RFC 5280, 5.2",
		    "the list has a critical extension that is not known "
		    "here");
	if (reasons == 0)
		return vt_error_set(err, VT_EREFUSED, "RFC 5280, 6.3.3",
		    "the list is not about the certificate that names it");
	if (word == VT_WORD_NONE)
		return vt_error_set(err, VT_EREFUSED, "RFC 5280, 6.3.3",
		    "nobody signed the list who may");
	if (vt_crl_this_update(list) > u->work.now + VT_TRUST_SKEW)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the list is from the future");
	return VT_OK;
}

static int
keep_list(struct update *u, const struct vt_trust_path *path,
    struct vt_crl *list, enum vt_trust_updated *ret, struct vt_error *err)
{
	size_t n;
	int rc;

	if (stored(u, list)) {
		*ret = VT_UPDATED_SAME;
		return VT_OK;
	}
	if ((rc = check_list(u, path, list, err)) != VT_OK ||
	    (rc = younger(u, path, list, &n, err)) != VT_OK)
		return rc;
	if (n > 0) {
		*ret = VT_UPDATED_OLDER;
		return VT_OK;
	}
	if ((rc = vt_trust_store_one(u->dir, VT_TRUST_CRL, vt_crl_sha256(list),
		 vt_crl_der(list), err)) != VT_OK ||
	    (rc = vt_trust_add_crl(u->trust, list, err)) != VT_OK)
		return rc;
	*ret = VT_UPDATED_NEW;
	return remove_old(u, path, list, err);
}

/* ---- an answer that was fetched ---- */

/* What OCSP says of the path's first certificate; false: nothing. */
static bool
says(const struct vt_trust_path *path, const struct vt_ocsp *ocsp,
    struct vt_ocsp_single *ret)
{
	size_t at = 0;

	return vt_ocsp_find(ocsp, path->certs[0], path->certs[1], &at, ret) &&
	       ret->status != VT_OCSP_UNKNOWN;
}

/* Answers about the same that are younger than THIS. */
static size_t
younger_answers(const struct update *u, const struct vt_trust_path *path,
    int64_t this)
{
	const struct vt_ocsps *all = &u->trust->ocsps;
	struct vt_ocsp_single one;
	size_t i, n = 0;

	for (i = 0; i < all->n; i++)
		if (says(path, all->items[i], &one) && one.this_update > this)
			n++;
	return n;
}

static int
remove_old_answers(const struct update *u, const struct vt_trust_path *path,
    struct vt_error *err)
{
	const struct vt_ocsps *all = &u->trust->ocsps;
	struct vt_ocsp_single one;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < all->n && rc == VT_OK; i++)
		if (says(path, all->items[i], &one) &&
		    younger_answers(u, path, one.this_update) >= KEPT)
			rc = vt_trust_store_remove(u->dir, VT_TRUST_OCSP,
			    vt_ocsp_sha256(all->items[i]), err);
	return rc;
}

static int
keep_answer(struct update *u, const struct vt_trust_path *path,
    struct vt_ocsp *ocsp, struct vt_trust_update *told, struct vt_error *err)
{
	struct vt_trust_subject s = subject(u, path);
	struct vt_ocsp_single one;
	enum vt_trust_word word;
	int rc;

	if ((rc = vt_trust_weigh_answer(&s, ocsp, u->work.now, &word, err)) !=
	    VT_OK)
		return rc;
	if (!says(path, ocsp, &one))
		return vt_error_set(err, VT_EREFUSED, "RFC 6960, 4.2.2",
		    "the answer says nothing of the certificate");
	if (word == VT_WORD_NONE ||
	    one.this_update > u->work.now + VT_TRUST_SKEW)
		return vt_error_set(err, VT_EREFUSED, "RFC 6960, 4.2.2.2",
		    "nobody signed the answer who may");
	told->answer = ocsp;
	told->until = one.next_update;
	if (younger_answers(u, path, one.this_update) > 0) {
		told->what = VT_UPDATED_OLDER;
		return VT_OK;
	}
	told->what = VT_UPDATED_NEW;
	if ((rc = vt_trust_store_one(u->dir, VT_TRUST_OCSP,
		 vt_ocsp_sha256(ocsp), vt_ocsp_der(ocsp), err)) != VT_OK ||
	    (rc = vt_trust_add_ocsp(u->trust, ocsp, err)) != VT_OK)
		return rc;
	return remove_old_answers(u, path, err);
}

/* ---- asking ---- */

static int
take_list(struct update *u, const struct vt_trust_path *path,
    struct vt_bytes data, struct vt_crls *lists, struct vt_trust_update *told,
    struct vt_error *err)
{
	int rc;

	if ((rc = vt_x509_read(data, NULL, lists, err)) != VT_OK)
		return rc;
	if (lists->n != 1)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "there are %zu revocation lists in it", lists->n);
	told->list = lists->items[0];
	told->until = vt_crl_next_update(told->list);
	return keep_list(u, path, lists->items[0], &told->what, err);
}

static int
update_url(struct update *u, const struct vt_trust_path *path,
    const struct vt_trust_want *want, struct vt_error *err)
{
	struct vt_trust_update told = { .url = want->url,
		.cert = path->certs[0] };
	struct vt_error why = { 0 };
	struct vt_crls lists = { 0 };
	struct vt_ocsp *ocsp = NULL;
	struct vt_buf data;
	int rc;

	vt_buf_init(&data, VT_CRL_MAX);
	rc = u->fetch(u->fetch_ctx, want, &data, &why);
	if (rc == VT_OK && want->kind != VT_WANT_OCSP)
		rc = take_list(u, path, vt_buf_bytes(&data), &lists, &told,
		    &why);
	else if (rc == VT_OK && (rc = vt_ocsp_parse(vt_buf_bytes(&data), &ocsp,
				     &why)) == VT_OK)
		rc = keep_answer(u, path, ocsp, &told, &why);
	/* The store's own troubles end it; a server's do not. */
	if (rc == VT_ENOMEM || rc == VT_EIO) {
		*err = why;
	} else {
		if (rc != VT_OK)
			told = (struct vt_trust_update){ .url = want->url,
				.cert = path->certs[0],
				.why = &why };
		u->tell(u->ctx, &told);
		rc = VT_OK;
	}
	vt_buf_release(&data);
	vt_crls_release(&lists);
	vt_ocsp_free(ocsp);
	return rc;
}

/* A list is asked for once, a responder about each certificate. */
static bool
asked(const struct vt_list *urls, const struct vt_trust_want *want)
{
	size_t i;

	for (i = 0; i < urls->n && want->kind != VT_WANT_OCSP; i++)
		if (strcmp(urls->items[i], want->url) == 0)
			return true;
	return false;
}

static void
tell_left(const struct update *u, const struct vt_trust_path *path,
    const struct vt_trust_want *want)
{
	struct vt_error why = { 0 };
	const struct vt_trust_update told = { .url = want->url,
		.cert = path->certs[0],
		.why = &why };

	(void)vt_error_set(&why, VT_ELIMIT, NULL,
	    "not asked: one update asks %d addresses",
	    VT_TRUST_UPDATE_URLS_MAX);
	u->tell(u->ctx, &told);
}

static int
update_kind(struct update *u, const struct vt_trust_path *path,
    enum vt_trust_want_kind kind, size_t *ret_n, struct vt_error *err)
{
	struct vt_trust_want want = { .kind = kind,
		.path = path->certs,
		.npath = path->n };
	struct vt_list urls = { 0 };
	struct vt_buf body;
	size_t i;
	int rc;

	vt_buf_init(&body, VT_OCSP_MAX);
	rc = vt_trust_urls(path->certs[0], kind, &urls, err);
	if (rc == VT_OK && kind == VT_WANT_OCSP)
		rc =
		    vt_ocsp_request(path->certs[0], path->certs[1], &body, err);
	want.body = vt_buf_bytes(&body);
	for (i = 0; i < urls.n && rc == VT_OK; i++) {
		want.url = urls.items[i];
		if (asked(&u->asked, &want))
			continue;
		if (u->asked.n == VT_TRUST_UPDATE_URLS_MAX) {
			tell_left(u, path, &want);
			continue;
		}
		if ((rc = vt_list_add(&u->asked, want.url, err)) == VT_OK)
			rc = update_url(u, path, &want, err);
	}
	*ret_n = urls.n;
	vt_list_release(&urls);
	vt_buf_release(&body);
	return rc;
}

/* What CERT names; nothing where it leads to no anchor. */
static int
update_cert(struct update *u, struct vt_cert *cert, struct vt_error *err)
{
	struct vt_trust_query q = { .cert = cert, .at = u->work.now };
	struct vt_trust_path longest;
	struct way way = { .found = false };
	size_t lists, deltas, responders;
	bool limit;
	int rc;

	u->work.q = &q;
	u->work.nmemo = 0;
	if ((rc = vt_trust_search(&u->work, on_path, &way, &longest, &limit,
		 err)) != VT_OK ||
	    !way.found || way.path.n < 2)
		return rc;
	rc = update_kind(u, &way.path, VT_WANT_CRL, &lists, err);
	if (rc == VT_OK)
		rc = update_kind(u, &way.path, VT_WANT_DELTA, &deltas, err);
	if (rc == VT_OK && lists == 0)
		rc = update_kind(u, &way.path, VT_WANT_OCSP, &responders, err);
	return rc;
}

int
vt_trust_update(const char *dir, int64_t now, vt_trust_fetch_fn *fetch_fn,
    void *fetch_ctx, vt_trust_update_fn *tell, void *ctx, struct vt_error *err)
{
	struct vt_trust_query none = { .at = now, .now = now };
	struct update *u;
	size_t i;
	int rc;

	if ((u = calloc(1, sizeof(*u))) == NULL)
		return vt_error_nomem(err);
	u->dir = dir;
	u->fetch = fetch_fn;
	u->fetch_ctx = fetch_ctx;
	u->tell = tell;
	u->ctx = ctx;
	if ((rc = vt_trust_new(&u->trust, err)) != VT_OK ||
	    (rc = vt_trust_load_office(u->trust, dir, err)) != VT_OK)
		goto out;
	vt_trust_work_init(&u->work, u->trust, &none);
	for (i = 0; i < u->trust->certs.n && rc == VT_OK; i++)
		rc = update_cert(u, u->trust->certs.items[i], err);
	vt_trust_work_release(&u->work);
out:
	vt_trust_free(u->trust);
	vt_list_release(&u->asked);
	free(u);
	return rc;
}
