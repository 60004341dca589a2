/* verify_alone.c - what came with a signature, held against the anchors alone
 */
#include <string.h>

#include "vanthu/error.h"
#include "verify_int.h"

/* RUN as of AT, with its anchors and nothing else that is kept or to be had. */
static int
run_alone(const struct vt_verify_run *run, int64_t at,
    struct vt_verify_run *ret, struct vt_error *err)
{
	int rc;

	if (*run->alone == NULL &&
	    (rc = vt_trust_bare(run->trust, run->alone, err)) != VT_OK)
		return rc;
	*ret = (struct vt_verify_run){
		.trust = *run->alone,
		.at = at,
		.given = true, /* what is younger counts */
	};
	return VT_OK;
}

int
vt_verify_alone_stamp(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_verify_stamp *s,
    int64_t *time, struct vt_error *err)
{
	struct vt_verify_stamp again = *s; /* its token is S's */
	struct vt_verify_run alone;
	int rc;

	if (run->alone == NULL || s->token == NULL || !s->facts.intact)
		return VT_OK;
	again.judged = again.proven = false;
	again.trust = (struct vt_trust_result){ 0 };
	again.until = vt_tsp_info(s->token)->time;
	if ((rc = run_alone(run, again.until, &alone, err)) != VT_OK ||
	    (rc = vt_verify_stamp_judge(&alone, d, &again, err)) != VT_OK)
		return rc;
	vt_trust_result_release(&again.trust);
	if (again.proven && (*time == VT_TIME_NONE || again.until < *time))
		*time = again.until;
	return VT_OK;
}

int
vt_verify_alone_signer(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert, int64_t time,
    struct vt_facts *f, struct vt_error *err)
{
	struct vt_trust_result r = { 0 };
	struct vt_verify_run alone;
	int rc;

	if (run->alone == NULL || cert == NULL || time == VT_TIME_NONE)
		return VT_OK;
	if ((rc = run_alone(run, time, &alone, err)) != VT_OK ||
	    (rc = vt_verify_certificate(&alone, d, cert, time, VT_PURPOSE_SIGN,
		 &r, err)) != VT_OK)
		return rc;
	f->alone = r.verdict == VT_PASSED || strcmp(r.reason, "revoked") == 0;
	vt_trust_result_release(&r);
	return VT_OK;
}
