/*
 * fuzz_pdf_sign.c - any bytes as a PDF to be signed, repaired where it can be
 *
 * If it is signed at all, the result opens strictly, begins with what was
 * given, and the signature covers all of it with nothing changed behind it.
 */
#include "fuzz.h"
#include "vanthu/file.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_compare.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

#define DUMMY "0\x02no"
#define SPOOL "/tmp/fuzz_pdf_sign" /* where a file without a name is made */

/* What begins the file, and goes on or not. */
struct prefix {
	struct vt_bytes left;
};

static int
match(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct prefix *p = ctx;
	size_t n = piece.len < p->left.len ? piece.len : p->left.len;

	(void)err;
	FUZZ_PROMISE(vt_bytes_equal(vt_bytes_slice(piece, 0, n),
	    vt_bytes_slice(p->left, 0, n)));
	p->left = vt_bytes_slice(p->left, n, p->left.len);
	return VT_OK;
}

static void
look(struct vt_source *src, struct vt_bytes given)
{
	struct prefix prefix = { given };
	struct vt_pdf_comparison c = { 0 };
	struct vt_pdf_signed *s = NULL;
	struct vt_pdf *pdf = NULL;
	bool intact[VT_PDF_SIGNATURES_MAX] = { 0 };
	struct vt_error err = { 0 };
	size_t i;

	FUZZ_PROMISE(vt_source_stream(src, 0, vt_source_size(src), match,
			 &prefix, &err) == VT_OK);
	FUZZ_PROMISE(prefix.left.len == 0);
	FUZZ_PROMISE(vt_pdf_open(src, VT_PDF_STRICT, &pdf, &err) == VT_OK);
	vt_pdf_free(pdf);
	if (fuzz_rc(vt_pdf_signed_open(src, &s, &err), &err) != VT_OK)
		return; /* too many signatures */
	for (i = 0; i < vt_pdf_signed_n(s) &&
		    vt_pdf_signed_at(s, i)->covers != VT_PDF_COVERS_WHOLE;
	     i++)
		;
	FUZZ_PROMISE(i < vt_pdf_signed_n(s));
	FUZZ_PROMISE(vt_pdf_signed_at(s, i)->sound);
	intact[i] = true;
	FUZZ_PROMISE(vt_pdf_signed_compare(s, i, intact, &c, &err) == VT_OK);
	FUZZ_PROMISE(c.result != VT_PDF_CHANGED);
	vt_pdf_comparison_release(&c);
	vt_pdf_signed_free(s);
}

static void
sign(struct vt_pdf *pdf, struct vt_bytes given)
{
	const struct vt_pdf_sign how = { .reason = "thử",
		.when = 1800000000,
		.hole = 16 };
	struct vt_pdf_signing *s = NULL;
	struct vt_source *src = NULL;
	struct vt_out *out = NULL;
	struct vt_error err = { 0 };
	size_t n = 0;

	if (vt_out_open(SPOOL, &out, NULL) != VT_OK)
		return;
	if (fuzz_rc(vt_pdf_sign_prepare(pdf, &how, out, &s, &err), &err) ==
	    VT_OK) {
		FUZZ_PROMISE(
		    vt_pdf_sign_stream(s, fuzz_drop, &n, &err) == VT_OK);
		FUZZ_PROMISE(n > given.len);
		FUZZ_PROMISE(
		    vt_pdf_sign_finish(s, VT_BYTES_LIT(DUMMY), &err) == VT_OK);
		if (vt_source_fd(vt_out_fd(out), &src, NULL) == VT_OK)
			look(src, given);
	}
	vt_source_free(src);
	vt_pdf_signing_free(s);
	vt_out_abort(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_pdf *pdf = NULL;
	struct vt_error err = { 0 };

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	if (fuzz_rc(vt_pdf_open(src, VT_PDF_STRICT, &pdf, &err), &err) == VT_OK)
		sign(pdf, VT_BYTES(data, size));
	vt_pdf_free(pdf);
	pdf = NULL;
	err = (struct vt_error){ 0 };
	if (fuzz_rc(vt_pdf_open_rebuilt(src, NULL, &pdf, &err), &err) == VT_OK)
		sign(pdf, VT_BYTES(data, size));
	vt_pdf_free(pdf);
	vt_source_free(src);
	return 0;
}
