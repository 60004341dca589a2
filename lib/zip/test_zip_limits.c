/* test_zip_limits.c - how far a member may grow */
#include <fcntl.h>

#include "test_util.h"
#include "vanthu/source.h"
#include "vanthu/zip.h"

#define HARD 20000 /* bytes that do not pack */

static int
count(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	(void)err;
	*(uint64_t *)ctx += piece.len;
	return VT_OK;
}

/* An archive of LEN bytes: HARD of noise, then zeros. */
static void
pack(const char *path, size_t len)
{
	struct vt_source *src = NULL;
	struct vt_zip_writer *w = NULL;
	struct vt_error err = { 0 };
	unsigned char *all = calloc(1, len);
	uint32_t x = 1;
	size_t i;
	int fd;

	assert_non_null(all);
	assert_true(len > HARD);
	for (i = 0; i < HARD; i++) {
		x = x * 1664525 + 1013904223;
		all[i] = (unsigned char)(x >> 24);
	}
	unlink(path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_vt_ok(vt_source_bytes(VT_BYTES(all, len), &src, &err), &err);
	assert_vt_ok(vt_zip_writer_new(fd, &w, &err), &err);
	assert_vt_ok(vt_zip_writer_add(w, "a", src, &err), &err);
	assert_vt_ok(vt_zip_writer_end(w, &err), &err);
	vt_zip_writer_free(w);
	vt_source_free(src);
	close(fd);
	free(all);
}

/* Read it; *PACKED is what it takes in the archive. */
static int
unpack(const char *path, uint64_t *packed, uint64_t *got, struct vt_error *err)
{
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	int rc;

	*err = (struct vt_error){ 0 };
	*got = 0;
	assert_vt_ok(vt_source_open(path, &src, err), err);
	assert_vt_ok(vt_zip_open(src, &zip, err), err);
	*packed = vt_zip_member(zip, 0).packed;
	rc = vt_zip_read(zip, 0, count, got, err);
	vt_zip_free(zip);
	vt_source_free(src);
	return rc;
}

static void
a_member_grows_to_a_ratio(void **state)
{
	char *dir = test_dir_new(), *path = vt_path_join(dir, "a.zip");
	uint64_t len = 2 * VT_ZIP_RATIO_FREE, packed = 0, got, before;
	struct vt_error err;
	int i;

	(void)state;
	/* a byte more of zeros seldom takes a byte more in the archive */
	for (i = 0; i < 100; i++) {
		pack(path, len);
		(void)unpack(path, &packed, &got, &err);
		if (len == VT_ZIP_RATIO * packed)
			break;
		len = VT_ZIP_RATIO * packed;
	}
	assert_true(i < 100 && len > VT_ZIP_RATIO_FREE);
	assert_vt_ok(unpack(path, &packed, &got, &err), &err);
	assert_true(got == len);
	before = packed;
	pack(path, len + 1);
	assert_vt_error(unpack(path, &packed, &got, &err), &err, VT_ELIMIT);
	assert_true(packed == before);
	free(path);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_grows_to_a_ratio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
