/* store_list.c - many records, newest first; counts */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

#define SQL_MAX 4096

/* The statement of a query; only fixed texts go into it. */
static int
list_sql(const struct vt_store_query *q, bool search, struct vt_buf *b)
{
	int rc;

	rc = vt_buf_puts(b, "SELECT " VT_STORE_COLUMNS " FROM ");
	/* the search's own order is that of rowid: nothing is sorted */
	if (rc == VT_OK)
		rc = vt_buf_puts(b,
		    search ? "search CROSS JOIN record AS r ON r.id ="
			     " search.rowid WHERE search MATCH ?"
			   : "record AS r WHERE 1");
	if (rc == VT_OK && q->book != NULL)
		rc = vt_buf_puts(b, " AND +r.book = ?");
	if (rc == VT_OK && q->year != 0)
		rc = vt_buf_puts(b, " AND +r.year = ?");
	if (rc == VT_OK && q->from.year != 0)
		rc = vt_buf_puts(b, " AND r.date >= ?");
	if (rc == VT_OK && q->to.year != 0)
		rc = vt_buf_puts(b, " AND r.date <= ?");
	if (rc == VT_OK)
		rc = vt_buf_puts(b, " ORDER BY ");
	if (rc == VT_OK)
		rc = vt_buf_puts(b, search ? "search.rowid" : "r.id");
	if (rc == VT_OK && !q->oldest_first)
		rc = vt_buf_puts(b, " DESC");
	if (rc == VT_OK)
		rc = vt_buf_puts(b, " LIMIT ?");
	return rc;
}

static int
list_row(struct vt_sql *q, vt_store_record_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	vt_record_init(&rec);
	vt_store_row(q, &rec);
	rc = q->rc;
	if (rc == VT_OK)
		rc = vt_store_row_files(q->s, &rec, err);
	if (rc == VT_OK)
		rc = fn(ctx, &rec, err);
	vt_record_release(&rec);
	return rc;
}

int
vt_store_list(struct vt_store *s, const struct vt_store_query *query,
    vt_store_record_fn *fn, void *ctx, struct vt_error *err)
{
	bool words = query->words != NULL && query->words->n > 0;
	char *match = NULL;
	struct vt_sql q;
	struct vt_buf b;
	int rc = VT_OK;

	vt_buf_init(&b, SQL_MAX);
	if (words && (rc = vt_store_match(query->words, &match, err)) != VT_OK)
		return rc;
	if (words && match == NULL) /* no word in all of them: no hit */
		return VT_OK;
	if (list_sql(query, match != NULL, &b) != VT_OK) {
		rc = vt_error_nomem(err);
		goto out;
	}
	vt_sql_begin_once(&q, s, vt_buf_str(&b), err);
	if (match != NULL)
		vt_sql_text(&q, match);
	if (query->book != NULL)
		vt_sql_text(&q, query->book);
	if (query->year != 0)
		vt_sql_int(&q, query->year);
	if (query->from.year != 0)
		vt_sql_date(&q, query->from);
	if (query->to.year != 0)
		vt_sql_date(&q, query->to);
	vt_sql_int(&q, query->limit == 0 || query->limit > INT64_MAX
			   ? -1
			   : (int64_t)query->limit);
	while (vt_sql_row(&q))
		vt_sql_fail(&q, list_row(&q, fn, ctx, err));
	rc = vt_sql_end(&q);
out:
	vt_buf_release(&b);
	free(match);
	return rc;
}

int
vt_store_counts(struct vt_store *s, vt_store_count_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_store_count count;
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT book, year, state, n FROM tally WHERE n > 0"
	    " ORDER BY book, year, state",
	    err);
	while (vt_sql_row(&q)) {
		count.book = vt_sql_get_str(&q, 0);
		count.year = (int)vt_sql_get_int(&q, 1);
		count.n = vt_sql_get_int(&q, 3);
		if (!vt_state_parse(vt_sql_get_str(&q, 2), &count.state))
			count.state = VT_STATE_NONE;
		vt_sql_fail(&q, fn(ctx, &count, err));
	}
	return vt_sql_end(&q);
}
