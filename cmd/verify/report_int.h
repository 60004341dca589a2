/* report_int.h - what the parts of the report share */
#ifndef VERIFY_REPORT_INT_H
#define VERIFY_REPORT_INT_H

#include "report.h"

#include "vanthu/bytes.h"
#include "vanthu/verify.h"

struct vt_json_out;

/* "VALID", ...: translated. */
const char *report_verdict_text(enum vt_report_verdict v);
/*
 * Was the certificate valid when it mattered?  One translated line, put into
 * LINE, which is emptied first; borrowed from it.
 */
const char *report_validity(const struct vt_report_signature *s,
    struct vt_buf *line);

/* What is told of the file itself, and of no part of it; borrowed, or NULL. */
const char *report_own_detail(const struct vt_report *r);

/* It is a time stamp of the document: it has an authority, and no signer. */
bool report_is_stamp(const struct vt_report_signature *s);

void report_json(struct vt_json_out *o, const struct vt_report *r,
    const char *content);

#endif
