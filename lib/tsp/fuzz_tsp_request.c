/* fuzz_tsp_request.c - any bytes as what asks for a time stamp */
#include <string.h>

#include "fuzz.h"
#include "vanthu/tsp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_tsp_request req, again;
	struct vt_error err = { 0 };
	struct vt_buf der;

	if (fuzz_rc(vt_tsp_request_parse(VT_BYTES(data, size), &req, &err),
		&err) != VT_OK)
		return 0;
	FUZZ_PROMISE(req.imprint_len <= VT_TSP_IMPRINT_MAX);
	/* What was read, written again, is the same. */
	vt_buf_init(&der, 4096);
	if (fuzz_rc(vt_tsp_request_der(&req, &der, &err), &err) == VT_OK) {
		FUZZ_PROMISE(vt_tsp_request_parse(vt_buf_bytes(&der), &again,
				 &err) == VT_OK);
		FUZZ_PROMISE(
		    vt_bytes_equal(VT_BYTES(req.nonce, VT_TSP_NONCE_LEN),
			VT_BYTES(again.nonce, VT_TSP_NONCE_LEN)));
		FUZZ_PROMISE(
		    vt_bytes_equal(VT_BYTES(req.imprint, req.imprint_len),
			VT_BYTES(again.imprint, again.imprint_len)));
		FUZZ_PROMISE(strcmp(req.policy, again.policy) == 0);
	}
	vt_buf_release(&der);
	return 0;
}
