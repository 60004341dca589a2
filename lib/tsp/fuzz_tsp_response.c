/* fuzz_tsp_response.c - any bytes as an authority's answer to a request */
#include <string.h>

#include "fuzz.h"
#include "vanthu/file.h"
#include "vanthu/tsp.h"

/* The request that the answers of the test PKI are to; false: there is none. */
static bool
asked(struct vt_tsp_request *ret)
{
	static struct vt_tsp_request req;
	const char *dir = getenv("VANTHU_PKI");
	struct vt_buf der;
	char *path;

	if (req.digest == NULL && dir != NULL) {
		path = vt_path_join(dir, "stamp.tsq");
		vt_buf_init(&der, 4096);
		if (vt_file_read(path, der.max, &der, NULL) == VT_OK)
			(void)vt_tsp_request_parse(vt_buf_bytes(&der), &req,
			    NULL);
		vt_buf_release(&der);
		free(path);
	}
	*ret = req;
	return req.digest != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_tsp_request req;
	struct vt_tsp *t = NULL;
	struct vt_error err = { 0 };

	if (!asked(&req) ||
	    fuzz_rc(vt_tsp_response(VT_BYTES(data, size), &req, &t, &err),
		&err) != VT_OK)
		return 0;
	FUZZ_PROMISE(vt_bytes_equal(vt_tsp_info(t)->imprint,
	    VT_BYTES(req.imprint, req.imprint_len)));
	FUZZ_PROMISE(vt_cms_ncerts(vt_tsp_cms(t)) > 0);
	vt_tsp_free(t);
	return 0;
}
