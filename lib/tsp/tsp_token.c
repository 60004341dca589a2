/* tsp_token.c - a token as a CMS message, and what holds of it */
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tsp_int.h"
#include "vanthu/error.h"
#include "vanthu/x509.h"

/* id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4 */
static const unsigned char tst_info_der[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x0d, 0x01, 0x09, 0x10, 0x01, 0x04 };

struct vt_tsp_digest {
	EVP_MD_CTX *ctx;
	const char *name;
	unsigned char value[VT_TSP_IMPRINT_MAX]; /* where it is known already */
	size_t len;                              /* 0: it is not */
};

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_buf_bytes_put(ctx, piece) == VT_OK
		   ? VT_OK
		   : (int)vt_error_set(err, VT_ELIMIT, NULL,
			 "a time stamp of more than %u bytes", VT_TSP_MAX);
}

int
vt_tsp_parse(struct vt_bytes der, unsigned flags, struct vt_tsp **ret,
    struct vt_error *err)
{
	struct vt_tsp *t;
	int rc;

	if (der.len > VT_TSP_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a time stamp of more than %u bytes", VT_TSP_MAX);
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return vt_error_nomem(err);
	vt_buf_init(&t->der, VT_TSP_MAX + 1);
	vt_buf_init(&t->content, VT_TSP_MAX + 1);
	if (vt_buf_bytes_put(&t->der, der) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_cms_parse(der, flags, &t->cms, err)) != VT_OK)
		goto out;
	t->der.len = (size_t)vt_cms_size(t->cms); /* padding is none of it */
	if (!vt_bytes_equal(vt_cms_content_type(t->cms),
		VT_BYTES(tst_info_der, sizeof(tst_info_der))) ||
	    !vt_cms_attached(t->cms)) {
		rc = vt_error_set(err, VT_EFORMAT, "RFC 3161, 2.4.2",
		    "the signature is over something else than a time");
		goto out;
	}
	if (vt_cms_nsigners(t->cms) != 1) {
		rc = vt_error_set(err, VT_EFORMAT, "RFC 3161, 2.4.2",
		    "a time stamp has exactly one signer");
		goto out;
	}
	if ((rc = vt_cms_content(t->cms, keep, &t->content, err)) != VT_OK ||
	    (rc = vt_tsp_info_read(t, err)) != VT_OK)
		goto out;
	*ret = t;
	t = NULL;
out:
	vt_tsp_free(t);
	return rc;
}

void
vt_tsp_free(struct vt_tsp *t)
{
	if (t == NULL)
		return;
	TS_TST_INFO_free(t->tst);
	vt_cms_free(t->cms);
	vt_buf_release(&t->tsa);
	vt_buf_release(&t->content);
	vt_buf_release(&t->der);
	free(t);
}

const struct vt_tsp_info *
vt_tsp_info(const struct vt_tsp *t)
{
	return &t->info;
}

const struct vt_cms *
vt_tsp_cms(const struct vt_tsp *t)
{
	return t->cms;
}

struct vt_bytes
vt_tsp_der(const struct vt_tsp *t)
{
	return vt_buf_bytes(&t->der);
}

static int
no_digest(struct vt_error *err)
{
	ERR_clear_error();
	return vt_error_set(err, VT_ECRYPTO, NULL, "a digest cannot be made");
}

int
vt_tsp_digest_new(const struct vt_tsp *t, struct vt_tsp_digest **ret,
    struct vt_error *err)
{
	struct vt_tsp_digest *d = calloc(1, sizeof(*d));
	EVP_MD *md = EVP_MD_fetch(NULL, t->md->fetch, NULL);
	int rc = VT_OK;

	if (d == NULL)
		rc = vt_error_nomem(err);
	else if (md == NULL || (d->ctx = EVP_MD_CTX_new()) == NULL ||
		 EVP_DigestInit_ex(d->ctx, md, NULL) != 1)
		rc = no_digest(err);
	EVP_MD_free(md);
	if (rc != VT_OK) {
		vt_tsp_digest_free(d);
		return rc;
	}
	d->name = t->info.digest;
	*ret = d;
	return VT_OK;
}

int
vt_tsp_digest_update(void *digest, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_tsp_digest *d = digest;

	return EVP_DigestUpdate(d->ctx, piece.data, piece.len) == 1
		   ? VT_OK
		   : no_digest(err);
}

int
vt_tsp_digest_set(struct vt_tsp_digest *d, struct vt_bytes value,
    struct vt_error *err)
{
	if (value.len == 0 || value.len > sizeof(d->value) ||
	    value.len != vt_tsp_md_named(d->name)->len)
		return vt_error_set(err, VT_EARG, NULL,
		    "the digest was made for another time stamp");
	memcpy(d->value, value.data, value.len);
	d->len = value.len;
	return VT_OK;
}

void
vt_tsp_digest_free(struct vt_tsp_digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

/* Is the name that T gives its authority, if any, one of CERT's? */
static bool
is_named(const struct vt_tsp *t, const struct vt_cert *cert)
{
	GENERAL_NAME *tsa = TS_TST_INFO_get_tsa(t->tst);
	GENERAL_NAMES *alt;
	X509 *x;
	bool same = false;
	int i;

	if (tsa == NULL)
		return true;
	if (cert == NULL)
		return false;
	x = vt_cert_x509(cert);
	if (tsa->type == GEN_DIRNAME &&
	    X509_NAME_cmp(tsa->d.directoryName, X509_get_subject_name(x)) == 0)
		return true;
	ERR_set_mark();
	alt = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(alt) && !same; i++)
		same =
		    GENERAL_NAME_cmp(sk_GENERAL_NAME_value(alt, i), tsa) == 0;
	GENERAL_NAMES_free(alt);
	ERR_pop_to_mark();
	return same;
}

int
vt_tsp_check(const struct vt_tsp *t, struct vt_tsp_digest *d,
    const struct vt_certs *extra, struct vt_tsp_facts *ret,
    struct vt_error *err)
{
	struct vt_tsp_facts f = { .reason = VT_CMS_NOT_CHECKED };
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_cms_digest *content = NULL;
	unsigned n;
	int rc;

	if (d->name != t->info.digest)
		return vt_error_set(err, VT_EARG, NULL,
		    "the digest was made for another time stamp");
	if (d->len > 0) {
		n = (unsigned)d->len;
		memcpy(md, d->value, n);
	} else if (EVP_DigestFinal_ex(d->ctx, md, &n) != 1) {
		return no_digest(err);
	}
	f.imprint = vt_bytes_equal(VT_BYTES(md, n), t->info.imprint);
	if ((rc = vt_cms_digest_new(t->cms, &content, err)) != VT_OK ||
	    (rc = vt_cms_digest_update(content, vt_buf_bytes(&t->content),
		 err)) != VT_OK ||
	    (rc = vt_cms_check(t->cms, 0, content, extra, &f.cms, err)) !=
		VT_OK)
		goto out;
	f.named = is_named(t, f.cms.cert);
	f.intact = f.imprint && f.cms.intact && f.cms.cades;
	if (!f.cms.intact)
		f.reason = f.cms.reason;
	else if (!f.cms.cades)
		f.reason = f.cms.cades_reason;
	else
		f.reason = f.imprint ? VT_CMS_FINE : VT_CMS_DIGEST_DIFFERS;
	*ret = f;
out:
	vt_cms_digest_free(content);
	return rc;
}
