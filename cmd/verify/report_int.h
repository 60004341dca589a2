/* report_int.h - what the parts of the report share */
#ifndef VERIFY_REPORT_INT_H
#define VERIFY_REPORT_INT_H

#include "report.h"

struct vt_json_out;

void report_json(struct vt_json_out *o, const struct vt_report *r,
    const char *content);

#endif
