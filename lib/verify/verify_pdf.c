/* verify_pdf.c - signatures in PDF (ISO 32000-2, 12.8; EN 319 142-1) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_compare.h"
#include "vanthu/time.h"
#include "verify_int.h"

/*
 * The kinds of /SubFilter (12.8.3.1, Table 255).  A signature made by an older
 * kind need not name its certificate; one over SHA-1 proves nothing today.
 */
static const struct kind {
	const char *subfilter;
	const char *format;
	const char *unsupported;
	bool loose;
	bool sha1;
} kinds[] = {
	{ "ETSI.CAdES.detached", "pades", NULL, false, false },
	{ "adbe.pkcs7.detached", "pkcs7", NULL, true, false },
	{ "adbe.pkcs7.sha1", "pkcs7", "unsupported-signature", true, true },
	{ "adbe.x509.rsa_sha1", "pkcs1", "unsupported-signature", true, true },
	{ "ETSI.RFC3161", "rfc3161", "time-stamp", false, false },
	{ NULL, "pdf", "unsupported-signature", false, false },
};

static const struct kind *
kind_of(const struct vt_pdf_signature *ps)
{
	const struct kind *k = kinds;
	const char *subfilter = ps->field->subfilter;

	while (k->subfilter != NULL &&
	       (subfilter == NULL || strcmp(k->subfilter, subfilter) != 0))
		k++;
	return k;
}

static int
set_form(struct vt_facts *f, const char *code, const char *clause,
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
	return vt_report_set(&f->form_detail, line, err);
}

/* A signature that has no bytes one could speak of. */
static int
unsound(const struct vt_pdf_signature *ps, struct vt_facts *f,
    struct vt_error *err)
{
	const char *code = "byte-range";

	if (ps->code != NULL && strcmp(ps->code, "no-contents") == 0)
		code = "no-contents";
	return set_form(f, code, ps->clause,
	    ps->text != NULL ? vt_tr(ps->text) : NULL, err);
}

static int
check_cms(const struct vt_verify_run *run, struct vt_pdf_signed *pdf, size_t i,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(pdf, i);
	struct vt_cms_digest *digest = NULL;
	struct vt_cms *cms = NULL;
	struct vt_error why = { 0 };
	int rc;

	rc =
	    vt_cms_parse(VT_BYTES(ps->field->contents, ps->field->contents_len),
		VT_CMS_ZERO_PADDED, &cms, &why);
	if (rc == VT_EFORMAT || rc == VT_EUNSUPPORTED || rc == VT_ELIMIT)
		return set_form(f, "malformed-signature", why.clause, why.text,
		    err);
	if (rc != VT_OK) {
		if (err != NULL && err->code == VT_OK)
			*err = why;
		return rc;
	}
	/*
	 * The signed bytes are the file's; content inside would be something
	 * else that somebody signed (12.8.3.3.1).
	 */
	if (vt_cms_attached(cms)) {
		rc = set_form(f, "malformed-signature", "ISO 32000-2, 12.8.3.3",
		    vt_tr("it carries content of its own beside the "
			  "document"),
		    err);
		goto out;
	}
	/* A time-stamp token, say, is a signature that nobody gave here. */
	if (!vt_cms_is_data(cms)) {
		rc = set_form(f, "malformed-signature", "EN 319 142-1, 6.3",
		    vt_tr("it signs a content type other than id-data"), err);
		goto out;
	}
	if (vt_cms_nsigners(cms) != 1) { /* EN 319 142-1, 4.1 */
		rc = set_form(f, "several-signers", NULL, NULL, err);
		goto out;
	}
	if ((rc = vt_cms_digest_new(cms, &digest, err)) != VT_OK ||
	    (rc = vt_pdf_signed_stream(pdf, i, vt_cms_digest_update, digest,
		 err)) != VT_OK ||
	    (rc = vt_verify_signer(run, cms, 0, digest, kind_of(ps)->loose, sig,
		 f, err)) != VT_OK)
		goto out;
	/* EN 319 142-1, 6.3: the claimed time stands in /M alone. */
	if (sig->level != NULL &&
	    vt_cms_signer(cms, 0)->claimed_time != VT_TIME_NONE)
		sig->level = NULL;
out:
	vt_cms_digest_free(digest);
	vt_cms_free(cms);
	return rc;
}

static int
check(const struct vt_verify_run *run, struct vt_pdf_signed *pdf, size_t i,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(pdf, i);
	const struct kind *kind = kind_of(ps);
	int rc;

	if ((rc = vt_report_set(&sig->field, ps->field->name, err)) != VT_OK)
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
		return set_form(f, "byte-range", "ISO 32000-2, 12.8.1",
		    vt_tr("the covered bytes end within a revision"), err);
	f->unsupported = ps->timestamp ? "time-stamp" : kind->unsupported;
	f->weak = kind->sha1;
	if (kind->sha1 && (rc = vt_list_add(&sig->weak, "sha1", err)) != VT_OK)
		return rc;
	if (f->unsupported != NULL)
		return VT_OK;
	if ((rc = check_cms(run, pdf, i, sig, f, err)) != VT_OK)
		return rc;
	sig->format = kind->format;
	if (kind->loose)
		sig->level = NULL;
	return VT_OK;
}

/* What changed after signature I, now that it is known which are intact. */
static int
compare(struct vt_pdf_signed *pdf, size_t i, const bool *intact,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err)
{
	struct vt_pdf_comparison c = { 0 };
	size_t j;
	int rc;

	if ((rc = vt_pdf_signed_compare(pdf, i, intact, &c, err)) != VT_OK)
		return rc;
	switch (c.result) {
	case VT_PDF_UNCHANGED:
		f->state = VT_FACTS_SAME;
		break;
	case VT_PDF_CHANGED:
		f->state = VT_FACTS_CHANGED;
		sig->changed_after = true;
		if (c.n > 0)
			rc = vt_report_set(&f->state_detail, c.items[0].text,
			    err);
		break;
	case VT_PDF_NOT_COMPARED:
		f->state = VT_FACTS_UNKNOWN;
		rc = vt_report_set(&f->state_detail, c.reason, err);
		break;
	}
	for (j = 0; j < c.n && rc == VT_OK; j++)
		rc = vt_list_add(&sig->changes, c.items[j].text, err);
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
	for (i = 0; i < vt_pdf_nfindings(pdf); i++) {
		const struct vt_pdf_finding *f = vt_pdf_finding(pdf, i);

		if (f->damage &&
		    (rc = vt_list_add(&r->notes, f->text, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

int
vt_verify_pdf(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err)
{
	struct vt_pdf_signed *pdf = NULL;
	struct vt_facts *facts = NULL;
	bool *intact = NULL;
	size_t i, n = 0;
	int rc;

	if ((rc = vt_pdf_signed_open(src, &pdf, err)) != VT_OK)
		goto out;
	n = vt_pdf_signed_n(pdf);
	if ((rc = note_damage(pdf, r, err)) != VT_OK)
		goto out;
	/* Where the form cannot be read, nobody knows that it has none. */
	if (n == 0 && vt_pdf_signed_strays(pdf) == 0 &&
	    vt_pdf_signed_damage(pdf)->code != VT_OK) {
		rc = vt_pdf_signed_damage(pdf)->code;
		*err = *vt_pdf_signed_damage(pdf);
		goto out;
	}
	if (n == 0) {
		/* A signature hidden from view is not the absence of one. */
		rc = vt_pdf_signed_strays(pdf) > 0
			 ? vt_report_conclude(r, VT_REPORT_INVALID,
			       "stray-signature", NULL, err)
			 : vt_report_conclude(r, VT_REPORT_UNSIGNED, "unsigned",
			       NULL, err);
		goto out;
	}
	if ((rc = vt_report_add_signatures(r, n, err)) != VT_OK)
		goto out;
	facts = calloc(n, sizeof(*facts));
	intact = calloc(n, sizeof(*intact));
	if (facts == NULL || intact == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; i < n; i++) {
		if ((rc = check(run, pdf, i, &r->signatures[i], &facts[i],
			 err)) != VT_OK)
			goto out;
		intact[i] = r->signatures[i].intact;
	}
	for (i = 0; i < n; i++)
		if (vt_pdf_signed_at(pdf, i)->sound &&
		    (rc = compare(pdf, i, intact, &r->signatures[i], &facts[i],
			 err)) != VT_OK)
			goto out;
	for (i = 0; i < n; i++)
		if ((rc = vt_verify_conclude(&facts[i], &r->signatures[i],
			 err)) != VT_OK)
			goto out;
	rc = vt_report_sum(r, err);
out:
	for (i = 0; facts != NULL && i < n; i++)
		vt_facts_release(&facts[i]);
	free(facts);
	free(intact);
	vt_pdf_signed_free(pdf);
	return rc;
}
