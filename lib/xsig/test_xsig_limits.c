/* test_xsig_limits.c - how much a signature may be and have, and one more */
#include "test_xsig_xades.h"

/* TEXT with N times PART for "@@". */
static char *
repeated(const char *text, const char *part, size_t n)
{
	struct vt_buf buf;
	const char *at = strstr(text, "@@");
	char *out;

	assert_non_null(at);
	vt_buf_init(&buf, VT_XML_TREE_MAX);
	assert_int_equal(vt_buf_put(&buf, text, (size_t)(at - text)), VT_OK);
	while (n-- > 0)
		assert_int_equal(vt_buf_puts(&buf, part), VT_OK);
	assert_int_equal(vt_buf_puts(&buf, at + 2), VT_OK);
	out = (char *)vt_buf_take(&buf, NULL);
	return out;
}

static void
limits_are_held(void **state)
{
	static const char refs[] = "<a><b Id='b'/>" SIG("@@", "") "</a>";
	struct vt_xsig *xs;
	char *text;

	(void)state;
	text =
	    repeated(refs, REFERENCE_PLAIN("URI='#b'"), VT_XSIG_REFERENCES_MAX);
	xs = xsig_of(text);
	assert_int_equal(vt_xsig_nreferences(xs, 0), VT_XSIG_REFERENCES_MAX);
	vt_xsig_free(xs);
	free(text);
	text = repeated(refs, REFERENCE_PLAIN("URI='#b'"),
	    VT_XSIG_REFERENCES_MAX + 1);
	assert_open_refused(text, VT_ELIMIT);
	free(text);
	text = repeated("<a>@@</a>", "<s:Signature xmlns:s='" XMLDSIG "'/>",
	    VT_XSIG_SIGNATURES_MAX);
	xs = xsig_of(text);
	assert_int_equal(vt_xsig_count(xs), VT_XSIG_SIGNATURES_MAX);
	vt_xsig_free(xs);
	free(text);
	text = repeated("<a>@@</a>", "<s:Signature xmlns:s='" XMLDSIG "'/>",
	    VT_XSIG_SIGNATURES_MAX + 1);
	assert_open_refused(text, VT_ELIMIT);
	free(text);
}

#define MANIFEST_TYPE XMLDSIG "Manifest"

static void
manifests_are_counted(void **state)
{
	struct vt_buf refs, objects;
	struct vt_xsig *xs;
	char *text, *whole;
	size_t n, i;

	(void)state;
	for (n = VT_XSIG_MANIFESTS_MAX; n <= VT_XSIG_MANIFESTS_MAX + 1; n++) {
		vt_buf_init(&refs, DOC_MAX);
		vt_buf_init(&objects, DOC_MAX);
		for (i = 0; i < n; i++) {
			vt_buf_printf(&refs,
			    REFERENCE_PLAIN(
				"URI='#m%zu' Type='" MANIFEST_TYPE "'"),
			    i);
			vt_buf_printf(&objects,
			    "<ds:Object><ds:Manifest "
			    "Id='m%zu'>" REFERENCE_PLAIN(
				"URI='#b'") "</ds:Manifest></ds:Object>",
			    i);
		}
		text = repeated("<a><b Id='b'/>" SIG("@@", "##") "</a>",
		    vt_buf_str(&refs), 1);
		whole = text_replace(text, "##", vt_buf_str(&objects));
		xs = xsig_of(whole);
		assert_int_equal(xs->sigs[0].form,
		    n == VT_XSIG_MANIFESTS_MAX ? VT_XSIG_FINE : VT_XSIG_LIMIT);
		vt_xsig_free(xs);
		free(whole);
		vt_buf_release(&refs);
		vt_buf_release(&objects);
	}
}

/* The same megabyte again and again. */
static void
work_is_counted(void **state)
{
	char *template, *text;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;

	(void)state;
	template = repeated("<a><b Id='b'>@@</b>" SIG("@@", "") "</a>",
	    "0123456789abcdef", 65536);
	text = repeated(template, REFERENCE_PLAIN("URI='#b'"), 3);
	free(template);
	template = text;
	text = sign(template);
	free(template);
	assert_reason(text, VT_XSIG_FINE);
	xs = xsig_of(text);
	xs->work = VT_XSIG_WORK_MAX - (8u << 20);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_FINE);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_int_equal(f.reason, VT_XSIG_LIMIT);
	vt_xsig_free(xs);
	free(text);
}

/* Comments give no bytes to digest, yet cost time. */
static void
work_that_leaves_no_bytes_is_counted(void **state)
{
	char *template, *text;
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	size_t i, limited = 0;

	(void)state;
	template = repeated("<a><b Id='b'>@@</b>" SIG("@@", "") "</a>",
	    "<!---->", 500000);
	text = repeated(template, REFERENCE_PLAIN("URI='#b'"), 100);
	xs = xsig_of(text);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_false(f.intact);
	for (i = 0; i < 100; i++)
		limited += vt_xsig_reference(xs, 0, i)->reason == VT_XSIG_LIMIT;
	assert_true(limited > 50);
	vt_xsig_free(xs);
	free(text);
	free(template);
}

/* --- certificates --- */

/* N that differ, of the key of NAME, as elements of KeyInfo; for free(). */
static char *
many_certificates(const char *name, size_t n)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct vt_cert *cert = pki_cert(name);
	struct vt_buf all;
	unsigned char *der;
	size_t i;
	char *b;
	int len;

	vt_buf_init(&all, DOC_MAX);
	for (i = 0; i < n; i++) {
		X509 *x = X509_dup(vt_cert_x509(cert));

		ASN1_INTEGER_set(X509_get_serialNumber(x), (long)i + 1);
		assert_true(X509_sign(x, key, EVP_sha256()) > 0);
		der = NULL;
		len = i2d_X509(x, &der);
		assert_true(len > 0);
		b = base64_of(VT_BYTES(der, (size_t)len));
		assert_int_equal(vt_buf_printf(&all,
				     "<ds:X509Certificate>%s"
				     "</ds:X509Certificate>",
				     b),
		    VT_OK);
		free(b);
		OPENSSL_free(der);
		X509_free(x);
	}
	vt_cert_free(cert);
	EVP_PKEY_free(key);
	return (char *)vt_buf_take(&all, NULL);
}

/* What is signed by the officer, with N other certificates before hers. */
static char *
among(size_t n)
{
	char *others = many_certificates("agency", n), *text;

	text = text_replace(sign("<a><b/>" SIG(REFERENCE_WHOLE, "") "</a>"),
	    "<ds:X509Data>", "<ds:X509Data>@@");
	text = text_replace(text, "@@", others);
	free(others);
	return text;
}

static void
certificates_are_counted(void **state)
{
	struct vt_xsig *xs;
	char *text = among(VT_XSIG_CERTS_MAX - 1);

	(void)state;
	xs = xsig_of(text);
	assert_int_equal(xs->sigs[0].certs.n, VT_XSIG_CERTS_MAX);
	vt_xsig_free(xs);
	free(text);
	text = among(VT_XSIG_CERTS_MAX);
	assert_open_refused(text, VT_ELIMIT);
	free(text);
}

/* None is named: whose key was not tried may have signed. */
static void
certificates_that_are_tried_are_counted(void **state)
{
	char *text = among(VT_XSIG_TRIES_MAX - 1);

	(void)state;
	assert_reason(text, VT_XSIG_FINE);
	free(text);
	text = among(VT_XSIG_TRIES_MAX);
	assert_reason(text, VT_XSIG_LIMIT);
	free(text);
}

/* --- lengths --- */

/* The officer's serial number with ZEROS before it and BLANKS behind. */
static char *
serial_padded(size_t zeros, size_t blanks)
{
	char *a, *b, *c;

	a = with_officer(XADES_NOTE(TIME CERT_V1(SHA256_URI, HOLE_CERT_DIGEST,
					"@@@SERIAL@##"),
	    ""));
	b = repeated(a, "0", zeros);
	free(a);
	b = text_replace(b, "##", "@@");
	c = repeated(b, " ", blanks);
	free(b);
	a = sign(c);
	free(c);
	return a;
}

static size_t
serial_len(void)
{
	struct vt_cert *officer = pki_cert("officer");
	BIGNUM *bn =
	    ASN1_INTEGER_to_BN(X509_get0_serialNumber(vt_cert_x509(officer)),
		NULL);
	char *decimal = BN_bn2dec(bn);
	size_t len = strlen(decimal);

	OPENSSL_free(decimal);
	BN_free(bn);
	vt_cert_free(officer);
	return len;
}

static void
a_serial_number_has_a_length(void **state)
{
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	size_t more;
	char *text;

	(void)state;
	for (more = 0; more < 2; more++) {
		text =
		    serial_padded(VT_XSIG_SERIAL_MAX - serial_len() + more, 0);
		xs = xsig_of(text);
		facts_of(xs, 0, NULL, NULL, &f);
		assert_int_equal(f.xades_reason,
		    more == 0 ? VT_XSIG_FINE : VT_XSIG_WRONG_SIGNING_CERT);
		vt_xsig_free(xs);
		free(text);
	}
}

static void
a_text_has_a_length(void **state)
{
	struct vt_xsig_facts f;
	struct vt_xsig *xs;
	char *text;

	(void)state;
	text = serial_padded(0, VT_XSIG_TEXT_MAX - serial_len());
	xs = xsig_of(text);
	facts_of(xs, 0, NULL, NULL, &f);
	assert_int_equal(f.xades_reason, VT_XSIG_FINE);
	vt_xsig_free(xs);
	text = text_replace(text, "</ds:X509SerialNumber>",
	    " </ds:X509SerialNumber>");
	assert_open_refused(text, VT_ELIMIT);
	free(text);
}

/* None that verifies is as long; the white space in it takes no room. */
static void
a_signature_value_has_a_length(void **state)
{
	static const unsigned char zeros[VT_XSIG_SIGNATURE_VALUE_MAX + 1];
	char *text, *value;
	size_t more;

	(void)state;
	for (more = 0; more < 2; more++) {
		value = base64_of(VT_BYTES(zeros, sizeof(zeros) - 1 + more));
		text =
		    repeated("<a>" SIG(REFERENCE_WHOLE, "") "</a>@@", "\n", 0);
		text = text_replace(text, ">" HOLE_VALUE "<", ">\n@@\n<");
		text = text_replace(text, "@@", value);
		text = text_replace(text, HOLE_CERT, "");
		if (more == 0) {
			struct vt_xsig *xs = xsig_of(text);

			assert_int_equal(xs->sigs[0].form, VT_XSIG_FINE);
			vt_xsig_free(xs);
		} else {
			assert_open_refused(text, VT_ELIMIT);
		}
		free(text);
		free(value);
	}
}

static size_t
signed_info_len(const char *text)
{
	struct vt_xsig *xs = xsig_of(text);
	const struct xsig_sig *s = &xs->sigs[0];
	struct vt_error err = { 0 };
	struct vt_buf message;
	size_t len;

	vt_buf_init(&message, DOC_MAX);
	assert_vt_ok(vt_xsig_canonical(xs, s->signed_info, &s->c14n,
			 test_buf_sink, &message, &err),
	    &err);
	len = message.len;
	vt_buf_release(&message);
	vt_xsig_free(xs);
	return len;
}

static void
what_is_signed_has_a_length(void **state)
{
	static const char template[] =
	    "<a><b/>" SIG(REFERENCE_WHOLE "@@", "") "</a>";
	char *text, *padded;

	(void)state;
	text = repeated(template, "", 0);
	padded = repeated(template, "\n",
	    VT_XSIG_SIGNED_INFO_MAX - signed_info_len(text));
	free(text);
	text = sign(padded);
	free(padded);
	assert_int_equal(signed_info_len(text), VT_XSIG_SIGNED_INFO_MAX);
	assert_reason(text, VT_XSIG_FINE);
	text = text_replace(text, "</ds:SignedInfo>", "\n</ds:SignedInfo>");
	assert_reason(text, VT_XSIG_LIMIT);
	free(text);
}

/* --- attributes that may be Ids --- */

static void
ids_are_counted(void **state)
{
	static const char *const spelt[] = { "id", "Id", "iD", "ID" };
	const size_t each = VT_XML_ATTRS, names = each / 4;
	struct vt_buf head, element;
	struct vt_xsig *xs;
	size_t i, k;
	char *text;

	(void)state;
	assert_int_equal(VT_XSIG_IDS_MAX % each, 0);
	vt_buf_init(&head, DOC_MAX);
	vt_buf_init(&element, DOC_MAX);
	vt_buf_puts(&head, "<a");
	vt_buf_puts(&element, "<b");
	for (i = 0; i < names; i++) {
		if (i > 0)
			vt_buf_printf(&head, " xmlns:p%zu='u:%zu'", i, i);
		for (k = 0; k < 4; k++)
			if (i > 0)
				vt_buf_printf(&element, " p%zu:%s=''", i,
				    spelt[k]);
			else
				vt_buf_printf(&element, " %s=''", spelt[k]);
	}
	vt_buf_puts(&head, ">@@<s:Signature xmlns:s='" XMLDSIG "'/></a>");
	assert_int_equal(vt_buf_puts(&element, "/>"), VT_OK);
	text = repeated(vt_buf_str(&head), vt_buf_str(&element),
	    VT_XSIG_IDS_MAX / each);
	xs = xsig_of(text);
	assert_int_equal(xs->nids, VT_XSIG_IDS_MAX);
	vt_xsig_free(xs);
	text = text_replace(text, "<s:Signature ", "<s:Signature Id='x' ");
	assert_open_refused(text, VT_ELIMIT);
	free(text);
	vt_buf_release(&head);
	vt_buf_release(&element);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_held),
		cmocka_unit_test(manifests_are_counted),
		cmocka_unit_test(work_is_counted),
		cmocka_unit_test(work_that_leaves_no_bytes_is_counted),
		cmocka_unit_test(certificates_are_counted),
		cmocka_unit_test(certificates_that_are_tried_are_counted),
		cmocka_unit_test(a_serial_number_has_a_length),
		cmocka_unit_test(a_text_has_a_length),
		cmocka_unit_test(a_signature_value_has_a_length),
		cmocka_unit_test(what_is_signed_has_a_length),
		cmocka_unit_test(ids_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
