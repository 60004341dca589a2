/* store_agency.h - the directory of agencies, and groups of them */
#ifndef VANTHU_STORE_AGENCY_H
#define VANTHU_STORE_AGENCY_H

#include "vanthu/bytes.h" /* struct vt_list */
#include "vanthu/time.h"  /* struct vt_date */

struct vt_error;
struct vt_store;

/*
 * Who can be written to, and under which codes (QCVN 102:2016/BTTTT, QĐ
 * 20/2020/QĐ-TTg).  An agency is known by its code and by its aliases: the code
 * that it had before, say.  Nothing is ever removed: what a later list does not
 * hold any more is gone, and what its dates leave out has expired; neither is
 * valid.  Errors and transactions are those of store.h.
 */
struct vt_agency {
	int64_t id;
	char *code, *name;
	char *parent; /* its code; it need not be in the directory; or NULL */
	char *email, *phone;
	struct vt_date from, to; /* both included; year 0: open */
	bool gone;
	struct vt_list aliases; /* in order */
};

void vt_agency_release(struct vt_agency *a); /* a zeroed one is allowed */
bool vt_agency_valid(const struct vt_agency *a, struct vt_date on);

/* ---- a list comes in; all of it in one transaction ---- */

/* The number of an import, for what follows. */
int vt_store_agency_import(struct vt_store *s, int64_t *ret_import,
    struct vt_error *err);

enum vt_agency_change {
	VT_AGENCY_SAME = 0,
	VT_AGENCY_NEW,
	VT_AGENCY_CHANGED,
	VT_AGENCY_GONE, /* the list says so, or holds it no more */
	VT_AGENCY_CHANGES
};

/*
 * A as the list IMPORT says it, its aliases, too; those that were added by hand
 * stay.  VT_EEXISTS: the list has the code already.
 */
int vt_store_agency_put(struct vt_store *s, const struct vt_agency *a,
    int64_t import, enum vt_agency_change *ret, struct vt_error *err);

typedef int vt_store_agency_fn(void *ctx, const struct vt_agency *a,
    struct vt_error *err);
/*
 * The list is through: what it did not hold is gone from now on, and FN hears
 * of each of those; FN must not write.
 */
int vt_store_agency_gone(struct vt_store *s, int64_t import,
    vt_store_agency_fn *fn, void *ctx, struct vt_error *err);
/*
 * Make the index for words anew, after anything has changed.  *RET_SHARED: how
 * many aliases name more than one valid agency, and so nobody.
 */
int vt_store_agency_index(struct vt_store *s, int64_t *ret_shared,
    struct vt_error *err);

/* ---- who is it? ---- */

/* false: the directory is empty. */
int vt_store_agency_any(struct vt_store *s, bool *ret, struct vt_error *err);
/*
 * The agency that CODE names on the day ON: a valid one before others, its own
 * code before an alias by hand before one of a list.  *RET 0: none, or more
 * than one; that is no error.
 */
int vt_store_agency_find(struct vt_store *s, const char *code,
    struct vt_date on, int64_t *ret, struct vt_error *err);
/* VT_ENOTFOUND.  RET is overwritten and the caller's. */
int vt_store_agency_get(struct vt_store *s, int64_t id, struct vt_agency *ret,
    struct vt_error *err);

struct vt_agency_query {
	/* As in struct vt_store_query; they may be its parent's, too. */
	const struct vt_list *words; /* NULL: all */
	const char *name;            /* by vt_record_organ_key(); NULL: any */
	const char *like;  /* codes that begin with it, aliases, too; or NULL */
	struct vt_date on; /* the day that says who is valid */
	bool valid;        /* those alone */
	size_t limit;      /* 0: all */
};

/*
 * Valid ones first; of WORDS the best fit first, which is the whole name, then
 * the shortest; else by code.  FN must not write.
 */
int vt_store_agencies(struct vt_store *s, const struct vt_agency_query *q,
    vt_store_agency_fn *fn, void *ctx, struct vt_error *err);
/* How many are valid on the day, and in all. */
int vt_store_agency_count(struct vt_store *s, struct vt_date on,
    int64_t *ret_valid, int64_t *ret_all, struct vt_error *err);

/* ---- by hand ---- */

/* CODE becomes an alias of the agency ID, and of no other by hand. */
int vt_store_alias_add(struct vt_store *s, const char *code, int64_t id,
    struct vt_error *err);
/* VT_ENOTFOUND: no alias by hand is CODE. */
int vt_store_alias_remove(struct vt_store *s, const char *code,
    struct vt_error *err);

/* Groups are of codes, whoever these name.  The same again is as good. */
int vt_store_group_add(struct vt_store *s, const char *group, const char *code,
    struct vt_error *err);
/* VT_ENOTFOUND: it is not in there. */
int vt_store_group_remove(struct vt_store *s, const char *group,
    const char *code, struct vt_error *err);
/* In order; nothing is added where there is no such group. */
int vt_store_group_members(struct vt_store *s, const char *group,
    struct vt_list *ret, struct vt_error *err);
typedef int vt_store_group_fn(void *ctx, const char *group, int64_t members,
    struct vt_error *err);
int vt_store_groups(struct vt_store *s, vt_store_group_fn *fn, void *ctx,
    struct vt_error *err);

#endif
