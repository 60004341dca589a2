/* test_xsig.c - what holds, and what one change makes of it */
#include "test_xsig_util.h"
#include "vanthu/time.h"

#define NOTE "<note><to>A</to><text>t &amp; <b>b</b></text></note>"
#define WHOLE_NOTE                                                             \
	"<note><to>A</to>" SIGNATURE(C14N_EXC, RSA_SHA256, REFERENCE_WHOLE,    \
	    "") "<text>t</text></note>"

static void
check_first(const char *text, const char *content, struct vt_xsig **xs,
    struct vt_xsig_facts *f)
{
	*xs = xsig_of(text);
	assert_int_equal(vt_xsig_count(*xs), 1);
	facts_of(*xs, 0, content, NULL, f);
}

static void
an_enveloped_signature_holds(void **state)
{
	char *text = sign(WHOLE_NOTE);
	struct vt_cert *officer = pki_cert("officer");
	const struct vt_xsig_reference *r;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;

	(void)state;
	check_first(text, NULL, &xs, &f);
	assert_int_equal(f.reason, VT_XSIG_FINE);
	assert_true(f.intact);
	assert_false(f.xades);
	assert_int_equal(f.xades_reason, VT_XSIG_NO_PROPERTIES);
	assert_true(vt_cert_equal(f.cert, officer));
	assert_string_equal(f.digest, "sha256");
	assert_string_equal(f.weakest_digest, "sha256");
	assert_string_equal(f.signature, "rsa");
	assert_null(f.weak_digest);
	assert_int_equal(f.weak, 0);
	assert_int_equal(f.key_bits, 2048);
	assert_int_equal(f.covers, VT_XSIG_COVERS_WHOLE);
	assert_null(f.uncovered);
	assert_int_equal(vt_xsig_nreferences(xs, 0), 1);
	r = vt_xsig_reference(xs, 0, 0);
	assert_string_equal(r->uri, "");
	assert_string_equal(r->target, "/");
	assert_true(r->holds);
	assert_false(r->properties);
	assert_string_equal(vt_xsig_signature(xs, 0)->id, "sig");
	assert_int_equal(vt_xsig_signature(xs, 0)->parent, VT_XSIG_NO_PARENT);
	assert_false(vt_xsig_signature(xs, 0)->detached);
	assert_int_equal(vt_xsig_certs(xs, 0)->n, 1);
	vt_xsig_free(xs);
	vt_cert_free(officer);
	free(text);
}

static void
a_document_without_signature_has_none(void **state)
{
	struct vt_xsig *xs = xsig_of(NOTE);
	struct vt_xsig_facts f;
	struct vt_error err = { 0 };

	(void)state;
	assert_int_equal(vt_xsig_count(xs), 0);
	assert_vt_error(vt_xsig_check(xs, 0, NULL, NULL, &f, &err), &err,
	    VT_EARG);
	vt_xsig_free(xs);
}

static void
every_canonicalisation_holds(void **state)
{
	static const char *const methods[] = { C14N_10, C14N_10 "#WithComments",
		C14N_11, C14N_11 "#WithComments", C14N_EXC,
		C14N_EXC "WithComments" };
	size_t i, k;
	char *template, *text;

	(void)state;
	for (i = 0; i < 6; i++)
		for (k = 0; k < 6; k++) {
			template = text_dup(
			    "<!--c--><a xmlns='u' xmlns:x='v' "
			    "xml:lang='vi'><b Id='b'/>" SIGNATURE("@1@",
				RSA_SHA256,
				REFERENCE("URI='#b'", TRANSFORM("@2@")),
				"") "</a>");
			template = text_replace(template, "@1@", methods[i]);
			template = text_replace(template, "@2@", methods[k]);
			text = sign(template);
			assert_reason(text, VT_XSIG_FINE);
			free(template);
			free(text);
		}
}

static void
every_signature_algorithm_holds(void **state)
{
	static const struct {
		const char *uri, *key, *name, *digest;
		unsigned weak;
	} rows[] = {
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define MORE_2007 "http://www.w3.org/2007/05/xmldsig-more#"
#define MORE_2021 "http://www.w3.org/2021/04/xmldsig-more#"
		{ MORE "rsa-sha224", "officer", "rsa", "sha224", 0 },
		{ MORE "rsa-sha384", "officer", "rsa", "sha384", 0 },
		{ MORE "rsa-sha512", "officer3072", "rsa", "sha512", 0 },
		{ XMLDSIG "rsa-sha1", "officer", "rsa", "sha1",
		    VT_XSIG_WEAK_DIGEST },
		{ MORE "rsa-md5", "officer", "rsa", "md5",
		    VT_XSIG_WEAK_DIGEST },
		{ RSA_SHA256, "weak-rsa1024", "rsa", "sha256",
		    VT_XSIG_WEAK_KEY },
		{ MORE_2007 "sha256-rsa-MGF1", "officer", "rsa-pss", "sha256",
		    0 },
		{ MORE_2007 "sha512-rsa-MGF1", "officer-pss", "rsa-pss",
		    "sha512", 0 },
		{ MORE_2007 "sha3-256-rsa-MGF1", "officer", "rsa-pss",
		    "sha3-256", 0 },
		{ MORE "ecdsa-sha256", "officer-ec", "ecdsa", "sha256", 0 },
		{ MORE "ecdsa-sha1", "officer-ec", "ecdsa", "sha1",
		    VT_XSIG_WEAK_DIGEST },
		{ MORE "ecdsa-sha512", "agency2", "ecdsa", "sha512", 0 },
		{ MORE "ecdsa-sha384", "public-ca", "ecdsa", "sha384", 0 },
		{ MORE_2021 "ecdsa-sha3-256", "agency2", "ecdsa", "sha3-256",
		    0 },
	};
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		template =
		    text_replace(text_dup(WHOLE_NOTE), RSA_SHA256, rows[i].uri);
		text = sign_as(template, rows[i].key, NULL);
		check_first(text, NULL, &xs, &f);
		if (f.reason != VT_XSIG_FINE)
			print_error("%s\n", rows[i].uri);
		assert_int_equal(f.reason, VT_XSIG_FINE);
		assert_string_equal(f.signature, rows[i].name);
		assert_string_equal(f.digest, rows[i].digest);
		assert_int_equal(f.weak, rows[i].weak);
		if (rows[i].weak & VT_XSIG_WEAK_DIGEST)
			assert_string_equal(f.weak_digest, rows[i].digest);
		vt_xsig_free(xs);
		/* The same value as that of another algorithm does not hold. */
		text = text_replace(text, rows[i].uri,
		    strcmp(rows[i].name, "ecdsa") == 0 ? RSA_SHA256
						       : MORE "ecdsa-sha256");
		assert_reason(text, VT_XSIG_BAD_KEY);
		free(template);
		free(text);
	}
}

/* A certificate of its own for a key of the curve NAME. */
static struct vt_cert *
edwards_cert(EVP_PKEY *key)
{
	struct vt_error err = { 0 };
	struct vt_cert *cert = NULL;
	X509 *x = X509_new();

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_UTF8, (const unsigned char *)"TEST", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, NULL) > 0);
	assert_vt_ok(vt_cert_of_x509(x, &cert, &err), &err);
	X509_free(x);
	return cert;
}

static void
edwards_curves_hold(void **state)
{
	static const char *const rows[][3] = {
		{ "ED25519", MORE_2021 "eddsa-ed25519", "ed25519" },
		{ "ED448", MORE_2021 "eddsa-ed448", "ed448" },
	};
	struct vt_xsig_facts f;
	struct vt_cert *cert;
	struct vt_xsig *xs;
	EVP_PKEY *key;
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		key = EVP_PKEY_Q_keygen(NULL, NULL, rows[i][0]);
		assert_non_null(key);
		cert = edwards_cert(key);
		template =
		    text_replace(text_dup(WHOLE_NOTE), RSA_SHA256, rows[i][1]);
		text = sign_with(template, key, cert, NULL);
		check_first(text, NULL, &xs, &f);
		assert_int_equal(f.reason, VT_XSIG_FINE);
		assert_string_equal(f.signature, rows[i][2]);
		assert_null(f.digest);
		assert_string_equal(f.weakest_digest, "sha256");
		vt_xsig_free(xs);
		text = text_replace(text, "<to>A", "<to>B");
		assert_reason(text, VT_XSIG_DIGEST_DIFFERS);
		free(text);
		free(template);
		vt_cert_free(cert);
		EVP_PKEY_free(key);
	}
}

/* What is referred to, and how much of the document that is. */
static void
what_is_covered_is_told(void **state)
{
#define SIG(refs, objects) SIGNATURE(C14N_EXC, RSA_SHA256, refs, objects)
	static const struct {
		const char *template, *content;
		enum vt_xsig_covers covers;
		const char *uncovered, *target;
	} rows[] = {
		{ "<a><b/>" SIG(REFERENCE_WHOLE, "") "</a>", NULL,
		    VT_XSIG_COVERS_WHOLE, NULL, "/" },
		{ "<a><b/>" SIG(REFERENCE("URI='#xpointer(/)'",
				    TRANSFORM(ENVELOPED)),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_WHOLE, NULL, "/" },
		{ "<a Id='r'><b/>" SIG(REFERENCE("URI='#r'",
					   TRANSFORM(ENVELOPED)),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_WHOLE, NULL, "/a" },
		{ "<x:a xmlns:x='u' Id='r'><b/>" SIG(
		      REFERENCE("URI=\"#xpointer(id('r'))\"",
			  TRANSFORM(ENVELOPED)),
		      "") "</x:a>",
		    NULL, VT_XSIG_COVERS_WHOLE, NULL, "/x:a" },
		/* A frame and nothing else: part, but all that is in it. */
		{ "<a><b Id='b'>t</b><s>" SIG(REFERENCE_PLAIN("URI='#b'"),
		      "") "</s></a>",
		    NULL, VT_XSIG_COVERS_PART, NULL, "/a/b" },
		{ "<a xsi:schemaLocation='u v' xmlns:xsi='http://www.w3.org/"
		  "2001/XMLSchema-instance'><b Id='b'>t</b>" SIG(
		      REFERENCE_PLAIN("URI='#b'"), "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, NULL, "/a/b" },
		{ "<a c='1'><b Id='b'>t</b>" SIG(REFERENCE_PLAIN("URI='#b'"),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a", "/a/b" },
		{ "<a><b Id='b'>t</b>x" SIG(REFERENCE_PLAIN("URI='#b'"),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a", "/a/b" },
		{ "<a><b Id='b'>t</b><c/>" SIG(REFERENCE_PLAIN("URI='#b'"),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a/c", "/a/b" },
		{ "<a><c><d/><b Id='b'>t</b></c>" SIG(REFERENCE_PLAIN(
							  "URI='#b'"),
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a/c/d", "/a/c/b" },
		/* A style sheet makes another document of it. */
		{ "<?xml-stylesheet href='x'?><a Id='r'>" SIG(
		      REFERENCE("URI='#r'", TRANSFORM(ENVELOPED)), "") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/", "/a" },
		{ "<?xml-stylesheet href='x'?><a>" SIG(REFERENCE_WHOLE,
		      "") "</a>",
		    NULL, VT_XSIG_COVERS_WHOLE, NULL, "/" },
		/* Enveloping. */
		{ SIG(REFERENCE_PLAIN("URI='#o'"),
		      "<ds:Object Id='o'><b>t</b></ds:Object>"),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		      "<ds:Object Id='o'>SGVs\n bG8=</ds:Object>"),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE_PLAIN("URI='#o'"),
		      "<ds:Object Id='o'><b>t</b></ds:Object>"
		      "<ds:Object><c/></ds:Object>"),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object/c",
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE_PLAIN("URI='#o'"),
		      "<ds:Object Id='o'><b>t</b></ds:Object>"
		      "<ds:Object>evil</ds:Object>"),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ "<a>" SIG(REFERENCE_WHOLE, "<ds:Object>x</ds:Object>") "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a/ds:Signature/ds:Object",
		    "/" },
	/* A document in an object is signed from its top on. */
#define FRAMED "<ds:Object><void><b Id='b'>t</b></void></ds:Object>"
		{ SIG(REFERENCE_PLAIN("URI='#b'"),
		      "<ds:Object><b Id='b'>t</b></ds:Object>"),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object/b" },
		{ SIG(REFERENCE_PLAIN("URI='#b'"), FRAMED), NULL,
		    VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object/void",
		    "/ds:Signature/ds:Object/void/b" },
		{ "<a>" SIG(REFERENCE_WHOLE REFERENCE_PLAIN("URI='#b'"),
		      FRAMED) "</a>",
		    NULL, VT_XSIG_COVERS_PART, "/a/ds:Signature/ds:Object/void",
		    "/" },
#undef FRAMED
		/* Of octets the object's attributes are not signed. */
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		      "<ds:Object Id='o' Encoding='" XMLDSIG
		      "base64'>SGVsbG8=</ds:Object>"),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		      "<ds:Object Id='o' "
		      "Encoding='urn:x'>SGVsbG8=</ds:Object>"),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		      "<ds:Object Id='o' MimeType='text/html'>SGVsbG8="
		      "</ds:Object>"),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64"))
			  REFERENCE_PLAIN("URI='#o'"),
		      "<ds:Object Id='o' MimeType='text/html'>SGVsbG8="
		      "</ds:Object>"),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object" },
		{ SIG(REFERENCE("URI='#o'", TRANSFORM(XMLDSIG "base64")),
		      "<ds:Object Id='o' xmlns:x='urn:x' x:Id='p'>SGVsbG8="
		      "</ds:Object>"),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
	/* ... unless the properties say the same. */
#define TYPED(properties, id, format)                                          \
	SIG(REFERENCE("Id='r' URI='#o'", TRANSFORM(XMLDSIG "base64"))          \
		properties,                                                    \
	    "<ds:Object Id='o' MimeType='text/plain'>SGVsbG8=</ds:Object>"     \
	    "<ds:Object><xa:QualifyingProperties xmlns:xa='" XADES             \
	    "' Target='#sig'><xa:SignedProperties Id='props'>"                 \
	    "<xa:SignedDataObjectProperties><xa:DataObjectFormat "             \
	    "ObjectReference='#" id "'>" format "</xa:DataObjectFormat>"       \
	    "</xa:SignedDataObjectProperties></xa:SignedProperties>"           \
	    "</xa:QualifyingProperties></ds:Object>")
#define TYPE(type) "<xa:MimeType>" type "</xa:MimeType>"
#define TEXT(text) "<xa:Description>" text "</xa:Description>"
		{ TYPED(REFERENCE_PROPERTIES, "r", TYPE("text/plain")), NULL,
		    VT_XSIG_COVERS_WHOLE, NULL, "/ds:Signature/ds:Object" },
		{ TYPED(REFERENCE_PROPERTIES, "r",
		      TEXT("x") TYPE("text/plain")),
		    NULL, VT_XSIG_COVERS_WHOLE, NULL,
		    "/ds:Signature/ds:Object" },
		{ TYPED(REFERENCE_PROPERTIES, "r",
		      TEXT("text/plain") TYPE("text/html")),
		    NULL, VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ TYPED(REFERENCE_PROPERTIES, "r", TEXT("text/plain")), NULL,
		    VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ TYPED(REFERENCE_PROPERTIES, "o", TYPE("text/plain")), NULL,
		    VT_XSIG_COVERS_PART, "/ds:Signature/ds:Object",
		    "/ds:Signature/ds:Object" },
		{ TYPED("", "r", TYPE("text/plain")), NULL, VT_XSIG_COVERS_PART,
		    "/ds:Signature/ds:Object", "/ds:Signature/ds:Object" },
#undef TEXT
#undef TYPE
#undef TYPED
		/* Outside. */
		{ SIG(REFERENCE_PLAIN("URI='file.txt'"), ""), "Hello",
		    VT_XSIG_COVERS_CONTENT, NULL, NULL },
		{ SIG(REFERENCE_PLAIN(""), ""), "Hello", VT_XSIG_COVERS_CONTENT,
		    NULL, NULL },
		{ SIG(REFERENCE("URI='http://192.0.2.1/x.xml'",
			  TRANSFORM(C14N_10)),
		      ""),
		    "<?xml version='1.0'?><a  b='1' />", VT_XSIG_COVERS_CONTENT,
		    NULL, NULL },
		{ "<a><b/>" SIG(REFERENCE_PLAIN("URI='file.txt'"), "") "</a>",
		    "Hello", VT_XSIG_COVERS_PART, "/a/b", NULL },
		{ "<a><b/>" SIG(REFERENCE_WHOLE REFERENCE_PLAIN(
				    "URI='file.txt'"),
		      "") "</a>",
		    "Hello", VT_XSIG_COVERS_WHOLE, NULL, "/" },
		/* A manifest is not content; what it lists is. */
		{ SIG(REFERENCE_PLAIN("URI='#m'"),
		      "<ds:Object><ds:Manifest Id='m'>" REFERENCE_PLAIN(
			  "URI='file.txt'") "</ds:Manifest></ds:Object>"),
		    "Hello", VT_XSIG_COVERS_CONTENT, NULL,
		    "/ds:Signature/ds:Object/ds:Manifest" },
	};
	const struct vt_xsig_reference *r;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text = sign_as(rows[i].template, "officer", rows[i].content);
		check_first(text, rows[i].content, &xs, &f);
		if (f.reason != VT_XSIG_FINE || f.covers != rows[i].covers ||
		    (f.uncovered == NULL) != (rows[i].uncovered == NULL))
			print_error("row %zu: %s, covers %d, uncovered %s\n", i,
			    vt_xsig_reason_name(f.reason), f.covers,
			    f.uncovered != NULL ? f.uncovered : "nothing");
		assert_int_equal(f.reason, VT_XSIG_FINE);
		assert_int_equal(f.covers, rows[i].covers);
		if (rows[i].uncovered != NULL)
			assert_string_equal(f.uncovered, rows[i].uncovered);
		else
			assert_null(f.uncovered);
		r = vt_xsig_reference(xs, 0, 0);
		if (rows[i].target != NULL)
			assert_string_equal(r->target, rows[i].target);
		else
			assert_null(r->target);
		assert_int_equal(vt_xsig_signature(xs, 0)->detached,
		    rows[i].content != NULL);
		vt_xsig_free(xs);
		if (rows[i].content != NULL) {
			assert_reason(text, VT_XSIG_NO_CONTENT);
			assert_reason_content(text, "<a>another</a>",
			    VT_XSIG_DIGEST_DIFFERS);
		}
		free(text);
	}
}

/* An envelope of edXML: signed by parts, as every hop adds to its trace. */
static void
an_envelope_is_signed_but_for_its_trace(void **state)
{
#define QCVN "http://www.mic.gov.vn/TBT/QCVN_102_2016"
	char *text = sign(
	    "<edXML xmlns='" QCVN "'><e:edXMLEnvelope xmlns:e='" QCVN
	    "'><e:edXMLHeader><e:MessageHeader Id='h'><e:Subject>s"
	    "</e:Subject></e:MessageHeader><e:TraceHeaderList><e:TraceHeader>"
	    "<e:OrganId>1</e:OrganId></e:TraceHeader></e:TraceHeaderList>" SIG(
		REFERENCE_PLAIN("URI='#h'") REFERENCE_PLAIN("URI='#b'")
		    REFERENCE_PLAIN("URI='#a'"),
		"") "</e:edXMLHeader><e:edXMLBody Id='b'/></e:edXMLEnvelope>"
		    "<AttachmentEncoded Id='a'><Attachment>QQ==</Attachment>"
		    "</AttachmentEncoded></edXML>");
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		if (i == 1) /* a hop */
			text = text_replace(text, "</e:TraceHeaderList>",
			    "<e:TraceHeader/></e:TraceHeaderList>");
		if (i == 2) /* and what is none */
			text = text_replace(text, "<e:edXMLBody",
			    "<e:edXMLBody>x</e:edXMLBody><e:edXMLBody");
		xs = xsig_of(text);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_int_equal(f.reason, VT_XSIG_FINE);
		assert_string_equal(f.uncovered,
		    "/edXML/e:edXMLEnvelope/e:edXMLHeader/e:TraceHeaderList");
		vt_xsig_pass_over(xs, QCVN, "TraceHeaderList");
		facts_of(xs, 0, NULL, NULL, &f);
		assert_int_equal(f.covers, VT_XSIG_COVERS_PART);
		if (i < 2)
			assert_null(f.uncovered);
		else
			assert_string_equal(f.uncovered,
			    "/edXML/e:edXMLEnvelope/e:edXMLBody");
		vt_xsig_free(xs);
	}
	text = text_replace(text, "<e:Subject>s", "<e:Subject>t");
	assert_reason(text, VT_XSIG_DIGEST_DIFFERS);
	free(text);
}

/* A reference that is not filled in. */
#define REFERENCE_FOO(attrs)                                                   \
	"<ds:Reference " attrs "><ds:DigestMethod Algorithm='" SHA256_URI      \
	"'/><ds:DigestValue>" FOO "</ds:DigestValue></ds:Reference>"

static void
content_serves_the_reference_that_it_is_of(void **state)
{
	char *text =
	    sign_as(SIG(REFERENCE_PLAIN("URI='a'") REFERENCE_FOO("URI='b'"),
			""),
		"officer", "Hello");
	struct vt_xsig *xs = xsig_of(text);
	struct vt_xsig_facts f;

	(void)state;
	facts_of(xs, 0, "foo", NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_NO_CONTENT);
	assert_false(vt_xsig_reference(xs, 0, 0)->holds);
	assert_true(vt_xsig_reference(xs, 0, 1)->holds);
	facts_of(xs, 0, "Hello", NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_NO_CONTENT);
	assert_true(vt_xsig_reference(xs, 0, 0)->holds);
	facts_of(xs, 0, "neither", NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_DIGEST_DIFFERS);
	vt_xsig_free(xs);
	free(text);
}

/* A value that is wrong is told, whatever else is open. */
static void
wrong_comes_before_open(void **state)
{
	char *text =
	    sign_as(SIG(REFERENCE_PLAIN("URI='a'"), ""), "officer", "Hello");

	(void)state;
	assert_reason(text, VT_XSIG_NO_CONTENT);
	text = text_replace(text, "URI='a'", "URI='b'");
	assert_reason(text, VT_XSIG_SIGNATURE_WRONG);
	free(text);
	text = sign(SIG(REFERENCE_PLAIN("URI='#o'")
			    REFERENCE_PLAIN("URI='#element(/1)'"),
	    "<ds:Object Id='o'>x</ds:Object>"));
	assert_reason(text, VT_XSIG_UNSUPPORTED_REFERENCE);
	text = text_replace(text, ">x<", ">y<");
	assert_reason(text, VT_XSIG_DIGEST_DIFFERS);
	free(text);
}

/* Every byte of a small document, changed one by one. */
static void
a_change_anywhere_does_not_pass(void **state)
{
	/* The Id of the value is neither signed nor used. */
	char *template =
	    text_replace(text_dup("<note at='1'><to>An</to>" SIGNATURE(C14N_EXC,
			     RSA_SHA256, REFERENCE_WHOLE REFERENCE_PROPERTIES,
			     PROPERTIES("<xa:SigningTime>2026-01-02T03:04:05Z"
					"</xa:SigningTime>" CERT_V2,
				 "")) "</note>"),
		" Id='value'", "");
	char *text = sign(template);
	size_t len = strlen(text), i, changed = 0;
	struct vt_error err = { 0 };
	struct vt_xsig_facts f;
	struct vt_source *src;
	struct vt_xsig *xs;

	(void)state;
	assert_reason(text, VT_XSIG_FINE);
	for (i = 0; i < len; i++) {
		text[i] ^= 1;
		err = (struct vt_error){ 0 };
		assert_vt_ok(vt_source_bytes(VT_BYTES(text, len), &src, &err),
		    &err);
		xs = NULL;
		if (vt_xsig_open(src, &xs, &err) == VT_OK &&
		    vt_xsig_count(xs) == 1) {
			facts_of(xs, 0, NULL, NULL, &f);
			if (f.intact && f.xades)
				print_error("%zu: %.60s\n", i, text + i - 20);
			assert_false(f.intact && f.xades);
		}
		changed++;
		vt_xsig_free(xs);
		vt_source_free(src);
		text[i] ^= 1;
	}
	assert_true(changed > 1000);
	free(text);
	free(template);
}

/* Cut anywhere it is no document any more. */
static void
a_cut_anywhere_is_refused(void **state)
{
	char *text = sign(WHOLE_NOTE);
	size_t len = strlen(text), i;
	struct vt_error err;
	struct vt_source *src;
	struct vt_xsig *xs;

	(void)state;
	for (i = 0; i < len; i++) {
		err = (struct vt_error){ 0 };
		assert_vt_ok(vt_source_bytes(VT_BYTES(text, i), &src, &err),
		    &err);
		assert_vt_error(vt_xsig_open(src, &xs, &err), &err, VT_EFORMAT);
		vt_source_free(src);
	}
	free(text);
}

/* Where KeyInfo has none, others may be the signer's. */
static void
the_certificate_may_come_from_elsewhere(void **state)
{
	char *text = sign(WHOLE_NOTE);
	const char *from = strstr(text, "<ds:KeyInfo>");
	const char *to = strstr(text, "</ds:Signature>");
	struct vt_cert *officer = pki_cert("officer");
	struct vt_cert *other = pki_cert("agency");
	struct vt_certs extra = { 0 };
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *key_info;

	(void)state;
	key_info = strndup(from, (size_t)(to - from));
	assert_non_null(key_info);
	text = text_replace(text, key_info, "");
	assert_reason(text, VT_XSIG_NO_CERTIFICATE);
	xs = xsig_of(text);
	assert_int_equal(vt_certs_add(&extra, other, NULL), VT_OK);
	facts_of(xs, 0, NULL, &extra, &f);
	assert_int_equal(f.reason, VT_XSIG_NO_CERTIFICATE);
	assert_null(f.cert); /* it has nothing to do with it */
	assert_int_equal(vt_certs_add(&extra, officer, NULL), VT_OK);
	facts_of(xs, 0, NULL, &extra, &f);
	assert_int_equal(f.reason, VT_XSIG_FINE);
	assert_true(vt_cert_equal(f.cert, officer));
	vt_xsig_free(xs);
	vt_certs_release(&extra);
	vt_cert_free(officer);
	vt_cert_free(other);
	free(key_info);
	free(text);
}

static void
reasons_have_names_and_texts(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < VT_XSIG_NREASONS; i++) {
		assert_non_null(vt_xsig_reason_name((enum vt_xsig_reason)i));
		assert_non_null(vt_xsig_reason_text((enum vt_xsig_reason)i));
		for (k = 0; k < i; k++)
			assert_string_not_equal(vt_xsig_reason_name(
						    (enum vt_xsig_reason)i),
			    vt_xsig_reason_name((enum vt_xsig_reason)k));
	}
	assert_false(vt_xsig_reason_open(VT_XSIG_FINE));
	assert_false(vt_xsig_reason_open(VT_XSIG_DIGEST_DIFFERS));
	assert_true(vt_xsig_reason_open(VT_XSIG_UNSUPPORTED_TRANSFORM));
	assert_true(vt_xsig_reason_open(VT_XSIG_NOT_CHECKED));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_enveloped_signature_holds),
		cmocka_unit_test(a_document_without_signature_has_none),
		cmocka_unit_test(every_canonicalisation_holds),
		cmocka_unit_test(every_signature_algorithm_holds),
		cmocka_unit_test(edwards_curves_hold),
		cmocka_unit_test(what_is_covered_is_told),
		cmocka_unit_test(an_envelope_is_signed_but_for_its_trace),
		cmocka_unit_test(content_serves_the_reference_that_it_is_of),
		cmocka_unit_test(wrong_comes_before_open),
		cmocka_unit_test(a_change_anywhere_does_not_pass),
		cmocka_unit_test(a_cut_anywhere_is_refused),
		cmocka_unit_test(the_certificate_may_come_from_elsewhere),
		cmocka_unit_test(reasons_have_names_and_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
