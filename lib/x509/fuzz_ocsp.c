/* fuzz_ocsp.c - any bytes as the answer of a responder */
#include <stdlib.h>

#include "vanthu/error.h"
#include "vanthu/ocsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_ocsp_single one;
	const struct vt_certs *certs;
	struct vt_ocsp *ocsp, *bare;
	size_t i, at = 0;

	if (vt_ocsp_parse(VT_BYTES(data, size), &ocsp, NULL) != VT_OK)
		return 0;
	certs = vt_ocsp_certs(ocsp);
	for (i = 0; i < certs->n; i++) {
		(void)vt_ocsp_names(ocsp, certs->items[i]);
		(void)vt_ocsp_signed_by(ocsp, certs->items[i]);
		while (vt_ocsp_find(ocsp, certs->items[i], certs->items[0], &at,
		    &one))
			if (one.status == VT_OCSP_REVOKED &&
			    one.revoked_at == INT64_MIN)
				abort();
	}
	(void)vt_ocsp_digest(ocsp);
	/* The bare answer in it is an answer, too. */
	if (vt_ocsp_parse(vt_ocsp_basic(ocsp), &bare, NULL) != VT_OK)
		abort();
	vt_ocsp_free(bare);
	vt_ocsp_free(ocsp);
	return 0;
}
