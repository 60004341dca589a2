/* envelope_extract.c - attachments out of their base64 and their ZIPs */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope_int.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"
#include "vanthu/zip.h"

#define CONTENT_DEPTH 4 /* edXML/AttachmentEncoded/Attachment/Content... */

static int
changed(struct vt_error *err)
{
	return vt_error_set(err, VT_EIO, NULL,
	    "the file was changed while it was read");
}

int
vt_edxml_content_start(struct vt_edxml_extract *x, struct vt_error *err)
{
	vt_edxml_spool_release(&x->spool);
	memset(&x->base64, 0, sizeof(x->base64));
	if (x->decoded == NULL &&
	    (x->decoded = malloc(VT_XML_TEXT_PIECE / 4 * 3 + 3)) == NULL)
		return vt_error_nomem(err);
	return vt_edxml_spool_init(&x->spool, x->dir,
	    x->scratch != NULL ? x->scratch[0] : -1, err);
}

static int
not_base64(const struct vt_attachment *a, struct vt_error *err)
{
	return vt_error_set(err, VT_EFORMAT, "RFC 4648, 3",
	    "the content of the attachment %s is not base64",
	    a->name != NULL ? a->name : "\"\"");
}

int
vt_edxml_content_put(struct vt_edxml_extract *x, struct vt_bytes base64,
    struct vt_error *err)
{
	const struct vt_attachment *a = &x->env->attachments[x->index];
	size_t n;

	if (!vt_base64_decode(&x->base64, base64, x->decoded, &n))
		return not_base64(a, err);
	/* No archive: it stays as it comes, or nobody asks for it. */
	if (x->spool.size == 0 && n >= 4 &&
	    memcmp(x->decoded, "PK\3\4", 4) != 0) {
		x->spool.stays = x->take != NULL;
		x->spool.discard = !x->spool.stays;
	}
	if (n > VT_ENVELOPE_ATTACHMENT_MAX - x->spool.size)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the attachment %s is longer than %llu bytes",
		    a->name != NULL ? a->name : "\"\"",
		    (unsigned long long)VT_ENVELOPE_ATTACHMENT_MAX);
	return vt_edxml_spool_put(&x->spool, VT_BYTES(x->decoded, n), err);
}

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
	struct vt_edxml_extract *x = ctx;

	if (x->depth == x->on_path && on_path(el, x->depth))
		x->on_path++;
	x->depth++;
	if (x->on_path != CONTENT_DEPTH || x->depth != CONTENT_DEPTH)
		return VT_OK;
	if (x->index == x->env->nattachments)
		return changed(err);
	return vt_edxml_content_start(x, err);
}

static int
on_text(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_edxml_extract *x = ctx;

	return x->on_path == CONTENT_DEPTH ? vt_edxml_content_put(x, piece, err)
					   : VT_OK;
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

/* Its own ContentType counts; the manifest's where it has none. */
static bool
is_typed_zip(const struct vt_attachment *a)
{
	const char *type =
	    a->wire_type != NULL ? a->wire_type : a->content_type;

	return type != NULL && strcasecmp(type, "application/zip") == 0;
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
	bool typed = is_typed_zip(a);
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

	return is_typed_zip(a) && !is_archive(vt_edxml_extension(a->name, ext));
}

/* Inflate RAW into INNER where A travels in a ZIP; else leave A raw. */
static int
unwrap(const struct vt_edxml_extract *x, struct vt_attachment *a,
    struct vt_source *raw, struct vt_spool *inner, struct vt_error *err)
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
		rc = vt_edxml_spool_init(inner, x->dir,
		    x->scratch != NULL ? x->scratch[1] : -1, err);
		inner->stays = x->take != NULL;
		inner->discard = !inner->stays;
		if (rc == VT_OK)
			rc =
			    vt_zip_read(zip, 0, vt_edxml_spool_put, inner, err);
		if (rc == VT_EFORMAT || rc == VT_ELIMIT)
			vt_error_prefix(err, a->name);
	}
	vt_zip_free(zip);
	return rc;
}

int
vt_edxml_content_end(struct vt_edxml_extract *x, struct vt_error *err)
{
	struct vt_attachment *a = &x->env->attachments[x->index];
	struct vt_spool inner = { .fd = -1, .given = -1 }, *spool = &x->spool;
	struct vt_source *raw = NULL, *content = NULL;
	int rc;

	if (!vt_base64_decode_end(&x->base64)) {
		rc = not_base64(a, err);
		goto out;
	}
	a->encoding = VT_ATTACHMENT_RAW;
	rc = vt_edxml_spool_end(&x->spool, &raw, err);
	if (rc == VT_OK && !x->spool.discard)
		rc = unwrap(x, a, raw, &inner, err);
	if (rc == VT_OK && a->encoding == VT_ATTACHMENT_ZIP) {
		spool = &inner;
		rc = vt_edxml_spool_end(&inner, &content, err);
	}
	if (rc == VT_OK)
		rc = vt_edxml_spool_digest(spool,
		    content != NULL ? content : raw, a->sha256, err);
	if (rc != VT_OK)
		goto out;
	a->size = spool->size;
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
	vt_edxml_spool_release(&x->spool);
	return rc;
}

static int
on_end(void *ctx, const struct vt_xml_element *el, struct vt_error *err)
{
	struct vt_edxml_extract *x = ctx;
	int rc = VT_OK;

	(void)el;
	if (x->on_path == CONTENT_DEPTH && x->depth == CONTENT_DEPTH)
		rc = vt_edxml_content_end(x, err);
	x->depth--;
	if (x->on_path > x->depth)
		x->on_path = x->depth;
	return rc;
}

static int
extract(struct vt_edxml_extract *x, struct vt_source *src, struct vt_error *err)
{
	static const struct vt_xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text };
	int rc;

	if (x->env->nattachments == 0)
		return VT_OK;
	rc = vt_xml_parse(src, &handler, x, err);
	if (rc == VT_OK && x->index != x->env->nattachments)
		rc = changed(err);
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
	struct vt_edxml_extract x = { .env = env,
		.dir = spool_dir,
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
	struct vt_edxml_extract x = { .env = env,
		.scratch = scratch,
		.take = take,
		.ctx = ctx,
		.spool = { .fd = -1 } };

	return extract(&x, src, err);
}

int
vt_envelope_unpack(struct vt_source *src, struct vt_envelope *ret,
    const char *spool_dir, const int *scratch, vt_envelope_take_fn *take,
    void *ctx, struct vt_error *err)
{
	struct vt_envelope env;
	struct vt_edxml_extract x = { .env = &env,
		.dir = spool_dir,
		.scratch = scratch,
		.take = take,
		.ctx = ctx,
		.spool = { .fd = -1 } };
	bool later = false;
	int rc;

	vt_envelope_init(&env);
	rc = vt_edxml_read(src, &x, &env, &later, err);
	vt_edxml_spool_release(&x.spool);
	free(x.decoded);
	x.decoded = NULL;
	if (rc == VT_OK && later && !vt_envelope_secret(&env))
		rc = extract(&x, src, err);
	else if (rc == VT_OK)
		rc = vt_source_unchanged(src, err);
	if (rc == VT_OK)
		*ret = env;
	else
		vt_envelope_release(&env);
	return rc;
}
