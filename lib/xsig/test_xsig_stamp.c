/* test_xsig_stamp.c - unsigned properties: time stamps, values, countersigners
 */
#include "test_xsig_xades.h"

#define UNSIGNED(props)                                                        \
	"<xa:UnsignedProperties><xa:UnsignedSignatureProperties>" props        \
	"</xa:UnsignedSignatureProperties></xa:UnsignedProperties>"

static void
imprint_of(struct vt_xsig *xs, size_t k, const char *content,
    struct vt_buf *ret)
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;

	if (content != NULL)
		assert_vt_ok(vt_source_bytes(vt_bytes_str(content), &src, &err),
		    &err);
	vt_buf_init(ret, DOC_MAX);
	assert_vt_ok(vt_xsig_stamp_imprint(xs, 0, k, src, test_buf_sink, ret,
			 &err),
	    &err);
	vt_source_free(src);
}

#define STAMP(name, head)                                                      \
	"<xa:" name ">" head "<xa:EncapsulatedTimeStamp>MAA="                  \
	"</xa:EncapsulatedTimeStamp></xa:" name ">"

static void
time_stamps_are_listed_with_what_they_are_over(void **state)
{
	char *text = sign(XADES_NOTE(TIME CERT_V2,
	    UNSIGNED(STAMP("SignatureTimeStamp", "") STAMP("SignatureTimeStamp",
		"<ds:CanonicalizationMethod Algorithm='" C14N_EXC "'/>")
		    STAMP("SigAndRefsTimeStamp", "") STAMP("Unknown", ""))));
	struct vt_xsig *xs = xsig_of(text);
	const struct vt_xsig_stamp *t;
	char *wanted, *value;
	struct vt_buf got;

	(void)state;
	assert_true(vt_xsig_signature(xs, 0)->has_timestamp);
	assert_false(vt_xsig_signature(xs, 0)->has_archive);
	assert_int_equal(vt_xsig_nstamps(xs, 0), 3);
	t = vt_xsig_stamp(xs, 0, 0);
	assert_int_equal(t->kind, VT_XSIG_STAMP_SIGNATURE);
	assert_true(t->supported);
	assert_bytes_equal(t->token, VT_BYTES_LIT("\x30\x00"));
	assert_int_equal(vt_xsig_stamp(xs, 0, 2)->kind, VT_XSIG_STAMP_REFS);
	value = base64_of(vt_buf_bytes(&xs->sigs[0].value));
	/* C14N unless it says another. */
	wanted =
	    text_replace(text_dup("<ds:SignatureValue xmlns:ds=\"" XMLDSIG
				  "\" Id=\"value\">@@</ds:SignatureValue>"),
		"@@", value);
	imprint_of(xs, 0, NULL, &got);
	assert_string_equal(vt_buf_str(&got), wanted);
	vt_buf_release(&got);
	imprint_of(xs, 1, NULL, &got);
	assert_string_equal(vt_buf_str(&got), wanted);
	vt_buf_release(&got);
	/* SignatureValue and the stamps before it. */
	imprint_of(xs, 2, NULL, &got);
	assert_true(got.len > 3 * strlen(wanted) / 2);
	assert_memory_equal(got.data, wanted, strlen(wanted));
	vt_buf_release(&got);
	free(wanted);
	free(value);
	vt_xsig_free(xs);
	free(text);
}

static void
a_stamp_over_something_else_is_not_supported(void **state)
{
	static const char *const heads[] = {
		"<xa:Include URI='#props'/>",
		"<xa:Include URI='#value'><x/></xa:Include>",
		"<xa:HashDataInfo uri='http://192.0.2.1/'/>",
		"<ds:CanonicalizationMethod Algorithm='urn:x'/>",
	};
	struct vt_error err = { 0 };
	struct vt_buf got;
	struct vt_xsig *xs;
	char *template, *text;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		template = text_replace(text_dup(XADES_NOTE(TIME CERT_V2,
					    UNSIGNED(STAMP("SignatureTimeStamp",
						"<h/>")))),
		    "<h/>", i < 4 ? heads[i] : "<xa:Include URI='#value'/>");
		text = sign(template);
		xs = xsig_of(text);
		assert_int_equal(vt_xsig_stamp(xs, 0, 0)->supported, i == 4);
		vt_buf_init(&got, DOC_MAX);
		err = (struct vt_error){ 0 };
		if (i < 4)
			assert_vt_error(vt_xsig_stamp_imprint(xs, 0, 0, NULL,
					    test_buf_sink, &got, &err),
			    &err, VT_EUNSUPPORTED);
		else
			assert_vt_ok(vt_xsig_stamp_imprint(xs, 0, 0, NULL,
					 test_buf_sink, &got, &err),
			    &err);
		vt_buf_release(&got);
		vt_xsig_free(xs);
		free(text);
		free(template);
	}
}

static void
an_archive_stamp_needs_the_content(void **state)
{
	char *text =
	    sign_as(SIG(REFERENCE_PLAIN("URI='f'") REFERENCE_PROPERTIES,
			PROPERTIES(TIME CERT_V2,
			    UNSIGNED("<xb:ArchiveTimeStamp xmlns:xb="
				     "'http://uri.etsi.org/01903/"
				     "v1.4.1#'>"
				     "<xa:EncapsulatedTimeStamp>MAA="
				     "</xa:EncapsulatedTimeStamp>"
				     "</xb:ArchiveTimeStamp>"))),
		"officer", "Hello");
	struct vt_error err = { 0 };
	struct vt_xsig *xs = xsig_of(text);
	struct vt_buf got;

	(void)state;
	assert_true(vt_xsig_signature(xs, 0)->has_archive);
	vt_buf_init(&got, DOC_MAX);
	assert_vt_error(vt_xsig_stamp_imprint(xs, 0, 0, NULL, test_buf_sink,
			    &got, &err),
	    &err, VT_ENOTFOUND);
	vt_buf_release(&got);
	imprint_of(xs, 0, "Hello", &got);
	assert_memory_equal(got.data, "Hello<xa:SignedProperties", 25);
	assert_non_null(strstr(vt_buf_str(&got), "<ds:SignedInfo"));
	assert_non_null(strstr(vt_buf_str(&got), "<ds:KeyInfo"));
	assert_null(strstr(vt_buf_str(&got), "ArchiveTimeStamp"));
	vt_buf_release(&got);
	assert_vt_error(vt_xsig_stamp_imprint(xs, 0, 1, NULL, test_buf_sink,
			    &got, (err = (struct vt_error){ 0 }, &err)),
	    &err, VT_EARG);
	vt_xsig_free(xs);
	free(text);
}

static void
validation_data_is_handed_over_as_it_came(void **state)
{
#define ENCAPSULATED(kind, b64)                                                \
	"<xa:Encapsulated" kind ">" b64 "</xa:Encapsulated" kind ">"
	char *text = sign(XADES_NOTE(TIME CERT_V2,
	    UNSIGNED("<xa:CertificateValues>" ENCAPSULATED("X509Certificate",
		HOLE_CERT) ENCAPSULATED("X509Certificate",
		"MAA=") ENCAPSULATED("X509Certificate",
		"?") "</xa:CertificateValues><xa:RevocationValues>"
		     "<xa:CRLValues>" ENCAPSULATED("CRLValue", "Y3Js")
			 ENCAPSULATED("CRLValue",
			     "?") "</xa:CRLValues>"
				  "<xa:OCSPValues>" ENCAPSULATED("OCSPValue",
				      "b2Nz\ncA==") "</xa:OCSPValues></"
						    "xa:RevocationValues>")));
	struct vt_xsig *xs = xsig_of(text);

	(void)state;
	assert_true(vt_xsig_signature(xs, 0)->has_validation);
	assert_int_equal(vt_xsig_certs(xs, 0)->n, 1); /* the same twice */
	assert_int_equal(vt_xsig_ncrls(xs, 0), 1);
	assert_bytes_str(vt_xsig_crl(xs, 0, 0), "crl");
	assert_int_equal(vt_xsig_nocsps(xs, 0), 1);
	assert_bytes_str(vt_xsig_ocsp(xs, 0, 0), "ocsp");
	vt_xsig_free(xs);
	free(text);
}

/* --- counter-signatures --- */

#define COUNTER(uri)                                                           \
	"<xa:CounterSignature><ds:Signature Id='c'>" SIGNED_INFO(C14N_EXC,     \
	    RSA_SHA256,                                                        \
	    REFERENCE("URI='" uri "' Type='http://uri.etsi.org/01903"          \
		      "#CountersignedSignature'",                              \
		TRANSFORM(C14N_EXC))) "<ds:SignatureValue>" HOLE_VALUE         \
				      "</ds:SignatureValue>"                   \
				      "<ds:KeyInfo><ds:X509Data><ds:"          \
				      "X509Certificate>@AGENCY@"               \
				      "</ds:X509Certificate></ds:X509Data></"  \
				      "ds:KeyInfo></ds:Signature>"             \
				      "</xa:CounterSignature>"

static char *
countersign(const char *template)
{
	EVP_PKEY *key = pki_key("agency");
	struct vt_cert *cert = pki_cert("agency");
	char *text = sign(template), *b = base64_of(vt_cert_der(cert));

	text = text_replace(text, "@AGENCY@", b);
	text = sign_fill(text, 1, key, cert, NULL);
	free(b);
	vt_cert_free(cert);
	EVP_PKEY_free(key);
	return text;
}

static void
a_countersignature_is_over_its_parents_value(void **state)
{
	char *text =
	    countersign(XADES_NOTE(TIME CERT_V2, UNSIGNED(COUNTER("#value"))));
	struct vt_xsig *xs = xsig_of(text);
	struct vt_xsig_facts f;

	(void)state;
	assert_int_equal(vt_xsig_count(xs), 2);
	assert_int_equal(vt_xsig_signature(xs, 0)->parent, VT_XSIG_NO_PARENT);
	assert_int_equal(vt_xsig_signature(xs, 1)->parent, 0);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_true(f.xades);
	assert_int_equal(f.covers, VT_XSIG_COVERS_WHOLE);
	facts_of(xs, 1, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_FINE);
	assert_int_equal(f.covers, VT_XSIG_COVERS_SIGNATURE);
	vt_xsig_free(xs);
	free(text);
	/* What stands there, and is over something else. */
	text =
	    countersign(XADES_NOTE(TIME CERT_V2, UNSIGNED(COUNTER("#props"))));
	xs = xsig_of(text);
	facts_of(xs, 1, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_MISPLACED);
	vt_xsig_free(xs);
	free(text);
	text = countersign(
	    "<a><b Id='b'/>" SIG(REFERENCE("URI='#b'", TRANSFORM(C14N_EXC))
				     REFERENCE_PROPERTIES,
		PROPERTIES(TIME CERT_V2, UNSIGNED(COUNTER("#b")))) "</a>");
	xs = xsig_of(text);
	facts_of(xs, 1, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_MISPLACED);
	vt_xsig_free(xs);
	free(text);
}

/* As many as may be, and one more: then it is none that we judge. */
static void
properties_are_counted(void **state)
{
#define CERT_ID                                                                \
	"<xa:Cert><xa:CertDigest><ds:DigestMethod Algorithm='" SHA256_URI      \
	"'/><ds:DigestValue>AAAA</ds:DigestValue></xa:CertDigest></xa:Cert>"
	static const struct {
		const char *text, *part;
		size_t max;
	} cases[] = {
		{ XADES_NOTE(TIME CERT_V2, UNSIGNED("@@")),
		    STAMP("SignatureTimeStamp", ""), VT_XSIG_STAMPS_MAX },
		{ XADES_NOTE(TIME CERT_V2,
		      UNSIGNED("<xa:RevocationValues><xa:CRLValues>@@"
			       "</xa:CRLValues></xa:RevocationValues>")),
		    ENCAPSULATED("CRLValue", "MAA="), VT_XSIG_VALUES_MAX },
		{ XADES_NOTE(TIME CERT_V2,
		      UNSIGNED("<xa:RevocationValues><xa:OCSPValues>@@"
			       "</xa:OCSPValues></xa:RevocationValues>")),
		    ENCAPSULATED("OCSPValue", "MAA="), VT_XSIG_VALUES_MAX },
		{ XADES_NOTE("<xa:SigningCertificateV2>@@"
			     "</xa:SigningCertificateV2>",
		      ""),
		    CERT_ID, VT_XSIG_CERT_IDS_MAX },
	};
	struct vt_source *src;
	struct vt_xsig *xs;
	struct vt_error err;
	struct vt_buf text;
	const char *at;
	size_t i, n, more;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (more = 0; more < 2; more++) {
			at = strstr(cases[i].text, "@@");
			assert_non_null(at);
			vt_buf_init(&text, DOC_MAX);
			vt_buf_put(&text, cases[i].text,
			    (size_t)(at - cases[i].text));
			for (n = 0; n < cases[i].max + more; n++)
				vt_buf_puts(&text, cases[i].part);
			assert_int_equal(vt_buf_puts(&text, at + 2), VT_OK);
			src = NULL;
			xs = NULL;
			memset(&err, 0, sizeof(err));
			assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src,
					 &err),
			    &err);
			rc = vt_xsig_open(src, &xs, &err);
			if (rc != (more == 0 ? VT_OK : VT_ELIMIT))
				fail_msg("%zu, %zu more: %s", i, more,
				    vt_code_name((enum vt_code)rc));
			vt_xsig_free(xs);
			vt_source_free(src);
			vt_buf_release(&text);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties_are_counted),
		cmocka_unit_test(
		    time_stamps_are_listed_with_what_they_are_over),
		cmocka_unit_test(a_stamp_over_something_else_is_not_supported),
		cmocka_unit_test(an_archive_stamp_needs_the_content),
		cmocka_unit_test(validation_data_is_handed_over_as_it_came),
		cmocka_unit_test(a_countersignature_is_over_its_parents_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
