/* fuzz_http_url.c - any text as a URL that somebody's certificate names */
#include <string.h>

#include "fuzz.h"
#include "http_int.h"

#define ALLOW "ocsp.lan 10.1.2.3 localhost:8080 [::1]"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_target target = { 0 }, next = { 0 };
	struct vt_error err = { 0 };
	char *text = vt_bytes_dup(VT_BYTES(data, size));

	if (text == NULL)
		return 0;
	/* the same text as the list of hosts, too */
	if (fuzz_rc(vt_http_target("http://ocsp.lan/", NULL, text, &target,
			&err),
		&err) == VT_OK)
		vt_http_target_release(&target);
	if (fuzz_rc(vt_http_target(text, NULL, ALLOW, &target, &err), &err) ==
	    VT_OK) {
		FUZZ_PROMISE(target.host != NULL && target.port != 0);
		FUZZ_PROMISE(strpbrk(target.host, " /@\\") == NULL);
		(void)vt_http_host(target.host);
		if (fuzz_rc(vt_http_target(text, target.url, ALLOW, &next,
				&err),
			&err) == VT_OK)
			vt_http_target_release(&next);
		vt_http_target_release(&target);
	}
	free(text);
	return 0;
}
