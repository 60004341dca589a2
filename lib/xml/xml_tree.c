/* xml_tree.c - the document in memory, built from the stream of xml_parse.c */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xml_int.h"

#define CHUNK (64u * 1024)
#define LARGE (CHUNK / 8) /* gets a chunk of its own */

struct xml_chunk {
	struct xml_chunk *next;
	size_t used, cap;
	max_align_t data[];
};

struct builder {
	struct vt_xml_tree *tree;
	/* The open elements, the document being the first, and the latest
	 * child of each. */
	struct vt_xml_node *open[VT_XML_DEPTH + 1];
	struct vt_xml_node *latest[VT_XML_DEPTH + 1];
	size_t depth;
};

static struct xml_chunk *
chunk_new(struct vt_xml_tree *tree, size_t cap, struct vt_error *err)
{
	struct xml_chunk *c;

	if (cap > VT_XML_TREE_MEM || tree->used > VT_XML_TREE_MEM - cap) {
		vt_error_set(err, VT_ELIMIT, NULL,
		    "the document has too many parts to be held as a whole");
		return NULL;
	}
	if ((c = malloc(sizeof(*c) + cap)) == NULL) {
		vt_error_nomem(err);
		return NULL;
	}
	c->used = 0;
	c->cap = cap;
	tree->used += cap;
	return c;
}

/* Zeroed memory that lives as long as the tree; NULL: ERR, which is not NULL,
 * says why. */
static void *
alloc(struct vt_xml_tree *tree, size_t len, struct vt_error *err)
{
	struct xml_chunk *c = tree->chunks;
	void *p;

	len = (len + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (c == NULL || c->cap - c->used < len) {
		if ((c = chunk_new(tree, len > LARGE ? len : CHUNK, err)) ==
		    NULL)
			return NULL;
		if (len > LARGE && tree->chunks != NULL) {
			c->next = tree->chunks->next; /* that one has room */
			tree->chunks->next = c;
		} else {
			c->next = tree->chunks;
			tree->chunks = c;
		}
	}
	p = (unsigned char *)c->data + c->used;
	c->used += len;
	memset(p, 0, len);
	return p;
}

/* --- names --- */

static size_t
slot_of(const struct vt_xml_tree *tree, const char *text)
{
	size_t h = 5381, i;

	for (i = 0; text[i] != '\0'; i++)
		h = h * 33 ^ (unsigned char)text[i];
	h &= tree->names_cap - 1;
	while (
	    tree->names[h] != NULL && strcmp(tree->names[h]->text, text) != 0)
		h = (h + 1) & (tree->names_cap - 1);
	return h;
}

static int
names_grow(struct vt_xml_tree *tree, struct vt_error *err)
{
	struct xml_name **old = tree->names;
	size_t cap = tree->names_cap, i;

	tree->names_cap = cap == 0 ? 256 : 2 * cap;
	tree->names = calloc(tree->names_cap, sizeof(struct xml_name *));
	if (tree->names == NULL) {
		tree->names = old;
		tree->names_cap = cap;
		return vt_error_nomem(err);
	}
	for (i = 0; i < cap; i++)
		if (old[i] != NULL)
			tree->names[slot_of(tree, old[i]->text)] = old[i];
	free(old);
	return VT_OK;
}

/* One pointer for each name; NULL stays NULL. */
static int
name_put(struct vt_xml_tree *tree, const char *text, const char **ret,
    struct vt_error *err)
{
	struct xml_name *name;
	size_t len, slot;
	int rc;

	*ret = NULL;
	if (text == NULL)
		return VT_OK;
	if (2 * tree->nnames >= tree->names_cap &&
	    (rc = names_grow(tree, err)) != VT_OK)
		return rc;
	slot = slot_of(tree, text);
	if (tree->names[slot] == NULL) {
		len = strlen(text) + 1;
		name = alloc(tree, sizeof(*name) + len, err);
		if (name == NULL)
			return (int)err->code;
		name->number = (uint32_t)tree->nnames++;
		memcpy(name->text, text, len);
		tree->names[slot] = name;
	}
	*ret = tree->names[slot]->text;
	return VT_OK;
}

uint32_t
vt_xml_name_number(const char *name)
{
	const struct xml_name *n =
	    (const void *)(name - offsetof(struct xml_name, text));

	return n->number;
}

const char *
vt_xml_name_find(const struct vt_xml_tree *tree, const char *name)
{
	const struct xml_name *n = tree->names[slot_of(tree, name)];

	return n != NULL ? n->text : NULL;
}

/* --- building --- */

static int
bytes_put(struct vt_xml_tree *tree, struct vt_bytes b, struct vt_bytes *ret,
    struct vt_error *err)
{
	unsigned char *p;

	if ((p = alloc(tree, b.len + 1, err)) == NULL)
		return (int)err->code;
	if (b.len > 0)
		memcpy(p, b.data, b.len);
	*ret = VT_BYTES(p, b.len);
	return VT_OK;
}

/* A node as the latest child of what is open. */
static int
node_put(struct builder *b, enum vt_xml_kind kind, struct vt_xml_node **ret,
    struct vt_error *err)
{
	struct vt_xml_node *n, *latest = b->latest[b->depth];

	if ((n = alloc(b->tree, sizeof(*n), err)) == NULL)
		return (int)err->code;
	n->kind = kind;
	n->first = n->last = b->tree->nodes++;
	n->parent = b->open[b->depth];
	if (latest != NULL)
		latest->next = n;
	else
		b->open[b->depth]->child = n;
	b->latest[b->depth] = n;
	*ret = n;
	return VT_OK;
}

static int
attr_order(const void *a, const void *b)
{
	const struct vt_xml_attr *x = a, *y = b;
	int d;

	if (x->ns == y->ns)
		return strcmp(x->local, y->local);
	if (x->ns == NULL || y->ns == NULL)
		return x->ns == NULL ? -1 : 1;
	d = strcmp(x->ns, y->ns);
	return d != 0 ? d : strcmp(x->local, y->local);
}

static int
ns_order(const void *a, const void *b)
{
	const struct vt_xml_ns *x = a, *y = b;

	return strcmp(x->prefix, y->prefix);
}

static int
attrs_put(struct builder *b, struct vt_xml_node *n,
    const struct vt_xml_element *el, struct vt_error *err)
{
	struct vt_xml_attr *attrs;
	size_t i;
	int rc;

	if (el->nattrs == 0)
		return VT_OK;
	attrs = alloc(b->tree, el->nattrs * sizeof(*attrs), err);
	if (attrs == NULL)
		return (int)err->code;
	for (i = 0; i < el->nattrs; i++) {
		if (el->attrs[i].prefix != NULL && el->attrs[i].ns == NULL)
			return vt_error_set(err, VT_EFORMAT,
			    "Namespaces in XML 1.0, 5",
			    "the prefix of %s:%s is not declared (line %u)",
			    el->attrs[i].prefix, el->attrs[i].local, el->line);
		if ((rc = name_put(b->tree, el->attrs[i].local, &attrs[i].local,
			 err)) != VT_OK ||
		    (rc = name_put(b->tree, el->attrs[i].prefix,
			 &attrs[i].prefix, err)) != VT_OK ||
		    (rc = name_put(b->tree, el->attrs[i].ns, &attrs[i].ns,
			 err)) != VT_OK ||
		    (rc = bytes_put(b->tree, el->attrs[i].value,
			 &attrs[i].value, err)) != VT_OK)
			return rc;
	}
	qsort(attrs, el->nattrs, sizeof(*attrs), attr_order);
	n->attrs = attrs;
	n->nattrs = el->nattrs;
	return VT_OK;
}

static int
nss_put(struct builder *b, struct vt_xml_node *n,
    const struct vt_xml_element *el, struct vt_error *err)
{
	struct vt_xml_ns *nss;
	size_t i;
	int rc;

	if (el->nnss == 0)
		return VT_OK;
	if ((nss = alloc(b->tree, el->nnss * sizeof(*nss), err)) == NULL)
		return (int)err->code;
	for (i = 0; i < el->nnss; i++)
		if ((rc = name_put(b->tree, el->nss[i].prefix, &nss[i].prefix,
			 err)) != VT_OK ||
		    (rc = name_put(b->tree, el->nss[i].uri, &nss[i].uri,
			 err)) != VT_OK)
			return rc;
	qsort(nss, el->nnss, sizeof(*nss), ns_order);
	n->nss = nss;
	n->nnss = el->nnss;
	return VT_OK;
}

static int
on_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct builder *b = ctx;
	struct vt_xml_node *n;
	int rc;

	if ((rc = node_put(b, VT_XML_ELEMENT, &n, err)) != VT_OK ||
	    (rc = name_put(b->tree, el->local, &n->local, err)) != VT_OK ||
	    (rc = name_put(b->tree, el->prefix, &n->prefix, err)) != VT_OK ||
	    (rc = name_put(b->tree, el->ns, &n->ns, err)) != VT_OK ||
	    (rc = attrs_put(b, n, el, err)) != VT_OK ||
	    (rc = nss_put(b, n, el, err)) != VT_OK)
		return rc;
	n->line = el->line;
	if (b->depth == 0)
		b->tree->root = n;
	b->depth++; /* the parser holds it below VT_XML_DEPTH */
	b->open[b->depth] = n;
	b->latest[b->depth] = NULL;
	return VT_OK;
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct builder *b = ctx;

	(void)el;
	(void)err;
	b->open[b->depth--]->last = b->tree->nodes - 1;
	return VT_OK;
}

static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct builder *b = ctx;
	struct vt_xml_node *n;
	int rc;

	if (b->depth == 0) /* between what stands around the root */
		return VT_OK;
	if ((rc = node_put(b, VT_XML_TEXT, &n, err)) != VT_OK)
		return rc;
	return bytes_put(b->tree, piece, &n->text, err);
}

static int
on_seam(void *ctx, struct vt_error *err)
{
	struct builder *b = ctx;

	(void)err;
	b->open[b->depth]->seam = true;
	return VT_OK;
}

static int
on_mark(void *ctx, const struct vt_xml_mark *mark, struct vt_error *err)
{
	struct builder *b = ctx;
	struct vt_xml_node *n;
	int rc;

	if ((rc = node_put(b,
		 mark->target != NULL ? VT_XML_INSTRUCTION : VT_XML_COMMENT, &n,
		 err)) != VT_OK ||
	    (rc = name_put(b->tree, mark->target, &n->local, err)) != VT_OK)
		return rc;
	n->line = mark->line;
	return bytes_put(b->tree, mark->text, &n->text, err);
}

int
vt_xml_tree_read(struct vt_source *src, struct vt_xml_tree **ret,
    struct vt_error *err)
{
	static const struct vt_xml_handler handler = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
		.seam = on_seam,
		.mark = on_mark,
	};
	struct vt_error own = { 0 }; /* alloc() needs one */
	struct builder b = { 0 };
	const char *name;
	int rc;

	if (err == NULL)
		err = &own;
	if (vt_source_size(src) > VT_XML_TREE_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "XML of more than %u bytes is not held as a whole",
		    VT_XML_TREE_MAX);
	if ((b.tree = calloc(1, sizeof(*b.tree))) == NULL)
		return vt_error_nomem(err);
	rc = VT_ENOMEM;
	b.tree->document = alloc(b.tree, sizeof(*b.tree->document), err);
	if (b.tree->document == NULL)
		goto out;
	b.tree->nodes = 1;
	b.open[0] = b.tree->document;
	/* The default's prefix, that every tree knows. */
	if ((rc = name_put(b.tree, "", &name, err)) != VT_OK ||
	    (rc = vt_xml_parse(src, &handler, &b, err)) != VT_OK)
		goto out;
	b.tree->document->last = b.tree->nodes - 1;
	*ret = b.tree;
	b.tree = NULL;
out:
	vt_xml_tree_free(b.tree);
	return rc;
}

void
vt_xml_tree_free(struct vt_xml_tree *tree)
{
	struct xml_chunk *c;

	if (tree == NULL)
		return;
	while ((c = tree->chunks) != NULL) {
		tree->chunks = c->next;
		free(c);
	}
	free(tree->names);
	free(tree);
}
