/* test_stamp.c - text, lines and frames on a canvas */
#include "test_stamp.h"

struct fixture {
	struct vt_stamp_kit *kit;
	struct vt_stamp *stamp;
	char *dir, *pdf;
};

static const struct vt_stamp_style plain = { .size = 13 };

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct vt_error err = { 0 };

	assert_non_null(f);
	assert_vt_ok(vt_stamp_kit_new(NULL, &f->kit, &err), &err);
	assert_vt_ok(vt_stamp_new(f->kit, 300, 100, &f->stamp, &err), &err);
	f->dir = test_dir_new();
	f->pdf = vt_path_join(f->dir, "a.pdf");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vt_stamp_free(f->stamp);
	vt_stamp_kit_free(f->kit);
	test_dir_free(f->dir);
	free(f->pdf);
	free(f);
	return 0;
}

static void
vietnamese_is_read_back(void **state)
{
	static const char *const lines[] = {
		"ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
		"Ẳ Ẵ Ặ ưỡợ đ₫ Ỵ ỹ Đ ð",
		"AVAVA To. fi ffi 1816/UBND-NVK",
	};
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	size_t i;

	for (i = 0; i < 3; i++)
		assert_vt_ok(vt_stamp_text(f->stamp, &plain, 10,
				 80 - 20 * (double)i, lines[i], &err),
		    &err);
	stamp_to_file(f->stamp, 100, 500, 0, f->pdf);
	assert_pdftotext(f->pdf, "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI\n"
				 "Ẳ Ẵ Ặ ưỡợ đ₫ Ỵ ỹ Đ ð\n"
				 "AVAVA To. fi ffi 1816/UBND-NVK\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(vietnamese_is_read_back, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
