/* fuzz_json.c - any bytes as JSON, looked through to the leaves */
#include "fuzz.h"
#include "vanthu/json.h"

static size_t
walk(const struct vt_json *v, unsigned depth)
{
	size_t i, n = 1;
	int64_t number;
	bool yes;

	FUZZ_PROMISE(depth <= VT_JSON_DEPTH);
	(void)vt_json_str(v);
	(void)vt_json_int(v, &number);
	(void)vt_json_bool(v, &yes);
	(void)vt_json_is_null(v);
	for (i = 0; i < vt_json_len(v); i++) {
		if (vt_json_is_array(v))
			n += walk(vt_json_at(v, i), depth + 1);
		else if (vt_json_is_object(v)) {
			/* no key stands twice, so each leads to its value */
			FUZZ_PROMISE(vt_json_key(v, i) != NULL);
			FUZZ_PROMISE(vt_json_get(v, vt_json_key(v, i)) != NULL);
			n += walk(vt_json_get(v, vt_json_key(v, i)), depth + 1);
		}
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_json *root = NULL;
	struct vt_error err = { 0 };

	if (fuzz_rc(vt_json_parse(VT_BYTES(data, size), &root, &err), &err) ==
	    VT_OK)
		FUZZ_PROMISE(walk(root, 0) > 0);
	vt_json_free(root);
	return 0;
}
