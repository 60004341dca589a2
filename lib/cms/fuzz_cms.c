/* fuzz_cms.c - any bytes as a signed message, every signer of it judged */
#include "fuzz.h"
#include "vanthu/cms.h"
#include "vanthu/ocsp.h"
#include "vanthu/source.h"

static void
promise(const struct vt_cms_facts *f)
{
	FUZZ_PROMISE(f->intact == (f->reason == VT_CMS_FINE));
	FUZZ_PROMISE(!f->intact || (f->cert != NULL && f->holds));
	FUZZ_PROMISE(!f->cades || f->intact);
	FUZZ_PROMISE(f->cades == (f->cades_reason == VT_CMS_FINE));
	FUZZ_PROMISE(f->reason != VT_CMS_NOT_CHECKED);
}

static void
counters(const struct vt_cms *cms, size_t i)
{
	struct vt_cms_facts f;
	struct vt_error err = { 0 };
	size_t k;

	FUZZ_PROMISE(vt_cms_ncounters(cms, i) <= VT_CMS_COUNTERS_MAX);
	for (k = 0; k < vt_cms_ncounters(cms, i); k++) {
		FUZZ_PROMISE(
		    vt_cms_counter(cms, i, k)->of == VT_CMS_OF_SIGNER ||
		    vt_cms_counter(cms, i, k)->of < k);
		if (fuzz_rc(vt_cms_counter_check(cms, i, k, NULL, &f, &err),
			&err) == VT_OK)
			promise(&f);
	}
}

static void
validation(const struct vt_cms *cms, size_t i, const struct vt_cms *token)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_ocsps ocsps = { 0 };
	struct vt_error err = { 0 };

	(void)fuzz_rc(token == NULL ? vt_cms_validation(cms, i, &certs, &crls,
					  &ocsps, &err)
				    : vt_cms_archive_validation(cms, i, token,
					  &certs, &crls, &ocsps, &err),
	    &err);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	vt_ocsps_release(&ocsps);
}

static void
stamps(const struct vt_cms *cms, size_t i, struct vt_cms_digest *content)
{
	struct vt_cms_archive archive;
	struct vt_cms_stamp stamp;
	struct vt_cms *token;
	struct vt_error err = { 0 };
	size_t k, n = 0;

	for (k = 0; k < vt_cms_nstamps(cms, i); k++) {
		stamp = vt_cms_stamp(cms, i, k);
		token = NULL;
		if (stamp.kind != VT_CMS_STAMP_ARCHIVE ||
		    vt_cms_parse(stamp.token, 0, &token, NULL) != VT_OK)
			continue;
		if (fuzz_rc(vt_cms_archive_read(cms, i, k, token, &archive,
				&err),
			&err) == VT_OK) {
			FUZZ_PROMISE(archive.sound ==
				     (archive.index == VT_CMS_INDEX_FINE));
			FUZZ_PROMISE(archive.sound ||
				     (!archive.whole && archive.stamps == 0));
		}
		validation(cms, i, token);
		(void)fuzz_rc(vt_cms_archive_stream(cms, i, token, content,
				  "sha256", fuzz_drop, &n, &err),
		    &err);
		vt_cms_free(token);
	}
}

static void
judge(struct vt_cms *cms, struct vt_source *detached)
{
	struct vt_cms_digest *content = NULL;
	struct vt_cms_facts f;
	struct vt_error err = { 0 };
	size_t i, n = 0;
	int rc;

	FUZZ_PROMISE(vt_cms_size(cms) <= VT_CMS_PEM_MAX);
	FUZZ_PROMISE(vt_cms_nsigners(cms) > 0);
	if (fuzz_rc(vt_cms_digest_new(cms, &content, &err), &err) != VT_OK)
		return;
	rc = vt_cms_attached(cms)
		 ? vt_cms_content(cms, vt_cms_digest_update, content, &err)
		 : vt_source_stream(detached, 0, vt_source_size(detached),
		       vt_cms_digest_update, content, &err);
	(void)fuzz_rc(rc, &err);
	if (rc == VT_OK && vt_cms_attached(cms))
		FUZZ_PROMISE(
		    vt_cms_content(cms, fuzz_drop, &n, &err) == VT_OK &&
		    n == vt_cms_content_size(cms));
	for (i = 0; rc == VT_OK && i < vt_cms_nsigners(cms); i++) {
		if (fuzz_rc(vt_cms_check(cms, i, content, NULL, &f, &err),
			&err) == VT_OK)
			promise(&f);
		if (fuzz_rc(vt_cms_check(cms, i, NULL, NULL, &f, &err), &err) ==
		    VT_OK)
			FUZZ_PROMISE(!f.intact);
		counters(cms, i);
		validation(cms, i, NULL);
		stamps(cms, i, content);
	}
	vt_cms_digest_free(content);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned flags[] = { 0,
		VT_CMS_ZERO_PADDED | VT_CMS_TRAILED };
	struct vt_source *src = NULL;
	struct vt_cms *cms = NULL;
	struct vt_error err = { 0 };
	size_t i;
	bool is;

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	(void)fuzz_rc(vt_cms_probe(src, &is, &err), &err);
	for (i = 0; i < 2; i++) {
		if (fuzz_rc(vt_cms_open(src, flags[i], &cms, &err), &err) ==
		    VT_OK)
			judge(cms, src);
		vt_cms_free(cms);
		cms = NULL;
	}
	vt_source_free(src);
	return 0;
}
