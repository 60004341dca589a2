/* xml.h - XML 1.0 with namespaces, as a stream: read strictly, written plainly
 */
#ifndef VANTHU_XML_H
#define VANTHU_XML_H

#include "vanthu/bytes.h"
#include "vanthu/limits.h"

struct vt_error;
struct vt_source;

#define VT_XML_TEXT_PIECE (64 * 1024) /* bytes of text given at a time */

struct vt_xml_attr {
	const char *local;
	const char *prefix; /* NULL: none */
	const char *ns;     /* NULL: none, or the prefix is not declared */
	struct vt_bytes value;
};

/* A declaration: xmlns:PREFIX="URI"; "" is the default, and no namespace. */
struct vt_xml_ns {
	const char *prefix;
	const char *uri;
};

/* All of it is borrowed until the handler returns. */
struct vt_xml_element {
	const char *local;
	const char *prefix;              /* NULL: none */
	const char *ns;                  /* NULL: none */
	unsigned line;                   /* from 1, of the end of the tag */
	const struct vt_xml_attr *attrs; /* namespace declarations left out */
	size_t nattrs;                   /* 0 at the end tag */
	const struct vt_xml_ns *nss; /* declared here; at most VT_XML_ATTRS */
	size_t nnss;                 /* 0 at the end tag */
};

/* A comment or processing instruction; borrowed until the handler returns. */
struct vt_xml_mark {
	const char *target; /* NULL: a comment */
	struct vt_bytes text;
	unsigned line;
};

/*
 * What the parser calls, in document order; each may be NULL.  A result other
 * than VT_OK ends the parse with that code; the handler sets ERR, which keeps
 * the first error.
 */
struct vt_xml_handler {
	int (*start)(void *ctx, const struct vt_xml_element *el,
	    struct vt_error *err);
	int (*end)(void *ctx, const struct vt_xml_element *el,
	    struct vt_error *err);
	/*
	 * Character data, CDATA sections included, references resolved, line
	 * ends normalised (XML 1.0, 2.11).  The text between two tags comes in
	 * as few pieces as VT_XML_TEXT_PIECE allows; a piece may end within a
	 * UTF-8 character.
	 */
	int (*text)(void *ctx, struct vt_bytes piece, struct vt_error *err);
	/*
	 * The text that stands here between two tags is written in pieces:
	 * several CDATA sections, or one and other text than white space.  Not
	 * every reader puts them together.  Called where the second begins.
	 */
	int (*seam)(void *ctx, struct vt_error *err);
	/* A comment or processing instruction stood here. */
	int (*mark)(void *ctx, const struct vt_xml_mark *mark,
	    struct vt_error *err);
};

/*
 * Parse SRC to its end.  Memory does not grow with it.  Nothing outside SRC is
 * ever opened.  VT_EFORMAT with the line: not well-formed, a prefix of an
 * element not declared, any DOCTYPE, anything behind the root element.  A
 * prefix of an attribute that is not declared is let pass (a producer writes
 * xlink:href so): its ns is NULL.  VT_EUNSUPPORTED: declared to be in another
 * encoding than UTF-8 or US-ASCII, or UTF-16 and the like by its first bytes.
 * VT_ELIMIT: deeper or with larger tags than said above, a tag, comment or
 * CDATA section of more than 256 KiB, more than 10,000 different names.
 * VT_EUNSUPPORTED also where vt_xml_ready() is.  VT_EIO; VT_ENOMEM.
 */
int vt_xml_parse(struct vt_source *src, const struct vt_xml_handler *handler,
    void *ctx, struct vt_error *err);

/*
 * libxml2 is loaded at the first XML of a process.  Do that now, before files
 * can no longer be opened.  VT_EUNSUPPORTED: it is not installed.
 */
int vt_xml_ready(struct vt_error *err);

/* true where TEXT is UTF-8 of characters that XML 1.0 allows (2.2). */
bool vt_xml_text_valid(struct vt_bytes text);

/*
 * Writing, one element a line, two blanks a level, through a sink as in
 * vt_source_stream().  A failure sticks and is told once, by
 * vt_xml_writer_end().  Names are the caller's own literals and are kept until
 * their element is closed.  Text that XML 1.0 can not hold is VT_EFORMAT; CR is
 * written as a reference, so that it is read back.
 */
struct vt_xml_writer;

int vt_xml_writer_new(int (*sink)(void *ctx, struct vt_bytes piece,
			  struct vt_error *err),
    void *ctx, struct vt_xml_writer **ret, struct vt_error *err);
void vt_xml_writer_free(struct vt_xml_writer *w); /* NULL is allowed */

void vt_xml_open(struct vt_xml_writer *w, const char *qname);
/* Only right after vt_xml_open() or another vt_xml_attr(). */
void vt_xml_attr(struct vt_xml_writer *w, const char *qname, const char *value);
/* Within an element that has no child elements; may be repeated. */
void vt_xml_text(struct vt_xml_writer *w, struct vt_bytes text);
/* The same for text that needs no escape (base64): it is not looked at. */
void vt_xml_plain(struct vt_xml_writer *w, struct vt_bytes text);
void vt_xml_close(struct vt_xml_writer *w); /* the innermost open one */
/* Open, text, close; TEXT NULL: an empty element. */
void vt_xml_leaf(struct vt_xml_writer *w, const char *qname, const char *text);
/* The code of the first failure so far, for a caller that streams. */
int vt_xml_writer_state(const struct vt_xml_writer *w);
/* Close what is open and flush.  The first failure, if there was one. */
int vt_xml_writer_end(struct vt_xml_writer *w, struct vt_error *err);

#endif
