/* pdf_compare_uses.c - where the older state refers to what later changed
 *
 * An object may change only in the role that a rule speaks of, so each place
 * that it is used in counts: a form's dictionary that is a page's resources,
 * too, is content.
 */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define KEY_MAX 64         /* bytes of a key in a path */
#define PATH_MAX_LEVELS 12 /* keys and arrays in a path */

/* The way from an object to the value that is looked at. */
struct walk {
	struct pdf_step *st;
	uint32_t holder;
	/* of a dictionary's value; of an array's element: no data */
	struct vt_bytes keys[VT_PDF_DEPTH_MAX + 2];
	size_t depth;
	bool revived; /* of an object that only readers that repair show */
	struct vt_error *err;
};

/* A key that reads as a path would let one place pass for another. */
static bool
is_plain(struct vt_bytes key)
{
	return key.len <= KEY_MAX && memchr(key.data, '/', key.len) == NULL &&
	       memchr(key.data, '[', key.len) == NULL &&
	       memchr(key.data, 0, key.len) == NULL;
}

/* What is not known to be changed, because that was too much to look at. */
static int
beyond(struct walk *w, struct pdf_candidate *c, const struct vt_error *why)
{
	vt_pdf_incomplete(w->st, why);
	c->became = PDF_C_SAME;
	return VT_OK;
}

/* The way as text; "?", which is none, where it is too long or a trap. */
static int
put_path(const struct walk *w, struct vt_buf *out)
{
	size_t i, from = out->len;
	bool plain = w->depth <= PATH_MAX_LEVELS;
	int rc = VT_OK;

	for (i = 0; i < w->depth && plain && rc == VT_OK; i++) {
		if (w->keys[i].data == NULL) {
			rc = vt_buf_putc(out, '[');
		} else if ((plain = is_plain(w->keys[i]))) {
			rc = vt_buf_putc(out, '/');
			if (rc == VT_OK)
				rc = vt_buf_bytes_put(out, w->keys[i]);
		}
	}
	if (!plain && rc == VT_OK) {
		out->len = from;
		rc = vt_buf_putc(out, '?');
	}
	return rc == VT_OK ? vt_buf_putc(out, '\0') : rc;
}

static int
note_use(struct walk *w, struct pdf_candidate *c)
{
	struct pdf_step *st = w->st;
	struct vt_error e = { 0 };
	struct pdf_use *more;
	size_t cap, from;
	int rc;

	if (c->page || c->became == PDF_C_SAME)
		return VT_OK; /* wherever that is used */
	if (c->became == PDF_C_ADDED && c->nuses > 0)
		return VT_OK; /* one use is one too many */
	if (w->revived) {
		/* What is changed is told of by where it stood, too. */
		st->revived = st->revived || c->became == PDF_C_ADDED;
		return VT_OK;
	}
	c->nuses++;
	if (st->nuses == VT_PDF_USES_MAX) {
		vt_error_set(&e, VT_ELIMIT, NULL,
		    "what was changed is used in more than %d places",
		    VT_PDF_USES_MAX);
		return beyond(w, c, &e);
	}
	if (st->nuses == st->cuses) {
		cap = st->cuses == 0 ? 16 : 2 * st->cuses;
		more = realloc(st->uses, cap * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(w->err);
		st->uses = more;
		st->cuses = cap;
	}
	from = st->paths.len;
	if ((rc = put_path(w, &st->paths)) == VT_ELIMIT) {
		st->paths.len = from;
		vt_error_set(&e, VT_ELIMIT, NULL,
		    "the places where what was changed is used take more than "
		    "%u bytes to tell",
		    VT_PDF_PATHS_MAX);
		return beyond(w, c, &e);
	}
	if (rc != VT_OK)
		return vt_pdf_buf_error(rc, w->err);
	st->uses[st->nuses++] = (struct pdf_use){ c->num, w->holder, from };
	return VT_OK;
}

/* To an object of the older state?  Some repair a document where not. */
static bool
leads(const struct walk *w, struct vt_pdf_ref ref)
{
	struct vt_pdf_xref x;

	return vt_pdf_xref_find(w->st->a, ref.num, &x) &&
	       x.type != VT_PDF_FREE && x.ref.gen == ref.gen;
}

static int
descend(struct walk *w, const struct vt_pdf_obj *obj)
{
	struct pdf_candidate *c;
	size_t i;
	int rc = VT_OK;

	if (obj->type == VT_PDF_REF) {
		c = vt_pdf_candidate(w->st, obj->u.ref.num);
		if (c != NULL)
			return note_use(w, c);
		if (!w->revived && !leads(w, obj->u.ref))
			w->st->dangles = true;
		return VT_OK;
	}
	if (w->depth == sizeof(w->keys) / sizeof(w->keys[0]))
		return VT_OK; /* no object is that deep */
	if (obj->type == VT_PDF_STREAM)
		obj = obj->u.stream.dict;
	w->depth++;
	if (obj->type == VT_PDF_ARRAY) {
		w->keys[w->depth - 1] = VT_BYTES(NULL, 0);
		for (i = 0; i < obj->u.array.n && rc == VT_OK; i++)
			rc = descend(w, &obj->u.array.items[i]);
	} else if (obj->type == VT_PDF_DICT) {
		if (!w->revived)
			rc = vt_pdf_values_note(w->st, obj, w->err);
		for (i = 0; i < obj->u.dict.n && rc == VT_OK; i++) {
			w->keys[w->depth - 1] = obj->u.dict.entries[i].key;
			if (w->keys[w->depth - 1].data == NULL)
				w->keys[w->depth - 1] = VT_BYTES("", 0);
			rc = descend(w, &obj->u.dict.entries[i].value);
		}
	}
	w->depth--;
	return rc;
}

static int
by_num(const void *va, const void *vb)
{
	const struct pdf_use *a = va, *b = vb;

	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	return a->path < b->path ? -1 : a->path > b->path;
}

static void
sort_uses(struct pdf_step *st)
{
	struct pdf_candidate *c;
	size_t i, k;

	if (st->nuses == 0)
		return;
	qsort(st->uses, st->nuses, sizeof(*st->uses), by_num);
	for (i = 0; i < st->nuses; i = k) {
		for (k = i; k < st->nuses; k++)
			if (st->uses[k].num != st->uses[i].num)
				break;
		c = vt_pdf_candidate(st, st->uses[i].num);
		c->use = i;
		c->nuses = k - i;
	}
}

/* A cross-reference stream's dictionary is a trailer. */
static bool
is_section(const struct vt_pdf *pdf, const struct vt_pdf_obj *v,
    const struct vt_pdf_xref *x)
{
	size_t i;

	if (v->type != VT_PDF_STREAM || x->type != VT_PDF_IN_FILE ||
	    !vt_pdf_is_name(vt_pdf_find(v, "Type"), "XRef"))
		return false;
	for (i = 0; i < pdf->nsections; i++)
		if (pdf->sections[i].off == x->off ||
		    (pdf->sections[i].kind == VT_PDF_XREF_HYBRID &&
			pdf->header + pdf->sections[i].xrefstm == x->off))
			return true;
	return false;
}

/*
 * An object that cannot be read: a stream whose end is not known still says
 * what it refers to.  Of all else nobody knows, nor of objects in such a one.
 */
static int
descend_head(struct walk *w, const struct vt_pdf_xref *x)
{
	const struct vt_pdf_obj *head;
	int rc;

	rc = vt_pdf_load_head(w->st->a, x, &head, w->err);
	if (rc != VT_OK)
		return rc;
	if (head != NULL && vt_pdf_find(head, "First") == NULL)
		return descend(w, head);
	if (w->st->unread == 0)
		w->st->unread = x->ref.num;
	return VT_OK;
}

/*
 * Every object of the older state: what it refers to, and whether it could be
 * read at all.  One that could not, because it stood where nothing was yet, and
 * now can, has changed though no revision lists it.
 */
static int
scan(struct walk *w)
{
	struct pdf_step *st = w->st;
	const struct vt_pdf_obj *va, *vb;
	enum pdf_value a, b;
	struct vt_pdf_xref x;
	size_t pos = 0, ma, mb;
	int rc;

	w->holder = 0;
	rc = descend(w, vt_pdf_trailer(st->a));
	while (rc == VT_OK && vt_pdf_xref_next(st->a, &pos, &x)) {
		if (x.type == VT_PDF_FREE)
			continue;
		if (vt_pdf_is_exhausted(st, 0))
			break;
		ma = vt_pdf_mark(st->a);
		rc = vt_pdf_step_load(st, st->a, x.ref, &va, &a, w->err);
		if (rc != VT_OK)
			break;
		w->holder = is_section(st->a, va, &x) ? 0 : x.ref.num;
		if (a == PDF_V_OK)
			rc = descend(w, va);
		else if (a == PDF_V_BROKEN)
			rc = descend_head(w, &x);
		vt_pdf_rewind(st->a, ma);
		if (rc != VT_OK || a == PDF_V_OK ||
		    vt_pdf_candidate(st, x.ref.num) != NULL)
			continue;
		mb = vt_pdf_mark(st->b);
		rc = vt_pdf_step_load(st, st->b, x.ref, &vb, &b, w->err);
		if (rc == VT_OK && a == PDF_V_BROKEN && b == PDF_V_OK)
			rc = vt_pdf_differ(st, VT_PDF_D_CHANGED, x.ref, w->err,
			    VT_N_("object %u could not be read when it was "
				  "signed, and now it can"),
			    x.ref.num);
		vt_pdf_rewind(st->b, mb);
	}
	return rc;
}

/* --- what readers that repair show in place of what is listed --- */

/* What V refers to, which could be loaded with RC. */
static int
revive(struct walk *w, const struct vt_pdf_obj *v, int rc, struct vt_error *e)
{
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(w->err, e);
	if (rc != VT_OK) {
		w->st->revived = true; /* nobody knows */
		return VT_OK;
	}
	return descend(w, v);
}

/* Is what stands at OFF under NUM older than what is listed, and behind it? */
static bool
is_behind(const struct vt_pdf *pdf, uint32_t num, uint64_t off)
{
	struct vt_pdf_xref x;

	return !vt_pdf_xref_find(pdf, num, &x) || x.type != VT_PDF_IN_FILE ||
	       x.off < off;
}

/*
 * An object of an older section, that was freed since or put into a stream, or
 * whose newer one stands before it: who looks for objects takes the last one.
 */
static int
revive_section(struct walk *w, const struct pdf_section *sec)
{
	struct vt_pdf *pdf = w->st->a;
	const struct vt_pdf_obj *v = NULL;
	struct vt_error e = { 0 };
	struct vt_pdf_ref ref;
	uint64_t off, end;
	size_t i, mark;
	int rc = VT_OK;

	for (i = 0; i < sec->n && rc == VT_OK; i++) {
		off = pdf->header + sec->entries[i].where;
		if (sec->entries[i].type != VT_PDF_IN_FILE ||
		    !is_behind(pdf, sec->entries[i].num, off))
			continue;
		if (w->st->revived || vt_pdf_is_exhausted(w->st, 1))
			return VT_OK;
		mark = vt_pdf_mark(pdf);
		rc = vt_pdf_load_at(pdf, off, &ref, &v, &end, &e);
		rc = revive(w, v, rc, &e);
		vt_pdf_rewind(pdf, mark);
	}
	return rc;
}

/* What the object stream STM holds beside what is listed. */
static int
revive_stream(struct walk *w, uint32_t stm)
{
	struct vt_pdf *pdf = w->st->a;
	const struct vt_pdf_obj *v = NULL;
	struct vt_pdf_extent ext;
	struct vt_error e = { 0 };
	struct vt_pdf_xref x;
	uint32_t i, num;
	size_t mark;
	int rc;

	for (i = 0; !w->st->revived; i++) {
		rc = vt_pdf_objstm_at(pdf, stm, i, &num, &e);
		if (rc == VT_ENOTFOUND)
			return VT_OK;
		if (rc == VT_OK && vt_pdf_xref_find(pdf, num, &x) &&
		    x.type == VT_PDF_IN_STREAM && x.stream == stm &&
		    x.index == i)
			continue;
		if (vt_pdf_is_exhausted(w->st, 1))
			return VT_OK;
		mark = vt_pdf_mark(pdf);
		if (rc == VT_OK)
			rc = vt_pdf_objstm_get(pdf, stm, i, num, &v, &ext, &e);
		rc = revive(w, v, rc, &e);
		vt_pdf_rewind(pdf, mark);
		if (rc != VT_OK)
			return rc;
	}
	return VT_OK;
}

static int
scan_revived(struct walk *w)
{
	struct vt_pdf *pdf = w->st->a;
	const struct vt_pdf_obj *v;
	struct vt_pdf_xref x;
	enum pdf_value value;
	size_t i, mark, pos = 0;
	bool holds;
	int rc = VT_OK;

	w->revived = true;
	for (i = 0; i < pdf->nsections && rc == VT_OK; i++)
		rc = revive_section(w, &pdf->sections[i]);
	while (rc == VT_OK && vt_pdf_xref_next(pdf, &pos, &x)) {
		if (x.type != VT_PDF_IN_FILE)
			continue;
		mark = vt_pdf_mark(pdf);
		rc = vt_pdf_step_load(w->st, pdf, x.ref, &v, &value, w->err);
		holds = rc == VT_OK && value == PDF_V_OK &&
			v->type == VT_PDF_STREAM &&
			vt_pdf_is_name(vt_pdf_find(v, "Type"), "ObjStm");
		vt_pdf_rewind(pdf, mark);
		if (holds)
			rc = revive_stream(w, x.ref.num);
	}
	w->revived = false;
	return rc;
}

int
vt_pdf_uses_find(struct pdf_step *st, struct vt_error *err)
{
	struct walk *w;
	int rc;

	if ((w = malloc(sizeof(*w))) == NULL)
		return vt_error_nomem(err);
	w->st = st; /* the keys are set when used */
	w->depth = 0;
	w->revived = false;
	w->err = err;
	vt_buf_init(&st->paths, VT_PDF_PATHS_MAX);
	vt_buf_init(&st->fonts, PDF_FONTS_MAX);
	st->a->skim = true;
	if ((rc = scan(w)) == VT_OK && vt_pdf_is_odd(st))
		rc = scan_revived(w);
	st->a->skim = false;
	free(w);
	if (rc == VT_OK)
		sort_uses(st);
	return rc;
}

/* Is the object HOLDER of the older state a page? */
static int
is_page(struct pdf_step *st, uint32_t holder, bool *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *v;
	size_t mark = vt_pdf_mark(st->a);
	struct vt_pdf_xref x;
	enum pdf_value value;
	int rc;

	*ret = false;
	if (holder == 0 || !vt_pdf_xref_find(st->a, holder, &x))
		return VT_OK;
	rc = vt_pdf_step_load(st, st->a, x.ref, &v, &value, err);
	if (rc == VT_OK && value == PDF_V_OK)
		*ret = v->type == VT_PDF_DICT &&
		       vt_pdf_is_name(vt_pdf_find(v, "Type"), "Page");
	vt_pdf_rewind(st->a, mark);
	return rc;
}

bool
vt_pdf_use_is(const struct pdf_step *st, const struct pdf_use *u,
    uint32_t holder, const char *path)
{
	return u->holder == holder &&
	       strcmp((const char *)st->paths.data + u->path, path) == 0;
}

const char *
vt_pdf_use_path(const struct pdf_step *st, const struct pdf_use *u)
{
	return (const char *)st->paths.data + u->path;
}

bool
vt_pdf_used_only_as(const struct pdf_step *st, const struct pdf_candidate *c,
    uint32_t holder, const char *path)
{
	size_t i;

	for (i = 0; i < c->nuses; i++)
		if (!vt_pdf_use_is(st, &st->uses[c->use + i], holder, path))
			return false;
	return c->nuses > 0;
}

int
vt_pdf_used_as_annots(struct pdf_step *st, const struct pdf_candidate *c,
    bool *ret, struct vt_error *err)
{
	const struct pdf_use *u;
	size_t i;
	int rc;

	*ret = c->nuses > 0;
	for (i = 0; i < c->nuses && *ret; i++) {
		u = &st->uses[c->use + i];
		*ret = vt_pdf_use_is(st, u, u->holder, "/Annots");
		if (*ret && (rc = is_page(st, u->holder, ret, err)) != VT_OK)
			return rc;
	}
	return VT_OK;
}
