/* sign_look.h - what a signature looks like, and where it stands */
#ifndef SIGN_LOOK_H
#define SIGN_LOOK_H

#include "vanthu/pdf_page.h"
#include "vanthu/sign.h"
#include "vanthu/stamp.h"

/* Where a stamp goes that nobody placed. */
enum sign_corner {
	SIGN_TOP_RIGHT,  /* in the upper margin, whatever stands there */
	SIGN_TOP_LEFT,   /* the first free room from there down ... */
	SIGN_BOTTOM_LEFT /* ... and from there up */
};

/*
 * Move BOX, as seen, to the first place DOWN or up the page where neither text
 * nor an annotation stands.  Pictures are not seen.  VT_EREFUSED: there is
 * none.
 */
int vt_sign_room_find(struct vt_pdf *pdf, const struct vt_pdf_view *view,
    bool down, struct vt_pdf_box *box, struct vt_error *err);

/*
 * The page and the rectangle, in its default user space, for a stamp of WIDTH
 * by HEIGHT points: as PLACE says, else in CORNER of page 1.  *RET_TURN is by
 * how much the stamp is to be turned there.  VT_EREFUSED: it would not be
 * within the page; VT_ENOTFOUND: no such page, field or text.
 */
int vt_sign_place_find(struct vt_pdf *pdf, const struct vt_sign_place *place,
    enum sign_corner corner, double width, double height, size_t *ret_page,
    struct vt_pdf_box *ret_rect, int *ret_turn, struct vt_error *err);

/* Fields that a person's signature brings and the agency's fills. */
#define SIGN_FIELD_NUMBER "vanthu-number"
#define SIGN_FIELD_DATE "vanthu-date"
#define SIGN_FIELD_AGENCY "vanthu-agency"
/* Points: two digits of the least size, or a line of it. */
#define SIGN_ROOM_LEAST 6.0

#define SIGN_PARTS 3

/* One signature's look; zeroed, nothing is seen. */
struct sign_look {
	struct vt_stamp *stamp;
	struct vt_pdf_part parts[SIGN_PARTS];
	struct vt_stamp *part_stamps[SIGN_PARTS];
	char texts[SIGN_PARTS][VT_SIGN_CODE_MAX + 1];
};

/* Which of the agency's signatures, where it makes several. */
enum sign_step {
	SIGN_STEP_NUMBER, /* number and date of a document that has no ... */
	SIGN_STEP_DATE,   /* ... field for them: signatures of their own */
	SIGN_STEP_ITSELF
};

/* The blank for number or date, on page 1. */
struct sign_blank {
	bool found;
	bool whole;            /* nothing of it is printed */
	struct vt_pdf_box box; /* as seen */
	double base, size;     /* of the text, in points */
	size_t n;
	double x0[3], x1[3]; /* between what is printed: day, month, year */
	char notation[VT_SIGN_CODE_MAX + 1]; /* printed behind the number */
};
int vt_sign_blank_number(struct vt_pdf *pdf, const struct vt_sign_spot *at,
    struct sign_blank *ret, struct vt_error *err);
int vt_sign_blank_date(struct vt_pdf *pdf, const struct vt_sign_spot *at,
    struct sign_blank *ret, struct vt_error *err);

/*
 * The field AT for number or date is filled: must say what is given, WHOLE, or
 * of it PARTS between what is printed, blanks left out.  VT_EREFUSED, naming
 * both.
 */
int vt_sign_filled(struct vt_pdf *pdf, const struct vt_pdf_place *at,
    enum sign_step step, const char *whole, const char *parts,
    struct vt_error *err);

/*
 * The person: the image between title and name, and in a document that nobody
 * signed before, the empty fields for the agency.
 */
int vt_sign_person(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err);
/*
 * Where, as seen on RET_VIEW's page, the image of the signature of who is
 * called NAME goes: above the name, under the title.
 */
int vt_sign_person_box(struct vt_pdf *pdf, const char *name,
    struct vt_pdf_view *ret_view, struct vt_pdf_box *ret,
    struct vt_sign_result *res, struct vt_error *err);
/* The seal of W by H points, over the left third of a signature's BOX. */
struct vt_pdf_box vt_sign_seal_box(const struct vt_pdf_view *view,
    struct vt_pdf_box box, double w, double h);
/* STAMP on the box as seen of a page, turned as that is. */
int vt_sign_put_at(const struct vt_pdf_view *view, struct vt_pdf_box box,
    struct vt_stamp *stamp, struct vt_pdf_sign *plan, struct vt_error *err);

/* The agency: its seal, number and date. */
int vt_sign_agency(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err);
/* Does that step make a signature of its own? */
int vt_sign_agency_needs(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, bool *ret, struct vt_sign_result *res,
    struct vt_error *err);

/*
 * What OPTS->role shows on PDF at the time of RES, and PLAN filled with where.
 * LOOK is PLAN's context: release it after the PDF was written.  VT_EREFUSED:
 * by a rule of NĐ 30/2020; VT_EARG: a word is missing; as vt_sign_place_find().
 */
int vt_sign_look(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err);
void vt_sign_look_release(struct sign_look *look);

#endif
