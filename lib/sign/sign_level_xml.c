/* sign_level_xml.c - level T in XML (EN 319 132-1, 5.3) */
#include "sign_level_int.h"
#include "vanthu/error.h"
#include "vanthu/tsp.h"
#include "vanthu/xsig.h"

static int
over_value(void *ctx, vt_sign_piece_fn *fn, void *fn_ctx, struct vt_error *err)
{
	const struct vt_bytes *value = ctx;

	return fn(fn_ctx, *value, err);
}

/* A vt_xsig_stamper_fn. */
static int
stamp(void *ctx, struct vt_bytes over, struct vt_buf *ret, struct vt_error *err)
{
	struct vt_tsp *t = NULL;
	int rc;

	rc = vt_stamping_stamp(ctx, over_value, &over, &t, err);
	if (rc == VT_OK && vt_buf_bytes_put(ret, vt_tsp_der(t)) != VT_OK)
		rc = vt_error_nomem(err);
	vt_tsp_free(t);
	return rc;
}

int
vt_level_xml_stamp(struct vt_source *src, struct vt_stamping *s,
    vt_sign_piece_fn *fn, void *ctx, struct vt_error *err)
{
	return vt_xsig_stamp_add(src, stamp, s, fn, ctx, err);
}
