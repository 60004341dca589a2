/* office_extend.h - signed files raised to a level that lasts longer */
#ifndef VANTHU_OFFICE_EXTEND_H
#define VANTHU_OFFICE_EXTEND_H

#include "vanthu/sign_level.h"

struct vt_error;
struct vt_out;
struct vt_secret;
struct vt_source;
struct vt_trust;

struct vt_extend_options {
	enum vt_level level; /* T, LT, LTA */
	/* NULL: where a time stamp is needed, VT_EARG. */
	struct vt_stamping *stamping;
	const struct vt_trust *trust; /* borrowed; NULL: no anchors */
	vt_trust_fetch_fn *fetch;     /* NULL: nothing is fetched */
	void *fetch_ctx;
	bool aia;
	/* What opens an encrypted PDF; borrowed; NULL: there is none. */
	const struct vt_secret *pdf_password;
	struct vt_source *content; /* what a detached signature signs, or NULL
				    */
};

struct vt_extend_result {
	enum vt_sign_format format; /* a .p7s: VT_SIGN_DETACHED */
	enum vt_level from;         /* the least of its signatures before */
	bool renewed;               /* it was LTA before */
	size_t nsignatures;         /* that were extended */
	uint64_t size;
};

/*
 * The name that PATH gets when extended: NAME.extended.EXT beside it.  For
 * free(), or NULL: no memory.
 */
char *vt_extend_name(const char *path);

/*
 * Raise every signature in SRC to OPTS->level, or, where that is LTA and they
 * have it, renew it: a further time stamp over what is there, with what its
 * last ones are judged by.  *RET_OUT is opened for PATH and holds the result,
 * which the caller commits; else nothing is left.  SRC is judged first, with
 * all that OPTS gives; what comes out is judged too, from LT on by the anchors
 * alone, so that it holds wherever nothing else is known.  Of XML only the last
 * signature is raised, which covers the others, and to T only.
 *
 * VT_EREFUSED: SRC has no signature, a broken or revoked one, one that is
 * undetermined (for T it may be so for want of anchors or revocation), has the
 * level already, or allows no change; for LT, revocation cannot be established.
 * VT_ENET: the same, but a server that tells it was not reached.  VT_ENET,
 * VT_EREFUSED: the authority.  VT_EARG: no authority. VT_EUNSUPPORTED:
 * neither PDF nor CMS, XML above T.  Others as vt_verify_source() and the
 * steps.
 */
int vt_office_extend(struct vt_source *src, const char *path,
    const struct vt_extend_options *opts, struct vt_out **ret_out,
    struct vt_extend_result *ret, struct vt_error *err);

/*
 * vt_sign_source() into a file for PATH, then raised to OPTS->level; the errors
 * of both.
 */
int vt_office_sign_source(struct vt_source *src, const char *path,
    const struct vt_sign_options *opts, struct vt_out **ret_out,
    struct vt_sign_result *ret, struct vt_error *err);

#endif
