/* verify_data.c - validation data, by when it was known, and what it shows */
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_int.h"

void
vt_verify_data_init(struct vt_verify_data *d)
{
	*d = (struct vt_verify_data){ .n = 1 };
	d->sets[0].known_by = VT_TIME_NONE;
}

static void
set_release(struct vt_data_set *s)
{
	vt_crls_release(&s->crls);
	vt_ocsps_release(&s->ocsps);
}

void
vt_verify_data_release(struct vt_verify_data *d)
{
	size_t i;

	vt_certs_release(&d->certs);
	for (i = 0; i < d->n; i++)
		set_release(&d->sets[i]);
	*d = (struct vt_verify_data){ .n = 0 };
}

struct vt_data_set *
vt_verify_data_add(struct vt_verify_data *d, int64_t known_by)
{
	struct vt_data_set *s;

	if (d->n == VT_DATA_SETS) {
		set_release(&d->sets[1]);
		memmove(&d->sets[1], &d->sets[2],
		    (VT_DATA_SETS - 2) * sizeof(d->sets[0]));
		d->n--;
	}
	s = &d->sets[d->n++];
	*s = (struct vt_data_set){ .known_by = known_by };
	return s;
}

static int
passed_over(int rc, struct vt_error *err)
{
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

int
vt_verify_data_cert(struct vt_verify_data *d, struct vt_bytes der,
    struct vt_error *err)
{
	struct vt_cert *cert;
	int rc;

	if ((rc = vt_cert_parse(der, &cert, NULL)) != VT_OK)
		return passed_over(rc, err);
	rc = vt_certs_add(&d->certs, cert, err);
	vt_cert_free(cert);
	return rc;
}

int
vt_data_set_crl(struct vt_data_set *s, struct vt_bytes der,
    struct vt_error *err)
{
	struct vt_crl *crl;
	int rc;

	if ((rc = vt_crl_parse(der, &crl, NULL)) != VT_OK)
		return passed_over(rc, err);
	rc = vt_crls_add(&s->crls, crl, err);
	vt_crl_free(crl);
	return rc;
}

int
vt_data_set_ocsp(struct vt_data_set *s, struct vt_bytes der,
    struct vt_error *err)
{
	struct vt_ocsp *ocsp;
	int rc;

	if ((rc = vt_ocsp_parse(der, &ocsp, NULL)) != VT_OK)
		return passed_over(rc, err);
	rc = vt_ocsps_add(&s->ocsps, ocsp, err);
	vt_ocsp_free(ocsp);
	return rc;
}

static int
set_merge(struct vt_data_set *s, const struct vt_data_set *from,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < from->crls.n && rc == VT_OK; i++)
		rc = vt_crls_add(&s->crls, from->crls.items[i], err);
	for (i = 0; i < from->ocsps.n && rc == VT_OK; i++)
		rc = vt_ocsps_add(&s->ocsps, from->ocsps.items[i], err);
	return rc;
}

int
vt_verify_data_merge(struct vt_verify_data *d,
    const struct vt_verify_data *from, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = vt_certs_add_all(&d->certs, &from->certs, err)) != VT_OK ||
	    (rc = set_merge(&d->sets[0], &from->sets[0], err)) != VT_OK)
		return rc;
	for (i = 1; i < from->n && rc == VT_OK; i++)
		rc = set_merge(vt_verify_data_add(d, from->sets[i].known_by),
		    &from->sets[i], err);
	return rc;
}

/* The better of two answers; a failure by all that is known stays. */
static int
rank(const struct vt_trust_result *r)
{
	return r->verdict == VT_PASSED ? 2 : r->verdict == VT_UNDECIDED;
}

int
vt_verify_certificate(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert, int64_t instant,
    enum vt_purpose purpose, struct vt_trust_result *ret, struct vt_error *err)
{
	struct vt_trust_result best = { 0 }, r;
	struct vt_trust_query q = {
		.cert = (struct vt_cert *)cert, /* only counted there */
		.certs = &d->certs,
		.at = instant,
		.now = run->at,
		/* Where another time stands for now, what is younger counts. */
		.younger = run->given,
		.purpose = purpose,
		.fetch = run->fetch,
		.fetch_ctx = run->fetch_ctx,
		.aia = run->aia,
	};
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < d->n; i++) {
		q.crls = &d->sets[i].crls;
		q.ocsps = &d->sets[i].ocsps;
		q.known_by = d->sets[i].known_by;
		memset(&r, 0, sizeof(r));
		if ((rc = vt_trust_judge(run->trust, &q, &r, err)) != VT_OK)
			break;
		if (i == 0 || rank(&r) > rank(&best)) {
			vt_trust_result_release(&best);
			best = r;
		} else {
			vt_trust_result_release(&r);
		}
		if (best.verdict == VT_PASSED ||
		    (i == 0 && best.verdict == VT_FAILED))
			break;
		q.fetch = NULL; /* asked once */
	}
	if (rc == VT_OK && run->used != NULL && best.verdict == VT_PASSED)
		rc = vt_trust_used_add(run->used, run->trust, &best, err);
	if (rc != VT_OK) {
		vt_trust_result_release(&best);
		return rc;
	}
	*ret = best;
	return VT_OK;
}
