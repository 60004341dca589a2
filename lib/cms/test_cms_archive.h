/*
 * test_cms_archive.h - archive time stamps, made here with real tokens
 *
 * Nothing at hand makes them, so this does: openssl ts stamps, and what the
 * standard (EN 319 122-1, 5.5) adds to its token is written here.
 */
#ifndef TEST_CMS_ARCHIVE_H
#define TEST_CMS_ARCHIVE_H

#include "test_cms_splice.h"

#include "vanthu/encode.h"

static char *dir; /* the test sets it, then authority_write() */

static const unsigned char a_stamped[] = { P9, 0x10, 0x02, 0x0e };
static const unsigned char a_certs[] = { P9, 0x10, 0x02, 0x17 };
static const unsigned char a_lists[] = { P9, 0x10, 0x02, 0x18 };
static const unsigned char a_archive[] = { 0x04, 0x00, 0x8d, 0x45, 0x02, 0x04 };
static const unsigned char a_index1[] = { 0x04, 0x00, 0x8d, 0x45, 0x02, 0x05 };
static const unsigned char a_index2[] = { 0x04, 0x00, 0x81, 0x95, 0x32, 0x01,
	0x04 };
static const unsigned char a_index3[] = { 0x04, 0x00, 0x81, 0x95, 0x32, 0x01,
	0x05 };

/* --- the authority --- */

static inline char *
in_dir(const char *name)
{
	char *path = vt_path_join(dir, name);

	assert_non_null(path);
	return path;
}

static inline void
authority_write(void)
{
	char *conf = in_dir("tsa.conf"), *serial = in_dir("serial");
	char crt[512], key[512];
	struct vt_buf b;

	pki("tsa", ".crt", crt, sizeof(crt));
	pki("tsa", ".key", key, sizeof(key));
	vt_buf_init(&b, 65536);
	assert_int_equal(vt_buf_printf(&b,
			     "[tsa]\ndefault_tsa = any\n[any]\nserial = %s\n"
			     "signer_cert = %s\nsigner_key = %s\nsigner_digest "
			     "= sha256\n"
			     "default_policy = 1.2.3\nordering = yes\n"
			     "digests = sha1, sha256, sha384, sha512\n"
			     "ess_cert_id_alg = sha256\n",
			     serial, crt, key),
	    VT_OK);
	write_file(conf, vt_buf_bytes(&b));
	vt_buf_release(&b);
	free(conf);
	free(serial);
}

/* A token over WHAT, digested by MD. */
static inline void
stamp(struct vt_bytes what, enum cms_md_id md, struct vt_buf *ret)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char *conf = in_dir("tsa.conf"), *q = in_dir("q"), *t = in_dir("t");
	char *log = in_dir("log"), option[16];
	char hex[2 * EVP_MAX_MD_SIZE + 1];

	assert_vt_ok(vt_cms_hash(md, NONE, what, hash, NULL), NULL);
	vt_hex(VT_BYTES(hash, vt_cms_md(md)->len), hex);
	snprintf(option, sizeof(option), "-%s", vt_cms_md(md)->name);
	assert_int_equal(RUN(log, "openssl", "ts", "-query", "-digest", hex,
			     option, "-cert", "-out", q),
	    0);
	assert_int_equal(RUN(log, "openssl", "ts", "-reply", "-config", conf,
			     "-section", "any", "-queryfile", q, "-token_out",
			     "-out", t),
	    0);
	vt_buf_init(ret, 1 << 20);
	test_read(t, ret);
	free(conf);
	free(q);
	free(t);
	free(log);
}

/* --- the index, and the stamp --- */

/* How an index is made, right or wrong. */
struct how {
	unsigned version;
	enum cms_md_id md;      /* of index and token */
	enum cms_md_id token;   /* of the token, where not zero */
	bool plain;             /* no algorithm: the first version's default */
	bool twice;             /* the attribute */
	bool none;              /* no attribute */
	struct vt_bytes more;   /* one more hash among the certificates' */
	size_t twice_n;         /* the last of these, that many times more */
	struct vt_bytes skip;   /* an element that is left out */
	struct vt_bytes behind; /* at the end of the index */
	struct vt_bytes alg;    /* in place of MD's */
};

static inline void
hash_put(struct vt_buf *out, const struct how *h, struct vt_bytes a,
    struct vt_bytes b)
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	assert_vt_ok(vt_cms_hash(h->md, a, b, hash, NULL), NULL);
	put(out, CMS_OCTETS, VT_BYTES(hash, vt_cms_md(h->md)->len));
}

/* A SEQUENCE OF the hashes of what IN holds. */
static inline void
hashes_put(struct vt_buf *out, const struct how *h, struct vt_bytes in,
    struct vt_bytes more, bool again)
{
	struct cms_tlv t;
	struct vt_buf b;
	size_t i;

	vt_buf_init(&b, 1 << 18);
	while (in.len > 0) {
		assert_true(vt_cms_tlv(&in, CMS_DER, &t));
		if (!vt_bytes_equal(t.whole, h->skip))
			hash_put(&b, h, NONE, t.whole);
	}
	if (more.len > 0)
		put(&b, CMS_OCTETS, more);
	for (i = 0; again && i < h->twice_n; i++)
		hash_put(&b, h, NONE, t.whole);
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

/* The same of attributes: each value with its type, from version 3 on. */
static inline void
values_put(struct vt_buf *out, const struct how *h, struct vt_bytes in)
{
	struct cms_tlv at, oid, set, t;
	struct vt_buf b;

	if (h->version < 3) {
		hashes_put(out, h, in, NONE, false);
		return;
	}
	vt_buf_init(&b, 1 << 18);
	while (in.len > 0) {
		next(&in, CMS_SEQUENCE, &at);
		next(&at.value, CMS_OID, &oid);
		next(&at.value, CMS_SET, &set);
		while (set.value.len > 0) {
			assert_true(vt_cms_tlv(&set.value, CMS_DER, &t));
			if (!vt_bytes_equal(t.whole, h->skip))
				hash_put(&b, h, oid.whole, t.whole);
		}
	}
	put(out, CMS_SEQUENCE, vt_buf_bytes(&b));
	vt_buf_release(&b);
}

static inline void
index_make(const struct parts *p, const struct how *h, struct vt_buf *ret)
{
	vt_buf_init(ret, 1 << 20);
	if (h->alg.len > 0)
		vt_buf_bytes_put(ret, h->alg);
	else if (!h->plain)
		alg(ret, vt_cms_md(h->md)->oid, NONE);
	hashes_put(ret, h, vt_buf_bytes(&p->certs), h->more, true);
	hashes_put(ret, h, vt_buf_bytes(&p->crls), NONE, false);
	values_put(ret, h, vt_buf_bytes(&p->attrs));
	vt_buf_bytes_put(ret, h->behind);
	wrap(ret, CMS_SEQUENCE);
}

/* 5.5.3: type, hash of the content, fields of the SignerInfo, index. */
static inline void
imprint_make(const struct parts *p, const struct how *h, struct vt_bytes index,
    struct vt_buf *ret)
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	vt_buf_init(ret, 1 << 20);
	put(ret, CMS_OID, B(oid_data));
	assert_vt_ok(vt_cms_hash(h->md, NONE, TEXT, hash, NULL), NULL);
	vt_buf_put(ret, hash, vt_cms_md(h->md)->len);
	vt_buf_bytes_put(ret, p->fields);
	vt_buf_bytes_put(ret, index);
}

/* A token as an archive time stamp over P. */
static inline void
archive_make(const struct parts *p, const struct how *h, struct vt_buf *ret)
{
	struct vt_buf index, imprint, token;
	struct parts t;
	int i;

	index_make(p, h, &index);
	imprint_make(p, h, vt_buf_bytes(&index), &imprint);
	stamp(vt_buf_bytes(&imprint), h->token != 0 ? h->token : h->md, &token);
	parts_read(&t, vt_buf_bytes(&token));
	for (i = h->none ? 2 : h->twice ? 0 : 1; i < 2; i++)
		attr(&t.attrs,
		    h->version == 1   ? B(a_index1)
		    : h->version == 2 ? B(a_index2)
				      : B(a_index3),
		    vt_buf_bytes(&index));
	vt_buf_init(ret, 1 << 20);
	parts_put(&t, ret);
	parts_release(&t);
	vt_buf_release(&index);
	vt_buf_release(&imprint);
	vt_buf_release(&token);
}

static inline void
archive_add(struct parts *p, const struct how *h)
{
	struct vt_buf token;

	archive_make(p, h, &token);
	attr(&p->attrs, B(a_archive), vt_buf_bytes(&token));
	vt_buf_release(&token);
}

/* --- a signature with all that a long-lived one has --- */

static inline void
message_make(struct parts *p)
{
	struct vt_cert *cert = pki_cert("duty-ca"),
		       *root = pki_cert("duty-root");
	struct vt_buf token, crl, b;

	parts_usual(p);
	stamp(p->signature, CMS_SHA256, &token);
	attr(&p->attrs, B(a_stamped), vt_buf_bytes(&token));
	vt_buf_init(&b, 1 << 20);
	vt_buf_bytes_put(&b, vt_cert_der(root));
	wrap(&b, CMS_SEQUENCE);
	attr(&p->attrs, B(a_certs), vt_buf_bytes(&b));
	/* RevocationValues { crlVals [0] SEQUENCE OF } */
	pki_file("duty-ca.crl.der", &crl);
	vt_buf_reset(&b);
	vt_buf_bytes_put(&b, vt_buf_bytes(&crl));
	wrap(&b, CMS_SEQUENCE);
	wrap(&b, CMS_CTX0);
	wrap(&b, CMS_SEQUENCE);
	attr(&p->attrs, B(a_lists), vt_buf_bytes(&b));
	vt_buf_bytes_put(&p->certs, vt_cert_der(cert));
	vt_buf_release(&token);
	vt_buf_release(&crl);
	vt_buf_release(&b);
	vt_cert_free(cert);
	vt_cert_free(root);
}

#endif
