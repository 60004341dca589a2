/* cms_archive.c - what an archive-time-stamp-v3 covers (EN 319 122-1, 5.5) */
#include "cms_int.h"
#include "vanthu/error.h"

/* 0.4.0.19122.1.5, ats-hash-index-v3; 0.4.0.1733.2.5, its first form */
static const unsigned char index_v3[] = { 0x04, 0x00, 0x81, 0x95, 0x32, 0x01,
	0x05 };
static const unsigned char index_v1[] = { 0x04, 0x00, 0x8d, 0x45, 0x02, 0x05 };

#define IS(oid, der) vt_bytes_equal(oid, VT_BYTES(der, sizeof(der)))

struct index {
	bool values; /* third list: type and one value, not whole attributes */
	enum cms_md_id md;
	struct vt_bytes whole;
	struct vt_bytes certs, crls, attrs; /* contents: OCTET STRINGs */
};

/* The one index among the token's unsigned attributes. */
static bool
index_find(const struct vt_cms *token, struct index *ret)
{
	struct cms_values v;
	struct cms_value at;
	struct cms_tlv seq, t;
	struct cms_alg alg;
	struct vt_bytes in;
	size_t n = 0;

	*ret = (struct index){ .md = CMS_SHA256 };
	if (token->nsigners != 1)
		return false;
	vt_cms_values_start(&v,
	    vt_cms_attrs_value(token->signers[0].pub.unsigned_attrs));
	while (vt_cms_values_next(&v, &at))
		if (IS(at.oid, index_v3) || IS(at.oid, index_v1)) {
			ret->values = IS(at.oid, index_v3);
			ret->whole = at.value;
			n++;
		}
	in = ret->whole;
	if (n != 1 || !vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq))
		return false;
	in = seq.value;
	/* hashIndAlgorithm; the first form may leave it out. */
	if (ret->values || (vt_cms_tlv_is(in, CMS_SEQUENCE) && in.len > 3 &&
			       in.data[2] == CMS_OID)) {
		if (!vt_cms_alg_read(&in, CMS_BER, &alg) ||
		    !vt_cms_alg_plain(&alg) ||
		    (ret->md = vt_cms_md_of(alg.oid)) >= CMS_NMD)
			return false;
	}
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &t))
		return false;
	ret->certs = t.value;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &t))
		return false;
	ret->crls = t.value;
	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &t))
		return false;
	ret->attrs = t.value;
	return in.len == 0;
}

/* LIST has the hash of HEAD and B. */
static int
listed(struct vt_bytes list, enum cms_md_id md, struct vt_bytes head,
    struct vt_bytes b, bool *ret, struct vt_error *err)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct cms_tlv t;
	int rc;

	if ((rc = vt_cms_hash(md, head, b, hash, err)) != VT_OK)
		return rc;
	*ret = false;
	while (!*ret && vt_cms_tlv_of(&list, CMS_BER, CMS_OCTETS, &t))
		*ret =
		    vt_bytes_equal(t.value, VT_BYTES(hash, vt_cms_md(md)->len));
	return VT_OK;
}

static size_t
count(struct vt_bytes list, bool *ok)
{
	struct cms_tlv t;
	size_t n = 0;

	while (list.len > 0 && vt_cms_tlv_of(&list, CMS_BER, CMS_OCTETS, &t))
		n++;
	*ok = *ok && list.len == 0;
	return n;
}

/* How many of ITEMS the LIST names. */
static int
count_items(const struct index *x, struct vt_bytes list,
    const struct vt_bytes *items, size_t n, size_t *ret, struct vt_error *err)
{
	bool found;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = listed(list, x->md, VT_BYTES(NULL, 0), items[i], &found,
		    err);
		if (rc != VT_OK)
			return rc;
		*ret += found;
	}
	return VT_OK;
}

/* The same of attributes; which time stamps are among them. */
static int
count_attrs(const struct index *x, const struct cms_signer *s, size_t *ret,
    struct vt_cms_archive *a, bool *ret_all, struct vt_error *err)
{
	struct cms_values v;
	struct cms_value at;
	struct vt_bytes last = VT_BYTES(NULL, 0);
	bool found = false;
	size_t k;
	int rc;

	vt_cms_values_start(&v, vt_cms_attrs_value(s->pub.unsigned_attrs));
	while (vt_cms_values_next(&v, &at)) {
		if (x->values)
			rc = listed(x->attrs, x->md, at.type, at.value, &found,
			    err);
		else if (at.attr.data == last.data) /* its second value */
			rc = VT_OK;
		else
			rc = listed(x->attrs, x->md, VT_BYTES(NULL, 0), at.attr,
			    &found, err);
		if (rc != VT_OK)
			return rc;
		if (x->values || at.attr.data != last.data)
			*ret += found;
		last = at.attr;
		for (k = 0; found && k < s->nstamps; k++)
			if (s->stamps[k].token.data == at.value.data)
				a->stamps |= 1ull << k;
		*ret_all = *ret_all && found;
	}
	return VT_OK;
}

int
vt_cms_archive_read(const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_cms *token, struct vt_cms_archive *ret,
    struct vt_error *err)
{
	struct vt_cms_archive a = { false, false, 0 };
	const struct cms_signer *s = &cms->signers[i];
	size_t ncerts = 0, nlists = 0, nattrs = 0;
	bool ok = true, all = true;
	struct index x;
	int rc;

	if (k >= s->nstamps || s->stamps[k].kind != VT_CMS_STAMP_ARCHIVE)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such archive time stamp");
	if (!index_find(token, &x)) {
		*ret = a;
		return VT_OK;
	}
	if ((rc = count_items(&x, x.certs, cms->certs, cms->ncerts, &ncerts,
		 err)) != VT_OK ||
	    (rc = count_items(&x, x.crls, cms->crls, cms->ncrls, &nlists,
		 err)) != VT_OK ||
	    (rc = count_items(&x, x.crls, cms->others, cms->nothers, &nlists,
		 err)) != VT_OK ||
	    (rc = count_attrs(&x, s, &nattrs, &a, &all, err)) != VT_OK)
		return rc;
	/* Every hash must be that of something that is there. */
	a.sound = count(x.certs, &ok) <= ncerts &&
		  count(x.crls, &ok) <= nlists &&
		  count(x.attrs, &ok) <= nattrs && ok;
	a.whole = a.sound && ncerts == cms->ncerts &&
		  nlists == cms->ncrls + cms->nothers;
	if (!a.sound)
		a.stamps = 0;
	*ret = a;
	return VT_OK;
}

/* The fields from version to signature, as they stand. */
static bool
signer_fields(const struct cms_signer *s, struct vt_bytes *ret)
{
	struct vt_bytes in = s->pub.der;
	struct cms_tlv seq;
	size_t end;

	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq))
		return false;
	end = (size_t)(s->pub.signature.data + s->pub.signature.len -
		       seq.value.data);
	*ret = vt_bytes_slice(seq.value, 0, end);
	return true;
}

int
vt_cms_archive_stream(const struct vt_cms *cms, size_t i,
    const struct vt_cms *token, struct vt_cms_digest *content,
    const char *digest,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct vt_bytes hash, fields;
	struct vt_buf type;
	struct index x;
	int rc;

	if (!index_find(token, &x) ||
	    !signer_fields(&cms->signers[i], &fields) ||
	    vt_cms_digest_get(content, vt_cms_md_named(digest), &hash, NULL) !=
		VT_OK)
		return vt_error_set(err, VT_EUNSUPPORTED, "EN 319 122-1, 5.5.3",
		    "what the archive time stamp is over cannot be told");
	vt_buf_init(&type, 256);
	if (vt_cms_put(&type, CMS_OID, cms->content_type) != VT_OK)
		rc = vt_error_nomem(err);
	else if ((rc = fn(ctx, vt_buf_bytes(&type), err)) == VT_OK &&
		 (rc = fn(ctx, hash, err)) == VT_OK &&
		 (rc = fn(ctx, fields, err)) == VT_OK)
		rc = fn(ctx, x.whole, err);
	vt_buf_release(&type);
	return rc;
}
