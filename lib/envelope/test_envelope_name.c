/* test_envelope_name.c - names of attachments as files */
#include "test_edxml.h"

static void
names_are_safe_and_different(void **state)
{
	static const char *const expected[] = {
		"_._.._.._.._tmp_vanthu-slip.pdf", "C:_Windows_a.pdf",
		"hoa-don_fdp.exe", "trung.pdf", "trung-5.pdf", "_.", "a_b.txt",
		"_bashrc"
	};
	struct vt_envelope env;
	struct vt_error err;
	struct vt_buf text;
	char name[VT_ENVELOPE_NAME_MAX];
	size_t i;

	(void)state;
	test_read_data("envelope/hostile/names.edxml", &text);
	assert_vt_ok(read_bytes(vt_buf_bytes(&text), &env, &err), &err);
	assert_int_equal(env.nattachments, 8);
	for (i = 0; i < 8; i++) {
		vt_envelope_file_name(&env, i, name);
		if (expected[i] == NULL)
			continue;
		assert_string_equal(name, expected[i]);
	}
	vt_envelope_release(&env);
	vt_buf_release(&text);
}

/* Names only; what is in them does not matter here. */
static void
assert_names(const char *const *names, const char *const *expected, size_t n)
{
	struct vt_attachment list[16] = { 0 };
	struct vt_envelope env = { .attachments = list, .nattachments = n };
	char got[VT_ENVELOPE_NAME_MAX];
	size_t i;

	for (i = 0; i < n; i++)
		list[i].name = (char *)(uintptr_t)names[i];
	for (i = 0; i < n; i++)
		assert_string_equal(vt_envelope_file_name(&env, i, got),
		    expected[i]);
}

static void
names_of_many_kinds(void **state)
{
	static const char *const odd[] = { "", " ", ".", "...", ".pdf", "a.",
		"a .pdf ", "a.pdf>", "\x1b[31mred.pdf", "a\nb.txt",
		"e\xcc\x81.pdf", "/", "a.p/df" };
	static const char *const fit[] = { "attachment-1", "attachment-2", "_",
		"_..", "_pdf", "a.", "a.pdf", "a-8.pdf", "_[31mred.pdf",
		"a_b.txt", "e\xcc\x81.pdf", "_-12", "a.p_df" };
	static const char *const same[] = { "a.pdf", "a.pdf", "a-2.pdf",
		"a.pdf", "A.pdf", "a-4.pdf" };
	static const char *const told_apart[] = { "a.pdf", "a--2.pdf",
		"a-2.pdf", "a--4.pdf", "A.pdf", "a-4.pdf" };
	char long_name[600], got[VT_ENVELOPE_NAME_MAX];
	struct vt_attachment one = { .name = long_name };
	struct vt_envelope env = { .attachments = &one, .nattachments = 1 };
	size_t i;

	(void)state;
	assert_names(odd, fit, sizeof(odd) / sizeof(odd[0]));
	assert_names(same, told_apart, sizeof(same) / sizeof(same[0]));
	for (i = 0; i + 3 < 590; i += 3)
		memcpy(long_name + i, "\xe1\xba\xa5", 3);
	memcpy(long_name + i, ".docx", 6);
	vt_envelope_file_name(&env, 0, got);
	assert_int_equal(strlen(got), 198 + 5);
	assert_string_equal(got + 198, ".docx");
	assert_memory_equal(got, long_name, 198);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_safe_and_different),
		cmocka_unit_test(names_of_many_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
