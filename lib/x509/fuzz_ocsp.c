/* fuzz_ocsp.c - any bytes as an answer about a certificate */
#include "fuzz.h"
#include "vanthu/ocsp.h"
#include "vanthu/time.h"

/* What it says of the certificates in it, each as if it issued the other. */
static void
ask(const struct vt_ocsp *ocsp, const struct vt_certs *certs)
{
	struct vt_ocsp_single single;
	size_t i, k, at, n;

	for (i = 0; i < certs->n; i++) {
		(void)vt_ocsp_names(ocsp, certs->items[i]);
		(void)vt_ocsp_signed_by(ocsp, certs->items[i]);
		for (k = 0; k < certs->n; k++) {
			at = n = 0;
			while (vt_ocsp_find(ocsp, certs->items[i],
			    certs->items[k], &at, &single)) {
				FUZZ_PROMISE(++n <= vt_ocsp_singles(ocsp));
				FUZZ_PROMISE(single.status != VT_OCSP_REVOKED ||
					     single.revoked_at != VT_TIME_NONE);
			}
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes b = VT_BYTES(data, size);
	struct vt_ocsp *ocsp = NULL, *bare = NULL;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_ocsp_parse(b, &ocsp, &err), &err) != VT_OK)
		return 0;
	FUZZ_PROMISE(vt_bytes_equal(vt_ocsp_der(ocsp), b));
	FUZZ_PROMISE(vt_ocsp_singles(ocsp) <= VT_OCSP_SINGLES);
	FUZZ_PROMISE(vt_ocsp_certs(ocsp)->n <= VT_OCSP_CERTS);
	(void)vt_ocsp_produced_at(ocsp);
	(void)vt_ocsp_responder(ocsp);
	(void)vt_ocsp_digest(ocsp);
	ask(ocsp, vt_ocsp_certs(ocsp));
	/* What is in it is one by itself. */
	FUZZ_PROMISE(fuzz_rc(vt_ocsp_parse(vt_ocsp_basic(ocsp), &bare, &err),
			 &err) == VT_OK);
	FUZZ_PROMISE(vt_bytes_equal(vt_ocsp_basic(bare), vt_ocsp_basic(ocsp)));
	vt_ocsp_free(bare);
	vt_ocsp_free(ocsp);
	return 0;
}
