/* pdf_dss_put.c - validation data as one more revision (12.8.4.3) */
#include <string.h>

#include "pdf_int.h"
#include "pdf_sign.h"
#include "vanthu/pdf_dss.h"

#define TEXT_MAX VT_PDF_OBJECT_MAX

/* "N 0 R" of each, with spaces between; every DER is a stream of its own. */
static int
streams_put(struct vt_pdf_update *up, const struct vt_bytes *der, size_t n,
    struct vt_buf *refs, struct vt_error *err)
{
	struct vt_pdf_ref ref = { 0, 0 };
	struct vt_buf body;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&body, VT_PDF_DSS_BYTES_MAX + 64);
	for (i = 0; i < n && rc == VT_OK; i++) {
		vt_buf_reset(&body);
		if ((rc = vt_pdf_update_alloc(up, &ref, err)) != VT_OK)
			break;
		rc = vt_buf_printf(&body, "<</Length %zu>>\nstream\n",
		    der[i].len);
		if (rc == VT_OK)
			rc = vt_buf_bytes_put(&body, der[i]);
		if (rc == VT_OK)
			rc = vt_buf_puts(&body, "\nendstream");
		if (rc == VT_OK)
			rc = vt_buf_printf(refs, "%s%u %u R",
			    refs->len > 0 ? " " : "", ref.num, ref.gen);
		rc = rc == VT_OK
			 ? vt_pdf_update_put(up, ref, vt_buf_bytes(&body), err)
			 : vt_pdf_buf_error(rc, err);
	}
	vt_buf_release(&body);
	return rc;
}

/*
 * The array under KEY of the store DSS (NULL: there is none yet) with REFS at
 * its end.  One that is an object of its own is put, and *RET stays empty.
 */
static int
list_append(struct vt_pdf *pdf, struct vt_pdf_update *up,
    const struct vt_pdf_obj *dss, const char *key, struct vt_bytes refs,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_pdf_ref array = { 0, 0 };
	int rc;

	if (refs.len == 0)
		return VT_OK;
	rc = vt_pdf_array_append(pdf,
	    dss != NULL ? vt_pdf_find(dss, key) : NULL, refs, ret, &array, err);
	if (rc != VT_OK || array.num == 0)
		return rc;
	rc = vt_pdf_update_put(up, array, vt_buf_bytes(ret), err);
	vt_buf_reset(ret);
	return rc;
}

/* What the catalog's /DSS is; *RET NULL: none.  *RET_REF: 0 where direct. */
static int
store_find(struct vt_pdf *pdf, const struct vt_pdf_obj *catalog,
    const struct vt_pdf_obj **ret, struct vt_pdf_ref *ret_ref,
    struct vt_error *err)
{
	const struct vt_pdf_obj *v = vt_pdf_find(catalog, "DSS");
	int rc;

	*ret = NULL;
	if (v == NULL)
		return VT_OK;
	if ((rc = vt_pdf_resolve_ref(pdf, v, &v, ret_ref, err)) != VT_OK)
		return rc;
	if (v->type == VT_PDF_DICT)
		*ret = v;
	else if (v->type != VT_PDF_NULL)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 12.8.4.3",
		    "the document's validation data is no dictionary");
	return VT_OK;
}

/* The new text of the store, or of the catalog that holds it. */
static int
store_put(struct vt_pdf *pdf, struct vt_pdf_update *up,
    const struct vt_pdf_change *changes, size_t n, const struct vt_pdf_obj *dss,
    struct vt_pdf_ref ref, struct vt_error *err)
{
	struct vt_pdf_change change = { "DSS", { NULL, 0 } };
	const struct vt_pdf_obj *catalog;
	struct vt_buf text, value;
	struct vt_pdf_ref root;
	size_t i;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	vt_buf_init(&value, TEXT_MAX);
	if (dss != NULL) {
		rc = vt_pdf_splice(pdf, dss, changes, n, &text, err);
	} else {
		ref.num = 0;
		rc = vt_buf_puts(&text, "<</Type/DSS");
		for (i = 0; i < n && rc == VT_OK; i++)
			if ((rc = vt_buf_printf(&text, "/%s",
				 changes[i].key)) == VT_OK)
				rc = vt_buf_bytes_put(&text, changes[i].value);
		if (rc == VT_OK)
			rc = vt_buf_puts(&text, ">>");
		rc = rc == VT_OK ? vt_pdf_update_alloc(up, &ref, err)
				 : vt_pdf_buf_error(rc, err);
	}
	if (rc != VT_OK)
		goto out;
	if (ref.num != 0 && (rc = vt_pdf_update_put(up, ref,
				 vt_buf_bytes(&text), err)) != VT_OK)
		goto out;
	if (dss != NULL && ref.num != 0)
		goto out; /* the catalog leads to it already */
	rc = ref.num != 0 ? vt_buf_printf(&value, "%u %u R", ref.num, ref.gen)
			  : vt_buf_bytes_put(&value, vt_buf_bytes(&text));
	if (rc != VT_OK) {
		rc = vt_pdf_buf_error(rc, err);
		goto out;
	}
	vt_buf_reset(&text);
	change.value = vt_buf_bytes(&value);
	if ((rc = vt_pdf_catalog(pdf, &catalog, &root, err)) == VT_OK &&
	    (rc = vt_pdf_splice(pdf, catalog, &change, 1, &text, err)) == VT_OK)
		rc = vt_pdf_update_put(up, root, vt_buf_bytes(&text), err);
out:
	vt_buf_release(&text);
	vt_buf_release(&value);
	return rc;
}

static int
fill(struct vt_pdf *pdf, struct vt_pdf_update *up,
    const struct vt_pdf_dss_more *more, struct vt_error *err)
{
	const struct {
		const char *key;
		const struct vt_bytes *der;
		size_t n;
	} lists[] = { { "Certs", more->certs, more->ncerts },
		{ "CRLs", more->crls, more->ncrls },
		{ "OCSPs", more->ocsps, more->nocsps } };
	const struct vt_pdf_obj *catalog, *dss = NULL;
	struct vt_pdf_change changes[3];
	struct vt_pdf_ref ref = { 0, 0 };
	struct vt_buf refs, values[3];
	size_t i, n = 0;
	int rc;

	vt_buf_init(&refs, TEXT_MAX);
	for (i = 0; i < 3; i++)
		vt_buf_init(&values[i], TEXT_MAX);
	if ((rc = vt_pdf_catalog(pdf, &catalog, NULL, err)) == VT_OK)
		rc = store_find(pdf, catalog, &dss, &ref, err);
	for (i = 0; i < 3 && rc == VT_OK; i++) {
		vt_buf_reset(&refs);
		if ((rc = streams_put(up, lists[i].der, lists[i].n, &refs,
			 err)) != VT_OK ||
		    (rc = list_append(pdf, up, dss, lists[i].key,
			 vt_buf_bytes(&refs), &values[i], err)) != VT_OK)
			break;
		if (values[i].len > 0)
			changes[n++] = (struct vt_pdf_change){ lists[i].key,
				vt_buf_bytes(&values[i]) };
	}
	if (rc == VT_OK && n > 0)
		rc = store_put(pdf, up, changes, n, dss, ref, err);
	vt_buf_release(&refs);
	for (i = 0; i < 3; i++)
		vt_buf_release(&values[i]);
	return rc;
}

int
vt_pdf_dss_add(struct vt_pdf *pdf, const struct vt_pdf_dss_more *more,
    struct vt_out *out, struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	struct vt_pdf_update *up = NULL;
	size_t mark = vt_pdf_mark(pdf);
	int rc;

	if (more->ncerts + more->ncrls + more->nocsps == 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is nothing to add to the validation data");
	if ((rc = vt_pdf_check_all(pdf, err)) == VT_OK &&
	    (rc = vt_pdf_sigfields_read(pdf, &all, err)) == VT_OK &&
	    (rc = vt_pdf_sign_allowed(pdf, &all, err)) == VT_OK &&
	    (rc = vt_pdf_update_new(pdf, &up, err)) == VT_OK &&
	    (rc = fill(pdf, up, more, err)) == VT_OK)
		rc = vt_pdf_update_write(up, out, NULL, 0, err);
	vt_pdf_update_free(up);
	vt_pdf_sigfields_release(&all);
	vt_pdf_rewind(pdf, mark);
	return rc;
}
