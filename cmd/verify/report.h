/* report.h - a verification report as text and as JSON */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct vt_cli;
struct vt_report;

/*
 * Print REPORT.  CONTENT is the file that a detached signature was held
 * against, or NULL.  BRIEF: one line, unless -v asks for all.
 */
void report_show(struct vt_cli *cli, const struct vt_report *report,
    const char *content, bool brief);
/* Note the status that REPORT ends with. */
void report_note(struct vt_cli *cli, const struct vt_report *report);

/* How many of many files were what; zero it before use. */
struct report_count {
	size_t files, valid, invalid, undetermined, unsigned_, failed;
};
/* REPORT NULL: the file could not be judged. */
void report_count(struct report_count *count, const struct vt_report *report);
/* The last line of many, for people only. */
void report_summary(struct vt_cli *cli, const struct report_count *count);

#endif
