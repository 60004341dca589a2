/* verify_xml.c - signatures in XML (XMLDSig; XAdES, EN 319 132-1) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/xml.h"
#include "vanthu/xsig.h"
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

/* ---- what xsig says, in the report's words ---- */

static struct vt_finding
finding(enum vt_xsig_reason r)
{
	struct vt_finding f = { true, "not-judged", vt_xsig_reason_open(r),
		vt_xsig_reason_text(r) };

	switch (r) {
	case VT_XSIG_FINE:
		return (struct vt_finding){ .asked = true };
	case VT_XSIG_NO_CONTENT:
		f.code = "content-missing";
		break;
	case VT_XSIG_NO_CERTIFICATE:
		f.code = "no-signer-certificate";
		break;
	case VT_XSIG_UNSUPPORTED:
		f.code = "unsupported-algorithm";
		break;
	case VT_XSIG_UNSUPPORTED_TRANSFORM:
	case VT_XSIG_UNSUPPORTED_REFERENCE:
		f.code = "unsupported-transform";
		break;
	case VT_XSIG_LIMIT:
		f.code = "limit";
		break;
	case VT_XSIG_COMMENT:
		f.code = "unsigned-comment";
		break;
	case VT_XSIG_MALFORMED:
	case VT_XSIG_MISPLACED:
		f.code = "malformed-signature";
		break;
	case VT_XSIG_REFERENCE_MISSING:
		f.code = "signed-part-missing";
		break;
	case VT_XSIG_DUPLICATE_ID:
		f.code = "ambiguous-reference";
		break;
	case VT_XSIG_NOTHING:
		f.code = "nothing-signed";
		break;
	case VT_XSIG_BAD_KEY:
		f.code = "algorithm-mismatch";
		break;
	case VT_XSIG_DIGEST_DIFFERS:
		f.code = "digest-mismatch";
		break;
	case VT_XSIG_SIGNATURE_WRONG:
		f.code = "signature-mismatch";
		break;
	case VT_XSIG_NO_PROPERTIES:
	case VT_XSIG_NO_SIGNING_CERT:
		f.code = "certificate-not-bound";
		f.open = true;
		break;
	case VT_XSIG_BAD_PROPERTIES:
	case VT_XSIG_PROPERTIES_UNSIGNED:
	case VT_XSIG_BAD_SIGNING_TIME:
		f.code = "signed-attributes";
		break;
	case VT_XSIG_WRONG_SIGNING_CERT:
		f.code = "certificate-mismatch";
		break;
	case VT_XSIG_NOT_CHECKED:
	case VT_XSIG_NREASONS:
		f.open = true;
		break;
	}
	return f;
}

/* ---- one signature ---- */

struct xml {
	const struct vt_verify_run *run;
	struct vt_xsig *xs;
	size_t i;
	struct vt_verify_data data;
	struct vt_verify_stamp *stamps;
	size_t n;
	int64_t proven;
	int64_t after; /* it was made behind that, or VT_TIME_NONE */
};

struct over {
	struct xml *x;
	size_t k;
};

static int
over(void *ctx, const struct vt_tsp *token, struct vt_tsp_digest *d,
    struct vt_error *err)
{
	const struct over *o = ctx;

	(void)token;
	return vt_xsig_stamp_imprint(o->x->xs, o->x->i, o->k,
	    o->x->run->content, vt_tsp_digest_update, d, err);
}

static const char *
kind_name(enum vt_xsig_stamp_kind kind)
{
	switch (kind) {
	case VT_XSIG_STAMP_SIGNATURE:
		return "signature";
	case VT_XSIG_STAMP_CONTENT:
		return "content";
	case VT_XSIG_STAMP_ARCHIVE:
	case VT_XSIG_STAMP_REFS:
		break;
	}
	return "archive";
}

static void
earlier(int64_t *t, int64_t than)
{
	if (*t == VT_TIME_NONE || than < *t)
		*t = than;
}

static enum vt_xsig_stamp_kind
kind(const struct xml *x, size_t k)
{
	return vt_xsig_stamp(x->xs, x->i, k)->kind;
}

/* The first lists and answers, and what the first NSTAMPS tokens have. */
static int
collect(struct xml *x, size_t ncrls, size_t nocsps, size_t nstamps,
    struct vt_data_set *set, struct vt_error *err)
{
	size_t k;
	int rc = VT_OK;

	for (k = 0; k < ncrls && rc == VT_OK; k++)
		rc = vt_data_set_crl(set, vt_xsig_crl(x->xs, x->i, k), err);
	for (k = 0; k < nocsps && rc == VT_OK; k++)
		rc = vt_data_set_ocsp(set, vt_xsig_ocsp(x->xs, x->i, k), err);
	for (k = 0; k < nstamps && rc == VT_OK; k++)
		if (x->stamps[k].token != NULL)
			rc = vt_cms_validation(vt_tsp_cms(x->stamps[k].token),
			    0, &x->data.certs, &set->crls, &set->ocsps, err);
	return rc;
}

static int
stamps_read(struct xml *x, struct vt_error *err)
{
	size_t n = vt_xsig_nstamps(x->xs, x->i);
	int rc = VT_OK;

	if (n > 0 && (x->stamps = calloc(n, sizeof(*x->stamps))) == NULL)
		return vt_error_nomem(err);
	for (; x->n < n && rc == VT_OK; x->n++) {
		const struct vt_xsig_stamp *t =
		    vt_xsig_stamp(x->xs, x->i, x->n);
		struct over o = { x, x->n };

		rc = vt_verify_stamp_read(&x->stamps[x->n], kind_name(t->kind),
		    t->token, 0, &x->data.certs, over, &o, err);
	}
	return rc;
}

/* Each of the archive is over all before it: from the last to the first. */
static int
archives_judge(struct xml *x, struct vt_error *err)
{
	const struct vt_xsig_stamp *t;
	int64_t time;
	size_t k, j;
	int rc;

	for (k = x->n; k-- > 0;) {
		t = vt_xsig_stamp(x->xs, x->i, k);
		if (t->kind != VT_XSIG_STAMP_ARCHIVE)
			continue;
		rc =
		    vt_verify_stamp_judge(x->run, &x->data, &x->stamps[k], err);
		if (rc != VT_OK)
			return rc;
		if (!x->stamps[k].proven)
			continue;
		time = vt_tsp_info(x->stamps[k].token)->time;
		earlier(&x->proven, time);
		for (j = 0; j < t->nstamps; j++)
			earlier(&x->stamps[j].until, time);
		rc = collect(x, t->ncrls, t->nocsps, t->nstamps,
		    vt_verify_data_add(&x->data, time), err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
stamps_judge(struct xml *x, struct vt_report_signature *sig, struct vt_facts *f,
    struct vt_error *err)
{
	size_t k;
	int rc;

	if ((rc = archives_judge(x, err)) != VT_OK)
		return rc;
	for (k = 0; k < x->n; k++) {
		struct vt_verify_stamp *s = &x->stamps[k];

		if (kind(x, k) == VT_XSIG_STAMP_CONTENT)
			continue;
		rc = vt_verify_stamp_judge(x->run, &x->data, s, err);
		if (rc != VT_OK)
			return rc;
		if (s->proven && kind(x, k) == VT_XSIG_STAMP_SIGNATURE)
			earlier(&x->proven, vt_tsp_info(s->token)->time);
	}
	for (k = 0; k < x->n; k++) {
		struct vt_verify_stamp *s = &x->stamps[k];

		if ((kind(x, k) == VT_XSIG_STAMP_CONTENT &&
			(rc = vt_verify_stamp_content(x->run, &x->data, s,
			     x->proven, &x->after, err)) != VT_OK) ||
		    (rc = vt_verify_stamp_tell(s, sig, err)) != VT_OK)
			return rc;
		if (f->added == NULL)
			f->added = vt_verify_stamp_fault(s);
	}
	return VT_OK;
}

/* By stamps that are whole, whoever made them, and data that is enough. */
static int
put_level(struct xml *x, const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	const struct vt_xsig_signature *s = vt_xsig_signature(x->xs, x->i);
	bool stamped = false, archived = false;
	int64_t time = VT_TIME_NONE;
	size_t k;
	int rc = VT_OK;

	for (k = 0; k < x->n; k++) {
		if (!x->stamps[k].facts.intact)
			continue;
		stamped = stamped || kind(x, k) == VT_XSIG_STAMP_SIGNATURE;
		archived = archived || kind(x, k) == VT_XSIG_STAMP_ARCHIVE;
	}
	for (k = 0; (archived || s->has_validation) && k < x->n && rc == VT_OK;
	     k++)
		if (kind(x, k) == VT_XSIG_STAMP_SIGNATURE)
			rc = vt_verify_alone_stamp(x->run, &x->data,
			    &x->stamps[k], &time, err);
	if (rc != VT_OK || (rc = vt_verify_alone_signer(x->run, &x->data, cert,
				time, f, err)) != VT_OK)
		return rc;
	if (!stamped)
		sig->level = "B";
	else if (f->alone)
		sig->level = archived ? "LTA" : "LT";
	else
		sig->level = "T";
	return VT_OK;
}

/*
 * What a reader sees must be what was signed.  AGAINST: content was named, and
 * the signature is of none.
 */
static int
cover(const struct vt_xsig_facts *c, bool against,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	char line[512];
	struct vt_buf buf;
	int rc;

	sig->covers = VT_COVERS_WHOLE;
	if (against) {
		f->state = VT_FACTS_PART;
		return vt_str_set(&f->state_detail, vt_verify_not_held(), err);
	}
	if ((c->covers == VT_XSIG_COVERS_WHOLE ||
		c->covers == VT_XSIG_COVERS_CONTENT) &&
	    c->uncovered == NULL)
		return VT_OK;
	sig->covers = VT_COVERS_PART;
	f->state = VT_FACTS_PART;
	if (c->uncovered == NULL)
		return VT_OK;
	vt_buf_init(&buf, sizeof(line));
	(void)vt_buf_printf(&buf, vt_tr("not signed: %s"), c->uncovered);
	rc = vt_str_set(&f->state_detail, vt_buf_str(&buf), err);
	vt_buf_release(&buf);
	return rc;
}

static int
check(struct xml *x, struct vt_report_signature *sig, struct vt_facts *f,
    struct vt_error *err)
{
	const struct vt_xsig_signature *s = vt_xsig_signature(x->xs, x->i);
	struct vt_xsig_facts c = { 0 };
	int rc;

	rc = vt_xsig_check(x->xs, x->i, x->run->content,
	    vt_trust_certs(x->run->trust), &c, err);
	if (rc != VT_OK)
		return rc;
	f->signature = finding(c.intact ? VT_XSIG_FINE : c.reason);
	f->binding = finding(c.xades ? VT_XSIG_FINE : c.xades_reason);
	sig->intact = c.intact;
	sig->format = c.xades ? "xades" : "xmldsig";
	sig->claimed_time = s->claimed_time;
	if ((rc = cover(&c, x->run->content != NULL && !s->detached, sig, f,
		 err)) != VT_OK ||
	    (rc = vt_certs_add_all(&x->data.certs, vt_xsig_certs(x->xs, x->i),
		 err)) != VT_OK ||
	    (rc = stamps_read(x, err)) != VT_OK ||
	    (rc = collect(x, vt_xsig_ncrls(x->xs, x->i),
		 vt_xsig_nocsps(x->xs, x->i), x->n, &x->data.sets[0], err)) !=
		VT_OK ||
	    (rc = stamps_judge(x, sig, f, err)) != VT_OK)
		return rc;
	if (c.xades && (rc = put_level(x, c.cert, sig, f, err)) != VT_OK)
		return rc;
	sig->timestamp = x->proven;
	sig->instant = x->proven != VT_TIME_NONE ? x->proven : x->run->at;
	/* The weakest link: a reference by MD5 is a signature by MD5. */
	if ((rc = vt_verify_put_weak(x->run, c.digest, c.cert, sig, f, err)) !=
		VT_OK ||
	    (rc = vt_verify_put_weak(x->run, c.weakest_digest, NULL, sig, f,
		 err)) != VT_OK)
		return rc;
	if (c.cert != NULL &&
	    ((rc = vt_verify_put_certificate(c.cert, sig, err)) != VT_OK ||
		(rc = vt_verify_put_trust(x->run, &x->data, c.cert, sig, f,
		     err)) != VT_OK))
		return rc;
	rc = vt_verify_put_claim(x->run, VT_TIME_NONE, sig, err);
	return rc != VT_OK ? rc
			   : vt_verify_put_after(x->after, c.cert, sig, f, err);
}

/*
 * A countersignature stands in another's unsigned properties.  It is no
 * approval; one that does not hold, or is not of this signature, is a forgery.
 */
static int
countersigned(struct xml *x, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err)
{
	struct vt_xsig_facts c;
	size_t j, n = 0;
	int rc;

	for (j = 0; j < vt_xsig_count(x->xs); j++) {
		if (vt_xsig_signature(x->xs, j)->parent != x->i)
			continue;
		n++;
		rc = vt_xsig_check(x->xs, j, NULL,
		    vt_trust_certs(x->run->trust), &c, err);
		if (rc != VT_OK)
			return rc;
		if (!c.intact && !vt_xsig_reason_open(c.reason))
			f->added = "countersignature-broken";
	}
	return n == 0 ? VT_OK
		      : vt_list_add(&sig->notes,
			    vt_tr("it was countersigned, which is no "
				  "approval"),
			    err);
}

static int
judge(const struct vt_verify_run *run, struct vt_xsig *xs, size_t i,
    struct vt_report_signature *sig, struct vt_error *err)
{
	struct xml x = { .run = run,
		.xs = xs,
		.i = i,
		.proven = VT_TIME_NONE,
		.after = VT_TIME_NONE };
	struct vt_facts f = { 0 };
	size_t k;
	int rc;

	vt_verify_data_init(&x.data);
	if ((rc = check(&x, sig, &f, err)) == VT_OK &&
	    (rc = countersigned(&x, sig, &f, err)) == VT_OK)
		rc = vt_verify_conclude(&f, sig, err);
	vt_facts_release(&f);
	for (k = 0; k < x.n; k++)
		vt_verify_stamp_release(&x.stamps[k]);
	free(x.stamps);
	vt_verify_data_release(&x.data);
	return rc;
}

int
vt_verify_xml_signatures(const struct vt_verify_run *run, struct vt_source *src,
    const struct vt_xml_word *pass_over, struct vt_report *r,
    struct vt_error *err)
{
	struct vt_xsig *xs = NULL;
	size_t i, n = 0;
	int rc;

	if ((rc = vt_xsig_open(src, &xs, err)) != VT_OK)
		return rc;
	if (pass_over != NULL)
		vt_xsig_pass_over(xs, pass_over->ns, pass_over->local);
	for (i = 0; i < vt_xsig_count(xs); i++)
		n += vt_xsig_signature(xs, i)->parent == VT_XSIG_NO_PARENT;
	if (n > 0)
		rc = vt_report_add_signatures(r, n, err);
	for (i = n = 0; rc == VT_OK && i < vt_xsig_count(xs); i++)
		if (vt_xsig_signature(xs, i)->parent == VT_XSIG_NO_PARENT)
			rc = judge(run, xs, i, &r->signatures[n++], err);
	vt_xsig_free(xs);
	return rc;
}

int
vt_verify_xml(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	const struct vt_xml_handler handler = { .start = seen_signature };
	bool found = false;
	int rc;

	/* Streamed: most XML is not signed, and may be long. */
	if ((rc = vt_xml_parse(src, &handler, &found, err)) != VT_OK)
		return rc;
	if (!found)
		return vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned",
		    NULL, err);
	rc = vt_verify_xml_signatures(run, src, NULL, r, err);
	return rc != VT_OK ? rc : vt_report_sum(r, err);
}
