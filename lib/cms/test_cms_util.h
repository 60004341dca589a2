/* test_cms_util.h - signers, foreign programs and hand-made messages */
#ifndef VT_TEST_CMS_UTIL_H
#define VT_TEST_CMS_UTIL_H

#include "test_keys.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <openssl/rsa.h>

#include "cms_int.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/time.h"

/* What OpenSSL itself signs; LEN is the room, then the length. */
static inline bool
raw_sign(EVP_PKEY *key, bool pss, const char *md_name, struct vt_bytes digest,
    unsigned char *out, size_t *len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	const EVP_MD *md = EVP_get_digestbyname(md_name);
	bool ok = EVP_PKEY_sign_init(ctx) == 1;

	if (pss)
		ok = ok &&
		     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) ==
			 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
			 RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
	     EVP_PKEY_sign(ctx, out, len, digest.data, digest.len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static inline int
test_signer_sign(void *ctx, enum vt_sigalg alg, enum vt_hash hash,
    struct vt_bytes digest, unsigned char *out, size_t *ret_len,
    struct vt_error *err)
{
	*ret_len = VT_SIGNATURE_MAX;
	if (raw_sign(ctx, alg == VT_SIGALG_PSS, vt_hash_name(hash), digest, out,
		ret_len))
		return VT_OK;
	return vt_error_set(err, VT_EKEY, NULL, "the test key did not sign");
}

static inline void
test_signer_free(void *ctx)
{
	EVP_PKEY_free(ctx);
}

static const struct vt_signer_ops test_signer_ops = { test_signer_sign,
	test_signer_free, true };

/* The signer NAME of the test PKI. */
static inline struct vt_signer *
pki_signer(const char *name)
{
	struct vt_error err = { 0 };
	struct vt_signer *signer = NULL;
	struct vt_cert *cert = pki_cert(name);

	assert_vt_ok(vt_signer_new(&test_signer_ops, pki_key(name), cert, NULL,
			 &signer, &err),
	    &err);
	vt_cert_free(cert);
	return signer;
}

/* --- other programs --- */

/* Run ARGV, its output going to the file LOG; its exit status. */
static inline int
run_log(const char *log, const char *const argv[])
{
	int status, fd;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, 1);
		dup2(fd, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}
#define RUN(log, ...) run_log((log), (const char *const[]){ __VA_ARGS__, NULL })

static inline void
write_file(const char *path, struct vt_bytes b)
{
	struct vt_error err = { 0 };

	unlink(path);
	assert_vt_ok(vt_file_write(path, b, &err), &err);
}

/* --- checking in one call --- */

struct checked {
	int rc; /* of reading */
	struct vt_source *src;
	struct vt_error err;
	struct vt_cms *cms;
	struct vt_cms_facts facts; /* of signer 0 */
};

/* CONTENT NULL: what is inside. */
static inline void
check(struct vt_bytes der, unsigned flags, const struct vt_bytes *content,
    const struct vt_certs *extra, struct checked *ret)
{
	struct vt_cms_digest *d = NULL;

	memset(ret, 0, sizeof(*ret));
	assert_vt_ok(vt_source_bytes(der, &ret->src, &ret->err), &ret->err);
	ret->rc = vt_cms_open(ret->src, flags, &ret->cms, &ret->err);
	if (ret->rc != VT_OK) {
		assert_null(ret->cms);
		return;
	}
	assert_vt_ok(vt_cms_digest_new(ret->cms, &d, &ret->err), &ret->err);
	if (content != NULL)
		assert_vt_ok(vt_cms_digest_update(d, *content, &ret->err),
		    &ret->err);
	else if (vt_cms_attached(ret->cms))
		assert_vt_ok(vt_cms_content(ret->cms, vt_cms_digest_update, d,
				 &ret->err),
		    &ret->err);
	assert_vt_ok(vt_cms_check(ret->cms, 0, d, extra, &ret->facts,
			 &ret->err),
	    &ret->err);
	vt_cms_digest_free(d);
}

static inline void
checked_free(struct checked *c)
{
	vt_cms_free(c->cms);
	vt_source_free(c->src);
	c->cms = NULL;
	c->src = NULL;
}

/* Intact and a CAdES signature? */
static inline bool
accepted(struct vt_bytes der, unsigned flags, const struct vt_bytes *content)
{
	struct checked c;
	bool ok;

	check(der, flags, content, NULL, &c);
	ok = c.rc == VT_OK && c.facts.intact && c.facts.cades;
	checked_free(&c);
	return ok;
}

#endif
