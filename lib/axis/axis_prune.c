/* axis_prune.c - what all have confirmed is forgotten, but for its digest */
#include <string.h>

#include "axis_int.h"
#include "vanthu/objects.h"

#define BATCH 100 /* messages of one transaction: sends wait for it */

/* One message that may be forgotten. */
struct candidate {
	int64_t id, size;
	unsigned char sha256[VT_SHA256_LEN];
};

/*
 * Every recipient said done, before ?2, or never was one; what somebody said
 * fail of may be sent to him again and is his.
 */
static int
next_batch(struct vt_axis *a, int64_t after, int64_t before,
    struct candidate found[BATCH], size_t *ret_n, struct vt_error *err)
{
	struct axis_sql q;

	*ret_n = 0;
	vt_axis_sql(&q, a,
	    "SELECT m.id, m.size, m.sha256 FROM message m"
	    " WHERE m.id > ?1 AND m.pruned = 0 AND m.created < ?2"
	    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = m.id"
	    " AND (d.waits = 1 OR d.updated >= ?2"
	    " OR (d.state <> 'done' AND d.error IS NULL)))"
	    " ORDER BY m.id LIMIT ?3",
	    err);
	vt_axis_sql_int(&q, after);
	vt_axis_sql_int(&q, before);
	vt_axis_sql_int(&q, BATCH);
	while (*ret_n < BATCH && vt_axis_sql_row(&q)) {
		struct candidate *c = &found[*ret_n];

		c->id = vt_axis_sql_get_int(&q, 0);
		c->size = vt_axis_sql_get_int(&q, 1);
		if (sqlite3_column_bytes(q.stmt, 2) != VT_SHA256_LEN)
			memset(c->sha256, 0, VT_SHA256_LEN);
		else
			memcpy(c->sha256, sqlite3_column_blob(q.stmt, 2),
			    VT_SHA256_LEN);
		++*ret_n;
	}
	return vt_axis_sql_end(&q);
}

/* Does another message that is kept have the same file? */
static int
shared(struct vt_axis *a, const struct candidate *c, bool *ret,
    struct vt_error *err)
{
	struct axis_sql q;
	int64_t others = 0;
	int rc;

	vt_axis_sql(&q, a,
	    "SELECT count(*) FROM message WHERE pruned = 0 AND sha256 = ?1"
	    " AND id <> ?2",
	    err);
	vt_axis_sql_blob(&q, c->sha256, VT_SHA256_LEN);
	vt_axis_sql_int(&q, c->id);
	rc = vt_axis_sql_one(&q, &others);
	*ret = others > 0;
	return rc;
}

/* What it was about goes; by what it is known again stays. */
static int
forget_row(struct vt_axis *a, int64_t id, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    "UPDATE message SET pruned = 1, title = NULL WHERE id = ?1", err);
	vt_axis_sql_int(&q, id);
	return vt_axis_sql_run(&q);
}

/*
 * The file first: killed in between, the row still says that it is to be done,
 * and nobody waits for the file.  A send that puts the same file meanwhile
 * finds in its own transaction that it went.
 */
static int
forget(struct vt_axis *a, const struct candidate *c, struct vt_axis_pruned *sum,
    struct vt_error *err)
{
	bool others = false;
	int rc;

	if ((rc = shared(a, c, &others, err)) != VT_OK)
		return rc;
	if (!others && vt_objects_fresh(a->objects, c->sha256, VT_AXIS_FRESH)) {
		sum->left++;
		return VT_OK;
	}
	if (!others && vt_objects_has(a->objects, c->sha256)) {
		if ((rc = vt_objects_drop(a->objects, c->sha256, err)) != VT_OK)
			return rc;
		sum->files++;
		sum->bytes += c->size;
	}
	if ((rc = forget_row(a, c->id, err)) == VT_OK)
		sum->messages++;
	return rc;
}

int
vt_axis_prune(struct vt_axis *a, int64_t before, vt_axis_prune_fn *fn,
    void *ctx, struct vt_axis_pruned *ret, struct vt_error *err)
{
	struct candidate found[BATCH];
	struct vt_axis_pruned sum = { 0 };
	int64_t after = 0;
	size_t i, n;
	int rc;

	do {
		n = 0;
		if ((rc = vt_axis_begin(a, err)) != VT_OK)
			break;
		rc = next_batch(a, after, before, found, &n, err);
		for (i = 0; rc == VT_OK && i < n; i++) {
			rc = forget(a, &found[i], &sum, err);
			after = found[i].id;
		}
		rc = vt_axis_end(a, rc, err);
		if (rc == VT_OK && fn != NULL)
			fn(ctx, &sum);
	} while (rc == VT_OK && n == BATCH);
	if (rc == VT_OK)
		*ret = sum;
	return rc;
}
