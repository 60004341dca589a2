/* fuzz_crl.c - any bytes as a revocation list, looked through to the end */
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "fuzz.h"
#include "vanthu/x509.h"

/* A certificate of the list's issuer, and one of somebody else's. */
static struct vt_cert *
make_cert(const struct vt_crl *crl)
{
	static EVP_PKEY *key;
	struct vt_cert *cert = NULL;
	X509 *x = X509_new();

	if (key == NULL)
		key = EVP_EC_gen("P-256");
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 4097);
	if (crl != NULL)
		X509_set_issuer_name(x, vt_crl_issuer(crl));
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	if (X509_sign(x, key, EVP_sha256()) > 0)
		(void)vt_cert_of_x509(x, &cert, NULL);
	X509_free(x);
	return cert;
}

/* With its index a list says what it says without. */
static void
look_up(struct vt_crl *crl, const struct vt_cert *cert)
{
	struct vt_crl_entry a = { 0 }, b = { 0 };
	bool found;

	if (cert == NULL || !vt_crl_sound(crl))
		return;
	found = vt_crl_find(crl, cert, &a);
	vt_crl_warm(crl);
	FUZZ_PROMISE(vt_crl_find(crl, cert, &b) == found);
	FUZZ_PROMISE(a.at == b.at && a.reason == b.reason);
	FUZZ_PROMISE(a.remove == b.remove);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_cert *its, *others;
	struct vt_crl *crl;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_crl_parse(VT_BYTES(data, size), &crl, &err), &err) !=
	    VT_OK)
		return 0;
	FUZZ_PROMISE(vt_bytes_equal(vt_crl_der(crl), VT_BYTES(data, size)));
	its = make_cert(crl);
	others = make_cert(NULL);
	look_up(crl, others);
	look_up(crl, its);
	FUZZ_PROMISE(its == NULL || !vt_crl_signed_by(crl, its));
	(void)vt_crl_issuer_line(crl);
	(void)vt_crl_next_update(crl);
	(void)vt_crl_same_scope(crl, crl);
	(void)vt_crl_keeps_since(crl);
	(void)vt_crl_completes(crl, crl);
	(void)vt_crl_digest(crl);
	vt_cert_free(its);
	vt_cert_free(others);
	vt_crl_free(crl);
	return 0;
}
