/* fuzz_cert.c - any bytes as a certificate, or a file of them */
#include <stdlib.h>

#include "vanthu/error.h"
#include "vanthu/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_at(struct vt_cert *cert)
{
	struct vt_cert *again;

	if (vt_cert_title(cert) == NULL || vt_cert_serial(cert) == NULL)
		abort();
	(void)vt_cert_self_signed(cert);
	(void)vt_cert_digest(cert);
	(void)vt_cert_key_bits(cert);
	(void)vt_cert_aki(cert);
	/* What was read once is the same when it is read again. */
	if (vt_cert_parse(vt_cert_der(cert), &again, NULL) != VT_OK ||
	    again != cert)
		abort();
	vt_cert_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };
	struct vt_cert *cert;
	size_t i;

	if (vt_cert_parse(VT_BYTES(data, size), &cert, NULL) == VT_OK) {
		look_at(cert);
		vt_cert_free(cert);
	}
	(void)vt_x509_read(VT_BYTES(data, size), &certs, &crls, NULL);
	for (i = 0; i < certs.n; i++)
		look_at(certs.items[i]);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	return 0;
}
