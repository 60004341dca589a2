/*
 * test_pdf_compare_corpora.c - forged, changed and honest files of others
 *
 * VANTHU_CORPORA/{pdf-shadow,pdf-attacks,pyhanko-pdf,dss-pades}.  Whether a
 * signature value holds is not this module's to say: each that is sound is
 * taken to be intact, which is the worse case here.
 */
#include "test_util.h"

#include "vanthu/pdf.h"
#include "vanthu/pdf_compare.h"
#include "vanthu/source.h"

#define SHADOW "pdf-shadow/shadow-demo-exploits/"
#define REFS SHADOW "hide-and-replace/variant-1_change_object_references/"
#define HIDE SHADOW "hide/variant-1_hide-via-referenced-object/"
#define OVERLAY SHADOW "replace/variant-1_replace-via-overlay/"
#define DOC "original-document-shadowed-signed"

enum expected {
	NONE,      /* no signature */
	UNSOUND,   /* all of them */
	CHANGED,   /* after the first one that is sound */
	UNCHANGED, /* after each, and the last one covers the whole file */
	UNREADABLE /* and nothing in it claims to be a signature */
};

static const struct {
	const char *name;
	enum expected expected;
} files[] = {
	{ REFS "2_original-document-shadowed.pdf", NONE },
	{ REFS "3_" DOC ".pdf", UNCHANGED },
	{ REFS "4_" DOC "-manipulated.pdf", CHANGED },
	{ HIDE "3_" DOC ".pdf", UNCHANGED },
	{ HIDE "4_" DOC "-manipulated_v1.pdf", CHANGED },
	{ HIDE "4_" DOC "-manipulated_v2.pdf", CHANGED },
	{ OVERLAY "3_" DOC ".pdf", UNCHANGED },
	{ OVERLAY "4_" DOC "-manipulated.pdf", CHANGED },

	{ "pdf-attacks/isa_A.pdf", CHANGED },
	{ "pdf-attacks/isa_D.pdf", CHANGED },
	{ "pdf-attacks/siwa_A.pdf", UNSOUND },
	{ "pdf-attacks/siwa_C.pdf", UNSOUND },
	{ "pdf-attacks/usf_01_Empty_Contents.pdf", UNSOUND },
	{ "pdf-attacks/usf_14_No_ByteRange.pdf", UNSOUND },

	{ "dss-pades/validation/dss-2236/hide.pdf", CHANGED },
	{ "dss-pades/validation/siwa.pdf", UNSOUND },
	{ "dss-pades/validation/pdf-byterange-overlap.pdf", CHANGED },
	{ "dss-pades/validation/DSS-2821.pdf", CHANGED },
	{ "dss-pades/validation/hello_signed_INCSAVE_signed.pdf", UNCHANGED },
	{ "dss-pades/validation/pades-two-sig-copied-tst.pdf", UNCHANGED },
	{ "dss-pades/validation/pades-bes.pdf", UNCHANGED },
	{ "dss-pades/validation/Signature-P-PK7-2.pdf", UNCHANGED },

	/* pyhanko-expected.json: "coverage UNCLEAR" */
	{ "pyhanko-pdf/pdf/coverage-anomalies/signature-gap-too-big.pdf",
	    UNSOUND },
	{ "pyhanko-pdf/pdf/coverage-anomalies/weird-byterange.pdf", UNSOUND },
	/*
	 * "form filling (allowed)" there.  Metadata, /Info, /Version and
	 * /Extensions changed, which is not excused here yet.
	 */
	{ "pyhanko-pdf/pdf/minimal-signed-twice-second-created.pdf", CHANGED },
	{ "pyhanko-pdf/pdf/minimal-signed-twice-both-created.pdf", CHANGED },
	{ "pyhanko-pdf/pdf/extensions-update-direct.pdf", CHANGED },
	{ "pyhanko-pdf/pdf/separate-annots-kids-indir.pdf", UNCHANGED },
	{ "pyhanko-pdf/pdf/sig-with-ski-sid.pdf", UNCHANGED },
	{ "pyhanko-pdf/pdf/minimal-startxref-hopeless3.pdf", UNREADABLE },
};

static const char *
name_of(enum expected e)
{
	static const char *const names[] = { "no signature", "unsound",
		"changed", "unchanged", "unreadable" };

	return names[e];
}

static enum expected
judge(struct vt_pdf_signed *s)
{
	bool intact[VT_PDF_SIGNATURES_MAX];
	struct vt_pdf_comparison c = { 0 };
	struct vt_error err = { 0 };
	size_t i, n = vt_pdf_signed_n(s), sound = 0;

	if (n == 0)
		return NONE;
	for (i = 0; i < n; i++) {
		intact[i] = vt_pdf_signed_at(s, i)->sound;
		sound += intact[i];
	}
	if (sound == 0)
		return UNSOUND;
	for (i = 0; i < n; i++) {
		if (!intact[i])
			continue;
		assert_vt_ok(vt_pdf_signed_compare(s, i, intact, &c, &err),
		    &err);
		if (c.result != VT_PDF_UNCHANGED) {
			assert_int_equal(c.result, VT_PDF_CHANGED);
			assert_true(c.n > 0);
			assert_true(c.items[0].text[0] != '\0');
			vt_pdf_comparison_release(&c);
			return CHANGED;
		}
		vt_pdf_comparison_release(&c);
	}
	assert_int_equal(vt_pdf_signed_at(s, n - 1)->covers,
	    VT_PDF_COVERS_WHOLE);
	return UNCHANGED;
}

static void
files_of_others_are_told_apart(void **state)
{
	size_t i, bad = 0;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = test_corpus(files[i].name);
		struct vt_pdf_signed *s = NULL;
		struct vt_source *src = NULL;
		struct vt_error err = { 0 };
		enum expected got = UNREADABLE;
		int rc;

		assert_vt_ok(vt_source_open(path, &src, &err), &err);
		rc = vt_pdf_signed_open(src, &s, &err);
		if (rc == VT_OK)
			got = judge(s);
		else
			assert_int_equal(rc, VT_EFORMAT);
		if (got != files[i].expected) {
			print_error("%s: %s, not %s\n", files[i].name,
			    name_of(got), name_of(files[i].expected));
			bad++;
		}
		vt_pdf_signed_free(s);
		vt_source_free(src);
		free(path);
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_others_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
