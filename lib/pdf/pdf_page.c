/* pdf_page.c - the page tree (ISO 32000-2, 7.7.3) */
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

#define CLAUSE "ISO 32000-2, 7.7.3"

/* A node whose kids are being visited. */
struct level {
	uint32_t num; /* its object, 0 where direct */
	const struct vt_pdf_obj *kids;
	size_t next;
	size_t mark; /* the arena before the node was loaded */
};

struct walk {
	struct vt_pdf *pdf;
	struct level *levels;
	size_t depth;
	size_t seen; /* nodes */
	size_t page; /* the next leaf's number */
	pdf_page_fn *each;
	void *ctx;
};

static int
enter(struct walk *w, const struct vt_pdf_obj *kids, uint32_t num, size_t mark,
    struct vt_error *err)
{
	size_t i;

	if (w->depth == VT_PDF_TREE_DEPTH_MAX)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "the page tree is deeper than %d", VT_PDF_TREE_DEPTH_MAX);
	for (i = 0; i < w->depth; i++)
		if (num != 0 && w->levels[i].num == num)
			return vt_error_set(err, VT_EFORMAT, CLAUSE,
			    "the page tree leads in a circle at object %u",
			    num);
	w->levels[w->depth++] = (struct level){ num, kids, 0, mark };
	return VT_OK;
}

/*
 * OBJ, a node or a page, as found in /Pages or /Kids.  *RET is set where it is
 * a page; null is skipped (7.3.10).
 */
static int
visit(struct walk *w, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, struct vt_pdf_ref *ret_ref,
    struct vt_error *err)
{
	const struct vt_pdf_obj *node, *kids;
	size_t mark = vt_pdf_mark(w->pdf);
	int rc;

	if (++w->seen > VT_PDF_PAGES_MAX)
		return vt_error_set(err, VT_ELIMIT, CLAUSE,
		    "the page tree has more than %d nodes", VT_PDF_PAGES_MAX);
	rc = vt_pdf_resolve_ref(w->pdf, obj, &node, ret_ref, err);
	if (rc != VT_OK)
		return rc;
	if (node->type == VT_PDF_NULL)
		return VT_OK;
	if (node->type != VT_PDF_DICT)
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "object %u in the page tree is not a dictionary",
		    ret_ref->num);
	rc = vt_pdf_lookup(w->pdf, node, "Kids", &kids, err);
	if (rc != VT_OK)
		return rc;
	if (kids->type == VT_PDF_ARRAY)
		return enter(w, kids, ret_ref->num, mark, err);
	if (vt_pdf_is_name(vt_pdf_find(node, "Type"), "Pages"))
		return vt_error_set(err, VT_EFORMAT, CLAUSE,
		    "node %u of the page tree has no /Kids", ret_ref->num);
	*ret = node;
	return VT_OK;
}

/* Pages up to WANTED, or all to EACH; *RET stays NULL where there are fewer. */
static int
walk(struct walk *w, size_t wanted, const struct vt_pdf_obj **ret,
    struct vt_pdf_ref *ret_ref, struct vt_error *err)
{
	const struct vt_pdf_obj *catalog, *pages, *page;
	struct level *l;
	size_t mark;
	int rc;

	if ((rc = vt_pdf_catalog(w->pdf, &catalog, NULL, err)) != VT_OK)
		return rc;
	if ((pages = vt_pdf_find(catalog, "Pages")) == NULL)
		return vt_error_set(err, VT_EFORMAT, "ISO 32000-2, 7.7.2",
		    "the catalog has no /Pages");
	page = NULL;
	if ((rc = visit(w, pages, &page, ret_ref, err)) != VT_OK)
		return rc;
	for (;;) {
		if (page != NULL && w->each != NULL &&
		    !w->each(w->ctx, w->page, *ret_ref))
			return VT_OK;
		if (page != NULL && w->page++ == wanted) {
			*ret = page;
			return VT_OK;
		}
		while (w->depth > 0) {
			l = &w->levels[w->depth - 1];
			if (l->next < l->kids->u.array.n)
				break;
			w->depth--;
			vt_pdf_rewind(w->pdf, l->mark);
		}
		if (w->depth == 0)
			return VT_OK;
		page = NULL;
		mark = vt_pdf_mark(w->pdf);
		rc = visit(w, &l->kids->u.array.items[l->next++], &page,
		    ret_ref, err);
		if (rc != VT_OK)
			return rc;
		if (page != NULL && w->page != wanted)
			vt_pdf_rewind(w->pdf, mark);
	}
}

static int
walk_to(struct vt_pdf *pdf, size_t wanted, size_t *ret_n,
    const struct vt_pdf_obj **ret, struct vt_pdf_ref *ret_ref,
    struct vt_error *err)
{
	struct walk w = { .pdf = pdf };
	int rc;

	w.levels = calloc(VT_PDF_TREE_DEPTH_MAX, sizeof(*w.levels));
	if (w.levels == NULL)
		return vt_error_nomem(err);
	rc = walk(&w, wanted, ret, ret_ref, err);
	*ret_n = w.page;
	free(w.levels);
	return rc;
}

int
vt_pdf_page(struct vt_pdf *pdf, size_t index, const struct vt_pdf_obj **ret,
    struct vt_pdf_ref *ret_ref, struct vt_error *err)
{
	const struct vt_pdf_obj *page = NULL;
	struct vt_pdf_ref ref = { 0, 0 };
	size_t n;
	int rc;

	rc = walk_to(pdf, index, &n, &page, &ref, err);
	if (rc != VT_OK)
		return rc;
	if (page == NULL)
		return vt_error_set(err, VT_ENOTFOUND, CLAUSE,
		    "the document has no page %zu", index + 1);
	if (ret != NULL)
		*ret = page;
	if (ret_ref != NULL)
		*ret_ref = ref;
	return VT_OK;
}

int
vt_pdf_page_count(struct vt_pdf *pdf, size_t *ret, struct vt_error *err)
{
	const struct vt_pdf_obj *page = NULL;
	size_t n, mark = vt_pdf_mark(pdf);
	struct vt_pdf_ref ref;
	int rc;

	rc = walk_to(pdf, SIZE_MAX, &n, &page, &ref, err);
	vt_pdf_rewind(pdf, mark);
	if (rc == VT_OK)
		*ret = n;
	return rc;
}

int
vt_pdf_pages_each(struct vt_pdf *pdf, pdf_page_fn *each, void *ctx,
    struct vt_error *err)
{
	struct walk w = { .pdf = pdf, .each = each, .ctx = ctx };
	const struct vt_pdf_obj *page = NULL;
	size_t mark = vt_pdf_mark(pdf);
	struct vt_pdf_ref ref;
	int rc;

	w.levels = calloc(VT_PDF_TREE_DEPTH_MAX, sizeof(*w.levels));
	if (w.levels == NULL)
		return vt_error_nomem(err);
	rc = walk(&w, SIZE_MAX, &page, &ref, err);
	vt_pdf_rewind(pdf, mark);
	free(w.levels);
	return rc;
}
