/* office_sign_facts.c - what the agency's key asks of a document: a person */
#include <stdio.h>
#include <string.h>

#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/office_sign.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/verify.h"

#include "office_mail_int.h"
#include "office_sign_int.h"

static bool
signed_with(const struct vt_report *report, const unsigned char *certificate)
{
	const struct vt_report_signature *s;
	size_t i;

	for (i = 0; i < report->nsignatures; i++) {
		s = &report->signatures[i];
		if (s->intact && s->have_certificate &&
		    memcmp(s->certificate_sha256, certificate, VT_SHA256_LEN) ==
			0)
			return true;
	}
	return false;
}

/* Who signed SRC, over CONTENT where detached: added to what RET tells. */
static int
add_signers(struct vt_source *src, struct vt_source *content,
    const struct vt_sign_options *opts, struct vt_office_signers *ret,
    struct vt_error *err)
{
	const struct vt_verify_options how = {
		.trust = opts->trust,
		.pdf_password = opts->pdf_password,
		.at = opts->at,
		.content = content,
	};
	const unsigned char *own = vt_cert_sha256(opts->signer->cert);
	struct vt_report *report = NULL;
	bool expired;
	int rc;

	if ((rc = vt_verify_confined(src, NULL, &how, &report, err)) != VT_OK)
		return rc;
	if (vt_report_signed_by_person(report, own, &expired))
		ret->person = true;
	ret->expired = ret->expired || expired;
	ret->agency = ret->agency || signed_with(report, own);
	vt_report_free(report);
	return VT_OK;
}

int
vt_office_sign_facts(struct vt_source *src, struct vt_sign_options *opts,
    struct vt_error *err)
{
	struct vt_office_signers who = { 0 };
	int rc;

	opts->agency_signed = false;
	if (opts->role == VT_SIGN_ATTACHMENT && opts->document_seen)
		return VT_OK; /* of its document, which the caller looked at */
	opts->person_signed = opts->person_expired = false;
	if (opts->role != VT_SIGN_AGENCY)
		return VT_OK;
	if ((rc = add_signers(src, NULL, opts, &who, err)) != VT_OK)
		return rc;
	opts->person_signed = who.person;
	opts->person_expired = who.expired;
	opts->agency_signed = who.agency;
	return VT_OK;
}

int
vt_office_main_signers(struct vt_office *o, const struct vt_record *rec,
    const struct vt_sign_options *opts, struct vt_office_signers *ret,
    struct vt_error *err)
{
	struct vt_source *src = NULL, *sig = NULL;
	size_t i;
	int rc;

	*ret = (struct vt_office_signers){ 0 };
	if (rec->nfiles == 0)
		return VT_OK;
	if ((rc = vt_office_object(o, rec->files[0].sha256, rec->files[0].name,
		 &src, err)) == VT_OK)
		rc = add_signers(src, NULL, opts, ret, err);
	for (i = 1; i < rec->nfiles && rc == VT_OK && !ret->person; i++) {
		if (!vt_office_signature_of(rec->files[i].name,
			rec->files[0].name) ||
		    (rc = vt_office_object(o, rec->files[i].sha256,
			 rec->files[i].name, &sig, err)) != VT_OK)
			continue;
		rc = add_signers(sig, src, opts, ret, err);
		vt_source_free(sig);
		sig = NULL;
	}
	vt_source_free(src);
	return rc;
}

int
vt_office_words_check(const struct vt_record *rec,
    const struct vt_sign_options *opts, struct vt_error *err)
{
	const struct vt_sign_words *w = &opts->words;
	struct vt_record_code code;

	if ((w->code == NULL ||
		(vt_record_code_parse(w->code, &code, NULL) == VT_OK &&
		    code.number == rec->number &&
		    strcmp(code.notation, rec->notation) == 0)) &&
	    (w->date.year == 0 || vt_date_compare(w->date, rec->date) == 0))
		return VT_OK;
	return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, 15",
	    "number and date of a record are those of the record: %s",
	    rec->code);
}

/* ---- an attachment that is a file of its own ---- */

struct holders {
	struct vt_office *o;
	const struct vt_sign_options *opts;
	bool any;       /* a record has it as an attachment */
	bool signed_by; /* and a person signed its main document ... */
	bool expired;   /* ... or one who had expired */
	bool fits;      /* and the number is its */
	char code[256]; /* of one that does not fit */
};

static int
see_holder(void *ctx, int64_t record, const struct vt_record_file *file,
    struct vt_error *err)
{
	struct holders *h = ctx;
	struct vt_office_signers who = { 0 };
	struct vt_record rec;
	int rc;

	if (file->seq == 0 || h->fits)
		return VT_OK;
	if ((rc = vt_store_record_get(h->o->store, record, &rec, err)) != VT_OK)
		return rc;
	if (!vt_record_incoming(&rec)) {
		h->any = true;
		rc = vt_office_main_signers(h->o, &rec, h->opts, &who, err);
	}
	h->expired = h->expired || who.expired;
	if (rc == VT_OK && who.person) {
		h->signed_by = true;
		h->fits = vt_office_words_check(&rec, h->opts, NULL) == VT_OK;
		snprintf(h->code, sizeof(h->code), "%s", rec.code);
	}
	vt_record_release(&rec);
	return rc;
}

int
vt_office_sign_attached(struct vt_office *o, struct vt_source *src,
    struct vt_sign_options *opts, struct vt_error *err)
{
	struct holders h = { .o = o, .opts = opts };
	unsigned char sha256[VT_SHA256_LEN];
	int rc;

	if ((rc = vt_sha256_source(src, sha256, err)) != VT_OK ||
	    (rc = vt_store_file_find(o->store, sha256, see_holder, &h, err)) !=
		VT_OK)
		return rc;
	if (!h.any)
		return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 32",
		    "no outgoing record of this office has this file as an "
		    "attachment");
	if (h.signed_by && !h.fits)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, 15",
		    "number and date of a record are those of the record: %s",
		    h.code);
	opts->document_seen = true;
	opts->person_signed = h.signed_by;
	opts->person_expired = h.expired;
	return VT_OK;
}
