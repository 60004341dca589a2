/* test_verify_archive.h - validation data and archive time stamps, added */
#ifndef TEST_VERIFY_ARCHIVE_H
#define TEST_VERIFY_ARCHIVE_H

#include "test_verify_time.h"

#define OID_ARCHIVE "0.4.0.1733.2.4"
#define OID_ARCHIVE_OLD "1.2.840.113549.1.9.16.2.48"
#define OID_INDEX "0.4.0.19122.1.5"
#define OID_COUNTER "1.2.840.113549.1.9.6"

/* --- DER, read and written --- */

struct element {
	int tag;
	struct vt_bytes whole, value;
};

static inline bool
next(struct vt_bytes *in, struct element *ret)
{
	const unsigned char *p = in->data;
	int class;
	long len;

	if (in->len == 0)
		return false;
	assert_int_equal(ASN1_get_object(&p, &len, &ret->tag, &class,
			     (long)in->len) &
			     0x81,
	    0);
	ret->tag |= class;
	ret->value = VT_BYTES(p, (size_t)len);
	ret->whole = VT_BYTES(in->data, (size_t)(p - in->data) + (size_t)len);
	*in = vt_bytes_slice(*in, ret->whole.len, in->len - ret->whole.len);
	return true;
}

/* The next is there and has TAG. */
static inline struct element
must(struct vt_bytes *in, int tag)
{
	struct element e;

	assert_true(next(in, &e));
	assert_int_equal(e.tag, tag);
	return e;
}

static inline void
put(struct vt_buf *out, int id, struct vt_bytes v)
{
	assert_true(v.len < 1 << 24);
	vt_buf_putc(out, id);
	if (v.len >= 128)
		vt_buf_putc(out, v.len >= 65536 ? 0x83
				 : v.len >= 256 ? 0x82
						: 0x81);
	if (v.len >= 65536)
		vt_buf_putc(out, (int)(v.len >> 16));
	if (v.len >= 256)
		vt_buf_putc(out, (int)(v.len >> 8 & 0xff));
	vt_buf_putc(out, (int)(v.len & 0xff));
	vt_buf_bytes_put(out, v);
}

/* What is in B becomes an element ID of it. */
static inline void
wrap(struct vt_buf *b, int id)
{
	struct vt_buf out;

	vt_buf_init(&out, BUF_MAX);
	put(&out, id, vt_buf_bytes(b));
	vt_buf_reset(b);
	vt_buf_bytes_put(b, vt_buf_bytes(&out));
	vt_buf_release(&out);
}

/* --- the parts of a message that an archive time stamp is over --- */

struct anatomy {
	struct vt_buf der;
	struct vt_bytes content_oid, certs, crls, fields, attrs;
};

static inline void
anatomy_of(CMS_ContentInfo *cms, struct anatomy *a)
{
	struct vt_bytes in, at;
	struct element e;

	memset(a, 0, sizeof(*a));
	cms_put(cms, &a->der);
	in = vt_buf_bytes(&a->der);
	in = must(&in, V_ASN1_SEQUENCE).value;
	(void)must(&in, V_ASN1_OBJECT);
	in = must(&in, V_ASN1_CONTEXT_SPECIFIC | 0).value;
	in = must(&in, V_ASN1_SEQUENCE).value;
	(void)must(&in, V_ASN1_INTEGER);
	(void)must(&in, V_ASN1_SET);
	at = must(&in, V_ASN1_SEQUENCE).value;
	a->content_oid = must(&at, V_ASN1_OBJECT).whole;
	while (next(&in, &e) && e.tag != V_ASN1_SET) {
		if (e.tag == (V_ASN1_CONTEXT_SPECIFIC | 0))
			a->certs = e.value;
		else
			a->crls = e.value;
	}
	in = at = must(&e.value, V_ASN1_SEQUENCE).value;
	while (next(&in, &e) && e.tag != V_ASN1_OCTET_STRING)
		;
	a->fields = vt_bytes_slice(at, 0, at.len - in.len);
	if (next(&in, &e))
		a->attrs = e.value;
}

static inline void
hash_put(struct vt_buf *out, const EVP_MD *md, struct vt_bytes a,
    struct vt_bytes b)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned n;

	assert_true(EVP_DigestInit_ex(c, md, NULL) &&
		    EVP_DigestUpdate(c, a.data, a.len) &&
		    EVP_DigestUpdate(c, b.data, b.len) &&
		    EVP_DigestFinal_ex(c, hash, &n));
	put(out, V_ASN1_OCTET_STRING, VT_BYTES(hash, n));
	EVP_MD_CTX_free(c);
}

#define SEQ 0x30

/* ATSHashIndexV3 (EN 319 122-1, 5.5.2). */
static inline void
index_put(const struct anatomy *a, const EVP_MD *md, struct vt_buf *ret)
{
	struct vt_bytes in = a->attrs;
	struct vt_buf part;
	struct element e, oid, set, value;
	unsigned char *der = NULL;
	X509_ALGOR *alg = X509_ALGOR_new();
	int n, k;

	vt_buf_init(ret, BUF_MAX);
	vt_buf_init(&part, BUF_MAX);
	X509_ALGOR_set0(alg, OBJ_nid2obj(EVP_MD_type(md)), V_ASN1_UNDEF, NULL);
	n = i2d_X509_ALGOR(alg, &der);
	vt_buf_put(ret, der, (size_t)n);
	OPENSSL_free(der);
	X509_ALGOR_free(alg);
	for (k = 0; k < 2; k++) {
		struct vt_bytes list = k == 0 ? a->certs : a->crls;

		while (next(&list, &e))
			hash_put(&part, md, e.whole, VT_BYTES(NULL, 0));
		put(ret, SEQ, vt_buf_bytes(&part));
		vt_buf_reset(&part);
	}
	while (next(&in, &e)) {
		oid = must(&e.value, V_ASN1_OBJECT);
		set = must(&e.value, V_ASN1_SET);
		while (next(&set.value, &value))
			hash_put(&part, md, oid.whole, value.whole);
	}
	put(ret, SEQ, vt_buf_bytes(&part));
	vt_buf_release(&part);
	wrap(ret, SEQ);
}

/* An archive time stamp over all that is there; INDEX_MD NULL: as S says. */
static inline void
add_archive_by(CMS_ContentInfo *cms, struct stamp s, const EVP_MD *index_md)
{
	const EVP_MD *md = s.md != NULL ? s.md : EVP_sha256();
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct vt_buf index, imprint, der;
	CMS_ContentInfo *token;
	struct anatomy a;
	unsigned n;

	anatomy_of(cms, &a);
	index_put(&a, index_md != NULL ? index_md : md, &index);
	vt_buf_init(&imprint, BUF_MAX);
	vt_buf_bytes_put(&imprint, a.content_oid);
	assert_true(EVP_Digest(TEXT, sizeof(TEXT) - 1, hash, &n, md, NULL));
	vt_buf_put(&imprint, hash, n);
	vt_buf_bytes_put(&imprint, a.fields);
	vt_buf_bytes_put(&imprint, vt_buf_bytes(&index));
	token = token_cms(s, vt_buf_bytes(&imprint));
	add_attr(signer_info(token, 0), OID_INDEX, vt_buf_bytes(&index));
	cms_put(token, &der);
	add_attr(signer_info(cms, 0), OID_ARCHIVE, vt_buf_bytes(&der));
	CMS_ContentInfo_free(token);
	vt_buf_release(&a.der);
	vt_buf_release(&index);
	vt_buf_release(&imprint);
	vt_buf_release(&der);
}

static inline void
add_archive(CMS_ContentInfo *cms, struct stamp s)
{
	add_archive_by(cms, s, NULL);
}

/* signs(), with the certificate of P's issuer beside its own. */
static inline CMS_ContentInfo *
signs_whole(const struct party *p, int64_t when)
{
	CMS_ContentInfo *cms = signs(p, when);

	assert_true(CMS_add1_cert(cms, vt_cert_x509(p->above)));
	return cms;
}

/* RevocationValues { crlVals [0] SEQUENCE OF } */
static inline void
add_values(CMS_ContentInfo *cms, const struct vt_crls *set)
{
	struct vt_buf b;
	size_t i;

	vt_buf_init(&b, BUF_MAX);
	for (i = 0; i < set->n; i++)
		vt_buf_bytes_put(&b, vt_crl_der(set->items[i]));
	wrap(&b, SEQ);
	wrap(&b, 0xa0);
	wrap(&b, SEQ);
	add_attr(signer_info(cms, 0), OID_REVOCATION_VALUES, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

#endif
