/* fuzz_envelope.c - any bytes as an edXML message, its attachments taken out */
#include <string.h>

#include "fuzz.h"
#include "vanthu/envelope.h"
#include "vanthu/source.h"

static int
take(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *content, struct vt_error *err)
{
	(void)ctx;
	(void)index;
	(void)err;
	FUZZ_PROMISE(a->extracted && a->size == vt_source_size(content));
	return VT_OK;
}

static void
extract(struct vt_source *src, struct vt_envelope *env)
{
	unsigned char digest[VT_SHA256_LEN];
	char name[VT_ENVELOPE_NAME_MAX];
	struct vt_error err = { 0 };
	size_t i;

	(void)vt_envelope_secret(env);
	for (i = 0; i < env->nattachments; i++)
		FUZZ_PROMISE(*vt_envelope_file_name(env, i, name) != '\0' &&
			     name[0] != '.' && strchr(name, '/') == NULL);
	if (fuzz_rc(vt_envelope_extract(src, env, NULL, take, NULL, &err),
		&err) == VT_OK)
		(void)fuzz_rc(vt_envelope_digest(env, digest, &err), &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_envelope env;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	bool is;

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	(void)fuzz_rc(vt_envelope_probe(src, &is, &err), &err);
	(void)fuzz_rc(vt_envelope_scan_secret(src, &is, &err), &err);
	if (fuzz_rc(vt_envelope_read(src, &env, &err), &err) == VT_OK) {
		extract(src, &env);
		vt_envelope_release(&env);
	}
	vt_source_free(src);
	return 0;
}
