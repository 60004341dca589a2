/* verify_used.c - what a worker judged by, told by digests */
#include "verify_used.h"

#include "vanthu/error.h"
#include "vanthu/ocsp.h"
#include "vanthu/x509.h"
#include "verify_wire.h"

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
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the worker's report is not one");
	for (i = 0; i < all.len && rc == VT_OK && trust != NULL;
	     i += VT_SHA256_LEN)
		rc = vt_trust_used_take(used, trust, all.data + i, err);
	return rc;
}
