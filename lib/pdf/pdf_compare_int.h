/* pdf_compare_int.h - what the parts of the comparison share */
#ifndef PDF_COMPARE_INT_H
#define PDF_COMPARE_INT_H

#include "pdf_int.h"
#include "vanthu/pdf_compare.h"

#define PDF_STATES_KEPT 4  /* of those that were opened */
#define PDF_UNIT 1024      /* bytes of objects that count as one object */
#define PDF_FONTS_MAX 1024 /* bytes of fonts' names in all /DA */

struct pdf_signature {
	struct vt_pdf_signature pub;
	struct vt_pdf_sigfield field;
};

/* What the signature that is compared with allows to change later. */
struct pdf_policy {
	int docmdp; /* 0: not certified; else 1, 2 or 3, the strictest said */
	const struct vt_pdf_field_lock *locks[2];
};

struct vt_pdf_signed {
	struct vt_source *src;
	const struct vt_secret *password; /* or NULL */
	uint64_t size;
	struct vt_pdf *pdf; /* the newest state, or NULL */
	struct vt_error damage;
	struct pdf_signature *items;
	size_t n;
	size_t strays;
	struct pdf_state {
		uint64_t end;
		struct vt_pdf *pdf;
		uint64_t used; /* when, for throwing out the oldest */
	} states[PDF_STATES_KEPT];
	uint64_t clock;
	uint64_t entries; /* of the states opened until now */
	size_t looked;    /* objects compared until now */
	/* Of what a signature covers all is listed that stands before it. */
	uint64_t listed_to;
	/* Steps that were compared already, with these signatures intact. */
	bool intact[VT_PDF_SIGNATURES_MAX];
	struct pdf_stepped *steps;
	size_t nsteps;
};

/* From the state of A bytes to that of B bytes. */
struct pdf_stepped {
	uint64_t a, b;
	struct pdf_policy policy;
	struct vt_pdf_comparison c;
};

void vt_pdf_steps_free(struct vt_pdf_signed *s);

/* Judge what signature SIG covers. */
int vt_pdf_signed_cover(struct vt_pdf_signed *s, struct pdf_signature *sig,
    struct vt_error *err);
/*
 * The document as it was when it had END bytes; borrowed until this was called
 * for PDF_STATES_KEPT others.  VT_OK with *RET NULL: it cannot be read, and WHY
 * says why.
 */
int vt_pdf_signed_state(struct vt_pdf_signed *s, uint64_t end,
    struct vt_pdf **ret, struct vt_error *why, struct vt_error *err);

/* Where the older state refers to an object. */
struct pdf_use {
	uint32_t num;    /* what is referred to */
	uint32_t holder; /* by which object; 0: the trailer */
	size_t path;     /* in the step's paths: "/AcroForm/Fields[", say */
};

/* An object that a later revision lists, or whose uses are asked for. */
struct pdf_candidate {
	uint32_t num;
	enum pdf_became {
		PDF_C_WATCHED,    /* not listed */
		PDF_C_SAME,       /* or nothing in both states */
		PDF_C_ADDED,      /* where there was nothing */
		PDF_C_CHANGED,    /* another value */
		PDF_C_REMOVED,    /* a value before, nothing now */
		PDF_C_UNREADABLE, /* could be read before */
		PDF_C_READABLE,   /* could not be read before */
		PDF_C_REPLACED,   /* not to be read, before and after */
		PDF_C_HIDDEN      /* from readers of tables alone */
	} became;
	bool page; /* a page in both states: used in many places */
	size_t use;
	size_t nuses;
};

/* A widget, and the object that is its /AP where it has one such. */
struct pdf_widget {
	struct vt_pdf_ref ref;
	uint32_t appearance; /* of the older state; 0: none */
	bool used;           /* added to a page's /Annots */
};

struct pdf_widgets {
	struct pdf_widget *items;
	size_t n;
};

/* A signature field that was added. */
struct pdf_new_field {
	struct vt_pdf_ref ref;
	char *name;
	bool used;   /* added to /Fields */
	bool proper; /* nothing but a signature field */
	bool is_signed;
	bool timestamp;
	bool shown; /* takes room on a page, or could draw there */
	bool drawn; /* has an appearance, or tells how to make one */
	enum vt_pdf_added added;
	struct pdf_widgets widgets;
};

/* A field that was there and has changed. */
struct pdf_old_field {
	struct vt_pdf_ref ref;
	char *name;
	bool sig;
	bool button;
	enum pdf_filling {
		PDF_FILL_NOT,   /* not as it may be */
		PDF_FILL_FLAGS, /* only who may type into it */
		PDF_FILL_VALUE
	} filling;
	enum vt_pdf_added added;
	bool used; /* an object of it has changed as it may */
	struct pdf_widgets widgets;
};

/* Objects of the older state's /DSS that are no streams. */
struct pdf_dss_part {
	uint32_t num;
	enum pdf_dss_role {
		PDF_DSS_NONE,
		PDF_DSS_ROOT,
		PDF_DSS_VRI,
		PDF_DSS_ENTRY,
		PDF_DSS_LIST
	} role;
};

/* From one state of the document to a later one. */
struct pdf_step {
	struct vt_pdf_signed *s;
	struct vt_pdf *a, *b;
	uint64_t end; /* of the later one */
	struct pdf_policy policy;
	const bool *intact;
	bool witness; /* an intact signature closed this state or a later one */

	struct pdf_candidate *cands; /* ascending; then those to be watched */
	size_t ncands, nwatched, ccands;
	struct pdf_use *uses; /* in the order of the candidates */
	size_t nuses, cuses;
	struct vt_buf paths;
	uint32_t unread; /* an object of A of which nothing is known; 0: none */
	bool dangles;    /* A refers to what it does not have */
	bool revived;    /* what it had before leads to what is new */

	struct vt_pdf_ref root;  /* the older catalog */
	struct vt_pdf_ref form;  /* its /AcroForm, where an object */
	struct vt_pdf_ref array; /* the form's /Fields, where an object */
	struct vt_pdf_ref dr;    /* the form's /DR, where an object */
	/* A has fields that are not for signatures, or texts to be made. */
	bool has_values;
	bool has_texts;      /* values of fields */
	bool has_bare;       /* texts without an appearance */
	bool makes_looks;    /* all appearances are to be made again */
	struct vt_buf fonts; /* "/Name/" of each font that a /DA names */
	bool fonts_all;      /* and more: take each for one of them */
	struct pdf_dss_part *dss;
	size_t ndss;
	struct pdf_new_field *added;
	size_t nadded;
	struct pdf_old_field *filled;
	size_t nfilled;
	/* Which of them an object is part of, ascending by number. */
	struct pdf_part {
		uint32_t num;
		uint32_t field;
		bool appearance; /* the /AP of a widget, not a widget */
	} * parts;
	size_t nparts;
	bool metadata_changed, dss_changed;
	struct vt_pdf_comparison *ret;
};

/* Note a difference; the list stops growing, the count does not. */
int vt_pdf_differ(struct pdf_step *st, enum vt_pdf_difference_code code,
    struct vt_pdf_ref ref, struct vt_error *err, const char *msgid, ...)
    VT_PRINTF(5, 6);
/* Something that we cannot look at: no change is known, nor that none is. */
void vt_pdf_incomplete(struct pdf_step *st, const struct vt_error *why);
/*
 * The same where VT_PDF_COMPARE_MAX is passed once MORE was done: true then.
 */
bool vt_pdf_is_exhausted(struct pdf_step *st, size_t more);
/* Compare the two states.  Errors are those that end the work. */
int vt_pdf_step_run(struct pdf_step *st, struct vt_error *err);

/* The candidate with this number, or NULL. */
struct pdf_candidate *vt_pdf_candidate(const struct pdf_step *st, uint32_t num);
/* Add one that is only watched, once the others are classified. */
int vt_pdf_watch(struct pdf_step *st, uint32_t num, struct vt_error *err);

/* What loading one object came to. */
enum pdf_value { PDF_V_OK, PDF_V_BROKEN, PDF_V_UNKNOWN };
int vt_pdf_step_load(struct pdf_step *st, struct vt_pdf *pdf,
    struct vt_pdf_ref ref, const struct vt_pdf_obj **ret,
    enum pdf_value *ret_value, struct vt_error *err);
/* May this step's changes be those of a form that is filled? */
bool vt_pdf_may_fill(const struct pdf_step *st);
bool vt_pdf_is_locked(const struct pdf_step *st, const char *name);
void vt_pdf_note_added(struct pdf_step *st, enum vt_pdf_added added);

/* --- uses --- */

/* Find where the older state refers to the candidates. */
int vt_pdf_uses_find(struct pdf_step *st, struct vt_error *err);
bool vt_pdf_use_is(const struct pdf_step *st, const struct pdf_use *u,
    uint32_t holder, const char *path);
const char *vt_pdf_use_path(const struct pdf_step *st, const struct pdf_use *u);
/* C is used, and nowhere else than at PATH of HOLDER. */
bool vt_pdf_used_only_as(const struct pdf_step *st,
    const struct pdf_candidate *c, uint32_t holder, const char *path);
/* The same: as the /Annots of pages. */
int vt_pdf_used_as_annots(struct pdf_step *st, const struct pdf_candidate *c,
    bool *ret, struct vt_error *err);

/* --- texts that readers draw by the form --- */

/* What the dictionary of the older state says of such. */
int vt_pdf_values_note(struct pdf_step *st, const struct vt_pdf_obj *dict,
    struct vt_error *err);
/* B, fonts of /DR, has none beside those of A that such a text waits for. */
bool vt_pdf_fonts_fit(const struct pdf_step *st, const struct vt_pdf_obj *a,
    const struct vt_pdf_obj *b);

/* --- chains and trailers --- */

/*
 * The sections of A must be the first ones of B, and read the same; *RET is the
 * first revision that is B's own.
 */
int vt_pdf_compare_chains(struct pdf_step *st, size_t *ret,
    struct vt_error *err);
int vt_pdf_compare_trailers(struct pdf_step *st, struct vt_error *err);
/* The same of what can be read of B without its password. */
int vt_pdf_compare_encryption(struct pdf_step *st, struct vt_error *err);
/* What was appended holds no object that its sections do not list. */
int vt_pdf_compare_gaps(struct pdf_step *st, struct vt_error *err);
/*
 * Where something was added or changed, the older state has no object that
 * cannot be read, nor one that its sections do not list: readers that repair
 * it may find there what leads to what is new.  Else the step is incomplete.
 * In a stream such an object counts where something makes readers repair.
 */
int vt_pdf_compare_unread(struct pdf_step *st, struct vt_error *err);
/* Is something about the older state that makes some readers repair it? */
bool vt_pdf_is_odd(const struct pdf_step *st);
/*
 * Its sections are written to the letter, and so is the end of the newest state
 * where FROM or later bytes stand there; else the step is incomplete.
 */
int vt_pdf_compare_strict(struct pdf_step *st, struct vt_error *err);
int vt_pdf_compare_end(struct pdf_step *st, uint64_t from,
    struct vt_error *err);

/* Where PDF says that it is linearized it is; else nothing can be told. */
int vt_pdf_compare_linear(struct pdf_step *st, struct vt_pdf *pdf,
    struct vt_error *err);

/* --- rules: *RET tells whether VA may become VB --- */

#define PDF_RULE(name)                                                         \
	int name(struct pdf_step *st, const struct vt_pdf_obj *va,             \
	    const struct vt_pdf_obj *vb, bool *ret, struct vt_error *err)

/* The value of KEY, and how often it stands there. */
const struct vt_pdf_obj *vt_pdf_value_of(const struct vt_pdf_obj *dict,
    struct vt_bytes key, size_t *ret_n);
/* A key stands twice, or there are more than we look at. */
bool vt_pdf_has_doubles(const struct vt_pdf_obj *dict);
/* Two dictionaries that differ only under KEYS, none twice. */
bool vt_pdf_same_but(const struct vt_pdf_obj *a, const struct vt_pdf_obj *b,
    const char *const keys[]);
/* The value of KEY on both sides, resolved; *RET_OK: both can be read. */
int vt_pdf_both(struct pdf_step *st, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, const char *key, const struct vt_pdf_obj **ra,
    const struct vt_pdf_obj **rb, bool *ret_ok, struct vt_error *err);
/* Resolved in one of the states; *RET_OK: it can be read. */
int vt_pdf_side(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, bool *ret_ok, struct vt_error *err);

PDF_RULE(vt_pdf_rule_info);       /* the trailer's /Info */
PDF_RULE(vt_pdf_rule_metadata);   /* the catalog's, streams */
PDF_RULE(vt_pdf_rule_extensions); /* the catalog's */
PDF_RULE(vt_pdf_rule_mark_info);  /* the catalog's */
PDF_RULE(vt_pdf_rule_version);    /* the catalog's */
PDF_RULE(vt_pdf_rule_dss);        /* the catalog's, resolved */

/* Prepares what the rules need, once the candidates are classified. */
int vt_pdf_excuses_make(struct pdf_step *st, struct vt_error *err);
void vt_pdf_excuses_release(struct pdf_step *st);
/* C is VA's and VB's candidate. */
int vt_pdf_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err);

/* The objects that /DSS of the older state is made of. */
int vt_pdf_dss_parts(struct pdf_step *st, struct vt_error *err);
/* The same rule for one of these, where C is one; else *RET is false. */
int vt_pdf_dss_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err);

/* Fields that were added and those that were filled. */
int vt_pdf_new_fields(struct pdf_step *st, struct vt_error *err);
int vt_pdf_old_fields(struct pdf_step *st, struct vt_error *err);
bool vt_pdf_use_field(struct pdf_step *st, struct vt_pdf_ref ref);
bool vt_pdf_use_widget(struct pdf_step *st, struct vt_pdf_ref ref);
int vt_pdf_field_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err);
void vt_pdf_widgets_release(struct pdf_widgets *w);
/* The widgets of FIELD, of PDF: its kids, or itself. */
int vt_pdf_widgets_find(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *field, struct pdf_widgets *ret,
    struct vt_error *err);
/* Does an annotation take room on its page? */
int vt_pdf_has_room(struct vt_pdf *pdf, const struct vt_pdf_obj *annot,
    bool *ret, struct vt_error *err);
/* Does its appearance draw anything, as far as one can see? */
int vt_pdf_draws(struct vt_pdf *pdf, const struct vt_pdf_obj *annot, bool *ret,
    struct vt_error *err);
/* Do its appearances, where it has any, stay within its /Rect? */
int vt_pdf_is_bounded(struct vt_pdf *pdf, const struct vt_pdf_obj *annot,
    bool *ret, struct vt_error *err);
/* *RET: it has no appearance that would be shown as it is. */
int vt_pdf_lacks_look(struct vt_pdf *pdf, const struct vt_pdf_obj *annot,
    bool *ret, struct vt_error *err);
/* Does it tell a reader how to make an appearance? */
bool vt_pdf_tells_how(const struct vt_pdf_obj *annot);
/* Does signature J of this step's document speak for the field? */
bool vt_pdf_is_own_witness(const struct pdf_step *st, struct vt_pdf_ref field,
    const char *name);

/* A document time stamp, by its type or by its kind (12.8.5). */
bool vt_pdf_is_timestamp(const struct vt_pdf_obj *sig);

/* Lists what was added. */
int vt_pdf_tell_additions(struct pdf_step *st, struct vt_error *err);
/* Tells the differences' pages. */
int vt_pdf_compare_places(struct pdf_step *st, struct vt_error *err);

/* Does the text look like an XMP packet: well-formed, and its root one? */
bool vt_pdf_is_xmp(struct vt_bytes text);

#endif
