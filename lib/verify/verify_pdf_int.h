/* verify_pdf_int.h - what the parts of the PDF's judgement share */
#ifndef VERIFY_PDF_INT_H
#define VERIFY_PDF_INT_H

#include "vanthu/pdf_compare.h"
#include "verify_int.h"

/*
 * The kinds of /SubFilter (ISO 32000-2, 12.8.3.1, Table 255).  A signature made
 * by an older kind need not name its certificate; one of them signs the SHA-1
 * of the bytes in place of the bytes.
 */
struct pdf_kind {
	const char *subfilter;
	const char *format;
	const char *unsupported;
	bool loose;
	bool sha1;
};

/* That of PS; never NULL. */
const struct pdf_kind *vt_verify_pdf_kind(const struct vt_pdf_signature *ps);

/* One document on its way. */
struct pdf_document {
	const struct vt_verify_run *run;
	struct vt_pdf_signed *pdf;
	struct vt_report *r;
	struct vt_verify_data data; /* of /DSS, the newest, and older ones */
	bool validated;             /* /DSS has lists or answers */
	struct vt_verify_stamp *stamps; /* of those that are time stamps */
	struct vt_facts *facts;
	bool *intact;
	bool *archives; /* time stamps that cover validation data */
	int64_t *alone; /* times of those that the anchors alone judge good */
	size_t n;
};

/* CODE is a fault of form of F; CLAUSE and TEXT, which may be NULL, tell it. */
int vt_verify_pdf_form(struct vt_facts *f, const char *code, const char *clause,
    const char *text, struct vt_error *err);

/* By when what ends at signature I's end existed, by the time stamps behind it.
 */
int64_t vt_verify_pdf_proven_by(const struct pdf_document *d, size_t i);
/* The same, by those that the anchors alone judge good. */
int64_t vt_verify_pdf_alone_by(const struct pdf_document *d, size_t i);

/* Judge signature I, which is CMS and no time stamp, but for the comparison. */
int vt_verify_pdf_cms(struct pdf_document *d, size_t i, struct vt_error *err);

#endif
