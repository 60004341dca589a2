/* stamp_lookbox.c - looks in a frame: arrival stamp and comment */
#include "stamp_int.h"

#define MM VT_STAMP_MM
#define TEXT_MAX 4096 /* bytes of what we put together */
#define RULE 0.8      /* points: how thick lines are */

/* Text in the middle of its box's height. */
static int
middle(struct vt_stamp *stamp, const struct vt_stamp_style *style,
    struct vt_stamp_box box, double least, const char *text,
    struct vt_error *err)
{
	size_t first = stamp->nops;
	double height;
	int rc;

	rc = vt_stamp_wrap(stamp, style, box, least, text, &height, err);
	if (rc == VT_OK)
		vt_stamp_move(stamp, first, 0, -(box.height - height) / 2);
	return rc;
}

/* --- the stamp ĐẾN (Annex IV) --- */

/* In millimetres from the lower left. */
#define WIDTH 50.0
#define HEIGHT 35.0
#define NAME_Y 25.0 /* the agency's name stands above */
#define WORD_Y 11.5 /* ĐẾN, number and date stand above */
#define FILE_Y 5.75 /* to whom, above; which file, below */
#define WORD_X 17.0 /* ĐẾN stands left of it */
#define PAD 1.2

static int
field(struct vt_stamp *stamp, const struct vt_stamp_arrival *a,
    const char *label, const char *value, struct vt_stamp_box mm,
    struct vt_error *err)
{
	const struct vt_stamp_style style = { VT_STAMP_REGULAR, 9, a->colour,
		VT_STAMP_LEFT };
	const struct vt_stamp_box box = { mm.x * MM, mm.y * MM, mm.width * MM,
		mm.height * MM };
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, TEXT_MAX);
	rc = vt_buf_printf(&text, "%s: %s", label, value != NULL ? value : "");
	if (rc == VT_ENOMEM)
		rc = vt_error_nomem(err);
	else if (rc != VT_OK)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "the text is longer than %zu bytes", (size_t)TEXT_MAX);
	else
		rc = middle(stamp, &style, box, 5, vt_buf_str(&text), err);
	vt_buf_release(&text);
	return rc;
}

static int
rules(struct vt_stamp *stamp, uint32_t colour, struct vt_error *err)
{
	const struct vt_stamp_box frame = { RULE / 2, RULE / 2,
		WIDTH * MM - RULE, HEIGHT * MM - RULE };
	int rc;

	if ((rc = vt_stamp_frame(stamp, frame, RULE, colour, err)) != VT_OK ||
	    (rc = vt_stamp_line(stamp, 0, NAME_Y * MM, WIDTH * MM, NAME_Y * MM,
		 RULE, colour, err)) != VT_OK ||
	    (rc = vt_stamp_line(stamp, 0, WORD_Y * MM, WIDTH * MM, WORD_Y * MM,
		 RULE, colour, err)) != VT_OK)
		return rc;
	return vt_stamp_line(stamp, WORD_X * MM, WORD_Y * MM, WORD_X * MM,
	    NAME_Y * MM, RULE, colour, err);
}

static int
arrival(struct vt_stamp *stamp, const struct vt_stamp_arrival *a,
    struct vt_error *err)
{
	const struct vt_stamp_style name = { VT_STAMP_BOLD, 10, a->colour,
		VT_STAMP_CENTRE };
	const struct vt_stamp_style word = { VT_STAMP_BOLD, 18, a->colour,
		VT_STAMP_CENTRE };
	const double right = WORD_X + PAD, half = (NAME_Y - WORD_Y) / 2;
	char date[40] = "";
	int rc;

	if (a->date.year != 0)
		snprintf(date, sizeof(date), "%02d/%02d/%04d", a->date.day,
		    a->date.month, a->date.year);
	if ((rc = rules(stamp, a->colour, err)) != VT_OK ||
	    (rc = middle(stamp, &name,
		 (struct vt_stamp_box){ PAD * MM, NAME_Y * MM,
		     (WIDTH - 2 * PAD) * MM, (HEIGHT - NAME_Y) * MM },
		 5, a->agency, err)) != VT_OK ||
	    (rc = middle(stamp, &word,
		 (struct vt_stamp_box){ 0, WORD_Y * MM, WORD_X * MM,
		     (NAME_Y - WORD_Y) * MM },
		 0, "ĐẾN", err)) != VT_OK ||
	    (rc = field(stamp, a, "Số", a->number,
		 (struct vt_stamp_box){ right, WORD_Y + half,
		     WIDTH - right - PAD, half },
		 err)) != VT_OK ||
	    (rc = field(stamp, a, "Ngày", date,
		 (struct vt_stamp_box){ right, WORD_Y, WIDTH - right - PAD,
		     half },
		 err)) != VT_OK ||
	    (rc = field(stamp, a, "Chuyển", a->to,
		 (struct vt_stamp_box){ PAD, FILE_Y, WIDTH - 2 * PAD,
		     WORD_Y - FILE_Y },
		 err)) != VT_OK)
		return rc;
	return field(stamp, a, "Số và ký hiệu HS", a->file,
	    (struct vt_stamp_box){ PAD, 0, WIDTH - 2 * PAD, FILE_Y }, err);
}

int
vt_stamp_incoming(struct vt_stamp_kit *kit, const struct vt_stamp_arrival *a,
    struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp *stamp = NULL;
	int rc;

	if ((rc = vt_stamp_new(kit, WIDTH * MM, HEIGHT * MM, &stamp, err)) !=
		VT_OK ||
	    (rc = arrival(stamp, a, err)) != VT_OK) {
		vt_stamp_free(stamp);
		return rc;
	}
	*ret = stamp;
	return VT_OK;
}

/* --- a comment --- */

#define INSET 4.0   /* points between frame and text */
#define BETWEEN 2.0 /* points between name, text and time */

/* Text below *TOP and above BOTTOM; *TOP is where what follows begins. */
static int
part(struct vt_stamp *stamp, const struct vt_stamp_style *style, double least,
    const char *text, double bottom, double *top, struct vt_error *err)
{
	struct vt_stamp_box box = { INSET, bottom, stamp->width - 2 * INSET,
		*top - bottom };
	double height;
	int rc;

	rc = vt_stamp_wrap(stamp, style, box, least, text, &height, err);
	if (rc == VT_OK)
		*top -= height + BETWEEN;
	return rc;
}

static int
remark(struct vt_stamp *stamp, const struct vt_stamp_remark *r,
    struct vt_error *err)
{
	const struct vt_stamp_style name = { VT_STAMP_BOLD, 11, r->colour,
		VT_STAMP_LEFT };
	const struct vt_stamp_style text = { VT_STAMP_REGULAR, 11, r->colour,
		VT_STAMP_LEFT };
	const struct vt_stamp_style time = { VT_STAMP_REGULAR, 8, r->colour,
		VT_STAMP_LEFT };
	double top = stamp->height - INSET, bottom = INSET;
	char when[VT_TIME_TEXT];
	int rc;

	if (r->when != VT_TIME_NONE) /* its place is kept free */
		bottom += time.size * 1.15 + BETWEEN;
	if (r->name != NULL &&
	    (rc = part(stamp, &name, 7, r->name, bottom, &top, err)) != VT_OK)
		return rc;
	if ((rc = part(stamp, &text, 7, r->text, bottom, &top, err)) != VT_OK)
		return rc;
	if (r->when != VT_TIME_NONE &&
	    (rc = part(stamp, &time, 0, vt_time_local(r->when, when), INSET,
		 &top, err)) != VT_OK)
		return rc;
	top -= INSET - BETWEEN; /* what is below is not needed */
	vt_stamp_move(stamp, 0, 0, -top);
	return vt_stamp_resize(stamp, stamp->width, stamp->height - top, err);
}

int
vt_stamp_comment(struct vt_stamp_kit *kit, const struct vt_stamp_remark *r,
    double width, double height, struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp *stamp = NULL;
	int rc;

	if ((rc = vt_stamp_new(kit, width, height, &stamp, err)) != VT_OK ||
	    (rc = remark(stamp, r, err)) != VT_OK ||
	    (rc = vt_stamp_frame(stamp,
		 (struct vt_stamp_box){ RULE / 2, RULE / 2, stamp->width - RULE,
		     stamp->height - RULE },
		 RULE, r->colour, err)) != VT_OK) {
		vt_stamp_free(stamp);
		return rc;
	}
	*ret = stamp;
	return VT_OK;
}
