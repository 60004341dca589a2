/* cms_attr.c - signed attributes (RFC 5652, 11; RFC 5035), taken as DER */
#include <openssl/err.h>
#include <openssl/x509.h>

#include "cms_int.h"
#include "vanthu/time.h"

#define OID(name, ...)                                                         \
	static const unsigned char name##_der[] = { __VA_ARGS__ };             \
	const struct vt_bytes vt_cms_oid_##name = { name##_der,                \
		sizeof(name##_der) }
#define PKCS7 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07
#define PKCS9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09

OID(data, PKCS7, 0x01);
OID(signed_data, PKCS7, 0x02);
OID(content_type, PKCS9, 0x03);
OID(message_digest, PKCS9, 0x04);
OID(signing_time, PKCS9, 0x05);
OID(signing_cert_v2, PKCS9, 0x10, 0x02, 0x2f);
OID(content_stamp, PKCS9, 0x10, 0x02, 0x14);
OID(countersignature, PKCS9, 0x06);
OID(content_hints, PKCS9, 0x10, 0x02, 0x04);
/* id-aa-ets-mimeType, 0.4.0.1733.2.1 */
OID(mime_type, 0x04, 0x00, 0x8d, 0x45, 0x02, 0x01);

static const unsigned char signing_cert_v1_der[] = { PKCS9, 0x10, 0x02, 0x0c };
static const unsigned char protection_der[] = { PKCS9, 0x34 };
/* adbe-revocationInfoArchival, 1.2.840.113583.1.1.8 */
static const unsigned char archival_der[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x2f, 0x01, 0x01, 0x08 };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

/* IssuerSerial (RFC 5035, 5): one directory name, one serial number. */
static bool
issuer_serial_read(struct vt_bytes *in, struct cms_ess *ret)
{
	struct cms_tlv seq, names, name, t;

	if (!vt_cms_tlv_of(in, CMS_DER, CMS_SEQUENCE, &seq) ||
	    !vt_cms_tlv_of(&seq.value, CMS_DER, CMS_SEQUENCE, &names) ||
	    !vt_cms_tlv_of(&names.value, CMS_DER, CMS_CTX4, &name) ||
	    names.value.len > 0 ||
	    !vt_cms_tlv_of(&name.value, CMS_DER, CMS_SEQUENCE, &t) ||
	    name.value.len > 0)
		return false;
	ret->issuer = t.whole;
	if (!vt_cms_tlv_of(&seq.value, CMS_DER, CMS_INTEGER, &t) ||
	    !vt_cms_integer_ok(t.value) || seq.value.len > 0)
		return false;
	ret->serial = t.value;
	return true;
}

/* ESSCertIDv2, or ESSCertID where not V2. */
static bool
cert_id_read(struct vt_bytes *in, bool v2, struct cms_ess *ret)
{
	struct cms_tlv seq, t;
	struct cms_alg alg;

	*ret = (struct cms_ess){ .md = v2 ? CMS_SHA256 : CMS_SHA1 };
	if (!vt_cms_tlv_of(in, CMS_DER, CMS_SEQUENCE, &seq))
		return false;
	if (v2 && vt_cms_tlv_is(seq.value, CMS_SEQUENCE)) {
		if (!vt_cms_alg_read(&seq.value, CMS_DER, &alg) ||
		    !vt_cms_alg_plain(&alg))
			return false;
		ret->md = vt_cms_md_of(alg.oid);
		if (ret->md >= CMS_NMD)
			return false;
	}
	if (!vt_cms_tlv_of(&seq.value, CMS_DER, CMS_OCTETS, &t) ||
	    t.value.len != vt_cms_md(ret->md)->len)
		return false;
	ret->hash = t.value;
	if (seq.value.len > 0 && !issuer_serial_read(&seq.value, ret))
		return false;
	return seq.value.len == 0;
}

/* SigningCertificate(V2); only the first identifier is the signer's. */
static bool
ess_read(struct vt_bytes value, bool v2, struct cms_ess *ret)
{
	struct cms_tlv seq, ids, t;
	struct cms_ess other;
	size_t n = 0;

	if (!vt_cms_tlv_of(&value, CMS_DER, CMS_SEQUENCE, &seq) ||
	    value.len > 0 ||
	    !vt_cms_tlv_of(&seq.value, CMS_DER, CMS_SEQUENCE, &ids))
		return false;
	/* policies SEQUENCE OF PolicyInformation OPTIONAL: not judged */
	if (seq.value.len > 0 &&
	    (!vt_cms_tlv_of(&seq.value, CMS_DER, CMS_SEQUENCE, &t) ||
		seq.value.len > 0))
		return false;
	for (; ids.value.len > 0; n++)
		if (n == VT_CMS_ESS_MAX ||
		    !cert_id_read(&ids.value, v2, n == 0 ? ret : &other))
			return false;
	return n > 0;
}

/* UTCTime or GeneralizedTime as RFC 5652, 11.3, has them: with seconds, Z. */
static bool
time_read(struct vt_bytes value, int64_t *ret)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	struct cms_tlv t;
	int f[7] = { 0 }; /* century, year, month, day, hour, minute, second */
	size_t i, first;

	if (!vt_cms_tlv(&value, CMS_DER, &t) || value.len > 0 ||
	    (t.id != CMS_UTCTIME && t.id != CMS_TIME))
		return false;
	first = t.id == CMS_UTCTIME;
	if (t.value.len != 15 - 2 * first ||
	    t.value.data[t.value.len - 1] != 'Z')
		return false;
	for (i = 0; i + 1 < t.value.len; i++) {
		unsigned char c = t.value.data[i];

		if (c < '0' || c > '9')
			return false;
		f[first + i / 2] = f[first + i / 2] * 10 + (c - '0');
	}
	if (first == 1)
		f[0] = f[1] < 50 ? 20 : 19;
	if (f[2] < 1 || f[2] > 12 || f[3] < 1 || f[3] > days[f[2] - 1] ||
	    f[4] > 23 || f[5] > 59 || f[6] > 60)
		return false;
	*ret =
	    vt_time_of_fields(f[0] * 100 + f[1], f[2], f[3], f[4], f[5], f[6]);
	return true;
}

/* Attribute ::= SEQUENCE { OID, SET OF }. */
static bool
attr_read(struct vt_bytes *in, struct vt_bytes *ret_oid,
    struct vt_bytes *ret_values, size_t *ret_n, struct vt_bytes *ret_whole)
{
	struct cms_tlv seq, oid, set, t;
	struct vt_bytes last = { 0 };
	size_t n = 0;

	if (!vt_cms_tlv_of(in, CMS_DER, CMS_SEQUENCE, &seq) ||
	    !vt_cms_tlv_of(&seq.value, CMS_DER, CMS_OID, &oid) ||
	    oid.value.len == 0 ||
	    !vt_cms_tlv_of(&seq.value, CMS_DER, CMS_SET, &set) ||
	    seq.value.len > 0)
		return false;
	*ret_oid = oid.value;
	*ret_values = set.value;
	*ret_whole = seq.whole;
	for (; set.value.len > 0; n++, last = t.whole)
		if (!vt_cms_tlv(&set.value, CMS_DER, &t) ||
		    vt_cms_der_compare(last, t.whole) > 0)
			return false;
	*ret_n = n;
	return n > 0;
}

/* The attributes that we know; false: malformed.  VALUE is the only one. */
static bool
attr_take(struct cms_attrs *a, struct vt_bytes oid, struct vt_bytes value)
{
	struct cms_tlv t;

	if (vt_bytes_equal(oid, vt_cms_oid_content_type)) {
		if (!vt_cms_tlv_of(&value, CMS_DER, CMS_OID, &t))
			return false;
		a->content_type = t.value;
	} else if (vt_bytes_equal(oid, vt_cms_oid_message_digest)) {
		if (!vt_cms_tlv_of(&value, CMS_DER, CMS_OCTETS, &t))
			return false;
		a->message_digest = t.value;
		a->has_digest = true;
	} else if (vt_bytes_equal(oid, vt_cms_oid_signing_time)) {
		if (!time_read(value, &a->signing_time))
			a->time_reason = VT_CMS_BAD_SIGNING_TIME;
	} else if (vt_bytes_equal(oid, vt_cms_oid_signing_cert_v2) ||
		   IS(oid, signing_cert_v1_der)) {
		if (ess_read(value,
			vt_bytes_equal(oid, vt_cms_oid_signing_cert_v2),
			&a->ess[a->ness]))
			a->ness++;
		else
			a->ess_reason = VT_CMS_BAD_SIGNING_CERT;
	} else if (IS(oid, protection_der)) {
		a->protection = value;
	} else if (IS(oid, archival_der)) {
		a->archival = value;
	}
	return true;
}

/*
 * What the signer calls the content (EN 319 122-1, 5.2.4); nothing depends on
 * it, so one that is not as it should be is passed over.
 */
static void
description_take(struct cms_attrs *a, struct vt_bytes oid,
    struct vt_bytes value)
{
	struct cms_tlv seq, t;

	if (vt_bytes_equal(oid, vt_cms_oid_mime_type)) {
		if (vt_cms_tlv_of(&value, CMS_DER, CMS_UTF8, &t))
			a->mime_type = t.value;
	} else if (vt_bytes_equal(oid, vt_cms_oid_content_hints)) {
		if (vt_cms_tlv_of(&value, CMS_DER, CMS_SEQUENCE, &seq) &&
		    vt_cms_tlv_of(&seq.value, CMS_DER, CMS_UTF8, &t))
			a->description = t.value;
	}
}

static bool
attr_is_known(struct vt_bytes oid)
{
	return vt_bytes_equal(oid, vt_cms_oid_content_type) ||
	       vt_bytes_equal(oid, vt_cms_oid_message_digest) ||
	       vt_bytes_equal(oid, vt_cms_oid_signing_time) ||
	       vt_bytes_equal(oid, vt_cms_oid_signing_cert_v2) ||
	       IS(oid, signing_cert_v1_der) || IS(oid, protection_der) ||
	       IS(oid, archival_der);
}

void
vt_cms_attrs_read(struct vt_bytes whole, struct cms_attrs *ret)
{
	struct vt_bytes oids[VT_CMS_ATTRS_MAX];
	struct vt_bytes oid, values, attr, last = { 0 };
	struct cms_tlv set;
	size_t i, nvalues, n = 0;

	*ret = (struct cms_attrs){ .reason = VT_CMS_FINE,
		.ess_reason = VT_CMS_FINE,
		.time_reason = VT_CMS_FINE,
		.signing_time = VT_TIME_NONE };
	if (whole.len == 0) {
		ret->reason = VT_CMS_NO_ATTRIBUTES;
		return;
	}
	ret->reason = VT_CMS_BAD_ATTRIBUTES;
	/*
	 * RFC 5652, 5.4: the digest is over their DER.  What is not DER as it
	 * stands would mean one thing to us and another to whoever encodes it
	 * again, so it is refused.
	 */
	if (!vt_cms_tlv_of(&whole, CMS_DER, CMS_CTX0, &set) || whole.len > 0 ||
	    set.value.len == 0)
		return;
	for (; set.value.len > 0; n++, last = attr) {
		if (n == VT_CMS_ATTRS_MAX ||
		    !attr_read(&set.value, &oid, &values, &nvalues, &attr) ||
		    vt_cms_der_compare(last, attr) > 0)
			return;
		/* Several may only be of content-time-stamp (CAdES, 5.2.8). */
		for (i = 0; i < n; i++)
			if (vt_bytes_equal(oids[i], oid) &&
			    !IS(oid, content_stamp_der))
				return;
		oids[n] = oid;
		if (attr_is_known(oid) &&
		    (nvalues != 1 || !attr_take(ret, oid, values)))
			return;
		if (nvalues == 1)
			description_take(ret, oid, values);
	}
	ret->reason = VT_CMS_FINE;
}

/* Name (RFC 5280, 4.1.2.4) in DER: OpenSSL reads what is not, too. */
static bool
name_ok(struct vt_bytes name)
{
	struct cms_tlv seq, set, attr, t;

	if (!vt_cms_tlv_of(&name, CMS_DER, CMS_SEQUENCE, &seq) || name.len > 0)
		return false;
	while (seq.value.len > 0) {
		if (!vt_cms_tlv_of(&seq.value, CMS_DER, CMS_SET, &set))
			return false;
		while (set.value.len > 0)
			if (!vt_cms_tlv_of(&set.value, CMS_DER, CMS_SEQUENCE,
				&attr) ||
			    !vt_cms_tlv_of(&attr.value, CMS_DER, CMS_OID, &t) ||
			    !vt_cms_tlv(&attr.value, CMS_DER, &t) ||
			    (t.id & 0x20) != 0 || attr.value.len > 0)
				return false;
	}
	return true;
}

/* The same Name; most often it is the same bytes. */
static bool
name_equal(const X509_NAME *own, struct vt_bytes other)
{
	const unsigned char *p = other.data;
	X509_NAME *name;
	size_t len;
	bool same;

	if (X509_NAME_get0_der(own, &p, &len) == 1 &&
	    vt_bytes_equal(VT_BYTES(p, len), other))
		return true;
	/* RFC 5280, 7.1: names are equal in more than one encoding. */
	if (!name_ok(other))
		return false;
	p = other.data;
	name = d2i_X509_NAME(NULL, &p, (long)other.len);
	same = name != NULL && p == other.data + other.len &&
	       X509_NAME_cmp(name, own) == 0;
	X509_NAME_free(name);
	ERR_clear_error();
	return same;
}

bool
vt_cms_issuer_serial(const struct vt_cert *cert, struct vt_bytes issuer,
    struct vt_bytes serial)
{
	X509 *x = vt_cert_x509(cert);
	unsigned char *der = NULL;
	struct vt_bytes own;
	struct cms_tlv t;
	bool same;
	int len;

	len = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
	own = VT_BYTES(der, len > 0 ? (size_t)len : 0);
	same = vt_cms_tlv_of(&own, CMS_DER, CMS_INTEGER, &t) &&
	       vt_bytes_equal(t.value, serial);
	OPENSSL_free(der);
	return same && name_equal(X509_get_issuer_name(x), issuer);
}
