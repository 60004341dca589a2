/* fuzz_cms.c - any bytes as a signed message, judged to the end */
#include <stdlib.h>

#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/ocsp.h"
#include "vanthu/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
sane(const struct vt_cms_facts *f)
{
	if (f->intact != (f->reason == VT_CMS_FINE) ||
	    f->cades != (f->cades_reason == VT_CMS_FINE) ||
	    (f->cades && !f->intact) || (f->intact && f->cert == NULL))
		abort();
}

static int
count(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	uint64_t *n = ctx;

	(void)err;
	*n += piece.len;
	return VT_OK;
}

static void
archive(const struct vt_cms *cms, size_t i, size_t k,
    struct vt_cms_digest *content)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_ocsps ocsps = { 0 };
	struct vt_cms_archive a;
	struct vt_cms *token = NULL;
	uint64_t n = 0;

	if (vt_cms_parse(vt_cms_stamp(cms, i, k).token, 0, &token, NULL) !=
	    VT_OK)
		return;
	if (vt_cms_archive_read(cms, i, k, token, &a, NULL) == VT_OK &&
	    (a.sound != (a.index == VT_CMS_INDEX_FINE) ||
		(!a.sound && (a.whole || a.stamps != 0))))
		abort();
	vt_cms_archive_validation(cms, i, token, &certs, &crls, &ocsps, NULL);
	if (content != NULL)
		vt_cms_archive_stream(cms, i, token, content, "sha256", count,
		    &n, NULL);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	vt_ocsps_release(&ocsps);
	vt_cms_free(token);
}

static void
judge(const struct vt_cms *cms, size_t i, struct vt_cms_digest *content)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_ocsps ocsps = { 0 };
	struct vt_cms_facts f;
	size_t k;

	if (vt_cms_check(cms, i, content, NULL, &f, NULL) == VT_OK)
		sane(&f);
	for (k = 0; k < vt_cms_ncounters(cms, i); k++)
		if (vt_cms_counter_check(cms, i, k, NULL, &f, NULL) == VT_OK)
			sane(&f);
	for (k = 0; k < vt_cms_nstamps(cms, i); k++)
		if (vt_cms_stamp(cms, i, k).kind == VT_CMS_STAMP_ARCHIVE)
			archive(cms, i, k, content);
	vt_cms_validation(cms, i, &certs, &crls, &ocsps, NULL);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	vt_ocsps_release(&ocsps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_cms *cms = NULL;
	struct vt_cms_digest *content = NULL;
	uint64_t n = 0;
	size_t i;

	if (vt_source_bytes(VT_BYTES(data, size), &src, NULL) != VT_OK)
		return 0;
	if (vt_cms_open(src, VT_CMS_ZERO_PADDED, &cms, NULL) == VT_OK &&
	    vt_cms_digest_new(cms, &content, NULL) == VT_OK) {
		if (vt_cms_size(cms) > VT_CMS_PEM_MAX ||
		    vt_cms_nsigners(cms) == 0)
			abort();
		if (vt_cms_attached(cms)) {
			vt_cms_content(cms, vt_cms_digest_update, content,
			    NULL);
			vt_cms_content(cms, count, &n, NULL);
			if (n != vt_cms_content_size(cms))
				abort();
		}
		for (i = 0; i < vt_cms_nsigners(cms); i++)
			judge(cms, i, i % 2 == 0 ? content : NULL);
	}
	vt_cms_digest_free(content);
	vt_cms_free(cms);
	vt_source_free(src);
	return 0;
}
