/* test_archive_util.h - an office of one test, and what its check finds */
#ifndef VANTHU_TEST_ARCHIVE_UTIL_H
#define VANTHU_TEST_ARCHIVE_UTIL_H

#include "test_util.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "vanthu/archive.h"
#include "vanthu/encode.h"
#include "vanthu/objects.h"
#include "vanthu/record.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/store_evidence.h"
#include "vanthu/time.h"

struct world {
	char *dir, *db, *objects_dir, *quarantine_dir;
	struct vt_store *s;
	struct vt_objects *objects, *quarantine;
	int64_t record; /* out/2026/1, of two versions and an attachment */
	unsigned char main1[VT_SHA256_LEN], main2[VT_SHA256_LEN];
	unsigned char attached[VT_SHA256_LEN];
};

static inline char *
in(const char *dir, const char *name)
{
	char *path = vt_path_join(dir, name);

	assert_non_null(path);
	return path;
}

static inline void
put(struct vt_objects *o, const char *text, unsigned char sha256[VT_SHA256_LEN])
{
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;

	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	assert_vt_ok(vt_objects_put(o, src, sha256, NULL, &err), &err);
	vt_source_free(src);
}

static inline void
make_record(struct world *w)
{
	struct vt_error err = { 0 };
	struct vt_record_file next = { .name = (char *)"cv.pdf", .size = 6 };
	struct vt_record rec;

	vt_record_init(&rec);
	assert_vt_ok(vt_record_field_set(&rec, "subject", "V/v", &err), &err);
	assert_vt_ok(vt_record_field_set(&rec, "type", "CV", &err), &err);
	assert_vt_ok(vt_record_put(&rec.book, "out", &err), &err);
	assert_vt_ok(vt_record_put(&rec.notation, "UBND-VX", &err), &err);
	rec.year = 2026;
	rec.date = (struct vt_date){ 2026, 3, 4 };
	rec.state = VT_STATE_REGISTERED;
	rec.registered = 1772600000;
	put(w->objects, "main 1", w->main1);
	put(w->objects, "main 2", w->main2);
	put(w->objects, "attached", w->attached);
	assert_vt_ok(vt_record_file_add(&rec, "cv.pdf", 6, w->main1, &err),
	    &err);
	assert_vt_ok(vt_record_file_add(&rec, "pl.doc", 8, w->attached, &err),
	    &err);
	assert_vt_ok(vt_store_begin(w->s, &err), &err);
	assert_vt_ok(vt_store_record_add(w->s, &rec, "registered", NULL, &err),
	    &err);
	memcpy(next.sha256, w->main2, VT_SHA256_LEN);
	assert_vt_ok(vt_store_file_add(w->s, rec.id, &next, "signed", NULL,
			 &err),
	    &err);
	assert_vt_ok(vt_store_commit(w->s, &err), &err);
	w->record = rec.id;
	vt_record_release(&rec);
}

static inline int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct vt_error err = { 0 };

	assert_non_null(w);
	w->dir = test_dir_new();
	w->db = in(w->dir, "register.db");
	w->objects_dir = in(w->dir, "objects");
	w->quarantine_dir = in(w->dir, "quarantine");
	assert_vt_ok(vt_store_create(w->db, &err), &err);
	assert_vt_ok(vt_store_open(w->db, "test", &w->s, &err), &err);
	assert_vt_ok(vt_objects_open(w->objects_dir, &w->objects, &err), &err);
	assert_vt_ok(vt_objects_open(w->quarantine_dir, &w->quarantine, &err),
	    &err);
	make_record(w);
	*state = w;
	return 0;
}

static inline int
teardown(void **state)
{
	struct world *w = *state;

	vt_objects_free(w->objects);
	vt_objects_free(w->quarantine);
	vt_store_close(w->s);
	test_dir_free(w->dir);
	free(w->db);
	free(w->objects_dir);
	free(w->quarantine_dir);
	free(w);
	return 0;
}

struct found {
	char text[4096]; /* "FACT FOLDER OWNER REF NAME DOSSIER MESSAGE;" */
	char path[256];  /* of the last */
};

static inline int
note(void *ctx, const struct vt_archive_finding *f, struct vt_error *err)
{
	struct found *found = ctx;
	size_t len = strlen(found->text);

	(void)err;
	snprintf(found->text + len, sizeof(found->text) - len,
	    "%s %s %s %s %s %s %lld;", vt_archive_fact_name(f->fact), f->folder,
	    f->owner != NULL ? f->owner : "-", f->ref != NULL ? f->ref : "-",
	    f->name != NULL ? f->name : "-",
	    f->dossier != NULL ? f->dossier : "-", (long long)f->message);
	snprintf(found->path, sizeof(found->path), "%s", f->path);
	return VT_OK;
}

static inline struct vt_archive_checked
check(struct world *w, struct found *found)
{
	struct vt_archive_checked done = { 0 };
	struct vt_error err = { 0 };

	memset(found, 0, sizeof(*found));
	assert_vt_ok(vt_archive_check(w->s, w->objects, w->quarantine, note,
			 found, &done, &err),
	    &err);
	return done;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
