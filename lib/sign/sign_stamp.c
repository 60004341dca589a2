/* sign_stamp.c - a time stamp that was asked for, checked before it is used */
#include <stdlib.h>
#include <string.h>

#include "sign_int.h"
#include "sign_level_int.h"
#include "vanthu/algorithms.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/sign_level.h"
#include "vanthu/stamper.h"
#include "vanthu/time.h"
#include "vanthu/tsp.h"

#define DIGEST "sha256"
#define REQUEST_MAX 1024 /* bytes of a request */

struct vt_stamping {
	struct vt_stamping_options o;
	struct vt_trust *none; /* in place of no trust */
	bool tried;
	size_t size; /* of the longest token until now */
	struct vt_trust_used used;
};

int
vt_stamping_new(const struct vt_stamping_options *options,
    struct vt_stamping **ret, struct vt_error *err)
{
	struct vt_stamping *s = calloc(1, sizeof(*s));
	int rc = VT_OK;

	if (s == NULL)
		return vt_error_nomem(err);
	s->o = *options;
	if (s->o.trust == NULL) {
		rc = vt_trust_new(&s->none, err);
		s->o.trust = s->none;
	}
	if (rc == VT_OK)
		*ret = s;
	else
		free(s);
	return rc;
}

void
vt_stamping_free(struct vt_stamping *s)
{
	if (s == NULL)
		return;
	vt_trust_used_release(&s->used);
	vt_trust_free(s->none);
	free(s);
}

/* ---- asking ---- */

/* An answer that is no good is the authority's refusal, whatever is wrong. */
static int
as_refusal(int rc, struct vt_error *err)
{
	if (rc != VT_EFORMAT && rc != VT_EUNSUPPORTED && rc != VT_ELIMIT)
		return rc;
	if (err != NULL)
		err->code = VT_EREFUSED;
	return VT_EREFUSED;
}

static int
request_make(vt_stamp_over_fn *over, void *ctx, struct vt_tsp_request *ret,
    struct vt_buf *der, struct vt_error *err)
{
	struct vt_cms_digest *d = NULL;
	struct vt_bytes imprint;
	int rc;

	if ((rc = vt_cms_digest_named(DIGEST, &d, err)) == VT_OK &&
	    (rc = over(ctx, vt_cms_digest_update, d, err)) == VT_OK &&
	    (rc = vt_cms_digest_value(d, DIGEST, &imprint, err)) == VT_OK &&
	    (rc = vt_tsp_request_init(ret, DIGEST, imprint, NULL, err)) ==
		VT_OK)
		rc = vt_tsp_request_der(ret, der, err);
	vt_cms_digest_free(d);
	return rc;
}

static int
ask(struct vt_stamping *s, vt_stamp_over_fn *over, void *ctx,
    struct vt_tsp **ret, struct vt_error *err)
{
	struct vt_tsp_request request;
	struct vt_buf der, answer = { 0 };
	int rc;

	vt_buf_init(&der, REQUEST_MAX);
	if ((rc = request_make(over, ctx, &request, &der, err)) == VT_OK &&
	    (rc = as_refusal(s->o.stamper->ops->ask(s->o.stamper->ctx,
				 vt_buf_bytes(&der), &answer, err),
		 err)) == VT_OK)
		rc = as_refusal(vt_tsp_response(vt_buf_bytes(&answer), &request,
				    ret, err),
		    err);
	vt_buf_release(&der);
	vt_buf_release(&answer);
	return rc;
}

/* ---- judging ---- */

/* WHY and the next step are translated; HINT may be NULL. */
static int
refuse(struct vt_error *err, const char *why, const char *hint)
{
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "the time stamp is not to be used: %s%s%s", why,
	    hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

/*
 * It answers the nonce that was sent, so it was made just now, whatever time it
 * tells: whoever has the key of an authority that was revoked tells an earlier
 * one.
 */
static int64_t
made_at(const struct vt_tsp *t)
{
	int64_t time = vt_tsp_info(t)->time, now = vt_time_now();

	return time > now ? time : now;
}

/* The signature holds, over what was to be stamped, by what is not weak. */
static int
check_token(struct vt_stamping *s, const struct vt_tsp *t,
    vt_stamp_over_fn *over, void *ctx, struct vt_tsp_facts *ret,
    struct vt_error *err)
{
	const struct vt_algorithms *a = vt_trust_algorithms(s->o.trust);
	int64_t made = made_at(t);
	struct vt_tsp_digest *d = NULL;
	int rc;

	if ((rc = vt_tsp_digest_new(t, &d, err)) == VT_OK &&
	    (rc = over(ctx, vt_tsp_digest_update, d, err)) == VT_OK)
		rc = vt_tsp_check(t, d, vt_trust_certs(s->o.trust), ret, err);
	vt_tsp_digest_free(d);
	if (rc != VT_OK)
		return rc;
	if (!ret->intact)
		return refuse(err, vt_cms_reason_text(ret->reason), NULL);
	if (!ret->named) /* RFC 3161, 2.4.2 */
		return refuse(err,
		    vt_tr("it names another authority than its certificate"),
		    NULL);
	if (!vt_algorithms_digest(a, ret->cms.digest, made) ||
	    !vt_algorithms_key(a, vt_cert_key_type(ret->cms.cert),
		vt_cert_key_bits(ret->cms.cert), made))
		return refuse(err, vt_trust_reason_text("weak-algorithm"),
		    NULL);
	if (made > vt_time_now() + VT_TRUST_SKEW)
		return refuse(err,
		    vt_tr("its time is ahead of this computer's clock"), NULL);
	return VT_OK;
}

/* What can be told of the certificate: all of it where anchors are known. */
static int
judge_certificate(struct vt_stamping *s, const struct vt_tsp *t,
    const struct vt_tsp_facts *f, struct vt_error *err)
{
	const struct vt_certs *certs = vt_cms_certs(vt_tsp_cms(t));
	struct vt_trust_query q = {
		.cert = (struct vt_cert *)f->cms.cert, /* only counted there */
		.certs = certs,
		.at = made_at(t),
		.purpose = VT_PURPOSE_TIMESTAMP,
		.fetch = s->o.fetch,
		.fetch_ctx = s->o.fetch_ctx,
		.aia = s->o.aia,
	};
	struct vt_trust_result r = { 0 };
	const char *hint;
	bool known;
	int rc;

	if ((rc = vt_trust_judge(s->o.trust, &q, &r, err)) != VT_OK)
		return rc;
	hint = vt_trust_reason_hint(r.reason);
	known = vt_trust_anchors(s->o.trust) > 0;
	if (!r.usage_ok)
		rc = refuse(err, vt_trust_reason_text("wrong-usage"), NULL);
	else if (r.verdict == VT_FAILED ||
		 (known && r.verdict != VT_PASSED &&
		     strcmp(r.reason, "revocation-unknown") != 0))
		rc = refuse(err,
		    r.detail != NULL ? r.detail
				     : vt_trust_reason_text(r.reason),
		    hint);
	else if (r.verdict == VT_PASSED)
		rc = vt_trust_used_add(&s->used, s->o.trust, &r, err);
	vt_trust_result_release(&r);
	return rc;
}

/*
 * A time that nobody will take for a proof is refused here, where another
 * authority can still be asked.  It was had at NOW.
 */
static int
check_time(const struct vt_tsp *t, const struct vt_cert *cert, int64_t now,
    struct vt_error *err)
{
	const struct vt_tsp_info *i = vt_tsp_info(t);

	if (i->time < now - VT_TRUST_SKEW)
		return refuse(err,
		    vt_tr("its time is behind this computer's clock"), NULL);
	if (i->accuracy_ms > 1000 * VT_TRUST_SKEW)
		return refuse(err, vt_tr("its time is not accurate"), NULL);
	if (i->time < vt_cert_not_before(cert) ||
	    i->time > vt_cert_not_after(cert))
		return refuse(err,
		    vt_tr("its certificate was not valid at its time"), NULL);
	return VT_OK;
}

int
vt_stamping_stamp(struct vt_stamping *s, vt_stamp_over_fn *over, void *ctx,
    struct vt_tsp **ret, struct vt_error *err)
{
	struct vt_tsp_facts f = { 0 };
	struct vt_tsp *t = NULL;
	int64_t now;
	size_t len;
	int rc;

	rc = ask(s, over, ctx, &t, err);
	now = vt_time_now();
	if (rc != VT_OK ||
	    (rc = check_token(s, t, over, ctx, &f, err)) != VT_OK ||
	    (rc = judge_certificate(s, t, &f, err)) != VT_OK ||
	    (rc = check_time(t, f.cms.cert, now, err)) != VT_OK) {
		vt_tsp_free(t);
		return rc;
	}
	len = vt_tsp_der(t).len;
	s->tried = true;
	s->size = len > s->size ? len : s->size;
	*ret = t;
	return VT_OK;
}

/* ---- a dry run ---- */

static int
over_nothing(void *ctx,
    int (*fn)(void *fn_ctx, struct vt_bytes piece, struct vt_error *err),
    void *fn_ctx, struct vt_error *err)
{
	(void)ctx;
	return fn(fn_ctx, VT_BYTES_LIT(""), err);
}

int
vt_stamping_trial(struct vt_stamping *s, const struct vt_trust_used **ret,
    size_t *ret_size, struct vt_error *err)
{
	struct vt_tsp *t = NULL;
	int rc;

	if (!s->tried &&
	    (rc = vt_stamping_stamp(s, over_nothing, NULL, &t, err)) != VT_OK)
		return rc;
	vt_tsp_free(t);
	if (ret != NULL)
		*ret = &s->used;
	if (ret_size != NULL)
		*ret_size = s->size + VT_LEVEL_SLACK;
	return VT_OK;
}
