/*
 * test_sign_page.c - a page that leader, agency and a third office have signed,
 * as poppler and mupdf show it
 *
 * With a folder in VANTHU_GOLDEN the pictures are made anew there, to be looked
 * at before they take the place of those in testdata.
 */
#include "test_picture.h"

#include "vanthu/key.h"
#include "vanthu/pdf.h"
#include "vanthu/pdf_page.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/stamp.h"
#include "vanthu/time.h"

#define WHEN INT64_C(1795400130) /* 2026-11-23T09:15:30+07:00 */
#define DPI "50"
#define CELL 3   /* pixels; a seal has 71 of them */
#define WORST 40 /* of 255: versions of one program, and of its fonts */
#define STEPS 3

/* Each smooths in its own way, and so has pictures of its own. */
static const struct {
	const char *name;
	struct picture (
	    *of)(const char *dir_, const char *pdf, const char *dpi);
} programs[] = { { "poppler", by_poppler }, { "mupdf", by_mupdf } };
#define NPROGRAMS 2

static struct vt_stamp_kit *kit;
static struct vt_stamp_image *person, *seal;
static char *dir, *paths[STEPS + 1];

static struct vt_stamp_image *
image_of(const char *name)
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

static void
sign_as(const char *who, struct vt_sign_options *opts, const char *from,
    const char *to)
{
	char *key, *cert, name[64];
	const char *pki = getenv("VANTHU_PKI");
	struct vt_sign_result res = { 0 };
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;

	assert_non_null(pki);
	snprintf(name, sizeof(name), "%s.key", who);
	key = vt_path_join(pki, name);
	snprintf(name, sizeof(name), "%s.crt", who);
	cert = vt_path_join(pki, name);
	assert_vt_ok(vt_key_pem(key, cert, NULL, NULL, &opts->signer, &err),
	    &err);
	opts->kit = kit;
	opts->at = WHEN;
	opts->person_signed = true;
	assert_vt_ok(vt_source_open(from, &src, &err), &err);
	assert_vt_ok(vt_out_open(to, &out, &err), &err);
	assert_vt_ok(vt_sign_source(src, opts, out, &res, &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	vt_source_free(src);
	vt_signer_free(opts->signer);
	free(key);
	free(cert);
}

static void
sign_as_agency(const char *to, const struct vt_sign_place *place)
{
	struct vt_sign_options opts = { .role = VT_SIGN_AGENCY,
		.image = seal,
		.words = { .code = "5/STNA-VP", .date = { 2026, 1, 5 } } };

	if (place != NULL)
		opts.place = *place;
	sign_as("agency", &opts, paths[1], to);
}

static int
setup(void **state)
{
	struct vt_sign_options leader = { .role = VT_SIGN_PERSON,
		.place = { .below = "GIÁM ĐỐC" } };
	struct vt_sign_options third = { .role = VT_SIGN_COMMENT,
		.words = { .text = "Đồng ý, chuyển Sở Tài chính" } };
	const char *data = getenv("VANTHU_TESTDATA");
	struct vt_error err = { 0 };
	char name[16];
	size_t i;

	(void)state;
	assert_non_null(data);
	assert_vt_ok(vt_stamp_kit_new(NULL, &kit, &err), &err);
	person = image_of("stamp/person.png");
	seal = image_of("stamp/seal.png");
	dir = test_dir_new();
	paths[0] = vt_path_join(data, "quickstart/cong-van.pdf");
	for (i = 1; i <= STEPS; i++) {
		snprintf(name, sizeof(name), "%zu.pdf", i);
		paths[i] = vt_path_join(dir, name);
	}
	leader.image = person;
	sign_as("officer-ec", &leader, paths[0], paths[1]);
	sign_as_agency(paths[2], NULL);
	sign_as("officer", &third, paths[2], paths[3]);
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i <= STEPS; i++)
		free(paths[i]);
	vt_stamp_image_free(person);
	vt_stamp_image_free(seal);
	vt_stamp_kit_free(kit);
	test_dir_free(dir);
	return 0;
}

/* sign/page-1-mupdf.png */
static struct picture
golden(size_t step, size_t program)
{
	struct picture ret;
	struct vt_buf png;
	char name[64];

	snprintf(name, sizeof(name), "sign/page-%zu-%s.png", step,
	    programs[program].name);
	test_read_data(name, &png);
	ret = picture_of(vt_buf_bytes(&png));
	vt_buf_release(&png);
	return ret;
}

static void
keep(const struct picture *p, size_t step, size_t program, const char *folder)
{
	png_image writer = { .version = PNG_IMAGE_VERSION,
		.width = p->width,
		.height = p->height,
		.format = PNG_FORMAT_RGB };
	char name[64], *path;

	snprintf(name, sizeof(name), "page-%zu-%s.png", step,
	    programs[program].name);
	path = vt_path_join(folder, name);
	assert_true(png_image_write_to_file(&writer, path, 0, p->rgb, 0, NULL));
	free(path);
}

static void
each_revision_looks_as_it_should(void **state)
{
	const char *folder = getenv("VANTHU_GOLDEN");
	struct picture p, kept;
	size_t i, k;

	(void)state;
	for (i = 1; i <= STEPS; i++)
		for (k = 0; k < NPROGRAMS; k++) {
			p = programs[k].of(dir, paths[i], DPI);
			if (folder != NULL) {
				keep(&p, i, k, folder);
			} else {
				kept = golden(i, k);
				print_message("revision %zu, ", i);
				same(programs[k].name, &p, &kept, CELL, WORST);
				free(kept.rgb);
			}
			free(p.rgb);
		}
}

/* A step's picture is none of the step before. */
static void
each_revision_shows_something(void **state)
{
	struct picture a, b;
	size_t i, k;

	(void)state;
	for (i = 1; i < STEPS; i++)
		for (k = 0; k < NPROGRAMS; k++) {
			a = golden(i, k);
			b = golden(i + 1, k);
			assert_true(apart(&a, &b, CELL).most > 2 * WORST);
			free(a.rgb);
			free(b.rgb);
		}
}

/* The seal elsewhere, by as little as two points, is not the same. */
static void
a_seal_that_is_moved_is_seen(void **state)
{
	static const struct {
		double x, y;
	} moves[] = { { 0, 0 }, { 2, 0 }, { -2, 0 }, { 0, 2 }, { 0, -2 } };
	struct vt_sign_place place = { .page = 1, .at = true };
	struct vt_source *src = NULL;
	struct picture moved, kept;
	struct vt_error err = { 0 };
	struct vt_pdf *pdf = NULL;
	struct vt_pdf_place at;
	struct apart is;
	char *path;
	size_t i, k;

	(void)state;
	assert_vt_ok(vt_source_open(paths[2], &src, &err), &err);
	assert_vt_ok(vt_pdf_open(src, VT_PDF_STRICT, &pdf, &err), &err);
	assert_vt_ok(vt_pdf_field_place(pdf, "vanthu-agency", &at, &err), &err);
	vt_pdf_free(pdf);
	vt_source_free(src);
	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		place.x = at.rect.x0 + moves[i].x;
		place.y = at.rect.y0 + moves[i].y;
		path = vt_path_join(dir, "moved.pdf");
		sign_as_agency(path, &place);
		for (k = 0; k < NPROGRAMS; k++) {
			kept = golden(2, k);
			moved = programs[k].of(dir, path, DPI);
			is = apart(&moved, &kept, CELL);
			print_message("moved by %g, %g: %s: worst cell %d\n",
			    moves[i].x, moves[i].y, programs[k].name, is.most);
			if (i == 0)
				assert_true(is.most <= WORST);
			else
				assert_true(is.most > WORST);
			free(moved.rgb);
			free(kept.rgb);
		}
		assert_int_equal(unlink(path), 0);
		free(path);
	}
}

/* What is seen can be read, copied and searched. */
static void
the_texts_can_be_read(void **state)
{
	static const char *const texts[] = { "05", "ngày 05 tháng 01 năm 2026",
		"Đồng ý, chuyển Sở Tài chính" };
	struct vt_buf out, line;
	size_t i, k;

	(void)state;
	run((const char *const[]){ "pdftotext", "-layout", "-nopgbrk", "-enc",
		"UTF-8", paths[3], "-", NULL },
	    &out);
	vt_buf_init(&line, TEST_FILE_MAX);
	for (k = 0; k < out.len; k++) /* of blanks one */
		if (out.data[k] != ' ' || k == 0 || out.data[k - 1] != ' ')
			assert_int_equal(vt_buf_putc(&line, out.data[k]),
			    VT_OK);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (vt_bytes_find(vt_buf_bytes(&line), 0, texts[i]) == SIZE_MAX)
			fail_msg("not there: %s", texts[i]);
	vt_buf_release(&line);
	vt_buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_revision_looks_as_it_should),
		cmocka_unit_test(each_revision_shows_something),
		cmocka_unit_test(a_seal_that_is_moved_is_seen),
		cmocka_unit_test(the_texts_can_be_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
