#include <openssl/evp.h>

#include "test_util.h"
#include "vanthu/encode.h"

#define ROOM 4096

static void
hex_both_ways(void **state)
{
	unsigned char bytes[256], back[256];
	char text[513];
	size_t i, n = 7;

	(void)state;
	for (i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	vt_hex(VT_BYTES(bytes, 256), text);
	assert_memory_equal(text, "000102", 6);
	assert_string_equal(text + 506, "fdfeff");
	assert_true(vt_hex_decode(vt_bytes_str(text), back, &n));
	assert_bytes_equal(VT_BYTES(back, n), VT_BYTES(bytes, 256));
	assert_true(vt_hex_decode(VT_BYTES_LIT("aAfF"), back, &n));
	assert_bytes_str(VT_BYTES(back, n), "\xaa\xff");
	assert_string_equal(vt_hex(VT_BYTES(NULL, 0), text), "");
}

static void
hex_refuses(void **state)
{
	static const char *const bad[] = { "a", "abc", "0g", "0 ", " 0", "0x",
		"/0", ":0", "@0", "G0", "`0", "ab\n" };
	unsigned char out[8];
	size_t i, n = 7;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vt_hex_decode(vt_bytes_str(bad[i]), out, &n));
	assert_int_equal(n, 7);
}

static unsigned char
noise(size_t i)
{
	return (unsigned char)((i * 2654435761u) >> 13 ^ i);
}

/* OpenSSL's encoder tells what is right. */
static void
base64_agrees_with_openssl(void **state)
{
	unsigned char bytes[400], want[600], back[600];
	struct vt_base64_decoder d;
	char text[600];
	size_t len, n, i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = noise(i);
	for (len = 0; len <= sizeof(bytes); len++) {
		EVP_EncodeBlock(want, bytes, (int)len);
		n = vt_base64(VT_BYTES(bytes, len), text);
		assert_int_equal(n, VT_BASE64_LEN(len));
		assert_string_equal(text, (char *)want);
		memset(&d, 0, sizeof(d));
		assert_true(vt_base64_decode(&d, vt_bytes_str(text), back, &n));
		assert_true(vt_base64_decode_end(&d));
		assert_bytes_equal(VT_BYTES(back, n), VT_BYTES(bytes, len));
	}
}

/* The whole of TEXT in one piece; the length, or -1. */
static long
decode(const char *text, unsigned char *out)
{
	struct vt_base64_decoder d = { 0 };
	size_t n;

	if (!vt_base64_decode(&d, vt_bytes_str(text), out, &n) ||
	    !vt_base64_decode_end(&d))
		return -1;
	return (long)n;
}

static void
white_space_is_skipped_anywhere(void **state)
{
	static const char *const good[] = {
		"aGVsbG8gd29ybGQ=",
		"aGVsbG8gd29ybGQ=\n",
		"\r\n\t aGVsbG8gd29ybGQ=",
		"aGVs\nbG8g\r\nd29y\tbGQ=",
		"a G V s b G 8 g d 2 9 y b G Q =",
		"aGVsbG8gd29ybGQ\n=\n",
		"aGVsbG8gd\n29ybGQ =",
	};
	unsigned char out[ROOM];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(decode(good[i], out), 11);
		assert_memory_equal(out, "hello world", 11);
	}
	assert_int_equal(decode("", out), 0);
	assert_int_equal(decode(" \r\n", out), 0);
	assert_int_equal(decode("QQ = =", out), 1);
}

static void
base64_refuses(void **state)
{
	static const char *const bad[] = {
		"Q",
		"QQ",
		"QQ=",
		"QUI",
		"QUJD=",
		"QUJDQ",
		"=",
		"==",
		"====",
		"Q===",
		"Q=Q=",
		"QQ=Q",
		"QQ==Q",
		"QQ==QUJD",
		"QUI=QUJD",
		"QUI==",
		"QQ===",
		"QR==",
		"Qf==",
		"QUJ=",
		"QUL=", /* pad bits */
		"QUJ-",
		"QUJ_",
		"QUJ.",
		"QUJ\v",
		"QUJ\f",
		"QUJ\x80",
		"QUJ\xc2\xa0",
		"QUJD\xff",
		"\xef\xbb\xbfQUJD",
		"QUJDQUJDQUJDQUJDQUJDQU*DQUJDQUJD",
		"QUJD,",
		"QUJD\x01",
	};
	unsigned char out[ROOM];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (decode(bad[i], out) != -1)
			fail_msg("accepted: %s", bad[i]);
}

/* A NUL is no white space, and each of the 256 bytes in each place. */
static void
every_byte_in_every_place(void **state)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct vt_base64_decoder d;
	unsigned char out[ROOM];
	char text[160];
	size_t place, n;
	bool good, got;
	int c;

	(void)state;
	for (place = 0; place < 128; place++) {
		for (c = 0; c < 256; c++) {
			memset(text, 'A', sizeof(text));
			text[place] = (char)c;
			memset(&d, 0, sizeof(d));
			good = (c != 0 && strchr(alphabet, c) != NULL) ||
			       c == ' ' || c == '\t' || c == '\r' ||
			       c == '\n' || (c == '=' && place == 127);
			got =
			    vt_base64_decode(&d, VT_BYTES(text, 128), out, &n);
			if (got != good)
				fail_msg("byte %d in place %zu", c, place);
		}
	}
}

/* Every value of six bits in every place of a long text, and back. */
static void
every_value_in_every_place(void **state)
{
	unsigned char bytes[96], back[100], want[130];
	struct vt_base64_decoder d;
	char text[130];
	size_t place, n;
	unsigned v;

	(void)state;
	for (place = 0; place < 128; place++) {
		for (v = 0; v < 64; v++) {
			memset(bytes, 0x5a, sizeof(bytes));
			n = 6 * place;
			bytes[n / 8] = (unsigned char)(v << 2 >> n % 8);
			if (n % 8 > 2)
				bytes[n / 8 + 1] =
				    (unsigned char)(v << (10 - n % 8));
			EVP_EncodeBlock(want, bytes, sizeof(bytes));
			n = vt_base64(VT_BYTES(bytes, sizeof(bytes)), text);
			assert_int_equal(n, 128);
			assert_string_equal(text, (char *)want);
			memset(&d, 0, sizeof(d));
			assert_true(vt_base64_decode(&d, VT_BYTES(text, 128),
			    back, &n));
			assert_bytes_equal(VT_BYTES(back, n),
			    VT_BYTES(bytes, sizeof(bytes)));
		}
	}
}

/* Broken lines of every length, cut in two at every byte. */
static void
pieces_mean_what_the_whole_means(void **state)
{
	unsigned char bytes[200], *out;
	struct vt_base64_decoder d;
	char plain[300], text[900];
	size_t line, cut, i, len, n, m;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = noise(i);
	vt_base64(VT_BYTES(bytes, sizeof(bytes)), plain);
	for (line = 1; line < 90; line += line < 10 ? 1 : 13) {
		for (i = len = 0; plain[i] != '\0'; i++) {
			text[len++] = plain[i];
			if (i % line == line - 1) {
				text[len++] = '\r';
				text[len++] = '\n';
			}
		}
		for (cut = 0; cut <= len; cut++) {
			memset(&d, 0, sizeof(d));
			/* exactly the room that is promised to be enough */
			out = malloc(cut / 4 * 3 + 3);
			assert_true(
			    vt_base64_decode(&d, VT_BYTES(text, cut), out, &n));
			assert_true(n <= sizeof(bytes));
			assert_memory_equal(out, bytes, n);
			free(out);
			out = malloc((len - cut) / 4 * 3 + 3);
			assert_true(vt_base64_decode(&d,
			    VT_BYTES(text + cut, len - cut), out, &m));
			assert_int_equal(n + m, sizeof(bytes));
			assert_memory_equal(out, bytes + n, m);
			assert_true(vt_base64_decode_end(&d));
			free(out);
		}
	}
}

static void
a_bad_byte_is_found_in_pieces_too(void **state)
{
	static const char *const bad[] = { "QUI=Q", "QQ=A", "QQ==A",
		"QR==", "QUJ=", "QUJDQ*", "QQ===" };
	struct vt_base64_decoder d;
	unsigned char out[8];
	size_t i, j, n;
	bool ok;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&d, 0, sizeof(d));
		for (j = 0, ok = true; ok && bad[i][j] != '\0'; j++)
			ok = vt_base64_decode(&d, VT_BYTES(bad[i] + j, 1), out,
			    &n);
		if (ok && vt_base64_decode_end(&d))
			fail_msg("accepted: %s", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_both_ways),
		cmocka_unit_test(hex_refuses),
		cmocka_unit_test(base64_agrees_with_openssl),
		cmocka_unit_test(white_space_is_skipped_anywhere),
		cmocka_unit_test(base64_refuses),
		cmocka_unit_test(every_byte_in_every_place),
		cmocka_unit_test(every_value_in_every_place),
		cmocka_unit_test(pieces_mean_what_the_whole_means),
		cmocka_unit_test(a_bad_byte_is_found_in_pieces_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
