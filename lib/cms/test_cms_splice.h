/* test_cms_splice.h - messages taken apart and put together again */
#ifndef TEST_CMS_SPLICE_H
#define TEST_CMS_SPLICE_H

#include "test_cms_forge.h"

/* A SignedData of one signer: what may be changed is owned, without its tag. */
struct parts {
	struct vt_buf der;      /* what the rest borrows */
	struct vt_bytes middle; /* digestAlgorithms and encapContentInfo */
	struct vt_bytes fields; /* of the SignerInfo, as far as signature */
	struct vt_bytes signature;
	unsigned char version;
	struct vt_buf certs, crls, attrs; /* attrs: unsigned ones */
};

static inline void
next(struct vt_bytes *in, unsigned char id, struct cms_tlv *ret)
{
	assert_true(vt_cms_tlv_of(in, CMS_DER, id, ret));
}

static inline void
parts_read(struct parts *p, struct vt_bytes der)
{
	struct vt_bytes in, at;
	struct cms_tlv t;

	memset(p, 0, sizeof(*p));
	vt_buf_init(&p->der, 64u << 20);
	vt_buf_init(&p->certs, 64u << 20);
	vt_buf_init(&p->crls, 64u << 20);
	vt_buf_init(&p->attrs, 64u << 20);
	vt_buf_bytes_put(&p->der, der);
	in = vt_buf_bytes(&p->der);
	next(&in, CMS_SEQUENCE, &t);
	in = t.value;
	next(&in, CMS_OID, &t);
	next(&in, CMS_CTX0, &t);
	in = t.value;
	next(&in, CMS_SEQUENCE, &t);
	in = t.value;
	next(&in, CMS_INTEGER, &t);
	p->version = t.value.data[0];
	at = in;
	next(&in, CMS_SET, &t);
	next(&in, CMS_SEQUENCE, &t);
	p->middle = vt_bytes_slice(at, 0, at.len - in.len);
	if (vt_cms_tlv_of(&in, CMS_DER, CMS_CTX0, &t))
		vt_buf_bytes_put(&p->certs, t.value);
	if (vt_cms_tlv_of(&in, CMS_DER, CMS_CTX1, &t))
		vt_buf_bytes_put(&p->crls, t.value);
	next(&in, CMS_SET, &t);
	in = t.value;
	next(&in, CMS_SEQUENCE, &t);
	assert_int_equal(in.len, 0);
	in = at = t.value;
	while (!vt_cms_tlv_is(in, CMS_OCTETS))
		assert_true(vt_cms_tlv(&in, CMS_DER, &t));
	next(&in, CMS_OCTETS, &t);
	p->signature = t.value;
	p->fields = vt_bytes_slice(at, 0, at.len - in.len);
	if (vt_cms_tlv_of(&in, CMS_DER, CMS_CTX1, &t))
		vt_buf_bytes_put(&p->attrs, t.value);
}

static inline void
parts_release(struct parts *p)
{
	vt_buf_release(&p->der);
	vt_buf_release(&p->certs);
	vt_buf_release(&p->crls);
	vt_buf_release(&p->attrs);
}

static inline void
parts_put(const struct parts *p, struct vt_buf *out)
{
	struct vt_buf b, info;

	vt_buf_init(&b, 64u << 20);
	vt_buf_init(&info, 64u << 20);
	vt_buf_bytes_put(&info, p->fields);
	if (p->attrs.len > 0)
		put(&info, CMS_CTX1, vt_buf_bytes(&p->attrs));
	wrap(&info, CMS_SEQUENCE);
	put(&b, CMS_INTEGER, VT_BYTES(&p->version, 1));
	vt_buf_bytes_put(&b, p->middle);
	if (p->certs.len > 0)
		put(&b, CMS_CTX0, vt_buf_bytes(&p->certs));
	if (p->crls.len > 0)
		put(&b, CMS_CTX1, vt_buf_bytes(&p->crls));
	put(&b, CMS_SET, vt_buf_bytes(&info));
	wrap(&b, CMS_SEQUENCE);
	wrap(&b, CMS_CTX0);
	vt_buf_reset(&info);
	put(&info, CMS_OID, vt_cms_oid_signed_data);
	vt_buf_bytes_put(&info, vt_buf_bytes(&b));
	put(out, CMS_SEQUENCE, vt_buf_bytes(&info));
	vt_buf_release(&b);
	vt_buf_release(&info);
}

/* A good message of the test PKI, taken apart. */
static inline void
parts_usual(struct parts *p)
{
	struct vt_buf attrs, der;
	struct spec s = usual;

	good_attrs(&attrs);
	s.attrs = vt_buf_bytes(&attrs);
	vt_buf_init(&der, 1 << 20);
	build(&der, &s);
	parts_read(p, vt_buf_bytes(&der));
	vt_buf_release(&attrs);
	vt_buf_release(&der);
}

/* P as a message, read and its content digested. */
struct opened {
	struct vt_buf der;
	struct vt_cms *cms;
	struct vt_cms_digest *content;
};

static inline void
parts_open(const struct parts *p, struct opened *o)
{
	struct vt_error err = { 0 };

	vt_buf_init(&o->der, 64u << 20);
	o->cms = NULL;
	o->content = NULL;
	parts_put(p, &o->der);
	assert_vt_ok(vt_cms_parse(vt_buf_bytes(&o->der), 0, &o->cms, &err),
	    &err);
	assert_vt_ok(vt_cms_digest_new(o->cms, &o->content, &err), &err);
	assert_vt_ok(vt_cms_content(o->cms, vt_cms_digest_update, o->content,
			 &err),
	    &err);
}

static inline void
opened_free(struct opened *o)
{
	vt_cms_digest_free(o->content);
	vt_cms_free(o->cms);
	vt_buf_release(&o->der);
}

/* The code by which P is refused. */
static inline int
parts_refused(const struct parts *p)
{
	struct vt_error err = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_buf der;
	int rc;

	vt_buf_init(&der, 64u << 20);
	parts_put(p, &der);
	rc = vt_cms_parse(vt_buf_bytes(&der), 0, &cms, &err);
	assert_int_equal(rc, err.code);
	vt_cms_free(cms);
	vt_buf_release(&der);
	return rc;
}

/* A file of the test PKI. */
static inline void
pki_file(const char *name, struct vt_buf *ret)
{
	char path[512];

	vt_buf_init(ret, 1 << 20);
	test_read(pki(name, "", path, sizeof(path)), ret);
}

#endif
