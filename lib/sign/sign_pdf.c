/* sign_pdf.c - PAdES B-B (EN 319 142-1): an appended revision */
#include "sign_int.h"
#include "sign_level_int.h"
#include "sign_look.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/pdf.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/x509.h"

/* What a reader of the PDF tolerated stays in the signed file: say so. */
static void
warn_findings(const struct vt_pdf *pdf, struct vt_sign_result *res)
{
	size_t i;

	for (i = 0; i < vt_pdf_nfindings(pdf); i++)
		vt_sign_warn(res, "deviation", vt_pdf_finding(pdf, i)->text);
}

/* One try; *ROOM (0: none) is for a time stamp, and is grown where too small.
 */
static int
sign_once(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, size_t *room, struct vt_out *out,
    struct vt_sign_result *res, bool *ret_fits, struct vt_error *err)
{
	struct vt_pdf_sign plan = { .when = res->time };
	struct sign_look look = { NULL };
	struct vt_pdf *pdf = NULL;
	struct vt_pdf_signing *signing = NULL;
	struct vt_cms_digest *digest = NULL;
	struct vt_buf der;
	uint64_t range[4];
	int rc;

	how->signing_time = VT_TIME_NONE; /* 6.3: it stands in /M */
	if ((rc = vt_cms_sign_size(opts->signer, how, &plan.hole, err)) !=
	    VT_OK)
		return rc;
	plan.hole += *room;
	plan.name = vt_cert_subject(opts->signer->cert, VT_NAME_CN);
	vt_buf_init(&der, plan.hole);
	if ((rc = vt_sign_pdf_open(src, opts, &pdf, res, err)) != VT_OK ||
	    (rc = vt_sign_look(pdf, opts, res->time, &plan, &look, err)) !=
		VT_OK ||
	    (rc = vt_pdf_sign_prepare(pdf, &plan, out, &signing, err)) !=
		VT_OK ||
	    (rc = vt_cms_sign_digest(opts->signer, &digest, err)) != VT_OK ||
	    (rc = vt_pdf_sign_stream(signing, vt_cms_digest_update, digest,
		 err)) != VT_OK ||
	    (rc = vt_cms_sign(opts->signer, how, digest, &der, err)) != VT_OK ||
	    (opts->level >= VT_LEVEL_T &&
		(rc = vt_level_stamp_der(opts->stamping, &der, err)) != VT_OK))
		goto out;
	*ret_fits = der.len <= plan.hole;
	if (!*ret_fits) {
		*room += der.len - plan.hole;
		goto out;
	}
	rc = vt_pdf_sign_finish(signing, vt_buf_bytes(&der), err);
	if (rc != VT_OK)
		goto out;
	warn_findings(pdf, res);
	vt_pdf_sign_range(signing, range);
	res->size = range[2] + range[3];
out:
	vt_buf_release(&der);
	vt_cms_digest_free(digest);
	vt_pdf_signing_free(signing);
	vt_sign_look_release(&look);
	vt_pdf_free(pdf);
	return rc;
}

int
vt_sign_pdf(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err)
{
	bool fits = false;
	size_t room = 0;
	int i, rc;

	if (opts->level >= VT_LEVEL_T &&
	    (rc = vt_level_stamp_room(opts->stamping, &room, err)) != VT_OK)
		return rc;
	for (i = 0; i < VT_LEVEL_TRIES; i++) {
		if (i > 0 && (rc = vt_out_empty(out, err)) != VT_OK)
			return rc;
		rc = sign_once(src, opts, how, &room, out, res, &fits, err);
		if (rc != VT_OK || fits)
			return rc;
	}
	return vt_level_no_room(err);
}
