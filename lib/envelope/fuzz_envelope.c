/*
 * fuzz_envelope.c - any bytes as an edXML message: its attachments taken out,
 * in one pass and in two, and what it says written and read again
 */
#include <stdlib.h>
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

static int
to_buf(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK ? VT_OK
						     : vt_error_nomem(err);
}

/* What we write we read, and what is written of that is the same. */
static void
again(const struct vt_envelope *env, struct vt_buf *text, int times)
{
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	struct vt_envelope back;
	struct vt_buf second;

	if (fuzz_rc(vt_envelope_write(env, NULL, 0, NULL, to_buf, text, &err),
		&err) != VT_OK ||
	    times == 0)
		return;
	vt_buf_init(&second, 64u * 1024 * 1024);
	if (vt_source_bytes(vt_buf_bytes(text), &src, &err) == VT_OK) {
		FUZZ_PROMISE(vt_envelope_read(src, &back, &err) == VT_OK);
		again(&back, &second, times - 1);
		FUZZ_PROMISE(second.len == text->len &&
			     memcmp(second.data, text->data, second.len) == 0);
		vt_envelope_release(&back);
	}
	vt_source_free(src);
	vt_buf_release(&second);
}

/* One pass finds what two found, and the same. */
static void
unpack(struct vt_source *src, bool sound, const unsigned char *digest)
{
	unsigned char other[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_envelope env;
	int rc;

	rc =
	    fuzz_rc(vt_envelope_unpack(src, &env, NULL, NULL, take, NULL, &err),
		&err);
	if (rc != VT_OK) {
		FUZZ_PROMISE(!sound);
		return;
	}
	if (!vt_envelope_secret(&env)) {
		FUZZ_PROMISE(sound);
		if (vt_envelope_digest(&env, other, &err) == VT_OK)
			FUZZ_PROMISE(memcmp(other, digest, sizeof(other)) == 0);
	}
	vt_envelope_release(&env);
}

static void
extract(struct vt_source *src, struct vt_envelope *env)
{
	unsigned char digest[VT_SHA256_LEN] = { 0 };
	char name[VT_ENVELOPE_NAME_MAX];
	struct vt_error err = { 0 };
	struct vt_buf text;
	bool sound;
	size_t i;

	(void)vt_envelope_secret(env);
	(void)vt_envelope_type(env);
	for (i = 0; i < env->nattachments; i++)
		FUZZ_PROMISE(*vt_envelope_file_name(env, i, name) != '\0' &&
			     name[0] != '.' && strchr(name, '/') == NULL);
	sound = fuzz_rc(vt_envelope_extract(src, env, NULL, take, NULL, &err),
		    &err) == VT_OK;
	if (sound)
		(void)fuzz_rc(vt_envelope_digest(env, digest, &err), &err);
	unpack(src, sound, digest);
	vt_buf_init(&text, 64u * 1024 * 1024);
	again(env, &text, 1);
	vt_buf_release(&text);
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
