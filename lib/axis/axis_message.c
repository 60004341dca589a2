/* axis_message.c - messages: taken in once, for each recipient until he is done
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "axis_int.h"
#include "vanthu/objects.h"
#include "vanthu/time.h"

/* ---- names ---- */

/* RFC 9562, 5.4: nobody guesses another's. */
static int
make_id(char out[AXIS_DOC_ID], struct vt_error *err)
{
	unsigned char r[16];

	if (RAND_bytes(r, sizeof(r)) != 1)
		return vt_error_set(err, VT_ECRYPTO, NULL, "no random numbers");
	r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
	r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
	snprintf(out, AXIS_DOC_ID,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10],
	    r[11], r[12], r[13], r[14], r[15]);
	return VT_OK;
}

static int
compare_codes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One digest for the same recipients in whatever order. */
static int
recipients_key(const struct vt_list *to, unsigned char out[VT_SHA256_LEN],
    struct vt_error *err)
{
	char **sorted = malloc((to->n + 1) * sizeof(*sorted));
	struct vt_sha256 *d = NULL;
	size_t i;
	int rc;

	if (sorted == NULL)
		return vt_error_nomem(err);
	if (to->n > 0)
		memcpy(sorted, to->items, to->n * sizeof(*sorted));
	qsort(sorted, to->n, sizeof(*sorted), compare_codes);
	rc = vt_sha256_new(&d, err);
	for (i = 0; rc == VT_OK && i < to->n; i++) /* the NUL keeps apart */
		rc = vt_sha256_update(d,
		    VT_BYTES(sorted[i], strlen(sorted[i]) + 1), err);
	if (rc == VT_OK)
		rc = vt_sha256_final(d, out, err);
	vt_sha256_free(d);
	free(sorted);
	return rc;
}

/* ---- sending ---- */

/* *RET: the agency that gets it, or 0 and *RET_ERROR why nobody does. */
static int
resolve(struct vt_axis *a, const char *code, int64_t *ret,
    const char **ret_error, struct vt_error *err)
{
	bool locked = false;
	int rc;

	*ret_error = NULL;
	if ((rc = vt_axis_agency_find(a, code, ret, &locked, err)) != VT_OK)
		return rc;
	if (*ret == 0)
		*ret_error = VT_VXP_NO_RECEIVER;
	else if (locked)
		*ret_error = VT_VXP_LOCKED;
	return VT_OK;
}

static int
find_message(struct vt_axis *a, const struct axis_sending *s,
    const unsigned char *key, int64_t *ret, char doc_id[AXIS_DOC_ID],
    struct vt_error *err)
{
	struct axis_sql q;

	*ret = 0;
	vt_axis_sql(&q, a,
	    "SELECT id, doc_id FROM message WHERE sender = ? AND status = ?"
	    " AND sha256 = ? AND recipients = ?",
	    err);
	vt_axis_sql_int(&q, s->sender);
	vt_axis_sql_int(&q, s->status);
	vt_axis_sql_blob(&q, s->sha256, VT_SHA256_LEN);
	vt_axis_sql_blob(&q, key, VT_SHA256_LEN);
	if (vt_axis_sql_row(&q)) {
		*ret = vt_axis_sql_get_int(&q, 0);
		snprintf(doc_id, AXIS_DOC_ID, "%s",
		    vt_axis_sql_get_text(&q, 1));
	}
	return vt_axis_sql_end(&q);
}

/* Bytes of SENDER's messages that somebody has not confirmed. */
static int
waiting_bytes(struct vt_axis *a, int64_t sender, int64_t *ret,
    struct vt_error *err)
{
	struct axis_sql q;

	/* "+": what waits is looked at, and not all that was ever sent */
	vt_axis_sql(&q, a,
	    "SELECT ifnull(sum(size), 0) FROM message m WHERE +sender = ?1 AND"
	    " id IN (SELECT message FROM delivery WHERE waits = 1)",
	    err);
	vt_axis_sql_int(&q, sender);
	return vt_axis_sql_one(&q, ret);
}

/* Is S here, and does somebody wait for it?  Then it takes no more room. */
static int
waits_already(struct vt_axis *a, const struct axis_sending *s, bool *ret,
    struct vt_error *err)
{
	unsigned char key[VT_SHA256_LEN];
	char doc_id[AXIS_DOC_ID];
	struct axis_sql q;
	int64_t id, n = 0;
	int rc;

	*ret = false;
	if ((rc = recipients_key(s->to, key, err)) != VT_OK ||
	    (rc = find_message(a, s, key, &id, doc_id, err)) != VT_OK ||
	    id == 0)
		return rc;
	vt_axis_sql(&q, a,
	    "SELECT count(*) FROM delivery WHERE message = ?1 AND waits = 1",
	    err);
	vt_axis_sql_int(&q, id);
	rc = vt_axis_sql_one(&q, &n);
	*ret = n > 0;
	return rc;
}

/* What is being stored takes its room already. */
static int
check_room(struct vt_axis *a, const struct axis_sending *s,
    struct vt_error *err)
{
	uint64_t quota = (uint64_t)(s->account->quota != 0 ? s->account->quota
							   : VT_AXIS_QUOTA);
	const struct axis_sending *other;
	int64_t used = 0;
	uint64_t all;
	int rc;

	if ((rc = waiting_bytes(a, s->sender, &used, err)) != VT_OK)
		return rc;
	all = (uint64_t)used;
	for (other = a->sending; other != NULL; other = other->next)
		if (other->sender == s->sender)
			all += other->size;
	if (all > quota || s->size > quota - all)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "%llu bytes of it wait already", (unsigned long long)all);
	return VT_OK;
}

static int
take_room(struct vt_axis *a, struct axis_sending *s, struct vt_error *err)
{
	bool waits;
	int rc;

	if ((rc = waits_already(a, s, &waits, err)) != VT_OK || waits)
		return rc;
	if ((rc = check_room(a, s, err)) == VT_OK) {
		s->next = a->sending;
		a->sending = s;
	}
	return rc;
}

static void
leave_room(struct vt_axis *a, const struct axis_sending *s)
{
	struct axis_sending **at;

	for (at = &a->sending; *at != NULL; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			return;
		}
}

int
vt_axis_send_begin(struct vt_axis *a, struct axis_sending *s,
    const char **ret_code, struct vt_error *err)
{
	const char *error = VT_VXP_NO_RECEIVER, *first = NULL;
	int64_t id = 0;
	size_t i;
	int rc;

	*ret_code = NULL;
	vt_axis_lock(a);
	rc = take_room(a, s, err);
	for (i = 0; rc == VT_OK && i < s->to->n; i++) {
		rc = resolve(a, s->to->items[i], &id, &error, err);
		if (rc == VT_OK && error == NULL)
			break;
		if (first == NULL)
			first = error;
	}
	if (rc == VT_OK && (s->to->n == 0 || error != NULL)) {
		*ret_code = first != NULL ? first : VT_VXP_NO_RECEIVER;
		rc = vt_error_set(err, VT_EREFUSED, NULL, "nobody can get it");
	}
	if (rc != VT_OK)
		leave_room(a, s);
	vt_axis_unlock(a);
	return rc;
}

void
vt_axis_send_end(struct vt_axis *a, const struct axis_sending *s)
{
	vt_axis_lock(a);
	leave_room(a, s);
	vt_axis_unlock(a);
}

/* One recipient of the message ID; what waits or is done stays as it is. */
static int
deliver(struct vt_axis *a, int64_t id, const char *code, bool again,
    const char **ret_error, struct vt_error *err)
{
	char doc_id[AXIS_DOC_ID];
	struct axis_sql q;
	int64_t agency;
	int rc;

	if ((rc = resolve(a, code, &agency, ret_error, err)) != VT_OK ||
	    (rc = make_id(doc_id, err)) != VT_OK)
		return rc;
	if (*ret_error != NULL && again)
		return VT_OK; /* as before */
	vt_axis_sql(&q, a,
	    "INSERT INTO delivery (message, agency, code, doc_id, waits, state,"
	    " error, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (message, code) DO UPDATE SET"
	    " agency = excluded.agency, waits = 1, state = 'initial',"
	    " error = NULL, description = NULL, updated = excluded.updated"
	    " WHERE state = 'fail' AND excluded.waits = 1",
	    err);
	vt_axis_sql_int(&q, id);
	vt_axis_sql_id(&q, *ret_error == NULL ? agency : 0);
	vt_axis_sql_text(&q, code);
	vt_axis_sql_text(&q, doc_id);
	vt_axis_sql_int(&q, *ret_error == NULL);
	vt_axis_sql_text(&q, *ret_error == NULL ? "initial" : "fail");
	vt_axis_sql_text(&q, *ret_error);
	vt_axis_sql_int(&q, vt_time_now());
	return vt_axis_sql_run(&q);
}

static int
add_message(struct vt_axis *a, const struct axis_sending *s,
    const unsigned char *key, int64_t *ret, char doc_id[AXIS_DOC_ID],
    struct vt_error *err)
{
	struct axis_sql q;
	int rc;

	if ((rc = make_id(doc_id, err)) != VT_OK)
		return rc;
	vt_axis_sql(&q, a,
	    "INSERT INTO message (doc_id, sender, status, sha256, recipients,"
	    " size, created, document_id, notation, title)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_axis_sql_text(&q, doc_id);
	vt_axis_sql_int(&q, s->sender);
	vt_axis_sql_int(&q, s->status);
	vt_axis_sql_blob(&q, s->sha256, VT_SHA256_LEN);
	vt_axis_sql_blob(&q, key, VT_SHA256_LEN);
	vt_axis_sql_int(&q, (int64_t)s->size);
	vt_axis_sql_int(&q, vt_time_now());
	vt_axis_sql_text(&q, s->looked->document_id);
	vt_axis_sql_text(&q, s->looked->notation);
	vt_axis_sql_text(&q, s->looked->title);
	rc = vt_axis_sql_run(&q);
	*ret = sqlite3_last_insert_rowid(a->db);
	return rc;
}

/* Its file is here once more: the next time it is pruned it goes. */
static int
mark_kept(struct vt_axis *a, int64_t id, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    "UPDATE message SET pruned = 0 WHERE id = ?1 AND pruned = 1", err);
	vt_axis_sql_int(&q, id);
	return vt_axis_sql_run(&q);
}

static int
send_all(struct vt_axis *a, const struct axis_sending *s,
    const unsigned char *key, struct axis_sent *ret, struct vt_error *err)
{
	const char *error = NULL;
	int64_t id = 0;
	size_t i;
	int rc;

	rc = find_message(a, s, key, &id, ret->doc_id, err);
	ret->again = id != 0;
	if (rc == VT_OK && id == 0)
		rc = add_message(a, s, key, &id, ret->doc_id, err);
	if (rc == VT_OK && ret->again)
		rc = mark_kept(a, id, err);
	for (i = 0; rc == VT_OK && i < s->to->n; i++) {
		rc = deliver(a, id, s->to->items[i], ret->again, &error, err);
		if (rc == VT_OK && error != NULL)
			ret->missed[ret->nmissed++] =
			    (struct axis_missed){ s->to->items[i], error };
	}
	return rc;
}

int
vt_axis_send(struct vt_axis *a, const struct axis_sending *s,
    struct axis_sent *ret, struct vt_error *err)
{
	unsigned char key[VT_SHA256_LEN];
	int rc;

	memset(ret, 0, sizeof(*ret));
	if ((rc = recipients_key(s->to, key, err)) != VT_OK)
		return rc;
	ret->missed = calloc(s->to->n + 1, sizeof(*ret->missed));
	if (ret->missed == NULL)
		return vt_error_nomem(err);
	if ((rc = vt_axis_begin(a, err)) == VT_OK) {
		/* it was put before, and may have been pruned since */
		if (!vt_objects_has(a->objects, s->sha256))
			rc = vt_error_set(err, VT_EIO, NULL,
			    "the file of a message went away");
		else
			rc = send_all(a, s, key, ret, err);
		rc = vt_axis_end(a, rc, err);
	}
	if (rc != VT_OK) {
		free(ret->missed);
		ret->missed = NULL;
	}
	return rc;
}

/* ---- what waits, for whom it is ---- */

#define OWN_DELIVERY                                                           \
	AXIS_MEMBERS " SELECT d.id, m.sha256, d.state, m.pruned"               \
		     " FROM delivery d"                                        \
		     " JOIN message m ON m.id = d.message"                     \
		     " WHERE d.doc_id = ?3 AND d.agency IN member"

int
vt_axis_get(struct vt_axis *a, const struct axis_account *account,
    const char *doc_id, unsigned char sha256[VT_SHA256_LEN],
    struct vt_error *err)
{
	struct axis_sql q;
	bool found = false;
	int rc;

	vt_axis_lock(a);
	vt_axis_sql(&q, a, OWN_DELIVERY, err);
	vt_axis_sql_int(&q, account->id);
	vt_axis_sql_int(&q, account->centre);
	vt_axis_sql_text(&q, doc_id);
	if (vt_axis_sql_row(&q) && vt_axis_sql_get_int(&q, 3) == 0 &&
	    sqlite3_column_bytes(q.stmt, 1) == VT_SHA256_LEN) {
		memcpy(sha256, sqlite3_column_blob(q.stmt, 1), VT_SHA256_LEN);
		found = true;
	}
	rc = vt_axis_sql_end(&q);
	vt_axis_unlock(a);
	if (rc == VT_OK && !found)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "nothing waits under that id");
	return rc;
}

/* What is done stays done, whatever is said of it later. */
static int
set_state(struct vt_axis *a, int64_t id, const char *state, const char *why,
    struct vt_error *err)
{
	bool processing = strcmp(state, "processing") == 0;
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    "UPDATE delivery SET state = ?2, waits = ?3, description = ?4,"
	    " updated = ?5 WHERE id = ?1 AND"
	    " iif(?3, waits = 1, state <> 'done')",
	    err);
	vt_axis_sql_int(&q, id);
	vt_axis_sql_text(&q, state);
	vt_axis_sql_int(&q, processing);
	vt_axis_sql_text(&q, why);
	vt_axis_sql_int(&q, vt_time_now());
	return vt_axis_sql_run(&q);
}

int
vt_axis_update(struct vt_axis *a, const struct axis_account *account,
    const char *doc_id, const char *status, const char *description,
    struct vt_error *err)
{
	struct axis_sql q;
	int64_t id = 0;
	int rc;

	if (strcmp(status, "done") != 0 && strcmp(status, "fail") != 0 &&
	    strcmp(status, "processing") != 0)
		return vt_error_set(err, VT_EARG, NULL,
		    "the status is done, fail or processing");
	if ((rc = vt_axis_begin(a, err)) != VT_OK)
		return rc;
	vt_axis_sql(&q, a, OWN_DELIVERY, err);
	vt_axis_sql_int(&q, account->id);
	vt_axis_sql_int(&q, account->centre);
	vt_axis_sql_text(&q, doc_id);
	rc = vt_axis_sql_one(&q, &id);
	if (rc == VT_OK && id == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "nothing waits under that id");
	if (rc == VT_OK) /* a service object keeps older descriptions */
		rc = set_state(a, id, status,
		    strcmp(status, "fail") == 0 ? description : NULL, err);
	return vt_axis_end(a, rc, err);
}
