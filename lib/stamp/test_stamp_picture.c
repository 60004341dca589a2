/*
 * test_stamp_picture.c - what poppler and mupdf show of each look
 *
 * With a folder in VANTHU_GOLDEN the pictures are made anew there, to be looked
 * at before they take the place of those in testdata.
 */
#include "test_picture.h"
#include "test_stamp.h"

#include <math.h>

#define WHEN INT64_C(1795400130) /* 2026-11-23T09:15:30+07:00 */
#define DPI "150"
#define CELL                                                                   \
	6 /* pixels, a millimetre: programs smooth edges each its own way */

struct fixture {
	struct vt_stamp_kit *kit;
	struct vt_stamp_image *person, *seal;
	char *dir, *pdf;
};

static struct vt_stamp_image *
image_of(struct vt_stamp_kit *kit, const char *name)
{
	struct vt_stamp_image *image = NULL;
	struct vt_error err = { 0 };
	struct vt_buf png;

	test_read_data(name, &png);
	assert_vt_ok(vt_stamp_image_read(kit, vt_buf_bytes(&png), &image, &err),
	    &err);
	vt_buf_release(&png);
	return image;
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct vt_error err = { 0 };

	assert_non_null(f);
	assert_vt_ok(vt_stamp_kit_new(NULL, &f->kit, &err), &err);
	f->person = image_of(f->kit, "stamp/person.png");
	f->seal = image_of(f->kit, "stamp/seal.png");
	f->dir = test_dir_new();
	f->pdf = vt_path_join(f->dir, "a.pdf");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vt_stamp_image_free(f->person);
	vt_stamp_image_free(f->seal);
	vt_stamp_kit_free(f->kit);
	test_dir_free(f->dir);
	free(f->pdf);
	free(f);
	return 0;
}

/* --- the looks that have a picture --- */

static int
make_person(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_person(f->kit, f->person, 120, 60, ret, err);
}

static int
make_agency(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_agency(f->kit, f->seal, 0, ret, err);
}

static int
make_number(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_number(f->kit, 5, "QĐ-UBND", NULL, ret, err);
}

static int
make_date(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_date(f->kit, (struct vt_date){ 2020, 1, 5 },
	    VT_STAMP_DATE, NULL, ret, err);
}

static int
make_attachment(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_attachment(f->kit, "05/QĐ-UBND", WHEN, 300, ret, err);
}

static int
make_copy(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	return vt_stamp_copy(f->kit, VT_STAMP_SAO_Y,
	    "Ủy ban nhân dân tỉnh Quảng Ngãi", WHEN, 200, ret, err);
}

static int
make_incoming(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	const struct vt_stamp_arrival a = {
		.agency = "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
		.number = "1234",
		.date = { 2026, 11, 23 },
		.to = "Văn phòng",
		.file = "01.TCCB",
		.colour = 0xd00000
	};

	return vt_stamp_incoming(f->kit, &a, ret, err);
}

static int
make_comment(struct fixture *f, struct vt_stamp **ret, struct vt_error *err)
{
	const struct vt_stamp_remark r = { .name = "Phó Chánh Văn phòng",
		.text = "Đồng ý. Giao Sở Nội vụ chủ trì, phối hợp với các đơn "
			"vị liên quan.\nBáo cáo trước ngày 30.",
		.when = WHEN,
		.colour = 0x0000c0 };

	return vt_stamp_comment(f->kit, &r, 200, 300, ret, err);
}

static const struct {
	const char *golden;
	int (*make)(struct fixture *f, struct vt_stamp **ret,
	    struct vt_error *err);
} looks[] = {
	{ "stamp/look-person.png", make_person },
	{ "stamp/look-agency.png", make_agency },
	{ "stamp/look-number.png", make_number },
	{ "stamp/look-date.png", make_date },
	{ "stamp/look-attachment.png", make_attachment },
	{ "stamp/look-copy.png", make_copy },
	{ "stamp/look-incoming.png", make_incoming },
	{ "stamp/look-comment.png", make_comment },
};

#define NLOOKS (sizeof(looks) / sizeof(looks[0]))

/* --- pictures --- */

/* A page's side: whole pixels, and so the same in every program. */
static double
whole(double side)
{
	return ceil(side / 12) * 12;
}

/* The look alone, at the lower left of a page as seen, turned by ROTATE. */
static void
make(struct fixture *f, size_t i, int rotate)
{
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };
	struct test_page page;
	double w, h, x = 0, y = 0;

	assert_vt_ok(looks[i].make(f, &stamp, &err), &err);
	w = vt_stamp_width(stamp);
	h = vt_stamp_height(stamp);
	page = (struct test_page){ whole(w), whole(h), rotate };
	if (rotate % 180 != 0) {
		page.width = whole(h);
		page.height = whole(w);
	}
	if (rotate == 90)
		x = page.width - h;
	else if (rotate == 180)
		x = page.width - w;
	if (rotate == 180)
		y = page.height - h;
	else if (rotate == 270)
		y = page.height - w;
	stamp_to_page(stamp, page, x, y, f->pdf);
	vt_stamp_free(stamp);
}

/* Keep poppler's picture of the look. */
static void
keep(struct fixture *f, size_t i, const char *folder)
{
	char *path = vt_path_join(folder, strchr(looks[i].golden, '/') + 1);
	char *root = strndup(path, strlen(path) - strlen(".png"));
	const char *const argv[] = { "pdftoppm", "-r", DPI, "-png",
		"-singlefile", f->pdf, root, NULL };

	run(argv, NULL);
	free(root);
	free(path);
}

static void
looks_are_golden(void **state)
{
	const char *folder = getenv("VANTHU_GOLDEN");
	struct picture poppler, mupdf, golden;
	struct fixture *f = *state;
	struct vt_buf png;
	size_t i;

	for (i = 0; i < NLOOKS; i++) {
		make(f, i, 0);
		if (folder != NULL) {
			keep(f, i, folder);
			assert_int_equal(unlink(f->pdf), 0);
			continue;
		}
		poppler = by_poppler(f->dir, f->pdf, DPI);
		mupdf = by_mupdf(f->dir, f->pdf, DPI);
		test_read_data(looks[i].golden, &png);
		golden = picture_of(vt_buf_bytes(&png));
		print_message("%s\n", looks[i].golden);
		same("poppler and golden", &poppler, &golden, CELL, 30);
		same("poppler and mupdf", &poppler, &mupdf, CELL, 80);
		free(poppler.rgb);
		free(mupdf.rgb);
		free(golden.rgb);
		vt_buf_release(&png);
		assert_int_equal(unlink(f->pdf), 0);
	}
}

static void
turned_pages_show_it_upright(void **state)
{
	static const int turns[] = { 90, 180, 270 };
	struct picture upright, turned;
	struct fixture *f = *state;
	size_t i, k;

	for (i = 0; i < NLOOKS; i++) {
		make(f, i, 0);
		upright = by_poppler(f->dir, f->pdf, DPI);
		assert_int_equal(unlink(f->pdf), 0);
		for (k = 0; k < 3; k++) {
			make(f, i, turns[k]);
			print_message("%s, %d\n", looks[i].golden, turns[k]);
			turned = by_poppler(f->dir, f->pdf, DPI);
			same("poppler", &upright, &turned, CELL, 80);
			free(turned.rgb);
			turned = by_mupdf(f->dir, f->pdf, DPI);
			same("mupdf", &upright, &turned, CELL, 80);
			free(turned.rgb);
			assert_int_equal(unlink(f->pdf), 0);
		}
		free(upright.rgb);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(looks_are_golden, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(turned_pages_show_it_upright,
		    setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
