#include "test_util.h"
#include "vanthu/text.h"

/* Every code point, and every surrogate, there and back. */
static void
every_code_point(void **state)
{
	unsigned char bytes[4];
	size_t n, pos;
	int32_t c;

	(void)state;
	for (c = 0; c <= 0x10ffff; c++) {
		n = vt_utf8_put(c, bytes);
		pos = 0;
		if (c >= 0xd800 && c <= 0xdfff) {
			if (vt_utf8_next(VT_BYTES(bytes, n), &pos) != -1 ||
			    pos != 1)
				fail_msg("surrogate %x", (unsigned int)c);
			continue;
		}
		if (vt_utf8_next(VT_BYTES(bytes, n), &pos) != c || pos != n)
			fail_msg("U+%04X", (unsigned int)c);
		for (pos = 0; n > 1 && pos == 0;) /* cut: one byte stepped */
			if (vt_utf8_next(VT_BYTES(bytes, n - 1), &pos) != -1 ||
			    pos != 1)
				fail_msg("cut U+%04X", (unsigned int)c);
	}
}

static void
what_is_not_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf",
		"\xc0\x80", /* overlong NUL */
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", /* surrogates */
		"\xed\xbf\xbf",
		"\xf4\x90\x80\x80", /* U+110000 */
		"\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xff",
		"\xfe",
		"\xc3",
		"\xe1\xbb",
		"\xf0\x9f\x93",
		"\xc3(",
		"\xe1\xbb(",
		"\xe1(\xbb",
		"\xf0\x9f\x93(",
		"abc\xe1\xbb",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (vt_utf8_valid(vt_bytes_str(bad[i])))
			fail_msg("accepted case %zu", i);
	assert_true(vt_utf8_valid(VT_BYTES(NULL, 0)));
	assert_true(vt_utf8_valid(VT_BYTES("a\0b", 3)));
	assert_true(vt_utf8_valid(VT_BYTES_LIT("Uỷ ban nhân dân")));
}

static void
length_counts_characters(void **state)
{
	(void)state;
	assert_int_equal(vt_utf8_len(VT_BYTES_LIT("văn thư")), 7);
	assert_int_equal(vt_utf8_len(VT_BYTES_LIT("va\u0306n")), 4);
	assert_int_equal(vt_utf8_len(VT_BYTES("\xe1\xbb", 2)), 2);
	assert_int_equal(vt_utf8_len(VT_BYTES("a\xff\0", 3)), 3);
}

static void
escaped(struct vt_bytes in, const char *want)
{
	struct vt_buf out;

	vt_buf_init(&out, 1000);
	assert_int_equal(vt_text_escape(&out, in), VT_OK);
	assert_bytes_str(vt_buf_bytes(&out), want);
	assert_int_equal(vt_text_hides(in),
	    !vt_bytes_equal(vt_buf_bytes(&out), in));
	/* what came out needs no further escaping */
	assert_false(vt_text_hides(vt_buf_bytes(&out)));
	vt_buf_release(&out);
}

static void
text_of_html_is_no_markup(void **state)
{
	struct vt_buf out;

	(void)state;
	vt_buf_init(&out, 1000);
	assert_int_equal(vt_text_html(&out,
			     VT_BYTES_LIT("<b a=\"1\"> & Đỗ\n\u202e")),
	    VT_OK);
	assert_string_equal(vt_buf_str(&out),
	    "&lt;b a=&quot;1&quot;&gt; &amp; Đỗ\\n\\u{202e}");
	vt_buf_release(&out);
	vt_buf_init(&out, 10);
	assert_int_equal(vt_text_html(&out, VT_BYTES_LIT("12345<6789")),
	    VT_ELIMIT);
	assert_string_equal(vt_buf_str(&out), "12345&lt;6");
	vt_buf_release(&out);
}

static void
foreign_text_is_escaped(void **state)
{
	(void)state;
	escaped(VT_BYTES(NULL, 0), "");
	escaped(VT_BYTES_LIT("Công văn số 05/UBND"), "Công văn số 05/UBND");
	escaped(VT_BYTES_LIT("Co\u0302ng va\u0306n"), "Co\u0302ng va\u0306n");
	escaped(VT_BYTES_LIT("a\nb\tc\r"), "a\\nb\\tc\\x0d");
	escaped(VT_BYTES_LIT("\x1b[31mred\x1b]0;t\x07"),
	    "\\x1b[31mred\\x1b]0;t\\x07");
	escaped(VT_BYTES("\0", 1), "\\x00");
	escaped(VT_BYTES_LIT("\x7f"), "\\x7f");
	escaped(VT_BYTES_LIT("\xc2\x9b"
			     "31m"),
	    "\\u{009b}31m");
	escaped(VT_BYTES_LIT("fdp\u202e.exe"), "fdp\\u{202e}.exe");
	escaped(VT_BYTES_LIT("\u2066x\u2069"), "\\u{2066}x\\u{2069}");
	escaped(VT_BYTES_LIT("\u200f\u061c"), "\\u{200f}\\u{061c}");
	escaped(VT_BYTES_LIT("a\u200bb\u200cc\u200dd\u2060"),
	    "a\\u{200b}b\\u{200c}c\\u{200d}d\\u{2060}");
	escaped(VT_BYTES_LIT("\ufeffx"), "\\u{feff}x");
	escaped(VT_BYTES_LIT("so\u00adft"), "so\\u{00ad}ft");
	escaped(VT_BYTES_LIT("l\u2028p\u2029"), "l\\u{2028}p\\u{2029}");
	escaped(VT_BYTES_LIT("\U000e0041"), "\\u{e0041}"); /* tag letters */
	escaped(VT_BYTES_LIT("\U0010ffff"), "\\u{10ffff}");
	escaped(VT_BYTES_LIT("\x9b\xffx\xc3"), "\\x9b\\xffx\\xc3");
	escaped(VT_BYTES_LIT("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

static void
escaping_stops_at_the_limit(void **state)
{
	struct vt_buf out;
	size_t max;

	(void)state;
	for (max = 0; max < 10; max++) {
		vt_buf_init(&out, max + 2);
		assert_int_equal(vt_buf_puts(&out, "ab"), VT_OK);
		assert_int_equal(vt_text_escape(&out, VT_BYTES_LIT("x\u202ey")),
		    VT_ELIMIT);
		assert_string_equal(vt_buf_str(&out), "ab");
		vt_buf_release(&out);
	}
}

static void
words_of_a_shell(void **state)
{
	static const char *const cases[][2] = {
		{ "/var/lib/vanthu", "/var/lib/vanthu" },
		{ "a-b_c.d@e%f+g=h:i,j", "a-b_c.d@e%f+g=h:i,j" },
		{ "", "''" },
		{ "two words", "'two words'" },
		{ "it's", "'it'\\''s'" },
		{ "$(x)`y`;\n", "'$(x)`y`;\n'" },
		{ "~", "'~'" },
		{ "Vi\xe1\xbb\x87t", "'Vi\xe1\xbb\x87t'" },
	};
	struct vt_buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_buf_init(&out, 100);
		assert_int_equal(vt_text_shell(&out, cases[i][0]), VT_OK);
		assert_string_equal(vt_buf_str(&out), cases[i][1]);
		vt_buf_release(&out);
	}
	vt_buf_init(&out, 5);
	assert_int_equal(vt_buf_puts(&out, "ab"), VT_OK);
	assert_int_equal(vt_text_shell(&out, "c d"), VT_ELIMIT);
	assert_string_equal(vt_buf_str(&out), "ab");
	vt_buf_release(&out);
}

static void
normal_form_c(void **state)
{
	static const char *const cases[][2] = {
		{ "Ti\xe1\xba\xbfng Vi\xe1\xbb\x87t",
		    "Tie\xcc\x82\xcc\x81ng Vie\xcc\xa3\xcc\x82t" },
		{ "\xe1\xbb\xa6y", "U\xcc\x89y" },
		/* a mark typed last, or before the one that it follows */
		{ "\xe1\xbb\x87", "\xc3\xaa\xcc\xa3" },
		{ "\xc4\x90", "\xc4\x90" },
		{ "", "" },
	};
	struct vt_error err = { 0 };
	struct vt_buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vt_buf_init(&out, 100);
		assert_vt_ok(vt_text_nfc(&out, vt_bytes_str(cases[i][1]), &err),
		    &err);
		assert_bytes_str(vt_buf_bytes(&out), cases[i][0]);
		vt_buf_reset(&out);
		assert_vt_ok(vt_text_nfc(&out, vt_bytes_str(cases[i][0]), &err),
		    &err);
		assert_bytes_str(vt_buf_bytes(&out), cases[i][0]);
		vt_buf_release(&out);
	}
	vt_buf_init(&out, 3);
	assert_vt_error(vt_text_nfc(&out, VT_BYTES_LIT("\xff"), &err), &err,
	    VT_EFORMAT);
	vt_error_clear(&err);
	assert_vt_error(vt_text_nfc(&out, VT_BYTES_LIT("four"), &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(what_is_not_utf8),
		cmocka_unit_test(length_counts_characters),
		cmocka_unit_test(words_of_a_shell),
		cmocka_unit_test(normal_form_c),
		cmocka_unit_test(foreign_text_is_escaped),
		cmocka_unit_test(text_of_html_is_no_markup),
		cmocka_unit_test(escaping_stops_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
