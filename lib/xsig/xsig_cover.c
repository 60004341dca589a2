/* xsig_cover.c - how much of the document is signed */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "xsig_int.h"

#define DSIG11_NS "http://www.w3.org/2009/xmldsig11#"
#define XSI_NS "http://www.w3.org/2001/XMLSchema-instance"

struct map {
	const struct vt_xsig *xs;
	uint32_t n; /* nodes */
	/*
	 * By number of the node: how many references cover it; the same with
	 * those that are over how it is signed, and not over content.
	 */
	int32_t *covered, *named;
	/* Covered elements, and signatures, with numbers below this one. */
	uint32_t *covered_before, *signatures_before;
};

static bool
in_object(const struct vt_xml_node *node, const struct vt_xml_node *sig)
{
	const struct vt_xml_node *n;

	for (n = node; n != sig; n = n->parent)
		if (n->parent == sig && vt_xml_node_is(n, XSIG_NS, "Object"))
			return true;
	return false;
}

/* What an object may hold that is not content: how it is signed. */
static bool
is_apparatus(const struct vt_xml_node *node)
{
	return vt_xsig_is_xades(node, "QualifyingProperties") ||
	       vt_xml_node_is(node, XSIG_NS, "Manifest") ||
	       vt_xml_node_is(node, XSIG_NS, "SignatureProperties");
}

/* NODE is content, or holds it; not a part of a signature alone. */
static bool
is_content(const struct vt_xml_node *node)
{
	const struct vt_xml_node *n, *child;

	for (n = node; n->kind != VT_XML_DOCUMENT; n = n->parent)
		if (is_apparatus(n))
			return false;
	for (n = node; n->kind != VT_XML_DOCUMENT; n = n->parent)
		if (vt_xml_node_is(n, XSIG_NS, "Signature") && n != node &&
		    !in_object(node, n))
			return false;
	/* An object with nothing in it but that. */
	if (!vt_xml_node_is(node, XSIG_NS, "Object"))
		return true;
	for (child = node->child; child != NULL; child = child->next)
		if (child->kind == VT_XML_TEXT
			? !vt_xsig_blank(child->text)
			: child->kind != VT_XML_COMMENT && !is_apparatus(child))
			return true;
	return false;
}

static void
mark(int32_t *map, const struct vt_xml_node *node, int32_t by)
{
	map[node->first] += by;
	map[node->last + 1] -= by;
}

static int
map_make(struct map *m, const struct xsig_sig *s, struct vt_error *err)
{
	const struct vt_xml_node *n;
	const struct xsig_ref *r;
	uint32_t i = 0;
	size_t k;

	m->n = vt_xml_tree_document(m->xs->tree)->last + 1;
	m->covered = calloc((size_t)m->n + 1, sizeof(*m->covered));
	m->named = calloc((size_t)m->n + 1, sizeof(*m->named));
	m->covered_before = calloc((size_t)m->n + 1, sizeof(uint32_t));
	m->signatures_before = calloc((size_t)m->n + 1, sizeof(uint32_t));
	if (m->covered == NULL || m->named == NULL ||
	    m->covered_before == NULL || m->signatures_before == NULL)
		return vt_error_nomem(err);
	for (k = 0; k < s->nrefs; k++) {
		r = &s->refs[k];
		if (!r->pub.holds || r->outside)
			continue;
		mark(m->named, r->target, 1);
		if (r->enveloped)
			mark(m->named, s->node, -1);
		if (!is_content(r->target))
			continue;
		mark(m->covered, r->target, 1);
		if (r->enveloped)
			mark(m->covered, s->node, -1);
	}
	for (k = 0; k < m->xs->nsigs; k++)
		m->signatures_before[m->xs->sigs[k].node->first + 1]++;
	for (n = vt_xml_tree_document(m->xs->tree); n != NULL;
	     n = vt_xml_node_after(n, NULL), i++) {
		if (i > 0) {
			m->covered[i] += m->covered[i - 1];
			m->named[i] += m->named[i - 1];
		}
		m->covered_before[i + 1] = m->covered_before[i];
		if (n->kind == VT_XML_ELEMENT && m->covered[i] > 0)
			m->covered_before[i + 1]++;
		m->signatures_before[i + 1] += m->signatures_before[i];
	}
	return VT_OK;
}

/* Something in it is covered, or it holds a signature. */
static bool
is_frame(const struct map *m, const struct vt_xml_node *node)
{
	return m->covered_before[node->last + 1] >
		   m->covered_before[node->first] ||
	       m->signatures_before[node->last + 1] >
		   m->signatures_before[node->first];
}

/* NODE stands in an object of a signature. */
static bool
is_in_object(const struct vt_xml_node *node)
{
	const struct vt_xml_node *n;

	for (n = node->parent; n != NULL; n = n->parent)
		if (vt_xml_node_is(n, XSIG_NS, "Object") &&
		    vt_xml_node_is(n->parent, XSIG_NS, "Signature"))
			return true;
	return false;
}

/* A frame's attributes are content too, but for what a schema is. */
static bool
has_attrs(const struct vt_xml_node *node)
{
	size_t i;

	for (i = 0; i < node->nattrs; i++)
		if (node->attrs[i].ns == NULL ||
		    strcmp(node->attrs[i].ns, XSI_NS) != 0)
			return true;
	return false;
}

/* Is NODE alone something that ought to be covered, and is not? */
static bool
is_bare(const struct map *m, const struct vt_xml_node *node)
{
	if (m->covered[node->first] > 0)
		return false;
	if (node->kind == VT_XML_TEXT)
		return !vt_xsig_blank(node->text);
	if (node->kind == VT_XML_INSTRUCTION) /* it may be a style sheet */
		return true;
	/*
	 * Around a root that is not covered this tells what else is not; what
	 * an object holds is a document, and a frame in it says something.
	 */
	return node->kind == VT_XML_ELEMENT &&
	       (!is_frame(m, node) || has_attrs(node) || is_in_object(node));
}

static bool
is_passed_over(const struct vt_xsig *xs, const struct vt_xml_node *node)
{
	return xs->pass_local != NULL &&
	       vt_xml_node_is(node, xs->pass_ns, xs->pass_local);
}

/* By whom signatures, keys and properties are described. */
static bool
is_of_signatures(const struct vt_xml_node *n)
{
	return n->ns != NULL &&
	       (strcmp(n->ns, XSIG_NS) == 0 || strcmp(n->ns, DSIG11_NS) == 0 ||
		   vt_xsig_is_xades(n, n->local));
}

/*
 * An object that is not one of a signature, or has content in it: of many
 * objects of a signature that is around its document a reader takes the first.
 */
static bool
is_stray_object(const struct vt_xml_node *n)
{
	const struct vt_xml_node *child;

	if (!vt_xml_node_is(n, XSIG_NS, "Object"))
		return false;
	if (!vt_xml_node_is(n->parent, XSIG_NS, "Signature"))
		return true;
	for (child = n->child; child != NULL; child = child->next)
		if (child->kind == VT_XML_TEXT
			? !vt_xsig_blank(child->text)
			: child->kind == VT_XML_ELEMENT && !is_apparatus(child))
			return true;
	return false;
}

/*
 * What need not be signed to be a part of a signature: its keys, properties
 * that are added later.  There, too, may be room for a document, which a
 * reader that looks for one finds; *RET is the first element of one, or NULL.
 */
static bool
is_unsigned_part(const struct map *m, const struct vt_xml_node *top,
    const struct vt_xml_node **ret)
{
	const struct vt_xml_node *n, *up = top->parent;

	*ret = NULL;
	if (!(vt_xml_node_is(top, XSIG_NS, "KeyInfo") &&
		vt_xml_node_is(up, XSIG_NS, "Signature")) &&
	    !(vt_xsig_is_xades(top, "QualifyingProperties") &&
		vt_xml_node_is(up, XSIG_NS, "Object") &&
		vt_xml_node_is(up->parent, XSIG_NS, "Signature")))
		return false;
	for (n = top; n != NULL && *ret == NULL; n = vt_xml_node_after(n, top))
		if ((n->kind == VT_XML_INSTRUCTION ||
			(n->kind == VT_XML_ELEMENT &&
			    (!is_of_signatures(n) || is_stray_object(n)))) &&
		    m->named[n->first] == 0)
			*ret = n;
	return true;
}

/* The first such, or NULL. */
static const struct vt_xml_node *
bare_find(const struct map *m)
{
	const struct vt_xml_node *top = vt_xml_tree_document(m->xs->tree);
	const struct vt_xml_node *n = top, *in_sig, *hidden;
	bool skip;

	while (n != NULL) {
		in_sig = n->parent;
		skip = false;
		if (m->covered[n->first] > 0)
			skip = false; /* a signature in it may be cut out */
		else if (is_unsigned_part(m, n, &hidden)) {
			if (hidden != NULL)
				return hidden;
			skip = true;
		} else if ((is_apparatus(n) && m->named[n->first] > 0) ||
			   is_passed_over(m->xs, n))
			skip = true;
		else if (vt_xml_node_is(in_sig, XSIG_NS, "Signature"))
			skip = !vt_xml_node_is(n, XSIG_NS, "Object");
		else if (!vt_xml_node_is(n, XSIG_NS, "Signature") &&
			 is_bare(m, n))
			return n;
		if (!skip && n->child != NULL) {
			n = n->child;
			continue;
		}
		while (n != NULL && n->next == NULL)
			n = n->parent;
		if (n != NULL)
			n = n->next;
	}
	return NULL;
}

/* A reference that holds names the value of the signature around S. */
static bool
counters(const struct vt_xsig *xs, const struct xsig_sig *s)
{
	size_t i, k;

	for (i = 0; i < s->nown; i++) {
		if (!s->refs[i].pub.holds)
			continue;
		if (s->pub.parent != VT_XSIG_NO_PARENT) {
			if (s->refs[i].target ==
			    xs->sigs[s->pub.parent].value_node)
				return true;
			continue;
		}
		for (k = 0; k < xs->nsigs; k++)
			if (&xs->sigs[k] != s &&
			    s->refs[i].target == xs->sigs[k].value_node &&
			    s->refs[i].target != NULL)
				return true;
	}
	return false;
}

int
vt_xsig_cover(struct vt_xsig *xs, struct xsig_sig *s, struct vt_xsig_facts *f,
    struct vt_error *err)
{
	const struct vt_xml_node *root = vt_xml_tree_root(xs->tree), *bare;
	struct map m = { .xs = xs };
	bool outside = false, some;
	size_t i;
	int rc;

	if (!vt_xsig_work(xs, vt_xml_tree_document(xs->tree))) {
		f->reason = VT_XSIG_LIMIT;
		return VT_OK;
	}
	if ((rc = map_make(&m, s, err)) != VT_OK)
		goto out;
	for (i = 0; i < s->nrefs; i++)
		outside =
		    outside || (s->refs[i].outside && s->refs[i].pub.holds);
	some = m.covered_before[m.n] > 0;
	if ((bare = bare_find(&m)) == NULL)
		bare = vt_xsig_octets_bare(s);
	if (bare != NULL && bare->kind != VT_XML_ELEMENT)
		bare = bare->parent;
	if (some && bare == NULL &&
	    (m.covered[root->first] > 0 ||
		vt_xml_node_is(root, XSIG_NS, "Signature")))
		f->covers = VT_XSIG_COVERS_WHOLE;
	else if (outside && !some && bare == NULL)
		f->covers = VT_XSIG_COVERS_CONTENT;
	else if (some || outside)
		f->covers = VT_XSIG_COVERS_PART;
	else if (counters(xs, s))
		f->covers = VT_XSIG_COVERS_SIGNATURE;
	if (bare != NULL) {
		if ((rc = vt_xsig_path(bare, &s->uncovered, err)) != VT_OK)
			goto out;
		f->uncovered = s->uncovered;
	}
out:
	free(m.covered);
	free(m.named);
	free(m.covered_before);
	free(m.signatures_before);
	return rc;
}
