/* fuzz_pdf_page.c - any bytes as a PDF whose pages are looked at and read */
#include <math.h>

#include "fuzz.h"
#include "vanthu/pdf_page.h"
#include "vanthu/source.h"

#define PAGES 3

static void
look(struct vt_pdf *pdf, size_t page)
{
	struct vt_pdf_view view;
	struct vt_pdf_lines lines = { 0 };
	struct vt_pdf_box box;
	struct vt_error err = { 0 };
	const struct vt_pdf_line *l;
	size_t i, k;

	if (fuzz_rc(vt_pdf_view_read(pdf, page, &view, &err), &err) != VT_OK)
		return;
	FUZZ_PROMISE(view.width > 0 && view.height > 0);
	FUZZ_PROMISE(
	    view.rotate >= 0 && view.rotate < 360 && view.rotate % 90 == 0);
	box = vt_pdf_view_to_seen(&view, view.box);
	FUZZ_PROMISE(isfinite(box.x1) && isfinite(box.y1));
	err = (struct vt_error){ 0 };
	if (fuzz_rc(vt_pdf_lines_read(pdf, &view, &lines, &err), &err) == VT_OK)
		for (i = 0; i < lines.n; i++) {
			l = &lines.items[i];
			FUZZ_PROMISE(isfinite(l->base) && isfinite(l->size));
			for (k = 0; k < l->n; k++)
				FUZZ_PROMISE(isfinite(l->chars[k].x0) &&
					     l->chars[k].c > 0 &&
					     l->chars[k].c <= 0x10ffff);
		}
	vt_pdf_lines_release(&lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_pdf *pdf = NULL;
	struct vt_pdf_hit hit;
	struct vt_error err = { 0 };
	size_t i;

	if (vt_source_bytes(VT_BYTES(data, size), &src, NULL) != VT_OK)
		return 0;
	if (fuzz_rc(vt_pdf_open(src, VT_PDF_STRICT, &pdf, &err), &err) ==
	    VT_OK) {
		for (i = 0; i < PAGES; i++)
			look(pdf, i);
		err = (struct vt_error){ 0 };
		(void)fuzz_rc(vt_pdf_text_find(pdf, "e", &hit, &err), &err);
	}
	vt_pdf_free(pdf);
	vt_source_free(src);
	return 0;
}
