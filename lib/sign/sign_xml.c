/* sign_xml.c - XAdES B-B (EN 319 132-1), enveloped in the XML that it signs */
#include "sign_int.h"
#include "vanthu/cms.h" /* struct vt_cms_sign: the chain that was found */
#include "vanthu/file.h"
#include "vanthu/xsig.h"

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
	struct vt_sign_sink sink = { .out = out };
	int rc;

	rc = vt_xsig_sign(src, opts->signer, &plan, vt_sign_sink_put, &sink,
	    err);
	res->size = sink.size;
	return rc;
}
