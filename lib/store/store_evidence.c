/* store_evidence.c - what was looked at before signing, kept and pruned */
#include "vanthu/store_evidence.h"

#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"
#include "vanthu/time.h"

#include "store_int.h"

static const char *const kinds[VT_EVIDENCE_KINDS] = {
	[VT_EVIDENCE_SIGNER] = "signer",
	[VT_EVIDENCE_CERTIFICATE] = "certificate",
	[VT_EVIDENCE_CRL] = "crl",
	[VT_EVIDENCE_OCSP] = "ocsp",
};

const char *
vt_evidence_kind_name(enum vt_evidence_kind kind)
{
	return kinds[kind];
}

/* ---- adding ---- */

static int
row_insert(struct vt_store *s, struct vt_evidence *e, struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	vt_sql_begin(&q, s,
	    "INSERT INTO evidence (record, at, who, role, key, level, signer,"
	    " verdict, reason, revocation, name, before, after)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_int(&q, e->record);
	vt_sql_int(&q, e->at);
	vt_sql_text(&q, s->who);
	vt_sql_text(&q, e->role);
	vt_sql_text(&q, e->key);
	vt_sql_text(&q, e->level);
	vt_sql_text(&q, e->signer);
	vt_sql_text(&q, e->verdict);
	vt_sql_text(&q, e->reason);
	vt_sql_text(&q, e->revocation);
	vt_sql_text(&q, e->name);
	vt_sql_sha256(&q, e->before);
	vt_sql_sha256(&q, e->after);
	if ((rc = vt_sql_run(&q)) == VT_OK)
		e->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

static int
part_insert(struct vt_store *s, int64_t id, size_t seq,
    const struct vt_evidence_part *part, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "INSERT INTO evidence_part (evidence, seq, kind, sha256)"
	    " VALUES (?, ?, ?, ?)",
	    err);
	vt_sql_int(&q, id);
	vt_sql_int(&q, (int64_t)seq);
	vt_sql_text(&q, kinds[part->kind]);
	vt_sql_sha256(&q, part->sha256);
	return vt_sql_run(&q);
}

int
vt_store_evidence_add(struct vt_store *s, struct vt_evidence *e,
    struct vt_error *err)
{
	size_t i;
	int rc;

	if (e->nparts > VT_EVIDENCE_PARTS)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "a check was decided by more than %d certificates and "
		    "lists",
		    VT_EVIDENCE_PARTS);
	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	rc = row_insert(s, e, err);
	for (i = 0; i < e->nparts && rc == VT_OK; i++)
		rc = part_insert(s, e->id, i, &e->parts[i], err);
	return vt_store_step_end(s, rc, err);
}

/* ---- reading ---- */

static enum vt_evidence_kind
kind_of(const char *name)
{
	int i = VT_EVIDENCE_KINDS - 1;

	while (i > 0 && (name == NULL || strcmp(kinds[i], name) != 0))
		i--;
	return (enum vt_evidence_kind)i;
}

static int
parts_read(struct vt_store *s, int64_t id, struct vt_evidence_part *parts,
    size_t *ret_n, struct vt_error *err)
{
	struct vt_sql q;

	*ret_n = 0;
	vt_sql_begin(&q, s,
	    "SELECT kind, sha256 FROM evidence_part WHERE evidence = ?"
	    " ORDER BY seq",
	    err);
	vt_sql_int(&q, id);
	while (vt_sql_row(&q) && *ret_n < VT_EVIDENCE_PARTS) {
		parts[*ret_n].kind = kind_of(vt_sql_get_str(&q, 0));
		if (vt_sql_get_sha256(&q, 1, parts[*ret_n].sha256))
			++*ret_n;
	}
	return vt_sql_end(&q);
}

/* The condition of what is of RECORD, and from before BEFORE. */
#define FITS " (?1 IS NULL OR record = ?1) AND (?2 IS NULL OR at < ?2)"

static void
fits_bind(struct vt_sql *q, int64_t record, int64_t before)
{
	vt_sql_id(q, record);
	vt_sql_time(q, before);
}

int
vt_store_evidence_list(struct vt_store *s, int64_t record, int64_t before,
    vt_store_evidence_fn *fn, void *ctx, struct vt_error *err)
{
	struct vt_evidence_part parts[VT_EVIDENCE_PARTS];
	struct vt_evidence e = { .parts = parts };
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "SELECT id, record, at, who, role, key, level, signer, verdict,"
	    " reason, revocation, name, before, after FROM evidence"
	    " WHERE" FITS " ORDER BY id",
	    err);
	fits_bind(&q, record, before);
	while (vt_sql_row(&q)) {
		e.id = vt_sql_get_int(&q, 0);
		e.record = vt_sql_get_int(&q, 1);
		e.at = vt_sql_get_int(&q, 2);
		e.who = vt_sql_get_str(&q, 3);
		e.role = vt_sql_get_str(&q, 4);
		e.key = vt_sql_get_str(&q, 5);
		e.level = vt_sql_get_str(&q, 6);
		e.signer = vt_sql_get_str(&q, 7);
		e.verdict = vt_sql_get_str(&q, 8);
		e.reason = vt_sql_get_str(&q, 9);
		e.revocation = vt_sql_get_str(&q, 10);
		e.name = vt_sql_get_str(&q, 11);
		vt_sql_get_sha256(&q, 12, e.before);
		vt_sql_get_sha256(&q, 13, e.after);
		if (q.rc == VT_OK)
			vt_sql_fail(&q,
			    parts_read(s, e.id, parts, &e.nparts, err));
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &e, err));
	}
	return vt_sql_end(&q);
}

int
vt_store_evidence_count(struct vt_store *s, int64_t record, int64_t *ret,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, "SELECT count(*) FROM evidence WHERE record = ?",
	    err);
	vt_sql_int(&q, record);
	return vt_sql_one(&q, ret);
}

int
vt_store_evidence_has(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], bool *ret, struct vt_error *err)
{
	struct vt_sql q;
	int64_t n;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT EXISTS (SELECT 1 FROM evidence_part WHERE sha256 = ?)",
	    err);
	vt_sql_sha256(&q, sha256);
	if ((rc = vt_sql_one(&q, &n)) == VT_OK)
		*ret = n != 0;
	return rc;
}

/* ---- pruning ---- */

/* What is forgotten of one record. */
struct pruned {
	int64_t record, checks, from, to;
};

static int
pruned_event(struct vt_store *s, const struct pruned *p, const char *reason,
    struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_buf detail;
	int rc;

	vt_buf_init(&detail, VT_JSON_MAX);
	vt_json_put_int(o, "checks", p->checks);
	vt_json_put_time(o, "from", p->from);
	vt_json_put_time(o, "to", p->to);
	rc = vt_json_write(o, &detail, err);
	if (rc == VT_OK)
		rc = vt_store_event_add(s, p->record, "evidence-pruned", reason,
		    vt_buf_str(&detail), err);
	vt_json_out_free(o);
	vt_buf_release(&detail);
	return rc;
}

static int
run_fitting(struct vt_store *s, const char *sql, int64_t record, int64_t before,
    struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s, sql, err);
	fits_bind(&q, record, before);
	return vt_sql_run(&q);
}

static int
prune(struct vt_store *s, int64_t record, int64_t before, const char *reason,
    int64_t *ret_n, struct vt_error *err)
{
	struct vt_rows rows = { NULL, 0, 0 };
	struct pruned *p;
	struct vt_sql q;
	size_t i;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT record, count(*), min(at), max(at) FROM evidence WHERE" FITS
	    " GROUP BY record ORDER BY record",
	    err);
	fits_bind(&q, record, before);
	while (vt_sql_row(&q)) {
		if ((p = vt_rows_add(&rows, sizeof(*p), err)) == NULL) {
			vt_sql_fail(&q, VT_ENOMEM);
			continue;
		}
		p->record = vt_sql_get_int(&q, 0);
		p->checks = vt_sql_get_int(&q, 1);
		p->from = vt_sql_get_int(&q, 2);
		p->to = vt_sql_get_int(&q, 3);
	}
	rc = vt_sql_end(&q);
	p = rows.items;
	*ret_n = 0;
	for (i = 0; i < rows.n && rc == VT_OK; i++) {
		rc = pruned_event(s, &p[i], reason, err);
		*ret_n += p[i].checks;
	}
	free(rows.items);
	if (rc != VT_OK)
		return rc;
	if ((rc = run_fitting(s,
		 "INSERT OR IGNORE INTO unwanted SELECT sha256"
		 " FROM evidence_part WHERE evidence IN"
		 " (SELECT id FROM evidence WHERE" FITS ")",
		 record, before, err)) != VT_OK ||
	    (rc = run_fitting(s,
		 "DELETE FROM evidence_part WHERE evidence IN"
		 " (SELECT id FROM evidence WHERE" FITS ")",
		 record, before, err)) != VT_OK)
		return rc;
	return run_fitting(s, "DELETE FROM evidence WHERE" FITS, record, before,
	    err);
}

int
vt_store_evidence_prune(struct vt_store *s, int64_t record, int64_t before,
    const char *reason, int64_t *ret_n, struct vt_error *err)
{
	int rc;

	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	rc = prune(s, record, before, reason, ret_n, err);
	return vt_store_step_end(s, rc, err);
}

int
vt_store_unwanted(struct vt_store *s, vt_store_unwanted_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct unwanted {
		unsigned char sha256[VT_SHA256_LEN];
		bool owned;
	} * u;
	struct vt_rows rows = { NULL, 0, 0 };
	struct vt_sql q;
	size_t i;
	int rc;

	/* What has no index is walked through once, not for each digest. */
	vt_sql_begin(&q, s,
	    "WITH kept AS ("
	    "  SELECT u.sha256 FROM outbox AS m CROSS JOIN unwanted AS u"
	    "   ON u.sha256 = m.envelope"
	    "  UNION SELECT u.sha256 FROM inbox AS m CROSS JOIN unwanted AS u"
	    "   ON u.sha256 = m.envelope WHERE m.result <> 'quarantined'"
	    "  UNION SELECT u.sha256 FROM member AS m CROSS JOIN unwanted AS u"
	    "   ON u.sha256 = m.sha256)"
	    " SELECT sha256, sha256 IN (SELECT sha256 FROM file)"
	    "  OR sha256 IN (SELECT sha256 FROM derived)"
	    "  OR sha256 IN (SELECT sha256 FROM evidence_part)"
	    "  OR sha256 IN kept FROM unwanted ORDER BY 1",
	    err);
	while (vt_sql_row(&q)) {
		if ((u = vt_rows_add(&rows, sizeof(*u), err)) == NULL)
			vt_sql_fail(&q, VT_ENOMEM);
		else if (vt_sql_get_sha256(&q, 0, u->sha256))
			u->owned = vt_sql_get_int(&q, 1) != 0;
	}
	rc = vt_sql_end(&q);
	u = rows.items;
	for (i = 0; i < rows.n && rc == VT_OK; i++)
		rc = fn(ctx, u[i].sha256, u[i].owned, err);
	free(rows.items);
	return rc;
}

int
vt_store_unwanted_done(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], struct vt_error *err)
{
	struct vt_sql q;
	int rc;

	if ((rc = vt_store_writes(s, err)) != VT_OK)
		return rc;
	vt_sql_begin(&q, s, "DELETE FROM unwanted WHERE sha256 = ?", err);
	vt_sql_sha256(&q, sha256);
	return vt_sql_run(&q);
}
