/* cms_content.c - the content inside a message, and its armour (RFC 7468) */
#include <string.h>

#include "cms_int.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/source.h"

#define PROBE_LEN 64

int
vt_cms_content(const struct vt_cms *cms,
    int (*fn)(void *ctx, struct vt_bytes piece, struct vt_error *err),
    void *ctx, struct vt_error *err)
{
	if (!cms->attached)
		return vt_error_set(err, VT_ENOTFOUND, "RFC 5652, 5.2",
		    "the signed content is not in the message");
	if (cms->segmented)
		return vt_cms_segments(cms, NULL, NULL, fn, ctx, err);
	return vt_source_stream(cms->src, cms->content_off, cms->content_size,
	    fn, ctx, err);
}

bool
vt_cms_trailed(const struct vt_cms *cms)
{
	return cms->trailed;
}

uint64_t
vt_cms_size(const struct vt_cms *cms)
{
	return cms->size;
}

bool
vt_cms_attached(const struct vt_cms *cms)
{
	return cms->attached;
}

uint64_t
vt_cms_content_size(const struct vt_cms *cms)
{
	return cms->content_size;
}

struct vt_bytes
vt_cms_content_type(const struct vt_cms *cms)
{
	return cms->content_type;
}

bool
vt_cms_is_data(const struct vt_cms *cms)
{
	return vt_bytes_equal(cms->content_type, vt_cms_oid_data);
}

size_t
vt_cms_ncerts(const struct vt_cms *cms)
{
	return cms->certs.n;
}

struct vt_bytes
vt_cms_cert(const struct vt_cms *cms, size_t i)
{
	return cms->certs.items[i];
}

const struct vt_certs *
vt_cms_certs(const struct vt_cms *cms)
{
	return &cms->pool;
}

size_t
vt_cms_ncrls(const struct vt_cms *cms)
{
	return cms->crls.n;
}

struct vt_bytes
vt_cms_crl(const struct vt_cms *cms, size_t i)
{
	return cms->crls.items[i];
}

size_t
vt_cms_nsigners(const struct vt_cms *cms)
{
	return cms->nsigners;
}

const struct vt_cms_signer *
vt_cms_signer(const struct vt_cms *cms, size_t i)
{
	return &cms->signers[i].pub;
}

static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct vt_bytes
skip_space(struct vt_bytes b)
{
	while (b.len > 0 && is_space(b.data[0]))
		b = vt_bytes_slice(b, 1, b.len);
	return b;
}

static const struct {
	const char *begin;
	const char *end;
} armours[] = {
	{ "-----BEGIN PKCS7-----", "-----END PKCS7-----" },
	{ "-----BEGIN CMS-----", "-----END CMS-----" },
};

/* The armour that B begins with, or -1; *B then stands behind it. */
static int
armour_begin(struct vt_bytes *b)
{
	struct vt_bytes text = *b;
	size_t i;

	if (vt_bytes_starts(text, "\xef\xbb\xbf")) /* a UTF-8 mark */
		text = vt_bytes_slice(text, 3, text.len);
	text = skip_space(text);
	for (i = 0; i < sizeof(armours) / sizeof(armours[0]); i++)
		if (vt_bytes_starts(text, armours[i].begin)) {
			*b = vt_bytes_slice(text, strlen(armours[i].begin),
			    text.len);
			return (int)i;
		}
	return -1;
}

int
vt_cms_unarmour(struct vt_source *src, struct vt_buf *ret, struct vt_error *err)
{
	struct vt_base64_decoder dec = { 0 };
	struct vt_bytes head, text, body;
	struct vt_buf raw;
	size_t end, len;
	int rc, kind;

	rc = vt_source_view(src, 0, PROBE_LEN, &head, err);
	if (rc != VT_OK || armour_begin(&head) < 0)
		return rc;
	if (vt_source_size(src) > VT_CMS_PEM_MAX)
		return vt_error_set(err, VT_ELIMIT, "RFC 7468, 2",
		    "the message is longer than %u bytes", VT_CMS_PEM_MAX);
	len = (size_t)vt_source_size(src);
	vt_buf_init(&raw, VT_CMS_PEM_MAX);
	if (vt_buf_reserve(&raw, len) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_source_read(src, 0, raw.data, len, err)) != VT_OK)
		goto out;
	raw.len = len;
	text = vt_buf_bytes(&raw);
	kind = armour_begin(&text);
	end = kind < 0 ? SIZE_MAX : vt_bytes_find(text, 0, armours[kind].end);
	if (end == SIZE_MAX) {
		rc = vt_error_set(err, VT_EFORMAT, "RFC 7468, 2",
		    "the armour has no end");
		goto out;
	}
	body = vt_bytes_slice(text, 0, end);
	text = vt_bytes_slice(text, end + strlen(armours[kind].end), text.len);
	if (skip_space(text).len > 0) {
		rc = vt_error_set(err, VT_EFORMAT, "RFC 7468, 2",
		    "there are bytes behind the armour");
		goto out;
	}
	if (vt_buf_reserve(ret, body.len / 4 * 3 + 3) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if (!vt_base64_decode(&dec, body, ret->data, &len) ||
	    !vt_base64_decode_end(&dec) || len == 0)
		rc = vt_error_set(err, VT_EFORMAT, "RFC 7468, 3",
		    "the text in the armour is not base64");
	else
		ret->len = len;
out:
	vt_buf_release(&raw);
	return rc;
}

int
vt_cms_probe(struct vt_source *src, bool *ret, struct vt_error *err)
{
	struct vt_bytes head, oid;
	size_t hlen;
	int rc;

	rc = vt_source_view(src, 0, PROBE_LEN, &head, err);
	if (rc != VT_OK)
		return rc;
	if (armour_begin(&head) >= 0) {
		*ret = true;
		return VT_OK;
	}
	*ret = false;
	if (head.len < 2 || head.data[0] != CMS_SEQUENCE)
		return VT_OK;
	/* The length is not looked at: a message cut off is one still. */
	hlen = head.data[1] > 0x80 ? 2 + (head.data[1] & 0x7fu) : 2;
	oid = vt_bytes_slice(head, hlen, 2 + vt_cms_oid_signed_data.len);
	*ret = oid.len == 2 + vt_cms_oid_signed_data.len &&
	       oid.data[0] == CMS_OID &&
	       oid.data[1] == vt_cms_oid_signed_data.len &&
	       vt_bytes_equal(vt_bytes_slice(oid, 2, oid.len),
		   vt_cms_oid_signed_data);
	return VT_OK;
}
