/* http_curl.c - libcurl, loaded when the first request is made */
#include <pthread.h>

#include "http_int.h"
#include "vanthu/library.h"

#define SONAME "libcurl.so.4"
#define PACKAGE "libcurl4"

static struct http_curl curl;
static void *library; /* NULL: not loaded */
static struct vt_error failed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct vt_library_symbol symbols[] = {
#define SYMBOL(name) { "curl_" #name, offsetof(struct http_curl, name) },
	HTTP_CURL(SYMBOL)
#undef SYMBOL
};

static void
load(void)
{
	if (vt_library_load(SONAME, symbols,
		sizeof(symbols) / sizeof(symbols[0]), &curl, &library,
		&failed) == VT_ENOTFOUND)
		(void)vt_error_set(&failed, VT_EIO, NULL,
		    "%s, which speaks to servers, is not installed; install "
		    "the package %s",
		    SONAME, PACKAGE);
}

const struct http_curl *
vt_http_curl(struct vt_error *err)
{
	(void)pthread_once(&once, load);
	if (library != NULL)
		return &curl;
	(void)vt_error_set(err, VT_EIO, failed.clause, "%s", failed.text);
	return NULL;
}
