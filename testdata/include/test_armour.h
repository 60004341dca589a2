/* test_armour.h - a message as text (RFC 7468), as long as a test wants it */
#ifndef VT_TEST_ARMOUR_H
#define VT_TEST_ARMOUR_H

#include "test_util.h"

#include "vanthu/encode.h"

/* DER in armour, with empty lines behind it up to LEN bytes. */
static inline void
test_armour(struct vt_bytes der, size_t len, struct vt_buf *ret)
{
	char *text = malloc(VT_BASE64_LEN(der.len) + 1);

	assert_non_null(text);
	(void)vt_base64(der, text);
	vt_buf_init(ret, 2 * der.len + len);
	assert_int_equal(vt_buf_puts(ret, "-----BEGIN CMS-----\n"), VT_OK);
	assert_int_equal(vt_buf_puts(ret, text), VT_OK);
	assert_int_equal(vt_buf_puts(ret, "\n-----END CMS-----\n"), VT_OK);
	while (ret->len < len)
		assert_int_equal(vt_buf_putc(ret, '\n'), VT_OK);
	assert_int_equal(ret->len, len);
	free(text);
}

#endif
