/* test_picture.h - what poppler and mupdf show of page 1 */
#ifndef VANTHU_TEST_PICTURE_H
#define VANTHU_TEST_PICTURE_H

#include "test_run.h"
#include "test_util.h"

#include <png.h>

#include "vanthu/file.h"

struct picture {
	unsigned width, height;
	unsigned char *rgb;
};

static inline struct picture
picture_of(struct vt_bytes png)
{
	png_image reader = { .version = PNG_IMAGE_VERSION };
	struct picture p;

	if (!png_image_begin_read_from_memory(&reader, png.data, png.len))
		fail_msg("%s", reader.message);
	reader.format = PNG_FORMAT_RGB;
	p.width = reader.width;
	p.height = reader.height;
	p.rgb = malloc(PNG_IMAGE_SIZE(reader));
	assert_non_null(p.rgb);
	if (!png_image_finish_read(&reader, NULL, p.rgb, 0, NULL))
		fail_msg("%s", reader.message);
	return p;
}

static inline struct picture
picture_file(const char *path)
{
	struct picture p;
	struct vt_buf png;

	test_read(path, &png);
	p = picture_of(vt_buf_bytes(&png));
	vt_buf_release(&png);
	assert_int_equal(unlink(path), 0);
	return p;
}

static inline struct picture
by_poppler(const char *dir, const char *pdf, const char *dpi)
{
	char *root = vt_path_join(dir, "p"), *png;
	const char *const argv[] = { "pdftoppm", "-r", dpi, "-png",
		"-singlefile", pdf, root, NULL };
	struct picture p;

	run(argv, NULL);
	png = vt_path_join(dir, "p.png");
	p = picture_file(png);
	free(root);
	free(png);
	return p;
}

static inline struct picture
by_mupdf(const char *dir, const char *pdf, const char *dpi)
{
	char *png = vt_path_join(dir, "m.png");
	const char *const argv[] = { "mutool", "draw", "-q", "-r", dpi, "-o",
		png, pdf, "1", NULL };
	struct picture p;

	run(argv, NULL);
	p = picture_file(png);
	free(png);
	return p;
}

/* The mean of one colour over a cell; beyond the edge is white. */
static inline int
cell(const struct picture *p, unsigned size, unsigned cx, unsigned cy,
    unsigned colour)
{
	unsigned x, y, sum = 0;

	for (y = cy * size; y < (cy + 1) * size; y++)
		for (x = cx * size; x < (cx + 1) * size; x++)
			sum += x < p->width && y < p->height
				   ? p->rgb[3 * (y * p->width + x) + colour]
				   : 255;
	return (int)(sum / (size * size));
}

/* How far pictures of one size are apart, of 255, in cells of SIZE pixels. */
struct apart {
	int most;
	double mean;
	unsigned ink; /* cells that are dark in the first */
};

static inline struct apart
apart(const struct picture *a, const struct picture *b, unsigned size)
{
	struct apart ret = { 0, 0, 0 };
	unsigned x, y, c, n = 0;
	long sum = 0;
	int far;

	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (y = 0; y < a->height / size; y++)
		for (x = 0; x < a->width / size; x++)
			for (c = 0; c < 3; c++, n++) {
				far = abs(cell(a, size, x, y, c) -
					  cell(b, size, x, y, c));
				if (far > ret.most)
					ret.most = far;
				sum += far;
				if (cell(a, size, x, y, c) < 192)
					ret.ink++;
			}
	ret.mean = (double)sum / n;
	return ret;
}

/*
 * A and B look the same: no cell is more than WORST apart, nor all of them by
 * more than a tenth of that, and there is something to see.
 */
static inline void
same(const char *what, const struct picture *a, const struct picture *b,
    unsigned size, int worst)
{
	struct apart is = apart(a, b, size);

	print_message("%s: worst cell %d, mean %.2f, ink %u\n", what, is.most,
	    is.mean, is.ink);
	assert_true(is.ink > 10);
	assert_true(is.most <= worst);
	assert_true(is.mean <= worst / 10.0);
}

#endif
