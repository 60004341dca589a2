/* cms_level.c - the attributes of levels T, LT and LTA (EN 319 122-1, 5) */
#include "cms_int.h"
#include "vanthu/cms_extend.h"
#include "vanthu/error.h"
#include "vanthu/ocsp.h"

static int
buf_error(int rc, struct vt_error *err)
{
	if (rc == VT_ELIMIT)
		return vt_error_set(err, VT_ELIMIT, "EN 319 122-1, 5",
		    "what is to be added to the signature is too long");
	return rc == VT_OK ? VT_OK : vt_error_nomem(err);
}

static int
attr_put(struct vt_buf *out, struct vt_bytes oid, struct vt_bytes value,
    struct vt_error *err)
{
	return buf_error(vt_cms_put_attr(out, oid, value), err);
}

int
vt_cms_put_timestamp(struct vt_buf *out, struct vt_bytes token,
    struct vt_error *err)
{
	return attr_put(out, vt_cms_oid_timestamp, token, err);
}

/* LIST as ID { ... } behind what OUT holds, which OID's attribute then has. */
static int
wrap(struct vt_buf *out, unsigned char id, const struct vt_buf *list)
{
	return vt_cms_put(out, id, vt_buf_bytes(list));
}

int
vt_cms_put_cert_values(struct vt_buf *out, const struct vt_certs *certs,
    struct vt_error *err)
{
	struct vt_buf list, value;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&list, VT_CMS_MORE_MAX);
	vt_buf_init(&value, VT_CMS_MORE_MAX);
	for (i = 0; i < certs->n && rc == VT_OK; i++)
		rc = vt_buf_bytes_put(&list, vt_cert_der(certs->items[i]));
	if (rc == VT_OK)
		rc = wrap(&value, CMS_SEQUENCE, &list);
	rc = buf_error(rc, err);
	if (rc == VT_OK)
		rc = attr_put(out, vt_cms_oid_cert_values, vt_buf_bytes(&value),
		    err);
	vt_buf_release(&list);
	vt_buf_release(&value);
	return rc;
}

/* ID { SEQUENCE { LIST } }, or nothing where that is empty. */
static int
part_put(struct vt_buf *out, unsigned char id, const struct vt_buf *list)
{
	struct vt_buf seq;
	int rc;

	if (list->len == 0)
		return VT_OK;
	vt_buf_init(&seq, VT_CMS_MORE_MAX);
	if ((rc = wrap(&seq, CMS_SEQUENCE, list)) == VT_OK)
		rc = wrap(out, id, &seq);
	vt_buf_release(&seq);
	return rc;
}

int
vt_cms_put_revocation_values(struct vt_buf *out, const struct vt_crls *crls,
    const struct vt_ocsps *ocsps, struct vt_error *err)
{
	struct vt_buf lists, answers, body, value;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&lists, VT_CMS_MORE_MAX);
	vt_buf_init(&answers, VT_CMS_MORE_MAX);
	vt_buf_init(&body, VT_CMS_MORE_MAX);
	vt_buf_init(&value, VT_CMS_MORE_MAX);
	for (i = 0; i < crls->n && rc == VT_OK; i++)
		rc = vt_buf_bytes_put(&lists, vt_crl_der(crls->items[i]));
	for (i = 0; i < ocsps->n && rc == VT_OK; i++)
		rc = vt_buf_bytes_put(&answers, vt_ocsp_basic(ocsps->items[i]));
	if (rc == VT_OK)
		rc = part_put(&body, CMS_CTX0, &lists);
	if (rc == VT_OK)
		rc = part_put(&body, CMS_CTX1, &answers);
	if (rc == VT_OK)
		rc = wrap(&value, CMS_SEQUENCE, &body);
	rc = buf_error(rc, err);
	if (rc == VT_OK)
		rc = attr_put(out, vt_cms_oid_revocation_values,
		    vt_buf_bytes(&value), err);
	vt_buf_release(&lists);
	vt_buf_release(&answers);
	vt_buf_release(&body);
	vt_buf_release(&value);
	return rc;
}

/* ---- archive time stamps ---- */

/* One entry of an index: the hash of A followed by B. */
static int
name_put(struct vt_buf *out, enum cms_md_id md, struct vt_bytes a,
    struct vt_bytes b, struct vt_error *err)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	int rc;

	if ((rc = vt_cms_hash(md, a, b, hash, err)) != VT_OK)
		return rc;
	return buf_error(vt_cms_put(out, CMS_OCTETS,
			     VT_BYTES(hash, vt_cms_md(md)->len)),
	    err);
}

static int
items_put(struct vt_buf *out, enum cms_md_id md, const struct cms_items *items,
    struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < items->n && rc == VT_OK; i++)
		rc = name_put(out, md, VT_BYTES(NULL, 0), items->items[i], err);
	return rc;
}

/* One of the three lists, by what LIST holds; which is then empty. */
static int
list_put(struct vt_buf *out, struct vt_buf *list, struct vt_error *err)
{
	int rc = wrap(out, CMS_SEQUENCE, list);

	vt_buf_reset(list);
	return buf_error(rc, err);
}

int
vt_cms_put_index(struct vt_buf *out, const struct vt_cms *cms, size_t i,
    const char *digest, struct vt_error *err)
{
	enum cms_md_id md = vt_cms_md_named(digest);
	const struct cms_signer *s;
	struct vt_buf list, body;
	size_t k;
	int rc;

	if (md >= CMS_NMD || i >= cms->nsigners)
		return vt_error_set(err, VT_EARG, NULL,
		    "there is no such signer");
	s = &cms->signers[i];
	vt_buf_init(&list, VT_CMS_MORE_MAX);
	vt_buf_init(&body, VT_CMS_MORE_MAX);
	if ((rc = buf_error(vt_cms_md_put(&body, md), err)) != VT_OK ||
	    (rc = items_put(&list, md, &cms->certs, err)) != VT_OK ||
	    (rc = items_put(&list, md, &cms->more_certs, err)) != VT_OK ||
	    (rc = list_put(&body, &list, err)) != VT_OK ||
	    (rc = items_put(&list, md, &cms->crls, err)) != VT_OK ||
	    (rc = items_put(&list, md, &cms->more_crls, err)) != VT_OK ||
	    (rc = list_put(&body, &list, err)) != VT_OK)
		goto out;
	for (k = 0; k < s->nvalues && rc == VT_OK; k++)
		rc = name_put(&list, md, s->values[k].type,
		    s->values[k].pub.value, err);
	if (rc == VT_OK && (rc = list_put(&body, &list, err)) == VT_OK)
		rc = list_put(out, &body, err);
out:
	vt_buf_release(&list);
	vt_buf_release(&body);
	return rc;
}

static int
keep(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return buf_error(vt_buf_bytes_put(ctx, piece), err);
}

int
vt_cms_put_archive(struct vt_buf *out, struct vt_bytes token,
    struct vt_bytes index, struct vt_error *err)
{
	struct vt_cms_more more = { 0 };
	struct vt_cms *cms = NULL;
	struct vt_bytes attrs[1];
	struct vt_buf attr, value;
	int rc;

	vt_buf_init(&attr, VT_CMS_MORE_MAX);
	vt_buf_init(&value, VT_CMS_MORE_MAX);
	if ((rc = vt_cms_parse(token, CMS_UNPARSED, &cms, err)) != VT_OK ||
	    (rc = attr_put(&attr, vt_cms_oid_index_v3, index, err)) != VT_OK)
		goto out;
	if (cms->nsigners != 1) {
		rc = vt_error_set(err, VT_EFORMAT, "RFC 3161, 2.4.2",
		    "a time stamp has exactly one signer");
		goto out;
	}
	attrs[0] = vt_buf_bytes(&attr);
	more.attrs = attrs;
	if ((rc = vt_cms_extend(cms, &more, keep, &value, err)) == VT_OK)
		rc = attr_put(out, vt_cms_oid_archive, vt_buf_bytes(&value),
		    err);
out:
	vt_cms_free(cms);
	vt_buf_release(&attr);
	vt_buf_release(&value);
	return rc;
}
