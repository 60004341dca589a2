/* report.h - a verification report as text and as JSON */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

struct vt_cli;
struct vt_report;

/*
 * Print REPORT, and note its status.  CONTENT is the file that a detached
 * signature was held against because of its name, or NULL.
 */
void report_show(struct vt_cli *cli, const struct vt_report *report,
    const char *content);

#endif
