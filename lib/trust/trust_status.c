/* trust_status.c - was a certificate revoked by an instant? */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "trust_int.h"

/*
 * Each list that has the certificate in its scope, alone and with each delta to
 * it, and each answer about it makes one statement.  Which statement may speak
 * for which instant is decided here, over all of them.
 */

struct paper {
	struct vt_crl *list;
	int64_t known;
	enum vt_trust_word word;
	bool weighed;
	bool asked, about; /* whether it has an entry of the certificate */
};

struct papers {
	struct paper items[VT_TRUST_LISTS_OURS + 2 * VT_TRUST_LISTS_ITS];
	size_t n;
	bool lost; /* one that may revoke found no place, or no sense */
};

struct statement {
	int64_t this_update;
	bool current; /* where it shows no revocation, that counts */
	bool proven;
	bool revoked;
	int64_t revoked_at;
	int reason;
	unsigned int reasons; /* that it knows of */
	struct vt_crl *list, *delta;
	struct vt_ocsp *ocsp;
};

struct judge {
	struct vt_trust_subject s;
	struct papers papers;
	struct statement said[VT_TRUST_STATEMENTS_MAX];
	size_t n;
	bool cut; /* not all was heard: what is missing might revoke */
};

/*
 * As far as time goes, silence of what was issued at THIS may speak of the
 * instant: it was current then, or is younger; and it had not yet dropped the
 * certificate as expired (RFC 5280, 3.3).
 */
static bool
speaks(const struct judge *j, int64_t this, int64_t next, int64_t keeps)
{
	int64_t end = vt_cert_not_after(j->s.cert);

	if (this <= j->s.at && (next == VT_TIME_NONE || next < j->s.at))
		return false;
	return this <= end || (keeps != VT_TIME_NONE && keeps <= end);
}

/*
 * Where the present is known, what comes from after it proves nothing.  It may
 * revoke all the same: only the clock here is behind, and whoever was revoked
 * must not be held for good by what was said before.
 */
static bool
from_the_future(const struct judge *j, int64_t this)
{
	const struct vt_trust_query *q = j->s.w->q;
	int64_t now = q->now;

	return !q->younger && now != 0 && now != VT_TIME_NONE &&
	       this > now + VT_TRUST_SKEW;
}

static bool
is_about(const struct judge *j, struct paper *p)
{
	struct vt_crl_entry e;

	if (!p->asked) {
		p->about = vt_crl_find(p->list, j->s.cert, &e);
		p->asked = true;
	}
	return p->about;
}

/*
 * Add to the papers [FROM, MAX), the youngest first.  Where there are too many
 * the oldest fall out that do not speak of the certificate: their silence can
 * only have helped, but an entry that is gone from younger lists (a hold that
 * ended, a certificate that expired) still counts.
 */
static void
papers_insert(struct judge *j, size_t from, size_t max, struct paper paper)
{
	struct papers *l = &j->papers;
	int64_t this = vt_crl_this_update(paper.list);
	size_t at = l->n, old = l->n;

	while (at > from && vt_crl_this_update(l->items[at - 1].list) < this)
		at--;
	if (l->n == max) {
		while (old > at && is_about(j, &l->items[old - 1]))
			old--;
		if (old == at && !is_about(j, &paper))
			return;
		while (old > from && is_about(j, &l->items[old - 1]))
			old--;
		if (old == from) {
			l->lost = true;
			return;
		}
		old--;
		memmove(&l->items[old], &l->items[old + 1],
		    (l->n - old - 1) * sizeof(l->items[0]));
		l->n--;
		at -= old < at;
	}
	memmove(&l->items[at + 1], &l->items[at],
	    (l->n - at) * sizeof(l->items[0]));
	l->items[at] = paper;
	l->n++;
}

static void
papers_add(struct judge *j, const struct vt_crls *set, size_t max,
    int64_t known)
{
	size_t i, from = j->papers.n;

	for (i = 0; set != NULL && i < set->n; i++)
		if (vt_trust_scope_names(&j->s, set->items[i]))
			papers_insert(j, from, from + max,
			    (struct paper){ .list = set->items[i],
				.known = known,
				.word = VT_WORD_NONE });
}

/* By when the message's own are known to have existed. */
static int64_t
message_known(const struct vt_trust_work *w)
{
	int64_t by = w->q->known_by;

	return by == 0 || by == VT_TIME_NONE || by > w->now ? w->now : by;
}

static int
weigh(struct judge *j, struct paper *p, struct vt_error *err)
{
	int rc;

	if (p->weighed)
		return VT_OK;
	rc = vt_trust_weigh_list(&j->s, p->list, p->known, &p->word, err);
	p->weighed = rc == VT_OK;
	return rc;
}

/*
 * X.509, 7.10: whoever stands in a list was revoked when it was issued.  A date
 * behind that is of a clock that is ahead, or local time that is called UTC.
 */
static int64_t
revoked_by(int64_t date, int64_t issued)
{
	return date < issued ? date : issued;
}

static void
put_entry(struct statement *st, const struct vt_crl_entry *e,
    const struct vt_crl *list)
{
	st->revoked = !e->remove;
	st->revoked_at = revoked_by(e->at, vt_crl_this_update(list));
	st->reason = e->reason;
}

/* What LIST says, or what it says with DELTA, where that is not NULL. */
static int
list_says(struct judge *j, struct paper *list, struct paper *delta,
    struct vt_error *err)
{
	const struct vt_crl *last = delta != NULL ? delta->list : list->list;
	struct statement st = { .list = list->list };
	struct vt_crl_entry e;
	int rc;

	if ((st.reasons = vt_trust_scope(&j->s, list->list)) == 0 ||
	    (delta != NULL && vt_trust_scope(&j->s, delta->list) == 0))
		return VT_OK;
	if ((j->cut = j->cut || j->n == VT_TRUST_STATEMENTS_MAX))
		return VT_OK;
	if ((rc = weigh(j, list, err)) != VT_OK ||
	    (delta != NULL && (rc = weigh(j, delta, err)) != VT_OK))
		return rc;
	if (list->word == VT_WORD_NONE ||
	    (delta != NULL && delta->word == VT_WORD_NONE))
		return VT_OK;
	st.proven = list->word == VT_WORD_PROVEN &&
		    (delta == NULL || delta->word == VT_WORD_PROVEN);
	st.this_update = vt_crl_this_update(last);
	if (from_the_future(j, st.this_update) ||
	    from_the_future(j, vt_crl_this_update(list->list)))
		st.proven = false;
	st.current = speaks(j, st.this_update, vt_crl_next_update(last),
	    vt_crl_keeps_since(list->list));
	if (delta != NULL && vt_crl_find(delta->list, j->s.cert, &e)) {
		put_entry(&st, &e, delta->list);
	} else if (vt_crl_find(list->list, j->s.cert, &e)) {
		/* 5.3.1: only a delta list may say that. */
		if (e.remove)
			return VT_OK;
		put_entry(&st, &e, list->list);
	}
	if (delta != NULL)
		st.delta = delta->list;
	j->said[j->n++] = st;
	return VT_OK;
}

/*
 * X.509, 7.10: what is critical and not known here leaves it open what else the
 * list says, and whoever stands in it must not be held for good.
 */
static int
strange_says(struct judge *j, struct paper *list, struct vt_error *err)
{
	struct vt_crl_entry e;
	int rc;

	if (!vt_crl_find(list->list, j->s.cert, &e) || e.remove ||
	    revoked_by(e.at, vt_crl_this_update(list->list)) > j->s.at)
		return VT_OK;
	rc = weigh(j, list, err);
	if (rc == VT_OK && list->word != VT_WORD_NONE)
		j->papers.lost = true;
	return rc;
}

static int
lists_say(struct judge *j, struct vt_error *err)
{
	struct papers *l = &j->papers;
	size_t i, k;
	int rc = VT_OK;

	for (i = 0; i < l->n && rc == VT_OK; i++) {
		if (vt_crl_strange(l->items[i].list))
			rc = strange_says(j, &l->items[i], err);
		if (vt_crl_is_delta(l->items[i].list))
			continue;
		if (rc != VT_OK)
			break;
		rc = list_says(j, &l->items[i], NULL, err);
		for (k = 0; k < l->n && rc == VT_OK; k++)
			if (vt_crl_completes(l->items[k].list,
				l->items[i].list))
				rc = list_says(j, &l->items[i], &l->items[k],
				    err);
	}
	return rc;
}

static void
put_answer(struct judge *j, struct vt_ocsp *ocsp,
    const struct vt_ocsp_single *one, bool proven)
{
	struct statement st = { .ocsp = ocsp, .proven = proven };
	int64_t next = one->next_update;

	/* RFC 6960, 4.2.2.1: nobody answers before what he knows is so. */
	if (one->this_update > vt_ocsp_produced_at(ocsp) + VT_TRUST_SKEW ||
	    from_the_future(j, one->this_update))
		st.proven = false;
	if (one->status == VT_OCSP_UNKNOWN)
		return;
	if ((j->cut = j->cut || j->n == VT_TRUST_STATEMENTS_MAX))
		return;
	if (next == VT_TIME_NONE)
		next = one->this_update + VT_TRUST_OCSP_FRESH;
	st.reasons = VT_TRUST_REASONS;
	st.this_update = one->this_update;
	st.current = speaks(j, one->this_update, next, one->archive_cutoff);
	st.revoked = one->status == VT_OCSP_REVOKED;
	st.revoked_at = revoked_by(one->revoked_at, one->this_update);
	st.reason = one->reason;
	j->said[j->n++] = st;
}

/*
 * Of one certificate an answer has one status.  Where it does not know it as
 * well, by another digest of its issuer, say, it does not show that it is good.
 */
static bool
contradicts_itself(const struct judge *j, const struct vt_ocsp *ocsp)
{
	struct vt_ocsp_single one;
	bool good = false, other = false;
	size_t at = 0;

	while (vt_ocsp_find(ocsp, j->s.cert, j->s.issuer, &at, &one)) {
		good = good || one.status == VT_OCSP_GOOD;
		other = other || one.status != VT_OCSP_GOOD;
	}
	return good && other;
}

static int
answers_say(struct judge *j, const struct vt_ocsps *set, int64_t known,
    struct vt_error *err)
{
	struct vt_ocsp_single one;
	enum vt_trust_word word;
	size_t i, at, tried = 0;
	bool proven;
	int rc;

	for (i = 0; set != NULL && i < set->n && !j->cut; i++) {
		at = 0;
		if (!vt_ocsp_find(set->items[i], j->s.cert, j->s.issuer, &at,
			&one))
			continue;
		if ((j->cut = tried++ == VT_TRUST_ANSWERS_MAX))
			break;
		if ((rc = vt_trust_weigh_answer(&j->s, set->items[i], known,
			 &word, err)) != VT_OK)
			return rc;
		if (word == VT_WORD_NONE)
			continue;
		proven = word == VT_WORD_PROVEN &&
			 !contradicts_itself(j, set->items[i]);
		do
			put_answer(j, set->items[i], &one, proven);
		while (vt_ocsp_find(set->items[i], j->s.cert, j->s.issuer, &at,
		    &one));
	}
	return VT_OK;
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

/* A younger statement, of before the instant, shows the hold no more. */
static bool
hold_ended(const struct judge *j, const struct statement *hold)
{
	const struct statement *st;
	size_t i;

	for (i = 0; i < j->n; i++) {
		st = &j->said[i];
		if (st->proven && !st->revoked &&
		    st->this_update > hold->this_update &&
		    st->this_update <= j->s.at &&
		    (st->reasons & hold->reasons) == hold->reasons)
			return true;
	}
	return false;
}

/* It shows that the certificate was revoked, at that time or later. */
static bool
shows_revocation(const struct judge *j, const struct statement *st)
{
	return st->revoked && (st->reason != CRL_REASON_CERTIFICATE_HOLD ||
				  !hold_ended(j, st));
}

static int
use(struct vt_trust_work *w, const struct statement *st, struct vt_error *err)
{
	int rc;

	if (st->ocsp != NULL)
		return vt_ocsps_add(&w->used_ocsps, st->ocsp, err);
	if ((rc = vt_crls_add(&w->used_crls, st->list, err)) != VT_OK ||
	    st->delta == NULL)
		return rc;
	return vt_crls_add(&w->used_crls, st->delta, err);
}

/* What any of them says was revoked stays so: the earliest time counts. */
static int
settle_revoked(struct judge *j, struct vt_trust_status *ret,
    struct vt_error *err)
{
	const struct statement *first = NULL;
	size_t i;

	for (i = 0; i < j->n; i++)
		if (shows_revocation(j, &j->said[i]) &&
		    (first == NULL ||
			j->said[i].revoked_at < first->revoked_at))
			first = &j->said[i];
	if (first == NULL)
		return VT_OK;
	ret->at = first->revoked_at;
	ret->reason = reason_name(first->reason);
	if (first->revoked_at > j->s.at)
		return VT_OK;
	ret->revocation = VT_REVOKED_YES;
	return use(j->s.w, first, err);
}

/* Not revoked by then, for whatever reason there may be (6.3.3 (l)). */
static int
settle_good(struct judge *j, struct vt_trust_status *ret, struct vt_error *err)
{
	const struct statement *st;
	unsigned int reasons = 0;
	size_t i;
	int rc;

	for (i = 0; i < j->n && reasons != VT_TRUST_REASONS; i++) {
		st = &j->said[i];
		if (!st->proven || !st->current ||
		    (st->revoked && st->revoked_at <= j->s.at) ||
		    (st->reasons & ~reasons) == 0)
			continue;
		reasons |= st->reasons;
		if ((rc = use(j->s.w, st, err)) != VT_OK)
			return rc;
	}
	if (reasons == VT_TRUST_REASONS)
		ret->revocation = VT_REVOKED_NO;
	return VT_OK;
}

/* Every list and every answer. */
static int
judge_hear(struct judge *j, struct vt_error *err)
{
	struct vt_trust_work *w = j->s.w;
	int64_t its = message_known(w);
	int rc;

	papers_add(j, &w->trust->crls, VT_TRUST_LISTS_OURS, w->now);
	papers_add(j, w->q->crls, VT_TRUST_LISTS_ITS, its);
	papers_add(j, &w->crls, VT_TRUST_LISTS_ITS, w->now);
	if ((rc = lists_say(j, err)) != VT_OK ||
	    (rc = answers_say(j, &w->trust->ocsps, w->now, err)) != VT_OK ||
	    (rc = answers_say(j, w->q->ocsps, its, err)) != VT_OK)
		return rc;
	return answers_say(j, &w->ocsps, w->now, err);
}

static int
judge_settle(struct judge *j, struct vt_trust_status *ret, struct vt_error *err)
{
	int rc = settle_revoked(j, ret, err);

	return rc != VT_OK || ret->revocation == VT_REVOKED_YES || j->cut ||
		       j->papers.lost
		   ? rc
		   : settle_good(j, ret, err);
}

static struct judge *
judge_new(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    int64_t at, unsigned int depth)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->s = (struct vt_trust_subject){ .w = w,
		.path = path,
		.i = i,
		.cert = path->certs[i],
		.issuer = path->certs[i + 1],
		.at = at,
		.depth = depth };
	ERR_set_mark();
	j->s.points = X509_get_ext_d2i(vt_cert_x509(j->s.cert),
	    NID_crl_distribution_points, NULL, NULL);
	ERR_pop_to_mark();
	return j;
}

static void
judge_free(struct judge *j)
{
	CRL_DIST_POINTS_free(j->s.points);
	free(j);
}

/* ---- a status is worked out once ---- */

static struct vt_trust_memo *
memo_find(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    int64_t at)
{
	struct vt_trust_memo *m;
	size_t k, n = path->n - i;

	for (k = 0; k < w->nmemo; k++) {
		m = &w->memo[k];
		if (m->at == at && m->path.n == n &&
		    memcmp(m->path.certs, &path->certs[i],
			n * sizeof(path->certs[0])) == 0)
			return m;
	}
	return NULL;
}

static struct vt_trust_memo *
memo_add(struct vt_trust_work *w, const struct vt_trust_path *path, size_t i,
    int64_t at)
{
	struct vt_trust_memo *m;

	if (w->nmemo == VT_TRUST_MEMO)
		return NULL;
	m = &w->memo[w->nmemo++];
	memset(m, 0, sizeof(*m));
	m->at = at;
	m->path.n = path->n - i;
	memcpy(m->path.certs, &path->certs[i],
	    m->path.n * sizeof(path->certs[0]));
	m->status.at = VT_TIME_NONE;
	return m;
}

int
vt_trust_status_nested(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, int64_t at, unsigned int depth,
    struct vt_trust_status *ret, struct vt_error *err)
{
	struct vt_trust_memo *m;
	struct judge *j;
	int rc;

	/* One that is being worked on cannot vouch for itself. */
	if ((m = memo_find(w, path, i, at)) != NULL) {
		*ret = m->status;
		return VT_OK;
	}
	*ret = (struct vt_trust_status){ .at = VT_TIME_NONE };
	if (depth > VT_TRUST_NEST || (m = memo_add(w, path, i, at)) == NULL)
		return VT_OK;
	if ((j = judge_new(w, path, i, at, depth)) == NULL)
		return vt_error_nomem(err);
	ERR_set_mark();
	if ((rc = judge_hear(j, err)) == VT_OK)
		rc = judge_settle(j, &m->status, err);
	ERR_pop_to_mark();
	judge_free(j);
	*ret = m->status;
	return rc;
}

int
vt_trust_status(struct vt_trust_work *w, const struct vt_trust_path *path,
    size_t i, int64_t at, struct vt_trust_status *ret, struct vt_error *err)
{
	return vt_trust_status_nested(w, path, i, at, 0, ret, err);
}

int
vt_trust_status_younger(struct vt_trust_work *w,
    const struct vt_trust_path *path, size_t i, bool *ret, struct vt_error *err)
{
	struct judge *j = judge_new(w, path, i, w->q->at, 0);
	const struct statement *st;
	size_t k;
	int rc;

	*ret = false;
	if (j == NULL)
		return vt_error_nomem(err);
	ERR_set_mark();
	rc = judge_hear(j, err);
	ERR_pop_to_mark();
	for (k = 0; k < j->n && rc == VT_OK && !*ret; k++) {
		st = &j->said[k];
		*ret = st->proven && st->current &&
		       (st->ocsp != NULL || st->delta != NULL);
	}
	judge_free(j);
	return rc;
}

void
vt_trust_work_init(struct vt_trust_work *w, const struct vt_trust *trust,
    const struct vt_trust_query *q)
{
	memset(w, 0, sizeof(*w));
	w->trust = trust;
	w->q = q;
	w->now = q->now == 0 || q->now == VT_TIME_NONE ? q->at : q->now;
}

void
vt_trust_work_release(struct vt_trust_work *w)
{
	vt_certs_release(&w->certs);
	vt_crls_release(&w->crls);
	vt_ocsps_release(&w->ocsps);
	vt_crls_release(&w->used_crls);
	vt_ocsps_release(&w->used_ocsps);
	vt_list_release(&w->asked);
}
