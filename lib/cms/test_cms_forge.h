/* test_cms_forge.h - a builder of messages that obeys no rule */
#ifndef TEST_CMS_FORGE_H
#define TEST_CMS_FORGE_H

#include "test_cms_util.h"

static const char text[] = "Quyết định số 01/QĐ-UBND";
#define TEXT VT_BYTES_LIT(text)

#define P9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09
static const unsigned char oid_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x07, 0x01 };
static const unsigned char oid_tst[] = { P9, 0x10, 0x01, 0x04 };
static const unsigned char a_type[] = { P9, 0x03 };
static const unsigned char a_digest[] = { P9, 0x04 };
static const unsigned char a_time[] = { P9, 0x05 };
static const unsigned char a_ess1[] = { P9, 0x10, 0x02, 0x0c };
static const unsigned char a_ess2[] = { P9, 0x10, 0x02, 0x2f };
static const unsigned char a_protect[] = { P9, 0x34 };
static const unsigned char a_stamp[] = { P9, 0x10, 0x02, 0x14 };
static const unsigned char a_other[] = { P9, 0x10, 0x02, 0x7f };
static const unsigned char rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x01, 0x01 };
static const unsigned char rsa_sha512[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x01, 0x0d };
static const unsigned char ecdsa_sha256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x04, 0x03, 0x02 };
#define B(x) VT_BYTES(x, sizeof(x))
#define NONE VT_BYTES(NULL, 0)

/* --- a builder that obeys no rule --- */

static inline void
put(struct vt_buf *out, unsigned char id, struct vt_bytes v)
{
	assert_int_equal(vt_cms_put(out, id, v), VT_OK);
}

/* An element in place of the bytes in BUF. */
static inline void
wrap(struct vt_buf *buf, unsigned char id)
{
	struct vt_buf tmp;

	vt_buf_init(&tmp, 64u << 20);
	put(&tmp, id, vt_buf_bytes(buf));
	vt_buf_reset(buf);
	vt_buf_bytes_put(buf, vt_buf_bytes(&tmp));
	vt_buf_release(&tmp);
}

static inline void
alg(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes params)
{
	struct vt_buf b;

	vt_buf_init(&b, 1 << 16);
	put(&b, CMS_OID, oid);
	vt_buf_bytes_put(&b, params);
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static inline void
attr(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes values)
{
	struct vt_buf b;

	vt_buf_init(&b, 1 << 16);
	put(&b, CMS_OID, oid);
	put(&b, CMS_SET, values);
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

struct spec {
	const char *signer;
	const char *cert; /* embedded; NULL: the signer's */
	enum cms_md_id md;
	struct vt_bytes sig_oid;    /* empty: by the key's kind */
	struct vt_bytes sig_params; /* with it */
	struct vt_bytes md_params;
	enum cms_md_id listed; /* in digestAlgorithms */
	unsigned version, signer_version;
	struct vt_bytes type;
	struct vt_bytes attrs; /* what the SET OF holds */
	bool no_attrs;
	bool empty_attrs;
	struct vt_bytes sign_instead; /* what is signed, not the attributes */
	struct vt_bytes content;      /* inside; empty: detached */
	unsigned copies;              /* of the SignerInfo */
};

static const struct spec usual = {
	.signer = "officer",
	.md = CMS_SHA256,
	.listed = CMS_SHA256,
	.version = 1,
	.signer_version = 1,
	.type = { oid_data, sizeof(oid_data) },
	.content = { (const unsigned char *)text, sizeof(text) - 1 },
	.copies = 1,
};

static inline void
sid(struct vt_buf *out, const struct vt_cert *cert)
{
	X509 *x = vt_cert_x509(cert);
	unsigned char *der = NULL;
	struct vt_buf b;
	int n;

	vt_buf_init(&b, 1 << 16);
	n = i2d_X509_NAME(X509_get_issuer_name(x), &der);
	vt_buf_put(&b, der, (size_t)n);
	OPENSSL_free(der);
	der = NULL;
	n = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
	vt_buf_put(&b, der, (size_t)n);
	OPENSSL_free(der);
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static inline void
signer_info(struct vt_buf *out, const struct spec *s, struct vt_bytes set)
{
	unsigned char version = (unsigned char)s->signer_version;
	unsigned char md[EVP_MAX_MD_SIZE], sig[VT_SIGNATURE_MAX];
	struct vt_cert *cert = pki_cert(s->signer);
	EVP_PKEY *key = pki_key(s->signer);
	const bool ec = EVP_PKEY_is_a(key, "EC");
	struct vt_bytes in = s->sign_instead.len > 0 ? s->sign_instead
			     : s->no_attrs           ? s->content
						     : set;
	size_t len = sizeof(sig);
	struct vt_buf b;

	vt_buf_init(&b, 1 << 20);
	put(&b, CMS_INTEGER, VT_BYTES(&version, 1));
	sid(&b, cert);
	alg(&b, vt_cms_md(s->md)->oid, s->md_params);
	if (!s->no_attrs) {
		vt_buf_putc(&b, CMS_CTX0);
		vt_buf_bytes_put(&b, vt_bytes_slice(set, 1, set.len));
	}
	if (s->sig_oid.len > 0)
		alg(&b, s->sig_oid, s->sig_params);
	else
		alg(&b, ec ? B(ecdsa_sha256) : B(rsa),
		    ec ? NONE : VT_BYTES_LIT("\x05\x00"));
	assert_vt_ok(vt_cms_hash(s->md, NONE, in, md, NULL), NULL);
	assert_true(raw_sign(key, false, vt_cms_md(s->md)->fetch,
	    VT_BYTES(md, vt_cms_md(s->md)->len), sig, &len));
	put(&b, CMS_OCTETS, VT_BYTES(sig, len));
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
	EVP_PKEY_free(key);
	vt_cert_free(cert);
}

static inline void
build(struct vt_buf *out, const struct spec *s)
{
	unsigned char version = (unsigned char)s->version;
	struct vt_cert *cert = pki_cert(s->cert != NULL ? s->cert : s->signer);
	struct vt_buf sd, b, set, info;
	unsigned i;

	vt_buf_init(&sd, 1 << 20);
	vt_buf_init(&b, 1 << 20);
	vt_buf_init(&set, 1 << 20);
	vt_buf_init(&info, 1 << 20);
	put(&set, CMS_SET, s->empty_attrs ? NONE : s->attrs);
	signer_info(&info, s, vt_buf_bytes(&set));

	put(&sd, CMS_INTEGER, VT_BYTES(&version, 1));
	alg(&b, vt_cms_md(s->listed)->oid, NONE);
	put(&sd, CMS_SET, vt_buf_bytes(&b));
	vt_buf_reset(&b);
	if (s->content.len > 0) {
		put(&b, CMS_OCTETS, s->content);
		wrap(&b, CMS_CTX0);
	}
	vt_buf_reset(&set);
	put(&set, CMS_OID, s->type);
	vt_buf_bytes_put(&set, vt_buf_bytes(&b));
	put(&sd, CMS_SEQUENCE, vt_buf_bytes(&set));
	put(&sd, CMS_CTX0, vt_cert_der(cert));
	vt_buf_reset(&b);
	for (i = 0; i < s->copies; i++)
		vt_buf_bytes_put(&b, vt_buf_bytes(&info));
	put(&sd, CMS_SET, vt_buf_bytes(&b));
	wrap(&sd, CMS_SEQUENCE);
	wrap(&sd, CMS_CTX0);
	vt_buf_reset(&b);
	put(&b, CMS_OID, vt_cms_oid_signed_data);
	vt_buf_bytes_put(&b, vt_buf_bytes(&sd));
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&sd);
	vt_buf_release(&b);
	vt_buf_release(&set);
	vt_buf_release(&info);
	vt_cert_free(cert);
}

/* --- attributes, right and wrong --- */

static inline void
type_attr(struct vt_buf *out, struct vt_bytes oid)
{
	struct vt_buf b;

	vt_buf_init(&b, 256);
	put(&b, CMS_OID, oid);
	attr(out, B(a_type), vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static inline void
digest_attr(struct vt_buf *out, enum cms_md_id id, struct vt_bytes content)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_buf b;

	vt_buf_init(&b, 256);
	assert_vt_ok(vt_cms_hash(id, NONE, content, md, NULL), NULL);
	put(&b, CMS_OCTETS, VT_BYTES(md, vt_cms_md(id)->len));
	attr(out, B(a_digest), vt_buf_bytes(&b));
	vt_buf_release(&b);
}

/* signing-certificate (v1 or v2) naming CERT by ID, its name and serial. */
static inline void
ess_attr(struct vt_buf *out, bool v2, enum cms_md_id id, const char *hashed,
    const char *named)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct vt_cert *cert = pki_cert(hashed), *n;
	struct vt_buf b, tmp;

	vt_buf_init(&b, 1 << 16);
	vt_buf_init(&tmp, 1 << 16);
	if (v2 && id != CMS_SHA256)
		alg(&b, vt_cms_md(id)->oid, NONE);
	assert_vt_ok(vt_cms_hash(id, NONE, vt_cert_der(cert), md, NULL), NULL);
	put(&b, CMS_OCTETS, VT_BYTES(md, vt_cms_md(id)->len));
	if (named != NULL) {
		struct vt_bytes in;
		struct cms_tlv seq, t;

		n = pki_cert(named);
		sid(&tmp, n);
		vt_cert_free(n);
		in = vt_buf_bytes(&tmp);
		assert_true(vt_cms_tlv(&in, CMS_DER, &seq));
		in = seq.value;
		assert_true(vt_cms_tlv(&in, CMS_DER, &t));
		{
			struct vt_buf is;

			vt_buf_init(&is, 1 << 16);
			put(&is, CMS_CTX4, t.whole);
			wrap(&is, CMS_SEQUENCE);
			vt_buf_bytes_put(&is, in);
			put(&b, CMS_SEQUENCE, vt_buf_bytes(&is));
			vt_buf_release(&is);
		}
	}
	wrap(&b, CMS_SEQUENCE); /* ESSCertID */
	wrap(&b, CMS_SEQUENCE); /* SEQUENCE OF */
	wrap(&b, CMS_SEQUENCE); /* SigningCertificate */
	attr(out, v2 ? B(a_ess2) : B(a_ess1), vt_buf_bytes(&b));
	vt_buf_release(&b);
	vt_buf_release(&tmp);
	vt_cert_free(cert);
}

static inline int
order(const void *a, const void *b)
{
	return vt_cms_der_compare(*(const struct vt_bytes *)a,
	    *(const struct vt_bytes *)b);
}

/* What a SET OF holds, put into DER's order. */
static inline void
sort(struct vt_buf *attrs)
{
	struct vt_bytes items[16], in = vt_buf_bytes(attrs);
	struct vt_buf tmp;
	struct cms_tlv t;
	size_t n = 0, i;

	vt_buf_init(&tmp, 1 << 16);
	for (; in.len > 0; items[n++] = t.whole)
		assert_true(vt_cms_tlv(&in, CMS_BER, &t));
	qsort(items, n, sizeof(items[0]), order);
	for (i = 0; i < n; i++)
		vt_buf_bytes_put(&tmp, items[i]);
	vt_buf_reset(attrs);
	vt_buf_bytes_put(attrs, vt_buf_bytes(&tmp));
	vt_buf_release(&tmp);
}

static inline void
good_attrs(struct vt_buf *out)
{
	vt_buf_init(out, 1 << 16);
	type_attr(out, B(oid_data));
	digest_attr(out, CMS_SHA256, TEXT);
	ess_attr(out, true, CMS_SHA256, "officer", "officer");
	sort(out);
}

#define assert_judged(spec, intact, cades)                                     \
	judged(spec, intact, cades, __FILE__, __LINE__)

/* Build S, and compare what is said of it. */
static inline void
judged(const struct spec *s, enum vt_cms_reason intact,
    enum vt_cms_reason cades, const char *file, int line)
{
	struct checked c;
	struct vt_buf der;

	vt_buf_init(&der, 1 << 20);
	build(&der, s);
	check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
	assert_vt_ok(c.rc, &c.err);
	if (c.facts.reason != intact || c.facts.cades_reason != cades ||
	    c.facts.intact != (intact == VT_CMS_FINE) ||
	    c.facts.cades != (cades == VT_CMS_FINE)) {
		print_error("%s, %s; not %s, %s\n",
		    vt_cms_reason_name(c.facts.reason),
		    vt_cms_reason_name(c.facts.cades_reason),
		    vt_cms_reason_name(intact), vt_cms_reason_name(cades));
		_fail(file, line);
	}
	checked_free(&c);
	vt_buf_release(&der);
}

#endif
