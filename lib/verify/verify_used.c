/* verify_used.c - what a worker judged by, told by digests or whole */
#include "verify_used.h"

#include "vanthu/error.h"
#include "vanthu/ocsp.h"
#include "vanthu/x509.h"
#include "verify_wire.h"

static int
no_report(struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, NULL,
	    "the worker's report is not one");
}

static int
put_digest(struct vt_buf *all, const unsigned char *sha256,
    struct vt_error *err)
{
	int rc = vt_buf_put(all, sha256, VT_SHA256_LEN);

	/* What is too much is left out: it is told by nobody then. */
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

int
vt_verify_used_put(const struct vt_trust_used *used, struct vt_buf *out,
    struct vt_error *err)
{
	struct vt_buf all;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&all, VT_VERIFY_USED_MAX * VT_SHA256_LEN);
	for (i = 0; i < used->certs.n && rc == VT_OK; i++)
		rc =
		    put_digest(&all, vt_cert_sha256(used->certs.items[i]), err);
	for (i = 0; i < used->crls.n && rc == VT_OK; i++)
		rc = put_digest(&all, vt_crl_sha256(used->crls.items[i]), err);
	for (i = 0; i < used->ocsps.n && rc == VT_OK; i++)
		rc =
		    put_digest(&all, vt_ocsp_sha256(used->ocsps.items[i]), err);
	if (rc == VT_OK)
		rc = vt_verify_wire_put_bytes(vt_buf_bytes(&all), out, err);
	vt_buf_release(&all);
	return rc;
}

int
vt_verify_used_get(struct vt_bytes *in, const struct vt_trust *trust,
    struct vt_trust_used *used, struct vt_error *err)
{
	struct vt_bytes all;
	size_t i;
	int rc;

	if ((rc = vt_verify_wire_get_bytes(in, &all, err)) != VT_OK)
		return rc;
	if (all.len % VT_SHA256_LEN != 0 ||
	    all.len > VT_VERIFY_USED_MAX * VT_SHA256_LEN)
		return no_report(err);
	for (i = 0; i < all.len && rc == VT_OK && trust != NULL;
	     i += VT_SHA256_LEN)
		rc = vt_trust_used_take(used, trust, all.data + i, err);
	return rc;
}

/* ---- whole ---- */

enum kind { CERT = 'c', CRL = 'l', OCSP = 'o' };

/* Does TRUST hold what has that digest? */
static int
held(const struct vt_trust *trust, const unsigned char *sha256, bool *ret,
    struct vt_error *err)
{
	struct vt_trust_used found = { 0 };
	int rc = trust != NULL ? vt_trust_used_take(&found, trust, sha256, err)
			       : VT_OK;

	*ret = found.certs.n + found.crls.n + found.ocsps.n > 0;
	vt_trust_used_release(&found);
	return rc;
}

static int
put_rest(const struct vt_trust *trust, enum kind kind,
    const unsigned char *sha256, struct vt_bytes der, struct vt_buf *all,
    struct vt_error *err)
{
	const unsigned char tag = (unsigned char)kind;
	size_t len = all->len;
	bool there;
	int rc;

	if ((rc = held(trust, sha256, &there, err)) != VT_OK || there)
		return rc;
	if ((rc = vt_verify_wire_put_bytes(VT_BYTES(&tag, 1), all, NULL)) ==
	    VT_OK)
		rc = vt_verify_wire_put_bytes(der, all, NULL);
	if (rc == VT_ELIMIT) { /* as if it had not been begun */
		all->len = len;
		rc = VT_OK;
	}
	return rc == VT_OK ? VT_OK : (int)vt_error_nomem(err);
}

int
vt_verify_used_put_rest(const struct vt_trust_used *used,
    const struct vt_trust *trust, struct vt_buf *out, struct vt_error *err)
{
	struct vt_buf all;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&all, VT_VERIFY_USED_BYTES);
	for (i = 0; i < used->certs.n && rc == VT_OK; i++)
		rc = put_rest(trust, CERT, vt_cert_sha256(used->certs.items[i]),
		    vt_cert_der(used->certs.items[i]), &all, err);
	for (i = 0; i < used->ocsps.n && rc == VT_OK; i++)
		rc = put_rest(trust, OCSP, vt_ocsp_sha256(used->ocsps.items[i]),
		    vt_ocsp_der(used->ocsps.items[i]), &all, err);
	for (i = 0; i < used->crls.n && rc == VT_OK; i++)
		rc = put_rest(trust, CRL, vt_crl_sha256(used->crls.items[i]),
		    vt_crl_der(used->crls.items[i]), &all, err);
	if (rc == VT_OK)
		rc = vt_verify_wire_put_bytes(vt_buf_bytes(&all), out, err);
	vt_buf_release(&all);
	return rc;
}

static int
take(enum kind kind, struct vt_bytes der, struct vt_trust_used *used,
    struct vt_error *err)
{
	struct vt_cert *cert = NULL;
	struct vt_crl *crl = NULL;
	struct vt_ocsp *ocsp = NULL;
	int rc = VT_EFORMAT;

	switch (kind) {
	case CERT:
		if ((rc = vt_cert_parse(der, &cert, NULL)) == VT_OK)
			rc = vt_certs_add(&used->certs, cert, NULL);
		break;
	case CRL:
		if ((rc = vt_crl_parse(der, &crl, NULL)) == VT_OK)
			rc = vt_crls_add(&used->crls, crl, NULL);
		break;
	case OCSP:
		if ((rc = vt_ocsp_parse(der, &ocsp, NULL)) == VT_OK)
			rc = vt_ocsps_add(&used->ocsps, ocsp, NULL);
		break;
	}
	vt_cert_free(cert);
	vt_crl_free(crl);
	vt_ocsp_free(ocsp);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	return rc == VT_OK ? VT_OK : no_report(err);
}

int
vt_verify_used_get_rest(struct vt_bytes *in, struct vt_trust_used *used,
    struct vt_error *err)
{
	struct vt_bytes all, tag, der;
	int rc;

	if ((rc = vt_verify_wire_get_bytes(in, &all, err)) != VT_OK)
		return rc;
	if (all.len > VT_VERIFY_USED_BYTES)
		return no_report(err);
	while (all.len > 0 && rc == VT_OK) {
		if ((rc = vt_verify_wire_get_bytes(&all, &tag, err)) != VT_OK ||
		    (rc = vt_verify_wire_get_bytes(&all, &der, err)) != VT_OK)
			return rc;
		rc = tag.len == 1 ? take((enum kind)tag.data[0], der, used, err)
				  : no_report(err);
	}
	return rc;
}
