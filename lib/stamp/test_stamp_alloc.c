/* test_stamp_alloc.c - each allocation in turn fails: nothing is left out */
/*
 * HarfBuzz 6.0 frees what it never had once the memory for a face's tables is
 * missing, so only our own allocations fail here.
 */
#define TEST_ALLOC_OWN 1
#include "test_alloc.h"
#include "test_stamp.h"

#include "vanthu/digest.h"

static struct vt_buf page, seal;

/* Text and an image into an update; *RET is the digest of what is written. */
static int
make(unsigned char ret[VT_SHA256_LEN], const char *path, struct vt_error *err)
{
	const struct vt_stamp_style style = { .size = 13 };
	struct vt_stamp_image *image = NULL;
	struct vt_pdf_update *up = NULL;
	struct vt_stamp_kit *kit = NULL;
	struct vt_stamp *stamp = NULL;
	struct vt_source *src = NULL;
	struct vt_out *out = NULL;
	struct vt_pdf *pdf = NULL;
	struct vt_pdf_ref form;
	struct vt_buf written;
	int rc;

	(void)unlink(path);
	vt_buf_init(&written, TEST_FILE_MAX);
	if ((rc = vt_stamp_kit_new(NULL, &kit, err)) != VT_OK ||
	    (rc = vt_stamp_image_read(kit, vt_buf_bytes(&seal), &image, err)) !=
		VT_OK ||
	    (rc = vt_stamp_agency(kit, image, 0, &stamp, err)) != VT_OK ||
	    (rc = vt_stamp_text(stamp, &style, 5, 5, "Đồng ý µμ", err)) !=
		VT_OK ||
	    (rc = vt_stamp_wrap(stamp, &style,
		 (struct vt_stamp_box){ 0, 0, 100, 90 }, 0,
		 "Ủy ban nhân dân tỉnh", NULL, err)) != VT_OK ||
	    (rc = vt_source_bytes(vt_buf_bytes(&page), &src, err)) != VT_OK ||
	    (rc = vt_pdf_open(src, VT_PDF_STRICT, &pdf, err)) != VT_OK ||
	    (rc = vt_pdf_update_new(pdf, &up, err)) != VT_OK ||
	    (rc = vt_stamp_put(stamp, up, &form, err)) != VT_OK ||
	    (rc = vt_out_open(path, &out, err)) != VT_OK ||
	    (rc = vt_pdf_update_write(up, out, NULL, 0, err)) != VT_OK)
		goto done;
	rc = vt_out_commit(out, err);
	out = NULL;
	if (rc == VT_OK &&
	    (rc = vt_file_read(path, TEST_FILE_MAX, &written, err)) == VT_OK)
		rc = vt_sha256(vt_buf_bytes(&written), ret, err);
done:
	vt_out_abort(out);
	vt_buf_release(&written);
	vt_pdf_update_free(up);
	vt_pdf_free(pdf);
	vt_source_free(src);
	vt_stamp_free(stamp);
	vt_stamp_image_free(image);
	vt_stamp_kit_free(kit);
	return rc;
}

static void
whatever_fails_the_stamp_is_whole_or_not(void **state)
{
	unsigned char right[VT_SHA256_LEN], got[VT_SHA256_LEN];
	char *dir, *path;
	struct vt_error err = { 0 };
	long n, before, errors = 0;
	int rc;

	(void)state;
#ifdef NO_FAILING
	skip();
#endif
	dir = test_dir_new();
	path = vt_path_join(dir, "a.pdf");
	blank_page(&page, (struct test_page){ 595, 842, 0 });
	test_read_data("stamp/seal.png", &seal);
	/* twice: libraries are loaded, and what they keep for good is made */
	assert_vt_ok(make(right, path, &err), &err);
	assert_vt_ok(make(right, path, &err), &err);
	for (n = 0;; n++) {
		vt_error_clear(&err);
		before = live;
		failed = false;
		countdown = n;
		rc = make(got, path, &err);
		countdown = -1;
		if (!failed)
			break;
		if (live != before)
			fail_msg("allocation %ld: %ld blocks left", n,
			    live - before);
		if (rc == VT_OK && memcmp(got, right, sizeof(got)) != 0)
			fail_msg("allocation %ld: another stamp", n);
		if (rc != VT_OK && err.code != (enum vt_code)rc)
			fail_msg("allocation %ld: code %d, not %d", n,
			    (int)err.code, rc);
		errors += rc != VT_OK;
	}
	print_message("%ld allocations, %ld of them needed\n", n, errors);
	assert_true(errors > 50);
	vt_buf_release(&page);
	vt_buf_release(&seal);
	test_dir_free(dir);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_fails_the_stamp_is_whole_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
