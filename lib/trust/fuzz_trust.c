/* fuzz_trust.c - any bytes as certificates and lists, judged */
#include "fuzz.h"
#include "vanthu/trust.h"

/*
 * The last certificate is an anchor, the first is judged; so a message is as
 * hostile as its roots.
 */
static void
judge(const struct vt_certs *certs, const struct vt_crls *crls)
{
	struct vt_trust_query q = { .cert = certs->items[0],
		.certs = certs,
		.crls = crls,
		.at = INT64_C(1800000000) };
	struct vt_trust_result r;
	struct vt_trust *trust;

	if (vt_trust_new(&trust, NULL) != VT_OK)
		return;
	if (vt_trust_add_anchor(trust, certs->items[certs->n - 1], NULL,
		NULL) == VT_OK &&
	    vt_trust_judge(trust, &q, &r, NULL) == VT_OK) {
		FUZZ_PROMISE(vt_trust_reason_text(r.reason) != NULL);
		FUZZ_PROMISE(
		    r.verdict != VT_PASSED ||
		    (r.path_ok && r.time_ok && r.revocation == VT_REVOKED_NO));
		vt_trust_result_release(&r);
	}
	vt_trust_free(trust);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_certs certs = { 0 };
	struct vt_crls crls = { 0 };

	if (vt_x509_read(VT_BYTES(data, size), &certs, &crls, NULL) == VT_OK &&
	    certs.n > 0)
		judge(&certs, &crls);
	vt_certs_release(&certs);
	vt_crls_release(&crls);
	return 0;
}
