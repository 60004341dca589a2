/* test_cms_forge.c - messages made to deceive, and what is said of them */
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

static void
put(struct vt_buf *out, unsigned char id, struct vt_bytes v)
{
	assert_int_equal(vt_cms_put(out, id, v), VT_OK);
}

/* An element in place of the bytes in BUF. */
static void
wrap(struct vt_buf *buf, unsigned char id)
{
	struct vt_buf tmp;

	vt_buf_init(&tmp, 1 << 20);
	put(&tmp, id, vt_buf_bytes(buf));
	vt_buf_reset(buf);
	vt_buf_bytes_put(buf, vt_buf_bytes(&tmp));
	vt_buf_release(&tmp);
}

static void
alg(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes params)
{
	struct vt_buf b;

	vt_buf_init(&b, 1 << 16);
	put(&b, CMS_OID, oid);
	vt_buf_bytes_put(&b, params);
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static void
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

static void
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

static void
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

static void
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

static void
type_attr(struct vt_buf *out, struct vt_bytes oid)
{
	struct vt_buf b;

	vt_buf_init(&b, 256);
	put(&b, CMS_OID, oid);
	attr(out, B(a_type), vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static void
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
static void
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

static int
order(const void *a, const void *b)
{
	return vt_cms_der_compare(*(const struct vt_bytes *)a,
	    *(const struct vt_bytes *)b);
}

/* What a SET OF holds, put into DER's order. */
static void
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

static void
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
static void
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

static void
the_builder_itself_is_right(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
attribute_sets_must_be_unambiguous(void **state)
{
	static const struct {
		const char *what;
		enum vt_cms_reason reason, cades;
	} cases[] = {
		{ "type missing", VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE },
		{ "digest missing", VT_CMS_NO_MESSAGE_DIGEST,
		    VT_CMS_NO_MESSAGE_DIGEST },
		{ "ess missing", VT_CMS_FINE, VT_CMS_NO_SIGNING_CERT },
		{ "type twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "digest twice", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "ess twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "time twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "other twice", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "stamp twice", VT_CMS_FINE, VT_CMS_FINE },
		{ "two digests", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "no digest value", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "digest no string", VT_CMS_BAD_ATTRIBUTES,
		    VT_CMS_BAD_ATTRIBUTES },
		{ "short digest", VT_CMS_DIGEST_DIFFERS,
		    VT_CMS_DIGEST_DIFFERS },
		{ "unsorted", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "long length", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "rubbish", VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES },
		{ "other type", VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE },
		{ "no time", VT_CMS_FINE, VT_CMS_BAD_SIGNING_TIME },
		{ "month 13", VT_CMS_FINE, VT_CMS_BAD_SIGNING_TIME },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *w = cases[i].what;
		struct spec s = usual;
		struct vt_buf a;
		size_t n;

#define IS(x) (strcmp(w, x) == 0)
		vt_buf_init(&a, 1 << 16);
		for (n = 0; n < (IS("type twice") ? 2u : 1u); n++)
			if (!IS("type missing"))
				type_attr(&a, IS("other type") ? B(oid_tst)
							       : B(oid_data));
		for (n = 0; n < (IS("digest twice") ? 2u : 1u); n++)
			if (IS("two digests"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x04\x01"
						 "a\x04\x01"
						 "b"));
			else if (IS("no digest value"))
				attr(&a, B(a_digest), NONE);
			else if (IS("digest no string"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x02\x01\x01"));
			else if (IS("short digest"))
				attr(&a, B(a_digest),
				    VT_BYTES_LIT("\x04\x01\x01"));
			else if (!IS("digest missing"))
				digest_attr(&a, CMS_SHA256, TEXT);
		for (n = 0; n < (IS("ess twice") ? 2u : 1u); n++)
			if (!IS("ess missing"))
				ess_attr(&a, true, CMS_SHA256, "officer", NULL);
		for (n = 0; n < 2; n++) {
			if (IS("time twice"))
				attr(&a, B(a_time),
				    VT_BYTES_LIT("\x17\x0d"
						 "250101000000Z"));
			if (IS("other twice"))
				attr(&a, B(a_other), VT_BYTES_LIT("\5\0"));
			if (IS("stamp twice"))
				attr(&a, B(a_stamp), VT_BYTES_LIT("\5\0"));
		}
		if (IS("no time"))
			attr(&a, B(a_time), VT_BYTES_LIT("\5\0"));
		if (IS("month 13"))
			attr(&a, B(a_time),
			    VT_BYTES_LIT("\x17\x0d"
					 "251301000000Z"));
		if (IS("rubbish"))
			vt_buf_puts(&a, "\5");
		else
			sort(&a);
		if (IS("unsorted")) { /* the first one goes last */
			struct vt_bytes in = vt_buf_bytes(&a);
			struct cms_tlv t;
			struct vt_buf tmp;

			vt_buf_init(&tmp, 1 << 16);
			assert_true(vt_cms_tlv(&in, CMS_DER, &t));
			vt_buf_bytes_put(&tmp, in);
			vt_buf_bytes_put(&tmp, t.whole);
			vt_buf_release(&a);
			a = tmp;
		}
		if (IS("long length")) { /* 30 18 as 30 81 18 */
			struct vt_buf tmp;

			vt_buf_init(&tmp, 1 << 16);
			assert_true(a.data[1] < 0x80);
			vt_buf_putc(&tmp, a.data[0]);
			vt_buf_putc(&tmp, 0x81);
			vt_buf_put(&tmp, a.data + 1, a.len - 1);
			vt_buf_release(&a);
			a = tmp;
		}
		s.attrs = vt_buf_bytes(&a);
		print_message("%s\n", w);
		assert_judged(&s, cases[i].reason, cases[i].cades);
		vt_buf_release(&a);
	}
}

static void
no_attributes_are_refused(void **state)
{
	struct spec s = usual;

	(void)state;
	s.no_attrs = true;
	assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
	s.no_attrs = false;
	s.empty_attrs = true;
	assert_judged(&s, VT_CMS_BAD_ATTRIBUTES, VT_CMS_BAD_ATTRIBUTES);
	s = usual;
	s.no_attrs = true;
	s.type = B(oid_tst);
	s.version = 3;
	assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
}

/*
 * One signature value, two meanings: the DER of the attributes as the content
 * of a signature without any, and the other way round.
 */
static void
confused_attributes_are_refused(void **state)
{
	static const struct {
		const unsigned char *type;
		size_t len;
		unsigned version;
	} types[] = { { oid_data, sizeof(oid_data), 1 },
		{ oid_tst, sizeof(oid_tst), 3 } };
	struct vt_buf a, set;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct spec s = usual;

		s.type = VT_BYTES(types[i].type, types[i].len);
		s.version = types[i].version;
		/* What was signed as attributes, now the content. */
		vt_buf_init(&a, 1 << 16);
		vt_buf_init(&set, 1 << 16);
		type_attr(&a, s.type);
		digest_attr(&a, CMS_SHA256, TEXT);
		ess_attr(&a, true, CMS_SHA256, "officer", "officer");
		sort(&a);
		put(&set, CMS_SET, vt_buf_bytes(&a));
		s.no_attrs = true;
		s.content = vt_buf_bytes(&set);
		assert_judged(&s, VT_CMS_NO_ATTRIBUTES, VT_CMS_NO_ATTRIBUTES);
		vt_buf_release(&a);
		vt_buf_release(&set);
		/*
		 * What was signed as content that an attacker had chosen, now
		 * the attributes.  Nothing tells; but nobody who does not know
		 * the signer's certificate binds it.
		 */
		s = usual;
		s.type = VT_BYTES(types[i].type, types[i].len);
		s.version = types[i].version;
		vt_buf_init(&a, 1 << 16);
		type_attr(&a, s.type);
		digest_attr(&a, CMS_SHA256, TEXT);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_NO_SIGNING_CERT);
		vt_buf_release(&a);
	}
}

static void
content_type_follows_the_content(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a); /* says id-data */
	s.attrs = vt_buf_bytes(&a);
	s.type = B(oid_tst);
	s.version = 3;
	assert_judged(&s, VT_CMS_CONTENT_TYPE, VT_CMS_CONTENT_TYPE);
	vt_buf_release(&a);
	/* another type everywhere is a signature, but not over id-data */
	vt_buf_init(&a, 1 << 16);
	type_attr(&a, B(oid_tst));
	digest_attr(&a, CMS_SHA256, TEXT);
	ess_attr(&a, true, CMS_SHA256, "officer", NULL);
	sort(&a);
	s.attrs = vt_buf_bytes(&a);
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
signing_certificate_decides(void **state)
{
	static const struct {
		const char *hash1, *name1; /* v1, SHA-1; NULL: none */
		const char *hash2, *name2; /* v2 */
		enum cms_md_id md;
		enum vt_cms_reason cades;
		unsigned weak;
	} cases[] = {
		{ NULL, NULL, "officer", NULL, CMS_SHA256, VT_CMS_FINE, 0 },
		{ NULL, NULL, "officer", "officer", CMS_SHA512, VT_CMS_FINE,
		    0 },
		{ NULL, NULL, "officer", NULL, CMS_SHA1, VT_CMS_FINE,
		    VT_CMS_WEAK_REFERENCE },
		{ "officer", NULL, NULL, NULL, 0, VT_CMS_FINE,
		    VT_CMS_WEAK_REFERENCE },
		{ "officer", "officer", "officer", "officer", CMS_SHA256,
		    VT_CMS_FINE, 0 },
		{ NULL, NULL, "agency", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ NULL, NULL, "officer", "agency", CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ NULL, NULL, "agency", "officer", CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ "agency", NULL, "officer", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
		{ "officer", NULL, "agency", NULL, CMS_SHA256,
		    VT_CMS_WRONG_SIGNING_CERT, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spec s = usual;
		struct vt_buf a, der;
		struct checked c;

		vt_buf_init(&a, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		if (cases[i].hash1 != NULL)
			ess_attr(&a, false, CMS_SHA1, cases[i].hash1,
			    cases[i].name1);
		if (cases[i].hash2 != NULL)
			ess_attr(&a, true, cases[i].md, cases[i].hash2,
			    cases[i].name2);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, cases[i].cades);
		vt_buf_init(&der, 1 << 20);
		build(&der, &s);
		check(vt_buf_bytes(&der), 0, NULL, NULL, &c);
		assert_int_equal(c.facts.weak, cases[i].weak);
		checked_free(&c);
		vt_buf_release(&der);
		vt_buf_release(&a);
	}
}

static void
malformed_signing_certificate_is_refused(void **state)
{
	static const struct vt_bytes values[] = {
		VT_BYTES_LIT("\x05\x00"),
		VT_BYTES_LIT("\x30\x00"),
		VT_BYTES_LIT("\x30\x02\x30\x00"),         /* no identifier */
		VT_BYTES_LIT("\x30\x04\x30\x02\x30\x00"), /* no hash */
		VT_BYTES_LIT("\x30\x06\x30\x04\x30\x02\x04\x00"),
		VT_BYTES_LIT("\x30\x08\x30\x04\x30\x02\x04\x00\x05\x00"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct spec s = usual;
		struct vt_buf a;

		vt_buf_init(&a, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		attr(&a, B(a_ess2), values[i]);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_BAD_SIGNING_CERT);
		/* a good one of the other kind does not make up for it */
		ess_attr(&a, false, CMS_SHA1, "officer", NULL);
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, VT_CMS_FINE, VT_CMS_BAD_SIGNING_CERT);
		vt_buf_release(&a);
	}
}

static void
algorithms_must_fit(void **state)
{
	struct spec s = usual;
	struct vt_buf a;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	/* digest of the signature algorithm */
	s.sig_oid = B(rsa_sha512);
	s.sig_params = VT_BYTES_LIT("\x05\x00");
	assert_judged(&s, VT_CMS_BAD_ALGORITHMS, VT_CMS_BAD_ALGORITHMS);
	/* not in the message's list */
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.listed = CMS_SHA512;
	assert_judged(&s, VT_CMS_BAD_ALGORITHMS, VT_CMS_BAD_ALGORITHMS);
	/* an algorithm of another key */
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.sig_oid = B(ecdsa_sha256);
	assert_judged(&s, VT_CMS_BAD_KEY, VT_CMS_BAD_KEY);
	/* unknown */
	s.sig_oid = B(a_other);
	assert_judged(&s, VT_CMS_UNSUPPORTED, VT_CMS_UNSUPPORTED);
	/* parameters where none belong */
	s.sig_oid = B(rsa);
	s.sig_params = VT_BYTES_LIT("\x04\x00");
	assert_judged(&s, VT_CMS_BAD_PARAMETERS, VT_CMS_BAD_PARAMETERS);
	s = usual;
	s.attrs = vt_buf_bytes(&a);
	s.md_params = VT_BYTES_LIT("\x30\x00");
	assert_judged(&s, VT_CMS_BAD_PARAMETERS, VT_CMS_BAD_PARAMETERS);
	s.md_params = VT_BYTES_LIT("\x05\x00");
	assert_judged(&s, VT_CMS_FINE, VT_CMS_FINE);
	vt_buf_release(&a);
}

static void
versions_must_fit(void **state)
{
	static const struct {
		unsigned version, signer;
		enum vt_cms_reason reason;
	} cases[] = {
		{ 1, 1, VT_CMS_FINE },
		{ 3, 1, VT_CMS_BAD_VERSION },
		{ 4, 1, VT_CMS_BAD_VERSION },
		{ 1, 3, VT_CMS_BAD_VERSION },
		{ 3, 3, VT_CMS_BAD_VERSION },
		{ 1, 0, VT_CMS_BAD_VERSION },
	};
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf a, der;
	struct spec s = usual;
	size_t i;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s.version = cases[i].version;
		s.signer_version = cases[i].signer;
		assert_judged(&s, cases[i].reason, cases[i].reason);
	}
	for (i = 0; i < 8; i++) { /* those that there are not */
		if (i == 1 || i == 3 || i == 4 || i == 5)
			continue;
		s.version = (unsigned)i;
		vt_buf_init(&der, 1 << 20);
		build(&der, &s);
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_cms_parse(vt_buf_bytes(&der), 0, &cms, &err),
		    &err, VT_EFORMAT);
		vt_buf_release(&der);
	}
	vt_buf_release(&a);
}

static void
the_same_signer_twice_is_refused(void **state)
{
	struct spec s = usual;
	struct vt_buf a, der;
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	s.copies = 2;
	assert_judged(&s, VT_CMS_BAD_SIGNER, VT_CMS_BAD_SIGNER);
	s.copies = VT_CMS_SIGNERS_MAX + 1;
	vt_buf_init(&der, 1 << 20);
	build(&der, &s);
	assert_vt_error(vt_cms_parse(vt_buf_bytes(&der), 0, &cms, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&der);
	vt_buf_release(&a);
}

/* The names that the signer's certificate has, on an attacker's key. */
static void
certificate_of_the_same_name_does_not_help(void **state)
{
	struct vt_cert *fake = pki_cert("impostor");
	struct vt_error err = { 0 };
	struct vt_certs extra = { 0 };
	struct spec s = usual;
	struct checked c;
	struct vt_buf a, der;

	(void)state;
	good_attrs(&a);
	s.attrs = vt_buf_bytes(&a);
	s.cert = "impostor"; /* embedded in place of the signer's */
	assert_judged(&s, VT_CMS_NO_CERTIFICATE, VT_CMS_NO_CERTIFICATE);
	/* and the other way round: signed by the impostor, named officer */
	vt_buf_init(&der, 1 << 20);
	s = usual;
	s.signer = "impostor";
	s.cert = "officer";
	s.attrs = vt_buf_bytes(&a);
	build(&der, &s);
	assert_vt_ok(vt_certs_add(&extra, fake, &err), &err);
	check(vt_buf_bytes(&der), 0, NULL, &extra, &c);
	assert_true(c.facts.intact); /* with the impostor's own certificate */
	assert_true(vt_cert_equal(c.facts.cert, fake));
	assert_false(c.facts.cades);
	assert_int_equal(c.facts.cades_reason, VT_CMS_WRONG_SIGNING_CERT);
	checked_free(&c);
	vt_certs_release(&extra);
	vt_cert_free(fake);
	vt_buf_release(&der);
	vt_buf_release(&a);
}

/* CMSAlgorithmProtection (RFC 6211) */
static void
protected_algorithms_are_compared(void **state)
{
	static const struct {
		enum cms_md_id md;
		bool same;
		enum vt_cms_reason reason;
	} cases[] = {
		{ CMS_SHA256, true, VT_CMS_FINE },
		{ CMS_SHA512, true, VT_CMS_BAD_ALGORITHMS },
		{ CMS_SHA256, false, VT_CMS_BAD_ALGORITHMS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct spec s = usual;
		struct vt_buf a, b;

		vt_buf_init(&a, 1 << 16);
		vt_buf_init(&b, 1 << 16);
		type_attr(&a, B(oid_data));
		digest_attr(&a, CMS_SHA256, TEXT);
		ess_attr(&a, true, CMS_SHA256, "officer", NULL);
		alg(&b, vt_cms_md(cases[i].md)->oid, NONE);
		put(&b, CMS_CTX1,
		    cases[i].same
			? VT_BYTES_LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
				       "\x01\x01\x05\x00")
			: VT_BYTES_LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
				       "\x01\x0b\x05\x00"));
		wrap(&b, CMS_SEQUENCE);
		attr(&a, B(a_protect), vt_buf_bytes(&b));
		sort(&a);
		s.attrs = vt_buf_bytes(&a);
		assert_judged(&s, cases[i].reason, cases[i].reason);
		vt_buf_release(&a);
		vt_buf_release(&b);
	}
}

/* Lengths and depths that promise more than there is. */
static void
hostile_structures_are_refused(void **state)
{
	static const struct vt_bytes cases[] = {
		VT_BYTES_LIT("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"),
		VT_BYTES_LIT("\x30\x87\xff\xff\xff\xff\xff\xff\xff"),
		VT_BYTES_LIT("\x30\x84\x7f\xff\xff\xff\x06\x00"),
		VT_BYTES_LIT("\x30\x80"),
		VT_BYTES_LIT("\x30\x80\x00\x00"),
		VT_BYTES_LIT("\x3f\x81\x81\x81"),
		VT_BYTES_LIT("\x00\x00\x00\x00"),
	};
	/* as far as the content of a message in BER */
	static const char head[] =
	    "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0"
	    "\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86"
	    "\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80";
	struct vt_error err;
	struct vt_cms *cms = NULL;
	struct vt_buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_vt_error(vt_cms_parse(cases[i], 0, &cms, &err), &err,
		    VT_EFORMAT);
	}
	/* a hundred thousand open elements, at each place that allows BER */
	vt_buf_init(&b, 4 << 20);
	for (i = 0; i < 100000; i++)
		vt_buf_put(&b, "\x30\x80", 2);
	memset(&err, 0, sizeof(err));
	assert_int_not_equal(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err),
	    VT_OK);
	vt_buf_reset(&b);
	vt_buf_put(&b, head, sizeof(head) - 1);
	for (i = 0; i < 100000; i++)
		vt_buf_put(&b, "\x24\x80", 2);
	memset(&err, 0, sizeof(err));
	assert_vt_error(vt_cms_parse(vt_buf_bytes(&b), 0, &cms, &err), &err,
	    VT_ELIMIT);
	vt_buf_release(&b);
	assert_null(cms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_builder_itself_is_right),
		cmocka_unit_test(attribute_sets_must_be_unambiguous),
		cmocka_unit_test(no_attributes_are_refused),
		cmocka_unit_test(confused_attributes_are_refused),
		cmocka_unit_test(content_type_follows_the_content),
		cmocka_unit_test(signing_certificate_decides),
		cmocka_unit_test(malformed_signing_certificate_is_refused),
		cmocka_unit_test(algorithms_must_fit),
		cmocka_unit_test(versions_must_fit),
		cmocka_unit_test(the_same_signer_twice_is_refused),
		cmocka_unit_test(certificate_of_the_same_name_does_not_help),
		cmocka_unit_test(protected_algorithms_are_compared),
		cmocka_unit_test(hostile_structures_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
