/* xml_lib.c - libxml2, loaded when the first XML is read */
#include "xml_lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/xml.h"

/* Its structures are read, so it must be of the headers' generation. */
#if LIBXML_VERSION >= 21400
#define SONAME "libxml2.so.16"
#else
#define SONAME "libxml2.so.2"
#endif

static struct xml_lib lib;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* POSIX has a data pointer hold a function's; ISO C does not. */
static bool
find(void *handle, const char *name, void *ret_fn)
{
	void *sym = dlsym(handle, name);

	memcpy(ret_fn, &sym, sizeof(sym));
	return sym != NULL;
}

static bool
new_enough(void *handle)
{
	const char *const *version = dlsym(handle, "xmlParserVersion");

	return version != NULL && strtol(*version, NULL, 10) >= LIBXML_VERSION;
}

static void
load(void)
{
	void *h = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	if (h == NULL || !new_enough(h))
		return;
	loaded = find(h, "xmlInitParser", &lib.init) &&
		 find(h, "xmlCreatePushParserCtxt", &lib.open) &&
		 find(h, "xmlCtxtUseOptions", &lib.use_options) &&
		 find(h, "xmlParseChunk", &lib.feed) &&
		 find(h, "xmlStopParser", &lib.stop) &&
		 find(h, "xmlFreeParserCtxt", &lib.close) &&
		 find(h, "xmlSAX2GetLineNumber", &lib.line) &&
		 find(h, "xmlDictSize", &lib.names) &&
		 find(h, "xmlSetStructuredErrorFunc", &lib.set_error) &&
#if LIBXML_VERSION >= 21400
		 find(h, "xmlCtxtGetDeclaredEncoding", &lib.encoding) &&
#endif
		 find(h, "__xmlStructuredError", &lib.error_fn) &&
		 find(h, "__xmlStructuredErrorContext", &lib.error_ctx);
	if (loaded)
		lib.init();
}

const struct xml_lib *
vt_xml_lib(struct vt_error *err)
{
	if (pthread_once(&once, load) == 0 && loaded)
		return &lib;
	(void)vt_error_set(err, VT_EUNSUPPORTED, NULL,
	    "XML cannot be read: %s (%s or newer) is not installed", SONAME,
	    LIBXML_DOTTED_VERSION);
	return NULL;
}

int
vt_xml_ready(struct vt_error *err)
{
	return vt_xml_lib(err) != NULL ? VT_OK : VT_EUNSUPPORTED;
}
