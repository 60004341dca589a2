/* stamp_png.c - PNG images (ISO/IEC 15948) as a document takes them */
#include <stdlib.h>
#include <string.h>

#include "stamp_int.h"
#include "vanthu/file.h"
#include "vanthu/pdf.h"

#define CLAUSE "ISO/IEC 15948"
#define INCH 39.3700787    /* of a metre */
#define SCALE_MAX 1000000u /* pixels a metre that can be meant */

static uint32_t
word_at(struct vt_bytes b, size_t off)
{
	const unsigned char *p = b.data + off;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static int
damaged(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, CLAUSE,
	    "the image is a damaged PNG");
}

/* Size (11.2.2) before anything is decoded, so before memory is taken. */
static int
read_size(struct vt_bytes png, struct vt_stamp_image *image,
    struct vt_error *err)
{
	if (png.len < 8 || memcmp(png.data, "\x89PNG\r\n\x1a\n", 8) != 0)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "the image is not a PNG");
	if (png.len < 33 || word_at(png, 8) != 13 ||
	    memcmp(png.data + 12, "IHDR", 4) != 0 || word_at(png, 16) == 0 ||
	    word_at(png, 20) == 0)
		return damaged(err);
	if (word_at(png, 16) > VT_STAMP_PIXELS_MAX / word_at(png, 20))
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the image has %u by %u pixels, more than %u in all: "
		    "600 a printed inch are enough",
		    (unsigned)word_at(png, 16), (unsigned)word_at(png, 20),
		    VT_STAMP_PIXELS_MAX);
	image->width = word_at(png, 16);
	image->height = word_at(png, 20);
	return VT_OK;
}

/* pHYs (11.3.4.3), where it stands before the first IDAT and says metres. */
static void
read_scale(struct vt_bytes png, struct vt_stamp_image *image)
{
	size_t off = 8, n, i;
	uint32_t len, x, y;

	for (i = 0; i < VT_STAMP_CHUNKS_MAX && png.len - off >= 12;
	     i++, off += n) {
		len = word_at(png, off);
		if (len > png.len - off - 12)
			return;
		n = (size_t)len + 12;
		if (memcmp(png.data + off + 4, "IDAT", 4) == 0)
			return;
		if (memcmp(png.data + off + 4, "pHYs", 4) != 0)
			continue;
		if (len != 9 || png.data[off + 16] != 1)
			return;
		x = word_at(png, off + 8);
		y = word_at(png, off + 12);
		if (x == 0 || y == 0 || x > SCALE_MAX || y > SCALE_MAX)
			return;
		image->points[0] = image->width * INCH * 72 / x;
		image->points[1] = image->height * INCH * 72 / y;
		return;
	}
}

/* Does a pixel show half?  Or else is one hidden? */
static void
look_at_alpha(const unsigned char *rgba, size_t n, bool *ret_half,
    bool *ret_hidden)
{
	size_t i;

	*ret_half = *ret_hidden = false;
	for (i = 0; i < n; i++) {
		if (rgba[4 * i + 3] == 0)
			*ret_hidden = true;
		else if (rgba[4 * i + 3] != 0xff)
			*ret_half = true;
	}
}

/* A soft mask's samples (8.9.5.1). */
static size_t
soft_mask(const unsigned char *rgba, const struct vt_stamp_image *image,
    unsigned char *out)
{
	size_t n = (size_t)image->width * image->height, i;

	for (i = 0; i < n; i++)
		out[i] = rgba[4 * i + 3];
	return n;
}

/* An explicit mask's (8.9.6.3): a bit hides. */
static size_t
hard_mask(const unsigned char *rgba, const struct vt_stamp_image *image,
    unsigned char *out)
{
	size_t w = image->width, h = image->height, row = (w + 7) / 8, x, y;

	memset(out, 0, row * h);
	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			if (rgba[4 * (y * w + x) + 3] < 0x80)
				out[y * row + x / 8] |=
				    (unsigned char)(0x80 >> x % 8);
	return row * h;
}

static int
pack(struct vt_stamp_image *image, unsigned char *rgba, struct vt_error *err)
{
	size_t n = (size_t)image->width * image->height, i, len;
	unsigned char *mask = NULL;
	bool half, hidden;
	int rc = VT_OK;

	look_at_alpha(rgba, n, &half, &hidden);
	if (half || hidden) {
		/* a row of bits is a whole number of bytes: at most a byte */
		if ((mask = malloc(n)) == NULL)
			return vt_error_nomem(err);
		len = hard_mask(rgba, image, mask);
		rc = vt_pdf_deflate(VT_BYTES(mask, len), &image->hard, err);
		if (rc == VT_OK && half) {
			len = soft_mask(rgba, image, mask);
			rc = vt_pdf_deflate(VT_BYTES(mask, len), &image->soft,
			    err);
		}
		free(mask);
	}
	if (rc != VT_OK)
		return rc;
	for (i = 1; i < n; i++)
		memmove(rgba + 3 * i, rgba + 4 * i, 3);
	return vt_pdf_deflate(VT_BYTES(rgba, 3 * n), &image->colour, err);
}

static int
decode(struct vt_stamp_kit *kit, struct vt_bytes png,
    struct vt_stamp_image *image, struct vt_error *err)
{
	png_image reader = { .version = PNG_IMAGE_VERSION };
	unsigned char *rgba = NULL;
	int rc;

	if (!kit->png.png_image_begin_read_from_memory(&reader, png.data,
		png.len))
		return damaged(err);
	if (reader.width != image->width || reader.height != image->height) {
		rc = damaged(err);
		goto out;
	}
	reader.format = PNG_FORMAT_RGBA;
	/* or else libpng takes 16 bits that say no gamma as linear light */
	reader.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
	if ((rgba = malloc(PNG_IMAGE_SIZE(reader))) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	rc = kit->png.png_image_finish_read(&reader, NULL, rgba, 0, NULL)
		 ? pack(image, rgba, err)
		 : damaged(err);
out:
	kit->png.png_image_free(&reader);
	free(rgba);
	return rc;
}

int
vt_stamp_image_read(struct vt_stamp_kit *kit, struct vt_bytes png,
    struct vt_stamp_image **ret, struct vt_error *err)
{
	struct vt_stamp_image *image;
	int rc;

	if (png.len > VT_STAMP_PNG_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the image has more than %u bytes", VT_STAMP_PNG_MAX);
	if ((image = calloc(1, sizeof(*image))) == NULL)
		return vt_error_nomem(err);
	vt_buf_init(&image->colour, 4 * VT_STAMP_PIXELS_MAX);
	vt_buf_init(&image->hard, 4 * VT_STAMP_PIXELS_MAX);
	vt_buf_init(&image->soft, 4 * VT_STAMP_PIXELS_MAX);
	if ((rc = read_size(png, image, err)) == VT_OK &&
	    (rc = vt_stamp_kit_png(kit, err)) == VT_OK) {
		read_scale(png, image);
		rc = decode(kit, png, image, err);
	}
	if (rc != VT_OK) {
		vt_stamp_image_free(image);
		return rc;
	}
	*ret = image;
	return VT_OK;
}

int
vt_stamp_image_open(struct vt_stamp_kit *kit, const char *path,
    struct vt_stamp_image **ret, struct vt_error *err)
{
	struct vt_buf png = { 0 };
	int rc;

	if ((rc = vt_file_read(path, VT_STAMP_PNG_MAX, &png, err)) == VT_OK &&
	    (rc = vt_stamp_image_read(kit, vt_buf_bytes(&png), ret, err)) !=
		VT_OK)
		vt_error_prefix(err, path);
	vt_buf_release(&png);
	return rc;
}

void
vt_stamp_image_free(struct vt_stamp_image *image)
{
	if (image == NULL)
		return;
	vt_buf_release(&image->colour);
	vt_buf_release(&image->hard);
	vt_buf_release(&image->soft);
	free(image);
}

void
vt_stamp_image_pixels(const struct vt_stamp_image *image, unsigned *ret_width,
    unsigned *ret_height)
{
	*ret_width = image->width;
	*ret_height = image->height;
}

bool
vt_stamp_image_size(const struct vt_stamp_image *image, double *ret_width,
    double *ret_height)
{
	if (image->points[0] <= 0)
		return false;
	*ret_width = image->points[0];
	*ret_height = image->points[1];
	return true;
}

/* --- in a document (ISO 32000-2, 8.9.5) --- */

int
vt_stamp_image_put(const struct vt_stamp_image *image, bool opaque,
    struct vt_pdf_update *up, struct vt_pdf_ref *ret, struct vt_error *err)
{
	bool soft = image->soft.len > 0 && !opaque;
	const struct vt_buf *data = soft ? &image->soft : &image->hard;
	struct vt_pdf_ref mask = { 0, 0 };
	char keys[512], of_mask[48] = "";
	int rc;

	if (data->len > 0) {
		snprintf(keys, sizeof(keys),
		    "/Type/XObject/Subtype/Image/Width %u/Height %u%s",
		    image->width, image->height,
		    soft ? "/ColorSpace/DeviceGray/BitsPerComponent 8"
			 : "/ImageMask true/BitsPerComponent 1");
		if ((rc = vt_pdf_update_alloc(up, &mask, err)) != VT_OK ||
		    (rc = vt_stamp_stream_put(up, mask, keys,
			 vt_buf_bytes(data), err)) != VT_OK)
			return rc;
		snprintf(of_mask, sizeof(of_mask), "/%s %u %u R",
		    soft ? "SMask" : "Mask", mask.num, mask.gen);
	}
	snprintf(keys, sizeof(keys),
	    "/Type/XObject/Subtype/Image/Width %u/Height %u"
	    "/ColorSpace" STAMP_COLOURS "/BitsPerComponent 8%s",
	    image->width, image->height, of_mask);
	if ((rc = vt_pdf_update_alloc(up, ret, err)) != VT_OK)
		return rc;
	return vt_stamp_stream_put(up, *ret, keys, vt_buf_bytes(&image->colour),
	    err);
}
