/* fuzz_cert.c - any bytes as a certificate, alone and in a file of several */
#include "fuzz.h"
#include "vanthu/x509.h"

static void
look(const struct vt_cert *cert, struct vt_bytes given)
{
	struct vt_cert *again = NULL;
	unsigned part;

	FUZZ_PROMISE(vt_bytes_equal(vt_cert_der(cert), given));
	for (part = 0; part < VT_NAME_COUNT; part++) {
		(void)vt_cert_subject(cert, (enum vt_name)part);
		(void)vt_cert_issuer(cert, (enum vt_name)part);
	}
	FUZZ_PROMISE(vt_cert_title(cert) != NULL);
	(void)vt_cert_subject_line(cert);
	(void)vt_cert_issuer_line(cert);
	(void)vt_cert_serial(cert);
	(void)vt_cert_not_before(cert);
	(void)vt_cert_not_after(cert);
	(void)vt_cert_key(cert);
	(void)vt_cert_key_type(cert);
	(void)vt_cert_key_bits(cert);
	(void)vt_cert_key_usage(cert);
	(void)vt_cert_eku(cert);
	(void)vt_cert_is_ca(cert);
	(void)vt_cert_self_signed(cert);
	(void)vt_cert_issued_by(cert, cert);
	(void)vt_cert_ski(cert);
	(void)vt_cert_aki(cert);
	(void)vt_cert_defect(cert);
	(void)vt_cert_digest(cert);
	/* What was read once is the same when it is read again. */
	FUZZ_PROMISE(vt_cert_parse(given, &again, NULL) == VT_OK);
	FUZZ_PROMISE(again == cert);
	vt_cert_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes b = VT_BYTES(data, size);
	struct vt_cert *cert = NULL;
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_error err = { 0 };
	size_t i;

	if (fuzz_rc(vt_cert_parse(b, &cert, &err), &err) == VT_OK)
		look(cert, b);
	if (fuzz_rc(vt_x509_read(b, &certs, &crls, &err), &err) == VT_OK)
		FUZZ_PROMISE(certs.n + crls.n > 0);
	for (i = 0; i < certs.n; i++)
		look(certs.items[i], vt_cert_der(certs.items[i]));
	vt_crls_release(&crls);
	vt_certs_release(&certs);
	vt_cert_free(cert);
	return 0;
}
