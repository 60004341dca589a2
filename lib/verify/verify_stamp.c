/* verify_stamp.c - one time stamp: what it is over, and what it proves */
#include <stdlib.h>
#include <string.h>

#include "vanthu/algorithms.h"
#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_int.h"

static void
conclude(struct vt_verify_stamp *s, enum vt_report_verdict v,
    const char *reason)
{
	s->judged = true;
	s->verdict = v;
	s->reason = reason;
	s->proven = v == VT_REPORT_VALID;
}

/* A token that is damaged or of a kind not known here proves nothing. */
static bool
is_of_the_token(int rc)
{
	return rc == VT_EFORMAT || rc == VT_EUNSUPPORTED || rc == VT_ELIMIT ||
	       rc == VT_ENOTFOUND;
}

static int
check(struct vt_verify_stamp *s, const struct vt_certs *extra,
    vt_stamp_over_fn *over, void *ctx, struct vt_error *err)
{
	struct vt_tsp_digest *d = NULL;
	struct vt_error why = { 0 };
	int rc;

	if ((rc = vt_tsp_digest_new(s->token, &d, err)) != VT_OK)
		return rc;
	rc = over(ctx, s->token, d, &why);
	if (is_of_the_token(rc)) {
		conclude(s, VT_REPORT_UNDETERMINED, "time-stamp-unknown");
		rc = VT_OK;
	} else if (rc == VT_OK) {
		rc = vt_tsp_check(s->token, d, extra, &s->facts, err);
	} else if (err != NULL && err->code == VT_OK) {
		*err = why;
	}
	vt_tsp_digest_free(d);
	return rc;
}

int
vt_verify_stamp_read(struct vt_verify_stamp *s, const char *kind,
    struct vt_bytes token, unsigned flags, const struct vt_certs *extra,
    vt_stamp_over_fn *over, void *ctx, struct vt_error *err)
{
	int rc;

	*s = (struct vt_verify_stamp){ .kind = kind,
		.until = VT_TIME_NONE,
		.verdict = VT_REPORT_UNDETERMINED,
		.reason = "not-judged" };
	rc = vt_tsp_parse(token, flags, &s->token, NULL);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK) {
		conclude(s,
		    rc == VT_EFORMAT ? VT_REPORT_INVALID
				     : VT_REPORT_UNDETERMINED,
		    rc == VT_EFORMAT ? "time-stamp-broken"
				     : "time-stamp-unknown");
		return VT_OK;
	}
	return check(s, extra, over, ctx, err);
}

/* What of the token is too weak by the time it is proven to have existed. */
static int
is_weak(const struct vt_verify_run *run, const struct vt_verify_stamp *s,
    bool *ret, struct vt_error *err)
{
	const struct vt_algorithms *a = vt_trust_algorithms(run->trust);
	const struct vt_tsp_info *info = vt_tsp_info(s->token);
	struct vt_list weak = { 0 };
	int rc;

	if ((rc = vt_algorithms_weak_digest(a, info->digest, s->until, &weak,
		 err)) == VT_OK &&
	    (rc = vt_algorithms_weak_digest(a, s->facts.cms.digest, s->until,
		 &weak, err)) == VT_OK)
		rc = vt_algorithms_weak_key(a, s->facts.cms.cert, s->until,
		    &weak, err);
	*ret = weak.n > 0;
	vt_list_release(&weak);
	return rc;
}

/* What the token brings along is as old as it is proven to be itself. */
static int
own_data(const struct vt_verify_run *run, const struct vt_verify_stamp *s,
    struct vt_verify_data *all, struct vt_error *err)
{
	const struct vt_cms *cms = vt_tsp_cms(s->token);
	struct vt_data_set *set;
	int rc;

	rc = vt_cms_validation(cms, 0, &all->certs, &all->sets[0].crls,
	    &all->sets[0].ocsps, err);
	if (rc != VT_OK || s->until >= run->at)
		return rc;
	set = vt_verify_data_add(all, s->until);
	return vt_cms_validation(cms, 0, NULL, &set->crls, &set->ocsps, err);
}

int
vt_verify_stamp_judge(const struct vt_verify_run *run,
    const struct vt_verify_data *d, struct vt_verify_stamp *s,
    struct vt_error *err)
{
	struct vt_verify_data all;
	int64_t time;
	bool weak;
	int rc;

	if (s->judged)
		return VT_OK;
	if (s->until == VT_TIME_NONE)
		s->until = run->at;
	if (!s->facts.intact) {
		if (s->facts.imprint &&
		    s->facts.reason == VT_CMS_NO_CERTIFICATE)
			conclude(s, VT_REPORT_UNDETERMINED,
			    "no-signer-certificate");
		else if (s->facts.imprint && s->facts.reason == VT_CMS_LIMIT)
			conclude(s, VT_REPORT_UNDETERMINED, "limit");
		else
			conclude(s, VT_REPORT_INVALID, "time-stamp-broken");
		return VT_OK;
	}
	/*
	 * RFC 3161, 2.4.2: the name that it gives its authority must be one of
	 * the certificate's.  Both are signed: no forgery, but no proof either.
	 */
	if (!s->facts.named) {
		conclude(s, VT_REPORT_INVALID, "certificate-mismatch");
		return VT_OK;
	}
	/* The same: it was made so much before or behind its time. */
	if (vt_tsp_info(s->token)->accuracy_ms > 1000 * VT_STAMP_SKEW) {
		conclude(s, VT_REPORT_UNDETERMINED, "time-stamp-unknown");
		return VT_OK;
	}
	/* RFC 3161, 2.4.2; EN 319 102-1, 5.4: not after what stamps it. */
	time = vt_tsp_info(s->token)->time;
	if (time > s->until + VT_STAMP_SKEW) {
		conclude(s, VT_REPORT_UNDETERMINED, "time-stamp-order");
		return VT_OK;
	}
	if (time < vt_cert_not_before(s->facts.cms.cert) ||
	    time > vt_cert_not_after(s->facts.cms.cert)) {
		conclude(s, VT_REPORT_INVALID, "time-stamp-broken");
		return VT_OK;
	}
	if ((rc = is_weak(run, s, &weak, err)) != VT_OK)
		return rc;
	if (weak) {
		conclude(s, VT_REPORT_INVALID, "weak-algorithm");
		return VT_OK;
	}
	vt_verify_data_init(&all);
	if ((rc = vt_verify_data_merge(&all, d, err)) == VT_OK &&
	    (rc = own_data(run, s, &all, err)) == VT_OK)
		rc = vt_verify_certificate(run, &all, s->facts.cms.cert,
		    s->until, VT_PURPOSE_TIMESTAMP, &s->trust, err);
	vt_verify_data_release(&all);
	if (rc != VT_OK)
		return rc;
	conclude(s,
	    s->trust.verdict == VT_PASSED   ? VT_REPORT_VALID
	    : s->trust.verdict == VT_FAILED ? VT_REPORT_INVALID
					    : VT_REPORT_UNDETERMINED,
	    s->trust.reason);
	return VT_OK;
}

int
vt_verify_stamp_content(const struct vt_verify_run *run,
    const struct vt_verify_data *d, struct vt_verify_stamp *s, int64_t proven,
    int64_t *after, struct vt_error *err)
{
	int64_t time;
	int rc;

	if (proven != VT_TIME_NONE &&
	    (s->until == VT_TIME_NONE || proven < s->until))
		s->until = proven;
	if ((rc = vt_verify_stamp_judge(run, d, s, err)) != VT_OK || !s->proven)
		return rc;
	time = vt_tsp_info(s->token)->time;
	if (*after == VT_TIME_NONE || time > *after)
		*after = time;
	return VT_OK;
}

/*
 * One that nobody trusts, or that cannot be read, proves nothing; one that is
 * of something else is a forgery.
 */
const char *
vt_verify_stamp_fault(const struct vt_verify_stamp *s)
{
	if (s->token == NULL)
		return NULL;
	return strcmp(s->reason, "time-stamp-broken") == 0 ||
		       strcmp(s->reason, "time-stamp-order") == 0
		   ? s->reason
		   : NULL;
}

void
vt_verify_stamp_release(struct vt_verify_stamp *s)
{
	vt_tsp_free(s->token);
	vt_trust_result_release(&s->trust);
	*s = (struct vt_verify_stamp){ 0 };
}

int
vt_verify_stamp_tell(const struct vt_verify_stamp *s,
    struct vt_report_signature *sig, struct vt_error *err)
{
	struct vt_report_stamp *more, *t;

	if (sig->nstamps == VT_VERIFY_STAMPS)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d time stamps in one signature",
		    VT_VERIFY_STAMPS);
	more = realloc(sig->stamps, (sig->nstamps + 1) * sizeof(*more));
	if (more == NULL)
		return vt_error_nomem(err);
	sig->stamps = more;
	t = &more[sig->nstamps++];
	*t = (struct vt_report_stamp){ .kind = s->kind,
		.time = s->token != NULL ? vt_tsp_info(s->token)->time
					 : VT_TIME_NONE,
		.verdict = s->verdict,
		.reason = s->reason };
	return s->facts.cms.cert == NULL
		   ? VT_OK
		   : vt_str_set(&t->authority, vt_cert_title(s->facts.cms.cert),
			 err);
}
