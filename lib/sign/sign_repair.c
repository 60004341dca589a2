/* sign_repair.c - a PDF as it can be signed, repaired where that is asked for
 */
#include <string.h>

#include "sign_int.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"

static bool
warned(const struct vt_sign_result *res)
{
	size_t i;

	for (i = 0; i < res->nwarnings; i++)
		if (strcmp(res->warnings[i].code, "repaired") == 0)
			return true;
	return false;
}

int
vt_sign_pdf_open(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_pdf **ret, struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_error damage = { 0 }, why = { 0 };
	struct vt_pdf *pdf = NULL;
	int rc;

	rc = vt_pdf_open_with(src, VT_PDF_STRICT, opts->pdf_password, &pdf,
	    &damage);
	if (rc == VT_OK && opts->repair)
		rc = vt_pdf_check_all(pdf, &damage);
	if (rc == VT_OK) {
		*ret = pdf;
		return VT_OK;
	}
	vt_pdf_free(pdf);
	if (rc != VT_EFORMAT || !opts->repair) {
		if (err != NULL)
			*err = damage;
		return rc;
	}
	rc = vt_pdf_open_rebuilt(src, opts->pdf_password, ret, &why);
	if (rc == VT_EFORMAT) /* what is damaged matters most */
		return vt_error_set(err, VT_EFORMAT,
		    damage.clause[0] != '\0' ? damage.clause : NULL,
		    "%s; it cannot be repaired: %s", damage.text, why.text);
	if (rc != VT_OK) {
		if (err != NULL)
			*err = why;
		return rc;
	}
	if (!warned(res)) /* who needs more room opens it again */
		vt_sign_warn(res, "repaired", damage.text);
	return VT_OK;
}
