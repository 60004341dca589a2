/* cms_digest.c - several digests in one pass over the content */
#include <stdlib.h>

#include <openssl/err.h>

#include "cms_int.h"
#include "vanthu/error.h"

struct vt_cms_digest {
	struct {
		EVP_MD_CTX *ctx; /* NULL: not wanted */
		unsigned char value[EVP_MAX_MD_SIZE];
	} md[CMS_NMD];
	bool done;
};

static int
failed(struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_ECRYPTO, NULL, "a digest cannot be made");
}

static int
start(EVP_MD_CTX **ret, enum cms_md_id id)
{
	EVP_MD *evp = EVP_MD_fetch(NULL, vt_cms_md(id)->fetch, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (evp == NULL || ctx == NULL ||
	    EVP_DigestInit_ex(ctx, evp, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MD_free(evp); /* the context holds it */
	*ret = ctx;
	return ctx != NULL;
}

int
vt_cms_digest_of(const bool *wanted, struct vt_cms_digest **ret,
    struct vt_error *err)
{
	struct vt_cms_digest *d;
	int i;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < CMS_NMD; i++)
		if (wanted[i] && !start(&d->md[i].ctx, (enum cms_md_id)i)) {
			vt_cms_digest_free(d);
			return failed(err);
		}
	*ret = d;
	return VT_OK;
}

int
vt_cms_digest_new(const struct vt_cms *cms, struct vt_cms_digest **ret,
    struct vt_error *err)
{
	bool wanted[CMS_NMD] = { false };
	size_t i;
	int rc;

	for (i = 0; i < cms->nsigners; i++) {
		if (cms->signers[i].md < CMS_NMD)
			wanted[cms->signers[i].md] = true;
		rc = vt_cms_stamps_wanted(&cms->signers[i], wanted, err);
		if (rc != VT_OK)
			return rc;
	}
	return vt_cms_digest_of(wanted, ret, err);
}

int
vt_cms_digest_named(const char *name, struct vt_cms_digest **ret,
    struct vt_error *err)
{
	enum cms_md_id md = vt_cms_md_named(name);
	bool wanted[CMS_NMD] = { false };

	if (md >= CMS_NMD)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no digest %s here", name);
	wanted[md] = true;
	return vt_cms_digest_of(wanted, ret, err);
}

int
vt_cms_digest_value(struct vt_cms_digest *d, const char *name,
    struct vt_bytes *ret, struct vt_error *err)
{
	return vt_cms_digest_get(d, vt_cms_md_named(name), ret, err);
}

bool
vt_cms_digest_resume(struct vt_cms_digest *digest, const struct vt_sha256 *d)
{
	EVP_MD_CTX *ctx = digest->md[CMS_SHA256].ctx;
	int i;

	for (i = 0; i < CMS_NMD; i++)
		if (digest->md[i].ctx != NULL && i != CMS_SHA256)
			return false;
	return ctx != NULL && vt_sha256_resume(ctx, d, NULL) == VT_OK;
}

int
vt_cms_digest_update(void *digest, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_cms_digest *d = digest;
	int i;

	if (d->done)
		return vt_error_set(err, VT_EARG, NULL,
		    "the digest has been read already");
	for (i = 0; i < CMS_NMD; i++)
		if (d->md[i].ctx != NULL &&
		    EVP_DigestUpdate(d->md[i].ctx, piece.data, piece.len) != 1)
			return failed(err);
	return VT_OK;
}

int
vt_cms_digest_get(struct vt_cms_digest *d, enum cms_md_id md,
    struct vt_bytes *ret, struct vt_error *err)
{
	int i;

	if (md >= CMS_NMD || d->md[md].ctx == NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "the digest was made for another message");
	if (!d->done)
		for (i = 0; i < CMS_NMD; i++)
			if (d->md[i].ctx != NULL &&
			    EVP_DigestFinal_ex(d->md[i].ctx, d->md[i].value,
				NULL) != 1)
				return failed(err);
	d->done = true;
	*ret = VT_BYTES(d->md[md].value, vt_cms_md(md)->len);
	return VT_OK;
}

void
vt_cms_digest_free(struct vt_cms_digest *d)
{
	int i;

	if (d == NULL)
		return;
	for (i = 0; i < CMS_NMD; i++)
		EVP_MD_CTX_free(d->md[i].ctx);
	free(d);
}
