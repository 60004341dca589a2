/* store_file.c - the files of a record, every version of them */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/json.h"

#include "store_int.h"

int
vt_store_file_insert(struct vt_store *s, int64_t id,
    const struct vt_record_file *file, struct vt_error *err)
{
	struct vt_sql q;

	vt_sql_begin(&q, s,
	    "INSERT INTO file (record, seq, version, name, size, sha256,"
	    " added) VALUES (?, ?, ?, ?, ?, ?, ?)",
	    err);
	vt_sql_int(&q, id);
	vt_sql_int(&q, file->seq);
	vt_sql_int(&q, file->version);
	vt_sql_text(&q, file->name);
	vt_sql_int(&q, (int64_t)file->size);
	vt_sql_sha256(&q, file->sha256);
	vt_sql_int(&q, vt_time_now());
	return vt_sql_run(&q);
}

/* Which seq and version a new file of record ID gets. */
static int
file_place(struct vt_store *s, int64_t id, struct vt_record_file *file,
    struct vt_error *err)
{
	int64_t last;
	struct vt_sql q;
	int rc;

	if (file->seq < 0) {
		vt_sql_begin(&q, s,
		    "SELECT ifnull(max(seq), -1) FROM file WHERE record = ?",
		    err);
		vt_sql_int(&q, id);
		if ((rc = vt_sql_one(&q, &last)) != VT_OK)
			return rc;
		if (last + 1 >= VT_RECORD_FILES_MAX)
			return vt_error_set(err, VT_ELIMIT, NULL,
			    "a record has at most %d files",
			    VT_RECORD_FILES_MAX);
		file->seq = (int)last + 1;
		file->version = 1;
		return VT_OK;
	}
	vt_sql_begin(&q, s,
	    "SELECT ifnull(max(version), 0) FROM file"
	    " WHERE record = ? AND seq = ?",
	    err);
	vt_sql_int(&q, id);
	vt_sql_int(&q, file->seq);
	if ((rc = vt_sql_one(&q, &last)) != VT_OK)
		return rc;
	if (last == 0)
		return vt_error_set(err, VT_ENOTFOUND, NULL,
		    "the record has no such file");
	file->version = (int)last + 1;
	return VT_OK;
}

static int
file_event(struct vt_store *s, int64_t id, const struct vt_record_file *file,
    const char *what, const char *reason, struct vt_error *err)
{
	struct vt_json_out *o = vt_json_out_new();
	struct vt_buf detail;
	int rc;

	vt_buf_init(&detail, VT_JSON_MAX);
	vt_json_put_str(o, "name", file->name);
	vt_json_put_int(o, "seq", file->seq);
	vt_json_put_int(o, "version", file->version);
	vt_json_put_sha256(o, "sha256", file->sha256);
	rc = vt_json_write(o, &detail, err);
	if (rc == VT_OK)
		rc = vt_store_event_add(s, id, what, reason,
		    vt_buf_str(&detail), err);
	vt_json_out_free(o);
	vt_buf_release(&detail);
	return rc;
}

int
vt_store_file_add(struct vt_store *s, int64_t id, struct vt_record_file *file,
    const char *what, const char *reason, struct vt_error *err)
{
	struct vt_record_file placed = *file;
	int rc;

	if ((rc = vt_store_step_begin(s, err)) != VT_OK)
		return rc;
	if ((rc = file_place(s, id, &placed, err)) == VT_OK &&
	    (rc = vt_store_file_insert(s, id, &placed, err)) == VT_OK)
		rc = file_event(s, id, &placed, what, reason, err);
	rc = vt_store_step_end(s, rc, err);
	if (rc == VT_OK)
		*file = placed;
	return rc;
}

int
vt_store_files(struct vt_store *s, int64_t id, vt_store_file_fn *fn, void *ctx,
    struct vt_error *err)
{
	struct vt_record_file file;
	struct vt_sql q;

	memset(&file, 0, sizeof(file));
	vt_sql_begin(&q, s,
	    "SELECT seq, version, name, size, sha256 FROM file"
	    " WHERE record = ? ORDER BY seq, version",
	    err);
	vt_sql_int(&q, id);
	while (vt_sql_row(&q)) {
		file.seq = (int)vt_sql_get_int(&q, 0);
		file.version = (int)vt_sql_get_int(&q, 1);
		vt_sql_get_text(&q, 2, &file.name);
		file.size = (uint64_t)vt_sql_get_int(&q, 3);
		vt_sql_get_sha256(&q, 4, file.sha256);
		if (q.rc == VT_OK)
			vt_sql_fail(&q, fn(ctx, &file, err));
	}
	free(file.name);
	return vt_sql_end(&q);
}

int
vt_store_file_find(struct vt_store *s,
    const unsigned char sha256[VT_SHA256_LEN], vt_store_holder_fn *fn,
    void *ctx, struct vt_error *err)
{
	struct holder {
		int64_t record;
		struct vt_record_file file;
	} * h;
	struct vt_rows rows = { NULL, 0, 0 };
	struct vt_sql q;
	size_t i;
	int rc;

	vt_sql_begin(&q, s,
	    "SELECT record, seq, version, size FROM file WHERE sha256 = ?"
	    " ORDER BY record, seq, version",
	    err);
	vt_sql_sha256(&q, sha256);
	while (vt_sql_row(&q)) {
		if ((h = vt_rows_add(&rows, sizeof(*h), err)) == NULL) {
			vt_sql_fail(&q, VT_ENOMEM);
			continue;
		}
		h->record = vt_sql_get_int(&q, 0);
		h->file.seq = (int)vt_sql_get_int(&q, 1);
		h->file.version = (int)vt_sql_get_int(&q, 2);
		h->file.size = (uint64_t)vt_sql_get_int(&q, 3);
		memcpy(h->file.sha256, sha256, VT_SHA256_LEN);
	}
	rc = vt_sql_end(&q);
	h = rows.items;
	for (i = 0; i < rows.n && rc == VT_OK; i++)
		rc = fn(ctx, h[i].record, &h[i].file, err);
	free(rows.items);
	return rc;
}
