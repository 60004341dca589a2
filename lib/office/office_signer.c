/*
 * office_signer.c - who signed the files of a document that came; a file of its
 * own: what judges is not linked with what sends
 */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_policy.h"
#include "vanthu/error.h"

void
vt_office_signer_release(struct vt_office_signer *s)
{
	free(s->name);
	free(s->organization);
	free(s->unit);
	free(s->uid);
	memset(s, 0, sizeof(*s));
}

static int
fill(struct vt_office_signer *ret, const struct vt_report_signature *s,
    struct vt_error *err)
{
	int rc;

	if ((rc = vt_str_set(&ret->name, s->signer.name, err)) != VT_OK ||
	    (rc = vt_str_set(&ret->organization, s->signer.organization,
		 err)) != VT_OK ||
	    (rc = vt_str_set(&ret->unit, s->signer.unit, err)) != VT_OK)
		return rc;
	return vt_str_set(&ret->uid, s->signer.uid, err);
}

int
vt_office_policy_signer(struct vt_office_judged *j,
    const struct vt_report *report, bool main, struct vt_error *err)
{
	const struct vt_report_signature *s =
	    report != NULL ? vt_office_last_signature(report) : NULL;
	struct vt_office_signer *others;

	if (main) {
		vt_office_signer_release(&j->who);
		return s != NULL ? fill(&j->who, s, err) : VT_OK;
	}
	if (s == NULL)
		return VT_OK;
	others = reallocarray(j->others, j->nothers + 1, sizeof(*j->others));
	if (others == NULL)
		return vt_error_nomem(err);
	j->others = others;
	memset(&others[j->nothers], 0, sizeof(*others));
	return fill(&others[j->nothers++], s, err);
}
