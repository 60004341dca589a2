/* stamp_look.c - how signatures look by NĐ 30/2020, Annex I */
#include "stamp_int.h"

#define BLACK 0x000000u
#define BODY_SIZE 13.0  /* points, of number and date (II.3, II.4) */
#define LABEL_SIZE 10.0 /* points, of the text of II.8b and Part II, I.3 */
#define TEXT_MAX 4096   /* bytes of what we put together */

static int
too_long(int rc, struct vt_error *err)
{
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "the text is longer than %zu bytes", (size_t)TEXT_MAX);
}

/* --- images --- */

static int
image_stamp(struct vt_stamp_kit *kit, const struct vt_stamp_image *image,
    double width, double height, struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp *stamp = NULL;
	int rc;

	if ((rc = vt_stamp_new(kit, width, height, &stamp, err)) != VT_OK)
		return rc;
	rc = vt_stamp_image(stamp, image,
	    (struct vt_stamp_box){ 0, 0, width, height }, err);
	if (rc != VT_OK) {
		vt_stamp_free(stamp);
		return rc;
	}
	*ret = stamp;
	return VT_OK;
}

int
vt_stamp_person(struct vt_stamp_kit *kit, const struct vt_stamp_image *image,
    double width, double height, struct vt_stamp **ret, struct vt_error *err)
{
	double w = image->width, h = image->height, scale;
	bool known = vt_stamp_image_size(image, &w, &h);

	scale = width / w < height / h ? width / w : height / h;
	if (known && scale > 1)
		scale = 1;
	return image_stamp(kit, image, w * scale, h * scale, ret, err);
}

int
vt_stamp_agency(struct vt_stamp_kit *kit, const struct vt_stamp_image *image,
    double width_mm, struct vt_stamp **ret, struct vt_error *err)
{
	double w, h;

	if (width_mm > 0) {
		w = width_mm * VT_STAMP_MM;
		h = w * image->height / image->width;
	} else if (!vt_stamp_image_size(image, &w, &h)) {
		return vt_error_set(err, VT_EREFUSED,
		    "NĐ 30/2020, Annex I, II.8a",
		    "the seal is shown in its actual size, which the image "
		    "does not say: give its width in millimetres");
	}
	if (w > VT_STAMP_SEAL_MAX * VT_STAMP_MM ||
	    h > VT_STAMP_SEAL_MAX * VT_STAMP_MM)
		return vt_error_set(err, VT_ELIMIT,
		    "NĐ 30/2020, Annex I, II.8a",
		    "%.0f by %.0f mm is no actual size of a seal: give its "
		    "width in millimetres",
		    w / VT_STAMP_MM, h / VT_STAMP_MM);
	return image_stamp(kit, image, w, h, ret, err);
}

/* --- one line --- */

static int
line_stamp(struct vt_stamp_kit *kit, const struct vt_stamp_style *style,
    const char *text, struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp_style left = *style;
	struct vt_stamp *stamp = NULL;
	const struct stamp_font *font;
	double width, unit;
	int rc;

	left.align = VT_STAMP_LEFT;
	if ((rc = vt_stamp_new(kit, 0, 0, &stamp, err)) != VT_OK ||
	    (rc = vt_stamp_measure(stamp, &left, text, &width, err)) != VT_OK)
		goto out;
	font = &kit->font[left.face];
	unit = left.size / font->upem;
	if ((rc = vt_stamp_text(stamp, &left, 0, -font->descent * unit, text,
		 err)) != VT_OK ||
	    (rc = vt_stamp_resize(stamp, width,
		 (font->ascent - font->descent) * unit, err)) != VT_OK)
		goto out;
	*ret = stamp;
	stamp = NULL;
out:
	vt_stamp_free(stamp);
	return rc;
}

int
vt_stamp_number(struct vt_stamp_kit *kit, int64_t number, const char *notation,
    const struct vt_stamp_style *style, struct vt_stamp **ret,
    struct vt_error *err)
{
	const struct vt_stamp_style usual = { VT_STAMP_REGULAR, BODY_SIZE,
		BLACK, VT_STAMP_LEFT };
	struct vt_buf text;
	int rc;

	if (number < 1)
		return vt_error_set(err, VT_EARG, NULL,
		    "a document's number is 1 or more");
	vt_buf_init(&text, TEXT_MAX);
	rc = vt_buf_printf(&text, "%02lld%s%s", (long long)number,
	    notation != NULL ? "/" : "", notation != NULL ? notation : "");
	rc = rc != VT_OK ? too_long(rc, err)
			 : line_stamp(kit, style != NULL ? style : &usual,
			       vt_buf_str(&text), ret, err);
	vt_buf_release(&text);
	return rc;
}

int
vt_stamp_date(struct vt_stamp_kit *kit, struct vt_date date,
    enum vt_stamp_date_part part, const struct vt_stamp_style *style,
    struct vt_stamp **ret, struct vt_error *err)
{
	const struct vt_stamp_style usual = { VT_STAMP_ITALIC, BODY_SIZE, BLACK,
		VT_STAMP_LEFT };
	char month[12], text[80];

	if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31)
		return vt_error_set(err, VT_EARG, NULL, "that is no date");
	snprintf(month, sizeof(month), date.month < 3 ? "%02d" : "%d",
	    date.month);
	switch (part) {
	case VT_STAMP_DATE:
		snprintf(text, sizeof(text), "ngày %02d tháng %s năm %d",
		    date.day, month, date.year);
		break;
	case VT_STAMP_DAY:
		snprintf(text, sizeof(text), "%02d", date.day);
		break;
	case VT_STAMP_MONTH:
		snprintf(text, sizeof(text), "%s", month);
		break;
	case VT_STAMP_YEAR:
		snprintf(text, sizeof(text), "%d", date.year);
		break;
	}
	return line_stamp(kit, style != NULL ? style : &usual, text, ret, err);
}

/* --- text in the corner of the first page --- */

/* Make the canvas as wide and high as the text on it. */
static int
shrink(struct vt_stamp *stamp, double top, double height, struct vt_error *err)
{
	double left = stamp->width, right = 0;
	size_t i;

	for (i = 0; i < stamp->nops; i++) {
		if (stamp->ops[i].box.x < left)
			left = stamp->ops[i].box.x;
		if (stamp->ops[i].box.x + stamp->ops[i].box.width > right)
			right = stamp->ops[i].box.x + stamp->ops[i].box.width;
	}
	vt_stamp_move(stamp, 0, -left, height - top);
	return vt_stamp_resize(stamp, right - left, height, err);
}

/* For the right margin: lines end there. */
static int
label_stamp(struct vt_stamp_kit *kit, double width, const char *text,
    struct vt_stamp **ret, struct vt_error *err)
{
	const struct vt_stamp_style style = { VT_STAMP_REGULAR, LABEL_SIZE,
		BLACK, VT_STAMP_RIGHT };
	struct vt_stamp *stamp = NULL;
	double height;
	int rc;

	if ((rc = vt_stamp_new(kit, width, VT_STAMP_SIDE_MAX, &stamp, err)) !=
		VT_OK ||
	    (rc = vt_stamp_wrap(stamp, &style,
		 (struct vt_stamp_box){ 0, 0, width, VT_STAMP_SIDE_MAX }, 0,
		 text, &height, err)) != VT_OK ||
	    (rc = shrink(stamp, VT_STAMP_SIDE_MAX, height, err)) != VT_OK)
		goto out;
	*ret = stamp;
	stamp = NULL;
out:
	vt_stamp_free(stamp);
	return rc;
}

int
vt_stamp_attachment(struct vt_stamp_kit *kit, const char *code, int64_t when,
    double width, struct vt_stamp **ret, struct vt_error *err)
{
	char time[VT_TIME_TEXT];
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_buf_printf(&text, "%s; %s", code, vt_time_local(when, time));
	rc = rc != VT_OK ? too_long(rc, err)
			 : label_stamp(kit, width, vt_buf_str(&text), ret, err);
	vt_buf_release(&text);
	return rc;
}

int
vt_stamp_copy(struct vt_stamp_kit *kit, enum vt_stamp_copy_form form,
    const char *agency, int64_t when, double width, struct vt_stamp **ret,
    struct vt_error *err)
{
	static const char *const forms[] = {
		[VT_STAMP_SAO_Y] = "Sao y",
		[VT_STAMP_SAO_LUC] = "Sao lục",
		[VT_STAMP_TRICH_SAO] = "Trích sao",
	};
	char time[VT_TIME_TEXT];
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_buf_printf(&text, "%s, %s, %s", forms[form], agency,
	    vt_time_local(when, time));
	rc = rc != VT_OK ? too_long(rc, err)
			 : label_stamp(kit, width, vt_buf_str(&text), ret, err);
	vt_buf_release(&text);
	return rc;
}
