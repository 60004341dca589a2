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
	EXTENDED,  /* after each, but nobody signed what came last */
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
	/* only validation data, metadata and time stamps were added */
	{ "dss-pades/validation/TEST2_signed_with_zero_policy_hash.pdf",
	    EXTENDED },
	{ "dss-pades/validation/Test.signed_Certipost-2048-SHA512."
	  "extended-LTA.pdf",
	    UNCHANGED },
	{ "dss-pades/validation/dss-1696/Test.signed_Certipost-2048-SHA512."
	  "extended.extended-LTA-2019-07-02(DSS).pdf",
	    UNCHANGED },
	{ "dss-pades/validation/dss-2058/dss-2058-LTA-test.pdf", UNCHANGED },
	{ "dss-pades/validation/Signature-P-HU_MIC-3.pdf", UNCHANGED },
	{ "dss-pades/validation/belgian_pki_multiple_ocsps_lt.pdf", EXTENDED },
	{ "dss-pades/validation/doc-firmado.pdf", UNCHANGED },
	{ "dss-pades/validation/doc-firmado-LT.pdf", EXTENDED },
	{ "dss-pades/validation/pades_with_orphan_ocsp_cert_refs.pdf",
	    UNCHANGED },
	{ "dss-pades/validation/muestra-firmado-firmado.pdf", UNCHANGED },
	{ "dss-pades/validation/PAdES-LT.pdf", EXTENDED },
	/* all fields but two locked, and none touched */
	{ "dss-pades/validation/dss-2554/fieldmdp-exclude-signed.pdf",
	    EXTENDED },
	/* certified at level 2: a field filled; and a signature that shows */
	{ "dss-pades/validation/dss-1376/DSS1376-rev_n-4.pdf", EXTENDED },
	{ "dss-pades/validation/dss-1376/DSS1376-rev_n.pdf", CHANGED },
	/* a key in the page tree that says who wrote it */
	{ "dss-pades/validation/pkcs7_sha1.pdf", CHANGED },
	{ "dss-pades/validation/Signature-P-PK7-2.pdf", UNCHANGED },

	{ "pyhanko-pdf/pdf/extensions-indirect-not-all-paths.pdf", CHANGED },
	{ "pyhanko-pdf/pdf/pades-lta-dss-indirect-arrs-test.pdf", EXTENDED },
	{ "pyhanko-pdf/pdf/separate-annots-kids-indir.pdf", UNCHANGED },
	{ "pyhanko-pdf/pdf/sig-with-ski-sid.pdf", UNCHANGED },
	{ "pyhanko-pdf/pdf/minimal-startxref-hopeless3.pdf", UNREADABLE },
};

static const char *
name_of(enum expected e)
{
	static const char *const names[] = { "no signature", "unsound",
		"changed", "unchanged", "extended", "unreadable" };

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
	return vt_pdf_signed_at(s, n - 1)->covers == VT_PDF_COVERS_WHOLE
		   ? UNCHANGED
		   : EXTENDED;
}

/* --- rows of a list that is not ours --- */

/* *RET_ADDED is what came after the first signature. */
static enum expected
judge_file(const char *name, enum vt_pdf_added *ret_added)
{
	char *path = test_corpus(name);
	struct vt_pdf_comparison c = { 0 };
	struct vt_pdf_signed *s = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	bool intact[VT_PDF_SIGNATURES_MAX] = { false };
	enum expected got = UNREADABLE;
	size_t i;
	int rc;

	assert_vt_ok(vt_source_open(path, &src, &err), &err);
	rc = vt_pdf_signed_open(src, &s, &err);
	assert_true(rc == VT_OK || rc == VT_EFORMAT);
	if (rc == VT_OK) {
		got = judge(s);
		for (i = 0; i < vt_pdf_signed_n(s); i++)
			intact[i] = vt_pdf_signed_at(s, i)->sound;
		if (intact[0]) {
			assert_vt_ok(vt_pdf_signed_compare(s, 0, intact, &c,
					 &err),
			    &err);
			*ret_added = c.added;
			vt_pdf_comparison_release(&c);
		}
	}
	vt_pdf_signed_free(s);
	vt_source_free(src);
	free(path);
	return got;
}

/* "NAME": "VERDICT", one a line. */
static bool
agrees(const char *name, const char *verdict)
{
	enum vt_pdf_added added = VT_PDF_ADDED_NOTHING;
	char path[512];
	enum expected got;

	snprintf(path, sizeof(path), "pyhanko-pdf/pdf/%s", name);
	got = judge_file(path, &added);
	if (strstr(verdict, "bottom line false") != NULL)
		return got == UNSOUND || got == CHANGED;
	if (strstr(verdict, "(not allowed)") != NULL)
		return got == CHANGED;
	if (strstr(verdict, "FORM_FILLING (allowed)") != NULL)
		return (got == UNCHANGED || got == EXTENDED) &&
		       added == VT_PDF_ADDED_FORM;
	if (strstr(verdict, "LTA_UPDATES (allowed)") != NULL)
		return (got == UNCHANGED || got == EXTENDED) &&
		       added == VT_PDF_ADDED_VALIDATION;
	return false; /* a verdict that we have not met */
}

static void
the_rows_of_pyhanko_agree(void **state)
{
	char *path = test_corpus("pyhanko-expected.json");
	char line[1024], name[512], verdict[512];
	size_t rows = 0, bad = 0;
	FILE *f;

	(void)state;
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, " \"%511[^\"]\" : \"%511[^\"]\"", name,
			verdict) != 2)
			continue;
		rows++;
		if (!agrees(name, verdict)) {
			print_error("%s: not \"%s\"\n", name, verdict);
			bad++;
		}
	}
	fclose(f);
	free(path);
	assert_true(rows >= 9);
	assert_int_equal(bad, 0);
}

static void
files_of_others_are_told_apart(void **state)
{
	size_t i, bad = 0;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		enum vt_pdf_added added;
		enum expected got = judge_file(files[i].name, &added);

		if (got != files[i].expected) {
			print_error("%s: %s, not %s\n", files[i].name,
			    name_of(got), name_of(files[i].expected));
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_others_are_told_apart),
		cmocka_unit_test(the_rows_of_pyhanko_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
