/* test_tsp_util.h - an authority of the tests: openssl, and a TSTInfo by hand
 */
#ifndef VT_TEST_TSP_UTIL_H
#define VT_TEST_TSP_UTIL_H

#include "test_run.h"

#include <openssl/evp.h>

#include "vanthu/encode.h"
#include "vanthu/time.h"
#include "vanthu/tsp.h"
#include "vanthu/x509.h"

#define TEXT "stamped\n"

static inline char *
pki(const char *name)
{
	const char *base = getenv("VANTHU_PKI");
	char *path;

	assert_non_null(base);
	assert_non_null(path = vt_path_join(base, name));
	return path;
}

static inline void
read_at(const char *path, struct vt_buf *ret)
{
	struct vt_error err = { 0 };

	vt_buf_init(ret, TEST_FILE_MAX);
	assert_vt_ok(vt_file_read(path, 4 * VT_TSP_MAX, ret, &err), &err);
}

/* A file of the test PKI. */
static inline void
load(const char *name, struct vt_buf *ret)
{
	char *path = pki(name);

	read_at(path, ret);
	free(path);
}

static inline void
write_at(const char *path, struct vt_bytes b)
{
	struct vt_error err = { 0 };

	unlink(path);
	assert_vt_ok(vt_file_write(path, b, &err), &err);
}

/* DIR/NAME, for free(). */
static inline char *
in_dir(const char *base, const char *name)
{
	char *path = vt_path_join(base, name);

	assert_non_null(path);
	return path;
}

/* Digest TEXT, and check T against it. */
static inline int
check(const struct vt_tsp *t, const char *text, const struct vt_certs *extra,
    struct vt_tsp_facts *f, struct vt_error *err)
{
	struct vt_tsp_digest *d = NULL;
	int rc;

	if ((rc = vt_tsp_digest_new(t, &d, err)) == VT_OK &&
	    (rc = vt_tsp_digest_update(d, vt_bytes_str(text), err)) == VT_OK)
		rc = vt_tsp_check(t, d, extra, f, err);
	vt_tsp_digest_free(d);
	return rc;
}

static inline void
sha256(struct vt_bytes b, unsigned char out[VT_SHA256_LEN])
{
	assert_vt_ok(vt_sha256(b, out, NULL), NULL);
}

/* --- a TSTInfo, piece by piece; what is empty is left out --- */

struct tst {
	struct vt_bytes version, policy, imprint, serial, time, accuracy,
	    ordering, nonce, tsa, extensions, tail;
	struct vt_bytes behind; /* the TSTInfo, in the content */
};

/* An element around what is in memory. */
static inline void
put(struct vt_buf *out, unsigned char id, struct vt_bytes v)
{
	assert_true(v.len < 65536);
	vt_buf_putc(out, id);
	if (v.len >= 256) {
		vt_buf_putc(out, 0x82);
		vt_buf_putc(out, (int)(v.len >> 8));
	} else if (v.len >= 128) {
		vt_buf_putc(out, 0x81);
	}
	vt_buf_putc(out, (int)(v.len & 0xff));
	assert_int_equal(vt_buf_bytes_put(out, v), VT_OK);
}

#define SHA256_ALG "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"

/* MessageImprint: the algorithm ALG, whole, and LEN bytes of TEXT's SHA-256. */
static inline void
imprint_put(struct vt_buf *out, struct vt_bytes alg, size_t len)
{
	unsigned char md[VT_SHA256_LEN];
	struct vt_buf b;

	sha256(vt_bytes_str(TEXT), md);
	vt_buf_init(&b, 1024);
	vt_buf_bytes_put(&b, alg);
	put(&b, 0x04, VT_BYTES(md, len));
	put(out, 0x30, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static inline void
tst_put(struct vt_buf *out, const struct tst *t)
{
	const struct vt_bytes parts[] = { t->version, t->policy, t->imprint,
		t->serial, t->time, t->accuracy, t->ordering, t->nonce, t->tsa,
		t->extensions, t->tail };
	struct vt_buf b;
	size_t i;

	vt_buf_init(&b, 65536);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		vt_buf_bytes_put(&b, parts[i]);
	put(out, 0x30, vt_buf_bytes(&b));
	vt_buf_bytes_put(out, t->behind);
	vt_buf_release(&b);
}

/* A good one over TEXT; IMPRINT is to be released. */
static inline struct tst
tst_good(struct vt_buf *imprint)
{
	vt_buf_init(imprint, 1024);
	imprint_put(imprint, VT_BYTES_LIT(SHA256_ALG), VT_SHA256_LEN);
	return (struct tst){
		.version = VT_BYTES_LIT("\x02\x01\x01"),
		.policy = VT_BYTES_LIT("\x06\x02\x2a\x03"),
		.imprint = vt_buf_bytes(imprint),
		.serial = VT_BYTES_LIT("\x02\x01\x07"),
		.time = VT_BYTES_LIT("\x18\x0f"
				     "20240229235959Z"),
	};
}

/*
 * CONTENT signed by the PKI's authority with openssl cms: OPTIONS are up to six
 * of its words, NULL behind the last.
 */
static inline void
sign(const char *base, struct vt_bytes content, const char *const *options,
    struct vt_buf *ret)
{
	const char *argv[24] = { "openssl", "cms", "-sign", "-binary",
		"-nodetach", "-outform", "DER" };
	char *in = in_dir(base, "tst"), *out = in_dir(base, "token");
	char *crt = pki("tsa.crt"), *key = pki("tsa.key");
	size_t n = 7;

	write_at(in, content);
	argv[n++] = "-in";
	argv[n++] = in;
	argv[n++] = "-out";
	argv[n++] = out;
	argv[n++] = "-signer";
	argv[n++] = crt;
	argv[n++] = "-inkey";
	argv[n++] = key;
	while (*options != NULL)
		argv[n++] = *options++;
	run(argv, NULL);
	read_at(out, ret);
	free(in);
	free(out);
	free(crt);
	free(key);
}

#endif
