/* store_dossier.c - hồ sơ: files of records */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

void
vt_dossier_release(struct vt_dossier *d)
{
	free(d->code);
	free(d->title);
	memset(d, 0, sizeof(*d));
}

void
vt_dossier_member_release(struct vt_dossier_member *m)
{
	free(m->name);
	memset(m, 0, sizeof(*m));
}

int
vt_store_dossier_add(struct vt_store *s, struct vt_dossier *d,
    struct vt_error *err)
{
	int64_t opened = d->opened != 0 ? d->opened : vt_time_now();
	char retention[VT_RETENTION_TEXT];
	struct vt_error why = { 0 };
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO dossier (code, title, retention, opened)"
	    " VALUES (?, ?, ?, ?)",
	    &why);
	vt_sql_text(&q, d->code);
	vt_sql_text(&q, d->title);
	vt_sql_text(&q, vt_retention_text(d->retention, retention));
	vt_sql_int(&q, opened);
	rc = vt_sql_run(&q);
	if (rc == VT_OK) {
		d->id = sqlite3_last_insert_rowid(s->db);
		d->opened = opened;
	} else if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL,
		    "the file of records %s is open already", d->code);
	else
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	return rc;
}

#define DOSSIER_SELECT                                                         \
	"SELECT id, code, title, retention, opened,"                           \
	" (SELECT count(*) FROM member WHERE dossier = d.id)"                  \
	" FROM dossier AS d"

static void
dossier_row(struct vt_sql *q, struct vt_dossier *d)
{
	const char *retention = vt_sql_get_str(q, 3);

	d->id = vt_sql_get_int(q, 0);
	vt_sql_get_text(q, 1, &d->code);
	vt_sql_get_text(q, 2, &d->title);
	if (retention == NULL || !vt_retention_parse(retention, &d->retention))
		d->retention = VT_RETENTION_NONE;
	d->opened = vt_sql_get_int(q, 4);
	d->nmembers = (size_t)vt_sql_get_int(q, 5);
}

int
vt_store_dossier_find(struct vt_store *s, const char *code,
    struct vt_dossier *ret, struct vt_error *err)
{
	struct vt_dossier d;
	struct vt_sql q;
	bool found;
	int rc;

	memset(&d, 0, sizeof(d));
	vt_sql_begin(&q, s, DOSSIER_SELECT " WHERE code = ?", err);
	vt_sql_text(&q, code);
	if ((found = vt_sql_row(&q)))
		dossier_row(&q, &d);
	rc = vt_sql_end(&q);
	if (rc == VT_OK && !found)
		rc = vt_error_set(err, VT_ENOTFOUND, NULL,
		    "there is no file of records %s", code);
	if (rc == VT_OK)
		*ret = d;
	else
		vt_dossier_release(&d);
	return rc;
}

int
vt_store_dossiers(struct vt_store *s, vt_store_dossier_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_dossier d;
	struct vt_sql q;

	memset(&d, 0, sizeof(d));
	vt_sql_begin(&q, s, DOSSIER_SELECT " ORDER BY code", err);
	while (vt_sql_row(&q)) {
		dossier_row(&q, &d);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &d, err));
	}
	vt_dossier_release(&d);
	return vt_sql_end(&q);
}

int
vt_store_member_add(struct vt_store *s, struct vt_dossier_member *m,
    struct vt_error *err)
{
	bool record = m->record != 0;
	struct vt_error why = { 0 };
	int64_t seq, now = vt_time_now();
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s,
	    "INSERT INTO member (dossier, seq, record, name, size, sha256,"
	    " added) SELECT ?1, ifnull(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6"
	    " FROM member WHERE dossier = ?1 RETURNING seq",
	    &why);
	vt_sql_int(&q, m->dossier);
	vt_sql_id(&q, m->record);
	vt_sql_text(&q, record ? NULL : m->name);
	if (record)
		vt_sql_id(&q, 0);
	else
		vt_sql_int(&q, (int64_t)m->size);
	vt_sql_sha256(&q, record ? NULL : m->sha256);
	vt_sql_int(&q, now);
	rc = vt_sql_one(&q, &seq);
	if (rc == VT_OK) {
		m->seq = (int)seq;
		m->added = now;
	} else if (rc == VT_EEXISTS)
		vt_error_set(err, rc, NULL,
		    "it is in the file of records already");
	else
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	return rc;
}

int
vt_store_members(struct vt_store *s, int64_t dossier, vt_store_member_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct vt_dossier_member m;
	struct vt_sql q;

	memset(&m, 0, sizeof(m));
	vt_sql_begin(&q, s,
	    "SELECT dossier, seq, record, name, size, sha256, added"
	    " FROM member WHERE dossier = ? ORDER BY seq",
	    err);
	vt_sql_int(&q, dossier);
	while (vt_sql_row(&q)) {
		m.dossier = vt_sql_get_int(&q, 0);
		m.seq = (int)vt_sql_get_int(&q, 1);
		m.record = vt_sql_get_int(&q, 2);
		vt_sql_get_text(&q, 3, &m.name);
		m.size = (uint64_t)vt_sql_get_int(&q, 4);
		vt_sql_get_sha256(&q, 5, m.sha256);
		m.added = vt_sql_get_int(&q, 6);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &m, err));
	}
	vt_dossier_member_release(&m);
	return vt_sql_end(&q);
}
