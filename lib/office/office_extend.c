/* office_extend.c - from what verify says of a file to the steps that raise it
 */
#include "vanthu/office_extend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"

/* A file on its way: the last step's, of which SRC is a view. */
struct work {
	const struct vt_extend_options *o;
	const char *path;
	enum vt_sign_format format;
	struct vt_source *first; /* the caller's */
	struct vt_source *src;   /* FIRST, or of OUT */
	struct vt_out *out;      /* NULL: no step was made yet */
	struct vt_report *report;
	struct vt_trust_used used;
	bool last_only; /* the other signatures in it are not our concern */
	bool unreached; /* a server of those that the last judgement asked */
};

char *
vt_extend_name(const char *path)
{
	const char *base = strrchr(path, '/'), *dot;
	char *ret = NULL;
	size_t stem;

	base = base == NULL ? path : base + 1;
	dot = strrchr(base, '.');
	if (dot == NULL || dot == base)
		dot = base + strlen(base);
	stem = (size_t)(dot - path);
	return asprintf(&ret, "%.*s" VT_VERIFY_EXTENDED "%s", (int)stem, path,
		   dot) < 0
		   ? NULL
		   : ret;
}

/* ---- judging ---- */

static bool
is_stamp(const struct vt_report_signature *sig)
{
	return strcmp(sig->format, "rfc3161") == 0;
}

/* What was not judged to its end says nothing of what is in it. */
static int
judged_whole(const struct vt_report *r, struct vt_error *err)
{
	bool limit = strcmp(r->reason, "limit") == 0;

	if (!limit && strcmp(r->reason, "worker-died") != 0)
		return VT_OK;
	return vt_error_set(err, limit ? VT_ELIMIT : VT_EREFUSED, NULL, "%s",
	    r->detail != NULL ? r->detail : vt_reason_text(r->reason));
}

/* A vt_trust_fetch_fn: the caller's, of which one failure is remembered. */
static int
fetch_noted(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	struct work *w = ctx;
	int rc = w->o->fetch(w->o->fetch_ctx, want, ret, err);

	w->unreached = w->unreached || rc == VT_ENET;
	return rc;
}

/* Judge what has been made until now, by TRUST, in a worker. */
static int
judge(struct work *w, const struct vt_trust *trust, bool fetch,
    struct vt_trust_used *used, struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = trust,
		.at = VT_TIME_NONE,
		.content = w->o->content,
		.pdf_password = w->o->pdf_password,
		.fetch = fetch && w->o->fetch != NULL ? fetch_noted : NULL,
		.fetch_ctx = w,
		.aia = w->o->aia,
		.unhashed = true,
		.used = used,
		.used_whole = true,
	};
	int rc;

	vt_report_free(w->report);
	w->report = NULL;
	w->unreached = false;
	rc = vt_verify_confined(w->src, NULL, &how, &w->report, err);
	return rc == VT_OK ? judged_whole(w->report, err) : rc;
}

/* What only a server knows that was not reached is had when it answers. */
static int
refuse(const struct work *w, const struct vt_report_signature *sig,
    const char *reason, const char *detail, struct vt_error *err)
{
	bool later = w->unreached && strcmp(reason, "revocation-unknown") == 0;
	const char *who = sig->signer.name != NULL ? sig->signer.name : "?";
	const char *hint = vt_reason_hint(reason);

	if (detail == NULL)
		detail = vt_reason_text(reason);
	return vt_error_set(err, later ? VT_ENET : VT_EREFUSED, NULL,
	    "the signature of %s cannot be extended: %s%s%s", who, detail,
	    hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

/* What of SIG's time stamps failed; "ok": nothing did. */
static const char *
stamp_reason(const struct vt_report_signature *sig)
{
	size_t i;

	for (i = 0; i < sig->nstamps; i++)
		if (sig->stamps[i].verdict != VT_REPORT_VALID)
			return sig->stamps[i].reason;
	return "ok";
}

/* Undetermined for want of what this place knows, not of what was signed. */
static bool
is_open(const char *reason)
{
	return strcmp(reason, "no-trust-anchor") == 0 ||
	       strcmp(reason, "revocation-unknown") == 0;
}

/* Is signature I to be raised? */
static bool
concerns(const struct work *w, size_t i)
{
	const struct vt_report *r = w->report;
	size_t k;

	if (is_stamp(&r->signatures[i]))
		return false;
	for (k = i + 1; w->last_only && k < r->nsignatures; k++)
		if (!is_stamp(&r->signatures[k]))
			return false;
	return true;
}

static void
concerned(const struct work *w, bool ret[VT_VERIFY_SIGNATURES])
{
	size_t i;

	for (i = 0; i < w->report->nsignatures; i++)
		ret[i] = concerns(w, i);
}

/* May SIG be stamped, or be raised to the level that is wanted? */
static int
check_signature(const struct work *w, const struct vt_report_signature *sig,
    struct vt_error *err)
{
	if (sig->verdict == VT_REPORT_VALID)
		return VT_OK;
	if (sig->verdict == VT_REPORT_UNDETERMINED &&
	    w->o->level == VT_LEVEL_T && is_open(sig->reason) && sig->intact)
		return VT_OK;
	return refuse(w, sig, sig->reason, sig->detail, err);
}

/* The level that SIG has, or -1: below any. */
static int
level_of(const struct vt_report_signature *sig)
{
	enum vt_level level;

	if (sig->level == NULL || !vt_level_parse(sig->level, &level))
		return -1;
	return (int)level;
}

static bool
is_unknown(const char *reason)
{
	return strcmp(reason, "revocation-unknown") == 0;
}

/*
 * Nothing of what stamps signature I tells when it was made, or will as soon as
 * more is known: anybody can put there what he stamped himself.
 */
static bool
proves_nothing(const struct work *w, size_t i)
{
	const struct vt_report *r = w->report;
	const struct vt_report_signature *sig = &r->signatures[i];
	size_t k;

	if (sig->verdict != VT_REPORT_VALID || sig->timestamp != VT_TIME_NONE)
		return false;
	for (k = 0; k < sig->nstamps; k++)
		if (is_unknown(sig->stamps[k].reason))
			return false;
	for (k = 0; k < r->nsignatures; k++)
		if (is_stamp(&r->signatures[k]) &&
		    is_unknown(r->signatures[k].reason))
			return false;
	return true;
}

/* The least level of the signatures of baseline form; -1: there is none. */
static int
least_level(const struct work *w)
{
	int least = -1, level;
	size_t i;

	for (i = 0; i < w->report->nsignatures; i++) {
		if (!concerns(w, i) ||
		    (level = level_of(&w->report->signatures[i])) < 0)
			continue;
		if (proves_nothing(w, i))
			level = (int)VT_LEVEL_B;
		if (least < 0 || level < least)
			least = level;
	}
	return least;
}

/* All that are to be raised, and the time stamps in the file. */
static int
check_all(const struct work *w, struct vt_error *err)
{
	const struct vt_report_signature *sig;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < w->report->nsignatures && rc == VT_OK; i++) {
		sig = &w->report->signatures[i];
		if (concerns(w, i) ||
		    (is_stamp(sig) && !w->last_only &&
			(w->o->level > VT_LEVEL_T ||
			    sig->verdict == VT_REPORT_INVALID)))
			rc = check_signature(w, sig, err);
	}
	return rc;
}

/* From LT on the anchors alone must do: nothing that is kept here, no server.
 */
static int
judge_alone(struct work *w, struct vt_error *err)
{
	struct vt_trust *bare = NULL;
	int rc;

	if (w->o->level > VT_LEVEL_T && w->o->trust != NULL &&
	    (rc = vt_trust_bare(w->o->trust, &bare, err)) != VT_OK)
		return rc;
	rc = judge(w, bare != NULL ? bare : w->o->trust, false, NULL, err);
	vt_trust_free(bare);
	return rc;
}

/*
 * What is wanted is there already.  Anybody can add data that looks like level
 * LT: there it is only where it is enough.
 */
static int
refuse_reached(struct work *w, int have, struct vt_error *err)
{
	int rc;

	if (have < (int)w->o->level || w->o->level == VT_LEVEL_LTA)
		return VT_OK;
	if (w->o->level > VT_LEVEL_T) {
		if ((rc = judge_alone(w, err)) != VT_OK)
			return rc;
		if (check_all(w, NULL) != VT_OK)
			return judge(w, w->o->trust, true, NULL, err);
	}
	return vt_error_set(err, VT_EREFUSED, NULL, "it is at level %s already",
	    vt_level_name((enum vt_level)have));
}

/* Is SRC something that can be raised to the level that is wanted? */
static int
check_first(struct work *w, struct vt_extend_result *res, struct vt_error *err)
{
	const struct vt_report *r = w->report;
	int rc, have;

	if (r->format != VT_REPORT_PDF && r->format != VT_REPORT_CMS &&
	    r->format != VT_REPORT_XML)
		return vt_error_set(err,
		    r->format == VT_REPORT_OTHER ? VT_EREFUSED
						 : VT_EUNSUPPORTED,
		    NULL,
		    "it is neither a signed PDF nor a CMS signature nor signed "
		    "XML");
	if (r->format == VT_REPORT_XML && w->o->level > VT_LEVEL_T)
		return vt_error_set(err, VT_EUNSUPPORTED, "EN 319 132-1, 6",
		    "XML is extended to level T only; say --level T");
	/* The others are covered by it: to add to them would break it. */
	if (r->format == VT_REPORT_XML)
		w->last_only = true;
	if (r->nsignatures == 0 && strcmp(r->reason, "unsigned") == 0)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "there is no signature in it; vanthu sign makes one");
	if (r->nsignatures == 0)
		return vt_error_set(err, VT_EREFUSED, NULL, "%s",
		    vt_reason_text(r->reason));
	if ((rc = check_all(w, err)) != VT_OK)
		return rc;
	if ((have = least_level(w)) < 0)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "no signature in it is of a baseline form, so none has a "
		    "level");
	if ((rc = refuse_reached(w, have, err)) != VT_OK)
		return rc;
	res->from = (enum vt_level)have;
	res->renewed = have == VT_LEVEL_LTA;
	return VT_OK;
}

/* ---- steps ---- */

/* The next step writes into a file of its own, beside what it reads. */
static int
step_begin(struct work *w, struct vt_out **ret, struct vt_error *err)
{
	return vt_out_open(w->path, ret, err);
}

/* OUT is what has been made now; what was before it is not needed any more. */
static int
step_end(struct work *w, struct vt_out *out, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_borrow(vt_out_fd(out), &src, err)) != VT_OK) {
		vt_out_abort(out);
		return rc;
	}
	if (w->src != w->first)
		vt_source_free(w->src);
	vt_out_abort(w->out);
	w->src = src;
	w->out = out;
	return VT_OK;
}

/* Those whose time is not proven, and must be for what is wanted. */
static bool
needs_stamp(const struct work *w, size_t i)
{
	const struct vt_report_signature *sig = &w->report->signatures[i];

	if (!concerns(w, i))
		return false;
	return level_of(sig) < (int)VT_LEVEL_T || proves_nothing(w, i) ||
	       (w->o->level > VT_LEVEL_T && sig->timestamp == VT_TIME_NONE);
}

static int
need_authority(const struct work *w, struct vt_error *err)
{
	return w->o->stamping != NULL
		   ? VT_OK
		   : (int)vt_error_set(err, VT_EARG, NULL,
			 "which authority gives the time stamp? --tsa URL, or "
			 "[sign] tsa in vanthu.conf");
}

static int
step_timestamp(struct work *w, struct vt_error *err)
{
	bool which[VT_VERIFY_SIGNATURES] = { false }, any = false;
	struct vt_out *out = NULL;
	size_t i;
	int rc;

	for (i = 0; i < w->report->nsignatures; i++) {
		which[i] = needs_stamp(w, i);
		any = any || which[i];
	}
	if (!any)
		return VT_OK;
	if ((rc = need_authority(w, err)) != VT_OK ||
	    (rc = step_begin(w, &out, err)) != VT_OK)
		return rc;
	rc = vt_sign_add_timestamp(w->src, w->format, w->o->pdf_password,
	    w->o->stamping, which, out, err);
	if (rc == VT_OK)
		return step_end(w, out, err);
	vt_out_abort(out);
	return rc;
}

/* Everything holds now, and what it was judged by is kept. */
static int
gather(struct work *w, struct vt_error *err)
{
	const struct vt_trust_used *tsa = NULL;
	size_t i;
	int rc;

	if ((rc = judge(w, w->o->trust, true, &w->used, err)) != VT_OK ||
	    (rc = check_all(w, err)) != VT_OK)
		return rc;
	for (i = 0; i < w->report->nsignatures; i++) {
		const struct vt_report_signature *sig =
		    &w->report->signatures[i];

		if (concerns(w, i) && sig->timestamp == VT_TIME_NONE)
			return refuse(w, sig, stamp_reason(sig), NULL, err);
	}
	if (w->o->level != VT_LEVEL_LTA)
		return VT_OK;
	/* The stamp to come is by an authority whose data goes under it. */
	if ((rc = need_authority(w, err)) != VT_OK ||
	    (rc = vt_stamping_trial(w->o->stamping, &tsa, NULL, err)) != VT_OK)
		return rc;
	if (tsa->certs.n == 0)
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "whether the time-stamping authority's certificate was "
		    "revoked is not known here");
	return vt_trust_used_merge(&w->used, tsa, err);
}

static int
step_validation(struct work *w, struct vt_error *err)
{
	bool which[VT_VERIFY_SIGNATURES], added = false;
	struct vt_out *out = NULL;
	int rc;

	if ((rc = gather(w, err)) != VT_OK ||
	    (rc = step_begin(w, &out, err)) != VT_OK)
		return rc;
	concerned(w, which);
	rc = vt_sign_add_validation(w->src, w->format, w->o->pdf_password,
	    which, &w->used, out, &added, err);
	if (rc == VT_OK && added)
		return step_end(w, out, err);
	vt_out_abort(out);
	return rc;
}

static int
step_archive(struct work *w, struct vt_error *err)
{
	bool which[VT_VERIFY_SIGNATURES];
	struct vt_out *out = NULL;
	int rc;

	concerned(w, which);
	if ((rc = step_begin(w, &out, err)) != VT_OK)
		return rc;
	rc = vt_sign_add_archive(w->src, w->format, w->o->pdf_password,
	    w->o->stamping, which, w->o->content, out, err);
	if (rc == VT_OK)
		return step_end(w, out, err);
	vt_out_abort(out);
	return rc;
}

/* ---- the result ---- */

static int
check_last(struct work *w, struct vt_extend_result *res, struct vt_error *err)
{
	size_t i;
	int rc;

	rc = judge_alone(w, err);
	if (rc == VT_OK)
		rc = check_all(w, err);
	for (i = 0; rc == VT_OK && i < w->report->nsignatures; i++) {
		const struct vt_report_signature *sig =
		    &w->report->signatures[i];

		if (!concerns(w, i))
			continue;
		res->nsignatures++;
		if (sig->level != NULL && level_of(sig) < (int)w->o->level)
			rc = refuse(w, sig, stamp_reason(sig), NULL, err);
	}
	return rc;
}

static int
run(struct work *w, struct vt_extend_result *res, struct vt_error *err)
{
	int rc;

	if ((rc = judge(w, w->o->trust, true, NULL, err)) != VT_OK ||
	    (rc = check_first(w, res, err)) != VT_OK)
		return rc;
	w->format = w->report->format == VT_REPORT_PDF   ? VT_SIGN_PDF
		    : w->report->format == VT_REPORT_XML ? VT_SIGN_XML
		    : w->o->content != NULL              ? VT_SIGN_DETACHED
							 : VT_SIGN_ATTACHED;
	if ((rc = step_timestamp(w, err)) != VT_OK ||
	    (w->o->level >= VT_LEVEL_LT &&
		(rc = step_validation(w, err)) != VT_OK) ||
	    (w->o->level == VT_LEVEL_LTA &&
		(rc = step_archive(w, err)) != VT_OK) ||
	    (rc = check_last(w, res, err)) != VT_OK)
		return rc;
	res->format = w->format;
	res->size = vt_source_size(w->src);
	return vt_source_unchanged(w->first, err);
}

static int
extend(struct vt_source *src, const char *path,
    const struct vt_extend_options *opts, bool last_only,
    struct vt_out **ret_out, struct vt_extend_result *ret, struct vt_error *err)
{
	struct vt_extend_result res = { 0 };
	struct work w = { .o = opts,
		.path = path,
		.first = src,
		.src = src,
		.last_only = last_only };
	int rc = run(&w, &res, err);

	if (rc == VT_OK && w.out == NULL)
		rc = vt_error_set(err, VT_EREFUSED, NULL,
		    "it is at level %s already", vt_level_name(opts->level));
	vt_report_free(w.report);
	vt_trust_used_release(&w.used);
	if (w.src != src)
		vt_source_free(w.src);
	if (rc == VT_OK) {
		*ret_out = w.out;
		*ret = res;
	} else {
		vt_out_abort(w.out);
	}
	return rc;
}

int
vt_office_extend(struct vt_source *src, const char *path,
    const struct vt_extend_options *opts, struct vt_out **ret_out,
    struct vt_extend_result *ret, struct vt_error *err)
{
	return extend(src, path, opts, false, ret_out, ret, err);
}

/* ---- signing ---- */

/* *OUT holds level T; what comes of it takes its place. */
static int
lift(struct vt_source *content, const char *path,
    const struct vt_sign_options *opts, struct vt_out **out,
    struct vt_sign_result *res, struct vt_error *err)
{
	const struct vt_extend_options how = {
		.level = opts->level,
		.stamping = opts->stamping,
		.trust = opts->trust,
		.fetch = opts->fetch,
		.fetch_ctx = opts->fetch_ctx,
		.aia = opts->aia,
		.content = content,
		.pdf_password = opts->pdf_password,
	};
	struct vt_extend_result extended = { 0 };
	struct vt_source *src = NULL;
	struct vt_out *more = NULL;
	int rc;

	if ((rc = vt_source_borrow(vt_out_fd(*out), &src, err)) == VT_OK)
		rc = extend(src, path, &how, true, &more, &extended, err);
	vt_source_free(src);
	if (rc != VT_OK)
		return rc;
	vt_out_abort(*out);
	*out = more;
	res->size = extended.size;
	return VT_OK;
}

int
vt_office_sign_source(struct vt_source *src, const char *path,
    const struct vt_sign_options *opts, struct vt_out **ret_out,
    struct vt_sign_result *ret, struct vt_error *err)
{
	struct vt_out *out = NULL;
	int rc;

	if ((rc = vt_out_open(path, &out, err)) != VT_OK)
		return rc;
	rc = vt_sign_source(src, opts, out, ret, err);
	if (rc == VT_OK && opts->level >= VT_LEVEL_LT)
		rc = lift(ret->format == VT_SIGN_DETACHED ? src : opts->content,
		    path, opts, &out, ret, err);
	if (rc == VT_OK)
		*ret_out = out;
	else
		vt_out_abort(out);
	return rc;
}
