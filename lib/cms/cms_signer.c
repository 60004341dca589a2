/* cms_signer.c - one SignerInfo (RFC 5652, 5.3) */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/time.h"

#define PKCS9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09

static const unsigned char countersignature[] = { PKCS9, 0x06 };
static const unsigned char content_stamp[] = { PKCS9, 0x10, 0x02, 0x14 };
static const unsigned char timestamp[] = { PKCS9, 0x10, 0x02, 0x0e };
static const unsigned char cert_values[] = { PKCS9, 0x10, 0x02, 0x17 };
static const unsigned char revocation_values[] = { PKCS9, 0x10, 0x02, 0x18 };
static const unsigned char archive_v2[] = { PKCS9, 0x10, 0x02, 0x30 };
/* 0.4.0.1733.2.4 (EN 319 122-1, 5.5.3) */
static const unsigned char archive_v3[] = { 0x04, 0x00, 0x8d, 0x45, 0x02,
	0x04 };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

/* true, and which kind: an attribute of type OID holds time stamps. */
static bool
stamp_kind(struct vt_bytes oid, bool is_signed, enum vt_cms_stamp_kind *ret)
{
	if (is_signed) {
		*ret = VT_CMS_STAMP_CONTENT;
		return IS(oid, content_stamp);
	}
	*ret = IS(oid, timestamp)    ? VT_CMS_STAMP_SIGNATURE
	       : IS(oid, archive_v3) ? VT_CMS_STAMP_ARCHIVE
				     : VT_CMS_STAMP_ARCHIVE_OLD;
	return IS(oid, timestamp) || IS(oid, archive_v3) || IS(oid, archive_v2);
}

static int
stamps_add(struct cms_signer *s, struct vt_bytes set, bool is_signed,
    struct vt_error *err)
{
	enum vt_cms_stamp_kind kind;
	struct vt_cms_stamp *more;
	struct cms_values v;
	struct cms_value at;

	vt_cms_values_start(&v, set);
	while (vt_cms_values_next(&v, &at)) {
		if (!stamp_kind(at.oid, is_signed, &kind))
			continue;
		if (s->nstamps == VT_CMS_STAMPS_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "more than %d time stamps in one signature",
			    VT_CMS_STAMPS_MAX);
		more = realloc(s->stamps, (s->nstamps + 1) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		s->stamps = more;
		more[s->nstamps].kind = kind;
		more[s->nstamps++].token = at.value;
	}
	return VT_OK;
}

int
vt_cms_stamps_read(struct cms_signer *s, struct vt_error *err)
{
	int rc;

	rc = stamps_add(s, vt_cms_attrs_value(s->pub.signed_attrs), true, err);
	if (rc != VT_OK)
		return rc;
	return stamps_add(s, vt_cms_attrs_value(s->pub.unsigned_attrs), false,
	    err);
}

size_t
vt_cms_nstamps(const struct vt_cms *cms, size_t i)
{
	return i < cms->nsigners ? cms->signers[i].nstamps : 0;
}

struct vt_cms_stamp
vt_cms_stamp(const struct vt_cms *cms, size_t i, size_t k)
{
	return cms->signers[i].stamps[k];
}

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
	struct cms_values v;
	struct cms_value at;
	size_t n = 0;

	vt_cms_values_start(&v, set);
	while (vt_cms_values_next(&v, &at)) {
		if (n++ == VT_CMS_ATTRS_MAX)
			return false;
		if (IS(at.oid, timestamp))
			ret->pub.has_timestamp = true;
		else if (IS(at.oid, cert_values) ||
			 IS(at.oid, revocation_values))
			ret->pub.has_validation = true;
		else if (IS(at.oid, archive_v2) || IS(at.oid, archive_v3))
			ret->pub.has_archive = true;
		else if (IS(at.oid, countersignature))
			ret->pub.has_countersigners = true;
	}
	return !v.broken;
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
