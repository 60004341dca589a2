/*
 * test_pdf_compare_attack.c - documents changed behind an intact signature
 *
 * Each made here, none of them valid: Mainka et al., 2021 (shadow attacks);
 * Rohlmann et al., 2021 (certification); and ideas of our own.  Whoever attacks
 * has a key of his own, so a second signature of his holds, too.
 */
#include "test_pdf_compare_valid.h"

/* --- shadow attacks: what was signed held both readings --- */

/* Content 4 and, prepared, 30; a form field over it, 31; fonts 32 and 33. */
static const struct part prepared[] = {
	{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents[40 0 R "
	     "4 0 R]/Resources<</Font<</F 32 0 R>>/XObject<</X 34 0 R>>>>"
	     "/Annots[6 0 R 31 0 R]>>" },
	{ 5, "<</Fields[6 0 R 9 0 R 31 0 R]/SigFlags 1>>" },
	{ 30, "<</Length 14>>\nstream\n0 0 m 99 10 l \nendstream" },
	{ 31, "<</FT/Tx/T(Over)/Type/Annot/Subtype/Widget/P 3 0 R/F 2"
	      "/Rect[0 0 200 200]/V(9)/AP<</N 35 0 R>>>>" },
	{ 32, "<</Type/Font/Subtype/Type3/CharProcs 36 0 R>>" },
	{ 33, "<</Type/Font/Subtype/Type3/CharProcs<<>>>>" },
	{ 34, "<</Subtype/Form/OC 37 0 R/Length 1>>\nstream\nf\nendstream" },
	{ 35, "<</Subtype/Form/Length 1>>\nstream\nf\nendstream" },
	{ 36, "<</a 4 0 R>>" },
	{ 37, "<</Type/OCG/Name(x)>>" },
	{ 38, "<</Type/Pages/Kids[39 0 R]/Count 1>>" },
	{ 39, "<</Type/Page/Parent 38 0 R/Contents 30 0 R>>" },
};
#define NPREPARED (sizeof(prepared) / sizeof(prepared[0]))

static void
shadow_attacks(void **state)
{
	static const struct {
		struct part parts[4];
		size_t n;
	} cases[] = {
		/* hide: what covers the other reading goes away */
		{ { { 34, NULL } }, 1 },
		{ { { 34, "null" } }, 1 },
		{ { { 34, "<</Subtype/Image/OC 37 0 R/Length 1>>\nstream\nf\n"
			  "endstream" } },
		    1 },
		{ { { 34, "<</Length 99999>>\nstream\n" } }, 1 },
		{ { { 37, "<</Type/OCG/Name(x)/Usage<<>>>>" } }, 1 },
		{ { { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			 "/OCProperties<</D<</OFF[37 0 R]>>>>>>" } },
		    1 },
		/* replace: a field's appearance, its flags, a font */
		{ { { 35,
		      "<</Subtype/Form/Length 1>>\nstream\nS\nendstream" } },
		    1 },
		{ { { 31, "<</FT/Tx/T(Over)/Type/Annot/Subtype/Widget/P 3 0 R"
			  "/F 4/Rect[0 0 200 200]/V(9)/AP<</N 35 0 R>>>>" } },
		    1 },
		{ { { 31, "<</FT/Tx/T(Over)/Type/Annot/Subtype/Widget/P 3 0 R"
			  "/F 2/Rect[0 0 200 200]/V(8)/AP<</N 35 0 R>>>>" } },
		    1 },
		{ { { 5, "<</Fields[6 0 R 9 0 R 31 0 R]/SigFlags 1"
			 "/NeedAppearances true>>" } },
		    1 },
		{ { { 32, "<</Type/Font/Subtype/Type3/CharProcs 33 0 R>>" } },
		    1 },
		{ { { 36, "<</a 30 0 R>>" } }, 1 },
		/* hide and replace: references that lead to the other one */
		{ { { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
			 "/Contents[40 0 R 30 0 R]/Resources<</Font<</F 32 0 R"
			 ">>/XObject<</X 34 0 R>>>>/Annots[6 0 R 31 0 R]>>" } },
		    1 },
		{ { { 2, "<</Type/Pages/Kids[39 0 R]/Count 1>>" } }, 1 },
		{ { { 1, "<</Type/Catalog/Pages 38 0 R/AcroForm 5 0 R>>" } },
		    1 },
		/* an object that was promised */
		{ { { 40, EVIL } }, 1 },
	};
	static const struct part theirs[] = {
		{ 12, "<</FT/Sig/T(Two)/V 13 0 R>>" },
		{ 13, SIG("/Name(two)") },
		{ 5, "<</Fields[6 0 R 9 0 R 31 0 R 12 0 R]/SigFlags 3>>" },
	};
	struct part parts[8];
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, prepared, NPREPARED);
		update(&d, cases[i].parts, cases[i].n, "");
		forged(&d, __FILE__, __LINE__, i);
		/* signed by the attacker as well */
		memcpy(parts, cases[i].parts, cases[i].n * sizeof(parts[0]));
		memcpy(parts + cases[i].n, theirs, sizeof(theirs));
		signed_doc(&d, prepared, NPREPARED);
		update(&d, parts, cases[i].n + (parts[0].num == 5 ? 2 : 3), "");
		seal(&d);
		forged(&d, __FILE__, __LINE__, i);
	}
	/* what was prepared and stays so is no change */
	signed_doc(&d, prepared, NPREPARED);
	update(&d, theirs, 3, "");
	seal(&d);
	assert_true(is_valid(&d));
	vt_buf_release(&d.b);
}

/* Only the table differs: an entry that leads to a prepared object. */
static void
entries_that_lead_elsewhere(void **state)
{
	struct vt_bytes b;
	struct doc d;
	size_t at;

	(void)state;
	signed_doc(&d, P({ 61, "<</Length 56>>\nstream\n4 0 obj\n"
			       "<</Length 1>>\nstream\nf\nendstream\nendobj\n"
			       "        \nendstream" },
			   { 50, "<</Type/Font>>" }));
	b = vt_buf_bytes(&d.b);
	at = vt_bytes_find(b, 0, "4 0 obj\n<</Length 1>>");
	assert_true(at != SIZE_MAX);
	update(&d, P({ 60, "1" }), "");
	assert_true(is_valid(&d));
	at = vt_bytes_find(vt_buf_bytes(&d.b), 0, "4 0 obj\n<</Length 1>>");
	vt_buf_printf(&d.b,
	    "xref\n4 1\n%010zu 00000 n \ntrailer\n<</Size 99"
	    "/Root 1 0 R/Info 8 0 R/Prev %zu>>\n",
	    at, d.xref);
	d.xref = vt_bytes_find(vt_buf_bytes(&d.b), d.b.len - 110, "xref\n4");
	vt_buf_printf(&d.b, "startxref\n%zu\n%%%%EOF\n", d.xref);
	assert_shows(&d, 4, "/Length 1>>");
	assert_forged(&d);
}

/* --- certification: evil annotations, sneaky signatures --- */

static void
certification_attacks(void **state)
{
	static const char *const sigs[] = {
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 1>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 2>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 3>>>>]"),
		SIG("/Reference[<</TransformMethod/DocMDP>>]"),
	};
	static const char *const annots[] = {
		"<</Type/Annot/Subtype/FreeText/Rect[0 0 200 200]/P 3 0 R"
		"/Contents(x)/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Redact/Rect[0 0 200 200]>>",
		"<</Type/Annot/Subtype/Stamp/Rect[0 0 200 200]/AP<</N 14 0 R>>"
		">>",
		"<</Type/Annot/Subtype/Widget/Rect[0 0 200 200]/AP<</N 14 0 R>>"
		">>",
		"<</Type/Annot/Subtype/Text/Rect[0 0 0 0]>>",
		/* a signature whose picture covers the page */
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/V 13 0 R"
		"/Rect[0 0 200 200]/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/V 13 0 R"
		"/Rect[0 0 0 0]/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)"
		"/Rect[0 0 200 200]/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/V 13 0 R"
		"/Rect[0 0 200 200]/MK<</BG[1 1 1]>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(Two)/V(x)"
		"/Rect[0 0 200 200]/AP<</N 14 0 R>>>>",
	};
	struct doc d;
	size_t i, k;

	(void)state;
	for (k = 0; k < sizeof(sigs) / sizeof(sigs[0]); k++)
		for (i = 0; i < sizeof(annots) / sizeof(annots[0]); i++) {
			signed_doc(&d, P({ 7, sigs[k] }));
			update(&d,
			    P({ 12, annots[i] }, { 13, SIG("/Name(two)") },
				{ 14, "<</Subtype/Form/Length 1>>\nstream\nf\n"
				      "endstream" },
				{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 "
				     "200 200]/Contents 4 0 R/Resources<<"
				     "/Font<</F 50 0 R>>>>/Annots[6 0 R 12 0 R"
				     "]>>" },
				{ 5, i < 5 ? "<</Fields[6 0 R 9 0 R]"
					     "/SigFlags 1>>"
					   : "<</Fields[6 0 R 9 0 R 12 0 R]"
					     "/SigFlags 3>>" }),
			    "");
			if (i >= 5)
				seal(&d);
			forged(&d, __FILE__, __LINE__, 10 * k + i);
		}
}

/* --- ideas of our own --- */

/*
 * A chain that steps out of the signed bytes: what it leads to is not there
 * when the document is signed, and is when it is read.
 */
static void
a_chain_into_the_future(void **state)
{
	struct part parts[NBASE];
	char prev[64];
	struct doc d;
	size_t i, n = 0, at;

	(void)state;
	/* the page's content is not in the signer's file */
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	for (i = 0; i < NBASE; i++)
		if (base[i].num != 4)
			parts[n++] = base[i];
	snprintf(prev, sizeof(prev), "/Prev 0000000000");
	update(&d, parts, n, prev);
	at = vt_bytes_find(vt_buf_bytes(&d.b), 0, "/Prev 0000000000") + 6;
	snprintf(prev, sizeof(prev), "%010zu",
	    d.b.len + strlen("4 0 obj\n" EVIL "\nendobj\n"));
	memcpy(d.b.data + at, prev, 10);
	seal(&d);
	at = d.b.len;
	assert_true(is_valid(&d)); /* an earlier revision is missing */
	vt_buf_puts(&d.b, "4 0 obj\n" EVIL "\nendobj\n");
	vt_buf_printf(&d.b,
	    "xref\n4 1\n%010zu 00000 n \ntrailer\n<</Size 99/Root 1 0 R>>\n",
	    at);
	vt_buf_printf(&d.b, "startxref\n%zu\n%%%%EOF\n", d.xref);
	assert_shows(&d, 4, "90 90 l");
	assert_forged(&d);
}

/*
 * One number, two entries: readers differ on which counts.  The other one leads
 * to what was appended, or to what was prepared among the signed bytes.
 */
static void
numbers_that_are_listed_twice(void **state)
{
	static const char inner[] = "4 0 obj\n<</Length 1>>\nstream\nf\n"
				    "endstream\nendobj\n";
	char prepared_in[128];
	struct doc d;
	size_t off[2], i, xref;

	(void)state;
	snprintf(prepared_in, sizeof(prepared_in),
	    "<</Length %zu>>\nstream\n%s\nendstream", strlen(inner), inner);
	for (i = 0; i < 4; i++) {
		signed_doc(&d, P({ 61, prepared_in }));
		off[0] = vt_bytes_find(vt_buf_bytes(&d.b), 0, "\n4 0 obj") + 1;
		off[1] = i < 2 ? d.b.len
			       : vt_bytes_find(vt_buf_bytes(&d.b), 0, inner);
		if (i < 2)
			vt_buf_puts(&d.b, "4 0 obj\n" EVIL "\nendobj\n");
		xref = d.b.len;
		vt_buf_printf(&d.b,
		    "xref\n4 1\n%010zu 00000 n \n4 1\n%010zu 00000 n \n"
		    "trailer\n<</Size 99/Root 1 0 R/Info 8 0 R/Prev %zu>>\n"
		    "startxref\n%zu\n%%%%EOF\n",
		    off[i % 2], off[1 - i % 2], d.xref, xref);
		assert_shows(&d, 4,
		    i % 2 == 0 ? "10 10 l"
		    : i < 2    ? "90 90 l"
			       : "/Length 1>>");
		forged(&d, __FILE__, __LINE__, i);
	}
}

/* A hybrid file (7.5.8.4) whose table and stream tell different things. */
static void
hybrids_that_differ(void **state)
{
	static const struct {
		bool in_table; /* the table has it in use, too */
		bool evil;     /* which of the two the stream has */
		bool valid;
	} cases[] = {
		{ false, true, false },
		{ false, false, false }, /* gone for readers of tables */
		{ true, true, false },
		{ true, false, true },
	};
	unsigned char row[4] = { 1, 0, 0, 0 };
	struct doc d;
	size_t off[2], i, stream, xref;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, NULL, 0);
		off[0] = vt_bytes_find(vt_buf_bytes(&d.b), 0, "\n4 0 obj") + 1;
		off[1] = d.b.len;
		if (cases[i].evil)
			vt_buf_puts(&d.b, "4 0 obj\n" EVIL "\nendobj\n");
		stream = d.b.len;
		row[1] = (unsigned char)(off[cases[i].evil] >> 8);
		row[2] = (unsigned char)off[cases[i].evil];
		vt_buf_puts(&d.b,
		    "70 0 obj\n<</Type/XRef/Size 99/W[1 2 1]"
		    "/Index[4 1]/Length 4/Root 1 0 R>>\nstream\n");
		vt_buf_put(&d.b, row, 4);
		vt_buf_puts(&d.b, "\nendstream\nendobj\n");
		xref = d.b.len;
		vt_buf_printf(&d.b,
		    "xref\n4 1\n%010zu %05d %c \ntrailer\n<</Size 99"
		    "/Root 1 0 R/Info 8 0 R/Prev %zu/XRefStm %zu>>\n"
		    "startxref\n%zu\n%%%%EOF\n",
		    cases[i].in_table ? off[0] : 0, cases[i].in_table ? 0 : 1,
		    cases[i].in_table ? 'n' : 'f', d.xref, stream, xref);
		assert_shows(&d, 4,
		    cases[i].evil && !cases[i].in_table ? "90 90 l"
							: "10 10 l");
		if (is_valid(&d) != cases[i].valid)
			forged(&d, __FILE__, __LINE__, i);
		else
			vt_buf_release(&d.b);
	}
}

/* An object stream that holds others is replaced, they are not listed. */
static void
a_container_that_is_exchanged(void **state)
{
	unsigned char rows[] = { 2, 0, 30, 0, 1, 0, 0, 0 };
	struct part parts[NBASE + 1];
	struct doc d;
	size_t at, first;

	(void)state;
	/* The signed state has 50 in 30: a second section says so. */
	memset(&d, 0, sizeof(d));
	vt_buf_init(&d.b, FILE_MAX);
	vt_buf_puts(&d.b, "%PDF-1.7\n");
	memcpy(parts, base, sizeof(base));
	parts[NBASE] = (struct part){ 30,
		"<</Type/ObjStm/N 1/First 5/Length 19>>\nstream\n"
		"50 0 <</Type/Font>>\nendstream" };
	update(&d, parts, NBASE + 1, "");
	first = d.xref;
	at = d.b.len;
	rows[5] = (unsigned char)(at >> 8);
	rows[6] = (unsigned char)at;
	vt_buf_printf(&d.b,
	    "40 0 obj\n<</Type/XRef/Size 99/W[1 2 1]/Index[50 1 40 1]/Length 8"
	    "/Root 1 0 R/Info 8 0 R/Prev %zu>>\nstream\n",
	    first);
	vt_buf_put(&d.b, rows, sizeof(rows));
	vt_buf_printf(&d.b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
	    at);
	d.xref = at;
	seal(&d);
	assert_true(is_valid(&d));
	update(&d,
	    P({ 30, "<</Type/ObjStm/N 1/First 5/Length 19>>\nstream\n"
		    "50 0 <</Type/Evil>>\nendstream" }),
	    "");
	assert_shows(&d, 50, "");
	assert_forged(&d);
}

/* The catalog, the form or a page as a dictionary of names for a page. */
static void
roles_that_are_mixed(void **state)
{
	static const struct {
		struct part use; /* in what was signed */
		struct part change[3];
		size_t n;
	} cases[] = {
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</ColorSpace 1 0 R>>"
		       "/Annots[6 0 R]>>" },
		    { { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/Version/DeviceRGB>>" } },
		    1 },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</XObject 1 0 R>>"
		       "/Annots[6 0 R]>>" },
		    { { 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
			   "/Metadata 20 0 R>>" },
			{ 20, "<</Type/XObject/Subtype/Form/Length 1>>\nstream"
			      "\nf\nendstream" } },
		    2 },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources<</Font 5 0 R>>"
		       "/Annots[6 0 R]>>" },
		    { { 5, "<</Fields[6 0 R 9 0 R]/SigFlags 3/DR<<>>>>" } },
		    1 },
		{ { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		       "/Contents 4 0 R/Resources 8 0 R/Annots[6 0 R]>>" },
		    { { 8, "<</Title(t)/Font(x)>>" } }, 1 },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signed_doc(&d, &cases[i].use, 1);
		update(&d, cases[i].change, cases[i].n, "");
		forged(&d, __FILE__, __LINE__, i);
	}
}

/* A page's annotations are an array that something else uses, too. */
static void
arrays_that_are_shared(void **state)
{
	static const struct part shared[] = {
		{ 30, "<</Type/Other/Annots 21 0 R>>" },
		{ 30, "<</Type/Page/Kids 21 0 R>>" },
		{ 30, "<</Type/Page/A<</Annots 21 0 R>>>>" },
	};
	static const struct part page = { 3,
		"<</Type/Page/Parent 2 0 R"
		"/MediaBox[0 0 200 200]"
		"/Contents 4 0 R/Annots 21 0 R>>" };
	static const struct part added[] = {
		{ 12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[0 0 0 0]"
		      "/V 13 0 R>>" },
		{ 13, SIG("/Name(two)") },
		{ 5, "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>" },
		{ 21, "[6 0 R 12 0 R]" },
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i <= sizeof(shared) / sizeof(shared[0]); i++) {
		struct part parts[] = { page, { 21, "[6 0 R]" },
			{ 30, "<</Type/Page/Annots 21 0 R>>" } };

		if (i > 0)
			parts[2] = shared[i - 1];
		signed_doc(&d, parts, 3);
		update(&d, added, 4, "");
		seal(&d);
		if (i == 0)
			assert_compared(&d, 3, VT_PDF_UNCHANGED, NULL);
		else
			assert_compared(&d, 3, VT_PDF_CHANGED, "object 21");
		vt_buf_release(&d.b);
	}
}

/* A cross-reference stream with the number of the last one (7.5.8). */
static void
sections_that_are_shared(void **state)
{
	static const char *const uses[] = { "<<>>", "<</Contents 40 0 R>>" };
	unsigned char row[] = { 1, 0, 0, 0 };
	struct doc d;
	size_t i, k, at;

	(void)state;
	for (i = 0; i < 2; i++) {
		memset(&d, 0, sizeof(d));
		vt_buf_init(&d.b, FILE_MAX);
		vt_buf_puts(&d.b, "%PDF-1.7\n");
		{
			struct part parts[NBASE + 1];

			memcpy(parts, base, sizeof(base));
			parts[NBASE] = (struct part){ 60, uses[i] };
			update(&d, parts, NBASE + 1, "");
		}
		for (k = 0; k < 2; k++) {
			at = d.b.len;
			row[1] = (unsigned char)(at >> 8);
			row[2] = (unsigned char)at;
			vt_buf_printf(&d.b,
			    "40 0 obj\n<</Type/XRef/Size 99/W[1 2 1]"
			    "/Index[40 1]/Length 4/Root 1 0 R/Info 8 0 R"
			    "/Prev %zu>>\nstream\n",
			    d.xref);
			vt_buf_put(&d.b, row, sizeof(row));
			vt_buf_printf(&d.b,
			    "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n",
			    at);
			d.xref = at;
			if (k == 0)
				seal(&d);
		}
		if (i == 0)
			assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
		else
			assert_compared(&d, 1, VT_PDF_CHANGED, "object 40");
		vt_buf_release(&d.b);
	}
}

/* Another signature's picture, exchanged when it is long signed. */
static void
a_signature_keeps_its_look(void **state)
{
	static const char *const looks[] = {
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[9 9 99 99]"
		"/P 3 0 R/V 13 0 R/AP<</N 30 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[9 9 199 199]"
		"/P 3 0 R/V 13 0 R/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[9 9 99 99]"
		"/P 3 0 R/V 33 0 R/AP<</N 14 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Two)/Rect[9 9 99 99]"
		"/P 3 0 R/AP<</N 14 0 R>>>>",
	};
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		signed_doc(&d, NULL, 0);
		update(&d, second_new, 5, "");
		seal(&d);
		update(&d,
		    P({ 12, looks[i] },
			{ 30, "<</Subtype/Form/Length 1>>\nstream\nf\n"
			      "endstream" },
			{ 33, SIG("/Name(three)") }),
		    "");
		seal(&d);
		forged(&d, __FILE__, __LINE__, i);
	}
}

/* A field that is signed is signed by another. */
static void
a_signature_keeps_its_field(void **state)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;

	(void)state;
	signed_doc(&d, NULL, 0);
	update(&d, second_new, 5, "");
	seal(&d);
	update(&d,
	    P({ 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(One)/Rect[0 0 0 0]"
		   "/P 3 0 R/V 33 0 R>>" },
		{ 33, SIG("/Name(three)") }),
	    "");
	seal(&d);
	judge(&j, &d);
	assert_int_equal(vt_pdf_signed_n(j.s), 3);
	assert_true(vt_pdf_signed_at(j.s, 0)->removed);
	assert_string_equal(vt_pdf_signed_at(j.s, 1)->field->name, "Two");
	compare(&j, 1, 7, &c);
	assert_int_equal(c.result, VT_PDF_CHANGED);
	assert_int_equal(c.items[0].ref.num, 6);
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	assert_forged(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shadow_attacks),
		cmocka_unit_test(entries_that_lead_elsewhere),
		cmocka_unit_test(certification_attacks),
		cmocka_unit_test(a_chain_into_the_future),
		cmocka_unit_test(numbers_that_are_listed_twice),
		cmocka_unit_test(hybrids_that_differ),
		cmocka_unit_test(a_container_that_is_exchanged),
		cmocka_unit_test(roles_that_are_mixed),
		cmocka_unit_test(arrays_that_are_shared),
		cmocka_unit_test(sections_that_are_shared),
		cmocka_unit_test(a_signature_keeps_its_look),
		cmocka_unit_test(a_signature_keeps_its_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
