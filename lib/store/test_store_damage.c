/* test_store_damage.c - what is broken is told */
#include "test_store_util.h"

static void
the_check_finds_what_was_broken(void **state)
{
	struct fixture *f = *state;
	static const char *const breakages[] = {
		"UPDATE book SET next = 9 WHERE name = 'out'",
		"UPDATE tally SET n = 7",
		"UPDATE record SET code = '99/X' WHERE id = 1",
		"DELETE FROM book",
		"UPDATE record SET number = 5 WHERE id = 2",
		"INSERT INTO status VALUES (1, 99, '01', NULL, NULL, 0, 0)",
		"INSERT INTO search (search) VALUES ('delete-all')",
		"DROP TRIGGER event_stays; DELETE FROM event WHERE record = 2",
	};
	struct vt_buf whole;
	size_t i;

	enter(f->s, "out", "một");
	enter(f->s, "out", "hai");
	assert_int_equal(findings(f->s), 0);
	vt_store_close(f->s);
	f->s = NULL;
	test_read(f->path, &whole);
	for (i = 0; i < sizeof(breakages) / sizeof(breakages[0]); i++) {
		assert_int_equal(unlink(f->path), 0);
		assert_int_equal(vt_file_write(f->path, vt_buf_bytes(&whole),
				     NULL),
		    VT_OK);
		assert_int_equal(sqlite_shell(f->path, breakages[i]), 0);
		assert_int_equal(vt_store_open(f->path, "x", &f->s, NULL),
		    VT_OK);
		if (findings(f->s) == 0)
			fail_msg("not found: %s", breakages[i]);
		vt_store_close(f->s);
		f->s = NULL;
	}
	vt_buf_release(&whole);
}

static void
damage_is_an_error_that_says_so(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_buf whole;
	struct vt_store_query q = { .limit = 0 };
	size_t n = 0, i;
	int rc, fd;

	for (i = 0; i < 40; i++)
		enter(f->s, "out", "một hai ba bốn năm sáu bảy tám chín mười");
	vt_store_close(f->s);
	f->s = NULL;
	test_read(f->path, &whole);
	/* every page but the first is written over */
	assert_true((fd = open(f->path, O_RDWR)) >= 0);
	for (i = 4096; i < whole.len; i += 64)
		assert_int_equal(pwrite(fd, "\x5a\xa5\xff", 3, (off_t)i), 3);
	close(fd);
	rc = vt_store_open(f->path, "x", &f->s, &err);
	if (rc == VT_OK)
		rc = vt_store_list(f->s, &q, count_record, &n, &err);
	assert_vt_error(rc, &err, VT_EIO);
	assert_error_text(&err, "damaged");
	vt_store_close(f->s);
	f->s = NULL;

	/* not a database at all; an empty file; another's database; none */
	assert_int_equal(truncate(f->path, 0), 0);
	vt_error_clear(&err);
	assert_vt_error(vt_store_open(f->path, "x", &f->s, &err), &err, VT_EIO);
	assert_true((fd = open(f->path, O_RDWR)) >= 0);
	for (i = 0; i < 1000; i++)
		assert_int_equal(write(fd, "no database ", 12), 12);
	close(fd);
	vt_error_clear(&err);
	assert_vt_error(vt_store_open(f->path, "x", &f->s, &err), &err, VT_EIO);
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(sqlite_shell(f->path, "CREATE TABLE a (b)"), 0);
	vt_error_clear(&err);
	assert_vt_error(vt_store_open(f->path, "x", &f->s, &err), &err, VT_EIO);
	vt_error_clear(&err);
	assert_vt_error(vt_store_create(f->path, &err), &err, VT_EIO);
	assert_int_equal(unlink(f->path), 0);
	vt_error_clear(&err);
	assert_vt_error(vt_store_open(f->path, "x", &f->s, &err), &err,
	    VT_ENOTFOUND);
	assert_null(f->s);
	vt_buf_release(&whole);
}

/* Whoever asks is not at fault: no wrong argument. */
static void
a_word_that_no_record_has_is_damage(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_store_query q = { .limit = 0 };
	struct vt_record rec;
	size_t n = 0;

	enter(f->s, "out", "một");
	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(sqlite_shell(f->path,
			     "UPDATE record SET state = 'lost'"),
	    0);
	assert_vt_ok(vt_store_open(f->path, "x", &f->s, &err), &err);
	assert_vt_error(vt_store_list(f->s, &q, count_record, &n, &err), &err,
	    VT_EIO);
	assert_error_text(&err, "damaged");
	vt_error_clear(&err);
	assert_vt_error(vt_store_record_get(f->s, 1, &rec, &err), &err, VT_EIO);
}

static void
creating_again_keeps_what_is_there(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };

	enter(f->s, "out", "một");
	assert_vt_ok(vt_store_create(f->path, &err), &err);
	assert_int_equal(hits(f->s, "một"), 1);
	vt_store_close(f->s);
	f->s = NULL;
	/* a later version's */
	assert_int_equal(sqlite_shell(f->path, "PRAGMA user_version = 99"), 0);
	assert_vt_error(vt_store_open(f->path, "x", &f->s, &err), &err,
	    VT_EUNSUPPORTED);
	assert_null(f->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_check_finds_what_was_broken),
		TEST(damage_is_an_error_that_says_so),
		TEST(a_word_that_no_record_has_is_damage),
		TEST(creating_again_keeps_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
