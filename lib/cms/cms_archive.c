/* cms_archive.c - archive time stamps (EN 319 122-1, 5.5.3) */
#include <stdlib.h>

#include "cms_int.h"
#include "vanthu/cms_extend.h"
#include "vanthu/error.h"

#define CLAUSE "EN 319 122-1, 5.5.3"

/* id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4 */
static const unsigned char tst_info[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x09, 0x10, 0x01, 0x04 };

/* One archive time stamp against its message. */
struct archive {
	const struct vt_cms *cms;
	const struct cms_signer *s;
	enum vt_cms_index state;
	unsigned version;
	struct vt_bytes index;
	enum cms_md_id md;
	struct cms_covered covered;
	bool *flags; /* owned: what COVERED points at */
};

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	return vt_buf_bytes_put(ctx, piece);
}

/* messageImprint.hashAlgorithm of a TSTInfo (RFC 3161, 2.4.2). */
static int
imprint_md(const struct vt_cms *token, enum cms_md_id *ret,
    struct vt_error *err)
{
	struct cms_tlv tst, t, imprint;
	struct vt_buf content;
	struct vt_bytes in;
	struct cms_alg alg;
	int rc;

	*ret = CMS_MD_UNKNOWN;
	if (!vt_bytes_equal(token->content_type,
		VT_BYTES(tst_info, sizeof(tst_info))))
		return VT_OK;
	vt_buf_init(&content, VT_TSP_MAX); /* as long as a token may be */
	rc = vt_cms_content(token, keep, &content, NULL);
	in = vt_buf_bytes(&content);
	if (rc == VT_OK && vt_cms_tlv_of(&in, CMS_DER, CMS_SEQUENCE, &tst) &&
	    vt_cms_tlv_of(&tst.value, CMS_DER, CMS_INTEGER, &t) &&
	    vt_cms_tlv_of(&tst.value, CMS_DER, CMS_OID, &t) &&
	    vt_cms_tlv_of(&tst.value, CMS_DER, CMS_SEQUENCE, &imprint) &&
	    vt_cms_alg_read(&imprint.value, CMS_DER, &alg))
		*ret = vt_cms_md_of(alg.oid);
	vt_buf_release(&content);
	return rc == VT_ENOMEM ? (int)vt_error_nomem(err) : VT_OK;
}

int
vt_cms_stamps_wanted(const struct cms_signer *s, bool *wanted,
    struct vt_error *err)
{
	struct vt_cms *token;
	enum cms_md_id md;
	size_t i;
	int rc;

	for (i = 0; i < s->nstamps; i++) {
		if (s->stamps[i].pub.kind != VT_CMS_STAMP_ARCHIVE &&
		    s->stamps[i].pub.kind != VT_CMS_STAMP_CONTENT)
			continue;
		rc = vt_cms_parse(s->stamps[i].pub.token, CMS_UNPARSED, &token,
		    NULL);
		if (rc == VT_ENOMEM)
			return vt_error_nomem(err);
		if (rc != VT_OK)
			continue;
		rc = imprint_md(token, &md, err);
		vt_cms_free(token);
		if (rc != VT_OK)
			return rc;
		if (md < CMS_NMD)
			wanted[md] = true;
	}
	return VT_OK;
}

/* Room for what the index may name. */
static int
covered_new(struct archive *a, struct vt_error *err)
{
	const struct vt_cms *cms = a->cms;
	size_t n = cms->certs.n + cms->more_certs.n + cms->crls.n +
		   cms->more_crls.n + a->s->nvalues;

	if ((a->flags = calloc(n + 1, sizeof(bool))) == NULL)
		return vt_error_nomem(err);
	a->covered.certs = a->flags;
	a->covered.more_certs = a->covered.certs + cms->certs.n;
	a->covered.crls = a->covered.more_certs + cms->more_certs.n;
	a->covered.more_crls = a->covered.crls + cms->crls.n;
	a->covered.values = a->covered.more_crls + cms->more_crls.n;
	return VT_OK;
}

/* The index among TOKEN's unsigned attributes: exactly one, of any version. */
static enum vt_cms_index
index_find(const struct vt_cms *token, struct vt_bytes *ret,
    unsigned *ret_version)
{
	const struct cms_signer *s = &token->signers[0];
	size_t i, n = 0;

	for (i = 0; i < s->nvalues; i++) {
		switch (s->values[i].pub.kind) {
		case VT_CMS_ATTR_INDEX_V1:
			*ret_version = 1;
			break;
		case VT_CMS_ATTR_INDEX_V2:
			*ret_version = 2;
			break;
		case VT_CMS_ATTR_INDEX_V3:
			*ret_version = 3;
			break;
		default:
			continue;
		}
		n++;
		*ret = s->values[i].pub.value;
	}
	if (n == 0)
		return VT_CMS_INDEX_ABSENT;
	return n == 1 && token->nsigners == 1 ? VT_CMS_INDEX_FINE
					      : VT_CMS_INDEX_MALFORMED;
}

static int
archive_match(const struct vt_cms *cms, size_t i, const struct vt_cms *token,
    struct archive *ret, struct vt_error *err)
{
	enum cms_md_id imprint;
	int rc;

	*ret = (struct archive){ .cms = cms,
		.s = &cms->signers[i],
		.md = CMS_MD_UNKNOWN };
	ret->state = index_find(token, &ret->index, &ret->version);
	if (ret->state != VT_CMS_INDEX_FINE)
		return VT_OK;
	if ((rc = covered_new(ret, err)) != VT_OK ||
	    (rc = imprint_md(token, &imprint, err)) != VT_OK ||
	    (rc = vt_cms_index_read(cms, ret->s, ret->index, ret->version,
		 &ret->md, &ret->covered, &ret->state, err)) != VT_OK)
		return rc;
	/* 5.5.2: one digest in both, so that whoever judges the one is done. */
	if (ret->md < CMS_NMD && ret->md != imprint)
		ret->state = VT_CMS_INDEX_MALFORMED;
	return VT_OK;
}

/* Everything is named but time stamps of the archive. */
static bool
is_whole(const struct archive *a)
{
	size_t i, n = (size_t)(a->covered.values - a->flags);

	for (i = 0; i < n; i++)
		if (!a->flags[i])
			return false;
	for (i = 0; i < a->s->nvalues; i++)
		if (!a->covered.values[i] &&
		    a->s->values[i].pub.kind != VT_CMS_ATTR_ARCHIVE)
			return false;
	return true;
}

/* Those that are signed lie under the signature, and so under the archive. */
static uint64_t
stamps_covered(const struct archive *a)
{
	uint64_t bits = 0;
	size_t k;

	for (k = 0; k < a->s->nstamps; k++)
		if (a->s->stamps[k].value == CMS_SIGNED ||
		    a->covered.values[a->s->stamps[k].value])
			bits |= (uint64_t)1 << k;
	return bits;
}

int
vt_cms_archive_read(const struct vt_cms *cms, size_t i, size_t k,
    const struct vt_cms *token, struct vt_cms_archive *ret,
    struct vt_error *err)
{
	struct archive a;
	int rc;

	if (i >= cms->nsigners || k >= cms->signers[i].nstamps ||
	    cms->signers[i].stamps[k].pub.kind != VT_CMS_STAMP_ARCHIVE)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such archive time stamp");
	if ((rc = archive_match(cms, i, token, &a, err)) == VT_OK) {
		*ret = (struct vt_cms_archive){ .index = a.state,
			.version = a.version,
			.sound = a.state == VT_CMS_INDEX_FINE };
		if (a.md < CMS_NMD)
			ret->digest = vt_cms_md(a.md)->name;
		if (ret->sound) {
			ret->whole = is_whole(&a);
			ret->stamps = stamps_covered(&a);
		}
	}
	free(a.flags);
	return rc;
}

int
vt_cms_archive_validation(const struct vt_cms *cms, size_t i,
    const struct vt_cms *token, struct vt_certs *certs, struct vt_crls *crls,
    struct vt_ocsps *ocsps, struct vt_error *err)
{
	struct cms_sets to = { certs, crls, ocsps };
	struct archive a;
	int rc;

	if (i >= cms->nsigners)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signer");
	rc = archive_match(cms, i, token, &a, err);
	if (rc == VT_OK && a.state == VT_CMS_INDEX_FINE)
		rc = vt_cms_collect(cms, a.s, &a.covered, &to, err);
	free(a.flags);
	return rc;
}

/* The fields from version to signature, as they stand. */
static struct vt_bytes
signer_fields(const struct cms_signer *s)
{
	struct vt_bytes in = s->pub.der;
	struct cms_tlv seq;
	size_t end;

	if (!vt_cms_tlv_of(&in, CMS_BER, CMS_SEQUENCE, &seq))
		return VT_BYTES(NULL, 0);
	end = (size_t)(s->pub.signature.data + s->pub.signature.len -
		       seq.value.data);
	return vt_bytes_slice(seq.value, 0, end);
}

int
vt_cms_archive_over(const struct vt_cms *cms, size_t i, struct vt_bytes index,
    struct vt_cms_digest *content, const char *digest,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct vt_bytes hash;
	int rc;

	if (vt_cms_digest_get(content, vt_cms_md_named(digest), &hash, NULL) !=
	    VT_OK)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "what the archive time stamp is over cannot be told");
	if ((rc = fn(ctx, cms->content_oid, err)) != VT_OK ||
	    (rc = fn(ctx, hash, err)) != VT_OK ||
	    (rc = fn(ctx, signer_fields(&cms->signers[i]), err)) != VT_OK)
		return rc;
	return fn(ctx, index, err);
}

int
vt_cms_archive_stream(const struct vt_cms *cms, size_t i,
    const struct vt_cms *token, struct vt_cms_digest *content,
    const char *digest,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	struct vt_bytes index;
	unsigned version;

	if (i >= cms->nsigners)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signer");
	if (index_find(token, &index, &version) != VT_CMS_INDEX_FINE)
		return vt_error_set(err, VT_EUNSUPPORTED, CLAUSE,
		    "what the archive time stamp is over cannot be told");
	return vt_cms_archive_over(cms, i, index, content, digest, fn, ctx,
	    err);
}
