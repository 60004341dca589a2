/* test_xsig_attacks.c - wrapping, references, transforms, what is no document
 */
#include "test_xsig_util.h"

#define SIG(refs, objects) SIGNATURE(C14N_EXC, RSA_SHA256, refs, objects)
#define ENVELOPED_REF(uri)                                                     \
	REFERENCE("URI='" uri "'", TRANSFORM(ENVELOPED) TRANSFORM(C14N_EXC))

/* --- wrapping --- */

/*
 * The signed element is carried off to where nobody looks, and another put in
 * its place (McIntosh and Austel, 2005).
 */
static void
a_moved_element_is_not_taken_for_the_document(void **state)
{
	static const char body[] = "<body Id='b'>pay 1</body>";
	static const struct {
		const char *template, *moved, *uncovered;
	} rows[] = {
		/* Signed beside the signature; moved into a header. */
		{ "<env><body Id='b'>pay 1</body>" SIG(REFERENCE("URI='#b'",
							   TRANSFORM(C14N_EXC)),
		      "") "</env>",
		    "<body Id='x'>pay 9</body><w><body Id='b'>pay 1</body></w>",
		    "/env/body" },
		/* ... under an element of the same name. */
		{ "<env><body Id='b'>pay 1</body>" SIG(REFERENCE("URI='#b'",
							   TRANSFORM(C14N_EXC)),
		      "") "</env>",
		    "<body>pay 9<body Id='b'>pay 1</body></body>",
		    "/env/body" },
		/* ... and without an Id. */
		{ "<env><body Id='b'>pay 1</body>" SIG(REFERENCE("URI='#b'",
							   TRANSFORM(C14N_EXC)),
		      "") "</env>",
		    "<body/><h><body Id='b'>pay 1</body></h>", "/env/body" },
	};
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text = sign(rows[i].template);
		text = text_replace(text, body, rows[i].moved);
		xs = xsig_of(text);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_int_equal(f.covers, VT_XSIG_COVERS_PART);
		assert_non_null(f.uncovered);
		assert_string_equal(f.uncovered, rows[i].uncovered);
		vt_xsig_free(xs);
		free(text);
	}
}

/* SAML's attacks: the signature was enveloped, and no longer is. */
static void
an_enveloped_signature_that_is_moved_is_refused(void **state)
{
	char *text =
	    sign("<r><a Id='a'>good" SIG(ENVELOPED_REF("#a"), "") "</a></r>");
	char *sig, *inner;
	const char *from, *to;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *evil;

	(void)state;
	assert_reason(text, VT_XSIG_FINE);
	from = strstr(text, "<ds:Signature");
	to = strstr(text, "</a>");
	sig = strndup(from, (size_t)(to - from));
	assert_non_null(sig);
	/* Beside the signed element. */
	evil = text_replace(text_dup("<r><a Id='e'>evil@</a>"
				     "<a Id='a'>good</a></r>"),
	    "@", sig);
	assert_reason(evil, VT_XSIG_MISPLACED);
	free(evil);
	/* Around it. */
	evil = text_replace(text_dup(
				"<r><a Id='e'>evil@<a Id='a'>good</a></a></r>"),
	    "@", sig);
	assert_reason(evil, VT_XSIG_MISPLACED);
	free(evil);
	/* It holds it, in an object. */
	inner = text_replace(text_dup(sig), "</ds:Signature>",
	    "<ds:Object><a Id='a'>good</a></ds:Object></ds:Signature>");
	evil = text_replace(text_dup("<r><a Id='e'>evil@</a></r>"), "@", inner);
	assert_reason(evil, VT_XSIG_MISPLACED);
	free(evil);
	free(inner);
	/* The whole of it, carried off: true of what was signed, told so. */
	evil = text_replace(text_dup("<r><a Id='e'>evil</a><x><a Id='a'>good@"
				     "</a></x></r>"),
	    "@", sig);
	xs = xsig_of(evil);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_FINE);
	assert_int_equal(f.covers, VT_XSIG_COVERS_PART);
	assert_string_equal(f.uncovered, "/r/a");
	assert_string_equal(vt_xsig_reference(xs, 0, 0)->target, "/r/x/a");
	vt_xsig_free(xs);
	free(evil);
	free(sig);
	free(text);
}

static void
an_object_outside_a_signature_is_refused(void **state)
{
	(void)state;
	assert_changed(SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
			   "<ds:Object Id='o'>SGVsbG8=</ds:Object>"),
	    "<ds:Object Id='o'>SGVsbG8=</ds:Object>",
	    "<ds:Object Id='evil'>aaaa</ds:Object><ds:Object><w>"
	    "<ds:Object Id='o'>SGVsbG8=</ds:Object></w></ds:Object>",
	    VT_XSIG_MISPLACED);
}

/* Which one was meant, nobody can say. */
static void
an_id_that_stands_twice_is_refused(void **state)
{
	static const char template[] =
	    "<r xmlns:w='http://docs.oasis-open.org/"
	    "wss/2004/01/oasis-200401-wss-wssecurity"
	    "-utility-1.0.xsd' xmlns:f='u'><a "
	    "Id='a'>x</a><e/>" SIG(REFERENCE_PLAIN("URI='#a'"), "") "</r>";
	static const char *const seconds[] = { "<e Id='a'/>", "<e ID='a'/>",
		"<e id='a'/>", "<e iD='a'/>", "<e xml:id='a'/>",
		"<e w:Id='a'/>", "<e f:id='a'/>", "<e Id='&#97;'/>" };
	size_t i;

	(void)state;
	assert_signed(template, VT_XSIG_FINE);
	for (i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
		assert_changed(template, "<e/>", seconds[i],
		    VT_XSIG_DUPLICATE_ID);
	assert_changed(template, "<e/>", "<e name='a'/>", VT_XSIG_FINE);
	/* An Id that is none by custom. */
	assert_changed(template, "<a Id='a'>", "<a iD='a'>",
	    VT_XSIG_REFERENCE_MISSING);
	assert_changed(template, "<a Id='a'>", "<a f:Id='a'>",
	    VT_XSIG_REFERENCE_MISSING);
	assert_changed(template, "<a Id='a'>", "<a>",
	    VT_XSIG_REFERENCE_MISSING);
}

/* --- references and transforms --- */

static void
transforms_that_could_hide_something_are_not_done(void **state)
{
	static const char *const chains[] = {
		TRANSFORM("http://www.w3.org/TR/1999/REC-xslt-19991116"),
		"<ds:Transform Algorithm='http://www.w3.org/TR/1999/"
		"REC-xslt-19991116'><x:stylesheet xmlns:x='http://www.w3.org/"
		"1999/XSL/Transform' version='1.0'><x:template match='/'/>"
		"</x:stylesheet></ds:Transform>",
		"<ds:Transform Algorithm='http://www.w3.org/TR/1999/"
		"REC-xpath-19991116'><ds:XPath>not(ancestor-or-self::"
		"ds:Signature)</ds:XPath></ds:Transform>",
		"<ds:Transform Algorithm='http://www.w3.org/2002/06/"
		"xmldsig-filter2'><f:XPath xmlns:f='http://www.w3.org/2002/06/"
		"xmldsig-filter2' Filter='subtract'>/descendant::*</f:XPath>"
		"</ds:Transform>",
		TRANSFORM("http://www.w3.org/TR/xml-exc-c14n#"),
		TRANSFORM("urn:nothing"),
		TRANSFORM(""),
		TRANSFORM(C14N_EXC) TRANSFORM(ENVELOPED),
		TRANSFORM(ENVELOPED) TRANSFORM(ENVELOPED),
		TRANSFORM(ENVELOPED) TRANSFORM(C14N_EXC) TRANSFORM(C14N_EXC),
		TRANSFORM(ENVELOPED) TRANSFORM(XMLDSIG "base64"),
		TRANSFORM(XMLDSIG "base64"),
		TRANSFORM(XMLDSIG "base64") TRANSFORM(C14N_EXC),
		"<ds:Transform Algorithm='" ENVELOPED "'><x/></ds:Transform>",
		"<ds:Transform Algorithm='" C14N_10 "'><i:InclusiveNamespaces "
		"xmlns:i='" C14N_EXC "' PrefixList='a'/></ds:Transform>",
		"<ds:Transform Algorithm='" C14N_EXC "'><i:InclusiveNamespaces "
		"xmlns:i='" C14N_EXC "' PrefixList='a'><x/>"
		"</i:InclusiveNamespaces></ds:Transform>",
	};
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
		template =
		    text_replace(text_dup(
				     "<a><b/>" SIG(REFERENCE("URI=''", "@"),
					 "") "</a>"),
			"@", chains[i]);
		text = sign(template);
		assert_reason(text, VT_XSIG_UNSUPPORTED_TRANSFORM);
		free(text);
		free(template);
	}
	assert_signed("<a><b/>" SIG(REFERENCE("URI=''", ""), "") "</a>",
	    VT_XSIG_MALFORMED);
	assert_signed("<a><b/>" SIG(REFERENCE("URI=''", "<ds:Transform/>"),
			  "") "</a>",
	    VT_XSIG_MALFORMED);
	assert_signed("<a><b/>" SIG(REFERENCE("URI=''", "<ds:Other/>"),
			  "") "</a>",
	    VT_XSIG_MALFORMED);
	/* Of something that is not an object, or not only text. */
	assert_signed("<a><b Id='b'>SGVs</b>" SIG(REFERENCE("URI='#b'",
						      TRANSFORM(
							  XMLDSIG "base64")),
			  "") "</a>",
	    VT_XSIG_UNSUPPORTED_TRANSFORM);
}

static void
base64_is_read_in_one_way_only(void **state)
{
	static const char template[] =
	    SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		"<ds:Object Id='o'>SGVsbG8=</ds:Object>");

	(void)state;
	assert_signed(template, VT_XSIG_FINE);
	assert_changed(template, "SGVsbG8=", " SGVs\n\tbG8= ", VT_XSIG_FINE);
	assert_changed(template,
	    "SGVsbG8=", "SGVs<!---->bG8=", VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVs<b/>bG8=", VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVs<b>bG8=</b>",
	    VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVsbG9=", VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVsbG8", VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVsbG8=AAAA", VT_XSIG_MALFORMED);
	assert_changed(template, "SGVsbG8=", "SGVs-G8=", VT_XSIG_MALFORMED);
	/* The same of the digest and the value. */
	assert_made(template, "</ds:DigestValue>", "A</ds:DigestValue>",
	    VT_XSIG_MALFORMED);
	assert_made(template, "=</ds:DigestValue>", "</ds:DigestValue>",
	    VT_XSIG_MALFORMED);
	assert_made(template, "A=</ds:DigestValue>", "B=</ds:DigestValue>",
	    VT_XSIG_MALFORMED);
	assert_changed(template, "</ds:SignatureValue>",
	    "A</ds:SignatureValue>", VT_XSIG_MALFORMED);
	assert_changed(template, "</ds:SignatureValue>",
	    "<!---->  </ds:SignatureValue>", VT_XSIG_MALFORMED);
	assert_changed(template, "</ds:SignatureValue>",
	    "\n</ds:SignatureValue>", VT_XSIG_FINE);
}

static void
other_ways_to_name_a_part_are_not_followed(void **state)
{
	static const char *const uris[] = { "#", "#xpointer(//b)",
		"#xpointer(id(\"b\")/c)", "#xpointer(id('b'))x",
		"#xpointer(id('b)", "#element(/1)", "#xpointer(/a)",
		"#xmlns(x=u)xpointer(/x:a)", "#xpointer(id(''))",
		"#xpointer(/)xpointer(/)", "#xpointer(id('b')|id('c'))" };
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		template =
		    text_replace(text_dup(
				     "<a><b Id='b'/>" SIG(REFERENCE("URI=\"@\"",
							      TRANSFORM(
								  C14N_EXC)),
					 "") "</a>"),
			"@", strchr(uris[i], '"') != NULL ? "@" : uris[i]);
		if (strchr(uris[i], '"') != NULL) {
			template = text_replace(template, "\"@\"", "'@'");
			template = text_replace(template, "@", uris[i]);
		}
		text = sign(template);
		assert_reason(text, VT_XSIG_UNSUPPORTED_REFERENCE);
		free(text);
		free(template);
	}
}

/* A file that is there, and would fit, is not opened. */
static void
nothing_outside_is_fetched(void **state)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "x");
	char *template, *text;
	FILE *file = fopen(path, "w");
	size_t i;

	(void)state;
	assert_non_null(file);
	assert_true(fputs("Hello", file) >= 0);
	assert_int_equal(fclose(file), 0);
	for (i = 0; i < 2; i++) {
		template =
		    text_replace(text_dup(SIG(REFERENCE_PLAIN("URI='@@'"), "")),
			"@@", path);
		if (i == 1)
			template =
			    text_replace(template, "URI='", "URI='file://");
		text = sign_as(template, "officer", "Hello");
		assert_reason_content(text, "Hello", VT_XSIG_FINE);
		assert_reason(text, VT_XSIG_NO_CONTENT);
		free(text);
		free(template);
	}
	free(path);
	test_dir_free(dir);
}

/* --- comments --- */

static void
a_comment_that_cuts_a_value_is_told(void **state)
{
	static const char template[] =
	    "<a><to>an@x.test.evil</to><p>a<b/>b</p>" SIG(REFERENCE_WHOLE,
		"") "</a>";

	(void)state;
	assert_signed(template, VT_XSIG_FINE);
	assert_changed(template, "x.test.evil", "x.test<!---->.evil",
	    VT_XSIG_COMMENT);
	assert_changed(template, "x.test.evil", "<!-- -->x.test.evil",
	    VT_XSIG_COMMENT);
	/* Where elements are beside it a reader must expect pieces anyway. */
	assert_changed(template, "a<b/>b", "a<!-- --><b/>b", VT_XSIG_FINE);
	assert_changed(template, "<to>", "<!-- --><to>", VT_XSIG_FINE);
	/* An instruction is signed. */
	assert_changed(template, "x.test.evil", "x.test<?x?>.evil",
	    VT_XSIG_DIGEST_DIFFERS);
	/* A comment that is signed, too. */
	assert_signed("<a><to>x<!-- -->y</to>" SIG(
			  REFERENCE("URI='#xpointer(/)'",
			      TRANSFORM(ENVELOPED)
				  TRANSFORM(C14N_EXC "WithComments")),
			  "") "</a>",
	    VT_XSIG_FINE);
	assert_changed("<a><to>x<!-- -->y</to>" SIG(
			   REFERENCE("URI='#xpointer(/)'",
			       TRANSFORM(ENVELOPED)
				   TRANSFORM(C14N_EXC "WithComments")),
			   "") "</a>",
	    "<!-- -->", "<!-- x -->", VT_XSIG_DIGEST_DIFFERS);
	/* The method alone does not keep them (4.4.3.3). */
	assert_signed("<a><to>x<!-- -->y</to>" SIG(REFERENCE("URI=''",
						       TRANSFORM(ENVELOPED)
							   TRANSFORM(C14N_EXC
							       "WithComments")),
			  "") "</a>",
	    VT_XSIG_COMMENT);
}

/* Nor is it signed where CDATA sections begin and end. */
static void
a_cdata_section_that_cuts_a_value_is_told(void **state)
{
	static const char content[] = "<a><to>x.test.evil</to></a>";
	static const char template[] =
	    "<a><to>an@x.test.evil</to><p>a<b/>b</p>" SIG(REFERENCE_WHOLE,
		"") "</a>";
	static const char outside[] =
	    SIG(REFERENCE("URI='a.xml'", TRANSFORM(C14N_EXC "WithComments")),
		"");
	char *text;

	(void)state;
	assert_changed(template, "x.test.evil", "x.test<![CDATA[.evil]]>",
	    VT_XSIG_COMMENT);
	assert_changed(template, "an@x.test.evil",
	    "<![CDATA[an@x.test]]><![CDATA[.evil]]>", VT_XSIG_COMMENT);
	assert_changed(template, "an@x.test.evil", "<![CDATA[an@x.test.evil]]>",
	    VT_XSIG_FINE);
	assert_changed(template, "a<b/>b", "<![CDATA[a]]><b/><![CDATA[b]]>",
	    VT_XSIG_FINE);
	text = sign_as(outside, "officer", content);
	assert_reason_content(text, content, VT_XSIG_FINE);
	assert_reason_content(text, "<a><to>x.test<![CDATA[.evil]]></to></a>",
	    VT_XSIG_COMMENT);
	free(text);
}

/* The octets of an object are of one piece, too. */
static void
a_cdata_section_that_cuts_base64_is_told(void **state)
{
	static const char template[] =
	    SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		"<ds:Object Id='o'>aGVsbG8gd29ybGQ=</ds:Object>");

	(void)state;
	assert_signed(template, VT_XSIG_FINE);
	assert_changed(template,
	    "aGVsbG8gd29ybGQ=", "<![CDATA[aGVsbG8gd29ybGQ=]]>", VT_XSIG_FINE);
	assert_changed(template,
	    "aGVsbG8gd29ybGQ=", "aGVsbG8g<![CDATA[d29ybGQ=]]>",
	    VT_XSIG_COMMENT);
}

/* What is held against the signature in a canonical form, as well. */
static void
a_comment_in_the_content_outside_is_told(void **state)
{
	static const char content[] = "<a><to>x.test.evil</to></a>";
	static const char template[] =
	    SIG(REFERENCE("URI='a.xml'", TRANSFORM(C14N_EXC)), "");
	static const char with[] =
	    SIG(REFERENCE("URI='a.xml'", TRANSFORM(C14N_EXC "WithComments")),
		"");
	char *text = sign_as(template, "officer", content);

	(void)state;
	assert_reason_content(text, content, VT_XSIG_FINE);
	assert_reason_content(text, "<a ><!-- --><to>x.test.evil</to></a>",
	    VT_XSIG_FINE);
	assert_reason_content(text, "<a><to>x.test<!-- -->.evil</to></a>",
	    VT_XSIG_COMMENT);
	/* A whole document of another kind. */
	assert_reason_content(text,
	    "<!-- %PDF-1.4 --><a><to>x.test.evil</to></a>",
	    VT_XSIG_UNSUPPORTED_TRANSFORM);
	free(text);
	text = sign_as(with, "officer", "<a><to>x<!-- -->y</to></a>");
	assert_reason_content(text, "<a><to>x<!-- -->y</to></a>", VT_XSIG_FINE);
	assert_reason_content(text, "<a><to>x<!-- z -->y</to></a>",
	    VT_XSIG_DIGEST_DIFFERS);
	free(text);
}

/* --- documents that are none --- */

static void
a_doctype_is_refused(void **state)
{
	static const char *const heads[] = { "<!DOCTYPE a>",
		"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
		"<!DOCTYPE a [<!ATTLIST e x ID #IMPLIED>]>",
		"<!DOCTYPE a [<!ENTITY e 'x'>]>",
		"<!DOCTYPE a [<!ENTITY % e SYSTEM 'http://192.0.2.1/'>%e;]>" };
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		text = sign("<a>" SIG(REFERENCE_WHOLE, "") "</a>");
		text = text_replace(text, "<a>", "@@<a>");
		text = text_replace(text, "@@", heads[i]);
		assert_open_refused(text, VT_EFORMAT);
		free(text);
	}
	assert_open_refused("<a>&e;</a>", VT_EFORMAT);
	assert_open_refused("<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
	    VT_EUNSUPPORTED);
	assert_open_refused("<a b='1' b='2'/>", VT_EFORMAT);
}

/* --- what is not signed, within the signature --- */

/* A reader that looks for <a> finds the one put there as well. */
static void
a_document_hidden_in_the_signature_is_told(void **state)
{
	static const char *const places[] = {
		"<ds:Object>@</ds:Object>",
		"<ds:Object><ds:Manifest>@</ds:Manifest></ds:Object>",
		"<ds:Object><ds:SignatureProperties>@"
		"</ds:SignatureProperties></ds:Object>",
		"<ds:Object><x:QualifyingProperties xmlns:x='" XADES "'>@"
		"</x:QualifyingProperties></ds:Object>",
		"<ds:Object><x:QualifyingProperties xmlns:x='" XADES "'>"
		"<x:UnsignedProperties><x:UnsignedSignatureProperties>@"
		"</x:UnsignedSignatureProperties></x:UnsignedProperties>"
		"</x:QualifyingProperties></ds:Object>",
		"<ds:Object><ds:KeyInfo>@</ds:KeyInfo></ds:Object>",
	};
	static const char hidden[] = "<a xmlns=''>evil</a>";
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i <= sizeof(places) / sizeof(places[0]); i++) {
		text = sign("<a>good" SIG(REFERENCE_WHOLE, "") "</a>");
		if (i == 0) { /* in the key's own place */
			text = text_replace(text, "</ds:KeyInfo>",
			    "@</ds:KeyInfo>");
		} else {
			text = text_replace(text, "</ds:Signature>",
			    "@@</ds:Signature>");
			text = text_replace(text, "@@", places[i - 1]);
		}
		text = text_replace(text, "@", hidden);
		xs = xsig_of(text);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_true(f.intact);
		if (f.uncovered == NULL)
			fail_msg("place %zu", i);
		assert_non_null(strstr(f.uncovered, "/ds:Signature/"));
		vt_xsig_free(xs);
		free(text);
	}
}

/* Of the objects of a signature around its document the first counts. */
static void
an_object_hidden_among_what_is_not_signed_is_told(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "</ds:KeyInfo>", "<ds:Object>ZXZpbA==</ds:Object>"
				   "</ds:KeyInfo>" },
		{ "</ds:KeyInfo>", "<ds:X509Data><ds:Object/></ds:X509Data>"
				   "</ds:KeyInfo>" },
		{ "</ds:Signature>",
		    "<ds:Object><x:QualifyingProperties xmlns:x='" XADES "'>"
		    "<x:UnsignedProperties><ds:Object>ZXZpbA==</ds:Object>"
		    "</x:UnsignedProperties></x:QualifyingProperties>"
		    "</ds:Object></ds:Signature>" },
	};
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text =
		    sign(SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
			"<ds:Object Id='o'>SGVsbG8=</ds:Object>"));
		text = text_replace(text, rows[i].from, rows[i].to);
		xs = xsig_of(text);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_true(f.intact);
		assert_non_null(f.uncovered);
		assert_non_null(strstr(f.uncovered, "/ds:Object"));
		vt_xsig_free(xs);
		free(text);
	}
}

/* --- several --- */

static void
a_second_enveloped_signature_breaks_the_first(void **state)
{
	char *text = sign("<a><b/>" SIG(REFERENCE_WHOLE, "") "</a>");
	struct vt_xsig_facts f;
	struct vt_xsig *xs;

	(void)state;
	text = text_replace(text, "<b/>",
	    "<b/><s:Signature xmlns:s='" XMLDSIG "'/>");
	xs = xsig_of(text);
	assert_int_equal(vt_xsig_count(xs), 2);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_MALFORMED);
	facts_of(xs, 1, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_DIGEST_DIFFERS);
	vt_xsig_free(xs);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moved_element_is_not_taken_for_the_document),
		cmocka_unit_test(
		    an_enveloped_signature_that_is_moved_is_refused),
		cmocka_unit_test(an_object_outside_a_signature_is_refused),
		cmocka_unit_test(an_id_that_stands_twice_is_refused),
		cmocka_unit_test(
		    transforms_that_could_hide_something_are_not_done),
		cmocka_unit_test(base64_is_read_in_one_way_only),
		cmocka_unit_test(other_ways_to_name_a_part_are_not_followed),
		cmocka_unit_test(nothing_outside_is_fetched),
		cmocka_unit_test(a_comment_that_cuts_a_value_is_told),
		cmocka_unit_test(a_cdata_section_that_cuts_a_value_is_told),
		cmocka_unit_test(a_cdata_section_that_cuts_base64_is_told),
		cmocka_unit_test(a_comment_in_the_content_outside_is_told),
		cmocka_unit_test(a_doctype_is_refused),
		cmocka_unit_test(a_document_hidden_in_the_signature_is_told),
		cmocka_unit_test(
		    an_object_hidden_among_what_is_not_signed_is_told),
		cmocka_unit_test(a_second_enveloped_signature_breaks_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
