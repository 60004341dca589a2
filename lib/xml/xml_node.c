/* xml_node.c - going about in a tree */
#include <string.h>

#include "vanthu/error.h"
#include "xml_int.h"

const struct vt_xml_node *
vt_xml_tree_document(const struct vt_xml_tree *tree)
{
	return tree->document;
}

const struct vt_xml_node *
vt_xml_tree_root(const struct vt_xml_tree *tree)
{
	return tree->root;
}

const struct vt_xml_node *
vt_xml_node_after(const struct vt_xml_node *node, const struct vt_xml_node *top)
{
	if (node->child != NULL)
		return node->child;
	while (node != top && node->next == NULL && node->parent != NULL)
		node = node->parent;
	return node == top ? NULL : node->next;
}

bool
vt_xml_node_within(const struct vt_xml_node *node,
    const struct vt_xml_node *top)
{
	return node->first >= top->first && node->last <= top->last;
}

bool
vt_xml_node_is(const struct vt_xml_node *node, const char *ns,
    const char *local)
{
	if (node == NULL || node->kind != VT_XML_ELEMENT ||
	    strcmp(node->local, local) != 0)
		return false;
	return node->ns == NULL || ns == NULL ? node->ns == ns
					      : strcmp(node->ns, ns) == 0;
}

const struct vt_xml_node *
vt_xml_node_element(const struct vt_xml_node *node)
{
	while (node != NULL && node->kind != VT_XML_ELEMENT)
		node = node->next;
	return node;
}

const struct vt_xml_attr *
vt_xml_node_attr(const struct vt_xml_node *node, const char *local)
{
	size_t i;

	for (i = 0; i < node->nattrs && node->attrs[i].ns == NULL; i++)
		if (strcmp(node->attrs[i].local, local) == 0)
			return &node->attrs[i];
	return NULL;
}

int
vt_xml_node_text(const struct vt_xml_node *node, struct vt_buf *ret)
{
	const struct vt_xml_node *n;
	int rc;

	for (n = node->child; n != NULL; n = n->next)
		if (n->kind != VT_XML_TEXT)
			return VT_EFORMAT;
	for (n = node->child; n != NULL; n = n->next)
		if ((rc = vt_buf_bytes_put(ret, n->text)) != VT_OK)
			return rc;
	return VT_OK;
}
