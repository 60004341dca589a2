/* test_archive_evidence.c - what signers were checked by: found, written,
 * pruned
 */
#include "test_archive_util.h"
#include "test_evidence.h"

/* A check of the record, decided by the list of TEXT. */
static void
keep(struct world *w, const char *text, unsigned char sha256[VT_SHA256_LEN])
{
	struct vt_evidence_part part = { .kind = VT_EVIDENCE_CRL };

	put(w->objects, text, sha256);
	memcpy(part.sha256, sha256, VT_SHA256_LEN);
	test_evidence_keep(w->s, w->record, 100, &part, 1);
}

/* As if the object had been put two hours ago. */
static void
age(struct world *w, const unsigned char sha256[VT_SHA256_LEN])
{
	struct timespec then[2] = { { .tv_sec = vt_time_now() - 7200 },
		{ .tv_sec = vt_time_now() - 7200 } };
	char *path = vt_objects_path(w->objects, sha256);

	assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
	free(path);
}

static void
evidence_is_checked_and_written(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	unsigned char sha256[VT_SHA256_LEN];
	char *dir = in(w->dir, "out/deep"), *name, *path;
	struct vt_buf b;
	struct found f;

	assert_vt_error(vt_archive_evidence_write(w->s, w->objects, w->record,
			    dir, &err),
	    &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	keep(w, "a list", sha256);
	assert_int_equal(check(w, &f).findings, 0);
	assert_vt_ok(vt_archive_evidence_write(w->s, w->objects, w->record, dir,
			 &err),
	    &err);
	name = vt_archive_evidence_name(VT_EVIDENCE_CRL, sha256);
	assert_int_equal(strncmp(name, "crl-", 4), 0);
	path = in(dir, name);
	test_read(path, &b);
	assert_int_equal(b.len, 6);
	vt_buf_release(&b);
	assert_vt_ok(vt_objects_drop(w->objects, sha256, &err), &err);
	assert_int_equal(check(w, &f).findings, 1);
	assert_string_equal(f.text,
	    "missing objects evidence out/2026/1 - - 0;");
	assert_vt_error(vt_archive_evidence_write(w->s, w->objects, w->record,
			    dir, &err),
	    &err, VT_EIO);
	free(path);
	free(name);
	free(dir);
}

static void
pruned_evidence_leaves_the_disk_and_nothing_else_does(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_archive_pruned done;
	unsigned char list[VT_SHA256_LEN], shared[VT_SHA256_LEN];
	struct found f;

	keep(w, "a list", list);
	keep(w, "attached", shared); /* the bytes of a document */
	age(w, list);
	age(w, shared);
	assert_vt_ok(vt_archive_evidence_prune(w->s, w->objects, 0, 100, "x",
			 &done, &err),
	    &err);
	assert_int_equal(done.checks, 0);
	assert_vt_ok(vt_archive_evidence_prune(w->s, w->objects, 0, 101, "x",
			 &done, &err),
	    &err);
	assert_int_equal(done.checks, 2);
	assert_int_equal(done.objects, 1);
	assert_int_equal(done.left, 0);
	assert_false(vt_objects_has(w->objects, list));
	assert_true(vt_objects_has(w->objects, shared));
	assert_int_equal(check(w, &f).findings, 0);
}

static void
a_killed_prune_is_completed(void **state)
{
	struct world *w = *state;
	struct vt_error err = { 0 };
	struct vt_archive_pruned done;
	unsigned char list[VT_SHA256_LEN], again[VT_SHA256_LEN];
	struct found f;
	int64_t n;

	/* the books forgot, and then it was killed */
	keep(w, "a list", list);
	keep(w, "wanted again", again);
	assert_vt_ok(vt_store_begin(w->s, &err), &err);
	assert_vt_ok(vt_store_evidence_prune(w->s, 0, VT_TIME_NONE, "x", &n,
			 &err),
	    &err);
	assert_vt_ok(vt_store_commit(w->s, &err), &err);
	assert_int_equal(check(w, &f).findings, 0);
	/* somebody may be about to name it */
	assert_vt_ok(vt_archive_evidence_prune(w->s, w->objects, 0, 0, "x",
			 &done, &err),
	    &err);
	assert_int_equal(done.left, 2);
	age(w, list);
	keep(w, "wanted again", again);
	age(w, again);
	assert_vt_ok(vt_archive_evidence_prune(w->s, w->objects, 0, 0, "x",
			 &done, &err),
	    &err);
	assert_int_equal(done.objects, 1);
	assert_int_equal(done.left, 0);
	assert_false(vt_objects_has(w->objects, list));
	assert_true(vt_objects_has(w->objects, again));
	assert_int_equal(check(w, &f).findings, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(evidence_is_checked_and_written),
		TEST(pruned_evidence_leaves_the_disk_and_nothing_else_does),
		TEST(a_killed_prune_is_completed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
