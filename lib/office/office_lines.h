/* office_lines.h - a file of lines, as it is read */
#ifndef VANTHU_OFFICE_LINES_H
#define VANTHU_OFFICE_LINES_H

#include "vanthu/bytes.h"

struct vt_error;
struct vt_source;

#define VT_OFFICE_LINE_MAX (1024u * 1024) /* bytes */

/*
 * One line, without its end; LINE counts from 1.  TOO_LONG: it is longer than
 * VT_OFFICE_LINE_MAX, and TEXT is a part of it.  Lines of white space alone are
 * counted and passed over.
 */
typedef int vt_office_line_fn(void *ctx, size_t line, struct vt_bytes text,
    bool too_long, struct vt_error *err);
/* Stops with FN's code where that is not VT_OK. */
int vt_office_lines(struct vt_source *src, vt_office_line_fn *fn, void *ctx,
    struct vt_error *err);

#endif
