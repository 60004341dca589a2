/* pdf_compare_int.h - what the parts of the comparison share */
#ifndef PDF_COMPARE_INT_H
#define PDF_COMPARE_INT_H

#include "pdf_int.h"
#include "vanthu/pdf_compare.h"

#define PDF_STATES_MAX 64  /* older states that are looked at for signatures */
#define PDF_WIDGETS_MAX 64 /* widgets of one signature field */
#define PDF_ENTRIES_EXCUSED_MAX 1000 /* entries of a dictionary */
/* Cross-reference entries of all older states that are opened. */
#define PDF_STATE_ENTRIES_MAX 8000000

struct pdf_signature {
	struct vt_pdf_signature pub;
	struct vt_pdf_sigfield field;
};

struct vt_pdf_signed {
	struct vt_source *src;
	uint64_t size;
	struct vt_pdf *pdf; /* the newest state, or NULL */
	struct vt_error damage;
	struct pdf_signature *items;
	size_t n;
	size_t strays;
	uint64_t entries; /* of the states opened until now */
	size_t looked;    /* objects compared until now */
	/* Steps that were compared already, with these signatures intact. */
	bool intact[VT_PDF_SIGNATURES_MAX];
	struct pdf_stepped *steps;
	size_t nsteps;
};

/* From the state of A bytes to that of B bytes. */
struct pdf_stepped {
	uint64_t a, b;
	bool excused;
	struct vt_pdf_comparison c;
};

void vt_pdf_steps_free(struct vt_pdf_signed *s);

/* Judge what signature SIG covers. */
int vt_pdf_signed_cover(struct vt_pdf_signed *s, struct pdf_signature *sig,
    struct vt_error *err);
/* *RET: nothing but white space, and not much, stands between FROM and TO. */
int vt_pdf_only_space(struct vt_source *src, uint64_t from, uint64_t to,
    bool *ret, struct vt_error *err);
/*
 * The document as it was when it had END bytes.  VT_OK with *RET NULL: it
 * cannot be read, and WHY says why.
 */
int vt_pdf_signed_state(struct vt_pdf_signed *s, uint64_t end,
    struct vt_pdf **ret, struct vt_error *why, struct vt_error *err);

/* A signature field that a step may touch: itself, and its widgets. */
struct pdf_excuse {
	struct vt_pdf_ref field;
	bool field_used; /* added to /Fields */
	struct {
		struct vt_pdf_ref ref;
		bool used; /* added to a page's /Annots */
	} widgets[PDF_WIDGETS_MAX];
	size_t nwidgets;
};

/* An object that a later revision lists. */
struct pdf_candidate {
	uint32_t num;
	bool referenced; /* by an object of the older state */
	bool annots;     /* as a page's /Annots */
};

/* From one state of the document to a later one. */
struct pdf_step {
	struct vt_pdf *a, *b;
	uint64_t end; /* of the later one */
	struct pdf_excuse *excuses;
	size_t nexcuses;
	struct pdf_candidate *cands; /* ascending */
	size_t ncands;
	struct vt_pdf_ref root;  /* the older catalog */
	struct vt_pdf_ref form;  /* its /AcroForm, where an object */
	struct vt_pdf_ref array; /* the form's /Fields, where an object */
	size_t *looked;          /* objects, of all steps */
	struct vt_pdf_comparison *ret;
};

/* Note a difference; the list stops growing, the count does not. */
int vt_pdf_differ(struct pdf_step *st, enum vt_pdf_difference_code code,
    struct vt_pdf_ref ref, struct vt_error *err, const char *msgid, ...)
    VT_PRINTF(5, 6);
/* Compare the two states.  Errors are those that end the work. */
int vt_pdf_step_run(struct pdf_step *st, struct vt_error *err);

/*
 * May VA become VB?  C is its candidate; *RET tells.
 */
int vt_pdf_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err);

#endif
