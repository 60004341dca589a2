/* test_pdf_compare_later.c - what later signatures may change */
#include "test_pdf_compare.h"

static void
an_intact_later_signature_excuses_itself(void **state)
{
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 2);
	assert_int_equal(vt_pdf_signed_at(j.s, 0)->covers,
	    VT_PDF_COVERS_REVISION);
	assert_int_equal(vt_pdf_signed_at(j.s, 1)->covers, VT_PDF_COVERS_WHOLE);
	assert_string_equal(vt_pdf_signed_at(j.s, 1)->field->name, "Two");
	judge_end(&j);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	/* but only where it is intact */
	assert_compared(&d, 1, VT_PDF_CHANGED, "/Annots");
	/* and only up to its own end */
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
		    "/Rect[0 0 500 500]/P 3 0 R/V 13 0 R>>" }),
	    "");
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 12 was changed");
	vt_buf_release(&d.b);
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d,
	    P({ 3,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
		"/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R 12 0 R 12 0 R]"
		">>" }),
	    "");
	assert_compared(&d, 3, VT_PDF_CHANGED, "/Annots");
	vt_buf_release(&d.b);
	/* an array that is no page's may not grow by its widget */
	signed_doc(&d, NULL, 0);
	update(&d,
	    P(second_new[0], second_new[1], second_new[2], second_new[3],
		{ 11, "[6 0 R 12 0 R]" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 11");
	vt_buf_release(&d.b);
}

static void
an_empty_field_may_be_filled(void **state)
{
	static const struct part fill[] = {
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
		{ 10, "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 9 9]"
		      "/P 3 0 R/AP<</N 14 0 R>>>>" },
		{ 13, SIG("") },
		{ 14, "<</Length 1>>\nstream\nq\nendstream" },
	};
	static const struct {
		unsigned num;
		const char *body;
	} bad[] = {
		{ 9, "<</FT/Sig/T(Other)/Kids[10 0 R]/V 13 0 R>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R 15 0 R]/V 13 0 R>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R/AA<<>>>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R/Ff 8>>" },
		{ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R/Type/Page>>" },
		{ 10,
		    "<</Type/Annot/Subtype/FreeText/Parent 9 0 R/Rect[0 0 9 9]"
		    "/P 3 0 R/AP<</N 14 0 R>>>>" },
		{ 10, "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[0 0 9 9]"
		      "/P 3 0 R/AP<</N 14 0 R>>>>" },
	};
	struct part parts[4];
	struct doc d;
	size_t i, k;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, fill, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 9 was changed: /V");
	vt_buf_release(&d.b);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(parts, fill, sizeof(fill));
		for (k = 0; k < 4; k++)
			if (parts[k].num == bad[i].num)
				parts[k].body = bad[i].body;
		signed_doc(&d, NULL, 0);
		update(&d, parts, 4, "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "was changed");
		vt_buf_release(&d.b);
	}
}

/* What a second signature brings along and is not its own. */
static void
a_later_signature_excuses_nothing_else(void **state)
{
	static const struct {
		struct part part; /* in place of its own, or besides */
		const char *text;
	} cases[] = {
		{ { 4, "<</Length 14>>\nstream\n0 0 m 90 10 l \nendstream" },
		    "object 4" },
		{ { 8, "<</Title(t)/ModDate<<>>>>" }, "object 8" },
		{ { 50, "<</Type/Font>>" }, "object 50" },
		{ { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
		       "/DSS<</Other 4 0 R>>>>" },
		    "object 1 was changed: /DSS" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3"
		       "/NeedAppearances true>>" },
		    "object 5" },
		{ { 5, "<</Fields[9 0 R 12 0 R]/SigFlags 3>>" }, "object 5" },
		{ { 5, "<</Fields[9 0 R 6 0 R 12 0 R]/SigFlags 3>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R 15 0 R]/SigFlags 3>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 16 0 R>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 4>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R 12 0 R]/SigFlags 3>>" },
		    "object 5" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3"
		       "/Fields[6 0 R 9 0 R 12 0 R]>>" },
		    "object 5" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents[4 0 R 16 0 R]/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R]>>" },
		    "object 3 was changed: /Contents" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R 15 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 0 R 12 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[12 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 15 0 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R 12 1 R]>>" },
		    "object 3 was changed: /Annots" },
		{ { 5, "<</Fields[6 0 R 9 0 R 12 0 R 12 0 R]/SigFlags 1>>" },
		    "object 5" },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		       "/Annots[6 0 R<</Subtype/Widget>>]>>" },
		    "object 3 was changed: /Annots" },
		{ { 11, "[6 0 R 12 0 R]" }, "object 11" },
		{ { 7, SIG("") }, "" }, /* the first one's own value */
		/* a widget that is text on the page */
		{ { 12, "<</Type/Annot/Subtype/FreeText/FT/Sig/T(Two)"
			"/Rect[9 9 99 99]/P 3 0 R/V 13 0 R>>" },
		    "/Annots" },
	};
	struct part parts[6];
	struct doc d;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(parts, second_new, sizeof(second_new));
		n = 5;
		for (k = 0; k < 5; k++)
			if (parts[k].num == cases[i].part.num)
				break;
		if (k < 5) {
			parts[k] = cases[i].part;
		} else { /* first, so that the seal finds its own */
			memmove(parts + 1, parts, 5 * sizeof(parts[0]));
			parts[0] = cases[i].part;
			n = 6;
		}
		signed_doc(&d, NULL, 0);
		update(&d, parts, n, "");
		seal(&d);
		if (cases[i].part.num == 7) {
			struct vt_pdf_comparison c;
			struct judged j;

			judge(&j, &d);
			compare(&j, 0, 7, &c);
			assert_int_equal(c.result, VT_PDF_CHANGED);
			vt_pdf_comparison_release(&c);
			judge_end(&j);
		} else {
			assert_compared(&d, 3, VT_PDF_CHANGED, cases[i].text);
		}
		vt_buf_release(&d.b);
	}
}

/* Two fields of one name are one field, which nobody signed as such. */
static void
new_fields_have_names_of_their_own(void **state)
{
	static const struct {
		const char *second;
		enum vt_pdf_compared result;
	} rows[] = {
		{ "<</FT/Sig/T(Three)>>", VT_PDF_UNCHANGED },
		{ "<</FT/Sig/T(Two)>>", VT_PDF_CHANGED },
		{ "<</FT/Sig/T(One)>>", VT_PDF_CHANGED },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		signed_doc(&d, NULL, 0);
		update(&d,
		    P({ 15, rows[i].second },
			{ 12, "<</FT/Sig/T(Two)/V 13 0 R>>" },
			{ 13, SIG("/Name(two)") },
			{ 5, "<</Fields[6 0 R 9 0 R 12 0 R 15 0 R]"
			     "/SigFlags 3>>" }),
		    "");
		seal(&d);
		assert_compared(&d, 3, rows[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

/* Forms and annotations that are objects, or that there were none of. */
static void
arrays_may_be_objects_of_their_own(void **state)
{
	static const struct part indirect[] = {
		{ 5, "<</Fields 20 0 R/SigFlags 3>>" },
		{ 20, "[6 0 R 9 0 R]" },
		{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		     "/Contents 4 0 R/Resources<</Font<</F 50 0 R>>>>"
		     "/Annots 21 0 R>>" },
		{ 21, "[6 0 R]" },
	};
	static const struct part added[] = {
		{ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		      "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") },
		{ 20, "[6 0 R 9 0 R 12 0 R]" },
		{ 21, "[6 0 R 12 0 R]" },
	};
	struct part parts[4];
	struct doc d;

	(void)state;
	signed_doc(&d, indirect, 4);
	update(&d, added, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 20");
	vt_buf_release(&d.b);
	/* the arrays exchanged for others */
	memcpy(parts, added, sizeof(parts));
	parts[3].body = "[12 0 R]";
	signed_doc(&d, indirect, 4);
	update(&d, parts, 4, "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_CHANGED, "object 21");
	vt_buf_release(&d.b);
	/* direct before, an object now; an object before, direct now */
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") }, { 5, "<</Fields 20 0 R/SigFlags 3>>" },
		{ 20, "[6 0 R 9 0 R 12 0 R]" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
	signed_doc(&d, indirect, 4);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") },
		{ 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3"
		     "/Fields[6 0 R 9 0 R 12 0 R]>>>>" }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* A field made empty in one revision and signed in the next. */
static void
a_field_may_be_made_before_it_is_signed(void **state)
{
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 9 9]"
		    "/P 3 0 R>>" },
		{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" }),
	    "");
	assert_compared(&d, 1, VT_PDF_CHANGED, "object 5");
	update(&d,
	    P({ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 9 9]"
		    "/P 3 0 R/V 13 0 R>>" },
		{ 13, SIG("") }),
	    "");
	seal(&d);
	assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
	assert_compared(&d, 1, VT_PDF_CHANGED, NULL);
	vt_buf_release(&d.b);
}

/* Without a place, some readers mark it over the whole page. */
static void
a_field_has_its_place(void **state)
{
	static const struct {
		const char *field;
		enum vt_pdf_compared result;
	} cases[] = {
		{ "<</Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]>>",
		    VT_PDF_UNCHANGED },
		{ "<</FT/Sig/T(Two)>>", VT_PDF_UNCHANGED },
		{ "<</Subtype/Widget/FT/Sig/T(Two)>>", VT_PDF_CHANGED },
		{ "<</Subtype/Widget/FT/Sig/T(Two)/Rect null>>",
		    VT_PDF_CHANGED },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, NULL, 0);
		update(&d,
		    P({ 12, cases[i].field },
			{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" }),
		    "");
		assert_compared(&d, 1, cases[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

/* Three in a row, and what each allows the ones before it. */
static void
steps_are_judged_by_who_closed_them(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	size_t i;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d,
	    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 17 0 R>>" },
		{ 17, SIG("/Name(three)") }),
	    "");
	seal(&d);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 3);
	for (i = 0; i < 3; i++) {
		compare(&j, i, 7, &c);
		assert_int_equal(c.result, VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	/* The last one broken: for all before it something has changed. */
	for (i = 0; i < 3; i++) {
		compare(&j, i, 3, &c);
		assert_int_equal(c.result,
		    i < 2 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	/* The middle one broken: changed for the first, not for itself. */
	for (i = 0; i < 3; i++) {
		compare(&j, i, 5, &c);
		assert_int_equal(c.result,
		    i < 1 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED);
		vt_pdf_comparison_release(&c);
	}
	judge_end(&j);
	vt_buf_release(&d.b);
}

/*
 * 12.8.2.2: certified, and no change is allowed, not even a signature; or
 * signatures are, but not one that shows something where nothing was foreseen.
 */
static void
a_certification_may_forbid_even_signatures(void **state)
{
	static const struct {
		int p;
		enum vt_pdf_compared result;
	} cases[] = { { 1, VT_PDF_CHANGED }, { 2, VT_PDF_UNCHANGED },
		{ 3, VT_PDF_UNCHANGED } };
	struct part hidden[5];
	static const char *const sigs[] = {
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 1>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 2>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 3>>>>]"),
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		signed_doc(&d, P({ 7, sigs[i] }));
		update(&d, second_new, 5, "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "/Annots");
		vt_buf_release(&d.b);
		memcpy(hidden, second_new, sizeof(hidden));
		hidden[0].body = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
				 "/Rect[9 9 9 9]/P 3 0 R/V 13 0 R>>";
		signed_doc(&d, P({ 7, sigs[i] }));
		update(&d, hidden, 5, "");
		seal(&d);
		assert_compared(&d, 3, cases[i].result, NULL);
		vt_buf_release(&d.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_intact_later_signature_excuses_itself),
		cmocka_unit_test(an_empty_field_may_be_filled),
		cmocka_unit_test(a_later_signature_excuses_nothing_else),
		cmocka_unit_test(new_fields_have_names_of_their_own),
		cmocka_unit_test(arrays_may_be_objects_of_their_own),
		cmocka_unit_test(a_field_may_be_made_before_it_is_signed),
		cmocka_unit_test(a_field_has_its_place),
		cmocka_unit_test(steps_are_judged_by_who_closed_them),
		cmocka_unit_test(a_certification_may_forbid_even_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
