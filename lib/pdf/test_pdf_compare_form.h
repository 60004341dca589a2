/* test_pdf_compare_form.h - a signed form, and its fields filled later */
#ifndef TEST_PDF_COMPARE_FORM_H
#define TEST_PDF_COMPARE_FORM_H

#include "test_pdf_compare.h"

#define TEXT(more)                                                             \
	"<</FT/Tx/T(Number)/Type/Annot/Subtype/Widget/P 3 0 R/Ff 1" more ">>"
#define RECT "/Rect[10 10 60 20]/F 4"
#define AP "/AP<</N 21 0 R>>"
#define DRAW(c)                                                                \
	"<</Subtype/Form/BBox[0 0 9 9]/Length 1>>\nstream\n" c "\nendstream"
#define LOOK DRAW("f")
#define FORM(more) "<</SigFlags 3" more "/Fields[6 0 R 9 0 R 20 0 R 23 0 R]>>"
#define FORM12 "<</SigFlags 3/Fields[6 0 R 9 0 R 20 0 R 23 0 R 12 0 R]>>"
#define PAGE(more)                                                             \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"       \
	"/Resources<</Font<</F 50 0 R>>>>/Annots[6 0 R 20 0 R 24 0 R" more     \
	"]>>"
#define MDP(p)                                                                 \
	SIG("/Reference[<</TransformMethod/DocMDP/TransformParams<</P " p      \
	    ">>>>]")
#define FIELDS(what)                                                           \
	SIG("/Reference[<</TransformMethod/FieldMDP"                           \
	    "/TransformParams<<" what ">>>>]")

/*
 * A document with two text fields: 20, which is its own widget, with an
 * appearance that is an object, and 23, a group with one field, 24.
 */
static const struct part text[] = {
	{ 3, PAGE("") },
	{ 5, FORM("") },
	{ 20, TEXT(RECT "/AP<</N 21 0 R>>") },
	{ 21, DRAW("n") },
	{ 23, "<</FT/Tx/T(Group)/Kids[24 0 R]>>" },
	{ 24, "<</Parent 23 0 R/T(Date)/Type/Annot/Subtype/Widget/P 3 0 R"
	      "/Rect[70 10 90 20]/AP 25 0 R>>" },
	{ 25, "<</N 21 0 R>>" },
};
#define NTEXT (sizeof(text) / sizeof(text[0]))

/* How the revision with the changes is closed. */
enum closed {
	BY_NOBODY,
	BY_A_SIGNATURE,  /* intact, its field unseen */
	BY_A_BROKEN_ONE, /* the same, but it does not hold */
	BY_A_LATER_ONE   /* the next revision has one */
};

/* Put a signature into a document of PARTS, then CHANGES, closed by HOW. */
static inline void
make(struct doc *d, const struct part *parts, size_t nparts,
    const struct part *changes, size_t nchanges, enum closed how)
{
	static const struct part closing[] = {
		{ 12, "<</FT/Sig/T(Two)/V 13 0 R>>" },
		{ 13, SIG("/Name(two)") },
		{ 5, FORM12 },
	};
	struct part all[32];
	size_t i, k, n = NTEXT;

	memcpy(all, text, sizeof(text));
	for (i = 0; i < nparts; i++) {
		for (k = 0; k < n && all[k].num != parts[i].num; k++)
			;
		all[k] = parts[i];
		n += k == n;
	}
	signed_doc(d, all, n);
	memcpy(all, changes, nchanges * sizeof(all[0]));
	n = nchanges;
	if (how == BY_A_SIGNATURE || how == BY_A_BROKEN_ONE) {
		memcpy(all + n, closing, sizeof(closing));
		n += 3;
	}
	update(d, all, n, "");
	if (how == BY_A_LATER_ONE)
		update(d, closing, 3, "");
	if (how != BY_NOBODY)
		seal(d);
}

static inline void
expect(const struct part *parts, size_t nparts, const struct part *changes,
    size_t nchanges, enum closed how, enum vt_pdf_compared result,
    const char *what)
{
	struct doc d;

	make(&d, parts, nparts, changes, nchanges, how);
	assert_compared(&d, how == BY_A_BROKEN_ONE || how == BY_NOBODY ? 1 : 3,
	    result, what);
	vt_buf_release(&d.b);
}

static const struct part filled[] = {
	{ 20, TEXT(RECT "/V(12)/AP<</N 22 0 R>>/M(D:2026)/DA(x)/Q 1") },
	{ 22, LOOK },
};

#endif
