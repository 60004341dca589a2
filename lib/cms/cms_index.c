/* cms_index.c - what an archive time stamp's index names (EN 319 122-1, 5.5.2)
 */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/error.h"

/* One SEQUENCE OF OCTET STRING of an index. */
struct names {
	size_t n;
	struct vt_bytes hash[VT_CMS_INDEX_MAX];
	bool met[VT_CMS_INDEX_MAX];
};

/*
 * hashIndAlgorithm: from ats-hash-index-v3 on it is always there; in the
 * older ones it is absent where it is SHA-256.
 */
static enum vt_cms_index
head_read(struct vt_bytes *in, unsigned version, enum cms_md_id *ret)
{
	struct vt_bytes rest = *in;
	struct cms_alg alg;
	struct cms_tlv t;
	size_t n;

	for (n = 0; rest.len > 0; n++)
		if (!vt_cms_tlv(&rest, CMS_DER, &t))
			return VT_CMS_INDEX_MALFORMED;
	*ret = CMS_SHA256;
	if (n == 3 && version == 1)
		return VT_CMS_INDEX_FINE;
	if (n != 4 || !vt_cms_alg_read(in, CMS_DER, &alg) ||
	    !vt_cms_alg_plain(&alg))
		return VT_CMS_INDEX_MALFORMED;
	*ret = vt_cms_md_of(alg.oid);
	return *ret < CMS_NMD ? VT_CMS_INDEX_FINE : VT_CMS_INDEX_UNSUPPORTED;
}

/* The next list of an index. */
static enum vt_cms_index
names_read(struct vt_bytes *in, size_t len, struct names *to)
{
	struct cms_tlv seq, t;

	to->n = 0;
	if (!vt_cms_tlv_of(in, CMS_DER, CMS_SEQUENCE, &seq))
		return VT_CMS_INDEX_MALFORMED;
	while (seq.value.len > 0) {
		if (!vt_cms_tlv_of(&seq.value, CMS_DER, CMS_OCTETS, &t) ||
		    t.value.len != len)
			return VT_CMS_INDEX_MALFORMED;
		if (to->n == VT_CMS_INDEX_MAX)
			return VT_CMS_INDEX_UNSUPPORTED;
		to->met[to->n] = false;
		to->hash[to->n++] = t.value;
	}
	return VT_CMS_INDEX_FINE;
}

/* Does N name A followed by B? */
static int
named(struct names *n, enum cms_md_id md, struct vt_bytes a, struct vt_bytes b,
    bool *ret, struct vt_error *err)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	size_t i;
	int rc;

	if ((rc = vt_cms_hash(md, a, b, hash, err)) != VT_OK)
		return rc;
	*ret = false;
	for (i = 0; i < n->n; i++)
		if (vt_bytes_equal(VT_BYTES(hash, vt_cms_md(md)->len),
			n->hash[i]))
			*ret = n->met[i] = true;
	return VT_OK;
}

static int
items_match(struct names *n, enum cms_md_id md, const struct cms_items *items,
    bool *covered, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < items->n && rc == VT_OK; i++)
		rc = named(n, md, VT_BYTES(NULL, 0), items->items[i],
		    &covered[i], err);
	return rc;
}

/* The first two lists: of certificates, of lists and answers. */
static int
part_match(struct names *n, enum cms_md_id md, const struct vt_cms *cms,
    bool certs, struct cms_covered *to, struct vt_error *err)
{
	int rc;

	rc = items_match(n, md, certs ? &cms->certs : &cms->crls,
	    certs ? to->certs : to->crls, err);
	if (rc != VT_OK)
		return rc;
	return items_match(n, md, certs ? &cms->more_certs : &cms->more_crls,
	    certs ? to->more_certs : to->more_crls, err);
}

/*
 * In the third version each entry is over a type and one value; in those before
 * it is over a whole attribute.
 */
static int
values_match(struct names *n, enum cms_md_id md, unsigned version,
    const struct cms_signer *s, bool *covered, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < s->nvalues && rc == VT_OK; i++) {
		const struct cms_value *v = &s->values[i];

		if (version >= 3)
			rc = named(n, md, v->type, v->pub.value, &covered[i],
			    err);
		else if (i > 0 && v->attr.data == v[-1].attr.data)
			covered[i] = covered[i - 1];
		else
			rc = named(n, md, VT_BYTES(NULL, 0), v->attr,
			    &covered[i], err);
	}
	return rc;
}

static bool
all_met(const struct names *n)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (!n->met[i])
			return false;
	return true;
}

int
vt_cms_index_read(const struct vt_cms *cms, const struct cms_signer *s,
    struct vt_bytes index, unsigned version, enum cms_md_id *ret_md,
    struct cms_covered *covered, enum vt_cms_index *ret, struct vt_error *err)
{
	struct names *n;
	struct cms_tlv seq;
	bool dangling = false;
	int part, rc = VT_OK;

	*ret = VT_CMS_INDEX_MALFORMED;
	if (!vt_cms_tlv_of(&index, CMS_DER, CMS_SEQUENCE, &seq) ||
	    index.len > 0)
		return VT_OK;
	*ret = head_read(&seq.value, version, ret_md);
	if (*ret != VT_CMS_INDEX_FINE)
		return VT_OK;
	if ((n = malloc(sizeof(*n))) == NULL)
		return vt_error_nomem(err);
	for (part = 0; part < 3 && rc == VT_OK; part++) {
		*ret = names_read(&seq.value, vt_cms_md(*ret_md)->len, n);
		if (*ret != VT_CMS_INDEX_FINE)
			break;
		if (part == 2)
			rc = values_match(n, *ret_md, version, s,
			    covered->values, err);
		else
			rc = part_match(n, *ret_md, cms, part == 0, covered,
			    err);
		dangling = dangling || !all_met(n);
	}
	free(n);
	if (rc == VT_OK && *ret == VT_CMS_INDEX_FINE && dangling)
		*ret = VT_CMS_INDEX_DANGLING;
	return rc;
}
