/* office_again.c - a record that this key has signed needs it no second time */
#include <stdlib.h>
#include <string.h>

#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

#include "office_mail_int.h"
#include "office_sign_int.h"

/* The last signature is this key's, and nothing came behind it. */
static bool
is_own(const struct vt_report *report, const struct vt_sign_options *opts)
{
	const struct vt_report_signature *s;

	if (report->nsignatures == 0)
		return false;
	s = &report->signatures[report->nsignatures - 1];
	return s->have_certificate && s->intact && !s->changed_after &&
	       s->covers == VT_COVERS_WHOLE &&
	       s->verdict != VT_REPORT_INVALID &&
	       memcmp(s->certificate_sha256, vt_cert_sha256(opts->signer->cert),
		   VT_SHA256_LEN) == 0;
}

int
vt_office_holds_own(struct vt_source *src, struct vt_source *content,
    const struct vt_sign_options *opts, bool *ret, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = opts->trust,
		.pdf_password = opts->pdf_password,
		.at = VT_TIME_NONE,
		.content = content,
	};
	struct vt_report *report = NULL;
	int rc;

	if ((rc = vt_verify_confined(src, NULL, &how, &report, err)) == VT_OK)
		*ret = is_own(report, opts);
	vt_report_free(report);
	return rc;
}

/* A file of the record that is called as a signature of its file OF is. */
static int
beside(struct vt_office *o, const struct vt_record *rec, size_t of,
    struct vt_source *src, const struct vt_sign_options *opts, size_t *ret_file,
    bool *ret, struct vt_error *err)
{
	char *name = vt_sign_name(rec->files[of].name, NULL, VT_SIGN_DETACHED);
	struct vt_source *sig = NULL;
	size_t i;
	int rc = VT_OK;

	if (name == NULL)
		return vt_error_nomem(err);
	for (i = 1; i < rec->nfiles && rc == VT_OK && !*ret; i++) {
		if (strcmp(rec->files[i].name, name) != 0 ||
		    (rc = vt_office_object(o, rec->files[i].sha256, name, &sig,
			 err)) != VT_OK)
			continue;
		rc = vt_office_holds_own(sig, src, opts, ret, err);
		*ret_file = i;
		vt_source_free(sig);
		sig = NULL;
	}
	free(name);
	return rc;
}

int
vt_office_signed_before(struct vt_office *o, const struct vt_record *rec,
    size_t i, struct vt_source *src, const struct vt_sign_options *opts,
    size_t *ret_file, bool *ret, struct vt_error *err)
{
	struct vt_sign_options with = *opts;
	enum vt_sign_format format;
	bool cms;
	int rc;

	*ret = false;
	*ret_file = i;
	with.name = rec->files[i].name;
	if ((rc = vt_sign_format_of(src, &with, &format, err)) != VT_OK)
		return rc;
	switch (format) {
	case VT_SIGN_PDF:
	case VT_SIGN_XML:
		return vt_office_holds_own(src, NULL, opts, ret, err);
	case VT_SIGN_ATTACHED:
		if ((rc = vt_cms_probe(src, &cms, err)) != VT_OK || !cms)
			return rc;
		return vt_office_holds_own(src, NULL, opts, ret, err);
	default:
		return beside(o, rec, i, src, opts, ret_file, ret, err);
	}
}
