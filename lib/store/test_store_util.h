/* test_store_util.h - a register of one test, filled and looked at */
#ifndef VANTHU_TEST_STORE_UTIL_H
#define VANTHU_TEST_STORE_UTIL_H

#include "test_util.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "vanthu/record.h"
#include "vanthu/store.h"

struct fixture {
	char *dir, *path;
	struct vt_store *s;
};

static inline int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->dir = test_dir_new();
	f->path = vt_path_join(f->dir, "register.db");
	if (vt_store_create(f->path, NULL) != VT_OK ||
	    vt_store_open(f->path, "thuhà", &f->s, NULL) != VT_OK)
		return -1;
	*state = f;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	vt_store_close(f->s);
	test_dir_free(f->dir);
	free(f->path);
	free(f);
	return 0;
}

static inline void
fill(struct vt_record *rec, const char *book, const char *subject)
{
	bool in = strcmp(book, "in") == 0;

	vt_record_init(rec);
	assert_int_equal(vt_record_put(&rec->book, book, NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec->type, "CV", NULL), VT_OK);
	assert_int_equal(vt_record_put(in ? &rec->code : &rec->notation,
			     in ? "05/BNV-VP" : "UBND-NVK", NULL),
	    VT_OK);
	assert_int_equal(vt_record_put(&rec->organ_id, "H40.16", NULL), VT_OK);
	assert_int_equal(vt_record_put(&rec->subject, subject, NULL), VT_OK);
	rec->date = (struct vt_date){ 2026, 11, 23 };
	rec->year = 2026;
	rec->arrived = in ? vt_date_start(rec->date) : VT_TIME_NONE;
	rec->state = VT_STATE_REGISTERED;
}

/* Enter a record in a transaction of its own; its id. */
static inline int64_t
enter(struct vt_store *s, const char *book, const char *subject)
{
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id;

	fill(&rec, book, subject);
	assert_vt_ok(vt_store_begin(s, &err), &err);
	assert_vt_ok(vt_store_record_add(s, &rec, "registered", NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(s, &err), &err);
	id = rec.id;
	vt_record_release(&rec);
	return id;
}

static inline int
count_record(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	(void)rec;
	(void)err;
	++*(size_t *)ctx;
	return VT_OK;
}

static inline size_t
hits(struct vt_store *s, const char *words)
{
	struct vt_list list = { NULL, 0 };
	struct vt_store_query q = { .words = &list };
	struct vt_error err = { 0 };
	size_t n = 0;

	assert_vt_ok(vt_list_add(&list, words, &err), &err);
	assert_vt_ok(vt_store_list(s, &q, count_record, &n, &err), &err);
	vt_list_release(&list);
	return n;
}

static inline int
count_finding(void *ctx, const char *where, const char *text,
    struct vt_error *err)
{
	(void)where;
	(void)text;
	(void)err;
	++*(size_t *)ctx;
	return VT_OK;
}

static inline size_t
findings(struct vt_store *s)
{
	struct vt_error err = { 0 };
	size_t n = 0;

	assert_vt_ok(vt_store_check(s, count_finding, &n, &err), &err);
	return n;
}

/* Run SQL on the file with a program that is not ours; its status. */
static inline int
sqlite_shell(const char *path, const char *sql)
{
	int status = -1;
	pid_t pid;

	if ((pid = fork()) == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execlp("sqlite3", "sqlite3", path, sql, (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 127);
	return WEXITSTATUS(status);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
