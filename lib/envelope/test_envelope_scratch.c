/* test_envelope_scratch.c - attachments for who cannot make files */
#include <fcntl.h>

#include "test_util.h"
#include "vanthu/envelope.h"
#include "vanthu/file.h"
#include "vanthu/source.h"

#define NFILES 5

/* More than memory takes, then fewer again: nothing of the one before stays. */
static const size_t sizes[NFILES] = { 3000000, 2000000, 100, 2500000, 1500000 };
static const char *const names[NFILES] = { "a.pdf", "b.txt", "c.txt", "d.txt",
	"e.pdf" };
static unsigned char content[3000000];

static int
to_fd(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	return vt_fd_write(*(int *)ctx, piece, err);
}

/* File I: neither packed to nothing nor equal to the others. */
static void
fill(size_t i)
{
	uint32_t x = (uint32_t)i + 1;
	size_t j;

	for (j = 0; j < sizes[i]; j++) {
		x = x * 1664525 + 1013904223;
		content[j] = (unsigned char)('a' + (x >> 28));
	}
}

/* A message of all the files, in FD. */
static void
make(int fd)
{
	struct vt_envelope_file files[NFILES] = { 0 };
	unsigned char *copies[NFILES];
	struct vt_error err = { 0 };
	struct vt_envelope env;
	struct vt_source *src = NULL;
	struct vt_buf text;
	size_t i;

	test_read_data("envelope/good/java-document.edxml", &text);
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&text), &src, &err), &err);
	assert_vt_ok(vt_envelope_read(src, &env, &err), &err);
	for (i = 0; i < NFILES; i++) {
		fill(i);
		assert_non_null(copies[i] = malloc(sizes[i]));
		memcpy(copies[i], content, sizes[i]);
		files[i].name = names[i];
		assert_vt_ok(vt_source_bytes(VT_BYTES(copies[i], sizes[i]),
				 &files[i].content, &err),
		    &err);
	}
	assert_vt_ok(vt_envelope_write(&env, files, NFILES, NULL, to_fd, &fd,
			 &err),
	    &err);
	for (i = 0; i < NFILES; i++) {
		vt_source_free(files[i].content);
		free(copies[i]);
	}
	vt_envelope_release(&env);
	vt_source_free(src);
	vt_buf_release(&text);
}

static int
compare(void *ctx, const struct vt_attachment *a, size_t index,
    struct vt_source *got, struct vt_error *err)
{
	struct vt_bytes view;

	(*(size_t *)ctx)++;
	assert_string_equal(a->name, names[index]);
	assert_int_equal(vt_source_size(got), sizes[index]);
	assert_vt_ok(vt_source_view(got, 0, sizes[index], &view, err), err);
	fill(index);
	assert_bytes_equal(view, VT_BYTES(content, sizes[index]));
	return VT_OK;
}

static void
attachments_go_where_there_is_room(void **state)
{
	char *dir = test_dir_new();
	struct vt_error err = { 0 };
	struct vt_envelope env;
	struct vt_source *src = NULL;
	int scratch[VT_ENVELOPE_SCRATCH], fd = -1;
	size_t n = 0;

	(void)state;
	assert_vt_ok(vt_file_nameless(dir, &fd, &err), &err);
	make(fd);
	assert_vt_ok(vt_source_borrow(fd, &src, &err), &err);
	assert_vt_ok(vt_envelope_read(src, &env, &err), &err);
	assert_vt_ok(vt_file_nameless(dir, &scratch[0], &err), &err);
	assert_vt_ok(vt_file_nameless(dir, &scratch[1], &err), &err);
	assert_vt_ok(vt_envelope_extract_into(src, &env, scratch, compare, &n,
			 &err),
	    &err);
	assert_int_equal(n, NFILES);
	/* what was in them last is no matter, a second time */
	assert_vt_ok(vt_envelope_extract_into(src, &env, scratch, compare, &n,
			 &err),
	    &err);
	assert_int_equal(n, 2 * NFILES);
	/* they are needed, and stay the caller's */
	assert_int_equal(close(scratch[0]), 0);
	assert_int_equal(close(scratch[1]), 0);
	scratch[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(scratch[0] >= 0);
	assert_vt_error(vt_envelope_extract_into(src, &env, scratch, NULL, NULL,
			    &err),
	    &err, VT_EIO);
	close(scratch[0]);
	vt_envelope_release(&env);
	vt_source_free(src);
	close(fd);
	test_dir_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attachments_go_where_there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
