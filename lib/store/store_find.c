/* store_find.c - one record, by what is known of it */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"

#include "store_int.h"

/* The first column of the first row is the answer. */
static int
id_of(struct vt_sql *q, int64_t *ret, struct vt_error *err)
{
	int64_t id;
	int rc;

	if ((rc = vt_sql_one(q, &id)) != VT_OK)
		return rc;
	if (id == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such record");
	*ret = id;
	return VT_OK;
}

static int
notation_find(struct vt_store *s, const struct vt_ref *ref, int year,
    int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;
	int64_t id = 0;
	size_t n = 0;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT id FROM record WHERE notation = ? AND number = ?"
	    " AND year = ? AND book <> 'in' LIMIT 2",
	    err);
	vt_sql_text(&q, ref->notation);
	vt_sql_int(&q, ref->number);
	vt_sql_int(&q, year);
	while (vt_sql_row(&q)) {
		id = vt_sql_get_int(&q, 0);
		n++;
	}
	if ((rc = vt_sql_end(&q)) != VT_OK)
		return rc;
	if (n > 1)
		return vt_error_set(err, VT_EARG, NULL,
		    "more than one record of %d is %lld/%s: "
		    "name it as BOOK/YEAR/NUMBER",
		    year, (long long)ref->number, ref->notation);
	if (n == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "no outgoing record of %d is %lld/%s", year,
		    (long long)ref->number, ref->notation);
	*ret = id;
	return VT_OK;
}

int
vt_store_ref_find(struct vt_store *s, const struct vt_ref *ref, int year,
    int64_t *ret, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char text[VT_REF_TEXT];
	struct vt_sql q;
	int rc;

	if (ref->book[0] == '\0')
		return notation_find(s, ref, year, ret, err);
	vt_sql_begin(&q, s,
	    "SELECT id FROM record WHERE book = ? AND year = ? AND number = ?",
	    &why);
	vt_sql_text(&q, ref->book);
	vt_sql_int(&q, ref->year);
	vt_sql_int(&q, ref->number);
	rc = id_of(&q, ret, &why);
	if (rc == VT_ENOTFOUND)
		return vt_error_set(err, rc, NULL, "there is no record %s",
		    vt_ref_text(ref->book, ref->year, ref->number, text));
	if (rc != VT_OK)
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	return rc;
}

int
vt_store_same_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;

	/* the condition on the state is that of the index, word for word */
	vt_sql_begin(&q, s,
	    "SELECT max(id) FROM record WHERE notation = ? AND subject = ?"
	    " AND given IS ? AND state IN ('registered', 'signed')"
	    " AND book = ? AND type = ? AND date = ifnull(?, date)",
	    err);
	vt_sql_text(&q, want->notation);
	vt_sql_text(&q, want->subject);
	vt_sql_sha256(&q, want->has_given ? want->given : NULL);
	vt_sql_text(&q, want->book);
	vt_sql_text(&q, want->type);
	vt_sql_date(&q, want->date);
	return id_of(&q, ret, err);
}

/* An outgoing one of the year. */
static int
own_code_find(struct vt_store *s, const struct vt_record *want, const char *key,
    int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT min(id) FROM record WHERE code_key = ?"
	    " AND book <> 'in' AND year = ? AND id <> ?",
	    err);
	vt_sql_text(&q, key);
	vt_sql_int(&q, want->year);
	vt_sql_int(&q, want->id);
	return id_of(&q, ret, err);
}

/* One of the same issuer, by the id or the name that WANT has. */
static int
issuer_code_find(struct vt_store *s, const struct vt_record *want,
    const char *key, int64_t *ret, struct vt_error *err)
{
	const char *organ =
	    want->organ_id != NULL ? want->organ_id : want->organ_name;
	char *organ_key = NULL;
	struct vt_sql q;
	int rc;

	if (organ != NULL &&
	    (rc = vt_record_fold(organ, &organ_key, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT min(id) FROM record WHERE code_key = ?"
	    " AND book = 'in' AND organ_key IS ? AND id <> ?"
	    " AND substr(date, 1, 4) = CAST(? AS TEXT)",
	    err);
	vt_sql_text(&q, key);
	vt_sql_text(&q, organ_key);
	vt_sql_int(&q, want->id);
	vt_sql_int(&q, want->date.year);
	rc = id_of(&q, ret, err);
	free(organ_key);
	return rc;
}

/* The same by the directory: under any code of A, or its name alone. */
static int
agency_code_find(struct vt_store *s, const struct vt_record *want,
    const char *key, const struct vt_agency *a, int64_t *ret,
    struct vt_error *err)
{
	char *name_key = NULL;
	struct vt_sql q;
	int rc;

	if ((rc = vt_record_fold(a->name, &name_key, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "SELECT min(id) FROM record WHERE code_key = ?"
	    " AND book = 'in' AND id <> ?"
	    " AND substr(date, 1, 4) = CAST(? AS TEXT)"
	    " AND (organ_id IN (SELECT code FROM agency_code WHERE agency = ?)"
	    " OR (organ_id IS NULL AND organ_key = ?))",
	    err);
	vt_sql_text(&q, key);
	vt_sql_int(&q, want->id);
	vt_sql_int(&q, want->date.year);
	vt_sql_int(&q, a->id);
	vt_sql_text(&q, name_key);
	rc = id_of(&q, ret, err);
	free(name_key);
	return rc;
}

static int
alias_code_find(struct vt_store *s, const struct vt_record *want,
    const char *key, int64_t *ret, struct vt_error *err)
{
	struct vt_agency a;
	int64_t id = 0;
	int rc;

	rc = vt_store_agency_find(s, want->organ_id, vt_date_of(vt_time_now()),
	    &id, err);
	if (rc != VT_OK)
		return rc;
	if (id == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such record");
	if ((rc = vt_store_agency_get(s, id, &a, err)) != VT_OK)
		return rc;
	rc = agency_code_find(s, want, key, &a, ret, err);
	vt_agency_release(&a);
	return rc;
}

int
vt_store_code_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err)
{
	struct vt_error why = { 0 };
	char *key = NULL;
	int rc;

	rc =
	    vt_record_code_key(want->code != NULL ? want->code : "", &key, err);
	if (rc != VT_OK)
		return rc;
	if (!vt_record_incoming(want))
		rc = own_code_find(s, want, key, ret, &why);
	else
		rc = issuer_code_find(s, want, key, ret, &why);
	if (rc == VT_ENOTFOUND && vt_record_incoming(want) &&
	    want->organ_id != NULL) {
		vt_error_clear(&why);
		rc = alias_code_find(s, want, key, ret, &why);
	}
	if (rc != VT_OK)
		vt_error_set(err, why.code, why.clause, "%s", why.text);
	free(key);
	return rc;
}

/* *RET is 0 where none has the name. */
static int
named_find(struct vt_sql *q, const char *name_key, int64_t *ret,
    struct vt_error *err)
{
	char *other = NULL;
	int rc = VT_OK;

	*ret = 0;
	while (*ret == 0 && rc == VT_OK && vt_sql_row(q)) {
		rc = vt_record_fold(vt_sql_get_str(q, 1), &other, err);
		if (rc == VT_OK && strcmp(other, name_key) == 0)
			*ret = vt_sql_get_int(q, 0);
		free(other);
		other = NULL;
	}
	vt_sql_fail(q, rc);
	return vt_sql_end(q);
}

int
vt_store_code_name_find(struct vt_store *s, const struct vt_record *want,
    int64_t *ret, struct vt_error *err)
{
	char *key = NULL, *name_key = NULL;
	struct vt_sql q;
	int64_t id = 0;
	int rc;

	if ((rc = vt_record_code_key(want->code != NULL ? want->code : "", &key,
		 err)) != VT_OK ||
	    (rc = vt_record_fold(want->organ_name != NULL ? want->organ_name
							  : "",
		 &name_key, err)) != VT_OK)
		goto out;
	vt_sql_begin(&q, s,
	    "SELECT id, organ_name FROM record WHERE code_key = ?"
	    " AND book = 'in' AND organ_id IS NOT NULL"
	    " AND organ_name IS NOT NULL AND id <> ?"
	    " AND substr(date, 1, 4) = CAST(? AS TEXT) ORDER BY id",
	    err);
	vt_sql_text(&q, key);
	vt_sql_int(&q, want->id);
	vt_sql_int(&q, want->date.year);
	if ((rc = named_find(&q, name_key, &id, err)) != VT_OK)
		goto out;
	if (id != 0)
		*ret = id;
	else
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no such record");
out:
	free(name_key);
	free(key);
	return rc;
}

int
vt_store_document_find(struct vt_store *s, const char *document_id,
    bool incoming, int64_t *ret, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT max(id) FROM record WHERE document_id = ?"
	    " AND (book = 'in') = ?",
	    err);
	vt_sql_text(&q, document_id);
	vt_sql_int(&q, incoming);
	return id_of(&q, ret, err);
}

int
vt_store_last_date(struct vt_store *s, const char *book, int year,
    struct vt_date *ret, struct vt_error *err)
{
	struct vt_date date = { 0, 0, 0 };
	struct vt_sql q;
	int rc;

	if (year == 0)
		vt_sql_begin(&q, s,
		    "SELECT max(date) FROM record WHERE book = ?", err);
	else
		vt_sql_begin(&q, s,
		    "SELECT max(date) FROM record WHERE book = ?"
		    " AND year = ?",
		    err);
	vt_sql_text(&q, book);
	if (year != 0)
		vt_sql_int(&q, year);
	if (vt_sql_row(&q))
		date = vt_sql_get_date(&q, 0);
	if ((rc = vt_sql_end(&q)) == VT_OK)
		*ret = date;
	return rc;
}
