/* zip_int.h - what the reading and the writing half share */
#ifndef ZIP_INT_H
#define ZIP_INT_H

#include <zip.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

struct vt_source;

/* A vt_source as libzip reads it. */
struct vt_zip_input {
	struct vt_source *src;
	uint64_t pos;
	int rc; /* the first failure of the source itself */
	struct vt_error err;
	zip_error_t zerr;
};

#define ZIP_ENTRY 46      /* APPNOTE 4.3.12, without what follows it */
#define ZIP_END_RECORD 22 /* 4.3.16, without comment */

/* The little-endian number of BYTES bytes, at most 4, at P. */
uint32_t vt_zip_le(const unsigned char *p, unsigned bytes);

/* IN must outlive the result.  NULL: out of memory. */
zip_source_t *vt_zip_input_source(struct vt_zip_input *in);

/* What libzip's error E means to us; E says nothing of a failing source. */
int vt_zip_error(const zip_error_t *e, struct vt_error *err);

#endif
