/* sign_int.h - what the parts of sign share */
#ifndef SIGN_INT_H
#define SIGN_INT_H

#include "vanthu/sign.h"

struct vt_certs;
struct vt_cms_sign;
struct vt_pdf;

/*
 * The rules before signing.  Warnings go to RES; CHAIN receives the
 * certificates between the signer's and the anchor.  VT_EREFUSED.
 */
int vt_sign_rules(const struct vt_sign_options *opts, int64_t at,
    struct vt_sign_result *res, struct vt_certs *chain, struct vt_error *err);

int vt_sign_pdf(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err);
int vt_sign_cms(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err);

int vt_sign_xml(struct vt_source *src, const struct vt_sign_options *opts,
    const struct vt_cms_sign *how, struct vt_out *out,
    struct vt_sign_result *res, struct vt_error *err);

/* OPTS->more: one more signature in the message SRC, which is judged first. */
int vt_sign_more(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_cms_sign *how, struct vt_out *out, struct vt_sign_result *res,
    struct vt_error *err);

/*
 * Does the certificate of the signer CTX fit a seed value?  See struct
 * vt_pdf_sign in pdf.h; what is not known fits none.
 */
bool vt_sign_seed_cert(void *ctx, const char *key, const char *name,
    struct vt_bytes value);

/* Static: "text/csv", ... by the end of NAME, which may be NULL. */
const char *vt_sign_mime_type(const char *name);
/* The last part of PATH, or NULL: there is none that could be told. */
const char *vt_sign_file_name(const char *path);

/* A vt_sink_fn that writes to OUT and counts. */
struct vt_sign_sink {
	struct vt_out *out;
	uint64_t size;
};
int vt_sign_sink_put(void *ctx, struct vt_bytes piece, struct vt_error *err);

/* TEXT is translated already; past VT_SIGN_WARNINGS it is dropped. */
void vt_sign_warn(struct vt_sign_result *res, const char *code,
    const char *text);

/* The PDF as it can be signed: whole, or where OPTS asks for that repaired. */
int vt_sign_pdf_open(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_pdf **ret, struct vt_sign_result *res, struct vt_error *err);

#endif
