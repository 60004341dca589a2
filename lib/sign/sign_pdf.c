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

#define STEP_PATH "/var/tmp/vanthu-sign-step"

/* What a reader of the PDF tolerated stays in the signed file: say so. */
static void
warn_findings(const struct vt_pdf *pdf, struct vt_sign_result *res)
{
	size_t i;

	for (i = 0; i < vt_pdf_nfindings(pdf); i++)
		vt_sign_warn(res, "deviation", vt_pdf_finding(pdf, i)->text);
}

/* One signature: what it is, where it comes from and where it goes. */
struct task {
	struct vt_source *src;
	const struct vt_sign_options *opts;
	enum sign_step step;
	struct vt_cms_sign *how;
	struct vt_out *out;
};

/* One try; *ROOM (0: none) is for a time stamp, and is grown where too small.
 */
static int
sign_once(const struct task *t, size_t *room, struct vt_sign_result *res,
    bool *ret_fits, struct vt_error *err)
{
	const struct vt_sign_options *opts = t->opts;
	struct vt_pdf_sign plan = { .when = res->time };
	struct sign_look look = { 0 };
	struct vt_pdf *pdf = NULL;
	struct vt_pdf_signing *signing = NULL;
	struct vt_cms_digest *digest = NULL;
	struct vt_buf der;
	uint64_t range[4];
	enum vt_hash hash;
	int rc;

	t->how->signing_time = VT_TIME_NONE; /* 6.3: it stands in /M */
	if ((rc = vt_cms_sign_size(opts->signer, t->how, &plan.hole, err)) !=
	    VT_OK)
		return rc;
	plan.hole = opts->room != 0 ? opts->room : plan.hole + *room;
	plan.name = vt_cert_subject(opts->signer->cert, VT_NAME_CN);
	plan.reason = opts->reason;
	if ((rc = vt_sigalg_hash(opts->signer->cert, &hash, err)) != VT_OK)
		return rc;
	plan.digest = vt_hash_name(hash);
	plan.stamped = opts->level >= VT_LEVEL_T;
	plan.cert = vt_sign_seed_cert;
	plan.cert_ctx = opts->signer;
	vt_buf_init(&der, plan.hole);
	if ((rc = vt_sign_pdf_open(t->src, opts, &pdf, res, err)) != VT_OK ||
	    (rc = vt_sign_look(pdf, opts, t->step, &plan, &look, res, err)) !=
		VT_OK ||
	    (rc = vt_pdf_sign_prepare(pdf, &plan, t->out, &signing, err)) !=
		VT_OK ||
	    (rc = vt_cms_sign_digest(opts->signer, &digest, err)) != VT_OK ||
	    (rc = vt_pdf_sign_stream(signing, vt_cms_digest_update, digest,
		 err)) != VT_OK ||
	    (rc = vt_cms_sign(opts->signer, t->how, digest, &der, err)) !=
		VT_OK ||
	    (opts->level >= VT_LEVEL_T &&
		(rc = vt_level_stamp_der(opts->stamping, &der, err)) != VT_OK))
		goto out;
	*ret_fits = der.len <= plan.hole;
	if (!*ret_fits) {
		*room += der.len - plan.hole + VT_LEVEL_SLACK;
		goto out;
	}
	rc = vt_pdf_sign_finish(signing, vt_buf_bytes(&der), err);
	if (rc != VT_OK)
		goto out;
	if (t->step == SIGN_STEP_ITSELF)
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

static int
sign_task(const struct task *t, struct vt_sign_result *res,
    struct vt_error *err)
{
	size_t room = 0, warnings = res->nwarnings;
	bool fits = false;
	int i, rc;

	if (t->opts->level >= VT_LEVEL_T &&
	    (rc = vt_level_stamp_room(t->opts->stamping, &room, err)) != VT_OK)
		return rc;
	for (i = 0; i < VT_LEVEL_TRIES; i++) {
		if (i > 0 && (rc = vt_out_empty(t->out, err)) != VT_OK)
			return rc;
		res->nwarnings = warnings; /* each try tells its own */
		rc = sign_once(t, &room, res, &fits, err);
		if (rc != VT_OK || fits)
			return rc;
	}
	return vt_level_no_room(err);
}

/* Number or date first, where the document has no field for it. */
static int
sign_before(struct task *t, struct vt_out **ret_out, struct vt_source **ret,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_pdf *pdf = NULL;
	bool needed = false;
	int rc;

	if (t->opts->role != VT_SIGN_AGENCY)
		return VT_OK;
	if ((rc = vt_sign_pdf_open(t->src, t->opts, &pdf, res, err)) == VT_OK)
		rc = vt_sign_agency_needs(pdf, t->opts, t->step, &needed, res,
		    err);
	vt_pdf_free(pdf);
	if (rc != VT_OK || !needed)
		return rc;
	/* Never committed: it gets no name. */
	if ((rc = vt_out_open(STEP_PATH, ret_out, err)) != VT_OK)
		return rc;
	t->out = *ret_out;
	if ((rc = sign_task(t, res, err)) != VT_OK ||
	    (rc = vt_source_fd(vt_out_fd(*ret_out), ret, err)) != VT_OK)
		return rc;
	t->src = *ret;
	return VT_OK;
}

int
vt_sign_pdf(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err)
{
	struct task t = { src, opts, SIGN_STEP_NUMBER, how, NULL };
	struct vt_source *with[2] = { NULL, NULL };
	struct vt_out *tmp[2] = { NULL, NULL };
	int rc;

	if ((rc = sign_before(&t, &tmp[0], &with[0], res, err)) == VT_OK) {
		t.step = SIGN_STEP_DATE;
		rc = sign_before(&t, &tmp[1], &with[1], res, err);
	}
	if (rc == VT_OK) {
		t.step = SIGN_STEP_ITSELF;
		t.out = out;
		rc = sign_task(&t, res, err);
	}
	vt_source_free(with[1]);
	vt_source_free(with[0]);
	vt_out_abort(tmp[1]);
	vt_out_abort(tmp[0]);
	return rc;
}
