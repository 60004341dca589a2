/* base_nfc.c - Unicode's normal form C */
#include <stdlib.h>

#include <uninorm.h>

#include "vanthu/error.h"
#include "vanthu/text.h"

int
vt_text_nfc(struct vt_buf *out, struct vt_bytes b, struct vt_error *err)
{
	uint8_t *text;
	size_t len;
	int rc;

	if (!vt_utf8_valid(b))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the text is not UTF-8");
	if (b.len == 0)
		return VT_OK;
	if ((text = u8_normalize(UNINORM_NFC, b.data, b.len, NULL, &len)) ==
	    NULL)
		return vt_error_nomem(err);
	rc = vt_buf_put(out, text, len);
	free(text);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the text is longer than %zu bytes", out->max);
	return VT_OK;
}
