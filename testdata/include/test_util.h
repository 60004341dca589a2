/* test_util.h - what the cmocka programs share */
#ifndef VANTHU_TEST_UTIL_H
#define VANTHU_TEST_UTIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

#define TEST_FILE_MAX (512u * 1024 * 1024)

/* RC is VT_OK; else the error's text is shown. */
#define assert_vt_ok(rc, err)                                                  \
	test_assert_ok((int)(rc), (err), __FILE__, __LINE__)
/* RC is CODE, and the error says the same and has a text. */
#define assert_vt_error(rc, err, code)                                         \
	test_assert_error((int)(rc), (err), (int)(code), NULL, __FILE__,       \
	    __LINE__)
/* ... and names the rule CLAUSE. */
#define assert_error_clause(rc, err, code, clause)                             \
	test_assert_error((int)(rc), (err), (int)(code), (clause), __FILE__,   \
	    __LINE__)
/* ... and its text contains PART. */
#define assert_error_text(err, part)                                           \
	test_assert_text((err), (part), __FILE__, __LINE__)
#define assert_bytes_equal(a, b) test_assert_bytes((a), (b), __FILE__, __LINE__)
#define assert_bytes_str(a, s)                                                 \
	test_assert_bytes((a), vt_bytes_str(s), __FILE__, __LINE__)

static inline void
test_assert_ok(int rc, const struct vt_error *err, const char *file, int line)
{
	if (rc == VT_OK)
		return;
	print_error("code %s: %s%s%s\n", vt_code_name((enum vt_code)rc),
	    err != NULL ? err->clause : "",
	    err != NULL && err->clause[0] != '\0' ? ": " : "",
	    err != NULL ? err->text : "");
	_fail(file, line);
}

static inline void
test_assert_error(int rc, const struct vt_error *err, int code,
    const char *clause, const char *file, int line)
{
	bool ok =
	    rc == code &&
	    (err == NULL || ((int)err->code == code && err->text[0] != '\0'));

	if (ok && clause != NULL)
		ok = err != NULL && strcmp(err->clause, clause) == 0;
	if (ok)
		return;
	print_error("code %s (%s%s%s), not %s%s%s\n",
	    vt_code_name((enum vt_code)rc), err != NULL ? err->clause : "",
	    err != NULL && err->clause[0] != '\0' ? ": " : "",
	    err != NULL ? err->text : "", vt_code_name((enum vt_code)code),
	    clause != NULL ? ", " : "", clause != NULL ? clause : "");
	_fail(file, line);
}

static inline void
test_assert_text(const struct vt_error *err, const char *part, const char *file,
    int line)
{
	if (strstr(err->text, part) != NULL)
		return;
	print_error("\"%s\" has no \"%s\"\n", err->text, part);
	_fail(file, line);
}

static inline void
test_assert_bytes(struct vt_bytes a, struct vt_bytes b, const char *file,
    int line)
{
	size_t i = 0;

	if (vt_bytes_equal(a, b))
		return;
	while (i < a.len && i < b.len && a.data[i] == b.data[i])
		i++;
	print_error("lengths %zu and %zu, different from byte %zu on: "
		    "\"%.40s\" and \"%.40s\"\n",
	    a.len, b.len, i, i < a.len ? (const char *)a.data + i : "",
	    i < b.len ? (const char *)b.data + i : "");
	_fail(file, line);
}

/* A folder for the files of one test; see test_dir_free(). */
static inline char *
test_dir_new(void)
{
	const char *base = getenv("TMPDIR");
	char *path =
	    vt_path_join(base != NULL ? base : "/tmp", "vanthu-test-XXXXXX");

	assert_non_null(path);
	assert_non_null(mkdtemp(path));
	return path;
}

static inline int
test_dir_remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_DP || type == FTW_D || type == FTW_DNR)
		chmod(path, 0700);
	return remove(path);
}

static inline void
test_dir_free(char *path)
{
	nftw(path, test_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(path);
}

/* Entries of PATH, but for "." and "..". */
static inline size_t
test_dir_count(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	size_t n = 0;

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL)
		n +=
		    strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(dir);
	return n;
}

/* A file's bytes; the caller releases RET. */
static inline void
test_read(const char *path, struct vt_buf *ret)
{
	struct vt_error err = { 0 };

	assert_vt_ok(vt_file_read(path, TEST_FILE_MAX, ret, &err), &err);
}

/* The same for a file below testdata, named from there on. */
static inline void
test_read_data(const char *name, struct vt_buf *ret)
{
	const char *base = getenv("VANTHU_TESTDATA");
	char *path;

	assert_non_null(base);
	path = vt_path_join(base, name);
	assert_non_null(path);
	test_read(path, ret);
	free(path);
}

/*
 * Other people's files: the path of NAME below $VANTHU_CORPORA, for free().
 * Where there are none, the test skips.
 */
static inline char *
test_corpus(const char *name)
{
	const char *base = getenv("VANTHU_CORPORA");
	char *path;

	if (base == NULL || base[0] == '\0')
		skip();
	path = vt_path_join(base, name);
	assert_non_null(path);
	return path;
}

#endif
