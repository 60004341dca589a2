/* office_parts.c - what a check was decided by, kept in objects/ */
#include "office_parts.h"

#include <string.h>

#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/source.h"
#include "vanthu/trust.h"

static int
put(struct vt_office *o, struct vt_bytes der, struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	int rc;

	if ((rc = vt_source_bytes(der, &src, err)) == VT_OK)
		rc = vt_objects_put(o->objects, src, sha256, NULL, err);
	vt_source_free(src);
	return rc;
}

/* Lists are large and shared: what is kept already is not written again. */
int
vt_office_part_keep(struct vt_office *o, struct vt_office_parts *p,
    enum vt_evidence_kind kind, struct vt_bytes der, struct vt_error *err)
{
	struct vt_evidence_part *part = &p->items[p->n];
	bool has = false;
	int rc;

	if (p->n == VT_EVIDENCE_PARTS)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a check was decided by more than %d certificates and "
		    "lists",
		    VT_EVIDENCE_PARTS);
	part->kind = kind;
	if ((rc = vt_sha256(der, part->sha256, err)) != VT_OK ||
	    (rc = vt_store_evidence_has(o->store, part->sha256, &has, err)) !=
		VT_OK)
		return rc;
	if ((!has || !vt_objects_has(o->objects, part->sha256)) &&
	    (rc = put(o, der, err)) != VT_OK)
		return rc;
	p->ders[p->n++] = der;
	return VT_OK;
}

int
vt_office_parts_keep(struct vt_office *o, struct vt_office_parts *p,
    const struct vt_trust_used *used, const struct vt_cert * not,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < used->certs.n && rc == VT_OK; i++)
		if (not == NULL ||
		    memcmp(vt_cert_sha256(used->certs.items[i]),
			vt_cert_sha256(not ), VT_SHA256_LEN) != 0)
			rc = vt_office_part_keep(o, p, VT_EVIDENCE_CERTIFICATE,
			    vt_cert_der(used->certs.items[i]), err);
	for (i = 0; i < used->crls.n && rc == VT_OK; i++)
		rc = vt_office_part_keep(o, p, VT_EVIDENCE_CRL,
		    vt_crl_der(used->crls.items[i]), err);
	for (i = 0; i < used->ocsps.n && rc == VT_OK; i++)
		rc = vt_office_part_keep(o, p, VT_EVIDENCE_OCSP,
		    vt_ocsp_der(used->ocsps.items[i]), err);
	return rc;
}

int
vt_office_parts_again(struct vt_office *o, const struct vt_office_parts *p,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < p->n && rc == VT_OK; i++)
		if (!vt_objects_has(o->objects, p->items[i].sha256))
			rc = put(o, p->ders[i], err);
	return rc;
}
