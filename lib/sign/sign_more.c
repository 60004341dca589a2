/* sign_more.c - one more signature in a CMS message that has some */
#include "sign_int.h"
#include "sign_level_int.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/trust.h"

/* The content goes through both. */
struct digests {
	struct vt_cms_digest *theirs, *ours;
};

static int
both(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	const struct digests *d = ctx;
	int rc;

	rc = vt_cms_digest_update(d->theirs, piece, err);
	return rc == VT_OK ? vt_cms_digest_update(d->ours, piece, err) : rc;
}

static int
content_digest(const struct vt_cms *cms, const struct vt_sign_options *opts,
    struct digests *d, struct vt_error *err)
{
	int rc;

	if (!vt_cms_attached(cms) && opts->content == NULL)
		return vt_error_set(err, VT_EIO, NULL,
		    "the file that it signs is not at hand");
	if ((rc = vt_cms_digest_new(cms, &d->theirs, err)) != VT_OK ||
	    (rc = vt_cms_sign_digest(opts->signer, &d->ours, err)) != VT_OK)
		return rc;
	if (vt_cms_attached(cms))
		return vt_cms_content(cms, both, d, err);
	return vt_source_stream(opts->content, 0, vt_source_size(opts->content),
	    both, d, err);
}

static int
broken(enum vt_cms_reason reason, struct vt_error *err)
{
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "a signature in it does not hold: %s", vt_cms_reason_text(reason));
}

/* Nobody signs beside, or over, what does not hold. */
static int
others_check(const struct vt_cms *cms, const struct vt_sign_options *opts,
    struct vt_cms_digest *content, struct vt_error *err)
{
	const struct vt_certs *extra =
	    opts->trust != NULL ? vt_trust_certs(opts->trust) : NULL;
	struct vt_cms_facts f;
	size_t i, k;
	int rc;

	for (i = 0; i < vt_cms_nsigners(cms); i++) {
		rc = vt_cms_check(cms, i, content, extra, &f, err);
		if (rc != VT_OK)
			return rc;
		if (!f.intact)
			return broken(f.reason, err);
		for (k = 0; k < vt_cms_ncounters(cms, i); k++) {
			rc = vt_cms_counter_check(cms, i, k, extra, &f, err);
			if (rc != VT_OK)
				return rc;
			if (!f.intact)
				return broken(f.reason, err);
		}
	}
	return VT_OK;
}

/* What was made is read as anybody would: all are there, as they were. */
static int
result_check(const struct vt_cms *cms, const struct vt_sign_options *opts,
    const struct vt_out *out, struct vt_error *err)
{
	bool cosign = opts->more == VT_SIGN_COSIGN;
	size_t i, n = vt_cms_nsigners(cms);
	struct vt_source *src = NULL;
	struct vt_cms *made = NULL;
	bool fine = false;
	int rc;

	if ((rc = vt_source_borrow(vt_out_fd(out), &src, err)) == VT_OK &&
	    (rc = vt_cms_open(src, 0, &made, err)) == VT_OK)
		fine = vt_cms_nsigners(made) == n + (cosign ? 1 : 0);
	for (i = 0; i < n && fine; i++)
		fine = vt_bytes_equal(vt_cms_signer(cms, i)->signature,
			   vt_cms_signer(made, i)->signature) &&
		       (!cosign || vt_bytes_equal(vt_cms_signer(cms, i)->der,
				       vt_cms_signer(made, i)->der));
	if (rc == VT_OK && !fine)
		rc = vt_error_set(err, VT_ECRYPTO, NULL,
		    "a further signature would break one in it: %s",
		    vt_cms_reason_text(VT_CMS_BAD_SIGNER));
	vt_cms_free(made);
	vt_source_free(src);
	return rc;
}

#define STEP_PATH "/var/tmp/vanthu-sign-more"

/*
 * What STEP holds with a time stamp for its last signer, who is ours, in OUT:
 * the others' signatures are no concern of who signs beside them.
 */
static int
stamp_last(const struct vt_cms *cms, const struct vt_sign_options *opts,
    const struct vt_out *step, struct vt_out *out, uint64_t *ret_size,
    struct vt_error *err)
{
	struct vt_sign_sink sink = { .out = out };
	bool which[VT_CMS_SIGNERS_MAX] = { false };
	struct vt_source *src = NULL;
	int rc;

	which[vt_cms_nsigners(cms)] = true; /* there is room: it was made */
	if ((rc = vt_source_borrow(vt_out_fd(step), &src, err)) == VT_OK)
		rc = vt_level_cms_stamp(src, opts->stamping, which,
		    vt_sign_sink_put, &sink, err);
	*ret_size = sink.size;
	vt_source_free(src);
	return rc;
}

int
vt_sign_more(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err)
{
	struct vt_sign_sink sink = { .out = out };
	struct digests d = { NULL, NULL };
	struct vt_cms *cms = NULL;
	struct vt_out *step = NULL;
	int rc;

	how->signing_time = res->time;
	/* Never committed: it gets no name. */
	if (opts->level >= VT_LEVEL_T) {
		if ((rc = vt_out_open(STEP_PATH, &step, err)) != VT_OK)
			return rc;
		sink.out = step;
	}
	if ((rc = vt_cms_open(src, 0, &cms, err)) != VT_OK ||
	    (rc = content_digest(cms, opts, &d, err)) != VT_OK ||
	    (rc = others_check(cms, opts, d.theirs, err)) != VT_OK)
		goto out;
	rc = opts->more == VT_SIGN_COSIGN
		 ? vt_cms_cosign(cms, opts->signer, how, d.ours,
		       vt_sign_sink_put, &sink, err)
		 : vt_cms_countersign(cms, opts->which, opts->signer, how,
		       vt_sign_sink_put, &sink, err);
	res->size = sink.size;
	if (rc == VT_OK && step != NULL)
		rc = stamp_last(cms, opts, step, out, &res->size, err);
	if (rc == VT_OK)
		rc = result_check(cms, opts, out, err);
	if (rc == VT_OK && opts->content != NULL)
		rc = vt_source_unchanged(opts->content, err);
out:
	vt_out_abort(step);
	vt_cms_digest_free(d.theirs);
	vt_cms_digest_free(d.ours);
	vt_cms_free(cms);
	return rc;
}
