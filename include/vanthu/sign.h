/* sign.h - one signature on one file, and the rules that stand before it */
#ifndef VANTHU_SIGN_H
#define VANTHU_SIGN_H

#include "vanthu/bytes.h"
#include "vanthu/time.h"  /* struct vt_date */
#include "vanthu/trust.h" /* vt_trust_fetch_fn */

struct vt_error;
struct vt_out;
struct vt_signer; /* who signs; see signer.h */
struct vt_source;
struct vt_stamp_image;
struct vt_stamp_kit; /* see stamp.h */
struct vt_stamping;  /* see sign_level.h */

enum vt_sign_format {
	VT_SIGN_PDF,      /* PAdES B-B, an appended revision */
	VT_SIGN_DETACHED, /* CAdES B-B, .p7s */
	VT_SIGN_ATTACHED, /* CAdES B-B with the content inside, .p7m */
	VT_SIGN_XML,      /* XAdES, enveloped in the XML that it signs */
	/* A message that there is already, with one signature more. */
	VT_SIGN_MORE_DETACHED,
	VT_SIGN_MORE_ATTACHED
};

enum vt_sign_role {
	VT_SIGN_PLAIN = 0,
	VT_SIGN_PERSON, /* the authorised person */
	VT_SIGN_AGENCY, /* the agency: only after a person */
	/* The agency, too; each is seen on the page (NĐ 30/2020, Annex I). */
	VT_SIGN_ATTACHMENT, /* a separate attachment (II.8b) */
	VT_SIGN_COPY,       /* a copy that it makes (Part II, I.3) */
	VT_SIGN_INCOMING,   /* the arrival stamp, on a file derived */
	VT_SIGN_COMMENT     /* whoever has something to say to it */
};

/* What a copy is (NĐ 30/2020, 25). */
enum vt_sign_copy {
	VT_SIGN_SAO_Y = 1, /* of an original */
	VT_SIGN_SAO_LUC,   /* of a sao y */
	VT_SIGN_TRICH_SAO  /* of a part */
};

/* Where a signature is seen; all 0: where the decree has it. */
struct vt_sign_place {
	const char *field; /* an empty signature field of this full name */
	const char *below; /* under the last place where this text stands */
	long page;         /* from 1; -1 is the last */
	bool at;           /* X, Y: its lower left corner, in points ... */
	double x, y;       /* ... from the page's, as it is seen */
};

/* A lower left corner on page 1, in points, as it is seen. */
struct vt_sign_spot {
	bool given;
	double x, y;
};

/*
 * What the signer's certificate was found to be, and by what: for who keeps it
 * (TT 15/2025/TT-BKHCN, 5).  Zeroed it is empty; release it.
 */
struct vt_sign_evidence {
	enum vt_verdict verdict;
	const char *reason; /* static; a code of trust.h */
	enum vt_revocation revocation;
	/* The certificate, its path and who signed these lists and answers. */
	struct vt_trust_used used;
};

void vt_sign_evidence_release(struct vt_sign_evidence *ev);

#define VT_SIGN_CODE_MAX 127 /* bytes of number and notation */

/* What the visible texts say. */
struct vt_sign_words {
	const char *code;    /* "05/QĐ-UBND", or an arrival number "12" */
	struct vt_date date; /* of the arrival; none: of the signature */
	const char *text;    /* of a comment */
	const char *agency;  /* NULL: as the signer's certificate names it */
	enum vt_sign_copy copy;
};

/* What is signed of a CMS message that has signatures. */
enum vt_sign_more {
	VT_SIGN_ALONE = 0, /* nothing: the file is signed, whatever it is */
	VT_SIGN_COSIGN,    /* its content, beside the other signers */
	VT_SIGN_COUNTER    /* a signature in it (RFC 5652, 11.4) */
};

/* Levels of a baseline signature (EN 319 142-1 and EN 319 122-1, 6). */
enum vt_level { VT_LEVEL_B = 0, VT_LEVEL_T, VT_LEVEL_LT, VT_LEVEL_LTA };

struct vt_sign_options {
	struct vt_signer *signer; /* borrowed; its chain is embedded */
	/* The input's name, or NULL: a .pdf that is none is refused. */
	const char *name;
	const char *reason; /* /Reason of a PDF's signature, or NULL */
	enum vt_sign_role role;
	bool pss; /* RSA signs by RSASSA-PSS (a PSS key always does) */
	/*
	 * A PDF whose cross-reference is damaged is signed with a whole one,
	 * where nobody has to choose (vt_pdf_open_rebuilt()): "repaired" warns.
	 */
	bool repair;
	bool attached;              /* what is no PDF: .p7m, not .p7s */
	bool enveloped;             /* what is no PDF is XML, signed within */
	struct vt_sign_place place; /* borrows its texts, as does the next */
	struct vt_sign_words words;
	/*
	 * The person's handwritten signature or the agency's seal; borrowed;
	 * NULL: nothing of it is seen.  The seal's width is SEAL_MM, or where
	 * that is 0 what the image says.
	 */
	const struct vt_stamp_image *image;
	double seal_mm;
	/*
	 * Where number and date of the document go; not given: into the blanks
	 * of page 1 that NĐ 30/2020 has for them.
	 */
	struct vt_sign_spot number_at, date_at;
	struct vt_stamp_kit *kit; /* borrowed; where something is to be seen */
	/* What opens an encrypted PDF; borrowed; NULL: there is none. */
	const struct vt_secret *pdf_password;
	enum vt_sign_more more;
	size_t which; /* VT_SIGN_COUNTER: the signer, or VT_CMS_EACH (cms.h) */
	/* What a detached message signs, of which there is more; borrowed. */
	struct vt_source *content;
	/*
	 * Where the signer's own path and revocation are looked up, and whose
	 * intermediates are embedded; borrowed; NULL: revocation is unknown.
	 */
	const struct vt_trust *trust;
	int64_t at; /* the time of signing, or VT_TIME_NONE for now */
	/*
	 * Bytes that a PDF keeps for each signature that it gets, for one that
	 * is to be like another; 0: what the signature needs.
	 */
	size_t room;
	/*
	 * A fact that the caller established with verify.h on the same source:
	 * it carries an intact signature of a person.  Where it is false, the
	 * agency does not sign.  Of an attachment it is one on the document
	 * that this is attached to, where DOCUMENT_SEEN; where that was not
	 * seen, it is a warning.
	 */
	bool person_signed, document_seen;
	/*
	 * And where it is false: there is one whose certificate ended before
	 * that was proven to exist.  AGENCY_SIGNED: the key that is to sign did
	 * so before, which is a warning.
	 */
	bool person_expired, agency_signed;
	/*
	 * The level, and above B who stamps; see sign_level.h; borrowed.
	 * vt_sign_source() itself goes no further than T.
	 */
	enum vt_level level;
	struct vt_stamping *stamping;
	/* How to get what LT embeds and nobody has at hand; see trust.h. */
	vt_trust_fetch_fn *fetch; /* NULL: nothing is fetched */
	void *fetch_ctx;
	bool aia;
	/*
	 * Another: nobody is at a terminal, and the office does not say that
	 * its key may be used so.  Where it is true, the agency does not sign.
	 */
	bool unattended;
	/* What the rules looked at goes there, or NULL; to be released. */
	struct vt_sign_evidence *evidence;
	bool token; /* the key is in a device: told by evidence, no more */
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

/* Does the agency's key sign in this role (Decree 30/2020, 25 and 32)? */
bool vt_sign_by_agency(enum vt_sign_role role);
/* "person", "agency", ...: not translated; "plain" where there is none. */
const char *vt_sign_role_name(enum vt_sign_role role);
const char *vt_sign_copy_name(enum vt_sign_copy copy); /* "sao-y", ... */

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
 * The rule that needs no file, for before a PIN is asked: the agency's key is
 * under the control of whoever keeps it (Decree 30/2020, 32).  VT_EREFUSED.
 */
int vt_sign_attended(const struct vt_sign_options *opts, struct vt_error *err);

/*
 * Does SRC, where it is a PDF, have another number or date already than the
 * words of OPTS, in the fields for them?  VT_EREFUSED, naming both.  Others as
 * vt_pdf_open_with().
 */
int vt_sign_said(struct vt_source *src, const struct vt_sign_options *opts,
    struct vt_error *err);

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
