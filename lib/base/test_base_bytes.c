#include "test_util.h"

static void
slices_stay_inside(void **state)
{
	struct vt_bytes b = VT_BYTES_LIT("abcdef");

	(void)state;
	assert_bytes_str(vt_bytes_slice(b, 0, 6), "abcdef");
	assert_bytes_str(vt_bytes_slice(b, 2, 2), "cd");
	assert_bytes_str(vt_bytes_slice(b, 4, SIZE_MAX), "ef");
	assert_int_equal(vt_bytes_slice(b, 6, 1).len, 0);
	assert_int_equal(vt_bytes_slice(b, SIZE_MAX, SIZE_MAX).len, 0);
	assert_int_equal(vt_bytes_slice(VT_BYTES(NULL, 0), 0, 1).len, 0);
}

static void
comparing(void **state)
{
	(void)state;
	assert_true(vt_bytes_equal(VT_BYTES(NULL, 0), VT_BYTES("", 0)));
	assert_true(vt_bytes_equal_str(VT_BYTES_LIT("ab"), "ab"));
	assert_false(vt_bytes_equal_str(VT_BYTES_LIT("ab"), "abc"));
	assert_false(vt_bytes_equal_str(VT_BYTES("ab\0", 3), "ab"));
	assert_true(vt_bytes_starts(VT_BYTES_LIT("%PDF-1"), "%PDF"));
	assert_false(vt_bytes_starts(VT_BYTES_LIT("%PD"), "%PDF"));
	assert_true(vt_bytes_starts(VT_BYTES(NULL, 0), ""));
}

static void
finding(void **state)
{
	struct vt_bytes b = VT_BYTES("xx\0endobj endobj", 16);

	(void)state;
	assert_int_equal(vt_bytes_find(b, 0, "endobj"), 3);
	assert_int_equal(vt_bytes_find(b, 4, "endobj"), 10);
	assert_int_equal(vt_bytes_find(b, 11, "endobj"), SIZE_MAX);
	assert_int_equal(vt_bytes_find(b, 17, "e"), SIZE_MAX);
	assert_int_equal(vt_bytes_find(VT_BYTES(NULL, 0), 0, "e"), SIZE_MAX);
	assert_int_equal(vt_bytes_find(VT_BYTES("ab", 1), 0, "b"), SIZE_MAX);
}

static void
dup_refuses_nul(void **state)
{
	char *s = vt_bytes_dup(VT_BYTES_LIT("abc"));

	(void)state;
	assert_string_equal(s, "abc");
	free(s);
	assert_null(vt_bytes_dup(VT_BYTES("a\0b", 3)));
	s = vt_bytes_dup(VT_BYTES(NULL, 0));
	assert_string_equal(s, "");
	free(s);
}

static void
buffer_never_passes_its_maximum(void **state)
{
	struct vt_buf buf;
	size_t max, n;

	(void)state;
	for (max = 0; max < 300; max++) {
		vt_buf_init(&buf, max);
		for (n = 0; n < max; n++)
			assert_int_equal(vt_buf_putc(&buf, 'a'), VT_OK);
		assert_int_equal(vt_buf_putc(&buf, 'b'), VT_ELIMIT);
		assert_int_equal(vt_buf_puts(&buf, "bb"), VT_ELIMIT);
		assert_int_equal(vt_buf_printf(&buf, "%d", 12), VT_ELIMIT);
		assert_int_equal(vt_buf_put(&buf, "", SIZE_MAX), VT_ELIMIT);
		assert_int_equal(buf.len, max);
		assert_int_equal(strlen(vt_buf_str(&buf)), max);
		assert_true(buf.cap <= max + 1);
		vt_buf_release(&buf);
	}
}

static void
buffer_is_terminated_at_every_length(void **state)
{
	struct vt_buf buf;
	size_t i;

	(void)state;
	vt_buf_init(&buf, 10000);
	assert_string_equal(vt_buf_str(&buf), "");
	assert_int_equal(vt_buf_put(&buf, NULL, 0), VT_OK);
	assert_non_null(buf.data);
	for (i = 0; i < 2500; i++) {
		assert_int_equal(vt_buf_printf(&buf, "%c", 'a' + (int)(i % 26)),
		    VT_OK);
		assert_int_equal(strlen((char *)buf.data), i + 1);
	}
	vt_buf_reset(&buf);
	assert_string_equal(vt_buf_str(&buf), "");
	assert_int_equal(vt_buf_puts(&buf, "again"), VT_OK);
	assert_bytes_str(vt_buf_bytes(&buf), "again");
	vt_buf_release(&buf);
	vt_buf_release(&buf);
}

static void
unlimited_buffer_refuses_what_wraps(void **state)
{
	struct vt_buf buf;

	(void)state;
	vt_buf_init(&buf, SIZE_MAX);
	assert_int_equal(vt_buf_putc(&buf, 'a'), VT_OK);
	assert_int_equal(vt_buf_reserve(&buf, SIZE_MAX), VT_ELIMIT);
	assert_int_equal(vt_buf_reserve(&buf, SIZE_MAX - 1), VT_ELIMIT);
	assert_bytes_str(vt_buf_bytes(&buf), "a");
	vt_buf_release(&buf);
}

static void
take_hands_over(void **state)
{
	struct vt_buf buf;
	unsigned char *data;
	size_t len = 99;

	(void)state;
	vt_buf_init(&buf, 100);
	assert_null(vt_buf_take(&buf, &len));
	assert_int_equal(len, 0);
	vt_buf_puts(&buf, "mine");
	data = vt_buf_take(&buf, &len);
	assert_int_equal(len, 4);
	assert_string_equal((char *)data, "mine");
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.max, 100);
	vt_buf_puts(&buf, "next");
	assert_string_equal((char *)data, "mine");
	free(data);
	vt_buf_release(&buf);
}

static void
secret_is_replaced_and_released(void **state)
{
	struct vt_secret s = { 0 };
	struct vt_error err = { 0 };

	(void)state;
	vt_secret_release(&s);
	assert_vt_ok(vt_secret_set(&s, "one", 3, &err), &err);
	assert_vt_ok(vt_secret_set(&s, s.data, s.len, &err), &err);
	assert_string_equal(s.data, "one");
	assert_vt_ok(vt_secret_set(&s, NULL, 0, &err), &err);
	assert_string_equal(s.data, "");
	vt_secret_release(&s);
	assert_null(s.data);
	assert_int_equal(vt_secret_set(&s, "x", SIZE_MAX, NULL), VT_ENOMEM);
}

static void
list_keeps_copies(void **state)
{
	struct vt_list list = { 0 };
	char word[] = "one";
	int i;

	(void)state;
	vt_list_release(&list);
	for (i = 0; i < 100; i++) {
		word[0] = (char)('a' + i % 26);
		assert_int_equal(vt_list_add(&list, word, NULL), VT_OK);
	}
	assert_int_equal(list.n, 100);
	assert_string_equal(list.items[1], "bne");
	vt_list_release(&list);
	assert_int_equal(list.n, 0);
	assert_null(list.items);
}

static void
arithmetic_refuses_what_wraps(void **state)
{
	size_t r = 5;

	(void)state;
	assert_false(vt_add(SIZE_MAX, 1, &r));
	assert_false(vt_mul(SIZE_MAX / 2 + 1, 2, &r));
	assert_int_equal(r, 5);
	assert_true(vt_add(SIZE_MAX, 0, &r));
	assert_int_equal(r, SIZE_MAX);
	assert_true(vt_mul(SIZE_MAX, 1, &r));
	assert_int_equal(r, SIZE_MAX);
	assert_true(vt_mul(SIZE_MAX, 0, &r));
	assert_int_equal(r, 0);
}

static void
a_string_is_replaced_by_a_copy(void **state)
{
	char text[] = "một", *field = NULL;

	(void)state;
	assert_int_equal(vt_str_set(&field, text, NULL), VT_OK);
	assert_true(field != text);
	assert_string_equal(field, text);
	assert_int_equal(vt_str_set(&field, field, NULL), VT_OK); /* itself */
	assert_string_equal(field, text);
	assert_int_equal(vt_str_set(&field, "", NULL), VT_OK);
	assert_string_equal(field, "");
	assert_int_equal(vt_str_set(&field, NULL, NULL), VT_OK);
	assert_null(field);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_stay_inside),
		cmocka_unit_test(comparing),
		cmocka_unit_test(finding),
		cmocka_unit_test(dup_refuses_nul),
		cmocka_unit_test(buffer_never_passes_its_maximum),
		cmocka_unit_test(buffer_is_terminated_at_every_length),
		cmocka_unit_test(unlimited_buffer_refuses_what_wraps),
		cmocka_unit_test(take_hands_over),
		cmocka_unit_test(secret_is_replaced_and_released),
		cmocka_unit_test(list_keeps_copies),
		cmocka_unit_test(arithmetic_refuses_what_wraps),
		cmocka_unit_test(a_string_is_replaced_by_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
