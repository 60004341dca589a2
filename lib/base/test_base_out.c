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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_file_gets_its_name),
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
