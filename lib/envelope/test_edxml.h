/* test_edxml.h - messages read from memory, and made bad on the way */
#ifndef TEST_EDXML_H
#define TEST_EDXML_H

#include "test_util.h"
#include "vanthu/envelope.h"
#include "vanthu/source.h"

#define P "edXML:"

static inline int
read_bytes(struct vt_bytes text, struct vt_envelope *env, struct vt_error *err)
{
	struct vt_source *src = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	vt_envelope_init(env);
	assert_vt_ok(vt_source_bytes(text, &src, err), err);
	rc = vt_envelope_read(src, env, err);
	vt_source_free(src);
	return rc;
}

/* TEXT with every FROM in it as TO. */
static inline void
replace(struct vt_bytes text, const char *from, const char *to,
    struct vt_buf *ret)
{
	size_t pos = 0, at, n = 0;

	vt_buf_init(ret, 64u * 1024 * 1024);
	while ((at = vt_bytes_find(text, pos, from)) != SIZE_MAX) {
		vt_buf_bytes_put(ret, vt_bytes_slice(text, pos, at - pos));
		vt_buf_puts(ret, to);
		pos = at + strlen(from);
		n++;
	}
	if (n == 0)
		print_error("nothing to replace: %s\n", from);
	assert_true(n > 0);
	vt_buf_bytes_put(ret, vt_bytes_slice(text, pos, text.len));
}

#endif
