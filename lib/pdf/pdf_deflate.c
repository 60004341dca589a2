/* pdf_deflate.c - data of streams that we write (ISO 32000-2, 7.4.4) */
#include <zlib.h>

#include "pdf_int.h"

int
vt_pdf_deflate(struct vt_bytes data, struct vt_buf *out, struct vt_error *err)
{
	uLongf len = compressBound((uLong)data.len);
	int rc;

	if ((rc = vt_buf_reserve(out, len)) != VT_OK)
		return vt_pdf_buf_error(rc, err);
	if (compress2(out->data + out->len, &len, data.data, (uLong)data.len,
		Z_DEFAULT_COMPRESSION) != Z_OK)
		return vt_error_nomem(err);
	out->len += len;
	out->data[out->len] = '\0';
	return VT_OK;
}
