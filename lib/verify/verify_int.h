/* verify_int.h - what the parts of verify share: a run, facts, the verdict */
#ifndef VERIFY_INT_H
#define VERIFY_INT_H

#include "vanthu/cms.h"
#include "vanthu/source.h" /* vt_sink_fn */
#include "vanthu/trust.h"
#include "vanthu/tsp.h"
#include "vanthu/verify.h"

/* One run over one file and its attachments. */
struct vt_verify_run {
	const struct vt_trust *trust; /* never NULL */
	int64_t at;                   /* never VT_TIME_NONE */
	bool given;                   /* it was asked for, and is not now */
	struct vt_source *content;    /* or NULL */
	const struct vt_secret *pdf_password; /* or NULL */
	vt_trust_fetch_fn *fetch;             /* or NULL: offline */
	void *fetch_ctx;
	bool aia;
	bool unhashed;      /* the file itself; its attachments are */
	const int *scratch; /* for attachments; NULL: files can be made */
	struct vt_trust_used *used; /* receives what held, or NULL */
	/* Where TRUST's anchors alone are kept, once asked; NULL: they never
	 * are, and nothing is above level T. */
	struct vt_trust **alone;
};

/* ---- validation data, and by when it is proven to have existed ---- */

#define VT_DATA_SETS 8 /* states of one document's data, the newest kept */

/*
 * What came with a signature and helps to judge it.  The first set is all of
 * it, known now; each further one is what an archive or document time stamp
 * covers, known by its time.
 */
struct vt_verify_data {
	struct vt_certs certs;
	struct vt_data_set {
		struct vt_crls crls;
		struct vt_ocsps ocsps;
		int64_t known_by; /* VT_TIME_NONE: now */
	} sets[VT_DATA_SETS];
	size_t n;
};

void vt_verify_data_init(struct vt_verify_data *d);
void vt_verify_data_release(struct vt_verify_data *d);
/* One more set, empty; the second falls out where there are too many. */
struct vt_data_set *vt_verify_data_add(struct vt_verify_data *d,
    int64_t known_by);
/* Everything of FROM's first set and certificates, into D's. */
int vt_verify_data_merge(struct vt_verify_data *d,
    const struct vt_verify_data *from, struct vt_error *err);
/* DER as it came; what does not parse is passed over. */
int vt_verify_data_cert(struct vt_verify_data *d, struct vt_bytes der,
    struct vt_error *err);
int vt_data_set_crl(struct vt_data_set *s, struct vt_bytes der,
    struct vt_error *err);
int vt_data_set_ocsp(struct vt_data_set *s, struct vt_bytes der,
    struct vt_error *err);

/*
 * Judge CERT at INSTANT by what the run trusts and D has.  What speaks for
 * revocation by all that is known counts; else each set may show that it was
 * not revoked, as of when it is proven to have been known.
 */
int vt_verify_certificate(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert, int64_t instant,
    enum vt_purpose purpose, struct vt_trust_result *ret, struct vt_error *err);

/* ---- time stamps ---- */

#define VT_STAMP_SKEW 300 /* seconds that clocks may differ */

/* One time stamp on its way to proving something. */
struct vt_verify_stamp {
	const char *kind;     /* a word of struct vt_report_stamp */
	struct vt_tsp *token; /* owned; NULL: it cannot be read */
	struct vt_tsp_facts facts;
	bool judged;
	bool proven;   /* its time can be relied on */
	int64_t until; /* by when it is proven to have existed; or now */
	enum vt_report_verdict verdict;
	const char *reason; /* a code */
	struct vt_trust_result trust;
};

/* What of: digests what the stamp must be over. */
typedef int vt_stamp_over_fn(void *ctx, const struct vt_tsp *token,
    struct vt_tsp_digest *d, struct vt_error *err);

/*
 * Read and check a token; what is wrong with it is in S, and no error.  EXTRA
 * are certificates beside its own.
 */
int vt_verify_stamp_read(struct vt_verify_stamp *s, const char *kind,
    struct vt_bytes token, unsigned flags, const struct vt_certs *extra,
    vt_stamp_over_fn *over, void *ctx, struct vt_error *err);
/* Judge it at S->until. */
int vt_verify_stamp_judge(const struct vt_verify_run *run,
    const struct vt_verify_data *d, struct vt_verify_stamp *s,
    struct vt_error *err);
/*
 * The same of one that is over what was signed (EN 319 122-1, 5.2.8; EN 319
 * 132-1, 5.2.8) and is signed itself: it existed when the signature did, by
 * PROVEN (VT_TIME_NONE: now).  Where it holds, the signature was made behind
 * its time, and *AFTER becomes the latest of such; of the signature's own
 * existence it proves nothing.
 */
int vt_verify_stamp_content(const struct vt_verify_run *run,
    const struct vt_verify_data *d, struct vt_verify_stamp *s, int64_t proven,
    int64_t *after, struct vt_error *err);
/* What S says against the signature that it was added to; a code, or NULL. */
const char *vt_verify_stamp_fault(const struct vt_verify_stamp *s);
void vt_verify_stamp_release(struct vt_verify_stamp *s);
/* One more line in SIG's list. */
int vt_verify_stamp_tell(const struct vt_verify_stamp *s,
    struct vt_report_signature *sig, struct vt_error *err);

/* ---- facts and the verdict ---- */

/* One question put to a signature. */
struct vt_finding {
	bool asked;       /* false: it was not checked, so nothing holds */
	const char *code; /* what speaks against it; NULL: nothing does */
	bool open;        /* it could not be decided, rather than failed */
	const char *text; /* translated, static; or NULL */
};

struct vt_finding vt_verify_finding_cms(enum vt_cms_reason r);

/*
 * What was found out about one signature, before anybody judges it.  A code is
 * one of the reasons' table, or NULL; texts are translated, or NULL.
 */
struct vt_facts {
	const char *form;        /* a fault of form, which makes it invalid */
	char *form_detail;       /* owned */
	const char *unsupported; /* a kind of signature that we do not judge */
	struct vt_finding signature; /* digests and value hold */
	struct vt_finding binding;   /* the certificate is signed, too */
	const char *added; /* what was added to it, and does not hold */
	bool weak;         /* digest or key, at the instant */
	enum vt_facts_state {
		VT_FACTS_SAME,
		VT_FACTS_CHANGED,
		VT_FACTS_UNKNOWN,
		VT_FACTS_PART /* not all that is shown was signed */
	} state; /* of the document since; SAME where there is none */
	char *state_detail; /* owned */
	bool trust_judged;
	struct vt_trust_result trust;
	bool late;  /* it was made when the certificate had expired */
	bool alone; /* what came with it is enough to judge it by the anchors */
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
/* The file's verdict where nothing in it was judged. */
int vt_report_conclude(struct vt_report *r, enum vt_report_verdict v,
    const char *reason, const char *detail, struct vt_error *err);
/* It has time stamps of the document, and no signature: nobody signed it. */
bool vt_report_only_stamped(const struct vt_report *r);
/* The file's verdict out of its signatures or, for an envelope, attachments. */
int vt_report_sum(struct vt_report *r, struct vt_error *err);

/*
 * SIG's texts about its certificate; what is weak in its digest and key: today,
 * into SIG; at the instant, into F.
 */
int vt_verify_put_certificate(const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_error *err);
int vt_verify_put_weak(const struct vt_verify_run *run, const char *digest,
    const struct vt_cert *cert, struct vt_report_signature *sig,
    struct vt_facts *f, struct vt_error *err);
/* F's trust was judged: say so in SIG. */
int vt_verify_put_result(struct vt_facts *f, struct vt_report_signature *sig,
    struct vt_error *err);
/* Judge the signer's certificate at SIG->instant, and say so. */
int vt_verify_put_trust(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err);
/*
 * Note where a claimed time is a whole 7 h off (local time called UTC, or the
 * reverse) against SIG's proven one, or against OTHER, another claim.
 */
int vt_verify_put_claim(const struct vt_verify_run *run, int64_t other,
    struct vt_report_signature *sig, struct vt_error *err);

/*
 * SIG was made behind AFTER (VT_TIME_NONE: not known): not by a certificate
 * that had expired (EN 319 102-1, 5.1.3: EXPIRED), and a claim of an earlier
 * time is noted.  Behind vt_verify_put_claim().  CERT may be NULL.
 */
int vt_verify_put_after(int64_t after, const struct vt_cert *cert,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err);

/*
 * Level LT is there where the anchors and what came with the signature, D, are
 * enough to judge it as of when it was stamped (EN 319 122-1, 6.1; EN 319
 * 142-1, 6.1): anybody can add data that is of no use.  Whether that still
 * proves anything today is the verdict's.  *TIME becomes that of S where S is
 * judged good so, and earlier.
 */
int vt_verify_alone_stamp(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_verify_stamp *s,
    int64_t *time, struct vt_error *err);
/* The signer, as of TIME (VT_TIME_NONE: no stamp is good so): F->alone. */
int vt_verify_alone_signer(const struct vt_verify_run *run,
    const struct vt_verify_data *d, const struct vt_cert *cert, int64_t time,
    struct vt_facts *f, struct vt_error *err);

/* What a format knows of a signature in CMS beside the CMS itself. */
struct vt_signer_how {
	bool loose;     /* it does not ask for the certificate's reference */
	int64_t proven; /* by when it existed, by the document's own stamps */
	const struct vt_verify_data *data; /* of the document, or NULL */
	bool validated;                    /* DATA has lists or answers */
	int64_t alone; /* the time of its earliest stamp that is good so */
};

/*
 * Check signer I of CMS over what CONTENT digested (NULL: nothing at hand), its
 * time stamps, and its certificate at the earliest proven instant, else now;
 * fill SIG and F.
 */
int vt_verify_signer(const struct vt_verify_run *run, const struct vt_cms *cms,
    size_t i, struct vt_cms_digest *content, const struct vt_signer_how *how,
    struct vt_report_signature *sig, struct vt_facts *f, struct vt_error *err);

/* What is said where no signature is of the content that was named. */
const char *vt_verify_not_held(void);

/*
 * R, of SRC, was judged valid, but something else than what was judged would be
 * shown: by its name SRC is opened as another kind of file, or it is XML that
 * is a PDF for readers that repair.  Then it is undetermined.
 */
int vt_verify_disguise(struct vt_source *src, struct vt_report *r,
    struct vt_error *err);

/* One a format.  R's file, sha256, size and format are set. */
int vt_verify_pdf(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
int vt_verify_cms(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
int vt_verify_xml(const struct vt_verify_run *run, struct vt_source *src,
    struct vt_report *r, struct vt_error *err);
/*
 * R's signatures alone: those of the XML in SRC, without a verdict of R.
 * Elements named PASS_OVER (NULL: none) need not be covered.
 */
struct vt_xml_word {
	const char *ns, *local;
};
int vt_verify_xml_signatures(const struct vt_verify_run *run,
    struct vt_source *src, const struct vt_xml_word *pass_over,
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
