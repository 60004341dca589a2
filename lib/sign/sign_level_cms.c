/* sign_level_cms.c - what a message gets at each level (EN 319 122-1, 5) */
#include <stdlib.h>

#include "sign_level_int.h"
#include "vanthu/cms.h"
#include "vanthu/cms_extend.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/tsp.h"

#define AROUND 64 /* bytes around a token: its attribute, longer lengths */
#define DIGEST "sha256" /* of an index and of its time stamp's imprint */

static int
nomem(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "what is to be added to the signature is too long");
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

/* One buffer of attributes for each signer, as vt_cms_extend() wants them. */
struct additions {
	struct vt_buf *bufs;
	struct vt_bytes *attrs;
	size_t n;
};

static int
additions_init(struct additions *a, size_t n, struct vt_error *err)
{
	size_t i;

	a->bufs = calloc(n, sizeof(*a->bufs));
	a->attrs = calloc(n, sizeof(*a->attrs));
	if (a->bufs == NULL || a->attrs == NULL) {
		free(a->bufs);
		free(a->attrs);
		*a = (struct additions){ 0 };
		return vt_error_nomem(err);
	}
	a->n = n;
	for (i = 0; i < n; i++)
		vt_buf_init(&a->bufs[i], VT_CMS_MORE_MAX);
	return VT_OK;
}

static void
additions_release(struct additions *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		vt_buf_release(&a->bufs[i]);
	free(a->bufs);
	free(a->attrs);
}

static int
additions_write(const struct additions *a, const struct vt_cms *cms,
    struct vt_cms_more *more, vt_sign_piece_fn *fn, void *ctx,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		a->attrs[i] = vt_buf_bytes(&a->bufs[i]);
	more->attrs = a->attrs;
	return vt_cms_extend(cms, more, fn, ctx, err);
}

/* ---- T ---- */

static int
over_value(void *ctx, vt_sign_piece_fn *fn, void *fn_ctx, struct vt_error *err)
{
	const struct vt_bytes *value = ctx;

	return fn(fn_ctx, *value, err);
}

static int
stamp_signer(struct vt_stamping *s, const struct vt_cms *cms, size_t i,
    struct vt_buf *out, struct vt_error *err)
{
	struct vt_bytes value = vt_cms_signer(cms, i)->signature;
	struct vt_tsp *t = NULL;
	int rc;

	rc = vt_stamping_stamp(s, over_value, &value, &t, err);
	if (rc == VT_OK)
		rc = vt_cms_put_timestamp(out, vt_tsp_der(t), err);
	vt_tsp_free(t);
	return rc;
}

static int
stamp_message(const struct vt_cms *cms, struct vt_stamping *s,
    const bool *which, vt_sign_piece_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_cms_more more = { 0 };
	struct additions a = { 0 };
	size_t i;
	int rc = additions_init(&a, vt_cms_nsigners(cms), err);

	for (i = 0; i < a.n && rc == VT_OK; i++)
		if (which == NULL || which[i])
			rc = stamp_signer(s, cms, i, &a.bufs[i], err);
	if (rc == VT_OK)
		rc = additions_write(&a, cms, &more, fn, ctx, err);
	additions_release(&a);
	return rc;
}

int
vt_level_cms_stamp(struct vt_source *src, struct vt_stamping *s,
    const bool *which, vt_sign_piece_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	int rc;

	if ((rc = vt_cms_open(src, 0, &cms, err)) != VT_OK)
		return rc;
	rc = stamp_message(cms, s, which, fn, ctx, err);
	vt_cms_free(cms);
	return rc;
}

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return nomem(vt_buf_bytes_put(ctx, piece), err);
}

int
vt_level_stamp_der(struct vt_stamping *s, struct vt_buf *der,
    struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	struct vt_buf more;
	int rc;

	vt_buf_init(&more, der->len + VT_CMS_MORE_MAX);
	if ((rc = vt_cms_parse(vt_buf_bytes(der), 0, &cms, err)) == VT_OK)
		rc = stamp_message(cms, s, NULL, keep, &more, err);
	vt_cms_free(cms);
	if (rc == VT_OK) {
		vt_buf_release(der);
		*der = more;
	} else {
		vt_buf_release(&more);
	}
	return rc;
}

int
vt_level_stamp_room(struct vt_stamping *s, size_t *ret, struct vt_error *err)
{
	int rc = vt_stamping_trial(s, NULL, ret, err);

	if (rc == VT_OK)
		*ret += AROUND;
	return rc;
}

int
vt_level_no_room(struct vt_error *err)
{
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "the authority's time stamps become longer each time");
}

/* ---- LT ---- */

/* What of DATA signer I has not, in its own attributes or in the message's. */
static int
missing_for(const struct vt_cms *cms, size_t i,
    const struct vt_trust_used *data, struct vt_trust_used *ret,
    struct vt_error *err)
{
	struct vt_trust_used has = { 0 };
	size_t k, n;
	int rc;

	rc = vt_cms_validation(cms, i, &has.certs, &has.crls, &has.ocsps, err);
	/* A set takes each once: what makes it longer was not there. */
	for (k = 0; k < data->certs.n && rc == VT_OK; k++) {
		n = has.certs.n;
		rc = vt_certs_add(&has.certs, data->certs.items[k], err);
		if (rc == VT_OK && has.certs.n > n)
			rc = vt_certs_add(&ret->certs, data->certs.items[k],
			    err);
	}
	for (k = 0; k < data->crls.n && rc == VT_OK; k++) {
		n = has.crls.n;
		rc = vt_crls_add(&has.crls, data->crls.items[k], err);
		if (rc == VT_OK && has.crls.n > n)
			rc = vt_crls_add(&ret->crls, data->crls.items[k], err);
	}
	for (k = 0; k < data->ocsps.n && rc == VT_OK; k++) {
		n = has.ocsps.n;
		rc = vt_ocsps_add(&has.ocsps, data->ocsps.items[k], err);
		if (rc == VT_OK && has.ocsps.n > n)
			rc = vt_ocsps_add(&ret->ocsps, data->ocsps.items[k],
			    err);
	}
	vt_trust_used_release(&has);
	return rc;
}

/* What one signer has among its attributes serves no other. */
static int
missing(const struct vt_cms *cms, const bool *which,
    const struct vt_trust_used *data, struct vt_trust_used *ret,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < vt_cms_nsigners(cms) && rc == VT_OK; i++)
		if (which == NULL || which[i])
			rc = missing_for(cms, i, data, ret, err);
	return rc;
}

/* Each of the two attributes stands once, and none after an archive's stamp. */
static bool
takes_attributes(const struct vt_cms *cms)
{
	const struct vt_cms_signer *s = vt_cms_signer(cms, 0);

	return vt_cms_nsigners(cms) == 1 && !s->has_validation &&
	       !s->has_archive;
}

static int
data_write(const struct vt_cms *cms, const struct vt_trust_used *more,
    struct vt_out *out, struct vt_error *err)
{
	struct vt_cms_more add = { 0 };
	struct additions a = { 0 };
	int rc;

	if (!takes_attributes(cms)) {
		add.certs = &more->certs;
		add.crls = &more->crls;
		add.ocsps = &more->ocsps;
		return vt_cms_extend(cms, &add, vt_sign_piece_out, out, err);
	}
	rc = additions_init(&a, 1, err);
	if (rc == VT_OK && more->certs.n > 0)
		rc = vt_cms_put_cert_values(&a.bufs[0], &more->certs, err);
	if (rc == VT_OK && more->crls.n + more->ocsps.n > 0)
		rc = vt_cms_put_revocation_values(&a.bufs[0], &more->crls,
		    &more->ocsps, err);
	if (rc == VT_OK)
		rc =
		    additions_write(&a, cms, &add, vt_sign_piece_out, out, err);
	additions_release(&a);
	return rc;
}

int
vt_level_cms_data(struct vt_source *src, const bool *which,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err)
{
	struct vt_trust_used more = { 0 };
	struct vt_cms *cms = NULL;
	bool any;
	int rc;

	if ((rc = vt_cms_open(src, 0, &cms, err)) != VT_OK)
		return rc;
	rc = missing(cms, which, data, &more, err);
	any = more.certs.n + more.crls.n + more.ocsps.n > 0;
	if (rc == VT_OK && any)
		rc = data_write(cms, &more, out, err);
	if (rc == VT_OK)
		*ret_added = any;
	vt_trust_used_release(&more);
	vt_cms_free(cms);
	return rc;
}

/* ---- LTA ---- */

struct archive {
	const struct vt_cms *cms;
	size_t i;
	struct vt_bytes index;
	struct vt_cms_digest *content;
};

static int
over_archive(void *ctx, vt_sign_piece_fn *fn, void *fn_ctx,
    struct vt_error *err)
{
	const struct archive *a = ctx;

	return vt_cms_archive_over(a->cms, a->i, a->index, a->content, DIGEST,
	    fn, fn_ctx, err);
}

static int
archive_signer(struct vt_stamping *s, struct archive *a, struct vt_buf *out,
    struct vt_error *err)
{
	struct vt_tsp *t = NULL;
	struct vt_buf index;
	int rc;

	vt_buf_init(&index, VT_CMS_MORE_MAX);
	rc = vt_cms_put_index(&index, a->cms, a->i, DIGEST, err);
	a->index = vt_buf_bytes(&index);
	if (rc == VT_OK)
		rc = vt_stamping_stamp(s, over_archive, a, &t, err);
	if (rc == VT_OK)
		rc = vt_cms_put_archive(out, vt_tsp_der(t), a->index, err);
	vt_tsp_free(t);
	vt_buf_release(&index);
	return rc;
}

static int
digest_content(const struct vt_cms *cms, struct vt_source *content,
    struct vt_cms_digest *d, struct vt_error *err)
{
	int rc;

	if (vt_cms_attached(cms))
		return vt_cms_content(cms, vt_cms_digest_update, d, err);
	if (content == NULL)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "what the signature signs is not at hand");
	rc = vt_source_stream(content, 0, vt_source_size(content),
	    vt_cms_digest_update, d, err);
	return rc == VT_OK ? vt_source_unchanged(content, err) : rc;
}

int
vt_level_cms_archive(struct vt_source *src, struct vt_stamping *s,
    const bool *which, struct vt_source *content, struct vt_out *out,
    struct vt_error *err)
{
	struct vt_cms_more more = { 0 };
	struct additions a = { 0 };
	struct archive one = { 0 };
	struct vt_cms *cms = NULL;
	int rc;

	if ((rc = vt_cms_open(src, 0, &cms, err)) != VT_OK)
		return rc;
	one.cms = cms;
	if ((rc = vt_cms_digest_named(DIGEST, &one.content, err)) == VT_OK &&
	    (rc = digest_content(cms, content, one.content, err)) == VT_OK)
		rc = additions_init(&a, vt_cms_nsigners(cms), err);
	for (; one.i < a.n && rc == VT_OK; one.i++)
		if (which == NULL || which[one.i])
			rc = archive_signer(s, &one, &a.bufs[one.i], err);
	if (rc == VT_OK)
		rc = additions_write(&a, cms, &more, vt_sign_piece_out, out,
		    err);
	additions_release(&a);
	vt_cms_digest_free(one.content);
	vt_cms_free(cms);
	return rc;
}
