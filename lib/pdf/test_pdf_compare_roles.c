/* test_pdf_compare_roles.c - what passes for something else, too
 *
 * Who prepares a document may give one object two roles, of which only one may
 * change, or leave to readers what the update then decides.
 */
#include "test_pdf_compare_valid.h"

#define FORM                                                                   \
	"<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Length 1>>"            \
	"\nstream\nf\nendstream"
#define PAGE(more)                                                             \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R" more  \
	"/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R]>>"
#define USES(kind, num)                                                        \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"       \
	"/Resources<</" kind " " num " 0 R>>/Annots[6 0 R]>>"
#define CATALOG(more) "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R" more ">>"
#define NEW_FIELD(more)                                                        \
	{                                                                      \
		12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/P 3 0 R" more  \
		    ">>"                                                       \
	}
#define WITH_NEW                                                               \
	{                                                                      \
		5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 1>>"                \
	}

/* FIRST is signed, and valid; then THEN. */
static void
assert_history(const struct part *first, size_t nfirst, const struct part *then,
    size_t nthen, enum vt_pdf_compared result, const char *what)
{
	struct doc d;

	signed_doc(&d, first, nfirst);
	assert_true(is_valid(&d));
	update(&d, then, nthen, "");
	if (result == VT_PDF_NOT_COMPARED)
		assert_not_compared(&d, 0, what);
	else
		assert_compared(&d, 1, result, what);
	vt_buf_release(&d.b);
}

/* As resources its /DSS is a state of graphics, its /Metadata a picture. */
static void
a_catalog_that_is_resources(void **state)
{
	static const struct {
		const char *kind, *before, *after;
	} cases[] = {
		{ "ExtGState", "/DSS<</ca 0>>", "/DSS<</Certs[]>>" },
		{ "ExtGState", "/Extensions<</ca 0>>", "/Extensions<</ca 1>>" },
		{ "ColorSpace", "/Version/DeviceRGB", "/Version/1.7" },
		{ "XObject", "/Metadata 20 0 R", "" },
	};
	char page[256], before[128], after[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(page, sizeof(page), USES("%s", "1"), cases[i].kind);
		snprintf(before, sizeof(before), CATALOG("%s"),
		    cases[i].before);
		snprintf(after, sizeof(after), CATALOG("%s"), cases[i].after);
		assert_history(P({ 1, before }, { 3, page }, { 20, FORM }),
		    P({ 1, after }), VT_PDF_CHANGED, "object 1 was changed");
	}
	assert_history(P({ 1, CATALOG("/Extensions<</ca 0>>") }),
	    P({ 1, CATALOG("/Extensions<</ca 1>>") }), VT_PDF_UNCHANGED, NULL);
	/* what refers to it is no name of anything */
	assert_history(P({ 1, CATALOG("/Extensions<</ca 0>>") },
			   { 20, "<</Root 1 0 R/Some[4[1 0 R]]>>" }),
	    P({ 1, CATALOG("/Extensions<</ca 1>>") }), VT_PDF_UNCHANGED, NULL);
	/* nor is what signatures refer to */
	assert_history(P({ 1, CATALOG("/Extensions<</ca 0>>") },
			   { 20, "<</Reference[<</Data 1 0 R>>21 0 R]>>" },
			   { 21, "<</Type/SigRef/Data 1 0 R>>" }),
	    P({ 1, CATALOG("/Extensions<</ca 1>>") }), VT_PDF_UNCHANGED, NULL);
}

/* A dictionary of /Type /Page, and its /Annots is a colour space. */
static void
a_page_that_is_resources(void **state)
{
	static const char *const arrays[][2] = {
		{ "[/CalRGB<</WhitePoint[1 1 1]>>]",
		    "[/CalRGB 12 0 R<</WhitePoint[1 1 1]>>]" },
		{ "[21 0 R<</WhitePoint[1 1 1]>>]",
		    "[21 0 R 12 0 R<</WhitePoint[1 1 1]>>]" },
		{ "[21 0 R 22 0 R]", "[21 0 R 12 0 R 22 0 R]" },
	};
	char before[128], after[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
		snprintf(before, sizeof(before), "<</Type/Page/Annots%s>>",
		    arrays[i][0]);
		snprintf(after, sizeof(after), "<</Type/Page/Annots%s>>",
		    arrays[i][1]);
		assert_history(P({ 3, USES("ColorSpace", "20") },
				   { 20, before }, { 21, "/CalRGB" },
				   { 22, "<</WhitePoint[1 1 1]>>" }),
		    P({ 20, after }, WITH_NEW,
			NEW_FIELD("/Rect[0 0 0 0]/WhitePoint[1 1 1]"
				  "/Gamma[9 9 9]")),
		    VT_PDF_CHANGED, "object 20 was changed");
		/* the array is an object of its own */
		assert_history(P({ 3, USES("ColorSpace", "20") },
				   { 20, "<</Type/Page/Annots 23 0 R>>" },
				   { 21, "/CalRGB" },
				   { 22, "<</WhitePoint[1 1 1]>>" },
				   { 23, arrays[i][0] }),
		    P({ 23, arrays[i][1] }, WITH_NEW,
			NEW_FIELD("/Rect[0 0 0 0]/WhitePoint[1 1 1]"
				  "/Gamma[9 9 9]")),
		    VT_PDF_CHANGED, "object 23 was changed");
	}
	assert_history(NULL, 0,
	    P({ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents "
		   "4 0 R/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R 12 0 "
		   "R]>>" },
		WITH_NEW, NEW_FIELD("/Rect[0 0 0 0]")),
	    VT_PDF_UNCHANGED, NULL);
}

/* Not signed, whatever stands there, so that some mark it. */
static void
a_field_without_place_and_value(void **state)
{
	static const char *const values[] = { "", "/V null", "/V 77 0 R" };
	char body[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(body, sizeof(body),
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/P 3 0 R%s>>",
		    values[i]);
		assert_history(NULL, 0, P(WITH_NEW, { 12, body }),
		    VT_PDF_CHANGED, "object 5 was changed");
	}
}

/* --- texts that are drawn with what the form has --- */

#define TEXT(ap)                                                               \
	"<</Type/Annot/Subtype/FreeText/Contents(t)/DA(/Zz 9 Tf)"              \
	"/Rect[9 9 99 99]" ap ">>"
#define FONTS(fonts)                                                           \
	{                                                                      \
		5, "<</Fields[6 0 R 9 0 R]/SigFlags 1/DR<</Font<<" fonts       \
		   ">>>>>>"                                                    \
	}

static void
a_text_without_an_appearance(void **state)
{
	static const char *const bare[] = { TEXT(""), TEXT("/AP null"),
		TEXT("/AP<<>>"), TEXT("/AP 77 0 R"), TEXT("/AP<</N null>>"),
		TEXT("/AP<</N 77 0 R>>"), TEXT("/AP<</N<<>>>>"),
		TEXT("/AP<</D 21 0 R>>"), TEXT("/AP[]") };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
		assert_history(P({ 20, bare[i] }, { 21, FORM }),
		    P(FONTS("/Zz 30 0 R"), { 30, "<</Type/Font>>" }),
		    VT_PDF_CHANGED, "object 5 was changed");
	assert_history(P({ 20, TEXT("/AP<</N 21 0 R>>") }, { 21, FORM }),
	    P(FONTS("/Zz 30 0 R"), { 30, "<</Type/Font>>" }), VT_PDF_UNCHANGED,
	    NULL);
}

#define FIELD(more)                                                            \
	"<</Type/Annot/Subtype/Widget/FT/Tx/T(Sum)/DA(/Zz 9 Tf)"               \
	"/Rect[9 9 99 99]" more ">>"
#define CERTIFIED                                                              \
	SIG("/Reference[<</TransformMethod/DocMDP/TransformParams"             \
	    "<</P 2/V/1.2>>>>]")

/* Whoever may fill fields does not say how those look that are filled. */
static void
a_font_that_a_value_waits_for(void **state)
{
	static const struct {
		const char *field, *fonts;
		enum vt_pdf_compared result;
	} cases[] = {
		{ FIELD("/V(9)"), "/F 30 0 R/Zz 30 0 R", VT_PDF_CHANGED },
		{ FIELD("/V 21 0 R"), "/F 30 0 R/Zz 30 0 R", VT_PDF_CHANGED },
		{ FIELD("/V(9)/AP<<>>"), "/F 30 0 R/Zz 30 0 R",
		    VT_PDF_CHANGED },
		{ FIELD("/V(9)"), "/F 30 0 R/Other 30 0 R", VT_PDF_UNCHANGED },
		{ FIELD("/V(9)/AP<</N 22 0 R>>"), "/F 30 0 R/Zz 30 0 R",
		    VT_PDF_UNCHANGED },
		{ FIELD(""), "/F 30 0 R/Zz 30 0 R", VT_PDF_UNCHANGED },
		{ "<</Type/Annot/Subtype/Widget/FT/Tx/T(Sum)/V(9)/DA 23 0 R>>",
		    "/F 30 0 R/Other 30 0 R", VT_PDF_CHANGED },
		{ "<</Type/Annot/Subtype/Widget/FT/Tx/T(Sum)/V(9)"
		  "/DA(/Z#7a 9 Tf)>>",
		    "/F 30 0 R/Zz 30 0 R", VT_PDF_CHANGED },
	};
	char form[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("case %zu\n", i);
		snprintf(form, sizeof(form),
		    "<</Fields[6 0 R 9 0 R 20 0 R]/DR<</Font<<%s>>>>>>",
		    cases[i].fonts);
		assert_history(P({ 7, CERTIFIED }, { 20, cases[i].field },
				   { 21, "(9)" }, { 22, FORM },
				   { 23, "(/Zz 9 Tf)" },
				   { 30, "<</Type/Font>>" },
				   { 5, "<</Fields[6 0 R 9 0 R 20 0 R]/DR"
					"<</Font<</F 30 0 R>>>>>>" }),
		    P({ 5, form }), cases[i].result, NULL);
	}
	/* all are to be made again */
	assert_history(P({ 7, CERTIFIED },
			   { 20, FIELD("/V(9)/AP<</N 22 0 R>>") }, { 22, FORM },
			   { 30, "<</Type/Font>>" },
			   { 5, "<</Fields[6 0 R 9 0 R 20 0 R]"
				"/NeedAppearances true>>" }),
	    P({ 5, "<</Fields[6 0 R 9 0 R 20 0 R]/NeedAppearances true"
		   "/DR<</Font<</Zz 30 0 R>>>>>>" }),
	    VT_PDF_CHANGED, NULL);
}

/* More names than we note: each new font may be one of them. */
static void
more_fonts_than_are_noted(void **state)
{
	char da[2048], field[2560];
	size_t i, at = 0;

	(void)state;
	for (i = 0; i < 200; i++)
		at += (size_t)snprintf(da + at, sizeof(da) - at, "/N%03zu ", i);
	snprintf(field, sizeof(field), "<</FT/Tx/T(Sum)/V(9)/DA(%s)>>", da);
	assert_history(P({ 7, CERTIFIED }, { 20, field },
			   { 30, "<</Type/Font>>" },
			   { 5, "<</Fields[6 0 R 9 0 R 20 0 R]>>" }),
	    P({ 5, "<</Fields[6 0 R 9 0 R 20 0 R]/DR<</Font<</Other 30 0 R"
		   ">>>>>>" }),
	    VT_PDF_CHANGED, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_catalog_that_is_resources),
		cmocka_unit_test(a_page_that_is_resources),
		cmocka_unit_test(a_field_without_place_and_value),
		cmocka_unit_test(a_text_without_an_appearance),
		cmocka_unit_test(a_font_that_a_value_waits_for),
		cmocka_unit_test(more_fonts_than_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
