/* test_stamp.h - stamps on a page of their own, and what others see there */
#ifndef TEST_STAMP_H
#define TEST_STAMP_H

#include "test_run.h"
#include "test_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vanthu/file.h"
#include "vanthu/pdf.h"
#include "vanthu/source.h"
#include "vanthu/stamp.h"

struct test_page {
	double width, height; /* of its MediaBox */
	int rotate;
};

/* An empty page; object 3 is it. */
static inline void
blank_page(struct vt_buf *b, struct test_page page)
{
	size_t off[4], xref, i;

	vt_buf_init(b, 4096);
	assert_int_equal(vt_buf_puts(b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
	    VT_OK);
	off[1] = b->len;
	vt_buf_puts(b, "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
	off[2] = b->len;
	vt_buf_puts(b,
	    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
	off[3] = b->len;
	vt_buf_printf(b,
	    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]"
	    "/Rotate %d/Resources<<>>>>\nendobj\n",
	    page.width, page.height, page.rotate);
	xref = b->len;
	vt_buf_puts(b, "xref\n0 4\n0000000000 65535 f \n");
	for (i = 1; i < 4; i++)
		vt_buf_printf(b, "%010zu 00000 n \n", off[i]);
	vt_buf_printf(b,
	    "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", xref);
}

/*
 * STAMP on a page, as the appearance of an annotation whose lower left corner
 * is X, Y; written to PATH.
 */
static inline void
stamp_to_page(struct vt_stamp *stamp, struct test_page page, double x, double y,
    const char *path)
{
	double w = vt_stamp_width(stamp), h = vt_stamp_height(stamp), t;
	struct vt_pdf_update *up = NULL;
	struct vt_source *src = NULL;
	struct vt_pdf_ref form, annot;
	struct vt_error err = { 0 };
	struct vt_pdf *pdf = NULL;
	struct vt_out *out = NULL;
	char text[400];
	struct vt_buf b;

	if (page.rotate % 180 != 0) {
		t = w;
		w = h;
		h = t;
	}
	blank_page(&b, page);
	assert_int_equal(vt_source_bytes(vt_buf_bytes(&b), &src, &err), VT_OK);
	assert_int_equal(vt_pdf_open(src, VT_PDF_STRICT, &pdf, &err), VT_OK);
	assert_int_equal(vt_pdf_update_new(pdf, &up, &err), VT_OK);
	assert_vt_ok(vt_stamp_turn(stamp, page.rotate, &err), &err);
	assert_vt_ok(vt_stamp_put(stamp, up, &form, &err), &err);
	assert_vt_ok(vt_pdf_update_alloc(up, &annot, &err), &err);
	snprintf(text, sizeof(text),
	    "<</Type/Annot/Subtype/Stamp/F 4/Rect[%.3f %.3f %.3f %.3f]"
	    "/P 3 0 R/AP<</N %u 0 R>>>>",
	    x, y, x + w, y + h, form.num);
	assert_vt_ok(vt_pdf_update_put(up, annot, vt_bytes_str(text), &err),
	    &err);
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Rotate %d"
	    "/Resources<<>>/Annots[%u 0 R]>>",
	    page.width, page.height, page.rotate, annot.num);
	assert_vt_ok(vt_pdf_update_put(up, (struct vt_pdf_ref){ 3, 0 },
			 vt_bytes_str(text), &err),
	    &err);
	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_pdf_update_write(up, out, NULL, 0, &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	vt_pdf_update_free(up);
	vt_pdf_free(pdf);
	vt_source_free(src);
	vt_buf_release(&b);
}

/* On a page of A4. */
static inline void
stamp_to_file(struct vt_stamp *stamp, const char *path)
{
	stamp_to_page(stamp, (struct test_page){ 595, 842, 0 }, 40, 300, path);
}

/* The text of PATH is exactly WANTED, line by line, as poppler reads it. */
static inline void
assert_pdftotext(const char *path, const char *wanted)
{
	const char *const argv[] = { "pdftotext", "-raw", "-nopgbrk", "-enc",
		"UTF-8", path, "-", NULL };
	struct vt_buf out;

	run(argv, &out);
	assert_bytes_str(vt_buf_bytes(&out), wanted);
	vt_buf_release(&out);
}

#endif
