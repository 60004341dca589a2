/* test_store.c - the books: numbers, transactions, history, search */
#include "test_util.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "vanthu/json.h"
#include "vanthu/record.h"
#include "vanthu/store.h"

struct fixture {
	char *dir, *path;
	struct vt_store *s;
};

static int
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

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vt_store_close(f->s);
	test_dir_free(f->dir);
	free(f->path);
	free(f);
	return 0;
}

static void
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
static int64_t
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

static int
count_record(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	(void)rec;
	(void)err;
	++*(size_t *)ctx;
	return VT_OK;
}

static size_t
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

static int
count_finding(void *ctx, const char *where, const char *text,
    struct vt_error *err)
{
	(void)where;
	(void)text;
	(void)err;
	++*(size_t *)ctx;
	return VT_OK;
}

static size_t
findings(struct vt_store *s)
{
	struct vt_error err = { 0 };
	size_t n = 0;

	assert_vt_ok(vt_store_check(s, count_finding, &n, &err), &err);
	return n;
}

/* Run SQL on the file with a program that is not ours; its status. */
static int
sqlite_shell(const char *path, const char *sql)
{
	int status;
	pid_t pid;

	if ((pid = fork()) == 0) {
		freopen("/dev/null", "w", stderr);
		execlp("sqlite3", "sqlite3", path, sql, (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 127);
	return WEXITSTATUS(status);
}

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

static void
search_does_what_design_c_asks(void **state)
{
	static const struct {
		const char *words;
		size_t want;
	} cases[] = {
		{ "cai cach thu tuc", 1 }, { "cải cách thủ tục", 1 },
		{ "CẢI CÁCH", 1 }, { "phuong thuc", 1 }, { "day manh", 1 },
		{ "hien dai", 1 }, { "don doc", 1 }, { "đẩy mạnh", 1 },
		{ "đay manh", 0 }, /* has a mark: as typed, or not at all */
		{ "ủy ban", 1 },   /* is written Uỷ */
		{ "uỷ ban", 1 }, { "UỶ BAN", 1 },
		{ "hóa", 1 },                         /* is written hoá */
		{ "cái cách", 0 },                    /* is cải */
		{ "duong", 1 },                       /* đường */
		{ "dương", 0 }, { "ca\xcc\x89i", 1 }, /* decomposed */
		{ "thu\xcc\x89 tu\xcc\xa3"
		  "c",
		    1 },
		{ "thủ tuc", 1 }, /* word by word */
		{ "thu-tuc", 1 }, /* a phrase */
		{ "tuc-thu", 0 }, { "131/NQ-CP", 1 }, { "02/UBND-NVK", 1 },
		{ "cong van", 2 },           /* the type's name */
		{ "nothing", 0 }, { "", 2 }, /* no word: no condition */
		{ "-", 0 }, { "\"", 0 }, { "cai OR nothing", 0 },
		{ "cai*", 1 }, /* no query language */
		{ "NOT", 0 }, { "marked:cai", 0 }, { "cai' --", 1 },
		{ "hành trích", 0 }, /* the end of one text, the next */
	};
	struct fixture *f = *state;
	size_t i;

	enter(f->s, "out", "Kế hoạch khác");
	/* decomposed on purpose, in part */
	enter(f->s, "out",
	    "Đẩy mạnh ca\xcc\x89i ca\xcc\x81"
	    "ch thủ tục và hiện đại hoá phương thức, đôn đốc; Uỷ ban, đường, "
	    "131/NQ-CP");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].words[0] == '\0') {
			struct vt_store_query q = { .limit = 0 };
			size_t n = 0;

			assert_int_equal(vt_store_list(f->s, &q, count_record,
					     &n, NULL),
			    VT_OK);
			assert_int_equal(n, cases[i].want);
		} else if (hits(f->s, cases[i].words) != cases[i].want)
			fail_msg("%s: %zu", cases[i].words,
			    hits(f->s, cases[i].words));
}

static int
collect_number(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	char ref[VT_REF_TEXT];

	(void)err;
	return vt_buf_printf(ctx, "%s ", vt_record_ref(rec, ref));
}

static void
lists_are_newest_first_and_filtered(void **state)
{
	struct fixture *f = *state;
	struct vt_store_query q = { .book = "out" };
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_buf b;
	int i;

	for (i = 1; i <= 4; i++) {
		fill(&rec, i == 3 ? "in" : "out", "x");
		rec.date.day = i;
		assert_vt_ok(vt_store_begin(f->s, &err), &err);
		assert_vt_ok(vt_store_record_add(f->s, &rec, "registered", NULL,
				 &err),
		    &err);
		assert_vt_ok(vt_store_commit(f->s, &err), &err);
		vt_record_release(&rec);
	}
	vt_buf_init(&b, 1000);
#define LIST(want)                                                             \
	do {                                                                   \
		vt_buf_reset(&b);                                              \
		assert_vt_ok(vt_store_list(f->s, &q, collect_number, &b,       \
				 &err),                                        \
		    &err);                                                     \
		assert_string_equal(vt_buf_str(&b), want);                     \
	} while (0)
	LIST("out/2026/3 out/2026/2 out/2026/1 ");
	q.limit = 2;
	LIST("out/2026/3 out/2026/2 ");
	q.book = NULL;
	LIST("out/2026/3 in/2026/1 ");
	q.limit = 0;
	q.from = (struct vt_date){ 2026, 11, 2 };
	q.to = (struct vt_date){ 2026, 11, 3 };
	LIST("in/2026/1 out/2026/2 ");
	q.oldest_first = true;
	LIST("out/2026/2 in/2026/1 ");
	q.year = 2025;
	LIST("");
	vt_buf_release(&b);
}

static void
records_are_found_by_what_is_known(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec;
	struct vt_date last;
	struct vt_ref ref;
	int64_t one = enter(f->s, "out", "một"), id = 0,
		in = enter(f->s, "in", "đến");

	assert_true(vt_ref_parse("out/2026/01", true, &ref));
	assert_vt_ok(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err);
	assert_int_equal(id, one);
	assert_true(vt_ref_parse("1/UBND-NVK", true, &ref));
	assert_vt_ok(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err);
	assert_int_equal(id, one);
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2027, &id, &err), &err,
	    VT_ENOTFOUND);
	vt_error_clear(&err);
	assert_true(vt_ref_parse("out/2026/9", true, &ref));
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err,
	    VT_ENOTFOUND);
	vt_error_clear(&err);
	/* a second series: the short form is ambiguous then */
	enter(f->s, "out.A", "hai");
	assert_true(vt_ref_parse("1/UBND-NVK", true, &ref));
	assert_vt_error(vt_store_ref_find(f->s, &ref, 2026, &id, &err), &err,
	    VT_EARG);
	vt_error_clear(&err);

	fill(&rec, "out", "một");
	assert_vt_ok(vt_store_same_find(f->s, &rec, &id, &err), &err);
	assert_int_equal(id, one);
	rec.date.day = 24;
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	rec.date.year = 0; /* --date was not given */
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL), VT_OK);
	rec.has_given = true;
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	rec.has_given = false;
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_state_set(f->s, one, VT_STATE_ISSUED, "issued",
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	assert_int_equal(vt_store_same_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	vt_record_release(&rec);

	fill(&rec, "in", "nữa");
	assert_vt_ok(vt_record_put(&rec.code, "5 / BNV-VP", &err), &err);
	assert_vt_ok(vt_store_code_find(f->s, &rec, &id, &err), &err);
	assert_int_equal(id, in);
	assert_vt_ok(vt_record_put(&rec.organ_id, "H40.17", &err), &err);
	assert_int_equal(vt_store_code_find(f->s, &rec, &id, NULL),
	    VT_ENOTFOUND);
	vt_record_release(&rec);

	assert_vt_ok(vt_store_last_date(f->s, "out", 0, &last, &err), &err);
	assert_int_equal(last.day, 23);
	assert_vt_ok(vt_store_last_date(f->s, "out.B", 0, &last, &err), &err);
	assert_int_equal(last.year, 0);
}

static int
sum_count(void *ctx, const struct vt_store_count *c, struct vt_error *err)
{
	(void)err;
	return vt_buf_printf(ctx, "%s/%d %s %lld\n", c->book, c->year,
	    vt_state_name(c->state), (long long)c->n);
}

static void
counts_are_kept(void **state)
{
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_buf b;
	int64_t id = enter(f->s, "out", "a");

	enter(f->s, "out", "b");
	enter(f->s, "in", "c");
	assert_vt_ok(vt_store_begin(f->s, &err), &err);
	assert_vt_ok(vt_store_state_set(f->s, id, VT_STATE_SIGNED, "signed",
			 NULL, &err),
	    &err);
	assert_vt_ok(vt_store_commit(f->s, &err), &err);
	vt_buf_init(&b, 1000);
	assert_vt_ok(vt_store_counts(f->s, sum_count, &b, &err), &err);
	assert_string_equal(vt_buf_str(&b),
	    "in/2026 registered 1\nout/2026 registered 1\nout/2026 signed 1\n");
	vt_buf_release(&b);
}

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

static void
foreign_text_is_only_text(void **state)
{
	static const char *const texts[] = { "'; DROP TABLE record; --",
		"\" OR 1=1", "%s%n", "\x1b[31mđỏ\x1b[0m", "\xf0\x9f\x98\x80",
		"\xe2\x80\xae" };
	struct fixture *f = *state;
	struct vt_error err = { 0 };
	struct vt_record rec, got;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fill(&rec, "in", "x");
		free(rec.subject);
		rec.subject = strdup(texts[i]);
		assert_vt_ok(vt_store_begin(f->s, &err), &err);
		assert_vt_ok(vt_store_record_add(f->s, &rec, "registered",
				 texts[i], &err),
		    &err);
		assert_vt_ok(vt_store_commit(f->s, &err), &err);
		assert_vt_ok(vt_store_record_get(f->s, rec.id, &got, &err),
		    &err);
		assert_string_equal(got.subject, texts[i]);
		vt_record_release(&got);
		vt_record_release(&rec);
		hits(f->s, texts[i]);
	}
	assert_int_equal(findings(f->s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
		TEST(numbers_start_from_one_in_each_book_and_year),
		TEST(a_rollback_leaves_no_gap),
		TEST(a_failed_step_changes_nothing_and_the_rest_goes_on),
		TEST(writing_needs_a_transaction),
		TEST(nothing_secret_passes),
		TEST(two_handles_see_each_other),
		TEST(a_writer_waits_for_the_one_before),
		TEST(processes_take_numbers_without_gap_or_double),
		TEST(every_change_leaves_an_event),
		TEST(history_and_records_can_not_be_taken_back),
		TEST(files_have_versions),
		TEST(search_does_what_design_c_asks),
		TEST(lists_are_newest_first_and_filtered),
		TEST(records_are_found_by_what_is_known),
		TEST(counts_are_kept),
		TEST(the_check_finds_what_was_broken),
		TEST(damage_is_an_error_that_says_so),
		TEST(creating_again_keeps_what_is_there),
		TEST(foreign_text_is_only_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
