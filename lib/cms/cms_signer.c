/* cms_signer.c - one SignerInfo (RFC 5652, 5.3) */
#include "cms_int.h"
#include "vanthu/time.h"

#define PKCS9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09

static const unsigned char countersignature[] = { PKCS9, 0x06 };
static const unsigned char timestamp[] = { PKCS9, 0x10, 0x02, 0x0e };
static const unsigned char cert_values[] = { PKCS9, 0x10, 0x02, 0x17 };
static const unsigned char revocation_values[] = { PKCS9, 0x10, 0x02, 0x18 };
/* 0.4.0.1733.2.4 (EN 319 122-1, 5.5.3) */
static const unsigned char archive_v3[] = { 0x04, 0x00, 0x8d, 0x45, 0x02,
	0x04 };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

/* SignerIdentifier: by issuer and serial number, or by key identifier. */
static bool
sid_read(struct vt_bytes *in, struct cms_signer *ret)
{
	struct cms_tlv seq, t;

	if (vt_cms_tlv_of(in, CMS_BER, CMS_CTX0_PRIM, &t)) {
		ret->pub.key_id = t.value;
		return t.value.len > 0;
	}
	if (!vt_cms_tlv_of(in, CMS_BER, CMS_SEQUENCE, &seq) ||
	    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_SEQUENCE, &t))
		return false;
	ret->pub.issuer = t.whole;
	if (!vt_cms_tlv_of(&seq.value, CMS_BER, CMS_INTEGER, &t) ||
	    !vt_cms_integer_ok(t.value) || seq.value.len > 0)
		return false;
	ret->pub.serial = t.value;
	return true;
}

/* Which unsigned attributes are there; they may be BER, and prove nothing. */
static bool
unsigned_read(struct vt_bytes set, struct cms_signer *ret)
{
	struct cms_tlv seq, oid;
	size_t n;

	for (n = 0; set.len > 0; n++) {
		if (n == VT_CMS_ATTRS_MAX ||
		    !vt_cms_tlv_of(&set, CMS_BER, CMS_SEQUENCE, &seq) ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_OID, &oid) ||
		    !vt_cms_tlv_is(seq.value, CMS_SET))
			return false;
		if (IS(oid.value, timestamp))
			ret->pub.has_timestamp = true;
		else if (IS(oid.value, cert_values) ||
			 IS(oid.value, revocation_values))
			ret->pub.has_validation = true;
		else if (IS(oid.value, archive_v3))
			ret->pub.has_archive = true;
		else if (IS(oid.value, countersignature))
			ret->pub.has_countersigners = true;
	}
	return true;
}

bool
vt_cms_signer_read(struct vt_bytes whole, struct cms_signer *ret)
{
	struct vt_bytes in = whole;
	struct cms_tlv seq, t;

	*ret = (struct cms_signer){ 0 };
	ret->pub.der = whole;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq) || in.len > 0)
		return false;
	in = seq.value;
	if (!vt_cms_der_small(&in, CMS_BER, &ret->version) ||
	    !sid_read(&in, ret) ||
	    !vt_cms_alg_read(&in, CMS_BER, &ret->digest_alg))
		return false;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX0, &t))
		ret->pub.signed_attrs = t.whole;
	if (!vt_cms_alg_read(&in, CMS_BER, &ret->signature_alg) ||
	    !vt_cms_tlv_of(&in, CMS_BER, CMS_OCTETS, &t) || t.value.len == 0)
		return false;
	ret->pub.signature = t.value;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX1, &t)) {
		ret->pub.unsigned_attrs = t.whole;
		if (!unsigned_read(t.value, ret))
			return false;
	}
	if (in.len > 0)
		return false;
	ret->md = vt_cms_md_of(ret->digest_alg.oid);
	if (ret->md < CMS_NMD)
		ret->pub.digest = vt_cms_md(ret->md)->name;
	vt_cms_attrs_read(ret->pub.signed_attrs, &ret->attrs);
	ret->pub.claimed_time = ret->attrs.reason == VT_CMS_FINE
				    ? ret->attrs.signing_time
				    : VT_TIME_NONE;
	return true;
}
