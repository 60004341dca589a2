/* pdf_compare_where.c - the page that a difference is on */
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

#define NUMBERS_MAX 4000000

struct search {
	struct pdf_step *st;
	uint16_t *page; /* by number: the first page that uses it, from 1 */
	uint32_t *todo; /* numbers that are still to be looked into */
	size_t ntodo;
	size_t left; /* objects that may still be looked at */
	uint32_t highest;
	uint16_t current;
	uint32_t pages[VT_PDF_PAGES_LOOKED];
	size_t npages;
};

static void
found(struct search *s, uint32_t num)
{
	if (num == 0 || num > s->highest || s->page[num] != 0 || s->left == 0)
		return;
	s->left--;
	s->page[num] = s->current;
	s->todo[s->ntodo++] = num;
}

/* Ways that lead back, or to another page. */
static bool
leads_away(struct vt_bytes key)
{
	static const char *const keys[] = { "Parent", "P", "Dest", "B", "IRT",
		"StructParent", "Popup", "V" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (vt_bytes_equal_str(key, keys[i]))
			return true;
	return false;
}

static void
look(struct search *s, const struct vt_pdf_obj *v, unsigned depth)
{
	const struct vt_pdf_entry *e;
	size_t i;

	if (v->type == VT_PDF_REF)
		found(s, v->u.ref.num);
	if (depth > VT_PDF_DEPTH_MAX + 1)
		return;
	if (v->type == VT_PDF_STREAM)
		v = v->u.stream.dict;
	for (i = 0; v->type == VT_PDF_ARRAY && i < v->u.array.n; i++)
		look(s, &v->u.array.items[i], depth + 1);
	for (i = 0; v->type == VT_PDF_DICT && i < v->u.dict.n; i++) {
		e = &v->u.dict.entries[i];
		if (!leads_away(e->key))
			look(s, &e->value, depth + 1);
	}
}

static bool
is_of_tree(const struct vt_pdf_obj *v)
{
	return vt_pdf_is_name(vt_pdf_find(v, "Type"), "Page") ||
	       vt_pdf_is_name(vt_pdf_find(v, "Type"), "Pages") ||
	       vt_pdf_is_name(vt_pdf_find(v, "Type"), "Catalog");
}

static int
look_into(struct search *s, uint32_t num, bool page, struct vt_error *err)
{
	struct vt_pdf *pdf = s->st->a;
	const struct vt_pdf_obj *v;
	size_t mark = vt_pdf_mark(pdf);
	enum pdf_value value;
	struct vt_pdf_xref x;
	int rc;

	if (!vt_pdf_xref_find(pdf, num, &x))
		return VT_OK;
	rc = vt_pdf_step_load(s->st, pdf, x.ref, &v, &value, err);
	if (rc == VT_OK && value == PDF_V_OK && (page || !is_of_tree(v)))
		look(s, v, 0);
	vt_pdf_rewind(pdf, mark);
	return rc;
}

static bool
note_page(void *ctx, size_t index, struct vt_pdf_ref ref)
{
	struct search *s = ctx;

	s->pages[index] = ref.num;
	s->npages = index + 1;
	return s->npages < VT_PDF_PAGES_LOOKED;
}

static int
look_at_page(struct search *s, size_t i, struct vt_error *err)
{
	uint32_t num = s->pages[i];
	int rc;

	s->current = (uint16_t)(i + 1);
	if (num != 0 && num <= s->highest)
		s->page[num] = s->current; /* its own, whoever refers */
	rc = look_into(s, num, true, err);
	while (s->ntodo > 0 && rc == VT_OK)
		rc = look_into(s, s->todo[--s->ntodo], false, err);
	return rc;
}

static int
look_at_pages(struct search *s, struct vt_error *err)
{
	struct vt_error e = { 0 };
	size_t i;
	int rc;

	rc = vt_pdf_pages_each(s->st->a, note_page, s, &e);
	if (rc == VT_ENOMEM || rc == VT_EIO)
		return vt_pdf_pass(err, &e);
	rc = VT_OK; /* of a damaged tree what can be seen of it */
	for (i = 0; i < s->npages && s->left > 0 && rc == VT_OK; i++)
		rc = look_at_page(s, i, err);
	return rc;
}

int
vt_pdf_compare_places(struct pdf_step *st, struct vt_error *err)
{
	struct vt_pdf_comparison *c = st->ret;
	struct search s = { .st = st, .left = VT_PDF_OBJECTS_LOOKED };
	size_t i;
	int rc = VT_OK;

	s.highest = vt_pdf_highest(st->a) > vt_pdf_highest(st->b)
			? vt_pdf_highest(st->a)
			: vt_pdf_highest(st->b);
	if (c->n == 0 || s.highest > NUMBERS_MAX)
		return VT_OK;
	s.page = calloc((size_t)s.highest + 1, sizeof(*s.page));
	s.todo = malloc(VT_PDF_OBJECTS_LOOKED * sizeof(*s.todo));
	if (s.page == NULL || s.todo == NULL)
		rc = vt_error_nomem(err);
	if (rc == VT_OK)
		rc = look_at_pages(&s, err);
	for (i = 0; i < c->n && rc == VT_OK; i++)
		if (c->items[i].ref.num != 0 &&
		    c->items[i].ref.num <= s.highest &&
		    s.page[c->items[i].ref.num] != 0)
			c->items[i].page = s.page[c->items[i].ref.num] - 1u;
	free(s.page);
	free(s.todo);
	return rc;
}
