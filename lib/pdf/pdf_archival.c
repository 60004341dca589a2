/* pdf_archival.c - what a document says of PDF/A (ISO 19005-1, 6.7.11;
 * -2, 6.6.4)
 */
#include <string.h>

#include "pdf_int.h"

#define XMP_MAX (1u << 20)

/* The number behind "pdfaid:part", as an attribute or an element; or 0. */
static int
part_of(struct vt_bytes xmp)
{
	static const char name[] = "pdfaid:part";
	size_t at;

	for (at = 0; (at = vt_bytes_find(xmp, at, name)) != SIZE_MAX;) {
		at += sizeof(name) - 1;
		while (at < xmp.len &&
		       strchr("=>\"' \t\r\n", xmp.data[at]) != NULL &&
		       xmp.data[at] != '\0')
			at++;
		if (at < xmp.len && xmp.data[at] >= '1' && xmp.data[at] <= '9')
			return xmp.data[at] - '0';
	}
	return 0;
}

static int
read_part(struct vt_pdf *pdf, const struct vt_pdf_obj *catalog, int *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *meta;
	struct vt_buf xmp;
	int rc;

	if ((rc = vt_pdf_lookup(pdf, catalog, "Metadata", &meta, err)) !=
		VT_OK ||
	    meta->type != VT_PDF_STREAM)
		return rc;
	vt_buf_init(&xmp, XMP_MAX);
	/* Metadata that nobody can read say nothing. */
	rc = vt_pdf_stream_data(pdf, meta, &xmp, NULL);
	if (rc == VT_OK)
		*ret = part_of(vt_buf_bytes(&xmp));
	vt_buf_release(&xmp);
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

int
vt_pdf_archival_read(struct vt_pdf *pdf, struct vt_pdf_archival *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *list, *intent, *s;
	struct vt_pdf_archival a = { 0 };
	size_t mark = vt_pdf_mark(pdf), i;
	int rc;

	if ((rc = vt_pdf_catalog(pdf, &catalog, NULL, err)) != VT_OK ||
	    (rc = read_part(pdf, catalog, &a.part, err)) != VT_OK ||
	    (rc = vt_pdf_lookup(pdf, catalog, "OutputIntents", &list, err)) !=
		VT_OK)
		goto out;
	for (i = 0; list->type == VT_PDF_ARRAY && i < list->u.array.n; i++) {
		if ((rc = vt_pdf_resolve(pdf, &list->u.array.items[i], &intent,
			 err)) != VT_OK ||
		    (rc = vt_pdf_lookup(pdf, intent, "S", &s, err)) != VT_OK)
			goto out;
		if (vt_pdf_is_name(s, "GTS_PDFA1"))
			a.intent = true;
	}
	*ret = a;
out:
	vt_pdf_rewind(pdf, mark);
	return rc;
}
