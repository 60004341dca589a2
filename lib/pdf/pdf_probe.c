/* pdf_probe.c - does it claim to be a PDF? */
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/source.h"

#define HEAD 1024 /* as far as readers look for the header */
#define TAIL 2048 /* and for "startxref" from the end */

int
vt_pdf_probe(struct vt_source *src, bool *ret, struct vt_error *err)
{
	uint64_t size = vt_source_size(src);
	struct vt_bytes part;
	size_t at, xref;
	int rc;

	*ret = false;
	if ((rc = vt_source_view(src, 0, HEAD, &part, err)) != VT_OK)
		return rc;
	at = vt_bytes_find(part, 0, "%PDF-");
	*ret = at == 0;
	if (*ret)
		return VT_OK;
	if ((rc = vt_source_view(src, size > TAIL ? size - TAIL : 0, TAIL,
		 &part, err)) != VT_OK)
		return rc;
	/*
	 * Text that speaks of PDF has the one, but hardly the other.  And what
	 * ends as a PDF is opened by readers that repair: it is a broken one,
	 * not no PDF.
	 */
	xref = vt_bytes_find(part, 0, "startxref");
	*ret = xref != SIZE_MAX && (at != SIZE_MAX || vt_bytes_find(part, xref,
							  "%%EOF") != SIZE_MAX);
	return VT_OK;
}
