/* fuzz_verify_wire.c - any bytes as what a worker reports */
#include "fuzz.h"
#include "vanthu/verify.h"
#include "verify_int.h"
#include "verify_used.h"
#include "verify_wire.h"

#define WIRE_MAX (64u << 20)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes rest = VT_BYTES(data, size), piece;
	struct vt_report report = { 0 };
	struct vt_trust_used used = { 0 };
	struct vt_error err = { 0 };
	struct vt_buf again;

	if (fuzz_rc(vt_verify_wire_get(&rest, &report, &err), &err) == VT_OK) {
		/* One report has one spelling. */
		vt_buf_init(&again, WIRE_MAX);
		FUZZ_PROMISE(fuzz_rc(vt_verify_wire_put(&report, &again, &err),
				 &err) == VT_OK);
		FUZZ_PROMISE(vt_bytes_equal(vt_buf_bytes(&again),
		    VT_BYTES(data, size - rest.len)));
		vt_buf_release(&again);
	}
	vt_report_release(&report);
	rest = VT_BYTES(data, size);
	(void)fuzz_rc(vt_verify_used_get_rest(&rest, &used, &err), &err);
	vt_trust_used_release(&used);
	rest = VT_BYTES(data, size);
	while (fuzz_rc(vt_verify_wire_get_bytes(&rest, &piece, &err), &err) ==
	       VT_OK)
		FUZZ_PROMISE(piece.len <= size);
	return 0;
}
