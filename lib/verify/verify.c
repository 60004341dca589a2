/* verify.c - what a file is, and who judges it */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vanthu/envelope.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/source.h"
#include "vanthu/text.h"
#include "vanthu/time.h"
#include "verify_int.h"

#define HEAD_MAX 1024 /* bytes enough to see a root element's name */

/*
 * An XML document begins with its declaration or with its root element; HTML
 * is none of ours.
 */
static bool
looks_like_xml(struct vt_bytes head)
{
	static const char utf16be[] = { (char)0xfe, (char)0xff };
	static const char utf16le[] = { (char)0xff, (char)0xfe };
	size_t i = 0;

	if (head.len >= 2 && (memcmp(head.data, utf16be, 2) == 0 ||
				 memcmp(head.data, utf16le, 2) == 0))
		return vt_bytes_find(head, 0, "<") != SIZE_MAX;
	if (vt_bytes_starts(head, "\xef\xbb\xbf"))
		i = 3;
	while (i < head.len && memchr(" \t\r\n", head.data[i], 4) != NULL)
		i++;
	head = vt_bytes_slice(head, i, head.len - i);
	if (vt_bytes_starts(head, "<?xml"))
		return true;
	if (head.len < 2 || head.data[0] != '<' ||
	    strncasecmp((const char *)head.data, "<!DOCTYPE html",
		head.len < 14 ? head.len : 14) == 0 ||
	    strncasecmp((const char *)head.data, "<html",
		head.len < 5 ? head.len : 5) == 0)
		return false;
	return vt_bytes_starts(head, "<!--") ||
	       vt_bytes_starts(head, "<!DOCTYPE") || head.data[1] == '_' ||
	       head.data[1] >= 0x80 || isalpha(head.data[1]);
}

int
vt_verify_format(struct vt_source *src, enum vt_report_format *ret,
    struct vt_error *err)
{
	unsigned char copy[HEAD_MAX];
	struct vt_bytes head;
	bool yes;
	int rc;

	if ((rc = vt_source_view(src, 0, HEAD_MAX, &head, err)) != VT_OK)
		return rc;
	if (head.len > 0) /* borrowed until the next call */
		memcpy(copy, head.data, head.len);
	head.data = copy;
	if ((rc = vt_cms_probe(src, &yes, err)) != VT_OK)
		return rc;
	if (yes) {
		*ret = VT_REPORT_CMS;
		return VT_OK;
	}
	if (looks_like_xml(head)) {
		if ((rc = vt_envelope_probe(src, &yes, err)) != VT_OK)
			return rc;
		*ret = yes ? VT_REPORT_EDXML : VT_REPORT_XML;
		return VT_OK;
	}
	if ((rc = vt_pdf_probe(src, &yes, err)) == VT_OK)
		*ret = yes ? VT_REPORT_PDF : VT_REPORT_OTHER;
	return rc;
}

static int
judge(const struct vt_verify_run *run, struct vt_source *src, bool nested,
    struct vt_report *r, struct vt_error *err)
{
	switch (r->format) {
	case VT_REPORT_PDF:
		return vt_verify_pdf(run, src, r, err);
	case VT_REPORT_CMS:
		return vt_verify_cms(run, src, r, err);
	case VT_REPORT_XML:
		return vt_verify_xml(run, src, r, err);
	case VT_REPORT_EDXML:
		if (nested)
			return vt_report_conclude(r, VT_REPORT_UNDETERMINED,
			    "nested", NULL, err);
		return vt_verify_envelope(run, src, r, err);
	case VT_REPORT_OTHER:
		break;
	}
	return vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned", NULL, err);
}

/*
 * Whoever names what is signed, or has it lie beside, is told of that.  In CMS
 * and XML each signature is held against it; a PDF or an envelope signs only
 * itself, and be it called "letter.pdf.p7s".
 */
static int
held_against(const struct vt_verify_run *run, struct vt_report *r,
    struct vt_error *err)
{
	if (run->content == NULL || r->verdict != VT_REPORT_VALID ||
	    r->format == VT_REPORT_CMS || r->format == VT_REPORT_XML)
		return VT_OK;
	return vt_report_conclude(r, VT_REPORT_UNDETERMINED, "signed-in-part",
	    vt_verify_not_held(), err);
}

/* What was found until then stays in the report, and nothing is valid. */
static int
give_up(struct vt_report *r, const char *reason, const struct vt_error *why,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < r->nsignatures; i++)
		if (r->signatures[i].verdict == VT_REPORT_VALID) {
			r->signatures[i].verdict = VT_REPORT_UNDETERMINED;
			r->signatures[i].reason = reason;
		}
	return vt_report_conclude(r, VT_REPORT_UNDETERMINED, reason, why->text,
	    err);
}

int
vt_verify_one(const struct vt_verify_run *run, struct vt_source *src,
    const char *name, bool nested, struct vt_report *r, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	r->judged_at = run->at;
	r->anchors = vt_trust_anchors(run->trust) > 0;
	r->size = vt_source_size(src);
	r->reason = "not-judged";
	if ((rc = vt_str_set(&r->file, name != NULL ? name : "", err)) !=
		VT_OK ||
	    (!(run->unhashed && !nested) &&
		(rc = vt_sha256_source(src, r->sha256, err)) != VT_OK) ||
	    (rc = vt_verify_format(src, &r->format, err)) != VT_OK)
		return rc;
	rc = judge(run, src, nested, r, &why);
	if (rc == VT_ELIMIT)
		rc = give_up(r, "limit", &why, err);
	else if (nested && (rc == VT_EFORMAT || rc == VT_EUNSUPPORTED))
		rc = give_up(r, "malformed", &why, err);
	else if (rc != VT_OK && err != NULL && err->code == VT_OK)
		*err = why;
	if (rc != VT_OK || (rc = held_against(run, r, err)) != VT_OK ||
	    (rc = vt_verify_disguise(src, r, err)) != VT_OK)
		return rc;
	return vt_source_unchanged(src, err);
}

int
vt_verify_source(struct vt_source *src, const char *name,
    const struct vt_verify_options *opts, struct vt_report **ret,
    struct vt_error *err)
{
	struct vt_verify_run run = {
		.trust = opts->trust,
		.pdf_password = opts->pdf_password,
		.at = opts->at == VT_TIME_NONE ? vt_time_now() : opts->at,
		.given = opts->at != VT_TIME_NONE,
		.content = opts->content,
		.fetch = opts->fetch,
		.fetch_ctx = opts->fetch_ctx,
		.aia = opts->aia,
		.unhashed = opts->unhashed,
		.scratch = opts->scratch,
		.used = opts->used,
	};
	struct vt_trust *none = NULL, *alone = NULL;
	struct vt_report *r;
	int rc;

	run.alone = &alone;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return vt_error_nomem(err);
	if (run.trust == NULL) {
		if ((rc = vt_trust_new(&none, err)) != VT_OK)
			goto out;
		run.trust = none;
	}
	if ((rc = vt_verify_one(&run, src, name, false, r, err)) != VT_OK)
		goto out;
	*ret = r;
	r = NULL;
out:
	vt_report_free(r);
	vt_trust_free(alone);
	vt_trust_free(none);
	return rc;
}

int
vt_verify_file(const char *path, const struct vt_verify_options *opts,
    struct vt_report **ret, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_open(path, &src, err)) == VT_OK)
		rc = vt_verify_source(src, path, opts, ret, err);
	vt_source_free(src);
	return rc;
}
