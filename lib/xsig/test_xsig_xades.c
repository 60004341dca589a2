/* test_xsig_xades.c - properties, and what they bind */
#include "test_xsig_xades.h"
#include "vanthu/time.h"

#define assert_xades(text, wanted)                                             \
	test_assert_xades((text), (wanted), __FILE__, __LINE__)

/* The signature holds, and XAdES says WANTED of it. */
static void
test_assert_xades(const char *text, enum vt_xsig_reason wanted,
    const char *file, int line)
{
	struct vt_xsig *xs = xsig_of(text);
	struct vt_xsig_facts f;

	facts_of(xs, 0, NULL, NULL, &f);
	vt_xsig_free(xs);
	if (f.intact && f.xades_reason == wanted &&
	    f.xades == (wanted == VT_XSIG_FINE))
		return;
	print_error("%s, XAdES %s, not %s, of\n%s\n",
	    vt_xsig_reason_name(f.reason), vt_xsig_reason_name(f.xades_reason),
	    vt_xsig_reason_name(wanted), text);
	_fail(file, line);
}

static void
assert_template(const char *template, enum vt_xsig_reason wanted)
{
	char *text = sign(template);

	assert_xades(text, wanted);
	free(text);
}

static void
properties_bind_the_certificate(void **state)
{
	char *text = sign(XADES_NOTE(TIME CERT_V2, ""));
	struct vt_xsig_facts f;
	struct vt_xsig *xs;

	(void)state;
	xs = xsig_of(text);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_true(f.intact && f.xades);
	assert_int_equal(f.weak, 0);
	assert_int_equal(f.covers, VT_XSIG_COVERS_WHOLE);
	assert_true(vt_xsig_signature(xs, 0)->qualified);
	assert_int_equal(vt_xsig_signature(xs, 0)->claimed_time,
	    vt_time_of_fields(2026, 1, 2, 3, 4, 5));
	assert_false(vt_xsig_signature(xs, 0)->has_timestamp);
	assert_false(vt_xsig_reference(xs, 0, 0)->properties);
	assert_true(vt_xsig_reference(xs, 0, 1)->properties);
	vt_xsig_free(xs);
	free(text);
}

/* A certificate with ANOTHER's name for KEY. */
static struct vt_cert *
namesake(EVP_PKEY *key, const char *name)
{
	struct vt_error err = { 0 };
	struct vt_cert *cert = NULL;
	X509 *x = X509_new();

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_vt_ok(vt_cert_of_x509(x, &cert, &err), &err);
	X509_free(x);
	return cert;
}

/* The same key under another name verifies, but is not the one named. */
static void
a_certificate_put_in_its_place_is_told(void **state)
{
	EVP_PKEY *key = pki_key("officer");
	struct vt_cert *officer = pki_cert("officer");
	struct vt_cert *other = namesake(key, "Somebody else (TEST)");
	struct vt_certs extra = { 0 };
	char *text = sign(XADES_NOTE(TIME CERT_V2, "")), *was, *is;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;

	(void)state;
	was = base64_of(vt_cert_der(officer));
	is = base64_of(vt_cert_der(other));
	text = text_replace(text, was, is);
	assert_xades(text, VT_XSIG_WRONG_SIGNING_CERT);
	/* The one that is named counts, wherever it comes from. */
	assert_int_equal(vt_certs_add(&extra, officer, NULL), VT_OK);
	xs = xsig_of(text);
	facts_of(xs, 0, NULL, &extra, &f);
	assert_true(f.xades);
	assert_true(vt_cert_equal(f.cert, officer));
	vt_xsig_free(xs);
	vt_certs_release(&extra);
	/* Both in KeyInfo, the other first. */
	text = text_replace(text, "<ds:X509Data>",
	    "<ds:X509Data><ds:X509Certificate>@@</ds:X509Certificate>");
	text = text_replace(text, "@@", was);
	text = text_replace(text, was, "@@");
	text = text_replace(text, is, was);
	text = text_replace(text, "@@", is);
	xs = xsig_of(text);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_true(f.xades);
	assert_true(vt_cert_equal(f.cert, officer));
	vt_xsig_free(xs);
	free(was);
	free(is);
	free(text);
	vt_cert_free(other);
	vt_cert_free(officer);
	EVP_PKEY_free(key);
}

/* The properties name a certificate whose key did not sign. */
static void
the_named_certificate_must_have_signed(void **state)
{
	EVP_PKEY *attacker = pki_key("agency");
	struct vt_cert *officer = pki_cert("officer");
	struct vt_cert *agency = pki_cert("agency");
	char *text, *b;

	(void)state;
	text = sign_with(XADES_NOTE(TIME CERT_V2, ""), attacker, officer, NULL);
	b = base64_of(vt_cert_der(agency));
	text = text_replace(text, "<ds:X509Data>",
	    "<ds:X509Data><ds:X509Certificate>@@</ds:X509Certificate>");
	text = text_replace(text, "@@", b);
	assert_reason(text, VT_XSIG_SIGNATURE_WRONG);
	free(text);
	free(b);
	vt_cert_free(agency);
	vt_cert_free(officer);
	EVP_PKEY_free(attacker);
}

static void
properties_must_be_those_that_are_signed(void **state)
{
	char *text;

	(void)state;
	/* No reference to them. */
	assert_template("<a Id='r'><b/>" SIG(REFERENCE("URI='#r'",
						 TRANSFORM(ENVELOPED)),
			    PROPERTIES(TIME CERT_V2, "")) "</a>",
	    VT_XSIG_PROPERTIES_UNSIGNED);
	/* One to something that only says so. */
	assert_template("<a><b Id='props2'/>" SIG(
			    REFERENCE_WHOLE
				REFERENCE("URI='#props2' Type='" PROPERTIES_TYPE
					  "'",
				    TRANSFORM(C14N_EXC)),
			    PROPERTIES(TIME CERT_V2, "")) "</a>",
	    VT_XSIG_PROPERTIES_UNSIGNED);
	/* Of another signature, or twice there. */
	text = sign(XADES_NOTE(TIME CERT_V2, ""));
	text = text_replace(text, "Target='#sig'", "Target='#other'");
	assert_xades(text, VT_XSIG_BAD_PROPERTIES);
	text = text_replace(text, "Target='#other'", "");
	assert_xades(text, VT_XSIG_BAD_PROPERTIES);
	free(text);
	text = sign(XADES_NOTE(TIME CERT_V2, ""));
	text = text_replace(text, "<ds:Object>",
	    "<ds:Object><xa:QualifyingProperties xmlns:xa='" XADES
	    "' Target='#sig'/></ds:Object><ds:Object>");
	assert_xades(text, VT_XSIG_BAD_PROPERTIES);
	free(text);
	text = sign(XADES_NOTE(TIME CERT_V2, ""));
	text = text_replace(text, "<ds:Object>",
	    "<ds:Object><xa:QualifyingPropertiesReference xmlns:xa='" XADES
	    "' URI='http://192.0.2.1/'/></ds:Object><ds:Object>");
	assert_xades(text, VT_XSIG_BAD_PROPERTIES);
	free(text);
	text = sign(XADES_NOTE(TIME CERT_V2, ""));
	text = text_replace(text, "<xa:SignedProperties",
	    "<xa:SignedProperties/><xa:SignedProperties");
	assert_xades(text, VT_XSIG_BAD_PROPERTIES);
	free(text);
	/* Put into a plain signature afterwards. */
	text = sign("<a><b/>" SIG(REFERENCE_WHOLE, "") "</a>");
	assert_xades(text, VT_XSIG_NO_PROPERTIES);
	text = text_replace(text, "</ds:KeyInfo>",
	    "</ds:KeyInfo>" PROPERTIES(TIME CERT_V2, ""));
	text = text_replace(text, HOLE_CERT_DIGEST, HOLE_DIGEST);
	assert_xades(text, VT_XSIG_PROPERTIES_UNSIGNED);
	free(text);
}

static void
old_properties_are_held_to_their_serial_number(void **state)
{
	static const struct {
		const char *template;
		enum vt_xsig_reason reason;
	} rows[] = {
#define V1(value, serial)                                                      \
	XADES_NOTE(TIME CERT_V1(SHA256_URI, value, serial), "")
		{ V1(HOLE_CERT_DIGEST, "@SERIAL@"), VT_XSIG_FINE },
		{ V1(HOLE_CERT_DIGEST, " @SERIAL@\n"), VT_XSIG_FINE },
		{ V1(HOLE_CERT_DIGEST, "@SERIAL@0"),
		    VT_XSIG_WRONG_SIGNING_CERT },
		{ V1(HOLE_CERT_DIGEST, "@SERIAL@x"),
		    VT_XSIG_WRONG_SIGNING_CERT },
		{ V1(HOLE_CERT_DIGEST, ""), VT_XSIG_WRONG_SIGNING_CERT },
		{ V1(HOLE_CERT_DIGEST, "1<?x?>2"), VT_XSIG_BAD_PROPERTIES },
		{ V1(HOLE_CERT_DIGEST "A", "@SERIAL@"),
		    VT_XSIG_BAD_PROPERTIES },
		/* Both versions must name it. */
		{ XADES_NOTE(TIME CERT_V1(SHA256_URI, HOLE_CERT_DIGEST,
				 "@SERIAL@") CERT_V2,
		      ""),
		    VT_XSIG_FINE },
		{ XADES_NOTE(TIME CERT_V1(SHA256_URI, HOLE_CERT_DIGEST, "1")
				 CERT_V2,
		      ""),
		    VT_XSIG_WRONG_SIGNING_CERT },
		/* A digest that nobody knows names nothing. */
		{ XADES_NOTE(TIME CERT_V1("urn:x", HOLE_CERT_DIGEST,
				 "@SERIAL@"),
		      ""),
		    VT_XSIG_WRONG_SIGNING_CERT },
		{ XADES_NOTE(TIME "<xa:SigningCertificate/>", ""),
		    VT_XSIG_BAD_PROPERTIES },
		{ XADES_NOTE(TIME, ""), VT_XSIG_NO_SIGNING_CERT },
		{ XADES_NOTE(TIME CERT_V2 CERT_V2, ""),
		    VT_XSIG_BAD_PROPERTIES },
	};
	char *template;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		template = with_officer(rows[i].template);
		assert_template(template, rows[i].reason);
		free(template);
	}
}

static void
a_weak_digest_of_the_certificate_is_told(void **state)
{
	char *template = with_officer(
	    XADES_NOTE(TIME CERT_V1(SHA1_URI, "@SHA1@", "@SERIAL@"), "")),
	     *text = sign(template);
	struct vt_xsig *xs = xsig_of(text);
	struct vt_xsig_facts f;

	(void)state;
	facts_of(xs, 0, NULL, NULL, &f);
	assert_true(f.xades);
	assert_int_equal(f.weak, VT_XSIG_WEAK_REFERENCE);
	assert_null(f.weak_digest);
	vt_xsig_free(xs);
	free(text);
	free(template);
}

/* TS 101 903 1.4.2, G.2.2.1: KeyInfo that is signed binds it too. */
static void
a_signed_key_info_binds_the_certificate(void **state)
{
	char *template =
	    text_replace(text_dup(
			     "<a><b/>" SIG(REFERENCE_WHOLE REFERENCE_PROPERTIES
					       REFERENCE_PLAIN("URI='#k'"),
				 PROPERTIES(TIME, "")) "</a>"),
		"<ds:KeyInfo>", "<ds:KeyInfo Id='k'>");

	(void)state;
	assert_template(template, VT_XSIG_FINE);
	free(template);
}

/* IssuerSerialV2 is DER, of the right names. */
static void
an_issuer_and_serial_in_der_must_fit(void **state)
{
	struct vt_cert *officer = pki_cert("officer");
	X509 *x = vt_cert_x509(officer);
	unsigned char der[4096], *p, *name = NULL;
	char *template, *text, *b;
	int i, n, len, inner, names, number;

	(void)state;
	for (i = 0; i < 4; i++) {
		n = i2d_X509_NAME(i == 1 ? X509_get_subject_name(x)
					 : X509_get_issuer_name(x),
		    &name);
		assert_true(n > 0);
		inner = ASN1_object_size(1, n, 4);
		names = ASN1_object_size(1, inner, V_ASN1_SEQUENCE);
		number = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), NULL);
		p = der;
		ASN1_put_object(&p, 1, names + number, V_ASN1_SEQUENCE,
		    V_ASN1_UNIVERSAL);
		ASN1_put_object(&p, 1, inner, V_ASN1_SEQUENCE,
		    V_ASN1_UNIVERSAL);
		ASN1_put_object(&p, 1, n, 4, V_ASN1_CONTEXT_SPECIFIC);
		memcpy(p, name, (size_t)n);
		p += n;
		i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &p);
		if (i == 2)
			p[-1] ^= 1; /* another number */
		len = (int)(p - der);
		if (i == 3)
			der[len++] = 0; /* a byte behind it */
		b = base64_of(VT_BYTES(der, (size_t)len));
		template = text_replace(text_dup(XADES_NOTE(TIME CERT_V2, "")),
		    "</xa:Cert>",
		    "<xa:IssuerSerialV2>@@</xa:IssuerSerialV2></xa:Cert>");
		template = text_replace(template, "@@", b);
		text = sign(template);
		assert_xades(text,
		    i == 0 ? VT_XSIG_FINE : VT_XSIG_WRONG_SIGNING_CERT);
		free(text);
		free(template);
		free(b);
		OPENSSL_free(name);
		name = NULL;
	}
	vt_cert_free(officer);
}

static void
the_signing_time_is_read_strictly(void **state)
{
	static const struct {
		const char *time;
		enum vt_xsig_reason reason;
	} rows[] = {
		{ "2026-01-02T10:04:05+07:00", VT_XSIG_FINE },
		{ " 2026-01-02T10:04:05.5Z\n", VT_XSIG_FINE },
		{ "2026-01-02T10:04:05", VT_XSIG_BAD_SIGNING_TIME },
		{ "2026-01-02", VT_XSIG_BAD_SIGNING_TIME },
		{ "2026-02-30T10:04:05Z", VT_XSIG_BAD_SIGNING_TIME },
		{ "2026-01-02T10:0<?x?>4:05Z", VT_XSIG_BAD_SIGNING_TIME },
		{ "", VT_XSIG_BAD_SIGNING_TIME },
	};
	char *template;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		template = text_replace(text_dup(XADES_NOTE(TIME CERT_V2, "")),
		    "2026-01-02T10:04:05+07:00", rows[i].time);
		assert_template(template, rows[i].reason);
		free(template);
	}
	assert_template(XADES_NOTE(CERT_V2, ""), VT_XSIG_FINE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties_bind_the_certificate),
		cmocka_unit_test(a_certificate_put_in_its_place_is_told),
		cmocka_unit_test(the_named_certificate_must_have_signed),
		cmocka_unit_test(properties_must_be_those_that_are_signed),
		cmocka_unit_test(
		    old_properties_are_held_to_their_serial_number),
		cmocka_unit_test(a_weak_digest_of_the_certificate_is_told),
		cmocka_unit_test(a_signed_key_info_binds_the_certificate),
		cmocka_unit_test(an_issuer_and_serial_in_der_must_fit),
		cmocka_unit_test(the_signing_time_is_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
