/* fuzz_key_uri.c - any text as the URI of a token (RFC 7512) */
#include "fuzz.h"
#include "vanthu/key_token.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = vt_bytes_dup(VT_BYTES(data, size));
	struct vt_error err = { 0 };
	struct vt_key_uri uri;

	if (text == NULL)
		return 0;
	if (fuzz_rc(vt_key_uri_parse(text, &uri, &err), &err) == VT_OK) {
		FUZZ_PROMISE(uri.id_len <= sizeof(uri.id));
		FUZZ_PROMISE(
		    uri.module_path == NULL || uri.module_path[0] == '/');
		vt_key_uri_release(&uri);
	}
	free(text);
	return 0;
}
