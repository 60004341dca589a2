/* verify_cms.c - CMS files: .p7s beside their content, .p7m around it */
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "verify_int.h"

static int
sink(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_sha256_update(ctx, piece, err);
}

/*
 * The content inside counts.  Where the user named a file as well, it must be
 * the same: else the answer would be about something else than was asked.
 */
static int
same_content(const struct vt_cms *cms, struct vt_source *content, bool *ret,
    struct vt_error *err)
{
	unsigned char a[VT_SHA256_LEN], b[VT_SHA256_LEN];
	struct vt_sha256 *inside = NULL;
	int rc;

	*ret = false;
	if (vt_cms_content_size(cms) != vt_source_size(content))
		return VT_OK;
	if ((rc = vt_sha256_new(&inside, err)) == VT_OK &&
	    (rc = vt_cms_content(cms, sink, inside, err)) == VT_OK &&
	    (rc = vt_sha256_final(inside, a, err)) == VT_OK &&
	    (rc = vt_sha256_source(content, b, err)) == VT_OK)
		*ret = memcmp(a, b, sizeof(a)) == 0;
	vt_sha256_free(inside);
	return rc;
}

int
vt_verify_cms(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	struct vt_cms_digest *digest = NULL;
	const struct vt_signer_how how = { .proven = VT_TIME_NONE,
		.alone = VT_TIME_NONE };
	struct vt_facts f = { 0 };
	bool have = false, same = true;
	size_t i;
	int rc;

	if ((rc = vt_cms_open(src, VT_CMS_TRAILED, &cms, err)) != VT_OK ||
	    (rc = vt_cms_digest_new(cms, &digest, err)) != VT_OK)
		goto out;
	if (vt_cms_attached(cms)) {
		have = true;
		rc = vt_cms_content(cms, vt_cms_digest_update, digest, err);
		if (rc == VT_OK && run->content != NULL)
			rc = same_content(cms, run->content, &same, err);
	} else if (run->content != NULL) {
		have = true;
		rc = vt_source_stream(run->content, 0,
		    vt_source_size(run->content), vt_cms_digest_update, digest,
		    err);
		if (rc == VT_OK)
			rc = vt_source_unchanged(run->content, err);
	}
	if (rc != VT_OK || (rc = vt_report_add_signatures(r,
				vt_cms_nsigners(cms), err)) != VT_OK)
		goto out;
	for (i = 0; i < r->nsignatures; i++) {
		struct vt_report_signature *sig = &r->signatures[i];

		if (!same) {
			f.form = "digest-mismatch";
			rc = vt_str_set(&f.form_detail,
			    vt_tr("the content inside is not the file named "
				  "with --content"),
			    err);
			if (rc != VT_OK)
				goto out;
		}
		/* What follows could be read as another message. */
		if (vt_cms_trailed(cms)) {
			f.form = "malformed-signature";
			rc = vt_str_set(&f.form_detail,
			    vt_tr("there are bytes behind the message"), err);
			if (rc != VT_OK)
				goto out;
		}
		/* A time-stamp token, say, approves of no document. */
		if (!vt_cms_is_data(cms))
			f.unsupported = "unsupported-signature";
		sig->covers = have ? VT_COVERS_WHOLE : VT_COVERS_PART;
		if ((rc = vt_verify_signer(run, cms, i, have ? digest : NULL,
			 &how, sig, &f, err)) != VT_OK ||
		    (rc = vt_verify_conclude(&f, sig, err)) != VT_OK)
			goto out;
		vt_facts_release(&f);
	}
	rc = vt_report_sum(r, err);
out:
	vt_facts_release(&f);
	vt_cms_digest_free(digest);
	vt_cms_free(cms);
	return rc;
}
