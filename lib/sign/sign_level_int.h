/* sign_level_int.h - the steps of the levels, one set a format */
#ifndef SIGN_LEVEL_INT_H
#define SIGN_LEVEL_INT_H

#include "vanthu/sign_level.h"

struct vt_buf;

typedef int vt_sign_piece_fn(void *ctx, struct vt_bytes piece,
    struct vt_error *err);

/* A vt_sign_piece_fn that writes to a struct vt_out. */
int vt_sign_piece_out(void *ctx, struct vt_bytes piece, struct vt_error *err);

/* See sign_level.h.  WHICH may be NULL: every signer. */
int vt_level_cms_stamp(struct vt_source *src, struct vt_stamping *s,
    const bool *which, vt_sign_piece_fn *fn, void *ctx, struct vt_error *err);
int vt_level_cms_data(struct vt_source *src, const bool *which,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err);
int vt_level_cms_archive(struct vt_source *src, struct vt_stamping *s,
    const bool *which, struct vt_source *content, struct vt_out *out,
    struct vt_error *err);

/* A SignatureTimeStamp for the last signature. */
int vt_level_xml_stamp(struct vt_source *src, struct vt_stamping *s,
    vt_sign_piece_fn *fn, void *ctx, struct vt_error *err);

int vt_level_pdf_stamp(struct vt_source *src, const struct vt_secret *password,
    struct vt_stamping *s, struct vt_out *out, struct vt_error *err);
int vt_level_pdf_data(struct vt_source *src, const struct vt_secret *password,
    const struct vt_trust_used *data, struct vt_out *out, bool *ret_added,
    struct vt_error *err);

/*
 * DER, a message in memory, with a signature-time-stamp for every signer
 * instead; and how much longer that is likely to be for one.
 */
int vt_level_stamp_der(struct vt_stamping *s, struct vt_buf *der,
    struct vt_error *err);
int vt_level_stamp_room(struct vt_stamping *s, size_t *ret,
    struct vt_error *err);

/* Tokens of one authority differ by serial numbers, times, and by ECDSA. */
#define VT_LEVEL_SLACK 128
#define VT_LEVEL_TRIES 3 /* to find room for longer tokens than the last */

/* VT_EREFUSED: they did not suffice. */
int vt_level_no_room(struct vt_error *err);

#endif
