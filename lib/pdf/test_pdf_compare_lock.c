/* test_pdf_compare_lock.c - locks, levels and empty signature fields */
#include "test_pdf_compare_form.h"

static void
locks_hold(void **state)
{
	static const struct {
		const char *lock;
		bool number, date;
	} locks[] = {
		{ "/Action/All", true, true },
		{ "/Action/Include/Fields[(Number)]", true, false },
		{ "/Action/Include/Fields[(Group)]", false, true },
		{ "/Action/Include/Fields[(Group.Date)]", false, true },
		{ "/Action/Include/Fields[(Num)(Group.Dat)]", false, false },
		{ "/Action/Exclude/Fields[(Number)(Two)]", false, true },
		{ "/Action/Exclude/Fields[(Group)(Two)]", true, false },
		{ "/Action/Exclude/Fields[]", true, true },
		{ "/Action/Include/Fields[]", false, false },
		/* what cannot be understood locks all */
		{ "/Action/Other/Fields[(Number)]", true, true },
		{ "/Action/Include", true, true },
		{ "/Action/Include/Fields[17]", true, true },
		{ "/Fields[(Number)]", true, true },
	};
	static const struct part date[] = {
		{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget"
		      "/P 3 0 R/Rect[70 10 90 20]/AP 25 0 R/V(x)>>" },
	};
	char own[256], ref[512], sig[1024];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		for (k = 0; k < 3; k++) {
			/* by the field, by the signature, at a level */
			struct part by[2] = { { 6, own }, { 7, sig } };
			const char *lock = locks[i].lock;

			snprintf(own, sizeof(own),
			    "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)"
			    "/Rect[0 0 0 0]/P 3 0 R/V 7 0 R%s%s%s>>",
			    k == 0 ? "/Lock<<" : "", k == 0 ? lock : "",
			    k == 0 ? ">>" : "");
			snprintf(ref, sizeof(ref),
			    "/Reference[<</TransformMethod/%s"
			    "/TransformParams<<%s>>>>%s]",
			    k == 0 ? "Identity" : "FieldMDP",
			    k == 0 ? "" : lock,
			    k == 2 ? "<</TransformMethod/DocMDP"
				     "/TransformParams<</P 2>>>>"
				   : "");
			snprintf(sig, sizeof(sig),
			    "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/"
			    "ETSI.CAdES.detached%s/ByteRange[0 0000000000 "
			    "0000000000 0000000000]/Contents<%064d>>>",
			    ref, 0);
			expect(by, 2, filled, 2,
			    k == 2 ? BY_NOBODY : BY_A_SIGNATURE,
			    locks[i].number ? VT_PDF_CHANGED : VT_PDF_UNCHANGED,
			    locks[i].number ? "object 20" : NULL);
			expect(by, 2, date, 1,
			    k == 2 ? BY_NOBODY : BY_A_SIGNATURE,
			    locks[i].date ? VT_PDF_CHANGED : VT_PDF_UNCHANGED,
			    locks[i].date ? "object 24" : NULL);
		}
}

/* A lock, or its level, binds later signatures' fields, too. */
static void
locks_hold_signatures_off(void **state)
{
	static const struct {
		const char *sig;
		bool ok;
	} cases[] = {
		{ FIELDS("/Action/All"), false },
		{ FIELDS("/Action/Include/Fields[(Two)]"), false },
		{ FIELDS("/Action/Exclude/Fields[(One)]"), false },
		{ FIELDS("/Action/Exclude/Fields[(Two)]"), true },
		{ FIELDS("/Action/Include/Fields[(One)]"), true },
		/* two of them: more than we promise to understand */
		{ SIG("/Reference[<</TransformMethod/FieldMDP/TransformParams"
		      "<</Action/Include/Fields[]>>>><</TransformMethod"
		      "/FieldMDP/TransformParams<</Action/Include/Fields[]>>"
		      ">>]"),
		    false },
		/* of two levels the stricter */
		{ SIG("/Reference[<</TransformMethod/DocMDP/TransformParams"
		      "<</P 1>>>><</TransformMethod/DocMDP/TransformParams"
		      "<</P 3>>>>]"),
		    false },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct part unseen[5];

		signed_doc(&d, P({ 7, cases[i].sig }));
		update(&d, second_new, 5, "");
		seal(&d);
		assert_compared(&d, 3,
		    cases[i].ok ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    cases[i].ok ? NULL : "/Annots");
		vt_buf_release(&d.b);
		memcpy(unseen, second_new, sizeof(unseen));
		unseen[0].body = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
				 "/P 3 0 R/V 13 0 R>>";
		signed_doc(&d, P({ 7, cases[i].sig }));
		update(&d, unseen, 5, "");
		seal(&d);
		assert_compared(&d, 3,
		    cases[i].ok ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    cases[i].ok ? NULL : "/Annots");
		vt_buf_release(&d.b);
	}
	/* An empty signature field that is there is a field. */
	for (i = 0; i < 2; i++) {
		signed_doc(&d,
		    P({ 7, i == 0 ? FIELDS("/Action/Include/Fields[(Empty)]")
				  : FIELDS("/Action/Include/Fields[(Emp)]") }));
		update(&d,
		    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
			{ 13, SIG("") }),
		    "");
		seal(&d);
		assert_compared(&d, 3,
		    i == 0 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED,
		    i == 0 ? "object 9" : NULL);
		vt_buf_release(&d.b);
	}
	/* The field's own lock may say the level (12.7.5.5). */
	for (i = 1; i <= 3; i++) {
		char lock[256];

		snprintf(lock, sizeof(lock),
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)/Rect[0 0 0 0]"
		    "/P 3 0 R/V 7 0 R/Lock<</Action/Include/Fields[]/P %zu>>"
		    ">>",
		    i);
		signed_doc(&d, P({ 6, lock }));
		update(&d,
		    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
			{ 13, SIG("") }),
		    "");
		seal(&d);
		assert_compared(&d, 3,
		    i == 1 ? VT_PDF_CHANGED : VT_PDF_UNCHANGED,
		    i == 1 ? "object 9" : NULL);
		vt_buf_release(&d.b);
	}
}

/* A certified document's empty field may be signed where it is. */
static void
a_certified_field_stays_where_it_is(void **state)
{
	static const struct {
		const char *widget;
		bool ok;
	} cases[] = {
		{ "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 0 0]"
		  "/P 3 0 R/AP<</N 14 0 R>>/F 4>>",
		    true },
		{ "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 9 9]"
		  "/P 3 0 R/AP<</N 14 0 R>>>>",
		    false },
		{ "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 0 0]"
		  "/P 3 0 R/AP<</N 14 0 R>>/MK<</BG[1]>>>>",
		    false },
		{ "<</Type/Annot/Subtype/Widget/Parent 9 0 R/Rect[0 0 0 0]"
		  "/P 3 0 R/AP<</N 14 0 R>>/F 2>>",
		    false },
	};
	struct doc d;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (k = 0; k < 2; k++) {
			signed_doc(&d, P({ 7, k == 0 ? SIG("") : MDP("3") }));
			update(&d,
			    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]"
				   "/V 13 0 R>>" },
				{ 10, cases[i].widget }, { 13, SIG("") },
				{ 14, LOOK }),
			    "");
			seal(&d);
			assert_compared(&d, 3,
			    k == 0 || cases[i].ok ? VT_PDF_UNCHANGED
						  : VT_PDF_CHANGED,
			    k == 0 || cases[i].ok ? NULL : "object 10");
			vt_buf_release(&d.b);
		}
}

/* An empty signature field that a later signature closed. */
static void
an_empty_signature_field_may_wait(void **state)
{
	static const struct {
		const char *field;
		const char *why; /* NULL: it may */
		bool unsigned_too;
	} cases[] = {
		{ "<</Subtype/Widget/FT/Sig/T(Wait)/Rect[0 0 0 9]>>", NULL,
		    true },
		{ "<</Subtype/Widget/FT/Sig/T(Wait)/Rect[0 0 9 9]>>", NULL,
		    false },
		{ "<</Subtype/Widget/FT/Sig/T(Wait)/Rect[0 0 9 9]/MK<<>>>>",
		    NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T(Wait)/Rect[0 0 9 9]"
		  "/MK<</BG[1 1 1]>>>>",
		    "object 5", false },
		{ "<</Subtype/Widget/FT/Sig/T(Wait)/Rect[0 0 9 9]"
		  "/AP<</N 22 0 R>>>>",
		    "object 5", false },
		{ "<</Subtype/Widget/FT/Tx/T(Wait)/Rect[0 0 0 0]>>", "object 5",
		    false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct part p[] = { { 27, cases[i].field }, { 22, LOOK },
			{ 5, "<</SigFlags 3/Fields[6 0 R 9 0 R 20 0 R 23 0 R "
			     "27 0 R]>>" },
			{ 12, "<</FT/Sig/T(Two)/V 13 0 R>>" },
			{ 13, SIG("") } };
		struct doc d;

		expect(NULL, 0, p, 3, BY_NOBODY,
		    cases[i].unsigned_too ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    cases[i].unsigned_too ? NULL : "object 5");
		p[2].body = "<</SigFlags 3/Fields[6 0 R 9 0 R 20 0 R 23 0 R "
			    "27 0 R 12 0 R]>>";
		make(&d, NULL, 0, p, 5, BY_NOBODY);
		seal(&d);
		assert_compared(&d, 3,
		    cases[i].why == NULL ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    cases[i].why);
		vt_buf_release(&d.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_hold),
		cmocka_unit_test(locks_hold_signatures_off),
		cmocka_unit_test(a_certified_field_stays_where_it_is),
		cmocka_unit_test(an_empty_signature_field_may_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
