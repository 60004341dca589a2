/* xml_tree.h - a whole XML document in memory, and its canonical form */
#ifndef VANTHU_XML_TREE_H
#define VANTHU_XML_TREE_H

#include "vanthu/limits.h"
#include "vanthu/source.h" /* vt_sink_fn */
#include "vanthu/xml.h"

#define VT_XML_NS "http://www.w3.org/XML/1998/namespace"

enum vt_xml_kind {
	VT_XML_DOCUMENT, /* the one without a parent */
	VT_XML_ELEMENT,
	VT_XML_TEXT, /* a piece; several may stand side by side */
	VT_XML_COMMENT,
	VT_XML_INSTRUCTION
};

/*
 * Read-only.  Names and namespaces are kept once each: within a tree two equal
 * ones are one pointer.
 */
struct vt_xml_node {
	enum vt_xml_kind kind;
	unsigned line;
	/*
	 * Nodes are numbered in document order; those below this one have the
	 * numbers from FIRST + 1 to LAST.
	 */
	uint32_t first, last;
	const struct vt_xml_node *parent, *next, *child;
	const char *local;  /* of an element; an instruction's target */
	const char *prefix; /* NULL: none */
	const char *ns;     /* NULL: none */
	/* Sorted as canonical XML has them: by namespace, then name. */
	const struct vt_xml_attr *attrs;
	size_t nattrs;
	const struct vt_xml_ns *nss; /* sorted by prefix */
	size_t nnss;
	struct vt_bytes text; /* of the other kinds */
	bool seam; /* an element's: see struct vt_xml_handler; not signed */
};

struct vt_xml_tree;

/*
 * Read the whole of SRC; what vt_xml_parse() refuses is refused, and a prefix
 * of an attribute that is not declared, too.  SRC is not needed afterwards.
 * On VT_OK *RET is the caller's.  VT_ELIMIT: longer than VT_XML_TREE_MAX, or
 * VT_XML_TREE_MEM is used up.  Else as vt_xml_parse().
 */
int vt_xml_tree_read(struct vt_source *src, struct vt_xml_tree **ret,
    struct vt_error *err);
void vt_xml_tree_free(struct vt_xml_tree *tree); /* NULL is allowed */

/* The document itself, and its one root element. */
const struct vt_xml_node *vt_xml_tree_document(const struct vt_xml_tree *tree);
const struct vt_xml_node *vt_xml_tree_root(const struct vt_xml_tree *tree);

/* The node behind NODE in document order within TOP (NULL: all); or NULL. */
const struct vt_xml_node *vt_xml_node_after(const struct vt_xml_node *node,
    const struct vt_xml_node *top);
/* NODE is TOP or stands below it. */
bool vt_xml_node_within(const struct vt_xml_node *node,
    const struct vt_xml_node *top);
/* An element of this name; NS NULL: of none. */
bool vt_xml_node_is(const struct vt_xml_node *node, const char *ns,
    const char *local);
/* The first element from NODE on among it and its later siblings, or NULL. */
const struct vt_xml_node *vt_xml_node_element(const struct vt_xml_node *node);
/* The attribute without namespace of this name, or NULL. */
const struct vt_xml_attr *vt_xml_node_attr(const struct vt_xml_node *node,
    const char *local);
/*
 * Append the text of an element that holds nothing but text.  VT_EFORMAT:
 * something else stands in it; VT_ELIMIT, VT_ENOMEM as vt_buf.  No error text
 * is set.
 */
int vt_xml_node_text(const struct vt_xml_node *node, struct vt_buf *ret);

/* --- canonical form --- */

enum vt_xml_method {
	VT_XML_C14N,    /* Canonical XML 1.0 */
	VT_XML_C14N_11, /* Canonical XML 1.1 */
	VT_XML_C14N_EXC /* Exclusive XML Canonicalization 1.0 */
};

struct vt_xml_c14n {
	enum vt_xml_method method;
	bool comments; /* they are part of it */
	/*
	 * Exclusive: prefixes that are treated as the others treat all
	 * (InclusiveNamespaces), "" for the default.  May be NULL.
	 */
	const struct vt_list *prefixes;
	/* This element and what is below it are left out; NULL: nothing is. */
	const struct vt_xml_node *without;
};

/*
 * Hand the canonical form of the subtree at NODE, which is an element or the
 * document, to FN in pieces of at most 64 KiB; stops with FN's code where that
 * is not VT_OK.  Relative namespace names, which the recommendations refuse
 * because nobody knew what they meant, are taken as the strings they are.
 * VT_EUNSUPPORTED: 1.1 where xml:base stands above NODE.  VT_ELIMIT: an element
 * would take over more than 64 attributes from above it.  VT_ENOMEM.
 */
int vt_xml_canonical(const struct vt_xml_tree *tree,
    const struct vt_xml_node *node, const struct vt_xml_c14n *how,
    vt_sink_fn *fn, void *ctx, struct vt_error *err);

#endif
