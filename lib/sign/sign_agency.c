/* sign_agency.c - seal, number and date (NĐ 30/2020, Annex I, II.3, II.4, II.8)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sign_int.h"
#include "sign_look.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/x509.h"

#define SIZE 13.0
#define SIZE_LEAST 6.0
#define NEAR 1.0 /* points: the same place */

/* --- the texts --- */

/* "05" of "5/QĐ-UBND", or all of it: numbers below 10 get a zero. */
static int
number_text(const char *code, bool whole, char *ret, size_t len,
    struct vt_error *err)
{
	const char *rest = code;
	char *end = NULL;
	long n = 0;

	if (code[0] >= '1' && code[0] <= '9')
		n = strtol(code, &end, 10);
	else if (code[0] == '0' && code[1] >= '1' && code[1] <= '9')
		n = strtol(code + 1, &end, 10);
	if (end != NULL)
		rest = end;
	if (n <= 0 || rest == code || rest[0] != '/' || rest[1] == '\0' ||
	    strlen(code) >= VT_SIGN_CODE_MAX)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020, Annex I, II.3",
		    "a number and its notation are written 05/QĐ-UBND, not %s",
		    code);
	snprintf(ret, len, "%02ld%s", n, whole ? rest : "");
	return VT_OK;
}

/* Days below 10 and the months 1 and 2 have a zero in front (II.4). */
static void
date_text(struct vt_date d, size_t part, char *ret, size_t len)
{
	char month[12];

	snprintf(month, sizeof(month), d.month < 3 ? "%02d" : "%d", d.month);
	if (part == 0)
		snprintf(ret, len, "%02d", d.day);
	else if (part == 1)
		snprintf(ret, len, "%s", month);
	else if (part == 2)
		snprintf(ret, len, "%d", d.year);
	else
		snprintf(ret, len, "ng\u00e0y %02d th\u00e1ng %s n\u0103m %d",
		    d.day, month, d.year);
}

/* TEXT between X0 and X1, as large as it may be. */
static int
put_text(struct vt_stamp *stamp, const struct vt_stamp_style *style, double x0,
    double x1, double base, const char *text, struct vt_error *err)
{
	struct vt_stamp_style s = *style;
	double width, room = x1 - x0;
	int rc;

	if ((rc = vt_stamp_measure(stamp, &s, text, &width, err)) != VT_OK)
		return rc;
	if (width > room && room > 0)
		s.size *= room / width;
	if (s.size < SIZE_LEAST)
		s.size = SIZE_LEAST;
	return vt_stamp_text(stamp, &s,
	    s.align == VT_STAMP_CENTRE ? (x0 + x1) / 2 : x0, base, text, err);
}

/*
 * A stamp of the size of BOX, as seen, with number or date at BLANK's places.
 * TEXT receives all of what it says.
 */
static int
blank_stamp(const struct vt_sign_options *opts, enum sign_step step,
    const struct sign_blank *b, struct vt_pdf_box box, struct vt_stamp **ret,
    char *text, size_t len, struct vt_error *err)
{
	bool number = step == SIGN_STEP_NUMBER;
	struct vt_stamp_style style = { number ? VT_STAMP_REGULAR
					       : VT_STAMP_ITALIC,
		b->size, 0x000000, b->whole ? VT_STAMP_LEFT : VT_STAMP_CENTRE };
	struct vt_stamp *stamp = NULL;
	char piece[VT_SIGN_CODE_MAX + 1];
	double base = b->base - box.y0;
	size_t i;
	int rc;

	if (!number)
		date_text(opts->words.date, 3, text, len);
	else if ((rc = number_text(opts->words.code, true, text, len, err)) !=
		 VT_OK)
		return rc;
	if ((rc = vt_stamp_new(opts->kit, box.x1 - box.x0, box.y1 - box.y0,
		 &stamp, err)) != VT_OK)
		return rc;
	if (b->whole)
		rc = put_text(stamp, &style, 0, box.x1 - box.x0, base, text,
		    err);
	for (i = 0; !b->whole && i < b->n && rc == VT_OK; i++) {
		if (!number)
			date_text(opts->words.date, i, piece, sizeof(piece));
		else if ((rc = number_text(opts->words.code, false, piece,
			      sizeof(piece), err)) != VT_OK)
			break;
		rc = put_text(stamp, &style, b->x0[i] - box.x0,
		    b->x1[i] - box.x0, base, piece, err);
	}
	if (rc == VT_OK)
		*ret = stamp;
	else
		vt_stamp_free(stamp);
	return rc;
}

static int
find_blank(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct sign_blank *ret, struct vt_error *err)
{
	return step == SIGN_STEP_NUMBER
		   ? vt_sign_blank_number(pdf, &opts->number_at, ret, err)
		   : vt_sign_blank_date(pdf, &opts->date_at, ret, err);
}

static const char *
field_of(enum sign_step step)
{
	return step == SIGN_STEP_NUMBER ? SIGN_FIELD_NUMBER : SIGN_FIELD_DATE;
}

static bool
is_given(const struct vt_sign_options *opts, enum sign_step step)
{
	return step == SIGN_STEP_NUMBER ? opts->words.code != NULL
					: opts->words.date.year != 0;
}

/* What is printed behind the blank is not what the number says. */
static void
compare_notation(const struct vt_sign_options *opts, const struct sign_blank *b,
    struct vt_sign_result *res)
{
	const char *slash = strchr(opts->words.code, '/');

	if (b->notation[0] != '\0' && slash != NULL &&
	    strcmp(slash + 1, b->notation) != 0)
		vt_sign_warn(res, "notation-differs",
		    vt_tr("the notation printed on page 1 is another than "
			  "that of the number"));
}

static bool
is_near(struct vt_pdf_box a, struct vt_pdf_box b)
{
	double d[4] = { a.x0 - b.x0, a.y0 - b.y0, a.x1 - b.x1, a.y1 - b.y1 };
	size_t i;

	for (i = 0; i < 4; i++)
		if (d[i] > NEAR || d[i] < -NEAR)
			return false;
	return true;
}

/*
 * A field that a person's signature brought is seen.  One that the document
 * had under its name may not be, and then the page would not say what the
 * register does.
 */
static int
check_seen(const struct vt_pdf_place *at, const struct vt_pdf_view *view,
    struct vt_pdf_box box, const char *name, struct vt_error *err)
{
	if ((at->is_text || at->is_signed) && at->is_plain && at->has_widget &&
	    at->page == 0 && box.x0 >= -NEAR && box.y0 >= -NEAR &&
	    box.x1 <= view->width + NEAR && box.y1 <= view->height + NEAR &&
	    box.x1 - box.x0 >= SIGN_ROOM_LEAST &&
	    box.y1 - box.y0 >= SIGN_ROOM_LEAST)
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020, Annex I, II.3, II.4",
	    "field %s of the document is none that a person's signature "
	    "brings: what is put there might not be seen",
	    name);
}

/* Fill the field for number or date that a person's signature brought. */
static int
fill(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_pdf_place at = { 0 };
	struct sign_blank b;
	struct vt_pdf_view view;
	struct vt_pdf_box box;
	size_t i = plan->nparts;
	int rc;

	if ((rc = vt_pdf_field_place(pdf, field_of(step), &at, err)) != VT_OK ||
	    !at.found || at.is_signed || (at.is_text && at.has_value))
		return rc; /* filled already, by a signature of its own maybe */
	if (!is_given(opts, step)) {
		vt_sign_warn(res, "left-blank",
		    step == SIGN_STEP_NUMBER
			? vt_tr("the document's number is left blank")
			: vt_tr("the document's date is left blank"));
		return VT_OK;
	}
	if ((rc = vt_pdf_view_read(pdf, at.page, &view, err)) != VT_OK ||
	    (rc = find_blank(pdf, opts, step, &b, err)) != VT_OK)
		return rc;
	box = vt_pdf_view_to_seen(&view, at.rect);
	if ((rc = check_seen(&at, &view, box, field_of(step), err)) != VT_OK)
		return rc;
	if (!b.found || !is_near(b.box, box)) {
		b = (struct sign_blank){ .whole = true, .size = SIZE };
		b.base = box.y0 + SIZE / 4;
	}
	if (step == SIGN_STEP_NUMBER)
		compare_notation(opts, &b, res);
	if ((rc = blank_stamp(opts, step, &b, box, &look->part_stamps[i],
		 look->texts[i], sizeof(look->texts[i]), err)) != VT_OK ||
	    (rc = vt_stamp_turn(look->part_stamps[i], view.rotate, err)) !=
		VT_OK)
		return rc;
	look->parts[i] = (struct vt_pdf_part){ .kind = VT_PDF_FILL_TEXT,
		.name = field_of(step),
		.value = look->texts[i] };
	plan->nparts++;
	return VT_OK;
}

/* --- number and date as signatures of their own --- */

/* Filled already, by an earlier run maybe: with this, where one sees it. */
static int
check_filled(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, const struct vt_pdf_place *at,
    struct vt_sign_result *res, struct vt_error *err)
{
	char whole[VT_SIGN_CODE_MAX + 1], parts[VT_SIGN_CODE_MAX + 1];
	struct vt_pdf_view view;
	struct sign_blank b;
	size_t i;
	int rc;

	if (step == SIGN_STEP_DATE) {
		date_text(opts->words.date, 3, whole, sizeof(whole));
		parts[0] = '\0';
		for (i = 0; i < 3; i++)
			date_text(opts->words.date, i, parts + strlen(parts),
			    sizeof(parts) - strlen(parts));
	} else if ((rc = number_text(opts->words.code, true, whole,
			sizeof(whole), err)) != VT_OK ||
		   (rc = number_text(opts->words.code, false, parts,
			sizeof(parts), err)) != VT_OK) {
		return rc;
	}
	if ((rc = vt_sign_filled(pdf, at, step, whole, parts, err)) != VT_OK ||
	    (rc = vt_pdf_view_read(pdf, at->page, &view, err)) != VT_OK ||
	    (rc = check_seen(at, &view, vt_pdf_view_to_seen(&view, at->rect),
		 field_of(step), err)) != VT_OK ||
	    step != SIGN_STEP_NUMBER ||
	    (rc = find_blank(pdf, opts, step, &b, err)) != VT_OK)
		return rc;
	if (b.found)
		compare_notation(opts, &b, res);
	return VT_OK;
}

int
vt_sign_agency_needs(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, bool *ret, struct vt_sign_result *res,
    struct vt_error *err)
{
	struct vt_pdf_place at = { 0 };
	struct sign_blank b;
	int rc;

	*ret = false;
	if (!is_given(opts, step))
		return VT_OK;
	if ((rc = vt_pdf_field_place(pdf, field_of(step), &at, err)) != VT_OK)
		return rc;
	if (at.found)
		return at.is_signed || (at.is_text && at.has_value)
			   ? check_filled(pdf, opts, step, &at, res, err)
			   : VT_OK;
	if ((rc = find_blank(pdf, opts, step, &b, err)) != VT_OK)
		return rc;
	if (!b.found)
		vt_sign_warn(res, "no-blank",
		    step == SIGN_STEP_NUMBER
			? vt_tr("page 1 has no blank for the number, which is "
				"not shown: --number-at says where it goes")
			: vt_tr("page 1 has no blank for the date, which is "
				"not shown: --date-at says where it goes"));
	*ret = b.found;
	return VT_OK;
}

int
vt_sign_said(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_error *err)
{
	static const enum sign_step steps[] = { SIGN_STEP_NUMBER,
		SIGN_STEP_DATE };
	struct vt_sign_result res = { 0 };
	struct vt_pdf_place at;
	struct vt_pdf *pdf = NULL;
	bool is_pdf = false;
	size_t i;
	int rc;

	if ((rc = vt_pdf_probe(src, &is_pdf, err)) != VT_OK || !is_pdf ||
	    (rc = vt_pdf_open_with(src, VT_PDF_STRICT, opts->pdf_password, &pdf,
		 err)) != VT_OK)
		return rc;
	for (i = 0; i < 2 && rc == VT_OK; i++) {
		if (!is_given(opts, steps[i]))
			continue;
		at = (struct vt_pdf_place){ 0 };
		rc = vt_pdf_field_place(pdf, field_of(steps[i]), &at, err);
		if (rc == VT_OK &&
		    (at.is_signed || (at.is_text && at.has_value)))
			rc = check_filled(pdf, opts, steps[i], &at, &res, err);
	}
	vt_pdf_free(pdf);
	return rc;
}

static int
own_signature(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_pdf_view view;
	struct sign_blank b;
	int rc;

	if ((rc = vt_pdf_view_read(pdf, 0, &view, err)) != VT_OK ||
	    (rc = find_blank(pdf, opts, step, &b, err)) != VT_OK)
		return rc;
	if (step == SIGN_STEP_NUMBER)
		compare_notation(opts, &b, res);
	if ((rc = blank_stamp(opts, step, &b, b.box, &look->stamp,
		 look->texts[0], sizeof(look->texts[0]), err)) != VT_OK)
		return rc;
	plan->field = field_of(step);
	return vt_sign_put_at(&view, b.box, look->stamp, plan, err);
}

/* --- the seal --- */

static bool
is_ours(const char *field)
{
	return strcmp(field, SIGN_FIELD_NUMBER) == 0 ||
	       strcmp(field, SIGN_FIELD_DATE) == 0;
}

/* Where the image of the last person's would be, by the name. */
static int
last_named(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_pdf_view *ret_view, struct vt_pdf_box *ret, bool *ret_found,
    struct vt_sign_result *res, struct vt_error *err)
{
	struct vt_error e = { 0 };
	const char *name = NULL;
	size_t i;
	int rc;

	for (i = all->n; i-- > 0 && name == NULL;)
		if (all->items[i].is_signed && !is_ours(all->items[i].name))
			name = all->items[i].signer;
	if (name == NULL)
		return VT_OK;
	rc = vt_sign_person_box(pdf, name, ret_view, ret, res, &e);
	*ret_found = rc == VT_OK;
	if (rc == VT_OK || rc == VT_ENOTFOUND || rc == VT_EARG)
		return VT_OK;
	return vt_error_set(err, e.code, NULL, "%s", e.text);
}

/* The last signature that one sees, as seen on its page. */
static int
last_seen(struct vt_pdf *pdf, struct vt_pdf_view *ret_view,
    struct vt_pdf_box *ret, bool *ret_found, struct vt_sign_result *res,
    struct vt_error *err)
{
	struct vt_pdf_sigfields all = { 0 };
	struct vt_pdf_place at;
	size_t i;
	int rc;

	*ret_found = false;
	if ((rc = vt_pdf_sigfields_read(pdf, &all, err)) != VT_OK)
		return rc;
	for (i = all.n; i-- > 0 && !*ret_found && rc == VT_OK;) {
		if (!all.items[i].is_signed || is_ours(all.items[i].name))
			continue;
		rc = vt_pdf_field_place(pdf, all.items[i].name, &at, err);
		if (rc != VT_OK || !at.has_widget || at.rect.x1 <= at.rect.x0 ||
		    at.rect.y1 <= at.rect.y0)
			continue;
		rc = vt_pdf_view_read(pdf, at.page, ret_view, err);
		*ret = vt_pdf_view_to_seen(ret_view, at.rect);
		*ret_found = true;
	}
	if (rc == VT_OK && !*ret_found)
		rc = last_named(pdf, &all, ret_view, ret, ret_found, res, err);
	vt_pdf_sigfields_release(&all);
	return rc;
}

/* Where the options do not say it: beside the person's signature. */
static int
seal_place(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	double w = vt_stamp_width(look->stamp),
	       h = vt_stamp_height(look->stamp);
	const struct vt_sign_place *p = &opts->place;
	struct vt_pdf_view view;
	struct vt_pdf_box box;
	bool found;
	int rc, turn;

	if (p->field != NULL || p->below != NULL || p->at) {
		rc = vt_sign_place_find(pdf, p, SIGN_BOTTOM_LEFT, w, h,
		    &plan->page, &plan->rect, &turn, err);
		return rc == VT_OK ? vt_stamp_turn(look->stamp, turn, err) : rc;
	}
	if ((rc = last_seen(pdf, &view, &box, &found, res, err)) != VT_OK)
		return rc;
	if (!found)
		return vt_error_set(err, VT_ENOTFOUND,
		    "NĐ 30/2020, Annex I, II.8a",
		    "the seal covers a third of the person's signature, and "
		    "neither that nor the name is seen: --at X,Y says "
		    "where it goes");
	return vt_sign_put_at(&view, vt_sign_seal_box(&view, box, w, h),
	    look->stamp, plan, err);
}

/* The field that waits for it, where that is on the seal's page. */
static int
take_field(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct vt_error *err)
{
	struct vt_pdf_place at = { 0 };
	int rc;

	plan->field = opts->place.field;
	if (plan->field != NULL)
		return VT_OK;
	if ((rc = vt_pdf_field_place(pdf, SIGN_FIELD_AGENCY, &at, err)) !=
	    VT_OK)
		return rc;
	if (at.is_sig && !at.is_signed && at.is_plain && at.has_widget &&
	    (opts->image == NULL || at.page == plan->page))
		plan->field = SIGN_FIELD_AGENCY;
	if (plan->field != NULL && is_near(at.rect, plan->rect))
		plan->rect = (struct vt_pdf_box){ 0, 0, 0, 0 }; /* as it is */
	return VT_OK;
}

int
vt_sign_agency(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	int rc;

	if (step != SIGN_STEP_ITSELF)
		return own_signature(pdf, opts, step, plan, look, res, err);
	if (opts->image != NULL &&
	    ((rc = vt_stamp_agency(opts->kit, opts->image, opts->seal_mm,
		  &look->stamp, err)) != VT_OK ||
		(rc = seal_place(pdf, opts, plan, look, res, err)) != VT_OK))
		return rc;
	if ((rc = take_field(pdf, opts, plan, err)) != VT_OK ||
	    (rc = fill(pdf, opts, SIGN_STEP_NUMBER, plan, look, res, err)) !=
		VT_OK)
		return rc;
	return fill(pdf, opts, SIGN_STEP_DATE, plan, look, res, err);
}
