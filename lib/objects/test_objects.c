/* test_objects.c - a folder of files that are named by their digest */
#include "test_util.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"

/* SHA-256 of "abc" (FIPS 180-2, B.1) */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_NAME                                                               \
	"ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static int
setup(void **state)
{
	*state = test_dir_new();
	return 0;
}

static int
teardown(void **state)
{
	test_dir_free(*state);
	return 0;
}

static struct vt_objects *
objects_open(void **state)
{
	struct vt_objects *o = NULL;
	struct vt_error err = { 0 };
	char *dir = vt_path_join(*state, "objects");

	assert_vt_ok(vt_objects_open(dir, &o, &err), &err);
	free(dir);
	return o;
}

static void
put(struct vt_objects *o, struct vt_bytes b, unsigned char *sha256)
{
	struct vt_error err = { 0 };
	struct vt_source *src;
	uint64_t size;

	assert_vt_ok(vt_source_bytes(b, &src, &err), &err);
	assert_vt_ok(vt_objects_put(o, src, sha256, &size, &err), &err);
	assert_int_equal(size, b.len);
	vt_source_free(src);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int
collect(void *ctx, const unsigned char *sha256, const char *name,
    struct vt_error *err)
{
	struct vt_buf *b = ctx;

	(void)err;
	return vt_buf_printf(b, "%s%s\n", sha256 != NULL ? "" : "?", name);
}

static void
what_is_put_is_there(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN];
	enum vt_object_fact fact = VT_OBJECT_MISSING;
	struct vt_error err = { 0 };
	struct vt_source *src;
	struct vt_bytes view;
	struct vt_buf names;
	char hex[VT_SHA256_HEX], *path;

	put(o, VT_BYTES_LIT("abc"), sha256);
	assert_string_equal(vt_hex(VT_BYTES(sha256, sizeof(sha256)), hex), ABC);
	put(o, VT_BYTES_LIT("abc"), sha256); /* again is as good */
	assert_true(vt_objects_has(o, sha256));
	path = vt_objects_path(o, sha256);
	assert_non_null(strstr(path, "/objects/" ABC_NAME));
	free(path);
	assert_vt_ok(vt_objects_get(o, sha256, &src, &err), &err);
	assert_vt_ok(vt_source_view(src, 0, 10, &view, &err), &err);
	assert_bytes_str(view, "abc");
	vt_source_free(src);
	assert_vt_ok(vt_objects_check(o, sha256, &fact, &err), &err);
	assert_int_equal(fact, VT_OBJECT_GOOD);

	vt_buf_init(&names, 1000);
	assert_vt_ok(vt_objects_each(o, collect, &names, &err), &err);
	assert_string_equal(vt_buf_str(&names), ABC_NAME "\n");
	vt_buf_release(&names);
	vt_objects_free(o);
}

static void
an_empty_file_is_an_object_too(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN];

	put(o, VT_BYTES_LIT(""), sha256);
	assert_true(vt_objects_has(o, sha256));
	vt_objects_free(o);
}

static void
what_is_missing_is_told(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN] = { 1, 2, 3 };
	enum vt_object_fact fact = VT_OBJECT_GOOD;
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;

	assert_false(vt_objects_has(o, sha256));
	assert_vt_error(vt_objects_get(o, sha256, &src, &err), &err,
	    VT_ENOTFOUND);
	assert_null(src);
	assert_int_equal(vt_objects_check(o, sha256, &fact, NULL), VT_OK);
	assert_int_equal(fact, VT_OBJECT_MISSING);
	assert_int_equal(vt_objects_drop(o, sha256, NULL), VT_OK);
	vt_objects_free(o);
}

static void
damage_is_found_and_never_taken_for_kept(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN], other[VT_SHA256_LEN];
	enum vt_object_fact fact = VT_OBJECT_GOOD;
	struct vt_error err = { 0 };
	struct vt_source *src;
	char *path;

	put(o, VT_BYTES_LIT("abc"), sha256);
	path = vt_objects_path(o, sha256);
	write_file(path, "abd");
	assert_int_equal(vt_objects_check(o, sha256, &fact, NULL), VT_OK);
	assert_int_equal(fact, VT_OBJECT_CHANGED);
	assert_int_equal(vt_source_bytes(VT_BYTES_LIT("abc"), &src, NULL),
	    VT_OK);
	assert_vt_error(vt_objects_put(o, src, other, NULL, &err), &err,
	    VT_EIO);
	vt_source_free(src);
	/* a link in its place is not the object */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_false(vt_objects_has(o, sha256));
	assert_int_equal(vt_objects_check(o, sha256, &fact, NULL), VT_OK);
	assert_int_equal(fact, VT_OBJECT_CHANGED);
	assert_int_equal(vt_objects_drop(o, sha256, NULL), VT_OK);
	assert_int_equal(access(path, F_OK), -1);
	free(path);
	vt_objects_free(o);
}

static void
foreign_names_are_listed_as_such(void **state)
{
	static const char *const foreign[] = { "README", "ba/x",
		"ba/78\x1b[31m", "zz", "AB",
		"ba/"
		"7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015"
		"AD",
		".hidden", "cd" };
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_buf names;
	char *dir = vt_path_join(*state, "objects"), *path;
	size_t i, lines = 0;
	const char *p;

	put(o, VT_BYTES_LIT("abc"), sha256);
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		path = vt_path_join(dir, foreign[i]);
		write_file(path, "");
		free(path);
	}
	vt_buf_init(&names, 10000);
	assert_vt_ok(vt_objects_each(o, collect, &names, &err), &err);
	for (p = vt_buf_str(&names); (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, sizeof(foreign) / sizeof(foreign[0]) + 1);
	assert_non_null(strstr(vt_buf_str(&names), "\n" ABC_NAME "\n"));
	assert_non_null(strstr(vt_buf_str(&names), "?README\n"));
	assert_non_null(strstr(vt_buf_str(&names), "?cd\n"));
	vt_buf_release(&names);
	free(dir);
	vt_objects_free(o);
}

#define PROCESSES 8
#define FILES 20

static void
processes_put_the_same_files_at_once(void **state)
{
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_objects *o = objects_open(state);
	struct vt_source *src;
	struct vt_buf names;
	const char *text;
	int i, k, status;
	size_t lines = 0;
	char file[8];
	pid_t pid;

	for (i = 0; i < PROCESSES; i++) {
		if ((pid = fork()) == 0) {
			for (k = 0; k < FILES; k++) {
				snprintf(file, sizeof(file), "%d", k);
				if (vt_source_bytes(vt_bytes_str(file), &src,
					NULL) != VT_OK ||
				    vt_objects_put(o, src, sha256, NULL,
					NULL) != VT_OK)
					_exit(1);
				vt_source_free(src);
			}
			_exit(0);
		}
		assert_true(pid > 0);
	}
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	vt_buf_init(&names, 100000);
	assert_int_equal(vt_objects_each(o, collect, &names, NULL), VT_OK);
	assert_null(strchr(vt_buf_str(&names), '?'));
	for (text = vt_buf_str(&names); (text = strchr(text, '\n')) != NULL;
	     text++)
		lines++;
	assert_int_equal(lines, FILES);
	vt_buf_release(&names);
	vt_objects_free(o);
}

static void
a_folder_that_can_not_be_is_an_error(void **state)
{
	struct vt_objects *o = NULL;
	struct vt_error err = { 0 };
	char *file = vt_path_join(*state, "file"),
	     *dir = vt_path_join(file, "objects");

	write_file(file, "");
	assert_vt_error(vt_objects_open(dir, &o, &err), &err, VT_EIO);
	assert_null(o);
	free(dir);
	free(file);
}

static size_t
listed(struct vt_objects *o)
{
	struct vt_error err = { 0 };
	struct vt_buf names;
	size_t i, n = 0;

	vt_buf_init(&names, 100000);
	assert_vt_ok(vt_objects_each(o, collect, &names, &err), &err);
	for (i = 0; i < names.len; i++)
		n += names.data[i] == '\n';
	vt_buf_release(&names);
	return n;
}

static void
what_is_gathered_is_there_once_it_is_settled(void **state)
{
	struct vt_objects *o = objects_open(state), *other;
	unsigned char sha256[VT_SHA256_LEN], first[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_source *src;
	char text[16];
	int i;

	vt_objects_gather(o, NULL);
	put(o, VT_BYTES_LIT("abc"), first);
	put(o, VT_BYTES_LIT("abc"), sha256); /* again is as good */
	put(o, VT_BYTES_LIT("def"), sha256);
	assert_int_equal(listed(o), 0);
	assert_true(vt_objects_has(o, first)); /* it is promised */
	other = objects_open(state);
	assert_false(vt_objects_has(other, first));
	put(other, VT_BYTES_LIT("def"), sha256); /* somebody is faster */
	assert_vt_ok(vt_objects_settle(o, &err), &err);
	assert_true(vt_objects_has(other, first));
	assert_int_equal(listed(o), 2);

	put(o, VT_BYTES_LIT("ghi"), sha256); /* whoever reads it settles it */
	assert_vt_ok(vt_objects_get(o, sha256, &src, &err), &err);
	vt_source_free(src);
	assert_true(vt_objects_has(other, sha256));
	put(o, VT_BYTES_LIT("given up"), sha256);
	vt_objects_scatter(o);
	assert_false(vt_objects_has(o, sha256));
	put(o, VT_BYTES_LIT("at once"), sha256);
	assert_true(vt_objects_has(other, sha256));
	assert_int_equal(listed(o), 4);

	vt_objects_gather(o, NULL); /* more than are held at a time */
	for (i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "file %d", i);
		put(o, vt_bytes_str(text), sha256);
	}
	assert_vt_ok(vt_objects_settle(o, &err), &err);
	assert_int_equal(listed(o), 304);
	vt_objects_free(other);
	vt_objects_free(o);
}

/*
 * Who settles on the way may not be whose object is lost: it is not to be
 * forgotten that somebody relies on it.
 */
static void
what_could_not_be_settled_is_not_forgotten(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_source *src = NULL;
	char *path, *end;

	vt_objects_gather(o, NULL);
	put(o, VT_BYTES_LIT("abc"), sha256);
	assert_non_null(path = vt_objects_path(o, sha256));
	end = strrchr(path, '/');
	*end = '\0';
	assert_int_equal(nftw(path, test_dir_remove_one, 4,
			     FTW_DEPTH | FTW_PHYS),
	    0);
	assert_int_not_equal(vt_objects_get(o, sha256, &src, &err), VT_OK);
	assert_null(src);
	memset(&err, 0, sizeof(err));
	put(o, VT_BYTES_LIT("def"), sha256);
	assert_vt_error(vt_objects_settle(o, &err), &err, VT_EIO);
	vt_objects_scatter(o);

	vt_objects_gather(o, NULL); /* and begun again it can be put right */
	put(o, VT_BYTES_LIT("abc"), sha256);
	memset(&err, 0, sizeof(err));
	assert_vt_ok(vt_objects_settle(o, &err), &err);
	assert_int_equal(listed(o), 1);
	vt_objects_free(o);
	free(path);
}

/* Not on every file system; there nothing is written ahead. */
static bool
can_be_nameless(const char *dir)
{
	struct vt_error err = { 0 };
	struct vt_out *out = NULL;
	bool can;

	assert_vt_ok(vt_out_open_in(dir, &out, &err), &err);
	can = vt_out_nameless(out);
	vt_out_abort(out);
	return can;
}

/* Written ahead: put it is there, also beside what was not; else it is gone. */
static void
what_is_ahead_is_there_only_once_it_is_put(void **state)
{
	static const char *const texts[] = { "abc", "def", "ghi", "abc" };
	struct vt_objects_ahead *ahead = vt_objects_ahead_new();
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	enum vt_object_fact fact = VT_OBJECT_MISSING;
	struct rlimit size, none;
	struct vt_source *src;
	size_t i;

	assert_non_null(ahead);
	(void)signal(SIGXFSZ, SIG_IGN);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_vt_ok(vt_source_bytes(vt_bytes_str(texts[i]), &src,
				 &err),
		    &err);
		vt_objects_ahead_add(ahead, o, src);
		vt_source_free(src);
	}
	assert_int_equal(listed(o), 0);
	vt_objects_gather(o, ahead);
	put(o, VT_BYTES_LIT("not ahead"), sha256);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &size), 0);
	none = (struct rlimit){ 0, size.rlim_max };
	if (can_be_nameless(*state)) /* then nothing is written any more */
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	put(o, VT_BYTES_LIT("def"), sha256);
	put(o, VT_BYTES_LIT("abc"), sha256);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &size), 0);
	assert_int_equal(listed(o), 0);
	assert_vt_ok(vt_objects_settle(o, &err), &err);
	vt_objects_scatter(o);
	assert_int_equal(listed(o), 3);
	assert_vt_ok(vt_objects_check(o, sha256, &fact, &err), &err);
	assert_int_equal(fact, VT_OBJECT_GOOD);
	put(o, VT_BYTES_LIT("behind it"), sha256); /* not ahead any more */
	vt_objects_ahead_free(ahead);
	assert_int_equal(listed(o), 4);
	vt_objects_free(o);
}

/* Somebody else is faster than who wrote it ahead; or has been there before. */
static void
what_is_ahead_may_be_there_already(void **state)
{
	struct vt_objects_ahead *ahead = vt_objects_ahead_new();
	struct vt_objects *o = objects_open(state), *other;
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_error err = { 0 };
	struct vt_source *src;

	other = objects_open(state);
	assert_vt_ok(vt_source_bytes(VT_BYTES_LIT("abc"), &src, &err), &err);
	vt_objects_ahead_add(ahead, o, src);
	put(other, VT_BYTES_LIT("abc"), sha256);
	vt_objects_ahead_add(ahead, o, src);
	vt_objects_ahead_add(NULL, o, src);
	vt_source_free(src);
	vt_objects_gather(o, ahead);
	put(o, VT_BYTES_LIT("abc"), sha256);
	assert_vt_ok(vt_objects_settle(o, &err), &err);
	vt_objects_scatter(o);
	assert_int_equal(listed(o), 1);
	vt_objects_ahead_free(ahead);
	vt_objects_free(other);
	vt_objects_free(o);
}

static void
another_digest_than_promised_is_not_kept(void **state)
{
	struct vt_objects *o = objects_open(state);
	unsigned char sha256[VT_SHA256_LEN] = { 1, 2, 3 };
	struct vt_error err = { 0 };
	struct vt_source *src;

	assert_vt_ok(vt_source_bytes(VT_BYTES_LIT("abc"), &src, &err), &err);
	assert_vt_error(vt_objects_put_as(o, src, sha256, &err), &err, VT_EIO);
	vt_source_free(src);
	assert_int_equal(listed(o), 0);
	vt_objects_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		TEST(what_is_put_is_there),
		TEST(an_empty_file_is_an_object_too),
		TEST(what_is_missing_is_told),
		TEST(damage_is_found_and_never_taken_for_kept),
		TEST(foreign_names_are_listed_as_such),
		TEST(processes_put_the_same_files_at_once),
		TEST(a_folder_that_can_not_be_is_an_error),
		TEST(what_is_gathered_is_there_once_it_is_settled),
		TEST(what_could_not_be_settled_is_not_forgotten),
		TEST(what_is_ahead_is_there_only_once_it_is_put),
		TEST(what_is_ahead_may_be_there_already),
		TEST(another_digest_than_promised_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
