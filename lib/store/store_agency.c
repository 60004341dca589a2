/* store_agency.c - the directory of agencies: what a list says of each */
#include "vanthu/store_agency.h"

#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

#include "store_agency_int.h"

void
vt_agency_release(struct vt_agency *a)
{
	free(a->code);
	free(a->name);
	free(a->parent);
	free(a->email);
	free(a->phone);
	vt_list_release(&a->aliases);
	memset(a, 0, sizeof(*a));
}

bool
vt_agency_valid(const struct vt_agency *a, struct vt_date on)
{
	return !a->gone &&
	       (a->from.year == 0 || vt_date_compare(a->from, on) <= 0) &&
	       (a->to.year == 0 || vt_date_compare(a->to, on) >= 0);
}

void
vt_agency_row(struct vt_sql *q, struct vt_agency *ret)
{
	vt_agency_release(ret);
	ret->id = vt_sql_get_int(q, 0);
	vt_sql_get_text(q, 1, &ret->code);
	vt_sql_get_text(q, 2, &ret->name);
	vt_sql_get_text(q, 3, &ret->parent);
	vt_sql_get_text(q, 4, &ret->email);
	vt_sql_get_text(q, 5, &ret->phone);
	ret->from = vt_sql_get_date(q, 6);
	ret->to = vt_sql_get_date(q, 7);
	ret->gone = !vt_sql_is_null(q, 8);
}

/* KIND NULL: those of a list and those by hand. */
static int
aliases_read(struct vt_store *s, int64_t id, const char *kind,
    struct vt_list *ret, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT code FROM agency_code WHERE agency = ?1"
	    " AND kind <> 'code' AND (?2 IS NULL OR kind = ?2) ORDER BY code",
	    err);
	vt_sql_int(&q, id);
	vt_sql_text(&q, kind);
	while (vt_sql_row(&q))
		vt_sql_fail(&q, vt_list_add(ret, vt_sql_get_str(&q, 0), err));
	return vt_sql_end(&q);
}

int
vt_agency_aliases(struct vt_store *s, struct vt_agency *a, struct vt_error *err)
{
	return aliases_read(s, a->id, NULL, &a->aliases, err);
}

/* ---- a list comes in ---- */

int
vt_store_agency_import(struct vt_store *s, int64_t *ret_import,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, "SELECT ifnull(max(seen), 0) + 1 FROM agency", err);
	return vt_sql_one(&q, ret_import);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_agency(const struct vt_agency *a, const struct vt_agency *b)
{
	return same_text(a->name, b->name) && same_text(a->parent, b->parent) &&
	       same_text(a->email, b->email) && same_text(a->phone, b->phone) &&
	       vt_date_compare(a->from, b->from) == 0 &&
	       vt_date_compare(a->to, b->to) == 0 && a->gone == b->gone;
}

/* Is CODE among the aliases that a list gave, A's own code left out? */
static bool
has_alias(const struct vt_list *list, const char *code)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], code) == 0)
			return true;
	return false;
}

static bool
same_aliases(const struct vt_agency *a, const struct vt_list *known)
{
	size_t i, n = 0;

	for (i = 0; i < a->aliases.n; i++) {
		if (strcmp(a->aliases.items[i], a->code) == 0)
			continue;
		if (!has_alias(known, a->aliases.items[i]))
			return false;
		n++;
	}
	return n == known->n;
}

/* *RET_SEEN: the import that had it last. */
static int
known_find(struct vt_store *s, const char *code, struct vt_agency *ret,
    int64_t *ret_seen, struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT " VT_AGENCY_COLUMNS ", a.seen FROM agency AS a"
	    " WHERE a.code = ?",
	    err);
	vt_sql_text(&q, code);
	if (vt_sql_row(&q)) {
		vt_agency_row(&q, ret);
		*ret_seen = vt_sql_get_int(&q, 9);
	}
	if ((rc = vt_sql_end(&q)) == VT_OK && ret->id != 0)
		rc = aliases_read(s, ret->id, "alias", &ret->aliases, err);
	return rc;
}

static int
code_insert(struct vt_store *s, const char *code, int64_t id, const char *kind,
    struct vt_error *err)
{
	struct vt_sql q;

	/* what was added by hand stays so */
	vt_sql_begin(&q, s,
	    "INSERT INTO agency_code (code, agency, kind) VALUES (?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	    err);
	vt_sql_text(&q, code);
	vt_sql_int(&q, id);
	vt_sql_text(&q, kind);
	return vt_sql_run(&q);
}

static int
aliases_write(struct vt_store *s, const struct vt_agency *a, int64_t id,
    struct vt_error *err)
{
	struct vt_sql q;
	size_t i;
	int rc;

	vt_sql_begin(&q, s,
	    "DELETE FROM agency_code WHERE agency = ? AND kind = 'alias'", err);
	vt_sql_int(&q, id);
	rc = vt_sql_run(&q);
	for (i = 0; i < a->aliases.n && rc == VT_OK; i++)
		if (strcmp(a->aliases.items[i], a->code) != 0)
			rc = code_insert(s, a->aliases.items[i], id, "alias",
			    err);
	return rc;
}

static void
bind_agency(struct vt_sql *q, const struct vt_agency *a, const char *key,
    int64_t import)
{
	vt_sql_text(q, a->name);
	vt_sql_text(q, key);
	vt_sql_text(q, a->parent);
	vt_sql_text(q, a->email);
	vt_sql_text(q, a->phone);
	vt_sql_date(q, a->from);
	vt_sql_date(q, a->to);
	vt_sql_time(q, a->gone ? vt_time_now() : VT_TIME_NONE);
	vt_sql_int(q, import);
	vt_sql_text(q, a->code);
}

static int
agency_insert(struct vt_store *s, const struct vt_agency *a, const char *key,
    int64_t import, int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "INSERT INTO agency (name, name_key, parent, email, phone,"
	    " valid_from, valid_to, gone, seen, code)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	bind_agency(&q, a, key, import);
	if ((rc = vt_sql_run(&q)) != VT_OK)
		return rc;
	*ret = sqlite3_last_insert_rowid(s->db);
	return code_insert(s, a->code, *ret, "code", err);
}

static int
agency_update(struct vt_store *s, const struct vt_agency *a, const char *key,
    int64_t import, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "UPDATE agency SET name = ?, name_key = ?, parent = ?, email = ?,"
	    " phone = ?, valid_from = ?, valid_to = ?, gone = ?, seen = ?"
	    " WHERE code = ?",
	    err);
	bind_agency(&q, a, key, import);
	return vt_sql_run(&q);
}

static int
agency_seen(struct vt_store *s, int64_t id, int64_t import,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, "UPDATE agency SET seen = ? WHERE id = ?", err);
	vt_sql_int(&q, import);
	vt_sql_int(&q, id);
	return vt_sql_run(&q);
}

static int
put(struct vt_store *s, const struct vt_agency *a, int64_t import,
    const struct vt_agency *known, enum vt_agency_change *ret,
    struct vt_error *err)
{
	int64_t id = known->id;
	char *key = NULL;
	int rc;

	if (id != 0 && same_agency(a, known) &&
	    same_aliases(a, &known->aliases)) {
		*ret = VT_AGENCY_SAME;
		return agency_seen(s, id, import, err);
	}
	*ret = id == 0                   ? VT_AGENCY_NEW
	       : a->gone && !known->gone ? VT_AGENCY_GONE
					 : VT_AGENCY_CHANGED;
	if ((rc = vt_record_organ_key(a->name, &key, err)) != VT_OK)
		return rc;
	if (id == 0)
		rc = agency_insert(s, a, key, import, &id, err);
	else
		rc = agency_update(s, a, key, import, err);
	free(key);
	return rc == VT_OK ? aliases_write(s, a, id, err) : rc;
}

int
vt_store_agency_put(struct vt_store *s, const struct vt_agency *a,
    int64_t import, enum vt_agency_change *ret, struct vt_error *err)
{
	struct vt_agency known = { 0 };
	int64_t seen = 0;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	rc = known_find(s, a->code, &known, &seen, err);
	if (rc == VT_OK && known.id != 0 && seen == import)
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is in the list a second time", a->code);
	if (rc == VT_OK)
		rc = put(s, a, import, &known, ret, err);
	vt_agency_release(&known);
	return rc;
}

int
vt_store_agency_gone(struct vt_store *s, int64_t import, vt_store_agency_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct vt_agency a = { 0 };
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT " VT_AGENCY_COLUMNS " FROM agency AS a"
	    " WHERE a.seen < ? AND a.gone IS NULL ORDER BY a.code",
	    err);
	vt_sql_int(&q, import);
	while (vt_sql_row(&q)) {
		vt_agency_row(&q, &a);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &a, err));
	}
	vt_agency_release(&a);
	if ((rc = vt_sql_end(&q)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "UPDATE agency SET gone = ? WHERE seen < ? AND gone IS NULL", err);
	vt_sql_int(&q, vt_time_now());
	vt_sql_int(&q, import);
	return vt_sql_run(&q);
}

/* ---- words ---- */

/* Its codes, its name and its parent's name; without marks where FOLD. */
static int
search_text(struct vt_sql *q, bool fold, char **ret, struct vt_error *err)
{
	struct vt_buf b;
	int i, rc = VT_OK;

	vt_buf_init(&b, SIZE_MAX);
	for (i = 1; i <= 4 && rc == VT_OK; i++)
		if (!vt_sql_is_null(q, i) &&
		    (rc = vt_buf_puts(&b, vt_sql_get_str(q, i))) == VT_OK)
			/* no phrase reaches from one text into the next */
			rc = vt_buf_puts(&b, " | ");
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = fold ? vt_record_fold(vt_buf_str(&b), ret, err)
			  : vt_record_lower(vt_buf_str(&b), ret, err);
	vt_buf_release(&b);
	return rc;
}

static int
index_row(struct vt_store *s, struct vt_sql *row, struct vt_error *err)
{
	char *marked = NULL, *folded = NULL;
	struct vt_sql q;
	int rc;

	if ((rc = search_text(row, false, &marked, err)) == VT_OK &&
	    (rc = search_text(row, true, &folded, err)) == VT_OK) {
		vt_sql_begin(&q, s,
		    "INSERT INTO agency_search (rowid, marked, folded)"
		    " VALUES (?, ?, ?)",
		    err);
		vt_sql_int(&q, vt_sql_get_int(row, 0));
		vt_sql_text(&q, marked);
		vt_sql_text(&q, folded);
		rc = vt_sql_run(&q);
	}
	free(marked);
	free(folded);
	return rc;
}

int
vt_store_agency_index(struct vt_store *s, int64_t *ret_shared,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO agency_search (agency_search) VALUES ('delete-all')",
	    err);
	if ((rc = vt_sql_run(&q)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT a.id, (SELECT group_concat(code, ' ') FROM agency_code"
	    "  WHERE agency = a.id), a.name, p.name, a.parent"
	    " FROM agency AS a LEFT JOIN agency AS p ON p.code = a.parent",
	    err);
	while (vt_sql_row(&q))
		vt_sql_fail(&q, index_row(s, &q, err));
	if ((rc = vt_sql_end(&q)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT count(*) FROM (SELECT 1 FROM agency_code AS c"
	    " JOIN agency AS a ON a.id = c.agency"
	    " WHERE c.kind = 'alias' AND a.gone IS NULL"
	    " GROUP BY c.code HAVING count(*) > 1)",
	    err);
	return vt_sql_one(&q, ret_shared);
}
