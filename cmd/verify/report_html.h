/* report_html.h - verification reports as one page to print and to file */
#ifndef VERIFY_REPORT_HTML_H
#define VERIFY_REPORT_HTML_H

struct report_page;
struct vt_error;
struct vt_report;

/*
 * A page under PATH ("-": on standard output), in the language of the messages:
 * one file, no script, no reference to anything outside it.  It is there when
 * _commit() has returned VT_OK, and never over a file that was there
 * (VT_EEXISTS).
 */
int report_page_open(const char *path, struct report_page **ret,
    struct vt_error *err);
/* CONTENT: what a detached signature was held against, or NULL. */
int report_page_add(struct report_page *page, const struct vt_report *report,
    const char *content, struct vt_error *err);
/* FILE could not be judged: ERROR says why. */
int report_page_fail(struct report_page *page, const char *file,
    const struct vt_error *why, struct vt_error *err);
int report_page_commit(struct report_page *page, struct vt_error *err);
void report_page_free(struct report_page *page); /* NULL is allowed */

#endif
