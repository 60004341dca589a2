/* axis_agency.c - who is at the axis, and for whom it may speak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "axis_int.h"
#include "vanthu/json.h"
#include "vanthu/text.h"
#include "vanthu/time.h"

#define CENTRE "W00" /* in the code of one that speaks for its members */
#define DEPTH 8      /* agencies that are a part of each other */

bool
vt_axis_code_valid(const char *code)
{
	size_t i;

	for (i = 0; code[i] != '\0'; i++)
		if (i >= VT_TRANSPORT_ORGAN_MAX ||
		    !((code[i] >= 'A' && code[i] <= 'Z') ||
			(code[i] >= 'a' && code[i] <= 'z') ||
			(code[i] >= '0' && code[i] <= '9') || code[i] == '.' ||
			code[i] == '-' || code[i] == '_'))
			return false;
	return i > 0 && code[0] != '.' && code[i - 1] != '.' &&
	       strstr(code, "..") == NULL;
}

static bool
is_centre(const char *code)
{
	return strstr(code, CENTRE) != NULL;
}

/* ---- finding ---- */

int
vt_axis_agency_find(struct vt_axis *a, const char *code, int64_t *ret,
    bool *ret_locked, struct vt_error *err)
{
	struct axis_sql q;

	*ret = 0;
	vt_axis_sql(&q, a,
	    "SELECT id, locked FROM agency"
	    " WHERE removed = 0 AND (code = ?1 OR code102 = ?1)",
	    err);
	vt_axis_sql_text(&q, code);
	if (vt_axis_sql_row(&q)) {
		*ret = vt_axis_sql_get_int(&q, 0);
		*ret_locked = vt_axis_sql_get_int(&q, 1) != 0;
	}
	return vt_axis_sql_end(&q);
}

int
vt_axis_account(struct vt_axis *a, const char *code, struct axis_account *ret,
    struct vt_secret *secret, bool *ret_found, struct vt_error *err)
{
	unsigned char nobodys[VT_SHA256_LEN];
	struct axis_sql q;
	int rc = VT_OK;

	memset(ret, 0, sizeof(*ret));
	*ret_found = false;
	vt_axis_lock(a);
	vt_axis_sql(&q, a,
	    "SELECT id, locked, quota, secret, code FROM agency"
	    " WHERE removed = 0 AND secret IS NOT NULL AND code = ?1",
	    err);
	vt_axis_sql_text(&q, code);
	if (vt_axis_sql_row(&q)) {
		*ret_found = true;
		ret->id = vt_axis_sql_get_int(&q, 0);
		ret->locked = vt_axis_sql_get_int(&q, 1) != 0;
		ret->quota = vt_axis_sql_get_int(&q, 2);
		rc = vt_secret_set(secret, sqlite3_column_blob(q.stmt, 3),
		    (size_t)sqlite3_column_bytes(q.stmt, 3), err);
		snprintf(ret->code, sizeof(ret->code), "%s",
		    vt_axis_sql_get_text(&q, 4));
		ret->centre = is_centre(ret->code);
	}
	if (vt_axis_sql_end(&q) != VT_OK)
		rc = q.rc;
	vt_axis_unlock(a);
	if (rc != VT_OK || *ret_found)
		return rc;
	/* who is not here is not told apart by the time that it takes */
	if (RAND_bytes(nobodys, sizeof(nobodys)) != 1)
		return vt_error_set(err, VT_ECRYPTO, NULL, "no random numbers");
	return vt_secret_set(secret, nobodys, sizeof(nobodys), err);
}

int
vt_axis_speaks_for(struct vt_axis *a, const struct axis_account *account,
    const char *code, int64_t *ret, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    AXIS_MEMBERS " SELECT agency.id FROM agency JOIN member"
			 " ON agency.id = member.id WHERE agency.removed = 0"
			 " AND (agency.code = ?3 OR agency.code102 = ?3)",
	    err);
	vt_axis_sql_int(&q, account->id);
	vt_axis_sql_int(&q, account->centre);
	vt_axis_sql_text(&q, code);
	return vt_axis_sql_one(&q, ret);
}

/* ---- registering ---- */

/* What may be said of an agency, whoever says it. */
static int
check(const struct vt_axis_agency *agency, const struct vt_secret *secret,
    struct vt_error *err)
{
	const char *const texts[] = { agency->name, agency->mail };
	size_t i;

	if (!vt_axis_code_valid(agency->code) ||
	    (agency->code102 != NULL && !vt_axis_code_valid(agency->code102)))
		return vt_error_set(err, VT_EARG, NULL,
		    "not an organ id that a message can be sent to: %s",
		    vt_axis_code_valid(agency->code) ? agency->code102
						     : agency->code);
	for (i = 0; i < 2; i++)
		if (texts[i] != NULL &&
		    (texts[i][0] == '\0' ||
			strlen(texts[i]) > VT_AXIS_NAME_MAX ||
			!vt_utf8_valid(vt_bytes_str(texts[i])) ||
			vt_text_hides(vt_bytes_str(texts[i]))))
			return vt_error_set(err, VT_EARG, NULL,
			    "%s: its name or address cannot be that",
			    agency->code);
	if (secret != NULL && (secret->len < VT_AXIS_SECRET_MIN ||
				  secret->len > VT_VXP_SECRET_MAX))
		return vt_error_set(err, VT_EARG, NULL,
		    "a secret has %d to %d bytes", VT_AXIS_SECRET_MIN,
		    VT_VXP_SECRET_MAX);
	return VT_OK;
}

/* Is CODE, as either code, another agency's than that of ID? */
static int
check_taken(struct vt_axis *a, const char *code, int64_t id,
    struct vt_error *err)
{
	struct axis_sql q;
	int64_t other = 0;
	int rc;

	if (code == NULL)
		return VT_OK;
	vt_axis_sql(&q, a,
	    "SELECT id FROM agency WHERE (code = ?1 OR code102 = ?1)"
	    " AND id <> ?2",
	    err);
	vt_axis_sql_text(&q, code);
	vt_axis_sql_int(&q, id);
	rc = vt_axis_sql_one(&q, &other);
	if (rc == VT_OK && other != 0)
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is another agency's code", code);
	return rc;
}

/* The id of the agency CODE, removed or not; 0: none. */
static int
id_of(struct vt_axis *a, const char *code, int64_t *ret, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a, "SELECT id FROM agency WHERE code = ?1", err);
	vt_axis_sql_text(&q, code);
	return vt_axis_sql_one(&q, ret);
}

/* The parent's id; nobody is a part of itself, over whatever steps. */
static int
parent_of(struct vt_axis *a, const char *code, int64_t id, int64_t *ret,
    struct vt_error *err)
{
	struct axis_sql q;
	int64_t up = 0;
	bool locked;
	int i, rc;

	*ret = 0;
	if (code == NULL)
		return VT_OK;
	if ((rc = vt_axis_agency_find(a, code, ret, &locked, err)) != VT_OK)
		return rc;
	if (*ret == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no agency has the code %s", code);
	for (up = *ret, i = 0; up != 0; i++) {
		if (up == id || i == DEPTH)
			return vt_error_set(err, VT_EARG, NULL,
			    "%s cannot be what it is a part of", code);
		vt_axis_sql(&q, a, "SELECT parent FROM agency WHERE id = ?1",
		    err);
		vt_axis_sql_int(&q, up);
		if ((rc = vt_axis_sql_one(&q, &up)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* Run Q, of which the first value is bound, with what is said of the agency. */
static int
run_with(struct axis_sql *q, const struct vt_axis_agency *agency,
    int64_t parent, const struct vt_secret *secret)
{
	vt_axis_sql_text(q, agency->code102);
	vt_axis_sql_text(q, agency->name);
	vt_axis_sql_id(q, parent);
	vt_axis_sql_text(q, agency->mail);
	vt_axis_sql_blob(q, secret != NULL ? secret->data : NULL,
	    secret != NULL ? secret->len : 0);
	vt_axis_sql_int(q, agency->quota);
	vt_axis_sql_int(q, vt_time_now());
	return vt_axis_sql_run(q);
}

static int
insert(struct vt_axis *a, const struct vt_axis_agency *agency, int64_t parent,
    const struct vt_secret *secret, struct vt_error *err)
{
	struct axis_sql q;

	if (agency->name == NULL)
		return vt_error_set(err, VT_EARG, NULL, "%s needs a name",
		    agency->code);
	vt_axis_sql(&q, a,
	    "INSERT INTO agency (code, code102, name, parent, mail, secret,"
	    " quota, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_axis_sql_text(&q, agency->code);
	return run_with(&q, agency, parent, secret);
}

static int
update(struct vt_axis *a, int64_t id, const struct vt_axis_agency *agency,
    int64_t parent, const struct vt_secret *secret, struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a,
	    "UPDATE agency SET code102 = ifnull(?2, code102),"
	    " name = ifnull(?3, name), parent = ifnull(?4, parent),"
	    " mail = ifnull(?5, mail), secret = ifnull(?6, secret),"
	    " quota = iif(?7 = 0, quota, ?7), modified = ?8, removed = 0,"
	    " version = version + 1 WHERE id = ?1",
	    err);
	vt_axis_sql_int(&q, id);
	return run_with(&q, agency, parent, secret);
}

/* In the caller's transaction. */
static int
put(struct vt_axis *a, const struct vt_axis_agency *agency,
    const struct vt_secret *secret, bool *ret_new, struct vt_error *err)
{
	int64_t id = 0, parent = 0;
	int rc;

	if ((rc = id_of(a, agency->code, &id, err)) != VT_OK ||
	    (rc = check_taken(a, agency->code, id, err)) != VT_OK ||
	    (rc = check_taken(a, agency->code102, id, err)) != VT_OK ||
	    (rc = parent_of(a, agency->parent, id, &parent, err)) != VT_OK)
		return rc;
	if (ret_new != NULL)
		*ret_new = id == 0;
	return id == 0 ? insert(a, agency, parent, secret, err)
		       : update(a, id, agency, parent, secret, err);
}

int
vt_axis_agency_put(struct vt_axis *a, const struct vt_axis_agency *agency,
    const struct vt_secret *secret, bool *ret_new, struct vt_error *err)
{
	int rc;

	if ((rc = check(agency, secret, err)) != VT_OK ||
	    (rc = vt_axis_begin(a, err)) != VT_OK)
		return rc;
	rc = put(a, agency, secret, ret_new, err);
	return vt_axis_end(a, rc, err);
}

/* SQL changes the agency of ?1; VT_ENOTFOUND: there is none. */
static int
change(struct vt_axis *a, const char *sql, const char *code, bool flag,
    struct vt_error *err)
{
	struct axis_sql q;

	vt_axis_sql(&q, a, sql, err);
	vt_axis_sql_text(&q, code);
	vt_axis_sql_int(&q, flag);
	vt_axis_sql_int(&q, vt_time_now());
	if (vt_axis_sql_run(&q) == VT_OK && sqlite3_changes(a->db) == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no agency has the code %s", code);
	return q.rc;
}

#define LOCK_SQL                                                               \
	"UPDATE agency SET locked = ?2, modified = ?3, version = version + 1"  \
	" WHERE code = ?1 AND removed = 0"
#define REMOVE_SQL                                                             \
	"UPDATE agency SET removed = ?2, secret = NULL, modified = ?3,"        \
	" version = version + 1 WHERE code = ?1 AND removed = 0"

int
vt_axis_agency_lock(struct vt_axis *a, const char *code, bool locked,
    struct vt_error *err)
{
	int rc = vt_axis_begin(a, err);

	if (rc != VT_OK)
		return rc;
	rc = change(a, LOCK_SQL, code, locked, err);
	return vt_axis_end(a, rc, err);
}

int
vt_axis_agency_remove(struct vt_axis *a, const char *code, struct vt_error *err)
{
	int rc = vt_axis_begin(a, err);

	if (rc != VT_OK)
		return rc;
	rc = change(a, REMOVE_SQL, code, true, err);
	return vt_axis_end(a, rc, err);
}

/* ---- members of a centre ---- */

int
vt_axis_member_put(struct vt_axis *a, const struct axis_account *account,
    const struct vt_axis_agency *agency, struct vt_error *err)
{
	struct vt_axis_agency member = *agency;
	int64_t id = 0, own = 0;
	int rc;

	if ((rc = check(agency, NULL, err)) != VT_OK ||
	    (rc = vt_axis_begin(a, err)) != VT_OK)
		return rc;
	if (member.parent == NULL)
		member.parent = account->code;
	if ((rc = vt_axis_speaks_for(a, account, member.parent, &own, err)) ==
		VT_OK &&
	    own == 0)
		rc = vt_error_set(err, VT_EREFUSED, NULL, "%s is no part of %s",
		    member.parent, account->code);
	/* what is there already must be its own, and not itself */
	if (rc == VT_OK && (rc = id_of(a, member.code, &id, err)) == VT_OK &&
	    id != 0 &&
	    (rc = vt_axis_speaks_for(a, account, member.code, &own, err)) ==
		VT_OK &&
	    (own == 0 || id == account->id))
		rc = vt_error_set(err, VT_EREFUSED, NULL, "%s is no part of %s",
		    member.code, account->code);
	if (rc == VT_OK)
		rc = put(a, &member, NULL, NULL, err);
	return vt_axis_end(a, rc, err);
}

int
vt_axis_member_remove(struct vt_axis *a, const struct axis_account *account,
    const char *code, struct vt_error *err)
{
	int64_t own = 0;
	int rc = vt_axis_begin(a, err);

	if (rc != VT_OK)
		return rc;
	rc = vt_axis_speaks_for(a, account, code, &own, err);
	if (rc == VT_OK && (own == 0 || own == account->id))
		rc = vt_error_set(err, VT_EREFUSED, NULL, "%s is no part of %s",
		    code, account->code);
	if (rc == VT_OK)
		rc = change(a, REMOVE_SQL, code, true, err);
	return vt_axis_end(a, rc, err);
}

/* ---- listing ---- */

int
vt_axis_agencies(struct vt_axis *a, vt_axis_agency_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct axis_sql q;
	int rc = VT_OK;

	vt_axis_lock(a);
	vt_axis_sql(&q, a,
	    "SELECT g.code, g.code102, g.name, p.code, g.mail, g.quota,"
	    " g.locked, g.secret IS NOT NULL, g.modified,"
	    " (SELECT count(*) FROM delivery d WHERE d.agency = g.id"
	    " AND d.waits = 1) FROM agency g LEFT JOIN agency p"
	    " ON p.id = g.parent WHERE g.removed = 0 ORDER BY g.code",
	    err);
	while (rc == VT_OK && vt_axis_sql_row(&q)) {
		const struct vt_axis_agency agency = {
			.code = vt_axis_sql_get_text(&q, 0),
			.code102 = vt_axis_sql_get_text(&q, 1),
			.name = vt_axis_sql_get_text(&q, 2),
			.parent = vt_axis_sql_get_text(&q, 3),
			.mail = vt_axis_sql_get_text(&q, 4),
			.quota = vt_axis_sql_get_int(&q, 5),
			.locked = vt_axis_sql_get_int(&q, 6) != 0,
			.has_secret = vt_axis_sql_get_int(&q, 7) != 0,
			.modified = vt_axis_sql_get_int(&q, 8),
		};

		rc = fn(ctx, &agency, vt_axis_sql_get_int(&q, 9), err);
	}
	if (vt_axis_sql_end(&q) != VT_OK)
		rc = q.rc;
	vt_axis_unlock(a);
	return rc;
}

static void
agency_row(struct vt_json_out *o, const struct axis_sql *q, const char *key)
{
	char time[32];

	vt_json_put_int(o, "id", vt_axis_sql_get_int(q, 0));
	vt_json_put_int(o, "pid", vt_axis_sql_get_int(q, 1));
	vt_json_put_str(o, "code", vt_axis_sql_get_text(q, 2));
	vt_json_put_str(o, "name", vt_axis_sql_get_text(q, 3));
	vt_json_put_str(o, "mail", vt_axis_sql_get_text(q, 4));
	vt_json_put_str(o, key, vt_axis_sql_get_text(q, 5));
	vt_json_put_int(o, "version", vt_axis_sql_get_int(q, 6));
	vt_json_put_bool(o, "deleted", vt_axis_sql_get_int(q, 7) != 0);
	vt_json_put_str(o, "modifyDate",
	    vt_axis_time_text(vt_axis_sql_get_int(q, 8), time));
	vt_json_put_bool(o, "isAgency", !is_centre(vt_axis_sql_get_text(q, 2)));
}

int
vt_axis_agency_rows(struct vt_axis *a, const char *key, struct vt_buf *out,
    struct vt_error *err)
{
	struct axis_sql q;
	int rc = VT_OK;

	vt_axis_lock(a);
	vt_axis_sql(&q, a,
	    "SELECT g.id, ifnull(g.parent, 0), g.code, g.name, g.mail,"
	    " iif(?1, c.code, g.code102), g.version, g.removed, g.modified"
	    " FROM agency g LEFT JOIN agency c ON c.id = g.parent"
	    " ORDER BY g.id",
	    err);
	vt_axis_sql_int(&q, strcmp(key, "centerCode") == 0);
	while (rc == VT_OK && vt_axis_sql_row(&q)) {
		struct vt_json_out *o = vt_json_out_new();

		if (o == NULL)
			rc = vt_error_nomem(err);
		else {
			agency_row(o, &q, key);
			rc = vt_axis_row_put(out, o, err);
		}
		vt_json_out_free(o);
	}
	if (vt_axis_sql_end(&q) != VT_OK)
		rc = q.rc;
	vt_axis_unlock(a);
	return rc;
}
