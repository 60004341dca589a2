/* fuzz_xsig.c - any bytes as a signed document, judged to the end */
#include "fuzz.h"
#include "vanthu/xsig.h"

static void
judge(struct vt_xsig *xs, size_t i, struct vt_source *content)
{
	struct vt_xsig_facts f = { 0 };
	struct vt_error err = { 0 };
	size_t k, n = 0;

	if (fuzz_rc(vt_xsig_check(xs, i, content, NULL, &f, &err), &err) ==
	    VT_OK) {
		FUZZ_PROMISE(f.intact == (f.reason == VT_XSIG_FINE));
		FUZZ_PROMISE(!f.xades || f.intact);
		FUZZ_PROMISE(!f.intact || f.cert != NULL);
		FUZZ_PROMISE(!f.intact || f.covers != VT_XSIG_COVERS_NOTHING);
	}
	for (k = 0; k < vt_xsig_nstamps(xs, i); k++)
		vt_xsig_stamp_imprint(xs, i, k, content, fuzz_drop, &n, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_xsig *xs = NULL;
	struct vt_error err = { 0 };
	size_t i;

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) == VT_OK &&
	    vt_xsig_open(src, &xs, &err) == VT_OK)
		for (i = 0; i < vt_xsig_count(xs); i++)
			judge(xs, i, i % 2 == 0 ? NULL : src);
	vt_xsig_free(xs);
	vt_source_free(src);
	return 0;
}
