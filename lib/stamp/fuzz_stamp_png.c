/* fuzz_stamp_png.c - any bytes as the image of a signature */
#include "fuzz.h"
#include "vanthu/stamp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_stamp_image *image = NULL;
	struct vt_stamp_kit *kit = NULL;
	struct vt_error err = { 0 };
	unsigned width, height;
	double w, h;

	if (vt_stamp_kit_new(NULL, &kit, &err) != VT_OK)
		return 0;
	if (fuzz_rc(vt_stamp_image_read(kit, VT_BYTES(data, size), &image,
			&err),
		&err) == VT_OK) {
		vt_stamp_image_pixels(image, &width, &height);
		FUZZ_PROMISE(width > 0 && height > 0);
		FUZZ_PROMISE(width <= VT_STAMP_PIXELS_MAX / height);
		if (vt_stamp_image_size(image, &w, &h))
			FUZZ_PROMISE(w > 0 && h > 0);
		vt_stamp_image_free(image);
	}
	vt_stamp_kit_free(kit);
	return 0;
}
