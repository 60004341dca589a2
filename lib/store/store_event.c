/* store_event.c - the history: who did what, when and why */
#include "vanthu/error.h"

#include "store_int.h"

int
vt_store_event_add(struct vt_store *s, int64_t record, const char *what,
    const char *reason, const char *detail, struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO event (record, at, who, what, reason, detail)"
	    " VALUES (?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_id(&q, record);
	vt_sql_int(&q, vt_time_now());
	vt_sql_text(&q, s->who);
	vt_sql_text(&q, what);
	vt_sql_text(&q, reason);
	vt_sql_text(&q, detail);
	return vt_sql_run(&q);
}

int
vt_store_events(struct vt_store *s, int64_t record, vt_store_event_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct vt_event e;
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT id, ifnull(record, 0), at, who, what, reason, detail"
	    " FROM event WHERE record IS ? ORDER BY id",
	    err);
	vt_sql_id(&q, record);
	while (vt_sql_row(&q)) {
		e.id = vt_sql_get_int(&q, 0);
		e.record = vt_sql_get_int(&q, 1);
		e.at = vt_sql_get_int(&q, 2);
		e.who = vt_sql_get_str(&q, 3);
		e.what = vt_sql_get_str(&q, 4);
		e.reason = vt_sql_get_str(&q, 5);
		e.detail = vt_sql_get_str(&q, 6);
		vt_sql_fail(&q, fn(ctx, &e, err));
	}
	return vt_sql_end(&q);
}
