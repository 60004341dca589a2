/* fuzz_pdf.c - any bytes as a PDF: objects, form, signatures, what changed */
#include "fuzz.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_compare.h"
#include "vanthu/pdf_dss.h"
#include "vanthu/source.h"

#define STREAM_MAX (1u << 20)
#define OBJECTS 512 /* looked at */

static void
objects(struct vt_pdf *pdf)
{
	const struct vt_pdf_obj *obj;
	struct vt_pdf_xref entry;
	struct vt_error err = { 0 };
	struct vt_buf data;
	size_t pos = 0, mark, n;

	for (n = 0; n < OBJECTS && vt_pdf_xref_next(pdf, &pos, &entry); n++) {
		mark = vt_pdf_mark(pdf);
		if (fuzz_rc(vt_pdf_get(pdf, entry.ref, &obj, &err), &err) ==
		    VT_OK) {
			FUZZ_PROMISE(vt_pdf_equal(obj, obj));
			vt_buf_init(&data, STREAM_MAX);
			if (obj->type == VT_PDF_STREAM)
				(void)vt_pdf_stream_data(pdf, obj, &data, NULL);
			(void)vt_pdf_source_text(pdf, obj, &data, NULL);
			vt_buf_release(&data);
		}
		vt_pdf_rewind(pdf, mark);
	}
}

static void
document(struct vt_source *src, enum vt_pdf_mode mode)
{
	struct vt_pdf_sigfields fields = { 0 };
	struct vt_pdf_dss dss = { 0 };
	struct vt_pdf *pdf = NULL, *old = NULL;
	struct vt_error err = { 0 };
	size_t i, pages;

	if (fuzz_rc(vt_pdf_open(src, mode, &pdf, &err), &err) != VT_OK)
		return;
	FUZZ_PROMISE(vt_pdf_trailer(pdf) != NULL);
	objects(pdf);
	(void)fuzz_rc(vt_pdf_page_count(pdf, &pages, &err), &err);
	if (fuzz_rc(vt_pdf_sigfields_read(pdf, &fields, &err), &err) == VT_OK)
		vt_pdf_sigfields_release(&fields);
	if (fuzz_rc(vt_pdf_dss_read(pdf, &dss, &err), &err) == VT_OK)
		vt_pdf_dss_release(&dss);
	for (i = 0; i < vt_pdf_nrevisions(pdf) && i < 8; i++) {
		if (fuzz_rc(vt_pdf_open_revision(pdf, i, &old, &err), &err) ==
		    VT_OK)
			vt_pdf_free(old);
	}
	for (i = 0; i < vt_pdf_nfindings(pdf); i++)
		(void)vt_pdf_finding(pdf, i);
	vt_pdf_free(pdf);
}

/* Nobody said that a signature holds, and each of them was said to. */
static void
compare(struct vt_pdf_signed *s, size_t i)
{
	static bool intact[2][VT_PDF_SIGNATURES_MAX];
	struct vt_pdf_comparison c;
	struct vt_pdf_dss dss = { 0 };
	struct vt_error err = { 0 };
	size_t k, n = 0;

	for (k = 0; k < VT_PDF_SIGNATURES_MAX; k++)
		intact[1][k] = true;
	(void)fuzz_rc(vt_pdf_signed_stream(s, i, fuzz_drop, &n, &err), &err);
	for (k = 0; k < 2; k++)
		if (fuzz_rc(vt_pdf_signed_compare(s, i, intact[k], &c, &err),
			&err) == VT_OK) {
			FUZZ_PROMISE(c.n <= VT_PDF_DIFFERENCES_MAX);
			FUZZ_PROMISE(
			    (c.result == VT_PDF_CHANGED) == (c.total > 0));
			vt_pdf_comparison_release(&c);
		}
	if (fuzz_rc(vt_pdf_signed_dss(s, i, &dss, &err), &err) == VT_OK)
		vt_pdf_dss_release(&dss);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_pdf_signed *s = NULL;
	struct vt_error err = { 0 };
	size_t i;
	bool is;

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	(void)fuzz_rc(vt_pdf_probe(src, &is, &err), &err);
	document(src, VT_PDF_STRICT);
	document(src, VT_PDF_TOLERANT);
	if (fuzz_rc(vt_pdf_signed_open(src, &s, &err), &err) == VT_OK) {
		for (i = 0; i < vt_pdf_signed_n(s); i++)
			compare(s, i);
		vt_pdf_signed_free(s);
	}
	vt_source_free(src);
	return 0;
}
