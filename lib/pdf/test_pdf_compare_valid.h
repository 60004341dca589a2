/* test_pdf_compare_valid.h - whether a file would pass, whoever signed it */
#ifndef TEST_PDF_COMPARE_VALID_H
#define TEST_PDF_COMPARE_VALID_H

#include "test_pdf_compare.h"

#define EVIL "<</Length 14>>\nstream\n0 0 m 90 90 l \nendstream"

/* Would anybody call the file valid who takes all that is sound for intact? */
static inline bool
is_valid(const struct doc *d)
{
	bool intact[VT_PDF_SIGNATURES_MAX] = { false };
	struct vt_pdf_comparison c = { 0 };
	struct vt_error err = { 0 };
	struct judged j = { 0 };
	bool valid;
	size_t i, n;

	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&d->b), &j.src, &err), &err);
	if (vt_pdf_signed_open(j.src, &j.s, &err) != VT_OK) {
		vt_source_free(j.src);
		return false;
	}
	n = vt_pdf_signed_n(j.s);
	valid = n > 0;
	for (i = 0; i < n; i++)
		intact[i] = vt_pdf_signed_at(j.s, i)->sound;
	for (i = 0; i < n && valid; i++) {
		valid = intact[i] &&
			vt_pdf_signed_at(j.s, i)->covers != VT_PDF_COVERS_PART;
		if (!valid)
			break;
		compare(&j, i, (1u << n) - 1, &c);
		valid = c.result == VT_PDF_UNCHANGED;
		vt_pdf_comparison_release(&c);
	}
	judge_end(&j);
	return valid;
}

#define assert_forged(d) forged(d, __FILE__, __LINE__, 0)

static inline void
forged(struct doc *d, const char *file, int line, size_t i)
{
	if (is_valid(d)) {
		print_error("case %zu is valid\n", i);
		_fail(file, line);
	}
	vt_buf_release(&d->b);
}

/* Can it be read, and does object NUM have TEXT in its bytes? */
static inline void
assert_shows(const struct doc *d, uint32_t num, const char *text)
{
	struct vt_pdf_extent x = { 0 };
	struct judged j;

	judge(&j, d);
	assert_non_null(vt_pdf_signed_pdf(j.s));
	assert_vt_ok(vt_pdf_object_extent(vt_pdf_signed_pdf(j.s),
			 (struct vt_pdf_ref){ num, 0 }, &x, &j.err),
	    &j.err);
	if (x.in_stream == 0)
		assert_true(vt_bytes_find(vt_bytes_slice(vt_buf_bytes(&d->b),
					      (size_t)x.start,
					      (size_t)(x.end - x.start)),
				0, text) != SIZE_MAX);
	judge_end(&j);
}

#endif
