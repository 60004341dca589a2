/* fuzz_verify.c - any bytes as any file, judged; the report as it is sent */
#include "fuzz.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/time.h"
#include "vanthu/verify.h"
#include "verify_int.h"
#include "verify_wire.h"

#define WIRE_MAX (64u << 20)
#define AT 1798761600 /* 2027-01-01 */

/* The anchors and lists of the test PKI; NULL: there are none. */
static const struct vt_trust *
trusted(void)
{
	static struct vt_trust *trust;
	static const char *const names[] = { "anchors", "duty-chain.crt",
		"duty-ca.crl" };
	const char *dir = getenv("VANTHU_PKI");
	char *path;
	size_t i;

	if (trust != NULL || dir == NULL || vt_trust_new(&trust, NULL) != VT_OK)
		return trust;
	for (i = 0; i < 3; i++) {
		path = vt_path_join(dir, names[i]);
		(void)(i == 0   ? vt_trust_load_anchors(trust, path, NULL)
		       : i == 1 ? vt_trust_load_chain(trust, path, NULL)
				: vt_trust_load_crls(trust, path, NULL));
		free(path);
	}
	return trust;
}

/* The parent takes what an honest worker says. */
static void
send(const struct vt_report *r)
{
	struct vt_report got = { 0 };
	struct vt_error err = { 0 };
	struct vt_bytes rest;
	struct vt_buf wire;

	vt_buf_init(&wire, WIRE_MAX);
	FUZZ_PROMISE(
	    fuzz_rc(vt_verify_wire_put(r, &wire, &err), &err) == VT_OK);
	rest = vt_buf_bytes(&wire);
	FUZZ_PROMISE(
	    fuzz_rc(vt_verify_wire_get(&rest, &got, &err), &err) == VT_OK);
	FUZZ_PROMISE(rest.len == 0 && got.verdict == r->verdict);
	vt_report_release(&got);
	vt_buf_release(&wire);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_verify_options opts = { .trust = trusted(), .at = AT };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	opts.content = src;
	if (fuzz_rc(vt_verify_source(src, "input", &opts, &r, &err), &err) ==
	    VT_OK) {
		FUZZ_PROMISE(r->verdict != VT_REPORT_NONE && r->reason != NULL);
		send(r);
	}
	vt_report_free(r);
	vt_source_free(src);
	return 0;
}
