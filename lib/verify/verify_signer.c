/* verify_signer.c - one SignerInfo: its facts, its time, its certificate */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/text.h"
#include "vanthu/time.h"
#include "verify_int.h"

/* One signature on its way. */
struct signer {
	const struct vt_verify_run *run;
	const struct vt_cms *cms;
	size_t i;
	struct vt_cms_digest *content; /* or NULL */
	struct vt_verify_data data;
	struct vt_verify_stamp *stamps;
	struct vt_cms_archive *archives; /* of the stamps that are such */
	size_t n;
	int64_t proven; /* by when the signature existed, or VT_TIME_NONE */
	int64_t after;  /* when it did not yet, or VT_TIME_NONE */
	bool stamped, archived; /* by what is whole, whoever made it */
};

/* What stamp K must be over. */
struct over {
	struct signer *s;
	size_t k;
};

/* The digest of the content, which was read once (EN 319 122-1, 5.2.8). */
static int
over_content(struct signer *s, const struct vt_tsp *token,
    struct vt_tsp_digest *d, struct vt_error *err)
{
	struct vt_bytes value;

	if (s->content == NULL ||
	    vt_cms_digest_value(s->content, vt_tsp_info(token)->digest, &value,
		NULL) != VT_OK)
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "the content is not at hand, or not by this digest");
	return vt_tsp_digest_set(d, value, err);
}

static int
over(void *ctx, const struct vt_tsp *token, struct vt_tsp_digest *d,
    struct vt_error *err)
{
	const struct over *o = ctx;
	struct signer *s = o->s;

	switch (vt_cms_stamp(s->cms, s->i, o->k).kind) {
	case VT_CMS_STAMP_SIGNATURE:
		return vt_tsp_digest_update(d,
		    vt_cms_signer(s->cms, s->i)->signature, err);
	case VT_CMS_STAMP_ARCHIVE:
		if (s->content == NULL)
			break;
		return vt_cms_archive_stream(s->cms, s->i, vt_tsp_cms(token),
		    s->content, vt_tsp_info(token)->digest,
		    vt_tsp_digest_update, d, err);
	case VT_CMS_STAMP_CONTENT:
		return over_content(s, token, d, err);
	case VT_CMS_STAMP_ARCHIVE_OLD:
		break;
	}
	return vt_error_set(err, VT_EUNSUPPORTED, NULL,
	    "time stamps of this kind are not judged");
}

static const char *
kind_name(enum vt_cms_stamp_kind kind)
{
	switch (kind) {
	case VT_CMS_STAMP_SIGNATURE:
		return "signature";
	case VT_CMS_STAMP_CONTENT:
		return "content";
	case VT_CMS_STAMP_ARCHIVE:
	case VT_CMS_STAMP_ARCHIVE_OLD:
		break;
	}
	return "archive";
}

static bool
is_archive(const struct signer *s, size_t k)
{
	return vt_cms_stamp(s->cms, s->i, k).kind == VT_CMS_STAMP_ARCHIVE;
}

/* What the token of stamp K brings along, into SET. */
static int
token_data(struct signer *s, size_t k, struct vt_data_set *set,
    struct vt_error *err)
{
	if (s->stamps[k].token == NULL)
		return VT_OK;
	return vt_cms_validation(vt_tsp_cms(s->stamps[k].token), 0,
	    &s->data.certs, &set->crls, &set->ocsps, err);
}

static int
stamps_read(struct signer *s, struct vt_error *err)
{
	size_t n = vt_cms_nstamps(s->cms, s->i);
	int rc = VT_OK;

	if (n == 0)
		return VT_OK;
	s->stamps = calloc(n, sizeof(*s->stamps));
	s->archives = calloc(n, sizeof(*s->archives));
	if (s->stamps == NULL || s->archives == NULL)
		return vt_error_nomem(err);
	for (; s->n < n && rc == VT_OK; s->n++) {
		struct vt_cms_stamp c = vt_cms_stamp(s->cms, s->i, s->n);
		struct vt_verify_stamp *t = &s->stamps[s->n];
		struct over o = { s, s->n };

		rc = vt_verify_stamp_read(t, kind_name(c.kind), c.token, 0,
		    &s->data.certs, over, &o, err);
		if (rc == VT_OK && is_archive(s, s->n) && t->token != NULL)
			rc = vt_cms_archive_read(s->cms, s->i, s->n,
			    vt_tsp_cms(t->token), &s->archives[s->n], err);
		/* What it names is not there: it stamped something else. */
		if (rc == VT_OK && is_archive(s, s->n) &&
		    !s->archives[s->n].sound)
			t->facts.intact = t->facts.imprint = false;
		t->until = s->proven;
		if (rc == VT_OK)
			rc = token_data(s, s->n, &s->data.sets[0], err);
	}
	return rc;
}

static void
earlier(int64_t *t, int64_t than)
{
	if (*t == VT_TIME_NONE || than < *t)
		*t = than;
}

/* One that is still to be judged says when K existed. */
static bool
waits(const struct signer *s, size_t k)
{
	size_t j;

	for (j = 0; j < s->n; j++)
		if (!s->stamps[j].judged && s->stamps[j].token != NULL &&
		    ((s->archives[j].stamps >> k) & 1) != 0)
			return true;
	return false;
}

/* Of those not judged yet that none of them covers, the one of the last day. */
static struct vt_verify_stamp *
newest_archive(struct signer *s, size_t *ret_k)
{
	struct vt_verify_stamp *best = NULL;
	size_t k;

	for (k = 0; k < s->n; k++) {
		struct vt_verify_stamp *t = &s->stamps[k];

		if (!is_archive(s, k) || t->judged || t->token == NULL ||
		    waits(s, k))
			continue;
		if (best == NULL || vt_tsp_info(t->token)->time >
					vt_tsp_info(best->token)->time) {
			best = t;
			*ret_k = k;
		}
	}
	return best;
}

/*
 * From the outermost archive time stamp inwards: each proves when what it
 * covers existed, the older stamps among it.
 */
static int
archives_judge(struct signer *s, struct vt_error *err)
{
	struct vt_verify_stamp *t;
	struct vt_data_set *set;
	size_t k = 0, j;
	int64_t time;
	int rc;

	while ((t = newest_archive(s, &k)) != NULL) {
		rc = vt_verify_stamp_judge(s->run, &s->data, t, err);
		if (rc != VT_OK)
			return rc;
		if (!t->proven)
			continue;
		time = vt_tsp_info(t->token)->time;
		earlier(&s->proven, time);
		set = vt_verify_data_add(&s->data, time);
		rc = vt_cms_archive_validation(s->cms, s->i,
		    vt_tsp_cms(t->token), &s->data.certs, &set->crls,
		    &set->ocsps, err);
		for (j = 0; j < s->n && rc == VT_OK; j++)
			if (((s->archives[k].stamps >> j) & 1) != 0) {
				earlier(&s->stamps[j].until, time);
				rc = token_data(s, j, set, err);
			}
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* Stamps over the signature; those over the content prove nothing of it. */
static int
stamps_judge(struct signer *s, struct vt_error *err)
{
	enum vt_cms_stamp_kind kind;
	size_t k;
	int rc;

	if ((rc = archives_judge(s, err)) != VT_OK)
		return rc;
	for (k = 0; k < s->n; k++) {
		struct vt_verify_stamp *t = &s->stamps[k];

		kind = vt_cms_stamp(s->cms, s->i, k).kind;
		if (kind == VT_CMS_STAMP_CONTENT)
			continue;
		rc = vt_verify_stamp_judge(s->run, &s->data, t, err);
		if (rc != VT_OK)
			return rc;
		if (t->proven && kind == VT_CMS_STAMP_SIGNATURE)
			earlier(&s->proven, vt_tsp_info(t->token)->time);
	}
	for (k = 0; k < s->n && rc == VT_OK; k++)
		if (vt_cms_stamp(s->cms, s->i, k).kind == VT_CMS_STAMP_CONTENT)
			rc = vt_verify_stamp_content(s->run, &s->data,
			    &s->stamps[k], s->proven, &s->after, err);
	return rc;
}

/* What of EN 319 122-1, 6.1, is there and whole, whoever made it. */
static void
look(struct signer *s)
{
	size_t k;

	for (k = 0; k < s->n; k++) {
		if (!s->stamps[k].facts.intact)
			continue;
		if (is_archive(s, k))
			s->archived = true;
		else if (vt_cms_stamp(s->cms, s->i, k).kind ==
			 VT_CMS_STAMP_SIGNATURE)
			s->stamped = true;
	}
}

/* Is the validation data that is there what is needed? */
static int
judge_alone(struct signer *s, const struct vt_signer_how *how,
    const struct vt_cert *cert, struct vt_facts *f, struct vt_error *err)
{
	int64_t time = how->alone;
	size_t k;
	int rc = VT_OK;

	if (!how->validated && !s->archived &&
	    !vt_cms_signer(s->cms, s->i)->has_validation)
		return VT_OK;
	for (k = 0; k < s->n && rc == VT_OK; k++)
		if (vt_cms_stamp(s->cms, s->i, k).kind ==
		    VT_CMS_STAMP_SIGNATURE)
			rc = vt_verify_alone_stamp(s->run, &s->data,
			    &s->stamps[k], &time, err);
	return rc != VT_OK ? rc
			   : vt_verify_alone_signer(s->run, &s->data, cert,
				 time, f, err);
}

static const char *
level(const struct signer *s, const struct vt_facts *f)
{
	if (!s->stamped)
		return "B";
	if (!f->alone)
		return "T";
	if (s->archived)
		return "LTA";
	return vt_cms_signer(s->cms, s->i)->has_validation ? "LT" : "T";
}

static int
judge(struct signer *s, const struct vt_signer_how *how,
    const struct vt_cms_facts *c, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err)
{
	size_t k;
	int rc;

	if ((rc = stamps_read(s, err)) != VT_OK ||
	    (rc = stamps_judge(s, err)) != VT_OK)
		return rc;
	for (k = 0; k < s->n; k++) {
		if (f->added == NULL)
			f->added = vt_verify_stamp_fault(&s->stamps[k]);
		if ((rc = vt_verify_stamp_tell(&s->stamps[k], sig, err)) !=
		    VT_OK)
			return rc;
	}
	look(s);
	if (c->cades && (rc = judge_alone(s, how, c->cert, f, err)) != VT_OK)
		return rc;
	if (c->cades)
		sig->level = level(s, f);
	sig->timestamp = s->proven;
	sig->instant = s->proven != VT_TIME_NONE ? s->proven : s->run->at;
	if ((rc = vt_verify_put_weak(s->run, c->digest, c->cert, sig, f,
		 err)) != VT_OK ||
	    c->cert == NULL)
		return rc;
	if ((rc = vt_verify_put_certificate(c->cert, sig, err)) != VT_OK)
		return rc;
	return vt_verify_put_trust(s->run, &s->data, c->cert, sig, f, err);
}

/* FMT with TEXT, which is foreign, as a note; what is no UTF-8 is not told. */
static int
note(struct vt_report_signature *sig, const char *fmt, struct vt_bytes text,
    struct vt_error *err)
{
	struct vt_buf line;
	int rc;

	if (text.len == 0 || text.len > VT_VERIFY_NOTE_MAX ||
	    !vt_utf8_valid(text))
		return VT_OK;
	vt_buf_init(&line, 2 * VT_VERIFY_NOTE_MAX);
	(void)vt_buf_printf(&line, fmt, (int)text.len, (const char *)text.data);
	rc = vt_list_add(&sig->notes, vt_buf_str(&line), err);
	vt_buf_release(&line);
	return rc;
}

/* What the signer calls the content: signed, and true as far as that goes. */
static int
described(const struct vt_cms_signer *signer, struct vt_report_signature *sig,
    struct vt_error *err)
{
	return note(sig, vt_tr("the signer calls the content: %.*s"),
	    signer->description.len > 0 ? signer->description
					: signer->mime_type,
	    err);
}

/*
 * Countersignatures are no approval; one that does not hold is a forgery.  One
 * whose certificate is not at hand is neither.
 */
static int
countersigned(struct signer *s, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err)
{
	size_t k, n = vt_cms_ncounters(s->cms, s->i);
	struct vt_cms_facts c;
	bool open;
	int rc;

	for (k = 0; k < n; k++) {
		rc = vt_cms_counter_check(s->cms, s->i, k,
		    vt_trust_certs(s->run->trust), &c, err);
		if (rc != VT_OK)
			return rc;
		open = vt_verify_finding_cms(c.reason).open;
		if (!c.intact && !open)
			f->added = "countersignature-broken";
		if (c.intact &&
		    (rc = note(sig, vt_tr("countersigned by %.*s"),
			 vt_bytes_str(vt_cert_title(c.cert)), err)) != VT_OK)
			return rc;
	}
	return n == 0 ? VT_OK
		      : vt_list_add(&sig->notes,
			    vt_tr("it was countersigned, which is no "
				  "approval"),
			    err);
}

int
vt_verify_signer(const struct vt_verify_run *run, const struct vt_cms *cms,
    size_t i, struct vt_cms_digest *content, const struct vt_signer_how *how,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	const struct vt_cms_signer *signer = vt_cms_signer(cms, i);
	struct signer s = { .run = run,
		.cms = cms,
		.i = i,
		.content = content,
		.proven = how->proven,
		.after = VT_TIME_NONE };
	struct vt_cms_facts c = { 0 };
	size_t k;
	int rc;

	vt_verify_data_init(&s.data);
	rc = vt_cms_check(cms, i, content, vt_trust_certs(run->trust), &c, err);
	if (rc != VT_OK)
		goto out;
	f->signature = vt_verify_finding_cms(c.intact ? VT_CMS_FINE : c.reason);
	f->binding =
	    vt_verify_finding_cms(c.cades ? VT_CMS_FINE : c.cades_reason);
	/* A format that does not ask for the reference may lack it. */
	if (how->loose && c.cades_reason == VT_CMS_NO_SIGNING_CERT)
		f->binding = vt_verify_finding_cms(VT_CMS_FINE);
	sig->intact = c.holds;
	if (c.cades)
		sig->format = "cades";
	if (sig->claimed_time == VT_TIME_NONE)
		sig->claimed_time = signer->claimed_time;
	if ((rc = countersigned(&s, sig, f, err)) != VT_OK ||
	    (c.intact && (rc = described(signer, sig, err)) != VT_OK))
		goto out;
	if ((c.weak & VT_CMS_WEAK_REFERENCE) != 0 &&
	    (rc = vt_list_add(&sig->weak, "signing-certificate-sha1", err)) !=
		VT_OK)
		goto out;
	if ((how->data != NULL && (rc = vt_verify_data_merge(&s.data, how->data,
				       err)) != VT_OK) ||
	    (rc = vt_cms_validation(cms, i, &s.data.certs, &s.data.sets[0].crls,
		 &s.data.sets[0].ocsps, err)) != VT_OK ||
	    (rc = judge(&s, how, &c, sig, f, err)) != VT_OK)
		goto out;
	rc = vt_verify_put_claim(run, signer->claimed_time, sig, err);
	if (rc == VT_OK)
		rc = vt_verify_put_after(s.after, c.cert, sig, f, err);
out:
	for (k = 0; k < s.n; k++)
		vt_verify_stamp_release(&s.stamps[k]);
	free(s.stamps);
	free(s.archives);
	vt_verify_data_release(&s.data);
	return rc;
}
