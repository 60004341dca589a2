/* sign.c - what a file is signed as, under which name, and in which order */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sign_int.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

bool
vt_sign_by_agency(enum vt_sign_role role)
{
	return role == VT_SIGN_AGENCY || role == VT_SIGN_ATTACHMENT ||
	       role == VT_SIGN_COPY || role == VT_SIGN_INCOMING;
}

const char *
vt_sign_role_name(enum vt_sign_role role)
{
	static const char *const words[] = {
		[VT_SIGN_PLAIN] = "plain",
		[VT_SIGN_PERSON] = "person",
		[VT_SIGN_AGENCY] = "agency",
		[VT_SIGN_ATTACHMENT] = "attachment",
		[VT_SIGN_COPY] = "copy",
		[VT_SIGN_INCOMING] = "incoming",
		[VT_SIGN_COMMENT] = "comment",
	};

	return words[role];
}

const char *
vt_sign_copy_name(enum vt_sign_copy copy)
{
	return copy == VT_SIGN_SAO_Y     ? "sao-y"
	       : copy == VT_SIGN_SAO_LUC ? "sao-luc"
					 : "trich-sao";
}

static bool
is_named_pdf(const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	return len > 4 && strcasecmp(name + len - 4, ".pdf") == 0;
}

/* A message that gets one more signature. */
static int
message_format(struct vt_source *src, enum vt_sign_format *ret,
    struct vt_error *err)
{
	struct vt_cms *cms = NULL;
	int rc;

	if ((rc = vt_cms_open(src, 0, &cms, err)) == VT_OK)
		*ret = vt_cms_attached(cms) ? VT_SIGN_MORE_ATTACHED
					    : VT_SIGN_MORE_DETACHED;
	vt_cms_free(cms);
	return rc;
}

int
vt_sign_format_of(struct vt_source *src, const struct vt_sign_options *opts,
    enum vt_sign_format *ret, struct vt_error *err)
{
	bool pdf;
	int rc;

	if (opts->more != VT_SIGN_ALONE)
		return message_format(src, ret, err);
	if ((rc = vt_pdf_probe(src, &pdf, err)) != VT_OK)
		return rc;
	if (!pdf && is_named_pdf(opts->name))
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.5.2",
		    "it is called a PDF and does not begin as one");
	if (pdf)
		*ret = VT_SIGN_PDF;
	else if (opts->enveloped)
		*ret = VT_SIGN_XML;
	else
		*ret = opts->attached ? VT_SIGN_ATTACHED : VT_SIGN_DETACHED;
	return VT_OK;
}

/* What the name of a signed file ends in, and what that stands for. */
static const struct {
	const char *end;
	const char *instead_of; /* NULL: nothing */
} names[] = {
	[VT_SIGN_PDF] = { ".signed.pdf", ".pdf" },
	[VT_SIGN_DETACHED] = { ".p7s", NULL },
	[VT_SIGN_ATTACHED] = { ".p7m", NULL },
	[VT_SIGN_XML] = { ".signed.xml", ".xml" },
	[VT_SIGN_MORE_DETACHED] = { ".signed.p7s", ".p7s" },
	[VT_SIGN_MORE_ATTACHED] = { ".signed.p7m", ".p7m" },
};

char *
vt_sign_name(const char *path, const char *dir, enum vt_sign_format format)
{
	const char *base = strrchr(path, '/');
	const char *old = names[format].instead_of, *dot;
	char *ret = NULL;
	size_t stem;

	base = base == NULL ? path : base + 1;
	stem = strlen(base);
	if (old != NULL && (dot = strrchr(base, '.')) != NULL && dot != base &&
	    strcasecmp(dot, old) == 0)
		stem = (size_t)(dot - base);
	if (asprintf(&ret, "%.*s%s%.*s%s",
		dir == NULL ? (int)(base - path) : (int)strlen(dir),
		dir == NULL ? path : dir, dir == NULL ? "" : "/", (int)stem,
		base, names[format].end) < 0)
		return NULL;
	return ret;
}

static int
ders(const struct vt_certs *certs, struct vt_bytes **ret, struct vt_error *err)
{
	size_t i;

	if ((*ret = calloc(certs->n + 1, sizeof(**ret))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < certs->n; i++)
		(*ret)[i] = vt_cert_der(certs->items[i]);
	return VT_OK;
}

/* What is no PDF has no page to show anything on. */
static int
check_shown(const struct vt_sign_options *opts, struct vt_sign_result *res,
    struct vt_error *err)
{
	if (res->format == VT_SIGN_PDF)
		return VT_OK;
	if (opts->reason != NULL)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "only a signature in a PDF says its reason");
	if (opts->role <= VT_SIGN_AGENCY)
		return VT_OK;
	if (opts->role != VT_SIGN_ATTACHMENT)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "this signature is to be seen, and only a PDF shows one");
	vt_sign_warn(res, "not-shown",
	    vt_tr("what is no PDF shows no number and time"));
	return VT_OK;
}

/* What goes above level B. */
static int
check_level(enum vt_sign_format format, const struct vt_sign_options *opts,
    struct vt_error *err)
{
	switch (format) {
	case VT_SIGN_XML:
		if (opts->level == VT_LEVEL_T)
			return VT_OK;
		return vt_error_set(err, VT_EUNSUPPORTED, "EN 319 132-1, 6",
		    "XML is signed at level B or T; say --level T");
	case VT_SIGN_MORE_DETACHED:
	case VT_SIGN_MORE_ATTACHED:
		if (opts->more == VT_SIGN_COSIGN)
			return VT_OK;
		return vt_error_set(err, VT_EUNSUPPORTED, "EN 319 122-1, 6",
		    "a counter-signature is no approval and has no level; say "
		    "--level B");
	default:
		return VT_OK;
	}
}

int
vt_sign_source(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_out *out, struct vt_sign_result *ret, struct vt_error *err)
{
	struct vt_sign_result res = { 0 };
	struct vt_cms_sign how = { .pss = opts->pss };
	struct vt_certs found = { 0 };
	struct vt_bytes *chain = NULL;
	int rc;

	if (opts->level >= VT_LEVEL_T && opts->stamping == NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "above level B an authority must give a time stamp");
	res.time = opts->at == VT_TIME_NONE ? vt_time_now() : opts->at;
	if ((rc = vt_sign_rules(opts, res.time, &res, &found, err)) != VT_OK ||
	    (rc = vt_sign_format_of(src, opts, &res.format, err)) != VT_OK ||
	    (rc = check_shown(opts, &res, err)) != VT_OK ||
	    (rc = ders(&found, &chain, err)) != VT_OK)
		goto out;
	if (opts->level > VT_LEVEL_B &&
	    (rc = check_level(res.format, opts, err)) != VT_OK)
		goto out;
	how.chain = chain;
	how.nchain = found.n;
	switch (res.format) {
	case VT_SIGN_PDF:
		rc = vt_sign_pdf(src, opts, &how, out, &res, err);
		break;
	case VT_SIGN_XML:
		rc = vt_sign_xml(src, opts, &how, out, &res, err);
		break;
	case VT_SIGN_MORE_DETACHED:
	case VT_SIGN_MORE_ATTACHED:
		rc = vt_sign_more(src, opts, &how, out, &res, err);
		break;
	default:
		rc = vt_sign_cms(src, opts, &how, out, &res, err);
	}
	/* A signature over bytes that have changed meanwhile is worthless. */
	if (rc == VT_OK)
		rc = vt_source_unchanged(src, err);
	if (rc == VT_OK)
		*ret = res;
out:
	free(chain);
	vt_certs_release(&found);
	return rc;
}
