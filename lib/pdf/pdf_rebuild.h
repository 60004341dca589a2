/* pdf_rebuild.h - what is found where the cross-reference is broken */
#ifndef PDF_REBUILD_H
#define PDF_REBUILD_H

#include "pdf_int.h"

#define PDF_REBUILD_CLAUSE "ISO 32000-2, 7.5.4"

struct pdf_found {
	uint64_t off;
	struct vt_pdf_ref ref;
};

/* Places in the file, in its order. */
struct pdf_places {
	uint64_t *at;
	size_t n, cap;
};

struct pdf_rebuild {
	struct vt_pdf *pdf;
	struct pdf_found *items; /* in the order of the file */
	size_t n, cap;
	struct pdf_places trailers; /* behind the word */
	struct pdf_places sections; /* the same of "xref" */
	struct pdf_places ends;     /* of revisions: "startxref" */
	size_t tables;              /* "xref" behind the first of these */
	size_t frees;               /* their entries of free objects */
	bool deleted;               /* one of which was in use before */
	bool replaced; /* a later revision has an object of an earlier one */
	struct vt_pdf_ref catalog; /* of /Type /Catalog; the last one */
	size_t ncatalogs;
	bool encrypted; /* something says so, perhaps a broken trailer */
	struct vt_error *err;
};

int vt_pdf_rebuild_refuse(struct pdf_rebuild *r, const char *why);
/* AT behind those that are there.  VT_ELIMIT, VT_ENOMEM. */
int vt_pdf_place_add(struct pdf_rebuild *r, struct pdf_places *to, uint64_t at);
/*
 * All that looks like an object, a trailer or the end of a revision.
 * VT_EFORMAT: something there is signed.
 */
int vt_pdf_rebuild_look(struct pdf_rebuild *r);
/*
 * The last trailer that names a root, or NULL.  VT_EFORMAT: they do not all
 * name the same.
 */
int vt_pdf_rebuild_trailer(struct pdf_rebuild *r,
    const struct vt_pdf_obj **ret);
/*
 * R's document, of which only the header was read, by the section that stands
 * right before a last "startxref" without an offset.  VT_EFORMAT: there is
 * none, or readers that look for objects themselves might show other pages.
 */
int vt_pdf_rebuild_tail(struct pdf_rebuild *r,
    const struct vt_secret *password);

#endif
