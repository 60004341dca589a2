/* store_agency_find.c - who is meant: by code, by words; groups; by hand */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/store_agency.h"

#include "store_agency_int.h"

/* Is the agency valid on the day DAY, a parameter? */
#define VALID(day)                                                             \
	"(a.gone IS NULL AND (a.valid_from IS NULL OR a.valid_from <= " day    \
	") AND (a.valid_to IS NULL OR a.valid_to >= " day "))"

/* ---- by code ---- */

int
vt_store_agency_any(struct vt_store *s, bool *ret, struct vt_error *err)
{
	struct vt_sql q;
	int64_t any;
	int rc;

	vt_sql_begin(&q, s, "SELECT EXISTS (SELECT 1 FROM agency)", err);
	if ((rc = vt_sql_one(&q, &any)) == VT_OK)
		*ret = any != 0;
	return rc;
}

int
vt_store_agency_find(struct vt_store *s, const char *code, struct vt_date on,
    int64_t *ret, struct vt_error *err)
{
	int64_t id = 0, rank = 0, best = 0;
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT a.id, " VALID(
		"?2") " * 4 + CASE c.kind WHEN 'code' THEN 2"
		      " WHEN 'local' THEN 1 ELSE 0 END AS rank"
		      " FROM agency_code AS c JOIN agency AS a ON a.id = "
		      "c.agency"
		      " WHERE c.code = ?1 ORDER BY rank DESC LIMIT 2",
	    err);
	vt_sql_text(&q, code);
	vt_sql_date(&q, on);
	while (vt_sql_row(&q)) {
		rank = vt_sql_get_int(&q, 1);
		if (id == 0) {
			id = vt_sql_get_int(&q, 0);
			best = rank;
		} else if (rank == best)
			id = -1; /* two are as good */
	}
	if ((rc = vt_sql_end(&q)) == VT_OK)
		*ret = id > 0 ? id : 0;
	return rc;
}

int
vt_store_agency_get(struct vt_store *s, int64_t id, struct vt_agency *ret,
    struct vt_error *err)
{
	struct vt_agency a = { 0 };
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT " VT_AGENCY_COLUMNS " FROM agency AS a WHERE a.id = ?",
	    err);
	vt_sql_int(&q, id);
	if (vt_sql_row(&q))
		vt_agency_row(&q, &a);
	rc = vt_sql_end(&q);
	if (rc == VT_OK && a.id == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such agency");
	if (rc == VT_OK)
		rc = vt_agency_aliases(s, &a, err);
	if (rc == VT_OK)
		*ret = a;
	else
		vt_agency_release(&a);
	return rc;
}

/* ---- many ---- */

/* WORDS as one name: who is called so fits best. */
static int
words_key(const struct vt_list *words, char **ret, struct vt_error *err)
{
	struct vt_buf b;
	size_t i;
	int rc = VT_OK;

	vt_buf_init(&b, SIZE_MAX);
	for (i = 0; i < words->n && rc == VT_OK; i++)
		if ((rc = vt_buf_puts(&b, i > 0 ? " " : "")) == VT_OK)
			rc = vt_buf_puts(&b, words->items[i]);
	if (rc != VT_OK)
		rc = vt_error_nomem(err);
	else
		rc = vt_record_organ_key(vt_buf_str(&b), ret, err);
	vt_buf_release(&b);
	return rc;
}

#define ALL                                                                    \
	"SELECT " VT_AGENCY_COLUMNS                                            \
	", " VALID("?3") " AS valid FROM agency AS a WHERE (NOT ?4 OR valid)"
#define FITTING                                                                \
	" ORDER BY valid DESC, a.name_key = ?2 DESC, length(a.name_key),"      \
	" a.code LIMIT ?5"
#define BY_CODE " ORDER BY valid DESC, a.code LIMIT ?5"

/* ?1 what is looked for; each has a statement for which there is an index */
static void
query_begin(struct vt_sql *q, struct vt_store *s,
    const struct vt_agency_query *want, bool words, struct vt_error *err)
{
	if (words)
		vt_sql_begin(q, s,
		    "SELECT " VT_AGENCY_COLUMNS
		    ", " VALID("?3") " AS valid FROM agency_search AS f"
				     " JOIN agency AS a ON a.id = f.rowid"
				     " WHERE f.agency_search MATCH ?1 AND (NOT "
				     "?4 OR valid)" FITTING,
		    err);
	else if (want->name != NULL)
		vt_sql_begin(q, s, ALL " AND a.name_key = ?2" FITTING, err);
	else if (want->like != NULL)
		vt_sql_begin(q, s,
		    ALL " AND a.id IN (SELECT agency FROM agency_code"
			" WHERE code >= ?1 AND code < ?1 || "
			"char(0x10ffff))" BY_CODE,
		    err);
	else
		vt_sql_begin(q, s, ALL BY_CODE, err);
}

static int
query_run(struct vt_sql *q, vt_store_agency_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_agency a = { 0 };

	while (vt_sql_row(q)) {
		vt_agency_row(q, &a);
		if (q->rc == VT_OK)
			vt_sql_fail(q, vt_agency_aliases(q->s, &a, err));
		if (q->rc == VT_OK)
			vt_sql_fail(q, fn(ctx, &a, err));
	}
	vt_agency_release(&a);
	return vt_sql_end(q);
}

int
vt_store_agencies(struct vt_store *s, const struct vt_agency_query *want,
    vt_store_agency_fn *fn, void *ctx, struct vt_error *err)
{
	char *match = NULL, *folded = NULL;
	struct vt_sql q;
	int rc = VT_OK;

	if (want->words != NULL && want->words->n > 0) {
		if ((rc = vt_store_match(want->words, &match, err)) != VT_OK)
			return rc;
		if (match == NULL) /* not a word in it */
			return VT_OK;
		rc = words_key(want->words, &folded, err);
	} else if (want->name != NULL)
		rc = vt_record_organ_key(want->name, &folded, err);
	if (rc == VT_OK) {
		query_begin(&q, s, want, match != NULL, err);
		vt_sql_text(&q, match != NULL ? match : want->like);
		vt_sql_text(&q, folded);
		vt_sql_date(&q, want->on);
		vt_sql_int(&q, want->valid);
		vt_sql_int(&q, want->limit == 0 ? -1 : (int64_t)want->limit);
		rc = query_run(&q, fn, ctx, err);
	}
	free(match);
	free(folded);
	return rc;
}

int
vt_store_agency_count(struct vt_store *s, struct vt_date on, int64_t *ret_valid,
    int64_t *ret_all, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT ifnull(sum(" VALID("?1") "), 0), count(*)"
					     " FROM agency AS a",
	    err);
	vt_sql_date(&q, on);
	if (vt_sql_row(&q)) {
		*ret_valid = vt_sql_get_int(&q, 0);
		*ret_all = vt_sql_get_int(&q, 1);
	}
	return vt_sql_end(&q);
}

/* ---- by hand ---- */

int
vt_store_alias_add(struct vt_store *s, const char *code, int64_t id,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "DELETE FROM agency_code WHERE code = ? AND kind = 'local'", err);
	vt_sql_text(&q, code);
	if ((rc = vt_sql_run(&q)) == VT_OK) {
		vt_sql_begin(&q, s,
		    "INSERT INTO agency_code (code, agency, kind)"
		    " VALUES (?, ?, 'local') ON CONFLICT DO UPDATE"
		    " SET kind = 'local' WHERE kind = 'alias'",
		    err);
		vt_sql_text(&q, code);
		vt_sql_int(&q, id);
		rc = vt_sql_run(&q);
	}
	return vt_store_step_end(s, rc, err);
}

/* One row less, or VT_ENOTFOUND. */
static int
run_removal(struct vt_sql *q, const char *what, struct vt_error *err)
{
	struct vt_store *s = q->s;
	int rc = vt_sql_run(q);

	if (rc == VT_OK && sqlite3_changes(s->db) == 0)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL, "%s", what);
	return rc;
}

int
vt_store_alias_remove(struct vt_store *s, const char *code,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "DELETE FROM agency_code WHERE code = ? AND kind = 'local'", err);
	vt_sql_text(&q, code);
	return run_removal(&q, vt_tr("there is no such alias by hand"), err);
}

int
vt_store_group_add(struct vt_store *s, const char *group, const char *code,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO agency_group (name, code) VALUES (?, ?)"
	    " ON CONFLICT DO NOTHING",
	    err);
	vt_sql_text(&q, group);
	vt_sql_text(&q, code);
	return vt_sql_run(&q);
}

int
vt_store_group_remove(struct vt_store *s, const char *group, const char *code,
    struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "DELETE FROM agency_group WHERE name = ? AND code = ?", err);
	vt_sql_text(&q, group);
	vt_sql_text(&q, code);
	return run_removal(&q, vt_tr("it is not in the group"), err);
}

int
vt_store_group_members(struct vt_store *s, const char *group,
    struct vt_list *ret, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT code FROM agency_group WHERE name = ? ORDER BY code", err);
	vt_sql_text(&q, group);
	while (vt_sql_row(&q))
		vt_sql_fail(&q, vt_list_add(ret, vt_sql_get_str(&q, 0), err));
	return vt_sql_end(&q);
}

int
vt_store_groups(struct vt_store *s, vt_store_group_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT name, count(*) FROM agency_group GROUP BY name", err);
	while (vt_sql_row(&q))
		vt_sql_fail(&q,
		    fn(ctx, vt_sql_get_str(&q, 0), vt_sql_get_int(&q, 1), err));
	return vt_sql_end(&q);
}
