/* cms_validation.c - certificates, lists and answers that a message carries */
#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/ocsp.h"

#define PKIX(...) 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, __VA_ARGS__

/* id-ri-ocsp-response (RFC 5940, 2.1), 1.3.6.1.5.5.7.16.2 */
static const unsigned char ri_ocsp[] = { PKIX(0x10, 0x02) };
/* id-pkix-ocsp-basic, which some write there, 1.3.6.1.5.5.7.48.1.1 */
static const unsigned char ocsp_basic[] = { PKIX(0x30, 0x01, 0x01) };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

/* What does not parse is passed over: it is of no use, but does no harm. */
static int
verdict(int rc, struct vt_error *err)
{
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

static int
cert_take(struct cms_sets *to, struct vt_bytes der, struct vt_error *err)
{
	struct vt_cert *cert;
	int rc;

	if (to->certs == NULL)
		return VT_OK;
	if ((rc = vt_cert_parse(der, &cert, NULL)) != VT_OK)
		return verdict(rc, err);
	rc = vt_certs_add(to->certs, cert, err);
	vt_cert_free(cert);
	return rc;
}

static int
crl_take(struct cms_sets *to, struct vt_bytes der, struct vt_error *err)
{
	struct vt_crl *crl;
	int rc;

	if (to->crls == NULL)
		return VT_OK;
	if ((rc = vt_crl_parse(der, &crl, NULL)) != VT_OK)
		return verdict(rc, err);
	rc = vt_crls_add(to->crls, crl, err);
	vt_crl_free(crl);
	return rc;
}

static int
ocsp_take(struct cms_sets *to, struct vt_bytes der, struct vt_error *err)
{
	struct vt_ocsp *ocsp;
	int rc;

	if (to->ocsps == NULL)
		return VT_OK;
	if ((rc = vt_ocsp_parse(der, &ocsp, NULL)) != VT_OK)
		return verdict(rc, err);
	rc = vt_ocsps_add(to->ocsps, ocsp, err);
	vt_ocsp_free(ocsp);
	return rc;
}

typedef int take_fn(struct cms_sets *to, struct vt_bytes der,
    struct vt_error *err);

/* Each element of what a SEQUENCE OF holds. */
static int
each(struct cms_sets *to, struct vt_bytes in, take_fn *take,
    struct vt_error *err)
{
	struct cms_tlv t;
	int rc = VT_OK;

	while (rc == VT_OK && in.len > 0 && vt_cms_tlv(&in, CMS_BER, &t))
		rc = take(to, t.whole, err);
	return rc;
}

/* SEQUENCE { OID, ANY }; of the kinds that there are, only answers are read. */
static int
other_take(struct cms_sets *to, struct vt_bytes seq, struct vt_error *err)
{
	struct cms_tlv oid;

	if (!vt_cms_tlv_of(&seq, CMS_BER, CMS_OID, &oid) ||
	    (!IS(oid.value, ri_ocsp) && !IS(oid.value, ocsp_basic)))
		return VT_OK;
	return ocsp_take(to, seq, err);
}

/* CertificateValues (EN 319 122-1, 5.4.1) */
static int
cert_values_take(struct cms_sets *to, struct vt_bytes value,
    struct vt_error *err)
{
	struct cms_tlv seq;

	if (!vt_cms_tlv_of(&value, CMS_BER, CMS_SEQUENCE, &seq))
		return VT_OK;
	return each(to, seq.value, cert_take, err);
}

/*
 * RevocationValues (EN 319 122-1, 5.4.2), and Adobe's RevocationInfoArchival
 * (ISO 32000-2, 12.8.3.3.2), which has whole answers where that has bare ones:
 * [0] lists, [1] answers, [2] others.
 */
static int
revocation_values_take(struct cms_sets *to, struct vt_bytes value,
    struct vt_error *err)
{
	struct cms_tlv seq, part, list;
	int rc = VT_OK;

	if (!vt_cms_tlv_of(&value, CMS_BER, CMS_SEQUENCE, &seq))
		return VT_OK;
	while (rc == VT_OK && seq.value.len > 0 &&
	       vt_cms_tlv(&seq.value, CMS_BER, &part)) {
		if (!vt_cms_tlv_of(&part.value, CMS_BER, CMS_SEQUENCE, &list))
			continue;
		if (part.id == CMS_CTX0)
			rc = each(to, list.value, crl_take, err);
		else if (part.id == CMS_CTX1)
			rc = each(to, list.value, ocsp_take, err);
		else if (part.id == CMS_CTX2)
			rc = other_take(to, list.value, err);
	}
	return rc;
}

static int
value_take(struct cms_sets *to, const struct vt_cms_unsigned *u,
    struct vt_error *err)
{
	switch (u->kind) {
	case VT_CMS_ATTR_CERT_VALUES:
		return cert_values_take(to, u->value, err);
	case VT_CMS_ATTR_REVOCATION_VALUES:
	case VT_CMS_ATTR_ADBE_REVOCATION:
		return revocation_values_take(to, u->value, err);
	default:
		return VT_OK;
	}
}

int
vt_cms_collect(const struct vt_cms *cms, const struct cms_signer *s,
    const struct cms_covered *only, struct cms_sets *to, struct vt_error *err)
{
	struct vt_bytes in;
	struct cms_tlv t;
	size_t i;
	int rc = VT_OK;

	if (only == NULL && to->certs != NULL)
		rc = vt_certs_add_all(to->certs, &cms->pool, err);
	for (i = 0; only != NULL && i < cms->certs.n && rc == VT_OK; i++)
		if (only->certs[i])
			rc = cert_take(to, cms->certs.items[i], err);
	for (i = 0; i < cms->crls.n && rc == VT_OK; i++)
		if (only == NULL || only->crls[i])
			rc = crl_take(to, cms->crls.items[i], err);
	for (i = 0; i < cms->more_crls.n && rc == VT_OK; i++) {
		in = cms->more_crls.items[i];
		if ((only == NULL || only->more_crls[i]) &&
		    vt_cms_tlv(&in, CMS_BER, &t))
			rc = other_take(to, t.value, err);
	}
	if (s == NULL)
		return rc;
	for (i = 0; i < s->nvalues && rc == VT_OK; i++)
		if (only == NULL || only->values[i])
			rc = value_take(to, &s->values[i].pub, err);
	/* Signed, and so under every stamp on the signature. */
	if (rc == VT_OK && s->attrs.reason == VT_CMS_FINE)
		rc = revocation_values_take(to, s->attrs.archival, err);
	return rc;
}

int
vt_cms_validation(const struct vt_cms *cms, size_t i, struct vt_certs *certs,
    struct vt_crls *crls, struct vt_ocsps *ocsps, struct vt_error *err)
{
	struct cms_sets to = { certs, crls, ocsps };

	return vt_cms_collect(cms, i < cms->nsigners ? &cms->signers[i] : NULL,
	    NULL, &to, err);
}
