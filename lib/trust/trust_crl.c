/* trust_crl.c - what revocation lists say of a certificate at an instant */
#include <string.h>

#include <openssl/err.h>

#include "trust_int.h"

/*
 * Scope, issuer, signature and deltas of a list are OpenSSL's to judge
 * (RFC 5280, 6.3); which list may speak for which instant is ours, since
 * OpenSSL knows one time only.  So it is run over the lists that we choose, in
 * a walk of the path from the certificate in question on.
 */

#define EXPIRED_CERTS_ON_CRL "2.5.29.60" /* X.509, 9.5.2.8 */

#define LISTS_OURS 48 /* lists of the store that are tried */
#define LISTS_ITS 16  /* lists of the message */
#define SIGNERS 64    /* certificates that may have signed them; as many CAs */

enum outcome {
	OUTCOME_NONE, /* the lists do not settle it */
	OUTCOME_GOOD,
	OUTCOME_REVOKED
};

struct lists {
	struct vt_crl *items[LISTS_OURS + LISTS_ITS]; /* borrowed */
	size_t n;
};

/* One judgement of certs[i]. */
struct judge {
	const struct vt_trust *trust;
	const struct vt_trust_query *q;
	const struct vt_trust_path *path;
	size_t i;
	const struct vt_cert *cert;
	struct lists lists;      /* whose issuer speaks for CERT */
	struct vt_certs signers; /* that may have signed them */
};

/* One run of OpenSSL. */
struct run {
	int64_t at;
	const struct lists *use;
	bool failed;
	X509_CRL *failed_list; /* the one to blame, borrowed, or NULL */
	bool revoked;
	int64_t revoked_at;
	int reason;
};

static bool
revocation_read(X509_CRL *crl, X509 *x, int64_t *ret_at, int *ret_reason)
{
	X509_REVOKED *entry = NULL;
	ASN1_ENUMERATED *reason;

	if (crl == NULL || X509_CRL_get0_by_cert(crl, &entry, x) != 1)
		return false;
	*ret_reason = CRL_REASON_UNSPECIFIED;
	reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	if (reason != NULL)
		*ret_reason = (int)ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	if (!vt_x509_time(X509_REVOKED_get0_revocationDate(entry), ret_at))
		*ret_at = 0; /* cannot be read: since ever */
	return true;
}

/* The entry that OpenSSL met: in its list, or in a delta that it took with it.
 */
static bool
revocation_find(const struct run *run, X509_STORE_CTX *ctx, int64_t *ret_at,
    int *ret_reason)
{
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	size_t i;

	if (revocation_read(X509_STORE_CTX_get0_current_crl(ctx), x, ret_at,
		ret_reason))
		return true;
	for (i = 0; i < run->use->n; i++)
		if (vt_crl_is_delta(run->use->items[i]) &&
		    revocation_read(vt_crl_x509(run->use->items[i]), x, ret_at,
			ret_reason))
			return true;
	return false;
}

static bool
about_lists(int code)
{
	switch (code) {
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
	case X509_V_ERR_CERT_REVOKED:
	case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
	case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
	case X509_V_ERR_DIFFERENT_CRL_SCOPE:
	case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
	case X509_V_ERR_INVALID_EXTENSION:
		return true;
	default:
		return false;
	}
}

/*
 * Rules of the path, judged on the whole of it: a walk that starts in the
 * middle takes a self-issued CA for an end entity, and its name for bound.
 */
static bool
about_names(int code)
{
	switch (code) {
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION:
	case X509_V_ERR_SUBTREE_MINMAX:
	case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
	case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
	case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
		return true;
	default:
		return false;
	}
}

static bool
top_of_chain(X509_STORE_CTX *ctx)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

	return chain != NULL &&
	       X509_STORE_CTX_get_error_depth(ctx) == sk_X509_num(chain) - 1;
}

/* A list's signer, and those above it, were valid when it was issued. */
static bool
signer_in_time(X509_STORE_CTX *ctx)
{
	X509_STORE_CTX *parent = X509_STORE_CTX_get0_parent_ctx(ctx);
	X509_CRL *crl = X509_STORE_CTX_get0_current_crl(parent);
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	int64_t issued, from, until;

	return crl != NULL && x != NULL &&
	       vt_x509_time(X509_CRL_get0_lastUpdate(crl), &issued) &&
	       vt_x509_time(X509_get0_notBefore(x), &from) &&
	       vt_x509_time(X509_get0_notAfter(x), &until) && from <= issued &&
	       issued <= until;
}

/* On the way to the signer of a list, which is not on the path. */
static int
on_signer(struct run *run, int ok, X509_STORE_CTX *ctx)
{
	int code = X509_STORE_CTX_get_error(ctx), reason;
	int64_t at;

	if (ok && signer_in_time(ctx))
		return 1;
	/* No list is asked about an anchor; a later revocation is none yet. */
	if (!ok && about_lists(code) && top_of_chain(ctx))
		return 1;
	if (!ok && code == X509_V_ERR_CERT_REVOKED &&
	    revocation_find(run, ctx, &at, &reason) && at > run->at)
		return 1;
	run->failed = true;
	return 0;
}

static int
on_walk(int ok, X509_STORE_CTX *ctx)
{
	struct run *run = vt_trust_walk_of(ctx)->arg;
	int code = X509_STORE_CTX_get_error(ctx), reason;
	int64_t at;

	if (X509_STORE_CTX_get0_parent_ctx(ctx) != NULL)
		return on_signer(run, ok, ctx);
	if (ok)
		return 1;
	if (about_names(code))
		return 1;
	/* Each certificate of the path has a run of its own. */
	if (about_lists(code) && X509_STORE_CTX_get_error_depth(ctx) > 0)
		return 1;
	if (code == X509_V_ERR_CERT_REVOKED &&
	    revocation_find(run, ctx, &at, &reason)) {
		run->revoked = true;
		run->revoked_at = at;
		run->reason = reason;
		/* Revoked later: another list may still say earlier. */
		return at > run->at;
	}
	run->failed = true;
	run->failed_list = X509_STORE_CTX_get0_current_crl(ctx);
	return 0;
}

static bool
same_name(const X509_NAME *a, const X509_NAME *b)
{
	return X509_NAME_cmp(a, b) == 0;
}

/* true where the certificate says that LIST's issuer lists for its own. */
static bool
names_crl_issuer(const X509 *x, const X509_NAME *issuer)
{
	STACK_OF(DIST_POINT) * points;
	const GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	bool found = false;
	int i, k;

	points = X509_get_ext_d2i(x, NID_crl_distribution_points, NULL, NULL);
	for (i = 0; i < sk_DIST_POINT_num(points); i++) {
		names = sk_DIST_POINT_value(points, i)->CRLissuer;
		for (k = 0; k < sk_GENERAL_NAME_num(names); k++) {
			name = sk_GENERAL_NAME_value(names, k);
			if (name->type == GEN_DIRNAME &&
			    same_name(name->d.directoryName, issuer))
				found = true;
		}
	}
	CRL_DIST_POINTS_free(points);
	return found;
}

static bool
speaks_for(const struct vt_cert *cert, const struct vt_crl *list)
{
	const X509_NAME *issuer = X509_CRL_get_issuer(vt_crl_x509(list));
	const X509 *x = vt_cert_x509(cert);

	return same_name(issuer, X509_get_issuer_name(x)) ||
	       names_crl_issuer(x, issuer);
}

/*
 * Add to the lists [FROM, MAX), the youngest first.  Where there are too many
 * the oldest fall out: what they say, younger ones say too.
 */
static void
lists_insert(struct lists *l, size_t from, size_t max, struct vt_crl *list)
{
	size_t at = l->n;

	while (at > from &&
	       vt_crl_this_update(l->items[at - 1]) < vt_crl_this_update(list))
		at--;
	if (l->n == max && at == max)
		return;
	if (l->n == max)
		l->n--;
	memmove(&l->items[at + 1], &l->items[at],
	    (l->n - at) * sizeof(l->items[0]));
	l->items[at] = list;
	l->n++;
}

/* A message cannot crowd out the lists of the store. */
static void
lists_find(struct judge *j)
{
	const struct vt_crls *ours = &j->trust->crls, *its = j->q->crls;
	size_t i, from;

	for (i = 0; i < ours->n; i++)
		if (speaks_for(j->cert, ours->items[i]))
			lists_insert(&j->lists, 0, LISTS_OURS, ours->items[i]);
	from = j->lists.n;
	for (i = 0; its != NULL && i < its->n; i++)
		if (speaks_for(j->cert, its->items[i]))
			lists_insert(&j->lists, from, from + LISTS_ITS,
			    its->items[i]);
}

static bool
may_sign_lists(const struct judge *j, const struct vt_cert *cert)
{
	const X509_NAME *name = X509_get_subject_name(vt_cert_x509(cert));
	size_t i;

	if ((vt_cert_key_usage(cert) & VT_KU_CRL_SIGN) == 0)
		return false;
	for (i = 0; i < j->lists.n; i++)
		if (same_name(name,
			X509_CRL_get_issuer(vt_crl_x509(j->lists.items[i]))))
			return true;
	return false;
}

/*
 * Certificates beside the path whose key may have signed one of the lists, and
 * the CAs of the store, by which these are certified.
 */
static int
signers_find(struct judge *j, struct vt_error *err)
{
	const struct vt_certs *sets[3] = { &j->trust->certs, &j->trust->anchors,
		j->q->certs };
	const struct vt_certs *cas = &j->trust->certs;
	size_t i, k;
	int rc = VT_OK;

	for (i = 0; i < 3; i++)
		for (k = 0; sets[i] != NULL && k < sets[i]->n && rc == VT_OK &&
			    j->signers.n < SIGNERS;
		     k++)
			if (may_sign_lists(j, sets[i]->items[k]))
				rc = vt_certs_add(&j->signers,
				    sets[i]->items[k], err);
	for (k = 0; k < cas->n && rc == VT_OK && j->signers.n < 2 * SIGNERS;
	     k++)
		if (vt_cert_is_ca(cas->items[k]))
			rc = vt_certs_add(&j->signers, cas->items[k], err);
	return rc;
}

/* As far as time goes, LIST may speak of AT. */
static bool
in_time(const struct vt_crl *list, int64_t at)
{
	return vt_crl_this_update(list) > at ||
	       (vt_crl_next_update(list) != VT_TIME_NONE &&
		   vt_crl_next_update(list) >= at);
}

/*
 * The lists of a run: those in USE, and those of other issuers, by which the
 * signer of an indirect list is itself judged.
 */
static STACK_OF(X509_CRL) *
    run_lists(const struct judge *j, const struct lists *use)
{
	const struct vt_crls *sets[2] = { &j->trust->crls, j->q->crls };
	STACK_OF(X509_CRL) *stack = sk_X509_CRL_new_null();
	size_t i, k;
	bool ok = stack != NULL;

	for (i = 0; i < use->n && ok; i++)
		ok = sk_X509_CRL_push(stack, vt_crl_x509(use->items[i])) > 0;
	for (i = 0; i < 2; i++)
		for (k = 0; sets[i] != NULL && k < sets[i]->n && ok; k++)
			if (!speaks_for(j->cert, sets[i]->items[k]) &&
			    in_time(sets[i]->items[k], j->q->at))
				ok = sk_X509_CRL_push(stack,
					 vt_crl_x509(sets[i]->items[k])) > 0;
	if (!ok) {
		sk_X509_CRL_free(stack);
		return NULL;
	}
	return stack;
}

static int
run_once(struct judge *j, const struct lists *use, struct run *run,
    enum outcome *ret, struct vt_error *err)
{
	struct vt_trust_walk walk;
	STACK_OF(X509_CRL) * stack;
	int n, rc;

	*ret = OUTCOME_NONE;
	run->at = j->q->at;
	run->use = use;
	if ((stack = run_lists(j, use)) == NULL)
		return vt_error_nomem(err);
	rc = vt_trust_walk_init(&walk, j->path, j->i, &j->signers,
	    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
		X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS,
	    on_walk, run, err);
	if (rc == VT_OK) {
		X509_STORE_CTX_set0_crls(walk.ctx, stack);
		n = X509_verify_cert(walk.ctx);
		if (run->revoked && !run->failed)
			*ret = OUTCOME_REVOKED;
		else if (n == 1 && !run->failed && vt_trust_walked(&walk))
			*ret = OUTCOME_GOOD;
		vt_trust_walk_release(&walk);
	}
	sk_X509_CRL_free(stack);
	return rc;
}

/* The same without each list that turns out not to be genuine. */
static int
run_genuine(struct judge *j, struct lists *use, struct run *run,
    enum outcome *ret, struct vt_error *err)
{
	size_t i;
	int rc;

	for (;;) {
		memset(run, 0, sizeof(*run));
		if ((rc = run_once(j, use, run, ret, err)) != VT_OK ||
		    !run->failed || run->failed_list == NULL)
			return rc;
		for (i = 0; i < use->n; i++)
			if (vt_crl_x509(use->items[i]) == run->failed_list)
				break;
		if (i == use->n)
			return VT_OK;
		memmove(&use->items[i], &use->items[i + 1],
		    (use->n - i - 1) * sizeof(use->items[0]));
		use->n--;
	}
}

/*
 * From when on a list keeps expired certificates; VT_TIME_NONE where it does
 * not say that it keeps any.
 */
static int64_t
keeps_expired_since(const struct vt_crl *list)
{
	ASN1_GENERALIZEDTIME *t = NULL;
	ASN1_OCTET_STRING *value;
	const unsigned char *p;
	ASN1_OBJECT *oid;
	int64_t since = VT_TIME_NONE;
	int at;

	if ((oid = OBJ_txt2obj(EXPIRED_CERTS_ON_CRL, 1)) == NULL)
		return since;
	at = X509_CRL_get_ext_by_OBJ(vt_crl_x509(list), oid, -1);
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return since;
	value =
	    X509_EXTENSION_get_data(X509_CRL_get_ext(vt_crl_x509(list), at));
	p = ASN1_STRING_get0_data(value);
	t = d2i_ASN1_GENERALIZEDTIME(NULL, &p, ASN1_STRING_length(value));
	(void)vt_x509_time(t, &since);
	ASN1_GENERALIZEDTIME_free(t);
	return since;
}

/*
 * May LIST's silence speak for CERT at AT?  Not where CERT had expired when it
 * was issued, and may have been dropped (RFC 5280, 3.3).
 */
static bool
current(const struct vt_crl *list, const struct vt_cert *cert, int64_t at)
{
	int64_t since;

	if (!in_time(list, at))
		return false;
	if (vt_crl_this_update(list) <= vt_cert_not_after(cert))
		return true;
	since = keeps_expired_since(list);
	return since != VT_TIME_NONE && since <= vt_cert_not_after(cert);
}

static const char *
reason_name(int reason)
{
	static const char *const names[] = {
		[CRL_REASON_UNSPECIFIED] = "unspecified",
		[CRL_REASON_KEY_COMPROMISE] = "keyCompromise",
		[CRL_REASON_CA_COMPROMISE] = "cACompromise",
		[CRL_REASON_AFFILIATION_CHANGED] = "affiliationChanged",
		[CRL_REASON_SUPERSEDED] = "superseded",
		[CRL_REASON_CESSATION_OF_OPERATION] = "cessationOfOperation",
		[CRL_REASON_CERTIFICATE_HOLD] = "certificateHold",
		[CRL_REASON_REMOVE_FROM_CRL] = "removeFromCRL",
		[CRL_REASON_PRIVILEGE_WITHDRAWN] = "privilegeWithdrawn",
		[CRL_REASON_AA_COMPROMISE] = "aACompromise",
	};

	if (reason < 0 || (size_t)reason >= sizeof(names) / sizeof(names[0]))
		return NULL;
	return names[reason];
}

static void
revoke(struct vt_trust_status *s, const struct run *run, int64_t at)
{
	if (s->at != VT_TIME_NONE && s->at <= run->revoked_at)
		return;
	s->at = run->revoked_at;
	s->reason = reason_name(run->reason);
	if (s->at <= at)
		s->revocation = VT_REVOKED_YES;
}

/*
 * A hold that LIST tells of had ended where a younger list of before the
 * instant is silent, or a delta to LIST takes it back.
 */
static int
hold_ended(struct judge *j, struct vt_crl *list, bool *ret,
    struct vt_error *err)
{
	struct lists use;
	struct run run;
	struct vt_crl *later;
	enum outcome outcome;
	size_t i;
	int rc;

	*ret = false;
	for (i = 0; i < j->lists.n && !*ret; i++) {
		later = j->lists.items[i];
		if (vt_crl_this_update(later) <= vt_crl_this_update(list) ||
		    vt_crl_this_update(later) > j->q->at)
			continue;
		use.n = 0;
		use.items[use.n++] = later;
		if (vt_crl_is_delta(later))
			use.items[use.n++] = list;
		if ((rc = run_genuine(j, &use, &run, &outcome, err)) != VT_OK)
			return rc;
		*ret = outcome == OUTCOME_GOOD;
	}
	return VT_OK;
}

/* Each list that has the certificate counts, however old it is. */
static int
judge_listed(struct judge *j, struct vt_trust_status *s, struct vt_error *err)
{
	struct lists one;
	struct run run;
	enum outcome outcome;
	int64_t at;
	size_t i;
	int reason, rc;
	bool ended;

	for (i = 0; i < j->lists.n; i++) {
		one.items[0] = j->lists.items[i];
		one.n = 1;
		if (!revocation_read(vt_crl_x509(one.items[0]),
			vt_cert_x509(j->cert), &at, &reason))
			continue;
		if ((rc = run_genuine(j, &one, &run, &outcome, err)) != VT_OK)
			return rc;
		if (outcome != OUTCOME_REVOKED)
			continue;
		ended = false;
		if (run.reason == CRL_REASON_CERTIFICATE_HOLD &&
		    (rc = hold_ended(j, j->lists.items[i], &ended, err)) !=
			VT_OK)
			return rc;
		if (!ended)
			revoke(s, &run, j->q->at);
	}
	return VT_OK;
}

/* All lists that may speak for the instant, together. */
static int
judge_current(struct judge *j, struct vt_trust_status *s, struct vt_error *err)
{
	struct lists use = { .n = 0 };
	struct run run;
	enum outcome outcome;
	size_t i;
	int rc;

	for (i = 0; i < j->lists.n; i++)
		if (current(j->lists.items[i], j->cert, j->q->at))
			use.items[use.n++] = j->lists.items[i];
	if (use.n == 0)
		return VT_OK;
	if ((rc = run_genuine(j, &use, &run, &outcome, err)) != VT_OK)
		return rc;
	if (outcome == OUTCOME_REVOKED)
		revoke(s, &run, j->q->at);
	if (s->revocation != VT_REVOKED_YES && outcome != OUTCOME_NONE)
		s->revocation = VT_REVOKED_NO;
	return VT_OK;
}

int
vt_trust_status(const struct vt_trust *trust, const struct vt_trust_query *q,
    const struct vt_trust_path *path, size_t i, struct vt_trust_status *ret,
    struct vt_error *err)
{
	struct judge j = { .trust = trust,
		.q = q,
		.path = path,
		.i = i,
		.cert = path->certs[i] };
	struct vt_trust_status s = { .at = VT_TIME_NONE };
	int rc;

	ERR_set_mark();
	lists_find(&j);
	if (j.lists.n == 0)
		rc = VT_OK;
	else if ((rc = signers_find(&j, err)) == VT_OK &&
		 (rc = judge_listed(&j, &s, err)) == VT_OK)
		rc = judge_current(&j, &s, err);
	ERR_pop_to_mark();
	vt_certs_release(&j.signers);
	if (rc != VT_OK)
		return rc;
	*ret = s;
	return VT_OK;
}
