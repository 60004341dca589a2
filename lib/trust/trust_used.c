/* trust_used.c - what judgements were made by, to be kept with a signature */
#include <string.h>

#include "trust_int.h"

/* Signers of lists and answers need not be on the path. */
static int
signers_add(struct vt_trust_used *used, const struct vt_trust *trust,
    const struct vt_trust_result *r, struct vt_error *err)
{
	struct vt_cert *c;
	size_t i, k;
	bool is_signer;
	int rc = VT_OK;

	for (i = 0; i < trust->certs.n && rc == VT_OK; i++) {
		c = trust->certs.items[i];
		is_signer = false;
		for (k = 0; k < r->crls.n && !is_signer; k++)
			is_signer = X509_NAME_cmp(X509_get_subject_name(
						      vt_cert_x509(c)),
					vt_crl_issuer(r->crls.items[k])) == 0;
		for (k = 0; k < r->ocsps.n && !is_signer; k++)
			is_signer = vt_ocsp_names(r->ocsps.items[k], c);
		if (is_signer)
			rc = vt_certs_add(&used->certs, c, err);
	}
	return rc;
}

int
vt_trust_used_add(struct vt_trust_used *used, const struct vt_trust *trust,
    const struct vt_trust_result *r, struct vt_error *err)
{
	size_t i;
	int rc;

	if ((rc = vt_certs_add_all(&used->certs, &r->chain, err)) != VT_OK)
		return rc;
	for (i = 0; i < r->crls.n && rc == VT_OK; i++)
		rc = vt_crls_add(&used->crls, r->crls.items[i], err);
	for (i = 0; i < r->ocsps.n && rc == VT_OK; i++)
		rc = vt_ocsps_add(&used->ocsps, r->ocsps.items[i], err);
	return rc == VT_OK ? signers_add(used, trust, r, err) : rc;
}

int
vt_trust_used_merge(struct vt_trust_used *used,
    const struct vt_trust_used *more, struct vt_error *err)
{
	size_t i;
	int rc = vt_certs_add_all(&used->certs, &more->certs, err);

	for (i = 0; i < more->crls.n && rc == VT_OK; i++)
		rc = vt_crls_add(&used->crls, more->crls.items[i], err);
	for (i = 0; i < more->ocsps.n && rc == VT_OK; i++)
		rc = vt_ocsps_add(&used->ocsps, more->ocsps.items[i], err);
	return rc;
}

static struct vt_cert *
cert_find(const struct vt_certs *set, const unsigned char *sha256)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (memcmp(vt_cert_sha256(set->items[i]), sha256,
			VT_SHA256_LEN) == 0)
			return set->items[i];
	return NULL;
}

int
vt_trust_used_take(struct vt_trust_used *used, const struct vt_trust *trust,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	struct vt_cert *cert;
	size_t i;

	if ((cert = cert_find(&trust->anchors, sha256)) != NULL ||
	    (cert = cert_find(&trust->certs, sha256)) != NULL)
		return vt_certs_add(&used->certs, cert, err);
	for (i = 0; i < trust->crls.n; i++)
		if (memcmp(vt_crl_sha256(trust->crls.items[i]), sha256,
			VT_SHA256_LEN) == 0)
			return vt_crls_add(&used->crls, trust->crls.items[i],
			    err);
	for (i = 0; i < trust->ocsps.n; i++)
		if (memcmp(vt_ocsp_sha256(trust->ocsps.items[i]), sha256,
			VT_SHA256_LEN) == 0)
			return vt_ocsps_add(&used->ocsps, trust->ocsps.items[i],
			    err);
	return VT_OK;
}

void
vt_trust_used_release(struct vt_trust_used *used)
{
	vt_certs_release(&used->certs);
	vt_crls_release(&used->crls);
	vt_ocsps_release(&used->ocsps);
}

int
vt_trust_bare(const struct vt_trust *trust, struct vt_trust **ret,
    struct vt_error *err)
{
	struct vt_trust *bare = NULL;
	size_t i;
	int rc = vt_trust_new(&bare, err);

	for (i = 0; i < trust->anchors.n && rc == VT_OK; i++)
		rc = vt_trust_add_anchor(bare, trust->anchors.items[i],
		    trust->trees[i], err);
	if (rc == VT_OK)
		*ret = bare;
	else
		vt_trust_free(bare);
	return rc;
}
