#include <errno.h>

#include "test_util.h"
#include "vanthu/text.h"

static void
first_error_wins(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	assert_int_equal(vt_error_set(&err, VT_EFORMAT, "RFC 1, 2", "bad %d",
			     7),
	    VT_EFORMAT);
	assert_int_equal(vt_error_set(&err, VT_EIO, "other", "second"), VT_EIO);
	assert_int_equal(err.code, VT_EFORMAT);
	assert_string_equal(err.clause, "RFC 1, 2");
	assert_string_equal(err.text, "bad 7");
	vt_error_clear(&err);
	assert_int_equal(err.code, VT_OK);
	vt_error_set(&err, VT_EARG, NULL, "new");
	assert_string_equal(err.clause, "");
	assert_string_equal(err.text, "new");
}

static void
null_error_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(vt_error_set(NULL, VT_EKEY, NULL, "x"), VT_EKEY);
	assert_int_equal(vt_error_io(NULL, "x"), VT_EIO);
	assert_int_equal(vt_error_nomem(NULL), VT_ENOMEM);
	vt_error_prefix(NULL, "x");
	vt_error_clear(NULL);
}

static void
io_error_says_why(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	errno = ENOENT;
	assert_int_equal(vt_error_io(&err, "cannot open %s", "a"), VT_EIO);
	assert_string_equal(err.text, "cannot open a: no such file or folder");
	vt_error_clear(&err);
	errno = 9999;
	vt_error_io(&err, "x");
	assert_string_equal(err.text, "x: system error 9999");
}

static void
prefix_stands_before_the_text(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	vt_error_prefix(&err, "nothing"); /* no error: nothing happens */
	assert_string_equal(err.text, "");
	vt_error_set(&err, VT_EIO, NULL, "text");
	vt_error_prefix(&err, "a.pdf");
	vt_error_prefix(&err, "%s");
	assert_string_equal(err.text, "%s: a.pdf: text");
}

/* At every place a cut text stays UTF-8 and within its array. */
static void
long_text_is_cut_between_characters(void **state)
{
	static const char *const letters[] = { "a", "đ", "ữ", "\U0001f4dc" };
	char text[2 * VT_TEXT_MAX];
	struct vt_error err;
	size_t pad, i, n, len;

	(void)state;
	for (i = 0; i < 4; i++) {
		for (pad = 0; pad < 4; pad++) {
			memset(text, 'x', pad);
			len = strlen(letters[i]);
			for (n = pad; n + len < sizeof(text); n += len)
				memcpy(text + n, letters[i], len);
			text[n] = '\0';
			memset(&err, 0, sizeof(err));
			vt_error_set(&err, VT_EIO, text, "%s", text);
			n = strlen(err.text);
			assert_true(n < VT_TEXT_MAX && n > VT_TEXT_MAX - 5);
			assert_true(vt_utf8_valid(vt_bytes_str(err.text)));
			assert_true(vt_utf8_valid(vt_bytes_str(err.clause)));
			vt_error_prefix(&err, "p");
			errno = EIO;
			assert_true(vt_utf8_valid(vt_bytes_str(err.text)));
			assert_true(strlen(err.text) < VT_TEXT_MAX);
		}
	}
}

static const char *
shout(const char *msgid)
{
	if (strcmp(msgid, "hello %s") == 0)
		return "XIN CHÀO %s";
	if (strcmp(msgid, "no such file or folder") == 0)
		return "KHÔNG CÓ";
	return NULL;
}

static void
texts_go_through_the_translator(void **state)
{
	struct vt_error err = { 0 };

	(void)state;
	vt_translate_set(shout);
	vt_error_set(&err, VT_EIO, NULL, "hello %s", "hello %s");
	assert_string_equal(err.text, "XIN CHÀO hello %s");
	vt_error_clear(&err);
	errno = ENOENT;
	vt_error_io(&err, "unknown");
	assert_string_equal(err.text, "unknown: KHÔNG CÓ");
	vt_translate_set(NULL);
	assert_string_equal(vt_tr("hello %s"), "hello %s");
}

static void
every_code_has_its_own_name(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < VT_NCODES; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(vt_code_name((enum vt_code)i),
			    vt_code_name((enum vt_code)j));
	assert_string_equal(vt_code_name(VT_EIO), "io");
	assert_string_equal(vt_code_name((enum vt_code)99), "unknown");
	assert_string_equal(vt_code_name((enum vt_code) - 1), "unknown");
}

static void
keep(void *ctx, const char *text)
{
	snprintf(ctx, VT_TEXT_MAX, "%s", text);
}

static void
log_is_off_until_set(void **state)
{
	char seen[VT_TEXT_MAX] = "";

	(void)state;
	vt_log("nobody hears %d", 1);
	vt_log_set(keep, seen);
	vt_log("line %d", 2);
	assert_string_equal(seen, "line 2");
	vt_log_set(NULL, NULL);
	vt_log("line %d", 3);
	assert_string_equal(seen, "line 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_error_wins),
		cmocka_unit_test(null_error_is_allowed),
		cmocka_unit_test(io_error_says_why),
		cmocka_unit_test(prefix_stands_before_the_text),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(texts_go_through_the_translator),
		cmocka_unit_test(every_code_has_its_own_name),
		cmocka_unit_test(log_is_off_until_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
