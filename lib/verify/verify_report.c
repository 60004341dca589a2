/* verify_report.c - the report: its words, its memory, questions put to it */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_int.h"

const char *
vt_report_verdict_name(enum vt_report_verdict v)
{
	switch (v) {
	case VT_REPORT_VALID:
		return "valid";
	case VT_REPORT_UNSIGNED:
		return "unsigned";
	case VT_REPORT_INVALID:
		return "invalid";
	case VT_REPORT_UNDETERMINED:
	case VT_REPORT_NONE:
		break;
	}
	return "undetermined";
}

/* The enum lists them from the best to the worst. */
enum vt_report_verdict
vt_report_worst(enum vt_report_verdict a, enum vt_report_verdict b)
{
	return a > b ? a : b;
}

const char *
vt_report_format_name(enum vt_report_format f)
{
	switch (f) {
	case VT_REPORT_PDF:
		return "pdf";
	case VT_REPORT_CMS:
		return "cms";
	case VT_REPORT_XML:
		return "xml";
	case VT_REPORT_EDXML:
		return "edxml";
	case VT_REPORT_OTHER:
		break;
	}
	return "other";
}

const char *
vt_report_covers_name(enum vt_report_covers c)
{
	switch (c) {
	case VT_COVERS_WHOLE:
		return "whole";
	case VT_COVERS_REVISION:
		return "revision";
	case VT_COVERS_PART:
		break;
	}
	return "part";
}

static void
signature_release(struct vt_report_signature *s)
{
	size_t i;

	free(s->field);
	free(s->detail);
	free(s->signer.name);
	free(s->signer.organization);
	free(s->signer.unit);
	free(s->signer.email);
	free(s->signer.uid);
	free(s->signer.serial);
	free(s->issuer);
	free(s->tree);
	vt_list_release(&s->path);
	for (i = 0; i < s->nstamps; i++)
		free(s->stamps[i].authority);
	free(s->stamps);
	vt_list_release(&s->changes);
	vt_list_release(&s->weak);
	vt_list_release(&s->notes);
}

/* All but attachments, which have none of their own: "nested". */
static void
parts_release(struct vt_report *r)
{
	size_t i;

	free(r->file);
	free(r->detail);
	for (i = 0; i < r->nsignatures; i++)
		signature_release(&r->signatures[i]);
	free(r->signatures);
	vt_list_release(&r->notes);
}

void
vt_report_release(struct vt_report *r)
{
	size_t i;

	for (i = 0; i < r->nattachments; i++)
		parts_release(&r->attachments[i]);
	free(r->attachments);
	parts_release(r);
	*r = (struct vt_report){ 0 };
}

void
vt_report_free(struct vt_report *report)
{
	if (report == NULL)
		return;
	vt_report_release(report);
	free(report);
}

/* All holds but what is known of the certificate, which may come yet. */
static bool
waits_for_trust(const struct vt_report_signature *s)
{
	static const char *const reasons[] = { "revocation-unknown",
		"no-trust-anchor", "expired" };
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (s->verdict == VT_REPORT_UNDETERMINED &&
		    strcmp(s->reason, reasons[i]) == 0)
			return true;
	return false;
}

/*
 * Anybody can make a certificate that names a leader; a document time stamp is
 * nobody's approval; and what nobody could compare may have been changed.
 */
static bool
signature_holds(const struct vt_report *r, const struct vt_report_signature *s)
{
	return s->intact && s->have_certificate &&
	       strcmp(s->format, "rfc3161") != 0 &&
	       (!r->anchors || s->tree != NULL) &&
	       (s->verdict == VT_REPORT_VALID || waits_for_trust(s));
}

static bool
made_by(const struct vt_report_signature *s, const unsigned char *certificate)
{
	return certificate != NULL &&
	       memcmp(s->certificate_sha256, certificate, VT_SHA256_LEN) == 0;
}

/*
 * An organisation's certificate names its tax code where a person's names an
 * identity card.
 */
static bool
is_person(const struct vt_report_signature *s, const unsigned char *agency)
{
	return !made_by(s, agency) &&
	       (s->signer.uid == NULL ||
		   strncmp(s->signer.uid, "MST:", 4) != 0);
}

/*
 * Its certificate ended before anything proves that it was there.  Where nobody
 * is known who could prove it, what claims to may yet do so.
 */
static bool
is_expired(const struct vt_report *r, const struct vt_report_signature *s)
{
	size_t i;

	if (r->anchors)
		return strcmp(s->reason, "expired") == 0;
	if (s->instant <= s->not_after)
		return false;
	for (i = 0; i < s->nstamps; i++)
		if (s->stamps[i].verdict != VT_REPORT_INVALID &&
		    strcmp(s->stamps[i].kind, "content") != 0 &&
		    s->stamps[i].time <= s->not_after)
			return false;
	return true;
}

bool
vt_report_signed_by_person(const struct vt_report *report,
    const unsigned char *agency, bool *ret_expired)
{
	bool expired = false, is = false;
	size_t i;

	for (i = 0; i < report->nsignatures && !is; i++) {
		const struct vt_report_signature *s = &report->signatures[i];

		if (!signature_holds(report, s) || !is_person(s, agency))
			continue;
		if (is_expired(report, s))
			expired = true;
		else
			is = true;
	}
	if (ret_expired != NULL)
		*ret_expired = expired && !is;
	return is;
}

bool
vt_report_issued_by(const struct vt_report *report, const unsigned char *agency)
{
	bool person = false;
	size_t i;

	for (i = 0; i < report->nsignatures; i++) {
		const struct vt_report_signature *s = &report->signatures[i];

		if (!signature_holds(report, s))
			continue;
		if (is_person(s, agency))
			person = true;
		else if (person && made_by(s, agency))
			return true;
	}
	return false;
}

int
vt_report_add_signatures(struct vt_report *r, size_t n, struct vt_error *err)
{
	size_t i;

	if (n > VT_VERIFY_SIGNATURES)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d signatures in one file",
		    VT_VERIFY_SIGNATURES);
	r->signatures = calloc(n, sizeof(*r->signatures));
	if (r->signatures == NULL)
		return vt_error_nomem(err);
	r->nsignatures = n;
	for (i = 0; i < n; i++) {
		struct vt_report_signature *s = &r->signatures[i];

		s->index = i;
		s->format = "cms";
		s->verdict = VT_REPORT_UNDETERMINED;
		s->reason = "not-judged";
		s->claimed_time = s->timestamp = VT_TIME_NONE;
		s->not_before = s->not_after = VT_TIME_NONE;
		s->revoked_at = s->instant = VT_TIME_NONE;
	}
	return VT_OK;
}

int
vt_verify_conclude(const struct vt_facts *f, struct vt_report_signature *sig,
    struct vt_error *err)
{
	const char *detail;

	sig->verdict = vt_verify_verdict(f, &sig->reason, &detail);
	return vt_str_set(&sig->detail, detail, err);
}

int
vt_report_conclude(struct vt_report *r, enum vt_report_verdict v,
    const char *reason, const char *detail, struct vt_error *err)
{
	r->verdict = v;
	r->reason = reason;
	return vt_str_set(&r->detail, detail, err);
}

bool
vt_report_only_stamped(const struct vt_report *r)
{
	size_t i;

	for (i = 0; i < r->nsignatures; i++)
		if (strcmp(r->signatures[i].format, "rfc3161") != 0)
			return false;
	return r->nsignatures > 0;
}

int
vt_report_sum(struct vt_report *r, struct vt_error *err)
{
	enum vt_report_verdict worst = VT_REPORT_NONE;
	const char *reason = NULL, *detail = NULL;
	size_t i;

	for (i = 0; i < r->nsignatures; i++) {
		const struct vt_report_signature *s = &r->signatures[i];

		if (vt_report_worst(worst, s->verdict) == worst)
			continue;
		worst = s->verdict;
		reason = s->reason;
		detail = s->detail;
	}
	for (i = 0; i < r->nattachments; i++) {
		const struct vt_report *a = &r->attachments[i];

		if (vt_report_worst(worst, a->verdict) == worst)
			continue;
		worst = a->verdict;
		reason = a->reason;
		detail = a->detail;
	}
	if (worst == VT_REPORT_NONE)
		return vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned",
		    NULL, err);
	if (worst == VT_REPORT_VALID && vt_report_only_stamped(r))
		return vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned",
		    vt_tr("a time stamp proves a time, and approves of "
			  "nothing"),
		    err);
	return vt_report_conclude(r, worst, reason, detail, err);
}
