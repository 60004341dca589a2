/* xml_lib.h - libxml2, loaded when the first XML is read */
#ifndef VT_XML_LIB_H
#define VT_XML_LIB_H

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

struct vt_error;

/*
 * libxml2 drags ICU and the C++ runtime along: 2 ms of every start, and a
 * third of what each worker's fork copies, of programs that mostly judge PDF.
 */
struct xml_lib {
	void (*init)(void);
	xmlParserCtxt *(*open)(xmlSAXHandler *sax, void *ctx, const char *chunk,
	    int len, const char *name);
	int (*use_options)(xmlParserCtxt *xml, int options);
	int (*feed)(xmlParserCtxt *xml, const char *chunk, int len, int end);
	void (*stop)(xmlParserCtxt *xml);
	void (*close)(xmlParserCtxt *xml);
	int (*line)(void *xml);
	int (*names)(xmlDict *dict);
	void (*set_error)(void *ctx, xmlStructuredErrorFunc fn);
	/* Where this thread's function and its context are kept. */
	xmlStructuredErrorFunc *(*error_fn)(void);
	void **(*error_ctx)(void);
#if LIBXML_VERSION >= 21400
	const xmlChar *(*encoding)(xmlParserCtxt *xml);
#endif
};

/*
 * The library, loaded once in the process; static.  NULL: it is not there, or
 * older than what was compiled for, and ERR says so (VT_EUNSUPPORTED).
 */
const struct xml_lib *vt_xml_lib(struct vt_error *err);

#endif
