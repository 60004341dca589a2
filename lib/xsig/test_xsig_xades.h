/* test_xsig_xades.h - documents signed here with properties of the signer */
#ifndef VT_TEST_XSIG_XADES_H
#define VT_TEST_XSIG_XADES_H

#include "test_xsig_util.h"

#define TIME "<xa:SigningTime>2026-01-02T10:04:05+07:00</xa:SigningTime>"
#define SIG(refs, objects) SIGNATURE(C14N_EXC, RSA_SHA256, refs, objects)
#define XADES_NOTE(signed_props, unsigned_props)                               \
	"<a><b/>" SIG(REFERENCE_WHOLE REFERENCE_PROPERTIES,                    \
	    PROPERTIES(signed_props, unsigned_props)) "</a>"

#define CERT_V1(digest, value, serial)                                         \
	"<xa:SigningCertificate><xa:Cert><xa:CertDigest><ds:DigestMethod "     \
	"Algorithm='" digest "'/><ds:DigestValue>" value                       \
	"</ds:DigestValue></xa:CertDigest><xa:IssuerSerial>"                   \
	"<ds:X509IssuerName>CN=any</"                                          \
	"ds:X509IssuerName><ds:X509SerialNumber>" serial                       \
	"</ds:X509SerialNumber></xa:IssuerSerial></xa:Cert>"                   \
	"</xa:SigningCertificate>"
#define SHA1_URI XMLDSIG "sha1"

/* TEMPLATE with the officer's serial number and SHA-1 put in. */
static inline char *
with_officer(const char *template)
{
	struct vt_cert *officer = pki_cert("officer");
	const ASN1_INTEGER *serial =
	    X509_get0_serialNumber(vt_cert_x509(officer));
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_bytes der = vt_cert_der(officer);
	char *text = text_dup(template), *decimal, *b;
	BIGNUM *bn = ASN1_INTEGER_to_BN(serial, NULL);

	decimal = BN_bn2dec(bn);
	assert_int_equal(EVP_Digest(der.data, der.len, md, NULL, EVP_sha1(),
			     NULL),
	    1);
	b = base64_of(VT_BYTES(md, 20));
	text = text_replace_all(text, "@SERIAL@", decimal);
	text = text_replace_all(text, "@SHA1@", b);
	OPENSSL_free(decimal);
	BN_free(bn);
	free(b);
	vt_cert_free(officer);
	return text;
}

#endif
