/* store_derived.c - files that were made of a record's file */
#include "vanthu/store_derived.h"

#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"

#include "store_int.h"

static int
derived_event(struct vt_store *s, const struct vt_derived *d,
    struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_buf detail;
	int rc;

	vt_buf_init(&detail, VT_JSON_MAX);
	vt_json_put_str(o, "name", d->name);
	vt_json_put_str(o, "role", d->role);
	vt_json_put_int(o, "seq", d->seq);
	vt_json_put_sha256(o, "sha256", d->sha256);
	rc = vt_json_write(o, &detail, err);
	if (rc == VT_OK)
		rc = vt_store_event_add(s, d->record, "derived", NULL,
		    vt_buf_str(&detail), err);
	vt_json_out_free(o);
	vt_buf_release(&detail);
	return rc;
}

static int
derived_insert(struct vt_store *s, const struct vt_derived *d,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "INSERT INTO derived (record, seq, role, name, size, sha256,"
	    " source, words, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_int(&q, d->record);
	vt_sql_int(&q, d->seq);
	vt_sql_text(&q, d->role);
	vt_sql_text(&q, d->name);
	vt_sql_int(&q, (int64_t)d->size);
	vt_sql_sha256(&q, d->sha256);
	vt_sql_sha256(&q, d->source);
	vt_sql_text(&q, d->words);
	vt_sql_int(&q, d->added);
	return vt_sql_run(&q);
}

int
vt_store_derived_add(struct vt_store *s, struct vt_derived *d,
    struct vt_error *err)
{
	struct vt_derived placed = *d;
	struct vt_sql q;
	int64_t last;
	int rc;

	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT ifnull(max(seq), 0) FROM derived WHERE record = ?", err);
	vt_sql_int(&q, d->record);
	if ((rc = vt_sql_one(&q, &last)) != VT_OK)
		return vt_store_step_end(s, rc, err);
	placed.seq = (int)last + 1;
	placed.added = vt_time_now();
	if (placed.seq > VT_RECORD_FILES_MAX)
		rc = vt_error_set(err, VT_ELIMIT, NULL,
		    "a record has at most %d files", VT_RECORD_FILES_MAX);
	else if ((rc = derived_insert(s, &placed, err)) == VT_OK)
		rc = derived_event(s, &placed, err);
	rc = vt_store_step_end(s, rc, err);
	if (rc == VT_OK)
		*d = placed;
	return rc;
}

int
vt_store_derived_list(struct vt_store *s, int64_t record,
    vt_store_derived_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_derived d;
	struct vt_sql q;

	memset(&d, 0, sizeof(d));
	vt_sql_begin(&q, s,
	    "SELECT seq, role, name, size, sha256, source, words, added"
	    " FROM derived WHERE record = ? ORDER BY seq",
	    err);
	vt_sql_int(&q, record);
	while (vt_sql_row(&q)) {
		d.record = record;
		d.seq = (int)vt_sql_get_int(&q, 0);
		d.role = vt_sql_get_str(&q, 1);
		d.name = vt_sql_get_str(&q, 2);
		d.size = (uint64_t)vt_sql_get_int(&q, 3);
		vt_sql_get_sha256(&q, 4, d.sha256);
		vt_sql_get_sha256(&q, 5, d.source);
		d.words = vt_sql_get_str(&q, 6);
		d.added = vt_sql_get_int(&q, 7);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &d, err));
	}
	return vt_sql_end(&q);
}
