/* record_int.h - inside record: code points */
#ifndef VANTHU_RECORD_INT_H
#define VANTHU_RECORD_INT_H

#include <stddef.h>
#include <stdint.h>

#include "vanthu/bytes.h"

struct vt_error;

/* A text as code points in NFC. */
struct vt_record_chars {
	uint32_t *c;
	size_t n;
};

/* Broken UTF-8 becomes U+FFFD.  VT_ENOMEM. */
int vt_record_chars_of(struct vt_bytes text, struct vt_record_chars *ret,
    struct vt_error *err);
void vt_record_chars_release(struct vt_record_chars *s);
/* Lower case, one code point each; the letter eth becomes d with stroke. */
void vt_record_chars_lower(struct vt_record_chars *s);
/* UTF-8 for free(), or NULL: out of memory. */
char *vt_record_chars_text(const struct vt_record_chars *s);

bool vt_record_is_space(uint32_t c);
bool vt_record_is_upper(uint32_t c);

#endif
