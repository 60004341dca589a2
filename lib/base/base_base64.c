/*
 * base_base64.c - base64 by AVX2, 24 bytes or 32 characters a step
 *
 * The tables look up ranges, not characters: see Mula and Lemire, "Faster
 * Base64 Encoding and Decoding Using AVX2 Instructions", ACM TWEB 12(3), 2018.
 * Elsewhere nothing is done here, and base_encode.c does it all.
 */
#include "base_base64.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

#define ENCODE_READ 28 /* bytes that a step reads, of which it uses 24 */
#define DECODE_READ 48 /* characters behind which a step's 32 bytes fit */

/* Six bits a byte, in order, of two groups of twelve bytes. */
AVX2 static __m256i
spread(__m256i in)
{
	const __m256i order =
	    _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
		1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	__m256i high, low;

	in = _mm256_shuffle_epi8(in, order);
	high = _mm256_mulhi_epu16(_mm256_and_si256(in,
				      _mm256_set1_epi32(0x0fc0fc00)),
	    _mm256_set1_epi32(0x04000040));
	low = _mm256_mullo_epi16(_mm256_and_si256(in,
				     _mm256_set1_epi32(0x003f03f0)),
	    _mm256_set1_epi32(0x01000010));
	return _mm256_or_si256(high, low);
}

/* What is to be added to a value: by the range that it is in. */
AVX2 static __m256i
letters(__m256i values)
{
	const __m256i add = _mm256_setr_epi8(65, 71, -4, -4, -4, -4, -4, -4, -4,
	    -4, -4, -4, -19, -16, 0, 0, 65, 71, -4, -4, -4, -4, -4, -4, -4, -4,
	    -4, -4, -19, -16, 0, 0);
	__m256i range = _mm256_subs_epu8(values, _mm256_set1_epi8(51));

	range = _mm256_sub_epi8(range,
	    _mm256_cmpgt_epi8(values, _mm256_set1_epi8(25)));
	return _mm256_add_epi8(values, _mm256_shuffle_epi8(add, range));
}

AVX2 static size_t
encode(const unsigned char *in, size_t len, char *out)
{
	size_t n = 0;
	__m128i a, b;

	for (; len - n >= ENCODE_READ; n += 24, out += 32) {
		a = _mm_loadu_si128((const void *)(in + n));
		b = _mm_loadu_si128((const void *)(in + n + 12));
		_mm256_storeu_si256((void *)out,
		    letters(spread(_mm256_set_m128i(b, a))));
	}
	return n;
}

AVX2 static size_t
decode(const unsigned char *in, size_t len, unsigned char *out)
{
	/* A byte is of the alphabet where its halves have no bit in common. */
	const __m256i by_low = _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11,
	    0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
	    0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
	    0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m256i by_high = _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04,
	    0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
	    0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
	    0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i add =
	    _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i pack =
	    _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1,
		-1, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
	const __m256i slash = _mm256_set1_epi8('/');
	size_t n = 0;
	__m256i v, high, low;

	for (; len - n >= DECODE_READ; n += 32, out += 24) {
		v = _mm256_loadu_si256((const void *)(in + n));
		high = _mm256_and_si256(_mm256_srli_epi32(v, 4), slash);
		low = _mm256_and_si256(v, slash);
		if (!_mm256_testz_si256(_mm256_shuffle_epi8(by_low, low),
			_mm256_shuffle_epi8(by_high, high)))
			break;
		/* '/' shares its upper half with '+' */
		high = _mm256_add_epi8(high, _mm256_cmpeq_epi8(v, slash));
		v = _mm256_add_epi8(v, _mm256_shuffle_epi8(add, high));
		v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
		v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
		v = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, pack),
		    join);
		_mm256_storeu_si256((void *)out, v);
	}
	return n;
}

size_t
vt_base64_encode_wide(const unsigned char *in, size_t len, char *out)
{
	return __builtin_cpu_supports("avx2") ? encode(in, len, out) : 0;
}

size_t
vt_base64_decode_wide(const unsigned char *in, size_t len, unsigned char *out)
{
	return __builtin_cpu_supports("avx2") ? decode(in, len, out) : 0;
}

#else

size_t
vt_base64_encode_wide(const unsigned char *in, size_t len, char *out)
{
	(void)in;
	(void)len;
	(void)out;
	return 0;
}

size_t
vt_base64_decode_wide(const unsigned char *in, size_t len, unsigned char *out)
{
	(void)in;
	(void)len;
	(void)out;
	return 0;
}

#endif
