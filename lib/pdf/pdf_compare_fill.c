/* pdf_compare_fill.c - fields that were there and got a value (12.7.4) */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define FF_WHO 7      /* /Ff: read only, required, not exported */
#define F_PLAIN 0x3c4 /* /F: what moves nothing, and hides nothing */

/* --- the fields that have changed --- */

static int
add_old(struct pdf_step *st, const struct pdf_field *field,
    struct vt_error *err)
{
	struct pdf_old_field *more, *f;
	size_t i;
	int rc;

	if ((st->nfilled & (st->nfilled - 1)) == 0) {
		more = realloc(st->filled,
		    (st->nfilled == 0 ? 1 : 2 * st->nfilled) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		st->filled = more;
	}
	f = &st->filled[st->nfilled++];
	memset(f, 0, sizeof(*f));
	f->ref = field->ref;
	f->sig = strcmp(field->type, "Sig") == 0;
	f->button = strcmp(field->type, "Btn") == 0;
	if ((f->name = strdup(field->name)) == NULL)
		return vt_error_nomem(err);
	rc = vt_pdf_widgets_find(st->a, field->ref, field->obj, &f->widgets,
	    err);
	for (i = 0; i < f->widgets.n && rc == VT_OK; i++)
		rc = vt_pdf_watch(st, f->widgets.items[i].appearance, err);
	return rc;
}

static int
visit(void *ctx, const struct pdf_field *field, struct vt_error *err)
{
	struct pdf_step *st = ctx;
	const struct pdf_candidate *c;
	size_t i;

	/* Two fields of one name are one field. */
	for (i = 0; field->root && i < st->nadded; i++)
		if (st->added[i].proper &&
		    strcmp(st->added[i].name, field->name) == 0)
			st->added[i].proper = false;
	if (field->terminal && strcmp(field->type, "Sig") != 0)
		st->has_values = true;
	c = vt_pdf_candidate(st, field->ref.num);
	if (!field->terminal || c == NULL || c->became != PDF_C_CHANGED)
		return VT_OK;
	return add_old(st, field, err);
}

static void
refuse_doubles(struct pdf_step *st)
{
	size_t i, k;

	for (i = 0; i < st->nadded; i++)
		for (k = 0; k < i; k++)
			if (st->added[i].name != NULL &&
			    st->added[k].name != NULL &&
			    strcmp(st->added[i].name, st->added[k].name) == 0)
				st->added[i].proper = st->added[k].proper =
				    false;
}

/* --- may they have got that? --- */

static bool
is_empty(const struct vt_pdf_obj *v)
{
	return v->type == VT_PDF_NULL ||
	       (v->type == VT_PDF_STRING && v->u.string.len == 0) ||
	       (v->type == VT_PDF_ARRAY && v->u.array.n == 0) ||
	       vt_pdf_is_name(v, "Off");
}

static bool
is_value(const struct vt_pdf_obj *v)
{
	return v->type == VT_PDF_STRING || v->type == VT_PDF_NAME ||
	       v->type == VT_PDF_ARRAY || v->type == VT_PDF_STREAM;
}

/* Does one see anything of it, as the newer state has it? */
static int
is_shown(struct pdf_step *st, const struct pdf_old_field *f, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *w;
	size_t i;
	bool room, draws, ok;
	int rc;

	*ret = false;
	for (i = 0; i < f->widgets.n && !*ret; i++) {
		const struct vt_pdf_obj r = { .type = VT_PDF_REF,
			.u.ref = f->widgets.items[i].ref };

		if ((rc = vt_pdf_side(st->b, &r, &w, &ok, err)) != VT_OK ||
		    (rc = vt_pdf_has_room(st->b, w, &room, err)) != VT_OK ||
		    (rc = vt_pdf_draws(st->b, w, &draws, err)) != VT_OK)
			return rc;
		*ret = !ok || room || draws;
	}
	return VT_OK;
}

/*
 * Does what it shows stay where the field is?  Readers draw by themselves what
 * has no appearance, some beyond its place: that a signer has to answer for.
 */
static int
stays(struct pdf_step *st, const struct pdf_old_field *f, bool *ret,
    struct vt_error *err)
{
	const struct vt_pdf_obj *w;
	size_t i, mark;
	bool room, bare;
	int rc = VT_OK;

	*ret = true;
	for (i = 0; i < f->widgets.n && *ret && rc == VT_OK; i++) {
		const struct vt_pdf_obj r = { .type = VT_PDF_REF,
			.u.ref = f->widgets.items[i].ref };

		if (vt_pdf_is_exhausted(st, 1))
			return VT_OK;
		mark = vt_pdf_mark(st->b);
		if ((rc = vt_pdf_side(st->b, &r, &w, ret, err)) == VT_OK &&
		    *ret)
			rc = vt_pdf_is_bounded(st->b, w, ret, err);
		if (rc == VT_OK && *ret && !f->sig && !st->witness &&
		    (rc = vt_pdf_has_room(st->b, w, &room, err)) == VT_OK &&
		    room &&
		    (rc = vt_pdf_lacks_look(st->b, w, &bare, err)) == VT_OK)
			*ret = !bare;
		vt_pdf_rewind(st->b, mark);
	}
	return rc;
}

static int
judge_signed(struct pdf_step *st, struct pdf_old_field *f,
    const struct vt_pdf_obj *sig, struct vt_error *err)
{
	bool shown;
	int rc;

	if (vt_pdf_is_timestamp(sig)) {
		if ((rc = is_shown(st, f, &shown, err)) != VT_OK)
			return rc;
		f->added = VT_PDF_ADDED_VALIDATION;
		f->filling = shown ? PDF_FILL_NOT : PDF_FILL_VALUE;
		return VT_OK;
	}
	if (st->policy.docmdp != 1 && !vt_pdf_is_locked(st, f->name) &&
	    vt_pdf_is_own_witness(st, f->ref, f->name))
		f->filling = PDF_FILL_VALUE;
	return VT_OK;
}

static int
judge(struct pdf_step *st, struct pdf_old_field *f, const struct vt_pdf_obj *va,
    const struct vt_pdf_obj *vb, struct vt_error *err)
{
	const struct vt_pdf_obj *a, *b;
	bool ok;
	int rc;

	f->added = VT_PDF_ADDED_FORM;
	if ((rc = vt_pdf_both(st, va, vb, "V", &a, &b, &ok, err)) != VT_OK)
		return rc;
	if (!ok)
		return VT_OK;
	if (f->sig && is_empty(a) && b->type == VT_PDF_DICT)
		return judge_signed(st, f, b, err);
	if (!vt_pdf_may_fill(st))
		return VT_OK;
	if (vt_pdf_equal(a, b))
		f->filling = PDF_FILL_FLAGS;
	else if (!f->sig && !vt_pdf_is_locked(st, f->name) && is_value(b) &&
		 (is_empty(a) || (is_value(a) && st->policy.docmdp > 1)))
		f->filling = PDF_FILL_VALUE;
	return VT_OK;
}

/*
 * A button keeps its looks; a signer of what nobody certified answers for where
 * the own signature is seen.
 */
static bool
looks_change(const struct pdf_step *st, const struct pdf_old_field *f)
{
	return f->filling == PDF_FILL_VALUE && !f->button &&
	       (!f->sig || st->policy.docmdp != 0);
}

static int
judge_all(struct pdf_step *st, struct vt_error *err)
{
	const struct vt_pdf_obj *va, *vb;
	size_t i, ma, mb;
	bool a, b = false;
	int rc = VT_OK;

	for (i = 0; i < st->nfilled && rc == VT_OK; i++) {
		const struct vt_pdf_obj r = { .type = VT_PDF_REF,
			.u.ref = st->filled[i].ref };

		ma = vt_pdf_mark(st->a);
		mb = vt_pdf_mark(st->b);
		if ((rc = vt_pdf_side(st->a, &r, &va, &a, err)) == VT_OK &&
		    (rc = vt_pdf_side(st->b, &r, &vb, &b, err)) == VT_OK && a &&
		    b)
			rc = judge(st, &st->filled[i], va, vb, err);
		if (rc == VT_OK && looks_change(st, &st->filled[i]) &&
		    (rc = stays(st, &st->filled[i], &b, err)) == VT_OK && !b)
			st->filled[i].filling = PDF_FILL_NOT;
		vt_pdf_rewind(st->a, ma);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

static int
by_num(const void *va, const void *vb)
{
	const struct pdf_part *a = va, *b = vb;

	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	return a->field < b->field ? -1 : a->field > b->field;
}

/* Find the field of an object: one of two that share it is as good. */
static int
index_parts(struct pdf_step *st, struct vt_error *err)
{
	const struct pdf_widgets *w;
	size_t i, k, n = 0;

	for (i = 0; i < st->nfilled; i++)
		n += 1 + 2 * st->filled[i].widgets.n;
	if (n == 0)
		return VT_OK;
	if ((st->parts = calloc(n, sizeof(*st->parts))) == NULL)
		return vt_error_nomem(err);
	for (i = n = 0; i < st->nfilled; i++) {
		w = &st->filled[i].widgets;
		st->parts[n++] = (struct pdf_part){ st->filled[i].ref.num,
			(uint32_t)i, false };
		for (k = 0; k < w->n; k++) {
			st->parts[n++] = (struct pdf_part){ w->items[k].ref.num,
				(uint32_t)i, false };
			if (w->items[k].appearance != 0)
				st->parts[n++] =
				    (struct pdf_part){ w->items[k].appearance,
					    (uint32_t)i, true };
		}
	}
	qsort(st->parts, n, sizeof(*st->parts), by_num);
	st->nparts = n;
	return VT_OK;
}

/* Is there anything that may be a field, or tell how fields look? */
static bool
is_needed(const struct pdf_step *st)
{
	size_t i;

	for (i = 0; i < st->ncands; i++)
		if (st->cands[i].became == PDF_C_CHANGED && !st->cands[i].page)
			return true;
	return st->nadded > 0;
}

int
vt_pdf_old_fields(struct pdf_step *st, struct vt_error *err)
{
	struct vt_error e = { 0 };
	int rc;

	if (!is_needed(st))
		return VT_OK;
	refuse_doubles(st);
	rc = vt_pdf_fields_walk(st->a, visit, st, &e);
	if (rc != VT_OK)
		st->has_values = true; /* for all that we know */
	else
		rc = judge_all(st, &e);
	if (rc == VT_OK)
		return index_parts(st, err);
	/* What cannot be read excuses nothing. */
	return rc == VT_ENOMEM || rc == VT_EIO ? vt_pdf_pass(err, &e) : VT_OK;
}

/* --- what of the field's objects may be other --- */

static int64_t
flags_of(const struct vt_pdf_obj *dict, const char *key)
{
	const struct vt_pdf_obj *v = vt_pdf_find(dict, key);

	return v == NULL || v->type == VT_PDF_NULL ? 0
	       : v->type == VT_PDF_INT             ? v->u.integer
						   : -1;
}

static bool
flags_fit(const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb,
    const char *key, int64_t may)
{
	int64_t a = flags_of(va, key), b = flags_of(vb, key);

	return a == b || (a >= 0 && b >= 0 && ((a ^ b) & ~may) == 0);
}

/* /Type may be said where it was not. */
static bool
type_fits(const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	const struct vt_pdf_obj *a = vt_pdf_find(va, "Type"),
				*b = vt_pdf_find(vb, "Type");

	return a == NULL ? b == NULL || vt_pdf_is_name(b, "Annot")
			 : b != NULL && vt_pdf_equal(a, b);
}

static bool
is_widget_of(const struct pdf_old_field *f, uint32_t num)
{
	size_t i;

	for (i = 0; i < f->widgets.n; i++)
		if (f->widgets.items[i].ref.num == num)
			return true;
	return false;
}

/* Is NUM the /AP of widgets of F, and of nothing else? */
static bool
is_appearance_of(const struct pdf_step *st, const struct pdf_old_field *f,
    uint32_t num)
{
	const struct pdf_candidate *c = vt_pdf_candidate(st, num);
	const struct pdf_use *u;
	size_t i;

	if (c == NULL)
		return false;
	for (i = 0; i < c->nuses; i++) {
		u = &st->uses[c->use + i];
		if (!is_widget_of(f, u->holder) ||
		    strcmp(vt_pdf_use_path(st, u), "/AP") != 0)
			return false;
	}
	return c->nuses > 0;
}

/*
 * An appearance that something else shares is not the field's own to replace,
 * whichever way.
 */
static bool
owns_appearance(const struct pdf_step *st, const struct pdf_old_field *f,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	const struct vt_pdf_obj *a = vt_pdf_find(va, "AP"),
				*b = vt_pdf_find(vb, "AP");

	return a == NULL || a->type != VT_PDF_REF ||
	       (b != NULL && vt_pdf_equal(a, b)) ||
	       is_appearance_of(st, f, a->u.ref.num);
}

/*
 * What makes it this field, at this place in the tree and with these rules,
 * stays; its place on the page, too, unless a signer of a document that nobody
 * certified puts an empty signature field elsewhere.
 */
static bool
dict_fits(const struct pdf_step *st, const struct pdf_old_field *f,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb)
{
	static const char *const who[] = { "Ff", NULL };
	static const char *const value[] = { "V", "RV", "AP", "AS", "I", "TI",
		"F", "M", "DA", "Q", "Ff", "Type", NULL };
	/* A button has its looks for each of its states, and shows one. */
	static const char *const state[] = { "V", "AS", "F", "M", "Ff", "Type",
		NULL };
	static const char *const sig[] = { "V", "AP", "AS", "F", "M", "DA",
		"DR", "Q", "NM", "Ff", "Type", NULL };
	static const char *const free_sig[] = { "V", "AP", "AS", "F", "M", "DA",
		"DR", "Q", "NM", "Ff", "Type", "MK", "BS", "Border", "Rect",
		NULL };
	bool free = st->policy.docmdp == 0 && f->added == VT_PDF_ADDED_FORM;

	if (f->filling == PDF_FILL_NOT || !type_fits(va, vb) ||
	    !flags_fit(va, vb, "Ff", FF_WHO) || !owns_appearance(st, f, va, vb))
		return false;
	if (f->filling == PDF_FILL_FLAGS)
		return vt_pdf_same_but(va, vb, who);
	if (!f->sig)
		return flags_fit(va, vb, "F", F_PLAIN) &&
		       vt_pdf_same_but(va, vb, f->button ? state : value);
	return free ? vt_pdf_same_but(va, vb, free_sig)
		    : flags_fit(va, vb, "F", F_PLAIN) &&
			  vt_pdf_same_but(va, vb, sig);
}

/* The places that refer to fields and widgets; a page's content does not. */
static bool
used_as_field(const struct pdf_step *st, const struct pdf_candidate *c)
{
	static const char *const tails[] = { "[", "/Fields[", "/Kids[",
		"/Annots[", "/Parent", "/Obj", "/CO[", "/T", "/T[" };
	const char *path, *tail;
	size_t i, k;

	for (i = 0; i < c->nuses; i++) {
		path = vt_pdf_use_path(st, &st->uses[c->use + i]);
		if ((tail = strrchr(path, '/')) == NULL)
			tail = path;
		for (k = 0; k < sizeof(tails) / sizeof(tails[0]); k++)
			if (strcmp(tail, tails[k]) == 0)
				break;
		if (k == sizeof(tails) / sizeof(tails[0]))
			return false;
	}
	return true;
}

/* The field that NUM is part of: itself, or its widget. */
static struct pdf_old_field *
field_with(const struct pdf_step *st, uint32_t num, bool appearance)
{
	size_t low = 0, high = st->nparts, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (st->parts[mid].num < num)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < st->nparts && st->parts[low].num == num; low++)
		if (st->parts[low].appearance == appearance)
			return &st->filled[st->parts[low].field];
	return NULL;
}

/* --- appearances that are replaced in their place (12.5.5) --- */

/* "/N", "/R" or "/D", and one state of it at most. */
static bool
is_kind(const char *path)
{
	if (path[0] != '/' || strchr("NRD", path[1]) == NULL || path[1] == '\0')
		return false;
	if (path[2] == '\0')
		return true;
	return path[2] == '/' && strpbrk(path + 3, "/[") == NULL;
}

static bool
used_in_appearance(const struct pdf_step *st, const struct pdf_old_field *f,
    const struct pdf_candidate *c)
{
	const struct pdf_use *u;
	const char *path;
	size_t i;

	for (i = 0; i < c->nuses; i++) {
		u = &st->uses[c->use + i];
		path = vt_pdf_use_path(st, u);
		if (is_widget_of(f, u->holder)) {
			if (strncmp(path, "/AP", 3) != 0 ||
			    (path[3] != '\0' && !is_kind(path + 3)))
				return false;
		} else if (!is_kind(path) ||
			   !is_appearance_of(st, f, u->holder)) {
			return false;
		}
	}
	return c->nuses > 0;
}

/* The field that C, which becomes VB, is nothing but the appearance of. */
static struct pdf_old_field *
appearance_of(const struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *vb)
{
	struct pdf_old_field *f;
	uint32_t holder;

	if (c->nuses == 0 ||
	    (vb->type != VT_PDF_STREAM && vb->type != VT_PDF_DICT))
		return NULL;
	holder = st->uses[c->use].holder;
	if ((f = field_with(st, holder, false)) == NULL)
		f = field_with(st, holder, true);
	return f != NULL && f->filling == PDF_FILL_VALUE && !f->button &&
		       used_in_appearance(st, f, c)
		   ? f
		   : NULL;
}

int
vt_pdf_field_excused(struct pdf_step *st, const struct pdf_candidate *c,
    const struct vt_pdf_obj *va, const struct vt_pdf_obj *vb, bool *ret,
    struct vt_error *err)
{
	struct pdf_old_field *f = field_with(st, c->num, false);

	(void)err;
	if (f != NULL) {
		*ret = used_as_field(st, c) && dict_fits(st, f, va, vb);
	} else {
		f = appearance_of(st, c, vb);
		*ret = f != NULL;
	}
	if (*ret) {
		f->used = true;
		vt_pdf_note_added(st, f->added);
	}
	return VT_OK;
}
