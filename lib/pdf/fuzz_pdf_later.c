/*
 * fuzz_pdf_later.c - any bytes behind a signed PDF
 *
 * Somebody without a key appended them to a document that is signed; with "o"
 * they tell objects, and the rest is made to fit.  If the comparison finds no
 * change, what one sees must be what it was.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_compare.h"
#include "vanthu/source.h"

#define FILE_MAX (1u << 20)
#define HOLE 64 /* hexadecimal digits */

static const char *const objects[] = {
	"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 12 0 R"
	"/DSS 13 0 R>>",
	"<</Type/Pages/Kids[3 0 R]/Count 1>>",
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources"
	"<</Font<</F 10 0 R>>>>/Annots[6 0 R 9 0 R]>>",
	"<</Length 2>>\nstream\nB \nendstream",
	"<</Fields[6 0 R 9 0 R]/SigFlags 3/DR<</Font 11 0 R>>>>",
	"<</Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/P 3 0 R/V 7 0 R>>",
	"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 0000000000 "
	"0000000000 0000000000]/Contents<"
	"30313233343536373839303132333435303132333435363738393031323334"
	"00>>>",
	"<</Title(t)>>",
	"<</Subtype/Widget/FT/Tx/T(b)/Rect[1 1 8 2]/P 3 0 R"
	"/AP<</N 14 0 R>>>>",
	"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	"<</F 10 0 R>>",
	"<</Type/Metadata/Subtype/XML/Length 12>>\nstream\n<x:xmpmeta/>\n"
	"endstream",
	"<</Certs[15 0 R]>>",
	"<</Subtype/Form/BBox[0 0 7 1]/Length 2>>\nstream\nn \nendstream",
	"<</Length 1>>\nstream\nc\nendstream",
};
#define NOBJECTS (sizeof(objects) / sizeof(objects[0]))

/* The signed document; its last section is at *RET_XREF. */
static void
base(struct vt_buf *b, size_t *ret_xref)
{
	size_t off[NOBJECTS], i, contents;
	char range[64];

	vt_buf_init(b, FILE_MAX);
	vt_buf_puts(b, "%PDF-1.7\n");
	for (i = 0; i < NOBJECTS; i++) {
		off[i] = b->len;
		vt_buf_printf(b, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	*ret_xref = b->len;
	vt_buf_printf(b, "xref\n0 %zu\n0000000000 65535 f \n", NOBJECTS + 1);
	for (i = 0; i < NOBJECTS; i++)
		vt_buf_printf(b, "%010zu 00000 n \n", off[i]);
	vt_buf_printf(b,
	    "trailer\n<</Size %zu/Root 1 0 R/Info 8 0 R>>\nstartxref\n%zu\n"
	    "%%%%EOF\n",
	    NOBJECTS + 1, *ret_xref);
	contents = vt_bytes_find(vt_buf_bytes(b), 0, "/Contents<3") + 9;
	snprintf(range, sizeof(range), "[0 %010zu %010zu %010zu]", contents,
	    contents + HOLE + 2, b->len - contents - HOLE - 2);
	memcpy(b->data + vt_bytes_find(vt_buf_bytes(b), 0, "[0 0000000000"),
	    range, strlen(range));
}

/* Does the page of PDF, and the text field on it, show what they did? */
static bool
shows_the_same(struct vt_pdf *pdf)
{
	const struct vt_pdf_obj *page, *v, *font;
	struct vt_pdf_ref ref;
	struct vt_buf text;
	size_t n = 0;
	bool same;

	vt_buf_init(&text, FILE_MAX);
	same = vt_pdf_page_count(pdf, &n, NULL) == VT_OK && n == 1 &&
	       vt_pdf_page(pdf, 0, &page, &ref, NULL) == VT_OK &&
	       ref.num == 3 && vt_pdf_find(page, "Rotate") == NULL &&
	       vt_pdf_find(page, "AA") == NULL &&
	       vt_pdf_lookup(pdf, page, "Contents", &v, NULL) == VT_OK &&
	       vt_pdf_stream_data(pdf, v, &text, NULL) == VT_OK &&
	       vt_bytes_equal_str(vt_buf_bytes(&text), "B ") &&
	       vt_pdf_lookup(pdf, page, "Resources", &v, NULL) == VT_OK &&
	       vt_pdf_lookup(pdf, v, "Font", &v, NULL) == VT_OK &&
	       vt_pdf_lookup(pdf, v, "F", &font, NULL) == VT_OK &&
	       vt_pdf_is_name(vt_pdf_find(font, "BaseFont"), "Helvetica");
	vt_buf_reset(&text);
	same =
	    same &&
	    vt_pdf_get(pdf, (struct vt_pdf_ref){ 9, 0 }, &v, NULL) == VT_OK &&
	    vt_pdf_find(v, "V") == NULL &&
	    vt_pdf_lookup(pdf, v, "AP", &v, NULL) == VT_OK &&
	    vt_pdf_lookup(pdf, v, "N", &v, NULL) == VT_OK &&
	    vt_pdf_stream_data(pdf, v, &text, NULL) == VT_OK &&
	    vt_bytes_equal_str(vt_buf_bytes(&text), "n ");
	vt_buf_release(&text);
	return same;
}

/* The signature of the document, which alone holds, against all the rest. */
static void
judge(struct vt_source *src)
{
	static const bool intact[VT_PDF_SIGNATURES_MAX] = { true };
	struct vt_pdf_comparison c = { 0 };
	const struct vt_pdf_signature *sig;
	struct vt_pdf_signed *s = NULL;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_pdf_signed_open(src, &s, &err), &err) != VT_OK)
		return;
	FUZZ_PROMISE(vt_pdf_signed_n(s) > 0);
	sig = vt_pdf_signed_at(s, 0);
	FUZZ_PROMISE(sig->sound && sig->start == 0);
	if (fuzz_rc(vt_pdf_signed_compare(s, 0, intact, &c, &err), &err) ==
	    VT_OK) {
		FUZZ_PROMISE((c.result == VT_PDF_CHANGED) == (c.total > 0));
		FUZZ_PROMISE(
		    c.result != VT_PDF_NOT_COMPARED || c.reason[0] != '\0');
		FUZZ_PROMISE(c.result != VT_PDF_UNCHANGED ||
			     shows_the_same(vt_pdf_signed_pdf(s)));
	}
	vt_pdf_comparison_release(&c);
	vt_pdf_signed_free(s);
}

/* Objects, each a number and a body up to "\xff", and a table that fits. */
static void
put_update(struct vt_buf *b, size_t prev, const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size, *p;
	size_t off[256] = { 0 }, xref, i;

	for (; data < end; data = p + (p < end)) {
		p = memchr(data, 0xff, (size_t)(end - data));
		if (p == NULL)
			p = end;
		off[data[0]] = p - data == 1 ? 1 : b->len;
		if (p - data < 2)
			continue; /* nothing: freed */
		vt_buf_printf(b, "%u 0 obj\n", data[0]);
		vt_buf_put(b, data + 1, (size_t)(p - data) - 1);
		vt_buf_puts(b, "\nendobj\n");
	}
	xref = b->len;
	vt_buf_puts(b, "xref\n");
	for (i = 1; i < 256; i++)
		if (off[i] != 0)
			vt_buf_printf(b, "%zu 1\n%010zu %05d %c \n", i,
			    off[i] == 1 ? 0 : off[i], off[i] == 1,
			    off[i] == 1 ? 'f' : 'n');
	vt_buf_printf(b,
	    "trailer\n<</Size 256/Root 1 0 R/Info 8 0 R/Prev %zu>>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    prev, xref);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_buf b;
	size_t xref;

	if (size > FILE_MAX / 4)
		return 0;
	base(&b, &xref);
	if (size > 0 && data[0] == 'o')
		put_update(&b, xref, data + 1, size - 1);
	else
		vt_buf_put(&b, data, size);
	if (vt_source_bytes(vt_buf_bytes(&b), &src, NULL) == VT_OK)
		judge(src);
	vt_source_free(src);
	vt_buf_release(&b);
	return 0;
}
