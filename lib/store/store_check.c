/* store_check.c - are the books sound?  Which digests must there be? */
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

#define REPORTED_MAX 100 /* lines of SQLite's own check */

int
vt_store_digests(struct vt_store *s, vt_store_digest_fn *fn, void *ctx,
    struct vt_error *err)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_sql q;

	/* the numbers are those of enum vt_digest_owner */
	vt_sql_begin(&q, s,
	    "SELECT sha256, 0 AS owner, record AS id FROM file"
	    " UNION SELECT envelope, 1, id FROM outbox"
	    "  WHERE envelope IS NOT NULL"
	    " UNION SELECT envelope, 2 + (result = 'quarantined'), id"
	    "  FROM inbox WHERE envelope IS NOT NULL"
	    " UNION SELECT sha256, 4, dossier FROM member"
	    "  WHERE sha256 IS NOT NULL"
	    " UNION SELECT p.sha256, 5, e.record FROM evidence_part AS p"
	    "  JOIN evidence AS e ON e.id = p.evidence"
	    " UNION SELECT sha256, 6, record FROM derived"
	    " ORDER BY 1, 2, 3",
	    err);
	while (vt_sql_row(&q))
		if (vt_sql_get_sha256(&q, 0, sha256))
			vt_sql_fail(&q,
			    fn(ctx, sha256,
				(enum vt_digest_owner)vt_sql_get_int(&q, 1),
				vt_sql_get_int(&q, 2), err));
	return vt_sql_end(&q);
}

struct check {
	vt_store_finding_fn *fn;
	void *ctx;
	struct vt_error *err;
};

/* The text was made as an error's: so it is translated like all others. */
static int
tell(const struct check *c, const char *where, const struct vt_error *finding)
{
	return c->fn(c->ctx, where, finding->text, c->err);
}

static int
check_sqlite(struct vt_store *s, const struct check *c)
{
	struct vt_error f;
	struct vt_sql q;
	const char *text;
	int n = 0;

	vt_sql_begin_once(&q, s, "PRAGMA integrity_check", c->err);
	while (vt_sql_row(&q) && n < REPORTED_MAX) {
		text = vt_sql_get_str(&q, 0);
		if (text == NULL || strcmp(text, "ok") == 0)
			continue;
		n++;
		vt_error_clear(&f);
		vt_error_set(&f, VT_EIO, NULL, "the database is damaged: %s",
		    text);
		vt_sql_fail(&q, tell(c, "register.db", &f));
	}
	return vt_sql_end(&q);
}

static int
check_links(struct vt_store *s, const struct check *c)
{
	struct vt_error f;
	struct vt_sql q;

	vt_sql_begin_once(&q, s, "PRAGMA foreign_key_check", c->err);
	while (vt_sql_row(&q)) {
		vt_error_clear(&f);
		vt_error_set(&f, VT_EIO, NULL,
		    "row %lld names a row that is not there",
		    (long long)vt_sql_get_int(&q, 1));
		vt_sql_fail(&q, tell(c, vt_sql_get_str(&q, 0), &f));
	}
	return vt_sql_end(&q);
}

/* Numbers of a book run from the first without a gap up to the next. */
static int
check_numbers(struct vt_store *s, const struct check *c)
{
	struct vt_error f;
	struct vt_sql q;
	char ref[VT_REF_TEXT];

	vt_sql_begin_once(&q, s,
	    "WITH ends AS ("
	    "  SELECT book, year, number FROM record"
	    "  UNION ALL SELECT name, year, next FROM book)"
	    " SELECT * FROM (SELECT book, year, number AS last,"
	    "  lead(number) OVER (PARTITION BY book, year ORDER BY number)"
	    "  AS following FROM ends)"
	    " WHERE following <> last + 1",
	    c->err);
	while (vt_sql_row(&q)) {
		vt_ref_text(vt_sql_get_str(&q, 0), (int)vt_sql_get_int(&q, 1),
		    vt_sql_get_int(&q, 2), ref);
		vt_error_clear(&f);
		vt_error_set(&f, VT_EIO, NULL,
		    "the next number after it is %lld",
		    (long long)vt_sql_get_int(&q, 3));
		vt_sql_fail(&q, tell(c, ref, &f));
	}
	return vt_sql_end(&q);
}

/* Rows that SQL alone can tell to be wrong: REF columns, then nothing. */
static int
check_records(struct vt_store *s, const struct check *c, const char *sql,
    const char *msgid)
{
	struct vt_error f;
	struct vt_sql q;
	char ref[VT_REF_TEXT];

	vt_sql_begin_once(&q, s, sql, c->err);
	while (vt_sql_row(&q)) {
		vt_ref_text(vt_sql_get_str(&q, 0), (int)vt_sql_get_int(&q, 1),
		    vt_sql_get_int(&q, 2), ref);
		vt_error_clear(&f);
		vt_error_set(&f, VT_EIO, NULL, msgid, NULL);
		vt_sql_fail(&q, tell(c, ref, &f));
	}
	return vt_sql_end(&q);
}

/* SQL gives how many there are, and how many the index knows. */
static int
check_index(struct vt_store *s, const struct check *c, const char *name,
    const char *sql)
{
	struct vt_error f = { 0 };
	struct vt_sql q;
	int64_t rows = 0, indexed = 0;
	int rc;

	vt_sql_begin_once(&q, s, sql, c->err);
	if (vt_sql_row(&q)) {
		rows = vt_sql_get_int(&q, 0);
		indexed = vt_sql_get_int(&q, 1);
	}
	if ((rc = vt_sql_end(&q)) != VT_OK || rows == indexed)
		return rc;
	vt_error_set(&f, VT_EIO, NULL,
	    "the search index holds %lld entries, not %lld", (long long)indexed,
	    (long long)rows);
	return tell(c, name, &f);
}

static int
check_counts(struct vt_store *s, const struct check *c)
{
	struct vt_error f;
	struct vt_sql q;
	int rc;

	vt_sql_begin_once(&q, s,
	    "SELECT book, year, state, sum(kept), sum(found) FROM ("
	    " SELECT book, year, state, n AS kept, 0 AS found FROM tally"
	    " UNION ALL SELECT book, year, state, 0, count(*) FROM record"
	    "  GROUP BY 1, 2, 3)"
	    " GROUP BY 1, 2, 3 HAVING sum(kept) <> sum(found)",
	    c->err);
	while (vt_sql_row(&q)) {
		vt_error_clear(&f);
		vt_error_set(&f, VT_EIO, NULL,
		    "the count of \"%s\" in %lld is kept as %lld, but is %lld",
		    vt_sql_get_str(&q, 2), (long long)vt_sql_get_int(&q, 1),
		    (long long)vt_sql_get_int(&q, 3),
		    (long long)vt_sql_get_int(&q, 4));
		vt_sql_fail(&q, tell(c, vt_sql_get_str(&q, 0), &f));
	}
	if ((rc = vt_sql_end(&q)) != VT_OK)
		return rc;
	if ((rc = check_index(s, c, "search",
		 "SELECT (SELECT count(*) FROM record),"
		 " (SELECT count(*) FROM search_docsize)")) != VT_OK)
		return rc;
	return check_index(s, c, "agency_search",
	    "SELECT (SELECT count(*) FROM agency),"
	    " (SELECT count(*) FROM agency_search_docsize)");
}

int
vt_store_check(struct vt_store *s, vt_store_finding_fn *fn, void *ctx,
    struct vt_error *err)
{
	const struct check c = { fn, ctx, err };
	bool own = s->mode == VT_STORE_IDLE;
	int rc;

	if (own && (rc = vt_store_begin_read(s, err)) != VT_OK)
		return rc;
	if ((rc = check_sqlite(s, &c)) == VT_OK &&
	    (rc = check_links(s, &c)) == VT_OK &&
	    (rc = check_numbers(s, &c)) == VT_OK &&
	    (rc = check_records(s, &c,
		 "SELECT r.book, r.year, max(r.number) FROM record AS r"
		 " LEFT JOIN book AS b ON b.name = r.book AND b.year = r.year"
		 " GROUP BY r.book, r.year HAVING count(b.next) = 0",
		 VT_N_("its book has no next number"))) == VT_OK &&
	    (rc = check_records(s, &c,
		 "SELECT book, year, number FROM record WHERE book <> 'in'"
		 " AND code <> printf('%02d/%s', number, notation)",
		 VT_N_("its code is not its number and notation"))) == VT_OK &&
	    (rc = check_records(s, &c,
		 "SELECT book, year, number FROM record AS r WHERE NOT"
		 " EXISTS (SELECT 1 FROM event WHERE record = r.id)",
		 VT_N_("the history does not know it"))) == VT_OK)
		rc = check_counts(s, &c);
	if (own)
		vt_store_rollback(s);
	return rc;
}
