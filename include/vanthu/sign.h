/* sign.h - one signature on one file, and the rules that stand before it */
#ifndef VANTHU_SIGN_H
#define VANTHU_SIGN_H

#include "vanthu/bytes.h"

struct vt_error;
struct vt_out;
struct vt_signer; /* who signs; see signer.h */
struct vt_source;
struct vt_trust; /* see trust.h */

enum vt_sign_format {
	VT_SIGN_PDF,      /* PAdES B-B, an appended revision */
	VT_SIGN_DETACHED, /* CAdES B-B, .p7s */
	VT_SIGN_ATTACHED, /* CAdES B-B with the content inside, .p7m */
	VT_SIGN_XML       /* XAdES B-B, enveloped in the XML that it signs */
};

enum vt_sign_role {
	VT_SIGN_PLAIN = 0,
	VT_SIGN_PERSON, /* the authorised person */
	VT_SIGN_AGENCY  /* the agency: only after a person */
};

struct vt_sign_options {
	struct vt_signer *signer; /* borrowed; its chain is embedded */
	/* The input's name, or NULL: a .pdf that is none is refused. */
	const char *name;
	enum vt_sign_role role;
	bool pss;       /* RSA signs by RSASSA-PSS (a PSS key always does) */
	bool attached;  /* what is no PDF: .p7m, not .p7s */
	bool enveloped; /* what is no PDF is XML, signed within */
	/* What opens an encrypted PDF; borrowed; NULL: there is none. */
	const struct vt_secret *pdf_password;
	/*
	 * Where the signer's own path and revocation are looked up, and whose
	 * intermediates are embedded; borrowed; NULL: revocation is unknown.
	 */
	const struct vt_trust *trust;
	int64_t at; /* the time of signing, or VT_TIME_NONE for now */
	/*
	 * A fact that the caller established with verify.h on the same source:
	 * it carries an intact signature of a person.  Where it is false, the
	 * agency does not sign.
	 */
	bool person_signed;
};

#define VT_SIGN_WARNINGS 8

struct vt_sign_warning {
	const char *code; /* stable: "revocation-unknown", ... */
	char text[192];   /* translated */
};

struct vt_sign_result {
	enum vt_sign_format format;
	uint64_t size; /* of the signed file */
	int64_t time;  /* claimed */
	struct vt_sign_warning warnings[VT_SIGN_WARNINGS];
	size_t nwarnings;
};

/*
 * What SRC is signed as, by its content.  VT_EFORMAT: OPTS->name says .pdf, but
 * the content is none; VT_EIO.
 */
int vt_sign_format_of(struct vt_source *src, const struct vt_sign_options *opts,
    enum vt_sign_format *ret, struct vt_error *err);

/*
 * The name that PATH gets when signed, in the folder DIR or, where that is
 * NULL, beside PATH: NAME.signed.pdf, NAME.signed.xml, NAME.EXT.p7s,
 * NAME.EXT.p7m. For free(), or NULL: no memory.
 */
char *vt_sign_name(const char *path, const char *dir,
    enum vt_sign_format format);

/*
 * Sign SRC into OUT, which the caller opened and then commits, or aborts where
 * this fails.  The rules come first: the certificate is valid now, its key
 * usage fits, no list known says that it is revoked (TT 15/2025, 5).  Nothing
 * is silently repaired: VT_EFORMAT where a PDF is damaged, VT_EUNSUPPORTED
 * where it is encrypted to certificates, VT_EREFUSED where a rule says no, the
 * owner of an encrypted PDF too, VT_EKEY, also where that does not open,
 * VT_ECRYPTO, VT_EIO, VT_ENOMEM.
 */
int vt_sign_source(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_out *out, struct vt_sign_result *ret, struct vt_error *err);

#endif
