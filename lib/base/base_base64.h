/* base_base64.h - base64, many characters at once where the processor can */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

/*
 * Encode the first of LEN bytes, a multiple of 3, into OUT, and give back how
 * many they were; the rest, at least 4 bytes of it, is the caller's.
 */
size_t vt_base64_encode_wide(const unsigned char *in, size_t len, char *out);
/*
 * Decode the first of LEN characters, a multiple of 4, as long as they are of
 * the alphabet; the same way.  OUT has room for LEN / 4 * 3 bytes.
 */
size_t vt_base64_decode_wide(const unsigned char *in, size_t len,
    unsigned char *out);

#endif
