/* test_stamp_png.c - PNG images of all kinds, and what is none */
#include "test_stamp_kit.h"

#include <png.h>

#define SIDE 16  /* pixels of a test image */
#define SHOWN 72 /* of the page that shows it */

/* --- images: four quarters, the last one hidden where there is alpha --- */

struct kind {
	int type, depth;
	bool interlaced;
	bool hidden; /* tRNS, or alpha, hides the last quarter */
	bool half;   /* the third is half hidden */
};

static void
append(png_structp png, png_bytep data, png_size_t len)
{
	assert_int_equal(vt_buf_put(png_get_io_ptr(png), data, len), VT_OK);
}

/* The quarter's colour, as a row of this kind has it; one byte a sample. */
static size_t
sample(const struct kind *k, unsigned q, unsigned char *out)
{
	static const unsigned char rgb[4][3] = { { 255, 0, 0 }, { 0, 255, 0 },
		{ 0, 0, 255 }, { 255, 255, 0 } };
	static const unsigned char gray[4] = { 0, 85, 170, 255 };
	unsigned char alpha = 255;
	size_t n = 0;

	if (k->hidden && q == 3)
		alpha = 0;
	else if (k->half && q == 2)
		alpha = 128;
	if (k->type == PNG_COLOR_TYPE_PALETTE) {
		out[n++] = (unsigned char)q;
	} else if (k->type & PNG_COLOR_MASK_COLOR) {
		memcpy(out, rgb[q], 3);
		n = 3;
	} else {
		out[n++] = k->depth < 8
			       ? (unsigned char)(gray[q] >> (8 - k->depth))
			       : gray[q];
	}
	if (k->type & PNG_COLOR_MASK_ALPHA)
		out[n++] = alpha;
	return n;
}

static void
fill_row(const struct kind *k, unsigned y, unsigned char *row)
{
	unsigned char s[4];
	size_t n, i, at = 0;
	unsigned x;

	memset(row, 0, SIDE * 8);
	for (x = 0; x < SIDE; x++) {
		n = sample(k, (x >= SIDE / 2) + 2 * (y >= SIDE / 2), s);
		for (i = 0; i < n; i++, at += (size_t)k->depth) {
			if (k->depth == 16)
				row[at / 8] = row[at / 8 + 1] = s[i];
			else
				row[at / 8] |=
				    (unsigned char)(s[i] << (8 - k->depth -
							     (int)(at % 8)));
		}
	}
}

/* PER_METRE 0: without pHYs. */
static void
make_png(const struct kind *k, unsigned per_metre, int unit, struct vt_buf *ret)
{
	png_color palette[4] = { { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 },
		{ 255, 255, 0 } };
	png_byte trans[4] = { 255, 255, k->half ? 128 : 255, 0 };
	unsigned char rows[SIDE][SIDE * 8];
	png_bytep at[SIDE];
	png_structp png;
	png_infop info;
	unsigned y;

	vt_buf_init(ret, 1 << 20);
	png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	info = png_create_info_struct(png);
	if (setjmp(png_jmpbuf(png)))
		fail_msg("libpng cannot write");
	png_set_write_fn(png, ret, append, NULL);
	png_set_IHDR(png, info, SIDE, SIDE, k->depth, k->type,
	    k->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (k->type == PNG_COLOR_TYPE_PALETTE) {
		png_set_PLTE(png, info, palette, 4);
		if (k->hidden)
			png_set_tRNS(png, info, trans, 4, NULL);
	}
	if (per_metre != 0)
		png_set_pHYs(png, info, per_metre, per_metre, unit);
	png_write_info(png, info);
	for (y = 0; y < SIDE; y++) {
		fill_row(k, y, rows[y]);
		at[y] = rows[y];
	}
	png_write_image(png, at);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}

/* The colour in the middle of quarter Q of the page in PDF. */
static void
shown(unsigned q, unsigned char ret[3])
{
	char *root = vt_path_join(dir, "p"), *path = vt_path_join(dir, "p.png");
	const char *const argv[] = { "pdftoppm", "-r", "72", "-png",
		"-singlefile", pdf, root, NULL };
	png_image reader = { .version = PNG_IMAGE_VERSION };
	unsigned char *rgb;
	unsigned x, y;

	run(argv, NULL);
	assert_true(png_image_begin_read_from_file(&reader, path));
	reader.format = PNG_FORMAT_RGB;
	assert_int_equal(reader.width, SHOWN);
	rgb = malloc(PNG_IMAGE_SIZE(reader));
	assert_non_null(rgb);
	assert_true(png_image_finish_read(&reader, NULL, rgb, 0, NULL));
	x = SHOWN / 4 + (q % 2) * SHOWN / 2;
	y = SHOWN / 4 + (q / 2) * SHOWN / 2;
	memcpy(ret, rgb + 3 * (y * SHOWN + x), 3);
	free(rgb);
	assert_int_equal(unlink(path), 0);
	free(root);
	free(path);
}

static void
write_image(struct vt_bytes png)
{
	struct vt_stamp_image *image = NULL;
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };
	unsigned w, h;

	assert_vt_ok(vt_stamp_image_read(kit, png, &image, &err), &err);
	vt_stamp_image_pixels(image, &w, &h);
	assert_int_equal(w, SIDE);
	assert_int_equal(h, SIDE);
	assert_vt_ok(vt_stamp_new(kit, SHOWN, SHOWN, &stamp, &err), &err);
	assert_vt_ok(vt_stamp_image(stamp, image,
			 (struct vt_stamp_box){ 0, 0, SHOWN, SHOWN }, &err),
	    &err);
	stamp_to_page(stamp, (struct test_page){ SHOWN, SHOWN, 0 }, 0, 0, pdf);
	vt_stamp_free(stamp);
	vt_stamp_image_free(image);
}

/* Colours are what they should be, give or take CalRGB's gamma. */
static void
near(unsigned q, unsigned r, unsigned g, unsigned b)
{
	unsigned char c[3];

	shown(q, c);
	if (abs(c[0] - (int)r) > 6 || abs(c[1] - (int)g) > 6 ||
	    abs(c[2] - (int)b) > 6)
		fail_msg("quarter %u is %d %d %d, not %u %u %u", q, c[0], c[1],
		    c[2], r, g, b);
}

/* Is NAME a key in the file? */
static bool
has(const char *name)
{
	struct vt_buf b;
	bool found;

	test_read(pdf, &b);
	found = vt_bytes_find(vt_buf_bytes(&b), 0, name) != SIZE_MAX;
	vt_buf_release(&b);
	return found;
}

static void
every_kind_is_shown(void **state)
{
	static const struct kind kinds[] = {
		{ PNG_COLOR_TYPE_RGB, 8, false, false, false },
		{ PNG_COLOR_TYPE_RGB, 16, false, false, false },
		{ PNG_COLOR_TYPE_RGB, 8, true, false, false },
		{ PNG_COLOR_TYPE_RGBA, 8, false, true, true },
		{ PNG_COLOR_TYPE_RGBA, 8, false, true, false },
		{ PNG_COLOR_TYPE_RGBA, 8, false, false, false },
		{ PNG_COLOR_TYPE_RGBA, 16, true, true, true },
		{ PNG_COLOR_TYPE_PALETTE, 2, false, false, false },
		{ PNG_COLOR_TYPE_PALETTE, 8, true, true, true },
		{ PNG_COLOR_TYPE_GRAY, 2, false, false, false },
		{ PNG_COLOR_TYPE_GRAY, 8, false, false, false },
		{ PNG_COLOR_TYPE_GRAY, 16, true, false, false },
		{ PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, true, false },
		{ PNG_COLOR_TYPE_GRAY_ALPHA, 16, true, true, false },
	};
	const struct kind *k;
	struct vt_buf png;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		k = &kinds[i];
		print_message("type %d, depth %d%s%s%s\n", k->type, k->depth,
		    k->interlaced ? ", interlaced" : "",
		    k->hidden ? ", hidden" : "", k->half ? ", half" : "");
		make_png(k, 0, 0, &png);
		write_image(vt_buf_bytes(&png));
		vt_buf_release(&png);
		if (k->type & PNG_COLOR_MASK_COLOR) {
			near(0, 255, 0, 0);
			near(1, 0, 255, 0);
			near(2, k->half ? 127 : 0, k->half ? 127 : 0, 255);
			near(3, 255, 255, k->hidden ? 255 : 0);
		} else {
			near(0, 0, 0, 0);
			near(1, 85, 85, 85);
			near(2, 170, 170, 170);
			near(3, 255, 255, 255);
		}
		/* transparency is used only where a pixel needs it */
		assert_int_equal(has("/SMask"), k->half);
		assert_int_equal(has("/ImageMask"), k->hidden && !k->half);
		assert_int_equal(unlink(pdf), 0);
	}
}

static void
pdfa1_gets_no_transparency(void **state)
{
	const struct kind k = { PNG_COLOR_TYPE_RGBA, 8, false, true, true };
	struct vt_buf png;

	(void)state;
	vt_stamp_kit_opaque(kit, true);
	make_png(&k, 0, 0, &png);
	write_image(vt_buf_bytes(&png));
	vt_buf_release(&png);
	assert_false(has("/SMask"));
	assert_true(has("/ImageMask"));
	near(2, 0, 0, 255); /* half is whole */
	near(3, 255, 255, 255);
}

static void
actual_size_is_that_of_phys(void **state)
{
	static const struct {
		unsigned per_metre;
		int unit;
		bool known;
	} cases[] = {
		{ 11811, PNG_RESOLUTION_METER, true }, /* 300 an inch */
		{ 0, 0, false },
		{ 11811, PNG_RESOLUTION_UNKNOWN, false },
		{ 1000001, PNG_RESOLUTION_METER, false },
	};
	const struct kind k = { PNG_COLOR_TYPE_RGB, 8, false, false, false };
	struct vt_stamp_image *image = NULL;
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };
	struct vt_buf png;
	double w, h;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_png(&k, cases[i].per_metre, cases[i].unit, &png);
		assert_vt_ok(vt_stamp_image_read(kit, vt_buf_bytes(&png),
				 &image, &err),
		    &err);
		assert_int_equal(vt_stamp_image_size(image, &w, &h),
		    cases[i].known);
		if (cases[i].known) {
			assert_true(w > 3.839 && w < 3.841); /* 16 / 300 in */
			assert_true(h == w);
			assert_vt_ok(vt_stamp_agency(kit, image, 0, &stamp,
					 &err),
			    &err);
		} else {
			assert_error_clause(vt_stamp_agency(kit, image, 0,
						&stamp, &err),
			    &err, VT_EREFUSED, "NĐ 30/2020, Annex I, II.8a");
			vt_error_clear(&err);
			assert_vt_ok(vt_stamp_agency(kit, image, 36, &stamp,
					 &err),
			    &err);
			assert_true(vt_stamp_width(stamp) == 36 * VT_STAMP_MM);
		}
		vt_stamp_free(stamp);
		assert_vt_error(vt_stamp_agency(kit, image, 101, &stamp, &err),
		    &err, VT_ELIMIT);
		vt_error_clear(&err);
		vt_stamp_image_free(image);
		vt_buf_release(&png);
	}
}

/* A person's image fits its box and keeps its shape. */
static void
a_person_fits_the_box(void **state)
{
	const struct kind k = { PNG_COLOR_TYPE_RGB, 8, false, false, false };
	struct vt_stamp_image *image = NULL;
	struct vt_stamp *stamp = NULL;
	struct vt_error err = { 0 };
	struct vt_buf png;

	(void)state;
	make_png(&k, 0, 0, &png);
	assert_vt_ok(vt_stamp_image_read(kit, vt_buf_bytes(&png), &image, &err),
	    &err);
	assert_vt_ok(vt_stamp_person(kit, image, 120, 50, &stamp, &err), &err);
	assert_true(vt_stamp_width(stamp) == 50);
	assert_true(vt_stamp_height(stamp) == 50);
	vt_stamp_free(stamp);
	vt_stamp_image_free(image);
	vt_buf_release(&png);
	make_png(&k, 2835, PNG_RESOLUTION_METER, &png); /* a pixel, a point */
	assert_vt_ok(vt_stamp_image_read(kit, vt_buf_bytes(&png), &image, &err),
	    &err);
	assert_vt_ok(vt_stamp_person(kit, image, 120, 50, &stamp, &err), &err);
	assert_true(vt_stamp_width(stamp) > 15.99);
	assert_true(vt_stamp_width(stamp) < 16.01);
	vt_stamp_free(stamp);
	vt_stamp_image_free(image);
	vt_buf_release(&png);
}

static int
read_copy(const struct vt_buf *png, size_t len, struct vt_error *err)
{
	struct vt_stamp_image *image = NULL;
	unsigned char *copy = malloc(len + 1); /* exactly as long: for ASan */
	int rc;

	assert_non_null(copy);
	memcpy(copy, png->data, len);
	rc = vt_stamp_image_read(kit, VT_BYTES(copy, len), &image, err);
	vt_stamp_image_free(image);
	free(copy);
	return rc;
}

static void
hostile_images_are_refused(void **state)
{
	const struct kind k = { PNG_COLOR_TYPE_RGBA, 8, true, true, true };
	struct vt_error err = { 0 };
	struct vt_buf png;
	size_t i, idat;
	unsigned char was;

	(void)state;
	make_png(&k, 11811, PNG_RESOLUTION_METER, &png);
	idat = vt_bytes_find(vt_buf_bytes(&png), 0, "IDAT");
	for (i = 0; i < png.len - 16; i++) { /* the last: IDAT's CRC, IEND */
		vt_error_clear(&err);
		assert_vt_error(read_copy(&png, i, &err), &err, VT_EFORMAT);
	}
	for (i = idat + 4; i < png.len - 16; i++) { /* the CRC tells */
		vt_error_clear(&err);
		was = png.data[i];
		png.data[i] ^= 0x10;
		assert_vt_error(read_copy(&png, png.len, &err), &err,
		    VT_EFORMAT);
		png.data[i] = was;
	}
	for (i = 0; i < png.len; i++) { /* whatever it is, it ends well */
		was = png.data[i];
		png.data[i] ^= 0xff;
		(void)read_copy(&png, png.len, NULL);
		png.data[i] = was;
	}
	vt_error_clear(&err);
	memcpy(png.data + 16, "\0\x01\0\0\0\x01\0\0", 8); /* 65536 squared */
	assert_vt_error(read_copy(&png, png.len, &err), &err, VT_ELIMIT);
	vt_error_clear(&err);
	memcpy(png.data + 16, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	assert_vt_error(read_copy(&png, png.len, &err), &err, VT_ELIMIT);
	vt_error_clear(&err);
	memcpy(png.data + 16, "\0\0\0\0\0\0\0\x01", 8);
	assert_vt_error(read_copy(&png, png.len, &err), &err, VT_EFORMAT);
	vt_error_clear(&err);
	memcpy(png.data, "\xff\xd8\xff\xe0", 4); /* JPEG */
	assert_vt_error(read_copy(&png, png.len, &err), &err, VT_EFORMAT);
	assert_error_text(&err, "not a PNG");
	vt_buf_release(&png);
}

/* The size that IHDR claims is looked at first. */
static void
pixels_are_counted(void **state)
{
	struct vt_error err = { 0 };
	struct vt_buf png;
	unsigned width = 1u << 11, height = VT_STAMP_PIXELS_MAX / width, more;
	int rc;

	(void)state;
	for (more = 0; more < 2; more++) {
		make_png(&(struct kind){ PNG_COLOR_TYPE_RGB, 8, false, false,
			     false },
		    0, 0, &png);
		png.data[18] = (unsigned char)(width >> 8);
		png.data[19] = 0;
		png.data[22] = (unsigned char)((height + more) >> 8);
		png.data[23] = (unsigned char)(height + more);
		memset(&err, 0, sizeof(err));
		rc = read_copy(&png, png.len, &err);
		/* within it, it is only not what was written */
		assert_vt_error(rc, &err, more == 0 ? VT_EFORMAT : VT_ELIMIT);
		vt_buf_release(&png);
	}
}

/* N chunks of LEN bytes that say nothing, behind IHDR. */
static void
put_chunks(struct vt_buf *png, size_t n, size_t len)
{
	enum { BEHIND = 33 };
	unsigned char *zeros = calloc(1, len + 1);
	png_structp writer;
	struct vt_buf all;
	size_t i;

	assert_non_null(zeros);
	vt_buf_init(&all, png->max);
	vt_buf_put(&all, png->data, BEHIND);
	writer =
	    png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	if (setjmp(png_jmpbuf(writer)))
		fail_msg("libpng cannot write");
	png_set_write_fn(writer, &all, append, NULL);
	for (i = 0; i < n; i++)
		png_write_chunk(writer, (png_const_bytep) "voId", zeros, len);
	png_destroy_write_struct(&writer, NULL);
	assert_int_equal(vt_buf_put(&all, png->data + BEHIND,
			     png->len - BEHIND),
	    VT_OK);
	vt_buf_release(png);
	*png = all;
	free(zeros);
}

/* A PNG with as many bytes as said: one chunk has the rest. */
static void
bytes_are_counted(void **state)
{
	const struct kind k = { PNG_COLOR_TYPE_RGB, 8, false, false, false };
	char *path = vt_path_join(dir, "x.png");
	struct vt_stamp_image *image = NULL;
	struct vt_error err = { 0 };
	struct vt_buf png;
	size_t n;
	int rc;

	(void)state;
	for (n = VT_STAMP_PNG_MAX; n <= VT_STAMP_PNG_MAX + 1; n++) {
		make_png(&k, 0, 0, &png);
		png.max = n;
		put_chunks(&png, 1, n - png.len - 12);
		assert_int_equal(png.len, n);
		assert_vt_ok(vt_file_write(path, vt_buf_bytes(&png), &err),
		    &err);
		rc = read_copy(&png, n, &err);
		if (n == VT_STAMP_PNG_MAX) {
			assert_vt_ok(rc, &err);
			assert_vt_ok(vt_stamp_image_open(kit, path, &image,
					 &err),
			    &err);
			vt_stamp_image_free(image);
			assert_int_equal(unlink(path), 0);
		} else {
			assert_vt_error(rc, &err, VT_ELIMIT);
			vt_error_clear(&err);
			assert_vt_error(vt_stamp_image_open(kit, path, &image,
					    &err),
			    &err, VT_ELIMIT);
		}
		vt_buf_release(&png);
	}
	free(path);
}

/* Behind so many chunks the scale is not looked for: the seal has none. */
static void
chunks_are_counted(void **state)
{
	const struct kind k = { PNG_COLOR_TYPE_RGB, 8, false, false, false };
	struct vt_stamp_image *image = NULL;
	struct vt_error err = { 0 };
	struct vt_buf png;
	size_t more;
	double w, h;

	(void)state;
	for (more = 0; more < 2; more++) {
		make_png(&k, 11811, PNG_RESOLUTION_METER, &png);
		/* IHDR is before them, pHYs behind */
		put_chunks(&png, VT_STAMP_CHUNKS_MAX - 2 + more, 0);
		assert_vt_ok(vt_stamp_image_read(kit, vt_buf_bytes(&png),
				 &image, &err),
		    &err);
		assert_int_equal(vt_stamp_image_size(image, &w, &h), more == 0);
		vt_stamp_image_free(image);
		vt_buf_release(&png);
	}
}

static void
a_file_is_named(void **state)
{
	char *path = vt_path_join(dir, "x.png");
	struct vt_stamp_image *image = NULL;
	struct vt_error err = { 0 };

	(void)state;
	assert_vt_error(vt_stamp_image_open(kit, path, &image, &err), &err,
	    VT_EIO);
	vt_error_clear(&err);
	assert_vt_ok(vt_file_write(path, VT_BYTES_LIT("GIF89a"), &err), &err);
	assert_vt_error(vt_stamp_image_open(kit, path, &image, &err), &err,
	    VT_EFORMAT);
	assert_error_text(&err, "x.png: ");
	assert_null(image);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_kind_is_shown, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(pdfa1_gets_no_transparency,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(actual_size_is_that_of_phys,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_fits_the_box, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(hostile_images_are_refused,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(pixels_are_counted, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(bytes_are_counted, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(chunks_are_counted, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(a_file_is_named, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
