/* office_judge.c - verify's word on the files of one document */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"
#include "vanthu/verify_fetch.h"

#define DETACHED ".p7s"

int
vt_office_trust(const struct vt_office *o, struct vt_trust **ret,
    struct vt_error *err)
{
	struct vt_trust *trust = NULL;
	int rc;

	if ((rc = vt_trust_new(&trust, err)) != VT_OK)
		return rc;
	rc = vt_trust_load_office(trust, o->trust_dir, err);
	if (rc != VT_OK) {
		vt_trust_free(trust);
		return rc;
	}
	*ret = trust;
	return VT_OK;
}

bool
vt_office_signature_of(const char *name, const char *main)
{
	size_t len = strlen(main);

	return strncmp(name, main, len) == 0 &&
	       strcmp(name + len, DETACHED) == 0;
}

int
vt_office_judge_add(const struct vt_office *o, const struct vt_trust *trust,
    struct vt_verify_desk *desk, struct vt_source *src, const char *name,
    struct vt_trust_used *used, size_t *ret, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = trust,
		.at = VT_TIME_NONE,
		.fetch = o->fetcher != NULL ? vt_fetcher_get : NULL,
		.fetch_ctx = o->fetcher,
		.aia = o->aia,
		.used = used,
	};

	return vt_verify_desk_add(desk, src, name, &how, ret, err);
}

/*
 * A document that is an envelope itself: what is in there may be signed, but
 * not what that says of it, and nobody opens one within another.
 */
static bool
is_nested(const struct vt_report *report)
{
	return report->format == VT_REPORT_EDXML &&
	       report->verdict == VT_REPORT_VALID;
}

/* What RC of a judgement, which LOCAL tells, is to an office. */
static int
judged(int rc, const struct vt_error *local, const struct vt_report *report,
    const char **ret_reason, struct vt_error *err)
{
	switch (rc) {
	case VT_OK:
		*ret_reason = is_nested(report) ? "nested" : report->reason;
		return VT_OK;
	case VT_EIO:
	case VT_ENOMEM:
		if (err != NULL && err->code == VT_OK)
			*err = *local;
		return rc;
	case VT_EFORMAT:
	case VT_EUNSUPPORTED:
		*ret_reason = "malformed";
		return VT_OK;
	case VT_ELIMIT:
		*ret_reason = "limit";
		return VT_OK;
	default: /* whatever it is, it must not stop the other messages */
		*ret_reason = "not-judged";
		return VT_OK;
	}
}

int
vt_office_judge_end(struct vt_verify_desk *desk, size_t i,
    struct vt_report **ret, const char **ret_reason, struct vt_error *err)
{
	struct vt_error local = { 0 };
	int rc;

	*ret = NULL;
	rc = vt_verify_desk_end(desk, i, ret, &local);
	return judged(rc, &local, *ret, ret_reason, err);
}

int
vt_office_judge_file(const struct vt_office *o, const struct vt_trust *trust,
    struct vt_source *src, const char *name, struct vt_source *content,
    struct vt_trust_used *used, struct vt_report **ret, const char **ret_reason,
    struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = trust,
		.at = VT_TIME_NONE,
		.content = content,
		.fetch = o->fetcher != NULL ? vt_fetcher_get : NULL,
		.fetch_ctx = o->fetcher,
		.aia = o->aia,
		.used = used,
	};
	struct vt_error local = { 0 };
	int rc;

	*ret = NULL;
	rc = vt_verify_confined(src, name, &how, ret, &local);
	return judged(rc, &local, *ret, ret_reason, err);
}

/* What is not to be read is not known to be good or bad. */
static enum vt_report_verdict
verdict_of(const struct vt_report *report)
{
	return report != NULL && !is_nested(report) ? report->verdict
						    : VT_REPORT_UNDETERMINED;
}

const struct vt_report_signature *
vt_office_last_signature(const struct vt_report *report)
{
	const struct vt_report_signature *s;
	size_t i;

	for (i = report->nsignatures; i > 0; i--) {
		s = &report->signatures[i - 1];
		if (s->intact && s->tree != NULL &&
		    strcmp(s->format, "rfc3161") != 0)
			return s;
	}
	return NULL;
}

/*
 * Departments share the province's name as their organisation: where no unit
 * tells them apart the signer's own name does.
 */
static int
signer_set(struct vt_office_judged *j, const struct vt_report *report,
    struct vt_error *err)
{
	const struct vt_report_signature *s = NULL;
	const char *parts[5];
	bool unit;
	int rc;

	j->have_signer = false;
	if (report == NULL || (s = vt_office_last_signature(report)) == NULL)
		return VT_OK;
	unit = s->signer.organization != NULL && s->signer.unit != NULL;
	parts[0] = s->tree;
	parts[1] = s->signer.organization;
	parts[2] = s->signer.unit;
	parts[3] = unit ? NULL : s->signer.name;
	parts[4] = unit ? NULL : s->signer.uid;
	rc = vt_office_key(parts, sizeof(parts) / sizeof(parts[0]), NULL,
	    j->signer, err);
	j->have_signer = rc == VT_OK;
	return rc;
}

/* Take what REPORT (or REASON alone) says as the word on the main file. */
static int
main_set(struct vt_office_judged *j, const struct vt_report *report,
    const char *reason, const unsigned char *agency, struct vt_error *err)
{
	j->verdict = verdict_of(report);
	j->reason = reason;
	j->issued = report != NULL && vt_report_issued_by(report, agency);
	return signer_set(j, report, err);
}

/* ---- outgoing ---- */

static int
judge_pair(const struct vt_trust *trust, struct vt_office *o,
    const struct vt_record *rec, struct vt_source *content,
    const unsigned char *agency, struct vt_office_judged *ret,
    struct vt_error *err)
{
	struct vt_report *report = NULL;
	struct vt_source *src = NULL;
	const char *reason = NULL;
	size_t i;
	int rc;

	for (i = 1; i < rec->nfiles; i++)
		if (vt_office_signature_of(rec->files[i].name,
			rec->files[0].name))
			break;
	if (i >= rec->nfiles)
		return VT_OK;
	rc = vt_office_object(o, rec->files[i].sha256, rec->files[i].name, &src,
	    err);
	if (rc == VT_OK)
		rc = vt_office_judge_file(o, trust, src, rec->files[i].name,
		    content, NULL, &report, &reason, err);
	/* A PDF or XML that is only called so is no signature of the file. */
	if (rc == VT_OK && (report == NULL || report->format == VT_REPORT_CMS))
		rc = main_set(ret, report, reason, agency, err);
	vt_report_free(report);
	vt_source_free(src);
	return rc;
}

int
vt_office_judge_record(struct vt_office *o, const struct vt_record *rec,
    const unsigned char *agency, struct vt_office_judged *ret,
    struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	struct vt_report *report = NULL;
	struct vt_source *src = NULL;
	struct vt_trust *trust = NULL;
	const char *reason = NULL;
	int rc;

	if ((rc = vt_office_trust(o, &trust, err)) != VT_OK ||
	    (rc = vt_office_object(o, rec->files[0].sha256, rec->files[0].name,
		 &src, err)) != VT_OK ||
	    (rc = vt_office_judge_file(o, trust, src, rec->files[0].name, NULL,
		 NULL, &report, &reason, err)) != VT_OK ||
	    (rc = main_set(&j, report, reason, agency, err)) != VT_OK)
		goto out;
	if (j.verdict == VT_REPORT_UNSIGNED)
		rc = judge_pair(trust, o, rec, src, agency, &j, err);
	if (rc == VT_OK)
		*ret = j;
out:
	vt_report_free(report);
	vt_source_free(src);
	vt_trust_free(trust);
	return rc;
}

/* ---- incoming ---- */

/* A detached signature, kept until what it signs comes by. */
struct late {
	const char *name; /* borrowed from the envelope */
	struct vt_buf der;
	bool done;
};

struct walk {
	const struct vt_office *o;
	const struct vt_trust *trust;
	struct vt_office_judged *judged;
	struct late late[VT_VERIFY_LATE_MAX];
	size_t nlate;
	bool too_many; /* of them, or one that is too large */
};

/* Of a file that is not the main one: it must not be invalid. */
static void
note_other(struct vt_office_judged *j, const struct vt_report *report)
{
	if (verdict_of(report) == VT_REPORT_INVALID)
		j->others_invalid = true;
}

static int
keep_late(struct walk *w, const char *name, struct vt_source *content,
    struct vt_error *err)
{
	struct late *late = &w->late[w->nlate];
	struct vt_bytes all;
	int rc;

	if (w->nlate == VT_VERIFY_LATE_MAX ||
	    vt_source_size(content) > VT_VERIFY_LATE_BYTES) {
		w->too_many = true;
		return VT_OK;
	}
	rc = vt_source_view(content, 0, (size_t)vt_source_size(content), &all,
	    err);
	if (rc != VT_OK)
		return rc;
	vt_buf_init(&late->der, VT_VERIFY_LATE_BYTES);
	if (vt_buf_bytes_put(&late->der, all) != VT_OK)
		return vt_error_nomem(err);
	late->name = name;
	w->nlate++;
	return VT_OK;
}

/* What REPORT (NULL: it could not be read) and REASON say of attachment A. */
static int
attachment_judged(struct walk *w, const struct vt_attachment *a, size_t index,
    struct vt_source *content, const struct vt_report *report,
    const char *reason, struct vt_error *err)
{
	int rc = VT_OK;

	if (index == 0 &&
	    (rc = main_set(w->judged, report, reason, NULL, err)) == VT_OK)
		rc = vt_office_judged_by(w->judged, a->name, report, err);
	if (rc == VT_OK)
		rc =
		    vt_office_policy_signer(w->judged, report, index == 0, err);
	if (rc != VT_OK || index == 0)
		return rc;
	note_other(w->judged, report);
	if (a->name != NULL && strcmp(reason, "content-missing") == 0)
		rc = keep_late(w, a->name, content, err);
	return rc;
}

static int
judge_attachment(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct walk *w = ctx;
	struct vt_report *report = NULL;
	const char *reason = NULL;
	int rc;

	rc = vt_office_judge_file(w->o, w->trust, content, a->name, NULL,
	    index == 0 ? &w->judged->by.used : NULL, &report, &reason, err);
	if (rc == VT_OK)
		rc = attachment_judged(w, a, index, content, report, reason,
		    err);
	vt_report_free(report);
	return rc;
}

/*
 * The second time round: is A what a signature waits for?  Of a main file that
 * carries no signature itself its detached ones speak, the worst of them.
 */
static int
judge_late(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct walk *w = ctx;
	struct vt_office_judged *j = w->judged;
	struct vt_report *report;
	struct vt_source *src;
	const char *reason = NULL;
	bool main = index == 0 && j->verdict == VT_REPORT_UNSIGNED;
	bool first = true;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < w->nlate && rc == VT_OK; i++) {
		if (w->late[i].done || a->name == NULL ||
		    !vt_office_signature_of(w->late[i].name, a->name))
			continue;
		w->late[i].done = true;
		src = NULL;
		report = NULL;
		rc = vt_source_bytes(vt_buf_bytes(&w->late[i].der), &src, err);
		if (rc == VT_OK)
			rc = vt_office_judge_file(w->o, w->trust, src,
			    w->late[i].name, content, main ? &j->by.used : NULL,
			    &report, &reason, err);
		if (rc == VT_OK && !main) {
			note_other(j, report);
			rc = vt_office_policy_signer(j, report, false, err);
		} else if (rc == VT_OK &&
			   (first || vt_report_worst(j->verdict,
					 verdict_of(report)) != j->verdict)) {
			rc = main_set(j, report, reason, NULL, err);
			if (rc == VT_OK)
				rc = vt_office_judged_by(j, NULL, report, err);
			if (rc == VT_OK)
				rc = vt_office_policy_signer(j, report, true,
				    err);
		}
		first = false;
		vt_report_free(report);
		vt_source_free(src);
	}
	return rc;
}

/* RC is how the walk ended; *RET gets what W found. */
static int
walk_end(struct walk *w, int rc, struct vt_office_judged *ret,
    struct vt_error *err)
{
	struct vt_office_judged *j = w->judged;
	size_t i;

	for (i = 0; i < w->nlate; i++)
		vt_buf_release(&w->late[i].der);
	/* what was not looked at may be invalid */
	if (rc == VT_OK && w->too_many && j->verdict != VT_REPORT_INVALID)
		rc = main_set(j, NULL, "limit", NULL, err);
	if (rc == VT_OK)
		*ret = *j;
	else
		vt_office_judged_release(j);
	return rc;
}

int
vt_office_judge_envelope(struct vt_office *o, const struct vt_trust *trust,
    struct vt_source *src, struct vt_envelope *env,
    struct vt_office_judged *ret, struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	struct walk w = { .o = o, .trust = trust, .judged = &j };
	int rc;

	rc = vt_envelope_extract(src, env, o->home, judge_attachment, &w, err);
	if (rc == VT_OK && w.nlate > 0)
		rc =
		    vt_envelope_extract(src, env, o->home, judge_late, &w, err);
	return walk_end(&w, rc, ret, err);
}

int
vt_office_judge_unpacked(struct vt_office *o, const struct vt_trust *trust,
    const struct vt_envelope *env, struct vt_source *const *files,
    struct vt_verify_desk *desk, size_t first, struct vt_trust_used *used,
    struct vt_office_judged *ret, struct vt_error *err)
{
	struct vt_office_judged j = { 0 };
	struct walk w = { .o = o, .trust = trust, .judged = &j };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < env->nattachments && rc == VT_OK; i++) {
		const struct vt_attachment *a = &env->attachments[i];
		struct vt_report *report = NULL;
		const char *reason = NULL;

		rc =
		    vt_office_judge_end(desk, first + i, &report, &reason, err);
		if (i == 0) { /* the desk has written it by now */
			j.by.used = *used;
			*used = (struct vt_trust_used){ 0 };
		}
		if (rc == VT_OK)
			rc = attachment_judged(&w, a, i, files[i], report,
			    reason, err);
		vt_report_free(report);
	}
	for (i = 0; i < env->nattachments && rc == VT_OK && w.nlate > 0; i++)
		rc = judge_late(&w, &env->attachments[i], i, files[i], err);
	return walk_end(&w, rc, ret, err);
}
