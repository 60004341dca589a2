/* again.c - what an earlier run has signed needs no second signature */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sign.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/sign_level.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

/* What is read of a file is compared with SRC from OFF on. */
struct same {
	struct vt_source *src;
	uint64_t off;
	bool differs;
};

static int
same_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct same *s = ctx;
	struct vt_bytes other;
	int rc;

	rc = vt_source_view(s->src, s->off, piece.len, &other, err);
	if (rc == VT_OK && !vt_bytes_equal(piece, other))
		s->differs = true;
	s->off += piece.len;
	return rc;
}

/* Does MADE begin with all of SRC? */
static int
begins_with(struct vt_source *made, struct vt_source *src, bool *ret,
    struct vt_error *err)
{
	uint64_t len = vt_source_size(src);
	struct same s = { .src = src };
	int rc;

	*ret = false;
	if (vt_source_size(made) <= len)
		return VT_OK;
	rc = vt_source_stream(made, 0, len, same_piece, &s, err);
	*ret = rc == VT_OK && !s.differs;
	return rc;
}

/* Is SRC what the message MADE has inside? */
static int
holds(struct vt_source *made, struct vt_source *src, bool *ret,
    struct vt_error *err)
{
	struct same s = { .src = src };
	struct vt_cms *cms = NULL;
	int rc;

	*ret = false;
	if ((rc = vt_cms_open(made, 0, &cms, err)) != VT_OK)
		return rc;
	if (vt_cms_attached(cms) &&
	    vt_cms_content_size(cms) == vt_source_size(src)) {
		rc = vt_cms_content(cms, same_piece, &s, err);
		*ret = rc == VT_OK && !s.differs;
	}
	vt_cms_free(cms);
	return rc;
}

/* Is MADE all of SRC with something put into it at one place? */
static int
is_around(struct vt_source *made, struct vt_source *src, bool *ret,
    struct vt_error *err)
{
	struct vt_bytes a, b;
	size_t i = 0, k = 0;
	int rc;

	*ret = false;
	/* XML that is signed is no longer than that. */
	if (vt_source_size(made) > VT_SOURCE_COPY_MAX ||
	    (rc = vt_source_view(made, 0, VT_SOURCE_COPY_MAX, &a, err)) !=
		VT_OK ||
	    (rc = vt_source_view(src, 0, VT_SOURCE_COPY_MAX, &b, err)) != VT_OK)
		return VT_OK;
	while (i < b.len && i < a.len && a.data[i] == b.data[i])
		i++;
	while (k < b.len - i && k < a.len - i &&
	       a.data[a.len - 1 - k] == b.data[b.len - 1 - k])
		k++;
	*ret = b.len == vt_source_size(src) && i + k == b.len;
	return VT_OK;
}

static size_t
signers_of(struct vt_source *src)
{
	struct vt_cms *cms = NULL;
	size_t n = 0;

	if (vt_cms_open(src, 0, &cms, NULL) == VT_OK)
		n = vt_cms_nsigners(cms);
	vt_cms_free(cms);
	return n;
}

/* Has signer I of MADE an intact counter-signature by the certificate OWN? */
static bool
is_countered(const struct vt_cms *made, size_t i, const unsigned char *own)
{
	struct vt_cms_facts f;
	size_t k;

	for (k = 0; k < vt_cms_ncounters(made, i); k++)
		if (vt_cms_counter_check(made, i, k, NULL, &f, NULL) == VT_OK &&
		    f.intact &&
		    memcmp(vt_cert_sha256(f.cert), own, VT_SHA256_LEN) == 0)
			return true;
	return false;
}

/* Are the signers of CMS in MADE, and one more, or countersigned? */
static bool
has_more(const struct vt_cms *cms, const struct vt_cms *made,
    const struct vt_sign_options *opts)
{
	bool cosign = opts->more == VT_SIGN_COSIGN;
	size_t i, n = vt_cms_nsigners(cms);
	const struct vt_cms_signer *a, *b;

	if (vt_cms_nsigners(made) != n + (cosign ? 1 : 0) ||
	    vt_cms_attached(cms) != vt_cms_attached(made))
		return false;
	for (i = 0; i < n; i++) {
		a = vt_cms_signer(cms, i);
		b = vt_cms_signer(made, i);
		if (cosign ? !vt_bytes_equal(a->der, b->der)
			   : !vt_bytes_equal(a->signature, b->signature))
			return false;
		if (!cosign &&
		    (opts->which == VT_CMS_EACH || opts->which == i) &&
		    !is_countered(made, i, vt_cert_sha256(opts->signer->cert)))
			return false;
	}
	return true;
}

static int
is_more(struct vt_source *made, struct vt_source *src,
    const struct vt_sign_options *opts, bool *ret, struct vt_error *err)
{
	struct vt_cms *a = NULL, *b = NULL;
	int rc;

	*ret = false;
	if ((rc = vt_cms_open(src, 0, &a, err)) == VT_OK &&
	    (rc = vt_cms_open(made, 0, &b, err)) == VT_OK)
		*ret = has_more(a, b, opts);
	vt_cms_free(a);
	vt_cms_free(b);
	return rc;
}

static int
is_over(struct vt_source *made, struct vt_source *src,
    enum vt_sign_format format, const struct vt_sign_options *opts, bool *ret,
    struct vt_error *err)
{
	switch (format) {
	case VT_SIGN_MORE_DETACHED:
	case VT_SIGN_MORE_ATTACHED:
		return is_more(made, src, opts, ret, err);
	case VT_SIGN_PDF:
		return begins_with(made, src, ret, err);
	case VT_SIGN_ATTACHED:
		return holds(made, src, ret, err);
	case VT_SIGN_XML:
		return is_around(made, src, ret, err);
	default:
		*ret = true; /* that is the digest's to say */
		return VT_OK;
	}
}

static enum vt_report_format
report_format(enum vt_sign_format format)
{
	return format == VT_SIGN_PDF   ? VT_REPORT_PDF
	       : format == VT_SIGN_XML ? VT_REPORT_XML
				       : VT_REPORT_CMS;
}

static bool
reaches(const struct vt_report_signature *s, enum vt_level wanted)
{
	enum vt_level level;

	/* B is what every signature is that nobody wants more of. */
	return wanted == VT_LEVEL_B ||
	       (s->level != NULL && vt_level_parse(s->level, &level) &&
		   level >= wanted);
}

/* The signature that this key put on SRC, or NULL. */
static const struct vt_report_signature *
own(const struct vt_report *report, const struct sign_plan *plan,
    enum vt_sign_format format, size_t first, uint64_t size)
{
	const unsigned char *key = vt_cert_sha256(plan->opts->signer->cert);
	const struct vt_report_signature *s;
	size_t i;

	if (report->format != report_format(format))
		return NULL;
	/* Who countersigns is none of these; that he did is known already. */
	if (plan->opts->more == VT_SIGN_COUNTER)
		return report->verdict == VT_REPORT_INVALID ||
			       report->nsignatures == 0
			   ? NULL
			   : &report->signatures[0];
	for (i = first; i < report->nsignatures; i++) {
		s = &report->signatures[i];
		if (s->have_certificate && s->intact &&
		    s->verdict != VT_REPORT_INVALID && !s->changed_after &&
		    reaches(s, plan->opts->level) &&
		    memcmp(s->certificate_sha256, key, VT_SHA256_LEN) == 0 &&
		    (format != VT_SIGN_PDF || s->covered_to > size) &&
		    (format != VT_SIGN_XML || s->covers == VT_COVERS_WHOLE))
			return s;
	}
	return NULL;
}

/*
 * Does it show or say something, or stand where it was asked to?  Then one key
 * may well put several on one input.
 */
static bool
is_seen(const struct vt_sign_options *opts, enum vt_sign_format format)
{
	const struct vt_sign_place *p = &opts->place;
	const struct vt_sign_words *w = &opts->words;

	return format == VT_SIGN_PDF &&
	       (opts->role > VT_SIGN_AGENCY || opts->image != NULL ||
		   opts->reason != NULL || w->code != NULL ||
		   w->date.year != 0 || p->field != NULL || p->below != NULL ||
		   p->page != 0 || p->at);
}

static int
judge(struct vt_source *src, struct vt_source *made,
    const struct sign_plan *plan, enum vt_sign_format format,
    struct sign_found *ret, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = plan->opts->trust,
		.pdf_password = plan->opts->pdf_password,
		.at = VT_TIME_NONE,
		.content =
		    format == VT_SIGN_DETACHED ? src : plan->opts->content,
	};
	const struct vt_report_signature *s;
	struct vt_report *report = NULL;
	int rc;

	if ((rc = vt_verify_confined(made, NULL, &how, &report, err)) != VT_OK)
		return rc;
	if ((s = own(report, plan, format,
		 plan->opts->more == VT_SIGN_COSIGN ? signers_of(src) : 0,
		 vt_source_size(src))) != NULL &&
	    (!is_seen(plan->opts, format) || sign_same(src, made, plan, s))) {
		ret->already = true;
		ret->size = vt_source_size(made);
		ret->time = s->claimed_time;
		snprintf(ret->level, sizeof(ret->level), "%s",
		    s->level != NULL ? s->level : "");
	}
	vt_report_free(report);
	return VT_OK;
}

int
sign_again(struct vt_source *src, const char *output,
    const struct sign_plan *plan, enum vt_sign_format format,
    struct sign_found *ret, struct vt_error *err)
{
	struct vt_source *made = NULL;
	struct stat st;
	bool over;
	int rc;

	memset(ret, 0, sizeof(*ret));
	/* What cannot be read is in the way all the same: whoever makes the
	 * file will say so. */
	if (strcmp(output, "-") == 0 || lstat(output, &st) != 0 ||
	    !S_ISREG(st.st_mode) ||
	    vt_source_open(output, &made, NULL) != VT_OK)
		return VT_OK;
	rc = is_over(made, src, format, plan->opts, &over, NULL);
	if (rc == VT_OK && over)
		rc = judge(src, made, plan, format, ret, NULL);
	vt_source_free(made);
	/* One that cannot be judged is none of ours. */
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}
