/* sign_xml.c - XAdES B-B, B-T (EN 319 132-1), enveloped in the XML it signs */
#include "sign_int.h"
#include "sign_level_int.h"
#include "vanthu/cms.h" /* struct vt_cms_sign: the chain that was found */
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/xsig.h"

#define STEP_PATH "/var/tmp/vanthu-sign-xml"

/* What STEP holds, its new and last signature with a time stamp, in SINK. */
static int
stamp_last(const struct vt_out *step, const struct vt_sign_options *opts,
    struct vt_sign_sink *sink, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_borrow(vt_out_fd(step), &src, err)) == VT_OK)
		rc = vt_level_xml_stamp(src, opts->stamping, vt_sign_sink_put,
		    sink, err);
	vt_source_free(src);
	return rc;
}

int
vt_sign_xml(struct vt_source *src, const struct vt_sign_options *opts,
    const struct vt_cms_sign *how, struct vt_out *out,
    struct vt_sign_result *res, struct vt_error *err)
{
	const struct vt_xsig_sign plan = {
		.pss = opts->pss,
		.signing_time = res->time,
		.chain = how->chain,
		.nchain = how->nchain,
	};
	struct vt_sign_sink sink = { .out = out }, first = sink;
	struct vt_out *step = NULL;
	int rc;

	/* Never committed: it gets no name. */
	if (opts->level >= VT_LEVEL_T) {
		if ((rc = vt_out_open(STEP_PATH, &step, err)) != VT_OK)
			return rc;
		first.out = step;
	}
	rc = vt_xsig_sign(src, opts->signer, &plan, vt_sign_sink_put, &first,
	    err);
	if (rc == VT_OK && step != NULL)
		rc = stamp_last(step, opts, &sink, err);
	res->size = step != NULL ? sink.size : first.size;
	vt_out_abort(step);
	return rc;
}
