/* fuzz.h - what the fuzz targets share */
#ifndef VANTHU_FUZZ_H
#define VANTHU_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

/*
 * A target: whatever DATA is, it returns 0, within 5 seconds and 512 MiB, and
 * holds no memory afterwards.  It aborts where a promise of a header is broken.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_PROMISE(holds)                                                    \
	do {                                                                   \
		if (!(holds)) {                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
			    __LINE__, #holds);                                 \
			abort();                                               \
		}                                                              \
	} while (0)

/* A sink that counts: CTX is a size_t. */
static inline int
fuzz_drop(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	size_t *n = ctx;

	(void)err;
	*n += piece.len;
	return VT_OK;
}

/* What failed says so, and with the same code. */
static inline int
fuzz_rc(int rc, struct vt_error *err)
{
	FUZZ_PROMISE(rc >= VT_OK && rc < VT_NCODES);
	FUZZ_PROMISE(rc == VT_OK || (int)err->code == rc);
	FUZZ_PROMISE(rc == VT_OK || err->text[0] != '\0');
	*err = (struct vt_error){ 0 };
	return rc;
}

#endif
