/* test_xsig_forge.c - keys, values, and what a signature is made of */
#include <openssl/hmac.h>

#include "test_xsig_util.h"

#define SIG(refs, objects) SIGNATURE(C14N_EXC, RSA_SHA256, refs, objects)

/* --- keys --- */

static void
a_mac_is_no_signature(void **state)
{
	static const char *const uris[] = { XMLDSIG "hmac-sha1",
		"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" };
	struct vt_cert *officer = pki_cert("officer");
	unsigned char mac[EVP_MAX_MD_SIZE], *spki = NULL;
	char *template, *text, *b;
	struct vt_buf message;
	struct vt_error err = { 0 };
	struct vt_xsig *xs;
	unsigned maclen;
	size_t i;
	int len;

	(void)state;
	len = i2d_PUBKEY(vt_cert_key(officer), &spki);
	assert_true(len > 0);
	for (i = 0; i < 3; i++) {
		template = text_replace(text_dup("<a>" SIG(REFERENCE_WHOLE,
					    "") "</a>"),
		    RSA_SHA256, uris[i % 2]);
		if (i == 2) /* a MAC of one bit */
			template = text_replace(template, "hmac-sha1'/>",
			    "hmac-sha1'><ds:HMACOutputLength>1"
			    "</ds:HMACOutputLength></ds:SignatureMethod>");
		text = text_replace(template, HOLE_CERT, "");
		b = digest_of(text, 0, 0, NULL);
		text = text_replace(text, HOLE_DIGEST, b);
		free(b);
		/* The public key as the secret, as everybody has it. */
		xs = xsig_of(text);
		vt_buf_init(&message, DOC_MAX);
		assert_vt_ok(vt_xsig_canonical(xs, xs->sigs[0].signed_info,
				 &xs->sigs[0].c14n, test_buf_sink, &message,
				 &err),
		    &err);
		assert_non_null(HMAC(i == 1 ? EVP_sha256() : EVP_sha1(), spki,
		    len, message.data, message.len, mac, &maclen));
		vt_buf_release(&message);
		vt_xsig_free(xs);
		b = base64_of(VT_BYTES(mac, maclen));
		text = text_replace(text, ">" HOLE_VALUE "<", ">@@<");
		text = text_replace(text, "@@", b);
		free(b);
		b = base64_of(vt_cert_der(officer));
		text = text_replace(text, "<ds:X509Certificate>",
		    "<ds:X509Certificate>@@");
		text = text_replace(text, "@@", b);
		free(b);
		assert_reason(text, VT_XSIG_UNSUPPORTED);
		free(text);
	}
	OPENSSL_free(spki);
	vt_cert_free(officer);
}

/* KEY as a KeyValue, for free(). */
static char *
key_value(EVP_PKEY *key)
{
	BIGNUM *n = NULL, *e = NULL;
	unsigned char raw[1024];
	char *m, *x, *out;

	assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n),
	    1);
	assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e),
	    1);
	m = base64_of(VT_BYTES(raw, (size_t)BN_bn2bin(n, raw)));
	x = base64_of(VT_BYTES(raw, (size_t)BN_bn2bin(e, raw)));
	out =
	    text_replace(text_dup("<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>@1"
				  "</ds:Modulus><ds:Exponent>@2</ds:Exponent>"
				  "</ds:RSAKeyValue></ds:KeyValue>"),
		"@1", m);
	out = text_replace(out, "@2", x);
	free(m);
	free(x);
	BN_free(n);
	BN_free(e);
	return out;
}

/* The attacker signs, and says whose key it is. */
static void
keys_that_the_document_brings_are_not_used(void **state)
{
	static const char x509[] = "<ds:X509Data><ds:X509Certificate>" HOLE_CERT
				   "</ds:X509Certificate></ds:X509Data>";
	EVP_PKEY *attacker = pki_key("agency");
	struct vt_cert *officer = pki_cert("officer");
	char *value = key_value(attacker), *template, *text;

	(void)state;
	template = text_replace(text_dup("<a>" SIG(REFERENCE_WHOLE, "") "</a>"),
	    "<ds:KeyInfo>", "<ds:KeyInfo>@@");
	template = text_replace(template, "@@", value);
	text = sign_with(template, attacker, officer, NULL);
	assert_reason(text, VT_XSIG_SIGNATURE_WRONG);
	free(text);
	template = text_replace(template, x509, "");
	text = sign_with(template, attacker, officer, NULL);
	assert_reason(text, VT_XSIG_NO_CERTIFICATE);
	free(text);
	template = text_replace(template, value,
	    "<ds:RetrievalMethod URI='#cert' Type='" XMLDSIG
	    "rawX509Certificate'/><ds:KeyName>officer</ds:KeyName>");
	text = sign_with(template, attacker, officer, NULL);
	assert_reason(text, VT_XSIG_NO_CERTIFICATE);
	free(text);
	free(template);
	free(value);
	vt_cert_free(officer);
	EVP_PKEY_free(attacker);
}

static void
the_value_has_one_form(void **state)
{
	char *text, *b;
	struct vt_xsig *xs;
	struct vt_buf der;
	unsigned char zero[64] = { 0 };
	ECDSA_SIG *sig;
	size_t i;
	static const char template[] = "<a>" SIGNATURE(C14N_EXC,
	    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
	    REFERENCE_WHOLE, "") "</a>";
	const char *from, *to;
	char *old;

	(void)state;
	text = sign_as(template, "officer-ec", NULL);
	assert_reason(text, VT_XSIG_FINE);
	from = strstr(text, "'value'>") + 8;
	to = strstr(text, "</ds:SignatureValue>");
	old = strndup(from, (size_t)(to - from));
	assert_non_null(old);
	xs = xsig_of(text);
	/* In DER, and with zeros in front, and nothing but zeros. */
	for (i = 0; i < 3; i++) {
		vt_buf_init(&der, 256);
		if (i == 0) {
			sig = ECDSA_SIG_new();
			assert_int_equal(ECDSA_SIG_set0(sig,
					     BN_bin2bn(xs->sigs[0].value.data,
						 32, NULL),
					     BN_bin2bn(xs->sigs[0].value.data +
							   32,
						 32, NULL)),
			    1);
			der.len = (size_t)i2d_ECDSA_SIG(sig, &der.data);
			ECDSA_SIG_free(sig);
		} else if (i == 1) {
			assert_int_equal(vt_buf_put(&der, zero, 1), VT_OK);
			assert_int_equal(vt_buf_put(&der,
					     xs->sigs[0].value.data, 32),
			    VT_OK);
			assert_int_equal(vt_buf_put(&der, zero, 1), VT_OK);
			assert_int_equal(vt_buf_put(&der,
					     xs->sigs[0].value.data + 32, 32),
			    VT_OK);
		} else {
			assert_int_equal(vt_buf_put(&der, zero, 64), VT_OK);
		}
		b = base64_of(vt_buf_bytes(&der));
		text = text_replace(text, i == 0 ? old : "@@", b);
		assert_reason(text, VT_XSIG_SIGNATURE_WRONG);
		text = text_replace(text, b, "@@");
		free(b);
		if (i == 0)
			OPENSSL_free(der.data);
		else
			vt_buf_release(&der);
	}
	vt_xsig_free(xs);
	free(old);
	free(text);
}

/* --- what it is made of --- */

static void
a_signature_is_built_in_one_way_only(void **state)
{
	static const char template[] = "<a>" SIG(REFERENCE_WHOLE, "") "</a>";
	static const char *const rows[][2] = {
		{ "<ds:SignedInfo>", "<ds:SignedInfo>x" },
		{ "<ds:SignedInfo>", "<ds:SignedInfo><!--x-->" },
		{ "<ds:SignedInfo>", "<ds:SignedInfo><?x?>" },
		{ "<ds:SignedInfo>", "<ds:SignedInfo><x/>" },
		{ "<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>" },
		{ "<ds:SignedInfo>", "<ds:Object/><ds:SignedInfo>" },
		{ "<ds:SignedInfo>", "x<ds:SignedInfo>" },
		{ "</ds:SignedInfo>", "<ds:Object/></ds:SignedInfo>" },
		{ "</ds:SignatureValue>",
		    "</ds:SignatureValue><ds:SignatureValue>AAAA"
		    "</ds:SignatureValue>" },
		{ "</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo/>" },
		{ "</ds:KeyInfo>", "</ds:KeyInfo><x/>" },
		{ "<ds:DigestMethod", "<ds:DigestMethod/><ds:DigestMethod" },
		{ "</ds:DigestValue>", "</ds:DigestValue><ds:DigestValue>" FOO
				       "</ds:DigestValue>" },
		{ "</ds:DigestValue>", "<!----></ds:DigestValue>" },
		{ "</ds:Transforms>", "x</ds:Transforms>" },
		{ "</ds:Reference>", "x</ds:Reference>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_made(template, rows[i][0], rows[i][1],
		    VT_XSIG_MALFORMED);
	/* Comments between its own parts do no harm, and are not used. */
	assert_changed(template, "<ds:KeyInfo>", "<!--x--> <ds:KeyInfo>",
	    VT_XSIG_FINE);
	assert_reason("<a><ds:Signature xmlns:ds='" XMLDSIG "'/></a>",
	    VT_XSIG_MALFORMED);
	assert_reason("<a><ds:Signature xmlns:ds='" XMLDSIG
		      "'><ds:SignedInfo/><ds:SignatureValue>AAAA"
		      "</ds:SignatureValue></ds:Signature></a>",
	    VT_XSIG_MALFORMED);
}

static void
a_signature_over_nothing_is_refused(void **state)
{
	(void)state;
	assert_signed("<a>" SIG("", "") "</a>", VT_XSIG_MALFORMED);
	/* Its own parts alone. */
	assert_signed("<a>" SIG(REFERENCE_PROPERTIES,
			  PROPERTIES(CERT_V2, "")) "</a>",
	    VT_XSIG_NOTHING);
	/* The root is the signature, and it takes itself out. */
	assert_signed(SIG(REFERENCE_WHOLE, ""), VT_XSIG_NOTHING);
	assert_signed("<!--x--><?x?>" SIG(REFERENCE_WHOLE, ""),
	    VT_XSIG_NOTHING);
	/* An empty object is something; one without Id cannot be named. */
	assert_signed(SIG(REFERENCE_PLAIN("URI='#o'"),
			  "<ds:Object Id='o'><b/></ds:Object>"),
	    VT_XSIG_FINE);
	assert_signed(SIG(REFERENCE_PLAIN("URI='#o'"),
			  "<ds:Object Id='o'> <!-- --> </ds:Object>"),
	    VT_XSIG_NOTHING);
	assert_signed(SIG(REFERENCE_PLAIN("URI='#o'"),
			  "<ds:Object Id='o'><ds:SignatureProperties/>"
			  "</ds:Object>"),
	    VT_XSIG_NOTHING);
	assert_signed(SIG(REFERENCE_PLAIN("URI='#m'"),
			  "<ds:Object><ds:Manifest Id='m'/></ds:Object>"),
	    VT_XSIG_MALFORMED);
}

static void
key_info_alone_is_nothing(void **state)
{
	char *template =
	    text_replace(text_dup("<a><b/>" SIG(REFERENCE_PLAIN("URI='#k'"),
			     "") "</a>"),
		"<ds:KeyInfo>", "<ds:KeyInfo Id='k'>");

	(void)state;
	assert_signed(template, VT_XSIG_NOTHING);
	free(template);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mac_is_no_signature),
		cmocka_unit_test(keys_that_the_document_brings_are_not_used),
		cmocka_unit_test(the_value_has_one_form),
		cmocka_unit_test(a_signature_is_built_in_one_way_only),
		cmocka_unit_test(a_signature_over_nothing_is_refused),
		cmocka_unit_test(key_info_alone_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
