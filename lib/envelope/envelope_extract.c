/* envelope_extract.c - attachments out of their base64 and their ZIPs */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope_int.h"
#include "vanthu/encode.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"
#include "vanthu/zip.h"

#define CONTENT_DEPTH 4 /* edXML/AttachmentEncoded/Attachment/Content... */

struct extract {
	struct vt_envelope *env;
	const char *dir;
	const int *scratch; /* in place of files in DIR; -1: none */
	vt_envelope_take_fn *take;
	void *ctx;
	unsigned depth;
	unsigned on_path; /* elements open that lead to a content */
	size_t index;     /* of the attachment that is next */
	struct vt_base64_decoder base64;
	struct vt_spool spool;
	unsigned char *decoded;
};

static bool
on_path(const struct vt_xml_element *el, unsigned depth)
{
	static const char *const path[CONTENT_DEPTH] = { "edXML",
		"AttachmentEncoded", "Attachment", "ContentTransferEncoded" };

	return depth < CONTENT_DEPTH && el->ns != NULL &&
	       strcmp(el->ns, VT_EDXML_NS) == 0 &&
	       strcmp(el->local, path[depth]) == 0;
}

static int
on_start(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct extract *x = ctx;

	if (x->depth == x->on_path && on_path(el, x->depth))
		x->on_path++;
	x->depth++;
	if (x->on_path != CONTENT_DEPTH || x->depth != CONTENT_DEPTH)
		return VT_OK;
	if (x->index == x->env->nattachments)
		return vt_error_set(err, VT_EIO, NULL,
		    "the file was changed while it was read");
	memset(&x->base64, 0, sizeof(x->base64));
	return vt_edxml_spool_init(&x->spool, x->dir, x->scratch[0], err);
}

static int
not_base64(const struct vt_attachment *a, struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 4648, 3",
	    "the content of the attachment %s is not base64", a->name);
}

static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct extract *x = ctx;
	size_t n;

	if (x->on_path != CONTENT_DEPTH)
		return VT_OK;
	if (!vt_base64_decode(&x->base64, piece, x->decoded, &n))
		return not_base64(&x->env->attachments[x->index], err);
	return vt_edxml_spool_put(&x->spool, VT_BYTES(x->decoded, n), err);
}

/* Files that are archives themselves: a member like them proves nothing. */
static bool
is_archive(const char *ext)
{
	static const char *const names[] = { "zip", "docx", "docm", "dotx",
		"xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "odg",
		"jar", "war", "epub", "asice" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(ext, names[i]) == 0)
			return true;
	return false;
}

/*
 * Does attachment A, the archive ZIP, travel in it?  Content types lie both
 * ways, so the content says: one member with the extension of the attachment.
 * Where ContentType is application/zip the SDK's reader unpacks whatever is
 * first; an archive of which it would see only a part is refused.
 */
static int
travels_in_zip(const struct vt_attachment *a, const struct vt_zip *zip,
    bool *ret, struct vt_error *err)
{
	char ext[EXTENSION_MAX], inner[EXTENSION_MAX];
	bool typed = a->wire_type != NULL &&
		     strcasecmp(a->wire_type, "application/zip") == 0;
	struct vt_zip_member m;

	*ret = false;
	vt_edxml_extension(a->name, ext);
	if (strcmp(ext, "zip") == 0)
		return VT_OK;
	if (vt_zip_count(zip) != 1 || vt_zip_member(zip, 0).folder) {
		if (!typed || is_archive(ext))
			return VT_OK;
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the attachment %s travels in a ZIP of %zu members, "
		    "not one",
		    a->name, vt_zip_count(zip));
	}
	m = vt_zip_member(zip, 0);
	if (!typed && (ext[0] == '\0' || is_archive(ext) ||
			  strcmp(vt_edxml_extension(m.name, inner), ext) != 0))
		return VT_OK;
	if (!vt_zip_sole(zip))
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the ZIP of the attachment %s may be read in two ways",
		    a->name);
	*ret = true;
	return VT_OK;
}

static bool
must_be_zip(const struct vt_attachment *a)
{
	char ext[EXTENSION_MAX];

	return a->wire_type != NULL &&
	       strcasecmp(a->wire_type, "application/zip") == 0 &&
	       !is_archive(vt_edxml_extension(a->name, ext));
}

/* Inflate RAW into INNER where A travels in a ZIP; else leave A raw. */
static int
unwrap(const struct extract *x, struct vt_attachment *a, struct vt_source *raw,
    struct vt_spool *inner, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_zip *zip = NULL;
	bool in_zip = false;
	int rc;

	a->encoding = VT_ATTACHMENT_RAW;
	if (!vt_zip_probe(raw))
		return VT_OK;
	rc = vt_zip_open(raw, &zip, &why);
	if (rc != VT_OK) { /* damaged, but a file may be that */
		if (rc != VT_EIO && rc != VT_ENOMEM && !must_be_zip(a))
			return VT_OK;
		vt_error_prefix(&why, a->name);
		if (err != NULL && err->code == VT_OK)
			*err = why;
		return rc;
	}
	rc = travels_in_zip(a, zip, &in_zip, err);
	if (rc == VT_OK && in_zip) {
		a->encoding = VT_ATTACHMENT_ZIP;
		rc = vt_edxml_spool_init(inner, x->dir, x->scratch[1], err);
		if (rc == VT_OK)
			rc =
			    vt_zip_read(zip, 0, vt_edxml_spool_put, inner, err);
		if (rc == VT_EFORMAT || rc == VT_ELIMIT)
			vt_error_prefix(err, a->name);
	}
	vt_zip_free(zip);
	return rc;
}

/* All of an attachment is there: hash it and hand it on. */
static int
finish(struct extract *x, struct vt_error *err)
{
	struct vt_attachment *a = &x->env->attachments[x->index];
	unsigned char digest[VT_SHA256_LEN];
	struct vt_spool inner = { .fd = -1 };
	struct vt_source *raw = NULL, *content = NULL;
	int rc;

	if (!vt_base64_decode_end(&x->base64))
		return not_base64(a, err);
	rc = vt_edxml_spool_end(&x->spool, digest, &raw, err);
	if (rc == VT_OK)
		rc = unwrap(x, a, raw, &inner, err);
	if (rc == VT_OK && a->encoding == VT_ATTACHMENT_ZIP)
		rc = vt_edxml_spool_end(&inner, digest, &content, err);
	if (rc != VT_OK)
		goto out;
	a->size = vt_source_size(content != NULL ? content : raw);
	memcpy(a->sha256, digest, sizeof(a->sha256));
	if (a->size == 0) {
		rc = vt_error_set(err, VT_EFORMAT, QCVN,
		    "the attachment %s is empty", a->name);
		goto out;
	}
	a->extracted = true;
	if (x->take != NULL)
		rc = x->take(x->ctx, a, x->index,
		    content != NULL ? content : raw, err);
	x->index++;
out:
	vt_source_free(content);
	vt_source_free(raw);
	vt_edxml_spool_release(&inner);
	return rc;
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct extract *x = ctx;
	int rc = VT_OK;

	(void)el;
	if (x->on_path == CONTENT_DEPTH && x->depth == CONTENT_DEPTH) {
		rc = finish(x, err);
		vt_edxml_spool_release(&x->spool);
	}
	x->depth--;
	if (x->on_path > x->depth)
		x->on_path = x->depth;
	return rc;
}

static int
extract(struct extract *x, struct vt_source *src, struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text };
	int rc;

	if (x->env->nattachments == 0)
		return VT_OK;
	x->decoded = malloc(VT_XML_TEXT_PIECE / 4 * 3 + 3);
	if (x->decoded == NULL)
		return vt_error_nomem(err);
	rc = vt_xml_parse(src, &handler, x, err);
	if (rc == VT_OK && x->index != x->env->nattachments)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "the file was changed while it was read");
	if (rc == VT_OK)
		rc = vt_source_unchanged(src, err);
	vt_edxml_spool_release(&x->spool);
	free(x->decoded);
	return rc;
}

int
vt_envelope_extract(struct vt_source *src, struct vt_envelope *env,
    const char *spool_dir, vt_envelope_take_fn *take, void *ctx,
    struct vt_error *err)
{
	static const int none[VT_ENVELOPE_SCRATCH] = { -1, -1 };
	struct extract x = { .env = env,
		.dir = spool_dir,
		.scratch = none,
		.take = take,
		.ctx = ctx,
		.spool = { .fd = -1 } };

	return extract(&x, src, err);
}

int
vt_envelope_extract_into(struct vt_source *src, struct vt_envelope *env,
    const int scratch[VT_ENVELOPE_SCRATCH], vt_envelope_take_fn *take,
    void *ctx, struct vt_error *err)
{
	struct extract x = { .env = env,
		.scratch = scratch,
		.take = take,
		.ctx = ctx,
		.spool = { .fd = -1 } };

	return extract(&x, src, err);
}
