/* verify_int.h - what the parts of verify share: a run, facts, the verdict */
#ifndef VERIFY_INT_H
#define VERIFY_INT_H

#include "vanthu/cms.h"
#include "vanthu/trust.h"
#include "vanthu/verify.h"

/* One run over one file and its attachments. */
struct vt_verify_run {
	const struct vt_trust *trust; /* never NULL */
	int64_t at;                   /* never VT_TIME_NONE */
	struct vt_source *content;    /* or NULL */
};

/*
 * What was found out about one signature, before anybody judges it.  A code is
 * one of the reasons' table, or NULL; texts are translated, or NULL.
 */
/* One question put to a signature. */
struct vt_finding {
	bool asked;       /* false: it was not checked, so nothing holds */
	const char *code; /* what speaks against it; NULL: nothing does */
	bool open;        /* it could not be decided, rather than failed */
	const char *text; /* translated, static; or NULL */
};

struct vt_finding vt_verify_finding_cms(enum vt_cms_reason r);

struct vt_facts {
	const char *form;        /* a fault of form, which makes it invalid */
	char *form_detail;       /* owned */
	const char *unsupported; /* a kind of signature that we do not judge */
	struct vt_finding signature; /* digests and value hold */
	struct vt_finding binding;   /* the certificate is signed, too */
	bool weak;                   /* digest or key */
	enum vt_facts_state {
		VT_FACTS_SAME,
		VT_FACTS_CHANGED,
		VT_FACTS_UNKNOWN
	} state; /* of the document since; SAME where there is none */
	char *state_detail; /* owned */
	bool trust_judged;
	struct vt_trust_result trust;
};

void vt_facts_release(struct vt_facts *f);

/*
 * The one place where facts become a verdict.  *RET_DETAIL borrows from F or
 * is static.
 */
enum vt_report_verdict vt_verify_verdict(const struct vt_facts *f,
    const char **ret_reason, const char **ret_detail);

/* Judge F, and write verdict, reason and detail into SIG. */
int vt_verify_conclude(const struct vt_facts *f,
    struct vt_report_signature *sig, struct vt_error *err);

/* Room for N signatures, all without any time. */
int vt_report_add_signatures(struct vt_report *r, size_t n,
    struct vt_error *err);
/* *FIELD becomes a copy of TEXT (NULL: none). */
int vt_report_set(char **field, const char *text, struct vt_error *err);
/* The file's verdict where nothing in it was judged. */
int vt_report_conclude(struct vt_report *r, enum vt_report_verdict v,
    const char *reason, const char *detail, struct vt_error *err);
/* The file's verdict out of its signatures or, for an envelope, attachments. */
int vt_report_sum(struct vt_report *r, struct vt_error *err);

/*
 * Check signer I of CMS over what CONTENT digested (NULL: nothing at hand), and
 * its certificate; fill SIG and F.  LOOSE: the format does not ask for the
 * certificate's reference.
 */
int vt_verify_signer(const struct vt_verify_run *run, const struct vt_cms *cms,
    size_t i, struct vt_cms_digest *content, bool loose,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err);

/* One a format.  R's file, sha256, size and format are set. */
int vt_verify_pdf(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
int vt_verify_cms(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
int vt_verify_xml(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
int vt_verify_envelope(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);

/*
 * Fill R, zeroed, for SRC.  NESTED: within an envelope, where what cannot be
 * read is a finding and envelopes are not opened.  R is to be released also
 * after an error.
 */
int vt_verify_one(const struct vt_verify_run *run, struct vt_source *src,
    const char *name, bool nested, struct vt_report *r, struct vt_error *err);

/* Empty R, which may be zeroed; R itself stays. */
void vt_report_release(struct vt_report *r);

#endif
