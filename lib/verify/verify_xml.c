/* verify_xml.c - XML that is not edXML, and edXML with its attachments */
#include <stdlib.h>
#include <string.h>

#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/xml.h"
#include "verify_int.h"

#define DSIG_NS "http://www.w3.org/2000/09/xmldsig#"

static int
seen_signature(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	bool *found = ctx;

	(void)err;
	if (el->ns != NULL && strcmp(el->ns, DSIG_NS) == 0 &&
	    strcmp(el->local, "Signature") == 0)
		*found = true;
	return VT_OK;
}

int
vt_verify_xml(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	const struct vt_xml_handler handler = { .start = seen_signature };
	bool found = false;
	int rc;

	(void)run;
	if ((rc = vt_xml_parse(src, &handler, &found, err)) != VT_OK)
		return rc;
	if (found)
		return vt_report_conclude(r, VT_REPORT_UNDETERMINED,
		    "xml-signature", NULL, err);
	return vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned", NULL, err);
}

struct attachments {
	struct vt_verify_run run;
	struct vt_report *report;
	size_t cap;
};

static int
judge_attachment(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	struct attachments *at = ctx;
	struct vt_report *r = at->report;

	(void)index;
	if (r->nattachments >= at->cap)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %zu attachments", at->cap);
	return vt_verify_one(&at->run, content, a->name, true,
	    &r->attachments[r->nattachments++], err);
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
	if (at.cap > 0) {
		r->attachments = calloc(at.cap, sizeof(*r->attachments));
		if (r->attachments == NULL) {
			rc = vt_error_nomem(err);
			goto out;
		}
		if ((rc = vt_envelope_extract(src, &env, NULL, judge_attachment,
			 &at, err)) != VT_OK)
			goto out;
	}
	if (env.signature == VT_ENVELOPE_SIGNATURE_UNVERIFIED &&
	    (rc = vt_list_add(&r->notes,
		 vt_tr("the envelope's own signature was not judged"), err)) !=
		VT_OK)
		goto out;
	rc = vt_report_sum(r, err);
out:
	vt_envelope_release(&env);
	return rc;
}
