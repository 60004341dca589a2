/* stamp_canvas.c - the canvas, lines and images on it */
#include <math.h>
#include <stdlib.h>

#include "stamp_int.h"

static bool
side_is_good(double side)
{
	return side >= 0 && side <= VT_STAMP_SIDE_MAX;
}

int
vt_stamp_new(struct vt_stamp_kit *kit, double width, double height,
    struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp *stamp;
	int rc;

	if ((stamp = calloc(1, sizeof(*stamp))) == NULL)
		return vt_error_nomem(err);
	stamp->kit = kit;
	vt_buf_init(&stamp->text, VT_STAMP_TEXT_MAX);
	if ((rc = vt_stamp_resize(stamp, width, height, err)) != VT_OK) {
		vt_stamp_free(stamp);
		return rc;
	}
	*ret = stamp;
	return VT_OK;
}

void
vt_stamp_free(struct vt_stamp *stamp)
{
	size_t i;

	if (stamp == NULL)
		return;
	for (i = 0; i < STAMP_FACES; i++)
		free(stamp->slots[i].items);
	vt_buf_release(&stamp->text);
	free(stamp->glyphs);
	free(stamp->ops);
	free(stamp);
}

int
vt_stamp_resize(struct vt_stamp *stamp, double width, double height,
    struct vt_error *err)
{
	if (!side_is_good(width) || !side_is_good(height))
		return vt_error_set(err, VT_EARG, NULL,
		    "a stamp is at most %d points wide and high",
		    (int)VT_STAMP_SIDE_MAX);
	stamp->width = width;
	stamp->height = height;
	return VT_OK;
}

double
vt_stamp_width(const struct vt_stamp *stamp)
{
	return stamp->width;
}

double
vt_stamp_height(const struct vt_stamp *stamp)
{
	return stamp->height;
}

double
vt_stamp_baseline(const struct vt_stamp *stamp)
{
	double y = stamp->height;
	bool found = false;
	size_t i;

	for (i = 0; i < stamp->nops; i++)
		if (stamp->ops[i].kind == STAMP_TEXT &&
		    stamp->ops[i].box.y < y) {
			y = stamp->ops[i].box.y;
			found = true;
		}
	return found ? y : 0;
}

void
vt_stamp_move(struct vt_stamp *stamp, size_t first, double dx, double dy)
{
	size_t i;

	for (i = first; i < stamp->nops; i++) {
		stamp->ops[i].box.x += dx;
		stamp->ops[i].box.y += dy;
	}
}

int
vt_stamp_turn(struct vt_stamp *stamp, int degrees, struct vt_error *err)
{
	if (degrees % 90 != 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "a page is turned by a multiple of 90 degrees");
	stamp->turned = (degrees % 360 + 360) % 360;
	return VT_OK;
}

int
vt_stamp_op_add(struct vt_stamp *stamp, struct stamp_op op,
    struct vt_error *err)
{
	struct stamp_op *ops;

	if (stamp->nops == VT_STAMP_OPS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d things on one stamp", VT_STAMP_OPS_MAX);
	/* doubles whenever its number is a power of two */
	if ((stamp->nops & (stamp->nops - 1)) == 0) {
		ops = realloc(stamp->ops,
		    (stamp->nops == 0 ? 1 : 2 * stamp->nops) * sizeof(*ops));
		if (ops == NULL)
			return vt_error_nomem(err);
		stamp->ops = ops;
	}
	stamp->ops[stamp->nops++] = op;
	return VT_OK;
}

int
vt_stamp_line(struct vt_stamp *stamp, double x1, double y1, double x2,
    double y2, double width, uint32_t colour, struct vt_error *err)
{
	return vt_stamp_op_add(stamp,
	    (struct stamp_op){ .kind = STAMP_LINE,
		.colour = colour,
		.box = { x1, y1, x2 - x1, y2 - y1 },
		.size = width },
	    err);
}

int
vt_stamp_frame(struct vt_stamp *stamp, struct vt_stamp_box box, double width,
    uint32_t colour, struct vt_error *err)
{
	return vt_stamp_op_add(stamp,
	    (struct stamp_op){ .kind = STAMP_FRAME,
		.colour = colour,
		.box = box,
		.size = width },
	    err);
}

int
vt_stamp_image(struct vt_stamp *stamp, const struct vt_stamp_image *image,
    struct vt_stamp_box box, struct vt_error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < stamp->nimages; i++)
		if (stamp->images[i] == image)
			break;
	if (i == VT_STAMP_IMAGES_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "more than %d images on one stamp", VT_STAMP_IMAGES_MAX);
	rc = vt_stamp_op_add(stamp,
	    (struct stamp_op){ .kind = STAMP_IMAGE, .box = box, .image = i },
	    err);
	if (rc != VT_OK)
		return rc;
	stamp->images[i] = image;
	if (i == stamp->nimages)
		stamp->nimages++;
	return VT_OK;
}
