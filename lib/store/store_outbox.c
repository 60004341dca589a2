/* store_outbox.c - messages of ours and their deliveries */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

static const char *const kinds[] = { "document", "status" };
static const char *const states[] = { "queued", "sent", "arrived", "accepted",
	"refused", "processing", "done", "failed" };

#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))
#define NSTATES (sizeof(states) / sizeof(states[0]))

const char *
vt_message_kind_name(enum vt_message_kind k)
{
	return (size_t)k < NKINDS ? kinds[k] : "";
}

enum vt_message_kind
vt_store_kind_of(const char *name)
{
	return name != NULL && strcmp(name, kinds[VT_MESSAGE_STATUS]) == 0
		   ? VT_MESSAGE_STATUS
		   : VT_MESSAGE_DOCUMENT;
}

const char *
vt_delivery_state_name(enum vt_delivery_state st)
{
	return (size_t)st < NSTATES ? states[st] : "";
}

static enum vt_delivery_state
state_of(const char *name)
{
	size_t i;

	for (i = 0; i < NSTATES; i++)
		if (name != NULL && strcmp(states[i], name) == 0)
			return (enum vt_delivery_state)i;
	return VT_DELIVERY_FAILED;
}

void
vt_outbox_release(struct vt_outbox *m)
{
	free(m->business);
	free(m->document_id);
	free(m->reason);
	free(m->detail);
	memset(m, 0, sizeof(*m));
}

static const char *const roles[] = {
	[VT_ROLE_ACT] = "act",
	[VT_ROLE_REPORT] = "report",
	[VT_ROLE_KNOW] = "know",
};

const char *
vt_role_name(enum vt_role r)
{
	return (size_t)r < sizeof(roles) / sizeof(roles[0]) ? roles[r] : "";
}

/* Of before there were any: NULL. */
static enum vt_role
role_of(const char *name)
{
	size_t i = sizeof(roles) / sizeof(roles[0]);

	while (name != NULL && --i > 0)
		if (strcmp(roles[i], name) == 0)
			return (enum vt_role)i;
	return VT_ROLE_ACT;
}

void
vt_delivery_release(struct vt_delivery *d)
{
	free(d->organ_id);
	free(d->organ_name);
	free(d->unit);
	free(d->reason);
	memset(d, 0, sizeof(*d));
}

void
vt_store_status_release(struct vt_store_status *st)
{
	free(st->code);
	free(st->description);
	memset(st, 0, sizeof(*st));
}

#define OUTBOX_COLUMNS                                                         \
	"m.id, m.record, m.inbox, m.kind, m.business, m.document_id,"          \
	" m.reason, m.urgency, m.created, m.envelope, m.detail"

static void
outbox_row(struct vt_sql *q, struct vt_outbox *m)
{
	m->id = vt_sql_get_int(q, 0);
	m->record = vt_sql_get_int(q, 1);
	m->inbox = vt_sql_get_int(q, 2);
	m->kind = vt_store_kind_of(vt_sql_get_str(q, 3));
	vt_sql_get_text(q, 4, &m->business);
	vt_sql_get_text(q, 5, &m->document_id);
	vt_sql_get_text(q, 6, &m->reason);
	m->urgency = (enum vt_urgency)vt_sql_get_int(q, 7);
	m->created = vt_sql_get_int(q, 8);
	m->has_envelope = vt_sql_get_sha256(q, 9, m->envelope);
	vt_sql_get_text(q, 10, &m->detail);
}

int
vt_store_outbox_add(struct vt_store *s, struct vt_outbox *m,
    struct vt_error *err)
{
	int64_t created = m->created != 0 ? m->created : vt_time_now();
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO outbox (record, inbox, kind, business, document_id,"
	    " reason, urgency, created, envelope, detail)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_id(&q, m->record);
	vt_sql_id(&q, m->inbox);
	vt_sql_text(&q, vt_message_kind_name(m->kind));
	vt_sql_text(&q, m->business);
	vt_sql_text(&q, m->document_id);
	vt_sql_text(&q, m->reason);
	vt_sql_int(&q, m->urgency);
	vt_sql_int(&q, created);
	vt_sql_sha256(&q, m->has_envelope ? m->envelope : NULL);
	vt_sql_text(&q, m->detail);
	if ((rc = vt_sql_run(&q)) == VT_OK) {
		m->id = sqlite3_last_insert_rowid(s->db);
		m->created = created;
	}
	return rc;
}

int
vt_store_outbox_get(struct vt_store *s, int64_t id, struct vt_outbox *ret,
    struct vt_error *err)
{
	struct vt_outbox m;
	struct vt_sql q;
	bool found;
	int rc;

	memset(&m, 0, sizeof(m));
	vt_sql_begin(&q, s,
	    "SELECT " OUTBOX_COLUMNS " FROM outbox AS m WHERE m.id = ?", err);
	vt_sql_int(&q, id);
	if ((found = vt_sql_row(&q)))
		outbox_row(&q, &m);
	rc = vt_sql_end(&q);
	if (rc == VT_OK && !found)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such message");
	if (rc == VT_OK)
		*ret = m;
	else
		vt_outbox_release(&m);
	return rc;
}

int
vt_store_outbox_envelope_set(struct vt_store *s, int64_t id,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s, "UPDATE outbox SET envelope = ? WHERE id = ?", err);
	vt_sql_sha256(&q, sha256);
	vt_sql_int(&q, id);
	if ((rc = vt_sql_run(&q)) == VT_OK && sqlite3_changes(s->db) == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such message");
	return rc;
}

int
vt_store_delivery_add(struct vt_store *s, struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_sql q;
	int64_t now = vt_time_now();
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO delivery (outbox, organ_id, organ_name, unit, state,"
	    " reason, attempts, next_try, changed, status, role, kind)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " (SELECT kind FROM outbox WHERE id = ?1))",
	    &why);
	vt_sql_int(&q, d->outbox);
	vt_sql_text(&q, d->organ_id);
	vt_sql_text(&q, d->organ_name);
	vt_sql_text(&q, d->unit);
	vt_sql_text(&q, vt_delivery_state_name(d->state));
	vt_sql_text(&q, d->reason);
	vt_sql_int(&q, d->attempts);
	vt_sql_time(&q, d->next_try);
	vt_sql_int(&q, now);
	vt_sql_int(&q, d->status);
	vt_sql_text(&q, vt_role_name(d->role));
	rc = vt_sql_run(&q);
	if (rc == VT_OK) {
		d->id = sqlite3_last_insert_rowid(s->db);
		d->changed = now;
	} else if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL, "%s has the message already",
		    d->organ_id);
	else
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	return rc;
}

int
vt_store_delivery_update(struct vt_store *s, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "UPDATE delivery SET state = ?, reason = ?, attempts = ?,"
	    " next_try = ?, changed = ?, status = ? WHERE id = ?",
	    err);
	vt_sql_text(&q, vt_delivery_state_name(d->state));
	vt_sql_text(&q, d->reason);
	vt_sql_int(&q, d->attempts);
	vt_sql_time(&q, d->next_try);
	vt_sql_int(&q, vt_time_now());
	vt_sql_int(&q, d->status);
	vt_sql_int(&q, d->id);
	if ((rc = vt_sql_run(&q)) == VT_OK && sqlite3_changes(s->db) == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such delivery");
	return rc;
}

/* A delivery with its message, as one row of an answer. */
struct pair {
	struct vt_outbox m;
	struct vt_delivery d;
	bool first; /* wanted so */
};

static void
pair_row(struct vt_sql *q, struct pair *p)
{
	outbox_row(q, &p->m);
	p->d.id = vt_sql_get_int(q, 11);
	p->d.outbox = vt_sql_get_int(q, 12);
	vt_sql_get_text(q, 13, &p->d.organ_id);
	vt_sql_get_text(q, 14, &p->d.organ_name);
	vt_sql_get_text(q, 15, &p->d.unit);
	p->d.state = state_of(vt_sql_get_str(q, 16));
	vt_sql_get_text(q, 17, &p->d.reason);
	p->d.attempts = (int)vt_sql_get_int(q, 18);
	p->d.next_try = vt_sql_get_time(q, 19);
	p->d.changed = vt_sql_get_int(q, 20);
	p->d.status = (enum vt_status)vt_sql_get_int(q, 21);
	p->d.role = role_of(vt_sql_get_str(q, 22));
}

#define PAIR_SELECT                                                            \
	"SELECT " OUTBOX_COLUMNS ", d.id, d.outbox, d.organ_id,"               \
	" d.organ_name, d.unit, d.state, d.reason, d.attempts, d.next_try,"    \
	" d.changed, d.status, d.role FROM delivery AS d"                      \
	" JOIN outbox AS m ON m.id = d.outbox WHERE"

/* What a delivery must fit; ?1 to ?4, each NULL for any. */
#define PAIR_FITS                                                              \
	" (?1 IS NULL OR m.record = ?1) AND (?2 IS NULL OR d.outbox = ?2)"     \
	" AND (?3 IS NULL OR m.document_id = ?3)"                              \
	" AND (?4 IS NULL OR d.organ_id = ?4)"

static void
pairs_begin(struct vt_sql *q, struct vt_store *s,
    const struct vt_delivery_query *want, struct vt_error *err)
{
	/* SQLite uses an index only for a condition that stands by itself */
	if (want->due != VT_TIME_NONE)
		vt_sql_begin(q, s,
		    PAIR_SELECT " d.state = 'queued' AND (d.next_try <= ?5 OR"
				" d.next_try > ?7) AND" PAIR_FITS
				" ORDER BY m.urgency DESC, d.id LIMIT ?6",
		    err);
	else if (want->outbox != 0)
		vt_sql_begin(q, s,
		    PAIR_SELECT " d.outbox = ?2 AND" PAIR_FITS
				" AND ?5 IS NULL ORDER BY d.id LIMIT ?6",
		    err);
	else if (want->record != 0)
		vt_sql_begin(q, s,
		    PAIR_SELECT " m.record = ?1 AND" PAIR_FITS
				" AND ?5 IS NULL ORDER BY d.id LIMIT ?6",
		    err);
	else if (want->document_id != NULL)
		vt_sql_begin(q, s,
		    PAIR_SELECT " m.document_id = ?3 AND" PAIR_FITS
				" AND ?5 IS NULL ORDER BY d.id LIMIT ?6",
		    err);
	else
		vt_sql_begin(q, s,
		    PAIR_SELECT PAIR_FITS
		    " AND ?5 IS NULL ORDER BY d.id LIMIT ?6",
		    err);
}

/* The last instant that a pause beginning at DUE may end at. */
static int64_t
latest_try(int64_t due)
{
	return due > INT64_MAX - VT_DELIVERY_PAUSE_MAX
		   ? INT64_MAX
		   : due + VT_DELIVERY_PAUSE_MAX;
}

int
vt_store_deliveries(struct vt_store *s, const struct vt_delivery_query *want,
    vt_store_delivery_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_rows rows = { NULL, 0, 0 };
	struct pair *pairs, *p;
	struct vt_sql q;
	size_t i;
	int rc;

	pairs_begin(&q, s, want, err);
	vt_sql_id(&q, want->record);
	vt_sql_id(&q, want->outbox);
	vt_sql_text(&q, want->document_id);
	vt_sql_text(&q, want->organ_id);
	vt_sql_time(&q, want->due);
	vt_sql_int(&q, want->limit == 0 ? -1 : (int64_t)want->limit);
	if (want->due != VT_TIME_NONE)
		vt_sql_int(&q, latest_try(want->due));
	while (vt_sql_row(&q)) {
		if ((p = vt_rows_add(&rows, sizeof(*p), err)) == NULL)
			vt_sql_fail(&q, VT_ENOMEM);
		else
			pair_row(&q, p);
	}
	rc = vt_sql_end(&q);
	pairs = rows.items;
	for (i = 0; i < rows.n && rc == VT_OK && want->first != NULL; i++)
		pairs[i].first = want->first(want->first_ctx, &pairs[i].d);
	for (i = 0; i < rows.n && rc == VT_OK; i++)
		if (pairs[i].first)
			rc = fn(ctx, &pairs[i].m, &pairs[i].d, err);
	for (i = 0; i < rows.n && rc == VT_OK; i++)
		if (!pairs[i].first)
			rc = fn(ctx, &pairs[i].m, &pairs[i].d, err);
	for (i = 0; i < rows.n; i++) {
		vt_outbox_release(&pairs[i].m);
		vt_delivery_release(&pairs[i].d);
	}
	free(rows.items);
	return rc;
}

int
vt_store_queued(struct vt_store *s, int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT count(*) FROM delivery WHERE state = 'queued'", err);
	return vt_sql_one(&q, ret);
}

int
vt_store_status_add(struct vt_store *s, struct vt_store_status *st,
    struct vt_error *err)
{
	int64_t received = st->received != 0 ? st->received : vt_time_now();
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO status (delivery, code, description, timestamp,"
	    " received, unusual) VALUES (?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_int(&q, st->delivery);
	vt_sql_text(&q, st->code);
	vt_sql_text(&q, st->description);
	vt_sql_time(&q, st->timestamp);
	vt_sql_int(&q, received);
	vt_sql_int(&q, st->unusual);
	if ((rc = vt_sql_run(&q)) == VT_OK) {
		st->id = sqlite3_last_insert_rowid(s->db);
		st->received = received;
	}
	return rc;
}

int
vt_store_statuses(struct vt_store *s, int64_t delivery, vt_store_status_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct vt_store_status st;
	struct vt_sql q;

	memset(&st, 0, sizeof(st));
	vt_sql_begin(&q, s,
	    "SELECT id, delivery, code, description, timestamp, received,"
	    " unusual FROM status WHERE delivery = ? ORDER BY id",
	    err);
	vt_sql_int(&q, delivery);
	while (vt_sql_row(&q)) {
		st.id = vt_sql_get_int(&q, 0);
		st.delivery = vt_sql_get_int(&q, 1);
		vt_sql_get_text(&q, 2, &st.code);
		vt_sql_get_text(&q, 3, &st.description);
		st.timestamp = vt_sql_get_time(&q, 4);
		st.received = vt_sql_get_int(&q, 5);
		st.unusual = vt_sql_get_int(&q, 6) != 0;
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &st, err));
	}
	vt_store_status_release(&st);
	return vt_sql_end(&q);
}
