/* verify_pdf.c - signatures in PDF (ISO 32000-2, 12.8; EN 319 142-1) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_dss.h"
#include "vanthu/time.h"
#include "verify_pdf_int.h"

int
vt_verify_pdf_form(struct vt_facts *f, const char *code, const char *clause,
    const char *text, struct vt_error *err)
{
	char line[VT_CLAUSE_MAX + VT_TEXT_MAX + 2];

	f->form = code;
	if (text == NULL)
		return VT_OK;
	if (clause != NULL && clause[0] != '\0')
		snprintf(line, sizeof(line), "%s: %s", clause, text);
	else
		snprintf(line, sizeof(line), "%s", text);
	return vt_str_set(&f->form_detail, line, err);
}

/* A signature that has no bytes one could speak of. */
static int
unsound(const struct vt_pdf_signature *ps, struct vt_facts *f,
    struct vt_error *err)
{
	const char *code = "byte-range";

	if (ps->code != NULL && strcmp(ps->code, "no-contents") == 0)
		code = "no-contents";
	return vt_verify_pdf_form(f, code, ps->clause,
	    ps->text != NULL ? vt_tr(ps->text) : NULL, err);
}

/* The document's own bytes, as signature I covers them. */
struct covered {
	struct vt_pdf_signed *pdf;
	size_t i;
};

static int
covered_bytes(void *ctx, const struct vt_tsp *token, struct vt_tsp_digest *d,
    struct vt_error *err)
{
	const struct covered *c = ctx;

	(void)token;
	return vt_pdf_signed_stream(c->pdf, c->i, vt_tsp_digest_update, d, err);
}

/* ---- /DSS ---- */

static int
dss_take(struct pdf_document *d, const struct vt_pdf_dss *dss,
    struct vt_data_set *set, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < dss->n && rc == VT_OK; i++) {
		struct vt_bytes der =
		    VT_BYTES(dss->items[i].der, dss->items[i].len);

		switch (dss->items[i].kind) {
		case VT_PDF_DSS_CERT:
			rc = vt_verify_data_cert(&d->data, der, err);
			break;
		case VT_PDF_DSS_CRL:
			rc = vt_data_set_crl(set, der, err);
			break;
		case VT_PDF_DSS_OCSP:
			rc = vt_data_set_ocsp(set, der, err);
			break;
		}
	}
	return rc;
}

static int
dss_newest(struct pdf_document *d, struct vt_error *err)
{
	struct vt_pdf *pdf = vt_pdf_signed_pdf(d->pdf);
	struct vt_pdf_dss dss = { 0 };
	int rc;

	if (pdf == NULL)
		return VT_OK;
	if ((rc = vt_pdf_dss_read(pdf, &dss, err)) != VT_OK)
		return rc;
	rc = dss_take(d, &dss, &d->data.sets[0], err);
	d->validated =
	    d->data.sets[0].crls.n > 0 || d->data.sets[0].ocsps.n > 0;
	vt_pdf_dss_release(&dss);
	return rc;
}

/* What time stamp I covers of it was known by its time. */
static int
dss_covered(struct pdf_document *d, size_t i, struct vt_error *err)
{
	struct vt_pdf_dss dss = { 0 };
	int rc;

	if ((rc = vt_pdf_signed_dss(d->pdf, i, &dss, err)) != VT_OK)
		return rc;
	d->archives[i] = dss.present && dss.n > 0;
	if (d->archives[i] && d->stamps[i].proven)
		rc = dss_take(d, &dss,
		    vt_verify_data_add(&d->data,
			vt_tsp_info(d->stamps[i].token)->time),
		    err);
	vt_pdf_dss_release(&dss);
	return rc;
}

/* ---- one signature ---- */

static bool
is_stamp(const struct pdf_document *d, size_t i)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(d->pdf, i);

	return ps->timestamp ||
	       strcmp(vt_verify_pdf_kind(ps)->format, "rfc3161") == 0;
}

/* Encrypted, and nobody gave the password. */
static bool
is_locked(const struct pdf_document *d)
{
	struct vt_pdf *pdf = vt_pdf_signed_pdf(d->pdf);

	return pdf != NULL && vt_pdf_locked(pdf);
}

/* What can be said before any cryptography; *RET false: nothing more. */
static int
describe(struct pdf_document *d, size_t i, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(d->pdf, i);
	struct vt_report_signature *sig = &d->r->signatures[i];
	const struct pdf_kind *kind = vt_verify_pdf_kind(ps);
	struct vt_facts *f = &d->facts[i];
	int rc;

	*ret = false;
	if (!is_locked(d) && /* else the name is in a cipher */
	    (rc = vt_str_set(&sig->field, ps->field->name, err)) != VT_OK)
		return rc;
	sig->claimed_time = ps->field->claimed;
	sig->format = kind->format;
	sig->covered_to = ps->end;
	switch (ps->covers) {
	case VT_PDF_COVERS_WHOLE:
		sig->covers = VT_COVERS_WHOLE;
		break;
	case VT_PDF_COVERS_REVISION:
		sig->covers = VT_COVERS_REVISION;
		break;
	case VT_PDF_COVERS_PART:
		sig->covers = VT_COVERS_PART;
		break;
	}
	if (!ps->sound)
		return unsound(ps, f, err);
	if (ps->covers == VT_PDF_COVERS_PART)
		return vt_verify_pdf_form(f, "byte-range",
		    "ISO 32000-2, 12.8.1",
		    vt_tr("the covered bytes end within a revision"), err);
	/* One that says it is a time stamp and is none, or the reverse. */
	if (ps->timestamp != (strcmp(kind->format, "rfc3161") == 0))
		f->unsupported = "unsupported-signature";
	else
		f->unsupported = kind->unsupported;
	*ret = f->unsupported == NULL;
	return VT_OK;
}

int64_t
vt_verify_pdf_proven_by(const struct pdf_document *d, size_t i)
{
	int64_t best = VT_TIME_NONE, time;
	uint64_t end = vt_pdf_signed_at(d->pdf, i)->end;
	size_t j;

	for (j = 0; j < d->n; j++) {
		if (j == i || !d->stamps[j].proven ||
		    vt_pdf_signed_at(d->pdf, j)->end <= end)
			continue;
		time = vt_tsp_info(d->stamps[j].token)->time;
		if (best == VT_TIME_NONE || time < best)
			best = time;
	}
	return best;
}

int64_t
vt_verify_pdf_alone_by(const struct pdf_document *d, size_t i)
{
	int64_t best = VT_TIME_NONE;
	uint64_t end = vt_pdf_signed_at(d->pdf, i)->end;
	size_t j;

	for (j = 0; j < d->n; j++)
		if (d->alone[j] != VT_TIME_NONE &&
		    vt_pdf_signed_at(d->pdf, j)->end > end &&
		    (best == VT_TIME_NONE || d->alone[j] < best))
			best = d->alone[j];
	return best;
}

static int
check_stamp(struct pdf_document *d, size_t i, struct vt_error *err)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(d->pdf, i);
	struct vt_report_signature *sig = &d->r->signatures[i];
	struct vt_verify_stamp *s = &d->stamps[i];
	struct vt_facts *f = &d->facts[i];
	struct covered c = { d->pdf, i };
	int rc;

	rc = vt_verify_stamp_read(s, "document",
	    VT_BYTES(ps->field->contents, ps->field->contents_len),
	    VT_CMS_ZERO_PADDED, &d->data.certs, covered_bytes, &c, err);
	if (rc != VT_OK)
		return rc;
	s->until = vt_verify_pdf_proven_by(d, i);
	if ((rc = vt_verify_stamp_judge(d->run, &d->data, s, err)) != VT_OK ||
	    (d->validated && (rc = vt_verify_alone_stamp(d->run, &d->data, s,
				  &d->alone[i], err)) != VT_OK))
		return rc;
	d->intact[i] = sig->intact = s->facts.intact;
	sig->instant = s->until;
	if (s->token != NULL)
		sig->claimed_time = vt_tsp_info(s->token)->time;
	if (s->proven)
		sig->timestamp = sig->claimed_time;
	f->signature = f->binding = (struct vt_finding){ .asked = true };
	if (s->trust.reason == NULL && !s->proven) {
		f->signature.code = s->reason;
		f->signature.open = s->verdict != VT_REPORT_INVALID;
	}
	if (s->facts.cms.cert != NULL &&
	    ((rc = vt_verify_put_certificate(s->facts.cms.cert, sig, err)) !=
		    VT_OK ||
		(rc = vt_verify_put_weak(d->run, s->facts.cms.digest,
		     s->facts.cms.cert, sig, f, err)) != VT_OK))
		return rc;
	if (s->trust.reason != NULL) {
		f->trust = s->trust;
		s->trust = (struct vt_trust_result){ 0 };
		if ((rc = vt_verify_put_result(f, sig, err)) != VT_OK)
			return rc;
	}
	return dss_covered(d, i, err);
}

/* What changed after signature I, now that it is known which are intact. */
static int
compare(struct pdf_document *d, size_t i, struct vt_error *err)
{
	struct vt_report_signature *sig = &d->r->signatures[i];
	struct vt_facts *f = &d->facts[i];
	struct vt_pdf_comparison c = { 0 };
	size_t j;
	int rc;

	rc = vt_pdf_signed_compare(d->pdf, i, d->intact, &c, err);
	if (rc != VT_OK)
		return rc;
	switch (c.result) {
	case VT_PDF_UNCHANGED:
		f->state = VT_FACTS_SAME;
		break;
	case VT_PDF_CHANGED:
		f->state = VT_FACTS_CHANGED;
		sig->changed_after = true;
		if (c.n > 0)
			rc = vt_str_set(&f->state_detail, c.items[0].text, err);
		break;
	case VT_PDF_NOT_COMPARED:
		f->state = VT_FACTS_UNKNOWN;
		rc = vt_str_set(&f->state_detail, c.reason, err);
		break;
	}
	for (j = 0; j < c.n && rc == VT_OK; j++)
		rc = vt_list_add(&sig->changes, c.items[j].text, err);
	/* What may be added is told as well: a field that was filled, say. */
	for (j = 0; j < c.additions.n && rc == VT_OK; j++)
		rc = vt_list_add(&sig->notes, c.additions.items[j], err);
	vt_pdf_comparison_release(&c);
	return rc;
}

static int
note_damage(struct vt_pdf_signed *signed_pdf, struct vt_report *r,
    struct vt_error *err)
{
	const struct vt_error *damage = vt_pdf_signed_damage(signed_pdf);
	struct vt_pdf *pdf = vt_pdf_signed_pdf(signed_pdf);
	size_t i;
	int rc;

	if (pdf == NULL)
		return damage == NULL || damage->text[0] == '\0'
			   ? VT_OK
			   : vt_list_add(&r->notes, damage->text, err);
	r->encrypted = vt_pdf_encrypted(pdf);
	if (r->encrypted &&
	    (rc = vt_list_add(&r->notes,
		 vt_pdf_locked(pdf)
		     ? vt_tr("the document is encrypted, and not all of it can "
			     "be compared without its password")
		     : vt_tr("the document is encrypted"),
		 err)) != VT_OK)
		return rc;
	for (i = 0; i < vt_pdf_nfindings(pdf); i++) {
		const struct vt_pdf_finding *f = vt_pdf_finding(pdf, i);

		if (f->damage &&
		    (rc = vt_list_add(&r->notes, f->text, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* No signature that the document leads to. */
static int
unsigned_document(struct pdf_document *d, struct vt_error *err)
{
	const struct vt_error *damage = vt_pdf_signed_damage(d->pdf);

	/* Where the form cannot be read, nobody knows that it has none. */
	if (damage->code == VT_ELIMIT ||
	    (vt_pdf_signed_strays(d->pdf) == 0 && damage->code != VT_OK)) {
		if (is_locked(d))
			return vt_error_set(err, VT_EKEY, "ISO 32000-2, 7.6.4",
			    "the document opens only with a password");
		*err = *damage;
		return err->code;
	}
	/* A signature hidden from view is not the absence of one. */
	if (vt_pdf_signed_strays(d->pdf) > 0)
		return vt_report_conclude(d->r, VT_REPORT_INVALID,
		    "stray-signature", NULL, err);
	return vt_report_conclude(d->r, VT_REPORT_UNSIGNED, "unsigned", NULL,
	    err);
}

/* Time stamps first, from the last to the first: they prove the rest's time. */
static int
check_all(struct pdf_document *d, struct vt_error *err)
{
	bool *go_on = calloc(d->n, sizeof(*go_on));
	size_t i;
	int rc = VT_OK;

	if (go_on == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < d->n && rc == VT_OK; i++)
		rc = describe(d, i, &go_on[i], err);
	for (i = d->n; i-- > 0 && rc == VT_OK;)
		if (go_on[i] && is_stamp(d, i))
			rc = check_stamp(d, i, err);
	for (i = 0; i < d->n && rc == VT_OK; i++)
		if (go_on[i] && !is_stamp(d, i))
			rc = vt_verify_pdf_cms(d, i, err);
	free(go_on);
	for (i = 0; i < d->n && rc == VT_OK; i++)
		if (vt_pdf_signed_at(d->pdf, i)->sound)
			rc = compare(d, i, err);
	for (i = 0; i < d->n && rc == VT_OK; i++)
		rc =
		    vt_verify_conclude(&d->facts[i], &d->r->signatures[i], err);
	return rc;
}

static void
document_release(struct pdf_document *d)
{
	size_t i;

	for (i = 0; d->facts != NULL && i < d->n; i++)
		vt_facts_release(&d->facts[i]);
	for (i = 0; d->stamps != NULL && i < d->n; i++)
		vt_verify_stamp_release(&d->stamps[i]);
	free(d->facts);
	free(d->stamps);
	free(d->intact);
	free(d->archives);
	free(d->alone);
	vt_verify_data_release(&d->data);
	vt_pdf_signed_free(d->pdf);
}

int
vt_verify_pdf(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	struct pdf_document d = { .run = run, .r = r };
	size_t i;
	int rc;

	vt_verify_data_init(&d.data);
	if ((rc = vt_pdf_signed_open_with(src, run->pdf_password, &d.pdf,
		 err)) != VT_OK ||
	    (rc = note_damage(d.pdf, r, err)) != VT_OK)
		goto out;
	if ((d.n = vt_pdf_signed_n(d.pdf)) == 0) {
		rc = unsigned_document(&d, err);
		goto out;
	}
	if ((rc = vt_report_add_signatures(r, d.n, err)) != VT_OK)
		goto out;
	d.facts = calloc(d.n, sizeof(*d.facts));
	d.stamps = calloc(d.n, sizeof(*d.stamps));
	d.intact = calloc(d.n, sizeof(*d.intact));
	d.archives = calloc(d.n, sizeof(*d.archives));
	d.alone = calloc(d.n, sizeof(*d.alone));
	if (d.facts == NULL || d.stamps == NULL || d.intact == NULL ||
	    d.archives == NULL || d.alone == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; i < d.n; i++)
		d.alone[i] = VT_TIME_NONE;
	if ((rc = dss_newest(&d, err)) == VT_OK &&
	    (rc = check_all(&d, err)) == VT_OK)
		rc = vt_report_sum(r, err);
out:
	document_release(&d);
	return rc;
}
