/* test_store.c - numbers, transactions, history, files */
#include "test_store_util.h"

static void
numbers_start_from_one_in_each_book_and_year(void **state)
{
	struct fixture *f = *state;
	struct vt_record rec;
	struct vt_error err = { 0 };
	int64_t id;

	enter(f->s, "out", "a");
	id = enter(f->s, "out", "b");
	assert_vt_ok(vt_store_record_get(f->s, id, &rec, &err), &err);
	assert_int_equal(rec.number, 2);
	assert_string_equal(rec.code, "02/UBND-NVK");
	assert_string_equal(rec.subject, "b");
	assert_int_equal(rec.state, VT_STATE_REGISTERED);
	vt_record_release(&rec);

	id = enter(f->s, "in", "c");
	assert_vt_ok(vt_store_record_get(f->s, id, &rec, &err), &err);
	assert_int_equal(rec.number, 1);
	assert_string_equal(rec.code, "05/BNV-VP"); /* as it was written */
	vt_record_release(&rec);

	fill(&rec, "out", "d");
	rec.year = 2027;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_int_equal(rec.number, 1);
	vt_record_release(&rec);
	assert_int_equal(findings(f->s), 0);
}

static void
a_rollback_leaves_no_gap(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec, got;
	int64_t id;

	enter(f->s, "out", "một");
	fill(&rec, "out", "hai");
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL, &err),
	    &err);
	assert_int_equal(rec.number, 2);
	vt_store_rollback(f->s);
	vt_record_release(&rec);
	assert_int_equal(hits(f->s, "hai"), 0);

	id = enter(f->s, "out", "ba");
	assert_vt_ok(vt_store_record_get(f->s, id, &got, &err), &err);
	assert_int_equal(got.number, 2);
	vt_record_release(&got);
	assert_int_equal(findings(f->s), 0);
}

static void
a_failed_step_changes_nothing_and_the_rest_goes_on(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id = enter(f->s, "out", "một");

	(void)id;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	fill(&rec, "out", "hai");
	rec.number = 1; /* taken */
	assert_vt_error(vt_store_record_add(f->s, &rec, "imported", NULL, &err),
	    &err, VT_EEXISTS);
	assert_error_text(&err, "out/2026/1");
	vt_error_clear(&err);
	rec.number = 7;
	assert_vt_ok(vt_store_record_add(f->s, &rec, "imported", NULL, &err),
	    &err);
	vt_record_release(&rec);
	fill(&rec, "out", "ba");
	assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL, &err),
	    &err);
	assert_int_equal(rec.number, 8); /* behind the imported one */
	vt_record_release(&rec);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_int_equal(hits(f->s, "hai"), 1);
	assert_int_equal(findings(f->s), 1); /* from 1 to 7 */
}

/* Enter a record in a transaction of its own, which is not committed. */
static void
begin_record(struct fixture *f, const char *subject)
{
	struct vt_error err = { 0 };
	struct vt_record rec;

	fill(&rec, "out", subject);
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL, &err),
	    &err);
	vt_record_release(&rec);
}

static void
a_group_is_there_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;

	assert_vt_error(vt_store_group_commit(f->s, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_group_begin(f->s, &err), &err);
	fill(&rec, "out", "ngoài");
	assert_vt_error(vt_store_record_add(f->s, &rec, "registered", NULL,
			    &err),
	    &err, VT_EARG); /* outside its parts */
	vt_error_clear(&err);
	vt_record_release(&rec);
	begin_record(f, "một");
	assert_vt_error(vt_store_group_commit(f->s, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_store_begin(f->s, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	begin_record(f, "hai");
	vt_store_rollback(f->s); /* this part alone */
	begin_record(f, "ba");
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_vt_ok(vt_store_group_commit(f->s, &err), &err);
	assert_int_equal(hits(f->s, "một"), 1);
	assert_int_equal(hits(f->s, "hai"), 0);
	assert_int_equal(hits(f->s, "ba"), 1);

	assert_vt_ok(vt_store_group_begin(f->s, &err), &err);
	begin_record(f, "bốn");
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_store_rollback(f->s); /* all of them */
	assert_int_equal(hits(f->s, "bốn"), 0);
	enter(f->s, "out", "năm");
	assert_int_equal(hits(f->s, "năm"), 1);
	assert_int_equal(findings(f->s), 0);
}

static void
writing_needs_a_transaction(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;

	fill(&rec, "out", "a");
	assert_vt_error(vt_store_record_add(f->s, &rec, "registered", NULL,
			    &err),
	    &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_store_commit(f->s, &err), &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_begin_read(f->s, &err), &err);
	assert_vt_error(vt_store_record_add(f->s, &rec, "registered", NULL,
			    &err),
	    &err, VT_EARG);
	vt_error_clear(&err);
	assert_vt_error(vt_store_begin(f->s, &err), &err, VT_EARG);
	vt_store_rollback(f->s);
	vt_record_release(&rec);
}

static void
nothing_secret_passes(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	int64_t id = enter(f->s, "in", "một");

	fill(&rec, "in", "bimatxyz");
	rec.secrecy = VT_SECRECY_MAT;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_error(vt_store_record_add(f->s, &rec, "registered", NULL,
			    &err),
	    &err, VT_EREFUSED);
	vt_error_clear(&err);
	rec.id = id;
	assert_vt_error(vt_store_record_update(f->s, &rec, "corrected", NULL,
			    &err),
	    &err, VT_EREFUSED);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_record_release(&rec);
	assert_int_equal(hits(f->s, "bimatxyz"), 0);
}

static void
two_handles_see_each_other(void **state)
{
	struct fixture *f = *state;
	struct vt_store *other = NULL;
	struct vt_error err = { 0 };

	assert_vt_ok(vt_store_open(f->path, "khác", &other, &err), &err);
	enter(other, "out", "một");
	assert_int_equal(hits(f->s, "một"), 1);
	enter(f->s, "out", "hai");
	assert_int_equal(hits(other, "hai"), 1);
	vt_store_close(other);
}

/* Wait for the turn to write; then record 1 is there. */
static int
wait_and_look(const char *path, int ready)
{
	struct vt_store *s = NULL;
	struct vt_record rec;

	if (vt_store_open(path, "ba", &s, NULL) != VT_OK ||
	    write(ready, "x", 1) != 1 || vt_store_begin(s, NULL) != VT_OK ||
	    vt_store_record_get(s, 1, &rec, NULL) != VT_OK ||
	    vt_store_commit(s, NULL) != VT_OK)
		return 1;
	vt_record_release(&rec);
	vt_store_close(s);
	return 0;
}

static void
a_writer_waits_for_the_one_before(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	int go[2], ready[2], status;
	char c;
	pid_t pid;

	/* SQLite forbids to take a handle through fork() */
	vt_store_close(f->s);
	f->s = NULL;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	if ((pid = fork()) == 0)
		_exit(read(go[0], &c, 1) == 1 ? wait_and_look(f->path, ready[1])
					      : 2);
	assert_true(pid > 0);
	assert_vt_ok(vt_store_open(f->path, "thuhà", &f->s, &err), &err);
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(read(ready[0], &c, 1), 1);
	usleep(50000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	fill(&rec, "out", "một");
	assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_record_release(&rec);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(go[0]);
	close(go[1]);
	close(ready[0]);
	close(ready[1]);
}

#define PROCESSES 8
#define EACH 25

static void
processes_take_numbers_without_gap_or_double(void **state)
{
	struct fixture *f = *state;
	struct vt_record rec;
	struct vt_store *s = NULL;
	int i, k, status;
	pid_t pid;

	vt_store_close(f->s);
	for (i = 0; i < PROCESSES; i++)
		if ((pid = fork()) == 0) {
			if (vt_store_open(f->path, "p", &s, NULL) != VT_OK)
				_exit(1);
			for (k = 0; k < EACH; k++) {
				vt_record_init(&rec);
				fill(&rec, "out", "bão");
				if (vt_store_begin(s, NULL) != VT_OK ||
				    vt_store_record_add(s, &rec, "registered",
					NULL, NULL) != VT_OK)
					_exit(2);
				if (k % 5 == 4)
					vt_store_rollback(s);
				else if (vt_store_commit(s, NULL) != VT_OK)
					_exit(3);
				vt_record_release(&rec);
			}
			vt_store_close(s);
			_exit(0);
		}
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(vt_store_open(f->path, "thuhà", &f->s, NULL), VT_OK);
	assert_int_equal(hits(f->s, "bão"), PROCESSES * EACH * 4 / 5);
	assert_int_equal(findings(f->s), 0); /* gaps are findings */
}

static int
collect_event(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	struct vt_buf *b = ctx;

	(void)err;
	assert_string_equal(e->who, "thuhà");
	return vt_buf_printf(b, "%s|%s|%s\n", e->what,
	    e->reason != NULL ? e->reason : "",
	    e->detail != NULL ? e->detail : "");
}

static void
every_change_leaves_an_event(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_buf b;
	int64_t id = enter(f->s, "out", "cũ");

	assert_vt_ok(vt_store_record_get(f->s, id, &rec, &err), &err);
	assert_vt_ok(vt_record_put(&rec.subject, "mới", &err), &err);
	rec.pages = 3;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_record_update(f->s, &rec, "corrected", "sai",
			 &err),
	    &err);
	/* nothing differs: no event */
	assert_vt_ok(vt_store_record_update(f->s, &rec, "corrected", "sai",
			 &err),
	    &err);
	assert_vt_ok(vt_store_state_set(f->s, id, VT_STATE_SIGNED, "signed",
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_store_state_set(f->s, id, VT_STATE_SIGNED, "signed",
			 NULL, &err),
	    &err);
	assert_vt_error(vt_store_state_set(f->s, id, VT_STATE_REGISTERED, "x",
			    NULL, &err),
	    &err, VT_EREFUSED);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_verdict_set(f->s, id, "valid", &err), &err);
	assert_vt_ok(vt_store_document_id_set(f->s, id, "a,b,c", &err), &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_record_release(&rec);

	vt_buf_init(&b, 10000);
	assert_vt_ok(vt_store_events(f->s, id, collect_event, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b),
	    "registered||\n"
	    "corrected|sai|{\"subject\":[\"cũ\",\"mới\"],"
	    "\"pages\":[null,\"3\"]}\n"
	    "signed||{\"state\":[\"registered\",\"signed\"]}\n"
	    "judged||{\"verdict\":[null,\"valid\"]}\n"
	    "named||{\"document_id\":[null,\"a,b,c\"]}\n");
	vt_buf_release(&b);
	/* search follows */
	assert_int_equal(hits(f->s, "cũ"), 0);
	assert_int_equal(hits(f->s, "moi"), 1);
	assert_int_equal(findings(f->s), 0);
}

static void
history_and_records_can_not_be_taken_back(void **state)
{
	struct fixture *f = *state;

	enter(f->s, "out", "một");
	assert_int_not_equal(sqlite_shell(f->path, "DELETE FROM event"), 0);
	assert_int_not_equal(sqlite_shell(f->path,
				 "UPDATE event SET who = 'x'"),
	    0);
	assert_int_not_equal(sqlite_shell(f->path, "DELETE FROM record"), 0);
}

static int
collect_file(void *ctx, const struct vt_record_file *file, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%d.%d %s\n", file->seq, file->version,
	    file->name);
}

static void
files_have_versions(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_record_file file = { .size = 3, .seq = -1 };
	struct vt_buf b;
	int64_t id = enter(f->s, "out", "một");

	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	file.name = strdup("a.pdf");
	assert_vt_ok(vt_store_file_add(f->s, id, &file, "attached", NULL, &err),
	    &err);
	assert_int_equal(file.seq, 0);
	assert_int_equal(file.version, 1);
	file.seq = -1;
	file.sha256[0] = 1;
	assert_vt_ok(vt_store_file_add(f->s, id, &file, "attached", NULL, &err),
	    &err);
	assert_int_equal(file.seq, 1);
	file.seq = 0;
	file.sha256[0] = 2;
	assert_vt_ok(vt_store_file_add(f->s, id, &file, "signed", NULL, &err),
	    &err);
	assert_int_equal(file.version, 2);
	file.seq = 9;
	assert_vt_error(vt_store_file_add(f->s, id, &file, "signed", NULL,
			    &err),
	    &err, VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	free(file.name);

	assert_vt_ok(vt_store_record_get(f->s, id, &rec, &err), &err);
	assert_int_equal(rec.nfiles, 2); /* the latest of each */
	assert_int_equal(rec.files[0].version, 2);
	assert_int_equal(rec.files[0].sha256[0], 2);
	vt_record_release(&rec);
	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_files(f->s, id, collect_file, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b),
	    "0.1 a.pdf\n0.2 a.pdf\n1.1 a.pdf\n");
	vt_buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_start_from_one_in_each_book_and_year),
		TEST(a_rollback_leaves_no_gap),
		TEST(a_failed_step_changes_nothing_and_the_rest_goes_on),
		TEST(a_group_is_there_whole_or_not_at_all),
		TEST(writing_needs_a_transaction),
		TEST(nothing_secret_passes),
		TEST(two_handles_see_each_other),
		TEST(a_writer_waits_for_the_one_before),
		TEST(processes_take_numbers_without_gap_or_double),
		TEST(every_change_leaves_an_event),
		TEST(history_and_records_can_not_be_taken_back),
		TEST(files_have_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
