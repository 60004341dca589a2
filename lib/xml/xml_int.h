/* xml_int.h - what the parts of xml share */
#ifndef VT_XML_INT_H
#define VT_XML_INT_H

#include "vanthu/xml_tree.h"

struct vt_xml_tree {
	struct xml_chunk *chunks;
	size_t used;             /* bytes of all chunks */
	struct xml_name **names; /* a hash table */
	size_t nnames, names_cap;
	struct vt_xml_node *document;
	const struct vt_xml_node *root;
	uint32_t nodes;
};

/* A name in the tree's table. */
struct xml_name {
	uint32_t number; /* from 0, below the tree's nnames */
	char text[];
};

/* The number of a name that the tree handed out. */
uint32_t vt_xml_name_number(const char *name);
/* The tree's own pointer for NAME; NULL: it has no such name. */
const char *vt_xml_name_find(const struct vt_xml_tree *tree, const char *name);

#endif
