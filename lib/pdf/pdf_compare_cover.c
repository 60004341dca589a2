/* pdf_compare_cover.c - which bytes a signature covers (ISO 32000-2, 12.8.1) */
#include <string.h>

#include "pdf_compare_int.h"

static void
unsound(struct pdf_signature *sig, const char *code, const char *text)
{
	sig->pub.code = code;
	sig->pub.clause = "ISO 32000-2, 12.8.1";
	sig->pub.text = text;
}

/*
 * The numbers themselves: [0 a b c], and between a and b stands the signature's
 * own /Contents and nothing else, so that nothing can hide in the gap.
 */
static bool
numbers_fit(struct pdf_signature *sig, uint64_t size)
{
	const struct vt_pdf_sigfield *f = &sig->field;

	if (f->contents_len == 0)
		unsound(sig, "no-contents",
		    VT_N_("/Contents is missing, empty or not a string"));
	else if (f->contents_end == 0)
		unsound(sig, "contents-place",
		    VT_N_("/Contents is not a hexadecimal string in the file "
			  "itself"));
	else if (!f->has_range)
		unsound(sig, "byte-range",
		    VT_N_("/ByteRange is missing or is not four numbers"));
	else if (f->range[0] != 0)
		unsound(sig, "start",
		    VT_N_("/ByteRange does not begin at the file's first "
			  "byte"));
	else if (f->range[2] > size || f->range[3] > size - f->range[2])
		unsound(sig, "end",
		    VT_N_("/ByteRange goes beyond the end of the file"));
	else if (f->range[1] != f->contents_start ||
		 f->range[2] != f->contents_end)
		unsound(sig, "gap",
		    VT_N_("/ByteRange leaves out something else than "
			  "/Contents"));
	else
		return true;
	return false;
}

int
vt_pdf_only_space(struct vt_source *src, uint64_t from, uint64_t to, bool *ret,
    struct vt_error *err)
{
	struct vt_bytes b;
	size_t i;
	int rc;

	*ret = to - from <= PDF_TAIL;
	if (!*ret || from == to)
		return VT_OK;
	rc = vt_source_view(src, from, (size_t)(to - from), &b, err);
	if (rc != VT_OK)
		return rc;
	for (i = 0; i < b.len; i++)
		*ret = *ret && pdf_is_space((int)b.data[i]);
	return VT_OK;
}

/* Is the signature a field's value in PDF, too? */
static int
is_in_state(struct vt_pdf_signed *s, struct vt_pdf *pdf,
    const struct vt_pdf_sigfield *f, bool *ret, struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	size_t i, walked = pdf->walked;
	struct vt_error e = { 0 };
	int rc;

	*ret = false;
	pdf->skim = true; /* where it stands is asked, not what it holds */
	rc = vt_pdf_sigfields_read(pdf, &all, &e);
	pdf->skim = false;
	s->looked += pdf->walked - walked;
	if (rc == VT_OK && s->looked > VT_PDF_COMPARE_MAX) {
		vt_pdf_sigfields_release(&all);
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the document was signed too often to look at each of its "
		    "states");
	}
	if (rc != VT_OK)
		return rc == VT_ENOMEM || rc == VT_EIO || rc == VT_ELIMIT
			   ? vt_pdf_pass(err, &e)
			   : VT_OK;
	for (i = 0; i < all.n; i++)
		if (all.items[i].is_signed &&
		    all.items[i].extent.in_stream == 0 &&
		    all.items[i].extent.start == f->extent.start &&
		    all.items[i].contents_start == f->contents_start)
			*ret = true;
	vt_pdf_sigfields_release(&all);
	return VT_OK;
}

/*
 * The state that the covered bytes make: its last revision must end where they
 * end, and have this signature.
 */
static int
state_fits(struct vt_pdf_signed *s, struct pdf_signature *sig,
    struct vt_pdf *state, struct vt_error *err)
{
	const struct vt_pdf_revision *last;
	size_t n = vt_pdf_nrevisions(state);
	bool yes;
	int rc;

	last = vt_pdf_revision(state, n - 1);
	if (last->missing || last->end == 0 || last->end > sig->pub.end)
		return VT_OK;
	rc = vt_pdf_only_space(s->src, last->end, sig->pub.end, &yes, err);
	if (rc != VT_OK || !yes)
		return rc;
	if ((rc = is_in_state(s, state, &sig->field, &yes, err)) != VT_OK)
		return rc;
	if (!yes) {
		sig->pub.sound = false;
		sig->pub.end = 0;
		unsound(sig, "own-revision",
		    VT_N_("the signature is not in the revision that it "
			  "covers"));
		return VT_OK;
	}
	sig->pub.covers = sig->pub.end == s->size ? VT_PDF_COVERS_WHOLE
						  : VT_PDF_COVERS_REVISION;
	if (n > 1)
		sig->pub.start = vt_pdf_revision(state, n - 2)->end;
	return VT_OK;
}

int
vt_pdf_signed_cover(struct vt_pdf_signed *s, struct pdf_signature *sig,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_pdf *state = NULL;
	int rc;

	sig->pub.covers = VT_PDF_COVERS_PART;
	if (!numbers_fit(sig, s->size))
		return VT_OK;
	sig->pub.sound = true;
	sig->pub.end = sig->field.range[2] + sig->field.range[3];
	rc = vt_pdf_signed_state(s, sig->pub.end, &state, &why, err);
	if (rc == VT_OK && why.code == VT_ELIMIT)
		return vt_pdf_pass(err, &why);
	if (rc == VT_OK && state != NULL)
		rc = state_fits(s, sig, state, err);
	return rc;
}
