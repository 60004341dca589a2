/* office_check.c - may a document go out, and to whom? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "office_issue_int.h"
#include "office_mail_int.h"
#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/sign.h"
#include "vanthu/source.h"
#include "vanthu/text.h"
#include "vanthu/transport.h"
#include "vanthu/trust.h"

#define CLAUSE_SIGNED "NĐ 30/2020, Đ.17, Đ.19"

int
vt_office_may_go(const struct vt_record *rec, struct vt_error *err)
{
	if (vt_record_incoming(rec))
		return vt_error_set(err, VT_EARG, NULL,
		    "only outgoing documents are sent");
	if (rec->state == VT_STATE_RECALLED || rec->state == VT_STATE_REPLACED)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the document is not in force: %s",
		    vt_state_name(rec->state));
	if (rec->nfiles == 0)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SIGNED,
		    "the record has no file to send");
	return VT_OK;
}

static int
signed_enough(const char *name, const struct vt_office_judged *j,
    struct vt_error *err)
{
	if (j->verdict == VT_REPORT_UNSIGNED)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SIGNED,
		    "%s is not signed", name);
	if (j->verdict == VT_REPORT_INVALID)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SIGNED,
		    "the signature of %s is invalid: %s", name,
		    vt_reason_text(j->reason));
	return VT_OK;
}

int
vt_office_main_signed(struct vt_office *o, const char *path, const char *name,
    struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	struct vt_report *report = NULL;
	struct vt_source *src = NULL;
	struct vt_trust *trust = NULL;
	int rc;

	if ((rc = vt_office_trust(o, &trust, err)) == VT_OK &&
	    (rc = vt_source_open(path, &src, err)) == VT_OK &&
	    (rc = vt_office_judge_file(o, trust, src, name, NULL, NULL, &report,
		 &j.reason, err)) == VT_OK) {
		j.verdict =
		    report != NULL ? report->verdict : VT_REPORT_UNDETERMINED;
		rc = signed_enough(name, &j, err);
	}
	vt_report_free(report);
	vt_source_free(src);
	vt_trust_free(trust);
	return rc;
}

/*
 * What was sealed with the number of another record does not go out as this
 * one.  What can not be read as a PDF was judged so.
 */
static int
says_own_number(struct vt_office *o, const struct vt_record *rec,
    struct vt_error *err)
{
	const struct vt_sign_options as = { .words.code = rec->code };
	struct vt_error why = { 0 };
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_office_object(o, rec->files[0].sha256, rec->files[0].name,
		 &src, err)) != VT_OK)
		return rc;
	rc = vt_sign_said(src, &as, &why);
	vt_source_free(src);
	if (rc == VT_EREFUSED || rc == VT_EIO || rc == VT_ENOMEM)
		return vt_error_set(err, why.code, why.clause, "%s: %s",
		    rec->files[0].name, why.text);
	return VT_OK;
}

int
vt_office_may_go_as_signed(struct vt_office *o, const struct vt_record *rec,
    struct vt_list *notes, struct vt_error *err)
{
	unsigned char agency[VT_SHA256_LEN];
	struct vt_office_judged j;
	char line[512];
	bool have;
	int rc;

	if ((rc = vt_office_agency(o, agency, &have, err)) != VT_OK ||
	    (rc = vt_office_judge_record(o, rec, have ? agency : NULL, &j,
		 err)) != VT_OK ||
	    (rc = signed_enough(rec->files[0].name, &j, err)) != VT_OK)
		return rc;
	if (have && !j.issued)
		return vt_error_set(err, VT_EREFUSED, CLAUSE_SIGNED,
		    "%s lacks a person's signature followed by the agency's",
		    rec->files[0].name);
	if ((rc = says_own_number(o, rec, err)) != VT_OK)
		return rc;
	if (j.verdict != VT_REPORT_VALID && notes != NULL) {
		snprintf(line, sizeof(line),
		    vt_tr("%s goes out, but its signature is undetermined "
			  "here: %s"),
		    rec->files[0].name, vt_reason_text(j.reason));
		return vt_list_add(notes, line, err);
	}
	return VT_OK;
}

int
vt_office_check_id(const struct vt_office *o, const char *id,
    struct vt_error *err)
{
	if (vt_record_organ_check(id) == VT_ORGAN_BAD ||
	    !vt_transport_organ_valid(id))
		return vt_error_set(err, VT_EARG, "QĐ 20/2020/QĐ-TTg",
		    "\"%s\" is not an agency's identifier", id);
	if (vt_office_same_organ(o, id, o->organ_id))
		return vt_error_set(err, VT_EARG, NULL,
		    "%s is this office itself: hand it over with --unit", id);
	return VT_OK;
}

/* Units and names of the post are texts that a book can hold. */
int
vt_office_check_names(const struct vt_list *names, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char *clean = NULL;
	size_t i, len;
	int rc = VT_OK;

	for (i = 0; names != NULL && i < names->n && rc == VT_OK; i++) {
		len = vt_utf8_len(vt_bytes_str(names->items[i]));
		rc = vt_record_put(&clean, names->items[i], &why);
		if (rc == VT_ENOMEM)
			rc = vt_error_nomem(err);
		else if (rc != VT_OK)
			rc = vt_error_set(err, VT_EARG, why.clause, "%s",
			    why.text);
		else if (clean == NULL || len > VT_RECORD_NAME_MAX)
			rc = vt_error_set(err, VT_EARG, NULL,
			    "a recipient's name has 1 to %d characters",
			    VT_RECORD_NAME_MAX);
	}
	free(clean);
	return rc;
}
