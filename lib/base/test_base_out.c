/* A file that is longer than what is begun early. */
#include "test_util.h"
#include "vanthu/file.h"

#define LONG (20u << 20)

/* Longer than what is begun early; named, whole, and not over another. */
static void
long_file_gets_its_name(void **state)
{
	unsigned char *data = malloc(LONG);
	struct vt_error err = { 0 };
	struct vt_out *out;
	struct vt_buf got;
	size_t i;

	(void)state;
	for (i = 0; i < LONG; i++)
		data[i] = (unsigned char)(i * 7 >> 3);
	assert_vt_ok(vt_out_open("long", &out, &err), &err);
	for (i = 0; i < 2; i++) { /* and once more from the start */
		assert_vt_ok(vt_out_empty(out, &err), &err);
		assert_vt_ok(vt_out_write(out, VT_BYTES(data, LONG), &err),
		    &err);
	}
	memcpy(data + 9000000, "patched", 7);
	assert_vt_ok(vt_out_patch(out, 9000000, VT_BYTES_LIT("patched"), &err),
	    &err);
	assert_vt_ok(vt_out_commit_name(out, &err), &err);
	assert_vt_ok(vt_dir_sync(".", &err), &err);
	assert_vt_ok(vt_file_read("long", LONG, &got, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&got), VT_BYTES(data, LONG));
	vt_buf_release(&got);
	free(data);
	assert_vt_ok(vt_out_open("taken", &out, &err), &err);
	assert_vt_ok(vt_file_write("taken", VT_BYTES_LIT("other"), &err), &err);
	assert_vt_error(vt_out_commit_name(out, &err), &err, VT_EEXISTS);
}

/* It gets its name in a folder that comes later; what can not be moves nothing.
 */
static void
a_nameless_file_gets_its_name_elsewhere(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *out;
	struct vt_buf got;

	(void)state;
	assert_vt_ok(vt_dir_make("from", 0777, &err), &err);
	assert_vt_ok(vt_out_open_in("from", &out, &err), &err);
	if (!vt_out_nameless(out)) { /* a file system that has no such */
		vt_out_abort(out);
		skip();
	}
	assert_vt_ok(vt_out_write(out, VT_BYTES_LIT("hello"), &err), &err);
	vt_out_begin(out);
	assert_vt_error(vt_out_move(out, "to/a", &err), &err, VT_EIO);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_dir_make("to", 0777, &err), &err);
	assert_vt_ok(vt_out_move(out, "to/a", &err), &err);
	assert_int_equal(test_dir_count("to"), 0);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	assert_int_equal(test_dir_count("from"), 0);
	assert_vt_ok(vt_file_read("to/a", 100, &got, &err), &err);
	assert_bytes_equal(vt_buf_bytes(&got), VT_BYTES_LIT("hello"));
	vt_buf_release(&got);
}

/* N files "DIR/0", ... with their own name as content, and no name yet. */
static void
open_all(const char *dir, struct vt_out **outs, size_t n)
{
	struct vt_error err = { 0 };
	char path[64];
	size_t i;

	assert_vt_ok(vt_dir_make(dir, 0777, &err), &err);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%zu", dir, i);
		assert_vt_ok(vt_out_open(path, &outs[i], &err), &err);
		assert_vt_ok(vt_out_write(outs[i], vt_bytes_str(path), &err),
		    &err);
	}
}

/* Few are synced one by one, many with the file system. */
static void
many_files_get_their_names_at_once(void **state)
{
	static const size_t counts[] = { 1, 3, 40 };
	struct vt_error err = { 0 };
	struct vt_out *outs[40];
	char dir[16], path[64];
	struct vt_buf got;
	int rcs[40];
	size_t c, i;

	(void)state;
	for (c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		snprintf(dir, sizeof(dir), "many%zu", c);
		open_all(dir, outs, counts[c]);
		assert_int_equal(test_dir_count(dir), 0);
		assert_vt_ok(vt_out_commit_all(outs, counts[c], rcs, &err),
		    &err);
		assert_int_equal(test_dir_count(dir), counts[c]);
		for (i = 0; i < counts[c]; i++) {
			assert_int_equal(rcs[i], VT_OK);
			snprintf(path, sizeof(path), "%s/%zu", dir, i);
			assert_vt_ok(vt_file_read(path, 100, &got, &err), &err);
			assert_string_equal(vt_buf_str(&got), path);
			vt_buf_release(&got);
		}
	}
	assert_vt_ok(vt_out_commit_all(outs, 0, rcs, &err), &err);
}

static void
a_name_that_is_taken_keeps_no_other_out(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *outs[5];
	struct vt_buf got;
	int rcs[5];

	(void)state;
	open_all("five", outs, 5);
	assert_vt_ok(vt_file_write("five/2", VT_BYTES_LIT("other"), &err),
	    &err);
	assert_vt_ok(vt_out_commit_all(outs, 5, rcs, &err), &err);
	assert_int_equal(rcs[1], VT_OK);
	assert_int_equal(rcs[2], VT_EEXISTS);
	assert_int_equal(rcs[3], VT_OK);
	assert_int_equal(test_dir_count("five"), 5);
	assert_vt_ok(vt_file_read("five/2", 100, &got, &err), &err);
	assert_string_equal(vt_buf_str(&got), "other");
	vt_buf_release(&got);
}

/* A folder that is gone: none of them is left. */
static void
what_fails_leaves_no_name_behind(void **state)
{
	struct vt_error err = { 0 };
	struct vt_out *outs[5];
	int rcs[5];

	(void)state;
	open_all("stays", outs, 4);
	open_all("goes", outs + 4, 1);
	assert_int_equal(rmdir("goes"), 0);
	assert_vt_error(vt_out_commit_all(outs, 5, rcs, &err), &err, VT_EIO);
	assert_int_equal(test_dir_count("stays"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_file_gets_its_name),
		cmocka_unit_test(a_nameless_file_gets_its_name_elsewhere),
		cmocka_unit_test(many_files_get_their_names_at_once),
		cmocka_unit_test(a_name_that_is_taken_keeps_no_other_out),
		cmocka_unit_test(what_fails_leaves_no_name_behind),
	};
	char *dir = test_dir_new();
	int rc;

	if (chdir(dir) != 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	if (chdir("/") != 0)
		return 1;
	test_dir_free(dir);
	return rc;
}
