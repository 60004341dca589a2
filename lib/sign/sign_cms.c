/* sign_cms.c - CAdES B-B (EN 319 122-1): .p7s beside the content, .p7m around
 */
#include <unistd.h>

#include "sign_int.h"
#include "sign_level_int.h"
#include "vanthu/cms.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"

int
vt_sign_sink_put(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct vt_sign_sink *s = ctx;

	s->size += piece.len;
	return vt_out_write(s->out, piece, err);
}

static int
sink_patch(void *ctx, uint64_t off, struct vt_bytes b, struct vt_error *err)
{
	const struct vt_sign_sink *s = ctx;

	return vt_out_patch(s->out, off, b, err);
}

static int
detached(struct vt_source *src, const struct vt_sign_options *opts,
    const struct vt_cms_sign *how, struct vt_sign_sink *sink,
    struct vt_error *err)
{
	struct vt_cms_digest *digest = NULL;
	struct vt_buf der;
	size_t max;
	int rc;

	if ((rc = vt_cms_sign_size(opts->signer, how, &max, err)) != VT_OK)
		return rc;
	vt_buf_init(&der, max);
	if ((rc = vt_cms_sign_digest(opts->signer, &digest, err)) == VT_OK &&
	    (rc = vt_source_stream(src, 0, vt_source_size(src),
		 vt_cms_digest_update, digest, err)) == VT_OK &&
	    (rc = vt_cms_sign(opts->signer, how, digest, &der, err)) == VT_OK &&
	    (opts->level == VT_LEVEL_B ||
		(rc = vt_level_stamp_der(opts->stamping, &der, err)) == VT_OK))
		rc = vt_sign_sink_put(sink, vt_buf_bytes(&der), err);
	vt_buf_release(&der);
	vt_cms_digest_free(digest);
	return rc;
}

static int
write_spool(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	const int *fd = ctx;

	return vt_fd_write(*fd, piece, err);
}

static int
patch_spool(void *ctx, uint64_t off, struct vt_bytes b, struct vt_error *err)
{
	const int *fd = ctx;

	return vt_fd_patch(*fd, off, b, err);
}

/* The stamp is over what comes last, and makes what stands before it longer. */
static int
attached_stamped(struct vt_source *src, const struct vt_sign_options *opts,
    const struct vt_cms_sign *how, struct vt_sign_sink *sink,
    struct vt_error *err)
{
	struct vt_source *bare = NULL;
	int fd, rc;

	if ((rc = vt_file_nameless(NULL, &fd, err)) != VT_OK)
		return rc;
	if ((rc = vt_cms_sign_attached(opts->signer, how, src, write_spool,
		 patch_spool, &fd, err)) == VT_OK &&
	    (rc = vt_source_borrow(fd, &bare, err)) == VT_OK)
		rc = vt_level_cms_stamp(bare, opts->stamping, NULL,
		    vt_sign_sink_put, sink, err);
	vt_source_free(bare);
	close(fd);
	return rc;
}

int
vt_sign_cms(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err)
{
	struct vt_sign_sink sink = { .out = out };
	int rc;

	how->signing_time = res->time;
	how->mime_type = vt_sign_mime_type(opts->name);
	how->name = vt_sign_file_name(opts->name);
	if (res->format == VT_SIGN_DETACHED)
		rc = detached(src, opts, how, &sink, err);
	else if (opts->level >= VT_LEVEL_T)
		rc = attached_stamped(src, opts, how, &sink, err);
	else
		rc = vt_cms_sign_attached(opts->signer, how, src,
		    vt_sign_sink_put, sink_patch, &sink, err);
	res->size = sink.size;
	return rc;
}
