/* trust_judge.c - facts of each path, and the one verdict */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "trust_int.h"

#define DETAIL_MAX 1024 /* bytes of one line of explanation */

/* A first finding of each kind: which certificate, and the status of lists. */
struct facts {
	struct vt_trust_fault fault;
	bool revoked, unknown, notyet, expired;
	bool weak; /* the certificate itself */
	size_t revoked_depth, unknown_depth, notyet_depth, expired_depth;
	struct vt_trust_status revocation; /* of the revoked one */
};

struct best {
	const struct vt_trust *trust;
	const struct vt_trust_query *q;
	struct vt_trust_work work;
	bool any;
	bool settled; /* a path failed by what is the same on any other */
	struct vt_trust_result result;
	struct vt_trust_path
	    open[VT_TRUST_OPEN_MAX]; /* only revocation is not known */
	size_t nopen;
};

#define EKU_SERVER "1.3.6.1.5.5.7.3.1"
#define EKU_CODE "1.3.6.1.5.5.7.3.3"
#define EKU_TIME "1.3.6.1.5.5.7.3.8"
#define EKU_OCSP "1.3.6.1.5.5.7.3.9"

static bool
key_signs(const struct vt_cert *cert)
{
	return (vt_cert_key_usage(cert) &
		   (VT_KU_SIGNATURE | VT_KU_COMMITMENT)) != 0;
}

/* Key usage and extended key usage of a certificate that signs documents. */
static bool
signs_documents(const struct vt_cert *cert)
{
	/* Each is a purpose of its own, none of them documents. */
	static const char *const others[] = { EKU_SERVER, EKU_CODE, EKU_TIME,
		EKU_OCSP };
	const struct vt_list *eku = vt_cert_eku(cert);
	size_t i, k;

	for (i = 0; i < eku->n; i++) {
		for (k = 0; k < sizeof(others) / sizeof(others[0]); k++)
			if (strcmp(eku->items[i], others[k]) == 0)
				break;
		if (k == sizeof(others) / sizeof(others[0]))
			break;
	}
	return key_signs(cert) && (eku->n == 0 || i < eku->n);
}

/* RFC 3161, 2.3: the one purpose, and critical. */
static bool
makes_time_stamps(const struct vt_cert *cert)
{
	const struct vt_list *eku = vt_cert_eku(cert);
	const X509 *x = vt_cert_x509(cert);
	int at = X509_get_ext_by_NID(x, NID_ext_key_usage, -1);

	return key_signs(cert) && eku->n == 1 &&
	       strcmp(eku->items[0], EKU_TIME) == 0 && at >= 0 &&
	       X509_EXTENSION_get_critical(X509_get_ext(x, at)) == 1;
}

static bool
usage_fits(const struct vt_trust_query *q)
{
	switch (q->purpose) {
	case VT_PURPOSE_ANY:
		return true;
	case VT_PURPOSE_SIGN:
		return signs_documents(q->cert);
	case VT_PURPOSE_TIMESTAMP:
		return makes_time_stamps(q->cert);
	}
	return false;
}

static void
judge_times(const struct vt_trust_path *path, int64_t at, struct facts *f)
{
	size_t i;

	for (i = path->n; i-- > 0;) {
		if (at < vt_cert_not_before(path->certs[i])) {
			f->notyet = true;
			f->notyet_depth = i;
		}
		if (at > vt_cert_not_after(path->certs[i])) {
			f->expired = true;
			f->expired_depth = i;
		}
	}
}

static int
judge_weak(const struct best *b, const struct vt_trust_path *path,
    bool anchored, struct vt_list *weak, struct facts *f, struct vt_error *err)
{
	const struct vt_algorithms *a = b->trust->algorithms;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < path->n && rc == VT_OK; i++) {
		rc = vt_algorithms_weak_key(a, path->certs[i], b->q->at, weak,
		    err);
		/* What an anchor signs itself with proves nothing. */
		if (rc == VT_OK && !(anchored && i + 1 == path->n))
			rc = vt_algorithms_weak_digest(a,
			    vt_cert_digest(path->certs[i]), b->q->at, weak,
			    err);
		if (i == 0)
			f->weak = weak->n > 0;
	}
	return rc;
}

static int
judge_revocation(struct best *b, const struct vt_trust_path *path, bool fetch,
    struct vt_trust_result *r, struct facts *f, struct vt_error *err)
{
	struct vt_trust_work *w = &b->work;
	struct vt_trust_status s;
	size_t i;
	int rc;

	r->revoked_at = VT_TIME_NONE;
	if (path->n == 1) /* an anchor: nobody revokes it */
		r->revocation = VT_REVOKED_NO;
	for (i = path->n - 1; i-- > 0;) {
		rc = vt_trust_status(w, path, i, b->q->at, &s, err);
		if (rc == VT_OK && fetch && s.revocation == VT_REVOKED_UNKNOWN)
			rc = vt_trust_fetch_status(w, path, i, &s, err);
		if (rc == VT_OK && fetch && s.revocation != VT_REVOKED_YES)
			rc = vt_trust_fetch_delta(w, path, i, &s, err);
		if (rc != VT_OK)
			return rc;
		if (i == 0) {
			r->revocation = s.revocation;
			r->revoked_at = s.at;
			r->revocation_reason = s.reason;
		}
		if (s.revocation == VT_REVOKED_YES) {
			f->revoked = true;
			f->revoked_depth = i;
			f->revocation = s;
		} else if (s.revocation == VT_REVOKED_UNKNOWN) {
			f->unknown = true;
			f->unknown_depth = i;
		}
	}
	return VT_OK;
}

static const char *
title(const struct vt_trust_path *path, size_t depth)
{
	return vt_cert_title(path->certs[depth < path->n ? depth : 0]);
}

static void
detail(struct vt_trust_result *r, const char *who, const char *msgid,
    const char *a, const char *b)
{
	struct vt_buf buf;

	vt_buf_init(&buf, DETAIL_MAX);
	if (vt_buf_puts(&buf, who) == VT_OK &&
	    vt_buf_puts(&buf, ": ") == VT_OK &&
	    vt_buf_printf(&buf, vt_tr(msgid), a, b) == VT_OK)
		r->detail = (char *)vt_buf_take(&buf, NULL);
	vt_buf_release(&buf);
}

static void
decide(struct vt_trust_result *r, enum vt_verdict verdict, const char *reason)
{
	r->verdict = verdict;
	r->reason = reason;
}

/* The one place where facts become a verdict. */
static void
judge_verdict(const struct vt_trust_path *path, const struct facts *f,
    struct vt_trust_result *r)
{
	char when[VT_TIME_TEXT];

	if (f->fault.reason != NULL) {
		decide(r, VT_FAILED, f->fault.reason);
		detail(r, title(path, f->fault.depth), f->fault.msgid, NULL,
		    NULL);
	} else if (f->revoked) {
		decide(r, VT_FAILED, "revoked");
		detail(r, title(path, f->revoked_depth),
		    VT_N_("revoked at %s (%s)"),
		    vt_time_local(f->revocation.at, when),
		    f->revocation.reason != NULL ? f->revocation.reason : "?");
	} else if (f->notyet) {
		decide(r, VT_FAILED, "not-yet-valid");
		detail(r, title(path, f->notyet_depth), VT_N_("valid from %s"),
		    vt_time_local(vt_cert_not_before(
				      path->certs[f->notyet_depth]),
			when),
		    NULL);
	} else if (!r->usage_ok) {
		decide(r, VT_FAILED, "wrong-usage");
	} else if (r->weak.n > 0) {
		decide(r, VT_FAILED, "weak-algorithm");
	} else if (f->expired) {
		decide(r, VT_UNDECIDED, "expired");
		detail(r, title(path, f->expired_depth), VT_N_("valid to %s"),
		    vt_time_local(vt_cert_not_after(
				      path->certs[f->expired_depth]),
			when),
		    NULL);
	} else if (f->unknown) {
		decide(r, VT_UNDECIDED, "revocation-unknown");
		detail(r, title(path, f->unknown_depth),
		    VT_N_("no revocation list or OCSP answer speaks for it at "
			  "that time"),
		    NULL, NULL);
	} else {
		decide(r, VT_PASSED, "ok");
	}
}

static int
result_chain(struct vt_trust_result *r, const struct vt_trust_path *path,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < path->n && rc == VT_OK; i++)
		rc = vt_certs_add(&r->chain, path->certs[i], err);
	return rc;
}

/* What was used for this path is the result's; nothing is left for the next. */
static void
take_used(struct vt_trust_work *w, struct vt_trust_result *r)
{
	r->crls = w->used_crls;
	r->ocsps = w->used_ocsps;
	memset(&w->used_crls, 0, sizeof(w->used_crls));
	memset(&w->used_ocsps, 0, sizeof(w->used_ocsps));
	w->nmemo = 0;
}

/*
 * Of the certificate itself, whatever is above it: every issuer that it may
 * have has the one name and key that signed it, and the lists.
 */
static bool
is_settled(const struct facts *f, const struct vt_trust_result *r)
{
	return (f->revoked && f->revoked_depth == 0) ||
	       (f->notyet && f->notyet_depth == 0) || !r->usage_ok || f->weak;
}

static int
judge_path(struct best *b, const struct vt_trust_path *path, bool fetch,
    struct vt_trust_result *r, struct vt_error *err)
{
	struct facts f = { 0 };
	int rc;

	memset(r, 0, sizeof(*r));
	if ((rc = result_chain(r, path, err)) != VT_OK)
		return rc;
	r->tree = strdup(vt_trust_tree(b->trust, path->certs[path->n - 1]));
	if (r->tree == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_trust_path_check(path, b->q->policies, &f.fault, err)) ==
		VT_OK &&
	    (rc = judge_revocation(b, path, fetch, r, &f, err)) == VT_OK)
		rc = judge_weak(b, path, true, &r->weak, &f, err);
	take_used(&b->work, r);
	if (rc != VT_OK)
		return rc;
	judge_times(path, b->q->at, &f);
	r->path_ok = f.fault.reason == NULL;
	r->time_ok = !f.notyet && !f.expired;
	r->usage_ok = usage_fits(b->q);
	judge_verdict(path, &f, r);
	b->settled |= r->verdict == VT_FAILED && is_settled(&f, r);
	return VT_OK;
}

static int
rank(enum vt_verdict v)
{
	return v == VT_PASSED ? 2 : v == VT_UNDECIDED ? 1 : 0;
}

/* Of several paths the best counts; of equals, the first.  Takes R over. */
static void
consider(struct best *b, struct vt_trust_result *r)
{
	if (b->any && rank(r->verdict) <= rank(b->result.verdict)) {
		vt_trust_result_release(r);
		return;
	}
	vt_trust_result_release(&b->result);
	b->result = *r;
	b->any = true;
}

/* Something may be fetched that the answer depends on. */
static int
may_wait(struct best *b, const struct vt_trust_path *path,
    const struct vt_trust_result *r, bool *ret, struct vt_error *err)
{
	*ret = false;
	if (b->q->fetch == NULL || b->nopen == VT_TRUST_OPEN_MAX)
		return VT_OK;
	if (strcmp(r->reason, "revocation-unknown") == 0) {
		*ret = true;
		return VT_OK;
	}
	return r->verdict != VT_PASSED
		   ? VT_OK
		   : vt_trust_delta_wanted(&b->work, path, ret, err);
}

/* Where only the revocation is not known, and may be fetched, it waits. */
static int
on_path(void *ctx, const struct vt_trust_path *path, bool *stop,
    struct vt_error *err)
{
	struct best *b = ctx;
	struct vt_trust_result r;
	bool wait = false;
	int rc;

	if ((rc = judge_path(b, path, false, &r, err)) != VT_OK ||
	    (rc = may_wait(b, path, &r, &wait, err)) != VT_OK) {
		vt_trust_result_release(&r);
		return rc;
	}
	if (wait) {
		vt_trust_result_release(&r);
		b->open[b->nopen++] = *path;
		return VT_OK;
	}
	consider(b, &r);
	*stop = b->result.verdict == VT_PASSED;
	return VT_OK;
}

/* The paths that wait, now with what can be fetched. */
static int
judge_open(struct best *b, struct vt_error *err)
{
	struct vt_trust_result r;
	size_t i;
	int rc;

	for (i = 0; i < b->nopen; i++) {
		if (b->any && b->result.verdict == VT_PASSED)
			break;
		if ((rc = judge_path(b, &b->open[i], true, &r, err)) != VT_OK) {
			vt_trust_result_release(&r);
			return rc;
		}
		consider(b, &r);
	}
	return VT_OK;
}

/* Where paths failed, another that was not looked at might hold. */
static void
judge_limit(const struct best *b, struct vt_trust_result *r)
{
	if (r->verdict != VT_FAILED || b->settled)
		return;
	free(r->detail);
	r->detail = NULL;
	decide(r, VT_UNDECIDED, "limit");
	detail(r, vt_cert_title(b->q->cert),
	    VT_N_("there are more paths to a trust anchor than are tried"),
	    NULL, NULL);
}

/* No path: what the certificate says of itself is told, and counts little. */
static int
judge_unanchored(const struct best *b, const struct vt_trust_path *longest,
    bool limit, struct vt_trust_result *r, struct vt_error *err)
{
	const struct vt_cert *top = longest->certs[longest->n - 1];
	struct facts f = { 0 };
	int rc;

	if ((rc = result_chain(r, longest, err)) != VT_OK ||
	    (rc = judge_weak(b, longest, false, &r->weak, &f, err)) != VT_OK)
		return rc;
	judge_times(longest, b->q->at, &f);
	r->time_ok = !f.notyet && !f.expired;
	r->usage_ok = usage_fits(b->q);
	r->revoked_at = VT_TIME_NONE;
	if (limit) {
		decide(r, VT_UNDECIDED, "limit");
		return VT_OK;
	}
	decide(r, VT_UNDECIDED, "no-trust-anchor");
	detail(r, vt_cert_title(top), VT_N_("its issuer is not known: %s"),
	    vt_cert_issuer_line(top), NULL);
	return VT_OK;
}

static int
judge_all(struct best *b, struct vt_error *err)
{
	struct vt_trust_path longest;
	bool limit, more = true;
	int i, rc;

	for (i = 0;; i++) {
		rc = vt_trust_search(&b->work, on_path, b, &longest, &limit,
		    err);
		if (rc != VT_OK || b->any || b->nopen > 0 || limit ||
		    b->q->fetch == NULL || !b->q->aia)
			break;
		if (i == VT_TRUST_ISSUERS_MAX) {
			rc = vt_trust_issuer_wanted(&longest, &limit, err);
			break;
		}
		rc = vt_trust_fetch_issuer(&b->work, &longest, &more, err);
		if (rc != VT_OK || !more)
			break;
	}
	if (rc == VT_OK)
		rc = judge_open(b, err);
	if (rc == VT_OK && !b->any)
		rc = judge_unanchored(b, &longest, limit, &b->result, err);
	else if (rc == VT_OK && limit)
		judge_limit(b, &b->result);
	return rc;
}

static int
check_policies(const struct vt_trust_policies *p, struct vt_error *err)
{
	ASN1_OBJECT *oid;
	size_t i;

	if (p == NULL || p->oids == NULL)
		return VT_OK;
	for (i = 0; i < p->oids->n; i++) {
		ERR_set_mark();
		oid = OBJ_txt2obj(p->oids->items[i], 1);
		ERR_pop_to_mark();
		if (oid == NULL)
			return vt_error_set(err, VT_EARG, NULL,
			    "%s is not an object identifier",
			    p->oids->items[i]);
		ASN1_OBJECT_free(oid);
	}
	return VT_OK;
}

int
vt_trust_judge(const struct vt_trust *trust, const struct vt_trust_query *q,
    struct vt_trust_result *ret, struct vt_error *err)
{
	struct best *best;
	int rc;

	if (q->cert == NULL || q->at == VT_TIME_NONE)
		return vt_error_set(err, VT_EARG, NULL,
		    "nothing to judge, or no time to judge at");
	if ((rc = check_policies(q->policies, err)) != VT_OK)
		return rc;
	if ((best = calloc(1, sizeof(*best))) == NULL)
		return vt_error_nomem(err);
	best->trust = trust;
	best->q = q;
	vt_trust_work_init(&best->work, trust, q);
	if ((rc = judge_all(best, err)) == VT_OK)
		*ret = best->result;
	else
		vt_trust_result_release(&best->result);
	vt_trust_work_release(&best->work);
	free(best);
	return rc;
}

void
vt_trust_result_release(struct vt_trust_result *r)
{
	vt_certs_release(&r->chain);
	vt_list_release(&r->weak);
	vt_crls_release(&r->crls);
	vt_ocsps_release(&r->ocsps);
	free(r->detail);
	free(r->tree);
	memset(r, 0, sizeof(*r));
}
