/* office_agency_int.h - inside office: the directory, as it is read and asked
 */
#ifndef VANTHU_OFFICE_AGENCY_INT_H
#define VANTHU_OFFICE_AGENCY_INT_H

#include <stdbool.h>
#include <stddef.h>

struct vt_agency;
struct vt_error;
struct vt_list;
struct vt_office;
struct vt_source;

/* ---- office_agency_check.c ---- */

/*
 * A, made from somebody's texts, as the directory holds it: clean texts, codes
 * that can be codes.  VT_EFORMAT: it can not be in there.
 */
int vt_office_agency_check(struct vt_agency *a, struct vt_error *err);
/* The codes of TEXT, with spaces, "," or ";" between, come to RET. */
int vt_office_agency_codes(const char *text, struct vt_list *ret,
    struct vt_error *err);

/* ---- office_agency_read.c ---- */

typedef int vt_office_agency_entry_fn(void *ctx, struct vt_agency *a,
    struct vt_error *err);
/*
 * The entries of a file, JSON lines or CSV as its first sign says; each is
 * checked, and FN may take what is in it.  Errors, FN's own, too, name the
 * line.
 */
int vt_office_agency_read(struct vt_source *src, vt_office_agency_entry_fn *fn,
    void *ctx, struct vt_error *err);

/* ---- office_agency_near.c ---- */

/* At most three lines, "CODE (NAME)", of valid agencies that CODE may mean. */
int vt_office_agency_near(struct vt_office *o, const char *code,
    struct vt_list *ret, struct vt_error *err);
/* RC with a text: CODE is not in the directory, and what may be meant. */
int vt_office_agency_unknown(struct vt_office *o, const char *code, int rc,
    struct vt_error *err);

/* VT_EREFUSED: CODE names A, which is not valid today; who came after it. */
int vt_office_agency_closed(struct vt_office *o, const char *code,
    const struct vt_agency *a, struct vt_error *err);

/* ---- office_agency_find.c ---- */

bool vt_office_group_valid(const char *group); /* as a name */

#endif
