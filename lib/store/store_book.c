/* store_book.c - one book of a year, by its numbers; what answers what */
#include "vanthu/store_book.h"
#include "vanthu/error.h"

#include "store_int.h"

int
vt_store_book(struct vt_store *s, const char *book, int year,
    vt_store_record_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_record rec;
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT " VT_STORE_COLUMNS " FROM record AS r"
	    " WHERE r.book = ? AND r.year = ? ORDER BY r.number",
	    err);
	vt_sql_text(&q, book);
	vt_sql_int(&q, year);
	while (vt_sql_row(&q)) {
		vt_record_init(&rec);
		vt_store_row(&q, &rec);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &rec, err));
		vt_record_release(&rec);
	}
	return vt_sql_end(&q);
}

int
vt_store_replies(struct vt_store *s, vt_store_reply_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT id, reply_to FROM record"
	    " WHERE reply_to IS NOT NULL AND book <> '" VT_BOOK_IN "'"
	    " ORDER BY id",
	    err);
	while (vt_sql_row(&q))
		vt_sql_fail(&q,
		    fn(ctx, vt_sql_get_int(&q, 0), vt_sql_get_str(&q, 1), err));
	return vt_sql_end(&q);
}
