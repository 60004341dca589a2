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

/* One signature's look; zeroed, nothing is seen. */
struct sign_look {
	struct vt_stamp *stamp;
};

/*
 * What OPTS->role shows on PDF at the time WHEN, and PLAN filled with where.
 * LOOK is PLAN's context: release it after the PDF was written.  VT_EREFUSED:
 * by a rule of NĐ 30/2020; VT_EARG: a word is missing; as vt_sign_place_find().
 */
int vt_sign_look(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    int64_t when, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_error *err);
void vt_sign_look_release(struct sign_look *look);

#endif
