/* http_error.c - what failed, and whether a retry may help */
#include "http_int.h"
#include "vanthu/http.h"

/* What libcurl 8.6 and later says of a header line that it does not take. */
#define CODE_TOO_LARGE ((CURLcode)100)

int
vt_http_status_error(long status, struct vt_error *err)
{
	static const long again[] = { 408, 429, 500, 502, 503, 504 };
	size_t i;

	for (i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		if (status == again[i])
			return vt_error_set(err, VT_ENET, NULL,
			    "the server answers %ld, for now", status);
	return vt_error_set(err, VT_EREFUSED, NULL, "the server answers %ld",
	    status);
}

int
vt_http_code_error(const struct http_curl *lib, CURLcode code, const char *said,
    bool head_long, struct vt_error *err)
{
	if (said[0] == '\0')
		said = lib->easy_strerror(code);
	/* "out of memory": one line beyond libcurl's own limit, before 8.6 */
	if (head_long || code == CODE_TOO_LARGE || code == CURLE_OUT_OF_MEMORY)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the headers are longer than %u bytes", VT_HTTP_HEAD_MAX);
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return vt_error_set(err, VT_EREFUSED, NULL,
		    "the server is not who it should be: %s", said);
	case CURLE_SSL_CACERT_BADFILE:
		return vt_error_set(err, VT_EIO, NULL,
		    "cannot read the certification authorities: %s", said);
	case CURLE_SSL_CERTPROBLEM:
		return vt_error_set(err, VT_EKEY, NULL,
		    "our own certificate or its key cannot be used: %s", said);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return vt_error_set(err, VT_ENET, NULL, "no connection: %s",
		    said);
	default:
		return vt_error_set(err, VT_ENET, NULL, "no whole answer: %s",
		    said);
	}
}
