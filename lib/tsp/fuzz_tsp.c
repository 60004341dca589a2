/* fuzz_tsp.c - any bytes as a token, a response, a request */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/tsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
token(const struct vt_tsp *t)
{
	const struct vt_tsp_info *i = vt_tsp_info(t);
	struct vt_tsp_digest *d = NULL;
	struct vt_tsp_facts f;

	if (i->imprint.len == 0 || i->imprint.len > VT_TSP_IMPRINT_MAX ||
	    i->micros > 999999 || i->accuracy_ms < -1 || i->digest == NULL ||
	    vt_tsp_der(t).len == 0)
		abort();
	if (vt_tsp_digest_new(t, &d, NULL) == VT_OK &&
	    vt_tsp_digest_update(d, VT_BYTES("stamped\n", 8), NULL) == VT_OK &&
	    vt_tsp_check(t, d, NULL, &f, NULL) == VT_OK &&
	    (f.intact != (f.reason == VT_CMS_FINE) ||
		(f.intact && (!f.imprint || f.cms.cert == NULL))))
		abort();
	vt_tsp_digest_free(d);
}

/* What was read, written again, is the same. */
static void
request(const struct vt_tsp_request *r)
{
	struct vt_tsp_request again;
	struct vt_buf der;

	vt_buf_init(&der, 4096);
	if (vt_tsp_request_der(r, &der, NULL) == VT_OK &&
	    (vt_tsp_request_parse(vt_buf_bytes(&der), &again, NULL) != VT_OK ||
		memcmp(r->nonce, again.nonce, sizeof(r->nonce)) != 0 ||
		memcmp(r->imprint, again.imprint, r->imprint_len) != 0 ||
		strcmp(r->policy, again.policy) != 0))
		abort();
	vt_buf_release(&der);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes b = VT_BYTES(data, size);
	struct vt_tsp_request r = { .digest = "sha256", .imprint_len = 32 };
	struct vt_tsp *t = NULL;

	if (vt_tsp_parse(b, VT_CMS_ZERO_PADDED, &t, NULL) == VT_OK)
		token(t);
	vt_tsp_free(t);
	t = NULL;
	if (vt_tsp_response(b, &r, &t, NULL) == VT_OK)
		token(t);
	vt_tsp_free(t);
	if (vt_tsp_request_parse(b, &r, NULL) == VT_OK)
		request(&r);
	return 0;
}
