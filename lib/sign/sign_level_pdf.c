/* sign_level_pdf.c - what a PDF gets at each level (EN 319 142-1, 5.4) */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sign_level_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/ocsp.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_dss.h"
#include "vanthu/time.h"
#include "vanthu/tsp.h"

/* ---- document time stamps ---- */

static int
over_document(void *ctx, vt_sign_piece_fn *fn, void *fn_ctx,
    struct vt_error *err)
{
	return vt_pdf_sign_stream(ctx, fn, fn_ctx, err);
}

/* One try; *ROOM is then what the token needs. */
static int
stamp_once(struct vt_pdf *pdf, struct vt_stamping *s, size_t *room,
    bool *ret_fits, struct vt_out *out, struct vt_error *err)
{
	struct vt_pdf_sign plan = { .when = VT_TIME_NONE,
		.hole = *room,
		.timestamp = true };
	struct vt_pdf_signing *signing = NULL;
	struct vt_tsp *t = NULL;
	int rc;

	*ret_fits = false;
	if ((rc = vt_pdf_sign_prepare(pdf, &plan, out, &signing, err)) !=
		VT_OK ||
	    (rc = vt_stamping_stamp(s, over_document, signing, &t, err)) !=
		VT_OK)
		goto out;
	*ret_fits = vt_tsp_der(t).len <= *room;
	if (*ret_fits)
		rc = vt_pdf_sign_finish(signing, vt_tsp_der(t), err);
	else
		rc = vt_stamping_trial(s, NULL, room, err);
out:
	vt_tsp_free(t);
	vt_pdf_signing_free(signing);
	return rc;
}

int
vt_level_pdf_stamp(struct vt_source *src, const struct vt_secret *password,
    struct vt_stamping *s, struct vt_out *out, struct vt_error *err)
{
	struct vt_pdf *pdf = NULL;
	bool fits = false;
	size_t room;
	int i, rc;

	if ((rc = vt_stamping_trial(s, NULL, &room, err)) != VT_OK)
		return rc;
	for (i = 0; i < VT_LEVEL_TRIES && rc == VT_OK && !fits; i++) {
		/* A document is written once: begin anew. */
		vt_pdf_free(pdf);
		pdf = NULL;
		if ((rc = vt_out_empty(out, err)) == VT_OK &&
		    (rc = vt_pdf_open_with(src, VT_PDF_STRICT, password, &pdf,
			 err)) == VT_OK)
			rc = stamp_once(pdf, s, &room, &fits, out, err);
	}
	vt_pdf_free(pdf);
	return rc == VT_OK && !fits ? vt_level_no_room(err) : rc;
}

/* ---- /DSS ---- */

/* DER of what is not in the store yet, as it goes there. */
struct list {
	struct vt_bytes *der;
	size_t n;
};

static bool
is_there(const struct vt_pdf_dss *dss, enum vt_pdf_dss_kind kind,
    struct vt_bytes der)
{
	size_t i;

	for (i = 0; i < dss->n; i++)
		if (dss->items[i].kind == kind &&
		    vt_bytes_equal(VT_BYTES(dss->items[i].der,
				       dss->items[i].len),
			der))
			return true;
	return false;
}

static void
list_add(struct list *l, const struct vt_pdf_dss *dss,
    enum vt_pdf_dss_kind kind, struct vt_bytes der)
{
	if (!is_there(dss, kind, der))
		l->der[l->n++] = der;
}

/* Answers are whole there; ANSWERS holds them, one behind the other. */
static int
answers_make(const struct vt_ocsps *ocsps, struct vt_buf *answers, size_t *ends,
    struct vt_error *err)
{
	size_t i;

	for (i = 0; i < ocsps->n; i++) {
		if (vt_ocsp_put_response(ocsps->items[i], answers) != VT_OK)
			return vt_error_nomem(err);
		ends[i] = answers->len;
	}
	return VT_OK;
}

static int
data_write(struct vt_pdf *pdf, const struct vt_pdf_dss *dss,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err)
{
	struct vt_pdf_dss_more more = { 0 };
	struct list certs = { 0 }, crls = { 0 }, ocsps = { 0 };
	size_t *ends = calloc(data->ocsps.n + 1, sizeof(*ends));
	struct vt_buf answers;
	size_t i, from = 0;
	int rc = VT_OK;

	vt_buf_init(&answers, VT_PDF_DSS_BYTES_MAX);
	certs.der = calloc(data->certs.n + 1, sizeof(*certs.der));
	crls.der = calloc(data->crls.n + 1, sizeof(*crls.der));
	ocsps.der = calloc(data->ocsps.n + 1, sizeof(*ocsps.der));
	if (ends == NULL || certs.der == NULL || crls.der == NULL ||
	    ocsps.der == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = answers_make(&data->ocsps, &answers, ends, err)) != VT_OK)
		goto out;
	for (i = 0; i < data->certs.n; i++)
		list_add(&certs, dss, VT_PDF_DSS_CERT,
		    vt_cert_der(data->certs.items[i]));
	for (i = 0; i < data->crls.n; i++)
		list_add(&crls, dss, VT_PDF_DSS_CRL,
		    vt_crl_der(data->crls.items[i]));
	for (i = 0; i < data->ocsps.n; from = ends[i++])
		list_add(&ocsps, dss, VT_PDF_DSS_OCSP,
		    vt_bytes_slice(vt_buf_bytes(&answers), from,
			ends[i] - from));
	*ret_added = certs.n + crls.n + ocsps.n > 0;
	if (!*ret_added)
		goto out;
	more = (struct vt_pdf_dss_more){ certs.der, certs.n, crls.der, crls.n,
		ocsps.der, ocsps.n };
	rc = vt_pdf_dss_add(pdf, &more, out, err);
out:
	free(ends);
	free(certs.der);
	free(crls.der);
	free(ocsps.der);
	vt_buf_release(&answers);
	return rc;
}

int
vt_level_pdf_data(struct vt_source *src, const struct vt_secret *password,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err)
{
	struct vt_pdf_dss dss = { 0 };
	struct vt_pdf *pdf = NULL;
	int rc;

	if ((rc = vt_pdf_open_with(src, VT_PDF_STRICT, password, &pdf, err)) ==
		VT_OK &&
	    (rc = vt_pdf_dss_read(pdf, &dss, err)) == VT_OK)
		rc = data_write(pdf, &dss, data, out, ret_added, err);
	vt_pdf_dss_release(&dss);
	vt_pdf_free(pdf);
	return rc;
}
