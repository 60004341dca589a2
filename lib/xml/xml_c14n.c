/*
 * xml_c14n.c - Canonical XML 1.0, 1.1 and Exclusive XML Canonicalization 1.0
 *
 * A node set is always a whole subtree with at most one whole subtree cut out,
 * which is all that the transforms that we know can make.  So the element
 * above one that is put out is put out too, but for the first, and most of
 * what the recommendations say of node sets in general falls away.
 */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xml_int.h"

#define PIECE (16u * 1024)

/* What a prefix stood for before an element was put out. */
struct shadow {
	uint32_t prefix;
	const char *uri;
};

struct out {
	const struct vt_xml_c14n *how;
	const struct vt_xml_node *apex;
	vt_sink_fn *fn;
	void *ctx;
	struct vt_error *err;
	int rc;
	/* By number of the prefix: the URI last put out; NULL: none. */
	const char **rendered;
	unsigned char *listed; /* by number: is in the list of prefixes */
	unsigned char *seen;   /* by number: for in_scope() */
	struct shadow *shadows;
	size_t nshadows, cap;
	size_t level[VT_XML_DEPTH + 2]; /* of nshadows, by depth */
	size_t depth;
	const char *none; /* the tree's "" */
	size_t len;
	char buf[PIECE];
};

static void
flush(struct out *o)
{
	size_t len = o->len;

	o->len = 0;
	if (o->rc == VT_OK && len > 0)
		o->rc = o->fn(o->ctx, VT_BYTES(o->buf, len), o->err);
}

static void
put(struct out *o, const void *data, size_t len)
{
	const char *p = data;
	size_t n;

	while (len > 0) {
		if (o->len == PIECE)
			flush(o);
		n = PIECE - o->len < len ? PIECE - o->len : len;
		memcpy(o->buf + o->len, p, n);
		o->len += n;
		p += n;
		len -= n;
	}
}

static void
puts_(struct out *o, const char *s)
{
	put(o, s, strlen(s));
}

/* Canonical XML 1.0, 2.3: what is replaced in text, and in values. */
static const char *
escape(unsigned char c, bool value)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return value ? NULL : "&gt;";
	case '"':
		return value ? "&quot;" : NULL;
	case '\t':
		return value ? "&#x9;" : NULL;
	case '\n':
		return value ? "&#xA;" : NULL;
	case '\r':
		return "&#xD;";
	default:
		return NULL;
	}
}

static void
put_escaped(struct out *o, struct vt_bytes b, bool value)
{
	const char *e;
	size_t from = 0, i;

	for (i = 0; i < b.len; i++) {
		if (b.data[i] > '>' || (e = escape(b.data[i], value)) == NULL)
			continue;
		put(o, b.data + from, i - from);
		puts_(o, e);
		from = i + 1;
	}
	put(o, b.data + from, b.len - from);
}

static void
put_name(struct out *o, const char *prefix, const char *local)
{
	if (prefix != NULL) {
		puts_(o, prefix);
		put(o, ":", 1);
	}
	puts_(o, local);
}

/* --- namespaces --- */

struct decls {
	struct vt_xml_ns *items;
	size_t n, cap;
};

static void *
grown(void *items, size_t n, size_t *cap, size_t size, struct out *o)
{
	size_t more = *cap == 0 ? 64 : 2 * *cap, bytes;
	void *p;

	if (n < *cap)
		return items;
	if (!vt_mul(more, size, &bytes) ||
	    (p = realloc(items, bytes)) == NULL) {
		o->rc = vt_error_nomem(o->err);
		return NULL;
	}
	*cap = more;
	return p;
}

/* Put PREFIX="URI" out at this element, unless the output says so already. */
static void
want(struct out *o, struct decls *d, const char *prefix, const char *uri)
{
	const char **now = &o->rendered[vt_xml_name_number(prefix)];
	struct vt_xml_ns *items;
	struct shadow *shadows;

	if (*now == uri || (*now == NULL && uri == o->none) || o->rc != VT_OK)
		return;
	if ((items = grown(d->items, d->n, &d->cap, sizeof(*items), o)) == NULL)
		return;
	d->items = items;
	shadows = grown(o->shadows, o->nshadows, &o->cap, sizeof(*shadows), o);
	if (shadows == NULL)
		return;
	o->shadows = shadows;
	d->items[d->n++] = (struct vt_xml_ns){ prefix, uri };
	o->shadows[o->nshadows++] =
	    (struct shadow){ vt_xml_name_number(prefix), *now };
	*now = uri;
}

/* Inclusive, or in the list: as Canonical XML treats them. */
static bool
is_inclusive(const struct out *o, const char *prefix)
{
	return o->how->method != VT_XML_C14N_EXC ||
	       o->listed[vt_xml_name_number(prefix)];
}

/* All that N declares, and for the apex what stands above it. */
static void
want_inclusive(struct out *o, struct decls *d, const struct vt_xml_node *n)
{
	const struct vt_xml_node *a;
	uint32_t number;
	size_t i;

	for (a = n; a->kind == VT_XML_ELEMENT; a = a->parent) {
		for (i = 0; i < a->nnss; i++) {
			number = vt_xml_name_number(a->nss[i].prefix);
			if (!is_inclusive(o, a->nss[i].prefix) ||
			    (n == o->apex && o->seen[number]))
				continue;
			o->seen[number] = 1; /* only the apex asks */
			want(o, d, a->nss[i].prefix, a->nss[i].uri);
		}
		if (n != o->apex)
			break;
	}
}

/* Exclusive, 3: what is visibly utilised. */
static void
want_used(struct out *o, struct decls *d, const struct vt_xml_node *n)
{
	size_t i;

	if (n->prefix == NULL && !is_inclusive(o, o->none))
		want(o, d, o->none, n->ns != NULL ? n->ns : o->none);
	else if (n->prefix != NULL && strcmp(n->prefix, "xml") != 0 &&
		 !is_inclusive(o, n->prefix))
		want(o, d, n->prefix, n->ns);
	for (i = 0; i < n->nattrs; i++)
		if (n->attrs[i].prefix != NULL &&
		    strcmp(n->attrs[i].prefix, "xml") != 0 &&
		    !is_inclusive(o, n->attrs[i].prefix))
			want(o, d, n->attrs[i].prefix, n->attrs[i].ns);
}

static int
by_prefix(const void *a, const void *b)
{
	const struct vt_xml_ns *x = a, *y = b;

	return strcmp(x->prefix, y->prefix);
}

static void
put_namespaces(struct out *o, struct decls *d, const struct vt_xml_node *n)
{
	size_t i;

	d->n = 0;
	want_inclusive(o, d, n);
	if (o->how->method == VT_XML_C14N_EXC)
		want_used(o, d, n);
	if (d->n > 1)
		qsort(d->items, d->n, sizeof(*d->items), by_prefix);
	for (i = 0; i < d->n && o->rc == VT_OK; i++) {
		puts_(o, d->items[i].prefix[0] != '\0' ? " xmlns:" : " xmlns");
		puts_(o, d->items[i].prefix);
		puts_(o, "=\"");
		put_escaped(o, vt_bytes_str(d->items[i].uri), true);
		put(o, "\"", 1);
	}
}

/* --- attributes --- */

static const struct vt_xml_attr *
xml_attr(const struct vt_xml_attr *const *attrs, size_t n, const char *local)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (attrs[i]->ns != NULL &&
		    strcmp(attrs[i]->ns, VT_XML_NS) == 0 &&
		    strcmp(attrs[i]->local, local) == 0)
			return attrs[i];
	return NULL;
}

/*
 * Canonical XML 1.0, 2.4: an element whose parent is left out takes over the
 * xml: attributes that stand above it; 1.1, 2.4: only what is inherited by its
 * nature, and xml:base by joining, which we do not do.
 */
static size_t
inherit(struct out *o, const struct vt_xml_node *apex,
    const struct vt_xml_attr **attrs, size_t n, size_t max)
{
	const struct vt_xml_node *a;
	const struct vt_xml_attr *attr;
	bool later = o->how->method == VT_XML_C14N_11;
	size_t i;

	for (a = apex->parent; a->kind == VT_XML_ELEMENT; a = a->parent)
		for (i = 0; i < a->nattrs; i++) {
			attr = &a->attrs[i];
			if (attr->ns == NULL ||
			    strcmp(attr->ns, VT_XML_NS) != 0)
				continue;
			if (later && strcmp(attr->local, "base") == 0)
				o->rc = vt_error_set(o->err, VT_EUNSUPPORTED,
				    "Canonical XML 1.1, 2.4",
				    "xml:base stands above what is to be "
				    "canonical");
			if ((later && strcmp(attr->local, "lang") != 0 &&
				strcmp(attr->local, "space") != 0) ||
			    xml_attr(attrs, n, attr->local) != NULL)
				continue;
			if (n == max) {
				o->rc = vt_error_set(o->err, VT_ELIMIT, NULL,
				    "a tag has too many or too long attributes "
				    "(line %u)",
				    apex->line);
				return n;
			}
			attrs[n++] = attr;
		}
	return n;
}

static int
by_name(const void *a, const void *b)
{
	const struct vt_xml_attr *const *x = a, *const *y = b;
	int d = strcmp((*x)->ns != NULL ? (*x)->ns : "",
	    (*y)->ns != NULL ? (*y)->ns : "");

	return d != 0 ? d : strcmp((*x)->local, (*y)->local);
}

static void
put_attr(struct out *o, const struct vt_xml_attr *attr)
{
	put(o, " ", 1);
	put_name(o, attr->prefix, attr->local);
	puts_(o, "=\"");
	put_escaped(o, attr->value, true);
	put(o, "\"", 1);
}

static void
put_attrs(struct out *o, const struct vt_xml_node *n)
{
	const struct vt_xml_attr *attrs[2 * VT_XML_ATTRS];
	size_t i, count = n->nattrs;

	if (n != o->apex || o->how->method == VT_XML_C14N_EXC) {
		for (i = 0; i < n->nattrs; i++)
			put_attr(o, &n->attrs[i]);
		return;
	}
	for (i = 0; i < count; i++)
		attrs[i] = &n->attrs[i];
	count = inherit(o, n, attrs, count, 2 * VT_XML_ATTRS);
	qsort(attrs, count, sizeof(*attrs), by_name);
	for (i = 0; i < count; i++)
		put_attr(o, attrs[i]);
}

/* --- nodes --- */

static void
put_start(struct out *o, struct decls *d, const struct vt_xml_node *n)
{
	o->level[o->depth++] = o->nshadows;
	put(o, "<", 1);
	put_name(o, n->prefix, n->local);
	put_namespaces(o, d, n);
	put_attrs(o, n);
	put(o, ">", 1);
}

static void
put_end(struct out *o, const struct vt_xml_node *n)
{
	const struct shadow *s;

	put(o, "</", 2);
	put_name(o, n->prefix, n->local);
	put(o, ">", 1);
	o->depth--;
	while (o->nshadows > o->level[o->depth]) {
		s = &o->shadows[--o->nshadows];
		o->rendered[s->prefix] = s->uri;
	}
}

/* What stands around the root element has a line of its own. */
static void
put_mark(struct out *o, const struct vt_xml_node *n, const char *open,
    const char *close, const struct vt_xml_node *root)
{
	bool outside = n->parent->kind == VT_XML_DOCUMENT;

	if (outside && n->first > root->last)
		put(o, "\n", 1);
	puts_(o, open);
	if (n->local != NULL) {
		puts_(o, n->local);
		if (n->text.len > 0)
			put(o, " ", 1);
	}
	put(o, n->text.data, n->text.len);
	puts_(o, close);
	if (outside && n->first < root->first)
		put(o, "\n", 1);
}

static void
put_node(struct out *o, struct decls *d, const struct vt_xml_node *n,
    const struct vt_xml_node *root)
{
	switch (n->kind) {
	case VT_XML_ELEMENT:
		put_start(o, d, n);
		break;
	case VT_XML_TEXT:
		put_escaped(o, n->text, false);
		break;
	case VT_XML_COMMENT:
		if (o->how->comments)
			put_mark(o, n, "<!--", "-->", root);
		break;
	case VT_XML_INSTRUCTION:
		put_mark(o, n, "<?", "?>", root);
		break;
	case VT_XML_DOCUMENT:
		break;
	}
}

static void
put_all(struct out *o, struct decls *d, const struct vt_xml_node *root)
{
	const struct vt_xml_node *n = o->apex;
	bool skip;

	while (o->rc == VT_OK) {
		if (!(skip = n == o->how->without))
			put_node(o, d, n, root);
		if (!skip && n->child != NULL) {
			n = n->child;
			continue;
		}
		if (!skip && n->kind == VT_XML_ELEMENT)
			put_end(o, n);
		while (n != o->apex && n->next == NULL) {
			n = n->parent;
			if (n->kind == VT_XML_ELEMENT)
				put_end(o, n);
		}
		if (n == o->apex)
			return;
		n = n->next;
	}
}

int
vt_xml_canonical(const struct vt_xml_tree *tree, const struct vt_xml_node *node,
    const struct vt_xml_c14n *how, vt_sink_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct decls d = { 0 };
	const char *listed;
	struct out *o;
	size_t i;
	int rc;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return vt_error_nomem(err);
	o->how = how;
	o->apex = node;
	o->fn = fn;
	o->ctx = ctx;
	o->err = err;
	o->none = vt_xml_name_find(tree, "");
	o->rendered = calloc(tree->nnames, sizeof(*o->rendered));
	o->listed = calloc(tree->nnames, 1);
	o->seen = calloc(tree->nnames, 1);
	if (o->rendered == NULL || o->listed == NULL || o->seen == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	for (i = 0; how->prefixes != NULL && i < how->prefixes->n; i++) {
		listed = vt_xml_name_find(tree, how->prefixes->items[i]);
		if (listed != NULL)
			o->listed[vt_xml_name_number(listed)] = 1;
	}
	put_all(o, &d, tree->root);
	flush(o);
	rc = o->rc;
out:
	free(d.items);
	free(o->shadows);
	free(o->rendered);
	free(o->listed);
	free(o->seen);
	free(o);
	return rc;
}
