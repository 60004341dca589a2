/* test_pdf_compare_allowed.c - metadata, validation data, time stamps */
#include "test_pdf_compare.h"

#define CATALOG(more) "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R" more ">>"
/* One later revision, without a signature, and what becomes of it. */
struct later {
	struct part parts[5];
	size_t n;
	const char *keys;
	const char *text; /* of an addition, or of a difference */
};

static void
check(const struct part *more, size_t nmore, const struct later *l,
    unsigned intact, enum vt_pdf_compared result, enum vt_pdf_added added)
{
	struct vt_pdf_comparison c;
	struct judged j;
	struct doc d;
	bool found = false;
	size_t i;

	signed_doc(&d, more, nmore);
	update(&d, l->parts, l->n, l->keys != NULL ? l->keys : "");
	judge(&j, &d);
	compare(&j, 0, intact, &c);
	for (i = 0; i < c.additions.n && result == VT_PDF_UNCHANGED; i++)
		found = found || strstr(c.additions.items[i], l->text) != NULL;
	for (i = 0; i < c.n && result == VT_PDF_CHANGED; i++)
		found = found || strstr(c.items[i].text, l->text) != NULL;
	if (c.result != result || !found ||
	    (result == VT_PDF_UNCHANGED && c.added != added)) {
		print_error("%u %s: result %d, added %d, %s\n", l->parts[0].num,
		    l->parts[0].body != NULL ? l->parts[0].body : "",
		    (int)c.result, (int)c.added, c.reason);
		for (i = 0; i < c.n; i++)
			print_error("  %s\n", c.items[i].text);
		fail();
	}
	vt_pdf_comparison_release(&c);
	judge_end(&j);
	vt_buf_release(&d.b);
}

#define XMP_OPEN "<?xpacket begin=\"\xef\xbb\xbf\" id=\"x\"?>"
#define RDF                                                                    \
	"<rdf:RDF xmlns:rdf='r'><rdf:Description a = \"&amp;&#x41;\"/>"        \
	"<a><![CDATA[<b>]]></a><!-- <c> --></rdf:RDF>"
#define XMP                                                                    \
	XMP_OPEN "\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>" RDF                  \
		 "</x:xmpmeta>\n<?xpacket end='w'?>"

/* A stream's object, its /Length made here. */
static char *
stream(const char *dict, const char *text)
{
	size_t n = strlen(dict) + strlen(text) + 64;
	char *s = malloc(n);

	assert_non_null(s);
	snprintf(s, n, "<<%s/Length %zu>>\nstream\n%s\nendstream", dict,
	    strlen(text), text);
	return s;
}

static void
metadata_may_change(void **state)
{
	char *xmp = stream("/Type/Metadata/Subtype/XML", XMP);
	char *rdf = stream("/Type/Metadata/Subtype/XML", RDF);
	const struct part with[] = {
		{ 1, CATALOG("/Metadata 20 0 R/Extensions 21 0 R"
			     "/MarkInfo 22 0 R/Version/1.6") },
		{ 20, xmp },
		{ 21, "<</A<</BaseVersion/1.7/ExtensionLevel 1>>>>" },
		{ 22, "<</Marked false>>" },
	};
	const struct later fresh[] = {
		{ { { 8, "<</Title(other)/Trapped/True>>" } }, 1, NULL,
		    "metadata" },
		{ { { 12, "<</Title(other)>>" } }, 1, "/Root 1 0 R/Info 12 0 R",
		    "metadata" },
		{ { { 12, "1" } }, 1, "/Root 1 0 R", "metadata" },
		{ { { 1, CATALOG("/Metadata 20 0 R") }, { 20, xmp } }, 2, NULL,
		    "metadata" },
		{ { { 1, CATALOG("/Metadata 20 0 R") }, { 20, rdf } }, 2, NULL,
		    "metadata" },
		{ { { 1, CATALOG("/Version/1.7") } }, 1, NULL, "metadata" },
		{ { { 1, CATALOG("/MarkInfo<</Marked true>>") } }, 1, NULL,
		    "metadata" },
		{ { { 1, CATALOG("/Extensions<</B[<</Type/DeveloperExtensions"
				 "/BaseVersion/2.0/URL(x)>>]>>") } },
		    1, NULL, "metadata" },
	};
	const struct later changed[] = {
		{ { { 20, rdf } }, 1, NULL, "metadata" },
		{ { { 21, "<<>>" } }, 1, NULL, "metadata" },
		{ { { 22, "<</Marked true>>" } }, 1, NULL, "metadata" },
		{ { { 1, CATALOG("/Metadata 30 0 R/Extensions<<>>"
				 "/MarkInfo<<>>/Version/1.7") },
		      { 30, rdf } },
		    2, NULL, "metadata" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		check(NULL, 0, &fresh[i], 1, VT_PDF_UNCHANGED,
		    VT_PDF_ADDED_VALIDATION);
	for (i = 0; i < sizeof(changed) / sizeof(changed[0]); i++)
		check(with, 4, &changed[i], 1, VT_PDF_UNCHANGED,
		    VT_PDF_ADDED_VALIDATION);
	free(xmp);
	free(rdf);
}

static void
what_only_claims_to_be_metadata_may_not(void **state)
{
	static const char *const texts[] = { "", "this is bogus", "<x/>",
		"<x:xmpmeta>", "<x:xmpmeta></rdf:RDF>",
		"<x:xmpmeta/><x:xmpmeta/>", "<x:xmpmeta a=b/>",
		"<x:xmpmeta a='<'/>", "<x:xmpmeta>&xxe;</x:xmpmeta>",
		"<x:xmpmeta><!ENTITY a 'b'></x:xmpmeta>",
		"<!DOCTYPE x><x:xmpmeta/>", "<x:xmpmeta/>q 1 0 0 1 0 0 cm",
		"0 0 m <x:xmpmeta/>", "<x:xmpmeta></x:xmpmeta",
		"<x:xmpmeta><![CDATA[</x:xmpmeta>", "<x:xmpmeta><?a?" };
	char *xmp = stream("/Type/Metadata/Subtype/XML", XMP);
	char *form = stream("/Type/XObject/Subtype/Form", XMP);
	const struct later bad[] = {
		{ { { 1, CATALOG("/Metadata 20 0 R") }, { 20, form } }, 2, NULL,
		    "object 1" },
		{ { { 1, CATALOG("/Metadata(x)") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/Version/DeviceGray") } }, 1, NULL,
		    "object 1" },
		{ { { 1, CATALOG("/Version/1.77") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/MarkInfo<</Marked 3 0 R>>") } }, 1, NULL,
		    "object 1" },
		{ { { 1, CATALOG("/MarkInfo[true]") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/Extensions<</A 4 0 R>>") } }, 1, NULL,
		    "object 1" },
		{ { { 1, CATALOG("/Extensions<</A<</Type/Font>>>>") } }, 1,
		    NULL, "object 1" },
		{ { { 1, CATALOG("/Extensions 4 0 R") } }, 1, NULL,
		    "object 1" },
		{ { { 1, CATALOG("/Lang(vi)") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/Version/1.7/Version/1.7") } }, 1, NULL,
		    "object 1" },
	};
	/* The metadata are the page's content, too, or somebody's. */
	const struct part shared[][2] = {
		{ { 1, CATALOG("/Metadata 20 0 R/Other 20 0 R") },
		    { 20, xmp } },
		{ { 1, CATALOG("/Metadata 20 0 R") }, { 20, xmp } },
		{ { 1, CATALOG("/Metadata 20 0 R") }, { 20, xmp } },
	};
	const struct part uses[] = {
		{ 30, "1" },
		{ 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		     "/Contents 20 0 R/Annots[6 0 R]>>" },
		{ 31, "[20 0 R]" },
	};
	struct later l = { .n = 2, .text = "object 1" };
	struct part parts[3];
	size_t i;
	char *s;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(NULL, 0, &bad[i], 1, VT_PDF_CHANGED, 0);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		s = stream("/Type/Metadata/Subtype/XML", texts[i]);
		l.parts[0] = (struct part){ 1, CATALOG("/Metadata 20 0 R") };
		l.parts[1] = (struct part){ 20, s };
		check(NULL, 0, &l, 1, VT_PDF_CHANGED, 0);
		free(s);
	}
	s = stream("/Type/Metadata/Subtype/XML", RDF);
	l = (struct later){ { { 20, s } }, 1, NULL, "object 20" };
	for (i = 0; i < 3; i++) {
		memcpy(parts, shared[i], sizeof(shared[i]));
		parts[2] = uses[i];
		check(parts, 3, &l, 1, VT_PDF_CHANGED, 0);
	}
	/* taken away */
	parts[0] = shared[1][0];
	parts[1] = shared[1][1];
	l = (struct later){ { { 1, CATALOG("") } }, 1, NULL, "object 1" };
	check(parts, 2, &l, 1, VT_PDF_CHANGED, 0);
	/* /Info that something else uses */
	parts[0] = (struct part){ 1, CATALOG("/Other[8 0 R]") };
	l = (struct later){ { { 8, "<</Title(x)>>" } }, 1, NULL, "object 8" };
	check(parts, 1, &l, 1, VT_PDF_CHANGED, 0);
	free(s);
	free(xmp);
	free(form);
}

#define VRI1 "/0123456789ABCDEF0123456789ABCDEF01234567"
#define VRI2 "/0123456789abcdef0123456789ABCDEF01234567"
#define NO_VRI "/0123456789ABCDEF0123456789ABCDEFG1234567" /* hexadecimal? */
#define CER "<</Length 1>>\nstream\nc\nendstream"

static void
validation_data_may_be_added(void **state)
{
	static const struct part with[] = {
		{ 1, CATALOG("/DSS 20 0 R") },
		{ 20, "<</Type/DSS/Certs[21 0 R]/CRLs 22 0 R/VRI 23 0 R>>" },
		{ 21, CER },
		{ 22, "[21 0 R]" },
		{ 23, "<<" VRI1 " 24 0 R>>" },
		{ 24, "<</Cert 25 0 R>>" },
		{ 25, "[21 0 R]" },
	};
	static const struct later fresh[] = {
		{ { { 1, CATALOG("/DSS<<>>") } }, 1, NULL, "certificates" },
		{ { { 1, CATALOG("/DSS<</Certs[20 0 R]/VRI<<" VRI1
				 "<</Type/VRI/Cert[20 0 R]/TU(D:2026)>>" VRI2
				 "<<>>>>>>") },
		      { 20, CER } },
		    2, NULL, "certificates" },
		{ { { 1, CATALOG("/DSS 20 0 R") },
		      { 20, "<</OCSPs 22 0 R/CRLs[]>>" }, { 22, "[23 0 R]" },
		      { 23, CER } },
		    4, NULL, "certificates" },
	};
	static const struct later grown[] = {
		{ { { 20, "<</Certs[21 0 R 30 0 R]/VRI 23 0 R>>" },
		      { 30, CER } },
		    2, NULL, "certificates" },
		{ { { 22, "[30 0 R 21 0 R]" }, { 30, CER } }, 2, NULL,
		    "certificates" },
		{ { { 22, "[]" } }, 1, NULL, "certificates" },
		{ { { 23, "<<" VRI1 " 24 0 R" VRI2 "<<>>>>" } }, 1, NULL,
		    "certificates" },
		{ { { 23, "<</Type/VRI" VRI1 " 24 0 R>>" } }, 1, NULL,
		    "certificates" },
		{ { { 24, "<</Cert 25 0 R/TS 21 0 R>>" } }, 1, NULL,
		    "certificates" },
		{ { { 25, "[21 0 R 30 0 R]" }, { 30, CER } }, 2, NULL,
		    "certificates" },
		/* all made anew */
		{ { { 1, CATALOG("/DSS 40 0 R") },
		      { 40, "<</Certs[41 0 R]/VRI<<" VRI1
			    "<</Cert[41 0 R]>>>>>>" },
		      { 41, CER } },
		    3, NULL, "certificates" },
	};
	static const struct later bad[] = {
		{ { { 1, CATALOG("") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/DSS null") } }, 1, NULL, "object 1" },
		{ { { 1, CATALOG("/DSS(x)") } }, 1, NULL, "object 1" },
		{ { { 20, "<</Blah null>>" } }, 1, NULL, "object 20" },
		{ { { 20, "<</Certs null/VRI 23 0 R>>" } }, 1, NULL,
		    "object 20" },
		{ { { 20, "<</Certs[3 0 R]/VRI 23 0 R>>" } }, 1, NULL,
		    "object 20" },
		{ { { 20, "<</Certs[<<>>]/VRI 23 0 R>>" } }, 1, NULL,
		    "object 20" },
		{ { { 20, "<</Certs[21 0 R]>>" } }, 1, NULL, "object 20" },
		{ { { 20, "<</Type/Font/VRI 23 0 R>>" } }, 1, NULL,
		    "object 20" },
		{ { { 20, "<</Certs[21 0 R]/Certs[]/VRI 23 0 R>>" } }, 1, NULL,
		    "object 20" },
		{ { { 23, "<<" VRI2 " 24 0 R>>" } }, 1, NULL, "object 23" },
		{ { { 23, "<<" VRI1 " 24 0 R/Bleh<<>>>>" } }, 1, NULL,
		    "object 23" },
		{ { { 23, "<<" VRI1 " 24 0 R" NO_VRI "<<>>>>" } }, 1, NULL,
		    "object 23" },
		{ { { 23, "<<" VRI1 " null>>" } }, 1, NULL, "object 23" },
		{ { { 24, "<</Bleh[]>>" } }, 1, NULL, "object 24" },
		{ { { 24, "<</Cert(x)>>" } }, 1, NULL, "object 24" },
		{ { { 25, "[4 0 R(x)]" } }, 1, NULL, "object 25" },
		{ { { 25, "[21]" } }, 1, NULL, "object 25" },
		/* not a list, but what one holds */
		{ { { 21, "<</Length 1>>\nstream\nX\nendstream" } }, 1, NULL,
		    "object 21" },
		{ { { 22, NULL } }, 1, NULL, "object 22 was removed" },
	};
	/* The same objects as something else, too. */
#define DSS20(more) "<</Type/DSS/Certs[21 0 R]/CRLs 22 0 R/VRI 23 0 R" more ">>"
	static const struct {
		size_t in; /* the place in WITH, or behind it */
		struct part part;
		size_t grown; /* what is added then */
	} other[] = {
		{ 7,
		    { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
			 "/Contents 4 0 R/Resources<</Font 20 0 R>>"
			 "/Annots[6 0 R]>>" },
		    0 },
		{ 7,
		    { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
			 "/Contents 22 0 R/Annots[6 0 R]>>" },
		    1 },
		{ 7, { 31, "<</DSS 20 0 R>>" }, 0 },
		{ 0, { 1, CATALOG("/DSS 20 0 R/DSS#2fVRI 23 0 R") }, 3 },
		{ 0, { 1, CATALOG("/DSS 20 0 R/Abc 20 0 R") }, 0 },
		{ 1, { 20, DSS20("/OCSPs 20 0 R") }, 0 },
		{ 1, { 20, DSS20("/Others 22 0 R") }, 1 },
		{ 1, { 20, DSS20("/VRIs 24 0 R") }, 5 },
	};
	struct part parts[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		check(NULL, 0, &fresh[i], 1, VT_PDF_UNCHANGED,
		    VT_PDF_ADDED_VALIDATION);
	for (i = 0; i < sizeof(grown) / sizeof(grown[0]); i++)
		check(with, 7, &grown[i], 1, VT_PDF_UNCHANGED,
		    VT_PDF_ADDED_VALIDATION);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(with, 7, &bad[i], 1, VT_PDF_CHANGED, 0);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct later l = grown[other[i].grown];

		memcpy(parts, with, sizeof(with));
		parts[other[i].in] = other[i].part;
		l.text = "was changed";
		check(parts, other[i].in == 7 ? 8 : 7, &l, 1, VT_PDF_CHANGED,
		    0);
	}
	/* A certification that allows nothing allows that. */
	memcpy(parts, with, sizeof(with));
	parts[7] = (struct part){ 7, SIG("/Reference[<</TransformMethod/DocMDP"
					 "/TransformParams<</P 1>>>>]") };
	check(parts, 8, &grown[0], 1, VT_PDF_UNCHANGED,
	    VT_PDF_ADDED_VALIDATION);
}

/* --- document time stamps --- */

#define STAMP(more)                                                            \
	"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/"                 \
	"ETSI.RFC3161" more                                                    \
	"/ByteRange[0 0000000000 0000000000 0000000000]/Contents<"             \
	"00000000000000000000000000000000"                                     \
	"00000000000000000000000000000000>>>"
#define WIDGET(more) "<</Type/Annot/Subtype/Widget/FT/Sig/T(Time)" more ">>"
#define FORM12 "<</Fields[6 0 R 9 0 R 12 0 R]/SigFlags 3>>"
#define PAGE(more)                                                             \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"       \
	"/Resources<</Font<</F 50 0 R>>>>" more ">>"

static void
time_stamps_may_be_added_unseen(void **state)
{
	static const struct {
		const char *widget;
		const char *appearance;
		bool ok;
	} cases[] = {
		{ WIDGET("/V 13 0 R"), NULL, true },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/P 3 0 R/F 132"), NULL, true },
		{ WIDGET("/V 13 0 R/Rect[7 7 7 99]"), NULL, true },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AP<</N 14 0 R>>"),
		    "<</Length 12>>\nstream\nq Q\n% blank\n\nendstream", true },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AP<</N null>>"), NULL, true },
		{ WIDGET("/V 13 0 R/Rect[0 0 1 1]"), NULL, false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0 1]"), NULL, false },
		{ WIDGET("/V 13 0 R/Rect(none)"), NULL, false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AP<</N 14 0 R>>"),
		    "<</Length 7>>\nstream\n/Fm0 Do\nendstream", false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AP<</D<</On 14 0 R>>>>"),
		    "<</Length 1>>\nstream\nq\nendstream", false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AP 14 0 R"), "(x)", false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/AA<<>>"), NULL, false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/A<<>>"), NULL, false },
		{ WIDGET("/V 13 0 R/Rect[0 0 0 0]/Rect[0 0 9 9]"), NULL,
		    false },
		{ WIDGET("/V 13 0 R/Rect[0 0 9 9]/Rect[0 0 0 0]"), NULL,
		    false },
		{ WIDGET("/V 13 0 R/Rect[0 7 99 7]"), NULL, true },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[15 0 R]>>", NULL, false },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[14 0 R]>>",
		    "<</Subtype/Widget/Rect[0 0 0 0]>>", true },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[14 0 R]>>",
		    "<</Subtype/Widget/Rect[0 0 9 9]/Rect[0 0 0 0]>>", false },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[14 0 R]>>",
		    "<</Subtype/Widget/Rect[0 0 0 0]/A<<>>>>", false },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[14 0 R]>>",
		    "<</Subtype/Widget/Rect[0 0 0 0]/Parent 9 0 R>>", false },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[14 0 R]>>",
		    "<</Subtype/Link/Rect[0 0 0 0]>>", false },
		{ WIDGET("/V(x)"), NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T(One)/V 13 0 R>>", NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T(a.b)/V 13 0 R>>", NULL, false },
		{ "<</Subtype/Widget/FT/Sig/V 13 0 R>>", NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T()/V 13 0 R>>", NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T/Time/V 13 0 R>>", NULL, false },
		{ "<</Subtype/FreeText/FT/Sig/T(Time)/V 13 0 R>>", NULL,
		    false },
		{ "<</Subtype/Widget/FT/Tx/T(Time)/V 13 0 R>>", NULL, false },
		{ "<</Subtype/Widget/FT/Sig/T(Time)/Parent 9 0 R/V 13 0 R>>",
		    NULL, false },
		{ "<</FT/Sig/T(Time)/V 13 0 R/Kids[6 0 R]>>", NULL, false },
	};
	static const char *const p1[] = { SIG(""),
		SIG("/Reference[<</TransformMethod/DocMDP"
		    "/TransformParams<</P 1>>>>]") };
	struct doc d;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* Whether the token holds is not asked, nor the level. */
		for (k = 0; k < 4; k++) {
			signed_doc(&d,
			    P({ 7, p1[k / 2] },
				{ 15, "<</Subtype/Widget/Rect[0 0 0 0]>>" }));
			update(&d,
			    P({ 12, cases[i].widget }, { 13, STAMP("") },
				{ 14, cases[i].appearance != NULL
					  ? cases[i].appearance
					  : "(unused)" },
				{ 5, FORM12 },
				{ 3, strstr(cases[i].widget, "Kids[14") != NULL
					 ? PAGE("/Annots[6 0 R 14 0 R]")
					 : PAGE("/Annots[6 0 R 12 0 R]") }),
			    "");
			seal(&d);
			if (!cases[i].ok)
				assert_compared(&d, 3, VT_PDF_CHANGED,
				    "object 5 was changed");
			else
				assert_compared(&d, k % 2 == 0 ? 1 : 3,
				    VT_PDF_UNCHANGED, NULL);
			vt_buf_release(&d.b);
		}
	}
}

/* A time stamp says when, not that one may. */
static void
time_stamps_answer_for_nothing_one_sees(void **state)
{
	static const char *const kinds[] = { STAMP(""),
		"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"
		"/ByteRange[0 0000000000 0000000000 0000000000]/Contents<"
		"00000000000000000000000000000000"
		"00000000000000000000000000000000>>>" };
	struct doc d;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		/* on its own field */
		signed_doc(&d, NULL, 0);
		update(&d,
		    P({ 12, WIDGET("/V 13 0 R/Rect[9 9 99 99]"
				   "/AP<</N 14 0 R>>") },
			{ 13, kinds[i] },
			{ 14, "<</Length 1>>\nstream\nf\nendstream" },
			{ 5, FORM12 }, { 3, PAGE("/Annots[6 0 R 12 0 R]") }),
		    "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "/Annots");
		vt_buf_release(&d.b);
		/* on an empty signature field that was there */
		signed_doc(&d, P({ 10, "<</Type/Annot/Subtype/Widget/Parent "
				       "9 0 R/Rect[0 0 9 9]/P 3 0 R>>" }));
		update(&d,
		    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
			{ 13, kinds[i] }),
		    "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "object 9");
		vt_buf_release(&d.b);
		/* on a field that is filled */
		signed_doc(&d,
		    P({ 20, "<</FT/Tx/T(Number)/Subtype/Widget"
			    "/Rect[0 0 9 9]>>" },
			{ 5, "<</Fields[6 0 R 9 0 R 20 0 R]/SigFlags 1>>" }));
		update(&d,
		    P({ 20, "<</FT/Tx/T(Number)/Subtype/Widget"
			    "/Rect[0 0 9 9]/V(12)>>" },
			{ 12, WIDGET("/V 13 0 R") }, { 13, kinds[i] },
			{ 5, "<</Fields[6 0 R 9 0 R 20 0 R 12 0 R]"
			     "/SigFlags 3>>" }),
		    "");
		seal(&d);
		assert_compared(&d, 3, VT_PDF_CHANGED, "object 20");
		vt_buf_release(&d.b);
	}
	/* unseen, on an empty field that takes no room */
	signed_doc(&d, NULL, 0);
	update(&d,
	    P({ 9, "<</FT/Sig/T(Empty)/Kids[10 0 R]/V 13 0 R>>" },
		{ 13, STAMP("") }),
	    "");
	seal(&d);
	assert_compared(&d, 1, VT_PDF_UNCHANGED, NULL);
	vt_buf_release(&d.b);
}

/* A dictionary that is too long to be gone through is one that was changed. */
static void
entries_are_counted(void **state)
{
	struct part was = { 1, NULL };
	struct later l = { .n = 1 };
	struct vt_buf a, b;
	size_t n, i;

	(void)state;
	for (n = VT_PDF_EXCUSED_MAX; n <= VT_PDF_EXCUSED_MAX + 1; n++) {
		vt_buf_init(&a, FILE_MAX);
		vt_buf_init(&b, FILE_MAX);
		vt_buf_puts(&a, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R");
		for (i = 3; i < n - 1; i++)
			vt_buf_printf(&a, "/K%zu 0", i);
		vt_buf_bytes_put(&b, vt_buf_bytes(&a));
		vt_buf_puts(&a, ">>");
		vt_buf_puts(&b, "/DSS<<>>>>");
		was.body = vt_buf_str(&a);
		l.parts[0] = (struct part){ 1, vt_buf_str(&b) };
		l.text = n == VT_PDF_EXCUSED_MAX ? "certificates" : "object 1";
		check(&was, 1, &l, 1,
		    n == VT_PDF_EXCUSED_MAX ? VT_PDF_UNCHANGED : VT_PDF_CHANGED,
		    VT_PDF_ADDED_VALIDATION);
		vt_buf_release(&a);
		vt_buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_counted),
		cmocka_unit_test(metadata_may_change),
		cmocka_unit_test(what_only_claims_to_be_metadata_may_not),
		cmocka_unit_test(validation_data_may_be_added),
		cmocka_unit_test(time_stamps_may_be_added_unseen),
		cmocka_unit_test(time_stamps_answer_for_nothing_one_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
