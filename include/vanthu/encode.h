/* encode.h - hexadecimal and base64 (RFC 4648) */
#ifndef VANTHU_ENCODE_H
#define VANTHU_ENCODE_H

#include "vanthu/bytes.h"

/* Lower case, NUL-terminated; OUT has 2 * LEN + 1 bytes and is returned. */
char *vt_hex(struct vt_bytes b, char *out);
/* Two digits a byte, no white space; OUT has room for half of it. */
bool vt_hex_decode(struct vt_bytes text, unsigned char *out, size_t *ret_len);

/* Bytes of base64 for LEN bytes, padding included, without the NUL. */
#define VT_BASE64_LEN(len) (((len) + 2) / 3 * 4)
/* OUT has VT_BASE64_LEN(B.len) + 1 bytes; NUL-terminated; the length. */
size_t vt_base64(struct vt_bytes b, char *out);

/*
 * A strict decoder for text that comes in pieces.  White space (space, tab,
 * CR, LF) between characters is skipped; all else that is not of the alphabet,
 * data after padding, missing padding and pad bits that are not zero are
 * refused: two texts never mean the same bytes but for white space.
 */
struct vt_base64_decoder {
	uint32_t bits;
	int n;   /* characters of the present quantum, 0 to 3 */
	int pad; /* padding characters seen */
};

/* OUT has room for TEXT.len / 4 * 3 + 3 bytes. */
bool vt_base64_decode(struct vt_base64_decoder *d, struct vt_bytes text,
    unsigned char *out, size_t *ret_len);
/* true where the text ended at the end of a quantum. */
bool vt_base64_decode_end(const struct vt_base64_decoder *d);

#endif
