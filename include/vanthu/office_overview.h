/* office_overview.h - what waits in an office, and the next step */
#ifndef VANTHU_OFFICE_OVERVIEW_H
#define VANTHU_OFFICE_OVERVIEW_H

#include <stdbool.h>

#include "vanthu/store_waiting.h"

struct vt_conf;
struct vt_error;
struct vt_office;

#define VT_OFFICE_RECENT_S (7 * 86400) /* see vt_office_overview() */
#define VT_OFFICE_NEXT_MAX 8192

/*
 * When the last working day before the day of NOW began: what was due by the
 * end of the working day after the one of an instant before it is late (NĐ
 * 30/2020, Đ.18, 23).  Working days are Monday to Friday at +07:00, without
 * [office] holidays and with workdays of CONF (made up for, on a Saturday,
 * say).  VT_EFORMAT: one of those is no date.
 */
int vt_office_workday(const struct vt_conf *conf, int64_t now, int64_t *ret,
    struct vt_error *err);

/* One thing that waits.  ROW is borrowed. */
struct vt_office_item {
	enum vt_waiting what;
	const struct vt_waiting_row *row;
	int64_t total; /* how many of this kind there are, told of or not */
	/*
	 * Somebody must see to it: all but what was queued today, and what was
	 * sent today and is not acknowledged yet (Đ.22: within the day).
	 */
	bool late;
	char next[VT_OFFICE_NEXT_MAX]; /* a command line, or "" */
};

typedef int vt_office_item_fn(void *ctx, const struct vt_office_item *item,
    struct vt_error *err);
/*
 * All that waits at NOW, at most LIMIT of a kind, the oldest of each first.
 * What cannot be settled (quarantined messages, acknowledgements that failed)
 * is told of for VT_OFFICE_RECENT_S.  Changes nothing, asks no transport.
 * VT_EFORMAT: vanthu.conf; VT_EIO; VT_ENOMEM; FN's own code.
 */
int vt_office_overview(struct vt_office *o, int64_t now, size_t limit,
    vt_office_item_fn *fn, void *ctx, struct vt_error *err);

#endif
