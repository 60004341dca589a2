/* pdf_compare_field.c - signature fields added (12.7.5.5) */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

static bool
has_any(const struct vt_pdf_obj *dict, const char *const keys[])
{
	size_t i;

	for (i = 0; keys[i] != NULL; i++)
		if (vt_pdf_find(dict, keys[i]) != NULL)
			return true;
	return false;
}

static bool
is_added(const struct pdf_step *st, uint32_t num)
{
	const struct pdf_candidate *c = vt_pdf_candidate(st, num);

	return c != NULL && c->became == PDF_C_ADDED;
}

/* A kid of FIELD that is its widget, and does nothing. */
static int
is_proper_kid(struct pdf_step *st, const struct vt_pdf_obj *item,
    struct vt_pdf_ref field, bool *ret, struct vt_error *err)
{
	static const char *const no[] = { "T", "Kids", "A", "AA", NULL };
	const struct vt_pdf_obj *kid, *parent;
	size_t mark = vt_pdf_mark(st->b);
	int rc;

	*ret = item->type == VT_PDF_REF && is_added(st, item->u.ref.num);
	if (!*ret)
		return VT_OK;
	if ((rc = vt_pdf_side(st->b, item, &kid, ret, err)) == VT_OK && *ret) {
		parent = vt_pdf_find(kid, "Parent");
		*ret = kid->type == VT_PDF_DICT && !vt_pdf_has_doubles(kid) &&
		       !has_any(kid, no) &&
		       vt_pdf_is_name(vt_pdf_find(kid, "Subtype"), "Widget") &&
		       (parent == NULL || (parent->type == VT_PDF_REF &&
					      parent->u.ref.num == field.num));
	}
	vt_pdf_rewind(st->b, mark);
	return rc;
}

/* A signature field without actions, and with nothing in it but widgets. */
static int
is_proper(struct pdf_step *st, const struct vt_pdf_obj *v,
    struct vt_pdf_ref ref, bool *ret, struct vt_error *err)
{
	static const char *const no[] = { "Parent", "A", "AA", NULL };
	const struct vt_pdf_obj *t, *kids, *type;
	size_t i;
	int rc;

	*ret = false;
	if (v->type != VT_PDF_DICT || v->u.dict.n > VT_PDF_EXCUSED_MAX ||
	    vt_pdf_has_doubles(v) || has_any(v, no) ||
	    !vt_pdf_is_name(vt_pdf_find(v, "FT"), "Sig"))
		return VT_OK;
	type = vt_pdf_find(v, "Subtype");
	if (type != NULL && !vt_pdf_is_name(type, "Widget"))
		return VT_OK;
	t = vt_pdf_find(v, "T");
	if (t == NULL || t->type != VT_PDF_STRING || t->u.string.len == 0 ||
	    memchr(t->u.string.data, '.', t->u.string.len) != NULL)
		return VT_OK;
	if (vt_pdf_find(v, "Kids") == NULL) {
		*ret = true;
		return VT_OK;
	}
	rc = vt_pdf_side(st->b, vt_pdf_find(v, "Kids"), &kids, ret, err);
	if (rc != VT_OK || !*ret)
		return rc;
	/* the field may be a widget itself */
	*ret = kids->type == VT_PDF_ARRAY &&
	       kids->u.array.n + (type != NULL) <= VT_PDF_WIDGETS_MAX;
	for (i = 0; *ret && i < kids->u.array.n; i++) {
		rc = is_proper_kid(st, &kids->u.array.items[i], ref, ret, err);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* What one sees of the field, and of its widgets. */
static int
look_at(struct pdf_step *st, const struct vt_pdf_obj *v,
    struct pdf_new_field *f, struct vt_error *err)
{
	const struct vt_pdf_obj *w = v;
	size_t i, mark;
	bool room, draws, ok = true;
	int rc;

	for (i = 0; i <= f->widgets.n; i++) {
		mark = vt_pdf_mark(st->b);
		if (i > 0) {
			const struct vt_pdf_obj r = { .type = VT_PDF_REF,
				.u.ref = f->widgets.items[i - 1].ref };

			rc = vt_pdf_side(st->b, &r, &w, &ok, err);
			if (rc != VT_OK)
				return rc;
		}
		if ((rc = vt_pdf_has_room(st->b, w, &room, err)) != VT_OK ||
		    (rc = vt_pdf_draws(st->b, w, &draws, err)) != VT_OK)
			return rc;
		vt_pdf_rewind(st->b, mark);
		f->shown = f->shown || !ok || room || draws;
		f->drawn = f->drawn || !ok || draws || vt_pdf_tells_how(w);
	}
	return VT_OK;
}

/* Whether it is signed, and by what; the signature itself is not wanted. */
static int
read_value(struct pdf_step *st, const struct vt_pdf_obj *v,
    struct pdf_new_field *f, struct vt_error *err)
{
	size_t mark = vt_pdf_mark(st->b);
	const struct vt_pdf_obj *sig;
	bool ok;
	int rc;

	st->b->skim = true;
	rc = vt_pdf_side(st->b, v, &sig, &ok, err);
	f->is_signed = sig->type == VT_PDF_DICT;
	f->timestamp = f->is_signed && vt_pdf_is_timestamp(sig);
	f->proper = ok && (f->is_signed || sig->type == VT_PDF_NULL);
	vt_pdf_rewind(st->b, mark);
	st->b->skim = false;
	return rc;
}

static int
read_new(struct pdf_step *st, const struct vt_pdf_obj *v,
    struct pdf_new_field *f, struct vt_error *err)
{
	const struct vt_pdf_obj *t = vt_pdf_find(v, "T");
	struct vt_buf name;
	int rc;

	rc = is_proper(st, v, f->ref, &f->proper, err);
	if (rc != VT_OK || !f->proper)
		return rc;
	vt_buf_init(&name, VT_PDF_NAME_MAX);
	if ((rc = vt_pdf_text(t->u.string, &name)) == VT_OK)
		rc = vt_buf_putc(&name, '\0');
	f->name = (char *)vt_buf_take(&name, NULL);
	vt_buf_release(&name);
	if (rc == VT_ELIMIT)
		f->proper = false;
	if (rc != VT_OK)
		return rc == VT_ELIMIT ? VT_OK : vt_pdf_buf_error(rc, err);
	if ((rc = read_value(st, vt_pdf_find(v, "V"), f, err)) != VT_OK)
		return rc;
	if ((rc = vt_pdf_widgets_find(st->b, f->ref, v, &f->widgets, err)) !=
	    VT_OK)
		return rc;
	return look_at(st, v, f, err);
}

/*
 * A time stamp proves a time, it does not answer for what one sees; a signature
 * does, for its own field.  A certification wants to be asked first, so nothing
 * that is seen is added to it (as signatures over others' text have been).
 */
static bool
is_allowed(struct pdf_step *st, struct pdf_new_field *f)
{
	bool own;

	f->added = VT_PDF_ADDED_VALIDATION;
	if (!f->proper)
		return false;
	if (f->timestamp)
		return !f->shown;
	if (st->policy.docmdp == 1)
		return false;
	own = f->is_signed && vt_pdf_is_own_witness(st, f->ref, f->name);
	if (!f->is_signed && !f->shown)
		return true;
	f->added = VT_PDF_ADDED_FORM;
	if (vt_pdf_is_locked(st, f->name) ||
	    (f->shown && st->policy.docmdp != 0))
		return false;
	return f->is_signed ? own : st->witness && !f->drawn;
}

bool
vt_pdf_use_field(struct pdf_step *st, struct vt_pdf_ref ref)
{
	size_t i;

	for (i = 0; i < st->nadded; i++) {
		if (st->added[i].ref.num != ref.num ||
		    st->added[i].ref.gen != ref.gen)
			continue;
		if (st->added[i].used || !is_allowed(st, &st->added[i]))
			return false;
		st->added[i].used = true;
		vt_pdf_note_added(st, st->added[i].added);
		return true;
	}
	return false;
}

bool
vt_pdf_use_widget(struct pdf_step *st, struct vt_pdf_ref ref)
{
	struct pdf_new_field *f;
	struct pdf_widget *w;
	size_t i, k;

	for (i = 0; i < st->nadded; i++) {
		f = &st->added[i];
		for (k = 0; k < f->widgets.n; k++) {
			w = &f->widgets.items[k];
			if (w->ref.num != ref.num || w->ref.gen != ref.gen)
				continue;
			if (w->used || !is_allowed(st, f))
				return false;
			w->used = true;
			vt_pdf_note_added(st, f->added);
			return true;
		}
	}
	return false;
}

static int
add_new(struct pdf_step *st, struct vt_pdf_ref ref, struct vt_error *err)
{
	const struct vt_pdf_obj r = { .type = VT_PDF_REF, .u.ref = ref }, *v;
	size_t mark = vt_pdf_mark(st->b);
	struct pdf_new_field *f;
	bool ok;
	int rc;

	f = &st->added[st->nadded++];
	memset(f, 0, sizeof(*f));
	f->ref = ref;
	if ((rc = vt_pdf_side(st->b, &r, &v, &ok, err)) == VT_OK && ok)
		rc = read_new(st, v, f, err);
	vt_pdf_rewind(st->b, mark);
	return rc;
}

/* Those in the newer form's /Fields that were not there before. */
int
vt_pdf_new_fields(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *form, *fields, *item;
	size_t i, mark = vt_pdf_mark(st->b);
	struct vt_error e = { 0 };
	int rc;

	if ((rc = vt_pdf_form(st->b, &form, &e)) == VT_OK)
		rc = vt_pdf_lookup(st->b, form, "Fields", &fields, &e);
	if (rc != VT_OK || fields->type != VT_PDF_ARRAY) {
		vt_pdf_rewind(st->b, mark);
		return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e)
						       : VT_OK;
	}
	st->added = calloc(VT_PDF_NEW_FIELDS_MAX, sizeof(*st->added));
	if (st->added == NULL)
		rc = vt_error_nomem(err);
	for (i = 0; rc == VT_OK && i < fields->u.array.n; i++) {
		item = &fields->u.array.items[i];
		if (item->type == VT_PDF_REF && is_added(st, item->u.ref.num) &&
		    st->nadded < VT_PDF_NEW_FIELDS_MAX)
			rc = add_new(st, item->u.ref, err);
	}
	vt_pdf_rewind(st->b, mark);
	return rc;
}
