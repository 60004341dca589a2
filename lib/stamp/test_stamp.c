/* test_stamp.c - text, lines and frames on a canvas */
#include "test_stamp.h"

#include <math.h>

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
	stamp_to_file(f->stamp, f->pdf);
	assert_pdftotext(f->pdf, "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI\n"
				 "Ẳ Ẵ Ặ ưỡợ đ₫ Ỵ ỹ Đ ð\n"
				 "AVAVA To. fi ffi 1816/UBND-NVK\n");
}

/* Put TEXT on a fresh canvas of F's kit and write it to PATH. */
static void
write_line(struct fixture *f, const char *text, const char *path)
{
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_stamp_new(f->kit, 300, 100, &stamp, &err), &err);
	assert_vt_ok(vt_stamp_text(stamp, &plain, 10, 50, text, &err), &err);
	stamp_to_file(stamp, path);
	vt_stamp_free(stamp);
}

static void
decomposed_text_gives_the_same_bytes(void **state)
{
	struct fixture *f = *state;
	char *other = vt_path_join(f->dir, "b.pdf");
	struct vt_buf a, b;

	write_line(f, "Ti\xe1\xba\xbfng Vi\xe1\xbb\x87t", f->pdf);
	write_line(f, "Tie\xcc\x82\xcc\x81ng Vie\xcc\xa3\xcc\x82t", other);
	test_read(f->pdf, &a);
	test_read(other, &b);
	assert_bytes_equal(vt_buf_bytes(&a), vt_buf_bytes(&b));
	vt_buf_release(&a);
	vt_buf_release(&b);
	free(other);
}

/* One glyph, two characters: each is read as what it was. */
static void
shared_glyphs_are_read_apart(void **state)
{
	static const char text[] = "µμ Δ∆ ·∙ ⁄∕ ‐‑ Đ\xc3\x90";
	struct fixture *f = *state;
	const char *const argv[] = { "mutool", "draw", "-q", "-F", "txt",
		f->pdf, "1", NULL };
	struct vt_buf out;

	write_line(f, text, f->pdf);
	assert_pdftotext(f->pdf, "µμ Δ∆ ·∙ ⁄∕ ‐‑ Đ\xc3\x90\n");
	run(argv, &out);
	assert_true(vt_bytes_starts(vt_buf_bytes(&out), text));
	vt_buf_release(&out);
	test_read(f->pdf, &out);
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&out), 0,
				 "/CIDToGIDMap 7 0 R"),
	    SIZE_MAX);
	vt_buf_release(&out);
}

static void
others_find_no_fault(void **state)
{
	struct fixture *f = *state;
	const char *const check[] = { "qpdf", "--check", f->pdf, NULL };
	const char *const fonts[] = { "pdffonts", f->pdf, NULL };
	const struct vt_stamp_style bold = { .face = VT_STAMP_BOLD_ITALIC,
		.size = 9 };
	struct vt_error err = { 0 };
	struct vt_buf out;

	assert_vt_ok(vt_stamp_text(f->stamp, &plain, 5, 5, "Số", &err), &err);
	assert_vt_ok(vt_stamp_text(f->stamp, &bold, 5, 20, "Ngày", &err), &err);
	stamp_to_file(f->stamp, f->pdf);
	run(check, &out);
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&out), 0,
				 "No syntax or stream encoding errors"),
	    SIZE_MAX);
	vt_buf_release(&out);
	run(fonts, &out); /* embedded, a subset, with ToUnicode */
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&out), 0,
				 "+LiberationSerif-Regular       "
				 "CID TrueType      Identity-H       yes yes "
				 "yes"),
	    SIZE_MAX);
	assert_int_not_equal(vt_bytes_find(vt_buf_bytes(&out), 0,
				 "+LiberationSerif-BoldItalic    "
				 "CID TrueType      Identity-H       yes yes "
				 "yes"),
	    SIZE_MAX);
	vt_buf_release(&out);
	test_read(f->pdf, &out); /* PDF/A-1 allows none of these */
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&out), 0, "/SMask"),
	    SIZE_MAX);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&out), 0, "/Group"),
	    SIZE_MAX);
	assert_int_equal(vt_bytes_find(vt_buf_bytes(&out), 0, "/Device"),
	    SIZE_MAX);
	vt_buf_release(&out);
}

static void
what_is_not_seen_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum vt_code code;
		const char *says;
	} cases[] = {
		{ "a\nb", VT_EFORMAT, "U+000A" },
		{ "a\tb", VT_EFORMAT, "U+0009" },
		{ "a\x1b[0m", VT_EFORMAT, "U+001B" },
		{ "a\xe2\x80\xae"
		  "b",
		    VT_EFORMAT, "U+202E" },
		{ "a\xe2\x80\x8d"
		  "b",
		    VT_EFORMAT, "U+200D" },
		{ "a\xc2\xad"
		  "b",
		    VT_EFORMAT, "U+00AD" },
		{ "a\xef\xbb\xbf"
		  "b",
		    VT_EFORMAT, "U+FEFF" },
		{ "a\xff", VT_EFORMAT, "UTF-8" },
		{ "a\xd7\x90", VT_EUNSUPPORTED, "U+05D0" },
		{ "a\xd8\xa7", VT_EUNSUPPORTED, "U+0627" },
		{ "a\xe4\xb8\xad", VT_EUNSUPPORTED, "U+4E2D \"\xe4\xb8\xad\"" },
		{ "a\xf0\x9f\x98\x80", VT_EUNSUPPORTED, "U+1F600" },
	};
	struct fixture *f = *state;
	struct vt_error err;
	double width;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_stamp_text(f->stamp, &plain, 0, 0,
				    cases[i].text, &err),
		    &err, cases[i].code);
		assert_error_text(&err, cases[i].says);
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_stamp_measure(f->stamp, &plain,
				    cases[i].text, &width, &err),
		    &err, cases[i].code);
	}
	assert_true(vt_stamp_baseline(f->stamp) == 0); /* nothing was put */
}

static void
text_is_broken_to_fit(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	const struct vt_stamp_box box = { 0, 0, 100, 50 };
	const char *text = "một hai ba bốn năm sáu bảy tám chín mười\n"
			   "mười một";
	double height = 0;

	assert_vt_error(vt_stamp_wrap(f->stamp, &plain, box, 0, text, &height,
			    &err),
	    &err, VT_ELIMIT);
	assert_true(height == 0);
	vt_error_clear(&err);
	assert_vt_ok(vt_stamp_wrap(f->stamp, &plain, box, 6, text, &height,
			 &err),
	    &err);
	assert_true(height > 30 && height <= 50.1);
	stamp_to_file(f->stamp, f->pdf);
	assert_pdftotext(f->pdf, "một hai ba bốn năm\n"
				 "sáu bảy tám chín mười\n"
				 "mười một\n");
}

static void
lines_end_where_they_should(void **state)
{
	static const struct {
		const char *text;
		double lines;
	} cases[] = {
		{ "a", 1 },
		{ "a\n", 1 },
		{ "a \nb", 2 },
		{ "a\n\nb", 3 },
		{ "  a   b  ", 1 },
	};
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	double height, one = 0;
	size_t i;

	assert_vt_ok(vt_stamp_wrap(f->stamp, &plain,
			 (struct vt_stamp_box){ 0, 0, 1, 1 }, 0, "", &height,
			 &err),
	    &err);
	assert_true(height == 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_vt_ok(vt_stamp_wrap(f->stamp, &plain,
				 (struct vt_stamp_box){ 0, 0, 300, 100 }, 0,
				 cases[i].text, &height, &err),
		    &err);
		if (i == 0)
			one = height;
		assert_true(fabs(height - one -
				 (cases[i].lines - 1) * 1.15 * 13) < 0.001);
	}
}

static void
what_is_missing_is_named(void **state)
{
	struct vt_stamp_kit_options how = { 0 };
	struct fixture *f = *state;
	struct vt_stamp_kit *kit = NULL;
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };
	char *path;

	how.fonts = f->dir;
	assert_vt_ok(vt_stamp_kit_new(&how, &kit, &err), &err);
	assert_vt_ok(vt_stamp_new(kit, 10, 10, &stamp, &err), &err);
	assert_vt_error(vt_stamp_text(stamp, &plain, 0, 0, "a", &err), &err,
	    VT_EIO);
	assert_error_text(&err, "LiberationSerif-Regular.ttf");
	vt_error_clear(&err);
	path = vt_path_join(f->dir, "LiberationSerif-Regular.ttf");
	assert_vt_ok(vt_file_write(path, VT_BYTES_LIT("no font"), &err), &err);
	assert_vt_error(vt_stamp_text(stamp, &plain, 0, 0, "a", &err), &err,
	    VT_EFORMAT);
	free(path);
	vt_stamp_free(stamp);
	vt_stamp_kit_free(kit);
}

static void
limits_hold(void **state)
{
	struct vt_stamp_style style = { .size = 3.9 };
	struct fixture *f = *state;
	struct vt_stamp *stamp;
	struct vt_error err = { 0 };
	char text[VT_STAMP_TEXT_MAX + 2];
	int i;

	assert_vt_error(vt_stamp_new(f->kit, -1, 10, &stamp, &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_stamp_new(f->kit, NAN, 10, &stamp, &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_stamp_turn(f->stamp, 45, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_stamp_text(f->stamp, &style, 0, 0, "a", &err), &err,
	    VT_EARG);
	vt_error_clear(&err);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_vt_error(vt_stamp_text(f->stamp, &plain, 0, 0, text, &err), &err,
	    VT_ELIMIT);
	vt_error_clear(&err);
	for (i = 0; i < VT_STAMP_OPS_MAX; i++)
		assert_vt_ok(vt_stamp_line(f->stamp, 0, 0, 1, 1, 1, 0, &err),
		    &err);
	assert_vt_error(vt_stamp_line(f->stamp, 0, 0, 1, 1, 1, 0, &err), &err,
	    VT_ELIMIT);
	stamp_to_file(f->stamp, f->pdf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(vietnamese_is_read_back, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    decomposed_text_gives_the_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(shared_glyphs_are_read_apart,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(others_find_no_fault, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(what_is_not_seen_is_refused,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(text_is_broken_to_fit, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(lines_end_where_they_should,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_missing_is_named, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(limits_hold, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
