/* fuzz_tsp.c - any bytes as a time stamp */
#include "fuzz.h"
#include "vanthu/tsp.h"

static void
look(const struct vt_tsp_info *info)
{
	FUZZ_PROMISE(info->imprint.len > 0);
	FUZZ_PROMISE(info->imprint.len <= VT_TSP_IMPRINT_MAX);
	FUZZ_PROMISE(info->micros <= 999999 && info->accuracy_ms >= -1);
	FUZZ_PROMISE(info->digest != NULL);
}

static void
check(const struct vt_tsp *t, struct vt_bytes stamped)
{
	struct vt_tsp_digest *d = NULL;
	struct vt_tsp_facts f;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_tsp_digest_new(t, &d, &err), &err) == VT_OK &&
	    fuzz_rc(vt_tsp_digest_update(d, stamped, &err), &err) == VT_OK &&
	    fuzz_rc(vt_tsp_check(t, d, NULL, &f, &err), &err) == VT_OK) {
		FUZZ_PROMISE(f.intact == (f.reason == VT_CMS_FINE));
		FUZZ_PROMISE(!f.intact || (f.imprint && f.cms.cert != NULL));
	}
	vt_tsp_digest_free(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned flags[] = { 0, VT_CMS_ZERO_PADDED };
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };
	size_t i;

	for (i = 0; i < 2; i++) {
		if (fuzz_rc(vt_tsp_parse(VT_BYTES(data, size), flags[i], &t,
				&err),
			&err) != VT_OK)
			continue;
		FUZZ_PROMISE(vt_tsp_der(t).len <= size);
		look(vt_tsp_info(t));
		check(t, VT_BYTES_LIT("stamped\n"));
		vt_tsp_free(t);
		t = NULL;
	}
	return 0;
}
