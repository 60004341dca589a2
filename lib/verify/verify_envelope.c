/* verify_envelope.c - edXML: every attachment, and the envelope's signature */
#include <stdlib.h>
#include <string.h>

#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "verify_int.h"

/* A detached signature that travels in the same envelope as its content. */
struct late {
	size_t index; /* among the attachments */
	struct vt_buf der;
	bool done;
};

struct attachments {
	struct vt_verify_run run;
	struct vt_report *report;
	size_t cap;
	struct late late[VT_VERIFY_LATE_MAX];
	size_t nlate;
};

/* NAME.EXT.p7s waits for NAME.EXT, wherever that stands. */
static bool
is_signature_of(const char *signature, const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	return signature != NULL && len > 0 &&
	       strncmp(signature, name, len) == 0 &&
	       strcmp(signature + len, ".p7s") == 0;
}

static int
keep_late(struct attachments *at, size_t index, struct vt_source *content,
    struct vt_error *err)
{
	uint64_t size = vt_source_size(content);
	struct late *late = &at->late[at->nlate];
	struct vt_bytes all;
	int rc;

	if (at->nlate == VT_VERIFY_LATE_MAX || size > VT_VERIFY_LATE_BYTES)
		return VT_OK;
	late->index = index;
	vt_buf_init(&late->der, VT_VERIFY_LATE_BYTES);
	if ((rc = vt_source_view(content, 0, (size_t)size, &all, err)) != VT_OK)
		return rc;
	if (vt_buf_bytes_put(&late->der, all) != VT_OK) {
		vt_buf_release(&late->der);
		return vt_error_nomem(err);
	}
	at->nlate++;
	return VT_OK;
}

static int
judge_attachment(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct attachments *at = ctx;
	struct vt_report *r = at->report;
	int rc;

	if (index != r->nattachments || index >= at->cap)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %zu attachments", at->cap);
	rc = vt_verify_one(&at->run, content, a->name, true,
	    &r->attachments[r->nattachments++], err);
	if (rc == VT_OK &&
	    strcmp(r->attachments[index].reason, "content-missing") == 0)
		rc = keep_late(at, index, content, err);
	return rc;
}

/* The second time round: is this what a signature waits for? */
static int
judge_late(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct attachments *at = ctx;
	struct vt_verify_run run = at->run;
	struct vt_source *src = NULL;
	struct vt_report *r;
	size_t i;
	char *name;
	int rc = VT_OK;

	(void)index;
	run.content = content;
	for (i = 0; i < at->nlate && rc == VT_OK; i++) {
		r = &at->report->attachments[at->late[i].index];
		if (at->late[i].done || !is_signature_of(r->file, a->name))
			continue;
		at->late[i].done = true;
		name = r->file;
		r->file = NULL;
		vt_report_release(r);
		rc = vt_source_bytes(vt_buf_bytes(&at->late[i].der), &src, err);
		if (rc == VT_OK)
			rc = vt_verify_one(&run, src, name, true, r, err);
		vt_source_free(src);
		src = NULL;
		free(name);
	}
	return rc;
}

/* Each attachment to TAKE, wherever there is room for it meanwhile. */
static int
extract(struct attachments *at, struct vt_source *src, struct vt_envelope *env,
    vt_envelope_take_fn *take, struct vt_error *err)
{
	if (at->run.scratch != NULL)
		return vt_envelope_extract_into(src, env, at->run.scratch, take,
		    at, err);
	return vt_envelope_extract(src, env, NULL, take, at, err);
}

static bool
has_content_of(const struct vt_envelope *env, const char *signature)
{
	size_t i;

	for (i = 0; i < env->nattachments; i++)
		if (is_signature_of(signature, env->attachments[i].name))
			return true;
	return false;
}

/* Signatures that were not kept: what they sign is here all the same. */
static int
tell_left(struct vt_report *r, const struct vt_envelope *env,
    struct vt_error *err)
{
	const char *why = vt_tr("a detached signature in an envelope, one of "
				"too many or too long");
	struct vt_report *a;
	size_t i, k;
	int rc = VT_OK;

	for (i = 0; i < r->nattachments && rc == VT_OK; i++) {
		a = &r->attachments[i];
		if (strcmp(a->reason, "content-missing") != 0 ||
		    !has_content_of(env, a->file))
			continue;
		for (k = 0; k < a->nsignatures && rc == VT_OK; k++)
			if (strcmp(a->signatures[k].reason,
				"content-missing") == 0) {
				a->signatures[k].reason = "limit";
				rc = vt_str_set(&a->signatures[k].detail, why,
				    err);
			}
		if (rc == VT_OK)
			rc = vt_report_sum(a, err);
	}
	return rc;
}

static int
judge_all(struct attachments *at, struct vt_source *src,
    struct vt_envelope *env, struct vt_error *err)
{
	struct vt_report *r = at->report;
	size_t i;
	int rc;

	r->attachments = calloc(at->cap, sizeof(*r->attachments));
	if (r->attachments == NULL)
		return vt_error_nomem(err);
	rc = extract(at, src, env, judge_attachment, err);
	if (rc == VT_OK && at->nlate > 0)
		rc = extract(at, src, env, judge_late, err);
	if (rc == VT_OK)
		rc = tell_left(r, env, err);
	for (i = 0; i < at->nlate; i++)
		vt_buf_release(&at->late[i].der);
	return rc;
}

/* To which each hop adds. */
static const struct vt_xml_word hops = { VT_EDXML_NS, "TraceHeaderList" };

/*
 * The envelope's own signature is told beside the verdict, which is that of
 * the attachments: every hop adds a TraceHeader, and so breaks a signature over
 * all (QCVN 102:2016); many systems write one that never was one.
 */
static int
judge_signature(const struct vt_verify_run *run, struct vt_source *src,
    const struct vt_envelope *env, struct vt_report *r, struct vt_error *err)
{
	struct vt_report own = { 0 };
	struct vt_verify_run alone = *run;
	struct vt_error why = { 0 };
	int rc;

	switch (env->signature) {
	case VT_ENVELOPE_SIGNATURE_ABSENT:
		r->envelope_signature = "absent";
		return VT_OK;
	case VT_ENVELOPE_SIGNATURE_PLACEHOLDER:
		r->envelope_signature = "placeholder";
		return VT_OK;
	case VT_ENVELOPE_SIGNATURE_UNVERIFIED:
		break;
	}
	alone.content = NULL;
	rc = vt_verify_xml_signatures(&alone, src, &hops, &own, &why);
	if (rc == VT_OK)
		rc = vt_report_sum(&own, err);
	else if (rc != VT_ENOMEM && rc != VT_EIO)
		rc = vt_report_conclude(&own, VT_REPORT_UNDETERMINED,
		    rc == VT_ELIMIT ? "limit" : "malformed-signature", why.text,
		    err);
	else if (err != NULL && err->code == VT_OK)
		*err = why;
	if (rc == VT_OK) {
		r->envelope_signature = vt_report_verdict_name(own.verdict);
		r->envelope_reason = own.reason;
	}
	vt_report_release(&own);
	return rc;
}

int
vt_verify_envelope(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	struct attachments at = { .run = *run, .report = r };
	struct vt_envelope env;
	int rc;

	at.run.content = NULL;
	vt_envelope_init(&env);
	if ((rc = vt_envelope_read(src, &env, err)) != VT_OK)
		goto out;
	at.cap = env.nattachments;
	if (env.nattachments > VT_VERIFY_ATTACHMENTS) {
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %zu attachments", (size_t)VT_VERIFY_ATTACHMENTS);
		goto out;
	}
	if (at.cap > 0 && (rc = judge_all(&at, src, &env, err)) != VT_OK)
		goto out;
	if ((rc = vt_report_sum(r, err)) == VT_OK)
		rc = judge_signature(run, src, &env, r, err);
out:
	vt_envelope_release(&env);
	return rc;
}

int
vt_verify_envelope_integrity(struct vt_source *src,
    enum vt_envelope_signature signature, const char **ret,
    struct vt_error *err)
{
	struct vt_verify_run run = { .at = vt_time_now() };
	struct vt_report own = { 0 };
	struct vt_trust *none = NULL;
	bool holds = true, open = false;
	size_t i;
	int rc;

	*ret = signature == VT_ENVELOPE_SIGNATURE_ABSENT ? "absent"
							 : "placeholder";
	if (signature != VT_ENVELOPE_SIGNATURE_UNVERIFIED)
		return VT_OK;
	*ret = NULL;
	if ((rc = vt_trust_new(&none, err)) != VT_OK)
		return rc;
	run.trust = none;
	rc = vt_verify_xml_signatures(&run, src, &hops, &own, NULL);
	for (i = 0; rc == VT_OK && i < own.nsignatures; i++) {
		const struct vt_report_signature *s = &own.signatures[i];

		holds = holds && s->intact && s->covers == VT_COVERS_WHOLE;
		open = open || (!s->intact && s->verdict != VT_REPORT_INVALID);
	}
	if (rc == VT_OK && own.nsignatures > 0 && !open)
		*ret = holds ? "valid" : "invalid";
	else if (rc == VT_EFORMAT)
		*ret = "invalid";
	vt_report_release(&own);
	vt_trust_free(none);
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}
