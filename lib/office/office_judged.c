/* office_judged.c - what an incoming document was judged by, kept with it */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "office_parts.h"
#include "vanthu/error.h"
#include "vanthu/trust.h"

void
vt_office_judged_release(struct vt_office_judged *j)
{
	vt_office_signer_release(&j->who);
	while (j->nothers > 0)
		vt_office_signer_release(&j->others[--j->nothers]);
	free(j->others);
	j->others = NULL;
	free(j->by.name);
	free(j->by.signer);
	free(j->by.parts);
	vt_trust_used_release(&j->by.used);
	memset(&j->by, 0, sizeof(j->by));
}

/* The first that has the verdict of them all, or NULL. */
static const struct vt_report_signature *
decisive(const struct vt_report *report)
{
	size_t i = 0;

	while (i < report->nsignatures &&
	       report->signatures[i].verdict != report->verdict)
		i++;
	return i < report->nsignatures ? &report->signatures[i] : NULL;
}

int
vt_office_judged_by(struct vt_office_judged *j, const char *name,
    const struct vt_report *report, struct vt_error *err)
{
	const struct vt_report_signature *s;
	int rc;

	if (report == NULL)
		return VT_OK;
	s = decisive(report);
	if (name != NULL) {
		if ((rc = vt_str_set(&j->by.name, name, err)) != VT_OK)
			return rc;
		memcpy(j->by.sha256, report->sha256, VT_SHA256_LEN);
	}
	j->by.at = report->judged_at;
	j->by.level = s != NULL ? s->level : NULL;
	j->by.revocation = s != NULL ? s->revocation : VT_REVOKED_UNKNOWN;
	return vt_str_set(&j->by.signer, s != NULL ? s->signer.name : NULL,
	    err);
}

/* Of what nobody signed there is nothing to be kept. */
static bool
is_signed(const struct vt_office_judged *j)
{
	return j->by.name != NULL && j->verdict != VT_REPORT_UNSIGNED &&
	       j->verdict != VT_REPORT_NONE;
}

int
vt_office_judged_keep(struct vt_office *o, struct vt_office_judged *j,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	if (!is_signed(j))
		return VT_OK;
	free(j->by.parts);
	if ((j->by.parts = calloc(1, sizeof(*j->by.parts))) == NULL)
		return vt_error_nomem(err);
	rc = vt_office_parts_keep(o, j->by.parts, &j->by.used, NULL, &why);
	/* As much as there is room for; no message is kept out by that. */
	if (rc == VT_OK || rc == VT_ELIMIT)
		return VT_OK;
	return vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
}

int
vt_office_judged_enter(struct vt_office *o, int64_t record,
    const struct vt_office_judged *j, struct vt_error *err)
{
	struct vt_evidence e = {
		.record = record,
		.at = j->by.at,
		.role = "received",
		.key = "none",
		.level = j->by.level != NULL ? j->by.level : "none",
		.signer = j->by.signer,
		.verdict = vt_report_verdict_name(j->verdict),
		.reason = j->reason,
		.revocation = vt_revocation_name(j->by.revocation),
		.name = j->by.name,
	};
	int rc;

	if (!is_signed(j) || j->by.parts == NULL)
		return VT_OK;
	memcpy(e.before, j->by.sha256, sizeof(e.before));
	memcpy(e.after, j->by.sha256, sizeof(e.after));
	e.parts = j->by.parts->items;
	e.nparts = j->by.parts->n;
	if ((rc = vt_office_parts_again(o, j->by.parts, err)) != VT_OK)
		return rc;
	return vt_store_evidence_add(o->store, &e, err);
}
