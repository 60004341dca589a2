/* pdf_sign.h - the steps of adding a signature */
#ifndef PDF_SIGN_H
#define PDF_SIGN_H

#include "vanthu/pdf.h"

struct pdf_target {
	struct vt_pdf_ref field; /* an empty field to fill; 0: a new one */
	char name[VT_PDF_NAME_MAX + 1];       /* of the new one */
	const struct vt_pdf_field_lock *lock; /* the field's; NULL: none */
};

/* RET borrows from ALL. */
int vt_pdf_sign_target(struct vt_pdf *pdf, const struct vt_pdf_sign *how,
    const struct vt_pdf_sigfields *all, struct pdf_target *ret,
    struct vt_error *err);

/* A field of the update that is its own widget, on a page. */
struct pdf_new_widget {
	struct vt_pdf_ref ref;
	size_t page;
};
#define PDF_NEW_WIDGETS_MAX 16

/* The fields and widgets of one update. */
struct pdf_signing {
	struct vt_pdf *pdf;
	struct vt_pdf_update *up;
	const struct vt_pdf_sign *how;
	struct pdf_new_widget added[PDF_NEW_WIDGETS_MAX];
	size_t nadded;
	struct vt_pdf_ref blank; /* an appearance of nothing; 0: none yet */
};

/* The signature's field: TARGET's, or a new one, with VALUE. */
int vt_pdf_sign_field(struct pdf_signing *s, const struct pdf_target *target,
    struct vt_pdf_ref value, struct vt_error *err);
/* All of how->parts. */
int vt_pdf_sign_parts(struct pdf_signing *s, struct vt_error *err);
/* What makes the added ones part of the form and of their pages. */
int vt_pdf_sign_form(struct pdf_signing *s, struct vt_error *err);
int vt_pdf_sign_pages(struct pdf_signing *s, struct vt_error *err);
/* The object REF, which is DICT, with changes. */
int vt_pdf_put_spliced(struct vt_pdf *pdf, struct vt_pdf_update *up,
    struct vt_pdf_ref ref, const struct vt_pdf_obj *dict,
    const struct vt_pdf_change *changes, size_t n, struct vt_error *err);
/* Is there a new field among what HOW makes, and is one seen? */
bool vt_pdf_sign_adds(const struct vt_pdf_sign *how,
    const struct pdf_target *target);
bool vt_pdf_sign_shows(const struct vt_pdf_sign *how,
    const struct pdf_target *target);

/* Refuses what the owner of an encrypted document forbids (7.6.4.2). */
int vt_pdf_sign_permitted(const struct vt_pdf *pdf, bool adds,
    struct vt_error *err);
/* P of the /DocMDP reference in a signature dictionary, or 0. */
int vt_pdf_docmdp_level(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    int *ret, struct vt_error *err);
/* A certification wants to be asked before anything new is seen. */
int vt_pdf_sign_may_show(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_error *err);
/* Refuses what an earlier signature's /FieldMDP forbids of the field NAME. */
int vt_pdf_sign_unlocked(const struct vt_pdf_sigfields *all, const char *name,
    struct vt_error *err);
/*
 * Does the signature HOW meet what the seed values of FIELD demand?
 * VT_EREFUSED, naming what is not met; VT_EFORMAT.
 */
int vt_pdf_seed_check(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    const char *name, const struct vt_pdf_sign *how, struct vt_error *err);
/* Can the /Lock of FIELD be obeyed?  VT_EFORMAT. */
int vt_pdf_lock_check(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    const char *name, struct vt_error *err);
/* /Reference of a signature that locks, of which LOCK may be NULL. */
int vt_pdf_lock_put(struct vt_buf *b, const struct vt_pdf_field_lock *lock,
    struct vt_pdf_ref catalog);

#endif
