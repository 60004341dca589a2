/* pdf_compare_values.c - what readers show by what the form says (12.7.4.3)
 *
 * A text without an appearance is drawn by its /DA, with a font of the form's
 * /DR.  A font that is not there is drawn with another, until somebody adds one
 * of that name.
 */
#include <string.h>

#include "pdf_compare_int.h"

static bool
is_name_but(const struct vt_pdf_obj *v, const char *name)
{
	return v != NULL && !vt_pdf_is_name(v, name);
}

static bool
is_text(const struct vt_pdf_obj *v)
{
	return (v->type == VT_PDF_STRING && v->u.string.len > 0) ||
	       (v->type == VT_PDF_ARRAY && v->u.array.n > 0) ||
	       v->type == VT_PDF_STREAM;
}

/* A field's value; a signature's is a dictionary. */
static int
has_text(struct vt_pdf *pdf, const struct vt_pdf_obj *dict, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, "V");
	size_t mark = vt_pdf_mark(pdf);
	bool ok;
	int rc;

	*ret = false;
	if (v == NULL || vt_pdf_is_name(vt_pdf_find(dict, "FT"), "Sig"))
		return VT_OK;
	if ((rc = vt_pdf_side(pdf, v, &v, &ok, err)) == VT_OK)
		*ret = !ok || is_text(v);
	vt_pdf_rewind(pdf, mark);
	return rc;
}

/* "/Name/", so that none is found within another. */
static bool
is_noted(const struct pdf_step *st, struct vt_bytes name)
{
	struct vt_bytes all = vt_buf_bytes(&st->fonts);
	char text[PDF_FONTS_MAX];
	size_t at = 0;

	if (name.len == 0 || name.len > sizeof(text) - 3)
		return st->fonts_all;
	text[0] = '/';
	memcpy(text + 1, name.data, name.len);
	text[name.len + 1] = '/';
	text[name.len + 2] = '\0';
	if (memchr(text, 0, name.len + 2) != NULL)
		return true;
	at = vt_bytes_find(all, 0, text);
	return st->fonts_all || at != SIZE_MAX;
}

/* The names in DA, a piece of content (12.7.4.3). */
static void
note_fonts(struct pdf_step *st, const struct vt_pdf_obj *da)
{
	struct vt_bytes b, name;
	size_t i, from;

	if (da == NULL || da->type == VT_PDF_NULL)
		return;
	if (da->type != VT_PDF_STRING) {
		st->fonts_all = true;
		return;
	}
	b = da->u.string;
	for (i = 0; i < b.len && !st->fonts_all; i++) {
		if (b.data[i] != '/')
			continue;
		from = i + 1;
		while (i + 1 < b.len && pdf_is_regular((int)b.data[i + 1]))
			i++;
		name = vt_bytes_slice(b, from, i + 1 - from);
		if (name.len == 0 || is_noted(st, name))
			continue;
		if (memchr(name.data, '#', name.len) != NULL ||
		    vt_buf_putc(&st->fonts, '/') != VT_OK ||
		    vt_buf_bytes_put(&st->fonts, name) != VT_OK ||
		    vt_buf_putc(&st->fonts, '/') != VT_OK)
			st->fonts_all = true;
	}
}

int
vt_pdf_values_note(struct pdf_step *st, const struct vt_pdf_obj *dict,
    struct vt_error *err)
{
	const struct vt_pdf_obj *kind = vt_pdf_find(dict, "Subtype");
	const struct vt_pdf_obj *need = vt_pdf_find(dict, "NeedAppearances");
	bool text, bare = false, free_text;
	int rc;

	/* A field on a page alone counts, too. */
	if (is_name_but(vt_pdf_find(dict, "FT"), "Sig"))
		st->has_values = true;
	if (need != NULL && (need->type != VT_PDF_BOOL || need->u.boolean))
		st->makes_looks = true;
	note_fonts(st, vt_pdf_find(dict, "DA"));
	free_text = kind != NULL && (kind->type == VT_PDF_REF ||
					vt_pdf_is_name(kind, "FreeText"));
	if ((rc = has_text(st->a, dict, &text, err)) != VT_OK)
		return rc;
	st->has_texts = st->has_texts || text;
	if ((text || free_text) &&
	    (rc = vt_pdf_lacks_look(st->a, dict, &bare, err)) != VT_OK)
		return rc;
	st->has_values = st->has_values || (free_text && bare);
	st->has_bare = st->has_bare || bare;
	return VT_OK;
}

bool
vt_pdf_fonts_fit(const struct pdf_step *st, const struct vt_pdf_obj *a,
    const struct vt_pdf_obj *b)
{
	const struct vt_pdf_entry *e;
	size_t i, n;

	if (b->type != VT_PDF_DICT ||
	    (!st->has_bare && !(st->makes_looks && st->has_texts)))
		return true;
	if (b->u.dict.n > VT_PDF_EXCUSED_MAX ||
	    (a->type == VT_PDF_DICT && a->u.dict.n > VT_PDF_EXCUSED_MAX))
		return false;
	for (i = 0; i < b->u.dict.n; i++) {
		e = &b->u.dict.entries[i];
		if ((a->type != VT_PDF_DICT ||
			vt_pdf_value_of(a, e->key, &n) == NULL) &&
		    is_noted(st, e->key))
			return false;
	}
	return true;
}
