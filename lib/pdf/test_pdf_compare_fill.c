/* test_pdf_compare_fill.c - fields that are filled later */
#include "test_pdf_compare_form.h"

static void
a_signer_may_fill_what_was_empty(void **state)
{
	static const struct {
		struct part parts[3];
		size_t n;
	} ways[] = {
		{ { filled[0], filled[1] }, 2 },
		{ { { 20, TEXT(RECT "/V(12)/AP<</N 22 0 R>>") }, { 22, LOOK } },
		    2 },
		/* and who may type into it */
		{ { { 20, "<</FT/Tx/T(Number)/Type/Annot/Subtype/Widget"
			  "/P 3 0 R/Ff 7/Rect[10 10 60 20]/F 132/V(12)"
			  "/AP<</N 22 0 R>>>>" },
		      { 22, LOOK } },
		    2 },
		{ { { 20, "<</FT/Tx/T(Number)/Type/Annot/Subtype/Widget"
			  "/P 3 0 R/Rect[10 10 60 20]/F 4"
			  "/AP<</N 21 0 R>>>>" } },
		    1 },
		{ { { 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
			  "/P 3 0 R/Rect[70 10 90 20]/AP<</N 22 0 R>>"
			  "/V(D:2026)>>" },
		      { 22, LOOK } },
		    2 },
		/* its appearance in the old one's place */
		{ { { 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
			  "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/V(x)>>" },
		      { 25, "<</N 22 0 R>>" }, { 22, LOOK } },
		    3 },
	};
	static const struct part own[] = { { 25, "<</N 26 0 R>>" },
		{ 26, LOOK } };
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	size_t i;
	char what[64];

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		expect(NULL, 0, ways[i].parts, ways[i].n, BY_A_SIGNATURE,
		    VT_PDF_UNCHANGED, NULL);
		expect(NULL, 0, ways[i].parts, ways[i].n, BY_A_LATER_ONE,
		    VT_PDF_UNCHANGED, NULL);
		expect(NULL, 0, ways[i].parts, ways[i].n, BY_NOBODY,
		    VT_PDF_CHANGED, "was changed");
		expect(NULL, 0, ways[i].parts, ways[i].n, BY_A_BROKEN_ONE,
		    VT_PDF_CHANGED, "was changed");
		/* A certification of level 2 leaves it to anybody. */
		expect(P({ 7, MDP("2") }), ways[i].parts, ways[i].n, BY_NOBODY,
		    VT_PDF_UNCHANGED, NULL);
		expect(P({ 7, MDP("1") }), ways[i].parts, ways[i].n, BY_NOBODY,
		    VT_PDF_CHANGED, "was changed");
		snprintf(what, sizeof(what), "object %u was changed",
		    ways[i].parts[0].num);
		expect(P({ 7, MDP("1") }), ways[i].parts, ways[i].n,
		    BY_A_SIGNATURE, VT_PDF_CHANGED, what);
	}
	/* The stream itself, where it is the field's alone. */
	expect(own, 2,
	    P({ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		    "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/V(x)>>" },
		{ 26, DRAW("B") }),
	    BY_A_SIGNATURE, VT_PDF_UNCHANGED, NULL);

	/* ... and it is filled. */
	expect(own, 2,
	    P({ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		    "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/Ff 1>>" },
		{ 26, DRAW("B") }),
	    BY_A_SIGNATURE, VT_PDF_CHANGED, "object 26");

	make(&d, NULL, 0, filled, 2, BY_A_SIGNATURE);
	judge(&j, &d);
	compare(&j, 0, 3, &c);
	assert_int_equal(c.added, VT_PDF_ADDED_FORM);
	assert_int_equal(c.additions.n, 2);
	assert_string_equal(c.additions.items[0], "signature Two was added");
	assert_string_equal(c.additions.items[1], "field Number was filled");
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

static void
nothing_else_of_a_field_may_change(void **state)
{
	static const struct {
		const char *body; /* of 20 */
		const char *text;
	} bad[] = {
		{ TEXT("/Rect[0 0 200 200]/F 4" AP "/V(12)"), "/Rect" },
		{ TEXT(RECT AP "/AA<<>>/V(12)"), "/AA" },
		{ TEXT(RECT AP "/A<<>>/V(12)"), "/A" },
		{ TEXT(RECT AP "/MK<</BG[1]>>/V(12)"), "/MK" },
		{ TEXT(RECT AP "/BS<</W 99>>/V(12)"), "/BS" },
		{ TEXT(RECT AP "/V(12)/T(Number)"), "object 20" },
		{ TEXT(RECT AP "/V(12)/V(13)"), "object 20" },
		{ TEXT("/Rect[10 10 60 20]/F 6" AP "/V(12)"), "/F" },
		/* drawn beside its place, on a page that is turned */
		{ TEXT("/Rect[10 10 60 20]/F 20" AP "/V(12)"), "/F" },
		{ TEXT("/Rect[10 10 60 20]/F 12" AP "/V(12)"), "/F" },
		{ TEXT("/Rect[10 10 60 20]/F/x" AP "/V(12)"), "/F" },
		{ TEXT(RECT AP "/V<</Type/Sig>>"), "/V" },
		{ TEXT(RECT AP "/V 3 0 R"), "/V" },
		{ "<</FT/Tx/T(Other)/Type/Annot/Subtype/Widget/P 3 0 R/Ff 1"
		  "/Rect[10 10 60 20]/F 4" AP "/V(12)>>",
		    "/T" },
		{ "<</FT/Btn/T(Number)/Type/Annot/Subtype/Widget/P 3 0 R/Ff 1"
		  "/Rect[10 10 60 20]/F 4" AP "/V(12)>>",
		    "/FT" },
		{ "<</FT/Tx/T(Number)/Type/Annot/Subtype/Widget/P 3 0 R"
		  "/Ff 8193/Rect[10 10 60 20]/F 4" AP "/V(12)>>",
		    "/Ff" },
		{ "<</FT/Tx/T(Number)/Type/Annot/Subtype/FreeText/P 3 0 R/Ff 1"
		  "/Rect[10 10 60 20]/F 4" AP "/V(12)>>",
		    "/Subtype" },
		/* its look alone */
		{ TEXT(RECT "/AP<</N 22 0 R>>"), "/AP" },
		{ TEXT(RECT), "/AP" },
	};
	static const struct part bad_other[] = {
		{ 23, "<</FT/Tx/T(Group)/Kids[24 0 R]/V(all)>>" },
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/Kids[]>>" },
		{ 25, "<</N 22 0 R>>" },
		{ 21, DRAW("f") },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct part p[] = { { 20, bad[i].body }, { 22, LOOK } };

		expect(NULL, 0, p, 2, BY_A_LATER_ONE, VT_PDF_CHANGED,
		    bad[i].text);
		/* Who may fill a certified form may not do that either. */
		if (strcmp(bad[i].text, "/AP") != 0)
			expect(P({ 7, MDP("2") }), p, 2, BY_NOBODY,
			    VT_PDF_CHANGED, bad[i].text);
	}
	for (i = 0; i < sizeof(bad_other) / sizeof(bad_other[0]); i++)
		expect(NULL, 0, &bad_other[i], 1, BY_A_LATER_ONE,
		    VT_PDF_CHANGED, "was changed");
}

/* What is drawn without an end is drawn over others' text (8.10.2). */
static void
looks_stay_where_the_field_is(void **state)
{
	static const struct {
		const char *keys; /* of the form */
		bool ok;
	} cases[] = {
		{ "/BBox[0 0 9 9]", true },
		{ "/BBox[0 0 0 0]", true },
		{ "/BBox[0 0 9.5 9]/Matrix[1 0 0 1 0 0]", true },
		{ "/BBox 30 0 R/Matrix null", true },
		{ "", false },
		{ "/BBox null", false },
		{ "/BBox 9", false },
		{ "/BBox[]", false },
		{ "/BBox[0 0 9]", false },
		{ "/BBox[0 0 9 9 9]", false },
		{ "/BBox[0 0 9/x]", false },
		{ "/BBox 31 0 R", false },
		{ "/BBox[0 0 9 9]/Matrix[]", false },
		{ "/BBox[0 0 9 9]/Matrix 9", false },
		{ "/BBox[0 0 9 9]/Matrix[1 0 0 1 0(x)]", false },
	};
	static const char *const places[] = {
		TEXT(RECT "/V(12)/AP<</N 22 0 R>>"),
		TEXT(RECT "/V(12)/AP<</N 21 0 R/D 22 0 R>>"),
		TEXT(RECT "/V(12)/AP<</N 21 0 R/R<</On 22 0 R>>>>"),
	};
	char form[200];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(form, sizeof(form),
		    "<</Subtype/Form%s/Length 1>>\nstream\nf\nendstream",
		    cases[i].keys);
		for (k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
			const struct part p[] = { { 20, places[k] },
				{ 22, form }, { 30, "[0 0 9 9]" } };
			enum vt_pdf_compared result =
			    cases[i].ok ? VT_PDF_UNCHANGED : VT_PDF_CHANGED;
			const char *what = cases[i].ok ? NULL : "object 20";

			expect(P({ 7, MDP("2") }), p, 3, BY_NOBODY, result,
			    what);
			expect(NULL, 0, p, 3, BY_A_SIGNATURE, result, what);
		}
	}
	/* What is no stream, and no states. */
	expect(NULL, 0, P({ 20, TEXT(RECT "/V(12)/AP<</N[]>>") }),
	    BY_A_SIGNATURE, VT_PDF_CHANGED, "object 20");
	expect(NULL, 0, P({ 20, TEXT(RECT "/V(12)/AP[]") }), BY_A_SIGNATURE,
	    VT_PDF_CHANGED, "object 20");
}

/*
 * Readers draw what has no appearance, by its /DA and not all within its place:
 * who fills and does not sign says how it looks.
 */
static void
nobody_leaves_a_look_to_readers(void **state)
{
	static const char *const bare[] = {
		TEXT(RECT "/V(12)"),
		TEXT(RECT "/V(12)/DA(ET 0 0 m BT)"),
		TEXT(RECT "/V(12)/AP<<>>"),
		TEXT(RECT "/V(12)/AP<</N null>>"),
		TEXT(RECT "/V(12)/AP<</D 21 0 R>>"),
		TEXT(RECT "/V(12)/AP<</N<</On 21 0 R>>>>"),
	};
	static const struct part unseen = { 20,
		TEXT("/Rect[10 10 10 20]/F 4/V(12)") };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		expect(P({ 7, MDP("2") }), P({ 20, bare[i] }), BY_NOBODY,
		    VT_PDF_CHANGED, "object 20");
		expect(P({ 7, MDP("2") }), P({ 20, bare[i] }), BY_A_SIGNATURE,
		    VT_PDF_UNCHANGED, NULL);
	}
	expect(P({ 7, MDP("2") }, { 20, TEXT("/Rect[10 10 10 20]/F 4") }),
	    P(unseen), BY_NOBODY, VT_PDF_UNCHANGED, NULL);
}

#define ENCODING(more) "/DR<</Encoding<<" more ">>>>"

/*
 * What the form says of all fields, changed by a signer: where there are fields
 * with values, where they are on the page alone, and where there are none.
 */
static void
the_form_keeps_its_rules(void **state)
{
	static const struct {
		const char *before, *after;
		bool ok, ok_without;
	} cases[] = {
		{ "", "", true, true },
		{ "", "/DR<</Font<</F 22 0 R>>>>", true, true },
		{ "", "/DA(x)", false, true },
		{ "", "/Q 1", false, true },
		{ "/DA(x)", "/DA(y)", false, true },
		{ "/DA(x)", "", false, true },
		{ "", "/NeedAppearances true", false, false },
		{ "/NeedAppearances true", "", false, true },
		{ "/NeedAppearances true", "/NeedAppearances false", false,
		    true },
		{ "/DR<</Font<</A 22 0 R>>>>",
		    "/DR<</Font<</A 22 0 R/B 22 0 R>>/XObject<<>>>>", true,
		    true },
		{ "/DR<</XObject<</A 22 0 R>>>>", "/DR<</XObject<<>>>>", true,
		    true },
		{ "", "/XFA(x)", false, false },
		{ "", "/CO[20 0 R]", false, false },
		{ "/DR<</Font<</A 22 0 R>>>>", "/DR<</Font<</A 4 0 R>>>>",
		    false, false },
		{ "/DR<</Font<</A 22 0 R>>>>", "/DR<</Font<</B 22 0 R>>>>",
		    false, false },
		{ "/DR<</Font<</A 22 0 R>>>>", "/DR<<>>", false, false },
		{ "/DR<</Font<</A 22 0 R>>>>", "", false, false },
		{ ENCODING("/A 22 0 R"), ENCODING("/A 22 0 R/B 4 0 R"), true,
		    true },
		{ ENCODING("/A 22 0 R"), ENCODING("/A 4 0 R"), false, false },
		{ ENCODING("/A 22 0 R"), ENCODING("/B 22 0 R"), false, false },
		{ ENCODING("/A 22 0 R"), ENCODING("/A 22 0 R/A 4 0 R"), false,
		    false },
		{ ENCODING("/A 22 0 R"), "/DR<</Encoding 4>>", false, false },
		{ ENCODING("/A 22 0 R"),
		    "/DR<</Encoding<</A 22 0 R>>/Encoding<<>>>>", false,
		    false },
		{ ENCODING("/A 22 0 R"), ENCODING("/A 4 0 R/A 22 0 R"), false,
		    false },
		{ ENCODING(""), "/DR<</Encoding 4>>", false, false },
		{ "/DR<</ProcSet[/PDF]>>", "/DR<</ProcSet[/PDF/Text]>>", false,
		    false },
		{ "/DR<</ProcSet[]>>", "/DR<</ProcSet<<>>>>", false, false },
		{ "/DR()", "/DR<<>>", false, false },
		{ "/DR<<>>", "/DR(x)", false, false },
	};
	struct part parts[] = {
		{ 5, NULL },
		{ 22, LOOK },
		{ 20, "<<>>" },
		{ 23, "<<>>" },
		{ 24, "<<>>" },
	};
	char before[256], after[256];
	struct doc d;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (k = 0; k < 3; k++) {
			bool ok = k < 2 ? cases[i].ok : cases[i].ok_without;
			const char *fields = k == 0 ? " 20 0 R 23 0 R" : "";
			size_t nparts = k < 2 ? 2 : 5;

			snprintf(before, sizeof(before),
			    "<</SigFlags 1%s/Fields[6 0 R 9 0 R%s]>>",
			    cases[i].before, fields);
			snprintf(after, sizeof(after),
			    "<</SigFlags 3%s/Fields[6 0 R 9 0 R%s 12 0 R]>>",
			    cases[i].after, fields);
			parts[0] = (struct part){ 5, before };
			make(&d, parts, nparts,
			    P({ 12, "<</FT/Sig/T(Two)/V 13 0 R>>" },
				{ 13, SIG("") }, { 5, after }),
			    BY_NOBODY);
			seal(&d);
			assert_compared(&d, 3,
			    ok ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
			    ok ? NULL : "object 5");
			vt_buf_release(&d.b);
		}
}

/* What nobody signed, where fields have values. */
static void
the_form_keeps_its_defaults(void **state)
{
	(void)state;
	expect(P({ 5, FORM("/DR<</XObject<</A 22 0 R>>>>") }, { 22, LOOK }),
	    P({ 5, FORM("/DR<</XObject<<>>>>") }), BY_NOBODY, VT_PDF_CHANGED,
	    "/DR");
	expect(NULL, 0, P({ 5, FORM("/DR<<>>") }), BY_NOBODY, VT_PDF_CHANGED,
	    "/DR");
	expect(NULL, 0, P({ 5, FORM("/DA(y)") }), BY_NOBODY, VT_PDF_CHANGED,
	    "/DA");
	expect(P({ 7, MDP("2") }), P({ 5, FORM("/DR<<>>") }), BY_NOBODY,
	    VT_PDF_UNCHANGED, NULL);
	/* Pictures, where none has. */
	expect(P({ 5, "<</DR<</XObject<</A 22 0 R>>>>/Fields[6 0 R 9 0 R]>>" },
		   { 20, "<<>>" }, { 22, LOOK }, { 23, "<<>>" },
		   { 24, "<<>>" }),
	    P({ 5, "<</DR<</XObject<<>>>>/Fields[6 0 R 9 0 R]>>" }), BY_NOBODY,
	    VT_PDF_CHANGED, "/DR");
}

/* What readers make by the form though it is not in it. */
static void
what_is_made_by_the_form(void **state)
{
	static const struct {
		const char *made;
		enum vt_pdf_compared result;
	} cases[] = {
		{ TEXT(RECT "/V(9)"), VT_PDF_CHANGED },
		{ "<</FT 23 0 R" RECT "/V(9)>>", VT_PDF_CHANGED },
		{ "<</Subtype/FreeText/Contents(9)" RECT ">>", VT_PDF_CHANGED },
		{ "<</Subtype 23 0 R/Contents(9)" RECT ">>", VT_PDF_CHANGED },
		{ "[[<</Subtype/FreeText/Contents(9)" RECT ">>]]",
		    VT_PDF_CHANGED },
		{ "<</Subtype/FreeText/Contents(9)" RECT "/AP<</N 22 0 R>>>>",
		    VT_PDF_UNCHANGED },
		{ "<</Subtype/Link" RECT ">>", VT_PDF_UNCHANGED },
		{ "<</FT/Sig" RECT ">>", VT_PDF_UNCHANGED },
	};
	static const char *const after[] = {
		"<</SigFlags 1/DA(y)/Fields[6 0 R 9 0 R]>>",
		"<</SigFlags 1/DA(x)/Q 2/Fields[6 0 R 9 0 R]>>",
		"<</SigFlags 1/DA(x)/DR<</Font<</F 22 0 R>>>>"
		"/Fields[6 0 R 9 0 R]>>",
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (k = 0; k < sizeof(after) / sizeof(after[0]); k++)
			expect(P({ 5, "<</SigFlags 1/DA(x)/Fields"
				      "[6 0 R 9 0 R]>>" },
				   { 20, cases[i].made }, { 22, LOOK },
				   { 23, "/FreeText" }, { 24, "<<>>" }),
			    P({ 5, after[k] }), BY_NOBODY, cases[i].result,
			    cases[i].result == VT_PDF_CHANGED ? "object 5"
							      : NULL);
}

/* Buttons show one of the looks that they have. */
static void
buttons_change_their_state(void **state)
{
#define BUTTON(more)                                                           \
	"<</FT/Btn/T(Number)/Type/Annot/Subtype/Widget/P 3 0 R/F 4"            \
	"/Rect[10 10 60 20]/AP<</N<</On 21 0 R/Off 28 0 R>>>>" more ">>"
	static const struct part was[] = {
		{ 20, BUTTON("/AS/Off/V/Off") },
		{ 28, DRAW("B") },
	};

	(void)state;
	expect(was, 2, P({ 20, BUTTON("/AS/On/V/On") }), BY_A_SIGNATURE,
	    VT_PDF_UNCHANGED, NULL);
	expect(was, 2, P({ 20, BUTTON("/AS/On/V/On") }), BY_NOBODY,
	    VT_PDF_CHANGED, "object 20");
	expect(was, 2,
	    P({ 20, BUTTON("/AS/On/V/On/AP<</N 22 0 R>>") }, { 22, LOOK }),
	    BY_A_SIGNATURE, VT_PDF_CHANGED, "object 20");
	expect(was, 2, P({ 20, BUTTON("/AS/On/V/On") }, { 28, LOOK }),
	    BY_A_SIGNATURE, VT_PDF_CHANGED, "object 28");
}

/* What is in a kind of resources is none, however it is reached. */
static void
a_font_of_the_form_does_not_grow(void **state)
{
#define FONT(more) "<</Type/Font/Subtype/Type1/BaseFont/Helvetica" more ">>"
	static const struct part forms[][3] = {
		{ { 5, FORM("/DR<</Font<</A 22 0 R>>>>") } },
		{ { 5, FORM("/DR 30 0 R") }, { 30, "<</Font<</A 22 0 R>>>>" } },
		{ { 5, FORM("/DR<</Font 31 0 R>>") }, { 31, "<</A 22 0 R>>" } },
	};
	static const struct part grown = { 22,
		FONT("/Encoding<</Differences[49/two]>>") };
	struct part parts[5];
	size_t i, k;

	(void)state;
	for (i = 0; i < 3; i++) {
		parts[0] = (struct part){ 7, MDP("2") };
		parts[1] = (struct part){ 22, FONT("") };
		for (k = 0; k < 3 && forms[i][k].num != 0; k++)
			parts[2 + k] = forms[i][k];
		expect(parts, 2 + k, &grown, 1, BY_NOBODY, VT_PDF_CHANGED,
		    "object 22");
	}
}

/* Resources of the form that are objects, and whose else they are. */
static void
resources_grow_where_they_are_the_forms(void **state)
{
	static const struct part before[] = {
		{ 5, FORM("/DR 30 0 R") },
		{ 30, "<</Font 31 0 R>>" },
		{ 31, "<</A 22 0 R>>" },
		{ 22, LOOK },
	};
	static const struct part grown = { 31, "<</A 22 0 R/B 22 0 R>>" };
	static const struct part more = { 30, "<</Font 31 0 R/Pattern<<>>>>" };
	struct part parts[6];
	size_t i;

	(void)state;
	memcpy(parts, before, sizeof(before));
	parts[4] = (struct part){ 7, MDP("2") };
	expect(parts, 5, &grown, 1, BY_NOBODY, VT_PDF_UNCHANGED, NULL);
	expect(parts, 4, &grown, 1, BY_NOBODY, VT_PDF_CHANGED, "object 31");
	expect(parts, 5, &more, 1, BY_NOBODY, VT_PDF_UNCHANGED, NULL);
	expect(parts, 4, &more, 1, BY_NOBODY, VT_PDF_CHANGED, "object 30");
	expect(parts, 5, P({ 31, "<</B 22 0 R>>" }), BY_NOBODY, VT_PDF_CHANGED,
	    "object 31");
	for (i = 0; i < 2; i++) {
		parts[5] = (struct part){ 32,
			i == 0 ? "<</Resources 30 0 R>>"
			       : "<</Resources<</Font 31 0 R>>>>" };
		expect(parts, 6, &grown, 1, BY_NOBODY, VT_PDF_CHANGED,
		    "object 31");
		expect(parts, 6, &more, 1, BY_NOBODY,
		    i == 0 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED,
		    i == 0 ? "object 30" : NULL);
	}
}

static void
a_value_that_was_signed_stays(void **state)
{
	static const struct part had = { 20, TEXT(RECT AP "/V(12)") };
	static const struct part empty[] = { { 20, TEXT(RECT AP "/V()") },
		{ 20, TEXT(RECT AP "/V null") } };
	static const struct part other = { 20, TEXT(RECT AP "/V(99)") };
	static const struct part gone = { 20, TEXT(RECT AP) };
	size_t i;

	(void)state;
	expect(&had, 1, &other, 1, BY_A_SIGNATURE, VT_PDF_CHANGED,
	    "object 20 was changed: /V");
	expect(&had, 1, &gone, 1, BY_A_SIGNATURE, VT_PDF_CHANGED,
	    "object 20 was changed: /V");
	for (i = 0; i < 2; i++)
		expect(&empty[i], 1, &other, 1, BY_A_SIGNATURE,
		    VT_PDF_UNCHANGED, NULL);
	expect(P(had, { 7, MDP("2") }), &other, 1, BY_NOBODY, VT_PDF_UNCHANGED,
	    NULL);
	expect(P(had, { 7, MDP("2") }), &gone, 1, BY_NOBODY, VT_PDF_CHANGED,
	    "/V");
}

/* A field, or its look, that is something else on the page, too. */
static void
what_is_shared_may_not_be_filled(void **state)
{
	static const struct part fill24[] = {
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/V(x)>>" },
		{ 25, "<</N 22 0 R>>" },
		{ 22, LOOK },
	};
	static const struct part fill26[] = {
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/V(x)>>" },
		{ 26, DRAW("B") },
	};
	static const struct part direct24[] = {
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/AP<</N 22 0 R>>/V(x)>>" },
		{ 22, LOOK },
	};
	/* its appearance under a second key of its own */
	static const struct part twice = { 24,
		"<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget/P 3 0 R"
		"/Rect[70 10 90 20]/AP 25 0 R/X 25 0 R>>" };
	static const struct part direct_twice[] = {
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/AP<</N 22 0 R>>/X 25 0 R"
		      "/V(x)>>" },
		{ 22, LOOK },
	};
	static const struct {
		struct part parts[3];
		size_t n;
		const struct part *changes;
		size_t nchanges;
		const char *text;
	} cases[] = {
		{ { { 30, "<</Font 20 0 R>>" } }, 1, filled, 2, "object 20" },
		{ { { 30, "<</Font<</Fields#5b 20 0 R>>>>" } }, 1, filled, 2,
		    "object 20" },
		{ { { 30, "20 0 R" } }, 1, filled, 2, "object 20" },
		{ { { 30, "<</XObject 25 0 R>>" } }, 1, fill24, 3,
		    "object 25" },
		{ { { 30, "<</AP 25 0 R>>" } }, 1, fill24, 3, "object 25" },
		{ { { 30, "<</XObject 25 0 R>>" } }, 1, direct24, 2,
		    "object 24" },
		{ { { 30, "<</AP 25 0 R>>" } }, 1, direct24, 2, "object 24" },
		{ { { 25, "<</N 26 0 R>>" }, { 26, LOOK },
		      { 30, "<</XObject<</N 26 0 R>>>>" } },
		    3, fill26, 2, "object 26" },
		{ { { 25, "<</N 26 0 R/X 26 0 R>>" }, { 26, LOOK } }, 2, fill26,
		    2, "object 26" },
		{ { { 25, "<</N 26 0 R>>" }, { 26, LOOK }, { 30, "[25 0 R]" } },
		    3, fill26, 2, "object 26" },
		/* the other field's as well */
		{ { { 20, TEXT(RECT "/AP 25 0 R") } }, 1, fill24, 3,
		    "object 25" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct part changes[4];

		expect(cases[i].parts, cases[i].n, cases[i].changes,
		    cases[i].nchanges, BY_A_SIGNATURE, VT_PDF_CHANGED,
		    cases[i].text);
		/* The same where nothing is shared is no difference. */
		memcpy(changes, cases[i].changes,
		    cases[i].nchanges * sizeof(changes[0]));
		if (cases[i].changes != fill26)
			expect(NULL, 0, changes, cases[i].nchanges,
			    BY_A_SIGNATURE, VT_PDF_UNCHANGED, NULL);
	}
	/* Places that name fields and mean them. */
	expect(P({ 30, "<</Obj 20 0 R/K[<</Obj 20 0 R>>]>>" },
		   { 31, "<</A<</T[20 0 R]/Fields[20 0 R]>>>>" },
		   { 32, "[20 0 R]" }),
	    filled, 2, BY_A_SIGNATURE, VT_PDF_UNCHANGED, NULL);
	expect(&twice, 1, direct_twice, 2, BY_A_SIGNATURE, VT_PDF_CHANGED,
	    "object 24");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signer_may_fill_what_was_empty),
		cmocka_unit_test(nothing_else_of_a_field_may_change),
		cmocka_unit_test(looks_stay_where_the_field_is),
		cmocka_unit_test(nobody_leaves_a_look_to_readers),
		cmocka_unit_test(the_form_keeps_its_rules),
		cmocka_unit_test(the_form_keeps_its_defaults),
		cmocka_unit_test(what_is_made_by_the_form),
		cmocka_unit_test(buttons_change_their_state),
		cmocka_unit_test(a_font_of_the_form_does_not_grow),
		cmocka_unit_test(resources_grow_where_they_are_the_forms),
		cmocka_unit_test(a_value_that_was_signed_stays),
		cmocka_unit_test(what_is_shared_may_not_be_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
