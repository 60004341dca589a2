/* fuzz_algorithms.c - any text as a table of algorithms */
#include "fuzz.h"
#include "vanthu/algorithms.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_algorithms *a = NULL;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_algorithms_parse(VT_BYTES(data, size), &a, &err),
		&err) == VT_OK) {
		FUZZ_PROMISE(!vt_algorithms_digest(a, NULL, 1700000000));
		(void)vt_algorithms_digest(a, "sha256", 1700000000);
		(void)vt_algorithms_key(a, VT_KEY_RSA, 2048, 1700000000);
	}
	vt_algorithms_free(a);
	return 0;
}
