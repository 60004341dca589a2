/* cms_unsigned.c - unsigned attributes (RFC 5652, 5.3; EN 319 122-1, 5) */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"

#define OID(...)                                                               \
	{                                                                      \
		(const unsigned char[]){ __VA_ARGS__ },                        \
		    sizeof((const unsigned char[]){ __VA_ARGS__ })             \
	}
#define PKCS9(...)                                                             \
	OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, __VA_ARGS__)
#define SMIME(n) PKCS9(0x10, 0x02, n)
#define ETSI_1733(n) OID(0x04, 0x00, 0x8d, 0x45, 0x02, n)
#define ETSI_19122(n) OID(0x04, 0x00, 0x81, 0x95, 0x32, 0x01, n)

/* Those that are made here, too. */
const struct vt_bytes vt_cms_oid_timestamp = SMIME(0x0e);
const struct vt_bytes vt_cms_oid_archive = ETSI_1733(0x04);
const struct vt_bytes vt_cms_oid_cert_values = SMIME(0x17);
const struct vt_bytes vt_cms_oid_revocation_values = SMIME(0x18);
const struct vt_bytes vt_cms_oid_index_v3 = ETSI_19122(0x05);

static const struct {
	struct vt_bytes oid;
	enum vt_cms_attr kind;
} kinds[] = {
	{ SMIME(0x0e), VT_CMS_ATTR_TIMESTAMP },
	{ ETSI_1733(0x04), VT_CMS_ATTR_ARCHIVE },
	{ SMIME(0x1b), VT_CMS_ATTR_ARCHIVE_OLD },
	{ SMIME(0x30), VT_CMS_ATTR_ARCHIVE_OLD },
	{ SMIME(0x17), VT_CMS_ATTR_CERT_VALUES },
	{ SMIME(0x18), VT_CMS_ATTR_REVOCATION_VALUES },
	/* 1.2.840.113583.1.1.8 */
	{ OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x08),
	    VT_CMS_ATTR_ADBE_REVOCATION },
	{ PKCS9(0x06), VT_CMS_ATTR_COUNTERSIGNATURE },
	{ ETSI_1733(0x05), VT_CMS_ATTR_INDEX_V1 },
	{ ETSI_19122(0x04), VT_CMS_ATTR_INDEX_V2 },
	{ ETSI_19122(0x05), VT_CMS_ATTR_INDEX_V3 },
};

static enum vt_cms_attr
kind_of(struct vt_bytes oid)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (vt_bytes_equal(oid, kinds[i].oid))
			return kinds[i].kind;
	return VT_CMS_ATTR_OTHER;
}

static void
note(enum vt_cms_attr kind, struct vt_cms_signer *s)
{
	if (kind == VT_CMS_ATTR_TIMESTAMP)
		s->has_timestamp = true;
	else if (kind == VT_CMS_ATTR_CERT_VALUES ||
		 kind == VT_CMS_ATTR_REVOCATION_VALUES)
		s->has_validation = true;
	else if (kind == VT_CMS_ATTR_ARCHIVE)
		s->has_archive = true;
	else if (kind == VT_CMS_ATTR_COUNTERSIGNATURE)
		s->has_countersigners = true;
}

/* One more value; the array grows by doubling. */
static int
value_add(struct cms_signer *s, const struct cms_value *v, struct vt_error *err)
{
	struct cms_value *more;
	size_t n = s->nvalues;

	if (n == VT_CMS_VALUES_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.3",
		    "a signer has more than %d unsigned attributes",
		    VT_CMS_VALUES_MAX);
	if ((n & (n - 1)) == 0) {
		more = realloc(s->values, (n == 0 ? 1 : n * 2) * sizeof(*v));
		if (more == NULL)
			return vt_error_nomem(err);
		s->values = more;
	}
	s->values[s->nvalues++] = *v;
	return VT_OK;
}

int
vt_cms_unsigned_read(struct vt_bytes set, struct cms_signer *s,
    struct vt_error *err)
{
	struct cms_tlv seq, oid, values, t;
	struct cms_value v;
	size_t n;
	int rc;

	/* They may be BER, several alike, and prove nothing by themselves. */
	for (n = 0; set.len > 0; n++) {
		if (n == VT_CMS_ATTRS_MAX)
			return vt_error_set(err, VT_ELIMIT, "RFC 5652, 5.3",
			    "a signer has more than %d unsigned attributes",
			    VT_CMS_ATTRS_MAX);
		if (!vt_cms_tlv_of(&set, CMS_BER, CMS_SEQUENCE, &seq) ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_OID, &oid) ||
		    !vt_cms_tlv_of(&seq.value, CMS_BER, CMS_SET, &values) ||
		    seq.value.len > 0)
			return VT_EFORMAT;
		v.attr = seq.whole;
		v.type = oid.whole;
		v.pub.oid = oid.value;
		v.pub.kind = kind_of(oid.value);
		note(v.pub.kind, &s->pub);
		while (values.value.len > 0) {
			if (!vt_cms_tlv(&values.value, CMS_BER, &t))
				return VT_EFORMAT;
			v.pub.value = t.whole;
			if ((rc = value_add(s, &v, err)) != VT_OK)
				return rc;
		}
	}
	return VT_OK;
}

size_t
vt_cms_nunsigned(const struct vt_cms *cms, size_t i)
{
	return cms->signers[i].nvalues;
}

struct vt_cms_unsigned
vt_cms_unsigned(const struct vt_cms *cms, size_t i, size_t k)
{
	return cms->signers[i].values[k].pub;
}
