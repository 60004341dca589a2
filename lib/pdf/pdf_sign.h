/* pdf_sign.h - the steps of adding a signature */
#ifndef PDF_SIGN_H
#define PDF_SIGN_H

#include "vanthu/pdf.h"

struct pdf_target {
	struct vt_pdf_ref field; /* an empty field to fill; 0: a new one */
	char name[VT_PDF_NAME_MAX + 1]; /* of the new one */
};

int vt_pdf_sign_target(struct vt_pdf *pdf, const char *wanted,
    const struct vt_pdf_sigfields *all, struct pdf_target *ret,
    struct vt_error *err);

/* Puts what makes FIELD part of the form; ADD: it is not in /Fields yet. */
int vt_pdf_sign_form(struct vt_pdf *pdf, struct vt_pdf_update *up,
    struct vt_pdf_ref field, bool add, struct vt_error *err);
int vt_pdf_sign_page(struct vt_pdf *pdf, struct vt_pdf_update *up,
    struct vt_pdf_ref page_ref, const struct vt_pdf_obj *page,
    struct vt_pdf_ref widget, struct vt_error *err);
int vt_pdf_sign_new_field(struct vt_pdf_update *up, const char *name,
    struct vt_pdf_ref field, struct vt_pdf_ref value, struct vt_pdf_ref page,
    struct vt_error *err);
int vt_pdf_sign_old_field(struct vt_pdf *pdf, struct vt_pdf_update *up,
    struct vt_pdf_ref field, struct vt_pdf_ref value, struct vt_error *err);

/* Refuses what the owner of an encrypted document forbids (7.6.4.2). */
int vt_pdf_sign_permitted(const struct vt_pdf *pdf,
    const struct pdf_target *target, struct vt_error *err);
/* P of the /DocMDP reference in a signature dictionary, or 0. */
int vt_pdf_docmdp_level(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    int *ret, struct vt_error *err);
/* Refuses what a field's own /Lock or /SV demands and we do not do. */
int vt_pdf_sign_field_allowed(struct vt_pdf *pdf,
    const struct vt_pdf_obj *field, const char *name, struct vt_error *err);

#endif
