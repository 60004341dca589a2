/* fuzz_vxp.c - answers of an axis, and the signed text of a call */
#include <stdint.h>
#include <stdlib.h>

#include "vanthu/error.h"
#include "vanthu/vxp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
take_row(void *ctx, const struct vt_json *row, struct vt_error *err)
{
	(void)ctx;
	(void)row;
	(void)err;
	return VT_OK;
}

static int
take_file(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	size_t *left = ctx;

	(void)err;
	if (piece.len > *left) /* base64 makes no more of it */
		abort();
	*left -= piece.len;
	return VT_OK;
}

/* In pieces of STEP bytes; what it came to must not depend on that. */
static int
read_answer(struct vt_bytes all, size_t step, bool lgsp,
    struct vt_vxp_result *ret)
{
	size_t left = all.len, i;
	const struct vt_vxp_answer_calls calls = { take_row, take_file, &left,
		lgsp };
	struct vt_vxp_answer *a = NULL;
	int rc;

	if (vt_vxp_answer_new(&calls, &a, NULL) != VT_OK)
		abort();
	rc = VT_OK;
	for (i = 0; rc == VT_OK && i < all.len; i += step)
		rc = vt_vxp_answer_feed(a, vt_bytes_slice(all, i, step), NULL);
	if (rc == VT_OK)
		rc = vt_vxp_answer_end(a, ret, NULL);
	vt_vxp_answer_free(a);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes all = VT_BYTES(data, size);
	struct vt_vxp_values *v = NULL;
	struct vt_vxp_result one, many;
	int i, rc;

	for (i = 0; i < 2; i++) {
		rc = read_answer(all, 1, i == 1, &one);
		if (rc != read_answer(all, size + 1, i == 1, &many) ||
		    (rc == VT_OK && one.ok != many.ok))
			abort();
	}
	if (vt_vxp_values_parse(all, &v, NULL) == VT_OK) {
		(void)vt_vxp_values_get(v, "docId");
		vt_vxp_values_free(v);
	}
	return 0;
}
