/* store_waiting.c - what in the books waits for somebody */
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/store_waiting.h"

#include "store_int.h"

/* Every query gives these columns; ?1 today, ?2 before, ?3 recent, ?4 limit. */
#define COLUMNS                                                                \
	"SELECT id, book, year, number, organ, business, state, reason,"       \
	" kind, n, since, next_try, attempts, due, envelope, keeper"
#define COUNT "SELECT count(*)"
#define ONE " LIMIT ?4" /* so that both have the same parameters */
#define OLDEST " ORDER BY since LIMIT ?4"

#define QUEUED                                                                 \
	" FROM (SELECT 0 AS id, NULL AS book, 0 AS year, 0 AS number,"         \
	" d.organ_id AS organ, NULL AS business, NULL AS state,"               \
	" max(d.reason) AS reason, NULL AS kind, count(*) AS n,"               \
	" min(m.created) AS since, min(d.next_try) AS next_try,"               \
	" max(d.attempts) AS attempts, NULL AS due, NULL AS envelope,"         \
	" NULL AS keeper"                                                      \
	" FROM delivery AS d INDEXED BY delivery_due"                          \
	" JOIN outbox AS m ON m.id = d.outbox"                                 \
	" WHERE d.state = 'queued'"                                            \
	" GROUP BY d.organ_id)"

/* Without a record it is known by the message that it answers. */
#define DELIVERY                                                               \
	" FROM (SELECT iif(m.record IS NULL, ifnull(m.inbox, 0), 0) AS id,"    \
	" r.book AS book, r.year AS year,"                                     \
	" r.number AS number, d.organ_id AS organ, m.business AS business,"    \
	" r.state AS state, d.reason AS reason, m.kind AS kind, 1 AS n,"       \
	" d.changed AS since, NULL AS next_try, d.attempts AS attempts,"       \
	" NULL AS due, NULL AS envelope, r.keeper AS keeper"

/* Not a document that nobody needs any more; its recall is another message. */
#define IN_FORCE                                                               \
	" (m.kind = 'status' OR r.state IS NULL"                               \
	" OR r.state NOT IN ('recalled', 'replaced')"                          \
	" OR m.business NOT IN ('new', 'replace'))"

#define FAILED                                                                 \
	DELIVERY " FROM delivery AS d INDEXED BY delivery_failed"              \
		 " JOIN outbox AS m ON m.id = d.outbox"                        \
		 " LEFT JOIN record AS r ON r.id = m.record"                   \
		 " WHERE d.state = 'failed'"                                   \
		 " AND (m.kind = 'document' OR d.changed >= ?3)"               \
		 " AND d.reason IS NOT 'recalled-unsent'"                      \
		 " AND" IN_FORCE ")"

#define UNANSWERED                                                             \
	DELIVERY " FROM delivery AS d INDEXED BY delivery_unanswered"          \
		 " JOIN outbox AS m ON m.id = d.outbox"                        \
		 " LEFT JOIN record AS r ON r.id = m.record"                   \
		 " WHERE d.state = 'sent' AND d.kind = 'document'"             \
		 " AND d.organ_id IS NOT NULL"                                 \
		 " AND" IN_FORCE ")"

/*
 * It was returned, or a change was declined, and since then nobody was told of
 * it, nor was anything sent there again.
 */
#define REFUSED                                                                \
	DELIVERY " FROM delivery AS d INDEXED BY delivery_refused"             \
		 " JOIN outbox AS m ON m.id = d.outbox"                        \
		 " JOIN record AS r ON r.id = m.record"                        \
		 " WHERE d.state = 'refused' AND d.changed >= ?1 - 31 * 86400" \
		 " AND" IN_FORCE " AND NOT EXISTS (SELECT 1 FROM event AS e"   \
		 " WHERE e.record = r.id AND e.what = 'told'"                  \
		 " AND e.at >= d.changed)"                                     \
		 " AND NOT EXISTS (SELECT 1 FROM outbox AS n"                  \
		 " JOIN delivery AS x ON x.outbox = n.id"                      \
		 " WHERE n.record = m.record AND n.id > m.id"                  \
		 " AND n.kind = 'document' AND x.organ_id = d.organ_id))"

#define RECORD(since, organ)                                                   \
	" FROM (SELECT 0 AS id, r.book AS book, r.year AS year,"               \
	" r.number AS number, " organ " AS organ, NULL AS business,"           \
	" r.state AS state, NULL AS reason, NULL AS kind, 1 AS n,"             \
	" " since " AS since, NULL AS next_try, 0 AS attempts,"                \
	" r.due AS due, NULL AS envelope, r.keeper AS keeper,"                 \
	" r.urgency AS urgency FROM record AS r"

#define LATE " WHERE since < ?1 AND (since < ?2 OR urgency <> 'none')"

/* A signature is never older than its record: the index bounds both. */
#define UNISSUED                                                               \
	RECORD("coalesce((SELECT min(e.at) FROM event AS e"                    \
	       " WHERE e.record = r.id AND e.what = 'signed'), r.registered)", \
	    "NULL")                                                            \
	" INDEXED BY record_unissued"                                          \
	" WHERE r.state IN ('registered', 'signed') AND r.book <> 'in'"        \
	" AND r.registered < ?1)" LATE

#define UNASSIGNED                                                             \
	RECORD("r.registered", "r.organ_id")                                   \
	" INDEXED BY record_unassigned"                                        \
	" WHERE r.state = 'registered' AND r.book = 'in'"                      \
	" AND r.registered < ?1)" LATE

/* A date as SQL writes it, of the day that began at ?1. */
#define OVERDUE                                                                \
	RECORD("r.registered", "r.organ_id")                                   \
	" INDEXED BY record_overdue"                                           \
	" WHERE r.due IS NOT NULL AND r.book = 'in'"                           \
	" AND r.state IN ('registered', 'assigned', 'processing')"             \
	" AND r.due < date(?1, 'unixepoch', '+7 hours')"                       \
	")"

#define INBOX                                                                  \
	" FROM (SELECT i.id AS id, r.book AS book, r.year AS year,"            \
	" r.number AS number, i.from_id AS organ, i.business AS business,"     \
	" r.state AS state, i.reason AS reason, i.kind AS kind, 1 AS n,"       \
	" i.received AS since, NULL AS next_try, 0 AS attempts,"               \
	" NULL AS due, i.envelope AS envelope, r.keeper AS keeper"             \
	" FROM inbox AS i"

/*
 * Somebody had it on the desk: a keeper, or work that had begun; and nobody
 * has told them of it, or given it to somebody else since.
 */
#define CHANGED                                                                \
	" FROM (SELECT 0 AS id, r.book AS book, r.year AS year,"               \
	" r.number AS number, coalesce(r.sender_id, r.organ_id) AS organ,"     \
	" CASE e.what WHEN 'recalled' THEN 'recall'"                           \
	" WHEN 'updated' THEN 'update' ELSE 'replace' END AS business,"        \
	" r.state AS state, e.reason AS reason, NULL AS kind, 1 AS n,"         \
	" e.at AS since, NULL AS next_try, 0 AS attempts,"                     \
	" NULL AS due, NULL AS envelope, r.keeper AS keeper, max(e.id) AS at"  \
	" FROM event AS e INDEXED BY event_changed"                            \
	" JOIN record AS r ON r.id = e.record"                                 \
	" WHERE e.what IN ('recalled', 'updated', 'replaced')"                 \
	" AND e.at >= ?1 - 31 * 86400 AND r.book = 'in'"                       \
	" AND (r.keeper IS NOT NULL OR EXISTS (SELECT 1 FROM event AS c"       \
	" WHERE c.record = r.id AND c.what = 'corrected'))"                    \
	" AND NOT EXISTS (SELECT 1 FROM event AS c WHERE c.record = r.id"      \
	" AND c.what IN ('corrected', 'told') AND c.id > e.id)"                \
	" GROUP BY r.id)"

#define HELD                                                                   \
	INBOX " INDEXED BY inbox_held LEFT JOIN record AS r"                   \
	      " ON r.id = i.record WHERE i.result = 'held'"                    \
	      ")"

#define QUARANTINED                                                            \
	INBOX " INDEXED BY inbox_quarantined LEFT JOIN record AS r"            \
	      " ON r.id = i.record WHERE i.result = 'quarantined'"             \
	      " AND i.received >= ?3)"

static const struct {
	const char *name, *rows, *count;
} kinds[VT_WAITING_KINDS] = {
#define KIND(what, name, sql)                                                  \
	[what] = { name, COLUMNS sql OLDEST, COUNT sql ONE }
	KIND(VT_WAITING_QUEUED, "queued", QUEUED),
	KIND(VT_WAITING_FAILED, "failed", FAILED),
	KIND(VT_WAITING_REFUSED, "refused", REFUSED),
	KIND(VT_WAITING_UNANSWERED, "unanswered", UNANSWERED),
	KIND(VT_WAITING_UNISSUED, "unissued", UNISSUED),
	KIND(VT_WAITING_UNASSIGNED, "unassigned", UNASSIGNED),
	KIND(VT_WAITING_OVERDUE, "overdue", OVERDUE),
	KIND(VT_WAITING_CHANGED, "changed", CHANGED),
	KIND(VT_WAITING_HELD, "held", HELD),
	KIND(VT_WAITING_QUARANTINED, "quarantined", QUARANTINED),
#undef KIND
};

const char *
vt_waiting_name(enum vt_waiting what)
{
	return (size_t)what < VT_WAITING_KINDS ? kinds[what].name : "";
}

static void
row_read(struct vt_sql *q, struct vt_waiting_row *row)
{
	memset(row, 0, sizeof(*row));
	row->id = vt_sql_get_int(q, 0);
	if (!vt_sql_is_null(q, 1))
		vt_ref_text(vt_sql_get_str(q, 1), (int)vt_sql_get_int(q, 2),
		    vt_sql_get_int(q, 3), row->ref);
	row->organ_id = vt_sql_get_str(q, 4);
	row->business = vt_sql_get_str(q, 5);
	row->state = vt_sql_get_str(q, 6);
	row->reason = vt_sql_get_str(q, 7);
	row->status =
	    vt_store_kind_of(vt_sql_get_str(q, 8)) == VT_MESSAGE_STATUS;
	row->n = vt_sql_get_int(q, 9);
	row->since = vt_sql_get_time(q, 10);
	row->next_try = vt_sql_get_time(q, 11);
	row->attempts = (int)vt_sql_get_int(q, 12);
	row->due = vt_sql_get_date(q, 13);
	row->keeper = vt_sql_get_str(q, 15);
	row->has_envelope = vt_sql_get_sha256(q, 14, row->envelope);
}

static void
bind(struct vt_sql *q, const struct vt_waiting_query *want)
{
	vt_sql_int(q, want->today);
	vt_sql_int(q, want->before);
	vt_sql_int(q, want->recent);
	vt_sql_int(q, (int64_t)want->limit);
}

int
vt_store_waiting(struct vt_store *s, enum vt_waiting what,
    const struct vt_waiting_query *want, vt_store_waiting_fn *fn, void *ctx,
    int64_t *ret, struct vt_error *err)
{
	struct vt_waiting_row row;
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s, kinds[what].count, err);
	bind(&q, want);
	if ((rc = vt_sql_one(&q, ret)) != VT_OK || *ret == 0)
		return rc;
	vt_sql_begin(&q, s, kinds[what].rows, err);
	bind(&q, want);
	while (vt_sql_row(&q)) {
		row_read(&q, &row);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &row, err));
	}
	return vt_sql_end(&q);
}
