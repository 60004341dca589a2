/* cms_unsigned.c - attributes one by one, and validation data among them */
#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/ocsp.h"

#define PKCS9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09

static const unsigned char cert_values[] = { PKCS9, 0x10, 0x02, 0x17 };
static const unsigned char revocation_values[] = { PKCS9, 0x10, 0x02, 0x18 };
/* 1.2.840.113583.1.1.8, RevocationInfoArchival */
static const unsigned char adobe_revocation[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x2f, 0x01, 0x01, 0x08 };
/* 1.3.6.1.5.5.7.16.2, id-ri-ocsp-response */
static const unsigned char ri_ocsp[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07,
	0x10, 0x02 };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

void
vt_cms_values_start(struct cms_values *v, struct vt_bytes set)
{
	*v = (struct cms_values){ .attrs = set };
}

bool
vt_cms_values_next(struct cms_values *v, struct cms_value *ret)
{
	struct cms_tlv seq, oid, set, t;

	while (v->values.len == 0) {
		if (v->attrs.len == 0)
			return false;
		v->broken = true;
		if (!vt_cms_tlv_of(&v->attrs, CMS_BER, CMS_SEQUENCE, &seq) ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_OID, &oid) ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_SET, &set) ||
		    seq.value.len > 0)
			return false;
		v->broken = false;
		v->at.type = oid.whole;
		v->at.oid = oid.value;
		v->at.attr = seq.whole;
		v->values = set.value;
	}
	if (!vt_cms_tlv(&v->values, CMS_BER, &t)) {
		v->broken = true;
		return false;
	}
	*ret = v->at;
	ret->value = t.whole;
	return true;
}

struct vt_bytes
vt_cms_attrs_value(struct vt_bytes whole)
{
	struct cms_tlv t;

	return vt_cms_tlv(&whole, CMS_BER, &t) ? t.value : VT_BYTES(NULL, 0);
}

/* ---- validation data ---- */

struct sets {
	struct vt_certs *certs;
	struct vt_crls *crls;
	struct vt_ocsps *ocsps;
};

/* What does not parse is of no use, and does no harm. */
static int
passed_over(int rc, struct vt_error *err)
{
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

static int
cert_add(struct sets *s, struct vt_bytes der, struct vt_error *err)
{
	struct vt_cert *cert;
	int rc = vt_cert_parse(der, &cert, NULL);

	if (rc != VT_OK)
		return passed_over(rc, err);
	rc = vt_certs_add(s->certs, cert, err);
	vt_cert_free(cert);
	return rc;
}

static int
crl_add(struct sets *s, struct vt_bytes der, struct vt_error *err)
{
	struct vt_crl *crl;
	int rc = vt_crl_parse(der, &crl, NULL);

	if (rc != VT_OK)
		return passed_over(rc, err);
	rc = vt_crls_add(s->crls, crl, err);
	vt_crl_free(crl);
	return rc;
}

static int
ocsp_add(struct sets *s, struct vt_bytes der, struct vt_error *err)
{
	struct vt_ocsp *ocsp;
	int rc = vt_ocsp_parse(der, &ocsp, NULL);

	if (rc != VT_OK)
		return passed_over(rc, err);
	rc = vt_ocsps_add(s->ocsps, ocsp, err);
	vt_ocsp_free(ocsp);
	return rc;
}

/* Each element of SEQUENCE OF in VALUE to ADD. */
static int
each(struct sets *s, struct vt_bytes value,
    int (*add)(struct sets *, struct vt_bytes, struct vt_error *),
    struct vt_error *err)
{
	struct cms_tlv seq, t;
	int rc;

	if (!vt_cms_tlv_of(&value, CMS_BER, CMS_SEQUENCE, &seq))
		return VT_OK;
	while (vt_cms_tlv(&seq.value, CMS_BER, &t))
		if ((rc = add(s, t.whole, err)) != VT_OK)
			return rc;
	return VT_OK;
}

/* RevocationValues, and Adobe's RevocationInfoArchival: the same shape. */
static int
revocation_add(struct sets *s, struct vt_bytes value, struct vt_error *err)
{
	struct cms_tlv seq, t;
	int rc = VT_OK;

	if (!vt_cms_tlv_of(&value, CMS_BER, CMS_SEQUENCE, &seq))
		return VT_OK;
	while (rc == VT_OK && vt_cms_tlv(&seq.value, CMS_BER, &t)) {
		if (t.id == CMS_CTX0)
			rc = each(s, t.value, crl_add, err);
		else if (t.id == CMS_CTX1)
			rc = each(s, t.value, ocsp_add, err);
	}
	return rc;
}

static int
values_add(struct sets *s, struct vt_bytes set, struct vt_error *err)
{
	struct cms_values v;
	struct cms_value at;
	int rc = VT_OK;

	vt_cms_values_start(&v, set);
	while (rc == VT_OK && vt_cms_values_next(&v, &at)) {
		if (IS(at.oid, cert_values))
			rc = each(s, at.value, cert_add, err);
		else if (IS(at.oid, revocation_values) ||
			 IS(at.oid, adobe_revocation))
			rc = revocation_add(s, at.value, err);
	}
	return rc;
}

/* OtherRevocationInfoFormat of RFC 5940, 3: an OCSPResponse. */
static int
other_add(struct sets *s, struct vt_bytes other, struct vt_error *err)
{
	struct cms_tlv whole, oid, t;

	if (!vt_cms_tlv_of(&other, CMS_BER, CMS_CTX1, &whole) ||
	    !vt_cms_tlv_of(&whole.value, CMS_BER, CMS_OID, &oid) ||
	    !IS(oid.value, ri_ocsp) || !vt_cms_tlv(&whole.value, CMS_BER, &t))
		return VT_OK;
	return ocsp_add(s, t.whole, err);
}

int
vt_cms_validation(const struct vt_cms *cms, size_t i, struct vt_certs *certs,
    struct vt_crls *crls, struct vt_ocsps *ocsps, struct vt_error *err)
{
	struct sets s = { certs, crls, ocsps };
	const struct vt_cms_signer *signer;
	size_t k;
	int rc;

	if ((rc = vt_certs_add_all(certs, &cms->pool, err)) != VT_OK)
		return rc;
	for (k = 0; k < cms->ncrls; k++)
		if ((rc = crl_add(&s, cms->crls[k], err)) != VT_OK)
			return rc;
	for (k = 0; k < cms->nothers; k++)
		if ((rc = other_add(&s, cms->others[k], err)) != VT_OK)
			return rc;
	if (i >= cms->nsigners)
		return VT_OK;
	signer = &cms->signers[i].pub;
	rc = values_add(&s, vt_cms_attrs_value(signer->signed_attrs), err);
	if (rc != VT_OK)
		return rc;
	return values_add(&s, vt_cms_attrs_value(signer->unsigned_attrs), err);
}
