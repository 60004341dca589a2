/* text.h - UTF-8 as it comes from outside, and how it may be shown */
#ifndef VANTHU_TEXT_H
#define VANTHU_TEXT_H

#include "vanthu/bytes.h"

struct vt_error;

bool vt_utf8_valid(struct vt_bytes b);

/*
 * Decode the character at *POS (< B.len) and step over it.  -1, stepping one
 * byte, where the bytes are not UTF-8 (overlong, surrogate, over U+10FFFF).
 */
int32_t vt_utf8_next(struct vt_bytes b, size_t *pos);
/* Encode C; OUT has 4 bytes; the number written. */
size_t vt_utf8_put(int32_t c, unsigned char *out);
/* Characters (code points) in B; a byte that is not UTF-8 counts as one. */
size_t vt_utf8_len(struct vt_bytes b);

/*
 * Append B in Unicode's normal form C, in which Vietnamese letters are
 * precomposed.  VT_EFORMAT: B is not UTF-8.  VT_ELIMIT, VT_ENOMEM.
 */
int vt_text_nfc(struct vt_buf *out, struct vt_bytes b, struct vt_error *err);

/*
 * Append B so that a terminal shows it and nothing else happens: controls,
 * bidirectional marks, zero-width and other invisible characters and bytes
 * that are not UTF-8 become \n, \t, \xNN or \u{NNNN}.  VT_OK, VT_ENOMEM,
 * VT_ELIMIT.
 */
int vt_text_escape(struct vt_buf *out, struct vt_bytes b);
/* The same as text of HTML: nothing in it is markup either. */
int vt_text_html(struct vt_buf *out, struct vt_bytes b);
/*
 * Append S as one word of a POSIX shell: in single quotes, unless it needs
 * none.  VT_OK, VT_ENOMEM, VT_ELIMIT.
 */
int vt_text_shell(struct vt_buf *out, const char *s);
/* true where vt_text_escape() would change something. */
bool vt_text_hides(struct vt_bytes b);

#endif
