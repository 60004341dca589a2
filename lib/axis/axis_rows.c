/* axis_rows.c - lists of messages, as the protocol's answers have them */
#include <stdio.h>
#include <string.h>

#include "axis_int.h"
#include "vanthu/json.h"
#include "vanthu/time.h"

#define PERIOD " AND m.created >= ?4 AND m.created <= ?5"

int
vt_axis_row_put(struct vt_buf *out, const struct vt_json_out *o,
    struct vt_error *err)
{
	int rc;

	if (out->len > 0 && (rc = vt_buf_putc(out, ',')) != VT_OK)
		return rc == VT_ENOMEM ? (int)vt_error_nomem(err)
				       : (int)vt_error_set(err, VT_ELIMIT, NULL,
					     "the list is too long");
	return vt_json_write(o, out, err);
}

char *
vt_axis_time_text(int64_t t, char out[32])
{
	struct vt_date d = vt_date_of(t);
	int64_t s = t - vt_date_start(d);

	snprintf(out, 32, "%02d/%02d/%04d %02d:%02d:%02d", d.day, d.month,
	    d.year, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
	return out;
}

bool
vt_axis_time_parse(const char *text, int64_t *ret)
{
	char date[VT_TIME_TEXT], rest;
	int day, month, year, hour = 0, min = 0, sec = 0, n;
	struct vt_date d;

	n = sscanf(text, "%2d/%2d/%4d %2d:%2d:%2d%c", &day, &month, &year,
	    &hour, &min, &sec, &rest);
	if ((n != 3 && n != 6) || day < 1 || month < 1 || year < 1000 ||
	    hour < 0 || hour > 23 || min < 0 || min > 59 || sec < 0 || sec > 60)
		return false;
	snprintf(date, sizeof(date), "%04d-%02d-%02d", year, month, day);
	if (!vt_date_parse(date, &d))
		return false;
	*ret = vt_date_start(d) + hour * 3600 + min * 60 + sec;
	return true;
}

static const char *
class_name(bool status)
{
	return status ? "status" : "edoc";
}

static void
bind_account(struct axis_sql *q, const struct axis_account *account,
    bool status)
{
	vt_axis_sql_int(q, account->id);
	vt_axis_sql_int(q, account->centre);
	vt_axis_sql_int(q, status);
}

static void
received_row(struct vt_json_out *o, const struct axis_sql *q, bool status)
{
	char time[32];

	vt_json_put_str(o, "docId", vt_axis_sql_get_text(q, 0));
	vt_json_put_str(o, "serviceType", "eDoc");
	vt_json_put_str(o, "messageType", class_name(status));
	vt_json_put_str(o, "created_time",
	    vt_axis_time_text(vt_axis_sql_get_int(q, 1), time));
	vt_json_put_str(o, "updated_time",
	    vt_axis_time_text(vt_axis_sql_get_int(q, 2), time));
	vt_json_put_str(o, "from", vt_axis_sql_get_text(q, 3));
	vt_json_put_str(o, "to", vt_axis_sql_get_text(q, 4));
	vt_json_put_str(o, "status", vt_axis_sql_get_text(q, 5));
	vt_json_put_str(o, "status_desc", "");
}

static void
sent_row(struct vt_json_out *o, const struct axis_sql *q, bool status)
{
	const char *state = vt_axis_sql_get_text(q, 4);
	const char *error = vt_axis_sql_get_text(q, 5);
	char time[32];

	vt_json_put_str(o, "senderDocId", vt_axis_sql_get_text(q, 0));
	vt_json_put_str(o, "receiverDocId", vt_axis_sql_get_text(q, 1));
	vt_json_put_str(o, "fromCode", vt_axis_sql_get_text(q, 2));
	vt_json_put_str(o, "toCode", vt_axis_sql_get_text(q, 3));
	vt_json_put_str(o, "sendStatus", error != NULL ? "fail" : "done");
	vt_json_put_str(o, "sendStatusDesc", error != NULL ? error : "");
	vt_json_put_str(o, "receiveStatus", error != NULL ? "" : state);
	vt_json_put_str(o, "receiveStatusDesc", vt_axis_sql_get_text(q, 6));
	vt_json_put_str(o, "sentTime",
	    vt_axis_time_text(vt_axis_sql_get_int(q, 7), time));
	vt_json_put_str(o, "receivedTime",
	    strcmp(state, "done") == 0
		? vt_axis_time_text(vt_axis_sql_get_int(q, 8), time)
		: "");
	vt_json_put_str(o, "title", vt_axis_sql_get_text(q, 9));
	vt_json_put_str(o, "notation", vt_axis_sql_get_text(q, 10));
	vt_json_put_str(o, "serviceType", "eDoc");
	vt_json_put_str(o, "messageType", class_name(status));
}

/* All rows of Q, by ROW; then it is ended. */
static int
put_rows(struct axis_sql *q, bool status,
    void (*row)(struct vt_json_out *o, const struct axis_sql *q, bool status),
    struct vt_buf *out, struct vt_error *err)
{
	int rc = VT_OK;

	while (rc == VT_OK && vt_axis_sql_row(q)) {
		struct vt_json_out *o = vt_json_out_new();

		if (o == NULL)
			rc = vt_error_nomem(err);
		else {
			row(o, q, status);
			rc = vt_axis_row_put(out, o, err);
		}
		vt_json_out_free(o);
	}
	return vt_axis_sql_end(q) != VT_OK ? q->rc : rc;
}

int
vt_axis_received(struct vt_axis *a, const struct axis_account *account,
    bool status, const struct axis_period *period, struct vt_buf *out,
    struct vt_error *err)
{
	struct axis_sql q;
	int rc;

	vt_axis_lock(a);
	vt_axis_sql(&q, a,
	    AXIS_MEMBERS
	    " SELECT d.doc_id, m.created, d.updated, s.code, d.code, d.state"
	    " FROM delivery d JOIN message m ON m.id = d.message"
	    " JOIN agency s ON s.id = m.sender"
	    " WHERE d.waits = 1 AND d.agency IN member AND m.status = ?3" PERIOD
	    " ORDER BY d.id LIMIT ?6",
	    err);
	bind_account(&q, account, status);
	vt_axis_sql_int(&q, period->from == VT_TIME_NONE ? 0 : period->from);
	vt_axis_sql_int(&q,
	    period->to == VT_TIME_NONE ? INT64_MAX : period->to);
	vt_axis_sql_int(&q, VT_AXIS_LISTED);
	rc = put_rows(&q, status, received_row, out, err);
	vt_axis_unlock(a);
	return rc;
}

/* *RET: the message DOC_ID, where ACCOUNT sent it; else 0. */
static int
find_sent(struct vt_axis *a, const struct axis_account *account,
    const char *doc_id, int64_t *ret, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    AXIS_MEMBERS " SELECT id FROM message WHERE doc_id = ?3"
			 " AND sender IN member",
	    err);
	vt_axis_sql_int(&q, account->id);
	vt_axis_sql_int(&q, account->centre);
	vt_axis_sql_text(&q, doc_id);
	return vt_axis_sql_one(&q, ret);
}

/*
 * The newest are chosen by an index alone, before anything is read of them: who
 * sent many holds nobody up.
 */
#define SENT_ALL                                                               \
	AXIS_MEMBERS ", n(id) AS (SELECT id FROM message"                      \
		     " WHERE sender IN member AND status = ?3"                 \
		     " ORDER BY id DESC LIMIT ?4)"
#define SENT_ONE                                                               \
	AXIS_MEMBERS ", n(id) AS (SELECT id FROM message"                      \
		     " WHERE id = ?5 AND status = ?3 AND sender IN member)"
#define SENT_ROWS                                                              \
	" SELECT m.doc_id, d.doc_id, s.code, d.code, d.state, d.error,"        \
	" d.description, m.created, d.updated, m.title, m.notation"            \
	" FROM n CROSS JOIN message m ON m.id = n.id"                          \
	" CROSS JOIN delivery d ON d.message = m.id"                           \
	" JOIN agency s ON s.id = m.sender"                                    \
	" ORDER BY m.id DESC, d.id DESC LIMIT ?4"

int
vt_axis_sent_rows(struct vt_axis *a, const struct axis_account *account,
    bool status, const char *doc_id, struct vt_buf *out, struct vt_error *err)
{
	struct axis_sql q;
	int64_t one = 0;
	int rc = VT_OK;

	vt_axis_lock(a);
	if (doc_id != NULL)
		rc = find_sent(a, account, doc_id, &one, err);
	if (rc == VT_OK) {
		vt_axis_sql(&q, a,
		    one != 0 ? SENT_ONE SENT_ROWS : SENT_ALL SENT_ROWS, err);
		bind_account(&q, account, status);
		vt_axis_sql_int(&q, VT_AXIS_LISTED);
		if (one != 0)
			vt_axis_sql_int(&q, one);
		rc = put_rows(&q, status, sent_row, out, err);
	}
	vt_axis_unlock(a);
	return rc;
}

int
vt_axis_count(struct vt_axis *a, const struct axis_account *account,
    bool status, int64_t *ret, struct vt_error *err)
{
	struct axis_sql q;
	int rc;

	vt_axis_lock(a);
	vt_axis_sql(&q, a,
	    AXIS_MEMBERS " SELECT count(*) FROM delivery d"
			 " JOIN message m ON m.id = d.message"
			 " WHERE d.waits = 1 AND d.agency IN member"
			 " AND m.status = ?3",
	    err);
	bind_account(&q, account, status);
	rc = vt_axis_sql_one(&q, ret);
	vt_axis_unlock(a);
	return rc;
}
