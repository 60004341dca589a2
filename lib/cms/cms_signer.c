/* cms_signer.c - one SignerInfo (RFC 5652, 5.3) */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"
#include "vanthu/time.h"

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

int
vt_cms_signer_read(struct vt_bytes whole, struct cms_signer *ret,
    struct vt_error *err)
{
	struct vt_bytes in = whole;
	struct cms_tlv seq, t;
	int rc;

	*ret = (struct cms_signer){ 0 };
	ret->pub.der = whole;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq) || in.len > 0)
		return VT_EFORMAT;
	in = seq.value;
	if (!vt_cms_der_small(&in, CMS_BER, &ret->version) ||
	    !sid_read(&in, ret) ||
	    !vt_cms_alg_read(&in, CMS_BER, &ret->digest_alg))
		return VT_EFORMAT;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX0, &t))
		ret->pub.signed_attrs = t.whole;
	if (!vt_cms_alg_read(&in, CMS_BER, &ret->signature_alg) ||
	    !vt_cms_tlv_of(&in, CMS_BER, CMS_OCTETS, &t) || t.value.len == 0)
		return VT_EFORMAT;
	ret->pub.signature = t.value;
	if (vt_cms_tlv_of(&in, CMS_BER, CMS_CTX1, &t)) {
		ret->pub.unsigned_attrs = t.whole;
		rc = vt_cms_unsigned_read(t.value, ret, err);
		if (rc != VT_OK)
			return rc;
	}
	if (in.len > 0)
		return VT_EFORMAT;
	ret->md = vt_cms_md_of(ret->digest_alg.oid);
	if (ret->md < CMS_NMD)
		ret->pub.digest = vt_cms_md(ret->md)->name;
	vt_cms_attrs_read(ret->pub.signed_attrs, &ret->attrs);
	ret->pub.claimed_time = ret->attrs.reason == VT_CMS_FINE
				    ? ret->attrs.signing_time
				    : VT_TIME_NONE;
	if (ret->attrs.reason == VT_CMS_FINE) {
		ret->pub.mime_type = ret->attrs.mime_type;
		ret->pub.description = ret->attrs.description;
	}
	return VT_OK;
}

void
vt_cms_signer_release(struct cms_signer *s)
{
	size_t i;

	/* A counter-signature has none of its own. */
	for (i = 0; i < s->ncounters; i++)
		free(s->counters[i].signer.values);
	free(s->counters);
	free(s->stamps);
	free(s->values);
	*s = (struct cms_signer){ 0 };
}
