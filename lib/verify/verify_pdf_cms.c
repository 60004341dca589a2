/* verify_pdf_cms.c - what CMS in a PDF must be (ISO 32000-2, 12.8.3; EN 319
 * 142-1) */
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/time.h"
#include "verify_pdf_int.h"

static const struct pdf_kind kinds[] = {
	{ "ETSI.CAdES.detached", "pades", NULL, false, false },
	{ "adbe.pkcs7.detached", "pkcs7", NULL, true, false },
	{ "adbe.pkcs7.sha1", "pkcs7", NULL, true, true },
	{ "adbe.x509.rsa_sha1", "pkcs1", "unsupported-signature", true, true },
	{ "ETSI.RFC3161", "rfc3161", NULL, false, false },
	{ NULL, "pdf", "unsupported-signature", false, false },
};

const struct pdf_kind *
vt_verify_pdf_kind(const struct vt_pdf_signature *ps)
{
	const struct pdf_kind *k = kinds;
	const char *subfilter = ps->field->subfilter;

	while (k->subfilter != NULL &&
	       (subfilter == NULL || strcmp(k->subfilter, subfilter) != 0))
		k++;
	return k;
}

/*
 * EN 319 142-1, 6: the stamps that are there and whole, whoever made them, and
 * data that is enough.
 */
static const char *
level(const struct pdf_document *d, size_t i)
{
	const char *own = d->r->signatures[i].level;
	uint64_t end = vt_pdf_signed_at(d->pdf, i)->end;
	bool stamped, archived = false;
	size_t j;

	if (own == NULL)
		return NULL;
	stamped = strcmp(own, "B") != 0;
	for (j = 0; j < d->n; j++) {
		if (!d->stamps[j].facts.intact ||
		    vt_pdf_signed_at(d->pdf, j)->end <= end)
			continue;
		stamped = true;
		archived = archived || d->archives[j];
	}
	if (!stamped)
		return "B";
	if (!d->validated || !d->facts[i].alone)
		return "T";
	return archived ? "LTA" : "LT";
}

/* The rules on what a PDF's /Contents may hold; F says what breaks them. */
static int
cms_rules(const struct vt_cms *cms, const struct pdf_kind *kind,
    struct vt_facts *f, bool *ret, struct vt_error *err)
{
	*ret = false;
	/*
	 * The signed bytes are the file's; content inside would be something
	 * else that somebody signed (12.8.3.3.1).
	 */
	if (vt_cms_attached(cms) != kind->sha1)
		return vt_verify_pdf_form(f, "malformed-signature",
		    "ISO 32000-2, 12.8.3.3",
		    kind->sha1 ? vt_tr("it carries no digest of the document")
			       : vt_tr("it carries content of its own beside "
				       "the document"),
		    err);
	/* A time-stamp token, say, is a signature that nobody gave here. */
	if (!vt_cms_is_data(cms))
		return vt_verify_pdf_form(f, "malformed-signature",
		    "EN 319 142-1, 6.3",
		    vt_tr("it signs a content type other than id-data"), err);
	*ret = true;
	if (vt_cms_nsigners(cms) != 1) /* EN 319 142-1, 4.1 */
		return vt_verify_pdf_form(f, "several-signers", NULL, NULL,
		    err);
	return VT_OK;
}

/* Compared with what CMS holds; a struct of one digest's pieces. */
struct inside {
	unsigned char data[20 + 1]; /* one byte more than a SHA-1 has */
	size_t len;
};

static int
keep_inside(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct inside *in = ctx;

	(void)err;
	if (piece.len > sizeof(in->data) - in->len)
		piece.len = sizeof(in->data) - in->len; /* longer than any */
	memcpy(in->data + in->len, piece.data, piece.len);
	in->len += piece.len;
	return VT_OK;
}

/* adbe.pkcs7.sha1: the content inside is the SHA-1 of the covered bytes. */
static int
digest_inside(struct pdf_document *d, size_t i, const struct vt_cms *cms,
    struct vt_cms_digest *digest, struct vt_error *err)
{
	struct vt_bytes sha1 = VT_BYTES(NULL, 0);
	struct inside in = { .len = 0 };
	struct vt_cms_digest *md = NULL;
	int rc;

	if ((rc = vt_cms_digest_named("sha1", &md, err)) == VT_OK &&
	    (rc = vt_pdf_signed_stream(d->pdf, i, vt_cms_digest_update, md,
		 err)) == VT_OK &&
	    (rc = vt_cms_digest_value(md, "sha1", &sha1, err)) == VT_OK &&
	    (rc = vt_cms_content(cms, keep_inside, &in, err)) == VT_OK &&
	    (rc = vt_cms_content(cms, vt_cms_digest_update, digest, err)) ==
		VT_OK &&
	    !vt_bytes_equal(VT_BYTES(in.data, in.len), sha1))
		rc = vt_verify_pdf_form(&d->facts[i], "digest-mismatch",
		    "ISO 32000-2, 12.8.3.3",
		    vt_tr("the digest that was signed is not the document's"),
		    err);
	vt_cms_digest_free(md);
	return rc;
}

/* Signers behind the first: none should be there, all must be intact. */
static int
check_others(struct pdf_document *d, size_t i, const struct vt_cms *cms,
    struct vt_cms_digest *digest, struct vt_error *err)
{
	struct vt_report_signature *sig = &d->r->signatures[i];
	struct vt_cms_facts c;
	size_t k;
	int rc;

	for (k = 1; k < vt_cms_nsigners(cms); k++) {
		rc = vt_cms_check(cms, k, digest, vt_trust_certs(d->run->trust),
		    &c, err);
		if (rc != VT_OK)
			return rc;
		sig->intact = sig->intact && c.holds;
	}
	return VT_OK;
}

/* What signature I covers; who named the file may have digested some of it. */
static int
digest_covered(struct pdf_document *d, size_t i, struct vt_cms_digest *digest,
    struct vt_error *err)
{
	const struct vt_sha256 *begun;
	const struct vt_source *src;
	uint64_t len, skip;

	src = vt_pdf_signed_start(d->pdf, i, &len);
	begun = vt_source_digested(src, len, &skip);
	if (begun == NULL || !vt_cms_digest_resume(digest, begun))
		skip = 0;
	return vt_pdf_signed_rest(d->pdf, i, skip, vt_cms_digest_update, digest,
	    err);
}

static int
check_cms(struct pdf_document *d, size_t i, const struct vt_cms *cms,
    struct vt_error *err)
{
	const struct pdf_kind *kind =
	    vt_verify_pdf_kind(vt_pdf_signed_at(d->pdf, i));
	const struct vt_signer_how how = {
		.loose = kind->loose,
		.proven = vt_verify_pdf_proven_by(d, i),
		.data = &d->data,
		.validated = d->validated,
		.alone = vt_verify_pdf_alone_by(d, i),
	};
	struct vt_report_signature *sig = &d->r->signatures[i];
	struct vt_facts *f = &d->facts[i];
	struct vt_cms_digest *digest = NULL;
	bool go_on;
	int rc;

	if ((rc = cms_rules(cms, kind, f, &go_on, err)) != VT_OK || !go_on)
		return rc;
	if ((rc = vt_cms_digest_new(cms, &digest, err)) != VT_OK)
		return rc;
	if (kind->sha1)
		rc = digest_inside(d, i, cms, digest, err);
	else
		rc = digest_covered(d, i, digest, err);
	if (rc != VT_OK ||
	    (rc = vt_verify_signer(d->run, cms, 0, digest, &how, sig, f,
		 err)) != VT_OK ||
	    (rc = check_others(d, i, cms, digest, err)) != VT_OK)
		goto out;
	if (kind->sha1 && (rc = vt_verify_put_weak(d->run, "sha1", NULL, sig, f,
			       err)) != VT_OK)
		goto out;
	if (f->form != NULL && strcmp(f->form, "digest-mismatch") == 0)
		sig->intact = false;
	/* Only what is also acceptable excuses a change. */
	d->intact[i] = sig->intact && f->form == NULL &&
		       f->signature.code == NULL && f->binding.code == NULL;
	sig->format = kind->format;
	/* EN 319 142-1, 6.3: the claimed time stands in /M alone. */
	if (how.loose || vt_cms_signer(cms, 0)->claimed_time != VT_TIME_NONE)
		sig->level = NULL;
	sig->level = level(d, i);
out:
	vt_cms_digest_free(digest);
	return rc;
}

int
vt_verify_pdf_cms(struct pdf_document *d, size_t i, struct vt_error *err)
{
	const struct vt_pdf_signature *ps = vt_pdf_signed_at(d->pdf, i);
	struct vt_cms *cms = NULL;
	struct vt_error why = { 0 };
	int rc;

	rc =
	    vt_cms_parse(VT_BYTES(ps->field->contents, ps->field->contents_len),
		VT_CMS_ZERO_PADDED, &cms, &why);
	if (rc == VT_EFORMAT || rc == VT_EUNSUPPORTED || rc == VT_ELIMIT)
		return vt_verify_pdf_form(&d->facts[i], "malformed-signature",
		    why.clause, why.text, err);
	if (rc == VT_OK)
		rc = check_cms(d, i, cms, err);
	else if (err != NULL && err->code == VT_OK)
		*err = why;
	vt_cms_free(cms);
	return rc;
}
